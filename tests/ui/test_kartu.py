"""The card of one person: what stands on it for each age and state, what may be done, and by whom."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.forms import FORMS
from posyandu.domain.forms.immunisation import DOSE
from posyandu.domain.service_group import Group
from posyandu.services import people, visits
from posyandu.services.life_events import TimelineEntry
from posyandu.services.people import PersonHit
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.ui import theme
from posyandu.ui.chart import GrowthChart
from posyandu.ui.pages.kartu import ChangeLabel, KartuPage, TimelineRow
from posyandu.ui.verdict import BESIDE_TITLE, INDEX_WORDS, Fact, Tile, Tiles
from posyandu.ui.widgets.basics import Button, Label, Notice, Row, Segmented
from posyandu.ui.widgets.dose_card import DoseCardView, TetanusCard
from tests.ui import scene


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = scene.village_book(months=5)
    yield book
    book.close()


@pytest.fixture
def page(qtbot: QtBot, ws: Workspace) -> Iterator[KartuPage]:
    made = KartuPage(scene.desk(ws))
    scene.stand(qtbot, made, 1130, 640)
    yield made
    made.hide()


def one(ws: Workspace, *groups: Group, sex: str = "") -> PersonHit:
    """Somebody of a group, the first by name."""
    if groups == (Group.ADULT,) and sex == "male":  # the made-up post has none
        return people.hit(ws, people.register(ws, {"name": "Amaq Nuri", "sex": "male", "born_on": date(1984, 5, 2)}))
    found = people.search(ws, "", limit=1000, scope=ws.posyandu_id)
    return next(hit for hit in found if hit.group in groups and (not sex or hit.sex == sex))


def shown(page: KartuPage, person_id: str) -> KartuPage:
    page.open(person_id=person_id)
    page.finish_building()
    return page


def deeds(page: KartuPage) -> list[str]:
    """What may be done, by the names of the buttons."""
    return [each.objectName().removeprefix("button:") for each in page.bar.findChildren(Button) if each.objectName()]


def press(page: KartuPage, name: str) -> None:
    button = page.findChild(QAbstractButton, name) or page.bar.findChild(QAbstractButton, name)
    assert button is not None, name
    button.click()


def words(widget: QWidget) -> str:
    return " | ".join(each.text() for each in widget.findChildren(Label) if each.text())


# ---------------------------------------------------------------- by age and state


@pytest.mark.parametrize(
    ("groups", "tabs", "doses"),
    [
        ((Group.INFANT,), ["BB/U", "PB/U", "BB/PB", "LK/U"], DoseCardView),
        ((Group.UNDER_FIVE,), ["BB/U", "TB/U", "BB/TB", "LK/U"], DoseCardView),
        ((Group.SCHOOL,), [], DoseCardView),
        ((Group.ADULT,), [], None),
        ((Group.ELDERLY,), [], None),
    ],
)
def test_each_age_has_its_curves_and_its_immunisations(
    page: KartuPage, groups: tuple[Group, ...], tabs: list[str], doses: type[QWidget] | None
) -> None:
    shown(page, one(page.desk.ws, *groups, sex="male").id)
    chart = page.right.findChild(Segmented, "chart")
    assert ([button.text() for button in chart.buttons.values()] if chart else []) == tabs
    kinds = [kind for kind in (DoseCardView, TetanusCard) if page.right.findChildren(kind)]
    assert kinds == ([doses] if doses else [])


def test_a_woman_has_her_tetanus_doses_and_a_way_to_note_a_pregnancy(page: KartuPage) -> None:
    woman = one(page.desk.ws, Group.ADULT, sex="female")
    shown(page, woman.id)
    assert page.right.findChildren(TetanusCard)
    assert "kehamilan" in deeds(page)
    pages = QSignalSpy(page.desk.page_wanted)
    press(page, "button:kehamilan")
    assert pages.at(0)[:2] == ["daftar", {"pregnancy_of": woman.id}]


@pytest.mark.parametrize(
    ("group", "sex", "there", "absent"),
    [
        (Group.UNDER_FIVE, "male", {"cetak-kms", "cetak-kartu"}, {"kehamilan", "persalinan"}),
        (Group.PREGNANT, "female", {"kehamilan", "persalinan", "cetak-kartu"}, {"cetak-kms"}),
        (Group.ADULT, "male", {"cetak-kartu"}, {"kehamilan", "persalinan", "cetak-kms", "cetak-kartu-lansia"}),
        (Group.ELDERLY, "female", {"cetak-kartu", "cetak-kartu-lansia"}, {"kehamilan", "persalinan", "cetak-kms"}),
    ],
)
def test_what_may_be_done_follows_the_person(
    page: KartuPage, group: Group, sex: str, there: set[str], absent: set[str]
) -> None:
    shown(page, one(page.desk.ws, group, sex=sex).id)
    known = set(deeds(page))
    assert {"ubah", "keadaan", "kematian", "salinan-data"} | there <= known
    assert not absent & known


@pytest.mark.parametrize(
    ("role", "may"), [("kader", False), ("treasurer", False), ("coordinator", True), ("midwife", True)]
)
def test_only_those_who_answer_for_the_register_may_erase(page: KartuPage, role: str, may: bool) -> None:
    page.desk.ws.worker = replace(page.desk.ws.worker, role=role)
    shown(page, one(page.desk.ws, Group.ADULT).id)
    assert ("hapus-data" in deeds(page)) is may


def test_a_day_that_is_open_is_what_the_main_button_fills_else_what_was_measured_elsewhere(page: KartuPage) -> None:
    child = one(page.desk.ws, Group.UNDER_FIVE)
    shown(page, child.id)
    main = page.first_focus()
    assert isinstance(main, Button)
    assert main.text() == "Isi pengukuran", "Kunjungan rumah is the checklist"
    at_home = page.bar.findChild(Button, "button:kunjungan-rumah")
    assert at_home is not None
    asked = QSignalSpy(page.desk.page_wanted)
    at_home.click()
    assert asked.at(0)[:2] == ["kunjungan_rumah", {"person_id": child.id}]
    scene.open_day(page.desk.ws)
    shown(page, child.id)
    main = page.first_focus()
    assert isinstance(main, Button)
    assert main.text() == "Isi kunjungan hari ini"
    pages = QSignalSpy(page.desk.page_wanted)
    QTest.keyClick(main, Qt.Key.Key_Return)
    assert pages.at(0)[:2] == ["kunjungan", {"person_id": child.id}]


@pytest.mark.parametrize(
    ("status", "said"),
    [("moved", "Pindah, Minggu, 1 November 2026."), ("died", "Meninggal, Minggu, 1 November 2026.")],
)
def test_who_has_left_is_said_at_the_top_and_is_visited_no_more(page: KartuPage, status: str, said: str) -> None:
    ws, child = page.desk.ws, one(page.desk.ws, Group.UNDER_FIVE)
    people.set_status(ws, child.id, status, date(2026, 11, 1))
    shown(page, child.id)
    notice = page.left.findChild(Notice)
    assert notice is not None
    assert notice.label.text() == said
    assert page.first_focus() is None
    assert "Riwayat" in words(page.left), "what was written stays readable"


def test_who_is_away_for_a_while_is_still_visited(page: KartuPage) -> None:
    child = one(page.desk.ws, Group.UNDER_FIVE)
    people.set_status(page.desk.ws, child.id, "away")
    shown(page, child.id)
    notice = page.left.findChild(Notice)
    assert notice is not None
    assert notice.label.text() == "Pergi sementara."
    assert page.first_focus() is not None


@pytest.mark.parametrize("status", ["moved", "died"])
def test_pindah_asks_where_to_but_of_who_has_left_opens_the_registration(page: KartuPage, status: str) -> None:
    child = one(page.desk.ws, Group.UNDER_FIVE)
    people.set_status(page.desk.ws, child.id, status, date(2026, 11, 1))
    shown(page, child.id)
    pages = QSignalSpy(page.desk.page_wanted)
    page.move_away()
    assert pages.at(0)[:2] == ["daftar", {"person_id": child.id, "focus": "status"}]


def test_somebody_without_a_birth_date_is_told_what_to_fill_in(page: KartuPage) -> None:
    ws, grown = page.desk.ws, one(page.desk.ws, Group.ADULT, sex="male")
    records.save(ws.db, FORMS["person"], grown.id, {"born_on": None}, scope=grown.scope, author=ws.author, now=ws.now())
    shown(page, grown.id)
    said = words(page.left)
    assert "Belum ada kelompok" in said
    assert "Tanggal lahirnya belum ada. Lengkapi lewat Ubah data." in said
    assert page.first_focus() is None


def test_an_adult_who_never_came_has_no_visit_yet(page: KartuPage) -> None:
    shown(page, one(page.desk.ws, Group.ADULT, sex="male").id)
    assert "Belum ada kunjungan." in words(page.left)


def test_an_adult_is_summed_up_from_the_last_visit_with_what_was_not_examined(page: KartuPage) -> None:
    ws, grown = page.desk.ws, one(page.desk.ws, Group.ADULT, sex="male")
    day = scene.open_day(ws)
    form = FORMS["adult_visit"]
    for name, value in {"systolic_mmhg": 152, "diastolic_mmhg": 94, "weight_g": 70_000, "height_mm": 1700}.items():
        visits.set_cell(ws, form, day, grown.id, name, value)
    shown(page, grown.id)
    said = words(page.left)
    assert "Kunjungan Kamis, 12 November 2026" in said
    assert "152/94" in " ".join(_tile_words(page))
    assert "Belum diperiksa" in said


def _tile_words(page: KartuPage) -> list[str]:
    return [" ".join(str(part) for part in vars(tile.fact).values()) for tile in page.left.findChildren(Tile)]


# ---------------------------------------------------------------- the curves


def test_a_curve_without_measurements_says_so_in_its_place(page: KartuPage, ws: Workspace) -> None:
    baby = people.register(
        ws, {"name": "Lalu Bayan", "sex": "male", "born_on": date(2026, 11, 1), "mother_name": "Baiq Rohani"}
    )
    shown(page, baby)
    page.show_chart("whz")
    assert page.no_chart.isHidden() != page.chart.isHidden(), "either a curve or the sentence"
    if not page.no_chart.isHidden():
        assert page.no_chart.text() == "Belum ada ukuran untuk kurva ini."
        assert page.chart_head.title.isHidden(), "no empty line above it"


def test_an_empty_card_says_which_curve_is_still_to_come(page: KartuPage, ws: Workspace) -> None:
    pupil = people.register(
        ws, {"name": "Lalu Sasak", "sex": "male", "born_on": date(2018, 5, 4), "mother_name": "Baiq Sari"}
    )
    shown(page, pupil)
    assert page.chart.isHidden()
    assert page.chart_head.title.text() == "Indeks massa tubuh menurut umur"
    assert not page.chart_head.isHidden()


def test_the_results_of_one_visit_are_all_called_whole_or_all_in_short(qtbot: QtBot) -> None:
    facts = [Fact(title, "Normal", "ok", "0,0 SD", short) for title, short in INDEX_WORDS.values()]
    tiles = Tiles(facts)
    qtbot.addWidget(tiles)
    tiles.show()
    for wide in range(330, 620, 10):
        tiles.resize(wide, 300)
        QApplication.processEvents()
        said = [tile.title(tile.width() - theme.px(BESIDE_TITLE)) for tile in tiles.tiles]
        assert said in ([fact.title for fact in facts], [fact.short for fact in facts]), wide


def test_past_the_printed_kms_the_curves_are_those_of_the_older_child(page: KartuPage, ws: Workspace) -> None:
    older = people.register(
        ws, {"name": "Lalu Gangga", "sex": "male", "born_on": date(2021, 8, 20), "mother_name": "Baiq Sari"}
    )
    shown(page, older)
    tabs = page.right.findChild(Segmented, "chart")
    assert tabs is not None
    assert [button.text() for button in tabs.buttons.values()] == ["IMT/U", "TB/U"]


def test_the_tab_pressed_is_the_curve_shown(page: KartuPage) -> None:
    child = next(hit for hit in people.search(page.desk.ws, "", limit=1000)
                 if hit.group is Group.UNDER_FIVE and people.card(page.desk.ws, hit.id).visits)  # fmt: skip
    shown(page, child.id)
    tabs = page.right.findChild(Segmented, "chart")
    assert tabs is not None
    before = page.chart_head.title.text()
    QTest.mouseClick(tabs.buttons["haz"], Qt.MouseButton.LeftButton)
    assert page.chart_head.title.text() != before
    assert isinstance(page.chart, GrowthChart)


# ---------------------------------------------------------------- family


def test_the_family_stands_on_the_card_and_each_opens_their_own(page: KartuPage) -> None:
    ws = page.desk.ws
    child = next(hit for hit in people.search(ws, "", limit=1000)
                 if hit.group is Group.UNDER_FIVE and len(people.card(ws, hit.id).household) > 1)  # fmt: skip
    shown(page, child.id)
    assert page.card is not None
    rows = [each for each in page.right.findChildren(Row) if each.objectName().startswith("family:")]
    assert {each.objectName().removeprefix("family:") for each in rows} == {hit.id for hit in page.card.household}
    pages = QSignalSpy(page.desk.page_wanted)
    rows[0].click()
    assert pages.at(0)[:2] == ["kartu", {"person_id": rows[0].objectName().removeprefix("family:")}]


def test_a_guardian_who_is_only_a_name_opens_the_registration(page: KartuPage) -> None:
    ws, child = page.desk.ws, one(page.desk.ws, Group.UNDER_FIVE)
    people.correct(ws, child.id, {"guardian_name": "Inaq Sahnep", "guardian_role": "grandparent"})
    shown(page, child.id)
    row = page.right.findChild(Row, "guardian")
    assert row is not None
    assert row.title == "Inaq Sahnep"
    assert row.detail.startswith("Wali atau pengasuh")
    pages = QSignalSpy(page.desk.page_wanted)
    row.click()
    assert pages.at(0)[:2] == ["daftar", {"person_id": child.id}]


def test_somebody_who_lives_alone_has_nobody_listed(page: KartuPage, ws: Workspace) -> None:
    alone = people.register(ws, {"name": "Amaq Icok", "sex": "male", "born_on": date(1950, 1, 1), "rt": "09"})
    shown(page, alone)
    assert "Belum ada anggota keluarga lain yang tercatat." in words(page.right)


def test_a_social_problem_is_reported_from_the_card(page: KartuPage) -> None:
    child = one(page.desk.ws, Group.UNDER_FIVE)
    shown(page, child.id)
    pages = QSignalSpy(page.desk.page_wanted)
    press(page, "button:lapor")
    assert pages.at(0)[:2] == ["lapor_sosial", {"person_id": child.id}]


# ---------------------------------------------------------------- history


def test_no_more_than_the_last_corrections_are_listed_and_only_the_newest_is_taken_back(
    page: KartuPage, ws: Workspace
) -> None:
    child = one(ws, Group.UNDER_FIVE)
    for place in range(1, 9):
        people.correct(ws, child.id, {"rt": f"{place:02d}"}, f"pindah rumah {place}")
    shown(page, child.id)
    history = page.right.findChild(QWidget, "history")
    assert history is not None
    assert len(history.findChildren(ChangeLabel)) == 6
    assert len(history.findChildren(Button, "button:batalkan-perubahan")) == 1
    toasts = QSignalSpy(page.desk.toast_wanted)
    press(page, "button:batalkan-perubahan")
    assert toasts.at(0)[0] == "Perubahan dibatalkan"
    assert people.card(ws, child.id).person["rt"] == "07"


def test_a_value_that_was_empty_is_called_so(qtbot: QtBot) -> None:
    label = ChangeLabel("Alamat", "kosong", "Dusun <Timur> & Barat")
    qtbot.addWidget(label)
    assert label.accessibleName() == "Alamat: dulu kosong, sekarang Dusun <Timur> & Barat"
    assert "&lt;Timur> &amp; Barat" in label.text(), "what was typed is never taken for a mark"


def test_a_line_of_the_history_is_read_out_with_its_day(qtbot: QtBot) -> None:
    entry = TimelineEntry(date(2026, 10, 4), "Naik 200 gram", "6,1 kg", "ok", "v1", "under_five_visit")
    line = TimelineRow(entry, first=True, last=True)
    line.add_button()
    qtbot.addWidget(line)
    assert line.accessibleName() == "04-10-2026: Naik 200 gram"
    button = line.findChild(Button, "visit:v1")
    assert button is not None
    assert button.accessibleName() == "Buka kunjungan 04-10-2026"
    pressed = QSignalSpy(line.pressed)
    button.click()
    assert pressed.at(0)[0] is entry


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_whole_card_is_painted_in_both_themes(page: KartuPage, scheme: str) -> None:
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, scheme, 1.0)
    shown(page, one(page.desk.ws, Group.UNDER_FIVE).id)
    assert not page.grab().isNull()


# ---------------------------------------------------------------- what changes meanwhile


def test_somebody_erased_meanwhile_leads_back_to_the_list(page: KartuPage, ws: Workspace) -> None:
    child = one(ws, Group.UNDER_FIVE)
    shown(page, child.id)
    people.withdraw(ws, child.id, "terdaftar dua kali")
    pages = QSignalSpy(page.desk.page_wanted)
    page.person_id = "nobody"
    page.desk.announce("person")
    assert pages.at(0)[0] == "sasaran"
    assert page.person_id == ""
    page.desk.announce("person")
    assert pages.count() == 1


def test_a_dose_alone_does_not_build_the_card_anew(page: KartuPage) -> None:
    shown(page, one(page.desk.ws, Group.UNDER_FIVE).id)
    before = page.card
    page.desk.announce(DOSE.name)
    assert page.card is before
    page.desk.announce("person")
    assert page.card is not before


def test_papers_that_cannot_be_written_say_why(
    page: KartuPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone = tmp_path / "dicabut" / "flashdisk"
    monkeypatch.setattr("posyandu.ui.files.folder", lambda: gone)
    shown(page, one(page.desk.ws, Group.UNDER_FIVE).id)
    for deed in (page.print_kms, page.print_card, page.print_curves):
        with qtbot.waitSignal(page.desk.toast_wanted, timeout=10_000) as told:
            deed()
        assert told.args is not None
        assert told.args[0]
        scene.settle(qtbot)


def test_the_curves_of_a_child_mark_what_a_wrong_tool_said(page: KartuPage) -> None:
    ws = page.desk.ws
    child = next(hit for hit in people.search(ws, "", limit=1000)
                 if hit.group is Group.UNDER_FIVE and people.card(ws, hit.id).visits)  # fmt: skip
    shown(page, child.id)
    card = page.card
    assert card is not None
    spoilt = replace(card.assessments[-1], spoilt=("weight_g",))  # type: ignore[arg-type]
    page.card = replace(card, assessments=(*card.assessments[:-1], spoilt))
    marked = {}
    for index in ("waz", "haz", "whz"):
        page.show_chart(index)
        assert page.chart.geometry_shown is not None
        marked[index] = [point.on for point in page.chart.geometry_shown.points if point.wrong]
    last = spoilt.visited_on
    assert marked == {"waz": [last], "haz": [], "whz": [last]}


def test_a_weight_in_doubt_is_no_good_news_on_the_card(page: KartuPage) -> None:
    ws = page.desk.ws
    raka = people.register(ws, {"name": "Raka Jumantara", "sex": "male", "born_on": date(2025, 7, 5)})
    form = FORMS["under_five_visit"]
    for on, grams in ((date(2026, 10, 10), 9_200), (ws.today(), 12_700)):
        visits.record(ws, form, None, raka, {"visited_on": on, "weight_g": grams})
    shown(page, raka)
    labels = {(label.text(), label.ink) for label in page.left.findChildren(Label)}
    assert ("Belum dipastikan: naik 3.500 gram sejak 10 Oktober", "warn") in labels
    assert ("Naik 3,5 kg dari kunjungan lalu. Coba ukur sekali lagi.", "text2") in labels
    assert [child.objectName() for child in page.findings.findChildren(QWidget)
            if child.objectName().startswith("finding:")] == ["finding:in_doubt"]  # fmt: skip
    card = page.card
    assert card is not None
    visits.confirm(ws, form, card.visits[-1].id, {"weight_g"})
    shown(page, raka)
    assert not any(label.text().startswith("Belum dipastikan") for label in page.left.findChildren(Label))
