"""Registering somebody, or correcting what is noted of them, with those who are alike in sight while typing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posyandu.domain import calendar
from posyandu.domain.calendar import short_date
from posyandu.domain.errors import PosyanduError
from posyandu.domain.fields import Answers, Number, Value
from posyandu.domain.form import Level, Problem
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.service_group import Group
from posyandu.services import families, people, pregnancies, sessions, unsaved
from posyandu.services.people import Lookalike, NotFinal, PersonHit
from posyandu.services.unsaved import Unsaved
from posyandu.text import N_, _
from posyandu.ui import theme
from posyandu.ui.desk import Desk
from posyandu.ui.focus import focus, on_ctrl_enter
from posyandu.ui.form_view import CARDS_BESIDE_FROM, FormView
from posyandu.ui.mistakes import ask_pregnancy
from posyandu.ui.widgets.arrange import Columns
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    ElideLabel,
    KeyCap,
    Label,
    Notice,
    Page,
    Row,
    clear,
    column_layout,
    row_layout,
)
from posyandu.ui.widgets.fields import FieldWidget, NumberField

LOOK_AFTER_MS = 80
CHANGED = ("person", "household")
LATER = (
    "husband_name",
    "jkn",
    "dasawisma",
    "poor",
    "birth_head_mm",
    "birth_order",
    "gestation_weeks",
    "early_breastfeeding",
    "has_kia_book",
    "entered_on",
    "register_number",
    "born_estimated",
    "guest",
    "nik_missing",
    "birth_certificate",
    "jkn_kind",
    "jkn_active",
    "jkn_facility",
    "family_role",
    "marital_status",
    "education",
    "occupation",
    "betrothed",
    "betrothed_on",
    "wedding_on",
    "disability",
    "disability_aid",
    "communication",
    "guardian_name",
    "guardian_role",
)
YEARS = Number(name="age_years", label=N_("Umur, tahun"), unit=N_("tahun"), low=0, high=120)
MONTHS = Number(name="age_months", label=N_("dan bulan"), unit=N_("bulan"), low=0, high=11)


class DaftarPage(Page):
    """`open(name="", session_id=None)` registers; `person_id=` corrects; `pregnancy_of=` notes a pregnancy."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.view: FormView | None = None
        self.person_id = ""
        self.pregnancy_of = ""
        self.session_id = ""
        self.mother_id = ""
        self.guardian_id = ""
        self.household_id = ""
        self._before: Answers = {}
        self._draft_key = self._first_open = ""
        self.columns = Columns(62, 38)
        self.left, self.right = self.columns.left, self.columns.right
        column_layout(self).addWidget(self.columns)
        self.alike = LookalikeCard()
        self.alike.chosen.connect(self._is_this_one)
        self.mother = KinCard(_("Ibu kandung"), "mother")
        self.mother.chosen.connect(self._set_mother)
        self.guardian = KinCard(_("Wali atau pengasuh"), "guardian")
        self.guardian.chosen.connect(self._set_guardian)
        self.age = AgeCard(desk)
        self.age.told.connect(self._use_age)
        for card in (self.alike, self.mother, self.guardian, self.age):
            self.right.body.addWidget(card)
        self.right.body.addStretch(1)
        self._look = QTimer(self, singleShot=True, interval=LOOK_AFTER_MS)
        self._look.timeout.connect(self.look_again)
        desk.book_closing.connect(self._look.stop)
        self.bar = QWidget()
        row = row_layout(self.bar, spacing=10)
        self.sentence = ElideLabel("", "small", "text2")
        self.cancel = Button(_("Batal"), "secondary", name="button:batal", on=self._throw_away)
        desk.book_closing.connect(self._flush)
        self.done = Button("", "primary", name="button:simpan", on=self.save)
        self.away = Button(_("Salah catat, tidak hamil"), "quiet", "x", name="button:hapus-kehamilan")
        self.away.clicked.connect(self._take_away)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.away)
        row.addWidget(self.cancel)
        row.addWidget(self.done)
        on_ctrl_enter(self, self.save)

    # ---- opening

    def open(self, **kwargs: object) -> None:
        """An empty sheet (`another` also beside one left half-way), somebody's sheet, or the sheet of a pregnancy."""
        self.person_id = str(kwargs.get("person_id") or "")
        self.pregnancy_of = str(kwargs.get("pregnancy_of") or "")
        self.session_id = str(kwargs.get("session_id") or "")
        self.mother_id = self.guardian_id = ""
        self.household_id = str(kwargs.get("household_id") or "")
        ws = self.desk.ws
        self._flush()
        self._first_open = ""
        clear(self.left.body)
        if self.pregnancy_of:
            self._open_pregnancy()
        else:
            self._open_person(str(kwargs.get("name") or ""), another=bool(kwargs.get("another")))
        view = self.view
        assert view is not None
        view.changed.connect(self._look.start)
        view.draft_due.connect(self._keep_draft)
        view.ended.connect(lambda: self.done.setFocus(Qt.FocusReason.TabFocusReason))
        view.for_each(self._listen_for_digits)
        self.left.body.addWidget(view)
        view.show()
        self.columns.show_right(not self.pregnancy_of)
        self.away.setVisible(bool(self.pregnancy_of and self._before))
        self.left.verticalScrollBar().setValue(0)
        if kwargs.get("focus") in view.fields:
            self._first_open = str(kwargs["focus"])
            view.focus_field(self._first_open)
        self.age.clear(ws.today())
        self.alike.show_alike((), bool(view.answers().get("name")))  # those of the sheet before
        for kin in (self.mother, self.guardian):
            kin.show_found((), "", "")
        self._look.start()
        self.header_changed.emit()

    def _listen_for_digits(self, widget: FieldWidget) -> None:
        if widget.name in ("name", "mother_name", "guardian_name"):
            widget.input().installEventFilter(self)

    def _open_person(self, name: str, *, another: bool = False) -> None:
        ws = self.desk.ws
        context = replace(people.plain_context(ws), today=ws.today())
        self.view = FormView(PERSON, context, later=LATER if not self.person_id else ())
        if self.person_id:
            card = people.card(ws, self.person_id)
            self._before = card.person
            self.mother_id = str(card.person.get("mother_id") or "")
            self.guardian_id = str(card.person.get("guardian_id") or "")
            self.view.set_answers(card.person)
            self.title, self.subtitle = _("Ubah data"), card.hit.name
            self.done.setText(_("Simpan perubahan"))
            self.sentence.setText(_("Nilai lama tetap tersimpan di riwayat."))
        else:
            self._before = {}
            home = families.place_of(ws, self.household_id) if self.household_id else {}
            self.view.set_answers({"name": name or None, **home})
            self.title, self.subtitle = _("Sasaran baru"), _("Nama, jenis kelamin dan tanggal lahir saja sudah cukup")
            self.done.setText(_("Daftarkan"))
            self.sentence.setText("")
        if self.person_id:
            kept = unsaved.load(ws, PERSON, self.person_id)
        else:
            kept = None if another else unsaved.newest(ws, PERSON, name, self.household_id)
        self._go_on(kept, self.person_id or unsaved.new_key(ws))

    def _open_pregnancy(self) -> None:
        ws = self.desk.ws
        card = people.card(ws, self.pregnancy_of)
        self.view = FormView(PREGNANCY, people.plain_context(ws), card_columns=2)
        self.view.follow_width(CARDS_BESIDE_FROM)
        self._before = dict(card.pregnancy or {})
        self.view.set_answers({"noted_on": ws.today(), "outcome": "ongoing", **self._before})
        self.title, self.subtitle = _("Kehamilan"), card.hit.name
        self.done.setText(_("Simpan"))
        self.sentence.setText("")
        self._go_on(unsaved.load(ws, PREGNANCY, self.pregnancy_of), self.pregnancy_of)

    def _go_on(self, kept: Unsaved | None, key: str) -> None:
        """Lay what was typed and not saved over the sheet, and say so."""
        assert self.view is not None
        self._draft_key = kept.key if kept else key
        if kept is None:
            return
        self.view.set_answers({**self.view.answers(), **kept.answers})
        self.view.lay_unread(kept.unread)
        if self.view.form is PERSON:
            self.mother_id = str(kept.answers.get("mother_id") or self.mother_id)
            self.guardian_id = str(kept.answers.get("guardian_id") or self.guardian_id)
            self.household_id = str(kept.answers.get("household_id") or self.household_id)
        moment = kept.at.astimezone(self.desk.ws.now().tzinfo)
        at = short_date(moment.date()) if moment.date() != self.desk.ws.today() else f"{moment:%H.%M}"
        words = _("Isian yang belum disimpan ({at}) dilanjutkan. Batal membuangnya.").format(at=at)
        if not key.startswith(unsaved.NEW):
            self.sentence.setText(words)
            return
        self.left.body.addWidget(Notice("warn", words, _("Isi orang lain"), self._begin_another))
        still_open = (name for name in self.view.order() if kept.answers.get(name) is None)
        self._first_open = next(still_open, "")  # typing over the name would leave the rest of somebody else

    def _begin_another(self) -> None:
        """An empty sheet; the one that was gone on with waits."""
        self.open(session_id=self.session_id, another=True)
        focus(self.first_focus())

    def _keep_draft(self) -> None:
        if self.view is None or not self._draft_key:
            return
        answers = self._answers()
        typed = {name: value for name, value in answers.items() if value != self._before.get(name)}
        if typed and self.household_id:
            typed["household_id"] = self.household_id
        unsaved.keep(self.desk.ws, self.view.form, self._draft_key, typed, self.view.unread())

    def _flush(self) -> None:
        if self.view is not None:
            self.view.flush()

    def _end_draft(self) -> None:
        """Saved or thrown away: nothing of this sheet waits any more."""
        if self.view is not None and self._draft_key:
            unsaved.forget(self.desk.ws, self.view.form, self._draft_key)
        self._draft_key = ""

    def _throw_away(self) -> None:
        self._end_draft()
        self.desk.back()

    def first_focus(self) -> QWidget | None:
        """The name; the question the sheet was opened at, or on one gone on with the first that is open."""
        if self.view is not None and self._first_open:
            return self.view.fields[self._first_open].input()
        return self.view.first_focus() if self.view else None

    def action_bar(self) -> QWidget:
        """Batal and the main button."""
        return self.bar

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is looked up for a page nobody sees."""
        super().hideEvent(event)
        self._look.stop()
        if not self.desk.closed:
            self._flush()

    # ---- while typing

    def look_again(self) -> None:
        """Who is alike, who may be the mother, and what the NIK says."""
        view = self.view
        if view is None or self.pregnancy_of:
            return
        ws = self.desk.ws
        answers = self._answers()
        found = people.lookalikes(ws, {**answers, "id": self.person_id or None})
        self.alike.show_alike(found, bool(answers.get("name")))
        typed = str(answers.get("mother_name") or "")
        self.mother.show_found([hit for hit in self._grown(typed) if hit.sex == "female"][:3], self.mother_id, typed)
        typed = str(answers.get("guardian_name") or "")
        self.guardian.show_found(self._grown(typed)[:3], self.guardian_id, typed)
        self._show_hints(answers)

    def _grown(self, typed: str) -> list[PersonHit]:
        if len(typed) < 2:
            return []
        found = people.search(self.desk.ws, typed, limit=12)
        grown = (Group.ADULT, Group.PREGNANT, Group.POSTPARTUM, Group.YOUTH, Group.ELDERLY)
        return [hit for hit in found if hit.group in grown and hit.id != self.person_id]

    def _show_hints(self, answers: Answers) -> None:
        assert self.view is not None
        for name in ("nik", "kk", "born_on", "sex"):
            self.view.say_below(name, "")
        for hint in people.nik_hints(answers, self.desk.ws.today()):
            if hint.field not in self.view.fields:
                continue
            if hint.suggestion is not None and answers.get(hint.field) is None and answers.get("nik"):
                self.view.fields[hint.field].set_value(hint.suggestion)
            self.view.say_below(hint.field, hint.sentence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the name, 1 2 3 pick somebody alike; in the mother's or guardian's name they pick her or him."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or not event.text().isdigit():
            return False
        place = int(event.text()) - 1
        name = watched.objectName().removeprefix("field:")
        if name == "name":
            return self.alike.choose(place)
        if name in ("mother_name", "guardian_name"):
            self.look_again()
            return (self.mother if name == "mother_name" else self.guardian).choose(place)
        return False

    def _is_this_one(self, person_id: str) -> None:
        self._end_draft()
        if self.session_id:
            sessions.mark_present(self.desk.ws, self.session_id, person_id)
            self.desk.announce("attendance")
            self.desk.go("kunjungan", person_id=person_id, session_id=self.session_id)
        else:
            self.desk.go("kartu", person_id=person_id)

    def _set_mother(self, person_id: str) -> None:
        self.mother_id = "" if person_id == self.mother_id else person_id
        self._name_kin("mother_name", self.mother_id)

    def _set_guardian(self, person_id: str) -> None:
        self.guardian_id = "" if person_id == self.guardian_id else person_id
        self._name_kin("guardian_name", self.guardian_id)

    def _name_kin(self, name: str, person_id: str) -> None:
        """Write the name of whoever is linked now into the question."""
        assert self.view is not None
        if person_id:
            self.view.fields[name].set_value(people.hit(self.desk.ws, person_id).name)
            self.view.show_asked()
        self.look_again()
        self.view.fields[name].take_focus()

    def _use_age(self) -> None:
        born_on = self.age.born_on(self.desk.ws.today())
        if born_on is None or self.view is None:
            return
        self.view.fields["born_on"].set_value(born_on)
        self.view.fields["born_estimated"].set_value(True)
        self.view.show_asked()
        self.look_again()
        self.view.fields["nik"].take_focus()

    # ---- saving

    def _answers(self) -> dict[str, Value | None]:
        assert self.view is not None
        answers = self.view.answers()
        if not self.pregnancy_of:
            answers["mother_id"] = self.mother_id or None
            answers["guardian_id"] = self.guardian_id if answers.get("guardian_name") and self.guardian_id else None
        return answers

    def save(self) -> bool:
        """Register, or write the changes; True when it was done."""
        view = self.view
        if view is None:
            return False
        if (
            view.fields.get("born_on")
            and view.answers().get("born_on") is None
            and not view.fields["born_on"].trouble()
        ):
            self._use_age()  # an age was typed and nothing more was pressed
        found = [problem for problem in view.found() if problem.level is Level.HARD]
        if found:
            self._show_problems(found)
            return False
        try:
            self._store(self._answers())
        except NotFinal as error:
            self._show_problems(list(error.problems))
            return False
        except PosyanduError as error:
            self._show_problems([Problem(view.order()[0], Level.HARD, str(error))])
            return False
        return True

    def _store(self, answers: Answers) -> None:
        ws = self.desk.ws
        if self.pregnancy_of:
            self._store_pregnancy(answers)
        elif self.person_id:
            changes = {name: value for name, value in answers.items() if value != self._before.get(name)}
            if self._before.get("status") == "moved" and changes.get("status") in ("active", "away"):
                from posyandu.ui.move_sheets import ReturnSheet

                ReturnSheet(self.desk, self.window(), self._before, self.person_id, changes, self._corrected)
            elif self._before.get("status") == "moved" and changes.get("status") == "died":
                words = _("Sudah tercatat pindah. Catat kematiannya dari kartunya, tombol Meninggal.")
                raise NotFinal([Problem("status", Level.HARD, words)])
            else:
                self._corrected(self.person_id, (people.correct(ws, self.person_id, changes),))
        else:
            home = {"household_id": self.household_id} if self.household_id else {}
            person_id = people.register(ws, {**answers, **home})
            self._end_draft()
            self.desk.announce("person", "household")
            words = _("{name} didaftarkan dan hadir") if self.session_id else _("{name} didaftarkan")
            self.desk.toast(words.format(name=answers["name"]))
            if self.session_id:
                sessions.mark_present(ws, self.session_id, person_id)
                self.desk.announce("attendance")
                self.desk.go("hari", session_id=self.session_id)
            elif self.household_id:
                self.desk.go("keluarga", household_id=self.household_id)
            else:
                self.desk.go("kartu", person_id=person_id)

    def _corrected(self, person_id: str, saves: tuple[str, ...]) -> None:
        """Show the card after a change, and offer to take the change back."""

        before = self.person_id

        def take_back() -> None:
            from posyandu.services import moves

            moves.undo(self.desk.ws, saves)
            self.desk.announce(*CHANGED)
            if person_id != before:  # the stay that is shown is no more
                self.desk.go("kartu", person_id=before)

        self._end_draft()
        self.desk.announce(*CHANGED)
        if any(saves):
            self.desk.toast(_("Perubahan tersimpan"), _("Batalkan"), take_back)
        self.desk.go("kartu", person_id=person_id)

    def _store_pregnancy(self, answers: Answers) -> None:
        ws = self.desk.ws
        pregnancy_id = people.card(ws, self.pregnancy_of).pregnancy_id
        if pregnancy_id:
            changes = {name: value for name, value in answers.items() if value != self._before.get(name)}
            self._thank(_("Perubahan tersimpan"), pregnancies.correct(ws, pregnancy_id, changes))
        else:
            pregnancies.note(ws, self.pregnancy_of, answers)
            self.desk.toast(_("Kehamilan sudah dicatat"))
        self._end_draft()
        self.desk.announce("pregnancy")
        self.desk.go("kartu", person_id=self.pregnancy_of)

    def _take_away(self) -> None:
        """Ask, then take off the book a pregnancy that was noted by mistake."""
        desk, hit = self.desk, people.hit(self.desk.ws, self.pregnancy_of)
        pregnancy_id = people.card(desk.ws, hit.id).pregnancy_id

        def to_card() -> None:
            self._end_draft()
            desk.go("kartu", person_id=hit.id)

        if pregnancy_id is not None:
            ask_pregnancy(desk, self.window(), pregnancy_id, hit.name, to_card, to_card)

    def _thank(self, words: str, op_id: str) -> None:
        def take_back() -> None:
            people.undo(self.desk.ws, op_id)
            self.desk.announce("person", "pregnancy")

        if op_id:
            self.desk.toast(words, _("Batalkan"), take_back)

    def _show_problems(self, found: Sequence[Problem]) -> None:
        assert self.view is not None
        self.view.show_summary(found)
        self.left.verticalScrollBar().setValue(0)


class LookalikeCard(Card):
    """ "Mungkin sudah terdaftar": who is alike, why, and the keys that pick them."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(_("Mungkin sudah terdaftar"), padding=(20, 18), spacing=8, rows=True)
        self.setObjectName("lookalikes")
        self.list = column_layout(spacing=2)
        self.body.addLayout(self.list)
        self.found: list[Lookalike] = []
        self._shown: object = None

    def show_alike(self, found: Sequence[Lookalike], named: bool) -> None:
        """Show those who are alike; nobody is said in a few pale words, as is that no name is typed yet."""
        self.found = list(found[:3])
        key = (named, *((each.hit.id, each.reasons) for each in self.found))
        if key == self._shown:
            return
        self._shown = key
        clear(self.list)
        for place, each in enumerate(self.found, 1):
            detail = "  ·  ".join(
                part for part in (each.hit.age_text, each.hit.mother_name, each.hit.address_line) if part
            )
            row = Row(
                f"{place}  {each.hit.name}",
                detail,
                picture=("avatar", each.hit.name, each.hit.sex),
                name=f"lookalike:{place}",
            )
            row.clicked.connect(lambda _on=False, person_id=each.hit.id: self.chosen.emit(person_id))
            self.list.addWidget(row)
            why = Label(", ".join(each.reasons), "small", "warn", wrap=True)
            why.setContentsMargins(theme.px(60), 0, 0, theme.px(6))
            self.list.addWidget(why)
        if not self.found:
            words = _("Tidak ada orang lain yang mirip.") if named else _("Muncul di sini begitu namanya diketik.")
            told = Label(words, "small", "text2", wrap=True)
            told.setContentsMargins(theme.px(8), 0, 0, 0)  # under the heading
            self.list.addWidget(told)
            return
        self.list.addLayout(_key_hint(_("di kolom nama bila orangnya sama; terus mengetik bila bukan.")))

    def choose(self, place: int) -> bool:
        """Pick by place; False when nobody stands there."""
        if not 0 <= place < len(self.found):
            return False
        self.chosen.emit(self.found[place].hit.id)
        return True


