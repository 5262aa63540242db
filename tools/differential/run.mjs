// What zigbee-herdsman-converters makes of frames and of what users set.
//
//     node run.mjs ORACLE_FOLDER < runs.jsonl > results.jsonl
//
// ORACLE_FOLDER holds node_modules with zigbee-herdsman and zigbee-herdsman-converters. A line in is
// a run, as `waggle plugin convert` reads it (host/plugin/cases.hpp): a device with its attributes,
// options, state and steps. The line out says which definition was found, what it exposes, and for each
// step what was published, which frames went out and what went wrong.
//
// The device and its endpoints are herdsman's own; only the adapter below them is ours. It answers
// reads from the attributes of the run, and everything else with success. Time stands still but for
// the steps that wait.
import {createRequire} from 'node:module';
import path from 'node:path';
import readline from 'node:readline';

import {blocks} from './blocks.mjs';
import {controls} from './controls.mjs';

// Requests have sequence numbers that the devices' own frames never have (compare.py): converters that
// drop repeated messages shall not take an answer for one.
const folder = path.resolve(process.argv[2] ?? '.');
const need = createRequire(path.join(folder, 'package.json'));
const herdsman = path.dirname(need.resolve('zigbee-herdsman/package.json'));
const {Zcl} = need('zigbee-herdsman');
const {Device} = need(path.join(herdsman, 'dist/controller/model/device.js'));
const {Entity} = need(path.join(herdsman, 'dist/controller/model/entity.js'));
const {Controller} = need(path.join(herdsman, 'dist/controller/controller.js'));

// ---- a clock that only the runs move; before the converters are loaded ----

const real = {setImmediate, now: Date.now()};
const clock = {now: real.now, next: 1, timers: new Map()};
class Timeout {
    constructor(id) { this.id = id; }
    ref() { return this; }
    unref() { return this; }
    hasRef() { return true; }
    refresh() { return this; }
    [Symbol.toPrimitive]() { return this.id; }
}
const start = (run, delay, args, every) => {
    const id = clock.next++;
    clock.timers.set(id, {at: clock.now + Math.max(Number(delay) || 0, 0), run: () => run(...args), every});
    return new Timeout(id);
};
globalThis.setTimeout = (run, delay, ...args) => start(run, delay, args, null);
globalThis.setInterval = (run, delay, ...args) => start(run, delay, args, Math.max(Number(delay) || 1, 1));
globalThis.clearTimeout = globalThis.clearInterval = (timer) => clock.timers.delete(Number(timer?.id ?? timer));
Date.now = () => clock.now;

const settle = async () => {
    for (let i = 0; i < 12; i++) await new Promise((resolve) => real.setImmediate(resolve));
};
const nextTimer = () => [...clock.timers].sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
async function advance(milliseconds) {
    const end = clock.now + milliseconds;
    for (let due = nextTimer(); due && due[1].at <= end; due = nextTimer()) {
        const [id, timer] = due;
        clock.now = Math.max(clock.now, timer.at);
        timer.every ? (timer.at += timer.every) : clock.timers.delete(id);
        timer.run();
        await settle();
    }
    clock.now = end;
}

const zhc = need('zigbee-herdsman-converters');
const logger = Object.fromEntries(['debug', 'info', 'warning', 'error'].map((level) => [level, () => {}]));
zhc.setLogger(logger);
need('zigbee-herdsman').setLogger(logger);
for (const definition of [...await blocks(need, zhc), ...controls(need)]) zhc.addExternalDefinition(definition);

// ---- herdsman without a radio ----

const sequence = need(path.join(herdsman, 'dist/controller/helpers/zclTransactionSequenceNumber.js')).default;
let last = 200;
sequence.next = () => (last = last === 255 ? 201 : last + 1);

