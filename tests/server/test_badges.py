"""A badge lets a laptop past those who share its address, and opens nothing."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from posyandu.server import exchange
from posyandu.server.app import make_app
from posyandu.server.badges import LIFE_SECONDS, Badges, key_from
from posyandu.server.exchange import Believed, Desk
from posyandu.server.settings import Settings, from_environment
from posyandu.services import synchronise
from posyandu.storage import outbox, settings
from posyandu.sync import client
from posyandu.sync.message import BADGE, CONTENT_TYPE
from tests.server.laptops import code_for, laptop, talk, weigh
from tests.server.serving import serving

KEY = "0123456789abcdef0123456789abcdef"
NOW = 1_800_000_000


@pytest.fixture
def badges() -> Badges:
    return Badges(KEY, lambda: NOW)


def test_a_badge_stands_for_one_laptop_and_lasts_more_than_a_year(badges: Badges) -> None:
    shown = badges.give("5203", "a-laptop")
    mark = badges.bearer(shown)
    assert mark == badges.bearer(Badges(KEY, lambda: NOW + 9).give("5203", "a-laptop"))
    assert mark != badges.bearer(badges.give("5204", "a-laptop"))
    assert "a-laptop" not in shown
    assert len(shown) == 45
    assert Badges(KEY, lambda: NOW + LIFE_SECONDS).bearer(shown) == mark
    assert Badges(KEY, lambda: NOW + LIFE_SECONDS + 1).bearer(shown) == ""


def test_it_is_renewed_when_half_its_time_is_over_and_when_it_is_anothers(badges: Badges) -> None:
    shown = badges.give("5203", "a-laptop")
    at = lambda tenths: Badges(KEY, lambda: NOW + LIFE_SECONDS * tenths / 10)  # noqa: E731
    later = [at(4), at(6), at(11)]
    assert [each.is_to_be_renewed(shown, "5203", "a-laptop") for each in later] == [False, True, True]
    assert badges.is_to_be_renewed(shown, "5203", "another")
    assert badges.is_to_be_renewed("", "5203", "a-laptop")


@given(st.text(max_size=60) | st.from_regex(r"[0-9]{10}\.[\w-]{11}\.[\w-]{22}", fullmatch=True))
def test_what_anybody_makes_up_is_no_badge(made_up: str) -> None:
    assert Badges(KEY, lambda: 0).bearer(made_up) == ""


@given(st.integers(0, 44), st.sampled_from("0123456789abcXYZ-_."))
def test_a_badge_with_one_letter_changed_is_none(place: int, letter: str) -> None:
    mine = Badges(KEY, lambda: NOW)
    shown = mine.give("5203", "a-laptop")
    changed = shown[:place] + letter + shown[place + 1 :]
    same = changed == shown
    assert mine.bearer(changed) == (mine.bearer(shown) if same else "")


def test_another_key_knows_none_of_these_and_a_server_has_one_of_its_own(badges: Badges) -> None:
    shown = badges.give("5203", "a-laptop")
    assert [Badges(key, lambda: NOW).bearer(shown) for key in ("", KEY[:-1] + "0", key_from(b"x" * 32))] == [""] * 3
    assert key_from(b"x" * 32) == key_from(b"x" * 32) != key_from(b"y" * 32)


@pytest.mark.parametrize("key", ["kurang", "x" * 65, "spasi " * 6, "kutip'" * 6, "é" * 32])
def test_a_key_that_is_too_short_or_would_break_a_proxys_file_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="POSYANDU_BADGE_KEY"):
        from_environment({"POSYANDU_BADGE_KEY": key})
    assert from_environment({"POSYANDU_BADGE_KEY": KEY}).badge_key == KEY


def test_a_laptop_gets_one_with_its_first_answer_shows_it_and_gets_no_other(desk: Desk, post: str) -> None:
    shown: list[str | None] = []
    own = replace(desk, badges=Badges(KEY))

    class Seen:
        def __init__(self) -> None:
            self.inner = make_app(own, Settings())

        async def __call__(self, scope: dict, receive: object, send: object) -> None:  # type: ignore[type-arg]
            if scope["type"] == "http":
                shown.append(dict(scope["headers"]).get(BADGE.lower().encode(), b"").decode())
            await self.inner(scope, receive, send)  # type: ignore[arg-type]

    ws = laptop(desk, post=post)
    with serving(Seen()) as url:
        synchronise.server_moved(ws, url)
        assert synchronise.run(ws).state == "confirmed"
        first = settings.get(ws.db, "sync_badge")
        assert own.badges.bearer(first)
        assert set(shown) == {""}
        shown.clear()
        for in_blocks in (False, True):
            if in_blocks:
                settings.put(ws.db, "sync_most", synchronise.LEAST_AT_ONCE)
            weigh(ws, post, 5000)
            assert synchronise.run(ws).state == "confirmed"
        assert set(shown) == {first}
    assert settings.get(ws.db, "sync_badge") == first


def test_a_badge_alone_opens_nothing(desk: Desk) -> None:
    ws = laptop(desk)
    mine = desk.badges.give("5203", ws.device)
    with serving(make_app(desk, Settings())) as url:
        headers = {"Content-Type": CONTENT_TYPE, BADGE: mine}
        assert requests.post(f"{url}/v1/sync", b"x", headers=headers, timeout=20).status_code == 400
        server = outbox.server(ws.db)
        assert server is not None
        stranger = replace(server, regency="5204")
        body = client.make_request(ws.db, stranger)[0]
        assert requests.post(f"{url}/v1/sync", body, headers=headers, timeout=20).status_code == 401


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Who shows no badge is looked at without end, until this is set."""
    going_on, looked = threading.Event(), exchange.believed

    def slowly(desk: Desk, body: bytes) -> Believed:
        going_on.wait(60)
        return looked(desk, body)

    monkeypatch.setattr("posyandu.server.app.believed", slowly)
    yield going_on
    going_on.set()


