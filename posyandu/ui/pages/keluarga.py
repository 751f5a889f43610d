"""Keluarga: families by RT, and one family's card: members with what is due for each, and the facts of the house."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from posyandu.domain.calendar import short_date
from posyandu.domain.errors import BadInput, PosyanduError
from posyandu.domain.fields import Field, Value
from posyandu.domain.form import Context
from posyandu.domain.forms import FORMS
from posyandu.services import families, home_visits
from posyandu.text import N_, _
from posyandu.ui import errors, theme
from posyandu.ui.desk import Desk
from posyandu.ui.editors import answer_text
from posyandu.ui.form_view import FormView
from posyandu.ui.iks_view import IksCard
from posyandu.ui.theme import px
from posyandu.ui.widgets.arrange import Flow, InTurns, ListBeside
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Chip,
    ElideLabel,
    EmptyState,
    Label,
    NameLabel,
    Page,
    Row,
    ScrollPage,
    Segmented,
    TextInput,
    Tick,
    clear,
    column_layout,
    row_layout,
    sign_line,
)
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.picker import Picker
from posyandu.ui.widgets.sheet_draft import SheetDraft

NEED_WORDS = {"bad": N_("Segera"), "warn": N_("Perlu dilihat"), "info": N_("Waktunya"), "ok": N_("Beres")}
SHOWN = 80
"""How many families the list shows at once; the rest are found by searching."""
OFFERED = 4
LOGGED = 5
"""How many home visits the card shows."""
IN_THE_HEAD = frozenset(("kk", "head_name", "hamlet", "rt", "rw", "note"))
"""Facts of a household that the card says elsewhere."""
SEARCH_AFTER_MS = 80


class KeluargaPage(Page):
    """`open(household_id="")` shows that family; without one the family seen last, or the first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.title = _("Keluarga")
        self.register: families.Register | None = None
        self.card: families.FamilyCard | None = None
        self.house_id: str | None = None
        self._job: Any = None
        self.view = ScrollPage(margins=(0, 0, 0, 0), spacing=theme.CARD_GAP)
        self.cards = column_layout(spacing=theme.CARD_GAP)
        self.view.body.addLayout(self.cards)
        self.view.body.addStretch(1)
        self.panes = ListBeside(self._make_list(), self.view, width=330, back=_("Semua keluarga"))
        column = column_layout(self)
        column.setContentsMargins(px(28), px(4), px(28), px(16))
        column.addWidget(self.panes)
        self._bar = self._make_bar()
        desk.records_changed.connect(self._follow)

    def _make_list(self) -> QWidget:
        card = Card(padding=(16, 14), spacing=10, rows=True)
        self.search = TextInput(
            name="families:search",
            accessible=_("Cari keluarga menurut nama, nomor KK atau alamat"),
            placeholder=_("Cari nama, KK atau alamat"),
            height=44,
        )
        self.rt = Picker(name="families:rt", accessible=_("RT"))
        self.count = Label("", "small", "text3")
        tools = column_layout(spacing=8)
        tools.setContentsMargins(px(8), 0, px(8), 0)
        tools.addWidget(self.search)
        line = row_layout(spacing=10)
        line.addWidget(self.rt)
        line.addWidget(self.count, 1)
        tools.addLayout(line)
        card.body.addLayout(tools)
        self.list_view = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
        self.rows = column_layout(spacing=0)
        self._rows = InTurns(self.rows, self)
        self.list_view.body.addLayout(self.rows)
        self.list_view.body.addStretch(1)
        card.body.addWidget(self.list_view, 1)
        self._later = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._later.timeout.connect(self._show_list)
        self.search.textChanged.connect(lambda _text: self._later.start())
        self.search.returnPressed.connect(self._open_first)
        self.rt.currentIndexChanged.connect(lambda _place: self._show_list())
        return card

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        row = row_layout(bar, spacing=10)
        self.merge_button = Button(_("Gabungkan…"), "secondary", None, name="button:gabungkan", on=self._ask_merge)
        self.move_button = Button(_("Pindahkan anggota…"), "secondary", None, name="button:pindahkan")
        self.move_button.clicked.connect(self._ask_move)
        self.add_button = Button(_("Tambah anggota"), "primary", "user-plus", name="button:tambah-anggota")
        self.add_button.clicked.connect(lambda: self.desk.go("daftar", household_id=self.house_id))
        self.where = ElideLabel("", "small", "text2")
        row.addWidget(self.where, 1)
        for button in (self.merge_button, self.move_button, self.add_button):
            button.setEnabled(False)
            row.addWidget(button)
        return bar

    # ---- page

    def open(self, household_id: str | None = None, **_arguments: object) -> None:
        """Read the families beside the window."""
        if household_id is not None:
            self.house_id = household_id
            self.panes.show_detail()
        else:
            self.panes.show_list()
        self.ask()

    def ask(self) -> None:
        """Read the families anew, and the card of the one shown."""
        if self._job is not None:
            self._job.cancel()
        post = self.desk.ws.posyandu_id
        self._job = self.desk.run(lambda ws: families.register(ws, post), self._read, self._failed, owner=self)

    def _failed(self, error: Exception) -> None:
        self._job = None
        self.where.setText(errors.sentence(error))

    def _read(self, found: families.Register) -> None:
        self._job = None
        self.register = found
        homes = [line for line in found.lines if line.id]
        people = sum(line.members for line in found.lines)
        self.subtitle = _("{n} keluarga, {people} orang").format(n=len(homes), people=people)
        self.header_changed.emit()
        chosen = self.rt.value()
        self.rt.blockSignals(True)
        self.rt.clear()
        self.rt.addItem(_("Semua RT"), None)
        for rt in sorted({line.rt for line in homes if line.rt}):
            self.rt.addItem(f"RT {rt}", rt)
        self.rt.set_value(chosen)
        self.rt.blockSignals(False)
        if self.house_id not in {line.id for line in found.lines}:
            self.house_id = found.lines[0].id if found.lines else None
        self._show_list()
        self.desk.soon(self, self._show_card)

    def _follow(self, _forms: frozenset[str] = frozenset()) -> None:
        if self.isVisible():
            self.ask()

    def first_focus(self) -> QWidget:
        """The search box."""
        return self.search if self.panes.shows_list else self.panes.back

    def action_bar(self) -> QWidget:
        """Adding, moving, merging."""
        return self._bar

    # ---- the list

    def _found(self) -> Sequence[families.FamilyLine]:
        if self.register is None:
            return ()
        rt = self.rt.value()
        return families.find(self.register, self.search.text(), rt if isinstance(rt, str) else None)

    def _show_list(self) -> None:
        """The families asked for: rows of the same families say what is new, others take their place in turns."""
        self._later.stop()
        found = self._found()
        focus = QApplication.focusWidget()
        name = focus.objectName() if focus is not None and self.list_view.isAncestorOf(focus) else ""
        shown = self.list_view.findChildren(Row)
        wanted = [f"keluarga:{line.id}" for line in found[:SHOWN]]
        if wanted and [row.objectName() for row in shown] == wanted:
            for row, line in zip(shown, found, strict=False):
                family_says(row, line)
            self._mark()
        else:
            if name:
                self.search.setFocus(Qt.FocusReason.OtherFocusReason)
            self._rows.show(self._parts(found, name), SHOWN + 1, wanted.index(name) + 1 if name in wanted else 0)
        self.count.setText(_("{n} keluarga").format(n=sum(1 for line in found if line.id)))

    def _parts(self, found: Sequence[families.FamilyLine], name: str) -> Iterator[QWidget]:
        """A row for each family, then what is left to be said; the row of this name takes the keys."""
        for line in found[:SHOWN]:
            row = family_row(line)
            row.current = line.id == self.house_id
            row.clicked.connect(lambda _on=False, house_id=line.id: self.show_family(house_id))
            if row.objectName() == name:
                self.desk.soon(row, partial(row.setFocus, Qt.FocusReason.OtherFocusReason))
            if row.current:
                QTimer.singleShot(80, row, lambda row=row: self.list_view.ensureWidgetVisible(row, 0, px(8)))
            yield row
        if len(found) > SHOWN:
            more = _("{n} keluarga lagi. Ketik nama atau pilih RT.").format(n=len(found) - SHOWN)
            yield Label(more, "small", "text3", wrap=True)
        if not found:
            nobody = not self.search.text() and self.rt.value() is None
            words = _("Belum ada keluarga.") if nobody else _("Tidak ada keluarga yang cocok.")
            yield EmptyState("house-heart", words)

    def _mark(self) -> None:
        for row in self.list_view.findChildren(Row):
            current = row.objectName() == f"keluarga:{self.house_id}"
            if row.current != current:
                row.current = current
                row.update()

    def _open_first(self) -> None:
        if self._later.isActive():  # typed faster than the list follows
            self._show_list()
        found = self._found()
        if found:
            self.show_family(found[0].id)

    def show_family(self, house_id: str) -> None:
        """Show this family at the right."""
        self.house_id = house_id
        self._mark()
        self._show_card()
        self.view.verticalScrollBar().setValue(0)
        self.panes.show_detail()

    # ---- the card

    def _show_card(self) -> None:
        ws = self.desk.ws
        clear(self.cards)
        self.card = None
        if self.house_id is not None and self.register is not None:
            self.card = families.card(ws, ws.posyandu_id, self.house_id, self.register)
        real = self.card is not None and bool(self.house_id)
        self.add_button.setEnabled(real)
        self.merge_button.setEnabled(real)
        self.move_button.setEnabled(self.card is not None and bool(self.card.members))
        if self.card is None:
            sentence = _("Belum ada keluarga. Daftarkan sasaran dengan nomor KK atau alamatnya.")
            self.cards.addWidget(
                EmptyState("house-heart", sentence, _("Daftarkan sasaran"), lambda: self.desk.go("daftar"))
            )
            return
        self.cards.addWidget(self._head(self.card))
        self.cards.addWidget(self._members(self.card))
        if self.house_id:
            self.cards.addWidget(self._visits(self.card))
            self.cards.addWidget(IksCard(self.desk, self.house_id, self._edit_facts))
            self.cards.addWidget(self._facts(self.card))

    def _head(self, card: families.FamilyCard) -> Card:
        made = Card(padding=(24, 18), spacing=10)
        top = row_layout(spacing=12)
        words = column_layout(spacing=2)
        words.addWidget(NameLabel(card.line.head))
        kk = _("KK {number}").format(number=card.line.kk) if card.line.kk else _("Nomor KK belum ada")
        line = ", ".join(part for part in (kk, card.line.place) if part)
        if not self.house_id:
            line = _("Pindahkan ke keluarganya, atau jadikan keluarga baru.")
        words.addWidget(Label(line, "small", "text2", wrap=True))
        top.addLayout(words, 1)
        if self.house_id:
            top.addWidget(
                Chip(_("Rentan"), "warn", "triangle-alert")
                if card.is_vulnerable
                else Chip(_("Satu tanda rentan") if card.reasons else _("Belum ada tanda rentan"), "neutral"),
                0,
                Qt.AlignmentFlag.AlignTop,
            )
        made.body.addLayout(top)
        for reason in card.reasons:
            made.body.addLayout(sign_line(reason.level, reason.words))
        return made

    def _members(self, card: families.FamilyCard) -> Card:
        made = Card(
            _("Anggota ({n})").format(n=len(card.members)),
            action=_("Laporkan masalah") if self.house_id else "",
            on_action=lambda: self.desk.go("lapor_sosial", household_id=self.house_id),
            padding=(24, 16),
            spacing=4,
            rows=bool(card.members),
        )
        if made.action is not None:
            made.action.setObjectName("button:lapor")
        for member in card.members:
            hit = member.hit
            row = Row(
                f"{hit.name}, {hit.age_text}" if hit.age_text else hit.name,
                ". ".join(part for part in (hit.group_label, member.need.words) if part),
                picture=("avatar", hit.name, hit.sex),
                chip=(_(NEED_WORDS[member.need.level]), member.need.level),
                name=f"anggota:{hit.id}",
            )
            row.setToolTip(member.need.words)
            row.clicked.connect(lambda _on=False, person_id=hit.id: self.desk.go("kartu", person_id=person_id))
            made.body.addWidget(row)
        if not card.members:
            made.body.addWidget(Label(_("Tidak ada anggota yang tinggal di sini."), "small", "text2", wrap=True))
        return made

    def _visits(self, card: families.FamilyCard) -> Card:
        made = Card(_("Kunjungan rumah"), padding=(24, 14), spacing=6, rows=True)
        for noted in home_visits.log(self.desk.ws, household_id=card.line.id)[:LOGGED]:
            level = "neutral" if noted.result.level == "unknown" else noted.result.level
            row = Row(
                f"{short_date(noted.on)}, {noted.hit.name}",
                noted.result.advice,
                picture=("icon", "house", level),
                name=f"kunjungan-rumah:{noted.record_id}",
            )
            row.setToolTip(noted.result.advice)
            row.clicked.connect(
                lambda _on=False, noted=noted: self.desk.go(
                    "kunjungan_rumah", person_id=noted.hit.id, form=noted.form.name, record_id=noted.record_id
                )
            )
            made.body.addWidget(row)
        if not made.findChildren(Row):
            inset = row_layout(spacing=0)
            inset.setContentsMargins(px(8), 0, px(8), 0)
            inset.addWidget(
                Label(_("Belum pernah dikunjungi. Paling sedikit setahun sekali."), "small", "text2", wrap=True)
            )
            made.body.addLayout(inset)
        if card.members:
            line, inset = Flow(spacing=10), row_layout(spacing=0)
            inset.setContentsMargins(px(8), px(4), px(8), 0)
            inset.addWidget(line)
            who = Picker(
                [(member.hit.id, member.hit.name) for member in card.members],
                name="kunjungan-rumah:siapa",
                accessible=_("Siapa yang dikunjungi"),
            )
            start = Button(_("Mulai kunjungan"), "secondary", "notebook-pen", name="button:kunjungan-rumah")
            start.clicked.connect(lambda: self.desk.go("kunjungan_rumah", person_id=str(who.value())))
            line.add(who, 100)
            line.add(start)
            died = Button(_("Meninggal"), "quiet", name="button:kematian")
            died.clicked.connect(lambda: self.desk.go("kematian", person_id=str(who.value())))
            line.add(died)
            made.body.addLayout(inset)
        return made

    def _facts(self, card: families.FamilyCard) -> Card:
        made = Card(
            _("Data keluarga dan rumah"),
            action=_("Ubah data keluarga"),
            on_action=self._edit_facts,
            padding=(24, 12),
            spacing=10,
        )
        if made.action is not None:
            made.action.setObjectName("button:ubah-keluarga")
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(8))
        fields = [field for field in FORMS["household"].asked(card.answers) if field.name not in IN_THE_HEAD]
        half = (len(fields) + 1) // 2
        for place, field in enumerate(fields):
            value = card.answers.get(field.name)
            line, column = place % half, 2 * (place // half)
            grid.addWidget(ElideLabel(_(field.label), "small", "text2"), line, column)
            ink = "text3" if value is None else "text"
            grid.addWidget(ElideLabel(_answer(field, value), "small", ink), line, column + 1)
        for column, stretch in enumerate((4, 3, 4, 3)):
            grid.setColumnStretch(column, stretch)
        made.body.addLayout(grid)
        if card.answers.get("note"):
            made.body.addWidget(Label(str(card.answers["note"]), "small", "text", wrap=True))
        return made

    # ---- deeds

    def _edit_facts(self) -> None:
        assert self.card is not None
        FactsSheet(self.window(), self, self.card)

    def _ask_move(self) -> None:
        assert self.card is not None
        assert self.register is not None
        MoveSheet(self.window(), self, self.card, self.register)

    def ask_where_to(self, card: families.FamilyCard, moving: Sequence[str]) -> None:
        """Ask to which post these of the family move. Raises BadInput without anybody."""
        from posyandu.services import posts
        from posyandu.ui import move_sheets

        if not moving:
            raise BadInput(_("Pilih dulu anggota yang pindah."))
        others = {each.hit.id: move_sheets.tick_words(each.hit) for each in card.members if each.hit.id != moving[0]}
        name = next(each.hit.name for each in card.members if each.hit.id == moving[0])
        near = next((post.village_code for post in posts.posts(self.desk.ws)), "")
        self.desk.soon(  # when the sheet that asked who has gone: the keys belong to this one
            self,
            lambda: move_sheets.MoveSheet(self.desk, self.window(), moving[0], name, near, others, moving),
        )

    def _ask_merge(self) -> None:
        assert self.card is not None
        assert self.register is not None
        MergeSheet(self.window(), self, self.card, self.register)

    def done(self, words: str, op_ids: tuple[str, ...], show: str) -> None:
        """Show a family after a change, and offer to take the change back."""
        before, self.house_id = self.house_id, show
        self.desk.announce("household", "person")
        if op_ids:
            self.desk.toast(words, _("Batalkan"), lambda: self._undo(op_ids, before))

    def _undo(self, op_ids: tuple[str, ...], show: str | None) -> None:
        families.undo(self.desk.ws, op_ids)
        self.house_id = show
        self.desk.announce("household", "person")


def family_row(line: families.FamilyLine) -> Row:
    """A family in a list: head, place and number of members, and how many of them are waited for."""
    picture = ("icon", "house-heart" if line.id else "users", "neutral")
    title, detail, chip = _told_of(line)
    return Row(title, detail, picture=picture, chip=chip, chevron=False, name=f"keluarga:{line.id}")


def family_says(row: Row, line: families.FamilyLine) -> None:
    """Let the row of this family say what is true of it now."""
    title, detail, chip = _told_of(line)
    if (row.title, row.detail, row.chip) != (title, detail, chip):
        row.show_state(title=title, detail=detail, chip=chip)


def _told_of(line: families.FamilyLine) -> tuple[str, str, tuple[str, str] | None]:
    people = _("{n} orang").format(n=line.members)
    chip = (str(line.needs), line.level or "neutral") if line.needs else None
    return line.head, ", ".join(part for part in (people, line.place) if part), chip


def _answer(field: Field, value: Value | None) -> str:
    """An answer in the words of the form."""
    return _("belum ditanya") if value is None else answer_text(field, value)


class _Sheet(Overlay):
    """What the three sheets share: the buttons."""

    def end(self, words: str, deed: Callable[[], object]) -> Button:
        """Add the buttons."""
        yes = Button(words, "primary", name="button:ya", on=lambda: self._try(deed))
        self.foot(yes)
        return yes

    def _try(self, deed: Callable[[], object]) -> None:
        try:
            deed()
        except PosyanduError as error:
            self.say(errors.sentence(error))
            return
        self.accept()


class FactsSheet(_Sheet):
    """The questions about a household."""

    def __init__(self, host: QWidget, page: KeluargaPage, card: families.FamilyCard) -> None:
        super().__init__(host, _("Data keluarga {name}").format(name=card.line.head), width=720)
        ws = page.desk.ws
        self.form = FormView(FORMS["household"], Context(ws.today(), {}, {}))
        self.form.set_answers(card.answers)
        view = ScrollPage(margins=(0, 0, 10, 0), spacing=12)
        view.body.addWidget(self.form)
        self.body.addWidget(view, 1)

        def save() -> None:
            self.form.flush()
            changes = {name: value for name, value in self.form.answers().items() if value != card.answers.get(name)}
            page.done(_("Data keluarga tersimpan"), families.correct(ws, card.line.id, changes), card.line.id)

        self.end(_("Simpan"), save)
        self.open_over(self.form.first_focus())
        SheetDraft(self, page.desk, "household", card.line.id, view=self.form)


class FamilyChooser(QWidget):
    """Search for another family and choose one."""

    chosen = Signal()

    def __init__(self, found: families.Register, without: str) -> None:
        super().__init__()
        self.house_id = ""
        self._register, self._without = found, without
        column = column_layout(self, spacing=6)
        self.box = TextInput(
            name="families:lain",
            accessible=_("Cari keluarga lain"),
            placeholder=_("Cari nama, KK atau alamat"),
            height=44,
        )
        self.box.textChanged.connect(lambda _text: self.show_found())
        column.addWidget(self.box)
        self.rows = column_layout(spacing=0)
        holder = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
        holder.body.addLayout(self.rows)
        column.addWidget(holder, 1)
        self.show_found()

    def show_found(self) -> None:
        """Show the first few that match."""
        clear(self.rows)
        self.house_id = ""
        others = [
            line for line in families.find(self._register, self.box.text()) if line.id and line.id != self._without
        ]
        for line in others[:OFFERED]:
            row = family_row(line)
            row.setObjectName(f"pilih:{line.id}")
            row.clicked.connect(lambda _on=False, house_id=line.id: self._choose(house_id))
            self.rows.addWidget(row)
        if not others:
            self.rows.addWidget(Label(_("Tidak ada keluarga yang cocok."), "small", "text2", wrap=True))
        self.rows.addStretch(1)

    def wanted(self) -> str:
        """The family chosen. Raises BadInput while there is none."""
        if not self.house_id:
            raise BadInput(_("Pilih dulu keluarganya dari daftar."))
        return self.house_id

    def _choose(self, house_id: str) -> None:
        self.house_id = house_id
        for row in self.findChildren(Row):
            row.current = row.objectName() == f"pilih:{house_id}"
            row.update()
        self.chosen.emit()


class MoveSheet(_Sheet):
    """Who moves, and where to: another family, a new one, or another post."""

    def __init__(self, host: QWidget, page: KeluargaPage, card: families.FamilyCard, found: families.Register) -> None:
        super().__init__(host, _("Siapa yang pindah keluarga?"), width=600)
        self.page, self.card = page, card
        self.ticks: dict[str, Tick] = {}
        people = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
        for member in card.members:
            tick = Tick(f"{member.hit.name}, {member.hit.age_text}".rstrip(", "), name=f"pindah:{member.hit.id}")
            self.ticks[member.hit.id] = tick
            people.body.addWidget(tick)
        people.body.addStretch(1)
        self.body.addWidget(people, 1)
        self.where = Segmented(
            [
                ("other", _("Keluarga lain")),
                ("new", _("Keluarga baru")),
                ("away", _("Posyandu lain")),
            ],
            "other",
            name="pindah-ke",
            accessible=_("Pindah ke mana"),
        )
        self.body.addWidget(self.where)
        self.chooser = FamilyChooser(found, card.line.id)
        self.where.changed.connect(lambda code: self.chooser.setVisible(code == "other"))
        self.body.addWidget(self.chooser)
        self.end(_("Pindahkan"), self._move)
        self.open_over(next(iter(self.ticks.values())))
        SheetDraft(self, page.desk, "pindah-keluarga", card.line.id)

    def _move(self) -> None:
        ws = self.page.desk.ws
        moving = [person_id for person_id, tick in self.ticks.items() if tick.isChecked()]
        if self.where.value() == "away":
            self.page.ask_where_to(self.card, moving)
            return
        if self.where.value() == "new":
            house_id, done = families.split(ws, moving, {})
        else:
            house_id = self.chooser.wanted() if moving else ""
            done = families.move(ws, moving, house_id)
        words = _("{n} orang pindah keluarga").format(n=len(moving))
        self.page.done(words, done, house_id)


class MergeSheet(_Sheet):
    """Which other entry is the same family."""

    def __init__(self, host: QWidget, page: KeluargaPage, card: families.FamilyCard, found: families.Register) -> None:
        super().__init__(host, _("Keluarga mana yang sama dengan {name}?").format(name=card.line.head), width=600)
        self.page, self.card = page, card
        words = _("Anggotanya disatukan ke sini. Data yang kosong diisi dari keluarga itu.")
        self.body.addWidget(Label(words, "small", "text2", wrap=True))
        self.chooser = FamilyChooser(found, card.line.id)
        self.body.addWidget(self.chooser)
        self.end(_("Gabungkan"), self._merge)
        self.open_over(self.chooser.box)

    def _merge(self) -> None:
        done = families.merge(self.page.desk.ws, self.card.line.id, self.chooser.wanted())
        self.page.done(_("Dua keluarga digabungkan"), done, self.card.line.id)
