from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

import pytest

from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Choice, Value
from posyandu.domain.forms import FORMS
from posyandu.domain.service_group import Group
from posyandu.services import people, sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests.rules import ship_rules
from tests.services.melati import CHILD, MOTHER, NOW, POST, TODAY, ZONE, Clock, child, post, pregnancy, weighed, woman


@pytest.fixture
def ws() -> Workspace:
    return post()


@pytest.fixture
def day(ws: Workspace) -> str:
    return sessions.open_day(ws, POST, TODAY, {"place": "Balai dusun"})


def names(ws: Workspace, day: str, page: str | None = None) -> list[str]:
    return [row.name for row in sessions.roster(ws, day, page)]


def row_of(ws: Workspace, day: str, person_id: str) -> sessions.RosterRow:
    return next(row for row in sessions.roster(ws, day) if row.person_id == person_id)


def checks(ws: Workspace, day: str) -> dict[str, sessions.ClosingCheck]:
    return {check.code: check for check in sessions.closing_checks(ws, day)}


# --- the day


def test_an_opened_day_is_the_current_one_until_it_is_closed(ws: Workspace, day: str) -> None:
    current = sessions.current(ws, POST)
    assert current is not None
    assert (current.id, current.held_on, current.closed, current.posyandu_id) == (day, TODAY, False, POST)
    assert (current.answers["place"], current.saved_at) == ("Balai dusun", NOW)
    assert sessions.close_day(ws, day)
    assert sessions.current(ws, POST) is None
    assert sessions.get(ws, day).closed
    assert sessions.close_day(ws, day) == ""


def test_a_closed_day_can_be_opened_again(ws: Workspace, day: str) -> None:
    sessions.close_day(ws, day)
    sessions.reopen(ws, day)
    assert sessions.current(ws, POST) is not None
    sessions.close_day(ws, day)
    assert sessions.open_day(ws, POST, TODAY) == day
    assert sessions.current(ws, POST) is not None
    assert sessions.get(ws, day).answers["place"] == "Balai dusun"


def test_a_day_opened_by_its_date_again_keeps_what_was_told_of_it(ws: Workspace, day: str) -> None:
    empty = {name: None for name in ("place", "topic", "scale_checked", "kader_present")}
    told = {**empty, "place": "Balai dusun", "topic": "Gizi seimbang", "scale_checked": True}
    sessions.correct_day(ws, day, told)
    assert sessions.open_day(ws, POST, TODAY, {**empty, "place": "Rumah kader", "kader_present": 4}) == day
    assert {name: sessions.get(ws, day).answers[name] for name in told} == {**told, "kader_present": 4}
    sessions.correct_day(ws, day, {"kader_present": None})
    sessions.close_day(ws, day)
    assert sessions.open_day(ws, POST, TODAY, {"kader_present": 5}) == day
    known = sessions.get(ws, day)
    assert (known.closed, known.answers["kader_present"], known.answers["topic"]) == (False, None, "Gizi seimbang")


def test_the_days_of_a_post_are_listed_newest_first(ws: Workspace, day: str) -> None:
    older = [sessions.open_day(ws, POST, date(2026, month, 10)) for month in (8, 10, 9)]
    assert [each.held_on.month for each in sessions.recent(ws, POST)] == [11, 10, 9, 8]
    assert [each.id for each in sessions.recent(ws, POST, limit=2)] == [day, older[1]]
    assert sessions.recent(ws, "mawar") == []
    assert sessions.current(ws, "mawar") is None


def test_a_day_that_has_not_come_cannot_be_opened(ws: Workspace) -> None:
    with pytest.raises(people.NotFinal):
        sessions.open_day(ws, POST, TODAY + timedelta(days=1))


def test_a_broken_clock_does_not_keep_a_day_from_being_opened() -> None:
    ws = post(Clock(datetime(2010, 1, 1, tzinfo=ZONE)))
    assert sessions.open_day(ws, POST, TODAY)


