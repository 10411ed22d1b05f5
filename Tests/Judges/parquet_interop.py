"""Judges of the Parquet module: pyarrow and DuckDB, reading our files and writing theirs.

    parquet_interop.py dump ENGINE FILE       prints every cell of FILE as ENGINE reads it
    parquet_interop.py write FOLDER SEED      writes a file per layout, with the expected cells
    parquet_interop.py bounds FILE            prints the bounds of every chunk as pyarrow reads them

Cells are spelled as Tests/ParquetTests/Cells.swift spells them: numbers exactly, floating-point
numbers as their bits with one NaN and no -0, text and bytes in hexadecimal.
"""

import datetime
import json
import math
import random
import struct
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

EPOCH = datetime.datetime(1970, 1, 1)
EPOCH_DAY = datetime.date(1970, 1, 1)


def bits(value, form, quiet_nan):
    if math.isnan(value):
        return quiet_nan
    return "x" + struct.pack(form, value + 0.0).hex()


def micros(value):
    if isinstance(value, int):
        return value
    value = value.replace(tzinfo=None)
    return (value - EPOCH) // datetime.timedelta(microseconds=1)


def cell(value, kind):
    """One value in the spelling of the cells; `kind` is that of `kind_of`."""
    if value is None:
        return "null"
    if isinstance(kind, list):
        return "[" + ",".join(cell(item, kind[0]) for item in value) + "]"
    if kind == "bool":
        return "true" if value else "false"
    if kind == "float":
        return bits(value, ">f", "x7fc00000")
    if kind == "double":
        return bits(value, ">d", "x7ff8000000000000")
    if kind == "string":
        return "x" + value.encode().hex()
    if kind == "bytes":
        return "x" + bytes(value).hex()
    if kind == "timestamp":
        return str(micros(value))
    if kind == "date":
        return str((value - EPOCH_DAY).days)
    return str(value)


def kind_of(type_):
    if pa.types.is_list(type_) or pa.types.is_large_list(type_):
        return [kind_of(type_.value_type)]
    if pa.types.is_dictionary(type_):
        return kind_of(type_.value_type)
    if pa.types.is_boolean(type_):
        return "bool"
    if pa.types.is_float32(type_):
        return "float"
    if pa.types.is_float64(type_):
        return "double"
    if pa.types.is_string(type_) or pa.types.is_large_string(type_):
        return "string"
    if pa.types.is_binary(type_) or pa.types.is_fixed_size_binary(type_):
        return "bytes"
    if pa.types.is_timestamp(type_):
        return "timestamp"
    if pa.types.is_date(type_):
        return "date"
    return "integer"


def plain_times(column):
    """Times as integers of microseconds, rounded down, because Python's have no nanoseconds."""
    if pa.types.is_timestamp(column.type):
        factor = {"s": 1_000_000, "ms": 1000, "us": 1, "ns": None}[column.type.unit]
        values = column.cast(pa.int64()).to_pylist()
        return [
            None if v is None else v // 1000 if factor is None else v * factor for v in values
        ]
    if pa.types.is_list(column.type) and pa.types.is_timestamp(column.type.value_type):
        return column.cast(pa.list_(pa.int64())).to_pylist()
    return column.to_pylist()


def cells_of(table):
    return {
        field.name: [
            cell(value, kind_of(field.type)) for value in plain_times(table.column(index))
        ]
        for index, field in enumerate(table.schema)
    }


def dump(engine, path):
    if engine == "pyarrow":
        reader = pq.ParquetFile(path, page_checksum_verification=True)
        table = reader.read()
        table.validate(full=True)
    else:
        connection = duckdb.connect()
        connection.execute("set timezone = 'UTC'")
        table = connection.read_parquet(path).to_arrow_table()
    json.dump(cells_of(table), sys.stdout)


if __name__ == "__main__":
    command = sys.argv[1]
    if command == "dump":
        dump(sys.argv[2], sys.argv[3])
