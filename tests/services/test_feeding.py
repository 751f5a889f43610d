"""MT from a book: proposed, begun once, noted week by week, ended with a result; lists, recap and months."""

from datetime import date, timedelta

import pytest

from posyandu.domain import indicators
from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms.feeding import DAYS
from posyandu.reports import counts
from posyandu.services import feeding, follow_up, people, visits
from posyandu.services.people import NotFinal
from posyandu.services.report_data import gather
from posyandu.services.workspace import Workspace
from tests.services import melati
from tests.services.melati import MOTHER, POST, TODAY, Clock

NOVEMBER = Month(2026, 11)
ATE_ALL = dict.fromkeys(DAYS, True)


def thin(ws: Workspace, on: date = TODAY) -> str:
    """A boy of 16 months who is wasted."""
    raka = melati.child(ws)
    melati.weighed(ws, raka, on, 8_700, length_mm=795, position="lying")
    return raka


def started(ws: Workspace, person_id: str, on: date = TODAY, **more: Value) -> str:
    return feeding.save(ws, person_id, {"visited_on": on, "reason": "wasted", **more})[0]


def listed(ws: Workspace, month: Month = NOVEMBER) -> dict[str, str]:
    found = next((each for each in follow_up.attention(ws, POST, month) if each.code == "feeding"), None)
    return {row.id: row.reason for row in found.people} if found else {}


def later(clock: Clock, days: int) -> None:
    clock.now = clock.now + timedelta(days=days)


def test_a_thin_child_is_proposed_a_programme_of_the_guideline(ws: Workspace) -> None:
    raka = thin(ws)
    card = people.card(ws, raka)
    assert feeding.suggested(ws, card) == "wasted"
    assert feeding.proposal(ws, card) == {
        "visited_on": TODAY, "reason": "wasted", "planned_days": 56, "cycle": 1, "kind": "local",
        "weight_g": 8_700, "muac_mm": None,
    }  # fmt: skip


def test_a_healthy_child_and_one_never_seen_are_proposed_nothing(ws: Workspace) -> None:
    raka = melati.child(ws)
    assert feeding.suggested(ws, people.card(ws, raka)) is None
    melati.weighed(ws, raka, TODAY, 10_000, length_mm=795, position="lying")
    assert feeding.suggested(ws, people.card(ws, raka)) is None
    assert feeding.proposal(ws, people.card(ws, raka))["planned_days"] is None


def test_a_mother_with_a_thin_arm_is_proposed_hers(ws: Workspace) -> None:
    wulan = melati.woman(ws)
    melati.pregnancy(ws, wulan)
    visits.record(ws, MOTHER, None, wulan, {"visited_on": TODAY, "muac_mm": 230, "weight_g": 45_000})
    assert feeding.suggested(ws, people.card(ws, wulan)) == "pregnant_kek"
    assert feeding.proposal(ws, people.card(ws, wulan))["planned_days"] == 120
    assert listed(ws)[wulan] == "Ibu hamil KEK (LiLA): belum mendapat MT"


def test_an_old_measurement_is_no_weight_at_the_start(ws: Workspace, clock: Clock) -> None:
    raka = thin(ws)
    later(clock, 30)
    assert feeding.proposal(ws, people.card(ws, raka))["weight_g"] is None


def test_only_one_programme_runs_at_a_time(ws: Workspace) -> None:
    raka = thin(ws)
    first = started(ws, raka)
    with pytest.raises(BadInput, match="Akhiri dahulu"):
        started(ws, raka)
    feeding.save(ws, raka, {"ended_on": TODAY, "result": "stopped"}, first)
    second = started(ws, raka)
    assert [each.record_id for each in feeding.of_person(ws, raka)] == sorted([first, second], reverse=True)
    assert feeding.proposal(ws, people.card(ws, raka))["cycle"] == 3


@pytest.mark.parametrize(
    "wrong",
    [{"reason": None}, {"visited_on": date(2026, 11, 13)}, {"planned_days": 6}, {"ended_on": date(2026, 11, 1)}],
)
def test_what_is_missing_or_impossible_is_not_saved(ws: Workspace, wrong: dict[str, Value | None]) -> None:
    raka = thin(ws)
    with pytest.raises(NotFinal):
        feeding.save(ws, raka, {"visited_on": TODAY, "reason": "wasted", **wrong})
    assert feeding.of_person(ws, raka) == []


