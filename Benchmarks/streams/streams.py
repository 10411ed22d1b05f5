"""`roost stream` from a topic into Redis, beside a Python consumer without guarantees and Feast's push.

    python streams.py --roost PATH --tools FOLDER --out FOLDER [--rounds N] [--events N]

One worker on one core; Redis, which writes its log, on the other, with the broker. Rounds alternate
what is measured, each with a Redis and a broker of its own; medians are reported. Rates are those
between a tenth and nine tenths of the events, so that joining the group is left out. Processor
time is that of the processes, from the system.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import stream_data
from stream_servers import HERE, POLL, Bench, day_begin, microseconds

import data
from servers import SERVER_CORE, pinned

PEER_EVENTS, PUSHED_ROWS, FRAME = 60_000, 20_000, 1_000
PROBES, WARMING, FIRST_PROBE = 300, 10, 10_000_000
GOALS = {"rate": 150_000, "fencing": 1.5, "p50": 50, "p99": 250}


def measure_stream(arguments, folder):
    """Events per second to states that Redis has, and processor time per event."""
    bench = Bench(arguments.roost, folder, day_begin())
    try:
        stream_data.Feed(bench.brokers, bench.partitions, 1, linger=1_000).fill(
            arguments.events, bench.begin + 1, 10_000)
        worker = bench.worker()
        samples = watched(bench, worker, arguments.events)
        result = slope(samples, arguments.events)
        result["peak_bytes"] = worker.peak_memory()
        result["redis_bytes"] = bench.redis.memory()
        result["state_bytes"] = statistics.median(
            bench.redis.client.strlen(bench.state_key(customer)) for customer in range(1_000))
        result["states_per_commit"] = states_per_commit(bench)
        worker.stop()
        result["exit"] = worker.process.returncode
        return result
    finally:
        bench.stop()


def watched(bench, worker, events):
    """(time, committed, worker's and Redis' processor seconds), until all is committed."""
    samples, moment = [], threading.Event()
    while not samples or samples[-1][1] < events:
        assert worker.process.poll() is None, f"the worker ended: {bench.said()}"
        moment.wait(POLL)
        samples.append((time.monotonic(), bench.committed(), worker.cpu_seconds(),
                        bench.redis.process.cpu_seconds()))
    return samples


def slope(samples, events):
    first = next(sample for sample in samples if sample[1] >= events / 10)
    last = next(sample for sample in samples if sample[1] >= events * 9 / 10)
    seconds, count, worker, redis = (end - begin for begin, end in zip(first, last))
    return {"events_per_s": count / max(seconds, 1e-9), "cpu_us": worker / max(count, 1) * 1e6,
            "redis_cpu_us": redis / max(count, 1) * 1e6}


def states_per_commit(bench):
    """Keys written per transaction, from what Redis counted."""
    calls = bench.redis.client.info("commandstats")
    commits = calls.get("cmdstat_exec", {"calls": 0})["calls"]
    return stream_data.ENTITIES if not commits else bench.committed() / commits


def measure_peer(arguments, folder):
    bench = Bench(arguments.roost, folder, day_begin())
    try:
        stream_data.Feed(bench.brokers, bench.partitions, 1, linger=1_000).fill(
            PEER_EVENTS, bench.begin + 1, 10_000)
        before = bench.redis.process.cpu_seconds()
        result = told(HERE / "python_peer.py", bench.brokers, bench.redis.port, bench.partitions,
                      PEER_EVENTS)
        return per_event(result, bench.redis.process.cpu_seconds() - before)
    finally:
        bench.stop()


def measure_push(arguments, folder):
    bench = Bench(arguments.roost, folder, day_begin())
    try:
        before = bench.redis.process.cpu_seconds()
        result = told(HERE / "feast_push.py", folder / "feast", bench.redis.port, PUSHED_ROWS,
                      FRAME)
        return per_event(result, bench.redis.process.cpu_seconds() - before)
    finally:
        bench.stop()


def told(script, *words):
    text = data.run(*pinned(SERVER_CORE, False), sys.executable, script, *words)
    return json.loads(text.splitlines()[-1])


def per_event(result, redis):
    events = result["events"]
    return {"events_per_s": events / result["seconds"],
            "cpu_us": result["cpu_seconds"] / events * 1e6, "redis_cpu_us": redis / events * 1e6}


def measure_fencing(arguments, folder, stream):
    """What the checkpoint adds to commits of as many states of this size, client and Redis."""
    bench = Bench(arguments.roost, folder, day_begin())
    batch = max(1, round(min(400, stream["states_per_commit"])))
    try:
        cost = {}
        for way in ("plain", "fenced"):
            before = bench.redis.process.cpu_seconds()
            result = json.loads(data.run(
                *pinned(SERVER_CORE, False), arguments.tools / "commit-client", bench.redis.port,
                way, stream_data.ENTITIES, batch, round(stream["state_bytes"]), 2))
            redis = (bench.redis.process.cpu_seconds() - before) / result["states"] * 1e6
            cost[way] = result["cpu_us"] + redis
        return {"plain_us": cost["plain"], "fenced_us": cost["fenced"], "batch": batch}
    finally:
        bench.stop()


def measure_latency(arguments, folder, rate):
    """Milliseconds from producing an event to its state in Redis, beside a load of `rate`."""
    bench = Bench(arguments.roost, folder, day_begin())
    load = None
    try:
        worker = bench.worker()
        load = subprocess.Popen(
            [sys.executable, HERE / "load.py", bench.brokers, str(bench.partitions), str(rate),
             str(arguments.seconds + 15)], stdout=subprocess.PIPE, text=True)
        moment = threading.Event()
        while bench.committed() < 2 * rate:
            assert worker.process.poll() is None, f"the worker ended: {bench.said()}"
            moment.wait(POLL)
        times = probe(bench, arguments.seconds)
        load.terminate()
        worker.stop()
        spots = statistics.quantiles(times, n=100)
        return {"p50_ms": spots[49], "p99_ms": spots[98], "probes": len(times), "rate": rate}
    finally:
        if load:
            load.kill()
            load.wait()
        bench.stop()


def probe(bench, seconds):
    """Each probe is the first event of its customer; its key is asked for until it is there.

    The first ones, while the producer connects, are not measured.
    """
    feed = stream_data.Feed(bench.brokers, bench.partitions, 3)
    times, moment = [], threading.Event()
    for number in range(PROBES):
        begin = time.monotonic()
        customer = FIRST_PROBE + number
        feed.produce(customer, microseconds())
        feed.producer.poll(0)
        key = bench.state_key(customer)
        while not bench.redis.client.exists(key):
            assert time.monotonic() < begin + 30, f"an event does not come: {bench.said()}"
            moment.wait(0.001)
        times.append((time.monotonic() - begin) * 1000)
        moment.wait(max(0, seconds / PROBES - (time.monotonic() - begin)))
    return times[WARMING:]


def median(runs):
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def measure_all(arguments, folder):
    ways = {"roost stream": measure_stream, "confluent-kafka + redis-py": measure_peer,
            "Feast push": measure_push}
    runs = {name: [] for name in ways}
    for turn in range(arguments.rounds):
        for name in list(ways) if turn % 2 == 0 else list(ways)[::-1]:
            runs[name].append(ways[name](arguments, folder / f"{turn}-{len(runs[name])}-{name[0]}"))
    results = {name: median(found) for name, found in runs.items()}
    stream = results["roost stream"]
    results["fencing"] = median([
        measure_fencing(arguments, folder / f"fencing-{turn}", stream)
        for turn in range(arguments.rounds)])
    rate = round(stream["events_per_s"] / 2)
    results["latency"] = median([
        measure_latency(arguments, folder / f"latency-{turn}", rate)
        for turn in range(arguments.rounds)])
    return results


def report(arguments, results, load):
    stream, fencing, latency = (
        results[name] for name in ("roost stream", "fencing", "latency"))
    lines = [f"streams: {stream_data.SIZE}-byte JSON events, {stream_data.ENTITIES} entities, "
             f"{os.cpu_count()} cores, {arguments.rounds} rounds of {arguments.events} events, {load}",
             f"{'':>28} {'events/s':>10} {'CPU us':>8} {'Redis CPU us':>13}"]
    for name in ("roost stream", "confluent-kafka + redis-py", "Feast push"):
        run = results[name]
        lines.append(f"{name:>28} {run['events_per_s']:10,.0f} {run['cpu_us']:8.2f} "
                     f"{run['redis_cpu_us']:13.2f}")
    for name in ("confluent-kafka + redis-py", "Feast push"):
        peer = results[name]
        lines.append(f"beside {name}: {stream['events_per_s'] / peer['events_per_s']:.1f}x the rate, "
                     f"CPU {peer['cpu_us'] / stream['cpu_us']:.1f}x lower, Redis' CPU "
                     f"{peer['redis_cpu_us'] / stream['redis_cpu_us']:.1f}x lower")
    total = stream["cpu_us"] + stream["redis_cpu_us"]
    added = fencing["fenced_us"] - fencing["plain_us"]
    results["fencing"]["ratio"] = total / max(total - added, 1e-9)
    lines += [
        f"fencing: {fencing['fenced_us']:.2f} us per state with the checkpoint and "
        f"{fencing['plain_us']:.2f} without ({fencing['batch']:.0f} states of "
        f"{stream['state_bytes']:.0f} bytes a commit, client and Redis): "
        f"{results['fencing']['ratio']:.2f}x of all processor time",
        f"produced to readable at {latency['rate']:,.0f} events/s: p50 {latency['p50_ms']:.1f} ms, "
        f"p99 {latency['p99_ms']:.1f} ms ({latency['probes']:.0f} probes)",
        f"memory: worker {stream['peak_bytes'] / 1e6:.0f} MB at most, Redis "
        f"{stream['redis_bytes'] / 1e6:.0f} MB",
        *goals(stream, results["fencing"], latency)]
    arguments.out.mkdir(parents=True, exist_ok=True)
    document = {"load": load, "results": results}
    (arguments.out / "streams.json").write_text(json.dumps(document, indent=1) + "\n")
    (arguments.out / "streams.txt").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


def goals(stream, fencing, latency):
    verdict = lambda is_met: "met" if is_met else "missed"
    return [f"goal, at least {GOALS['rate']:,} events/s: "
            f"{verdict(stream['events_per_s'] >= GOALS['rate'])}",
            f"goal, at most {GOALS['fencing']}x the CPU of the same without fencing: "
            f"{verdict(fencing['ratio'] <= GOALS['fencing'])}",
            f"goal, p50 under {GOALS['p50']} ms and p99 under {GOALS['p99']} ms: "
            f"{verdict(latency['p50_ms'] < GOALS['p50'] and latency['p99_ms'] < GOALS['p99'])}"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--roost", type=Path, required=True)
    parser.add_argument("--tools", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--events", type=int, default=900_000)
    parser.add_argument("--seconds", type=float, default=15)
    arguments = parser.parse_args()
    arguments.roost, arguments.tools = arguments.roost.resolve(), arguments.tools.resolve()
    with tempfile.TemporaryDirectory(prefix="roost-bench-") as name:
        before = os.getloadavg()[0]
        results = measure_all(arguments, Path(name))
        report(arguments, results,
               f"load average {before:.1f} before, {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    main()
