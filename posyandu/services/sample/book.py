"""Write made-up entries into a book the way kader would have: rows and journal together."""

from collections.abc import Iterable

from posyandu.domain.forms import FORMS
from posyandu.services.sample.village import Entry
from posyandu.storage import records
from posyandu.storage.database import Database


def write(db: Database, entries: Iterable[Entry], author: records.Author) -> int:
    """Save all of them in one transaction, as this author, and give their number."""
    new = (
        records.NewRecord(FORMS[entry.entity], entry.record_id, entry.scope, {**entry.answers, **entry.links}, entry.at)
        for entry in entries
    )
    return records.save_many(db, new, author)
