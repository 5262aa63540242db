"""The test stand: a broker, the simulated radio and one of the two programs, on free loopback ports in a
temporary folder. All is stopped by its process id. (The interop tests have a rig of their own: it
watches everything, which this one must not.)"""
import json
import os
import pathlib
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
frontend:
  enabled: false
homeassistant:
  enabled: false
"""
BROKER = """listener {port} 127.0.0.1
allow_anonymous true
max_queued_messages 0
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


def database_row(number, device):
    """A line of database.db for a device as the simulator describes it, interviewed and configured."""
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


class Stand:
    """A network of `devices` switches."""

    def __init__(self, program, binaries, devices):
        self.program, self.binaries = program, binaries
        self.fleet = ["--fleet", str(devices), "--fleet-model", "qbkg04lm"]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"bench-{program}-"))
        self.data = self.folder / "data"
        self.data.mkdir()
        self.mqtt_port, self.sim_port = free_port(), free_port()
        self.control = self.folder / "sim.sock"
        self.children = {}

    def __enter__(self):
        (self.data / "configuration.yaml").write_text(
            CONFIGURATION.format(mqtt_port=self.mqtt_port, sim_port=self.sim_port))
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

    def start(self, name, command, **options):
        with open(self.folder / f"{name}.log", "ab") as log:
            self.children[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                                   stderr=subprocess.STDOUT, **options)

    def stop(self, name):
        child = self.children.pop(name)
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def start_broker(self):
        conf = self.folder / "mosquitto.conf"
        conf.write_text(BROKER.format(port=self.mqtt_port))
        path = os.environ["PATH"] + ":/usr/sbin"
        self.start("broker", ["mosquitto", "-c", str(conf)], env={**os.environ, "PATH": path})

        def is_open():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.mqtt_port)) == 0
        wait_until(is_open, 10, "mosquitto")

    def start_sim(self, *more):
        self.start("sim", [self.binaries["sim"], "--listen", f"127.0.0.1:{self.sim_port}", "--nv",
                           str(self.folder / "nv.json"), "--control", str(self.control),
                           *self.fleet, *more])
        wait_until(self.control.exists, 10, "the simulator")

    def start_program(self):
        """-> milliseconds from the command to `online` on MQTT"""
        seen = self.folder / "state.txt"
        watcher = self.probe("watch", self.mqtt_port, "zigbee2mqtt/bridge/state", seen)
        if self.program == "waggle":
            command, options = [self.binaries["waggle"], "run", "--data", str(self.data)], {}
        else:
            command = [self.binaries["node"], str(pathlib.Path(self.binaries["z2m"]) / "index.js")]
            # In a folder under git, be it any, it takes itself for a checkout that has to be built.
            ceiling = str(pathlib.Path(self.binaries["z2m"]).resolve().parent)
            options = {"env": {**os.environ, "ZIGBEE2MQTT_DATA": str(self.data),
                               "GIT_CEILING_DIRECTORIES": ceiling},
                       "cwd": self.binaries["z2m"]}
        at = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        self.start("program", command, **options)

        def online():
            return [line for line in seen.read_text().splitlines() if "online" in line]
        wait_until(online, 120, f"{self.program} online")
        end(watcher)
        return (int(online()[0].split(" ", 1)[0]) - at) / 1e6

    def prepare(self):
        """Lets the program form the network, writes the devices into its database, and lets it start
        once more: it adds them to its configuration then, which is no part of a start."""
        self.start_program()
        self.stop("program")
        database = self.data / "database.db"
        rows = database.read_text().rstrip("\n")
        for number, device in enumerate(self.sim("fleet")["devices"], start=2):
            rows += "\n" + json.dumps(database_row(number, device), separators=(",", ":"))
        database.write_text(rows)
        self.start_program()
        self.stop("program")

    def sim(self, *arguments):
        done = subprocess.run([self.binaries["sim"], "--control", str(self.control),
                               *map(str, arguments)], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def probe(self, mode, port, *arguments):
        command = [self.binaries["probe"], mode, str(port), *map(str, arguments)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        if mode not in ("publish", "flood"):
            process.stdout.readline()  # "ready"
        return process

    @property
    def pid(self):
        return self.children["program"].pid


def end(process):
    process.terminate()
    process.wait()
