"""Firmware: a wall switch and a lamp are asked, updated, put back and scheduled, with images from an override
index, from files, by HTTPS and in the request itself; and all that may go wrong. The lamp asks by itself, too."""
import json
import pathlib
import sys
import time

from image_server import ImageServer, make_certificates
from kinds import described, pair
from scenarios import BASE, request, sim, start, stop, wait

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "ota"))
from make_image import entry, image  # noqa: E402 (found only now)

SWITCH, LAMP, SENSOR = DEVICES = ["qbkg04lm", "ikea/led1624g9", "standard/climate_sensor"]
LAMP_NAME, SENSOR_NAME = "led1624g9", "climate_sensor"
LAMP_VERSION = 0x23075631
SIZE, LARGE = 2000, 60000
# Milliseconds from a block to the next request. zigbee2mqtt does not hear one that comes while it still sends.
PACE, SLOW = 30, 2500
CONFIGURATION = """devices:
  '{switch}':
    friendly_name: qbkg04lm
  '{lamp}':
    friendly_name: led1624g9
  '{sensor}':
    friendly_name: climate_sensor
ota:
  zigbee_ota_override_index_location: index.json
  image_block_response_delay: 50
  image_block_request_timeout: 10000
  update_check_interval: 1440
""".format(switch=described(SWITCH)["ieee"], lamp=described(LAMP)["ieee"], sensor=described(SENSOR)["ieee"])


def of_switch(version, size=SIZE, **more):
    return image(0x115F, 0x0101, version, size, **more)


def of_lamp(version, size=SIZE, **more):
    return image(0x117C, 0x2801, version, size, **more)


def environment(rig):
    authority, certificate = make_certificates(rig.folder)
    served = rig.folder / "served"
    served.mkdir()
    rig.images = ImageServer(served, certificate)
    return {"SSL_CERT_FILE": str(authority), "NODE_EXTRA_CA_CERTS": str(authority),
            "https_proxy": "http://127.0.0.1:9", "no_proxy": "127.0.0.1",
            "NODE_OPTIONS": f"--require {pathlib.Path(__file__).parent / 'loopback_only.js'}"}


def ask(name, payload, seconds=60, answer=None):
    """A request; ends when its answer is there, or after a while without one."""
    def act(rig):
        begun = len(rig.mqtt.messages)
        send(name, payload)(rig)
        try:
            topic = (answer or name).removesuffix("/downgrade")
            rig.mqtt.wait(f"{BASE}/bridge/response/device/ota_update/{topic}", lambda m: True, seconds, begun)
        except TimeoutError:
            pass  # no response is a result too, and compared
    return act


def send(name, payload):
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return lambda rig: rig.publish(f"{BASE}/bridge/request/device/ota_update/{name}", text.replace(
        "HTTPS", f"https://127.0.0.1:{rig.images.port}"))


def update(payload, name="update"):
    """… and then the device is interviewed anew, five seconds later."""
    def act(rig):
        begun = len(rig.mqtt.messages)
        ask(name, payload)(rig)
        interviewed(rig, begun)
    return act


def step_down(payload):
    return update(payload, name="update/downgrade")


def interviewed(rig, begun):
    def ended(m):
        return "device_interview" in m.payload and '"started"' not in m.payload
    rig.mqtt.wait(f"{BASE}/bridge/event", ended, 60, begun)
    time.sleep(1)


def files(**octets):
    """Into the data folder, under these names; a list is an index of [name, octets, more] entries."""
    def act(rig):
        for folder in (rig.data, rig.folder / "served"):
            for name, value in octets.items():
                write(folder, name, value)
    return act


def write(folder, name, value):
    if isinstance(value, list):
        index = []
        for file, image_octets, more in value:
            (folder / f"{file}.ota").write_bytes(image_octets)
            index.append(entry(f"{file}.ota", image_octets, **more))
        value = json.dumps(index)
    if isinstance(value, str):
        (folder / f"{name}.json").write_text(value)
    else:
        (folder / f"{name}.ota").write_bytes(value)


def both(*actions):
    def act(rig):
        for action in actions:
            action(rig)
    return act


def ota(name, *arguments):
    return lambda rig: rig.sim("ota", name, *map(str, arguments))


def has(name):
    """What the device says that it was given, as a message of its own."""
    def act(rig):
        shown = rig.sim("ota", name)
        kept = {key: shown[key] for key in ("sha512", "version", "outcome") if key in shown}
        rig.publish(f"{BASE}/sim/ota", json.dumps(kept))
    return act


def query(name, seconds=1):
    """The device asks by itself."""
    return both(ota(name, "query"), wait(seconds))


def scheduled(name):
    """The device asks, is updated and interviewed."""
    def act(rig):
        begun = len(rig.mqtt.messages)
        rig.sim("ota", name, "query")
        interviewed(rig, begun)
    return act


