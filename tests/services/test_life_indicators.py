"""Indicators of pupils, adults and the elderly from a real book: a year, a school year, and every name."""

from collections.abc import Iterator
from datetime import date

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.reports.table import Cell
from posyandu.services import levels, life_indicators, people, report_data, reporting, rulings, sheets
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from tests.services.melati import POST, TODAY, post

MONTH = Month.of(TODAY)
FIRST_DAY = date(2025, 12, 1)
"""The first of the twelve months up to now."""


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = post()
    yield book
    book.close()


def somebody(ws: Workspace, name: str, years: int, sex: str = "female") -> str:
    return people.register(ws, {"name": name, "sex": sex, "born_on": date(TODAY.year - years, 3, 1)})


def note(ws: Workspace, form: str, person: str, on: date = TODAY, **told: Value | None) -> None:
    records.save(
        ws.db, FORMS[form], records.new_id(), {"visited_on": on, **told},
        scope=POST, author=ws.author, now=ws.now(), links={"person_id": person},
    )  # fmt: skip


def lines(ws: Workspace, month: Month = MONTH) -> dict[tuple[str, str], tuple[Cell, ...]]:
    sheet = sheets.build(ws, "indikator_usia", POST, month)
    return {(table.code, row[0].text): row[1:] for table in sheet.tables for row in table.rows}


def names(cell: Cell) -> set[str]:
    assert cell.value == len(cell.people)
    return {each.name for each in cell.people}


def test_what_is_older_than_a_year_is_not_known_any_more(ws: Workspace) -> None:
    for name, on in (("Baru", FIRST_DAY), ("Lama", date(2025, 11, 30)), ("Besok", date(2026, 12, 1))):
        pupil = somebody(ws, name, 9)
        note(ws, "nakes_exam", pupil, on, instrument="teeth", caries=True)
        note(ws, "school_visit", pupil, on, weight_g=25_000)
    found = lines(ws)
    caries, examined = found["indikator_sekolah", "Karies gigi"], found["indikator_sekolah", "Diperiksa"]
    assert [names(cell) for cell in caries[:3]] == [{"Baru"}, {"Baru"}, {"Lama", "Besok"}]
    assert (names(examined[0]), examined[1].value, examined[2].value, examined[3].text) == ({"Baru"}, 3, 0, "33,3%")


def test_a_class_holds_for_the_school_year_and_the_last_told_one_counts(ws: Workspace) -> None:
    told = {
        "Juli": (date(2026, 7, 1), 7),
        "Juni": (date(2026, 6, 30), 7),
        "Naik": (date(2026, 8, 1), 6),
    }
    for name, (on, grade) in told.items():
        girl = somebody(ws, name, 13)
        note(ws, "school_visit", girl, on, grade=grade, haemoglobin_dg_dl=120)
        if name == "Naik":
            note(ws, "smoking", girl, date(2026, 9, 1), grade=7)
    assert names(lines(ws)["indikator_sekolah", "Hb diperiksa, rematri kelas 7"][1]) == {"Juli", "Naik"}
    assert names(lines(ws, Month(2026, 6))["indikator_sekolah", "Hb diperiksa, rematri kelas 7"][1]) == {"Juni"}


def test_the_school_set_is_unknown_without_a_dose_and_wants_hpv_of_girls(ws: Workspace) -> None:
    doses = (("mr", 3, 8, 2020), ("dt", 1, 11, 2020), ("td", 1, 11, 2021), ("td", 2, 11, 2024))
    for name, sex, extra in (
        ("Putra", "male", ()),
        ("Putri", "female", ()),
        ("Lengkap", "female", (("hpv", 1, 8, 2024),)),
    ):
        pupil = people.register(ws, {"name": name, "sex": sex, "born_on": date(2013, 5, 1)})
        for antigen, number, month, year in (*doses, *extra):
            records.save(
                ws.db, FORMS["immunisation_dose"], records.new_id(),
                {"antigen": antigen, "dose": number, "given_on": date(year, month, 10), "source": "book"},
                scope=POST, author=ws.author, now=ws.now(), links={"person_id": pupil},
            )  # fmt: skip
    somebody(ws, "Kosong", 13)
    counted, among, unknown, share = lines(ws)["indikator_sekolah", "Imunisasi sekolah lengkap, sesudah kelas 6"]
    assert (names(counted), names(unknown), among.value, share.text) == ({"Putra", "Lengkap"}, {"Kosong"}, 4, "50,0%")


