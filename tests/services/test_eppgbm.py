import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput
from posyandu.domain.forms.registration import PERSON
from posyandu.services import eppgbm, feeding, imports, reporting, review, sessions, sheet_files
from posyandu.services.eppgbm_import import Planned, look, take
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests.services import melati

HEAD = ["No", "NIK", "Nama", "JK", "Tgl Lahir", "Nama Ortu", "Tanggal Pengukuran", "Berat", "Tinggi", "Cara Ukur"]
RAKA = [1, "5203010507250001", "RAKA ADITYA", "L", "2025-07-05", "WULAN", "2026-10-12", "9,2", 75.5, "Terlentang"]
LATER = [2, "5203010507250001", "RAKA ADITYA", "L", "2025-07-05", "WULAN", "2026-09-12", "8,9", 74.5, "Terlentang"]
AYU = [3, "5203014103250002", "Ayu Lestari", "P", datetime(2025, 3, 1), "Sri", "2026-10-12", 9.9, 78, "Terlentang"]  # noqa: DTZ001


@pytest.fixture
def ws() -> Iterator[Workspace]:
    made = melati.post()
    yield made
    made.close()


def book(path: Path, *rows: Sequence[object], sheet: str = "Data") -> Path:
    made = openpyxl.Workbook()
    made.active.title = "Sampul"  # type: ignore[union-attr]
    page = made.create_sheet(sheet)
    page.append(["data tanggal : 2026-10-31"])
    page.append(HEAD)
    for row in rows:
        page.append(list(row))
    made.save(path)
    return path


def planned(ws: Workspace, path: Path) -> tuple[Planned, ...]:
    return look(ws, melati.POST, path).rows


def people_of(ws: Workspace) -> set[str]:
    return {str(row.answers["name"]) for row in records.load_many(ws.db, PERSON, scope=melati.POST)}


def test_looking_says_what_would_happen_and_writes_nothing(ws: Workspace, tmp_path: Path) -> None:
    before = list(ws.db.conn.execute("SELECT count(*) FROM op"))
    preview = look(ws, melati.POST, book(tmp_path / "a.xlsx", RAKA, LATER, AYU))
    assert [(each.who, each.what) for each in preview.rows] == [("new", "new")] * 3
    assert preview.sentence == "2 orang baru, 0 sudah ada, 3 hasil ukur baru."
    assert [each.line.number for each in preview.rows] == [3, 4, 5]
    assert list(ws.db.conn.execute("SELECT count(*) FROM op")) == before


def test_taking_brings_children_once_with_all_their_weighings(ws: Workspace, tmp_path: Path) -> None:
    preview = look(ws, melati.POST, book(tmp_path / "a.xlsx", RAKA, LATER, AYU))
    taken = take(ws, preview)
    assert (taken.children, taken.visits, taken.filled) == (2, 3, 0)
    assert people_of(ws) == {"Raka Aditya", "Ayu Lestari"}
    again = take(ws, look(ws, melati.POST, tmp_path / "a.xlsx"))
    assert (again.children, again.visits, again.filled, again.import_id) == (0, 0, 0, "")
    assert (take(ws, preview).children, take(ws, preview).visits) == (0, 0), "an old preview brings nothing twice"
    assert journal.rows_equal_replay(ws.db)


def test_what_came_in_tells_n_or_t_but_is_not_counted_in_that_months_d(ws: Workspace, tmp_path: Path) -> None:
    take(ws, look(ws, melati.POST, book(tmp_path / "a.xlsx", RAKA)))
    (raka,) = records.load_many(ws.db, PERSON, scope=melati.POST)
    melati.weighed(ws, raka.id, melati.TODAY, 9_600)

    def d_and_n(month: Month) -> tuple[object, object]:
        rows = {row[0].text: row[-1].value for row in reporting.monthly(ws, melati.POST, month).skdn.rows}
        return rows["D"], rows["N"]

    assert d_and_n(Month(2026, 10)) == (None, None), "no posyandu day, so nothing is said"
    assert d_and_n(Month(2026, 11)) == (1, 1)


