"""Help in two languages: no chapter is missing in English, and both tell the same things in the same order."""

import json
import re
from pathlib import Path

import pytest

HELP = Path(__file__).parents[1] / "resources" / "help"
ENGLISH: dict[str, str] = json.loads((HELP.parent / "locale" / "en.json").read_text("utf-8"))
CHAPTERS = sorted(path.name for path in HELP.glob("*.md"))


def told(path: Path) -> str:
    return path.read_text("utf-8")


def bold(text: str) -> list[str]:
    """The words in bold, as they stand on the screen; those in the first column of a table are words of their own."""
    lines = [line for line in text.splitlines() if not line.startswith("|")]
    return [re.sub(r"\s+", " ", each).strip() for each in re.findall(r"\*\*(.+?)\*\*", "\n".join(lines), re.DOTALL)]


def test_no_chapter_is_missing_in_english() -> None:
    assert sorted(path.name for path in (HELP / "en").glob("*.md")) == CHAPTERS
    assert len(CHAPTERS) >= 19


@pytest.mark.parametrize("name", CHAPTERS)
def test_both_begin_with_a_title_and_are_not_the_same_text(name: str) -> None:
    here, there = told(HELP / name), told(HELP / "en" / name)
    for text in (here, there):
        assert re.match(r"# \S", text)
        assert text.endswith("\n")
        assert text.count("**") % 2 == 0
    assert here != there


@pytest.mark.parametrize("name", CHAPTERS)
def test_both_have_the_same_tables(name: str) -> None:
    def rows(text: str) -> list[int]:
        return [line.count("|") for line in text.splitlines() if line.startswith("|")]

    assert rows(told(HELP / "en" / name)) == rows(told(HELP / name))


@pytest.mark.parametrize("name", CHAPTERS)
def test_both_have_the_same_parts(name: str) -> None:
    def shape(text: str) -> list[str]:
        return [line[:2] for line in text.splitlines() if re.match(r"(#|- |\d\. )", line)]

    assert shape(told(HELP / "en" / name)) == shape(told(HELP / name))


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_is_called_a_button_is_called_so_on_the_english_screen(name: str) -> None:
    """Every word in bold of the Indonesian chapter that the app shows stands in English as the app translates it."""
    there = re.sub(r"\s+", " ", told(HELP / "en" / name)).casefold()
    wanted = {ENGLISH[each] for each in bold(told(HELP / name)) if each in ENGLISH}
    assert {each for each in wanted if each.casefold().rstrip("…") not in there} == set()


def texts(language: str) -> list[str]:
    return [(here.rpartition("|")[2] if language == "id" else there) for here, there in ENGLISH.items()]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_sentence_quoted_from_the_screen_stands_there(language: str) -> None:
    folder = HELP if language == "id" else HELP / "en"
    quoted = [each for name in CHAPTERS for each in re.findall(r'\*\*"(.+?)"\.?\*\*', told(folder / name))]
    assert len(quoted) >= 3
    assert [each for each in quoted if not any(text.startswith(each) for text in texts(language))] == []


NO_NAMES = {"Koma boleh tidak diketik", "Tanda kuning"}
"""Words in bold that are no button, page, list or label, but what the paragraph is about."""


def test_whatever_is_named_in_bold_is_called_so_on_the_screen() -> None:
    """Names of two words and more: whole, or where the screen fills in a number or a name, up to that."""
    known = {re.sub(r"[….:]+$", "", each.split(" {")[0]).casefold() for each in texts("id")}
    named = {
        each.rstrip("….").removesuffix(" …").removesuffix(" ke-")
        for name in CHAPTERS
        if "istilah" not in name
        for each in bold(told(HELP / name))
        if re.match(r"[A-Z][a-z]+ [^+]", each) and not each.endswith(".")
    }
    assert {each for each in named if not any(known_as.startswith(each.casefold()) for known_as in known)} == NO_NAMES
