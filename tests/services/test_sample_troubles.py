"""The made-up reports: valid, ended, of this post's own grown people, and the same for the same seed."""

from datetime import date

from posyandu.domain import growth
from posyandu.domain.calendar import Month, age_months
from posyandu.domain.form import Context, Level, problems
from posyandu.domain.forms import FORMS
from posyandu.services import social, workspace
from posyandu.services.sample import book, troubles, village
from tests.domain.shipped import TABLES

UNTIL = Month(2026, 10)


def entries(tables: growth.GrowthTables, seed: int = 7) -> list[village.Entry]:
    return list(troubles.added(seed, village.generate(seed, tables, posts=2, months=8, until=UNTIL)))


def test_every_post_has_three_reports_that_ended_and_one_of_a_place() -> None:
    told = entries(TABLES)
    plain = list(village.generate(7, TABLES, posts=2, months=8, until=UNTIL))
    assert [each for each in told if not each.entity.startswith("social")] == plain  # nobody else was changed
    assert told == entries(TABLES)
    born = {each.record_id: each.answers["born_on"] for each in told if each.entity == "person"}
    scopes = {each.record_id: each.scope for each in told}
    for each in told:
        if each.entity.startswith("social"):
            form = FORMS[each.entity]
            found = problems(form, each.answers, Context(date(2026, 11, 12), {}, {}))
            assert [one for one in found if one.level is Level.HARD] == []
            assert all(scopes[target] == each.scope for target in each.links.values())
            if "person_id" in each.links:
                when = born[each.links["person_id"]]
                assert isinstance(when, date)
                assert age_months(when, each.at.date()) >= 12 * 16
    ws = workspace.in_memory(post=None)
    book.write(ws.db, told, ws.author)
    for post in {each.scope for each in told}:
        found_tickets = social.tickets(ws, post)
        assert sorted(each.stage for each in found_tickets) == ["done", "handled", "recorded", "refused"]
        assert social.near_limit(ws, post) == () or all(not each.person_id for each in social.near_limit(ws, post))
        assert all(each.reporter for each in found_tickets)
    ws.close()


def test_a_post_without_people_has_no_reports() -> None:
    alone = [each for each in village.generate(7, TABLES, posts=1, months=1, until=UNTIL) if each.entity == "posyandu"]
    assert list(troubles.added(7, alone)) == alone
