"""Made-up immunisations: the same each time, never before their time, and with something to follow up."""

from datetime import date

import pytest

from posyandu.domain.calendar import Month
from posyandu.services import immunisation, workspace
from posyandu.services.sample import book, doses, village
from posyandu.storage import reference, summaries

SEED, UNTIL = 7, Month(2026, 10)


def made() -> list[village.Entry]:
    entries = village.one_post(SEED, 0, village.PLACES[0], reference.growth_tables(), months=2, until=UNTIL)
    schedule = reference.shipped_standards().on(UNTIL.last).immunisation
    return list(doses.added(SEED, entries, schedule, UNTIL.last))


@pytest.fixture(scope="module")
def entries() -> list[village.Entry]:
    return made()


def test_the_village_itself_stays_as_it_is(entries: list[village.Entry]) -> None:
    bare = village.one_post(SEED, 0, village.PLACES[0], reference.growth_tables(), months=2, until=UNTIL)
    assert [each for each in entries if each.entity != "immunisation_dose"] == list(bare)
    assert made() == entries


def test_no_dose_comes_before_its_time_and_some_are_late(entries: list[village.Entry]) -> None:
    ws = workspace.in_memory(post=None)
    book.write(ws.db, entries, ws.author)
    children = summaries.residents(ws.db, village.post_id(SEED, 0), UNTIL.last, born_from=date(2021, 11, 1))
    cards = immunisation.cards(ws, children, UNTIL.last)
    assert not [each for card in cards for each in card.doses if each.fault]
    known = [card for card in cards if card.known]
    assert 0.75 < len(known) / len(cards) < 1
    late = [card for card in known if card.late]
    assert 0 < len(late) < len(known) / 2
    assert sum(card.complete is True for card in known) > len(known) / 2
    assert {"pentavalent", "hexavalent"} <= {each.answers.get("product") for each in entries}
    ws.close()
