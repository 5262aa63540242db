"""The testbed of the comparison: everything that is said on MQTT is heard, and everything the devices receive.
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "lib"))
from testbed import PATH, Testbed, wait_until  # noqa: E402 (found only now)

DEVICES = pathlib.Path(__file__).parents[2] / "tools" / "sim" / "devices"
FILES = ("database.db", "state.json", "configuration.yaml", "coordinator_backup.json")


class Message:
    def __init__(self, topic, payload, retain=False, qos=0):
        self.topic, self.payload, self.retain, self.qos = topic, payload, retain, qos

    def json(self):
        try:
            return json.loads(self.payload)
        except (ValueError, TypeError):
            return None


class Watcher:
    """mosquitto_sub on everything; `retain` is what the publisher asked for (MQTT 5, retain as
    published)."""

    def __init__(self, port):
        self.messages = []
        self.process = subprocess.Popen(
            ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(port), "-V", "mqttv5", "-q", "2",
             "-t", "#", "--retain-as-published", "-F", "%j"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            fields = json.loads(line)
            self.messages.append(Message(fields["topic"], fields.get("payload") or "",
                                         bool(fields["retain"]), fields["qos"]))

    def wait(self, topic, fits, seconds, start=0):
        def found():
            return any(m.topic == topic and fits(m) for m in self.messages[start:])
        wait_until(found, seconds, f"a message on {topic}")


class Rig(Testbed):
    """`programs` are started one after the other on the same directory; the last one stays. `scenario` says
    which devices there are, and whether their time is held."""

    def __init__(self, programs, binaries, scenario):
        super().__init__("interop-" + "-".join(programs) + "-", binaries,
                         "  enable_external_js: false\n", scenario.get("configuration", ""))
        self.programs = list(programs)
        self.scenario = scenario
        self.devices = scenario.get("devices", ["qbkg04lm"])
        self.images = None  # a server of firmware
        self.environment = scenario.get("environment", lambda rig: {})(self)

    def __exit__(self, kind, *rest):
        if self.images:
            self.images.stop()
        super().__exit__(kind, *rest)

    def start_broker(self):
        super().start_broker()
        self.mqtt = Watcher(self.mqtt_port)
        self.children["watcher"] = self.mqtt.process

        def hears():
            self.publish("rig/hello", "1")
            return self.mqtt.messages
        wait_until(hears, 10, "mosquitto_sub")

    def start_sim(self):
        super().start_sim("--devices", str(self._devices()),
                          *self.scenario.get("sim", []))

    def _devices(self):
        """The devices, but silent after they joined: their report would meet the interview now at one
        point, now at another, and both programs leave out what they know already."""
        folder = self.folder / "devices"
        folder.mkdir()
        for name in self.devices:
            device = json.loads((DEVICES / f"{name}.json").read_text())
            device["after_join"] = []
            (folder / f"{device['name']}.json").write_text(json.dumps(device))
        return folder

    def device_names(self):
        return [name.split("/")[-1] for name in self.devices]

    def start_program(self):
        program = self.programs.pop(0) if len(self.programs) > 1 else self.programs[0]
        self.running = program
        begun = len(self.mqtt.messages)
        command, options = self.command(program)
        options["env"] = {**options.get("env", os.environ), **self.environment}
        self.start("program", command, **options)
        self.wait_ready(begun)

    def wait_ready(self, begun):
        """zigbee2mqtt loses requests that come between `online` and the line in the log."""
        started = "Zigbee2MQTT started!"
        self.mqtt.wait("zigbee2mqtt/bridge/state", lambda m: "online" in m.payload, 60, begun)
        if self.running == "zigbee2mqtt":
            self.mqtt.wait("zigbee2mqtt/bridge/logging", lambda m: started in m.payload, 60, begun)
        # the largest of what comes with the first `online`; it can be long on its way through the broker
        self.mqtt.wait("zigbee2mqtt/bridge/definitions", lambda m: True, 60, 0)

    def settle(self, limit=20.0):
        """Until nothing is said and nothing is worked on: on a busy machine silence alone is not enough."""
        quiet = self.scenario.get("quiet", 0.3)
        end = time.monotonic() + limit
        before = None
        while time.monotonic() < end:
            now = (len(self.mqtt.messages), *self._processor_time())
            if before and now[0] == before[0] and all(b - a <= 2 for a, b in zip(before[1:], now[1:])):
                return
            before = now
            time.sleep(quiet)

    def _processor_time(self):
        """Hundredths of a second that program, simulator and broker have used; one that waits for the
        processor counts as working."""
        times = []
        for name in ("program", "sim", "broker"):
            child = self.children.get(name)
            try:
                fields = open(f"/proc/{child.pid}/stat").read().rsplit(")", 1)[1].split()
                times.append(int(fields[11]) + int(fields[12]) + (time.monotonic() * 100 if fields[0] == "R" else 0))
            except (AttributeError, OSError):
                times.append(0)
        return times

    def sim(self, *arguments):
        """A command of the simulator -> its answer"""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(30)
            line.connect(str(self.control))
            line.sendall(json.dumps({"command": arguments[0], "args": arguments[1:]}).encode() + b"\n")
            answer = json.loads(line.makefile().readline())
        if not answer["ok"]:
            raise RuntimeError(f"waggle-sim {' '.join(arguments)}: {answer['error']}")
        return answer

    def publish(self, topic, payload):
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.mqtt_port), "-t", topic,
                        "-m", payload], check=True, timeout=10)

    def files(self):
        """What the program has written, as JSON values."""
        out = {}
        for name in FILES:
            path = self.data / name
            if not path.exists():
                continue
            text = path.read_text()
            if name == "configuration.yaml":
                out[name] = self._yaml(text)
            elif name == "database.db":
                out[name] = {f"row {i}": json.loads(line) for i, line in enumerate(text.splitlines())}
            else:
                out[name] = json.loads(text)
        return out

    def _yaml(self, text):
        done = subprocess.run(
            [self.binaries["node"], "-e", "const {load} = require('js-yaml');"
             "console.log(JSON.stringify(load(require('fs').readFileSync(0, 'utf8'))))"],
            input=text, capture_output=True, text=True, check=True, cwd=self.binaries["z2m"])
        return json.loads(done.stdout)


def find_oracle():
    """-> the folder with zigbee2mqtt, Node, and a sentence if one of them is missing."""
    oracle = os.environ.get("WAGGLE_ORACLE", "")
    if not oracle or not (pathlib.Path(oracle) / "node_modules" / "zigbee2mqtt" / "index.js").exists():
        return None, None, ("zigbee2mqtt is not here: tests/interop/install FOLDER gets it, "
                            "WAGGLE_ORACLE=FOLDER says where it is")
    own = pathlib.Path(oracle) / "node_modules" / "node" / "bin" / "node"
    node = str(own) if own.exists() else shutil.which("node")
    if not node:
        return None, None, "Node 20 or newer is missing (tests/interop/install brings one)"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.strip().lstrip("v").split(".")[0]) < 20:
        return None, None, f"zigbee2mqtt needs Node 20, this is {version.strip()}"
    return oracle, node, ""


def find_binaries():
    """What is needed, from the environment, or a sentence saying what is missing."""
    oracle, node, missing = find_oracle()
    if not oracle:
        return None, missing
    for program in ("mosquitto", "mosquitto_sub", "mosquitto_pub"):
        if not shutil.which(program, path=PATH):
            return None, f"{program} is missing"
    for name in ("WAGGLE_BINARY", "WAGGLE_SIM"):
        if not os.environ.get(name):
            return None, f"{name} says which binary is tested"
    return {"waggle": os.environ["WAGGLE_BINARY"], "sim": os.environ["WAGGLE_SIM"], "node": node,
            "z2m": str(pathlib.Path(oracle) / "node_modules" / "zigbee2mqtt")}, ""
