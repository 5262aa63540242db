#!/usr/bin/env python3
"""Waggle beside the real zigbee2mqtt on the same simulated network, in one go.

    bench.py [--devices 1,50,200] [--programs waggle,zigbee2mqtt] [--reports N] [--json FILE]

Needs WAGGLE_BINARY, WAGGLE_SIM and WAGGLE_PROBE, or a build folder `build`, and for zigbee2mqtt
WAGGLE_ORACLE (a folder where `npm install zigbee2mqtt` was run). The network: N wall switches
(QBKG04LM), which both programs know, already joined and interviewed. README.md says what each figure is.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "interop"))
from rig import Rig, find_binaries, wait_until  # noqa: E402  (the path has to be set first)

TICKS = os.sysconf("SC_CLK_TCK")


def binaries():
    build = pathlib.Path(os.environ.get("WAGGLE_BUILD", ROOT / "build"))
    os.environ.setdefault("WAGGLE_BINARY", str(build / "host" / "waggle"))
    os.environ.setdefault("WAGGLE_SIM", str(build / "tools" / "sim" / "waggle-sim"))
    probe = os.environ.get("WAGGLE_PROBE", str(build / "tools" / "bench" / "waggle-bench-probe"))
    found, missing = find_binaries()
    if not found:
        found = {"waggle": os.environ["WAGGLE_BINARY"], "sim": os.environ["WAGGLE_SIM"]}
    return {**found, "probe": probe}, missing


def percentile(values, share):
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def resident_kb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("no VmRSS")


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Bench(Rig):
    """A formed network of `devices` switches, and the program on it."""

    def __init__(self, program, found, devices):
        super().__init__(program, found,
                         sim_arguments=["--fleet", str(devices), "--fleet-model", "qbkg04lm"])
        self.devices = devices

    def prepare(self):
        """Lets the program form the network, then writes the devices into its database."""
        self.start_program()
        self.stop("program")
        database = self.data / "database.db"
        rows = database.read_text().rstrip("\n")
        fleet = self.sim_json("fleet")["devices"]
        for number, device in enumerate(fleet, start=2):
            rows += "\n" + json.dumps(database_row(number, device), separators=(",", ":"))
        database.write_text(rows)

    def sim_json(self, *arguments):
        return json.loads(self.sim(*arguments))

    @property
    def pid(self):
        return self.children["program"].pid

    def timed_start(self):
        begun = len(self.mqtt.messages)
        at = time.monotonic()
        self.start_program()
        online = next(m for m in self.mqtt.messages[begun:]
                      if m.topic == "zigbee2mqtt/bridge/state" and "online" in m.payload)
        return (online.at - at) * 1000

    def probe(self, *arguments):
        process = subprocess.Popen([self.binaries["probe"], str(self.mqtt_port), *arguments],
                                   stdout=subprocess.PIPE, text=True)
        if "--floor" not in arguments and "--publish" not in arguments:
            process.stdout.readline()  # "ready"
        return process


def database_row(number, device):
    endpoints = {str(e["id"]): {"profId": e["profile"], "epId": e["id"], "devId": e["device"],
                                "inClusterList": e["in"], "outClusterList": e["out"],
                                "clusters": {}, "binds": [], "configuredReportings": [], "meta": {}}
                 for e in device["endpoints"]}
    return {"id": number, "type": "EndDevice", "ieeeAddr": device["ieee"], "nwkAddr": device["nwk"],
            "manufId": device["manufacturer_code"], "manufName": device["manufacturer_name"],
            "powerSource": "Mains (single phase)", "modelId": device["model_id"],
            "epList": [int(e) for e in endpoints], "endpoints": endpoints, "appVersion": 1,
            "stackVersion": 2, "hwVersion": 18, "dateCode": "04-25-2018", "zclVersion": 1,
            "interviewCompleted": True, "interviewState": "SUCCESSFUL",
            "meta": {"configured": "0.0.0"}, "lastSeen": int(time.time() * 1000)}


def burst(rig, count, rate=0):
    """`count` reports, as fast as the link takes them or `rate` a second: what came of them."""
    counter = rig.probe("zigbee2mqtt/+", "--count", str(count))
    cpu = cpu_seconds(rig.pid)
    begun = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    sent = rig.sim_json("burst", "all", str(count), str(rate))
    _, last, seen = map(int, counter.communicate(timeout=900)[0].split())
    used = cpu_seconds(rig.pid) - cpu
    return {"reports": seen, "per_second": round(seen / ((last - begun) / 1e9)),
            "taken_per_second": round(sent["frames_per_second"]),
            "cpu_us": round(used / max(seen, 1) * 1e6, 1)}


def traced(rig, direction, action):
    """CLOCK_MONOTONIC ns of every frame that passed the simulator in `direction` during `action`."""
    log = rig.folder / "trace.txt"
    rig.sim("trace", "start", str(log))
    action()
    time.sleep(1)
    rig.sim("trace", "stop")
    lines = (line.split() for line in log.read_text().splitlines())
    return [int(fields[0]) for fields in lines if fields[1] == direction and fields[4] == "0006"]


def report_latency(rig, count, rate):
    output = rig.folder / "latency.txt"
    probe = rig.probe("zigbee2mqtt/+", str(output))
    sent = traced(rig, "out", lambda: rig.sim("burst", "all", str(count), str(rate)))
    probe.terminate()
    probe.wait()
    got = [int(line.split(" ", 1)[0]) for line in output.read_text().splitlines()]
    pairs = list(zip(sent, got))
    return [(b - a) / 1000 for a, b in pairs], len(sent), len(got)


def set_latency(rig, count):
    name = rig.sim_json("fleet")["devices"][0]["ieee"]
    output = rig.folder / "set.txt"
    got = traced(rig, "in", lambda: rig.probe(
        "--publish", f"zigbee2mqtt/{name}/set", '{"state":"ON"}', str(count), "20000",
        str(output)).wait())
    sent = [int(line) for line in output.read_text().splitlines()]
    return [(b - a) / 1000 for a, b in zip(sent, got)], len(sent), len(got)


def broker_floor(rig, count=2000):
    text = rig.probe("--floor", str(count)).communicate(timeout=120)[0]
    return [int(line) / 1000 for line in text.splitlines()]


def spread(values):
    return {"p50_us": round(percentile(values, 0.5)), "p99_us": round(percentile(values, 0.99))}


def measure(program, found, devices, arguments):
    result = {}
    with Bench(program, found, devices) as rig:
        rig.prepare()
        starts = []
        for _ in range(arguments.starts):
            starts.append(rig.timed_start())
            rig.stop("program")
        result["start_ms"] = round(statistics.median(starts))
        rig.timed_start()
        time.sleep(arguments.idle)
        result["idle_kb"] = resident_kb(rig.pid)
        if arguments.quick:
            return result
        floor = broker_floor(rig)
        result["broker_floor"] = spread(floor)
        for what, (values, sent, got) in (("report_latency", report_latency(rig, 2000, 200)),
                                          ("set_latency", set_latency(rig, 300))):
            result[what] = {**spread(values), "sent": sent, "seen": got}
            result[what]["added_p50_us"] = result[what]["p50_us"] - result["broker_floor"]["p50_us"]
        result["burst_20000"] = burst(rig, 20000)
        time.sleep(2)
        result["after_burst_kb"] = resident_kb(rig.pid)
        result["steady"] = burst(rig, arguments.reports if program == "waggle"
                                 else min(arguments.reports, 20000))
        result["after_steady_kb"] = resident_kb(rig.pid)
    return result


def table(results):
    rows = [("start to online", "start_ms", "ms"), ("memory, idle", "idle_kb", "kB"),
            ("memory after 20,000 reports", "after_burst_kb", "kB"),
            ("report to MQTT, p50", "report_latency.p50_us", "µs"),
            ("report to MQTT, p50, without the broker's own", "report_latency.added_p50_us", "µs"),
            ("report to MQTT, p99", "report_latency.p99_us", "µs"),
            ("set to radio, p50", "set_latency.p50_us", "µs"),
            ("set to radio, p99", "set_latency.p99_us", "µs"),
            ("CPU a report", "steady.cpu_us", "µs"),
            ("burst of 20,000", "burst_20000.per_second", "/s"),
            ("sustained", "steady.per_second", "/s"),
            ("frames the simulator gave, while so loaded", "steady.taken_per_second", "/s")]

    def pick(result, path):
        for part in path.split("."):
            result = (result or {}).get(part)
        return result
    for devices in sorted({d for by in results.values() for d in by}, key=int):
        print(f"\n| {devices} devices | " + " | ".join(results) + " | ratio |")
        print("|---|" + "---:|" * (len(results) + 1))
        for title, path, unit in rows:
            values = [pick(by.get(devices), path) for by in results.values()]
            if all(v is None for v in values):
                continue
            ratio = f"{values[1] / values[0]:.1f}" if len(values) == 2 and all(values) else ""
            print(f"| {title} | " + " | ".join("" if v is None else f"{v} {unit}" for v in values)
                  + f" | {ratio} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--devices", default="1,50,200")
    parser.add_argument("--programs", default="waggle,zigbee2mqtt")
    parser.add_argument("--reports", type=int, default=200000)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--idle", type=float, default=5.0, help="seconds before memory is read")
    parser.add_argument("--quick", action="store_true", help="start and memory only")
    parser.add_argument("--json", help="write all figures into this file")
    arguments = parser.parse_args()
    found, missing = binaries()
    results = {}
    for program in arguments.programs.split(","):
        if program == "zigbee2mqtt" and "z2m" not in found:
            print(f"without zigbee2mqtt: {missing}")
            continue
        for devices in arguments.devices.split(","):
            print(f"{program}, {devices} devices", file=sys.stderr)
            results.setdefault(program, {})[devices] = measure(program, found, int(devices), arguments)
    table(results)
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(results, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
