"""Where the keys go: to the widget a page names, and Ctrl+Enter to its main deed."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def focus(widget: QWidget | None) -> None:
    """As if the person had gone there; nothing when there is none."""
    if widget is not None:
        widget.setFocus(Qt.FocusReason.OtherFocusReason)


def on_ctrl_enter(widget: QWidget, deed: Callable[[], object]) -> None:
    """Do this with Ctrl+Enter, of either Enter key, while the keys are anywhere in the widget."""
    for keys in ("Ctrl+Return", "Ctrl+Enter"):
        shortcut = QShortcut(QKeySequence(keys), widget, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(deed)
