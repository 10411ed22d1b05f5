"""Reads and writes features through Feast's own Python SDK, with Roost as its remote online store.

    python feast_sdk.py --roost PATH

Makes the small project of `roost init` with a view of latest values, serves it on a free loopback
port, and asks it with `feast.FeatureStore` configured with `online_store: {type: remote}`. Values
and the answer for an unknown key are compared with `roost get`. Rows that the SDK writes
(`write_to_online_store`) are read back through it: the newest wins in any order, and still does
after a materialization that has not seen them. Needs the package `feast` (requirements-feast.txt).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path

os.environ["FEAST_USAGE"] = "False"

import pandas as pd
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, RepoConfig, ValueType
from feast.errors import FeastError
from feast.types import Bool, Float64, Int64, String, UnixTimestamp

NOW = "2026-02-02T12:00:00Z"
VIEW = "customer_orders"
FEATURES = {"orders_7d": Int64, "orders_30d": Int64, "spent": Float64, "last_amount": Float64}
STOP_SECONDS = 20
WRITTEN = "profile"
WRITTEN_FEATURES = {"bought": Bool, "seen_at": UnixTimestamp, "mood": String, "visits": Int64}
DEFINITIONS = """views:
  - name: profile
    entity: customer
    source: visits
    refresh: stream
    features:
      bought: bought
      seen_at: visited_at
      mood: if(bought, 'glad', 'undecided')
      visits: 1
"""


def run(roost, *arguments):
    return subprocess.run([roost, *map(str, arguments)], check=True, capture_output=True, text=True)


def make_shop(roost, folder):
    run(roost, "init", folder)
    definitions = folder / "feature-definitions/shop.yaml"
    definitions.write_text(definitions.read_text().replace("views:\n", DEFINITIONS))
    for source in ("orders", "visits"):
        run(roost, "import", "csv", folder / f"input/{source}.csv", "--source", source,
            "--project", folder)
    run(roost, "apply", "--project", folder)
    run(roost, "materialize", "--at", NOW, "--project", folder)


def serve(roost, folder):
    """The server, and the address that it says it listens on."""
    server = subprocess.Popen(
        [roost, "serve", "--clock", NOW, "--listen", "127.0.0.1:0", "--allow-writes", "--project",
         str(folder)],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    line = server.stderr.readline().strip()
    assert line.startswith("serving on http://"), f"the server did not start: {line}"
    return server, line.removeprefix("serving on ")


def remote_store(folder, address):
    """A Feast store that knows the view's names and types and asks Roost for everything else."""
    store = FeatureStore(config=RepoConfig(
        project="shop", provider="local", registry=str(folder / "feast-registry.db"),
        online_store={"type": "remote", "path": address},
        offline_store={"type": "file"}, entity_key_serialization_version=3))
    customer = Entity(name="customer", join_keys=["customer"], value_type=ValueType.STRING)
    view = FeatureView(
        name=VIEW, entities=[customer], ttl=None,
        schema=[Field(name=name, dtype=dtype) for name, dtype in FEATURES.items()],
        source=FileSource(path=str(folder / "data/orders/part-0.parquet"),
                          timestamp_field="ordered_at"))
    written = FeatureView(
        name=WRITTEN, entities=[customer], ttl=None,
        schema=[Field(name=name, dtype=dtype) for name, dtype in WRITTEN_FEATURES.items()],
        source=FileSource(path=str(folder / "data/visits/part-0.parquet"),
                          timestamp_field="visited_at"))
    store.apply([customer, view, written])
    return store


def write(store, customer, minute, mood, visits):
    """Writes one row that happened so many minutes before the server's clock."""
    moment = datetime.fromisoformat(NOW) - timedelta(minutes=minute)
    store.write_to_online_store(WRITTEN, pd.DataFrame({
        "customer": [customer], "bought": [visits % 2 == 0], "seen_at": [moment],
        "mood": [mood], "visits": [visits], "visited_at": [moment]}))


def read(store, customers):
    """(mood, visits, bought, seconds of seen_at) of each customer."""
    answer = store.get_online_features(
        features=[f"{WRITTEN}:{name}" for name in WRITTEN_FEATURES],
        entity_rows=[{"customer": customer} for customer in customers]).to_dict()
    return list(zip(*(answer[name] for name in ("mood", "visits", "bought", "seen_at")),
                    strict=True))


def judge_writes(store, address):
    """Returns how many checks failed."""
    now = int(datetime.fromisoformat(NOW).timestamp())
    write(store, "eve", 10, "first", 4)
    write(store, "eve", 5, "newest", 6)
    write(store, "eve", 20, "late", 7)
    write(store, "fay", 1, "Grüße", -(2**62))
    wanted = [("newest", 6, True, now - 300), ("Grüße", -(2**62), True, now - 60),
              (None, None, None, None)]
    failed = 0
    for moment in ("after writing", "after a materialization"):
        got = read(store, ["eve", "fay", "nobody"])
        failed += got != wanted
        print(f"{'equal ' if got == wanted else 'DIFFER'} {moment}: {got}")
        body = json.dumps({"end_ts": "2026-02-02T12:30:00", "feature_views": [WRITTEN]})
        request = urllib.request.Request(f"{address}/materialize-incremental", body.encode())
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.read() == b"null"
    try:
        store.write_to_online_store(VIEW, pd.DataFrame({
            "customer": ["eve"], "orders_7d": [1], "orders_30d": [1], "spent": [1.0],
            "last_amount": [1.0], "ordered_at": [datetime.fromisoformat(NOW)]}))
        failed += 1
        print("DIFFER an aggregate was written to")
    except FeastError as error:
        named = f"'{VIEW}' has aggregates" in str(error)
        failed += not named
        print(f"{'equal ' if named else 'DIFFER'} refused: {error}")
    return failed


def expected(roost, folder, customer):
    answer = run(roost, "get", "next_order", f"customer={customer}", "--clock", NOW,
                 "--project", folder, "--json").stdout.splitlines()[-1]
    features = json.loads(answer)["features"]
    return {feature["name"].removeprefix(f"{VIEW}__"): feature["value"] for feature in features}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    roost = str(Path(parser.parse_args().roost).resolve())
    failed = 0
    with tempfile.TemporaryDirectory(prefix="roost-feast-") as folder:
        folder = Path(folder) / "shop"
        make_shop(roost, folder)
        server, address = serve(roost, folder)
        try:
            customers = ["ada", "bob", "nobody"]
            store = remote_store(folder, address)
            answer = store.get_online_features(
                features=[f"{VIEW}:{name}" for name in FEATURES],
                entity_rows=[{"customer": customer} for customer in customers]).to_dict()
            for row, customer in enumerate(customers):
                wanted = expected(roost, folder, customer)
                got = {name: answer[name][row] for name in FEATURES}
                failed += got != wanted
                print(f"{'equal ' if got == wanted else 'DIFFER'} {customer}: {got}")
                if got != wanted:
                    print(f"       roost get: {wanted}")
            failed += judge_writes(store, address)
        finally:
            server.terminate()
            server.wait(STOP_SECONDS)
    print(f"{len(customers) + 3 - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
