"""Computes every feature of the worked example for every flight in DuckDB and compares.

    python judge_flights.py --roost PATH --flights FOLDER [--project FOLDER] [--keep FOLDER]

The SQL is written from what the definitions mean, not from how the engine works: totals up to a
time come from running sums, a window is the difference of two of them, and the newest row comes
from DuckDB's own as-of join. Delays, minutes and miles are whole numbers, so running sums are
exact. The spine is all 336,776 flights, cancelled ones included, asked one hour before their
scheduled departure. Doubles may differ by 4 units in the last place, everything else by nothing.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq

ULPS = 4
FLIGHTS = 336776
SPINE = ["asked_at", "scheduled_at", "carrier", "tailnum", "origin", "dest", "distance"]
UNITS = {"m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}

TABLES = """
set timezone = 'UTC';
create table flights as
    select row_number() over () as id, carrier, flight, tailnum, origin, dest,
        distance::double as distance, dep_delay::bigint as dep_delay,
        arr_delay::bigint as arr_delay, air_time::bigint as air_time,
        epoch_us(time_hour) + minute::bigint * 60000000 as scheduled
    from read_csv('{folder}/flights.csv', header = true, nullstr = 'NA', types = {{
        'time_hour': 'timestamptz', 'tailnum': 'varchar', 'dep_delay': 'double',
        'arr_delay': 'double', 'air_time': 'double'}});
create table departures as
    select *, scheduled + dep_delay * 60000000 as moment from flights where dep_delay is not null;
create table landings as
    select *, scheduled + (dep_delay + air_time + 20) * 60000000 as moment from flights
    where dep_delay is not null and air_time is not null;
create table observations as
    select origin, temp::double as temp, humid::double as humid, precip::double as precip,
        wind_speed::double as wind_speed, pressure::double as pressure, visib::double as visib,
        epoch_us(time_hour) as moment
    from read_csv('{folder}/weather.csv', header = true, nullstr = 'NA',
        types = {{'time_hour': 'timestamptz'}});
