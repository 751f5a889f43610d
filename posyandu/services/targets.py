"""The targets a report of a post is held against: the usual ones, or what was set for the post from a day on."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from posyandu.domain.duties import REVIEWERS
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Answers
from posyandu.domain.forms.target import COACHING, FIGURES, FORM, SKDN
from posyandu.domain.standards import Rules
from posyandu.reports import formats
from posyandu.services import post_affairs
from posyandu.services.corrections import worker_names
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.engine import transaction
from posyandu.storage.records import Row
from posyandu.text import _

_SPACE = uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c14")


def held(ws: Workspace, posyandu_id: str, day: date) -> Row | None:
    """What was set last for a post and holds on a day; None where the usual targets do."""
    rows = records.load_many(ws.db, FORM, scope=posyandu_id)
    since = {row.id: at for row in rows if isinstance(at := row.answers.get("since_on"), date) and at <= day}
    return max((row for row in rows if row.id in since), key=lambda row: (since[row.id], row.id), default=None)


def rules(ws: Workspace, posyandu_id: str, day: date) -> Rules:
    """The rules of a day with the targets of a post."""
    usual = ws.standards.on(day)
    row = held(ws, posyandu_id, day)
    if row is None:
        return usual
    set_here = _figures(row)
    skdn, others = ({code: set_here[code] for code in part if code in set_here} for part in (SKDN, COACHING))
    return replace(
        usual,
        targets=MappingProxyType({**usual.targets, **skdn}),
        coaching=replace(usual.coaching, goals={**usual.coaching.goals, **others}),
    )


def _figures(row: Row) -> dict[str, float]:
    """What a record sets, in percent."""
    told = {code: row.answers.get(name) for code, name in FIGURES.items()}
    return {code: tenths / 10 for code, tenths in told.items() if isinstance(tenths, int)}


def shared(posts: Sequence[Rules]) -> Rules:
    """The rules of several posts together, with the targets on which they agree."""
    first = posts[0]
    same = {
        code: value for code, value in first.targets.items() if all(each.targets.get(code) == value for each in posts)
    }
    return first if same == first.targets else replace(first, targets=MappingProxyType(same))


def answers(ws: Workspace, posts: Sequence[str]) -> Answers:
    """What is to be asked for these posts: what holds today where it is the same for all, from this month on."""
    today = ws.today()
    rows = [held(ws, post, today) for post in posts]
    told = [row.answers if row is not None else {} for row in rows]
    names = ("source", *FIGURES.values())
    same = {name: told[0].get(name) for name in names if len({each.get(name) for each in told}) == 1}
    return {"since_on": today.replace(day=1), **same}


def words(ws: Workspace, posts: Sequence[str]) -> str:
    """What holds today for these posts, since when, by whose word and who noted it."""
    rows = [held(ws, post, ws.today()) for post in posts]
    asked = ("since_on", "source", *FIGURES.values())
    if len({tuple(row.answers.get(name) for name in asked) if row else None for row in rows}) > 1:
        return _("Berbeda antar-Posyandu.")
    row = rows[0] if rows else None
    if row is None:
        return _("Target umum.")
    labels = {**SKDN, **{code: _(label) for code, label in COACHING.items()}}
    figures = [f"{labels[code]} {formats.target(share)}%" for code, share in _figures(row).items()]
    since = row.answers["since_on"]
    assert isinstance(since, date)
    return _("{figures}; mulai {day} menurut {source}, dicatat {name}").format(
        figures=", ".join(figures),
        day=formats.short_date(since),
        source=row.answers.get("source"),
        name=worker_names(ws).get(row.saved_by, "?"),
    )


def choose(ws: Workspace, posts: Iterable[str], told: Answers) -> tuple[str, ...]:
    """Set the targets of these posts from `since_on` on, all or none; gives back the saves, for `take_back`.

    Raises BadInput for whoever does not look after several posts, NotFinal for what is missing or impossible.
    """
    if not (ws.practice or ws.worker.role in REVIEWERS):
        raise BadInput(_("Target ditetapkan oleh bidan, petugas gizi, Puskesmas atau operator desa."))
    with transaction(ws.db):
        saves = [
            post_affairs.save(
                ws,
                FORM,
                told,
                record_id=uuid.uuid5(_SPACE, f"{post} {told.get('since_on')}").hex,
                posyandu_id=post,
                coalesce=False,
            )
            for post in posts
        ]
    return tuple(op_id for op_id in saves if op_id)


def take_back(ws: Workspace, op_ids: Iterable[str]) -> None:
    """Undo a choice, all of its posts or none."""
    with transaction(ws.db):
        for op_id in op_ids:
            post_affairs.undo(ws, op_id)
