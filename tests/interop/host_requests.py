"""What is asked of the host itself: install codes, touchlink, actions, backup, sources of definitions, code
that arrives over MQTT; and the requests of the network and of devices once more, well and badly formed. Two
lights stand by that belong to nobody, or to somebody else's network, and answer between networks."""
import json
import time

from kinds import described, pair
from scenarios import BASE, publish, request, restart, start, stop

SWITCH, SENSOR, FOREIGN, NEW = "qbkg04lm", "standard/climate_sensor", "ikea/led1624g9", "ikea/led1545g12"
DEVICES = [SWITCH, SENSOR, FOREIGN, NEW]
RESPONSE_TIME = 40


def ask(name, payload, seconds=RESPONSE_TIME):
    """A request that may take its time; ends when its response is there."""
    def act(rig):
        begun = len(rig.mqtt.messages)
        rig.publish(f"{BASE}/bridge/request/{name}",
                    payload if isinstance(payload, str) else json.dumps(payload))
        try:
            rig.mqtt.wait(f"{BASE}/bridge/response/{name}", lambda m: True, seconds, begun)
        except TimeoutError:
            pass
    return act


def at_once(name, payloads):
    """Several of the same, none waiting for the one before; ends when all have a response."""
    def act(rig):
        begun = len(rig.mqtt.messages)
        for payload in payloads:
            rig.publish(f"{BASE}/bridge/request/{name}", json.dumps(payload))
            time.sleep(0.1)
        end = time.monotonic() + RESPONSE_TIME
        while time.monotonic() < end:
            answers = [m for m in rig.mqtt.messages[begun:] if m.topic == f"{BASE}/bridge/response/{name}"]
            if len(answers) >= len(payloads):
                return
            time.sleep(0.1)
    return act


def ieee(path):
    device = described(path)["ieee"]
    return device if isinstance(device, str) else f"0x{device:016x}"


def known_codes(rig):
    """What the adapter was told, as a message of its own."""
    rig.publish("zigbee2mqtt/sim/install_codes", json.dumps(rig.sim("install-codes")["install_codes"]))


def shown(path):
    """Whether the device forgot its network, as a message of its own."""
    def act(rig):
        name = path.split("/")[-1]
        rig.publish("zigbee2mqtt/sim/reset", json.dumps("factory_new" in json.dumps(rig.sim("show", name))))
    return act


def to(path, **parameters):
    """Of the action `raw`, with the addresses of a device."""
    def act(rig):
        name = path.split("/")[-1]
        entry = next(d for d in rig.sim("list")["devices"] if d["name"] == name)
        addressed = {"ieee_address": entry["ieee"], "network_address": int(entry["nwk"], 16), **parameters}
        ask("action", {"action": "raw", "params": addressed}, 15)(rig)
    return act


def of_coordinator(**parameters):
    def act(rig):
        raw(ieee_address=rig.sim("status")["ieee"], network_address=0, profile_id=0, **parameters)(rig)
    return act


def raw(**parameters):
    return ask("action", {"action": "raw", "params": parameters}, 15)


