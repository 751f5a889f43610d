"""Periksa dan sahkan: the quality of a month first, then what does not add up, then the signature and its versions."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from posyandu.domain.calendar import Month, month_text, short_date
from posyandu.domain.errors import BadInput, PosyanduError
from posyandu.text import N_, _
from posyandu.ui import errors, theme
from posyandu.ui.desk import Desk
from posyandu.ui.focus import focus, on_ctrl_enter
from posyandu.ui.theme import color, font, px
from posyandu.ui.widgets import overlay
from posyandu.ui.widgets.arrange import Flow
from posyandu.ui.widgets.basics import (
    Button,
    Card,
    Chip,
    EmptyState,
    Label,
    Labelled,
    Meter,
    Notice,
    Page,
    Row,
    ScrollPage,
    Segmented,
    TextInput,
    clear,
    column_layout,
    keep_focus,
    row_layout,
)
from posyandu.ui.widgets.picker import MonthPicker
from posyandu.ui.widgets.pin import DIGITS, PinBox
from posyandu.ui.widgets.report_table import ReportTable
from posyandu.ui.widgets.sheet_draft import SheetDraft

AT_ONCE = 20
"""Doubts shown before "Tampilkan lagi"."""
SIDE_BELOW = 900  # effective pixels: below that the state of the month stands above
STEPS = (("mutu", N_("1 Mutu")), ("cocok", N_("2 Kecocokan")), ("sahkan", N_("3 Sahkan")), ("tanya", N_("Pertanyaan")))
STATES = {
    "open": ("neutral", N_("Belum disahkan")),
    "signed": ("ok", N_("Disahkan")),
    "changed": ("warn", N_("Berubah")),
}
TOOLS = (("scale", N_("Timbangan")), ("board", N_("Papan ukur")), ("both", N_("Keduanya")), ("none", N_("Tidak jadi")))


class SahkanPage(Page):
    """`open(month=None, step="")`: reads a month beside the window and walks it to its signature."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.title = _("Periksa dan sahkan")
        self.desk = desk
        self.found: Any = None
        self.versions: Sequence[Any] = ()
        self.changes: Sequence[Any] = ()
        self._job: Any = None
        self._reason = ""
        self._shown = AT_ONCE
        outer = column_layout(self, spacing=12)
        outer.setContentsMargins(px(theme.PAGE_MARGIN), px(4), px(theme.PAGE_MARGIN), px(14))
        outer.addWidget(self._tools())
        self.across = row_layout(spacing=theme.CARD_GAP)
        outer.addLayout(self.across, 1)
        self.stack = QStackedWidget()
        self.views: dict[str, Any] = {}
        for code, _words in STEPS:
            view = ScrollPage(margins=(0, 0, 0, 0), spacing=theme.CARD_GAP)
            self.views[code] = view
            self.stack.addWidget(view)
        self.waiting = EmptyState("hourglass", "")
        self.stack.addWidget(self.waiting)
        self.across.addWidget(self.stack, 1)
        self.side = Card(_("Keadaan bulan ini"), padding=(20, 16), spacing=8)
        self.side.setFixedWidth(px(300))
        self.side_view = ScrollPage(margins=(0, 0, 0, 0), spacing=8)
        self.side.body.addWidget(self.side_view, 1)
        self.across.addWidget(self.side)
        desk.records_changed.connect(self._follow)

    # ---- page

    def _follow(self, _forms: frozenset[str] = frozenset()) -> None:
        if self.isVisible():
            self.build()

    def first_focus(self) -> QWidget:
        """The month."""
        return self.month_picker

    def open(self, *, month: Month | None = None, step: str = "", **_arguments: object) -> None:
        """Show a month, perhaps at one of its steps."""
        if step and step != self.steps.value():
            self.steps.set_value(step)
            self._show_step()
        self.month_picker.renew(month)
        self.build()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The state of the month gives way in a narrow window; its sentence stays in the header."""
        super().resizeEvent(event)
        self.side.setVisible(self.width() / theme.factor() >= SIDE_BELOW)

    def _tools(self) -> Flow:
        row = Flow(spacing=12)
        self.month_picker = MonthPicker(lambda: self.desk.ws.today(), accessible=_("Bulan laporan"))
        self.month_picker.currentIndexChanged.connect(lambda _index: self.build())
        row.add(self.month_picker)
        self.steps = Segmented(
            [(code, _(words)) for code, words in STEPS], "mutu", name="langkah", accessible=_("Langkah"), tick=False
        )
        self.steps.changed.connect(lambda _code: self._show_step())
        row.add(self.steps)
        report = Button(_("Lihat laporan"), "secondary", "file-text", name="button:lihat-laporan")
        report.clicked.connect(lambda: self.desk.go("laporan", month=self.month(), kind="bulanan"))
        row.add(report)
        return row

    def month(self) -> Month:
        """The month chosen."""
        return self.month_picker.month()

    # ---- reading

    def build(self) -> None:
        """Read the month beside the window."""
        from posyandu.services import month_lock, review

        if self._job is not None:
            self._job.cancel()
        post, month = self.desk.ws.posyandu_id, self.month()

        def work(ws: Any) -> Any:  # noqa: ANN401 - services.workspace.Workspace
            found = review.readiness(ws, post, month)
            versions = month_lock.versions(ws, post, month)
            changed = found.state.code == "changed"
            return found, versions, month_lock.changes(ws, post, versions[-1]) if changed else ()

        if self.found is None or self.found.report.month != month:
            self.found, self._reason = None, ""  # nothing is signed or said of a month that is not on the screen
            clear(self.side_view.body)
            self.waiting.label.setText(_("Memeriksa {month}…").format(month=month_text(month)))
            self.stack.setCurrentWidget(self.waiting)
        self._job = self.desk.run(work, self._read, self._failed, owner=self)

    def _failed(self, error: Exception) -> None:
        self._job = self.found = None
        self.waiting.label.setText(errors.sentence(error))
        self.stack.setCurrentWidget(self.waiting)

    def _read(self, result: Any) -> None:  # noqa: ANN401 - what `work` gives
        self._job = None
        if result == (self.found, self.versions, self.changes):
            return  # what was typed to sign it stays
        self.found, self.versions, self.changes = result
        self._shown = AT_ONCE
        self.subtitle = f"{self.found.report.post_name} · {self.found.state.sentence}"
        self.header_changed.emit()
        with keep_focus(self):
            self._show_side()
            self._show_step()

    def _show_step(self) -> None:
        if self.found is None:
            return
        code = str(self.steps.value())
        body = self.views[code].body
        clear(body)
        show: dict[str, Callable[[Any], None]] = {
            "mutu": self._quality,
            "cocok": self._checks,
            "sahkan": self._signing,
            "tanya": self._talk,
        }
        show[code](body)
        body.addStretch(1)
        self.stack.setCurrentWidget(self.views[code])

    # ---- the state of the month

    def _show_side(self) -> None:
        body = self.side_view.body
        clear(body)
        state = self.found.state
        level, words = STATES[state.code]
        self.chip = Chip(_(words), level)
        body.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignLeft)
        told = state.sentence if state.newest else _("Lihat mutu dan kecocokannya, lalu sahkan pada langkah 3.")
        body.addWidget(Label(told, "small", "text2", wrap=True))
        decision = self.found.decision
        if decision is not None:
            told = _("Diterima") if decision.kind == "accepted" else _("Dikembalikan")
            body.addWidget(
                Notice(
                    "ok" if decision.kind == "accepted" else "warn",
                    f"{told}: {decision.line}. {decision.words}".strip(),
                )
            )
        if self.versions:
            body.addWidget(Label(_("Versi yang disahkan"), "label"))
        for version in reversed(self.versions):
            row = Row(
                _("Versi {n}, {day}").format(n=version.revision, day=short_date(version.signed_on)),
                _("Sidik {digest}").format(digest=version.digest[:12]),
                name=f"versi:{version.revision}",
            )
            row.setToolTip(f"{version.signer}\n{version.reason}\nSHA-256 {version.digest}".strip())
            row.clicked.connect(
                lambda _on=False, found=version: self.desk.go(
                    "laporan", kind="bulanan", month=found.month, version=found
                )
            )
            body.addWidget(row)
        body.addStretch(1)

    # ---- 1 quality

    def _quality(self, body: Any) -> None:  # noqa: ANN401 - a layout
        quality = self.found.quality
        card = Card(_("Mutu pengukuran"), padding=(22, 18), spacing=10)
        if quality.score is None:
            card.body.addWidget(Label(quality.headline, "body", "text2", wrap=True))
            body.addWidget(card)
            return
        head = row_layout(spacing=16)
        score = Label(str(quality.score), "big")
        score.setObjectName("skor")
        head.addWidget(score, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(Label(quality.headline, "body", wrap=True), 1, Qt.AlignmentFlag.AlignVCenter)
        card.body.addLayout(head)
        for part in quality.parts:
            line = row_layout(spacing=12)
            title = Label(part.label, "label")
            title.setFixedWidth(px(130))
            line.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
            right = column_layout(spacing=4)
            if part.reached is not None:
                right.addWidget(Meter(part.reached, height=8))
            right.addWidget(Label(part.sentence, "small", "text2", wrap=True))
            line.addLayout(right, 1)
            card.body.addLayout(line)
        body.addWidget(card)
        body.addWidget(self._doubts())
        digits = Card(_("Angka terakhir yang ditulis"), padding=(22, 18), spacing=8)
        digits.body.addWidget(
            Label(
                _("Wajarnya semua angka sama sering. Menara di 0 dan 5 berarti hasil dibulatkan."),
                "small",
                "text2",
                wrap=True,
            )
        )
        both = row_layout(spacing=24)
        for name, told in (("weight_g", _("Berat badan (0,1 kg)")), ("length_mm", _("Panjang atau tinggi (0,1 cm)"))):
            both.addWidget(DigitBars(told, quality.last_digits.get(name, (0,) * 10)), 1)
        digits.body.addLayout(both)
        body.addWidget(digits)
        body.addWidget(self._days())

    def _doubts(self) -> Card:
        doubts = self.found.doubts
        card = Card(_("Ukur lagi atau pastikan"), padding=(22, 18), spacing=2)
        if not doubts:
            card.body.addWidget(Label(_("Tidak ada hasil ukur yang meragukan."), "body", "text2", wrap=True))
        for doubt in doubts[: self._shown]:
            card.body.addWidget(self._doubt(doubt))
        if len(doubts) > self._shown:
            more = Button(
                _("Tampilkan {n} lagi").format(n=min(AT_ONCE, len(doubts) - self._shown)), "quiet", name="button:lagi"
            )
            more.clicked.connect(self._more)
            card.body.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _more(self) -> None:
        self._shown += AT_ONCE
        self._show_step()

    def _doubt(self, doubt: Any) -> QWidget:  # noqa: ANN401 - services.review.Doubt
        holder = QWidget()
        column = column_layout(holder, spacing=2)
        column.setContentsMargins(0, px(8), 0, px(8))
        top = row_layout(spacing=8)
        day = f", {short_date(doubt.on)}" if doubt.on else ""
        top.addWidget(Label(f"{doubt.name}{day}", "label"), 1)
        if doubt.again:
            top.addWidget(Chip(_("Ukur lagi"), "warn"))
        column.addLayout(top)
        column.addWidget(Label(doubt.sentence, "small", "text2", wrap=True))
        if doubt.asked is not None:
            told = "; ".join(each.words for each in doubt.asked.answers) or _("Belum dijawab.")
            column.addWidget(Label(f"{doubt.asked.line}: {doubt.asked.words} {told}", "small", "text3", wrap=True))
        row = row_layout(spacing=4)
        if doubt.fields and doubt.record_id:
            self._deed(
                row, _("Sudah benar"), "check", f"benar:{doubt.record_id}:{doubt.code}", lambda: self.confirm(doubt)
            )
        if doubt.record_id and doubt.asked is None:
            self._deed(row, _("Tanyakan"), "send", f"tanya:{doubt.record_id}:{doubt.code}", lambda: self.ask(doubt))
        self._deed(
            row, _("Buka"), "user", f"buka:{doubt.record_id}:{doubt.code}",
            lambda: self.desk.go("kartu", person_id=doubt.person_id),
        )  # fmt: skip
        row.addStretch(1)
        column.addLayout(row)
        return holder

    @staticmethod
    def _deed(row: Any, words: str, icon: str, name: str, deed: Callable[[], object]) -> None:  # noqa: ANN401
        button = Button(words, "quiet", icon, name=f"button:{name}", on=lambda _on=False: deed())
        row.addWidget(button)

    def confirm(self, doubt: Any) -> None:  # noqa: ANN401 - services.review.Doubt
        """The value was looked at again and is right."""
        from posyandu.services import review, visits

        op_id = review.confirm(self.desk.ws, doubt)

        def take_back() -> None:
            visits.undo(self.desk.ws, op_id)
            self.desk.announce("under_five_visit")

        self.desk.toast(_("{name}: dipastikan benar").format(name=doubt.name), _("Batalkan"), take_back)
        self.desk.announce("under_five_visit")

    def ask(self, doubt: Any) -> None:  # noqa: ANN401 - services.review.Doubt
        """Send the doubt to whoever measured, with a question."""
        from posyandu.services import review

        def send(words: str) -> None:
            review.ask(self.desk.ws, self.desk.ws.posyandu_id, self.month(), doubt, words)
            self.desk.toast(_("Pertanyaan tentang {name} dikirim").format(name=doubt.name))
            self.desk.announce("review")

        sheet = overlay.ask_words(
            self.window(), doubt.name, doubt.sentence, _("Pertanyaan"), _("Kirim pertanyaan"), send,
            words=_("Sudah diukur lagi? Berapa hasilnya?"),
        )  # fmt: skip
        SheetDraft(sheet, self.desk, "keraguan", doubt.person_id, str(self.month()))

    def _days(self) -> Card:
        card = Card(_("Alat ukur"), padding=(22, 18), spacing=6)
        card.body.addWidget(
            Label(
                _("Bila timbangan atau papan salah, BGM dan status gizi hari itu tidak dihitung; D, N dan T tetap."),
                "small", "text2", wrap=True,
            )
        )  # fmt: skip
        for day in self.found.days:
            tool = str(day.answers.get("wrong_tool") or "none")
            row = Row(
                short_date(day.held_on),
                _("{tool} salah: {why}").format(
                    tool=_(dict(TOOLS)[tool]), why=day.answers.get("wrong_tool_reason") or ""
                )
                if tool != "none"
                else _("Alat dianggap benar"),
                chip=(_("Tidak dihitung"), "warn") if tool != "none" else None,
                name=f"hari:{day.id}",
            )
            row.clicked.connect(lambda _on=False, day=day: self.judge_tool(day))
            card.body.addWidget(row)
        return card

    def judge_tool(self, day: Any) -> None:  # noqa: ANN401 - services.sessions.Day
        """Say which tool of a day was wrong, and how that is known."""
        from posyandu.services import review

        sheet = overlay.Overlay(self.window(), _("Alat yang salah pada {day}").format(day=short_date(day.held_on)))
        sheet.setObjectName("alat")
        known = str(day.answers.get("wrong_tool") or "none")
        options = [(code, _(words)) for code, words in TOOLS if code != "none" or known != "none"]
        chosen = Segmented(options, known if known != "none" else None, name="alat", accessible=_("Alat yang salah"))
        why = Labelled(
            _("Bagaimana diketahui"),
            TextInput(str(day.answers.get("wrong_tool_reason") or ""), name="alasan"),
            _("Misalnya: batu timbang 5 kg terbaca 4,8 kg"),
        )
        sheet.body.addWidget(chosen)
        sheet.body.addWidget(why)
        yes = Button(_("Simpan"), "primary", name="button:ya")
        sheet.foot(yes)

        def save() -> None:
            try:
                review.exclude(self.desk.ws, day.id, str(chosen.value() or ""), why.box.text())  # type: ignore[attr-defined]
            except PosyanduError as error:
                why.set_problem(errors.sentence(error))
                return
            sheet.accept()
            self.desk.announce("session")

        yes.clicked.connect(save)
        on_ctrl_enter(sheet, save)
        sheet.open_over()
        SheetDraft(sheet, self.desk, "alat", day.id)

    # ---- 2 what does not add up

    def _checks(self, body: Any) -> None:  # noqa: ANN401 - a layout
        wrong = self.found.wrong
        if not wrong:
            body.addWidget(Notice("ok", _("Semua hitungan cocok.")))
        for number, check in enumerate(wrong):
            card = Card("", padding=(22, 16), spacing=4)
            card.body.addWidget(Notice("warn", check.sentence))
            for ref in check.people[:AT_ONCE]:
                row = Row(ref.name, ref.detail, picture=("avatar", ref.name, None), name=f"orang:{number}:{ref.id}")
                row.clicked.connect(lambda _on=False, ref=ref: self.desk.go("kartu", person_id=ref.id))
                card.body.addWidget(row)
            if len(check.people) > AT_ONCE:
                card.body.addWidget(self._names_of(check, str(number)), 0, Qt.AlignmentFlag.AlignLeft)
            body.addWidget(card)
        fine = Card(_("Sudah cocok"), padding=(22, 16), spacing=8)
        for check in self.found.report.checks:
            if check.ok:
                fine.body.addWidget(Label(check.sentence, "small", "text2", wrap=True))
                if check.people:
                    fine.body.addWidget(self._names_of(check, "cocok"), 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(fine)

    def _names_of(self, check: Any, name: str) -> Button:  # noqa: ANN401 - reports.monthly.Reconciliation
        """The way to everybody a check is about."""
        more = Button(_("Lihat {n} nama").format(n=len(check.people)), "quiet", "users", name=f"button:nama:{name}")
        more.clicked.connect(lambda: self.desk.show_names(check.sentence, list(check.people)))
        return more

    # ---- 3 signature

    def _signing(self, body: Any) -> None:  # noqa: ANN401 - a layout
        from posyandu.services import month_lock

        state = self.found.state
        if state.code == "signed":
            body.addWidget(_seal(state))
            return
        for table in self.changes:
            body.addWidget(self._changed(table))
        number = state.newest.revision + 1 if state.newest else 1
        card = Card(_("Sahkan sebagai versi {n}").format(n=number), padding=(22, 18), spacing=12)
        card.body.addWidget(Label(self._standing(), "body", "text2", wrap=True))
        body.addWidget(card)
        if month_lock.may_sign(self.desk.ws):
            self._ask_to_sign(card, number)
        else:
            who = _("Yang mengesahkan: koordinator kader, bidan, petugas gizi atau Puskesmas, dengan PIN-nya.")
            card.body.addWidget(Notice("info", who))

    def _changed(self, table: Any) -> Card:  # noqa: ANN401 - reports.table.Table
        """One of the tables of what changed since the version before."""
        card = Card(table.title, padding=(22, 16), spacing=8)
        if table.rows:
            view = ReportTable()
            view.show_table(table)
            view.setFixedHeight(px(min(64 + 34 * len(table.rows), 320)))
            view.cell_opened.connect(lambda cell, title: self.desk.show_names(title, list(cell.people)))
            card.body.addWidget(view)
        else:
            card.body.addWidget(Label(table.empty, "small", "text2", wrap=True))
        return card

    def _ask_to_sign(self, card: Card, number: int) -> None:
        """The reason, where an earlier version is replaced, the PIN, where the book has one, and the button."""
        self.reason = Labelled(
            _("Alasan perubahan"),
            TextInput(self._reason, name="alasan"),
            _("Misalnya: Ayu ditimbang di rumah tanggal 14"),
        )
        self.reason.box.textChanged.connect(lambda typed: setattr(self, "_reason", typed))  # type: ignore[attr-defined]
        card.body.addWidget(self.reason)
        self.reason.setVisible(number > 1)  # shown before it has a place it is a window of its own and takes the keys
        self.pin = PinBox(name="pin-sahkan", accessible=_("PIN Anda"))
        self.ask_pin = Label(_("PIN {name} sekali lagi").format(name=self.desk.ws.worker.name), "label")
        if self.desk.ws.folder is not None:
            card.body.addWidget(self.ask_pin)
            card.body.addWidget(self.pin)
        self.said = Label("", "small", "bad", wrap=True)
        self.said.hide()
        card.body.addWidget(self.said)
        self.sign_button = Button(
            _("Sahkan versi {n}").format(n=number), "primary", "shield-check", name="button:sahkan"
        )
        self.sign_button.clicked.connect(self.sign)
        self.pin.returnPressed.connect(self.sign)
        card.body.addWidget(self.sign_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _standing(self) -> str:
        """What is still doubtful, in a sentence: signing is allowed, knowing it."""
        found = self.found
        if not found.days:
            return _("Belum ada hari buka di bulan ini: yang disahkan laporan kosong.")
        again = len({doubt.person_id for doubt in found.doubts if doubt.again})
        asked = sum(note.is_open for note in found.notes)
        parts = [
            _("{n} hitungan belum cocok").format(n=len(found.wrong)) if found.wrong else "",
            _("{n} anak sebaiknya diukur lagi").format(n=again) if again else "",
            _("{n} pertanyaan belum dijawab").format(n=asked) if asked else "",
        ]
        told = ", ".join(filter(None, parts))
        if not told:
            return _("Semua sudah diperiksa. Isi yang disahkan tersimpan dan dapat dibuka lagi kapan saja.")
        return _("Masih ada: {parts}. Anda tetap dapat mengesahkan; yang menyusul menjadi versi berikutnya.").format(
            parts=told
        )

    def sign(self) -> None:
        """Prove the PIN and sign, beside the window."""
        from posyandu.services import month_lock

        if not self.sign_button.isEnabled():
            return
        if self.pin.isVisible() and len(self.pin.text()) < DIGITS:
            self._not_signed(BadInput(_("Ketik dulu PIN Anda, 6 angka.")))  # the tries are counted
            return
        post, month, pin = self.desk.ws.posyandu_id, self.month(), self.pin.text()
        reason = self.reason.box.text()  # type: ignore[attr-defined]
        self.sign_button.setEnabled(False)
        self.desk.run(
            lambda ws: month_lock.sign_off(ws, post, month, pin, reason=reason),
            self._signed,
            self._not_signed,
            owner=self,
        )

    def _signed(self, version: Any) -> None:  # noqa: ANN401 - services.month_lock.Version
        self._reason = ""
        focus(self.first_focus())
        self.desk.toast(_("Versi {n} disahkan. Sidik {digest}").format(n=version.revision, digest=version.digest[:12]))
        self.desk.announce("month_report")

    def _not_signed(self, error: Exception) -> None:
        self.sign_button.setEnabled(True)
        self.pin.refuse()
        focus(self.pin)
        self.said.setText(errors.sentence(error))
        self.said.show()

    # ---- what is said

    def _talk(self, body: Any) -> None:  # noqa: ANN401 - a layout
        card = Card(_("Pertanyaan dan catatan"), padding=(22, 18), spacing=10)
        if not self.found.notes:
            card.body.addWidget(Label(_("Belum ada pertanyaan untuk bulan ini."), "body", "text2", wrap=True))
        for note in self.found.notes:
            card.body.addWidget(self._note(note))
        add = Button(_("Tulis catatan"), "secondary", "notebook-pen", name="button:catatan", on=self.comment)
        card.body.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(card)

    def _note(self, note: Any) -> QWidget:  # noqa: ANN401 - services.review.Note
        kinds = {
            "question": (_("Pertanyaan"), "warn" if note.is_open else "ok"),
            "returned": (_("Dikembalikan"), "warn"),
            "accepted": (_("Diterima"), "ok"),
            "comment": (_("Catatan"), "neutral"),
        }
        holder = QWidget()
        column = column_layout(holder, spacing=4)
        top = row_layout(spacing=8)
        top.addWidget(Chip(*kinds.get(note.kind, (note.kind, "neutral"))))
        top.addWidget(
            Label(" · ".join(part for part in (note.person, note.line) if part), "small", "text3", wrap=True), 1
        )
        column.addLayout(top)
        if note.words:
            column.addWidget(Label(note.words, "body", wrap=True))
        for each in note.answers:
            column.addWidget(Label(f"{each.line}: {each.words}", "small", "text2", wrap=True))
        if note.kind == "question":
            row = row_layout(spacing=4)
            self._deed(row, _("Jawab"), "send", f"jawab:{note.id}", lambda: self.answer(note))
            if note.person_id:
                self._deed(
                    row, _("Buka"), "user", f"buka:{note.id}", lambda: self.desk.go("kartu", person_id=note.person_id)
                )
            row.addStretch(1)
            column.addLayout(row)
        return holder

    def answer(self, note: Any) -> None:  # noqa: ANN401 - services.review.Note
        """Answer a question."""
        from posyandu.services import review

        def send(words: str) -> None:
            review.answer(self.desk.ws, self.desk.ws.posyandu_id, note, words)
            self.desk.announce("review")

        sheet = overlay.ask_words(
            self.window(), note.person or _("Jawaban"), note.words, _("Jawaban"), _("Simpan jawaban"), send
        )
        SheetDraft(sheet, self.desk, "jawaban-tanya", note.id)

    def comment(self) -> None:
        """Write something about the month."""
        from posyandu.services import review

        def send(words: str) -> None:
            review.say(self.desk.ws, self.desk.ws.posyandu_id, self.month(), "comment", words)
            self.desk.announce("review")

        title = _("Catatan untuk bulan ini")
        sheet = overlay.ask_words(self.window(), title, "", _("Catatan"), _("Simpan catatan"), send)
        SheetDraft(sheet, self.desk, "catatan", self.desk.ws.posyandu_id, str(self.month()))


def _seal(state: Any) -> Card:  # noqa: ANN401 - services.month_lock.MonthState
    """What a signed month says of itself, with its SHA-256 in eights of letters."""
    card = Card("", padding=(22, 18))
    card.body.addWidget(Notice("ok", state.sentence))
    card.body.addWidget(Label(_("Sidik isi (SHA-256)"), "label"))
    eights = (state.newest.digest[at : at + 8] for at in range(0, 64, 8))
    digest = Label(" ".join(eights), "small", "text2", wrap=True)
    digest.setObjectName("sidik")
    card.body.addWidget(digest)
    same = _("Laporan dengan data yang sama selalu menghasilkan berkas dan sidik yang sama.")
    card.body.addWidget(Label(same, "small", "text3", wrap=True))
    return card


class DigitBars(QWidget):
    """How often each last digit was written: ten bars, the ones far too tall in the colour of doubt."""

    def __init__(self, words: str, counts: Sequence[int]) -> None:
        super().__init__()
        self.words, self.counts = words, tuple(counts)
        self.setFixedHeight(px(150))
        self.setMinimumWidth(px(200))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)
        self.setAccessibleDescription(", ".join(f"{digit}: {count}" for digit, count in enumerate(self.counts)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words, the bars and the digits."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font("small"))
        painter.setPen(color("text2"))
        line = painter.fontMetrics().height()
        painter.drawText(QRectF(0, 0, self.width(), line), Qt.AlignmentFlag.AlignLeft, self.words)
        most, total = max(*self.counts, 1), sum(self.counts)
        step, base, room = self.width() / 10, self.height() - line - px(4), self.height() - 3 * line - px(12)
        for digit, count in enumerate(self.counts):
            high = room * count / most
            doubtful = total >= 20 and count > 2 * total / 10
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("on_warn" if doubtful else "primary"))
            bar = QRectF(digit * step + step * 0.18, base - high, step * 0.64, max(high, 1.0))
            painter.drawRect(bar)
            painter.setPen(color("text2"))
            cell = QRectF(digit * step, base + px(2), step, line)
            painter.drawText(cell, Qt.AlignmentFlag.AlignHCenter, str(digit))
            if count:
                above = QRectF(digit * step, base - high - line, step, line)
                painter.drawText(above, Qt.AlignmentFlag.AlignHCenter, str(count))
