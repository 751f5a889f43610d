"""The letterhead of a post's papers: set for posts from a day on, so that it travels and older papers keep theirs."""

import uuid
from collections.abc import Sequence
from datetime import date

from posyandu.domain.forms.letterhead import ADDRESS, FORM, OFFICES
from posyandu.reports.monthly import Letterhead
from posyandu.services.orders import Order
from posyandu.services.workspace import Workspace
from posyandu.storage.records import Row
from posyandu.text import N_, _


def letterhead(ws: Workspace, posyandu_id: str, day: date) -> Letterhead | None:
    """What stands above a post's papers of a day; None where nothing does."""
    row = ORDER.held(ws, posyandu_id, day)
    if row is None or not _lines(row, (*OFFICES, *ADDRESS)):
        return None
    return Letterhead(_lines(row, OFFICES), _lines(row, ADDRESS))


def _lines(row: Row, names: Sequence[str]) -> tuple[str, ...]:
    told = (str(row.answers.get(name) or "").strip() for name in names)
    return tuple(filter(None, told))


def _words(row: Row) -> tuple[str, ...]:
    return _lines(row, (*OFFICES, *ADDRESS)) or (_("Tanpa kop"),)


def shared(heads: Sequence[Letterhead | None]) -> Letterhead | None:
    """The letterhead of several posts together: that of each of them, or none."""
    return heads[0] if all(each == heads[0] for each in heads) else None


ORDER = Order(
    FORM,
    uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c16"),
    _words,
    N_("Tanpa kop."),
    N_("Kop surat ditetapkan oleh bidan, petugas gizi, Puskesmas atau operator desa."),
)
"""Letterheads as something that is set."""
