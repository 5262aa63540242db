#!/usr/bin/env python3
"""Every request that the bridge takes stands in host/doc/mqtt.md."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
routes = re.findall(r'^\s*\{"([a-z_/]+)", &',
                    (root / "host/bridge/requests/routes.cpp").read_text(), re.M)
documented = set(re.findall(r"`([a-z_/]+)`", (root / "host/doc/mqtt.md").read_text()))
missing = [name for name in routes if name not in documented]
if not routes or missing:
    sys.exit(f"not in host/doc/mqtt.md: {', '.join(missing) or 'no routes found'}")
print(f"{len(routes)} requests, all in host/doc/mqtt.md")
