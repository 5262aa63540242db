#!/usr/bin/env python3
"""The requests that the bridge takes are those that host/doc/mqtt.md lists as taken."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
routes = set(re.findall(r'^\s*\{"([a-z_/]+)", &',
                        (root / "host/bridge/requests/routes.cpp").read_text(), re.M))
section = (root / "host/doc/mqtt.md").read_text().split("\n## Requests\n")[1].split("\n## ")[0]
taken, others = set(), set()
for line in section.splitlines():
    cells = line.split("|")
    if len(cells) > 3:
        (others if "not in this version" in cells[3] else taken).update(re.findall(r"`([a-z_/]+)`", cells[1]))
faults = [f"{name} is missing" for name in sorted(routes - taken)] + \
    [f"{name} is listed and there is no such request" for name in sorted(taken - routes)] + \
    [f"{name} is there, and said not to be" for name in sorted(others & routes)]
if not routes or faults:
    sys.exit("host/doc/mqtt.md: " + ("; ".join(faults) or "no routes found"))
print(f"{len(routes)} requests, all in host/doc/mqtt.md")
