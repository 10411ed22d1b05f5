"""A Redis server on a free port of the loopback interface."""

import shutil
import signal
import socket
import subprocess
from pathlib import Path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RedisServer:
    """Keeps its files below `folder`; `options` are further arguments."""

    def __init__(self, folder, *options):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.options = options
        self.address = f"redis://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--dir", self.folder, *self.options], stdout=subprocess.DEVNULL)
        while "PONG" not in self.ask("PING"):
            assert self.process.poll() is None, "redis-server does not come up"

    def ask(self, *words):
        return subprocess.run(["redis-cli", "-p", str(self.port), *words], capture_output=True,
                              text=True, check=False).stdout

    def size_kb(self):
        memory = self.ask("INFO", "memory").split("used_memory:")[1]
        return int(memory.split()[0]) // 1024

    def kill(self):
        self.process.kill()
        self.process.wait()

    def pause(self, is_paused):
        self.process.send_signal(signal.SIGSTOP if is_paused else signal.SIGCONT)

    def stop(self):
        self.pause(False)
        self.process.terminate()
        self.process.wait(30)


class LoggingRedis(RedisServer):
    """Writes every command to a file; what stands there at `settle` is never taken back."""

    def __init__(self, folder):
        super().__init__(folder, "--appendonly", "yes", "--appendfsync", "everysec",
                         "--auto-aof-rewrite-percentage", "0")
        self.settled = 0

    @property
    def log(self):
        return next((self.folder / "appendonlydir").glob("*.incr.aof"))

    def settle(self):
        self.settled = self.log.stat().st_size

    def cut(self, chance):
        """Kills it and cuts its log at a random byte; returns how many bytes went."""
        self.kill()
        size = self.log.stat().st_size
        length = max(self.settled, size - chance.randrange(1, 1 << chance.randrange(4, 17)))
        with open(self.log, "r+b") as file:
            file.truncate(length)
        self.start()
        return size - length

    def copy(self, folder):
        """Its files as they are; the end of the log may be torn."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "appendonlydir", folder)

    def restore(self, folder):
        """Kills it and lets it go on from a copy."""
        self.kill()
        shutil.rmtree(self.folder / "appendonlydir")
        shutil.copytree(folder, self.folder / "appendonlydir")
        self.start()
