"""Pictures of every page, register and form: light, dark and large letters, in two windows, with what is wrong on them.

    python tools/tour.py FOLDER [PART [LOOK]]       PART keeps to pages whose name contains it, LOOK to looks

Writes one PNG for each and prints what `tests.ui.looking` finds: the pages, registers and visits; every form where it
is filled, and as one long sheet with every question; pages in other states (empty, wrong, much to say, long names);
every question that is asked and every way that sending can end; and what stands before the book: the first run, the
lock. Sheets of four, SHEETS-LOOK-nn.png, are large enough to read.
Nothing of it is kept in the repository.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

LOOKS = (
    ("terang-1366", "light", 1.0, (1366, 696)),
    ("gelap-1366", "dark", 1.0, (1366, 696)),
    ("besar-1366", "light", 1.3, (1366, 696)),
    ("gelap-besar-1366", "dark", 1.3, (1366, 696)),
    ("terang-1024", "light", 1.0, (1024, 576)),
    ("terang-besar-1024", "light", 1.3, (1024, 576)),
    ("gelap-1024", "dark", 1.0, (1024, 576)),
    ("gelap-besar-1024", "dark", 1.3, (1024, 576)),
)
COLUMNS, LINES, WIDTH = 2, 2, 980
STRIP_SHEET, STRIP_HIGH, STRIP_SCALE = 1980, 1240, 0.66


def main(folder: Path, part: str = "", only: str = "") -> None:
    """Walk through every stop in every look."""
    from PySide6.QtCore import QLocale
    from PySide6.QtWidgets import QApplication, QWidget

    os.environ["POSYANDU_HOME"] = str(folder / "rumah")
    folder.mkdir(parents=True, exist_ok=True)
    if os.environ["QT_QPA_PLATFORM"] == "offscreen":  # a laptop's screen: menus and open lists stay on it
        screen = folder / "layar.json"
        screen.write_text(json.dumps({"screens": [{"name": "laptop", "x": 0, "y": 0, "width": 1366, "height": 768,
            "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]}), "utf-8")  # fmt: skip
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screen}"
    from posyandu.ui import theme
    from posyandu.ui.app import use_language
    from posyandu.ui.shell import Shell
    from posyandu.ui.widgets.overlay import Overlay
    from tests.ui import looking, openings, questions, scene, states

    app = QApplication([])
    app.setCursorFlashTime(0)
    theme.load_fonts()
    QLocale.setDefault(QLocale(QLocale.Language.Indonesian, QLocale.Country.Indonesia))
    use_language("id")
    ws = openings.book()
    day = scene.open_day(ws)
    states.fill(ws, day)
    stops = [
        *_stops(ws, day),
        *((f"formulir-{each.name}", each.go) for each in openings.openings(ws)),
        *((f"keadaan-{name}", go) for name, go in states.states(ws, day)),
        *((f"sentuh-{name}", go) for name, go in states.touched(ws, day)),
        *((f"tanya-{name}", go) for name, go in questions.questions(ws, day)),
        *((f"kirim-{name}", go) for name, go in questions.ways_of_sending()),
    ]
    for look, scheme, factor, (width, height) in (look for look in LOOKS if only in look[0]):
        theme.apply(app, scheme, factor)
        taken: list[Path] = []

        def take(name: str, window: QWidget, look: str = look, taken: list[Path] = taken) -> None:
            picture = looking.with_popups(window, looking.at_rest(window))
            taken.append(folder / f"{look}-{name}.png")
            found = [*looking.settled_faults(window), *looking.beyond(window)]
            sys.stdout.writelines(f"{look} {name}: {fault}\n" for fault in found)
            sys.stdout.flush()
            picture.save(str(taken[-1]))

        shell = Shell(scene.desk(ws))
        shell.resize(width, height)
        shell.show()
        for name, go in stops:
            if part in name:
                go(shell)
                take(name, shell)
                for sheet in shell.findChildren(Overlay):
                    sheet.working = False
                    sheet.reject()
                looking.close_popups()
                shell.toast.hide()
                shell.resize(width, height)
        shell.close()
        alone = ((f"sendiri-{name}", make) for name, make in states.alone())
        sheets = ((f"lembar-{name}", make) for name, make in states.long_sheets(width))
        for name, make in (*alone, *sheets):
            if part in name:
                window = make()
                window.resize(width, height) if name.startswith("sendiri") else window.resize(window.size())
                window.show()
                if name.startswith("lembar"):
                    looking.whole(window)
                take(name, window)
                window.close()
        _sheets(folder, look, [each for each in taken if "-lembar-" not in each.name])
        _strips(folder, look, [each for each in taken if "-lembar-" in each.name])
    os._exit(0)


def _strips(folder: Path, look: str, taken: list[Path]) -> None:
    """Long pictures cut into pieces side by side, as large as can still be read: STRIPS-LOOK-nn.png."""
    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    pieces: list[tuple[str, QImage]] = []
    for path in taken:
        image = QImage(str(path))
        small = image.scaledToWidth(round(image.width() * STRIP_SCALE), Qt.TransformationMode.SmoothTransformation)
        for top in range(0, small.height(), STRIP_HIGH):
            pieces.append((path.stem, small.copy(QRect(0, top, small.width(), min(STRIP_HIGH, small.height() - top)))))
    if not pieces:
        return
    wide = max(piece.width() for _name, piece in pieces) + 10
    across = max(1, STRIP_SHEET // wide)
    for first in range(0, len(pieces), across):
        sheet = QImage(across * wide, STRIP_HIGH + 26, QImage.Format.Format_RGB32)
        sheet.fill(QColor("#888888"))
        painter = QPainter(sheet)
        for place, (name, piece) in enumerate(pieces[first : first + across]):
            painter.drawText(QRect(place * wide, 0, wide, 24), Qt.AlignmentFlag.AlignVCenter, name)
            painter.drawImage(place * wide, 24, piece)
        painter.end()
        sheet.save(str(folder / f"STRIPS-{look}-{first // across:02d}.png"))


def _stops(ws: object, day: str) -> Iterator[tuple[str, Callable[..., object]]]:
    """Every page, the register of every group, and the visit and card of every group."""
    from posyandu.services import registers, sessions
    from posyandu.ui.registry import PAGES

    rows = sessions.roster(ws, day)  # type: ignore[arg-type]
    first = {row.group: row for row in reversed(rows) if row.group is not None and row.form}
    someone = next(row.person_id for row in rows if row.form == "under_five_visit" and row.last_visit)
    for page in PAGES.values():
        if page.name not in ("grid", "kunjungan"):
            told = {"person_id": someone} if page.of_someone else {}
            yield f"halaman-{page.name}", lambda shell, name=page.name, told=told: shell.go(name, **told)
    for name in registers.PAGES:
        yield f"register-{name}", lambda shell, name=name: shell.go("grid", session_id=day, page=name)
    for group, row in first.items():
        told = {"person_id": row.person_id, "session_id": day}
        yield f"kunjungan-{group.name.lower()}", lambda shell, told=told: shell.go("kunjungan", **told)
        yield f"kartu-{group.name.lower()}", lambda shell, row=row: shell.go("kartu", person_id=row.person_id)


def _sheets(folder: Path, look: str, taken: list[Path]) -> None:
    """The pictures of one look, four on a sheet, each with its name."""
    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    for first in range(0, len(taken), COLUMNS * LINES):
        part = taken[first : first + COLUMNS * LINES]
        images = [QImage(str(each)) for each in part]
        small = [
            each.scaledToWidth(min(WIDTH, each.width()), Qt.TransformationMode.SmoothTransformation) for each in images
        ]
        high = max(each.height() for each in small) + 26
        sheet = QImage(COLUMNS * (WIDTH + 10), LINES * high, QImage.Format.Format_RGB32)
        sheet.fill(QColor("#888888"))
        painter = QPainter(sheet)
        for place, (image, path) in enumerate(zip(small, part, strict=True)):
            x, y = place % COLUMNS * (WIDTH + 10), place // COLUMNS * high
            painter.drawText(QRect(x, y, WIDTH, 24), Qt.AlignmentFlag.AlignVCenter, path.stem)
            painter.drawImage(x, y + 24, image)
        painter.end()
        sheet.save(str(folder / f"SHEETS-{look}-{first // (COLUMNS * LINES):02d}.png"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("part", nargs="?", default="", metavar="PART")
    parser.add_argument("only", nargs="?", default="", metavar="LOOK")
    main(**vars(parser.parse_args()))
