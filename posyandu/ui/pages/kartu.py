"""The card of one person: where they stand, their history by month, their curves, their family, what was corrected."""

from collections import deque
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from posyandu.domain import calendar, examined
from posyandu.domain.catin import is_catin
from posyandu.domain.child import ChildAssessment
from posyandu.domain.duties import MAY_ERASE
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Answers, Value
from posyandu.domain.form import Form
from posyandu.domain.forms.immunisation import DOSE
from posyandu.domain.forms.registration import PERSON, has_disability, has_jkn, has_no_nik
from posyandu.domain.outcome import VisitAssessment
from posyandu.domain.pregnancy import PregnancyAssessment, due_on, gestation
from posyandu.domain.referral import Finding
from posyandu.domain.service_group import AFTER_BIRTH, Group
from posyandu.services import births, corrections, feeding, lists_life, mistakes, people, sessions, visits
from posyandu.services.corrections import Correction
from posyandu.services.life_events import TimelineEntry
from posyandu.services.people import PersonCard, PersonHit
from posyandu.services.workspace import Workspace
from posyandu.text import N_, _
from posyandu.ui import errors, files, theme
from posyandu.ui.chart import PAST_KMS, ChartHead, GrowthChart, child_chart, gain_chart, score_chart
from posyandu.ui.companions_card import companions_card
from posyandu.ui.consent_card import ConsentCard
from posyandu.ui.desk import Desk
from posyandu.ui.editors import answer_text
from posyandu.ui.feeding_card import FeedingCard
from posyandu.ui.mistakes import ask_person, bring_back, taken_words
from posyandu.ui.pages.kunjungan import PersonHead, length_points, weight_points, wrong_days
from posyandu.ui.referral_sheets import AnswerSheet, ReferSheet
from posyandu.ui.verdict import (
    FindingsCard,
    Tiles,
    child_facts,
    child_words,
    due_text,
    index_words,
    outcome_facts,
    pregnancy_facts,
)
from posyandu.ui.widgets.arrange import Columns, Deeds
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Chip,
    Label,
    Notice,
    Page,
    Row,
    Rule,
    ScrollPage,
    Segmented,
    clear,
    column_layout,
    row_layout,
)
from posyandu.ui.widgets.dose_card import DoseCardView, TetanusCard

CHARTS = ("waz", "haz", "whz", "hcz")
PRESCHOOL_CHARTS = ("baz", "haz")
ONLY_CURVE = {"school_visit": N_("Indeks massa tubuh menurut umur"), "pregnancy_visit": N_("Kenaikan berat badan")}
"""What the one curve of a card is called while there is nothing to draw."""
WOMEN = (Group.PREGNANT, Group.POSTPARTUM, Group.ADULT, Group.YOUTH)
STATUS_WORDS = {"away": N_("Pergi sementara"), "moved": N_("Pindah"), "died": N_("Meninggal")}
SHOWN_AT_FIRST = 8
CARD_KINDS = {
    "under_five_visit": "kartu_balita",
    "pregnancy_visit": "kartu_bumil",
    "postpartum_visit": "kartu_nifas",
    "school_visit": "kartu_sekolah",
    "adult_visit": "kartu_dewasa",
}
"""The ILP card printed for whoever has visits of this form."""


