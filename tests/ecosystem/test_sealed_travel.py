"""A kader's confidential report travels to the bidan's laptop, and stays an envelope everywhere on the way.

Two encrypted books in files, a real PostgreSQL server between them. What the kader wrote is searched for, in every
encoding, in both books opened with their keys (what a thief of an open laptop would read), in every table of the
server, in every file on disk and in what the program told.
"""

import logging
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms import FORMS
from posyandu.server.app import JsonLines
from posyandu.server.exchange import Desk
from posyandu.services import (
    accounts,
    backups,
    data_package,
    people,
    person_file,
    questionnaires,
    sealed,
    sessions,
    social,
    visits,
)
from posyandu.services.workspace import Workspace
from posyandu.storage import database, records
from posyandu.storage.keys import COSTS
from tests.server.conftest import desk, post, postgres_cluster, postgres_url
from tests.server.laptops import VILLAGE, enrol, talk
from tests.services.melati import whole

__all__ = ["desk", "post", "postgres_cluster", "postgres_url"]

PIN = "271845"
WORDS = ("Nurkhasanah", "lebam di pelipis", "violence", "sudah ditampung", "rumah aman 417")
TOLD = {
    "kind": "violence",
    "finding": "Nurkhasanah lebam di pelipis",
    "consent": "not_asked",
    "urgency": "emergency",
    "place": "rumah aman 417",
}


def coded(words: str) -> tuple[bytes, ...]:
    return words.encode(), words.encode("utf-16-le"), words.encode().hex().encode()


def shows(content: bytes | str) -> list[str]:
    raw = content.encode() if isinstance(content, str) else content
    return [words for words in WORDS for each in coded(words) if each in raw]


def book(desk: Desk, name: str, role: str, post: str, monkeypatch: pytest.MonkeyPatch, home: Path) -> Workspace:
    """A book of its own on a laptop of its own."""
    monkeypatch.setenv("POSYANDU_HOME", str(home))
    ws = accounts.create(accounts.books().practice, name, PIN, role=role, cost=COSTS[-1]).workspace
    enrol(desk, ws)
    ws.posyandu_id = post
    return ws


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "server.log"
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    yield path
    logging.getLogger().removeHandler(handler)
    handler.close()


def test_a_sealed_report_goes_from_kader_to_bidan_and_is_read_nowhere_between(
    desk: Desk, post: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    bidan = book(desk, "Bidan Ani", "midwife", post, monkeypatch, tmp_path / "b")
    place = {"name": "Posyandu Kenanga", "village_code": VILLAGE}
    records.save(bidan.db, FORMS["posyandu"], post, place, scope=post, author=bidan.author, now=bidan.now())
    accounts.introduce(bidan)
    digits = sealed.make_key(bidan, PIN).digits
    talk(desk, bidan)

    kader = book(desk, "Sari", "kader", post, monkeypatch, tmp_path / "a")
    talk(desk, kader)
    with pytest.raises(BadInput, match="langsung kepada bidan"):
        social.open_sealed(kader, TOLD)  # the bidan's key is here, but nobody has compared its digits
    (reader,) = sealed.readers(kader)
    assert (reader.name, reader.digits, reader.accepted) == ("Bidan Ani", digits, False)
    sealed.accept(kader, reader.public)
    mother = people.register(kader, {"name": "Wulan Sari", "sex": "female", "born_on": date(1998, 4, 2)})
    one = social.open_sealed(kader, TOLD, person_id=mother).id
    open_one = social.open_ticket(
        kader, {**TOLD, "kind": "water", "finding": "Sumur kering", "place": "Dusun", "urgency": "normal"}
    ).id
    accounts.introduce(kader)
    talk(desk, kader)

    talk(desk, bidan)
    assert [each.for_me for each in social.sealed_tickets(bidan)] == [True]
    monkeypatch.setenv("POSYANDU_HOME", str(tmp_path / "b"))  # her own laptop again
    key = sealed.unlock(bidan, PIN)
    read = social.read_sealed(bidan, key, one)
    assert (read.answers["finding"], read.who) == (TOLD["finding"], read.who)
    assert read.who.startswith("Wulan Sari")
    social.advance(bidan, one, "verified", note="sudah ditampung", key=key)
    social.advance(bidan, open_one, "verified", note="Sudah dilihat")
    talk(desk, bidan)
    talk(desk, kader)

    assert social.ticket(kader, open_one).stage == "verified"  # the ordinary report went on
    (mine,) = social.sealed_tickets(kader)
    assert (mine.mine, mine.for_me) == (True, False)
    assert [each.by for each in sealed.accesses(kader, one)] == ["Bidan Ani"]  # who opened it is known here too
    with pytest.raises(NotFound):
        sealed.unlock(kader, PIN)

    with desk.pool.connection() as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, relname) FROM pg_stat_user_tables"
        ).fetchall()  # fmt: skip
        held = [
            str(line)
            for (table,) in tables
            for (line,) in connection.execute(f"SELECT t::text FROM {table} t").fetchall()  # type: ignore[arg-type]
        ]
    assert len(held) > 20
    assert any("Sumur kering" in line or b"Sumur kering".hex() in line for line in held)  # the hunt finds what is open
    assert [line[:80] for line in held if shows(line)] == []
    for ws in (kader, bidan):
        assert shows(whole(ws)) == []
        database.rows(ws.db, "PRAGMA wal_checkpoint(PASSIVE)")
        ws.close()
    on_disk = [
        (path.name, found) for path in tmp_path.rglob("*") if path.is_file() and (found := shows(path.read_bytes()))
    ]
    assert on_disk == []
    told = capfd.readouterr()
    assert shows(told.out + told.err) == []
    assert log.exists()
    (tmp_path / "umpan.txt").write_text(WORDS[0])
    assert shows((tmp_path / "umpan.txt").read_bytes())


