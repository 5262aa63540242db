#!/usr/bin/env python3
"""Fails when an include goes up a floor or to a folder that its folder may not see.

The table is the one of the architecture: a folder may include itself and what is listed for it.
Run as a Meson test and by hand: tools/check/layers.py [ROOT]
"""
import pathlib
import re
import sys

BELOW = {
    "base": [],
    "zigbee": ["base"],
    "store": ["base"],
    "mqtt": ["base"],
    "coordinator": ["zigbee", "store", "base"],
    "network": ["coordinator", "zigbee", "store", "base"],
    "plugin": ["network", "coordinator", "zigbee", "store", "base", "sdk"],
    "engine": ["plugin", "network", "coordinator", "zigbee", "store", "mqtt", "base", "sdk"],
    "bridge": ["ota", "engine", "plugin", "network", "coordinator", "zigbee", "store", "mqtt", "base"],
    "ota": ["engine", "plugin", "network", "coordinator", "zigbee", "store", "mqtt", "base", "sdk"],
    "web": ["engine", "plugin", "network", "coordinator", "zigbee", "store", "mqtt", "base"],
    "app": ["bridge", "web", "ota", "engine", "plugin", "network", "coordinator", "zigbee", "store",
            "mqtt", "base"],
    "main": ["app"],
}
# What a library may be used by: a pattern of the include, and the places allowed to have it.
LIBRARIES = [
    (r"boost/json", ["store", "plugin", "engine", "bridge", "ota", "web", "app",
                     "network/persistence"]),
    (r"boost/asio", ["base", "mqtt", "coordinator", "network", "plugin", "engine", "bridge", "ota",
                     "web", "app"]),
    (r"boost/dll", ["plugin"]),
    (r"spdlog", ["base/log.cpp"]),
    (r"yaml-cpp", ["store"]),
    (r"zip\.h", ["store"]),
    (r"mosquitto\.h", ["mqtt"]),
    (r"CLI/", ["app"]),
]
# The families of coordinators never see each other, and nobody above sees them.
FAMILIES = ["znp", "ezsp"]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def floor_of(path):
    parts = path.parts
    return "main" if len(parts) == 1 else parts[0]


def check_project_include(path, target, complaints):
    floor = floor_of(path)
    folder = target.split("/")[0]
    if folder == "waggle":
        folder = "sdk"
    if folder != floor and folder not in BELOW[floor]:
        complaints.append(f"host/{path}: {floor} may not include \"{target}\"")
    for family in FAMILIES:
        own = f"coordinator/{family}/"
        if target.startswith(own) and not str(path).startswith(own) \
                and not str(path).startswith("coordinator/registry"):
            complaints.append(f"host/{path}: \"{target}\" is private to its family")


def check_library_include(path, target, complaints):
    for pattern, places in LIBRARIES:
        if re.match(pattern, target) and not any(str(path).startswith(p) for p in places):
            complaints.append(f"host/{path}: <{target}> is not for this folder")
    if target == "boost/asio.hpp" and path.suffix == ".hpp":
        complaints.append(f"host/{path}: a header includes all of <boost/asio.hpp>")


def check_host(root, complaints):
    host = root / "host"
    for file in sorted(host.rglob("*.[ch]pp")):
        path = file.relative_to(host)
        if path.name == "precompiled.hpp":  # no floor's: each file's own includes count
            continue
        if floor_of(path) not in BELOW:
            complaints.append(f"host/{path}: no floor is called {floor_of(path)}")
            continue
        for kind, target in INCLUDE.findall(file.read_text()):
            known = target.split("/")[0] in BELOW or target.startswith("waggle/")
            if kind == '"' and "/" in target and known:
                check_project_include(path, target, complaints)
            elif target.startswith("waggle/"):
                check_project_include(path, target, complaints)
            else:
                check_library_include(path, target, complaints)


def check_outside(root, complaints):
    """Plugins see the SDK only, the SDK sees nothing, the simulator never sees the driver."""
    rules = [("plugins", r"^(base|zigbee|store|mqtt|coordinator|network|plugin|engine|bridge|app)/"),
             ("sdk/include", r"^(boost/|fmt/|base/|zigbee/|network/|plugin/|engine/)"),
             ("tools/sim", r"^(coordinator|network|plugin|engine|bridge|app|store|mqtt)/")]
    for folder, forbidden in rules:
        for file in sorted((root / folder).rglob("*.[ch]*")):
            if file.suffix not in (".h", ".hpp", ".c", ".cpp"):
                continue
            for _, target in INCLUDE.findall(file.read_text()):
                if re.match(forbidden, target) and not (file.parent / target).exists():
                    complaints.append(f"{file.relative_to(root)}: may not include {target}")


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    complaints = []
    check_host(root, complaints)
    check_outside(root, complaints)
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
