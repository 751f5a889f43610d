"""A report as a file for NTB Care or another office, and the answer that comes back; the form is docs/ntb-care.md.

NTB Care has no interface that others may call, as far as is known, so a file goes and a file returns. It carries no
name of who reported; whom it is about only when the family agreed. What comes back can only take a report on by the
steps that are allowed, and a step that was read already is not taken twice.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from posyandu.domain import social as rules
from posyandu.domain.errors import BadInput, PosyanduError
from posyandu.domain.forms.social import FIELDS, PLACES, STEP
from posyandu.domain.strict import a_day, a_list, a_text, an_object
from posyandu.services import leaving, posts, social
from posyandu.services.social import Ticket
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.text import _

FORM = "posyandu-aduan"
VERSION = 1
MOST_BYTES = 200_000

TO_THEM = {
    "recorded": "draf",
    "verified": "diverifikasi",
    "forwarded": "didisposisi",
    "handled": "ditindaklanjuti",
    "done": "selesai",
    "refused": "ditolak",
}
"""Our stages in the words of SP4N-LAPOR! and NTB Care."""

FROM_THEM = {
    "diverifikasi": "verified",
    "disetujui": "verified",
    "sudah diterima": "forwarded",
    "didisposisi": "forwarded",
    "diproses": "handled",
    "sedang ditindaklanjuti": "handled",
    "ditindaklanjuti": "handled",
    "sudah tuntas": "done",
    "tuntas": "done",
    "selesai": "done",
    "ditutup": "done",
    "ditolak": "refused",
}
"""Their states, in every spelling met, as the stage they mean."""

URGENCY = {"emergency": "mendesak", "high": "penting", "normal": "biasa"}
"""The triage of NTB Care: one hour, one day, two days."""

_CATEGORY = {
    "education": "pendidikan",
    "health": "kesehatan",
    "public_works": "infrastruktur",
    "housing": "perumahan",
    "order": "ketertiban",
    "social": "sosial",
}
_OWN_CATEGORY = {
    "water": "air bersih",
    "waste": "lingkungan/sampah",
    "no_documents": "administrasi kependudukan",
    "poor_no_aid": "bantuan sosial",
}
_WAY = ("recorded", "verified", "forwarded", "handled", "done")


@dataclass(frozen=True)
class Returned:
    """What an answer file did: reports taken on, those it did not change, and those it could not, with why."""

    moved: int
    same: int
    refused: tuple[str, ...]
    sentence: str


def export(ws: Workspace, each: Ticket) -> dict[str, Any]:
    """The report as JSON values. Raises BadInput for one that is confidential or that the family does not want sent."""
    if each.sealed:
        raise BadInput(_("Tiket rahasia tidak dapat dikirim ke NTB Care."))
    about_family = bool(each.person_id or each.household_id)
    if about_family and each.answers.get("consent") != "agreed":
        raise BadInput(_("Keluarga belum setuju. Catat persetujuannya dahulu sebelum mengirim ke kantor lain."))
    post = next((post for post in posts.posts(ws) if post.id == each.scope), None)
    return {
        "bentuk": FORM,
        "versi": VERSION,
        "dibuat": ws.now().isoformat(timespec="seconds"),
        "laporan": [
            {
                "id": each.id,
                "nomor": each.number,
                "bidang_spm": _word(FIELDS, each.field),
                "kategori": _OWN_CATEGORY.get(each.kind.code, _CATEGORY[each.field]),
                "jenis": each.kind.code,
                "judul": each.kind.label,
                "isi": str(each.answers.get("finding") or ""),
                "tentang": each.who,
                "lokasi": {
                    "kode_desa": post.village_code if post else "",
                    "desa": post.village if post else "",
                    "tempat": str(each.answers.get("place") or ""),
                },
                "tingkat": URGENCY[each.urgency],
                "persetujuan": str(each.answers.get("consent") or ""),
                "tanggal": each.noted_on.isoformat(),
                "batas": each.clock.due_on.isoformat(),
                "pelapor": post.name if post else "",
                "status": TO_THEM[each.stage],
                "tujuan": _word(PLACES, str(each.answers.get("referred_to") or each.kind.refer_to)),
                "riwayat": [
                    {"status": TO_THEM[step.stage], "tanggal": step.on.isoformat(), "catatan": step.note or step.reason}
                    for step in each.steps
                ],
            }
        ],
    }


def save(ws: Workspace, each: Ticket, path: Path) -> Path:
    """Write the file, whole or not at all. Raises BadInput, DiskFull."""
    content = json.dumps(export(ws, each), ensure_ascii=False, indent=1).encode()
    return leaving.hand_out(ws, leaving.DATA, path, content, scope=each.scope)


def read(ws: Workspace, path: Path) -> Returned:
    """Read an answer file and take its reports on. Raises BadInput when it is none; one bad answer stops no other."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(_("Berkas tidak dapat dibaca. Periksa flashdisk, lalu coba lagi.")) from error
    return take(ws, content)