create table asks as select *, scheduled - 3600000000 as t from flights;
"""

# What is summed of every row of a source.
SUMS = {
    "all_rows": "1",
    "dep": "dep_delay", "dep_n": "(dep_delay is not null)::bigint",
    "dep2": "dep_delay * dep_delay",
    "dep_late": "coalesce((dep_delay > 15)::bigint, 0)",
    "arr": "arr_delay", "arr_n": "(arr_delay is not null)::bigint",
    "arr2": "arr_delay * arr_delay",
    "arr_late": "coalesce((arr_delay > 15)::bigint, 0)",
    "air": "air_time", "air_n": "(air_time is not null)::bigint",
    "miles": "distance::bigint",
}


def span(text):
    return int(text[:-1]) * UNITS[text[-1]]


def floored(time, step):
    return f"({time} - {time} % {step})"


class Features:
    """Collects one table of (id, values) per group of features."""

    def __init__(self, connection):
        self.sql = connection
        self.groups = []

    def running(self, name, table, keys):
        """Running sums of a source per key: everything up to and including a time."""
        by = ", ".join(keys)
        sums = ", ".join(f"coalesce(sum({expression}), 0) as {alias}"
                         for alias, expression in SUMS.items())
        totals = ", ".join(
            f"sum({alias}) over (partition by {by} order by moment)::bigint as {alias}"
            for alias in SUMS)
        present = " and ".join(f"{key} is not null" for key in keys)
        self.sql.execute(
            f"create table {name} as select {by}, moment, {totals} from "
            f"(select {by}, moment, {sums} from {table} where {present} group by {by}, moment)")

    def window(self, running, pairs, tail, head, values):
        """Features from the rows with tail <= at < head; `values` maps names to SQL over SUMS."""
        name = f"w{len(self.groups)}"
        join = " and ".join(f"a.{ask} = r.{key}" for ask, key in pairs)
        sums = ", ".join(
            f"coalesce(h.{alias}, 0) - coalesce(b.{alias}, 0) as {alias}" for alias in SUMS)
        tail = tail or "-9000000000000000000"
        keys = ", ".join(ask for ask, _ in pairs)
        self.sql.execute(f"""
            create table {name}_edges as
                select id, {keys}, {head} as head, {tail} as tail from asks;
            create table {name} as with
            h as (select a.id, r.* from {name}_edges a asof join {running} r
                on {join} and a.head > r.moment),
            b as (select a.id, r.* from {name}_edges a asof join {running} r
                on {join} and a.tail > r.moment),
            d as (select a.id, {sums} from asks a left join h on a.id = h.id
                left join b on a.id = b.id)
            select id, {', '.join(f'{sql} as {alias}' for alias, sql in values.items())} from d""")
        self.groups.append(name)

    def extreme(self, table, pairs, tail, head, bucket, values):
        """min or max of the rows with tail <= at < head, found through buckets of time."""
        name = f"w{len(self.groups)}"
        join = " and ".join(f"a.{ask} = r.{key}" for ask, key in pairs)
        keys = ", ".join(ask for ask, _ in pairs)
        self.sql.execute(f"""
            create table {name}_asks as
                select distinct {keys}, {head} as head, {tail} as tail from asks;
            create table {name}_parts as
                select *, unnest(range(tail // {bucket}, head // {bucket} + 1)) as bucket
                from {name}_asks;
            create table {name}_rows as select *, moment // {bucket} as bucket from {table};
            create table {name}_found as select {', '.join(f'a.{ask}' for ask, _ in pairs)},
                a.head, {', '.join(f'{sql} as {alias}' for alias, sql in values.items())}
                from {name}_parts a join {name}_rows r on a.bucket = r.bucket and {join}
                    and r.moment >= a.tail and r.moment < a.head
                group by all;
            create table {name} as select a.id, {', '.join(values)} from
                (select id, {keys}, {head} as head from asks) a left join {name}_found f
                on a.head = f.head and {' and '.join(f'a.{ask} = f.{ask}' for ask, _ in pairs)};
            """)
        self.groups.append(name)

    def query(self, name, sql):
        self.sql.execute(f"create table {name} as {sql}")
        self.groups.append(name)


def tiled(length, hop):
    return floored("t", span(hop)) + f" - {span(length)}"


def mean(total, count):
    return f"case when {count} > 0 then {total}::double / {count} end"


def variance(total, squares, count):
    return (f"case when {count} > 1 then ({count} * {squares} - {total} * {total})::double"
            f" / ({count} * ({count} - 1)) end")


def carriers(make):
    make.running("by_carrier_left", "departures", ["carrier"])
    make.running("by_carrier_landed", "landings", ["carrier"])
    key = [("carrier", "carrier")]
    for length, hop in (("1h", "1m"), ("24h", "1h"), ("7d", "1h")):
        values = {f"carrier_departures__flights_{length}": "all_rows",
                  f"carrier_departures__dep_delay_mean_{length}": mean("dep", "dep_n")}
        if length == "24h":
            values["carrier_departures__late_share"] = mean("dep_late", "all_rows")
        if length == "7d":
            values["carrier_departures__dep_delay_stddev"] = (
                f"sqrt({variance('dep', 'dep2', 'dep_n')})")
        make.window("by_carrier_left", key, tiled(length, hop), "t", values)
    for length, hop in (("3h", "5m"), ("24h", "1h"), ("7d", "1h")):
        values = {f"carrier_landings__arr_delay_mean_{length}": mean("arr", "arr_n")}
        if length == "7d":
            values["carrier_landings__arr_delay_variance"] = variance("arr", "arr2", "arr_n")
            values["carrier_landings__late_share"] = mean("arr_late", "all_rows")
        make.window("by_carrier_landed", key, tiled(length, hop), "t", values)


def airports(make):
    make.running("by_origin", "departures", ["origin"])
    make.running("by_dest", "landings", ["dest"])
    origin, dest = [("origin", "origin")], [("dest", "dest")]
    make.window("by_origin", origin, f"t - {span('1h')}", "t",
                {"origin__flights": "all_rows", "origin__late_flights": "dep_late"})
    make.window("by_origin", origin, tiled("30m", "1m"), "t",
                {"origin__dep_delay_mean_30m": mean("dep", "dep_n")})
    make.window("by_origin", origin, tiled("3h", "5m"), "t",
                {"origin__dep_delay_mean_3h": mean("dep", "dep_n")})
    make.extreme("departures", origin, tiled("3h", "5m"), "t", span("1h"),
                 {"origin__dep_delay_max": "max(dep_delay)::double"})
    make.window("by_dest", dest, tiled("6h", "5m"), "t",
                {"dest__arr_delay_mean_6h": mean("arr", "arr_n")})
    make.window("by_dest", dest, tiled("7d", "1h"), "t",
                {"dest__arr_delay_mean_7d": mean("arr", "arr_n")})
    make.extreme("landings", dest, tiled("24h", "5m"), "t", span("6h"),
                 {"dest__arr_delay_max": "max(arr_delay)::double"})


def planes(make):
    make.running("by_plane", "landings", ["tailnum"])
    plane = [("tailnum", "tailnum")]
    make.window("by_plane", plane, None, "t", {"plane_landings__flights": "all_rows"})
    make.window("by_plane", plane, tiled("7d", "1h"), "t",
                {"plane_landings__miles": "case when all_rows > 0 then miles::double end"})
    make.query("plane_first", """
        select a.id, min(l.moment) as plane_landings__first_landed_at from asks a left join
            (select tailnum, min(moment) as moment from landings group by tailnum) l
            on a.tailnum = l.tailnum and l.moment < a.t group by a.id""")
    make.query("plane_last", f"""
        select a.id, case when l.moment >= {tiled('7d', '1h')} then l.moment end
            as plane_landings__last_landed_at
        from asks a asof left join (select distinct tailnum, moment from landings) l
            on a.tailnum = l.tailnum and a.t > l.moment""")
    make.query("plane_delay", f"""
        select a.id, case when l.moment >= {tiled('24h', '1h')} then l.delay end
            as plane_landings__last_arr_delay
        from asks a asof left join (select tailnum, moment, max(arr_delay)::double as delay
            from landings where arr_delay is not null group by all) l
            on a.tailnum = l.tailnum and a.t > l.moment""")
    make.query("plane_delays", f"""
        with ranked as (select tailnum, moment, arr_delay, row_number() over
                (partition by tailnum order by moment, arr_delay) as place
            from landings where arr_delay is not null and tailnum is not null),
        newest as (select tailnum, moment, max(place) as place from ranked group by all),
        last as (select a.id, a.tailnum, {tiled('7d', '1h')} as tail, n.place
            from asks a asof join newest n on a.tailnum = n.tailnum and a.t > n.moment),
        lists as (select l.id, list(r.arr_delay::double order by r.place) as delays
            from last l join ranked r on l.tailnum = r.tailnum
                and r.place between l.place - 4 and l.place and r.moment >= l.tail
            group by l.id)
        select a.id, delays as plane_landings__last_arr_delays
        from asks a left join lists on a.id = lists.id""")


def routes(make):
    make.running("by_route", "landings", ["origin", "dest"])
    route = [("origin", "origin"), ("dest", "dest")]
    cut = floored(f"(t - {span('2h')})", span("1d"))
    tail = f"{cut} - {span('28d')}"
    make.window("by_route", route, tail, cut,
                {"route_landings__flights": "all_rows",
                 "route_landings__arr_delay_mean": mean("arr", "arr_n"),
                 "route_landings__air_time_mean": mean("air", "air_n")})
    make.extreme("landings", route, tail, cut, span("1d"),
                 {"route_landings__air_time_min": "min(air_time)::double"})


def weather(make):
    cut = floored(f"(t - {span('10m')})", span("1h"))
    columns = {"temperature": "temp", "humidity": "humid", "wind_speed": "wind_speed",
               "precipitation": "precip", "pressure": "pressure", "visibility": "visib"}
    order = ", ".join(f"{columns[name]} desc nulls last" for name in sorted(columns))
    values = ", ".join(
        f"case when t - w.moment <= {span('6h')} then w.{column} end as origin_weather__{name}"
        for name, column in columns.items())
    make.query("weather", f"""
        with newest as (select * from observations qualify
            row_number() over (partition by origin, moment order by {order}) = 1),
        cuts as (select id, origin, t, {cut} as cut from asks)
        select a.id, {values} from cuts a asof left join newest w
            on a.origin = w.origin and a.cut > w.moment""")


DERIVED = """
    select *, hour(make_timestamp(scheduled)) as scheduled_hour,
        isodow(make_timestamp(scheduled)) as scheduled_weekday,
        carrier_departures__dep_delay_mean_1h - carrier_departures__dep_delay_mean_7d
            as carrier_trend,
        case when origin__flights > 0 then origin__late_flights::double / origin__flights end
            as origin_late_share,
        (scheduled - plane_landings__last_landed_at)::double / 3600000000 as hours_on_ground,
        case when route_landings__air_time_mean <> 0
            then distance / route_landings__air_time_mean end as route_miles_per_minute
    from everything order by id"""


def expected(connection):
    """The judge's own table of all features, in the order of the file."""
    make = Features(connection)
    for part in (carriers, airports, planes, routes, weather):
        part(make)
    joins = " ".join(f"join {name} using (id)" for name in make.groups)
    connection.execute(f"create view everything as select * from asks {joins}")
    return connection.sql(DERIVED).to_arrow_table()


def ulps(left, right):
    """The distance of doubles in representable numbers."""
    def ordered(values):
        bits = np.ascontiguousarray(values).view(np.int64)
        return np.where(bits < 0, np.int64(-2**63) - bits, bits)
    return np.abs(ordered(left) - ordered(right))


def plain(column):
    """A column as (list or array of values, mask of nulls)."""
    column = column.combine_chunks()
    nulls = column.is_null().to_numpy(zero_copy_only=False)
    kind = str(column.type)
    if kind.startswith("list") or kind in ("string", "bool"):
        cells = [tuple(v) if isinstance(v, list) else v for v in column.to_pylist()]
        return np.array(cells + [None], dtype=object)[:-1], nulls
    if kind.startswith("timestamp"):
        column = column.cast("int64")
    values = column.fill_null(0).to_numpy(zero_copy_only=False)
    return values, nulls


def compare(name, ours, theirs):
    """(differing cells, greatest distance in ulps, a sentence about the first difference)."""
    (left, left_null), (right, right_null) = plain(ours), plain(theirs)
    both = ~left_null & ~right_null
    differs = left_null != right_null
    worst = 0
    if left.dtype == np.float64:
        distance = ulps(left[both] + 0.0, right[both].astype(np.float64) + 0.0)
        worst = int(distance.max()) if len(distance) else 0
        differs[both] |= distance > ULPS
    else:
        differs[both] |= left[both] != right[both]
    if not differs.any():
        return 0, worst, ""
    row = int(np.argmax(differs))
    return int(differs.sum()), worst, (
        f"{name}, row {row}: ours {ours[row].as_py()}, DuckDB's {theirs[row].as_py()}")


def build(arguments, connection, folder):
    """Our data set for a spine of all flights."""
    spine, out = folder / "spine.parquet", folder / "features.parquet"
    connection.execute(
        f"copy (select make_timestamptz(t) as asked_at, make_timestamptz(scheduled) as "
        f"scheduled_at, carrier, tailnum, origin, dest, distance from asks order by id) "
        f"to '{spine}' (format parquet)")
    subprocess.run(
        [arguments.roost, "dataset", "arrival_delay", "--project", arguments.project, "--spine",
         str(spine), "--time", "asked_at", "--out", str(out), "--force", "--json"],
        check=True, stdout=subprocess.DEVNULL)
    return pq.read_table(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    parser.add_argument("--flights", required=True)
    parser.add_argument("--project", default=".")
    arguments = parser.parse_args()
    connection = duckdb.connect()
    connection.execute(TABLES.format(folder=arguments.flights))
    with tempfile.TemporaryDirectory(prefix="roost-flights-") as folder:
        ours = build(arguments, connection, Path(folder))
    theirs = expected(connection)
    assert ours.num_rows == theirs.num_rows == FLIGHTS, (ours.num_rows, theirs.num_rows)
    features = ours.column_names[len(SPINE):]
    missing = [name for name in features if name not in theirs.column_names]
    failed = 0
    greatest = 0
    for name in features:
        if name in missing:
            print(f"{name}: DuckDB has no formulation of it")
            failed += 1
            continue
        count, worst, sentence = compare(name, ours[name], theirs[name])
        greatest = max(greatest, worst)
        if count:
            failed += 1
            print(f"{count} cells differ: {sentence}")
    cells = ours.num_rows * len(features)
    print(f"{ours.num_rows:,} flights x {len(features)} features = {cells:,} cells, "
          f"{failed} features differ, doubles within {greatest} ulp")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
