"""A primary PostgreSQL with a synchronous standby, that can lose its primary at any moment and grow a new standby.

The engine is the one of the wheel. Commits wait until the standby has them on disk, as a province is told to set it
(docs/runbooks/server.md): what a laptop was told is safe outlives the machine that said so.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from posyandu.server import embedded

READY_SECONDS = 60
PROMOTED_SECONDS = 300
"""No promise of ours, only an end: a machine whose disk is busy took more than 30."""


class Pair:
    """Two data folders; `primary` is the number of the one that takes writes."""

    def __init__(self, folder: Path) -> None:
        self.folders = [folder / "a", folder / "b"]
        self.ports = [free_port(), free_port()]
        self.processes: list[subprocess.Popen[bytes] | None] = [None, None]
        self.primary = 0
        self._user = embedded.unprivileged_user()
        self._engine = embedded.engine_for(self._user)
        for data in self.folders:
            data.mkdir(mode=0o700)
            if self._user:
                shutil.chown(data, self._user)
        self._run("initdb", "-D", str(self.folders[0]), "-U", "posyandu", "-E", "UTF8", "--no-locale", "-A", "trust")
        self._start(0)
        self._add_standby()
        with self.connect(0) as db:
            db.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            db.execute("SELECT pg_reload_conf()")

    @property
    def url(self) -> str:
        """Both machines; libpq picks the one that takes writes, as the application servers do."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.ports)
        return f"postgresql://posyandu@{hosts}/postgres?target_session_attrs=read-write&connect_timeout=2"

    def connect(self, number: int) -> psycopg.Connection[Any]:
        url = f"postgresql://posyandu@127.0.0.1:{self.ports[number]}/postgres"
        return psycopg.connect(url, autocommit=True, connect_timeout=5)

    def fail_over(self, *, stalled_seconds: float) -> float:
        """The standby hears nothing for a while, the primary dies with kill -9, the standby takes over and gets a
        standby of its own. Seconds it took until a commit was answered again.
        """
        old, new = self.primary, 1 - self.primary
        receiver = self._receiver(new)
        if stalled_seconds and receiver:
            os.kill(receiver, signal.SIGSTOP)
            time.sleep(stalled_seconds)
        self._kill(old)
        started = time.monotonic()
        if stalled_seconds and receiver:
            os.kill(receiver, signal.SIGCONT)
        with self.connect(new) as db:
            promoted = db.execute("SELECT pg_promote(true, %s)", (PROMOTED_SECONDS,)).fetchone()
        assert promoted == (True,), self.folders[new].with_suffix(".log").read_text()[-4000:]
        self.primary = new
        self._add_standby()
        with self.connect(new) as db:
            db.execute("CREATE TABLE IF NOT EXISTS heartbeat (at timestamptz)")
            db.execute("INSERT INTO heartbeat VALUES (now())")
        return time.monotonic() - started

    def back_up(self, folder: Path) -> None:
        """A base backup with its WAL, as deploy/posyandu-backup.service makes it every night."""
        source = f"postgresql://posyandu@127.0.0.1:{self.ports[self.primary]}/postgres"
        self._run("pg_basebackup", "-D", str(folder), "-d", source, "-F", "tar", "-z", "-X", "stream", "-c", "fast")

    def restore(self, folder: Path) -> None:
        """Both machines are gone; a new one starts from the backup, as docs/runbooks/restore.md says."""
        self.stop()
        self.primary = 0
        data = self.folders[0]
        self._empty(data)
        for name, target in (("base", data), ("pg_wal", data / "pg_wal")):
            unpack = ["tar", "-xzf", str(folder / f"{name}.tar.gz"), "-C", str(target)]
            subprocess.run(unpack, **embedded.as_user(self._user), check=True, cwd="/")  # as root it gives files away
        with (data / "postgresql.auto.conf").open("a") as settings:
            settings.write("synchronous_standby_names = ''\n")
        self._start(0)
        self._add_standby()

    def stop(self) -> None:
        for number in (0, 1):
            self._kill(number)

    def _add_standby(self) -> None:
        number = 1 - self.primary
        data = self.folders[number]
        self._empty(data)
        source = f"postgresql://posyandu@127.0.0.1:{self.ports[self.primary]}/postgres"
        self._run("pg_basebackup", "-D", str(data), "-d", source, "-R", "-X", "stream", "-c", "fast")
        self._start(number)
        deadline = time.monotonic() + READY_SECONDS
        with self.connect(self.primary) as db:
            while not db.execute("SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'").fetchone():
                assert time.monotonic() < deadline, "the standby does not follow"
                time.sleep(0.02)

    @staticmethod
    def _empty(data: Path) -> None:
        for each in data.iterdir():
            shutil.rmtree(each) if each.is_dir() else each.unlink()

    def _receiver(self, number: int) -> int | None:
        with self.connect(number) as db:
            found = db.execute("SELECT pid FROM pg_stat_wal_receiver").fetchone()
            return found and found[0]

    def _start(self, number: int) -> None:
        with (self.folders[number].with_suffix(".log")).open("ab") as log:
            self.processes[number] = subprocess.Popen(
                [
                    str(self._engine / "bin" / "postgres"), "-D", str(self.folders[number]),
                    "-p", str(self.ports[number]), "-h", "127.0.0.1", "-c", "unix_socket_directories=",
                    "-c", "shared_buffers=16MB", "-c", "hot_standby=on", "-c", "wal_retrieve_retry_interval=100ms",
                ],
                **embedded.as_user(self._user), stdout=log, stderr=log, cwd="/", start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + READY_SECONDS
        while True:
            with suppress(psycopg.OperationalError):
                self.connect(number).close()
                return
            assert time.monotonic() < deadline, f"{self.folders[number]} does not start"
            time.sleep(0.02)

    def _kill(self, number: int) -> None:
        process = self.processes[number]
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._engine / "bin" / program), *arguments],
            **embedded.as_user(self._user),
            capture_output=True,
            cwd="/",
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
