"""Nifas, school, adult and elderly visits through the services: registers, companions, and what stays confidential."""

from datetime import date, timedelta

import pytest

from posyandu.domain.adult import AdultAssessment
from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.domain.postpartum import PostpartumAssessment
from posyandu.domain.school import SchoolAssessment
from posyandu.domain.service_group import Group
from posyandu.services import companions, follow_up, home_visits, people, pregnancies, sessions, visits
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from tests.services.melati import POST, TODAY, child, post, pregnancy, with_reader, woman

BIRTH = TODAY - timedelta(days=12)


@pytest.fixture
def ws() -> Workspace:
    return post()


@pytest.fixture
def day(ws: Workspace) -> str:
    return sessions.open_day(ws, POST, TODAY, {})


def mother(ws: Workspace, born_on: date = BIRTH) -> str:
    person_id = woman(ws)
    pregnancies.end(ws, pregnancy(ws, person_id, lmp_on=born_on - timedelta(days=280)), "live_birth", born_on)
    return person_id


def record(ws: Workspace, name: str, day: str, person_id: str, **answers: object) -> visits.Saved:
    return visits.record(ws, FORMS[name], day, person_id, answers)  # type: ignore[arg-type]


def names(ws: Workspace, day: str, page: str) -> list[str]:
    return [row.name for row in sessions.roster(ws, day, page)]


def test_every_register_lists_its_own_people(ws: Workspace, day: str) -> None:
    mother(ws)
    for name, born_on in (("Ayu", date(2014, 1, 1)), ("Made", date(2009, 1, 1)), ("Inaq", date(1950, 1, 1))):
        child(ws, name, born_on)
    child(ws, "Dewa", date(1990, 1, 1))
    assert names(ws, day, "postpartum") == ["Wulan Sari"]
    assert names(ws, day, "school") == ["Ayu", "Made"]
    assert names(ws, day, "adult") == ["Dewa", "Inaq"]
    assert names(ws, day, "pregnant") == []


def test_a_mother_is_judged_by_the_days_since_the_birth(ws: Workspace, day: str) -> None:
    person_id = mother(ws)
    saved = record(ws, "postpartum_visit", day, person_id, muac_mm=250, systolic_mmhg=150, diastolic_mmhg=90)
    assert isinstance(saved.assessment, PostpartumAssessment)
    assert (saved.assessment.days, saved.assessment.pressure_red) == (12, True)
    assert sessions.tally(ws, day).to_refer == 1
    assert sessions.assessments(ws, day, "postpartum")[person_id].headline == saved.assessment.headline
    card = people.card(ws, person_id)
    assert [found.headline for found in card.assessments] == [saved.assessment.headline]
    assert saved.assessment.headline in [entry.title for entry in card.timeline]


def test_the_answer_on_breastfeeding_decides_the_register_after_nifas(ws: Workspace, day: str) -> None:
    person_id = mother(ws)
    later = TODAY + timedelta(days=60)
    assert visits.form_for(ws, person_id, later) is FORMS["adult_visit"]
    record(ws, "postpartum_visit", day, person_id, muac_mm=250, breastfeeding=True)
    assert visits.form_for(ws, person_id, later) is FORMS["postpartum_visit"]
    visits.set_cell(ws, FORMS["postpartum_visit"], day, person_id, "breastfeeding", False)
    assert visits.form_for(ws, person_id, later) is FORMS["adult_visit"]


def test_a_breastfeeding_woman_can_be_noted_as_pregnant_again(ws: Workspace, day: str) -> None:
    person_id = mother(ws, TODAY - timedelta(days=300))
    old = people.card(ws, person_id)
    assert (old.hit.group, old.pregnancy) == (Group.ADULT, None)
    (row,) = records.load_many(ws.db, FORMS["pregnancy"], person_id=person_id)
    pregnancies.correct(ws, row.id, {"breastfeeding": True})
    card = people.card(ws, person_id)
    assert (card.hit.group, card.pregnancy, card.form) == (Group.BREASTFEEDING, None, "postpartum_visit")
    pregnancies.note(ws, person_id, {"lmp_on": TODAY - timedelta(days=50)})
    assert people.card(ws, person_id).hit.group is Group.PREGNANT


