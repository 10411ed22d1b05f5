"""The aggregates that keep several things, each as docs/definitions.md defines it.

Written from the definitions: sets, sorted lists and exact rationals, no incremental state.
"""

import math
import struct
from decimal import Decimal, localcontext
from fractions import Fraction

from values import canonical, order_key, to_double

MASK = 2**64 - 1
PRIMES = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63,
          0x27D4EB2F165667C5)
EXACT_LIMIT, REGISTERS, GREATEST_RANK = 256, 4096, 53
MOST_PLACES = 2048
GREATEST_PLACE = (0x7FF << 6) - 1
REACH = 1070


def rotate(word, bits):
    return (word << bits | word >> 64 - bits) & MASK


def mix(lane, word):
    return rotate(lane + word * PRIMES[1] & MASK, 31) * PRIMES[0] & MASK


def xxh64(data):
    """XXH64 with seed 0, from the specification of xxHash."""
    first, second, third, fourth, fifth = PRIMES
    at, word = 0, lambda at: int.from_bytes(data[at:at + 8], "little")
    if len(data) >= 32:
        lanes = [first + second & MASK, second, 0, -first & MASK]
        while at + 32 <= len(data):
            lanes = [mix(lane, word(at + 8 * index)) for index, lane in enumerate(lanes)]
            at += 32
        found = sum(rotate(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18))) & MASK
        for lane in lanes:
            found = ((found ^ mix(0, lane)) * first + fourth) & MASK
    else:
        found = fifth
    found = found + len(data) & MASK
    while at + 8 <= len(data):
        found = (rotate(found ^ mix(0, word(at)), 27) * first + fourth) & MASK
        at += 8
    if at + 4 <= len(data):
        part = int.from_bytes(data[at:at + 4], "little")
        found = (rotate(found ^ part * first & MASK, 23) * second + third) & MASK
        at += 4
    for byte in data[at:]:
        found = rotate(found ^ byte * fifth & MASK, 11) * first & MASK
    for shift, factor in ((33, second), (29, third)):
        found = (found ^ found >> shift) * factor & MASK
    return found ^ found >> 32


def hash_of(value):
    """The hash that tells a value from another; equal numbers of two widths have the same."""
    if isinstance(value, str):
        return xxh64(value.encode("utf-8"))
    if isinstance(value, bytes):
        return xxh64(value)
    if isinstance(value, float):
        return xxh64(struct.pack("<d", canonical(value)))
    if isinstance(value, Fraction):
        digits, places = value, 0
        while digits.denominator != 1:
            digits, places = digits * 10, places + 1
        return xxh64(int(digits).to_bytes(16, "little", signed=True) + bytes([places]))
    return xxh64(struct.pack("<q", int(value)))


def distinct_of(values, broken):
    hashes = set(map(hash_of, values))
    if len(hashes) <= EXACT_LIMIT and "always_estimate" not in broken or (
            "never_estimate" in broken):
        return len(hashes)
    registers = [0] * REGISTERS
    for one in hashes:
        rest = one << 12 & MASK
        rank = min(64 - rest.bit_length() + 1, GREATEST_RANK)
        registers[one >> 52] = max(registers[one >> 52], rank)
    return max(EXACT_LIMIT + 1, estimate(registers))


def estimate(registers):
    """Ertl 2017, algorithm 6, in the order of operations that the documentation gives."""
    count = [registers.count(rank) for rank in range(GREATEST_RANK + 1)]
    size = float(REGISTERS)
    total = size * upper(1 - count[GREATEST_RANK] / size)
    for rank in range(GREATEST_RANK - 1, 0, -1):
        total = 0.5 * (total + count[rank])
    total += size * lower(count[0] / size)
    return math.floor(0.7213475204444817 * size * size / total + 0.5)


def lower(share):
    if share == 1:
        return math.inf
    power, factor, total, before = share, 1.0, share, None
    while total != before:
        power, before = power * power, total
        total, factor = total + power * factor, factor + factor
    return total


