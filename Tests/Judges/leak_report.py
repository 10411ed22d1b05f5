"""Counts what a careless definition leaks: landings keyed by departure instead of landing time.

    python leak_report.py --roost PATH [--project FOLDER]

Builds the worked example's data set twice from the same rows: as defined, and with the event time
of `landings` set to the departure, as if a flight's delay on arrival were known when it leaves.
Every cell that changes is one that the careless data set fills from the future. Exits 1 when no
cell changes, for then the test proves nothing.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from judge_flights import plain

HONEST = "event_time: landed_at"
CARELESS = "event_time: departed_at"


def build(roost, project, out):
    subprocess.run(
        [roost, "dataset", "arrival_delay", "--project", str(project), "--spine",
         str(project / "pipelines" / "arrival_delay.yaml"), "--out", str(out), "--json"],
        check=True, stdout=subprocess.DEVNULL)
    return pq.read_table(out)


def careless_copy(project, folder):
    """The project with one line changed, over the same rows."""
    for name in ("feature-definitions", "pipelines"):
        shutil.copytree(project / name, folder / name)
    (folder / "data").symlink_to((project / "data").resolve())
    sources = folder / "feature-definitions" / "sources.yaml"
    text = sources.read_text()
    assert text.count(HONEST) == 1, f"{HONEST} stands {text.count(HONEST)} times"
    sources.write_text(text.replace(HONEST, CARELESS))
    return folder


def changed_cells(honest, careless):
    (left, left_null), (right, right_null) = plain(honest), plain(careless)
    both = ~left_null & ~right_null
    changed = left_null != right_null
    changed[both] |= left[both] != right[both]
    return int(np.count_nonzero(changed))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    parser.add_argument("--project", default=".")
    arguments = parser.parse_args()
    project = Path(arguments.project)
    with tempfile.TemporaryDirectory(prefix="roost-leak-") as folder:
        folder = Path(folder)
        honest = build(arguments.roost, project, folder / "honest.parquet")
        (folder / "careless").mkdir()
        careless = build(arguments.roost, careless_copy(project, folder / "careless"),
                         folder / "careless.parquet")
    assert honest.column_names == careless.column_names
    total = 0
    for name in honest.column_names:
        count = changed_cells(honest[name], careless[name])
        total += count
        if count:
            print(f"{name:40} {count:9,} of {honest.num_rows:,} cells change "
                  f"({100 * count / honest.num_rows:.1f} %)")
    print(f"{total:,} cells change, filled from the future, when landings are keyed by departure")
    sys.exit(0 if total else 1)


if __name__ == "__main__":
    main()
