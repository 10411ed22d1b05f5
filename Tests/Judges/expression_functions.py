"""The oracle's functions of expressions, one rule each, from docs/expressions.md.

`function_call(name, types, parts, trees)` gives `(type, function of a row)`; `trees` are the
arguments as written, for those that must be. Texts are lists of characters, calendars Python's own.
"""

import math
import struct
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

from values import (
    DAY, FLOATS, HOUR, INTEGERS, MINUTE, NUMBERS, SECOND, Refused, canonical, civil_from_days,
    days_from_civil, fit64, order_key, time_part, to_double)

GREATEST_TEXT = 2**20
MASK = 2**64 - 1
P1, P2, P3, P4, P5 = (
    11400714785074694791, 14029467366897019727, 1609587929392839161, 9650029242287828579,
    2870177450012600261)


def strict(kind, parts, rule):
    """Null where an argument is."""
    def run(row):
        values = [part(row) for part in parts]
        return None if any(value is None for value in values) else rule(*values)
    return kind, run


def real(value):
    return to_double(value) if isinstance(value, int) else value


def defined(value, *inputs):
    """NaN that no input brought is no value."""
    if isinstance(value, complex):
        return None
    return None if value != value and not any(x != x for x in inputs) else canonical(value)


def in_domain(rule):
    """A function of math that raises where it is not defined."""
    def run(*values):
        inputs = [real(value) for value in values]
        try:
            return defined(rule(*inputs), *inputs)
        except ValueError:
            return canonical(math.nan) if any(x != x for x in inputs) else None
        except OverflowError:
            return math.inf
    return run


def power(x, y):
    return None if x == 0 and y < 0 else in_domain(math.pow)(x, y)


def logarithm(rule):
    return lambda x: None if real(x) <= 0 else in_domain(rule)(x)


def half_away(x):
    """As SQL rounds."""
    if not math.isfinite(x) or abs(x) >= 2.0**52:
        return x
    whole = math.floor(abs(x))
    return math.copysign(whole + (1 if abs(x) - whole >= 0.5 else 0), x)


def rounded(x, digits):
    if not -22 <= digits <= 22:
        return None
    x, scale = real(x), float(10**abs(digits))
    if digits < 0:
        return canonical(half_away(x / scale) * scale)
    found = half_away(x * scale) / scale
    return canonical(found if math.isfinite(found) else x)


def whole(rule):
    return lambda x: canonical(float(rule(x))) if math.isfinite(x) else x


def sign(x):
    if isinstance(x, int):
        return (x > 0) - (x < 0)
    return x if x != x else float((x > 0) - (x < 0))


def clamp(x, low, high):
    if order_key(low) > order_key(high):
        return None
    if x != x:
        return x
    return low if order_key(x) < order_key(low) else high if order_key(x) > order_key(high) else x


def haversine(lat1, lon1, lat2, lon2):
    lat1, lon1, lat2, lon2 = map(real, (lat1, lon1, lat2, lon2))
    if not (abs(lat1) <= 90 and abs(lat2) <= 90 and math.isfinite(lon1) and math.isfinite(lon2)):
        return None
    degree = math.pi / 180
    north, east = math.sin((lat2 - lat1) * degree / 2), math.sin((lon2 - lon1) * degree / 2)
    squared = north * north + math.cos(lat1 * degree) * math.cos(lat2 * degree) * (east * east)
    return canonical(2 * 6371.0088 * math.asin(min(1.0, math.sqrt(squared))))


REALS = {
    "sqrt": in_domain(math.sqrt), "exp": in_domain(math.exp), "ln": logarithm(math.log),
    "log2": logarithm(math.log2), "log10": logarithm(math.log10), "pow": power,
    "sin": in_domain(math.sin), "cos": in_domain(math.cos), "tan": in_domain(math.tan),
    "asin": in_domain(math.asin), "acos": in_domain(math.acos), "atan": in_domain(math.atan),
    "tanh": in_domain(math.tanh), "atan2": in_domain(math.atan2), "haversine": haversine,
    "radians": lambda x: canonical(real(x) * (math.pi / 180)),
}
ARITY = {"pow": 2, "atan2": 2, "haversine": 4}
WHOLES = {"floor": whole(math.floor), "ceil": whole(math.ceil), "trunc": whole(math.trunc),
          "round": half_away, "round_even": whole(round)}


