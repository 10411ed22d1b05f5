"""Expressions over ten million rows beside DuckDB on one thread, in one run, in CPU time.

    python expressions.py EXPRESSION_BENCH

Both sum the expression over four columns of random doubles that are in memory.
"""

import json
import subprocess
import sys
import time

import duckdb

SQL = {
    "a * b + if(c > 0, d, 0)": "a * b + case when c > 0 then d else 0 end",
    "a * b": "a * b",
    "sqrt(abs(a)) + floor(b)": "sqrt(abs(a)) + floor(b)",
    "(a + b) / (c + 2)": "(a + b) / (c + 2)",
    "case when a > 0.5 then b when b > 0.5 then c else d end":
        "case when a > 0.5 then b when b > 0.5 then c else d end",
}


def peer(rows):
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    column = "random() * 2 - 1"
    connection.execute(f"create table cells as select {column} as a, {column} as b, {column} as c,"
                       f" {column} as d from range({rows})")
    found = {}
    for text, sql in SQL.items():
        times = []
        for _ in range(5):
            start = time.process_time()
            connection.execute(f"select sum({sql}) from cells").fetchall()
            times.append(time.process_time() - start)
        found[text] = min(times)
    return found


def main():
    ours = json.loads(subprocess.run([sys.argv[1]], capture_output=True, text=True, check=True)
                      .stdout)
    theirs = peer(ours["rows"])
    print(f"{'expression over ' + str(ours['rows']) + ' rows':58} Roost   DuckDB  ratio")
    for text, seconds in ours["columns"].items():
        print(f"{text:58} {seconds * 1e3:4.0f} ms {theirs[text] * 1e3:5.0f} ms  "
              f"{seconds / theirs[text]:.2f}")
    for text, nanoseconds in ours["row"].items():
        print(f"one row of {text:47} {nanoseconds:4.0f} ns")


if __name__ == "__main__":
    main()
