"""The list of people, one person's card, and registration, with real keys."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from posyandu.domain.forms.registration import PERSON
from posyandu.domain.service_group import Group
from posyandu.services import people, reporting, sessions, unsaved, workspace
from posyandu.services.people import PersonHit
from posyandu.services.workspace import Workspace
from posyandu.ui import jobs
from posyandu.ui.pages import kartu
from posyandu.ui.pages.daftar import DaftarPage
from posyandu.ui.pages.kartu import ChangeLabel, KartuPage, TimelineRow
from posyandu.ui.pages.sasaran import SasaranPage
from posyandu.ui.widgets.basics import Notice
from tests.ui import scene
from tests.ui.scene import keys


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=5)
    yield book
    book.close()


def show(qtbot: QtBot, page: QWidget) -> None:
    scene.stand(qtbot, page, 1130, 640)


@pytest.fixture
def listing(qtbot: QtBot, ws: Workspace) -> Iterator[SasaranPage]:
    made = SasaranPage(scene.desk(ws))
    show(qtbot, made)
    made.open()
    made.first_focus().setFocus()
    yield made
    made.hide()


@pytest.fixture
def card(qtbot: QtBot, ws: Workspace) -> Iterator[KartuPage]:
    made = KartuPage(scene.desk(ws))
    show(qtbot, made)
    yield made
    made.hide()


@pytest.fixture
def sheet(qtbot: QtBot, ws: Workspace) -> Iterator[DaftarPage]:
    made = DaftarPage(scene.desk(ws))
    show(qtbot, made)
    yield made
    made.hide()


def told(card: QWidget) -> list[str]:
    """The sentences on a card that are in view."""
    return [each.text() for each in card.findChildren(QLabel) if each.isVisible() and each.text()]


def a_child(ws: Workspace) -> PersonHit:
    """A child of about a year with visits."""
    found = people.search(ws, "", limit=1000, scope=ws.posyandu_id)
    return next(
        hit for hit in found
        if hit.group is Group.UNDER_FIVE and hit.born_on and (scene.HELD_ON - hit.born_on).days < 700
        and hit.mother_name and people.card(ws, hit.id).visits
    )  # fmt: skip


# ---- the list


def test_an_empty_book_is_not_called_a_search_without_result(qtbot: QtBot, listing: SasaranPage) -> None:
    assert listing.empty.isHidden()
    listing.open(text="xyzq")
    assert listing.empty.isVisible()
    assert listing.empty.label.text() == "Tidak ada yang cocok."
    new = SasaranPage(scene.desk(workspace.in_memory(now=scene.MORNING)))
    show(qtbot, new)
    new.open()
    assert new.empty.isVisible()
    assert new.empty.label.text() == "Belum ada sasaran."


def test_typing_narrows_the_list_and_enter_opens_the_card(listing: SasaranPage, qtbot: QtBot) -> None:
    pages = QSignalSpy(listing.desk.page_wanted)
    everybody = listing.table.people.rowCount()
    child = a_child(listing.desk.ws)
    keys(child.name.lower())
    qtbot.waitUntil(lambda: 0 < listing.table.people.rowCount() < everybody)
    chosen = listing.table.current()
    assert chosen is not None
    keys("↵")
    assert pages.at(0)[0] == "kartu"
    assert pages.at(0)[1] == {"person_id": chosen.id}


def test_arrows_in_the_search_box_choose_and_escape_empties_it(listing: SasaranPage, qtbot: QtBot) -> None:
    first = listing.table.current()
    keys("↓")
    assert listing.table.current() is not first
    keys("↑")
    assert listing.table.current() is first
    keys("qqqxx")
    qtbot.waitUntil(listing.empty.isVisible)
    keys("⎋")
    qtbot.waitUntil(listing.table.isVisible)


def test_the_list_is_narrowed_by_group_and_by_who_has_left(listing: SasaranPage) -> None:
    listing.groups.set_value("infant")
    assert {hit.group for hit in listing.table.people.hits} == {Group.INFANT}
    listing.groups.set_value("all")
    child = a_child(listing.desk.ws)
    people.set_status(listing.desk.ws, child.id, "moved", scene.HELD_ON)
    listing.ask()
    assert child.id not in {hit.id for hit in listing.table.people.hits}
    QTest.mouseClick(listing.status.buttons["gone"], Qt.MouseButton.LeftButton)
    assert child.id in {hit.id for hit in listing.table.people.hits}
    assert "Pindah" in {listing.table.people.index(row, 5).data() for row in range(listing.table.people.rowCount())}


def test_a_click_on_a_line_opens_the_card(listing: SasaranPage) -> None:
    pages = QSignalSpy(listing.desk.page_wanted)
    place = listing.table.visualRect(listing.table.people.index(2, 0)).center()
    QTest.mouseClick(listing.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert pages.at(0)[1]["person_id"] == listing.table.people.hits[2].id


@pytest.mark.parametrize("where", ["people", "people:status:all", "people:group"])
def test_a_name_typed_anywhere_on_the_page_is_searched(listing: SasaranPage, qtbot: QtBot, where: str) -> None:
    place = listing.findChild(QWidget, where)
    assert place is not None
    place.setFocus()
    keys("q" if where == "people:group" else "s")
    if where == "people:group":
        assert listing.search.text() == "", "a list of choices keeps its letters"
        return
    keys("i")
    assert (listing.search.text(), listing.search.hasFocus()) == ("si", True)
    qtbot.waitUntil(lambda: not listing._later.isActive())
    assert 0 < listing.table.people.rowCount() < len(people.search(listing.desk.ws, "", limit=5000))


def test_commands_and_blanks_are_no_names(listing: SasaranPage) -> None:
    listing.table.setFocus()
    QTest.keyClick(listing.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(listing.table, Qt.Key.Key_Space)
    QTest.keyClick(listing.table, Qt.Key.Key_Down)
    assert listing.search.text() == ""
    assert listing.table.hasFocus()


# ---- the card


def test_the_card_shows_history_by_month_with_the_months_nobody_came(
    card: KartuPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kartu, "SHOWN_AT_FIRST", 3)
    ws = card.desk.ws
    child = a_child(ws)
    session_id = scene.open_day(ws)
    sessions.mark_absent(ws, session_id, child.id, "sick")
    card.open(person_id=child.id)
    card.finish_building()
    assert card.more is not None
    card.more.click()
    assert len(card.left.findChildren(TimelineRow)) == 3, "the others follow in turns"
    card.finish_building()
    assert card.more.isHidden()
    rows = card.left.findChildren(TimelineRow)
    titles = [row.entry.title for row in rows]
    assert [row.entry.on for row in rows] == sorted((row.entry.on for row in rows), reverse=True)
    assert any("Tidak" in title for title in titles)
    assert any("Lahir" in title for title in titles)


def test_the_card_is_built_in_turns_and_rests_while_it_is_hidden(card: KartuPage, qtbot: QtBot) -> None:
    card.open(person_id=a_child(card.desk.ws).id)
    assert not card.left.findChildren(TimelineRow), "not in the turn that opens it"
    card.hide()
    QTest.qWait(30)
    assert not card.left.findChildren(TimelineRow)
    card.show()
    qtbot.waitUntil(lambda: not card._due)
    assert card.left.findChildren(TimelineRow)
    assert card.doses is not None


def test_the_curves_follow_the_tabs(card: KartuPage) -> None:
    card.open(person_id=a_child(card.desk.ws).id)
    card.finish_building()
    for index, word in (("waz", "Berat menurut umur"), ("haz", "menurut umur"), ("whz", "Berat menurut")):
        card.show_chart(index)
        assert word in card.chart_head.title.text()
        assert card.chart.geometry_shown is not None
        assert card.chart.grab().width() > 100


def test_a_correction_shows_the_old_value_struck_through_and_can_be_undone(card: KartuPage) -> None:
    ws = card.desk.ws
    child = a_child(ws)
    assert child.born_on is not None
    people.correct(ws, child.id, {"born_on": child.born_on - timedelta(days=3)}, "salah tulis")
    card.open(person_id=child.id)
    card.finish_building()
    change = card.right.findChildren(ChangeLabel)[0]
    assert "<s" in change.text()
    assert f"{child.born_on:%d-%m-%Y}" in change.text()
    assert change.accessibleName().startswith("Tanggal lahir: dulu")
    button = card.right.findChild(object, "button:batalkan-perubahan")
    button.click()  # type: ignore[attr-defined]
    assert people.card(ws, child.id).person["born_on"] == child.born_on


def test_a_visit_in_the_history_opens_for_correction(card: KartuPage) -> None:
    child = a_child(card.desk.ws)
    pages = QSignalSpy(card.desk.page_wanted)
    card.open(person_id=child.id)
    card.finish_building()
    assert card.card is not None
    last = card.card.visits[-1]
    button = card.left.findChild(object, f"visit:{last.id}")
    button.click()  # type: ignore[attr-defined]
    assert pages.at(0)[0] == "kunjungan"
    assert (pages.at(0)[1]["record_id"], pages.at(0)[1]["form"]) == (last.id, "under_five_visit")


def test_the_kms_is_written_as_a_pdf(
    card: KartuPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("posyandu.ui.files.folder", lambda: tmp_path)
    card.open(person_id=a_child(card.desk.ws).id)
    card.finish_building()
    with qtbot.waitSignal(card.desk.toast_wanted, timeout=10_000):
        card.print_kms()
    jobs.wait(5000)
    made = list(tmp_path.glob("KMS *.pdf"))
    assert made
    assert made[0].read_bytes().startswith(b"%PDF")


def test_a_copy_of_ones_data_is_written_after_a_question_and_noted(
    card: KartuPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from posyandu.services import access

    monkeypatch.setattr("posyandu.ui.files.folder", lambda: tmp_path)
    child = a_child(card.desk.ws)
    card.open(person_id=child.id)
    card.finish_building()
    asked = QSignalSpy(card.desk.question_wanted)
    button = card.action_bar().findChild(object, "button:salinan-data")
    button.click()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == [], "nothing is written before the answer"
    with qtbot.waitSignal(card.desk.toast_wanted, timeout=10_000):
        asked.at(0)[0]["then"]()
    jobs.wait(5000)
    assert sorted(each.suffix for each in tmp_path.iterdir()) == [".html", ".json"]
    (entry,) = [each for each in access.log(card.desk.ws, child.scope) if each.action == "exported_person"]
    assert entry.about == child.name


def test_a_pregnant_womans_card_says_weeks_and_due_day(card: KartuPage) -> None:
    ws = card.desk.ws
    session_id = scene.open_day(ws)
    row = next(row for row in sessions.roster(ws, session_id, "pregnant") if row.last_visit)
    card.open(person_id=row.person_id)
    card.finish_building()
    words = " ".join(label.text() for label in card.left.findChildren(QWidget) if hasattr(label, "text"))
    assert "Hamil " in words
    assert "HPL" in words


# ---- registration


def test_three_answers_make_a_new_person(sheet: DaftarPage) -> None:
    ws = sheet.desk.ws
    pages = QSignalSpy(sheet.desk.page_wanted)
    sheet.open()
    assert sheet.first_focus() is not None
    sheet.first_focus().setFocus()  # type: ignore[union-attr]
    keys("Zubaidah Contoh↵p↵050325↵")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pages.at(0)[0] == "kartu"
    made = people.card(ws, pages.at(0)[1]["person_id"])
    assert (made.person["name"], made.person["sex"], made.person["born_on"]) == (
        "Zubaidah Contoh",
        "female",
        date(2025, 3, 5),
    )


def test_nobody_alike_is_told_once_there_is_a_name_to_compare(sheet: DaftarPage, qtbot: QtBot) -> None:
    sheet.open()
    qtbot.waitUntil(lambda: len(told(sheet.alike)) > 1, timeout=2000)
    assert told(sheet.alike) == ["Mungkin sudah terdaftar", "Muncul di sini begitu namanya diketik."]
    sheet.first_focus().setFocus()  # type: ignore[union-attr]
    keys("Qoqoq Wexox")
    qtbot.waitUntil(lambda: told(sheet.alike)[1:] == ["Tidak ada orang lain yang mirip."], timeout=2000)


@pytest.mark.parametrize(
    ("on_the_day", "words"), [(True, "Anjani Sari didaftarkan dan hadir"), (False, "Anjani Sari didaftarkan")]
)
def test_who_is_registered_is_told_so_not_that_they_were_there_before(
    sheet: DaftarPage, on_the_day: bool, words: str
) -> None:
    ws = sheet.desk.ws
    day = scene.open_day(ws) if on_the_day else ""
    toasts, gone = QSignalSpy(sheet.desk.toast_wanted), QSignalSpy(sheet.desk.page_wanted)
    sheet.open(session_id=day, name="Anjani Sari")
    assert sheet.view is not None
    sheet.view.fields["sex"].set_value("female")
    sheet.view.fields["born_on"].set_value(date(2020, 1, 2))
    sheet.save()
    assert toasts.at(0)[0] == words
    assert gone.at(0)[0] == ("hari" if on_the_day else "kartu")
    assert sum(row.present is True for row in sessions.roster(ws, day)) == 1 if on_the_day else True


def test_a_registration_left_half_way_by_a_power_cut_goes_on_where_it_was(sheet: DaftarPage, qtbot: QtBot) -> None:
    ws = sheet.desk.ws
    sheet.open()
    sheet.first_focus().setFocus()  # type: ignore[union-attr]
    keys("Zubaidah Contoh↵p↵0503")
    qtbot.waitUntil(lambda: unsaved.newest(ws, PERSON) is not None, timeout=3000)
    again = DaftarPage(scene.desk(ws))  # as after kill -9: the first page was told nothing
    show(qtbot, again)
    again.open(name="Lain Sekali")
    assert again._answers()["name"] == "Lain Sekali"
    again.open()
    assert (again._answers()["name"], again._answers()["sex"]) == ("Zubaidah Contoh", "female")
    told = again.left.findChildren(Notice)[-1]
    assert "dilanjutkan" in told.label.text()
    assert "(09.42)" in told.label.text(), "by the clock of the post, whatever zone the laptop is set to"
    assert again.first_focus() is again.view.fields["born_on"].input()  # type: ignore[union-attr]
    again.view.fields["born_on"].set_value(date(2025, 3, 5))  # type: ignore[union-attr]
    assert again.save()
    assert unsaved.newest(ws, PERSON) is None


def test_a_birth_date_that_does_not_exist_is_kept_as_typed_until_it_is_mended(sheet: DaftarPage) -> None:
    ws = sheet.desk.ws
    sheet.open()
    sheet.first_focus().setFocus()  # type: ignore[union-attr]
    keys("Zubaidah Contoh↵p↵310224")
    sheet._flush()
    again = DaftarPage(sheet.desk)
    again.open()
    born = again.view.fields["born_on"]  # type: ignore[union-attr]
    assert (born.line.text(), born.value()) == ("310224", None)  # type: ignore[union-attr]
    assert born.problem == born.trouble() != ""
    assert again._answers()["name"] == "Zubaidah Contoh"
    born.set_value(date(2024, 2, 29))
    again._keep_draft()
    kept = unsaved.newest(ws, PERSON)
    assert kept is not None
    assert (kept.unread, kept.answers["born_on"]) == ({}, date(2024, 2, 29))
    born.line.setText("310224")  # type: ignore[union-attr]
    again._keep_draft()
    again._end_draft()
    assert unsaved.newest(ws, PERSON) is None
    delete(again)  # at once: its timer would look into a book that is closed by then


def test_an_estimated_age_is_never_told_to_the_day(card: KartuPage) -> None:
    ws = card.desk.ws
    child = a_child(ws)
    people.correct(ws, child.id, {"born_estimated": False})
    card.open(person_id=child.id)
    assert card.head.line.text().startswith(child.age_text)
    people.correct(ws, child.id, {"born_estimated": True})
    card.open(person_id=child.id)
    assert card.head.line.text().startswith(f"kira-kira {child.age_text}   ·   Ibu")
    assert people.card(ws, child.id).timeline[-1].title == "Lahir, tanggal perkiraan"


def test_the_next_person_takes_nothing_of_a_sheet_left_half_way(sheet: DaftarPage) -> None:
    ws = sheet.desk.ws
    sheet.open()
    sheet.first_focus().setFocus()  # type: ignore[union-attr]
    keys("Zubaidah Contoh↵p↵↵5203014102500001")
    sheet._flush()
    sheet.open(household_id=people.card(ws, a_child(ws).id).person["household_id"])
    assert (sheet._answers()["name"], sheet._answers()["nik"]) == (None, None)
    sheet.open()
    told = sheet.left.findChildren(Notice)[-1]
    assert told.button is not None
    told.button.click()
    assert not any(sheet._answers().values())
    assert sheet.first_focus() is sheet.focusWidget()
    keys("Haji Mahsun↵l↵300155↵")
    assert sheet.save()
    kept = unsaved.newest(ws, PERSON)
    assert kept is not None
    assert kept.answers["name"] == "Zubaidah Contoh"


def test_batal_throws_the_half_typed_sheet_away(sheet: DaftarPage) -> None:
    sheet.open()
    sheet.first_focus().setFocus()  # type: ignore[union-attr]
    keys("Zubaidah")
    sheet._flush()
    assert unsaved.newest(sheet.desk.ws, PERSON, "zub") is not None
    sheet.cancel.click()
    sheet.hide()
    assert unsaved.newest(sheet.desk.ws, PERSON) is None


def test_a_correction_left_half_way_goes_on_and_leaves_the_record_alone(sheet: DaftarPage) -> None:
    ws = sheet.desk.ws
    child = a_child(ws)
    sheet.open(person_id=child.id)
    sheet.first_focus().setFocus()  # type: ignore[union-attr]
    keys(" Baru")
    sheet._flush()
    assert people.card(ws, child.id).hit.name == child.name
    sheet.open(person_id=child.id)
    assert str(sheet._answers()["name"]).endswith("Baru")
    assert sheet.save()
    assert unsaved.load(ws, PERSON, child.id) is None


@pytest.mark.parametrize("style", ["new", "old"])
def test_the_card_is_drawn_and_printed_as_the_preferences_say(
    card: KartuPage, style: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSYANDU_HOME", str(tmp_path))
    card.desk.preferences = card.desk.preferences._replace(kms_style=style)
    child = a_child(card.desk.ws)
    card.open(person_id=child.id)
    card.finish_building()
    assert card.chart.geometry_shown is not None
    assert (len(card.chart.geometry_shown.bands) > 1) is (style == "old")
    card.print_kms()
    jobs.wait()
    printed = next(tmp_path.rglob("KMS*.pdf")).read_bytes()
    assert printed == reporting.kms_bytes(card.desk.ws, child.id, style=style)  # type: ignore[arg-type]


def test_who_is_alike_shows_while_typing_and_a_digit_picks_them(sheet: DaftarPage, qtbot: QtBot) -> None:
    child = a_child(sheet.desk.ws)
    pages = QSignalSpy(sheet.desk.page_wanted)
    sheet.open()
    sheet.first_focus().setFocus()  # type: ignore[union-attr]
    keys(child.name.lower())
    qtbot.waitUntil(lambda: bool(sheet.alike.found), timeout=2000)
    assert child.id in {each.hit.id for each in sheet.alike.found}
    place = [each.hit.id for each in sheet.alike.found].index(child.id)
    keys(str(place + 1))
    assert pages.at(0)[1]["person_id"] == child.id
    assert str(place + 1) not in str(sheet._answers()["name"])


def test_somebody_alike_on_a_posyandu_day_is_noted_as_present(sheet: DaftarPage, qtbot: QtBot) -> None:
    ws = sheet.desk.ws
    child, session_id = a_child(ws), scene.open_day(ws)
    sheet.open(session_id=session_id)
    sheet._is_this_one(child.id)
    assert next(row for row in sessions.roster(ws, session_id) if row.person_id == child.id).present is True


def test_a_mother_is_linked_by_her_name_without_any_number(sheet: DaftarPage, qtbot: QtBot) -> None:
    ws = sheet.desk.ws
    child = a_child(ws)
    sheet.open(name="Adik Contoh")
    assert sheet.view is not None
    sheet.view.fields["sex"].set_value("male")
    sheet.view.fields["born_on"].set_value(date(2026, 10, 1))
    sheet.view.fields["mother_name"].take_focus()
    keys(child.mother_name.lower()[:8])
    qtbot.waitUntil(lambda: bool(sheet.mother.found), timeout=2000)
    hint = "di kolom namanya bila ini orangnya: kartu keduanya jadi tertaut."
    qtbot.waitUntil(lambda: hint in told(sheet.mother), timeout=2000)
    keys("1")
    assert sheet.mother_id
    qtbot.waitUntil(lambda: hint not in told(sheet.mother), timeout=2000)
    pages = QSignalSpy(sheet.desk.page_wanted)
    assert sheet.save() is True
    made = people.card(ws, pages.at(0)[1]["person_id"])
    assert made.person["mother_id"] == sheet.mother_id


def test_a_guardian_is_linked_by_name_shown_on_both_cards_and_let_go_with_the_name(
    sheet: DaftarPage, qtbot: QtBot
) -> None:
    ws = sheet.desk.ws
    nini = people.register(ws, {"name": "Inaq Sahnun", "sex": "female", "born_on": date(1961, 3, 4)})
    sheet.open(name="Adik Asuh")
    assert sheet.view is not None
    sheet.view.fields["sex"].set_value("male")
    sheet.view.fields["born_on"].set_value(date(2022, 10, 1))
    sheet.view.focus_field("guardian_name")
    keys("inaq sah")
    qtbot.waitUntil(lambda: bool(sheet.guardian.found), timeout=2000)
    keys("1")
    assert sheet.guardian_id == nini
    assert sheet.view.answers()["guardian_name"] == "Inaq Sahnun"
    pages = QSignalSpy(sheet.desk.page_wanted)
    assert sheet.save() is True
    child = pages.at(0)[1]["person_id"]
    card = people.card(ws, child)
    assert card.guardian is not None
    assert card.guardian.id == nini
    assert [hit.id for hit in people.card(ws, nini).wards] == [child]
    sheet.open(person_id=child)
    assert sheet.guardian_id == nini
    sheet.view.fields["guardian_name"].set_value(None)
    assert sheet.save() is True
    assert people.card(ws, child).guardian is None


def test_an_age_gives_a_birth_date_marked_as_an_estimate(sheet: DaftarPage) -> None:
    sheet.open(name="Kakek Contoh")
    assert sheet.view is not None
    sheet.age.years.line.setFocus()
    keys("70")
    QTest.mouseClick(sheet.age.button, Qt.MouseButton.LeftButton)
    answers = sheet._answers()
    assert answers["born_estimated"] is True
    assert isinstance(answers["born_on"], date)
    assert 69 <= (scene.HELD_ON - answers["born_on"]).days / 365.25 <= 71


def test_enter_after_the_age_takes_it_and_an_age_left_standing_is_saved(sheet: DaftarPage) -> None:
    ws = sheet.desk.ws
    pages = QSignalSpy(sheet.desk.page_wanted)
    for name, enters in (("Kakek Enter", "↵↵"), ("Kakek Langsung", "")):
        sheet.open(name=name)
        assert sheet.view is not None
        sheet.view.fields["sex"].set_value("male")
        sheet.age.years.line.setFocus()
        keys("70" + enters)
        assert (sheet.view.answers().get("born_on") is not None) is bool(enters)
        if enters:
            assert sheet.view.fields["nik"].input().hasFocus(), "on with the sheet"
        assert sheet.save() is True
        made = people.card(ws, pages.at(pages.count() - 1)[1]["person_id"])
        assert (made.person["name"], made.person["born_estimated"]) == (name, True)


def test_a_short_nik_is_hinted_at_and_never_bars_saving(sheet: DaftarPage, qtbot: QtBot) -> None:
    sheet.open(name="Tanpa Nik")
    assert sheet.view is not None
    sheet.view.fields["sex"].set_value("male")
    sheet.view.fields["born_on"].set_value(date(2020, 1, 5))
    sheet.view.fields["nik"].take_focus()
    keys("12345↵")
    assert sheet.view.fields["nik"].help.text != ""
    assert sheet.save() is True


def test_what_is_missing_is_listed_and_nothing_is_saved(sheet: DaftarPage) -> None:
    before = len(people.search(sheet.desk.ws, "", limit=5000))
    sheet.open()
    assert sheet.save() is False
    assert sheet.view is not None
    assert set(sheet.view.summary._lines) == {"name", "sex", "born_on"}
    assert len(people.search(sheet.desk.ws, "", limit=5000)) == before


def test_correcting_keeps_the_old_value_and_can_be_taken_back(sheet: DaftarPage) -> None:
    ws = sheet.desk.ws
    child = a_child(ws)
    toasts = QSignalSpy(sheet.desk.toast_wanted)
    sheet.open(person_id=child.id)
    assert sheet.view is not None
    sheet.view.fields["name"].set_value("Nama Baru")
    assert sheet.save() is True
    assert people.card(ws, child.id).person["name"] == "Nama Baru"
    toasts.at(0)[2]()
    assert people.card(ws, child.id).person["name"] == child.name


def test_a_pregnancy_is_noted_from_the_card(sheet: DaftarPage, qtbot: QtBot) -> None:
    ws = sheet.desk.ws
    woman = next(
        hit for hit in people.search(ws, "", limit=1000, scope=ws.posyandu_id)
        if hit.group is Group.ADULT and hit.sex == "female" and people.card(ws, hit.id).pregnancy is None
        and hit.born_on and (scene.HELD_ON - hit.born_on).days < 40 * 365
    )  # fmt: skip
    sheet.open(pregnancy_of=woman.id)
    assert sheet.view is not None
    sheet.view.fields["lmp_on"].take_focus()
    keys("010924↵")
    assert "HPHT ini 114 minggu yang lalu, lebih lama dari kehamilan. Periksa tahunnya." in told(sheet)
    sheet.view.fields["lmp_on"].take_focus()
    keys("010926↵")
    assert not [words for words in told(sheet) if "lebih lama" in words]
    assert sheet.save() is True
    assert people.card(ws, woman.id).pregnancy is not None
    card = KartuPage(sheet.desk)
    show(qtbot, card)
    card.open(person_id=woman.id)
    card.finish_building()
    words = [label.text() for label in card.left.findChildren(QLabel)]
    assert words[:3] == ["Ibu hamil", "Hamil 10 minggu 2 hari", "HPL Selasa, 8 Juni 2027, 208 hari lagi"]
    card.hide()
