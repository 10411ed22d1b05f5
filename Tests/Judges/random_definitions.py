"""Writes the drawn definitions as YAML, in the syntax of DESIGN section 3."""

from collections import Counter

from expressions import Refused
from random_expressions import Expressions
from values import format_time


def quoted(text):
    """An expression as a YAML scalar: plain where it may stand so."""
    if text[0] in "'\"[{&*!|>%@`-" or ": " in text or " #" in text:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text


def definition_lines(maker):
    lines = ["project: judged", "entities:"]
    for name, keys in maker.entity_keys.items():
        lines += [f"  - name: {name}", "    keys:"]
        lines += [f"      {key}: {maker.key_types[key]}" for key in keys]
    lines.append("sources:")
    for source in maker.sources:
        lines += source_lines(source)
    lines.append("views:")
    for view in maker.views:
        lines += view_lines(view)
    return lines + service_lines(maker)


def source_lines(source):
    lines = [f"  - name: {source['name']}", f"    event_time: {source['event']}"]
    if source["known"] != "none":
        lines.append("    known_at: seen")
    if "complete_to" in source:
        lines.append(f"    complete_to: {format_time(source['complete_to'])}")
    lines.append("    schema:")
    lines += [f"      {name}: {kind}" for name, kind in source["types"].items()]
    if source["computed"]:
        lines.append("    columns:")
        lines += [f"      {name}: {quoted(text)}" for name, text in source["computed"].items()]
    return lines + ["    batch:", f"      parquet: {source['path']}"]


def view_lines(view):
    lines = [f"  - name: {view['name']}", f"    entity: {view['entity']}",
             f"    source: {view['source']['name']}"]
    if view["keys"]:
        lines.append("    keys:")
        lines += [f"      {key}: {column}" for key, column in view["keys"].items()]
    lines.append(f"    refresh: {view['refresh']}")
    lines += [f"    {key}: {quoted(text)}" for key, text in view["options"].items()]
    if view["keep"]:
        lines.append("    keep:")
        lines += [f"      {name}: {window}" for name, window in view["keep"].items()]
    if isinstance(view["features"], list):
        return lines + [f"    features: [{', '.join(view['features'])}]"]
    lines.append("    features:")
    return lines + [f"      {name}: {quoted(text)}" for name, text in view["features"].items()]


def service_lines(maker):
    lines = ["services:", f"  - name: {maker.case.service}"]
    if maker.request:
        lines.append("    request:")
        lines += [f"      {name}: {kind}" for name, kind in maker.request.items()]
    lines.append("    features:")
    lines += [f"      - {item}" for item in maker.items]
    derived = derived_features(maker)
    if derived:
        lines.append("    derived:")
        lines += [f"      {name}: {quoted(text)}" for name, text in derived.items()]
    return lines


def derived_features(maker):
    """Expressions over the service's own columns, request data and derived names above."""
    if maker.random.random() < 0.4:
        return {}
    scope = maker.derived_scope | maker.request
    counts = Counter(name for view in maker.views for name in view["feature_types"])
    for spelled, kind in list(maker.derived_scope.items()):
        short = spelled.partition(".")[2]
        if short and counts[short] == 1 and not maker.roles and maker.random.random() < 0.3:
            scope[short] = scope.pop(spelled)
    if "seats" in scope:
        scope["seats"] = maker.request["seats"]
    found = {}
    for name in ("derived_b", "derived_a"):
        if not scope:
            return found
        kind = maker.random.choice(["double", "int64", "bool", "double", "int64", "bool", "list"])
        found[name] = Expressions(maker.random, scope).draw(kind, 2)
        if kind != "list":
            scope[name] = kind
    return found


def feature_types(seed, view):
    """Name and type of each feature, by the oracle's own inference."""
    from definitions import Project

    scope = {name: (kind, None) for name, kind in view["source"]["scope"].items()}
    project = Project.__new__(Project)
    project.broken = frozenset()
    try:
        features, _ = project.features(view["features"], scope, view["keep"])
    except Refused as refusal:
        raise Refused(f"seed {seed}: {refusal}") from refusal
    return {one.name: one.type for one in features}
