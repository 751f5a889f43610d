"""Every form in its own page or sheet, in both themes, all sizes of letters, both windows: nothing cut, hidden, faint.

A usual run looks at each form in one size of letters and one window, the next form in the next;
POSYANDU_EVERY_LOOK=1 looks at all of them in every size and window.
"""

import os
from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.forms import FORMS
from posyandu.services.workspace import Workspace
from posyandu.ui import rubbish, theme
from posyandu.ui.shell import Shell
from posyandu.ui.widgets.overlay import Overlay
from tests.ui import looking, openings, scene
from tests.ui.test_every_look import WINDOWS, unreached

ALL = bool(os.environ.get("POSYANDU_EVERY_LOOK"))


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    book = openings.book()
    yield book
    book.close()


@pytest.fixture(scope="module")
def every(ws: Workspace) -> tuple[openings.Opening, ...]:
    return tuple(openings.openings(ws))


def test_every_form_is_opened_or_says_why_nobody_fills_it_in(every: tuple[openings.Opening, ...]) -> None:
    opened = {form for each in every for form in each.forms}
    assert opened <= FORMS.keys()
    assert FORMS.keys() - opened == openings.BY_ITSELF.keys()
    assert len({each.name for each in every}) == len(every)


@pytest.mark.parametrize("factor", theme.FACTORS, ids=["100%", "115%", "130%"])
def test_every_form_in_every_look(
    factor: float, qtbot: QtBot, qapp: QApplication, ws: Workspace, every: tuple[openings.Opening, ...]
) -> None:
    theme.apply(qapp, "light", factor)
    shell = Shell(scene.desk(ws))
    scene.stand(qtbot, shell, *WINDOWS[0])
    mine = every if ALL else every[theme.FACTORS.index(factor) :: len(theme.FACTORS)]
    wrong = [
        f"{each.name}: {fault}"
        for place, each in enumerate(mine)
        for fault in faults(each, shell, qapp, factor, WINDOWS if ALL else WINDOWS[place % 2 :][:1])
    ]
    shell.hide()
    assert "\n".join(wrong) == ""


def faults(
    opening: openings.Opening,
    shell: Shell,
    qapp: QApplication,
    factor: float,
    windows: Sequence[tuple[int, int]] = WINDOWS,
) -> Iterator[str]:
    """What is wrong with one form in the light and the dark, in these windows."""
    shell.resize(*windows[0])
    opening.go(shell)
    openings.settle()
    sheet = next((each for each in shell.findChildren(Overlay) if each.isVisible()), None)
    seen: set[str] = set()
    for width, height in windows:
        shell.resize(width, height)
        QApplication.processEvents()
        look = f"{width}x{height}"
        root = sheet.sheet if sheet is not None else shell
        found = [*looking.settled_faults(root), *looking.cut_heads(root), *looking.faint_words(root)]
        found += [f"not reached by Tab: {looking.told(each)}" for each in out_of_ring(shell, sheet)]
        theme.apply(qapp, "dark", factor)
        QApplication.processEvents()
        found += [f"dark: {each}" for each in looking.faint_words(root)]
        theme.apply(qapp, "light", factor)
        if (shell.width(), shell.height()) != (width, height):
            found.append(f"window grown to {shell.width()}x{shell.height()}")
        yield from (f"{look} {each}" for each in found if each not in seen)
        seen |= set(found)
    if sheet is not None:
        sheet.reject()
    rubbish.collect()


def out_of_ring(shell: Shell, sheet: Overlay | None) -> list[QWidget]:
    """What takes the keys and is not on the way that Tab goes: round the window, or inside the sheet."""
    if sheet is None:
        return unreached(shell)
    ring, takes = sheet._focusable(), Qt.FocusPolicy.TabFocus.value
    return [
        each
        for each in looking.shown(sheet.sheet)
        if each.isEnabled() and each.focusPolicy().value & takes and each.focusProxy() is None and each not in ring
    ]
