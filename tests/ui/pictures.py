"""The pictures of README and guide: the made-up post on its day, at a fixed minute, in several looks.

    python -m tests.ui.pictures          say which pictures of docs/pictures show the screens no longer
    python -m tests.ui.pictures --write  make them anew: look at them before you keep them

`test_pictures.py` compares every screen with its picture, so that a page that changes is seen by somebody.
"""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import PIL.Image
from PIL import ImageChops
from PIL.Image import Image
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posyandu.domain.calendar import age_months
from posyandu.domain.fields import Answers
from posyandu.domain.forms import FORMS
from posyandu.services import sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.ui import jobs, theme
from posyandu.ui.pages.grid import GridPage
from posyandu.ui.pages.kunjungan import KunjunganPage
from posyandu.ui.shell import Shell
from tests.ui import scene

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WINDOW = (1366, 696)
TILE, APART, PART = 32, 48, 0.05
"""Side of a tile in pixels; how far a colour may be off (of 255); the part of a tile that may be further off."""

Going = Callable[[Shell, Workspace, str], None]


@dataclass(frozen=True)
class Shot:
    """One picture: its file, its look, and how the page comes to show what it shows."""

    name: str
    go: Going
    scheme: str = "light"
    factor: float = 1.0


def book() -> Workspace:
    """A post with eight months behind it, in the middle of its day: half of the children are weighed."""
    ws = scene.village_book()
    day = scene.open_day(ws)
    for place, row in enumerate(sessions.roster(ws, day, "under_five")):
        if place % 2 or row.last_visit is None:
            continue
        gained = {"weight_g": 200 + place % 3 * 100, "length_mm": 6}
        weighed = {name: _last(row.last_visit, name) + more for name, more in gained.items()}
        visits.record(ws, FORMS[row.form], day, row.person_id, weighed, confirmed=tuple(weighed))
    return ws


def _page(name: str, shell: Shell, _ws: Workspace, _day: str) -> None:
    shell.go(name)


def _child(ws: Workspace, day: str) -> sessions.RosterRow:
    """A child of one to two years that is not weighed yet and came last month."""
    rows = sessions.roster(ws, day, "under_five")
    return next(
        row
        for row in rows
        if row.last_visit and not row.visit and row.born_on and 12 <= age_months(row.born_on, scene.HELD_ON) < 24
    )


def _last(visit: Answers | None, name: str) -> int:
    """The last figure known."""
    before = (visit or {}).get(name)
    assert isinstance(before, int)
    return before


def _more(visit: Answers | None, name: str, more: int, unit: int) -> str:
    """What is typed for the last figure and so many units more."""
    return f"{_last(visit, name) // unit + more}↵"


def _register(shell: Shell, _ws: Workspace, day: str) -> None:
    shell.go("grid", session_id=day)
    jobs.wait(30_000)
    page = shell.findChild(GridPage)
    assert page is not None
    page.view.setFocus()
    page.view.go_to(1, page.view.grid.first_entry)
    scene.keys(_more(page.view.grid.rows[1].entry.last_visit, "weight_g", 3, 100))


def _visit(shell: Shell, ws: Workspace, day: str) -> None:
    child = _child(ws, day)
    shell.go("kunjungan", person_id=child.person_id, session_id=day)
    jobs.wait(30_000)
    page = shell.findChild(KunjunganPage)
    assert page is not None
    first = page.first_focus()
    assert first is not None
    first.setFocus()
    scene.keys(_more(child.last_visit, "weight_g", 3, 100) + _more(child.last_visit, "length_mm", 8, 1))


def _card(shell: Shell, ws: Workspace, day: str) -> None:
    shell.go("kartu", person_id=_child(ws, day).person_id)


SHOTS = (
    Shot("beranda", partial(_page, "beranda")),
    Shot("hari", partial(_page, "hari")),
    Shot("grid", _register),
    Shot("daftar", partial(_page, "daftar")),
    Shot("kartu", _card),
    Shot("laporan", partial(_page, "laporan")),
    Shot("sinkronisasi", partial(_page, "sinkronisasi")),
    Shot("tindak-lanjut", partial(_page, "tindak_lanjut")),
    Shot("beranda-gelap", partial(_page, "beranda"), "dark"),
    Shot("keluarga-besar", partial(_page, "keluarga"), "light", 1.3),
    Shot("kunjungan", _visit),
    Shot("kunjungan-gelap", _visit, "dark"),
)
"""At most twelve; the one that types a visit comes last, so that the other pages do not show what it wrote."""


def screens(app: QApplication, ws: Workspace) -> Iterator[tuple[str, Callable[[], Image]]]:
    """Every picture's name, and what grabs its screen as it looks at that moment."""
    app.setCursorFlashTime(0)
    day = scene.open_day(ws)
    for shot in SHOTS:
        theme.apply(app, shot.scheme, shot.factor)
        shell = Shell(scene.desk(ws))
        shell.resize(*WINDOW)
        shell.show()
        shell.activateWindow()
        QTest.qWaitForWindowActive(shell)
        shot.go(shell, ws, day)
        jobs.wait(30_000)
        QTest.qWait(100)
        yield shot.name, lambda: _image(shell.grab().toImage())  # noqa: B023 - asked for while the window stands
        shell.close()


def _image(grabbed: QImage) -> Image:
    """What Qt painted, for comparing."""
    rgb = grabbed.convertToFormat(QImage.Format.Format_RGB888)
    size = (rgb.width(), rgb.height())
    return PIL.Image.frombytes("RGB", size, bytes(rgb.constBits()), "raw", "RGB", rgb.bytesPerLine())


def settled(grab: Callable[[], Image], wanted: Image | None, tries: int = 20) -> tuple[Image, int]:
    """The screen once it shows what is wanted, else as it is after so many looks; and in how many tiles it is off."""
    for left in reversed(range(tries)):
        image = grab()
        off = differing(image, wanted) if wanted is not None else 1
        if not off or not left:
            break
        jobs.wait(5_000)
        QTest.qWait(150)
    return image, off


def kept(name: str) -> Image | None:
    """The picture as it is in the repository."""
    path = FOLDER / f"{name}.png"
    return PIL.Image.open(path) if path.exists() else None


def differing(now: Image, kept: Image) -> int:
    """In how many tiles the screen is not what the picture shows; every tile if the sizes differ."""
    if now.size != kept.size:
        return now.width * now.height // TILE**2
    apart = ImageChops.difference(now, kept.convert("RGB")).split()
    most = ImageChops.lighter(ImageChops.lighter(apart[0], apart[1]), apart[2])
    share = most.point([255 * (each > APART) for each in range(256)]).reduce(TILE)
    return sum(share.histogram()[int(255 * PART) + 1 :])


def main(write: bool) -> int:
    """Compare the pictures with the screens, or write them; gives how many differ."""
    app = QApplication([])
    theme.load_fonts()
    wrong = 0
    for name, grab in screens(app, book()):
        image, off = settled(grab, kept(name))
        if off:
            wrong += 1
            print(f"{name} shows the screen no longer")
        if off and write:
            image.quantize(256, PIL.Image.Quantize.MAXCOVERAGE, 3, dither=PIL.Image.Dither.NONE).save(
                FOLDER / f"{name}.png", optimize=True
            )
    return wrong


if __name__ == "__main__":
    found = main("--write" in sys.argv[1:])
    sys.stdout.flush()
    os._exit(bool(found) and "--write" not in sys.argv[1:])