def upper(share):
    if share in (0, 1):
        return 0.0
    root, factor, total, before = share, 1.0, 1 - share, None
    while total != before:
        root, factor, before = math.sqrt(root), factor * 0.5, total
        total -= (1 - root) * (1 - root) * factor
    return total / 3


def distinct_exact_of(values, cap, broken):
    count = len(set(map(hash_of, values)))
    return count if "cap_ignored" in broken else min(count, cap)


def place_of(value):
    """The value rounded to seven binary digits, half away from zero, as a multiple of the last."""
    bits = struct.unpack("<Q", struct.pack("<d", abs(value)))[0]
    place = min((bits + 2**45) // 2**46, GREATEST_PLACE)
    return -place if value < 0 else place


def quantile_of(values, millionths, broken):
    """The value of the least rank that has the share; NaN is greatest."""
    places = sorted((order_key(value), value) for value in map(float, values))
    rank = max(1, -(-millionths * len(places) // 10**6))
    if "quantile_rounds_down" in broken:
        rank = max(1, millionths * len(places) // 10**6)
    value = places[rank - 1][1]
    if "quantile_exact" in broken or not math.isfinite(value):
        return canonical(value)
    joins = joins_of(one for _, one in places)
    sign, place = (-1, -place_of(value)) if value < 0 else (1, place_of(value))
    place >>= joins
    if place == 0:
        return 0.0
    middle = 2**joins // 2
    place = min((place << joins) + middle, GREATEST_PLACE)
    return sign * struct.unpack("<d", struct.pack("<Q", place << 46))[0]


def joins_of(values):
    """How often neighbours are joined until there are few enough places."""
    taken = {place_of(one) if math.isfinite(one) else str(one) for one in values}
    joins = 0
    while len(taken) > MOST_PLACES:
        taken = {int(one / 2) if isinstance(one, int) else one for one in taken}
        joins += 1
    return joins


def top_of(values, count, broken):
    ordered = sorted(values, key=order_key, reverse="top_ascending" not in broken)
    if "top_once" in broken:
        ordered = list({order_key(value): value for value in ordered}.values())
    return ordered[:count]


def histogram_of(values, edges, broken):
    """Bins are closed below and open above; NaN is the greatest number."""
    counts = [0] * (len(edges) + 1)
    for value in map(float, values):
        if value != value:
            counts[-1] += "nan_in_no_bin" not in broken
        elif "bins_closed_above" in broken:
            counts[sum(edge < value for edge in edges)] += 1
        else:
            counts[sum(edge <= value for edge in edges)] += 1
    return counts


def power_of_two(part, whole):
    """2^(part / whole), to the nearest double."""
    with localcontext() as context:
        context.prec = 60
        return to_double(Fraction(Decimal(2) ** (Decimal(part) / Decimal(whole))))


def decayed_sum_of(rows, half_life, asked, broken):
    """Rows (event time, value): terms by half-life since the epoch, exact sums, rounded once each."""
    if "decay_ignored" in broken:
        half_life = 10**15
    terms = {}
    for event, value in rows:
        index, part = divmod(event, half_life)
        term = float(value) * (power_of_two(part, half_life) / 2)
        terms.setdefault(index, []).append(term)
    now, part = divmod(asked, half_life)
    if "decay_by_whole_half_lives" in broken:
        part = 0
    sums = []
    for index, found in terms.items():
        if now - index <= REACH:
            total = exact_sum(found)
            sums.append(total if not math.isfinite(total) else
                        Fraction(total) * Fraction(2) ** (1 - (now - index)))
    total = exact_sum(sums)
    return canonical(total * (power_of_two(half_life - part, half_life) / 2))


def exact_sum(terms):
    """The sum of doubles and rationals, rounded once."""
    special = {term for term in terms if isinstance(term, float) and not math.isfinite(term)}
    if special:
        return math.nan if len(special) > 1 or any(one != one for one in special) else (
            special.pop())
    return to_double(sum(map(Fraction, terms), Fraction(0)))
