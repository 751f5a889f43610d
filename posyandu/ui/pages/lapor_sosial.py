"""Laporkan masalah: the kind first, in plain words with examples, then whom it is about and what was seen.

What is typed here is kept in the book until it is saved or given up, and stands there again after a power cut. What is
confidential goes from this page straight into its envelope: nothing of it is kept as a draft, and the page says before
saving who will be able to read it.
"""

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from posyandu.domain.calendar import short_date
from posyandu.domain.duties import DUTIES
from posyandu.domain.errors import NotFound, PosyanduError
from posyandu.domain.fields import Answers, Value
from posyandu.domain.form import Context, Form
from posyandu.domain.forms.social import FIELDS, KINDS, PLACES, TICKET, Kind
from posyandu.services import families, people, sealed, social, unsaved
from posyandu.services.people import NotFinal
from posyandu.text import _
from posyandu.ui import errors, theme
from posyandu.ui.desk import Desk
from posyandu.ui.focus import on_ctrl_enter
from posyandu.ui.form_view import FormView
from posyandu.ui.reader_pin import CompareSheet
from posyandu.ui.theme import px
from posyandu.ui.widgets.arrange import ListBeside
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    ElideLabel,
    EmptyState,
    Label,
    Notice,
    Page,
    Row,
    ScrollPage,
    TextInput,
    Tick,
    clear,
    column_layout,
    row_layout,
)
from posyandu.ui.widgets.picker import Picker

OFFERED = 4
SEARCH_AFTER_MS = 80
DRAFT_AFTER_MS = 400
ICONS = {
    "education": "graduation-cap",
    "health": "stethoscope",
    "public_works": "droplet",
    "housing": "house",
    "order": "shield-check",
    "social": "users",
}
"""The picture of each field of SPM."""

ASKED: Form = replace(
    TICKET,
    sections=tuple(
        replace(
            section,
            fields=tuple(field for field in section.fields if field.name not in ("kind", "field", "referred_to")),
        )
        for section in TICKET.sections
    ),
)
"""The questions of a report without those this page asks in its own way."""


