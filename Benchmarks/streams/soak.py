"""A stream for a long time at a steady load: is its memory flat, and does it keep up?

    python soak.py --roost PATH --out FOLDER [--minutes 30] [--rate 5000]

Event time passes so fast that all windows fill within the first quarter of the time, after which
states no longer grow. From then on neither the worker's memory nor Redis' may.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from stream_servers import HERE, Bench, microseconds, resident

ENTITIES = 20_000
HOURS_TO_FILL = 26
SLACK = {"worker MB": (1.1, 8), "Redis MB": (1.1, 8), "lag": (2, 20_000)}


def sample(bench, worker, begin, rate):
    elapsed = time.monotonic() - begin
    return {"seconds": elapsed, "worker MB": resident(worker) / 1e6,
            "Redis MB": bench.redis.memory() / 1e6, "committed": bench.committed(),
            "lag": max(0, elapsed * rate - bench.committed())}


def soak(arguments, folder):
    seconds = arguments.minutes * 60
    bench = Bench(arguments.roost, folder / "bench", microseconds(), partitions=8)
    load = None
    try:
        worker = bench.worker()
        speed = HOURS_TO_FILL * 3600 / (seconds / 4)
        load = subprocess.Popen(
            [sys.executable, HERE / "load.py", bench.brokers, "8", str(arguments.rate),
             str(seconds), str(ENTITIES), str(speed)], stdout=subprocess.PIPE, text=True)
        begin, samples, moment = time.monotonic(), [], threading.Event()
        while time.monotonic() < begin + seconds:
            moment.wait(min(5, seconds / 60))
            assert worker.process.poll() is None, f"the worker ended: {bench.said()}"
            samples.append(sample(bench, worker, begin, arguments.rate))
        produced = int(load.communicate(timeout=120)[0])
        deadline = time.monotonic() + 60
        while bench.committed() < produced and time.monotonic() < deadline:
            moment.wait(0.1)
        behind = produced - bench.committed()
        worker.stop()
        return samples, produced, behind
    finally:
        if load:
            load.kill()
            load.wait()
        bench.stop()


def report(arguments, samples, produced, behind):
    names = list(samples[0])
    lines = [f"soak: {arguments.minutes:g} minutes, {arguments.rate} events/s, {ENTITIES} entities, "
             f"{produced:,} events, {behind:,} not applied at the end",
             " ".join(f"{name:>12}" for name in names)]
    for one in samples[:: max(1, len(samples) // 20)]:
        lines.append(" ".join(f"{value:12,.0f}" for value in one.values()))
    quarter = max(1, len(samples) // 4)
    is_flat = behind == 0
    for name, (factor, more) in SLACK.items():
        early = max(one[name] for one in samples[quarter : 2 * quarter])
        late = max(one[name] for one in samples[-quarter:])
        is_flat = is_flat and late <= early * factor + more
        lines.append(f"{name}: at most {early:,.0f} in the second quarter, {late:,.0f} in the last")
    lines.append(f"soak: {'flat' if is_flat else 'NOT flat'}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "soak.txt").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    return is_flat


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=int, default=5_000)
    arguments = parser.parse_args()
    arguments.roost = arguments.roost.resolve()
    with tempfile.TemporaryDirectory(prefix="roost-soak-") as folder:
        found = soak(arguments, Path(folder))
    sys.exit(0 if report(arguments, *found) else 1)


if __name__ == "__main__":
    main()
