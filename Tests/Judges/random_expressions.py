"""Seeded texts of well-typed expressions over named columns."""

from values import decimal_size

INTEGERS = ("int32", "int64")
NUMBERS = INTEGERS + ("float", "double")
LITERALS = {
    "int64": ["0", "1", "2", "-1", "3", "7", "9223372036854775807", "-9223372036854775808"],
    "double": ["0.0", "1.0", "0.1", "-2.5", "1e3", "1e308", "1e-300", "3.0"],
    "string": ["''", "'a'", "'b'", "'it''s'", "'\u00e9'", "'12'", "'1.5'"],
    "bool": ["true", "false"],
    "timestamp": ["timestamp '1970-01-01T00:00:00Z'", "timestamp '2024-01-31T10:00:00.000001Z'",
                  "timestamp '1969-12-31T22:30:00-01:00'"],
    "duration": ["hours(1)", "days(2)", "seconds(0.0000005)", "minutes(1.5)", "hours(-1)"],
}
PARTS = ("year", "month", "day", "hour", "minute", "second", "day_of_week", "day_of_year")
COMPARABLE = ("int64", "double", "string", "timestamp", "bool", "duration")


class Expressions:
    """Draws texts; `columns` maps a name to its type."""

    def __init__(self, random, columns):
        self.random, self.columns = random, columns

    def draw(self, kind, depth=2):
        """A text whose type is `kind` (an int32 or float asked for is a bare column)."""
        choices = [] if kind in ("decimal", "list") else self.leaves(kind)
        if not choices or depth > 0 and self.random.random() < 0.75:
            choices = getattr(self, "draw_" + kind)(depth - 1) or choices
        return self.random.choice(choices)

    def leaves(self, kind):
        wide = {"int64": INTEGERS, "double": ("double",)}.get(kind, (kind,))
        found = [name for name, one in self.columns.items() if one in wide and kind != "int64"
                 or one == kind]
        return found * 3 + LITERALS.get(kind, []) if found else LITERALS[kind]

    def number(self, depth):
        """Any number, columns of int32 and float included."""
        named = [name for name, one in self.columns.items() if one in NUMBERS]
        if named and self.random.random() < 0.4:
            return self.random.choice(named)
        return self.draw(self.random.choice(["int64", "double"]), depth)

    def integer(self, depth):
        named = [name for name, one in self.columns.items() if one in INTEGERS]
        if named and self.random.random() < 0.5:
            return self.random.choice(named)
        return self.draw("int64", depth)

    def any_column(self):
        return self.random.choice(list(self.columns))

    def hashed_column(self):
        """A column of a type that `hash` takes, or a text."""
        return self.random.choice([
            name for name, kind in self.columns.items()
            if "<" not in kind and not decimal_size(kind)] or ["'a'"])

    def named(self, *kinds):
        return [name for name, one in self.columns.items() if one in kinds]

    def decimals(self):
        return [name for name, one in self.columns.items() if decimal_size(one)]

    def partner(self, name):
        """A decimal or an integer that meets the decimal `name` within 38 digits."""
        precision, scale = decimal_size(self.columns[name])

        def meets(kind):
            other, places = decimal_size(kind) or (19, 0)
            return max(precision - scale, other - places) + max(scale, places) <= 38
        return self.random.choice([
            one for one, kind in self.columns.items()
            if (kind in INTEGERS or decimal_size(kind)) and meets(kind)])

    def draw_int64(self, depth):
        mark = self.random.choice(["+", "-", "*", "//", "%"])
        first, second = self.integer(depth), self.integer(depth)
        found = [f"({first} {mark} {second})",
                 f"{self.random.choice([first, '2'])} * (1 + {second})",
                 f"if({self.draw('bool', depth)}, {self.draw('int64', depth)}, 0)",
                 f"coalesce({self.draw('int64', depth)}, {self.draw('int64', depth)})",
                 f"abs({first})", f"-({first})", f"cast({self.number(depth)} as int64)",
                 f"cast({self.draw('string', depth)} as int64)",
                 f"cast({self.draw('bool', depth)} as int64)"]
        found += [f"length({self.draw('string', depth)})", f"hash({self.hashed_column()})",
                  f"hash_mod({self.draw('string', depth)}, 16)",
                  f"bucket({self.number(depth)}, [-1, 0, 2.5])",
                  f"list_sum([{first}, {second}, null])", f"nullif({first}, {second})",
                  f"(case {first} when {second} then 1 when 0 then {first} end)"]
        found += [f"cast({name} as int64)" for name in self.decimals()]
        found += [f"list_length({name})" for name in self.columns
                  if self.columns[name].startswith("list<")]
        for name in self.named("list<int64>"):
            found += [f"list_element({name}, {first})", f"list_sum({name})", f"list_max({name})"]
        if "timestamp" in self.columns.values():
            zone = self.random.choice(["UTC", "+05:30", "-03:00"])
            found.append(f"hour({self.draw('timestamp', depth)}, '{zone}')")
            found.append(f"{self.random.choice(PARTS)}({self.draw('timestamp', depth)})")
        return found

    def draw_double(self, depth):
        mark = self.random.choice(["+", "-", "*"])
        found = [f"cast({name} as double)" for name in self.decimals()]
        found += [f"({self.draw('double', 0)} {mark} {name})" for name in self.decimals()]
        found += [f"({name} / {self.number(0)})" for name in self.decimals()]
        for name in self.named("list<double>"):
            found += [f"list_sum({name})", f"list_mean({name})", f"list_min({name})",
                      f"list_element({name}, -1)"]
        found += [f"{self.random.choice(['dot', 'cosine'])}({name}, {other})"
                  for name in self.named("vector<float, 3>")
                  for other in self.named("vector<float, 3>")]
        return found + [f"({self.draw('double', depth)} {mark} {self.number(depth)})",
                f"({self.number(depth)} / {self.number(depth)})",
                f"{self.draw('double', 0)} - {self.draw('double', 0)} * {self.number(0)}",
                f"if({self.draw('bool', depth)}, {self.number(depth)}, {self.draw('double', 0)})",
                f"coalesce({self.draw('double', depth)}, {self.number(0)})",
                f"({self.draw('duration', depth)} / {self.draw('duration', depth)})",
                f"cast({self.draw('string', depth)} as double)",
                f"cast({self.draw('int64', depth)} as double)", f"-({self.draw('double', 0)})",
                f"{self.random.choice(['floor', 'round', 'sqrt'])}({self.draw('double', depth)})",
                f"greatest({self.draw('double', depth)}, {self.number(depth)})",
                f"clamp({self.draw('double', depth)}, -1, {self.number(0)})"]

    def draw_bool(self, depth):
        mark = self.random.choice(["=", "==", "!=", "<>", "<", "<=", ">", ">="])
        kind = self.random.choice(COMPARABLE)
        pair = (self.number(depth), self.number(depth))
        if kind not in ("int64", "double"):
            pair = (self.draw(kind, depth), self.draw(kind, depth))
        word = self.random.choice(["is null", "is not null"])
        found = [f"({self.any_column()} {word})"]
        for name in self.decimals():
            found += [f"({name} {mark} {self.partner(name)})", f"({name} {mark} {self.draw('double', 0)})",
                      f"({name} between {self.partner(name)} and {name})",
                      f"({self.partner(name)} in ({name}, null))"]
        found += [f"list_contains({name}, {self.integer(0)})"
                  for name in self.named("list<int64>")]
        found += [f"list_contains({name}, {self.draw('string', 0)})"
                  for name in self.named("list<string>")]
        return found + [f"({pair[0]} {mark} {pair[1]})", f"({self.any_column()} {word})",
                f"({self.draw('bool', depth)} and {self.draw('bool', depth)})",
                f"({self.draw('bool', depth)} or {self.draw('bool', depth)})",
                f"(not {self.draw('bool', depth)})",
                f"({pair[0]} between {pair[1]} and {pair[0]})",
                f"({pair[0]} not in ({pair[1]}, {pair[1]}))",
                f"({self.draw('string', depth)} like '%{self.random.choice('a1_')}%')",
                f"contains({self.draw('string', depth)}, {self.draw('string', 0)})",
                f"({self.draw('bool', 0)} or {self.draw('bool', 0)} and {self.draw('bool', 0)})"]

    def draw_string(self, depth):
        found = [f"cast({name} as string)" for name in self.decimals()]
        found += [f"list_element({name}, 1)" for name in self.named("list<string>")]
        return found + [f"if({self.draw('bool', depth)}, {self.draw('string', 0)}, "
                f"{self.draw('string', 0)})",
                f"coalesce({self.draw('string', 0)}, {self.draw('string', 0)})",
                f"cast({self.draw('int64', depth)} as string)",
                f"upper({self.draw('string', depth)})",
                f"({self.draw('string', depth)} || {self.draw('string', 0)})",
                f"substr({self.draw('string', depth)}, {self.draw('int64', 0)}, 2)",
                f"split_part({self.draw('string', depth)}, '.', -1)",
                f"cast({self.draw('bool', depth)} as string)"]

    def draw_decimal(self, depth):
        """Only operands that are sure to meet; columns of decimals if there are any."""
        found = [f"cast({self.number(depth)} as decimal(12,3))",
                 f"cast({self.draw('string', depth)} as decimal(9,2))",
                 f"cast({self.integer(0)} as decimal(38,5))"]
        for name in self.decimals():
            mark, other = self.random.choice("+-*"), self.partner(name)
            found += [f"{name} {mark} {other}", f"{other} - {name}", f"-{name}", f"abs({name})",
                      f"coalesce({name}, {other})", f"nullif({name}, {other})",
                      f"greatest({name}, {other})", f"cast({name} as decimal(7,1))",
                      f"if({self.draw('bool', depth)}, {name}, {other})",
                      f"case when {self.draw('bool', depth)} then {name} end", f"{name} * 2"]
        return found

    def draw_list(self, depth):
        first, second = self.integer(0), self.integer(0)
        found = [f"[{first}, {second}, null]", f"[{self.draw('double', depth)}, {first}]",
                 f"[{self.draw('string', 0)}]"]
        found += [f"[{name}, {self.partner(name)}]" for name in self.decimals()]
        for name in self.named("vector<float, 3>"):
            found += [f"cast({name} as list<float>)", f"if({self.draw('bool', 0)}, {name}, null)"]
        found += [f"coalesce({name}, {name})" for name in self.columns
                  if self.columns[name].startswith("list<")]
        return found

    def draw_timestamp(self, depth):
        mark = self.random.choice(["+", "-"])
        unit = self.random.choice(["hour", "day", "week", "month", "quarter", "year"])
        return [f"({self.draw('timestamp', 0)} {mark} {self.draw('duration', depth)})",
                f"date_trunc('{unit}', {self.draw('timestamp', 0)}, '-03:00')",
                f"coalesce({self.draw('timestamp', 0)}, {self.draw('timestamp', 0)})"]

    def draw_duration(self, depth):
        unit = self.random.choice(["seconds", "minutes", "hours", "days"])
        return [f"{unit}({self.number(depth)})", f"abs({self.draw('duration', 0)})",
                f"({self.draw('timestamp', 0)} - {self.draw('timestamp', 0)})",
                f"({self.draw('duration', 0)} + {self.draw('duration', 0)})"]
