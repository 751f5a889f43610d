from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posyandu.domain.child import ChildAssessment
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.form import Level
from posyandu.domain.forms import FORMS
from posyandu.domain.pregnancy import PregnancyAssessment
from posyandu.services import people, sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests.services.melati import CHILD, MOTHER, NOW, POST, TODAY, ZONE, Clock, child, post, pregnancy, weighed, woman

OCTOBER = date(2026, 10, 10)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ws(clock: Clock) -> Workspace:
    return post(clock)


@pytest.fixture
def day(ws: Workspace) -> str:
    return sessions.open_day(ws, POST, TODAY, {})


@pytest.fixture
def raka(ws: Workspace) -> str:
    person_id = child(ws)
    weighed(ws, person_id, OCTOBER, 9_200, length_mm=780)
    return person_id


def stored(ws: Workspace, record_id: str) -> dict[str, object]:
    row = records.load(ws.db, CHILD, record_id)
    assert row is not None
    return dict(row.answers)


def row_of(ws: Workspace, day: str, person_id: str) -> sessions.RosterRow:
    return next(row for row in sessions.roster(ws, day) if row.person_id == person_id)


# --- which form


def test_everybody_has_the_form_of_their_group(ws: Workspace) -> None:
    mother = woman(ws)
    assert visits.form_for(ws, child(ws), TODAY) is CHILD
    assert visits.form_for(ws, mother, TODAY) is FORMS["adult_visit"]
    pregnancy(ws, mother)
    assert visits.form_for(ws, mother, TODAY) is MOTHER
    assert visits.form_for(ws, mother, TODAY - timedelta(days=200)) is FORMS["adult_visit"]
    assert visits.form_for(ws, child(ws, "Ayu", date(2014, 5, 5)), TODAY) is FORMS["school_visit"]
    assert visits.form_for(ws, child(ws, "Bayan", date(2008, 5, 5)), TODAY) is FORMS["school_visit"]
    assert visits.form_for(ws, child(ws, "Sumiati", date(1950, 5, 5)), TODAY) is FORMS["adult_visit"]
    with pytest.raises(NotFound):
        visits.form_for(ws, "nobody", TODAY)


# --- opening


def test_a_new_visit_opens_with_the_date_the_last_values_and_the_limits(ws: Workspace, day: str, raka: str) -> None:
    opened = visits.open_visit(ws, CHILD, day, raka)
    assert opened.answers["visited_on"] == TODAY
    assert opened.answers["weight_g"] is None
    assert (opened.previous["weight_g"], opened.previous_on) == (9_200, OCTOBER)
    assert opened.limits["weight_g"].usual_low is not None
    assert opened.person["name"] == "Raka Aditya"
    assert (opened.draft, opened.saved_at) == (False, None)
    assert visits.context(ws, CHILD, day, raka).previous["length_mm"] == 780


def test_the_last_value_of_each_measure_is_found_even_when_a_visit_left_it_out(
    ws: Workspace, day: str, raka: str
) -> None:
    weighed(ws, raka, date(2026, 11, 2), 9_400)
    opened = visits.open_visit(ws, CHILD, day, raka)
    assert (opened.previous["weight_g"], opened.previous["length_mm"]) == (9_400, 780)
    assert opened.previous_on == date(2026, 11, 2)


def test_a_saved_visit_opens_with_what_was_saved(ws: Workspace, day: str, raka: str) -> None:
    visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    opened = visits.open_visit(ws, CHILD, day, raka)
    assert (opened.answers["weight_g"], opened.saved_at) == (9_600, NOW)
    assert opened.previous["weight_g"] == 9_200


def test_nobody_and_no_day_cannot_be_opened(ws: Workspace, day: str, raka: str) -> None:
    with pytest.raises(NotFound):
        visits.open_visit(ws, CHILD, day, "nobody")
    with pytest.raises(NotFound):
        visits.open_visit(ws, CHILD, "no day", raka)


# --- saving whole


def test_saving_gives_the_verdict_at_once(ws: Workspace, day: str, raka: str) -> None:
    saved = visits.record(ws, CHILD, day, raka, {"weight_g": 9_600, "length_mm": 795})
    assert isinstance(saved.assessment, ChildAssessment)
    assert saved.assessment.weighed is not None
    assert (saved.assessment.weighed.code, saved.assessment.weighed.gain_g) == ("N", 400)
    assert (saved.problems, saved.at) == ((), NOW)
    assert saved.op_id


