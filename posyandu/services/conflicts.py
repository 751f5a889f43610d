"""What was answered differently on two laptops that had not heard of each other: shown to a person, who decides.

Both values are kept until then, and after it in the history. Deciding is a save like any other: it travels, and every
laptop shows the same from then on.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from posyandu.domain import differing
from posyandu.domain.change import MAX_TEXT, WITHDRAWN
from posyandu.domain.duties import HEALTH_WORKERS
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Choice, Field, Value
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.follow_up import FORM as FOLLOW_UP
from posyandu.services.corrections import worker_names
from posyandu.services.lists import is_hidden
from posyandu.services.questionnaires import CONFIDENTIAL
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox, records, settings
from posyandu.storage.records import Row, SavedOp
from posyandu.text import N_, _

KEEP, REMOVE, BOTH = "tetap", "hapus", "keduanya"
_LATER = "conflicts_later"
_PLACES = {
    "household_id": N_("Keluarga"),
    "mother_id": N_("Ibu"),
    "father_id": N_("Ayah"),
    "guardian_id": N_("Wali"),
    "feeding_id": N_("Makanan tambahan"),
    "person_id": N_("Orang"),
    "session_id": N_("Hari posyandu"),
    "pregnancy_id": N_("Kehamilan"),
    "ticket_id": N_("Masalah sosial"),
    "visit_id": N_("Kunjungan"),
    "worker_id": N_("Kader"),
    "about_id": N_("Tentang siapa"),
}
_LEADS_TO = {"household_id": "household", "pregnancy_id": "pregnancy", "feeding_id": "feeding"}
"""The forms of links that lead to no person."""


@dataclass(frozen=True)
class Side:
    """One of the values that stand: whose it is, and when it was saved by that laptop's clock.

    `code` names it when settling; `words` says it where the field cannot (a link, a record taken away).
    """

    code: str
    value: Value | None
    words: str
    who: str
    at: datetime
    device: str
    here: bool


@dataclass(frozen=True)
class Difference:
    """One field with several values: first what the policy of its class proposes (`domain/differing.py`), then the
    newest; of notes before them all of them together, so that no words go unless somebody says so. `field` is None for
    a link and for a record taken away. `since`: since when it differs.
    """

    name: str
    label: str
    field: Field | None
    sides: tuple[Side, ...]
    kind: str
    since: datetime

    @property
    def policy(self) -> differing.Policy:
        """What is done about it."""
        return differing.POLICIES[self.kind]


@dataclass(frozen=True)
class Conflict:
    """One record with differences: what it is, of whom, of which day, in which post; `later` when it was put off
    before. `asked_from` is when who looks after the post is asked too, None for never; `handed_over` whether they are.
    """

    form: Form
    record_id: str
    scope: str
    person: str
    on: date | None
    differences: tuple[Difference, ...]
    later: bool
    asked_from: datetime | None
    handed_over: bool


def conflicts(ws: Workspace) -> list[Conflict]:
    """Every record of this book with differences that the one at work may see, those that were put off last, and of
    the others those first that waited so long that the puskesmas is asked too.
    """
    put_off = set(settings.get(ws.db, _LATER, []))
    found = [
        _conflict(ws, form, row, row.id in put_off)
        for form in FORMS.values()
        for row in _differing(ws, form)
        if not _is_closed(ws, form, row)
    ]
    return sorted(found, key=lambda each: (each.later, not each.handed_over))


def handed_over(ws: Workspace) -> dict[str, int]:
    """By post, on how many records who looks after it is asked too. Posts without one are not named."""
    return dict(Counter(each.scope for each in conflicts(ws) if each.handed_over))


def number(ws: Workspace) -> int:
    """How many there are."""
    closed = (_is_closed(ws, form, row) for form in (*CONFIDENTIAL, FOLLOW_UP) for row in _differing(ws, form))
    return outbox.conflicts(ws.db) - sum(closed)


def _differing(ws: Workspace, form: Form) -> Iterator[Row]:
    return iter(records.select(ws.db, form, "conflicts IS NOT NULL AND withdrawn = 0 ORDER BY n"))


def _is_closed(ws: Workspace, form: Form, row: Row) -> bool:
    """Whether a record tells what the one at work is not shown: it waits for somebody who is."""
    return ws.worker.role not in HEALTH_WORKERS if form.restricted else is_hidden(row.answers, ws.worker.role)


def settle(ws: Workspace, conflict: Conflict, chosen: Mapping[str, str]) -> SavedOp:
    """Save the chosen side (its code) of each named field; what is not named stays open.

    Raises NotFound when the record is gone, ValueError for a side that was not offered, BadInput when it is not for
    the one at work to see and to choose.
    """
    row = records.load(ws.db, conflict.form, conflict.record_id)
    if row is not None and _is_closed(ws, conflict.form, row):
        raise BadInput(_("Hanya bidan, petugas gizi atau petugas Puskesmas yang memilih ini."))
    sides = {
        difference.name: next((side for side in difference.sides if side.code == chosen[difference.name]), None)
        for difference in conflict.differences
        if difference.name in chosen
    }
    if len(sides) != len(chosen) or None in sides.values():
        raise ValueError("no such side")
    reason = _("Dipilih dari dua laptop")
    if WITHDRAWN in chosen and chosen[WITHDRAWN] == REMOVE:
        return records.withdraw(
            ws.db, conflict.form, conflict.record_id, author=ws.author, now=ws.now(), reason=reason
        )  # fmt: skip
    values = {name: side.value for name, side in sides.items() if side is not None and name != WITHDRAWN}
    assert row is not None
    saved = records.save(
        ws.db, conflict.form, conflict.record_id, values, scope=row.scope, author=ws.author, now=ws.now(),
        reason=reason, settle=set(chosen),
    )  # fmt: skip
    _put_off(ws, conflict.record_id, later=False)
    return saved


def ask_later(ws: Workspace, conflict: Conflict) -> None:
    """Leave a conflict open and show it after the others; both values stay."""
    _put_off(ws, conflict.record_id, later=True)


def _put_off(ws: Workspace, record_id: str, *, later: bool) -> None:
    known = [each for each in settings.get(ws.db, _LATER, []) if each != record_id]
    settings.put(ws.db, _LATER, [*known, record_id] if later else known)


def _conflict(ws: Workspace, form: Form, row: Row, later: bool) -> Conflict:
    person, on = _whose(ws, form, row)
    found, now = tuple(_differences(ws, form, row)), ws.now()
    asked = [each.since + timedelta(days=each.policy.days) for each in found if each.policy.days is not None]
    waited = any(differing.is_handed_over(each.policy, each.since, now) for each in found)
    return Conflict(form, row.id, row.scope, person, on, found, later, min(asked, default=None), waited)


def _differences(ws: Workspace, form: Form, row: Row) -> Iterator[Difference]:
    order = {name: place for place, name in enumerate((*form.links, *form.fields))}
    for name in sorted(row.conflicts, key=lambda each: order.get(each, len(order))):
        kind = differing.class_of(form, name)
        if name == WITHDRAWN:
            yield _removal(ws, row, kind)
            continue
        field = form.fields.get(name)
        sides = []
        for other in row.conflicts[name]:
            words = "" if field is not None else _words_of_link(ws, name, other.value)
            sides.append(_side(ws, other.op_id, other.value, words, other.author, other.at, other.device))
        label = _(field.label) if field is not None else _(_PLACES.get(name, name))
        since = differing.began((side.value, side.at) for side in sides)
        proposed = differing.POLICIES[kind].proposed
        sides.sort(key=lambda side: side.at, reverse=True)
        both = _both(sides) if proposed == differing.TOGETHER else []
        sides.sort(key=lambda side: (proposed == differing.MARKED and side.value is not True, side.value is None))
        yield Difference(name, label, field, (*both, *sides), kind, since)


def _both(sides: list[Side]) -> list[Side]:
    """What several people wrote in their own words, the oldest first; none where one of them says it all, or where it
    would be longer than a save may hold.
    """
    texts = [str(side.value) for side in reversed(sides) if side.value]
    kept = list(dict.fromkeys(text for text in texts if not any(text in other for other in texts if other != text)))
    together = "; ".join(kept)
    words = _("Simpan keduanya")
    return (
        [replace(sides[0], code=BOTH, value=together, words=words)]
        if len(kept) > 1 and len(together) <= MAX_TEXT
        else []
    )


def _removal(ws: Workspace, row: Row, kind: str) -> Difference:
    """A record that was taken away on one laptop and edited on another: it is shown until a person decides, and stays
    unless somebody says otherwise.
    """
    history = records.history(ws.db, row.id)
    gone = next((each for each in history if each.changes.get(WITHDRAWN, (None, None))[1] is True), None)
    kept = next((each for each in history if set(each.changes) - {WITHDRAWN}), history[0])
    removed = gone or history[0]
    return Difference(
        WITHDRAWN,
        _("Catatan ini"),
        None,
        (
            _side(ws, KEEP, False, _("Tetap ada"), kept.author, kept.at, kept.device),
            _side(ws, REMOVE, True, _("Dihapus"), removed.author, removed.at, removed.device),
        ),
        kind,
        differing.began(((False, kept.at), (True, removed.at))),
    )


def _side(
    ws: Workspace, code: str, value: Value | None, words: str, author: str, at: datetime, device: str
) -> Side:  # fmt: skip
    return Side(code, value, words, _name_of_worker(ws, author), at, device, device == ws.device)


def _name_of_worker(ws: Workspace, worker_id: str) -> str:
    return worker_names(ws).get(worker_id) or _("kader lain")


def _words_of_link(ws: Workspace, name: str, value: Value | None) -> str:
    if value is None:
        return _("kosong")
    if name == "session_id":
        row = records.load(ws.db, FORMS["session"], str(value))
        held = row.answers["held_on"] if row is not None else None
        return f"{held:%d-%m-%Y}" if isinstance(held, date) else _("hari lain")
    if name == "worker_id":
        return _name_of_worker(ws, str(value))
    form = FORMS[_LEADS_TO.get(name, "person")]
    row = records.load(ws.db, form, str(value))
    if row is None:
        return _("belum dikenal di laptop ini")
    if form.name == "household":
        known = (row.answers.get(each) for each in ("head_name", "address", "kk"))
        return str(next(filter(None, known), _("tanpa nama")))
    whose, on = _whose(ws, form, row)
    return f"{whose}, {on:%d-%m-%Y}" if on else whose


def _what(ws: Workspace, form: Form, row: Row) -> str:
    """What a record about the post tells of: the kader it is about, else its first closed answer in words."""
    if worker_id := row.answers.get("worker_id"):
        return _name_of_worker(ws, str(worker_id))
    for field in form.fields.values():
        if isinstance(field, Choice):
            return next((_(each.label) for each in field.options if each.code == row.answers.get(field.name)), "")
    return ""


def _whose(ws: Workspace, form: Form, row: Row) -> tuple[str, date | None]:
    """Whom a record is of, and the day it tells of."""
    linked = row.answers.get("person_id")
    person = records.load(ws.db, FORMS["person"], str(linked)) if linked else None
    name = person.answers["name"] if person is not None else row.answers.get("name") or _what(ws, form, row)
    on = next(
        (value for each in form.fields if isinstance(value := row.answers.get(each), date) and each.endswith("_on")),
        None,
    )
    return str(name or _("tanpa nama")), None if form.name == "person" else on
