"""Home Assistant's discovery: one device of each kind with event entities, a few with the action sensor; groups,
scenes, renames, wishes of the user, removal, a start of Home Assistant, and a start of the program with what
an earlier life left on the broker."""
import json
import subprocess
import time

from kinds import CLIMATE, COVERS, LIGHTS, RELAYS, REMOTES, SENSORS, described, let_pass, pair, press, put, steps_of
from scenarios import BASE, request, start, stop

TOPIC = "homeassistant"
NODE = "".join(str(ord(c)) for c in BASE)
ALL = [*LIGHTS, *RELAYS, *SENSORS, *REMOTES, *COVERS, *CLIMATE]
SOME = ["qbkg04lm", "xiaomi/qbkg03lm", "ikea/e1810", "ikea/led1624g9", "standard/color_light", "standard/thermostat",
        "standard/fan"]
SWITCH, RELAY, REMOTE, BULB, LIGHT, COVER = "qbkg04lm", "qbkg03lm", "e1810", "led1624g9", "color_light", "cover"


def begun(rig):
    """Started, and what the broker retains was listened to for five seconds; then everything is said."""
    rig.start_program()
    rig.settle()
    time.sleep(5)
    rig.settle()
    time.sleep(1)


def later(action, seconds):
    """… after which the program waits before it goes on."""
    def act(rig):
        action(rig)
        time.sleep(seconds)
    return act


def option(name, **values):
    return (f"option {name} {json.dumps(values)}", request("device/options", {"id": name, "options": values}))


def wish(name, value):
    return option(name, homeassistant=value)


def rename(old, new, **more):
    seconds = 2.5 if more.get("homeassistant_rename") else 0.3
    return (f"rename {old} {json.dumps(more)}",
            later(request("device/rename", {"from": old, "to": new, **more}), seconds))


def say(topic, payload, retain=False):
    def act(rig):
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(rig.mqtt_port), "-t", f"{TOPIC}/{topic}",
                        "-m", payload, *(["-r"] if retain else [])], check=True, timeout=10)
    return act


def scene(name, payload):
    return (f"{name}: {json.dumps(payload)}",
            later(lambda rig: rig.publish(f"{BASE}/{name}/set", json.dumps(payload)), 2.7))


def group(request_name, **payload):
    return (f"{request_name} {json.dumps(payload)}", request(f"group/{request_name}", payload))


def member(group_name, device, action="add"):
    return group(f"members/{action}", group=group_name, device=device)


def stale(rig):
    """What an earlier life or somebody else may have left."""
    stop(rig)

    def config(base, **more):
        return json.dumps({"availability": [{"topic": f"{base}/bridge/state"}], **more})

    def trigger(name, action):
        return json.dumps({"topic": f"{BASE}/{name}/action", "payload": action})
    ieee = described("qbkg04lm")["ieee"]
    left = {
        "sensor/0x00158d000000dead/battery/config": config(BASE), "sensor/0x00158d000000dead/other/config": config("other"),
        f"sensor/{ieee}/battery/config": config(BASE), f"sensor/{ieee}/foreign/config": config("zigbee"),
        f"switch/{ieee}/switch/config": config(BASE, name="changed"), f"light/{NODE}_77/light/config": config(BASE),
        f"button/{NODE}_9/button/config": config(BASE), f"sensor/{ieee}/odd/config": "no json",
        f"sensor/{ieee}/empty/config": "null", f"sensor/{ieee}/none/config": "{}",
        f"sensor/{ieee}/list/config": '{"availability": []}', "sensor/short/config": config(BASE),
        f"device_automation/{ieee}/action_hold/config": trigger(SWITCH, "hold"),
        f"device_automation/{ieee}/action_double/config": trigger("of_old", "double"),
        "device_automation/0x00158d000000dead/action_x/config": trigger("gone", "x"),
        f"device_automation/{ieee}/action_foreign/config": json.dumps({"topic": "else/action"}),
        f"binary_sensor/{NODE}_0x00124b0014d2a6f1/nothing/config": config(BASE),
    }
    for topic, payload in left.items():
        say(topic, payload, True)(rig)


def status_online(rig):
    say("status", "Online")(rig)
    time.sleep(31)


def names(paths):
    return "devices:\n" + "".join(f"  '{device['ieee']}':\n    friendly_name: {device['name']}\n"
                                  for device in map(described, paths))


def title_of(path):
    return described(path)["name"]