def test_taking_back_leaves_the_book_as_it_was(ws: Workspace, tmp_path: Path) -> None:
    known = melati.child(ws, "Raka Aditya", date(2025, 7, 5))
    before = records.load(ws.db, PERSON, known)
    assert before is not None
    taken = take(ws, look(ws, melati.POST, book(tmp_path / "a.xlsx", RAKA, AYU)))
    assert (taken.children, taken.visits, taken.filled) == (1, 2, 1)
    imports.take_back(ws, taken.import_id)
    after = records.load(ws.db, PERSON, known)
    assert after is not None
    assert after.answers == before.answers
    assert people_of(ws) == {"Raka Aditya"}
    assert records.load_many(ws.db, melati.CHILD, scope=melati.POST) == []
    assert journal.rows_equal_replay(ws.db)


def test_a_known_child_keeps_its_answers_and_gets_the_missing_ones(ws: Workspace, tmp_path: Path) -> None:
    known = melati.child(ws, "Raka Aditya", date(2025, 7, 5), mother_name="Wulan Sari")
    (row,) = planned(ws, book(tmp_path / "a.xlsx", RAKA))
    assert (row.who, row.person_id, row.fills) == ("known", known, {"nik": "5203010507250001"})
    assert row.sentence == "Sudah ada di buku. Dilengkapi: NIK."
    take(ws, look(ws, melati.POST, tmp_path / "a.xlsx"))
    saved = records.load(ws.db, PERSON, known)
    assert saved is not None
    assert (saved.answers["nik"], saved.answers["mother_name"]) == ("5203010507250001", "Wulan Sari")


def test_a_nik_kept_as_a_number_is_taken_where_no_digit_can_be_lost(ws: Workspace, tmp_path: Path) -> None:
    rows = ([1, 5203010507250001, *RAKA[2:]], [2, 5203010507250010, "Sahrul", *RAKA[3:]])
    whole, rounded = planned(ws, book(tmp_path / "a.xlsx", *rows))
    assert (whole.who, whole.line.person["nik"]) == ("new", "5203010507250001")
    told = "NIK: 5203010507250010 mungkin sudah dibulatkan lembar kerja; dikosongkan, isi dari KK"
    assert told in rounded.sentence, "told without a point nobody typed"
    assert rounded.who != "refused"
    assert "nik" not in rounded.line.person


WEIGHED = ["NIK", "nama_anak", "TANGGALUKUR", "BERAT", "TINGGI"]
NIK = "5203010507250001"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ([NIK, "Raka Aditya", "2026-10-12", 9.6, 74.2], ("known", "new", "Sudah ada di buku.")),
        ([NIK, "", "2026-10-12", 9.6, None], ("refused", "none", "nama kosong")),
        ([NIK, "Ayu", "2026-10-12", 9.6, None], ("known", "new", "Sudah ada di buku. Namanya di buku: Raka Aditya.")),
        ([NIK, "Raka Aditya", "2025-07-04", 3.1, None], ("refused", "none", "tanggal ukur sebelum tanggal lahir")),
        (["5203010507250009", "Ayu", "2026-10-12", 9.6, None],
         ("refused", "none", "NIK ini belum ada di buku; daftarkan dulu orangnya")),
        (["", "Raka Aditya", "2026-10-12", 9.6, None],
         ("refused", "none", "jenis kelamin kosong; tanggal lahir kosong")),
    ],
)  # fmt: skip
def test_weighings_alone_are_of_who_is_in_the_book_by_nik(
    ws: Workspace, tmp_path: Path, row: list[object], told: tuple[str, str, str]
) -> None:
    known = melati.child(ws, "Raka Aditya", date(2025, 7, 5), nik=NIK)
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    for cells in (WEIGHED, row):
        page.append(cells)
    made.save(tmp_path / "ukur.xlsx")
    preview = look(ws, melati.POST, tmp_path / "ukur.xlsx")
    (each,) = preview.rows
    assert (each.who, each.what, each.sentence) == told
    assert take(ws, preview).visits == (told[0] == "known")
    assert [found.answers["person_id"] for found in records.load_many(ws.db, melati.CHILD)] == [known] * (
        told[0] == "known"
    )


def test_a_visit_of_a_day_that_is_in_the_book_is_never_changed(ws: Workspace, tmp_path: Path) -> None:
    known = melati.child(ws, "Raka Aditya", date(2025, 7, 5))
    melati.weighed(ws, known, date(2026, 10, 12), 9_400)
    melati.weighed(ws, known, date(2026, 9, 12), 8_900)
    first, second = planned(ws, book(tmp_path / "a.xlsx", RAKA, LATER))
    assert (first.what, second.what) == ("differs", "same")
    assert "yang di buku dipakai" in first.sentence
    assert take(ws, look(ws, melati.POST, tmp_path / "a.xlsx")).visits == 0


