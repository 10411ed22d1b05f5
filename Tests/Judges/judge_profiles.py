"""Profiles of the worked example's sources, and its expectations, against DuckDB and NumPy.

    python judge_profiles.py --roost PATH [--project FOLDER]

Materializes the sources that expect something and compares every number of `roost profile --json`
with one computed from the Parquet files: counts, nulls, bounds, distinct values and how often each
occurs exactly (beyond 256 within 5 %, three standard errors), the mean as an exact fraction rounded once, the standard deviation within 4 ulp,
every bin of the histogram exactly and that no narrower bins would have fitted, quantiles within one
bin. Expectations are counted again in SQL. Then a rule is broken on purpose: exit 20.
"""

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from fractions import Fraction
from pathlib import Path

import duckdb
import numpy as np

TIME = "2013-12-31T00:00:00Z"
BINS, VALUES = 256, 256
SOURCES = {
    "departures": """select carrier, tailnum, origin, dest, dep_delay::double as dep_delay,
        time_hour, minute, time_hour + to_minutes(minute) as scheduled_at,
        time_hour + to_minutes(minute) + to_minutes(dep_delay::bigint) as departed_at
        from read_parquet('{data}/departures/**/*.parquet', hive_partitioning = false)""",
    "observations": """select origin, temp, humid, wind_speed, precip, pressure, visib, time_hour
        from read_parquet('{data}/observations/**/*.parquet', hive_partitioning = false)""",
}
BROKEN = {
    "not_null carrier": "carrier is null", "not_null origin": "origin is null",
    "not_null dest": "dest is null", "not_null time_hour": "time_hour is null",
    "not_null dep_delay": "dep_delay is null",
    "accepted origin EWR, JFK, LGA": "origin not in ('EWR', 'JFK', 'LGA')",
    "range dep_delay -60 .. 1440": "not (dep_delay between -60 and 1440)",
    "that minute >= 0 and minute < 60": "not (minute between 0 and 59)",
    "range humid 0 .. 100": "not (humid between 0 and 100)",
}
SHARES = {"p1": 1, "p5": 5, "p25": 25, "p50": 50, "p75": 75, "p95": 95, "p99": 99}


CONNECTION = duckdb.connect()


def query(sql):
    return CONNECTION.execute(sql).fetchall()


