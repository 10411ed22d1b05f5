"""Features over HTTP: `roost serve` on LMDB and on Redis beside `feast serve` on Redis, in one run.

    python serving.py --roost PATH --client PATH --out FOLDER [--rounds N] [--seconds S]
                      [--urgent] [--alone]

All serve the same rows and are asked the same requests, with one worker each. Before anything is
timed their answers are compared value by value. Servers have one core, the client (and Redis, of
which each has its own) the other; rounds alternate, and medians over the rounds are reported. `--urgent` runs all of them before
the machine's other work (needs root); `--alone` leaves Feast out.
"""

import argparse
import json
import os
import socket
import statistics
import sys
import tempfile
import urllib.request
from pathlib import Path

import data
from servers import CLIENT_CORE, SERVER_CORE, Process, free_port, pinned, wait_until_healthy

HERE = Path(__file__).resolve().parent
PATH = "/get-online-features"
SHAPES = [(1, 1), (1, 100), (8, 1), (8, 100)]


class Served:
    """A server that is asked for a service."""

    def __init__(self, name, service, process, port, stores=()):
        self.name, self.service, self.process, self.port = name, service, process, port
        self.stores = stores

    def measure(self, client, bodies, connections, seconds):
        """`client` is the command of the load client."""
        before = self.process.cpu_seconds(), sum(s.cpu_seconds() for s in self.stores)
        text = data.run(*client, self.port, PATH, bodies, connections, seconds)
        result = json.loads(text)
        requests = result["requests"]
        result["server_cpu_us"] = (self.process.cpu_seconds() - before[0]) / requests * 1e6
        store_cpu = sum(s.cpu_seconds() for s in self.stores) - before[1]
        result["store_cpu_us"] = store_cpu / requests * 1e6
        result["requests_per_s"] = requests / result["seconds"]
        return result


def start_redis(logs, name, urgent=False):
    port = free_port()
    process = Process(["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "",
                       "--appendonly", "no", "--dir", logs], CLIENT_CORE, urgent,
                      logs / f"{name}.log")
    while True:  # until it answers
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return process, port
        except ConnectionRefusedError:
            assert process.process.poll() is None, "redis-server does not come up"


def start_roost(roost, folder, profile, now, logs, urgent=False):
    place = ["--project", folder, "--profile", profile]
    data.run(roost, "materialize", "--at", now.strftime("%Y-%m-%dT%H:%M:%SZ"), *place)
    port = free_port()
    process = Process([roost, "serve", "--listen", f"127.0.0.1:{port}", "--loops", 1, *place],
                      SERVER_CORE, urgent, logs / f"roost-{profile}.log")
    wait_until_healthy(process, port)
    return process, port


def start_feast(folder, profiles, logs, urgent=False):
    redis, redis_port = start_redis(logs, "feast-redis", urgent)
    port = free_port()
    repository = folder / "feast"
    data.run(sys.executable, HERE / "feast_peer.py", repository, profiles, redis_port)
    process = Process(
        [Path(sys.executable).with_name("feast"), "serve", "--port", port, "--workers", 1,
         "--no-access-log", "--max-requests", 0, "--registry_ttl_sec", 3600],
        SERVER_CORE, urgent, logs / "feast.log", cwd=repository,
        env=os.environ | {"FEAST_USAGE": "False"})
    wait_until_healthy(process, port)
    return process, redis, port


def ask(port, body):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{PATH}", data=body.encode(),
        headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        document = json.load(answer)
    names = document["metadata"]["feature_names"]
    return {name: (column["values"], column["statuses"], column["event_timestamps"])
            for name, column in zip(names, document["results"])}


def compare(roost, feast, bodies):
    """The same values, statuses and times from both; returns how many cells were compared."""
    cells = 0
    for body in Path(bodies).read_text().splitlines()[:50]:
        ours, theirs = ask(roost.port, body), ask(feast.port, body)
        assert set(ours) == set(theirs) == {"customer", *data.FEATURES}, (ours.keys(), theirs.keys())
        for name, columns in ours.items():
            assert columns == theirs[name], f"{name}: {columns} is not {theirs[name]}"
            cells += len(columns[0])
    return cells


def measure_all(servers, bodies, client, rounds, seconds):
    """results[(server, connections, entities)] = one measurement per round."""
    results = {}
    for server in servers:  # first touches are not measured
        for _, entities in SHAPES:
            server.measure(client, bodies[server.service, entities], 1, 1)
    for turn in range(rounds):
        for connections, entities in SHAPES:
            order = servers if turn % 2 == 0 else servers[::-1]
            for server in order:
                result = server.measure(
                    client, bodies[server.service, entities], connections, seconds)
                results.setdefault((server.name, connections, entities), []).append(result)
    return {key: {name: statistics.median(r[name] for r in runs) for name in runs[0]}
            for key, runs in results.items()}


