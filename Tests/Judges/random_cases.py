"""Seeded cases for the judge: a project folder, a spine, and the flags of one run.

Times lie on a small grid with steps of 1 us beside it, keys are few and nulls many, so that edges,
ties and late rows happen all the time. The same seed always writes the same files.
"""

import random
import struct
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from random_definitions import definition_lines, feature_types
from random_expressions import Expressions
from random_tables import write_source, write_spine
from values import (
    DAY, HOUR, INT64_MAX, INT64_MIN, MINUTE, decimal_size, is_single, parse_duration)

TYPES = ("bool", "int32", "int64", "float", "double", "string", "bytes", "timestamp", "date")
DECIMALS = ("decimal(5,2)", "decimal(18,6)", "decimal(38,10)")
SEVERAL = ("list<int64>", "list<double>", "list<string>", "list<decimal(5,2)>", "vector<float, 3>")
GRIDS = {
    MINUTE: (["1m", "2m", "5m", "1h"], ["30s", "1m", "60s", "1s"]),
    HOUR: (["1h", "2h", "6h", "12h", "1d"], ["30m", "1h", "5m", "60m"]),
    DAY: (["1d", "2d", "48h", "7d", "1w", "14d"], ["12h", "1d", "1h"]),
}
DOUBLES = {
    "tame": [0.1, 0.2, 0.3, 0.7, 1.0, 2.5, -0.1, 1e3, 0.0, -0.0],
    "wild": [1e16, 1.0, -1e16, 1e200, -1e200, 1e308, 1.7e308, 5e-324, 1e-300, 0.1, -1.0,
             2**53 + 2.0],
    "cancelling": [1e16, 1.0, -1e16, 0.1, 3.0],
    "any": [],
    "with NaN": [float("nan"), 1.0, 2.5, 0.1, -3.0, 0.3],
    "special": [float("nan"), float("inf"), float("-inf"), 1.0, 0.5, -0.0, 2.0, 3.0, 0.1],
}
STRINGS = ["", "a", "b", "B", "\u00e9", "z", "12", "-7", "1.5", "true", "9999999999999999999",
           "a string longer than twelve", "a string longer than twelvf", "1e3", "\U0001f426"]
KEY_VALUES = {
    "string": ["AA", "B6", "", "\u00e9l\u00e9phant", "a key longer than twelve bytes"],
    "int64": [1, 2, -3, INT64_MAX], "int32": [7, -8, 0], "date": [0, -1, 19753],
    "timestamp": [0, -1, DAY], "bool": [True, False], "bytes": [b"\x00", b"", b"\xff\x00"]}
LAST_ASKING_TIME = 2**63 - 1  # rows, cuts and windows reach beyond it


@dataclass
class Table:
    """Rows of one source or of the spine, with what the writer must know."""

    name: str
    types: dict
    rows: list
    path: str = ""


@dataclass
class Case:
    seed: int
    service: str = "answers"
    lines: list = field(default_factory=list)
    tables: list = field(default_factory=list)
    spine: Table = None
    time_name: str = "timestamp"
    flags: list = field(default_factory=list)
    inclusive: bool = False

    def write(self, folder):
        """The project folder with its Parquet files; the spine is `spine.parquet` in it."""
        folder = Path(folder)
        (folder / "feature-definitions").mkdir(parents=True)
        (folder / "feature-definitions" / "all.yaml").write_text("\n".join(self.lines) + "\n")
        chance = random.Random(self.seed + 1)
        for table in self.tables:
            write_source(folder, table, chance)
        write_spine(folder / "spine.parquet", self.spine, chance)

    def arguments(self):
        found = ["dataset", self.service] + self.flags
        if self.time_name != "timestamp":
            found += ["--time", self.time_name]
        return found + (["--inclusive"] if self.inclusive else [])


