"""The project of the chaos test, and its seeded events: on time, late, too late, twice, ahead,
with nulls, and poison.

A topic is fed in order of known-at. What stands at which offset is kept: that is the log which the
end result is compared with.
"""

import json
import struct
from collections import Counter
from datetime import datetime, timedelta, timezone

import pyarrow as pa
import pyarrow.parquet as pq

CUSTOMERS, SHOPS = 40, 12
SECOND = 10**6
MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
START = (datetime(2026, 3, 1, tzinfo=timezone.utc) - EPOCH) // timedelta(microseconds=1)
PARTITIONS = {"orders": 4, "visits": 3}
# Between two events of a topic, in event time.
STEP = 7 * SECOND

DEFINITIONS = """\
project: chaos
entities:
  - name: customer
    keys: {{ customer: int64 }}
  - name: shop
    keys: {{ shop: string }}
sources:
  - name: orders
    event_time: ordered_at
    known_at: recorded_at
    schema:
      customer: int64
      shop: string
      amount: double
      quantity: int64
      channel: string
      ordered_at: timestamp
      recorded_at: timestamp
    batch:
      parquet: data/orders
    stream:
      kafka:
        topic: {orders}
        format: json
        keyed_by: [customer]
  - name: visits
    event_time: visited_at
    schema:
      customer: int64
      shop: string
      seconds: double
      visited_at: timestamp
    batch:
      parquet: data/visits
    stream:
      kafka:
        topic: {visits}
        format: json
views:
  - name: customer_orders
    entity: customer
    source: orders
    refresh: stream
    lateness: 3h
    features:
      orders: count() over [1h, 24h]
      amount: sum(amount) over [1h, 24h]
      amount_mean: mean(amount) over 24h
      quantity: sum(quantity) where amount > 10.0 over 1h
      newest: last(amount, 3) over 24h
      shops: distinct(shop) over 24h
  - name: shop_orders
    entity: shop
    source: orders
    refresh: stream
    where: amount is not null
    features:
      orders: count()
      amount: sum(amount) over 24h
      least: min(amount) over 24h
      spread: stddev(amount) over 24h
      last_customer: last(customer)
  - name: last_visit
    entity: customer
    source: visits
    refresh: stream
    features: [shop, seconds, visited_at]
services:
  - name: chaos
    features:
      - customer_orders.*
      - last_visit.*
  - name: shops
    features: [shop_orders.*]
"""
# The oracle reads visits with the records' timestamps as a column.
ORACLE_CHANGES = (("event_time: visited_at", "event_time: visited_at\n    known_at: recorded_at"),
                  ("visited_at: timestamp", "visited_at: timestamp\n      recorded_at: timestamp"))
TYPES = {"customer": pa.int64(), "shop": pa.string(), "amount": pa.float64(),
         "quantity": pa.int64(), "channel": pa.string(), "seconds": pa.float64(),
         "ordered_at": pa.timestamp("us", tz="UTC"), "visited_at": pa.timestamp("us", tz="UTC"),
         "recorded_at": pa.timestamp("us", tz="UTC")}
COLUMNS = {"orders": ["customer", "shop", "amount", "quantity", "channel", "ordered_at",
                      "recorded_at"],
           "visits": ["customer", "shop", "seconds", "visited_at", "recorded_at"]}
POISON = [b"", b"nothing", b"[1, 2]", b'{"customer": 1,', b'{"customer": "one"}', b"\xff\xfe{}",
          b'{"customer": 1, "ordered_at": "yesterday", "visited_at": "yesterday"}']


def text(time):
    """Microseconds since 1970 as text; None stays."""
    moment = None if time is None else EPOCH + timedelta(microseconds=time)
    return moment and moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Event:
    """One record: `row` is None when it is poison. `offset` is known once it is acknowledged."""

    def __init__(self, topic, partition, value, known, row):
        self.topic, self.partition, self.value, self.row = topic, partition, value, row
        self.known = known
        self.offset = None

    @property
    def milliseconds(self):
        return self.known // 1000

    @property
    def happened(self):
        """The event time; None for poison, and for a row that has none."""
        return self.row and self.row.get("ordered_at", self.row.get("visited_at"))


