"""Reads the human-readable tables of golden cases and writes them as Parquet.

A table is a CSV file whose header cells are `name:type`. Cells are stripped; `null` is null;
times are ISO 8601 with a zone (a `naive` type keeps the wall-clock digits), bytes are hex after 0x,
lists and vectors stand in brackets with semicolons. `input/P.csv` becomes `data/P.parquet` of the project.
"""

import csv
import re
import shutil
from decimal import Context, Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from project_files import arrow_type
from values import canonical, days_from_civil, decimal_size, parse_time, vector_length

WIDE = Context(prec=80)


def read_csv(path):
    """[(name, type, values)] of a table."""
    with open(path, newline="", encoding="utf-8") as file:
        lines = [line for line in csv.reader(file, skipinitialspace=True) if line]
    header = [cell.strip().rsplit(":", 1) for cell in lines[0]]
    for number, line in enumerate(lines[1:], 2):
        if len(line) != len(header):
            raise ValueError(f"{path}: row {number} has {len(line)} cells")
    return [(name, kind, [value_of(line[at].strip(), kind) for line in lines[1:]])
            for at, (name, kind) in enumerate(header)]


def value_of(text, kind):
    """One cell; times in the unit of their type."""
    if text == "null":
        return None
    if kind.startswith("list<") or vector_length(kind):
        element = "float" if vector_length(kind) else kind[5:-1]
        return [value_of(part.strip(), element) for part in text[1:-1].split(";") if part.strip()]
    if decimal_size(kind):
        return Fraction(text)
    if kind in ("int32", "int64"):
        return int(text)
    if kind in ("float", "double"):
        return float(text)
    if kind == "bool":
        return {"true": True, "false": False}[text]
    if kind == "bytes":
        return bytes.fromhex(text.removeprefix("0x"))
    if kind == "date":
        return days_from_civil(*map(int, text.split("-")))
    return text if kind == "string" else time_of(text, kind)


def time_of(text, kind):
    """A time in the unit of its column; nanoseconds keep all nine digits."""
    time = parse_time(text)
    if kind.endswith("_ns"):
        digits = re.search(r"\.(\d{1,9})", text)
        return time * 1000 + int((digits.group(1) if digits else "0").ljust(9, "0")) % 1000
    return time // 1000 if kind.endswith("_ms") else time


def to_arrow(columns):
    arrays = []
    for _, kind, values in columns:
        arrow = arrow_type(kind)
        if decimal_size(kind):
            values = [decimal_of(value, *decimal_size(kind)) for value in values]
        stored = pa.int64() if pa.types.is_timestamp(arrow) else arrow
        plain = pa.int32() if kind == "date" else stored
        arrays.append(pa.array(values, plain).cast(arrow))
    return pa.table(arrays, names=[name for name, _, _ in columns])


def decimal_of(value, precision, scale):
    """A fraction that the type holds exactly, as Arrow takes it."""
    return None if value is None else Decimal(int(value * 10**scale)).scaleb(-scale, WIDE)


def write_parquet(source, target):
    """Small row groups, so that every case crosses their borders."""
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(to_arrow(read_csv(source)), target, row_group_size=2)


def build_project(case, folder):
    """The project folder of a golden case; its spine is `spine.parquet`."""
    (folder / "feature-definitions").mkdir(parents=True)
    for path in case.glob("*.yaml"):
        shutil.copy(path, folder / "feature-definitions" / path.name)
    for path in sorted((case / "input").rglob("*")) if (case / "input").exists() else []:
        target = folder / "data" / path.relative_to(case / "input")
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif path.suffix == ".csv":
            write_parquet(path, target.with_suffix(".parquet"))
        elif path.name != ".gitkeep":
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    write_parquet(case / "spine.csv", folder / "spine.parquet")
    return folder


def expected_of(case):
    """[(name, type, values)] that a data set must hold, its spine columns included."""
    return [(name, kind, [canonical(value) for value in values])
            for name, kind, values in read_csv(case / "expected.csv")]


def arguments_of(case):
    path = Path(case / "arguments")
    return path.read_text().split() if path.exists() else []


def expected_error_of(case):
    """(exit code, texts that must occur) or None."""
    path = case / "expected-error"
    if not path.exists():
        return None
    lines = [line for line in path.read_text().splitlines() if line.strip()]
    return int(lines[0]), lines[1:]
