"""The server over real HTTP on loopback."""

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from posyandu.server import exchange, store
from posyandu.server.app import JsonLines, Limiter, make_app
from posyandu.server.exchange import Desk
from posyandu.server.settings import Settings, from_environment
from posyandu.sync import client
from posyandu.sync.message import CONTENT_TYPE, MAX_BODY
from tests.server.laptops import code_for, laptop
from tests.server.serving import away, serving


@pytest.fixture
def url(desk: Desk) -> Iterator[str]:
    with serving(make_app(desk, Settings())) as address:
        yield address


def post_sync(url: str, body: bytes, kind: str = CONTENT_TYPE) -> requests.Response:
    return requests.post(f"{url}/v1/sync", data=body, headers={"Content-Type": kind}, timeout=20)


def test_health_says_what_it_is_and_nothing_about_anyone(url: str) -> None:
    answer = requests.get(f"{url}/v1/health", timeout=20)
    assert answer.status_code == 200
    assert set(answer.json()) == {"ok", "server", "version", "protocol", "trial", "time"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{}", "application/json", 415, "wrong_type"),
        (b"x" * (MAX_BODY + 1), CONTENT_TYPE, 413, "too_large"),
        (b"nonsense", CONTENT_TYPE, 400, "bad_message"),
        (b"", CONTENT_TYPE, 400, "bad_message"),
    ],
)
def test_bad_requests_get_a_clear_4xx(url: str, body: bytes, kind: str, status: int, code: str) -> None:
    answer = post_sync(url, body, kind)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["message"]


def test_a_body_that_does_not_say_how_long_it_is_is_cut_at_the_limit(url: str) -> None:
    chunks = (b"x" * 8192 for _ in range(64))
    answer = requests.post(f"{url}/v1/sync", data=chunks, headers={"Content-Type": CONTENT_TYPE}, timeout=20)
    assert answer.status_code == 413


def test_unknown_addresses_and_methods_are_named(url: str) -> None:
    assert requests.get(f"{url}/docs", timeout=20).json()["error"] == "not_found"
    assert requests.get(f"{url}/v1/sync", timeout=20).json()["error"] == "wrong_method"


def test_rejections_keep_their_status_and_when_to_come_back(desk: Desk) -> None:
    ws = laptop(desk)
    server = client.outbox.server(ws.db)
    assert server is not None
    with serving(make_app(replace(desk, admit=lambda _device: 9), Settings())) as url:
        answer = post_sync(url, client.make_request(ws.db, server)[0])
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "9")


def test_one_address_may_not_try_many_wrong_codes(desk: Desk) -> None:
    ws = laptop(desk)
    with serving(make_app(desk, Settings(enrol_per_minute=2))) as url:
        tries = [
            requests.post(
                f"{url}/v1/enrol", data=client.enrolment(ws.db, "5203-AAAA-BBBB-CCCC", "x"),
                headers={"Content-Type": "application/json"}, timeout=20,
            ).status_code
            for _ in range(3)
        ]  # fmt: skip
    assert tries == [403, 403, 429]


def test_a_room_full_of_new_laptops_is_one_address_and_each_right_code_is_taken(desk: Desk) -> None:
    with serving(make_app(desk, Settings(enrol_per_minute=1))) as url:
        codes = [code_for(desk) for _laptop in range(3)]
        tries = [
            requests.post(
                f"{url}/v1/enrol", data=client.enrolment(laptop(desk).db, code, "x"),
                headers={"Content-Type": "application/json"}, timeout=20,
            ).status_code
            for code in (*codes, codes[0], code_for(desk))
        ]  # fmt: skip
    assert tries == [200, 200, 200, 403, 429]


def test_a_right_code_said_again_and_again_is_held_back_too(desk: Desk) -> None:
    ws, code = laptop(desk), code_for(desk)
    told = []
    with serving(make_app(desk, Settings(enrol_per_minute=1))) as url:
        while len(told) < 100 and 429 not in told:
            body = client.enrolment(ws.db, code, "x")
            kind = {"Content-Type": "application/json"}
            told.append(requests.post(f"{url}/v1/enrol", data=body, headers=kind, timeout=20).status_code)
    assert set(told) == {200, 429}


def test_enrolment_and_sync_over_http(url: str, desk: Desk) -> None:
    ws = laptop(desk)
    answer = requests.post(
        f"{url}/v1/enrol", data=client.enrolment(ws.db, code_for(desk), "x"),
        headers={"Content-Type": "application/json"}, timeout=20,
    )  # fmt: skip
    server = client.read_enrolment(answer.json(), url, 0)
    reply = post_sync(url, client.make_request(ws.db, server)[0])
    assert reply.headers["Content-Type"] == CONTENT_TYPE
    client.take_reply(ws.db, server, reply.content)


