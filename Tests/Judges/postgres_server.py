"""A PostgreSQL server of its own on loopback, the newest that is installed."""

import glob
import os
import pathlib
import pwd
import signal
import subprocess

from redis_server import free_port

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class PostgresServer:
    """It refuses to run as root, and runs as `postgres` then. Its files stand below `folder`."""

    def __init__(self, folder, *settings):
        self.programs = max(glob.glob("/usr/lib/postgresql/*/bin"))
        home = pathlib.Path(folder, "postgres")
        home.mkdir()
        self.user = []
        if os.getuid() == 0:
            os.chmod(folder, 0o755)
            user = pwd.getpwnam("postgres")
            os.chown(home, user.pw_uid, user.pw_gid)
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.data = home / "data"
        self.port = free_port()
        self.settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", *settings]
        self.address = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        subprocess.run([*self.user, f"{self.programs}/initdb", "-D", self.data, "-U", "postgres",
                        "--auth", "trust", "--no-sync", "--locale", "C", "--encoding", "UTF8"],
                       check=True, **QUIET)
        self.start()

    def start(self):
        command = [*self.user, f"{self.programs}/postgres", "-D", self.data, "-p", str(self.port)]
        for setting in self.settings:
            command += ["-c", setting]
        self.process = subprocess.Popen(command, **QUIET)
        while subprocess.run([f"{self.programs}/pg_isready", "-q", "-d", self.address],
                             check=False).returncode:
            if self.process.poll() is not None:
                raise SystemExit("PostgreSQL does not come up")
        self.postmaster = int((self.data / "postmaster.pid").read_text().split()[0])

    def rows(self, query):
        """What a query gives, as lists of texts."""
        done = subprocess.run(
            [f"{self.programs}/psql", "-q", "-X", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1",
             "-d", self.address, "-c", query], check=True, capture_output=True, text=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def kill(self):
        """Ends all its processes at once, as a crash does."""
        children = pathlib.Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children")
        for process in [self.postmaster, *map(int, children.read_text().split())]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()

    def stop(self):
        os.kill(self.postmaster, signal.SIGQUIT)
        self.process.wait()
