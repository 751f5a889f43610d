"""Whose data is kept longer than it has to be: a list for a named duty to look through. Nothing goes by itself.

How long is a dated rule (`keep_years`), counted from the last day anything is dated by. Erasing one of them is the
erasure that anybody may ask for (`services.erasure`), with its own reason; who still lives here may simply stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from posyandu.domain.calendar import short_date
from posyandu.domain.forms.registration import PERSON
from posyandu.services import erasure
from posyandu.services.workspace import Workspace
from posyandu.storage import records, summaries
from posyandu.text import N_, _

LEFT: Mapping[str, str] = {"moved": N_("Pindah"), "died": N_("Meninggal")}


@dataclass(frozen=True)
class KeptLong:
    """One person past the time: the last day anything is dated by, whether they have left, and that in words."""

    id: str
    name: str
    last_on: date
    has_left: bool
    words: str


def limit(ws: Workspace) -> date:
    """The day before which a last trace is too old."""
    today = ws.today()
    year = today.year - ws.standards.on(today).keep_years
    return date(year, today.month, min(today.day, 28) if today.month == 2 else today.day)


def kept_long(ws: Workspace) -> list[KeptLong]:
    """Everybody of the post at work past the time, who has left first, then the longest unseen; [] for others than who
    may erase.

    Without any trace the day they were registered counts.
    """
    if not erasure.may_erase(ws):
        return []
    scope, before = ws.posyandu_id, limit(ws)
    seen = summaries.last_days(ws.db, scope)
    found = []
    for row in records.load_many(ws.db, PERSON, scope=scope):
        left_on, state = row.answers.get("left_on"), str(row.answers.get("status") or "")
        days = [day for day in (seen.get(row.id), left_on) if isinstance(day, date)]
        last = max(days, default=row.saved_at.date())
        if last < before:
            left = _(LEFT[state]) if state in LEFT else _("Masih tercatat tinggal di sini")
            words = _("{left}. Terakhir {day}").format(left=left, day=short_date(last))
            found.append(KeptLong(row.id, str(row.answers.get("name") or ""), last, state in LEFT, words))
    return sorted(found, key=lambda each: (not each.has_left, each.last_on, each.name.casefold(), each.id))
