"""Whether what a stream left is what its log gives: states byte for byte, served values, rows."""

import json
import math
import urllib.request
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq

from definitions import Project
from mixed_load import served
from oracle import Oracle, answer
from stream_events import (
    CUSTOMERS, DEFINITIONS, MINUTE, ORACLE_CHANGES, PARTITIONS, SECOND, SHOPS, text, write_rows)
from stream_world import Failure

ASKED = {"chaos": ("customer", range(-1, CUSTOMERS)),
         "shops": ("shop", ["none", *(f"shop {number}" for number in range(SHOPS))])}


def check(world):
    """Compares everything; returns how many things were compared, by kind."""
    time = max(world.events.now.values()) // SECOND * SECOND + 5 * MINUTE + SECOND
    compared = Counter()
    compared["states"] = check_states(world)
    compared["served values"] = check_served(world, time)
    compared["rows of the log"], compared["dead letters"] = check_log(world)
    return compared


def check_states(world):
    """Byte for byte: what streams folded is what all rows of the event log give; how many states."""
    code, said = world.run("materialize", "--verify", "--profile", "chaos", accept=(0, 20))
    verdicts = {view["view"]: view["verdict"] for view in said["views"]}
    if code != 0 or set(verdicts.values()) != {"same"}:
        raise Failure(f"states are not what the rows give: {json.dumps(said)[:3000]}")
    return sum(view["entities"] for view in said["views"])


def check_served(world, time):
    """Every entity's features over HTTP, against the oracle."""
    server, address = served(
        world.roost, world.project, "--profile", "chaos", "--clock", text(time))
    try:
        return sum(check_service(world, time, address, service) for service in ASKED)
    finally:
        server.kill()
        server.wait()


def check_service(world, time, address, service):
    key, values = ASKED[service]
    body = json.dumps({"feature_service": service, "entities": {key: list(values)}}).encode()
    with urllib.request.urlopen(
            f"http://{address}/get-online-features", body, timeout=30) as said:
        told = json.load(said)
    got = dict(zip(told["metadata"]["feature_names"],
                   (result["values"] for result in told["results"])))
    count = 0
    for name, kind, expected in expectation(world, time, service):
        column = got[name] if name in got else got[name.split("__", 1)[1]]
        for value, wanted, one in zip(values, expected, column, strict=True):
            if shown(wanted, kind) != one:
                raise Failure(f"{name} of {key} {value} at {text(time)}: served {one!r}, "
                              f"the log gives {shown(wanted, kind)!r}")
            count += 1
    return count


def expectation(world, time, service):
    """[(feature, type, values)] as the oracle reads them from the produced rows."""
    definitions = DEFINITIONS.format(**world.broker.topics)
    for old, new in ORACLE_CHANGES:
        definitions = definitions.replace(old, new)
    if not world.oracle.exists():
        world.write_definitions(world.oracle, definitions)
    # The batch side has no visits: those that are its rows are nobody's.
    events = [one for one in world.events.all
              if one.topic != "visits" or one.happened is None or not world.is_of_base(one)]
    for topic in PARTITIONS:
        write_rows(events, topic, world.oracle / f"data/{topic}/all.parquet")
    project = Project(world.oracle)
    key, values = ASKED[service]
    spine = pa.table({key: list(values), "timestamp": pa.array(
        [time] * len(values), pa.timestamp("us", tz="UTC"))})
    return answer(Oracle(project), project.services[service], spine)


def shown(value, kind):
    """A value of the oracle as JSON has it."""
    if isinstance(value, list):
        return [shown(one, kind) for one in value]
    if kind == "timestamp" and value is not None:
        return value / SECOND
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if value != value else f"{'-' * (value < 0)}Infinity"
    return value


def check_log(world):
    """Each record is in the log once, as a row or as a dead letter; returns how many of each.

    A row without an event time has no place in a log that is asked by time: it is a dead letter.
    """
    rows, letters = (postgres_log if world.postgres else lake_log)(world)
    for topic in PARTITIONS:
        records = [event for event in world.events.all if event.topic == topic]
        are_rows = [one for one in records if one.happened is not None]
        compare_places(f"rows of {topic}", rows[topic],
                       [one for one in are_rows if not world.is_of_base(one)])
        compare_places(f"dead letters of {topic}", letters[topic],
                       [one for one in records if one.happened is None])
    return (sum(len(places) for places in found.values()) for found in (rows, letters))


def compare_places(what, found, events):
    expected = Counter((event.partition, event.offset) for event in events)
    got = Counter(found)
    if got != expected:
        raise Failure(f"{what}: {len(found)} instead of {len(events)}; missing "
                      f"{list((expected - got).items())[:5]}, too many "
                      f"{list((got - expected).items())[:5]}")


def postgres_log(world):
    """(partition, offset) of rows and of dead letters, by topic."""
    ask = lambda query: [tuple(map(int, row)) for row in world.postgres.rows(query)]
    rows = {topic: ask(
        f'SELECT _partition, _offset FROM roost."{topic}" WHERE _offset IS NOT NULL')
        for topic in PARTITIONS}
    letters = {topic: ask("SELECT partition, record_offset FROM roost.event_dead_letter "
                          f"WHERE source = '{topic}'") for topic in PARTITIONS}
    return rows, letters


def lake_log(world):
    """The same of a lake: of the files that its commits list, and of no others."""
    rows, letters = ({topic: [] for topic in PARTITIONS} for _ in range(2))
    for topic in PARTITIONS:
        for commit in sorted((world.lake / topic / "_log").glob("*.commit")):
            for line in commit.read_text().splitlines():
                kind, _, rest = line.partition(" ")
                names = [word for word in rest.split() if word.endswith(".parquet")]
                if kind == "rejected":
                    letters[topic] += places(world.lake / topic / names[0], "partition", "offset")
                elif kind == "file":
                    rows[topic] += places(world.lake / topic / names[0], "_partition", "_offset")
    return rows, letters


def places(path, *columns):
    """Nothing for a file of batch rows, which have no place."""
    file = pq.ParquetFile(path)
    if columns[0] not in file.schema_arrow.names:
        return []
    table = file.read(columns=list(columns))
    return list(zip(*(table[name].to_pylist() for name in columns), strict=True))
