"""The benchmark's network: a number of devices that the program knows already, and a start that is timed."""
import json
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from testbed import Testbed, wait_until  # noqa: E402 (found only now)


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


class Stand(Testbed):
    """A network of so many devices: switches, or of every kind that the simulator has."""

    broker_options = "max_queued_messages 0\n"

    def __init__(self, program, binaries, devices, mixed=False, discovery=False):
        more = "homeassistant:\n  enabled: true\navailability:\n  enabled: true\n" if discovery else ""
        super().__init__(f"bench-{program}-", binaries, more=more)
        self.program = program
        self.fleet = ["--fleet", str(devices)]
        if mixed:
            for vendor in ("xiaomi", "ikea", "standard"):
                self.fleet += ["--device", vendor]
        else:
            self.fleet += ["--fleet-model", "qbkg04lm"]
        # of the reports in a burst, see the simulator's descriptions
        self.clusters = {"0006", "0008", "0201", "0300", "0400", "0402", "0405", "0B04"} if mixed else {"0006"}

    def start_sim(self, *more):
        super().start_sim(*self.fleet, *more)

    def start_program(self):
        """-> milliseconds from the command to `online` on MQTT"""
        seen = self.folder / "state.txt"
        watcher = self.probe("watch", self.mqtt_port, "zigbee2mqtt/bridge/state", seen)
        command, options = self.command(self.program)
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
