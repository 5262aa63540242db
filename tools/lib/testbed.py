"""A broker, the simulated radio and one of the two programs, on free loopback ports in a temporary folder.
All is stopped by its process id. What the benchmark and the comparison with zigbee2mqtt stand on."""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
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
{advanced}frontend:
  enabled: false
homeassistant:
  enabled: false
"""
PATH = os.environ["PATH"] + ":/usr/sbin"


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


def is_listening(port):
    """Without a connection: the simulator serves one, and it is the program's."""
    with open("/proc/net/tcp") as table:
        return any(fields[1].endswith(f":{port:04X}") and fields[3] == "0A"
                   for fields in map(str.split, table))


class Testbed:
    """Derived ones say what the simulator is started with, and who watches."""

    broker_options = ""

    def __init__(self, prefix, binaries, advanced="", more=""):
        self.binaries = binaries
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=prefix))
        self.data = self.folder / "data"
        self.data.mkdir()
        self.mqtt_port, self.sim_port = free_port(), free_port()
        self.control = self.folder / "sim.sock"
        self.children = {}
        text = CONFIGURATION.format(mqtt_port=self.mqtt_port, sim_port=self.sim_port, advanced=advanced)
        for section in re.findall(r"^(\w+):", more, re.M):  # in place of the standard one
            text = re.sub(rf"^{section}:\n(?: .*\n)+", "", text, flags=re.M)
        (self.data / "configuration.yaml").write_text(text + more)

    def __enter__(self):
        try:
            self.start_broker()
            self.start_sim()
        except BaseException:
            self.__exit__(OSError)
            raise
        return self

    def __exit__(self, kind, *_):
        for name in reversed(list(self.children)):
            self.stop(name)
        if kind is None:
            shutil.rmtree(self.folder)
        else:
            print(f"files kept in {self.folder}")

    def start(self, name, command, **options):
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
        conf.write_text(f"listener {self.mqtt_port} 127.0.0.1\nallow_anonymous true\n"
                        + self.broker_options)
        self.start("broker", ["mosquitto", "-c", str(conf)], env={**os.environ, "PATH": PATH})

        def is_open():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.mqtt_port)) == 0
        wait_until(is_open, 10, "mosquitto")

    def start_sim(self, *options):
        self.start("sim", [self.binaries["sim"], "--listen", f"127.0.0.1:{self.sim_port}", "--nv",
                           str(self.folder / "nv.json"), "--control", str(self.control), *options])
        wait_until(lambda: self.control.exists() and is_listening(self.sim_port), 10, "the simulator")

    def command(self, program):
        """-> what starts it, and options of Popen"""
        if program == "waggle":
            return [self.binaries["waggle"], "run", "--data", str(self.data)], {}
        z2m = pathlib.Path(self.binaries["z2m"])
        # In a folder under git, be it any, it takes itself for a checkout that has to be built.
        return [self.binaries["node"], str(z2m / "index.js")], {
            "env": {**os.environ, "ZIGBEE2MQTT_DATA": str(self.data),
                    "GIT_CEILING_DIRECTORIES": str(z2m.resolve().parent)},
            "cwd": self.binaries["z2m"]}
