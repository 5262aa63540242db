#!/usr/bin/env python3
"""Makes a file that is no good plugin out of a good one.

usage: damage.py WAY GOOD.so RESULT.so     WAY: text, empty, cut, other_machine, other_width, no_sections
"""
import pathlib
import struct
import sys


def main():
    way, good, result = sys.argv[1:]
    content = bytearray(pathlib.Path(good).read_bytes())
    if way == "text":
        content = b"this is no module\n"
    elif way == "empty":
        content = b""
    elif way == "cut":  # behind the header, before the section table at the end
        content = content[: len(content) // 2]
    elif way == "other_machine":  # e_machine: S/390
        struct.pack_into("<H", content, 18, 22)
    elif way == "other_width":  # EI_CLASS: the other one
        content[4] = 3 - content[4]
    elif way == "other_order":  # EI_DATA: big endian
        content[5] = 2
    pathlib.Path(result).write_bytes(content)


main()
