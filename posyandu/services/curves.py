"""Curves and strips to print: head and body mass of one person, small KMS of a whole post, strips for a day."""

from collections.abc import Callable, Iterator
from datetime import date
from math import ceil, floor
from pathlib import Path
from typing import TypeVar

from posyandu.domain import growth, service_group
from posyandu.domain.calendar import Month, age_days, age_months, age_text, month_text, short_date
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers
from posyandu.domain.forms.registration import PERSON, POSYANDU
from posyandu.domain.forms.school import VISIT as SCHOOL_VISIT
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.reports import formats, growth_chart
from posyandu.reports.growth_chart import ChartGeometry, Measured
from posyandu.services import access, reporting, visits
from posyandu.services.people import dated
from posyandu.services.reporting import CARDS, PaperName
from posyandu.services.workspace import Workspace
from posyandu.storage import records, summaries
from posyandu.storage.records import Row
from posyandu.text import _

UNDER_FIVE_MONTHS = 60

Made = TypeVar("Made")


def charts(ws: Workspace, person_id: str) -> tuple[ChartGeometry, ...]:
    """The curves of one person that have a measurement: head under five years, body mass from five to nineteen.

    Raises NotFound; BadInput without sex or birth date.
    """
    person = _person(ws, person_id)
    sex, born_on = person.answers.get("sex"), person.answers.get("born_on")
    if not isinstance(sex, str) or not isinstance(born_on, date):
        raise BadInput(_("Lengkapi jenis kelamin dan tanggal lahir dahulu."))
    heads, masses = [], []
    for form, long in ((UNDER_FIVE_VISIT, "length_mm"), (SCHOOL_VISIT, "height_mm")):
        for row in dated(form, records.load_many(ws.db, form, person_id=person_id)):
            on = visits.day_of(row)
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
        made.append(growth_chart.bmi_for_age(ws.growth, sex, born_on, masses))
    return tuple(made)


def curves_bytes(ws: Workspace, person_id: str, paper: PaperName = "A4") -> bytes:
    """The curves as PDF. Raises as `charts`, and BadInput when nothing was measured."""
    from posyandu.reports.curve_pages import curves_pdf

    made = charts(ws, person_id)
    if not made:
        raise BadInput(_("Belum ada lingkar kepala atau IMT untuk digambar."))
    answers = _person(ws, person_id).answers
    return curves_pdf(str(answers.get("name") or ""), _facts(answers, ws.today()), made, paper)


def save_curves(ws: Workspace, person_id: str, path: Path, paper: PaperName = "A4") -> Path:
    """Write the curves as PDF. Raises as `curves_bytes`, and when the file cannot be written."""
    content = curves_bytes(ws, person_id, paper)
    access.note_on_person(ws, "printed", person_id)
    return reporting.write(path, content)


def small_kms_bytes(ws: Workspace, posyandu_id: str, paper: PaperName = "A4") -> bytes:
    """The KMS of every child under five of a post, small, eight on a page, by RT and name. Raises NotFound."""
    from posyandu.reports.curve_pages import SmallChart, small_kms_pdf

    today = ws.today()
    rules = ws.standards.on(today)

    def small(row: Row, weighings: list[Row]) -> SmallChart:
        answers = row.answers
        born_on = answers["born_on"]
        assert isinstance(born_on, date)
        card = CARDS[0] if age_months(born_on, today) < CARDS[0][1] else CARDS[1]
        points = [Measured(visits.day_of(each), grams) for each in weighings if (grams := _grams(each)) is not None]
        if isinstance(birth := answers.get("birth_weight_g"), int):
            points.insert(0, Measured(born_on, birth))
        chart = growth_chart.kms(
            ws.growth,
            str(answers["sex"]),
            born_on,
            points,
            *card,
            bgm_z=round(rules.bgm_z),
            orange_z=None if rules.orange_z is None else round(rules.orange_z),
        )
        return SmallChart(row.id, str(answers.get("name") or ""), _facts(answers, today), chart)

    return small_kms_pdf(
        _post(ws, posyandu_id), month_text(Month.of(today)), list(_each(ws, posyandu_id, small)), paper
    )


