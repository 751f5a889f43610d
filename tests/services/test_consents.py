"""Consent: noted with its text and giver, taken back without deleting anything, listed, counted, in the copy."""

import json
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.consent import FORM, VERSION
from posyandu.services import (
    consents,
    data_package,
    eppgbm,
    follow_up,
    opensid,
    people,
    person_file,
    post_affairs,
    reporting,
)
from posyandu.services.people import NotFinal
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services import melati
from tests.services.melati import POST, TODAY, Clock

NOVEMBER = Month(2026, 11)
BACK = {"withdrawn_on": TODAY, "withdrawn_by": "Wulan Sari", "wish": "erase"}


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
        assert consents.of_posts(ws, [POST], here, on)[wulan][1].state == state


SHARING_BACK = {"withdrawn_on": TODAY, "wish": "no_sharing"}


def a_family(ws: Workspace) -> tuple[str, str, str]:
    """Wulan, who took sharing back, her child Raka, and Ayu, whose sharing was refused."""
    wulan = melati.woman(ws, kk="5203010101010009")
    raka = melati.child(
        ws, nik="5203010507250001", mother_name="wulan  SARI", mother_id=wulan, father_name="Amaq Raka",
        kk="5203010101010009",
    )  # fmt: skip
    ayu = melati.child(ws, "Ayu Lestari", date(2025, 3, 1), nik="5203014103250002", mother_name="Sri")
    for child in (raka, ayu):
        melati.weighed(ws, child, TODAY, 9_200, length_mm=755, position="lying")
    agreed(ws, wulan, **SHARING_BACK)
    agreed(ws, ayu, answer="declined")
    return wulan, raka, ayu


def test_who_took_sharing_back_is_in_no_file_that_leaves_and_the_sentence_says_who(
    ws: Workspace, tmp_path: Path
) -> None:
    wulan, raka, ayu = a_family(ws)
    assert set(consents.kept_in(ws, POST)) == {wulan, ayu}
    opened = opensid.save(ws, POST, NOVEMBER, tmp_path)
    why = "tidak ikut karena persetujuan berbagi ditarik atau ditolak"
    assert opened.sentence == f"1 anak di lembar OpenSID. 1 orang {why}: Ayu Lestari."
    assert [row[2].people[0].id for row in opensid.table(ws, POST, NOVEMBER)[0].rows] == [raka]
    sheets = eppgbm.save(ws, POST, NOVEMBER, tmp_path)
    assert sheets.sentence == f"1 anak dan 1 hasil ukur siap diunggah. 2 orang {why}: Ayu Lestari, Wulan Sari."
    (row,) = eppgbm.export(ws, POST, NOVEMBER).identity[1].rows
    told = {cell.text for cell in row}
    assert "Amaq Raka" in told, "a parent who did not take it back"
    assert not {"Wulan Sari", "wulan  SARI", "Ayu Lestari"} & told
    agreed(ws, ayu, consents.of_person(ws, ayu)[0].id)
    assert opensid.save(ws, POST, NOVEMBER, tmp_path).sentence == "2 anak di lembar OpenSID."


def test_nothing_of_them_and_not_their_names_is_in_the_data_package(ws: Workspace, tmp_path: Path) -> None:
    wulan, raka, _ayu = a_family(ws)
    carried = melati.pregnancy(ws, wulan)
    visit = records.visit_id("pregnancy_visit", "day", wulan)
    records.save(
        ws.db, FORMS["pregnancy_visit"], visit, {"visited_on": TODAY, "weight_g": 60_000}, scope=POST, author=ws.author,
        now=ws.now(), links={"pregnancy_id": carried},
    )  # fmt: skip
    agreed(ws, raka, purpose="service", given_by="mother", giver_name="Wulan Sari")
    house = records.load(ws.db, FORMS["person"], raka)
    assert house is not None
    records.save(
        ws.db, FORMS["household"], str(house.answers["household_id"]), {"head_name": "WULAN SARI"}, scope=POST,
        author=ws.author, now=ws.now(),
    )  # fmt: skip
    saved = data_package.save(ws, [POST], tmp_path / "paket.zip")
    assert saved.sentence.endswith("ditarik atau ditolak: Ayu Lestari, Wulan Sari.")
    with zipfile.ZipFile(saved.path) as archive:
        whole = {name: archive.read(name).decode() for name in archive.namelist()}
    assert "Raka Aditya" in whole["person.csv"]
    assert "Amaq Raka" in whole["person.csv"]
    for gone in ("wulan", "Ayu Lestari", "5203014103250002", wulan, carried, visit):
        assert not [name for name, text in whole.items() if gone.casefold() in text.casefold()], gone
    assert "pregnancy.csv" not in whole


def test_counts_of_reports_stay_as_they_were(ws: Workspace) -> None:
    def figures() -> list[str]:
        tables = reporting.monthly(ws, POST, NOVEMBER).tables
        return [cell.text for table in tables for row in table.rows for cell in row]

    raka = melati.child(ws)
    melati.weighed(ws, raka, TODAY, 9_200)
    before = figures()
    assert "1" in before
    agreed(ws, raka, **SHARING_BACK)
    assert figures() == before


def test_a_book_where_nobody_took_it_back_says_nothing(ws: Workspace, tmp_path: Path) -> None:
    agreed(ws, melati.child(ws))
    assert consents.kept_in(ws, POST) == {}
    assert consents.left_out_words([]) == ""
    assert data_package.save(ws, [POST], tmp_path / "paket.zip").kept_in == ""
    assert eppgbm.export(ws, POST, NOVEMBER).kept_in == ""
