"""Folds lists of values exactly, for the tests of the Swift aggregates.

Argument: a file with a line for each list, `double` and bit patterns in hexadecimal, or `integer`
and decimal numbers. Standard output: a line for each with sum, mean, variance, stddev, min and max,
doubles as bit patterns, integers as decimal numbers, null as `-`.
"""

import struct
import sys

from aggregates import VALUE_OF
from values import canonical

NAMES = ("sum", "mean", "variance", "stddev", "min", "max")


def read(kind, word):
    if kind == "integer":
        return int(word)
    return canonical(struct.unpack(">d", bytes.fromhex(word))[0])


def show(value):
    if value is None:
        return "-"
    if isinstance(value, int):
        return str(value)
    return struct.pack(">d", value).hex()


with open(sys.argv[1], encoding="ascii") as lines:
    for line in lines:
        kind, *words = line.split()
        values = [read(kind, word) for word in words]
        print(*(show(VALUE_OF[name](values, frozenset())) for name in NAMES))
