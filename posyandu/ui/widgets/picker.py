"""The drop-down.

Apart from `basics`, which the lock needs: with Qt's styles come 450 names, a tenth of the time until the lock stands.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import cast

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionComboBox, QStylePainter, QToolTip

from posyandu.domain.calendar import Month, month_text
from posyandu.ui import theme
from posyandu.ui.theme import font, px


class Picker(QComboBox):
    """A drop-down for seven answers or more; the wheel turns it only while it has the focus."""

    def __init__(
        self, options: Iterable[tuple[object, str]] = (), *, name: str = "", accessible: str = "", height: int = 44
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setFont(font("nav"))
        self.setFixedHeight(theme.reach(height))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(px(120))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        theme.dress(self)
        self.currentIndexChanged.connect(self.updateGeometry)  # another line may want another width
        for code, words in options:
            self.addItem(words, code)

    def value(self) -> object:
        """The code of the line shown."""
        return self.currentData()

    def set_value(self, code: object) -> None:
        """Show the line of this code."""
        for index in range(self.count()):
            if self.itemData(index) == code:
                self.setCurrentIndex(index)

    def room(self) -> int:
        """The pixels its words have."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        kind, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        return self.style().subControlRect(kind, option, part, self).width()

    def whole_width(self) -> int:
        """How wide it must be to show its line in full."""
        words = self.fontMetrics().horizontalAdvance(self.currentText())
        return max(self.minimumWidth(), words + 1 + self.width() - self.room())

    def event(self, event: QEvent) -> bool:
        """Tell the whole line while it is cut."""
        if event.type() == QEvent.Type.ToolTip and not self.toolTip():
            cut = self.fontMetrics().horizontalAdvance(self.currentText()) > self.room()
            QToolTip.showText(cast("QHelpEvent", event).globalPos(), self.currentText() if cut else "", self)
            return True
        return super().event(event)

    def showPopup(self) -> None:
        """Open the list below its box, named as the box is, with lines as high as a finger and the chosen one lit."""
        if not self.view().accessibleName():
            self.setItemDelegate(QStyledItemDelegate(self.view()))  # Qt's own for menus heeds no height
            self.view().setAccessibleName(self.accessibleName())
        self.view().setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)  # Fusion's menus have none
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page unless the list has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's box, its words ended in "…" where room is short, then our chevron."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        words = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, self.room())
        option.currentText = words
        styled = QStylePainter(self)
        styled.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        styled.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        styled.end()
        painter = QPainter(self)
        theme.paint_icon(painter, "chevron-down", "text2", self.width() - px(28), (self.height() - px(18)) / 2, 18)


class MonthPicker(Picker):
    """A month, newest first. `from_day` is the day from which this one is offered, before it the last: a report is made
    after the month's posyandu day.
    """

    def __init__(self, today: Callable[[], date], *, accessible: str, back: int = 24, from_day: int = 10) -> None:
        super().__init__(name="bulan", accessible=accessible)
        self._today, self._back, self._from_day = today, back, from_day
        self._offered: Month | None = None
        self.renew()

    def renew(self, wanted: Month | None = None) -> None:
        """Offer the months as of today, a window may stand open for weeks, and choose `wanted`, telling nobody.

        Without one what was chosen by hand stays.
        """
        today = self._today()
        this = Month.of(today)
        offered = this if today.day >= self._from_day else this - 1
        chosen = wanted or (self.month() if self.count() and self.month() != self._offered else offered)
        self.blockSignals(True)
        self.clear()
        for month in (this - back for back in range(self._back)):
            self.addItem(month_text(month), str(month))
        self.set_value(str(chosen))
        self.blockSignals(False)
        self._offered = offered

    def month(self) -> Month:
        """The month chosen."""
        return Month.read(str(self.value()))
