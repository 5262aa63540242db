#!/usr/bin/env python3
"""Each header compiles alone, and starts with #pragma once. Takes only what others leave of the
processors: it runs beside tests that wait for each other.

A header that is the first include of a source file of the same name is compiled alone wherever that
file is built without the precompiled headers, as with Clang: only the others are compiled here.

    headers.py ROOT COMPILER [FLAG ...]
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys


def check(header, root, compiler):
    if "#pragma once" not in header.read_text() and "#ifndef" not in header.read_text():
        return f"{header}: no include guard"
    done = subprocess.run(
        [*compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-x", "c++",
         f"-I{root / 'host'}", f"-I{root / 'sdk/include'}", "-include", str(header), os.devnull],
        capture_output=True, text=True, check=False)
    return f"{header}: does not compile alone\n{done.stderr}" if done.returncode else None


def is_first_of_its_source(header, root):
    source = header.with_suffix(".cpp")
    if not source.exists():
        return False
    include = re.search(r'^#include ["<](.*)[">]', source.read_text(), re.M)
    return bool(include) and header == root / "host" / include[1]


def main():
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    root = pathlib.Path(sys.argv[1]).resolve()
    headers = [h for folder in ("host", "sdk/include") for h in sorted((root / folder).rglob("*.h*"))
               if h.suffix in (".h", ".hpp") and not is_first_of_its_source(h, root)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = [c for c in pool.map(lambda h: check(h, root, sys.argv[2:]), headers) if c]
    print("\n".join(complaints))
    print(f"{len(headers)} headers, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
