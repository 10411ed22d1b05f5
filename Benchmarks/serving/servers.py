"""Servers under measurement: started on one core, with their processor time and memory."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

SERVER_CORE, CLIENT_CORE = "0", "1"
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pinned(core, urgent):
    """What to put before a command so that it runs on `core`, before all others if it is urgent."""
    return (["chrt", "--rr", "1"] if urgent else []) + ["taskset", "--cpu-list", core]


class Process:
    """A process and its children, pinned to a core."""

    def __init__(self, command, core, urgent, log, **options):
        self.log = open(log, "w", encoding="utf-8")
        self.process = subprocess.Popen(
            pinned(core, urgent) + [str(word) for word in command], stdout=self.log,
            stderr=self.log, start_new_session=True, **options)

    def members(self):
        """The ids of the process and all that it started."""
        parents = {}
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.parent.name))
        found, waiting = [], [self.process.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            waiting += parents.get(pid, [])
        return found

    def cpu_seconds(self):
        total = 0
        for pid in self.members():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def peak_memory(self):
        """Bytes: the sum of the members' greatest resident sets."""
        total = 0
        for pid in self.members():
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    total += int(line.split()[1]) * 1024
        return total

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.log.close()


def wait_until_healthy(process, port, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            pass
        try:
            process.process.wait(0.2)
        except subprocess.TimeoutExpired:
            continue
        break
    said = Path(process.log.name).read_text(encoding="utf-8")[-2000:]
    raise SystemExit(f"no server answers on port {port}; it said:\n{said}")
