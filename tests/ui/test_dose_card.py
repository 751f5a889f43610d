"""The immunisation card with real keys: tiles, dates copied from the book, reasons, and the way from the visit."""

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.immunisation import Gap, State
from posyandu.services import immunisation, people, sessions
from posyandu.services.immunisation import Given
from posyandu.services.workspace import Workspace
from posyandu.ui import theme
from posyandu.ui.pages.kartu import KartuPage
from posyandu.ui.pages.kunjungan import KunjunganPage
from posyandu.ui.verdict import FindingView
from posyandu.ui.widgets.basics import Button, Label
from posyandu.ui.widgets.dose_card import DoseCardView, DoseSheet, DoseTile, TetanusCard, state_words
from posyandu.ui.widgets.overlay import Overlay
from tests.ui import scene
from tests.ui.scene import keys

BORN = date(2025, 12, 5)


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=2)
    yield book
    book.close()


@pytest.fixture
def raka(ws: Workspace) -> str:
    """A boy of eleven months without any dose noted."""
    return people.register(ws, {"name": "Raka Aditya", "sex": "male", "born_on": BORN})


@pytest.fixture
def card(qtbot: QtBot, ws: Workspace, raka: str) -> Iterator[KartuPage]:
    made = KartuPage(scene.desk(ws))
    scene.stand(qtbot, made, 1130, 640)
    made.open(person_id=raka)
    made.finish_building()
    yield made
    made.hide()


def view_of(page: QWidget) -> DoseCardView:
    return page.findChildren(DoseCardView)[-1]


def tile(page: QWidget, code: str) -> DoseTile:
    return next(each for each in view_of(page).findChildren(DoseTile) if each.dose.code == code)


def focused() -> str:
    widget = QApplication.focusWidget()
    return widget.objectName() if widget is not None else ""


def given(ws: Workspace, person_id: str) -> dict[str, date | None]:
    return {each.code: each.given_on for each in immunisation.card(ws, person_id).doses if each.given_on}


def test_dates_are_copied_with_few_keys_and_saved_at_one_stroke(card: KartuPage, raka: str) -> None:
    toasts = QSignalSpy(card.desk.toast_wanted)
    sheet = view_of(card).open_sheet()
    assert focused() == "field:hb0"
    count = keys("51225↵" + "50126↵" + "=" + "100226↵")
    assert count < 26, "four doses"
    assert focused() == "field:opv_3"
    assert sheet.lines["opv_1"].value() == date(2026, 1, 5), "the date above, repeated"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert given(card.desk.ws, raka) == {
        "hb0": BORN, "bcg": date(2026, 1, 5), "opv_1": date(2026, 1, 5), "opv_2": date(2026, 2, 10),
    }  # fmt: skip
    assert toasts.at(0)[0] == "4 dosis tersimpan"
    assert tile(card, "opv_2").dose.state is State.GIVEN
    assert tile(card, "opv_2").words == "10-02-2026"
    row = immunisation.card(card.desk.ws, raka).records["bcg"]
    assert row.answers["source"] == "book"
    toasts.at(0)[2]()
    assert given(card.desk.ws, raka) == {}
    assert tile(card, "opv_2").dose.given_on is None, "the card follows"


def test_a_tile_says_its_state_in_words_and_opens_the_sheet_at_its_dose(card: KartuPage) -> None:
    late = tile(card, "mr_1")
    assert late.accessibleName() == "MR 1, Terlambat"
    assert tile(card, "opv_3").accessibleName() == "OPV 3, Belum waktunya, sesudah dosis 2"
    assert tile(card, "pcv_3").words == "Sesudah dosis 2"
    assert tile(card, "mr_2").words == "Sesudah dosis 1"
    late.setFocus(Qt.FocusReason.TabFocusReason)
    keys("↵")
    assert focused() == "field:mr_1"
    keys("⎋")
    assert not card.findChildren(DoseSheet) or not card.findChildren(DoseSheet)[-1].isVisible()


def test_arrows_walk_the_tiles_and_the_lines(card: KartuPage) -> None:
    tile(card, "hb0").setFocus(Qt.FocusReason.TabFocusReason)
    keys("→")
    assert focused() == "dose:bcg"
    keys("←")
    assert focused() == "dose:hb0"
    keys("↓")
    below = focused()
    assert below.startswith("dose:")
    assert below not in ("dose:hb0", "dose:bcg")
    keys("↑")
    assert focused() == "dose:hb0"
    keys("←")
    assert focused() == "dose:hb0", "there is nothing before the first"
    view_of(card).open_sheet("bcg")
    keys("↓")
    assert focused() == "field:opv_1"
    keys("↑↑↑")
    assert focused() == "field:hb0"


