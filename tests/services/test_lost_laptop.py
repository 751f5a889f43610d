"""A laptop is lost: the server says what it held and what is safe, and the laptop closes its book when it calls."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.domain.errors import SlotDisabled
from posyandu.domain.forms import FORMS
from posyandu.server import __main__ as admin
from posyandu.server import exchange, store
from posyandu.server.app import make_app
from posyandu.server.exchange import Desk
from posyandu.server.settings import Settings
from posyandu.services import accounts, people, sessions, synchronise, workspace
from posyandu.services.accounts import BookFolder
from posyandu.services.workspace import Workspace
from posyandu.storage import key_file, outbox, records
from posyandu.storage.keys import Cost
from posyandu.sync import client
from posyandu.sync.message import close_book_order
from tests.server.conftest import postgres_cluster, postgres_url
from tests.server.laptops import REGENCY, VILLAGE, code_for, open_post, weigh
from tests.server.serving import serving

__all__ = ["postgres_cluster", "postgres_url"]
PIN, OTHER_PIN = "270593", "830172"


@pytest.fixture
def desk(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    with store.open_pool(postgres_url, 3) as pool:
        yield exchange.open_desk(pool, trial=False)


@pytest.fixture
def url(desk: Desk) -> Iterator[str]:
    with serving(make_app(desk, Settings())) as address:
        yield address


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> BookFolder:
    monkeypatch.setattr(key_file, "_refused_at", {})
    return accounts.books().real


@pytest.fixture
def made(folder: BookFolder, desk: Desk, url: str) -> Iterator[accounts.Created]:
    created = accounts.create(folder, "Sari", PIN, cost=Cost(1, 8))
    ws = created.workspace
    open_post(ws, "melati")
    synchronise.enrol(ws, url, code_for(desk), name="Desa Uji")
    people.register(
        ws,
        {"name": "Siti Rahayu", "sex": "female", "born_on": date(1996, 3, 2), "phone": "0819000", "mother_name": "A"},
    )
    assert synchronise.run(ws).state == "confirmed"
    yield created
    ws.close()


def lose(desk: Desk, ws: Workspace, *, close_book: bool) -> None:
    with desk.pool.connection() as connection:
        assert store.revoke(connection, REGENCY, ws.device, "hilang di pasar", close_book=close_book)


def test_told_so_the_lost_laptop_opens_by_no_pin_but_still_by_the_recovery_key(
    made: accounts.Created, folder: BookFolder, desk: Desk
) -> None:
    ws = made.workspace
    unsent = weigh(ws, "melati", 9000)
    lose(desk, ws, close_book=True)
    outcome = synchronise.run(ws)
    assert outcome.state == "locked"
    assert "dikunci" in outcome.sentence
    ws.close()
    with pytest.raises(SlotDisabled):
        accounts.unlock(folder, ws.worker.id, PIN)
    again = accounts.unlock_with_recovery(folder, made.recovery_key)
    assert records.load(again.db, FORMS["under_five_visit"], unsent) is not None
    accounts.reset_pin(again, ws.worker.id, OTHER_PIN)
    again.close()
    accounts.unlock(folder, ws.worker.id, OTHER_PIN).close()


def test_only_revoked_it_keeps_its_pins(made: accounts.Created, folder: BookFolder, desk: Desk) -> None:
    lose(desk, made.workspace, close_book=False)
    assert synchronise.run(made.workspace).state == "help"
    made.workspace.close()
    accounts.unlock(folder, made.workspace.worker.id, PIN).close()


def test_an_order_for_another_laptop_or_of_another_server_is_not_obeyed(made: accounts.Created, desk: Desk) -> None:
    ws = made.workspace
    server = outbox.server(ws.db)
    assert server is not None
    good = desk.key.sign(close_book_order(ws.device))
    assert client.is_ordered_to_close(ws.db, server, good)
    stranger = Ed25519PrivateKey.generate()
    for order in (
        b"",
        good[:-1] + bytes([good[-1] ^ 1]),
        desk.key.sign(close_book_order("other")),
        stranger.sign(close_book_order(ws.device)),
    ):
        assert not client.is_ordered_to_close(ws.db, server, order)


def test_what_is_safe_and_whom_it_held_can_be_listed(
    made: accounts.Created, desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ws = made.workspace
    for on, came in ((date(2026, 10, 5), ()), (date(2026, 11, 5), ("a", "b"))):
        day = sessions.open_day(ws, "melati", on, {})
        for name in came:
            told = {"name": name.upper() * 3, "sex": "male", "born_on": date(2024, 5, 3), "guest": True}
            sessions.mark_present(ws, day, people.register(ws, told))
    assert synchronise.run(ws).state == "confirmed"
    lose(desk, ws, close_book=True)
    listed = tmp_path / "orang.csv"
    assert admin.main(["lost", ws.device[:8], "--persons", str(listed)]) == 0
    said = capsys.readouterr().out
    assert "laptop uji" in said
    safe = outbox.counts(ws.db, ws.device).confirmed
    assert f"{VILLAGE}\tmelati\t{safe} simpanan aman" in said
    assert "3 orang tercatat" in said
    assert "Siti" not in said
    assert "hari 2026-11-05\t2 yang datang aman" in said.replace(f"{VILLAGE}\t", "")
    assert said.index("hari 2026-11-05") < said.index("hari 2026-10-05")  # the newest first: there the typing begins
    assert "hari 2026-10-05\t0 yang datang aman" in said
    with listed.open(encoding="utf-8") as file:
        assert [row["nama"] for row in csv.DictReader(file)] == ["AAA", "BBB", "Siti Rahayu"]
    assert listed.stat().st_mode & 0o077 == 0
    assert admin.main(["lost", "tidakada"]) == 1


def test_a_new_laptop_works_the_same_day_with_everything_that_was_safe(
    made: accounts.Created, desk: Desk, url: str
) -> None:
    lose(desk, made.workspace, close_book=True)
    new = workspace.in_memory(post=None)
    synchronise.enrol(new, url, code_for(desk), name="Desa Uji, pengganti")
    assert synchronise.run(new).state == "confirmed"
    assert [hit.name for hit in people.search(new, "siti")] == ["Siti Rahayu"]
    assert records.load(new.db, FORMS["posyandu"], "melati") is not None
