"""The doses of many people at once."""

from collections.abc import Collection

from posyandu.domain.form import Form
from posyandu.domain.forms.immunisation import DOSE
from posyandu.domain.forms.postpartum import NEWBORN
from posyandu.storage import records
from posyandu.storage.engine import Database
from posyandu.storage.records import Row

AT_ONCE = 5_000
"""How many ids one query names."""


def doses_of(db: Database, person_ids: Collection[str]) -> dict[str, list[Row]]:
    """The recorded doses of these persons, whichever the post, given or not, in the order of their days."""
    return _by_person(db, DOSE, person_ids, "1", "given_on, antigen, dose")


def newborns_of(db: Database, person_ids: Collection[str]) -> dict[str, list[Row]]:
    """The newborn visits of these persons that tell the day of HB0."""
    return _by_person(db, NEWBORN, person_ids, "hb0_on IS NOT NULL", "hb0_on")


def _by_person(db: Database, form: Form, ids: Collection[str], also: str, order: str) -> dict[str, list[Row]]:
    listed, found = list(ids), dict[str, list[Row]]()
    for start in range(0, len(listed), AT_ONCE):
        some = listed[start : start + AT_ONCE]
        marks = ", ".join("?" * len(some))
        condition = f"person_id IN ({marks}) AND withdrawn = 0 AND {also} ORDER BY {order}"
        for row in records.select(db, form, condition, some):
            found.setdefault(str(row.answers["person_id"]), []).append(row)
    return found
