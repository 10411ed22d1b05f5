"""Reads features through Feast's own Python SDK, with Roost as its remote online store.

    python feast_sdk.py --roost PATH

Makes the small project of `roost init`, serves it on a free loopback port, and asks it with
`feast.FeatureStore` configured with `online_store: {type: remote}`. Values and the answer for an
unknown key are compared with `roost get`. Needs the package `feast` (requirements-feast.txt).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ["FEAST_USAGE"] = "False"

from feast import Entity, FeatureStore, FeatureView, Field, FileSource, RepoConfig, ValueType
from feast.types import Float64, Int64

NOW = "2026-02-02T12:00:00Z"
VIEW = "customer_orders"
FEATURES = {"orders_7d": Int64, "orders_30d": Int64, "spent": Float64, "last_amount": Float64}
STOP_SECONDS = 20


def run(roost, *arguments):
    return subprocess.run([roost, *map(str, arguments)], check=True, capture_output=True, text=True)


def make_shop(roost, folder):
    run(roost, "init", folder)
    for source in ("orders", "visits"):
        run(roost, "import", "csv", folder / f"input/{source}.csv", "--source", source,
            "--project", folder)
    run(roost, "apply", "--project", folder)
    run(roost, "materialize", "--at", NOW, "--project", folder)


def serve(roost, folder):
    """The server, and the address that it says it listens on."""
    server = subprocess.Popen(
        [roost, "serve", "--clock", NOW, "--listen", "127.0.0.1:0", "--project", str(folder)],
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
    store.apply([customer, view])
    return store


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
            answer = remote_store(folder, address).get_online_features(
                features=[f"{VIEW}:{name}" for name in FEATURES],
                entity_rows=[{"customer": customer} for customer in customers]).to_dict()
            for row, customer in enumerate(customers):
                wanted = expected(roost, folder, customer)
                got = {name: answer[name][row] for name in FEATURES}
                failed += got != wanted
                print(f"{'equal ' if got == wanted else 'DIFFER'} {customer}: {got}")
                if got != wanted:
                    print(f"       roost get: {wanted}")
        finally:
            server.terminate()
            server.wait(STOP_SECONDS)
    print(f"{len(customers) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
