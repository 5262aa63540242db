#!/usr/bin/env python3
"""Adds the section .waggle.models to a plugin that was just linked.

usage: index_plugin.py WAGGLE_MODELS OBJCOPY LINKED.so RESULT.so

The section is not mapped when the plugin is loaded; the host reads it from the file.
"""
import pathlib
import subprocess
import sys
import tempfile


def main():
    models_tool, objcopy, linked, result = sys.argv[1:]
    models = subprocess.run([models_tool, str(pathlib.Path(linked).resolve())],
                            check=True, stdout=subprocess.PIPE).stdout
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "models.json"
        file.write_bytes(models)
        subprocess.run([objcopy, "--remove-section=.waggle.models",
                        f"--add-section=.waggle.models={file}",
                        "--set-section-flags=.waggle.models=readonly,contents",
                        linked, result], check=True)


main()
