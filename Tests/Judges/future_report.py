"""Takes the future away and shows that nobody misses it.

    python future_report.py --roost PATH [--project FOLDER]

Builds the worked example's data set, then again from sources that end at some time: every row that
happened or became known later is removed. Each cell asked for at or before that time must be the
same, bit for bit, and cells asked for later must not all be, or the test would prove nothing.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb
import pyarrow.compute as pc

from leak_report import build, changed_cells

ENDS = ["2013-02-11 09:30:00", "2013-07-01 00:00:00", "2013-11-27 17:45:01"]
SCHEDULED = "time_hour + to_minutes(minute)"
DEPARTED = f"{SCHEDULED} + to_minutes(dep_delay::bigint)"
KNOWN_AT = {
    "departures": DEPARTED,
    "landings": f"{DEPARTED} + to_minutes((air_time + 20)::bigint)",
    "observations": "time_hour",
}


def shortened_copy(project, folder, end):
    """The project with sources that know nothing later than `end`."""
    for name in ("feature-definitions", "pipelines"):
        shutil.copytree(project / name, folder / name)
    (folder / "data").mkdir()
    (folder / "data" / "flights").symlink_to((project / "data" / "flights").resolve())
    removed = 0
    for source, known_at in KNOWN_AT.items():
        (folder / "data" / source).mkdir()
        rows = f"read_parquet('{project}/data/{source}/**/*.parquet', hive_partitioning=false)"
        kept = f"coalesce({known_at} <= timestamptz '{end}+00', true)"
        removed += duckdb.sql(f"select count(*) from {rows} where not {kept}").fetchall()[0][0]
        duckdb.sql(f"copy (from {rows} where {kept}) to '{folder}/data/{source}/rows.parquet'")
    return folder, removed


def compare(whole, shortened, end):
    """(cells asked in time, how many of them changed, how many later ones changed)."""
    limit = duckdb.sql(f"select epoch_us(timestamptz '{end}+00')").fetchall()[0][0]
    in_time = pc.less_equal(whole["asked_at"].cast("int64"), limit)
    later = pc.invert(in_time)
    counts = [0, 0, 0]
    for name in whole.column_names:
        old, new = whole[name], shortened[name]
        counts[0] += pc.sum(in_time).as_py()
        counts[1] += changed_cells(old.filter(in_time), new.filter(in_time))
        counts[2] += changed_cells(old.filter(later), new.filter(later))
    return counts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    parser.add_argument("--project", default=".")
    arguments = parser.parse_args()
    project = Path(arguments.project).resolve()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="roost-future-") as folder:
        folder = Path(folder)
        whole = build(arguments.roost, project, folder / "whole.parquet")
        for index, end in enumerate(ENDS):
            (folder / str(index)).mkdir()
            copy, removed = shortened_copy(project, folder / str(index), end)
            shortened = build(arguments.roost, copy, folder / f"{index}.parquet")
            cells, changed, later = compare(whole, shortened, end)
            print(f"without the {removed:,} rows known after {end}: {changed} of {cells:,} cells "
                  f"asked by then change, {later:,} asked later do")
            failed += changed > 0 or later == 0
    print(f"{len(ENDS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
