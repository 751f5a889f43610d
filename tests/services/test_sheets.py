from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.sheet import Sheet
from posyandu.services import pregnancies, reporting, sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services import melati


@pytest.fixture
def ws() -> Iterator[Workspace]:
    made = melati.post()
    yield made
    made.close()


def ended(ws: Workspace, woman: str, on: date = date(2026, 6, 18)) -> str:
    """An earlier pregnancy that ended with a birth."""
    pregnancy = melati.pregnancy(ws, woman, noted_on=on - timedelta(days=200), lmp_on=on - timedelta(days=280))
    pregnancies.end(ws, pregnancy, "live_birth", on)
    return pregnancy


def holder(code: str, child: str, woman: str) -> str:
    """Whose card it is."""
    return woman if code in ("kartu_bumil", "kartu_nifas") else child


def note(ws: Workspace, form: str, person_id: str, **answers: Value | None) -> None:
    """A record of a person in any form."""
    links: dict[str, str | None] = {"person_id": person_id}
    if "pregnancy_id" in answers:
        links["pregnancy_id"] = str(answers.pop("pregnancy_id"))
    records.save(
        ws.db, FORMS[form], records.new_id(), answers, scope=melati.POST, author=ws.author, now=ws.now(), links=links
    )  # fmt: skip


def rows_of(sheet: Sheet, *names: str) -> list[list[str]]:
    """These columns of the rows of a card that are filled."""
    (table,) = sheet.tables
    return [[row[table.column(name)].text for name in names] for row in table.rows if row[0].text]


def test_every_kind_is_offered_with_a_heading_and_the_monthly_report_first() -> None:
    kinds = reporting.kinds()
    assert kinds[0].code == "bulanan"
    assert len({kind.code for kind in kinds}) == len(kinds)
    groups = {
        "Laporan",
        "Posyandu sendiri",
        "Gizi",
        "Puskesmas",
        "Register ILP",
        "Kartu bantu",
        "SIP",
        "Sebelum hari buka",
    }
    assert {kind.group for kind in kinds} == groups


def test_every_kind_can_be_built_and_written_for_a_post_with_one_child_and_one_mother(ws: Workspace) -> None:
    child = melati.child(ws)
    melati.weighed(ws, child, melati.TODAY, 9_600)
    woman = melati.woman(ws)
    melati.pregnancy(ws, woman)
    ended(ws, woman)
    for kind in reporting.kinds():
        report = reporting.build(ws, kind.code, melati.POST, person_id=holder(kind.code, child, woman))
        assert reporting.pdf_bytes(report).startswith(b"%PDF")
        assert reporting.file_name(report, "pdf").endswith(".pdf")
        assert isinstance(report, MonthlyReport) == (kind.code == "bulanan")


def test_every_file_of_a_post_has_a_name_of_its_own(ws: Workspace) -> None:
    child, woman = melati.child(ws), melati.woman(ws)
    melati.pregnancy(ws, woman)
    ended(ws, woman)
    names = [
        reporting.file_name(
            reporting.build(ws, kind.code, melati.POST, person_id=holder(kind.code, child, woman)), "pdf"
        )
        for kind in reporting.kinds()
    ]
    assert len(set(names)) == len(names)


def test_the_bundle_of_a_month_holds_what_is_built_one_by_one(ws: Workspace) -> None:
    melati.weighed(ws, melati.child(ws), melati.TODAY, 9_600)
    built = [
        reporting.build(ws, kind.code, melati.POST, Month(2026, 11))
        for kind in reporting.kinds()
        if kind.period in ("month", "year") and kind.code != "bulanan"
    ]
    assert [each.code for each in reporting.bundle(ws, melati.POST, Month(2026, 11))] == [each.code for each in built]


def test_an_empty_post_gives_every_sheet_too(ws: Workspace) -> None:
    for kind in reporting.kinds():
        if kind.period != "person":
            assert reporting.pdf_bytes(reporting.build(ws, kind.code, melati.POST, Month(2026, 10)))


def test_a_year_is_filled_up_to_this_month_and_a_past_one_to_its_end(ws: Workspace) -> None:
    melati.weighed(ws, melati.child(ws), melati.TODAY, 9_600)
    this = reporting.build(ws, "sip6", melati.POST, Month(2026, 3))
    assert this.period == "2026"
    assert this.tables[0].cell(10, "d").value == 1
    assert reporting.build(ws, "sip6", melati.POST, year=2025).tables[0].cell(11, "d").text == ""


def test_a_card_is_named_after_its_person(ws: Workspace) -> None:
    card = reporting.build(ws, "kartu_balita", melati.POST, person_id=melati.child(ws))
    assert card.post_name == "Raka Aditya"
    assert reporting.file_name(card, "pdf") == "Kartu bantu pemeriksaan bayi balita dan apras Raka Aditya.pdf"


