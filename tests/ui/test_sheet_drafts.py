"""What is typed on a sheet and not saved stands there again after a power cut, for the one who typed it alone."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from posyandu.services import sealed, social
from posyandu.services.workspace import Workspace
from posyandu.storage.database import rows
from posyandu.ui.form_view import FormView
from posyandu.ui.pages.masalah_sosial import MasalahSosialPage, StepSheet
from posyandu.ui.pages.posyandu_kita import PosyanduKitaPage
from posyandu.ui.record_sheet import RecordSheet
from posyandu.ui.shell import Shell
from posyandu.ui.widgets import sheet_draft
from posyandu.ui.widgets.basics import Button, Notice
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.sheet_draft import SheetDraft
from tests.ui import calm, openings, scene
from tests.ui.scene import keys
from tests.ui.test_sheets_ask import answer, boxes, opened, standing

READ_ONLY = ("naskah", "kms-cetak", "yang-dihapus", "iks", "pindahan")
SECRET = ("hapus-data", "hapus-terlambat", "cocokkan-kunci", "pin-pembaca")
NO_DRAFT = {
    *READ_ONLY, *SECRET, "keluarga-gabung", "tindak-lanjut-postponed", "tindak-lanjut-done",
}  # fmt: skip
"""Of the last three one chooses a row, two have theirs from the page they stand over."""


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    book = openings.book()
    yield book
    book.close()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft is kept so soon after the last key that coming to rest waits for it."""
    monkeypatch.setattr(sheet_draft, "DRAFT_AFTER_MS", calm.SOON_MS // 2)


@pytest.fixture
def shell(qtbot: QtBot, ws: Workspace) -> Iterator[Shell]:
    made = Shell(scene.desk(ws))
    scene.stand(qtbot, made, 1366, 696)
    yield made
    made.hide()


def kept(ws: Workspace) -> int:
    return len(rows(ws.db, "SELECT 1 FROM draft WHERE form LIKE 'lembar:%'"))


def cut(sheet: Overlay) -> None:
    """The sheet is gone and nobody closed it."""
    calm.settle()
    sheet.hide()
    sheet.deleteLater()


def notice(sheet: Overlay) -> Notice | None:
    return next((each for each in sheet.findChildren(Notice, "draft") if each.isVisible()), None)


def picture(sheet: Overlay) -> dict[str, object]:
    for view in sheet.findChildren(FormView):
        view.finish_building()
    return {each.objectName(): standing(each) for each in boxes(sheet) if each.objectName()}


def test_every_sheet_that_asks_stands_again_as_it_was_typed_and_can_be_thrown_away(
    shell: Shell, ws: Workspace, qtbot: QtBot
) -> None:
    seen, wrong = 0, []
    for each in openings.openings(ws):
        if each.name in NO_DRAFT:
            continue
        sheet = opened(shell, each)
        if sheet is None:
            continue
        if sheet.findChild(SheetDraft) is None:
            wrong.append(f"{each.name}: keeps nothing")
            sheet.reject()
            continue
        seen += 1
        before = picture(sheet)
        for box in list(boxes(sheet)):
            if box.isVisible():
                answer(box)
        typed = picture(sheet)
        cut(sheet)
        again = opened(shell, each)
        assert again is not None
        found = {name: (typed[name], now) for name, now in picture(again).items() if read(now) != read(typed.get(name))}
        said = notice(again)
        if found or said is None or not again.has_answers():
            wrong.append(f"{each.name}: {found}")
        assert said is not None
        assert said.button is not None
        said.button.click()
        if picture(again) != before or again.has_answers() or notice(again) is not None:
            wrong.append(f"{each.name}: is not thrown away")
        again.reject()
        assert kept(ws) == 0, each.name
    assert wrong == []
    assert seen > 20


def read(value: object) -> object:
    """A number typed as "1" is shown again as "1,0"."""
    return value.removesuffix(",0") if isinstance(value, str) else value


def cash(shell: Shell, qtbot: QtBot) -> RecordSheet:
    shell.go("posyandu_kita", tab="kegiatan")
    scene.settle(qtbot)
    page = shell.pages["posyandu_kita"]
    assert isinstance(page, PosyanduKitaPage)
    return page.add_cash()


def test_another_worker_does_not_see_it_and_saving_or_closing_ends_it(
    shell: Shell, ws: Workspace, qtbot: QtBot
) -> None:
    sheet = cash(shell, qtbot)
    sheet.view.focus_field("note")
    keys("Beli buku")
    cut(sheet)
    mine, ws.worker = ws.worker, replace(ws.worker, id="0" * 32, name="Murniati")
    theirs = cash(shell, qtbot)
    assert notice(theirs) is None
    assert theirs.view.answers()["note"] is None
    theirs.reject()
    ws.worker = mine
    again = cash(shell, qtbot)
    assert again.view.answers()["note"] == "Beli buku"
    keys("⎋")  # nobody typed since, but it is not saved
    asked = next(each for each in again.findChildren(Overlay) if each.isVisible())
    asked.findChild(Button, "button:ya").click()
    assert not again.isVisible()
    assert kept(ws) == 0
    assert notice(cash(shell, qtbot)) is None


def test_a_day_that_cannot_be_read_stands_again_and_the_lock_waits_for_no_timer(
    shell: Shell, ws: Workspace, qtbot: QtBot
) -> None:
    sheet = cash(shell, qtbot)
    sheet.view.focus_field("noted_on")
    keys("⌫" * 10 + "31")
    shell.desk.book_closing.emit()  # before the draft is due
    sheet.hide()
    sheet.deleteLater()
    again = cash(shell, qtbot)
    assert again.view.unread() == {"noted_on": "31"}
    assert notice(again) is not None
    again.reject()
    assert kept(ws) == 0


def test_of_a_sealed_report_nothing_is_kept(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    told = {"kind": "violence", "finding": "Memar", "consent": "agreed", "urgency": "high", "place": "RT 3"}
    social.open_sealed(ws, told)
    key = sealed.unlock(ws, openings.PIN)
    secret = social.read_sealed(ws, key, social.sealed_tickets(ws)[0].id)
    shell.go("masalah_sosial")
    scene.settle(qtbot)
    page = shell.pages["masalah_sosial"]
    assert isinstance(page, MasalahSosialPage)
    sheet = StepSheet(page, secret, "handled")
    keys("Bu Dewi")
    assert sheet.has_answers()
    cut(sheet)
    assert kept(ws) == 0
    assert sheet.findChild(SheetDraft) is None
