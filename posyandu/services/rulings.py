"""What the dinas decided where sources differ or leave it open, set for posts from a day on."""

import uuid
from collections.abc import Iterator

from posyandu.domain.forms.ruling import ASKED, FORM
from posyandu.services.month_lock import value_text
from posyandu.services.orders import Order
from posyandu.storage.records import Row
from posyandu.text import N_, _


def _words(row: Row) -> Iterator[str]:
    for name in ASKED:
        if (told := row.answers.get(name)) is not None:
            yield f"{_(FORM.fields[name].label)}: {value_text(FORM.fields[name], told)}"


ORDER = Order(
    FORM,
    uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c15"),
    _words,
    N_("Ketentuan umum."),
    N_("Ketentuan ditetapkan oleh bidan, petugas gizi, Puskesmas atau operator desa."),
)
"""Rulings as something that is set; what they change is read by `Workspace.standards`."""
