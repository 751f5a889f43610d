"""Eight registers in one evening, by keys alone, with the power gone in the middle of the fourth."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from posyandu.domain.forms import FORMS
from posyandu.services import accounts, posts, preferences, sessions
from posyandu.services.accounts import BookFolder
from posyandu.storage import journal, records
from posyandu.storage.keys import Cost
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.grid import GridPage
from posyandu.ui.widgets.basics import Label
from tests.ui import evening

CHEAP = Cost(1, 8 * 1024)
FOURTH = 3
MOST_KEYS = 24
"""For one post beside what is typed into its register: change to it, open its day, close it."""


@pytest.fixture
def book(own_home: Path) -> BookFolder:
    """A real encrypted book on the disk with the eight posts of a village operator."""
    folder = accounts.books().real
    made = accounts.create(folder, "Baiq Sumarni", evening.PIN, cost=CHEAP)
    evening.fill(made.workspace)
    made.workspace.close()
    return folder


def test_eight_registers_are_typed_in_one_evening_though_the_power_goes_in_the_fourth(
    qtbot: QtBot, book: BookFolder, own_home: Path, chosen: preferences.Preferences
) -> None:
    said = typed_until_killed(own_home, FOURTH, boxes=2)
    saved = [line for line in said if line["what"] == "saved"]
    in_fourth = [line for line in saved if line["number"] == FOURTH]
    typing = {line["person"]: line for line in said if line["what"] == "typing" and line["number"] == FOURTH}
    cut_short = {who: line for who, line in typing.items() if who not in {each["person"] for each in in_fourth}}
    assert len(cut_short) <= 1

    window = MainWindow(chosen)
    qtbot.addWidget(window)
    hands = evening.begin(window)
    hands.unlock()
    assert window.desk is not None
    ws = window.desk.ws
    names = [post.name for post in posts.posts(ws)]
    assert hands.post_name() == names[FOURTH], "she is where she stopped"
    told = " ".join(each.text() for each in hands.page.findChildren(Label) if each.isVisible())
    assert "Hari Posyandu sedang berjalan" in told
    assert "Rabu, 4 November 2026" in told
    assert "Belum ditutup." in told
    menu = [each.text() for each in window.shell.sidebar.post.menu_now().actions()][: len(names)]  # type: ignore[union-attr]
    days = ["01-11-2026", "02-11-2026", "03-11-2026", "04-11-2026, belum ditutup"]
    assert [each.partition("\t")[2] for each in menu[:4]] == days
    assert all(each.partition("\t")[2].endswith("-10-2026") for each in menu[4:])

    hands.press("↵")
    hands.settle()
    hands.press("↵", evening.CONTROL)
    hands.settle()
    page = hands.page
    assert isinstance(page, GridPage)
    here = page.view.grid.rows[page.view.currentIndex().row()]
    assert here.shown("weight_g") is None
    done = [row.person_id for row in page.view.grid.rows[: page.view.currentIndex().row()]]
    assert set(done) >= {line["person"] for line in in_fourth}, "the cursor stands behind what was typed"
    saved += [line for who, line in cut_short.items() if who in done]  # in the book, though not yet told to be
    now: list[dict[str, Any]] = []
    hands.type_rows(evening.ROWS - len(done), tell=lambda what, **more: now.append({"number": FOURTH, **more}))
    hands.close_day()
    for number in range(FOURTH + 1, evening.POSTS):
        hands.pressed = 0
        hands.next_post()
        assert hands.post_name() == names[number]
        hands.open_day(evening.held_on(number))
        before = hands.pressed
        hands.type_rows(evening.ROWS, tell=lambda what, number=number, **more: now.append({"number": number, **more}))
        typed = hands.pressed - before
        hands.close_day()
        assert hands.pressed - typed <= MOST_KEYS
    typed_into = {(line["number"], line["person"]): line["value"] for line in (*saved, *now)}
    assert len(typed_into) == evening.POSTS * evening.ROWS

    assert journal.rows_equal_replay(ws.db)
    for number, post in enumerate(posts.posts(ws)):
        (day,) = [each for each in sessions.recent(ws, post.id) if each.held_on in evening.MONTH]
        assert (day.held_on, day.closed) == (evening.held_on(number), True)
        weighed = {
            row.person_id: row.visit["weight_g"] for row in sessions.roster(ws, day.id, "under_five") if row.visit
        }
        assert weighed == {person: value for (at, person), value in typed_into.items() if at == number}
        for person in weighed:
            visit = records.load(ws.db, FORMS["under_five_visit"], records.visit_id("under_five_visit", day.id, person))
            living = records.load(ws.db, FORMS["person"], person)
            assert visit is not None
            assert living is not None
            assert visit.scope == living.scope == post.id


def typed_until_killed(home: Path, post: int, boxes: int) -> list[dict[str, Any]]:
    """Let the operator type until so many boxes of this post are shown as saved, then take the power away."""
    told, errors = home / "said.txt", home / "errors.txt"
    with told.open("w") as out, errors.open("w") as wrong:
        victim = subprocess.Popen(
            [sys.executable, str(Path(evening.__file__)), str(post)],
            stdout=out,
            stderr=wrong,
            env={**os.environ, "POSYANDU_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"},
        )
        while victim.poll() is None and in_post(told, post) < boxes:
            time.sleep(0.02)
        victim.kill()
        victim.wait(60)
    assert victim.returncode == -9, errors.read_text()[-2000:]
    return lines_of(told)


def in_post(told: Path, post: int) -> int:
    return sum(line["what"] == "saved" and line["number"] == post for line in lines_of(told))


def lines_of(told: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told.read_text().splitlines() if line.endswith("}")]
