"""One visit of one person: questions at the left, what they mean at the right, changing with every key."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from posyandu.domain import calendar, due
from posyandu.domain.child import ChildAssessment
from posyandu.domain.errors import PosyanduError
from posyandu.domain.fields import Answers, Value
from posyandu.domain.form import Context, Form, Level, Problem
from posyandu.domain.forms import FORMS
from posyandu.domain.outcome import VisitAssessment
from posyandu.domain.pregnancy import PregnancyAssessment
from posyandu.reports.growth_chart import ChartGeometry, Measured
from posyandu.services import people, questionnaires, sessions, visits
from posyandu.services.checking import in_doubt
from posyandu.services.judging import Assessment
from posyandu.services.people import PersonCard
from posyandu.services.visits import OpenVisit
from posyandu.services.workspace import Workspace
from posyandu.text import _
from posyandu.ui.chart import PAST_KMS, child_chart, gain_chart, score_chart
from posyandu.ui.companions_card import companions_card
from posyandu.ui.desk import Desk
from posyandu.ui.editors import answer_text
from posyandu.ui.focus import on_ctrl_enter
from posyandu.ui.form_view import FormView, last_words
from posyandu.ui.mistakes import ask_visit
from posyandu.ui.no_reader import NoReader
from posyandu.ui.sealed_answers import SealedAnswers
from posyandu.ui.verdict import VerdictPanel, show_child, show_outcome, show_pregnancy
from posyandu.ui.visit_aside import VisitAside
from posyandu.ui.widgets.arrange import Columns
from posyandu.ui.widgets.basics import (
    Avatar,
    Button,
    Chip,
    EmptyState,
    Label,
    NameLabel,
    Notice,
    Page,
    Sign,
    clear,
    column_layout,
    row_layout,
)
from posyandu.ui.widgets.dose_card import DoseStrip, hint_words

CHILD, PREGNANT = "under_five_visit", "pregnancy_visit"
ASKED_BY_THE_DAY = ("visited_on", "source")
"""What a posyandu day answers for all its visits."""
BESIDE_A_CHART, BESIDE_WORDS = (46, 54), (60, 40)
"""How questions and meaning share the width: a curve wants room, a sentence and some tiles do not."""
LIVE_AFTER_MS = 40
VIEWS_KEPT = 4


class KunjunganPage(Page):
    """`open(person_id=..., session_id=None, record_id=None, form=None)`: the visit of a day, else of the open day.

    `form` names what is asked beside the visit (AKS, SKILAS, the confidential questions): it is shown in its place,
    and saving it leads back to the visit.
    """

    saved = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.visit: OpenVisit | None = None
        self.form_view: FormView | None = None
        self.person_id = ""
        self.session_id: str | None = None
        self._card: PersonCard | None = None
        self._next: tuple[str, str] | None = None
        self._next_known = True
        self._views: list[FormView] = []  # the newest last: the next person is mostly asked the same questions
        self._doubts_shown = False
        self._beside = False
        self.head = PersonHead()
        self.panel = VerdictPanel()
        self.bar = VisitBar()
        self.bar.save.clicked.connect(lambda: self.save(then_next=False))
        self.bar.save_next.clicked.connect(lambda: self.save(then_next=True))
        self.columns = Columns(*BESIDE_A_CHART)
        self.left, self.right = self.columns.left, self.columns.right
        column_layout(self).addWidget(self.columns)
        self.above, self.questions, self.below = (column_layout(spacing=16) for _part in range(3))
        for part in (self.above, self.questions, self.below):
            self.left.body.addLayout(part)
        self.right.body.addWidget(self.panel)
        self.aside = VisitAside(desk)
        self.aside.told.connect(self._told)
        self.panel.add_below(self.aside)
        self.strip: DoseStrip | None = None
        self.doses = column_layout()
        self.right.body.addLayout(self.doses)
        desk.book_closing.connect(self._put_away)
        self._live = QTimer(self, singleShot=True, interval=LIVE_AFTER_MS)
        self._live.timeout.connect(self.show_meaning)
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._show_rest)
        on_ctrl_enter(self, lambda: self.save(then_next=True))
        card = QShortcut(QKeySequence("Ctrl+I"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        card.activated.connect(self._open_immunisations)

    # ---- opening

    def open(self, **kwargs: object) -> None:
        """Show the visit with what is saved, and what was typed and not saved laid over it."""
        self._put_away()
        self.person_id = str(kwargs.get("person_id") or "")
        ws = self.desk.ws
        session_id = cast("str | None", kwargs.get("session_id"))
        record_id = cast("str | None", kwargs.get("record_id"))
        if session_id is None and record_id is None:
            day = sessions.current(ws, ws.posyandu_id)
            session_id = day.id if day else None
        self.session_id = session_id
        on = sessions.get(ws, session_id).held_on if session_id else None if record_id else ws.today()
        self._card = people.card(ws, self.person_id, whole=False)
        asked = FORMS.get(str(kwargs.get("form") or ""))
        form = asked or visits.form_for(ws, self.person_id, on or ws.today())
        self._beside = asked is not None and asked not in visits.VISIT_FORMS
        self._doubts_shown = False
        self._next, self._next_known = None, True
        self._clear()
        self.title = self._card.hit.name
        if form is None:
            self._show_no_form()
            return
        try:
            self.visit = visits.open_visit(
                ws, form, session_id, self.person_id, record_id=record_id, on=on, anew=bool(kwargs.get("anew"))
            )
        except visits.Sealed as error:
            self._show_sealed(str(error), form, error.record_id)
            return
        self.session_id = self.visit.session_id  # of a visit to correct, the day it was noted on
        if form.restricted and not questionnaires.may_write(ws, self._card.hit.scope):
            self._show_no_reader(form)
            return
        self._build(form)
        self.head.show_person(self._card, self.visit.on, visit=self.visit.on != ws.today())
        self.bar.show_next("")
        self.bar.show_saved(self.visit, self._saved_words(self.visit.saved_at) if self.visit.saved_at else "")
        self._look_for_next()
        self.show_meaning()
        self._rest.start()
        self.header_changed.emit()

    def _clear(self) -> None:
        """Take away what belongs to the person before; the questions stay for the next."""
        for part in (self.above, self.below, self.doses):
            clear(part)
        self.strip = None
        self._rest.stop()
        here = QApplication.focusWidget()
        if here is not None and self.columns.isAncestorOf(here):
            here.clearFocus()  # or Qt would look for the next in the ring, for nothing
        for view in self._views:
            view.hide()

    def _show_rest(self) -> None:
        """What is not needed for the first key comes after what is: immunisations, and what else is asked."""
        visit = self.visit
        if visit is None or self.desk.closed:
            return
        self._show_immunisations(visit.form, visit.on)
        self.aside.show_saved(visit)
        if not self._beside:
            self._add_companions(visit)
        if visit.saved_at is not None and not visit.form.restricted:
            away = Button(_("Hapus kunjungan"), "quiet", "trash-2", name="button:hapus-kunjungan", on=self.take_away)
            self.below.addWidget(away, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_right(self, *, wanted: bool) -> None:
        """The meaning beside the questions, or below them in a narrow window, where the right column is empty."""
        self.panel.setVisible(wanted)
        self.columns.show_right(wanted)

    def _show_no_form(self) -> None:
        self.visit = self.form_view = None
        self._show_right(wanted=False)
        assert self._card is not None
        self.above.addWidget(
            EmptyState(
                "notebook-pen",
                _("Belum ada formulir untuk {group} di versi ini.").format(group=self._card.hit.group_label or "-"),
                _("Kembali"),
                self.desk.back,
            )
        )
        self.header_changed.emit()

    def _show_sealed(self, sentence: str, form: Form, record_id: str) -> None:
        """Confidential answers that were given: say that they are sealed, and lead back, on, or to the PIN."""
        self.visit = self.form_view = None
        self._show_right(wanted=False)
        told = {"person_id": self.person_id, "session_id": self.session_id, "record_id": record_id, "form": form.name}

        def again() -> None:
            self.desk.go("kunjungan", **told, anew=True)

        assert self._card is not None
        name = short_name(self._card.hit.name)

        def away() -> None:
            ask_visit(self.desk, form, record_id, name, self._to_visit, lambda: self.desk.go("kunjungan", **told))

        self.above.addWidget(SealedAnswers(self.desk, form, record_id, sentence, again, self._to_visit, away))
        self.header_changed.emit()

    def _show_no_reader(self, form: Form) -> None:
        """Nobody could open what is written: say whom to tell instead, and where a reader's key is compared."""
        self.visit = self.form_view = None
        self._show_right(wanted=False)
        told = {"person_id": self.person_id, "session_id": self.session_id, "form": form.name}
        state = NoReader(self.desk, lambda: self.desk.go("kunjungan", **told), self._to_visit)
        assert self._card is not None
        state.show_form(form, self._card.hit.scope)
        self.above.addWidget(state)
        self.header_changed.emit()

    def _build(self, form: Form) -> None:
        visit = self.visit
        assert visit is not None
        self.columns.share(*(BESIDE_A_CHART if form.name in (CHILD, PREGNANT) else BESIDE_WORDS))
        self._show_right(wanted=True)
        if self._beside:
            self.above.addWidget(self._beside_head(form))
        if visit.draft:
            self.above.addWidget(self._draft_notice())
        view = self._view_for(form, visit)
        view.set_answers(visit.answers)
        view.confirmed = set(visit.confirmed)
        self.form_view = view
        view.show()  # at once: what joins a visible parent appears late, and could not take the focus
        self.left.verticalScrollBar().setValue(0)
        self.right.verticalScrollBar().setValue(0)

    def _view_for(self, form: Form, visit: OpenVisit) -> FormView:
        """The questions of this form: those that stand, when they are the same, else built anew."""
        context = Context(max(self.desk.ws.today(), visit.on), visit.previous, visit.limits, visit.numbers)
        in_session = self.session_id is not None
        left_out = {
            *(ASKED_BY_THE_DAY if in_session else ("source",) if self._beside else ()),
            *visits.not_asked(self.desk.ws, form, visit.person, visit.on),
        }
        later = due.kept_back(self.desk.ws.standards.on(visit.on), form.name, _born_on(visit), visit.on)
        last = last_words(visit.previous_on, visit.on)
        view = next((each for each in self._views if each.suits(form, left_out)), None)
        if view is not None:
            self._views.remove(view)
            view.ask_again(context, later=later, last=last)
        else:
            view = self._make_view(form, context, left_out, later=later, last=last)
        self._views.append(view)
        if len(self._views) > VIEWS_KEPT:
            self._views.pop(0).deleteLater()
        return view

    def _make_view(self, form: Form, context: Context, left_out: Collection[str], **more: Any) -> FormView:  # noqa: ANN401
        view = FormView(form, context, first=form.grid, left_out=left_out, **more)
        view.changed.connect(self._changed)
        view.settled.connect(self._settled)
        view.confirm_asked.connect(lambda _name: self.show_meaning())
        view.draft_due.connect(self._keep_draft)
        view.ended.connect(self._ended)
        self.questions.addWidget(view)
        return view

    def prepare(self) -> Iterator[None]:
        """The questions that are asked most, before anybody is there to be asked."""
        if not self._views:
            context = Context(self.desk.ws.today(), {}, {})
            self._views.append(self._make_view(FORMS[CHILD], context, ASKED_BY_THE_DAY))
            self._views[0].hide()
            yield

    def _beside_head(self, form: Form) -> QWidget:
        """What is asked, the way back, and that it stays between the two when it is confidential."""
        made = QWidget()
        column = column_layout(made, spacing=10)
        top = row_layout(spacing=10)
        top.addWidget(Label(_(form.title), "h3", wrap=True), 1)
        back = Button(_("Kembali ke kunjungan"), "quiet", "arrow-left", name="button:kembali-kunjungan")
        back.clicked.connect(self._to_visit)
        top.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        if form.restricted:
            words = _(
                "Rahasia: disegel saat disimpan, sesudah itu hanya bidan atau Puskesmas yang berkunci membukanya. "
                "Tidak ada draf: selesaikan sekali duduk. Tanyakan berdua saja."
            )
            column.addWidget(Notice("info", words))
        return made

    def _to_visit(self) -> None:
        self.desk.go("kunjungan", person_id=self.person_id, session_id=self.session_id)

    def _add_companions(self, visit: OpenVisit) -> None:
        card = companions_card(self.desk, self.person_id, self.session_id, visit.on)
        if card is not None:
            self.below.addWidget(card)

    def _show_immunisations(self, form: Form, on: date) -> None:
        """Say where the immunisations stand, with the way to the card (Ctrl+I), and what it means for column 20."""
        clear(self.doses)
        self.strip = None
        if form.name != CHILD:
            return
        self.strip = strip = DoseStrip(self.desk, self.person_id, on, self.session_id)
        strip.changed.connect(self._hint_at_column_20)
        self.doses.addWidget(strip)
        self._hint_at_column_20()

    def _hint_at_column_20(self) -> None:
        if self.strip is not None and self.form_view is not None:
            self.form_view.say_below("immunisation_complete", hint_words(self.strip.card))

    def _open_immunisations(self) -> None:
        if self.strip is not None and self.visit is not None:
            self.strip.open_card()

    def _draft_notice(self) -> QWidget:
        assert self.visit is not None
        mine = [each for each in visits.drafts(self.desk.ws) if each.record_id == self.visit.record_id]
        time = self._clock(mine[0].at) if mine else ""
        words = _("Isian belum selesai dari pukul {time} dipulihkan.").format(time=time)
        notice = Notice("info", words, _("Buang"), self._drop_draft)
        notice.setObjectName("draft")
        if notice.button is not None:
            notice.button.setObjectName("button:buang")
        return notice

    def _clock(self, moment: datetime) -> str:
        """A moment as the clock on the wall here shows it."""
        return f"{moment.astimezone(self.desk.ws.now().tzinfo):%H.%M}"

    def _saved_words(self, moment: datetime) -> str:
        """When it was saved, with the day where that is not today."""
        day = moment.astimezone(self.desk.ws.now().tzinfo).date()
        if day == self.desk.ws.today():
            return _("Tersimpan pukul {time}").format(time=self._clock(moment))
        words = _("Tersimpan {day} pukul {time}")
        return words.format(day=calendar.short_date(day), time=self._clock(moment))

    def _drop_draft(self) -> None:
        assert self.visit is not None
        visits.drop_draft(
            self.desk.ws, self.visit.form, self.session_id, self.person_id, record_id=self.visit.record_id
        )
        self.open(**self._here(self.visit))

    def _here(self, visit: OpenVisit) -> dict[str, Any]:
        """What opens this very visit again, whichever form the person would be asked today."""
        told = {"session_id": self.session_id, "record_id": visit.record_id, "form": visit.form.name}
        return {"person_id": self.person_id, **told}

    def _look_for_next(self) -> None:
        """Find beside the window who comes after this person; saving before it is known finds it itself."""
        session_id, person_id = self.session_id, self.person_id
        if session_id is None or self._beside:
            return
        self._next_known = False

        def show(found: tuple[str, str] | None) -> None:
            if (self.session_id, self.person_id) == (session_id, person_id) and not self._next_known:
                self._show_next(found)

        self.desk.run(lambda ws: next_in_queue(ws, session_id, person_id), show, owner=self)

    def _show_next(self, found: tuple[str, str] | None) -> None:
        self._next, self._next_known = found, True
        self.bar.show_next(found[1] if found else "", self._card.hit.name if self._card else "")

    def _know_next(self) -> None:
        if not self._next_known and self.session_id is not None:
            self._show_next(next_in_queue(self.desk.ws, self.session_id, self.person_id))

    def header(self) -> QWidget | None:
        """Who it is, instead of a title."""
        return self.head if self.visit else None

    def action_bar(self) -> QWidget | None:
        """Draft state, Simpan, Simpan lalu berikutnya."""
        return self.bar if self.visit else None

    def first_focus(self) -> QWidget | None:
        """The first question without an answer."""
        return self.form_view.first_focus() if self.form_view else None

    def hideEvent(self, event: QHideEvent) -> None:
        """Going elsewhere keeps what was typed."""
        super().hideEvent(event)
        self._live.stop()
        self._put_away()

    def _put_away(self) -> None:
        """Keep what was typed before something else is shown: as a draft, and what is confidential sealed at once."""
        view, visit = self.form_view, self.visit
        if view is None:
            return
        view.flush()
        if visit is None or not visit.form.restricted:
            return
        told, secret = view.answers(), questionnaires.secret(visit.form)
        if not self.desk.closed and any(told[name] is not None for name in secret if name in told):
            view.set_answers(dict.fromkeys(told))  # views are used again: nothing confidential stays in one
            visits.record(self.desk.ws, visit.form, self.session_id, self.person_id, told, record_id=visit.record_id)
            self.desk.announce(visit.form.name, "attendance")

    # ---- typing

    def _changed(self) -> None:
        self._doubts_shown = False
        self._live.start()

    def _settled(self, name: str) -> None:
        view, visit = self.form_view, self.visit
        if view is None or visit is None:  # taken away with the cursor in this question
            return
        if name == "length_mm" and "position" in view.fields:
            position = view.fields["position"]
            born_on = visit.person.get("born_on")
            if position.value() is None and view.answers()["length_mm"] is not None and isinstance(born_on, date):
                young = calendar.age_months(born_on, visit.on) < 24
                position.set_value("lying" if young else "standing")

    def _told(self, name: str, value: object) -> None:
        """Write what was found beside the questions into its question."""
        if (view := self.form_view) is not None and name in view.fields and view.answers().get(name) != value:
            view.fields[name].set_value(cast("Value", value))
            view.edit(name)

    def _keep_draft(self) -> None:
        view, visit = self.form_view, self.visit
        if view is None or visit is None or visit.form.restricted:
            return
        answers = view.answers()
        if all(visit.answers.get(name) == value for name, value in answers.items()) and not visit.draft:
            return
        typed = {name: value for name, value in answers.items() if value != visit.answers.get(name) or visit.draft}
        visits.keep_draft(self.desk.ws, visit.form, self.session_id, self.person_id, typed, record_id=visit.record_id)
        self.bar.say_draft(f"{self.desk.ws.now():%H.%M}")

    def _ended(self) -> None:
        self._know_next()
        (self.bar.save_next if self._next else self.bar.save).setFocus(Qt.FocusReason.TabFocusReason)

    def show_meaning(self) -> None:
        """Judge the answers as they stand, without impossible ones, and show what they mean."""
        view, visit, card = self.form_view, self.visit, self._card
        if view is None or visit is None or card is None:
            return
        found = view.found()
        impossible = {each.field for each in found if each.level is Level.HARD and each.field != "visited_on"}
        answers = {name: value for name, value in self._full_answers().items() if name not in impossible}
        there = {**answers, "session_id": visit.session_id}  # a scale found wrong already says nothing of this one
        judged = visits.assess(self.desk.ws, self.person_id, visit.form, there, record_id=visit.record_id)
        if not any(value is not None for name, value in answers.items() if name not in ("visited_on", "source")):
            judged = None
        self.aside.show_live(visit, answers, judged, card)
        if visit.form.name == CHILD:
            child = self._doubted(there, judged if isinstance(judged, ChildAssessment) else None, found)
            assert child is None or isinstance(child, ChildAssessment)
            show_child(self.panel, child, self._chart(answers, child))
        elif visit.form.name != PREGNANT:
            show_outcome(self.panel, judged if isinstance(judged, VisitAssessment) else None)
        else:
            mother = judged if isinstance(judged, PregnancyAssessment) else None
            points = [
                (cast("date", row.answers["visited_on"]), cast("int", row.answers["weight_g"]), True)
                for row in card.visits
                if row.id != visit.record_id and row.answers.get("weight_g") is not None
            ]
            if isinstance(grams := answers.get("weight_g"), int):
                points.append((visit.on, grams, visit.answers.get("weight_g") == grams and visit.saved_at is not None))
            wrong = wrong_days(card) | ({visit.on} if mother is not None and mother.spoilt else set())
            geometry = gain_chart(self.desk.ws, card.pregnancy, points, visit.on, wrong) if card.pregnancy else None
            rules = self.desk.ws.standards.on(visit.on)
            show_pregnancy(self.panel, rules, mother, card.pregnancy, answers, geometry, visit.on)

    def _doubted(self, answers: Answers, told: ChildAssessment | None, found: Sequence[Problem]) -> Assessment | None:
        """A child's visit, with the doubt first while its weight is unusual and nobody has said that it is right."""
        visit = self.visit
        assert visit is not None
        unusual = [each for each in found if each.level is Level.SOFT and each.field == "weight_g"]
        if told is None or not unusual:
            return told
        rest = {**answers, "weight_g": None}
        sound = visits.assess(self.desk.ws, self.person_id, visit.form, rest, record_id=visit.record_id)
        return told if sound is None else in_doubt(sound, told, unusual, here=True)

    def _full_answers(self) -> dict[str, Value | None]:
        view, visit = self.form_view, self.visit
        assert view is not None
        assert visit is not None
        answers = view.answers()
        on = answers.get("visited_on") or visit.answers.get("visited_on") or visit.on
        return {**answers, "visited_on": on}

    def _typed(self) -> dict[str, Value | None]:
        """What differs from what was stored when the page was opened: what came in since from others is left alone."""
        visit = self.visit
        assert visit is not None
        answers = self._full_answers()
        return {
            name: value for name, value in answers.items() if name == "visited_on" or value != visit.stored.get(name)
        }

    def _written_elsewhere(self, typed: Answers) -> list[Problem]:
        """A doubt for each field typed here that another laptop wrote differently meanwhile."""
        visit = self.visit
        assert visit is not None
        words = _("Laptop lain baru saja mencatat {value}. Simpan lagi bila isian ini yang benar.")
        return [
            Problem(name, Level.SOFT, words.format(value=answer_text(visit.form.fields[name], value)))
            for name, value in visits.changed_since(self.desk.ws, visit, typed).items()
            if value is not None
        ]

    def _chart(self, answers: Answers, judged: ChildAssessment | None) -> ChartGeometry | None:
        visit, card = self.visit, self._card
        assert visit is not None
        assert card is not None
        is_saved = visit.saved_at is not None and not visit.draft
        born_on = _born_on(visit)
        if born_on is not None and calendar.age_months(born_on, visit.on) >= PAST_KMS:
            earlier = [row.answers for row in card.visits if row.id != visit.record_id]
            told = [*earlier, answers]
            wrong = wrong_days(card) | ({visit.on} if judged is not None and judged.spoilt else set())
            stands = is_saved or not (answers.get("weight_g") and answers.get("length_mm"))  # else the last is earlier
            return score_chart(self.desk.ws, "baz", card.person, told, last_saved=stands, wrong=wrong)
        points = weight_points(card, but=visit.record_id)
        if isinstance(grams := answers.get("weight_g"), int):
            letter = judged.weighed.code if judged and judged.weighed else ""
            same = is_saved and visit.answers.get("weight_g") == grams
            points.append(Measured(visit.on, grams, letter, same, _is_wrong("weight_g", judged)))
        return child_chart(self.desk.ws, "waz", card.person, points, visit.on, style=self.desk.preferences.kms_style)

    # ---- saving

    def save(self, *, then_next: bool) -> bool:
        """Save as final; what stands in the way is listed at the top. True when it was saved."""
        view, visit = self.form_view, self.visit
        if view is None or visit is None:
            return False
        found = [problem for problem in view.found() if problem.level is not Level.SILENT]
        answers = self._typed()
        found += self._written_elsewhere(answers)
        if any(problem.level is Level.HARD for problem in found) or (found and not self._doubts_shown):
            self._doubts_shown = True
            self._show_problems(found)
            self._keep_draft()
            return False
        try:
            done = visits.record(
                self.desk.ws,
                visit.form,
                self.session_id,
                self.person_id,
                answers,
                confirmed=tuple(view.confirmed),
                record_id=visit.record_id,
            )
        except visits.NotFinal as error:
            self._show_problems(list(error.problems))
            return False
        except PosyanduError as error:
            self._show_problems([Problem(view.order()[0], Level.HARD, str(error))])
            return False
        view.forget_draft()
        if visit.form.restricted:
            view.set_answers(dict.fromkeys(view.answers()))
        if then_next:
            self._know_next()
        self.desk.announce(visit.form.name, "attendance")
        self._thank(visit, done.op_id)
        self.saved.emit(done.record_id)
        if self._beside:
            self._to_visit()
        elif then_next and self._next:
            self.desk.go("kunjungan", person_id=self._next[0], session_id=self.session_id)
        else:
            self.open(**self._here(visit))
            self.setFocus()
        return True

    def _thank(self, visit: OpenVisit, op_id: str) -> None:
        name = short_name(self._card.hit.name) if self._card else ""
        here = self._here(visit)

        def take_back() -> None:
            visits.undo(self.desk.ws, op_id)
            self.desk.announce(visit.form.name)
            self.desk.go("kunjungan", **here)

        words = _("Kunjungan {name} tersimpan").format(name=name)
        if op_id:
            self.desk.toast(words, _("Batalkan"), take_back)
        else:
            self.desk.toast(words)

    def take_away(self) -> None:
        """Ask, then take away this visit, which was recorded for the wrong person; what was typed since goes along."""
        view, visit = self.form_view, self.visit
        if view is None or visit is None or visit.saved_at is None:
            return
        here, person_id, beside = self._here(visit), self.person_id, self._beside
        typed = {name: value for name, value in view.answers().items() if value != visit.stored.get(name)}

        def then() -> None:
            view.forget_draft()
            self.visit = self.form_view = None
            if beside:
                self._to_visit()
            else:
                self.desk.go("kartu", person_id=person_id)

        def back() -> None:
            visits.keep_draft(self.desk.ws, visit.form, visit.session_id, person_id, typed, record_id=visit.record_id)
            self.desk.go("kunjungan", **here)

        name = short_name(self._card.hit.name) if self._card else ""
        ask_visit(self.desk, visit.form, visit.record_id, name, then, back)

    def _show_problems(self, found: list[Problem]) -> None:
        assert self.form_view is not None
        self.form_view.show_summary(found)
        self.left.verticalScrollBar().setValue(0)


