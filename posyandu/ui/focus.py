"""Give the keyboard to the widget a page names."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def focus(widget: QWidget | None) -> None:
    """As if the person had gone there; nothing when there is none."""
    if widget is not None:
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