def test_without_its_database_the_server_says_busy_and_health_says_no(desk: Desk) -> None:
    ws = laptop(desk)
    server = client.outbox.server(ws.db)
    assert server is not None
    with away() as pool, serving(make_app(replace(desk, pool=pool), Settings())) as url:
        answer = post_sync(url, client.make_request(ws.db, server)[0])
        assert (answer.status_code, answer.json()["error"]) == (503, "busy")


def test_a_database_that_goes_away_is_said_once_and_that_it_is_back_too(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    ws = laptop(desk)
    server = client.outbox.server(ws.db)
    assert server is not None
    with away() as pool, caplog.at_level(logging.INFO, "posyandu.server"):
        gone = replace(desk, pool=pool)
        with serving(make_app(gone, Settings())) as url:
            for _time in range(2):
                assert post_sync(url, client.make_request(ws.db, server)[0]).status_code == 503
                assert requests.get(f"{url}/v1/health", timeout=20).status_code == 503
            object.__setattr__(gone, "pool", desk.pool)
            for _time in range(2):
                assert requests.get(f"{url}/v1/health", timeout=20).status_code == 200
    said = [record for record in caplog.records if record.getMessage().startswith("database is")]
    assert [(each.levelname, each.getMessage()) for each in said] == [
        ("ERROR", "database is away"), ("WARNING", "database is back"),
    ]  # fmt: skip
    assert json.loads(JsonLines().format(said[0]))["do"] == "docs/runbooks/database-down.md"


def test_a_server_that_the_database_has_left_behind_says_so_on_its_health_page(postgres_url: str) -> None:
    """While servers are upgraded one after the other: the balancer lets it rest."""
    with store.open_pool(postgres_url, 1) as owner, store.open_pool(postgres_url, 2, fenced=True) as pool:
        left = replace(exchange.open_desk(owner, trial=True), pool=pool)
        with serving(make_app(left, Settings())) as url, owner.connection() as connection:
            told = [requests.get(f"{url}/v1/health", timeout=20)]
            connection.execute("INSERT INTO migration (number, name) VALUES (999, 'later')")
            told.append(requests.get(f"{url}/v1/health", timeout=20))
    assert [(each.status_code, each.json()["ok"]) for each in told] == [(200, True), (503, False)]


def test_a_fault_of_ours_tells_nothing_of_the_request(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    def fault(_device: str) -> int:
        raise ValueError("nama " + "".join(["rahasi", "a"]))

    ws = laptop(desk)
    server = client.outbox.server(ws.db)
    assert server is not None
    with caplog.at_level(logging.INFO), serving(make_app(replace(desk, admit=fault), Settings())) as url:
        answer = post_sync(url, client.make_request(ws.db, server)[0])
    assert answer.status_code == 500
    lines = [JsonLines().format(record) for record in caplog.records if record.name == "posyandu.server"]
    assert "rahasia" not in answer.text + "".join(lines)
    failed = next(json.loads(line) for line in lines if '"failed"' in line)
    assert failed["kind"] == "ValueError"
    assert "fault" in failed["where"]


def test_the_log_has_one_json_line_a_request_without_personal_data(
    url: str, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        post_sync(url, b"x\n{}")
        deadline = time.monotonic() + 60
        while not caplog.records and time.monotonic() < deadline:
            time.sleep(0.01)
    line = json.loads(JsonLines().format(next(r for r in caplog.records if r.getMessage() == "request")))
    assert {"at", "level", "event", "path", "status", "error", "ms", "bytes_in", "bytes_out"} == set(line)


def test_a_caller_refills_with_time_and_others_do_not_pay_for_it() -> None:
    now = [0.0]
    limiter = Limiter(per_minute=60, burst=2, clock=lambda: now[0])
    assert [limiter.wait("a"), limiter.wait("a"), limiter.wait("a"), limiter.wait("b")] == [0, 0, 1, 0]
    now[0] += 1
    assert [limiter.wait("a"), limiter.wait("a")] == [0, 1]
    for caller in range(50_002):
        limiter.wait(str(caller))
    now[0] += 10
    assert limiter.wait("new") == 0
    assert len(limiter._buckets) == 1


def test_settings_come_from_the_environment_with_safe_defaults() -> None:
    assert from_environment({}) == Settings()
    assert Settings().host == "127.0.0.1"
    given = from_environment({"DATABASE_URL": "postgresql://x", "POSYANDU_PORT": "9000", "POSYANDU_LOG_LEVEL": "debug"})
    assert (given.database_url, given.port, given.log_level) == ("postgresql://x", 9000, "DEBUG")
    assert (Settings().erasures_a_day, from_environment({"POSYANDU_ERASURES_A_DAY": "40"}).erasures_a_day) == (5, 40)
    with pytest.raises(ValueError, match="POSYANDU_POOL"):
        from_environment({"POSYANDU_POOL": "banyak"})
