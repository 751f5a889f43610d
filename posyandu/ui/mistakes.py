"""Ask once, saying what goes and in whose name, then take away what was noted by mistake; the toast brings it back."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from posyandu.domain.calendar import month_text, short_date
from posyandu.domain.errors import NotFound
from posyandu.domain.form import Form
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.registration import PERSON
from posyandu.services import corrections, mistakes
from posyandu.services.people import PersonHit
from posyandu.services.workspace import Workspace
from posyandu.text import _
from posyandu.ui.desk import Desk
from posyandu.ui.widgets import overlay

CHANGED = ("person", "household", "attendance", "pregnancy", "referral", "under_five_visit")
"""What may change with the record itself."""


def ask_visit(
    desk: Desk, form: Form, record_id: str, name: str, then: Callable[[], object], back: Callable[[], object]
) -> None:
    """Take away a recorded visit; `then` is called after it, `back` after it was brought back."""
    goes = mistakes.leaving(desk.ws, form, record_id)
    told = [_("{form}: tidak dihitung lagi di daftar dan laporan.").format(form=_(form.title))]
    if goes.presence:
        told.append(_("Tanda hadirnya hari itu ikut dihapus."))
    elif goes.presence is False:
        told.append(_("Ia tetap hadir hari itu; bila tidak datang, betulkan di Hari Posyandu."))
    if goes.others:
        told.append(_("Isian lain hari itu tetap ada: {list}.").format(list=", ".join(goes.others)))
    if goes.slip:
        told.append(_("Surat rujukan yang belum dijawab ikut dihapus."))
    if goes.signed is not None:
        told.append(_("{month} sudah disahkan: sahkan lagi sesudahnya.").format(month=month_text(goes.signed)))
    if form.restricted:
        told.append(_("Jawaban rahasianya ikut; bidan dan Puskesmas masih dapat mengembalikannya."))
    day = short_date(goes.on) if goes.on is not None else "-"
    title = _("Hapus kunjungan {name} tanggal {day}?").format(name=name, day=day)
    done = _("Kunjungan {name} dihapus").format(name=name)
    _ask(desk, title, told, lambda: mistakes.take_visit(desk.ws, form, record_id), form, record_id, done, then, back)


def ask_person(
    desk: Desk, host: QWidget, hit: PersonHit, then: Callable[[], object], back: Callable[[], object]
) -> None:
    """Take somebody off the book; while something is noted of them, say what, and which way is the right one."""
    held = mistakes.holding(desk.ws, hit.id)
    if held:
        words = _(
            "Masih ada atas namanya: {list}. Yang salah dihapus dulu satu per satu. Tercatat dua kali? Gabungkan di "
            "Data ganda. Pindah atau meninggal? Pakai tombolnya: catatannya tetap dihitung."
        )
        overlay.tell(host, _("{name} belum dapat dihapus").format(name=hit.name), words.format(list=_listed(held)))
        return
    words = _(
        "Hanya bila salah daftar. Tercatat dua kali: gabungkan di Data ganda. Pindah atau meninggal: pakai tombolnya."
    )
    told = [words, _("Tanda hadirnya ikut dihapus.")]
    title, done = _("Hapus {name} dari buku?"), _("{name} dihapus dari buku")
    _ask(
        desk, title.format(name=hit.name), told, lambda: mistakes.take_person(desk.ws, hit.id), PERSON, hit.id,
        done.format(name=hit.name), then, back,
    )  # fmt: skip


def ask_pregnancy(
    desk: Desk, host: QWidget, pregnancy_id: str, name: str, then: Callable[[], object], back: Callable[[], object]
) -> None:
    """Take a pregnancy off the book; while visits or a child belong to it, say so."""
    held = mistakes.carrying(desk.ws, pregnancy_id)
    if held:
        words = _("Kehamilan ini masih dipakai: {list}. Yang salah dihapus dulu satu per satu.")
        overlay.tell(host, _("Kehamilan belum dapat dihapus"), words.format(list=_listed(held)))
        return
    told = [_("Ia tidak dihitung lagi sebagai ibu hamil, juga di bulan-bulan lalu. Datanya sendiri tetap ada.")]
    title = _("{name} tidak hamil?").format(name=name)
    done = _("Kehamilan {name} dihapus").format(name=name)
    _ask(
        desk, title, told, lambda: mistakes.take_pregnancy(desk.ws, pregnancy_id), PREGNANCY, pregnancy_id, done,
        then, back,
    )  # fmt: skip


def taken_words(ws: Workspace, form: Form, record_id: str) -> str:
    """Who took a record away and when, "" while it stands."""
    gone = mistakes.taken(ws, form, record_id)
    if gone is None:
        return ""
    at = gone.at.astimezone(ws.now().tzinfo)
    when = f"{short_date(at.date())}, {at:%H.%M}"
    parts = (when, corrections.worker_names(ws).get(gone.author, ""), gone.reason)
    return _("Dihapus dari buku: {told}.").format(told=", ".join(part for part in parts if part))


def bring_back(desk: Desk, form: Form, record_id: str) -> bool:
    """Bring a record back with all that went along; false for one that is there again or was erased since."""
    try:
        mistakes.bring_back(desk.ws, form, record_id)
    except NotFound:
        desk.toast(_("Sudah tidak dapat dikembalikan: catatannya berubah sejak itu."))
        return False
    desk.announce(form.name, *CHANGED)
    desk.toast(_("Dikembalikan seperti semula"))
    return True


def _ask(
    desk: Desk,
    title: str,
    told: list[str],
    take: Callable[[], None],
    form: Form,
    record_id: str,
    done: str,
    then: Callable[[], object],
    back: Callable[[], object],
) -> None:
    def undo() -> None:
        if bring_back(desk, form, record_id):
            back()

    def go() -> None:
        take()
        desk.announce(form.name, *CHANGED)
        desk.toast(done, _("Batalkan"), undo)
        then()

    told.append(_("Tercatat atas nama {who}, dan dapat dikembalikan.").format(who=desk.ws.worker.name))
    desk.ask(title, " ".join(told), _("Hapus"), go, danger=True)


def _listed(held: Mapping[str, int]) -> str:
    return ", ".join(f"{title} ({many})" for title, many in held.items())
