"""Periksa dan sahkan: a month is looked at, asked about, signed with the PIN and again, old versions reopened."""

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.services import access, month_lock, preferences, reporting, review, sessions, visits
from posyandu.services.preferences import Preferences
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from posyandu.ui.main_window import MainWindow
from posyandu.ui.widgets.basics import Button, Label, Notice, Row
from posyandu.ui.widgets.overlay import Overlay
from tests.ui import scene
from tests.ui.conftest import PIN

OCTOBER = Month(2026, 10)


def opened(qtbot: QtBot, window: MainWindow, **arguments: object) -> Any:  # noqa: ANN401 - a page
    assert window.shell is not None
    window.shell.go("sahkan", **{"month": OCTOBER, **arguments})
    scene.settle(qtbot)
    return window.shell.page("sahkan")


def find(window: QWidget, name: str, kind: type[QWidget] = QWidget) -> Any:  # noqa: ANN401 - a widget
    found = [each for each in window.findChildren(kind) if each.objectName() == name and each.isVisible()]
    assert len(found) == 1, f"{len(found)} widgets are called {name}"
    return found[0]


def press(window: QWidget, name: str) -> None:
    find(window, name).click()


def words(widget: QWidget) -> str:
    return " ".join(each.text() for each in widget.findChildren(Label) if each.isVisible())


def spoil_october(ws: Workspace) -> str:
    """Write one child of October shorter than in September; gives back the child."""
    by_person: dict[str, list[Any]] = {}
    for row in records.load_many(ws.db, FORMS["under_five_visit"]):
        if isinstance(row.answers.get("length_mm"), int):
            by_person.setdefault(str(row.answers["person_id"]), []).append(row)
    rows = next(
        each
        for each in by_person.values()
        if {row.answers["visited_on"].month for row in each} == {9, 10} and len(each) == 2
    )
    september, october = sorted(rows, key=lambda row: row.answers["visited_on"])
    visits.set_cell(
        ws, FORMS["under_five_visit"], str(october.answers["session_id"]), str(october.answers["person_id"]),
        "length_mm", int(september.answers["length_mm"]) - 30,
    )  # fmt: skip
    return str(october.answers["person_id"])


def test_quality_comes_first_and_a_doubt_is_confirmed_and_taken_back(
    qtbot: QtBot, window: MainWindow, village: Workspace
) -> None:
    child = spoil_october(village)
    page = opened(qtbot, window)
    doubt = next(each for each in page.found.doubts if each.person_id == child and each.code == "shrunk")
    assert find(window, "skor", Label).text() == str(page.found.quality.score)
    assert doubt.name in words(page)
    before = len(page.found.doubts)
    press(window, f"button:benar:{doubt.record_id}:shrunk")
    scene.settle(qtbot)
    assert len(page.found.doubts) == before - 1
    window.shell.toast.action.click()  # type: ignore[union-attr]
    scene.settle(qtbot)
    assert len(page.found.doubts) == before


def test_a_doubt_is_asked_about_and_the_answer_stands_beside_it(
    qtbot: QtBot, window: MainWindow, village: Workspace
) -> None:
    child = spoil_october(village)
    page = opened(qtbot, window)
    doubt = next(each for each in page.found.doubts if each.person_id == child and each.code == "shrunk")
    press(window, f"button:tanya:{doubt.record_id}:shrunk")
    sheet = find(window, "ask-words", Overlay)
    assert QApplication.focusWidget() is not None
    assert sheet.isAncestorOf(QApplication.focusWidget())
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    scene.settle(qtbot)
    (question,) = review.open_questions(village, village.posyandu_id)
    assert question.words == "Sudah diukur lagi? Berapa hasilnya?"
    press(window, "langkah:tanya")
    press(window, f"button:jawab:{question.id}")
    press(find(window, "ask-words", Overlay), "button:ya")
    assert find(window, "ask-words", Overlay).isVisible(), "an empty answer is not taken"
    QTest.keyClicks(QApplication.focusWidget(), "Sudah, 78,0 cm")
    press(window, "button:ya")
    scene.settle(qtbot)
    assert review.open_questions(village, village.posyandu_id) == []
    assert "Sudah, 78,0 cm" in words(page)
    press(window, "langkah:mutu")
    assert "Sudah, 78,0 cm" in words(page)


def test_what_does_not_add_up_is_named_with_its_people_and_leads_to_them(
    qtbot: QtBot, window: MainWindow, village: Workspace
) -> None:
    day = next(each for each in sessions.recent(village, village.posyandu_id) if each.held_on in OCTOBER)
    unseen = [row for row in sessions.roster(village, day.id, "under_five") if row.visit is None][:2]
    for row in unseen:
        sessions.mark_present(village, day.id, row.person_id)
    page = opened(qtbot, window, step="cocok")
    wrong = page.found.wrong
    notices = [each for each in page.views["cocok"].findChildren(Notice) if each.level == "warn"]
    assert [each.label.text() for each in notices] == [check.sentence for check in wrong]
    people = [each for each in page.findChildren(Row) if each.objectName().startswith("orang:")]
    assert len(people) == sum(min(20, len(check.people)) for check in wrong)
    assert {each.title for each in people} >= {row.name for row in unseen}
    people[0].click()
    assert window.shell.place()[0] == "kartu"  # type: ignore[union-attr]


