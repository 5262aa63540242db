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


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.02)


class Message:
    def __init__(self, line):
        fields = json.loads(line)
        self.topic = fields["topic"]
        self.payload = fields.get("payload", "")
        self.retain = bool(fields["retain"])
        self.qos = fields["qos"]
        self.at = time.monotonic()

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
             "-t", "zigbee2mqtt/#", "--retain-as-published", "-F",
             '%j'],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.messages.append(Message(line))

    def settle(self, quiet=0.4, limit=20.0):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            count = len(self.messages)
            time.sleep(quiet)
            if len(self.messages) == count:
                return

    def wait(self, topic, fits, seconds, start=0):
        def found():
            return any(m.topic == topic and fits(m) for m in self.messages[start:])
        wait_until(found, seconds, f"a message on {topic}")


class Rig:
    def __init__(self, program, binaries, configuration=CONFIGURATION, folder=None, sim_arguments=()):
        self.program = program
        self.binaries = binaries
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix=f"interop-{program}-"))
        self.data = self.folder / "data"
        self.data.mkdir(exist_ok=True)
        self.mqtt_port, self.sim_port = free_port(), free_port()
        self.control = self.folder / "sim.sock"
        self.sim_arguments = list(sim_arguments)
        self.children = {}
        if configuration:
            (self.data / "configuration.yaml").write_text(
                configuration.format(mqtt_port=self.mqtt_port, sim_port=self.sim_port))

    def __enter__(self):
        self.start_broker()
        self.start_sim()
        return self

    def __exit__(self, kind, *_):
        for name in list(self.children):
            self.stop(name)
        if kind is None:
            shutil.rmtree(self.folder)
        else:
            print(f"files kept in {self.folder}")

    def _start(self, name, command, **options):
        log = open(self.folder / f"{name}.log", "ab")
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
        path = os.environ["PATH"] + ":/usr/sbin"
        self._start("broker", ["mosquitto", "-c", str(conf)], env={**os.environ, "PATH": path})

        def open_now():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.mqtt_port)) == 0
        wait_until(open_now, 10, "mosquitto")
        self.mqtt = Watcher(self.mqtt_port)
        self.children["watcher"] = self.mqtt.process
        self.publish("rig/hello", "1")
        time.sleep(0.2)

    def start_sim(self):
        self._start("sim", [self.binaries["sim"], "--listen", f"127.0.0.1:{self.sim_port}", "--nv",
                            str(self.folder / "nv.json"), "--control", str(self.control),
                            *self.sim_arguments])
        wait_until(self.control.exists, 10, "the simulator")

    def start_program(self):
        begun = len(self.mqtt.messages)
        if self.program == "waggle":
            command, options = [self.binaries["waggle"], "run", "--data", str(self.data)], {}
        else:
            command = [self.binaries["node"], str(pathlib.Path(self.binaries["z2m"]) / "index.js")]
            options = {"env": {**os.environ, "ZIGBEE2MQTT_DATA": str(self.data)},
                       "cwd": self.binaries["z2m"]}
        self._start("program", command, **options)
        self.mqtt.wait("zigbee2mqtt/bridge/state", lambda m: "online" in m.payload, 60, begun)

    def sim(self, *arguments):
        done = subprocess.run([self.binaries["sim"], "--control", str(self.control), *arguments],
                              capture_output=True, text=True, check=False, timeout=30)
        if done.returncode:
            raise RuntimeError(f"waggle-sim {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def publish(self, topic, payload, retain=False):
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.mqtt_port), "-t", topic,
                        "-m", payload, *(["-r"] if retain else [])], check=True, timeout=10)


def find_binaries():
    """What is needed, from the environment, or a sentence saying what is missing."""
    oracle = os.environ.get("WAGGLE_ORACLE", "")
    z2m = pathlib.Path(oracle) / "node_modules" / "zigbee2mqtt"
    node = pathlib.Path(oracle) / "node_modules" / "node" / "bin" / "node"
    node = str(node) if node.exists() else shutil.which("node")
    if not oracle or not (z2m / "index.js").exists():
        return None, "set WAGGLE_ORACLE to a folder where `npm install zigbee2mqtt` was run"
    if not node:
        return None, "Node 20 or newer is missing (the npm package `node` carries one)"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.strip().lstrip("v").split(".")[0]) < 20:
        return None, f"zigbee2mqtt needs Node 20, this is {version.strip()}"
    if not shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin"):
        return None, "mosquitto is missing"
    return {"waggle": os.environ.get("WAGGLE_BINARY"), "sim": os.environ.get("WAGGLE_SIM"),
            "node": node, "z2m": str(z2m)}, ""