def test_saving_notes_the_child_as_present_and_how_far_it_got(ws: Workspace, day: str, raka: str) -> None:
    visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    assert (row_of(ws, day, raka).present, row_of(ws, day, raka).step) == (True, visits.NOTED)
    visits.record(ws, CHILD, day, raka, {"vitamin_a": "red"})
    assert row_of(ws, day, raka).step == visits.SERVED
    visits.record(ws, CHILD, day, raka, {"counselling": "Protein hewani"})
    assert row_of(ws, day, raka).step == visits.ADVISED
    visits.record(ws, CHILD, day, raka, {"weight_g": 9_650})
    assert row_of(ws, day, raka).step == visits.ADVISED


def test_who_was_noted_absent_and_is_measured_after_all_was_present(ws: Workspace, day: str, raka: str) -> None:
    sessions.mark_absent(ws, day, raka, "sick")
    visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    assert (row_of(ws, day, raka).present, row_of(ws, day, raka).absence_reason) == (True, None)


def test_an_impossible_value_is_kept_as_a_draft_and_not_as_final(ws: Workspace, day: str, raka: str) -> None:
    with pytest.raises(visits.NotFinal) as refusal:
        visits.record(ws, CHILD, day, raka, {"weight_g": 59_000, "muac_mm": 145})
    assert [problem.field for problem in refusal.value.problems] == ["weight_g"]
    assert row_of(ws, day, raka).visit is None
    opened = visits.open_visit(ws, CHILD, day, raka)
    assert (opened.draft, opened.answers["weight_g"], opened.answers["muac_mm"]) == (True, 59_000, 145)
    visits.record(ws, CHILD, day, raka, {**opened.answers, "weight_g": 9_600})
    assert visits.drafts(ws) == []
    assert visits.open_visit(ws, CHILD, day, raka).answers["muac_mm"] == 145


def test_an_unusual_value_is_saved_and_waits_for_confirming(ws: Workspace, day: str, raka: str) -> None:
    saved = visits.record(ws, CHILD, day, raka, {"weight_g": 9_300, "length_mm": 700})
    assert [(problem.field, problem.level) for problem in saved.problems] == [("length_mm", Level.SOFT)]
    visits.confirm(ws, CHILD, saved.record_id, ["length_mm"])
    assert visits.open_visit(ws, CHILD, day, raka).confirmed == {"length_mm"}
    assert visits.record(ws, CHILD, day, raka, {"weight_g": 9_310}).problems == ()


def test_a_value_confirmed_on_the_page_is_saved_without_a_word(ws: Workspace, day: str, raka: str) -> None:
    assert visits.record(ws, CHILD, day, raka, {"length_mm": 700}, confirmed=["length_mm"]).problems == ()


def test_a_confirmation_falls_when_the_value_changes(ws: Workspace, day: str, raka: str) -> None:
    visits.record(ws, CHILD, day, raka, {"length_mm": 700}, confirmed=["length_mm"])
    saved = visits.record(ws, CHILD, day, raka, {"length_mm": 690})
    assert [problem.field for problem in saved.problems] == ["length_mm"]
    assert visits.open_visit(ws, CHILD, day, raka).confirmed == frozenset()


def test_an_empty_visit_is_not_saved(ws: Workspace, day: str, raka: str) -> None:
    with pytest.raises(BadInput, match="Belum ada yang diisi"):
        visits.record(ws, CHILD, day, raka, {"weight_g": None, "note": "  "})


def test_a_visit_cannot_lie_in_the_future_unless_the_clock_is_not_to_be_believed(
    ws: Workspace, clock: Clock, raka: str
) -> None:
    tomorrow = {"visited_on": TODAY + timedelta(days=1), "weight_g": 9_600}
    with pytest.raises(visits.NotFinal):
        visits.record(ws, CHILD, None, raka, tomorrow)
    clock.now = datetime(2010, 1, 1, 0, 5, tzinfo=ZONE)
    assert visits.record(ws, CHILD, None, raka, tomorrow).op_id


def test_saving_again_changes_only_what_differs_and_keeps_the_old_value(ws: Workspace, day: str, raka: str) -> None:
    first = visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    second = visits.record(ws, CHILD, day, raka, {"weight_g": 9_700}, reason="Salah baca")
    assert first.record_id == second.record_id
    newest = records.history(ws.db, first.record_id)[0]
    assert (newest.changes, newest.reason) == ({"weight_g": (9_600, 9_700)}, "Salah baca")
    assert visits.record(ws, CHILD, day, raka, {"weight_g": 9_700}).op_id == ""