class LaporSosialPage(Page):
    """`open(person_id="", household_id="")`: a new report, of that person or family when given.

    `open(ticket_id=...)` corrects what one says that is not confidential.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.title = _("Laporkan masalah")
        self.kind: Kind | None = None
        self.person: people.PersonHit | None = None
        self.household_id = self.household = ""
        self.corrected: social.Ticket | None = None
        self.view: FormView | None = None
        self._draft: unsaved.Sheet | None = None
        self._opened = ("", "", "")
        self._began: Answers = {}
        self._later = QTimer(self, singleShot=True, interval=DRAFT_AFTER_MS)
        self._later.timeout.connect(self._keep)
        self.left = ScrollPage(margins=(0, 0, 0, 18), spacing=10)
        self.right = ScrollPage(margins=(0, 0, 0, 18))
        self.panes = ListBeside(self.left, self.right, width=432, back=_("Jenis masalah lain"))
        column = column_layout(self)
        column.setContentsMargins(px(theme.PAGE_MARGIN), px(2), px(theme.PAGE_MARGIN), 0)
        column.addWidget(self.panes)
        self.rows: dict[str, Row] = {}
        self._make_kinds()
        self.empty = EmptyState("hand", _("Pilih jenis masalah. Yang ditulis cukup satu atau dua kalimat."))
        self.who = WhoCard(self)
        self.privacy = PrivacyCard(self)
        self.restored = column_layout(spacing=0)
        self.form_place = column_layout(spacing=theme.CARD_GAP)
        told = Card(padding=(22, 18), spacing=8)
        told.body.addWidget(Label(_("Disampaikan kepada"), "label"))
        self.place = Picker(
            [("", _("Belum disampaikan")), *((code, _(words)) for code, words in PLACES.items())],
            name="field:referred_to",
            accessible=_("Disampaikan kepada"),
        )
        told.body.addWidget(self.place)
        told.body.addSpacing(px(6))
        told.body.addWidget(Label(_("Bidang SPM"), "label"))
        self.field = Picker(
            [(code, _(words)) for code, words in FIELDS.items()], name="field:field", accessible=_("Bidang SPM")
        )
        told.body.addWidget(self.field)
        for picker in (self.place, self.field):
            picker.activated.connect(self._later.start)
        self.asked = [self.privacy, self.who, told]
        self.right.body.addLayout(self.restored)
        self.right.body.addWidget(self.empty)
        self.right.body.addWidget(self.who)
        self.right.body.addLayout(self.form_place)
        self.right.body.addWidget(told)
        self.right.body.addWidget(self.privacy)
        self.right.body.addStretch(1)
        self._bar = self._make_bar()
        on_ctrl_enter(self, self.save)
        desk.book_closing.connect(self._close)

    def _make_kinds(self) -> None:
        for code, words in FIELDS.items():
            card = Card(_(words), padding=(16, 12), spacing=0, rows=True)
            for kind in KINDS.values():
                if kind.field == code:
                    icon = "lock" if kind.sealed else ICONS[code]
                    row = Row(
                        _(kind.label), _(kind.example), picture=("icon", icon, "neutral"), chevron=False,
                        name=f"jenis:{kind.code}",
                    )  # fmt: skip
                    row.setToolTip(_(kind.example))
                    row.clicked.connect(lambda _on=False, kind=kind: self.choose(kind))
                    card.body.addWidget(row)
                    self.rows[kind.code] = row
            self.left.body.addWidget(card)
        self.left.body.addStretch(1)

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        row = row_layout(bar, spacing=10)
        self.where = ElideLabel("", "small", "text2")
        row.addWidget(self.where, 1)
        cancel = Button(_("Batal"), "secondary", name="button:batal", on=self._leave)
        self.done = Button(_("Simpan laporan"), "primary", "save", name="button:simpan", on=self.save)
        row.addWidget(cancel)
        row.addWidget(self.done)
        return bar

    # ---- page

    def open(self, person_id: str = "", household_id: str = "", ticket_id: str = "", **_arguments: Any) -> None:  # noqa: ANN401
        """Begin a new report, or correct one."""
        self._flush()
        self._forget()
        self._opened = (person_id, household_id, ticket_id)
        ws = self.desk.ws
        self._draft = unsaved.Sheet("social_ticket", (ws.posyandu_id, ticket_id or person_id or household_id))
        if ticket_id:
            self._correct(social.ticket(ws, ticket_id))
            self._go_on()
            return
        if person_id:
            self.person = people.hit(ws, person_id)
        elif household_id:
            self.household_id = household_id
            self.household = families.card(ws, ws.posyandu_id, household_id).line.head
        self.who.show_chosen()
        self._show()
        self.left.verticalScrollBar().setValue(0)
        self.panes.show_list()
        self._go_on()

    def _correct(self, ticket: social.Ticket) -> None:
        """Show what a report says; whom it is about stays."""
        self.corrected = ticket
        if ticket.person_id:
            self.person = people.hit(self.desk.ws, ticket.person_id)
        elif ticket.household_id:
            self.household_id, self.household = ticket.household_id, ticket.who
        self.choose(ticket.kind)
        assert self.view is not None
        self.view.set_answers(ticket.answers)
        self._began = self.view.everything()
        self.view.show_asked()
        self.field.set_value(ticket.field)
        self.place.set_value(str(ticket.answers.get("referred_to") or ""))
        self.who.show_chosen()
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is confidential does not wait in the widgets of a page nobody sees."""
        super().hideEvent(event)
        self._flush()
        if self.privacy.tick.isChecked() and not event.spontaneous():
            QTimer.singleShot(0, self, self._forget_hidden)  # not now: the window may be going for good

    def _forget_hidden(self) -> None:
        if not self.isVisible():
            self._forget()

    def _close(self) -> None:
        """The laptop is locked: what is confidential goes, other words wait for the one who typed them."""
        self._flush()
        if self.privacy.tick.isChecked():
            self._forget()

    def _forget(self) -> None:
        """Begin empty: nothing of the report before, or of one left unsaved, stays in the widgets."""
        self.kind, self.person, self.household_id, self.household = None, None, "", ""
        self.corrected = self._draft = None
        self._began = {}
        self._later.stop()
        clear(self.restored)
        clear(self.form_place)
        self.view = None
        self.where.setText("")
        self.who.box.clear()
        self.place.set_value("")
        self._show()

    def _leave(self) -> None:
        self._end_draft()
        self._forget()
        self.desk.back()

    # ---- what is not saved

    def _keep(self) -> None:
        """Keep what was typed, on the disk when this returns; of what is confidential nothing, not even what stood."""
        if self._draft is None or self.view is None or self.kind is None or self.desk.closed:
            return
        now, unread = self.view.everything(), self.view.unread()
        answers = {name: value for name, value in now.items() if value != self._began.get(name)}
        if self.privacy.tick.isChecked() or not (answers or unread):
            unsaved.forget_sheet(self.desk.ws, self._draft)
            return
        about = self.person.id if self.person else self.household_id
        boxes = {
            "kind": self.kind.code, "field": str(self.field.value()), "referred_to": str(self.place.value() or ""),
            "person_id": self.person.id if self.person else "", "household_id": self.household_id,
        }  # fmt: skip
        unsaved.keep_sheet(self.desk.ws, replace(self._draft, of=about), unsaved.Standing(answers, unread, boxes))

    def keep_soon(self) -> None:
        """Something was answered; what has become confidential is forgotten at once."""
        if self.privacy.tick.isChecked():
            self._keep()
        else:
            self._later.start()

    def _flush(self) -> None:
        if self._later.isActive():
            self._later.stop()
            self._keep()

    def _end_draft(self) -> None:
        self._later.stop()
        if self._draft is not None:
            unsaved.forget_sheet(self.desk.ws, self._draft)

    def _go_on(self) -> None:
        """Show what was typed here before and not saved, with a way to throw it away."""
        assert self._draft is not None
        kept = unsaved.load_sheet(self.desk.ws, self._draft, TICKET.fields)
        if kept is None:
            return
        told, at = kept
        try:
            self._stand_as(told)
        except NotFound:  # whom it was about is no more in the book
            self._throw_away()
            return
        at = at.astimezone(self.desk.ws.now().tzinfo)
        words = _("Isian belum selesai dari {day} pukul {time} dipulihkan.")
        shown = words.format(day=short_date(at.date()), time=f"{at:%H.%M}")
        notice = Notice("info", shown, _("Buang"), self._throw_away)
        notice.setObjectName("draft")
        self.restored.addWidget(notice)

    def _stand_as(self, told: unsaved.Standing) -> None:
        ws, boxes = self.desk.ws, told.boxes
        if self.corrected is None:
            self.person = people.hit(ws, boxes["person_id"]) if boxes["person_id"] else None
            self.household_id = boxes["household_id"]
            if self.household_id:
                self.household = families.card(ws, ws.posyandu_id, self.household_id).line.head
        self.choose(KINDS[boxes["kind"]])
        assert self.view is not None
        self.view.finish_building()
        self.view.set_answers({**self.view.everything(), **told.answers})
        self.view.lay_unread(told.unread)
        self.field.set_value(boxes["field"])
        self.place.set_value(boxes["referred_to"])
        self.who.show_chosen()
        self._later.stop()

    def _throw_away(self) -> None:
        """The page stands as it would have opened."""
        self._end_draft()
        self.open(*self._opened)

    def first_focus(self) -> QWidget:
        """The first kind, or the chosen one."""
        if not self.panes.shows_list:
            return self.panes.back
        return self.rows[self.kind.code if self.kind else next(iter(self.rows))]

    def action_bar(self) -> QWidget:
        """Saving."""
        return self._bar

    # ---- asking

    def choose(self, kind: Kind) -> None:
        """Ask about this kind; what was written already stays."""
        before = self.view.answers() if self.view is not None else {}
        self.kind = kind
        clear(self.form_place)
        asked = replace(
            ASKED,
            sections=tuple(
                replace(
                    section,
                    fields=tuple(
                        replace(field, hint=_(kind.ask)) if field.name == "finding" else field
                        for field in section.fields
                    ),
                )
                for section in ASKED.sections
            ),
        )
        self.view = FormView(
            asked, Context(self.desk.ws.today(), {}, {}), left_out=("place",) if self._is_of_family() else (),
            later=("noted_on", "source"),
        )  # fmt: skip
        self.view.set_answers(before)
        self._began = self._began or self.view.everything()
        self.view.changed.connect(self.keep_soon)
        self.field.set_value(kind.field)
        self.view.show_asked()
        self._later.start()
        self.view.ended.connect(lambda: self.place.setFocus(Qt.FocusReason.TabFocusReason))
        self.form_place.addWidget(self.view)
        self._show()
        self.left.ensureWidgetVisible(self.rows[kind.code], 0, px(8))
        self.right.verticalScrollBar().setValue(0)
        self.panes.show_detail()
        if self._is_of_family():
            QTimer.singleShot(0, self, self._to_finding)
        else:
            QTimer.singleShot(0, self, lambda: self.who.box.setFocus(Qt.FocusReason.TabFocusReason))

    def _to_finding(self) -> None:
        if self.view is not None:
            self.view.focus_field("finding")

    def _is_of_family(self) -> bool:
        return self.person is not None or bool(self.household_id)

    def _show(self) -> None:
        for code, row in self.rows.items():
            row.setEnabled(self.corrected is None or not KINDS[code].sealed)
            row.current = self.kind is not None and code == self.kind.code
            row.update()
        for card in self.asked:
            card.setVisible(self.kind is not None)
        placed = self.corrected is not None and not self._is_of_family()
        self.who.setVisible(self.kind is not None and not placed)
        self.empty.setVisible(self.kind is None)
        if self.kind is not None:
            self.privacy.show_kind(self.kind)
            self.privacy.setVisible(self.corrected is None)
            self.right.body.removeWidget(self.privacy)  # who will read it is said before the first word is written
            self.right.body.insertWidget(0 if self.kind.sealed else self.right.body.count() - 1, self.privacy)
        about = self.person.name if self.person else self.household
        words = _(self.kind.label) if self.kind else ""
        secret = self.kind is not None and self.kind.sealed
        self.subtitle = _("Rahasia") if secret else ". ".join(part for part in (words, about) if part)
        self.header_changed.emit()
        self.done.setEnabled(self.kind is not None and self.privacy.may_save())

    def take(self, hit: "people.PersonHit | None") -> None:
        """Report of this person, or of nobody in particular."""
        self.person = hit
        self.household_id = self.household = ""
        self.who.show_chosen()
        if self.kind is not None:
            self.choose(self.kind)

    # ---- saving

    def save(self) -> bool:
        """Save the report; True when it was done."""
        if self.kind is None or self.view is None or not self.done.isEnabled():
            return False
        answers: dict[str, Value | None] = {
            **self.view.answers(),
            "kind": self.kind.code,
            "field": str(self.field.value()),
            "referred_to": str(self.place.value() or "") or None,
        }
        if self.corrected is not None:
            return self._save_correction(self.corrected, answers)
        save = social.open_sealed if self.privacy.tick.isChecked() else social.open_ticket
        try:
            saved = save(
                self.desk.ws, answers, person_id=self.person.id if self.person else "",
                household_id=self.household_id,
            )  # fmt: skip
        except NotFinal as error:
            self.view.show_summary(list(error.problems))
            return False
        except PosyanduError as error:
            self.where.setText(errors.sentence(error))
            return False
        secret = self.privacy.tick.isChecked()
        self._end_draft()
        words = _("Laporan tersegel. Beri tahu bidan bahwa ada tiket rahasia.") if secret else _("Laporan tersimpan")
        self._forget()
        self.desk.announce("sealed" if secret else "social_ticket")
        self.desk.toast(words, _("Batalkan"), lambda: self._undo(saved.op_id))
        self.desk.back()
        self.desk.go("masalah_sosial", ticket_id="" if secret else saved.id)
        return True

    def _save_correction(self, ticket: social.Ticket, answers: dict[str, Value | None]) -> bool:
        assert self.view is not None
        try:
            saved = social.correct(self.desk.ws, ticket.id, answers)
        except NotFinal as error:
            self.view.show_summary(list(error.problems))
            return False
        except PosyanduError as error:
            self.where.setText(errors.sentence(error))
            return False
        self._end_draft()
        self._forget()
        self.desk.announce("social_ticket")
        if saved.changed:
            self.desk.toast(_("Laporan diperbaiki"), _("Batalkan"), lambda: self._undo(saved.op_id))
        self.desk.back()
        return True

    def _undo(self, op_id: str) -> None:
        social.undo(self.desk.ws, op_id)
        self.desk.announce("social_ticket", "sealed")