def test_what_is_noted_of_a_day_can_be_corrected(ws: Workspace, day: str) -> None:
    sessions.correct_day(ws, day, {"kader_present": 5, "topic": "MP-ASI"})
    assert sessions.get(ws, day).answers["kader_present"] == 5
    with pytest.raises(people.NotFinal):
        sessions.correct_day(ws, day, {"held_on": TODAY + timedelta(days=1)})


def test_visits_move_with_the_date_of_their_day(ws: Workspace, day: str) -> None:
    raka, nayla = child(ws), child(ws, "Nayla")
    visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    visits.record(ws, CHILD, day, nayla, {"weight_g": 9_000, "visited_on": TODAY - timedelta(days=3)})
    sessions.correct_day(ws, day, {"held_on": TODAY - timedelta(days=1)}, "Salah tanggal")
    assert row_of(ws, day, raka).visit["visited_on"] == TODAY - timedelta(days=1)  # type: ignore[index]
    assert row_of(ws, day, nayla).visit["visited_on"] == TODAY - timedelta(days=3)  # type: ignore[index]


def test_a_questionnaire_of_the_day_moves_too_and_two_days_never_share_a_date(ws: Workspace, day: str) -> None:
    elder = people.register(ws, {"name": "Inaq Sahnun", "sex": "female", "born_on": date(1955, 3, 1)})
    form = FORMS["aks"]
    answers = {name: field.options[0].code for name, field in form.fields.items() if isinstance(field, Choice)}
    kept = visits.record(ws, form, day, elder, answers)
    sessions.correct_day(ws, day, {"held_on": TODAY - timedelta(days=2)})
    row = records.load(ws.db, form, kept.record_id)
    assert row is not None
    assert row.answers["visited_on"] == TODAY - timedelta(days=2)
    other = sessions.open_day(ws, POST, TODAY)
    with pytest.raises(people.NotFinal) as caught:
        sessions.correct_day(ws, other, {"held_on": TODAY - timedelta(days=2)})
    assert [each.message for each in caught.value.problems] == ["Tanggal ini sudah punya hari Posyandu. Buka hari itu."]
    sessions.correct_day(ws, other, {"held_on": TODAY, "topic": "MP-ASI"})
    assert sessions.get(ws, other).answers["topic"] == "MP-ASI"


def test_the_date_a_day_was_moved_from_is_free_again(ws: Workspace, day: str) -> None:
    sessions.correct_day(ws, day, {"held_on": TODAY - timedelta(days=1)})
    other = sessions.open_day(ws, POST, TODAY)
    assert other != day
    assert {each.held_on for each in sessions.recent(ws, POST)} == {TODAY, TODAY - timedelta(days=1)}


def test_two_laptops_that_open_the_same_day_mean_the_same_day(day: str) -> None:
    assert sessions.open_day(post(), POST, TODAY) == day


