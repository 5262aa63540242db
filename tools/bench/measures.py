"""The single measurements of the benchmark; README.md says what each figure is."""
import bisect
import pathlib
import time

from stand import end

# What a report of the simulated switch becomes; for the measurements without a host.
TOPIC, PAYLOAD = "zigbee2mqtt/0x00158d0009000000", '{"linkquality":120,"state":"ON"}'
GAP_US = 5000


def percentile(values, share):
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def spread(values):
    return {"p50_us": round(percentile(values, 0.5)), "p99_us": round(percentile(values, 0.99))}


def memory_kb(pid):
    """Resident as `top` shows it; pss: shared pages divided by their users; private: its own alone."""
    fields = {}
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, value = line.split(":")
        fields[name] = int(value.split()[0])
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            resident = int(line.split()[1])
    return {"resident_kb": resident, "pss_kb": fields["Pss"],
            "private_dirty_kb": fields["Private_Dirty"]}


def cpu_us(pid):
    """Time on a processor, of all threads."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1000


def starts(stand, times):
    found = []
    for _ in range(times):
        found.append(stand.start_program())
        stand.stop("program")
    return round(min(found))


def discovery(stand, seconds=30):
    """A start with Home Assistant's discovery for which the broker has nothing yet: what is sent, how long
    that takes, and the most in any tenth of a second."""
    watched = stand.folder / "discovery.txt"
    watcher = stand.probe("watch", stand.mqtt_port, "homeassistant/#", watched)
    stand.start_program()
    time.sleep(seconds)
    memory = memory_kb(stand.pid)
    end(watcher)
    at = sorted(arrivals(watched))
    if not at:
        return {"messages": 0, **memory}
    most = max(sum(1 for other in at[i:i + 5000] if other - first < 100_000_000)
               for i, first in enumerate(at))
    return {"messages": len(at), "seconds": round((at[-1] - at[0]) / 1e9, 1), "most_in_100_ms": most,
            **memory}


def realistic_start(stand):
    """On a co-processor with the times of a CC2652: 1 s to reset, 1.1 s to start, 2 ms an answer."""
    stand.stop("sim")
    stand.start_sim("--realistic")
    took = stand.start_program()
    stand.stop("program")
    stand.stop("sim")
    stand.start_sim()
    return round(took)


def simulator_ceiling(stand, count=500_000):
    """Frames a second that the simulator gives to a host that does nothing but read."""
    drain = stand.probe("drain", stand.sim_port)
    time.sleep(0.2)
    sent = stand.sim("burst", "all", count)
    end(drain)
    return round(sent["frames_per_second"])


def broker_ceiling(stand, count=200_000):
    """Messages a second that mosquitto takes from one client and gives to another."""
    counter = stand.probe("count", stand.mqtt_port, "zigbee2mqtt/+", count, 10)
    stand.probe("flood", stand.mqtt_port, TOPIC, PAYLOAD, count).wait()
    return pace(counter)[0]


def pace(counter):
    first, last, seen = map(int, counter.communicate(timeout=1800)[0].split())
    return round(seen / max((last - first) / 1e9, 1e-9)), seen


def pairs(sent, got):
    """Microseconds from each to its own; where one is missing, to the first that came after it."""
    sent, got = list(sent), list(got)
    if len(sent) == len(got):
        return [(b - a) / 1000 for a, b in zip(sent, got)]
    places = ((at, bisect.bisect_left(got, at)) for at in sent)
    return [(got[place] - at) / 1000 for at, place in places if place < len(got)]


def broker_floor(stand, count):
    """From a publisher through the broker to the watcher, at the pace of the other latencies."""
    watched, published = stand.folder / "floor.txt", stand.folder / "floor-sent.txt"
    watcher = stand.probe("watch", stand.mqtt_port, "zigbee2mqtt/+", watched)
    stand.probe("publish", stand.mqtt_port, TOPIC, PAYLOAD, count, GAP_US, published).wait()
    time.sleep(0.2)
    end(watcher)
    return pairs(map(int, published.read_text().split()), arrivals(watched))


def arrivals(path):
    return [int(line.split(" ", 1)[0]) for line in path.read_text().splitlines()]


def traced(stand, direction, action):
    """CLOCK_MONOTONIC ns of every frame that passed the simulator in `direction` during `action`."""
    log = stand.folder / "trace.txt"
    stand.sim("trace", "start", log)
    action()
    time.sleep(0.5)
    stand.sim("trace", "stop")
    lines = (line.split() for line in log.read_text().splitlines())
    return [int(fields[0]) for fields in lines if fields[1] == direction and fields[4].upper() in stand.clusters]


def report_latency(stand, count):
    """From the simulator through whoever is connected to it and the broker to the watcher."""
    watched = stand.folder / "latency.txt"
    watcher = stand.probe("watch", stand.mqtt_port, "zigbee2mqtt/+", watched)
    sent = traced(stand, "out",
                  lambda: stand.sim("burst", "all", count, 1_000_000 // GAP_US))
    end(watcher)
    got = arrivals(watched)
    return {**spread(pairs(sent, got)), "sent": len(sent), "seen": len(got)}


def report_latency_and_cpu(stand, count):
    used = cpu_us(stand.pid)
    result = report_latency(stand, count)
    return {**result, "cpu_us": round((cpu_us(stand.pid) - used) / count, 1)}


def relay_latency(stand, count):
    """The same of a program that publishes one message for whatever it reads."""
    relay = stand.probe("relay", stand.mqtt_port, stand.sim_port, TOPIC, PAYLOAD)
    result = report_latency(stand, count)
    end(relay)
    return result


def set_latency(stand, count):
    on_off = 6
    name = next(device["ieee"] for device in stand.sim("fleet")["devices"]
                if any(on_off in endpoint["in"] for endpoint in device["endpoints"]))
    published = stand.folder / "set.txt"
    got = traced(stand, "in", lambda: stand.probe(
        "publish", stand.mqtt_port, f"zigbee2mqtt/{name}/set", '{"state":"ON"}', count, 4 * GAP_US,
        published).wait())
    sent = [int(line) for line in published.read_text().splitlines()]
    return {**spread(pairs(sent, got)), "sent": len(sent), "seen": len(got)}


def load(stand, count, rate=0):
    """`count` reports as fast as the program takes them, or `rate` a second."""
    patience = 15 if stand.program == "waggle" else 240  # zigbee2mqtt reads all, then says nothing long
    counter = stand.probe("count", stand.mqtt_port, "zigbee2mqtt/+", count, patience)
    used = cpu_us(stand.pid)
    stand.sim("burst", "all", count, rate)
    per_second, seen = pace(counter)
    used = cpu_us(stand.pid) - used
    return {"reports": seen, "per_second": per_second, "cpu_us": round(used / max(seen, 1), 2)}
