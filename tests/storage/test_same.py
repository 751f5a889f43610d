"""What was written down twice: merged it reads as one, ended it reads as before, and the journal is never rewritten."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posyandu.domain.forms import FORMS
from posyandu.domain.merging import Merge, stand_ins
from posyandu.storage import database, journal, people, records, same
from posyandu.storage.database import Database
from posyandu.storage.records import Author

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
SARI = Author("sari", "laptop-a", 1)
PERSON, VISIT, MERGE = FORMS["person"], FORMS["under_five_visit"], FORMS["merge"]
NAMES = ("adi", "ade", "budi", "cici")


def save(db: Database, form: str, record: str, answers: dict[str, Any], **more: Any) -> str:  # noqa: ANN401
    return records.save(db, FORMS[form], record, answers, scope="melati", author=SARI, now=NOW, **more).op_id


def person(db: Database, name: str, **answers: object) -> None:
    save(db, "person", name, {"name": name.title(), "sex": "male", "born_on": date(2024, 5, 3), **answers})


def weigh(db: Database, record: str, who: str, grams: int = 9000) -> None:
    answers = {"visited_on": date(2026, 11, 12), "weight_g": grams}
    save(db, "under_five_visit", record, answers, links={"person_id": who})


def decide(db: Database, kept: str, other: str, active: bool = True) -> str:
    answers = {"kind": "person", "kept_id": kept, "other_id": other, "active": active}
    return save(db, "merge", records.merge_id(kept, other), answers)


def owner(db: Database, visit: str) -> object:
    row = records.load(db, VISIT, visit)
    assert row is not None
    return row.answers["person_id"]


@pytest.fixture
def db() -> Database:
    db = database.open_memory()
    for name in NAMES:
        person(db, name)
        weigh(db, f"visit-{name}", name)
    return db


def everything(db: Database) -> dict[str, Any]:
    return {
        form.name: {row.id: (row.answers, row.withdrawn) for row in records.load_many(db, form, withdrawn=True)}
        for form in FORMS.values()
        if form is not MERGE
    }


def test_the_visits_of_both_are_those_of_the_one_that_is_shown(db: Database) -> None:
    decide(db, "adi", "ade")
    assert [owner(db, f"visit-{name}") for name in NAMES] == ["adi", "adi", "budi", "cici"]
    assert sorted(row.id for row in records.load_many(db, PERSON)) == ["adi", "budi", "cici"]
    assert [row.id for row in people.search(db, "ade")] == []
    assert journal.rows_equal_replay(db)


def test_ended_everything_reads_exactly_as_before(db: Database) -> None:
    before = everything(db)
    done = decide(db, "adi", "ade")
    assert everything(db) != before
    records.undo(db, done, SARI, NOW)
    assert everything(db) == before
    decide(db, "adi", "ade")
    decide(db, "adi", "ade", active=False)
    assert everything(db) == before
    assert journal.rows_equal_replay(db)


def test_what_is_typed_meanwhile_stays_with_whom_it_was_typed_for(db: Database) -> None:
    decide(db, "adi", "ade")
    weigh(db, "later", "adi")
    weigh(db, "stale-page", "ade")
    assert owner(db, "stale-page") == "adi"
    save(db, "under_five_visit", "visit-ade", {"weight_g": 9100}, links={"person_id": "adi"})
    decide(db, "adi", "ade", active=False)
    assert [owner(db, visit) for visit in ("later", "stale-page", "visit-ade")] == ["adi", "ade", "ade"]
    row = records.load(db, VISIT, "visit-ade")
    assert row is not None
    assert row.answers["weight_g"] == 9100
    assert journal.rows_equal_replay(db)


def test_a_child_of_both_mothers_is_the_child_of_the_one_shown(db: Database) -> None:
    person(db, "tuti", mother_id="ade")
    decide(db, "adi", "ade")
    row = records.load(db, PERSON, "tuti")
    assert row is not None
    assert row.answers["mother_id"] == "adi"


def test_an_edit_of_the_hidden_one_does_not_show_it_again(db: Database) -> None:
    decide(db, "adi", "ade")
    save(db, "person", "ade", {"nik": "5203014505240001"})
    assert [row.id for row in records.load_many(db, PERSON)] == ["adi", "budi", "cici"]
    decide(db, "adi", "ade", active=False)
    row = records.load(db, PERSON, "ade")
    assert row is not None
    assert (row.answers["nik"], row.withdrawn) == ("5203014505240001", False)


def test_one_who_was_taken_away_stays_away_when_the_merge_ends(db: Database) -> None:
    decide(db, "adi", "ade")
    records.withdraw(db, PERSON, "ade", author=SARI, now=NOW)
    decide(db, "adi", "ade", active=False)
    row = records.load(db, PERSON, "ade")
    assert row is not None
    assert row.withdrawn


def test_households_merge_like_persons(db: Database) -> None:
    for house in ("rumah-1", "rumah-2"):
        save(db, "household", house, {"kk": "5203011203240001"})
    person(db, "tuti", household_id="rumah-2")
    answers = {"kind": "household", "kept_id": "rumah-1", "other_id": "rumah-2", "active": True}
    save(db, "merge", records.merge_id("rumah-1", "rumah-2"), answers)
    row = records.load(db, PERSON, "tuti")
    assert row is not None
    assert row.answers["household_id"] == "rumah-1"
    assert [row.id for row in records.load_many(db, FORMS["household"])] == ["rumah-1"]


def test_the_ties_of_one_are_the_records_that_stand_and_lead_to_it(db: Database) -> None:
    assert [same.ties(db, name) for name in (*NAMES, "nobody")] == [1, 1, 1, 1, 0]
    weigh(db, "second", "adi")
    person(db, "tuti", mother_id="adi")
    person(db, "tono", mother_id="adi", father_name="Adi")
    assert same.ties(db, "adi") == 4
    records.withdraw(db, VISIT, "second", author=SARI, now=NOW)
    assert same.ties(db, "adi") == 3
    decide(db, "adi", "ade")
    assert (same.ties(db, "adi"), same.ties(db, "ade")) == (4, 0)


def test_another_laptop_shows_the_same_whatever_order_things_came_in(db: Database) -> None:
    decide(db, "adi", "ade")
    decide(db, "budi", "adi")
    ops = [(op, "laptop-a") for record in _records(db) for op, _device in journal.ops_of(db, record)]
    for order in (ops, ops[::-1]):
        other = database.open_memory()
        for each in order:
            journal.apply(other, [each])
        assert everything(other) == everything(db)
        assert journal.rows_equal_replay(other)
    journal.replay(db)
    assert owner(db, "visit-ade") == "budi"


step = st.one_of(
    st.tuples(st.just("decide"), st.sampled_from(NAMES), st.sampled_from(NAMES), st.booleans()),
    st.tuples(st.just("weigh"), st.sampled_from(NAMES), st.integers(0, 3), st.just(None)),
    st.tuples(st.just("undo"), st.integers(0, 30), st.just(None), st.just(None)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(step, max_size=14))
def test_any_history_reads_as_the_naive_model_has_it(steps: list[tuple[Any, ...]]) -> None:
    db = database.open_memory()
    for name in NAMES:
        person(db, name)
    written: dict[str, str] = {}
    done: list[str] = []
    for what, first, second, third in steps:
        if what == "decide" and first != second:
            done.append(decide(db, first, second, third))
        elif what == "weigh":
            written.setdefault(f"visit-{second}", first)
            weigh(db, f"visit-{second}", written[f"visit-{second}"])
        elif what == "undo" and done and done[first % len(done)]:
            records.undo(db, done[first % len(done)], SARI, NOW)
    stand = [
        Merge(str(row.answers["kept_id"]), str(row.answers["other_id"]))
        for row in records.load_many(db, MERGE)
        if row.answers["active"]
    ]
    shown = stand_ins(stand)
    assert same.known(db) == shown
    for visit, who in written.items():
        assert owner(db, visit) == shown.get(who, who)
    assert {row.id for row in records.load_many(db, PERSON)} == set(NAMES) - shown.keys()
    assert journal.rows_equal_replay(db)


LINKS = ("mother_id", "father_id", "guardian_id", "household_id")
HOUSES = ("rumah-1", "rumah-2", "rumah-3")
tied = st.fixed_dictionaries(
    {}, optional={link: st.sampled_from(HOUSES if link == "household_id" else NAMES) for link in LINKS}
)
joined = st.one_of(
    st.tuples(st.just("person"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("household"), st.sampled_from(HOUSES), st.sampled_from(HOUSES)),
).filter(lambda each: each[1] != each[2])


@settings(max_examples=12, deadline=None)
@given(st.lists(tied, min_size=1, max_size=4), st.lists(joined, min_size=1, max_size=4, unique=True))
def test_every_link_goes_to_whoever_is_shown_and_parted_everything_is_exactly_as_before(
    children: list[dict[str, str]], joins: list[tuple[str, str, str]]
) -> None:
    """A law of all that leads to a person: mother, father, guardian, household, and every record beside a visit."""
    db = database.open_memory()
    for name in NAMES:
        person(db, name)
    for house in HOUSES:
        save(db, "household", house, {"kk": house})
    for number, links in enumerate(children):
        person(db, f"anak-{number}", **links)
    beside = [form for form in FORMS.values() if "person_id" in form.links]
    for place, form in enumerate(beside):
        save(db, form.name, f"di-{form.name}", {}, links={"person_id": NAMES[place % len(NAMES)]})
    before = everything(db)
    decided = []
    for kind, kept, other in joins:
        answers = {"kind": kind, "kept_id": kept, "other_id": other, "active": True}
        decided.append(records.merge_id(kept, other))
        save(db, "merge", decided[-1], answers)
    shown = same.known(db)
    now = everything(db)
    for form in FORMS.values():
        for record, (answers, _withdrawn) in before.get(form.name, {}).items():
            for link in form.links:
                told = answers[link]
                assert now[form.name][record][0][link] == shown.get(str(told), told), (form.name, link)
    standing = {row.id for form in (PERSON, FORMS["household"]) for row in records.load_many(db, form)}
    assert not standing & shown.keys()
    assert journal.rows_equal_replay(db)
    for record in decided:
        save(db, "merge", record, {"active": False})
    assert everything(db) == before
    assert journal.rows_equal_replay(db)


def _records(db: Database) -> list[str]:
    return [record for (record,) in database.rows(db, "SELECT record FROM op GROUP BY record ORDER BY min(n)")]
