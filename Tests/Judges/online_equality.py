"""Online values against the point-in-time join, on the flights: what `roost get` answers as of a
cut equals the row that `roost dataset` writes for that time, value for value.

    online_equality.py ROOST PROJECT [CUTS] [KEYS] [SEED]

Random cuts, random keys of the spine's own rows, a few keys that do not exist.
"""

import json
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

SERVICE = "arrival_delay"
KEYS = ["carrier", "origin", "dest", "tailnum"]


def run(*words: str, accept: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode not in accept:
        sys.exit(f"{' '.join(words)}\nended with {done.returncode}: {done.stderr}")
    return done.stdout


def text(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def shown(value: object) -> object:
    """A value of a data set as `roost get --json` shows it."""
    if isinstance(value, datetime):
        return text(value)
    if isinstance(value, list):
        return [shown(element) for element in value]
    return value


def compare(roost: str, project: Path, time: datetime, rows: list[dict]) -> tuple[int, int]:
    """Asks every row online and in a data set; returns how many cells were compared and present."""
    run(roost, "materialize", "--project", str(project), "--at", text(time), accept=(0, 99))
    with tempfile.TemporaryDirectory() as folder:
        spine = pa.Table.from_pylist(rows).set_column(
            len(KEYS), "distance", pa.array([row["distance"] for row in rows], pa.float64()))
        stamps = pa.array([time] * len(rows), pa.timestamp("us", tz="UTC"))
        spine = spine.append_column("scheduled_at", stamps).append_column("timestamp", stamps)
        pq.write_table(spine, f"{folder}/spine.parquet")
        run(roost, "dataset", SERVICE, "--project", str(project), "--spine",
            f"{folder}/spine.parquet", "--out", f"{folder}/set.parquet", "--allow-incomplete")
        expected = pq.read_table(f"{folder}/set.parquet").to_pylist()
    cells = present = 0
    for row, want in zip(rows, expected, strict=True):
        words = [f"{key}={row[key]}" for key in [*KEYS, "distance"]]
        answer = json.loads(run(
            roost, "get", SERVICE, *words, f"scheduled_at={text(time)}", "--clock", text(time),
            "--project", str(project), "--json").splitlines()[-1])
        for feature in answer["features"]:
            name, value = feature["name"], feature["value"]
            if value != shown(want[name]):
                sys.exit(f"{name} of {row} at {time}: online {value}, join {want[name]}")
            cells += 1
            present += value is not None
    return cells, present


def main() -> None:
    roost, project = sys.argv[1], Path(sys.argv[2])
    numbers = sys.argv[3:] + ["20", "50", "1"][len(sys.argv) - 3 :]
    cuts, keys, seed = (int(word) for word in numbers)
    generator = random.Random(seed)
    flights = pq.read_table(project / "data/flights", columns=[*KEYS, "distance"])
    run(roost, "apply", "--project", str(project), accept=(0, 99))
    cells = present = 0
    for _ in range(cuts):
        time = datetime(2013, 1, 2, tzinfo=timezone.utc) + timedelta(
            minutes=generator.randrange(363 * 24 * 60))
        rows = flights.take(
            [generator.randrange(flights.num_rows) for _ in range(keys - 2)]).to_pylist()
        rows = [row for row in rows if row["tailnum"]]
        rows += [dict(rows[0], tailnum="NOPLANE"), dict(rows[0], carrier="??", dest="???")]
        counted = compare(roost, project, time, rows)
        cells, present = cells + counted[0], present + counted[1]
    print(f"online equality: {cells} cells at {cuts} cuts equal the join ({present} not null)")


if __name__ == "__main__":
    main()
