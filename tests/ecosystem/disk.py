"""A disk that writes down what is asked of it, loses what was not flushed, or says at the n-th write that it is full.

No compiler and no tool of the system is needed. What SQLite asks goes through its own table of file methods, reached
by `ctypes` in the very library the app uses; what Python asks goes through `os` and `open`. Both keep one order.

`Disk` replays such a record into the states that a power cut may leave behind: names in the order they were given or
any of them, writes since the last flush all, none, some, or torn at sectors.
"""

import builtins
import ctypes
import errno
import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from sqlcipher3 import _sqlite3

Event = tuple[Any, ...]
"""What was asked, of which file, and with what: ("write", path, offset, bytes), ("flush", path), …"""

Gate = Callable[[str, str], int]
"""Asked before anything changes, with what and which file; an errno other than 0 refuses it."""

SQLITE_OK, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_READONLY = 0, 13, 14, 8
REFUSED = {"write": 778, "truncate": 1546, "flush": 1034, "unlink": 2570, "create": SQLITE_CANTOPEN, "share": 4874}
"""SQLITE_IOERR_WRITE, _TRUNCATE, _FSYNC, _DELETE; SQLITE_CANTOPEN; SQLITE_IOERR_SHMSIZE."""

_pointer, _int, _int64 = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
_OPEN = ctypes.CFUNCTYPE(_int, _pointer, _pointer, _pointer, _int, _pointer)
_DELETE = ctypes.CFUNCTYPE(_int, _pointer, _pointer, _int)
_WRITE = ctypes.CFUNCTYPE(_int, _pointer, _pointer, _int, _int64)
_TRUNCATE = ctypes.CFUNCTYPE(_int, _pointer, _int64)
_SYNC = ctypes.CFUNCTYPE(_int, _pointer, _int)
_SHARE = ctypes.CFUNCTYPE(_int, _pointer, _int, _int, _int, _pointer)
_METHODS = [
    "version",
    "close",
    "read",
    "write",
    "truncate",
    "sync",
    "size",
    "lock",
    "unlock",
    "reserved",
    "control",
    "sector",
    "device",
    "share",
    "share_lock",
    "barrier",
    "unshare",
    "fetch",
    "unfetch",
]
_WAY = [
    "version",
    "file_size",
    "longest",
    "next",
    "name",
    "data",
    "open",
    "delete",
    "access",
    "full_path",
    "dl_open",
    "dl_error",
    "dl_sym",
    "dl_close",
    "randomness",
    "sleep",
    "time",
    "last_error",
]
_NARROW = {"file_size", "longest"}


class _Methods(ctypes.Structure):
    """sqlite3_io_methods."""

    _fields_ = [(name, _int if name == "version" else _pointer) for name in _METHODS]  # noqa: RUF012


class _Way(ctypes.Structure):
    """sqlite3_vfs, as far as its first version goes."""

    _fields_ = [(name, _int if name in {"version", *_NARROW} else _pointer) for name in _WAY]  # noqa: RUF012