def next_in_queue(ws: Workspace, session_id: str, person_id: str) -> tuple[str, str] | None:
    """Who comes after this person: the next one present whose visit is not noted, in the order of the queue."""
    rows = [row for row in sessions.roster(ws, session_id) if row.form]
    queue = sorted((row for row in rows if row.present), key=lambda row: row.queue_number or 0)
    ids = [row.person_id for row in queue]
    place = ids.index(person_id) + 1 if person_id in ids else 0
    for row in queue[place:] + queue[:place]:
        if row.visit is None and row.person_id != person_id:
            return row.person_id, row.name
    return None


def weight_points(card: PersonCard, *, but: str = "") -> list[Measured]:
    """The weighings of a child, with the birth weight, each with its letter; without the record `but`."""
    points: list[Measured] = []
    born_on, born_g = card.person.get("born_on"), card.person.get("birth_weight_g")
    if isinstance(born_on, date) and isinstance(born_g, int):
        points.append(Measured(born_on, born_g))
    for row, judged in zip(card.visits, card.assessments, strict=True):
        grams, on = row.answers.get("weight_g"), row.answers.get("visited_on")
        if row.id != but and isinstance(grams, int) and isinstance(on, date):
            weighed = judged.weighed if isinstance(judged, ChildAssessment) else None
            points.append(Measured(on, grams, weighed.code if weighed else "", wrong=_is_wrong("weight_g", judged)))
    return points


