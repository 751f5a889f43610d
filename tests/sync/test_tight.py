"""A small batch packed for the way up: out comes the batch to the byte, or it goes as it is."""

import hashlib
import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.domain.change import Op, Wire
from posyandu.domain.errors import BadInput
from posyandu.server.exchange import Desk, sync
from posyandu.storage import journal, outbox, records, settings
from posyandu.sync import client, tight
from posyandu.sync.batch import MAX_UNPACKED, decode, is_signed_by, seal, unpack, without
from posyandu.sync.message import read_request
from posyandu.sync.tight import Sender, loosen, tighten
from tests.server.laptops import laptop, talk, weigh

KEY = Ed25519PrivateKey.from_private_bytes(b"\x05" * 32)


def an_id(dice: random.Random) -> str:
    return f"{dice.getrandbits(128):032x}"


def a_visit(dice: random.Random, post: str, **more: Wire) -> Op:
    """A visit on a posyandu day as a kader types it, every id drawn by chance."""
    person, session = an_id(dice), an_id(dice)
    fields: dict[str, Wire] = {
        "person_id": person, "session_id": session, "visited_on": "2026-11-12", "source": "posyandu",
        "weight_g": dice.randrange(3000, 20_000, 100), "length_mm": dice.randrange(480, 1150, 5),
        "muac_mm": dice.randrange(110, 180), "position": "lying", "gain_judged": "N", "complementary_food": True,
    }  # fmt: skip
    return Op(
        post, "under_five_visit", records.visit_id("under_five_visit", session, person), 1, 1, (), fields | more,
        an_id(dice), 1_794_000_000_000 + dice.randrange(10**10), 1, "", "",
    )  # fmt: skip


def a_batch(seed: int, saves: int = 1, **more: Wire) -> tuple[bytes, Sender]:
    dice = random.Random(seed)
    sender, post = Sender(an_id(dice), an_id(dice)[:16]), an_id(dice)
    packed = seal(
        [a_visit(dice, post, **more) for _ in range(saves)], KEY, device=sender.device, incarnation=sender.incarnation,
        sequence=dice.randrange(1, 500), previous=an_id(dice) + an_id(dice), area="5203012001", app="0.1.0", schema=2,
        at_ms=1_794_000_000_000 + dice.randrange(10**10),
    )[1]  # fmt: skip
    return packed, sender


def content(packed: bytes) -> bytes:
    return unpack(packed, MAX_UNPACKED)


@pytest.mark.parametrize("saves", [1, 2, 7])
def test_what_comes_out_is_the_batch_to_the_byte_under_its_id_and_signature(saves: int) -> None:
    packed, sender = a_batch(saves, saves)
    blob = tighten(packed, sender)
    assert blob[:1] == b"\x02"
    out = loosen(blob, sender)
    assert content(out) == content(packed)
    assert decode(out).id == decode(packed).id
    assert is_signed_by(decode(out), KEY.public_key())


def test_a_single_visit_takes_less_than_half_with_every_id_drawn_by_chance() -> None:
    sizes = sorted(len(tighten(*a_batch(seed))) for seed in range(40))
    whole = sorted(len(a_batch(seed)[0]) for seed in range(40))
    assert sizes[-1] < 300
    assert sizes[20] < whole[20] / 2


def test_a_carried_batch_says_who_wrote_it() -> None:
    packed, sender = a_batch(3)
    other = Sender("another laptop", "0" * 16)
    blob = tighten(packed, other)
    assert content(loosen(blob, other)) == content(packed)
    assert len(blob) > len(tighten(packed, sender))
    stolen = decode(loosen(tighten(packed, sender), other))
    assert not is_signed_by(stolen, KEY.public_key())  # who it is from is part of what was signed


@pytest.mark.parametrize(
    "text",
    ["", "0123456789abcdef", "0123456789abcdef" * 4, "ABCDEF0123456789", 'di"03', "\u0007\u0001x", "é\n\t", "\x05"],
)
def test_whatever_a_kader_types_comes_out_as_it_was(text: str) -> None:
    packed, sender = a_batch(4, note=text, **{"r": "0" * 32, "dev": text})
    assert content(loosen(tighten(packed, sender), sender)) == content(packed)


def test_an_erased_save_stays_its_bare_id() -> None:
    packed, sender = a_batch(5, 3)
    gone = decode(packed).lines[1]
    assert gone.op is not None
    kept, taken = without(packed, {gone.id[:16]}, {gone.op.record})
    assert taken == 1
    out = decode(loosen(tighten(kept, sender), sender))
    assert out.id == decode(packed).id
    assert [line.op is None for line in out.lines] == [False, True, False]


def test_a_large_batch_goes_as_it_is_and_what_is_not_tight_is_let_through() -> None:
    packed, sender = a_batch(6, 60)
    assert len(packed) > tight.BELOW
    assert tighten(packed, sender) is packed
    assert loosen(packed, sender) is packed
    assert loosen(b"", sender) == b""


