"""Makes the pages that are opened most before they are wanted, a part a turn, while nobody types.

Nothing depends on it: a page that is wanted earlier is made then.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

if TYPE_CHECKING:
    from posyandu.ui.shell import Shell

PAGES = ("hari", "grid", "kunjungan", "sasaran", "kartu", "laporan")
QUIET_MS = 1_000
"""So long nobody pressed anything: then the next part is made."""
STEP_MS = 60
_PRESSED = frozenset((QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.Wheel))


class Ahead(QObject):
    """Belongs to a shell; begins when its first page stands, ends for good when all is made or the book is closed."""

    def __init__(self, shell: "Shell") -> None:
        super().__init__(shell)
        self._shell = shell
        self._parts: Iterator[None] | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._step)
        shell.desk.book_closing.connect(self.stop)

    def start(self) -> None:
        """Begin after a quiet second."""
        self._parts = self._all()
        handle = self._shell.window().windowHandle()
        if handle is not None:
            handle.installEventFilter(self)
        self._timer.start(QUIET_MS)

    def stop(self) -> None:
        """Make nothing more."""
        self._parts = None
        self._timer.stop()

    def is_done(self) -> bool:
        """Whether nothing is left to be made."""
        return self._parts is None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever presses something comes first."""
        if event.type() in _PRESSED and self._timer.isActive():
            self._timer.start(QUIET_MS)
        return False

    def _step(self) -> None:
        if self._parts is not None and next(self._parts, self) is self:
            self.stop()
        elif self._parts is not None:
            self._timer.start(STEP_MS)

    def _all(self) -> Iterator[None]:
        for name in PAGES:
            prepare = getattr(self._shell.page(name), "prepare", None)
            yield
            if prepare is not None:
                yield from prepare()
