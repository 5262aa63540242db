#!/usr/bin/env python3
"""Reports file and function lengths beside the guide's numbers. A report, never a gate.

    sizes.py ROOT      needs universal-ctags
"""
import json
import pathlib
import subprocess
import sys


def percentile(values, share):
    return sorted(values)[int(len(values) * share)] if values else 0


def functions(root, files):
    out = subprocess.run(["ctags", "--output-format=json", "--fields=+ne", "--kinds-C++=f", "-o", "-",
                          *map(str, files)], capture_output=True, text=True, check=True, cwd=root)
    for line in out.stdout.splitlines():
        tag = json.loads(line)
        if "end" in tag:
            yield tag["end"] - tag["line"] + 1, f"{tag['path']}:{tag['line']} {tag['name']}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    listed = subprocess.run(["git", "ls-files", "host", "sdk", "plugins", "tools"], cwd=root,
                            capture_output=True, text=True, check=True).stdout.split()
    files = [f for f in listed if f.endswith((".cpp", ".hpp", ".h"))]
    lengths = {f: (root / f).read_text().count("\n") for f in files}
    found = list(functions(root, files))
    sizes = [n for n, _ in found]
    print(f"files {len(files)}: median {percentile(lengths.values(), .5)}, max {max(lengths.values())}")
    for name, count in sorted(lengths.items(), key=lambda item: -item[1])[:10]:
        if count > 400:
            print(f"  {count:5} {name}")
    print(f"functions {len(sizes)}: median {percentile(sizes, .5)}, p90 {percentile(sizes, .9)}, "
          f"p99 {percentile(sizes, .99)} (guide: 10, 30)")
    for count, name in sorted(found, reverse=True)[:15]:
        if count > 40:
            print(f"  {count:5} {name}")


if __name__ == "__main__":
    main()
