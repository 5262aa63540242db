#!/usr/bin/env python3
"""What changes hands: a data directory goes from zigbee2mqtt to Waggle and back, and every file of it is
shown as it changed from stop to stop.

    round_trip.py [--untouched]      --untouched: each program only starts and stops after the first

Needs what compare.py needs. Rows of database.db and JSON documents are shown with a member a line, so
that a change is a line; what differs only in its white space is said to.
"""
import argparse
import difflib
import json
import pathlib
import shutil
import sys
import tempfile

from rig import Rig, find_binaries
from scenarios import SCENARIOS

PROGRAMS = ("zigbee2mqtt", "waggle", "zigbee2mqtt", "waggle")


def lines_of(path):
    text = path.read_text(errors="replace")
    if path.name == "database.db":
        return [f"{number}: {line}" for number, row in enumerate(text.splitlines(), 1)
                for line in json.dumps(json.loads(row), indent=1, sort_keys=True).splitlines()]
    if path.suffix == ".json":
        return json.dumps(json.loads(text), indent=1, sort_keys=True).splitlines()
    return text.splitlines()


def files_of(folder):
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*"))
            if path.is_file() and "log" not in path.relative_to(folder).parts[:-1]}


def show(before, after):
    left, right = files_of(before), files_of(after)
    for name in sorted(set(left) | set(right)):
        if name not in right or name not in left:
            print(f"   {name}: {'gone' if name in left else 'new'}")
        elif left[name].read_bytes() == right[name].read_bytes():
            print(f"   {name}: not a byte changed")
        else:
            changes = list(difflib.unified_diff(lines_of(left[name]), lines_of(right[name]), n=0, lineterm=""))
            print(f"   {name}: {len([c for c in changes[2:] if c[0] in '+-'])} lines changed"
                  if changes else f"   {name}: the same values")
            for line in changes[2:]:
                if not line.startswith("@@"):
                    print(f"      {line}")


def play(binaries, steps, programs, kept):
    """-> a copy of the data folder after every stop"""
    copies = []
    with Rig(programs, binaries, SCENARIOS["exchange"]) as rig:
        for _, action in steps:
            running = "program" in rig.children
            action(rig)
            rig.settle()
            if running and "program" not in rig.children:
                copies.append(pathlib.Path(kept) / str(len(copies)))
                shutil.copytree(rig.data, copies[-1])
    return copies


def untouched(steps):
    """The first program's part, then starts and stops."""
    stops = [i for i, (name, _) in enumerate(steps) if name.startswith("stop")]
    starts = [i for i, (name, _) in enumerate(steps) if "start" in name]
    first, again = stops[0], next(i for i in starts if i > stops[0])
    return steps[:first + 1] + [steps[again], steps[first]] * 3


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--untouched", action="store_true")
    arguments = parser.parse_args()
    binaries, missing = find_binaries()
    if not binaries:
        print(f"skipped: {missing}")
        return 77
    steps = SCENARIOS["exchange"]["steps"]
    with tempfile.TemporaryDirectory() as kept:
        copies = play(binaries, untouched(steps) if arguments.untouched else steps, PROGRAMS, kept)
        for i in range(1, len(copies)):
            print(f"== {PROGRAMS[i]} after {PROGRAMS[i - 1]}")
            show(copies[i - 1], copies[i])
    return 0


if __name__ == "__main__":
    sys.exit(main())
