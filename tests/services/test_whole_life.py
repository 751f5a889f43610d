"""One life, from the birth in the post to the death of an old woman: the right group, form, companions and recap."""

from datetime import date, datetime, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.domain.immunisation import OPEN
from posyandu.domain.service_group import Group
from posyandu.reports import recap
from posyandu.reports.table import Table
from posyandu.services import (
    companions,
    deaths,
    feeding,
    follow_up,
    iks,
    immunisation,
    people,
    pregnancies,
    report_data,
    sessions,
    visits,
)
from posyandu.services.immunisation import Given
from posyandu.services.workspace import Workspace
from tests.services.melati import POST, ZONE, Clock, child, post

BORN = date(2026, 3, 14)
HEADER = ["health_history", "nakes_exam"]
KK = "5203011208260001"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ws(clock: Clock) -> Workspace:
    return post(clock)


def travel(clock: Clock, to: date) -> date:
    """Move the clock of the laptop to a day."""
    clock.now = datetime(to.year, to.month, to.day, 9, tzinfo=ZONE)
    return to


def at(years: int, months: int = 0, days: int = 0) -> date:
    """The day on which she is so old."""
    month = Month.of(BORN) + (years * 12 + months)
    return date(month.year, month.month, BORN.day) + timedelta(days=days)


def visit(ws: Workspace, person_id: str, on: date, **answers: object) -> visits.Saved:
    """What a posyandu day of hers notes, in the form of her group."""
    form = visits.form_for(ws, person_id, on)
    assert form is not None
    day = sessions.open_day(ws, POST, on, {})
    return visits.record(ws, form, day, person_id, answers)  # type: ignore[arg-type]


def asked(ws: Workspace, person_id: str, on: date) -> list[str]:
    return [each.form.name for each in companions.companions(ws, person_id, None, on)]


def recap_group(ws: Workspace, person_id: str, on: date) -> Group | None:
    """The register of the month's recap she is counted in beside those of children and pregnant women."""
    counted = report_data.gather(ws, POST, Month.of(on)).life[Month.of(on)]
    return next((each.group for each in counted if each.id == person_id), None)


