"""What the random cases really exercised: counters that must not be zero."""

TYPES = ("bool", "int32", "int64", "float", "double", "string", "bytes", "timestamp", "date")
AGGREGATES = ("count", "count(x)", "sum", "mean", "variance", "stddev", "min", "max", "first",
              "last", "first,n", "last,n", "distinct", "distinct_exact", "quantile", "top",
              "histogram", "decayed_sum")
OF_DECIMALS = [name for name in AGGREGATES if name not in ("count", "variance", "stddev")]
REQUIRED = (
    [f"aggregate {name}" for name in AGGREGATES]
    + [f"latest of {kind}" for kind in TYPES + ("decimal", "list", "vector")]
    + [f"{name} of {kind}" for name in ("min", "max", "first", "last", "top")
       for kind in TYPES + ("decimal",)]
    + [f"{name} of decimals" for name in OF_DECIMALS]
    + ["tie of event time", "tie of event time and known-at", "duplicate rows",
       "visible late row", "known after t", "known exactly at t", "known ahead of event",
       "known-at null", "event time null", "source key null", "spine key null",
       "row in the future", "event time at t", "inclusive takes a row at t",
       "lateness edge", "lateness refuses", "max ahead edge", "max ahead refuses",
       "visible delay hides", "ttl edge", "ttl passed", "ttl passed by 1 us",
       "aggregate ttl edge", "aggregate ttl passed", "window edge", "1 us before the window",
       "in the aligned tail", "event time at the cut", "known at the cut", "known after the cut",
       "spine exactly when a cut becomes due", "exact window", "exact overflow", "lifetime",
       "NaN", "infinity", "both infinities", "null in aggregate", "aggregate of nulls only",
       "integer sum overflow", "distinct estimated", "distinct beyond the cap",
       "key without rows", "latest value null", "tiles before 1970",
       "spine time before 1970",
       "spine time near the end of int64", "view where removes", "feature where removes",
       "derived feature null", "derived feature present"]
    + ["hop 1000000", "hop 60000000", "hop 300000000", "hop 3600000000", "hop 86400000000"]
    + ["case: inclusive", "case: composite key", "case: renamed key", "case: role",
       "case: request data", "case: derived feature", "case: whole view in a role",
       "case: computed column", "case: computed known-at", "case: computed event time",
       "case: no source rows", "case: empty spine", "case: several views", "case: visible delay",
       "case: lateness unlimited", "case: allow incomplete", "case: other time column",
       "case: windows in a list", "case: kept name", "case: decimal expression", "case: list expression",
       "case: request data of a list", "case: delay beyond the cadence", "case: spine type widened",
       "case: more than 400 rows"])


def see_case(case, seen):
    """Counts what a case contains by construction."""
    text = "\n".join(case.lines)
    entities = text.partition("entities:")[2].partition("sources:")[0]
    facts = {
        "inclusive": case.inclusive, "composite key": "      j:" in entities,
        "renamed key": "    keys:" in text.partition("views:")[2], "role": " for " in text,
        "request data": "    request:" in text, "derived feature": "    derived:" in text,
        "whole view in a role": ".* for " in text, "computed column": "    columns:" in text,
        "computed known-at": "      seen: at" in text, "computed event time": "happened:" in text,
        "no source rows": any(not table.rows for table in case.tables),
        "empty spine": not case.spine.rows, "several views": text.count("refresh:") > 1,
        "visible delay": "visible_delay:" in text, "lateness unlimited": "unlimited" in text,
        "allow incomplete": "--allow-incomplete" in case.flags,
        "other time column": case.time_name != "timestamp", "windows in a list": "over [" in text,
        "delay beyond the cadence": any(beyond(line) for line in case.lines),
        "kept name": "    keep:" in text,
        "decimal expression": " as decimal(" in text, "list expression": "list_" in text,
        "request data of a list": "      tags: list<" in text,
        "more than 400 rows": any(len(table.rows) > 400 for table in case.tables),
        "spine type widened": case.spine.types.get("distance") == "int64"}
    for name, present in facts.items():
        seen["case: " + name] += bool(present)


def beyond(line):
    from values import parse_duration

    words = line.split()
    return words[:2] == ["refresh:", "every"] and (
        parse_duration(words[4]) > parse_duration(words[2]))


def table(seen):
    """The counters as aligned lines."""
    return "\n".join(f"{seen[name]:>10}  {name}" for name in sorted(set(REQUIRED) | set(seen)))


def uncovered(seen):
    return [name for name in REQUIRED if not seen[name]]
