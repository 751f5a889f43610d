"""Sinkronisasi when something is wrong: said once, with what to do now, and promising nothing."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QThreadPool
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from posyandu.services import synchronise
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox
from posyandu.storage.outbox import Round, Server
from posyandu.ui import files, theme
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.sinkronisasi import SinkronisasiPage
from posyandu.ui.sidebar import pill_words
from tests.ui import scene

OFFLINE = "Belum tersambung ke server. Data tetap tersimpan di laptop ini."
PORTAL = "Jaringan ini meminta masuk lewat peramban dulu. Data tetap tersimpan di laptop ini."
REVOKED = "Pendaftaran laptop ini sudah dicabut. Hubungi petugas puskesmas."
UNSIGNED = "Jawaban server tidak dapat dipastikan asli. Tidak ada yang diubah."
BUSY = "Server sedang sibuk. Nanti dicoba lagi."
TROUBLE = "Server sedang bermasalah. Data tetap tersimpan di laptop ini; nanti dicoba lagi."
TOO_LARGE = "Jaringan ini tidak meloloskan kiriman. Coba jaringan lain; bila tetap, hubungi petugas."
OTHER_VERSION = "Versi aplikasi dan server tidak cocok: perbarui yang lebih lama. Data tetap aman di laptop ini."


@pytest.fixture
def answering() -> Iterator[tuple[str, dict[str, object]]]:
    """A server on this laptop that answers every request with what is put into the mapping."""
    says: dict[str, object] = {"status": 500, "kind": "application/json", "body": b"{}"}

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = says["body"]
            assert isinstance(body, bytes)
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(int(str(says["status"])))
            self.send_header("Content-Type", str(says["kind"]))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", says
    server.shutdown()
    server.server_close()
    thread.join()


def opened(qtbot: QtBot, window: MainWindow) -> SinkronisasiPage:
    assert window.shell is not None
    window.shell.go("sinkronisasi")
    scene.settle(qtbot)
    page = window.shell.page("sinkronisasi")
    assert isinstance(page, SinkronisasiPage)
    return page


def enrolled(ws: Workspace, url: str = "https://posyandu.example.id") -> None:
    outbox.enrolled(ws.db, Server(url, "5202", ("5202",), bytes(32), False, 0))


def said(page: SinkronisasiPage, sentence: str) -> int:
    """How often a sentence stands on the page outside the list of the last rounds."""
    rounds = page.rounds.parentWidget()
    return sum(
        sentence in label.text() and label.isVisible() and not rounds.isAncestorOf(label)
        for label in page.findChildren(QLabel)
    )


@pytest.mark.parametrize(
    ("answer", "sentence", "state"),
    [
        ((302, "text/html", b"<html>"), PORTAL, "offline"),
        ((200, "text/html", b"<html>masuk dulu"), PORTAL, "offline"),
        ((511, "text/plain", b"login"), PORTAL, "offline"),
        ((200, "application/octet-stream", b"<!DOCTYPE html>"), PORTAL, "offline"),
        ((200, "application/octet-stream", b"half"), UNSIGNED, "offline"),
        ((429, "text/html", b"<html>Too Many Requests"), BUSY, "offline"),
        ((503, "text/html", b"<html>no server"), BUSY, "offline"),
        ((502, "text/html", b"<html>nginx"), TROUBLE, "offline"),
        ((413, "text/html", b"<html>too large"), TOO_LARGE, "help"),
        ((426, "application/json", b"{}"), OTHER_VERSION, "help"),
        ((403, "application/json", b'{"error": "revoked"}'), REVOKED, "help"),
    ],
)
def test_what_stood_in_the_way_is_said_once_and_nothing_says_that_it_was_sent(
    qtbot: QtBot, window: MainWindow, village: Workspace, answering: tuple[str, dict[str, object]],
    answer: tuple[int, str, bytes], sentence: str, state: str,
) -> None:  # fmt: skip
    url, says = answering
    says.update(zip(("status", "kind", "body"), answer, strict=True))
    enrolled(village, url)
    page = opened(qtbot, window)
    page.send.click()
    scene.settle(qtbot)
    assert said(page, sentence) == 1
    assert page.sentence.text() == sentence
    assert not page.problems_card.isVisible()
    assert window.shell is not None
    pill = window.shell.sidebar.pill
    assert (pill.state, pill.detail) == (state, "Aman di laptop ini")
    assert [page.counters[each].text() for each in ("sent", "confirmed")] == ["0", "0"]
    window.shell.go("beranda")
    scene.settle(qtbot)
    home = " ".join(label.text() for label in window.shell.page("beranda").safe_card.findChildren(QLabel))
    assert ("akan dikirim" in home) is (state == "offline")
    assert (sentence in home) is (state == "help")


def test_when_all_is_safe_and_the_net_is_away_the_try_is_told_beside_the_button(
    qtbot: QtBot, window: MainWindow, village: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(village, "http://127.0.0.1:9")
    safe = synchronise.status(village)
    monkeypatch.setattr(outbox, "counts", lambda _db, _device: outbox.Counts(safe.here, safe.here, safe.here))
    page = opened(qtbot, window)
    assert page.sentence.text() == "Semua data sudah aman di server."
    page.send.click()
    scene.settle(qtbot)
    assert page.sentence.text() == "Semua data sudah aman di server."
    assert page.progress_words.text() == OFFLINE
    assert said(page, OFFLINE) == 1


def test_what_the_server_keeps_back_stands_below_the_state_and_once(
    qtbot: QtBot, window: MainWindow, village: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ("3 simpanan ditahan server: di luar wilayah. Hubungi petugas.", "12 simpanan menunggu.")
    enrolled(village, "http://127.0.0.1:9")
    monkeypatch.setattr(synchronise, "_problems", lambda _ws: told)
    page = opened(qtbot, window)
    assert page.sentence.text() == "Ada yang perlu dilihat. Selebihnya dikirim seperti biasa."
    assert [said(page, each) for each in told] == [1, 1]
    window.resize(1024, 600)
    scene.settle(qtbot)
    state = page.sentence.parentWidget()
    assert page.problems_card.y() < page.rounds.parentWidget().y()
    assert page.problems_card.y() > state.y()


def test_a_wrong_date_stays_to_be_read_and_is_no_passing_word(
    qtbot: QtBot, window: MainWindow, village: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(village)
    note = "Tanggal laptop berbeda 3 hari dari server. Betulkan tanggal laptop."
    done = synchronise.SyncOutcome(1, 0, 1, 0, 0, "confirmed", f"1 simpanan terkirim. {note}", note=note)
    monkeypatch.setattr(synchronise, "run", lambda _ws, progress=None: done)
    page = opened(qtbot, window)
    page.send.click()
    scene.settle(qtbot)
    assert page.progress_words.text() == note
    assert window.shell is not None
    assert not window.shell.toast.isVisible()


def test_a_new_code_or_address_can_be_typed_where_the_page_speaks_of_it(
    qtbot: QtBot, window: MainWindow, village: Workspace
) -> None:
    enrolled(village)
    outbox.keep_round(village.db, Round(0, 0, 0, 0, 0, "help", REVOKED))
    page = opened(qtbot, window)
    assert not page.url.isVisible()
    page.again.click()
    assert page.url.isVisible()
    assert page.url.text() == "https://posyandu.example.id"
    assert not page.seed.isVisible(), "only a new laptop is filled from a file"
    page.url.setText("ftp://lain")
    page.join.click()
    scene.settle(qtbot)
    assert "https://" in page.url_field.help.text()
    page.url.setText("https://baru.example.id")
    page.join.click()
    scene.settle(qtbot)
    assert (server := outbox.server(village.db)) is not None
    assert (server.url, server.regency) == ("https://baru.example.id", "5202")
    assert not page.url.isVisible()
    assert "https://baru.example.id" in page.server_text.text()
    page.again.click()
    page.url.setText("http://posyandu.example.id")
    QTest.keyClicks(page.code, "5202-AAAA-BBBB-CCCC")
    page.join.click()
    scene.settle(qtbot)
    assert "https://" in page.url_field.help.text(), "beside the address, though a code is typed"
    assert page.focusWidget() is page.url
    page.code.clear()
    page.url.setText("http://127.0.0.1:9")
    QTest.keyClicks(page.code, "5202-AAAA-BBBB-CCCC")
    page.join.click()
    scene.settle(qtbot)
    assert page.code_field.help.text() == OFFLINE
    assert (kept := outbox.server(village.db)) is not None
    assert kept.url == "https://baru.example.id", "nothing is given up for a server that does not answer"


def test_what_was_written_on_the_stick_is_named(
    qtbot: QtBot, window: MainWindow, village: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    outbox.enrolled(village.db, Server("https://posyandu.example.id", "5202", ("5202",), key, False, 0))
    monkeypatch.setattr(files, "choose_folder", lambda *_told: tmp_path)
    page = opened(qtbot, window)
    page.put.click()
    scene.settle(qtbot)
    (written,) = tmp_path.glob("*.posyandu")
    assert page.stick_words.text().endswith(f"Berkas: {written.name}")
    stranger = tmp_path / "catatan.posyandu"
    for content, sentence in (
        (b"", "Berkas ini kosong. Buat dan salin ulang."),
        (b"Undangan rapat", "Ini bukan berkas kiriman Posyandu."),
        (written.read_bytes()[:-9], "Berkas ini terpotong. Salin ulang dari asalnya."),
        (written.read_bytes(), "Berkas ini untuk laptop atau server lain. Bawa ke tujuannya."),
    ):
        stranger.write_bytes(content)
        monkeypatch.setattr(files, "choose_file", lambda *_told: stranger)
        page.take.click()
        scene.settle(qtbot)
        assert page.stick_words.text() == sentence


@pytest.mark.parametrize("wide", [True, False])
def test_no_word_of_the_pill_is_cut(qtbot: QtBot, window: MainWindow, wide: bool) -> None:
    window.resize(1366 if wide else 1024, 696)
    scene.settle(qtbot)
    assert window.shell is not None
    pill = window.shell.sidebar.pill
    assert pill.rail is not wide
    for state in ("confirmed", "waiting", "sending", "offline", "help", "not_enrolled"):
        status = SimpleNamespace(state=state, waiting=4321, last_at=scene.MORNING, sentence="")
        title, detail, short = pill_words(status, scene.MORNING)
        beside = [("small_strong", title), ("micro", detail)]
        below = [("micro", each) for each in short.split("\n")]
        room = pill.width() - (theme.px(44) if wide else 0)
        for role, words in beside if wide else below:
            assert QFontMetrics(theme.font(role)).horizontalAdvance(words) <= room, words


def test_the_page_of_a_laptop_that_never_sent_reassures_about_nothing(
    qtbot: QtBot, window: MainWindow, village: Workspace
) -> None:
    enrolled(village)
    page = opened(qtbot, window)
    assert "belum dipastikan sampai di server" in page.sentence.text()
    assert not any("aman di server." in label.text() for label in page.findChildren(QLabel) if label.isVisible())
    assert not any(each.isVisible() for each in page.findChildren(QAbstractButton, "button:bentrok"))


def test_sending_that_hangs_holds_up_nothing_else(qtbot: QtBot, window: MainWindow, village: Workspace) -> None:
    """A laptop has two cores: two tries that hang in the network must not keep the PIN or a page waiting."""
    pool = QThreadPool.globalInstance()
    most = pool.maxThreadCount()
    pool.setMaxThreadCount(2)
    deaf, held = socket.create_server(("127.0.0.1", 0)), []
    try:
        enrolled(village, f"http://127.0.0.1:{deaf.getsockname()[1]}")
        page = opened(qtbot, window)
        for _turn in range(2):
            page.send.click()
            held.append(deaf.accept()[0])  # and nobody answers
            page.stop.click()
        page.send.click()
        answers: list[int] = []
        assert window.desk is not None
        window.desk.run(lambda _ws: 1, answers.append)
        qtbot.waitUntil(lambda: answers == [1], timeout=5_000)
        assert page.job is not None
        page.stop.click()
    finally:
        pool.setMaxThreadCount(most)
        for end in (deaf, *held):
            end.close()
