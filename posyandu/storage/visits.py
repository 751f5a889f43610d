"""The visits that lists of many people need, without reading everybody's whole history."""

from collections.abc import Collection
from datetime import date

from posyandu.domain.form import Form
from posyandu.storage import records
from posyandu.storage.engine import Database
from posyandu.storage.records import Row

AT_ONCE = 5_000
"""How many ids one query names."""


def recent(
    db: Database, form: Form, person_ids: Collection[str], first: date, until: date, *, told: str
) -> dict[str, list[Row]]:
    """The visits of these persons from `first` to `until`, whichever the post, oldest first, by person.

    Of those before `first` it brings the earliest and the latest visit in which the field `told` was answered: enough
    to know that someone was weighed before, and when. Raises ValueError when the form has no such field.
    """
    if told not in form.fields:
        raise ValueError(f"{form.name} does not ask {told}")
    ids = list(person_ids)
    found: dict[str, list[Row]] = {}
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        among = f"person_id IN ({', '.join('?' * len(some))}) AND withdrawn = 0"
        before = f"{among} AND visited_on < ? AND {told} IS NOT NULL GROUP BY person_id"
        condition = (
            f"{among} AND (visited_on BETWEEN ? AND ?"
            f" OR n IN (SELECT n FROM (SELECT n, min(visited_on) FROM {form.name} WHERE {before}))"
            f" OR n IN (SELECT n FROM (SELECT n, max(visited_on) FROM {form.name} WHERE {before})))"
            " ORDER BY visited_on, saved_at_ms, id"
        )
        earlier = (*some, first.isoformat())
        for row in records.select(
            db, form, condition, (*some, first.isoformat(), until.isoformat(), *earlier, *earlier)
        ):
            found.setdefault(str(row.answers["person_id"]), []).append(row)
    return found
