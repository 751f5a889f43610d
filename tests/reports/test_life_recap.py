"""The recaps of nifas, school age, adults and elderly: columns of the blanks, and who counts where."""

from datetime import date

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms import FORMS
from posyandu.reports.monthly import MonthlyData
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import Table
from posyandu.services import people, pregnancies, report_data, reporting, sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services.melati import POST, TODAY, child, post, pregnancy, with_reader, woman

NOVEMBER = Month.of(TODAY)
CALM: dict[str, Value | None] = {field.name: False for field in FORMS["school_mental"].sections[1].fields}
NO: dict[str, Value | None] = {field.name: False for field in FORMS["srq20"].sections[1].fields}
AKS: dict[str, Value | None] = {
    field.name: field.options[-1].code
    for field in FORMS["aks"].sections[1].fields  # type: ignore[attr-defined]
}
SKILAS: dict[str, Value | None] = {
    "knows_date": True, "knows_place": True, "recalls_words": False, "stands_up": True, "lost_weight": False,
    "poor_appetite": False, "muac_mm": 208, "eye_problem": False, "counts_fingers": True, "whisper": "hears",
    "sad": False, "no_interest": False,
}  # fmt: skip


@pytest.fixture
def ws() -> Workspace:
    book = post()
    with_reader(book)
    return book


@pytest.fixture
def day(ws: Workspace) -> str:
    return sessions.open_day(ws, POST, TODAY, {})


def person(ws: Workspace, name: str, years: int, sex: str = "female") -> str:
    return child(ws, name, date(TODAY.year - years, 3, 3), sex=sex)


def record(ws: Workspace, form: str, day: str, who: str, answers: Answers) -> None:
    visits.record(ws, FORMS[form], day, who, answers)


def sheet(ws: Workspace, code: str) -> Table:
    built = reporting.build(ws, code, POST)
    assert isinstance(built, Sheet)
    assert all(check.ok for check in built.checks)
    (table,) = built.tables
    return table


def counted(table: Table) -> dict[str, list[str]]:
    """The names behind every number of November that is not nought."""
    row = table.rows[NOVEMBER.month - 1]
    return {
        column.name: [each.name for each in cell.people]
        for column, cell in zip(table.columns, row, strict=True)
        if cell.value not in (0, None) and column.name != "month"
    }


def test_the_blanks_have_26_and_47_columns_in_the_order_of_the_paper(ws: Workspace) -> None:
    school, grown = sheet(ws, "rekap_sekolah"), sheet(ws, "rekap_dewasa")
    assert (len(school.columns), len(grown.columns)) == (26, 47)
    assert [(head.text, head.columns) for head in school.head[0][1:]] == [
        ("Sasaran", 2), ("Datang", 2), ("Tidak datang", 2), ("IMT", 5),
        ("Lingkar perut, 15 tahun ke atas", 1), ("Tekanan darah, 15 tahun ke atas", 3),
        ("Gula darah, 15 tahun ke atas", 3), ("Rematri", 2), ("TBC", 1), ("Skrining jiwa", 2),
        ("Edukasi", 1), ("Dirujuk", 1),
    ]  # fmt: skip
    assert [(head.text, head.columns) for head in grown.head[0][1:]] == [
        ("Sasaran", 2), ("Datang", 2), ("Tidak datang", 2), ("IMT", 5), ("Lingkar perut", 2), ("Tekanan darah", 3),
        ("Gula darah", 3), ("Kolesterol", 2), ("SRQ-20", 3), ("PUMA", 2), ("AKS", 5), ("Penurunan kognitif", 2),
        ("Keterbatasan gerak", 2), ("Malnutrisi", 2), ("Gangguan pendengaran", 2), ("Gangguan penglihatan", 2),
        ("Gejala depresi", 2), ("Imunisasi", 1), ("Edukasi", 1), ("Dirujuk", 1),
    ]  # fmt: skip