class KartuPage(Page):
    """`open(person_id=...)`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.card: PersonCard | None = None
        self.person_id = ""
        self.head = PersonHead()
        columns = Columns(46, 54)
        self.left, self.right = columns.left, columns.right
        column_layout(self).addWidget(columns)
        self.chart = GrowthChart()
        self.bar = QWidget()
        self.bar_row = row_layout(self.bar, spacing=8)
        self._main: Button | None = None
        self._all = False
        self.findings = FindingsCard()
        self._control: tuple[Finding, ...] = ()
        self.doses: DoseCardView | None = None
        self.more: Button | None = None
        self._due: deque[Callable[[PersonCard], object]] = deque()
        self._rest = QTimer(self, interval=0)
        self._rest.timeout.connect(self._build_next)
        desk.records_changed.connect(self._follow)

    def open(self, **kwargs: object) -> None:
        """Show this person."""
        self.person_id = str(kwargs.get("person_id") or self.person_id)
        self._all = False
        self._show()

    def _show(self) -> None:
        ws = self.desk.ws
        self.card = card = people.card(ws, self.person_id)
        self.title = card.hit.name
        self.head.show_person(card, ws.today())
        for side in (self.left, self.right):
            clear(side.body)
            side.body.addStretch(1)
        if gone := taken_words(ws, PERSON, self.person_id):
            _add(self.left, Notice("warn", gone, _("Kembalikan"), lambda: bring_back(self.desk, PERSON, card.hit.id)))
        status = STATUS_WORDS.get(card.hit.status)
        if status:
            left_on = card.person.get("left_on")
            when = f", {calendar.date_text(left_on)}" if isinstance(left_on, date) else ""
            _add(self.left, Notice("info", f"{_(status)}{when}."))
        if told := " ".join(to_know(card.person, ws.today())):
            _add(self.left, Notice("info", told))
        _add(self.left, self._summary(card))
        self.doses = self.more = None
        self._due = deque(
            (
                self._add_charts,
                self._add_timeline,
                self._add_findings,
                self._add_feeding,
                self._add_doses,
                self._add_companions,
                self._add_family,
                self._add_consent,
                self._add_history,
            )
        )
        if gone:
            self._due = deque((self._add_timeline, self._add_history))
        self._show_bar(card, gone=bool(gone))
        self.header_changed.emit()
        self._rest.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees is not built."""
        super().hideEvent(event)
        self._rest.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on where it was left."""
        super().showEvent(event)
        self._rest.start()

    def _build_next(self) -> None:
        """One part a turn, from the top down: the keys are answered in between."""
        if self.card is None or self.desk.closed or not self._due:
            self._rest.stop()
        else:
            self._due.popleft()(self.card)

    def finish_building(self) -> None:
        """Build now what is not built yet."""
        while self._due and self.card is not None:
            self._due.popleft()(self.card)

    def _add_timeline(self, card: PersonCard) -> None:
        _add(self.left, self._timeline(card))

    def _add_charts(self, card: PersonCard) -> None:
        if card.form in ("under_five_visit", "pregnancy_visit", "school_visit"):
            _add(self.right, self._charts(card))

    def _add_findings(self, card: PersonCard) -> None:
        self.findings = FindingsCard()
        gone = card.hit.status in ("moved", "died")
        self._control = () if gone else lists_life.control_of(self.desk.ws, self.person_id, self.desk.ws.today())
        _add(self.right, self.findings)
        if (sent := self._referrals(card)) is not None:
            _add(self.right, sent)
        self._show_findings()

    def _add_doses(self, card: PersonCard) -> None:
        if card.form == "under_five_visit" or card.hit.group is Group.SCHOOL:
            self.doses = DoseCardView(self.desk, self.person_id)
            self.doses.changed.connect(self._show_findings)
            _add(self.right, self.doses)
            self._show_findings()
        elif card.hit.sex == "female" and card.hit.group in WOMEN:
            _add(self.right, TetanusCard(self.desk, self.person_id))

    def _add_feeding(self, card: PersonCard) -> None:
        if card.hit.group in feeding.GROUPS and card.hit.status not in ("moved", "died"):
            _add(self.right, FeedingCard(self.desk, card))

    def _add_family(self, card: PersonCard) -> None:
        _add(self.right, self._family(card))

    def _add_consent(self, card: PersonCard) -> None:
        _add(self.right, ConsentCard(self.desk, card.hit.id))

    def _add_history(self, card: PersonCard) -> None:
        if card.history:
            _add(self.right, self._history(card))

    def _add_companions(self, card: PersonCard) -> None:
        if card.hit.status in ("moved", "died"):
            return
        ws = self.desk.ws
        day = sessions.current(ws, ws.posyandu_id)
        beside = companions_card(self.desk, self.person_id, day.id if day else None, day.held_on if day else ws.today())
        if beside is not None:
            _add(self.right, beside)

    def _follow(self, forms: frozenset[str]) -> None:
        """Show again what was changed; the immunisations show themselves."""
        if not self.isVisible() or not self.person_id or forms == {DOSE.name}:
            return
        try:
            self._show()
        except NotFound:  # erased on request, here or by another laptop
            self.person_id = ""
            self.desk.go("sasaran")

    def _show_findings(self) -> None:
        """What the last visit, an illness that is known and the immunisations ask for."""
        card = self.card
        assert card is not None
        visit = tuple(card.assessments[-1].findings) if card.assessments else ()
        self.findings.show_findings((*visit, *self._control, *(self.doses.card.findings if self.doses else ())))

    def header(self) -> QWidget:
        """Who it is."""
        return self.head

    def first_focus(self) -> QWidget | None:
        """The main button."""
        return self._main

    def action_bar(self) -> QWidget:
        """What can be done with this person."""
        return self.bar

    # ---- left

    def _summary(self, card: PersonCard) -> Card:
        made = Card(padding=(20, 18), spacing=12)
        last = card.assessments[-1] if card.assessments else None
        if isinstance(last, ChildAssessment):
            headline, detail, level, chip, _sign = child_words(last)
            facts = child_facts(last)
        elif isinstance(last, PregnancyAssessment) and card.pregnancy is not None:
            headline, detail = self._how_far(card.pregnancy)
            level, chip = last.level, ""
            rules = self.desk.ws.standards.on(last.visited_on)
            facts = pregnancy_facts(rules, last, card.visits[-1].answers)
        elif isinstance(last, VisitAssessment):
            headline, _dot, detail = last.headline.partition(". ")
            headline, level, chip, facts = headline.rstrip("."), last.level, "", outcome_facts(last)
        else:
            group = card.hit.group_label or _("Belum ada kelompok")
            made.body.addWidget(Label(group, "h3"))
            if card.hit.group is Group.PREGNANT and card.pregnancy is not None:
                for words in filter(None, self._how_far(card.pregnancy)):
                    made.body.addWidget(Label(words, "body", wrap=True))
            words = (
                _("Belum ada kunjungan.") if card.form else _("Tanggal lahirnya belum ada. Lengkapi lewat Ubah data.")
            )
            made.body.addWidget(Label(words, "small", "text2", wrap=True))
            return made
        on = card.visits[-1].answers["visited_on"]
        assert isinstance(on, date)
        top = row_layout(spacing=12)
        lines = column_layout(spacing=2)
        lines.addWidget(Label(headline, "h3", level if level in ("ok", "warn", "bad") else "text", wrap=True))
        if detail:
            lines.addWidget(Label(detail, "small", "text2", wrap=True))
        lines.addWidget(Label(_("Kunjungan {day}").format(day=calendar.date_text(on)), "small", "text3", wrap=True))
        top.addLayout(lines, 1)
        if chip:
            letter, _dot, words = chip.partition("  ·  ")
            chip = letter if words and headline.startswith(words) else chip  # said already, beside it
            top.addWidget(Chip(chip, level if level in theme.LEVELS else "neutral"), 0, Qt.AlignmentFlag.AlignTop)
        made.body.addLayout(top)
        made.body.addWidget(Tiles(facts))
        rules = self.desk.ws.standards.on(on)
        missing = examined.not_examined(rules, card.form or "", card.person, on, card.visits[-1].answers)
        if missing:
            made.body.addWidget(Label(examined.sentence(missing), "small", "text2", wrap=True))
        return made

    def _how_far(self, pregnancy: Answers) -> tuple[str, str]:
        """How long she is pregnant today, and when the child is due, "" when no date tells."""
        today = self.desk.ws.today()
        far, due = gestation(pregnancy, today), due_on(pregnancy)
        headline = _("Hamil {age}").format(age=far.text) if far else _("Umur kehamilan belum diketahui")
        return headline, due_text(due, (due - today).days) if due else ""

    def _timeline(self, card: PersonCard) -> Card:
        self.timeline = made = Card(_("Riwayat"), padding=(20, 18), spacing=0)
        if not card.timeline:
            made.body.addWidget(Label(_("Belum ada yang tercatat."), "small", "text2"))
        self._add_rows(card, 0, SHOWN_AT_FIRST)
        if self._all:
            self._show_all()
        elif len(card.timeline) > SHOWN_AT_FIRST:
            self.more = Button(
                _("Lihat semua ({n})").format(n=len(card.timeline)), "quiet", name="button:semua-riwayat"
            )
            self.more.clicked.connect(self._show_all)
            made.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        return made

    def _add_rows(self, card: PersonCard, first: int, many: int) -> None:
        for place, entry in enumerate(card.timeline[first : first + many], first):
            line = TimelineRow(entry, first=place == 0, last=place == len(card.timeline) - 1)
            if entry.form in {form.name for form in visits.VISIT_FORMS}:
                line.pressed.connect(self._open_visit)
                line.add_button()
            self.timeline.body.addWidget(line)

    def _show_all(self) -> None:
        """The rows not shown at first, some a turn."""
        assert self.card is not None
        self._all = True
        if self.more is not None:
            self.more.hide()
        for first in range(SHOWN_AT_FIRST, len(self.card.timeline), SHOWN_AT_FIRST):
            self._due.append(partial(self._add_rows, first=first, many=SHOWN_AT_FIRST))
        self._rest.start()

    def _open_visit(self, entry: TimelineEntry) -> None:
        self.desk.go("kunjungan", person_id=self.person_id, record_id=entry.record_id, form=entry.form)

    # ---- right

    def _charts(self, card: PersonCard) -> Card:
        made = Card(padding=(20, 16), spacing=12)
        self.chart = GrowthChart()
        self.chart.setFixedHeight(theme.px(320))
        self.chart_head = ChartHead()
        self.no_chart = Label("", "small", "text2", wrap=True)
        months = self._months(card)
        charts: tuple[str, ...] = PRESCHOOL_CHARTS if months is not None and months >= PAST_KMS else CHARTS
        if card.form == "school_visit":
            charts = ("baz",)
        if card.form == "under_five_visit":
            tabs = Segmented(
                [(code, _("LK/U") if code == "hcz" else index_words(code, months)[1]) for code in charts],
                charts[0],
                name="chart",
                accessible=_("Kurva"),
                tick=False,
            )
            tabs.changed.connect(lambda code: self.show_chart(str(code)))
            made.body.addWidget(tabs)
        made.body.addWidget(self.chart_head)
        made.body.addWidget(self.chart)
        made.body.addWidget(self.no_chart)
        if card.form == "school_visit":
            printing = Button(_("Cetak kurva"), "quiet", "printer", name="button:cetak-kurva", on=self.print_curves)
            made.body.addWidget(printing, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_chart(charts[0])
        return made

    def _months(self, card: PersonCard) -> int | None:
        """The age at the last visit."""
        born_on = card.person.get("born_on")
        on = card.visits[-1].answers["visited_on"] if card.visits else self.desk.ws.today()
        assert isinstance(on, date)
        return calendar.age_months(born_on, on) if isinstance(born_on, date) else None

    def show_chart(self, index: str) -> None:
        """Show one of the curves."""
        card, ws = self.card, self.desk.ws
        assert card is not None
        on = card.visits[-1].answers["visited_on"] if card.visits else ws.today()
        assert isinstance(on, date)
        style = self.desk.preferences.kms_style
        if card.form == "pregnancy_visit":
            points = [
                (day, grams, True)
                for row in card.visits
                if isinstance(grams := row.answers.get("weight_g"), int)
                and isinstance(day := row.answers.get("visited_on"), date)
            ]
            geometry = gain_chart(ws, card.pregnancy, points, on, wrong_days(card)) if card.pregnancy else None
        elif index == "waz":
            geometry = child_chart(ws, "waz", card.person, weight_points(card), on, style=style)
        elif index == "haz":
            geometry = child_chart(ws, "haz", card.person, length_points(card), on)
        else:
            told = [row.answers for row in card.visits]
            geometry = score_chart(ws, index, card.person, told, wrong=wrong_days(card))
        self.chart.show_chart(geometry)
        self.chart.setVisible(geometry is not None)
        without = (_(ONLY_CURVE[card.form]) if card.form in ONLY_CURVE else "", "")
        self.chart_head.show_words(*(geometry.title, geometry.subtitle) if geometry else without)
        self.no_chart.setVisible(geometry is None)
        self.no_chart.setText(_("Belum ada ukuran untuk kurva ini."))

    def _referrals(self, card: PersonCard) -> Card | None:
        """Where the person was sent, what came back, and the way to the slip; None when nothing asks for it."""
        from posyandu.services import referrals

        ws, window = self.desk.ws, self.window()
        kept = referrals.of_person(ws, self.person_id)
        asks = bool(card.assessments) and card.assessments[-1].refer
        if not kept and not asks:
            return None
        made = Card(_("Rujukan"), padding=(20, 18), spacing=2, rows=True)
        made.setObjectName("referrals")
        chips = {"open": (_("Belum dijawab"), "warn"), "not_came": (_("Tidak datang"), "bad")}
        for sent in kept[:4]:
            chip = chips.get(sent.state, (_("Sudah dijawab"), "ok"))
            title = f"{referrals.place_name(sent.answers)}, {calendar.short_date(sent.on)}"
            reason = str(sent.answers.get("reasons") or "").partition("\n")[0].partition(": ")[0]
            detail = reason if sent.state in ("open", "seen") else referrals.answer_words(sent.answers)
            row = Row(title, detail, picture=("icon", "send", chip[1]), chip=chip, name=f"rujukan:{sent.record_id}")
            row.setToolTip(sent.words)
            row.clicked.connect(lambda _on=False, sent=sent: AnswerSheet(self.desk, window, sent))
            made.body.addWidget(row)
        slip = Button(_("Surat rujukan"), "secondary", "send", name="button:surat-rujukan")
        slip.clicked.connect(
            lambda: ReferSheet(self.desk, self.window(), self.person_id, *referrals.last_visit(ws, self.person_id))
        )
        made.body.addSpacing(theme.px(6))
        made.body.addWidget(slip, 0, Qt.AlignmentFlag.AlignLeft)
        return made

    def _family(self, card: PersonCard) -> Card:
        made = Card(
            _("Keluarga"),
            action=_("Laporkan masalah"),
            on_action=lambda: self.desk.go("lapor_sosial", person_id=self.person_id),
            padding=(20, 18),
            spacing=2,
            rows=True,
        )
        if made.action is not None:
            made.action.setObjectName("button:lapor")
        if card.guardian or card.person.get("guardian_name"):
            made.body.addWidget(self._guardian_row(card))
        for hit in card.wards:
            made.body.addWidget(self._family_row(hit, _("Diasuh di sini")))
        wards = {hit.id for hit in card.wards}
        for hit in card.household:
            if hit.id in wards or hit == card.guardian:
                continue
            made.body.addWidget(self._family_row(hit))
        if not card.household:
            made.body.addWidget(Label(_("Belum ada anggota keluarga lain yang tercatat."), "small", "text2", wrap=True))
        return made

    def _guardian_row(self, card: PersonCard) -> Row:
        """Who looks after them every day; pressed, their card, or where a mere name is corrected."""
        told = card.person.get("guardian_role")
        role = "" if told is None else answer_text(PERSON.fields["guardian_role"], told)
        detail = ", ".join(part for part in (_("Wali atau pengasuh"), role) if part)
        if (hit := card.guardian) is not None:
            row = Row(hit.name, detail, picture=("avatar", hit.name, hit.sex), name="guardian")
            row.clicked.connect(lambda: self.desk.go("kartu", person_id=hit.id))
            return row
        row = Row(str(card.person["guardian_name"]), detail, picture=("icon", "user", None), name="guardian")
        row.clicked.connect(lambda: self.desk.go("daftar", person_id=self.person_id))
        return row

    def _family_row(self, hit: PersonHit, told: str = "") -> Row:
        detail = ", ".join(part for part in (told, hit.group_label, hit.age_text) if part)
        row = Row(hit.name, detail, picture=("avatar", hit.name, hit.sex), name=f"family:{hit.id}")
        row.clicked.connect(lambda: self.desk.go("kartu", person_id=hit.id))
        return row

    def _history(self, card: PersonCard) -> Card:
        """Corrections, newest first: the old value struck through, the new one beside it."""
        made = Card(_("Perubahan data"), padding=(20, 18), spacing=12)
        made.setObjectName("history")
        entries = corrections.of(self.desk.ws, card)
        for place, entry in enumerate(entries[:6]):
            if place:
                made.body.addWidget(Rule())
            made.body.addWidget(self._history_row(entry, newest=place == 0 and len(entries) > 1))
        return made

    def _history_row(self, entry: Correction, *, newest: bool) -> QWidget:
        made = QWidget()
        row = row_layout(made, spacing=12)
        column = column_layout(spacing=3)
        at = entry.at.astimezone(self.desk.ws.now().tzinfo)
        when = f"{calendar.short_date(at.date())}, {at:%H.%M}"
        told = "  ·  ".join(part for part in (when, entry.who, entry.reason) if part)
        column.addWidget(Label(told, "small", "text3", wrap=True))
        if entry.about:
            column.addWidget(Label(entry.about, "small_strong", "text", wrap=True))
        if entry.taken is not None:
            column.addWidget(Label(_("Dihapus dari buku") if entry.taken else _("Dikembalikan"), "small", "text"))
        elif not entry.changes:
            column.addWidget(Label(_("{n} data diisi").format(n=entry.filled), "small", "text"))
        form = entry.form
        for name, (old, new) in list(entry.changes.items())[:8]:
            column.addWidget(ChangeLabel(_(form.fields[name].label), _shown(form, name, old), _shown(form, name, new)))
        row.addLayout(column, 1)
        if entry.taken and (gone := mistakes.taken(self.desk.ws, form, entry.record_id)) and gone.op_id == entry.op_id:
            back = Button(_("Kembalikan"), "quiet", "undo-2", name=f"button:kembalikan:{entry.record_id}")
            back.clicked.connect(lambda: bring_back(self.desk, form, entry.record_id))
            row.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        elif newest and entry.changes and entry.taken is None:
            undo = Button(_("Batalkan"), "quiet", "undo-2", name="button:batalkan-perubahan")
            undo.clicked.connect(lambda: self._undo(entry.op_id, form.name))
            row.addWidget(undo, 0, Qt.AlignmentFlag.AlignTop)
        return made

    def _undo(self, op_id: str, form_name: str) -> None:
        people.undo(self.desk.ws, op_id)
        self.desk.announce(form_name)
        self.desk.toast(_("Perubahan dibatalkan"))
        if not self.isVisible():
            self._show()

    # ---- foot

    def _show_bar(self, card: PersonCard, *, gone: bool) -> None:
        clear(self.bar_row)
        self._main = None
        if gone:
            return
        deeds: list[tuple[str, str, str, Callable[[], object]]] = [
            (_("Ubah data"), "pencil", "button:ubah", lambda: self.desk.go("daftar", person_id=self.person_id)),
        ]
        may_bear = card.hit.sex == "female" and card.hit.group in AFTER_BIRTH | {Group.ADULT, Group.YOUTH}
        if card.pregnancy is not None or may_bear:
            words = _("Data kehamilan") if card.pregnancy is not None else _("Catat kehamilan")
            deeds.append(
                (words, "heart-pulse", "button:kehamilan", lambda: self.desk.go("daftar", pregnancy_of=self.person_id))
            )
        if self._may_note_birth(card):
            deeds.append(
                (
                    _("Persalinan"),
                    "baby",
                    "button:persalinan",
                    lambda: self.desk.go("persalinan", person_id=card.hit.id),
                )
            )
        if card.form == "under_five_visit":
            deeds.append((_("Cetak KMS"), "printer", "button:cetak-kms", self.print_kms))
        if card.form in CARD_KINDS:
            deeds.append((_("Kartu bantu"), "printer", "button:cetak-kartu", self.print_card))
        if card.hit.group is Group.ELDERLY:
            deeds.append((_("Kartu AKS dan SKILAS"), "printer", "button:cetak-kartu-lansia", self.print_elderly_card))
        if card.hit.status not in ("moved", "died"):
            deeds.append((_("Kunjungan rumah"), "house-heart", "button:kunjungan-rumah", self.visit_at_home))
        deeds += [  # rare, so that these find their place under "Lainnya" first
            (_("Pindah"), "map-pin", "button:keadaan", self.move_away),
            (
                _("Meninggal"),
                "circle-minus",
                "button:kematian",
                lambda: self.desk.go("kematian", person_id=self.person_id),
            ),
        ]
        deeds.append((_("Salah daftar"), "x", "button:salah-daftar", self.take_away))
        deeds.append((_("Salinan data"), "save", "button:salinan-data", self.copy_of_data))
        if self.desk.ws.practice or self.desk.ws.worker.role in MAY_ERASE:
            deeds.append((_("Hapus data"), "trash-2", "button:hapus-data", self.erase))
        buttons = []
        for words, icon, name, deed in deeds:
            button = Button(words, "quiet", icon, name=name, on=lambda _on=False, deed=deed: deed())
            buttons.append(button)
        self.bar_row.addWidget(Deeds(buttons))
        self.bar_row.addStretch(1)
        if card.form and card.hit.status not in ("moved", "died"):
            day = sessions.current(self.desk.ws, self.desk.ws.posyandu_id)
            words = _("Isi kunjungan hari ini") if day else _("Isi pengukuran")
            self._main = Button(words, "primary", "notebook-pen", name="button:kunjungan")
            self._main.clicked.connect(lambda: self.desk.go("kunjungan", person_id=self.person_id))
            self.bar_row.addWidget(self._main)

    def _may_note_birth(self, card: PersonCard) -> bool:
        """Whether a birth waits: she is pregnant, or a twin is not registered yet."""
        if card.pregnancy is None or card.pregnancy_id is None:
            return False
        noted = card.pregnancy.get("outcome") not in (None, "ongoing")
        return not noted or births.still_to_note(self.desk.ws, card.pregnancy_id) > 0

    def copy_of_data(self) -> None:
        """Ask, then write everything about this person into the documents folder, to be handed over."""
        from posyandu.services import person_file

        assert self.card is not None
        name, person_id = files.safe_name(_("Data {name}").format(name=self.card.hit.name)), self.person_id

        def save() -> None:
            self._job = self.desk.run(
                lambda ws: person_file.save(ws, person_id, files.folder(), name),
                lambda done: self.desk.toast(
                    _("{name} tersimpan").format(name=done.page.name), _("Buka"), lambda: files.show(done.page)
                ),
                lambda error: self.desk.toast(errors.sentence(error)),
                owner=self,
            )

        self.desk.ask(
            _("Simpan salinan data {name}?").format(name=self.card.hit.name),
            _(
                "Hanya atas permintaan orangnya atau orang tuanya. Berkasnya tidak terkunci: serahkan langsung, lalu "
                "hapus dari laptop. Penyimpanan ini tercatat di Pengaturan, Catatan akses."
            ),
            _("Simpan salinan"),
            save,
        )

    def visit_at_home(self) -> None:
        """The checklist for a visit to their home."""
        self.desk.go("kunjungan_rumah", person_id=self.person_id)

    def move_away(self) -> None:
        """Ask where to; who has left already has only their registration to correct."""
        from posyandu.services import families, posts
        from posyandu.ui.move_sheets import MoveSheet, tick_words

        assert self.card is not None
        if self.card.hit.status in ("moved", "died"):
            self.desk.go("daftar", person_id=self.person_id, focus="status")
            return
        near = next((post.village_code for post in posts.posts(self.desk.ws)), "")
        others = {hit.id: tick_words(hit) for hit in families.others_of(self.desk.ws, self.person_id)}
        MoveSheet(self.desk, self.window(), self.person_id, self.card.hit.name, near, others)

    def take_away(self) -> None:
        """Ask, then take off the book somebody who was registered by mistake."""
        assert self.card is not None
        hit, desk = self.card.hit, self.desk
        ask_person(desk, self.window(), hit, lambda: desk.go("sasaran"), lambda: desk.go("kartu", person_id=hit.id))

    def erase(self) -> None:
        """Open the sheet that says what an erasure on request takes away, and asks for it."""
        from posyandu.ui.erasure_sheet import EraseSheet

        EraseSheet(self.desk, self.window(), self.person_id, self.copy_of_data)

    def print_curves(self) -> None:
        """Write the curve of body mass by age as PDF into the documents folder and say where."""
        from posyandu.services import curves

        assert self.card is not None
        path = files.folder() / f"{files.safe_name(_('Kurva {name}').format(name=self.card.hit.name))}.pdf"
        person_id = self.person_id
        words = _("{name} tersimpan").format(name=path.name)
        self._job = self.desk.run(
            lambda ws: curves.save_curves(ws, person_id, path),
            lambda _done: self.desk.toast(words, _("Buka"), lambda: files.show(path)),
            lambda error: self.desk.toast(errors.sentence(error)),
            owner=self,
        )

    def print_card(self) -> None:
        """Write the ILP card of this person, filled with the visits, as PDF into the documents folder."""
        assert self.card is not None
        self._print(CARD_KINDS[self.card.form or ""], _("Kartu bantu {name}").format(name=self.card.hit.name))

    def print_elderly_card(self) -> None:
        """Write the card of AKS and SKILAS beside it, filled with the days on which they were asked."""
        assert self.card is not None
        self._print("kartu_lansia", _("Kartu AKS dan SKILAS {name}").format(name=self.card.hit.name))

    def _print(self, kind: str, name: str) -> None:
        from posyandu.services import reporting

        preferences, person_id = self.desk.preferences, self.person_id
        path = files.folder() / f"{files.safe_name(name)}.pdf"
        paper: Literal["A4", "F4"] = "F4" if preferences.paper == "F4" else "A4"
        words = _("{name} tersimpan").format(name=path.name)

        def work(ws: Workspace) -> object:
            sheet = reporting.build(ws, kind, ws.posyandu_id, person_id=person_id)
            return reporting.save_pdf(ws, sheet, path, paper, mono=preferences.mono, about_id=person_id)

        self._job = self.desk.run(
            work,
            lambda _done: self.desk.toast(words, _("Buka"), lambda: files.show(path)),
            lambda error: self.desk.toast(errors.sentence(error)),
            owner=self,
        )

    def print_kms(self) -> None:
        """Write the KMS as PDF into the documents folder and say where."""
        from posyandu.services import reporting

        assert self.card is not None
        path = files.folder() / f"{files.safe_name('KMS ' + self.card.hit.name)}.pdf"
        person_id = self.person_id
        paper: Literal["A4", "F4"] = "F4" if getattr(self.desk.preferences, "paper", "A4") == "F4" else "A4"
        style = self.desk.preferences.kms_style
        words = _("{name} tersimpan").format(name=path.name)
        self._job = self.desk.run(
            lambda ws: reporting.kms_pdf(ws, person_id, path, paper, style=style),
            lambda _done: self.desk.toast(words, _("Buka"), lambda: files.show(path)),
            lambda error: self.desk.toast(errors.sentence(error)),
            owner=self,
        )


def to_know(person: Answers, today: date) -> list[str]:
    """What whoever sits before this person ought to know first, a sentence each; only what was told."""
    found = []
    if has_disability(person):
        kind = _shown(PERSON, "disability", person.get("disability")).lower()
        found.append(_("Disabilitas: {kind}.").format(kind=kind))
        for name, words in (("communication", _("Cara berbicara: {told}.")), ("disability_aid", _("Alat: {told}."))):
            if person.get(name):
                found.append(words.format(told=person[name]))
    if is_catin(person, today, today):
        on = person.get("wedding_on")
        day = calendar.short_date(on) if isinstance(on, date) else ""
        found.append(_("Calon pengantin, menikah {day}.").format(day=day) if day else _("Calon pengantin."))
    if has_no_nik(person) and person.get("nik_missing"):
        why = _shown(PERSON, "nik_missing", person.get("nik_missing")).lower()
        found.append(_("NIK belum ada: {why}.").format(why=why))
    if has_jkn(person) and person.get("jkn_active") is False:
        found.append(_("Kartu JKN tidak aktif."))
    return found


def _add(side: ScrollPage, widget: QWidget) -> None:
    """Below what stands there, above the room that is left."""
    side.body.insertWidget(side.body.count() - 1, widget)


def _shown(form: Form, name: str, value: Value | None) -> str:
    return _("kosong") if value is None else answer_text(form.fields[name], value)


class ChangeLabel(QLabel):
    """ "Tanggal lahir: ~~05-03-2024~~ 05-04-2024"."""

    def __init__(self, label: str, old: str, new: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setFont(theme.font("small"))
        self.setAccessibleName(_("{label}: dulu {old}, sekarang {new}").format(label=label, old=old, new=new))
        pale = theme.color("text3").name()
        safe = [text.replace("&", "&amp;").replace("<", "&lt;") for text in (label, old, new)]
        self.setText(f'{safe[0]}: <s style="color:{pale}">{safe[1]}</s>&nbsp; <b>{safe[2]}</b>')


class TimelineRow(QWidget):
    """One thing that happened: day at the left, a dot on the line, words, measurements in small."""

    pressed = Signal(object)

    def __init__(self, entry: TimelineEntry, *, first: bool, last: bool) -> None:
        super().__init__()
        self.entry, self.first, self.last = entry, first, last
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = row_layout(self, spacing=0)
        row.setContentsMargins(theme.px(124), theme.px(8), 0, theme.px(8))
        column = column_layout(spacing=2)
        self.words = Label(entry.title, "label", "text", wrap=True)
        column.addWidget(self.words)
        if entry.detail:
            column.addWidget(Label(entry.detail, "small", "text2", wrap=True))
        row.addLayout(column, 1)
        self._row = row
        self.setAccessibleName(f"{calendar.short_date(entry.on)}: {entry.title}")

    def add_button(self) -> None:
        """A button at the right that opens the visit."""
        button = Button("", "quiet", "chevron-right", name=f"visit:{self.entry.record_id}")
        button.setAccessibleName(_("Buka kunjungan {day}").format(day=calendar.short_date(self.entry.on)))
        button.clicked.connect(lambda: self.pressed.emit(self.entry))
        self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def minimumSizeHint(self) -> QSize:
        """As its words want."""
        return QSize(theme.px(240), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The day, the line, the dot in the colour of its level."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle_x, dot_y = theme.px(104), theme.px(20)
        top, bottom = dot_y if self.first else 0, dot_y if self.last else self.height()
        painter.fillRect(QRectF(middle_x - 0.5, top, 1, bottom - top), theme.color("line2"))
        ink = self.entry.level if self.entry.level in ("ok", "warn", "bad", "info") else "text3"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("surface"))
        painter.drawEllipse(QRectF(middle_x - theme.px(10), dot_y - theme.px(10), theme.px(20), theme.px(20)))
        sign = theme.LEVEL_ICONS.get(self.entry.level, "circle")
        theme.paint_icon(painter, sign, ink, middle_x - theme.px(8), dot_y - theme.px(8), 16)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text2"))
        room = QRectF(0, theme.px(9), theme.px(88), theme.px(22))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
                         calendar.short_date(self.entry.on))  # fmt: skip