def test_strangers_who_fill_the_server_leave_room_for_who_shows_a_badge(
    desk: Desk, post: str, held_up: threading.Event
) -> None:
    ws = laptop(desk, post=post)
    settings.put(ws.db, "sync_badge", desk.badges.give("5203", ws.device))
    headers = {"Content-Type": CONTENT_TYPE}
    with serving(make_app(desk, Settings(at_once=1))) as url, ThreadPoolExecutor(8) as crowd:
        ask = lambda _n: requests.post(f"{url}/v1/sync", b"x", headers=headers, timeout=60).status_code  # noqa: E731
        waiting = [crowd.submit(ask, n) for n in range(6)]
        while sum(each.done() for each in waiting) < 4:  # at most twice as many as should be are inside
            held_up.wait(0.01)
        assert {each.result() for each in waiting if each.done()} == {503}
        synchronise.server_moved(ws, url)
        assert synchronise.run(ws).state == "confirmed"
        held_up.set()
        assert {each.result() for each in waiting} == {400, 503}


def test_who_tries_codes_at_an_address_does_not_keep_a_known_laptop_there_from_enrolling_anew(desk: Desk) -> None:
    ws = laptop(desk)
    talk(desk, ws)
    kind = {"Content-Type": "application/json"}
    with serving(make_app(desk, Settings(enrol_per_minute=1))) as url:
        told = [requests.post(f"{url}/v1/enrol", b"{}", headers=kind, timeout=20).status_code for _ in range(3)]
        assert told == [400, 429, 429]
        body = client.enrolment(ws.db, code_for(desk), "x")
        mine = kind | {BADGE: str(settings.get(ws.db, "sync_badge"))}
        assert requests.post(f"{url}/v1/enrol", body, headers=mine, timeout=20).status_code == 200
