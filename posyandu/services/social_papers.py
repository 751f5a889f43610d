"""Reports of social problems for paper: one page for the village office, and the list with the recap of six fields."""

from datetime import date
from pathlib import Path

from posyandu.domain.calendar import Month, month_text, short_date
from posyandu.domain.duties import DUTIES
from posyandu.domain.fields import Choice
from posyandu.domain.forms.social import FIELDS, PLACES, STAGES, TICKET
from posyandu.services import leaving, posts, sealed, social
from posyandu.services.social import Ticket
from posyandu.services.workspace import Workspace
from posyandu.text import _


def sheet(ws: Workspace, each: Ticket) -> bytes:
    """One report as PDF. A confidential one is marked, and that it was printed is written down."""
    from posyandu.reports.social import SheetStep, TicketSheet, ticket_pdf

    facts = [
        (_("Tentang"), each.who),
        (_("Bidang SPM"), _(FIELDS[each.field])),
        *((_(TICKET.fields[name].label), words) for name in _PRINTED if (words := _words(each, name))),
        (_("Batas waktu"), short_date(each.clock.due_on)),
    ]
    steps = [SheetStep(_(STAGES["recorded"]), short_date(each.noted_on), _("Kader Posyandu"), "")]
    for step in each.steps:
        place = _("ke {place}").format(place=_(PLACES[step.sent_to])) if step.sent_to in PLACES else ""
        told = ". ".join(part for part in (place, step.reason, step.note, step.owner, step.reference) if part)
        duty = _(DUTIES[step.role]) if step.role in DUTIES else ""
        steps.append(SheetStep(_(STAGES[step.stage]), short_date(step.on), duty or step.by, told))
    if each.sealed:
        sealed.note_printed(ws, each.id)
    return ticket_pdf(
        TicketSheet(
            number=each.number, title=_(each.kind.label), post=_post_name(ws, each.scope), facts=tuple(facts),
            finding=str(each.answers.get("finding") or ""), steps=tuple(steps), printed=short_date(ws.today()),
            secret=each.sealed,
        )
    )  # fmt: skip


def save_sheet(ws: Workspace, each: Ticket, path: Path) -> Path:
    """Write the page, whole or not at all. Raises DiskFull, BadInput when the file cannot be replaced."""
    content = sheet(ws, each)  # which notes the printing of a sealed one
    return (
        leaving.write(path, content)
        if each.sealed
        else leaving.hand_out(ws, leaving.NAMES, path, content, scope=each.scope)
    )


def listing(ws: Workspace, month: Month | None = None) -> bytes:
    """The recap of a month (this one) and the list of what is open or was noted in it, as PDF."""
    from posyandu.reports.social import ListRow, RecapRow, list_pdf

    month = month or Month.of(ws.today())
    shown = [each for each in social.tickets(ws) if each.is_open or each.noted_on in month]
    rows = [
        ListRow(
            number=each.number, field=_(FIELDS[each.field]), kind=_(each.kind.label), who=each.who,
            noted=short_date(each.noted_on), stage=_(STAGES[each.stage]), owner=each.owner, left=left(each),
        )
        for each in shown
    ]  # fmt: skip
    counts = [
        RecapRow(_(FIELDS[each.field]), each.received, each.handled, each.refused, each.waiting)
        for each in social.recap(ws, ws.posyandu_id, month)
    ]
    title = _("Masalah sosial {month}").format(month=month_text(month))
    return list_pdf(title, _post_name(ws, ws.posyandu_id), short_date(ws.today()), counts, rows)


def save_list(ws: Workspace, path: Path, month: Month | None = None) -> Path:
    """Write recap and list, whole or not at all. Raises DiskFull, BadInput when the file cannot be replaced."""
    title = _("Masalah sosial {month}").format(month=month_text(month or Month.of(ws.today())))
    return leaving.hand_out(ws, leaving.NAMES, path, listing(ws, month), title)


def left(each: Ticket) -> str:
    """The time of a report in words: "sisa 2 hari kerja", "lewat 1 hari kerja", "" when it no longer waits."""
    if not each.clock.runs:
        return ""
    days = each.clock.left
    return _("sisa {n} hari kerja").format(n=days) if days >= 0 else _("lewat {n} hari kerja").format(n=-days)


_PRINTED = ("place", "consent", "urgency", "noted_on", "action", "referred_to")


def _words(each: Ticket, name: str) -> str:
    field, value = TICKET.fields[name], each.answers.get(name)
    if isinstance(field, Choice):
        return next((_(option.label) for option in field.options if option.code == value), "")
    return short_date(value) if isinstance(value, date) else str(value or "")


def _post_name(ws: Workspace, scope: str) -> str:
    return next((post.name for post in posts.posts(ws) if post.id == scope), "")