COLUMNS = [("requests/s", "requests_per_s", 1, 0), ("p50 ms", "p50_us", 1e-3, 3),
           ("p99 ms", "p99_us", 1e-3, 3), ("server CPU us", "server_cpu_us", 1, 1),
           ("store CPU us", "store_cpu_us", 1, 1)]


def table(servers, results):
    rows = [["connections", "entities", "server", *(column[0] for column in COLUMNS)]]
    for connections, entities in SHAPES:
        for server in servers:
            result = results[server.name, connections, entities]
            cells = [f"{result[key] * scale:,.{digits}f}" for _, key, scale, digits in COLUMNS]
            rows.append([str(connections), str(entities), server.name, *cells])
    widths = [max(map(len, column)) for column in zip(*rows)]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths)) for row in rows]


def ratios(results, ours, theirs):
    lines = []
    for connections, entities in SHAPES:
        left = results[ours, connections, entities]
        right = results[theirs, connections, entities]
        lines.append(
            f"{connections} x {entities}: {left['requests_per_s'] / right['requests_per_s']:.0f}x "
            f"requests/s, p50 {right['p50_us'] / left['p50_us']:.0f}x and p99 "
            f"{right['p99_us'] / left['p99_us']:.0f}x lower, server CPU "
            f"{right['server_cpu_us'] / left['server_cpu_us']:.0f}x lower")
    return lines


def report(arguments, servers, stores, bodies, compared):
    before = os.getloadavg()[0]
    client = [*pinned(CLIENT_CORE, arguments.urgent), arguments.client]
    results = measure_all(servers, bodies, client, arguments.rounds, arguments.seconds)
    load = f"load average {before:.1f} before, {os.getloadavg()[0]:.1f} after"
    lines = [f"{data.ENTITIES} entities x {len(data.FEATURES)} features, {arguments.rounds} rounds "
             f"of {arguments.seconds} s, {os.cpu_count()} cores, "
             f"{'before all other work, ' if arguments.urgent else ''}{load}"]
    lines += table(servers, results)
    lines.append(f"{compared} cells were equal in all before the rounds")
    if not arguments.alone:
        for ours in ("roost", "roost + redis"):
            lines.append(f"{ours} beside feast + redis:")
            lines += ratios(results, ours, "feast + redis")
    for name, process in {server.name: server.process for server in servers}.items():
        lines.append(f"peak memory of {name}: {process.peak_memory() / 1e6:.0f} MB")
    for name, process in stores.items():
        lines.append(f"peak memory of {name}: {process.peak_memory() / 1e6:.0f} MB")
    document = {"load": load, "cores": os.cpu_count(), "results": [
        {"server": name, "connections": connections, "entities": entities, **result}
        for (name, connections, entities), result in results.items()]}
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "serving.json").write_text(json.dumps(document, indent=1) + "\n")
    (arguments.out / "serving.txt").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", type=Path, required=True)
    parser.add_argument("--client", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--urgent", action="store_true")
    parser.add_argument("--alone", action="store_true")
    arguments = parser.parse_args()
    arguments.roost, arguments.client = arguments.roost.resolve(), arguments.client.resolve()
    processes = []
    with tempfile.TemporaryDirectory(prefix="roost-bench-") as name:
        folder = Path(name)
        try:
            project, now = folder / "project", data.moment()
            redis, redis_port = start_redis(folder, "roost-redis", arguments.urgent)
            processes.append(redis)
            data.write_project(project, now, redis_port)
            data.run(arguments.roost, "apply", "--project", project)
            local, local_port = start_roost(
                arguments.roost, project, "embedded", now, folder, arguments.urgent)
            processes.append(local)
            shared, shared_port = start_roost(
                arguments.roost, project, "shared", now, folder, arguments.urgent)
            processes.append(shared)
            servers = [Served("roost", "profile", local, local_port),
                       Served("roost + redis", "profile", shared, shared_port, [redis]),
                       Served("roost, windows", "orders", local, local_port),
                       Served("roost + redis, windows", "orders", shared, shared_port, [redis])]
            bodies = {}
            for service in ("profile", "orders"):
                for _, entities in SHAPES:
                    path = folder / f"{service}-{entities}.jsonl"
                    data.write_bodies(path, service, entities)
                    bodies[service, entities] = path
            compared, stores = compare(servers[0], servers[1], bodies["profile", 100]), {}
            stores["roost's redis"] = redis
            if not arguments.alone:
                profiles = folder / "project/data/profiles/part-0.parquet"
                feast, redis, port = start_feast(folder, profiles, folder, arguments.urgent)
                processes += [feast, redis]
                servers.append(Served("feast + redis", "profile", feast, port, [redis]))
                stores["feast's redis"] = redis
                compared += compare(servers[0], servers[-1], bodies["profile", 100])
            report(arguments, servers, stores, bodies, compared)
        finally:
            for process in processes:
                process.stop()


if __name__ == "__main__":
    main()
