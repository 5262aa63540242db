"""What both programs are put through. A step is a name and a function of the rig; what a step waits for
is only what lets the next one begin, everything else is gathered and compared."""
import json
import signal
import time

SWITCH = "0x00158d0001a2b3c4"
BASE = "zigbee2mqtt"


def publish(topic, payload):
    return lambda rig: rig.publish(f"{BASE}/{topic}", payload)


def cast(topic, payload):
    """A command to a group: after the groupcast zigbee2mqtt does nothing for 200 ms."""
    def act(rig):
        rig.publish(f"{BASE}/{topic}", payload)
        time.sleep(0.5)
    return act


def request(name, payload):
    """A bridge request; ends when its response is there, or after a while without one."""
    def act(rig):
        start = len(rig.mqtt.messages)
        rig.publish(f"{BASE}/bridge/request/{name}",
                    payload if isinstance(payload, str) else json.dumps(payload))
        try:
            rig.mqtt.wait(f"{BASE}/bridge/response/{name}", lambda m: True, 5, start)
        except TimeoutError:
            pass  # no response is a result too, and compared
    return act


def sim(*arguments):
    return lambda rig: rig.sim(*arguments)


def raw(endpoint, cluster, frame):
    return sim("raw", "qbkg04lm", str(endpoint), str(cluster), frame)


def start(rig):
    rig.start_program()


def stop(rig):
    rig.stop("program")


def kill(rig):
    rig.stop("program", signal.SIGKILL)


def restart(rig):
    begun = len(rig.mqtt.messages)
    rig.publish(f"{BASE}/bridge/request/restart", "")
    rig.wait_ready(begun)


def pair(rig):
    begun = len(rig.mqtt.messages)
    rig.sim("join", "qbkg04lm")
    rig.mqtt.wait(f"{BASE}/bridge/event",
                  lambda m: "device_interview" in m.payload and "successful" in m.payload, 60, begun)
    time.sleep(1)


def pair_another(name):
    def act(rig):
        begun = len(rig.mqtt.messages)
        rig.sim("join", name)
        rig.mqtt.wait(f"{BASE}/bridge/event",
                      lambda m: "device_interview" in m.payload and "successful" in m.payload, 60, begun)
        rig.settle()
    return act


def wait(seconds):
    return lambda rig: time.sleep(seconds)


def press(gesture):
    return sim("press", "qbkg04lm", gesture)


START = [
    ("start", start),
    ("open", request("permit_join", {"time": 254, "transaction": "a1"})),
    ("pair", pair),
    ("introduction", press("introduce")),
    ("rename", request("device/rename", {"from": SWITCH, "to": "hall"})),
]

MAIN = START + [
    ("on", publish("hall/set", '{"state": "ON"}')),
    ("off by attribute", publish("hall/set/state", "OFF")),
    ("toggle by word", publish("hall/set", "toggle")),
    ("lower case", publish("hall/set", '{"state": "on"}')),
    ("no JSON", publish("hall/set", "OFF")),
    ("by address", publish(f"{SWITCH}/set", "ON")),
    ("by attribute of address", publish(f"{SWITCH}/set/state", "OFF")),
    ("by endpoint number", publish("hall/2/set", "ON")),
    ("by endpoint name", publish("hall/default/set", "OFF")),
    ("by endpoint and attribute", publish("hall/default/set/state", "ON")),
    ("by the other endpoint", publish("hall/system/set", "ON")),
    ("by suffix", publish("hall/set", '{"state_default": "OFF"}')),
    ("by suffix of the other", publish("hall/set", '{"state_system": "ON"}')),
    ("get", publish("hall/get", '{"state": ""}')),
    ("get attribute", publish("hall/get/state", "")),
    ("get by endpoint", publish("hall/default/get", '{"state": ""}')),
    ("get nothing", publish("hall/get", "")),
    ("get mode", publish("hall/get", '{"operation_mode": ""}')),
    ("read", publish("hall/set", '{"read": {"cluster": "genBasic", "attributes": ["modelId"]}}')),
    ("write", publish("hall/set", '{"write": {"cluster": "genBasic", "options": {"manufacturerCode": 4447},'
                      ' "payload": {"65314": {"value": 18, "type": 32}}}}')),
    ("command", publish("hall/set", '{"command": {"cluster": "genIdentify", "command": "identify",'
                        ' "payload": {"identifytime": 3}}}')),
    ("decoupled", publish("hall/set", '{"operation_mode": "decoupled"}')),
    ("two keys", publish("hall/set", '{"operation_mode": "control_relay", "state": "ON"}')),
    ("mode as object", publish("hall/set", '{"operation_mode": {"state": "decoupled"}}')),
    ("relay", publish("hall/set/operation_mode", "control_relay")),
    ("write refused", lambda rig: (rig.sim("fault", "write-status", "qbkg04lm", "134", "1"),
                                   rig.publish(f"{BASE}/hall/set", '{"operation_mode": "decoupled"}'))),
    ("timed", publish("hall/set", '{"state": "ON", "on_time": 1, "off_wait_time": 0.5}')),
    ("time is over", wait(2)),
    ("announce", sim("announce", "qbkg04lm")),
    ("state is read", wait(3)),
    ("new address", sim("move", "qbkg04lm")),
    ("state is read again", wait(3)),
    ("on after moving", publish("hall/set", "ON")),
    ("stop", stop),
    ("start again", start),
    ("off after restart", publish("hall/set", "OFF")),
    ("kill", kill),
    ("start after kill", start),
    ("on after kill", publish("hall/set", "ON")),
    ("restart on request", restart),
    ("off after the request", publish("hall/set", "OFF")),
    ("health", request("health_check", {"transaction": 7})),
    ("remove", request("device/remove", {"id": "hall"})),
    ("final stop", stop),
]