def length_points(card: PersonCard) -> list[Measured]:
    """The lengths of a child, with the one at birth."""
    points: list[Measured] = []
    born_on, born_mm = card.person.get("born_on"), card.person.get("birth_length_mm")
    if isinstance(born_on, date) and isinstance(born_mm, int):
        points.append(Measured(born_on, born_mm))
    for row, judged in zip(card.visits, card.assessments, strict=True):
        millimetres, on = row.answers.get("length_mm"), row.answers.get("visited_on")
        if isinstance(millimetres, int) and isinstance(on, date):
            points.append(Measured(on, millimetres, wrong=_is_wrong("length_mm", judged)))
    return points


def wrong_days(card: PersonCard) -> set[date]:
    """The days of these visits whose scale or board was found wrong."""
    return {each.visited_on for each in card.assessments if each.spoilt}


def _is_wrong(name: str, judged: object) -> bool:
    """Whether an answer was read from a tool found wrong."""
    return isinstance(judged, ChildAssessment) and name in judged.spoilt


def _born_on(visit: OpenVisit) -> date | None:
    born_on = visit.person.get("born_on")
    return born_on if isinstance(born_on, date) else None


class PersonHead(QWidget):
    """Who it is: round picture, name, sex, age to the day, mother, RT."""

    def __init__(self) -> None:
        super().__init__()
        self.avatar = Avatar("", None, size=48)
        self.name = NameLabel(snug=True)  # a long name must not make the window wider
        self.sex = Chip("", "neutral")
        self.day = Chip("", "warn")
        self.line = NameLabel("", "small", "text2", small="small")
        top = row_layout(spacing=12)
        top.addWidget(self.name)
        top.addWidget(self.sex)
        top.addWidget(self.day)
        top.addStretch(1)
        words = column_layout(spacing=4)
        words.addStretch(1)
        words.addLayout(top)
        words.addWidget(self.line)
        words.addStretch(1)
        row = row_layout(self, spacing=14)
        row.addWidget(self.avatar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)

    def show_person(self, card: PersonCard, on: date, *, visit: bool = False) -> None:
        """Show this person as of a day, and the day itself where it is that of a `visit` that is not today's."""
        hit = card.hit
        self.day.set_state(_("Kunjungan {day}").format(day=calendar.short_date(on)), "warn", "calendar")
        self.day.setVisible(visit)
        self.avatar.set_person(hit.name, hit.sex)
        self.name.setText(hit.name)
        words, icon = {"male": (_("Laki-laki"), "mars"), "female": (_("Perempuan"), "venus")}.get(hit.sex, ("", None))
        self.sex.set_state(words, "neutral", icon)
        self.sex.setVisible(bool(words))
        mother = _("Ibu: {name}").format(name=hit.mother_name) if hit.mother_name else ""
        age = age_to_the_day(hit.born_on, on, estimated=card.person.get("born_estimated") is True)
        parts = (age, mother, hit.address_line)
        self.line.setText("   ·   ".join(part for part in parts if part))


