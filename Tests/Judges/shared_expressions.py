"""Seeded expressions that this language and DuckDB's SQL both have: pairs of texts.

Where the two decide differently (docs/expressions.md, "Other engines") the SQL spells our rule
out; what may fail stands in DuckDB's `try`, which gives null.
"""

COLUMNS = {
    "a": "double", "b": "double", "c": "double", "d": "double", "i": "int64", "j": "int64",
    "k": "int32", "s": "string", "u": "string", "p": "bool", "q": "bool", "t": "timestamp",
    "v": "timestamp"}
KINDS = ("int64", "double", "string", "bool", "timestamp")
FINITE = ("c", "d")
ZONES = ("UTC", "America/New_York", "Europe/Zurich", "Australia/Lord_Howe", "Asia/Kolkata")
UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
PARTS = {"year": "year", "quarter": "quarter", "month": "month", "week": "week", "day": "day",
         "day_of_week": "isodow", "day_of_year": "dayofyear", "hour": "hour", "minute": "minute",
         "second": "second"}
PATTERNS = ("'%'", "'a%'", "'%b%'", "'_'", "'a_c'", "'%é%'", "''", "'_%_'")
LITERALS = {
    "int64": [("0", "0::bigint"), ("1", "1::bigint"), ("7", "7::bigint"), ("-3", "(-3)::bigint")],
    "double": [("0.5", "0.5::double"), ("-2.5", "(-2.5)::double"), ("1e3", "1e3::double")],
    "string": [("''", "''"), ("'a'", "'a'"), ("'b-c'", "'b-c'"), ("'é'", "'é'")],
    "bool": [("true", "true"), ("false", "false")],
    "timestamp": [("timestamp '2024-02-29T12:00:00Z'", "timestamp '2024-02-29 12:00:00'")],
}


