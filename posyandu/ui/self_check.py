"""The hidden `--periksa`: proves that a packed app has everything it needs, without a display and without a trace.

It opens an encrypted book, shows every page once, draws the monthly report, and says OK.
"""

import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

PIN = "246810"


def main() -> int:
    """Check everything in a folder that is thrown away; 0 when all is well, else the error is raised."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="posyandu-", ignore_cleanup_errors=True) as folder:
        os.environ["POSYANDU_HOME"] = folder
        check_book()
        pages = check_pages()
        check_start()
        size = check_paper()
    if sys.stdout is not None:
        sys.stdout.write(f"OK: {pages} pages, report of {size // 1024} kB\n")
    return 0


def check_book() -> None:
    """Make an encrypted book with a sample in it, and open it again by its PIN."""
    from posyandu.domain.calendar import Month
    from posyandu.services import accounts
    from posyandu.services.sample import book, village

    folder = accounts.books().real
    with closing(accounts.create(folder, "Periksa", PIN).workspace) as ws:
        until = Month.of(ws.today()) - 1
        book.write(ws.db, village.one_post(1, 0, village.PLACES[0], ws.growth, months=3, until=until), ws.author)
        ws.posyandu_id = village.post_id(1, 0)
    if folder.book.read_bytes()[:6] == b"SQLite":
        raise AssertionError("the book is not encrypted")


def tell_qt_message(kind: object, place: object, text: str) -> None:
    """Qt's warnings on standard error, without what the platform without a screen always says."""
    if sys.stderr is not None and not text.startswith("This plugin does not support"):
        sys.stderr.write(f"Qt: {text}\n")


def check_pages() -> int:
    """Show every page of the window and look that something was painted; gives how many there are."""
    from PySide6.QtCore import qInstallMessageHandler
    from PySide6.QtTest import QTest

    from posyandu.services import preferences
    from posyandu.ui import app, jobs, main_window
    from posyandu.ui.registry import PAGES

    chosen = preferences.Preferences()
    caught: list[BaseException] = []
    before, sys.excepthook = sys.excepthook, lambda _kind, error, _trace: caught.append(error)
    try:
        qInstallMessageHandler(tell_qt_message)
        application = app.build_app(["posyandu"], chosen)
        window = main_window.MainWindow(chosen)
        window.start()
        window.show()
        window.open_book(_unlocked())
        shell, person = window.shell, _someone(window)
        assert shell is not None
        for page in PAGES.values():
            shell.go(page.name, **({"person_id": person} if page.of_someone else {}))
            jobs.wait(10_000)
            QTest.qWait(20)
            picture = shell.grab().toImage()
            if len({picture.pixel(x, 100) for x in range(0, picture.width(), 3)}) < 3:
                raise AssertionError(f"nothing is painted on {page.name}")
        window.close()
        application.processEvents()
    finally:
        sys.excepthook = before
    if caught:
        raise caught[0]
    return len(PAGES)


def check_start() -> None:
    """In a packed app, that PySide's own Python lies there as files that need no compiling at a start (build.spec)."""
    parser = Path(str(sys.modules["shibokensupport.signature.parser"].__file__))
    if getattr(sys, "frozen", False) and not parser.exists():
        raise AssertionError("PySide compiles its own Python at every start")


def check_paper() -> int:
    """Draw last month's report as PDF and read its pages back; gives its bytes."""
    from posyandu.domain.calendar import Month
    from posyandu.services import reporting

    with closing(_unlocked()) as ws:
        report = reporting.monthly(ws, ws.posyandu_id, Month.of(ws.today()) - 1)
        pdf = reporting.pdf_bytes(report)
        path = reporting.save_xlsx(ws, report, Path(os.environ["POSYANDU_HOME"]) / "laporan.xlsx")
    if not reporting.page_images(pdf, 40) or not path.stat().st_size:
        raise AssertionError("the report has no pages")
    return len(pdf)


def _unlocked() -> Any:  # noqa: ANN401 - services.workspace.Workspace
    from posyandu.services import accounts

    folder = accounts.books().real
    return accounts.unlock(folder, accounts.members(folder)[0].id, PIN)


def _someone(window: Any) -> str:  # noqa: ANN401 - MainWindow
    from posyandu.services import sessions

    ws = window.desk.ws
    session_id = sessions.open_day(ws, ws.posyandu_id, ws.today())
    return str(sessions.roster(ws, session_id, "under_five")[0].person_id)