def failing(rig):
    """The device asks, and does not take what it gets: it stays scheduled."""
    begun = len(rig.mqtt.messages)
    rig.sim("ota", "qbkg04lm", "query")
    updating(rig, begun)
    rig.mqtt.wait(f"{BASE}/hall", lambda m: '"scheduled"' in m.payload, 60, begun)


def updating(rig, begun):
    rig.mqtt.wait(f"{BASE}/hall", lambda m: '"updating"' in m.payload, 20, begun)


def in_the_middle(*actions):
    """An update of the switch is under way; ends when the request is answered."""
    def act(rig):
        begun = len(rig.mqtt.messages)
        send("update", {"id": "hall", "transaction": "long"})(rig)
        updating(rig, begun)
        for action in actions:
            action(rig)
        rig.mqtt.wait(f"{BASE}/bridge/response/device/ota_update/update",
                      lambda m: '"long"' in m.payload, 60, begun)
    return act


EMPTY = {"id": "hall", "url": "empty.json"}
CHECKS = [
    ("no images", files(index="[]", empty="[]")),
    ("check", ask("check", {"id": "hall", "transaction": "c"})),
    ("check by text", ask("check", "hall")),
    ("check by address", ask("check", described(SWITCH)["ieee"])),
    ("check another index", ask("check", EMPTY)),
    ("check for older", ask("check/downgrade", {"id": "hall"})),
    ("check of nobody", ask("check", {"id": "nobody"})),
    ("check of the coordinator", ask("check", "Coordinator")),
    ("check without id", ask("check", {"url": "empty.json"}, 3)),
    ("check what takes none", ask("check", {"id": SENSOR_NAME})),
    ("update what takes none", ask("update", SENSOR_NAME)),
    ("schedule what takes none by object", ask("schedule", {"id": SENSOR_NAME})),
    ("check what takes none by text", ask("check", SENSOR_NAME)),
    ("update what takes none by object", ask("update", {"id": SENSOR_NAME})),
    ("schedule what takes none", ask("schedule", SENSOR_NAME)),
    ("update nobody", ask("update", "nobody")),
    ("schedule nobody", ask("schedule", {"id": "nobody"})),
    ("unschedule nobody", ask("unschedule", {"id": "nobody"})),
    ("abort nobody", ask("update/abort", {"id": "nobody"}, answer="update")),
    ("abort nothing", ask("update/abort", {"id": "hall"}, answer="update")),
    ("no index", ask("check", {"id": "hall", "url": "there_is_none.json"})),
    ("update without images", ask("update", {"id": "hall", "transaction": 5})),
    ("images", files(index=[["hall22", of_switch(22), {"modelId": "lumi.ctrl_neutral1"}],
                            ["lamp", of_lamp(LAMP_VERSION + 1), {"releaseNotes": "Brighter"}]])),
    ("check what there is", ask("check", {"id": "hall"})),
    ("check for older where there is newer", ask("check/downgrade", {"id": "hall"})),
    ("check the lamp", ask("check", LAMP_NAME)),
    ("broken index", files(index="this is no JSON")),
    ("check with a broken index", ask("check", {"id": "hall"})),
    ("update with a broken index", ask("update", {"id": "hall"})),
    ("another device's index", files(index=[["other", of_switch(30), {"modelId": "lumi.ctrl_neutral2"}],
                                            ["lamp", of_lamp(LAMP_VERSION + 1), {}]])),
    ("check another device's index", ask("check", {"id": "hall"})),
    ("wrong hash", files(index=[["hall22", of_switch(22), {"sha512": "0" * 128}]])),
    ("update with a wrong hash", ask("update", {"id": "hall"})),
    ("no image file", files(index=[["hall22", of_switch(22), {"url": "gone.ota"}]])),
    ("update without the file", ask("update", {"id": "hall"})),
]
OLD, NEW = of_switch(20), of_switch(22)
UPDATES = [
    ("index", files(index=[["hall22", NEW, {"releaseNotes": "Better"}],
                           ["lamp", of_lamp(LAMP_VERSION + 1), {"releaseNotes": "Brighter"}]])),
    ("update", update({"id": "hall", "transaction": "u"})),
    ("updated", has("qbkg04lm")),
    ("check afterwards", ask("check", "hall")),
    ("update again", ask("update", "hall")),
    ("older file", files(old=OLD, older=[["old", OLD, {}]],
                         index=[["lamp", of_lamp(LAMP_VERSION + 1), {"releaseNotes": "Brighter"}]])),
    ("older file is not newer", ask("update", {"id": "hall", "url": "old.ota"})),
    ("downgrade by index", step_down({"id": "hall", "url": "older.json"})),
    ("downgraded", has("qbkg04lm")),
    ("update from a file", both(files(new=NEW), update({"id": "hall", "url": "new.ota"}))),
    ("downgrade from a file", step_down({"id": "hall", "url": "old.ota"})),
    ("update by HTTPS", update({"id": "hall", "url": "HTTPS/hall22.ota"})),
    ("updated by HTTPS", has("qbkg04lm")),
    ("downgrade by HTTPS", step_down({"id": "hall", "url": "HTTPS/older.json"})),
    ("no such file by HTTPS", ask("update", {"id": "hall", "url": "HTTPS/none.ota"})),
    ("no such index by HTTPS", ask("check", {"id": "hall", "url": "HTTPS/none.json"})),
    ("update with hex", update({"id": "hall", "hex": {"data": NEW.hex(), "file_name": "given.ota"}})),
    ("updated with hex", has("qbkg04lm")),
    ("downgrade with numbers", step_down({
        "id": "hall", "url": "old.ota", "default_maximum_data_size": 40, "image_block_response_delay": 60,
        "image_block_request_timeout": 9000})),
    ("wrapped", files(index=[["hall22", of_switch(22, before=100, after=60), {}]])),
    ("update with a wrapped image", update("hall")),
    ("updated with a wrapped image", has("qbkg04lm")),
    ("pages", both(ota(LAMP_NAME, "page_size", 400), files(index=[["lamp", of_lamp(LAMP_VERSION + 1), {}]]))),
    ("update by pages", update({"id": LAMP_NAME})),
    ("updated by pages", has(LAMP_NAME)),
]