def test_adults_and_the_elderly_stand_in_their_own_tables(ws: Workspace) -> None:
    adult, elder = somebody(ws, "Ibu", 45), somebody(ws, "Inaq", 70)
    for person in (adult, elder):
        note(ws, "adult_visit", person, glucose_mg_dl=210, eye_left=False)
        note(ws, "nakes_exam", person, instrument="vision", eye_finding="cataract")
    note(ws, "health_history", adult, date(2020, 1, 1), own_hypertension=True)
    found = lines(ws)
    for table, name in (("indikator_dewasa", "Ibu"), ("indikator_lansia", "Inaq")):
        for words in ("Diperiksa", "Kencing manis", "Katarak"):
            assert names(found[table, words][0]) == {name}, (table, words)
    assert names(found["indikator_dewasa", "Hipertensi"][0]) == {"Ibu"}, "a history is not forgotten after a year"
    assert found["indikator_lansia", "Hipertensi"][2].value == 1
    assert found["indikator_lansia", "Hipertensi"][3].text == "–", "nobody was measured: no share"


@pytest.mark.parametrize(
    ("form", "on", "examined"),
    [
        ("pregnancy_visit", FIRST_DAY, {"Rohani"}),
        ("pregnancy_visit", date(2025, 11, 30), set()),
        ("postpartum_visit", date(2026, 6, 20), {"Rohani"}),
    ],
)
def test_who_was_examined_as_a_mother_within_the_year_was_examined_and_nothing_found_of_her(
    ws: Workspace, form: str, on: date, examined: set[str]
) -> None:
    """ADR 0030: she stands in the register of adults again, and was weighed for months in the one of mothers."""
    rohani = somebody(ws, "Rohani", 28)
    carried = records.new_id()
    records.save(
        ws.db, FORMS["pregnancy"], carried,
        {"lmp_on": date(2025, 8, 20), "outcome": "live_birth", "ended_on": date(2026, 5, 27), "breastfeeding": False},
        scope=POST, author=ws.author, now=ws.now(), links={"person_id": rohani},
    )  # fmt: skip
    records.save(
        ws.db, FORMS[form], records.new_id(),
        {"visited_on": on, "weight_g": 60_000, "systolic_mmhg": 160, "diastolic_mmhg": 100},
        scope=POST, author=ws.author, now=ws.now(), links={"person_id": rohani, "pregnancy_id": carried},
    )  # fmt: skip
    found = lines(ws)
    assert names(found["indikator_dewasa", "Diperiksa"][0]) == examined
    assert names(found["indikator_dewasa", "Diperiksa"][1]) == {"Rohani"}
    assert names(found["indikator_dewasa", "Hipertensi"][2]) == {"Rohani"}, "pressure in a pregnancy has its own bounds"


def child(ws: Workspace, name: str, months: int = 16, **told: Value | None) -> None:
    born_on = (Month.of(TODAY) - months).first
    person = people.register(ws, {"name": name, "sex": "male", "born_on": born_on})
    if told:
        note(ws, "under_five_visit", person, **told)


def test_prevalence_is_among_the_children_measured_and_says_how_many_were_not(ws: Workspace) -> None:
    child(ws, "Biasa", weight_g=10_400, length_mm=795, position="lying", muac_mm=125)
    child(ws, "Kecil", weight_g=7_500, length_mm=700, position="lying", muac_mm=124)
    child(ws, "Gemuk", weight_g=14_500, length_mm=795, position="lying")
    child(ws, "Mustahil", weight_g=10_400, length_mm=1_200, position="standing")
    child(ws, "Absen")
    child(ws, "Bayi", months=3, muac_mm=110)
    child(ws, "Apras", months=62, weight_g=10_000, length_mm=900)
    found = lines(ws)
    told = {
        row.partition("(")[0].strip(): (*(names(cell) for cell in cells[:3]), cells[3].text)
        for (table, row), cells in found.items()
        if table == "indikator_balita"
    }
    everybody, measured = {"Biasa", "Kecil", "Gemuk", "Mustahil", "Absen", "Bayi"}, {"Biasa", "Kecil", "Gemuk"}
    weighed = measured | {"Mustahil"}
    assert told == {
        "Berat badan kurang atau sangat kurang": ({"Kecil"}, weighed, everybody - weighed, "25,0%"),
        "Pendek atau sangat pendek": ({"Kecil"}, measured, everybody - measured, "33,3%"),
        "Gizi kurang atau gizi buruk": (set(), measured, everybody - measured, "0,0%"),
        "Berisiko gizi lebih, gizi lebih, atau obesitas": ({"Gemuk"}, measured, everybody - measured, "33,3%"),
        "LiLA kuning atau merah": ({"Kecil"}, {"Biasa", "Kecil"}, {"Gemuk", "Mustahil", "Absen"}, "50,0%"),
    }


