"""What a measurement runs on: broker and Redis on one core, the worker on the other."""

import os
import struct
import sys
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
for folder in ("serving", "stores"):
    sys.path.insert(0, str(HERE.parent / folder))

import data
from redis_store import Server
from servers import CLIENT_CORE, SERVER_CORE, Process

import stream_data

KEEPING = ("--appendonly", "yes", "--appendfsync", "everysec")
# Of a partition the development broker keeps 5 MiB.
PARTITIONS = 64
POLL = 0.05
# Of the only view of an empty store.
GENERATION = 1


class Bench:
    """A folder, a Redis that keeps what it has, a broker with one topic, and a project."""

    def __init__(self, roost, folder, begin, partitions=PARTITIONS):
        folder.mkdir()
        self.roost, self.folder, self.partitions = roost, folder, partitions
        self.redis = Server(folder, "redis", *KEEPING, core=CLIENT_CORE)
        file = folder / "broker.address"
        self.broker = Process(
            [roost, "dev-broker", "--topic", f"payments:{partitions}", "--address-file", file],
            CLIENT_CORE, False, folder / "broker.log")
        while not (file.exists() and file.read_text().strip()):
            assert self.broker.process.poll() is None, "the broker does not come up"
            threading.Event().wait(POLL)
        self.brokers = file.read_text().strip()
        self.project = folder / "project"
        self.begin = begin
        stream_data.write_project(self.project, self.redis.port, self.brokers)
        data.run(roost, "apply", "--project", self.project)
        data.run(roost, "materialize", "--project", self.project, "--at",
                 stream_data.text(begin))

    def worker(self, *words):
        return Process([self.roost, "stream", "--project", self.project, "--sink", "online",
                        "--workers", 1, *words],
                       SERVER_CORE, False, self.folder / "stream.log")

    def committed(self):
        """How many events the states hold: the sum of the positions."""
        keys = [f"r1c:{{0}}:{GENERATION}:{number}" for number in range(self.partitions)]
        values = self.redis.client.mget(keys)
        return sum(struct.unpack(">Q", value[17:25])[0] for value in values if value)

    def state_key(self, customer):
        """Where the state of a customer stands: the key big-endian, its sign flipped."""
        return b"r1:{0}:%c:\x80" % GENERATION + customer.to_bytes(7, "big")

    def said(self):
        return (self.folder / "stream.log").read_text(errors="replace")[-2000:]

    def stop(self):
        for process in (self.broker, self.redis.process):
            process.stop()


def resident(process):
    """Bytes of memory of a process and what it started."""
    total = 0
    for member in process.members():
        pages = Path(f"/proc/{member}/statm").read_text().split()[1]
        total += int(pages) * os.sysconf("SC_PAGE_SIZE")
    return total


def microseconds():
    return time.time_ns() // 1000


def day_begin():
    """Midnight, in microseconds."""
    now = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    return int(now.timestamp()) * stream_data.MICROSECONDS
