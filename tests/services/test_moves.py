"""Who comes back by hand, who never left, and families that move together: no month counted before changes."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import deaths, duplicates, moves, people, pregnancies, reporting, sessions, visits, workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records

VILLAGE, ELSEWHERE = "5203012001", "5203012002"
HOME, OTHER = "melati", "mawar"
PERSON, CHILD = FORMS["person"], FORMS["under_five_visit"]
LEFT_ON, BACK_ON = date(2026, 8, 20), date(2026, 11, 3)
MONTHS = [Month(2026, month) for month in range(6, 13)]


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = workspace.in_memory(post=HOME, practice=True)
    book.keep_time_by(lambda: datetime(2026, 12, 28, 9, 0, tzinfo=timezone(timedelta(hours=8))))
    for post in (HOME, OTHER):
        told = {"name": post.capitalize(), "village_code": VILLAGE}
        records.save(book.db, FORMS["posyandu"], post, told, scope=post, author=book.author, now=book.now())
    yield book
    book.close()


RAKA: dict[str, Value | None] = {
    "name": "Raka Aditya",
    "sex": "male",
    "born_on": date(2025, 3, 5),
    "mother_name": "Wulan",
}


def measured(ws: Workspace, child: str, on: date, grams: int) -> None:
    day = next((each.id for each in sessions.recent(ws, ws.posyandu_id) if each.held_on == on), "")
    visits.record(ws, CHILD, day or sessions.open_day(ws, ws.posyandu_id, on, {}), child, {"weight_g": grams})


def a_child(ws: Workspace, name: str = "Raka Aditya", **more: str) -> str:
    told = {"name": name, "sex": "male", "born_on": date(2025, 3, 5), "mother_name": "Wulan", **more}
    child = people.register(ws, told)  # type: ignore[arg-type]
    for month in (6, 7, 8):
        measured(ws, child, date(2026, month, 10), 8000 + 200 * month)
    return child


def names(ws: Workspace, letter: str, month: Month, post: str = HOME) -> list[str]:
    row = next(row for row in reporting.monthly(ws, post, month).skdn.rows if row[0].text == letter)
    return sorted(each.name for each in row[-1].people)


def figures(ws: Workspace, post: str = HOME) -> dict[Month, list[tuple[str, ...]]]:
    return {
        month: [tuple(cell.text for cell in row) for row in reporting.monthly(ws, post, month).skdn.rows]
        for month in MONTHS
    }


def counted_in_s(ws: Workspace, post: str = HOME) -> list[int]:
    return [month.month for month in MONTHS if names(ws, "S", month, post)]


def test_who_comes_back_by_hand_is_away_in_the_months_between(ws: Workspace) -> None:
    raka = a_child(ws, kk="5203012001000011")
    people.set_status(ws, raka, "moved", LEFT_ON)
    before = figures(ws)
    assert counted_in_s(ws) == [6, 7, 8]
    again, _saves = moves.come_back(ws, raka, BACK_ON, {"status": "active", "left_on": None, "left_reason": None})
    assert counted_in_s(ws) == [6, 7, 8, 11, 12]
    assert {month: each for month, each in figures(ws).items() if month < Month(2026, 11)} == {
        month: each for month, each in before.items() if month < Month(2026, 11)
    }
    old, new = (records.load(ws.db, PERSON, each) for each in (raka, again))
    assert old is not None
    assert new is not None
    assert (old.answers["status"], old.answers["left_on"]) == ("moved", LEFT_ON)
    assert (new.answers["status"], new.answers["entered_on"], new.answers["left_on"]) == ("active", BACK_ON, None)
    assert new.answers["household_id"] == old.answers["household_id"] is not None
    weights = [row.answers["weight_g"] for row in records.load_many(ws.db, CHILD, person_id=again)]
    assert sorted(weights) == [9200, 9400, 9600], "the curve goes on"
    measured(ws, again, date(2026, 11, 10), 9900)
    assert (names(ws, "D", Month(2026, 11)), names(ws, "D", Month(2026, 8))) == (["Raka Aditya"], ["Raka Aditya"])
    assert duplicates.pairs(ws, HOME) == []
    with pytest.raises(BadInput, match="sudah tercatat lagi di Melati"):
        moves.come_back(ws, raka, BACK_ON)
    assert journal.rows_equal_replay(ws.db)


def test_who_left_and_came_back_twice_has_three_stays(ws: Workspace) -> None:
    raka = a_child(ws)
    people.set_status(ws, raka, "moved", LEFT_ON)
    second, _saves = moves.come_back(ws, raka, date(2026, 10, 1))
    people.set_status(ws, second, "moved", date(2026, 11, 5))
    with pytest.raises(BadInput, match="kartunya yang baru"):
        moves.come_back(ws, raka, date(2026, 12, 1))
    third, _saves = moves.come_back(ws, second, date(2026, 12, 1))
    assert len({raka, second, third}) == 3
    assert counted_in_s(ws) == [6, 7, 8, 10, 12]


def test_a_return_taken_back_leaves_everything_as_it_was(ws: Workspace) -> None:
    raka = a_child(ws)
    people.set_status(ws, raka, "moved", LEFT_ON)
    before = figures(ws)
    again, saves = moves.come_back(ws, raka, BACK_ON)
    moves.undo(ws, saves)
    assert figures(ws) == before
    assert records.load_many(ws.db, CHILD, person_id=again) == []
    assert moves.come_back(ws, raka, BACK_ON)[0] == again, "and it can be noted once more"
    assert counted_in_s(ws) == [6, 7, 8, 11, 12]
    assert journal.rows_equal_replay(ws.db)


def test_who_never_left_is_counted_in_all_months_again(ws: Workspace) -> None:
    raka = a_child(ws)
    before = figures(ws)
    row = records.load(ws.db, PERSON, raka)
    people.set_status(ws, raka, "moved", LEFT_ON, "Lombok Barat")
    assert figures(ws) != before
    cleared = {"status": "active", "left_on": None, "left_reason": None}
    saves = moves.did_not_leave(ws, raka, cleared)
    assert figures(ws) == before
    after = records.load(ws.db, PERSON, raka)
    assert row is not None
    assert after is not None
    assert after.answers == row.answers
    moves.undo(ws, saves)
    assert counted_in_s(ws) == [6, 7, 8]
    moves.come_back(ws, raka, BACK_ON)
    with pytest.raises(BadInput, match="sudah tercatat lagi"):  # counted twice otherwise
        moves.did_not_leave(ws, raka, cleared)


def test_who_is_written_down_at_the_other_post_too_joins_the_record_there(ws: Workspace) -> None:
    raka = a_child(ws)
    there = people.register(ws, {**RAKA, "scope": OTHER})
    done = moves.hand_over(ws, raka, VILLAGE, "Mawar", LEFT_ON)
    assert done.person_id == there
    assert names(ws, "S", Month(2026, 12), OTHER) == ["Raka Aditya"]
    assert people.card(ws, there).person["entered_on"] is None, "who lived there all along stays so"
    weights = [row.answers["weight_g"] for row in records.load_many(ws.db, CHILD, person_id=there)]
    assert sorted(weights) == [9200, 9400, 9600]
    moves.undo(ws, done.saves)
    assert (people.card(ws, raka).hit.status, records.load_many(ws.db, CHILD, person_id=there)) == ("active", [])
    sister = people.register(ws, {**RAKA, "name": "Rani", "sex": "female"})
    assert moves.hand_over(ws, sister, VILLAGE, "Mawar", LEFT_ON).person_id not in ("", there)


def test_who_died_after_moving_away_is_noted_and_no_month_here_changes(ws: Workspace) -> None:
    raka = a_child(ws)
    people.set_status(ws, raka, "moved", LEFT_ON, "Lombok Barat")
    before = figures(ws)
    deaths.note(ws, raka, {"died_on": BACK_ON, "cause": "Diare"})
    assert (figures(ws), counted_in_s(ws)) == (before, [6, 7, 8])
    assert deaths.of_month(ws, HOME, Month.of(BACK_ON)) == [], "it counts where he lived"
    person = people.card(ws, raka).person
    assert [person[name] for name in ("status", "left_on", "left_reason")] == ["moved", LEFT_ON, "Lombok Barat"]
    assert deaths.known(ws, raka)["died_on"] == BACK_ON
    deaths.take_back(ws, raka)
    assert (people.card(ws, raka).hit.status, deaths.known(ws, raka)) == ("moved", {})


def test_a_pregnancy_of_who_moved_away_does_not_end_here_with_her_death(ws: Workspace) -> None:
    wulan = people.register(ws, {"name": "Wulan", "sex": "female", "born_on": date(1998, 3, 5)})
    pregnancy_id = pregnancies.note(ws, wulan, {"lmp_on": date(2026, 6, 1), "gravida": 1})
    people.set_status(ws, wulan, "moved", LEFT_ON)
    deaths.note(ws, wulan, {"died_on": BACK_ON})
    row = records.load(ws.db, FORMS["pregnancy"], pregnancy_id)
    assert row is not None
    assert row.answers.get("outcome") in (None, "ongoing"), "or SIP Format 1 would count a mother's death here"


@pytest.mark.parametrize("never_left", [True, False])
def test_who_never_left_or_died_before_dies_here(ws: Workspace, never_left: bool) -> None:
    raka = a_child(ws)
    people.set_status(ws, raka, "moved", LEFT_ON)
    died_on = BACK_ON if never_left else LEFT_ON - timedelta(days=1)
    deaths.note(ws, raka, {"died_on": died_on}, never_left=never_left)
    assert [each.person_id for each in deaths.of_month(ws, HOME, Month.of(died_on))] == [raka]
    assert people.card(ws, raka).person["left_on"] == died_on


@pytest.mark.parametrize("on", [LEFT_ON - timedelta(days=1), date(2026, 12, 29)])
def test_nobody_returns_before_leaving_or_tomorrow(ws: Workspace, on: date) -> None:
    raka = a_child(ws)
    with pytest.raises(BadInput, match="tidak tercatat pindah"):
        moves.come_back(ws, raka, on)
    people.set_status(ws, raka, "moved", LEFT_ON)
    with pytest.raises(BadInput, match="hari ini"):
        moves.come_back(ws, raka, on)
    assert len(records.load_many(ws.db, PERSON)) == 1


def test_who_lives_at_another_post_of_the_book_is_handed_over_from_there(ws: Workspace) -> None:
    raka = a_child(ws)
    there = moves.hand_over(ws, raka, VILLAGE, OTHER, LEFT_ON).person_id
    with pytest.raises(BadInput, match="tercatat lagi di Mawar"):
        moves.come_back(ws, raka, BACK_ON)
    moves.hand_over(ws, there, ELSEWHERE, "", date(2026, 10, 5))
    moves.come_back(ws, raka, BACK_ON)
    assert (counted_in_s(ws), counted_in_s(ws, OTHER)) == ([6, 7, 8, 11, 12], [9])


def test_a_family_moves_together_and_is_taken_back_together(ws: Workspace) -> None:
    family = [a_child(ws, name, kk="5203012001000011") for name in ("Raka", "Budi", "Citra")]
    before = figures(ws)
    done = moves.hand_over_together(ws, family[:2], VILLAGE, OTHER, LEFT_ON)
    assert done.sentence == "2 orang pindah. Sekarang tercatat di Mawar, dengan riwayatnya."
    september = Month(2026, 9)
    assert (names(ws, "S", september), names(ws, "S", september, OTHER)) == (["Citra"], ["Budi", "Raka"])
    moves.undo(ws, done.saves)
    assert figures(ws) == before
    assert records.load_many(ws.db, PERSON, scope=OTHER) == []
    away = moves.hand_over_together(ws, family, ELSEWHERE, "", LEFT_ON)
    assert away.sentence.startswith("3 orang pindah. Riwayatnya diserahkan lewat server.")
    assert {row.answers["person_id"] for row in records.load_many(ws.db, FORMS["handover"])} == set(family)
    moves.undo(ws, away.saves)
    assert records.load_many(ws.db, FORMS["handover"]) == []
    assert figures(ws) == before
    assert journal.rows_equal_replay(ws.db)


def test_of_a_family_all_move_or_nobody(ws: Workspace) -> None:
    raka, budi = a_child(ws, "Raka"), a_child(ws, "Budi")
    people.set_status(ws, budi, "moved", LEFT_ON)
    with pytest.raises(BadInput, match="Budi: .*sudah dicatat pindah"):
        moves.hand_over_together(ws, [raka, budi], ELSEWHERE, "", LEFT_ON)
    assert people.hit(ws, raka).status == "active"
    assert records.load_many(ws.db, FORMS["handover"]) == []
    with pytest.raises(BadInput, match="siapa yang pindah"):
        moves.hand_over_together(ws, [], ELSEWHERE)
    with pytest.raises(NotFound):
        moves.hand_over_together(ws, ["nobody"], ELSEWHERE)
