"""Exactly once, whatever happens: stream processes under faults, and then a comparison of all that
they left with what their log gives.

    python stream_chaos.py --roost PATH --probe PATH [--iterations 20] [--seed 1] [--at-once 3]
                           [--brokers HOST:PORT] [--setting NAME=VALUE ...]

A run is a world of its own: a broker, an online and an offline store, a project with keyed and shared
views over two topics, and two stream processes. Faults strike it one after the other while events
are produced; then one process reads to the end, and

- all states are compared byte for byte with what the event log gives, and with what the produced
  rows give when they are materialized as files;
- all served values are compared with the oracle, which knows only the produced rows;
- the event log must have each (partition, offset) once, and dead letters for poison alone.

An iteration is one fault; with 0 nothing strikes. Each fault counts how often it really struck; one that never did fails
the test. With --brokers a Kafka that is there takes the place of the development broker.
"""

import argparse
import multiprocessing
import random
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from stream_checks import check
from stream_faults import deck
from stream_world import World

STORES = [("redis", "postgres"), ("redis", "lake"), ("lmdb", "lake")]
FAULTS_PER_RUN = 7
SMALL_DISK = "48m"


class Run:
    """One world and what strikes it."""

    def __init__(self, options, number, faults):
        self.options, self.number, self.faults = options, number, faults
        self.stores = STORES[number % len(STORES)]
        self.hits, self.compared, self.kinds = Counter(), Counter(), Counter()
        self.seconds, self.error = 0, None

    def play(self):
        begun = time.monotonic()
        folder = Path(tempfile.mkdtemp(prefix="roost-chaos-"))
        folder.chmod(0o755)
        world = None
        try:
            chance = random.Random(f"{self.options.seed}/{self.number}")
            world = World(self.options, folder, chance, *self.stores)
            self.strike(world)
            world.catch_up()
            self.compared = check(world)
            self.kinds = world.events.kinds
        except Exception as error:  # whatever it is, the run is told with its seed
            self.error = f"{error}\n{traceback.format_exc(limit=-4)}\nits files: {folder}"
        finally:
            if world:
                world.stop()
                self.leave_disk(world.lake, folder)
        if not self.error:
            shutil.rmtree(folder)
        self.seconds = time.monotonic() - begun
        return self

    def leave_disk(self, lake, folder):
        """Unmounts the small disk; after an error its files stay."""
        if lake.is_mount():
            if self.error:
                shutil.copytree(lake, folder / "lake")
            subprocess.run(["umount", lake], check=True)

    def strike(self, world):
        faults = deck(*self.stores, self.options.brokers)
        if "disk full" in self.faults:
            world.lake.mkdir(parents=True)
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "roost-chaos",
                            world.lake], check=True)
        world.prepare()
        world.begin()
        for name in self.faults:
            self.hits[name] += int(faults[name](world))
            world.wait(world.chance.uniform(0.2, 1))


def deal(options):
    """The runs: every fault comes before one comes again, those of few worlds first.

    Without iterations nothing strikes: one run of each pair of stores.
    """
    if not options.iterations:
        return [Run(options, number, []) for number in range(len(STORES))]
    chance = random.Random(f"{options.seed}")
    decks = [list(deck(*stores, options.brokers)) for stores in STORES]
    worlds = Counter(name for names in decks for name in names)
    dealt = Counter()
    runs = []
    while (left := options.iterations - len(runs) * FAULTS_PER_RUN) > 0:
        names = decks[len(runs) % len(STORES)]
        faults = sorted(names, key=lambda name: (dealt[name], worlds[name], chance.random()))
        faults = chance.sample(faults[:min(left, FAULTS_PER_RUN)], min(left, FAULTS_PER_RUN))
        dealt.update(faults)
        runs.append(Run(options, len(runs), faults))
    return runs


def play(run):
    return run.play()


def tell(runs, options):
    """Prints the table; returns whether all is well."""
    hits = sum((run.hits for run in runs), Counter())
    struck = Counter(name for run in runs for name in run.faults)
    print(f"{'fault':28} {'struck':>6} {'hits':>6}")
    for name in sorted(struck):
        print(f"{name:28} {struck[name]:6} {hits[name]:6}")
    kinds = sum((run.kinds for run in runs), Counter())
    print("events: " + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
    compared = sum((run.compared for run in runs), Counter())
    print("compared: " + ", ".join(f"{count} {what}" for what, count in compared.items()))
    failed = [run for run in runs if run.error]
    for run in failed:
        print(f"error: run {run.number} of seed {options.seed}, {' and '.join(run.stores)}, "
              f"{', '.join(run.faults)}:\n{run.error}")
    # A fault that struck once or twice may have missed its moment; most must have met theirs.
    missed = sorted(name for name in struck if not hits[name])
    met = sum(min(hits[name], struck[name]) for name in struck)
    idle = any(struck[name] >= 3 for name in missed) or met < 0.8 * sum(struck.values())
    if missed:
        print(f"{'error: ' if idle else ''}never hit: {', '.join(missed)}")
    print(f"stream chaos: {sum(struck.values())} faults in {len(runs)} runs, seed {options.seed}, "
          f"{len(failed)} runs with a mismatch or an unexpected end")
    return not failed and not idle


def parsed():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", required=True)
    parser.add_argument("--probe", required=True)
    parser.add_argument("--iterations", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=3)
    parser.add_argument("--brokers")
    parser.add_argument("--setting", action="append", default=[])
    options = parser.parse_args()
    options.roost = str(Path(options.roost).resolve())
    options.probe = str(Path(options.probe).resolve())
    options.settings = dict(one.split("=", 1) for one in options.setting)
    return options


def main():
    options = parsed()
    with multiprocessing.Pool(options.at_once) as pool:
        runs = list(pool.imap(play, deal(options), chunksize=1))
    sys.exit(0 if tell(runs, options) else 1)


if __name__ == "__main__":
    main()
