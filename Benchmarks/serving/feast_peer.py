"""Feast with Redis: a repository with the same 20 features, filled and ready to serve.

    python feast_peer.py FOLDER PROFILES.parquet REDIS_PORT
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

os.environ["FEAST_USAGE"] = "False"

import pandas as pd
from data import DOUBLES, FEATURES, INTEGERS, PRICES
from feast import Entity, FeatureService, FeatureStore, FeatureView, Field, FileSource, ValueType
from feast.types import Float64, Int64, String

CONFIGURATION = """project: bench
provider: local
registry: registry.db
online_store:
  type: redis
  connection_string: 127.0.0.1:{port}
offline_store:
  type: file
entity_key_serialization_version: 3
"""


def main():
    folder, profiles, port = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    folder.mkdir(parents=True)
    (folder / "feature_store.yaml").write_text(CONFIGURATION.format(port=port))
    store = FeatureStore(repo_path=str(folder))
    types = {name: Float64 for name in DOUBLES + PRICES} | {name: Int64 for name in INTEGERS}
    customer = Entity(name="customer", join_keys=["customer"], value_type=ValueType.INT64)
    view = FeatureView(
        name="profile", entities=[customer], ttl=timedelta(days=30),
        schema=[Field(name=name, dtype=types.get(name, String)) for name in FEATURES],
        source=FileSource(path=str(profiles), timestamp_field="seen_at"))
    store.apply([customer, view, FeatureService(name="profile", features=[view])])
    store.write_to_online_store("profile", pd.read_parquet(profiles))


if __name__ == "__main__":
    main()
