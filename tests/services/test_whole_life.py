"""One life, from the birth in the post to the death of an old woman: the right group, form, companions and recap."""

from datetime import date, datetime, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.domain.service_group import Group
from posyandu.services import companions, deaths, people, pregnancies, report_data, sessions, visits
from posyandu.services.workspace import Workspace
from tests.services.melati import POST, ZONE, Clock, child, post

BORN = date(2026, 3, 14)


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
        (at(0, 2), "under_five_visit", Group.INFANT, ["newborn"], {"weight_g": 5_200}),
        (at(2, 1), "under_five_visit", Group.UNDER_FIVE, [], {"weight_g": 11_600}),
        (at(5, 6), "under_five_visit", Group.PRESCHOOL, [], {"weight_g": 18_000}),
        (at(8), "school_visit", Group.SCHOOL, [], {"weight_g": 25_000, "height_mm": 1_270}),
        (at(13), "school_visit", Group.SCHOOL, ["school_mental"], {"weight_g": 45_000, "height_mm": 1_550}),
        (at(17), "school_visit", Group.YOUTH, ["school_mental", "wus"], {"weight_g": 50_000, "height_mm": 1_580}),
        (at(24), "adult_visit", Group.ADULT, ["srq20", "wus"], {"weight_g": 53_000, "height_mm": 1_580}),
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
    assert asked(ws, she, old) == ["aks", "skilas", "srq20"]
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
