"""Requests that come in blocks over links that break: what is kept of them, for whom, and what hostile blocks do."""

import hashlib
import http.client
import json
import os
import random
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from urllib.parse import urlsplit

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.server import store, unfinished
from posyandu.server.app import make_app
from posyandu.server.exchange import Believed, Desk, Rejected
from posyandu.server.openapi import description
from posyandu.server.settings import Settings
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox
from posyandu.sync import blocks, client
from posyandu.sync.blocks import ANSWER, BLOCK, CONTENT_TYPE, HELD, MAP_BYTES, Head
from posyandu.sync.message import MAX_BODY
from tests.server.laptops import REGENCY, laptop, weigh
from tests.server.serving import serving


@pytest.fixture
def url(desk: Desk) -> Iterator[str]:
    with serving(make_app(desk, Settings())) as address:
        yield address


@dataclass
class Said:
    """What came down: the HTTP status, the maps one after the other, and the answer to the whole."""

    status: int
    maps: list[frozenset[int]]
    answer: tuple[int, int, bytes] | None
    content: bytes = b""

    @property
    def code(self) -> str:
        content = self.content if self.answer is None else self.answer[2]
        return str(json.loads(content)["error"])


def speak(url: str, *pieces: bytes, cut: bool = False, kind: str = CONTENT_TYPE) -> Said:
    """Send these pieces in chunks, and hear everything; with `cut`, break off after the last."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    connection.putrequest("POST", "/v1/blocks")
    connection.putheader("Content-Type", kind)
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    for piece in pieces:
        connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))
    if not cut:
        connection.send(b"0\r\n\r\n")
    response = connection.getresponse()
    said = Said(response.status, [], None)
    if response.headers.get("Content-Type") != CONTENT_TYPE:
        said.content = response.read()
    elif cut:
        while not said.maps or len(said.maps[-1]) < sum((len(piece) + 1) // (BLOCK + 1) for piece in pieces[1:]):
            assert response.read(1) == HELD
            said.maps.append(blocks.read_map(response.read(MAP_BYTES)))
    else:
        while (kind_of_part := response.read(1)) == HELD:
            said.maps.append(blocks.read_map(response.read(MAP_BYTES)))
        assert kind_of_part == ANSWER
        said.answer = blocks.read_answer(response.read())
    connection.close()
    return said


@dataclass(frozen=True)
class Laptop:
    """An enrolled laptop and a request of it, some blocks long."""

    ws: Workspace
    body: bytes
    sign: Callable[[int], bytes]
    attempts: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def head(self) -> bytes:
        """The head of the next attempt."""
        return self.sign(next(self.attempts))

    @property
    def count(self) -> int:
        return -(-len(self.body) // BLOCK)

    def blocks(self, *numbers: int) -> bytes:
        return b"".join(
            bytes((number,)) + self.body[number * BLOCK : number * BLOCK + BLOCK]
            for number in numbers or range(self.count)
        )


def a_laptop(desk: Desk, post: str, saves: int = 60) -> Laptop:
    ws = laptop(desk, post=post)
    for grams in range(saves):
        weigh(ws, post, 3000 + grams)
    client.seal_all(ws.db, 1)
    return again(ws)


def again(ws: Workspace) -> Laptop:
    server = outbox.server(ws.db)
    assert server is not None
    client.end_upload(ws.db)
    upload, _saves = client.make_upload(ws.db, server, 4096)
    assert len(upload.body) > 5 * BLOCK or not outbox.has_to_send(ws.db)
    return Laptop(ws, upload.body, upload.sign)


def kept(desk: Desk, ws: Workspace) -> list[tuple[int, int | None]]:
    """Number and length of what is kept of this laptop."""
    with desk.pool.connection() as connection:
        found = connection.execute(
            "SELECT block, length(bytes) FROM unfinished WHERE device = %s ORDER BY block", (ws.device,)
        )
        return found.fetchall()


def batches(desk: Desk, ws: Workspace) -> int:
    with desk.pool.connection() as connection:
        found = connection.execute("SELECT count(*) FROM batch WHERE device = %s", (ws.device,)).fetchone()
        assert found is not None
        return int(found[0])


def take(it: Laptop, said: Said) -> client.Taken:
    server = outbox.server(it.ws.db)
    assert server is not None
    assert said.answer is not None
    assert said.answer[:2] == (200, 0)
    return client.take_reply(it.ws.db, server, said.answer[2])


def test_a_whole_request_is_answered_as_if_it_had_come_in_one(desk: Desk, url: str, post: str) -> None:
    it = a_laptop(desk, post)
    said = speak(url, it.head + it.blocks())
    assert said.status == 200
    assert said.answer is not None
    assert said.maps[-1] == frozenset(range(it.count))
    assert take(it, said).confirmed == 61
    assert kept(desk, it.ws) == [(-1, len(said.answer[2]))]


def test_what_arrived_before_the_link_broke_counts_on_any_application_server(desk: Desk, url: str, post: str) -> None:
    it = a_laptop(desk, post)
    assert speak(url, it.head, cut=True).maps == [frozenset()]
    assert speak(url, it.head, it.blocks(0, 1), it.blocks(3), cut=True).maps[-1] == {0, 1, 3}
    assert batches(desk, it.ws) == 0
    with serving(make_app(replace(desk), Settings())) as other:
        said = speak(other, it.head + it.blocks(*(n for n in range(it.count) if n not in (0, 1, 3))))
    assert said.maps[0] >= {0, 1, 3}
    assert take(it, said).confirmed == 61


def test_half_a_block_is_not_kept_and_the_rest_of_the_head_may_come_later(desk: Desk, url: str, post: str) -> None:
    it = a_laptop(desk, post)
    head = it.head
    said = speak(url, head[:30], head[30:], it.blocks(2), it.blocks(0)[:100], cut=True)
    assert said.maps[-1] == {2}
    assert kept(desk, it.ws) == [(-1, None), (2, BLOCK)]


def test_an_answer_that_was_lost_is_said_again_to_its_asker_alone(desk: Desk, url: str, post: str) -> None:
    it = a_laptop(desk, post)
    first = it.head
    lost = speak(url, first + it.blocks())
    for pieces in ((it.head,), (it.head, it.blocks(0))):
        assert speak(url, *pieces).answer == lost.answer
    said = speak(url, first, it.blocks(0))  # somebody who heard it says it again
    assert (said.status, said.code) == (409, "replay")
    assert batches(desk, it.ws) == 1
    assert take(it, lost).confirmed == 61


def test_a_head_said_again_opens_nothing_of_what_is_under_way(desk: Desk, url: str, post: str) -> None:
    it = a_laptop(desk, post)
    first, second = it.head, it.head
    assert speak(url, second, it.blocks(0), cut=True).maps[-1] == {0}
    for head in (first, second):
        said = speak(url, head, it.blocks(1))
        assert (said.status, said.code) == (409, "replay")
    assert kept(desk, it.ws)[1:] == [(0, BLOCK)]


def test_one_that_came_in_whole_before_is_a_replay_in_blocks_too(desk: Desk, url: str, post: str) -> None:
    it = a_laptop(desk, post)
    from posyandu.server.exchange import sync

    sync(desk, it.body)
    said = speak(url, it.head + it.blocks())
    assert said.answer is not None
    assert (said.answer[0], said.code) == (409, "replay")


def test_of_each_laptop_one_request_is_kept(desk: Desk, url: str, post: str) -> None:
    first = a_laptop(desk, post)
    speak(url, first.head, first.blocks(0, 1), cut=True)
    weigh(first.ws, post, 9999)
    client.seal_all(first.ws.db, 2)
    second = again(first.ws)
    assert speak(url, second.head, second.blocks(0), cut=True).maps[-1] == {0}
    assert kept(desk, first.ws) == [(-1, None), (0, min(BLOCK, len(second.body)))]
    assert speak(url, first.head, cut=True).maps == [frozenset()]


# --- hostile ---------------------------------------------------------------------------------------------------------


def stranger_head(it: Laptop, device: str = "", key: Ed25519PrivateKey | None = None, regency: str = REGENCY) -> bytes:
    return blocks.write_head(regency, device or it.ws.device, it.body, 1, key or client.key_of(it.ws.db))


def test_nothing_is_kept_of_who_is_not_believed(desk: Desk, url: str, post: str) -> None:
    it = a_laptop(desk, post)
    revoked = laptop(desk)
    with desk.pool.connection() as connection:
        store.revoke(connection, REGENCY, revoked.device, "hilang", close_book=True)
    torn = bytearray(it.head)
    torn[70] ^= 1  # the digest
    tries = {
        "another's key": (401, stranger_head(it, key=Ed25519PrivateKey.generate())),
        "nobody's id": (401, stranger_head(it, device="nobody-here")),
        "another regency": (401, stranger_head(it, regency="5204")),
        "another body than was signed for": (401, bytes(torn)),
        "revoked": (403, blocks.write_head(REGENCY, revoked.device, it.body, 1, client.key_of(revoked.db))),
        "no name": (400, it.head[:102] + b"\0"),
        "cut off in the head": (400, it.head[:50]),
        "nothing": (400, b""),
    }
    for name, (status, head) in tries.items():
        said = speak(url, head + it.blocks()) if len(head) > 102 else speak(url, *([head] if head else []))
        assert (name, said.status) == (name, status)
        assert ("order" in json.loads(said.content)) == (name == "revoked")
    assert speak(url, it.head, kind="text/plain").status == 415
    assert kept(desk, it.ws) == kept(desk, revoked) == []
    with desk.pool.connection() as connection:
        found = connection.execute("SELECT count(*) FROM unfinished WHERE device = 'nobody-here'").fetchone()
    assert found == (0,)


def test_blocks_that_come_twice_change_nothing_and_endless_ones_end(desk: Desk, url: str, post: str) -> None:
    it = a_laptop(desk, post)
    other = b"\x00" + b"z" * BLOCK
    said = speak(url, it.head + it.blocks(0), other, other, it.blocks(*range(1, it.count)))
    assert take(it, said).confirmed == 61  # the first stays
    weigh(it.ws, post, 9999)
    client.seal_all(it.ws.db, 2)
    it = again(it.ws)
    said = speak(url, it.head, *([it.blocks(0)] * (unfinished.MOST_RECEIVED // BLOCK + 8)))
    assert said.answer is not None
    assert (said.answer[0], said.code) == (409, "start_again")


def garbled(dice: random.Random, it: Laptop) -> list[bytes]:
    """A head, mostly sound, and blocks of which some are wrong, cut, doubled, or none at all."""
    head = bytearray(it.head)
    if dice.random() < 0.2:
        head[dice.randrange(len(head))] ^= 1 << dice.randrange(8)
    pieces = [bytes(head)]
    for _ in range(dice.randrange(1, 2 * it.count)):
        block = bytearray(it.blocks(dice.randrange(it.count)))
        match dice.randrange(12):
            case 0:
                block[0] = dice.randrange(256)
            case 1:
                block[dice.randrange(1, len(block))] ^= 1
            case 2:
                del block[dice.randrange(len(block)) :]
            case 3:
                block += dice.randbytes(dice.randrange(1, 700))
        pieces.append(bytes(block))
    return pieces


def hurl(url: str, pieces: list[bytes], *, cut: bool) -> int:
    """Send these pieces and hear whatever comes until the other side ends it; the HTTP status, 0 without any."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as way, suppress(OSError):
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece)
        way.sendall(
            b"POST /v1/blocks HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: %b\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n%b" % (CONTENT_TYPE.encode(), chunks + b"0\r\n\r\n" * (not cut))
        )
        if cut:
            way.shutdown(socket.SHUT_WR)
        heard = b"".join(iter(lambda: way.recv(65_536), b""))
        return int(heard.split(b" ", 2)[1]) if heard else 0
    return 0


