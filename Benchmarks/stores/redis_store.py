"""Roost's online store in Redis beside `redis-cli --pipe`, Feast and a raw MGET client.

    python redis_store.py --roost PATH --tools FOLDER --out FOLDER [--rounds N] [--entities N]

Rounds alternate what is measured; medians are reported. Processor seconds are those of the
processes, from the system; memory is Redis' own `used_memory`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import redis

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "serving"))

import data
from servers import Process, free_port

FEATURES = [f"feature_{index}" for index in range(20)]
FEAST_ROWS = 20_000

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
views:
  - name: profile
    entity: customer
    source: profiles
    refresh: stream
    features: [{features}]
    ttl: 30d
services:
  - name: profile
    features: [profile.*]
"""

PROFILES = """profiles:
  redis:
    online: redis://127.0.0.1:{port}
    offline: lake:.roost/lake
    registry: sqlite:.roost/registry.db
"""


def write_rows(path, entities, now):
    """One row per entity, in no order, seen within the last day."""
    random = np.random.default_rng(1)
    columns = {"customer": random.permutation(entities).astype(np.int64)}
    for name in FEATURES:
        columns[name] = random.normal(size=entities)
    ages = np.sort(random.integers(1, 86_400, entities))[::-1] * 1_000_000
    times = int(now.timestamp()) * 1_000_000 - ages
    columns["seen_at"] = pa.array(times, type=pa.timestamp("us", tz="UTC"))
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path, row_group_size=100_000)


def write_project(folder, entities, now, port):
    schema = "\n".join(f"      {name}: double" for name in FEATURES)
    definitions = folder / "feature-definitions"
    definitions.mkdir(parents=True)
    (definitions / "bench.yaml").write_text(
        DEFINITIONS.format(schema=schema, features=", ".join(FEATURES)))
    (folder / "roost.yaml").write_text(PROFILES.format(port=port))
    write_rows(folder / "data/profiles/part-0.parquet", entities, now)


class Server:
    """A Redis without persistence, unless `options` say otherwise."""

    def __init__(self, folder, name, *options, core=f"0-{os.cpu_count() - 1}"):
        self.port = free_port()
        self.process = Process(
            ["redis-server", "--port", self.port, "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--dir", folder, *options], core, False, folder / f"{name}.log")
        self.client = redis.Redis(port=self.port)
        while True:
            try:
                self.client.ping()
                break
            except redis.exceptions.ConnectionError:
                continue

    def clear(self):
        self.client.flushall()
        return self.client.info("memory")["used_memory"]

    def memory(self):
        return self.client.info("memory")["used_memory"]


def timed(server, command, **options):
    """Runs a command to its end: its seconds, processor seconds, peak memory, and Redis' share."""
    before, begin = server.process.cpu_seconds(), time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, **options)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.monotonic() - begin
    assert status == 0, f"{command}: {said.decode()}"
    return {"seconds": elapsed, "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "redis_cpu_seconds": server.process.cpu_seconds() - before,
            "peak_bytes": usage.ru_maxrss * 1024}


def median(runs):
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def materialize(roost, project, now, *options):
    return [roost, "materialize", "--project", project, "--profile", "redis", "--at",
            now.strftime("%Y-%m-%dT%H:%M:%SZ"), *options]


def measure_loading(arguments, folder, server, now):
    """Into an empty server, the same keys and values: by Roost, and as a file of commands."""
    project, entities = folder / "project", arguments.entities
    write_project(project, entities, now, server.port)
    data.run(arguments.roost, "apply", "--project", project, "--profile", "redis")
    # The first run also fills the event log, which is no part of this.
    data.run(*materialize(arguments.roost, project, now))
    pipe = folder / "commands.resp"
    address = f"redis://127.0.0.1:{server.port}"
    loading, piping, refreshing = [], [], []
    memory = prefix = None
    for _ in range(arguments.rounds):
        empty = server.clear()
        loading.append(timed(server, materialize(arguments.roost, project, now, "--force")))
        memory = (server.memory() - empty) / entities
        prefix = data.run(arguments.tools / "redis-read", "dump", address, "profile", entities,
                          pipe).strip()
        server.clear()
        with open(pipe, "rb") as commands:
            piping.append(timed(server, ["redis-cli", "-p", server.port, "--pipe"], stdin=commands))
        assert server.client.dbsize() == entities
    data.run(*materialize(arguments.roost, project, now, "--force"))
    refreshing.append(timed(server, materialize(arguments.roost, project, now, "--force")))
    size = pipe.stat().st_size
    pipe.unlink()
    return {"roost": median(loading), "redis-cli --pipe": median(piping),
            "roost, replacing": median(refreshing), "pipe_bytes": size,
            "bytes_per_entity": memory}, prefix


def measure_reading(arguments, server, now, folder):
    """MGETs of 100 random keys, one or 16 in flight, by the store and by the raw client."""
    address = f"redis://127.0.0.1:{server.port}"
    prefix = data.run(arguments.tools / "redis-read", "dump", address, "profile", 1,
                      folder / "one.resp").strip()
    runs = {}
    for _ in range(arguments.rounds):
        for depth in (1, 16):
            commands = {
                "roost": [arguments.tools / "redis-read", "read", address, "profile",
                          arguments.entities, 100, depth, arguments.seconds],
                "raw": [arguments.tools / "mget-client", server.port, prefix, arguments.entities,
                        100, depth, arguments.seconds]}
            for name, command in commands.items():
                before = server.process.cpu_seconds()
                result = json.loads(data.run(*command))
                reads = result["reads_per_s"] * arguments.seconds
                result["redis_cpu_us"] = (server.process.cpu_seconds() - before) / reads * 1e6
                runs.setdefault((name, depth), []).append(result)
    results = {key: median(found) for key, found in runs.items()}
    sizes = {result["bytes_per_read"] for result in results.values()}
    assert max(sizes) - min(sizes) < 1, f"not the same values were read: {sizes}"
    return results