def run(roost, project, *arguments, expected=(0,)):
    command = [roost, *map(str, arguments), "--project", str(project), "--json"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode in expected, f"{command}: exit {result.returncode}: {result.stderr}"
    return json.loads(result.stdout.splitlines()[-1])


def check_column(table, column, failures):
    name, kind = column["name"], column["type"]
    what = f"{table}.{name}"

    def same(key, found, expected):
        if found != expected:
            failures.append(f"{what} {key}: {found!r}, DuckDB has {expected!r}")

    def ask(sql):
        return query(f"select {sql} from {table}")[0][0]

    same("rows", column["rows"], ask("count(*)"))
    same("nulls", column["nulls"], ask(f"count(*) - count({name})"))
    distinct = ask(f"count(distinct {name})")
    if distinct <= VALUES:
        same("distinct", column["distinct"], distinct)
    elif abs(column["distinct"] - distinct) > 0.05 * distinct:
        failures.append(f"{what} distinct: {column['distinct']}, exactly {distinct}")
    is_time = kind == "timestamp"
    if not is_time:
        same("min", column["min"], ask(f"min({name})"))
        same("max", column["max"], ask(f"max({name})"))
        rows = query(f"select {name} from {table} where {name} is not null")
        counts = Counter(row[0] for row in rows)
        if distinct <= VALUES:
            found = {entry["value"]: entry["count"] for entry in column["values"]}
            wanted = {value: counts[value] for value in found}
            same("values", found, wanted)
            most = sorted(counts.values(), reverse=True)[:20]
            same("frequent", sorted(found.values(), reverse=True), most)
    if kind == "string":
        return
    expression = f"epoch_us({name})" if is_time else name
    numbers = np.array(query(
        f"select {expression} from {table} where {name} is not null order by 1"))[:, 0]
    if not is_time:
        total = sum(Fraction(float(number)) for number in numbers)
        mean = total / len(numbers)
        same("mean", column["mean"], float(mean))
        squares = sum(Fraction(float(number)) ** 2 for number in numbers)
        variance = float((squares - total * mean) / (len(numbers) - 1))
        deviation = math.sqrt(variance)
        if abs(column["stddev"] - deviation) > 4 * math.ulp(deviation):
            failures.append(f"{what} stddev: {column['stddev']}, it is {deviation}")
    check_histogram(what, column, numbers, is_time or kind.startswith("int"), failures)


def check_histogram(what, column, numbers, are_whole, failures):
    exponent = column["histogram"]["log2_width"]
    found = {int(bin): count for bin, count in column["histogram"]["bins"]}

    def bins(exponent):
        if are_whole:
            return numbers.astype(np.int64) >> exponent
        return np.floor(numbers / 2.0 ** exponent).astype(np.int64)

    wanted = Counter(bins(exponent).tolist())
    if found != dict(wanted):
        failures.append(f"{what} histogram differs")
    least = 0 if are_whole else math.frexp(np.abs(numbers).max())[1] - 1 - 50
    if exponent > least:
        narrower = bins(exponent - 1)
        if narrower.max() - narrower.min() < BINS:
            failures.append(f"{what} histogram: bins of 2^{exponent} are wider than need be")
    for name, percent in SHARES.items():
        exact = numbers[max(0, -(-percent * len(numbers) // 100) - 1)]
        value = column["quantiles"][name]
        if isinstance(value, str):
            value = query(f"select epoch_us('{value}'::timestamptz)")[0][0]
        if abs(value - exact) >= 2.0 ** exponent:
            failures.append(f"{what} {name}: {value}, exactly {exact}")


def check_expectations(table, results, failures):
    checked = 0
    for result in results:
        text = result["expectation"]
        if text.startswith("unique"):
            keys = text.removeprefix("unique ")
            sql = f"select count(*) - count(distinct ({keys})) from {table}"
        elif text in BROKEN:
            sql = f"select count(*) from {table} where {BROKEN[text]}"
        else:
            continue
        wanted = query(sql)[0][0]
        checked += 1
        if result["broken"] != wanted:
            failures.append(f"{table} {text}: {result['broken']} rows, DuckDB has {wanted}")
    return checked


def check_stop(roost, project, failures):
    """A rule that the rows break stops the job, and the live generations stay."""
    sources = project / "feature-definitions/sources.yaml"
    text = sources.read_text()
    assert "to: 1440" in text
    sources.write_text(text.replace("to: 1440\n        action: warn", "to: 900"))
    run(roost, project, "apply", expected=(0, 99))
    before = run(roost, project, "materialize", "--at", TIME, "--force", expected=(20,))
    results = before["quality"]["subjects"][0]["expectations"]
    broken = [result for result in results if result["verdict"] == "stopped"]
    wanted = query("select count(*) from departures where dep_delay > 900")[0][0]
    if [result["broken"] for result in broken] != [wanted]:
        failures.append(f"stop: {broken}, DuckDB has {wanted} rows")
    status = run(roost, project, "get", "arrival_delay", "carrier=UA", "tailnum=N14228",
                 "origin=EWR", "dest=IAH", "distance=1400",
                 "scheduled_at=2013-12-31T13:00:00Z", "--clock", TIME)
    if not any(feature["status"] == "PRESENT" for feature in status["features"]):
        failures.append("stop: the values from before are gone")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", default=".build/release/roost")
    parser.add_argument("--project", default=".", type=Path)
    options = parser.parse_args()
    roost = str(Path(options.roost).resolve())
    query("set timezone = 'UTC'")
    failures, columns, rules = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        project.mkdir()
        shutil.copytree(options.project / "feature-definitions", project / "feature-definitions")
        (project / "data").symlink_to((options.project / "data").resolve())
        run(roost, project, "apply")
        run(roost, project, "materialize", "--at", TIME)
        for table, sql in SOURCES.items():
            query(f"create table {table} as " + sql.format(data=options.project / "data"))
            profile = run(roost, project, "profile", table)
            for column in profile["columns"]:
                check_column(table, column, failures)
            columns += len(profile["columns"])
            rules += check_expectations(table, profile["expectations"], failures)
        check_stop(roost, project, failures)
    for failure in failures:
        print(failure)
    print(f"profiles: {columns} columns and {rules} expectations, {len(failures)} differences")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
