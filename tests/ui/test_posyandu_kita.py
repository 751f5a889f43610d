"""Posyandu kita with real keys: kader and their skills, the stock card, activities and cash, strata and its sources."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain import stock
from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.services import post_affairs, profile, workspace
from posyandu.services.sample import affairs, book, village
from posyandu.services.workspace import Workspace
from posyandu.ui import files, jobs, theme
from posyandu.ui.pages.posyandu_kita import TABS, KaderView, PosyanduKitaPage, rupiah, stock_summary
from posyandu.ui.record_sheet import RecordSheet
from posyandu.ui.shell import Shell
from posyandu.ui.widgets.basics import ElideLabel, EmptyState, Notice, Row
from tests.ui import scene
from tests.ui.scene import keys

NOVEMBER = Month(2026, 11)


@pytest.fixture(scope="module")
def written() -> Iterator[Workspace]:
    """A made-up post with four months of its own affairs."""
    made = workspace.in_memory(now=scene.MORNING, post=None)
    entries = village.one_post(scene.SEED, 0, village.PLACES[0], made.growth, months=4, until=NOVEMBER - 1)
    book.write(made.db, affairs.added(scene.SEED, entries), made.author)
    made.posyandu_id = village.post_id(scene.SEED, 0)
    yield made
    made.close()


@pytest.fixture
def ws(written: Workspace) -> Iterator[Workspace]:
    made = scene.copy_of(written)
    yield made
    made.close()


@pytest.fixture
def shell(qtbot: QtBot, qapp: QApplication, ws: Workspace) -> Iterator[Shell]:
    theme.apply(qapp, "light", 1.0)
    made = Shell(scene.desk(ws))
    scene.stand(qtbot, made, 1366, 690)
    yield made
    jobs.wait(5000)
    made.hide()


def go(shell: Shell, qtbot: QtBot, tab: str, month: Month = NOVEMBER) -> PosyanduKitaPage:
    shell.go("posyandu_kita", tab=tab, month=month)
    scene.settle(qtbot)
    page = shell.pages["posyandu_kita"]
    assert isinstance(page, PosyanduKitaPage)
    return page


def press(root: QWidget, name: str) -> None:
    found = [each for each in root.findChildren(QAbstractButton, name) if each.isVisible()]
    assert found, name
    found[0].click()


def sheet(shell: Shell) -> RecordSheet:
    found = [each for each in shell.findChildren(RecordSheet) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def post(shell: Shell) -> str:
    return str(shell.desk.ws.posyandu_id)


# --- kader


def test_a_list_without_kader_says_so_and_is_no_empty_box(qtbot: QtBot, shell: Shell) -> None:
    go(shell, qtbot, "kader")
    view = next(each for each in shell.findChildren(KaderView) if each.isVisible())
    view.show_found([])
    qtbot.waitUntil(lambda: [each.isVisible() for each in view.list.findChildren(EmptyState)] == [True])
    view.show_found(post_affairs.kader(shell.desk.ws, post(shell)))
    assert view.list.findChildren(Row)
    qtbot.waitUntil(lambda: not view.list.findChildren(EmptyState))


def test_a_kader_is_added_by_keys_and_the_toast_takes_it_back(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "kader")
    before = len(post_affairs.kader(page.desk.ws, post(shell)))
    press(shell, "button:tambah-kader")
    keys("Inaq Nursiah↵")
    press(sheet(shell), "button:simpan-lembar")
    scene.settle(qtbot)
    names = [each.name for each in post_affairs.kader(page.desk.ws, post(shell))]
    assert "Inaq Nursiah" in names
    assert any(row.title == "Inaq Nursiah" for row in page.findChildren(Row))
    shell.toast.action.click()
    scene.settle(qtbot)
    assert len(post_affairs.kader(page.desk.ws, post(shell))) == before


def test_a_kader_written_twice_becomes_one_after_asking(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "kader")
    ws = page.desk.ws
    for name, phone in (("Inaq Sahnep", None), ("inaq sahnep", "0819")):
        post_affairs.save(ws, FORMS["worker"], {"name": name, "role": "kader", "active": True, "phone": phone})
    page.desk.announce("worker")
    scene.settle(qtbot)
    first = next(each for each in post_affairs.kader(ws, post(shell)) if each.name == "Inaq Sahnep")
    press(shell, f"kader:{first.id}")
    notice = page.findChild(Notice, "kader-ganda")
    assert notice is not None
    assert notice.button is not None
    notice.button.click()
    press(shell, "button:ya")
    scene.settle(qtbot)
    (one,) = [each for each in post_affairs.kader(ws, post(shell)) if each.name.casefold() == "inaq sahnep"]
    assert (one.id, one.answers["phone"]) == (first.id, "0819")
    assert [each for each in page.findChildren(Notice, "kader-ganda") if each.isVisible()] == []
    notice = page.findChild(Notice, "kader-disatukan:0")
    assert notice is not None
    assert "inaq sahnep" in notice.label.text()
    shell.toast.action.click()
    scene.settle(qtbot)
    assert sorted(
        (each.name, each.answers["phone"]) for each in post_affairs.kader(ws, post(shell)) if "ahnep" in each.name
    ) == [("Inaq Sahnep", None), ("inaq sahnep", "0819")]
    assert page.findChild(Notice, "kader-ganda") is not None


def test_two_records_made_one_long_ago_are_parted_in_the_list(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "kader")
    ws = page.desk.ws
    for name in ("Inaq Mirah", "INAQ MIRAH"):
        post_affairs.save(ws, FORMS["worker"], {"name": name, "role": "kader", "active": True})
    kept, other = (each.id for each in post_affairs.kader(ws, post(shell)) if each.name.casefold() == "inaq mirah")
    post_affairs.join_kader(ws, kept, other)
    page.desk.announce("worker")
    scene.settle(qtbot)
    press(shell, f"kader:{kept}")
    scene.settle(qtbot)
    (notice,) = [each for each in page.findChildren(Notice, "kader-disatukan:0") if each.isVisible()]
    assert notice.button is not None
    notice.button.click()
    scene.settle(qtbot)
    assert {kept, other} <= {each.id for each in post_affairs.kader(ws, post(shell))}
    assert [each for each in page.findChildren(Notice, "kader-disatukan:0") if each.isVisible()] == []


def test_a_kader_without_a_name_is_not_saved_and_it_is_said_where(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "kader")
    before = len(post_affairs.kader(page.desk.ws, post(shell)))
    press(shell, "button:tambah-kader")
    sheet(shell).save()
    summary = sheet(shell).view.summary
    assert summary.isVisible()
    assert [line.objectName() for line in summary.findChildren(Row)] == ["problem:name"]
    assert len(post_affairs.kader(page.desk.ws, post(shell))) == before
    sheet(shell).reject()


def test_skills_are_assessed_and_make_the_class(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "kader")
    view = page.views["kader"]
    lowest = min(view.kader, key=lambda each: each.skilled.shown)
    view.show_kader(lowest.id)
    scene.settle(qtbot)
    press(page, "button:nilai")
    scene.settle(qtbot)
    made = sheet(shell)
    made.view.set_answers({"assessed_on": scene.HELD_ON})
    press(made, "button:semua")
    press(made, "button:simpan-lembar")
    scene.settle(qtbot)
    found = next(each for each in post_affairs.kader(page.desk.ws, post(shell)) if each.id == lowest.id)
    assert found.skilled.words == "Utama, 25 dari 25 keterampilan"
    assert page.subtitle.startswith("5 kader")


def test_a_training_is_noted_changed_and_taken_away(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "kader")
    chosen = page.views["kader"].kader[0]
    had = len(chosen.trainings)
    press(page, "button:tambah-pelatihan")
    made = sheet(shell)
    made.view.set_answers({"held_on": scene.HELD_ON, "topic": "ncd"})
    made.save()
    scene.settle(qtbot)
    found = post_affairs.kader(page.desk.ws, post(shell))
    (again,) = [each for each in found if each.id == chosen.id]
    assert len(again.trainings) == had + 1
    press(page, f"pelatihan:{again.trainings[0].id}")
    press(sheet(shell), "button:hapus")
    scene.settle(qtbot)
    (again,) = [each for each in post_affairs.kader(page.desk.ws, post(shell)) if each.id == chosen.id]
    assert len(again.trainings) == had


def test_facts_of_a_kader_are_changed_without_touching_their_role(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "kader")
    chosen = next(each for each in page.views["kader"].kader if each.answers.get("role") == "coordinator")
    page.views["kader"].show_kader(chosen.id)
    scene.settle(qtbot)
    press(page, "button:ubah-kader")
    made = sheet(shell)
    made.view.fields["decree"].set_value("141/9/2026")
    made.save()
    scene.settle(qtbot)
    found = next(each for each in post_affairs.kader(page.desk.ws, post(shell)) if each.id == chosen.id)
    assert (found.answers["decree"], found.answers["role"]) == ("141/9/2026", "coordinator")


# --- stock


def test_a_row_of_stock_is_typed_with_enter_and_kept_box_by_box(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "stok")
    table = page.views["stok"].table
    table.boxes["iron", "received"].setFocus(Qt.FocusReason.OtherFocusReason)
    keys("100↵↵3↵90↓")
    scene.settle(qtbot)
    line = next(
        card.line for card in post_affairs.stock_cards(page.desk.ws, post(shell), NOVEMBER) if card.item == "iron"
    )
    assert (line.received, line.typed, line.wasted, line.counted) == (100, None, 3, 90)
    assert line.difference is not None
    assert f"Selisih {line.difference:+d}".replace("-", "−") in table.words["iron", "note"].text()
    focus = QApplication.focusWidget()
    assert focus is table.boxes[table.items[table.items.index("iron") + 1], "counted"]


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ("", ""),
        ("ok ok", "Stok cukup"),
        ("ok unknown", "Belum pernah dihitung: 1"),
        ("unknown unknown", "Belum pernah dihitung: 0, 1"),
        ("unknown warn bad", "Perlu diminta: 1, 2"),
    ],
)
def test_stock_is_enough_only_where_it_is_known(levels: str, said: str) -> None:
    cards = [
        post_affairs.StockCard(str(place), str(place), "tablet", (), stock.Outlook(level, ""), "")
        for place, level in enumerate(levels.split())
    ]
    assert stock_summary(cards) == said


def test_a_number_other_than_the_visits_is_marked(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "stok", NOVEMBER - 1)
    table = page.views["stok"].table
    assert int(table.boxes["iron", "used"].placeholderText()) > 0
    table.boxes["iron", "used"].setFocus(Qt.FocusReason.OtherFocusReason)
    keys("7↵")
    scene.settle(qtbot)
    assert table.words["iron", "note"].text().startswith("Berbeda dari kunjungan.")
    assert table.boxes["iron", "used"].level == "warn"


def test_letters_are_not_taken_and_another_thing_can_be_added(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "stok")
    view = page.views["stok"]
    view.more.set_value("zinc")
    assert QApplication.focusWidget() is view.table.boxes["zinc", "counted"]
    keys("1a2↵")
    scene.settle(qtbot)
    (card,) = [each for each in post_affairs.stock_cards(page.desk.ws, post(shell), NOVEMBER) if each.item == "zinc"]
    assert card.line.balance == 12
    assert view.more.findData("zinc") == -1


def test_the_day_of_expiry_is_noted_in_the_sheet_of_a_thing(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "stok")
    press(page, "stok:iron:rinci")
    made = sheet(shell)
    made.view.fields["expires_on"].set_value(date(2027, 3, 1))
    made.save()
    scene.settle(qtbot)
    assert page.views["stok"].table.words["iron", "note"].text().endswith("Kedaluwarsa 01-03-2027.")


def test_another_month_shows_its_own_card(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "stok")
    view = page.views["stok"]
    first = view.table
    page.month_picker.set_value(str(NOVEMBER - 1))
    page.month_picker.currentIndexChanged.emit(1)
    scene.settle(qtbot)
    assert view.table is not first
    assert view.asked == (post(shell), NOVEMBER - 1)


# --- activities and cash


def test_money_is_written_down_and_the_balance_follows(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "kegiatan")
    before = post_affairs.cash(page.desk.ws, post(shell)).balance
    press(shell, "button:catat-uang")
    made = sheet(shell)
    made.view.fields["direction"].set_value("in")
    made.view.show_asked()
    made.view.focus_field("rupiah")
    keys("1500000")
    made.save()
    scene.settle(qtbot)
    after = post_affairs.cash(page.desk.ws, post(shell)).balance
    assert after == before + 1_500_000
    assert rupiah(after) in page.subtitle


def test_an_activity_is_opened_and_taken_away(shell: Shell, qtbot: QtBot) -> None:
    ws = shell.desk.ws
    record_id = "kegiatan-uji"
    post_affairs.save(ws, FORMS["activity"], {"held_on": scene.HELD_ON, "kind": "garden"}, record_id=record_id)
    page = go(shell, qtbot, "kegiatan")
    press(page, f"kegiatan:{record_id}")
    press(sheet(shell), "button:hapus")
    scene.settle(qtbot)
    assert record_id not in {row.id for row in post_affairs.activities(ws, post(shell))}


@pytest.mark.parametrize(("amount", "words"), [(0, "Rp 0"), (1_500_000, "Rp 1.500.000"), (-2_000, "−Rp 2.000")])
def test_money_is_shown_with_points(amount: int, words: str) -> None:
    assert rupiah(amount) == words


# --- strata


def test_every_figure_opens_names_or_the_page_it_comes_from(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "strata", NOVEMBER - 1)
    view = page.views["strata"]
    asked: list[str] = []
    shell.desk.names_wanted.connect(lambda title, _people: asked.append(title))
    press(page, "strata:kia")
    assert asked
    assert asked[0].startswith("Cakupan KIA")
    for overlay in shell.findChildren(QWidget, "overlay"):
        overlay.close()
    assert len([row for row in view.findChildren(Row) if row.objectName().startswith("strata:")]) == 8
    press(page, "strata:health_fund")
    scene.settle(qtbot)
    assert page.tab() == "kegiatan"
    go(shell, qtbot, "strata", NOVEMBER - 1)
    press(page, "aktif:kader_decree")
    scene.settle(qtbot)
    assert page.tab() == "kader"
    go(shell, qtbot, "strata", NOVEMBER - 1)
    press(page, "strata:kader_on_duty")
    assert shell.place()[0] == "hari"


def test_the_sheets_of_the_post_open_as_reports(shell: Shell, qtbot: QtBot) -> None:
    for tab, button, kind in (("strata", "lembar-strata", "strata"), ("stok", "lembar-stok", "stok")):
        go(shell, qtbot, tab, NOVEMBER - 1)
        press(shell, f"button:{button}")
        scene.settle(qtbot)
        assert shell.place()[0] == "laporan"
        assert shell.pages["laporan"].report.code_name == kind


def test_a_closed_day_offers_its_talking_points(shell: Shell, qtbot: QtBot) -> None:
    ws = shell.desk.ws
    session_id = scene.open_day(ws)
    scene.close_today(ws)
    shell.go("hari", session_id=session_id)
    scene.settle(qtbot)
    press(shell, "button:bahan-bicara")
    scene.settle(qtbot)
    found = shell.pages["laporan"].report
    assert (found.code_name, found.stamp) == ("pokok_bicara", str(NOVEMBER))


def test_the_tab_has_the_focus_and_arrows_go_to_the_next(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "kader")
    assert QApplication.focusWidget() is page.tabs.buttons["kader"]
    keys("→")
    scene.settle(qtbot)
    assert page.tab() == "stok"
    assert page.stack.currentWidget() is page.views["stok"]


# --- fitting


@pytest.mark.parametrize(("factor", "size"), [(1.0, (1024, 600)), (1.3, (1366, 690))], ids=["100%", "130%"])
def test_every_tab_fits_cuts_no_word_and_names_what_takes_keys(
    shell: Shell, qtbot: QtBot, qapp: QApplication, factor: float, size: tuple[int, int]
) -> None:
    theme.apply(qapp, "dark", factor)
    small = Shell(shell.desk)
    qtbot.addWidget(small)
    small.resize(*size)
    small.show()
    for tab in TABS:
        page = go(small, qtbot, tab, NOVEMBER - 1)
        assert (small.width(), small.height()) == size, tab
        for label in page.findChildren(QLabel):
            plain = not label.wordWrap() and not isinstance(label, ElideLabel) and label.text()
            if plain and label.isVisible():
                wanted = label.fontMetrics().horizontalAdvance(label.text())
                assert wanted <= label.width() + 1, (tab, label.text())
        for widget in page.findChildren(QWidget):
            if widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value and widget.isVisible():
                face = QAccessible.queryAccessibleInterface(widget)
                assert face.text(QAccessible.Text.Name), (tab, widget)
    small.hide()


# --- profil


def test_the_village_profile_is_noted_and_stands_beside_the_book(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "profil")
    ws = page.desk.ws
    assert page.subtitle.endswith("keluarga")
    assert not page.month_picker.isVisibleTo(page)
    men = next(each for each in page.findChildren(Row, "profil:men") if each.isVisible())
    assert (men.detail, int(men.number) > 10) == ("Menurut desa belum dicatat", True)
    press(page.action_bar(), "button:catat-profil")
    asked = sheet(shell)
    assert asked.view.fields["year"].value() == 2026
    asked.view.set_answers({**asked.view.answers(), "men": 812, "signal": "weak", "source": "Sekretaris desa"})
    asked.save()
    scene.settle(qtbot)
    men = next(each for each in page.findChildren(Row, "profil:men") if each.isVisible())
    assert men.detail == "Menurut desa 812 orang"
    assert {"Lemah", "Sekretaris desa, 2026"} <= {each.text() for each in page.findChildren(QLabel)}
    page.note_profile()
    again = sheet(shell)
    assert again.view.fields["men"].value() == 812, "the same year is the same record"
    again.view.set_answers({**again.view.answers(), "year": 2025, "men": 799})
    again.save()
    assert [row.answers["men"] for row in profile.told(ws, post(shell))] == [812, 799]


def test_a_figure_of_the_profile_opens_its_names_and_one_without_names_the_sheet(shell: Shell, qtbot: QtBot) -> None:
    page = go(shell, qtbot, "profil")
    seen: list[tuple[str, int]] = []
    page.desk.names_wanted.connect(lambda title, people: seen.append((title, len(people))))
    press(page, "profil:under_fives")
    (told,) = seen
    assert told[0] == f"Balita: {told[1]}"
    press(page, "profil:families")
    assert sheet(shell).form.name == "village_profile"


@pytest.mark.parametrize(("button", "kind"), [("lembar-profil", "profil"), ("persetujuan", "persetujuan")])
def test_the_sheets_of_the_profile_are_one_press_away(shell: Shell, qtbot: QtBot, button: str, kind: str) -> None:
    page = go(shell, qtbot, "profil")
    went: list[tuple[str, object]] = []
    shell.desk.page_wanted.connect(lambda name, told: went.append((name, told.get("kind"))))
    press(page.action_bar(), f"button:{button}")
    assert went == [("laporan", kind)]


def test_a_draft_decree_is_chosen_above_its_button_and_saved(
    shell: Shell, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = go(shell, qtbot, "kader")
    monkeypatch.setattr(files, "folder", lambda: tmp_path)
    press(page._bar, "button:konsep-sk")
    (menu,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, QMenu) and each.isVisible()]
    assert [act.objectName() for act in menu.actions()] == [
        "surat:sk_posyandu", "surat:sk_kader", "surat:matriks_registrasi",
    ]  # fmt: skip
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    scene.settle(qtbot)
    (written,) = tmp_path.iterdir()
    assert written.name == "Konsep SK pengurus dan kader 2026.pdf"
    assert page.where.text() == f"Tersimpan: {written.name}"
