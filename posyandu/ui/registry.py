"""The pages of the window, each declared once: rail, "Lainnya", Ctrl+K, Alt+digit, F1 and `--periksa` read this list.

To add a page:

1. Write `posyandu/ui/pages/<name>.py` with a class `XPage(QWidget)`: `__init__(desk)`, `open(**arguments)`,
   `first_focus() -> QWidget`, `title` (and, where wanted, `subtitle`, `header()`, `action_bar()`, `header_changed`).
2. Add one `Page` below, at the end of its group. The order here is the order in the rail; what finds no room there is
   listed by the rail's last item, "Lainnya", so a page more never breaks a small window. Of its `words` no single word
   may be wider than the rail (about ten letters; a test measures it, in both languages).
   - `group` puts it into the rail; without one it is reached from other pages only, and by Ctrl+K if it has `words`.
   - `under` names the item of the rail that is lit while this page is in view.
   - `roles` limits it to kinds of workers (codes of `domain.duties.DUTIES`): others see it nowhere and cannot go there.
     Hiding a page protects nothing: the service behind it asks for the same role.
   - `of_someone` says that it opens with `person_id`.
   - `help` names its chapter, the part after the number in `resources/help`.
3. Give the English of the new words in `resources/locale/en.json`. The tests of the window then visit the page.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from posyandu.text import N_

GROUPS = ("day", "people", "post", "foot")
"""Parts of the rail from top to bottom; the last stands at the foot."""


class Page(NamedTuple):
    """One page: who makes it ("module:class"), what it is called, where it is found, who may open it."""

    name: str
    made_by: str
    words: str = ""
    icon: str = ""
    group: str = ""
    under: str = ""
    help: str = ""
    roles: frozenset[str] = frozenset()
    of_someone: bool = False

    def open_to(self, role: str) -> bool:
        """Whether a worker of this role may open it."""
        return not self.roles or role in self.roles


def _page(name: str, kind: str, words: str = "", icon: str = "", group: str = "", **more: Any) -> Page:  # noqa: ANN401
    return Page(name, f"posyandu.ui.pages.{name}:{kind}", words, icon, group, **more)


PAGES: dict[str, Page] = {
    page.name: page
    for page in (
        _page("beranda", "BerandaPage", N_("Beranda"), "house", "day", help="mulai"),
        _page("hari", "HariPage", N_("Hari Posyandu"), "calendar-check", "day", help="hari"),
        _page("grid", "GridPage", N_("Isi seperti buku register"), "table-2", under="hari", help="buku-register"),
        _page("kunjungan", "KunjunganPage", under="hari", help="kunjungan", of_someone=True),
        _page("sasaran", "SasaranPage", N_("Sasaran"), "users", "people", help="sasaran"),
        _page("kartu", "KartuPage", under="sasaran", help="hasil", of_someone=True),
        _page("kematian", "KematianPage", under="sasaran", help="sasaran", of_someone=True),
        _page("persalinan", "PersalinanPage", under="sasaran", help="sasaran", of_someone=True),
        _page("daftar", "DaftarPage", N_("Daftarkan sasaran baru"), "user-plus", under="sasaran", help="sasaran"),
        _page("ganda", "GandaPage", N_("Data ganda"), "users", under="sasaran", help="sasaran"),
        _page("keluarga", "KeluargaPage", N_("Keluarga"), "house-heart", "people", help="keluarga"),
        _page("kunjungan_rumah", "KunjunganRumahPage", under="keluarga", help="keluarga", of_someone=True),
        _page("tindak_lanjut", "TindakLanjutPage", N_("Tindak lanjut"), "list-checks", "people", help="tindak-lanjut"),
        _page("masalah_sosial", "MasalahSosialPage", N_("Masalah sosial"), "hand", "people", help="masalah-sosial"),
        _page(
            "lapor_sosial",
            "LaporSosialPage",
            N_("Laporkan masalah sosial"),
            "hand",
            under="masalah_sosial",
            help="masalah-sosial",
        ),
        _page("laporan", "LaporanPage", N_("Laporan"), "file-text", "post", help="laporan"),
        _page(
            "petugas",
            "PetugasPage",
            N_("Meja petugas"),
            "stethoscope",
            "post",
            help="petugas",
            roles=frozenset(("midwife", "nutritionist", "puskesmas", "operator")),
        ),
        _page("tukar", "TukarPage", N_("Tukar data"), "inbox", under="laporan", help="laporan"),
        _page("sahkan", "SahkanPage", N_("Periksa dan sahkan"), "shield-check", under="laporan", help="laporan"),
        _page("posyandu_kita", "PosyanduKitaPage", N_("Posyandu kita"), "sprout", "post", help="posyandu-kita"),
        _page("sinkronisasi", "SinkronisasiPage", N_("Kirim data ke server"), "cloud-upload", help="sinkronisasi"),
        _page("bentrok", "BentrokPage", help="sinkronisasi"),
        _page("bantuan", "BantuanPage", N_("Bantuan"), "circle-question-mark", "foot"),
        _page("pengaturan", "PengaturanPage", N_("Pengaturan"), "settings", "foot", help="cadangan"),
    )
}


def rail(role: str) -> Iterator[Page]:
    """The pages of the rail from top to bottom, for a worker of this role."""
    for group in GROUPS:
        yield from (page for page in PAGES.values() if page.group == group and page.open_to(role))


def findable(role: str) -> Iterator[Page]:
    """The pages that Ctrl+K offers to a worker of this role: those of the rail first."""
    yield from rail(role)
    yield from (page for page in PAGES.values() if page.words and not page.group and page.open_to(role))


def lit_by(name: str) -> str:
    """The item of the rail that stands for this page; "" for none."""
    page = PAGES[name]
    return page.name if page.group else page.under
