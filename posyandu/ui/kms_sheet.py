"""A sheet over the window: the papers of a whole post that follow each child, to save before the day."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from posyandu.text import _
from posyandu.ui import papers
from posyandu.ui.desk import Desk
from posyandu.ui.widgets.basics import Row
from posyandu.ui.widgets.overlay import Overlay


class KmsSheet(Overlay):
    """Small KMS of everybody, or strips for a day without power."""

    def __init__(self, desk: Desk, host: QWidget) -> None:
        super().__init__(host, _("Lembar KMS Posyandu"))
        self.desk = desk
        first: QWidget | None = None
        for title, detail, icon, name, deed in (
            (
                _("KMS kecil semua balita"),
                _("Delapan kurva berat di satu halaman, menurut RT"),
                "trending-up",
                "button:kms-kecil",
                self.small,
            ),
            (
                _("Strip KMS untuk hari ini"),
                _("Berat bulan lalu, dan mulai berapa kilogram naik"),
                "scale",
                "button:strip-kms",
                self.strips,
            ),
        ):
            row = Row(title, detail, picture=("icon", icon, "neutral"), name=name)
            row.clicked.connect(lambda _on=False, deed=deed: deed())
            self.body.addWidget(row)
            first = first or row
        self.foot()
        self.open_over(first)

    def small(self) -> None:
        """Save the small KMS."""
        from posyandu.services import curves

        post = self.desk.ws.posyandu_id
        self._save(_("KMS kecil"), lambda ws, path: curves.save_small_kms(ws, post, path))

    def strips(self) -> None:
        """Save the strips of today."""
        from posyandu.services import curves

        ws = self.desk.ws
        post, today = ws.posyandu_id, ws.today()
        self._save(_("Strip KMS"), lambda ws, path: curves.save_strips(ws, post, today, path))

    def _save(self, title: str, write: Callable[[Any, Path], Path]) -> None:
        self.accept()
        papers.save(self.desk, f"{title} {self.desk.ws.today().isoformat()}", write)
