"""After a scripted day no name, number or address of a person stands readable in any file (T14).

A real encrypted book, typed in, sent, carried on sticks, backed up, restored and locked; then every byte under the
laptop's folders, the sticks, the temporary folder and the server's log is searched. The server's own database is
readable by design and lies behind its administrator; memory is not searched.
"""

import logging
import tempfile
from datetime import date
from pathlib import Path

import pytest

from posyandu.domain.forms import FORMS
from posyandu.server import carried
from posyandu.server.app import JsonLines, make_app
from posyandu.server.exchange import Desk
from posyandu.server.settings import Settings
from posyandu.services import accounts, backups, carrying, synchronise
from posyandu.storage import database, drafts, records
from posyandu.storage.keys import COSTS
from posyandu.sync import client
from tests.server.conftest import desk, post, postgres_cluster, postgres_url
from tests.server.laptops import VILLAGE, code_for, laptop, talk
from tests.server.serving import serving

__all__ = ["desk", "post", "postgres_cluster", "postgres_url"]

NAME, NIK, PHONE, STREET = "Zulaikhaningsih Qomariyah", "5203016512880417", "081936225518", "Gang Bougenvil Ungu 417"
MARKERS = (NAME, NAME.split()[0], NIK, PHONE, STREET, NAME.lower().split()[0])
PIN = "271845"


def readable(folder: Path) -> list[tuple[str, str]]:
    """Each file under a folder in which a marker stands, in any of the encodings a text is kept in."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            found += [
                (path.name, marker)
                for marker in MARKERS
                for coded in (marker.encode(), marker.encode("utf-16-le"), marker.encode().hex().encode())
                if coded in content
            ]
    return found


def test_after_a_day_no_file_shows_a_person(
    desk: Desk, post: str, own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    temporary, stick = tmp_path / "sementara", tmp_path / "flashdisk"
    for folder in (temporary, stick):
        folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    log = tmp_path / "server.log"
    handler = logging.FileHandler(log, encoding="utf-8")
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    logging.getLogger("posyandu").setLevel("DEBUG")
    try:
        _a_day(desk, post, stick)
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
    assert list(own_home.rglob("*.db"))
    assert log.stat().st_size > 500
    assert list(stick.rglob("*.posyandu"))
    assert readable(tmp_path) == []
    told = capfd.readouterr()
    assert not [marker for marker in MARKERS if marker in told.out + told.err]
    (stick / "salah.txt").write_text(f"umpan {NAME}")  # the search itself works
    assert readable(stick)


def _a_day(desk: Desk, post: str, stick: Path) -> None:
    folder = accounts.books().practice
    ws = accounts.create(folder, "Sri Wahyuni", PIN, cost=COSTS[-1]).workspace
    place = {"name": "Posyandu Kenanga", "village_code": VILLAGE}
    records.save(ws.db, FORMS["posyandu"], post, place, scope=post, author=ws.author, now=ws.now())
    ws.posyandu_id = post
    with serving(make_app(desk, Settings())) as url:
        synchronise.enrol(ws, url, code_for(desk))
        person = records.new_id()
        answers = {"name": NAME, "nik": NIK, "phone": PHONE, "sex": "female", "born_on": date(1988, 12, 25)}
        records.save(ws.db, FORMS["person"], person, answers, scope=post, author=ws.author, now=ws.now())
        home = {"address": STREET}
        records.save(ws.db, FORMS["household"], records.new_id(), home, scope=post, author=ws.author, now=ws.now())
        drafts.keep(ws.db, "person", records.new_id(), None, None, answers, ws.now())
        assert synchronise.run(ws).state == "confirmed"
        records.save(ws.db, FORMS["person"], person, {"name": f"{NAME} S"}, scope=post, author=ws.author, now=ws.now())
        other = laptop(desk)
        talk(desk, other)
        for path in carrying.save_for_server(ws, stick).paths:
            for number, content in enumerate(carried.import_file(desk, path.read_bytes()).returns):
                (stick / f"balasan-{number}.posyandu").write_bytes(content)
        carrying.read(ws, stick / "balasan-0.posyandu")
        assert synchronise.status(ws).state == "confirmed"
        mine = client.key_of(ws.db).public_key().public_bytes_raw()
        from posyandu.storage.outbox import Companion

        (stick / "titip.posyandu").write_bytes(
            client.file_for_laptop(other.db, Companion(ws.device, mine, (post,), "")).file
        )
    backups.back_up(ws, stick)
    database.rows(ws.db, "PRAGMA wal_checkpoint(PASSIVE)")
    ws.close()
    again = accounts.unlock(folder, accounts.members(folder)[0].id, PIN)
    assert records.load(again.db, FORMS["person"], person) is not None
    again.close()
