"""Meja petugas: the board of posts, questions and returns that the kader sees, acceptance, and printing a puskesmas."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.domain.calendar import Month
from posyandu.domain.change import Op
from posyandu.domain.forms.registration import POSYANDU
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.services import levels, month_lock, people, posts, review, sessions, signers, visits, workspace
from posyandu.services.preferences import Preferences
from posyandu.services.sample import book, village
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import journal, records
from posyandu.ui.main_window import MainWindow
from posyandu.ui.widgets.basics import Button, Label, Notice, Row
from posyandu.ui.widgets.picker import Picker
from tests.ui import scene

OCTOBER = Month(2026, 10)
MELATI, MAWAR = village.post_id(7, 0), village.post_id(7, 1)


@pytest.fixture(scope="module")
def written() -> Iterator[Workspace]:
    """Two posts with figures and one without, on a midwife's laptop."""
    ws = workspace.in_memory(now=scene.MORNING, post=None)
    for number in (0, 1):
        entries = village.one_post(7, number, village.PLACES[0], ws.growth, months=2, until=OCTOBER)
        book.write(ws.db, entries, ws.author)
    entries = [
        each
        for each in village.one_post(7, 2, village.PLACES[1], ws.growth, months=1, until=OCTOBER)
        if each.entity == "posyandu"
    ]
    book.write(ws.db, entries, ws.author)
    ws.posyandu_id = MELATI
    yield ws
    ws.close()


@pytest.fixture
def office(written: Workspace) -> Iterator[Workspace]:
    ws = scene.copy_of(written)
    ws.worker = Worker("bidan", "Nurul", "midwife")
    yield ws
    ws.close()


@pytest.fixture
def window(qtbot: QtBot, office: Workspace, chosen: Preferences) -> MainWindow:
    made = MainWindow(chosen)
    qtbot.addWidget(made)
    made.open_book(office)
    made.resize(1366, 768)
    made.show()
    return made


def opened(qtbot: QtBot, window: MainWindow) -> Any:  # noqa: ANN401 - a page
    assert window.shell is not None
    window.shell.go("petugas", month=OCTOBER)
    scene.settle(qtbot)
    return window.shell.page("petugas")


def press(window: QWidget, name: str) -> None:
    found = [each for each in window.findChildren(QWidget) if each.objectName() == name and each.isVisible()]
    assert len(found) == 1, f"{len(found)} widgets are called {name}"
    found[0].click()  # type: ignore[attr-defined]


def words(widget: QWidget) -> str:
    return " ".join(each.text() for each in widget.findChildren(Label) if each.isVisible())


def test_the_posts_stand_in_the_order_of_need_with_the_days_left(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)
    rows = [each for each in page.findChildren(Row) if each.objectName().startswith("posyandu:")]
    assert len(rows) == 3
    assert rows[0].chip == ("Belum masuk", "bad")
    assert page.said.text().startswith("2 dari 3 Posyandu sudah masuk")
    assert "Terlambat 7 hari" in page.said.text()
    assert "Kamis, 5 November 2026" in page.due.text()


def test_what_a_post_has_not_chosen_for_a_week_is_told_here_and_leads_to_the_choice(
    qtbot: QtBot, window: MainWindow, office: Workspace
) -> None:
    visit = records.load_many(office.db, UNDER_FIVE_VISIT, scope=MAWAR)[0]
    asked = {"weight_g": 9_700, "length_mm": 760}
    long_ago = int((office.now() - timedelta(days=30)).timestamp() * 1000)
    for number, (name, value) in enumerate(asked.items()):
        op = Op(MAWAR, UNDER_FIVE_VISIT.name, visit.id, 1, 1, (), {name: value}, "dewi", long_ago, 1, f"{number:0>16}")
        journal.apply(office.db, [(op, "laptop-dewi")])
    page = opened(qtbot, window)
    rows = {each.objectName(): each for each in page.findChildren(Row)}
    assert "1 isian berbeda" in rows[f"posyandu:{MAWAR}"].detail
    assert "berbeda" not in rows[f"posyandu:{MELATI}"].detail
    page.choose(MELATI)
    scene.settle(qtbot)
    assert "diisi berbeda" not in words(page)
    page.choose(MAWAR)
    scene.settle(qtbot)
    told = [each for each in page.findChildren(Notice) if each.isVisible()]
    assert any("Kini Puskesmas ikut memilih" in words(each) for each in told)
    press(window, "button:bentrok")
    scene.settle(qtbot)
    assert window.shell is not None
    chosen = window.shell.page("bentrok")
    assert [(each.record_id, each.scope) for each in chosen.waiting] == [(visit.id, MAWAR)]
    assert any(posts.answers(office, MAWAR)["name"] in each.text() for each in chosen.findChildren(Label))