def test_a_visit_can_be_undone_and_done_again(ws: Workspace, day: str, raka: str) -> None:
    visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    saved = visits.record(ws, CHILD, day, raka, {"weight_g": 9_900})
    back = visits.undo(ws, saved.op_id)
    assert stored(ws, saved.record_id)["weight_g"] == 9_600
    visits.undo(ws, back)
    assert stored(ws, saved.record_id)["weight_g"] == 9_900


def test_the_first_save_of_a_visit_can_be_undone(ws: Workspace, day: str, raka: str) -> None:
    saved = visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    visits.undo(ws, saved.op_id)
    assert row_of(ws, day, raka).visit is None
    assert len(people.card(ws, raka).visits) == 1


def test_a_visit_typed_for_the_wrong_child_is_withdrawn_and_can_come_back(ws: Workspace, day: str, raka: str) -> None:
    saved = visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    op_id = visits.withdraw(ws, CHILD, saved.record_id, "Salah anak")
    assert row_of(ws, day, raka).visit is None
    visits.undo(ws, op_id)
    assert row_of(ws, day, raka).visit is not None
    with pytest.raises(NotFound):
        visits.withdraw(ws, CHILD, "nothing")


def test_what_a_withdrawn_visit_said_does_not_come_back_with_a_new_one(ws: Workspace, day: str, raka: str) -> None:
    saved = visits.record(ws, CHILD, day, raka, {"weight_g": 9_600, "muac_mm": 145})
    visits.withdraw(ws, CHILD, saved.record_id)
    assert visits.open_visit(ws, CHILD, day, raka).answers["muac_mm"] is None
    visits.set_cell(ws, CHILD, day, raka, "weight_g", 9_500)
    assert (stored(ws, saved.record_id)["weight_g"], stored(ws, saved.record_id)["muac_mm"]) == (9_500, None)


def test_a_home_visit_has_a_record_of_its_own_and_no_list(ws: Workspace, raka: str) -> None:
    saved = visits.record(ws, CHILD, None, raka, {"visited_on": date(2026, 11, 5), "weight_g": 9_500})
    opened = visits.open_visit(ws, CHILD, None, raka, record_id=saved.record_id)
    assert (opened.on, opened.answers["weight_g"], opened.session_id) == (date(2026, 11, 5), 9_500, None)
    again = visits.record(ws, CHILD, None, raka, {"weight_g": 9_550}, record_id=saved.record_id)
    assert again.record_id == saved.record_id
    assert visits.open_visit(ws, CHILD, None, raka).record_id != saved.record_id


def test_a_visit_opened_by_its_id_knows_its_day(ws: Workspace, day: str, raka: str) -> None:
    saved = visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    visits.record(ws, CHILD, None, raka, {"weight_g": 9_700}, record_id=saved.record_id)
    assert row_of(ws, day, raka).visit is not None
    assert stored(ws, saved.record_id)["session_id"] == day


# --- the assessment


def test_what_is_typed_is_judged_before_it_is_saved(ws: Workspace, day: str, raka: str) -> None:
    live = visits.assess(ws, raka, CHILD, {"visited_on": TODAY, "weight_g": 9_300})
    assert isinstance(live, ChildAssessment)
    assert live.weighed is not None
    assert (live.weighed.code, live.weighed.kbm_g) == ("T", 200)
    assert row_of(ws, day, raka).visit is None


def test_what_is_typed_takes_the_place_of_the_saved_visit_of_that_day(ws: Workspace, day: str, raka: str) -> None:
    visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    for record_id in (None, records.visit_id(CHILD.name, day, raka)):
        live = visits.assess(ws, raka, CHILD, {"visited_on": TODAY, "weight_g": 9_300}, record_id=record_id)
        assert isinstance(live, ChildAssessment)
        assert live.weighed is not None
        assert (live.weighed.gain_g, live.weighed.code) == (100, "T")


def test_without_a_date_today_is_meant(ws: Workspace, raka: str) -> None:
    live = visits.assess(ws, raka, CHILD, {"weight_g": 9_300})
    assert live is not None
    assert live.visited_on == TODAY


