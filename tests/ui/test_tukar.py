"""Tukar data: sheets go out with what will be refused, files come in by mapping and preview, and go back."""

import threading
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.services import accounts, consents, eppgbm_import, imports, opensid, preferences
from posyandu.services import people as people_service
from posyandu.services.accounts import BookFolder
from posyandu.services.workspace import Workspace
from posyandu.storage import keys as key_slots
from posyandu.storage import records
from posyandu.ui import jobs
from posyandu.ui.focus import focus
from posyandu.ui.main_window import STOPS_WITHIN_MS, MainWindow
from posyandu.ui.pages import tukar
from posyandu.ui.widgets.basics import Label, Notice
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.report_table import ReportModel
from tests.ui import looking, scene
from tests.ui.conftest import PIN

OCTOBER = Month(2026, 10)
OWN_HEAD = ["Balita", "L/P", "Lahir", "Ditimbang", "BB", "Cerita"]
RAKA = ["Raka Kecil", "L", "05/07/2025", "12/09/2026", "9,2", "lucu"]


def opened(qtbot: QtBot, window: MainWindow, **arguments: object) -> Any:  # noqa: ANN401 - a page
    assert window.shell is not None
    window.shell.go("tukar", **arguments)
    scene.settle(qtbot)
    return window.shell.page("tukar")


def press(window: QWidget, name: str) -> None:
    found = [each for each in window.findChildren(QWidget) if each.objectName() == name and each.isVisible()]
    assert len(found) == 1, f"{len(found)} widgets are called {name}"
    found[0].click()  # type: ignore[attr-defined]


def words(widget: QWidget) -> str:
    return " ".join(each.text() for each in widget.findChildren(Label) if each.isVisible())


def sheet(path: Path, *rows: list[str], head: list[str] = OWN_HEAD) -> Path:
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    for row in (["Buku saya"], head, *rows):
        page.append(row)
    made.save(path)
    return path


def in_view(page: Any, widget: QWidget | None) -> bool:  # noqa: ANN401 - a page
    """Whether all of it is within what the page has scrolled to."""
    assert widget is not None
    view = page.inside.viewport()
    return bool(view.rect().contains(widget.rect().translated(widget.mapTo(view, QPoint(0, 0)))))


def sheet_over(window: MainWindow) -> tukar.WritingSheet:
    (found,) = [each for each in window.findChildren(tukar.WritingSheet) if each.isVisible()]
    return found