def test_whatever_comes_in_blocks_only_what_was_signed_for_is_taken_in_and_the_honest_one_gets_through(
    desk: Desk, url: str, post: str
) -> None:
    """POSYANDU_FUZZ=1000000 hurls two thousand."""
    dice, told = random.Random(25), {int(each) for each in description()["paths"]["/v1/blocks"]["post"]["responses"]}
    it = a_laptop(desk, post)
    statuses: Counter[int] = Counter()
    for _ in range(int(os.environ.get("POSYANDU_FUZZ", "10000")) // 500):
        cut = dice.random() < 0.3
        statuses[status := hurl(url, garbled(dice, it), cut=cut)] += 1
        assert status or cut, "who has said all is answered"
        assert sum(length or 0 for _number, length in kept(desk, it.ws)) <= len(it.body)
    print(f"hurled: {dict(statuses)}")
    assert set(statuses) <= told | {0}
    assert {200, 401} <= set(statuses)
    if not batches(desk, it.ws):
        said = speak(url, it.head + it.blocks())
        if said.answer is not None and said.answer[0] == 409:  # a wrong block of before was among them
            said = speak(url, it.head + it.blocks())
        assert take(it, said).confirmed == 61
    with desk.pool.connection() as connection:
        (held,) = connection.execute("SELECT sum(n) FROM batch WHERE device = %s", (it.ws.device,)).fetchone() or (0,)
    assert held == 61


@pytest.mark.parametrize("number", ["behind the end", "last, too long"])
def test_a_block_that_is_none_ends_it(desk: Desk, url: str, post: str, number: str) -> None:
    it = a_laptop(desk, post)
    last = it.count - 1
    piece = bytes((it.count,)) + b"z" * BLOCK if number == "behind the end" else bytes((last,)) + b"\xff" * 600
    said = speak(url, it.head + it.blocks(0), piece)
    assert said.answer is not None
    assert (said.answer[0], said.code) == (400, "bad_message")
    assert batches(desk, it.ws) == 0
    assert sum(length or 0 for _number, length in kept(desk, it.ws)) <= len(it.body)


def test_wrong_blocks_are_forgotten_when_the_whole_is_not_what_was_signed_for(desk: Desk, url: str, post: str) -> None:
    it = a_laptop(desk, post)
    wrong = b"\x01" + b"z" * BLOCK
    said = speak(url, it.head + wrong, it.blocks(0, *range(2, it.count)))
    assert said.answer is not None
    assert (said.answer[0], said.code) == (409, "start_again")
    assert kept(desk, it.ws) == []
    assert batches(desk, it.ws) == 0
    assert take(it, speak(url, it.head + it.blocks())).confirmed == 61


def test_a_whole_that_is_no_request_of_its_sender_is_refused_like_any_other(desk: Desk, url: str, post: str) -> None:
    it, other = a_laptop(desk, post), laptop(desk)
    for body, status in ((b"nonsense" * 100, 400), (it.body, 200)):
        head = blocks.write_head(REGENCY, other.device, body, 1, client.key_of(other.db))
        count = -(-len(body) // BLOCK)
        said = speak(url, head + b"".join(bytes((n,)) + body[n * BLOCK : n * BLOCK + BLOCK] for n in range(count)))
        assert said.answer is not None
        assert said.answer[0] == status  # who brings another's request gets an answer to what its writer may see
    assert batches(desk, other) == 0


def test_a_flood_of_half_requests_is_bounded_and_the_old_ones_go(
    desk: Desk, url: str, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.pool.connection() as connection:
        connection.execute("DELETE FROM unfinished")
    monkeypatch.setattr(unfinished, "MOST_BODIES", 2)
    first, second, third = (a_laptop(desk, post + str(number)) for number in range(3))
    for it in (first, second):
        assert speak(url, it.head, it.blocks(0), cut=True).maps[-1] == {0}
    refused = speak(url, third.head, third.blocks(0))
    assert (refused.status, refused.code) == (507, "no_room")
    assert kept(desk, third.ws) == []
    assert speak(url, first.head + first.blocks(1)).maps[-1] == {0, 1}  # who has begun goes on
    with desk.pool.connection() as connection:
        connection.execute(
            "UPDATE unfinished SET at = now() - make_interval(hours => %s) WHERE device = %s",
            (unfinished.KEPT_HOURS + 1, second.ws.device),
        )
    assert speak(url, third.head, third.blocks(0), cut=True).maps[-1] == {0}
    assert kept(desk, second.ws) == []


def test_who_calls_too_often_waits_with_half_a_request_too(desk: Desk, post: str) -> None:
    it = a_laptop(desk, post)
    with serving(make_app(replace(desk, admit=lambda _device: 9), Settings())) as url:
        said = speak(url, it.head + it.blocks())
    assert (said.status, said.code) == (429, "too_often")
    assert kept(desk, it.ws) == []


def test_a_busy_server_answers_in_the_last_part_and_keeps_what_it_has(
    desk: Desk, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_desk: Desk, _by: Believed, _shown: str) -> bytes:
        raise Rejected(503, "busy", "Server sedang sibuk", retry_after=33)

    it = a_laptop(desk, post)
    with serving(make_app(desk, Settings())) as url:
        monkeypatch.setattr("posyandu.server.app.answer_to", busy)
        said = speak(url, it.head + it.blocks())
        monkeypatch.undo()
        assert said.answer is not None
        assert (said.answer[:2], said.code) == ((503, 33), "busy")
        assert len(kept(desk, it.ws)) == it.count + 1
        assert take(it, speak(url, it.head)).confirmed == 61  # nothing but the head goes up again


def test_the_fence_shows_a_laptop_only_what_it_sent_itself(desk: Desk, url: str, post: str) -> None:
    it = a_laptop(desk, post)
    speak(url, it.head, it.blocks(0), cut=True)
    count = "SELECT count(*) FROM unfinished"
    with desk.pool.connection() as connection:
        for who, seen in ((f"{REGENCY}/{it.ws.device}", 2), (f"{REGENCY}/other", 0), (f"5204/{it.ws.device}", 0)):
            head = Head(who.partition("/")[0], who.partition("/")[2], b"", 1, 1)
            with unfinished._of(connection, head):
                mine = f"{count} WHERE device = '{it.ws.device}'"
                assert connection.execute(mine.encode()).fetchone() == (seen,)
                if not seen:
                    with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                        connection.execute(
                            "INSERT INTO unfinished (kab, device, body, block, bytes) VALUES (%s, %s, '', 0, '')",
                            (REGENCY, it.ws.device),
                        )
        with store.inside(connection, ["5203"]):
            assert connection.execute(count.encode()).fetchone() == (0,)
        logged = connection.execute(
            "SELECT DISTINCT relpersistence FROM pg_class WHERE relname LIKE 'unfinished\\_5%' AND relkind = 'r'"
        ).fetchall()
    assert logged == [("u",)]  # in no backup, archive or standby


def test_the_largest_request_fits_and_the_description_names_every_refusal(desk: Desk, url: str, post: str) -> None:
    it = a_laptop(desk, post)
    body = hashlib.sha512(b"x").digest() * (MAX_BODY // 64)
    key, me = client.key_of(it.ws.db), it.ws.device
    it = replace(it, body=body, sign=lambda attempt: blocks.write_head(REGENCY, me, body, attempt, key))
    said = speak(url, it.head, *(it.blocks(*range(n, n + 64)) for n in range(0, 256, 64)))
    assert said.maps[-1] == frozenset(range(256))
    assert said.answer is not None
    assert (said.answer[0], said.code) == (400, "bad_message")  # it is whole, and no request
    named = set(description()["paths"]["/v1/blocks"]["post"]["responses"])
    assert named == {"200", "400", "401", "403", "408", "409", "415", "429", "500", "503", "507"}