class WhoCard(Card):
    """Whom the report is about: a person found by name, a family, or nobody but a place."""

    def __init__(self, page: LaporSosialPage) -> None:
        super().__init__(_("Tentang siapa"), padding=(22, 16), spacing=8)
        self.page = page
        self.box = TextInput(
            name="lapor:cari", accessible=_("Cari orang menurut nama"), placeholder=_("Cari nama, atau isi tempat"),
            height=44,
        )  # fmt: skip
        self.found = column_layout(spacing=0)
        self.body.addWidget(self.box)
        self.body.addLayout(self.found)
        self._later = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._later.timeout.connect(self._search)
        self.box.textChanged.connect(lambda _text: self._later.start())

    def show_chosen(self) -> None:
        """The one chosen, with a way to choose another."""
        self._later.stop()
        clear(self.found)
        page = self.page
        chosen = page.person.name if page.person else page.household
        self.box.setVisible(not chosen)
        if chosen:
            line = row_layout(spacing=10)
            detail = page.person.age_text if page.person else ""
            label = Label(", ".join(part for part in (chosen, detail) if part), "label", wrap=True)
            line.addWidget(label, 1)
            if page.corrected is None:
                change = Button(_("Ganti"), "quiet", name="button:ganti", on=self._change)
                line.addWidget(change)
            self.found.addLayout(line)

    def _change(self) -> None:
        self.box.clear()
        self.page.take(None)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _search(self) -> None:
        clear(self.found)
        typed = self.box.text().strip()
        if len(typed) < 2 or self.page.person is not None:
            return
        ws = self.page.desk.ws
        hits = people.search(ws, typed, limit=OFFERED, scope=ws.posyandu_id)
        for hit in hits:
            row = Row(
                f"{hit.name}, {hit.age_text}".rstrip(", "), hit.address_line,
                picture=("avatar", hit.name, hit.sex), chevron=False, name=f"pilih:{hit.id}",
            )  # fmt: skip
            row.clicked.connect(lambda _on=False, hit=hit: self.page.take(hit))
            self.found.addWidget(row)
        if not hits:
            self.found.addWidget(Label(_("Tidak ada nama yang cocok. Isi tempatnya di bawah."), "small", "text2"))


