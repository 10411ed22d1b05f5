"""Reads a JSON list and prints a line for each value: its kind and its bits."""

import json
import struct
import sys


def line(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"bool {str(value).lower()}"
    if isinstance(value, int):
        return f"int {value}"
    if isinstance(value, float):
        return f"float {struct.unpack('<Q', struct.pack('<d', value))[0]:x}"
    return " ".join(["str"] + [f"{byte:x}" for byte in value.encode()]) + (
        "" if value else " "
    )


with open(sys.argv[1], encoding="utf-8") as file:
    for item in json.load(file):
        print(line(item))