ASKED = ("srq_17", "srq_3", "suicidal", "unsafe")
"""The names under which answers would stand in a save, a row, an export or a backup."""


def tells(content: bytes | str) -> list[str]:
    raw = content.encode() if isinstance(content, str) else content
    return [name for name in ASKED for each in coded(name) if each in raw]


def test_answers_about_the_mind_go_to_the_bidan_alone_and_outlive_a_backup_of_hers(
    desk: Desk, post: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    bidan = book(desk, "Bidan Ani", "midwife", post, monkeypatch, tmp_path / "b")
    place = {"name": "Posyandu Kenanga", "village_code": VILLAGE}
    records.save(bidan.db, FORMS["posyandu"], post, place, scope=post, author=bidan.author, now=bidan.now())
    accounts.introduce(bidan)
    sealed.make_key(bidan, PIN)
    talk(desk, bidan)

    kader = book(desk, "Sari", "kader", post, monkeypatch, tmp_path / "a")
    talk(desk, kader)
    (reader,) = sealed.readers(kader)
    sealed.accept(kader, reader.public)
    mother = people.register(kader, {"name": "Wulan Sari", "sex": "female", "born_on": date(1998, 4, 2)})
    youth = people.register(kader, {"name": "Made", "sex": "male", "born_on": date(kader.today().year - 15, 1, 1)})
    elder = people.register(kader, {"name": "Inaq Rat", "sex": "female", "born_on": date(1950, 1, 1)})
    day = sessions.open_day(kader, post, kader.today())
    srq = visits.record(kader, FORMS["srq20"], day, mother, {"srq_17": True, "srq_3": False}).record_id
    mental = visits.record(kader, FORMS["school_mental"], day, youth, {"suicidal": True, "unsafe": True}).record_id
    visits.record(kader, FORMS["aks"], day, elder, {"bowels": "1"})
    talk(desk, kader)
    talk(desk, bidan)
    other = book(desk, "Dewi", "kader", post, monkeypatch, tmp_path / "c")  # another kader of the same post
    talk(desk, other)
    row = records.load(other.db, FORMS["srq20"], srq)
    assert row is not None
    assert (row.answers["answered"], row.answers["srq_17"]) == (False, None)
    with pytest.raises(NotFound):
        sealed.unlock(other, PIN)

    with desk.pool.connection() as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, relname) FROM pg_stat_user_tables"
        ).fetchall()  # fmt: skip
        held = [
            str(line)
            for (table,) in tables
            for (line,) in connection.execute(f"SELECT t::text FROM {table} t").fetchall()  # type: ignore[arg-type]
        ]
    assert any("bowels" in line or b"bowels".hex() in line for line in held)  # the hunt finds what is open
    assert [line[:80] for line in held if tells(line)] == []
    for ws in (kader, bidan, other):
        assert "bowels" in whole(ws)
        assert tells(whole(ws)) == []
    monkeypatch.setenv("POSYANDU_HOME", str(tmp_path / "a"))
    taken = person_file.save(kader, mother, tmp_path, "data")
    data_package.save(kader, [post], tmp_path / "paket.zip")
    with zipfile.ZipFile(tmp_path / "paket.zip") as package:
        written = [package.read(name) for name in package.namelist()]
    written += [taken.page.read_bytes(), taken.data.read_bytes()]
    assert any(b"bowels" in content for content in written)
    assert [tells(content) for content in written if tells(content)] == []

    monkeypatch.setenv("POSYANDU_HOME", str(tmp_path / "b"))
    (tmp_path / "cadangan").mkdir()
    copy = backups.back_up(bidan, tmp_path / "cadangan")
    bidan.close()
    recovered = accounts.books().practice
    again = accounts.unlock(recovered, accounts.members(recovered)[0].id, PIN)
    again.posyandu_id = post
    key = sealed.unlock(again, PIN)
    for form, record_id, told in (
        ("srq20", srq, {"srq_17": True, "srq_3": False}),
        ("school_mental", mental, {"suicidal": True, "unsafe": True}),
    ):
        (opened,) = questionnaires.open_newest(again, key, FORMS[form], record_id)
        assert opened.values == told
        (envelope,) = questionnaires.envelopes(again, record_id)
        assert [each.action for each in sealed.accesses(again, envelope.id)] == ["opened"]
    talk(desk, again)
    talk(desk, kader)
    (envelope,) = questionnaires.envelopes(kader, srq)
    assert [each.by for each in sealed.accesses(kader, envelope.id)] == ["Bidan Ani"]  # known here too
    monkeypatch.setenv("POSYANDU_HOME", str(tmp_path / "b"))
    again.close()
    backups.restore(copy.path, recovered, member=accounts.members(recovered)[0].id, pin=PIN)
    back = accounts.unlock(recovered, accounts.members(recovered)[0].id, PIN)
    back.posyandu_id = post
    (opened,) = questionnaires.open_newest(back, sealed.unlock(back, PIN), FORMS["srq20"], srq)
    assert opened.values["srq_17"] is True  # the copy needs no more than her PIN
    for ws in (kader, other, back):
        database.rows(ws.db, "PRAGMA wal_checkpoint(PASSIVE)")
        ws.close()
    assert copy.path.exists()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and tells(path.read_bytes())] == []
    said = capfd.readouterr()
    assert tells(said.out + said.err) == []
    assert log.exists()
