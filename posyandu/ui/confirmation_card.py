"""What a health worker says of a visit's computed results: read by everybody, written by health workers only."""

from typing import Any

from PySide6.QtWidgets import QWidget

from posyandu.domain.errors import PosyanduError
from posyandu.domain.form import Form
from posyandu.text import _
from posyandu.ui import errors
from posyandu.ui.desk import Desk
from posyandu.ui.theme import px
from posyandu.ui.widgets.basics import Button, Card, Label, Labelled, Row, TextInput
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.picker import Picker
from posyandu.ui.widgets.sheet_draft import SheetDraft


def confirmation_card(
    desk: Desk,
    form: Form,
    visit_id: str,
    person_id: str,
    assessment: Any,  # noqa: ANN401 - services.judging.Assessment
) -> QWidget | None:
    """The card, or None: for others than health workers it is there once something was said."""
    from posyandu.services import confirmations

    ws = desk.ws
    said = confirmations.of_visit(ws, visit_id)
    found = confirmations.results(ws, assessment, said)
    may = confirmations.may_confirm(ws)
    shown = [each for each in found if may or each.subject in said]
    if not shown:
        return None
    card = Card(_("Konfirmasi tenaga kesehatan"), padding=(20, 18), spacing=2, rows=True)
    card.setObjectName("confirmations")
    for result in shown:
        word = said.get(result.subject)
        detail = _("{what}, hasil hitung").format(what=result.title)
        level = "neutral"
        chip = None
        if word is not None:
            level = "warn" if word.differs or confirmations.is_stale(word, result) else "ok"
            stale = confirmations.is_stale(word, result)
            chip = (_("Data berubah") if stale else _("Berbeda") if word.differs else _("Sesuai"), level)
        row = Row(
            result.words,
            detail,
            picture=("icon", "shield-check" if word is not None else "circle", level),
            chip=chip,
            chevron=may,
            name=f"konfirmasi:{result.subject}",
        )
        row.setToolTip(f"{result.words}. {detail}")
        if may:
            row.clicked.connect(
                lambda _on=False, result=result: ConfirmSheet(desk, form, visit_id, person_id, result, card.window())
            )
        card.body.addWidget(row)
        if word is not None:
            said_so = Label(word.words, "small", "text", wrap=True)
            said_so.setContentsMargins(px(52), 0, 0, px(6))
            card.body.addWidget(said_so)
    return card


class ConfirmSheet(Overlay):
    """One computed result, what the health worker finds, and why when it differs."""

    def __init__(
        self,
        desk: Desk,
        form: Form,
        visit_id: str,
        person_id: str,
        result: Any,  # noqa: ANN401 - services.confirmations.Result
        host: QWidget,
    ) -> None:
        super().__init__(host, result.title)
        self.desk, self.form, self.visit_id, self.person_id, self.found = desk, form, visit_id, person_id, result
        words = _("Hasil hitung: {words}. Hasil hitung tetap tersimpan; putusan Anda dicatat di sampingnya.")
        self.body.addWidget(Label(words.format(words=result.words), "body", "text2", wrap=True))
        self.value = Picker(list(result.options), name="field:putusan", accessible=_("Putusan"))
        self.value.set_value(result.code)
        self.body.addWidget(Labelled(_("Menurut pemeriksaan Anda"), self.value))
        self.reason = TextInput(
            name="alasan", accessible=_("Alasan"), placeholder=_("Misalnya: diukur ulang, panjang 76 cm")
        )
        self.reason.returnPressed.connect(self.save)
        self.body.addWidget(Labelled(_("Alasan, bila berbeda"), self.reason))
        self.foot(Button(_("Simpan putusan"), "primary", name="button:ya", on=self.save))
        self.open_over(self.value)
        if not form.restricted:
            SheetDraft(self, desk, "putusan", person_id, visit_id, result.subject)

    def save(self) -> None:
        """Keep it, or say what is missing."""
        from posyandu.services import confirmations

        try:
            saved = confirmations.confirm(
                self.desk.ws,
                self.form,
                self.visit_id,
                self.person_id,
                self.found,
                str(self.value.value()),
                self.reason.text(),
            )
        except PosyanduError as error:
            self.say(errors.sentence(error))
            return
        self.accept()
        self.desk.announce("confirmation")

        def undo() -> None:
            confirmations.undo(self.desk.ws, saved.op_id)
            self.desk.announce("confirmation")

        self.desk.toast(_("Putusan tersimpan"), _("Batalkan"), undo)
