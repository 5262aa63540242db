#!/usr/bin/env python3
"""Runs one scenario on the real zigbee2mqtt and on Waggle and compares what came of it.

Each step does something (a publish, a gesture of the simulated switch) and gathers every MQTT message
that follows and every frame that the virtual device received. The two recordings are compared topic by
topic, message by message, frame by frame. A difference is an error unless differences.json lists it
with its reason. Skipped (exit 77), with a sentence, where zigbee2mqtt is not installed.

    compare.py [--scenario NAME] [--save FOLDER] [--verbose]
"""
import argparse
import fnmatch
import json
import pathlib
import re
import sys

from rig import Rig, find_binaries
from scenarios import SCENARIOS

HERE = pathlib.Path(__file__).parent
# What differs from run to run in both programs; replaced before comparing.
VOLATILE = re.compile(r"^(last_seen|permit_join_end|response_time|memory_mb|node_version|date)$")


class Recording:
    def __init__(self):
        self.steps = []  # (name, messages, frames)


def record(program, binaries, scenario):
    recording = Recording()
    with Rig(program, binaries, **scenario.get("rig", {})) as rig:
        for name, action in scenario["steps"]:
            rig.mqtt.settle()
            start, seen = len(rig.mqtt.messages), len(frames(rig))
            try:
                action(rig)
            except (TimeoutError, RuntimeError) as error:
                print(f"{program}: step {name!r}: {error}\n{rig.log('program')[-3000:]}")
                raise
            rig.mqtt.settle()
            recording.steps.append((name, rig.mqtt.messages[start:], frames(rig)[seen:]))
    return recording


def frames(rig):
    """What the virtual switch received: "endpoint cluster hex" a line, transaction numbers masked."""
    if "sim" not in rig.children:
        return []
    out = []
    for frame in json.loads(rig.sim("frames", "qbkg04lm"))["frames"]:
        data = bytearray.fromhex(frame["hex"])
        if frame["endpoint"] == 0 or len(data) < 3:
            data[:1] = b"\0"
        else:
            data[3 if data[0] & 4 else 1] = 0
        out.append(f"{frame['delivery']} {frame['from_endpoint']}->{frame['endpoint']} "
                   f"{frame['cluster']} {data.hex()}")
    return out


def normalised(value, key=""):
    if isinstance(value, dict):
        return {k: normalised(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [normalised(v, key) for v in value]
    if VOLATILE.match(key) and value is not None:
        return "<volatile>"
    return value


def differences(theirs, ours, path=""):
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted(set(theirs) | set(ours)):
            if key not in ours:
                yield f"{path}/{key}", theirs[key], "<absent>"
            elif key not in theirs:
                yield f"{path}/{key}", "<absent>", ours[key]
            else:
                yield from differences(theirs[key], ours[key], f"{path}/{key}")
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for i, (a, b) in enumerate(zip(theirs, ours)):
            yield from differences(a, b, f"{path}/{i}")
    elif theirs != ours or type(theirs) is not type(ours) and not isinstance(theirs, (int, float)):
        yield path, theirs, ours


def by_topic(messages):
    topics = {}
    for message in messages:
        topics.setdefault(message.topic.removeprefix("zigbee2mqtt/"), []).append(message)
    return topics


def compare_message(a, b):
    if a.retain != b.retain:
        yield "#retain", a.retain, b.retain
    if a.qos != b.qos:
        yield "#qos", a.qos, b.qos
    theirs, ours = a.json(), b.json()
    if theirs is None or ours is None:
        if a.payload != b.payload:
            yield "#text", a.payload, b.payload
        return
    yield from differences(normalised(theirs), normalised(ours))
    if theirs == ours and a.payload != b.payload:
        yield "#text", a.payload, b.payload


def latest_only(topic):
    """Retained overviews are published once or several times for one change; the last one counts."""
    return topic.startswith("bridge/") and topic.split("/")[1] in (
        "devices", "groups", "info", "definitions", "logging", "health", "extensions", "converters")


def compare_step(name, theirs, ours):
    a, b = by_topic(theirs[1]), by_topic(ours[1])
    for topic in sorted(set(a) | set(b)):
        left, right = a.get(topic, []), b.get(topic, [])
        if latest_only(topic):
            left, right = left[-1:], right[-1:]
        if len(left) != len(right):
            yield (name, topic, "#count", [m.payload[:200] for m in left],
                   [m.payload[:200] for m in right])
        for i, (x, y) in enumerate(zip(left, right)):
            for path, was, is_ in compare_message(x, y):
                yield name, topic, (path if len(left) == 1 else f"[{i}]{path}"), was, is_
    if theirs[2] != ours[2]:
        yield name, "frames", "#frames", theirs[2], ours[2]


def explained(difference, known):
    step, topic, path, *_ = difference
    for entry in known:
        if all(fnmatch.fnmatchcase(value, entry.get(key, "*"))
               for key, value in (("step", step), ("topic", topic), ("path", path))):
            entry["used"] = entry.get("used", 0) + 1
            return entry["reason"]
    return None


def short(value):
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) < 300 else text[:300] + " …"


def save(folder, scenario, program, recording):
    file = pathlib.Path(folder) / f"{scenario}-{program}.txt"
    with open(file, "w") as out:
        for name, messages, seen in recording.steps:
            out.write(f"== {name}\n")
            for m in messages:
                out.write(f"{m.topic} q{m.qos}{' r' if m.retain else ''} {m.payload}\n")
            for frame in seen:
                out.write(f"-> {frame}\n")


def run(name, scenario, binaries, known, arguments):
    recordings = {}
    for program in ("zigbee2mqtt", "waggle"):
        recordings[program] = record(program, binaries, scenario)
        if arguments.save:
            save(arguments.save, name, program, recordings[program])
    messages = compared = 0
    unexplained = []
    for theirs, ours in zip(recordings["zigbee2mqtt"].steps, recordings["waggle"].steps):
        messages += len(theirs[1])
        for difference in compare_step(theirs[0], theirs, ours):
            compared += 1
            reason = explained(difference, known)
            if reason and arguments.verbose:
                print(f"  explained: {difference[0]} | {difference[1]} | {difference[2]}: {reason}")
            if not reason:
                unexplained.append(difference)
    for step, topic, path, was, is_ in unexplained:
        print(f"{name} | {step} | {topic} | {path}\n    zigbee2mqtt: {short(was)}\n    waggle:      {short(is_)}")
    print(f"{name}: {len(scenario['steps'])} steps, {messages} messages of zigbee2mqtt, "
          f"{compared - len(unexplained)} explained differences, {len(unexplained)} not explained")
    return len(unexplained)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenario", action="append", choices=sorted(SCENARIOS))
    parser.add_argument("--save", help="write both recordings into this folder")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    binaries, missing = find_binaries()
    if not binaries:
        print(f"skipped: {missing}")
        return 77
    known = json.loads((HERE / "differences.json").read_text())
    bad = sum(run(name, SCENARIOS[name], binaries, known, arguments)
              for name in arguments.scenario or SCENARIOS)
    if not arguments.scenario:
        for entry in known:
            if not entry.get("used"):
                print(f"differences.json lists what no longer differs: {entry}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
