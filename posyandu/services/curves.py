"""Curves to print: head and body mass of one person; and the files of what a whole post prints before its day."""

from datetime import date
from pathlib import Path

from posyandu.domain.calendar import age_months
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.forms.school import VISIT as SCHOOL_VISIT
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.reports import growth_chart
from posyandu.reports.growth_chart import ChartGeometry, Measured
from posyandu.services import judging, leaving, post_curves, reporting, visits
from posyandu.services.people import dated
from posyandu.services.post_curves import CARDS
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import Row
from posyandu.text import _


def charts(ws: Workspace, person_id: str) -> tuple[ChartGeometry, ...]:
    """The curves of one person that have a measurement: head under five years, body mass from five to nineteen.

    Raises NotFound; BadInput without sex or birth date.
    """
    person = _person(ws, person_id)
    sex, born_on = person.answers.get("sex"), person.answers.get("born_on")
    if not isinstance(sex, str) or not isinstance(born_on, date):
        raise BadInput(_("Lengkapi jenis kelamin dan tanggal lahir dahulu."))
    heads, masses, wrong = [], [], set()
    for form, long in ((UNDER_FIVE_VISIT, "length_mm"), (SCHOOL_VISIT, "height_mm")):
        rows = dated(form, records.load_many(ws.db, form, person_id=person_id))
        spoilt = judging.wrong_tools(ws, [row.answers for row in rows])
        for row in rows:
            on = visits.day_of(row)
            if row.answers.get("session_id") in spoilt:
                wrong.add(on)
            if isinstance(head := row.answers.get("head_mm"), int):
                heads.append(Measured(on, head))
            grams, tall = row.answers.get("weight_g"), row.answers.get(long)
            past = age_months(born_on, on) >= growth_chart.SCHOOL_MONTHS[0]
            if past and isinstance(grams, int) and isinstance(tall, int) and tall:
                masses.append((on, grams * 1000 / tall**2))
    if isinstance(at_birth := person.answers.get("birth_head_mm"), int):
        heads.insert(0, Measured(born_on, at_birth))
    made = []
    for first, last in CARDS:
        if any(first <= age_months(born_on, each.on) < last for each in heads):
            made.append(growth_chart.head_for_age(ws.growth, sex, born_on, heads, first, last))
    if masses:
        made.append(growth_chart.bmi_for_age(ws.growth, sex, born_on, masses, wrong))
    return tuple(made)


def curves_bytes(ws: Workspace, person_id: str) -> bytes:
    """The curves as PDF. Raises as `charts`, and BadInput when nothing was measured."""
    from posyandu.reports.curve_pages import curves_pdf

    made = charts(ws, person_id)
    if not made:
        raise BadInput(_("Belum ada lingkar kepala atau IMT untuk digambar."))
    answers = _person(ws, person_id).answers
    return curves_pdf(str(answers.get("name") or ""), post_curves.facts(answers, ws.today()), made)


def save_curves(ws: Workspace, person_id: str, path: Path) -> Path:
    """Write the curves as PDF. Raises as `curves_bytes`, and when the file cannot be written."""
    return leaving.hand_out(ws, leaving.PERSON, path, curves_bytes(ws, person_id), about_id=person_id)


def small_kms_bytes(ws: Workspace, posyandu_id: str) -> bytes:
    """The KMS of every child under five of a post, small, eight on a page, by RT and name. Raises NotFound."""
    return reporting.pdf_bytes(post_curves.small_kms(ws, posyandu_id, ws.today()))


def strips_bytes(ws: Workspace, posyandu_id: str, on: date) -> bytes:
    """The strips of every child under five for a day. Raises NotFound."""
    return reporting.pdf_bytes(post_curves.strips(ws, posyandu_id, on))


def save_small_kms(ws: Workspace, posyandu_id: str, path: Path) -> Path:
    """Write the small KMS as PDF."""
    content = small_kms_bytes(ws, posyandu_id)
    return leaving.hand_out(ws, leaving.NAMES, path, content, _("KMS kecil semua balita"), scope=posyandu_id)


def save_strips(ws: Workspace, posyandu_id: str, on: date, path: Path) -> Path:
    """Write the strips as PDF."""
    content = strips_bytes(ws, posyandu_id, on)
    return leaving.hand_out(ws, leaving.NAMES, path, content, _("Strip KMS"), scope=posyandu_id)


def _person(ws: Workspace, person_id: str) -> Row:
    row = records.load(ws.db, PERSON, person_id)
    if row is None or row.withdrawn:
        raise NotFound(_("Orang ini tidak ada di buku ini."))
    return row