def short_name(name: str, beside: str = "") -> str:
    """The first name, with the second where the first is a title or shared by many, and what tells it from `beside`."""
    words, others = name.split(), beside.casefold().split()
    said = 2 if words and words[0].rstrip(".").lower() in _SHARED else 1
    while said < len(words) and name.casefold().split()[:said] == others[:said]:
        said += 1
    return " ".join(words[:said])


_SHARED = ("baiq", "lalu", "lale", "raden", "h", "hj", "siti", "sitti", "muhammad", "muh", "moh", "m", "nur", "i", "ni")


def age_to_the_day(born_on: date | None, on: date, *, estimated: bool = False) -> str:
    """The age with its days while a day matters: "1 tahun 4 bulan 25 hari" to five years, then as usual.

    Of a day of birth that was only `estimated` no days are told: "kira-kira 7 bulan".
    """
    if born_on is None or born_on > on:
        return ""
    words = calendar.age_text(born_on, on)
    if estimated:
        return _("kira-kira {age}").format(age=words)
    months = calendar.age_months(born_on, on)
    if months < 1 or months >= 60:
        return words
    completed = calendar.Month.of(born_on) + months
    day = min(born_on.day, completed.last.day)
    days = (on - date(completed.year, completed.month, day)).days
    return _("{age} {n} hari").format(age=words, n=days) if days > 0 else words


