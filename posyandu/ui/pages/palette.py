"""What the palette (Ctrl+K) offers: people from the book, pages, and deeds."""

from PySide6.QtWidgets import QWidget

from posyandu.text import _
from posyandu.ui.desk import Desk
from posyandu.ui.sidebar import NAV, NAV_FOOT
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

    def page(name: str, words: str, icon: str) -> Entry:
        return Entry(words, "", lambda: desk.go(name), icon=icon, name=f"go:{name}")

    return [
        *(page(item.page, _(item.words), item.icon) for item in (*NAV, *NAV_FOOT)),
        page("grid", _("Isi seperti buku register"), "table-2"),
        page("daftar", _("Daftarkan sasaran baru"), "user-plus"),
        page("sinkronisasi", _("Kirim data ke server"), "cloud-upload"),
        Entry(_("Kunci layar"), "", desk.lock_wanted.emit, icon="lock", name="go:kunci"),
    ]
