"""Everything that gives out names on paper or in files stands in the access log, once, for the right post or person."""

import ast
import errno
import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, DiskFull, NotFound, PosyanduError
from posyandu.domain.forms import FORMS
from posyandu.services import (
    access,
    batch,
    curves,
    data_package,
    decrees,
    eppgbm,
    eppgbm_import,
    home_visits,
    leaving,
    opensid,
    person_file,
    posts,
    referrals,
    reporting,
    sheets,
    social,
    social_exchange,
    social_papers,
    tasks,
)
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services import melati
from tests.services.test_eppgbm import RAKA, book
from tests.services.test_social import TOLD

NOVEMBER, POST = Month(2026, 11), melati.POST
SERVICES = Path(__file__).parents[2] / "posyandu" / "services"
Way = Callable[[Workspace, str, Path], object]


@pytest.fixture(scope="module")
def shared() -> tuple[Workspace, str]:
    ws = melati.post()
    child = melati.child(ws, "Raka Aditya", mother_name="Wulan")
    melati.weighed(ws, child, melati.TODAY - timedelta(days=31), 9_200, length_mm=740, position="lying", head_mm=450)
    melati.weighed(ws, child, melati.TODAY, 9_600, length_mm=755, position="lying", head_mm=455)
    return ws, child


def noted(ws: Workspace) -> Counter[tuple[str, str, str]]:
    return Counter((each.action, each.by, each.about) for each in access.log(ws))


def titles(ws: Workspace) -> Counter[str]:
    return Counter(each.title for each in access.log(ws))


def slip(ws: Workspace, child: str, folder: Path) -> object:
    answers = {"referred_on": melati.TODAY, "refer_to": "puskesmas", "reason_note": "Tampak kurus"}
    record = records.new_id()
    form = FORMS["referral"]
    told = {name: value for name, value in answers.items() if name in form.fields}
    records.save(
        ws.db, form, record, told, scope=melati.POST, author=ws.author, now=ws.now(), links={"person_id": child}
    )
    return referrals.save_slip(ws, child, record, folder / "rujukan.pdf")


def ticket(ws: Workspace, child: str) -> social.Ticket:
    return social.ticket(ws, social.open_ticket(ws, TOLD, person_id=child).id)


def report(ws: Workspace) -> reporting.MonthlyReport:
    return reporting.monthly(ws, melati.POST, NOVEMBER)


def read_rows(ws: Workspace, folder: Path) -> object:
    preview = eppgbm_import.look(ws, melati.POST, book(folder / "masuk.xlsx", RAKA))
    return eppgbm_import.save_rows(ws, eppgbm_import.as_table(preview), folder / "baris.xlsx")


def lists_of(ws: Workspace, folder: Path) -> object:
    board = tasks.board(ws, melati.POST)
    return tasks.save_pages(ws, board, tasks.shares(ws, tasks.errands(board)), folder / "daftar.pdf")


def visit_sheet(ws: Workspace, child: str, folder: Path) -> object:
    opened = home_visits.open_visit(ws, child)
    return home_visits.save_sheet(ws, folder / "kunjungan.pdf", opened.form, opened)


WAYS: dict[str, tuple[str, bool, Way]] = {
    "monthly report as PDF": ("report", False, lambda w, c, to: reporting.save_pdf(w, report(w), to / "a.pdf")),
    "monthly report as Excel": ("report", False, lambda w, c, to: reporting.save_xlsx(w, report(w), to / "a.xlsx")),
    "monthly report as CSV": ("report", False, lambda w, c, to: reporting.save_csv(w, report(w), to / "csv")),
    "every official sheet": (
        "report", False,
        lambda w, c, to: reporting.save_pdf(w, reporting.build(w, "sip2", melati.POST, NOVEMBER), to / "sip.pdf"),
    ),
    "the bundle of a post": ("report", False, lambda w, c, to: batch.write(w, posts.posts(w), NOVEMBER, to / "b")),
    "KMS of all": ("names", False, lambda w, c, to: curves.save_small_kms(w, melati.POST, to / "kms.pdf")),
    "KMS strips": ("names", False, lambda w, c, to: curves.save_strips(w, melati.POST, melati.TODAY, to / "strip.pdf")),
    "lists to take along": ("names", False, lambda w, c, to: lists_of(w, to)),
    "a file read, row by row": ("names", False, lambda w, c, to: read_rows(w, to)),
    "social reports": ("names", False, lambda w, c, to: social_papers.save_list(w, to / "sosial.pdf")),
    "one social report": ("names", False, lambda w, c, to: social_papers.save_sheet(w, ticket(w, c), to / "t.pdf")),
    "a draft decree": ("names", False, lambda w, c, to: decrees.save(w, "sk_kader", to / "sk.pdf")),
    "a report to NTB Care": ("exported_data", False, lambda w, c, to: social_exchange.save(w, ticket(w, c), to / "t")),
    "e-PPGBM": ("exported_data", False, lambda w, c, to: eppgbm.save(w, melati.POST, NOVEMBER, to)),
    "OpenSID": ("exported_data", False, lambda w, c, to: opensid.save(w, melati.POST, NOVEMBER, to)),
    "Data Package": ("exported_data", False, lambda w, c, to: data_package.save(w, [melati.POST], to / "p.zip")),
    "KMS of one": ("printed", True, lambda w, c, to: reporting.kms_pdf(w, c, to / "kms.pdf")),
    "curves of one": ("printed", True, lambda w, c, to: curves.save_curves(w, c, to / "kurva.pdf")),
    "a card of one": (
        "printed", True, lambda w, c, to: reporting.save_pdf(w, report(w), to / "kartu.pdf", about_id=c)
    ),
    "a referral": ("printed", True, slip),
    "a home visit": ("printed", True, visit_sheet),
    "one person's data": ("exported_person", True, lambda w, c, to: person_file.save(w, c, to, "data")),
}  # fmt: skip


