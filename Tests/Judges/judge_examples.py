"""Runs every example of docs/aggregates.md through `roost dataset`.

    python judge_examples.py --roost PATH

The page has one fenced block of rows (`csv`) and one of examples: `FEATURE -> VALUE`, the value as
JSON, several for a list of windows. An aggregate without an example is a failure.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow
from pyarrow import csv, parquet

from definitions import AGGREGATES
from project_files import read_table

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "aggregates.md"
ASKED = "2024-01-31T10:00:00Z"
DEFINITION = """project: examples
entities:
  - name: shop
    keys:
      shop: string
sources:
  - name: sales
    event_time: at
    schema:
      shop: string
      at: timestamp
      amount: double
      item: string
    batch:
      parquet: data/sales.parquet
views:
  - name: sold
    entity: shop
    source: sales
    refresh: stream
    features:
{features}
services:
  - name: answers
    features:
      - sold.*
"""


def block(text, kind):
    return re.search(rf"```{kind}\n(.*?)```", text, re.S).group(1)


def write(folder, examples, rows):
    (folder / "feature-definitions").mkdir()
    (folder / "data").mkdir()
    features = "\n".join(f"      f{at}: \"{text}\"" for at, (text, _) in enumerate(examples))
    (folder / "feature-definitions" / "all.yaml").write_text(DEFINITION.format(features=features))
    (folder / "rows.csv").write_text(rows)
    time = pyarrow.timestamp("us", tz="UTC")
    options = csv.ConvertOptions(column_types={
        "at": time, "amount": pyarrow.float64(), "item": pyarrow.string()})
    table = csv.read_csv(folder / "rows.csv", convert_options=options)
    shops = pyarrow.array(["A"] * table.num_rows)
    parquet.write_table(table.add_column(0, "shop", shops), folder / "data" / "sales.parquet")
    asked = csv.read_csv(
        pyarrow.py_buffer(f"shop,timestamp\nA,{ASKED}\n".encode()),
        convert_options=csv.ConvertOptions(column_types={"timestamp": time}))
    parquet.write_table(asked, folder / "spine.parquet")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--roost", required=True)
    roost = str(Path(parser.parse_args().roost).resolve())
    text = PAGE.read_text()
    examples = [line.split(" -> ") for line in block(text, "examples").splitlines()]
    missing = {one for one in AGGREGATES
               if not any(feature.startswith(one + "(") for feature, _ in examples)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, examples, block(text, "csv"))
        out = folder / "out.parquet"
        done = subprocess.run(
            [roost, "dataset", "answers", "--project", name, "--spine",
             str(folder / "spine.parquet"), "--out", str(out)], capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr)
        table = read_table(out)
    wrong = 0
    for at, (feature, expected) in enumerate(examples):
        columns = [one for one in table.column_names
                   if one == f"sold__f{at}" or one.startswith(f"sold__f{at}_")]
        found = [table[one][0].as_py() for one in columns]
        if found != json.loads(f"[{expected}]"):
            wrong += 1
            print(f"{feature} is {json.dumps(found)[1:-1]}, not {expected}")
    print(f"{len(examples) - wrong} examples passed, {wrong} failed")
    if missing:
        print(f"without an example: {', '.join(sorted(missing))}")
    sys.exit(1 if wrong or missing else 0)


if __name__ == "__main__":
    main()