def test_one_person_through_every_register(ws: Workspace, clock: Clock) -> None:
    travel(clock, at(0, days=3))
    she = child(ws, "Ayu Lestari", BORN, sex="female", birth_weight_g=3_100)
    stages = [
        (at(0, 2), "under_five_visit", Group.INFANT, ["newborn", "development"], {"weight_g": 5_200}),
        (at(2, 1), "under_five_visit", Group.UNDER_FIVE, ["development"], {"weight_g": 11_600}),
        (at(5, 6), "under_five_visit", Group.PRESCHOOL, ["development"], {"weight_g": 18_000}),
        (at(8), "school_visit", Group.SCHOOL, HEADER, {"weight_g": 25_000, "height_mm": 1_270}),
        (
            at(13),
            "school_visit",
            Group.SCHOOL,
            ["school_mental", "smoking", *HEADER],
            {"weight_g": 45_000, "height_mm": 1_550},
        ),
        (
            at(17),
            "school_visit",
            Group.YOUTH,
            ["school_mental", "smoking", "wus", *HEADER],
            {"weight_g": 50_000, "height_mm": 1_580},
        ),
        (at(24), "adult_visit", Group.ADULT, ["srq20", "wus", *HEADER], {"weight_g": 53_000, "height_mm": 1_580}),
    ]
    for on, form, group, beside, told in stages:
        travel(clock, on)
        assert people.card(ws, she).hit.group is group
        assert visits.form_for(ws, she, on) is FORMS[form]
        assert asked(ws, she, on) == beside
        saved = visit(ws, she, on, **told)
        assert saved.assessment is not None
        in_life = group not in (Group.INFANT, Group.UNDER_FIVE, Group.PRESCHOOL)
        assert recap_group(ws, she, on) is (group if in_life else None)

    began = travel(clock, at(27))
    carried = pregnancies.note(ws, she, {"lmp_on": began - timedelta(days=60), "gravida": 1})
    assert (people.card(ws, she).hit.group, asked(ws, she, began)) == (Group.PREGNANT, [])
    assert visit(ws, she, began, muac_mm=250).assessment is not None
    assert recap_group(ws, she, began) is None

    born = travel(clock, began + timedelta(days=220))
    baby = pregnancies.end(ws, carried, "live_birth", born, {"name": "Raka", "sex": "male"})
    assert baby is not None
    assert people.card(ws, she).hit.group is Group.POSTPARTUM
    nifas = travel(clock, born + timedelta(days=20))
    visit(ws, she, nifas, muac_mm=250, breastfeeding=True)
    assert recap_group(ws, she, nifas) is Group.POSTPARTUM
    assert visits.form_for(ws, baby, nifas) is FORMS["under_five_visit"]
    for days, group in ((42, Group.POSTPARTUM), (43, Group.BREASTFEEDING), (800, Group.ADULT)):
        travel(clock, born + timedelta(days=days))
        assert people.card(ws, she).hit.group is group

    old = travel(clock, at(68))
    assert people.card(ws, she).hit.group is Group.ELDERLY
    assert asked(ws, she, old) == ["aks", "skilas", "srq20", *HEADER]
    visit(ws, she, old, systolic_mmhg=150, diastolic_mmhg=90)
    assert recap_group(ws, she, old) is Group.ELDERLY
    assert [entry.level for entry in people.card(ws, she).timeline][:1] == ["warn"]

    last = travel(clock, at(81))
    deaths.note(ws, she, {"died_on": last, "cause": "Usia lanjut"})
    (died,) = deaths.of_month(ws, POST, Month.of(last))
    assert (died.name, died.kind) == ("Ayu Lestari", "other")
    after = travel(clock, last + timedelta(days=40))
    assert she not in {row.person_id for row in sessions.roster(ws, sessions.open_day(ws, POST, after, {}))}
    assert recap_group(ws, she, after) is None
    told = people.card(ws, she).timeline
    assert {entry.form for entry in told} >= {
        *("person", "under_five_visit", "school_visit", "adult_visit", "pregnancy", "pregnancy_visit"),
        "postpartum_visit",
    }


def on_list(ws: Workspace, code: str, on: date) -> dict[str, str]:
    """Who stands on a follow-up list in the month of a day, and why."""
    found = (each for each in follow_up.attention(ws, POST, Month.of(on)) if each.code == code)
    return {row.id: row.reason for each in found for row in each.people}


