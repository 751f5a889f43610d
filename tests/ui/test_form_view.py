"""A form on screen, driven by real key events."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.form import Context, Level, Limit, Problem
from posyandu.domain.forms import FORMS
from posyandu.ui.editors import Setting, answer_text, editor_for
from posyandu.ui.form_view import FIELDS_A_TURN, FIRST_FIELDS, FormView, last_words
from posyandu.ui.widgets.basics import EvenLabel, ScrollPage
from posyandu.ui.widgets.overlay import Overlay
from tests.ui import scene

TODAY = date(2026, 11, 12)
CONTEXT = Context(
    today=TODAY,
    previous={"weight_g": 9200, "length_mm": 794},
    limits={
        "weight_g": Limit(hard_low=2000, hard_high=30_000, fall=500, rise=2000),
        "length_mm": Limit(hard_low=450, hard_high=1300, fall=0),
    },
)


def form_view(qtbot: QtBot, name: str = "under_five_visit", context: Context = CONTEXT, **options: object) -> FormView:
    view = FormView(FORMS[name], context, left_out=("visited_on", "source"), **options)  # type: ignore[arg-type]
    scene.stand(qtbot, view)
    return view


def keys(text: str) -> None:
    """Type where the focus is; "↵" is Enter."""
    for each in text:
        focus = QApplication.focusWidget()
        assert focus is not None
        if each == "↵":
            QTest.keyClick(focus, Qt.Key.Key_Return)
        else:
            QTest.keyClicks(focus, each)


def focused() -> str:
    focus = QApplication.focusWidget()
    return focus.objectName() if isinstance(focus, QWidget) else ""


def test_every_field_of_every_form_has_an_editor_and_words() -> None:
    for form in FORMS.values():
        for field in form.fields.values():
            widget = editor_for(field, Setting(TODAY))
            assert widget.name == field.name
            widget.deleteLater()
    weight = FORMS["under_five_visit"].fields["weight_g"]
    assert answer_text(weight, 9600) == "9,6 kg"
    assert answer_text(FORMS["person"].fields["sex"], "male") == "Laki-laki"
    assert answer_text(FORMS["person"].fields["born_on"], TODAY) == "12-11-2026"
    assert answer_text(FORMS["under_five_visit"].fields["sick"], True) == "Ya"


def test_enter_walks_from_field_to_field_in_the_order_asked(qtbot: QtBot) -> None:
    view = form_view(qtbot, first=("weight_g",))
    view.fields["weight_g"].take_focus()
    keys("96↵791↵t↵142↵47↵")
    answers = view.answers()
    assert {name: answers[name] for name in ("weight_g", "length_mm", "position", "muac_mm", "head_mm")} == {
        "weight_g": 9600,
        "length_mm": 791,
        "position": "lying",
        "muac_mm": 142,
        "head_mm": 470,
    }


def test_tab_and_shift_tab_walk_the_same_way_and_there_is_no_dead_end(qtbot: QtBot) -> None:
    view = form_view(qtbot)
    order = view.order()
    view.fields[order[0]].take_focus()
    for name in order:
        assert focused().split(":")[1] == name
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    view.fields[order[2]].take_focus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert focused() == f"field:{order[1]}"


def test_enter_in_the_last_field_says_so(qtbot: QtBot) -> None:
    view = form_view(qtbot)
    view.fields[view.order()[-1]].take_focus()
    with qtbot.waitSignal(view.ended):
        keys("↵")


def test_nothing_is_said_while_typing_but_on_leaving(qtbot: QtBot) -> None:
    view = form_view(qtbot)
    weight = view.fields["weight_g"]
    weight.take_focus()
    keys("0,3")
    assert weight.problem == ""
    keys("↵")
    assert weight.problem.startswith("Berat badan harus antara 2,0 dan 30,0 kg")
    assert weight.state == "bad"


def test_the_message_goes_as_soon_as_the_value_is_repaired(qtbot: QtBot) -> None:
    view = form_view(qtbot)
    view.fields["weight_g"].take_focus()
    keys("0,3↵")
    view.fields["weight_g"].take_focus()
    keys("9,6")
    assert view.fields["weight_g"].problem == ""


def test_a_doubtful_value_is_amber_until_somebody_says_it_is_right(qtbot: QtBot) -> None:
    view = form_view(qtbot)
    length = view.fields["length_mm"]
    length.take_focus()
    keys("79,1↵")
    assert (length.state, length.problem) == ("warn", "Turun 0,3 cm dari kunjungan lalu. Coba ukur sekali lagi.")
    with qtbot.waitSignal(view.confirm_asked):
        QTest.mouseClick(length.help.button, Qt.MouseButton.LeftButton)
    assert length.problem == ""
    assert view.confirmed == {"length_mm"}
    length.take_focus()
    keys("79↵")
    assert view.confirmed == set()
    assert length.state == "warn"


def test_last_months_value_stands_under_the_box(qtbot: QtBot) -> None:
    view = form_view(qtbot, last="Bulan lalu")
    assert view.fields["weight_g"].help.text == "Bulan lalu 9,2 kg"


def test_questions_appear_with_the_answer_that_calls_for_them_and_forget_when_they_go(qtbot: QtBot) -> None:
    view = form_view(qtbot)
    assert not view.fields["illness"].isVisible()
    view.fields["sick"].take_focus()
    keys("y↵")
    assert focused() == "field:illness"
    keys("batuk pilek")
    assert view.answers()["illness"] == "batuk pilek"
    view.fields["sick"].take_focus()
    keys("t")
    assert not view.fields["illness"].isVisible()
    assert view.answers()["illness"] is None


def test_questions_kept_for_later_are_one_click_away_and_shown_when_answered(qtbot: QtBot) -> None:
    view = form_view(qtbot, later=("oedema", "gain_judged"))
    assert not view.fields["oedema"].isVisible()
    view.set_answers({"oedema": "1"})
    assert view.fields["oedema"].isVisible()
    assert not view.fields["gain_judged"].isVisible()
    view.focus_field("gain_judged")
    assert focused() == "field:gain_judged"


def test_the_draft_is_due_shortly_after_the_last_key_and_at_once_on_leaving(qtbot: QtBot) -> None:
    view = form_view(qtbot)
    view.fields["weight_g"].take_focus()
    with qtbot.waitSignal(view.draft_due, timeout=2000):
        keys("9")
    with qtbot.waitSignal(view.draft_due, timeout=50):
        keys(",6↵")


def test_the_summary_lists_what_stands_in_the_way_and_each_line_goes_there(qtbot: QtBot) -> None:
    view = form_view(qtbot, "person", Context(TODAY, {}, {}))
    view.show_summary([problem for problem in view.found() if problem.level is Level.HARD])
    assert view.summary.isVisible()
    assert set(view.summary._lines) == {"name", "sex", "born_on"}
    assert focused() == "problem:name"
    QTest.mouseClick(view.summary._lines["born_on"], Qt.MouseButton.LeftButton)
    assert focused() == "field:born_on"
    keys("050325↵")
    view.fields["name"].take_focus()
    keys("Siti↵")
    assert set(view.summary._lines) == {"sex"}


def test_required_answers_are_asked_for_only_when_saving(qtbot: QtBot) -> None:
    view = form_view(qtbot, "person", Context(TODAY, {}, {}))
    view.fields["name"].take_focus()
    keys("↵")
    assert view.fields["name"].problem == ""
    view.show_summary(view.found())
    assert view.fields["name"].problem == "Nama lengkap belum diisi"


def test_what_cannot_be_read_is_an_impossible_answer(qtbot: QtBot) -> None:
    view = form_view(qtbot, "person", Context(TODAY, {}, {}))
    view.fields["born_on"].take_focus()
    keys("31-02-2025↵")
    assert view.fields["born_on"].state == "bad"
    assert [problem.field for problem in view.troubles()] == ["born_on"]


def test_blood_pressure_hops_forward_when_complete_and_back_when_empty(qtbot: QtBot) -> None:
    view = form_view(qtbot, "pregnancy_visit", Context(TODAY, {}, {}))
    view.fields["systolic_mmhg"].take_focus()
    keys("11")
    assert focused() == "field:systolic_mmhg"
    keys("0")
    assert focused() == "field:diastolic_mmhg"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backspace)
    assert focused() == "field:systolic_mmhg"
    view.set_answers({})
    keys("9080")
    assert (view.answers()["systolic_mmhg"], view.answers()["diastolic_mmhg"]) == (90, 80)


def test_setting_answers_is_not_typing(qtbot: QtBot) -> None:
    view = form_view(qtbot)
    with qtbot.assertNotEmitted(view.changed):
        view.set_answers({"weight_g": 9600, "sick": True, "note": "dua\nbaris", "oedema": "2"})
    assert view.answers()["weight_g"] == 9600
    assert view.answers()["oedema"] == "2"


def test_the_earlier_visit_is_named_by_how_long_ago_it_was() -> None:
    assert last_words(date(2026, 10, 10), TODAY) == "Bulan lalu"
    assert last_words(date(2026, 8, 10), TODAY) == "3 bulan lalu"
    assert last_words(date(2026, 11, 1), TODAY) == "Terakhir"
    assert last_words(None, TODAY) == "Terakhir"


# ---- building a few questions at a time, and asking the next person in the same ones


def bare_view(**options: object) -> FormView:
    return FormView(FORMS["under_five_visit"], CONTEXT, left_out=("visited_on", "source"), **options)  # type: ignore[arg-type]


def test_a_form_is_built_a_few_questions_a_turn(qtbot: QtBot) -> None:
    view = bare_view()
    qtbot.addWidget(view)
    view.show()
    seen = [len(view.fields.built)]
    assert seen == [FIRST_FIELDS]
    while len(view.fields.built) < len(view.fields):
        QApplication.processEvents()
        seen.append(len(view.fields.built))
    assert max(after - before for before, after in zip(seen, seen[1:], strict=False)) <= FIELDS_A_TURN
    assert not view._building.isActive()
    assert all(widget.isVisible() == (name in view.order()) for name, widget in view.fields.items())


def test_what_is_typed_while_the_rest_is_built_stays_and_keeps_the_keys(qtbot: QtBot) -> None:
    view = bare_view(first=("weight_g",))
    qtbot.addWidget(view)
    view._building.stop()  # the window needs a few turns to become active
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.fields["weight_g"].take_focus()
    view._building.start()
    assert len(view.fields.built) == FIRST_FIELDS
    for figure in "9,6":
        keys(figure)
        QApplication.processEvents()
    qtbot.waitUntil(lambda: len(view.fields.built) == len(view.fields))
    assert focused() == "field:weight_g"
    assert view.answers()["weight_g"] == 9600


def test_answers_whose_questions_are_not_built_yet_are_kept_as_given(qtbot: QtBot) -> None:
    given = {"weight_g": 9600, "sick": True, "illness": "batuk", "vitamin_a": "red", "referred": False}
    given = {name: value for name, value in given.items() if name in FORMS["under_five_visit"].fields}
    view = bare_view()
    qtbot.addWidget(view)
    view.set_answers(given)
    before, order = view.answers(), view.order()
    assert len(view.fields.built) == FIRST_FIELDS
    assert {name: before[name] for name in given} == given
    view.finish_building()
    assert view.answers() == before
    assert view.order() == order
    assert view.found() == []


def test_a_question_asked_for_by_name_is_built_by_being_asked_for(qtbot: QtBot) -> None:
    view = bare_view()
    qtbot.addWidget(view)
    last = list(view.fields)[-1]
    assert last in view.fields
    assert last not in view.fields.built
    assert view.fields[last].name == last
    assert "visited_on" not in view.fields
    assert view.fields.get("visited_on") is None
    heard: list[str] = []
    view.for_each(lambda widget: heard.append(widget.name))
    assert heard == [*list(view.fields)[:FIRST_FIELDS], last]  # what stands above it comes in its turn


def test_a_question_gone_to_stays_in_sight_and_keeps_the_keys_while_those_above_it_are_built(qtbot: QtBot) -> None:
    view = FormView(FORMS["person"], CONTEXT)
    page = ScrollPage()
    page.body.addWidget(view)
    scene.stand(qtbot, page, 600, 400)
    view._building.stop()
    view.focus_field("status")
    assert len(view.fields.built) < len(view.fields) - 20
    view._building.start()
    for place in "123":  # a closed question answers by the place of the answer
        keys(place)
        QApplication.processEvents()
    qtbot.waitUntil(lambda: len(view.fields.built) == len(view.fields))
    QApplication.processEvents()
    line = view.fields["status"].input()
    assert line.hasFocus()
    assert not line.visibleRegion().isEmpty()
    assert view.answers()["status"] == "moved"
    bar = page.verticalScrollBar()
    bar.setValue(0)  # whoever scrolls away afterwards is not called back
    QApplication.processEvents()
    assert bar.value() == 0


def test_what_stands_in_the_way_is_marked_at_questions_built_after_it_was_said(qtbot: QtBot) -> None:
    view = bare_view()
    qtbot.addWidget(view)
    last = list(view.fields)[-1]
    view._building.stop()
    view.show_summary([Problem(last, Level.HARD, "Tidak bisa begitu.")])
    assert last not in view.fields.built
    assert view.fields[last].problem == "Tidak bisa begitu."
    assert view.summary.findChild(QWidget, f"problem:{last}") is not None


def test_words_below_a_question_wait_until_it_is_built(qtbot: QtBot) -> None:
    view = bare_view()
    qtbot.addWidget(view)
    last = list(view.fields)[-1]
    view.say_below(last, "Lihat buku KIA")
    assert last not in view.fields.built
    assert view.fields[last].help.text == "Lihat buku KIA"


def test_the_next_person_is_asked_in_the_same_view_with_nothing_of_the_one_before(qtbot: QtBot) -> None:
    view = form_view(qtbot, later=("oedema",), last="Bulan lalu")
    weight = view.fields["weight_g"]
    view.focus_field("oedema")
    weight.take_focus()
    keys("0,3↵")
    view.say_below("sick", "Lihat buku KIA")
    assert weight.problem
    view.fields["length_mm"].take_focus()
    keys("80")
    other = Context(TODAY, {"weight_g": 4100}, {"weight_g": Limit(hard_low=1000, hard_high=8000)})
    drafts: list[str] = []
    view.draft_due.connect(lambda: drafts.append("due"))
    view.settled.connect(drafts.append)
    assert view.suits(view.form, ("source", "visited_on"))
    assert not view.suits(view.form, ("source",))
    view.ask_again(other, later=("oedema",), last="2 bulan lalu")
    assert view.fields["weight_g"] is weight
    assert set(view.answers().values()) == {None}
    assert (weight.problem, weight.help.text) == ("", "2 bulan lalu 4,1 kg")
    assert view.fields["sick"].help.text == ""
    assert view.fields["length_mm"].help.text == view.fields["length_mm"].hint
    assert not view.fields["oedema"].isVisible()
    assert not view.summary.isVisible()
    assert drafts == []
    weight.take_focus()
    keys("9↵")
    assert "8,0" in weight.problem
    assert drafts == ["due", "weight_g"]


@pytest.mark.parametrize(("width", "beside"), [(1000, True), (700, False)])
def test_the_cards_stand_in_two_columns_or_one_below_the_other_in_their_order(
    qtbot: QtBot, width: int, beside: bool
) -> None:
    view = FormView(FORMS["pregnancy"], Context(TODAY, {}, {}), card_columns=2)
    view.follow_width(900)
    view.finish_building()
    scene.stand(qtbot, view, width, 900)
    for _again in range(2):  # there and back
        view.resize(700 if width > 900 else 1000, 900)
        QApplication.processEvents()
        view.resize(width, 900)
        QApplication.processEvents()
    shown = [card for card in view.sections if card.isVisible()]
    assert len(shown) >= 2
    lefts, tops = [card.x() for card in shown], [card.y() for card in shown]
    if beside:
        assert lefts[0] < lefts[1]
        assert tops[0] == tops[1]
    else:
        assert len(set(lefts)) == 1
        assert tops == sorted(tops)
        assert shown[0].width() > width - 40


def test_the_heading_of_a_section_leaves_no_word_alone_on_its_last_line(qtbot: QtBot) -> None:
    view = form_view(qtbot, "aks")
    assert {type(card.heading) for card in view.sections} == {EvenLabel}


@pytest.mark.parametrize(("typed", "asked"), [("", False), ("1", True)])
def test_a_sheet_of_questions_asks_before_it_loses_an_answer(qtbot: QtBot, typed: str, asked: bool) -> None:
    host = QWidget()
    scene.stand(qtbot, host, 900, 600)
    sheet, view = Overlay(host, "Kehadiran"), FormView(FORMS["attendance"], CONTEXT)
    view.set_answers({"queue_number": 8})
    sheet.body.addWidget(view)
    sheet.open_over(view.fields["present"].input())
    keys(typed)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert sheet.isVisible() is asked
