"""Runs a scenario with one program and keeps what came of every step."""
import base64
import io
import json
import re
import zipfile

from rig import Message, Rig

BASE = "zigbee2mqtt/"
# Retained overviews: published once or several times for one change, so what counts is the value that
# the broker holds after the step.
DOCUMENTS = ("bridge/devices", "bridge/groups", "bridge/info", "bridge/definitions",
             "bridge/extensions", "bridge/converters", "bridge/plugins")


class Step:
    """`messages` in the order of the broker, `elsewhere` those outside of the base topic, `documents` by topic
    where they changed, `frames` that the devices heard, `files` that were written (only after a stop)."""

    def __init__(self, name):
        self.name = name
        self.messages, self.documents, self.frames, self.files = [], {}, [], {}
        self.logging, self.elsewhere = [], []
        self.received = 0


def record(programs, binaries, scenario):
    steps = []
    with Rig(programs, binaries, scenario) as rig:
        held, start = {}, 0
        for name, action in scenario["steps"]:
            step = Step(name)
            try:
                action(rig)
            except (TimeoutError, RuntimeError) as error:
                print(f"{programs}: step {name!r}: {error}\n{rig.log('program')[-3000:]}")
                raise
            rig.settle()
            messages = rig.mqtt.messages[start:]
            start += len(messages)
            sort(step, [masked(rig, m) for m in messages], held)
            step.frames = frames(rig)
            if "program" not in rig.children:
                step.files = {k: json.loads(mask(rig, json.dumps(v))) for k, v in rig.files().items()}
            steps.append(step)
    return steps


def mask(rig, text):
    text = re.sub(r"(?<!\d)(\d+ minutes?, )?\d+ (second|minute)s? ago", "<time> ago", text)
    for port, name in ((rig.mqtt_port, "MQTT"), (rig.sim_port, "SIM"), (rig.images and rig.images.port, "HTTPS")):
        if port:  # of a host; a device's address may be the same number
            text = re.sub(rf"(?<=\w):{port}\b", f":{name}", text)
    return text.replace(str(rig.folder), "FOLDER")


def masked(rig, message):
    payload = mask(rig, message.payload)
    if message.topic == f"{BASE}bridge/response/backup":
        payload = archive_listed(payload)
    return Message(message.topic, payload, message.retain, message.qos)


def archive_listed(payload):
    """The names in a backup instead of its bytes."""
    answer = json.loads(payload)
    if "zip" in answer["data"]:
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(answer["data"]["zip"]))) as archive:
            answer["data"]["zip"] = sorted(archive.namelist())
    return json.dumps(answer, separators=(",", ":"))


def own_request(topic):
    """What the scenario itself published."""
    parts = topic.split("/")
    return topic.startswith("bridge/request/") or "set" in parts or "get" in parts


def sort(step, messages, held):
    for message in messages:
        if message.topic.startswith("homeassistant/") and message.topic.endswith("/config"):
            step.received += 1
            step.elsewhere.append(message)
        if not message.topic.startswith(BASE):
            continue
        topic = message.topic.removeprefix(BASE)
        if own_request(topic):
            continue
        step.received += 1
        message.topic = topic
        if topic in DOCUMENTS:
            step.documents[topic] = message
        elif topic == "bridge/logging":
            step.logging.append(message)
        else:
            step.messages.append(message)
    for topic, message in list(step.documents.items()):
        if topic in held and held[topic].payload == message.payload:
            del step.documents[topic]
        held[topic] = message


def frames(rig):
    """What the virtual devices received since the last time, a line each, transaction numbers and the time
    masked; with the device's name if there are several."""
    lines = []
    for name in rig.device_names():
        title = f"{name} " if len(rig.devices) > 1 else ""
        lines += [title + frame_text(frame) for frame in rig.sim("frames", name, "take")["frames"]]
    return lines


def frame_text(frame):
    data = bytearray.fromhex(frame["hex"])
    if frame["endpoint"] == 0 or len(data) < 3:
        data[:1] = b"\0"
    else:
        data[3 if data[0] & 4 else 1] = 0
    if frame["cluster"] == "0x1000" and not data[0] & 4:
        data[3:7] = bytes(len(data[3:7]))  # the number of a touchlink transaction
    body = data.hex()
    if frame["cluster"] == "0x000a" and frame["endpoint"]:
        body = re.sub("(?<=00)(e2|23)[0-9a-f]{8}", r"\1<time>", body)
    return (f"{frame['delivery']} {frame['from_endpoint']}->{frame['endpoint']} "
            f"{frame['cluster']} {body}")
