"""Makanan tambahan (MT) on a person's card: why it is needed, how the programme goes, its weeks, its end."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posyandu.domain.calendar import short_date
from posyandu.domain.fields import Answers, Choice, Field, number_text
from posyandu.domain.form import Form
from posyandu.domain.forms.feeding import DAYS, FEEDING, WEEK
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE
from posyandu.services import feeding
from posyandu.services.feeding import Programme
from posyandu.services.people import PersonCard
from posyandu.text import N_, _
from posyandu.ui.desk import Desk
from posyandu.ui.record_sheet import RecordSheet
from posyandu.ui.theme import px
from posyandu.ui.widgets.basics import Button, Card, Label, Notice, Row, row_layout

SHOWN = 3
"""How many programmes and how many weeks are shown."""

STATES = {
    "running": N_("Berjalan"),
    "over": N_("Waktunya habis"),
    "no_result": N_("Belum ada hasil"),
    "not_better": N_("Tidak membaik"),
    "ended": N_("Selesai"),
}


class FeedingCard(Card):
    """The programmes of one person, newest first, with what to do next."""

    def __init__(self, desk: Desk, card: PersonCard) -> None:
        super().__init__(_("Makanan tambahan (MT)"), padding=(20, 18), spacing=4, rows=True)
        self.setObjectName("feeding")
        self.desk, self.person = desk, card
        self.programmes = feeding.of_person(desk.ws, card.hit.id)
        self.reason = feeding.suggested(desk.ws, card)
        running = next((each for each in self.programmes if each.course.is_open), None)
        if running is None and self.reason:
            days = desk.ws.standards.on(desk.ws.today()).feeding.days[self.reason]
            words = _("{reason}: beri MT {days} hari.").format(reason=feeding.reason_words(self.reason), days=days)
            self.body.addWidget(Notice("warn", words))
        elif not self.programmes:
            self.body.addWidget(_inset(Label(_("Tidak ada program MT."), "small", "text2", wrap=True)))
        for each in self.programmes[:SHOWN]:
            self.body.addWidget(self._row(each))
            self.body.addWidget(_inset(Label(each.course.headline, "small", "text2", wrap=True)))
        if running is not None:
            for week in running.weeks[-SHOWN:]:
                self.body.addWidget(self._week_row(running, week.answers))
        self.body.addWidget(_inset(self._deeds(running)))

    def _row(self, each: Programme) -> Row:
        level = "neutral" if each.course.level == "info" else each.course.level
        row = Row(
            each.title,
            _("Sejak {day}").format(day=short_date(each.course.started_on)),
            picture=("icon", "utensils", level),
            chip=(_(STATES[each.course.state]), level),
            name=f"mt:{each.record_id}",
        )
        row.setToolTip(each.course.todo or each.course.headline)
        row.clicked.connect(lambda _on=False, each=each: self.edit(each))
        return row

    def _week_row(self, programme: Programme, week: Answers) -> Row:
        row = Row(
            _("Minggu ke-{n}").format(n=week.get("week")),
            week_words(week),
            picture=("icon", "check", "neutral"),
            name=f"mt-minggu:{week.get('week')}",
        )
        row.clicked.connect(lambda _on=False: self.note_week(programme, week))
        return row

    def _deeds(self, running: Programme | None) -> QWidget:
        deeds: list[tuple[str, str, str, Callable[[], object]]] = []
        if running is None:
            kind = "primary" if self.reason else "secondary"
            deeds.append((_("Mulai MT"), kind, "button:mulai-mt", self.start))
        else:
            if running.course.state == "running":
                words = _("Catat minggu ke-{n}").format(n=running.next_week)
                week = {"week": running.next_week}
                deeds.append((words, "primary", "button:minggu-mt", lambda: self.note_week(running, week)))
            words = _("Catat hasil") if running.course.state == "no_result" else _("Akhiri")
            deeds.append((words, "secondary", "button:akhiri-mt", lambda: self.end(running)))
        made = QWidget()
        row = row_layout(made, spacing=8)
        for words, kind, name, deed in deeds:
            button = Button(words, kind, None, name=name, on=lambda _on=False, deed=deed: deed())
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        row.addStretch(1)
        return made

    # ---- deeds

    def start(self) -> RecordSheet:
        """Ask what a new programme needs."""
        ws, person_id = self.desk.ws, self.person.hit.id
        return RecordSheet(
            self.window(),
            self.desk,
            asked_of(self.person.form or ""),
            _("Mulai makanan tambahan"),
            feeding.proposal(ws, self.person),
            self._saved,
            left_out=_AT_THE_END,
            about=(person_id,),
            write=lambda told: feeding.save(ws, person_id, _told(told))[1],
        )

    def edit(self, each: Programme) -> RecordSheet:
        """Correct a programme, or take it away."""
        return self._ask(each, each.answers, each.title)

    def end(self, each: Programme) -> RecordSheet:
        """Ask for the last day, the result and the measures; the last day is today, or the planned one once past."""
        last = each.course.ended_on or min(self.desk.ws.today(), each.course.ends_on)
        return self._ask(each, {**each.answers, "ended_on": last}, _("Akhiri makanan tambahan"), _AT_THE_START)

    def _ask(self, each: Programme, answers: Answers, title: str, left_out: tuple[str, ...] = ()) -> RecordSheet:
        ws = self.desk.ws
        return RecordSheet(
            self.window(),
            self.desk,
            FEEDING,
            title,
            answers,
            self._saved,
            record_id=each.record_id,
            is_new=False,
            left_out=left_out,
            write=lambda told: feeding.save(ws, each.person_id, told, each.record_id)[1],
            take_away=lambda: feeding.withdraw(ws, each.record_id),
        )

    def note_week(self, each: Programme, week: Answers) -> RecordSheet:
        """Ask about one week."""
        ws = self.desk.ws
        answers = {"visited_on": ws.today(), **week}
        return RecordSheet(
            self.window(),
            self.desk,
            WEEK,
            _("{title}: minggu ke-{n}").format(title=each.title, n=week.get("week")),
            answers,
            self._saved,
            all_yes=_("Habis semua"),
            about=(each.record_id, str(week.get("week"))),
            write=lambda told: feeding.save_week(ws, each.record_id, told),
        )

    def _saved(self, words: str, op_id: str) -> None:
        desk, ws = self.desk, self.desk.ws
        desk.announce(FEEDING.name, WEEK.name)

        def back() -> None:
            feeding.undo(ws, op_id)
            desk.announce(FEEDING.name, WEEK.name)

        if op_id:
            desk.toast(words, _("Batalkan"), back)


_AT_THE_END = ("ended_on", "result", "weight_after_g", "muac_after_mm")
_AT_THE_START = tuple(
    field.name for section in FEEDING.sections[:2] for field in section.fields if field.name not in _AT_THE_END
)


def asked_of(visit: str) -> Form:
    """The form with the reasons there can be for somebody of this visit form: no pregnancy for a child."""
    pregnant = visit != UNDER_FIVE.name

    def fitting(field: Field) -> Field:
        if field.name != "reason" or not isinstance(field, Choice):
            return field
        return replace(field, options=tuple(each for each in field.options if ("pregnant" in each.code) == pregnant))

    sections = (replace(each, fields=tuple(fitting(field) for field in each.fields)) for each in FEEDING.sections)
    return replace(FEEDING, sections=tuple(sections))


def _told(answers: Answers) -> Answers:
    return {name: value for name, value in answers.items() if value is not None}


def week_words(week: Answers) -> str:
    """ "05-11-2026: 6 dari 7 hari habis, 9,2 kg"."""
    told = [week[name] for name in DAYS if week.get(name) is not None]
    parts = [_("{n} dari {days} hari habis").format(n=told.count(True), days=len(told))] if told else []
    field, grams = WEEK.fields["weight_g"], week.get("weight_g")
    if isinstance(grams, int):
        parts.append(f"{number_text(field, grams)} kg")  # type: ignore[arg-type]
    day = week.get("visited_on")
    words = ", ".join(parts) or _("dicatat")
    return f"{short_date(day)}: {words}" if day else words  # type: ignore[arg-type]


def _inset(widget: QWidget) -> QWidget:
    """Under the words of the title, where rows begin a little earlier."""
    holder = QWidget()
    row = row_layout(holder, spacing=0)
    row.setContentsMargins(px(8), px(4), px(8), 0)
    row.addWidget(widget, 1)
    return holder