def test_one_person_through_extra_meals_a_guardian_the_screening_and_the_family_index(
    ws: Workspace, clock: Clock
) -> None:
    travel(clock, at(0, days=3))
    nini = people.register(ws, {"name": "Inaq Sahnun", "sex": "female", "born_on": date(1966, 3, 4), "kk": KK})
    she = child(ws, "Ayu Lestari", BORN, sex="female", guardian_id=nini, guardian_role="grandparent", kk=KK)
    house = str(people.card(ws, she).person["household_id"])
    assert [hit.name for hit in people.search(ws, "sahnun")] == ["Inaq Sahnun", "Ayu Lestari"]

    def family(code: str) -> str:
        return next(each.state for each in iks.of_family(ws, house).found.indicators if each.code == code)

    thin = travel(clock, at(2, 1))
    visit(ws, she, thin, weight_g=9_700, length_mm=870, position="standing")
    assert (family("weighed"), family("immunised"), family("contraception")) == ("yes", "none", "none")
    assert on_list(ws, "feeding", thin) == {she: "Balita gizi kurang (BB/TB): belum mendapat MT"}
    programme, _op = feeding.save(ws, she, feeding.proposal(ws, people.card(ws, she)))
    for week in range(1, 9):
        seen = travel(clock, thin + timedelta(days=7 * week))
        feeding.save_week(ws, programme, {"week": week, "visited_on": seen, "weight_g": 9_700 + 120 * week})
    over = travel(clock, thin + timedelta(days=57))
    assert on_list(ws, "feeding", over)[she].startswith("Waktunya habis")
    feeding.save(ws, she, {"ended_on": thin + timedelta(days=55), "result": "recovered"}, programme)
    assert on_list(ws, "feeding", over) == {}
    assert feeding.of_person(ws, she)[0].course.gain_g == 960
    assert set(feeding.months_fed(ws, POST, over)[she]) == {Month.of(thin), Month.of(thin) + 1, Month.of(over)}

    grown = travel(clock, at(19))
    people.correct(ws, she, {"guardian_id": None, "guardian_name": None, "guardian_role": None})
    assert people.card(ws, nini).wards == ()
    assert people.search(ws, "sahnun")[-1].id == nini
    asked = {"visited_on": grown, "couple": True, "children_living": 0, "wants_child": "soon", "contraception": False}
    wus = next(each for each in companions.companions(ws, she, None, grown) if each.form.name == "wus")
    saved = visits.record(ws, FORMS["wus"], None, she, asked, record_id=wus.record_id)
    assert saved.assessment is not None
    assert saved.assessment.headline == "Dapat hamil dengan pengawasan: terlalu muda."
    assert on_list(ws, "prepregnancy", grown) == {she: "Ingin hamil, perlu diperiksa dahulu: 4T"}
    assert family("contraception") == "no"

    ready = travel(clock, at(24))
    told = {**asked, "visited_on": ready, "weight_g": 52_000, "height_mm": 1_580, "muac_mm": 260}
    well = dict.fromkeys(("chronic", "infection", "complication", "health_problem"), False)
    saved = visits.record(
        ws, FORMS["wus"], None, she, {**told, **well, "haemoglobin_dg_dl": 125}, record_id=wus.record_id
    )
    assert saved.assessment is not None
    assert saved.assessment.headline.startswith("Layak hamil")
    assert on_list(ws, "prepregnancy", ready) == {}

    pregnancies.note(ws, she, {"lmp_on": ready - timedelta(days=60), "gravida": 1})
    visit(ws, she, ready, muac_mm=232)
    assert family("contraception") == "none"
    assert on_list(ws, "feeding", ready) == {she: "Ibu hamil KEK (LiLA): belum mendapat MT"}
    feeding.save(ws, she, feeding.proposal(ws, people.card(ws, she)))
    assert feeding.of_person(ws, she)[0].course.planned_days == 120
    assert on_list(ws, "feeding", ready) == {}
    assert {entry.form for entry in people.card(ws, she).timeline} >= {"feeding", "under_five_visit"}


# month by month: the first six years, and one month of every later stage


def column(ws: Workspace, who: str, table: Table, month: Month) -> set[str]:
    """The columns of a recap she is counted in this month."""
    row = table.rows[month.month - 1]
    return {
        head.name
        for head, cell in zip(table.columns, row, strict=True)
        if any(person.id == who for person in cell.people)
    }


def recap_of(ws: Workspace, kind: str, month: Month) -> Table:
    data = report_data.gather(ws, POST, month)
    if kind == "balita":
        return recap.child_recap(data.children, data.rules.age_bands["ilp"], month, data.rules)
    makers = {"sekolah": recap.school_recap, "dewasa": recap.adult_recap}
    return makers[kind](data.life, month, data.rules)


