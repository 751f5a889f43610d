"""A kader's confidential report travels to the bidan's laptop, and stays an envelope everywhere on the way.

Two encrypted books in files, a real PostgreSQL server between them. What the kader wrote is searched for, in every
encoding, in both books opened with their keys (what a thief of an open laptop would read), in every table of the
server, in every file on disk and in what the program told.
"""

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms import FORMS
from posyandu.server.app import JsonLines
from posyandu.server.exchange import Desk
from posyandu.services import accounts, people, sealed, social
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
