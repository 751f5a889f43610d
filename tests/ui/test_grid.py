"""The register page typed with real keys, and every box looked up in the book afterwards."""

from collections.abc import Iterator
from statistics import median
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posyandu.domain.child import ChildAssessment
from posyandu.domain.fields import Number, Value
from posyandu.services import people, registers, sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.ui import app, lines, theme
from posyandu.ui.grid import (
    VERDICT_INDENT,
    VERDICT_LETTERS,
    GridView,
    Sheet,
    Verdict,
    short_answer,
    short_verdict,
)
from posyandu.ui.grid_cells import BOX_LEFT, BOX_RIGHT, cell_font, number_font
from posyandu.ui.pages.grid import GridPage
from tests.ui import scene
from tests.ui.scene import keys


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=4)
    yield book
    book.close()


@pytest.fixture
def page(qtbot: QtBot, ws: Workspace) -> Iterator[GridPage]:
    made = GridPage(scene.desk(ws))
    scene.stand(qtbot, made, 1130, 640)
    made.open(session_id=scene.open_day(ws))
    made.view.setFocus()
    yield made
    made.hide()


def saved(page: GridPage, place: int, name: str) -> Value | None:
    """What the book holds for a row, read anew."""
    row = page.view.grid.rows[place]
    roster = sessions.roster(page.desk.ws, page.session_id, page.view.grid.sheet.page)
    entry = next(entry for entry in roster if entry.person_id == row.person_id)
    return (entry.visit or {}).get(name)


def test_twenty_rows_are_typed_with_at_most_ten_keys_each_and_every_box_is_in_the_book(
    qtbot: QtBot, page: GridPage
) -> None:
    view = page.view
    typed: list[tuple[str, int, int]] = []
    strokes: list[int] = []
    for place in range(20):
        row = view.grid.rows[place]
        last = (row.entry.last_visit or {}).get("weight_g") or 8000
        length = (row.entry.last_visit or {}).get("length_mm") or 700
        assert isinstance(last, int)
        assert isinstance(length, int)
        grams, millimetres = (last // 100 + 2) * 100, length + 5
        pressed = keys(f"{grams // 100}↵{millimetres}↵")
        typed.append((row.person_id, grams, millimetres))
        pressed += keys("*")
        strokes.append(pressed)
    assert median(strokes) <= 10
    roster = {entry.person_id: entry for entry in sessions.roster(page.desk.ws, page.session_id, "under_five")}
    for person_id, grams, millimetres in typed:
        visit = roster[person_id].visit
        assert visit is not None
        assert (visit["weight_g"], visit["length_mm"]) == (grams, millimetres)
        assert roster[person_id].present is True
    qtbot.waitUntil(lambda: page.count.text().startswith("20 dari "))


def test_enter_goes_right_and_from_the_last_box_to_the_first_of_the_next_row(page: GridPage) -> None:
    view = page.view
    first, last = view.grid.first_entry, view.grid.verdict_column - 1
    view.go_to(0, first)
    keys("85↵")
    assert (view.currentIndex().row(), view.currentIndex().column()) == (0, first + 1)
    view.go_to(0, last)
    keys("y")
    assert (view.currentIndex().row(), view.currentIndex().column()) == (1, first)
    keys("←")
    assert view.currentIndex().column() == first
    QTest.keyClick(view, Qt.Key.Key_Backtab)
    assert (view.currentIndex().row(), view.currentIndex().column()) == (0, last)
    keys("⇥")
    assert (view.currentIndex().row(), view.currentIndex().column()) == (1, first)


def test_the_star_of_the_number_pad_begins_the_next_row_from_inside_a_box(page: GridPage) -> None:
    view = page.view
    keys("85*91")
    assert saved(page, 0, "weight_g") == 8500
    assert (view.currentIndex().row(), view.currentIndex().column()) == (1, view.grid.first_entry)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Home)
    keys("⇥")
    assert saved(page, 1, "weight_g") == 9100


def test_arrows_inside_a_box_save_it_and_move(page: GridPage) -> None:
    view = page.view
    view.go_to(2, view.grid.first_entry)
    keys("85↓")
    assert saved(page, 2, "weight_g") == 8500
    assert view.currentIndex().row() == 3
    keys("91↑")
    assert saved(page, 3, "weight_g") == 9100
    assert view.currentIndex().row() == 2


def test_a_box_left_by_the_mouse_is_saved_too(page: GridPage) -> None:
    view = page.view
    view.go_to(1, view.grid.first_entry)
    keys("85")
    target = view.visualRect(view.grid.index(4, view.grid.first_entry + 1)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=target)
    assert saved(page, 1, "weight_g") == 8500
    assert view.currentIndex().row() == 4


