"""A seed made by a laptop, taken in by another: all it holds, in the order of the feeds, and the next sync goes on."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from posyandu.domain.errors import BadInput, ServerTrouble
from posyandu.services import workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox, settings
from posyandu.sync import client, seeding
from posyandu.sync.message import read_reply
from posyandu.sync.seed import Seed, read_wish
from tests.sync.paper import Paper, weigh, weights

CODE = "5203-ABCD-EFGH-JKMN"


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def old(paper: Paper) -> Iterator[Workspace]:
    """A laptop with five batches in the feed and one that no server has seen."""
    ws = paper.laptop()
    for number in range(5):
        weigh(ws, f"v{number}", 9_000 + number)
        paper.talk(ws)
    paper.talk(ws)
    weigh(ws, "terakhir", 9_999)
    client.seal_all(ws.db, 1)
    yield ws
    ws.close()


@pytest.fixture
def new() -> Iterator[Workspace]:
    ws = workspace.in_memory(post=None)
    yield ws
    ws.close()


def wished(ws: Workspace) -> bytes:
    return seeding.ask(ws.db, CODE, "Laptop baru")


def made(old: Workspace, new: Workspace) -> bytes:
    return seeding.make_seed(old.db, read_wish(wished(new)), practice=False, at_ms=7)


def take(ws: Workspace, file: bytes) -> list[int]:
    seed, replies = seeding.open_seed(ws.db, file)
    return list(seeding.take_seed(ws.db, seed, replies, 8))


def test_a_new_laptop_has_everything_the_old_one_had(old: Workspace, new: Workspace) -> None:
    file = made(old, new)
    assert sum(take(new, file)) == 7, "the post, five visits, and the one no server has seen"
    assert weights(new) == weights(old) == {**{f"v{number}": 9_000 + number for number in range(5)}, "terakhir": 9_999}
    assert outbox.place(new.db, "melati") == outbox.place(old.db, "melati")
    assert take(new, file) == [0] * len(take(new, file)), "read again it changes nothing"


def test_the_seed_says_when_and_by_whom_it_was_made(old: Workspace, new: Workspace) -> None:
    seed, _replies = seeding.open_seed(new.db, made(old, new))
    mine = client.key_of(old.db).public_key().public_bytes_raw()
    assert seed == Seed(7, mine, practice=False)
    assert outbox.server(new.db) is None, "a laptop's seed enrols nobody"


def test_what_no_server_has_seen_stays_unconfirmed_and_is_offered_by_the_new_laptop_too(
    paper: Paper, old: Workspace, new: Workspace
) -> None:
    take(new, made(old, new))
    (waiting,) = outbox.to_carry(new.db)
    assert [each.id for each in outbox.to_carry(old.db)] == [waiting.id]
    outbox.enrolled(new.db, paper.as_known())
    assert paper.talk(new).again == 1, "the server lacks it"
    paper.talk(new)
    assert waiting.id in [batch for batch, _packed, _device in paper.feeds["melati"]]


def test_the_next_sync_goes_on_where_the_seed_ended(paper: Paper, old: Workspace, new: Workspace) -> None:
    take(new, made(old, new))
    outbox.enrolled(new.db, paper.as_known())
    paper.keys[new.device] = client.key_of(new.db).public_key().public_bytes_raw().hex()
    weigh(old, "sesudah", 8_000)
    paper.talk(old)
    taken = paper.talk(new)
    assert taken.received == 1
    assert weights(new)["sesudah"] == 8_000
    assert outbox.place(new.db, "melati") == outbox.place(old.db, "melati")


@pytest.mark.parametrize("entries", [1, 2, 5, 200])
def test_long_feeds_go_in_pages_that_follow_each_other(
    old: Workspace, new: Workspace, monkeypatch: pytest.MonkeyPatch, entries: int
) -> None:
    monkeypatch.setattr(seeding, "PAGE_ENTRIES", entries)
    file = made(old, new)
    seed, replies = seeding.open_seed(new.db, file)
    parts = [read_reply(body, _key(seed)).slices[0] for body in replies]
    assert [len(part.entries) for part in parts[:-1]] == [entries] * (5 // entries) + [5 % entries] * bool(5 % entries)
    assert [part.start for part in parts[1:-1]] == [part.end for part in parts[:-2]]
    assert len(parts[-1].given) == 1
    assert sum(take(new, file)) == 7


def test_a_page_holds_one_batch_however_large(old: Workspace, new: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeding, "PAGE_BYTES", 1)
    _seed, replies = seeding.open_seed(new.db, made(old, new))
    assert len(replies) == 5 + 1
    monkeypatch.setattr(seeding, "LOOSE_ENTRIES", 1)
    weigh(old, "satu lagi", 9_100)
    client.seal_all(old.db, 1)
    assert len(seeding.open_seed(new.db, made(old, new))[1]) == 5 + 2


def test_where_bytes_are_lacking_the_feed_ends_and_the_next_sync_fills_it(
    paper: Paper, old: Workspace, new: Workspace
) -> None:
    third = paper.feeds["melati"][2][0]
    old.db.conn.execute("UPDATE batch SET bytes = NULL WHERE id = ?", (third,))
    take(new, made(old, new))
    place = outbox.place(new.db, "melati")
    assert place is not None
    assert place.g == 2
    outbox.enrolled(new.db, paper.as_known())
    paper.keys[new.device] = client.key_of(new.db).public_key().public_bytes_raw().hex()
    paper.talk(new)
    assert weights(new) == weights(old)


def test_a_seed_broken_off_is_read_again_from_the_beginning(
    old: Workspace, new: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeding, "PAGE_ENTRIES", 1)
    file = made(old, new)
    seed, replies = seeding.open_seed(new.db, file)
    for _saves in zip(range(3), seeding.take_seed(new.db, seed, replies, 8), strict=False):
        pass
    assert 0 < len(weights(new)) < 6
    assert sum(take(new, file)) > 0
    assert weights(new) == weights(old)


def test_an_empty_book_gives_a_seed_of_nothing(new: Workspace) -> None:
    nobody = workspace.in_memory(post=None)
    assert take(new, made(nobody, new)) == []
    assert weights(new) == {}


def test_who_did_not_ask_takes_nothing_and_a_new_request_makes_the_old_answer_worthless(
    old: Workspace, new: Workspace
) -> None:
    file = made(old, new)
    seeding.ask(new.db, "5203-ZZZZ-ZZZZ-ZZZZ", "")
    with pytest.raises(BadInput, match="bukan jawaban atas permintaan terakhir"):
        seeding.open_seed(new.db, file)
    settings.put(new.db, "seed_code", None)
    with pytest.raises(BadInput, match=r"Laptop ini belum meminta\. Buat dulu berkas permintaan\."):
        seeding.open_seed(new.db, file)


def test_a_servers_seed_enrols_and_one_whose_answer_names_another_key_does_not(paper: Paper, new: Workspace) -> None:
    answer: dict[str, object] = {
        "kab": "5203", "prefixes": ["520301"], "key": paper.public.hex(), "trial": False,
    }  # fmt: skip
    seed = Seed(7, paper.public, practice=False, answer=answer, url="https://kertas.id")
    assert list(seeding.take_seed(new.db, seed, [], 8)) == []
    server = outbox.server(new.db)
    assert server is not None
    assert (server.url, server.prefixes, server.key, server.at_ms) == (
        "https://kertas.id", ("520301",), paper.public, 8,
    )  # fmt: skip
    for wrong in (replace(seed, key=b"x" * 32), replace(seed, answer={**answer, "prefixes": []})):
        with pytest.raises(ServerTrouble, match=r"Jawaban server tidak lengkap\. Coba daftar lagi\."):
            list(seeding.take_seed(new.db, wrong, [], 8))


def test_a_reply_in_a_seed_that_another_signed_is_not_taken(paper: Paper, old: Workspace, new: Workspace) -> None:
    seed, replies = seeding.open_seed(new.db, made(old, new))
    with pytest.raises(ServerTrouble, match="tidak dapat dipastikan asli"):
        list(seeding.take_seed(new.db, replace(seed, key=paper.public), replies, 8))
    assert weights(new) == {}


def _key(seed: Seed) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(seed.key)