def number_function(name, types, parts, trees):
    numeric = all(kind in NUMBERS + ("null",) for kind in types)
    integers = all(kind in INTEGERS + ("null",) for kind in types)
    if name in REALS and numeric and len(parts) == ARITY.get(name, 1):
        return strict("double", parts, REALS[name])
    if name in WHOLES and numeric and len(parts) == 1:
        rule = WHOLES[name]
        return strict("int64" if integers else "double", parts,
                      lambda x: x if isinstance(x, int) else canonical(rule(x)))
    if name == "round" and len(parts) == 2:
        return strict("double", parts, rounded)
    if name == "sign":
        return strict("int64" if integers else "double", parts, sign)
    if name == "clamp" and len(parts) == 3:
        if integers:
            return strict("int64", parts, clamp)
        return strict("double", parts, lambda *values: clamp(*map(real, values)))
    if name in ("is_nan", "is_finite"):
        rule = math.isnan if name == "is_nan" else math.isfinite
        return strict("bool", parts, lambda x: rule(real(x)))
    if name == "bucket":
        edges = [real(one[2]) if one[0] == "literal" else -real(one[1][2]) for one in trees[1][1]]
        return strict("int64", parts[:1],
                      lambda x: len(edges) if x != x else sum(edge <= real(x) for edge in edges))
    return None


def ascii_case(upper):
    low, shift = ("a", -32) if upper else ("A", 32)
    return lambda s: "".join(
        chr(ord(c) + shift) if low <= c <= chr(ord(low) + 25) else c for c in s)


def substring(s, start, length=None):
    if length is not None and length < 0:
        return None
    first = start if start >= 0 else len(s) + start + 1
    end = math.inf if length is None else first + length
    return "".join(c for place, c in enumerate(s, 1) if first <= place < end)


def split_part(s, separator, number):
    if number == 0:
        return None
    parts = s.split(separator) if separator else [s]
    index = number - 1 if number > 0 else len(parts) + number
    return parts[index] if 0 <= index < len(parts) else ""


def like(s, pattern, escape=None):
    """By the set of places that the pattern can have come to; None for a pattern that is none."""
    marks, at = [], 0
    while at < len(pattern):
        if pattern[at] == escape:
            if at + 1 == len(pattern):
                return None
            marks.append((pattern[at + 1], False))
            at += 2
        else:
            marks.append((pattern[at], pattern[at] in "%_"))
            at += 1
    places = {0}
    for mark, special in marks:
        if special and mark == "%":
            places = set(range(min(places), len(s) + 1)) if places else places
        else:
            places = {p + 1 for p in places if p < len(s) and (special or s[p] == mark)}
    return len(s) in places


TEXTS = {
    "lower": ("string", ascii_case(False)), "upper": ("string", ascii_case(True)),
    "trim": ("string", lambda s: s.strip(" ")), "ltrim": ("string", lambda s: s.lstrip(" ")),
    "rtrim": ("string", lambda s: s.rstrip(" ")), "reverse": ("string", lambda s: s[::-1]),
    "length": ("int64", len), "starts_with": ("bool", lambda s, part: s.startswith(part)),
    "ends_with": ("bool", lambda s, part: s.endswith(part)),
    "contains": ("bool", lambda s, part: part in s),
    "strpos": ("int64", lambda s, part: s.find(part) + 1),
    "substr": ("string", substring), "split_part": ("string", split_part),
    "left": ("string", lambda s, n: s[:n] if n >= 0 else s[:max(0, len(s) + n)]),
    "right": ("string", lambda s, n: s[max(0, len(s) - n):] if n >= 0 else s[min(len(s), -n):]),
    "replace": ("string", lambda s, part, other: s.replace(part, other) if part else s),
    "like": ("bool", like), "||": ("string", lambda a, b: a + b),
}


