"""What ships with the app and is read once: growth tables and dated standards."""

import json
from functools import cache, lru_cache

from posyandu import paths
from posyandu.domain.fields import Value
from posyandu.domain.forms.ruling import FORM as RULING
from posyandu.domain.growth import GrowthTables, read_tables
from posyandu.domain.rulings import ruled
from posyandu.domain.standards import Standards, read_standards
from posyandu.storage import records
from posyandu.storage.engine import Database, rows


@cache
def growth_tables() -> GrowthTables:
    """The WHO tables, parsed."""
    return read_tables((paths.resources() / "growth" / "who.growth").read_bytes())


@cache
def shipped_standards() -> Standards:
    """The rules, cut-offs and limits as shipped, each with date and source."""
    folder = paths.resources() / "rules"
    return read_standards({file.name: json.loads(file.read_bytes()) for file in sorted(folder.glob("*.json"))})


def standards(db: Database | None = None, post_id: str = "") -> Standards:
    """The rules in force for a post: as shipped, with what the dinas decided otherwise for it."""
    if db is None or not rows(db, "SELECT 1 FROM ruling LIMIT 1"):  # as nearly everywhere, and this is asked often
        return shipped_standards()
    found = records.load_many(db, RULING, scope=post_id)
    found.sort(key=lambda row: (str(row.answers["since_on"]), row.id))
    return _ruled(tuple(tuple(sorted(row.answers.items())) for row in found))


@lru_cache(maxsize=8)
def _ruled(rulings: tuple[tuple[tuple[str, Value | None], ...], ...]) -> Standards:
    return ruled(shipped_standards(), map(dict, rulings))
