#!/usr/bin/env python3
"""Runs the same frames and commands through zigbee-herdsman-converters and through Waggle's plugins.

    npm install zigbee-herdsman-converters        # in ORACLE_FOLDER
    tools/differential/compare.py ORACLE_FOLDER WAGGLE PLUGIN.so ... [options]

For each device of devices.json that one of the plugins serves: edge cases and random values of every
attribute of its clusters as reports and read responses, cluster commands, what is no valid frame;
every settable and readable property; preparing the device. What is published, which frames go out and
whether it failed is compared, and what the definitions say of themselves. A difference that
differences.json does not explain makes the exit code 1.
"""
import argparse
import collections
import copy
import json
import math
import pathlib
import random
import re
import struct
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
tables = json.loads((here / "../../host/zigbee/clusters.json").read_text())["clusters"]

# ---- frames ----

SIZES = {0x08: 1, 0x09: 2, 0x0A: 3, 0x0B: 4, 0x10: 1, 0x18: 1, 0x19: 2, 0x1A: 3, 0x1B: 4, 0x1F: 8, 0x30: 1, 0x31: 2,
         0xE0: 4, 0xE1: 4, 0xE2: 4, 0xE8: 2, 0xE9: 2, 0xF0: 8}
SIZES.update({0x20 + n: n + 1 for n in range(8)})
SIZES.update({0x28 + n: n + 1 for n in range(8)})


