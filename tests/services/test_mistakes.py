"""Taken away and brought back: nothing that hung on a mistake counts on, and nothing is lost by undoing it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Choice, YesNo
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.referral import FORM as REFERRAL
from posyandu.domain.forms.registration import HOUSEHOLD, PERSON
from posyandu.domain.forms.session import ATTENDANCE
from posyandu.services import (
    births,
    families,
    follow_up,
    home_visits,
    mistakes,
    month_lock,
    people,
    questionnaires,
    referrals,
    sealed,
    sessions,
    visits,
)
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from tests.services.melati import (
    CHILD,
    MOTHER,
    NOW,
    POST,
    READER_PIN,
    TODAY,
    child,
    pregnancy,
    weighed,
    with_reader,
    woman,
)

NOVEMBER = Month(2026, 11)
AKS, DEVELOPMENT, POSTPARTUM = FORMS["aks"], FORMS["development"], FORMS["postpartum_visit"]
SRQ, MENTAL = FORMS["srq20"], FORMS["school_mental"]


@pytest.fixture
def day(ws: Workspace) -> str:
    return sessions.open_day(ws, POST, TODAY, {})


def everything(ws: Workspace) -> dict[str, object]:
    """Every standing record with its answers."""
    return {
        f"{form.name} {row.id}": dict(row.answers)
        for form in FORMS.values()
        for row in records.load_many(ws.db, form)
    }  # fmt: skip


def attendance(ws: Workspace, day: str, person_id: str) -> tuple[object, object]:
    row = records.load(ws.db, ATTENDANCE, records.attendance_id(day, person_id))
    assert row is not None
    return row.answers["present"], row.answers["step"]


def test_a_visit_goes_with_the_presence_it_noted_and_all_of_it_comes_back(ws: Workspace, day: str) -> None:
    raka = child(ws)
    visit = visits.record(ws, CHILD, day, raka, {"weight_g": 8_000, "muac_mm": 113}).record_id
    referrals.refer(ws, raka, referrals.draft(ws, raka, CHILD.name, visit), CHILD.name, visit)
    before = everything(ws)
    assert mistakes.leaving(ws, CHILD, visit) == mistakes.Leaving(TODAY, True, True, (), None)
    mistakes.take_visit(ws, CHILD, visit)
    assert sessions.tally(ws, day).present == 0
    assert next(row for row in sessions.roster(ws, day) if row.person_id == raka).visit is None
    assert "referral_open" not in {each.code for each in follow_up.attention(ws, POST, NOVEMBER) if each.people}
    assert referrals.of_person(ws, raka) == []
    gone = mistakes.taken(ws, CHILD, visit)
    assert gone is not None
    assert (gone.author, gone.reason) == (ws.worker.id, "Salah dicatat")
    mistakes.bring_back(ws, CHILD, visit)
    assert everything(ws) == before
    assert mistakes.taken(ws, CHILD, visit) is None


def test_who_got_a_number_at_the_door_came_all_the_same(ws: Workspace, day: str) -> None:
    raka = child(ws)
    sessions.mark_present(ws, day, raka)
    visit = visits.record(ws, CHILD, day, raka, {"weight_g": 9_600, "counselling": "Makan telur"}).record_id
    before = everything(ws)
    assert mistakes.leaving(ws, CHILD, visit).presence is False
    mistakes.take_visit(ws, CHILD, visit)
    assert attendance(ws, day, raka) == (True, 1)
    mistakes.bring_back(ws, CHILD, visit)
    assert everything(ws) == before


def test_what_else_was_noted_that_day_keeps_the_presence_until_it_goes_too(ws: Workspace, day: str) -> None:
    nini = child(ws, "Nini", date(1950, 5, 5))
    adult = FORMS["adult_visit"]
    visit = visits.record(ws, adult, day, nini, {"weight_g": 52_000}).record_id
    field = next(each for each in AKS.fields.values() if isinstance(each, Choice) and each.name != "source")
    asked = visits.record(ws, AKS, day, nini, {field.name: field.options[0].code}).record_id
    before = everything(ws)
    gone = mistakes.leaving(ws, adult, visit)
    assert (gone.presence, gone.others) == (False, (AKS.title,))
    mistakes.take_visit(ws, adult, visit)
    assert attendance(ws, day, nini)[0] is True
    mistakes.take_visit(ws, AKS, asked)
    assert attendance(ws, day, nini) == (None, None)
    mistakes.bring_back(ws, AKS, asked)
    mistakes.bring_back(ws, adult, visit)
    assert everything(ws) == before


def test_a_slip_that_was_answered_stays(ws: Workspace) -> None:
    raka = child(ws)
    visit = weighed(ws, raka, TODAY, 8_000, muac_mm=113)
    referrals.refer(ws, raka, referrals.draft(ws, raka, CHILD.name, visit), CHILD.name, visit)
    referrals.answer(ws, referrals.find(ws, raka), {"came": "came"})
    assert not mistakes.leaving(ws, CHILD, visit).slip
    mistakes.take_visit(ws, CHILD, visit)
    assert [each.state for each in referrals.of_person(ws, raka)] == ["came"]


def test_a_signed_month_is_changed_then_and_agrees_again_when_it_is_back(ws: Workspace, day: str) -> None:
    visit = visits.record(ws, CHILD, day, child(ws), {"weight_g": 9_600}).record_id
    month_lock.sign(ws, POST, NOVEMBER)
    assert mistakes.leaving(ws, CHILD, visit).signed == NOVEMBER
    mistakes.take_visit(ws, CHILD, visit)
    assert month_lock.state(ws, POST, NOVEMBER).code == "changed"
    mistakes.bring_back(ws, CHILD, visit)
    assert month_lock.state(ws, POST, NOVEMBER).code == "signed"


def test_a_checklist_taken_away_takes_its_result_out_of_the_visit(ws: Workspace, day: str) -> None:
    raka = child(ws)
    visit = visits.record(ws, CHILD, day, raka, {"weight_g": 9_600}).record_id
    ticks = {name: False for name, field in DEVELOPMENT.fields.items() if isinstance(field, YesNo)}
    asked = visits.record(ws, DEVELOPMENT, day, raka, ticks).record_id
    before = everything(ws)
    told = before[f"{CHILD.name} {visit}"]
    assert isinstance(told, dict)
    assert told["development"] is not None
    mistakes.take_visit(ws, DEVELOPMENT, asked)
    row = records.load(ws.db, CHILD, visit)
    assert row is not None
    assert row.answers["development"] is None
    mistakes.bring_back(ws, DEVELOPMENT, asked)
    assert everything(ws) == before


def test_the_birth_says_again_whether_she_breastfeeds_as_the_visit_before_said(ws: Workspace) -> None:
    mother = woman(ws)
    birth = pregnancy(ws, mother)
    births.note(ws, birth, {"outcome": "stillbirth", "ended_on": date(2026, 10, 1)})

    def told(on: date, suckles: bool) -> str:
        return visits.record(ws, POSTPARTUM, None, mother, {"visited_on": on, "breastfeeding": suckles}).record_id

    def stands() -> object:
        row = records.load(ws.db, PREGNANCY, birth)
        assert row is not None
        return row.answers["breastfeeding"]

    first, second = told(date(2026, 10, 5), True), told(date(2026, 10, 12), False)
    assert stands() is False
    mistakes.take_visit(ws, POSTPARTUM, second)
    assert stands() is True
    mistakes.take_visit(ws, POSTPARTUM, first)
    assert stands() is None
    mistakes.bring_back(ws, POSTPARTUM, first)
    assert stands() is True


def test_somebody_registered_by_mistake_goes_with_presence_and_empty_household(ws: Workspace, day: str) -> None:
    raka = people.register(ws, {"name": "Raka Salah", "sex": "male", "born_on": date(2025, 3, 5), "rt": "02"})
    sessions.mark_present(ws, day, raka)
    before = everything(ws)
    assert records.load_many(ws.db, HOUSEHOLD)
    assert mistakes.holding(ws, raka) == {}
    mistakes.take_person(ws, raka)
    assert people.search(ws, "Raka Salah") == []
    assert (sessions.tally(ws, day).present, sessions.tally(ws, day).targets) == (0, 0)
    assert families.register(ws, POST).lines == ()
    mistakes.bring_back(ws, PERSON, raka)
    assert everything(ws) == before


def test_a_household_that_others_live_in_stays(ws: Workspace) -> None:
    home = {"rt": "02", "kk": "5203010507250001"}
    first = people.register(ws, {"name": "Ayu", "sex": "female", "born_on": date(2025, 3, 5), **home})
    second = people.register(ws, {"name": "Raka", "sex": "male", "born_on": date(2023, 3, 5), **home})
    mistakes.take_person(ws, second)
    assert [people.hit(ws, first).id] == [each.id for each in people.search(ws, "", scope=POST)]
    assert len(records.load_many(ws.db, HOUSEHOLD)) == 1


def test_who_has_records_of_her_own_is_not_taken_away_and_it_is_said_how_many(ws: Workspace) -> None:
    mother = woman(ws)
    raka = child(ws, mother_id=mother)
    weighed(ws, raka, date(2026, 10, 10), 9_200)
    weighed(ws, raka, TODAY, 9_600)
    assert mistakes.holding(ws, raka) == {CHILD.title: 2}
    assert mistakes.holding(ws, mother) == {"Anak atau yang diasuh": 1}
    for each in (raka, mother):
        with pytest.raises(BadInput, match="Hapus dulu yang salah"):
            mistakes.take_person(ws, each)
    for row in records.load_many(ws.db, CHILD, person_id=raka):
        mistakes.take_visit(ws, CHILD, row.id)
    mistakes.take_person(ws, raka)
    mistakes.take_person(ws, mother)
    assert people.search(ws, "", scope=POST) == []


def test_a_pregnancy_noted_by_mistake_goes_unless_something_belongs_to_it(ws: Workspace) -> None:
    mother = woman(ws)
    wrong = pregnancy(ws, mother)
    before = everything(ws)
    mistakes.take_pregnancy(ws, wrong)
    assert people.card(ws, mother).pregnancy is None
    mistakes.bring_back(ws, PREGNANCY, wrong)
    assert everything(ws) == before
    visit = visits.record(ws, MOTHER, None, mother, {"visited_on": TODAY, "weight_g": 55_000}).record_id
    assert mistakes.carrying(ws, wrong) == {MOTHER.title: 1}
    with pytest.raises(BadInput):
        mistakes.take_pregnancy(ws, wrong)
    mistakes.take_visit(ws, MOTHER, visit)
    births.note(ws, wrong, {"outcome": "live_birth", "ended_on": TODAY, "sex": "male", "birth_weight_g": 3_000})
    assert mistakes.carrying(ws, wrong) == {"Anak yang lahir": 1}


@pytest.mark.parametrize("form", [CHILD, PERSON, PREGNANCY, REFERRAL])
def test_what_is_not_in_the_book_or_was_not_taken_away_is_said_so(ws: Workspace, form: Form) -> None:
    raka = child(ws)
    visit = weighed(ws, raka, TODAY, 9_600)
    for record_id in ("nobody", *((visit,) if form is CHILD else ())):
        with pytest.raises(NotFound):
            mistakes.bring_back(ws, form, record_id)
    for take in (mistakes.take_visit, mistakes.leaving):
        with pytest.raises(NotFound):
            take(ws, form, "nobody")
    mistakes.take_visit(ws, CHILD, visit)
    with pytest.raises(NotFound):
        mistakes.take_visit(ws, CHILD, visit)


def test_sealed_answers_asked_of_somebody_else_go_with_their_record_and_come_back_with_it(
    ws: Workspace, day: str
) -> None:
    reader, ibu, asker = with_reader(ws), woman(ws), ws.worker
    yes = dict.fromkeys(questionnaires.secret(SRQ), True)
    asked = visits.record(ws, SRQ, day, ibu, yes).record_id
    before = everything(ws)
    mistakes.take_visit(ws, SRQ, asked)
    assert questionnaires.envelopes(ws, asked) == []
    assert not [each for each in records.load_many(ws.db, SRQ) if each.answers["outcome"]]
    assert [(each.what, each.name) for each in mistakes.gone(ws)] == [("SRQ-20, 12-11-2026", "Wulan Sari")]
    mistakes.bring_back(ws, SRQ, asked)
    assert everything(ws) == before
    mistakes.take_visit(ws, SRQ, asked)
    visits.record(ws, SRQ, day, ibu, dict.fromkeys(yes, False))  # asked of herself now, in the same record
    ws.worker = reader
    opened = questionnaires.open_newest(ws, sealed.unlock(ws, READER_PIN), SRQ, asked)
    assert [set(each.values.values()) for each in opened] == [{False}]
    assert asker.role == "kader"


@pytest.mark.parametrize(
    ("worker", "may"),
    [
        (Worker("kader-lain", "Murniati", "kader"), False),
        (Worker("ketua", "Sumiati", "coordinator"), False),
        (Worker("desa", "Pak Kadus", "village"), False),
        (Worker("bidan-lain", "Bidan Ratna", "midwife"), True),
        (Worker("gizi", "Ibu Gizi", "nutritionist"), True),
    ],
)
def test_confidential_answers_are_deleted_listed_and_brought_back_by_who_noted_them_and_health_workers_alone(
    ws: Workspace, day: str, worker: Worker, may: bool
) -> None:
    with_reader(ws)
    asker, made = ws.worker, child(ws, "Made", date(2010, 1, 1))
    asked = visits.record(ws, MENTAL, day, made, {"unsafe": True}).record_id

    def tried(deed: Callable[[Workspace, Form, str], object]) -> bool:
        try:
            deed(ws, MENTAL, asked)
        except BadInput as error:
            assert "Hanya yang mencatatnya, bidan" in str(error)
            return False
        return True

    ws.worker = worker
    assert mistakes.may(ws, MENTAL, asked) is may
    assert not mistakes.may(ws, MENTAL, "nobody")
    assert tried(mistakes.take_visit) is may
    if not may:
        ws.worker = asker
        mistakes.take_visit(ws, MENTAL, asked)
        assert [each.record_id for each in mistakes.gone(ws)] == [asked]
        ws.worker = worker
    assert [each.record_id for each in mistakes.gone(ws)] == ([asked] if may else [])
    assert tried(mistakes.bring_back) is may


def test_a_home_visit_goes_and_comes_back_and_its_page_begins_a_new_one_meanwhile(ws: Workspace) -> None:
    raka = child(ws)
    opened = home_visits.open_visit(ws, raka)
    home_visits.record(ws, opened, {**opened.answers, "danger_weak": True})
    before = everything(ws)
    mistakes.take_visit(ws, opened.form, opened.record_id)
    assert home_visits.log(ws, person_id=raka) == ()
    assert "danger_at_home" not in {each.code for each in follow_up.attention(ws, POST, NOVEMBER) if each.people}
    anew = home_visits.open_visit(ws, raka, opened.form, opened.record_id)
    assert (anew.saved_at, anew.answers.get("danger_weak")) == (None, None)
    assert anew.record_id != opened.record_id
    mistakes.bring_back(ws, opened.form, opened.record_id)
    assert everything(ws) == before


def test_all_that_was_taken_away_is_found_again_newest_first_with_who_and_when(ws: Workspace) -> None:
    raka, salah = child(ws), child(ws, "Salah Daftar")
    visit = weighed(ws, raka, TODAY, 9_600)
    assert mistakes.gone(ws) == []
    ws.keep_time_by(lambda: NOW + timedelta(minutes=1))
    mistakes.take_visit(ws, CHILD, visit)
    ws.keep_time_by(lambda: NOW + timedelta(minutes=2))
    mistakes.take_person(ws, salah)
    person, gone = mistakes.gone(ws)
    assert (person.name, person.what, person.person_id) == ("Salah Daftar", PERSON.title, salah)
    assert (gone.name, gone.what) == ("Raka Aditya", f"{CHILD.title}, 12-11-2026")
    assert (gone.at, gone.who, gone.reason) == (NOW + timedelta(minutes=1), ws.worker.name, "Salah dicatat")
    ws.posyandu_id = "another"
    assert mistakes.gone(ws) == []
    ws.posyandu_id = POST
    for each in (person, gone):
        mistakes.bring_back(ws, each.form, each.record_id)
    assert mistakes.gone(ws) == []


def test_a_visit_brought_back_brings_back_whose_it_is(ws: Workspace) -> None:
    raka = child(ws)
    visit = weighed(ws, raka, TODAY, 9_600)
    before = everything(ws)
    mistakes.take_visit(ws, CHILD, visit)
    mistakes.take_person(ws, raka)
    mistakes.bring_back(ws, CHILD, visit)
    assert everything(ws) == before
