"""The same rows for both: 10,000 entities x 20 features, and events for windows."""

import json
import subprocess
from datetime import datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ENTITIES = 10_000
EVENTS_PER_ENTITY = 40
SEED = 1
CITIES = ["Amsterdam", "Zürich", "São Paulo", "Tōkyō", "Nairobi", "Oslo", "Quito"]

DOUBLES = [f"ratio_{i}" for i in range(6)]
PRICES = [f"price_{i}" for i in range(6)]
INTEGERS = [f"count_{i}" for i in range(5)]
STRINGS = [f"city_{i}" for i in range(3)]
FEATURES = DOUBLES + PRICES + INTEGERS + STRINGS


def profiles(now):
    """One row per entity, seen within the last day."""
    random = np.random.default_rng(SEED)
    columns = {"customer": np.arange(ENTITIES, dtype=np.int64)}
    for name in DOUBLES:
        columns[name] = random.normal(size=ENTITIES)
    for name in PRICES:
        columns[name] = np.round(random.uniform(0, 500, ENTITIES), 2)
    for name in INTEGERS:
        columns[name] = random.integers(0, 100_000, ENTITIES)
    for name in STRINGS:
        columns[name] = random.choice(CITIES, ENTITIES)
    seconds = random.integers(1, 86_400, ENTITIES)
    columns["seen_at"] = [now - timedelta(seconds=int(age)) for age in seconds]
    return pd.DataFrame(columns)


def events(now):
    """Orders of the last eight days."""
    random = np.random.default_rng(SEED + 1)
    count = ENTITIES * EVENTS_PER_ENTITY
    ages = np.sort(random.integers(1, 8 * 86_400, count))[::-1]
    return pd.DataFrame({
        "customer": random.integers(0, ENTITIES, count),
        "amount": np.round(random.lognormal(3, 1, count), 2),
        "ordered_at": pd.to_datetime(int(now.timestamp()) - ages, unit="s", utc=True)
    })


def write_parquet(frame, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    time = table.schema.names[-1]
    position = table.schema.get_field_index(time)
    column = table.column(time).cast(pa.timestamp("us", tz="UTC"))
    pq.write_table(table.set_column(position, time, column), path)


DEFINITIONS = """project: bench
entities:
  - name: customer
    keys: {{ customer: int64 }}
sources:
  - name: profiles
    event_time: seen_at
    schema:
      customer: int64
{schema}
      seen_at: timestamp
    batch:
      parquet: data/profiles
  - name: orders
    event_time: ordered_at
    schema:
      customer: int64
      amount: double
      ordered_at: timestamp
    batch:
      parquet: data/orders
views:
  - name: profile
    entity: customer
    source: profiles
    refresh: stream
    features: [{features}]
    ttl: 30d
  - name: orders
    entity: customer
    source: orders
    refresh: stream
    features:
      orders: count() over [1h, 24h, 7d]
      spent: sum(amount) over [1h, 24h, 7d]
      mean: mean(amount) over [1h, 24h, 7d]
      least: min(amount) over [1h, 24h, 7d]
      greatest: max(amount) over [1h, 24h, 7d]
      spread: stddev(amount) over [1h, 24h, 7d]
      last_amount: last(amount)
      all_orders: count()
services:
  - name: profile
    features: [profile.*]
  - name: orders
    features: [orders.*]
"""


PROFILES = """profiles:
  embedded:
    online: lmdb:.roost/online
    offline: lake:.roost/lake
    registry: sqlite:.roost/registry.db
  shared:
    online: redis://127.0.0.1:{port}
    offline: lake:.roost/lake
    registry: sqlite:.roost/registry.db
"""


def write_project(folder, now, redis_port):
    """A project of Roost over these rows, with a profile for each online store."""
    types = [(DOUBLES + PRICES, "double"), (INTEGERS, "int64"), (STRINGS, "string")]
    schema = "\n".join(f"      {name}: {type}" for names, type in types for name in names)
    definitions = folder / "feature-definitions"
    definitions.mkdir(parents=True)
    (folder / "roost.yaml").write_text(PROFILES.format(port=redis_port))
    (definitions / "bench.yaml").write_text(
        DEFINITIONS.format(schema=schema, features=", ".join(FEATURES)))
    write_parquet(profiles(now), folder / "data/profiles/part-0.parquet")
    write_parquet(events(now), folder / "data/orders/part-0.parquet")


def write_bodies(path, service, entities, count=500):
    """Request bodies, one per line, each for `entities` random customers."""
    random = np.random.default_rng(SEED + entities)
    with open(path, "w", encoding="utf-8") as file:
        for _ in range(count):
            customers = random.choice(ENTITIES, entities, replace=False).tolist()
            body = {"feature_service": service, "entities": {"customer": customers}}
            file.write(json.dumps(body) + "\n")


def moment():
    """Whole seconds, as both keep them."""
    return datetime.now(timezone.utc).replace(microsecond=0)


def run(*command, **options):
    words = [str(word) for word in command]
    result = subprocess.run(words, capture_output=True, text=True, **options)
    assert result.returncode == 0, f"{words}: {result.stdout}{result.stderr}"
    return result.stdout