TITLES = {
    "monthly report as PDF": "Laporan bulanan Posyandu, Posyandu Melati, November 2026",
    "monthly report as Excel": "Laporan bulanan Posyandu, Posyandu Melati, November 2026",
    "monthly report as CSV": "Laporan bulanan Posyandu, Posyandu Melati, November 2026",
    "every official sheet": "SIP Format 2, Posyandu Melati, 2026",
    "the bundle of a post": "Tanjung Luar Posyandu Melati 2026-11",
    "KMS of all": "KMS kecil semua balita",
    "KMS strips": "Strip KMS",
    "lists to take along": "Daftar kunjungan November 2026",
    "a file read, row by row": "Isi berkas baris demi baris",
    "social reports": "Masalah sosial November 2026",
    "a draft decree": "Konsep SK pengurus dan kader",
    "e-PPGBM": "e-PPGBM 2026-11",
    "OpenSID": "OpenSID anak 2026-11",
    "Data Package": "Paket data terbuka",
}
"""What the log calls the paper: report, place and month. One about one person has no title but the name beside it."""


@pytest.mark.parametrize("way", WAYS)
def test_each_way_out_is_noted_once_with_who_what_and_whom(
    shared: tuple[Workspace, str], tmp_path: Path, way: str
) -> None:
    ws, child = shared
    action, of_one, leave = WAYS[way]
    before, named = noted(ws), titles(ws)
    leave(ws, child, tmp_path)
    told = noted(ws) - before
    assert told == Counter([(action, "Sari", "Raka Aditya" if of_one else "")])
    assert all(each.words != each.action for each in access.log(ws)), "each is told in words"
    assert titles(ws) - named == Counter([TITLES.get(way, "")])
    assert list(tmp_path.iterdir())


def test_every_service_that_writes_files_for_people_is_among_these_ways() -> None:
    """Who adds a way out later meets this test: files are written by `leaving` alone, and each caller stands above."""
    own_files = {
        "leaving.py",
        "first_steps.py",
        "preferences.py",
        "practice.py",
        "kept.py",
        "trial.py",
        "synchronise.py",
    }
    writers, leavers = set(), set()
    for path in SERVICES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called.endswith(("write_whole", "write_bytes", "write_text")):
                    writers.add(path.name)
                if called in ("leaving.hand_out", "leaving.write"):
                    leavers.add(path.stem)
    assert writers - own_files == set(), "files for people are written by `leaving`"
    covered = {
        "reporting", "batch", "curves", "tasks", "eppgbm_import", "social_papers", "social_exchange",
        "eppgbm", "opensid", "data_package", "referrals", "home_visits", "person_file", "decrees",
    }  # fmt: skip
    blank = {"questionnaires"}  # a sheet to fill in by hand: nobody stands on it
    assert leavers == covered | blank


def test_a_blank_sheet_names_nobody_and_is_not_noted(shared: tuple[Workspace, str], tmp_path: Path) -> None:
    ws, _child = shared
    before = len(access.log(ws))
    home_visits.save_sheet(ws, tmp_path / "kosong.pdf", FORMS["home_child"])
    assert len(access.log(ws)) == before


def test_what_goes_to_the_printer_is_noted_for_the_post_of_the_person(shared: tuple[Workspace, str]) -> None:
    ws, child = shared
    before = noted(ws)
    ws.posyandu_id = "lain"
    try:
        leaving.note(ws, leaving.PERSON, about_id=child)
    finally:
        ws.posyandu_id = melati.POST
    assert noted(ws) - before == Counter([("printed", "Sari", "Raka Aditya")])
    with pytest.raises(NotFound):
        leaving.note(ws, leaving.PERSON, about_id="siapa")


def test_nothing_is_written_that_could_not_be_noted(shared: tuple[Workspace, str], tmp_path: Path) -> None:
    ws, _child = shared
    with pytest.raises(NotFound):
        leaving.hand_out(ws, leaving.PERSON, tmp_path / "a.pdf", b"x", about_id="siapa")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_open_elsewhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_path: Path, _content: bytes) -> None:
        raise PermissionError

    monkeypatch.setattr(leaving.files, "write_whole", denied)
    with pytest.raises(BadInput, match=r"Berkas a\.pdf tidak dapat ditulis"):
        leaving.write(tmp_path / "a.pdf", b"x")


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [(errno.ENOSPC, DiskFull, "Tempat itu penuh"), (errno.EROFS, BadInput, "Periksa flashdisk")],
)
def test_a_full_or_locked_stick_is_not_called_the_laptops_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int, kind: type[PosyanduError], sentence: str
) -> None:
    def refuse(_handle: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr("posyandu.storage.files.os.fsync", refuse)
    with pytest.raises(kind, match=sentence):
        leaving.write(tmp_path / "a.pdf", b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_book_without_a_post_has_nobody_to_tell(tmp_path: Path) -> None:
    ws = melati.post()
    ws.posyandu_id = ""
    leaving.hand_out(ws, leaving.REPORT, tmp_path / "a.pdf", b"x")
    assert (tmp_path / "a.pdf").read_bytes() == b"x"
    assert records.load_many(ws.db, FORMS["sealed_access"]) == []


def test_every_kind_of_report_can_be_noted_by_its_words() -> None:
    field = FORMS["sealed_access"].fields["action"]
    codes = {each.code for each in field.options}  # type: ignore[attr-defined]
    assert {leaving.REPORT, leaving.NAMES, leaving.PERSON, leaving.DATA} <= codes
    assert sheets.MONTHLY == "bulanan"
