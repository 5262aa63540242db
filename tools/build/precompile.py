#!/usr/bin/env python3
"""Compiles a header once for all targets that include it first.

    precompile.py COMPILE_COMMANDS LIKE HEADER OUTPUT

Meson's own cpp_pch compiles the header anew for every target. This one reads from
compile_commands.json how the source file LIKE is compiled, and compiles HEADER in just that way to
OUTPUT.gch, beside OUTPUT, which only includes HEADER, for whoever cannot take the compiled form.
Every file with `-include OUTPUT` and the same flags is then served from it.
"""

import json
import shlex
import subprocess
import sys
from pathlib import Path


def flags_of(commands: Path, like: str) -> tuple[Path, list[str]]:
    for entry in json.loads(commands.read_text()):
        if Path(entry["directory"], entry["file"]).resolve() == Path(like).resolve():
            return Path(entry["directory"]), shlex.split(entry["command"])
    sys.exit(f"{commands} does not say how {like} is compiled")


def without_output(arguments: list[str]) -> list[str]:
    kept, skip = [], 0
    for argument in arguments:
        if skip:
            skip -= 1
        elif argument in ("-o", "-c", "-MF", "-MQ", "-MT", "-include"):
            skip = 1
        elif argument != "-MD" and Path(argument).name != "ccache":
            kept.append(argument)
    return kept


def main() -> None:
    commands, like, header, output = sys.argv[1:]
    directory, arguments = flags_of(Path(commands), like)
    target = Path(output).resolve()
    target.write_text(f'#include "{Path(header).resolve()}"\n')
    compiled = target.with_suffix(target.suffix + ".gch")
    how = without_output(arguments)
    if "clang" in Path(how[0]).name:
        how += ["-Xclang", "-fno-pch-timestamp"]  # the time is what ccache would compare
    done = subprocess.run(how + ["-x", "c++-header", str(target), "-o", str(compiled)], cwd=directory)
    sys.exit(done.returncode)


main()