def test_nobody_and_nothing_are_refused(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        started(ws, "nobody")
    with pytest.raises(NotFound):
        feeding.save_week(ws, "nothing", {"week": 1})
    with pytest.raises(NotFinal):
        feeding.save_week(ws, started(ws, thin(ws)), {"week": 27})


def test_a_week_is_one_record_whoever_notes_it_and_is_undone(ws: Workspace) -> None:
    raka = thin(ws)
    programme = started(ws, raka, TODAY - timedelta(days=9), weight_g=8_000)
    feeding.save_week(ws, programme, {"week": 1, "visited_on": TODAY, **ATE_ALL, "weight_g": 8_150})
    op = feeding.save_week(ws, programme, {"week": 1, "visited_on": TODAY, "day_7": False})
    (found,) = feeding.of_person(ws, raka)
    assert len(found.weeks) == 1
    assert found.course.headline == "Hari ke-10 dari 56. 6 dari 7 hari habis, berat naik 150 gram."
    assert (found.course.due_weeks, found.next_week) == ((), 2)
    feeding.undo(ws, op)
    assert feeding.of_person(ws, raka)[0].course.eaten == 7


def test_a_programme_taken_away_is_gone_until_it_is_undone(ws: Workspace) -> None:
    raka = thin(ws)
    op = feeding.withdraw(ws, started(ws, raka))
    assert feeding.of_person(ws, raka) == []
    assert listed(ws)[raka].endswith("belum mendapat MT")
    feeding.undo(ws, op)
    assert len(feeding.of_person(ws, raka)) == 1


def test_the_list_follows_a_child_from_need_to_result(ws: Workspace, clock: Clock) -> None:
    raka = thin(ws)
    assert listed(ws) == {raka: "Balita gizi kurang (BB/TB): belum mendapat MT"}
    programme = started(ws, raka)
    assert listed(ws) == {}
    later(clock, 8)
    assert listed(ws) == {raka: "Minggu ke-1 belum dicatat."}
    feeding.save_week(ws, programme, {"week": 1, "visited_on": ws.today(), **ATE_ALL})
    assert listed(ws) == {}
    later(clock, 60)
    month = Month.of(ws.today())
    assert listed(ws, month) == {raka: "Waktunya habis 06-01-2027: timbang dan catat hasilnya."}
    feeding.save(ws, raka, {"ended_on": date(2027, 1, 6)}, programme)
    assert listed(ws, month) == {raka: "Berakhir 06-01-2027, hasilnya belum dicatat."}
    feeding.save(ws, raka, {"result": "same"}, programme)
    assert listed(ws, month) == {raka: "Berakhir 06-01-2027 tanpa perbaikan: ajak ke Puskesmas."}
    assert listed(ws, month + 1) == {}
    feeding.save(ws, raka, {"result": "recovered"}, programme)
    assert listed(ws, month) == {}


def test_a_month_without_gain_calls_nobody_two_do(ws: Workspace) -> None:
    raka = melati.child(ws)
    for month, grams in ((9, 10_400), (10, 10_400)):
        melati.weighed(ws, raka, date(2026, month, 10), grams)
    assert listed(ws, Month(2026, 10)) == {}
    melati.weighed(ws, raka, TODAY, 10_400)
    assert listed(ws) == {raka: "Balita BB tidak naik (T): belum mendapat MT"}


def test_who_has_just_had_it_is_not_called_again(ws: Workspace) -> None:
    raka = thin(ws)
    programme = started(ws, raka, TODAY - timedelta(days=60))
    feeding.save(ws, raka, {"ended_on": TODAY - timedelta(days=5), "result": "improved"}, programme)
    assert listed(ws) == {}
    feeding.save(ws, raka, {"ended_on": TODAY - timedelta(days=31)}, programme)
    assert raka in listed(ws)


def test_the_recap_counts_a_child_whose_programme_ran_that_month(ws: Workspace) -> None:
    raka = melati.child(ws)
    melati.weighed(ws, raka, TODAY, 9_500)
    fed = {each.id: indicators.got_supplement(each) for each in gather(ws, POST, NOVEMBER).children[NOVEMBER]}
    assert fed == {raka: False}
    started(ws, raka, TODAY - timedelta(days=1), reason="underweight")
    data = gather(ws, POST, NOVEMBER)
    assert [indicators.got_supplement(each) for each in data.children[NOVEMBER]] == [True]
    assert [each.fed for each in data.children.get(NOVEMBER - 1, ())] in ([], [False])


@pytest.mark.parametrize(
    ("eaten", "said", "daily"),
    [(None, None, None), (True, None, True), (False, None, False), (True, False, False), (False, True, True)],
)
def test_the_recap_of_mothers_takes_the_visits_word_before_the_weeks(
    ws: Workspace, eaten: bool | None, said: bool | None, daily: bool | None
) -> None:
    wulan = melati.woman(ws)
    melati.pregnancy(ws, wulan)
    answers: dict[str, Value | None] = {"visited_on": TODAY, "muac_mm": 230, "kek_daily": said}
    visits.record(ws, MOTHER, None, wulan, answers)
    (before,) = gather(ws, POST, NOVEMBER).pregnancies[NOVEMBER]
    assert not indicators.got_food(before)
    programme = started(ws, wulan, TODAY - timedelta(days=9), reason="pregnant_kek")
    week: dict[str, Value | None] = {"week": 1, "visited_on": TODAY, "day_1": eaten, "health": "Sehat"}
    feeding.save_week(ws, programme, week)
    (woman,) = gather(ws, POST, NOVEMBER).pregnancies[NOVEMBER]
    assert indicators.got_food(woman)
    assert indicators.food_daily(woman) is (daily is True)
    assert indicators.food_not_daily(woman) is (daily is False)


def test_the_months_of_a_programme_end_with_it(ws: Workspace) -> None:
    raka = thin(ws)
    programme = started(ws, raka, date(2026, 8, 20), planned_days=30)
    feeding.save_week(ws, programme, {"week": 1, "visited_on": date(2026, 8, 27), **ATE_ALL})
    assert feeding.months_fed(ws, POST, TODAY) == {raka: {Month(2026, 8): True, Month(2026, 9): None}}
    feeding.save(ws, raka, {"ended_on": date(2026, 8, 30), "result": "moved"}, programme)
    assert feeding.months_fed(ws, POST, TODAY) == {raka: {Month(2026, 8): True}}
    assert feeding.months_fed(ws, POST, date(2026, 8, 1)) == {}


def test_who_has_moved_stands_on_no_list(ws: Workspace, clock: Clock) -> None:
    raka = thin(ws)
    started(ws, raka)
    later(clock, 10)
    people.set_status(ws, raka, "moved", ws.today())
    assert listed(ws) == {}


def test_the_card_tells_when_it_began_and_how_it_ended(ws: Workspace) -> None:
    raka = thin(ws)
    programme = started(ws, raka, TODAY - timedelta(days=20))
    feeding.save(ws, raka, {"ended_on": TODAY, "result": "recovered"}, programme)
    told = [(each.title, each.detail) for each in people.card(ws, raka).timeline if each.form == "feeding"]
    assert told == [
        ("Makanan tambahan berakhir", "Selesai, masalahnya teratasi"),
        ("Makanan tambahan dimulai", "Balita gizi kurang (BB/TB)"),
    ]


def test_the_puskesmas_forms_count_the_wasted_and_the_thin_mothers_who_got_it(ws: Workspace) -> None:
    raka, wulan = thin(ws), melati.woman(ws)
    melati.pregnancy(ws, wulan)
    visits.record(ws, MOTHER, None, wulan, {"visited_on": TODAY, "muac_mm": 230})

    def counted() -> tuple[int, int]:
        data = gather(ws, POST, NOVEMBER)
        children = sum(counts.CHILD_COUNTS["wasted_fed"](each) for each in data.children[NOVEMBER])
        return children, sum(counts.MOTHER_COUNTS["kek_fed"](each) for each in data.pregnancies[NOVEMBER])

    assert counted() == (0, 0)
    started(ws, raka, TODAY - timedelta(days=2))
    started(ws, wulan, TODAY - timedelta(days=2), reason="pregnant_kek")
    assert counted() == (1, 1)