def test_someone_alike_waits_for_a_decision(ws: Workspace, tmp_path: Path) -> None:
    known = melati.child(ws, "Raka Aditya", date(2025, 7, 15))
    path = book(tmp_path / "a.xlsx", RAKA)
    (row,) = planned(ws, path)
    assert (row.who, row.person_id) == ("unsure", known)
    assert "Pastikan" in row.sentence
    assert "1 baris perlu dipastikan" in look(ws, melati.POST, path).sentence
    assert take(ws, look(ws, melati.POST, path)).children == 0
    taken = take(ws, look(ws, melati.POST, path), {3: known})
    assert (taken.children, taken.visits) == (0, 1)
    imports.take_back(ws, taken.import_id)
    assert take(ws, look(ws, melati.POST, path), {3: ""}).children == 1


def test_another_nik_is_another_child(ws: Workspace, tmp_path: Path) -> None:
    melati.child(ws, "Raka Aditya", date(2025, 7, 5), nik="5203010507250009")
    (row,) = planned(ws, book(tmp_path / "a.xlsx", RAKA))
    assert row.who == "unsure"


def test_rows_that_cannot_be_taken_are_told_and_the_others_go_on(ws: Workspace, tmp_path: Path) -> None:
    unsaid = [4, "5203010507250001", "Tono", "X", "2025-01-01", "Sri", "2026-10-12", 9, 75, "Terlentang"]
    preview = look(ws, melati.POST, book(tmp_path / "a.xlsx", unsaid, AYU, [None] * 10))
    assert [each.who for each in preview.rows] == ["refused", "new"]
    assert preview.rows[0].sentence.startswith("jenis kelamin:")
    assert preview.sentence.endswith("1 baris tidak dapat diambil.")
    assert take(ws, preview).children == 1


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_with_its_separator(ws: Workspace, tmp_path: Path, separator: str) -> None:
    path = tmp_path / "a.csv"
    rows = [HEAD, [str(cell).replace(",", ".") for cell in RAKA]]
    path.write_text("\n".join(separator.join(row) for row in rows), encoding="utf-8-sig")
    assert [each.who for each in planned(ws, path)] == ["new"]


