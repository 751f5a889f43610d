"""Masalah sosial with real keys and presses: reporting in a minute, steps by duty, and what is sealed stays sealed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posyandu import paths
from posyandu.domain.errors import BadInput
from posyandu.services import people, sealed, social
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import database, drafts
from posyandu.ui import files, jobs, theme
from posyandu.ui.pages.lapor_sosial import LaporSosialPage
from posyandu.ui.pages.masalah_sosial import MasalahSosialPage, PinSheet, StepSheet, clock_chip
from posyandu.ui.reader_pin import CompareSheet
from posyandu.ui.shell import Shell
from posyandu.ui.theme import px
from posyandu.ui.widgets.basics import Button, ElideLabel, EmptyState, Notice
from posyandu.ui.widgets.overlay import Overlay
from tests.ui import scene
from tests.ui.scene import keys

PIN = "271845"
KADER, HEAD, MIDWIFE = (
    Worker("k", "Sari", "kader"),
    Worker("c", "Kokom", "coordinator"),
    Worker("b", "Bidan Ani", "midwife"),
)
TOLD = {"kind": "dropout", "finding": "Berhenti kelas 5", "consent": "agreed", "urgency": "normal"}
SECRET = {**TOLD, "kind": "violence", "finding": "Lebam di lengan Zulaikhaningsih"}


@pytest.fixture(scope="module")
def whole() -> Iterator[Workspace]:
    book = scene.village_book(months=1)
    yield book
    book.close()


@pytest.fixture
def ws(whole: Workspace) -> Iterator[Workspace]:
    """The village with an empty page of reports."""
    whole.worker = KADER
    yield whole
    for table in ("social_ticket", "social_step", "sealed", "sealed_access", "sealing_key"):
        database.rows(whole.db, f"DELETE FROM {table}")
    database.rows(whole.db, "DELETE FROM setting WHERE name LIKE 'sealing%'")


@pytest.fixture
def shell(qtbot: QtBot, qapp: QApplication, ws: Workspace) -> Iterator[Shell]:
    theme.apply(qapp, "light", 1.0)
    made = Shell(scene.desk(ws))
    scene.stand(qtbot, made, 1366, 768)
    yield made
    jobs.wait(5000)
    made.hide()


def press(window: QWidget, name: str) -> None:
    found = [each for each in window.findChildren(QAbstractButton, name) if each.isVisible()]
    assert found, name
    found[0].click()


def there(window: QWidget, name: str) -> bool:
    return any(each.isVisible() for each in window.findChildren(QAbstractButton, name))


def words(window: QWidget) -> str:
    """Everything that can be read on the window, tooltips and names for screen readers too."""
    told = []
    for each in window.findChildren(QWidget):
        if each.isVisible():
            told += [each.toolTip(), each.accessibleName(), each.accessibleDescription()]
            told.append(each.text() if isinstance(each, QLabel | QAbstractButton) else "")
            told += [str(getattr(each, "title", "")), str(getattr(each, "detail", ""))]
    return "\n".join(told)


def sheet(window: QWidget, kind: type[Overlay]) -> Overlay:
    return next(each for each in window.findChildren(kind) if each.isVisible())


def page(shell: Shell, qtbot: QtBot, **arguments: object) -> MasalahSosialPage:
    shell.go("masalah_sosial", **arguments)
    scene.settle(qtbot)
    found = shell.pages["masalah_sosial"]
    assert isinstance(found, MasalahSosialPage)
    return found


def reporting(shell: Shell, qtbot: QtBot, **arguments: object) -> LaporSosialPage:
    shell.go("lapor_sosial", **arguments)
    scene.settle(qtbot)
    found = shell.pages["lapor_sosial"]
    assert isinstance(found, LaporSosialPage)
    return found


def somebody(ws: Workspace) -> people.PersonHit:
    return people.search(ws, "a", limit=1, scope=ws.posyandu_id)[0]


def test_a_minute_of_keys_makes_a_report(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    page(shell, qtbot)
    shell.pages["masalah_sosial"].first_focus().setFocus()
    count = keys(" ")
    scene.settle(qtbot)
    lapor = shell.pages["lapor_sosial"]
    assert isinstance(lapor, LaporSosialPage)
    assert lapor.rows["dropout"].hasFocus()
    count += keys(" ")
    scene.settle(qtbot)
    assert lapor.who.box.hasFocus()
    child = somebody(ws)
    count += keys(child.name[:5])
    qtbot.waitUntil(lambda: there(shell, f"pilih:{child.id}"))
    press(shell, f"pilih:{child.id}")
    scene.settle(qtbot)
    count += keys("Berhenti kelas 5")
    assert lapor.view is not None
    for name in ("consent", "urgency"):
        lapor.view.focus_field(name)
        count += keys("1")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    scene.settle(qtbot)
    (made,) = social.tickets(ws)
    assert (made.kind.code, made.person_id, made.answers["finding"]) == ("dropout", child.id, "Berhenti kelas 5")
    assert (made.answers["consent"], made.urgency, made.field) == ("agreed", "emergency", "education")
    assert count < 40
    shown = shell.pages["masalah_sosial"]
    assert shown.isVisible()
    assert made.number in words(shown)


def test_every_kind_says_its_whole_example(shell: Shell, qtbot: QtBot) -> None:
    made = reporting(shell, qtbot)
    letters = QFontMetrics(theme.font("small"))
    cut = [row.detail for row in made.rows.values() if letters.horizontalAdvance(row.detail) > row.width() - px(52)]
    assert cut == []


def test_without_any_report_one_sentence_says_what_to_report(shell: Shell, qtbot: QtBot) -> None:
    told = [each.label.text() for each in page(shell, qtbot).findChildren(EmptyState) if each.isVisible()]
    assert told == ["Belum ada laporan. Catat putus sekolah, rumah tidak layak, warga tanpa akta, dan lainnya."]


def test_what_is_missing_is_said_and_nothing_kept(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    lapor = reporting(shell, qtbot, person_id=somebody(ws).id)
    press(lapor, "jenis:unfit_house")
    scene.settle(qtbot)
    assert not lapor.save()
    assert lapor.view is not None
    assert lapor.view.summary.isVisible()
    assert social.tickets(ws) == ()
    assert somebody(ws).name in lapor.subtitle


def test_a_place_without_a_person(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    lapor = reporting(shell, qtbot)
    press(lapor, "jenis:road")
    scene.settle(qtbot)
    assert lapor.view is not None
    lapor.view.finish_building()
    given = {"finding": "Berlubang", "consent": "not_asked", "urgency": "high"}
    lapor.view.set_answers(given)
    assert not lapor.save()
    assert "tulis tempatnya" in lapor.where.text()
    lapor.view.set_answers({**given, "place": "Jalan dusun"})
    lapor.place.set_value("works_office")
    assert lapor.save()
    (made,) = social.tickets(ws)
    assert (made.who, made.answers["referred_to"]) == ("Jalan dusun", "works_office")


def test_a_person_and_a_family_are_reported_from_their_own_pages(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    child = somebody(ws)
    shell.go("kartu", person_id=child.id)
    qtbot.waitUntil(lambda: there(shell, "button:lapor"))
    press(shell, "button:lapor")
    scene.settle(qtbot)
    lapor = shell.pages["lapor_sosial"]
    assert isinstance(lapor, LaporSosialPage)
    assert lapor.person is not None
    assert lapor.person.id == child.id
    shell.go("keluarga")
    scene.settle(qtbot)
    qtbot.waitUntil(lambda: there(shell.pages["keluarga"], "button:lapor"))
    press(shell.pages["keluarga"], "button:lapor")
    scene.settle(qtbot)
    assert lapor.person is None
    assert lapor.household_id
    press(lapor, "jenis:unfit_house")
    scene.settle(qtbot)
    assert lapor.view is not None
    lapor.view.finish_building()
    lapor.view.set_answers({"finding": "Atap bocor", "consent": "agreed", "urgency": "normal"})
    assert lapor.save()
    (made,) = social.tickets(ws)
    assert made.who.startswith("Keluarga ")


def test_what_a_report_says_is_corrected_and_undone(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    one = social.open_ticket(ws, TOLD, person_id=somebody(ws).id).id
    shown = page(shell, qtbot, ticket_id=one)
    press(shown, "button:perbaiki")
    scene.settle(qtbot)
    lapor = shell.pages["lapor_sosial"]
    assert isinstance(lapor, LaporSosialPage)
    assert lapor.view is not None
    assert lapor.view.answers()["finding"] == TOLD["finding"]
    assert not lapor.rows["violence"].isEnabled()
    assert not there(lapor, "button:ganti")
    lapor.view.set_answers({**lapor.view.answers(), "finding": "Berhenti kelas 6"})
    assert lapor.save()
    scene.settle(qtbot)
    assert shown.isVisible()
    assert social.ticket(ws, one).answers["finding"] == "Berhenti kelas 6"
    assert "Berhenti kelas 6" in words(shown)
    assert len(social.tickets(ws)) == 1
    lapor = reporting(shell, qtbot)
    assert lapor.corrected is None
    assert lapor.rows["violence"].isEnabled()


def test_a_secret_begun_and_left_by_the_rail_is_gone(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    lapor = reporting(shell, qtbot, person_id=somebody(ws).id)
    press(lapor, "jenis:violence")
    scene.settle(qtbot)
    assert lapor.view is not None
    lapor.view.set_answers({"finding": "Zulaikhaningsih"})
    shell.go("sasaran")
    scene.settle(qtbot)
    assert lapor.view is None


@pytest.mark.parametrize(("kind", "stays"), [("dropout", True), ("violence", False)])
def test_the_lock_leaves_what_is_typed_of_a_report_unless_it_is_secret(
    shell: Shell, ws: Workspace, qtbot: QtBot, kind: str, *, stays: bool
) -> None:
    lapor = reporting(shell, qtbot, person_id=somebody(ws).id)
    press(lapor, f"jenis:{kind}")
    scene.settle(qtbot)
    keys("Zulaikhaningsih")
    shell.desk.book_closing.emit()
    assert ("Zulaikhaningsih" in str(lapor.view and lapor.view.answers())) is stays


def sheets_kept(ws: Workspace) -> list[str]:
    return [text for (text,) in ws.db.conn.execute("SELECT answers FROM draft WHERE form LIKE 'lembar:%'")]


def restored(page: LaporSosialPage) -> list[str]:
    return [each.label.text() for each in page.findChildren(Notice, "draft") if each.isVisible()]


def test_a_report_left_half_way_stands_there_again_until_saved_or_thrown_away(
    shell: Shell, ws: Workspace, qtbot: QtBot
) -> None:
    child = somebody(ws)
    lapor = reporting(shell, qtbot)
    press(lapor, "jenis:dropout")
    scene.settle(qtbot)
    lapor.take(child)
    scene.settle(qtbot)
    keys("Berhenti kelas 5")
    lapor.place.set_value("education_office")
    lapor.place.activated.emit(lapor.place.currentIndex())
    shell.go("sasaran")
    scene.settle(qtbot)
    lapor = reporting(shell, qtbot, person_id=child.id)
    assert (restored(lapor), lapor.kind) == ([], None), "opened from elsewhere it is another report"
    lapor = reporting(shell, qtbot)
    assert [words.startswith("Isian belum selesai dari") for words in restored(lapor)] == [True]
    assert lapor.view is not None
    assert lapor.person is not None
    assert lapor.kind is not None
    told = (lapor.view.answers()["finding"], lapor.person.id, lapor.kind.code, lapor.place.value())
    assert told == ("Berhenti kelas 5", child.id, "dropout", "education_office")
    lapor.view.finish_building()
    lapor.view.set_answers({**lapor.view.answers(), "consent": "agreed", "urgency": "normal"})
    assert lapor.save()
    assert (len(social.tickets(ws)), sheets_kept(ws)) == (1, [])
    assert restored(reporting(shell, qtbot)) == []


def test_what_was_restored_of_a_report_can_be_thrown_away(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    child = somebody(ws)
    lapor = reporting(shell, qtbot, person_id=child.id)
    press(lapor, "jenis:dropout")
    scene.settle(qtbot)
    keys("Berhenti")
    lapor = reporting(shell, qtbot, person_id=child.id)
    (notice,) = lapor.findChildren(Notice, "draft")
    assert notice.button is not None
    notice.button.click()
    scene.settle(qtbot)
    assert (restored(lapor), lapor.view, sheets_kept(ws)) == ([], None, [])
    assert lapor.person is not None
    assert lapor.person.id == child.id


@pytest.mark.parametrize("how", ["tick", "kind"])
def test_what_becomes_confidential_is_no_draft_any_more(
    shell: Shell, ws: Workspace, qtbot: QtBot, how: str
) -> None:  # fmt: skip
    lapor = reporting(shell, qtbot, person_id=somebody(ws).id)
    press(lapor, "jenis:dropout")
    scene.settle(qtbot)
    keys("Zulaikhaningsih")
    qtbot.waitUntil(lambda: "Zulaikhaningsih" in str(sheets_kept(ws)))
    if how == "tick":
        lapor.privacy.tick.click()
    else:
        press(lapor, "jenis:violence")
    assert sheets_kept(ws) == []
    scene.settle(qtbot)
    keys(" lagi")
    shell.go("sasaran")
    scene.settle(qtbot)
    assert sheets_kept(ws) == []
    assert restored(reporting(shell, qtbot)) == []


def test_steps_are_offered_by_duty_and_undone(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    one = social.open_ticket(ws, TOLD, person_id=somebody(ws).id).id
    shown = page(shell, qtbot, ticket_id=one)
    assert not there(shown, "button:verified")
    assert "dilakukan oleh: Koordinator kader" in words(shown)
    ws.worker = HEAD
    shown = page(shell, qtbot, ticket_id=one)
    press(shown, "button:verified")
    assert sheet(shell, StepSheet)
    keys("Sudah dilihat↵")
    scene.settle(qtbot)
    assert shell.findChildren(StepSheet) == []
    assert social.ticket(ws, one).stage == "verified"
    press(shown, "button:forwarded")
    press(sheet(shell, StepSheet), "button:ya")
    scene.settle(qtbot)
    assert social.ticket(ws, one).steps[-1].sent_to == "education_office"  # the kind's own office stands ready
    press(shown, "button:refused")
    refusing = sheet(shell, StepSheet)
    press(refusing, "button:ya")
    assert refusing.isVisible()
    assert "alasan" in words(refusing)
    keys("Sudah sekolah lagi↵")
    scene.settle(qtbot)
    assert social.ticket(ws, one).stage == "refused"
    shown.filter.set_value("refused")
    shown.choose(one)
    scene.settle(qtbot)
    press(shown, "button:batal-langkah")
    scene.settle(qtbot)
    assert social.ticket(ws, one).stage == "forwarded"


def test_a_report_is_handed_over_and_two_steps_at_once_are_settled(
    shell: Shell, ws: Workspace, qtbot: QtBot
) -> None:  # fmt: skip
    ws.worker = HEAD
    one = social.open_ticket(ws, TOLD, person_id=somebody(ws).id).id
    shown = page(shell, qtbot, ticket_id=one)
    press(shown, "button:serahkan")
    keys("Sekdes↵")
    scene.settle(qtbot)
    assert social.ticket(ws, one).owner == "Sekdes"
    from posyandu.domain.forms.social import STEP
    from posyandu.storage import records

    last = social.ticket(ws, one).steps[-1].id
    for stage in ("verified", "refused"):
        answers = {"follows": last, "stage": stage, "stepped_on": scene.HELD_ON, "done_by": "Dewi", "reason": "x"}
        records.save(ws.db, STEP, stage, answers, scope=ws.posyandu_id, author=ws.author, now=ws.now(),
                     links={"ticket_id": one})  # fmt: skip
    shown = page(shell, qtbot, ticket_id=one)
    shown.filter.set_value("all")
    scene.settle(qtbot)
    assert "Pada saat yang sama Dewi" in words(shown)
    notice = next(each for each in shown.findChildren(QAbstractButton) if each.text() == "Hapus langkah itu")
    notice.click()
    scene.settle(qtbot)
    assert social.ticket(ws, one).disputed == ()


def test_papers_and_files_are_written(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    one = social.open_ticket(ws, TOLD, person_id=somebody(ws).id)
    shown = page(shell, qtbot, ticket_id=one.id)
    for button, part in (("button:lembar", ".pdf"), ("button:ntb-care", ".json"), ("button:daftar-rekap", ".pdf")):
        press(shell, button)
        scene.settle(qtbot)
        name = shown.where.text().removeprefix("Tersimpan: ")
        assert name.endswith(part)
        assert (files.folder() / name).stat().st_size > 500


def test_where_nothing_can_be_written_it_is_said_in_words(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    paths.documents().parent.mkdir(parents=True, exist_ok=True)
    paths.documents().write_text("Folder dokumen yang dikunci")
    one = social.open_ticket(ws, TOLD, person_id=somebody(ws).id)
    shown = page(shell, qtbot, ticket_id=one.id)
    for button in ("button:lembar", "button:ntb-care", "button:daftar-rekap"):
        shown.where.setText("")
        press(shell, button)
        scene.settle(qtbot)
        assert "Pilih folder lain" in shown.where.text(), button


# --- confidential ---------------------------------------------------------------------------------------------------


def test_without_a_reader_a_secret_is_refused_and_the_page_says_where_to_go(
    shell: Shell, ws: Workspace, qtbot: QtBot
) -> None:  # fmt: skip
    lapor = reporting(shell, qtbot, person_id=somebody(ws).id)
    press(lapor, "jenis:violence")
    scene.settle(qtbot)
    assert lapor.privacy.tick.isChecked()
    assert not lapor.privacy.tick.isEnabled()
    assert not lapor.done.isEnabled()
    assert "SAPA 129" in words(lapor)
    assert not lapor.save()
    press(lapor, "jenis:dropout")
    scene.settle(qtbot)
    assert not lapor.privacy.tick.isChecked()
    assert lapor.done.isEnabled()


def test_a_bidan_makes_her_key_and_opens_what_a_kader_sealed(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    ws.worker = MIDWIFE
    shown = page(shell, qtbot)
    press(shown, "button:buat-kunci")
    keys(PIN)
    scene.settle(qtbot)
    digits = sealed.my_digits(ws)
    assert digits in words(shell)
    press(sheet(shell, Overlay), "button:ya")

    ws.worker = KADER
    lapor = reporting(shell, qtbot, person_id=somebody(ws).id)
    press(lapor, "jenis:violence")
    scene.settle(qtbot)
    assert not lapor.done.isEnabled()
    press(lapor, f"button:cocokkan:{MIDWIFE.id}")
    assert digits in words(sheet(shell, CompareSheet))
    press(sheet(shell, CompareSheet), "button:ya")
    scene.settle(qtbot)
    assert "Bidan Ani (Bidan)" in words(lapor)
    assert lapor.view is not None
    lapor.view.focus_field("finding")
    keys("Lebam di lengan Zulaikhaningsih")
    assert lapor.view is not None
    for name in ("consent", "urgency"):
        lapor.view.focus_field(name)
        keys("1")
    assert lapor.save()
    scene.settle(qtbot)
    shown = page(shell, qtbot)
    told = words(shell)
    assert "1 tiket rahasia Anda. Hubungi bidan." in told
    assert "Zulaikhaningsih" not in told
    assert "Lebam" not in told
    (secret,) = social.sealed_tickets(ws)
    assert drafts.every(ws.db) == []

    ws.worker = MIDWIFE
    shown = page(shell, qtbot)
    assert "Zulaikhaningsih" not in words(shell)
    press(shown, f"rahasia:{secret.id}")
    sheet(shell, PinSheet)
    keys("908172")
    scene.settle(qtbot)
    assert there(shell, f"rahasia:{secret.id}")
    for each in shell.findChildren(PinSheet):
        each.reject()


def sealed_one(ws: Workspace) -> str:
    ws.worker = MIDWIFE
    sealed.make_key(ws, PIN)
    ws.worker = KADER
    for reader in sealed.readers(ws):
        sealed.accept(ws, reader.public)
    return social.open_sealed(ws, SECRET, person_id=somebody(ws).id).id


def test_what_was_opened_is_gone_when_the_page_is_left_or_the_book_closes(
    shell: Shell, ws: Workspace, qtbot: QtBot
) -> None:  # fmt: skip
    one = sealed_one(ws)
    ws.worker = MIDWIFE
    shown = page(shell, qtbot)
    press(shown, f"rahasia:{one}")
    keys(PIN)
    scene.settle(qtbot)
    assert "Zulaikhaningsih" in words(shown)
    assert "Bidan Ani membuka" in words(shown)
    press(shown, "button:verified")
    keys("Ditemui↵")
    scene.settle(qtbot)
    assert shown.ticket is not None
    assert (shown.ticket.stage, shown.ticket.sealed) == ("verified", True)
    shell.go("sasaran")
    scene.settle(qtbot)
    assert shown.key is None
    assert shown.ticket is None
    shell.go("masalah_sosial")
    scene.settle(qtbot)
    assert "Zulaikhaningsih" not in words(shell)
    press(shown, f"rahasia:{one}")
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    keys(PIN)
    scene.settle(qtbot)
    assert shown.key is not None
    shell.desk.book_closing.emit()
    assert shown.key is None


def test_nothing_of_a_secret_is_on_other_pages(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    sealed_one(ws)
    child = somebody(ws)
    for worker in (HEAD, MIDWIFE, KADER):
        ws.worker = worker
        for name, extra in (
            ("beranda", {}), ("tindak_lanjut", {}), ("laporan", {}), ("kartu", {"person_id": child.id}),
            ("sasaran", {}), ("masalah_sosial", {}),
        ):  # fmt: skip
            shell.go(name, **extra)
            scene.settle(qtbot)
            told = words(shell)
            assert "Zulaikhaningsih" not in told, name
            assert "Kekerasan" not in told, name


def test_a_key_from_afar_is_compared_before_it_is_used(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    from posyandu.domain.forms.social import SEALING_KEY
    from posyandu.storage import records, sealing

    far = sealing.new_key()
    answers = {"name": "Ns. Budi", "role": "puskesmas", "public_key": far.public.hex(), "made_on": date(2026, 11, 1)}
    records.save(ws.db, SEALING_KEY, "far", answers, scope=ws.posyandu_id, author=ws.author, now=ws.now(),
                 links={"worker_id": "p"})  # fmt: skip
    lapor = reporting(shell, qtbot, person_id=somebody(ws).id)
    press(lapor, "jenis:child_abuse")
    scene.settle(qtbot)
    assert not lapor.done.isEnabled()
    press(lapor, "button:cocokkan:p")
    compare = sheet(shell, CompareSheet)
    assert sealing.fingerprint(far.public) in words(compare)
    press(compare, "button:ya")
    assert lapor.done.isEnabled()
    scene.settle(qtbot)
    assert "Ns. Budi (Petugas Puskesmas)" in words(lapor)


def test_a_report_begun_and_left_leaves_no_word_behind(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    lapor = reporting(shell, qtbot, person_id=somebody(ws).id)
    press(lapor, "jenis:dropout")
    scene.settle(qtbot)
    keys("Zulaikhaningsih")
    press(shell, "button:batal")
    lapor = reporting(shell, qtbot)
    assert lapor.view is None
    assert lapor.person is None
    assert not lapor.done.isEnabled()


@pytest.mark.parametrize(("factor", "size"), [(1.0, (1024, 600)), (1.3, (1366, 768))])
def test_with_everything_on_it_the_page_fits_and_cuts_no_word(
    qtbot: QtBot, qapp: QApplication, ws: Workspace, factor: float, size: tuple[int, int]
) -> None:
    theme.apply(qapp, "dark", factor)
    one = sealed_one(ws)
    ws.worker = HEAD
    open_one = social.open_ticket(
        ws, {**TOLD, "kind": "elderly_alone", "urgency": "emergency", "noted_on": date(2026, 11, 3)},
        person_id=somebody(ws).id,
    ).id  # fmt: skip
    social.advance(ws, open_one, "verified", note="Sudah dikunjungi bersama kepala dusun dan tetangganya")
    made = Shell(scene.desk(ws))
    qtbot.addWidget(made)
    made.resize(*size)
    made.show()
    made.activateWindow()
    ws.worker = MIDWIFE
    shown = page(made, qtbot, ticket_id=open_one)
    shown.key = sealed.unlock(ws, PIN)
    for look in (lambda: shown.choose(open_one), lambda: shown.open_secret(one)):
        look()
        scene.settle(qtbot)
        assert (made.width(), made.height()) == size
        assert made.minimumSizeHint().width() <= size[0]
        for label in shown.findChildren(QLabel):
            plain = not label.wordWrap() and not isinstance(label, ElideLabel) and label.text()
            if plain and label.isVisible():
                assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width() + 1, label.text()
        for button in shown.findChildren(QAbstractButton):
            if button.isVisible() and button.objectName():
                assert button.accessibleName() or button.text(), button
                right = button.mapTo(made, button.rect().topRight()).x()
                assert right <= made.width(), button.objectName()
                if isinstance(button, Button):
                    assert button.width() + 1 >= button.sizeHint().width(), button.text()
    jobs.wait(5000)
    made.hide()


def test_a_key_under_an_old_pin_asks_for_it_once(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    one = sealed_one(ws)
    ws.worker = MIDWIFE
    assert sealed.reseal_key(ws, PIN, "638104")  # as after somebody gave her another PIN
    shown = page(shell, qtbot)
    press(shown, f"rahasia:{one}")
    keys(PIN)
    scene.settle(qtbot)
    asking = sheet(shell, PinSheet)
    assert "PIN lama" in words(asking)
    keys("638104")
    scene.settle(qtbot)
    assert shown.ticket is not None
    assert shown.ticket.answers["finding"] == SECRET["finding"]
    shown.forget_key()
    assert sealed.unlock(ws, PIN).public


def test_a_wrong_pin_opens_nothing_and_says_so(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    one = sealed_one(ws)
    ws.worker = MIDWIFE
    shown = page(shell, qtbot)
    press(shown, f"rahasia:{one}")
    keys("550173")
    scene.settle(qtbot)
    keys("550174")
    scene.settle(qtbot)
    assert "Bukan PIN lama" in words(sheet(shell, PinSheet))
    assert shown.key is None
    assert "Zulaikhaningsih" not in words(shell)
    assert sealed.accesses(ws, one) == ()


def test_a_reader_shares_a_report_with_a_colleague(shell: Shell, ws: Workspace, qtbot: QtBot) -> None:
    one = sealed_one(ws)
    ws.worker = Worker("p", "Ns. Budi", "puskesmas")
    sealed.make_key(ws, PIN)
    assert [each.for_me for each in social.sealed_tickets(ws)] == []
    ws.worker = MIDWIFE
    for reader in sealed.readers(ws):
        sealed.accept(ws, reader.public)
    shown = page(shell, qtbot)
    press(shown, f"rahasia:{one}")
    keys(PIN)
    scene.settle(qtbot)
    assert "Bagikan kepada Ns. Budi" in words(shown)
    press(shown, "button:bagikan")
    scene.settle(qtbot)
    assert "membagikan kunci" in words(shown)
    ws.worker = Worker("p", "Ns. Budi", "puskesmas")
    assert [each.for_me for each in social.sealed_tickets(ws)] == [True]


def test_the_last_step_of_a_secret_is_taken_back_and_a_page_of_it_is_made_only_after_a_yes(
    shell: Shell, ws: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(files, "show", lambda path: opened.append(path.suffix))
    one = sealed_one(ws)
    ws.worker = MIDWIFE
    shown = page(shell, qtbot)
    press(shown, f"rahasia:{one}")
    keys(PIN)
    scene.settle(qtbot)
    press(shown, "button:verified")
    keys("Ditemui↵")
    scene.settle(qtbot)
    press(shown, "button:batal-langkah")
    scene.settle(qtbot)
    assert shown.ticket is not None
    assert (shown.ticket.stage, shown.ticket.steps) == ("recorded", ())
    press(shown, "button:lembar")
    asking = sheet(shell, Overlay)
    assert "tanpa segel" in words(asking)
    assert QApplication.focusWidget() is asking.findChild(Button, "button:batal")
    keys("⎋")
    assert [each.action for each in sealed.accesses(ws, one)] == ["opened"], "nothing is written before the yes"
    press(shown, "button:lembar")
    press(sheet(shell, Overlay), "button:ya")
    assert (shown.where.text(), opened) == ("Menyiapkan cetakan…", []), "it is made beside the window"
    scene.settle(qtbot)
    assert opened == [".pdf"]
    assert "Hapus sesudah dicetak" in shown.where.text()
    assert not shell.toast.action.isVisible() or "pdf" not in shell.toast.label.text()
    assert sorted(each.action for each in sealed.accesses(ws, one)) == ["opened", "printed"]


def test_a_step_written_while_the_key_was_dropped_asks_for_the_pin_and_keeps_its_words(
    shell: Shell, ws: Workspace, qtbot: QtBot
) -> None:
    one = sealed_one(ws)
    ws.worker = MIDWIFE
    shown = page(shell, qtbot)
    press(shown, f"rahasia:{one}")
    keys(PIN)
    scene.settle(qtbot)
    press(shown, "button:verified")
    keys("Ditemui berdua")
    shown.forget_key()  # the minutes are over
    qtbot.waitUntil(lambda: "Zulaikhaningsih" not in words(shell))
    keys("↵")
    keys(PIN)
    scene.settle(qtbot)
    assert shown.ticket is not None
    assert [step.note for step in shown.ticket.steps] == ["Ditemui berdua"]
    assert shell.findChildren(StepSheet) == []
    assert [each.action for each in sealed.accesses(ws, one)] == ["opened", "opened"]


def test_a_reader_who_reports_is_told_that_she_can_open_it_herself(
    shell: Shell, ws: Workspace, qtbot: QtBot
) -> None:  # fmt: skip
    ws.worker = MIDWIFE
    sealed.make_key(ws, PIN)
    lapor = reporting(shell, qtbot, person_id=somebody(ws).id)
    press(lapor, "jenis:violence")
    scene.settle(qtbot)
    assert "Yang dapat membukanya, dengan PIN: Anda. Kader lain tidak dapat." in words(lapor)
    assert "Anda sendiri dan" not in words(lapor)


def test_a_mistaken_report_is_taken_away_with_its_reason_and_comes_back(
    shell: Shell, ws: Workspace, qtbot: QtBot
) -> None:  # fmt: skip
    one = social.open_ticket(ws, TOLD, person_id=somebody(ws).id).id
    shown = page(shell, qtbot, ticket_id=one)
    press(shown, "button:hapus")
    asked = sheet(shell, Overlay).findChild(Button, "button:ya")
    assert asked is not None
    assert asked.kind == "danger", "red, as everything that deletes"
    press(sheet(shell, Overlay), "button:ya")
    assert sheet(shell, Overlay).isVisible()  # without a reason nothing is taken away
    keys("Salah orang")
    press(sheet(shell, Overlay), "button:ya")
    scene.settle(qtbot)
    assert social.tickets(ws) == ()
    assert shell.toast.label.text() == "Laporan dihapus"
    assert shown.ticket is None
    shell.toast.action.click()
    scene.settle(qtbot)
    assert [each.id for each in social.tickets(ws)] == [one]
    ws.worker = replace(KADER, id="another")
    shown = page(shell, qtbot, ticket_id=one)
    shown.choose(one)
    scene.settle(qtbot)
    assert not there(shown, "button:hapus")
    ws.worker = HEAD
    shown.choose(one)
    scene.settle(qtbot)
    assert there(shown, "button:hapus")
    social.advance(ws, one, "verified")
    shown = page(shell, qtbot, ticket_id=one)
    assert not there(shown, "button:hapus")
    with pytest.raises(BadInput, match="Tolak dengan alasan"):
        social.withdraw(ws, one, "Salah orang")


def test_no_emergency_is_painted_calm(ws: Workspace) -> None:
    one, other = (
        social.ticket(ws, social.open_ticket(ws, {**TOLD, "urgency": urgency}, person_id=somebody(ws).id).id)
        for urgency in ("emergency", "high")
    )
    assert [clock_chip(each) for each in (one, other)] == [("sisa 5 hari", "neutral"), ("sisa 5 hari", "ok")]
