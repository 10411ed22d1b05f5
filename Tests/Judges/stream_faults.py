"""What happens to stream processes and their servers. Each fault tells how often it really struck."""

import os
import signal
import subprocess

import cut_network
from stream_world import SESSION_SECONDS

POINTS = ["after_fetch", "before_commit", "after_commit", "on_assign", "on_revoke"]


def kill(world):
    """SIGKILL at any moment."""
    worker = world.chance.choice(world.workers)
    world.wait(world.chance.uniform(0, 3))
    world.workers = [one for one in world.workers if one is not worker]
    hits = worker.kill()
    world.start()
    return hits


def kill_at(point):
    """SIGKILL of a process by itself, at a named point of its cycle."""
    def strike(world):
        world.drop(world.workers[0])
        often = {"on_revoke": 1, "on_assign": 4}.get(point, 40)
        worker = world.start(killed_at=f"{point}:{world.chance.randint(1, often)}")
        world.workers.remove(worker)
        is_dead = lambda: worker.code is not None
        # Partitions are revoked when another joins.
        if not world.wait(5 if point == "on_revoke" else 15, until=is_dead):
            world.start()
            world.wait(20, until=is_dead)
        hits = worker.code == -signal.SIGKILL
        worker.kill()
        while len(world.workers) > world.usual:
            world.drop(world.workers[0])
        while len(world.workers) < world.usual:
            world.start()
        return hits
    return strike


def pause(world):
    """SIGSTOP for longer than the session: it struck when another has claimed meanwhile."""
    worker = world.chance.choice(world.workers)
    before = world.owners()

    def claimed():
        return sum(owner != before.get(key) for key, owner in world.owners().items())

    worker.signal(signal.SIGSTOP)
    world.wait(SESSION_SECONDS + 2)
    world.wait(30, until=claimed)
    hits = claimed()
    worker.signal(signal.SIGCONT)
    world.wait(2)
    return hits


def storm(world):
    """Processes join and leave, one after the other."""
    for _ in range(3):
        world.start()
        world.wait(world.chance.uniform(0.3, 2))
        world.drop(world.workers[0])
        world.wait(world.chance.uniform(0, 1))
    return 3


def cut_log(world):
    """Redis is killed, and its log cut at a random byte of what was written meanwhile."""
    world.wait(world.chance.uniform(0.5, 2))
    world.wait(20, until=lambda: world.redis.log.stat().st_size > world.redis.settled)
    return world.redis.cut(world.chance) > 0


def restore(world):
    """Redis goes back to an earlier state; it struck when positions went back."""
    copy = world.folder / "redis-copy"
    world.redis.copy(copy)
    before = world.positions()
    world.wait(10, until=lambda: world.positions() > before)
    world.wait(world.chance.uniform(0, 1))
    reached = world.positions()
    world.redis.restore(copy)
    return world.positions() < reached


def stop_redis(world):
    """Redis does not answer for a while."""
    before = world.produced
    world.redis.pause(True)
    world.wait(world.chance.uniform(1, 4))
    world.redis.pause(False)
    return world.produced > before


def kill_postgres(world):
    """All processes of PostgreSQL are killed, at any moment, and it starts again."""
    world.wait(world.chance.uniform(0, 2))
    world.postgres.kill()
    world.wait(world.chance.uniform(0, 1))
    world.postgres.start()
    return 1


def cut_link(world):
    """A process loses its link to everything, for less or more than its session."""
    ports = [int(one.rsplit(":", 1)[1]) for one in world.broker.address.split(",")]
    ports += [server.port for server in (world.redis, world.postgres) if server]
    network = cut_network.CutNetwork(ports)
    try:
        world.drop(world.workers[0])
        worker = world.start(prefix=network.prefix)
        before = world.produced
        world.wait(world.chance.uniform(3, 6))
        network.cut(True)
        world.wait(world.chance.uniform(1, 2 * SESSION_SECONDS))
        network.cut(False)
        world.wait(3)
        if worker in world.workers:
            world.workers.remove(worker)
        worker.kill()
        world.start()
        return world.produced > before
    finally:
        network.remove()


def fill_disk(world):
    """The lake's disk is full for a while; it struck when commits stood still, and went on."""
    ballast = world.lake / "ballast"
    try:
        with open(ballast, "wb", buffering=0) as file:
            while file.write(bytes(1 << 12)):
                pass
    except OSError:
        pass
    world.wait(2)
    before = commits(world)
    world.wait(3)
    stood_still = commits(world) == before
    ballast.unlink()
    return world.wait(20, until=lambda: commits(world) > before) and stood_still


def commits(world):
    """How many commits all logs of the lake have."""
    return len(list(world.lake.glob("*/_log/*.commit")))


def hog(world):
    """All cores are busy for a while."""
    hogs = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(3)]
    world.wait(world.chance.uniform(1, 3))
    for one in hogs:
        one.kill()
        one.wait()
    return 1


def grow(world):
    """A topic gets one more partition, so that an entity is in two from then on."""
    topic = world.chance.choice(list(world.events.partitions))
    count = world.events.partitions[topic] + 1
    world.broker.grow(topic, count)
    world.wait(5)
    world.events.partitions[topic] = count
    return 1


def deck(online, offline, is_real_broker):
    """The faults that can strike a world with these stores on this machine."""
    is_root = os.geteuid() == 0
    faults = {"kill -9": kill, "rebalance storm": storm, "busy cores": hog}
    faults |= {f"kill -9 {point}": kill_at(point) for point in POINTS}
    if online == "redis":
        faults |= {"Redis killed, log cut": cut_log, "Redis restored": restore,
                   "Redis stopped": stop_redis, "paused beyond its session": pause}
    if offline == "postgres":
        faults["PostgreSQL killed"] = kill_postgres
    if offline == "lake" and is_root:
        faults["disk full"] = fill_disk
    if is_real_broker:
        # The development broker's topics do not grow.
        faults["partitions grown"] = grow
    elif is_root and cut_network.is_possible():
        # The relays reach what listens on this machine.
        faults["link cut"] = cut_link
    return faults
