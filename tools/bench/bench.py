#!/usr/bin/env python3
"""Waggle, and beside it the real zigbee2mqtt, on the same simulated network in one go.

    bench.py [--devices 1,50,200,1000] [--peer FOLDER] [--reports N] [--mixed] [--json FILE] [--check]

Needs a build folder (`build`, or WAGGLE_BUILD), or WAGGLE_BINARY, WAGGLE_SIM and WAGGLE_PROBE. FOLDER is
one where `npm install zigbee2mqtt` was run (or WAGGLE_ORACLE); without it Waggle is measured alone. The
network: N wall switches (QBKG04LM), which both programs know, joined and interviewed; with --mixed, of
every kind that the simulator describes. README.md says what each figure is.
"""
import argparse
import json
import os
import pathlib
import shutil
import sys
import time

import measures
from measures import memory_kb
from stand import Stand

ROOT = pathlib.Path(__file__).resolve().parents[2]

# title, place in the results, unit, target of Waggle with 200 devices (at most, or at least if negative)
ROWS = [
    ("start to online", "start_ms", "ms", 100),
    ("start to online, co-processor as slow as a real one", "realistic_start_ms", "ms", None),
    ("memory, idle", "idle.resident_kb", "kB", 12288),
    ("of it shared fairly (PSS)", "idle.pss_kb", "kB", None),
    ("with discovery: messages at the start", "discovery.messages", "", None),
    ("with discovery: most in 100 ms", "discovery.most_in_100_ms", "", None),
    ("with discovery: seconds until the last", "discovery.seconds", "s", None),
    ("with discovery: memory, 30 s after the start", "discovery.resident_kb", "kB", 12288),
    ("memory, in use", "in_use.resident_kb", "kB", 12288),
    ("of it its own (private dirty)", "idle.private_dirty_kb", "kB", None),
    ("more after a burst of 20,000", "burst_growth_kb", "kB", 1024),
    ("report to MQTT, p50", "report.p50_us", "µs", None),
    ("report to MQTT, p99", "report.p99_us", "µs", None),
    ("added to the broker's own, p50", "report.added_p50_us", "µs", 150),
    ("added to the broker's own, p99", "report.added_p99_us", "µs", 1000),
    ("set to radio, p50", "set.p50_us", "µs", None),
    ("set to radio, p99", "set.p99_us", "µs", None),
    ("CPU a report, 200 a second", "report.cpu_us", "µs", None),
    ("CPU a report, loaded", "steady.cpu_us", "µs", 30),
    ("burst of 20,000", "burst.per_second", "/s", -30000),
    ("of these seen on MQTT", "burst.reports", "", None),
    ("sustained", "steady.per_second", "/s", -30000),
    ("of these seen on MQTT", "steady.reports", "", None),
    ("the broker alone", "broker_ceiling", "/s", None),
    ("a bare relay in its place, p50", "relay.p50_us", "µs", None),
    ("a bare relay in its place, p99", "relay.p99_us", "µs", None),
    ("the broker alone, p50", "floor.p50_us", "µs", None),
    ("the broker alone, p99", "floor.p99_us", "µs", None),
    ("the simulator alone", "simulator_ceiling", "/s", None),
]


def binaries(arguments):
    """-> paths by name, and why zigbee2mqtt is not among them"""
    build = pathlib.Path(os.environ.get("WAGGLE_BUILD", ROOT / "build"))
    found = {"waggle": os.environ.get("WAGGLE_BINARY", str(build / "host" / "waggle")),
             "sim": os.environ.get("WAGGLE_SIM", str(build / "tools" / "sim" / "waggle-sim")),
             "probe": os.environ.get("WAGGLE_PROBE",
                                     str(build / "tools" / "bench" / "waggle-bench-probe"))}
    for path in found.values():
        if not pathlib.Path(path).exists():
            sys.exit(f"{path} is missing: build it, or name a build folder in WAGGLE_BUILD")
    peer = arguments.peer or os.environ.get("WAGGLE_ORACLE")
    if not peer:
        return found, "--peer names no folder where `npm install zigbee2mqtt` was run"
    modules = pathlib.Path(peer) / "node_modules"
    own_node = modules / "node" / "bin" / "node"  # the npm package of that name
    node = str(own_node) if own_node.exists() else shutil.which("node")
    if not node or not (modules / "zigbee2mqtt" / "index.js").exists():
        return found, f"no Node, or no zigbee2mqtt in {modules}"
    return {**found, "node": node, "z2m": str(modules / "zigbee2mqtt")}, ""


def added(latency, floor):
    """Over what the broker takes by itself, which is its median: its p99 is other programs' noise."""
    return {f"added_{key}": latency[key] - floor["p50_us"] for key in ("p50_us", "p99_us")}