class KinCard(Card):
    """People of the book whose name fits what is typed as the mother's or guardian's: one press links, no KK needed."""

    chosen = Signal(str)

    def __init__(self, title: str, kin: str) -> None:
        super().__init__(title, padding=(20, 18), spacing=8, rows=True)
        self.setObjectName(f"{kin}s")
        self.kin = kin
        self.list = column_layout(spacing=2)
        self.body.addLayout(self.list)
        self.found: list[PersonHit] = []

    def show_found(self, found: Sequence[PersonHit], linked: str, typed: str) -> None:
        """Show these people; the linked one is marked."""
        self.found = list(found)
        clear(self.list)
        self.setVisible(bool(typed))
        for place, hit in enumerate(self.found, 1):
            detail = "  ·  ".join(part for part in (hit.age_text, hit.address_line) if part)
            chip = (_("Tertaut"), "ok") if hit.id == linked else None
            row = Row(
                f"{place}  {hit.name}",
                detail,
                picture=("avatar", hit.name, hit.sex),
                chip=chip,
                chevron=False,
                name=f"{self.kin}:{place}",
            )
            row.clicked.connect(lambda _on=False, person_id=hit.id: self.chosen.emit(person_id))
            self.list.addWidget(row)
        if not self.found:
            words = _("Belum ada di buku. Namanya tetap disimpan.")
            told = Label(words, "small", "text2", wrap=True)
            told.setContentsMargins(theme.px(8), 0, theme.px(8), 0)  # under the title, as the words of rows
            self.list.addWidget(told)
        elif not linked:
            self.list.addLayout(_key_hint(_("di kolom namanya bila ini orangnya: kartu keduanya jadi tertaut.")))

    def choose(self, place: int) -> bool:
        """Pick by place; False when nobody stands there."""
        if not 0 <= place < len(self.found):
            return False
        self.chosen.emit(self.found[place].id)
        return True


