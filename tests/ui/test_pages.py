"""Laporan, Sinkronisasi, Pengaturan and Bantuan over a real book, with real keys and real files."""

import time
from fnmatch import fnmatch
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu import __version__, paths
from posyandu.domain.forms import FORMS
from posyandu.services import accounts, backups, post_affairs, posts, preferences
from posyandu.services.accounts import BookFolder
from posyandu.ui import files
from posyandu.ui.main_window import MainWindow
from posyandu.ui.pages.bantuan import chapters
from posyandu.ui.widgets.basics import Notice, Row, SegmentButton
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.picker import Picker
from posyandu.ui.widgets.report_table import ReportModel
from tests.ui import scene
from tests.ui.conftest import PIN


def press(window: QWidget, name: str) -> None:
    found = [each for each in window.findChildren(QAbstractButton, name) if each.isVisible()]
    assert found, name
    found[-1].click()


def sheet(window: MainWindow) -> Overlay:
    return next(each for each in window.findChildren(Overlay) if each.isVisible())


def opened(qtbot: QtBot, window: MainWindow, name: str, **arguments: object):  # noqa: ANN201 - a page
    assert window.shell is not None
    window.shell.go(name, **arguments)
    scene.settle(qtbot)
    return window.shell.page(name)


@pytest.fixture
def real(qtbot: QtBot, locked_book: BookFolder, chosen: preferences.Preferences) -> MainWindow:
    """The window over a real encrypted book on disk."""
    ws = accounts.unlock(locked_book, accounts.members(locked_book)[0].id, PIN)
    window = MainWindow(chosen)
    qtbot.addWidget(window)
    window.open_book(ws)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    scene.settle(qtbot)
    return window


# ---- Laporan


@pytest.mark.parametrize("name", ["hari", "grid", "sasaran"])
def test_no_two_choices_of_a_page_say_the_same(qtbot: QtBot, window: MainWindow, name: str) -> None:
    page = opened(qtbot, window, name)
    chosen = [each.text().rstrip(" 0123456789") for each in page.findChildren(SegmentButton) if each.isVisible()]
    chosen += [each.currentText() for each in page.findChildren(Picker) if each.isVisible()]
    assert len(chosen) > 3
    assert sorted(chosen) == sorted(set(chosen))


def test_the_report_is_shown_as_pages_and_says_whether_it_is_complete(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window, "laporan")
    assert page.preview.count() >= 2
    assert page.state.text() in ("Lengkap", f"{sum(not check.ok for check in page.report.checks)} hal perlu dicek")
    wrong = [check for check in page.report.checks if not check.ok]
    assert len(page.checks_card.findChildren(Notice)) == len(wrong)


def test_the_report_of_a_book_with_several_posts_has_the_keys_at_once(qtbot: QtBot, window: MainWindow) -> None:
    assert window.desk is not None
    ws = window.desk.ws
    here = next(post for post in posts.posts(ws) if post.id == ws.posyandu_id)
    posts.add_post(ws, {"name": "Kenanga 2", "village_code": here.village_code})
    page = opened(qtbot, window, "laporan")
    assert page.level_picker.isVisible()
    assert QApplication.focusWidget() is page.month_picker
    assert [each for each in QApplication.topLevelWidgets() if each.isVisible()] == [window]
    assert page.mono.geometry().bottom() < page.parts_card.y()


def test_every_number_with_people_behind_it_opens_their_names_by_key(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window, "laporan")
    press(window, "tampilan:table")
    model = page.table.model()
    assert isinstance(model, ReportModel)
    place = next(
        model.index(row, column)
        for row in range(model.rowCount())
        for column in range(model.columnCount())
        if model.cell(model.index(row, column)).people
    )
    page.table.setCurrentIndex(place)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    cell = model.cell(place)
    rows = [each for each in sheet(window).findChildren(Row) if each.objectName().startswith("person:")]
    assert len(rows) == len(cell.people) == cell.value
    assert "tekan Enter" in model.data(place, Qt.ItemDataRole.AccessibleTextRole)


