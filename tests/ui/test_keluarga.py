"""Keluarga with real keys: finding a family, its card, the house, moving, splitting, merging, undo."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from posyandu.services import families, people
from posyandu.ui import jobs
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.keluarga import FactsSheet, KeluargaPage, MergeSheet, MoveSheet
from posyandu.ui.widgets.basics import Chip, Label, Row
from posyandu.ui.widgets.overlay import Overlay
from tests.ui import scene
from tests.ui.scene import keys


def press(window: QWidget, name: str) -> None:
    found = [each for each in window.findChildren(QAbstractButton, name) if each.isVisible()]
    assert found, name
    found[0].click()


def sheet(window: MainWindow, kind: type[Overlay]) -> Overlay:
    return next(each for each in window.findChildren(kind) if each.isVisible())


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> Iterator[KeluargaPage]:
    assert window.shell is not None
    scene.settle(qtbot)
    press(window, "nav:keluarga")
    scene.settle(qtbot)
    yield window.shell.page("keluarga")
    jobs.wait(5000)


def listed(page: KeluargaPage) -> list[str]:
    rows = [row for row in page.list_view.findChildren(Row) if row.isVisible()]
    rows.sort(key=lambda row: row.mapTo(page.list_view, QPoint()).y())
    return [row.objectName().partition(":")[2] for row in rows]


def a_big_family(page: KeluargaPage) -> families.FamilyLine:
    assert page.register is not None
    return next(line for line in page.register.lines if line.members >= 3)


def members(page: KeluargaPage) -> set[str]:
    assert page.card is not None
    return {member.hit.id for member in page.card.members}


def test_families_stand_by_rt_and_the_first_is_open(qtbot: QtBot, page: KeluargaPage) -> None:
    assert page.register is not None
    assert page.search.hasFocus()
    homes = [line.id for line in page.register.lines][:80]
    qtbot.waitUntil(lambda: listed(page) == homes)
    assert page.card is not None
    assert page.card.line == page.register.lines[0]
    assert "keluarga" in page.subtitle


def test_typing_a_member_finds_the_family_and_enter_opens_it(page: KeluargaPage, qtbot: QtBot) -> None:
    line = a_big_family(page)
    name = families.card(page.desk.ws, page.desk.ws.posyandu_id, line.id).members[-1].hit.name
    keys(f"{name.lower()}↵")
    scene.settle(qtbot)
    assert line.id in listed(page)
    assert page.card is not None
    assert page.card.line.id == listed(page)[0]
    keys("qqq")
    qtbot.waitUntil(lambda: listed(page) == [])


def test_a_post_without_families_is_not_called_a_search_without_result(page: KeluargaPage) -> None:
    assert page.register is not None
    nobody = families.Register((), page.register.attention)
    for typed, words in (("qqqq", "Tidak ada keluarga yang cocok."), ("", "Belum ada keluarga.")):
        page.search.setText(typed)
        page.register = nobody
        page._show_list()
        assert words in [label.text() for label in page.list_view.findChildren(Label)]


def test_the_list_is_narrowed_to_an_rt(page: KeluargaPage, qtbot: QtBot) -> None:
    page.rt.setCurrentIndex(1)
    scene.settle(qtbot)
    assert page.register is not None
    rt = page.rt.value()
    homes = [line.id for line in page.register.lines if line.rt == rt]
    qtbot.waitUntil(lambda: listed(page) == homes)


def test_the_row_with_the_keys_keeps_them_while_the_families_are_read_again(page: KeluargaPage, qtbot: QtBot) -> None:
    assert page.register is not None
    homes = [line.id for line in page.register.lines][:80]
    qtbot.waitUntil(lambda: listed(page) == homes)
    row = page.list_view.findChild(Row, f"keluarga:{homes[40]}")
    assert row is not None
    row.setFocus(Qt.FocusReason.TabFocusReason)
    ws = page.desk.ws
    families.correct(ws, homes[40], {"hamlet": "Dusun Baru"})
    page.desk.announce("household")
    scene.settle(qtbot)
    assert row.hasFocus()
    assert "Dusun Baru" in row.detail
    keys("↓")
    beside = page.list_view.findChild(Row, f"keluarga:{homes[41]}")
    assert beside is not None
    assert beside.hasFocus()


def test_the_row_with_the_keys_gets_them_back_when_the_families_change(page: KeluargaPage, qtbot: QtBot) -> None:
    assert page.register is not None
    homes = [line.id for line in page.register.lines][:80]
    qtbot.waitUntil(lambda: listed(page) == homes)
    row = page.list_view.findChild(Row, f"keluarga:{homes[30]}")
    assert row is not None
    row.setFocus(Qt.FocusReason.TabFocusReason)
    first = families.card(page.desk.ws, page.desk.ws.posyandu_id, homes[0]).members
    families.split(page.desk.ws, [member.hit.id for member in first[:1]], {})
    page.desk.announce("household")
    scene.settle(qtbot)
    again = page.list_view.findChild(Row, f"keluarga:{homes[30]}")
    assert again is not None
    assert again is not row
    qtbot.waitUntil(again.hasFocus)


@pytest.mark.parametrize(
    ("signs", "word"), [(0, "Belum ada tanda rentan"), (1, "Satu tanda rentan"), (2, "Rentan")]
)  # fmt: skip
def test_one_sign_makes_no_vulnerable_family_and_is_not_called_none(page: KeluargaPage, signs: int, word: str) -> None:
    assert page.card is not None
    reasons = (families.Reason("Keluarga miskin", "warn"),) * signs
    head = page._head(replace(page.card, reasons=reasons, is_vulnerable=signs > 1))
    assert [chip.text() for chip in head.findChildren(Chip)] == [word]


def test_a_member_opens_the_card(page: KeluargaPage, window: MainWindow) -> None:
    person_id = sorted(members(page))[0]
    press(page.view, f"anggota:{person_id}")
    assert window.shell is not None
    assert window.shell.place() == ("kartu", {"person_id": person_id})


def test_facts_of_the_house_are_asked_and_make_reasons(page: KeluargaPage, window: MainWindow, qtbot: QtBot) -> None:
    press(page, "button:ubah-keluarga")
    facts = sheet(window, FactsSheet)
    facts.form.fields["latrine"].set_value(False)  # type: ignore[attr-defined]
    facts.form.fields["poor"].set_value(True)  # type: ignore[attr-defined]
    press(facts, "button:ya")
    scene.settle(qtbot)
    assert page.card is not None
    assert {"Keluarga miskin", "Tanpa jamban sehat"} <= {reason.words for reason in page.card.reasons}
    assert page.card.is_vulnerable
    assert window.shell is not None
    window.shell.toast.action.click()
    scene.settle(qtbot)
    assert "Tanpa jamban sehat" not in {reason.words for reason in page.card.reasons}


def test_a_new_member_is_registered_into_this_family(page: KeluargaPage, window: MainWindow, qtbot: QtBot) -> None:
    line = a_big_family(page)
    page.show_family(line.id)
    before = members(page)
    press(window, "button:tambah-anggota")
    scene.settle(qtbot)
    assert window.shell is not None
    form = window.shell.page("daftar")
    assert form.view.fields["rt"].value() == line.rt
    form.view.focus_field("name")
    keys("Bayi Baru")
    form.view.fields["sex"].set_value("female")
    form.view.fields["born_on"].set_value(page.desk.ws.today())
    assert form.save()
    scene.settle(qtbot)
    assert window.shell.place() == ("keluarga", {"household_id": line.id})
    (new,) = members(page) - before
    assert people.card(page.desk.ws, new).hit.name == "Bayi Baru"


def test_somebody_becomes_a_family_of_their_own_and_undo_brings_them_back(
    page: KeluargaPage, window: MainWindow, qtbot: QtBot
) -> None:
    line = a_big_family(page)
    page.show_family(line.id)
    before = members(page)
    person_id = sorted(before)[0]
    press(window, "button:pindahkan")
    moving = sheet(window, MoveSheet)
    press(moving, f"pindah:{person_id}")
    press(moving, "pindah-ke:new")
    press(moving, "button:ya")
    scene.settle(qtbot)
    assert members(page) == {person_id}
    assert page.house_id != line.id
    assert window.shell is not None
    window.shell.toast.action.click()
    scene.settle(qtbot)
    assert page.house_id == line.id
    assert members(page) == before


def test_moving_says_what_is_missing_and_then_moves(page: KeluargaPage, window: MainWindow, qtbot: QtBot) -> None:
    line = a_big_family(page)
    page.show_family(line.id)
    person_id = sorted(members(page))[0]
    press(window, "button:pindahkan")
    moving = sheet(window, MoveSheet)
    press(moving, "button:ya")
    assert moving.problem.isVisible()  # type: ignore[attr-defined]
    press(moving, f"pindah:{person_id}")
    press(moving, "button:ya")
    assert moving.problem.label.text() == "Pilih dulu keluarganya dari daftar."  # type: ignore[attr-defined]
    assert page.register is not None
    other = next(each for each in page.register.lines if each.id and each.id != line.id)
    moving.chooser.box.setFocus()  # type: ignore[attr-defined]
    keys(other.kk or other.head)
    scene.settle(qtbot)
    press(moving, f"pilih:{other.id}")
    press(moving, "button:ya")
    scene.settle(qtbot)
    assert page.house_id == other.id
    assert person_id in members(page)


def test_two_families_become_one_and_undo_parts_them(page: KeluargaPage, window: MainWindow, qtbot: QtBot) -> None:
    line = a_big_family(page)
    page.show_family(line.id)
    before = members(page)
    press(window, "button:gabungkan")
    merging = sheet(window, MergeSheet)
    press(merging, "button:ya")
    assert merging.problem.isVisible()  # type: ignore[attr-defined]
    assert merging.problem.label.text() == "Pilih dulu keluarganya dari daftar."  # type: ignore[attr-defined]
    row = next(row for row in merging.findChildren(Row) if row.isVisible())
    other = row.objectName().partition(":")[2]
    row.click()
    press(merging, "button:ya")
    scene.settle(qtbot)
    assert members(page) > before
    assert other not in listed(page)
    assert window.shell is not None
    window.shell.toast.action.click()
    scene.settle(qtbot)
    assert members(page) == before
    qtbot.waitUntil(lambda: other in listed(page))


def test_a_post_without_families_says_how_to_begin(page: KeluargaPage, qtbot: QtBot) -> None:
    page._read(families.Register((), {}))
    scene.settle(qtbot)
    assert page.card is None
    assert not page.add_button.isEnabled()
    assert not page.move_button.isEnabled()
