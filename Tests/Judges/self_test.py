"""Judges the judge: breaks one rule of the oracle at a time and counts the cases that notice.

    python self_test.py [--cases 300] [--seed 1]

Every mutation must change at least one cell of some case; so a wrong engine would be caught. It
also checks the oracle's rounding against the definition of binary64 and that seeds are stable.
"""

import argparse
import random
import sys
import tempfile
from fractions import Fraction
from multiprocessing import Pool
from pathlib import Path

from judge_cases import expected_columns
from random_cases import make_case
from values import Refused, round_by_hand, same, to_double

MUTATIONS = {
    "not_strict": "event_time <= t instead of event_time < t",
    "known_at_ignored": "known-at is not looked at",
    "null_known_at_is_event": "a null known-at counts as the event time",
    "tail_not_aligned": "window tail at t - W instead of floor_h(t) - W",
    "tail_strict": "tail < event_time instead of <=",
    "floor_toward_zero": "floor of negative times toward zero",
    "default_hop": "always the smallest default hop",
    "ttl_ignored": "ttl is not looked at",
    "ttl_strict": "age < ttl instead of <=",
    "ttl_from_cut": "ttl measured from the cut instead of t",
    "cut_ignored": "batch-refreshed views asked at t",
    "cut_without_delay": "the cut ignores its delay",
    "cut_known_at_t": "known_at <= t instead of <= c in a batch-refreshed view",
    "inclusive_ignored": "--inclusive does nothing",
    "inclusive_cut": "--inclusive moves the cut's bound too",
    "lateness_ignored": "declared lateness is not looked at",
    "lateness_strict": "known_at - event_time < lateness",
    "max_ahead_ignored": "max ahead is not looked at",
    "max_ahead_strict": "event_time - known_at < max_ahead",
    "visible_delay_ignored": "visible_delay is not looked at",
    "null_keys_match": "null keys equal each other",
    "where_after": "where looks at the newest row only",
    "latest_skips_nulls": "each latest feature takes its own newest non-null",
    "tie_by_arrival": "ties broken by arrival",
    "tie_without_known_at": "ties ignore known-at",
    "tie_null_last": "null greatest in ties of aggregates",
    "tie_in_file_order": "latest ties by the order of the features, not of their names",
    "last_keeps_nulls": "first and last count nulls",
    "list_descending": "lists newest first",
    "max_events_ignored": "exact windows without max_events",
    "max_events_after_nulls": "max_events counts only non-null values",
    "collapse_duplicates": "equal values count once",
    "empty_count_null": "an empty count is null",
    "naive_sum": "float sums added one by one",
    "mean_rounded_twice": "the mean is the rounded sum divided",
    "variance_in_doubles": "variance computed in doubles",
    "population_variance": "variance over n",
    "sum_wraps": "integer sums wrap around",
    "min_counts_nan": "min is NaN if any is",
    "max_ignores_nan": "max ignores NaN",
    "always_estimate": "few distinct values are estimated too",
    "never_estimate": "many distinct values are counted exactly",
    "cap_ignored": "distinct_exact without a cap",
    "quantile_rounds_down": "the rank of a quantile rounded down",
    "quantile_exact": "quantiles of unrounded values",
    "top_ascending": "top takes the least values",
    "top_once": "top takes equal values once",
    "nan_in_no_bin": "a histogram leaves NaN out",
    "bins_closed_above": "a value at an edge belongs to the bin below",
    "decay_ignored": "a decayed sum does not decay",
    "decay_by_whole_half_lives": "a decayed sum steps at each half-life",
    "overflow_wraps": "int64 arithmetic wraps around",
    "floor_division": "// and % floor",
    "division_by_zero": "x / 0 is infinity",
    "nan_comparison": "NaN compares as in IEEE",
    "if_null": "if(null, a, b) is null",
    "roles_ignored": "a role reads the entity's own column",
}

# A seed whose case has what is rare: a maximum of NaN.
RARE_SEEDS = [331]


def check_rounding(chance):
    """The rounding of the oracle equals the one written from the definition."""
    for _ in range(20_000):
        top, bottom = chance.getrandbits(chance.randint(1, 1100)), chance.getrandbits(
            chance.randint(1, 1100))
        exact = Fraction(top * chance.choice([1, -1]), bottom + 1)
        if not same(to_double(exact), round_by_hand(exact)):
            raise SystemExit(f"rounding of {exact} differs")


def noticed(case, folder, spine, expected, mutation):
    """Whether the broken oracle gives another answer (a refusal is another answer)."""
    try:
        _, found = expected_columns(case, folder, frozenset([mutation]))
    except Refused:
        return True
    return not all(same_columns(one, other) for one, other in zip(expected, found))


def same_columns(one, other):
    return one[:2] == other[:2] and same(one[2], other[2])


def judge_seed(seed):
    """(seed, mutations that change the answer of its case)."""
    with tempfile.TemporaryDirectory() as name:
        case, folder = make_case(seed), Path(name)
        if repr(case) != repr(make_case(seed)):
            raise SystemExit(f"seed {seed} is not stable")
        case.write(folder)
        spine, expected = expected_columns(case, folder)
        return seed, [one for one in MUTATIONS if noticed(case, folder, spine, expected, one)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    check_rounding(random.Random(options.seed))
    counts, first = dict.fromkeys(MUTATIONS, 0), {}
    seeds = [*range(options.seed, options.seed + options.cases), *RARE_SEEDS]
    with Pool(options.jobs) as pool:
        for seed, mutations in pool.imap(judge_seed, seeds):
            for mutation in mutations:
                counts[mutation] += 1
                first.setdefault(mutation, seed)
    for mutation, count in counts.items():
        print(f"{count:>6} cases, first seed {first.get(mutation, '-'):>5}  "
              f"{mutation}: {MUTATIONS[mutation]}")
    unseen = [mutation for mutation, count in counts.items() if not count]
    print(f"{len(counts) - len(unseen)} mutations noticed, {len(unseen)} not")
    sys.exit(1 if unseen else 0)


if __name__ == "__main__":
    main()
