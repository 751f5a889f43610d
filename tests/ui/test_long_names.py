"""What has little room at 1024 pixels: long names and addresses, sentences that stand alone, answers side by side."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QRawFont, QTextLayout, QTextOption
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QStyleOptionViewItem, QToolTip
from pytestqt.qtbot import QtBot

from posyandu.domain.forms import FORMS
from posyandu.services import people, posts, sessions
from posyandu.services.workspace import Workspace
from posyandu.ui import lines, theme
from posyandu.ui.editors import Setting, editor_for
from posyandu.ui.grid_model import NAME as GRID_NAME
from posyandu.ui.grid_sheet import PARTED, row_detail
from posyandu.ui.pages.grid import GridPage
from posyandu.ui.pages.hari import RosterList, RosterPainter, row_lines, row_title
from posyandu.ui.pages.kunjungan import PersonHead
from posyandu.ui.pages.sasaran import ADDRESS, MOTHER, NAME, PeopleTable, _letters
from posyandu.ui.shell import Header
from posyandu.ui.sidebar import PostButton
from posyandu.ui.widgets.basics import EvenLabel, Label, NameLabel, Notice, Page
from posyandu.ui.widgets.fields import ChoiceRow, Pick
from posyandu.ui.widgets.pin import PinBox
from tests.ui import openings, scene, states

MOTHER_NAME = "Baiq Siti Khadijah Nurhasanah Wulandari"
ALIKE = ("Lale Siti Nurhasanah Rahmawati Putri Ayu", "Lale Siti Nurhasanah Rahmawati Putri Ida")
"""Two names of forty letters that differ at their end."""
PLACE = {"rt": "012", "rw": "004", "hamlet": "Montong Gamang Timur"}
LONGEST = "Lalu Muhammad Rizky Ramadhan Al Fatih bin Abdul Karim Zainuddin bin Abdullah Sukarno"


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=1)
    for name in (*ALIKE, LONGEST):
        told: dict[str, Any] = {
            "name": name,
            "sex": "female",
            "born_on": date(2025, 3, 4),
            "mother_name": MOTHER_NAME,
            **PLACE,
        }
        people.register(book, told)
    yield book
    book.close()


@pytest.fixture
def head(qtbot: QtBot, ws: Workspace) -> Header:
    """The head of a person's page in the window of 1024 pixels."""
    made = Header(lambda: None)
    scene.stand(qtbot, made, 1024 - 92, 78)
    made.set_narrow(True)
    return made


def found(ws: Workspace, name: str) -> people.PersonHit:
    return people.search(ws, name, scope=ws.posyandu_id)[0]


def tip(view: QAbstractItemView, area: QRect, index: Any) -> str:  # noqa: ANN401 - an index
    """What the list says under the pointer."""
    option = QStyleOptionViewItem()
    option.rect = area
    spot = QPoint(area.center())
    QToolTip.hideText()
    QTest.qWait(400 if QToolTip.isVisible() else 0)  # Qt hides one a moment later
    view.itemDelegate().helpEvent(QHelpEvent(QEvent.Type.ToolTip, spot, view.mapToGlobal(spot)), view, option, index)
    return QToolTip.text()


def test_forty_letters_are_the_measure() -> None:
    assert {len(name) for name in ALIKE} == {40}
    assert len(LONGEST) > 80


def test_the_list_of_people_shows_name_mother_and_address_whole_and_tells_what_it_must_cut(
    qtbot: QtBot, ws: Workspace
) -> None:
    table = PeopleTable()
    scene.stand(qtbot, table, 870, 300)  # what a window of 1024 leaves
    hits = [found(ws, name) for name in (*ALIKE, LONGEST)]
    table.show_people(hits)
    delegate: Any = table.itemDelegate()
    for column in (NAME, MOTHER, ADDRESS):
        index = table.model().index(0, column)
        room = delegate._room(table.visualRect(index), column)
        assert not lines.is_cut(index.data(), room.width(), *_letters(column)), index.data()
        assert tip(table, table.visualRect(index), index) == ""
    longest = table.model().index(2, NAME)
    assert tip(table, table.visualRect(longest), longest) == LONGEST
    assert longest.data(Qt.ItemDataRole.AccessibleTextRole).startswith(LONGEST)