def test_a_kader_is_told_who_signs(qtbot: QtBot, window: MainWindow, village: Workspace) -> None:
    opened(qtbot, window, step="sahkan")
    assert not [each for each in window.findChildren(Button) if each.objectName() == "button:sahkan"]
    assert "Yang mengesahkan" in words(window)


def test_a_month_is_signed_changed_signed_again_and_the_first_version_reopened(
    qtbot: QtBot, window: MainWindow, village: Workspace
) -> None:
    village.worker = Worker("bidan-nurul", "Nurul", "midwife")
    page = opened(qtbot, window, step="sahkan")
    press(window, "button:sahkan")
    scene.settle(qtbot)
    (first,) = month_lock.versions(village, village.posyandu_id, OCTOBER)
    assert first.signer == "Nurul, Bidan"
    assert find(window, "sidik", Label).text().replace(" ", "") == first.digest
    spoil_october(village)
    window.desk.announce("under_five_visit")
    scene.settle(qtbot)
    assert page.chip.text() == "Berubah"
    assert window.isActiveWindow(), "the field for the reason is no window of its own"
    press(window, "button:sahkan")
    scene.settle(qtbot)
    assert "alasan" in page.said.text()
    page.reason.box.setText("Papan dibaca ulang")
    press(window, "button:sahkan")
    scene.settle(qtbot)
    assert [each.revision for each in month_lock.versions(village, village.posyandu_id, OCTOBER)] == [1, 2]
    press(window, "versi:1")
    scene.settle(qtbot)
    report = window.shell.page("laporan")  # type: ignore[union-attr]
    assert report.version.revision == 1
    assert report.report == first.report
    assert report.subtitle.startswith("Versi 1, disahkan 12-11-2026")
    press(window, "button:simpan-pdf")
    scene.settle(qtbot)
    (written,) = (paths.documents() / "Posyandu").glob("*.pdf")
    assert written.name.endswith("2026-10 versi 1.pdf"), "the next version is saved beside it"
    assert written.read_bytes() == month_lock.signed_pdf(village, village.posyandu_id, first)
    assert access.log(village)[0].title == f"{reporting.told(first.report)}, versi 1"
    press(window, "button:sekarang")
    scene.settle(qtbot)
    assert report.version is None
    assert report.lock_state.code == "signed"


def test_what_is_typed_to_sign_a_month_stays_while_news_come_in(
    qtbot: QtBot, window: MainWindow, village: Workspace
) -> None:
    village.worker = Worker("bidan-nurul", "Nurul", "midwife")
    month_lock.sign(village, village.posyandu_id, OCTOBER)
    child = spoil_october(village)
    page = opened(qtbot, window, step="sahkan")
    page.reason.box.setText("Papan dibaca")
    button = page.sign_button
    window.desk.announce("sync")
    scene.settle(qtbot)
    assert page.sign_button is button, "nothing changed: what stands there stays"
    day = next(each for each in sessions.recent(village, village.posyandu_id) if each.held_on in OCTOBER)
    visits.set_cell(village, FORMS["under_five_visit"], day.id, child, "weight_g", 9_950)
    window.desk.announce("under_five_visit")
    scene.settle(qtbot)
    assert find(window, "alasan").text() == "Papan dibaca"
    assert page.sign_button is not button
    press(window, "button:sahkan")
    scene.settle(qtbot)
    assert month_lock.versions(village, village.posyandu_id, OCTOBER)[-1].reason == "Papan dibaca"


def test_a_month_that_is_still_being_read_cannot_be_signed_by_the_look_of_another(
    qtbot: QtBot, window: MainWindow, village: Workspace
) -> None:
    village.worker = Worker("bidan-nurul", "Nurul", "midwife")
    page = opened(qtbot, window, step="sahkan")
    assert page.sign_button.isVisible()
    page.month_picker.set_value("2026-09")
    assert not [each for each in window.findChildren(Button, "button:sahkan") if each.isVisible()]
    press(window, "langkah:tanya")
    assert not [each for each in window.findChildren(Button, "button:catatan") if each.isVisible()]
    scene.settle(qtbot)
    assert page.found.report.month == Month(2026, 9)
    page.month_picker.set_value("2026-03")
    scene.settle(qtbot)
    press(window, "langkah:sahkan")
    assert "Belum ada hari buka di bulan ini: yang disahkan laporan kosong." in words(page)
    assert "Semua sudah diperiksa" not in words(page)
    press(window, "langkah:tanya")
    assert find(window, "button:catatan").isVisible()


