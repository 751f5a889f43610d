"""Differences between two laptops, as a person sees and settles them."""

import pytest

from posyandu.domain.forms import FORMS
from posyandu.server.exchange import Desk
from posyandu.services import conflicts, synchronise
from posyandu.services.conflicts import KEEP, REMOVE
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests.server.conftest import desk, open_folder, post, postgres_cluster, postgres_url
from tests.server.laptops import laptop, talk, weigh, weight

__all__ = ["desk", "open_folder", "post", "postgres_cluster", "postgres_url"]

VISIT = FORMS["under_five_visit"]


def two_laptops(desk: Desk, post: str) -> tuple[Workspace, Workspace, str]:
    """Sari's and Dewi's laptop, which have both seen a visit of 7 kg, and its id."""
    sari, dewi = laptop(desk, post=post), laptop(desk)
    record = weigh(sari, post, 7000)
    for ws in (sari, dewi, sari):
        talk(desk, ws)
    return sari, dewi, record


def meet(desk: Desk, *books: Workspace) -> None:
    for ws in (*books, *books):
        talk(desk, ws)


def of(ws: Workspace, record: str) -> conflicts.Conflict:
    return next(each for each in conflicts.conflicts(ws) if each.record_id == record)


def test_both_values_are_listed_with_who_and_when_and_settled_everywhere(desk: Desk, post: str) -> None:
    sari, dewi, record = two_laptops(desk, post)
    weigh(sari, post, 7100, record)
    weigh(dewi, post, 7200, record)
    meet(desk, sari, dewi)
    conflict = of(sari, record)
    (difference,) = conflict.differences
    assert (difference.name, difference.field) == ("weight_g", VISIT.fields["weight_g"])
    assert {(side.value, side.here) for side in difference.sides} == {(7100, True), (7200, False)}
    assert {side.who for side in difference.sides} == {"Sari"}
    assert all(side.at == sari.now() for side in difference.sides)
    assert synchronise.status(sari).conflicts >= 1
    lower = next(side for side in difference.sides if side.value == 7100)
    assert conflicts.settle(sari, conflict, {"weight_g": lower.code}).changed
    meet(desk, sari, dewi)
    for ws in (sari, dewi):
        assert weight(ws, record) == 7100
        assert record not in {each.record_id for each in conflicts.conflicts(ws)}
        assert journal.rows_equal_replay(ws.db)
    assert [entry.changes["weight_g"][1] for entry in records.history(dewi.db, record)].count(7200) == 1


def test_each_field_can_be_settled_by_itself(desk: Desk, post: str) -> None:
    sari, dewi, record = two_laptops(desk, post)
    for ws, grams, length in ((sari, 7100, 650), (dewi, 7200, 660)):
        answers = {"weight_g": grams, "length_mm": length}
        records.save(ws.db, VISIT, record, answers, scope=post, author=ws.author, now=ws.now())
    meet(desk, sari, dewi)
    conflict = of(dewi, record)
    assert [each.name for each in conflict.differences] == ["weight_g", "length_mm"]
    conflicts.settle(dewi, conflict, {"weight_g": conflict.differences[0].sides[0].code})
    assert [each.name for each in of(dewi, record).differences] == ["length_mm"]
    with pytest.raises(ValueError, match="side"):
        conflicts.settle(dewi, of(dewi, record), {"length_mm": "nobody"})
    with pytest.raises(ValueError, match="side"):
        conflicts.settle(dewi, of(dewi, record), {"head_mm": "nobody"})


def test_asking_later_keeps_both_and_shows_it_last(desk: Desk, post: str) -> None:
    sari, dewi, first = two_laptops(desk, post)
    second = weigh(sari, post, 8000)
    meet(desk, sari, dewi)
    for record in (first, second):
        weigh(sari, post, 7100, record)
        weigh(dewi, post, 7200, record)
    meet(desk, sari, dewi)
    order = [each.record_id for each in conflicts.conflicts(sari) if each.record_id in (first, second)]
    conflicts.ask_later(sari, of(sari, order[0]))
    after = [each for each in conflicts.conflicts(sari) if each.record_id in (first, second)]
    assert [each.record_id for each in after] == order[::-1]
    assert [each.later for each in after] == [False, True]
    conflict = of(sari, order[0])
    conflicts.settle(sari, conflict, {"weight_g": conflict.differences[0].sides[0].code})
    assert order[0] not in {each.record_id for each in conflicts.conflicts(sari)}


@pytest.mark.parametrize(("choice", "stays"), [(KEEP, True), (REMOVE, False)])
def test_a_record_taken_away_and_edited_elsewhere_waits_for_the_decision(
    desk: Desk, post: str, choice: str, stays: bool
) -> None:
    sari, dewi, record = two_laptops(desk, post)
    records.withdraw(sari.db, VISIT, record, author=sari.author, now=sari.now())
    weigh(dewi, post, 7200, record)
    meet(desk, sari, dewi)
    conflict = of(sari, record)
    (difference,) = conflict.differences
    assert [(side.code, side.words, side.here) for side in difference.sides] == [
        (KEEP, "Tetap ada", False), (REMOVE, "Dihapus", True),
    ]  # fmt: skip
    conflicts.settle(sari, conflict, {"withdrawn": choice})
    meet(desk, sari, dewi)
    for ws in (sari, dewi):
        row = records.load(ws.db, VISIT, record)
        assert row is not None
        assert row.withdrawn is not stays
        assert not row.conflicts
        assert journal.rows_equal_replay(ws.db)


def test_a_conflict_says_whose_it_is_and_of_which_day(desk: Desk, post: str) -> None:
    from datetime import date

    sari, dewi = laptop(desk, post=post), laptop(desk)
    person, home, other = records.new_id(), records.new_id(), records.new_id()
    for form, record, answers in (
        ("household", home, {"address": "Jalan Melati 1"}),
        ("person", person, {"name": "Ayu Lestari", "sex": "female"}),
        ("person", other, {"name": "Ibu Ratna", "sex": "female"}),
    ):
        records.save(sari.db, FORMS[form], record, answers, scope=post, author=sari.author, now=sari.now())
    meet(desk, sari, dewi)
    visit = records.new_id()
    for ws, grams, link in ((sari, 7100, home), (dewi, 7200, None)):
        records.save(
            ws.db, VISIT, visit, {"weight_g": grams, "visited_on": date(2026, 11, 12)}, scope=post, author=ws.author,
            now=ws.now(), links={"person_id": person},
        )  # fmt: skip
        links = {"household_id": link, "mother_id": other if link else None}
        changes = {"name": "Ayu Lestari" if link else "Ayu L"}
        records.save(
            ws.db, FORMS["person"], person, changes, scope=post, author=ws.author, now=ws.now(), links=links
        )  # fmt: skip
    records.save(
        dewi.db, FORMS["person"], person, {}, scope=post, author=dewi.author, now=dewi.now(),
        links={"household_id": records.new_id(), "mother_id": person},
    )  # fmt: skip
    meet(desk, sari, dewi)
    conflict = of(sari, visit)
    assert conflict.on == date(2026, 11, 12)
    assert conflict.person.startswith("Ayu")
    about = of(sari, person)
    assert about.on is None
    words = {each.label: {side.words for side in each.sides} for each in about.differences}
    assert words["Keluarga"] == {"Jalan Melati 1", "belum dikenal di laptop ini"}
    assert words["Ibu"] == {"Ibu Ratna", "Ayu Lestari"} or words["Ibu"] == {"Ibu Ratna", "Ayu L"}
