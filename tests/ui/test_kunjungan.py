"""One visit typed with real keys: what it means shows at once, drafts survive, saving says what stands in the way."""

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from posyandu.domain.forms.pregnancy import VISIT as PREGNANCY_VISIT
from posyandu.services import people, pregnancies, review, sessions, visits
from posyandu.services.sessions import RosterRow
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.ui.pages.kunjungan import KunjunganPage, age_to_the_day, short_name
from tests.ui import scene
from tests.ui.scene import keys


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=4)
    yield book
    book.close()


@pytest.fixture
def page(qtbot: QtBot, ws: Workspace) -> Iterator[KunjunganPage]:
    made = KunjunganPage(scene.desk(ws))
    scene.stand(qtbot, made, 1130, 640)
    yield made
    made.hide()


@pytest.fixture
def child(ws: Workspace) -> RosterRow:
    """A child between one and two years weighed last month."""
    rows = sessions.roster(ws, scene.open_day(ws), "under_five")
    return next(
        row
        for row in rows
        if row.last_on and (scene.HELD_ON - row.last_on).days < 45 and row.born_on
        and 380 < (scene.HELD_ON - row.born_on).days < 700 and (row.last_visit or {}).get("length_mm")
    )  # fmt: skip


def opened(page: KunjunganPage, row: RosterRow) -> tuple[int, int]:
    """Open the visit with the cursor in the weight; gives last weight and length."""
    page.open(person_id=row.person_id, session_id=scene.open_day(page.desk.ws))
    assert page.form_view is not None
    page.form_view.fields["weight_g"].take_focus()
    last = row.last_visit or {}
    assert isinstance(last["weight_g"], int)
    assert isinstance(last["length_mm"], int)
    return last["weight_g"], last["length_mm"]


def stored(page: KunjunganPage, row: RosterRow) -> RosterRow:
    roster = sessions.roster(page.desk.ws, page.session_id or "", None)
    return next(each for each in roster if each.person_id == row.person_id)


def test_in_a_narrow_window_the_meaning_stands_below_and_no_empty_column_beside(
    page: KunjunganPage, child: RosterRow, qtbot: QtBot
) -> None:
    page.resize(820, 500)
    qtbot.waitUntil(lambda: not page.columns.two)
    opened(page, child)
    assert not page.right.isVisible()
    qtbot.waitUntil(lambda: page.left.width() == page.width())
    qtbot.waitUntil(lambda: page.left.isAncestorOf(page.panel) and page.panel.isVisible())
    page.resize(1130, 640)
    qtbot.waitUntil(lambda: page.right.isVisible() and page.right.isAncestorOf(page.panel))


def test_the_meaning_changes_while_the_weight_is_typed(page: KunjunganPage, child: RosterRow, qtbot: QtBot) -> None:
    grams, _length = opened(page, child)
    assert page.panel.headline.text() == "Isi berat badan"
    keys(f"{(grams + 900) // 100}")
    qtbot.waitUntil(lambda: page.panel.headline.text().startswith("Naik"))
    chart = page.panel.chart.geometry_shown
    assert chart is not None
    assert [point.saved for point in chart.points[-2:]] == [True, False]
    assert page.panel.chip.text() == "N  ·  Naik"
    assert "kg pada umur" in page.panel.chart.accessibleName()


def test_a_weight_in_doubt_is_not_praised_while_it_is_typed_either(
    page: KunjunganPage, child: RosterRow, qtbot: QtBot
) -> None:
    grams, _length = opened(page, child)
    keys(f"{(grams + 5_900) // 100}↵")
    qtbot.waitUntil(lambda: page.panel.headline.text().startswith("Belum dipastikan: naik 5.9"))
    assert page.panel.headline.ink == "warn"
    assert not page.panel.chip.isVisible()
    assert [fact.words for fact in (tile.fact for tile in page.panel.tiles)][0] == "Belum"
    view = page.form_view
    assert view is not None
    view.fields["weight_g"].confirmed.emit("weight_g")
    qtbot.waitUntil(lambda: page.panel.headline.text().startswith("Naik 5.9"))
    assert page.panel.chip.text() == "N  ·  Naik"


def test_before_anything_is_measured_the_curve_calls_last_months_dot_no_new_one(
    page: KunjunganPage, qtbot: QtBot
) -> None:
    rows = sessions.roster(page.desk.ws, scene.open_day(page.desk.ws), "under_five")
    past_kms = next(
        row for row in rows if row.born_on and (scene.HELD_ON - row.born_on).days > 1_830 and row.last_visit
    )
    opened(page, past_kms)
    scene.settle(qtbot)
    chart = page.panel.chart.geometry_shown
    assert chart is not None
    assert all(point.saved for point in chart.points)
    keys("17,0↵110↵")
    qtbot.waitUntil(lambda: not page.panel.chart.geometry_shown.points[-1].saved)  # type: ignore[union-attr]