def measure(program, found, devices, arguments):
    """All figures of one program with one number of devices."""
    result = {}
    reports, rate = arguments.reports, 0
    if program != "waggle":
        reports, rate = min(reports, 20000), arguments.peer_rate
    if arguments.discovery:
        with Stand(program, found, devices, arguments.mixed, discovery=True) as stand:
            stand.prepare()
            result["discovery"] = measures.discovery(stand)
    with Stand(program, found, devices, arguments.mixed) as stand:
        stand.prepare()
        result["realistic_start_ms"] = measures.realistic_start(stand)
        result["start_ms"] = measures.starts(stand, arguments.starts)
        if not arguments.quick:
            result["simulator_ceiling"] = measures.simulator_ceiling(stand)
            result["broker_ceiling"] = measures.broker_ceiling(stand)
            result["floor"] = measures.spread(measures.broker_floor(stand, 2000))
            result["relay"] = measures.relay_latency(stand, 2000)
        stand.start_program()
        time.sleep(arguments.idle)
        result["idle"] = memory_kb(stand.pid)
        if arguments.quick:
            return result
        measures.load(stand, 2000, 500)  # once through everything
        time.sleep(2)
        result["in_use"] = memory_kb(stand.pid)
        result["report"] = measures.report_latency_and_cpu(stand, 2000)
        result["report"] |= added(result["report"], result["floor"])
        result["set"] = measures.set_latency(stand, 300)
        result["burst"] = measures.load(stand, 20000)
        time.sleep(2)
        result["after_burst"] = memory_kb(stand.pid)
        result["burst_growth_kb"] = (result["after_burst"]["resident_kb"]
                                     - result["in_use"]["resident_kb"])
        result["steady"] = measures.load(stand, reports, rate)
        result["after_steady"] = memory_kb(stand.pid)
    return result


def pick(result, path):
    for part in path.split("."):
        result = (result or {}).get(part)
    return result


def meets(value, target):
    return value <= target if target >= 0 else value >= -target


def target_text(target, unit):
    return "" if target is None else f"{'≤' if target >= 0 else '≥'} {abs(target)} {unit}"


def cells(row, results, devices):
    title, path, unit, target = row
    values = [pick(by.get(devices), path) for by in results.values()]
    if all(value is None for value in values):
        return None
    comparable = len(values) == 2 and all(values) and min(values) > 0
    ratio = f"{values[1] / values[0]:.1f}" if comparable and "ceiling" not in path else ""
    texts = ["" if value is None else f"{value} {unit}" for value in values]
    return [title, *texts, *([ratio] if len(values) == 2 else []), target_text(target, unit)]


def table(results):
    for devices in sorted({d for by in results.values() for d in by}, key=int):
        head = [f"{devices} devices", *results, *(["ratio"] if len(results) == 2 else []), "target"]
        print("\n| " + " | ".join(head) + " |\n|---|" + "---:|" * (len(head) - 1))
        for row in ROWS:
            if line := cells(row, results, devices):
                print("| " + " | ".join(line) + " |")


def misses(results):
    """Targets that Waggle does not meet; those of memory and start hold with 200 devices and fewer."""
    for devices, result in results.get("waggle", {}).items():
        for title, path, unit, target in ROWS:
            value = pick(result, path)
            if target is None or value is None or meets(value, target) or int(devices) > 200:
                continue
            yield f"{devices} devices: {title}: {value} {unit}, target {target_text(target, unit)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", default="1,50,200,1000")
    parser.add_argument("--programs", default="waggle,zigbee2mqtt")
    parser.add_argument("--peer", help="folder where `npm install zigbee2mqtt` was run")
    parser.add_argument("--reports", type=int, default=200000, help="of the sustained load")
    parser.add_argument("--peer-devices", help="as --devices, of zigbee2mqtt, if others")
    parser.add_argument("--peer-rate", type=int, default=3000,
                        help="of zigbee2mqtt's sustained load; more than it can take piles up in it")
    parser.add_argument("--starts", type=int, default=3, help="the best of so many")
    parser.add_argument("--mixed", action="store_true", help="devices of every kind instead of switches")
    parser.add_argument("--discovery", action="store_true",
                        help="also a start with Home Assistant's discovery and availability")
    parser.add_argument("--idle", type=float, default=5.0, help="seconds before memory is read")
    parser.add_argument("--quick", action="store_true", help="start and memory only")
    parser.add_argument("--json", help="write all figures into this file")
    parser.add_argument("--check", action="store_true", help="exit code 1 when a target is missed")
    arguments = parser.parse_args()
    found, missing = binaries(arguments)
    results = {}
    for program in arguments.programs.split(","):
        if program == "zigbee2mqtt" and "z2m" not in found:
            print(f"without zigbee2mqtt: {missing}", file=sys.stderr)
            continue
        numbers = program != "waggle" and arguments.peer_devices or arguments.devices
        for devices in numbers.split(","):
            print(f"{program}, {devices} devices", file=sys.stderr)
            figures = measure(program, found, int(devices), arguments)
            results.setdefault(program, {})[devices] = figures
            if arguments.json:
                pathlib.Path(arguments.json).write_text(json.dumps(results, indent=2) + "\n")
    table(results)
    missed = list(misses(results))
    for sentence in missed:
        print(f"missed: {sentence}", file=sys.stderr)
    return 1 if missed and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
