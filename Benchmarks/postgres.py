"""COPY in and out of PostgreSQL beside psql's own, of the same rows, in one run.

    python postgres.py POSTGRES_BENCH RESULTS [ROUNDS [ROWS]]

A server of its own on loopback, the one that is installed, its files in a temporary folder. Rounds
alternate the two; the table is emptied before each copy in. Medians. psql's seconds are those that its
own \\timing tells, without starting and connecting; ours begin before connecting. CPU is that of the
client and of the server's backends.
"""

import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Tests/Judges"))

from postgres_server import PostgresServer

TABLE = """CREATE TABLE rows (entity bigint, happened_at timestamptz, known_at timestamptz,
    a double precision, b double precision, c double precision, d double precision,
    n integer, flag boolean, city text)"""


class Server(PostgresServer):
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="roost-bench-")
        super().__init__(self.folder, "fsync=off", "shared_buffers=512MB", "max_wal_size=4GB",
                         "autovacuum=off")

    def psql(self, *commands):
        """Runs commands; the milliseconds of the last one, as psql tells them."""
        words = [f"{self.programs}/psql", "-q", "-X", "-d", self.address, "-c", "\\timing on"]
        for command in commands:
            words += ["-c", command]
        text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        return float(re.findall(r"Time: ([0-9.]+) ms", text)[-1])

    def backend_seconds(self):
        """What ended backends took; one ends a moment after its client."""
        while self.has_clients():
            os.sched_yield()
        fields = pathlib.Path(f"/proc/{self.postmaster}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")

    def has_clients(self):
        children = pathlib.Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children")
        for child in children.read_text().split():
            try:
                title = pathlib.Path(f"/proc/{child}/cmdline").read_bytes()
                # One that has ended and is not counted has no title.
                if not title or b"127.0.0.1(" in title:
                    return True
            except (FileNotFoundError, ProcessLookupError):
                continue
        return False

    def stop(self):
        super().stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def timed(server, run):
    """Wall, client and server seconds of `run`, which tells the first, or the first two."""
    server_before = server.backend_seconds()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    client = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    backend = server.backend_seconds() - server_before
    if isinstance(told, float):
        return told / 1e3, client, backend
    return told["seconds"], told["cpu"], backend


def main():
    bench, results = sys.argv[1], pathlib.Path(sys.argv[2])
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    rows = int(sys.argv[4]) if len(sys.argv) > 4 else 1_000_000
    server = Server()

    def ours(way, number):
        text = subprocess.run([bench, way, server.address, "rows", str(number)], check=True,
                              capture_output=True, text=True).stdout
        told = json.loads(text)
        assert told["rows"] == rows, told
        return told

    try:
        server.psql(TABLE)
        ours("in", rows)
        file = os.path.join(server.folder, "rows.bin")
        server.psql(f"\\copy rows to '{file}' (format binary)")
        size = os.path.getsize(file)
        kinds = {
            "COPY in, psql": lambda: server.psql(f"\\copy rows from '{file}' (format binary)"),
            "COPY in, roost": lambda: ours("in", rows),
            "COPY out, psql to /dev/null":
                lambda: server.psql("\\copy rows to '/dev/null' (format binary)"),
            "COPY out, roost into columns": lambda: ours("out", 1),
            "COPY out, roost, 2 connections": lambda: ours("out", 2),
        }
        found = {name: [] for name in kinds}
        for number in range(rounds):
            names = list(kinds)
            pairs = [names[:2], names[2:]]
            for pair in pairs:
                for name in pair if number % 2 == 0 else reversed(pair):
                    if " in," in name:
                        server.psql("TRUNCATE rows", "CHECKPOINT")
                    found[name].append(timed(server, kinds[name]))
        report(found, rows, size, rounds, results)
    finally:
        server.stop()


def report(found, rows, size, rounds, results):
    lines = [f"{rows:,} rows, {size / 1e6:.0f} MB of COPY BINARY, medians of {rounds} rounds",
             f"{'':34} seconds   rows/s      MB/s  beside psql  client CPU  server CPU"]
    medians = {name: [statistics.median(part) for part in zip(*values)]
               for name, values in found.items()}
    for name, (wall, client, backend) in medians.items():
        peer = medians["COPY in, psql" if " in," in name else "COPY out, psql to /dev/null"]
        lines.append(f"{name:34} {wall:7.3f} {rows / wall:10,.0f} {size / wall / 1e6:7.0f} "
                     f"{peer[0] / wall:10.2f}x  {client:9.2f} s {backend:9.2f} s")
    text = "\n".join(lines)
    print(text)
    results.mkdir(exist_ok=True)
    (results / "postgres.txt").write_text(text + "\n")


if __name__ == "__main__":
    main()