def test_saving_writes_the_visit_marks_presence_and_can_be_taken_back(
    page: KunjunganPage, child: RosterRow, qtbot: QtBot
) -> None:
    grams, length = opened(page, child)
    toasts = QSignalSpy(page.desk.toast_wanted)
    keys(f"{(grams + 300) // 100}↵{length + 5}↵")
    QTest.mouseClick(page.bar.save, Qt.MouseButton.LeftButton)
    row = stored(page, child)
    assert row.visit is not None
    assert (row.visit["weight_g"], row.visit["length_mm"]) == ((grams + 300) // 100 * 100, length + 5)
    assert row.present is True
    assert page.bar.state.text().startswith("Tersimpan pukul")
    text, action_text, action = toasts.at(0)
    assert text.endswith("tersimpan")
    assert action_text == "Batalkan"
    action()
    assert stored(page, child).visit in (None, {}) or (stored(page, child).visit or {}).get("weight_g") is None


def test_a_visit_of_another_day_says_which_and_when_it_was_saved(page: KunjunganPage, child: RosterRow) -> None:
    opened(page, child)
    assert page.head.day.isHidden(), "today needs no date"
    last = people.card(page.desk.ws, child.person_id).visits[-1]
    page.open(person_id=child.person_id, record_id=last.id, form="under_five_visit")
    on = last.answers["visited_on"]
    assert isinstance(on, date)
    assert not page.head.day.isHidden()
    assert page.head.day.text() == f"Kunjungan {on:%d-%m-%Y}"
    assert page.bar.state.text().startswith(f"Tersimpan {on:%d-%m-%Y} pukul ")


def test_a_visit_in_pregnancy_is_corrected_as_such_after_the_birth(page: KunjunganPage) -> None:
    ws = page.desk.ws
    mothers = sessions.roster(ws, scene.open_day(ws), "pregnant")
    mother = next(row for row in mothers if row.last_visit and row.last_visit.get("weight_g"))
    card = people.card(ws, mother.person_id)
    assert card.pregnancy_id is not None
    wrong = card.visits[-1]
    pregnancies.end(ws, card.pregnancy_id, "live_birth", ws.today())
    assert people.card(ws, mother.person_id).form != "pregnancy_visit"
    toasts = QSignalSpy(page.desk.toast_wanted)
    gone = QSignalSpy(page.desk.page_wanted)
    page.open(person_id=mother.person_id, record_id=wrong.id, form="pregnancy_visit")
    assert page.visit is not None
    assert (page.visit.form.name, page.visit.on) == ("pregnancy_visit", wrong.answers["visited_on"])
    assert page.visit.session_id == wrong.answers["session_id"]
    assert page.form_view is not None
    page.form_view.fields["weight_g"].set_value(int(str(wrong.answers["weight_g"])) + 200)
    assert page.save(then_next=False) or page.save(then_next=False)
    stands = records.load(ws.db, PREGNANCY_VISIT, wrong.id)
    assert stands is not None
    assert stands.answers["weight_g"] == int(str(wrong.answers["weight_g"])) + 200
    assert (stands.answers["visited_on"], stands.answers["pregnancy_id"]) == (
        wrong.answers["visited_on"],
        card.pregnancy_id,
    )
    assert page.visit.record_id == wrong.id, "it stays in view"
    toasts.at(0)[2]()
    told = gone.at(gone.count() - 1)[1]
    assert (told["record_id"], told["form"]) == (wrong.id, "pregnancy_visit"), "taking back shows the same visit"


def test_the_position_is_assumed_by_age_and_shown(page: KunjunganPage, child: RosterRow) -> None:
    _grams, length = opened(page, child)
    assert page.form_view is not None
    keys(f"↵{length + 5}↵")
    assert page.form_view.fields["position"].value() == "lying"


def test_an_impossible_weight_is_not_saved_but_kept_as_a_draft(page: KunjunganPage, child: RosterRow) -> None:
    opened(page, child)
    keys("91,0↵")
    assert page.save(then_next=False) is False
    assert page.form_view is not None
    assert page.form_view.summary.isVisible()
    assert stored(page, child).visit is None
    assert visits.drafts(page.desk.ws)[0].answers["weight_g"] == 91_000


def test_an_impossible_number_is_not_judged(page: KunjunganPage, child: RosterRow, qtbot: QtBot) -> None:
    grams, _length = opened(page, child)
    keys(f"{(grams + 300) // 100}↵200↵")
    qtbot.waitUntil(lambda: page.panel.headline.text().startswith("Naik"))
    page.show_meaning()
    told = {tile.fact.title: tile.fact.words for tile in page.panel.tiles}
    assert told["Panjang / umur"] == "Belum"
    assert told["Berat / umur"] != "Belum"


def test_a_doubtful_length_asks_once_and_is_saved_the_second_time(page: KunjunganPage, child: RosterRow) -> None:
    grams, length = opened(page, child)
    keys(f"{(grams + 300) // 100}↵{length - 60}↵")
    assert page.save(then_next=False) is False
    assert page.save(then_next=False) is True
    assert (stored(page, child).visit or {})["length_mm"] == length - 60
    assert "length_mm" not in stored(page, child).confirmed


def test_a_value_said_to_be_right_is_saved_as_confirmed(page: KunjunganPage, child: RosterRow, qtbot: QtBot) -> None:
    grams, length = opened(page, child)
    keys(f"{(grams + 300) // 100}↵{length - 60}↵")
    assert page.form_view is not None
    button = page.form_view.fields["length_mm"].help.button
    qtbot.waitUntil(lambda: button.height() > 20)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [problem for problem in page.form_view.found() if problem.level.value != "silent"] == []
    assert page.save(then_next=False) is True
    assert "length_mm" in stored(page, child).confirmed


def test_what_was_typed_comes_back_when_the_page_is_opened_again(
    page: KunjunganPage, child: RosterRow, qtbot: QtBot
) -> None:
    grams, _length = opened(page, child)
    keys(f"{(grams + 300) // 100}")
    qtbot.waitUntil(lambda: bool(visits.drafts(page.desk.ws)), timeout=2000)
    again = KunjunganPage(page.desk)
    qtbot.addWidget(again)
    again.open(person_id=child.person_id, session_id=page.session_id)
    assert again.form_view is not None
    assert again.form_view.answers()["weight_g"] == (grams + 300) // 100 * 100
    notice = again.findChild(object, "draft")
    assert notice is not None
    again._drop_draft()
    assert again.form_view.answers()["weight_g"] is None
    assert visits.drafts(page.desk.ws) == []


def test_opening_and_leaving_without_typing_leaves_no_draft(page: KunjunganPage, child: RosterRow) -> None:
    opened(page, child)
    keys("↵↵")
    page._keep_draft()
    assert visits.drafts(page.desk.ws) == []


def test_ctrl_enter_saves_and_goes_to_the_next_in_the_queue(
    page: KunjunganPage, child: RosterRow, qtbot: QtBot
) -> None:
    ws = page.desk.ws
    session_id = scene.open_day(ws)
    other = next(row for row in sessions.roster(ws, session_id, "under_five") if row.person_id != child.person_id)
    sessions.mark_present(ws, session_id, child.person_id)
    sessions.mark_present(ws, session_id, other.person_id)
    grams, _length = opened(page, child)
    qtbot.waitUntil(lambda: not page.bar.save_next.isHidden())
    assert page.bar.save_next.text() == f"Simpan, lalu berikutnya: {short_name(other.name, child.name)}"
    wanted = QSignalSpy(page.desk.page_wanted)
    keys(f"{(grams + 300) // 100}")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert wanted.at(0)[0] == "kunjungan"
    assert wanted.at(0)[1]["person_id"] == other.person_id
    assert (stored(page, child).visit or {})["weight_g"] == (grams + 300) // 100 * 100


def test_a_pregnant_woman_sees_weeks_due_day_and_what_to_do(page: KunjunganPage, qtbot: QtBot) -> None:
    ws = page.desk.ws
    session_id = scene.open_day(ws)
    row = sessions.roster(ws, session_id, "pregnant")[0]
    page.open(person_id=row.person_id, session_id=session_id)
    assert page.form_view is not None
    page.form_view.fields["systolic_mmhg"].take_focus()
    keys("17011")
    keys("0")
    qtbot.waitUntil(lambda: any(tile.fact.words == "Tinggi" for tile in page.panel.tiles))
    assert page.panel.findings.isVisible()
    assert "HPL" in page.panel.detail.text()


def test_questions_not_due_are_one_click_away(page: KunjunganPage, child: RosterRow) -> None:
    opened(page, child)
    assert page.form_view is not None
    assert "vitamin_a" not in page.form_view.order()
    page.form_view.focus_field("vitamin_a")
    assert "vitamin_a" in page.form_view.order()


def test_adults_see_their_readings_and_what_to_do(page: KunjunganPage, qtbot: QtBot) -> None:
    ws = page.desk.ws
    session_id = scene.open_day(ws)
    row = next(row for row in sessions.roster(ws, session_id, None) if row.form == "adult_visit")
    page.open(person_id=row.person_id, session_id=session_id)
    assert page.form_view is not None
    assert page.panel.headline.text() == "Belum ada isian"
    page.form_view.fields["systolic_mmhg"].take_focus()
    keys("180")
    keys("110")
    qtbot.waitUntil(lambda: bool(page.panel.tiles))
    assert page.panel.alert.isVisible()


def test_names_and_ages_are_said_as_people_say_them() -> None:
    assert short_name("Baiq Halimah Sari") == "Baiq Halimah"
    assert short_name("Raka Aditya") == "Raka"
    assert short_name("") == ""
    for name, here, said in (
        ("Abizar Zulfikar", "Abizar Pratama", "Abizar Zulfikar"),
        ("Abizar Zulfikar Ali", "ABIZAR Pratama", "Abizar Zulfikar"),
        ("Ahmad Satriawan", "Ahmad", "Ahmad Satriawan"),
        ("Ahmad", "Ahmad Satriawan", "Ahmad"),
        ("Lalu Iqbal Akbar", "Lalu Iqbal Ananda", "Lalu Iqbal Akbar"),
        ("Nayla Salsabila", "Abizar Pratama", "Nayla"),
        ("Siti Aminah", "Siti Aminah", "Siti Aminah"),
    ):
        assert short_name(name, here) == said, (name, here)
    assert age_to_the_day(scene.HELD_ON.replace(year=2025, month=6, day=18), scene.HELD_ON) == "1 tahun 4 bulan 25 hari"


def test_the_next_child_is_shown_in_the_same_questions_and_gets_nothing_of_the_one_before(
    page: KunjunganPage, child: RosterRow, qtbot: QtBot
) -> None:
    grams, _length = opened(page, child)
    view = page.form_view
    assert view is not None
    qtbot.waitUntil(lambda: len(view.fields.built) == len(view.fields))
    keys(f"{(grams + 300) // 100}")
    rows = sessions.roster(page.desk.ws, page.session_id or "", "under_five")
    other = next(
        row
        for row in rows
        if row.person_id != child.person_id and row.born_on and child.born_on and row.last_visit
        and abs((row.born_on - child.born_on).days) < 150
    )  # fmt: skip
    page.open(person_id=other.person_id, session_id=page.session_id)
    assert page.form_view is view
    assert view.answers()["weight_g"] is None
    assert "kg" in view.fields["weight_g"].help.text
    assert page.title == other.name
    qtbot.wait(500)
    assert [(draft.person_id, draft.answers["weight_g"]) for draft in visits.drafts(page.desk.ws)] == [
        (child.person_id, (grams + 300) // 100 * 100)
    ]
    page.open(person_id=child.person_id, session_id=page.session_id)
    assert view.answers()["weight_g"] == (grams + 300) // 100 * 100


def test_saving_right_after_typing_leaves_no_draft_behind(page: KunjunganPage, child: RosterRow, qtbot: QtBot) -> None:
    grams, length = opened(page, child)
    keys(f"{(grams + 300) // 100}↵{length + 5}")
    assert page.save(then_next=True) is True
    qtbot.wait(500)
    assert visits.drafts(page.desk.ws) == []
    assert (stored(page, child).visit or {})["length_mm"] == length + 5


def test_every_word_has_its_room_when_one_after_another_is_opened(
    page: KunjunganPage, ws: Workspace, qtbot: QtBot
) -> None:
    session = scene.open_day(ws)
    for row in sessions.roster(ws, session, "under_five")[:5]:
        page.open(person_id=row.person_id, session_id=session)
        assert page.form_view is not None
        page.form_view.finish_building()
        qtbot.wait(400)
        cut = [
            label.text()
            for label in page.form_view.findChildren(QLabel)
            if label.isVisible() and label.wordWrap() and label.heightForWidth(label.width()) > label.height()
        ]
        assert cut == [], row.name


def test_what_is_typed_on_a_day_of_a_wrong_scale_is_told_so_at_once(
    page: KunjunganPage, child: RosterRow, qtbot: QtBot
) -> None:
    ws = page.desk.ws
    review.exclude(ws, scene.open_day(ws), "scale", "Timbangan kurang 2 kg")
    grams, _length = opened(page, child)
    keys(f"{(grams + 300) // 100}↵")
    qtbot.waitUntil(
        lambda: "Timbangan hari itu ternyata salah" in page.panel.headline.text() + page.panel.detail.text()
    )
    chart = page.panel.chart.geometry_shown
    assert chart is not None
    assert [(point.wrong, point.saved) for point in chart.points[-2:]] == [(False, True), (True, False)]
