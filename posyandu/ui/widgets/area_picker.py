"""Find a village by a few letters: a box, and the villages found under it as rows."""

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from posyandu.text import _
from posyandu.ui import jobs
from posyandu.ui.widgets.basics import Labelled, Row, TextInput, clear, column_layout

LINES = 4


class AreaPicker(QWidget):
    """`chosen` carries the area (code, name, kind, path) or None while the person types on."""

    chosen = Signal(object)

    def __init__(self, *, label: str = "", near: str = "") -> None:
        super().__init__()
        self.area: Any = None
        self._near = near
        self._asked = 0
        column = column_layout(self, spacing=6)
        self.box = _Box(name="field:desa", placeholder=_("Misalnya: bunut baok praya"))
        self.field = Labelled(
            label or _("Desa atau kelurahan"), self.box, _("Ketik beberapa huruf nama desa, boleh ditambah kecamatan.")
        )
        column.addWidget(self.field)
        self.rows = column_layout(spacing=0)
        column.addLayout(self.rows)
        self._wait = QTimer(self, singleShot=True, interval=120)
        self._wait.timeout.connect(self._ask)
        self.box.textEdited.connect(self._typed)
        self.box.down.connect(self._to_rows)
        self.box.returnPressed.connect(self._take_first)
        jobs.run(lambda: _search("zzz", ""))  # read the list of all villages while the person reads the page

    def set_area(self, area: Any) -> None:  # noqa: ANN401 - services.posts' Area
        """Choose this one."""
        self.area = area
        clear(self.rows)
        if area is not None:
            self.box.setText(area.name)
            self.field.set_problem("")
            self.field.help.setText(area.path)
            self.field.help.show()
        self.chosen.emit(area)

    def _choose(self, area: Any) -> None:  # noqa: ANN401 - services.posts' Area
        """Take it and go on to what is asked next: the row that had the keys is gone."""
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.set_area(area)
        self.focusNextPrevChild(True)

    def _typed(self) -> None:
        self.area = None
        self.chosen.emit(None)
        self._wait.start()

    def _ask(self) -> None:
        typed, near = self.box.text().strip(), self._near
        self._asked += 1
        turn = self._asked
        if len(typed) < 2:
            clear(self.rows)
            return
        jobs.run(lambda: _search(typed, near), lambda found: self._show(found, turn))

    def _show(self, found: list[Any], turn: int) -> None:
        if not isValid(self) or turn != self._asked or self.area is not None:
            return  # the page was rebuilt meanwhile, or more was typed
        clear(self.rows)
        for area in found:
            row = Row(
                area.name,
                area.path.split(",", 1)[-1].strip(),
                picture=("icon", "map-pin", "neutral"),
                chevron=False,
                name=f"desa:{area.code}",
                height=56,
            )
            row.clicked.connect(lambda _on=False, area=area: self._choose(area))
            self.rows.addWidget(row)
        self.field.help.setText(
            _("Pilih desa Anda di bawah ini.")
            if found
            else _("Tidak ditemukan. Periksa ejaannya, atau ketik nama kecamatan.")
        )

    def _take_first(self) -> None:
        if self.area is None:
            item = self.rows.itemAt(0)
            row = item.widget() if item is not None else None
            if isinstance(row, Row):
                row.click()

    def _to_rows(self) -> None:
        item = self.rows.itemAt(0)
        row = item.widget() if item is not None else None
        if row is not None:
            row.setFocus(Qt.FocusReason.TabFocusReason)


class _Box(TextInput):
    """Down goes to the villages found."""

    down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
        else:
            super().keyPressEvent(event)


def _search(typed: str, near: str) -> list[Any]:
    from posyandu.services import posts

    return list(posts.search_areas(typed, near, limit=LINES))