def strips_bytes(ws: Workspace, posyandu_id: str, on: date, paper: PaperName = "A4") -> bytes:
    """The strips of every child under five for a day: last month's weight, from which weight it is N, both lines.

    Raises NotFound.
    """
    from posyandu.reports.curve_pages import StripRow, strips_pdf

    rules, month = ws.standards.on(on), Month.of(on)

    def strip(row: Row, weighings: list[Row]) -> StripRow:
        born_on, sex = row.answers["born_on"], str(row.answers["sex"])
        assert isinstance(born_on, date)
        earlier = [each for each in weighings if Month.of(visits.day_of(each)) < month and _grams(each) is not None]
        last = earlier[-1] if earlier else None
        grams = _grams(last) if last is not None else None
        known = last is not None and Month.of(visits.day_of(last)) == month - 1
        gain = rules.minimum_gain_g(sex, age_months(born_on, on))
        lms = growth.lms_at(ws.growth, "waz", sex, age_days(born_on, on))

        def line(z: float | None, rounded: Callable[[float], int]) -> str:
            """The line on a scale of 100 grams, rounded so that "below" and "above" it are still true."""
            if lms is None or z is None:
                return ""
            return formats.decimal(rounded(growth.at_sd(round(z), *lms) * 10) / 10)

        day = f" ({formats.short_month(visits.day_of(last).month)})" if last is not None and not known else ""
        return StripRow(
            row.id,
            str(row.answers.get("name") or ""),
            _facts(row.answers, on),
            f"{formats.kilograms(grams)}{day}" if grams is not None else "",
            str(gain) if known and gain is not None else "",
            formats.kilograms(grams + gain)
            if known and grams is not None and gain is not None
            else "O"
            if last
            else "B",
            line(rules.bgm_z, ceil),
            line(rules.orange_z, floor),
        )

    return strips_pdf(_post(ws, posyandu_id), short_date(on), list(_each(ws, posyandu_id, strip)), paper)


def save_small_kms(ws: Workspace, posyandu_id: str, path: Path, paper: PaperName = "A4") -> Path:
    """Write the small KMS as PDF."""
    return reporting.write(path, small_kms_bytes(ws, posyandu_id, paper))


def save_strips(ws: Workspace, posyandu_id: str, on: date, path: Path, paper: PaperName = "A4") -> Path:
    """Write the strips as PDF."""
    return reporting.write(path, strips_bytes(ws, posyandu_id, on, paper))


def _each(ws: Workspace, posyandu_id: str, made: Callable[[Row, list[Row]], Made]) -> Iterator[Made]:
    """What is made of each child under five of the post with a birth date and sex, by RT and name."""
    today = ws.today()
    children = [
        row
        for row in summaries.residents(ws.db, posyandu_id, today)
        if row.answers.get("sex") in ("male", "female")
        and isinstance(born_on := row.answers.get("born_on"), date)
        and age_months(born_on, today) < UNDER_FIVE_MONTHS
        and service_group.group_on(row.answers, today) in service_group.CHILDREN
    ]
    found = summaries.visits_of(ws.db, UNDER_FIVE_VISIT, [row.id for row in children], today)
    for row in sorted(children, key=lambda row: (str(row.answers.get("rt") or "~"), str(row.answers.get("name")))):
        yield made(row, dated(UNDER_FIVE_VISIT, found.get(row.id, [])))


def _grams(row: Row) -> int | None:
    grams = row.answers.get("weight_g")
    return grams if isinstance(grams, int) else None


def _facts(answers: Answers, on: date) -> str:
    born_on = answers.get("born_on")
    parts = [
        age_text(born_on, on) if isinstance(born_on, date) and born_on <= on else "",
        _("ibu {name}").format(name=answers["mother_name"]) if answers.get("mother_name") else "",
        f"RT {answers['rt']}" if answers.get("rt") else "",
    ]
    return ", ".join(part for part in parts if part)


def _post(ws: Workspace, posyandu_id: str) -> str:
    row = records.load(ws.db, POSYANDU, posyandu_id)
    if row is None:
        raise NotFound(_("Posyandu ini tidak ada di buku ini."))
    return str(row.answers.get("name") or "")


def _person(ws: Workspace, person_id: str) -> Row:
    row = records.load(ws.db, PERSON, person_id)
    if row is None or row.withdrawn:
        raise NotFound(_("Orang ini tidak ada di buku ini."))
    return row
