"""The doses of many children at once, and what ships with the app and is read once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from posyandu.domain.forms import FORMS
from posyandu.storage import database, immunisations, records, reference
from posyandu.storage.engine import Database
from posyandu.storage.records import Author

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
SARI = Author("sari", "laptop-a")


@pytest.fixture
def db() -> Iterator[Database]:
    book = database.open_memory()
    yield book
    book.close()


def dose(db: Database, who: str, antigen: str, number: int, on: date | None, post: str = "melati") -> str:
    record = records.dose_id(who, antigen, number)
    records.save(
        db, FORMS["immunisation_dose"], record, {"antigen": antigen, "dose": number, "given_on": on},
        scope=post, author=SARI, now=NOW, links={"person_id": who},
    )  # fmt: skip
    return record


def newborn(db: Database, who: str, hb0_on: date | None, post: str = "melati") -> str:
    record = records.visit_id("newborn", "once", who)
    records.save(
        db, FORMS["newborn"], record, {"visited_on": date(2026, 11, 1), "hb0_on": hb0_on},
        scope=post, author=SARI, now=NOW, links={"person_id": who},
    )  # fmt: skip
    return record


def told(found: dict[str, list[records.Row]]) -> dict[str, list[tuple[object, object]]]:
    return {who: [(row.answers["antigen"], row.answers["dose"]) for row in rows] for who, rows in found.items()}


def test_doses_come_in_the_order_of_their_days_whichever_the_post(db: Database) -> None:
    dose(db, "raka", "polio", 2, date(2026, 3, 1))
    dose(db, "raka", "bcg", 1, date(2026, 1, 1), post="mawar")
    dose(db, "raka", "dpt", 1, date(2026, 3, 1))
    dose(db, "raka", "measles", 1, None)
    dose(db, "ayu", "bcg", 1, date(2026, 2, 1))
    dose(db, "other", "bcg", 1, date(2026, 2, 1))
    found = immunisations.doses_of(db, ["raka", "ayu", "nobody"])
    assert told(found) == {
        "raka": [("measles", 1), ("bcg", 1), ("dpt", 1), ("polio", 2)],
        "ayu": [("bcg", 1)],
    }
    assert immunisations.doses_of(db, []) == {}


def test_a_withdrawn_dose_was_not_given(db: Database) -> None:
    record = dose(db, "raka", "bcg", 1, date(2026, 1, 1))
    records.withdraw(db, FORMS["immunisation_dose"], record, author=SARI, now=NOW)
    assert immunisations.doses_of(db, ["raka"]) == {}


def test_only_a_newborn_record_that_tells_the_day_of_hb0_is_a_dose(db: Database) -> None:
    newborn(db, "raka", date(2026, 11, 1))
    newborn(db, "ayu", None)
    assert {who: rows[0].answers["hb0_on"] for who, rows in immunisations.newborns_of(db, ["raka", "ayu"]).items()} == {
        "raka": date(2026, 11, 1)
    }


def test_many_children_are_asked_about_in_portions(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(immunisations, "AT_ONCE", 2)
    who = [f"anak-{number}" for number in range(5)]
    for each in who:
        dose(db, each, "bcg", 1, date(2026, 1, 1))
    assert sorted(immunisations.doses_of(db, who)) == who


# --- what ships with the app -----------------------------------------------------------------------------------------


def test_the_rules_of_a_book_are_the_shipped_ones_while_nothing_was_decided_for_it(db: Database) -> None:
    shipped = reference.shipped_standards()
    assert reference.standards() is reference.standards(db, "melati") is shipped


def test_tables_and_rules_are_read_once() -> None:
    assert reference.growth_tables() is reference.growth_tables()
    assert reference.shipped_standards() is reference.shipped_standards()