def bounded(value):
    too_long = isinstance(value, str) and len(value.encode()) > GREATEST_TEXT
    return None if too_long else value


def rotate(word, bits):
    return (word << bits | word >> (64 - bits)) & MASK


def lane(accumulator, word):
    return rotate((accumulator + word * P2) & MASK, 31) * P1 & MASK


def xxh64(data):
    """xxHash specification 0.1.1, seed 0."""
    total, at = P5, 0
    if len(data) >= 32:
        lanes = [(P1 + P2) & MASK, P2, 0, -P1 & MASK]
        while at + 32 <= len(data):
            lanes = [lane(one, word) for one, word in zip(lanes, struct.unpack_from("<4Q", data, at))]
            at += 32
        total = sum(rotate(one, bits) for one, bits in zip(lanes, (1, 7, 12, 18))) & MASK
        for one in lanes:
            total = ((total ^ lane(0, one)) * P1 + P4) & MASK
    total = (total + len(data)) & MASK
    while at + 8 <= len(data):
        total ^= lane(0, struct.unpack_from("<Q", data, at)[0])
        total, at = (rotate(total, 27) * P1 + P4) & MASK, at + 8
    if at + 4 <= len(data):
        total ^= struct.unpack_from("<I", data, at)[0] * P1 & MASK
        total, at = (rotate(total, 23) * P2 + P3) & MASK, at + 4
    for byte in data[at:]:
        total = rotate(total ^ byte * P5 & MASK, 11) * P1 & MASK
    total = (total ^ total >> 33) * P2 & MASK
    total = (total ^ total >> 29) * P3 & MASK
    return total ^ total >> 32


def hashed(value, kind):
    if isinstance(value, (str, bytes)):
        return xxh64(value.encode() if isinstance(value, str) else value)
    if kind in FLOATS:
        return xxh64(struct.pack("<d", value))
    return xxh64(struct.pack("<q", int(value)))


def hash_function(name, types, parts):
    if name == "hash":
        def signed(value):
            found = hashed(value, types[0])
            return found - 2**64 if found >= 2**63 else found
        return strict("int64", parts, signed)
    return strict("int64", parts,
                  lambda value, n: hashed(value, types[0]) % n if n > 0 else None)


UNITS = {"microsecond": 1, "millisecond": 1000, "second": SECOND, "minute": MINUTE, "hour": HOUR}
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def offset(time, zone):
    """Microseconds east of UTC."""
    if zone in ("UTC", "Z") or zone[0] in "+-":
        if zone in ("UTC", "Z"):
            return 0
        hours, _, minutes = zone[1:].partition(":")
        return (-1 if zone[0] == "-" else 1) * (int(hours) * HOUR + int(minutes or 0) * MINUTE)
    instant = EPOCH + timedelta(microseconds=time)
    return int(instant.astimezone(ZoneInfo(zone)).utcoffset().total_seconds()) * SECOND


def first_day(days, unit):
    year, month, day = civil_from_days(days)
    if unit == "week":
        return days - (days + 3) % 7
    if unit == "day":
        return days
    month = {"month": month, "quarter": month - (month - 1) % 3, "year": 1}[unit]
    return days_from_civil(year, month, 1)


def fit_days(days):
    return days if -2**31 <= days < 2**31 else None


