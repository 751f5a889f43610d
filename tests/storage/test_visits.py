from datetime import UTC, date, datetime

import pytest

from posyandu.domain.forms import FORMS
from posyandu.storage import database, records, visits
from posyandu.storage.records import Author, NewRecord

CHILD = FORMS["under_five_visit"]
NOW = datetime(2026, 11, 12, 9, tzinfo=UTC)
AUTHOR = Author("sari", "laptop")


def seen(*told: tuple[str, str, int | None]) -> database.Database:
    """A book with these visits: person, day, weight."""
    db = database.open_memory()
    made = [
        NewRecord(
            CHILD,
            f"v{number}",
            "melati",
            {"person_id": who, "visited_on": date.fromisoformat(on), "weight_g": grams},
            NOW,
        )
        for number, (who, on, grams) in enumerate(told)
    ]
    records.save_many(db, made, AUTHOR)
    return db


def test_recent_visits_come_with_the_first_and_last_weighing_before_them() -> None:
    db = seen(
        ("raka", "2025-01-05", None),
        ("raka", "2025-02-05", 6_000),
        ("raka", "2025-03-05", 6_500),
        ("raka", "2026-04-05", 8_000),
        ("raka", "2026-05-01", None),
        ("raka", "2026-10-05", 9_000),
        ("raka", "2026-12-05", 9_900),
        ("nayla", "2026-02-05", 7_000),
        ("other", "2026-10-05", 7_000),
    )
    found = visits.recent(db, CHILD, ["raka", "nayla", "nobody"], date(2026, 6, 1), date(2026, 11, 30), told="weight_g")
    days = {who: [str(row.answers["visited_on"]) for row in rows] for who, rows in found.items()}
    assert days == {"raka": ["2025-02-05", "2026-04-05", "2026-10-05"], "nayla": ["2026-02-05"]}


def test_withdrawn_visits_are_not_seen() -> None:
    db = seen(("raka", "2026-10-05", 9_000), ("raka", "2026-04-05", 8_000))
    for record in ("v0", "v1"):
        records.withdraw(db, CHILD, record, author=AUTHOR, now=NOW)
    assert visits.recent(db, CHILD, ["raka"], date(2026, 6, 1), date(2026, 11, 30), told="weight_g") == {}


def test_nobody_has_no_visits_and_a_wrong_field_is_a_mistake_of_ours() -> None:
    db = seen()
    assert visits.recent(db, CHILD, [], date(2026, 6, 1), date(2026, 11, 30), told="weight_g") == {}
    with pytest.raises(ValueError, match="does not ask"):
        visits.recent(db, CHILD, [], date(2026, 6, 1), date(2026, 11, 30), told="1; drop")
