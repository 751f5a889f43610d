"""The main job, played through the real windows with real keys: from the PIN to the monthly report.

Nothing is done behind the screen: every step presses keys and buttons that a kader would, and what it leaves
(pictures, papers, times, counts) is compared with what was typed. A step that goes wrong ends the demo.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from PySide6.QtCore import QPoint, Qt, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from posyandu import paths
from posyandu.ui import jobs
from posyandu.ui.self_check import tell_qt_message

PATIENCE = 60.0
SIZE = (1366, 696)


class WentWrong(Exception):
    """Something on the screen or on paper is not what it should be; the text says what."""


@dataclass
class Step:
    """One part of the story: how long it took, how much was pressed, what came out."""

    name: str
    seconds: float = 0.0
    keys: int = 0
    clicks: int = 0
    facts: dict[str, Any] = field(default_factory=dict)


class Hand:
    """Presses keys and buttons of one window as a person does, and counts them."""

    def __init__(self, window: QMainWindow, out: Path, unexpected: list[str]) -> None:
        self.window, self.out, self.unexpected = window, out, unexpected
        self.keys = self.clicks = self.pictures = 0

    def settle(self, seconds: float = 0.0) -> None:
        """Let the window do what is waiting, for at least this long."""
        QTest.qWait(int(seconds * 1000) if seconds else 1)

    def wait_for(self, holds: Callable[[], object], what: str, seconds: float = PATIENCE) -> Any:  # noqa: ANN401
        """Wait until `holds` gives something true, and give it. Raises WentWrong."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = holds()
            if found:
                return found
            if self.unexpected:
                raise WentWrong(f"waiting for {what}: {self.unexpected[0]}")
            QTest.qWait(5)
        here = QApplication.focusWidget()
        raise WentWrong(
            f"waited {seconds:.0f} s in vain for {what}; the keys are at {here.objectName() if here else None!r}"
        )

    def seen(self, name: str) -> QWidget | None:
        """The visible widget of this name, the newest if there are several."""
        found = [each for each in self.window.findChildren(QWidget, name) if each.isVisible()]
        return found[-1] if found else None

    def find(self, name: str) -> Any:  # noqa: ANN401 - a widget, with what its page adds
        """The visible widget of this name, waiting for it. Raises WentWrong."""
        widget = self.wait_for(lambda: self.seen(name), f"{name} on the screen")
        assert isinstance(widget, QWidget)
        return widget

    def click(self, name: str) -> QWidget:
        """Press a button with the mouse, once it may be pressed."""
        widget: QWidget = self.find(name)
        self.wait_for(widget.isEnabled, f"{name} to be enabled")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))
        self.clicks += 1
        self.settle()
        return widget

    def focus(self, name: str) -> QWidget:
        """Click into a field."""
        widget = self.click(name)
        if not (widget.hasFocus() or widget.isAncestorOf(QApplication.focusWidget() or widget)):
            raise WentWrong(f"{name} does not take the focus")
        return widget

    def type(self, text: str) -> None:
        """Type where the focus is, one real key after the other."""
        for letter in text:
            QTest.keyClicks(self._target(), letter)
            self.keys += 1
            QApplication.processEvents()

    def key(self, key: Qt.Key, *, control: bool = False, times: int = 1) -> None:
        """Press a key where the focus is."""
        held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        for _time in range(times):
            QTest.keyClick(self._target(), key, held)
            self.keys += 1
            QApplication.processEvents()

    def enter(self, times: int = 1) -> None:
        """Press Enter."""
        self.key(Qt.Key.Key_Return, times=times)

    def fill(self, name: str, text: str) -> None:
        """Click into a field, type over what stands there."""
        self.focus(name)
        self.key(Qt.Key.Key_A, control=True)
        self.type(text)

    def picture(self, name: str) -> Path:
        """Keep what the window shows now."""
        self.settle(0.05)
        self.pictures += 1
        path = self.out / f"{self.pictures:02}-{name}.png"
        if not self.window.grab().save(str(path)):
            raise WentWrong(f"the picture {path} could not be written")
        return path

    def quiet(self) -> None:
        """Wait until nothing works in the background, and press away what lies over the head of the page."""
        self.wait_for(lambda: not jobs.busy(), "the work in the background")
        self.settle(0.05)
        message = self.seen("toast")
        if message is not None:
            QTest.mouseClick(message, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))

    def _target(self) -> QWidget:
        widget = QApplication.focusWidget()
        if widget is None:
            raise WentWrong("nothing has the focus: keys would go nowhere")
        return widget