FRAMES = START + [
    ("click", press("click")),
    ("double", press("double")),
    ("hold", press("press_and_hold")),
    ("held for ten seconds", press("hold_10s")),
    ("decoupled", publish("hall/set", '{"operation_mode": "decoupled"}')),
    ("decoupled click", press("click")),
    ("decoupled double", press("double")),
    ("decoupled hold", press("press_and_hold")),
    ("decoupled, held for ten seconds", press("hold_10s")),
    ("relay report", raw(2, 6, "18 2A 0A 00 00 10 01 00 F0 23 00 1F FF 03")),
    ("relay report off", raw(2, 6, "18 2B 0A 00 00 10 00")),
    ("single", raw(4, 6, "18 50 0A 00 00 10 00 00 00 10 01")),
    ("hold frame", raw(4, 6, "18 51 0A 00 00 10 00")),
    ("let go", raw(4, 6, "18 52 0A 00 00 10 01")),
    ("hold, again", raw(4, 6, "18 51 0A 00 00 10 00")),
    ("hold, and again", raw(4, 6, "18 52 0A 00 00 10 00")),
    ("pressed twice", raw(4, 6, "18 53 0A 00 00 10 02")),
    ("let go after that", raw(4, 6, "18 54 0A 00 00 10 01")),
    ("blocked", raw(4, 6, "18 55 0A 00 00 10 01 00 F0 23 00 1F FF 03")),
    ("mark of zero", raw(4, 6, "18 56 0A 00 00 10 01 00 F0 23 00 00 00 00")),
    ("another number", raw(4, 6, "18 57 0A 00 00 10 07")),
    ("only the mark", raw(4, 6, "18 58 0A 00 F0 23 00 00 00 00")),
    ("unused endpoint", raw(5, 6, "18 59 0A 00 00 10 01")),
    ("third relay", raw(3, 6, "18 5A 0A 00 00 10 01")),
    ("endpoint nobody knows", raw(9, 6, "18 5B 0A 00 00 10 01")),
    ("read response", raw(2, 6, "18 5C 01 00 00 00 10 01")),
    ("read response of the button", raw(4, 6, "18 5D 01 00 00 00 10 01")),
    ("model report", press("model_report")),
    ("heartbeat", press("heartbeat")),
    ("heartbeat with link quality", lambda rig: (rig.sim("lqi", "qbkg04lm", "77"),
                                                 rig.sim("press", "qbkg04lm", "heartbeat"))),
    ("reset announced", raw(1, 0, "1C 5F 11 2D 0A F0 FF 41 09 AA 10 05 41 87 01 01 10 00")),
    ("other announcement", raw(1, 0, "1C 5F 11 2E 0A F0 FF 41 09 AA 10 05 41 88 01 01 10 00")),
    ("time asked", raw(1, 10, "00 60 00 00 00 07 00")),
    ("basic asked", raw(1, 0, "00 61 00 04 00 00 00 FE FF")),
    ("basic asked in order", raw(1, 0, "00 61 00 00 00 04 00 05 00")),
    ("other attribute asked", raw(1, 6, "00 62 00 00 00")),
    ("report wants an answer", raw(2, 6, "08 63 0A 00 00 10 01")),
    ("unknown command", raw(2, 6, "09 64 77 01 02")),
    ("unknown command, no answer wanted", raw(2, 6, "19 65 77 01 02")),
    ("unknown cluster", raw(2, 64512, "18 66 0A 00 00 10 01")),
    ("truncated report", raw(2, 6, "18 67 0A 00 00")),
    ("truncated frame", raw(2, 6, "18")),
    ("mode report", raw(1, 0, "1C 5F 11 40 0A 22 FF 20 FE")),
    ("mode report, relay", raw(1, 0, "1C 5F 11 41 0A 22 FF 20 12")),
    ("leave", sim("leave", "qbkg04lm")),
    ("pair again", pair),
    ("on", publish("hall/set", "ON")),
    ("final stop", stop),
]

