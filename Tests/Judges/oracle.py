"""A naive point-in-time join: for each spine row it scans all rows of a source by the rules.

The independent judge of the engine. It is written from the rules alone, shares no code with the
engine, and prefers the plainest formulation: quadratic, exact rationals, one rounding at the end.
`--mutate RULE` breaks one rule on purpose, so that the judge itself can be judged.

    python oracle.py SERVICE --project DIR --spine FILE [--time NAME] [--inclusive]
"""

import argparse
import json
from collections import Counter
from fractions import Fraction

from aggregates import fold
from definitions import Project
from expressions import converted as widened
from project_files import read_table, source_rows, type_name, values_of
from values import Refused, canonical, family, floor_to, order_key


class Oracle:
    """Answers cells of one project. `seen` counts the situations that rows really met."""

    def __init__(self, project, inclusive=False, broken=frozenset(), seen=None):
        self.project, self.inclusive, self.broken = project, inclusive, broken
        self.seen = Counter() if seen is None else seen
        self.rows, self.admitted = {}, {}

    def see(self, what, happened=True):
        if happened:
            self.seen[what] += 1

    def source_rows(self, source):
        if source.name not in self.rows:
            self.rows[source.name] = source_rows(self.project, source)
        return self.rows[source.name]

    def view_rows(self, view):
        """Rows that belong to an entity, pass the filter and are admitted, with their times."""
        if view.name not in self.admitted:
            self.admitted[view.name] = [
                found for arrival, row in enumerate(self.source_rows(view.source))
                if (found := self.admit(view, row, arrival))]
        return self.admitted[view.name]

    def admit(self, view, row, arrival):
        """(key, event time, known-at, row, arrival) of an admitted row, else None."""
        key = tuple(row[name] for name in view.keys)
        event, known = row[view.source.event_time], row[view.source.known_at]
        self.see("source key null", None in key)
        self.see("event time null", event is None)
        self.see("known-at null", known is None and event is not None)
        if None in key and "null_keys_match" not in self.broken:
            return None
        if view.where and "where_after" not in self.broken and view.where(row) is not True:
            self.see("view where removes")
            return None
        if known is None and "null_known_at_is_event" in self.broken:
            known = event
        if event is None or known is None or not self.in_time(view, event, known):
            return None
        return key, event, known, row, arrival

    def in_time(self, view, event, known):
        """Admission: lateness and max ahead, both inclusive."""
        late, ahead = known - event, event - known
        if view.lateness is not None and "lateness_ignored" not in self.broken:
            self.see("lateness edge", late == view.lateness)
            self.see("lateness refuses", late > view.lateness)
            if late > view.lateness or "lateness_strict" in self.broken and late == view.lateness:
                return False
        self.see("max ahead edge", ahead == view.max_ahead)
        self.see("max ahead refuses", ahead > view.max_ahead)
        self.see("known ahead of event", 0 < ahead <= view.max_ahead)
        if "max_ahead_ignored" in self.broken:
            return True
        return ahead < view.max_ahead or (
            ahead == view.max_ahead and "max_ahead_strict" not in self.broken)

    def asked_at(self, view, t):
        """The cut of a batch-refreshed view, else t itself."""
        if view.every is None or "cut_ignored" in self.broken:
            return t
        delay = 0 if "cut_without_delay" in self.broken else view.delay
        self.see("spine exactly when a cut becomes due", (t - delay) % view.every == 0)
        return self.floor(t - delay, view.every)

    def floor(self, time, step):
        if "floor_toward_zero" in self.broken and time < 0:
            return -(-time // step) * step
        return floor_to(time, step)

    def visible(self, view, event, known, t, asked):
        """DESIGN section 2: event time strictly before, known no later."""
        known_limit = asked
        if view.every is None:
            if "visible_delay_ignored" not in self.broken:
                self.see("visible delay hides", known <= t < known + view.visible_delay)
                known += view.visible_delay
        else:
            self.see("event time at the cut", event == asked)
            self.see("known at the cut", known == asked and event < asked)
            self.see("known after the cut", asked < known <= t and event < asked)
            known_limit = t if "cut_known_at_t" in self.broken else asked
        self.see("event time at t", event == asked)
        self.see("row in the future", event > asked)
        self.see("known exactly at t", known == asked and event < asked)
        self.see("known after t", event < asked < known)
        self.see("visible late row", event < known <= asked)
        if known > known_limit and "known_at_ignored" not in self.broken:
            return False
        inclusive = self.inclusive and (view.every is None or "inclusive_cut" in self.broken)
        if inclusive and "inclusive_ignored" not in self.broken or "not_strict" in self.broken:
            self.see("inclusive takes a row at t", event == asked)
            return event <= asked
        return event < asked

    def view_values(self, view, key, t):
        """The values of all features of a view for one key at t."""
        asked = self.asked_at(view, t)
        if not view.latest and view.ttl is not None and "ttl_ignored" not in self.broken:
            self.see("aggregate ttl edge", t - asked == view.ttl)
            self.see("aggregate ttl passed", t - asked > view.ttl)
            if t - asked > view.ttl:
                return [None] * len(view.features)
        rows = [row for row in self.view_rows(view)
                if row[0] == key and self.visible(view, row[1], row[2], t, asked)]
        self.see("spine key null", None in key)
        if None in key and "null_keys_match" not in self.broken:
            rows = []
        self.see_rows(rows)
        if view.latest:
            return self.latest_values(view, rows, t, asked)
        return [self.aggregate(feature, rows, t, asked) for feature in view.features]

    def see_rows(self, rows):
        """Counts ties and duplicates among the visible rows of one key."""
        self.see("key without rows", not rows)
        events = Counter(row[1] for row in rows)
        pairs = Counter((row[1], row[2]) for row in rows)
        self.see("tie of event time", any(count > 1 for count in events.values()))
        self.see("tie of event time and known-at", any(count > 1 for count in pairs.values()))
        whole = Counter(tuple(map(order_key, row[3].values())) for row in rows)
        self.see("duplicate rows", any(count > 1 for count in whole.values()))

    def latest_values(self, view, rows, t, asked):
        """The newest row by (event time, known-at, values by feature name), within the ttl."""
        named = sorted(view.features, key=lambda one: one.name.encode())
        values = lambda row: tuple(order_key(one.argument(row[3])) for one in named)
        if "tie_by_arrival" in self.broken:
            newest = max(rows, key=lambda row: (row[1], row[4]), default=None)
        elif "tie_without_known_at" in self.broken:
            newest = max(rows, key=lambda row: (row[1], values(row)), default=None)
        elif "tie_in_file_order" in self.broken:
            newest = max(rows, key=lambda row: (row[1], row[2], tuple(
                order_key(one.argument(row[3])) for one in view.features)), default=None)
        else:
            newest = max(rows, key=lambda row: (row[1], row[2], values(row)), default=None)
        if newest and view.where and "where_after" in self.broken and not view.where(newest[3]):
            newest = None
        if newest is None or self.expired(view, newest[1], t, asked):
            return [None] * len(view.features)
        found = [one.argument(newest[3]) for one in view.features]
        self.see("latest value null", None in found)
        for feature, value in zip(view.features, found):
            self.see(f"latest of {family(feature.type)}", value is not None)
        if "latest_skips_nulls" in self.broken:
            found = [self.newest_value(one, rows) for one in view.features]
        return found

    def newest_value(self, feature, rows):
        present = [row for row in rows if feature.argument(row[3]) is not None]
        newest = max(present, key=lambda row: (row[1], row[2]), default=None)
        return feature.argument(newest[3]) if newest else None

    def expired(self, view, event, t, asked):
        """Rule 3: ttl compares with the real asking time and includes its edge."""
        if view.ttl is None or "ttl_ignored" in self.broken:
            return False
        age = (asked if "ttl_from_cut" in self.broken else t) - event
        self.see("ttl edge", age == view.ttl)
        self.see("ttl passed by 1 us", age == view.ttl + 1)
        self.see("ttl passed", age > view.ttl)
        return age > view.ttl or "ttl_strict" in self.broken and age == view.ttl

    def aggregate(self, feature, rows, t, asked):
        """One windowed or lifetime aggregate over visible rows of one key."""
        tail = self.tail(feature, asked)
        taken = []
        for _, event, known, row, arrival in rows:
            if tail is not None:
                self.see("window edge", event == tail)
                self.see("1 us before the window", event == tail - 1)
                self.see("in the aligned tail", tail <= event < asked - feature.window)
                if event < tail or "tail_strict" in self.broken and event == tail:
                    continue
            if feature.where and feature.where(row) is not True:
                self.see("feature where removes")
                continue
            value = None if feature.argument is None else canonical(feature.argument(row))
            taken.append((event, known, value, arrival))
        value = fold(feature, taken, self.broken, asked)
        self.see_values(feature, taken, value, asked)
        return value

    def tail(self, feature, asked):
        if feature.window is None:
            return None
        if feature.exact or "tail_not_aligned" in self.broken:
            return asked - feature.window
        return self.floor(asked, feature.hop) - feature.window

    def see_values(self, feature, taken, value, asked):
        kind = feature.aggregate + ("(x)" if feature.argument and feature.aggregate == "count"
                                    else ",n" if feature.count else "")
        self.see(f"aggregate {kind}", bool(taken))
        if feature.aggregate == "distinct" and value is not None:
            self.see("distinct estimated", value > 256)
        if feature.aggregate == "distinct_exact":
            self.see("distinct beyond the cap", value == feature.constant)
        if feature.aggregate in ("min", "max", "first", "last", "top"):
            kind_of_value = family(feature.type.removeprefix("list<").removesuffix(">"))
            self.see(f"{kind} of {kind_of_value}", value is not None)
        if feature.window is None:
            self.see("lifetime", bool(taken))
        else:
            self.see("exact window" if feature.exact else f"hop {feature.hop}", bool(taken))
        self.see("exact overflow", feature.exact and len(taken) > feature.max_events)
        self.see("tiles before 1970", asked < 0 and bool(taken))
        values = [row[2] for row in taken if row[2] is not None]
        self.see("null in aggregate", len(values) < len(taken) and feature.argument is not None)
        if not values:
            self.see("aggregate of nulls only", bool(taken) and feature.argument is not None)
            return
        self.see(f"{kind} of decimals", isinstance(values[0], Fraction))
        if isinstance(values[0], float):
            self.see("NaN", any(one != one for one in values))
            self.see("infinity", any(abs(one) == float("inf") for one in values))
            self.see("both infinities", {float("inf"), -float("inf")} <= set(values))
        self.see("integer sum overflow", feature.aggregate == "sum" and value is None
                 and isinstance(values[0], int))


def answer(oracle, service, spine, time_name="timestamp"):
    """Result columns [(name, type, values)] of a service for a spine table."""
    columns = {name: values_of(spine[name]) for name in spine.column_names}
    if time_name not in columns:
        raise Refused(f"the spine has no column {time_name}")
    rows = [dict(zip(columns, one)) for one in zip(*columns.values())]
    results = [result_row(oracle, service, row, row[time_name]) for row in rows]
    made = [(item.name, item.feature.type) for item in service.items]
    made += [(name, kind) for name, kind, _ in service.derived]
    return [(name, kind, [row[name] for row in results]) for name, kind in made]


def result_row(oracle, service, row, t):
    if t is None:
        raise Refused("a spine time is null")
    oracle.see("spine time before 1970", t < 0)
    oracle.see("spine time near the end of int64", abs(t) > 2**62)
    found, cells = {}, {}
    for item in service.items:
        columns = item.columns
        if "roles_ignored" in oracle.broken:
            columns = [key if key in row else column
                       for key, column in zip(item.view.entity_keys, columns)]
        key = tuple(row[name] for name in columns)
        where = (item.view.name, key)
        if where not in cells:
            cells[where] = oracle.view_values(item.view, key, t)
        found[item.name] = cells[where][item.view.features.index(item.feature)]
    for name, kind in service.request.items():
        found["request " + name] = canonical(widened(row[name], kind))
    for name, _, run in service.derived:
        found[name] = run(found)
        oracle.see("derived feature null", found[name] is None)
        oracle.see("derived feature present", found[name] is not None)
    return found


def check_complete(service, spine, time_name):
    """DESIGN section 2: a spine row later than a complete-to mark is an error."""
    times = values_of(spine[time_name])
    for source in {item.view.source.name: item.view.source for item in service.items}.values():
        late = [t for t in times if source.complete_to is not None and t > source.complete_to]
        if late:
            raise Refused(f"spine later than {source.name} is complete to")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("service")
    parser.add_argument("--project", required=True)
    parser.add_argument("--spine", required=True)
    parser.add_argument("--time", default="timestamp")
    parser.add_argument("--inclusive", action="store_true")
    parser.add_argument("--mutate", action="append", default=[])
    options = parser.parse_args()
    broken = frozenset(options.mutate)
    project = Project(options.project, broken)
    oracle = Oracle(project, options.inclusive, broken)
    spine = read_table(options.spine)
    for name, kind, values in answer(oracle, project.services[options.service], spine,
                                     options.time):
        print(json.dumps({"name": name, "type": kind, "values": values}, default=str))


if __name__ == "__main__":
    main()