class Shared:
    """Draws (our text, SQL text); every text is a whole operand."""

    def __init__(self, random):
        self.random = random

    def draw(self, kind, depth):
        if depth == 0 or self.random.random() < 0.15:
            return self.leaf(kind)
        form = self.random.random()
        if form < 0.2:
            return self.choice_form(kind, depth - 1)
        return getattr(self, "draw_" + kind)(depth - 1)

    def leaf(self, kind):
        named = [name for name, one in COLUMNS.items() if one == kind]
        if self.random.random() < 0.75:
            name = self.random.choice(named)
            return name, name
        return self.random.choice(LITERALS[kind])

    def finite(self):
        name = self.random.choice(FINITE)
        return name, name

    def choice_form(self, kind, depth):
        (x, x2), (y, y2) = self.draw(kind, depth), self.draw(kind, depth)
        (c, c2), (e, e2) = self.draw("bool", depth), self.draw("bool", depth)
        return self.random.choice([
            (f"if({c}, {x}, {y})", f"case when {c2} then {x2} else {y2} end"),
            (f"(case when {c} then {x} when {e} then {y} end)",
             f"(case when {c2} then {x2} when {e2} then {y2} end)"),
            (f"(case {c} when {e} then {x} else {y} end)",
             f"(case {c2} when {e2} then {x2} else {y2} end)"),
            (f"coalesce({x}, {y})", f"coalesce({x2}, {y2})"),
            (f"nullif({x}, {y})", f"nullif({x2}, {y2})"),
            (f"least({x}, {y})", f"least({x2}, {y2})"),
            (f"greatest({x}, {y}, {x})", f"greatest({x2}, {y2}, {x2})")])

    def draw_int64(self, depth):
        (x, x2), (y, y2) = self.draw("int64", depth), self.draw("int64", depth)
        s, s2 = self.draw("string", depth)
        t, t2 = self.draw("timestamp", depth)
        z = self.random.choice(ZONES)
        part = self.random.choice(list(PARTS))
        low, high = sorted(self.random.sample(range(-5, 9), 2))
        return self.random.choice(
            [(f"({x} {mark} {y})", f"try({x2} {mark} {y2})") for mark in "+-*"] + [
                (f"({x} // {y})", f"try({x2} // {y2})"),
                (f"({x} % {y})", f"(case when {y2} = -1 then {x2} - {x2} else try({x2} % {y2}) end)"),
                ("(k + k)", "(k::bigint + k)"),
                (f"abs({x})", f"try(abs({x2}))"), (f"-({x})", f"try(-({x2}))"),
                (f"sign({x})", f"sign({x2})::bigint"),
                (f"clamp({x}, {low}, {high})",
                 f"(case when {x2} is null then null else least(greatest({x2}, {low}), {high}) end)"),
                (f"length({s})", f"length({s2})"),
                (f"strpos({s}, 'b')", f"strpos({s2}, 'b')"),
                (f"{part}({t})", f"{PARTS[part]}({t2})"),
                (f"{part}({t}, '{z}')", f"{PARTS[part]}({local(t2, z)})"),
                (f"list_sum([{x}, {y}, 3])", f"try(list_sum([{x2}, {y2}, 3])::bigint)"),
                (f"list_element([{x}, {y}, 5], -2)", f"list_extract([{x2}, {y2}, 5], -2)"),
                (f"list_length([{x}, {y}])", f"len([{x2}, {y2}])"),
                ("bucket(a, [-1, 0, 2.5])",
                 "((a >= -1)::bigint + (a >= 0)::bigint + (a >= 2.5)::bigint)")])

    def draw_double(self, depth):
        (x, x2), (y, y2) = self.draw("double", depth), self.draw("double", depth)
        i, i2 = self.draw("int64", depth)
        n = self.random.choice([0, 1, 2, -1])
        (f, f2), (g, g2) = self.finite(), self.finite()
        return self.random.choice(
            [(f"({x} {mark} {y})", f"({x2} {mark} {y2})") for mark in "+-*"] + [
                (f"({x} / {y})", f"(case when {y2} = 0 then null else {x2} / {y2} end)"),
                (f"({x} + {i})", f"({x2} + {i2}::double)"),
                (f"cast({i} as double)", f"{i2}::double"),
                (f"abs({x})", f"abs({x2})"), (f"-({x})", f"-({x2})"),
                (f"floor({x})", f"floor({x2})"), (f"ceil({x})", f"ceil({x2})"),
                (f"trunc({x})", f"trunc({x2})"), (f"round({f})", f"round({f2})"),
                (f"round_even({f})", f"round_even({f2}, 0)"),
                (f"round({f}, {n})", f"round({f2}, {n})"),
                (f"sqrt({x})", f"(case when {x2} < 0 then null else sqrt({x2}) end)"),
                (f"ln({f})", f"(case when {f2} <= 0 then null else ln({f2}) end)"),
                (f"log10(abs({f}))", f"(case when {f2} = 0 then null else log10(abs({f2})) end)"),
                (f"log2(abs({f}))", f"(case when {f2} = 0 then null else log2(abs({f2})) end)"),
                (f"exp({f})", f"exp({f2})"), (f"sin({f})", f"sin({f2})"),
                (f"cos({f})", f"cos({f2})"), (f"atan({f})", f"atan({f2})"),
                (f"tanh({f})", f"tanh({f2})"),
                (f"atan2({f} + 0, {g} + 0)", f"atan2({f2} + 0, {g2} + 0)"),
                (f"pow(abs({f}), 1.5)", f"pow(abs({f2}), 1.5::double)"),
                (f"radians({f})", f"({f2} * (pi() / 180))"),
                (f"haversine({f} / 2, {g}, {g} / 2, {f})", haversine(f2, g2)),
                (f"list_mean([{f}, {g}])", f"list_avg([{f2}, {g2}])"),
                (f"list_max([{x}, {y}])", f"list_max([{x2}, {y2}])"),
                (f"dot([{f}, 2.5], [0.5, {g}])",
                 f"({f2} * 0.5::double + 2.5::double * {g2})"),
                (f"cosine([{f}, 1.0], [{g}, 1.0])",
                 f"(case when {f2} + {g2} is null then null else list_cosine_similarity("
                 f"[coalesce({f2}, 0), 1.0::double], [coalesce({g2}, 0), 1.0::double]) end)")])

    def draw_string(self, depth):
        (x, x2), (y, y2) = self.draw("string", depth), self.draw("string", depth)
        i, i2 = self.draw("int64", depth)
        n, length = self.random.choice([-3, -1, 0, 1, 2, 5]), self.random.choice([0, 1, 2, 9])
        piece = self.random.choice([1, 2, 3, -1, -2])
        return self.random.choice([
            (f"({x} || {y})", f"({x2} || {y2})"), (f"concat({x}, {y})", f"concat({x2}, {y2})"),
            ("upper(u)", "upper(u)"), ("lower(u)", "lower(u)"),
            (f"trim({x})", f"trim({x2})"), (f"ltrim({x})", f"ltrim({x2})"),
            (f"rtrim({x})", f"rtrim({x2})"), (f"reverse({x})", f"reverse({x2})"),
            (f"substr({x}, {n}, {length})", f"substr({x2}, {n}, {length})"),
            (f"substr({x}, {n})", f"substr({x2}, {n})"),
            (f"left({x}, {n})", f"left({x2}, {n})"), (f"right({x}, {n})", f"right({x2}, {n})"),
            (f"replace({x}, 'b', {y})", f"replace({x2}, 'b', {y2})"),
            (f"split_part({x}, '-', {piece})", f"split_part({x2}, '-', {piece})"),
            (f"list_element([{x}, {y}], 2)", f"list_extract([{x2}, {y2}], 2)"),
            (f"cast({i} as string)", f"{i2}::varchar")])

    def draw_bool(self, depth):
        kind = self.random.choice(KINDS)
        (x, x2), (y, y2) = self.draw(kind, depth), self.draw(kind, depth)
        (p, p2), (q, q2) = self.draw("bool", depth), self.draw("bool", depth)
        (s, s2), (r, r2) = self.draw("string", depth), self.draw("string", depth)
        mark = self.random.choice(["=", "!=", "<", "<=", ">", ">="])
        pattern = self.random.choice(PATTERNS)
        test = self.random.choice(["starts_with", "ends_with", "contains"])
        negated = self.random.choice(["", "not "])
        return self.random.choice([
            (f"({x} {mark} {y})", f"({x2} {mark} {y2})"),
            (f"({p} and {q})", f"({p2} and {q2})"), (f"({p} or {q})", f"({p2} or {q2})"),
            (f"(not {p})", f"(not {p2})"), (f"({x} is null)", f"({x2} is null)"),
            (f"({x} {negated}between {y} and {x})", f"({x2} {negated}between {y2} and {x2})"),
            (f"({x} {negated}in ({y}, {x}))", f"({x2} {negated}in ({y2}, {x2}))"),
            (f"({s} {negated}like {pattern})", f"({s2} {negated}like {pattern})"),
            (f"({s} like '%!_%' escape '!')", f"({s2} like '%!_%' escape '!')"),
            (f"{test}({s}, {r})", f"{test}({s2}, {r2})"),
            (f"list_contains([{x}, {y}], {x})", f"list_contains([{x2}, {y2}], {x2})")])

    def draw_timestamp(self, depth):
        t, t2 = self.draw("timestamp", depth)
        unit, zone = self.random.choice(UNITS), self.random.choice(ZONES)
        return self.random.choice([
            (f"date_trunc('{unit}', {t})", f"date_trunc('{unit}', {t2})"),
            (f"date_trunc('{unit}', {t}, '{zone}')",
             f"make_timestamp(epoch_us(date_trunc('{unit}', {local(t2, zone)})"
             f" at time zone '{zone}'))"),
            (f"({t} + hours(k))", f"({t2} + to_hours(k))"),
            (f"({t} - minutes(k))", f"({t2} - to_minutes(k))")])


def local(t, zone):
    """What clocks in the zone show, in DuckDB's words."""
    return f"(({t} at time zone 'UTC') at time zone '{zone}')"


def haversine(f, g):
    radian = "pi() / 180"
    return (f"(({f} - {f}) + ({g} - {g}) + 2 * 6371.0088::double * asin(least(1::double, sqrt("
            f"pow(sin(({g} / 2 - {f} / 2) * ({radian}) / 2), 2) + "
            f"cos({f} / 2 * ({radian})) * cos({g} / 2 * ({radian})) * "
            f"pow(sin(({f} - {g}) * ({radian}) / 2), 2)))))")
