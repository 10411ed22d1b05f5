"""The oracle's expression language: tokens, a tree, and closures over a row.

`compile_expression(text, scope)` gives `(type, function of a row)`. A scope maps a name to
`(type, function of a row)`. Nothing is shared with the engine; rules are FINE-PRINT 15-29, 37.
"""

import re
from fractions import Fraction

from expression_functions import bounded, function_call
from expression_parser import parse_expression
from values import (
    FLOATS, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, INTEGERS, NUMBERS, UNITS, Refused,
    canonical, decimal_size, decimal_text, fit64, fit_decimal, half_even, order_key, round_decimal,
    to_double, to_float, vector_length)

TIMED = {
    ("timestamp", "+", "duration"): "timestamp", ("duration", "+", "timestamp"): "timestamp",
    ("timestamp", "-", "duration"): "timestamp", ("timestamp", "-", "timestamp"): "duration",
    ("duration", "+", "duration"): "duration", ("duration", "-", "duration"): "duration"}
SPANS = {"seconds": UNITS["s"], "minutes": UNITS["m"], "hours": UNITS["h"], "days": UNITS["d"]}


def common_type(types):
    """The type of `if`, `coalesce`: one type keeps itself, numbers widen, null gives way."""
    known = {one for one in types if one != "null"}
    if not known:
        return "null"
    if len(known) == 1:
        return known.pop()
    if known <= set(INTEGERS):
        return "int64"
    if not all(one in NUMBERS or decimal_size(one) for one in known):
        raise Refused(f"no common type of {sorted(known)}")
    return "double" if known & set(FLOATS) else decimal_union(map(size_of, known))


DIGITS = {"int32": 10, "int64": 19}


def size_of(kind, tree=None):
    """(precision, scale) of a decimal, or of the decimal that an integer becomes."""
    if tree and tree[0] == "literal" and kind == "int64":
        return len(str(abs(tree[2]))), 0
    return decimal_size(kind) or (DIGITS[kind], 0)


def decimal_union(sizes):
    """The decimal with the digits of all on either side of the point."""
    sizes = list(sizes)
    places = max(scale for _, scale in sizes)
    digits = max(precision - scale for precision, scale in sizes) + places
    if digits > 38:
        raise Refused(f"no decimal has {digits} digits")
    return f"decimal({digits},{places})"


def converted(value, target):
    """A value as the common type: integers become doubles where doubles are meant."""
    if value is not None and target in FLOATS and isinstance(value, (int, Fraction)):
        return to_double(value)
    if value is not None and decimal_size(target):
        return Fraction(value)
    return value