class Recorder:
    """Everything that changes files below `root` from `install` to `remove`, in the order it was asked."""

    def __init__(self, root: Path, gate: Gate | None = None) -> None:
        self.root = str(root.resolve())
        self.gate = gate
        self.events: list[Event] = []
        self.began = 0
        self._lock = threading.RLock()
        self._by_engine: set[str] = set()
        self._seen: dict[str, bytes] = {}
        self._undo: list[Callable[[], None]] = []

    def mark(self, what: object) -> None:
        """Note something in the same order: a promise that was made on the screen."""
        with self._lock:
            self._look()
            self.events.append(("mark", what))

    def note(self, *event: Any) -> None:
        with self._lock:
            self.events.append(event)

    def ask(self, what: str, path: str) -> int:
        """The errno with which this is refused, or 0."""
        return self.gate(what, path) if self.gate is not None and self._is_ours(path) else 0

    def install(self) -> None:
        self._seen = {str(path): path.read_bytes() for path in Path(self.root).rglob("*") if path.is_file()}
        _stand_between(self)
        self._stand_before_python()

    def remove(self) -> None:
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()
        _stand_aside()

    # --- what SQLite asks --------------------------------------------------------------------------------------------

    def opened(self, path: str, *, new: bool) -> bool:
        """Whether what happens to this file is to be told."""
        if not self._is_ours(path):
            return False
        self._by_engine.add(path)
        if new:
            self.note("create", path)
        return True

    # --- what Python asks --------------------------------------------------------------------------------------------

    def _is_ours(self, path: str) -> bool:
        return path.startswith(self.root + "/")

    def _look(self) -> None:
        """Note what Python's files hold now: their writes have no order among themselves until a flush."""
        there = set()
        for folder, _folders, names in os.walk(self.root):
            for name in names:
                path = f"{folder}/{name}"
                there.add(path)
                if path not in self._by_engine and not path.endswith("-shm"):
                    self._compare(path)
        for path in [each for each in self._seen if each not in there]:
            del self._seen[path]

    def _compare(self, path: str) -> None:
        content = Path(path).read_bytes()
        if self._seen.get(path) != content:
            if path not in self._seen:
                self.note("create", path)
            self._seen[path] = content
            self.note("put", path, content)

    def _stand_before_python(self) -> None:
        real: dict[str, Any] = {
            name: getattr(os, name) for name in ("open", "fsync", "replace", "rename", "unlink", "remove", "mkdir")
        }

        def refuse(what: str, path: str) -> None:
            if number := self.ask(what, path):
                raise OSError(number, os.strerror(number), path)

        def fsync(handle: int) -> None:
            path = os.readlink(f"/proc/self/fd/{handle}")
            if not Path(path).is_dir():
                refuse("flush", path)
            real["fsync"](handle)
            if self._is_ours(path + "/"):
                with self._lock:
                    self._look()
                    self.note("names" if Path(path).is_dir() else "flush", path)

        def renamed(name: str) -> Callable[..., None]:
            def rename(source: Any, target: Any, **more: Any) -> None:
                old, new = os.path.abspath(os.fspath(source)), os.path.abspath(os.fspath(target))
                refuse("rename", new)
                with self._lock:
                    self._look()
                    real[name](source, target, **more)
                    if self._is_ours(old):
                        self.note("rename", old, new)
                        self._seen = {_moved(path, old, new): each for path, each in self._seen.items()}
                        self._by_engine = {_moved(path, old, new) for path in self._by_engine}

            return rename

        def unlink(path: Any, **more: Any) -> None:
            refuse("unlink", os.path.abspath(os.fspath(path)))
            with self._lock:
                self._look()
                real["unlink"](path, **more)
                gone = os.path.abspath(os.fspath(path))
                if self._is_ours(gone):
                    self._by_engine.discard(gone)
                    self._seen.pop(gone, None)
                    self.note("unlink", gone)

        def make(path: Any, *more: Any, **named: Any) -> None:
            if not Path(path).exists():
                refuse("create", os.path.abspath(os.fspath(path)))
            real["mkdir"](path, *more, **named)

        def open_number(path: Any, flags: int, *more: Any, **named: Any) -> int:
            if flags & (os.O_CREAT | os.O_WRONLY | os.O_RDWR):
                refuse("create", os.path.abspath(os.fspath(path)))
            return int(real["open"](path, flags, *more, **named))

        def opener(plain: Callable[..., Any]) -> Callable[..., Any]:
            def open_file(path: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
                if isinstance(path, str | os.PathLike) and set(mode) & set("wax+"):
                    refuse("create", os.path.abspath(os.fspath(path)))
                return plain(path, mode, *more, **named)

            return open_file

        new: dict[str, Any] = {"open": open_number, "fsync": fsync, "unlink": unlink, "remove": unlink, "mkdir": make}
        new |= {name: renamed(name) for name in ("replace", "rename")}
        for name, function in new.items():
            self._put(os, name, function)
        self._put(io, "open", opener(io.open))
        self._put(builtins, "open", opener(builtins.open))

    def _put(self, place: Any, name: str, function: Any) -> None:
        before = getattr(place, name)
        setattr(place, name, function)
        self._undo.append(lambda: setattr(place, name, before))


def _moved(path: str, old: str, new: str) -> str:
    return new + path[len(old) :] if path == old or path.startswith(old + "/") else path


# --- between SQLite and its files ------------------------------------------------------------------------------------

_recorder: Recorder | None = None
_files: dict[int, str] = {}
_tables: dict[int, tuple[_Methods, list[Any]]] = {}
_between: list[Any] = []


def _stand_between(recorder: Recorder) -> None:
    """Let every file SQLite opens from now on tell this recorder; files opened before stay silent."""
    global _recorder  # noqa: PLW0603 - SQLite has one table for the whole program
    _recorder = recorder
    if _between:
        return
    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = ctypes.POINTER(_Way)
    way = library.sqlite3_vfs_find(None).contents
    real_open, real_delete = _OPEN(way.open), _DELETE(way.delete)

    def open_file(vfs: int, name: int | None, file: int, flags: int, told: int) -> int:
        path = _text(name)  # SQLite keeps the address of the name: it is handed on as it is
        new = not os.path.exists(path)
        if _recorder is not None and path and new and flags & 4 and _recorder.ask("create", path):
            return REFUSED["create"]
        code = int(real_open(vfs, name, file, flags, told))
        if code == SQLITE_OK and path and _recorder is not None and _recorder.opened(path, new=new):
            _files[file] = path
            table = ctypes.cast(file, ctypes.POINTER(_pointer))
            table[0] = ctypes.addressof(_telling(table[0]))
        return code

    def delete(vfs: int, name: int, flush: int) -> int:
        path = _text(name)
        if _recorder is not None and os.path.exists(path) and _recorder.ask("unlink", path):
            return REFUSED["unlink"]
        code = int(real_delete(vfs, name, flush))
        if code == SQLITE_OK and _recorder is not None and _recorder._is_ours(path):
            _recorder.note("unlink", path)
            if flush:
                _recorder.note("names", os.path.dirname(path))
        return code

    _between.extend((_OPEN(open_file), _DELETE(delete), real_open, real_delete))
    way.open, way.delete = (ctypes.cast(each, _pointer).value for each in _between[:2])


def _text(address: int | None) -> str:
    return os.fsdecode(ctypes.string_at(address)) if address else ""


def _stand_aside() -> None:
    global _recorder  # noqa: PLW0603 - as above
    _recorder = None


def _telling(address: int) -> _Methods:
    """The methods at this address, with ours before those that change the file."""
    if address in _tables:
        return _tables[address][0]
    if any(ctypes.addressof(ours) == address for ours, _kept in _tables.values()):
        return next(ours for ours, _kept in _tables.values() if ctypes.addressof(ours) == address)
    ours = _Methods.from_buffer_copy(ctypes.string_at(address, ctypes.sizeof(_Methods)))
    shares = ours.version >= 2 and ours.share
    write, truncate, sync = _WRITE(ours.write), _TRUNCATE(ours.truncate), _SYNC(ours.sync)
    share = _SHARE(ours.share) if shares else None

    def refused(file: int, what: str) -> int:
        number = _recorder.ask(what, _files[file]) if _recorder is not None and file in _files else 0
        return SQLITE_FULL if number == errno.ENOSPC and what == "write" else REFUSED[what] if number else 0

    def tell(file: int, *event: Any) -> None:
        if _recorder is not None and file in _files:
            _recorder.note(event[0], _files[file], *event[1:])

    def write_here(file: int, data: int, amount: int, offset: int) -> int:
        if code := refused(file, "write"):
            return code
        tell(file, "write", offset, ctypes.string_at(data, amount))
        return int(write(file, data, amount, offset))

    def truncate_here(file: int, size: int) -> int:
        if code := refused(file, "truncate"):
            return code
        tell(file, "truncate", size)
        return int(truncate(file, size))

    def sync_here(file: int, flags: int) -> int:
        if code := refused(file, "flush"):
            return code
        code = int(sync(file, flags))
        tell(file, "flush")
        return code

    def share_here(file: int, region: int, size: int, extend: int, where: int) -> int:
        if extend and (code := refused(file, "share")):
            return code
        assert share is not None
        return int(share(file, region, size, extend, where))

    kept = [_WRITE(write_here), _TRUNCATE(truncate_here), _SYNC(sync_here), _SHARE(share_here)]
    names = ("write", "truncate", "sync", "share")
    for name, function in zip(names, kept, strict=True):
        if name != "share" or shares:
            setattr(ours, name, ctypes.cast(function, _pointer).value)
    _tables[address] = (ours, [*kept, write, truncate, sync, share])
    return ours


@contextmanager
def recording(root: Path, gate: Gate | None = None) -> Iterator[Recorder]:
    """Record while the block lasts."""
    recorder = Recorder(root, gate)
    recorder.install()
    try:
        yield recorder
    finally:
        recorder.remove()


# --- what a power cut leaves -----------------------------------------------------------------------------------------


@dataclass
class File:
    """What is on the platter, and what was asked since the last flush."""

    flushed: bytes = b""
    asked: list[Event] = field(default_factory=list)


class Disk:
    """The files of a record at some moment: what a program sees, and what would be there after a power cut."""

    def __init__(self, start: dict[str, bytes]) -> None:
        self.seen = {path: File(content) for path, content in start.items()}
        self.named = dict(self.seen)
        self.naming: list[Event] = []

    def take(self, event: Event) -> None:
        """Go one event on."""
        what, path, *more = event
        match what:
            case "create":
                self.seen[path] = file = File()
                self.naming.append(("link", path, file))
            case "write" | "truncate" | "put":
                self.seen[path].asked.append((what, *more))
            case "flush":
                file = self.seen[path]
                file.flushed = _written(file.flushed, file.asked)
                file.asked.clear()
                if path.endswith(("-wal", "-journal")):  # SQLite flushes the folder with the first flush of these
                    self._name([each for each in self.naming if each[1] == path])
            case "names":
                self._name([each for each in self.naming if os.path.dirname(each[1]) == path])
            case "unlink":
                if self.seen.pop(path, None) is not None:
                    self.naming.append(("unlink", path, None))
            case "rename":
                for old in [each for each in self.seen if _moved(each, path, more[0]) != each]:
                    new = _moved(old, path, more[0])
                    self.seen[new] = file = self.seen.pop(old)
                    self.naming.append(("rename", new, file, old))

    def _name(self, done: list[Event]) -> None:
        for each in done:
            _give_name(self.named, each)
        self.naming = [each for each in self.naming if each not in done]

    def cut(self, dice: Random, sector: int) -> dict[str, bytes]:
        """One state that a power cut at this moment may leave."""
        names = dict(self.named)
        if dice.random() < 0.5:
            given = self.naming[: dice.randint(0, len(self.naming))]
        else:
            given = [each for each in self.naming if dice.random() < 0.5]
        for each in given:
            _give_name(names, each)
        return {path: _torn(file, dice, sector) for path, file in names.items()}


def _give_name(names: dict[str, File], event: Event) -> None:
    what, path, file, *old = event
    if what == "unlink":
        names.pop(path, None)
        return
    if what == "rename":
        names.pop(old[0], None)
    names[path] = file


def _written(content: bytes, asked: list[Event]) -> bytes:
    if not asked:
        return content
    made = bytearray(content)
    for what, *more in asked:
        if what == "write":
            offset, data = more
            if len(made) < offset:
                made.extend(bytes(offset - len(made)))
            made[offset : offset + len(data)] = data
        elif what == "truncate":
            (size,) = more
            del made[size:]
            made.extend(bytes(size - len(made)))
        else:
            made = bytearray(more[0])
    return bytes(made)


def _torn(file: File, dice: Random, sector: int) -> bytes:
    """What is left of a file: any part of what was asked of it since its last flush."""
    asked = file.asked
    if not asked:
        return file.flushed
    match dice.randrange(5):
        case 0:
            return file.flushed
        case 1:
            return _written(file.flushed, asked)
        case 2:
            some = asked[: dice.randint(0, len(asked))]
            return _written(file.flushed, [*some[:-1], *(_sectors(each, dice, sector) for each in some[-1:])])
        case 3:
            return _written(file.flushed, [each for each in asked if dice.random() < 0.5])
        case _:
            some = [each for each in asked if dice.random() < 0.8]
            return _written(file.flushed, [part for each in some for part in _pieces(each, dice, sector)])


def _sectors(event: Event, dice: Random, sector: int) -> Event:
    """The first sectors of a write."""
    if event[0] == "truncate":
        return event
    data = event[-1]
    return (*event[:-1], data[: dice.randint(0, len(data) // sector) * sector])


def _pieces(event: Event, dice: Random, sector: int) -> Iterator[Event]:
    """Any of the sectors of a write; of a new file's content, its beginning."""
    if event[0] != "write":
        yield _sectors(event, dice, sector) if event[0] == "put" and dice.random() < 0.5 else event
        return
    _what, offset, data = event
    begin = 0
    while begin < len(data):
        end = min(len(data), (offset + begin) // sector * sector + sector - offset)
        if dice.random() < 0.5:
            yield "write", offset + begin, data[begin:end]
        begin = end
