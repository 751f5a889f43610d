"""Persons and households that were written down twice: who it may be and why, merging, and parting again."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from posyandu.domain import person
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Value
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.merge import FORM as MERGE
from posyandu.domain.forms.registration import HOUSEHOLD, PERSON
from posyandu.services.people import folded, resemblance
from posyandu.services.workspace import Workspace
from posyandu.storage import records, same
from posyandu.storage.records import Row
from posyandu.text import _

LIKELY = 45
"""From this resemblance on two persons of one post are shown as perhaps the same: a similar name, a birth date within
a month and the same mother are as much."""
MOST_IN_A_BUCKET = 300


@dataclass(frozen=True)
class Pair:
    """Two records that may be the same one; `kept` is the one with more tied to it."""

    form: Form
    kept: Row
    other: Row
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One question, as each of the two records answers it."""

    name: str
    kept: Value | None
    other: Value | None

    @property
    def differs(self) -> bool:
        """Whether both tell something, and not the same."""
        return None not in (self.kept, self.other) and self.kept != self.other


@dataclass(frozen=True)
class Comparison:
    """Both records side by side, how many records are tied to each, and the days on which both came."""

    lines: tuple[Line, ...]
    kept_ties: int
    other_ties: int
    both_came_on: tuple[date, ...]


def pairs(ws: Workspace, posyandu_id: str) -> list[Pair]:
    """Pairs of one post nobody has decided on yet, the likeliest first. Reads the whole post: for a worker thread."""
    persons = records.load_many(ws.db, PERSON, scope=posyandu_id)
    houses = records.load_many(ws.db, HOUSEHOLD, scope=posyandu_id)
    decided = {row.id for row in records.load_many(ws.db, MERGE, scope=posyandu_id)}
    found: list[tuple[int, Pair]] = []
    for form, one, other in (*_close(PERSON, persons), *_close(HOUSEHOLD, houses)):
        if records.merge_id(one.id, other.id) in decided or _are_two_stays(one.answers, other.answers):
            continue
        weight, reasons = resemblance(one.answers, other.answers) if form is PERSON else (LIKELY, (_("nomor KK sama"),))
        if weight >= LIKELY:
            kept, second = sorted((one, other), key=lambda row: (-same.ties(ws.db, row.id), row.saved_at_ms, row.id))
            found.append((weight, Pair(form, kept, second, reasons)))
    found.sort(key=lambda each: (-each[0], str(each[1].kept.answers.get("name")), each[1].kept.id))
    return [pair for _weight, pair in found]


def _are_two_stays(one: Answers, other: Answers) -> bool:
    """Whether somebody left and came back: two stays, each counted in its own months, and nobody written down twice."""
    return any(
        first.get("status") == "moved" and isinstance(left, date) and isinstance(entered, date) and left <= entered
        for first, left, entered in (
            (one, one.get("left_on"), other.get("entered_on")),
            (other, other.get("left_on"), one.get("entered_on")),
        )
    )


def _close(form: Form, rows: list[Row]) -> Iterator[tuple[Form, Row, Row]]:
    """Every two that share something that makes it worth looking closer, once."""
    buckets: dict[Hashable, list[Row]] = {}
    for row in rows:
        for key in set(_keys(form, row.answers)):
            buckets.setdefault(key, []).append(row)
    seen: set[tuple[str, str]] = set()
    for bucket in buckets.values():
        for one, other in combinations(bucket[:MOST_IN_A_BUCKET], 2):
            if (one.id, other.id) not in seen and (other.id, one.id) not in seen:
                seen.add((one.id, other.id))
                yield form, one, other


def _keys(form: Form, answers: Answers) -> Iterator[Hashable]:
    for number in ("nik", "kk"):
        told = person.usable_number(answers.get(number))
        if told and (number == "nik" or form is HOUSEHOLD):
            yield number, told
    if form is HOUSEHOLD:
        return
    born_on, name = answers.get("born_on"), folded(str(answers.get("name") or ""))
    if isinstance(born_on, date):
        yield "born", born_on
        yield "year", born_on.month, born_on.day
        yield "swapped", *sorted((born_on.day, born_on.month)), born_on.year
    if name:
        yield "name", name
    mother = answers.get("mother_id") or folded(str(answers.get("mother_name") or ""))
    if mother:
        yield "mother", mother


