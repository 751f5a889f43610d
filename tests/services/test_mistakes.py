"""Taken away and brought back: nothing that hung on a mistake counts on, and nothing is lost by undoing it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Choice, YesNo
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.feeding import FEEDING, WEEK
from posyandu.domain.forms.immunisation import DOSE
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.referral import FORM as REFERRAL
from posyandu.domain.forms.registration import HOUSEHOLD, PERSON
from posyandu.domain.forms.session import ATTENDANCE
from posyandu.domain.forms.social import SEALED, TICKET
from posyandu.services import (
    births,
    families,
    feeding,
    follow_up,
    home_visits,
    immunisation,
    mistakes,
    month_lock,
    people,
    questionnaires,
    referrals,
    sealed,
    sessions,
    social,
    visits,
    workspace,
)
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import journal, records
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
REPORT = {"kind": "dropout", "finding": "Berhenti kelas 5", "consent": "agreed", "urgency": "normal"}


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


def test_doses_and_programmes_of_food_taken_away_are_found_again_and_come_back(ws: Workspace) -> None:
    raka = child(ws)
    immunisation.record(ws, raka, [immunisation.Given("dpt_hb_hib", 2, date(2025, 10, 5))])
    programme, _op = feeding.save(ws, raka, {**feeding.proposal(ws, people.card(ws, raka)), "reason": "wasted"})
    feeding.save_week(ws, programme, {"week": 1, "visited_on": TODAY, "day_1": True})
    before = everything(ws)
    immunisation.remove(ws, raka, "dpt_hb_hib", 2)
    feeding.withdraw(ws, programme)
    found = {each.what: each for each in mistakes.gone(ws)}
    assert sorted(found) == ["Imunisasi DPT-HB-Hib 2, 05-10-2025", f"{FEEDING.title}, 12-11-2026"]
    assert {(each.name, each.person_id, each.who) for each in found.values()} == {("Raka Aditya", raka, ws.worker.name)}
    for each in found.values():
        mistakes.bring_back(ws, each.form, each.record_id)
    assert everything(ws) == before
    assert mistakes.gone(ws) == []


def test_what_is_brought_back_comes_back_on_the_other_laptops_too(ws: Workspace) -> None:
    raka = child(ws)
    with_reader(ws)
    social.open_ticket(ws, REPORT, person_id=raka)
    hidden = social.open_sealed(ws, {**REPORT, "kind": "mental_health"}, person_id=raka)
    immunisation.record(ws, raka, [immunisation.Given("bcg", 1, date(2025, 8, 5))])
    programme, _op = feeding.save(ws, raka, {**feeding.proposal(ws, people.card(ws, raka)), "reason": "wasted"})
    before, other = everything(ws), workspace.in_memory(now=NOW, device="laptop-dua", post=None)

    def sent() -> dict[str, object]:
        journal.apply(other.db, [(op, ws.device) for op in journal.unsealed(ws.db)])
        return everything(other)

    assert sent() == before
    social.withdraw(ws, social.tickets(ws)[0].id)
    social.undo(ws, hidden.op_id)
    immunisation.remove(ws, raka, "bcg", 1)
    feeding.withdraw(ws, programme)
    assert sent() == everything(ws)
    found = mistakes.gone(ws)
    assert len(found) == 4
    for each in found:
        mistakes.bring_back(ws, each.form, each.record_id)
    assert sent() == everything(ws) == before
    other.close()


def test_a_dose_the_schedule_does_not_know_is_named_all_the_same(ws: Workspace) -> None:
    raka = child(ws)
    told = {"antigen": "opv", "dose": 9, "given_on": TODAY}
    saved = records.save(
        ws.db, DOSE, "tua", told, scope=POST, author=ws.author, now=ws.now(), links={"person_id": raka}
    )
    records.undo(ws.db, saved.op_id, ws.author, ws.now())
    assert [each.what for each in mistakes.gone(ws)] == ["Imunisasi OPV (polio tetes) 9, 12-11-2026"]


def test_a_dose_noted_again_is_no_longer_gone(ws: Workspace) -> None:
    raka = child(ws)
    given = [immunisation.Given("bcg", 1, date(2025, 8, 5))]
    immunisation.record(ws, raka, given)
    immunisation.remove(ws, raka, "bcg", 1)
    assert [each.what for each in mistakes.gone(ws)] == ["Imunisasi BCG, 05-08-2025"]
    immunisation.record(ws, raka, given)
    assert mistakes.gone(ws) == []


def test_a_week_brought_back_brings_back_its_programme_and_whose_it_is(ws: Workspace) -> None:
    raka = child(ws)
    programme, begun = feeding.save(ws, raka, {**feeding.proposal(ws, people.card(ws, raka)), "reason": "wasted"})
    week = feeding.save_week(ws, programme, {"week": 1, "visited_on": TODAY, "day_1": True})
    before = everything(ws)
    for op_id in (week, begun):
        feeding.undo(ws, op_id)
    listed = sorted(each.what for each in mistakes.gone(ws))
    assert listed == [f"{WEEK.title}, 12-11-2026", f"{FEEDING.title}, 12-11-2026"]
    mistakes.take_person(ws, raka)
    mistakes.bring_back(ws, WEEK, feeding.week_id(programme, 1))
    assert everything(ws) == before


@pytest.mark.parametrize(("role", "may"), [("kader", False), ("coordinator", True), ("village", True), ("ppa", False)])
def test_a_report_taken_away_is_found_by_its_number_by_who_wrote_it_and_who_verifies(
    ws: Workspace, role: str, may: bool
) -> None:
    raka, asker = child(ws), ws.worker
    about = [social.open_ticket(ws, REPORT, person_id=raka).id]
    about += [social.open_ticket(ws, {**REPORT, "kind": "road", "place": "Jalan ke sekolah"}).id]
    before = everything(ws)
    numbers = {social.ticket(ws, each).number for each in about}
    for each in about:
        social.withdraw(ws, each)
    ws.worker = Worker("lain", "Murniati", role)
    found = mistakes.gone(ws)
    assert {each.what for each in found} == ({f"Masalah sosial, {each}" for each in numbers} if may else set())
    if not may:
        with pytest.raises(BadInput, match="mengembalikan laporan"):
            mistakes.bring_back(ws, TICKET, about[0])
        ws.worker = asker
        found = mistakes.gone(ws)
    assert {(each.name, each.person_id) for each in found} == {
        ("Raka Aditya, 1 tahun 4 bulan", raka),
        ("Jalan ke sekolah", ""),
    }
    assert "kelas 5" not in repr(found)
    for each in found:
        mistakes.bring_back(ws, each.form, each.record_id)
    assert everything(ws) == before


@pytest.mark.parametrize("role", ["kader", "coordinator", "village", "nutritionist", "midwife", "ppa"])
def test_of_a_confidential_report_taken_back_others_learn_nothing_and_cannot_bring_it_back(
    ws: Workspace, role: str
) -> None:
    raka, asker = child(ws), ws.worker
    reader = with_reader(ws)
    opened = social.open_sealed(ws, {**REPORT, "kind": "mental_health"}, person_id=raka)
    before = everything(ws)
    social.undo(ws, opened.op_id)
    ws.worker = Worker("lain", "Murniati", role)  # a midwife, too, whose key it was not sealed to
    assert mistakes.gone(ws) == []
    with pytest.raises(BadInput, match="mengembalikan laporan"):
        mistakes.bring_back(ws, SEALED, opened.id)
    for worker in (asker, reader):
        ws.worker = worker
        (each,) = mistakes.gone(ws)
        assert (each.name, each.what, each.person_id) == ("Tiket rahasia", "Masalah sosial", "")
        mistakes.bring_back(ws, each.form, each.record_id)
        assert everything(ws) == before
        assert mistakes.gone(ws) == []
        social.undo(ws, records.history(ws.db, opened.id)[0].op_id)


def test_a_step_of_a_confidential_report_taken_back_is_not_listed(ws: Workspace) -> None:
    reader = with_reader(ws)
    opened = social.open_sealed(ws, {**REPORT, "kind": "mental_health", "place": "Dusun"})
    ws.worker = reader
    key = sealed.unlock(ws, READER_PIN)
    social.advance(ws, opened.id, "verified", key=key)
    social.undo_last(ws, opened.id, key=key)
    assert mistakes.gone(ws) == []
