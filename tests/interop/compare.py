#!/usr/bin/env python3
"""Runs scenarios on the real zigbee2mqtt and on Waggle and compares what came of them.

Each step does something (a publish, a gesture of the simulated switch) and gathers every MQTT message
that follows, every frame that the virtual device heard, and after a stop the files that were written.
A difference is an error unless differences.json lists it with its reason. Both programs live by the
clock, and on a loaded machine either may miss a window of half a second that a step is about: a
scenario with an unknown difference is played once more when the others are over, and what differs
in both runs counts. Skipped (exit 77), with a sentence, where zigbee2mqtt is not installed.

    compare.py [--scenario NAME] [--save FOLDER] [--verbose] [--jobs N] [--table]
"""
import argparse
import concurrent.futures
import fnmatch
import json
import pathlib
import re
import sys
import time

from availability import AVAILABILITIES
from binding import BINDING
from host_requests import HOST_REQUESTS
from group_states import GROUP_STATES
from homeassistant import HOMEASSISTANT
from kinds import KINDS
from network_map import NETWORK_MAP
from ota import OTA
from publication import PUBLICATION
from recording import record
from rig import find_binaries
import scenarios
from scenes import SCENES

SCENARIOS = scenarios.SCENARIOS | KINDS | SCENES | GROUP_STATES | AVAILABILITIES | PUBLICATION | BINDING | NETWORK_MAP | HOST_REQUESTS | HOMEASSISTANT | OTA
HERE = pathlib.Path(__file__).parent
# What differs from run to run in both programs; replaced before comparing.
VOLATILE = re.compile(r"^(last_seen|lastSeen|elapsed|permit_join_end|response_time|memory_mb|date|"
                      r"frame_counter|frameCounter|action_duration|load_average|memory_used_mb|memory_percent|uptime_sec|"
                      r"messages_per_sec)$")
SETS = ("bindings", "binds")  # lists whose order says nothing


def normalised(value, key=""):
    if isinstance(value, dict):
        return {k: normalised(v, k) for k, v in value.items()}
    if isinstance(value, list):
        items = [normalised(v, key) for v in value]
        return sorted(items, key=json.dumps) if key in SETS else items
    if VOLATILE.match(key) and value is not None and not isinstance(value, bool):
        return "<number>" if isinstance(value, (int, float)) else f"<{type(value).__name__}>"
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
    elif theirs != ours or isinstance(theirs, bool) != isinstance(ours, bool):
        yield path, theirs, ours


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


def by_topic(messages):
    topics = {}
    for message in messages:
        topics.setdefault(message.topic, []).append(message)
    return topics


def without_races(scenario, step, messages, known):
    """Leaves out what comes at a moment of its own in both programs (`race` of differences.json)."""
    def is_race(message):
        return any("race" in entry and explained(scenario, step, (message.topic, "#race", "", ""), [entry])
                   and fnmatch.fnmatchcase(message.payload, entry["race"]) for entry in known)
    return [m for m in messages if not is_race(m)]


def compare_topics(their_messages, our_messages):
    a, b = by_topic(their_messages), by_topic(our_messages)
    for topic in sorted(set(a) | set(b)):
        left, right = a.get(topic, []), b.get(topic, [])
        if len(left) != len(right):
            yield (topic, "#count", [m.payload for m in left], [m.payload for m in right])
            continue
        for i, (x, y) in enumerate(zip(left, right)):
            for path, was, is_ in compare_message(x, y):
                yield topic, (path if len(left) == 1 else f"[{i}]{path}"), was, is_
    order, our_order = [m.topic for m in their_messages], [m.topic for m in our_messages]
    if order != our_order and sorted(order) == sorted(our_order):
        yield "order", "#order", order, our_order


def complaints(step):
    """Levels of the warnings and errors that were logged; their words are each program's own. That
    something took long is said of the machine."""
    values = [m.json() for m in step.logging]
    return sorted(v["level"] for v in values
                  if v["level"] in ("warning", "error") and "held the loop" not in v["message"])


def compare_step(theirs, ours, held):
    yield from compare_topics(theirs.messages, ours.messages)
    yield from compare_topics(theirs.elsewhere, ours.elsewhere)
    for topic in sorted(set(theirs.documents) | set(ours.documents)):
        left, right = held[0].get(topic), held[1].get(topic)
        if left is None or right is None:
            yield topic, "#absent", left and left.payload, right and right.payload
            continue
        for path, was, is_ in compare_message(left, right):
            yield topic, path, was, is_
    if complaints(theirs) != complaints(ours):
        yield ("bridge/logging", "#complaints", [m.payload for m in theirs.logging],
               [m.payload for m in ours.logging])
    if theirs.frames != ours.frames:
        yield "frames", "#frames", theirs.frames, ours.frames
    for path, was, is_ in differences(normalised(theirs.files), normalised(ours.files)):
        yield "files", path, was, is_


def text(value):
    return value if isinstance(value, str) else json.dumps(value)


def explained(scenario, step, difference, known):
    """The entry that lists the difference; every pattern of it has to fit."""
    topic, path, theirs, ours = difference
    fields = {"scenario": scenario, "step": step, "topic": topic, "path": path,
              "zigbee2mqtt": text(theirs), "waggle": text(ours)}
    for entry in known:
        if all(any(fnmatch.fnmatchcase(value, pattern) for pattern in patterns(entry.get(key, "*")))
               for key, value in fields.items()):
            entry["used"] = entry.get("used", 0) + 1
            return entry
    return None


