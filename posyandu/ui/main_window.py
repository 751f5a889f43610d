"""The window: shows the first run, the lock or the shell, and changes books.

What it shows is imported when it is wanted, so that the lock is painted before the rest of the app is read.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from posyandu.text import _
from posyandu.ui import errors, jobs, theme, warm
from posyandu.ui.focus import focus
from posyandu.ui.sleep import Sleep

if TYPE_CHECKING:
    from posyandu.ui.desk import Desk
    from posyandu.ui.shell import Shell
    from posyandu.ui.widgets.overlay import Overlay


_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PRESENCE = frozenset((QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin))


STOPS_WITHIN_MS = 200
"""So often it is asked whether what was writing when another came in has stopped."""


class MainWindow(QMainWindow):
    """Shows one of: first run, lock, shell. `desk` is None until a book is open."""

    def __init__(self, preferences: Any, *, practice: bool = False) -> None:  # noqa: ANN401 - services.preferences
        super().__init__()
        self.preferences = preferences
        self.practice = practice
        self.desk: Desk | None = None
        self.shell: Shell | None = None
        self._warming = warm.Warming(self)
        self._outer = QStackedWidget()
        self.setCentralWidget(self._outer)
        self.setWindowTitle("Posyandu")
        self.setWindowIcon(theme.icon("sprout", "primary", 64))
        self.resize(1366, 696)
        self._idle = QElapsedTimer()
        self._idle.start()
        self._sleep = Sleep()
        self._heard: QWindow | None = None
        self._emptying = QTimer(self, interval=0)
        self._emptying.timeout.connect(self._empty_shell)
        self._watch = QTimer(self, interval=5000)
        self._watch.timeout.connect(self.lock_when_idle)

    # ---- what is shown

    def start(self) -> None:
        """Show what this laptop needs now: the first run without a book, else the lock."""
        from posyandu.services import locked

        if locked.exists(_folder(self.practice)):
            self.show_lock()
        else:
            self.show_first_run()

    def show_first_run(self, ws: Any = None) -> None:  # noqa: ANN401 - services.workspace.Workspace
        """Ask the few things a new laptop needs; `ws` is a book made before the questions were finished."""
        from posyandu.ui.pages.first_run import FirstRunPage

        page = FirstRunPage(self.preferences, _folder(self.practice), ws)
        page.finished.connect(self.open_book)
        page.look_changed.connect(self._use_preferences)
        page.practice_wanted.connect(lambda: self.switch_practice(True))
        self._show(page)
        focus(page.first_focus())

    def show_lock(self) -> None:
        """Hide everything behind the PIN."""
        from posyandu.ui.pages.lock import LockPage

        if self.desk is not None:  # the lock opens the book anew, and two holders of one book are refused
            self.desk.close_book()
            self._end_emptying()
        if self.shell is not None:
            self.shell.note_keys()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        page = LockPage(self.preferences, _folder(self.practice), practice=self.practice)
        page.unlocked.connect(self.open_book)
        page.practice_wanted.connect(self.switch_practice)
        self._show(page, keep=self.shell)
        self._warming.start()
        self._note_presence(False)
        focus(page.first_focus())

    def open_book(self, ws: Any) -> None:  # noqa: ANN401 - services.workspace.Workspace
        """Work in this open book. The same kader finds the page as it was left; another one starts at Beranda."""
        from posyandu.services import posts

        if not posts.posts(ws):
            self.show_first_run(ws)
            return
        if not ws.practice and ws.asks_for_the_day():
            self._ask_for_the_day(ws)
            return
        if not ws.practice:  # the lock has kept who came in: neither it nor a changed preference may forget that
            self.preferences = self.preferences._replace(last_member=ws.worker.id)
        same = self.desk is not None and self.shell is not None and _same_worker(self.desk.ws, ws)
        if same and self.desk is not None and self.shell is not None:
            self.desk.open_book(ws)
            self._show(self.shell)
            self.shell.refresh()
            self.shell.give_keys()
        else:
            writing = self.desk.writing if self.desk is not None else None
            self._close_book()
            from posyandu.ui.background import Sending
            from posyandu.ui.desk import Desk

            self.desk = Desk(ws, self.preferences, self)
            self.desk.lock_wanted.connect(self.show_lock)
            self.desk.practice_wanted.connect(self.switch_practice)
            self.desk.restore_failed.connect(self._restore_failed)
            self.desk.preferences_changed.connect(self._preferences_changed)
            Sending(self.desk)
            self._build_shell().go_soon("beranda")
            self._say_what_stopped(writing)
        self._idle.restart()
        self._sleep.restart()
        self._note_presence(True)

    def _say_what_stopped(self, writing: jobs.Job | None) -> None:
        """Say to whoever came in that a file another was taking, or she herself, was not taken; once it is through."""

        def look() -> None:
            from posyandu.services import imports
            from posyandu.ui.widgets import overlay

            if self.desk is None or self.desk.closed:
                return  # she is told when she opens the book again
            if writing is not None and not writing.ended():
                QTimer.singleShot(STOPS_WITHIN_MS, self, look)
                return
            ws = self.desk.ws
            if told := [each.told_to(ws.worker.id) for each in imports.unfinished(ws)]:
                overlay.tell(self, _("Pekerjaan terhenti"), "\n\n".join(told))

        QTimer.singleShot(STOPS_WITHIN_MS, self, look)

    def _ask_for_the_day(self, ws: Any) -> None:  # noqa: ANN401 - services.workspace.Workspace
        from posyandu.ui.pages.tanggal import TanggalPage

        page = TanggalPage(ws)
        page.told.connect(lambda: self.open_book(ws))
        self._show(page, keep=self.shell)
        focus(page.first_focus())

    def _restore_failed(self, sentence: str) -> None:
        from posyandu.ui.widgets import overlay

        self.show_lock()
        overlay.tell(self, _("Cadangan belum dipulihkan"), sentence)

    def _build_shell(self) -> "Shell":
        assert self.desk is not None
        from posyandu.ui.shell import Shell

        self.shell = Shell(self.desk, practice=self.practice)
        self._show(self.shell)
        return self.shell

    def switch_practice(self, on: bool) -> None:
        """Close this book and open the other one: the practice village or the real book."""
        self._close_book()
        self.practice = on
        if on:
            from posyandu.ui.pages.lock import WaitPage, open_practice

            wait = WaitPage(_("Menyiapkan desa latihan… Pertama kali agak lama."))
            self._show(wait)
            back = lambda: self.switch_practice(False)  # noqa: E731
            open_practice(self.open_book, lambda error: wait.fail(errors.sentence(error), back))
        else:
            self.start()

    def _show(self, page: QWidget, keep: QWidget | None = None) -> None:
        for index in reversed(range(self._outer.count())):
            old = self._outer.widget(index)
            if old is not None and old not in (page, keep):
                self._outer.removeWidget(old)
                old.deleteLater()
        if self._outer.indexOf(page) < 0:
            self._outer.addWidget(page)
        self._outer.setCurrentWidget(page)

    def _close_book(self) -> None:
        if self.desk is not None:
            self.desk.close_book()
            self._end_emptying()
            jobs.wait(3000)
            self.desk.deleteLater()
        self.desk = self.shell = None

    # ---- preferences and looks

    def _preferences_changed(self, names: frozenset[str]) -> None:
        assert self.desk is not None
        shell = self.shell
        if shell is None or not names & {"text_scale", "language", "kms_style", "touch"}:
            self._use_preferences(self.desk.preferences)
        elif not self._emptying.isActive():
            self._emptying.start()

    def _empty_shell(self) -> None:
        """Let go of a page a turn of the shell that goes: letters and colours are given to each widget there is."""
        assert self.shell is not None
        if not self.shell.let_go_of_one():
            place = self.shell.place()
            self._end_emptying()
            self._build_shell().go(place[0], **place[1])

    def _end_emptying(self) -> None:
        """Take the look that was waiting for the old shell to be empty; that shell is not shown again."""
        if self._emptying.isActive() and self.desk is not None:
            self._emptying.stop()
            self._use_preferences(self.desk.preferences)
            self.shell = None

    def _use_preferences(self, preferences: Any) -> None:  # noqa: ANN401 - services.preferences
        self.preferences = preferences
        app = QApplication.instance()
        if isinstance(app, QApplication):
            from posyandu.ui.app import use_language

            use_language(preferences.language)
            theme.apply(app, preferences.theme, preferences.text_scale, touch=preferences.touch)

    # ---- locking

    def lock_when_idle(self) -> bool:
        """Lock after the minutes of the preferences without a key or a click, and always when the machine slept.

        Says whether it did.
        """
        minutes = getattr(self.preferences, "idle_minutes", 10)
        is_idle = minutes and self._idle.elapsed() > minutes * 60_000
        return bool(self._sleep.slept() or is_idle) and self.put_away()

    def put_away(self) -> bool:
        """Write what waits and lock, where a book is open; says whether one was."""
        if self.desk is None or self.desk.closed:
            return False
        self.show_lock()
        return True

    def _note_presence(self, on: bool) -> None:
        """Look every few seconds whether somebody is there, only while a book is open."""
        self._hear()
        if on:
            self._watch.start()
        else:
            self._watch.stop()

    def _hear(self) -> None:
        """Listen where the system hands over keys and clicks: one object, not every widget of the app."""
        self.winId()
        handle = self.windowHandle()
        if handle is not self._heard and handle is not None:
            handle.installEventFilter(self)
            self._heard = handle

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any key or click counts as presence; the first one after a sleep locks and does nothing else.

        Enter held too long presses once: the keys may be with another person's button by then.
        """
        if event.type() not in _PRESENCE:
            return False
        locked = self.lock_when_idle()
        self._idle.restart()
        return locked or (isinstance(event, QKeyEvent) and event.isAutoRepeat() and event.key() in _ENTER)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Wait a moment for running work, then close the book; a sheet in view whose answers would go asks first."""
        from posyandu.ui.widgets.overlay import Overlay

        filled = [sheet for sheet in self.findChildren(Overlay) if sheet.isVisible() and sheet.has_answers()]
        if filled:
            event.ignore()
            filled[-1].ask_before(lambda: self._close_after(filled))
            return
        self._note_presence(False)
        self._close_book()
        super().closeEvent(event)

    def _close_after(self, sheets: Sequence["Overlay"]) -> None:
        for each in sheets:
            each.done(each.DialogCode.Rejected)
        self.close()


def _same_worker(old: Any, new: Any) -> bool:  # noqa: ANN401 - workspaces
    return bool(old.folder == new.folder and old.worker.id == new.worker.id)


def _folder(practice: bool) -> Any:  # noqa: ANN401 - services.accounts.BookFolder
    from posyandu.services import locked

    books = locked.books()
    return books.practice if practice else books.real
