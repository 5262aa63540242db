"""Bindings of a remote, of sensors and of lights to devices, groups and the coordinator: what is bound, what
is reported to the host because of it, and what the host asks of lights that report nothing. Then the program
is started anew, or the other one is, and everything is undone."""
import time

from kinds import Step, described, let_pass, pair, press, put, steps_of
from scenarios import request, sim, start, stop

DEVICES = ["standard/color_light", "standard/silent_light", "ikea/e1743", "ikea/led1624g9", "standard/cover",
           "standard/climate_sensor", "standard/thermostat"]
LIGHT, SILENT, REMOTE, BULB, COVER, SENSOR, THERMOSTAT = (path.split("/")[-1] for path in DEVICES)
CONFIGURE, READ = "device/reporting/configure", "device/reporting/read"


def bind(title, **payload):
    return (f"bind {title}", request("device/bind", payload))


def unbind(title, **payload):
    return (f"unbind {title}", request("device/unbind", payload))


def clear(title, payload):
    return (f"clear {title}", request("device/binds/clear", payload))


def configure(title, **change):
    payload = {"id": LIGHT, "endpoint": 1, "cluster": "genLevelCtrl", "attribute": "currentLevel",
               "minimum_report_interval": 3, "maximum_report_interval": 300, "reportable_change": 2} | change
    payload = {key: value for key, value in payload.items() if value is not None}
    return (f"configure {title}", request(CONFIGURE, payload))


def read(title, **change):
    payload = {"id": LIGHT, "endpoint": 1, "cluster": "genLevelCtrl",
               "configs": [{"attribute": "currentLevel"}]} | change
    payload = {key: value for key, value in payload.items() if value is not None}
    return (f"read {title}", request(READ, payload))


def member(action, device, **more):
    return (f"{action} member {device}", request(f"group/members/{action}",
                                                {"group": "lamps", "device": device} | more))


def fault(*words):
    return (f"fault {' '.join(words)}", sim("fault", *words))


USED = [press("on"), press("off"), press("hold_on"), let_pass(2000), press("release"), let_pass(2000)]


def asked_after(title, *actions):
    """One after the other within a second, then long enough for the host to ask lights that say nothing."""
    def act(rig, name):
        for action in actions:
            action(rig, name)
            time.sleep(0.3)
        time.sleep(1.4)
    return Step(f"{title}, and lights are asked", act)


def gesture(title):
    return lambda rig, name: rig.sim("press", name, title)


def to_host(cluster, frame):
    return lambda rig, name: rig.sim("raw", name, "1", str(cluster), frame)


POLLED = [asked_after("off", gesture("off")), asked_after("on", gesture("on")), asked_after("hold_off", gesture("hold_off")), let_pass(1000),
          asked_after("steps", *3 * [to_host(8, "01 71 02 00 10 00 00")]),
          asked_after("release, both", gesture("release"))]

