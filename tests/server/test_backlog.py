"""A district comes back from an outage all at once: who is too many is told when to come again, and nothing is lost."""

import heapq
import json
import logging
import math
import random
import socket
import threading
import time
from collections import Counter, deque
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import requests

from posyandu.server import store
from posyandu.server.app import Door, JsonLines, make_app
from posyandu.server.exchange import Desk, Rejected
from posyandu.server.settings import Settings
from posyandu.storage import records
from posyandu.sync.message import CONTENT_TYPE, Ask, Cursor, Request, read_reply, write_request
from tests.server.laptops import REGENCY
from tests.server.serving import serving
from tests.server.test_together import Writer, stands, visit

LAPTOPS, BATCHES = 40, 3


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def turned_away(door: Door) -> int:
    with pytest.raises(Rejected) as caught:
        door.look()
    assert (caught.value.status, caught.value.code) == (503, "busy")
    return caught.value.retry_after


def test_the_door_lets_in_so_many_and_again_when_one_has_left() -> None:
    door = Door(2)
    with door.passed():
        door.look()
        with door.passed():
            assert 5 <= turned_away(door) <= 10
        door.look()
        with pytest.raises(ZeroDivisionError), door.passed():
            raise ZeroDivisionError
        door.look()


def test_who_has_sent_everything_is_let_in_up_to_twice_as_many() -> None:
    door = Door(1)
    with door.passed():
        turned_away(door)
        with door.passed(), pytest.raises(Rejected), door.passed():
            raise AssertionError("it was let in")


@pytest.mark.parametrize(
    ("many", "chance", "seconds"),
    [
        (1, 0.0, 5), (1, 1.0, 10), (450, 0.0, 10), (450, 1.0, 15), (4500, 0.0, 80), (4500, 0.5, 93), (4500, 1.0, 105),
        (27_000, 0.0, 184), (27_000, 1.0, 600),
    ],
)  # fmt: skip
def test_the_more_are_turned_away_the_later_is_their_turn(many: int, chance: float, seconds: int) -> None:
    door = Door(1, Clock(), lambda: chance)
    with door.passed():
        assert [turned_away(door) for _ in range(many)][-1] == seconds


def test_a_rush_that_is_over_is_forgotten() -> None:
    clock = Clock()
    door = Door(1, clock, lambda: 1.0)
    for _ in range(5000):  # it gives fifty answers a second
        with door.passed():
            clock.now += 0.02
    with door.passed():
        for _ in range(2000):
            turned_away(door)
    for _ in range(1000):
        with door.passed():
            clock.now += 0.02
    with door.passed():
        assert turned_away(door) == 5 + 23  # a thousand and one at 45 a second
    for _ in range(3000):
        with door.passed():
            clock.now += 0.02
    with door.passed():
        assert turned_away(door) == 10


@pytest.mark.parametrize(("pace", "seconds"), [(4.5, 5 + 247), (20, 5 + 56), (1000, 5 + 5)])
def test_the_wait_fits_the_machine(pace: float, seconds: int) -> None:
    """A thousand turned away, by a door that gave so many answers a second of late."""
    clock = Clock()
    door = Door(1, clock, lambda: 1.0)
    for _ in range(300):
        with door.passed():
            clock.now += 1 / pace
    with door.passed():
        assert [turned_away(door) for _ in range(1000)][-1] == pytest.approx(seconds, abs=1)


def test_an_idle_hour_does_not_make_it_slow_and_an_answer_that_does_not_come_does() -> None:
    clock = Clock()
    door = Door(2, clock, lambda: 1.0)
    for _ in range(300):
        with door.passed():  # not full: how long this takes says nothing
            clock.now += 60
    with door.passed(), door.passed():
        assert [turned_away(door) for _ in range(450)][-1] == 15
        clock.now += 600  # full, and nothing comes out
        assert [turned_away(door) for _ in range(10)][-1] > 300


@pytest.mark.parametrize(("pace", "laptops"), [(2.2, 600), (4.5, 1500), (25, 1500), (120, 1500)])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_province_that_returns_within_ten_seconds_is_told_once_or_twice_whatever_the_machine(
    pace: float, laptops: int, seed: int
) -> None:
    """Simulated: answers come at the machine's pace, laptops come again when they were told. With a pace taken for
    granted (50 a second) the slow machine turned each away 15 times.
    """
    dice, clock = random.Random(seed), Clock()
    door = Door(16, clock, dice.random)
    coming = [(dice.random() * 10, number) for number in range(laptops)]
    heapq.heapify(coming)
    inside: deque[ExitStack] = deque()
    told, next_answer = Counter[int](), math.inf
    while coming or inside:
        if inside and (not coming or next_answer <= coming[0][0]):
            clock.now = next_answer
            inside.popleft().close()
            next_answer = clock.now + dice.expovariate(pace) if inside else math.inf
            continue
        clock.now, number = heapq.heappop(coming)
        try:
            door.look()
        except Rejected as busy:
            told[number] += 1
            heapq.heappush(coming, (clock.now + busy.retry_after, number))
            continue
        place = ExitStack()
        place.enter_context(door.passed())
        inside.append(place)
        if len(inside) == 1:
            next_answer = clock.now + dice.expovariate(pace)
    assert told.total() / laptops < 1.8
    assert max(told.values()) <= 5
    assert clock.now < 1.6 * max(laptops / pace, 20)


