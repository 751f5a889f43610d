"""Moving to another post and coming from one, with real clicks."""

from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.forms import FORMS
from posyandu.services import families, moves, people, sessions, workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.ui import jobs
from posyandu.ui.main_window import MainWindow
from posyandu.ui.move_sheets import ArrivalsSheet, MoveSheet, ReturnSheet
from tests.ui import scene
from tests.ui.looking import settled_faults

THERE = "5203012002"


def shown(window: MainWindow, kind: type[QWidget]) -> QWidget:
    (found,) = [each for each in window.findChildren(kind) if each.isVisible()]
    return found


def press(part: QWidget, start: str, qtbot: QtBot) -> None:
    found = [
        each for each in part.findChildren(QAbstractButton) if each.objectName().startswith(start) and each.isVisible()
    ]
    assert found, start
    found[-1].click()
    jobs.wait(10_000)
    scene.settle(qtbot)


def texts(part: QWidget) -> str:
    return " ".join(label.text() for label in part.findChildren(QLabel) if label.isVisible())


def a_child(ws: Workspace) -> sessions.RosterRow:
    day = sessions.current(ws, ws.posyandu_id)
    assert day is not None
    return next(each for each in sessions.roster(ws, day.id, "under_five") if each.last_visit)


def test_the_card_hands_a_child_over_to_another_village(window: MainWindow, village: Workspace, qtbot: QtBot) -> None:
    child = a_child(village)
    assert window.shell is not None
    window.shell.desk.go("kartu", person_id=child.person_id)
    scene.settle(qtbot)
    window.shell.page("kartu").move_away()  # type: ignore[attr-defined]
    sheet = shown(window, MoveSheet)
    press(sheet, "button:serahkan", qtbot)
    assert "Pilih desa" in texts(sheet)
    assert records.load_many(village.db, FORMS["handover"]) == []
    sheet.area.box.setText("tanjung luar")  # type: ignore[attr-defined]
    sheet.area._ask()  # type: ignore[attr-defined]  # noqa: SLF001 - what the timer does
    jobs.wait(20_000)
    scene.settle(qtbot)
    sheet.area._take_first()  # type: ignore[attr-defined]  # noqa: SLF001 - Enter in the box
    assert settled_faults(sheet) == []
    sheet.view.set_answers({"left_on": None})  # type: ignore[attr-defined]
    press(sheet, "button:serahkan", qtbot)
    assert records.load_many(village.db, FORMS["handover"]) == []  # since when is asked for
    sheet.view.set_answers({"left_on": village.today()})  # type: ignore[attr-defined]
    press(sheet, "button:serahkan", qtbot)
    (row,) = records.load_many(village.db, FORMS["handover"], person_id=child.person_id)
    assert row.answers["left_on"] == village.today()
    assert people.card(village, child.person_id).hit.status == "moved"
    window.shell.page("kartu").move_away()  # type: ignore[attr-defined]
    scene.settle(qtbot)
    assert not [each for each in window.findChildren(MoveSheet) if each.isVisible()]  # only the registration is left


def an_arrival(ws: Workspace, name: str) -> str:
    """What the server puts into the feed: a package another laptop made."""
    away = workspace.in_memory(now=ws.now(), post="kenanga", practice=ws.practice)
    child = people.register(away, {"name": name, "sex": "male", "born_on": date(2025, 3, 5), "mother_name": "Wulan"})
    visit = {"visited_on": date(2026, 10, 10), "weight_g": 9200}
    records.save(
        away.db, FORMS["under_five_visit"], records.new_id(), visit, scope="kenanga", author=away.author,
        now=away.now(), links={"person_id": child},
    )  # fmt: skip
    moves.hand_over(away, child, THERE, "", date(2026, 11, 1))
    (row,) = records.load_many(away.db, FORMS["handover"])
    record = records.new_id()
    answers = {name: row.answers[name] for name in ("from_post", "from_village", "left_on", "package")}
    records.save(ws.db, FORMS["arrival"], record, answers, scope=ws.posyandu_id, author=ws.author, now=ws.now())
    return record


def test_who_comes_is_taken_in_or_declined(window: MainWindow, village: Workspace, qtbot: QtBot) -> None:
    first, second = an_arrival(village, "Zulaikha Qomariyah"), an_arrival(village, "Bukan Warga")
    assert window.shell is not None
    window.shell.desk.go("sasaran")
    jobs.wait(10_000)
    scene.settle(qtbot)
    page = window.shell.page("sasaran")
    button = page.coming  # type: ignore[attr-defined]
    assert (button.text(), button.isVisible()) == ("2 pindahan masuk", True)
    button.click()
    jobs.wait(10_000)
    scene.settle(qtbot)
    sheet = shown(window, ArrivalsSheet)
    assert settled_faults(sheet) == []
    press(sheet, f"button:tolak:{second}", qtbot)
    press(sheet, f"button:terima:{first}", qtbot)
    assert "Tidak ada yang menunggu" in texts(sheet)
    assert moves.arrivals(village) == []
    (hit,) = people.search(village, "zulaikha")
    assert hit.scope == village.posyandu_id
    assert len(records.load_many(village.db, FORMS["under_five_visit"], person_id=hit.id)) == 1
    assert people.search(village, "bukan warga") == []
    assert not button.isVisible()