DEVICE_TO_DEVICE = [
    bind("remote to light", **{"from": REMOTE, "to": LIGHT, "transaction": 3}),
    *steps_of(REMOTE, USED, "bound: "),
    bind("again", **{"from": REMOTE, "to": LIGHT}),
    bind("one cluster", **{"from": REMOTE, "to": BULB, "clusters": ["genOnOff"]}),
    bind("clusters that do not fit", **{"from": REMOTE, "to": BULB, "clusters": ["msCO2", "genScenes", "genOnOff"]}),
    bind("by number", **{"from": REMOTE, "to": BULB, "clusters": ["genLevelCtrl"], "from_endpoint": 1,
                         "to_endpoint": 1}),
    bind("by endpoint text", **{"from": REMOTE, "to": BULB, "from_endpoint": "1", "to_endpoint": "default",
                                "clusters": ["genOnOff"]}),
    bind("nothing fits", **{"from": SENSOR, "to": LIGHT}),
    bind("no clusters", **{"from": REMOTE, "to": LIGHT, "clusters": []}),
    bind("remote to silent light", **{"from": REMOTE, "to": SILENT}),
    *steps_of(REMOTE, POLLED, "silent: "),
    bind("remote to cover", **{"from": REMOTE, "to": COVER}),
    bind("sensor to thermostat", **{"from": SENSOR, "to": THERMOSTAT}),
    bind("light to light", **{"from": LIGHT, "to": BULB}),
    bind("by address", **{"from": described(DEVICES[2])["ieee"], "to": described(DEVICES[0])["ieee"],
                          "clusters": ["genLevelCtrl"]}),
    unbind("one cluster", **{"from": REMOTE, "to": BULB, "clusters": ["genLevelCtrl"]}),
    unbind("what is not bound", **{"from": REMOTE, "to": BULB, "clusters": ["genLevelCtrl"]}),
    unbind("and keep reporting", **{"from": REMOTE, "to": BULB, "skip_disable_reporting": True}),
    unbind("cover", **{"from": REMOTE, "to": COVER}),
    unbind("sensor", **{"from": SENSOR, "to": THERMOSTAT}),
]
COORDINATOR = [
    bind("to the coordinator", **{"from": LIGHT, "to": "Coordinator", "clusters": ["genOnOff", "genLevelCtrl"]}),
    bind("to its endpoint", **{"from": SENSOR, "to": "Coordinator", "to_endpoint": 1}),
    bind("to no endpoint of it", **{"from": SENSOR, "to": "Coordinator", "to_endpoint": 99}),
    unbind("from the coordinator", **{"from": SENSOR, "to": "Coordinator"}),
    bind("default group", **{"from": REMOTE, "to": "default_bind_group"}),
    *steps_of(REMOTE, POLLED[:1], "to nobody: "),
    bind("default group by number", **{"from": REMOTE, "to": 901, "clusters": ["genOnOff"]}),
    bind("default group by text", **{"from": REMOTE, "to": "901", "clusters": ["genOnOff"]}),
    unbind("default group", **{"from": REMOTE, "to": "default_bind_group"}),
]
WRONG = [
    bind("nothing", **{}), bind("from nobody", **{"from": "nobody", "to": LIGHT}),
    bind("to nothing", **{"from": REMOTE}), bind("to nobody", **{"from": REMOTE, "to": "nobody"}),
    bind("from nothing", **{"to": LIGHT}), bind("from a group", **{"from": "lamps", "to": LIGHT}),
    bind("from null", **{"from": None, "to": LIGHT}),
    bind("from no endpoint", **{"from": REMOTE, "from_endpoint": 7, "to": LIGHT}),
    bind("from no endpoint by name", **{"from": REMOTE, "from_endpoint": "left", "to": LIGHT}),
    bind("to no endpoint", **{"from": REMOTE, "to": LIGHT, "to_endpoint": "left"}),
    bind("to no endpoint by number", **{"from": REMOTE, "to": LIGHT, "to_endpoint": 12}),
    bind("endpoint in the name", **{"from": f"{REMOTE}/1", "to": LIGHT}),
    bind("unknown cluster", **{"from": REMOTE, "to": LIGHT, "clusters": ["genNothing"]}),
    ("bind by broken json", request("device/bind", "{")),
    unbind("nothing", **{}), unbind("from nobody", **{"from": "nobody", "to": LIGHT}),
    unbind("nothing fits", **{"from": SENSOR, "to": LIGHT}),
    fault("zdp-status", LIGHT, "0x8c", "1"),
    bind("partly refused", **{"from": LIGHT, "to": BULB, "clusters": ["genScenes", "genOnOff"]}),
    fault("zdp-status", LIGHT, "0x84", "2"),
    bind("refused", **{"from": LIGHT, "to": SILENT, "clusters": ["genScenes", "genOnOff"]}),
    fault("zdp-status", BULB, "0x8c", "1"),
    bind("reporting refused", **{"from": REMOTE, "to": BULB, "clusters": ["genOnOff"]}),
    fault("zdp-status", LIGHT, "0x88", "1"),
    unbind("no entry", **{"from": LIGHT, "to": BULB, "clusters": ["genOnOff"]}),
    clear("nothing", {}), clear("nobody", {"target": "nobody"}), clear("a number", {"target": 5}),
    clear("a group", {"target": "lamps"}), clear("all", {"target": LIGHT}),
]
GROUPED = [
    ("add group", request("group/add", {"friendly_name": "lamps", "id": 9})),
    bind("remote to empty group", **{"from": REMOTE, "to": "lamps"}),
    member("add", LIGHT), member("add", SILENT), member("add", SILENT), member("add", BULB),
    *steps_of(REMOTE, POLLED, "group: "),
    bind("remote to group", **{"from": REMOTE, "to": "lamps"}),
    bind("remote to group by number", **{"from": REMOTE, "to": 9, "clusters": ["genOnOff"]}),
    bind("light to group", **{"from": LIGHT, "to": "lamps", "to_endpoint": "left"}),
    member("remove", BULB), member("remove", LIGHT, skip_disable_reporting=True),
    *steps_of(SILENT, [put({"scene_store": 1})], ""),
    *steps_of(REMOTE, [asked_after("scene, both", to_host(5, "01 70 05 00 00 01"))], ""),
    unbind("remote from group", **{"from": REMOTE, "to": "lamps", "clusters": ["genLevelCtrl"]}),
    ("remove all", request("group/members/remove_all", {"device": SILENT})),
    ("remove group", request("group/remove", {"id": "lamps", "force": True})),
]
REPORTING = [
    configure("level"), configure("level again", maximum_report_interval=600, transaction="x"),
    configure("by number", attribute=0, cluster=8, endpoint="1"),
    configure("without change", cluster="genOnOff", attribute="onOff", reportable_change=None),
    configure("without change, of a number", reportable_change=None),
    configure("never", maximum_report_interval=65535),
    configure("own attribute", attribute={"ID": 17, "type": 32}),
    configure("manufacturer", cluster="genBasic", attribute={"ID": 7, "type": 48}, reportable_change=None,
              options={"manufacturerCode": 4447}),
    configure("nobody", id="nobody"), configure("no endpoint", endpoint=9), configure("no endpoint name", endpoint="left"),
    configure("no cluster", cluster="genNothing"), configure("no attribute", attribute="nothing"),
    configure("unreportable", attribute="remainingTime"), configure("text interval", minimum_report_interval="3"),
    configure("nobody, with text", id="nobody"), configure("no interval", minimum_report_interval=None),
    configure("no endpoint, again", endpoint=9), configure("text change", reportable_change="2"),
    configure("no cluster, again", cluster="genNothing"), configure("without id", id=None),
    configure("no attribute, again", attribute="nothing"), configure("without endpoint", endpoint=None),
    configure("interval beyond", maximum_report_interval=70000), configure("without cluster", cluster=None),
    ("configure alias", request("device/configure_reporting", {
        "id": LIGHT, "endpoint": 1, "cluster": "genOnOff", "attribute": "onOff", "minimum_report_interval": 0,
        "maximum_report_interval": 1200, "reportable_change": 0})),
    ("configure by broken json", request(CONFIGURE, "{")),
    fault("zdp-status", LIGHT, "0x84", "1"), configure("bind refused"),
    read("level"), read("switch", cluster="genOnOff", configs=[{"attribute": "onOff"}, {"attribute": "onTime"}]),
    read("by number", cluster=6, configs=[{"attribute": 0}]),
    read("direction", configs=[{"attribute": "currentLevel", "direction": 1}]),
    read("color", cluster="lightingColorCtrl",
         configs=[{"attribute": "currentX"}, {"attribute": "colorTemperature"}, {"attribute": "nothing"}]),
    read("manufacturer", cluster="genBasic", configs=[{"attribute": {"ID": 7}}], manufacturer_code=4447),
    read("without configs", configs=None), read("nobody", id="nobody"), read("without id", id=None),
    read("no endpoint", endpoint=9), read("without cluster", cluster=None), read("no cluster", cluster="genNothing"),
]
AGAIN = [
    *steps_of(REMOTE, POLLED[:1], "again: "),
    unbind("again", **{"from": REMOTE, "to": SILENT}), unbind("light again", **{"from": REMOTE, "to": LIGHT}),
    bind("again after all", **{"from": REMOTE, "to": LIGHT}),
    ("remove a bound device", request("device/remove", {"id": LIGHT})),
    unbind("what has gone", **{"from": REMOTE, "to": LIGHT}),
]


def named(path):
    device = described(path)
    return f"  '{device['ieee']}':\n    friendly_name: {device['name']}\n"


STEPS = [("start", start), ("open", request("permit_join", {"time": 254}))] + [
    (f"pair {path.split('/')[-1]}", pair(path.split("/")[-1])) for path in DEVICES] + \
    DEVICE_TO_DEVICE + COORDINATOR + WRONG + GROUPED + REPORTING + [
        ("stop", stop), ("start again", start)] + AGAIN + [("final stop", stop)]

BINDING = {
    "binding": {"devices": DEVICES, "sim": ["--hold-time", "--gap", "40"], "quiet": 0.35, "phases": 2,
                "configuration": "devices:\n" + "".join(named(path) for path in DEVICES), "steps": STEPS,
                "variants": [("waggle", "waggle"), ("waggle", "zigbee2mqtt"), ("zigbee2mqtt", "waggle")]},
}