let run; // the run under way
let entries = 0;
Entity.injectDatabase({
    newID: () => ++entries, insert() {}, update() {}, remove() {}, has: () => true, write() {},
    getEntriesIterator: () => [].values(),
});
Entity.injectAdapter({
    manufacturerID: 0, hasZdoMessageOverhead: false,
    sendZclFrameToEndpoint: async (ieee, address, endpoint, frame) => {
        run.sent.push({endpoint, cluster: frame.cluster.ID, ...described(frame)});
        return answer(endpoint, frame);
    },
    sendZclFrameToGroup: async (group, frame) => {
        run.sent.push({group, cluster: frame.cluster.ID, frame: text(frame)});
    },
    sendZclFrameToAll: async () => {},
    sendZdo: async (ieee, address, cluster, payload) => {
        if (cluster === 0x0021 || cluster === 0x0022) {
            run.sent.push({endpoint: payload[8], cluster: payload.readUInt16LE(9),
                           [cluster === 0x0021 ? 'bind' : 'unbind']: true});
        }
        return [0, undefined];
    },
});
const coordinator = Device.create('Coordinator', '0x00124b0000000000', 0, 0, undefined, undefined, undefined,
                                  'SUCCESSFUL');
const coordinatorEndpoint = coordinator.createEndpoint(1);

/** The frame's bytes with the sequence number blanked. */
function text(frame) {
    const hex = frame.toBuffer().toString('hex');
    const at = frame.header.manufacturerCode ? 6 : 2;
    return `${hex.slice(0, at)}tt${hex.slice(at + 2)}`;
}

function described(frame) {
    if (!frame.header.isGlobal || frame.command.name !== 'configReport') return {frame: text(frame)};
    return {reporting: frame.payload.map((item) => ({
        attribute: item.attrId, minimum: item.minRepIntval, maximum: item.maxRepIntval, change: item.repChange ?? 0,
    }))};
}

function attributeOf(endpoint, cluster, id) {
    return run.device.endpoints[endpoint]?.attributes?.[cluster]?.[id];
}

function typed(frame, id, value) {
    if (value !== null && typeof value === 'object' && 'type' in value) {
        const bytes = typeof value.value === 'string' && value.type === 0x41;
        return {dataType: value.type, attrData: bytes ? Buffer.from(value.value, 'hex') : value.value};
    }
    const known = Zcl.Utils.getClusterAttribute(frame.cluster, id, frame.header.manufacturerCode);
    return {dataType: known?.type ?? Zcl.DataType.UINT16, attrData: value};
}

function reply(endpoint, frame, command, payload) {
    const made = Zcl.Frame.create(Zcl.FrameType.GLOBAL, Zcl.Direction.SERVER_TO_CLIENT, true,
                                  frame.header.manufacturerCode, frame.header.transactionSequenceNumber, command,
                                  frame.cluster, payload, run.zh.customClusters);
    const data = made.toBuffer();
    return {clusterID: frame.cluster.ID, header: Zcl.Header.fromBuffer(data), data, address: run.zh.networkAddress,
            endpoint, linkquality: 0, groupID: 0, wasBroadcast: false, destinationEndpoint: 1};
}

async function answer(endpoint, frame) {
    const status = run.step.answer_status ?? 0;
    if (run.step.answer) return received({endpoint, cluster: frame.cluster.ID, frame: run.step.answer});
    if (!frame.header.isGlobal) {
        return reply(endpoint, frame, 'defaultRsp', {cmdId: frame.header.commandIdentifier, statusCode: status});
    }
    switch (frame.command.name) {
        case 'read': {
            const result = reply(endpoint, frame, 'readRsp', frame.payload.map(({attrId}) => {
                const value = attributeOf(endpoint, frame.cluster.ID, attrId);
                return value === undefined || status ? {attrId, status: status || Zcl.Status.UNSUPPORTED_ATTRIBUTE}
                                                     : {attrId, status: 0, ...typed(frame, attrId, value)};
            }));
            await receive(result); // the message is told of before the request is over
            return result;
        }
        case 'write':
        case 'writeUndiv':
            return reply(endpoint, frame, 'writeRsp', [{status, ...(status ? {attrId: frame.payload[0].attrId} : {})}]);
        case 'configReport':
            return reply(endpoint, frame, 'configReportRsp', [{status: 0}]);
        default:
            return undefined;
    }
}

