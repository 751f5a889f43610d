"""The sheets about the post itself, made from its book for a month."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from posyandu.domain.calendar import Month
from posyandu.domain.forms.home_visit import CHECKLISTS
from posyandu.reports import care_sheet, coaching_sheet, iks_sheet, post_sheet, profile_sheet
from posyandu.reports.care_sheet import Referred, Visited
from posyandu.reports.monthly import MonthlyData
from posyandu.reports.post_sheet import StockItem, Tickets
from posyandu.reports.sheet import Sheet
from posyandu.reports.standing import Standing
from posyandu.services import consents, iks, post_affairs, profile, quality, referrals, social
from posyandu.services.report_data import gather
from posyandu.services.standing import standing
from posyandu.services.workspace import Workspace
from posyandu.storage import records

KINDS: Mapping[str, str] = MappingProxyType(post_sheet.TITLES)
"""The sheets by code; the words want translating."""


def build(ws: Workspace, code: str, posyandu_id: str, month: Month) -> Sheet:
    """One of them. Raises KeyError for another code, NotFound when the book has no such post."""
    if code in OF_THE_YEAR:
        return _of_year(ws, code, posyandu_id, standing(ws, posyandu_id, month))
    return _of_month(ws, code, posyandu_id, gather(ws, posyandu_id, month, since=month - 1))


def bundle(ws: Workspace, posyandu_id: str, month: Month) -> list[Sheet]:
    """All of them, from a year gathered once. Raises NotFound."""
    stands = standing(ws, posyandu_id, month)
    return [
        _of_year(ws, code, posyandu_id, stands)
        if code in OF_THE_YEAR
        else _of_month(ws, code, posyandu_id, stands.data)
        for code in KINDS
    ]


OF_THE_YEAR = (post_sheet.STRATA, post_sheet.COACHING)


def _of_year(ws: Workspace, code: str, posyandu_id: str, stands: Standing) -> Sheet:
    if code == post_sheet.STRATA:
        return post_sheet.strata_sheet(stands)
    month = stands.data.month
    found = quality.of_month(ws, posyandu_id, month)
    return coaching_sheet.coaching_sheet(stands, found, stock_items(ws, posyandu_id, month))


def _of_month(ws: Workspace, code: str, posyandu_id: str, data: MonthlyData) -> Sheet:
    match code:
        case post_sheet.STOCK:
            return post_sheet.stock_sheet(data, stock_items(ws, posyandu_id, data.month))
        case post_sheet.SPM:
            held = [row.answers for row in post_affairs.activities(ws, posyandu_id)]
            tickets = {
                each.field: Tickets(each.received, each.handled, each.refused, each.waiting)
                for each in social.recap(ws, posyandu_id, data.month)
            }
            return post_sheet.spm_sheet(data, post_sheet.this_month(held, data.month), tickets)
        case post_sheet.TALKING:
            return coaching_sheet.talking_sheet(data, data.children.get(data.month - 1, ()))
        case post_sheet.REFERRALS:
            return care_sheet.referral_sheet(data, _referred(ws, posyandu_id, data.month))
        case post_sheet.HOME_VISITS:
            return care_sheet.home_visit_sheet(data, _visited(ws, posyandu_id, data.month))
        case post_sheet.IKS:
            on = min(ws.today(), data.month.last)
            people = profile.people_of(ws, (posyandu_id,), on)
            found = [
                iks_sheet.Family(each.head, each.house, each.found, each.ids)
                for each in iks.families(ws, posyandu_id, on)
            ]
            return iks_sheet.iks_sheet(data, found, ws.standards.on(on), people)
        case _ if code in OF_PLACES:
            return of_places(ws, code, (posyandu_id,), data)
    raise KeyError(code)


OF_PLACES = (post_sheet.PROFILE, post_sheet.CONSENT)
"""Those of a post, or of all the posts of a village, puskesmas, kecamatan or kabupaten."""


def of_places(ws: Workspace, code: str, posts: Sequence[str], data: MonthlyData) -> Sheet:
    """The profile or the register of consent of these posts together, at the end of the month of the data."""
    on = min(ws.today(), data.month.last)
    if code == post_sheet.PROFILE:
        return profile_sheet.profile_sheet(data, profile.of_posts(ws, posts, on), ws.standards.on(on))
    here = profile.people_of(ws, posts, on)
    return profile_sheet.consent_sheet(data, here, consents.of_posts(ws, posts, here, on))


SECRET = "uptd_ppa"
"""Where people are sent of whom no sheet may tell."""


def _referred(ws: Workspace, posyandu_id: str, month: Month) -> list[Referred]:
    return [
        Referred(
            each.person_id,
            each.on,
            each.state,
            "" if each.state == "open" else referrals.answer_words(each.answers),
            each.answers,
        )
        for each in referrals.of_post(ws, posyandu_id)
        if each.on in month and each.answers.get("destination") != SECRET
    ]


def _visited(ws: Workspace, posyandu_id: str, month: Month) -> list[Visited]:
    return [
        Visited(str(row.answers.get("person_id")), on, form, row.answers)
        for form in CHECKLISTS.values()
        for row in records.load_many(ws.db, form, scope=posyandu_id)
        if isinstance(on := row.answers.get("visited_on"), date) and on in month
    ]


def stock_items(ws: Workspace, posyandu_id: str, month: Month) -> list[StockItem]:
    """What the post keeps, for a sheet."""
    cards = post_affairs.stock_cards(ws, posyandu_id, month)
    return [StockItem(card.label, card.unit, card.line, card.outlook) for card in cards if card.is_kept]
