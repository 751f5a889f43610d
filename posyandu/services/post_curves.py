"""What a post prints before its day from the curves of its children: a small KMS of each, and a strip of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from math import ceil, floor
from types import MappingProxyType
from typing import Literal, TypeVar

from posyandu.domain import growth, service_group
from posyandu.domain.calendar import Month, age_days, age_months, age_text, month_text, short_date
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Answers
from posyandu.domain.forms.registration import POSYANDU
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.domain.outcome import READ_FROM
from posyandu.reports import formats, growth_chart
from posyandu.reports.growth_chart import Measured
from posyandu.reports.monthly import content_code
from posyandu.reports.sheet import DrawnSheet
from posyandu.reports.table import Table
from posyandu.services import judging, visits
from posyandu.services.people import dated
from posyandu.services.workspace import Workspace, at_its_post
from posyandu.storage import records, summaries
from posyandu.storage.records import Row
from posyandu.text import N_, _

CARDS = ((0, 24), (24, 60))
"""The months of age of the two pages of a KMS."""

SMALL, STRIPS = "kms_kecil", "strip_kms"
KINDS: Mapping[str, str] = MappingProxyType(
    {SMALL: N_("KMS kecil semua balita"), STRIPS: N_("Strip KMS untuk hari buka")}
)

Made = TypeVar("Made")


def build(ws: Workspace, code: str, posyandu_id: str, month: Month) -> DrawnSheet:
    """One of them, as of today or of the end of a month gone by. Raises KeyError for another code, NotFound."""
    made = {SMALL: small_kms, STRIPS: strips}[code]
    return made(ws, posyandu_id, min(month.last, ws.today()))


@at_its_post
def small_kms(ws: Workspace, posyandu_id: str, on: date) -> DrawnSheet:
    """The KMS of every child under five of a post, small, eight on a page, by RT and name. Raises NotFound."""
    from posyandu.reports.curve_pages import SmallChart, small_kms_pdf, small_kms_table

    rules = ws.standards.on(on)

    def small(row: Row, weighings: list[Row], wrong: set[str]) -> SmallChart:
        answers = row.answers
        born_on = answers["born_on"]
        assert isinstance(born_on, date)
        points = [
            Measured(visits.day_of(each), grams, wrong=each.id in wrong)
            for each in weighings
            if (grams := _grams(each)) is not None
        ]
        last = f"{formats.kilograms(int(points[-1].value))} ({short_date(points[-1].on)})" if points else ""
        # a child just turned two has its weighings on the first card, and nothing on the second yet
        shown = age_months(born_on, points[-1].on if points else on)
        card = CARDS[0] if shown < CARDS[0][1] else CARDS[1]
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
        return SmallChart(row.id, str(answers.get("name") or ""), facts(answers, on), chart, last)

    post, title = _post(ws, posyandu_id), month_text(Month.of(on))
    children = list(_each(ws, posyandu_id, on, small))
    return _sheet(
        SMALL, post, title, str(Month.of(on)), small_kms_table(children),
        lambda paper, mono: small_kms_pdf(post, title, children, paper, mono=mono),
    )  # fmt: skip


@at_its_post
def strips(ws: Workspace, posyandu_id: str, on: date) -> DrawnSheet:
    """The strips of every child under five for a day: last month's weight, from which weight it is N, both lines.

    Raises NotFound.
    """
    from posyandu.reports.curve_pages import StripRow, strips_pdf, strips_table

    rules, month = ws.standards.on(on), Month.of(on)

    def strip(row: Row, weighings: list[Row], wrong: set[str]) -> StripRow:
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
        cross = f" {growth_chart.CROSS}" if last is not None and last.id in wrong else ""
        return StripRow(
            row.id,
            str(row.answers.get("name") or ""),
            facts(row.answers, on),
            f"{formats.kilograms(grams)}{day}{cross}" if grams is not None else "",
            str(gain) if known and gain is not None else "",
            formats.kilograms(grams + gain)
            if known and grams is not None and gain is not None
            else "O"
            if last
            else "B",
            line(rules.bgm_z, ceil),
            line(rules.orange_z, floor),
        )

    post, day = _post(ws, posyandu_id), short_date(on)
    rows = list(_each(ws, posyandu_id, on, strip))
    return _sheet(
        STRIPS, post, day, on.isoformat(), strips_table(rows),
        lambda paper, mono: strips_pdf(post, day, rows, paper, mono=mono),
    )  # fmt: skip


def _sheet(
    code: str, post: str, period: str, stamp: str, table: Table, draw: Callable[[Literal["A4", "F4"], bool], bytes]
) -> DrawnSheet:
    head, title = ((_("Posyandu"), post),), _(KINDS[code])
    return DrawnSheet(
        code_name=code,
        title=title,
        period=period,
        stamp=stamp,
        head=head,
        tables=(table,),
        checks=(),
        rules=(),
        signatures=(),
        code=content_code(head, (table,), ()),
        draw=draw,
    )


def _each(
    ws: Workspace, posyandu_id: str, today: date, made: Callable[[Row, list[Row], set[str]], Made]
) -> Iterator[Made]:
    """What is made of each child under five of the post with a birth date and sex, by RT and name.

    `made` hears of the visits, and which of them were of a day whose scale was found wrong.
    """
    groups = ws.standards.on(today).groups
    children = [
        row
        for row in summaries.residents(ws.db, posyandu_id, today)
        if row.answers.get("sex") in ("male", "female")
        and isinstance(born_on := row.answers.get("born_on"), date)
        and age_months(born_on, today) < groups.preschool_from
        and service_group.group_on(groups, row.answers, today) in service_group.CHILDREN
    ]
    found = summaries.visits_of(ws.db, UNDER_FIVE_VISIT, [row.id for row in children], today)
    wrong = _wrong_scale(ws, [visit for rows in found.values() for visit in rows])
    for row in sorted(children, key=lambda row: (str(row.answers.get("rt") or "~"), str(row.answers.get("name")))):
        yield made(row, dated(UNDER_FIVE_VISIT, found.get(row.id, [])), wrong)


def _grams(row: Row) -> int | None:
    grams = row.answers.get("weight_g")
    return grams if isinstance(grams, int) else None


def _wrong_scale(ws: Workspace, weighings: Sequence[Row]) -> set[str]:
    """The visits of a day whose scale was found wrong."""
    wrong = judging.wrong_tools(ws, [each.answers for each in weighings])
    spoilt = {day for day, tool in wrong.items() if "weight_g" in READ_FROM.get(tool, ())}
    return {each.id for each in weighings if each.answers.get("session_id") in spoilt}


def facts(answers: Answers, on: date) -> str:
    """Age on a day, mother and RT, as far as they are known."""
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
