"""The first page: today's posyandu day, who is waiting, what wants attention, and whether the data are safe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from posyandu.domain import calendar
from posyandu.text import N_, _
from posyandu.ui import theme
from posyandu.ui.desk import Desk
from posyandu.ui.pages.tindak_lanjut import ICONS
from posyandu.ui.sidebar import when_text
from posyandu.ui.theme import color, font, px
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Chip,
    EmptyState,
    IconTile,
    Label,
    Page,
    Pressable,
    Row,
    ScrollPage,
    clear,
    column_layout,
    keep_focus,
    row_layout,
)

STEPS = (N_("Daftar"), N_("Ukur"), N_("Catat"), N_("Layanan"), N_("Penyuluhan"))
DAY_CARD_HEIGHT, QUEUE_HEAD = 236 + 38, 70
ONE_COLUMN_BELOW, NARROW_BELOW = 860, 1040
ATTENTION_HEAD, ATTENTION_LINES = 12 + 44 + 2 + 46 + 12, range(3, 6)
"""How many lists are shown before "n daftar lain": at least, and below which number."""


@dataclass(frozen=True)
class Look:
    """What the page shows of the day: `tally` and `attention` are None while they are being counted."""

    day: Any
    last: Any = None
    tally: Any = None
    waiting: tuple[Any, ...] = ()
    attention: tuple[Any, ...] | None = None
    asked: tuple[Any, ...] = ()
    sent_back: tuple[Any, ...] = ()


def look_at(ws: Any, posyandu_id: str) -> Look:  # noqa: ANN401 - services.workspace.Workspace
    """Count everything the page shows; meant for a worker thread."""
    from posyandu.services import review, sessions, tasks

    day = sessions.current(ws, posyandu_id)
    last = next(iter(sessions.recent(ws, posyandu_id)), None)
    shown = day or last
    waiting: list[Any] = []
    if day is not None:
        rows = sessions.roster(ws, day.id, None)
        waiting = [row for row in rows if row.present and row.step < len(STEPS)]
        waiting.sort(key=lambda row: (row.queue_number is None, row.queue_number or 0))
    return Look(
        day,
        last,
        sessions.tally(ws, shown.id) if shown is not None else None,
        tuple(waiting),
        tasks.board(ws, posyandu_id).lists,
        tuple(review.open_questions(ws, posyandu_id)),
        tuple(review.sent_back(ws, posyandu_id)),
    )


class BerandaPage(Page):
    """Reads everything anew when it opens and when records change while it is in view."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._job: Any = None
        column = column_layout(self)
        self.view = ScrollPage(margins=(28, 4, 28, 18))
        column.addWidget(self.view)
        self.grid = QGridLayout()
        self.grid.setSpacing(px(theme.CARD_GAP))
        self.view.body.addLayout(self.grid, 1)
        self.day_card = Card(padding=(24, 22), spacing=0)
        self.queue_card = Card(
            _("Antrean"),
            action=_("Lihat semua"),
            on_action=lambda: desk.go("hari"),
            padding=(24, 12),
            spacing=2,
            rows=True,
        )
        self.queue_rows = column_layout(spacing=0)
        self.queue_card.body.addLayout(self.queue_rows, 1)
        self.attention_card = Card(
            _("Perlu perhatian"),
            action=_("Buka"),
            on_action=lambda: desk.go("tindak_lanjut"),
            padding=(24, 12),
            spacing=2,
            rows=True,
        )
        self.attention_rows = column_layout(spacing=0)
        self.attention_card.body.addLayout(self.attention_rows, 1)
        self.next_card = _FactCard("calendar", "neutral")
        self.safe_card = _FactCard("shield-check", "ok")
        self.left, self.right = QVBoxLayout(), QVBoxLayout()
        for side in (self.left, self.right):
            side.setSpacing(px(theme.CARD_GAP))
        self.left.addWidget(self.day_card)
        self.left.addWidget(self.queue_card, 1)
        self.right.addWidget(self.attention_card, 1)
        self.right.addWidget(self.next_card)
        self.right.addWidget(self.safe_card)
        self._columns = self._space = 0
        self._look: Look | None = None
        self._resized = QTimer(self, singleShot=True, interval=0)
        self._resized.timeout.connect(self._lay_out_again)
        self._first: QWidget | None = None
        desk.records_changed.connect(self._follow)

    # ---- page

    @property
    def title(self) -> str:  # type: ignore[override]
        """A greeting by the clock of the laptop."""
        return greeting(self.desk.ws.now().hour).format(name=self.desk.ws.worker.name)

    @property
    def subtitle(self) -> str:  # type: ignore[override]
        """Today's date in words."""
        return calendar.date_text(self.desk.ws.today())

    def first_focus(self) -> QWidget | None:
        """The main button of the big card."""
        return self._first

    def open(self, **_arguments: object) -> None:
        """Show the frame at once, and what must be counted as soon as it is counted."""
        from posyandu.services import sessions

        ws = self.desk.ws
        day = sessions.current(ws, ws.posyandu_id)
        if self._look is None or self._look.day != day:
            self._look = None
            self._show_look(Look(day))
        self._show_next(day)
        if self._job is not None:
            self._job.cancel()
        post = ws.posyandu_id
        self._job = self.desk.run(lambda ws: look_at(ws, post), self._looked, owner=self)
        self.desk.soon(self, self._show_safety)

    def _looked(self, look: "Look") -> None:
        self._job = None
        if look != self._look:
            self._look = look
            self._show_look(look)

    def _show_look(self, look: "Look") -> None:
        with keep_focus(self):
            self._show_day(look)
            self._show_queue(look)
            self._show_attention(look.attention, look.asked, look.sent_back)

    def _follow(self, _forms: frozenset[str] = frozenset()) -> None:
        if self.isVisible():
            self.open()

    def _lay_out_again(self) -> None:
        if self._look is not None:
            self._show_look(self._look)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where there is room, else one."""
        super().resizeEvent(event)
        self._resized.start()
        columns = 2 if self.width() / theme.factor() >= ONE_COLUMN_BELOW else 1
        if columns == self._columns:
            return
        self._columns = columns
        for side in (self.left, self.right):
            self.grid.removeItem(side)
        self.grid.addLayout(self.left, 0, 0)
        self.grid.addLayout(self.right, 0 if columns == 2 else 1, columns - 1)
        self.grid.setColumnMinimumWidth(1, px(300) if columns == 2 else 0)
        self.grid.setColumnStretch(0, 16)
        self.grid.setColumnStretch(1, 9 if columns == 2 else 0)

    # ---- the big card

    def _show_day(self, look: "Look") -> None:
        body = self.day_card.body
        clear(body)
        if look.day is None:
            self._show_no_day(look)
            return
        day, tally = look.day, look.tally
        top = row_layout()
        words = column_layout(spacing=3)
        words.addWidget(Label(_("Hari Posyandu sedang berjalan"), "title"))
        words.addWidget(Label(self._day_sentence(day), "small", "text2", wrap=True))
        top.addLayout(words, 1)
        if tally is not None:
            came = _("{n} dari {all} hadir").format(n=tally.present, all=tally.targets)
            top.addWidget(Chip(came, "ok", "users"), 0, Qt.AlignmentFlag.AlignVCenter)
        body.addLayout(top)
        body.addSpacing(px(14))
        steps = row_layout(spacing=6)
        counts = tally.steps if tally is not None else (None,) * len(STEPS)
        for place, (name, count) in enumerate(zip(STEPS, counts, strict=True), start=1):
            step = StepButton(place, _(name), count, counts[0] or 0)
            step.clicked.connect(lambda _on=False, place=place, day_id=day.id: self._open_step(day_id, place))
            steps.addWidget(step, 1)
        body.addLayout(steps)
        body.addSpacing(px(16))
        go = Button(_("Lanjutkan pendaftaran"), "primary", "arrow-right", name="button:lanjutkan")
        go.clicked.connect(lambda: self.desk.go("hari"))
        grid = Button(_("Isi seperti buku register"), "secondary", "table-2", name="button:register")
        grid.clicked.connect(lambda: self.desk.go("grid", session_id=day.id))
        close = Button(_("Tutup hari Posyandu"), "quiet", name="button:tutup-hari")
        close.clicked.connect(lambda: self.desk.go("hari", close=True))
        self._add_buttons(go, grid, close)
        self._first = go

    def _add_buttons(self, *buttons: Button) -> None:
        """In one line, or the quiet one below where the window is narrow."""
        row = row_layout(spacing=10)
        self.day_card.body.addLayout(row)
        for button in buttons:
            if button.kind == "quiet" and self._narrow():
                self.day_card.body.addWidget(button)
            else:
                row.addWidget(button)
        row.addStretch(1)

    def _narrow(self) -> bool:
        return self.width() / theme.factor() < NARROW_BELOW

    def _day_sentence(self, day: Any) -> str:  # noqa: ANN401 - services.sessions.Day
        held_on, today = day.held_on, self.desk.ws.today()
        place = day.answers.get("place")
        kader = day.answers.get("kader_present")
        when = _("Hari ini") if held_on == today else calendar.date_text(held_on)
        parts = [_("{when} di {place}.").format(when=when, place=place) if place else f"{when}."]
        if kader:
            parts.append(_("{n} kader bertugas.").format(n=_in_words(kader)))
        if held_on < today:
            parts.append(_("Belum ditutup."))
        return " ".join(parts)

    def _show_no_day(self, look: "Look") -> None:
        body, last, tally = self.day_card.body, look.last, look.tally
        body.addWidget(Label(_("Belum ada hari Posyandu yang dibuka"), "title"))
        body.addSpacing(px(3))
        if last is None:
            words = _("Daftarkan sasaran dulu, atau langsung buka hari Posyandu dan daftarkan sambil jalan.")
        else:
            words = _("Terakhir {date}.").format(date=calendar.date_text(last.held_on))
        body.addWidget(Label(words, "small", "text2", wrap=True))
        if last is not None and tally is not None:
            body.addSpacing(px(16))
            facts = row_layout(spacing=28)
            for number, what in (
                (str(tally.present), _("hadir dari {all} sasaran").format(all=tally.targets)),
                (str(tally.steps[2] if len(tally.steps) > 2 else 0), _("sudah dicatat")),
                (str(tally.to_refer), _("perlu dirujuk")),
            ):
                fact = column_layout(spacing=2)
                fact.addWidget(Label(number, "big"))
                fact.addWidget(Label(what, "small", "text3"))
                facts.addLayout(fact)
            facts.addStretch(1)
            body.addLayout(facts)
        body.addSpacing(px(18))
        go = Button(_("Buka hari Posyandu"), "primary", "calendar-check", name="button:buka-hari")
        go.clicked.connect(lambda: self.desk.go("hari"))
        register = Button(_("Daftarkan sasaran"), "secondary", "user-plus", name="button:daftar")
        register.clicked.connect(lambda: self.desk.go("daftar"))
        self._add_buttons(go, register)
        body.addStretch(1)
        self._first = go

    def _open_step(self, session_id: str, step: int) -> None:
        from posyandu.services import sessions

        def show(rows: list[Any]) -> None:
            people = [_named(row) for row in rows if row.present and row.step >= step]
            self.desk.show_names(_("{step}: sudah selesai").format(step=_(STEPS[step - 1])), people)

        self.desk.read(lambda ws: sessions.roster(ws, session_id, None), show, owner=self)

    # ---- the others

    def _show_queue(self, look: "Look") -> None:
        clear(self.queue_rows)
        day, waiting = look.day, look.waiting
        if self.queue_card.action is not None:
            self.queue_card.action.setVisible(day is not None)
        for each in waiting[: self._queue_lines()]:
            step = min(each.step, len(STEPS) - 1)
            line = Row(
                each.name,
                _group_and_age(each),
                picture=("avatar", each.name, each.sex),
                chip=(_(STEPS[step]), "info" if step == 1 else "neutral"),
                name=f"antrean:{each.person_id}",
            )
            line.clicked.connect(lambda _on=False, row=each: self._open_visit(row))
            self.queue_rows.addWidget(line)
        if not waiting and look.tally is None and day is not None:
            return  # still being counted
        if not waiting:
            sentence = (
                _("Belum ada yang menunggu. Yang hadir akan tampak di sini.")
                if day is not None
                else _("Antrean tampak di sini saat hari Posyandu dibuka.")
            )
            self.queue_rows.addWidget(EmptyState("users", sentence), 1)
        else:
            self.queue_rows.addStretch(1)

    def _queue_lines(self) -> int:
        """As many as fit beside the other cards without scrolling, three to eight."""
        room = self.view.viewport().height() / theme.factor() - DAY_CARD_HEIGHT - QUEUE_HEAD
        return max(3, min(8, int(room // 60)))

    def _open_visit(self, row: Any) -> None:  # noqa: ANN401 - services.sessions.RosterRow
        from posyandu.services import sessions

        day = sessions.current(self.desk.ws, self.desk.ws.posyandu_id)
        if day is not None and row.form:
            self.desk.go("kunjungan", person_id=row.person_id, session_id=day.id)
        else:
            self.desk.go("kartu", person_id=row.person_id)

    def _show_attention(
        self, lists: Sequence[Any] | None, asked: Sequence[Any] = (), sent_back: Sequence[Any] = ()
    ) -> None:
        clear(self.attention_rows)
        if lists is None:
            return
        rows = []
        for note in sent_back:
            back = Row(
                _("Laporan {month} dikembalikan").format(month=calendar.month_text(note.month)),
                f"{note.by}: {note.words}",
                picture=("icon", "undo-2", "warn"),
                name=f"perhatian:dikembalikan:{note.month}",
            )
            back.clicked.connect(lambda _on=False, month=note.month: self.desk.go("sahkan", step="tanya", month=month))
            rows.append(back)
        if asked:
            question = Row(
                _("Pertanyaan tentang laporan"),
                f"{asked[0].by}: {asked[0].words}",
                picture=("icon", "send", "warn"),
                number=str(len(asked)),
                name="perhatian:pertanyaan",
            )
            question.clicked.connect(lambda: self.desk.go("sahkan", step="tanya", month=asked[0].month))
            rows.append(question)
        for each in lists[: ATTENTION_LINES[-1]]:
            line = Row(
                each.title,
                each.errand,
                picture=("icon", ICONS.get(each.code, "info"), each.level),
                number=str(len(each.tasks)),
                name=f"perhatian:{each.code}",
            )
            line.clicked.connect(lambda _on=False, code=each.code: self.desk.go("tindak_lanjut", code=code))
            rows.append(line)
        self._space = self._attention_space()
        wide = self.attention_card.width() - 2 * px(16)
        ends = list(accumulate(row.heightForWidth(wide) for row in rows))[: ATTENTION_LINES[-1]]
        most = max(ATTENTION_LINES[0], sum(end <= self._space for end in ends))
        for line in rows[:most]:
            self.attention_rows.addWidget(line)
        left_out = len(lists) + len(sent_back) + bool(asked) - most
        if left_out > 0:
            more = Button(_("{n} daftar lain").format(n=left_out), "quiet", name="perhatian:lain")
            more.clicked.connect(lambda: self.desk.go("tindak_lanjut"))
            self.attention_rows.addWidget(more)
        if rows:
            self.attention_rows.addStretch(1)
        else:
            self.attention_rows.addWidget(
                EmptyState("circle-check", _("Tidak ada yang perlu perhatian khusus bulan ini.")), 1
            )

    def _attention_space(self) -> int:
        """The height left to the lists so that what stands below them stays in view."""
        cards = [card for card in (self.next_card, self.safe_card) if not card.isHidden()]
        for card in cards:
            card.body.activate()  # what it just said counts
        below = sum(card.heightForWidth(self.attention_card.width()) + px(theme.CARD_GAP) for card in cards)
        return self.view.viewport().height() - below - px(22 + ATTENTION_HEAD)

    def _show_next(self, day: Any) -> None:  # noqa: ANN401 - services.sessions.Day
        from posyandu.services import posts

        ws = self.desk.ws
        known = posts.answers(ws, ws.posyandu_id)
        open_day = known.get("open_day")
        if not isinstance(open_day, int):
            self.next_card.hide()
            return
        last = day.held_on if day is not None else ws.today() - timedelta(days=1)
        when = next_opening(open_day, max(last, ws.today() - timedelta(days=1)))
        if self.next_card.parentWidget() is not None:  # else it would open as a window, and take the keys with it
            self.next_card.show()
        words = calendar.date_text(when).rsplit(" ", 1)[0]
        self.next_card.say(_("Berikutnya {date}").format(date=words), str(known.get("address") or ""))

    def _show_safety(self) -> None:
        self._safety_job = self.desk.run(_safety, self._safety_known, owner=self)

    def _safety_known(self, known: tuple[Any, Any, bool]) -> None:
        last, status, lies_here = known
        now = self.desk.ws.now()
        sentences = []
        if last is None:
            sentences.append(_("Belum ada cadangan. Simpan ke flashdisk setelah hari Posyandu."))
        else:
            sentences.append(_("Cadangan terakhir {when}.").format(when=when_text(last.at, now)))
        alone = lies_here and status.state != "confirmed"  # copy and book would be lost together
        if alone:
            sentences.append(_("Cadangan itu di laptop ini juga. Simpan ke flashdisk."))
        if status.state == "help":
            sentences.append(_("Pengiriman: {sentence}").format(sentence=status.sentence))
        elif status.waiting and status.state != "not_enrolled":
            sentences.append(_("{n} catatan akan dikirim saat ada internet.").format(n=status.waiting))
        old = last is None or (now - last.at).days > 31
        safe = not old and not alone
        self.safe_card.tile.set_state("shield-check" if safe else "hard-drive", "ok" if safe else "warn")
        self.safe_card.say(_("Data aman") if safe else _("Buat cadangan"), " ".join(sentences))
        if self._attention_space() != self._space:
            self._lay_out_again()


def _safety(ws: Any) -> tuple[Any, Any, bool]:  # noqa: ANN401 - services
    """The last copy, how the data stand, and whether the copy lies on this laptop, all found beside the window."""
    from posyandu.services import backups, synchronise

    last = backups.last(ws)
    return last, synchronise.status(ws), last is not None and backups.lies_here(ws, last.path)


class StepButton(Pressable, QPushButton):
    """One of the five steps: a bar, how many finished it, its name; a press opens their names."""

    def __init__(self, place: int, name: str, count: int | None, of: int) -> None:
        super().__init__()
        self._name, self._count = f"{place}. {name}", "" if count is None else str(count)
        self._part = (count or 0) / of if of else 0.0
        self.setObjectName(f"langkah:{place}")
        self.setAccessibleName(_("{step}: {n} orang").format(step=self._name, n=count or 0))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Bar, number, name."""
        return QSize(px(110), px(74))

    def minimumSizeHint(self) -> QSize:
        """The name must fit."""
        return QSize(px(64), px(74))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the three."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(0, px(3), self.width(), px(10))
        painter.setBrush(color("sunken"))
        painter.drawRoundedRect(track, px(5), px(5))
        if self._part > 0:
            painter.setBrush(color("primary"))
            painter.drawRoundedRect(
                QRectF(track.x(), track.y(), max(px(10), track.width() * self._part), px(10)), px(5), px(5)
            )
        over = self.underMouse() or (self.hasFocus() and self.ring)
        painter.setPen(color("primary" if over else "text"))
        painter.setFont(font("count"))
        painter.drawText(QRectF(0, px(22), self.width(), px(26)), Qt.AlignmentFlag.AlignVCenter, self._count)
        painter.setFont(font("small"))
        painter.setPen(color("primary" if over else "text3"))
        cut = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(0, px(50), self.width(), px(20)), Qt.AlignmentFlag.AlignVCenter, cut)
        if self.hasFocus() and self.ring:
            painter.fillRect(QRectF(0, px(71), px(64), 2), color("primary"))


