"""Produces events of random entities at a steady rate.

    python load.py BROKERS PARTITIONS RATE SECONDS [ENTITIES [SPEED]]

Event time begins with the clock and passes SPEED times as fast. The last line tells how many events
there were, also after SIGTERM.
"""

import signal
import sys
import threading
import time

from stream_data import ENTITIES, Feed
from stream_servers import microseconds


def main():
    brokers, partitions, rate, seconds = sys.argv[1], *map(float, sys.argv[2:5])
    entities = int(sys.argv[5]) if len(sys.argv) > 5 else ENTITIES
    speed = float(sys.argv[6]) if len(sys.argv) > 6 else 1
    is_over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: is_over.set())
    feed = Feed(brokers, int(partitions), 2)
    begin, first = time.monotonic(), microseconds()
    while not is_over.wait(0.002):
        elapsed = time.monotonic() - begin
        if elapsed > seconds:
            break
        now = first + int(elapsed * speed * 1e6)
        for _ in range(int(elapsed * rate) - feed.count):
            feed.draw(now, entities)
        feed.producer.poll(0)
    feed.flush()
    print(feed.count)


if __name__ == "__main__":
    main()
