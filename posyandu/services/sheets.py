"""The official sheets a post can print: which there are, and each of them built from the book."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms.registration import PERSON, POSYANDU
from posyandu.reports import couples_sheet, life_indicators_sheet
from posyandu.reports.counts import SheetData
from posyandu.reports.layout import Layout, Period, layouts
from posyandu.reports.life_sheet import RECAPS, recap_sheet
from posyandu.reports.sheet import History, Sheet, card, sheet
from posyandu.services import life_data, life_indicators, post_curves, post_sheets, posts
from posyandu.services.report_data import child_history, gather, gather_sheet, pregnancy_history
from posyandu.services.standing import couples_report
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import Row
from posyandu.text import _

MONTHLY = "bulanan"
"""The kind of the monthly report with its charts and name lists; all others are layouts."""


@dataclass(frozen=True)
class Kind:
    """One report to choose: `group` is the heading it stands under, `period` what it is made for.

    "day" is for what is printed before a posyandu day: it is drawn as of today, and is no part of a month's bundle.
    """

    code: str
    title: str
    group: str
    period: Period | Literal["day"]


def kinds() -> tuple[Kind, ...]:
    """Every report there is, in the order to offer them."""
    first = Kind(MONTHLY, _("Laporan bulanan Posyandu"), _("Laporan"), "month")
    recaps = (Kind(code, _(title), _("Laporan"), "year") for code, (title, _make) in RECAPS.items())
    own = (Kind(code, _(title), _("Posyandu sendiri"), "month") for code, title in post_sheets.KINDS.items())
    curves = (Kind(code, _(title), _("Sebelum hari buka"), "day") for code, title in post_curves.KINDS.items())
    official = (Kind(each.code, each.title, each.group, each.period) for each in layouts().values())
    couples = Kind(couples_sheet.CODE, _(couples_sheet.TITLE), _("Laporan"), "month")
    ages = Kind(life_indicators_sheet.CODE, _(life_indicators_sheet.TITLE), _("Laporan"), "month")
    return (first, *recaps, couples, ages, *own, *curves, *official)


def build(
    ws: Workspace,
    kind: str,
    posyandu_id: str,
    month: Month | None = None,
    *,
    year: int | None = None,
    person_id: str = "",
) -> Sheet:
    """An official sheet. A month's sheet wants `month` (this month when None), a year's `year` or `month`, a card
    `person_id`.

    A year is filled up to its last month, or to this month while it is running; a card of school age, adults or the
    elderly is of one year, the last with a visit when none is asked for. Raises NotFound for an unknown kind,
    post or person, BadInput for a card without a person or of someone it is not for.
    """
    if kind in RECAPS:
        return recap_sheet(kind, gather(ws, posyandu_id, _last_month(ws, month, year)))
    if kind == couples_sheet.CODE:
        return couples_report(ws, (posyandu_id,), gather(ws, posyandu_id, month or Month.of(ws.today())))
    if kind == life_indicators_sheet.CODE:
        return life_indicators.report(ws, gather(ws, posyandu_id, month or Month.of(ws.today())))
    if kind in post_sheets.KINDS:
        return post_sheets.build(ws, kind, posyandu_id, month or Month.of(ws.today()))
    if kind in post_curves.KINDS:
        return post_curves.build(ws, kind, posyandu_id, month or Month.of(ws.today()))
    layout = layouts().get(kind)
    if layout is None:
        raise NotFound(_("Laporan ini tidak dikenal."))
    if layout.period == "person":
        return _card(ws, layout, person_id, year or (month.year if month else None))
    if layout.period == "blank":
        return card(layout, None, _place(ws, posyandu_id))
    today = Month.of(ws.today())
    if layout.period == "month":
        return sheet(layout, gather_sheet(ws, posyandu_id, month or today))
    return sheet(layout, gather_sheet(ws, posyandu_id, _last_month(ws, month, year)))


def bundle(ws: Workspace, posyandu_id: str, month: Month) -> list[Sheet]:
    """Every sheet of a post for a month, and of its year up to that month, each row gathered once. Raises NotFound."""
    return of_post(ws, posyandu_id, gather_sheet(ws, posyandu_id, month))


def of_post(ws: Workspace, posyandu_id: str, data: SheetData) -> list[Sheet]:
    """Every sheet of one post whose rows were gathered before, those about the post itself too."""
    made, month = [*of_data(data)], data.month
    asked = (couples_report(ws, (posyandu_id,), data.report), life_indicators.report(ws, data.report))
    own = (*asked, *post_sheets.bundle(ws, posyandu_id, month))
    return [*made[: len(RECAPS)], *own, *made[len(RECAPS) :]]


def of_data(data: SheetData) -> Iterator[Sheet]:
    """Every sheet that these rows make, of one post or of many, one after the other: all would fill memory."""
    yield from (recap_sheet(code, data.report) for code in RECAPS)
    yield from (sheet(each, data) for each in layouts().values() if each.period in ("month", "year"))


def _last_month(ws: Workspace, month: Month | None, year: int | None) -> Month:
    """The last month of the wanted year, or this month while that year is running."""
    today = Month.of(ws.today())
    wanted = year or (month or today).year
    last = min(Month(wanted, 12), today)
    return last if last.year == wanted else Month(wanted, 12)


def _card(ws: Workspace, layout: Layout, person_id: str, year: int | None) -> Sheet:
    if not person_id:
        raise BadInput(_("Pilih dulu orangnya, lalu cetak kartunya."))
    row = records.load(ws.db, PERSON, person_id)
    if row is None or row.withdrawn:
        raise NotFound(_("Orang ini tidak ada di buku."))
    return card(layout, _history(ws, layout, row, year), _place(ws, row.scope))


def _history(ws: Workspace, layout: Layout, row: Row, year: int | None) -> History:
    who = layout.parts[0].who
    if who not in ("mother_visits", "child_visits"):
        return life_data.card(ws, row, who, year)
    if who == "mother_visits":
        history = pregnancy_history(ws, row)
        if history is None:
            raise BadInput(_("Ibu ini belum punya catatan kehamilan."))
        return history
    if not isinstance(row.answers.get("born_on"), date):
        raise BadInput(_("Lengkapi tanggal lahir anak, lalu cetak lagi."))
    return child_history(ws, row)


def _place(ws: Workspace, posyandu_id: str) -> tuple[tuple[str, str], ...]:
    """Where the post is, for the head of a card."""
    post = records.load(ws.db, POSYANDU, posyandu_id)
    if post is None:
        raise NotFound(_("Posyandu ini tidak ada di buku."))
    line = next((each.place_line for each in posts.posts(ws) if each.id == posyandu_id), "")
    village, district, *_rest = [*line.split(", "), "", ""]
    return (
        (_("Posyandu"), str(post.answers.get("name") or "")),
        (_("Desa/kelurahan"), village),
        (_("Kecamatan"), district),
    )
