"""The network map in its three forms, with and without routes, of a network with routers, children that
sleep, a device that does not answer and one that is disabled."""
import json

from kinds import described
from scenarios import BASE, request, sim, start, stop

DEVICES = ["standard/color_light", "standard/metering_plug", "standard/climate_sensor", "standard/contact"]
LIGHT, PLUG, SENSOR, CONTACT = (path.split("/")[-1] for path in DEVICES)
NAMES = {LIGHT: "light \\ \"with signs\"", PLUG: "Plug", SENSOR: "a/sensor", CONTACT: CONTACT}


def network_map(payload):
    """A second for every device that is asked, and much more where one does not answer."""
    def act(rig):
        begun = len(rig.mqtt.messages)
        rig.publish(f"{BASE}/bridge/request/networkmap",
                    payload if isinstance(payload, str) else json.dumps(payload))
        rig.mqtt.wait(f"{BASE}/bridge/response/networkmap", lambda m: True, 90, begun)
    return act


def option(name, values):
    return request("device/options", {"id": NAMES[name], "options": values})


def pair_named(name, *via):
    """The device's name in the simulator is not the one that users gave it."""
    def act(rig):
        begun = len(rig.mqtt.messages)
        rig.sim("join", name, *via)
        wanted = json.dumps(NAMES[name])[1:-1]
        rig.mqtt.wait(f"{BASE}/bridge/event", lambda m: wanted in m.payload and "device_interview" in m.payload
                      and ("successful" in m.payload or "failed" in m.payload), 60, begun)
        rig.settle()
    return act


STEPS = [
    ("start", start), ("alone", network_map("raw")), ("open", request("permit_join", {"time": 254})),
    ("pair light", pair_named(LIGHT)), ("pair plug", pair_named(PLUG)),
    ("open the plug", request("permit_join", {"time": 254, "device": "Plug"})),
    ("pair sensor", pair_named(SENSOR, "5000", PLUG)), ("pair contact", pair_named(CONTACT)),
    ("signal", sim("lqi", LIGHT, "77")),
    ("raw", network_map("raw")), ("raw with routes", network_map({"type": "raw", "routes": True, "transaction": 5})),
    ("graphviz", network_map("graphviz")), ("graphviz with routes", network_map({"type": "graphviz", "routes": True})),
    ("plantuml", network_map({"type": "plantuml"})),
    ("plantuml with routes", network_map({"type": "plantuml", "routes": True})),
    ("without routes", network_map({"type": "raw", "routes": False})),
    ("colours", request("options", {"options": {"map_options": {"graphviz": {"colors": {"fill": {
        "router": "#123456"}, "line": {"inactive": "#654321"}}}}}})),
    ("graphviz in colours", network_map({"type": "graphviz", "routes": True})),
    ("unknown form", network_map("drawing")), ("form of a number", network_map({"type": 7})),
    ("no form", network_map({})), ("nothing", network_map("")),
    ("deaf once", sim("fault", "deaf-zdp", PLUG, "1")), ("raw at the second try", network_map("raw")),
    ("refused", sim("fault", "zdp-status", PLUG, "0x84", "4")),
    ("raw without the plug", network_map({"type": "raw", "routes": True})),
    ("refused again", sim("fault", "zdp-status", PLUG, "0x84", "4")),
    ("graphviz without the plug", network_map({"type": "graphviz", "routes": True})),
    ("refused once more", sim("fault", "zdp-status", PLUG, "0x84", "2")),
    ("plantuml without the plug", network_map("plantuml")),
    ("disabled", option(PLUG, {"disabled": True})), ("raw without a disabled one", network_map("raw")),
    ("final stop", stop),
]

NETWORK_MAP = {
    "networkmap": {"devices": DEVICES, "sim": ["--hold-time", "--gap", "40"], "quiet": 0.3, "steps": STEPS,
                   "configuration": "devices:\n" + "".join(
                       f"  '{described(path)['ieee']}':\n    friendly_name: "
                       f"{json.dumps(NAMES[path.split('/')[-1]])}\n" for path in DEVICES)},
}