def test_the_due_day_is_chosen_in_the_settings_and_the_board_counts_from_it(
    qtbot: QtBot, window: MainWindow, office: Workspace
) -> None:
    assert window.shell is not None
    window.shell.go("pengaturan", part="posyandu")
    (picker,) = window.shell.page("pengaturan").findChildren(Picker, "pilihan:batas-laporan")
    assert picker.value() == 5
    picker.set_value(20)
    picker.activated.emit(picker.currentIndex())
    assert "Minggu, 20 Desember 2026" in words(window.shell.page("pengaturan"))
    assert "8 hari lagi" in opened(qtbot, window).said.text()
    office.worker = Worker("k", "Sari", "kader")
    window.shell.go("pengaturan", part="posyandu")
    assert not window.shell.page("pengaturan").findChildren(Picker, "pilihan:batas-laporan"), (
        "a kader sees no such card"
    )


def test_who_signs_for_a_whole_level_is_chosen_in_the_settings(
    qtbot: QtBot, window: MainWindow, office: Workspace
) -> None:
    assert window.shell is not None
    window.shell.go("pengaturan", part="posyandu")
    (level,) = [each for each in levels.levels(office) if each.kind == "district"]
    row = window.shell.page("pengaturan").findChild(Row, f"penanda-tangan:{level.code}")
    assert row.detail == "Camat, Petugas pelapor"
    press(window, row.objectName())
    box = QApplication.focusWidget()
    QTest.keyClick(box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(box, "Sekretaris camat")
    press(window, "button:simpan-lembar")
    assert row.detail == "Sekretaris camat, Petugas pelapor"
    assert [each.role for each in signers.chosen(office, level.code)] == ["Sekretaris camat", "Petugas pelapor"]
    office.worker = Worker("k", "Sari", "kader")
    window.shell.go("pengaturan", part="posyandu")
    assert window.shell.page("pengaturan").findChild(Row, row.objectName()) is None, "a kader sees no such card"


def test_the_targets_of_a_village_are_set_in_the_settings_by_keys_and_taken_back(
    qtbot: QtBot, window: MainWindow, office: Workspace
) -> None:
    assert window.shell is not None
    window.shell.go("pengaturan", part="posyandu")
    page = window.shell.page("pengaturan")
    (level,) = [each for each in levels.levels(office) if each.kind == "district"]
    row = page.findChild(Row, f"target:{level.code}")
    own = page.findChild(Row, f"target:{MELATI}")
    assert (row.detail, own.detail) == ("Target umum.", "Target umum.")
    press(window, row.objectName())
    for typed in ("01112026", "Renstra Dinas", "", "85,5", "", "", "4"):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(QApplication.focusWidget(), typed)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    said = "D/S 85,5%, BGM/D 4%; mulai 01-11-2026 menurut Renstra Dinas, dicatat "
    assert row.detail.startswith(said)
    assert own.detail == row.detail, "set for each post of the level"
    window.shell.toast.action.click()
    assert (row.detail, own.detail) == ("Target umum.", "Target umum.")
    office.worker = Worker("k", "Sari", "kader")
    window.shell.go("pengaturan", part="posyandu")
    assert page.findChild(Row, row.objectName()) is None, "a kader sees no such card"


def test_a_return_reaches_the_kader_as_a_task_and_the_signed_month_is_accepted(
    qtbot: QtBot, window: MainWindow, office: Workspace
) -> None:
    page = opened(qtbot, window)
    press(window, f"posyandu:{MELATI}")
    scene.settle(qtbot)
    accept = page.findChild(Button, "button:terima")
    assert not accept.isEnabled(), "nothing is signed yet"
    assert "Dapat diterima sesudah bulan ini disahkan." in words(page)
    press(window, "button:catat")
    QApplication.focusWidget().setPlainText("Mengapa 5 anak belum punya KMS?")  # type: ignore[union-attr]
    press(window, "button:ya")
    scene.settle(qtbot)
    (question,) = review.open_questions(office, MELATI)
    assert question.by == "Nurul, Bidan"
    window.shell.go("beranda")  # type: ignore[union-attr]
    scene.settle(qtbot)
    press(window, "perhatian:pertanyaan")
    scene.settle(qtbot)
    assert "Mengapa 5 anak belum punya KMS?" in words(window)
    page = opened(qtbot, window)
    next(each for each in page.side.findChildren(Button, "button:kembalikan") if each.isVisible()).setFocus()
    press(window, "button:kembalikan")
    QApplication.focusWidget().setPlainText("Lengkapi dulu KMS")  # type: ignore[union-attr]
    press(window, "button:ya")
    scene.settle(qtbot)
    assert page.state().code == "returned"
    assert not page.findChild(Button, "button:terima").isEnabled(), "what was never signed is not accepted"
    assert QApplication.focusWidget().objectName() == "button:kembalikan"  # type: ignore[union-attr]
    assert "Lengkapi dulu KMS" in words(page.side)
    month_lock.sign(office, MELATI, OCTOBER)
    window.desk.announce("month_report")
    scene.settle(qtbot)
    assert page.state().code == "signed"
    press(window, "button:terima")
    scene.settle(qtbot)
    assert page.state().code == "accepted"
    assert page.rows[MELATI].hasFocus()
    assert page.rows[MELATI].chip == ("Diterima", "ok")
    assert not [each.text() for each in page.side.findChildren(Label) if each.text().endswith(":")]
    assert "sesudah bulan ini disahkan" not in words(page)


def test_looking_goes_to_work_in_that_post(qtbot: QtBot, window: MainWindow, office: Workspace) -> None:
    opened(qtbot, window)
    press(window, f"posyandu:{MAWAR}")
    scene.settle(qtbot)
    press(window, "button:periksa")
    scene.settle(qtbot)
    assert office.posyandu_id == MAWAR
    name, arguments = window.shell.place()  # type: ignore[union-attr]
    assert (name, arguments["month"]) == ("sahkan", OCTOBER)


def test_a_puskesmas_is_printed_post_by_post_and_as_a_whole(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)
    page.level_picker.set_value("village 5202022002")
    press(window, "button:cetak-semua")
    scene.settle(qtbot)
    (folder,) = (paths.documents() / "Posyandu").iterdir()
    assert folder.name == "Desa Ubung 2026-10"
    assert len(list(folder.glob("*.pdf"))) == 3
    assert page.print_said.isVisible()
    assert page.print_said.window() is page.window()
    assert "3 berkas tersimpan" in page.print_said.text()


def test_printing_stops_when_asked_and_keeps_what_is_finished(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)
    press(window, "button:cetak-semua")
    qtbot.waitUntil(lambda: "1 dari" in page.print_said.text(), timeout=20_000)
    press(window, "button:batal-cetak")
    assert page.print_said.text() == "Berhenti sesudah berkas yang sedang ditulis selesai…"
    assert not page.print_button.isVisible(), "a second worker would write into the same folder"
    assert not page.stop.isEnabled()
    scene.settle(qtbot)
    assert "Dihentikan" in page.print_said.text()
    folder = next((paths.documents() / "Posyandu").iterdir(), None)
    written = list(folder.glob("*.pdf")) if folder else []
    assert len(written) < 4
    assert page.print_button.isVisible()


def test_printing_goes_on_while_a_post_is_looked_into_and_is_stopped_from_the_new_page(
    qtbot: QtBot, window: MainWindow, office: Workspace
) -> None:
    opened(qtbot, window)
    press(window, "button:cetak-semua")
    press(window, f"posyandu:{MAWAR}")
    qtbot.wait(60)
    press(window, "button:periksa")
    assert office.posyandu_id == MAWAR
    window.shell.go("petugas", month=OCTOBER)  # type: ignore[union-attr]
    page = window.shell.page("petugas")  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: "Menyusun" in page.print_said.text(), timeout=20_000)
    assert (page.bar.isVisible(), page.print_button.isVisible()) == (True, False)
    press(window, "button:batal-cetak")
    assert not page.print_button.isVisible()
    scene.settle(qtbot)
    assert (page.print_said.text(), page.print_button.isVisible()) == (
        "Dihentikan. Berkas yang sudah jadi tetap ada; Cetak semua melanjutkan sisanya.",
        True,
    )
    assert not page.bar.isVisible()


