"""The whole app with its window, typing the register page until somebody kills it.

    python tests/ui/typing_victim.py SEED

It opens the book of POSYANDU_HOME with the PIN below, goes to the register of the open posyandu day and types at
random. Every cell is told on standard output as JSON before its Enter ("typing") and once the foot of the page has
shown it as saved ("saved"). `test_kill.py` kills it and looks whether every cell that was shown as saved is there.
"""

import json
import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import Qt  # noqa: E402 - the platform is chosen first
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from posyandu.domain.fields import Number, number_text  # noqa: E402
from posyandu.services import accounts, preferences  # noqa: E402
from posyandu.ui import jobs  # noqa: E402
from posyandu.ui.app import build_app  # noqa: E402
from posyandu.ui.main_window import MainWindow  # noqa: E402
from posyandu.ui.pages.grid import GridPage  # noqa: E402

PIN = "271828"


def tell(what: str, **more: object) -> None:
    """One line the killer can read even if it is the last."""
    print(json.dumps({"what": what, **more}), flush=True)


def main(seed: int) -> None:
    """Open, go to the register, type until killed."""
    app = build_app(sys.argv, preferences.Preferences(theme="light"))
    folder = accounts.books().real
    window = MainWindow(preferences.Preferences(theme="light"))
    window.show()
    window.open_book(accounts.unlock(folder, accounts.members(folder)[0].id, PIN))
    assert window.shell is not None
    window.shell.go("grid")
    window.activateWindow()
    app.processEvents()
    page = window.shell.pages["grid"]
    while jobs.busy():
        app.processEvents()
    assert isinstance(page, GridPage)
    tell("ready")
    for person, name, value in typed_cells(page, random.Random(seed)):
        assert page._bar.saved.text().startswith("Tersimpan")
        tell("saved", person=person, name=name, value=value)
        if random.random() < 0.2:
            app.processEvents()


def tell_typing(person: str, name: str, value: int) -> None:
    """This cell is about to be left with this value."""
    tell("typing", person=person, name=name, value=value)


def typed_cells(
    page: GridPage, rng: random.Random, typing: Callable[[str, str, int], object] = tell_typing
) -> Iterator[tuple[str, str, int]]:
    """Type one number after the other, plausible or not, and give what was saved; `typing` is told before."""
    view = page.view
    numbers = [(place, column) for place, column in enumerate(view.grid.sheet.columns) if isinstance(column, Number)]
    while True:
        row = rng.choice(view.grid.rows)
        place, column = rng.choice(numbers)
        value = rng.randrange(20, 250) * 100 if column.name == "weight_g" else rng.randrange(100, 1200)
        if rng.random() < 0.1:
            value = min(column.high, value * 4)
        view.go_to(view.grid.place_of(row), view.grid.first_entry + place)
        if row.shown(column.name) == value:
            continue
        typing(row.person_id, column.name, value)
        view.setFocus()
        for figure in number_text(column, value):
            QTest.keyClicks(QApplication.focusWidget(), figure)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert row.shown(column.name) == value, (row.shown(column.name), value)
        yield row.person_id, column.name, value


if __name__ == "__main__":
    main(int(sys.argv[1]))