def test_a_day_that_is_not_there_is_not_found(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        sessions.get(ws, "nothing")


# --- who came


def test_who_comes_gets_the_next_number_of_the_queue(ws: Workspace, day: str) -> None:
    raka, nayla = child(ws), child(ws, "Nayla")
    sessions.mark_present(ws, day, nayla)
    sessions.mark_present(ws, day, raka)
    assert (row_of(ws, day, nayla).queue_number, row_of(ws, day, raka).queue_number) == (1, 2)
    assert (row_of(ws, day, raka).present, row_of(ws, day, raka).step) == (True, 1)
    assert sessions.mark_present(ws, day, raka) == ""


def test_a_mark_set_by_mistake_comes_off_again(ws: Workspace, day: str) -> None:
    raka = child(ws)
    op_id = sessions.mark_present(ws, day, raka)
    sessions.mark_present(ws, day, raka, False)
    assert (row_of(ws, day, raka).present, row_of(ws, day, raka).queue_number) == (None, None)
    sessions.undo(ws, op_id)
    sessions.mark_present(ws, day, raka)
    undone = sessions.mark_absent(ws, day, raka, "sick")
    sessions.undo(ws, undone)
    assert (row_of(ws, day, raka).present, row_of(ws, day, raka).absence_reason) == (True, None)


def test_who_did_not_come_is_noted_with_the_reason(ws: Workspace, day: str) -> None:
    raka = child(ws)
    sessions.mark_absent(ws, day, raka, "sick")
    assert (row_of(ws, day, raka).present, row_of(ws, day, raka).absence_reason) == (False, "sick")
    sessions.mark_absent(ws, day, raka)
    assert (row_of(ws, day, raka).present, row_of(ws, day, raka).absence_reason) == (False, None)
    with pytest.raises(BadInput):
        sessions.mark_absent(ws, day, raka, "weather")


def test_the_steps_of_the_day_are_counted(ws: Workspace, day: str) -> None:
    raka, nayla, ayu = child(ws), child(ws, "Nayla"), child(ws, "Ayu")
    sessions.set_step(ws, day, raka, 4)
    sessions.mark_present(ws, day, nayla)
    sessions.mark_absent(ws, day, ayu, "away")
    assert sessions.tally(ws, day) == sessions.Tally(present=2, targets=3, steps=(2, 1, 1, 1, 0), to_refer=0, absent=1)
    with pytest.raises(BadInput):
        sessions.set_step(ws, day, raka, 6)


def test_adults_are_expected_only_when_they_come(ws: Workspace, day: str) -> None:
    child(ws)
    mother = woman(ws)
    assert sessions.tally(ws, day).targets == 1
    sessions.mark_present(ws, day, mother)
    assert sessions.tally(ws, day).targets == 2


def test_coming_back_to_registration_does_not_undo_steps(ws: Workspace, day: str) -> None:
    raka = child(ws)
    sessions.set_step(ws, day, raka, 3)
    sessions.mark_present(ws, day, raka)
    assert row_of(ws, day, raka).step == 3


def test_the_list_at_the_door_is_the_list_of_the_day_without_earlier_visits(ws: Workspace, day: str) -> None:
    raka = child(ws)
    visits.record(ws, CHILD, None, raka, {"visited_on": TODAY - timedelta(days=31), "weight_g": 8_200})
    visits.record(ws, CHILD, day, raka, {"weight_g": 8_400})
    woman(ws)
    rows, counted = sessions.coming(ws, day)
    whole = sessions.roster(ws, day)
    assert whole[0].last_visit is not None
    assert rows == [replace(row, last_visit=None, last_on=None) for row in whole]
    assert counted == replace(sessions.tally(ws, day), to_refer=None)


def test_who_must_be_referred_is_counted(ws: Workspace, day: str) -> None:
    raka = child(ws)
    visits.record(ws, CHILD, day, raka, {"muac_mm": 112})
    mother = woman(ws)
    pregnancy(ws, mother)
    visits.record(ws, MOTHER, day, mother, {"systolic_mmhg": 160, "diastolic_mmhg": 110})
    assert sessions.tally(ws, day).to_refer == 2
    assert set(sessions.assessments(ws, day)) == {raka, mother}
    assert set(sessions.assessments(ws, day, "pregnant")) == {mother}


# --- the list


def test_the_page_holds_the_targets_in_the_order_of_the_paper(ws: Workspace, day: str) -> None:
    child(ws, "Zaki", register_number=1)
    child(ws, "Ayu")
    child(ws, "Baiq Citra")
    child(ws, "Budi", register_number=2)
    assert names(ws, day) == ["Zaki", "Budi", "Ayu", "Baiq Citra"]
    assert [row.number for row in sessions.roster(ws, day)] == [1, 2, 3, 4]


def test_each_page_holds_its_group_on_that_day(ws: Workspace, day: str) -> None:
    child(ws, "Bayi Ayu", date(2026, 9, 1))
    child(ws, "Balita", date(2024, 9, 1))
    child(ws, "Apras", date(2021, 9, 1))
    child(ws, "Sekolah", date(2019, 9, 1))
    mother = woman(ws)
    pregnancy(ws, mother)
    woman(ws, "Ibu Ani")
    assert names(ws, day, "under_five") == ["Apras", "Balita", "Bayi Ayu"]
    assert names(ws, day, "pregnant") == ["Wulan Sari"]
    assert len(names(ws, day)) == 6
    assert row_of(ws, day, mother).group is Group.PREGNANT
    last_year = sessions.open_day(ws, POST, date(2025, 6, 10))
    assert names(ws, last_year, "under_five") == ["Apras", "Balita", "Sekolah"]


def test_a_line_shows_today_and_the_last_visit(ws: Workspace, day: str) -> None:
    raka = child(ws, mother_name="Wulan", rt="02")
    weighed(ws, raka, date(2026, 9, 10), 9_000, length_mm=770)
    weighed(ws, raka, date(2026, 10, 10), 9_200)
    visits.set_cell(ws, CHILD, day, raka, "weight_g", 9_600)
    row = row_of(ws, day, raka)
    assert row.visit is not None
    assert row.last_visit is not None
    assert (row.visit["weight_g"], row.last_visit["weight_g"], row.last_visit["length_mm"]) == (9_600, 9_200, 770)
    assert (row.last_on, row.age_text, row.mother_name, row.address_line) == (
        date(2026, 10, 10), "1 tahun 4 bulan", "Wulan", "RT 02",
    )  # fmt: skip
    assert (row.form, row.record_id) == (CHILD.name, records.visit_id(CHILD.name, day, raka))


def test_an_earlier_day_does_not_see_later_visits(ws: Workspace, day: str) -> None:
    raka = child(ws)
    visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    earlier = sessions.open_day(ws, POST, date(2026, 10, 10))
    assert (row_of(ws, earlier, raka).visit, row_of(ws, earlier, raka).last_visit) == (None, None)


def test_who_moved_away_died_or_was_not_there_yet_is_not_expected(ws: Workspace, day: str) -> None:
    moved, died = child(ws, "Moved"), child(ws, "Died")
    child(ws, "Later", entered_on=date(2026, 10, 13))
    people.set_status(ws, moved, "moved", date(2026, 10, 1))
    people.set_status(ws, died, "died", TODAY)
    people.withdraw(ws, child(ws, "Gone"))
    child(ws, "Away", status="away")
    child(ws, "Newborn", TODAY)
    assert names(ws, day) == ["Away", "Later", "Newborn"]
    assert names(ws, sessions.open_day(ws, POST, date(2026, 9, 10))) == ["Away", "Died", "Moved"]
    assert names(ws, sessions.open_day(ws, POST, date(2026, 10, 10))) == ["Away", "Died"]


def test_who_left_but_was_seen_stays_on_the_list_of_that_day(ws: Workspace, day: str) -> None:
    moved = child(ws, "Moved")
    visits.record(ws, CHILD, day, moved, {"weight_g": 9_600})
    people.set_status(ws, moved, "moved", date(2026, 10, 1))
    assert names(ws, day) == ["Moved"]


def test_guests_stand_after_the_targets_when_they_come(ws: Workspace, day: str) -> None:
    guest = child(ws, "Ayu Tamu", guest=True)
    child(ws, "Raka")
    assert names(ws, day) == ["Raka"]
    sessions.mark_present(ws, day, guest)
    assert names(ws, day, "under_five") == ["Raka", "Ayu Tamu"]
    assert row_of(ws, day, guest).guest
    assert sessions.tally(ws, day) == sessions.Tally(present=1, targets=1, steps=(1, 0, 0, 0, 0), to_refer=0, absent=0)


def test_people_of_another_post_can_come_too(ws: Workspace, day: str) -> None:
    ws.posyandu_id = "mawar"
    neighbour = child(ws, "Ani", date(2025, 1, 1))
    weighed_there = sessions.open_day(ws, "mawar", date(2026, 10, 12))
    visits.record(ws, CHILD, weighed_there, neighbour, {"weight_g": 9_000})
    ws.posyandu_id = POST
    assert names(ws, day) == []
    visits.set_cell(ws, CHILD, day, neighbour, "weight_g", 9_300)
    row = row_of(ws, day, neighbour)
    assert (row.guest, row.last_on, row.last_visit and row.last_visit["weight_g"]) == (True, date(2026, 10, 12), 9_000)


def test_a_visit_of_a_person_not_in_this_book_yet_breaks_nothing(ws: Workspace, day: str) -> None:
    records.save(
        ws.db, CHILD, records.visit_id(CHILD.name, day, "stranger"), {"weight_g": 9_000, "visited_on": TODAY},
        scope=POST, author=ws.author, now=NOW, links={"person_id": "stranger", "session_id": day},
    )  # fmt: skip
    assert names(ws, day) == []


def test_a_pregnancy_of_another_post_is_known(ws: Workspace, day: str) -> None:
    ws.posyandu_id = "mawar"
    mother = woman(ws)
    carried = records.new_id()
    records.save(
        ws.db, people.PREGNANCY, carried, {"lmp_on": TODAY - timedelta(days=100)},
        scope="mawar", author=ws.author, now=NOW, links={"person_id": mother},
    )  # fmt: skip
    ws.posyandu_id = POST
    sessions.mark_present(ws, day, mother)
    assert names(ws, day, "pregnant") == ["Wulan Sari"]


# --- before closing


def test_a_clean_day_has_nothing_to_check(ws: Workspace, day: str) -> None:
    raka = child(ws)
    visits.record(ws, CHILD, day, raka, {"weight_g": 9_600, "length_mm": 790})
    woman(ws)
    assert sessions.closing_checks(ws, day) == []


def test_who_has_not_been_noted_is_named(ws: Workspace, day: str) -> None:
    raka = child(ws)
    check = checks(ws, day)["undecided"]
    assert (check.level, check.person_ids, check.page) == ("info", (raka,), "under_five")
    assert check.sentence == "1 sasaran belum dicatat hadir atau tidak hadir."
    sessions.mark_absent(ws, day, raka)
    assert checks(ws, day) == {}


def test_who_came_without_a_measurement_is_named(ws: Workspace, day: str) -> None:
    raka, nayla = child(ws), child(ws, "Nayla")
    sessions.mark_present(ws, day, raka)
    visits.record(ws, CHILD, day, nayla, {"vitamin_a": "red"})
    assert checks(ws, day)["not_measured"].person_ids == (nayla, raka)


def test_values_that_wait_and_values_that_are_unusual_are_named(ws: Workspace, day: str) -> None:
    raka, nayla = child(ws), child(ws, "Nayla")
    visits.set_cell(ws, CHILD, day, raka, "weight_g", 59_000)
    weighed(ws, nayla, date(2026, 10, 10), 9_200, length_mm=780)
    saved = visits.set_cell(ws, CHILD, day, nayla, "length_mm", 745)
    found = checks(ws, day)
    assert (found["unfinished"].person_ids, found["unfinished"].level) == ((raka,), "bad")
    assert (found["shrunk"].person_ids, found["shrunk"].level) == ((nayla,), "warn")
    visits.confirm(ws, CHILD, saved.record_id, ["length_mm"])
    assert not {"shrunk", "unconfirmed"} & set(checks(ws, day))
    visits.set_cell(ws, CHILD, day, nayla, "weight_g", 7_600)
    assert (checks(ws, day)["unconfirmed"].person_ids, checks(ws, day)["unconfirmed"].level) == ((nayla,), "warn")


def test_an_impossible_value_that_came_from_elsewhere_is_named(ws: Workspace, day: str) -> None:
    raka = child(ws)
    saved = visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    records.save(ws.db, CHILD, saved.record_id, {"head_mm": 900}, scope=POST, author=ws.author, now=NOW)
    assert checks(ws, day)["impossible"].person_ids == (raka,)


def test_weight_and_length_in_each_others_place_are_named(ws: Workspace, day: str) -> None:
    raka = child(ws)
    weighed(ws, raka, date(2026, 10, 10), 8_000, length_mm=700)
    visits.set_cell(ws, CHILD, day, raka, "weight_g", 7_040)
    visits.set_cell(ws, CHILD, day, raka, "length_mm", 820)
    found = checks(ws, day)
    assert found["swapped"].person_ids == (raka,)
    assert not {"impossible", "unconfirmed", "unfinished"} & found.keys()


@pytest.mark.parametrize(
    ("answers", "last", "swapped"),
    [
        ({"weight_g": 8_200, "length_mm": 704}, {"weight_g": 8_000, "length_mm": 700}, False),
        ({"weight_g": 7_040, "length_mm": 820}, {"weight_g": 8_000, "length_mm": 700}, True),
        ({"weight_g": 7_040, "length_mm": 820}, {}, False),
        ({"weight_g": 70_400, "length_mm": 82}, {}, True),
        ({"weight_g": 70_400, "length_mm": 400}, {}, True),
        ({"weight_g": 90_000, "length_mm": 4}, {}, False),
        ({"weight_g": 8_200}, {"weight_g": 8_000, "length_mm": 700}, False),
    ],
)
def test_swapped_values_tell_by_the_last_visit(
    answers: dict[str, Value | None], last: dict[str, Value | None], swapped: bool
) -> None:
    assert sessions.looks_swapped(answers, last) is swapped


def test_a_missing_or_doubtful_birth_date_is_named(ws: Workspace, day: str) -> None:
    raka, nayla = child(ws), child(ws, "Nayla", TODAY)
    records.save(ws.db, people.PERSON, raka, {"born_on": None}, scope=POST, author=ws.author, now=NOW)
    sessions.mark_present(ws, day, raka)
    visits.record(ws, CHILD, day, nayla, {"weight_g": 3_000})
    found = checks(ws, day)
    assert (found["no_birth_date"].person_ids, found["no_birth_date"].page) == ((raka,), "")
    assert found["born_today"].person_ids == (nayla,)


def test_who_should_be_referred_and_was_not_is_named(ws: Workspace, day: str) -> None:
    raka = child(ws)
    visits.record(ws, CHILD, day, raka, {"weight_g": 9_600, "muac_mm": 112})
    assert checks(ws, day)["not_referred"].person_ids == (raka,)
    visits.record(ws, CHILD, day, raka, {"referral": "puskesmas"})
    assert "not_referred" not in checks(ws, day)


def test_a_pregnancy_long_past_its_day_is_named(ws: Workspace, day: str) -> None:
    mother = woman(ws)
    pregnancy(ws, mother, lmp_on=TODAY - timedelta(days=320))
    found = checks(ws, day)
    assert (found["overdue"].person_ids, found["overdue"].page) == ((mother,), "pregnant")


@pytest.mark.parametrize(("days", "longest", "named"), [(308, 44, False), (309, 44, True), (309, 45, False)])
def test_how_long_a_pregnancy_lasts_at_most_is_a_dated_rule(
    ws: Workspace, day: str, monkeypatch: pytest.MonkeyPatch, days: int, longest: int, named: bool
) -> None:
    pregnancy(ws, woman(ws), lmp_on=TODAY - timedelta(days=days))
    weeks = asdict(ws.standards.on(TODAY).gestation) | {"longest_weeks": longest}
    ship_rules(monkeypatch, {"gestation": weeks})
    assert ("overdue" in checks(ws, day)) is named


def test_differences_between_two_laptops_are_named(ws: Workspace, day: str) -> None:
    raka = child(ws)
    saved = visits.record(ws, CHILD, day, raka, {"weight_g": 9_600})
    foreign = post()
    records.save(
        foreign.db, CHILD, saved.record_id, {"weight_g": 9_900, "visited_on": TODAY},
        scope=POST, author=foreign.author, now=NOW, links={"person_id": raka, "session_id": day},
    )  # fmt: skip
    journal.apply(ws.db, journal.ops_of(foreign.db, saved.record_id))
    assert checks(ws, day)["conflict"].person_ids == (raka,)


def test_the_gravest_checks_come_first(ws: Workspace, day: str) -> None:
    raka, nayla = child(ws), child(ws, "Nayla")
    visits.set_cell(ws, CHILD, day, raka, "weight_g", 59_000)
    assert nayla
    assert [check.level for check in sessions.closing_checks(ws, day)] == ["bad", "info"]
