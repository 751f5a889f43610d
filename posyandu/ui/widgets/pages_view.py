"""Printed pages on the screen: one under the other, as wide as the view, sharp."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from posyandu.text import _
from posyandu.ui import theme
from posyandu.ui.theme import color, px

GAP = 14


def image_of(page: Any) -> QImage:  # noqa: ANN401 - services.reporting.PageImage
    """A rendered page as a QImage of its own."""
    kind = QImage.Format.Format_RGB888
    return QImage(page.rgb, page.width, page.height, page.width * 3, kind).copy()


class PagesView(QScrollArea):
    """Shows QImages of pages; arrows, Page Up and Page Down scroll."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pratinjau")
        self.setAccessibleName(_("Pratinjau halaman"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pages = _Pages()
        self._pages.setObjectName("page")
        self.setWidget(self._pages)
        self.viewport().setAutoFillBackground(False)
        self._pages.setAutoFillBackground(False)
        theme.dress(self.verticalScrollBar())
        self.verticalScrollBar().setSingleStep(px(48))

    def minimumSizeHint(self) -> QSize:
        """Small: it scrolls."""
        return QSize(px(200), px(120))

    def set_pages(self, images: Sequence[QImage]) -> None:
        """Show these pages from the first."""
        self._pages.images = list(images)
        self._pages.lay_out(self.viewport().width())
        self.verticalScrollBar().setValue(0)
        self.setAccessibleDescription(_("{n} halaman").format(n=len(images)))

    def count(self) -> int:
        """How many pages there are."""
        return len(self._pages.images)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the width."""
        super().resizeEvent(event)
        self._pages.lay_out(self.viewport().width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End too."""
        bar = self.verticalScrollBar()
        ends = {Qt.Key.Key_Home: bar.minimum(), Qt.Key.Key_End: bar.maximum()}
        if Qt.Key(event.key()) in ends:
            bar.setValue(ends[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class _Pages(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.images: list[QImage] = []
        self._spots: list[QRectF] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def lay_out(self, width: int) -> None:
        top, self._spots = float(px(2)), []
        room = width - px(6)
        for image in self.images:
            wide = min(room, round(image.width() / image.devicePixelRatio() * 1.25))
            high = wide * image.height() / image.width()
            self._spots.append(QRectF((width - wide) / 2, top, wide, high))
            top += high + px(GAP)
        self.setFixedHeight(max(1, round(top)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for image, spot in zip(self.images, self._spots, strict=True):
            if spot.intersects(QRectF(event.rect())):
                painter.drawImage(spot, image)
                painter.setPen(color("line2"))
                painter.drawRect(spot.adjusted(0, 0, -1, -1))
