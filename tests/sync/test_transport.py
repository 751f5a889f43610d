"""Every way the road to the server can fail, against real sockets and real TLS."""

import datetime
import json
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from posyandu.domain.errors import BadInput, Offline, PosyanduError, Refused, ServerTrouble, UpdateNeeded
from posyandu.sync.transport import (
    Busy,
    CertificateDays,
    LinkBroke,
    LinkSilent,
    NotEnrolled,
    Replayed,
    Revoked,
    TooLarge,
    checked_root,
    checked_url,
    connect,
    proxy_address,
    proxy_parts,
)
from tests.server.certificates import Certify, certify
from tests.server.serving import serving

__all__ = ["certify"]

DAY = datetime.timedelta(days=1)


def answering(status: int, body: bytes = b"", **headers: str) -> Starlette:
    async def answer(_request: Any) -> Response:
        return Response(body, status, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return Starlette(routes=[Route("/v1/sync", answer, methods=["POST"]), Route("/v1/health", answer)])


def error(code: str) -> bytes:
    return json.dumps({"error": code, "message": "x"}).encode()


@pytest.mark.parametrize(
    ("app", "kind"),
    [
        (answering(401, error("unknown_device")), NotEnrolled),
        (answering(403, error("revoked")), Revoked),
        (answering(403, error("bad_code")), Refused),
        (answering(409, error("replay")), Replayed),
        (answering(409, error("device_taken")), Refused),
        (answering(400, error("bad_message")), Refused),
        (answering(404, b"not json"), Refused),
        (answering(413, b"not json"), TooLarge),
        (answering(413, b"<html>Request Entity Too Large", content_type="text/html"), TooLarge),
        (answering(403, b"[]"), Refused),
        (answering(426, error("update")), UpdateNeeded),
        (answering(429, error("too_often"), retry_after="9"), Busy),
        (answering(503, b"<html>busy", content_type="application/json"), Busy),
        (answering(500, error("trouble")), ServerTrouble),
        (answering(502, b"<html>", content_type="text/html"), ServerTrouble),
        (answering(503, b"<html>No server is available", content_type="text/html"), Busy),
        (answering(429, b"<html>Too Many Requests", content_type="text/html"), Busy),
        (answering(403, b"<html>Masuk dulu", content_type="text/html"), Offline),
        (answering(511, b"<html>Masuk dulu", content_type="text/html"), Offline),
        (answering(511, b"login", content_type="text/plain"), Offline),
        (answering(200, b"<html>Masuk WiFi", content_type="Text/HTML"), Offline),
        (answering(200, b"\r\n<!DOCTYPE html>", content_type="application/octet-stream"), Offline),
        (answering(200, b"<?xml version='1.0'?>", content_type="application/xhtml+xml"), Offline),
        (answering(302, b"", location="http://login.wifi/"), Offline),
        (answering(200, b"<html>Masuk WiFi", content_type="text/html; charset=utf-8"), Offline),
        (answering(200, b"x" * (5 << 20)), ServerTrouble),
    ],
)
def test_each_answer_becomes_its_own_error_with_a_sentence(app: Starlette, kind: type[PosyanduError]) -> None:
    with serving(app) as url:
        http = connect(url)
        with pytest.raises(kind) as caught:
            http.send("/v1/sync", b"body", "x/y")
        http.close()
    assert type(caught.value) is kind
    assert str(caught.value).endswith(".") or "(" in str(caught.value)


@pytest.mark.parametrize(
    ("said", "order"),
    [({"order": "c0ffee"}, b"\xc0\xff\xee"), ({"order": "not hex"}, b""), ({"order": 5}, b""), ({}, b"")],
)
def test_the_order_to_close_the_book_comes_with_the_refusal_and_nothing_else_passes_for_one(
    said: dict[str, object], order: bytes
) -> None:
    with serving(answering(403, json.dumps({"error": "revoked", **said}).encode())) as url:
        http = connect(url)
        with pytest.raises(Revoked) as caught:
            http.send("/v1/sync", b"body", "x/y")
        http.close()
    assert caught.value.order == order


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("9", 9), ("0", 0), ("31536000", 3600), ("9" * 5000, 3600), ("Wed, 21 Oct 2026 07:28:00 GMT", 30), ("-5", 30)],
)
def test_a_busy_server_says_when_to_come_back_and_no_balancer_can_put_it_off_for_ever(said: str, seconds: int) -> None:
    with serving(answering(503, b"", retry_after=said)) as url:
        http = connect(url)
        with pytest.raises(Busy) as caught:
            http.get("/v1/health")
        http.close()
    assert caught.value.seconds == seconds


def test_no_network_is_offline_and_not_a_fault() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        http = connect(f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(Offline, match="tersimpan"):
            http.get("/v1/health")
        http.close()
        through = connect("https://tidak-ada.invalid", proxy=f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(Offline, match="Proksi"):
            through.get("/v1/health")
        through.close()


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (("", "dewi", "x"), ""),
        (("  ",), ""),
        (("10.1.1.1",), "http://10.1.1.1:8080"),
        (("http://proksi.dinas.go.id:3128/",), "http://proksi.dinas.go.id:3128"),
        (("10.1.1.1:3128", "dewi", "p@ss/#:%1"), "http://dewi:p%40ss%2F%23%3A%251@10.1.1.1:3128"),
    ],
)
def test_a_proxy_is_understood_as_it_is_typed_and_shown_again(typed: tuple[str, ...], address: str) -> None:
    assert proxy_address(*typed) == address
    place, name, password = proxy_parts(address)
    assert proxy_address(place, name, password) == address
    assert (name, password) == ((*typed, "", "")[1:3] if address else ("", ""))