REQUESTS = START + [
    ("health", request("health_check", "")),
    ("close", request("permit_join", {"time": 0})),
    ("open by number", request("permit_join", "60")),
    ("open too long", request("permit_join", {"time": 255})),
    ("open nowhere", request("permit_join", {"time": 10, "device": "nobody"})),
    ("open through the coordinator", request("permit_join", {"time": 10, "device": "Coordinator"})),
    ("open without time", request("permit_join", {})),
    ("open with a word", request("permit_join", {"time": "sesame"})),
    ("close by number", request("permit_join", "0")),
    ("rename nobody", request("device/rename", {"from": "nobody", "to": "x"})),
    ("rename without to", request("device/rename", {"from": "hall"})),
    ("rename to itself", request("device/rename", {"from": "hall", "to": "hall"})),
    ("rename to bad", request("device/rename", {"from": "hall", "to": "a/1"})),
    ("rename to wildcard", request("device/rename", {"from": "hall", "to": "a+b"})),
    ("rename to nothing", request("device/rename", {"from": "hall", "to": ""})),
    ("rename to a slash", request("device/rename", {"from": "hall", "to": "/a"})),
    ("rename last", request("device/rename", {"last": True, "to": "last one"})),
    ("rename back", request("device/rename", {"from": "last one", "to": "hall"})),
    ("rename to a path", request("device/rename", {"from": "hall", "to": "ground floor/hall"})),
    ("on by path", publish("ground floor/hall/set", "ON")),
    ("rename from a path", request("device/rename", {"from": SWITCH, "to": "hall"})),
    ("options", request("device/options", {"id": "hall", "options": {"retain": True, "qos": 1}})),
    ("retained now", publish("hall/set", "ON")),
    ("rename retained", request("device/rename", {"from": "hall", "to": "corridor"})),
    ("rename retained back", request("device/rename", {"from": "corridor", "to": "hall"})),
    ("options again", request("device/options", {"id": "hall", "options": {"retain": False, "qos": 0}})),
    ("options the same", request("device/options", {"id": "hall", "options": {"retain": False}})),
    ("options of nobody", request("device/options", {"id": "nobody", "options": {}})),
    ("options missing", request("device/options", {"id": "hall"})),
    ("options of a wrong type", request("device/options", {"id": "hall", "options": {"retain": "maybe"}})),
    ("options of the right type", request("device/options", {"id": "hall", "options": {"retain": False}})),
    ("interview", request("device/interview", {"id": "hall"})),
    ("interview nobody", request("device/interview", {"id": "nobody"})),
    ("interview without id", request("device/interview", {})),
    ("configure", request("device/configure", {"id": "hall"})),
    ("configure by name", request("device/configure", "hall")),
    ("configure nobody", request("device/configure", {"id": "nobody"})),
    ("global option", request("options", {"options": {"advanced": {"last_seen": "ISO_8601"}}})),
    ("with last seen", publish("hall/set", "OFF")),
    ("global option back", request("options", {"options": {"advanced": {"last_seen": "disable"}}})),
    ("without last seen", publish("hall/set", "ON")),
    ("global restart option", request("options", {"options": {"advanced": {"transmit_power": 9}}})),
    ("global bad option", request("options", {"options": {"advanced": {"log_level": 5}}})),
    ("global no options", request("options", {"nothing": 1})),
    ("log level", request("options", {"options": {"advanced": {"log_level": "warning"}}})),
    ("log level back", request("options", {"options": {"advanced": {"log_level": "info"}}})),
    ("coordinator check", request("coordinator_check", "")),
    ("unknown request", request("no/such/thing", {})),
    ("broken json", request("device/options", "{")),
    ("upper case", request("HEALTH_CHECK", "")),
    ("set nonsense", publish("hall/set", '{"nonsense": 1}')),
    ("set nonsense among sense", publish("hall/set", '{"nonsense": 1, "state": "OFF"}')),
    ("set broken", publish("hall/set", '{"state": ')),
    ("set wrong value", publish("hall/set", '{"state": "MAYBE"}')),
    ("set a number", publish("hall/set", '{"state": 1}')),
    ("set null", publish("hall/set", '{"state": null}')),
    ("set a list", publish("hall/set", "[1]")),
    ("set nothing", publish("hall/set", "")),
    ("set an empty object", publish("hall/set", "{}")),
    ("set wrong mode", publish("hall/set", '{"operation_mode": "foo"}')),
    ("set time alone", publish("hall/set", '{"on_time": 3}')),
    ("set wrong endpoint", publish("hall/right/set", "ON")),
    ("set nobody", publish("nobody/set", "ON")),
    ("get nobody", publish("nobody/get", "")),
    ("remove nobody", request("device/remove", {"id": "nobody"})),
    ("remove by force", request("device/remove", {"id": "hall", "force": True, "keep_config": True})),
    ("final stop", stop),
]

