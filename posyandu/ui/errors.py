"""What happens when something goes wrong: a sentence for what people can act on, a report and an apology for a bug.

A report holds versions, the way through the code and the last pages by name; never a name, a NIK or a value. The text
of an unexpected exception may quote data, so it is left out.
"""

import contextlib
import faulthandler
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QTimer, QtMsgType, qInstallMessageHandler, qVersion
from PySide6.QtWidgets import QApplication, QWidget

import posyandu
from posyandu import paths
from posyandu.domain.errors import PosyanduError, of_the_disk
from posyandu.text import _
from posyandu.ui.jobs import Cancelled

KEPT_REPORTS = 20

_steps: deque[str] = deque(maxlen=20)
_state: dict[str, Any] = {"window": None, "open": False, "crash_log": None}


def sentence(error: BaseException) -> str:
    """What to tell the person about an error: its own sentence, or that something unexpected happened.

    Something unexpected is a bug that a page caught on the way: it leaves a report like any other.
    """
    if isinstance(error, PosyanduError):
        return str(error)
    if isinstance(error, PermissionError | FileNotFoundError | FileExistsError | NotADirectoryError):
        return _("Berkas tidak bisa ditulis atau dibuka di sana. Pilih folder lain, lalu coba lagi.")
    if isinstance(error, OSError) and (plain := of_the_disk(error)) is not None:
        return str(plain)
    record(error)
    return _("Terjadi kesalahan yang tidak terduga. Yang sudah tersimpan tetap aman.")


def record(error: BaseException) -> Path | None:
    """Leave a report of a bug, and its trace on standard error; gives the report's file."""
    if sys.stderr is not None:  # a windowed Windows program has none
        traceback.print_exception(error)
    return _write(report_text(type(error), error.__traceback__))


def note(step: str) -> None:
    """Remember a step by its name ("buka laporan"), never by a person's, for the next report."""
    _steps.append(f"{time.strftime('%H:%M:%S')} {step}")


def install(window: QWidget | None = None) -> None:
    """Catch what nobody caught, on every thread; `window` shows the apology."""
    _state["window"] = window
    sys.excepthook = _caught
    threading.excepthook = lambda caught: _caught(
        caught.exc_type, caught.exc_value or caught.exc_type(), caught.exc_traceback
    )
    qInstallMessageHandler(_qt_message)
    with contextlib.suppress(OSError):
        paths.logs().mkdir(parents=True, exist_ok=True)
        _state["crash_log"] = (paths.logs() / "crash.log").open("a", encoding="utf-8")
        faulthandler.enable(_state["crash_log"])


def remove() -> None:
    """Take the hooks off again and close the log: the program ends."""
    sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
    qInstallMessageHandler(None)
    _state["window"] = None
    if _state["crash_log"] is not None:
        faulthandler.disable()
        _state["crash_log"].close()
        _state["crash_log"] = None


def report_text(kind: type[BaseException], trace: TracebackType | None) -> str:
    """The report of one bug as text."""
    import platform  # the lock does not wait for what only a report needs

    lines = [
        f"Posyandu {posyandu.__version__}",
        f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()} {platform.release()}",
        f"Waktu: {time.strftime('%Y-%m-%d %H:%M:%S')}",
        f"Jenis: {kind.__module__}.{kind.__qualname__}",
        "",
        *(
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}: {frame.line or ''}"
            for frame in traceback.extract_tb(trace)
        ),
        "",
        "Langkah terakhir:",
        *(f"  {step}" for step in _steps),
    ]
    return "\n".join(lines) + "\n"


def reports() -> list[Path]:
    """The reports kept on this laptop, newest first."""
    folder = paths.logs()
    return sorted(folder.glob("galat-*.txt"), reverse=True) if folder.exists() else []


def _caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    if issubclass(kind, Cancelled):
        return
    if isinstance(error, OSError):
        error = of_the_disk(error) or error
    if isinstance(error, PosyanduError):
        _on_window(lambda: _tell(_("Belum bisa"), str(error)))
        return
    if sys.stderr is not None:  # a windowed Windows program has none
        traceback.print_exception(kind, error, trace)
    text = report_text(kind, trace)
    path = _write(text)
    _on_window(lambda: _apologise(text, path))


def _write(text: str) -> Path | None:
    with contextlib.suppress(OSError):
        folder = paths.logs()
        folder.mkdir(parents=True, exist_ok=True)
        now = time.time_ns()
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now // 10**9))
        path = folder / f"galat-{stamp}-{now // 1000 % 1_000_000:06}.txt"
        path.write_text(text, encoding="utf-8")
        for old in reports()[KEPT_REPORTS:]:
            old.unlink(missing_ok=True)
        return path
    return None


def _on_window(show: Callable[[], object]) -> None:
    """Run on the window's thread, after what is being painted."""
    app = QApplication.instance()
    if app is not None and _state["window"] is not None:
        QTimer.singleShot(0, _state["window"], show)


def _tell(title: str, text: str) -> None:
    from posyandu.ui.widgets import overlay

    overlay.tell(_state["window"], title, text)


def _apologise(text: str, path: Path | None) -> None:
    """One apology at a time: a fault in painting would otherwise bring one per frame."""
    from posyandu.ui.theme import px
    from posyandu.ui.widgets.basics import Button, Label, row_layout
    from posyandu.ui.widgets.overlay import Overlay

    if _state["open"]:
        return
    _state["open"] = True
    sheet = Overlay(_state["window"], _("Terjadi kesalahan"), width=520)
    sheet.setObjectName("apology")
    words = _("Isian Anda sudah disimpan. Aplikasi bisa dipakai terus; kalau terulang, kirim laporan ini ke petugas.")
    sheet.body.addWidget(Label(words, "body", "text2", wrap=True))
    where = _("Laporan tidak berisi nama atau data kesehatan.")
    if path is not None:
        where += " " + _("Disimpan sebagai {name}.").format(name=path.name)
    sheet.body.addWidget(Label(where, "small", "text3", wrap=True))
    foot = row_layout()
    foot.addStretch(1)
    copy = Button(_("Salin laporan"), "secondary", "copy", name="button:salin-laporan")
    copy.clicked.connect(lambda: QApplication.clipboard().setText(text))
    close = Button(_("Lanjutkan"), "primary", name="button:ya", on=sheet.accept)
    foot.addWidget(copy)
    foot.addWidget(close)
    sheet.body.addSpacing(px(4))
    sheet.body.addLayout(foot)
    for gone in (sheet.finished, sheet.destroyed):  # closed, or put away for good with what it lay over
        gone.connect(lambda _how: _state.update(open=False))
    sheet.open_over(close)


def _qt_message(kind: QtMsgType, _context: object, message: str) -> None:
    """Qt's own warnings go to standard error, where tests and developers see them."""
    if "propagateSizeHints" not in message and sys.stderr is not None:
        print(f"Qt {kind.name}: {message}", file=sys.stderr)  # noqa: T201