def play(out: Path, *, keep: Path | None = None) -> int:
    """Play the whole story and leave everything in `out`; 0 when all of it came out right, 1 with the reason if not.

    `keep` is a folder where the made-up village waits for the next demo.
    """
    out.mkdir(parents=True, exist_ok=True)
    for old in [*out.glob("*.png"), *out.glob("*.pdf"), *out.glob("*.xlsx"), *out.glob("ringkasan.*")]:
        old.unlink()
    home = out.resolve() / "rumah"
    shutil.rmtree(home, ignore_errors=True)
    os.environ["POSYANDU_HOME"] = str(home)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    story = Story(out, keep)
    try:
        with ExitStack() as stack:
            story.play(stack)
    except WentWrong as wrong:
        story.trouble = str(wrong)
        story.keep_last_look()
    story.write_summary()
    say((out / "ringkasan.md").read_text(encoding="utf-8"))
    if not story.trouble:
        shutil.rmtree(home, ignore_errors=True)
    return 1 if story.trouble else 0


def _morning_clock() -> Callable[[], datetime]:
    """Today from a quarter past eight on, whatever the hour: a posyandu day is a morning, and its pictures show it."""
    began = time.monotonic()
    start = datetime.now().astimezone().replace(hour=8, minute=15, second=0, microsecond=0)
    return lambda: start + timedelta(seconds=time.monotonic() - began)


def say(text: str) -> None:
    """Tell whoever watches; a windowed program may have nobody to tell."""
    if sys.stdout is not None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


@dataclass(frozen=True)
class Line:
    """What the paper register says about one person: the stored values by field, or the reason for not coming."""

    person_id: str
    name: str
    values: dict[str, Any]
    absent: str = ""