@pytest.mark.parametrize("letters", [1.0, 1.3], ids=["100%", "130%"])
def test_a_line_of_the_days_list_shows_a_name_whole_on_two_lines(
    letters: float, qtbot: QtBot, qapp: QApplication, ws: Workspace
) -> None:
    theme.apply(qapp, "light", letters)
    rows = {row.name: row for row in sessions.roster(ws, scene.open_day(ws))}
    room = theme.px(270)
    one, other = (row_lines(rows[name], room) for name in ALIKE)
    assert " ".join(words for _role, _ink, words in one[:2]) == ALIKE[0] != ALIKE[1]
    assert one[:2] != other[:2]
    assert len(one) == 3
    assert one[2][2].endswith("…")
    wide = row_lines(rows[ALIKE[0]], theme.px(900))
    assert [words for _role, _ink, words in wide] == [row_title(rows[ALIKE[0]]), row_detail(rows[ALIKE[0]])]
    for role, _ink, words in (*one, *other, *wide):
        assert QFontMetrics(theme.font(role)).horizontalAdvance(words) <= theme.px(900)


def test_the_days_list_tells_the_whole_line_only_where_it_is_cut(qtbot: QtBot, ws: Workspace) -> None:
    view = RosterList()
    scene.stand(qtbot, view, 560, 300)
    rows = {row.name: row for row in sessions.roster(ws, scene.open_day(ws))}
    view.show_rows([rows[ALIKE[0]]], choose=True)
    index = view.model().index(0, 0)
    said = tip(view, view.visualRect(index), index)
    assert said.startswith(ALIKE[0])
    assert MOTHER_NAME in said
    view.resize(1300, 300)
    assert tip(view, view.visualRect(index), index) == ""
    assert isinstance(view.itemDelegate(), RosterPainter)


def test_the_head_of_a_persons_page_grows_by_the_lines_the_name_and_the_address_want(
    head: Header, ws: Workspace, qtbot: QtBot
) -> None:
    person = PersonHead()
    page = Page()
    page.header = lambda: person  # type: ignore[method-assign]
    head.show_page(page)
    for name in (*ALIKE, LONGEST):
        person.show_person(people.card(ws, found(ws, name).id), ws.today())
        head.resize(932, max(78, head.heightForWidth(932)))
        QApplication.processEvents()
        for words in (person.name, person.line):
            assert not words.is_cut(), words.text()
            assert words.toolTip() == ""
            assert words.height() >= words.heightForWidth(words.width())
        assert person.line.y() >= person.name.geometry().bottom()
        assert person.line.geometry().bottom() <= person.height()


def test_a_name_goes_on_two_lines_and_tells_itself_only_where_even_those_are_too_short(qtbot: QtBot) -> None:
    name = NameLabel(ALIKE[0])
    scene.stand(qtbot, name, 600, 40)
    assert name.heightForWidth(600) == QFontMetrics(theme.font("title")).height()
    name.resize(220, 40)
    assert name.heightForWidth(220) == 2 * QFontMetrics(theme.font("label")).height()
    assert (name.is_cut(), name.toolTip()) == (False, "")
    name.setText(LONGEST)
    assert (name.is_cut(), name.toolTip()) == (True, LONGEST)
    name.setText("Siti")
    assert name.toolTip() == ""


def test_the_register_tells_who_stands_in_a_row_of_whom_it_shows_only_the_name(qtbot: QtBot, ws: Workspace) -> None:
    page = GridPage(scene.desk(ws))
    scene.stand(qtbot, page, 932, 500)
    page.open(session_id=scene.open_day(ws))
    grid = page.view.grid
    place = next(place for place, row in enumerate(grid.rows) if row.entry.name == ALIKE[0])
    said = str(grid.index(place, GRID_NAME).data(Qt.ItemDataRole.ToolTipRole))
    assert said.split("\n") == [ALIKE[0], row_detail(grid.rows[place].entry)]
    assert MOTHER_NAME in said
    page.hide()


