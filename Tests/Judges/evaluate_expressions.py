"""Evaluates expressions with the oracle: one JSON case a line in, type and cells a line out.

A case is {"text", "columns": {name: type}, "rows": [[cell]]}. Doubles travel as the hex
digits of their bits, so that nothing is rounded on the way; null is null.
"""

import json
import struct
import sys

from expressions import compile_expression
from values import FLOATS


def read(cell, kind):
    if cell is None or kind not in FLOATS:
        return cell
    return struct.unpack(">d", bytes.fromhex(cell))[0]


def write(value, kind):
    if value is None:
        return None
    if kind in FLOATS:
        return struct.pack(">d", float(value)).hex()
    return value


def main():
    for line in sys.stdin:
        case = json.loads(line)
        kinds = list(case["columns"].values())
        scope = {name: (kind, lambda row, at=at: row[at])
                 for at, (name, kind) in enumerate(case["columns"].items())}
        kind, function = compile_expression(case["text"], scope)
        cells = []
        for row in case["rows"]:
            values = [read(cell, kinds[at]) for at, cell in enumerate(row)]
            cells.append(write(function(values), kind))
        print(kind, json.dumps(cells, ensure_ascii=False))


if __name__ == "__main__":
    main()
