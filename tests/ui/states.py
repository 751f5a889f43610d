"""Pages when there is nothing, too much or something wrong, and what stands before the book. For pictures."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QHelpEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QWidget

from posyandu.domain.calendar import Month
from posyandu.domain.errors import WrongPin
from posyandu.domain.form import Context
from posyandu.domain.forms import FORMS
from posyandu.services import accounts, births, people, preferences, sessions, workspace
from posyandu.services.workspace import Workspace
from posyandu.storage.keys import COSTS
from posyandu.ui import errors, theme
from posyandu.ui.form_view import FormView
from posyandu.ui.pages import first_run, lock
from posyandu.ui.pages.pengaturan import PinSheet, RestoreSheet
from posyandu.ui.pages.tanggal import TanggalPage
from posyandu.ui.shell import Shell
from posyandu.ui.widgets import overlay
from posyandu.ui.widgets.basics import ScrollPage
from posyandu.ui.widgets.picker import Picker
from tests.ui import openings, scene

LONG = "Lalu Muhammad Rizky Ramadhan Al Fatih bin Abdul Karim Zainuddin"
LONG_MOTHER = "Baiq Siti Khadijah Nurhasanah Wulandari Rahmawati Putri"
EMPTY = ("beranda", "hari", "sasaran", "keluarga", "tindak_lanjut", "masalah_sosial", "laporan", "petugas", "sahkan",
         "posyandu_kita", "tukar", "sinkronisasi", "daftar")  # fmt: skip
Going = Callable[[Shell], object]


def fill(ws: Workspace, day: str) -> None:
    """Somebody with a long name and address, somebody noted twice, and two visits that two laptops tell otherwise."""
    from tests.ui.test_bentrok import differ

    told = {"name": LONG, "sex": "male", "born_on": date(2025, 3, 4), "mother_name": LONG_MOTHER, "rt": "012",
            "rw": "004", "hamlet": "Dusun Montong Gamang Timur Laut", "address": "Gang Nurul Huda 12"}  # fmt: skip
    person = people.register(ws, told)
    sessions.mark_present(ws, day, person)
    for name, born_on in (("Lalu Rizki Maulana", date(2024, 5, 3)), ("L. Rizqi Maulana", date(2024, 5, 5))):
        people.register(ws, {"name": name, "sex": "male", "born_on": born_on, "mother_name": "Baiq Siti Aminah"})
    for hit in people.search(ws, "", limit=1000, scope=ws.posyandu_id)[20:22]:
        differ(ws, hit.id, {"weight_g": 9400, "length_mm": 745}, {"weight_g": 9600, "length_mm": 750})


def states(ws: Workspace, day: str) -> Iterator[tuple[str, Going]]:
    """Each state: its name, and how the window comes to show it."""
    rows = sessions.roster(ws, day)
    long = next(row.person_id for row in rows if row.name == LONG)
    child = next(row for row in rows if row.form == "under_five_visit" and row.last_visit)
    for page, told in (
        ("kartu", {"person_id": long}),
        ("kunjungan", {"person_id": long, "session_id": day}),
        ("kunjungan_rumah", {"person_id": long}),
        ("daftar", {"person_id": long}),
        ("kematian", {"person_id": long}),
    ):
        yield f"nama-panjang-{page}", _go(page, **told)
    yield "nama-panjang-cari", lambda shell: _search(shell, "zainuddin")
    yield "nama-panjang-sasaran", lambda shell: _type(shell, "sasaran", "zainuddin")
    yield "nama-panjang-hari", lambda shell: _type(shell, "hari", "zainuddin")
    yield "cari-kosong", lambda shell: _search(shell, "")
    yield "cari-tanpa-hasil", lambda shell: _search(shell, "xyzq")
    yield (
        "nama-di-balik-angka",
        lambda shell: overlay.show_names(
            shell, "1. Daftar: sudah selesai", people.search(ws, "", limit=40, scope=ws.posyandu_id), lambda _id: None
        ),
    )
    yield "nama-tidak-ada", lambda shell: overlay.show_names(shell, "2T", [], lambda _id: None)
    yield (
        "tanya-bahaya",
        lambda shell: overlay.ask(
            shell,
            "Kosongkan buku latihan?",
            "Semua yang dicoba di sini hilang.",
            "Kosongkan",
            lambda: None,
            danger=True,
        ),
    )
    yield (
        "tanya-kalimat",
        lambda shell: overlay.ask_words(
            shell,
            "Kembalikan bulan ini?",
            "Posyandu membetulkannya, lalu mengesahkan lagi.",
            "Mengapa",
            "Kembalikan",
            lambda _words: None,
        ),
    )
    yield (
        "kabar",
        lambda shell: overlay.tell(shell, "Belum bisa", "Flashdisk penuh. Hapus berkas lama, lalu coba lagi."),
    )
    yield "maaf", _apology
    yield (
        "toast",
        lambda shell: (shell.go("beranda"), shell.toast.say("Kunjungan Raka tersimpan", "Batalkan", lambda: None)),
    )
    yield "hari-tutup", _go("hari", close=True)
    before = next(each for each in sessions.recent(ws, ws.posyandu_id) if each.closed)
    yield "hari-ditutup", _go("hari", session_id=before.id)
    for name, typed in (("naik", "↵"), ("mustahil", "91↵"), ("tidak-biasa", "3,1↵200↵")):
        yield f"kunjungan-{name}", lambda shell, typed=typed: _visit(shell, child, day, typed)
    yield "kunjungan-ditolak", lambda shell: (_visit(shell, child, day, "91↵"), _press(shell, "button:simpan"))
    yield "register-terisi", lambda shell: _register(shell, day)
    yield (
        "daftar-kosong-disimpan",
        lambda shell: (shell.go("daftar"), _press(shell, "button:daftarkan", "button:simpan")),
    )
    yield "daftar-mirip", _alike
    october = Month.of(scene.HELD_ON) - 1
    for step in ("mutu", "cocok", "sahkan", "tanya"):
        yield f"sahkan-{step}", _go("sahkan", step=step, month=october)
    yield "petugas-oktober", _go("petugas", month=october)
    yield "tukar-masuk", _go("tukar", step="masuk")
    yield "tukar-keluar", _go("tukar", step="keluar", month=october)
    yield "laporan-oktober", _go("laporan", month=october)
    yield (
        "laporan-tabel",
        lambda shell: (shell.go("laporan", month=october), openings.settle(), _press(shell, "tampilan:table")),
    )
    for part in ("tampilan", "posyandu", "kader", "akses", "cadangan", "latihan", "tentang"):
        yield f"pengaturan-{part}", lambda shell, part=part: _settings(shell, part)
    yield "ganti-pin", lambda shell: PinSheet(shell, "Ganti PIN", lambda *_told: None, ask_old=True).open_over()
    yield (
        "pulihkan",
        lambda shell: RestoreSheet(shell, shell.desk, Path("cadangan-melati-1-20261112.posyandu"), None).open_over(),
    )
    yield "bantuan-cari", lambda shell: _type(shell, "bantuan", "timbang")
    yield "bantuan-ukur", _go("bantuan", chapter="cara-mengukur")


def touched(ws: Workspace, day: str) -> Iterator[tuple[str, Going]]:
    """What comes by pointing and by keys: hover, menus, open lists, a tooltip, the calendar, the ring of the focus."""
    child = next(row.person_id for row in sessions.roster(ws, day) if row.form == "under_five_visit")
    visit = {"person_id": child, "session_id": day}
    for name, page, told, target in (
        ("tombol-utama", "beranda", {}, "Button"),
        ("baris-daftar", "tindak_lanjut", {}, "Row"),
        ("menu-samping", "beranda", {}, "NavButton"),
        ("jawaban", "kunjungan", visit, "Pick"),
        ("tab", "posyandu_kita", {}, "SegmentButton"),
    ):
        yield f"hover-{name}", lambda shell, page=page, told=told, target=target: _hover(shell, page, told, target)
    yield "hover-sasaran", lambda shell: (shell.go("sasaran"), openings.settle(), _point_at_line(shell, "people"))
    yield "hover-hari", lambda shell: (shell.go("hari"), openings.settle(), _point_at_line(shell, "roster"))
    for name, page, told, button in (
        ("posyandu", "beranda", {}, "post"),
        ("lainnya-bilah", "kartu", {"person_id": child}, "button:lainnya"),
        ("lainnya-samping", "beranda", {}, "nav:lainnya"),
    ):
        yield f"menu-{name}", lambda shell, page=page, told=told, button=button: _open(shell, page, told, button)
    yield "menu-kotak-isian", lambda shell: (shell.go("sasaran"), openings.settle(), _context(shell, "sasaran"))
    for name, page, told, picker in (
        ("bulan", "laporan", {}, "bulan"),
        ("jenis", "laporan", {}, "jenis"),
        ("kelompok", "sasaran", {}, "people:group"),
        ("lembar", "grid", {"session_id": day, "page": "under_five"}, "lembar"),
    ):
        yield f"pilihan-{name}", lambda shell, page=page, told=told, picker=picker: _drop(shell, page, told, picker)
    yield "tip-daftar", _tip
    yield "kalender", lambda shell: _calendar(shell, "daftar", {}, "born_on")
    yield "kalender-bawah", lambda shell: _calendar(shell, "daftar", {"person_id": child}, "born_on", low=True)
    for name, page, told, kinds in (
        ("beranda", "beranda", {}, ("NavButton", "PostButton", "SyncPill", "SearchBox", "Button", "Row")),
        ("kunjungan", "kunjungan", visit, ("Pick", "Button")),
        ("pengaturan", "pengaturan", {}, ("SegmentButton", "Row")),
        ("laporan", "laporan", {}, ("Tick", "MonthPicker")),
        ("kartu", "kartu", {"person_id": child}, ("SegmentButton", "Button")),
    ):
        for kind in kinds:
            yield f"fokus-{name}-{kind}", lambda shell, page=page, told=told, kind=kind: _ring(shell, page, told, kind)


def _first(shell: Shell, kind: str) -> QWidget:
    """The first widget of a kind that can be seen whole and pressed."""
    found = [each for each in shell.findChildren(QWidget) if type(each).__name__ == kind and each.isVisible()]
    able = [each for each in found if each.isEnabled() and each.visibleRegion().boundingRect() == each.rect()]
    return (able or found or [shell])[-1 if kind == "Pick" else 0]


def _hover(shell: Shell, page: str, told: dict[str, Any], kind: str) -> None:
    shell.go(page, **told)
    openings.settle()
    _point(_first(shell, kind))


def _point(widget: QWidget, spot: QPoint | None = None) -> None:
    """The pointer over a widget, as Qt tells it."""
    at = QPointF(spot or widget.rect().center())
    where = QPointF(widget.mapToGlobal(at.toPoint()))
    QApplication.sendEvent(widget, QEnterEvent(at, at, where))
    none = Qt.MouseButton.NoButton
    move = QMouseEvent(QEvent.Type.MouseMove, at, where, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, move)
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    widget.update()


def _point_at_line(shell: Shell, name: str) -> None:
    view = next(each for each in shell.findChildren(QAbstractItemView, name) if each.isVisible())
    _point(view.viewport(), view.visualRect(view.model().index(1, 0)).center())


def _open(shell: Shell, page: str, told: dict[str, Any], name: str) -> None:
    shell.go(page, **told)
    openings.settle()
    _press(shell, name)
    openings.settle()


def _context(shell: Shell, page: str) -> None:
    box: Any = shell.pages[page].first_focus()
    box.setText("Baiq")
    box.selectAll()
    spot = QPoint(40, 20)
    QApplication.sendEvent(box, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, box.mapToGlobal(spot)))
    openings.settle()


def _drop(shell: Shell, page: str, told: dict[str, Any], name: str) -> None:
    shell.go(page, **told)
    openings.settle()
    for picker in shell.findChildren(Picker, name):
        if picker.isVisible():
            picker.setFocus(Qt.FocusReason.TabFocusReason)
            QTest.keyClick(picker, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
            QTest.qWait(60)
            return


def _tip(shell: Shell) -> None:
    _type(shell, "sasaran", "zainuddin")
    QTest.qWait(400)
    view: Any = next(each for each in shell.findChildren(QAbstractItemView, "people") if each.isVisible())
    spot = view.visualRect(view.model().index(0, 0)).center()
    QApplication.sendEvent(view.viewport(), QHelpEvent(QEvent.Type.ToolTip, spot, view.viewport().mapToGlobal(spot)))


def _calendar(shell: Shell, page: str, told: dict[str, Any], field: str, *, low: bool = False) -> None:
    shell.go(page, **told)
    openings.settle()
    button = next(each for each in shell.findChildren(QAbstractButton, f"calendar:{field}") if each.isVisible())
    if low:
        shell.resize(shell.width(), button.mapTo(shell, QPoint(0, 0)).y() + 150)
        openings.settle()
    button.click()
    QTest.qWait(60)


def _ring(shell: Shell, page: str, told: dict[str, Any], kind: str) -> None:
    shell.go(page, **told)
    openings.settle()
    _first(shell, kind).setFocus(Qt.FocusReason.TabFocusReason)


def _go(name: str, **told: object) -> Going:
    return lambda shell: shell.go(name, **told)


def _search(shell: Shell, words: str) -> None:
    shell.open_palette()
    scene.keys(words)


def _type(shell: Shell, page: str, words: str) -> None:
    shell.go(page)
    openings.settle()
    first: Any = shell.pages[page].first_focus()
    first.setFocus()
    first.clear()
    scene.keys(words)


def _alike(shell: Shell) -> None:
    """Somebody of a known name, also where the page goes on with what an earlier look typed."""
    shell.go("daftar")
    openings.settle()
    page: Any = shell.pages["daftar"]
    name = page.view.fields["name"].input()
    name.setFocus()
    name.clear()
    scene.keys("Lalu Rizki Maulana↵")


def _visit(shell: Shell, child: Any, day: str, typed: str) -> None:  # noqa: ANN401 - a row of the day
    shell.go("kunjungan", person_id=child.person_id, session_id=day)
    openings.settle()
    shell.pages["kunjungan"].first_focus().setFocus()
    if typed == "↵":
        typed = (
            f"{child.last_visit['weight_g'] / 1000 + 0.4:.1f}↵{child.last_visit['length_mm'] / 10 + 0.8:.1f}↵".replace(
                ".", ","
            )
        )
    scene.keys(typed)
    openings.settle()


def _register(shell: Shell, day: str) -> None:
    from posyandu.ui.pages.grid import GridPage

    shell.go("grid", session_id=day, page="under_five")
    openings.settle()
    page: Any = shell.findChild(GridPage)
    page.view.setFocus()
    for line, typed in enumerate(("3,6↵54↵", "91↵", "10,3↵", "16,0↵110↵", "8,1↵")):
        page.view.go_to(line, page.view.grid.first_entry)
        scene.keys(typed)


def _press(shell: Shell, *names: str) -> None:
    for button in shell.findChildren(QAbstractButton):
        if button.objectName() in names and button.isVisible():
            button.click()
            return


def _settings(shell: Shell, part: str) -> None:
    shell.go("pengaturan")
    page = shell.pages["pengaturan"]
    if part in page.pages:
        page.show_part(part)


def _apology(shell: Shell) -> None:
    errors._state.update(window=shell, open=False)
    errors._apologise("laporan", None)


def _empty(page: str) -> QWidget:
    """A page of a book that was made a minute ago."""
    ws = workspace.in_memory(now=scene.MORNING)
    ws.worker = replace(ws.worker, role="midwife")
    shell = Shell(scene.desk(ws))
    shell.go(page)
    return shell


def alone() -> Iterator[tuple[str, Callable[[], QWidget]]]:
    """What stands in the window before a book is open."""
    for name, place in (("bahasa", 0), ("posyandu", 1), ("kader", 2), ("kunci", 3), ("data", 4), ("mulai", 5)):
        yield f"pertama-{name}", lambda place=place: _first_run(place)
    yield "kunci-pin", _lock
    yield "kunci-salah", lambda: _lock(wrong=True)
    yield "kunci-lupa", lambda: _lock(forgot=True)
    yield "tunggu", lambda: lock.WaitPage("Menyiapkan desa latihan… Pertama kali agak lama.")
    yield "tanggal", lambda: TanggalPage(workspace.in_memory(now=scene.MORNING))
    for page in EMPTY:
        yield f"kosong-{page}", lambda page=page: _empty(page)


def _first_run(place: int) -> QWidget:
    page = first_run.FirstRunPage(preferences.Preferences(theme="light"), accounts.books().real)
    page._show(place)
    if place == first_run.POSTS:
        page._leave_posts()
    if place == first_run.KADER:
        page._leave_kader()
    if place == first_run.KEY:
        page.key_label.setText("7K2M-9QXD-4HTR-WP3B-6FJN-8CVA-5YEL-2GSU")
    if place == first_run.DATA:
        page.have.buttons["server"].click()
    return page


def _lock(*, wrong: bool = False, forgot: bool = False) -> QWidget:
    folder = accounts.books().real
    if not accounts.exists(folder):
        ws = accounts.create(folder, "Sri Wahyuni", "271845", cost=COSTS[-1]).workspace
        for name, pin in (("Murniati", "381946"), (LONG, "492057")):
            accounts.add_member(ws, name, "kader", pin)
        ws.close()
    page = lock.LockPage(preferences.Preferences(theme="light"), folder)
    if forgot:
        page._toggle_recovery()
        page._try_recovery()
    if wrong:
        page._refused(WrongPin("PIN salah. Coba lagi.", tries_left=4, wait_seconds=0))
    return page


def long_sheets(window: int) -> Iterator[tuple[str, Callable[[], QWidget]]]:
    """Every form as one long sheet with every question, in the width its column has in this window."""
    from tests.ui.test_forms_fit import whole

    def sheet(form: Any) -> QWidget:  # noqa: ANN401 - Form
        page = ScrollPage(margins=(28, 12, 28, 18))
        view = FormView(whole(form), Context(scene.HELD_ON, {}, {}))
        page.body.addWidget(view)
        view.finish_building()
        width = 560 if window > 1200 and theme.factor() == 1.0 else 573 if window > 1200 else 905
        page.resize(width, min(16_000, page.needed(width)))
        return page

    for name, form in {**FORMS, "birth": births.BIRTH, "twin": births.TWIN}.items():
        yield name, lambda form=form: sheet(form)