ADDRESS = "00124B0001020304"
CODE = "83FED3407A939723A5C639B26916D505C3B5"  # the Zigbee specification's own example
BARE, WRONG = CODE[:32], CODE[:-4] + "0000"
INSTALL_CODES = [
    ("specification's example", ask("install_code/add", {"value": f"{ADDRESS}|{CODE}", "transaction": 7})),
    ("most labels", ask("install_code/add", {"value": f"Z:{ADDRESS[:-1]}5$I:{CODE}%T"})),
    ("as text", ask("install_code/add", f"|{ADDRESS[:-1]}6|{CODE}|")),
    ("Aqara", ask("install_code/add", {"value": f"G$M:69775$S:680S0000$D:0017$A:{ADDRESS[:-1]}7$I:{CODE}"})),
    ("Hue", ask("install_code/add", {"value": f"HUE:Z:{CODE} M:{ADDRESS[:-1]}8 D:L3B A:1184"})),
    ("95 characters", ask("install_code/add", {"value": "x" * 40 + f"{ADDRESS[:-1]}9" + "$I:" + CODE})),
    ("91 characters", ask("install_code/add", {"value": "x" * 40 + f"{ADDRESS[:-1]}A" + "$I:" + BARE})),
    ("without CRC", ask("install_code/add", {"value": f"{ADDRESS[:-1]}B|{BARE}"})),
    ("wrong CRC", ask("install_code/add", {"value": f"{ADDRESS[:-1]}C|{WRONG}"})),
    ("lower case", ask("install_code/add", {"value": f"{ADDRESS[:-1]}d|{CODE}".lower()})),
    ("codes", known_codes),
    ("short code", ask("install_code/add", {"value": f"{ADDRESS[:-1]}E|83FED3407A93972323AE"})),
    ("codes with the short one", known_codes),
    ("code of no size", ask("install_code/add", {"value": f"{ADDRESS[:-1]}F|83FED3407A"})),
    ("no known form", ask("install_code/add", {"value": "83FED3407A939723A5C639B26916D505C3B5"})),
    ("code that is no code", ask("install_code/add", {"value": f"{ADDRESS[:-2]}10|zz{CODE[2:]}"})),
    ("no value", ask("install_code/add", {"code": CODE})),
    ("a number", ask("install_code/add", {"value": 5})),
    ("nothing", ask("install_code/add", "")),
    ("codes at last", known_codes),
]
TOUCHLINK = [
    ("scan", ask("touchlink/scan", "")),
    ("identify", ask("touchlink/identify", {"ieee_address": ieee(FOREIGN), "channel": 15, "transaction": "t"})),
    ("identify without channel", ask("touchlink/identify", {"ieee_address": ieee(FOREIGN)})),
    ("identify where it is not", ask("touchlink/identify", {"ieee_address": ieee(FOREIGN), "channel": 20})),
    ("identify without address", ask("touchlink/identify", {"channel": 15})),
    ("identify where nobody is", ask("touchlink/identify", {"ieee_address": ieee(FOREIGN), "channel": 26})),
    ("identify by text", ask("touchlink/identify", "all")),
    ("identify on a channel there is not", ask("touchlink/identify", {"ieee_address": ieee(FOREIGN), "channel": 27})),
    ("on meanwhile", publish("hall/set", "ON")),
    ("reset one", ask("touchlink/factory_reset", {"ieee_address": ieee(NEW), "channel": 20})),
    ("was reset", shown(NEW)),
    ("others were not", shown(FOREIGN)),
    ("reset without channel", ask("touchlink/factory_reset", {"ieee_address": ieee(NEW)})),
    ("reset the first", ask("touchlink/factory_reset", {})),
    ("was reset, too", shown(FOREIGN)),
    ("two at once", at_once("touchlink/scan", [{"transaction": 1}, {"transaction": 2}])),
    ("nobody there", lambda rig: [rig.sim("power", d.split("/")[-1], "off") for d in (FOREIGN, NEW)]),
    ("reset nobody", ask("touchlink/factory_reset", "")),
    ("scan nobody", ask("touchlink/scan", "")),
    ("off afterwards", publish("hall/set", "OFF")),
]
READ = {"frame_type": 0, "direction": 0, "command_key": "read", "payload": [{"attrId": 0}], "tsn": 9}
TOGGLE = {"frame_type": 1, "direction": 0, "command_key": "toggle", "payload": {}, "tsn": 10}
ACTIONS = [
    ("read attributes", to(SWITCH, dst_endpoint=2, cluster_key="genOnOff", zcl=READ)),
    ("read by numbers", to(SWITCH, dst_endpoint=2, cluster_key=6, zcl={**READ, "command_key": 0})),
    ("command", to(SWITCH, dst_endpoint=2, cluster_key="genOnOff", zcl=TOGGLE)),
    ("command without answer", to(SWITCH, dst_endpoint=2, cluster_key="genOnOff", disable_response=True,
                                  zcl={**TOGGLE, "disable_default_response": True})),
    ("command that is refused", to(SENSOR, dst_endpoint=1, cluster_key="genOnOff", zcl=TOGGLE)),
    ("own number", to(SWITCH, dst_endpoint=2, cluster_key="genOnOff",
                      zcl={k: v for k, v in READ.items() if k != "tsn"})),
    ("manufacturer's attribute", to(SWITCH, dst_endpoint=1, cluster_key="genBasic", src_endpoint=1, zcl={
        **READ, "manufacturer_code": 0x115F, "payload": [{"attrId": 0xFF0D}]})),
    ("write", to(SENSOR, dst_endpoint=1, cluster_key="genBasic", zcl={
        **READ, "command_key": "write", "payload": [{"attrId": 0x10, "dataType": 0x42, "attrData": "attic"}]})),
    ("to a group", raw(group_id=7, cluster_key="genOnOff", zcl=TOGGLE)),
    ("to all", raw(network_address=0xFFFD, dst_endpoint=255, cluster_key="genIdentify",
                   zcl={**TOGGLE, "command_key": "identifyQuery"})),
    ("no such command", to(SWITCH, dst_endpoint=2, cluster_key="genOnOff", zcl={**TOGGLE, "command_key": "dance"})),
    ("no such cluster", to(SWITCH, dst_endpoint=2, cluster_key="genDance", zcl=TOGGLE)),
    ("no cluster", to(SWITCH, dst_endpoint=2, zcl=TOGGLE)),
    ("no frame", to(SWITCH, dst_endpoint=2, cluster_key="genOnOff")),
    ("no frame type", to(SWITCH, dst_endpoint=2, cluster_key="genOnOff", zcl={"command_key": "toggle"})),
    ("no endpoint", to(SWITCH, cluster_key="genOnOff", zcl=TOGGLE)),
    ("no ieee address", raw(network_address=5, dst_endpoint=2, cluster_key="genOnOff", zcl=TOGGLE)),
    ("no address", raw(dst_endpoint=2, cluster_key="genOnOff", zcl=TOGGLE)),
    ("nothing at all", raw()),
    ("ZDO node descriptor", to(SWITCH, profile_id=0, cluster_key=2, zdo_params=[0x1234])),
    ("ZDO endpoints of the coordinator", of_coordinator(cluster_key=5, zdo_params=[0])),
    ("ZDO simple descriptor", of_coordinator(cluster_key=4, zdo_params=[0, 11])),
    ("ZDO neighbours", of_coordinator(cluster_key=0x31, zdo_params=[0])),
    ("ZDO routes", of_coordinator(cluster_key=0x32, zdo_params=[0])),
    ("ZDO address", to(SENSOR, profile_id=0, cluster_key=0, zdo_params=[ieee(SENSOR), False, 0])),
    ("ZDO without fields", to(SWITCH, profile_id=0, cluster_key=5)),
    ("ZDO unknown", to(SWITCH, profile_id=0, cluster_key=0x7777, zdo_params=[0])),
    ("ZDO by name", to(SWITCH, profile_id=0, cluster_key="ACTIVE_ENDPOINTS_REQUEST", zdo_params=[0])),
    ("between networks", raw(interpan=True, zcl={"command_key": "scanRequest", "payload": {
        "transactionID": 5, "zigbeeInformation": 4, "touchlinkInformation": 18}}, disable_response=True)),
    ("between networks, wrongly", raw(interpan=True, zcl={"frame_type": 1, "command_key": "scanRequest",
                                                          "payload": {}})),
    ("hue reset", ask("action", {"action": "philips_hue_factory_reset", "params": {
        "serial_numbers": ["0A1B2C", "ffffff"], "extended_pan_id": "0x0011223344556677"}}, 60)),
    ("hue reset without numbers", ask("action", {"action": "philips_hue_factory_reset"})),
    ("no action", ask("action", {"params": {}})),
    ("hue reset of bad numbers", ask("action", {"action": "philips_hue_factory_reset",
                                                "params": {"serial_numbers": ["xyz"]}})),
    ("action by text", ask("action", "raw")),
    ("unknown action", ask("action", {"action": "dance", "transaction": 3})),
    ("empty action", ask("action", {"action": ""})),
]
HOST = [
    ("backup", ask("backup", "")),
    ("backup with transaction", ask("backup", {"transaction": "b"})),
    ("external definition", ask("device/generate_external_definition", {"id": "hall"})),
    ("external definition by address", ask("device/generate_external_definition", {"id": ieee(SENSOR)})),
    ("external definition without id", ask("device/generate_external_definition", {})),
    ("external definition of nobody", ask("device/generate_external_definition", {"id": "nobody"})),
    ("external definition by text", ask("device/generate_external_definition", "hall")),
    ("converter", ask("converter/save", {"name": "a.js", "code": "module.exports = {};"}, 3)),
    ("converter removed", ask("converter/remove", {"name": "a.js"}, 3)),
    ("extension", ask("extension/save", {"name": "a.js", "code": "module.exports = {};"}, 3)),
    ("extension removed", ask("extension/remove", {"name": "a.js"}, 3)),
]
NETWORK = [
    ("health", request("health_check", {"transaction": "h"})),
    ("health of anything", request("health_check", "[1, 2]")),
    ("coordinator check", request("coordinator_check", {"transaction": 1})),
    ("coordinator check of anything", request("coordinator_check", "now")),
    ("open through the switch", request("permit_join", {"time": 5, "device": "hall"})),
    ("open through a sensor by address", request("permit_join", {"time": 5, "device": ieee(SENSOR)})),
    ("open through nobody", request("permit_join", {"time": 5, "device": "nobody"})),
    ("open through nothing", request("permit_join", {"time": 5, "device": ""})),
    ("open for text", request("permit_join", {"time": "20"})),
    ("open for a fraction", request("permit_join", {"time": 20.7})),
    ("open before time", request("permit_join", {"time": -1})),
    ("open for null", request("permit_join", {"time": None})),
    ("open by empty text", request("permit_join", "")),
    ("close", request("permit_join", {"time": 0})),
    ("options of nothing", request("options", {"options": {}})),
    ("options that are a list", request("options", {"options": []})),
    ("unknown option", request("options", {"options": {"nothing": {"here": 1}}})),
    ("options by text", request("options", "advanced")),
    ("option out of range", request("options", {"options": {"availability": {"active": {"timeout": 0}}}})),
    ("restart option", request("options", {"options": {"mqtt": {"keepalive": 61}}, "transaction": 9})),
    ("option afterwards", request("options", {"options": {"advanced": {"last_seen": "epoch"}}})),
    ("option back", request("options", {"options": {"advanced": {"last_seen": "disable"}}})),
    ("interview of the sensor", request("device/interview", {"id": ieee(SENSOR)})),
    ("interview by text", request("device/interview", "hall")),
    ("interview of a group", request("device/interview", {"id": 901})),
    ("remove without id", request("device/remove", {})),
    ("remove by text", request("device/remove", "nobody")),
    ("remove the sensor", request("device/remove", {"id": ieee(SENSOR), "transaction": "r"})),
    ("remove it again", request("device/remove", {"id": ieee(SENSOR)})),
    ("remove by force, and block", request("device/remove", {"id": "hall", "force": True, "block": True})),
]


def named(path):
    device = described(path)
    return f"  '{device['ieee']}':\n    friendly_name: {device['name']}\n"


def stay_awake(rig):
    rig.sim("wake", SENSOR.split("/")[-1], "3600000")


STEPS = [("start", start), ("open", request("permit_join", {"time": 254}))] + \
    [(f"pair {path.split('/')[-1]}", pair(path.split("/")[-1])) for path in (SWITCH, SENSOR)] + \
    [("stay awake", stay_awake), ("rename", request("device/rename", {"from": ieee(SWITCH), "to": "hall"}))] + \
    INSTALL_CODES + TOUCHLINK + ACTIONS + HOST + NETWORK + [
        ("JavaScript on", request("options", {"options": {"advanced": {"enable_external_js": True}}})),
        ("restart", restart), ("final stop", stop)]

HOST_REQUESTS = {"host_requests": {
    "devices": DEVICES, "steps": STEPS, "configuration": "devices:\n" + named(SWITCH) + named(SENSOR)}}
