"""Parquet in and out of a project folder, as plain Python values, through pyarrow."""

from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from values import Refused, canonical, decimal_size, vector_length

ARROW = {
    "bool": pa.bool_(), "int32": pa.int32(), "int64": pa.int64(), "float": pa.float32(),
    "double": pa.float64(), "string": pa.string(), "bytes": pa.binary(), "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "naive": pa.timestamp("us"), "naive_ms": pa.timestamp("ms"), "naive_ns": pa.timestamp("ns"),
    "timestamp_ms": pa.timestamp("ms", tz="UTC"), "timestamp_ns": pa.timestamp("ns", tz="UTC")}
PER_UNIT = {"s": (10**6, 1), "ms": (1000, 1), "us": (1, 1), "ns": (1, 1000)}


def arrow_type(kind):
    """The Arrow type of a type of the oracle."""
    if size := decimal_size(kind):
        return pa.decimal128(*size)
    if vector_length(kind):
        return pa.list_(pa.float32())
    return pa.list_(arrow_type(kind[5:-1])) if kind.startswith("list<") else ARROW[kind]


def type_name(arrow):
    """The oracle's name of an Arrow type."""
    if pa.types.is_decimal128(arrow):
        return f"decimal({arrow.precision},{arrow.scale})"
    if pa.types.is_dictionary(arrow):
        return type_name(arrow.value_type)
    if pa.types.is_timestamp(arrow):
        return "timestamp"
    if pa.types.is_list(arrow) or pa.types.is_large_list(arrow):
        return f"list<{type_name(arrow.value_type)}>"
    for name in ("bool", "int32", "int64", "float", "double", "string", "bytes", "date"):
        if arrow == ARROW[name]:
            return name
    if pa.types.is_large_string(arrow):
        return "string"
    return str(arrow)


def values_of(column, zone="UTC"):
    """A column as Python values; times as ints in microseconds, dates as ints in days."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return values_of(column.cast(kind.value_type), zone)
    if pa.types.is_timestamp(kind):
        times, (up, down) = column.cast(pa.int64()).to_pylist(), PER_UNIT[kind.unit]
        times = [None if time is None else time * up // down for time in times]
        return times if kind.tz or zone == "UTC" else [from_zone(time, zone) for time in times]
    if pa.types.is_date32(kind):
        return column.cast(pa.int32()).to_pylist()
    if pa.types.is_list(kind) and (pa.types.is_timestamp(kind.value_type)
                                   or pa.types.is_date32(kind.value_type)):
        return [values_of(one.values) if one.is_valid else None for one in column]
    if pa.types.is_decimal(kind):
        return [None if value is None else Fraction(value) for value in column.to_pylist()]
    if pa.types.is_list(kind) and pa.types.is_decimal(kind.value_type):
        return [values_of(one.values) if one.is_valid else None for one in column]
    return column.to_pylist()


def from_zone(time, zone):
    """A wall-clock time of a zone as UTC."""
    if time is None:
        return None
    wall = datetime(1970, 1, 1) + timedelta(microseconds=time)
    moment = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc)
    return (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1)


def parquet_files(folder, path):
    """Rule 34: one file, or a folder read recursively without names that begin with _ or `.`."""
    base = Path(folder) / path
    if base.is_file():
        return [base]
    if not base.exists():
        raise Refused(f"missing path {path}")
    found = [one for one in sorted(base.rglob("*.parquet"))
             if not any(part[0] in "_." for part in one.relative_to(base).parts)]
    return found


def source_rows(project, source):
    """All rows of a source as dicts of declared and computed columns."""
    rows = []
    for file in parquet_files(project.folder, source.path):
        table = pq.ParquetFile(file).read()
        hive = dict(part.split("=", 1) for part in file.relative_to(project.folder).parts
                    if "=" in part)
        columns = {}
        for name, kind in source.schema.items():
            if name in table.column_names:
                columns[name] = converted(values_of(table[name], source.zone), kind)
            elif name in hive:
                columns[name] = [hive_value(hive[name], kind)] * table.num_rows
            else:
                raise Refused(f"missing column {name}")
        rows += [dict(zip(columns, one)) for one in zip(*columns.values())]
    for row in rows:
        for name, _, run in source.computed:
            row[name] = run(row)
    return rows


def converted(values, kind):
    """Rules 15 and 33: reading normalises zeros and NaN."""
    if kind in ("float", "double"):
        return [None if value is None else canonical(float(value)) for value in values]
    if length := vector_length(kind):
        if any(value is not None and (len(value) != length or None in value) for value in values):
            raise Refused(f"no vector of {length}")
    return [canonical(value) for value in values]


def hive_value(text, kind):
    return int(text) if kind in ("int32", "int64") else text


def read_table(path):
    return pq.ParquetFile(path).read()
