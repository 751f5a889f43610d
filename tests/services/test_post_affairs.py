"""Kader, stock, activities and cash of a post: written, read back, corrected and taken back."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms import FORMS, activity, fund, training
from posyandu.domain.forms.training import CLUSTERS
from posyandu.services import conflicts, immunisation, post_affairs
from posyandu.services.people import NotFinal
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests.services import melati
from tests.services.melati import POST, TODAY

NOVEMBER = Month(2026, 11)
WORKER = FORMS["worker"]


@pytest.fixture
def ws() -> Iterator[Workspace]:
    made = melati.post()
    yield made
    assert journal.rows_equal_replay(made.db)
    made.close()


def worker(ws: Workspace, name: str = "Inaq Sari", **more: object) -> str:
    record_id = records.new_id()
    post_affairs.save(ws, WORKER, {"name": name, "role": "kader", **more}, record_id=record_id)  # type: ignore[dict-item]
    return record_id


# --- kader


def test_kader_are_listed_by_name_those_who_stopped_last_and_health_workers_not(ws: Workspace) -> None:
    worker(ws, "Wati")
    worker(ws, "Ani", active=False, until_on=date(2026, 1, 1))
    worker(ws, "Budi", role="coordinator", decree="141/12/2024")
    worker(ws, "Bidan Rina", role="midwife")
    found = post_affairs.kader(ws, POST)
    assert [each.name for each in found] == ["Budi", "Wati", "Ani"]
    assert [each.has_decree for each in found] == [True, False, False]
    assert [each.active for each in found] == [True, True, False]


def test_trainings_and_skills_belong_to_their_kader_and_make_a_class(ws: Workspace) -> None:
    one, other = worker(ws, "Ani"), worker(ws, "Wati")
    for day in (date(2025, 3, 1), date(2026, 3, 1)):
        post_affairs.save(ws, training.TRAINING, {"held_on": day, "topic": "basic"}, worker_id=one)
    able = {name: True for code in ("post", "child", "mother") for name in CLUSTERS[code][1]}
    for number in range(2):
        told = {"assessed_on": TODAY, "assessor": f"Bidan {number}", **able}
        post_affairs.save(ws, training.COMPETENCE, told, record_id=post_affairs.competence_id(one), worker_id=one)
    ani, wati = post_affairs.kader(ws, POST)
    assert [row.answers["held_on"] for row in ani.trainings] == [date(2026, 3, 1), date(2025, 3, 1)]
    assert ani.skilled.held is not None
    assert (ani.skilled.held.code, ani.skills["assessor"]) == ("purwa", "Bidan 1")
    assert (wati.id, wati.trainings, wati.skilled.shown) == (other, (), 0)


def test_what_is_missing_or_impossible_is_not_saved(ws: Workspace) -> None:
    with pytest.raises(NotFinal, match="Materi"):
        post_affairs.save(ws, training.TRAINING, {"held_on": TODAY})
    with pytest.raises(NotFinal, match="belum terjadi"):
        post_affairs.save(ws, activity.FORM, {"held_on": date(2027, 1, 1), "kind": "education"})
    with pytest.raises(NotFinal):
        post_affairs.save(ws, fund.FORM, {"noted_on": TODAY, "direction": "in", "rupiah": 5})
    assert post_affairs.activities(ws, POST) == []


def told_of(ws: Workspace) -> list[object]:
    """What the book says of each kader, without who saved it when."""
    return [
        (each.id, dict(each.answers), [row.answers for row in each.trainings], each.skills, each.joined)
        for each in post_affairs.kader(ws, POST)
    ]


def test_two_records_made_one_are_parted_by_one_press_at_once_or_later(ws: Workspace) -> None:
    kept, other = worker(ws, "Rina Wati"), worker(ws, "rina wati", phone="0812")
    for day in (date(2025, 3, 1), date(2026, 3, 1)):
        post_affairs.save(ws, training.TRAINING, {"held_on": day, "topic": "basic"}, worker_id=other)
    for who, skills in ((kept, {"post_services": False}), (other, {"post_services": True, "post_records": True})):
        told = {"assessed_on": TODAY, **skills}
        post_affairs.save(ws, training.COMPETENCE, told, record_id=post_affairs.competence_id(who), worker_id=who)
    before = told_of(ws)
    post_affairs.part_kader(ws, post_affairs.join_kader(ws, kept, other))
    assert told_of(ws) == before
    post_affairs.join_kader(ws, kept, other)
    post_affairs.save(ws, WORKER, {"name": "Rina Wati", "decree": "141/2026"}, record_id=kept)
    (one,) = post_affairs.kader(ws, POST)
    assert (one.answers["phone"], len(one.trainings)) == ("0812", 2)
    assert (one.skills["post_services"], one.skills["post_records"]) == (False, True)
    (joined,) = one.joined
    assert (joined.name, joined.on) == ("rina wati", TODAY)
    post_affairs.part_kader(ws, joined.ops)
    now = {each.id: each for each in post_affairs.kader(ws, POST)}
    assert now[kept].joined == ()
    assert now[kept].answers["decree"] == "141/2026", "what was written since stays"
    post_affairs.save(ws, WORKER, {"name": "Rina Wati", "decree": None}, record_id=kept)
    assert told_of(ws) == before


def test_one_who_was_only_taken_away_was_joined_into_nobody(ws: Workspace) -> None:
    worker(ws, "Ani")
    post_affairs.remove(ws, WORKER, worker(ws, "ani"))
    (one,) = post_affairs.kader(ws, POST)
    assert one.joined == ()


# --- stock


def cards(ws: Workspace, month: Month = NOVEMBER) -> dict[str, post_affairs.StockCard]:
    return {card.item: card for card in post_affairs.stock_cards(ws, POST, month)}


def test_a_stock_card_is_typed_cell_by_cell_into_one_record_of_the_month(ws: Workspace) -> None:
    for name, value in (("counted", 120), ("wasted", 3), ("expires_on", date(2027, 2, 1))):
        post_affairs.set_stock(ws, POST, "iron", NOVEMBER, name, value)
    (row,) = records.load_many(ws.db, FORMS["stock"])
    assert (row.id, row.answers["counted"]) == (post_affairs.stock_id(POST, "iron", NOVEMBER), 120)
    assert len(records.history(ws.db, row.id)) == 1
    card = cards(ws)["iron"]
    assert (card.line.balance, card.unit, card.is_kept, card.line.expires_on) == (120, "tablet", True, date(2027, 2, 1))
    assert not cards(ws)["zinc"].is_kept


def test_visits_are_counted_so_that_nothing_is_typed_twice(ws: Workspace) -> None:
    post_affairs.set_stock(ws, POST, "vitamin_a_red", NOVEMBER - 1, "counted", 10)
    toddler = melati.child(ws)
    melati.weighed(ws, toddler, date(2026, 11, 5), 9_000, vitamin_a="red")
    immunisation.record(ws, toddler, [immunisation.Given("mr", 1, date(2026, 11, 5))], source="here")
    immunisation.record(ws, toddler, [immunisation.Given("bcg", 1, date(2026, 11, 5))], source="book")
    found = cards(ws)
    assert (found["vitamin_a_red"].line.recorded, found["vitamin_a_red"].line.balance) == (1, 9)
    assert found["vaccine_mr"].line.recorded == 1
    assert found["vaccine_bcg"].line.recorded == 0
    post_affairs.set_stock(ws, POST, "vitamin_a_red", NOVEMBER, "used", 4)
    changed = cards(ws)["vitamin_a_red"].line
    assert (changed.disagrees, changed.balance) == (True, 6)


def test_a_cell_can_be_emptied_and_a_save_taken_back(ws: Workspace) -> None:
    op_id = post_affairs.set_stock(ws, POST, "zinc", NOVEMBER, "counted", 8)
    post_affairs.undo(ws, op_id)
    assert cards(ws)["zinc"].line.balance is None
    post_affairs.set_stock(ws, POST, "zinc", NOVEMBER, "counted", 8)
    post_affairs.set_stock(ws, POST, "zinc", NOVEMBER, "counted", None)
    assert cards(ws)["zinc"].line.balance is None


def test_a_strange_thing_column_or_number_is_refused(ws: Workspace) -> None:
    for item, name in (("gold", "counted"), ("iron", "month"), ("iron", "price")):
        with pytest.raises(BadInput):
            post_affairs.set_stock(ws, POST, item, NOVEMBER, name, 1)
    with pytest.raises(NotFinal):
        post_affairs.set_stock(ws, POST, "iron", NOVEMBER, "counted", -1)


def test_another_post_has_its_own_card(ws: Workspace) -> None:
    post_affairs.set_stock(ws, "mawar", "iron", NOVEMBER, "counted", 9)
    assert cards(ws)["iron"].line.balance is None


# --- activities and cash


def test_activities_are_listed_newest_first_and_can_be_taken_away(ws: Workspace) -> None:
    for day in (3, 9, 5):
        post_affairs.save(ws, activity.FORM, {"held_on": date(2026, 11, day), "kind": "garden", "participants": day})
    rows = post_affairs.activities(ws, POST)
    assert [row.answers["participants"] for row in rows] == [9, 5, 3]
    assert len(post_affairs.held_in(rows, [NOVEMBER])) == 3
    assert post_affairs.held_in(rows, [NOVEMBER - 1]) == []
    op_id = post_affairs.remove(ws, activity.FORM, rows[0].id)
    assert len(post_affairs.activities(ws, POST)) == 2
    with pytest.raises(NotFound):
        post_affairs.answers_of(ws, activity.FORM, rows[0].id)
    post_affairs.undo(ws, op_id)
    assert post_affairs.answers_of(ws, activity.FORM, rows[0].id)["kind"] == "garden"


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 28), st.sampled_from(["in", "out"]), st.integers(100, 10**6)), max_size=8))
def test_the_cash_book_always_adds_up(lines: list[tuple[int, str, int]]) -> None:
    ws = melati.post()
    for day, direction, rupiah in lines:
        told = {"noted_on": date(2026, 10, day), "direction": direction, "rupiah": rupiah}
        post_affairs.save(ws, fund.FORM, told)
    book = post_affairs.cash(ws, POST)
    assert book.balance == sum(rupiah if direction == "in" else -rupiah for _day, direction, rupiah in lines)
    assert [line.on for line in book.lines] == sorted((line.on for line in book.lines), reverse=True)
    for newer, older in zip(book.lines, book.lines[1:], strict=False):
        assert newer.balance - newer.rupiah == older.balance
    ws.close()


def test_a_line_of_the_cash_book_says_where_money_came_from_or_went(ws: Workspace) -> None:
    told = {"noted_on": TODAY, "direction": "in", "rupiah": 50_000, "origin": "health_fund", "note": "iuran November"}
    post_affairs.save(ws, fund.FORM, told)
    out = {"noted_on": TODAY, "direction": "out", "rupiah": 20_000, "purpose": "meal"}
    post_affairs.save(ws, fund.FORM, out)
    words = {line.words for line in post_affairs.cash(ws, POST).lines}
    assert words == {"Dana sehat warga: iuran November", "Makanan tambahan"}


# --- two laptops


def test_a_difference_about_stock_or_skills_says_what_it_is_about(ws: Workspace) -> None:
    post_affairs.set_stock(ws, POST, "iron", NOVEMBER, "counted", 10)
    kader_id = worker(ws, "Ani")
    skills_id = post_affairs.competence_id(kader_id)
    post_affairs.save(ws, training.COMPETENCE, {"assessed_on": TODAY}, record_id=skills_id, worker_id=kader_id)
    other = melati.post()
    ours = [
        journal.ops_of(ws.db, row.id)
        for form in ("stock", "competence")
        for row in records.load_many(ws.db, FORMS[form])
    ]
    journal.apply(other.db, [pair for ops in ours for pair in ops])
    for book, number, told in ((ws, 8, True), (other, 9, False)):
        post_affairs.set_stock(book, POST, "iron", NOVEMBER, "counted", number)
        post_affairs.save(
            book,
            training.COMPETENCE,
            {"assessed_on": TODAY, "child_book": told},
            record_id=skills_id,
            worker_id=kader_id,
        )
    theirs = [
        journal.ops_of(other.db, row.id)
        for form in ("stock", "competence")
        for row in records.load_many(other.db, FORMS[form])
    ]
    journal.apply(ws.db, [pair for ops in theirs for pair in ops])
    assert {each.person for each in conflicts.conflicts(ws)} == {"Tablet tambah darah", "Ani"}
    other.close()