@pytest.mark.parametrize(
    "typed", ["10.1.1.1:99999", "10.1.1.1:nol", "dewi:x@10.1.1.1", "https://a", "a b", ":8080", "-", "a/b"]
)
def test_what_is_no_address_of_a_proxy_is_said(typed: str) -> None:
    with pytest.raises(BadInput, match="ditulis seperti"):
        proxy_address(typed)


def test_a_file_that_holds_no_certificate_is_said(tmp_path: Path, certify: Certify) -> None:
    root, _certificate, key = certify("ours", datetime.datetime.now(datetime.UTC), datetime.datetime.now(datetime.UTC))
    checked_root(root)
    wrong = tmp_path / "photo.pem"
    wrong.write_bytes(b"\xff\xd8 no certificate")
    for file in (wrong, key, tmp_path / "away.pem"):
        with pytest.raises(BadInput, match="bukan sertifikat"):
            checked_root(file)


def test_a_link_that_breaks_is_told_from_one_that_was_never_made() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        http = connect(f"http://127.0.0.1:{listener.getsockname()[1]}")
        cutting = threading.Thread(target=lambda: listener.accept()[0].close())
        cutting.start()
        with pytest.raises(LinkBroke, match="tersimpan"):
            http.send("/v1/sync", b"body", "x/y")
        cutting.join()
    with pytest.raises(Offline) as caught:
        http.send("/v1/sync", b"body", "x/y")
    assert type(caught.value) is Offline
    http.close()


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"])
def test_a_connection_on_which_nothing_more_is_heard_is_told_from_one_that_broke(
    said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posyandu.sync.transport.READ_SECONDS", 0.2)
    held: list[socket.socket] = []

    def fall_silent(listener: socket.socket) -> None:
        held.append(listener.accept()[0])
        held[0].sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        http = connect(f"http://127.0.0.1:{listener.getsockname()[1]}")
        silent = threading.Thread(target=fall_silent, args=(listener,))
        silent.start()
        with pytest.raises(LinkSilent, match="tersimpan"):
            http.send("/v1/sync", b"body", "x/y")
        silent.join()
        http.close()
    held[0].close()


def test_half_an_answer_is_a_broken_link() -> None:
    def half(listener: socket.socket) -> None:
        near, _address = listener.accept()
        near.recv(65_536)
        near.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        near.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        http = connect(f"http://127.0.0.1:{listener.getsockname()[1]}")
        answering_half = threading.Thread(target=half, args=(listener,))
        answering_half.start()
        with pytest.raises(LinkBroke):
            http.send("/v1/sync", b"body", "x/y")
        answering_half.join()
        http.close()


@pytest.mark.parametrize("url", ["", "posyandu.go.id", "http://posyandu.go.id", "ftp://127.0.0.1", "https://"])
def test_addresses_that_would_leak_are_refused(url: str) -> None:
    with pytest.raises(BadInput, match="https"):
        checked_url(url)


def test_addresses_are_cleaned() -> None:
    assert checked_url(" https://posyandu.ntbprov.go.id/ ") == "https://posyandu.ntbprov.go.id"
    assert checked_url("https://server:8443/posyandu/") == "https://server:8443/posyandu"
    assert checked_url("http://127.0.0.1:8077/") == "http://127.0.0.1:8077"


# --- TLS -------------------------------------------------------------------------------------------------------------


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def test_a_pinned_root_is_believed_and_any_other_is_not(certify: Certify, monkeypatch: pytest.MonkeyPatch) -> None:
    root, certificate, key = certify("ours", now() - DAY, now() + DAY)
    other, _certificate, _key = certify("other", now() - DAY, now() + DAY)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(root))
    with serving(answering(200, b"{}"), ssl_certfile=str(certificate), ssl_keyfile=str(key)) as url:
        http = connect(url, root=root)
        assert http.get("/v1/health") == b"{}"
        http.close()
        for pinned in (other, None):
            http = connect(url, root=pinned)
            with pytest.raises(ServerTrouble, match=r"asli: .*Bila Wi-Fi ini minta masuk dulu, buka peramban"):
                http.get("/v1/health")
            http.close()


def test_with_a_dead_clock_the_root_still_counts_and_the_days_are_handed_over(certify: Certify) -> None:
    first, last = now() - 400 * DAY, now() - 300 * DAY
    root, certificate, key = certify("old", first, last)
    other, _certificate, _key = certify("other", first, last)
    with serving(answering(200, b"{}"), ssl_certfile=str(certificate), ssl_keyfile=str(key)) as url:
        http = connect(url, root=root)
        with pytest.raises(CertificateDays):
            http.get("/v1/health")
        http.close()
        http = connect(url, root=root, clock_is_dead=True)
        assert http.get("/v1/health") == b"{}"
        assert http.certificate_days is not None
        assert abs(http.certificate_days[1] - last) < DAY
        http.close()
        http = connect(url, root=other, clock_is_dead=True)
        with pytest.raises(ServerTrouble, match="asli"):
            http.get("/v1/health")
        http.close()


def test_over_plain_http_to_this_laptop_there_are_no_days() -> None:
    with serving(answering(200, b"{}")) as url:
        http = connect(url, clock_is_dead=True)
        http.get("/v1/health")
        assert http.certificate_days is None
        http.close()
