"""A network namespace whose one link can be cut. Needs root and `ip`."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

RELAY = str(Path(__file__).with_name("tcp_relay.py"))
NUMBERS = itertools.count()


def is_possible():
    """Whether this process may make network namespaces."""
    try:
        probe = f"roost-probe-{os.getpid()}"
        subprocess.run(["ip", "netns", "add", probe], check=True, capture_output=True)
        subprocess.run(["ip", "netns", "del", probe], check=True, capture_output=True)
        return True
    except (OSError, subprocess.CalledProcessError):
        return False


class CutNetwork:
    """Processes that run in it reach `ports` of this machine's loopback interface."""

    def __init__(self, ports):
        # Interface names have at most 15 characters.
        self.name = f"rc{os.getpid()}-{next(NUMBERS)}"
        network = f"10.213.{os.getpid() % 250}.{4 * (next(NUMBERS) % 60)}"
        base, last = network.rsplit(".", 1)
        self.here, there = (f"{base}.{int(last) + one}" for one in (1, 2))
        self.outside, inside = f"{self.name}a", f"{self.name}b"
        run("netns", "add", self.name)
        run("link", "add", self.outside, "type", "veth", "peer", "name", inside)
        run("link", "set", inside, "netns", self.name)
        run("addr", "add", f"{self.here}/30", "dev", self.outside)
        run("link", "set", self.outside, "up")
        for words in (["addr", "add", f"{there}/30", "dev", inside], ["link", "set", inside, "up"],
                      ["link", "set", "lo", "up"]):
            run("-n", self.name, *words)
        ports = [str(port) for port in ports]
        self.relays = [
            subprocess.Popen([sys.executable, RELAY, self.here, "127.0.0.1", *ports]),
            subprocess.Popen([*self.prefix, sys.executable, RELAY, "127.0.0.1", self.here, *ports])]

    @property
    def prefix(self):
        """What to put before a command so that it runs inside."""
        return ["ip", "netns", "exec", self.name]

    def cut(self, is_cut):
        run("link", "set", self.outside, "down" if is_cut else "up")

    def remove(self):
        for relay in self.relays:
            relay.kill()
            relay.wait()
        run("netns", "del", self.name)


def run(*words):
    subprocess.run(["ip", *words], check=True)
