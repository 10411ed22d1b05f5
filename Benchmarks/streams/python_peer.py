"""The same aggregates by confluent-kafka and redis-py, as they are usually written: increments in a
pipeline, then Kafka's commit. A crash in between counts twice, a pause loses nothing and doubles.

    python python_peer.py BROKERS REDIS_PORT PARTITIONS EVENTS
"""

import json
import sys
import time
from datetime import datetime

import redis
from confluent_kafka import Consumer, TopicPartition

# (name, seconds of a tile, seconds it is kept): one tile per minute and per hour.
LEVELS = [("m", 60, 3_600), ("h", 3_600, 86_400)]


def add(pipeline, event):
    seconds = int(datetime.fromisoformat(event["paid_at"]).timestamp())
    for name, size, _ in LEVELS:
        key = f"payments:{event['customer']}"
        tile = f"{name}{seconds // size}"
        pipeline.hincrby(key, f"{tile}:n", 1)
        pipeline.hincrbyfloat(key, f"{tile}:a", event["amount"])
    pipeline.hincrby(key, f"{tile}:q", event["quantity"])


def main():
    brokers, port, partitions, count = sys.argv[1], *map(int, sys.argv[2:5])
    consumer = Consumer({
        "bootstrap.servers": brokers, "group.id": "python", "enable.auto.commit": False,
        "auto.offset.reset": "earliest", "fetch.wait.max.ms": 10, "log_level": 0})
    consumer.assign([TopicPartition("payments", number, 0) for number in range(partitions)])
    client = redis.Redis(port=port)
    done, begin, processor = 0, None, None
    while done < count:
        messages = consumer.consume(2_000, 1)
        if begin is None:
            # Connecting is not measured.
            begin, processor = time.monotonic(), time.process_time()
        if not messages:
            continue
        pipeline = client.pipeline(transaction=False)
        for message in messages:
            add(pipeline, json.loads(message.value()))
        pipeline.execute()
        consumer.commit(asynchronous=True)
        done += len(messages)
    print(json.dumps({"events": done, "seconds": time.monotonic() - begin,
                      "cpu_seconds": time.process_time() - processor}))


if __name__ == "__main__":
    main()
