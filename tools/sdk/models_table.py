#!/usr/bin/env python3
"""Writes the table of all models that plugins serve: vendor, model, description, exposes.

    models_table.py WAGGLE PLUGIN ... > plugins/MODELS.md
    models_table.py --check plugins/MODELS.md WAGGLE PLUGIN ...     exit code 1 when it is another
"""
import json
import pathlib
import subprocess
import sys


def exposes_of(exposes):
    names = []
    for expose in exposes:
        inner = [f["name"] for f in expose.get("features", []) if "name" in f]
        if "property" in expose:
            names.append(expose["property"])
        else:
            names.append(f"{expose['type']} ({', '.join(inner)})")
    return ", ".join(dict.fromkeys(names))


def rows_of(waggle, plugin):
    done = subprocess.run([waggle, "plugin", "--json", "inspect", plugin], capture_output=True, text=True, check=True)
    for definition in json.loads(done.stdout)["definitions"]:
        models = ", ".join(f"`{m}`" for m in definition["zigbee_models"])
        yield definition["vendor"], definition["model"], definition["description"], models, \
            exposes_of(definition["exposes"])


def table(waggle, plugins):
    rows = sorted({row for plugin in plugins for row in rows_of(waggle, plugin)})
    out = ["# Models", "", f"Made by `tools/sdk/models_table.py`. {len(rows)} models; what no plugin names gets a",
           "definition made of its clusters by `plugins/standard`.", "",
           "| Vendor | Model | | Zigbee model | Exposes |", "|---|---|---|---|---|"]
    out += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(out) + "\n"


def main():
    arguments = sys.argv[1:]
    if len(arguments) < 2:
        sys.exit(__doc__)
    if arguments[0] != "--check":
        sys.stdout.write(table(arguments[0], arguments[1:]))
    elif pathlib.Path(arguments[1]).read_text() != table(arguments[2], arguments[3:]):
        sys.exit(f"{arguments[1]} is not what the plugins serve; make it anew")


main()