def measure_feast(arguments, folder, server, now):
    """Rows per second of Feast's materialize, and what its layout takes beside Roost's."""
    rows = folder / "feast-rows.parquet"
    write_rows(rows, FEAST_ROWS, now)
    empty = server.clear()
    before = server.process.cpu_seconds()
    text = data.run(sys.executable, HERE / "feast_materialize.py", folder / "feast", rows,
                    server.port, len(FEATURES))
    result = json.loads(text.splitlines()[-1])
    result["redis_cpu_seconds"] = server.process.cpu_seconds() - before
    keys = server.client.dbsize()
    assert keys >= FEAST_ROWS, f"Feast wrote {keys} of {FEAST_ROWS} entities"
    result["bytes_per_entity"] = (server.memory() - empty) / FEAST_ROWS
    # The same number of entities by Roost: the tables of Redis grow in powers of two.
    project = folder / "small"
    write_project(project, FEAST_ROWS, now, server.port)
    data.run(arguments.roost, "apply", "--project", project, "--profile", "redis")
    empty = server.clear()
    data.run(*materialize(arguments.roost, project, now))
    result["roost_bytes_per_entity"] = (server.memory() - empty) / FEAST_ROWS
    return result


def report(arguments, loading, reading, feast, load):
    entities = arguments.entities
    roost, pipe = loading["roost"], loading["redis-cli --pipe"]
    lines = [f"Redis: {entities} entities x {len(FEATURES)} doubles, {os.cpu_count()} cores, "
             f"{arguments.rounds} rounds, {load}"]
    for name in ("roost", "redis-cli --pipe", "roost, replacing"):
        run = loading[name]
        lines.append(
            f"{name:>18}: {run['seconds']:6.2f} s, {entities / run['seconds']:9,.0f} entities/s, "
            f"CPU {run['cpu_seconds']:.2f} s, Redis CPU {run['redis_cpu_seconds']:.2f} s, "
            f"peak {run['peak_bytes'] / 1e6:.0f} MB")
    rate = FEAST_ROWS / feast["seconds"]
    lines.append(f"{'feast materialize':>18}: {feast['seconds']:6.2f} s for {FEAST_ROWS} rows, "
                 f"{rate:,.0f} entities/s, CPU {feast['cpu_seconds']:.2f} s, "
                 f"Redis CPU {feast['redis_cpu_seconds']:.2f} s")
    lines.append(f"of redis-cli --pipe: {pipe['seconds'] / roost['seconds']:.2f}x; of Feast per "
                 f"row: {entities / roost['seconds'] / rate:.0f}x")
    lines.append(f"bytes per entity: {loading['bytes_per_entity']:.0f} of {entities}; of "
                 f"{FEAST_ROWS}: roost {feast['roost_bytes_per_entity']:.0f}, Feast "
                 f"{feast['bytes_per_entity']:.0f}, "
                 f"{feast['roost_bytes_per_entity'] / feast['bytes_per_entity']:.2f}x")
    for depth in (1, 16):
        ours, raw = reading["roost", depth], reading["raw", depth]
        lines.append(
            f"100 keys, {depth:2} in flight: roost {ours['reads_per_s']:,.0f} reads/s, client CPU "
            f"{ours['cpu_us']:.0f} us; raw {raw['reads_per_s']:,.0f} reads/s, {raw['cpu_us']:.0f} "
            f"us; {ours['reads_per_s'] / raw['reads_per_s']:.2f}x; Redis CPU "
            f"{ours['redis_cpu_us']:.0f} and {raw['redis_cpu_us']:.0f} us")
    arguments.out.mkdir(parents=True, exist_ok=True)
    document = {"load": load, "loading": loading, "feast": feast, "reading": [
        {"client": name, "in_flight": depth, **result}
        for (name, depth), result in reading.items()]}
    (arguments.out / "redis.json").write_text(json.dumps(document, indent=1) + "\n")
    (arguments.out / "redis.txt").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", type=Path, required=True)
    parser.add_argument("--tools", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--entities", type=int, default=1_000_000)
    arguments = parser.parse_args()
    arguments.roost, arguments.tools = arguments.roost.resolve(), arguments.tools.resolve()
    with tempfile.TemporaryDirectory(prefix="roost-bench-") as name:
        folder, now = Path(name), data.moment()
        before = os.getloadavg()[0]
        server = Server(folder, "redis")
        try:
            loading, _ = measure_loading(arguments, folder, server, now)
            reading = measure_reading(arguments, server, now, folder)
            feast = measure_feast(arguments, folder, server, now)
        finally:
            server.process.stop()
        load = f"load average {before:.1f} before, {os.getloadavg()[0]:.1f} after"
        report(arguments, loading, reading, feast, load)


if __name__ == "__main__":
    main()
