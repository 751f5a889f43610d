"""Beside what a visit means: what was not examined, its slip, the checklist of the age, a health worker's word.

The hint of weight faltering and the buttons to confirm are there for health workers only.
"""

from contextlib import suppress
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from posyandu.domain import examined, faltering
from posyandu.domain.calendar import age_months
from posyandu.domain.child import ChildAssessment
from posyandu.domain.development import DevelopmentAssessment
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Answers
from posyandu.domain.forms.development import FORM
from posyandu.domain.standards import DevelopmentBand
from posyandu.domain.weighing import Weighing
from posyandu.services.people import PersonCard
from posyandu.services.visits import OpenVisit
from posyandu.text import _
from posyandu.ui.checklist_sheet import ChecklistSheet
from posyandu.ui.confirmation_card import confirmation_card
from posyandu.ui.desk import Desk
from posyandu.ui.referral_sheets import ReferSheet
from posyandu.ui.widgets.basics import Button, Card, Label, Notice, clear, column_layout
from posyandu.ui.widgets.sheet_draft import SheetDraft

CHILD = "under_five_visit"


class VisitAside(QWidget):
    """`show_live` with every key, `show_saved` once the visit stands; `told` answers a question of the visit."""

    told = Signal(str, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._visit: OpenVisit | None = None
        self._judged: Any = None
        column = column_layout(self, spacing=12)
        self.missing = Label("", "small", "text2", wrap=True)
        self.missing.setObjectName("belum-diperiksa")
        self.hint = Notice("info", "")
        self.hint.setObjectName("petunjuk-nakes")
        self.refer = Button(_("Surat rujukan"), "secondary", "send", name="button:surat-rujukan", on=self.open_slip)
        self.more = column_layout(spacing=12)
        column.addWidget(self.missing)
        column.addWidget(self.hint)
        column.addWidget(self.refer, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self.more)
        for widget in (self.missing, self.hint, self.refer):
            widget.hide()
        desk.records_changed.connect(self._follow)

    def show_live(self, visit: OpenVisit, answers: Answers, judged: Any, card: PersonCard) -> None:  # noqa: ANN401
        """What the answers as they stand leave out, and the hint for health workers."""
        self._visit, self._judged = visit, judged
        rules = self.desk.ws.standards.on(visit.on)
        missing = () if judged is None else examined.not_examined(
            rules, visit.form.name, visit.person, visit.on, answers
        )  # fmt: skip
        self.missing.setText(examined.sentence(missing))
        self.missing.setVisible(bool(missing))
        words = self._hint(visit, answers, card) if visit.form.name == CHILD else ""
        if words:
            self.hint.set_text("info", words)
        self.hint.setVisible(bool(words))

    def _hint(self, visit: OpenVisit, answers: Answers, card: PersonCard) -> str:
        from posyandu.services import confirmations

        sex, born_on, grams = visit.person.get("sex"), visit.person.get("born_on"), answers.get("weight_g")
        known = isinstance(sex, str) and isinstance(born_on, date) and isinstance(grams, int)
        known = known and (self._judged is None or "weight_g" not in self._judged.spoilt)
        if not known or not confirmations.may_confirm(self.desk.ws):
            return ""
        weighings = [
            Weighing(on, earlier, None)
            for row, judged in zip(card.visits, card.assessments, strict=True)
            if row.id != visit.record_id
            and "weight_g" not in judged.spoilt
            and isinstance(earlier := row.answers.get("weight_g"), int)
            and isinstance(on := row.answers.get("visited_on"), date)
            and on < visit.on
        ]
        assert isinstance(sex, str)
        assert isinstance(born_on, date)
        assert isinstance(grams, int)
        waz = self._judged.z.waz if isinstance(self._judged, ChildAssessment) else None
        rules = self.desk.ws.standards.on(visit.on)
        said = faltering.hint(rules, sex, born_on, [*weighings, Weighing(visit.on, grams, None)], waz)
        return (
            _("Untuk tenaga kesehatan: mungkin weight faltering, perlu dipastikan. {why}").format(why=said)
            if said
            else ""
        )

    def show_saved(self, visit: OpenVisit) -> None:
        """What can be done with a visit that stands: its slip, a health worker's word; and the checklist of the age."""
        self._visit = visit
        stands = visit.saved_at is not None and not visit.form.restricted
        self.refer.setVisible(
            stands and ("referral" in visit.form.fields or bool(getattr(self._judged, "refer", False)))
        )
        clear(self.more)
        if stands:
            card = confirmation_card(self.desk, visit.form, visit.record_id, visit.person_id, self._judged)
            if card is not None:
                self.more.addWidget(card)
        if visit.form.name == CHILD and (checklist := self._checklist(visit)) is not None:
            self.more.addWidget(checklist)

    def _checklist(self, visit: OpenVisit) -> QWidget | None:
        """The checklist of Buku KIA for the age the child has just completed, to be read out."""
        born_on = visit.person.get("born_on")
        if not isinstance(born_on, date) or born_on > visit.on:
            return None
        band = self.desk.ws.standards.on(visit.on).checklist(age_months(born_on, visit.on))
        if band is None:
            return None
        card = Card(_("Checklist perkembangan {age}").format(age=_(band.label)), padding=(20, 18), spacing=4)
        card.setObjectName("checklist")
        words = _("Semua dapat dilakukan: Lengkap. Ada yang belum: Tidak lengkap, laporkan ke bidan.")
        card.body.addWidget(Label(words, "small", "text2", wrap=True))
        kept = self._ticks(visit)
        signs = {True: "\N{CHECK MARK}", False: "\N{MULTIPLICATION SIGN}"}
        for number, name in enumerate(band.items, 1):
            sign = signs.get(kept.answers.get(name), f"{number}.")  # type: ignore[call-overload]
            ink = "bad" if kept.answers.get(name) is False else "text"
            card.body.addWidget(Label(f"{sign} {_(FORM.fields[name].label)}", "small", ink, wrap=True))
        tick = Button(_("Tandai satu per satu"), "quiet", "list-checks", name="button:checklist")
        tick.clicked.connect(lambda: self._ask_ticks(visit, band))
        card.body.addWidget(tick, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _ask_ticks(self, visit: OpenVisit, band: DevelopmentBand) -> None:
        kept = self._ticks(visit)
        sheet = ChecklistSheet(self.desk, self.window(), band, kept.answers, self._keep_ticks)
        SheetDraft(sheet, self.desk, FORM.name, visit.person_id, kept.record_id, view=sheet.view)

    def _ticks(self, visit: OpenVisit) -> OpenVisit:
        """The lines ticked on the day of a visit."""
        from posyandu.services import companions, visits

        ws, record_id = self.desk.ws, None
        if visit.session_id is None:
            found = companions.companions(ws, visit.person_id, None, visit.on)
            record_id = next(each.record_id for each in found if each.form is FORM)
        return visits.open_visit(ws, FORM, visit.session_id, visit.person_id, record_id=record_id, on=visit.on)

    def _keep_ticks(self, ticks: Answers) -> None:
        """Save the lines, and say in the visit what they come to."""
        from posyandu.services import visits

        visit = self._visit
        assert visit is not None
        home, ws = self._ticks(visit), self.desk.ws
        saved = visits.record(
            ws, FORM, visit.session_id, visit.person_id, {**ticks, "visited_on": visit.on}, record_id=home.record_id
        )
        if isinstance(saved.assessment, DevelopmentAssessment):
            self.told.emit("development", saved.assessment.result)
        self.desk.announce(FORM.name)

    def open_slip(self) -> None:
        """Write the slip of this visit."""
        if self._visit is not None:
            visit = self._visit
            ReferSheet(self.desk, self.window(), visit.person_id, visit.form.name, visit.record_id)

    def _follow(self, forms: frozenset[str]) -> None:
        if self.isVisible() and self._visit is not None and forms & {"confirmation", "referral", FORM.name}:
            with suppress(NotFound):  # erased on request meanwhile: saving says so
                self.show_saved(self._visit)
