#!/usr/bin/env python3
"""Fails unless a plugin shows exactly one symbol, waggle_plugin.

usage: one_symbol.py NM PLUGIN.so
"""
import subprocess
import sys

nm, plugin = sys.argv[1:]
lines = subprocess.run([nm, "-D", "--defined-only", plugin], check=True, text=True,
                       stdout=subprocess.PIPE).stdout.splitlines()
symbols = [line.split()[-1] for line in lines]
if symbols != ["waggle_plugin"]:
    sys.exit(f"{plugin} shows {symbols}")
