"""Every aggregate as its definition: a function of the list of values, in exact arithmetic."""

import math
from fractions import Fraction

from sketches import (
    decayed_sum_of, distinct_exact_of, distinct_of, histogram_of, quantile_of, top_of)
from values import INT64_MIN, canonical, decimal_size, fit64, fit_decimal, order_key, to_double


def ordered(rows, broken=frozenset()):
    """Rule 12: rows (event time, known-at, value, arrival) ascending."""
    if "tie_by_arrival" in broken:
        return sorted(rows, key=lambda row: (row[0], row[3]))
    if "tie_without_known_at" in broken:
        return sorted(rows, key=lambda row: (row[0], order_key(row[2])))
    if "tie_null_last" in broken:
        return sorted(rows, key=lambda row: (row[0], row[1], row[2] is None, order_key(row[2])))
    return sorted(rows, key=lambda row: (row[0], row[1], order_key(row[2])))


def fold(feature, rows, broken=frozenset(), asked=0):
    """The value of a feature over its qualifying rows (event time, known-at, value, arrival)."""
    if feature.exact:
        rows = newest(feature, rows, broken)
    if feature.aggregate == "count" and feature.argument is None:
        return empty_null(len(rows), broken)
    if feature.aggregate in ("first", "last"):
        return edge_value(feature, rows, broken)
    values = [row[2] for row in rows if row[2] is not None]
    if feature.aggregate == "count" or (
            not values and feature.aggregate in ("distinct", "distinct_exact")):
        return empty_null(len(values), broken)
    if "collapse_duplicates" in broken:
        values = list({order_key(value): value for value in values}.values())
    if not values:
        return None
    if feature.aggregate == "distinct":
        return distinct_of(values, broken)
    if feature.aggregate == "decayed_sum":
        events = [(row[0], row[2]) for row in rows if row[2] is not None]
        return decayed_sum_of(events, feature.constant, asked, broken)
    if feature.aggregate in WITH_CONSTANT:
        return WITH_CONSTANT[feature.aggregate](values, feature.constant, broken)
    if feature.aggregate == "sum" and decimal_size(feature.type):
        return fit_decimal(sum(values), feature.type)
    return VALUE_OF[feature.aggregate](values, broken)


def empty_null(count, broken):
    return None if count == 0 and "empty_count_null" in broken else count


def newest(feature, rows, broken):
    """Rule 8: the newest max_events rows, nulls included."""
    if "max_events_ignored" in broken:
        return rows
    if "max_events_after_nulls" in broken and feature.argument is not None:
        rows = [row for row in rows if row[2] is not None]
    return ordered(rows, broken)[-feature.max_events:]


def edge_value(feature, rows, broken):
    """Rules 11 to 13: first, last and their lists, nulls skipped."""
    if "last_keeps_nulls" not in broken:
        rows = [row for row in rows if row[2] is not None]
    values = [row[2] for row in ordered(rows, broken)]
    if not values:
        return None
    last = feature.aggregate == "last"
    if feature.count is None:
        return values[-1 if last else 0]
    values = values[-feature.count:] if last else values[:feature.count]
    return values[::-1] if "list_descending" in broken else values


def special(values):
    """Rule 20: NaN or an infinity when the input holds one, else None."""
    if not isinstance(values[0], float):
        return None
    infinities = {value for value in values if math.isinf(value)}
    if len(infinities) == 2 or any(value != value for value in values):
        return canonical(math.nan)
    return infinities.pop() if infinities else None


def sum_of(values, broken):
    if not isinstance(values[0], float):
        total = sum(values)
        if "sum_wraps" in broken:
            return (total - INT64_MIN) % 2**64 + INT64_MIN
        return fit64(total)
    if (found := special(values)) is not None:
        return found
    if "naive_sum" in broken:
        return canonical(sum_naively(values))
    return to_double(sum(map(Fraction, values)))


def sum_naively(values):
    total = 0.0
    for value in values:
        total += value
    return total


def mean_of(values, broken):
    if (found := special(values)) is not None:
        return found
    total = sum(map(Fraction, values))
    if "mean_rounded_twice" in broken:
        return canonical(to_double(total) / len(values))
    return to_double(total / len(values))


def variance_of(values, broken):
    """Rule 19: the sample variance, the exact rational rounded once."""
    count = len(values)
    if count < (1 if "population_variance" in broken else 2):
        return None
    if special(values) is not None:
        return canonical(math.nan)
    exact = list(map(Fraction, values))
    total, squares = sum(exact), sum(value * value for value in exact)
    if "variance_in_doubles" in broken:
        squared = to_double(squares) - to_double(total) * to_double(total) / count
        return canonical(squared / (count - 1))
    below = count if "population_variance" in broken else count - 1
    return to_double((squares - total * total / count) / below)


def stddev_of(values, broken):
    variance = variance_of(values, broken)
    return None if variance is None else canonical(math.sqrt(variance))


def min_of(values, broken):
    if isinstance(values[0], float) and "min_counts_nan" not in broken:
        values = [value for value in values if value == value] or values
    if "min_counts_nan" in broken and any(value != value for value in values):
        return canonical(math.nan)
    return min(values, key=order_key)


def max_of(values, broken):
    if "max_ignores_nan" in broken:
        values = [value for value in values if value == value] or values
    return max(values, key=order_key)


VALUE_OF = {"sum": sum_of, "mean": mean_of, "variance": variance_of, "stddev": stddev_of,
            "min": min_of, "max": max_of}
WITH_CONSTANT = {"distinct_exact": distinct_exact_of, "quantile": quantile_of, "top": top_of,
                 "histogram": histogram_of}
