"""Who signs the reports of many posts: one row for each village, puskesmas, kecamatan and kabupaten of the book."""

from posyandu.domain.fields import Answers
from posyandu.services.levels import Level
from posyandu.text import _
from posyandu.ui.desk import Desk
from posyandu.ui.record_sheet import RecordSheet
from posyandu.ui.widgets.basics import Card, Label, Row


class SignersCard(Card):
    """The levels, each with the duties that sign; pressing one asks for others."""

    def __init__(self, desk: Desk) -> None:
        from posyandu.services import levels

        super().__init__(_("Penanda tangan laporan wilayah"), spacing=4, rows=True)
        self.desk = desk
        self.rows: dict[str, Row] = {}
        for level in levels.levels(desk.ws):
            row = Row(level.title, picture=("icon", "pencil", "neutral"), name=f"penanda-tangan:{level.code}")
            row.clicked.connect(lambda _on=False, each=level: self.ask(each))
            self.rows[level.code] = row
            self.body.addWidget(row)
            self._tell(level.code)
        self.body.addWidget(Label(_("Tertulis di laporan yang dibuat dari laptop ini."), "small", "text3", wrap=True))

    def ask(self, level: Level) -> RecordSheet:
        """A sheet with the duties, names and NIP of those who sign for this level."""
        from posyandu.services import signers

        def write(told: Answers) -> str:
            signers.choose(self.desk.ws, level.code, told)
            return ""

        def done(words: str, _id: str) -> None:
            self._tell(level.code)
            self.desk.toast(words)

        told = signers.answers(self.desk.ws, level.code)
        return RecordSheet(
            self.window(), self.desk, signers.FORM, level.title, told, done, about=(level.code,), write=write
        )

    def _tell(self, code: str) -> None:
        from posyandu.services import signers

        told = signers.answers(self.desk.ws, code)
        duties = [str(told[name]) for name in ("role_1", "role_2", "role_3") if told.get(name)]
        self.rows[code].show_state(detail=", ".join(duties))
