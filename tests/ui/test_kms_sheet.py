"""The papers of a whole post from Sasaran, and the curve of a pupil from the card, with real clicks."""

from datetime import date

import pypdfium2
import pytest
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.domain.forms import FORMS
from posyandu.services import people
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.ui import jobs
from posyandu.ui.kms_sheet import KmsSheet
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.kartu import KartuPage
from tests.ui import scene
from tests.ui.scene import HELD_ON
from tests.ui.test_referral_sheets import page, press


@pytest.mark.parametrize(("button", "title"), [("button:kms-kecil", "KMS kecil"), ("button:strip-kms", "Strip KMS")])
def test_the_papers_are_saved_beside_the_documents(qtbot: QtBot, window: MainWindow, button: str, title: str) -> None:
    page(window, "sasaran", qtbot)
    press(window, "button:lembar-kms")
    scene.settle(qtbot)
    (sheet,) = [each for each in window.findChildren(KmsSheet) if each.isVisible()]
    press(sheet, button)
    scene.settle(qtbot)
    (written,) = (paths.documents() / "Posyandu").glob(f"{title}*.pdf")
    assert title in pypdfium2.PdfDocument(written.read_bytes())[0].get_textpage().get_text_bounded()
    jobs.wait(5000)


def test_a_pupils_card_shows_and_prints_body_mass_by_age(qtbot: QtBot, window: MainWindow, village: Workspace) -> None:
    ayu = people.register(village, {"name": "Ayu Pelajar", "sex": "female", "born_on": date(2013, 11, 12)})
    records.save(
        village.db, FORMS["school_visit"], "v-1", {"visited_on": HELD_ON, "weight_g": 38_000, "height_mm": 1_550},
        scope=village.posyandu_id, author=village.author, now=village.now(), links={"person_id": ayu},
    )  # fmt: skip
    card = page(window, "kartu", qtbot, person_id=ayu)
    assert isinstance(card, KartuPage)
    assert card.chart.geometry_shown is not None
    assert card.chart.geometry_shown.spoken.startswith("Indeks massa tubuh menurut umur: 15,8 kg/m²")
    press(window, "button:cetak-kurva")
    scene.settle(qtbot)
    assert list((paths.documents() / "Posyandu").glob("Kurva Ayu*.pdf"))
    jobs.wait(5000)