class Compiler:
    """Turns a tree into (type, closure). `broken` names the rules that a mutation violates."""

    def __init__(self, scope, broken=frozenset()):
        self.scope, self.broken = scope, broken

    def compile(self, tree):
        return getattr(self, "on_" + tree[0].replace(" ", "_"))(*tree[1:])

    def on_literal(self, kind, value):
        return kind, lambda row: value

    def on_name(self, name):
        if name not in self.scope:
            raise Refused(f"unknown column {name}")
        return self.scope[name]

    def on_or(self, left, right):
        (_, a), (_, b) = self.booleans(left, right)

        def run(row):
            x, y = a(row), b(row)
            return True if x or y else None if x is None or y is None else False
        return "bool", run

    def on_and(self, left, right):
        (_, a), (_, b) = self.booleans(left, right)

        def run(row):
            x, y = a(row), b(row)
            return False if x is False or y is False else None if None in (x, y) else True
        return "bool", run

    def on_not(self, tree):
        ((_, a),) = self.booleans(tree)
        return "bool", lambda row: None if (x := a(row)) is None else not x

    def booleans(self, *trees):
        compiled = [self.compile(tree) for tree in trees]
        for kind, _ in compiled:
            if kind not in ("bool", "null"):
                raise Refused(f"expected bool, found {kind}")
        return compiled

    def on_is_null(self, negated, tree):
        _, a = self.compile(tree)
        return "bool", lambda row: (a(row) is None) != negated

    def on_compare(self, word, left, right):
        (left_type, a), (right_type, b) = self.compile(left), self.compile(right)
        kind = common_type([left_type, right_type])
        ieee = "nan_comparison" in self.broken

        def run(row):
            x, y = converted(a(row), kind), converted(b(row), kind)
            if x is None or y is None:
                return None
            if not ieee:
                x, y = order_key(x), order_key(y)
            return {"=": x == y, "!=": x != y, "<": x < y, "<=": x <= y, ">": x > y,
                    ">=": x >= y}[word]
        return "bool", run

    def on_negative(self, tree):
        kind, a = self.compile(tree)
        if kind in INTEGERS or kind == "duration":
            kind = "int64" if kind in INTEGERS else kind
            return kind, lambda row: None if (x := a(row)) is None else fit64(-x)
        if kind in FLOATS:
            return "double", lambda row: None if (x := a(row)) is None else canonical(-x)
        if decimal_size(kind):
            return kind, lambda row: None if (x := a(row)) is None else -x
        raise Refused(f"cannot negate {kind}")

    def on_arithmetic(self, word, left, right):
        (left_type, a), (right_type, b) = self.compile(left), self.compile(right)
        if exact := decimal_rule(word, (left_type, left), (right_type, right)):
            kind, rule = exact
        else:
            kind, rule = arithmetic_rule(word, left_type, right_type, self.broken)

        def run(row):
            x, y = a(row), b(row)
            return None if x is None or y is None else rule(x, y)
        return kind, run

    def on_cast(self, target, tree):
        kind, a = self.compile(tree)
        return target, lambda row: None if (x := a(row)) is None else cast(x, kind, target)

    def on_call(self, name, trees):
        compiled = [self.compile(tree) for tree in trees]
        types, parts = [one[0] for one in compiled], [one[1] for one in compiled]
        if name == "if" and len(parts) == 3:
            return self.conditional(types, parts)
        if name == "coalesce" and parts:
            kind = common_type(types)

            def first(row):
                found = (value for part in parts if (value := part(row)) is not None)
                return converted(next(found, None), kind)
            return kind, first
        if name in ("nullif", "least", "greatest"):
            return self.chosen(name, trees)
        if name == "concat":
            return "string", lambda row: bounded("".join(part(row) or "" for part in parts))
        if name in SPANS or name == "abs":
            return unary_call(name, types[0], parts[0])
        return function_call(name, types, parts, trees)

    def same_type(self, trees):
        """Types to one, closures that convert."""
        compiled = [self.compile(tree) for tree in trees]
        kind = common_type([one[0] for one in compiled])
        return kind, [lambda row, part=part: converted(part(row), kind) for _, part in compiled]

    def on_between(self, *trees):
        _, (subject, low, high) = self.same_type(trees)

        def run(row):
            x, a, b = (order_key(part(row)) for part in (subject, low, high))
            missing = [None if (0,) in (x, one) else holds
                       for one, holds in ((a, x >= a), (b, x <= b))]
            return False if False in missing else None if None in missing else True
        return "bool", run

    def on_in(self, subject, trees):
        _, (part, *items) = self.same_type([subject] + trees)

        def run(row):
            x, found = part(row), [item(row) for item in items]
            if x is None:
                return None
            if any(one is not None and order_key(one) == order_key(x) for one in found):
                return True
            return None if None in found else False
        return "bool", run

    def on_case(self, subject, arms, rest):
        kind, results = self.same_type([result for _, result in arms] + [rest])
        if subject is None:
            labels = [part for _, part in self.booleans(*(label for label, _ in arms))]
        else:
            _, (value, *labels) = self.same_type([subject] + [label for label, _ in arms])

        def run(row):
            for label, result in zip(labels, results):
                found = label(row)
                if subject is None and found:
                    return result(row)
                if subject is not None and None not in (found, value(row)) \
                        and order_key(found) == order_key(value(row)):
                    return result(row)
            return results[-1](row)
        return kind, run

    def on_list(self, trees):
        kind, items = self.same_type(trees)
        return f"list<{kind}>", lambda row: [item(row) for item in items]

    def chosen(self, name, trees):
        """`nullif`, `least`, `greatest`: nulls do not decide."""
        kind, parts = self.same_type(trees)
        kind = {"int32": "int64", "float": "double"}.get(kind, kind)

        def run(row):
            values = [part(row) for part in parts]
            if name == "nullif":
                x, y = values
                equal = None not in values and order_key(x) == order_key(y)
                return None if equal else x
            known = [value for value in values if value is not None]
            pick = min if name == "least" else max
            return pick(known, key=order_key, default=None)
        return kind, run

    def conditional(self, types, parts):
        kind = common_type(types[1:])
        condition, yes, no = parts
        null_is_null = "if_null" in self.broken

        def run(row):
            truth = condition(row)
            if truth is None and null_is_null:
                return None
            return converted((yes if truth else no)(row), kind)
        return kind, run


def unary_call(name, kind, part):
    if name in SPANS and kind in NUMBERS:
        return "duration", lambda row: None if (x := part(row)) is None else span(x, SPANS[name])
    if name == "abs" and kind in INTEGERS + ("duration",):
        result = "duration" if kind == "duration" else "int64"
        return result, lambda row: None if (x := part(row)) is None else fit64(abs(x))
    if name == "abs" and kind in FLOATS:
        return "double", lambda row: None if (x := part(row)) is None else canonical(abs(x))
    if name == "abs" and decimal_size(kind):
        return kind, lambda row: None if (x := part(row)) is None else abs(x)
    raise Refused(f"unknown function {name}({kind})")


def span(amount, unit):
    """Rule 23: the exact product rounded to microseconds half to even."""
    if isinstance(amount, float) and not abs(amount) < float("inf"):
        return None
    return fit64(half_even(Fraction(amount) * unit))


def truncated(x, y):
    quotient = abs(x) // abs(y)
    return quotient if (x < 0) == (y < 0) else -quotient