def test_who_comes_back_to_a_month_for_its_questions_sees_them(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window)
    assert page.stack.currentWidget() is page.views["mutu"]
    opened(qtbot, window, step="tanya")
    assert page.steps.value() == "tanya"
    assert page.stack.currentWidget() is page.views["tanya"]


def test_signing_asks_the_pin_again(qtbot: QtBot, locked_book: Any, chosen: Preferences) -> None:  # noqa: ANN401
    from posyandu.services import accounts

    ws = accounts.unlock(locked_book, accounts.members(locked_book)[0].id, PIN, clock=lambda: scene.MORNING)
    made = MainWindow(chosen)
    qtbot.addWidget(made)
    made.open_book(ws)
    made.show()
    page = opened(qtbot, made, step="sahkan")
    press(made, "button:sahkan")
    assert page.said.text() == "Ketik dulu PIN Anda, 6 angka."
    assert page.pin.hasFocus()
    QTest.keyClicks(page.pin, "381946")
    QTest.keyClick(page.pin, Qt.Key.Key_Return)
    scene.settle(qtbot)
    assert page.said.text() == "PIN salah. Coba lagi; sisa 9 kali.", "only a whole PIN was a try"
    assert (page.pin.text(), page.pin.hasFocus()) == ("", True)
    QTest.keyClick(page.pin, Qt.Key.Key_Return)  # held a little too long
    QTest.keyClicks(page.pin, PIN)
    for _press in range(2):
        QTest.keyClick(page.pin, Qt.Key.Key_Return)
    scene.settle(qtbot)
    assert page.first_focus().hasFocus()
    (version,) = month_lock.versions(ws, ws.posyandu_id, OCTOBER)
    assert version.signer == "Sri Wahyuni, Koordinator kader"


def test_a_wrong_scale_takes_the_day_out_of_the_indices(qtbot: QtBot, window: MainWindow, village: Workspace) -> None:
    page = opened(qtbot, window)
    day = page.found.days[0]
    press(window, f"hari:{day.id}")
    sheet = find(window, "alat", Overlay)
    press(sheet, "alat:scale")
    press(sheet, "button:ya")
    assert "Tulis bagaimana" in words(sheet)
    find(sheet, "alasan").setText("Kurang 200 g")
    find(sheet, "alasan").setFocus()
    QTest.keyClick(find(sheet, "alasan"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    scene.settle(qtbot)
    assert page.found.days[0].answers["wrong_tool"] == "scale"
    assert any("Kurang 200 g" in rule for rule in page.found.report.rules)
    assert find(window, f"hari:{day.id}", Row).chip == ("Tidak dihitung", "warn")


def test_the_report_says_whether_it_is_signed_and_prints_in_greys(
    qtbot: QtBot, window: MainWindow, village: Workspace
) -> None:
    window.resize(1366, 768)
    assert window.shell is not None
    window.shell.go("laporan", month=OCTOBER, kind="bulanan")
    scene.settle(qtbot)
    page = window.shell.page("laporan")
    assert page.lock_state.code == "open"
    coloured = page._printer()(village, page.report)  # noqa: SLF001
    press(window, "mono")
    scene.settle(qtbot)
    assert preferences.load().mono
    grey = page._printer()(village, page.report)  # noqa: SLF001
    assert (has_colour(coloured), has_colour(grey)) == (True, False)
    press(window, "button:periksa-sahkan")
    scene.settle(qtbot)
    assert window.shell.place()[0] == "sahkan"
    assert window.shell.page("sahkan").month() == OCTOBER


def has_colour(pdf: bytes) -> bool:
    """Whether any dot of any page is other than grey."""
    return any(
        page.rgb[0::3] != page.rgb[1::3] or page.rgb[1::3] != page.rgb[2::3] for page in reporting.page_images(pdf, 30)
    )


@pytest.mark.parametrize("step", ["mutu", "cocok", "sahkan", "tanya"])
@pytest.mark.parametrize("size", [(1366, 768), (1024, 600)])
def test_every_step_is_walked_by_keyboard_and_fits(
    qtbot: QtBot, window: MainWindow, step: str, size: tuple[int, int]
) -> None:
    window.resize(*size)
    page = opened(qtbot, window, step=step)
    assert page.width() <= size[0]
    view = page.views[step]
    assert view.widget().width() <= view.viewport().width()
    for button in page.findChildren(Button):
        assert button.accessibleName() or button.text()
    assert page.first_focus().hasFocus()


def test_a_month_without_measurements_says_so(qtbot: QtBot, window: MainWindow, village: Workspace) -> None:
    page = opened(qtbot, window, month=Month.of(date(2026, 11, 1)))
    assert page.found.quality.score is None
    assert "Belum ada hasil ukur." in words(page)
    assert page.chip.text() == "Belum disahkan"
    assert "lalu sahkan pada langkah 3." in words(page.side), "beside the chip: what to do, not the same once more"