def test_a_pupil_and_an_adult_are_judged_when_a_cell_is_left(ws: Workspace, day: str) -> None:
    pupil, grown = child(ws, "Ayu", date(2013, 11, 12)), woman(ws)
    visits.set_cell(ws, FORMS["school_visit"], day, pupil, "weight_g", 38_000)
    cell = visits.set_cell(ws, FORMS["school_visit"], day, pupil, "height_mm", 1_550)
    assert isinstance(cell.assessment, SchoolAssessment)
    assert cell.assessment.bmi_class.label == "Normal"
    visits.set_cell(ws, FORMS["adult_visit"], day, grown, "systolic_mmhg", 150)
    cell = visits.set_cell(ws, FORMS["adult_visit"], day, grown, "diastolic_mmhg", 84)
    assert isinstance(cell.assessment, AdultAssessment)
    assert cell.assessment.refer
    swapped = visits.set_cell(ws, FORMS["adult_visit"], day, grown, "diastolic_mmhg", 160)
    assert swapped.kept_as_draft
    assert {problem.field for problem in swapped.problems} == {"diastolic_mmhg"}


def test_nobody_but_the_monthly_groups_is_missed_on_closing(ws: Workspace, day: str) -> None:
    child(ws, "Dewa", date(1990, 1, 1))
    assert [check.code for check in sessions.closing_checks(ws, day)] == []
    assert sessions.tally(ws, day).targets == 0
    mother(ws)
    assert [check.code for check in sessions.closing_checks(ws, day)] == ["undecided"]
    assert sessions.tally(ws, day).targets == 1


# companions


def asked(ws: Workspace, person_id: str, day: str | None = None) -> dict[str, companions.Companion]:
    return {each.form.name: each for each in companions.companions(ws, person_id, day, TODAY)}


HEADER = ["health_history", "nakes_exam"]
"""The head of the card of pupils and adults, and what health workers found."""


@pytest.mark.parametrize(
    ("born_on", "expected"),
    [
        (date(2026, 8, 1), ["newborn", "development"]),
        (date(2024, 8, 1), ["development"]),
        (date(2018, 8, 1), HEADER),
        (date(2014, 8, 1), ["school_mental", "smoking", *HEADER]),
        (date(1990, 8, 1), ["srq20", *HEADER]),
        (date(1950, 8, 1), ["aks", "skilas", "srq20", *HEADER]),
    ],
)
def test_each_age_has_its_companions(ws: Workspace, born_on: date, expected: list[str]) -> None:
    assert list(asked(ws, child(ws, "Made", born_on))) == expected


def test_women_of_fertile_age_have_a_record_of_their_own(ws: Workspace) -> None:
    assert list(asked(ws, woman(ws))) == ["srq20", "wus", *HEADER]
    assert list(asked(ws, mother(ws))) == ["wus"]
    assert companions.companions(ws, "nobody", None, TODAY) == []


def test_a_yearly_instrument_is_due_again_after_twelve_months(ws: Workspace, day: str) -> None:
    elder = child(ws, "Inaq", date(1950, 1, 1))
    first = asked(ws, elder, day)["aks"]
    assert (first.is_due, first.words, first.done_on) == (True, "Belum", None)
    full = {field.name: field.options[-1].code for field in FORMS["aks"].sections[1].fields}  # type: ignore[attr-defined]
    record(ws, "aks", day, elder, **full)
    done = asked(ws, elder, day)["aks"]
    assert (done.is_due, done.level, done.done_on, done.record_id) == (False, "ok", TODAY, first.record_id)
    assert done.words == "12-11-2026. Skor 20 dari 20: mandiri (A)."
    (again,) = [
        each for each in companions.companions(ws, elder, None, TODAY + timedelta(days=366)) if each.form.name == "aks"
    ]
    assert again.is_due
    assert again.record_id != done.record_id


def test_a_record_asked_once_is_the_same_every_time(ws: Workspace) -> None:
    baby = child(ws, "Raka", TODAY - timedelta(days=5), birth_weight_g=3_100)
    record_id = asked(ws, baby)["newborn"].record_id
    answers = {"hb0_on": TODAY - timedelta(days=5), "kn1_on": TODAY - timedelta(days=4), "visited_on": TODAY}
    saved = visits.record(ws, FORMS["newborn"], None, baby, answers, record_id=record_id)
    assert saved.assessment is not None
    assert saved.assessment.headline == "Sekarang waktunya KN2."
    assert (asked(ws, baby)["newborn"].record_id, asked(ws, baby)["newborn"].is_due) == (record_id, False)


