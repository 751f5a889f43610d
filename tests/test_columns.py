"""No column of the official cards and registers is left without something that fills it."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from posyandu.domain.forms import FORMS
from posyandu.domain.forms.home_visit import CHECKLISTS

ROOT = Path(__file__).resolve().parent.parent

NUMBERS = {
    "Kartu bantu pemeriksaan ibu hamil": range(1, 20),
    "Kartu bantu pemeriksaan ibu nifas dan menyusui": (*range(1, 16), 17, 18),
    "Kartu bantu pemeriksaan bayi, balita dan apras": range(1, 27),
    "Rekapitulasi ibu hamil, nifas dan menyusui": range(1, 30),
    "Rekapitulasi bayi, balita dan apras": range(1, 33),
    "Rekapitulasi usia sekolah dan remaja": range(1, 27),
    "Rekapitulasi usia dewasa dan lansia": range(1, 48),
    "SIP Format 1: catatan ibu hamil, kelahiran, kematian": range(1, 9),
    "SIP Format 2: register bayi dan balita": range(1, 41),
    "SIP Format 3: register WUS dan PUS": range(1, 20),
    "SIP Format 4: register ibu hamil dan nifas": range(1, 32),
    "SIP Format 5: pengunjung, petugas, bayi lahir dan meninggal": range(1, 16),
    "SIP Format 6: data hasil kegiatan": range(1, 36),
    "Register ILP bayi, balita dan apras": range(1, 19),
    "Register ILP ibu hamil, nifas dan menyusui": range(1, 17),
    "AKS (Barthel)": range(1, 11),
    "SKILAS": range(1, 7),
    "SRQ-20": range(1, 21),
    "Catatan kematian": range(1, 6),
    "Indeks Keluarga Sehat (PIS-PK)": range(1, 13),
    "Makanan tambahan (MT): program dan catatan mingguan": range(1, 25),
    "Skrining layak hamil (PUS)": range(1, 13),
}
"""The numbered columns of each paper, as the papers count them."""

PLACES = {
    "Kartu usia sekolah dan remaja": (
        "tgl BB TB IMT LP LiLA TD GD Hb TBC malaria Jiwa TTD layanan perilaku edukasi rujuk"
    ),
    "Kartu usia dewasa dan lansia": (
        "tgl BB TB IMT LP LiLA TD GD kol Hb mata telinga PUMA TBC malaria KB covid edukasi rujuk"
    ),
    "Perilaku merokok": "A B C1a C1b C2 C3 C4 C5 C6 C7a C7b D1 D2a D2b D3 D4 E1 E2",
}
"""The named places of the papers without numbers."""

SIGNS = {
    "home_pregnant": (10, 8),
    "home_postpartum": (14, 6),
    "home_infant": (11, 5),
    "home_child": (8, 6),
    "home_school": (1, 10),
    "home_adult": (1, 9),
    "home_elderly": (1, 10),
    "home_tbc": (4, 6),
}
"""How many red and yellow questions each checklist of the home visit has."""

VISITED = (
    *("pregnancy", "pregnancy_visit", "postpartum_visit", "newborn", "death", "under_five_visit", "immunisation_dose"),
    *("development", "sdq"),
    *("school_visit", "school_mental", "smoking", "adult_visit", "aks", "skilas", "srq20", "wus", "health_history"),
    *("nakes_exam", "household", "person", "attendance", "session", "feeding", "feeding_week"),
)
"""The forms whose papers are written out by hand, column by column."""

BESIDE = ("visited_on", "source", "note", "referral_reason")
"""What every form asks in its own right, on no paper of its own."""


@pytest.fixture(scope="module")
def columns() -> ModuleType:
    spec = importlib.util.spec_from_file_location("columns", ROOT / "docs" / "columns.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["columns"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def numbers_of(columns: ModuleType, title: str) -> list[str]:
    (paper,) = [paper for paper in columns.papers() if paper.title == title]
    return [number for column in paper.columns for number in column.numbers]


@pytest.mark.parametrize("title", NUMBERS)
def test_every_number_of_the_paper_is_filled_once(columns: ModuleType, title: str) -> None:
    found = [number for number in numbers_of(columns, title) if number.isdigit()]
    assert found == [str(number) for number in NUMBERS[title]]


@pytest.mark.parametrize("title", PLACES)
def test_every_place_of_the_card_is_filled(columns: ModuleType, title: str) -> None:
    found = [number for number in numbers_of(columns, title) if number != "kepala"]
    assert found == PLACES[title].split()


@pytest.mark.parametrize("name", SIGNS)
def test_every_question_of_the_checklists_is_there(columns: ModuleType, name: str) -> None:
    numbers = numbers_of(columns, CHECKLISTS[name].title)
    count = tuple(sum(number.startswith(colour) for number in numbers) for colour in ("merah", "kuning"))
    assert count == SIGNS[name]


def test_what_fills_a_column_exists(columns: ModuleType) -> None:
    wrong = [
        (paper.title, fill)
        for paper in columns.papers()
        for column in paper.columns
        for fill in column.fills
        if columns.unknown(fill)
    ]
    assert wrong == []
    assert columns.unknown("person.shoe_size")
    assert columns.unknown("@sip1.shoe_size")
    assert columns.unknown("=domain.deaths.shoe_size")


def test_whatever_a_form_says_it_fills_stands_on_a_paper(columns: ModuleType) -> None:
    papers = (*columns.papers(), *columns.rest())
    named = {fill for paper in papers for column in paper.columns for fill in column.fills}
    asked = {
        f"{form.name}.{name}"
        for form in FORMS.values()
        for name, field in form.fields.items()
        if field.official and name not in BESIDE
    }
    assert asked - named == set()


def test_every_form_about_a_person_has_a_paper(columns: ModuleType) -> None:
    named = {fill.partition(".")[0] for paper in columns.papers() for column in paper.columns for fill in column.fills}
    assert {*VISITED, *CHECKLISTS} - named == set()


def test_a_line_that_cannot_be_read_is_refused(columns: ModuleType) -> None:
    with pytest.raises(ValueError, match=r"kolom\.txt: 1 \| Nama"):
        columns._column(Path("kolom.txt"), "1 | Nama")
