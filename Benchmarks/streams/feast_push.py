"""Feast's push into Redis, in the process: rows that somebody else has aggregated, in frames.

    python feast_push.py FOLDER REDIS_PORT ROWS FRAME
"""

import json
import os
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

os.environ["FEAST_USAGE"] = "False"

import numpy as np
import pandas as pd
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, PushSource, ValueType
from feast.data_source import PushMode
from feast.types import Float64, Int64

from stream_data import ENTITIES

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "stores"))

from feast_materialize import CONFIGURATION

SCHEMA = {"payments_1h": Int64, "payments_24h": Int64, "amount_1h": Float64,
          "amount_24h": Float64, "amount_mean_1h": Float64, "amount_mean_24h": Float64,
          "quantity": Int64}


def frame(chance, rows):
    columns = {"customer": chance.integers(0, ENTITIES, rows)}
    for name, kind in SCHEMA.items():
        columns[name] = (chance.integers(0, 1_000, rows) if kind is Int64
                         else chance.normal(size=rows))
    columns["event_timestamp"] = datetime.now(timezone.utc)
    return pd.DataFrame(columns)


def main():
    folder, port, rows, size = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    folder.mkdir(parents=True)
    (folder / "feature_store.yaml").write_text(CONFIGURATION.format(port=port))
    frame(np.random.default_rng(1), 1).to_parquet(folder / "none.parquet")
    store = FeatureStore(repo_path=str(folder))
    customer = Entity(name="customer", join_keys=["customer"], value_type=ValueType.INT64)
    source = PushSource(name="payments", batch_source=FileSource(
        path=str(folder / "none.parquet"), timestamp_field="event_timestamp"))
    store.apply([customer, source, FeatureView(
        name="payments", entities=[customer], ttl=timedelta(days=1), source=source,
        schema=[Field(name=name, dtype=kind) for name, kind in SCHEMA.items()])])
    chance = np.random.default_rng(2)
    frames = [frame(chance, size) for _ in range(rows // size)]
    store.push("payments", frames[0], to=PushMode.ONLINE)
    begin, processor = time.monotonic(), time.process_time()
    for one in frames:
        store.push("payments", one, to=PushMode.ONLINE)
    print(json.dumps({"events": size * len(frames), "seconds": time.monotonic() - begin,
                      "cpu_seconds": time.process_time() - processor}))


if __name__ == "__main__":
    main()