def test_the_rail_names_the_post_by_what_tells_it_from_the_others(qtbot: QtBot, ws: Workspace) -> None:
    post = PostButton(scene.desk(ws))
    qtbot.addWidget(post)
    before = posts.posts(ws)[0].name
    posts.correct_post(ws, ws.posyandu_id, {"name": "Posyandu Mawar Indah"})
    post.refresh()
    assert (post.text(), post.short) == ("Posyandu Mawar Indah", "Mawar Indah")
    assert post.toolTip().startswith("Posyandu Mawar Indah")
    assert post.accessibleName().startswith("Posyandu Mawar Indah,")
    post.resize(182, 50)
    whole = post.grab().toImage()
    posts.correct_post(ws, ws.posyandu_id, {"name": "Mawar Indah"})
    post.refresh()
    assert post.grab().toImage() == whole, "the wide sidebar drops the word, too"
    posts.correct_post(ws, ws.posyandu_id, {"name": before})


# ---------------------------------------------------------------- sentences that stand alone


def drawn_lines(words: str, width: int, role: str) -> list[str]:
    """The lines of words as they are broken in a width."""
    made = QTextLayout(words, theme.font(role))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    made.setTextOption(option)
    made.beginLayout()
    found = []
    while (line := made.createLine()).isValid():
        line.setLineWidth(width)
        found.append(words[line.textStart() : line.textStart() + line.textLength()].strip())
    made.endLayout()
    return found


