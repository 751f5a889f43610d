"""What the pages share: the open book, where to go next, what to tell, and slow work beside the window.

A page is given the desk and nothing else. It never knows the main window: it asks the desk to go to another page, and
announces through `records_changed` which kinds of record it changed, so that visible pages ask again.
"""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from posyandu.domain.bounds import BOUNDS
from posyandu.domain.forms.ruling import FORM as RULING
from posyandu.text import use_places
from posyandu.ui import jobs

MOMENT_MS = 50
"""So long a page waits for its own rows before it shows itself without them: less than an eye sees."""


class Desk(QObject):
    """The open book (`ws`, a services.workspace.Workspace), the preferences, the signals between pages and window."""

    records_changed = Signal(object)  # frozenset of form names
    page_wanted = Signal(str, dict)
    back_wanted = Signal()
    toast_wanted = Signal(str, object, object)
    names_wanted = Signal(str, object)
    question_wanted = Signal(object)
    preferences_changed = Signal(object)
    lock_wanted = Signal()
    practice_wanted = Signal(bool)
    restore_failed = Signal(str)
    book_closing = Signal()  # write what waits now: after this the book is closed
    post_changed = Signal()

    def __init__(self, ws: Any, preferences: Any, parent: QObject | None = None) -> None:  # noqa: ANN401 - see above
        super().__init__(parent)
        self.ws = ws
        self.preferences = preferences
        self.closed = False
        self.writing: jobs.Job | None = None
        """What was last written all or nothing, a file into the book; it may be at work still."""
        self._held: list[Callable[[], object]] = []
        self.records_changed.connect(lambda forms: self._read_rules() if not forms or RULING.name in forms else None)
        self.post_changed.connect(self._read_rules)
        self._read_rules()

    def _read_rules(self) -> None:
        """Let texts name the numbers of the rules in force at the post at work, from now on."""
        if not self.closed:
            rules = self.ws.standards.on(self.ws.today())
            use_places(lambda name: BOUNDS[name](rules))

    def close_book(self) -> None:
        """Let pages write what waits, then close the book; what comes back from workers is held until it is open."""
        if not self.closed:
            self.book_closing.emit()
            self.closed = True
            self.ws.close()

    def open_book(self, ws: Any) -> None:  # noqa: ANN401 - services.workspace.Workspace
        """Go on with the book opened anew by the same person: pages and sheets hold the workspace they were given."""
        if ws is not self.ws:
            self.ws.take_over(ws)
        self.closed = False
        self._read_rules()
        held, self._held = self._held, []
        for deed in held:
            deed()

    def soon(self, owner: QObject, deed: Callable[[], object]) -> None:
        """Do this after what is being painted, unless `owner` or the book are gone by then."""
        QTimer.singleShot(0, owner, lambda: None if self.closed else deed())

    def go(self, page: str, /, **kwargs: object) -> None:
        """Bring a page into view: beranda, hari, grid, kunjungan, sasaran, kartu, daftar, laporan, sinkronisasi, ..."""
        self.page_wanted.emit(page, kwargs)

    def back(self) -> None:
        """Return to the page seen before."""
        self.back_wanted.emit()

    def toast(self, text: str, action_text: str | None = None, action: Callable[[], object] | None = None) -> None:
        """Say that something was done, with at most one button ("Batalkan"). Never for errors."""
        self.toast_wanted.emit(text, action_text, action)

    def ask(
        self,
        title: str,
        text: str,
        action_text: str,
        then: Callable[[], object],
        *,
        danger: bool = False,
        cancel_text: str | None = None,
    ) -> None:
        """Ask before doing: `then` is called when the person presses the button with the verb."""
        self.question_wanted.emit(
            {
                "title": title,
                "text": text,
                "action": action_text,
                "then": then,
                "danger": danger,
                "cancel": cancel_text,
            }
        )

    def show_names(self, title: str, people: Sequence[Any]) -> None:
        """Open the list of names behind a number; each has `id`, `name` and perhaps `detail` or `reason`."""
        self.names_wanted.emit(title, list(people))

    def announce(self, *forms: str) -> None:
        """Say which kinds of record were changed."""
        self.records_changed.emit(frozenset(forms))

    def run(
        self,
        function: Callable[..., Any],
        done: Callable[[Any], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        progress: Callable[[int, int, str], object] | None = None,
        *,
        owner: QObject | None = None,
        link: bool = False,
    ) -> jobs.Job:
        """Run `function(ws)` on a worker thread with a connection of its own (`function(ws, report)` with progress).

        `owner` is the page or widget that asks, and every page says so: when it is gone, what comes back is dropped.
        While the screen is locked it is held back until the same person opens the book again. `link` as for jobs.run.
        """
        ws = self.ws

        def work(*report: jobs.Progress) -> object:
            sibling = ws.sibling()
            try:
                return function(sibling, *report)
            finally:
                sibling.close()

        told = self._while_alive(progress, owner)
        return jobs.run(work, self._when_open(done, owner), self._when_open(failed, owner), told, link=link)

    def read(
        self,
        function: Callable[[Any], Any],
        done: Callable[[Any], object],
        failed: Callable[[Exception], object] | None = None,
        *,
        owner: QObject,
    ) -> jobs.Job:
        """As `run`, for what a page is opened to show: what is read within a moment is there when this returns.

        A post of two hundred is read by then; one of a thousand comes when it comes, and nothing else waits for it.
        """
        job = self.run(function, done, failed, owner=owner, link=True)  # not behind a report that is being made
        job.wait(MOMENT_MS)
        return job

    def _while_alive(self, deed: Callable[..., object] | None, owner: QObject | None) -> Callable[..., object] | None:
        """The same, dropped when its owner is gone."""
        return deed and (lambda *told: deed(*told) if owner is None or isValid(owner) else None)

    def _when_open(self, deed: Callable[[Any], object] | None, owner: QObject | None) -> Callable[[Any], object] | None:
        """The same, held back while the screen is locked, and dropped when its owner is gone by then."""
        answer = self._while_alive(deed, owner)
        if answer is None:
            return None

        def later(result: object) -> None:
            if self.closed:
                self._held.append(lambda: answer(result))
            else:
                answer(result)

        return later

    def change_preferences(self, **changes: object) -> None:
        """Keep a preference of this laptop and let the window follow it at once."""
        from posyandu.services import preferences

        self.preferences = self.preferences._replace(**changes)
        preferences.save(self.preferences)
        self.preferences_changed.emit(frozenset(changes))
