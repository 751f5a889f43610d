"""The sheets about the post itself, made from its book for a month."""

from collections.abc import Mapping
from types import MappingProxyType

from posyandu.domain.calendar import Month
from posyandu.reports import coaching_sheet, post_sheet
from posyandu.reports.post_sheet import StockItem, Tickets
from posyandu.reports.sheet import Sheet
from posyandu.services import post_affairs, quality, social
from posyandu.services.report_data import gather
from posyandu.services.standing import standing
from posyandu.services.workspace import Workspace

KINDS: Mapping[str, str] = MappingProxyType(post_sheet.TITLES)
"""The sheets by code; the words want translating."""


def build(ws: Workspace, code: str, posyandu_id: str, month: Month) -> Sheet:
    """One of them. Raises KeyError for another code, NotFound when the book has no such post."""
    match code:
        case post_sheet.STRATA:
            return post_sheet.strata_sheet(standing(ws, posyandu_id, month))
        case post_sheet.STOCK:
            return post_sheet.stock_sheet(
                gather(ws, posyandu_id, month, since=month), stock_items(ws, posyandu_id, month)
            )
        case post_sheet.SPM:
            held = [row.answers for row in post_affairs.activities(ws, posyandu_id)]
            data = gather(ws, posyandu_id, month, since=month)
            tickets = {
                each.field: Tickets(each.received, each.handled, each.refused, each.waiting)
                for each in social.recap(ws, posyandu_id, month)
            }
            return post_sheet.spm_sheet(data, post_sheet.this_month(held, month), tickets)
        case post_sheet.COACHING:
            found = quality.of_month(ws, posyandu_id, month)
            return coaching_sheet.coaching_sheet(
                standing(ws, posyandu_id, month), found, stock_items(ws, posyandu_id, month)
            )
        case post_sheet.TALKING:
            data = gather(ws, posyandu_id, month, since=month - 1)
            return coaching_sheet.talking_sheet(data, data.children.get(month - 1, ()))
    raise KeyError(code)


def stock_items(ws: Workspace, posyandu_id: str, month: Month) -> list[StockItem]:
    """What the post keeps, for a sheet."""
    cards = post_affairs.stock_cards(ws, posyandu_id, month)
    return [StockItem(card.label, card.unit, card.line, card.outlook) for card in cards if card.is_kept]
