#!/usr/bin/env python3
"""Makes Zigbee OTA images [ZCL8 11.4] for tests: a header, and octets that follow from the version.

    make_image.py FILE --manufacturer 0x115f --type 0x0101 --version 22 [--size 4000] [--text TEXT]
                  [--hardware LEAST:MOST] [--before N] [--after N] [--damage]

`--before` and `--after` put octets around it, as makers' containers do. What is printed is the image's entry
of an index.
"""
import argparse
import hashlib
import json
import pathlib
import random
import struct

IDENTIFIER = 0x0BEEF11E


def image(manufacturer, image_type, version, size=4000, text="", hardware=None, before=0, after=0):
    """-> the octets of the file; `size` of them are the image's."""
    control = 4 if hardware else 0
    tail = struct.pack("<HH", *hardware) if hardware else b""
    length = 56 + len(tail)
    header = struct.pack("<IHHHHHIH32sI", IDENTIFIER, 0x0100, length, control, manufacturer, image_type,
                         version, 2, text.encode(), size) + tail
    noise = random.Random(version)
    octets = noise.randbytes(size - length - 6)
    around = noise.randbytes(before).replace(b"\x1e", b"\x1f"), noise.randbytes(after)
    return around[0] + header + struct.pack("<HI", 0, len(octets)) + octets + around[1]


def entry(place, octets, **more):
    """The entry of an index, for a file of image()."""
    start = octets.index(struct.pack("<I", IDENTIFIER))
    manufacturer, image_type, version = struct.unpack_from("<HHI", octets, start + 10)
    return {"url": str(place), "manufacturerCode": manufacturer, "imageType": image_type, "fileVersion": version,
            "fileSize": len(octets), "sha512": hashlib.sha512(octets).hexdigest(), **more}


def main():
    number = lambda text: int(text, 0)  # noqa: E731
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--manufacturer", type=number, required=True)
    parser.add_argument("--type", type=number, required=True)
    parser.add_argument("--version", type=number, required=True)
    parser.add_argument("--size", type=number, default=4000)
    parser.add_argument("--text", default="")
    parser.add_argument("--hardware", type=lambda text: tuple(int(n, 0) for n in text.split(":")))
    parser.add_argument("--before", type=number, default=0)
    parser.add_argument("--after", type=number, default=0)
    parser.add_argument("--damage", action="store_true", help="the entry's hash is not the file's")
    given = parser.parse_args()
    octets = image(given.manufacturer, given.type, given.version, given.size, given.text, given.hardware,
                   given.before, given.after)
    given.file.write_bytes(octets)
    described = entry(given.file.name, octets)
    if given.damage:
        described["sha512"] = "0" * 128
    print(json.dumps(described))


if __name__ == "__main__":
    main()