def patterns(value):
    return value if isinstance(value, list) else [value]


def short(value, limit=400):
    return text(value) if len(text(value)) < limit else text(value)[:limit] + " …"


def save(folder, name, programs, steps):
    with open(pathlib.Path(folder) / f"{name}-{'-'.join(programs)}.txt", "w") as out:
        for step in steps:
            out.write(f"== {step.name}\n")
            for m in (*step.messages, *step.elsewhere, *step.logging, *step.documents.values()):
                out.write(f"{m.topic} q{m.qos}{' r' if m.retain else ''} {m.payload}\n")
            out.writelines(f"-> {frame}\n" for frame in step.frames)
            out.writelines(f"{file}: {json.dumps(value)}\n" for file, value in step.files.items())


class Count:
    messages = frames = documents = files = explained = 0

    def __init__(self):
        self.unknown = set()  # what differs and where, without the values


def compare(name, theirs, ours, known, arguments):
    count, held = Count(), ({}, {})
    for left, right in zip(theirs, ours):
        held[0].update(left.documents)
        held[1].update(right.documents)
        count.messages += left.received
        count.frames += len(left.frames)
        count.documents += len(left.documents)
        count.files += len(left.files)
        for step in (left, right):
            step.messages = without_races(name, step.name, step.messages, known)
        for difference in compare_step(left, right, held):
            entry = explained(name, left.name, difference, known)
            if entry:
                count.explained += 1
                if arguments.verbose:
                    print(f"  known: {left.name} | {difference[0]} | {difference[1]}: {entry['reason']}")
                continue
            topic, path, was, is_ = difference
            place = f"{name} | {left.name} | {topic} | {path}"
            if place not in count.unknown:
                print(f"{place}\n    zigbee2mqtt: {short(was)}\n    waggle:      {short(is_)}", flush=True)
                count.unknown.add(place)
    return count


def recorded(variant, binaries, scenario):
    try:
        return record(variant, binaries, scenario)
    except (OSError, RuntimeError, ValueError) as error:
        print(f"{', '.join(variant)}: {error}")
        return None


def run(name, binaries, known, arguments):
    """Places of what differs and is not known."""
    scenario, begun = SCENARIOS[name], time.monotonic()
    phases = scenario.get("phases", 1)
    variants = [("zigbee2mqtt",) * phases, *scenario.get("variants", [("waggle",)])]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        recordings = list(pool.map(lambda v: recorded(v, binaries, scenario), variants))
    if None in recordings:
        print(f"{name}: could not be played to the end")
        return {name}
    bad = set()
    for variant, steps in zip(variants, recordings):
        if arguments.save:
            save(arguments.save, name, variant, steps)
    for variant, steps in zip(variants[1:], recordings[1:]):
        label = name if len(variants) == 2 else f"{name} ({', '.join(variant)})"
        count = compare(label, recordings[0], steps, known, arguments)
        print(f"{label}: {len(steps)} steps, {count.messages} messages, {count.documents} changes of "
              f"retained documents, {count.frames} frames, {count.files} files of zigbee2mqtt compared; "
              f"{count.explained} known differences, {len(count.unknown)} unknown; "
              f"{time.monotonic() - begun:.0f} s", flush=True)
        bad |= count.unknown
    return bad


def run_all(names, binaries, known, arguments):
    """Places of what differs in each of two runs of a scenario."""
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        bad = dict(zip(names, pool.map(lambda name: run(name, binaries, known, arguments), names)))
    lasting = set()
    for name in (name for name in names if bad[name]):
        print(f"{name}: once more, with nothing beside it", flush=True)
        again = run(name, binaries, known, arguments)
        unplayed = {name}  # what run() says then; nothing was compared, so the other run says it all
        lasting |= again if unplayed in (bad[name], again) else bad[name] & again
    return lasting


def table(known):
    """The list of differences as README.md shows it."""
    lines = ["| Where | zigbee2mqtt / Waggle | Reason |", "|---|---|---|"]
    lines += [f"| {entry['where']} | {entry['what']} | {entry['reason']} |" for entry in known]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenario", action="append", choices=sorted(SCENARIOS))
    parser.add_argument("--save", help="write the recordings into this folder")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--jobs", type=int, default=4, help="scenarios at a time; they mostly wait")
    parser.add_argument("--table", action="store_true", help="print the known differences")
    arguments = parser.parse_args()
    known = json.loads((HERE / "differences.json").read_text())
    if arguments.table:
        print(table(known))
        return 0
    if table(known) not in (HERE / "README.md").read_text():
        print("README.md does not have the table of differences.json; `compare.py --table` prints it")
        return 1
    binaries, missing = find_binaries()
    if not binaries:
        print(f"skipped: {missing}")
        return 77
    names = arguments.scenario or sorted(SCENARIOS, key=lambda name: -len(SCENARIOS[name]["steps"]))
    bad = run_all(names, binaries, known, arguments)
    for place in sorted(bad):
        print(f"unknown difference: {place}")
    print(f"{len(bad)} unknown differences" if bad else "equal but for what differences.json lists")
    if not arguments.scenario:
        for entry in known:
            if not entry.get("used") and not entry.get("occasional"):
                print(f"differences.json lists what no longer differs: {entry['where']}: {entry['what']}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
