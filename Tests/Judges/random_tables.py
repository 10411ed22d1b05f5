"""Writes drawn rows as Parquet in many physical shapes: files, row groups, pages, codecs."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from project_files import ARROW, arrow_type
from values import decimal_size

CODECS = ("none", "snappy", "zstd")


def arrow_table(types, rows, time_type="timestamp"):
    """The rows as an Arrow table; times may be stored with or without a zone, in us or ns."""
    arrays = []
    for name, kind in types.items():
        arrow = ARROW[time_type] if kind == "timestamp" else arrow_type(kind)
        values = [row[name] for row in rows]
        if kind == "timestamp":
            scale = 1000 if arrow.unit == "ns" else 1
            values = [None if value is None else value * scale for value in values]
            arrays.append(pa.array(values, pa.int64()).cast(arrow))
        elif kind == "date":
            arrays.append(pa.array(values, pa.int32()).cast(arrow))
        else:
            arrays.append(pa.array([plain(value, kind) for value in values], arrow))
    return pa.table(arrays, names=list(types))


def plain(value, kind):
    """A value as pyarrow takes it: a rational as a decimal with all its digits."""
    if isinstance(value, list):
        return [plain(one, kind[5:-1]) for one in value] if kind.startswith("list<") else value
    if value is None or not decimal_size(kind):
        return value
    scale = decimal_size(kind)[1]
    digits = int(value * 10**scale)
    return Decimal((int(digits < 0), tuple(map(int, str(abs(digits)))), -scale))


def write(table, path, chance):
    """One file with a drawn physical layout."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    page_size, dictionary = chance.choice([1, 64, 1 << 20]), chance.choice([True, False])
    # pyarrow 26 loses the last row of a list column with a dictionary and tiny pages.
    has_lists = any(pa.types.is_list(kind) for kind in table.schema.types)
    pq.write_table(
        table, path, row_group_size=chance.choice([1, 3, 7, 1000]),
        data_page_version=chance.choice(["1.0", "2.0"]), compression=chance.choice(CODECS),
        use_dictionary=dictionary and not (has_lists and page_size < 1 << 20),
        write_statistics=chance.choice([True, False]),
        store_decimal_as_integer=chance.choice([True, False]),
        data_page_size=page_size)


def write_source(folder, table, chance):
    """One file, or a folder of up to four files, empty ones and ignored ones included."""
    rows = list(table.rows)
    if chance.random() < 0.5:
        rows.sort(key=lambda row: (row["at"] is None, row["at"] or 0))
    else:
        chance.shuffle(rows)
    types = dict(table.types)
    if chance.random() < 0.3:
        types["undeclared"] = "string"
        rows = [row | {"undeclared": "x"} for row in rows]
    time_type = chance.choice(["timestamp", "timestamp", "naive", "naive_ns"])
    if time_type == "naive_ns" and not all(small(row, types) for row in rows):
        time_type = "timestamp"
    if table.path.endswith(".parquet"):
        write(arrow_table(types, rows, time_type), folder / table.path, chance)
        return
    count = chance.choice([1, 2, 4])
    for at in range(count):
        part = arrow_table(types, rows[at::count] if chance.random() < 0.5 or count == 1
                           else rows[at::count], time_type)
        inner = chance.choice(["", "ds=2024-01-01/", "deep/er/"])
        write(part, folder / table.path / f"{inner}part-{at}.parquet", chance)
    (folder / table.path / "_ignored.parquet").write_bytes(b"not a parquet file")


def small(row, types):
    """Whether every time of a row fits a 64-bit count of nanoseconds."""
    return all(abs(row[name]) < 9 * 10**15 for name, kind in types.items()
               if kind == "timestamp" and row[name] is not None)


def write_spine(path, table, chance):
    write(arrow_table(table.types, table.rows), path, chance)
