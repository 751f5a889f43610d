"""Programs of released versions, run as they were: their code taken out of git, each laptop and server a process.

`releases.json` names the commit of every release, so that a clone without tags finds them too.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PRESENT, FUTURE = (Path(__file__).with_name(f"{each}_process.py") for each in ("laptop", "future"))
START_SECONDS = 120
VILLAGE = "5202022002"


@dataclass(frozen=True)
class Release:
    """A released version: its number, the commit it was made of, and what it reads and writes."""

    version: str
    date: str
    commit: str
    protocol: int
    book_steps: int
    server_step: int


def released() -> list[Release]:
    """Every release, the oldest first."""
    told = json.loads(Path(__file__).with_name("releases.json").read_text(encoding="utf-8"))
    return [Release(**each) for each in told]


def why_not_here(release: Release) -> str:
    """Why the code of a release cannot be had from this clone, or ""."""
    if shutil.which("git") is None:
        return "git is not installed"
    found = subprocess.run(["git", "cat-file", "-e", f"{release.commit}^{{tree}}"], cwd=ROOT, capture_output=True)
    return "" if found.returncode == 0 else f"this clone has no commit {release.commit[:7]}: it is shallow or no clone"


def unpack(release: Release, folder: Path) -> Path:
    """The whole tree of a release in `folder`: `posyandu` and `resources` side by side, as a program wants them."""
    archive = ["git", "archive", "--format=zip", release.commit]
    content = subprocess.run(archive, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    with zipfile.ZipFile(BytesIO(content)) as tree:
        tree.extractall(folder)
    return folder


def as_wheel(tree: Path, folder: Path) -> str:
    """The wheel built of a tree, unpacked in `folder` beside the resources, which the first lack; why not, or ""."""
    build = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "wheel",
        "--no-deps",
        "-q",
        "-w",
        str(folder),
        ".",
    ]
    done = subprocess.run(build, cwd=tree, capture_output=True, text=True)
    if done.returncode != 0:
        return f"no wheel can be built here: {done.stderr[-300:]}"
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    shutil.copytree(tree / "resources", folder / "resources")
    return ""


class Said(Exception):
    """A deed of a laptop was refused: the kind of error, and the sentence a person reads."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(f"{kind}: {sentence}")
        self.kind = kind
        self.sentence = sentence


class Laptop:
    """A process of one version with one book; every deed of `laptop_process.Laptop` is a method."""

    def __init__(self, code: Path, home: Path, program: Path = PRESENT) -> None:
        self.home = home
        environment = {**_environment(code), "POSYANDU_HOME": str(home)}
        self._process = subprocess.Popen(
            [sys.executable, str(program)], cwd=code, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    @property
    def folder(self) -> Path:
        """Where the book is."""
        return self.home / "buku"

    def create(self, name: str) -> None:
        """Make the book, with its first kader."""
        self._do("create", {"folder": str(self.folder), "name": name})

    def unlock(self, folder: Path | None = None) -> None:
        """Open the book that is there, or in another folder of this laptop."""
        self._do("unlock", {"folder": str(folder or self.folder)})

    def __getattr__(self, deed: str) -> Any:  # noqa: ANN401 - each deed gives what it gives
        return lambda **given: self._do(deed, given)

    def _do(self, deed: str, given: dict[str, Any]) -> Any:  # noqa: ANN401
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": deed, **given}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise Said(answer["error"], answer["says"])
        return answer["is"]

    def stop(self) -> None:
        """Close the book and end; nothing when it has ended."""
        if self._process.poll() is None:
            self._process.communicate()


@dataclass(frozen=True)
class Server:
    """A running trial server of one version."""

    code: Path
    folder: Path
    url: str

    def ask(self, *arguments: str) -> str:
        """What the administrator's command of this version prints."""
        command = [sys.executable, "-m", "posyandu.server", arguments[0], "--trial", str(self.folder), *arguments[1:]]
        done = subprocess.run(command, cwd=self.code, env=_environment(self.code), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def enrol(self, *laptops: Laptop, area: str = VILLAGE) -> None:
        """Let laptops in for a village."""
        for laptop in laptops:
            assert laptop.enrol(url=self.url, code=self.ask("enrol-code", "--areas", area)) != "not_enrolled"


@contextmanager
def serving(code: Path, folder: Path) -> Iterator[Server]:
    """A trial server of the version in `code`, with its PostgreSQL in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "posyandu.server", "serve", "--trial", str(folder), "--port", str(port)]
    log = folder.with_suffix(".log")
    with log.open("ab") as said:
        process = subprocess.Popen(command, cwd=code, env=_environment(code), stdout=said, stderr=said)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process, log)
        yield Server(code, folder, url)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _environment(code: Path) -> dict[str, str]:
    """Where the code of this version is found before any installed one, from a folder of its own."""
    return {**os.environ, "PYTHONPATH": str(code), "PYTHONUTF8": "1"}


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/v1/health", timeout=2) as answer:
                if json.load(answer)["ok"]:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
