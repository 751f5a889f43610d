"""Every question asked before something is done, the sheets seldom seen, and how sending can end. For pictures."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.services import people, sealed, sessions, social, tasks
from posyandu.services.retention import KeptLong
from posyandu.services.synchronise import SyncStatus
from posyandu.services.workspace import Workspace
from posyandu.ui import mistakes
from posyandu.ui.checklist_sheet import ChecklistSheet
from posyandu.ui.erasure_sheet import EraseSheet, KeptLongSheet, OpenAnswersSheet
from posyandu.ui.pages.tindak_lanjut import MessagesSheet
from posyandu.ui.pages.tukar import WritingSheet
from posyandu.ui.shell import Shell
from posyandu.ui.signers_card import SignersCard
from posyandu.ui.widgets.dose_card import DoseSheet, DoseStrip
from posyandu.ui.widgets.overlay import Overlay
from tests.ui import openings, scene

Going = Callable[[Shell], object]
OCTOBER = Month.of(scene.HELD_ON) - 1
KEY = "7K2M-9QXD-4HTR-WP3B-6FJN-8CVA-5YEL-2GSU"
SERVER = "https://posyandu.lomboktengahkab.go.id"
ROW = "Balita;L/P;Lahir;Ditimbang;BB"
FILE = ("Raka Kecil;L;05/07/2025;12/09/2026;9,2", "Baiq Siti Nurhaliza Ramadhani;P;01/02/2024;12/09/2026;11,0")
WAYS: dict[str, dict[str, Any]] = {
    "aman": {"state": "confirmed", "sentence": "Semua data sudah aman di server.", "sent": 645, "confirmed": 645},
    "menunggu": {"state": "waiting", "sentence": "14 simpanan belum dipastikan sampai di server.", "waiting": 14},
    "tanpa-internet": {
        "state": "offline",
        "sentence": "Belum tersambung ke server. Data tetap tersimpan di laptop ini.",
        "waiting": 14,
    },
    "minta-masuk": {
        "state": "offline",
        "sentence": "Jaringan ini meminta masuk lewat peramban dulu. Data tetap tersimpan di laptop ini.",
    },
    "perlu-dilihat": {
        "state": "help",
        "sentence": "",
        "problems": (
            "Tanggal laptop berbeda 3 hari dari server. Betulkan tanggal laptop.",
            "2 simpanan ditahan server: isinya tidak terbaca. Hubungi petugas.",
            "Versi aplikasi dan server tidak cocok: perbarui yang lebih lama. Data tetap aman di laptop ini.",
            "Server tidak dapat dipastikan asli: tidak ada yang dikirim. Bila Wi-Fi ini minta masuk dulu, buka "
            "peramban dan masuk. Bila tidak, coba jaringan lain, lalu hubungi petugas.",
            "Pendaftaran laptop ini sudah dicabut. Hubungi petugas puskesmas.",
        ),
        "conflicts": 2,
    },
}
"""How sending can stand: what the page is told."""


def questions(ws: Workspace, day: str) -> Iterator[tuple[str, Going]]:
    """Each question: its name, and how the window comes to ask it."""
    rows = sessions.roster(ws, day)
    child = next(row.person_id for row in rows if row.form == "under_five_visit" and row.last_visit)
    pregnant = next(row.person_id for row in rows if row.form == "pregnancy_visit")
    card = {"person_id": child}
    yield "tutup-tanpa-menyimpan", _over("posyandu_kita", _leave_half_way, tab="kegiatan")
    yield "hapus-selamanya", _over("kartu", _erase_surely, **card)
    yield "jawaban-terbuka", lambda shell: OpenAnswersSheet(shell.desk, shell)
    yield "masa-simpan", _kept_long
    yield "hapus-kunjungan", lambda shell: _take_visit(shell, child)
    yield "hapus-orang", lambda shell: _take_person(shell, _nobody(ws))
    yield "belum-dapat-dihapus", lambda shell: _take_person(shell, child)
    yield "kehamilan-belum-dapat-dihapus", lambda shell: _take_pregnancy(shell, pregnant)
    yield "salinan-data", _over("kartu", lambda page, _shell: page.copy_of_data(), **card)
    yield "kader-sama", _over("posyandu_kita", _same_kader, tab="kader")
    yield "kunci-pemulihan-baru", _over("pengaturan", lambda page, _shell: page._new_recovery_key())
    yield "kunci-pemulihan", _over("pengaturan", lambda page, _shell: page._show_key(KEY))
    yield "penanda-tangan", _over("pengaturan", _signers)
    yield "siapa-mengunjungi", _over("tindak_lanjut", lambda page, _shell: page.open_shares())
    yield "salin-untuk-siapa", _over("tindak_lanjut", _messages)
    yield "sahkan-alat", _over("sahkan", lambda page, _shell: page.judge_tool(page.found.days[0]), month=OCTOBER)
    yield "sahkan-catatan", _over("sahkan", lambda page, _shell: page.comment(), month=OCTOBER)
    yield "masalah-hapus", _over("masalah_sosial", lambda page, _shell: page._away(_ticket(ws, child)))
    yield "masalah-cetak", _over("masalah_sosial", lambda page, _shell: page._ask_sheet(_ticket(ws, child)))
    yield "kunci-siap", _over("masalah_sosial", lambda page, _shell: page._key_made(sealed.readers(ws)[0]))
    yield "kartu-imunisasi", _over("kunjungan", _dose_card, session_id=day, **card)
    yield "alasan-imunisasi", _over("kunjungan", _dose_reason, session_id=day, **card)
    yield "checklist", _checklist
    yield "ambil-periksa", _over("tukar", _look_at_file, step="masuk")
    yield "ambil-berjalan", _over("tukar", lambda page, _shell: WritingSheet(page, "Sedang mengambil…"), step="masuk")
    yield "ambil-batalkan", _over("tukar", _take_back_file, step="masuk")


def ways_of_sending() -> Iterator[tuple[str, Going]]:
    """The page of sending, as each way it can end tells it; its parts that are shut at first."""
    for name, told in WAYS.items():
        yield name, _over("sinkronisasi", lambda page, _shell, told=told: page._show_status(_status(**told)))
    yield "sedang-mengirim", _over("sinkronisasi", _sending)
    yield "ganti-server", _over("sinkronisasi", _other_server)
    yield "proksi", _over("sinkronisasi", lambda page, _shell: page.route.more.setChecked(True))
    yield "tidak-terkirim", _over("sinkronisasi", _failed)


def _over(name: str, then: Callable[[Any, Shell], object], **told: object) -> Going:
    def go(shell: Shell) -> None:
        for sheet in shell.findChildren(WritingSheet):
            Overlay.reject(sheet)  # its own only asks the work to stop
        shell.go(name, **told)
        openings.settle()
        then(shell.pages[name], shell)
        openings.settle()

    return go


def _leave_half_way(page: Any, shell: Shell) -> None:  # noqa: ANN401 - a page
    page.add_cash()
    sheet = next(each for each in shell.findChildren(Overlay) if each.isVisible())
    sheet.view.fields["direction"].set_value("in")
    sheet.view.fields["rupiah"].take_focus()
    scene.keys("150000")
    QTest.keyClick(sheet, Qt.Key.Key_Escape)


def _erase_surely(page: Any, shell: Shell) -> None:  # noqa: ANN401 - a page
    sheet = EraseSheet(page.desk, shell, page.person_id, lambda: None)
    openings.settle()
    sheet.typed.setText(sheet.name)
    sheet.confirm()


def _kept_long(shell: Shell) -> None:
    names = ("Lalu Muhammad Rizky Ramadhan Al Fatih bin Abdul Karim", "Baiq Rohani", "Inaq Sumiati")
    gone = [
        KeptLong(f"x{n}", name, date(1999, 3, 4), has_left=bool(n), words="Catatan terakhir 04-03-1999. Pindah.")
        for n, name in enumerate(names)
    ]
    KeptLongSheet(shell.desk, shell, gone)


def _take_visit(shell: Shell, person_id: str) -> None:
    card = people.card(shell.desk.ws, person_id)
    last = card.visits[-1]
    mistakes.ask_visit(shell.desk, FORMS["under_five_visit"], last.id, card.hit.name, lambda: None, lambda: None)


def _nobody(ws: Workspace) -> str:
    """Somebody of whom nothing is noted."""
    return people.register(ws, {"name": "Salah Daftar", "sex": "male", "born_on": date(2025, 1, 2)})


def _take_person(shell: Shell, person_id: str) -> None:
    hit = people.card(shell.desk.ws, person_id).hit
    mistakes.ask_person(shell.desk, shell, hit, lambda: None, lambda: None)


def _take_pregnancy(shell: Shell, person_id: str) -> None:
    shell.go("daftar", pregnancy_of=person_id)
    openings.settle()
    shell.pages["daftar"]._take_away()


def _same_kader(page: Any, _shell: Shell) -> None:  # noqa: ANN401 - a page
    view = page._view("kader")
    view.join(view.kader[0], view.kader[1])


def _signers(page: Any, shell: Shell) -> None:  # noqa: ANN401 - a page
    from posyandu.services import levels

    card = SignersCard(page.desk)
    card.setParent(page)
    card.ask(levels.levels(shell.desk.ws)[0])


def _messages(page: Any, shell: Shell) -> None:  # noqa: ANN401 - a page
    ws = page.desk.ws
    given = tasks.shares(ws, tasks.errands(page.board))
    MessagesSheet(shell, page, given)


def _ticket(ws: Workspace, person: str) -> social.Ticket:
    if not social.tickets(ws, ws.posyandu_id):
        told = {"kind": "dropout", "finding": "Berhenti kelas 5", "consent": "agreed", "urgency": "normal"}
        social.open_ticket(ws, told, person_id=person)
    return social.tickets(ws, ws.posyandu_id)[0]


def _dose_card(page: Any, _shell: Shell) -> None:  # noqa: ANN401 - a page
    page._show_rest()
    page.findChild(DoseStrip).open_card()


def _dose_reason(page: Any, shell: Shell) -> None:  # noqa: ANN401 - a page
    page._show_rest()
    sheet = DoseSheet(page.desk, shell, page.strip.card, session_id=page.session_id)
    sheet.ask_reason(next(line for line in sheet.lines.values() if not line.dose.given_on))


def _checklist(shell: Shell) -> None:
    ws = shell.desk.ws
    band = ws.standards.on(ws.today()).development[1]
    ChecklistSheet(shell.desk, shell, band, {}, lambda _told: None)


def _look_at_file(page: Any, _shell: Shell) -> None:  # noqa: ANN401 - a page
    path = Path(mkdtemp()) / "balita-desa-ubung.csv"
    path.write_text("\n".join((ROW, *FILE)), "utf-8")
    page.read(path)
    openings.settle()
    for column, name in {0: "name", 2: "born_on", 3: "visited_on"}.items():
        if column in page.column_pickers:
            page.column_pickers[column].set_value(name)


def _take_back_file(page: Any, _shell: Shell) -> None:  # noqa: ANN401 - a page
    words = "2 catatan dari berkas ini akan dikembalikan. 1 tetap karena sudah diperbaiki atau dipakai sesudahnya."
    title = "Batalkan pengambilan balita-desa-ubung.csv?"
    page.desk.ask(title, words, "Batalkan pengambilan", lambda: None, danger=True)


def _status(**told: Any) -> SyncStatus:  # noqa: ANN401 - its fields
    known = {
        "here": 645,
        "sent": 631,
        "confirmed": 631,
        "waiting": 0,
        "last_at": scene.MORNING - timedelta(hours=17),
        "problems": (),
        "server": SERVER,
        "conflicts": 0,
        "versions": "Laptop ini Posyandu 0.2.0, server 0.2.0, protokol 3.",
    }
    return SyncStatus(**{**known, **told})


def _sending(page: Any, _shell: Shell) -> None:  # noqa: ANN401 - a page
    page._show_status(_status(**WAYS["menunggu"]))
    for part in (page.stop, page.bar):
        part.show()
    page.send.hide()
    page._progress(6, 14, "")


def _other_server(page: Any, _shell: Shell) -> None:  # noqa: ANN401 - a page
    page._settle()
    page._show_status(_status(**WAYS["aman"]))
    page.again.setChecked(True)


def _failed(page: Any, _shell: Shell) -> None:  # noqa: ANN401 - a page
    page._settle()
    page._ended = "Server menolak kiriman ini (422). Hubungi petugas bila terus terjadi."
    page._show_status(_status(**WAYS["menunggu"]))