def test_a_back_dated_correction_changes_what_follows(ws: Workspace, day: str, raka: str) -> None:
    visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    before = people.card(ws, raka).assessments[-1]
    october = sessions.open_day(ws, POST, OCTOBER, {})
    visits.record(ws, CHILD, october, raka, {"weight_g": 9_500})
    after = people.card(ws, raka).assessments[-1]
    assert isinstance(before, ChildAssessment)
    assert isinstance(after, ChildAssessment)
    assert before.weighed is not None
    assert after.weighed is not None
    assert (before.weighed.code, after.weighed.code) == ("N", "T")


def test_a_visit_added_between_two_changes_what_follows(ws: Workspace, raka: str) -> None:
    december = Clock(datetime(2026, 12, 10, 9, 0, tzinfo=ZONE))
    ws._clock = december  # the day has moved on
    saved = visits.record(ws, CHILD, sessions.open_day(ws, POST, date(2026, 12, 10), {}), raka, {"weight_g": 9_900})
    assert isinstance(saved.assessment, ChildAssessment)
    assert saved.assessment.weighed is not None
    assert saved.assessment.weighed.code == "O"
    weighed(ws, raka, TODAY, 9_600)
    assert people.card(ws, raka).assessments[-1].weighed.code == "N"  # type: ignore[union-attr]


def test_a_pregnancy_visit_belongs_to_the_pregnancy_of_the_day(ws: Workspace, day: str) -> None:
    mother = woman(ws)
    carried = pregnancy(ws, mother)
    saved = visits.record(ws, MOTHER, day, mother, {"weight_g": 52_000, "systolic_mmhg": 150, "diastolic_mmhg": 95})
    assert isinstance(saved.assessment, PregnancyAssessment)
    assert saved.assessment.pressure_red is True
    row = records.load(ws.db, MOTHER, saved.record_id)
    assert row is not None
    assert row.answers["pregnancy_id"] == carried
    live = visits.assess(ws, mother, MOTHER, {"visited_on": TODAY, "systolic_mmhg": 110, "diastolic_mmhg": 70})
    assert isinstance(live, PregnancyAssessment)
    assert live.pressure_red is False


def test_without_a_pregnancy_a_pregnancy_visit_is_not_judged(ws: Workspace, day: str) -> None:
    assert visits.assess(ws, woman(ws), MOTHER, {"weight_g": 52_000}) is None


# --- cell by cell


def test_a_cell_is_saved_when_it_is_left_and_notes_the_child_as_present(ws: Workspace, day: str, raka: str) -> None:
    saved = visits.set_cell(ws, CHILD, day, raka, "weight_g", 9_600)
    assert (saved.kept_as_draft, saved.problems, saved.at) == (False, (), NOW)
    assert isinstance(saved.assessment, ChildAssessment)
    assert saved.assessment.headline.startswith("Naik 400 gram")
    row = row_of(ws, day, raka)
    assert (row.present, row.step, row.visit and row.visit["weight_g"]) == (True, 3, 9_600)


def test_a_row_typed_cell_by_cell_is_one_save(ws: Workspace, day: str, raka: str) -> None:
    visits.set_cell(ws, CHILD, day, raka, "weight_g", 9_600)
    visits.set_cell(ws, CHILD, day, raka, "length_mm", 795)
    visits.set_cell(ws, CHILD, day, raka, "muac_mm", 145)
    assert len(journal.ops_of(ws.db, records.visit_id(CHILD.name, day, raka))) == 1


def test_a_cell_corrected_keeps_the_old_value(ws: Workspace, day: str, raka: str) -> None:
    saved = visits.set_cell(ws, CHILD, day, raka, "weight_g", 9_600)
    visits.set_cell(ws, CHILD, day, raka, "weight_g", 9_700)
    assert records.history(ws.db, saved.record_id)[0].changes == {"weight_g": (9_600, 9_700)}


def test_a_cell_can_be_undone_alone(ws: Workspace, day: str, raka: str) -> None:
    visits.set_cell(ws, CHILD, day, raka, "weight_g", 9_600)
    second = visits.set_cell(ws, CHILD, day, raka, "length_mm", 795)
    visits.undo(ws, second.op_id)
    found = stored(ws, second.record_id)
    assert (found["weight_g"], found["length_mm"]) == (9_600, None)


def test_an_impossible_cell_waits_beside_the_record(ws: Workspace, day: str, raka: str) -> None:
    visits.set_cell(ws, CHILD, day, raka, "length_mm", 795)
    saved = visits.set_cell(ws, CHILD, day, raka, "weight_g", 59_000)
    assert (saved.kept_as_draft, saved.op_id) == (True, "")
    assert [problem.level for problem in saved.problems] == [Level.HARD]
    row = row_of(ws, day, raka)
    assert row.waiting == {"weight_g": 59_000}
    assert row.visit is not None
    assert (row.visit["weight_g"], row.visit["length_mm"]) == (None, 795)


