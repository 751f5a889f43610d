"""Makes the pages that are opened most before they are wanted, a part a turn, while nobody types.

Nothing depends on it: a page that is wanted earlier is made then.
"""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from posyandu.ui import rubbish

PAGES = ("hari", "grid", "kunjungan", "sasaran", "kartu", "laporan")
QUIET_MS = 1_000
"""So long nobody pressed anything: then the next part is made."""
STEP_MS = 60
_PRESSED = frozenset((QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.Wheel))


class Ahead(QObject):
    """Belongs to the shell that gives its pages; begins when the first one stands, ends for good when all is made."""

    def __init__(self, shell: QWidget, page: Callable[[str], QWidget]) -> None:
        super().__init__(shell)
        self._shell, self._page = shell, page
        self._parts: Iterator[None] | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._step)

    def start(self) -> None:
        """Begin after a quiet second."""
        rubbish.keep(on=False)  # a shell before this one may go
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
            rubbish.keep(on=True)
        elif self._parts is not None:
            self._timer.start(STEP_MS)

    def _all(self) -> Iterator[None]:
        for name in PAGES:
            prepare = getattr(self._page(name), "prepare", None)
            yield
            if prepare is not None:
                yield from prepare()
