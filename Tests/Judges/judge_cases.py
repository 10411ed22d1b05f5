"""Runs seeded cases through `roost dataset` and compares every cell with the oracle.

    python judge_cases.py --roost PATH --cases 2000 --seed 1 [--jobs 2] [--workers 1,2]
    python judge_cases.py --oracle-only --cases 2000       what the cases exercise

Doubles are compared by their bytes; types, column order, row order and the spine's own columns
too; and the files written with different numbers of workers must be the same bytes. A table says
how often each situation really occurred: a counter at zero is a failure of the judge itself.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

from coverage import see_case, table, uncovered
from definitions import Project
from oracle import Oracle, answer
from project_files import read_table, type_name, values_of
from random_cases import make_case
from values import canonical, same, stored_type


def expected_columns(case, folder, broken=frozenset(), seen=None):
    """The oracle's result columns and the spine they answer."""
    project = Project(folder, broken)
    oracle = Oracle(project, case.inclusive, broken, seen)
    spine = read_table(folder / "spine.parquet")
    return spine, answer(oracle, project.services[case.service], spine, case.time_name)


def run_roost(roost, case, folder, workers):
    """(path of the written file, complaint or None) of one run."""
    out = folder / f"out-{workers}.parquet"
    command = [roost] + case.arguments() + [
        "--project", str(folder), "--spine", str(folder / "spine.parquet"), "--out", str(out),
        "--workers", str(workers), "--json"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        return out, "still running after 120 s"
    if done.returncode != 0:
        return out, f"exit {done.returncode}: {(done.stderr or done.stdout).strip()}"
    return (out, None) if out.exists() else (out, "exit 0, but no file")


def differences(table, spine, results):
    """Sentences that say where a written table is not what the oracle expects."""
    names = spine.column_names + [name for name, _, _ in results]
    if table.column_names != names:
        return [f"columns are {table.column_names}, expected {names}"]
    if table.num_rows != spine.num_rows:
        return [f"{table.num_rows} rows, the spine has {spine.num_rows}"]
    found = []
    for name in spine.column_names:
        own = list(map(canonical, values_of(spine[name])))
        got = list(map(canonical, values_of(table[name])))
        found += cells(name, type_name(spine[name].type), own, type_name(table[name].type), got)
    for name, kind, values in results:
        found += cells(name, stored_type(kind), values, type_name(table[name].type),
                       values_of(table[name]))
    return found


def cells(name, kind, expected, got_kind, got):
    """Differences of one column."""
    if kind != got_kind:
        return [f"{name} has type {got_kind}, expected {kind}"]
    return [f"{name} in spine row {at}: expected {one!r}, got {other!r}"
            for at, (one, other) in enumerate(zip(expected, got)) if not same(one, other)]


def judge(task):
    """(seed, complaints, counters) of one case; its folder is kept when there are complaints."""
    seed, roost, workers, keep = task
    seen, folder = Counter(), Path(tempfile.mkdtemp(prefix=f"roost-case-{seed}-"))
    complaints = []
    try:
        case = make_case(seed)
        case.write(folder)
        see_case(case, seen)
        spine, results = expected_columns(case, folder, seen=seen)
        contents = []
        for count in workers if roost else []:
            out, complaint = run_roost(roost, case, folder, count)
            if complaint:
                complaints.append(f"{count} workers: {complaint}")
                continue
            contents.append(out.read_bytes())
            complaints += [f"{count} workers: {one}"
                           for one in differences(read_table(out), spine, results)]
        if any(one != contents[0] for one in contents):
            complaints.append(f"the bytes differ between {workers} workers")
    except Exception as error:  # a case that cannot be judged is a failure, with its seed
        complaints.append(f"{type(error).__name__}: {error}")
    if complaints:
        kept = Path(keep) / str(seed)
        shutil.rmtree(kept, ignore_errors=True)
        shutil.move(folder, kept)
        complaints.append(f"kept in {kept}")
    else:
        shutil.rmtree(folder)
    return seed, complaints, seen


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--roost")
    parser.add_argument("--oracle-only", action="store_true")
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--keep", default=str(Path(tempfile.gettempdir()) / "roost-failed-cases"))
    parser.add_argument("--show", type=int, default=5, help="complaints shown per case")
    options = parser.parse_args()
    workers = [int(one) for one in options.workers.split(",")]
    Path(options.keep).mkdir(parents=True, exist_ok=True)
    if not options.roost and not options.oracle_only:
        parser.error("--roost PATH or --oracle-only")
    roost = str(Path(options.roost).resolve()) if options.roost else None
    tasks = [(seed, roost, workers, options.keep)
             for seed in range(options.seed, options.seed + options.cases)]
    failed, seen = 0, Counter()
    with Pool(options.jobs) as pool:
        for seed, complaints, counters in pool.imap(judge, tasks, chunksize=4):
            seen.update(counters)
            failed += bool(complaints)
            for one in complaints[:options.show] + complaints[options.show:][-1:]:
                print(f"seed {seed}: {one}", flush=True)
    print(table(seen))
    missing = uncovered(seen)
    if missing:
        print(f"never occurred: {', '.join(missing)}")
    print(f"{options.cases - failed} passed, {failed} failed")
    sys.exit(1 if failed or missing else 0)


if __name__ == "__main__":
    main()