TROUBLE = [
    ("large index", both(ota("qbkg04lm", "pace_ms", SLOW), files(index=[["hall23", of_switch(23, LARGE), {}]]))),
    ("abort", in_the_middle(ask("update/abort", {"id": "hall", "transaction": "a"}))),
    ("after the abort", both(wait(1), has("qbkg04lm"))),
    ("other things meanwhile", in_the_middle(
        ask("check", "hall", answer="check"), ask("schedule", {"id": "hall"}), ask("unschedule", "hall"),
        send("update/abort", "hall"))),
    ("refuses", both(ota("qbkg04lm", "clear"), ota("qbkg04lm", "pace_ms", PACE), ota("qbkg04lm", "refuse", 0x96),
                     files(index=[["hall23", of_switch(23), {}]]))),
    ("update of one that refuses", ask("update", "hall")),
    ("refuses no more", ota("qbkg04lm", "refuse", 0)),
]
SCHEDULES = [
    ("schedule", ask("schedule", {"id": "hall", "transaction": "s"})),
    ("schedule again, for older", ask("schedule/downgrade", {"id": "hall", "url": "old.ota"})),
    ("stop with a schedule", stop),
    ("start with a schedule", start),
    ("older and scheduled", scheduled("qbkg04lm")),
    ("was updated as scheduled", has("qbkg04lm")),
    ("schedule and take back", ask("schedule", "hall")),
    ("unschedule", ask("unschedule", {"id": "hall", "transaction": "un"})),
    ("unschedule again", ask("unschedule", "hall")),
    ("schedule with hex", ask("schedule", {"id": "hall", "hex": {"data": "1ef1ee0b", "file_name": "bad.ota"}})),
    ("unschedule with hex", ask("unschedule", "hall")),
    ("schedule by the index", ask("schedule", {"id": "hall"})),
    ("refuses what is scheduled", both(ota("qbkg04lm", "refuse", 0x96), failing)),
    ("takes what is scheduled", both(ota("qbkg04lm", "refuse", 0), scheduled("qbkg04lm"))),
    ("schedule without an image", both(files(index="[]"), ask("schedule", {"id": "hall", "url": "empty.json"}))),
    ("asks where there is none", query("qbkg04lm", 2)),
]
BY_ITSELF = [
    ("images for the lamp", files(index=[["lamp", of_lamp(LAMP_VERSION + 5), {"releaseNotes": "Brightest"}]])),
    ("lamp asks", query(LAMP_NAME, 3)),
    ("lamp asks again", query(LAMP_NAME)),
    ("no checks of the lamp", request("device/options", {
        "id": LAMP_NAME, "options": {"disable_automatic_update_check": True}})),
    ("lamp asks for nothing", query(LAMP_NAME)),
]


STEPS = [("start", start), ("open", request("permit_join", {"time": 254}))] + \
    [(f"pair {path.split('/')[-1]}", pair(path.split("/")[-1])) for path in DEVICES] + \
    [("pace", both(ota("qbkg04lm", "pace_ms", PACE), ota(LAMP_NAME, "pace_ms", PACE))),
     ("stay awake", sim("wake", SENSOR_NAME, "3600000")),
     ("rename", request("device/rename", {"from": described(SWITCH)["ieee"], "to": "hall"}))] + \
    CHECKS + UPDATES + TROUBLE + SCHEDULES + BY_ITSELF + [("final stop", stop)]

OTA = {"ota": {"devices": DEVICES, "steps": STEPS, "configuration": CONFIGURATION, "environment": environment}}
