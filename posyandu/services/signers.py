"""Who signs the reports of a village, puskesmas, kecamatan or kabupaten: no rule says, so each book may choose."""

from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Answers, Text
from posyandu.domain.form import Form, Section
from posyandu.reports.monthly import Signer, usual_signers
from posyandu.services import review
from posyandu.services.workspace import Workspace
from posyandu.storage import settings
from posyandu.text import N_, _

_PARTS = ((1, N_("Mengetahui")), (2, N_("Mengetahui juga, bila ada")), (3, N_("Yang membuat laporan")))

FORM = Form(
    name="signers",
    title=N_("Penanda tangan"),
    version=1,
    sections=tuple(
        Section(
            title,
            (
                Text(name=f"role_{number}", label=N_("Jabatan")),
                Text(name=f"name_{number}", label=N_("Nama")),
                Text(name=f"nip_{number}", label=N_("NIP")),
            ),
        )
        for number, title in _PARTS
    ),
)
"""What is asked of one level; no record of the book, so it is never sent."""


def chosen(ws: Workspace, code: str) -> tuple[Signer, ...]:
    """Who was chosen to sign for the level of this code, who makes the report last; () leaves the usual ones."""
    return tuple(Signer(*each) for each in settings.get(ws.db, _NAME, {}).get(code, ()))


def answers(ws: Workspace, code: str) -> Answers:
    """Who signs now, as the answers of FORM."""
    signing = chosen(ws, code) or usual_signers(code.partition(" ")[0])
    placed = zip((*range(1, len(signing)), 3), signing, strict=True)
    return {
        f"{part}_{place}": getattr(each, part) or None for place, each in placed for part in ("role", "name", "nip")
    }


def choose(ws: Workspace, code: str, told: Answers) -> None:
    """Keep who signs for a level; without any duty the usual ones sign again.

    Raises BadInput for whoever does not look after several posts, and where nobody makes the report.
    """
    if not review.reviews(ws):
        raise BadInput(_("Penanda tangan dipilih oleh bidan, petugas gizi, Puskesmas atau operator desa."))
    blocks = [
        [str(told.get(f"{part}_{place}") or "").strip() for part in ("role", "name", "nip")] for place, _t in _PARTS
    ]
    kept = [each for each in blocks if each[0]]
    if kept and not blocks[-1][0]:
        raise BadInput(_("Isi jabatan yang membuat laporan."))
    if any(any(each) and not each[0] for each in blocks):
        raise BadInput(_("Isi juga jabatan dari nama yang ditulis."))
    others = {name: value for name, value in settings.get(ws.db, _NAME, {}).items() if name != code}
    settings.put(ws.db, _NAME, {**others, code: kept} if kept else others)


_NAME = "level_signers"