def test_an_impossible_first_cell_notes_presence_and_nothing_else(ws: Workspace, day: str, raka: str) -> None:
    saved = visits.set_cell(ws, CHILD, day, raka, "weight_g", 59_000)
    row = row_of(ws, day, raka)
    assert (saved.assessment, row.present, row.visit) == (None, True, None)


def test_a_possible_value_takes_the_impossible_one_out_of_the_drafts(ws: Workspace, day: str, raka: str) -> None:
    visits.set_cell(ws, CHILD, day, raka, "weight_g", 59_000)
    visits.set_cell(ws, CHILD, day, raka, "head_mm", 700)
    visits.set_cell(ws, CHILD, day, raka, "weight_g", 9_600)
    assert row_of(ws, day, raka).waiting == {"head_mm": 700}
    visits.set_cell(ws, CHILD, day, raka, "head_mm", None)
    assert row_of(ws, day, raka).waiting == {}
    assert visits.drafts(ws) == []


def test_saving_part_of_a_page_leaves_other_impossible_values_waiting(ws: Workspace, day: str, raka: str) -> None:
    visits.set_cell(ws, CHILD, day, raka, "weight_g", 59_000)
    visits.record(ws, CHILD, day, raka, {"note": "Rewel"})
    assert row_of(ws, day, raka).waiting == {"weight_g": 59_000}


def test_emptying_a_cell_nobody_filled_makes_no_visit(ws: Workspace, day: str, raka: str) -> None:
    saved = visits.set_cell(ws, CHILD, day, raka, "weight_g", None)
    assert (saved.op_id, saved.kept_as_draft) == ("", False)
    assert (row_of(ws, day, raka).visit, row_of(ws, day, raka).present) == (None, None)


def test_a_visit_whose_every_cell_was_emptied_is_no_visit(ws: Workspace, day: str, raka: str) -> None:
    visits.set_cell(ws, CHILD, day, raka, "weight_g", 9_600)
    saved = visits.set_cell(ws, CHILD, day, raka, "weight_g", None)
    assert saved.assessment is None
    assert row_of(ws, day, raka).visit is None
    assert len(people.card(ws, raka).visits) == 1


def test_a_cell_that_is_not_asked_is_a_mistake_of_ours(ws: Workspace, day: str, raka: str) -> None:
    with pytest.raises(ValueError, match="does not ask"):
        visits.set_cell(ws, CHILD, day, raka, "blood", 1)


# --- drafts


def test_what_is_being_typed_survives_as_a_draft(ws: Workspace, day: str, raka: str, clock: Clock) -> None:
    record_id = visits.keep_draft(ws, CHILD, day, raka, {"weight_g": 9_600})
    other = child(ws, "Nayla")
    clock.now = NOW + timedelta(minutes=3)
    visits.keep_draft(ws, CHILD, None, other, {"weight_g": 8_000})
    first, second = visits.drafts(ws)
    assert (first.person_name, second.person_name, second.record_id) == ("Nayla", "Raka Aditya", record_id)
    assert (second.session_id, second.answers, second.at) == (day, {"weight_g": 9_600}, NOW)
    visits.drop_draft(ws, CHILD, day, raka)
    visits.drop_draft(ws, CHILD, None, other, record_id=first.record_id)
    assert visits.drafts(ws) == []


def test_an_empty_draft_is_dropped(ws: Workspace, day: str, raka: str) -> None:
    visits.keep_draft(ws, CHILD, day, raka, {"weight_g": 9_600})
    visits.keep_draft(ws, CHILD, day, raka, {})
    assert visits.drafts(ws) == []


def test_two_laptops_that_type_the_same_page_meet_in_one_record(raka: str, ws: Workspace, day: str) -> None:
    other = post()
    there = sessions.open_day(other, POST, TODAY, {})
    assert there == day
    assert visits.open_visit(ws, CHILD, day, raka).record_id == records.visit_id(CHILD.name, there, raka)


