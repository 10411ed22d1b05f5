"""Values of the oracle: types, exact rounding, value order, calendar, durations.

Types are plain strings: bool int32 int64 float double string bytes timestamp date, and inside
expressions also duration and null. A list type is "list<T>". Timestamps and durations are Python
ints in microseconds, dates are ints in days: no value here can overflow before a rule says so.
A "decimal(p,s)" is a Fraction, a "vector<float, n>" a list of n floats that files hold as list<float>.
"""

import math
import re
import struct
from fractions import Fraction

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1
INTEGERS = ("int32", "int64")
FLOATS = ("float", "double")
NUMBERS = INTEGERS + FLOATS
TIMES = ("timestamp", "duration", "date")
SECOND, MINUTE, HOUR, DAY = 10**6, 60 * 10**6, 3600 * 10**6, 86400 * 10**6
UNITS = {"us": 1, "ms": 1000, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
NAN = struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000000))[0]


def decimal_size(kind):
    """(precision, scale) of a decimal type, else None."""
    found = re.fullmatch(r"decimal\((\d+), ?(\d+)\)", kind or "")
    return (int(found.group(1)), int(found.group(2))) if found else None


def vector_length(kind):
    """The length of a vector type, else None."""
    found = re.fullmatch(r"vector<float, ?(\d+)>", kind or "")
    return int(found.group(1)) if found else None


def is_single(kind):
    """Whether values of a type are neither lists nor vectors."""
    return not kind.startswith(("list<", "vector<"))


def family(kind):
    """A type without its sizes."""
    return kind.partition("(")[0] if decimal_size(kind) else kind.partition("<")[0]


def stored_type(kind):
    """The type that a file shows."""
    return "list<float>" if vector_length(kind) else kind


class Refused(Exception):
    """A definition or a spine that the rules call an error."""


def canonical(value):
    """Rule 15: one zero and one NaN."""
    if isinstance(value, float):
        if value != value:
            return NAN
        if value == 0.0:
            return 0.0
    if isinstance(value, list):
        return [canonical(one) for one in value]
    return value


def fit64(value):
    """Rule 17: an integer outside int64 is null."""
    return value if value is not None and INT64_MIN <= value <= INT64_MAX else None


def fit_decimal(value, kind):
    """Rule 17: a decimal with more digits than its type is null; its places must suffice."""
    precision, scale = decimal_size(kind)
    return value if value is not None and abs(value) * 10**scale < 10**precision else None


def half_away(fraction):
    """The integer nearest to a rational, ties away from zero."""
    found = (2 * abs(fraction) + 1) // 2
    return -found if fraction < 0 else found


def round_decimal(value, kind):
    """The decimal nearest to a rational, ties away from zero; null with too many digits."""
    scale = decimal_size(kind)[1]
    return fit_decimal(Fraction(half_away(Fraction(value) * 10**scale), 10**scale), kind)


def decimal_text(value, kind):
    """All places of a decimal."""
    scale = decimal_size(kind)[1]
    digits = str(abs(int(value * 10**scale))).rjust(scale + 1, "0")
    whole = digits[:len(digits) - scale] + ("." + digits[len(digits) - scale:] if scale else "")
    return "-" + whole if value < 0 else whole


def to_double(fraction):
    """The double nearest to an exact rational, ties to even; beyond the range an infinity.

    Python's division of two ints is correctly rounded, also among the subnormals; `round_by_hand`
    in the self-test checks that claim.
    """
    fraction = Fraction(fraction)
    try:
        return canonical(fraction.numerator / fraction.denominator)
    except OverflowError:
        return math.inf if fraction > 0 else -math.inf


def round_by_hand(fraction):
    """The same as `to_double`, from the definition of binary64: used to check it."""
    fraction = Fraction(fraction)
    if fraction == 0:
        return 0.0
    sign, magnitude = (-1.0, -fraction) if fraction < 0 else (1.0, fraction)
    exponent = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
    if Fraction(2) ** exponent > magnitude:
        exponent -= 1
    quantum = Fraction(2) ** max(exponent - 52, -1074)
    units = half_even(magnitude / quantum)
    if units * quantum >= Fraction(2) ** 1024:
        return sign * math.inf
    return canonical(sign * math.ldexp(float(units), quantum_exponent(quantum)))


