"""Evaluates the SQL of cases in DuckDB; the protocol is that of evaluate_expressions.py, and a
case also has {"sql", "type"}. `try` gives null where DuckDB would stop at a row.
"""

import json
import struct
import sys

import duckdb

from evaluate_expressions import read
from values import FLOATS, canonical

SQL = {"int64": "bigint", "double": "double", "string": "varchar", "bool": "boolean",
       "int32": "integer", "float": "float", "timestamp": "bigint", "date": "integer"}


def cell(value, kind):
    if value is not None and kind in FLOATS:
        return struct.pack(">d", canonical(float(value))).hex()
    return value


def selected(name, kind):
    """Times travel as integers and become times here."""
    if kind == "timestamp":
        return f"make_timestamp({name}) as {name}"
    return f"date '1970-01-01' + {name} as {name}" if kind == "date" else name


def fill(connection, case):
    kinds = case["columns"]
    columns = ", ".join(f"{name} {SQL[kind]}" for name, kind in kinds.items())
    connection.execute(f"create or replace table cells (position integer, {columns})")
    rows = [[at] + [read(one, kind) for one, kind in zip(row, kinds.values())]
            for at, row in enumerate(case["rows"])]
    marks = ", ".join("?" * (1 + len(kinds)))
    connection.executemany(f"insert into cells values ({marks})", rows)
    names = ", ".join(selected(name, kind) for name, kind in kinds.items())
    return f"(select position, {names} from cells)"


def main():
    connection, table, shown = duckdb.connect(), None, None
    for line in sys.stdin:
        case = json.loads(line)
        if shown != (case["columns"], case["rows"]):
            shown = (case["columns"], case["rows"])
            table = fill(connection, case)
        found = connection.execute(
            f"select try({case['sql']}) from {table} order by position").fetchall()
        cells = [cell(value, case["type"]) for (value,) in found]
        print(case["type"], json.dumps(cells, ensure_ascii=False))


if __name__ == "__main__":
    main()
