#!/usr/bin/env python3
"""Gives the exposes of every definition of zigbee-herdsman-converters, some 4500, to the real zigbee2mqtt's
discovery and to the host's, and compares every message: shapes of exposes that no device of the other
scenarios has. No radio and no broker. Skipped (exit 77) where zigbee2mqtt is not installed."""
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from rig import find_oracle  # noqa: E402 (found only now)

# Five definitions change their own messages in JavaScript (bosch, lumi); a plugin cannot.
SPECIAL = "special"


def lines_of(command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=300)
    return done.stdout


def differences(theirs, ours):
    for topic in sorted(set(theirs["messages"]) | set(ours["messages"])):
        was, is_ = theirs["messages"].get(topic), ours["messages"].get(topic)
        if was is None or is_ is None:
            yield topic, "", was, is_
            continue
        for key in sorted(set(was) | set(is_)):
            if key not in was or key not in is_ or was[key] != is_[key] or type(was[key]) is not type(is_[key]):
                yield topic, key, was.get(key, "<absent>"), is_.get(key, "<absent>")
    if sorted(set(theirs["properties"])) != sorted(set(ours["properties"])):
        yield "properties", "", sorted(set(theirs["properties"])), sorted(set(ours["properties"]))


def compare(mode, oracle, node, program):
    text = lines_of([node, "--max-old-space-size=1500", str(HERE / "oracle.js"), oracle, mode])
    answers = lines_of([program, mode], text).splitlines()
    bad = messages = refused = special = 0
    for line, answer in zip(text.splitlines(), answers, strict=True):
        theirs, ours = json.loads(line), json.loads(answer)
        if theirs["problem"]:
            refused += 1  # zigbee2mqtt discovers nothing of a device then; the host leaves one expose out
            continue
        if theirs[SPECIAL]:
            special += 1
            continue
        messages += len(theirs["messages"])
        for topic, key, was, is_ in differences(theirs, ours):
            bad += 1
            if bad <= 20:
                print(f"{mode} | {theirs['model']} | {topic} | {key}\n    zigbee2mqtt: {json.dumps(was)}\n"
                      f"    waggle:      {json.dumps(is_)}")
    print(f"{mode}: {len(answers)} definitions, {messages} messages compared, {bad} differences; left out: "
          f"{refused} that zigbee2mqtt refuses, {special} that change their messages themselves")
    return bad


def main():
    oracle, node, missing = find_oracle()
    if not oracle:
        print(f"skipped: {missing}")
        return 77
    program = os.environ["WAGGLE_DISCOVERY_CONFIGS"]
    return 1 if sum([compare(mode, oracle, node, program) for mode in ("events", "actions", "groups")]) else 0


if __name__ == "__main__":
    sys.exit(main())
