"""The targets a report of a post is held against: the usual ones, or what was set for the post from a day on."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from posyandu.domain.forms.target import COACHING, FIGURES, FORM, SKDN
from posyandu.domain.standards import Rules
from posyandu.reports import formats
from posyandu.services.orders import Order
from posyandu.services.workspace import Workspace
from posyandu.storage.records import Row
from posyandu.text import N_, _


def rules(ws: Workspace, posyandu_id: str, day: date) -> Rules:
    """The rules of a day with the targets of a post."""
    usual = ws.standards.on(day)
    row = ORDER.held(ws, posyandu_id, day)
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


def _words(row: Row) -> list[str]:
    labels = {**SKDN, **{code: _(label) for code, label in COACHING.items()}}
    return [f"{labels[code]} {formats.target(share)}%" for code, share in _figures(row).items()]


def shared(posts: Sequence[Rules]) -> Rules:
    """The rules of several posts together, with the targets on which they agree."""
    first = posts[0]
    same = {
        code: value for code, value in first.targets.items() if all(each.targets.get(code) == value for each in posts)
    }
    return first if same == first.targets else replace(first, targets=MappingProxyType(same))


ORDER = Order(
    FORM,
    uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c14"),
    _words,
    N_("Target umum."),
    N_("Target ditetapkan oleh bidan, petugas gizi, Puskesmas atau operator desa."),
)
"""Targets as something that is set."""
