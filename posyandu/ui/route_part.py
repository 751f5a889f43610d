"""How a laptop gets to its server where an address is not enough: the network's proxy, the server's certificate."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from posyandu.text import _
from posyandu.ui import files
from posyandu.ui.widgets.basics import Button, Label, Labelled, TextInput, column_layout, row_layout


class RoutePart(QWidget):
    """Shut until somebody needs it: most networks and servers do not."""

    def __init__(self) -> None:
        super().__init__()
        self._root: Path | None = None
        column = column_layout(self, spacing=10)
        self.more = Button(_("Lewat proksi, atau sertifikat sendiri"), "quiet", "settings", name="button:jalur")
        self.more.setCheckable(True)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.fields = QWidget()
        part = column_layout(self.fields, spacing=10)
        self.place = TextInput(name="field:proksi", placeholder="10.1.1.1:8080", height=44)
        self.name = TextInput(name="field:proksi-nama", height=44)
        self.password = TextInput(name="field:proksi-sandi", height=44)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        part.addWidget(
            Labelled(_("Proksi jaringan kantor"), self.place, _("Kosongkan bila jaringan tidak memakainya."))
        )
        row = row_layout(spacing=10)
        row.addWidget(Labelled(_("Nama di proksi"), self.name), 1)
        row.addWidget(Labelled(_("Sandi di proksi"), self.password), 1)
        part.addLayout(row)
        self.file = Label("", "small", "text2", wrap=True)
        part.addWidget(self.file)
        pick = Button(_("Pilih sertifikat server"), "secondary", "folder-open", name="button:sertifikat", on=self._pick)
        part.addWidget(pick, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.fields)
        self.fields.hide()
        self.more.toggled.connect(self.fields.setVisible)
        self._show_file()

    def show_value(self, route: Any) -> None:  # noqa: ANN401 - services.synchronise.Route
        """Show how it is now."""
        for box, text in ((self.place, route.place), (self.name, route.name), (self.password, route.password)):
            box.setText(text)
        self._root = route.root
        self._show_file()
        self.more.setChecked(bool(route.place or route.root))

    def value(self) -> Any:  # noqa: ANN401 - services.synchronise.Route
        """What is typed and chosen."""
        from posyandu.services.synchronise import Route

        return Route(self.place.text(), self.name.text().strip(), self.password.text(), self._root)

    def _pick(self) -> None:
        kinds = _("Sertifikat (*.pem *.crt *.cer);;Semua berkas (*)")
        chosen = files.choose_file(self, _("Pilih sertifikat server"), kinds, None)
        if chosen is not None:
            self._root = chosen
            self._show_file()

    def _show_file(self) -> None:
        known = _("Sertifikat: {name}").format(name=self._root.name) if self._root else ""
        self.file.setText(known or _("Hanya bila petugas memberi berkas sertifikat (.pem)."))