def decimal_rule(word, left, right):
    """Type and function of `+ - *` of decimals, integers among them; else None."""
    kinds = (left[0], right[0])
    if word not in "+-*" or not any(map(decimal_size, kinds)) or not all(
            kind in INTEGERS or decimal_size(kind) for kind in kinds):
        return None
    (p, s), (q, t) = size_of(*left), size_of(*right)
    if word == "*":
        if s + t > 38:
            raise Refused("no decimal has so many places")
        kind = f"decimal({min(p + q, 38)},{s + t})"
        return kind, lambda x, y: fit_decimal(Fraction(x) * y, f"decimal(38,{s + t})")
    digits, places = decimal_size(decimal_union([(p, s), (q, t)]))
    kind, sign = f"decimal({min(digits + 1, 38)},{places})", 1 if word == "+" else -1
    return kind, lambda x, y: fit_decimal(Fraction(x) + sign * y, f"decimal(38,{places})")


def arithmetic_rule(word, left, right, broken):
    """Result type and function of two non-null values."""
    if (left, word, right) in TIMED:
        return TIMED[left, word, right], lambda x, y: fit64(x + y if word == "+" else x - y)
    numeric = all(kind in NUMBERS + ("null",) or decimal_size(kind) for kind in (left, right))
    if word == "/" and (numeric or left == right == "duration"):
        return "double", lambda x, y: divide(x, y, broken)
    if not numeric:
        raise Refused(f"cannot compute {left} {word} {right}")
    if left in FLOATS or right in FLOATS or decimal_size(left) or decimal_size(right):
        if word in ("//", "%"):
            raise Refused(f"{word} takes integers")
        return "double", lambda x, y: double_arithmetic(word, to_real(x), to_real(y))
    return "int64", lambda x, y: integer_arithmetic(word, x, y, broken)


def to_real(x):
    return to_double(x) if isinstance(x, (int, Fraction)) else x


def divide(x, y, broken):
    x, y = to_real(x), to_real(y)
    if y == 0.0:
        return float("inf") if "division_by_zero" in broken else None
    return canonical(x / y)


def double_arithmetic(word, x, y):
    return canonical(x + y if word == "+" else x - y if word == "-" else x * y)


def integer_arithmetic(word, x, y, broken):
    if word in ("//", "%"):
        if y == 0:
            return None
        quotient = x // y if "floor_division" in broken else truncated(x, y)
        return fit64(quotient if word == "//" else x - quotient * y)
    exact = x + y if word == "+" else x - y if word == "-" else x * y
    if "overflow_wraps" in broken:
        return (exact - INT64_MIN) % 2**64 + INT64_MIN
    return fit64(exact)


def cast(value, source, target):
    """Rule 22; pairs outside it are refused where they are compiled by the engine."""
    if source == target:
        return value
    if decimal_size(target):
        return to_decimal(value, target)
    if vector_length(target):
        return value if len(value) == vector_length(target) and None not in value else None
    if target == "list<float>":
        return value
    if target in INTEGERS:
        low, high = (INT32_MIN, INT32_MAX) if target == "int32" else (INT64_MIN, INT64_MAX)
        number = to_integer(value)
        return number if number is not None and low <= number <= high else None
    if target in FLOATS:
        if target == "float" and isinstance(value, (int, Fraction)):
            return to_float_exactly(value)
        number = to_number(value)
        return number if number is None or target == "double" else to_float(number)
    if target == "bool":
        return {"true": True, "false": False}.get(value)
    if target == "string":
        if decimal_size(source):
            return decimal_text(value, source)
        return ("true" if value else "false") if source == "bool" else str(value)
    raise Refused(f"cannot cast {source} as {target}")


def to_decimal(value, target):
    """A number rounded half away from zero; a text must fit exactly."""
    if isinstance(value, str):
        well = re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", value)
        exact = Fraction(value) if well else None
        found = round_decimal(exact, target) if well else None
        return found if found == exact else None
    if isinstance(value, float) and not abs(value) < float("inf"):
        return None
    return round_decimal(value, target)


def to_float_exactly(value):
    """A rational of the range of normal numbers, or zero, rounded once to binary32."""
    if value == 0:
        return 0.0
    exact, step = abs(Fraction(value)), Fraction(1)
    while exact / step >= 2**24:
        step *= 2
    while exact / step < 2**23:
        step /= 2
    found = float(half_even(exact / step) * step)
    return -found if value < 0 else found


def to_integer(value):
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"[+-]?[0-9]+", value) else None
    if isinstance(value, float):
        return int(value) if abs(value) < float("inf") else None
    return int(value)


def to_number(value):
    if isinstance(value, str):
        well = re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", value)
        return canonical(float(value)) if well else None
    return to_double(value) if isinstance(value, (int, Fraction)) else value


def compile_expression(text, scope, broken=frozenset()):
    """(type, function of a row) of a whole text."""
    return Compiler(scope, broken).compile(parse_expression(text))
