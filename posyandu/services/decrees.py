"""The village's letters about a posyandu, filled from the book: its founding, its officers and kader, the matrix."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Answers
from posyandu.domain.forms.registration import WORKER
from posyandu.domain.forms.social import FIELDS
from posyandu.services import leaving, post_affairs, posts
from posyandu.services.post_affairs import Kader
from posyandu.services.workspace import Workspace
from posyandu.text import N_, _

KINDS: Mapping[str, str] = {
    "sk_posyandu": N_("Konsep SK pembentukan Posyandu"),
    "sk_kader": N_("Konsep SK pengurus dan kader"),
    "matriks_registrasi": N_("Matriks rekapitulasi untuk nomor registrasi"),
}
"""The letters by code, in the order to offer them."""

ORDER = ("chair", "secretary", "treasurer", "field_head", "member", None)
"""The positions in the order of the annex."""

_KELURAHAN = "1"
"""The seventh digit of the code of a kelurahan; of a desa it is 2."""


def save(ws: Workspace, kind: str, path: Path) -> Path:
    """Write a letter about the post at work, whole or not at all. Raises NotFound, DiskFull, BadInput."""
    content = pdf(ws, kind)
    return leaving.hand_out(ws, leaving.NAMES, path, content, _(KINDS[kind]))


def pdf(ws: Workspace, kind: str) -> bytes:
    """A letter about the post at work as PDF. Raises NotFound for a letter or post there is not."""
    from posyandu.reports.decree import Annex, decree_pdf, letter

    if kind not in KINDS:
        raise NotFound(_("Surat ini tidak dikenal."))
    chosen, told = letter(kind, ws.today()), facts(ws)
    annex = None
    if kind == "sk_kader":
        annex = Annex((("No", 0.2), ("Nama", 1.6), ("Jabatan", 1.2), ("Bidang", 1.6)), team(ws))
    elif kind == "matriks_registrasi":
        heads = (
            ("No", 0.2), ("Posyandu", 1.2), ("Dusun, RT/RW", 1.2), ("Nomor registrasi", 1.3), ("Nomor SK", 1),
            ("Tanggal SK", 0.8), ("Ketua", 1.2), ("Kader", 0.4), ("Kader ber-SK", 0.5), ("Hari buka", 0.6),
        )  # fmt: skip
        annex = Annex(heads, matrix(ws))
    return decree_pdf(chosen, told, annex)


def facts(ws: Workspace) -> dict[str, str]:
    """What the letters say of the post at work; dots where the book knows nothing. Raises NotFound."""
    from posyandu.reports.decree import DOTS

    own = posts.answers(ws, ws.posyandu_id)
    post = next(each for each in posts.posts(ws) if each.id == ws.posyandu_id)
    village, district, regency, *_rest = [*(part or DOTS for part in post.place_line.split(", ")), DOTS, DOTS, DOTS]
    kelurahan = post.village_code[6:7] == _KELURAHAN
    kind, head = ("Kelurahan", "Lurah") if kelurahan else ("Desa", "Kepala Desa")
    name = f"Posyandu {post.name.removeprefix('Posyandu ')}"
    day = own.get("open_day")
    told = {
        "posyandu": name.upper(),
        "name": name,
        "place": _place(own) or f"{kind} {village}",
        "village": village,
        "village_line": f"{kind} {village}, Kecamatan {district}, {regency}",
        "district": district,
        "regency": regency,
        "puskesmas": str(own.get("puskesmas") or DOTS).removeprefix("Puskesmas "),
        "address": str(own.get("address") or DOTS),
        "open_day": f"setiap bulan pada tanggal {day}" if day else f"setiap bulan pada {DOTS}",
        "head": f"{head} {village}",
        "head_name": str(own.get("village_head") or DOTS),
        "decree": str(own.get("decree") or DOTS),
        "budget": "APBD" if kelurahan else "APB Desa",
        "local_rule": f"Peraturan {'Daerah' if kelurahan else 'Desa'} Nomor {DOTS} tentang {DOTS};",
        "year": str(ws.today().year),
    }
    caps = {"head_caps": told["head"], "village_caps": f"{kind} {village}", "district_caps": district}
    return told | {name: words.upper() for name, words in {**caps, "regency_caps": regency}.items()}


def team(ws: Workspace) -> list[list[str]]:
    """The officers and kader at work, in order; a line of dots for each of the offices nobody holds.

    In the words of the forms, whatever language the screen speaks.
    """
    from posyandu.reports.decree import DOTS

    kader = [each for each in post_affairs.kader(ws, ws.posyandu_id) if each.active]
    labels = {each.code: each.label for each in WORKER.fields["position"].options}  # type: ignore[attr-defined]
    rows: list[tuple[str, str, str]] = []
    for position in ORDER:
        held = [each for each in kader if each.answers.get("position") == position]
        label = labels.get(position or "", labels["member"])
        if position == "field_head":
            rows += [(_named(held, code) or DOTS, label, words) for code, words in FIELDS.items()]
            rows += [(each.name, label, "") for each in held if each.answers.get("field") not in FIELDS]
        elif held or position in ORDER[:3]:
            rows += [(each.name, label, "") for each in held] or [(DOTS, label, "")]
    return [[str(number), *row] for number, row in enumerate(rows, 1)]


def _named(held: list[Kader], field: str) -> str:
    return ", ".join(each.name for each in held if each.answers.get("field") == field)


def matrix(ws: Workspace) -> list[list[str]]:
    """Every post of the same village in this book, as asked for with a registration number."""
    own = posts.answers(ws, ws.posyandu_id).get("village_code")
    rows: list[list[str]] = []
    for post in posts.posts(ws):
        told = posts.answers(ws, post.id)
        if told.get("village_code") != own:
            continue
        kader = [each for each in post_affairs.kader(ws, post.id) if each.active]
        chair = next((each.name for each in kader if each.answers.get("position") == "chair"), "")
        on, day = told.get("decree_on"), told.get("open_day")
        rows.append(
            [
                str(len(rows) + 1), post.name, _place(told), str(told.get("registration_number") or ""),
                str(told.get("decree") or ""), f"{on:%d-%m-%Y}" if isinstance(on, date) else "", chair,
                str(len(kader)), str(sum(each.has_decree for each in kader)), f"Tanggal {day}" if day else "",
            ]
        )  # fmt: skip
    return rows


def _place(told: Answers) -> str:
    parts = [("Dusun", "hamlet"), ("RT", "rt"), ("RW", "rw")]
    return " ".join(f"{label} {told[name]}" for label, name in parts if told.get(name))
