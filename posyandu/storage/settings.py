"""This book's own settings on this laptop, never sent: a name and a JSON value each."""

import json
from typing import Any

from posyandu.storage.engine import Database, rows, transaction

UNREAD = "unread_of_sheet"
"""The setting with what was typed on one sheet and is no answer yet: its `key` and the `words` by field."""


def get(db: Database, name: str, default: Any = None) -> Any:  # noqa: ANN401 - JSON
    """The value of a setting, or the default."""
    found = rows(db, "SELECT value FROM setting WHERE name = ?", (name,))
    return json.loads(found[0][0]) if found else default


def put(db: Database, name: str, value: Any) -> None:  # noqa: ANN401 - JSON
    """Keep a setting."""
    with transaction(db):
        db.conn.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))