def date_trunc(unit, time, zone):
    east = offset(time, zone)
    local = time + east
    if fit64(local) is None:
        return None
    if unit in UNITS:
        return fit64(local // UNITS[unit] * UNITS[unit] - east)
    start = first_day(local // DAY, unit) * DAY
    if fit64(start) is None:
        return None
    if zone in ("UTC", "Z") or zone[0] in "+-":
        return fit64(start - east)
    wall = datetime(1970, 1, 1) + timedelta(microseconds=start)
    instant = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(timezone.utc)
    return round((instant - EPOCH) / timedelta(microseconds=1))


def part_of(name, time):
    days = time // DAY
    if name == "quarter":
        return (civil_from_days(days)[1] + 2) // 3
    if name == "week":
        thursday = days - (days + 3) % 7 + 3
        return (time_part("day_of_year", thursday * DAY) - 1) // 7 + 1
    return time_part(name, time)


def time_function(name, types, parts, trees):
    zone = trees[-1][2] if types[-1] == "string" else "UTC"
    if name == "date_trunc":
        unit = trees[0][2]
        if types[1] == "date":
            return strict("date", parts[1:2], lambda days: fit_days(first_day(days, unit)))
        return strict("timestamp", parts[1:2], lambda time: date_trunc(unit, time, zone))
    if types[0] == "date":
        return strict("int64", parts[:1], lambda days: part_of(name, days * DAY))

    def local(time):
        return fit64(time + offset(time, zone))
    if name == "local_date":
        return strict("date", parts[:1],
                      lambda time: None if local(time) is None else local(time) // DAY)
    return strict("int64", parts[:1],
                  lambda time: None if local(time) is None else part_of(name, local(time)))


def list_function(name, types, parts):
    element = types[0][5:-1] if types[0].startswith("list<") else "float"
    values = lambda xs: [x for x in xs if x is not None]

    def at(xs, i):
        index = i - 1 if i > 0 else len(xs) + i
        return xs[index] if i != 0 and 0 <= index < len(xs) else None

    def total(xs):
        known = values(xs)
        if not known:
            return None
        if element in INTEGERS:
            return fit64(sum(known))
        found = 0.0
        for x in known:
            found += x
        return canonical(found)

    def mean(xs):
        known = values(xs)
        if not known:
            return None
        if element in INTEGERS:
            return canonical(to_double(sum(known)) / len(known))
        found = 0.0
        for x in known:
            found += x
        return canonical(found / len(known))

    def contains(xs, x):
        return any(order_key(real(one) if types[1] in FLOATS else one) == order_key(x)
                   for one in values(xs))
    rules = {
        "list_length": ("int64", len), "list_element": (element, at), "list_sum": (
            "int64" if element in INTEGERS else "double", total),
        "list_mean": ("double", mean), "list_contains": ("bool", contains),
        "list_min": (element, lambda xs: min(values(xs), key=order_key, default=None)),
        "list_max": (element, lambda xs: max(values(xs), key=order_key, default=None)),
        "dot": ("double", lambda a, b: products(a, b)),
        "cosine": ("double", lambda a, b: products(a, b, True)),
    }
    return strict(rules[name][0], parts, rules[name][1])


def products(left, right, cosine=False):
    if len(left) != len(right) or None in left or None in right:
        return None
    both = squares = others = 0.0
    for x, y in zip(map(real, left), map(real, right)):
        both, squares, others = both + x * y, squares + x * x, others + y * y
    if not cosine:
        return canonical(both)
    product = squares * others
    normal = math.isfinite(product) and product >= 2.0**-1022
    length = math.sqrt(product) if normal else math.sqrt(squares) * math.sqrt(others)
    if length == 0:
        return None
    cosine = both / length
    return canonical(cosine if cosine != cosine else min(1.0, max(-1.0, cosine)))


TIMES = ("year", "quarter", "month", "week", "day", "day_of_week", "day_of_year", "hour", "minute",
         "second", "local_date", "date_trunc")


def function_call(name, types, parts, trees):
    if name in TEXTS:
        kind, rule = TEXTS[name]
        return strict(kind, parts, lambda *values: bounded(rule(*values)))
    if name in ("hash", "hash_mod"):
        return hash_function(name, types, parts)
    if name in TIMES:
        return time_function(name, types, parts, trees)
    if name.startswith("list_") or name in ("dot", "cosine"):
        return list_function(name, types, parts)
    found = number_function(name, types, parts, trees)
    if found is None:
        raise Refused(f"unknown function {name}({', '.join(types)})")
    return found