def edges(kind, rng):
    """Values of a ZCL type as bytes: the ends, the invalid one, small and random ones."""
    if kind in SIZES:
        size = SIZES[kind]
        top = (1 << 8 * size) - 1
        picks = [0, 1, 2, 3, 100, 200, 254, 255, top, top - 1, top >> 1, (top >> 1) + 1, top // 3]
        picks += [rng.randint(0, top) for _ in range(3)] + [rng.randint(0, 5000) for _ in range(4)]
        return [(pick & top).to_bytes(size, "little") for pick in picks]
    if kind == 0x39:
        return [struct.pack("<f", v) for v in (0, 1, -1, 0.0004, 0.001, 25.5, 1e9, math.nan, math.inf)]
    if kind == 0x3A:
        return [struct.pack("<d", v) for v in (0, 1, -273.15, 1e300, math.nan)]
    if kind in (0x41, 0x42):
        return [b"\0", b"\xff", b"\3abc", b"\2" + "ä".encode(), b"\x0212"]
    return []


class Frames:
    """Frames of one device, and steps made of them."""

    def __init__(self, device, rng):
        self.device, self.rng, self.sequence = device, rng, 0

    def header(self, control, command):
        self.sequence = self.sequence % 200 + 1
        return bytes([control, self.sequence, command])

    def step(self, endpoint, cluster, body):
        return {"in": {"endpoint": endpoint, "cluster": cluster, "frame": body.hex()}}

    def report(self, endpoint, cluster, records):
        body = self.header(0x18, 0x0A) + b"".join(struct.pack("<HB", i, t) + v for i, t, v in records)
        return self.step(endpoint, cluster, body)

    def read_response(self, endpoint, cluster, records):
        body = self.header(0x18, 0x01)
        body += b"".join(struct.pack("<HBB", i, 0, t) + v for i, t, v in records)
        return self.step(endpoint, cluster, body)

    def refused(self, endpoint, cluster, attribute):
        return self.step(endpoint, cluster, self.header(0x18, 0x01) + struct.pack("<HB", attribute, 0x86))

    def attributes(self, cluster):
        table = next((t for t in tables.values() if t["ID"] == cluster and "manufacturerCode" not in t), None)
        found = {a["ID"]: a["type"] for a in table["attributes"].values()
                 if "manufacturerCode" not in a and a["type"] != 0x00} if table else {}
        for attribute, kind in self.device.get("extra", {}).get(str(cluster), {}).items():
            found[int(attribute)] = kind
        return sorted(found.items())

    def of_cluster(self, endpoint, cluster):
        attributes = [(i, t) for i, t in self.attributes(cluster) if edges(t, self.rng)]
        for attribute, kind in attributes:
            for value in edges(kind, self.rng):
                yield self.report(endpoint, cluster, [(attribute, kind, value)])
            yield self.read_response(endpoint, cluster, [(attribute, kind, self.rng.choice(edges(kind, self.rng)))])
        if not attributes:
            return
        yield self.refused(endpoint, cluster, attributes[0][0])
        for _ in range(12):
            picks = self.rng.sample(attributes, min(len(attributes), self.rng.randint(2, 4)))
            records = [(i, t, self.rng.choice(edges(t, self.rng))) for i, t in picks]
            yield self.rng.choice([self.report, self.read_response])(endpoint, cluster, records)
        attribute, kind = attributes[0]
        whole = bytes.fromhex(self.report(endpoint, cluster, [(attribute, kind, edges(kind, self.rng)[3])])["in"]["frame"])
        for length in range(3, len(whole)):
            yield self.step(endpoint, cluster, whole[:length])

    def commands(self, endpoint, cluster, direction):
        """`direction`: "commands" from a remote, "commandsResponse" from a sensor."""
        table = next((t for t in tables.values() if t["ID"] == cluster and "manufacturerCode" not in t), None)
        control = 0x01 if direction == "commands" else 0x09
        for command in (table or {}).get(direction, {}).values():
            kinds = [p["type"] for p in command["parameters"]]
            if any(kind not in SIZES for kind in kinds) or any("conditions" in p for p in command["parameters"]):
                continue
            for _ in range(12 if kinds else 1):
                values = [self.rng.choice(edges(kind, self.rng)) for kind in kinds]
                yield self.step(endpoint, cluster, self.header(control, command["ID"]) + b"".join(values))

    # What Lumi's devices send in genBasic [lumi.hpp of the plugin].
    def lumi_ff01(self, endpoint):
        kinds = {1: 0x21, 3: 0x28, 4: 0x21, 5: 0x21, 6: 0x24, 10: 0x21, 11: 0x21, 100: 0x29, 101: 0x21, 102: 0x2B}
        for round in range(60):
            chosen = self.rng.sample(sorted(kinds), self.rng.randint(1, 6))
            if round % 3 == 0:
                kinds[100] = 0x10 if kinds[100] == 0x29 else 0x29
            values = {1: self.rng.randint(2600, 3400), 3: self.rng.randint(0, 60), 5: self.rng.randint(1, 300),
                      6: self.rng.randint(0, 1 << 33), 11: self.rng.randint(0, 1000),
                      100: self.rng.choice([-7000, -6500, -1, 0, 1, 2346, 6499, 6500]) if kinds[100] == 0x29
                      else self.rng.randint(0, 1), 101: self.rng.choice([0, 1, 5391, 10000, 10001, 65535]),
                      102: self.rng.choice([100941, 0, -5])}
            body = b""
            for tag in sorted(chosen):
                kind = kinds[tag]
                size = SIZES[kind]
                value = values.get(tag, self.rng.randint(0, 1000)) & ((1 << 8 * size) - 1)
                body += bytes([tag, kind]) + value.to_bytes(size, "little")
            self.sequence = self.sequence % 200 + 1
            frame = bytes([0x1C, 0x5F, 0x11, self.sequence, 0x0A, 0x01, 0xFF, 0x42, len(body)]) + body
            yield self.step(endpoint, 0, frame)

    def lumi_ff02(self, endpoint):
        for _ in range(12):
            values = [(0x10, 1), (0x21, self.rng.randint(2700, 3200)), (0x21, 0x13A8), (0x24, 1),
                      (0x21, self.rng.randint(1, 900)), (0x20, 0x5A)]
            body = struct.pack("<H", len(values))
            body += b"".join(bytes([t]) + v.to_bytes(SIZES[t], "little") for t, v in values)
            self.sequence = self.sequence % 200 + 1
            yield self.step(endpoint, 0, bytes([0x1C, 0x5F, 0x11, self.sequence, 0x0A, 0x02, 0xFF, 0x4C]) + body)

    def steps(self):
        for id, endpoint in self.device["endpoints"].items():
            for cluster in endpoint.get("inputs", []):
                yield from self.of_cluster(int(id), cluster)
                yield from self.commands(int(id), cluster, "commandsResponse")
            for cluster in endpoint.get("outputs", []):
                yield from self.commands(int(id), cluster, "commands")
        for special in self.device.get("special", []):
            yield from getattr(self, special)(1)


# ---- commands ----

def leaves(exposes):
    for expose in exposes:
        if "property" in expose and "access" in expose:
            yield expose
        elif "features" in expose:
            yield from leaves(expose["features"])


def value_of(expose, rng):
    kind = expose["type"]
    if kind == "binary":
        return rng.choice([expose["value_on"], expose["value_off"], expose.get("value_toggle", expose["value_on"])])
    if kind == "enum":
        return rng.choice(expose["values"])
    if kind == "numeric":
        low, high = expose.get("value_min", 0), expose.get("value_max", 1000)
        return rng.choice([low, high, (low + high) // 2, rng.randint(int(low), int(high))])
    if kind == "text":
        return rng.choice(["", "abc", "1234"])
    if kind == "composite":
        features = expose["features"]
        picked = rng.sample(features, rng.randint(1, len(features)))
        return {f["name"]: value_of(f, rng) for f in picked}
    if kind == "list":
        return [value_of({**expose["item_type"], "property": ""}, rng)]
    return None


def command_steps(exposes, rng):
    for expose in leaves(exposes):
        if expose["access"] & 2:
            for _ in range(12):
                yield {"set": {expose["property"]: value_of(expose, rng)}}
            for odd in ("nonsense", None, 3.7, True):
                yield {"set": {expose["property"]: odd}}
            yield {"set": {expose["property"]: value_of(expose, rng)}, "answer_status": 134}
        if expose["access"] & 4:
            yield {"get": expose["property"]}
            yield {"get": expose["property"], "answer_status": 134}


# ---- both sides ----

def run(command, lines):
    text = "\n".join(json.dumps(line) for line in lines) + "\n"
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    results = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if len(results) != len(lines):
        sys.exit(f"{command[0]}: {len(results)} answers to {len(lines)} runs\n{done.stderr[-2000:]}")
    return results


def without_nothing(value):
    if isinstance(value, dict):
        return {k: without_nothing(v) for k, v in value.items() if v is not None}
    return [without_nothing(v) for v in value] if isinstance(value, list) else value


def same(a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a == b or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    return a == b


def set_up(sent):
    """What preparing a device does, whatever the order and however it is packed into frames."""
    done = set()
    for item in sent:
        place = (item.get("endpoint"), item["cluster"])
        for report in item.get("reporting", []):
            change = report["change"]
            change = round(change, 6) if isinstance(change, float) else change
            done.add((*place, "report", report["attribute"], report["minimum"], report["maximum"], change))
        frame = item.get("frame", "")
        if item.get("bind"):
            done.add((*place, "bind"))
        elif frame.startswith("10tt00"):
            ids = bytes.fromhex(frame[6:])
            done.update((*place, "read", id) for (id,) in struct.iter_unpack("<H", ids))
        elif "reporting" not in item:
            done.add((*place, frame))
    return sorted(done, key=str)


def plain_exposes(exposes):
    """As far as they are facts: no sentences, no link quality, which the host adds on both sides."""
    def plain(expose):
        out = {k: v for k, v in expose.items() if k not in ("description", "homeassistant")}
        if "features" in out:
            out["features"] = [plain(f) for f in out["features"]]
        if "item_type" in out:
            out["item_type"] = {k: v for k, v in out["item_type"].items() if k not in ("description", "label")}
        return out
    return [plain(e) for e in exposes if e.get("name") != "linkquality"]


class Report:
    def __init__(self):
        self.rules = json.loads((here / "differences.json").read_text())
        self.used = collections.Counter()
        self.explained, self.unexplained = [], []
        self.steps = collections.Counter()
        self.properties, self.published = set(), 0
        self.keys = set()

    def differ(self, model, what, step, oracle, native):
        text = f"{json.dumps(step)} | {json.dumps(oracle)} | {json.dumps(native)}"
        for number, rule in enumerate(self.rules):
            if re.fullmatch(rule["model"], model) and what in rule["what"] and re.search(rule["match"], text):
                self.used[number] += 1
                self.explained.append((model, what, text))
                return
        self.unexplained.append((model, what, text))

    def definition(self, model, oracle, native):
        for key in ("model", "vendor"):
            if oracle.get(key) != native.get(key):
                self.differ(model, "identity", key, oracle.get(key), native.get(key))
        theirs, ours = plain_exposes(oracle["exposes"]), plain_exposes(native["exposes"])
        if theirs != ours:
            names = lambda a, b: [e for e in a if e not in b]
            self.differ(model, "exposes", "", names(theirs, ours) or "order", names(ours, theirs) or "order")
        theirs, ours = ({o["name"] for o in side["options"]} for side in (oracle, native))
        if theirs != ours:
            self.differ(model, "options", "", sorted(theirs - ours), sorted(ours - theirs))
        if "configure" not in oracle and oracle.get("power_source") != native.get("power_source"):
            pass

    def step(self, model, step, oracle, native):
        """False when something else was published: the two sides no longer have the same state."""
        kind = next(k for k in ("in", "set", "get", "configure", "wait") if k in step)
        self.steps[kind] += 1
        self.published += len(oracle["published"])
        for message in oracle["published"]:
            self.properties.update((model, key) for key in message)
        for key in step.get("set", {}):
            self.keys.add((model, key))
        theirs, ours = without_nothing(oracle["published"]), without_nothing(native["published"])
        theirs, ours = ([m for m in side if m] for side in (theirs, ours))
        if kind == "configure":  # how the reads are packed into frames is nobody's business
            theirs, ours = ({k: v for m in side for k, v in m.items()} for side in (theirs, ours))
        agreed = same(theirs, ours)
        if not agreed:
            self.differ(model, "published", step, theirs, ours)
        theirs, ours = oracle["sent"], native["sent"]
        if kind == "configure":
            theirs, ours = set_up(theirs), set_up(ours)
        if not same(theirs, ours):
            self.differ(model, "sent", step, theirs + oracle.get("errors", []), ours)
        if bool(oracle.get("errors")) != bool(native.get("errors")):
            self.differ(model, "error", step, oracle.get("errors"), native.get("errors"))
        return agreed


def parts(items, size):
    items = list(items)
    return [items[i:i + size] for i in range(0, len(items), size)]


def runs_of(device, exposes, seed, size):
    rng = random.Random(f"{seed} {device['model_id']}")
    frames = Frames(device, rng)
    about = copy.deepcopy({k: v for k, v in device.items()
                           if k not in ("extra", "special", "known", "options", "generate", "like")})
    for id, known in device.get("known", {}).items():
        about["endpoints"][id]["known"] = known
    base = {"id": device["model_id"], "device": about, "configuration_version": 5, "options": device.get("options", {}),
            "generate": device.get("generate", False)}
    yield {**base, "steps": [{"configure": True}]}
    for steps in parts(frames.steps(), size):
        yield {**base, "steps": [{"configure": True}] + steps + [{"wait": 120000}]}
    for steps in parts(command_steps(exposes, rng), size):
        yield {**base, "steps": steps}


def compare_runs(report, oracle, native, lines, results):
    """Compares runs up to the first message that differs; what comes after it is returned as new runs,
    because it would only repeat that the states differ."""
    rest = []
    for line, a, b in zip(lines, run(oracle, lines), run(native, lines)):
        if "continued" not in line:
            results.setdefault(line["id"], []).append(a)
        if "error" in a or "error" in b:
            report.differ(line["id"], "error", "", a.get("error"), b.get("error"))
            continue
        for number, (step, x, y) in enumerate(zip(line["steps"], a["steps"], b["steps"])):
            if number == 0 and "continued" in line and "configure" in step:
                continue
            if not report.step(line["id"], step, x, y):
                again = line["steps"][:1] if "configure" in line["steps"][0] else []
                tail = line["steps"][number + 1:]
                if tail:
                    rest.append({**line, "steps": again + tail, "continued": True})
                break
    return rest


def chosen_steps(runs, results):
    """For each kind of thing that a device does, the first step that does it."""
    seen = set()
    for wanted, result in zip(runs, results):
        for step, got in zip(wanted["steps"], result["steps"]):
            kind = next(iter(step))
            keys = tuple(sorted({k for m in got["published"] for k in m}))
            actions = tuple(m["action"] for m in got["published"] if "action" in m)
            what = (kind, step.get("in", {}).get("cluster"), tuple(step.get("set", {})), keys, actions, len(got["sent"]))
            if kind in ("in", "set", "get") and what not in seen and (got["published"] or got["sent"]):
                seen.add(what)
                yield step


def write_cases(path, device, runs, results, oracle, native):
    """A case file out of single steps in which both sides agree, with what the oracle says."""
    if not any(chosen_steps(runs, results)):
        return 0
    single = [{**runs[0], "steps": [step]} for step in chosen_steps(runs, results)]
    single = single[:12] if "like" in device else single
    cases = []
    for line, a, b in zip(single, run(oracle, single), run(native, single)):
        theirs, ours = a["steps"][0], b["steps"][0]
        agreed = all(without_nothing(theirs[k]) == without_nothing(ours[k]) for k in ("published", "sent"))
        if not agreed or theirs.get("errors") or ours.get("errors"):
            continue
        expected = {k: without_nothing(theirs[k]) for k in ("published", "sent") if theirs[k]}
        cases.append({"name": f"{next(iter(line['steps'][0]))} {len(cases) + 1}", "configuration_version": 5,
                      **({"options": line["options"]} if line["options"] else {}),
                      "steps": [{**line["steps"][0], **expected}]})
    name = re.sub("[^a-z0-9]+", "_", f"{results[0]['model']} {device['model_id']}".lower()).strip("_")
    lines = ",\n".join("  " + json.dumps(case, ensure_ascii=False) for case in cases)
    pathlib.Path(path).mkdir(parents=True, exist_ok=True)
    pathlib.Path(path, f"{name}.json").write_text(
        f'{{"model": {json.dumps(results[0]["model"])}, "source": "zigbee-herdsman-converters",\n'
        f' "device": {json.dumps(runs[0]["device"])},\n "cases": [\n{lines}\n ]}}\n')
    return len(cases)


def folder_of_cases(root, plugin):
    """Beside a plugin's sources; the building blocks have theirs here."""
    name = pathlib.Path(plugin).stem
    sources = pathlib.Path(root, "plugins", name)
    return sources / "cases" if sources.is_dir() else pathlib.Path(root, "tools/differential/cases", name)


def every_device(path):
    """The devices of a file, those that are only like another one written out."""
    named = {}
    for entry in json.loads(pathlib.Path(path).read_text()):
        if "like" in entry:
            named.update({id: {**named[entry["like"]], "model_id": id, "like": entry["like"]} for id in entry["model_ids"]})
        else:
            named[entry["model_id"]] = entry
    return list(named.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("oracle", metavar="ORACLE_FOLDER")
    parser.add_argument("waggle", metavar="WAGGLE")
    parser.add_argument("plugins", metavar="PLUGIN", nargs="+")
    parser.add_argument("--devices", default=here / "devices.json", help="devices to compare [devices.json]")
    parser.add_argument("--model", default="", help="only devices whose model id matches this expression")
    parser.add_argument("--seed", default="1", help="of the random values [1]")
    parser.add_argument("--steps", type=int, default=25, help="in a row on one device [25]")
    parser.add_argument("--show", type=int, default=2000, help="differences printed at most [2000]")
    parser.add_argument("--each", type=int, default=3, help="of them for a device and kind [3]")
    parser.add_argument("--write-cases", metavar="SOURCES", help="write what the oracle publishes as case files")
    options = parser.parse_args()

    devices = [d for d in every_device(options.devices) if re.search(options.model, d["model_id"])]
    report, compared, missing, written = Report(), 0, [], 0
    oracle = ["node", str(here / "run.mjs"), options.oracle]
    probes = [{"id": d["model_id"], "device": {k: v for k, v in d.items()}, "configuration_version": 5,
               "options": d.get("options", {}), "generate": d.get("generate", False), "steps": []} for d in devices]
    theirs = run(oracle, probes)
    served = {}
    for plugin in options.plugins:
        for probe, found in zip(probes, run([options.waggle, "plugin", "convert", plugin], probes)):
            if "error" not in found and (found["source"] == "generated") == probe["generate"]:
                served.setdefault(probe["id"], (plugin, found))
    runs, of = collections.defaultdict(list), collections.defaultdict(list)
    for device, found in zip(devices, theirs):
        model = device["model_id"]
        if model not in served or "error" in found:
            missing.append(f"{model}: {found.get('error', 'no plugin serves it')}")
            continue
        compared += 1
        report.definition(model, found, served[model][1])
        more = list(runs_of(device, found["exposes"], options.seed, options.steps))
        runs[served[model][0]] += more
        of[model] = more
    results = {}
    for plugin, lines in runs.items():
        while lines:
            lines = compare_runs(report, oracle, [options.waggle, "plugin", "convert", plugin], lines, results)
    if options.write_cases:
        for device in devices:
            model = device["model_id"]
            if model in results:
                plugin = served[model][0]
                native = [options.waggle, "plugin", "convert", plugin]
                written += write_cases(folder_of_cases(options.write_cases, plugin), device, of[model],
                                       results[model], oracle, native)

    shown = collections.Counter()
    for model, what, text in report.unexplained:
        shown[model, what] += 1
        if shown[model, what] <= options.each and sum(shown.values()) <= options.show:
            print(f"{model}: {what}: {text[:600]}")
    for line in missing:
        print("not compared:", line)
    count = report.steps
    print(f"{compared} devices, {count['in']} frames in, {count['set']} sets, {count['get']} gets, "
          f"{count['configure']} preparations, {report.published} messages published")
    print(f"{len(report.properties)} properties of devices, {len(report.keys)} of them set")
    print(f"{len(report.explained)} differences explained by {len(report.used)} rules, "
          f"{len(report.unexplained)} not explained")
    for number, rule in enumerate(report.rules):
        print(f"  {report.used[number]:6}  {rule['model']}: {rule['why']}")
    if options.write_cases:
        print(f"{written} cases written")
    by = collections.Counter((model, what) for model, what, _ in report.unexplained)
    for (model, what), number in by.most_common(60):
        print(f"  unexplained {number:5}  {model} {what}")
    return 1 if report.unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