def a_moved_child_on_the_form(window: MainWindow, village: Workspace, qtbot: QtBot) -> tuple[str, ReturnSheet]:
    """Moved away two months ago, and now "tinggal di sini" on the form of the registration."""
    child = a_child(village).person_id
    people.set_status(village, child, "moved", village.today() - timedelta(days=60))
    assert window.shell is not None
    window.shell.desk.go("daftar", person_id=child, focus="status")
    scene.settle(qtbot)
    page: Any = window.shell.page("daftar")
    page.view.fields["status"].set_value("active")
    page.view.show_asked()
    assert page.save()
    sheet = shown(window, ReturnSheet)
    assert people.card(village, child).hit.status == "moved", "nothing is changed before the answer"
    assert settled_faults(sheet) == []
    return child, sheet  # type: ignore[return-value]


def test_who_is_said_to_live_here_again_is_asked_about_and_gets_a_new_stay(
    window: MainWindow, village: Workspace, qtbot: QtBot
) -> None:
    child, sheet = a_moved_child_on_the_form(window, village, qtbot)
    sheet.view.set_answers({"entered_on": None})
    press(sheet, "button:kembali", qtbot)
    assert "sejak kapan" in texts(sheet)
    sheet.view.set_answers({"entered_on": village.today()})
    press(sheet, "button:kembali", qtbot)
    assert people.card(village, child).hit.status == "moved", "the first stay stays"
    assert window.shell is not None
    page: Any = window.shell.page("kartu")
    assert page.person_id != child
    card = people.card(village, page.person_id)
    assert (card.hit.status, card.person["entered_on"]) == ("active", village.today())
    press(window, "toast:action", qtbot)
    assert page.person_id == child
    assert records.load_many(village.db, FORMS["person"], name=card.hit.name, status="active") == []


def test_who_never_left_is_corrected_and_no_second_stay_is_made(
    window: MainWindow, village: Workspace, qtbot: QtBot
) -> None:
    child, sheet = a_moved_child_on_the_form(window, village, qtbot)
    many = len(records.load_many(village.db, FORMS["person"]))
    press(sheet, "button:salah", qtbot)
    card = people.card(village, child)
    assert (card.hit.status, card.person.get("left_on")) == ("active", None)
    assert len(records.load_many(village.db, FORMS["person"])) == many


def test_a_whole_family_is_handed_over_from_its_page(window: MainWindow, village: Workspace, qtbot: QtBot) -> None:
    line = max(
        (each for each in families.register(village, village.posyandu_id).lines if each.id),
        key=lambda each: each.members,
    )
    assert line.members >= 3
    everybody = [each.hit.id for each in families.card(village, village.posyandu_id, line.id).members]
    assert window.shell is not None
    window.shell.desk.go("keluarga", household_id=line.id)
    jobs.wait(20_000)
    scene.settle(qtbot)
    press(window, "button:pindahkan", qtbot)
    press(window, f"pindah:{everybody[1]}", qtbot)
    press(window, "pindah-ke:away", qtbot)
    press(window, "button:ya", qtbot)
    sheet: Any = shown(window, MoveSheet)
    assert sheet.area.box.hasFocus()
    assert sheet._going() == [everybody[1]]
    press(sheet, "ikut:semua", qtbot)
    assert set(sheet._going()) == set(everybody)
    press(sheet, f"ikut:{everybody[-1]}", qtbot)
    assert not sheet.all.isChecked()
    assert settled_faults(sheet) == []
    sheet.area.box.setText("tanjung luar")
    sheet.area._ask()
    jobs.wait(20_000)
    scene.settle(qtbot)
    sheet.area._take_first()
    press(sheet, "button:serahkan", qtbot)
    handed = records.load_many(village.db, FORMS["handover"])
    assert {row.answers["person_id"] for row in handed} == set(everybody[:-1])
    left = families.card(village, village.posyandu_id, line.id)
    assert [each.hit.id for each in left.members] == everybody[-1:]
    press(window, "toast:action", qtbot)
    assert records.load_many(village.db, FORMS["handover"]) == []
    assert len(families.card(village, village.posyandu_id, line.id).members) == len(everybody)


def test_a_family_that_moved_nobody_knows_where_to_is_noted_at_once(
    window: MainWindow, village: Workspace, qtbot: QtBot
) -> None:
    line = max(
        (each for each in families.register(village, village.posyandu_id).lines if each.id),
        key=lambda each: each.members,
    )
    first, *others = [each.hit.id for each in families.card(village, village.posyandu_id, line.id).members]
    assert window.shell is not None
    window.shell.desk.go("kartu", person_id=first)
    scene.settle(qtbot)
    window.shell.page("kartu").move_away()  # type: ignore[attr-defined]
    sheet: Any = shown(window, MoveSheet)
    assert set(sheet.ticks) == set(others)
    press(sheet, "ikut:semua", qtbot)
    press(sheet, "button:pindah-saja", qtbot)
    assert families.card(village, village.posyandu_id, line.id).members == ()
    assert records.load_many(village.db, FORMS["handover"]) == []
