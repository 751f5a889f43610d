"""The app with a half typed sheet, waiting to be killed.

    python tests/ui/sheet_victim.py registration|first_run|cash

Types like a person, tells "typed" on standard output when the last field was left, and then does nothing more.
`test_kill_sheets.py` kills it and looks whether the words are still there.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import Qt  # noqa: E402 - the platform is chosen first
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QLineEdit  # noqa: E402

from posyandu.services import accounts, preferences  # noqa: E402
from posyandu.ui.app import build_app  # noqa: E402
from posyandu.ui.main_window import MainWindow  # noqa: E402

PIN = "271845"
"""Of the book that `locked_book` makes."""
NAME = "Lalu Rizki Maulana"
POST = "Flamboyan 4"


def main(sheet: str) -> None:
    """Type the sheet and wait for the end."""
    chosen = preferences.Preferences(theme="light")
    build_app(sys.argv, chosen)
    window = MainWindow(chosen)
    window.show()
    if sheet in ("registration", "cash"):
        folder = accounts.books().real
        window.open_book(accounts.unlock(folder, accounts.members(folder)[0].id, PIN))
        assert window.shell is not None
        window.shell.go("daftar" if sheet == "registration" else "posyandu_kita")
        window.activateWindow()
        QTest.qWait(200)
        if sheet == "cash":
            window.shell.pages["posyandu_kita"].add_cash()  # type: ignore[attr-defined]
            QTest.qWait(200)
        type_into("field:name" if sheet == "registration" else "field:note", NAME)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        QTest.qWait(600)  # what is typed is kept 400 ms after the last key
    else:
        window.start()
        QTest.qWait(100)
        steps = window.centralWidget().currentWidget()  # type: ignore[attr-defined]
        steps._next()
        type_into("field:desa", "bunut baok")
        for _turn in range(200):
            if steps.area.rows.count():
                break
            QTest.qWait(50)
        QTest.keyClick(steps.area.box, Qt.Key.Key_Return)
        type_into("field:nama-posyandu", POST)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        QTest.qWait(100)
    print("typed", flush=True)
    QTest.qWait(120_000)


def type_into(name: str, text: str) -> None:
    """Give the field the keyboard and press the letters."""
    found = [each for each in QApplication.allWidgets() if each.objectName() == name and isinstance(each, QLineEdit)]
    line = next(each for each in found if each.isVisible())
    line.setFocus()
    for letter in text:
        QTest.keyClicks(line, letter)


if __name__ == "__main__":
    main(sys.argv[1])