def test_school_children_and_youth_are_counted_by_age_and_class(ws: Workspace, day: str) -> None:
    pupil, youth = person(ws, "Ayu", 12), person(ws, "Made", 16)
    person(ws, "Nengah", 8)
    record(ws, "school_visit", day, pupil, {
        "weight_g": 62_000, "height_mm": 1_520, "waist_mm": 900, "systolic_mmhg": 130, "diastolic_mmhg": 85,
        "haemoglobin_dg_dl": 114, "tbc_cough": True, "tbc_fever": True, "referral": "puskesmas",
    })  # fmt: skip
    record(ws, "school_visit", day, youth, {
        "weight_g": 50_000, "height_mm": 1_580, "waist_mm": 810, "systolic_mmhg": 130, "diastolic_mmhg": 70,
        "glucose_mg_dl": 120, "haemoglobin_dg_dl": 121, "counselling": "Isi Piringku",
    })  # fmt: skip
    record(ws, "school_mental", day, youth, CALM)
    assert counted(sheet(ws, "rekap_sekolah")) == {
        "targets_school": ["Ayu", "Nengah"],
        "targets_youth": ["Made"],
        "came_school": ["Ayu"],
        "came_youth": ["Made"],
        "absent_school": ["Nengah"],
        "bmi_normal": ["Made"],
        "bmi_obese": ["Ayu"],
        "waist_over": ["Made"],
        "pressure_high": ["Made"],
        "glucose_normal": ["Made"],
        "anaemia_yes": ["Ayu"],
        "anaemia_no": ["Made"],
        "tbc": ["Ayu"],
        "mental_done": ["Made"],
        "mental_not_done": ["Ayu"],
        "counselled": ["Made"],
        "referred": ["Ayu"],
    }


def test_a_pupil_whose_sdq_a_health_worker_read_is_screened(ws: Workspace, day: str) -> None:
    for form, name, answered in (("sdq", "Ayu", True), ("sdq", "Made", False), ("school_mental", "Nengah", True)):
        pupil = person(ws, name, 12)
        record(ws, "school_visit", day, pupil, {"weight_g": 40_000})
        told: dict[str, Value | None] = {"visited_on": TODAY, "answered": answered}
        records.save(
            ws.db, FORMS[form], f"{form} {name}", told, scope=ws.posyandu_id, author=ws.author, now=ws.now(),
            links={"person_id": pupil},
        )  # fmt: skip
    found = counted(sheet(ws, "rekap_sekolah"))
    assert (found["mental_done"], found["mental_not_done"]) == (["Ayu", "Nengah"], ["Made"])


def test_adults_and_elderly_are_counted_with_their_instruments(ws: Workspace, day: str) -> None:
    grown, elder = person(ws, "Dewi", 40), person(ws, "Amaq", 70, "male")
    person(ws, "Lalu", 30, "male")
    puma = {name: False for name in ("puma_smoked", "puma_breath", "puma_phlegm", "puma_cough", "puma_spirometry")}
    record(ws, "adult_visit", day, grown, {
        "weight_g": 70_000, "height_mm": 1_650, "waist_mm": 810, "systolic_mmhg": 85, "diastolic_mmhg": 60,
        "glucose_mg_dl": 65, "cholesterol_mg_dl": 199, **puma, "covid_immunised": True,
    })  # fmt: skip
    record(ws, "adult_visit", day, elder, {
        "weight_g": 42_000, "height_mm": 1_580, "waist_mm": 905, "systolic_mmhg": 150, "diastolic_mmhg": 84,
        "glucose_mg_dl": 210, "cholesterol_mg_dl": 200, "puma_smoked": True, "puma_sticks": 20, "puma_years": 25,
        "puma_breath": True, "puma_phlegm": True, "puma_cough": False, "puma_spirometry": False,
    })  # fmt: skip
    record(ws, "srq20", day, grown, NO)
    record(ws, "srq20", day, elder, {**NO, "srq_17": True})
    record(ws, "aks", day, elder, {**AKS, "walking": "2"})
    record(ws, "skilas", day, elder, SKILAS)
    assert sheet(ws, "rekap_dewasa").cell(NOVEMBER.month - 1, "srq_17").text == "\N{EN DASH}"  # only a reader knows
    assert counted(sheet(ws, "rekap_dewasa")) == {
        "targets_adult": ["Dewi", "Lalu"],
        "targets_elderly": ["Amaq"],
        "came_adult": ["Dewi"],
        "came_elderly": ["Amaq"],
        "absent_adult": ["Lalu"],
        "bmi_very_thin": ["Amaq"],
        "bmi_heavy": ["Dewi"],
        "waist_male": ["Amaq"],
        "waist_female": ["Dewi"],
        "pressure_low": ["Dewi"],
        "pressure_high": ["Amaq"],
        "glucose_low": ["Dewi"],
        "glucose_high": ["Amaq"],
        "cholesterol_normal": ["Dewi"],
        "cholesterol_high": ["Amaq"],
        "srq_low": ["Amaq", "Dewi"],
        "puma_low": ["Dewi"],
        "puma_high": ["Amaq"],
        "aks_mild": ["Amaq"],
        "skilas_cognition_yes": ["Amaq"],
        "skilas_mobility_no": ["Amaq"],
        "skilas_malnutrition_yes": ["Amaq"],
        "skilas_hearing_no": ["Amaq"],
        "skilas_sight_no": ["Amaq"],
        "skilas_depression_no": ["Amaq"],
        "covid": ["Dewi"],
    }