class Events:
    """Draws events, one after the other, and keeps all of them."""

    def __init__(self, chance):
        self.chance = chance
        self.now = {topic: START for topic in PARTITIONS}
        self.partitions = dict(PARTITIONS)
        self.all = []
        # A twin of a row of the base would be the batch side's too.
        self.first_twin = 0
        self.kinds = Counter()

    def draw(self, count):
        """The next events; both topics come about equally often."""
        drawn = [self.event(self.chance.choice(list(PARTITIONS))) for _ in range(count)]
        self.all += drawn
        return drawn

    def event(self, topic):
        chance = self.chance
        self.now[topic] += chance.randrange(2 * STEP)
        # Timestamps of records are whole milliseconds.
        known = self.now[topic] // 1000 * 1000
        kind = chance.choices(
            ["on time", "late", "too late", "ahead", "too far ahead", "twice", "null value",
             "null key", "null time", "poison"], [60, 12, 2, 4, 2, 6, 6, 2, 2, 4])[0]
        recent = self.all[max(self.first_twin, len(self.all) - 50):]
        twins = [one for one in recent if one.topic == topic and one.row]
        if kind == "twice" and not twins:
            kind = "on time"
        self.kinds[kind] += 1
        if kind == "twice":
            twin = chance.choice(twins)
            return Event(topic, twin.partition, twin.value, known, self.timed(twin.row, known))
        customer = chance.randrange(CUSTOMERS)
        if kind == "poison":
            value = chance.choice([*POISON, self.nearly_a_row(customer, known)])
            return Event(topic, customer % self.partitions[topic], value, known, None)
        row = self.row(topic, kind, customer, known)
        return Event(topic, customer % self.partitions[topic], self.encoded(topic, row), known, row)

    def nearly_a_row(self, customer, known):
        """A row of either topic but for one column, of which no feature is made in orders."""
        return json.dumps({
            "customer": customer, "shop": "shop 1", "amount": 5.0, "quantity": 1, "channel": 1,
            "seconds": "5", "ordered_at": text(known), "visited_at": text(known),
            "recorded_at": text(known)}).encode()

    def timed(self, row, known):
        """A copy of a row of visits is known when its own record came."""
        return dict(row, recorded_at=known) if "visited_at" in row else row

    def row(self, topic, kind, customer, known):
        chance = self.chance
        delay = {"late": chance.randrange(2 * HOUR), "too late": 3 * HOUR + chance.randrange(HOUR),
                 "ahead": -chance.randrange(5 * MINUTE),
                 "too far ahead": -5 * MINUTE - 1 - chance.randrange(HOUR)}.get(kind, 0)
        event = None if kind == "null time" else known - delay
        number = None if kind == "null value" else self.number()
        row = {"customer": None if kind == "null key" else customer,
               "shop": f"shop {chance.randrange(SHOPS)}", "recorded_at": known}
        if topic == "visits":
            return row | {"seconds": number, "visited_at": event}
        return row | {"amount": number, "quantity": chance.randrange(-5, 2**40),
                      "channel": "web", "ordered_at": event}

    def number(self):
        """A finite double; some are of any size, so that sums must be exact."""
        if self.chance.random() < 0.9:
            return round(self.chance.uniform(-5, 100), 2)
        bits = self.chance.getrandbits(64)
        number = struct.unpack("<d", struct.pack("<Q", bits))[0]
        return number if abs(number) < 1e300 else 0.1

    def encoded(self, topic, row):
        times = {"ordered_at", "visited_at", "recorded_at"}
        names = COLUMNS[topic] if topic == "orders" else COLUMNS[topic][:-1]
        members = [(name, text(row[name]) if name in times else row[name]) for name in names]
        members.insert(self.chance.randrange(len(members)), ("note", {"unused": [1, "}"]}))
        # A missing member is a null.
        return json.dumps({name: value for name, value in members
                           if value is not None or self.chance.random() < 0.5}).encode()

    @property
    def end(self):
        """A time at which everything is known and happened."""
        return max(self.now.values()) // HOUR * HOUR + 3 * HOUR


def write_rows(events, topic, path):
    """The rows of a topic as Parquet, in order of their places."""
    rows = [event.row for event in events if event.topic == topic and event.row]
    table = pa.table({name: pa.array([row[name] for row in rows], TYPES[name])
                      for name in COLUMNS[topic]})
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path)
