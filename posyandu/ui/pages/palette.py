"""What the palette (Ctrl+K) offers: people from the book, pages, and deeds."""

from functools import partial

from PySide6.QtWidgets import QWidget

from posyandu.text import _
from posyandu.ui import registry
from posyandu.ui.desk import Desk
from posyandu.ui.widgets.search_overlay import Entry, Palette


def open_palette(host: QWidget, desk: Desk) -> Palette:
    """Open it over the window and give it the focus."""
    from posyandu.services import people

    palette = Palette(
        host,
        lambda typed: people.search(desk.ws, typed, limit=8),
        commands(desk),
        lambda person_id: desk.go("kartu", person_id=person_id),
        lambda typed: desk.go("daftar", name="" if any(letter.isdigit() for letter in typed) else typed.title()),
    )
    palette.open_over(palette.box)
    return palette


def commands(desk: Desk) -> list[Entry]:
    """The pages and deeds that can be reached by their words."""

    return [
        *(
            Entry(_(page.words), "", partial(desk.go, page.name), icon=page.icon, name=f"go:{page.name}")
            for page in registry.findable(desk.ws.worker.role)
        ),
        Entry(_("Kunci layar"), "", desk.lock_wanted.emit, icon="lock", name="go:kunci"),
    ]
