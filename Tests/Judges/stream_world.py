"""Where a run of the chaos test takes place: broker, stores, project, and stream processes."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from threading import Event as Moment

import redis
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

import stream_events
from postgres_server import PostgresServer
from redis_server import LoggingRedis
from stream_events import DEFINITIONS, PARTITIONS, Events, text, write_rows

TRY_AGAIN = 75
BASE_ROWS = 400
# A member of the group that is silent for so long has lost its partitions.
SESSION_SECONDS = 6
RATE = 300
# Of two views of orders and one of visits.
CHECKPOINTS = 2 * PARTITIONS["orders"] + PARTITIONS["visits"]
PROFILES = """\
profiles:
  chaos:
    online: {online}
    offline: {offline}
    registry: sqlite:.roost/registry.db
    kafka:
      brokers: {brokers}
      settings:
{settings}
"""


class Failure(Exception):
    """What was found wrong."""


class DevBroker:
    """`roost dev-broker` with the topics of the test."""

    def __init__(self, roost, folder):
        self.topics = {topic: topic for topic in PARTITIONS}
        # It lets a reader wait to the end although rows have come.
        self.settings = {"fetch.wait.max.ms": 20}
        file = folder / "broker.address"
        words = [word for topic, count in PARTITIONS.items()
                 for word in ("--topic", f"{topic}:{count}")]
        self.process = subprocess.Popen(
            [roost, "dev-broker", *words, "--address-file", str(file)],
            stdout=subprocess.DEVNULL, stderr=open(folder / "broker.log", "wb"))
        while not (file.exists() and file.read_text().strip()):
            if self.process.poll() is not None:
                raise Failure("the broker does not come up")
            Moment().wait(0.05)
        self.address = file.read_text().strip()

    def stop(self):
        self.process.terminate()
        self.process.wait()


class RealBroker:
    """A Kafka that is there, with topics of names that nobody has."""

    def __init__(self, address, settings):
        self.address, self.settings = address, settings
        suffix = os.urandom(4).hex()
        self.topics = {topic: f"roost-chaos-{topic}-{suffix}" for topic in PARTITIONS}
        self.admin = AdminClient(settings | {"bootstrap.servers": address})
        made = self.admin.create_topics([
            NewTopic(name, PARTITIONS[topic], config={"retention.ms": "-1"})
            for topic, name in self.topics.items()])
        for done in made.values():
            done.result(30)

    def grow(self, topic, count):
        wanted = NewPartitions(self.topics[topic], count)
        self.admin.create_partitions([wanted])[self.topics[topic]].result(30)

    def stop(self):
        for done in self.admin.delete_topics(list(self.topics.values())).values():
            done.result(30)


class StreamProcess:
    """One `roost stream`."""

    def __init__(self, world, *words, prefix=(), killed_at=None):
        number = world.started
        world.started += 1
        self.log = world.folder / f"stream-{number}.log"
        command = [world.probe] if killed_at else [world.roost, "stream"]
        environment = {"ROOST_KILL_AT": killed_at} if killed_at else {}
        self.process = subprocess.Popen(
            [*prefix, *command, "--project", str(world.project), "--profile", "chaos", *words],
            stdout=subprocess.DEVNULL, stderr=open(self.log, "wb"), env=os.environ | environment,
            start_new_session=True)
        self.begun = time.monotonic()

    @property
    def code(self):
        return self.process.poll()

    def signal(self, number):
        """Whether it was alive to receive it. Below `ip netns exec` it is the same process."""
        if self.code is not None:
            return False
        self.process.send_signal(number)
        return True

    def kill(self):
        was_alive = self.signal(signal.SIGKILL)
        self.process.wait()
        return was_alive

    def said(self):
        return self.log.read_text(errors="replace")[-1500:]


class World:
    """Servers, a project whose base is materialized, and a group of stream processes.

    All time passes in `wait`, which meanwhile produces events and restarts processes that ended
    with 75.
    """

    def __init__(self, options, folder, chance, online, offline):
        self.folder, self.chance = folder, chance
        self.roost, self.probe = options.roost, options.probe
        self.project = folder / "project"
        self.events = Events(chance)
        self.workers, self.started, self.restarts, self.usual = [], 0, 0, 0
        self.cut = None
        self.produced = 0
        self.servers = []
        try:
            self.broker = self.server(
                RealBroker(options.brokers, options.settings) if options.brokers
                else DevBroker(options.roost, folder))
            self.redis = online == "redis" and self.server(LoggingRedis(folder / "redis"))
            self.postgres = offline == "postgres" and self.server(
                PostgresServer(folder, "fsync=off"))
        except BaseException:
            self.stop()
            raise
        self.producer = Producer(options.settings | {
            "bootstrap.servers": self.broker.address, "enable.idempotence": True, "linger.ms": 5})
        self.refused = []

    def server(self, started):
        self.servers.append(started)
        return started

    @property
    def lake(self):
        return self.project / ".roost/lake"

    @property
    def oracle(self):
        return self.folder / "oracle"

    def prepare(self):
        """Writes the project, and materializes its base."""
        base = [self.events.event("orders") for _ in range(BASE_ROWS)]
        self.events.all += base
        self.events.first_twin = len(base)
        cut = self.events.now["orders"] // stream_events.SECOND * stream_events.SECOND
        cut += stream_events.SECOND
        self.events.now = {topic: cut for topic in PARTITIONS}
        self.cut = cut
        settings = self.broker.settings | {"session.timeout.ms": 1000 * SESSION_SECONDS,
                                           "heartbeat.interval.ms": 500}
        self.write_definitions(self.project, DEFINITIONS.format(**self.broker.topics))
        profiles = self.project / "roost.yaml"
        profiles.touch(0o600)
        profiles.write_text(PROFILES.format(
            online=self.redis.address if self.redis else "lmdb:.roost/online",
            offline=self.postgres.address if self.postgres else "lake:.roost/lake",
            brokers=self.broker.address,
            settings="\n".join(f"        {name}: {value}" for name, value in settings.items())))
        for topic in PARTITIONS:
            write_rows(base, topic, self.project / f"data/{topic}/base.parquet")
        self.run("apply", "--profile", "chaos")
        self.run("materialize", "--profile", "chaos", "--at", text(cut))
        self.produce(base)

    def begin(self):
        """Starts the usual number of processes: an embedded store has one writer."""
        self.usual = 2 if self.redis else 1
        for _ in range(self.usual):
            self.start()
        if not self.redis:
            self.wait(4)
            return
        if not self.wait(60, until=lambda: len(self.checkpoints()) == CHECKPOINTS):
            raise Failure(f"there are {len(self.checkpoints())} checkpoints: "
                          f"{self.workers[0].said()}")
        # From here on what stands in Redis may be taken back.
        self.redis.settle()

    def is_of_base(self, event):
        """Whether a row is the batch side's, so that the stream leaves it out.

        Batch rows of visits are known when they happen, since the source declares nothing else.
        """
        return event.happened < self.cut and (
            event.topic == "visits" or event.known <= self.cut)

    def write_definitions(self, project, definitions):
        (project / "feature-definitions").mkdir(parents=True)
        (project / "feature-definitions/chaos.yaml").write_text(definitions)

    def run(self, *words, accept=(0,)):
        """Runs a command of roost; its JSON."""
        done = subprocess.run(
            [self.roost, *words, "--project", str(self.project), "--json"], capture_output=True,
            text=True, timeout=120, check=False)
        if done.returncode not in accept:
            raise Failure(f"roost {' '.join(words)} ended with {done.returncode}: "
                          f"{done.stdout[-1500:]}{done.stderr[-1500:]}")
        return done.returncode, json.loads(done.stdout.splitlines()[-1])

    def checkpoints(self):
        """(owner, position) by key, as Redis has them."""
        client = redis.Redis(port=self.redis.port)
        keys = sorted(client.keys("r1c:*"))
        values = client.mget(keys) if keys else []
        return {key: (value[1:17], int.from_bytes(value[17:25], "big"))
                for key, value in zip(keys, values) if value}

    def owners(self):
        return {key: owner for key, (owner, _) in self.checkpoints().items()}

    def positions(self):
        """How many records the states hold, over all checkpoints."""
        return sum(position for _, position in self.checkpoints().values())

    def start(self, *words, **options):
        """One more stream process."""
        worker = StreamProcess(self, *words, **options)
        self.workers.append(worker)
        return worker

    def drop(self, worker):
        """Ends a process as an operator does."""
        self.workers.remove(worker)
        if not worker.signal(signal.SIGTERM):
            self.judge(worker)
            return
        try:
            worker.process.wait(30)
        except subprocess.TimeoutExpired:
            worker.kill()
            raise Failure(f"SIGTERM does not end a process: {worker.said()}") from None
        if worker.code not in (0, TRY_AGAIN):
            raise Failure(f"after SIGTERM it ended with {worker.code}: {worker.said()}")

    def tend(self):
        """Who ended with 75 is started again, at most once a second; another end is a failure."""
        for worker in [one for one in self.workers if one.code is not None]:
            self.judge(worker)
            if time.monotonic() > worker.begun + 1:
                self.workers.remove(worker)
                self.restarts += 1
                self.start()

    def judge(self, worker):
        if worker.code != TRY_AGAIN:
            raise Failure(f"a stream process ended with {worker.code}: {worker.said()}")

    def wait(self, seconds, until=lambda: False):
        """Lets time pass until something is true; whether it was."""
        end = time.monotonic() + seconds
        last = time.monotonic()
        while not until():
            if time.monotonic() >= end:
                return False
            Moment().wait(0.05)
            moment = time.monotonic()
            self.produce(self.events.draw(int(min(moment - last, 1) * RATE)))
            last = moment
            self.tend()
        return True

    def produce(self, events):
        for event in events:
            def told(error, message, event=event):
                if error:
                    self.refused.append(error)
                event.offset = message.offset()
            key = None if event.row is None else str(event.row["customer"])
            self.producer.produce(
                self.broker.topics[event.topic], event.value, key, event.partition,
                timestamp=event.milliseconds, on_delivery=told)
            self.produced += 1
        self.producer.poll(0)

    def flush(self):
        if self.producer.flush(60) or self.refused:
            raise Failure(f"the broker did not take everything: {self.refused[:3]}")

    def catch_up(self):
        """Ends all processes and lets one read to the end."""
        for worker in list(self.workers):
            self.drop(worker)
        self.flush()
        for _ in range(5):
            worker = StreamProcess(self, "--until-caught-up")
            try:
                worker.process.wait(120)
            except subprocess.TimeoutExpired:
                worker.kill()
                raise Failure(f"it does not catch up: {worker.said()}") from None
            if worker.code == 0:
                return
            self.judge(worker)
        raise Failure(f"it does not catch up: {worker.said()}")

    def stop(self):
        for worker in self.workers:
            worker.kill()
        for server in reversed(self.servers):
            server.stop()