class Story:
    """The steps in order, with what they leave behind."""

    def __init__(self, out: Path, keep: Path | None = None) -> None:
        self.out, self.keep = out, keep
        self.steps: list[Step] = []
        self.trouble = ""
        self.unexpected: list[str] = []
        self.dice = Random(20261121)
        self.typed: dict[str, Line] = {}
        self.rows: dict[str, list[Any]] = {}
        self.by_form: Line
        self.session_id = ""
        self.hand: Hand
        self.window: Any = None
        self.server: Any = None

    def play(self, stack: ExitStack) -> None:
        """Everything, from an empty folder to the printed report. Raises WentWrong."""
        self._prepare(stack)
        self._unlock()
        self._open_day()
        self._register_baby()
        self._type_page("under_five", least=20)
        self._type_page("pregnant", least=5)
        self._record_visit()
        self._close_day()
        self._enrol()
        self._send()
        self._report()
        self._print_kms()
        self._other_looks()

    # ---- bookkeeping

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Time one step and count what was pressed in it; an exception that nobody caught ends the story."""
        step = Step(name)
        self.steps.append(step)
        hand: Hand | None = getattr(self, "hand", None)
        keys, clicks = (hand.keys, hand.clicks) if hand else (0, 0)
        started = time.perf_counter()
        say(f"  {name} ...")
        try:
            yield step
        finally:
            step.seconds = round(time.perf_counter() - started, 3)
            hand = getattr(self, "hand", None)
            if hand:
                step.keys, step.clicks = hand.keys - keys, hand.clicks - clicks
        if self.unexpected:
            raise WentWrong(f"{name}: {self.unexpected[0]}")

    def expect(self, holds: object, what: str) -> None:
        """Raise WentWrong unless it holds."""
        if not holds:
            raise WentWrong(what)

    @property
    def ws(self) -> Any:  # noqa: ANN401 - services.workspace.Workspace
        """The book that is open in the window, for comparing what was typed with what is in it."""
        return self.window.desk.ws

    # ---- the steps

    def _prepare(self, stack: ExitStack) -> None:
        from posyandu.services import preferences
        from posyandu.services.sample import kept, practice, trial
        from posyandu.ui import app
        from posyandu.ui.main_window import MainWindow

        with self.step("Siapkan desa contoh: 8 Posyandu, 18 bulan") as step:
            self.server_ready = stack.enter_context(trial.starting(practice.trial_folder()))  # beside the rest
            if self.keep is None:
                practice.prepare()
            else:
                kept.prepare(self.keep)
        with self.step("Buka jendela"):
            chosen = preferences.Preferences(theme="light", idle_minutes=30, send_by_itself=False)
            preferences.save(chosen)
            app.build_app(["posyandu"], chosen)
            sys.excepthook = self._unexpected
            qInstallMessageHandler(tell_qt_message)
            self.window = MainWindow(chosen, practice=True)
            self.window.resize(*SIZE)
            self.window.start()
            self.window.show()
            self.window.activateWindow()
            QTest.qWaitForWindowActive(self.window)
            stack.callback(self.window.close)
            self.hand = Hand(self.window, self.out, self.unexpected)
        assert step is not None

    def _unlock(self) -> None:
        from posyandu.services.sample import practice

        with self.step("Buka kunci dengan PIN"):
            self.hand.find("pin")
            self.hand.picture("kunci")
            self.hand.type(practice.PIN)
            self.hand.wait_for(
                lambda: self.window.desk is not None and self.window.shell is not None, "the book to open"
            )
            self.hand.find("page:beranda")
            self.ws.keep_time_by(_morning_clock())
            self.window.shell.refresh()
            self.hand.quiet()
            self.hand.picture("beranda-sebelum")

    def _open_day(self) -> None:
        from posyandu.services import sessions

        with self.step("Buka hari Posyandu"):
            hand = self.hand
            hand.click("button:buka-hari")
            hand.find("page:hari")
            hand.click("field:scale_checked")
            hand.picture("hari-dibuka")
            hand.click("button:buka-hari")
            hand.find("attend")
            day = sessions.current(self.ws, self.ws.posyandu_id)
            if day is None or day.held_on != self.ws.today():
                raise WentWrong("today's posyandu day is not open")
            self.session_id = day.id
        with self.step("Tandai hadir dengan mengetik nama") as step:
            expected = sessions.roster(self.ws, self.session_id, "under_five")[:6:2]
            for row in expected:
                hand.focus("attend")
                hand.type(row.name.lower())
                hand.enter()
            came = sessions.roster(self.ws, self.session_id, "under_five")
            present = {row.person_id for row in came if row.present}
            self.expect(present == {row.person_id for row in expected}, "not those came whose names were typed")
            hand.quiet()
            hand.picture("hari")
            step.facts = {"hadir": len(present)}

    def _register_baby(self) -> None:
        from datetime import timedelta

        from posyandu.services import people, sessions

        with self.step("Daftarkan bayi baru; yang mirip tampak selagi mengetik") as step:
            hand, today = self.hand, self.ws.today()
            rows = sessions.roster(self.ws, self.session_id, "under_five")
            namesake = max(rows, key=lambda row: len(row.name))
            mother = next(row for row in rows if row.mother_name and len(row.mother_name.split()) > 1)
            name, born_on = namesake.name, today - timedelta(days=11)
            hand.click("button:orang-baru")
            hand.focus("field:name")
            hand.type(name)
            hand.settle(0.4)
            alike = people.lookalikes(self.ws, {"name": name})
            step.facts = {"nama": name, "yang_mirip": len(alike)}
            self.expect(alike, f"nobody is like {name}")
            hand.picture("daftar-mirip")
            hand.focus("field:born_on")
            hand.type(f"{born_on:%d%m%y}")
            hand.click("field:sex")
            hand.focus("field:mother_name")
            hand.type(mother.mother_name[:9].lower())
            hand.settle(0.4)
            hand.type("1")
            hand.settle(0.3)
            hand.picture("daftar")
            hand.key(Qt.Key.Key_Return, control=True)
            hand.find("attend")
            rows = sessions.roster(self.ws, self.session_id, "under_five")
            found = [row for row in rows if row.name == name and row.born_on == born_on]
            self.expect(len(found) == 1 and found[0].present, f"{name} is not in the list, or not present")
            self.expect(
                bool(people.card(self.ws, found[0].person_id).person.get("mother_id")), "the mother is not linked"
            )

    def _close_day(self) -> None:
        from posyandu.services import sessions

        with self.step("Tutup hari Posyandu") as step:
            hand = self.hand
            hand.click("nav:hari")
            hand.click("button:tutup")
            hand.quiet()
            hand.picture("periksa-sebelum-tutup")
            checks = sessions.closing_checks(self.ws, self.session_id)
            step.facts = {"hal_dicek": len(checks), "daftar": [check.sentence for check in checks]}
            hand.click("button:tutup-hari")
            hand.find("button:buka-lagi")
            self.expect(sessions.get(self.ws, self.session_id).closed, "the day is not closed")
            hand.quiet()
            hand.picture("hari-ditutup")

    def _type_page(self, page: str, *, least: int) -> None:
        from posyandu.services import sessions

        title = {"under_five": "bayi dan balita", "pregnant": "ibu hamil"}[page]
        with self.step(f"Ketik halaman register: {title}") as step:
            hand = self.hand
            if page == "under_five":
                hand.click("button:register")
            else:
                hand.click(f"tab:{page}")
                hand.settle(0.1)
            view = hand.find("grid")
            hand.wait_for(lambda: not jobs.busy(), "the rows of the page")
            rows = self.rows[page] = sessions.roster(self.ws, self.session_id, page)
            lines = [self._paper(row, page) for row in rows]
            self.expect(len(lines) >= least, f"only {len(lines)} lines on the page")
            later = self._left_for_the_form(rows, lines) if page == "under_five" else -1
            if page == "under_five":
                self._slip_and_undo(view)
            for place, line in enumerate(lines):
                if place == later:
                    hand.type("*")
                else:
                    self._type_line(view, place, line)
            if later >= 0:
                self.by_form = lines.pop(later)
            hand.settle(0.2)
            hand.picture(f"register-{page.replace('_', '-')}")
            self._compare(page, lines)
            typed = [line for line in lines if line.values]
            self.expect(len(typed) >= least, f"only {len(typed)} people were typed")
            step.facts = {"baris": len(lines), "terisi": len(typed), "tidak_hadir": len(lines) - len(typed)}

    def _type_line(self, view: Any, place: int, line: Line) -> None:  # noqa: ANN401 - ui.grid.GridView
        """One row from its first box: digits and Enter; minus and a letter for who did not come."""
        hand, model = self.hand, view.grid
        here = (view.currentIndex().row(), view.currentIndex().column())
        self.expect(here == (place, model.first_entry), f"the cursor is in box {here}, not at row {place}")
        self.expect(model.rows[place].person_id == line.person_id, f"row {place} is not {line.name}")
        if line.absent:
            hand.type("-" + line.absent)
            return
        left = set(line.values)
        for column in model.sheet.columns:
            value = line.values.get(column.name)
            if not left:
                hand.type("*")  # the key beside Enter on the number pad: next row
                return
            left.discard(column.name)
            if value is None:
                hand.enter()
            elif isinstance(value, bool):
                hand.type(self._answer_key(column, value))
            else:
                hand.type(self._digits(column, value))
                hand.enter()

    def _slip_and_undo(self, view: Any) -> None:  # noqa: ANN401 - ui.grid.GridView
        """A weight half of last month's is doubted at once, and one key takes it back."""
        hand, row = self.hand, view.grid.rows[0]
        last = (row.entry.last_visit or {}).get("weight_g") or 8_000
        hand.type(f"{last // 200}")
        hand.enter()
        hand.settle(0.1)
        self.expect(row.problems, f"half the weight of {row.entry.name} was not doubted")
        hand.key(Qt.Key.Key_Left)
        hand.picture("register-perlu-dicek")
        hand.key(Qt.Key.Key_Z, control=True)
        self.expect(row.shown("weight_g") is None, "Ctrl+Z did not take the weight back")

    def _left_for_the_form(self, rows: list[Any], lines: list[Line]) -> int:
        """The place of a child in its second year who came last month: its visit is noted in the form instead."""
        month = max(row.last_on for row in rows if row.last_on)
        for place, (row, line) in enumerate(zip(rows, lines, strict=True)):
            days = (self.ws.today() - row.born_on).days
            if line.values and 365 < days < 700 and row.last_on == month:
                return place
        raise WentWrong("no child in its second year came last month")

    def _digits(self, column: Any, stored: int) -> str:  # noqa: ANN401 - domain.fields.Number
        """A number as it is typed on the number pad: without comma, 8,2 kg as 82."""
        shown = f"{stored / column.per_unit:.1f}" if column.decimals else str(stored // column.per_unit)
        return shown.replace(".", "")

    def _answer_key(self, column: Any, value: bool) -> str:  # noqa: ANN401 - domain.fields.YesNo
        return str(column.yes if value else column.no)[0].lower()

    def _paper(self, row: Any, page: str) -> Line:  # noqa: ANN401 - services.sessions.RosterRow
        """What the paper says about this person today: last month's values and a month of life."""
        dice, last = self.dice, row.last_visit or {}
        if not row.present and dice.random() < (0.15 if page == "under_five" else 0.0):
            return Line(row.person_id, row.name, {}, dice.choice("spbl"))
        values = self._child(row, last) if page == "under_five" else self._woman(last)
        return Line(row.person_id, row.name, values)

    def _child(self, row: Any, last: Any) -> dict[str, Any]:  # noqa: ANN401 - roster row and answers
        dice = self.dice
        months = (self.ws.today() - row.born_on).days / 30.44
        gain = dice.gauss(650 if months < 4 else 350 if months < 12 else 200, 120)
        values: dict[str, Any] = {
            "weight_g": round(((last.get("weight_g") or 3200) + gain) / 100) * 100,
            "length_mm": (last.get("length_mm") or 500) + dice.randrange(6, 13 if months < 24 else 9),
        }
        if months >= 6:
            values["muac_mm"] = (last.get("muac_mm") or 140) + dice.randrange(0, 3)
        if months < 24:
            values["head_mm"] = (last.get("head_mm") or 350) + dice.randrange(1, 5)
        if months < 6:
            values["exclusive_breastfeeding"] = dice.random() < 0.8
        return values

    def _woman(self, last: Any) -> dict[str, Any]:  # noqa: ANN401 - answers
        dice = self.dice
        systolic = (last.get("systolic_mmhg") or 112) + dice.randrange(-4, 5)
        return {
            "weight_g": round(((last.get("weight_g") or 52_000) + dice.gauss(1500, 300)) / 100) * 100,
            "muac_mm": (last.get("muac_mm") or 245) + dice.randrange(0, 2),
            "systolic_mmhg": systolic,
            "diastolic_mmhg": round(systolic * 0.65),
            "iron_tablets": 30,
            "iron_daily": dice.random() < 0.8,
            "class_attended": dice.random() < 0.6,
        }

    def _enrol(self) -> None:
        from posyandu.services.sample import village

        with self.step("Tunggu server percobaan"):
            self.server = self.server_ready()
            self.expect(self.server is not None, "the server part is not installed: pip install posyandu[server]")
        with self.step("Hubungkan laptop ke server dengan kode pendaftaran"):
            hand = self.hand
            code = self.server.code([place.code for place in village.PLACES], "Laptop latihan")
            hand.click("nav:sinkronisasi")
            hand.fill("field:alamat-server", self.server.url)
            hand.enter()
            hand.type(code)
            hand.enter()
            hand.find("button:kirim")

    def _send(self) -> None:
        from posyandu.services import synchronise

        with self.step("Kirim sampai dipastikan server") as step:
            hand = self.hand
            hand.click("button:kirim")
            hand.settle(1.0)
            hand.picture("sinkronisasi-berjalan")
            hand.wait_for(lambda: hand.seen("button:kirim"), "the sending to end", 300)
            hand.quiet()
            hand.settle(0.3)
            hand.picture("sinkronisasi")
            status = synchronise.status(self.ws)
            received = json.loads(self.server.ask("received"))
            step.facts = {
                "di_laptop": status.here,
                "terkirim": status.sent,
                "dipastikan": status.confirmed,
                "diterima_server": received["saves"],
                "catatan_di_server": received,
            }
            self.expect(status.here == status.sent == status.confirmed, f"not everything is confirmed: {step.facts}")
            self.expect(received["saves"] == status.confirmed, f"the server counts differently: {step.facts}")

    def _report(self) -> None:
        from posyandu.domain import calendar

        with self.step("Buat laporan bulanan") as step:
            hand, today = self.hand, self.ws.today()
            hand.click("nav:laporan")
            page = hand.find("page:laporan")
            self._choose_month(page, str(calendar.Month.of(today)))
            save = hand.find("button:simpan-pdf")
            hand.wait_for(lambda: save.isEnabled() and page.report is not None, "the report to be built")
            hand.quiet()
            hand.picture("laporan")
            hand.click("tampilan:table")
            hand.settle(0.2)
            hand.picture("laporan-tabel")
            report = page.report
            self._check_report(report, step)
        with self.step("Simpan PDF dan Excel"):
            self._save_report("button:simpan-pdf", "pdf")
            self._save_report("button:excel", "xlsx")
            self.expect((self.out / "laporan.pdf").read_bytes()[:5] == b"%PDF-", "laporan.pdf is no PDF")

    def _save_report(self, button: str, suffix: str) -> None:
        hand = self.hand
        pressed = hand.click(button)
        hand.wait_for(pressed.isEnabled, f"{suffix} to be written")
        written = hand.wait_for(lambda: sorted(paths.documents().rglob(f"Laporan*.{suffix}")), f"the {suffix} file")
        shutil.copyfile(written[-1], self.out / f"laporan.{suffix}")

    def _choose_month(self, page: Any, month: str) -> None:  # noqa: ANN401 - ui.pages.laporan
        """Walk the list of months with the arrow keys to the month typed."""
        hand, picker = self.hand, page.month_picker
        hand.wait_for(picker.hasFocus, "the list of months to take the first key")
        for _press in range(picker.count()):
            if str(picker.value()) == month:
                return
            later = str(picker.value()) < month
            hand.key(Qt.Key.Key_Up if later else Qt.Key.Key_Down)
        raise WentWrong(f"the month {month} is not offered")

    def _check_report(self, report: Any, step: Step) -> None:  # noqa: ANN401 - services.reporting
        """D of the report is exactly who was typed, and all its own reconciliations hold."""
        from posyandu.domain import calendar

        table = report.skdn
        total = {row[0].value: row[table.column("total")] for row in table.rows[:12]}
        children = {row.person_id: row for row in self.rows["under_five"]}
        weighed = {
            person_id
            for person_id, line in self.typed.items()
            if person_id in children
            and "weight_g" in line.values
            and calendar.age_months(children[person_id].born_on, self.ws.today()) < 60
        }
        counted = {person.id for person in total["D"].people}
        step.facts = {code: cell.value for code, cell in total.items() if code in ("S", "K", "D", "N", "T", "O", "B")}
        step.facts["ditimbang_dan_diketik"] = len(weighed)
        self.expect(counted == weighed, f"D counts {len(counted)}, typed were {len(weighed)}: {counted ^ weighed}")
        self.expect(total["D"].value == len(weighed), f"D is printed as {total['D'].value}")
        wrong = [check.sentence for check in report.checks if not check.ok]
        step.facts["pemeriksaan_cocok"] = len(report.checks) - len(wrong)
        step.facts["perlu_dicek"] = wrong

    def _record_visit(self) -> None:
        with self.step("Isi satu kunjungan dengan KMS") as step:
            hand, child = self.hand, self.by_form
            hand.click("nav:beranda")
            hand.quiet()
            hand.picture("beranda")
            self._find_person(child)
            hand.quiet()
            hand.picture("kartu")
            hand.click("button:kunjungan")
            hand.find("page:kunjungan")
            for name, value in child.values.items():
                if name.endswith(("_g", "_mm")):
                    hand.focus(f"field:{name}")
                    hand.type(f"{value / (1000 if name.endswith('_g') else 10):.1f}".replace(".", ","))
            hand.enter()
            hand.quiet()
            hand.settle(0.3)
            hand.picture("kunjungan")
            hand.key(Qt.Key.Key_Return, control=True)
            hand.settle(0.2)
            if hand.seen("summary"):
                hand.picture("kunjungan-dicek")
                hand.key(Qt.Key.Key_Return, control=True)
            hand.wait_for(lambda: self._visit_of(child) is not None, "the visit to be saved")
            hand.settle(0.2)
            hand.picture("kunjungan-tersimpan")
            self._compare("under_five", [child])
            step.facts = {"nama": child.name, "isian": len(child.values)}

    def _find_person(self, line: Line) -> None:
        """Ctrl+K, a part of the name, down to the right one, Enter."""
        from posyandu.services import people

        hand = self.hand
        typed = line.name.lower()
        hand.key(Qt.Key.Key_K, control=True)
        hand.find("palette:box")
        hand.type(typed)
        hand.find(f"person:{line.person_id}")
        hand.picture("cari")
        found = [hit.id for hit in people.search(self.ws, typed, limit=8)]
        self.expect(line.person_id in found, f"{line.name} is not found by name")
        hand.key(Qt.Key.Key_Down, times=found.index(line.person_id))
        hand.enter()
        hand.find("page:kartu")

    def _print_kms(self) -> None:
        with self.step("Cetak KMS satu anak"):
            hand = self.hand
            self._find_person(self.by_form)
            hand.click("button:cetak-kms")
            written = hand.wait_for(lambda: sorted(paths.documents().rglob("*KMS*.pdf")), "the KMS as PDF")
            hand.quiet()
            shutil.copyfile(written[-1], self.out / "kms.pdf")
            self.expect((self.out / "kms.pdf").read_bytes()[:5] == b"%PDF-", "kms.pdf is no PDF")
            hand.picture("kartu-sesudah")

    def _visit_of(self, line: Line) -> Any:  # noqa: ANN401 - answers
        from posyandu.services import sessions

        rows = sessions.roster(self.ws, self.session_id, "under_five")
        return next((row.visit for row in rows if row.person_id == line.person_id), None)

    def _other_looks(self) -> None:
        with self.step("Gambar gelap dan huruf besar"):
            hand = self.hand
            for choices, suffix in (
                (("theme:dark",), "gelap"),
                (("theme:light", "text_scale:1.3"), "130"),
            ):
                self.window.shell.go("pengaturan")  # in large text the rail may list it under "Lainnya"
                for choice in choices:
                    hand.click(f"pilihan:{choice}")
                    hand.settle(0.1)
                for page, arguments in (
                    ("beranda", {}),
                    ("grid", {"session_id": self.session_id}),
                    ("kunjungan", {"person_id": self.by_form.person_id, "session_id": self.session_id}),
                    ("laporan", {}),
                ):
                    self.window.shell.go(page, **arguments)
                    hand.settle(0.1)
                    hand.quiet()
                    hand.picture(f"{page}-{suffix}")
            self.window.shell.go("pengaturan")
            hand.click("pilihan:text_scale:1.0")

    def _compare(self, page: str, lines: list[Line]) -> None:
        """Everything typed is in the book, exactly; everyone absent is absent."""
        from posyandu.services import sessions

        found = {row.person_id: row for row in sessions.roster(self.ws, self.session_id, page)}
        for line in lines:
            row = found[line.person_id]
            if line.absent:
                self.expect(row.present is False and row.visit is None, f"{line.name} should be absent")
                continue
            saved = row.visit or {}
            wrong = {name: (value, saved.get(name)) for name, value in line.values.items() if saved.get(name) != value}
            self.expect(not wrong, f"{line.name}: typed and saved differ: {wrong}")
            self.typed[line.person_id] = line

    # ---- when it goes wrong, and at the end

    def _unexpected(self, kind: type[BaseException], error: BaseException, trace: Any) -> None:  # noqa: ANN401
        sys.__excepthook__(kind, error, trace)
        self.unexpected.append(f"{kind.__name__}: {error}")

    def keep_last_look(self) -> None:
        """A picture of where it went wrong."""
        if self.window is not None:
            self.window.grab().save(str(self.out / "99-berhenti-di-sini.png"))

    def write_summary(self) -> None:
        """ringkasan.json and ringkasan.md: every step with its time and strokes, and what was compared."""
        body = {"ok": not self.trouble, "trouble": self.trouble, "steps": [asdict(step) for step in self.steps]}
        (self.out / "ringkasan.json").write_text(json.dumps(body, indent=1, default=str), encoding="utf-8")
        lines = ["# Satu hari Posyandu, dari PIN sampai laporan", ""]
        lines += [f"**BERHENTI: {self.trouble}**", ""] if self.trouble else []
        lines += ["| langkah | detik | tombol | klik | hasil |", "|---|---:|---:|---:|---|"]
        for step in self.steps:
            plain = {name: value for name, value in step.facts.items() if not isinstance(value, dict | list)}
            facts = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in plain.items())
            lines.append(f"| {step.name} | {step.seconds:.2f} | {step.keys} | {step.clicks} | {facts} |")
        (self.out / "ringkasan.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
