"""Every form there is, in the widths its pages have: no word cut, nothing outside or over another, all by keyboard."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posyandu.domain.form import Context, Form
from posyandu.domain.forms import FORMS
from posyandu.services import births
from posyandu.ui import theme
from posyandu.ui.form_view import FormView
from posyandu.ui.widgets.basics import ScrollPage
from tests.ui import looking

ROOMS = {
    "beside, 1366": (1.0, 532),
    "alone, 1024": (1.0, 932),
    "beside, 1366 at 130%": (1.3, 573),
    "home visit, 1024 at 130%": (1.3, 905),
}
"""Text size and width of the column a form stands in: beside its meaning, or alone in a small window."""

ALL = {**FORMS, "birth": births.BIRTH, "twin": births.TWIN}


def whole(form: Form) -> Form:
    """The form with every question shown."""
    sections = tuple(
        replace(section, fields=tuple(replace(field, shown_if=None) for field in section.fields))
        for section in form.sections
    )
    return replace(form, sections=sections)


def view_of(form: Form, width: int, qtbot: QtBot) -> tuple[ScrollPage, FormView]:
    page = ScrollPage(margins=(28, 2, 28, 18))
    qtbot.addWidget(page)
    view = FormView(whole(form), Context(date(2026, 11, 12), {}, {}))
    page.body.addWidget(view)
    page.resize(width, 600)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page, view


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("name", ALL)
def test_the_form_fits_its_column(name: str, room: str, qtbot: QtBot, qapp: QApplication) -> None:
    factor, width = ROOMS[room]
    theme.apply(qapp, "light", factor)
    page, view = view_of(ALL[name], width, qtbot)
    assert looking.settled_faults(page) == []
    assert looking.unreached(page) == []
    assert view.order() == [field.name for section in view.form.sections for field in section.fields]
    page.hide()


@pytest.mark.parametrize("name", ALL)
def test_enter_goes_through_every_question_to_the_end(name: str, qtbot: QtBot) -> None:
    page, view = view_of(ALL[name], 532, qtbot)
    order = view.order()
    view.fields[order[0]].take_focus()
    for here in order:
        focus = QApplication.focusWidget()
        assert focus is not None
        field = view.fields[here]
        assert field is focus or field.isAncestorOf(focus), (here, looking.told(focus))
        if here == order[-1]:
            with qtbot.waitSignal(view.ended):
                view.go_from(here, 1)
        else:
            view.go_from(here, 1)
    assert view.go_from(order[-1], -1) or len(order) == 1
    page.hide()


def test_the_eye_finds_what_it_looks_for(qtbot: QtBot) -> None:
    page, view = view_of(ALL["adult_visit"], 532, qtbot)
    label = next(each for each in view.findChildren(looking.QLabel) if each.text() and each.isVisible())
    label.setFixedWidth(10)
    assert any("cut" in each or "low" in each for each in looking.faults(page))
    box = view.fields["weight_g"]
    box.setFixedWidth(5_000)
    assert any("outside" in each for each in looking.faults(page))
    box.input().setAccessibleName("")
    box.input().setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    assert any("no name" in each for each in looking.faults(page))
    page.hide()
