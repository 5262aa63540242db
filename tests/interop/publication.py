"""What every publication carries and on which topics, as the configuration wants it: last_seen in all forms,
elapsed, the device's own block, outputs by attribute, without the cache; defaults for all devices; an icon that
is sent as data."""
import json

from kinds import let_pass, pair, press, put, steps_of
from scenarios import request, start, stop, wait
from scenes import named

DEVICES = ["standard/color_light", "standard/thermostat", "xiaomi/qbkg03lm", "ikea/e1743"]
LIGHT, THERMOSTAT, RELAYS, REMOTE = (path.split("/")[-1] for path in DEVICES)
PICTURE = ("data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
           "awAAAABJRU5ErkJggg==")


def settings(**values):
    return (f"options {json.dumps(values)}", request("options", {"options": values}))


def device_options(title, name, **values):
    return (f"{title} of {name}", request("device/options", {"id": name, "options": values}))


def used(title):
    return steps_of(LIGHT, [put({"state": "ON"}), put({"color": {"x": 0.5, "y": 0.3}}), let_pass(11000),
                            press("toggle")], f"{title}: ") + \
        steps_of(RELAYS, [put({"state_left": "ON"}), press("click_right"), press("heartbeat")], f"{title}: ") + \
        steps_of(REMOTE, [press("on"), press("battery_low")], f"{title}: ")


STEPS = [("start", start), ("open", request("permit_join", {"time": 254}))] + \
    [(f"pair {name}", pair(name)) for name in (LIGHT, THERMOSTAT, RELAYS, REMOTE)] + \
    [settings(advanced={"last_seen": "ISO_8601"})] + used("ISO_8601") + \
    [settings(advanced={"last_seen": "ISO_8601_local"})] + used("local") + \
    [settings(advanced={"last_seen": "epoch"})] + used("epoch") + [
        device_options("throttle", REMOTE, throttle=6)] + \
    steps_of(REMOTE, [press("on"), press("off"), press("on")], "throttled: ") + [
        ("throttle is over", wait(6.5)), device_options("no throttle", REMOTE, throttle=None),
        settings(advanced={"last_seen": "disable", "elapsed": True})] + used("elapsed") + used("elapsed again") + \
    [settings(advanced={"elapsed": False}, mqtt={"include_device_information": True})] + used("information") + \
    [settings(advanced={"output": "attribute"}, mqtt={"include_device_information": False})] + used("attribute") + \
    steps_of(THERMOSTAT, [put({"weekly_schedule": {"dayofweek": ["monday", "tuesday"], "transitions": [
        {"time": "06:30", "heating_setpoint": 21}]}}), put({"weekly_schedule": ""}, "get")], "attribute: ") + \
    [settings(advanced={"output": "attribute_and_json"})] + used("both") + [
        device_options("retain", LIGHT, retain=True, qos=1)] + \
    steps_of(LIGHT, [put({"state": "OFF"})], "retained: ") + [
        ("rename", request("device/rename", {"from": LIGHT, "to": "lamp"})),
        ("rename back", request("device/rename", {"from": "lamp", "to": LIGHT})),
        device_options("no retain", LIGHT, retain=False, qos=0),
        settings(advanced={"output": "json", "cache_state": False})] + used("no cache") + \
    [settings(device_options={"retain": True, "filtered_attributes": ["linkquality", "col.*"]})] + used("defaults") + [
        device_options("own filter", LIGHT, filtered_attributes=["brightness"]),
    ] + steps_of(LIGHT, [put({"brightness": 40}), put({"state": "OFF"})], "own filter: ") + [
        settings(device_options={"retain": False, "filtered_attributes": []},
                 advanced={"cache_state": True, "cache_state_send_on_startup": False}),
        device_options("icon", LIGHT, icon=PICTURE),
        device_options("throttle", RELAYS, throttle=6, description="two of them", filtered_attributes=["device_temperature"]),
    ] + steps_of(RELAYS, [put({"state_left": "OFF"}), press("click_left"), press("heartbeat")], "throttled: ") + [
        ("throttle of relays is over", wait(6.5)), ("stop", stop), ("start again", start),
        settings(advanced={"cache_state_persistent": False, "cache_state_send_on_startup": True})] + \
    steps_of(LIGHT, [put({"state": "ON"})], "again: ") + [
        ("stop, not persistent", stop), ("start with what was", start)] + \
    steps_of(LIGHT, [put({"brightness": 90})], "at last: ") + [("final stop", stop)]

PUBLICATION = {
    "publication": {"devices": DEVICES, "sim": ["--hold-time", "--gap", "40"], "quiet": 0.3, "steps": STEPS,
                    "configuration": "devices:\n" + "".join(named(path) for path in DEVICES)},
}
