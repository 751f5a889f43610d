"""Pictures of every page, register and form: light, dark and large letters, in two windows, with what is wrong on them.

    python tools/tour.py FOLDER [PART]       PART keeps to pages whose name contains it

Writes one PNG for each, a contact sheet for each look, and prints what `tests.ui.looking` finds. Nothing of it is kept
in the repository.
"""

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
    ("terang-1024", "light", 1.0, (1024, 576)),
    ("gelap-besar-1024", "dark", 1.3, (1024, 576)),
)
COLUMNS, WIDTH = 3, 640


def main(folder: Path, part: str = "") -> None:
    """Walk through every stop in every look."""
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from posyandu.ui import jobs, theme
    from posyandu.ui.shell import Shell
    from posyandu.ui.widgets.overlay import Overlay
    from tests.ui import looking, openings, scene

    app = QApplication([])
    theme.load_fonts()
    folder.mkdir(parents=True, exist_ok=True)
    ws = openings.book()
    day = scene.open_day(ws)
    forms = ((f"formulir-{each.name}", each.go) for each in openings.openings(ws))
    stops = [(name, go) for name, go in (*_stops(ws, day), *forms) if part in name]
    for look, scheme, factor, (width, height) in LOOKS:
        theme.apply(app, scheme, factor)
        shell = Shell(scene.desk(ws))
        shell.resize(width, height)
        shell.show()
        taken = []
        for name, go in stops:
            go(shell)
            jobs.wait(10_000)
            QTest.qWait(400)
            found = looking.settled_faults(shell)
            path = folder / f"{look}-{name}.png"
            shell.grab().save(str(path))
            taken.append((name, path))
            sys.stdout.writelines(f"{look} {name}: {fault}\n" for fault in found)
            sys.stdout.flush()
            for sheet in shell.findChildren(Overlay):
                sheet.reject()
        _contact_sheet(folder / f"0-{look}.png", taken)
        shell.close()
    os._exit(0)


def _stops(ws: object, day: str) -> Iterator[tuple[str, Callable[..., object]]]:
    """Every page, the register of every group, and the visit, card and home visit of every group."""
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
        yield f"rumah-{group.name.lower()}", lambda shell, row=row: shell.go("kunjungan_rumah", person_id=row.person_id)


def _contact_sheet(path: Path, taken: list[tuple[str, Path]]) -> None:
    """All pictures of one look, small, in rows of three, each with its name."""
    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    if not taken:
        return
    images = [QImage(str(each)).scaledToWidth(WIDTH, Qt.TransformationMode.SmoothTransformation) for _n, each in taken]
    high = images[0].height() + 26
    lines = (len(images) + COLUMNS - 1) // COLUMNS
    sheet = QImage(COLUMNS * (WIDTH + 10), lines * high, QImage.Format.Format_RGB32)
    sheet.fill(QColor("#888888"))
    painter = QPainter(sheet)
    for place, (image, (name, _path)) in enumerate(zip(images, taken, strict=True)):
        x, y = place % COLUMNS * (WIDTH + 10), place // COLUMNS * high
        painter.drawText(QRect(x, y, WIDTH, 24), Qt.AlignmentFlag.AlignVCenter, name)
        painter.drawImage(x, y + 24, image)
    painter.end()
    sheet.save(str(path))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), *sys.argv[2:3])
