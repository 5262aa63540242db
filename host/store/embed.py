#!/usr/bin/env python3
"""Turns schema.json into a C++ source with two texts: in the file's order, which decides the order
of error messages, and with sorted keys, as it goes to MQTT."""
import json
import sys


def literal(text):
    # A string literal may be limited to 64 KiB; adjacent pieces are one literal all the same.
    pieces = [text[i:i + 8000] for i in range(0, len(text), 8000)]
    return "\n    ".join(f'R"schema({piece})schema"' for piece in pieces)


source, target = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    schema = json.load(file)
with open(target, "w", encoding="utf-8") as file:
    file.write('#include "store/schema.hpp"\n\nnamespace waggle::store {\n')
    for name, is_sorted in (("schema_text", False), ("sorted_schema_text", True)):
        text = json.dumps(schema, separators=(",", ":"), ensure_ascii=False, sort_keys=is_sorted)
        file.write(f"\nconst std::string_view {name} =\n    {literal(text)};\n")
    file.write("\n}  // namespace waggle::store\n")
