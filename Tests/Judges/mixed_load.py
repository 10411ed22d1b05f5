"""Reads beside writes for a long time: `roost serve` under steady load while `roost materialize`
runs again and again with advancing cuts.

    python mixed_load.py --roost PATH [--minutes 30] [--seed 1] [--online lmdb|redis]

Every answer is checked, not sampled: row i of the made-up orders happens at a known time, so for
each cut it is known what every customer's features are. All values of one view in one answer must
be those of one cut that was materialized, and on one connection cuts never go back. Every eighth
`materialize` is killed at a random moment. Meanwhile the server's memory and open files and the
size of the store are measured; after a warm-up of a quarter of the time none may grow.

With `--online redis` the store is a Redis server of its own. There a killed `materialize` keeps the
right to write until its time is over, so the run after it is tried again for a minute.
"""

import argparse
import bisect
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from redis_server import RedisServer

CUSTOMERS = 20_000
STRANGERS = 500
DAYS = 30
START = datetime(2024, 1, 1, tzinfo=timezone.utc)
SPACING = timedelta(days=1) / CUSTOMERS
FIRST_CUT = START + timedelta(days=2)
STEP = timedelta(minutes=10)
KEYS_ASKED = 20
PACE = 0.02
KEPT_CONNECTIONS = 4
DEFINITIONS = """\
project: mixed_load
entities:
  - name: customer
    keys: { customer: int64 }
sources:
  - name: orders
    event_time: ordered_at
    schema:
      customer: int64
      number: int64
      ordered_at: timestamp
    batch:
      parquet: data/orders
views:
  - name: totals
    entity: customer
    source: orders
    refresh: stream
    features:
      orders: count()
      newest: last(number)
  - name: daily
    entity: customer
    source: orders
    refresh: every 10m delay 0s
    features:
      orders_24h: count() over 24h hop 1h
      newest_24h: last(number) over 24h hop 1h
services:
  - name: load
    features:
      - totals.*
      - daily.*
"""
FEATURES = ["orders", "newest", "orders_24h", "newest_24h"]
STATUSES = {"PRESENT", "NULL_VALUE", "NOT_FOUND"}


class LMDB:
    """The store in the project's folder."""

    address = "lmdb:.roost/online"
    time_of_a_right = 0

    def __init__(self, project):
        self.file = project / ".roost/online/data.mdb"

    def size_kb(self):
        return self.file.stat().st_size // 1024

    def stop(self):
        pass


class Redis(RedisServer):
    """A Redis server on a free port of the loopback interface."""

    time_of_a_right = 60


