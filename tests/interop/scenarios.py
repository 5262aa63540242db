"""What both programs are put through. A step is a name and a function of the rig; what a step waits for
is only what lets the next one begin, everything else is gathered and compared."""
import json
import signal
import time

SWITCH = "0x00158d0001a2b3c4"
BASE = "zigbee2mqtt"


def publish(topic, payload):
    return lambda rig: rig.publish(f"{BASE}/{topic}", payload)


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


def pair(rig):
    begun = len(rig.mqtt.messages)
    rig.sim("join", "qbkg04lm")
    rig.mqtt.wait(f"{BASE}/bridge/event",
                  lambda m: "device_interview" in m.payload and "successful" in m.payload, 60, begun)
    time.sleep(1)


START = [
    ("start", start),
    ("open", request("permit_join", {"time": 254, "transaction": "a1"})),
    ("pair", pair),
    ("rename", request("device/rename", {"from": SWITCH, "to": "hall"})),
]

MAIN = START + [
    ("on", publish("hall/set", '{"state": "ON"}')),
    ("off by attribute", publish("hall/set/state", "OFF")),
    ("toggle by word", publish("hall/set", "toggle")),
    ("by address", publish(f"{SWITCH}/set", "OFF")),
    ("by endpoint number", publish("hall/2/set", "ON")),
    ("by endpoint name", publish("hall/default/set", "OFF")),
    ("get", publish("hall/get", '{"state": ""}')),
    ("get attribute", publish("hall/get/state", "")),
    ("timed", publish("hall/set", '{"state": "ON", "on_time": 5, "off_wait_time": 2}')),
    ("decoupled", publish("hall/set", '{"operation_mode": "decoupled"}')),
    ("relay", publish("hall/set", '{"operation_mode": "control_relay"}')),
    ("relay report", raw(2, 6, "18 2A 0A 00 00 10 01 00 F0 23 00 1F FF 03")),
    ("relay report off", raw(2, 6, "18 2B 0A 00 00 10 00")),
    ("click", raw(4, 6, "18 50 0A 00 00 10 00 00 00 10 01")),
    ("hold", raw(4, 6, "18 51 0A 00 00 10 00")),
    ("let go", raw(4, 6, "18 52 0A 00 00 10 01")),
    ("double", raw(4, 6, "18 53 0A 00 00 10 02")),
    ("blocked", raw(4, 6, "18 54 0A 00 00 10 01 00 F0 23 00 1F FF 03")),
    ("mark of zero", raw(4, 6, "18 55 0A 00 00 10 01 00 F0 23 00 00 00 00")),
    ("another number", raw(4, 6, "18 56 0A 00 00 10 07")),
    ("unused endpoint", raw(5, 6, "18 57 0A 00 00 10 01")),
    ("mode report", raw(1, 0, "1C 5F 11 40 0A 22 FF 20 FE")),
    ("reset announced", raw(1, 0, "1C 5F 11 2D 0A F0 FF 41 09 AA 10 05 41 87 01 01 10 00")),
    ("other announcement", raw(1, 0, "1C 5F 11 2E 0A F0 FF 41 09 AA 10 05 41 88 01 01 10 00")),
    ("time asked", raw(1, 10, "00 60 00 00 00 07 00")),
    ("basic asked", raw(1, 0, "00 61 00 04 00 00 00 FE FF")),
    ("other attribute asked", raw(1, 6, "00 62 00 00 00")),
    ("report wants an answer", raw(2, 6, "08 63 0A 00 00 10 01")),
    ("unknown command", raw(2, 6, "09 64 77 01 02")),
    ("announce", sim("announce", "qbkg04lm")),
    ("new address", sim("move", "qbkg04lm")),
    ("on after moving", publish("hall/set", "ON")),
    ("restart: stop", stop),
    ("restart: start", start),
    ("off after restart", publish("hall/set", "OFF")),
    ("kill", kill),
    ("start after kill", start),
    ("on after kill", publish("hall/set", "ON")),
    ("health", request("health_check", {"transaction": 7})),
    ("remove", request("device/remove", {"id": "hall"})),
]

REQUESTS = START + [
    ("health", request("health_check", "")),
    ("close", request("permit_join", {"time": 0})),
    ("open by number", request("permit_join", "60")),
    ("open too long", request("permit_join", {"time": 255})),
    ("open nowhere", request("permit_join", {"time": 10, "device": "nobody"})),
    ("open without time", request("permit_join", {})),
    ("rename nobody", request("device/rename", {"from": "nobody", "to": "x"})),
    ("rename without to", request("device/rename", {"from": "hall"})),
    ("rename to itself", request("device/rename", {"from": "hall", "to": "hall"})),
    ("rename to bad", request("device/rename", {"from": "hall", "to": "a/1"})),
    ("rename to wildcard", request("device/rename", {"from": "hall", "to": "a+b"})),
    ("rename to nothing", request("device/rename", {"from": "hall", "to": ""})),
    ("rename last", request("device/rename", {"last": True, "to": "last one"})),
    ("rename back", request("device/rename", {"from": "last one", "to": "hall"})),
    ("options", request("device/options", {"id": "hall", "options": {"retain": True, "qos": 1}})),
    ("retained now", publish("hall/set", "ON")),
    ("options again", request("device/options", {"id": "hall", "options": {"retain": False, "qos": 0}})),
    ("options of nobody", request("device/options", {"id": "nobody", "options": {}})),
    ("options missing", request("device/options", {"id": "hall"})),
    ("interview", request("device/interview", {"id": "hall"})),
    ("interview nobody", request("device/interview", {"id": "nobody"})),
    ("configure", request("device/configure", {"id": "hall"})),
    ("configure by name", request("device/configure", "hall")),
    ("configure nobody", request("device/configure", {"id": "nobody"})),
    ("global option", request("options", {"options": {"advanced": {"last_seen": "disable"}}})),
    ("global restart option", request("options", {"options": {"advanced": {"transmit_power": 9}}})),
    ("global bad option", request("options", {"options": {"advanced": {"log_level": 5}}})),
    ("global no options", request("options", {"nothing": 1})),
    ("log level", request("options", {"options": {"advanced": {"log_level": "warning"}}})),
    ("unknown request", request("no/such/thing", {})),
    ("broken json", request("device/options", "{")),
    ("set nonsense", publish("hall/set", '{"nonsense": 1}')),
    ("set broken", publish("hall/set", '{"state": ')),
    ("set wrong value", publish("hall/set", '{"state": "MAYBE"}')),
    ("set nobody", publish("nobody/set", "ON")),
    ("remove nobody", request("device/remove", {"id": "nobody"})),
    ("remove by force", request("device/remove", {"id": "hall", "force": True})),
]

SCENARIOS = {
    "main": {"steps": MAIN},
    "requests": {"steps": REQUESTS},
}
