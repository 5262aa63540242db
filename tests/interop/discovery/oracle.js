// Every definition of zigbee-herdsman-converters, given to the real zigbee2mqtt's discovery: one line of JSON
// for each with its exposes and what came of them, for discovery/compare.py.
//
//     oracle.js ORACLE events|actions|groups
//     oracle.js ORACLE events FILE       of the exposes in FILE instead, a line each: how the cases of
//                                        tests/unit/bridge/homeassistant were made
"use strict";
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const [oracle, mode, cases] = process.argv.slice(2);
const modules = path.join(oracle, "node_modules");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "discovery-"));
process.env.ZIGBEE2MQTT_DATA = folder;
fs.writeFileSync(
    path.join(folder, "configuration.yaml"),
    `version: 5
mqtt: {base_topic: zigbee2mqtt, server: 'mqtt://localhost'}
serial: {port: /dev/null, adapter: zstack}
frontend: {url: 'http://host:8080'}
advanced: {last_seen: ISO_8601, log_output: []}
availability: {enabled: true}
homeassistant:
  enabled: true
  experimental_event_entities: ${mode === "events"}
  legacy_action_sensor: ${mode === "actions"}
`,
);
const z2m = (file) => require(path.join(modules, "zigbee2mqtt", "dist", file));
const zhc = require(path.join(modules, "zigbee-herdsman-converters"));
z2m("util/settings").reRead?.();
const logger = z2m("util/logger").default;
logger.init();
const { HomeAssistant } = z2m("extension/homeassistant");

let published = [];
const mqtt = { publish: async (topic, payload) => published.push([topic, payload]) };
const devices = new Map();
const zigbee = { resolveEntity: (key) => devices.get(key) };
const ha = new HomeAssistant(zigbee, mqtt, {}, async () => {}, {}, async () => {}, async () => {}, async () => {});
ha.zigbee2MQTTVersion = "2.14.1";
ha.discoveryOrigin = { name: "Zigbee2MQTT", sw: "2.14.1", url: "https://www.zigbee2mqtt.io" };
ha.bridge = {};
ha.bridgeIdentifier = "zigbee2mqtt_bridge_0x00124b0001020304";

const linkquality = new zhc.Numeric("linkquality", zhc.access.STATE)
    .withUnit("lqi")
    .withDescription("Link quality (signal strength)")
    .withValueMin(0)
    .withValueMax(255)
    .withCategory("diagnostic");

function deviceOf(definition, number) {
    const ieeeAddr = `0x${number.toString(16).padStart(16, "0")}`;
    const exposes = () => {
        const own = definition.exposes;
        return [...(typeof own === "function" ? own({ isDummyDevice: true }, {}) : own), linkquality];
    };
    const device = {
        ieeeAddr,
        ID: ieeeAddr,
        name: `Living Room ${number}`,
        options: { ID: ieeeAddr, friendly_name: `Living Room ${number}` },
        definition,
        interviewed: true,
        zh: { endpoints: [], softwareBuildID: "1.0.3", hardwareVersion: 2 },
        exposes,
        endpoint: () => undefined,
        isDevice: () => true,
        isGroup: () => false,
    };
    devices.set(ieeeAddr, device);
    return device;
}

function groupOf(members, id) {
    const group = {
        ID: id,
        name: `Group ${id}`,
        options: { ID: id, friendly_name: `Group ${id}` },
        zh: { members: members.map((m) => ({ deviceIeeeAddress: m.ieeeAddr, ID: 1, getDevice: () => m.ieeeAddr })), groupID: id },
        membersDevices: () => members,
        isDevice: () => false,
        isGroup: () => true,
    };
    return group;
}

async function discovered(entity) {
    published = [];
    const out = { messages: {}, properties: [], problem: null };
    try {
        await ha.discover(entity);
    } catch (error) {
        out.problem = `${error.message}`;
    }
    for (const [topic, payload] of published) out.messages[topic] = JSON.parse(payload);
    out.properties = [...new Set([...ha.getDiscovered(entity).mockProperties].map((p) => p.property))].sort();
    return out;
}

async function ofFile() {
    let number = 0;
    for (const line of fs.readFileSync(cases, "utf8").split("\n").filter((text) => text)) {
        const given = JSON.parse(line);
        const definition = { model: given.model, vendor: "Vendor", description: "Device", ota: given.ota };
        const device = deviceOf(definition, ++number);
        device.exposes = () => given.exposes;
        const subject = { model: given.model, vendor: "Vendor", description: "Device", ota: Boolean(given.ota),
                          ieee: device.ieeeAddr, name: device.name, number, exposes: given.exposes };
        console.log(JSON.stringify({ ...subject, ...(await discovered(device)) }));
    }
}

async function ofConverters() {
    const folderOfDevices = path.join(modules, "zigbee-herdsman-converters", "dist", "devices");
    let number = 0;
    let before;
    for (const file of fs.readdirSync(folderOfDevices).filter((name) => name.endsWith(".js")).sort()) {
        const exported = require(path.join(folderOfDevices, file));
        for (const raw of exported.definitions ?? []) {
            let definition;
            let device;
            let exposes;
            try {
                definition = zhc.prepareDefinition(raw);
                device = deviceOf(definition, ++number);
                exposes = JSON.parse(JSON.stringify(device.exposes()));
            } catch (error) {
                console.error(`${file}: ${raw.model}: ${error.message}`);
                continue;
            }
            const subject = {
                model: definition.model, vendor: definition.vendor, description: definition.description,
                ota: Boolean(definition.ota), ieee: device.ieeeAddr, name: device.name, number, exposes,
                special: Boolean(definition.meta?.overrideHaDiscoveryPayload),
            };
            if (mode === "groups") {
                if (exposes.some((e) => ["light", "switch", "lock", "cover"].includes(e.type))) {
                    if (before)
                        console.log(JSON.stringify({ ...subject, name: `Group ${number}`, with: before.exposes,
                                                     ...(await discovered(groupOf([before.device, device], number))) }));
                    before = { device, exposes };
                }
            } else {
                console.log(JSON.stringify({ ...subject, ...(await discovered(device)) }));
            }
        }
    }
}

(cases ? ofFile() : ofConverters()).finally(() => fs.rmSync(folder, { recursive: true }));