def test_what_a_kind_needs_is_asked_for(ws: Workspace) -> None:
    with pytest.raises(NotFound, match="tidak dikenal"):
        reporting.build(ws, "karangan", melati.POST)
    with pytest.raises(BadInput, match="Pilih dulu orangnya"):
        reporting.build(ws, "kartu_balita", melati.POST)
    with pytest.raises(NotFound, match="Orang ini"):
        reporting.build(ws, "kartu_balita", melati.POST, person_id="tak-ada")
    with pytest.raises(BadInput, match="kehamilan"):
        reporting.build(ws, "kartu_bumil", melati.POST, person_id=melati.woman(ws))
    with pytest.raises(NotFound, match="Posyandu"):
        reporting.build(ws, "kartu_balita_kosong", "tak-ada")


def test_the_card_of_a_mother_has_every_visit_since_her_last_birth(ws: Workspace) -> None:
    mother = melati.woman(ws)
    with pytest.raises(BadInput, match="persalinan"):
        reporting.build(ws, "kartu_nifas", melati.POST, person_id=mother)
    earlier, last = ended(ws, mother, date(2023, 1, 5)), ended(ws, mother, date(2025, 11, 20))
    note(ws, "postpartum_visit", mother, pregnancy_id=earlier, visited_on=date(2023, 2, 1), weight_g=49_000)
    red = {"systolic_mmhg": 150, "diastolic_mmhg": 95, "referral": "puskesmas", "contraception": True}
    note(ws, "postpartum_visit", mother, pregnancy_id=last, visited_on=date(2026, 2, 4), weight_g=56_000, **red)
    green = {"muac_mm": 235, "vitamin_a_capsules": 2, "vitamin_a_taken": True, "breastfeeding": False}
    note(ws, "postpartum_visit", mother, pregnancy_id=last, visited_on=date(2025, 12, 1), weight_g=58_400, **green)
    card = reporting.build(ws, "kartu_nifas", melati.POST, person_id=mother)
    columns = ("visited_on", "weight", "muac_colour", "pressure_curve", "capsules", "breastfeeding", "referral")
    assert rows_of(card, *columns, "contraception_after") == [
        ["01-12-2025", "58,4", "Hijau", "", "2", "Tidak", "", ""],
        ["04-02-2026", "56,0", "", "Tidak (merah)", "", "", "Puskesmas", "Ya"],
    ]
    head = dict(card.head)
    assert (head["Tanggal bersalin"], head["Berat badan (kg)"]) == ("20-11-2025", "58,4")


def test_the_card_of_the_young_says_that_they_were_asked_and_never_what_they_said(ws: Workspace) -> None:
    youth = melati.child(ws, "Rini", date(2010, 3, 4), sex="female", jkn="0001234567890", jkn_kind="pbi")
    note(ws, "school_visit", youth, visited_on=date(2025, 12, 3), weight_g=44_000, height_mm=1550)
    measured = {"weight_g": 45_000, "height_mm": 1560, "waist_mm": 812, "glucose_mg_dl": 120, "haemoglobin_dg_dl": 105}
    note(ws, "school_visit", youth, visited_on=date(2026, 10, 1), **measured, topic="anaemia", counselling="Minum TTD")
    note(ws, "school_visit", youth, visited_on=date(2026, 11, 5), systolic_mmhg=142, diastolic_mmhg=91)
    note(ws, "school_mental", youth, visited_on=date(2026, 11, 5), answered=True, suicidal=True)
    note(ws, "health_history", youth, visited_on=date(2026, 10, 1), habit_smoking=True, habit_fat=True, own_mental=True)
    card = reporting.build(ws, "kartu_sekolah", melati.POST, person_id=youth)
    columns = ("visited_on", "bmi", "bmi_class", "glucose_class", "anaemia", "pressure_class", "mind", "taught")
    assert rows_of(card, *columns) == [
        ["01-10-2026", "18,5", "Normal", "N", "Ya", "", "Belum", "Anemia remaja putri; Minum TTD"],
        ["05-11-2026", "", "", "", "", "T", "Sudah", ""],
    ]
    head = dict(card.head)
    assert head["Perilaku berisiko"] == "Merokok, konsumsi tinggi lemak"
    assert (head["BPJS/nomor"], head["Riwayat keluarga"]) == ("Ya, 0001234567890", "")
    assert card.period == "2026"
    assert rows_of(reporting.build(ws, "kartu_sekolah", melati.POST, year=2025, person_id=youth), "weight") == [
        ["44,0"]
    ]


