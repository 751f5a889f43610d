"""Who took data out or changed who may open the book stands in one list; one person's data leaves whole."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import NotFound, WrongPin
from posyandu.domain.fields import YesNo
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.social import SEALED_ACCESS, TICKET
from posyandu.services import (
    access,
    accounts,
    backups,
    curves,
    data_package,
    eppgbm,
    opensid,
    person_file,
    posts,
    reporting,
    sealed,
)
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from posyandu.storage.keys import Cost
from tests.services import melati

PIN, NEW, OTHER = "270593", "604718", "830172"
NIK = "5203016507250001"


def actions(ws: Workspace) -> list[tuple[str, str, str]]:
    return [(each.action, each.by, each.about) for each in access.log(ws)]


def a_child(ws: Workspace) -> str:
    child = melati.child(ws, "Raka <b>Aditya</b>", nik=NIK, mother_name="Wulan Sari", address="Jalan Mawar 3")
    melati.weighed(ws, child, melati.TODAY - timedelta(days=31), 9200)
    melati.weighed(ws, child, melati.TODAY, 9600)
    return child


# ---- the list


def test_taking_data_out_is_written_down_with_who_and_whom_but_not_what(tmp_path: Path) -> None:
    ws = melati.post()
    child = a_child(ws)
    assert access.log(ws) == []
    person_file.save(ws, child, tmp_path, "data")
    reporting.kms_pdf(ws, child, tmp_path / "kms.pdf")
    data_package.save(ws, [melati.POST], tmp_path / "paket.zip")
    eppgbm.save(ws, melati.POST, Month.of(melati.TODAY), tmp_path)
    opensid.save(ws, melati.POST, Month.of(melati.TODAY), tmp_path)
    name = "Raka <b>Aditya</b>"
    assert sorted(actions(ws)) == sorted(
        [("exported_person", "Sari", name), ("printed", "Sari", name), *[("exported_data", "Sari", "")] * 3]
    )
    for row in records.load_many(ws.db, SEALED_ACCESS):
        told = {name for name, value in row.answers.items() if value is not None}
        assert told <= {"action", "opened_at", "done_by", "about_id", "worker_id", "title"}
        assert row.answers["title"] in (None, "e-PPGBM 2026-11", "OpenSID anak 2026-11", "Paket data terbuka")
        assert row.scope == melati.POST
    assert all(each.words and each.at == melati.NOW for each in access.log(ws))


def test_what_fails_before_anything_left_is_not_written_down(tmp_path: Path) -> None:
    ws = melati.post()
    for fails in (
        lambda: person_file.save(ws, "siapa", tmp_path, "x"),
        lambda: reporting.kms_pdf(ws, "siapa", tmp_path / "x.pdf"),
        lambda: curves.save_curves(ws, "siapa", tmp_path / "x.pdf"),
        lambda: access.note_on_person(ws, "printed", "siapa"),
    ):
        with pytest.raises(NotFound):
            fails()
    assert access.log(ws) == []
    assert list(tmp_path.iterdir()) == []


def test_sealed_parts_stand_in_the_same_list_without_whom_they_are_about() -> None:
    ws = melati.post()
    ws.worker = Worker("b", "Bidan Ani", "midwife")
    reader = sealed.make_key(ws, "271845")
    sealed.accept(ws, reader.public)
    record, _saved = sealed.seal(ws, "social", {"kind": "violence", "finding": "rahasia"})
    sealed.open_envelope(ws, sealed.unlock(ws, "271845"), record, TICKET)
    sealed.note_printed(ws, record)
    assert sorted(actions(ws)) == [
        ("opened", "Bidan Ani", "Bagian rahasia"), ("printed", "Bidan Ani", "Bagian rahasia"),
    ]  # fmt: skip


def test_nobody_takes_an_entry_out_of_the_list_and_the_newest_come_first() -> None:
    clock = melati.Clock()
    ws = melati.post(clock)
    first = access.note(ws, "exported_data")
    clock.now += timedelta(hours=1)
    access.note(ws, "recovery_key")
    records.withdraw(
        ws.db, SEALED_ACCESS, records.load_many(ws.db, SEALED_ACCESS, action="exported_data")[0].id,
        author=ws.author, now=ws.now(),
    )  # fmt: skip
    assert first.changed
    assert [each.action for each in access.log(ws)] == ["recovery_key", "exported_data"]
    assert [each.action for each in access.log(ws, most=1)] == ["recovery_key"]
    assert access.log(ws, "lain") == []


def test_pins_keys_and_restores_are_written_down(tmp_path: Path) -> None:
    folder = accounts.books().real
    ws = accounts.create(folder, "Sari", PIN, cost=Cost(1, 8)).workspace
    accounts.add_member(ws, "Ani", "kader", OTHER)  # before the first post: nobody to tell
    posts.add_post(ws, {"name": "Melati", "village_code": "5203012001"})
    rina = accounts.add_member(ws, "Rina", "kader", OTHER)
    with pytest.raises(WrongPin):
        accounts.change_pin(ws, OTHER, NEW)
    accounts.change_pin(ws, PIN, NEW)
    accounts.reset_pin(ws, rina, NEW)
    accounts.new_recovery_key(ws)
    expected = [("member_added", "Rina"), ("pin_changed", "Sari"), ("pin_reset", "Rina"), ("recovery_key", "")]
    assert sorted((each.action, each.about) for each in access.log(ws)) == expected
    copy = backups.back_up(ws, tmp_path).path
    ws.close()
    backups.restore(copy, folder, member=ws.worker.id, pin=NEW)
    for _opened in range(2):
        again = accounts.unlock(folder, ws.worker.id, NEW)
        found = [(each.action, each.by) for each in access.log(again)]
        assert found.count(("restored", "Sari")) == 1
        again.close()
    assert len(found) == 5


# ---- one person's data


def test_everything_of_one_person_is_in_both_files_and_nothing_of_another(tmp_path: Path) -> None:
    ws = melati.post()
    child = a_child(ws)
    other = melati.child(ws, "Bayu Lain", nik="5203016507250002")
    melati.weighed(ws, other, melati.TODAY - timedelta(days=62), 7777)
    mistaken = records.new_id()
    records.save(
        ws.db, FORMS["follow_up"], mistaken, {"list_code": "absent", "reason": "salah ketik"}, scope=melati.POST,
        author=ws.author, now=ws.now(), links={"person_id": child},
    )  # fmt: skip
    records.withdraw(ws.db, FORMS["follow_up"], mistaken, author=ws.author, now=ws.now())
    saved = person_file.save(ws, child, tmp_path, "data")
    page, data = saved.page.read_text("utf-8"), json.loads(saved.data.read_bytes())
    assert len(data["records"]) == saved.records == len(person_file.held(ws, child)) - 1  # the note of this very file
    for told in (NIK, "9,6 kg", "9,2 kg", "Wulan Sari", "Raka &lt;b&gt;Aditya&lt;/b&gt;", "(dibatalkan)", "Sari"):
        assert told in page, told
    assert "<b>" not in page
    grams = [each["answers"].get("weight_g") for each in data["records"] if each["form"] == "under_five_visit"]
    assert sorted(grams) == [9200, 9600]
    assert data["records"][0]["answers"]["born_on"] == "2025-07-05"
    assert {each["form"] for each in data["records"]} >= {"person", "household", "under_five_visit", "follow_up"}
    for foreign in ("Bayu", "5203016507250002", '"weight_g": 7777', other):
        assert foreign not in page + saved.data.read_text("utf-8")


def test_the_person_sees_who_took_their_data_before(tmp_path: Path) -> None:
    ws = melati.post()
    child = a_child(ws)
    person_file.save(ws, child, tmp_path, "data")
    page = person_file.save(ws, child, tmp_path, "data").page.read_text("utf-8")
    assert "Data satu orang disimpan ke berkas" in page


@pytest.mark.parametrize("role", ["kader", "midwife"])
def test_confidential_answers_stay_closed_to_everybody_without_a_key(tmp_path: Path, role: str) -> None:
    ws = melati.post()
    woman = melati.woman(ws)
    srq = FORMS["srq20"]
    name = next(name for name, field in srq.fields.items() if isinstance(field, YesNo))
    ws.worker = Worker("lain", "Dewi", "kader")
    records.save(
        ws.db, srq, records.new_id(), {name: True}, scope=melati.POST, author=ws.author, now=ws.now(),
        links={"person_id": woman},
    )  # fmt: skip
    sealed_id = records.new_id()
    answers = {"purpose": "social", "box": "AMPLOPTERTUTUP"}
    records.save(
        ws.db, FORMS["sealed"], sealed_id, answers, scope=melati.POST, author=ws.author, now=ws.now(),
        links={"about_id": woman},
    )  # fmt: skip
    ws.worker = Worker("saya", "Ani", role)
    saved = person_file.save(ws, woman, tmp_path, "data")
    kept = next(each for each in json.loads(saved.data.read_bytes())["records"] if each["form"] == "srq20")
    assert (kept["closed"], kept["answers"]) == (True, {})
    both = saved.page.read_text("utf-8") + saved.data.read_text("utf-8")
    assert "Jawaban rahasia: minta kepada bidan." in both
    assert "AMPLOPTERTUTUP" not in both


# --- edges -----------------------------------------------------------------------------------------------------------


def entry(ws: Workspace, **answers: str | None) -> None:
    told = {"action": "printed", "done_by": "Sari", "opened_at": "2026-11-12T09:00:00+08:00"} | answers
    records.save(
        ws.db,
        SEALED_ACCESS,
        records.new_id(),
        told,
        scope=melati.POST,
        author=ws.author,
        now=ws.now(),  # type: ignore[arg-type]
    )


def test_the_newest_come_first_by_when_they_were_done_and_not_by_when_they_arrived() -> None:
    ws = melati.post()
    for at in ("2026-11-12T08:00:00+08:00", "2026-11-12T10:00:00+08:00", "2026-11-12T00:30:00+00:00"):
        entry(ws, opened_at=at)
    assert [each.at.astimezone(melati.ZONE).hour for each in access.log(ws)] == [10, 8, 8]
    assert [each.at.astimezone(melati.ZONE).minute for each in access.log(ws)] == [0, 30, 0]


@pytest.mark.parametrize("at", [None, "kemarin", "2026-11-12", "2026-11-12T09:00:00"])
def test_a_moment_that_cannot_be_read_is_that_of_the_save(at: str | None) -> None:
    ws = melati.post()
    entry(ws, opened_at=at)
    assert [each.at for each in access.log(ws)] == [melati.NOW]


def test_a_deed_of_next_year_is_told_by_its_code_and_one_without_a_name_by_nobody() -> None:
    ws = melati.post()
    entry(ws, action="sung", done_by=None)
    (found,) = access.log(ws)
    assert (found.action, found.words, found.by, found.about) == ("sung", "sung", "", "")


def test_the_list_is_of_one_post_and_no_longer_than_asked() -> None:
    ws = melati.post()
    for number in range(4):
        entry(ws, done_by=f"Kader {number}", opened_at=f"2026-11-12T0{number}:00:00+08:00")
    access.note(ws, "exported_data", scope="mawar")
    assert [each.by for each in access.log(ws, most=2)] == ["Kader 3", "Kader 2"]
    assert [each.action for each in access.log(ws, "mawar")] == ["exported_data"]
    assert access.log(ws, "a post nobody has") == []


def test_every_deed_that_is_written_down_has_words() -> None:
    ws = melati.post()
    field = SEALED_ACCESS.fields["action"]
    codes = [option.code for option in field.options]  # type: ignore[attr-defined]
    for code in codes:
        access.note(ws, code)
    told = {each.action: each.words for each in access.log(ws)}
    assert told.keys() == set(codes)
    assert all(words and words != code for code, words in told.items())


def test_a_kader_is_named_too_and_what_nobody_knows_is_a_sealed_part() -> None:
    ws = melati.post()
    records.save(ws.db, FORMS["worker"], "dewi", {"name": "Dewi"}, scope=melati.POST, author=ws.author, now=ws.now())
    access.note(ws, "reset_pin", "dewi")
    access.note(ws, "opened", "something sealed")
    assert {each.about for each in access.log(ws)} == {"Dewi", "Bagian rahasia"}


def test_a_paper_of_a_person_is_noted_at_the_post_of_that_person() -> None:
    ws = melati.post()
    child = melati.child(ws)
    ws.posyandu_id = "mawar"
    access.note_on_person(ws, "printed", child)
    assert [each.about for each in access.log(ws, melati.POST)] == ["Raka Aditya"]
    assert access.log(ws) == []


def test_a_restore_is_written_down_once_by_whoever_opens_the_book_at_a_post() -> None:
    ws = melati.post()
    access.note_restored(ws)
    assert access.log(ws) == []
    access.was_restored(ws.db)
    ws.posyandu_id = ""
    access.note_restored(ws)
    access.note_on_post(ws, "recovery_key")
    ws.posyandu_id = melati.POST
    assert access.log(ws) == [], "without a post there is nobody to tell yet"
    for _time in range(2):
        access.note_restored(ws)
    assert [each.action for each in access.log(ws)] == ["restored"]