def test_a_district_that_returns_at_once_loses_nothing(desk: Desk, post: str, caplog: pytest.LogCaptureFixture) -> None:
    """Real HTTP, four at a time; laptops come again as they are told, only that here a second is a thousandth."""
    caplog.set_level(logging.INFO, "posyandu.server")
    writers = [Writer([desk]) for _ in range(LAPTOPS)]
    told: dict[str, list[str]] = {}
    waits: list[int] = []
    lost_answers = iter(range(10**6))

    def a_laptop(writer: Writer, url: str) -> None:
        waiting = [writer.seal(post, visit(post, f"{writer.device}-{n}", 5000)) for n in range(BATCHES)]
        while True:
            ask = (Ask(post, Cursor(desk.epoch)),)
            body = write_request(
                Request(REGENCY, writer.device, "i", records.new_id(), "1", ask, tuple(waiting)), writer.key
            )
            answer = requests.post(f"{url}/v1/sync", body, headers={"Content-Type": CONTENT_TYPE}, timeout=60)
            if answer.status_code == 503:
                assert answer.json()["error"] == "busy"
                waits.append(int(answer.headers["Retry-After"]))
                time.sleep(waits[-1] / 1000)
                continue
            assert answer.status_code == 200
            if next(lost_answers) % 5 == 0:  # this answer never arrived: everything is sent again
                continue
            reply = read_reply(answer.content, desk.key.public_key())
            told[writer.device] = [verdict.state for verdict in reply.verdicts]
            return

    with serving(make_app(desk, Settings(at_once=4, per_minute=10**6, burst=10**6))) as url:
        threads = [threading.Thread(target=a_laptop, args=(each, url)) for each in writers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        figures = requests.get(f"{url}/metrics", timeout=20).text
    assert told == {writer.device: ["terap"] * BATCHES for writer in writers}
    found = stands(desk, post)
    assert sum(isinstance(key, tuple) for key in found) == LAPTOPS * BATCHES
    assert sum(isinstance(key, str) for key in found) == LAPTOPS * BATCHES
    assert waits
    assert all(5 <= seconds <= 600 for seconds in waits)
    assert len(set(waits)) > 1
    assert f'posyandu_requests_total{{path="/v1/sync",status="503"}} {len(waits)}.0' in figures
    lines = [json.loads(JsonLines().format(each)) for each in caplog.records if each.name == "posyandu.server"]
    refused = [line for line in lines if line.get("error") == "busy"]
    assert len(refused) == len(waits)
    assert {frozenset(line) for line in refused} == {
        frozenset(("at", "level", "event", "path", "status", "error", "ms", "bytes_in", "bytes_out"))
    }
    everything = json.dumps(lines)
    assert not any(secret in everything for secret in (post, *(writer.device for writer in writers)))


def test_a_full_door_does_not_close_the_others(desk: Desk, post: str) -> None:
    """While one exchange waits for the database others are turned away, but health and enrolment answer."""
    writer = Writer([desk])
    body = [
        write_request(Request(REGENCY, writer.device, "i", records.new_id(), "1", (), (packed,)), writer.key)
        for packed in (writer.seal(post, visit(post, f"r{n}", 5000)) for n in range(3))
    ]
    kind = {"Content-Type": CONTENT_TYPE}
    answers: list[int] = []

    def send(number: int) -> None:
        answers.append(requests.post(f"{url}/v1/sync", body[number], headers=kind, timeout=60).status_code)

    with serving(make_app(desk, Settings(at_once=1))) as url:
        send(0)
        with desk.pool.connection() as connection, connection.transaction():
            store.area(connection, REGENCY, post, lock=True)
            waiting = threading.Thread(target=send, args=(1,))
            waiting.start()
            while not connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()[0]:  # type: ignore[index]
                time.sleep(0.02)  # it stands at the row this transaction holds
            send(2)
            assert answers[-1] == 503
            assert requests.get(f"{url}/v1/health", timeout=30).status_code == 200
            assert requests.post(f"{url}/v1/enrol", json={}, timeout=30).status_code == 400
        waiting.join(30)
        send(2)
    assert [status for status in answers if status != 503][0] == 200
    assert answers[-1] in (200, 409)  # it may have got in before the door was full
    assert ("under_five_visit", "r2") in stands(desk, post)


def test_a_laptop_that_sends_slowly_holds_no_place(desk: Desk, post: str) -> None:
    writer = Writer([desk])
    packed = writer.seal(post, visit(post, "r", 5000))
    body = write_request(Request(REGENCY, writer.device, "i", records.new_id(), "1", (), (packed,)), writer.key)
    head = f"POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Type: {CONTENT_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
    with serving(make_app(desk, Settings(at_once=1))) as url:
        place = urlsplit(url)
        slow = [socket.create_connection((place.hostname, place.port or 0), timeout=30) for _ in range(5)]
        for one in slow:
            one.sendall(head.encode() + body[:10])
        time.sleep(0.2)
        answer = requests.post(f"{url}/v1/sync", body, headers={"Content-Type": CONTENT_TYPE}, timeout=30)
        assert answer.status_code == 200
        slow[0].sendall(body[10:])
        assert b" 409 " in slow[0].recv(4096).splitlines()[0]  # the same request again: it came to an end
        for one in slow:
            one.close()
