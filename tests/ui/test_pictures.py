"""README and guide show the screens as they are: a page that changes is looked at, and its picture made anew."""

import pytest
from PIL import ImageDraw
from PySide6.QtWidgets import QApplication

from tests.ui import pictures


def test_the_pictures_show_the_screens(qapp: QApplication) -> None:
    book = pictures.book()
    wrong = {}
    for name, grab in pictures.screens(qapp, book):
        wanted = pictures.kept(name)
        assert wanted is not None, f"no picture {name}: python -m tests.ui.pictures --write"
        _image, off = pictures.settled(grab, wanted)
        if off:
            wrong[name] = off
    book.close()
    assert wrong == {}, "tiles that differ: look at them, then python -m tests.ui.pictures --write"


@pytest.mark.parametrize(
    ("box", "off"), [((40, 40, 41, 62), 0), ((40, 40, 60, 60), 1), ((40, 40, 70, 50), 2), (None, 0)]
)  # a caret; a button's corner; a word over the border of two tiles; nothing
def test_a_caret_is_not_noticed_and_a_word_is(box: tuple[int, int, int, int] | None, off: int) -> None:
    kept = pictures.kept("beranda")
    assert kept is not None
    now = kept.convert("RGB")
    if box is not None:
        ImageDraw.Draw(now).rectangle(box, fill="#ff00ff")
    assert pictures.differing(now, kept) == off


def test_every_picture_is_shown_by_a_page_of_the_guide_or_is_a_look_of_one() -> None:
    kept = {path.stem for path in pictures.FOLDER.glob("*.png")}
    assert kept == {shot.name for shot in pictures.SHOTS}
    assert len(kept) <= 12