PROFILE = """\
profiles:
  embedded:
    online: {online}
    offline: lake:.roost/lake
    registry: sqlite:.roost/registry.db
"""


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def rows_before(moment):
    """How many rows happened before `moment`; row i happens at START + i * SPACING."""
    return max(0, -((START - moment) // SPACING))


class Orders:
    """The rows, and what each customer's features are as of any cut."""

    def __init__(self, seed):
        chance = random.Random(seed)
        self.customers = list(range(CUSTOMERS)) + [
            chance.randrange(CUSTOMERS) for _ in range((DAYS - 1) * CUSTOMERS)]
        self.rows = [[] for _ in range(CUSTOMERS)]
        for row, customer in enumerate(self.customers):
            self.rows[customer].append(row)

    def write(self, path):
        with open(path, "w", encoding="ascii") as file:
            file.write("customer,number,ordered_at\n")
            for row, customer in enumerate(self.customers):
                file.write(f"{customer},{row},{text(START + row * SPACING)}\n")

    def totals(self, customer, cut):
        return self.window(customer, 0, rows_before(cut))

    def daily(self, customer, cut):
        first = cut.replace(minute=0, second=0, microsecond=0) - timedelta(hours=24)
        return self.window(customer, rows_before(first), rows_before(cut))

    def window(self, customer, first, end):
        """(how many rows of the customer are in first..<end, the last of them or None)."""
        rows = self.rows[customer] if customer < CUSTOMERS else []
        low, high = bisect.bisect_left(rows, first), bisect.bisect_left(rows, end)
        return high - low, rows[high - 1] if high > low else None


class Figures:
    """What all threads find, under one lock."""

    def __init__(self):
        self.lock = threading.Lock()
        self.is_over = threading.Event()
        self.cuts = [FIRST_CUT]
        self.errors = []
        self.answers = 0
        self.latencies = []
        self.builds = []
        self.kills = 0

    def fail(self, error):
        with self.lock:
            self.errors.append(error)
            if len(self.errors) >= 20:
                self.is_over.set()

    def answered(self, seconds):
        with self.lock:
            self.answers += 1
            self.latencies.append(seconds)


class Reader:
    """One client: asks at a steady pace and checks every answer."""

    def __init__(self, address, orders, figures, seed, keeps_connection):
        self.address, self.orders, self.figures = address, orders, figures
        self.chance = random.Random(seed)
        self.keeps_connection = keeps_connection
        self.floors = [0, 0]
        self.connection = None

    def run(self):
        while not self.figures.is_over.wait(PACE):
            try:
                self.ask()
            except Exception as error:  # whatever it is, it must not happen
                self.connection = None
                self.figures.fail(f"{type(error).__name__}: {error}")

    def ask(self):
        keys = [self.chance.randrange(CUSTOMERS + STRANGERS) for _ in range(KEYS_ASKED)]
        body = json.dumps({"feature_service": "load", "entities": {"customer": keys}})
        if not self.connection or not self.keeps_connection:
            self.connection = http.client.HTTPConnection(self.address, timeout=10)
        begun = time.monotonic()
        self.connection.request("POST", "/get-online-features", body)
        answer = self.connection.getresponse()
        content = answer.read()
        self.figures.answered(time.monotonic() - begun)
        if not self.keeps_connection:
            self.connection.close()
        assert answer.status == 200, f"{answer.status}: {content[:300]}"
        self.check(keys, json.loads(content))

    def check(self, keys, answer):
        names = answer["metadata"]["feature_names"]
        assert names == ["customer", *FEATURES], names
        results = answer["results"]
        assert results[0]["values"] == keys, "the keys are not those asked"
        for result in results:
            assert len(result["values"]) == len(result["statuses"]) == len(keys)
            for value, status in zip(result["values"], result["statuses"], strict=True):
                assert status in STATUSES, status
                assert value is not None or status != "PRESENT", "PRESENT without a value"
        values = [result["values"] for result in results[1:]]
        pairs = [list(zip(*values[:2], strict=True)), list(zip(*values[2:], strict=True))]
        views = [self.orders.totals, self.orders.daily]
        for view, (got, expected) in enumerate(zip(pairs, views, strict=True)):
            self.floors[view] = self.cut_of(view, keys, got, expected)

    def cut_of(self, view, keys, got, expected):
        """The first cut, not before the last one seen, whose values these are."""
        with self.figures.lock:
            known = len(self.figures.cuts)
        for number in range(self.floors[view], known):
            cut = self.figures.cuts[number]
            if all(pair == expected(key, cut) for key, pair in zip(keys, got, strict=True)):
                return number
        raise AssertionError(
            f"no cut of {self.floors[view]}..<{known} has these values of view {view}: "
            f"{list(zip(keys, got, strict=True))}")


class Writer:
    """Materializes one cut after the other, and kills one of eight runs."""

    def __init__(self, roost, project, store, figures, seed):
        self.roost, self.project, self.store, self.figures = roost, project, store, figures
        self.chance = random.Random(seed)

    def run(self):
        cut = FIRST_CUT + STEP
        while not self.figures.is_over.is_set() and cut < START + timedelta(days=DAYS):
            with self.figures.lock:
                self.figures.cuts.append(cut)
            if len(self.figures.cuts) % 8 == 0:
                self.kill(cut)
            begun = time.monotonic()
            code, said = self.materialize(cut)
            if code not in (0, 99):  # 99 when a run was killed after its last step
                self.figures.fail(f"materialize ended with {code}: {said}")
            self.figures.builds.append(time.monotonic() - begun)
            cut += STEP

    def materialize(self, cut):
        """Tries again while a killed run still has the right to write."""
        end = time.monotonic() + 1.5 * self.store.time_of_a_right
        code, said = self.start(cut).communicate_and_code()
        while code == 75 and time.monotonic() < end and not self.figures.is_over.wait(1):
            code, said = self.start(cut).communicate_and_code()
        return (99 if self.figures.is_over.is_set() and code == 75 else code), said

    def kill(self, cut):
        run = self.start(cut)
        longest = max(self.figures.builds, default=1)
        self.figures.is_over.wait(self.chance.uniform(0, longest))
        run.process.send_signal(signal.SIGKILL)
        code, _ = run.communicate_and_code()
        self.figures.kills += code == -signal.SIGKILL

    def start(self, cut):
        return Run([self.roost, "materialize", "--at", text(cut), "--project", self.project])


class Run:
    def __init__(self, words):
        self.process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def communicate_and_code(self):
        said, _ = self.process.communicate(timeout=300)
        return self.process.returncode, said.strip()


class Meter:
    """Measures the server and the store every few seconds."""

    NAMES = ["rss_kb", "open_files", "store_kb", "project_kb"]

    def __init__(self, process, address, project, store):
        self.process, self.address, self.project = process, address, project
        self.store = store
        self.samples = []
        self.view_cuts = {}

    def sample(self, figures):
        folder = Path(f"/proc/{self.process.pid}")
        status = (folder / "status").read_text()
        rss = int(status.split("VmRSS:")[1].split()[0])
        files = len(list((folder / "fd").iterdir()))
        store = self.store.size_kb()
        self.samples.append((time.monotonic(), rss, files, store, self.project_size()))
        try:
            self.check_metrics()
        except Exception as error:
            figures.fail(f"/metrics: {type(error).__name__}: {error}")

    def project_size(self):
        """What the store's folder and the registry take, in KiB."""
        sizes = []
        for folder, _, names in os.walk(self.project / ".roost"):
            for name in names:
                try:
                    sizes.append(os.stat(f"{folder}/{name}").st_blocks // 2)
                except FileNotFoundError:
                    pass
        return sum(sizes)

    def check_metrics(self):
        connection = http.client.HTTPConnection(self.address, timeout=10)
        connection.request("GET", "/metrics")
        lines = connection.getresponse().read().decode().splitlines()
        connection.close()
        cuts = dict(line.split() for line in lines if line.startswith("roost_view_cut_seconds{"))
        assert len(cuts) == 2, cuts
        for view, seconds in cuts.items():
            assert float(seconds) >= self.view_cuts.get(view, 0), f"{view} went back"
            self.view_cuts[view] = float(seconds)

    def growth(self):
        """(name, greatest of the second quarter, greatest of the last quarter, allowed)."""
        quarter = max(1, len(self.samples) // 4)
        early, late = self.samples[quarter : 2 * quarter], self.samples[-quarter:]
        slack = {"rss_kb": (1.1, 4096), "open_files": (1, 4), "store_kb": (1.25, 1024)}
        for index, name in enumerate(self.NAMES[:3], start=1):
            before = max(sample[index] for sample in early)
            after = max(sample[index] for sample in late)
            factor, more = slack[name]
            yield name, before, after, before * factor + more

    def lines(self):
        first = self.samples[0][0]
        yield "  seconds " + " ".join(f"{name:>10}" for name in self.NAMES)
        for sample in self.samples[:: max(1, len(self.samples) // 15)]:
            yield f"{sample[0] - first:9.0f} " + " ".join(f"{value:10}" for value in sample[1:])


def must(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 99):
        sys.exit(f"{' '.join(map(str, words))}\nended with {done.returncode}: {done.stderr}")


def prepared(roost, project, store, orders):
    (project / "roost.yaml").write_text(PROFILE.format(online=store.address))
    (project / "feature-definitions").mkdir()
    (project / "feature-definitions/mixed.yaml").write_text(DEFINITIONS)
    orders.write(project / "orders.csv")
    place = ["--project", project]
    must(roost, "import", "csv", project / "orders.csv", "--source", "orders", *place)
    must(roost, "apply", *place)
    must(roost, "materialize", "--at", text(FIRST_CUT), *place)


def served(roost, project, *words):
    """A server of a project, and its address."""
    process = subprocess.Popen(
        [roost, "serve", "--listen", "127.0.0.1:0", "--project", project, *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    line = process.stderr.readline()
    assert "http://" in line, line
    return process, line.split("http://")[1].strip()


def load(roost, project, store, orders, minutes, seed):
    figures = Figures()
    process, address = served(roost, project)
    meter = Meter(process, address, project, store)
    readers = [
        Reader(address, orders, figures, f"{seed} {number}", number < KEPT_CONNECTIONS)
        for number in range(KEPT_CONNECTIONS + 1)]
    tasks = [*readers, Writer(roost, project, store, figures, seed)]
    threads = [threading.Thread(target=task.run) for task in tasks]
    for thread in threads:
        thread.start()
    end = time.monotonic() + minutes * 60
    while time.monotonic() < end and not figures.is_over.wait(min(5, minutes * 3)):
        meter.sample(figures)
    figures.is_over.set()
    for thread in threads:
        thread.join()
    process.terminate()
    if process.wait(30) != 0:
        figures.fail(f"the server ended with {process.returncode}")
    return figures, meter


def tell(figures, meter):
    """Prints the figures; returns whether all is well."""
    for line in meter.lines():
        print(line)
    for name, before, after, allowed in meter.growth():
        print(f"{name}: at most {before} in the second quarter, {after} in the last")
        if after > allowed:
            figures.fail(f"{name} grew from {before} to {after}")
    times = sorted(figures.latencies)
    spots = [1000 * times[int(len(times) * share)] for share in (0.5, 0.99, 0.999)]
    print("{} answers of {} keys, all checked; p50 {:.2f} ms, p99 {:.2f} ms, p99.9 {:.2f} ms "
          "(measured in Python)".format(figures.answers, KEYS_ASKED, *spots))
    builds = figures.builds
    print(f"{len(builds)} cuts materialized, {max(builds):.2f} s at most, "
          f"{figures.kills} more runs killed")
    for error in figures.errors[:20]:
        print(f"error: {error}")
    print(f"mixed load: {len(figures.errors)} errors")
    return not figures.errors


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--online", choices=["lmdb", "redis"], default="lmdb")
    arguments = parser.parse_args()
    roost = str(Path(arguments.roost).resolve())
    with tempfile.TemporaryDirectory(prefix="roost-mixed-") as folder:
        project = Path(folder)
        orders = Orders(arguments.seed)
        store = (Redis if arguments.online == "redis" else LMDB)(project)
        try:
            prepared(roost, project, store, orders)
            figures, meter = load(
                roost, project, store, orders, arguments.minutes, arguments.seed)
            sys.exit(0 if tell(figures, meter) else 1)
        finally:
            store.stop()


if __name__ == "__main__":
    main()
