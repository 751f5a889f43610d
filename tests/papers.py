"""Every kind of paper the app prints, made from one fixed village: for the tests of their bytes, words and looks.

python -m tests.papers --write              write tests/data/papers.json anew: after a change of what is printed
python -m tests.papers --images FOLDER      every page as PNG, and once more as a printer with 70 % toner has it
"""

import argparse
import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.home_visit import CHECKLISTS
from posyandu.reports import pdf
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.sheet import Sheet
from posyandu.services import (
    curves,
    home_visits,
    levels,
    month_lock,
    referrals,
    reporting,
    sheets,
    social,
    social_papers,
    tasks,
    workspace,
)
from posyandu.services.sample import affairs, book, doses, life, troubles, village
from posyandu.services.workspace import Workspace
from posyandu.storage import records

OCTOBER = Month(2026, 10)
KNOWN = Path(__file__).parent / "data" / "papers.json"
TONER = 0.7
"""How dark a line comes out of a cartridge that is nearly empty."""


@cache
def sample() -> Workspace:
    """One post of all ages with half a year of history, always the same."""
    ws = workspace.in_memory(post=None, device="laptop-contoh")
    entries = village.one_post(7, 0, village.PLACES[0], ws.growth, months=6, until=OCTOBER)
    schedule = ws.standards.on(OCTOBER.last).immunisation
    lives = doses.added(7, life.added(7, entries, OCTOBER), schedule, OCTOBER.last)
    book.write(ws.db, troubles.added(7, affairs.added(7, lives)), ws.author)
    ws.posyandu_id = village.post_id(7, 0)
    child = _child(ws)
    slip = {
        "referred_on": date(2026, 10, 6),
        "destination": "puskesmas",
        "urgency": "today",
        "reasons": "Berat badan dua kali tidak naik\nDi bawah garis merah",
        "measured": "Berat badan 7,9 kg, LiLA 11,2 cm",
        "referred_by": "Sri Wahyuni",
    }
    links = {"person_id": child, "visit_id": None}
    records.save(
        ws.db, FORMS["referral"], "surat-contoh", slip,
        scope=ws.posyandu_id, author=ws.author, now=ws.now(), links=links,
    )  # fmt: skip
    return ws


def _child(ws: Workspace) -> str:
    """The child with the longest history."""
    rows = records.load_many(ws.db, FORMS["under_five_visit"], scope=ws.posyandu_id)
    ids = [str(row.answers["person_id"]) for row in rows if row.answers["head_mm"] is not None]
    return min(set(ids), key=lambda id_: (-ids.count(id_), id_))


CARDS = {
    "kartu_bumil": "pregnancy_visit",
    "kartu_sekolah": "school_visit",
    "kartu_dewasa": "adult_visit",
    "kartu_lansia": "skilas",
}
"""The form that the rows of a card are filled from."""


def _holder(ws: Workspace, form: str) -> str:
    """Whoever was seen most often in a form."""
    rows = records.load_many(ws.db, FORMS[form], scope=ws.posyandu_id)
    ids = [str(row.answers["person_id"]) for row in rows]
    return min(set(ids), key=lambda id_: (-ids.count(id_), id_))


@cache
def mother() -> tuple[Workspace, str]:
    """A post with a woman who gave birth in June and came three times since: nobody of the village has."""
    ws = workspace.in_memory(device="laptop-contoh")
    woman = {
        "name": "Wulan Sari", "sex": "female", "born_on": date(1998, 4, 2), "husband_name": "Budi Hartono",
        "phone": "081230004567", "hamlet": "Gubuk Timur", "rt": "02", "rw": "01",
    }  # fmt: skip
    birth = {
        "noted_on": date(2025, 11, 20), "gravida": 2, "first_weight_g": 51_000, "height_mm": 1532,
        "outcome": "live_birth", "ended_on": date(2026, 6, 18), "birth_place": "puskesmas", "birth_mode": "normal",
    }  # fmt: skip
    calm = {"tbc_cough": False, "tbc_fever": False, "tbc_weight": False, "tbc_contact": False, "breastfeeding": True}
    visits: tuple[Answers, ...] = (
        {
            "visited_on": date(2026, 7, 4), "weight_g": 58_400, "weight_on_curve": True, "muac_mm": 238,
            "systolic_mmhg": 118, "diastolic_mmhg": 76, "vitamin_a_capsules": 2, "vitamin_a_taken": True,
            "contraception": False, "counselling": "Menyusui, gizi ibu nifas", "referral": "none",
        },
        {
            "visited_on": date(2026, 8, 4), "weight_g": 57_100, "weight_on_curve": True, "muac_mm": 231,
            "systolic_mmhg": 146, "diastolic_mmhg": 94, "contraception": True, "contraception_method": "injection",
            "counselling": "Kurangi garam, istirahat cukup", "referral": "puskesmas",
        },
        {"visited_on": date(2026, 10, 6), "weight_g": 56_700, "systolic_mmhg": 122, "diastolic_mmhg": 80},
    )  # fmt: skip

    def note(form: str, id_: str, answers: Answers, **links: str) -> None:
        records.save(
            ws.db, FORMS[form], id_, answers, scope=ws.posyandu_id, author=ws.author, now=ws.now(), links=links
        )

    note("person", "ibu-contoh", woman)
    note("pregnancy", "hamil-contoh", birth, person_id="ibu-contoh")
    for number, visit in enumerate(visits):
        links = {"person_id": "ibu-contoh", "pregnancy_id": "hamil-contoh"}
        note("postpartum_visit", f"kunjungan-contoh-{number}", {**calm, **visit}, **links)
    return ws, "ibu-contoh"


