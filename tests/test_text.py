"""Every text is written in Indonesian, translated in full, and keeps its blanks."""

import json
import string

import pytest

from posyandu import paths, text
from tools import collect_texts

ENGLISH: dict[str, str] = json.loads((paths.resources() / "locale" / "en.json").read_text("utf-8"))


def test_every_text_has_an_english_translation() -> None:
    assert collect_texts.missing() == []


def test_no_translation_is_left_that_nothing_uses() -> None:
    assert set(ENGLISH) - set(collect_texts.texts(collect_texts.ROOT / "posyandu")) == set()


@pytest.mark.parametrize("indonesian", ENGLISH, ids=range(len(ENGLISH)))
def test_a_translation_has_the_same_blanks(indonesian: str) -> None:
    assert blanks(ENGLISH[indonesian]) == blanks(indonesian)


def test_a_text_is_shown_in_the_chosen_language() -> None:
    text.use_catalogue({"Simpan": "Save"})
    assert text._("Simpan") == "Save"
    assert text._("Batal") == "Batal"
    assert text.N_("Simpan") == "Simpan"


def test_what_is_meant_stands_before_a_bar_and_is_never_shown() -> None:
    text.use_catalogue({"Tinggi": "High", "tubuh|Tinggi": "Tall"})
    assert (text._("Tinggi"), text._("tubuh|Tinggi")) == ("High", "Tall")
    text.use_catalogue({})
    assert text._("tubuh|Tinggi") == "Tinggi"


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_numbers_are_written_in_the_signs_of_the_language() -> None:
    text.use_catalogue({})
    assert (text.figure("-0.6"), text.count(17290), text.count(-1200)) == ("−0,6", "17.290", "−1.200")
    text.use_catalogue(ENGLISH)
    assert (text.figure("-0.6"), text.count(17290)) == ("−0.6", "17,290")
    text.use_catalogue({})
