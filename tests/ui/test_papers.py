"""Papers are made beside the window: the window goes on, and what became of them is said."""

import threading
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.domain.errors import DiskFull
from posyandu.services import tasks
from posyandu.services.workspace import Workspace
from posyandu.ui import files, papers
from posyandu.ui.main_window import MainWindow
from tests.ui import scene


@pytest.fixture
def said() -> list[str]:
    return []


def toast(window: MainWindow) -> str:
    assert window.shell is not None
    return window.shell.toast.label.text()


def test_a_paper_is_written_on_another_thread_and_told_twice(qtbot: QtBot, window: MainWindow, said: list[str]) -> None:
    threads: list[int] = []

    def write(ws: Workspace, path: Path) -> None:
        threads.append(threading.get_ident())
        path.write_bytes(ws.posyandu_id.encode())

    papers.save(window.desk, "Daftar: a/b", write, said=said.append)  # type: ignore[arg-type]
    scene.settle(qtbot)
    assert threads != [threading.get_ident()]
    assert said == ["Tersimpan: Daftar- a-b.pdf"]
    assert toast(window) == "Daftar- a-b.pdf tersimpan"
    assert (paths.documents() / "Posyandu" / "Daftar- a-b.pdf").read_bytes() == window.desk.ws.posyandu_id.encode()  # type: ignore[union-attr]


def test_why_a_paper_is_not_there_is_said_where_the_page_says_things_else_in_a_toast(
    qtbot: QtBot, window: MainWindow, said: list[str]
) -> None:
    def full(_ws: object, _path: Path) -> None:
        raise DiskFull("Disk penuh.")

    papers.save(window.desk, "a", full, said=said.append)  # type: ignore[arg-type]
    scene.settle(qtbot)
    assert said == ["Disk penuh."]
    papers.save(window.desk, "a", full)  # type: ignore[arg-type]
    scene.settle(qtbot)
    assert toast(window) == "Disk penuh."


def test_a_folder_that_cannot_be_made_is_said_too(qtbot: QtBot, window: MainWindow, said: list[str]) -> None:
    paths.documents().mkdir(parents=True, exist_ok=True)
    (paths.documents() / "Posyandu").write_text("a file where the folder should be")
    papers.save(window.desk, "a", lambda _ws, path: path.write_bytes(b""), said=said.append)  # type: ignore[arg-type]
    scene.settle(qtbot)
    (words,) = said
    assert words == "Berkas tidak bisa ditulis atau dibuka di sana. Pilih folder lain, lalu coba lagi."


def no_printer(_host: QWidget, _title: str) -> QPrinter | None:
    raise OSError("Tidak ada printer di laptop ini.")


def test_without_a_printer_it_says_what_else_can_be_done_or_does_it(
    window: MainWindow, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "ask_printer", no_printer)
    told: Any = {"desk": window.desk, "host": window, "title": "Daftar", "make": lambda _ws: b"", "said": said.append}
    papers.put_on_paper(**told)
    assert said == ["Tidak ada printer di laptop ini. Simpan PDF, lalu cetak dari laptop lain."]
    papers.put_on_paper(**told, without=lambda: said.append("disimpan"))
    assert said[1:] == ["disimpan"]


def test_pages_are_drawn_on_another_thread_and_put_on_the_printer(
    qtbot: QtBot,
    window: MainWindow,
    village: Workspace,
    said: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "kertas.pdf"))
    monkeypatch.setattr(files, "ask_printer", lambda _host, _title: printer)
    board = tasks.board(village, village.posyandu_id)
    threads: list[int] = []

    def make(ws: Workspace) -> bytes:
        threads.append(threading.get_ident())
        return tasks.pages(ws, board, tasks.shares(ws, tasks.errands(board)))

    def paint(*told: Any) -> None:  # noqa: ANN401 - printer and pages
        threads.append(threading.get_ident())
        really_paint(*told)

    really_paint = files.paint
    monkeypatch.setattr(files, "paint", paint)
    assert window.shell is not None
    papers.put_on_paper(window.shell.desk, window, "Daftar", make, said=said.append)
    assert said == ["Menyiapkan cetakan…"]
    scene.settle(qtbot)
    assert said[1:] == ["Daftar dikirim ke printer"]
    assert len(threads) == 2
    assert threading.get_ident() not in threads
    assert len(pypdfium2.PdfDocument(make(village))) == len(pypdfium2.PdfDocument(tmp_path / "kertas.pdf"))


def test_who_changes_their_mind_prints_nothing(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "ask_printer", lambda _host, _title: None)
    made: list[QImage] = []
    papers.put_on_paper(window.desk, window, "Daftar", lambda _ws: made.append(QImage()) or b"")  # type: ignore[arg-type, func-returns-value]
    scene.settle(qtbot)
    assert made == []
