#!/usr/bin/env python3
"""Firmware updates: Waggle, and beside it the real zigbee2mqtt, with the same client and the same image.

    ota.py [--peer FOLDER] [--programs waggle,zigbee2mqtt] [--octets N] [--json FILE] [--check]

Finds its programs as bench.py does. The client is the simulator's QBKG04LM, once asking for the next block as
soon as it has one, on a radio that takes no time, and once as devices do, 100 ms later, on a radio with the
times of a CC2652. What arrives is compared octet by octet. README.md has a table.
"""
import argparse
import hashlib
import json
import pathlib
import subprocess
import sys
import time

import measures
from bench import binaries
from stand import Stand

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "ota"))
from make_image import entry, image  # noqa: E402 (found only now)

MANUFACTURER, TYPE, VERSION = 0x115F, 0x0101, 22
TWO_MEGABYTES = 2_000_000
SETTLED = 8  # seconds: the image was fetched, and what that took has been given back
# title, octets (of those asked for, or so many), pace of the client, slow radio, delay asked for
CASES = [
    ("fastest client, default delay", 1, 0, False, None),
    ("fastest client, 1 ms", 10, 0, False, 1),
    ("client that takes 100 ms, default delay", 1, 100, True, None),
    ("client that takes 100 ms, 1 ms", 1, 100, True, 1),
    ("2 MB, fastest client, 1 ms", TWO_MEGABYTES, 0, False, 1),
]


class Update(Stand):
    """One switch, and an image for it."""

    def __init__(self, program, found, octets):
        super().__init__(program, found, 1)
        self.image = image(MANUFACTURER, TYPE, VERSION, octets)
        (self.data / "image.ota").write_bytes(self.image)
        (self.data / "index.json").write_text(json.dumps([entry("image.ota", self.image)]))
        configuration = self.data / "configuration.yaml"
        configuration.write_text(configuration.read_text()
                                 + "ota:\n  zigbee_ota_override_index_location: index.json\n")

    def prepare(self, *options):
        super().prepare()
        if options:
            self.stop("sim")
            self.start_sim(*options)
        self.device = self.sim("fleet")["devices"][0]["ieee"]
        self.start_program()

    def ask(self, delay):
        wish = {"id": self.device} | ({"image_block_response_delay": delay} if delay else {})
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.mqtt_port), "-t",
                        "zigbee2mqtt/bridge/request/device/ota_update/update", "-m", json.dumps(wish)],
                       check=True, timeout=10)

    def memory(self):
        """-> kB that are resident, and of them those that are no page of a file: the program's own"""
        lines = (line.split() for line in open(f"/proc/{self.pid}/status"))
        fields = {line[0]: int(line[1]) for line in lines if line[0] in ("VmRSS:", "RssAnon:")}
        return fields["VmRSS:"], fields["RssAnon:"]

    def follow(self, limit):
        """-> the client's state at the end, and the most memory meanwhile, once the update runs"""
        most, begun, end = (0, 0), time.monotonic(), time.monotonic() + limit
        while time.monotonic() < end:
            if time.monotonic() > begun + SETTLED:
                most = tuple(map(max, most, self.memory()))
            state = self.sim("ota", self.device)
            if state["outcome"] != "none":
                break
            time.sleep(0.1)
        if state["outcome"] != "updated" or state["sha512"] != hashlib.sha512(self.image).hexdigest():
            raise RuntimeError(f"{self.program}: {state}")
        return state, most


def measure(program, found, case, octets):
    title, size, pace, slow, delay = case
    size = size if size > 100 else size * octets
    with Update(program, found, size) as stand:
        stand.prepare(*(["--realistic"] if slow else []))
        stand.sim("ota", stand.device, "pace_ms", pace)
        time.sleep(5)
        idle = used = stand.memory()
        if size == TWO_MEGABYTES:  # the code that every message runs through, which an idle host has given back
            measures.load(stand, 2000, 500)
            measures.set_latency(stand, 50)
            time.sleep(2)
            used = stand.memory()
        stand.ask(delay)
        state, most = stand.follow(3600)
    seconds = state["download_ms"] / 1000
    return {"octets": size, "seconds": round(seconds, 1), "octets_per_second": round(size / seconds),
            "blocks": state["blocks"], "asked_again": state["repeated"], "idle_kb": idle[0],
            "more_kb": most[0] - idle[0], "more_than_in_use_kb": most[0] - used[0], "own_kb": most[1] - idle[1]}


def text(figures):
    if not figures:
        return "", ""
    again = f", {figures['asked_again']} asked again" if figures["asked_again"] else ""
    memory = ", ".join(f"{figures[key]} kB" for key in ("more_kb", "more_than_in_use_kb", "own_kb"))
    memory = memory if figures["octets"] == TWO_MEGABYTES else ""
    return f"{figures['octets_per_second']} /s ({figures['octets']} in {figures['seconds']} s{again})", memory


def table(results):
    names = list(results)
    print("\n| octets " + "".join(f"| {name} | more than idle, than in use, of its own " for name in names) + "|\n|---|" + "---:|---:|" * len(names))
    for title, *_ in CASES:
        cells = [cell for name in names for cell in text(results[name].get(title))]
        if any(cells):
            print(f"| {title} | " + " | ".join(cells) + " |")


def misses(results):
    """As fast as a client asks at least 20 times zigbee2mqtt's default; a megabyte at most."""
    ours, theirs = results.get("waggle", {}), results.get("zigbee2mqtt", {})
    fast, default = ours.get(CASES[1][0]), theirs.get(CASES[0][0])
    if fast and default and fast["octets_per_second"] < 20 * default["octets_per_second"]:
        yield f"{fast['octets_per_second']} /s, target 20 times {default['octets_per_second']} /s"
    large = ours.get(CASES[4][0])
    for key, than in ("more_kb", "idle"), ("more_than_in_use_kb", "in use"):
        if large and large[key] > 1024:
            yield f"{large[key]} kB more than {than} during an update of 2 MB, target 1024 kB"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", help="folder where `npm install zigbee2mqtt` was run")
    parser.add_argument("--programs", default="waggle,zigbee2mqtt")
    parser.add_argument("--octets", type=int, default=10000, help="of the image for the slow cases")
    parser.add_argument("--case", type=int, action="append", help="only these, from 0")
    parser.add_argument("--json", help="write all figures into this file")
    parser.add_argument("--check", action="store_true", help="exit code 1 when a target is missed")
    arguments = parser.parse_args()
    found, missing = binaries(arguments)
    results = {}
    for program in arguments.programs.split(","):
        if program == "zigbee2mqtt" and "z2m" not in found:
            print(f"without zigbee2mqtt: {missing}", file=sys.stderr)
            continue
        for number, case in enumerate(CASES):
            if arguments.case and number not in arguments.case:
                continue
            print(f"{program}, {case[0]}", file=sys.stderr)
            results.setdefault(program, {})[case[0]] = measure(program, found, case, arguments.octets)
            if arguments.json:
                pathlib.Path(arguments.json).write_text(json.dumps(results, indent=2) + "\n")
    table(results)
    missed = list(misses(results))
    for line in missed:
        print(f"missed: {line}")
    return 1 if arguments.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
