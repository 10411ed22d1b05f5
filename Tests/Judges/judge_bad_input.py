"""Feeds bad input to the command: each must be refused with its place, a remedy and the right exit
code, and leave nothing half-written.

    python judge_bad_input.py --roost PATH
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

DEFINITIONS = "feature-definitions/shop.yaml"
SPINE = "spine.parquet"


class Project:
    """A fresh project with imported rows, to be spoilt by one case."""

    def __init__(self, roost, folder):
        self.roost, self.folder = roost, folder / "shop"
        self.run("init", str(self.folder), project=False)
        for source in ("orders", "visits"):
            self.run("import", "csv", f"{self.folder}/input/{source}.csv", "--source", source)
        self.write_spine()

    def run(self, *arguments, project=True):
        extra = ["--project", str(self.folder)] if project else []
        return subprocess.run([self.roost, *arguments, *extra], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=60)

    def write_spine(self, **columns):
        table = {"customer": pa.array(["ada", "bob"]),
                 "timestamp": pa.array([1767690000000000, 1767690000000001],
                                       pa.timestamp("us", tz="UTC"))} | columns
        kept = {name: values for name, values in table.items() if values is not None}
        pq.write_table(pa.table(kept), self.folder / SPINE)

    def edit(self, old, new):
        path = self.folder / DEFINITIONS
        text = path.read_text()
        assert old in text, old
        path.write_text(text.replace(old, new, 1))

    def csv(self, text, *options):
        (self.folder / "bad.csv").write_text(text)
        return self.run("import", "csv", f"{self.folder}/bad.csv", "--source", "orders",
                        "--out", f"{self.folder}/data/bad", *options)

    def dataset(self, *options, service="next_order", spine=SPINE):
        return self.run("dataset", service, "--spine", f"{self.folder}/{spine}", "--out",
                        f"{self.folder}/data/out.parquet", *options)

    def spoil_parquet(self, change):
        path = next((self.folder / "data/orders").rglob("*.parquet"))
        path.write_bytes(change(path.read_bytes()))
        return self.dataset()

    def left_behind(self):
        """What a refused command must not leave."""
        names = [path.relative_to(self.folder) for path in (self.folder / "data").rglob("*")]
        return [str(name) for name in names
                if name.name.startswith(("out", "bad", ".out", ".bad")) or "tmp" in name.name]


def flipped(content):
    middle = content.index(b"ada")
    return content[:middle] + bytes([content[middle] ^ 0x40]) + content[middle + 1:]


def late_data(project):
    project.edit("parquet: data/orders", "parquet: data/orders\n    complete_to: "
                                         "2026-01-01T00:00:00Z")
    return project.dataset()


def pipe(project, name):
    path = project.folder / name
    os.mkfifo(path)
    return str(path)


def linked_back(project):
    (project.folder / "data/orders/again").symlink_to("..")
    return project.dataset()


def validated(old, new):
    def run(project):
        project.edit(old, new)
        return project.run("validate")
    return run


def spined(**columns):
    def run(project):
        project.write_spine(**columns)
        return project.dataset()
    return run


# What is wrong -> (how, exit code, words that must stand in the message)
CASES = {
    "unknown column": (validated("sum(amount)", "sum(amuont)"), 2, ["shop.yaml:", "`amount`"]),
    "type mismatch": (validated("sum(amount)", "sum(customer)"), 2, ["shop.yaml:", "string"]),
    "duplicate names": (validated("- name: visits", "- name: orders"), 2, ["twice", "orders"]),
    "collision by windows": (
        validated("spent: sum", "orders_7d: count()\n      spent: sum"), 2, ["orders_7d"]),
    "cyclic derived features": (
        validated("- customer_orders.*", "- customer_orders.*\n    derived:\n      a: b + 1\n"
                  "      b: a + 1"), 2, ["shop.yaml:"]),
    "flow style with an expression": (
        validated("features:\n      orders: count() over [7d, 30d]",
                  "features: { orders: count() over 7d }\n    unused:"), 2, ["shop.yaml:"]),
    "ttl on a stream aggregate": (
        validated("refresh: stream", "refresh: stream\n    ttl: 2d"), 2, ["ttl"]),
    "unknown service": (lambda p: p.dataset(service="next_oder"), 2, ["'next_order'"]),
    "missing spine": (lambda p: p.dataset(spine="nowhere.parquet"), 2, ["nowhere.parquet"]),
    "missing rows": (
        lambda p: (shutil.rmtree(p.folder / "data/orders"), p.dataset())[1], 2, ["orders"]),
    "missing csv": (
        lambda p: p.run("import", "csv", "nowhere.csv", "--source", "orders"), 2, ["nowhere.csv"]),
    "truncated Parquet": (
        lambda p: p.spoil_parquet(lambda content: content[:-20]), (1, 2), [".parquet"]),
    "bit-flipped Parquet": (lambda p: p.spoil_parquet(flipped), 1, [".parquet"]),
    "spine without a key column": (spined(customer=None), 2, ["'customer'"]),
    "spine with a key of another type": (
        spined(customer=pa.array([1, 2])), 2, ["int64", "string"]),
    "spine without a time": (spined(timestamp=None), 2, ["'timestamp'", "needs a timestamp"]),
    "spine with a null time": (
        spined(timestamp=pa.array([None, 1], pa.timestamp("us", tz="UTC"))), 20, ["row 1"]),
    "spine with a text time": (spined(timestamp=pa.array(["a", "b"])), 2, ["string"]),
    "spine with a column named like a feature": (
        spined(customer_orders__spent=pa.array([1.0, 2.0])), 2, ["customer_orders__spent"]),
    "spine later than the data": (late_data, 20, ["complete to", "--allow-incomplete"]),
    "csv row with too few fields": (
        lambda p: p.csv("customer,amount,ordered_at\nada,1\n"), 20, ["bad.csv:2", "2 fields"]),
    "csv time without a zone": (
        lambda p: p.csv("customer,amount,ordered_at\nada,1,2026-01-02T09:00:00\n"), 20,
        ["bad.csv:2", "zone"]),
    "csv value of another type": (
        lambda p: p.csv("customer,amount,ordered_at\nada,much,2026-01-02T09:00:00Z\n"), 20,
        ["bad.csv:2", "amount", "'much'"]),
    "csv with more bad rows than tolerated": (
        lambda p: p.csv("customer,amount,ordered_at\na\nb\n", "--max-bad", "1"), 20,
        ["2 rows are bad"]),
    "csv without a declared column": (
        lambda p: p.csv("customer,amuont,ordered_at\n"), 2, ["'amount'", "'amuont'"]),
    "empty csv": (lambda p: p.csv(""), 2, ["empty"]),
    "csv that is a pipe": (
        lambda p: p.run("import", "csv", pipe(p, "rows"), "--source", "orders"), 2, ["pipe"]),
    "spine that is a pipe": (
        lambda p: (pipe(p, "rows"), p.dataset(spine="rows"))[1], 1, ["no regular file"]),
    "rows that are a pipe": (
        lambda p: (pipe(p, "data/orders/rows.parquet"), p.dataset())[1], 1, ["no regular file"]),
    "output that is a pipe": (
        lambda p: p.run("dataset", "next_order", "--spine", f"{p.folder}/{SPINE}", "--out",
                        pipe(p, "rows"), "--force"), 2, ["pipe", "--out"]),
    "output without a name": (
        lambda p: p.run("dataset", "next_order", "--spine", f"{p.folder}/{SPINE}", "--out", ""),
        2, ["--out"]),
    "folder that a link leads back to": (linked_back, 2, ["orders/again", "link"]),
    "unknown option": (lambda p: p.run("validate", "--jsn"), 2, ["--json"]),
}


def complaint(project, case):
    """What is wrong with how the case was refused, or None."""
    run, exit_codes, words = case
    done = run(project)
    exit_codes = exit_codes if isinstance(exit_codes, tuple) else (exit_codes,)
    if done.returncode not in exit_codes:
        return f"exit {done.returncode}, expected {exit_codes}: {done.stderr.strip()}"
    for word in words:
        if word not in done.stderr:
            return f"the message lacks {word!r}: {done.stderr.strip()}"
    left = project.left_behind()
    return f"left behind {left}" if left else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    arguments = parser.parse_args()
    roost = str(Path(arguments.roost).resolve())
    failed = 0
    for name, case in CASES.items():
        with tempfile.TemporaryDirectory(prefix="roost-bad-") as folder:
            problem = complaint(Project(roost, Path(folder)), case)
        if problem:
            failed += 1
            print(f"{name}: {problem}")
    print(f"{len(CASES) - failed} kinds of bad input refused, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
