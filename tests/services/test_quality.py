from datetime import date, timedelta

from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.services import quality, review, sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services import melati

LAST_MONTH = date(2026, 10, 12)


def measured(ws: Workspace, child: str, on: date, weight_g: int, length_mm: int) -> str:
    melati.weighed(ws, child, on, weight_g, length_mm=length_mm, position="lying")
    return sessions.open_day(ws, melati.POST, on, {})


def test_a_child_that_shrank_is_asked_to_be_measured_again_before_the_day_is_closed(ws: Workspace) -> None:
    child = melati.child(ws)
    measured(ws, child, LAST_MONTH, 9_200, 764)
    day = measured(ws, child, melati.TODAY, 9_500, 752)
    (doubt,) = quality.doubts(ws, day)
    assert doubt.sentence == "1 anak tercatat lebih pendek dari kunjungan lalu. Ukur lagi."
    checks = {check.code: check for check in sessions.closing_checks(ws, day)}
    assert checks["shrunk"].person_ids == (child,)
    assert checks["shrunk"].page == "under_five"
    assert "unconfirmed" not in checks, "said once, in the plainer words"


def test_what_a_wrong_board_said_is_doubted_of_nobody_even_where_the_sex_is_not_known(ws: Workspace) -> None:
    person_id = melati.child(ws)
    records.save(ws.db, FORMS["person"], person_id, {"sex": None}, scope=melati.POST, author=ws.author, now=ws.now())
    melati.weighed(ws, person_id, melati.TODAY - timedelta(days=30), 9_400, length_mm=777, position="lying")
    melati.weighed(ws, person_id, melati.TODAY, 9_600, length_mm=752, position="lying")
    day = sessions.open_day(ws, melati.POST, melati.TODAY, {})
    assert "shrunk" in {mark.code for mark in quality.of_session(ws, day).marks}
    review.exclude(ws, day, "board", "Papan bergeser")
    assert "shrunk" not in {mark.code for mark in quality.of_session(ws, day).marks}


def test_measured_again_and_confirmed_it_is_doubted_no_more(ws: Workspace) -> None:
    child = melati.child(ws)
    measured(ws, child, LAST_MONTH, 9_200, 764)
    day = measured(ws, child, melati.TODAY, 9_500, 752)
    visits.record(ws, melati.CHILD, day, child, {"length_mm": 752}, confirmed=("length_mm",))
    assert quality.doubts(ws, day) == []


def test_swapped_values_are_told_once_as_swapped(ws: Workspace) -> None:
    child = melati.child(ws)
    measured(ws, child, LAST_MONTH, 8_000, 700)
    day = measured(ws, child, melati.TODAY, 7_040, 820)
    assert [check.code for check in sessions.closing_checks(ws, day) if check.level == "bad"] == ["swapped"]
    assert not {"shrunk", "flagged", "decimal"} & {check.code for check in sessions.closing_checks(ws, day)}


def test_the_gravest_come_first(ws: Workspace) -> None:
    child, other = melati.child(ws), melati.child(ws, "Ayu Lestari", date(2024, 1, 5))
    measured(ws, child, LAST_MONTH, 9_200, 764)
    measured(ws, other, melati.TODAY, 12_000, 880)
    day = measured(ws, child, melati.TODAY, 9_500, 752)
    levels = [check.level for check in sessions.closing_checks(ws, day)]
    assert levels == sorted(levels, key=["bad", "warn", "info"].index)
    assert levels[-1] == "info"


def test_a_month_counts_all_its_days_but_not_what_was_copied(ws: Workspace, clock: melati.Clock) -> None:
    child = melati.child(ws)
    measured(ws, child, LAST_MONTH, 9_200, 764)
    assert quality.of_month(ws, melati.POST, Month(2026, 11)).score is None
    clock.now += timedelta(days=20)
    measured(ws, child, melati.TODAY, 9_500, 772)
    found = quality.of_month(ws, melati.POST, Month(2026, 11))
    assert [mark.code for mark in found.marks] == ["late"]
    melati.weighed(ws, melati.child(ws, "Ayu", date(2024, 1, 5)), date(2026, 11, 13), 90_00, source="history")
    assert quality.of_month(ws, melati.POST, Month(2026, 11)).score == found.score


def test_a_day_without_measurements_has_no_score(ws: Workspace) -> None:
    day = sessions.open_day(ws, melati.POST, melati.TODAY, {})
    assert quality.of_session(ws, day).score is None
    assert quality.doubts(ws, day) == []
