"""The made-up post writes down what a post does about itself: the same each time, and true to its own visits."""

from datetime import date

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.form import Context, Level, problems
from posyandu.domain.forms import FORMS
from posyandu.services import post_affairs, workspace
from posyandu.services.sample import affairs, book, village
from posyandu.services.sample.village import Entry
from posyandu.services.standing import standing
from posyandu.storage import reference

UNTIL = Month(2026, 10)
ADDED = ("training", "competence", "stock", "activity", "fund", "wus")


def bare(posts: int = 2) -> list[Entry]:
    return list(village.generate(5, reference.growth_tables(), posts=posts, months=14, until=UNTIL))


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return list(affairs.added(5, bare()))


def test_the_same_seed_writes_the_same_and_leaves_the_people_as_they_were(entries: list[Entry]) -> None:
    assert list(affairs.added(5, bare())) == entries
    kept = [entry for entry in entries if entry.entity not in (*ADDED, "worker", "session")]
    assert kept == [entry for entry in bare() if entry.entity not in ("worker", "session")]


def test_every_answer_is_one_the_forms_take(entries: list[Entry]) -> None:
    context = Context(date(2027, 1, 1), {}, {})
    for entry in entries:
        if entry.entity in (*ADDED, "worker"):
            found = problems(FORMS[entry.entity], entry.answers, context)
            assert [each for each in found if each.level is not Level.SILENT] == [], entry
            assert set(entry.links) <= set(FORMS[entry.entity].links)


def test_each_post_has_all_of_it_for_few_records(entries: list[Entry]) -> None:
    for post in {entry.scope for entry in entries}:
        own = [entry.entity for entry in entries if entry.scope == post]
        assert all(own.count(name) for name in ADDED)
        assert sum(own.count(name) for name in ADDED) < 0.25 * len(own)
    assert len({entry.record_id for entry in entries}) == len(entries)


def test_stock_follows_what_the_visits_gave_and_the_post_has_a_stratum(entries: list[Entry]) -> None:
    ws = workspace.in_memory(post=None)
    book.write(ws.db, entries, ws.author)
    post = village.post_id(5, 0)
    cards = {card.item: card for card in post_affairs.stock_cards(ws, post, UNTIL)}
    assert {item for item, card in cards.items() if card.is_kept} >= set(affairs.KEPT)
    for item in affairs.KEPT:
        assert all(line.balance is None or line.balance >= 0 for line in cards[item].lines), item
        assert cards[item].line.balance is not None
    assert cards["vitamin_a_red"].lines[-3].recorded
    found = standing(ws, post, UNTIL)
    assert found.indicators["kb"].counted
    assert found.indicators["health_fund"].high > 0
    assert len(post_affairs.kader(ws, post)) == 5
    ws.close()
