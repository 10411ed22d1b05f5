"""Prints what local times of zones mean: ZONE LOCAL INSTANT, both in microseconds since 1970.

    python zone_instants.py ZONE...

Local times are drawn around the changes of the clock and all over the calendar; a time that the
clock shows twice is the earlier one, a skipped one is read with the offset before the gap.
"""

import random
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1)


def micros(moment):
    return (moment - EPOCH) // timedelta(microseconds=1)


def instants(name, rng):
    zone = ZoneInfo(name)
    for _ in range(2000):
        wall = EPOCH + timedelta(minutes=rng.randrange(-80 * 525600, 330 * 525600))
        instant = wall.replace(tzinfo=zone).astimezone(timezone.utc).replace(tzinfo=None)
        yield wall, instant
    for year in range(1950, 2300, 7):
        for day in range(0, 366, 1):
            before = (datetime(year, 1, 1) + timedelta(days=day)).replace(tzinfo=zone)
            after = before + timedelta(days=1)
            if before.utcoffset() == after.utcoffset():
                continue
            for minute in range(0, 1440, 15):
                wall = before.replace(tzinfo=None) + timedelta(minutes=minute)
                instant = wall.replace(tzinfo=zone).astimezone(timezone.utc)
                yield wall, instant.replace(tzinfo=None)


def main():
    for name in sys.argv[1:]:
        for wall, instant in instants(name, random.Random(1)):
            print(name, micros(wall), micros(instant))


if __name__ == "__main__":
    main()
