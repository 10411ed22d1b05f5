"""The same events for all: 200-byte JSON of nine members, four of which are used, keyed by entity."""

import json
import random
import time

from confluent_kafka import Producer

ENTITIES = 100_000
SIZE = 200
MICROSECONDS = 1_000_000

DEFINITIONS = """project: bench
entities:
  - name: customer
    keys: { customer: int64 }
sources:
  - name: payments
    event_time: paid_at
    schema:
      customer: int64
      amount: double
      quantity: int64
      paid_at: timestamp
    batch:
      parquet: data/payments
    stream:
      kafka:
        topic: payments
        format: json
        keyed_by: [customer]
views:
  - name: payments
    entity: customer
    source: payments
    refresh: stream
    features:
      payments: count() over [1h, 24h]
      amount: sum(amount) over [1h, 24h]
      amount_mean: mean(amount) over [1h, 24h]
      quantity: sum(quantity) over 24h
services:
  - name: payments
    features: [payments.*]
"""
PROFILES = """profiles:
  embedded:
    online: redis://127.0.0.1:{port}
    offline: lake:.roost/lake
    registry: sqlite:.roost/registry.db
    kafka:
      brokers: {brokers}
      settings:
        fetch.wait.max.ms: 10
"""


def write_project(folder, port, brokers):
    """The development broker lets a reader wait to the end although rows have come."""
    (folder / "feature-definitions").mkdir(parents=True)
    (folder / "data/payments").mkdir(parents=True)
    (folder / "feature-definitions/bench.yaml").write_text(DEFINITIONS)
    (folder / "roost.yaml").write_text(PROFILES.format(port=port, brokers=brokers))


def text(time):
    """Microseconds since 1970 as text."""
    seconds, rest = divmod(time, MICROSECONDS)
    return f"{_second(seconds)}.{rest:06d}Z"


def _second(seconds, known={}):
    # Formatting takes longer than everything else, and few seconds differ.
    if seconds not in known:
        known.clear()
        known[seconds] = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return known[seconds]


def payment(customer, time, number):
    """One event, padded to its size."""
    body = (f'{{"id":"{number:012x}","customer":{customer},"currency":"EUR","amount":'
            f'{number * 7919 % 100_000 / 100},"quantity":{number % 9 + 1},"paid_at":"{text(time)}",'
            f'"channel":"web","is_new":false,"note":"')
    return (body + "x" * max(0, SIZE - 2 - len(body)) + '"}').encode()


def check():
    event = payment(99_999, 1_780_000_000_123_456, 77)
    assert len(event) == SIZE and len(json.loads(event)) == 9, event


class Feed:
    """Produces events of random entities: `customer % partitions` is where they go.

    `linger` is how many milliseconds events are collected for one message set. The development broker
    gives one set of a partition at a time, however small; a Kafka gives many.
    """

    def __init__(self, brokers, partitions, seed, topic="payments", linger=5):
        check()
        self.topic, self.partitions = topic, partitions
        self.chance = random.Random(seed)
        self.count = 0
        self.producer = Producer({
            "bootstrap.servers": brokers, "linger.ms": linger, "batch.num.messages": 100_000,
            "batch.size": 500_000,
            "queue.buffering.max.messages": 2_000_000, "log_level": 0,
            "queue.buffering.max.kbytes": 1 << 20})

    def produce(self, customer, time):
        """An event of this customer."""
        self.count += 1
        self.producer.produce(self.topic, payment(customer, time, self.count), str(customer),
                              customer % self.partitions, timestamp=time // 1000)
        if self.count % 1000 == 0:
            self.producer.poll(0)

    def draw(self, time, entities=ENTITIES):
        """An event of a random customer."""
        self.produce(self.chance.randrange(entities), time)

    def fill(self, count, first, step):
        """Many events, their times `step` microseconds apart."""
        for number in range(count):
            self.draw(first + number * step)
        self.flush()

    def flush(self):
        assert self.producer.flush(120) == 0, "the broker does not take the events"
