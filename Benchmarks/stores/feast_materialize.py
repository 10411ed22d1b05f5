"""Feast's materialize into Redis, timed in its own process, imports left out.

    python feast_materialize.py FOLDER PARQUET REDIS_PORT FEATURES
"""

import json
import os
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

os.environ["FEAST_USAGE"] = "False"

from feast import Entity, FeatureStore, FeatureView, Field, FileSource, ValueType
from feast.types import Float64

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
    folder, parquet, port = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    names = [f"feature_{index}" for index in range(int(sys.argv[4]))]
    folder.mkdir(parents=True)
    (folder / "feature_store.yaml").write_text(CONFIGURATION.format(port=port))
    store = FeatureStore(repo_path=str(folder))
    customer = Entity(name="customer", join_keys=["customer"], value_type=ValueType.INT64)
    view = FeatureView(
        name="profile", entities=[customer], ttl=timedelta(days=30),
        schema=[Field(name=name, dtype=Float64) for name in names],
        source=FileSource(path=parquet, timestamp_field="seen_at"))
    store.apply([customer, view])
    now = datetime.now(timezone.utc)
    begin, processor = time.monotonic(), time.process_time()
    store.materialize(now - timedelta(days=30), now)
    print(json.dumps({"seconds": time.monotonic() - begin,
                      "cpu_seconds": time.process_time() - processor}))


if __name__ == "__main__":
    main()