function received({endpoint, cluster, frame, group}) {
    const data = Buffer.from(frame.replaceAll(' ', ''), 'hex');
    return {clusterID: cluster, header: Zcl.Header.fromBuffer(data), data, address: run.zh.networkAddress, endpoint,
            linkquality: 0, groupID: group ?? 0, wasBroadcast: false, destinationEndpoint: 1};
}

function makeDevice(description, number) {
    const address = 1 + (number % 0xfff0);
    const device = Device.create(description.type ?? 'EndDevice', `0x${(0x00158d0000000000n + BigInt(number)).toString(16)
        .padStart(16, '0')}`, address, description.manufacturer ?? 0, description.manufacturer_name,
        description.power_source, description.model_id, 'SUCCESSFUL');
    for (const [id, endpoint] of Object.entries(description.endpoints)) {
        const made = device.createEndpoint(Number(id));
        made.profileID = endpoint.profile ?? 0x0104;
        made.deviceID = endpoint.device_id ?? 0;
        made.inputClusters = endpoint.inputs ?? [];
        made.outputClusters = endpoint.outputs ?? [];
        for (const [cluster, attributes] of Object.entries(endpoint.known ?? {})) {
            const table = Zcl.Utils.getCluster(Number(cluster), description.manufacturer, {});
            for (const [attribute, value] of Object.entries(attributes)) {
                const name = Zcl.Utils.getClusterAttribute(table, Number(attribute), undefined)?.name ?? attribute;
                made.saveClusterAttributeKeyValue(Number(cluster), {[name]: value});
            }
        }
    }
    device.onZclData = async () => {}; // default responses are not the converters' business
    return device;
}

// ---- what zigbee2mqtt does with a definition ----

function publish(payload) {
    run.published.push(JSON.parse(JSON.stringify(payload)));
    for (const [key, value] of Object.entries(payload)) if (key !== 'action' && key !== 'click') run.state[key] = value;
}

async function convert(message) {
    const fits = (c) => c.cluster === message.cluster && (Array.isArray(c.type) ? c.type : [c.type]).includes(message.type);
    const meta = {device: run.zh, logger, state: run.state, deviceExposesChanged() {}};
    let payload = {};
    for (const converter of run.definition.fromZigbee.filter(fits)) {
        try {
            const result = await converter.convert(run.definition, {...message, device: run.zh}, (p) => publish(p),
                                                   run.options, meta);
            if (result) payload = {...payload, ...result};
        } catch (error) {
            run.problems.push(String(error.message));
        }
    }
    if (Object.keys(payload).length) publish(payload);
}

async function receive(payload) {
    const messages = [];
    const controller = {selfAndDeviceEmit: (device, event, data) => event === 'message' && messages.push(data)};
    await Controller.prototype.onZclPayload.call(controller, payload);
    for (const message of messages) await convert(message);
}