def after_birth(ws: Workspace, name: str, days: int) -> str:
    who = woman(ws, name)
    born_on = date.fromordinal(TODAY.toordinal() - days)
    carried = pregnancy(ws, who, lmp_on=date.fromordinal(born_on.toordinal() - 280))
    pregnancies.end(ws, carried, "live_birth", born_on)
    return who


def test_mothers_after_birth_stand_in_the_columns_of_nifas(ws: Workspace, day: str) -> None:
    pregnant = woman(ws, "Ani")
    pregnancy(ws, pregnant)
    visits.record(ws, FORMS["pregnancy_visit"], day, pregnant, {"muac_mm": 250})
    came, _absent = after_birth(ws, "Baiq", 10), after_birth(ws, "Citra", 20)
    record(ws, "postpartum_visit", day, came, {
        "muac_mm": 230, "weight_on_curve": True, "systolic_mmhg": 120, "diastolic_mmhg": 80, "vitamin_a_capsules": 1,
        "contraception": False, "counselling": "ASI", "referral": "pustu",
    })  # fmt: skip
    table = reporting.monthly(ws, POST, NOVEMBER)
    assert isinstance(table, reporting.MonthlyReport)
    assert counted(table.recaps[1]) == {
        "targets": ["Ani"],
        "targets_nifas": ["Baiq", "Citra"],
        "came": ["Ani"],
        "came_nifas": ["Baiq"],
        "absent_nifas": ["Citra"],
        "weight_green": ["Baiq"],
        "muac_green": ["Ani"],
        "muac_red": ["Baiq"],
        "pressure_green": ["Baiq"],
        "vitamin_a_yes": ["Baiq"],
        "contraception_no": ["Baiq"],
        "counselled": ["Baiq"],
        "referred_nifas": ["Baiq"],
    }
    assert all(check.ok for check in table.checks)


def test_guests_and_copied_visits_are_not_counted(ws: Workspace, day: str) -> None:
    guest = person(ws, "Tamu", 40)
    people.correct(ws, guest, {"guest": True})
    record(ws, "adult_visit", day, guest, {"weight_g": 70_000})
    resident = person(ws, "Dewi", 40)
    record(ws, "adult_visit", day, resident, {"weight_g": 70_000, "source": "history"})
    assert counted(sheet(ws, "rekap_dewasa")) == {"targets_adult": ["Dewi"], "came_adult": ["Dewi"]}


def test_the_month_of_mental_screening_lasts_a_year(ws: Workspace, day: str) -> None:
    youth = person(ws, "Made", 16)
    for back, done in ((330, True), (400, False)):
        on = date.fromordinal(TODAY.toordinal() - back)
        past = sessions.open_day(ws, POST, on, {})
        record(ws, "school_mental", past, youth, CALM)
        data: MonthlyData = report_data.gather(ws, POST, NOVEMBER)
        (found,) = data.life[NOVEMBER]
        assert found.mental_done is done
        visits.withdraw(ws, FORMS["school_mental"], records.visit_id("school_mental", past, youth))