def test_the_cards_of_the_elderly_have_the_letters_of_the_card_and_the_days_of_aks_and_skilas(ws: Workspace) -> None:
    old = melati.woman(ws, "Inaq Sahnun", born_on=date(1954, 4, 2), marital_status="widowed", occupation="Petani")
    measured = {"weight_g": 39_000, "height_mm": 1550, "systolic_mmhg": 150, "diastolic_mmhg": 85, "glucose_mg_dl": 210}
    puma = dict.fromkeys(("puma_smoked", "puma_phlegm", "puma_cough", "puma_spirometry"), False)
    seen = {"eye_right": False, "ear_left": True, "covid_immunised": True, "referral": "pustu"}
    note(ws, "adult_visit", old, visited_on=date(2026, 9, 3), **measured, **puma, puma_breath=True, **seen)
    note(ws, "adult_visit", old, visited_on=date(2026, 10, 3), contraception=True, contraception_method="tubectomy")
    most = dict.fromkeys(("bowels", "bladder", "toilet", "feeding", "dressing", "stairs"), "2")
    steps = {**most, "grooming": "1", "bathing": "0", "transfer": "3", "walking": "2"}
    note(ws, "aks", old, visited_on=date(2026, 9, 3), **steps)
    note(ws, "skilas", old, visited_on=date(2026, 9, 3), stands_up=False, whisper="hears", muac_mm=200)
    note(ws, "health_history", old, visited_on=date(2026, 9, 3), own_mental=True, own_diabetes=True, own_heart=True)
    card = reporting.build(ws, "kartu_dewasa", melati.POST, person_id=old)
    columns = ("visited_on", "bmi_letter", "pressure_class", "glucose_class", "eye_right", "ear_left", "muac")
    assert rows_of(card, *columns, "contraception") == [
        ["03-09-2026", "SK", "T", "T", "G", "N", "", ""],
        ["03-10-2026", "", "", "", "", "", "", "MOW"],
    ]
    points = ("puma_sex", "puma_age", "puma_smoked", "puma_breath", "puma_cough", "puma_score")
    assert rows_of(card, *points)[0] == ["0", "2", "0", "1", "0", "3"]
    assert (dict(card.head)["Status perkawinan"], dict(card.head)["Pekerjaan"]) == ("Cerai mati", "Petani")
    own = dict(card.head)["Riwayat diri sendiri"]
    assert own == "Kencing manis, sakit jantung", "of the illnesses on the card alone"
    asked = reporting.build(ws, "kartu_lansia", melati.POST, person_id=old)
    columns = ("visited_on", "aks_walking", "aks_bathing", "aks_sum", "aks_class", "covid", "referral")
    assert rows_of(asked, *columns) == [["03-09-2026", "2", "0", "18", "R", "Ya", "Pustu"]]
    domains = ("mobility", "malnutrition", "hearing", "sight", "depression")
    assert rows_of(asked, *(f"skilas_{each}" for each in domains)) == [["Y", "Y", "T", "", ""]]


def test_a_mother_in_nifas_is_in_the_register_with_her_baby_and_in_f1(ws: Workspace) -> None:
    day = sessions.open_day(ws, melati.POST, melati.TODAY, {})
    mother = melati.woman(ws)
    birth = melati.TODAY - timedelta(days=12)
    pregnancies.end(ws, melati.pregnancy(ws, mother, lmp_on=birth - timedelta(days=280)), "live_birth", birth)
    melati.child(ws, "Bayi Wulan", birth, mother_id=mother)
    visits.record(ws, FORMS["postpartum_visit"], day, mother, {"muac_mm": 250, "vitamin_a_capsules": 2})
    register = reporting.build(ws, "register_bumil", melati.POST).tables[0]
    assert [register.cell(0, name).text for name in ("name", "baby", "came_11")] == ["Wulan Sari", "Bayi Wulan", "✓"]
    assert register.rows[-1][register.column("came_11")].text == "1/1"
    items = {row[0].text: row[-1] for row in reporting.build(ws, "f1_gizi", melati.POST).tables[3].rows}
    assert [ref.id for no in ("18a", "18b") for ref in items[no].people] == [mother, mother]


def test_doses_and_the_register_of_women_come_from_the_book(ws: Workspace) -> None:
    child, mother = melati.child(ws), melati.woman(ws)
    melati.weighed(ws, child, melati.TODAY, 9_600)
    for form, answers, person in (
        ("immunisation_dose", {"antigen": "mr", "dose": 1, "given_on": melati.TODAY}, child),
        ("wus", {"visited_on": date(2026, 5, 1), "children_living": 2}, mother),
        ("wus", {"visited_on": melati.TODAY, "children_living": 3}, mother),
    ):
        records.save(
            ws.db, FORMS[form], records.new_id(), answers, scope=melati.POST, author=ws.author, now=ws.now(),
            links={"person_id": person},
        )  # fmt: skip
    assert reporting.build(ws, "sip6", melati.POST).tables[0].cell(10, "measles").value == 1
    women = reporting.build(ws, "sip3", melati.POST).tables[0]
    assert [women.cell(0, name).text for name in ("name", "children_living")] == ["Wulan Sari", "3"]
    assert women.cell(1, "name").text == ""