def compare(ws: Workspace, pair: Pair) -> Comparison:
    """What both records tell, question by question, those that differ first."""
    answers = (pair.kept.answers, pair.other.answers)
    lines = [Line(name, *(each.get(name) for each in answers)) for name in pair.form.fields]
    told = [line for line in lines if line.kept is not None or line.other is not None]
    told.sort(key=lambda line: not line.differs)
    came = [_days(ws, row.id) if pair.form is PERSON else {} for row in (pair.kept, pair.other)]
    both = sorted(came[0][session] for session in came[0].keys() & came[1].keys())
    return Comparison(tuple(told), same.ties(ws.db, pair.kept.id), same.ties(ws.db, pair.other.id), tuple(both))


def _days(ws: Workspace, person_id: str) -> dict[str, date]:
    """The posyandu days on which this person was noted as present."""
    found = {}
    for row in records.load_many(ws.db, FORMS["attendance"], person_id=person_id):
        session = records.load(ws.db, FORMS["session"], str(row.answers["session_id"]))
        held_on = session.answers["held_on"] if session and row.answers["present"] is True else None
        if isinstance(held_on, date):
            found[str(row.answers["session_id"])] = held_on
    return found


def merge(ws: Workspace, kept_id: str, other_id: str, note: str = "") -> str:
    """Show both records as one from now on, under `kept_id`, on every laptop; the id of the save.

    Nothing is rewritten: `part` shows them as before. Raises BadInput for records of two posts or one with itself,
    NotFound for an unknown one.
    """
    return _decide(ws, kept_id, other_id, active=True, note=note)


def part(ws: Workspace, kept_id: str, other_id: str, note: str = "") -> str:
    """Two records are not the same: shown each on its own again, and not asked about any more; the id of the save.

    Raises like `merge`.
    """
    return _decide(ws, kept_id, other_id, active=False, note=note)


def undo(ws: Workspace, op_id: str) -> str:
    """Take a decision back; the id of the save that does."""
    return records.undo(ws.db, op_id, ws.author, ws.now()).op_id


def shown_with(ws: Workspace, record_id: str) -> list[Row]:
    """The records that are shown under this one, oldest first."""
    found = [
        row
        for other, shown in same.known(ws.db).items()
        if shown == record_id
        for form in (PERSON, HOUSEHOLD)
        if (row := records.load(ws.db, form, other)) is not None
    ]
    return sorted(found, key=lambda row: (row.saved_at_ms, row.id))


def joined(ws: Workspace, posyandu_id: str) -> list[Pair]:
    """The merges of a post that stand, for who wants to part one; the reason is the note that was made."""
    found = []
    for row in records.load_many(ws.db, MERGE, scope=posyandu_id):
        form = FORMS[str(row.answers["kind"])]
        kept, other = (records.load(ws.db, form, str(row.answers[name])) for name in ("kept_id", "other_id"))
        if row.answers["active"] is True and kept is not None and other is not None:
            note = row.answers["note"]
            found.append(Pair(form, kept, other, (str(note),) if note else ()))
    return sorted(found, key=lambda pair: (str(pair.kept.answers.get("name")), pair.other.id))


def _decide(ws: Workspace, kept_id: str, other_id: str, *, active: bool, note: str) -> str:
    if kept_id == other_id:
        raise BadInput(_("Pilih dua catatan yang berbeda."))
    for form in (PERSON, HOUSEHOLD):
        kept, other = (records.load(ws.db, form, each) for each in (kept_id, other_id))
        if kept is not None and other is not None:
            break
    else:
        raise NotFound(_("Catatan ini tidak ada di buku."))
    if kept.scope != other.scope:
        raise BadInput(_("Kedua catatan ada di Posyandu yang berbeda. Catat dulu sebagai pindah."))
    answers: Answers = {"kind": form.name, "kept_id": kept_id, "other_id": other_id, "active": active}
    if note:
        answers = {**answers, "note": note}
    record = records.merge_id(kept_id, other_id)
    return records.save(ws.db, MERGE, record, answers, scope=kept.scope, author=ws.author, now=ws.now()).op_id