def test_a_difference_between_two_laptops_is_settled_by_confirming(ws: Workspace, day: str, raka: str) -> None:
    saved = visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    foreign = post()
    foreign_child = records.save(
        foreign.db, CHILD, saved.record_id, {"weight_g": 9_900, "visited_on": TODAY},
        scope=POST, author=foreign.author, now=NOW, links={"person_id": raka, "session_id": day},
    )  # fmt: skip
    assert foreign_child.changed
    journal.apply(ws.db, journal.ops_of(foreign.db, saved.record_id))
    row = records.load(ws.db, CHILD, saved.record_id)
    assert row is not None
    assert "weight_g" in row.conflicts
    visits.confirm(ws, CHILD, saved.record_id, ["weight_g"])
    row = records.load(ws.db, CHILD, saved.record_id)
    assert row is not None
    assert not row.conflicts


@given(
    st.lists(
        st.tuples(
            st.dates(date(2025, 7, 5), TODAY),
            st.none() | st.integers(3_000, 12_000),
            st.sampled_from((None, None, "N", "T")),
        ),
        min_size=1,
        max_size=9,
    )
)
@settings(max_examples=60)
def test_the_last_of_many_visits_is_judged_alone_as_among_all(told: list[tuple[date, int | None, str | None]]) -> None:
    ws = post()
    person_id = child(ws)
    made = [
        records.NewRecord(
            CHILD,
            records.new_id(),
            POST,
            {"person_id": person_id, "visited_on": on, "weight_g": grams, "gain_judged": judged, "muac_mm": 130},
            NOW,
        )
        for on, grams, judged in told
    ]
    records.save_many(ws.db, made, ws.author)
    person = records.load(ws.db, people.PERSON, person_id)
    assert person is not None
    until = max(on for on, _grams, _judged in told)
    rows = people.dated(CHILD, records.load_many(ws.db, CHILD, person_id=person_id))
    everything = visits.assess_rows(ws, CHILD, person, None, rows)[-1]
    recent = visits.recent(ws, CHILD, [person_id], until)[person_id]
    assert visits.assess_last(ws, CHILD, person, None, recent) == everything
    assert visits.assess_last(ws, CHILD, person, None, []) is None


CELLS = {
    "weight_g": (9_000, 9_600, 59_000),
    "length_mm": (780, 795),
    "head_mm": (450, 700),
    "vitamin_a": ("red", "none"),
}


@given(
    st.lists(
        st.sampled_from(sorted(CELLS)).flatmap(
            lambda name: st.tuples(st.just(name), st.sampled_from((*CELLS[name], None)))
        ),
        max_size=14,
    )
)
@settings(max_examples=40)
def test_whatever_is_typed_stands_in_the_record_or_waits_and_the_journal_agrees(
    typed: list[tuple[str, int | str | None]],
) -> None:
    ws = post()
    person_id = child(ws)
    day = sessions.open_day(ws, POST, TODAY)
    last: dict[str, int | str | None] = {}
    for name, value in typed:
        saved = visits.set_cell(ws, CHILD, day, person_id, name, value)
        assert saved.kept_as_draft == (value in (59_000, 700))
        last[name] = value
    row = row_of(ws, day, person_id)
    shown = {**(row.visit or {}), **row.waiting}
    assert {name: shown.get(name) for name in last} == last
    assert set(row.waiting.values()) <= {59_000, 700}
    assert row.present is (True if any(value is not None for _name, value in typed) else None)
    assert journal.rows_equal_replay(ws.db)


@given(st.lists(st.sampled_from((9_000, 9_200, 9_400, 9_600)), min_size=1, max_size=5))
@settings(max_examples=30)
def test_undoing_everything_backwards_leaves_what_was_before(grams: list[int]) -> None:
    ws = post()
    person_id = child(ws)
    day = sessions.open_day(ws, POST, TODAY)
    states: list[object] = []
    ops = []
    for weight in grams:
        states.append((row_of(ws, day, person_id).visit or {}).get("weight_g"))
        saved = visits.record(ws, CHILD, day, person_id, {"weight_g": weight})
        ops.append(saved.op_id)
    for state, op_id in zip(reversed(states), reversed(ops), strict=True):
        if op_id:
            visits.undo(ws, op_id)
        assert (row_of(ws, day, person_id).visit or {}).get("weight_g") == state


@pytest.mark.parametrize(
    ("told", "step"),
    [
        ({"topic": "hygiene"}, visits.ADVISED),
        ({"deworming": False}, visits.SERVED),
        ({"weight_g": 30_000}, visits.NOTED),
    ],
)
def test_teaching_the_young_is_the_last_of_the_five_steps(told: dict[str, object], step: int) -> None:
    assert visits.step_reached(FORMS["school_visit"], told) == step  # type: ignore[arg-type]