@cache
def reports(ws: Workspace) -> tuple[tuple[str, MonthlyReport | Sheet], ...]:
    """Everything that stands on the screen as tables before it is printed, by the code of its kind."""
    return tuple(_reports(ws))


def _reports(ws: Workspace) -> Iterator[tuple[str, MonthlyReport | Sheet]]:
    for kind in sheets.kinds():
        where, person = ws, ""
        if kind.code == "kartu_nifas":
            where, person = mother()
        elif kind.period == "person":
            person = _holder(ws, CARDS[kind.code]) if kind.code in CARDS else _child(ws)
        yield kind.code, reporting.build(where, kind.code, where.posyandu_id, OCTOBER, person_id=person)
    for level in levels.levels(ws)[-1:]:
        yield "kabupaten", levels.build(ws, "bulanan", level.code, OCTOBER)
        yield "strata_wilayah", levels.build(ws, "strata", level.code, OCTOBER)


@cache
def papers() -> Mapping[str, bytes]:
    """Every kind of paper as PDF, by name."""
    ws = sample()
    made = {code: reporting.pdf_bytes(report) for code, report in reports(ws)}
    child = _child(ws)
    monthly = reporting.monthly(ws, ws.posyandu_id, OCTOBER)
    made["bulanan_f4_hitam_putih"] = reporting.pdf_bytes(monthly, "F4", mono=True)
    made["berkas_bulanan"] = pdf.bundle_pdf(monthly, sheets.bundle(ws, ws.posyandu_id, OCTOBER))
    made["kms"] = reporting.kms_bytes(ws, child)
    made["kms_lama"] = reporting.kms_bytes(ws, child, style="old")
    made["kurva"] = curves.curves_bytes(ws, child)
    made["surat_rujukan"] = referrals.slip(ws, child, "surat-contoh")
    made["surat_rujukan_a5"] = referrals.slip(ws, child, "surat-contoh", "A5")
    for name, form in CHECKLISTS.items():
        made[f"lembar_{name}"] = home_visits.sheet(ws, form)
    board = tasks.board(ws, ws.posyandu_id)
    made["daftar_kunjungan"] = tasks.pages(ws, board, tasks.shares(ws, tasks.errands(board)))
    made["laporan_sosial"] = social_papers.sheet(ws, min(social.tickets(ws), key=lambda each: each.id))
    made["daftar_sosial"] = social_papers.listing(ws, OCTOBER)
    made["disahkan"] = month_lock.signed_pdf(ws, ws.posyandu_id, month_lock.sign(ws, ws.posyandu_id, OCTOBER))
    return made


STREAM = re.compile(rb"/Length (\d+)[^>]*>>\s*stream\r?\n")


def opened(content: bytes) -> bytes:
    """The PDF with its streams inflated: what it says, whichever library compressed it."""
    parts, place = [], 0
    for found in STREAM.finditer(content):
        if found.start() < place:
            continue
        start, length = found.end(), int(found[1])
        stream = content[start : start + length]
        inflated = (
            zlib.decompress(stream) if b"FlateDecode" in content[content.rfind(b"<<", 0, start) : start] else stream
        )
        parts += [re.sub(rb"/Length \d+", b"", content[place : found.end()]), inflated]
        place = start + length
    tail = content[place:]
    return b"".join(parts) + re.sub(rb"xref.*?trailer|startxref\s+\d+", b"", tail, flags=re.DOTALL)


def digests(content: bytes) -> dict[str, str]:
    """The SHA-256 of a PDF as it is, and of what it says."""
    said = re.sub(rb"/ID \s*\[.*?\]|/ID\s*\n\[.*?\]", b"", opened(content), flags=re.DOTALL)
    return {"bytes": hashlib.sha256(content).hexdigest(), "said": hashlib.sha256(said).hexdigest()}


def toner(pages: list[reporting.PageImage], ink: float = TONER) -> Iterator[bytes]:
    """Pages as a weak cartridge prints them: every dot only so dark."""
    lighter = bytes(round(255 - (255 - shade) * ink) for shade in range(256))
    for page in pages:
        yield page.rgb.translate(lighter)


def write_images(folder: Path, dpi: float = 110) -> None:
    """Every page as it is and with weak toner."""
    from PySide6.QtGui import QImage

    folder.mkdir(parents=True, exist_ok=True)
    for name, content in papers().items():
        pages = reporting.page_images(content, dpi)
        for number, (page, weak) in enumerate(zip(pages, toner(pages), strict=True), 1):
            for kind, rgb in (("", page.rgb), ("-toner", weak)):
                image = QImage(rgb, page.width, page.height, page.width * 3, QImage.Format.Format_RGB888)
                image.save(str(folder / f"{name}-{number:02}{kind}.png"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--images", type=Path)
    chosen = parser.parse_args()
    if chosen.write:
        told = {name: digests(content) for name, content in papers().items()}
        KNOWN.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"{len(told)} papers noted in {KNOWN.name}")
    if chosen.images:
        write_images(chosen.images)


if __name__ == "__main__":
    main()