def quantum_exponent(quantum):
    """log2 of a power of two."""
    return quantum.numerator.bit_length() - quantum.denominator.bit_length()


def half_even(fraction):
    """The integer nearest to a rational, ties to even."""
    low = fraction.numerator // fraction.denominator
    rest = fraction - low
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and low % 2 == 1):
        return low + 1
    return low


def to_float(double):
    """The nearest binary32 of a double, as a Python float."""
    if math.isnan(double) or math.isinf(double):
        return canonical(double)
    try:
        return canonical(struct.unpack("<f", struct.pack("<f", double))[0])
    except OverflowError:
        return math.copysign(math.inf, double)


def order_key(value):
    """Rule 12: null first, then value order; false < true, UTF-8 bytes, NaN greatest."""
    if value is None:
        return (0,)
    if isinstance(value, str):
        return (1, value.encode("utf-8"))
    if isinstance(value, float) and value != value:
        return (2,)
    if isinstance(value, list):
        return (1, tuple(order_key(one) for one in value))
    return (1, value)


def same(left, right):
    """Equality of two cells: doubles by their bytes, everything else by value and kind."""
    if isinstance(left, float) and isinstance(right, float):
        return struct.pack("<d", left) == struct.pack("<d", right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and left == right


def floor_to(time, step):
    """The greatest multiple of `step` since the epoch that is not above `time`."""
    return time // step * step


def parse_duration(text):
    """Rule 23: an integer and one unit; zero only as `0s`, where a duration may be none."""
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = text[len(digits):]
    if not digits.isdigit() or unit not in UNITS or int(digits) == 0 and unit != "s":
        raise Refused(f"not a duration: {text}")
    return int(digits) * UNITS[unit]


def civil_from_days(days):
    """Year, month, day of a day number, proleptic Gregorian, for any integer."""
    era, of_era = divmod(days + 719468, 146097)
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    day = of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    return era * 400 + year + (1 if month <= 2 else 0), month, day


def days_from_civil(year, month, day):
    """Day number since 1970-01-01 of a proleptic Gregorian date."""
    year -= 1 if month <= 2 else 0
    era, of_era = divmod(year, 400)
    of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def time_part(name, time):
    """Rule of the reference: year .. day_of_year of a timestamp in UTC (Monday = 1)."""
    days, rest = divmod(time, DAY)
    year, month, day = civil_from_days(days)
    return {
        "year": year, "month": month, "day": day, "hour": rest // HOUR,
        "minute": rest // MINUTE % 60, "second": rest // SECOND % 60,
        "day_of_week": (days + 3) % 7 + 1,
        "day_of_year": days - days_from_civil(year, 1, 1) + 1,
    }[name]


def parse_time(text):
    """`2024-01-31T10:00:00[.ffffff](Z|+hh:mm)` as microseconds; nanoseconds are floored."""
    found = re.fullmatch(
        r"(-?\d{4,6})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?"
        r"(Z|[+-]\d\d:\d\d)", text)
    if not found:
        raise Refused(f"not a time with a zone: {text}")
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    time = days_from_civil(int(year), int(month), int(day)) * DAY
    time += int(hour or 0) * HOUR + int(minute or 0) * MINUTE + int(second or 0) * SECOND
    time += int((fraction or "0").ljust(9, "0")) // 1000
    if zone != "Z":
        offset = int(zone[1:3]) * HOUR + int(zone[4:6]) * MINUTE
        time -= offset if zone[0] == "+" else -offset
    return time


def format_time(time):
    """The inverse of `parse_time`, in UTC with as few decimals as needed."""
    days, rest = divmod(time, DAY)
    year, month, day = civil_from_days(days)
    text = f"{year:04}-{month:02}-{day:02}T{rest // HOUR:02}:{rest // MINUTE % 60:02}"
    text += f":{rest // SECOND % 60:02}"
    return text + (f".{rest % SECOND:06}Z" if rest % SECOND else "Z")