GROUPS = START + [
    ("add", request("group/add", {"friendly_name": "lights", "id": 4})),
    ("add by name", request("group/add", "others")),
    ("add again", request("group/add", {"friendly_name": "lights"})),
    ("add same id", request("group/add", {"friendly_name": "third", "id": 4})),
    ("add without a name", request("group/add", {})),
    ("member", request("group/members/add", {"group": "lights", "device": "hall"})),
    ("member again", request("group/members/add", {"group": "lights", "device": "hall"})),
    ("member by endpoint", request("group/members/add",
                                   {"group": "others", "device": "hall", "endpoint": "default"})),
    ("member nobody", request("group/members/add", {"group": "lights", "device": "nobody"})),
    ("member of nothing", request("group/members/add", {"group": "nowhere", "device": "hall"})),
    ("member wrong endpoint", request("group/members/add",
                                      {"group": "lights", "device": "hall", "endpoint": "right"})),
    ("group on", cast("lights/set", '{"state": "ON"}')),
    ("group off by id", cast("4/set", "OFF")),
    ("group get", cast("lights/get", '{"state": ""}')),
    ("member changes group", publish("hall/set", "ON")),
    ("member reports", raw(2, 6, "18 2B 0A 00 00 10 00")),
    ("group toggle", cast("lights/set/state", "TOGGLE")),
    ("group nonsense", publish("lights/set", '{"nonsense": 1}')),
    ("group rename", request("group/rename", {"from": "lights", "to": "lamps"})),
    ("group rename taken", request("group/rename", {"from": "lamps", "to": "hall"})),
    ("group rename nobody", request("group/rename", {"from": "nobody", "to": "x"})),
    ("group options", request("group/options", {"id": "lamps", "options": {"retain": True}})),
    ("retained group", cast("lamps/set", "ON")),
    ("group no optimism", request("group/options",
                                  {"id": "lamps", "options": {"retain": False, "optimistic": False}})),
    ("group without optimism", cast("lamps/set", "OFF")),
    ("member removed", request("group/members/remove", {"group": "others", "device": "hall"})),
    ("member removed twice", request("group/members/remove", {"group": "others", "device": "hall"})),
    ("stop", stop),
    ("start again", start),
    ("group on again", cast("lamps/set", "ON")),
    ("members all", request("group/members/remove_all", {"device": "hall"})),
    ("remove group", request("group/remove", {"id": "lamps"})),
    ("remove by force", request("group/remove", {"id": "others", "force": True})),
    ("remove group nobody", request("group/remove", {"id": "nobody"})),
    ("final stop", stop),
]


def option(values):
    return request("device/options", {"id": "hall", "options": values})


def two(first, second):
    return lambda rig: (rig.sim("raw", "qbkg04lm", "4", "6", first),
                        rig.sim("raw", "qbkg04lm", "4", "6", second))