def test_a_page_named_xls_is_read(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    cells = "".join(f"<td>{cell}</td>" for cell in RAKA)
    heads = "".join(f"<th> {name}</th>" for name in HEAD)
    path.write_text(f"<html>ganjil<table><tr>{heads}</tr><tr>{cells}</tr></table></html>", encoding="utf-8")
    assert [each.who for each in planned(ws, path)] == ["new"]


def test_files_that_are_none_are_refused_in_a_sentence(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(name: str, content: bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(BadInput) as raised:
            look(ws, melati.POST, path)
        return str(raised.value)

    assert "rusak atau terkunci" in refused("lama.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert "rusak" in refused("rusak.xlsx", b"PK\x03\x04" + bytes(100))
    assert "Berkas kosong.csv kosong" in refused("kosong.csv", b"")
    assert "Judul kolom" in refused("lain.csv", b"a,b\n1,2\n")
    assert "bukan lembar" in refused("besar.csv", b'"' + b"x" * 200_000)
    with pytest.raises(BadInput, match="tidak dapat dibuka"):
        look(ws, melati.POST, tmp_path / "tak-ada.xlsx")
    with zipfile.ZipFile(tmp_path / "bukan.xlsx", "w") as archive:
        archive.writestr("apa.txt", "x")
    with pytest.raises(BadInput, match="rusak"):
        look(ws, melati.POST, tmp_path / "bukan.xlsx")
    path = book(tmp_path / "a.xlsx", RAKA, AYU)
    monkeypatch.setattr(sheet_files, "MOST_BYTES", 1000)
    with pytest.raises(BadInput, match="terlalu besar"):
        look(ws, melati.POST, path)
    monkeypatch.undo()
    monkeypatch.setattr(sheet_files, "MOST_ROWS", 3)
    with pytest.raises(BadInput, match="lebih dari 3 baris"):
        look(ws, melati.POST, path)


@pytest.mark.parametrize("kind", ["xls", "xlsx"])
def test_what_we_write_can_be_read_back(ws: Workspace, tmp_path: Path, kind: eppgbm.Kind) -> None:
    child = melati.child(ws, nik="5203010507250001", mother_name="Wulan")
    melati.weighed(ws, child, melati.TODAY, 9_600, length_mm=755, position="lying")
    saved = eppgbm.save(ws, melati.POST, Month(2026, 11), tmp_path / "keluar", kind)
    names = [f"e-PPGBM identitas 2026-11.{kind}", f"e-PPGBM pengukuran 2026-11.{kind}"]
    assert [path.name for path in saved.paths] == names
    (measured,) = sheet_files.read(saved.paths[1])
    told = dict(zip(measured.rows[0], measured.rows[1], strict=False))
    assert (told["NIK"], told["TANGGALUKUR"], told["BERAT"], told["TINGGI"]) == (
        "5203010507250001", "2026-11-12", 9.6, 75.5,
    )  # fmt: skip
    assert saved.sentence == "1 anak dan 1 hasil ukur siap diunggah."
    (row,) = planned(ws, saved.paths[0])
    assert (row.who, row.person_id) == ("known", child)
    (weighed,) = planned(ws, saved.paths[1])
    assert (weighed.who, weighed.what, weighed.person_id) == ("known", "same", child)


def test_the_weeks_of_extra_meals_of_the_month_are_a_sheet_of_their_own(ws: Workspace, tmp_path: Path) -> None:
    child = melati.child(ws, nik="5203010507250001", mother_name="Wulan")
    melati.weighed(ws, child, melati.TODAY, 9_600, length_mm=755, position="lying")
    programme, _op = feeding.save(
        ws, child, {"visited_on": date(2026, 10, 20), "reason": "not_gained", "kind": "local"}
    )
    for week, on in ((1, date(2026, 10, 27)), (2, date(2026, 11, 3)), (3, date(2026, 11, 10))):
        told = {"week": week, "visited_on": on, "weight_g": 9_000 + 100 * week, "day_1": True}
        feeding.save_week(ws, programme, told)
    saved = eppgbm.save(ws, melati.POST, Month(2026, 11), tmp_path)
    assert saved.feeding == 2
    assert saved.sentence.endswith("2 catatan mingguan MT ikut.")
    path = next(path for path in saved.paths if path.name == "e-PPGBM PMT 2026-11.xls")
    (sheet,) = sheet_files.read(path)
    rows = [dict(zip(sheet.rows[0], row, strict=False)) for row in sheet.rows[1:]]
    assert [(row["minggu_ke"], row["alasan_pemberian"], row["bb"], row["hari_1"]) for row in rows] == [
        (2, 3, 9.2, 1), (3, 3, 9.3, 1),
    ]  # fmt: skip
    assert eppgbm.save(ws, melati.POST, Month(2026, 9), tmp_path / "lama").feeding == 0


def test_what_will_be_refused_is_written_apart(ws: Workspace, tmp_path: Path) -> None:
    child = melati.child(ws)
    melati.weighed(ws, child, melati.TODAY, 9_600)
    saved = eppgbm.save(ws, melati.POST, Month(2026, 11), tmp_path)
    assert (saved.identity, saved.measurement, saved.refused) == (0, 0, 2)
    assert "2 baris belum bisa" in saved.sentence
    assert saved.paths[-1].name == "e-PPGBM yang ditolak 2026-11.xlsx"


@pytest.mark.parametrize(("again", "told"), [(False, []), (True, [9.6])])
def test_a_weight_of_a_wrong_scale_is_not_sent_on_and_a_later_right_one_is(again: bool, told: list[float]) -> None:
    clock = melati.Clock()
    ws = melati.post(clock)
    child = melati.child(ws, nik="5203010507250001", mother_name="Wulan")
    melati.weighed(ws, child, melati.TODAY, 7_200, length_mm=780, position="lying")
    (today,) = sessions.recent(ws, melati.POST)
    review.exclude(ws, today.id, "scale", "Timbangan kurang 2 kg")
    if again:
        clock.now += timedelta(days=10)
        melati.weighed(ws, child, date(2026, 11, 19), 9_600, length_mm=780, position="lying")
    made = eppgbm.export(ws, melati.POST, Month(2026, 11))
    _sheet, table = made.measurement
    assert [row[table.column("BERAT")].value for row in table.rows] == told
    assert [row[-1].text for row in made.refused.rows if "alat ukurnya" in row[-1].text] == (
        [] if again else ["alat ukurnya ternyata salah: ukur lagi"]
    )
    ws.close()