class _FactCard(Card):
    """A tile, a bold line and a sentence."""

    def __init__(self, icon: str, level: str) -> None:
        super().__init__(padding=(16, 13))
        row = row_layout(spacing=12)
        self.tile = IconTile(icon, level)
        words = column_layout(spacing=2)
        self.head = Label("", "label", wrap=True)
        self.text = Label("", "small", "text3", wrap=True)
        words.addWidget(self.head)
        words.addWidget(self.text)
        row.addWidget(self.tile, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        self.body.addLayout(row)

    def say(self, head: str, text: str) -> None:
        """Show these words."""
        self.head.setText(head)
        self.text.setText(text)
        self.text.setVisible(bool(text))


def greeting(hour: int) -> str:
    """The greeting of this hour of the day, with a place for the name."""
    if hour < 11:
        return _("Selamat pagi, {name}")
    if hour < 15:
        return _("Selamat siang, {name}")
    return _("Selamat sore, {name}") if hour < 18 else _("Selamat malam, {name}")


def next_opening(open_day: int, after: date) -> date:
    """The first day after `after` that has this number in its month, or the month's last day when it is shorter."""
    month = calendar.Month.of(after)
    while True:
        when = month.first.replace(day=min(open_day, month.last.day))
        if when > after:
            return when
        month = month + 1


def _group_and_age(row: Any) -> str:  # noqa: ANN401 - services.sessions.RosterRow
    label = row.group.label if row.group is not None else ""
    return ", ".join(part for part in (label, row.age_text) if part)


def _named(row: Any) -> Any:  # noqa: ANN401 - services.sessions.RosterRow
    from types import SimpleNamespace

    return SimpleNamespace(id=row.person_id, name=row.name, sex=row.sex, detail=_group_and_age(row))


def _in_words(n: int) -> str:
    words = (
        N_("Satu"),
        N_("Dua"),
        N_("Tiga"),
        N_("Empat"),
        N_("Lima"),
        N_("Enam"),
        N_("Tujuh"),
        N_("Delapan"),
        N_("Sembilan"),
    )
    return _(words[n - 1]) if 1 <= n <= len(words) else str(n)
