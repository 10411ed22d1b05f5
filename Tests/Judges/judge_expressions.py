"""Compares expressions of `roost dataset` with DuckDB's, on generated rows.

    python judge_expressions.py --roost PATH [--expressions 1000] [--rows 40] [--seed 1]

Every expression is a derived feature over request columns. Integers, strings, bools and times must
be the same; doubles lie within 4 units in the last place. Prints how many pairs of an expression
and a row were compared, and how many of them were not null.
"""

import argparse
import math
import random
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from project_files import ARROW, values_of
from shared_expressions import COLUMNS, KINDS, Shared
from values import canonical

PER_SERVICE = 100
NASTY = [0.0, 1.0, -1.0, 0.5, 2.5, -2.5, math.nan, math.inf, -math.inf, 1e308, -1e-308, 1e15]
TEXTS = ["", "a", "b", "abc", "a-b-c", " pad ", "é", "Zürich", "50%_off", "b-bb", "x" * 40]
PLAIN = ["", "Ab", "JFK", "n14228", "a-b", "  X "]


def cell(name, kind, draw):
    if draw.random() < 0.12:
        return None
    if name in ("c", "d"):
        return draw.choice([0.0, 0.5, -1.5, draw.uniform(-90, 90), draw.uniform(-2, 2)])
    if name == "u":
        return draw.choice(PLAIN)
    return {
        "double": lambda: draw.choice(NASTY + [draw.uniform(-100, 100)]),
        "int64": lambda: draw.choice([0, 1, -1, 2, 7, 2**63 - 1, -2**63, draw.randint(-99, 99)]),
        "int32": lambda: draw.choice([0, 1, -5, 1000]),
        "string": lambda: draw.choice(TEXTS), "bool": lambda: draw.random() < 0.5,
        "timestamp": lambda: draw.randint(-10**15, 4 * 10**15)}[kind]()


def spine(draw, rows):
    columns = {"id": pa.array(["x"] * rows), "timestamp": pa.array([0] * rows, ARROW["timestamp"])}
    for name, kind in COLUMNS.items():
        columns[name] = pa.array([cell(name, kind, draw) for _ in range(rows)], ARROW[kind])
    return pa.table(columns)


def definitions(pairs):
    """A project whose services have the expressions as derived features."""
    lines = [
        "project: expressions", "entities:", "  - name: thing", "    keys: { id: string }",
        "sources:", "  - name: events", "    event_time: at", "    schema:", "      id: string",
        "      at: timestamp", "    batch:", "      parquet: events.parquet", "views:",
        "  - name: seen", "    entity: thing", "    source: events", "    refresh: every 1h delay 0s",
        "    features:", "      n: count() over 1h", "services:"]
    for start in range(0, len(pairs), PER_SERVICE):
        lines += [f"  - name: s{start}", "    request:"]
        lines += [f"      {name}: {kind}" for name, kind in COLUMNS.items()]
        lines += ["    features:", "      - seen.n", "    derived:"]
        for at, (_, ours, _) in enumerate(pairs[start:start + PER_SERVICE], start):
            lines.append('      e%d: "%s"' % (at, ours.replace("\\", "\\\\").replace('"', '\\"')))
    return "\n".join(lines) + "\n"


def ours(roost, folder, start):
    out = folder / f"out-{start}.parquet"
    command = [roost, "dataset", f"s{start}", "--project", str(folder), "--spine",
               str(folder / "spine.parquet"), "--out", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        sys.exit(f"roost dataset: exit {done.returncode}\n{done.stderr or done.stdout}")
    return pq.read_table(out)


def ordered(value):
    """Doubles as integers in their order, one step for each double."""
    bits = struct.unpack("<q", struct.pack("<d", value))[0]
    return bits if bits >= 0 else -(bits & (2**63 - 1))


def agree(left, right):
    if left is None or right is None:
        return left is right
    if isinstance(left, float) or isinstance(right, float):
        left, right = canonical(float(left)), canonical(float(right))
        if left != left or right != right:
            return left != left and right != right
        return left == right or (math.isfinite(left) and math.isfinite(right)
                                 and abs(ordered(left) - ordered(right)) <= 4)
    return left == right


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--roost", required=True)
    options.add_argument("--expressions", type=int, default=1000)
    options.add_argument("--rows", type=int, default=40)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    draw = random.Random(chosen.seed)
    shared = Shared(draw)
    pairs = []
    for at in range(chosen.expressions):
        kind = KINDS[at % len(KINDS)]
        pairs.append((kind, *shared.draw(kind, 1 + at // len(KINDS) % 3)))
    folder = Path(tempfile.mkdtemp(prefix="roost-expressions-"))
    (folder / "feature-definitions").mkdir()
    (folder / "feature-definitions" / "all.yaml").write_text(definitions(pairs), "utf-8")
    table = spine(draw, chosen.rows)
    pq.write_table(table, folder / "spine.parquet")
    pq.write_table(table.select(["id", "timestamp"]).rename_columns(["id", "at"]),
                   folder / "events.parquet")
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    names = ", ".join(f"{name} at time zone 'UTC' as {name}" if kind == "timestamp" else name
                      for name, kind in COLUMNS.items())
    connection.execute(
        f"create table cells as select {names} from '{folder / 'spine.parquet'}'")
    counts, wrong = Counter(), []
    for start in range(0, len(pairs), PER_SERVICE):
        result = ours(chosen.roost, folder, start)
        for at, (kind, text, sql) in enumerate(pairs[start:start + PER_SERVICE], start):
            mine = values_of(result[f"e{at}"])
            shown = f"epoch_us({sql})" if kind == "timestamp" else sql
            theirs = [row[0] for row in connection.execute(f"select {shown} from cells").fetchall()]
            counts["pairs"] += len(mine)
            counts["values"] += sum(value is not None for value in mine)
            for row, (left, right) in enumerate(zip(mine, theirs)):
                if not agree(left, right):
                    wrong.append(f"{text}\n  {sql}\n  row {row}: {left!r}, DuckDB {right!r}\n"
                                 f"  {table.slice(row, 1).to_pylist()[0]}")
                    break
    for line in wrong[:10]:
        print(line)
    print(f"{len(pairs)} expressions, {counts['pairs']} pairs with a row, {counts['values']} of "
          f"them not null: {len(wrong)} expressions differ (seed {chosen.seed})")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