def test_the_last_line_leads_to_the_button(card: KartuPage) -> None:
    sheet = view_of(card).open_sheet()
    list(sheet.lines.values())[-1].take_focus()
    keys("↵")
    assert focused() == "button:simpan-imunisasi"
    keys("↵")
    assert not sheet.isVisible(), "nothing typed, nothing saved"


def test_a_date_that_is_none_keeps_the_sheet_open(card: KartuPage, raka: str) -> None:
    sheet = view_of(card).open_sheet("bcg")
    keys("450126↵")
    sheet.save()
    assert sheet.isVisible()
    assert focused() == "field:bcg"
    assert sheet.lines["bcg"].problem
    sheet.lines["bcg"].set_value(None)
    sheet.lines["opv_1"].set_value(date(2026, 12, 1))
    sheet.save()
    assert "Belum terjadi" in sheet.lines["opv_1"].problem
    sheet.lines["opv_1"].set_value(date(2025, 12, 1))
    sheet.save()
    assert "sebelum tanggal lahir" in sheet.trouble.label.text()
    assert given(card.desk.ws, raka) == {}


def test_a_date_before_its_time_is_doubted_and_saved_all_the_same(card: KartuPage, raka: str, qtbot: QtBot) -> None:
    sheet = view_of(card).open_sheet("dpt_hb_hib_1")
    keys("50126↵")
    qtbot.waitUntil(lambda: "Lebih awal" in sheet.lines["dpt_hb_hib_1"].problem)
    sheet.save()
    early = tile(card, "dpt_hb_hib_1")
    assert (early.dose.state, early.dose.fault) == (State.INVALID, "age")
    assert "lebih awal dari umurnya" in early.accessibleName()
    assert "Tanggal perlu ditanyakan" in {f.title[:24] for f in immunisation.card(card.desk.ws, raka).findings}


def test_x_says_that_the_dose_was_hexavalent(card: KartuPage, raka: str) -> None:
    sheet = view_of(card).open_sheet("dpt_hb_hib_1")
    keys("100226x↵")
    assert sheet.lines["dpt_hb_hib_1"].hexavalent.isChecked()
    assert focused() == "field:dpt_hb_hib_2"
    sheet.save()
    assert given(card.desk.ws, raka) == {"dpt_hb_hib_1": date(2026, 2, 10), "ipv_1": date(2026, 2, 10)}
    again = view_of(card).open_sheet("dpt_hb_hib_1")
    assert "ipv_1" not in again.lines, "it came inside the other and has no date of its own"
    assert again.lines["dpt_hb_hib_1"].hexavalent.isChecked()
    again.lines["dpt_hb_hib_1"].hexavalent.click()
    again.save()
    assert given(card.desk.ws, raka) == {"dpt_hb_hib_1": date(2026, 2, 10)}


def test_what_is_late_says_why_what_to_do_and_what_to_tell(card: KartuPage, qtbot: QtBot) -> None:
    def titles() -> list[str]:
        return [view.objectName() for view in card.findings.findChildren(FindingView) if view.isVisibleTo(card)]

    assert titles() == []
    view_of(card).open_sheet("mr_1")
    keys("50926↵")
    view_of(card).window().findChildren(DoseSheet)[-1].save()
    qtbot.waitUntil(lambda: "finding:immunisation_overdue" in titles())
    assert "finding:immunisation_catch_up" not in titles()
    words = " ".join(label.text() for label in card.findings.findChildren(Label))
    assert "Lihat Buku KIA" in words
    assert "mari kita tanyakan ke bidan" in words


def test_emptying_a_date_takes_the_dose_off(card: KartuPage, raka: str) -> None:
    immunisation.record(card.desk.ws, raka, [Given("bcg", 1, date(2026, 1, 5)), Given("hb0", 1, BORN)])
    card.desk.announce("immunisation_dose")
    sheet = view_of(card).open_sheet("bcg")
    keys("⌫")
    sheet.save()
    assert given(card.desk.ws, raka) == {"hb0": BORN}


def test_a_reason_is_chosen_by_keyboard_and_stays_visible(card: KartuPage, raka: str) -> None:
    sheet = view_of(card).open_sheet("mr_1")
    QTest.mouseClick(sheet.lines["mr_1"].reason, Qt.MouseButton.LeftButton)
    assert focused() == "reason:sick"
    (asked,) = (each for each in card.window().findChildren(Overlay) if each.objectName() == "dose-reason")
    assert asked.findChild(Button, "button:batal") is not None, "a way out for who has no reason to tell"
    keys("↓↵")
    assert sheet.lines["mr_1"].help.text == "Keluarga belum mau"
    assert "Keluarga belum mau" in tile(card, "mr_1").accessibleName()
    assert immunisation.card(card.desk.ws, raka).records["mr_1"].answers["not_given"] == "refused"