@pytest.mark.parametrize("letters", [1.0, 1.3], ids=["100%", "130%"])
@pytest.mark.parametrize(
    "words",
    [
        "Catatan aman di laptop ini. Internet hanya dipakai untuk mengirim dan menerima.",
        "Belum ada laporan. Catat putus sekolah, rumah tidak layak, warga tanpa akta, dan lainnya.",
    ],
)
def test_no_word_of_a_sentence_that_stands_alone_is_left_over_on_its_last_line(
    words: str, letters: float, qapp: QApplication
) -> None:
    theme.apply(qapp, "light", letters)
    metrics = QFontMetrics(theme.font("small"))
    whole = metrics.horizontalAdvance(words)
    for width in (whole - 4, whole * 2 // 3, whole // 2 + 20):
        even = lines.even_width(words, width, "small")
        before, after = drawn_lines(words, width, "small"), drawn_lines(words, even, "small")
        assert even <= width
        assert len(after) == len(before) >= 2
        assert max(map(metrics.horizontalAdvance, after)) <= even
        shortest = min(map(metrics.horizontalAdvance, before)), min(map(metrics.horizontalAdvance, after))
        assert shortest[1] >= shortest[0]
    assert lines.even_width(words, whole + 4, "small") <= whole + 1


def test_no_line_ends_inside_an_abbreviation_with_a_hyphen(qapp: QApplication) -> None:
    theme.apply(qapp, "light", 1.0)
    for words, piece in (("Kirim ke aplikasi e-PPGBM.", "e-PPGBM"), ("Sudah diberi MP-ASI.", "MP-ASI")):
        shown = lines.unbroken(words)
        before = QFontMetrics(theme.font("small")).horizontalAdvance(words[: words.index(piece) + 3])
        assert drawn_lines(words, before, "small")[0].endswith("-"), "as Qt breaks it"
        assert not drawn_lines(shown, before, "small")[0].endswith("\N{NON-BREAKING HYPHEN}")
        label = Label(words, "small", wrap=True)
        assert label.text() == words, "who reads or searches finds what was written"
        assert QLabel.text(label) == shown
        label.setWordWrap(False)
        assert QLabel.text(label) == words
    assert lines.unbroken("anak-anak, 12-11-2026, umur 0-6") == "anak-anak, 12-11-2026, umur 0-6"


def test_no_line_ends_between_a_number_and_what_it_counts(qapp: QApplication) -> None:
    theme.apply(qapp, "light", 1.3)
    for words, number in (
        ("Gejala depresi (2 minggu terakhir)", "2"),
        ("Turun lebih dari 2,5 kg dalam 3 bulan", "3"),
        ("Balita dan apras 6-71 bulan", "6-71"),
        ("Garis merah KMS, 0–24 bulan", "0–24"),
    ):
        up_to_it = QFontMetrics(theme.font("label")).horizontalAdvance(words[: words.index(number) + len(number)]) + 2
        assert drawn_lines(words, up_to_it, "label")[0].endswith(number), "as Qt breaks it"
        assert not drawn_lines(lines.unbroken(words), up_to_it, "label")[0].endswith(number)
    untouched = "Diukur 12-11-2026 oleh bidan pada tahun 2026, pukul 09.42; 3 kemungkinan"
    assert lines.unbroken(untouched) == untouched


def test_no_word_of_an_answer_is_left_over_on_its_last_line(qapp: QApplication) -> None:
    theme.apply(qapp, "light", 1.3)
    options = (("never", "Mandiri"), ("often", "Kadang-kadang tak terkendali (1 kali 24 jam)"))
    row = ChoiceRow("bladder", "Mengendalikan BAK", options)
    pick = row.picks[1]
    letters = QFontMetrics(theme.font("body"))
    pick.setParent(None)  # out of its layout: of this width alone
    width = theme.px(42) + letters.horizontalAdvance("Kadang-kadang tak terkendali (1 kali 24 ")
    pick.resize(width, pick.heightForWidth(width))
    picture = pick.grab().toImage()
    ground = picture.pixel(picture.width() - 2, picture.height() - 2)
    inked = [x for x in range(picture.width()) if any(picture.pixel(x, y) != ground for y in range(picture.height()))]
    assert pick.height() > theme.px(40), "two lines"
    assert max(inked) < theme.px(38) + letters.horizontalAdvance("Kadang-kadang tak terkendali")


@pytest.mark.parametrize("role", ["body", "title", "small", "label", "h3", "micro"])
def test_the_letters_have_the_hyphen_that_does_not_break(role: str, qapp: QApplication) -> None:
    assert QRawFont.fromFont(theme.font(role)).supportsCharacter(ord("\N{NON-BREAKING HYPHEN}"))


@pytest.mark.parametrize("width", [-40, 0, 1, 60, 400])
def test_every_word_of_a_row_is_on_a_line_and_a_row_without_width_ends_too(width: int) -> None:
    words = "Ubung · D 40 dari S 56 · Mutu 38 · 1 hitungan belum cocok, 2 anak diukur lagi"
    shown = lines.whole_lines(words, width, "small")
    assert len(shown) <= len(words.split())
    if width >= 60:
        assert " ".join(shown).split() == words.split()


def test_the_first_box_of_a_pin_stands_under_the_first_letter_of_its_label(qtbot: QtBot) -> None:
    box = PinBox(name="pin", accessible="PIN")
    scene.stand(qtbot, box)
    picture = box.grab().toImage()
    ground, middle = picture.pixelColor(picture.width() // 2, 0), picture.height() // 2
    inked = [x for x in range(picture.width()) if picture.pixelColor(x, middle) != ground]
    assert inked[0] <= 1
    assert picture.width() - inked[-1] <= 2


@pytest.mark.parametrize("chosen", [True, False])
def test_the_ring_of_the_keys_is_dashed_on_an_answer_that_is_not_chosen(chosen: bool, qtbot: QtBot) -> None:
    row = ChoiceRow("asi", "ASI eksklusif", ((True, "Ya"), (False, "Tidak")), "")
    scene.stand(qtbot, row, 420, 120)
    first = row.findChildren(Pick)[0]
    first.setChecked(chosen)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    picture = first.grab().toImage()
    edge = [picture.pixelColor(x, 1) for x in range(14, picture.width() - 14)]
    inked = sum(each == theme.color("primary") for each in edge)
    assert (inked == len(edge)) is chosen
    assert inked > len(edge) // 3


def test_a_window_of_1024_pixels_stays_so_wide_with_a_book_of_a_minute_ago_in_large_letters(
    qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, "light", 1.3)
    for page in ("keluarga", "laporan"):
        shell: Any = states._empty(page)
        qtbot.addWidget(shell)
        shell.resize(1024, 576)
        shell.show()
        qtbot.waitExposed(shell)
        assert (shell.width(), shell.height()) == (1024, 576)
        openings.settle()
        shell.hide()


def test_what_is_told_of_a_person_breaks_between_its_parts(ws: Workspace) -> None:
    row = next(row for row in sessions.roster(ws, scene.open_day(ws)) if row.name == ALIKE[0])
    whole = row_detail(row)
    metrics = QFontMetrics(theme.font("small"))
    told = [words for _role, _ink, words in row_lines(row, metrics.horizontalAdvance(whole) - 20)][1:]
    assert len(told) == 2
    assert PARTED.join(told) == whole


@pytest.mark.parametrize(("wide", "letters"), [(870, 1.0), (832, 1.3), (1220, 1.3)])
def test_no_head_of_the_list_of_people_is_cut(
    wide: int, letters: float, qtbot: QtBot, qapp: QApplication, ws: Workspace
) -> None:
    theme.apply(qapp, "light", letters)
    table = PeopleTable()
    scene.stand(qtbot, table, wide, 300)
    table.show_people([found(ws, ALIKE[0])])
    metrics = QFontMetrics(theme.font("small"))
    for column in range(table.people.columnCount()):
        if not table.isColumnHidden(column):
            words = str(table.people.headerData(column, Qt.Orientation.Horizontal))
            assert metrics.horizontalAdvance(words) <= table.columnWidth(column) - 2 * theme.px(12), words


@pytest.mark.parametrize("width", range(120, 360, 20))
def test_no_line_begins_with_the_dot_that_parts_it(width: int) -> None:
    words = "5 tahun 1 bulan   ·   Ibu: Laili Puspita   ·   RT 04, RW 02, Gubuk Timur"
    for role in ("small", "label"):
        _role, shown = lines.fitted(words, width, role, role)
        assert not any(line.startswith("·") for line in shown)
        assert len(shown) == 2


def test_a_question_and_its_hint_leave_no_word_over_on_a_line_of_its_own(qtbot: QtBot) -> None:
    field = FORMS["skilas"].fields["knows_date"]
    row = editor_for(field, Setting(date(2026, 11, 12)))
    scene.stand(qtbot, row, 700, 140)
    for label in (row.question, *row.help.findChildren(EvenLabel)):
        assert label.wordWrap()
        metrics, words = label.fontMetrics(), label.text()
        label.setMinimumWidth(0)
        label.resize(metrics.horizontalAdvance(words) - 4, 2 * metrics.lineSpacing())  # one word too many for a line
        assert _last_line(label) > 1.5 * metrics.horizontalAdvance(words.split()[-1])
    assert row.help.findChildren(EvenLabel)


@pytest.mark.parametrize("right", [False, True])
def test_no_notice_leaves_a_word_over_on_its_last_line(right: bool, qapp: QApplication) -> None:
    theme.apply(qapp, "light", 1.0)
    notice = Notice("info", "2 catatan diisi berbeda. Keduanya disimpan sampai ada yang memilih.")
    label = notice.label
    if right:
        label.setAlignment(Qt.AlignmentFlag.AlignRight)
    label.setParent(None)
    metrics, words = label.fontMetrics(), label.text()
    label.resize(metrics.horizontalAdvance(words) - 4, 2 * metrics.lineSpacing())  # one word too many for a line
    assert _last_line(label) > 1.5 * metrics.horizontalAdvance(words.split()[-1])
    if right:
        assert _last_line(label) > label.width() - 6


def _last_line(label: Label) -> int:
    """How far to the right the second of two lines is inked."""
    image = label.grab().toImage()
    ground = image.pixelColor(image.width() - 1, image.height() - 1)
    inked = [
        x
        for x in range(image.width())
        for y in range(image.height() // 2 + 2, image.height())
        if image.pixelColor(x, y) != ground
    ]
    return max(inked)


def test_no_line_of_a_row_ends_inside_a_date_where_another_way_fits(qapp: QApplication) -> None:
    metrics = QFontMetrics(theme.font("small"))
    words = "Terakhir ditimbang Minggu, 4 Oktober 2026"
    for width in range(metrics.horizontalAdvance("Terakhir ditimbang Minggu,"), 400, 7):
        shown = lines.fitted(words, width, "small", "small")[1]
        assert any("4 Oktober 2026" in line for line in shown), shown
    assert "4\N{NO-BREAK SPACE}Oktober\N{NO-BREAK SPACE}2026" in lines.unbroken(words)


def test_lines_of_the_days_list_that_take_three_lines_stand_apart(qtbot: QtBot, ws: Workspace) -> None:
    view = RosterList()
    scene.stand(qtbot, view, theme.px(540), 400)
    view.show_rows(sessions.roster(ws, scene.open_day(ws)), choose=False)
    first = view.visualRect(view.model().index(0, 0)).height()
    assert first >= 3 * theme.px(17) + theme.px(14)
    view.resize(theme.px(900), 400)
    QApplication.processEvents()
    assert view.visualRect(view.model().index(0, 0)).height() == theme.px(58)