def take(ws: Workspace, content: bytes) -> Returned:
    """Take on the reports of an answer. Raises BadInput when the bytes are no answer file."""
    moved = same = 0
    refused: list[str] = []
    for answer in _answers(content):
        try:
            changed = _take_one(ws, answer)
        except (PosyanduError, ValueError) as error:
            number = answer.get("nomor") if isinstance(answer, dict) else ""
            sentence = str(error) if isinstance(error, PosyanduError) else _("isinya tidak lengkap")
            refused.append(f"{number or '?'}: {sentence}")
        else:
            moved, same = moved + changed, same + (not changed)
    words = _("{n} laporan maju, {same} tidak berubah.").format(n=moved, same=same)
    if refused:
        words += " " + _("{n} tidak dapat dipakai: {first}").format(n=len(refused), first=refused[0])
    return Returned(moved, same, tuple(refused), words)


def _answers(content: bytes) -> list[Any]:
    if len(content) > MOST_BYTES:
        raise BadInput(_foreign())
    try:
        body = an_object(json.loads(content), "jawaban")
        if body.get("bentuk") != FORM or body.get("versi") != VERSION:
            raise ValueError("bentuk")
        return a_list(body.get("jawaban"), "jawaban")
    except (ValueError, RecursionError) as error:
        raise BadInput(_foreign()) from error


def _take_one(ws: Workspace, answer: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether this answer took its report on."""
    told = an_object(answer, "jawaban")
    each = social.ticket(ws, a_text(told.get("id"), "id"))
    if told.get("nomor") != each.number:
        raise BadInput(_("nomornya bukan nomor laporan itu"))
    stage = FROM_THEM.get(a_text(told.get("status"), "status").strip().lower())
    if stage is None:
        raise BadInput(_("statusnya tidak dikenal"))
    on = min(max(a_day(told.get("tanggal"), "tanggal"), each.noted_on), ws.today())
    words = {
        name: str(told.get(key) or "")[:500]
        for name, key in (("note", "catatan"), ("owner", "instansi"), ("reference", "nomor_aduan"))
    }
    way = _way(each.stage, stage)
    for place, step in enumerate(way):
        last = place == len(way) - 1
        _save(ws, each, step, on, {**words, "note": words["note"] if last else ""})
        each = social.ticket(ws, each.id)
    return bool(way)


def _way(stage: str, wanted: str) -> tuple[str, ...]:
    """The steps that lead from a stage to another; none when it is there or beyond already."""
    if wanted == "refused":
        return ("refused",) if "refused" in rules.NEXT[stage] else ()
    if stage not in _WAY or wanted not in _WAY:
        return ()
    return _WAY[_WAY.index(stage) + 1 : _WAY.index(wanted) + 1]


def _save(ws: Workspace, each: Ticket, stage: str, on: date, words: dict[str, str]) -> None:
    """A step that an office took: written down by the one at work, whatever her duty, in the office's name."""
    reason = words["note"] or _("Ditolak tanpa alasan tertulis")
    records.save(
        ws.db, STEP, records.new_id(),
        {
            "follows": each.steps[-1].id if each.steps else None,
            "stage": stage,
            "stepped_on": max(on, each.steps[-1].on) if each.steps else on,
            "done_by": words["owner"] or "NTB Care",
            "owner": words["owner"] or None,
            "note": (words["note"] or None) if stage != "refused" else None,
            "reason": reason if stage == "refused" else None,
            "reference": words["reference"] or None,
        },
        scope=each.scope, author=ws.author, now=ws.now(), links={"ticket_id": each.id},
    )  # fmt: skip


def _word(words: dict[str, str], code: str) -> str:
    return words.get(code, code)


def _foreign() -> str:
    return _("Ini bukan berkas jawaban untuk Posyandu.")