@pytest.mark.parametrize(
    ("months", "group", "given", "still_due", "counted"),
    [
        (1, Group.INFANT, (), {"bcg", "opv_1"}, {"targets_infant", "came_infant", "breastfed"}),
        (2, Group.INFANT, ("bcg", "opv_1"), {"dpt_hb_hib_1", "pcv_1"}, {"targets_infant", "breastfed", "gained"}),
        (9, Group.INFANT, ("bcg",), {"mr_1"}, {"targets_child", "came_child", "well_fed"}),
        (18, Group.UNDER_FIVE, ("mr_1",), {"dpt_hb_hib_1"}, {"targets_child", "muac_normal"}),
        (59, Group.UNDER_FIVE, (), set(), {"targets_child", "came_child"}),
        (60, Group.PRESCHOOL, (), set(), {"targets_child", "came_child"}),
        (71, Group.PRESCHOOL, (), set(), {"targets_child", "came_child"}),
    ],
)
def test_the_first_years_month_by_month(
    ws: Workspace,
    clock: Clock,
    months: int,
    group: Group,
    given: tuple[str, ...],
    still_due: set[str],
    counted: set[str],
) -> None:
    travel(clock, BORN)
    she = child(ws, "Ayu Lestari", BORN, sex="female", birth_weight_g=3_100, birth_length_mm=490)
    day_before = at(0, months - 1)
    if months > 1:
        travel(clock, day_before)
        visit(ws, she, day_before, weight_g=3_100 + 600 * min(months - 1, 6) + 190 * max(0, months - 7))
    on = travel(clock, at(0, months))
    told: dict[str, object] = {"weight_g": 3_100 + 1_000 * min(months, 5) + 210 * max(0, months - 5)}
    told |= {"muac_mm": 140} if months >= 6 else {"exclusive_breastfeeding": True}
    told |= {"complementary_food": True} if 6 <= months < 24 else {}
    visit(ws, she, on, **told)
    doses = [Given(code.removesuffix("_1"), 1, on) for code in given]
    if doses:
        immunisation.record(ws, she, doses)
    assert people.card(ws, she).hit.group is group
    due = {each.code for each in immunisation.card(ws, she, on).doses if each.state in OPEN}
    assert still_due <= due
    assert not set(given) & due
    found = column(ws, she, recap_of(ws, "balita", Month.of(on)), Month.of(on))
    assert counted <= found
    assert ("targets_infant" in found) is (months < 6)


@pytest.mark.parametrize(
    ("years", "kind", "told", "counted", "not_counted"),
    [
        (6, "sekolah", {"weight_g": 20_000, "height_mm": 1_150}, {"targets_school", "bmi_normal"}, {"pressure_normal"}),
        (
            15,
            "sekolah",
            {
                "weight_g": 49_000,
                "height_mm": 1_560,
                "haemoglobin_dg_dl": 110,
                "systolic_mmhg": 112,
                "diastolic_mmhg": 70,
            },
            {"targets_youth", "came_youth", "anaemia_yes", "pressure_normal", "mental_not_done"},
            {"targets_school"},
        ),
        (
            19,
            "dewasa",
            {"weight_g": 52_000, "height_mm": 1_580, "waist_mm": 810, "counselling": "CERDIK"},
            {"targets_adult", "bmi_normal", "waist_female", "counselled"},
            {"targets_elderly"},
        ),
        (
            60,
            "dewasa",
            {"systolic_mmhg": 150, "diastolic_mmhg": 84, "glucose_mg_dl": 210, "referral": "puskesmas"},
            {"targets_elderly", "came_elderly", "pressure_high", "glucose_high", "referred"},
            {"targets_adult"},
        ),
    ],
)
def test_every_later_stage_has_its_recap_columns(
    ws: Workspace,
    clock: Clock,
    years: int,
    kind: str,
    told: dict[str, object],
    counted: set[str],
    not_counted: set[str],
) -> None:
    travel(clock, at(0, 1))
    she = child(ws, "Ayu Lestari", BORN, sex="female")
    on = travel(clock, at(years))
    visit(ws, she, on, **told)
    found = column(ws, she, recap_of(ws, kind, Month.of(on)), Month.of(on))
    assert counted <= found
    assert not not_counted & found
