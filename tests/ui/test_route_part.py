"""A network with a proxy, a server with its own certificate: what is typed, and what is said when it is wrong."""

import datetime
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from posyandu.server.app import make_app
from posyandu.server.exchange import Desk
from posyandu.server.settings import Settings
from posyandu.services import synchronise
from posyandu.services.synchronise import Route
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox
from posyandu.storage import settings as book_settings
from posyandu.ui import files
from posyandu.ui.main_window import MainWindow
from tests.server.certificates import DAY, Certify, certify
from tests.server.conftest import desk, postgres_cluster
from tests.server.laptops import code_for
from tests.server.serving import serving
from tests.ui import scene
from tests.ui.test_sinkronisasi import opened

__all__ = ["certify", "desk", "postgres_cluster"]

WHO = b"Proxy-Authorization: Basic ZGV3aTpwQHNz"  # dewi:p@ss


@contextmanager
def proxy_to(port: int, asks: bytes) -> Iterator[str]:
    """A proxy that knows the way to the server on this port, and asks for a name and password where `asks` says so."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as open_ones:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    near = open_ones.enter_context(listener.accept()[0])
                    threading.Thread(target=tunnel, args=(near,), daemon=True).start()

        def tunnel(near: socket.socket) -> None:
            head = b""
            while b"\r\n\r\n" not in head and (data := near.recv(4096)):
                head += data
            if asks not in head:
                near.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                near.close()
                return
            far = open_ones.enter_context(socket.create_connection(("127.0.0.1", port)))
            near.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            threading.Thread(target=pump, args=(far, near), daemon=True).start()
            pump(near, far)

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(4096):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


def test_through_a_proxy_that_asks_for_a_name_to_a_server_with_its_own_certificate(
    qtbot: QtBot, window: MainWindow, village: Workspace, desk: Desk, certify: Certify, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    now = datetime.datetime.now(datetime.UTC)
    root, certificate, key = certify("dinas", now - DAY, now + DAY)
    book_settings.put(village.db, "practice", True)
    with (
        serving(make_app(desk, Settings()), ssl_certfile=str(certificate), ssl_keyfile=str(key)) as url,
        proxy_to(int(url.rpartition(":")[2]), WHO) as place,
    ):
        page = opened(qtbot, window)
        page.url.setText(url)
        page.code.setText(code_for(desk))
        part = page.route
        assert not part.fields.isVisible(), "most need none of it"
        part.more.click()
        assert part.fields.isVisible()

        def told(wrong: str) -> None:
            page.join.click()
            scene.settle(qtbot)
            field = page.code_field if page.code_field.help.text() else page.url_field
            assert wrong in field.help.text()
            assert outbox.server(village.db) is None

        told("Server tidak dapat dipastikan asli")
        monkeypatch.setattr(files, "choose_file", lambda *_asked: root)
        pick = part.findChild(QAbstractButton, "button:sertifikat")
        assert pick is not None
        pick.click()
        assert root.name in part.file.text()
        part.place.setText("kantor saya")
        told("ditulis seperti 10.1.1.1:8080")
        part.place.setText(place)
        told("menolak nama atau sandinya")
        part.name.setText("dewi")
        part.password.setText("salah")
        told("menolak nama atau sandinya")
        part.password.setText("p@ss")
        page.join.click()
        scene.settle(qtbot)
        server = outbox.server(village.db)
        assert server is not None
        assert server.url == url
        way = synchronise.route(village)
        assert (way.place, way.name, way.password) == (place, "dewi", "p@ss")

        page.again.click()
        assert (part.place.text(), part.password.text()) == (place, "p@ss")
        assert part.password.displayText() == "●●●●"
        page.code.clear()
        part.place.clear()  # the laptop is at home: no proxy, the same certificate
        page.join.click()
        scene.settle(qtbot)
        assert synchronise.route(village) == Route(root=way.root)


def test_a_route_alone_enrols_nobody(village: Workspace) -> None:
    synchronise.server_moved(village, "https://server.example", Route("10.1.1.1"))
    assert synchronise.route(village) == Route()
