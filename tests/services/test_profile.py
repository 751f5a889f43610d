"""The profile of a village: the office's figures beside those of the book, ages, answers and why a NIK is missing."""

from dataclasses import asdict
from datetime import date

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Value
from posyandu.domain.forms.village_profile import FORM
from posyandu.reports.table import Cell, Table
from posyandu.services import families, people, post_affairs, profile, reporting
from posyandu.services.workspace import Workspace
from tests.rules import ship_rules
from tests.services import melati
from tests.services.melati import POST, TODAY

NOVEMBER = Month(2026, 11)


def tell(ws: Workspace, year: int, **told: Value | None) -> None:
    record = profile.record_id(POST, year)
    post_affairs.save(ws, FORM, {"year": year, **told}, record_id=record, posyandu_id=POST)


def table(ws: Workspace, code: str, month: Month = NOVEMBER) -> Table:
    sheet = reporting.build(ws, "profil", POST, month)
    return next(each for each in sheet.tables if each.code == code)


def beside(ws: Workspace, label: str, month: Month = NOVEMBER) -> tuple[str, Cell]:
    row = next(row for row in table(ws, "profil_desa", month).rows if row[0].text == label)
    return row[1].text, row[2]


def answers(ws: Workspace, code: str, label: str) -> dict[str, Cell]:
    """The lines under a heading."""
    found: dict[str, Cell] = {}
    heading = ""
    for first, answer, number in table(ws, code).rows:
        heading = first.text or heading
        if heading == label:
            found[answer.text] = number
    return found


def test_figures_of_the_office_stand_beside_those_of_the_book(ws: Workspace) -> None:
    wulan = melati.woman(ws, husband_name="Ahmad", hamlet="Karang", rt="02", poor=True)
    raka = melati.child(ws, mother_id=wulan)
    melati.child(ws, "Tamu", guest=True)
    melati.woman(ws, "Ani", status="moved", left_on=date(2026, 10, 1))
    tell(ws, 2026, men=40, women=42, families=20, under_fives=9, signal="weak", puskesmas_km=7, livelihood="Petani")
    assert [beside(ws, label)[0] for label in ("Laki-laki", "Kepala keluarga")] == ["40 orang", "20 KK"]
    behind = {
        label: [each.id for each in beside(ws, label)[1].people]
        for label in ("Laki-laki", "Perempuan", "Balita", "Pasangan usia subur (PUS)")
    }
    assert list(behind.values()) == [[raka], [wulan], [raka], [wulan]]
    for label, number in (("Kepala keluarga", 1), ("KK miskin", 1), ("RT", 1), ("Dusun atau lingkungan", 1)):
        assert beside(ws, label)[1].value == number, label
    assert [beside(ws, label)[0] for label in ("Sinyal telepon di Posyandu", "Jarak ke Puskesmas")] == [
        "Lemah",
        "7 km",
    ]
    assert beside(ws, "Mata pencaharian terbanyak")[0] == "Petani"
    assert beside(ws, "Jarak ke Puskesmas")[1].text == "", "the book knows nothing of it"


def test_every_rw_counts_its_rts_from_one_again(ws: Workspace) -> None:
    for number, rw in enumerate(("01", "02", "02", None)):
        melati.woman(ws, f"Ibu {number}", hamlet="Karang", rt="01", rw=rw, kk=f"529901420498000{number}")
    assert beside(ws, "RT")[1].value == 3, "RT 01 of two RWs, and one of whose RW nobody knows"


@pytest.mark.parametrize(
    ("years", "shown"),
    [((), ""), ((2024,), "24 orang"), ((2024, 2026), "26 orang"), ((2027,), ""), ((2025, 2027), "25 orang")],
)
def test_the_last_year_told_up_to_the_report_counts(ws: Workspace, years: tuple[int, ...], shown: str) -> None:
    for year in years:
        tell(ws, year, men=year - 2000)
    assert beside(ws, "Laki-laki")[0] == shown
    assert [profile.year_of(row) for row in profile.told(ws, POST)] == sorted(years, reverse=True)


def test_the_sheet_says_whose_figures_they_are(ws: Workspace) -> None:
    first = "Menurut desa: belum dicatat di Posyandu kita. Kosong berarti belum ditanya, bukan nol."
    assert reporting.build(ws, "profil", POST, NOVEMBER).rules[0] == first
    tell(ws, 2025, source="Sekretaris desa")
    told = reporting.build(ws, "profil", POST, NOVEMBER).rules[0]
    assert told == "Menurut desa: Sekretaris desa, 2025. Kosong berarti belum ditanya, bukan nol."


def test_two_laptops_that_copy_the_figures_of_a_year_meet_in_one_record() -> None:
    assert profile.record_id(POST, 2026) == profile.record_id(POST, 2026)
    assert len({profile.record_id(post, year) for post in (POST, "mawar") for year in (2025, 2026)}) == 4