def test_damaged_bytes_are_refused_in_words_or_are_another_batch() -> None:
    packed, sender = a_batch(7)
    blob, dice = tighten(packed, sender), random.Random(1)
    for _time in range(300):
        at = dice.randrange(1, len(blob))
        torn = blob[:at] + bytes((blob[at] ^ 1 << dice.randrange(8),)) + blob[at + 1 :]
        for damaged in (torn, blob[:at]):
            try:
                batch = decode(loosen(damaged, sender))
            except BadInput:
                continue
            assert not is_signed_by(batch, KEY.public_key()) or batch.id == decode(packed).id


def test_a_bomb_is_not_opened() -> None:
    bomb = tight._compressor().compress(b"\0" * 5_000_000)
    with pytest.raises(BadInput, match="besar"):
        loosen(b"\x02" + bomb[4:], Sender("d", "i"))


@pytest.mark.parametrize(
    "text",
    [
        b'"e":"a"' * 1800,
        (b'"e":"a"' + b'"person_id":"%b"' % (b"0" * 32)) * 250,
        b"\n" * 16_000,
        b"\x04" * 16_000,
        b"\x06\n" * 8000,
        b"\x05",
    ],
)
def test_hostile_texts_are_opened_as_quickly_as_honest_ones(text: bytes) -> None:
    """The second would take minutes with one pattern that tries again from every place."""
    blob = b"\x02" + tight._compressor().compress(b"s" * 64 + text)[4:]
    with pytest.raises(BadInput):
        decode(loosen(blob, Sender("d", "i")))


def test_the_ids_that_follow_are_those_the_app_makes_and_the_dictionary_never_changes() -> None:
    dice = random.Random(8)
    assert tight._visit_of(a_visit(dice, "p").canonical).decode() == a_visit(random.Random(8), "p").record
    digest = hashlib.sha256(tight._dictionary().as_bytes()).hexdigest()
    assert digest == "8828cf19ad89b53fcc3dcc5ef68f36f62668b7318ac292d8ce43dd89a2508922"


def test_a_batch_that_would_not_come_out_again_goes_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    packed, sender = a_batch(4)

    def broken(_blob: bytes) -> bytes:
        raise BadInput

    monkeypatch.setattr(tight, "_opened", broken)
    assert tighten(packed, sender) == packed


def test_laptops_in_one_process_pack_at_the_same_time() -> None:
    """Each thread has a compressor of its own: one used by two at once crashed the process."""
    batches = [a_batch(seed, 40) for seed in range(4)]
    alone = [tighten(*each) for each in batches]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda place: tighten(*batches[place % 4]), range(64)))
        own = {id(each) for each in pool.map(lambda _n: (time.sleep(0.02), tight._compressor())[1], range(8))}
    assert made == alone * 16
    assert id(tight._compressor()) not in own


# --- who may be sent it ----------------------------------------------------------------------------------------------


def blobs(ws: object, body: bytes) -> list[bytes]:
    return [blob[:1] for blob in read_request(body)[0].batches]


def test_a_server_gets_tight_batches_only_once_it_has_said_that_it_reads_them(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    mine = set(journal.since(ws.db, 0))
    server = outbox.server(ws.db)
    assert server is not None
    client.seal_all(ws.db, 1)
    body, _saves = client.make_request(ws.db, server)
    assert blobs(ws, body) == [b"\x28"]
    client.take_reply(ws.db, server, sync(desk, body))
    of_others = set(journal.since(ws.db, 0)) - mine
    weigh(ws, post, 5000)
    mine = set(journal.since(ws.db, 0)) - of_others
    client.seal_all(ws.db, 2)
    body, _saves = client.make_request(ws.db, server)
    assert blobs(ws, body) == [b"\x02"]
    assert client.take_reply(ws.db, server, sync(desk, body)).confirmed == 1
    with desk.pool.connection() as connection:  # kept in the form that every version reads
        kept = connection.execute("SELECT bytes FROM batch WHERE device = %s", (ws.device,)).fetchall()
    assert [bytes(packed)[:1] for (packed,) in kept] == [b"\x28"] * 2
    other = laptop(desk)
    while talk(desk, other).more:
        pass
    assert len(mine) == 2
    assert mine <= set(journal.since(other.db, 0))


def test_a_server_taken_back_to_an_older_version_gets_what_it_reads_at_the_next_contact(
    desk: Desk, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = laptop(desk, post=post)
    talk(desk, ws)
    assert settings.get(ws.db, "sync_reads") == tight.READS
    monkeypatch.setattr("posyandu.server.exchange.loosen", lambda blob, _sender: blob)
    monkeypatch.setattr("posyandu.server.exchange.READS", 1)
    weigh(ws, post, 5000)
    talk(desk, ws)
    assert settings.get(ws.db, "sync_reads") == 1
    talk(desk, ws)
    assert outbox.counts(ws.db, ws.device).confirmed == 2
    assert not outbox.problems(ws.db)