def test_comma_and_point_and_neither_give_the_same_weight(page: GridPage) -> None:
    view = page.view
    for place, typed in enumerate(("8,5↵", "8.5↵", "85↵")):
        view.go_to(place, view.grid.first_entry)
        keys(typed)
        assert saved(page, place, "weight_g") == 8500
        assert view.grid.index(place, view.grid.first_entry).data() == "8,5"


def test_an_impossible_value_is_red_kept_aside_and_not_in_the_record(page: GridPage) -> None:
    view = page.view
    view.go_to(0, view.grid.first_entry)
    keys("91,0↵")
    row = view.grid.rows[0]
    assert saved(page, 0, "weight_g") is None
    assert row.waiting == {"weight_g": 91_000}
    assert row.verdict.level == "bad"
    assert row.verdict.text == "Cek: terlalu besar"
    again = Sheet(page.desk.ws, page.session_id, "under_five").rows[0]
    assert again.shown("weight_g") == 91_000
    view.go_to(0, view.grid.first_entry)
    assert "harus antara" in page._bar.sentence.text()
    last = (row.entry.last_visit or {}).get("weight_g")
    assert isinstance(last, int)
    keys(f"{last // 100 + 1}↵")
    assert row.waiting == {}
    assert saved(page, 0, "weight_g") == (last // 100 + 1) * 100


def test_a_doubtful_value_is_saved_and_marked_amber(page: GridPage) -> None:
    view = page.view
    place = next(number for number, row in enumerate(view.grid.rows) if (row.entry.last_visit or {}).get("length_mm"))
    view.go_to(place, view.grid.first_entry + 1)
    last = (view.grid.rows[place].entry.last_visit or {})["length_mm"]
    assert isinstance(last, int)
    keys(f"{last - 60}↵")
    assert saved(page, place, "length_mm") == last - 60
    assert view.grid.rows[place].verdict.level == "warn"
    assert view.grid.rows[place].verdict.text == "Cek: turun 6,0 cm"


def test_a_slash_says_that_a_doubtful_value_is_right(page: GridPage) -> None:
    view = page.view
    place = next(number for number, row in enumerate(view.grid.rows) if (row.entry.last_visit or {}).get("length_mm"))
    last = (view.grid.rows[place].entry.last_visit or {})["length_mm"]
    assert isinstance(last, int)
    view.go_to(place, view.grid.first_entry + 1)
    keys(f"{last - 60}↵←")
    assert "Tekan /" in page._bar.sentence.text()
    keys("/")
    row = view.grid.rows[place]
    assert row.problems == {}
    assert row.verdict.level != "warn" or not row.verdict.text.startswith("Cek")
    again = Sheet(page.desk.ws, page.session_id, "under_five").rows[place]
    assert again.agreed == {"length_mm"}
    keys(f"{last - 70}↵")
    assert row.problems["length_mm"].level.value == "soft"


def test_single_keys_answer_closed_questions_in_words(page: GridPage) -> None:
    view = page.view
    names = view.grid.sheet.names
    vitamin = view.grid.first_entry + names.index("vitamin_a")
    milk = view.grid.first_entry + names.index("exclusive_breastfeeding")
    for key, code, words in (("m", "red", "Merah"), ("b", "blue", "Biru"), ("1", "none", "Tidak")):
        view.go_to(0, vitamin)
        keys(key)
        assert saved(page, 0, "vitamin_a") == code
        assert view.grid.index(0, vitamin).data() == words
        assert view.currentIndex().column() == milk
    keys("t")
    assert saved(page, 0, "exclusive_breastfeeding") is False


def test_delete_empties_a_box(page: GridPage) -> None:
    view = page.view
    view.go_to(0, view.grid.first_entry)
    keys("85↵←⌦")
    assert saved(page, 0, "weight_g") is None


def test_who_was_typed_by_slip_and_emptied_again_did_not_come(page: GridPage) -> None:
    view = page.view
    first = sessions.roster(page.desk.ws, page.session_id, "under_five")[0].person_id

    def came() -> list[bool | None]:
        return [row.present for row in sessions.roster(page.desk.ws, page.session_id, "under_five")[:2]]

    keys("85↵704↵")
    view.go_to(0, view.grid.first_entry)
    keys("⌦")
    assert came() == [True, None]  # measured still
    keys("→⌦")
    assert (came(), view.grid.rows[0].verdict.text) == ([None, None], "")
    QTest.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (came(), saved(page, 0, "length_mm")) == ([True, None], 704)
    keys("⌦")
    view.go_to(1, view.grid.first_entry)
    keys("+91↵←⌦")
    assert (came(), view.grid.rows[1].verdict.text) == ([None, True], "Hadir")
    sessions.mark_present(page.desk.ws, page.session_id, first)
    page.open(session_id=page.session_id, page="under_five")
    page.view.go_to(0, page.view.grid.first_entry)
    keys("85↵←⌦")
    assert came() == [True, True]


def test_undo_goes_back_any_number_of_steps_and_shows_where(page: GridPage) -> None:
    view = page.view
    keys("85↵704↵")
    view.go_to(1, view.grid.first_entry)
    keys("91↵")
    view.go_to(1, view.grid.first_entry)
    keys("92↵")
    for place, name, left in ((1, "weight_g", 9100), (1, "weight_g", None), (0, "length_mm", None)):
        QTest.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert saved(page, place, name) == left
        assert view.currentIndex().row() == place
    QTest.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert saved(page, 0, "weight_g") is None
    roster = sessions.roster(page.desk.ws, page.session_id, "under_five")
    assert [entry.present for entry in roster[:2]] == [None, None]
    QTest.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "Tidak ada lagi" in page._bar.sentence.text()


def test_minus_marks_absent_a_letter_says_why_and_undo_takes_it_back(page: GridPage) -> None:
    view = page.view
    view.go_to(0, view.grid.first_entry)
    keys("-")
    assert page.strip.isVisible()
    keys("s")
    assert not page.strip.isVisible()
    entry = sessions.roster(page.desk.ws, page.session_id, "under_five")[0]
    assert (entry.present, entry.absence_reason) == (False, "sick")
    assert view.grid.rows[0].verdict == Verdict("neutral", "Absen, sakit", "Absen, sakit")
    assert view.currentIndex().row() == 1
    QTest.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert sessions.roster(page.desk.ws, page.session_id, "under_five")[0].present is None


def test_who_was_measured_cannot_be_marked_absent_by_a_slip(page: GridPage) -> None:
    view = page.view
    keys("85↵-")
    assert sessions.roster(page.desk.ws, page.session_id, "under_five")[0].present is True
    assert "Sudah ada hasil ukur" in page._bar.sentence.text()
    assert view.currentIndex().row() == 0


def test_plus_marks_present_without_measurements(page: GridPage) -> None:
    keys("+")
    assert sessions.roster(page.desk.ws, page.session_id, "under_five")[0].present is True
    said = page.view.grid.rows[0].verdict
    assert (said.text, said.sentence) == ("Hadir", "Hadir, belum ada catatan")
    assert said.level == "unknown", "an open ring: still to be measured, not the crossed one of who is absent"


def test_ctrl_g_goes_to_a_row_by_number_or_name(page: GridPage) -> None:
    view = page.view
    wanted = view.grid.rows[25]
    for typed in (str(wanted.entry.number), wanted.entry.name.lower()):
        view.go_to(0, view.grid.first_entry)
        QTest.keyClick(view, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
        keys(typed + "↵")
        assert view.grid.rows[view.currentIndex().row()].entry.name == wanted.entry.name
        assert view.hasFocus()


def test_a_letter_in_a_number_box_looks_for_a_name(page: GridPage) -> None:
    view = page.view
    keys(view.grid.rows[10].entry.name[0].lower())
    assert page.strip.isVisible()
    keys("⎋")
    assert not page.strip.isVisible()
    assert view.hasFocus()


def test_f2_notes_a_new_child_without_leaving_the_page(page: GridPage) -> None:
    before = page.view.grid.rowCount()
    QTest.keyClick(page.view, Qt.Key.Key_F2)
    keys("Zubaidah Baru↵p↵050325↵Inaq Baru↵")
    rows = page.view.grid.rows
    assert len(rows) == before + 1
    row = rows[page.view.currentIndex().row()]
    assert row.entry.name == "Zubaidah Baru"
    assert row.entry.present is True
    keys("93↵")
    assert saved(page, rows.index(row), "weight_g") == 9300


def test_f2_finds_who_is_already_known_and_a_digit_picks_them(page: GridPage, ws: Workspace) -> None:
    known = next(hit for hit in people.search(ws, "inaq") + people.search(ws, "a") if hit.born_on)
    QTest.keyClick(page.view, Qt.Key.Key_F2)
    keys(known.name.lower() + "1")
    roster = sessions.roster(ws, page.session_id, None)
    assert any(entry.person_id == known.id and entry.present for entry in roster)


def test_the_filter_shows_what_is_empty_or_doubtful(qtbot: QtBot, page: GridPage) -> None:
    view = page.view
    keys("91,0↵")
    everyone = view.grid.rowCount()
    page._filter("empty")
    assert view.grid.rowCount() == everyone - 1
    page._filter("check")
    qtbot.waitUntil(lambda: view.grid.rowCount() < everyone - 1)  # when every row is judged
    assert [row.waiting for row in view.grid.rows] == [{"weight_g": 91_000}]
    page._filter("all")
    assert view.grid.rowCount() == everyone


def test_coming_back_the_cursor_waits_where_typing_stopped(page: GridPage) -> None:
    keys("85↵")
    page.view.go_to(1, page.view.grid.first_entry)
    keys("91↵")
    page.open(session_id=page.session_id)
    assert page.view.currentIndex().row() == 2
    assert page.count.text().startswith("2 dari ")


def test_pregnant_women_have_their_own_page_and_columns(page: GridPage) -> None:
    page.show_page("pregnant")
    view = page.view
    assert view.grid.rowCount() > 0
    keys("55↵")
    names = [view.grid.headerData(column, Qt.Orientation.Horizontal) for column in range(4, view.grid.columnCount())]
    assert names == ["BB (kg)", "LiLA (cm)", "Sistole", "Diastole", "TTD", "Minum TTD", "Kelas ibu", "Hasil"]
    assert saved(page, 0, "weight_g") == 55_000
    row = view.grid.rows[0]
    for typed, said in (("80↵120↵", "diastole harus lebih kecil dari sistole"), ("120↵400↵", "terlalu besar")):
        view.go_to(0, view.grid.first_entry + row.names.index("systolic_mmhg"))
        keys(typed)
        assert row.verdict.text == f"Cek: {said}"


def test_the_time_of_the_last_save_stands_at_the_foot(page: GridPage) -> None:
    keys("85↵")
    assert page._bar.saved.text() == "Tersimpan 09.42.18"


def test_the_day_without_a_session_says_what_to_do(qtbot: QtBot, ws: Workspace) -> None:
    page = GridPage(scene.desk(ws))
    qtbot.addWidget(page)
    page.show()
    page.open()
    assert page.empty.isVisible()
    assert page.action_bar() is None


def test_wide_pages_keep_the_names_in_sight(page: GridPage, qtbot: QtBot) -> None:
    page.resize(600, 500)
    qtbot.waitUntil(page.view.frozen.isVisible)
    page.view.go_to(0, page.view.grid.verdict_column - 1)
    assert page.view.horizontalScrollBar().value() > 0
    assert page.view.frozen.x() == 0
    keys("*")  # the first box of the next row comes out from under the names
    assert page.view.columnViewportPosition(page.view.grid.first_entry) >= page.view.frozen.width() - 1


def test_screen_readers_hear_who_and_what(page: GridPage) -> None:
    view = page.view
    keys("85↵")
    heard = view.grid.index(0, view.grid.first_entry).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard == f"{view.grid.rows[0].entry.name}, Berat badan: 8,5"
    assert view.accessibleName() == "Buku register"


def test_what_is_saved_equals_the_service_and_its_verdict(page: GridPage) -> None:
    row = page.view.grid.rows[0]
    last = (row.entry.last_visit or {}).get("weight_g")
    assert isinstance(last, int)
    keys(f"{(last + 900) // 100}↵")
    answers = {**row.answers, "visited_on": scene.HELD_ON}
    assessment = visits.assess(page.desk.ws, row.person_id, page.view.grid.sheet.form, answers)
    assert isinstance(assessment, ChildAssessment)
    assert row.verdict == short_verdict(assessment)


def test_a_row_repainted_while_its_box_is_open_takes_back_no_digit(page: GridPage) -> None:
    view = page.view
    view.go_to(0, view.grid.first_entry)
    keys("9")
    view.grid.tell(0)
    keys("5↵")
    assert saved(page, 0, "weight_g") == 9_500


@pytest.mark.parametrize("name", sessions.PAGES)
def test_the_page_needs_no_scrolling_sideways_on_a_small_laptop(page: GridPage, name: str) -> None:
    page.resize(1366 - 236, 640)
    view = page.view
    view.set_sheet(Sheet(page.desk.ws, page.session_id, name))
    QApplication.processEvents()
    assert view.horizontalScrollBar().maximum() == 0
    metrics = QFontMetrics(theme.font("small"))
    for column in range(view.grid.first_entry, view.grid.verdict_column):
        heading = str(view.grid.headerData(column, Qt.Orientation.Horizontal))
        assert metrics.horizontalAdvance(heading) <= view.columnWidth(column), heading


@pytest.mark.parametrize(("factor", "width"), [(1.0, 1130), (1.3, 1246), (1.0, 932)])
def test_no_verdict_and_no_common_name_is_cut(page: GridPage, qapp: QApplication, factor: float, width: int) -> None:
    theme.apply(qapp, "light", factor)
    page.view.dress()
    page.resize(width, 640)
    QApplication.processEvents()
    view = page.view
    metrics = QFontMetrics(theme.font("small_strong"))
    room = view.columnWidth(1) - theme.px(11)
    for row in view.grid.rows:
        painted = lines.fitted(row.entry.name, room, "label", "small_strong")[1]
        assert " ".join(painted) == row.entry.name or max(map(metrics.horizontalAdvance, row.entry.name.split())) > room
    room = view.columnWidth(view.grid.verdict_column) - theme.px(11) - theme.px(VERDICT_INDENT)
    for words in USUAL_VERDICTS:
        assert " ".join(lines.fitted(words, room, *VERDICT_LETTERS)[1]) == words


USUAL_VERDICTS = (
    *(
        "Di bawah garis merah",
        "Bulan lalu absen",
        "Tidak naik (\N{MINUS SIGN}1.200 g)",
        "Absen, orang tua bekerja",
        "Tidak hadir",
    ),
    *("Naik 1.250 g", "BB sangat kurang", "Dua bulan tidak naik", "Cek: turun 0,3 kg", "Cek: terlalu besar"),
    *("Imunisasi belum lengkap", "Checklist tidak lengkap", "LK kurang dari normal", "Belum dapat vitamin A"),
)


def test_findings_are_told_in_the_abbreviations_of_the_paper() -> None:
    finding = SimpleNamespace(level="bad", title="Berat badan sangat kurang (hasil hitung)")
    assert short_verdict(SimpleNamespace(findings=(finding,), headline="")).text == "BB sangat kurang"
    finding.title = "Lingkar perut lebih dan ada risiko lain"
    assert short_verdict(SimpleNamespace(findings=(finding,), headline="")).text == "LP lebih"


def test_what_does_not_fit_on_one_line_stands_on_two_of_much_the_same_length(qapp: QApplication) -> None:
    assert lines.fitted("Di bawah garis merah", 400, "label", "micro") == ("label", ("Di bawah garis merah",))
    assert lines.fitted("Di bawah garis merah", 90, "label", "micro") == ("micro", ("Di bawah", "garis merah"))
    assert lines.fitted("Tidakterbagi", 40, "label", "micro")[1][0].endswith("\N{HORIZONTAL ELLIPSIS}")


def test_a_narrow_page_tells_its_count_under_the_title(page: GridPage) -> None:
    assert page.count.isVisible()
    page.resize(700, 600)
    QApplication.processEvents()
    assert not page.count.isVisible()
    assert page.subtitle.endswith(page.count.text())
    assert page.minimumSizeHint().width() <= 700


@pytest.mark.parametrize(("width", "as_tabs"), [(1158, True), (930, True), (859, False), (640, False)])
def test_no_choice_above_the_register_is_cut_and_the_groups_are_a_list_where_tabs_have_no_room(
    page: GridPage, width: int, as_tabs: bool
) -> None:
    page.open(page="school")
    page.resize(width, 600)
    QApplication.processEvents()
    assert page.size() == QSize(width, 600)
    assert (page.tabs.isVisible(), page.groups.isVisible()) == (as_tabs, not as_tabs)
    choices = [page.filter, page.sheets, *([] if as_tabs else [page.groups])]
    assert all(each.width() >= each.sizeHint().width() for each in choices)
    if not as_tabs:
        page.groups.setFocus()
        QTest.keyClick(page.groups, Qt.Key.Key_Down)
        assert page.view.grid.sheet.page == page.tabs.value() == page.groups.value() == "adult"


def test_english_boxes_take_a_point_and_short_answers(page: GridPage) -> None:
    app.use_language("en")
    try:
        page.view.go_to(0, page.view.grid.first_entry)
        keys("8,5↵")
        assert saved(page, 0, "weight_g") == 8_500
        assert page.view.grid.index(0, page.view.grid.first_entry).data() == "8.5"
        vitamin = next(asked for asked in page.view.grid.sheet.columns if asked.name == "vitamin_a")
        assert short_answer(vitamin, "blue") == "Blue"
        assert short_answer(vitamin, "none") == "No"
    finally:
        app.use_language("id")


def test_a_page_nobody_is_on_says_so_and_takes_who_comes(page: GridPage) -> None:
    page.show_page("postpartum")
    view = page.view
    while view.grid.sheet.rows:  # nobody of the village is in her forty-two days
        view.grid.sheet.rows.pop()
    view.grid.show("all")
    assert view.grid.why_empty() == "Belum ada sasaran di halaman ini. F2 untuk orang yang datang."
    assert ink_of_words(view), "the sentence is painted"
    keys("↵*")
    QTest.keyClick(view, Qt.Key.Key_F2)
    assert page.strip.isVisible()


def test_when_all_are_typed_or_none_is_doubtful_the_page_says_so(page: GridPage) -> None:
    view = page.view
    assert view.grid.why_empty() == ""
    view.grid.sheet.rows = view.grid.sheet.rows[:2]
    view.grid.show("check")
    assert view.grid.why_empty() == "Tidak ada yang perlu dicek."
    view.grid.show("all")
    assert not ink_of_words(view, below=3)
    for place in range(2):
        view.go_to(place, view.grid.first_entry)
        keys("85↵750↵")
    view.grid.show("empty")
    assert view.grid.why_empty() == "Semua baris sudah terisi."
    assert ink_of_words(view)
    view.grid.show("all")
    assert view.grid.why_empty() == ""


@pytest.mark.parametrize("before", ["all", "check"])
def test_after_rows_are_chosen_the_cursor_stands_in_a_box_and_no_digit_is_lost(page: GridPage, before: str) -> None:
    page.filter.set_value(before)
    page._filter(before)
    page.filter.set_value("empty")
    page._filter("empty")
    row = page.view.grid.rows[0]
    keys(f"{(row.entry.last_visit or {}).get('weight_g', 8000) // 100}↵")  # type: ignore[operator]
    assert row.shown("weight_g") is not None
    assert page.view.currentIndex().column() == page.view.grid.first_entry + 1


@pytest.mark.parametrize("column", [0, 1, 2, 3, -1])
def test_a_press_beside_the_boxes_chooses_the_row_and_no_digit_is_lost(page: GridPage, column: int) -> None:
    view = page.view
    view.go_to(0, view.grid.first_entry + 1)
    column = view.grid.verdict_column if column < 0 else column
    spot = view.visualRect(view.grid.index(3, column)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert (view.currentIndex().row(), view.currentIndex().column()) == (3, view.grid.first_entry)
    keys("95↵")
    assert view.grid.rows[3].shown("weight_g") is not None
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert view.currentIndex().column() == view.grid.first_entry + 1, "the first that is still empty"


def test_a_press_on_the_names_that_stay_in_sight_chooses_the_row_too(page: GridPage, qtbot: QtBot) -> None:
    page.show_page("adult")
    page.resize(700, 560)
    qtbot.waitUntil(page.view.frozen.isVisible)
    view, frozen = page.view, page.view.frozen
    spot = frozen.visualRect(view.grid.index(2, 1)).center()
    QTest.mouseClick(frozen.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert (view.currentIndex().row(), view.currentIndex().column()) == (2, view._boxes(2)[0])


def test_a_box_saved_right_before_the_lock_is_told_to_nobody_afterwards(page: GridPage, qtbot: QtBot) -> None:
    keys("85↵")
    assert page._announce.isActive()
    page.desk.book_closing.emit()
    assert not page._announce.isActive()


def test_who_turns_the_page_at_once_has_what_was_typed_told_as_what_it_is(page: GridPage) -> None:
    heard: list[frozenset[str]] = []
    page.desk.records_changed.connect(heard.append)
    keys("85↵")
    page.show_page("pregnant")
    assert heard == [frozenset({"under_five_visit", "attendance"})]
    assert not page._announce.isActive()


def ink_of_words(view: GridView, *, below: int = 0) -> bool:
    """Whether words stand in the middle of the page, below so many rows."""
    picture = view.viewport().grab().toImage()
    ratio = picture.devicePixelRatio()
    ink = theme.color("text2").name()
    middle = picture.width() // 2
    across, down = range(middle - 150, middle + 150), range(int(theme.px(44 * below) * ratio), picture.height())
    return any(picture.pixelColor(x, y).name() == ink for y in down for x in across)


# ---------------------------------------------------------------- the clipboard


def pasted(view: GridView, words: str) -> list[tuple[str, str]]:
    """Ctrl+V with this on the clipboard; what the page says then."""
    told: list[tuple[str, str]] = []
    view.said.connect(lambda level, sentence: told.append((level, sentence)))
    QApplication.clipboard().setText(words)
    QTest.keyClick(view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    while view._pasting is not None:  # some boxes a turn
        QTest.qWait(5)
    view.said.disconnect()
    return told


def test_one_value_is_pasted_as_if_it_were_typed_and_copied_again(page: GridPage) -> None:
    view = page.view
    view.go_to(0, view.grid.first_entry)
    told = pasted(view, " 9 ,5\r\n")
    assert saved(page, 0, "weight_g") == 9500
    assert not any(level == "bad" for level, _words in told)
    assert pasted(view, "95,5")[-1][0] == "bad"  # what no child weighs is kept in the open, as typed
    assert (saved(page, 0, "weight_g"), view.grid.rows[0].waiting["weight_g"]) == (9500, 95_500)
    assert pasted(view, "sembilan")[-1][0] == "bad"
    assert view.grid.rows[0].waiting["weight_g"] == 95_500
    pasted(view, "9,6")
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "9,6"
    assert saved(page, 0, "weight_g") == 9600


def test_boxes_of_a_spreadsheet_fall_right_and_down_and_what_does_not_fit_is_told(page: GridPage) -> None:
    view = page.view
    first, rows = view.grid.first_entry, view.grid.rowCount()
    view.go_to(1, first)
    told = pasted(view, "9,1\t71\t14\t\tBiru\n9,2\t\t14,5\n")
    assert told[-1] == ("ok", "6 nilai ditempel dan tersimpan.")
    assert [saved(page, 1, name) for name in ("weight_g", "length_mm", "muac_mm", "head_mm", "vitamin_a")] == [
        9100, 710, 140, None, "blue"]  # fmt: skip
    assert [saved(page, 2, name) for name in ("weight_g", "length_mm", "muac_mm")] == [9200, None, 145]
    view.go_to(rows - 1, first)
    assert pasted(view, "9,3\n9,4")[-1] == ("warn", "1 dari 2 nilai ditempel. Sisanya tidak: di situ tidak ada kotak.")
    assert saved(page, rows - 1, "weight_g") == 9300
    before = view.grid.rows[0].shown("weight_g")
    view.go_to(0, first)
    assert pasted(view, "\n".join(["9,9"] * 41))[-1][0] == "warn"
    assert view.grid.rows[0].shown("weight_g") == before


@pytest.mark.parametrize(
    ("words", "answer", "says"),
    [
        ("Kapsul merah", "red", ""),
        ("merah", "red", ""),
        ("blue", "blue", ""),
        ("1", "none", ""),
        ("hijau", None, "“hijau” bukan jawaban untuk Vitamin A."),
        ("  ", None, "Papan klip kosong: salin dulu angkanya."),
    ],
)
def test_a_closed_question_takes_its_words_codes_and_keys(
    page: GridPage, words: str, answer: str | None, says: str
) -> None:
    view = page.view
    names = [column.name for column in view.grid.sheet.columns]
    view.go_to(3, view.grid.first_entry + names.index("vitamin_a"))
    told = pasted(view, words)
    assert saved(page, 3, "vitamin_a") == answer
    assert not says or told[-1][1] == says


def test_an_empty_box_copies_nothing_and_says_so(page: GridPage) -> None:
    view = page.view
    QApplication.clipboard().setText("tetap")
    view.go_to(4, view.grid.first_entry)
    told: list[str] = []
    view.said.connect(lambda _level, sentence: told.append(sentence))
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "tetap"
    assert told[-1] == "Kotak ini kosong: tidak ada yang disalin."


def test_no_name_ends_in_dots_where_two_lines_hold_it_and_of_a_longer_one_only_the_end_is_lost(
    qapp: QApplication,
) -> None:
    for width in range(70, 130):
        for name in ("Aminah Lestari", "Citra Anggraini"):
            assert " ".join(lines.fitted(name, width, "label", "small_strong")[1]) == name
    words = "Ibu Baiq Siti Khadijah Nurhasanah Wulandari Rahmawati Putri Zainuddin"
    first, second = lines.two_lines(words, 200, "small")
    assert f"{first} {second[:-1]}" == words[: len(first) + len(second)]
    assert " ".join(lines.whole_lines(words, 200, "small")) == words
    assert lines.whole_lines("Satu dua", 200, "small") == ("Satu dua",)
    assert second.endswith("\N{HORIZONTAL ELLIPSIS}")


# ---------------------------------------------------------------- the width of a laptop


@pytest.mark.parametrize("shown", registers.PAGES)
def test_at_1024_every_column_of_a_page_is_in_sight_under_its_whole_heading(page: GridPage, shown: str) -> None:
    page.resize(1024 - 92, 480)
    page.show_page(shown)
    QApplication.processEvents()
    view, grid = page.view, page.view.grid
    assert view.horizontalScrollBar().maximum() == 0
    assert not view.frozen.isVisible()
    metrics = QFontMetrics(theme.font("small"))
    for column in range(grid.columnCount()):
        words = str(grid.headerData(column, Qt.Orientation.Horizontal))
        room = QRect(0, 0, view.columnWidth(column) - 2 * theme.px(8), 200)
        needed = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), words)
        assert needed.width() <= room.width(), words
        assert needed.height() <= view.horizontalHeader().height(), words


@pytest.mark.parametrize("shown", registers.PAGES)
def test_at_1024_with_the_largest_letters_all_boxes_of_a_row_are_in_sight_beside_its_name(
    page: GridPage, shown: str, qapp: QApplication
) -> None:
    theme.apply(qapp, "light", 1.3)
    page.resize(1024 - theme.px(92), 400)
    page.show_page(shown)
    QApplication.processEvents()
    view, grid = page.view, page.view.grid
    assert view.frozen.isVisible()
    boxes = range(grid.first_entry, grid.verdict_column)
    for column in (boxes[0], boxes[-1], boxes[0]):
        view.go_to(0, column)
        edge = view.columnViewportPosition(column) + view.columnWidth(column)
        assert view.frozen.width() - 1 <= view.columnViewportPosition(column)
        assert edge <= view.viewport().width()
    needed = view.frozen.width() + sum(map(view.columnWidth, boxes))
    assert needed <= view.viewport().width(), "the boxes of a row stand side by side"
    assert not view.frozen.isColumnHidden(1)
    assert view.isColumnHidden(0) == view.frozen.isColumnHidden(0)
    page.resize(1400, 480)
    QApplication.processEvents()
    assert not view.isColumnHidden(0), "the number of the line comes back with the room"


def test_where_the_results_do_not_fit_the_foot_of_the_page_tells_that_of_the_row(
    page: GridPage, qapp: QApplication
) -> None:
    view, said = page.view, page._bar.sentence
    row = next(row for row in view.grid.rows if (row.entry.last_visit or {}).get("weight_g"))
    last = (row.entry.last_visit or {})["weight_g"]
    assert isinstance(last, int)

    def typed(place: int, grams: int) -> None:
        view.go_to(place, view.grid.first_entry)
        keys(f"{grams // 100}↵")
        QApplication.processEvents()

    place = view.grid.place_of(row)
    typed(place, last + 900)
    assert said.text() == "", "beside the boxes it is seen"
    theme.apply(qapp, "light", 1.3)
    page.resize(1024 - theme.px(92), 400)
    QApplication.processEvents()
    typed(place, last + 1_000)
    assert row.verdict.text.startswith("Naik ")
    assert said.text() == f"{row.verdict.text}  ·  {row.entry.name}"
    keys("*")
    assert view.currentIndex().row() == place + 1
    assert said.text().endswith(row.entry.name), "the row just left, while the new one has none"
    view.go_to(place + 3, view.grid.first_entry)
    view.go_to(place + 4, view.grid.first_entry)
    assert said.text() == ""


@pytest.mark.parametrize("width", [932, 1274])
def test_no_figure_of_a_box_ends_in_dots(page: GridPage, width: int) -> None:
    page.resize(width, 480)
    for shown in registers.PAGES:
        page.show_page(shown)
        view, grid = page.view, page.view.grid
        for column in range(grid.first_entry, grid.verdict_column):
            fields = {row.fields[column - grid.first_entry] for row in grid.rows}
            for asked in fields:
                if isinstance(asked, Number):
                    words = "0" * len(str(asked.high // asked.per_unit)) + ",0" * bool(asked.decimals)
                    room = view.columnWidth(column) - theme.px(6) - theme.px(BOX_LEFT + BOX_RIGHT) + 2
                    assert QFontMetrics(cell_font()).horizontalAdvance(words) <= room, (shown, asked.name)


@pytest.mark.parametrize("room", [20, 34, 51, 80])
def test_a_figure_too_wide_for_its_box_is_written_smaller_and_never_cut(room: int, qapp: QApplication) -> None:
    for words in ("9,6", "105,5", "1234,56"):
        letters = number_font(words, room)
        assert QFontMetrics(letters).horizontalAdvance(words) <= room + 2
        assert letters.pixelSize() <= cell_font().pixelSize()
    assert number_font("9,6", 80) == cell_font()
