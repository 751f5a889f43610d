"""Consent: noted with its text and giver, taken back without deleting anything, listed, counted, in the copy."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms.consent import FORM, VERSION
from posyandu.services import consents, data_package, follow_up, people, person_file, post_affairs, reporting
from posyandu.services.people import NotFinal
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services import melati
from tests.services.melati import POST, TODAY, Clock

NOVEMBER = Month(2026, 11)
BACK = {"withdrawn_on": TODAY, "withdrawn_by": "Wulan Sari", "wish": "erase"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ws(clock: Clock) -> Workspace:
    return melati.post(clock)


def agreed(ws: Workspace, person_id: str, record_id: str | None = None, **more: Value | None) -> str:
    told = {"told_on": TODAY, "purpose": "share", "answer": "agreed", "given_by": "self", **more}
    consents.save(ws, person_id, record_id, told)
    return consents.of_person(ws, person_id)[0].id


def states(ws: Workspace, person_id: str) -> dict[str, str]:
    return {each.purpose: each.state for each in consents.stands(ws, person_id)}


def listed(ws: Workspace) -> dict[str, str]:
    found = [each for each in follow_up.attention(ws, POST, NOVEMBER) if each.code == "consent_withdrawn"]
    return {row.id: row.reason for each in found for row in each.people}


def test_it_begins_with_today_the_text_read_now_the_kader_and_who_answers(ws: Workspace) -> None:
    wulan = melati.woman(ws)
    assert consents.new(ws, wulan) == {
        "told_on": TODAY,
        "purpose": "service",
        "text_version": VERSION,
        "told_by": ws.worker.name,
        "given_by": "self",
    }
    raka = melati.child(ws, mother_name="Wulan Sari")
    assert (consents.new(ws, raka)["given_by"], consents.new(ws, raka)["giver_name"]) == ("mother", "Wulan Sari")
    people.correct(ws, raka, {"guardian_name": "Inaq Sahnun"})
    assert (consents.new(ws, raka)["given_by"], consents.new(ws, raka)["giver_name"]) == ("guardian", "Inaq Sahnun")


def test_the_next_purpose_not_told_yet_is_asked(ws: Workspace) -> None:
    wulan = melati.woman(ws)
    asked = []
    for _time in range(4):
        asked.append(consents.new(ws, wulan)["purpose"])
        consents.save(ws, wulan, None, {**consents.new(ws, wulan), "answer": "agreed"})
    assert asked == ["service", "share", "picture", "service"]


def test_taking_back_deletes_nothing_and_stands_on_the_list_with_the_wish(ws: Workspace, clock: Clock) -> None:
    wulan = melati.woman(ws)
    before = people.card(ws, wulan).person
    record = agreed(ws, wulan)
    assert (states(ws, wulan)["share"], listed(ws)) == ("agreed", {})
    agreed(ws, wulan, record, **BACK)
    assert people.card(ws, wulan).person == before
    assert states(ws, wulan) == {"service": "none", "share": "withdrawn", "picture": "none"}
    words = "Ditarik 12-11-2026: Data dengan nama dikirim ke Puskesmas dan dinas. Diminta: Data dihapus"
    assert listed(ws) == {wulan: words}
    clock.now += timedelta(minutes=1)
    agreed(ws, wulan)
    assert listed(ws) == {}, "given anew"


def test_two_things_taken_back_make_one_line_since_the_first(ws: Workspace) -> None:
    wulan = melati.woman(ws)
    agreed(ws, wulan, told_on=TODAY - timedelta(9), withdrawn_on=TODAY - timedelta(2))
    agreed(ws, wulan, purpose="picture", withdrawn_on=TODAY)
    words = "Ditarik 10-11-2026: Data dengan nama dikirim ke Puskesmas dan dinas, Foto dan cerita kegiatan"
    assert listed(ws) == {wulan: words}


def test_what_is_not_asked_any_more_is_not_kept(ws: Workspace) -> None:
    wulan = melati.woman(ws)
    record = agreed(ws, wulan, **BACK)
    agreed(ws, wulan, record, answer="declined", **BACK)
    kept = consents.of_person(ws, wulan)[0].answers
    assert [kept.get(name) for name in ("withdrawn_on", "withdrawn_by", "wish")] == [None, None, None]
    assert states(ws, wulan)["share"] == "declined"


def test_without_day_or_purpose_nothing_is_saved(ws: Workspace) -> None:
    wulan = melati.woman(ws)
    with pytest.raises(NotFinal, match="Diberi tahu tanggal belum diisi"):
        consents.save(ws, wulan, None, {"purpose": "share"})
    with pytest.raises(NotFound, match="tidak ada di buku"):
        consents.save(ws, "nobody", None, {"told_on": TODAY, "purpose": "share"})
    with pytest.raises(NotFound, match="tidak ada di buku"):
        consents.stands(ws, "nobody")
    assert records.load_many(ws.db, FORM, withdrawn=True) == []


def test_a_record_taken_away_says_nothing_until_it_is_brought_back(ws: Workspace) -> None:
    wulan = melati.woman(ws)
    op = post_affairs.remove(ws, FORM, agreed(ws, wulan))
    assert states(ws, wulan)["share"] == "none"
    post_affairs.undo(ws, op)
    assert states(ws, wulan)["share"] == "agreed"


def test_the_register_counts_each_state_with_names_and_prints_the_text(ws: Workspace) -> None:
    wulan, raka = melati.woman(ws, rt="02"), melati.child(ws)
    melati.child(ws, "Tamu Kecil", guest=True)
    agreed(ws, wulan, **BACK)
    consents.save(ws, raka, None, {"told_on": TODAY, "purpose": "service", "answer": "told"})
    sheet = reporting.build(ws, "persetujuan", POST, NOVEMBER)
    counted, back = sheet.tables
    figures = {
        row[0].text: {name.name: cell.value for name, cell in zip(counted.columns, row, strict=True)}
        for row in counted.rows
    }
    assert {name: figures["Dicatat dan dilayani di Posyandu"][name] for name in ("told", "none", "agreed")} == {
        "told": 1, "none": 1, "agreed": 0,
    }  # fmt: skip
    assert figures["Data dengan nama dikirim ke Puskesmas dan dinas"]["withdrawn"] == 1
    assert [cell.text for cell in back.rows[0]] == [
        "Wulan Sari", "02", "Data dengan nama dikirim ke Puskesmas dan dinas", "12-11-2026", "Data dihapus",
    ]  # fmt: skip
    assert back.rows[0][0].people[0].id == wulan
    assert f"Naskah {VERSION} yang dibacakan:" in sheet.rules
    assert any(words.startswith("6. Persetujuan boleh ditarik") for words in sheet.rules)


def test_it_is_in_the_persons_copy_and_in_the_data_package(ws: Workspace, tmp_path: Path) -> None:
    wulan = melati.woman(ws)
    agreed(ws, wulan, text_version=VERSION, how="signed")
    saved = person_file.save(ws, wulan, tmp_path, "Data Wulan")
    told = json.loads(saved.data.read_text("utf-8"))["records"]
    assert next(each["answers"] for each in told if each["form"] == "consent")["text_version"] == VERSION
    assert "Tanda tangan" in saved.page.read_text("utf-8")
    assert {"consent", "village_profile"} <= set(data_package.forms())
    path = tmp_path / "paket.zip"
    data_package.save(ws, [POST], path)
    other = melati.post(Clock())
    data_package.take(other, data_package.look(other, path))
    assert states(other, wulan)["share"] == "agreed"


def test_a_day_before_the_notice_knows_nothing_of_it(ws: Workspace) -> None:
    wulan = melati.woman(ws)
    agreed(ws, wulan)
    here = {wulan: people.card(ws, wulan).person}
    for on, state in ((TODAY, "agreed"), (TODAY - timedelta(1), "none"), (date(2030, 1, 1), "agreed")):
        assert consents.of_post(ws, POST, here, on)[wulan][1].state == state
