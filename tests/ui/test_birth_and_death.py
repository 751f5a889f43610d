"""Birth and death on the pages: one step from the card, typed by real keys, kept while typed, counted rightly."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posyandu.domain.calendar import short_date
from posyandu.services import births, deaths, people, pregnancies, sessions
from posyandu.services.workspace import Workspace
from posyandu.ui import jobs
from posyandu.ui.shell import Shell
from posyandu.ui.widgets.arrange import Deeds
from tests.ui import scene
from tests.ui.scene import HELD_ON, keys


@pytest.fixture(scope="module")
def book() -> Iterator[Workspace]:
    made = scene.village_book(months=1)
    yield made
    made.close()


@pytest.fixture
def shell(book: Workspace, qtbot: QtBot) -> Iterator[Shell]:
    made = Shell(scene.desk(book))
    scene.stand(qtbot, made, 1366, 696)
    yield made
    jobs.wait(5000)
    made.hide()


def expecting(ws: Workspace, name: str) -> str:
    woman = people.register(ws, {"name": name, "sex": "female", "born_on": HELD_ON - timedelta(days=9_800)})
    pregnancies.note(ws, woman, {"lmp_on": HELD_ON - timedelta(days=275), "gravida": 2})
    return woman


def press(shell: Shell, name: str) -> None:
    """Press what is shown, or what stands in the menu "Lainnya" beside."""
    there = sorted(shell.findChildren(QAbstractButton, name), key=lambda each: not each.isVisible())
    if there[0].isVisible():
        QTest.mouseClick(there[0], Qt.MouseButton.LeftButton)
    else:
        assert any(there[0] in deeds.folded() for deeds in shell.findChildren(Deeds) if deeds.isVisible())
        there[0].click()
    QApplication.processEvents()


def words(page: QWidget) -> str:
    return " | ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def typed(shell: Shell, name: str, text: str) -> None:
    view = shell.pages[shell.place()[0]].view  # type: ignore[attr-defined]
    view.focus_field(name)
    keys(text)


def test_a_birth_is_one_step_from_the_mothers_card(shell: Shell, book: Workspace) -> None:
    woman = expecting(book, "Baiq Nurhayati")
    carried = people.card(book, woman).pregnancy_id
    assert carried is not None
    shell.go("kartu", person_id=woman)
    press(shell, "button:persalinan")
    assert shell.place()[0] == "persalinan"
    assert QApplication.focusWidget() is shell.pages["persalinan"].view.fields["ended_on"].input()  # type: ignore[attr-defined]
    keys("101126↵")
    typed(shell, "birth_weight_g", "31↵")
    typed(shell, "sex", "p")
    typed(shell, "hb0_on", "101126↵")
    press(shell, "button:simpan")
    (baby,) = births.children_of(book, carried)
    assert shell.place() == ("kartu", {"person_id": baby.id})
    assert (baby.name, baby.sex, baby.born_on) == ("Bayi Ny. Baiq Nurhayati", "female", HELD_ON - timedelta(days=2))
    assert people.card(book, baby.id).person["birth_weight_g"] == 3_100
    shell.go("kartu", person_id=woman)
    assert not [each for each in shell.findChildren(QAbstractButton, "button:persalinan") if each.isVisible()]


def test_the_second_twin_is_asked_at_once(shell: Shell, book: Workspace) -> None:
    woman = expecting(book, "Inaq Sahnim")
    shell.go("persalinan", person_id=woman)
    keys("101126↵")
    typed(shell, "babies", "2↵")
    typed(shell, "sex", "l")
    press(shell, "button:simpan")
    page = shell.pages["persalinan"]
    assert shell.place()[0] == "persalinan"
    assert page.view.form is births.TWIN  # type: ignore[attr-defined]
    assert "masih 1 bayi" in page.sentence.text()  # type: ignore[attr-defined]
    assert all(field.isVisible() for field in page.view.fields.values())  # type: ignore[attr-defined]
    typed(shell, "name", "Rani↵")
    typed(shell, "sex", "p")
    press(shell, "button:simpan")
    assert shell.place()[0] == "kartu"
    carried = people.card(book, woman).pregnancy_id
    assert carried is not None
    assert len(births.children_of(book, carried)) == 2


def test_where_no_pregnancy_is_noted_there_is_one_way_back(shell: Shell, book: Workspace) -> None:
    someone = people.search(book, "", limit=1)[0]
    shell.go("persalinan", person_id=someone.id)
    QApplication.processEvents()
    names = {each.objectName() for each in shell.findChildren(QAbstractButton) if each.isVisible()}
    assert not names & {"button:batal", "button:simpan"}
    texts = [each.text() for each in shell.pages["persalinan"].findChildren(QAbstractButton) if each.isVisible()]
    assert texts == ["Kembali"]


def test_what_is_typed_of_a_birth_outlives_leaving_the_page(shell: Shell, book: Workspace) -> None:
    woman = expecting(book, "Inaq Mawar")
    shell.go("persalinan", person_id=woman)
    keys("101126↵")
    typed(shell, "name", "Zahra↵")
    shell.go("beranda")
    shell.go("persalinan", person_id=woman)
    page = shell.pages["persalinan"]
    assert page.view.answers()["name"] == "Zahra"  # type: ignore[attr-defined]
    press(shell, "button:batal")
    shell.go("persalinan", person_id=woman)
    assert shell.pages["persalinan"].view.answers()["name"] is None  # type: ignore[attr-defined]


def test_a_death_is_noted_counted_and_taken_back(shell: Shell, book: Workspace, qtbot: QtBot) -> None:
    woman = expecting(book, "Inaq Rohani")
    shell.go("kartu", person_id=woman)
    press(shell, "button:kematian")
    page = shell.pages["kematian"]
    assert "Isi tanggal meninggal" in words(page)
    keys("101126↵")
    qtbot.waitUntil(lambda: "Kematian ibu" in words(page))
    typed(shell, "accident", "y")
    qtbot.waitUntil(lambda: "Tidak dihitung" in words(page))
    typed(shell, "accident", "t")
    typed(shell, "cause", "Perdarahan")
    press(shell, "button:simpan")
    assert shell.place()[0] == "kartu"
    day = short_date(HELD_ON - timedelta(days=2))
    assert [deaths.known(book, woman)[name] for name in ("died_on", "cause")] == [
        *(HELD_ON - timedelta(days=2), "Perdarahan")
    ]
    told = shell.pages["kartu"].findChildren
    qtbot.waitUntil(lambda: f"{day}: Meninggal" in [each.accessibleName() for each in told(QWidget)])
    assert "Meninggal" in words(shell.pages["kartu"])
    session = scene.open_day(book)
    assert woman not in {row.person_id for row in sessions.roster(book, session)}
    shell.go("kematian", person_id=woman)
    press(shell, "button:masih-hidup")
    assert people.card(book, woman).hit.status == "active"
    assert woman in {row.person_id for row in sessions.roster(book, session)}


def test_who_moved_away_before_keeps_the_day_unless_the_move_was_a_mistake(
    shell: Shell, book: Workspace, qtbot: QtBot
) -> None:
    woman, left_on = expecting(book, "Inaq Semah"), HELD_ON - timedelta(days=9)
    people.set_status(book, woman, "moved", left_on, "Sumbawa")

    def stands() -> tuple[object, object]:
        person = people.card(book, woman).person
        return person.get("status"), person.get("left_on")

    shell.go("daftar", person_id=woman)
    form = shell.pages["daftar"]
    form.view.set_answers({**form.view.answers(), "status": "died", "left_on": HELD_ON})  # type: ignore[attr-defined]
    assert form.save() is False  # type: ignore[attr-defined]
    assert set(form.view.summary._lines) == {"status"}  # type: ignore[attr-defined]
    shell.go("kematian", person_id=woman)
    page = shell.pages["kematian"]
    keys("101126↵")
    qtbot.waitUntil(lambda: f"Sudah pindah {short_date(left_on)}" in words(page))
    press(shell, "button:simpan")
    assert stands() == ("moved", left_on)
    shell.go("kematian", person_id=woman)
    press(shell, "tick:tidak-pindah")
    qtbot.waitUntil(lambda: "Kematian ibu" in words(page))
    with qtbot.waitSignal(shell.desk.toast_wanted) as told:
        press(shell, "button:simpan")
    assert stands() == ("died", HELD_ON - timedelta(days=2))
    told.args[2]()  # "Batalkan"
    assert stands() == ("moved", left_on)
    people.set_status(book, woman, "active")


def test_nothing_is_looked_up_for_a_page_that_is_left(shell: Shell, book: Workspace, qtbot: QtBot) -> None:
    woman = expecting(book, "Inaq Sahnun")
    shell.go("kematian", person_id=woman)
    page = shell.pages["kematian"]
    keys("101126↵")
    assert page._look.isActive()  # type: ignore[attr-defined]
    shell.go("beranda")
    assert not page._look.isActive()  # type: ignore[attr-defined]


def test_a_death_without_a_day_is_refused_at_the_field(shell: Shell, book: Workspace) -> None:
    woman = expecting(book, "Inaq Sari")
    shell.go("kematian", person_id=woman)
    press(shell, "button:simpan")
    assert shell.place()[0] == "kematian"
    assert "Tanggal meninggal belum diisi" in words(shell.pages["kematian"])
    typed(shell, "died_on", "010100↵")
    press(shell, "button:simpan")
    assert "tidak boleh sebelum tanggal lahir" in words(shell.pages["kematian"])
    typed(shell, "died_on", "010101↵")
    assert shell.pages["kematian"].save()  # type: ignore[attr-defined]
    assert deaths.known(book, woman)["died_on"].year == 2001  # type: ignore[union-attr]


def test_a_day_of_birth_half_typed_waits_while_one_looks_elsewhere_and_after_a_power_cut(
    shell: Shell, book: Workspace, qtbot: QtBot
) -> None:
    woman = expecting(book, "Baiq Suharni")
    shell.go("persalinan", person_id=woman)
    keys("31")
    shell.go("beranda")
    cut = Shell(scene.desk(book))  # the window that comes after the power
    scene.stand(qtbot, cut, 1366, 696)
    for _again in range(2):
        cut.go("persalinan", person_id=woman)
        view = cut.pages["persalinan"].view  # type: ignore[attr-defined]
        assert view.fields["ended_on"].line.text() == "31"
        assert "Isian yang belum disimpan dilanjutkan" in words(cut)
        typed(cut, "birth_attendant", "b")
        cut.go("beranda")
    cut.go("persalinan", person_id=woman)
    press(cut, "button:batal")
    cut.go("persalinan", person_id=woman)
    assert cut.pages["persalinan"].view.fields["ended_on"].line.text() == ""  # type: ignore[attr-defined]
    jobs.wait(5000)
    cut.hide()


def test_a_death_half_typed_waits_while_one_looks_elsewhere_and_after_a_power_cut(
    shell: Shell, book: Workspace, qtbot: QtBot
) -> None:
    person = people.register(book, {"name": "Amaq Sahrul", "sex": "male", "born_on": HELD_ON - timedelta(days=25_000)})
    shell.go("kematian", person_id=person)
    keys("12")
    typed(shell, "cause", "Sakit lama")
    shell.go("beranda")
    other = people.register(book, {"name": "Inaq Ratna", "sex": "female", "born_on": HELD_ON - timedelta(days=24_000)})
    shell.go("kematian", person_id=other)
    assert shell.pages["kematian"].view.answers()["cause"] is None  # type: ignore[attr-defined]
    assert "dilanjutkan" not in words(shell)
    cut = Shell(scene.desk(book))  # the window that comes after the power
    scene.stand(qtbot, cut, 1366, 696)
    cut.go("kematian", person_id=person)
    view = cut.pages["kematian"].view  # type: ignore[attr-defined]
    assert view.fields["died_on"].line.text() == "12"
    assert view.answers()["cause"] == "Sakit lama"
    assert "Isian yang belum disimpan dilanjutkan" in words(cut)
    view.focus_field("died_on")
    keys("⌫⌫111126")
    typed(cut, "place", "r")
    press(cut, "button:simpan")
    assert deaths.known(book, person)["cause"] == "Sakit lama"
    cut.go("kematian", person_id=person)
    assert "dilanjutkan" not in words(cut)
    jobs.wait(5000)
    cut.hide()


def test_batal_throws_a_death_half_typed_away(shell: Shell, book: Workspace) -> None:
    person = people.register(book, {"name": "Papuq Rahim", "sex": "male", "born_on": HELD_ON - timedelta(days=26_000)})
    shell.go("sasaran")
    shell.go("kematian", person_id=person)
    typed(shell, "cause", "Sakit")
    shell.go("beranda")
    shell.go("kematian", person_id=person)
    assert shell.pages["kematian"].view.answers()["cause"] == "Sakit"  # type: ignore[attr-defined]
    press(shell, "button:batal")
    shell.go("kematian", person_id=person)
    assert shell.pages["kematian"].view.answers()["cause"] is None  # type: ignore[attr-defined]
    typed(shell, "cause", "x⌫")
    shell.go("beranda")
    shell.go("kematian", person_id=person)
    assert "dilanjutkan" not in words(shell)