KINDS_STEPS = [("start", begun), ("open", request("permit_join", {"time": 254}))] + \
    [(f"pair {title_of(path)}", pair(title_of(path))) for path in ALL] + \
    steps_of(REMOTE, [press("toggle"), press("up"), press("toggle")], "") + \
    steps_of("qbkg12lm", [press("click_left")], "") + \
    steps_of(LIGHT, [put({"state": "ON", "color": {"hue": 200, "saturation": 60}})], "") + \
    steps_of("qbkg03lm", [put({"state_left": "ON"})], "") + \
    [group("add", friendly_name="Upper Lamps", id=9), member("Upper Lamps", LIGHT), member("Upper Lamps", BULB),
     group("add", friendly_name="mixed", id=10), member("mixed", "qbkg03lm/left"), member("mixed", COVER),
     member("mixed", "lock"), member("mixed", "metering_plug"), member("mixed", "qbkg03lm/right"),
     scene(LIGHT, {"scene_store": {"ID": 3, "name": "Late  Évening"}}),
     scene("Upper Lamps", {"scene_store": {"ID": 4, "name": "All on"}}), scene("Upper Lamps", {"scene_store": 5}),
     group("rename", **{"from": "Upper Lamps", "to": "lamps"}),
     scene(LIGHT, {"scene_rename": {"ID": 3, "name": "Night"}}), scene(LIGHT, {"scene_remove": 3}),
     member("Upper Lamps", BULB, "remove"), member("lamps", BULB, "remove"), member("lamps", LIGHT, "remove"),
     ("stop", stop), ("start again", begun), ("online", status_online)] + \
    [(f"remove {title_of(path)}", request("device/remove", {"id": title_of(path)})) for path in ALL] + \
    [group("remove", id="mixed"), ("final stop", stop)]

LEGACY_STEPS = [("start", begun), ("open", request("permit_join", {"time": 254}))] + \
    [(f"pair {title_of(path)}", pair(title_of(path))) for path in SOME] + \
    steps_of(SWITCH, [press("single"), press("double"), press("single"), press("hold").then(1000)], "") + \
    steps_of(REMOTE, [press("toggle"), let_pass(1000)], "") + [
        rename(SWITCH, "Flur Süd"), rename("Flur Süd", "Hall Ost", homeassistant_rename=True)] + [
        (f"Hall Ost {gesture}", lambda rig, gesture=gesture: rig.sim("press", SWITCH, gesture))
        for gesture in ("single", "double")] + [
        rename("Hall Ost", SWITCH, homeassistant_rename=True),
        wish(SWITCH, {"name": "Hall Switch", "icon": "mdi:a", "expire_after": 60, "device": {"suggested_area": "Hall"}}),
        wish(SWITCH, {"switch": {"name": "Relay", "type": "light", "object_id": "relay", "enabled_by_default": False}}),
        wish(SWITCH, {"switch": {"object_id": None, "type": None, "icon": "mdi:b", "device": {"model": "none"}}}),
        wish(SWITCH, {"linkquality": None, "operation_mode": {"name": None, "options": ["x"], "value_template": None}}),
        wish(SWITCH, {"linkquality": {"name": "Quality"}, "origin": None, "device_automation": None}),
        *steps_of(SWITCH, [press("hold").then(3000)], "without triggers: "),
        wish(SWITCH, {"device_automation": {"x": 1}}), *steps_of(SWITCH, [press("double")], "with triggers: "),
        wish(LIGHT, None), wish(LIGHT, {"light": {"max_mireds": 400, "list": [1, "two"], "off": False}}),
        option(BULB, disabled=True), option(BULB, disabled=False), option(BULB, availability=True),
        option(BULB, availability=False),
        option(BULB, filtered_attributes=["linkquality", "update"]),
        *steps_of(BULB, [put({"state": "ON"})], "filtered: "),
        group("add", friendly_name="wished", id=11), member("wished", BULB),
        ("option of the group", request("group/options", {"id": "wished", "options": {
            "homeassistant": {"name": "Wished for", "light": {"icon": "mdi:c"}}}})),
        ("nothing of the group", request("group/options", {"id": "wished", "options": {"homeassistant": None}})),
        ("stop, and what is stale", stale), ("start again", begun)] + \
    steps_of(SWITCH, [press("single"), press("double"), press("hold").then(1000)], "again: ") + [
        ("last seen", request("options", {"options": {"advanced": {"last_seen": "ISO_8601"}}})),
        ("stop again", stop), ("start with last seen", begun), *steps_of(BULB, [put({"state": "OFF"})], "seen: "),
        ("last seen as a number", request("options", {"options": {"advanced": {"last_seen": "epoch"}}})),
        ("stop once more", stop), ("start with numbers", begun),
        ("attributes", request("options", {"options": {"advanced": {
            "last_seen": "disable", "output": "attribute_and_json"}}})),
        ("stop at last", stop), ("start with attributes", begun),
        *steps_of(BULB, [put({"state": "ON"})], "attributes: "), *steps_of(SWITCH, [press("single")], "attributes: "),
        ("offline", later(say("status", "offline"), 1)),
        ("leave", lambda rig: rig.sim("leave", REMOTE))] + \
    [(f"remove {title_of(path)}", request("device/remove", {"id": title_of(path), "force": path == "ikea/e1810"}))
     for path in SOME] + [("final stop", stop)]


def configuration(paths, **keys):
    return "homeassistant:\n  enabled: true\n" + "".join(
        f"  {key}: true\n" for key in keys) + names(paths)


HOMEASSISTANT = {
    "homeassistant": {"devices": ALL, "sim": ["--hold-time", "--gap", "40"], "quiet": 0.3, "steps": KINDS_STEPS,
                      "configuration": configuration(ALL, experimental_event_entities=1)},
    "homeassistant_wishes": {
        "devices": SOME, "sim": ["--hold-time", "--gap", "40"], "quiet": 0.3, "steps": LEGACY_STEPS,
        "configuration": "frontend:\n  enabled: false\n  url: http://host:8080\n" +
                         configuration(SOME, legacy_action_sensor=1)},
}