def test_the_head_of_the_card_is_asked_once_and_what_others_examined_as_needed(ws: Workspace, day: str) -> None:
    elder = child(ws, "Inaq", date(1950, 1, 1))
    found = asked(ws, elder, day)
    assert (found["health_history"].is_due, found["nakes_exam"].is_due) == (True, False)
    told = {"visited_on": TODAY, "own_hypertension": True, "family_stroke": False, "habit_salt": True}
    visits.record(ws, FORMS["health_history"], None, elder, told, record_id=found["health_history"].record_id)
    done = {each.form.name: each for each in companions.companions(ws, elder, None, TODAY + timedelta(days=700))}
    assert (done["health_history"].is_due, done["health_history"].done_on) == (False, TODAY)
    assert done["health_history"].record_id == found["health_history"].record_id
    for instrument in ("mini_cog", "gds15"):
        told = {"visited_on": TODAY, "instrument": instrument, "result": "Rahasia", "place": "Pustu"}
        visits.record(ws, FORMS["nakes_exam"], None, elder, told, record_id=records.new_id())
    titles = [entry.title for entry in people.card(ws, elder).timeline]
    assert {"Riwayat kesehatan dicatat", "Diperiksa tenaga kesehatan: Mini-Cog (daya ingat)"} <= set(titles)
    assert "Rahasia" not in repr(people.card(ws, elder).timeline)


def test_home_visits_and_follow_up_stand_in_the_timeline(ws: Workspace) -> None:
    elder = child(ws, "Inaq", date(1950, 1, 1))
    visit = home_visits.open_visit(ws, elder)
    home_visits.record(ws, visit, {"visited_on": TODAY, "danger_cough": True, "gap_pressure": False})
    told = {"list_code": "pressure", "period": "2026-11", "state": "done", "noted_on": TODAY, "reason": "Sudah berobat"}
    records.save(
        ws.db, FORMS["follow_up"], "f", told, scope=POST, author=ws.author, now=ws.now(), links={"person_id": elder}
    )
    entries = {entry.title: entry for entry in people.card(ws, elder).timeline}
    found = entries["Kunjungan rumah"]
    assert (found.level, found.form, found.record_id) == ("bad", "home_elderly", visit.record_id)
    assert found.detail.startswith("Gejala TBC: batuk terus-menerus")
    assert entries["Tindak lanjut: Selesai"].detail.startswith("Sudah berobat")


# what stays confidential

CALM = {question.name: False for question in FORMS["school_mental"].sections[1].fields}


def screened(ws: Workspace, day: str) -> str:
    youth = child(ws, "Made", date(2010, 1, 1))
    with_reader(ws)
    record(ws, "school_mental", day, youth, **{**CALM, "suicidal": True})
    return youth


def test_the_confidential_form_itself_says_what_to_do(ws: Workspace, day: str) -> None:
    youth = child(ws, "Made", date(2010, 1, 1))
    found = visits.assess(ws, youth, FORMS["school_mental"], {"suicidal": True, "visited_on": TODAY})
    assert found is not None
    assert [finding.code for finding in found.findings] == ["urgent"]


def test_no_list_timeline_or_companion_tells_a_confidential_answer(ws: Workspace, day: str) -> None:
    youth = screened(ws, day)
    elder = child(ws, "Inaq", date(1950, 1, 1))
    record(ws, "srq20", day, elder, srq_17=True)
    row = next(each for each in sessions.roster(ws, day) if each.person_id == youth)
    assert (row.present, row.visit) == (True, None)
    assert sessions.assessments(ws, day) == {}
    assert sessions.tally(ws, day).to_refer == 0
    told = repr(
        (
            people.card(ws, youth),
            people.card(ws, elder),
            follow_up.attention(ws, POST, Month.of(TODAY)),
            asked(ws, youth),
            sessions.closing_checks(ws, day),
            visits.drafts(ws),
        )
    )
    for word in ("suicidal", "srq_17", "mengakhiri", "bunuh diri ya"):
        assert word not in told.replace(repr(FORMS["school_mental"]), "").replace(repr(FORMS["srq20"]), "")
    assert asked(ws, youth)["school_mental"].words == "Sudah 12-11-2026"
    assert asked(ws, elder)["srq20"].words == "Belum lengkap"


@pytest.mark.parametrize("role", ["kader", "coordinator", "operator", "village", "midwife", "puskesmas"])
def test_nobody_not_even_who_asked_opens_confidential_answers_again_without_a_key(
    ws: Workspace, day: str, role: str
) -> None:
    youth = screened(ws, day)
    form = FORMS["school_mental"]
    for worker in (ws.worker, Worker("other", "Murniati", role)):
        ws.worker = worker
        with pytest.raises(visits.Sealed, match="disegel"):
            visits.open_visit(ws, form, day, youth)
        again = visits.open_visit(ws, form, day, youth, anew=True)
        assert {name for name, value in {**again.answers, **again.stored, **again.previous}.items() if value} == {
            "visited_on"
        }
