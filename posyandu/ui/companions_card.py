""" "Juga ditanyakan": what is asked beside the visit, on the visit's page and on the person's card, one press away."""

from datetime import date

from posyandu.services import companions
from posyandu.services.companions import Companion
from posyandu.text import _
from posyandu.ui.desk import Desk
from posyandu.ui.widgets.basics import Card, Row


def companions_card(desk: Desk, person_id: str, session_id: str | None, on: date) -> Card | None:
    """A row for each, with its last result; None when nothing is asked of this person."""
    found = companions.companions(desk.ws, person_id, session_id, on)
    if not found:
        return None
    made = Card(_("Juga ditanyakan"), padding=(20, 18), spacing=2, rows=True)
    made.setObjectName("companions")
    for each in found:
        icon = "lock" if each.form.restricted else "list-checks"
        picture = ("icon", icon, None)
        name = f"exam:{each.record_id}" if each.title else f"form:{each.form.name}"
        row = Row(each.title or _(each.form.title), each.words, picture=picture, chip=_chip(each), name=name)
        row.clicked.connect(lambda _on=False, each=each: _open(desk, person_id, session_id, each))
        made.body.addWidget(row)
    return made


def _chip(each: Companion) -> tuple[str, str]:
    if each.form in companions.AS_NEEDED and not each.title:
        return _("Bila ada"), "neutral"
    return (_("Waktunya"), "warn") if each.is_due else (_("Sudah"), "ok")


def _open(desk: Desk, person_id: str, session_id: str | None, each: Companion) -> None:
    day = None if each.form in companions.ONCE else session_id
    desk.go("kunjungan", person_id=person_id, session_id=day, record_id=each.record_id, form=each.form.name)
