#!/usr/bin/env python3
"""Every key of the schema stands in host/doc/configuration.md, and every test named there exists.

A row is `| keys | what | shown by |`; what stands in backticks in the first cell is a key (a last
part `*` stands for all below), in the last cell a test: the name of a Boost.Test case, or
`interop:NAME` for a scenario of tests/interop. Tables with two columns need no test: they say why
a key has no effect.
"""
import json
import pathlib
import re
import sys


def leaves(node, path=()):
    properties = dict(node.get("properties") or {})
    for choice in node.get("oneOf", []) + node.get("anyOf", []):
        properties |= choice.get("properties") or {}
    for key in node.get("patternProperties") or {}:
        properties["*"] = {"leaf": key}
    if not properties:
        return {".".join(path)}
    return set().union(*(leaves(inner, (*path, key)) for key, inner in properties.items()))


def rows(text):
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) >= 2 and cells[0].startswith("`"):
            yield re.findall(r"`([^`]+)`", cells[0]), cells


def known_tests(root):
    found = set()
    for file in (root / "tests").rglob("*.cpp"):
        found |= set(re.findall(r"BOOST_\w*TEST_CASE\(\s*(\w+)", file.read_text()))
    for file in (root / "tests" / "interop").glob("*.py"):
        found |= {f"interop:{name}" for name in re.findall(r"[\"'](\w+)[\"']", file.read_text())}
    return found


def covers(key, leaf):
    return key == leaf or key.endswith(".*") and leaf.startswith(key[:-1])


def main():
    root = pathlib.Path(sys.argv[1])
    schema = json.loads((root / "host/store/schema.json").read_text())
    text = (root / "host/doc/configuration.md").read_text()
    listed, faults = set(), []
    tests = known_tests(root)
    wanted = leaves(schema)
    for keys, cells in rows(text):
        listed |= set(keys)
        named = re.findall(r"`([^`]+)`", cells[2]) if len(cells) > 2 else []
        if len(cells) > 2 and not named:
            faults.append(f"{cells[0]}: no test")
        faults += [f"{cells[0]}: there is no test {name}" for name in named if name not in tests]
    faults += [f"{leaf} is not in host/doc/configuration.md" for leaf in sorted(wanted)
               if not any(covers(key, leaf) for key in listed)]
    print("\n".join(faults) or f"{len(wanted)} keys, all listed; every test named exists")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