def test_every_part_of_the_report_can_be_shown_as_a_table(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window, "laporan")
    for table in page.tables():
        press(window, f"bagian:{table.code}")
        assert page.table_title.text() == table.title
        assert page.table.isHidden() == (not table.rows)
        assert page.table_empty.isHidden() == bool(table.rows)


def test_a_list_whose_title_says_how_many_it_names_says_it_once(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window, "laporan")
    listed = {f"bagian:{table.code}": table for table in page.report.lists if table.rows}
    rows = [row for row in page.findChildren(Row) if row.objectName() in listed]
    assert rows
    for row in rows:
        count = str(len(listed[row.objectName()].rows))
        assert f"{row.title} {row.chip[0] if row.chip else ''}".split().count(count) == 1, row.title


def test_pdf_excel_and_csv_are_written_where_the_page_says(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window, "laporan")
    folder = paths.documents() / "Posyandu"
    for name in ("simpan-pdf", "excel", "csv"):
        press(window, f"button:{name}")
        scene.settle(qtbot)
        assert "Tersimpan" in page.where.text()
    assert next(folder.glob("*.pdf")).read_bytes()[:5] == b"%PDF-"
    assert next(folder.glob("*.xlsx")).read_bytes()[:2] == b"PK"
    assert any(each.is_dir() and list(each.glob("*.csv")) for each in folder.iterdir())


def test_the_month_is_walked_with_the_arrows_and_another_paper_is_remembered(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window, "laporan")
    first = page.report.month
    assert page.month_picker.hasFocus()
    QTest.keyClick(page.month_picker, Qt.Key.Key_Down)
    scene.settle(qtbot)
    assert page.report.month == first - 1
    press(window, "kertas:F4")
    scene.settle(qtbot)
    assert preferences.load().paper == "F4"


def test_without_a_printer_the_page_says_what_to_do(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtPrintSupport import QPrinterInfo

    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    page = opened(qtbot, window, "laporan")
    press(window, "button:cetak")
    assert "Simpan PDF" in page.where.text()


def test_the_report_is_printed_beside_the_window_and_the_page_says_so(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "kertas.pdf"))
    monkeypatch.setattr(files, "ask_printer", lambda _host, _title: printer)
    page = opened(qtbot, window, "laporan")
    press(window, "button:cetak")
    assert page.where.text() == "Menyiapkan cetakan…"
    assert not (tmp_path / "kertas.pdf").exists()
    scene.settle(qtbot)
    assert page.where.text() == f"{page.report.title} dikirim ke printer"
    assert (tmp_path / "kertas.pdf").read_bytes().startswith(b"%PDF")


# ---- Sinkronisasi