class Held:
    """Takes a file as ever, but stands still in the middle of it, within its transaction, until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go, real = threading.Event(), threading.Event(), eppgbm_import.take
        monkeypatch.setattr(eppgbm_import, "take", lambda *given: real(*given[:-1], self.slow(given[-1])))

    def slow(self, report: jobs.Progress) -> jobs.Progress:
        def told(done: int, total: int, words: str) -> None:
            report(done, total, words)
            while done and not self.go.wait(0.01):
                self.begun.set()
                report(done, total, words)

        return told


def a_hundred_and_fifty(folder: Path) -> Path:
    rows = [[f"Anak {n}", "L", f"{1 + n % 28}/{1 + n // 28}/2025", "", "", ""] for n in range(150)]
    return sheet(folder / "a.xlsx", *rows, head=["Nama", "JK", "Tgl Lahir", "Tanggal Ukur", "Berat", "Catatan"])


def people(ws: Workspace) -> set[str]:
    return {str(row.answers["name"]) for row in records.load_many(ws.db, FORMS["person"], scope=ws.posyandu_id)}


def test_what_eppgbm_will_refuse_leads_to_the_child_and_the_sheets_are_written(
    qtbot: QtBot, window: MainWindow, village: Workspace
) -> None:
    page = opened(qtbot, window)
    page.month_picker.set_value(str(OCTOBER))
    scene.settle(qtbot)
    model = page.refused.model()
    assert isinstance(model, ReportModel)
    assert f"{model.rowCount()} baris akan ditolak" in page.eppgbm_said.text()
    assert model.rowCount() > 0
    press(window, "button:eppgbm")
    scene.settle(qtbot)
    refused = "e-PPGBM yang ditolak 2026-10.xlsx"
    first = {"e-PPGBM identitas 2026-10.xls", "e-PPGBM pengukuran 2026-10.xls", refused}
    assert {each.name for each in (paths.documents() / "Posyandu").glob("e-PPGBM*")} == first
    page.sheet_kind.set_value("xlsx")
    press(window, "button:eppgbm")
    scene.settle(qtbot)
    both = first | {"e-PPGBM identitas 2026-10.xlsx", "e-PPGBM pengukuran 2026-10.xlsx"}
    assert {each.name for each in (paths.documents() / "Posyandu").glob("e-PPGBM*")} == both
    press(window, "button:opensid")
    scene.settle(qtbot)
    assert "anak di lembar OpenSID" in page.out_said.text()
    cell = model.cell(model.index(0, 1))
    page.refused.cell_opened.emit(cell, "")
    assert window.shell.place() == ("kartu", {"person_id": cell.people[0].id})  # type: ignore[union-attr]


def test_the_page_names_who_is_left_out_because_sharing_was_taken_back(
    qtbot: QtBot, window: MainWindow, village: Workspace
) -> None:
    said = {"told_on": village.today(), "purpose": "share", "answer": "declined"}
    month = Month.of(village.today())
    who = opensid.table(village, village.posyandu_id, month)[0].rows[0][2]
    consents.save(village, who.people[0].id, None, said)
    page = opened(qtbot, window)
    page.month_picker.set_value(str(month))
    scene.settle(qtbot)
    why = "orang tidak ikut karena persetujuan berbagi ditarik atau ditolak: "
    for button, label in (("", page.eppgbm_said), ("button:opensid", page.out_said), ("button:paket", page.out_said)):
        if button:
            press(window, button)
            scene.settle(qtbot)
        assert why in label.text()
        assert who.text in label.text().partition(why)[2]


def test_a_sheet_of_ones_own_is_mapped_looked_at_taken_and_taken_back(
    qtbot: QtBot, window: MainWindow, village: Workspace, tmp_path: Path
) -> None:
    before = people(village)
    page = opened(qtbot, window, path=sheet(tmp_path / "punya saya.xlsx", RAKA, ["", "L", "x", "", "", ""]))
    assert page.map_card.isVisible()
    assert page.look_card.isHidden(), "nothing was recognised, so it asks"
    assert page.row_picker.value() == 1, "the banner above is no heading"
    assert page.row_picker.hasFocus()
    assert [picker.value() for picker in page.column_pickers.values()] == ["", "sex", "", "", "weight_g", ""]
    page.row_picker.activated.emit(1)
    scene.settle(qtbot)
    press(window, "button:lihat")
    assert "Pilih dulu kolom untuk: nama" in page.trouble.text()
    for column, name in enumerate(("name", "sex", "born_on", "visited_on", "weight_g")):
        page.column_pickers[column].set_value(name)
    page.column_pickers[5].set_value("name")
    press(window, "button:lihat")
    assert "dua kolom" in page.trouble.text()
    page.column_pickers[5].set_value("")
    press(window, "button:lihat")
    scene.settle(qtbot)
    assert "1 orang baru" in words(page)
    assert QApplication.focusWidget().objectName() == "baris-berkas"  # type: ignore[union-attr]
    assert in_view(page, page.take_button), "what the file would do is in view, not only its columns"
    assert people(village) == before, "looking changes nothing"
    press(window, "button:daftar")
    scene.settle(qtbot)
    assert (paths.documents() / "Posyandu" / "Hasil baca punya saya.xlsx").exists()
    press(window, "button:ambil")
    scene.settle(qtbot)
    assert people(village) - before == {"Raka Kecil"}
    assert in_view(page, page.look_card.findChild(QWidget, "button:kembalikan"))
    press(window, "button:kembalikan")
    scene.settle(qtbot)
    assert people(village) == before
    assert any("Dikembalikan" in each.label.text() for each in page.findChildren(Notice) if each.isVisible())


@pytest.mark.parametrize(("wide", "beside"), [(1366, True), (1024, False)])
def test_the_columns_of_a_file_are_named_whole_beside_what_they_hold(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, wide: int, beside: bool
) -> None:
    window.resize(wide, 576)
    page = opened(qtbot, window, step="masuk")
    page.read(sheet(tmp_path / "buku.xlsx", RAKA, head=["Nama_lengkap_balita", *OWN_HEAD[1:]]))
    scene.settle(qtbot)
    first, *_others, last = page.column_pickers.values()
    assert (last.x() > first.x()) is beside
    assert not list(looking.cut_words(page.map_card))


def test_a_file_is_taken_back_after_the_page_was_left_and_what_was_corrected_stays(
    qtbot: QtBot, window: MainWindow, village: Workspace, tmp_path: Path
) -> None:
    before = people(village)
    head = ["Nama", "JK", "Tgl Lahir", "Tanggal Ukur", "Berat", "Catatan"]
    ayu = ["Ayu Besar", "P", "01/03/2025", "12/09/2026", "9,9", ""]
    page = opened(qtbot, window, path=sheet(tmp_path / "berkas saya.xlsx", RAKA, ayu, head=head))
    press(window, "button:ambil")
    scene.settle(qtbot)
    raka = next(r for r in records.load_many(village.db, FORMS["person"]) if r.answers["name"] == "Raka Kecil")
    window.shell.go("beranda")  # type: ignore[union-attr]
    scene.settle(qtbot)
    page = opened(qtbot, window, step="masuk")
    assert "berkas saya.xlsx" in words(page)
    (entry,) = imports.listed(village)
    people_service.correct(village, raka.id, {"name": "Raka Agak Besar"})
    press(window, f"button:batalkan:{entry.id}")
    scene.settle(qtbot)
    assert people(village) - before == {"Raka Agak Besar", "Ayu Besar"}, "it asks first"
    press(window, "button:ya")
    scene.settle(qtbot)
    assert people(village) - before == {"Raka Agak Besar"}
    (said,) = [each.label.text() for each in page.findChildren(Notice) if each.isVisible()]
    assert "tetap karena sudah diperbaiki atau dipakai sesudahnya: Raka Agak Besar" in said
    assert not page.findChildren(QWidget, f"button:batalkan:{entry.id}")
    assert "Dikembalikan" in words(page.before_card)


def test_reading_can_be_stopped_and_a_file_for_a_kabupaten_is_shown_but_not_taken(
    qtbot: QtBot, window: MainWindow, village: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eppgbm_import, "MOST_TAKEN", 1)
    head = ["Nama", "JK", "Tgl Lahir", "Tanggal Ukur", "Berat", "Catatan"]
    page = opened(qtbot, window, path=sheet(tmp_path / "a.xlsx", RAKA, RAKA, head=head))
    assert not page.take_button.isEnabled()
    assert [each.label.text() for each in page.findChildren(Notice) if each.isVisible()] == [
        "Orang yang mirip tidak dicari: berkas sebesar ini hanya dilaporkan, tidak diambil.",
        "Berkas ini berisi 2 baris; sekali ambil paling banyak 1. Bagi dulu per Posyandu.",
    ]
    page.read(tmp_path / "a.xlsx")
    press(window, "button:batal-baca")
    assert page.file_name.text() == "Dibatalkan. Tidak ada yang berubah."
    scene.settle(qtbot)
    assert page.look_card.isHidden(), "what was stopped does not come after all"


def test_what_is_being_taken_is_neither_taken_twice_nor_shown_by_other_columns(
    qtbot: QtBot, window: MainWindow, village: Workspace, tmp_path: Path
) -> None:
    head = ["Nama", "JK", "Tgl Lahir", "Tanggal Ukur", "Berat", "Catatan"]
    path = sheet(tmp_path / "a.xlsx", RAKA, head=head)
    page = opened(qtbot, window, path=path)
    page.column_pickers[5].set_value("nik")
    assert page.look_card.isHidden(), "what was seen was by other columns"
    page.column_pickers[5].set_value("")
    press(window, "button:lihat")
    scene.settle(qtbot)
    press(window, "button:ambil")
    assert (page.stop.isVisible(), page.take_button.isEnabled(), page.choose.isEnabled()) == (False, False, False)
    press(window, "button:ambil")
    page.open(path=path)
    assert "Tunggu sebentar" in window.shell.toast.label.text()  # type: ignore[union-attr]
    scene.settle(qtbot)
    assert page.taken.children == 1
    assert len(imports.listed(village)) == 1
    press(window, "button:kembalikan")
    assert not page.look_card.isEnabled()
    scene.settle(qtbot)
    assert page.choose.isEnabled()
    assert imports.listed(village)[0].taken_back


def test_a_taking_is_stopped_with_nothing_taken_and_can_be_begun_again(
    qtbot: QtBot, window: MainWindow, village: Workspace, tmp_path: Path
) -> None:
    page = opened(qtbot, window, path=a_hundred_and_fifty(tmp_path))
    before = people(village)
    press(window, "button:ambil")
    press(window, "button:batal")
    assert not sheet_over(window).cancel.isEnabled(), "it stops at the next row; until then nobody begins another"
    assert not page.choose.isEnabled()
    scene.settle(qtbot)
    assert page.file_name.text() == "Dibatalkan. Tidak ada yang berubah."
    assert (page.trouble.isVisible(), page.stop.isVisible(), page.choose.isEnabled()) == (False, False, True)
    assert (people(village), imports.listed(village), page.taken) == (before, [], None)
    press(window, "button:ambil")
    scene.settle(qtbot)
    assert page.taken.children == page.preview.count("new") == 150


def unlocked(folder: BookFolder) -> Workspace:
    (sri, *_others) = key_slots.read(folder.keys).slots
    return accounts.unlock(folder, sri.id, PIN)


@pytest.fixture
def real(qtbot: QtBot, locked_book: BookFolder, chosen: preferences.Preferences) -> MainWindow:
    """A window over a book on the disk: who reads one in memory has to wait for who writes."""
    window = MainWindow(chosen)
    qtbot.addWidget(window)
    window.open_book(unlocked(locked_book))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_while_a_file_is_taken_keys_and_clicks_reach_no_page_and_nothing_typed_stops_it(
    qtbot: QtBot, real: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, held = real, Held(monkeypatch)
    assert window.shell is not None
    village = window.shell.desk.ws
    page = opened(qtbot, window, path=a_hundred_and_fifty(tmp_path))
    before, place = people(village), window.shell.place()
    focus(page.take_button)
    scene.keys("↵")
    qtbot.waitUntil(held.begun.is_set, timeout=20_000)
    over = sheet_over(window)
    assert "Sedang mengambil a.xlsx… Tunggu sampai selesai, atau batalkan." in over.bar.accessibleName()
    qtbot.waitUntil(lambda: over.bar.value() > 0)
    for key, held_down in (
        (Qt.Key.Key_K, "Control"),
        (Qt.Key.Key_1, "Alt"),
        (Qt.Key.Key_Left, "Alt"),
        (Qt.Key.Key_F1, "No"),
    ):
        QTest.keyClick(QApplication.focusWidget(), key, Qt.KeyboardModifier[f"{held_down}Modifier"])
        scene.keys("8 5↵")
        assert over.isAncestorOf(QApplication.focusWidget())
    for place_of in (QPoint(5, 5), QPoint(60, 200), window.rect().bottomRight() - QPoint(40, 40)):
        under = window.childAt(place_of)
        assert under is over
        QTest.mouseClick(under, Qt.MouseButton.LeftButton, pos=over.mapFrom(window, place_of))
    assert (window.shell.place(), sheet_over(window).cancel.isEnabled()) == (place, True)
    scene.keys("⇥")
    assert QApplication.focusWidget() is over.cancel
    scene.keys("↵")
    assert (over.words.text(), QApplication.focusWidget()) == ("Sedang dibatalkan…", over.bar)
    scene.settle(qtbot)
    assert (people(village), imports.listed(village), page.file_name.text()) == (
        before, [], "Dibatalkan. Tidak ada yang berubah.",
    )  # fmt: skip
    assert not window.findChildren(tukar.WritingSheet)
    assert QApplication.focusWidget() is page.take_button


@pytest.mark.parametrize("ends", ["closed", "unlocked"])
def test_the_lock_neither_breaks_a_taking_nor_leaves_its_sheet_and_a_closed_window_takes_nothing(
    qtbot: QtBot, real: MainWindow, locked_book: BookFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    window, held = real, Held(monkeypatch)
    page = opened(qtbot, window, path=a_hundred_and_fifty(tmp_path))
    before = people(window.desk.ws)  # type: ignore[union-attr]
    press(window, "button:ambil")
    qtbot.waitUntil(held.begun.is_set, timeout=20_000)
    if ends == "unlocked":
        for _twice in range(2):
            window.show_lock()
            assert not [each for each in window.findChildren(tukar.WritingSheet) if each.isVisible()]
            window.open_book(unlocked(locked_book))
            assert sheet_over(window).isAncestorOf(QApplication.focusWidget()), "still at work"
        window.show_lock()
        held.go.set()
        scene.settle(qtbot)
        window.open_book(unlocked(locked_book))
        scene.settle(qtbot)
        assert page.taken.children == 150
        assert not window.findChildren(tukar.WritingSheet)
        assert page.isAncestorOf(QApplication.focusWidget())
    window.close()
    scene.settle(qtbot)
    ws = unlocked(locked_book)
    assert len(people(ws) - before) == len(imports.listed(ws)) * 150 == 150 * (ends == "unlocked")
    ws.close()


def sheets_of(window: MainWindow) -> list[str]:
    """The words of the sheets over the window."""
    over = [each for each in window.findChildren(Overlay) if each.isVisible()]
    return [words(each) for each in over]


def unlocked_by(folder: BookFolder, name: str, pin: str) -> Workspace:
    who = next(each for each in key_slots.read(folder.keys).slots if each.name == name)
    return accounts.unlock(folder, who.id, pin)


def test_who_comes_in_while_another_takes_a_file_is_told_that_it_stopped_and_so_is_the_other(
    qtbot: QtBot, real: MainWindow, locked_book: BookFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, held = real, Held(monkeypatch)
    page = opened(qtbot, window, path=a_hundred_and_fifty(tmp_path))
    before = people(window.desk.ws)  # type: ignore[union-attr]
    focus(page.take_button)
    scene.keys("↵")
    qtbot.waitUntil(held.begun.is_set, timeout=20_000)
    window.show_lock()
    window.open_book(unlocked_by(locked_book, "Murniati", "381946"))
    qtbot.waitUntil(lambda: bool(sheets_of(window)), timeout=20_000)
    (said,) = sheets_of(window)
    assert "Sri Wahyuni sedang mengambil a.xlsx ketika aplikasi dibuka lagi, dan itu terhenti." in said
    assert "Tidak ada yang berubah di buku. Beri tahu Sri Wahyuni" in said
    scene.keys("↵")
    assert people(window.desk.ws) == before  # type: ignore[union-attr]
    window.show_lock()
    window.open_book(unlocked_by(locked_book, "Murniati", "381946"))
    scene.settle(qtbot)
    qtbot.wait(2 * STOPS_WITHIN_MS)
    assert sheets_of(window) == [], "once is enough"
    window.show_lock()
    window.open_book(unlocked(locked_book))
    qtbot.waitUntil(lambda: bool(sheets_of(window)), timeout=20_000)
    (said,) = sheets_of(window)
    assert "Mengambil a.xlsx pada " in said
    assert "berhenti sebelum selesai, karena Murniati masuk. Tidak ada yang berubah di buku." in said
    scene.keys("↵")
    assert imports.unfinished(window.desk.ws) == []  # type: ignore[union-attr]


def test_who_stopped_a_taking_herself_saw_it_and_is_not_told_again(
    qtbot: QtBot, real: MainWindow, tmp_path: Path
) -> None:
    window = real
    opened(qtbot, window, path=a_hundred_and_fifty(tmp_path))
    press(window, "button:ambil")
    press(window, "button:batal")
    scene.settle(qtbot)
    assert imports.unfinished(window.desk.ws) == []  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("rows", "example"),
    [([], ""), ([["x"]], ""), ([["x", None], ["x", ""], ["x", 0]], "0"), ([["x", "a"], ["x", "b"]], "a")],
)
def test_the_example_of_a_column_is_the_first_thing_in_it(rows: list[list[object]], example: str) -> None:
    assert tukar._example(rows, 1) == example


def a_boy(village: Workspace) -> tuple[records.Row, date]:
    return next(
        (row, born)
        for row in records.load_many(village.db, FORMS["person"], scope=village.posyandu_id)
        if isinstance(born := row.answers["born_on"], date) and born.year >= 2024 and row.answers["sex"] == "male"
    )


def test_everybody_alike_can_be_decided_not_only_the_first_of_them(
    qtbot: QtBot, window: MainWindow, village: Workspace, tmp_path: Path
) -> None:
    child, born = a_boy(village)
    days = [born.replace(day=day) for day in range(1, 28) if day != born.day][:17]
    rows = [[str(child.answers["name"]), "L", f"{day:%d/%m/%Y}", "", "", ""] for day in days]
    head = ["Nama", "JK", "Tgl Lahir", "Tanggal Ukur", "Berat", "Catatan"]
    page = opened(qtbot, window, path=sheet(tmp_path / "mirip.xlsx", *rows, head=head))
    assert (page.preview.count("unsure"), len(page.decisions)) == (17, 15)
    press(window, "button:lagi")
    assert len(page.decisions) == 17
    page.decisions[19].set_value(child.id)
    press(window, "button:ambil")
    scene.settle(qtbot)
    assert page.taken.children == 0


def test_someone_alike_is_decided_by_a_person(
    qtbot: QtBot, window: MainWindow, village: Workspace, tmp_path: Path
) -> None:
    child, first = a_boy(village)
    born = first.replace(day=28)
    row = [str(child.answers["name"]), "L", f"{born:%d/%m/%Y}", "12/09/2026", "9,2", ""]
    head = ["Nama", "JK", "Tgl Lahir", "Tanggal Ukur", "Berat", "Catatan"]
    page = opened(qtbot, window, path=sheet(tmp_path / "mirip.xlsx", row, head=head))
    assert page.look_card.isVisible(), "known headings are looked at at once"
    (picker,) = page.decisions.values()
    assert picker.value() == "nanti"
    picker.set_value(child.id)
    before = people(village)
    press(window, "button:ambil")
    scene.settle(qtbot)
    assert people(village) == before
    assert page.taken.visits == 1


def test_a_package_goes_out_and_is_known_when_it_comes_back(
    qtbot: QtBot, window: MainWindow, village: Workspace
) -> None:
    page = opened(qtbot, window)
    press(window, "semua")
    press(window, "button:paket")
    scene.settle(qtbot)
    (path,) = (paths.documents() / "Posyandu").glob("*.zip")
    page.open(path=path)
    scene.settle(qtbot)
    assert "0 catatan baru" in words(page)
    press(window, "button:ambil")
    scene.settle(qtbot)
    assert page.taken.records == 0


def test_a_broken_file_is_told_and_nothing_changes(
    qtbot: QtBot, window: MainWindow, village: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "rusak.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(40))
    before = list(village.db.conn.execute("SELECT count(*) FROM op"))
    page = opened(qtbot, window, path=path)
    assert "rusak" in page.trouble.text()
    assert page.trouble.text().endswith("Tidak ada yang berubah.")
    assert page.look_card.isHidden()
    assert list(village.db.conn.execute("SELECT count(*) FROM op")) == before


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600)])
def test_the_page_fits_and_has_the_focus(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, size: tuple[int, int]
) -> None:
    window.resize(*size)
    page = opened(qtbot, window)
    assert page.out.widget().width() <= page.out.viewport().width()
    assert page.first_focus().hasFocus()
    page.open(
        path=sheet(tmp_path / "a.xlsx", RAKA, head=["Nama", "JK", "Tgl Lahir", "Tanggal Ukur", "Berat", "Catatan"])
    )
    scene.settle(qtbot)
    assert page.inside.widget().width() <= page.inside.viewport().width()
