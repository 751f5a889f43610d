"""Posyandu kita: the post itself. Its kader and their skills, its stock, activities, cash, strata, and its village."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QMenu, QStackedWidget, QWidget

from posyandu.domain.calendar import Month, month_text, short_date
from posyandu.domain.errors import PosyanduError
from posyandu.domain.fields import Answers
from posyandu.domain.form import Form
from posyandu.domain.forms import activity, fund, village_profile
from posyandu.domain.forms.registration import WORKER
from posyandu.domain.forms.stock import FORM as STOCK
from posyandu.domain.forms.stock import ITEMS
from posyandu.domain.forms.training import COMPETENCE, TRAINING
from posyandu.services import decrees, post_affairs, profile
from posyandu.text import N_, _, count
from posyandu.ui import errors, files, theme
from posyandu.ui.desk import Desk
from posyandu.ui.profile_view import ProfileView
from posyandu.ui.record_sheet import RecordSheet
from posyandu.ui.stock_table import StockTable
from posyandu.ui.strata_view import StrataView
from posyandu.ui.theme import px
from posyandu.ui.widgets.arrange import ListBeside
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Chip,
    ElideLabel,
    EmptyState,
    Label,
    Notice,
    Page,
    Row,
    ScrollPage,
    Segmented,
    clear,
    column_layout,
    row_layout,
    show_menu,
)
from posyandu.ui.widgets.picker import MonthPicker, Picker

TABS = {
    "kader": N_("Kader"),
    "stok": N_("Stok"),
    "kegiatan": N_("Kegiatan dan dana"),
    "strata": N_("Strata"),
    "profil": N_("Profil"),
}
MONTHS_SHOWN = 13
NOT_ASKED = ("role", "trained")
"""Facts of a kader that are set elsewhere: with the PIN, and by the trainings."""
JOINED_FORMS = ("worker", "training", "competence")
"""What changes when two records of one kader are made one, or parted."""
TWO_FROM = 720
LEAST_LIST = 150
"""How high a list of them is at least: an empty one says so in full."""
SHOWN = 60
"""How many activities and lines of cash are shown at once."""


class PosyanduKitaPage(Page):
    """`open(tab="", month=None)`: kader, stok, kegiatan, strata or profil; without one the tab seen last."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.title = _("Posyandu kita")
        self._job: Any = None
        outer = column_layout(self, spacing=12)
        outer.setContentsMargins(px(theme.PAGE_MARGIN), px(4), px(theme.PAGE_MARGIN), px(14))
        top = row_layout(spacing=12)
        self.tabs = Segmented(
            [(code, _(words)) for code, words in TABS.items()], "kader", name="tab", accessible=_("Bagian"), tick=False
        )
        self.tabs.changed.connect(lambda _code: self.ask())
        self.month_picker = MonthPicker(lambda: desk.ws.today(), accessible=_("Bulan"), back=MONTHS_SHOWN, from_day=1)
        self.month_picker.currentIndexChanged.connect(lambda _place: self.ask())
        top.addWidget(self.tabs)
        top.addStretch(1)
        top.addWidget(self.month_picker)
        outer.addLayout(top)
        self.stack = QStackedWidget()
        self.views: dict[str, Any] = {}
        outer.addWidget(self.stack, 1)
        self._bar = self._make_bar()
        desk.records_changed.connect(self._follow)

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        row = row_layout(bar, spacing=10)
        self.where = ElideLabel("", "small", "text2")
        row.addWidget(self.where, 1)
        self.buttons: dict[str, list[Button]] = {code: [] for code in TABS}
        deeds: tuple[tuple[str, str, str, str | None, str, Callable[[], object]], ...] = (
            ("kader", _("Konsep SK"), "secondary", "file-text", "konsep-sk", self.offer_letters),
            ("kader", _("Tambah kader"), "primary", "user-plus", "tambah-kader", self.add_kader),
            ("stok", _("Lembar stok"), "primary", "file-text", "lembar-stok", lambda: self._report("stok")),
            ("kegiatan", _("Catat kegiatan"), "secondary", "plus", "catat-kegiatan", self.add_activity),
            ("kegiatan", _("Catat uang"), "primary", "plus", "catat-uang", self.add_cash),
            ("strata", _("Lembar pembinaan"), "secondary", "file-text", "pembinaan", lambda: self._report("pembinaan")),
            ("strata", _("Lembar strata"), "primary", "file-text", "lembar-strata", lambda: self._report("strata")),
            ("profil", _("Persetujuan"), "secondary", "file-text", "persetujuan", lambda: self._report("persetujuan")),
            ("profil", _("Lembar profil"), "secondary", "file-text", "lembar-profil", lambda: self._report("profil")),
            ("profil", _("Catat profil desa"), "primary", "notebook-pen", "catat-profil", self.note_profile),
        )
        for tab, words, kind, icon, name, deed in deeds:
            button = Button(words, kind, icon, name=f"button:{name}", on=lambda _on=False, deed=deed: deed())
            self.buttons[tab].append(button)
            row.addWidget(button)
        return bar

    # ---- page

    def open(self, tab: str = "", month: Month | None = None, **_arguments: object) -> None:
        """Show a tab, perhaps of a month."""
        if tab in TABS:
            self.tabs.set_value(tab)
        self.month_picker.renew(month)
        self.ask()

    def first_focus(self) -> QWidget:
        """The tab in view."""
        return self.tabs.buttons[self.tab()]

    def action_bar(self) -> QWidget:
        """What can be added or printed."""
        return self._bar

    def tab(self) -> str:
        """The tab in view."""
        return str(self.tabs.value() or "kader")

    def month(self) -> Month:
        """The month chosen."""
        return self.month_picker.month()

    def _follow(self, _forms: object) -> None:
        if self.isVisible():
            self.ask()

    def ask(self) -> None:
        """Read the tab in view beside the window."""
        if self._job is not None:
            self._job.cancel()
        tab, month, post = self.tab(), self.month(), self.desk.ws.posyandu_id
        view = self._view(tab)
        self.stack.setCurrentWidget(view)
        self.month_picker.setVisible(tab in ("stok", "strata"))
        self.where.setText(_("Menghitung…") if tab == "strata" else "")
        for code, buttons in self.buttons.items():
            for button in buttons:
                button.setVisible(code == tab)
        self._job = self.desk.run(lambda ws: (tab, view.read(ws, post, month)), self._read, self._failed, owner=self)

    def _view(self, tab: str) -> Any:  # noqa: ANN401 - one of the views below
        """The view of a tab, made when first wanted."""
        if tab not in self.views:
            makers: dict[str, Callable[[], QWidget]] = {
                "kader": lambda: KaderView(self),
                "stok": lambda: StockView(self),
                "kegiatan": lambda: AffairsView(self),
                "strata": lambda: StrataView(self.desk, self.go_to_source),
                "profil": lambda: ProfileView(self.desk, self.note_profile),
            }
            self.views[tab] = makers[tab]()
            self.stack.addWidget(self.views[tab])
        return self.views[tab]

    def _read(self, told: tuple[str, Any]) -> None:
        self._job = None
        tab, found = told
        if tab == self.tab():
            view = self.views[tab]
            self.where.setText("")
            view.show_found(found)
            self.subtitle = view.summary
            self.header_changed.emit()

    def _failed(self, error: Exception) -> None:
        self._job = None
        self.where.setText(errors.sentence(error))

    def go_to_source(self, code: str) -> None:
        """Where a figure of the strata comes from."""
        if code in ("kader_decree",):
            self.open("kader")
        elif code in ("extra", "health_fund"):
            self.open("kegiatan")
        elif code in ("days_open", "months_open", "kader_on_duty", "tools"):
            self.desk.go("hari")
        else:
            self.desk.go("laporan", month=self.month())

    def _report(self, kind: str) -> None:
        self.desk.go("laporan", kind=kind, month=self.month())

    # ---- writing

    def ask_record(self, form: Form, title: str, answers: Any, **more: Any) -> RecordSheet:  # noqa: ANN401 - see RecordSheet
        """Ask a form over the window; what is saved can be taken back."""
        return RecordSheet(self.window(), self.desk, form, title, answers, self._saved(form), **more)

    def _saved(self, form: Form) -> Callable[[str, str], None]:
        def saved(words: str, op_id: str) -> None:
            self.desk.announce(form.name)
            if op_id:
                self.desk.toast(words, _("Batalkan"), lambda: self._undo(form, op_id))

        return saved

    def _undo(self, form: Form, op_id: str) -> None:
        post_affairs.undo(self.desk.ws, op_id)
        self.desk.announce(form.name)

    def add_kader(self) -> RecordSheet:
        """A kader who is not in the list yet; they need no PIN."""
        new = {"role": "kader", "active": True}
        return self.ask_record(WORKER, _("Kader baru"), new, left_out=NOT_ASKED, saved=_("Kader tersimpan"))

    def letters_now(self) -> QMenu:
        """The letters of the village that can be drafted."""
        menu = QMenu(self)
        for code, words in decrees.KINDS.items():
            act = menu.addAction(_(words))
            act.setObjectName(f"surat:{code}")
            act.triggered.connect(partial(self.save_letter, code))
        return menu

    def offer_letters(self) -> None:
        """Let one be chosen, above the button."""
        menu, button = self.letters_now(), self.buttons["kader"][0]
        show_menu(menu, button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
        menu.setActiveAction(menu.actions()[0])

    def save_letter(self, code: str, _on: bool = False) -> None:
        """Write a draft as PDF beside the window and say where it is."""
        name = f"{_(decrees.KINDS[code])} {self.desk.ws.today().year}"
        path = files.folder() / f"{files.safe_name(name)}.pdf"

        def saved(_path: object) -> None:
            self.where.setText(_("Tersimpan: {name}").format(name=path.name))
            self.desk.toast(_("{name} tersimpan").format(name=path.name), _("Buka"), lambda: files.show(path))

        self.desk.run(lambda ws: decrees.save(ws, code, path), saved, self._failed, owner=self)

    def add_activity(self) -> RecordSheet:
        """Something the post did."""
        today = {"held_on": self.desk.ws.today()}
        return self.ask_record(activity.FORM, _("Kegiatan baru"), today, saved=_("Kegiatan tersimpan"))

    def add_cash(self) -> RecordSheet:
        """Money in or out."""
        today = {"noted_on": self.desk.ws.today()}
        return self.ask_record(fund.FORM, _("Kas Posyandu"), today, saved=_("Kas tersimpan"))

    def note_profile(self) -> RecordSheet:
        """What the village office says this year; figures of another year are kept beside it."""
        ws = self.desk.ws
        year = ws.today().year
        told = next((row.answers for row in profile.told(ws, ws.posyandu_id) if profile.year_of(row) == year), None)

        def write(given: Answers) -> str:
            of = given.get("year")
            record_id = profile.record_id(ws.posyandu_id, of if isinstance(of, int) else year)
            return post_affairs.save(ws, village_profile.FORM, given, record_id=record_id)

        return self.ask_record(
            village_profile.FORM,
            _("Profil desa"),
            told or {"year": year, "told_on": ws.today()},
            saved=_("Profil desa tersimpan"),
            write=write,
        )


class KaderView(QWidget):
    """The kader at the left, one of them at the right: facts, skills, trainings."""

    def __init__(self, page: PosyanduKitaPage) -> None:
        super().__init__()
        self.page, self.summary, self.chosen = page, "", ""
        self.kader: list[post_affairs.Kader] = []
        card = Card(padding=(16, 12), spacing=0, rows=True)
        self.list = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
        self.rows = column_layout(spacing=0)
        self.list.body.addLayout(self.rows)
        self.list.body.addStretch(1)
        card.body.addWidget(self.list, 1)
        self.detail = ScrollPage(margins=(0, 0, 0, 0), spacing=theme.CARD_GAP)
        self.cards = column_layout(spacing=theme.CARD_GAP)
        self.detail.body.addLayout(self.cards)
        self.detail.body.addStretch(1)
        self.panes = ListBeside(card, self.detail, width=330, back=_("Semua kader"))
        column_layout(self).addWidget(self.panes)

    def read(self, ws: Any, post: str, _month: Month) -> list[post_affairs.Kader]:  # noqa: ANN401 - Workspace
        """On a worker."""
        return post_affairs.kader(ws, post)

    def show_found(self, found: list[post_affairs.Kader]) -> None:
        """Fill the list and the card."""
        self.kader = found
        active = [each for each in found if each.active]
        classes = [each.skilled.held for each in active if each.skilled.held is not None]
        parts = [_("{n} kader").format(n=len(active))]
        known = sorted(set(classes), key=lambda held: -len(held.clusters))
        parts += [f"{classes.count(held)} {_(held.label)}" for held in known]
        self.summary = ", ".join(parts)
        if self.chosen not in {each.id for each in found}:
            self.chosen = found[0].id if found else ""
        clear(self.rows)
        for each in found:
            level = each.skilled.held
            chip = (_("Berhenti"), "neutral") if not each.active else (_(level.label), "ok") if level else None
            row = Row(
                each.name,
                kader_words(each),
                picture=("avatar", each.name, "female"),
                chip=chip,
                chevron=False,
                name=f"kader:{each.id}",
            )
            row.clicked.connect(lambda _on=False, id_=each.id: self._choose(id_))
            self.rows.addWidget(row)
        if not found:
            self.rows.addWidget(EmptyState("users", _("Belum ada kader.")))
        self.show_kader(self.chosen)

    def _choose(self, kader_id: str) -> None:
        self.show_kader(kader_id)
        self.panes.show_detail()

    def show_kader(self, kader_id: str) -> None:
        """Show this one at the right."""
        self.chosen = kader_id
        for row in self.list.findChildren(Row):
            row.current = row.objectName() == f"kader:{kader_id}"
            row.update()
        clear(self.cards)
        each = next((one for one in self.kader if one.id == kader_id), None)
        if each is None:
            sentence = _("Belum ada kader yang dicatat. Tambahkan semua kader, juga yang tidak memakai laptop.")
            self.cards.addWidget(EmptyState("users", sentence, _("Tambah kader"), self.page.add_kader))
            return
        other = post_affairs.twice(self.kader).get(each.id)
        if other is not None:
            words = _("{name} tercatat dua kali. Bila orangnya sama, jadikan satu.")
            notice = Notice("warn", words.format(name=each.name), _("Jadikan satu"), lambda: self.join(each, other))
            notice.setObjectName("kader-ganda")
            self.cards.addWidget(notice)
        self.cards.addWidget(self._facts(each))
        self.cards.addWidget(self._skills(each))
        self.cards.addWidget(self._trainings(each))
        for notice in self._joined(each):
            self.cards.addWidget(notice)

    def join(self, each: post_affairs.Kader, other: post_affairs.Kader) -> None:
        """Two records of one kader become one, after asking; one press parts them again, now or later."""
        from posyandu.services import accounts

        desk = self.page.desk

        def do() -> None:
            kept = accounts.which_stays(desk.ws, each.id, other.id)
            ops = post_affairs.join_kader(desk.ws, kept, other.id if kept == each.id else each.id)
            self.chosen = kept
            desk.announce(*JOINED_FORMS)
            words = _("{name} sekarang satu catatan").format(name=each.name)
            desk.toast(words, _("Batalkan"), lambda: self.part(each.name, ops))

        words = _("Pelatihan dan keterampilan kedua catatan {name} disatukan; PIN-nya tetap. Dapat dipisahkan lagi.")
        desk.ask(_("Orangnya sama?"), words.format(name=each.name), _("Jadikan satu"), do)

    def part(self, name: str, ops: Sequence[str]) -> None:
        """Two records that were made one stand each for itself again."""
        post_affairs.part_kader(self.page.desk.ws, ops)
        self.page.desk.announce(*JOINED_FORMS)
        self.page.desk.toast(_("{name}: dua catatan lagi").format(name=name))

    def _joined(self, each: post_affairs.Kader) -> Iterator[Notice]:
        """What was made one with this kader's record, with the way back."""
        for number, found in enumerate(each.joined):
            words = _("Disatukan dengan catatan “{name}” pada {day}.").format(name=found.name, day=short_date(found.on))
            notice = Notice("info", words, _("Pisahkan"), partial(self.part, each.name, found.ops))
            notice.setObjectName(f"kader-disatukan:{number}")
            yield notice

    def _facts(self, each: post_affairs.Kader) -> Card:
        card = Card(each.name, action=_("Ubah"), on_action=lambda: self.edit(each), padding=(24, 14), spacing=6)
        assert card.action is not None
        card.action.setObjectName("button:ubah-kader")
        for field in WORKER.fields.values():
            if field.name in ("name", "active", *NOT_ASKED) or (field.shown_if and not field.shown_if(each.answers)):
                continue
            line = row_layout(spacing=12)
            line.addWidget(ElideLabel(_(field.label), "small", "text2"), 2)
            value = each.answers.get(field.name)
            words = _("belum diisi") if value is None else answer_words(WORKER, field.name, value)
            line.addWidget(ElideLabel(words, "small", "text3" if value is None else "text"), 3)
            card.body.addLayout(line)
        return card

    def _skills(self, each: post_affairs.Kader) -> Card:
        found = each.skilled
        card = Card(
            _("25 keterampilan dasar"), action=_("Nilai"), on_action=lambda: self.assess(each), padding=(24, 14)
        )
        assert card.action is not None
        card.action.setObjectName("button:nilai")
        line = row_layout(spacing=10)
        chip = Chip(_(found.held.label), "ok", "graduation-cap") if found.held else Chip(_("Belum berkelas"), "neutral")
        line.addWidget(chip)
        line.addWidget(ElideLabel(_("{n} dari 25 ditunjukkan").format(n=found.shown), "body"), 1)
        card.body.addLayout(line)
        on = each.skills.get("assessed_on")
        if on is None:
            card.body.addWidget(Label(_("Belum pernah dinilai."), "small", "text2", wrap=True))
        elif found.following is not None:
            words = _("Menuju {label}, {n} lagi: {which}.").format(
                label=_(found.following.label), n=len(found.lacking), which="; ".join(found.lacking)
            )
            card.body.addWidget(Label(words, "small", "text2", wrap=True))
        return card

    def _trainings(self, each: post_affairs.Kader) -> Card:
        card = Card(
            _("Pelatihan"),
            action=_("Tambah"),
            on_action=lambda: self.train(each),
            padding=(24, 14),
            spacing=2,
            rows=True,
        )
        assert card.action is not None
        card.action.setObjectName("button:tambah-pelatihan")
        for training in each.trainings:
            told = training.answers
            where = [str(told.get("organiser") or "")]
            if told.get("days"):
                where.append(_("{n} hari").format(n=told["days"]))
            row = Row(
                f"{short_date(told['held_on'])}, {answer_words(TRAINING, 'topic', told.get('topic'))}",  # type: ignore[arg-type]
                ", ".join(part for part in where if part),
                picture=("icon", "graduation-cap", "neutral"),
                name=f"pelatihan:{training.id}",
                height=56,
            )
            row.clicked.connect(lambda _on=False, training=training: self.train(each, training))
            card.body.addWidget(row)
        if not each.trainings:
            inset = row_layout(spacing=0)
            inset.setContentsMargins(px(8), 0, px(8), 0)
            inset.addWidget(Label(_("Belum ada pelatihan yang dicatat."), "small", "text2", wrap=True))
            card.body.addLayout(inset)
        return card

    def edit(self, each: post_affairs.Kader) -> RecordSheet:
        """Facts about a kader. Nobody is taken away: who stops keeps their history."""
        return self.page.ask_record(
            WORKER,
            _("Data kader"),
            each.answers,
            record_id=each.id,
            left_out=NOT_ASKED,
            saved=_("Data {name} tersimpan").format(name=each.name),
        )

    def assess(self, each: post_affairs.Kader) -> RecordSheet:
        """The 25 skills; what was assessed before is the beginning."""
        told = {**each.skills, "assessed_on": self.page.desk.ws.today()}
        return self.page.ask_record(
            COMPETENCE,
            _("Keterampilan {name}").format(name=each.name),
            told,
            record_id=post_affairs.competence_id(each.id),
            worker_id=each.id,
            all_yes=_("Sisanya mampu"),
        )

    def train(self, each: post_affairs.Kader, training: Any = None) -> RecordSheet:  # noqa: ANN401 - storage.records.Row
        """A training, new or noted before."""
        return self.page.ask_record(
            TRAINING,
            _("Pelatihan {name}").format(name=each.name),
            training.answers if training else {},
            record_id=training.id if training else None,
            is_new=training is None,
            worker_id=each.id,
        )


def kader_words(each: post_affairs.Kader) -> str:
    """What a list says of a kader: position, decree, since when."""
    told = each.answers
    since = told.get("since_on")
    parts = [
        answer_words(WORKER, "position", told.get("position")),
        answer_words(WORKER, "field", told.get("field")) if told.get("position") == "field_head" else "",
        _("SK ada") if each.has_decree else _("SK belum diisi"),
        _("sejak {year}").format(year=since.year) if since is not None else "",  # type: ignore[union-attr]
    ]
    return ", ".join(part for part in parts if part)


def answer_words(form: Form, name: str, value: Any) -> str:  # noqa: ANN401 - an answer
    """An answer in the words of its form; "" for none."""
    from posyandu.ui.editors import answer_text

    return "" if value is None else answer_text(form.fields[name], value)


class StockView(QWidget):
    """The stock card of a month: only what visits cannot know is typed."""

    def __init__(self, page: PosyanduKitaPage) -> None:
        super().__init__()
        self.page, self.summary = page, ""
        self.cards: dict[str, post_affairs.StockCard] = {}
        self.added: set[str] = set()
        self.asked: tuple[str, Month] | None = None
        column = column_layout(self, spacing=0)
        card = Card(padding=(20, 14), spacing=10)
        column.addWidget(card)
        line = row_layout(spacing=12)
        self.heading = ElideLabel("", "h3")
        line.addWidget(self.heading, 1)
        self.more = Picker([("", _("Tambah barang"))], name="stok:tambah", accessible=_("Tambah barang"))
        self.more.currentIndexChanged.connect(self._add)
        line.addWidget(self.more)
        card.body.addLayout(line)
        self.paper = ScrollPage(margins=(0, 0, 6, 0), spacing=8)
        card.body.addWidget(self.paper, 1)
        self._fresh_table()

    def _fresh_table(self) -> None:
        clear(self.paper.body)
        self.table = StockTable()
        self.table.typed.connect(self.save)
        self.table.opened.connect(self.ask_more)
        self.empty = EmptyState(
            "pill", _("Belum ada barang di kartu stok. Pilih dari Tambah barang, lalu isi Dihitung.")
        )
        hint = _("Kolom Kunjungan dihitung sendiri dari pelayanan. Isi Dipakai hanya bila angkanya lain.")
        self.paper.body.addWidget(Label(hint, "small", "text2", wrap=True))
        self.paper.body.addWidget(self.table)
        self.paper.body.addWidget(self.empty)
        self.paper.body.addStretch(1)

    def read(self, ws: Any, post: str, month: Month) -> tuple[tuple[str, Month], Any]:  # noqa: ANN401 - Workspace
        """On a worker."""
        return (post, month), post_affairs.stock_cards(ws, post, month)

    def show_found(self, found: tuple[tuple[str, Month], Any]) -> None:
        """Fill the table; another month makes another table."""
        asked, cards = found
        if asked != self.asked:
            self.asked, self.added = asked, set()
            self.heading.setText(_("Stok {month}").format(month=month_text(asked[1])))
            self._fresh_table()
        self.cards = {card.item: card for card in cards}
        self._show()

    def _show(self) -> None:
        kept = [card for card in self.cards.values() if card.is_kept or card.item in self.added]
        self.table.show_cards(kept)
        self.table.setVisible(bool(kept))
        self.empty.setVisible(not kept)
        self.summary = stock_summary(kept)
        self.more.blockSignals(True)
        self.more.clear()
        self.more.addItem(_("Tambah barang"), "")
        for item in ITEMS:
            if item not in self.table.items:
                self.more.addItem(self.cards[item].label, item)
        self.more.blockSignals(False)

    def _add(self, _place: int) -> None:
        item = str(self.more.value() or "")
        if item:
            self.added.add(item)
            self._show()
            box = self.table.boxes[item, "counted"]
            box.show()  # a line made just now takes the focus only when it is on screen
            box.setFocus(Qt.FocusReason.OtherFocusReason)
            QTimer.singleShot(80, box, lambda: self.paper.ensureWidgetVisible(box))

    def ask_more(self, item: str) -> None:
        """Everything about a thing in this month: when it expires, a note."""
        card = self.cards[item]
        assert self.asked is not None
        told = post_affairs.stock_answers(self.page.desk.ws, *self.asked, item)
        self.page.ask_record(
            STOCK, card.label, told, record_id=card.record_id, left_out=("item", "month"), saved=_("Stok tersimpan")
        )

    def save(self, item: str, name: str, value: int | None) -> None:
        """Keep one number; what follows from it is shown at once."""
        assert self.asked is not None
        post, month = self.asked
        try:
            op_id = post_affairs.set_stock(self.page.desk.ws, post, item, month, name, value)
        except PosyanduError as error:
            self.table.boxes[item, name].set_level("bad")
            self.page.where.setText(errors.sentence(error))
            return
        if op_id:
            self.page.desk.announce("stock")


def stock_summary(cards: Sequence[post_affairs.StockCard]) -> str:
    """What to ask for; without that what nobody has counted yet; enough only where all is known."""

    def those(*levels: str) -> str:
        return ", ".join(card.label for card in cards if card.outlook.level in levels)

    if low := those("bad", "warn"):
        return _("Perlu diminta: {what}").format(what=low)
    if unknown := those("unknown"):
        return _("Belum pernah dihitung: {what}").format(what=unknown)
    return _("Stok cukup") if cards else ""


class AffairsView(QWidget):
    """Activities at the left, the cash book at the right; one below the other where two find no room."""

    def __init__(self, page: PosyanduKitaPage) -> None:
        super().__init__()
        self.page, self.summary = page, ""
        self.sheet = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
        column_layout(self).addWidget(self.sheet)
        self.across = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.across.setSpacing(px(theme.CARD_GAP))
        self.sheet.body.addLayout(self.across, 1)
        self.activities = self._column(_("Kegiatan"))
        self.cash = self._column(_("Kas"))

    def _column(self, title: str) -> Any:  # noqa: ANN401 - a layout
        card = Card(title, padding=(20, 14), spacing=4, rows=True)
        scroll = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
        rows = column_layout(spacing=0)
        scroll.body.addLayout(rows)
        scroll.body.addStretch(1)
        scroll.setMinimumHeight(px(LEAST_LIST))
        card.body.addWidget(scroll, 1)
        self.across.addWidget(card, 1)
        return rows

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other, or not."""
        super().resizeEvent(event)
        beside = event.size().width() >= px(TWO_FROM)
        self.across.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def read(self, ws: Any, post: str, _month: Month) -> tuple[list[Any], post_affairs.Cash]:  # noqa: ANN401 - Workspace
        """On a worker."""
        return post_affairs.activities(ws, post), post_affairs.cash(ws, post)

    def show_found(self, found: tuple[list[Any], post_affairs.Cash]) -> None:
        """Fill both lists."""
        held, cash = found
        self.summary = _("{n} kegiatan, sisa kas {rupiah}").format(n=len(held), rupiah=rupiah(cash.balance))
        clear(self.activities)
        clear(self.cash)
        for each in held[:SHOWN]:
            self.activities.addWidget(self._activity(each))
        if not held:
            self.activities.addWidget(EmptyState("users", _("Belum ada kegiatan yang dicatat.")))
        if cash.lines:
            line = row_layout(spacing=10)
            line.setContentsMargins(px(8), 0, px(8), px(6))
            line.addWidget(Label(rupiah(cash.balance), "title"))
            line.addWidget(Label(_("sisa kas"), "small", "text2"), 1)
            self.cash.addLayout(line)
        for entry in cash.lines[:SHOWN]:
            self.cash.addWidget(self._line(entry))
        if not cash.lines:
            self.cash.addWidget(EmptyState("file-text", _("Belum ada uang yang dicatat. Mulai dengan saldo awal.")))

    def _activity(self, each: Any) -> Row:  # noqa: ANN401 - storage.records.Row
        told = each.answers
        number = told.get("participants")
        row = Row(
            ", ".join(
                part
                for part in (answer_words(activity.FORM, "kind", told.get("kind")), str(told.get("topic") or ""))
                if part
            ),
            ", ".join(
                part
                for part in (
                    short_date(told["held_on"]),
                    answer_words(activity.FORM, "field", told.get("field")),
                    "" if number is None else _("{n} peserta").format(n=number),
                )
                if part
            ),
            picture=("icon", "users", "neutral"),
            name=f"kegiatan:{each.id}",
        )
        row.clicked.connect(
            lambda: self.page.ask_record(
                activity.FORM, _("Kegiatan"), told, record_id=each.id, is_new=False, saved=_("Kegiatan tersimpan")
            )
        )
        return row

    def _line(self, entry: post_affairs.CashLine) -> Row:
        came = entry.rupiah > 0
        row = Row(
            entry.words or _("Tanpa keterangan"),
            _("{day}, sisa {rupiah}").format(day=short_date(entry.on), rupiah=rupiah(entry.balance)),
            picture=("icon", "trending-up" if came else "trending-down", "ok" if came else "neutral"),
            chip=(("+" if came else "") + rupiah(entry.rupiah), "ok" if came else "neutral"),
            chevron=False,
            name=f"kas:{entry.record_id}",
        )
        row.clicked.connect(
            lambda: self.page.ask_record(
                fund.FORM,
                _("Kas Posyandu"),
                entry.answers,
                record_id=entry.record_id,
                is_new=False,
                saved=_("Kas tersimpan"),
            )  # fmt: skip
        )
        return row


def rupiah(amount: int) -> str:
    """An amount of money: "Rp 150.000"."""
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{sign}Rp {count(abs(amount))}"