class Maker:
    """Draws one case; every choice comes from the seed."""

    def __init__(self, seed):
        self.seed, self.random = seed, random.Random(seed)
        pick = self.random.choice
        self.case = Case(seed)
        self.unit = pick(list(GRIDS))
        self.windows, self.hops = GRIDS[self.unit]
        self.base = pick([0, 0, -5 * self.unit, 1_706_700_000_000_000 // DAY * DAY,
                          -2_208_988_800_000_000, 1_706_659_200_000_000])
        self.steps = pick([3, 6, 12])
        self.large = self.random.random() < 0.05
        if self.large:
            self.steps = pick([40, 200])
        self.extreme = self.random.random() < 0.06
        self.event_times, self.known_times, self.spans = [], [], [self.unit]
        self.names = iter([f"{letter}{number}" for number in range(9)
                           for letter in self.random.sample("bqZaXmk", 7)])

    def time(self):
        if self.extreme and self.random.random() < 0.1:
            return self.random.choice([INT64_MIN, INT64_MAX, INT64_MIN + 1, INT64_MAX - self.unit])
        fine = self.unit // 60
        jitter = self.random.choice(
            [0, 0, 0, 0, 1, -1, self.unit // 2, 7 * fine, -fine - 1, 3 * fine])
        return self.base + self.random.randrange(-1, self.steps) * self.unit + jitter

    def make(self):
        pick = self.random.choice
        self.entities()
        self.sources = [self.source(name) for name in self.random.sample(
            ["trips", "events"], pick([1, 1, 2]))]
        self.views = [self.view(f"view_{name}") for name in self.random.sample(
            "vwxyz", pick([1, 2, 2, 3]))]
        self.case.inclusive = pick([False, False, True])
        self.service()
        self.write_definitions()
        return self.case

    def entities(self):
        pick = self.random.choice
        kinds = list(KEY_VALUES) + ["string", "int64", "string", "int64"]
        self.key_types = {"k": pick(kinds), "j": pick(kinds)}
        self.key_values = {key: self.random.sample(KEY_VALUES[kind], min(
            pick([1, 1, 2, 3]), 1 if self.large else 3, len(KEY_VALUES[kind])))
            for key, kind in self.key_types.items()}
        both = {"pair": pick([["k", "j"], ["j", "k"]])}
        self.entity_keys = pick([{"one": ["k"]}, both, {"one": ["k"]} | both])

    def key_value(self, key, null=0.05):
        return None if self.random.random() < null else self.random.choice(self.key_values[key])

    def source(self, name):
        pick, chance = self.random.choice, self.random.random
        renamed = {key: pick([key, f"{key}_here"]) for key in self.key_types}
        types = {renamed[key]: kind for key, kind in self.key_types.items()}
        values = {f"c{at}": pick(4 * TYPES + 2 * DECIMALS + SEVERAL)
                  for at in range(pick([2, 3, 4]))}
        values |= {"n": pick(["int64", "int32"]), "d": pick(["double", "float", "double"])}
        types |= {"at": "timestamp"} | values
        known = pick(["none", "declared", "declared", "computed"])
        if known == "declared":
            types["seen"] = "timestamp"
        makers = {column: self.value_maker(kind) for column, kind in values.items()}
        lateness = pick([None, None, "unlimited", "late"])
        self.late = pick([self.unit, 2 * self.unit])
        null_known = pick([0.0, 0.15])
        count = pick([500, 900, 900]) if self.large else pick([0, 5, 20, 40, 60, 60])
        rows = [self.row(types, renamed, makers, null_known) for _ in range(count)]
        rows += [dict(pick(rows)) for _ in range(pick([0, 2])) if rows]
        node = {"name": name, "types": types, "renamed": renamed, "known": known, "event": "at",
                "computed": {}, "lateness": lateness, "late": self.late}
        scope = Expressions(self.random, dict(types))
        if chance() < 0.15:
            node["event"] = "happened"
            node["computed"]["happened"] = pick(
                ["at + seconds(n)", "at - minutes(d)", "at + days(1)"])
        if known == "computed":
            node["computed"]["seen"] = pick(["at + seconds(n)", "at + minutes(d)"])
        for at in range(pick([0, 0, 1, 2])):
            kind = pick(["int64", "double", "bool", "timestamp", "string"])
            node["computed"][f"e{at}"] = scope.draw(kind, 2)
            scope = Expressions(self.random, scope.columns | {f"e{at}": kind})
        for name_of_time in ("happened", "seen"):
            if name_of_time in node["computed"]:
                scope.columns[name_of_time] = "timestamp"
        node["scope"] = scope.columns
        if pick([True, False, False, False]):
            node["complete_to"] = self.base + self.unit
            self.case.flags = ["--allow-incomplete"]
        path = f"data/{name}" + (".parquet" if chance() < 0.3 else "")
        node["path"] = path
        self.case.tables.append(Table(name, types, rows, path))
        return node

    def row(self, types, renamed, makers, null_known):
        pick, chance = self.random.choice, self.random.random
        event = None if chance() < 0.03 else self.time()
        row = {column: self.key_value(key) for key, column in renamed.items()}
        row["at"] = event
        if "seen" in types:
            lag = pick([0, 0, 1, -1, self.unit, self.late, self.late + 1, -5 * MINUTE,
                        -5 * MINUTE - 1, 3 * self.unit, -self.unit // 2])
            known = None if chance() < null_known or event is None else event + lag
            row["seen"] = None if known is None else max(INT64_MIN, min(INT64_MAX, known))
        row |= {column: make() for column, make in makers.items()}
        if event is not None:
            self.event_times.append(event)
            self.known_times.append(row.get("seen") or event)
        return {name: row[name] for name in types}

    def value_maker(self, kind):
        pick = self.random.choice
        null = pick([0.0, 0.1, 0.5])
        if size := decimal_size(kind):
            values = decimals(*size)
            return lambda: None if self.random.random() < null else pick(values)
        if kind == "vector<float, 3>":
            element = self.single_maker("float", 0.0)
            return lambda: None if self.random.random() < null else [element() for _ in range(3)]
        if not is_single(kind):
            element = self.value_maker(kind[5:-1])
            return lambda: None if self.random.random() < null else [
                element() for _ in range(pick([0, 1, 2, 3]))]
        return self.single_maker(kind, null)

    def single_maker(self, kind, null):
        pick = self.random.choice
        pool = {"bool": [True, False], "string": STRINGS, "date": [0, -1, 19753, 1],
                "bytes": [b"", b"\x00", b"\xff", b"a longer value of bytes", b"a"],
                "timestamp": [0, -1, self.base, self.base + self.unit, 1_706_659_200_000_001],
                "int32": [0, 1, 2, 3, -1, 5, 2**31 - 1, -(2**31)],
                "int64": pick([[0, 1, 2, 3, -4, 60], [INT64_MAX, INT64_MIN, 1, -1, 2**53 + 1]]),
                "double": DOUBLES[pick(list(DOUBLES) + ["special", "with NaN"])]}
        pool["float"] = [as_float(value) for value in pool["double"]]
        values = pool[kind]
        draw = lambda: pick(values) if values else self.any_double(kind)
        return lambda: None if self.random.random() < null else draw()

    def any_double(self, kind):
        """Any mantissa; the exponent near 1 or anywhere in the range of the type."""
        far = self.random.choice([10, 10, 120 if kind == "float" else 1000])
        value = self.random.uniform(-1, 1) * 2.0 ** self.random.randint(-far, far)
        return as_float(value) if kind == "float" else value

    def view(self, name):
        pick = self.random.choice
        source, entity = pick(self.sources), pick(list(self.entity_keys))
        node = {"name": name, "source": source, "entity": entity,
                "latest": pick([True, False]) and not self.large,
                "refresh": self.refresh(), "options": {}}
        keys = self.entity_keys[entity]
        words = source["renamed"]
        node["keys"] = {key: words[key] for key in keys if words[key] != key}
        scope = Expressions(self.random, source["scope"])
        if pick([True, False, False]):
            node["options"]["where"] = scope.draw("bool", 2)
        if source["lateness"]:
            node["options"]["lateness"] = (
                "unlimited" if source["lateness"] == "unlimited" else spell(source["late"]))
        if pick([True, False, False, False]):
            node["options"]["max_ahead"] = pick(["0s", "1us", "10m", "1h"])
        batch = node["refresh"] != "stream"
        if (node["latest"] or batch) and pick([True, True, False]):
            node["options"]["ttl"] = self.ttl(node["refresh"], batch)
        if not batch and pick([True, False, False]):
            delay = pick(["1us", "10s", spell(self.unit)])
            node["options"]["visible_delay"] = delay
            self.spans.append(parse_duration(delay))
        node["features"] = self.latest(scope) if node["latest"] else self.aggregates(scope)
        node["keep"] = self.kept_names(node["features"])
        node["feature_types"] = feature_types(self.seed, node)
        return node

    def kept_names(self, features):
        """A window of some lists, perhaps in another spelling."""
        found = {}
        for name, text in features.items() if isinstance(features, dict) else ():
            windows = text.partition(" over [")[2].partition("]")[0]
            if windows and self.random.random() < 0.3:
                window = self.random.choice(windows.split(", "))
                found[name] = self.random.choice([window, spell(parse_duration(window))])
        return found

    def ttl(self, refresh, batch):
        pick = self.random.choice
        span = pick([1, 2, 3]) * self.unit
        if batch:
            words = refresh.split()
            due = parse_duration(words[3]) if len(words) > 3 else 0
            span = pick([span, due + self.unit, max(due, 1)])
        self.spans.append(span)
        return spell(span)

    def refresh(self):
        pick = self.random.choice
        if pick([True, True, False]):
            return "stream"
        every, delay = pick([1, 2, 3]) * self.unit, pick(
            [self.unit // 2, self.unit, 4 * self.unit, 1, 0])
        self.spans.append(delay)
        return f"every {spell(every)} delay {spell(delay)}"

    def latest(self, scope):
        """Features as a list of columns or a map of name and expression."""
        names = [name for name in scope.columns if name not in ("at",)]
        chosen = self.random.sample(names, min(3, len(names)))
        if self.random.random() < 0.5:
            return chosen
        kinds = ["int64", "double", "bool", "string", "timestamp", "decimal", "list"]
        found = {next(self.names): scope.draw(self.random.choice(kinds), 2) for _ in range(2)}
        return found | {next(self.names): chosen[0]}

    def aggregates(self, scope):
        count = self.random.choice([2, 4, 6])
        found = {next(self.names): self.aggregate(scope) for _ in range(count)}
        if self.large:  # enough different times to be estimated
            found[next(self.names)] = "distinct(at)"
        return found

    def aggregate(self, scope):
        pick, chance = self.random.choice, self.random.random
        function = pick(["count", "count(x)", "sum", "mean", "variance", "stddev", "min", "max",
                         "sum", "min", "first", "last", "first,n", "last,n", "distinct",
                         "distinct", "distinct_exact", "quantile", "top", "top", "histogram",
                         "decayed_sum"])
        text = self.call(function, scope)
        if chance() < 0.25:
            text += " where " + scope.draw("bool", 1)
        shape = chance()
        if shape < 0.3 and function != "decayed_sum":
            return text
        lengths = {parse_duration(one): one for one in self.random.sample(self.windows, 3)}
        windows = list(lengths.values())[:pick([1, 1, 2])]
        self.spans += map(parse_duration, windows)
        text += " over " + (f"[{', '.join(windows)}]" if len(windows) > 1 or chance() < 0.2
                            else windows[0])
        if shape < 0.45:
            return text + " exact" + pick(["", " max_events 1", " max_events 3", " max_events 2"])
        hops = [hop for hop in self.hops if all(
            parse_duration(window) % parse_duration(hop) == 0 for window in windows)]
        return text + (f" hop {pick(hops)}" if shape < 0.75 and hops else "")

    def call(self, function, scope):
        pick = self.random.choice
        name, _, count = function.partition(",")
        if function == "count":
            return "count()"
        if name in ("sum", "mean", "variance", "stddev", "quantile", "histogram", "decayed_sum"):
            numbers = [one for one, kind in scope.columns.items()
                       if kind in ("int32", "int64", "float", "double")]
            exact = [one for one in scope.decimals() if name not in ("variance", "stddev")]
            text = pick([pick(exact or numbers), pick(numbers), "d",
                         scope.draw(pick(["int64", "double"]), 2), self.short_expression()])
            return f"{name}({text}{self.constant(name)})"
        columns = [one for one, kind in scope.columns.items()
                   if is_single(kind) and (kind != "bool" or function != "count(x)")]
        special = [one for one in columns if one.startswith("c")] or columns
        text = pick([pick(special), pick(special), pick(special), pick(columns), "d", "d",
                     self.short_expression(),
                     scope.draw(pick(["int64", "double", "string", "decimal"]), 1)])
        if count:
            return f"{name}({text}, {pick([1, 2, 3])})"
        return f"{name.partition('(')[0]}({text}{self.constant(name)})"

    def constant(self, name):
        """What stands behind the argument of an aggregate, with its comma."""
        pick = self.random.choice
        found = {
            "distinct_exact": lambda: pick(["1", "2", "3", "400"]),
            "top": lambda: pick(["1", "2", "5"]),
            "quantile": lambda: pick(["0", "1", "0.5", "0.95", "0.25", "0.333333", "5e-1"]),
            "histogram": lambda: pick(["[0]", "[-1, 0.1, 3]", "[1, 2, 3, 1e16]", "[-0.0, 0.3]"]),
            "decayed_sum": lambda: spell(pick([1, 2, 5]) * self.unit + pick([0, 0, 1, 7 * 10**6])),
        }.get(name)
        return f", {found()}" if found else ""

    def short_expression(self):
        """A small expression over the two columns that every source has."""
        number = self.random.choice(["2", "3", "-4", "0"])
        return self.random.choice([
            f"n // {number}", f"n % {number}", f"d / {number}", "n / n", f"n * n + {number}",
            "if(d > 1.0, 1, 0)", "if(d = d, 2, 1)", "if(d <= d, n, 1)",
            "if(d < 0.3 or d > 2, n, 7)", "d * d",
            "if(n is null, 1.5, n)", "coalesce(d, n)", "if(n > 1, d, -d)", "n - d"])

    def service(self):
        """Items of every view: all features, some of them, and some again in another role."""
        pick, chance = self.random.choice, self.random.random
        self.items, self.derived_scope, self.roles = [], {}, set()
        for at, view in enumerate(self.views):
            if chance() < 0.5:
                self.items.append(f"{view['name']}.*")
                self.offer({f"{view['name']}.{name}": name for name in view["feature_types"]}, view)
            else:
                self.some_features(view)
            if chance() < 0.5:
                self.role(view, f"role{at}")
        self.request = {}
        if pick([True, False]):
            self.request = {"distance": "double", "seats": pick(["int64", "int32"])}
            self.request |= pick([{}, {}, {"price": "decimal(9,2)"}, {"tags": "list<int64>"},
                                  {"point": "vector<float, 3>"}])
        self.spine()

    def offer(self, names, view):
        """Makes result columns known to derived features: spelled name -> feature."""
        kinds = view["feature_types"]
        self.derived_scope |= {spelled: kinds[name] for spelled, name in names.items()}

    def some_features(self, view):
        names = list(view["feature_types"])
        for at, name in enumerate(self.random.sample(names, self.random.randint(1, len(names)))):
            alias = f"alias_{view['name']}_{at}" if self.random.random() < 0.4 else None
            self.items.append(f"{view['name']}.{name}" + (f" as {alias}" if alias else ""))
            self.offer({alias or f"{view['name']}.{name}": name}, view)

    def role(self, view, alias):
        """The view once more, for the entity that other spine columns name."""
        keys = self.entity_keys[view["entity"]]
        chosen = keys if self.random.random() < 0.5 else keys[:1]
        self.roles |= set(chosen)
        role = ", ".join(f"{key} = other_{key}" for key in chosen)
        names = list(view["feature_types"])
        if self.random.random() < 0.5:
            self.items.append(f"{view['name']}.* for {role} as {alias}")
            self.offer({f"{alias}__{name}": name for name in names}, view)
        else:
            name = self.random.choice(names)
            self.items.append(f"{view['name']}.{name} for {role} as {alias}")
            self.offer({alias: name}, view)

    def spine(self):
        pick = self.random.choice
        self.case.time_name = pick(["timestamp", "timestamp", "asked_at"])
        types = {}
        if pick([True, False]):
            types["label"] = pick(["int32", "double", "string", "decimal(18,6)", "list<string>"])
        types |= dict(self.key_types) | {f"other_{key}": self.key_types[key] for key in
                                         sorted(self.roles)}
        types[self.case.time_name] = "timestamp"
        types |= self.request
        if "distance" in self.request and pick([True, False]):
            types["distance"] = "int64"
        rows = [self.spine_row(types) for _ in range(pick([0, 1, 5, 15, 30, 30]))]
        if pick([True, False, False]):
            rows.sort(key=lambda row: row[self.case.time_name])
        self.case.spine = Table("spine", types, rows)

    def spine_row(self, types):
        pick, row = self.random.choice, {}
        for name, kind in types.items():
            if name == self.case.time_name:
                row[name] = self.asking_time()
            elif name.removeprefix("other_") in self.key_types:
                row[name] = self.key_value(name.removeprefix("other_"))
            else:
                pool = {"int32": [1, 2, 0, None], "int64": [3, None, 0, 2**53 + 1],
                        "double": [0.5, None, 100.0, float("inf")], "string": ["x", None, ""],
                        "decimal(18,6)": [None, *decimals(18, 6)],
                        "decimal(9,2)": [None, *decimals(9, 2)],
                        "list<string>": [None, [], ["x", None]],
                        "list<int64>": [None, [], [3, None, -1], [INT64_MAX, 1]],
                        "vector<float, 3>": [None, [0.5, -0.0, 2.0], [0.0, 0.0, 0.0]]}
                row[name] = pick(pool[kind])
        return row

    def asking_time(self):
        """A grid time, or one that meets an edge of a drawn row exactly or by 1 us."""
        pick = self.random.choice
        if not self.event_times or pick([True, False]):
            time = self.time() + pick([0, 0, self.unit])
        else:
            time = pick(pick([self.event_times, self.known_times])) + pick(
                [0, pick(self.spans), self.unit]) + pick([0, 0, 1, -1])
        return max(-LAST_ASKING_TIME, min(LAST_ASKING_TIME, time))

    def write_definitions(self):
        self.case.lines = definition_lines(self)


def decimals(precision, scale):
    """Small ones that tie, some with zeros at their end, and the greatest and the least."""
    greatest = 10**precision - 1
    digits = [0, 1, -1, 10**scale, 15 * 10**(scale - 1), -25 * 10**(scale - 1), greatest // 3,
              greatest, -greatest]
    return [Fraction(one, 10**scale) for one in digits]


def as_float(value):
    """The value as binary32, infinity where it does not fit."""
    try:
        return struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def spell(span):
    """A duration in the largest unit that is exact; none is `0s`."""
    if span == 0:
        return "0s"
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", 10**6), ("ms", 1000)):
        if span % size == 0:
            return f"{span // size}{unit}"
    return f"{span}us"


def make_case(seed):
    return Maker(seed).make()
