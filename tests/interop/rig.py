"""Starts a broker, the simulated radio and one of the two programs, and watches MQTT.

Everything runs on free loopback ports in a temporary folder and is stopped by its pid.
"""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

CONFIGURATION = """version: 5
mqtt:
  base_topic: zigbee2mqtt
  server: mqtt://127.0.0.1:{mqtt_port}
serial:
  port: tcp://127.0.0.1:{sim_port}
  adapter: zstack
advanced:
  log_level: info
  log_output: [console]
  channel: 11
  pan_id: 6755
  ext_pan_id: [1, 2, 3, 4, 5, 6, 7, 8]
  network_key: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6]
  enable_external_js: false
frontend:
  enabled: false
homeassistant:
  enabled: false
"""
PATH = os.environ["PATH"] + ":/usr/sbin"
DEVICES = pathlib.Path(__file__).parents[2] / "tools" / "sim" / "devices"
FILES = ("database.db", "state.json", "configuration.yaml", "coordinator_backup.json")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_listening(port):
    """Without a connection: the simulator serves one, and it is the program's."""
    with open("/proc/net/tcp") as table:
        return any(fields[1].endswith(f":{port:04X}") and fields[3] == "0A"
                   for fields in map(str.split, table))


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.02)


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


class Rig:
    """`programs` are started one after the other on the same directory; the last one stays."""

    def __init__(self, programs, binaries, extra=""):
        self.programs = list(programs)
        self.binaries = binaries
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="interop-" + "-".join(programs) + "-"))
        self.data = self.folder / "data"
        self.data.mkdir(exist_ok=True)
        self.mqtt_port, self.sim_port = free_port(), free_port()
        self.control = self.folder / "sim.sock"
        self.children = {}
        (self.data / "configuration.yaml").write_text(
            CONFIGURATION.format(mqtt_port=self.mqtt_port, sim_port=self.sim_port) + extra)

    def __enter__(self):
        self.start_broker()
        self.start_sim()
        return self

    def __exit__(self, kind, *_):
        for name in reversed(list(self.children)):
            self.stop(name)
        if kind is None:
            shutil.rmtree(self.folder)
        else:
            print(f"files kept in {self.folder}")

    def _start(self, name, command, **options):
        with open(self.folder / f"{name}.log", "ab") as log:
            self.children[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                                   stderr=subprocess.STDOUT, **options)

    def stop(self, name, signum=signal.SIGTERM):
        child = self.children.pop(name)
        child.send_signal(signum)
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def start_broker(self):
        conf = self.folder / "mosquitto.conf"
        conf.write_text(f"listener {self.mqtt_port} 127.0.0.1\nallow_anonymous true\n")
        self._start("broker", ["mosquitto", "-c", str(conf)], env={**os.environ, "PATH": PATH})

        def open_now():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.mqtt_port)) == 0
        wait_until(open_now, 10, "mosquitto")
        self.mqtt = Watcher(self.mqtt_port)
        self.children["watcher"] = self.mqtt.process

        def hears():
            self.publish("rig/hello", "1")
            return self.mqtt.messages
        wait_until(hears, 10, "mosquitto_sub")

    def start_sim(self):
        self._start("sim", [self.binaries["sim"], "--listen", f"127.0.0.1:{self.sim_port}", "--nv",
                            str(self.folder / "nv.json"), "--control", str(self.control),
                            "--devices", str(self._devices())])
        wait_until(lambda: self.control.exists() and is_listening(self.sim_port), 10, "the simulator")

    def _devices(self):
        """The switch, but silent after it joined: its report would meet the interview now at one
        point, now at another, and both programs leave out what they know already."""
        folder = self.folder / "devices"
        folder.mkdir()
        device = json.loads((DEVICES / "qbkg04lm.json").read_text())
        device["after_join"] = []
        (folder / "qbkg04lm.json").write_text(json.dumps(device))
        return folder

    def start_program(self):
        program = self.programs.pop(0) if len(self.programs) > 1 else self.programs[0]
        self.running = program
        begun = len(self.mqtt.messages)
        if program == "waggle":
            command, options = [self.binaries["waggle"], "run", "--data", str(self.data)], {}
        else:
            command = [self.binaries["node"], str(pathlib.Path(self.binaries["z2m"]) / "index.js")]
            # In a folder under git, be it any, it takes itself for a checkout that has to be built.
            ceiling = str(pathlib.Path(self.binaries["z2m"]).resolve().parent)
            options = {"env": {**os.environ, "ZIGBEE2MQTT_DATA": str(self.data),
                               "GIT_CEILING_DIRECTORIES": ceiling},
                       "cwd": self.binaries["z2m"]}
        self._start("program", command, **options)
        self.wait_ready(begun)

    def wait_ready(self, begun):
        """zigbee2mqtt loses requests that come between `online` and the line in the log."""
        started = "Zigbee2MQTT started!"
        self.mqtt.wait("zigbee2mqtt/bridge/state", lambda m: "online" in m.payload, 60, begun)
        if self.running == "zigbee2mqtt":
            self.mqtt.wait("zigbee2mqtt/bridge/logging", lambda m: started in m.payload, 60, begun)

    def settle(self, quiet=0.3, limit=20.0):
        """Until nothing is said and nothing is worked on: on a busy machine silence alone is not enough."""
        end = time.monotonic() + limit
        before = None
        while time.monotonic() < end:
            now = (len(self.mqtt.messages), *self._processor_time())
            if before and now[0] == before[0] and all(b - a <= 2 for a, b in zip(before[1:], now[1:])):
                return
            before = now
            time.sleep(quiet)

    def _processor_time(self):
        """Hundredths of a second that the program and the simulator have used; one that waits for the
        processor counts as working."""
        times = []
        for name in ("program", "sim"):
            child = self.children.get(name)
            try:
                fields = open(f"/proc/{child.pid}/stat").read().rsplit(")", 1)[1].split()
                times.append(int(fields[11]) + int(fields[12]) + (time.monotonic() * 100 if fields[0] == "R" else 0))
            except (AttributeError, OSError):
                times.append(0)
        return times

    def sim(self, *arguments):
        done = subprocess.run([self.binaries["sim"], "--control", str(self.control), *arguments],
                              capture_output=True, text=True, check=False, timeout=30)
        if done.returncode:
            raise RuntimeError(f"waggle-sim {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

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


def find_binaries():
    """What is needed, from the environment, or a sentence saying what is missing."""
    oracle = os.environ.get("WAGGLE_ORACLE", "")
    z2m = pathlib.Path(oracle) / "node_modules" / "zigbee2mqtt"
    if not oracle or not (z2m / "index.js").exists():
        return None, ("zigbee2mqtt is not here: tests/interop/install FOLDER gets it, "
                      "WAGGLE_ORACLE=FOLDER says where it is")
    own = pathlib.Path(oracle) / "node_modules" / "node" / "bin" / "node"
    node = str(own) if own.exists() else shutil.which("node")
    if not node:
        return None, "Node 20 or newer is missing (tests/interop/install brings one)"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.strip().lstrip("v").split(".")[0]) < 20:
        return None, f"zigbee2mqtt needs Node 20, this is {version.strip()}"
    for program in ("mosquitto", "mosquitto_sub", "mosquitto_pub"):
        if not shutil.which(program, path=PATH):
            return None, f"{program} is missing"
    for name in ("WAGGLE_BINARY", "WAGGLE_SIM"):
        if not os.environ.get(name):
            return None, f"{name} says which binary is tested"
    return {"waggle": os.environ["WAGGLE_BINARY"], "sim": os.environ["WAGGLE_SIM"], "node": node,
            "z2m": str(z2m)}, ""
