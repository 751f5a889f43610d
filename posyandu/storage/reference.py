"""What ships with the app and is read once: growth tables and dated standards."""

import json
from functools import cache

from posyandu import paths
from posyandu.domain.growth import GrowthTables, read_tables
from posyandu.domain.standards import Standards, read_standards
from posyandu.storage import settings
from posyandu.storage.engine import Database


@cache
def growth_tables() -> GrowthTables:
    """The WHO tables, parsed."""
    return read_tables((paths.resources() / "growth" / "who.growth").read_bytes())


@cache
def shipped_standards() -> Standards:
    """The rules, cut-offs and limits as shipped, each with date and source."""
    folder = paths.resources() / "rules"
    return read_standards({file.name: json.loads(file.read_bytes()) for file in sorted(folder.glob("*.json"))})


def standards(db: Database | None = None) -> Standards:
    """The rules in force for a book: as shipped, with what its puskesmas has set differently."""
    overrides = None if db is None else settings.get(db, "standards")
    return shipped_standards().with_overrides(overrides) if overrides else shipped_standards()