def test_without_a_server_the_page_says_the_data_are_safe_here_and_asks_for_the_code(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = opened(qtbot, window, "sinkronisasi")
    assert page.sentence.text() == "Belum terhubung ke server. Semua data tersimpan di laptop ini."
    assert page.url.hasFocus()
    assert not page.send.isVisible()
    press(window, "button:hubungkan")
    assert page.url_field.help.text() == "Tulis alamat server."
    assert page.code_field.help.text() == "Tulis kode pendaftaran."


def test_a_server_that_is_not_there_is_told_in_words_and_nothing_is_lost(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window, "sinkronisasi")
    QTest.keyClicks(page.url, "http://127.0.0.1:9")
    QTest.keyClick(page.url, Qt.Key.Key_Return)
    assert page.code.hasFocus()
    QTest.keyClicks(page.code, "ABCD-EFGH")
    QTest.keyClick(page.code, Qt.Key.Key_Return)
    scene.settle(qtbot)
    assert page.code_field.help.text()
    assert page.join.isEnabled()


# ---- Pengaturan


def test_looks_are_switched_at_once_and_kept(qtbot: QtBot, window: MainWindow) -> None:
    from posyandu.ui import theme

    opened(qtbot, window, "pengaturan")
    press(window, "pilihan:theme:dark")
    assert theme.is_dark()
    press(window, "pilihan:text_scale:1.15")
    qtbot.waitUntil(lambda: theme.factor() == 1.15)
    assert (preferences.load().theme, preferences.load().text_scale) == ("dark", 1.15)


def test_a_touch_screen_gets_larger_targets_that_still_fit(qtbot: QtBot, window: MainWindow) -> None:
    from posyandu.ui import theme
    from posyandu.ui.widgets.basics import Button, SegmentButton, Tick
    from posyandu.ui.widgets.picker import Picker

    def lowest() -> int:
        kinds = (Button, Picker, SegmentButton, Tick)
        return min(
            each.height() for each in window.findChildren(QWidget) if isinstance(each, kinds) and each.isVisible()
        )

    opened(qtbot, window, "pengaturan")
    assert lowest() < theme.px(52)
    tick = window.findChildren(Tick, "pilihan:touch")[-1]
    tick.setFocus()
    QTest.keyClick(tick, Qt.Key.Key_Space)
    assert preferences.load().touch
    qtbot.waitUntil(theme.touch)  # the old pages go first, one a turn
    scene.settle(qtbot)
    assert lowest() >= theme.px(52)
    for page in ("hari", "sasaran", "laporan"):
        opened(qtbot, window, page)
        assert lowest() >= theme.px(52), page
        assert window.minimumSizeHint().width() <= 1024
        assert window.minimumSizeHint().height() <= 600
    opened(qtbot, window, "pengaturan")
    press(window, "pilihan:touch")
    qtbot.waitUntil(lambda: not theme.touch())
    scene.settle(qtbot)
    assert lowest() < theme.px(52)


def test_sending_by_itself_is_switched_where_looks_are(qtbot: QtBot, window: MainWindow) -> None:
    opened(qtbot, window, "pengaturan")
    press(window, "pilihan:send_by_itself")
    assert not preferences.load().send_by_itself
    assert window.desk is not None
    assert not window.desk.preferences.send_by_itself
    press(window, "pilihan:send_by_itself")
    assert preferences.load().send_by_itself


def test_english_is_spoken_at_once_and_indonesian_again(qtbot: QtBot, window: MainWindow) -> None:
    from posyandu import text

    opened(qtbot, window, "pengaturan")
    press(window, "pilihan:language:en")
    scene.settle(qtbot)
    assert preferences.load().language == "en"
    press(window, "pilihan:language:id")
    qtbot.waitUntil(lambda: text._catalogue == {})
    words = QApplication.translate("QPlatformTheme", "Cancel")
    assert words == "Batal"


def test_a_post_is_added_and_corrected_on_its_sheet(qtbot: QtBot, window: MainWindow) -> None:
    assert window.desk is not None
    opened(qtbot, window, "pengaturan", part="posyandu")
    press(window, "button:tambah-posyandu")
    made = sheet(window)
    QTest.keyClicks(made.boxes["name"], "Anggrek 9")  # type: ignore[attr-defined]
    press(made, "button:simpan")
    assert "dari daftar" in made.area.field.help.text()  # type: ignore[attr-defined]
    QTest.keyClicks(made.area.box, "bunut baok")  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: made.area.rows.count() > 0, timeout=20_000)  # type: ignore[attr-defined]
    QTest.keyClick(made.area.box, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    QTest.keyClicks(made.boxes["open_day"], "40")  # type: ignore[attr-defined]
    press(made, "button:simpan")
    assert "antara 1 dan 31" in made.fields["open_day"].help.text()  # type: ignore[attr-defined]
    made.boxes["open_day"].clear()  # type: ignore[attr-defined]
    QTest.keyClicks(made.boxes["open_day"], "10")  # type: ignore[attr-defined]
    press(made, "button:simpan")
    ws = window.desk.ws
    found = next(post for post in posts.posts(ws) if post.name == "Anggrek 9")
    assert posts.answers(ws, found.id)["open_day"] == 10


def test_a_kader_is_added_and_a_wrong_old_pin_changes_nothing(qtbot: QtBot, real: MainWindow) -> None:
    assert real.desk is not None
    opened(qtbot, real, "pengaturan", part="kader")
    press(real, "button:tambah-kader")
    made = sheet(real)
    QTest.keyClicks(made.name_box, "Baiq Nurul")  # type: ignore[attr-defined]
    QTest.keyClicks(made.pin, "593817")  # type: ignore[attr-defined]
    QTest.keyClicks(made.again, "593817")  # type: ignore[attr-defined]
    press(made, "button:simpan")
    scene.settle(qtbot)
    folder = accounts.books().real
    assert [each.name for each in accounts.members(folder)] == ["Sri Wahyuni", "Murniati", "Baiq Nurul"]
    press(real, f"kader:{real.desk.ws.worker.id}")
    made = sheet(real)
    QTest.keyClicks(made.old, "111222")  # type: ignore[attr-defined]
    QTest.keyClicks(made.pin, "704815")  # type: ignore[attr-defined]
    QTest.keyClicks(made.again, "704815")  # type: ignore[attr-defined]
    press(made, "button:simpan")
    scene.settle(qtbot)
    assert "salah" in made.says.text()  # type: ignore[attr-defined]
    QTest.keyClicks(made.old, PIN)  # type: ignore[attr-defined]
    QTest.keyClicks(made.pin, "704815")  # type: ignore[attr-defined]
    QTest.keyClicks(made.again, "704815")  # type: ignore[attr-defined]
    press(made, "button:simpan")
    scene.settle(qtbot)
    assert not [each for each in real.findChildren(Overlay) if each.isVisible()]


def test_a_kader_of_the_posts_list_who_gets_a_pin_is_offered_by_her_name(qtbot: QtBot, real: MainWindow) -> None:
    assert real.desk is not None
    ws = real.desk.ws
    post_affairs.save(ws, FORMS["worker"], {"name": "Inaq Nursiah", "role": "kader", "active": True})
    (listed,) = accounts.kader_named(ws, "Inaq Nursiah")
    opened(qtbot, real, "pengaturan", part="kader")
    press(real, "button:tambah-kader")
    made = sheet(real)
    same = made.findChild(QAbstractButton, "kader-sama")
    assert isinstance(same, QAbstractButton)
    QTest.keyClicks(made.name_box, "Inaq")  # type: ignore[attr-defined]
    assert same.isVisible()
    assert same.isChecked()
    assert "Inaq Nursiah" in same.text()
    QTest.keyClicks(made.name_box, " Nursiati")  # type: ignore[attr-defined]
    assert not same.isVisible()
    made.name_box.clear()  # type: ignore[attr-defined]
    QTest.keyClicks(made.name_box, "inaq nursiah")  # type: ignore[attr-defined]
    for box in (made.pin, made.again):  # type: ignore[attr-defined]
        QTest.keyClicks(box, "593817")
    press(made, "button:simpan")
    scene.settle(qtbot)
    assert listed in [each.id for each in accounts.members(accounts.books().real)]
    assert accounts.kader_named(ws, "Inaq Nursiah") == {}


def test_a_backup_is_made_and_brought_back(
    qtbot: QtBot, real: MainWindow, own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert real.desk is not None
    stick = tmp_path / "flashdisk"
    stick.mkdir()
    real.desk.change_preferences(backup_folder=str(stick))
    page = opened(qtbot, real, "pengaturan", part="cadangan")
    press(real, "button:cadangkan")
    scene.settle(qtbot)
    last = backups.last(real.desk.ws)
    assert last is not None
    assert last.path.parent == stick or stick in last.path.parents
    asked: list[tuple[str, Path]] = []
    monkeypatch.setattr(files, "choose_file", lambda _page, _title, kinds, start: asked.append((kinds, start)))
    press(real, "button:pulihkan")
    ((kinds, start),) = asked
    assert start == stick
    assert fnmatch(last.path.name, kinds.split(";;")[0].split("(")[1].rstrip(")")), "the dialog hides it"
    made = page.restore_from(last.path)
    press(made, "button:ya")
    assert made.key_field.help.text() == "Ketik kunci pemulihan dulu."
    QTest.keyClicks(made.key, (own_home / "kunci.txt").read_text())
    press(made, "button:ya")
    scene.settle(qtbot)
    lock = scene.in_view(real)
    QTest.keyClicks(lock.pin, PIN)
    qtbot.waitUntil(lambda: real.shell is not None and real.shell.isVisible(), timeout=20_000)
    assert posts.posts(real.desk.ws)


def test_a_backup_into_a_folder_that_is_gone_says_so(qtbot: QtBot, real: MainWindow, tmp_path: Path) -> None:
    assert real.desk is not None
    real.desk.change_preferences(backup_folder=str(tmp_path / "dicabut"))
    page = opened(qtbot, real, "pengaturan", part="cadangan")
    press(real, "button:cadangkan")
    scene.settle(qtbot)
    assert page.backup_says.text()
    assert backups.last(real.desk.ws) is None


def test_a_new_recovery_key_is_shown_once_after_a_question(qtbot: QtBot, real: MainWindow) -> None:
    paths.documents().parent.mkdir(parents=True, exist_ok=True)
    paths.documents().write_text("Folder dokumen yang dikunci")  # the old key is void by now: the new one must be seen
    opened(qtbot, real, "pengaturan", part="kader")
    press(real, "button:kunci-baru")
    press(sheet(real), "button:ya")
    scene.settle(qtbot)
    from PySide6.QtWidgets import QLabel

    key = next(each.text() for each in real.findChildren(QLabel, "kunci-pemulihan") if each.isVisible())
    assert key.count("-") >= 5
    press(sheet(real), "button:simpan-kunci")
    assert any("Pilih folder lain" in each.text() for each in sheet(real).findChildren(QLabel))
    press(sheet(real), "button:ya")


def test_all_parts_of_the_settings_can_be_opened(qtbot: QtBot, real: MainWindow) -> None:
    for part in ("tampilan", "posyandu", "kader", "akses", "cadangan", "latihan", "tentang"):
        page = opened(qtbot, real, "pengaturan", part=part)
        assert page.part == part
        assert page.first_focus().objectName() == f"pengaturan:{part}"


def test_the_list_of_accesses_says_who_did_what_with_whom_newest_first(qtbot: QtBot, real: MainWindow) -> None:
    from PySide6.QtWidgets import QLabel

    from posyandu.services import access

    assert real.desk is not None
    ws = real.desk.ws
    access.note(ws, "exported_data", title="e-PPGBM 2026-11")
    access.note(ws, "pin_reset", ws.worker.id)
    page = opened(qtbot, real, "pengaturan", part="akses")
    scene.settle(qtbot)
    told = [page.findChild(QLabel, f"akses:{number}").text() for number in range(2)]
    assert sorted(told) == [
        "Data Posyandu disimpan ke berkas: e-PPGBM 2026-11",
        f"PIN baru untuk kader lain: {ws.worker.name}",
    ]
    assert any(each.text().startswith(f"{ws.worker.name} · ") for each in page.findChildren(QLabel))


# ---- Bantuan


def test_help_is_found_by_its_words_and_read_by_enter(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window, "bantuan")
    assert page.subtitle == f"Semua bantuan ada di laptop ini, tanpa internet. Posyandu {__version__}."
    assert page.reader.toPlainText().startswith(chapters()[0].title)
    QTest.keyClicks(page.box, "pintasan")
    QTest.keyClick(page.box, Qt.Key.Key_Return)
    assert "pintasan" in page.reader.toPlainText().casefold()
    page.box.clear()
    QTest.keyClicks(page.box, "qqqq")
    assert [each for each in page.list.findChildren(Row) if each.isVisible()] == []


def test_every_chapter_can_be_shown(qtbot: QtBot, window: MainWindow) -> None:
    page = opened(qtbot, window, "bantuan")
    for chapter in chapters():
        page.read(chapter.code)
        shown = page.reader.toPlainText()
        assert shown.startswith(chapter.title)
        assert len(shown) > 400, "tables too, with their bars"


# ---- practice


def test_the_practice_bar_is_seen_only_in_practice(qtbot: QtBot, chosen: preferences.Preferences) -> None:

    ws = scene.village_book(months=1)
    window = MainWindow(chosen, practice=True)
    qtbot.addWidget(window)
    window.open_book(ws)
    window.show()
    assert window.findChild(QWidget, "practice") is not None
    scene.settle(qtbot)
    window.close()
    time.sleep(0)


def test_an_ordinary_book_has_no_practice_bar(qtbot: QtBot, window: MainWindow) -> None:
    assert window.findChild(QWidget, "practice") is None
