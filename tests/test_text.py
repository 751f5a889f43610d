"""Every text is written in Indonesian, translated in full, and keeps its blanks."""

import json
import string

from posyandu import paths, text
from tools import collect_texts

ENGLISH: dict[str, str] = json.loads((paths.resources() / "locale" / "en.json").read_text("utf-8"))


def test_every_text_has_an_english_translation() -> None:
    assert collect_texts.missing() == []


def test_no_translation_is_left_that_nothing_uses() -> None:
    assert set(ENGLISH) - set(collect_texts.texts(collect_texts.ROOT / "posyandu")) == set()


def test_every_translation_has_the_same_blanks() -> None:
    """One test for all of them: a test each took twenty times as long, and the list names each text that differs."""
    assert len(ENGLISH) > 5000
    differing = [f"{pair[0]!r}: {pair[1]!r}" for pair in ENGLISH.items() if differ(*pair)]
    assert not differing, "\n".join(differing)


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


def differ(indonesian: str, english: str) -> bool:
    """Whether the two have other blanks, or one of them has a bracket without its other half."""
    try:
        return blanks(indonesian) != blanks(english)
    except ValueError:
        return True


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_numbers_are_written_in_the_signs_of_the_language() -> None:
    text.use_catalogue({})
    assert (text.figure("-0.6"), text.count(17290), text.count(-1200)) == ("−0,6", "17.290", "−1.200")
    text.use_catalogue(ENGLISH)
    assert (text.figure("-0.6"), text.count(17290)) == ("−0.6", "17,290")
    text.use_catalogue({})
