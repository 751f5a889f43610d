"""A question of the midwife and its answer, a month sent back and accepted: two windows, one real server between."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.server.app import make_app
from posyandu.server.exchange import Desk as ServerDesk
from posyandu.server.settings import Settings
from posyandu.services import accounts, posts, preferences, synchronise
from posyandu.services.locked import BookFolder
from posyandu.services.sample import village
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.keys import Cost
from posyandu.ui.main_window import MainWindow
from posyandu.ui.widgets.basics import Label, Notice, Row
from posyandu.ui.widgets.picker import MonthPicker
from tests.server import laptops
from tests.server.conftest import postgres_cluster, postgres_url
from tests.server.serving import serving
from tests.ui import scene
from tests.ui.fingers import ALT, CONTROL, Fingers, server_desk
from tests.ui.scene import keys
from tests.ui.test_sahkan import spoil_october

__all__ = ["postgres_cluster", "postgres_url", "server_desk"]

CHEAP = Cost(1, 8 * 1024)
OCTOBER = Month(2026, 10)
MIDWIFE_PIN, COORDINATOR_PIN = "271828", "314159"


class Laptop(Fingers):
    """One window with a keyboard before it."""

    def __init__(self, qtbot: QtBot, chosen: preferences.Preferences, ws: Workspace) -> None:
        super().__init__(qtbot, MainWindow(chosen))
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.open_book(ws)
        self.ws = ws
        self.take()

    def take(self) -> None:
        """Sit down before this one."""
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)
        self.settle()

    def settle(self) -> None:
        super().settle()
        if QApplication.activeWindow() is None:  # a window manager knows: this platform forgets the window under a menu
            self.window.activateWindow()
            self.qtbot.waitUntil(self.window.isActiveWindow)

    @property
    def page(self) -> Any:  # noqa: ANN401 - a page
        assert self.window.shell is not None
        return self.window.shell.stack.currentWidget()

    def choose_month(self) -> None:
        """October, by the arrows."""
        self.tab_to("bulan")
        for _press in range(24):
            picker = self.focus
            assert isinstance(picker, MonthPicker)
            if picker.month() == OCTOBER:
                return
            self.press(Qt.Key.Key_Down if picker.month() > OCTOBER else Qt.Key.Key_Up)

    def step_to(self, code: str) -> None:
        """Along the steps of the page, by the arrows."""
        while not self.focus.objectName().startswith("langkah:"):
            self.press(Qt.Key.Key_Tab)
        for _press in range(4):
            if self.focus.objectName() == f"langkah:{code}":
                self.press(Qt.Key.Key_Space)
                return
            self.press(Qt.Key.Key_Right)
        raise AssertionError(code)

    def say(self, words: str) -> None:
        """Into the sheet that is open, and send it."""
        keys(words)
        self.press(Qt.Key.Key_Return, CONTROL)

    def send(self) -> None:
        self.find_page("Kirim data")
        self.push("button:kirim")
        status = synchronise.status(self.ws)
        assert status.here == status.confirmed > 0

    def home(self) -> None:
        self.press(Qt.Key.Key_1, ALT)

    def words(self) -> str:
        """Everything that is to be read in the window."""
        return " ".join(each.text() for each in self.window.findChildren(Label) if each.isVisible())

    def clear_and_type(self, words: str) -> None:
        self.press(Qt.Key.Key_A, CONTROL)
        keys(words)

    def sign(self, reason: str = "") -> None:
        """October, with the PIN."""
        self.find_page("Periksa")
        self.choose_month()
        self.step_to("sahkan")
        if reason:
            self.tab_to("alasan")
            keys(reason)
        self.tab_to("pin-sahkan")
        keys(COORDINATOR_PIN)
        self.press(Qt.Key.Key_Return)
        assert self.page.found.state.code == "signed"

    def named(self, part: str) -> str:
        """The name of the only button in view whose name begins so."""
        (found,) = {
            each.objectName() for each in self.page.findChildren(QWidget) if each.objectName().startswith(part)
            and each.isVisible()
        }  # fmt: skip
        return found


def before_october(ws: Workspace, child: str) -> int:
    """The length of a child in September, in millimetres."""
    rows = [each for each in records.load_many(ws.db, FORMS["under_five_visit"]) if each.answers["person_id"] == child]
    first = min(rows, key=lambda each: str(each.answers["visited_on"]))
    found = first.answers["length_mm"]
    assert isinstance(found, int)
    return found


def centimetres(length_mm: int) -> str:
    return f"{length_mm / 10:.1f}".replace(".", ",")


def test_a_question_is_asked_on_one_laptop_answered_on_another_and_the_month_sent_back_and_accepted(
    qtbot: QtBot, server_desk: ServerDesk, chosen: preferences.Preferences, tmp_path: Path
) -> None:
    with serving(make_app(server_desk, Settings())) as url:
        first = accounts.create(BookFolder(tmp_path / "pos", False), "Sari", COORDINATOR_PIN, cost=CHEAP).workspace
        scene.fill(first, months=2)
        child = spoil_october(first)
        second = accounts.create(
            BookFolder(tmp_path / "bidan", False), "Nurul", MIDWIFE_PIN, role="midwife", cost=CHEAP
        ).workspace
        for ws in (first, second):
            areas = [place.code for place in village.PLACES]
            synchronise.enrol(ws, url, laptops.code_for(server_desk, areas, regency=areas[0][:4]))
            synchronise.run(ws)
        second.posyandu_id = posts.posts(second)[0].id

        bidan = Laptop(qtbot, chosen, second)
        bidan.find_page("Periksa")
        bidan.choose_month()
        doubt = next(each for each in bidan.page.found.doubts if each.person_id == child and each.code == "shrunk")
        bidan.push(f"button:tanya:{doubt.record_id}:shrunk")
        bidan.say(" Mohon cek buku KIA.")
        bidan.send()

        kader = Laptop(qtbot, chosen, first)
        kader.send()
        kader.home()
        kader.push("perhatian:pertanyaan")
        told = kader.words()
        assert "Sudah diukur lagi? Berapa hasilnya? Mohon cek buku KIA." in told, (
            "what is typed follows what stands there"
        )
        assert "Nurul, Bidan" in told
        kader.push(kader.named("button:buka:"))
        kader.push(f"visit:{doubt.record_id}")
        kader.tab_to("field:length_mm")
        kader.clear_and_type(centimetres(before_october(first, child) + 6))
        kader.press(Qt.Key.Key_Return, CONTROL)
        kader.home()
        kader.push("perhatian:pertanyaan")
        kader.push(kader.named("button:jawab:"))
        kader.say("Sudah, salah tulis.")
        kader.sign()
        kader.send()

        bidan.take()
        bidan.send()
        bidan.find_page("Periksa")
        bidan.choose_month()
        assert not [each for each in bidan.page.found.doubts if each.person_id == child and each.code == "shrunk"]
        bidan.step_to("tanya")
        assert "Sari, Koordinator kader, " in bidan.words()
        assert "Sudah, salah tulis." in bidan.words()
        bidan.find_page("Meja")
        bidan.choose_month()
        bidan.push("button:kembalikan")
        bidan.say("Berat Ayu belum masuk.")
        bidan.send()

        kader.take()
        kader.send()
        kader.home()
        kader.push(f"perhatian:dikembalikan:{OCTOBER}")
        assert "Berat Ayu belum masuk." in kader.words()
        kader.find_page(doubt.name)
        kader.push(f"visit:{doubt.record_id}")
        kader.tab_to("field:length_mm")
        kader.clear_and_type(centimetres(before_october(first, child) + 8))
        kader.press(Qt.Key.Key_Return, CONTROL)
        kader.sign("Panjang diukur lagi")
        kader.home()
        assert not [each for each in kader.page.findChildren(Row) if "dikembalikan" in each.objectName()]
        kader.send()

        bidan.take()
        bidan.send()
        bidan.find_page("Meja")
        bidan.choose_month()
        assert "Versi 2 disahkan" in bidan.words()
        bidan.push("button:terima")
        assert bidan.page.said.text() == "1 dari 1 Posyandu sudah masuk, 0 perlu dicek, 0 belum."
        bidan.send()

        kader.take()
        kader.send()
        kader.find_page("Periksa")
        kader.choose_month()
        told = [each.label.text() for each in kader.page.findChildren(Notice) if each.isVisible()]
        assert told[-1].startswith("Diterima: Nurul, Bidan, ")
