"""Runs every case of `Tests/Golden` through `roost dataset`, with 1 and with 2 workers.

    python judge_golden.py --roost PATH [CASE ...]
    python judge_golden.py --oracle-only [CASE ...]

A case holds definition.yaml, input/*.csv, spine.csv and expected.csv (see golden_files.py), or
expected-error: the exit code and, line by line, texts that stderr must contain.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from definitions import Project
from golden_files import arguments_of, build_project, expected_error_of, expected_of
from oracle import Oracle, answer, check_complete
from project_files import read_table, type_name, values_of
from values import Refused, canonical, same, stored_type

GOLDEN = Path(__file__).resolve().parent.parent / "Golden"


def service_of(arguments):
    """The service named in the arguments, by default `answers`."""
    return arguments[0] if arguments and not arguments[0].startswith("--") else "answers"


def judge_oracle(case, folder):
    """Complaints about the oracle's own answer; refusals are the engine's business."""
    if expected_error_of(case):
        return []
    arguments = arguments_of(case)
    time = arguments[arguments.index("--time") + 1] if "--time" in arguments else "timestamp"
    try:
        project = Project(folder)
        service = project.services[service_of(arguments)]
        spine = read_table(folder / "spine.parquet")
        if "--allow-incomplete" not in arguments:
            check_complete(service, spine, time)
        results = answer(Oracle(project, "--inclusive" in arguments), service, spine, time)
    except Refused as refusal:
        return [f"the oracle refuses: {refusal}"]
    got = [(name, type_name(spine[name].type), values_of(spine[name]))
           for name in spine.column_names]
    return compare(expected_of(case), got + results)


def run_roost(roost, case, folder, workers):
    arguments = arguments_of(case)
    out = folder / f"out-{workers}.parquet"
    command = [roost, "dataset", service_of(arguments)]
    command += arguments[1:] if arguments and not arguments[0].startswith("--") else arguments
    command += ["--project", str(folder), "--spine", str(folder / "spine.parquet"),
                "--out", str(out), "--workers", str(workers), "--json"]
    return out, subprocess.run(command, capture_output=True, text=True, timeout=120)


def judge_roost(roost, case, folder):
    """Complaints about the binary, with 1 and with 2 workers."""
    error, contents, found = expected_error_of(case), [], []
    for workers in (1, 2):
        out, done = run_roost(roost, case, folder, workers)
        if error:
            found += wrong_refusal(error, done, out)
        elif done.returncode != 0:
            found.append(f"exit {done.returncode}: {(done.stderr or done.stdout).strip()}")
        else:
            contents.append(out.read_bytes())
            table = read_table(out)
            got = [(name, type_name(table[name].type), values_of(table[name]))
                   for name in table.column_names]
            found += compare(expected_of(case), got)
    if any(one != contents[0] for one in contents):
        found.append("the bytes differ between 1 and 2 workers")
    return list(dict.fromkeys(found))


def wrong_refusal(error, done, out):
    code, texts = error
    found = [] if done.returncode == code else [
        f"exit {done.returncode}, expected {code}: {done.stderr.strip()}"]
    found += [f"the message lacks {text!r}: {done.stderr.strip()}"
              for text in texts if text not in done.stderr]
    return found + ([f"{out.name} was written"] if out.exists() else [])


def compare(expected, got):
    """Sentences about the first differing cells."""
    names = [name for name, _, _ in expected]
    if [name for name, _, _ in got] != names:
        return [f"columns are {[name for name, _, _ in got]}, expected {names}"]
    found = []
    for (name, kind, values), (_, got_kind, got_values) in zip(expected, got):
        kind = "timestamp" if kind.startswith(("timestamp", "naive")) else kind
        if stored_type(kind) != stored_type(got_kind):
            found.append(f"{name} has type {got_kind}, expected {kind}")
        if len(values) != len(got_values):
            return found + [f"{len(got_values)} rows, expected {len(values)}"]
        found += [f"{name} in row {at}: expected {one!r}, got {other!r}"
                  for at, (one, other) in enumerate(zip(values, map(canonical, got_values)))
                  if not same(one, other)]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--roost")
    parser.add_argument("--oracle-only", action="store_true")
    parser.add_argument("cases", nargs="*")
    options = parser.parse_args()
    cases = [path for path in sorted(GOLDEN.iterdir())
             if path.is_dir() and (not options.cases or path.name in options.cases)]
    failed = 0
    for case in cases:
        with tempfile.TemporaryDirectory(prefix="roost-golden-") as name:
            folder = build_project(case, Path(name) / "project")
            found = judge_oracle(case, folder) if options.oracle_only else judge_roost(
                str(Path(options.roost).resolve()), case, folder)
        failed += bool(found)
        for one in found:
            print(f"{case.name}: {one}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not cases else 0)


if __name__ == "__main__":
    main()
