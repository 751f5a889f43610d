"""Where files that people take along are put, and how they are printed."""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from posyandu import paths
from posyandu.text import _

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

DPI = 200
"""What is sent to a printer."""


def folder() -> Path:
    """The folder our files go to unless another is chosen: "Posyandu" among the documents; made when missing.

    Where it cannot be made, whoever writes there says so.
    """
    place = paths.documents() / "Posyandu"
    with suppress(OSError):
        place.mkdir(parents=True, exist_ok=True)
    return place


def safe_name(words: str) -> str:
    """A file name of these words that every system accepts."""
    return re.sub(r"[^\w\- ]+", "-", words).strip(" -") or "posyandu"


def choose_folder(parent: QWidget, title: str, start: Path | None = None) -> Path | None:
    """Let the person choose a folder; None when they change their mind."""
    chosen = QFileDialog.getExistingDirectory(parent, title, str(start or folder()))
    return Path(chosen) if chosen else None


def choose_file(parent: QWidget, title: str, kinds: str, start: Path | None = None) -> Path | None:
    """Let the person choose a file to read."""
    chosen, _kind = QFileDialog.getOpenFileName(parent, title, str(start or folder()), kinds)
    return Path(chosen) if chosen else None


def show(path: Path) -> bool:
    """Open a file or folder with the program the system uses for it."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def ask_printer(parent: QWidget, title: str) -> "QPrinter | None":
    """The printer the person chose, None when they changed their mind. Raises OSError when there is none."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

    if not QPrinterInfo.availablePrinterNames():
        raise OSError(_("Tidak ada printer di laptop ini."))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setFullPage(True)
    return printer if QPrintDialog(printer, parent).exec() == QPrintDialog.DialogCode.Accepted else None


def paint(printer: "QPrinter", pages: Sequence[QImage]) -> None:
    """Put these pages on it."""
    painter = QPainter(printer)
    for place, image in enumerate(pages):
        if place:
            printer.newPage()
        sheet = QRectF(painter.viewport())
        size = image.size().scaled(sheet.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRectF(0, 0, size.width(), size.height()), image)
    painter.end()


def page_layout(paper: str) -> QPageLayout:
    """A sheet of A4 or F4 (215 × 330 mm) without margins."""
    from PySide6.QtCore import QSizeF

    size = (
        QPageSize(QPageSize.PageSizeId.A4)
        if paper == "A4"
        else QPageSize(QSizeF(215, 330), QPageSize.Unit.Millimeter, "F4")
    )
    return QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