@pytest.mark.parametrize(
    ("born_on", "band"),
    [
        (TODAY, "0–5 bulan"),
        (date(2026, 6, 12), "0–5 bulan"),
        (date(2026, 5, 12), "6–11 bulan"),
        (date(2024, 11, 12), "24–59 bulan"),
        (date(2020, 11, 13), "60–71 bulan"),
        (date(2020, 11, 12), "6–9 tahun"),
        (date(2007, 11, 13), "15–18 tahun"),
        (date(2007, 11, 12), "19–44 tahun"),
        (date(1966, 11, 12), "60–69 tahun"),
        (date(1956, 11, 12), "70 tahun ke atas"),
        (date(1920, 1, 1), "70 tahun ke atas"),
    ],
)
def test_everybody_stands_in_one_age_band(ws: Workspace, born_on: date, band: str) -> None:
    person = melati.child(ws, born_on=born_on)
    found = {row[0].text: [each.id for each in row[3].people] for row in table(ws, "profil_umur").rows}
    assert [label for label, ids in found.items() if ids == [person]] == [band, "Jumlah"]


def test_the_bands_and_groups_of_a_profile_are_those_of_the_rules(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    melati.child(ws, born_on=date(1964, 11, 12))  # 62 years
    assert beside(ws, "Lansia")[1].value == 1
    rules = ws.standards.on(TODAY)
    groups = {**asdict(rules.groups), "elderly_from": 65 * 12}
    bands = {use: [{"code": b.code, "label": b.label, "months": [b.from_months, b.to_months]} for b in each]
             for use, each in rules.age_bands.items()}  # fmt: skip
    bands["profile"] = [{"code": "all", "label": "Semua umur", "months": [0, 9999]}]
    ship_rules(monkeypatch, {"groups": groups, "age_bands": bands})
    assert beside(ws, "Lansia")[1].value == 0
    assert [row[0].text for row in table(ws, "profil_umur").rows] == ["Semua umur", "Tanggal lahir belum ada", "Jumlah"]


def test_who_was_born_or_came_later_is_not_of_an_earlier_month(ws: Workspace) -> None:
    melati.child(ws, born_on=date(2026, 11, 1))
    melati.woman(ws, entered_on=date(2026, 11, 2))
    assert table(ws, "profil_umur", Month(2026, 10)).rows[-1][3].value == 0
    assert table(ws, "profil_umur").rows[-1][3].value == 2


def test_those_without_a_nik_say_why(ws: Workspace) -> None:
    with_nik = melati.woman(ws, nik="5299014204980001", nik_missing="none_yet")
    without = melati.child(ws, nik_missing="no_documents")
    unasked = melati.child(ws, "Citra")
    found = {words: [each.id for each in cell.people] for words, cell in answers(ws, "profil_orang", "NIK").items()}
    assert found == {
        "ada": [with_nik],
        "Belum punya": [],
        "Tidak dibawa": [],
        "Tidak ada dokumen": [without],
        "Warga negara asing": [],
        "tidak ada, alasannya belum ditanya": [unasked],
    }


def test_answers_are_counted_with_those_nobody_asked_apart(ws: Workspace) -> None:
    wulan = melati.woman(ws, jkn_kind="pbi", jkn_active=False, disability="sight", betrothed=True)
    raka = melati.child(ws, jkn_kind="none", disability="none", birth_certificate=True)
    citra = melati.child(ws, "Citra")

    def of(label: str) -> dict[str, list[str]]:
        found = answers(ws, "profil_orang", label)
        return {words: [each.id for each in cell.people] for words, cell in found.items() if cell.value}

    assert of("Kepesertaan JKN") == {
        "PBI-JK (dibayar pemerintah pusat)": [wulan], "Tidak punya": [raka], "belum ditanya": [citra],
    }  # fmt: skip
    assert of("Kartu JKN masih aktif") == {"Tidak aktif": [wulan]}, "asked of members alone"
    assert of("Ragam disabilitas") == {"Netra": [wulan], "Tidak ada": [raka], "belum ditanya": [citra]}
    assert of("Punya akta lahir") == {"Ya": [raka], "belum ditanya": [citra, wulan]}
    assert of("Calon pengantin (catin)") == {"Ya": [wulan], "belum ditanya": [citra, raka]}
    told = [(row[0].text, row[0].value) for row in table(ws, "profil_orang").rows if row[0].value == "Punya akta lahir"]
    assert told == [("Punya akta lahir", "Punya akta lahir")] + [("", "Punya akta lahir")] * 2, "in files on every row"


def test_houses_are_counted_once_each_and_the_weak_ones_by_the_rule(ws: Workspace) -> None:
    wulan = melati.woman(ws, hamlet="Karang", rt="02")
    melati.child(ws, mother_id=wulan)
    ani = melati.woman(ws, "Ani", hamlet="Karang", rt="01")
    house = str(people.card(ws, wulan).person["household_id"])
    families.correct(ws, house, {"house_floor": "tile", "floor_area_m2": 14, "house_owner": "rent"})
    families.correct(ws, str(people.card(ws, ani).person["household_id"]), {"house_floor": "earth"})

    def of(label: str) -> dict[str, object]:
        return {words: cell.value for words, cell in answers(ws, "profil_rumah", label).items() if cell.value}

    assert of("Lantai rumah") == {"Keramik atau ubin": 1, "Tanah": 1}
    assert of("Kepemilikan rumah") == {"Sewa atau kontrak": 1, "belum ditanya": 1}
    assert of("Rumah perlu dilihat") == {"ada tanda: bahan rapuh atau sempit": 2, "luas lantainya diketahui": 1}
