"""Persetujuan on a person's card: how they stand to each thing they were told about, and the sheet that notes it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posyandu.domain.calendar import short_date
from posyandu.domain.consent import STATES, Standing
from posyandu.domain.forms.consent import FORM, PURPOSES, TEXTS, VERSION
from posyandu.services import consents, post_affairs
from posyandu.text import _
from posyandu.ui.desk import Desk
from posyandu.ui.record_sheet import RecordSheet
from posyandu.ui.theme import px
from posyandu.ui.widgets.basics import Button, Card, Label, Row, ScrollPage, row_layout
from posyandu.ui.widgets.overlay import Overlay


class ConsentCard(Card):
    """A row for each purpose; pressed, what was noted last, or a new note when nothing was."""

    def __init__(self, desk: Desk, person_id: str) -> None:
        super().__init__(
            _("Persetujuan data"),
            action=_("Naskah"),
            on_action=lambda: TextSheet(self.window()),
            padding=(20, 18),
            spacing=2,
            rows=True,
        )
        assert self.action is not None
        self.action.setObjectName("button:naskah")
        self.setObjectName("consent")
        self.desk, self.person_id = desk, person_id
        self.kept = consents.of_person(desk.ws, person_id)
        for each in consents.stands(desk.ws, person_id):
            self.body.addWidget(self._row(each))
        new = Button(
            _("Catat persetujuan"), "secondary", "notebook-pen", name="button:persetujuan", on=lambda: self.note()
        )
        inset = row_layout(spacing=0)
        inset.setContentsMargins(px(8), px(6), px(8), 0)
        inset.addWidget(new, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addLayout(inset)

    def _row(self, each: Standing) -> Row:
        words, level = STATES[each.state]
        version = each.answers.get("text_version")
        parts = [
            _("Sejak {day}").format(day=short_date(each.on)) if each.on is not None else "",
            _("naskah {version}").format(version=version) if version else "",
            consents.wish_words(each.answers) if each.state == "withdrawn" else "",
            str(each.answers.get("giver_name") or ""),
        ]
        row = Row(
            _(PURPOSES[each.purpose]),
            ", ".join(part for part in parts if part),
            picture=("icon", "shield-check", level),
            chip=(_(words), level),
            name=f"persetujuan:{each.purpose}",
        )
        row.clicked.connect(lambda _on=False, each=each: self.note(each))
        return row

    def note(self, of: Standing | None = None) -> RecordSheet:
        """The sheet of what was noted last about a purpose, or of something new."""
        ws = self.desk.ws
        last = of is not None and of.state not in ("none", "again")
        row = next((row for row in self.kept if of is not None and last and row.answers == of.answers), None)
        told = row.answers if row is not None else consents.new(ws, self.person_id)
        if row is None and of is not None:
            told = {**told, "purpose": of.purpose}
        record_id = row.id if row is not None else None
        return RecordSheet(
            self.window(),
            self.desk,
            FORM,
            _("Persetujuan data"),
            told,
            self._done,
            record_id=record_id,
            is_new=row is None,
            first=("withdrawn_on",) if told.get("answer") == "agreed" else (),
            saved=_("Persetujuan tercatat"),
            about=(record_id or self.person_id, of.purpose if of is not None else ""),
            write=lambda given: consents.save(ws, self.person_id, record_id, given),
        )

    def _done(self, words: str, op_id: str) -> None:
        desk = self.desk

        def back() -> None:
            post_affairs.undo(desk.ws, op_id)
            desk.announce(FORM.name)

        desk.announce(FORM.name)
        if op_id:
            desk.toast(words, _("Batalkan"), back)


class TextSheet(Overlay):
    """The words that are read to people before they are asked."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host, _("Dibacakan sebelum bertanya"), width=640)
        self.setObjectName("naskah")
        paper = ScrollPage(margins=(0, 0, 10, 0), spacing=12)
        for words in TEXTS[VERSION]:
            paper.body.addWidget(Label(_(words), "body", wrap=True))
        paper.body.addWidget(Label(_("Naskah {version}").format(version=VERSION), "small", "text3"))
        paper.body.addStretch(1)
        self.body.addWidget(paper, 1)
        close = Button(_("Tutup"), "primary", name="button:tutup", on=self.reject)
        row = row_layout(spacing=0)
        row.addStretch(1)
        row.addWidget(close)
        self.body.addLayout(row)
        self.open_over(close)
