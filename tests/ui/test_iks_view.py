"""IKS on the family's card: every indicator with its state, what is missing one press away, and the post's sheet."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from posyandu.domain.iks import INDICATORS, NO, NOT_APPLICABLE, UNKNOWN, YES, Indicator
from posyandu.services import families, iks
from posyandu.ui import jobs, theme
from posyandu.ui.iks_view import IksCard, IksSheet, indicator_words
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.keluarga import FactsSheet, KeluargaPage
from tests.ui.scene import keys, settle
from tests.ui.test_keluarga import a_big_family, press, sheet

HOUSE = {
    "clean_water": True, "latrine": False, "smoker": True, "insured": True,
    "ill_tbc": False, "ill_hypertension": False, "ill_mental": False,
}  # fmt: skip


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> Iterator[KeluargaPage]:
    assert window.shell is not None
    settle(qtbot)
    press(window, "nav:keluarga")
    settle(qtbot)
    yield window.shell.page("keluarga")
    jobs.wait(5000)


def shown(page: KeluargaPage) -> IksCard:
    return page.view.findChildren(IksCard)[-1]


def words(card: IksCard | IksSheet) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel)]


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        (YES, "Ya, menurut data keluarga"),
        (NO, "Belum, menurut data keluarga"),
        (NOT_APPLICABLE, "Tidak berlaku, menurut data keluarga"),
        (UNKNOWN, "Belum diketahui. Tanyakan jamban sehat"),
    ],
)
def test_the_four_states_are_told_apart_in_words(state: str, wanted: str) -> None:
    assert indicator_words(Indicator("latrine", state, "menurut data keluarga")) == wanted


def test_all_twelve_stand_on_the_card_and_what_is_missing_is_one_press_away(page: KeluargaPage, qtbot: QtBot) -> None:
    page.show_family(a_big_family(page).id)
    settle(qtbot)
    card = shown(page)
    assert card.found is not None
    assert {each.label for each in card.found.found.indicators} <= set(words(card))
    assert len(card.found.found.indicators) == len(INDICATORS)
    assert card.found.headline in words(card)
    assert card.found.band is None, "the made-up village leaves answers open"
    press(card, "button:isi-iks")
    assert isinstance(sheet(page.window(), FactsSheet), FactsSheet)  # type: ignore[arg-type]
    keys("⎋")


def test_answers_of_the_house_move_the_indicators(page: KeluargaPage, qtbot: QtBot) -> None:
    line = a_big_family(page)
    families.correct(page.desk.ws, line.id, HOUSE)
    page.show_family(line.id)
    settle(qtbot)
    found = shown(page).found
    assert found is not None
    states = {each.code: each.state for each in found.found.indicators}
    assert (states["clean_water"], states["latrine"], states["smoking"], states["tbc"]) == (YES, NO, NO, NOT_APPLICABLE)


def test_the_sheet_counts_the_families_of_the_post(page: KeluargaPage, qtbot: QtBot) -> None:
    page.show_family(a_big_family(page).id)
    settle(qtbot)
    press(shown(page), "button:iks-posyandu")
    settle(qtbot)
    opened = sheet(page.window(), IksSheet)  # type: ignore[arg-type]
    assert isinstance(opened, IksSheet)
    area = iks.of_posts(page.desk.ws, [page.desk.ws.posyandu_id])
    told = " ".join(words(opened))
    assert str(area.families) in told
    assert all(each.label in told for each in area.coverages)
    assert {"Ya", "Belum", "Tidak berlaku", "Belum diketahui"} <= set(words(opened))
    assert "Permenkes 39/2016" in told
    share = next(label for label in opened.findChildren(QLabel) if label.text().endswith("%"))
    yes = next(label for label in opened.findChildren(QLabel) if label.text() == "Ya")
    assert yes.geometry().left() - share.geometry().right() >= theme.px(30), "a share is no count"
    keys("⎋")
    assert not [each for each in page.window().findChildren(IksSheet) if each.isVisible()]