class VisitBar(QWidget):
    """The foot: whether it is kept or saved, and the two ways on."""

    def __init__(self) -> None:
        super().__init__()
        self.sign = Sign()
        self.state = Label("", "small", "text2", wrap=True)
        self.state.setObjectName("visit:state")
        self.save = Button(_("Simpan"), "secondary", name="button:simpan")
        self.save_next = Button("", "primary", "arrow-right", name="button:simpan-berikutnya")
        row = row_layout(self, spacing=10)
        row.addWidget(self.sign)
        row.addWidget(self.state, 1)
        row.addWidget(self.save)
        row.addWidget(self.save_next)

    def show_next(self, name: str, now: str = "") -> None:
        """Name who comes after, so that it is not taken for who is here; without anybody, Simpan is the main button."""
        self.save_next.setText(_("Simpan, lalu berikutnya: {name}").format(name=short_name(name, now)))
        self.save_next.setVisible(bool(name))
        self.save.kind = "secondary" if name else "primary"
        self.save.update()

    def show_saved(self, visit: OpenVisit, saved: str) -> None:
        """What is known of the visit when it is opened; `saved` says when it was saved last."""
        if visit.draft:
            self._say("hard-drive", _("Isian belum selesai"), "text2")
        elif visit.saved_at is not None:
            self._say("circle-check", saved, "ok")
        else:
            self._say("hard-drive", _("Belum ada isian"), "text3")

    def say_draft(self, time: str) -> None:
        """What was typed is safe on this laptop."""
        self._say("hard-drive", _("Tersimpan sebagai draf pukul {time}").format(time=time), "text2")

    def _say(self, icon: str, words: str, ink: str) -> None:
        self.sign.show_sign(icon, ink)
        self.state.setText(words)