def test_nobody_measured_makes_no_percentage(ws: Workspace) -> None:
    child(ws, "Absen")
    cells = lines(ws)["indikator_balita", "Pendek atau sangat pendek (PB/U, TB/U)"]
    assert [cell.text for cell in cells] == ["0", "0", "1", "\N{EN DASH}"]


def test_who_moved_away_and_guests_are_not_counted(ws: Workspace) -> None:
    gone, guest = somebody(ws, "Pindah", 30), somebody(ws, "Tamu", 30)
    people.correct(ws, gone, {"status": "moved", "left_on": date(2026, 10, 1)})
    people.correct(ws, guest, {"guest": True})
    assert lines(ws)["indikator_dewasa", "Diperiksa"][1].value == 0


def test_it_is_offered_printed_and_made_for_a_whole_village(ws: Workspace) -> None:
    somebody(ws, "Sinta", 13)
    (kind,) = [each for each in sheets.kinds() if each.code == "indikator_usia"]
    assert (kind.group, kind.period) == ("Laporan", "month")
    assert "indikator_usia" in {each.code_name for each in sheets.bundle(ws, POST, MONTH)}
    sheet = sheets.build(ws, kind.code, POST)
    assert reporting.pdf_bytes(sheet).startswith(b"%PDF")
    for level in levels.levels(ws):
        made = levels.build(ws, kind.code, level.code, MONTH)
        assert [table.code.removeprefix("indikator_") for table in made.tables] == [
            "balita",
            "sekolah",
            "dewasa",
            "lansia",
        ]
        assert made.tables[1].rows[0][2].value == 1


def test_everybody_of_a_month_shares_the_rules_of_the_day_with_what_the_dinas_chose(ws: Workspace) -> None:
    ws.worker = Worker("b", "Nurul", "midwife")
    rulings.ORDER.choose(ws, [POST], {"since_on": MONTH.first, "source": "Surat dinas", "iron_in_lb3": 120})
    for name in ("Raka", "Rani"):
        people.register(ws, {"name": name, "sex": "male", "born_on": date(2025, 7, 5)})
    somebody(ws, "Sinta", 13)
    data = report_data.gather(ws, POST, MONTH)
    rules = {id(each.rules): each.rules.lb3_tablets for each in data.children[MONTH]}
    assert list(rules.values()) == [120], "one for all, or a village would carry thousands"
    assert [each.rules.lb3_tablets for each in data.life[MONTH]] == [120]


def test_nobody_of_another_register_is_read(ws: Workspace) -> None:
    people.register(ws, {"name": "Raka", "sex": "male", "born_on": date(2025, 7, 5)})
    assert life_indicators.examined(ws, report_data.gather(ws, POST, MONTH)) == []


def test_who_came_of_age_within_the_year_was_examined_as_a_pupil(ws: Workspace) -> None:
    """The register changes at the nineteenth birthday; what was measured before it is known all the same."""
    adult = people.register(ws, {"name": "Baru Dewasa", "sex": "female", "born_on": date(2007, 10, 1)})
    note(ws, "school_visit", adult, date(2026, 9, 30), systolic_mmhg=150, diastolic_mmhg=95, glucose_mg_dl=210)
    found = lines(ws)
    for words in ("Diperiksa", "Hipertensi", "Kencing manis"):
        assert names(found["indikator_dewasa", words][0]) == {"Baru Dewasa"}, words
    note(ws, "adult_visit", adult, date(2026, 10, 1), systolic_mmhg=110, diastolic_mmhg=70)
    assert names(lines(ws)["indikator_dewasa", "Hipertensi"][0]) == set(), "the last reading counts, of either register"
