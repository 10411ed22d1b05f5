"""The whole path at once: what is served equals what the training row would have been given.

    python judge_predictions.py --roost PATH [--project FOLDER]

Trains the worked example's model, fills the online store as of some minutes, and asks `/predict`
with nothing but keys and request data for every flight whose training row was asked at that very
minute. An XGBoost of another version, fed the training rows in Python, must predict the same, bit
for bit: so online features, their encoding and the flat trees are those of the training set. Then
one definition is changed, and the server must refuse the model and name the feature.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xgboost

ASKED = ["2013-02-14T12:00:00Z", "2013-07-03T21:00:00Z", "2013-11-27T11:30:00Z"]
SENT = ["carrier", "tailnum", "origin", "dest", "distance", "scheduled_at"]
CHANGE = ("late_share: mean(if(dep_delay > 15, 1, 0)) over 24h",
          "late_share: mean(if(dep_delay > 20, 1, 0)) over 24h")


def run(roost, project, *arguments):
    command = [roost, *map(str, arguments), "--project", str(project)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode in (0, 99), f"{command}: exit {result.returncode}: {result.stderr}"


def copy_of(project, folder):
    folder.mkdir()
    for name in ("feature-definitions", "pipelines"):
        shutil.copytree(project / name, folder / name)
    (folder / "data").mkdir()
    for source in ("departures", "landings", "observations", "flights"):
        (folder / "data" / source).symlink_to((project / "data" / source).resolve())
    return folder


class Server:
    """`roost serve` on a port of its choice, with what it says before it serves."""

    def __init__(self, roost, project, clock):
        self.process = subprocess.Popen(
            [roost, "serve", "--clock", clock, "--listen", "127.0.0.1:0", "--project", project],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.said = []
        for line in self.process.stderr:
            if line.startswith("serving on "):
                self.address = line.split()[-1]
                return
            self.said.append(line)
        raise AssertionError(f"the server did not start: {self.said}")

    def post(self, path, body):
        request = urllib.request.Request(self.address + path, json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)


def expected(model, rows):
    """XGBoost's own predictions for training rows."""
    columns = [column["column"] for column in model["inputs"]]
    matrix = np.column_stack([
        rows[name].cast("float64").to_numpy(zero_copy_only=False).astype(np.float32)
        for name in columns])
    booster = xgboost.Booster(model_file=str(model["path"] / "model.ubj"))
    return booster.predict(xgboost.DMatrix(matrix, missing=np.nan))


def entities(rows):
    cells = {name: rows[name].to_pylist() for name in SENT}
    cells["scheduled_at"] = [time.strftime("%Y-%m-%dT%H:%M:%SZ") for time in cells["scheduled_at"]]
    return cells


def compare(roost, project, model, table, asked):
    """(predictions compared, how many differ) for the training rows asked at `asked`."""
    time = np.datetime64(asked.removesuffix("Z"), "us").astype(np.int64)
    rows = table.filter(pc.equal(table["asked_at"].cast("int64"), int(time))).combine_chunks()
    run(roost, project, "materialize", "--at", asked)
    with Server(roost, project, asked) as server:
        status, answer = server.post(
            "/predict", {"model": "arrival_delay", "entities": entities(rows)})
    assert status == 200, answer
    got = np.array(answer["predictions"], dtype=np.float32)
    differ = int(np.count_nonzero(got.view(np.uint32) != expected(model, rows).view(np.uint32)))
    print(f"asked at {asked}: {len(got)} predictions, {differ} differ")
    return len(got), differ


def refusal(roost, project):
    """The status and the text for a model whose features are not those of the definitions."""
    path = project / "feature-definitions" / "departures.yaml"
    text = path.read_text()
    assert text.count(CHANGE[0]) == 1
    path.write_text(text.replace(*CHANGE))
    run(roost, project, "apply", "--allow-breaking")
    with Server(roost, project, ASKED[0]) as server:
        status, answer = server.post(
            "/predict", {"model": "arrival_delay", "entities": {"carrier": ["UA"]}})
    return status, str(answer), "".join(server.said)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    parser.add_argument("--project", default=".")
    arguments = parser.parse_args()
    roost = str(Path(arguments.roost).resolve())
    total = failed = 0
    with tempfile.TemporaryDirectory(prefix="roost-predictions-") as folder:
        project = copy_of(Path(arguments.project).resolve(), Path(folder) / "project")
        dataset = project / "data" / "training.parquet"
        run(roost, project, "apply")
        run(roost, project, "dataset", "arrival_delay", "--spine",
            project / "pipelines" / "arrival_delay.yaml", "--out", dataset)
        run(roost, project, "train", "arrival_delay", "--dataset", dataset)
        [package] = [path.parent for path in project.glob("models/*/model.json")]
        model = {**json.loads((package / "model.json").read_text()), "path": package}
        table = pq.read_table(dataset)
        for asked in ASKED:
            count, differ = compare(roost, project, model, table, asked)
            total += count
            failed += differ
        status, answer, said = refusal(roost, project)
    named = "carrier_departures__late_share" in answer and "late_share" in said
    print(f"another definition: {status}, {'names' if named else 'DOES NOT NAME'} the feature")
    failed += status != 409 or not named or total == 0
    print(f"{total + 1 - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