def test_every_widget_of_the_sheet_has_a_name_for_screen_readers(card: KartuPage) -> None:
    sheet = view_of(card).open_sheet()
    for widget in sheet.findChildren(QLineEdit):
        assert "tanggal diberikan" in widget.accessibleName()
    names = [each.reason.accessibleName() for each in sheet.lines.values()]
    assert all(name.startswith("Catat alasan ") and "belum diberikan" in name for name in names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("scheme", "factor"), [("light", 1.0), ("dark", 1.3)])
def test_no_tile_is_narrower_than_its_words(
    card: KartuPage, qapp: QApplication, qtbot: QtBot, scheme: str, factor: float
) -> None:
    theme.apply(qapp, scheme, factor)
    card.resize(1024, 600)
    card._show()
    card.finish_building()
    tiles = view_of(card).findChildren(DoseTile)
    qtbot.waitUntil(lambda: all(each.width() >= each.sizeHint().width() for each in tiles))


def test_the_chip_tells_how_the_card_stands(ws: Workspace, raka: str) -> None:
    def words(on: date) -> str:
        return state_words(immunisation.card(ws, raka, on))

    assert words(BORN) == "Belum tercatat"
    immunisation.record(ws, raka, [Given("hb0", 1, BORN)])
    assert words(BORN) == "2 sudah waktunya"
    assert words(Gap(4).after(BORN)).endswith("terlambat")
    immunisation.record(ws, raka, [Given("bcg", 1, BORN), Given("opv", 1, BORN)])
    assert words(BORN) == "Lengkap sesuai umur"


def test_a_womans_card_says_how_she_is_protected_against_tetanus(card: KartuPage, ws: Workspace) -> None:
    woman = people.register(ws, {"name": "Wulan Sari", "sex": "female", "born_on": date(1998, 4, 2)})

    def words() -> str:
        card.open(person_id=woman)
        card.finish_building()
        return card.findChildren(TetanusCard)[-1].words.text()

    assert words().startswith("Belum ada dosis Td")
    immunisation.record(ws, woman, [Given("td", 1, date(2026, 10, 20))])
    assert words() == "Dosis terakhir 20-10-2026. Dosis berikut mulai 17-11-2026."
    immunisation.record(ws, woman, [Given("td", 1, date(2021, 1, 5)), Given("td", 2, date(2022, 1, 5))])
    assert words() == "Dosis terakhir 05-01-2022. Perlindungan habis 05-01-2025. Dosis berikut sudah waktunya."
    immunisation.record(ws, woman, [Given("td", 3, date(2026, 1, 5))])
    assert words() == "Dosis terakhir 05-01-2026. Terlindung sampai 05-01-2031. Dosis berikut mulai 05-01-2027."


# ---- from the visit


@pytest.fixture
def visit(qtbot: QtBot, ws: Workspace, raka: str) -> Iterator[KunjunganPage]:
    session_id = scene.open_day(ws)
    sessions.mark_present(ws, session_id, raka)
    made = KunjunganPage(scene.desk(ws))
    scene.stand(qtbot, made, 1130, 640)
    made.open(person_id=raka, session_id=session_id)
    focus = made.first_focus()
    assert focus is not None
    focus.setFocus()
    yield made
    made.hide()


def test_the_visit_opens_the_card_and_comes_back_to_what_was_typed(visit: KunjunganPage, raka: str) -> None:
    view = visit.form_view
    assert view is not None
    keys("87")
    assert "Salin dari Buku KIA" in view.fields["immunisation_complete"].help.text
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    overlay = next(each for each in visit.findChildren(Overlay) if each.objectName() == "dose-card")
    assert focused() == "button:salin-imunisasi"
    keys("↵")
    assert focused() == "field:hb0"
    sheet = visit.findChildren(DoseSheet)[-1]
    assert sheet.source.value() == "here"
    sheet.lines["mr_1"].take_focus()
    keys("h↵")
    sheet.save()
    row = immunisation.card(visit.desk.ws, raka).records["mr_1"]
    assert [row.answers[name] for name in ("source", "place", "session_id")] == ["here", "posyandu", visit.session_id]
    overlay.reject()
    assert view.fields["weight_g"].value() == 8700
    assert view.fields["immunisation_complete"].value() is None, "the answer stays the kader's own"
    assert "Belum" in view.fields["immunisation_complete"].help.text
    assert "Terlambat" in visit.strip.notice.label.text()  # type: ignore[union-attr]