def _key_hint(words: str) -> QHBoxLayout:
    """The key that picks the first of those found, and what it does."""
    hint = row_layout(spacing=8)
    hint.setContentsMargins(theme.px(8), 0, 0, 0)
    hint.addWidget(KeyCap("1"), 0, Qt.AlignmentFlag.AlignTop)
    hint.addWidget(Label(words, "small", "text2", wrap=True), 1)
    return hint


class AgeCard(Card):
    """For those whose birth date nobody knows: an age gives a date that is marked as an estimate.

    `told` says that it is to be used: Enter after the months, or the button.
    """

    told = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Tanggal lahir tidak diketahui?"), padding=(20, 18), spacing=10)
        self.setObjectName("age")
        self.years = NumberField(YEARS)
        self.months = NumberField(MONTHS)
        row = row_layout(spacing=12)
        row.addWidget(self.years, 1)
        row.addWidget(self.months, 1)
        self.body.addLayout(row)
        self.button = Button(_("Pakai sebagai perkiraan"), "secondary", name="button:perkiraan")
        self.button.clicked.connect(self.told)
        self.years.neighbour = self._after_years
        self.months.neighbour = self._after_months
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def _after_years(self, step: int) -> bool:
        if step > 0:
            self.months.take_focus()
        return step > 0

    def _after_months(self, step: int) -> bool:
        if step < 0:
            self.years.take_focus()
        elif self.years.value() is None and self.months.value() is None:
            return False  # nothing was told: the keys go on
        else:
            self.told.emit()
        return True

    def clear(self, _today: date) -> None:
        """Empty both boxes."""
        self.years.set_value(None)
        self.months.set_value(None)

    def born_on(self, today: date) -> date | None:
        """The middle of the span the age allows; None while nothing is typed."""
        years, months = self.years.value(), self.months.value()
        if years is None and months is None:
            return None
        whole = (years or 0) * 12 + (months if months is not None else 6)
        if whole == 0:
            return today - timedelta(days=15)
        return (calendar.Month.of(today) + -whole).first