OPTIONS = START + [
    ("on", publish("hall/set", "ON")),
    ("legacy", option({"legacy": True})),
    ("legacy click", raw(4, 6, "18 50 0A 00 00 10 00 00 00 10 01")),
    ("legacy hold", raw(4, 6, "18 51 0A 00 00 10 00")),
    ("legacy let go", raw(4, 6, "18 52 0A 00 00 10 01")),
    ("legacy double", raw(4, 6, "18 53 0A 00 00 10 02")),
    ("not legacy", option({"legacy": False})),
    ("click", raw(4, 6, "18 54 0A 00 00 10 00 00 00 10 01")),
    ("debounce", option({"debounce": 1})),
    ("debounced click", raw(4, 6, "18 55 0A 00 00 10 00 00 00 10 01")),
    ("debounce is over", wait(1.2)),
    ("debounced hold", two("18 56 0A 00 00 10 00", "18 57 0A 00 00 10 01")),
    ("debounce is over again", wait(1.2)),
    ("debounced set", publish("hall/set", "OFF")),
    ("debounce is over once more", wait(1.2)),
    ("debounce ignore", option({"debounce_ignore": ["action"]})),
    ("debounced but action", raw(4, 6, "18 58 0A 00 00 10 00 00 00 10 01")),
    ("debounce is over at last", wait(1.2)),
    ("no debounce", option({"debounce": 0, "debounce_ignore": []})),
    ("throttle", option({"throttle": 1})),
    ("throttled", two("18 59 0A 00 00 10 00", "18 5A 0A 00 00 10 01")),
    ("throttle is over", wait(1.2)),
    ("no throttle", option({"throttle": 0})),
    ("filtered", option({"filtered_attributes": ["linkquality"]})),
    ("with a filter", raw(2, 6, "18 5B 0A 00 00 10 01")),
    ("filtered cache", option({"filtered_attributes": [], "filtered_cache": ["state"]})),
    ("with a filtered cache", raw(2, 6, "18 5C 0A 00 00 10 00")),
    ("and then", raw(4, 6, "18 5D 0A 00 00 10 02")),
    ("filtered optimism", option({"filtered_cache": [], "filtered_optimistic": ["state"]})),
    ("with filtered optimism", publish("hall/set", "ON")),
    ("pessimistic", option({"filtered_optimistic": [], "optimistic": False})),
    ("with pessimism", publish("hall/set", "OFF")),
    ("retain", option({"optimistic": True, "retain": True})),
    ("with retain", publish("hall/set", "ON")),
    ("quality", option({"retain": False, "qos": 2})),
    ("with quality", publish("hall/set", "OFF")),
    ("disabled", option({"qos": 0, "disabled": True})),
    ("while disabled", publish("hall/set", "ON")),
    ("heard while disabled", raw(2, 6, "18 5E 0A 00 00 10 01")),
    ("enabled", option({"disabled": False})),
    ("description", option({"description": "in the hall", "icon": "device_icons/switch.png"})),
    ("after all", publish("hall/set", "OFF")),
    ("final stop", stop),
]

LAMP = "color_light"
EXCHANGE = START + [
    ("decoupled", publish("hall/set", '{"operation_mode": "decoupled", "state": "ON"}')),
    ("group", request("group/add", {"friendly_name": "lights", "id": 4})),
    ("member", request("group/members/add", {"group": "lights", "device": "hall"})),
    ("retain", request("device/options", {"id": "hall", "options": {"retain": True}})),
    ("stop the first", stop),
    ("start the second", start),
    ("off", publish("hall/set", "OFF")),
    ("click", raw(4, 6, "18 50 0A 00 00 10 00 00 00 10 01")),
    ("report", raw(2, 6, "18 2B 0A 00 00 10 01")),
    ("group off", cast("lights/set", "OFF")),
    ("rename", request("device/rename", {"from": "hall", "to": "corridor"})),
    ("open again", request("permit_join", {"time": 254})),
    ("pair another", pair_another(LAMP)),
    ("name it", request("device/rename", {"last": True, "to": "lamp"})),
    ("lamp is a member", request("group/members/add", {"group": "lights", "device": "lamp"})),
    ("lamp glows", publish("lamp/set", '{"state": "ON", "brightness": 80}')),
    ("stop the second", stop),
    ("start the third", start),
    ("lamp is dimmed", publish("lamp/set", '{"brightness": 20}')),
    ("lamp is asked", publish("lamp/get", '{"state": "", "brightness": ""}')),
    ("on", publish("corridor/set", "ON")),
    ("group on", cast("lights/set", "ON")),
    ("remove", request("device/remove", {"id": "corridor"})),
    ("stop the third", stop),
]

SCENARIOS = {
    "main": {"steps": MAIN},
    "frames": {"steps": FRAMES},
    "requests": {"steps": REQUESTS},
    "groups": {"steps": GROUPS},
    # Two presses at once still reach the radio one after the other.
    "options": {"steps": OPTIONS, "sim": ["--gap", "20"]},
    # One directory and one radio, handed from program to program.
    "exchange": {"steps": EXCHANGE, "phases": 3, "devices": ["qbkg04lm", f"standard/{LAMP}"],
                 "variants": [("waggle", "zigbee2mqtt", "waggle"),
                              ("zigbee2mqtt", "waggle", "zigbee2mqtt")]},
}
