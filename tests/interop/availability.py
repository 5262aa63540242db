"""Who can be reached: devices that are asked, devices of which a sign of life is awaited, and groups. The
times are those of single devices, because there the schema allows fractions of a minute; they are set when
everybody is paired, and begin at the next sign of life. Then bridge/health, which takes its minute."""
import json
import time

from kinds import pair
from scenarios import BASE, publish, request, sim, start, stop, wait
from scenes import named

DEVICES = ["standard/color_light", "ikea/e1603", "standard/contact"]
LIGHT, OUTLET, CONTACT = (path.split("/")[-1] for path in DEVICES)
SHORT = {"timeout": 0.1, "max_jitter": 0}  # six seconds, and one
OUTLET_OFF, OUTLET_ON = "18 2A 0A 00 00 10 00", "18 2B 0A 00 00 10 01"


def follow(device, how):
    return request("device/options", {"id": device, "options": {"availability": how}})


def speaks(device, cluster=6, frame=OUTLET_OFF):
    return sim("raw", device, "1", str(cluster), frame)


def member(action, group, device):
    return request(f"group/members/{action}", {"group": group, "device": device})


AVAILABILITY = [("start", start), ("open", request("permit_join", {"time": 254}))] + \
    [(f"pair {name}", pair(name)) for name in (LIGHT, OUTLET, CONTACT)] + [
    ("add group", request("group/add", {"friendly_name": "lamps", "id": 1})),
    ("add group", request("group/add", {"friendly_name": "both", "id": 2})),
    ("member light", member("add", "lamps", LIGHT)),
    ("member light of both", member("add", "both", LIGHT)),
    ("member outlet of both", member("add", "both", OUTLET)),
    ("limits of the light", follow(LIGHT, SHORT)),
    ("light speaks", speaks(LIGHT)),
    ("light is asked", wait(8)),
    ("light is deaf", sim("fault", "deaf", LIGHT, "always")),
    ("light is offline", wait(32)),
    ("light is asked again", wait(12)),
    ("light hears again", sim("fault", "clear")),
    ("light is back", speaks(LIGHT)),
    ("light is read", wait(3)),
    ("limits of the contact", follow(CONTACT, {"timeout": 0.1})),
    ("no limits of the light", follow(LIGHT, True)),
    ("light has time", speaks(LIGHT)),
    ("contact speaks", speaks(CONTACT, 1, "18 2C 0A 21 00 20 64")),
    ("contact is offline", wait(8)),
    ("contact is back", speaks(CONTACT, 1, "18 2D 0A 21 00 20 C8")),
    ("no limits of the contact", follow(CONTACT, {"timeout": 1500})),
    ("contact has time", speaks(CONTACT, 1, "18 2E 0A 21 00 20 C8")),
    ("rename", request("device/rename", {"from": LIGHT, "to": "lamp"})),
    ("rename group", request("group/rename", {"from": "lamps", "to": "lights"})),
    ("outlet is not followed", follow(OUTLET, False)),
    ("outlet speaks", speaks(OUTLET)),
    ("light speaks in a group that is not", speaks("color_light")),
    ("outlet is followed", follow(OUTLET, SHORT)),
    ("disable", request("device/options", {"id": OUTLET, "options": {"disabled": True}})),
    ("while disabled", speaks(OUTLET)),
    ("nobody asks", wait(9)),
    ("enable", request("device/options", {"id": OUTLET, "options": {"disabled": False}})),
    ("member leaves", member("remove", "lights", "lamp")),
    ("move", sim("move", OUTLET)),
    ("outlet is read", wait(3)),
    ("stop", stop),
    ("stopped, away", wait(8)),
    ("start again", start),
    ("outlet is asked", wait(3)),
    ("outlet is asked in time", wait(8)),
    ("no limits of the outlet", follow(OUTLET, True)),
    ("outlet has time", speaks(OUTLET)),
    ("remove", request("device/remove", {"id": OUTLET})),
    ("remove group", request("group/remove", {"id": "both"})),
    ("final stop", stop),
]


def health(rig):
    begun = len(rig.mqtt.messages)
    rig.mqtt.wait(f"{BASE}/bridge/health", lambda m: True, 70, begun)


HEALTH = [
    ("start", start), ("open", request("permit_join", {"time": 254}))] + \
    [(f"pair {name}", pair(name)) for name in (LIGHT, OUTLET)] + [
    ("health", health),
    ("outlet speaks", speaks(OUTLET)),
    ("outlet speaks again", speaks(OUTLET, 6, OUTLET_ON)),
    ("off", publish(f"{LIGHT}/set", json.dumps({"state": "OFF"}))),
    ("move", sim("move", LIGHT)),
    ("is read", lambda rig: time.sleep(3)),
    ("leave", sim("leave", OUTLET)),
    ("health again", health),
    ("nothing happens", health),
    ("stop", stop), ("start again", start),
    ("final stop", stop),
]


def scenario(devices, steps, configuration):
    return {"devices": devices, "sim": ["--hold-time", "--gap", "40"], "quiet": 0.3, "steps": steps,
            "configuration": configuration + "devices:\n" + "".join(named(path) for path in devices)}


AVAILABILITIES = {
    "availability": scenario(DEVICES, AVAILABILITY, "availability:\n  enabled: true\n"),
    "health": scenario(DEVICES[:2], HEALTH, "health:\n  interval: 1\n  reset_on_check: true\n"),
}