async function command(type, message, named) {
    const endpoints = run.definition.endpoint ? run.definition.endpoint(run.zh) : {};
    const endpointOf = (name) => name === undefined ? run.zh.getEndpoint(endpoints.default ?? run.zh.endpoints[0].ID)
                                                    : run.zh.getEndpoint(endpoints[name]);
    const names = Object.keys(endpoints).filter((name) => name !== 'default');
    const suffixed = new RegExp(`^(.*?)_(${names.join('|')})$`);
    const entries = Object.entries(message);
    const sorter = typeof message.state === 'string' && message.state.toLowerCase() === 'off' ? 1 : -1;
    entries.sort((a) => (['state', 'brightness', 'brightness_percent'].includes(a[0]) ? sorter : sorter * -1));
    const used = {};
    let out = {};
    for (let [key, value] of entries) {
        let name = named;
        const match = names.length ? key.match(suffixed) : null;
        if (match) [, key, name] = match;
        const target = endpointOf(name);
        if (!target) { run.problems.push(`no endpoint ${name}`); continue; }
        used[target.ID] ??= [];
        const converter = run.definition.toZigbee.find((c) => (!c.key || c.key.includes(key)) &&
                                                              (!c.endpoints || (name && c.endpoints.includes(name))));
        if (type === 'set' && converter && used[target.ID].includes(converter)) continue;
        const convert = converter?.[type === 'set' ? 'convertSet' : 'convertGet'];
        if (!convert) { run.errors.push(`no converter for '${key}'`); continue; }
        const meta = {endpoint_name: name, options: run.options, message: {...message}, device: run.zh, state: run.state,
                      mapped: run.definition, deviceExposesChanged() {}, publish};
        if (name) {
            for (const [long, held] of Object.entries(meta.message)) {
                if (!long.endsWith(name)) continue;
                delete meta.message[long];
                meta.message[long.substring(0, long.length - name.length - 1)] = held;
            }
        }
        try {
            const result = type === 'set' ? await convert(target, key, value, meta) : await convert(target, key, meta);
            const state = {...(result?.state ?? {})};
            if (name) for (const held of Object.keys(state)) {
                state[`${held}_${name}`] = state[held];
                delete state[held];
            }
            if (type === 'set') out = {...out, ...state};
        } catch (error) {
            run.errors.push(String(error.message));
        }
        used[target.ID].push(converter);
    }
    if (Object.keys(out).length) publish(out);
}

/** Waits for what a step began; timers run when nothing else can go on. */
async function finish(work) {
    let done = false;
    work.then(() => (done = true), (error) => { done = true; run.errors.push(String(error.message)); });
    for (let i = 0; i < 200 && !done; i++) {
        await settle();
        if (!done && nextTimer()) await advance(Math.max(nextTimer()[1].at - clock.now, 0));
    }
    await settle();
    if (!done) run.errors.push('it never ended');
}

async function take(step) {
    Object.assign(run, {step, published: [], sent: [], errors: [], problems: []});
    if (step.in) await finish(receive(received(step.in)));
    else if (step.set) await finish(command('set', step.set, step.endpoint));
    else if (step.get) await finish(command('get', {[step.get]: ''}, step.endpoint));
    else if (step.configure) await finish(Promise.resolve(run.definition.configure?.(run.zh, coordinatorEndpoint, run.definition)));
    else if (step.wait !== undefined) await finish(advance(step.wait));
    const result = {published: run.published, sent: run.sent};
    if (run.errors.length) result.errors = run.errors;
    if (run.problems.length) result.problems = run.problems;
    return result;
}

/** Definitions tell herdsman of their own clusters when they start; nothing else of it counts. */
async function started() {
    Object.assign(run, {published: [], errors: [], problems: []});
    const data = {device: run.zh, options: run.options, state: run.state, deviceExposesChanged() {}};
    await run.definition.onEvent?.({type: 'start', data});
}

const plain = (value) => JSON.parse(JSON.stringify(value));
let number = 0;
for await (const line of readline.createInterface({input: process.stdin})) {
    if (!line.trim()) continue;
    const wanted = JSON.parse(line);
    clock.timers.clear();
    run = {device: wanted.device, options: wanted.options ?? {}, state: {...(wanted.state ?? {})}, step: {}, sent: []};
    const result = {id: wanted.id};
    try {
        run.zh = makeDevice(wanted.device, ++number);
        const generate = wanted.generate ?? false;
        run.definition = await zhc.findByDevice(run.zh, generate);
        if (!run.definition) {
            result.error = 'no definition';
        } else {
            const exposes = run.definition.exposes;
            Object.assign(result, {
                model: run.definition.model, vendor: run.definition.vendor, description: run.definition.description,
                exposes: plain(typeof exposes === 'function' ? exposes(run.zh, run.options) : exposes),
                options: plain(run.definition.options ?? []),
                generated: run.definition.generated ?? false, steps: [],
            });
            await finish(started());
            for (const step of wanted.steps) result.steps.push(await take(step));
            result.power_source = run.zh.powerSource;
        }
    } catch (error) {
        result.error = String(error.stack);
    }
    // setImmediate keeps the program alive; the line is written at once
    process.stdout.write(`${JSON.stringify(result)}\n`);
}
process.exit(0);
