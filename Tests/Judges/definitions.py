"""The oracle's reading of a project: entities, sources, views, services, from the YAML files."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import yaml_subset
from expression_parser import Parser
from expressions import Compiler, compile_expression
from values import (
    DAY, FLOATS, HOUR, INTEGERS, MINUTE, Refused, decimal_size, is_single, parse_duration,
    parse_time)

AGGREGATES = ("count", "sum", "mean", "min", "max", "variance", "stddev", "first", "last",
              "distinct", "distinct_exact", "quantile", "top", "histogram", "decayed_sum")
HALF_LIVES = 500
EVERYTHING = None
FIVE_MINUTES = 5 * MINUTE


@dataclass
class Source:
    """Rows with an event time; `computed` is an ordered list of (name, type, function)."""

    name: str
    schema: dict
    computed: list
    event_time: str
    known_at: str
    path: str
    zone: str
    complete_to: object

    def scope(self):
        types = dict(self.schema) | {name: kind for name, kind, _ in self.computed}
        return {name: (kind, lambda row, name=name: row[name]) for name, kind in types.items()}


@dataclass
class Feature:
    """One result column of a view. `aggregate` is None for a latest value."""

    name: str
    type: str
    aggregate: str = None
    argument: object = None
    count: int = None
    where: object = None
    window: object = EVERYTHING
    hop: int = 0
    exact: bool = False
    max_events: int = 10_000
    constant: object = None


@dataclass
class View:
    """Features of one entity from one source."""

    name: str
    source: Source
    entity_keys: list
    keys: list
    every: object
    delay: int
    where: object
    features: list
    latest: bool
    ttl: object
    lateness: object
    max_ahead: int
    visible_delay: int

    def feature(self, name):
        return next(one for one in self.features if one.name == name)


@dataclass
class Item:
    """One column of a service: a feature, the spine columns of its keys, its name."""

    view: View
    feature: Feature
    columns: list
    name: str
    aliased: bool


@dataclass
class Service:
    name: str
    request: dict
    items: list
    derived: list = field(default_factory=list)


def default_hop(window, broken=frozenset()):
    """DESIGN section 2; a hop that does not divide the window is refused (rule 7)."""
    if "default_hop" in broken:
        return MINUTE if window % MINUTE == 0 else 1
    for reach, hop in ((HOUR, MINUTE), (12 * HOUR, 5 * MINUTE), (12 * DAY, HOUR)):
        if window <= reach:
            return hop
    return DAY


class Project:
    """All definitions of a project folder."""

    def __init__(self, folder, broken=frozenset()):
        self.folder, self.broken = Path(folder), broken
        parts = [yaml_subset.load(path.read_text())
                 for path in sorted(self.folder.glob("feature-definitions/*.yaml"))]
        join = lambda key: [one for part in parts for one in part.get(key, []) or []]
        self.entities = {one["name"]: one["keys"] for one in join("entities")}
        self.sources = {one["name"]: self.source(one) for one in join("sources")}
        self.views = {one["name"]: self.view(one) for one in join("views")}
        self.services = {one["name"]: self.service(one) for one in join("services")}

    def source(self, node):
        source = Source(
            node["name"], node["schema"], [], node["event_time"],
            node.get("known_at", node["event_time"]), node["batch"]["parquet"],
            node.get("zone", node["batch"].get("zone", "UTC")),
            parse_time(node["complete_to"]) if "complete_to" in node else None)
        for name, text in (node.get("columns") or {}).items():
            kind, run = compile_expression(text, source.scope(), self.broken)
            source.computed.append((name, kind, run))
        return source

    def view(self, node):
        source = self.sources[node["source"]]
        scope = source.scope()
        renamed = node.get("keys", {})
        entity_keys = list(self.entities[node["entity"]])
        keys = [renamed.get(key, key) for key in entity_keys]
        every, delay = refresh(node["refresh"])
        features, latest = self.features(node["features"], scope, node.get("keep", {}))
        duration = lambda key, default: parse_duration(node[key]) if key in node else default
        lateness = None if node.get("lateness") in (None, "unlimited") else (
            parse_duration(node["lateness"]))
        view = View(
            node["name"], source, entity_keys, keys, every, delay,
            self.condition(node.get("where"), scope), features, latest, duration("ttl", None),
            lateness, duration("max_ahead", FIVE_MINUTES), duration("visible_delay", 0))
        if view.ttl and not latest and every is None:
            raise Refused(f"ttl on the stream aggregates of {view.name}")
        return view

    def condition(self, text, scope):
        return compile_expression(text, scope, self.broken)[1] if text else None

    def features(self, node, scope, kept):
        if isinstance(node, list):
            return [Feature(name, scope[name][0], argument=scope[name][1]) for name in node], True
        texts = {name: Parser(text) for name, text in node.items()}
        if not any(is_aggregate(parser) for parser in texts.values()):
            compiled = {name: compile_expression(text, scope, self.broken)
                        for name, text in node.items()}
            return [Feature(name, kind, argument=run)
                    for name, (kind, run) in compiled.items()], True
        return [one for name, parser in texts.items()
                for one in self.aggregate(name, parser, scope, kept.get(name))], False

    def aggregate(self, name, parser, scope, kept):
        """`AGG(args) [where E] [over W | over [W, ..]] [hop H | exact [max_events N]]`."""
        compiler = Compiler(scope, self.broken)
        function = parser.next()[1]
        parser.expect("(")
        arguments, constant = arguments_of(function, parser)
        kind, argument = compiler.compile(arguments[0]) if arguments else (None, None)
        made = Feature(name, result_type(function, kind, len(arguments)), function, argument)
        made.constant = constant
        if len(arguments) == 2:
            made.count = arguments[1][2]
        if parser.take("where"):
            made.where = compiler.compile(parser.expression())[1]
        windows, as_list = windows_of(parser)
        if parser.take("hop"):
            made.hop = parse_duration(parser.next()[1])
        elif parser.take("exact"):
            made.exact = True
            if parser.take("max_events"):
                made.max_events = int(parser.next()[1])
        if parser.peek()[0] != "end":
            raise Refused(f"unexpected {parser.peek()[1]!r} in {name}")
        if function == "decayed_sum" and not windows:
            raise Refused(f"{name} needs a window")
        if not windows:
            return [made]
        plain = parse_duration(kept) if kept else None
        return [self.windowed(made, text, as_list and parse_duration(text) != plain)
                for text in windows]

    def windowed(self, made, text, suffixed):
        window = parse_duration(text)
        hop = 0 if made.exact else made.hop or default_hop(window, self.broken)
        if hop and window % hop:
            raise Refused(f"hop {hop} does not divide {text}")
        if made.aggregate == "decayed_sum" and window > HALF_LIVES * made.constant:
            raise Refused(f"{text} is longer than {HALF_LIVES} half-lives")
        name = f"{made.name}_{text}" if suffixed else made.name
        return Feature(name, made.type, made.aggregate, made.argument, made.count, made.where,
                       window, hop, made.exact, made.max_events, made.constant)

    def service(self, node):
        items = [item for text in node["features"] for item in self.items(text)]
        service = Service(node["name"], node.get("request") or {}, items)
        scope = derived_scope(service)
        for name, text in (node.get("derived") or {}).items():
            kind, run = compile_expression(text, scope, self.broken)
            service.derived.append((name, kind, run))
            scope[name] = (kind, lambda row, name=name: row[name])
        return service

    def items(self, text):
        """`VIEW.FEATURE [for KEY = COLUMN {, KEY = COLUMN}] [as NAME]`."""
        rest, _, alias = text.partition(" as ")
        path, _, role = rest.partition(" for ")
        view_name, _, feature_name = path.strip().partition(".")
        view = self.views[view_name]
        pairs = dict(map(str.strip, pair.split("=")) for pair in role.split(",") if pair.strip())
        columns = [pairs.get(key, key) for key in view.entity_keys]
        if feature_name.strip() != "*":
            name = alias.strip() or f"{view_name}__{feature_name.strip()}"
            return [Item(view, view.feature(feature_name.strip()), columns, name, bool(alias))]
        prefix = alias.strip() or view_name
        return [Item(view, one, columns, f"{prefix}__{one.name}", bool(alias))
                for one in view.features]


def derived_scope(service):
    """Rule 28: request names, aliases, `view.feature`, and short names that are unique."""
    scope, short = {}, {}
    reader = lambda name: lambda row: row[name]
    for item in service.items:
        entry = (item.feature.type, reader(item.name))
        short.setdefault(item.feature.name, []).append(entry)
        scope[item.name] = entry
        if not item.aliased:
            scope[f"{item.view.name}.{item.feature.name}"] = entry
    for name, entries in short.items():
        if len(entries) == 1 and name not in service.request:
            scope.setdefault(name, entries[0])
    for name, kind in service.request.items():
        scope[name] = (kind, reader("request " + name))
    return scope


def refresh(text):
    """(None, 0) for `stream`, else (every, delay)."""
    if text == "stream":
        return None, 0
    words = text.split()
    delay = words[3] if words[2:3] == ["delay"] else "0s"
    return parse_duration(words[1]), parse_duration(delay)


def is_aggregate(parser):
    (kind, word), (_, following) = parser.tokens[0], parser.tokens[1]
    return kind == "name" and word in AGGREGATES and following == "("


def arguments_of(function, parser):
    """The arguments that are expressions, and the constant behind them."""
    if function in ("distinct_exact", "quantile", "top", "histogram", "decayed_sum"):
        tree = parser.expression()
        parser.expect(",")
        constant = constant_of(function, parser)
        parser.expect(")")
        return [tree], constant
    return parser.arguments(), None


def constant_of(function, parser):
    """A half-life in microseconds, edges as doubles, a share in millionths, or a whole number."""
    if function == "decayed_sum":
        return parse_duration(parser.next()[1])
    if function == "quantile":
        return int(Fraction(parser.next()[1]) * 10**6)
    if function != "histogram":
        return int(parser.next()[1])
    parser.expect("[")
    edges = [edge_of(parser)]
    while parser.take(","):
        edges.append(edge_of(parser))
    parser.expect("]")
    return edges


def edge_of(parser):
    sign = -1.0 if parser.take("-") else 1.0
    return sign * float(parser.next()[1])


def windows_of(parser):
    """The windows as written, and whether they stood in a list."""
    if not parser.take("over"):
        return [], False
    if not parser.take("["):
        return [parser.next()[1]], False
    found = [parser.next()[1]]
    while parser.take(","):
        found.append(parser.next()[1])
    parser.expect("]")
    return found, True


def result_type(function, kind, arguments):
    """Rule 24 and rules 16, 18."""
    if kind and not is_single(kind):
        raise Refused(f"{function} of {kind}")
    if function == "count":
        if kind == "bool":
            raise Refused("count(x) of a boolean: write count() where x")
        return "int64"
    if function in ("distinct", "distinct_exact"):
        return "int64"
    if arguments == 2 or function == "top":
        return f"list<{kind}>"
    if function in ("min", "max", "first", "last"):
        return kind
    if (size := decimal_size(kind)) and function in ("sum", "mean"):
        return f"decimal(38,{size[1]})" if function == "sum" else "double"
    if kind not in INTEGERS + FLOATS and not (
            decimal_size(kind) and function in ("quantile", "histogram", "decayed_sum")):
        raise Refused(f"{function} of {kind}")
    if function == "histogram":
        return "list<int64>"
    return "int64" if function == "sum" and kind in INTEGERS else "double"
