"""Every page of the registry in both themes, two sizes of letters and two windows: nothing cut, outside or nameless."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu.services import sessions
from posyandu.services.workspace import Workspace
from posyandu.ui import registry, theme
from posyandu.ui.shell import Shell, _in_tab_order
from tests.ui import looking, scene

WINDOWS = ((1366, 696), (1024, 600))
FACTORS = (1.0, 1.3)


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=4)
    day = scene.open_day(book)
    for row in sessions.roster(book, day)[:12]:
        sessions.mark_present(book, day, row.person_id)
    book.worker = replace(book.worker, role="midwife")  # who may open every page
    yield book
    book.close()


@pytest.mark.parametrize("window", WINDOWS, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("factor", FACTORS, ids=["100%", "130%"])
def test_every_page_in_every_look(
    factor: float, window: tuple[int, int], qtbot: QtBot, qapp: QApplication, ws: Workspace
) -> None:
    theme.apply(qapp, "light", factor)
    shell = Shell(scene.desk(ws))
    scene.stand(qtbot, shell, *window)
    day = scene.open_day(ws)
    someone = next(row.person_id for row in sessions.roster(ws, day, "under_five") if row.last_visit)
    wrong: list[str] = []
    for name, page in registry.PAGES.items():
        shell.go(name, **({"person_id": someone} if page.of_someone else {}))
        scene.settle(qtbot)
        found = looking.settled_faults(shell)
        theme.apply(qapp, "dark", factor)
        found += [f"dark: {each}" for each in looking.settled_faults(shell) if each not in found]
        theme.apply(qapp, "light", factor)
        found += looking.cut_heads(shell)
        found += [f"not reached by Tab: {looking.told(each)}" for each in unreached(shell)]
        if (shell.width(), shell.height()) != window:
            found.append(f"window grown to {shell.width()}x{shell.height()}")
        wrong += [f"{name}: {each}" for each in found]
    shell.hide()
    assert "\n".join(wrong) == ""


def unreached(shell: Shell) -> list[QWidget]:
    """What takes the keys and is in no part of the ring that Tab goes round (`test_keyboard` presses it)."""
    parts = (shell.sidebar, shell.header, shell.stack, shell.bar)
    ring = {each for part in parts for each in _in_tab_order(part)}
    takes = Qt.FocusPolicy.TabFocus.value
    return [
        each
        for each in looking.shown(shell)
        if each.isEnabled() and each.focusPolicy().value & takes and each.focusProxy() is None and each not in ring
        and not shell.toast.isAncestorOf(each)
    ]  # fmt: skip
