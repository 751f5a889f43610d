"""A whole posyandu day by keys alone, in the real window over a book on disk and a server: no mouse, no call."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.server.app import make_app
from posyandu.server.exchange import Desk as ServerDesk
from posyandu.server.settings import Settings
from posyandu.services import people, preferences, sessions, synchronise
from posyandu.services.accounts import BookFolder
from posyandu.services.sample import village
from posyandu.ui import jobs
from posyandu.ui.main_window import MainWindow
from tests.server import laptops
from tests.server.conftest import postgres_cluster, postgres_url
from tests.server.serving import serving
from tests.ui import scene
from tests.ui.conftest import PIN
from tests.ui.fingers import ALT, CONTROL, Fingers, server_desk
from tests.ui.scene import keys

__all__ = ["postgres_cluster", "postgres_url", "server_desk"]

NAME = "Zahwa Kirana Putri"
WEIGHTS = ("75", "98", "103")


def test_a_posyandu_day_needs_no_mouse(
    qtbot: QtBot, locked_book: BookFolder, server_desk: ServerDesk, chosen: preferences.Preferences
) -> None:
    code = laptops.code_for(server_desk, [place.code for place in village.PLACES], regency=village.PLACES[0].code[:4])
    with serving(make_app(server_desk, Settings())) as url:
        window = scene.started(qtbot, chosen)
        hands = Fingers(qtbot, window)

        hands.tab_to("pin")
        keys(PIN)
        qtbot.waitUntil(lambda: window.shell is not None, timeout=20_000)
        hands.settle()
        assert window.desk is not None
        ws = window.desk.ws

        hands.press(Qt.Key.Key_2, ALT)
        hands.push("button:buka-hari")
        day = sessions.current(ws, ws.posyandu_id)
        assert day is not None

        known = next(row for row in sessions.roster(ws, day.id, "under_five"))
        hands.tab_to("attend")
        keys(known.name)
        hands.press(Qt.Key.Key_Return)
        assert next(row for row in sessions.roster(ws, day.id) if row.person_id == known.person_id).present

        hands.push("button:orang-baru")
        hands.tab_to("field:name")
        keys(NAME)
        hands.tab_to("field:born_on")
        keys(f"{ws.today().replace(year=ws.today().year - 2):%d%m%y}")
        hands.tab_to("field:sex")
        keys("p")
        hands.press(Qt.Key.Key_Return, CONTROL)
        new = people.search(ws, NAME, scope=ws.posyandu_id)
        assert [hit.sex for hit in new] == ["female"]
        assert next(row for row in sessions.roster(ws, day.id) if row.person_id == new[0].id).present

        hands.push("button:register")
        hands.tab_to("grid")
        for weight in WEIGHTS:
            keys(f"{weight}↵")
            keys("*")
        hands.settle()
        typed = [row for row in sessions.roster(ws, day.id) if row.visit and row.visit.get("weight_g")]
        assert len(typed) == len(WEIGHTS)
        hands.press(Qt.Key.Key_2, ALT)

        hands.push("button:tutup")
        hands.push("button:tutup-hari")
        qtbot.waitUntil(lambda: sessions.current(ws, ws.posyandu_id) is None, timeout=20_000)

        hands.find_page("Kirim data")
        hands.tab_to("field:alamat-server")
        keys(f"{url}↵")
        keys(f"{code}↵")
        qtbot.waitUntil(lambda: hands.focus.objectName() == "button:kirim", timeout=20_000)
        hands.push("button:kirim")
        qtbot.waitUntil(lambda: not jobs.busy(), timeout=20_000)
        status = synchronise.status(ws)
        assert status.here == status.confirmed > 0
        assert new[0].id.encode() in everything(server_desk)

        hands.find_page("Laporan")
        hands.push("button:simpan-pdf")
        made = list((paths.documents() / "Posyandu").glob("*.pdf"))
        assert [each.read_bytes()[:5] for each in made] == [b"%PDF-"]

        hands.press(Qt.Key.Key_L, CONTROL)
        assert hands.focus.objectName() == "pin"
        assert window.desk.closed
        assert NAME not in words_on(window)


def everything(server: ServerDesk) -> bytes:
    """The ids of all people the server has."""
    with server.pool.connection() as connection:
        rows = connection.execute("SELECT id FROM record WHERE entity = 'person'").fetchall()
    return b" ".join(str(row[0]).encode() for row in rows)


def words_on(window: MainWindow) -> str:
    """All words in the window."""
    return " ".join(each.text() for each in window.findChildren(QLabel))
