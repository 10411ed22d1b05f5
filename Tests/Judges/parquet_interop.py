"""Judges of the Parquet module: pyarrow and DuckDB, reading our files and writing theirs.

    parquet_interop.py dump ENGINE FILE       prints every cell of FILE as ENGINE reads it
    parquet_interop.py write FOLDER SEED      writes a file per layout, with the expected cells
    parquet_interop.py small FOLDER SEED      writes a few small files whose bytes a fuzzer may break
    parquet_interop.py odd FOLDER             writes files with columns that are not read
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
from decimal import Context, Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

ODD_NAN = struct.unpack("d", bytes.fromhex("010000000000f8ff"))[0]
WIDE = Context(prec=80)
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
    if kind == "decimal":
        return format(value, "f")
    return str(value)


def kind_of(type_):
    if (pa.types.is_list(type_) or pa.types.is_large_list(type_)
            or pa.types.is_fixed_size_list(type_)):
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
    if pa.types.is_decimal(type_):
        return "decimal"
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


def maybe(generator, make, nulls):
    return None if generator.random() < nulls else make()


def random_double(generator):
    special = [0.0, -0.0, math.nan, ODD_NAN, math.inf, -math.inf, 5e-324, 1.5]
    if generator.random() < 0.3:
        return generator.choice(special)
    return generator.uniform(-1e6, 1e6)


def random_table(generator, rows, nulls):
    """A column of every Arrow type that the reader has a type for."""
    words = ["", "a", "zebra", "\u00e4\u20ac\U0001f600", "x" * 70]

    def column(make, type_):
        return pa.array([maybe(generator, make, nulls) for _ in range(rows)], type_)

    def whole(bits, signed=True):
        low, high = (-(1 << bits - 1), 1 << bits - 1) if signed else (0, 1 << bits)
        return lambda: generator.randrange(low, high) >> generator.randrange(bits)

    def times(low=-(10**15), high=4 * 10**15):
        return lambda: generator.randrange(low, high)

    def text():
        return generator.choice(words) + str(generator.randrange(40))

    def lists(make):
        return lambda: [maybe(generator, make, nulls) for _ in range(generator.randrange(4))]

    def decimals(precision, scale):
        limit = 10**precision - 1
        return lambda: Decimal(
            generator.choice([limit, -limit, 0, generator.randrange(-limit, limit + 1)])
        ).scaleb(-scale, WIDE)

    columns = {
        "bool": column(lambda: generator.random() < 0.5, pa.bool_()),
        "true": column(lambda: True, pa.bool_()),
        "i8": column(whole(8), pa.int8()),
        "i16": column(whole(16), pa.int16()),
        "i32": column(whole(32), pa.int32()),
        "i64": column(whole(64), pa.int64()),
        "u8": column(whole(8, False), pa.uint8()),
        "u16": column(whole(16, False), pa.uint16()),
        "u32": column(whole(32, False), pa.uint32()),
        "u63": column(whole(63, False), pa.uint64()),
        "sorted": pa.array(sorted(generator.randrange(10**12) for _ in range(rows)), pa.int64()),
        "f32": column(lambda: struct.unpack("f", struct.pack("f", random_double(generator)))[0],
                      pa.float32()),
        "f64": column(lambda: random_double(generator), pa.float64()),
        "text": column(text, pa.string()),
        "large": column(text, pa.large_string()),
        "coded": column(text, pa.string()).dictionary_encode(),
        "unique": pa.array([f"user-{row:08}" for row in range(rows)], pa.string()),
        "bytes": column(lambda: generator.randbytes(generator.randrange(9)), pa.binary()),
        "fixed": column(lambda: generator.randbytes(5), pa.binary(5)),
        "date": column(lambda: generator.randrange(-700000, 90000), pa.date32()),
        "ms": column(times(-(10**12), 10**12), pa.timestamp("ms", "UTC")),
        "us": column(times(), pa.timestamp("us", "UTC")),
        "local": column(times(), pa.timestamp("us")),
        "ns": column(times(-(10**18), 10**18), pa.timestamp("ns", "UTC")),
        "list_i32": column(lists(whole(32)), pa.list_(pa.int32())),
        "list_text": column(lists(text), pa.list_(pa.string())),
        "dec1": column(decimals(1, 1), pa.decimal128(1, 1)),
        "dec9": column(decimals(9, 2), pa.decimal128(9, 2)),
        "dec18": column(decimals(18, 0), pa.decimal128(18, 0)),
        "dec25": column(decimals(25, 7), pa.decimal128(25, 7)),
        "dec38": column(decimals(38, 38), pa.decimal128(38, 38)),
        "list_dec": column(lists(decimals(12, 3)), pa.list_(pa.decimal128(12, 3))),
        "list_f64": column(lists(lambda: random_double(generator)), pa.list_(pa.float64())),
    }
    return pa.table(columns)


DELTAS = {
    "i32": "DELTA_BINARY_PACKED", "i64": "DELTA_BINARY_PACKED", "u32": "DELTA_BINARY_PACKED",
    "sorted": "DELTA_BINARY_PACKED", "us": "DELTA_BINARY_PACKED", "date": "DELTA_BINARY_PACKED",
    "text": "DELTA_BYTE_ARRAY", "unique": "DELTA_BYTE_ARRAY", "large": "DELTA_LENGTH_BYTE_ARRAY",
    "bytes": "DELTA_LENGTH_BYTE_ARRAY", "f32": "BYTE_STREAM_SPLIT", "f64": "BYTE_STREAM_SPLIT",
    "fixed": "BYTE_STREAM_SPLIT", "dec25": "BYTE_STREAM_SPLIT", "dec9": "DELTA_BYTE_ARRAY",
    "bool": "RLE", "true": "RLE",
}

PYARROW_LAYOUTS = {
    "default": {},
    "checksums": {"write_page_checksum": True, "compression": "zstd"},
    "v1_0": {"version": "1.0", "compression": "gzip"},
    "v2_4_pages_v2": {"version": "2.4", "data_page_version": "2.0", "compression": "zstd"},
    "pages_v2_snappy": {"data_page_version": "2.0", "compression": "snappy"},
    "pages_v2_plain": {"data_page_version": "2.0", "compression": "none"},
    "no_dictionary": {"use_dictionary": False, "compression": "gzip"},
    "small_pages": {"data_page_size": 100, "row_group_size": 150, "compression": "none"},
    "dictionary_fallback": {"dictionary_pagesize_limit": 200, "data_page_size": 300},
    "deltas": {"use_dictionary": False, "column_encoding": DELTAS},
    "deltas_v2": {
        "use_dictionary": False, "column_encoding": DELTAS, "data_page_version": "2.0",
        "compression": "zstd",
    },
    "integer_decimals": {"store_decimal_as_integer": True, "compression": "lz4"},
    "integer_decimals_v2": {
        "store_decimal_as_integer": True, "compression": "lz4", "data_page_version": "2.0",
        "use_dictionary": False,
    },
    "int96": {"use_deprecated_int96_timestamps": True},
    "old_lists": {"use_compliant_nested_type": False},
}


def write(folder, seed):
    folder = Path(folder)
    for index, (name, options) in enumerate(PYARROW_LAYOUTS.items()):
        for rows, nulls in ((0, 0.2), (1, 0.0), (400, 0.0), (700, 0.3), (60, 1.0)):
            generator = random.Random(f"{seed} {index} {rows}")
            table = random_table(generator, rows, nulls)
            if "version" in options:
                # Older versions of the format have no nanoseconds.
                table = table.drop_columns(["ns"])
            if nulls == 0:
                fields = [field.with_nullable(False) for field in table.schema]
                table = table.cast(pa.schema(fields))
            path = folder / f"pyarrow_{name}_{rows}.parquet"
            pq.write_table(table, path, **options)
            path.with_suffix(".json").write_text(json.dumps(cells_of(table)))
    write_duckdb(folder, seed)


def write_duckdb(folder, seed):
    generator = random.Random(f"{seed} duckdb")
    # DuckDB has no fixed binary, and no dictionary type from Arrow's point of view.
    table = random_table(generator, 900, 0.2).drop_columns(["fixed", "coded", "ms", "ns"])
    for name, options in {
        "default": "",
        "zstd": ", codec zstd",
        "gzip": ", codec gzip",
        "uncompressed": ", codec uncompressed",
        "lz4": ", codec lz4_raw",
        "v2": ", parquet_version v2",
        "v2_zstd": ", parquet_version v2, codec zstd, row_group_size 2048",
        "no_dictionary": ", parquet_version v2, dictionary_size_limit 1",
    }.items():
        connection = duckdb.connect()
        connection.execute("set timezone = 'UTC'")
        connection.register("input", table)
        path = folder / f"duckdb_{name}.parquet"
        connection.execute(f"copy input to '{path}' (format parquet{options})")
        path.with_suffix(".json").write_text(json.dumps(cells_of(table)))


def small(folder, seed):
    """Small files without compression or checksums, so that broken bytes reach the decoders."""
    generator = random.Random(seed)
    groups = [
        ["bool", "i32", "f64", "text"], ["sorted", "unique", "true", "us"],
        ["bytes", "fixed", "u32", "ns"], ["list_i32", "list_text"], ["coded", "f32", "ms"],
        ["dec9", "dec18", "dec38", "list_dec"],
    ]
    layouts = [
        {"compression": "none"}, {"compression": "none", "use_dictionary": False},
        {"compression": "none", "data_page_version": "2.0"},
        {"compression": "none", "use_dictionary": False, "column_encoding": DELTAS},
        {"compression": "snappy"}, {"compression": "zstd"}, {"compression": "gzip"},
        {"compression": "lz4", "store_decimal_as_integer": True},
    ]
    for group, names in enumerate(groups):
        table = random_table(generator, 40, 0.2).select(names)
        for layout, options in enumerate(layouts):
            options = dict(options)
            if "column_encoding" in options:
                options["column_encoding"] = {n: e for n, e in DELTAS.items() if n in names}
                if not options["column_encoding"]:
                    continue
            pq.write_table(
                table, f"{folder}/pyarrow_{group}_{layout}.parquet", store_schema=False, **options)
        connection = duckdb.connect()
        if group != 2 and group != 4:
            connection.register("input", table)
            for version in ("v1", "v2"):
                connection.execute(
                    f"copy input to '{folder}/duckdb_{group}_{version}.parquet' "
                    f"(format parquet, codec uncompressed, parquet_version {version})")


def odd(folder):
    numbers = pa.array([1, 2, 3])
    table = pa.table({
        "kept": numbers,
        "decimal": pa.array([Decimal("1.5"), None, Decimal("2.5")], pa.decimal256(50, 2)),
        "struct": pa.array([{"a": 1, "b": [1]}, None, {"a": 2, "b": []}]),
        "map": pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int64())),
        "nested": pa.array([[[1]], None, [[], [2]]]),
        "time": pa.array([1, 2, None], pa.time64("us")),
        "half": pa.array([1.0, 2.0, None], pa.float32()).cast(pa.float16()),
        "nothing": pa.nulls(3),
        "huge": pa.array([1, 2, 2**63], pa.uint64()),
        "late": numbers,
        "local": pa.array([0, 1, None], pa.timestamp("us")),
        "utc": pa.array([0, 1, None], pa.timestamp("us", "UTC")),
    })
    pq.write_table(table, f"{folder}/odd.parquet")
    pq.write_table(table.select(["kept"]), f"{folder}/brotli.parquet", compression="brotli")


def bounds(path):
    """The bounds that pyarrow takes from our footers, checked against the values it reads."""
    reader = pq.ParquetFile(path)
    result = []
    for group in range(reader.num_row_groups):
        metadata = reader.metadata.row_group(group)
        table = reader.read_row_group(group)
        for index in range(metadata.num_columns):
            chunk = metadata.column(index)
            name = chunk.path_in_schema.split(".")[0]
            column = table.column(name)
            if chunk.statistics is None:
                continue
            if chunk.path_in_schema == name and chunk.statistics.null_count != column.null_count:
                raise SystemExit(f"{name}: {chunk.statistics.null_count} nulls in the footer")
            if chunk.statistics.has_min_max and chunk.path_in_schema == name:
                check_bounds(name, chunk.statistics, column)
                result.append(name)
    print(len(result))


def check_bounds(name, statistics, column):
    values = [value for value in column.to_pylist() if value is not None and value == value]
    low, high = statistics.min, statistics.max
    if isinstance(low, datetime.datetime):
        low, high = (value.replace(tzinfo=datetime.timezone.utc) for value in (low, high))
    if isinstance(low, str):
        low, high, values = low.encode(), high.encode(), [value.encode() for value in values]
    if (low, high) != (min(values), max(values)):
        raise SystemExit(f"{name}: bounds {low!r} {high!r}, values {min(values)!r} {max(values)!r}")
    if isinstance(low, float) and (low == 0 and math.copysign(1, low) > 0):
        raise SystemExit(f"{name}: a minimum of +0")


if __name__ == "__main__":
    command = sys.argv[1]
    if command == "dump":
        dump(sys.argv[2], sys.argv[3])
    elif command == "write":
        write(sys.argv[2], sys.argv[3])
    elif command == "small":
        small(sys.argv[2], sys.argv[3])
    elif command == "odd":
        odd(sys.argv[2])
    elif command == "bounds":
        bounds(sys.argv[2])
    else:
        raise SystemExit(__doc__)