def test_a_month_that_is_still_being_read_is_neither_returned_nor_accepted(
    qtbot: QtBot, window: MainWindow, office: Workspace
) -> None:
    page = opened(qtbot, window)
    page.month_picker.set_value("2026-09")
    assert page.board is None
    assert not [each for each in page.side.findChildren(Button) if each.isVisible()]
    scene.settle(qtbot)
    press(window, "button:kembalikan")
    QApplication.focusWidget().setPlainText("Lengkapi")  # type: ignore[union-attr]
    press(window, "button:ya")
    assert [note.words for note in review.thread(office, page.chosen, Month(2026, 9))] == ["Lengkapi"]


def test_the_report_of_a_level_opens_with_its_names(qtbot: QtBot, window: MainWindow) -> None:
    opened(qtbot, window)
    press(window, "button:lihat-wilayah")
    scene.settle(qtbot)
    report = window.shell.page("laporan")  # type: ignore[union-attr]
    assert report.report.head[0] == ("Wilayah", "Puskesmas Ubung (3 Posyandu)")
    assert report.level_picker.isVisible()


def test_a_kader_does_not_find_the_desk(qtbot: QtBot, window: MainWindow, office: Workspace) -> None:
    from posyandu.ui import registry

    assert "petugas" not in {page.name for page in registry.rail("kader")}
    assert "petugas" in {page.name for page in registry.rail("midwife")}


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600)])
def test_the_desk_fits(qtbot: QtBot, window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    page = opened(qtbot, window)
    assert page.side_view.widget().width() <= page.side_view.viewport().width()
    assert page.list_view.widget().width() <= page.list_view.viewport().width()
    assert page.first_focus().hasFocus()


def test_the_list_can_be_kept_to_those_missing_or_doubtful(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)
    everybody = {each.post.id: each.code for each in page.board.posts}
    assert list(page.rows) == list(everybody)
    for shown, codes in (
        ("missing", {"missing"}),
        ("doubtful", {"doubtful", "returned"}),
        ("all", {*everybody.values()}),
    ):
        page.shown.set_value(shown)
        wanted = [post for post, code in everybody.items() if code in codes]
        assert list(page.rows) == wanted
        assert page.chosen in (wanted or [""]), "what stands at the right is in the list"
        assert ("Tidak ada Posyandu seperti itu." in words(page)) == (not wanted)
    assert page.said.text().startswith("2 dari 3 Posyandu"), "the figures are of all"


def test_sixty_posts_stand_in_the_order_of_need_and_the_last_is_chosen_by_keys(
    qtbot: QtBot, chosen: Preferences
) -> None:
    ws = workspace.in_memory(now=scene.MORNING, post=None)
    for number in range(60):
        told = {"name": f"Melati {number + 1}", "village_code": f"52020220{number % 10 + 1:02}", "puskesmas": "Ubung"}
        post = f"post-{number:02}"
        records.save(ws.db, POSYANDU, post, told, scope=post, author=ws.author, now=ws.now())
        if number % 6 == 0:
            born = {"name": "Raka", "sex": "male", "born_on": date(2025, 1, 5), "mother_name": f"Ibu {number}"}
            raka = people.register(ws, {**born, "scope": post})  # type: ignore[arg-type]
            day = sessions.open_day(ws, post, date(2026, 10, 12))
            visits.record(ws, UNDER_FIVE_VISIT, day, raka, {"weight_g": 9_800})
    ws.posyandu_id, ws.worker = "post-00", Worker("bidan", "Nurul", "midwife")
    window = MainWindow(chosen)
    qtbot.addWidget(window)
    window.open_book(ws)
    window.resize(1024, 576)
    window.show()
    page = opened(qtbot, window)
    codes = [each.code for each in page.board.posts]
    assert (len(page.rows), codes.count("missing")) == (60, 50)
    assert codes == sorted(codes, key=lambda code: code != "missing")
    assert page.said.text().startswith("10 dari 60 Posyandu")
    assert "(60 Posyandu)" in page.level_picker.itemText(page.level_picker.findData("puskesmas 5202 Ubung"))
    before, last = list(page.rows.values())[-2:]
    before.setFocus()
    QTest.keyClick(before, Qt.Key.Key_Tab)
    scene.settle(qtbot)
    view = page.list_view.viewport()
    assert view.rect().contains(last.rect().translated(last.mapTo(view, QPoint(0, 0))))
    QTest.keyClick(last, Qt.Key.Key_Return)
    scene.settle(qtbot)
    assert page.state().post.name in words(page.side_view)
    assert page.chosen == list(page.rows)[-1]
    page.shown.set_value("missing")
    assert len(page.rows) == 50
    window.close()
    ws.close()


def test_a_small_window_has_room_for_five_posts_and_for_the_day_the_reports_are_wanted(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.resize(1024, 576)
    page = opened(qtbot, window)
    assert "5 November 2026" in page.due.text()
    assert max(row.height() for row in page.rows.values()) * 5 <= page.list_view.viewport().height()
    window.resize(800, 576)
    scene.settle(qtbot)
    assert not page.due.text()
    assert page.said.text().endswith("Paling lambat Kamis, 5 November 2026.")


def test_no_line_of_a_row_ends_in_a_dot_that_parts(qtbot: QtBot) -> None:
    row = Row("Melati 1", "Ubung · D 35 dari S 51 · Mutu 90")
    qtbot.addWidget(row)
    narrow = [line for _role, _ink, some in row._laid(190)[1] for line in some]
    assert len(narrow) > 2
    assert not [line for line in narrow if line.endswith("·")]