class PrivacyCard(Card):
    """Whether the report is confidential, and exactly who will be able to read it."""

    def __init__(self, page: LaporSosialPage) -> None:
        super().__init__(padding=(22, 16), spacing=8)
        self.page = page
        self.tick = Tick(_("Rahasia, untuk pemegang kunci saja"), name="lapor:rahasia")
        self.tick.toggled.connect(lambda _on: self._show())
        self.tick.toggled.connect(lambda _on: page.keep_soon())
        self.words = column_layout(spacing=8)
        self.body.addWidget(self.tick)
        self.body.addLayout(self.words)
        self.readers: tuple[sealed.Reader, ...] = ()

    def show_kind(self, kind: Kind) -> None:
        """Confidential without a choice where the kind says so."""
        self.readers = sealed.readers(self.page.desk.ws)
        if kind.sealed or not self.tick.isEnabled():
            self.tick.setChecked(kind.sealed)
        self.tick.setEnabled(not kind.sealed)
        self._show()

    def may_save(self) -> bool:
        """Whether what is confidential has somebody to read it."""
        return not self.tick.isChecked() or any(each.accepted for each in self.readers)

    def _show(self) -> None:
        clear(self.words)
        if self.tick.isChecked():
            me = self.page.desk.ws.worker.id
            accepted = [each for each in self.readers if each.accepted]
            known = [f"{each.name} ({_(DUTIES[each.role])})" for each in accepted if each.worker_id != me]
            if len(known) < len(accepted):
                words = _(
                    "Tulisan ini disegel begitu disimpan. Yang dapat membukanya, dengan PIN: {names}. "
                    "Kader lain tidak dapat. Setiap pembukaan dicatat."
                )
                self.words.addWidget(Notice("info", words.format(names=", ".join((_("Anda"), *known)))))
            elif known:
                self.words.addWidget(
                    Notice(
                        "info",
                        _(
                            "Tulisan ini disegel begitu disimpan. Yang dapat membukanya: {names}. Anda sendiri dan "
                            "kader lain tidak dapat membukanya lagi. Setiap pembukaan dicatat."
                        ).format(names=", ".join(known)),
                    )
                )
            elif not self.readers:
                self.words.addWidget(
                    Notice(
                        "bad",
                        _(
                            "Belum ada pembaca di laptop ini, jadi tulisan rahasia tidak dapat disimpan. Sampaikan "
                            "langsung kepada bidan. Bila ada bahaya sekarang, hubungi SAPA 129."
                        ),
                    )
                )
            for each in self.readers:
                if not each.accepted:
                    sentence = _("Kunci baru: {name}, {duty}. Cocokkan angkanya dengan orangnya.").format(
                        name=each.name, duty=_(DUTIES[each.role])
                    )
                    notice = Notice(
                        "warn",
                        sentence,
                        _("Cocokkan"),
                        partial(CompareSheet, self.page.desk, self, each, self.accepted),
                    )
                    if notice.button is not None:
                        notice.button.setObjectName(f"button:cocokkan:{each.worker_id}")
                    self.words.addWidget(notice)
        self.page.done.setEnabled(self.page.kind is not None and self.may_save())

    def accepted(self) -> None:
        """Somebody's digits were compared."""
        self.readers = sealed.readers(self.page.desk.ws)
        self._show()
