"""A request on its way up in blocks, over real sockets and real TLS: cuts, old servers, proxies, kept connections."""

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from posyandu.domain.errors import Offline, PosyanduError, Refused, ServerTrouble
from posyandu.sync import blocks
from posyandu.sync.blocks import ANSWER, BLOCK, CONTENT_TYPE, HELD, Upload
from posyandu.sync.transport import Busy, CertificateDays, LinkBroke, NoBlocks, Replayed, connect
from tests.server.certificates import DAY, Certify, certify
from tests.server.serving import serving

__all__ = ["certify"]

WORD = blocks.write_answer(200, 0, b"the reply")


def upload_of(count: int) -> Upload:
    return Upload(bytes(n % 251 for n in range(count * BLOCK)), lambda _attempt: b"the head")


def taking(count: int) -> Starlette:
    """A server that takes every block, tells so, and answers."""

    async def take(request: Request) -> Response:
        received = bytearray()
        async for chunk in request.stream():
            received += chunk
        assert received.startswith(b"the head")
        assert len(received) == len(b"the head") + count * (BLOCK + 1)
        return Response(blocks.write_map(range(count)) + WORD, media_type=CONTENT_TYPE)

    return Starlette(routes=[Route("/v1/blocks", take, methods=["POST"])])


def answering(status: int, body: bytes = b"", kind: str = "application/json", **headers: str) -> Starlette:
    async def answer(_request: Any) -> Response:
        return Response(
            body, status, media_type=kind, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    return Starlette(routes=[Route("/v1/blocks", answer, methods=["POST"])])


def test_one_connection_carries_one_request_after_the_other() -> None:
    """What is under way is bounded, so a server that says nothing before the end gets no more than a window full."""
    with serving(taking(blocks.WINDOW)) as url:
        http = connect(url)
        ports = set()
        for _time in range(3):
            upload = upload_of(blocks.WINDOW)
            assert http.send_in_blocks(upload) == b"the reply"
            assert upload.held == frozenset(range(blocks.WINDOW))
            assert http.way._socket is not None
            ports.add(http.way._socket.getsockname()[1])
        http.close()
    assert len(ports) == 1


def test_a_connection_the_server_let_go_of_is_made_anew() -> None:
    with serving(taking(2), timeout_keep_alive=0) as url:
        http = connect(url.replace("https", "http"))
        for _time in range(2):
            assert http.send_in_blocks(upload_of(2)) == b"the reply"
        http.close()


@pytest.mark.parametrize(
    ("app", "kind"),
    [
        *((answering(status), NoBlocks) for status in (404, 405, 411, 413, 501, 507)),
        (answering(409, b'{"error":"replay"}'), Replayed),
        (answering(409, b'{"error":"start_again"}'), Replayed),
        (answering(429, b"{}", retry_after="9"), Busy),
        (answering(400, b'{"error":"bad_message"}'), Refused),
        (answering(500, b"{}"), ServerTrouble),
        (answering(302, b"", location="http://login.wifi/"), Offline),
        (answering(200, b"<html>Masuk WiFi", "text/html"), Offline),
        (answering(200, ANSWER + b"\0", CONTENT_TYPE), LinkBroke),
        (answering(200, HELD + b"\0" * 9, CONTENT_TYPE), LinkBroke),
        (answering(200, b"", CONTENT_TYPE), LinkBroke),
        (answering(200, blocks.write_answer(503, 7, b'{"error":"busy"}'), CONTENT_TYPE), Busy),
        (answering(200, blocks.write_answer(409, 0, b'{"error":"replay"}'), CONTENT_TYPE), Replayed),
    ],
)
def test_each_answer_becomes_its_own_error_with_a_sentence(app: Starlette, kind: type[PosyanduError]) -> None:
    with serving(app) as url:
        http = connect(url)
        with pytest.raises(kind) as caught:
            http.send_in_blocks(upload_of(3))
        http.close()
    assert type(caught.value) is kind
    assert str(caught.value).endswith(".") or "(" in str(caught.value)
    assert getattr(caught.value, "seconds", 0) in (0, 7, 9)


def test_no_network_is_offline_and_a_cut_in_the_handshake_a_broken_link() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
        for url in (f"http://{address}", f"https://{address}"):
            http = connect(url)
            with pytest.raises(Offline, match="tersimpan") as caught:
                http.send_in_blocks(upload_of(1))
            assert type(caught.value) is Offline
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=lambda: listener.accept()[0].close(), daemon=True).start()
        http = connect(f"https://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(LinkBroke, match="tersimpan"):
            http.send_in_blocks(upload_of(1))


# --- cut on the way --------------------------------------------------------------------------------------------------


@contextmanager
def a_peer(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A listener that does this with each connection, then cuts it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                near, _address = listener.accept()
                with near:
                    talk(near)

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


def read_until(near: socket.socket, mark: bytes, amount: int = 0) -> bytes:
    found = b""
    while mark not in found or len(found) < amount:
        data = near.recv(4096)
        if not data:
            break
        found += data
    return found


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(content), content)


BEGUN = b"HTTP/1.1 200 OK\r\nContent-Type: " + CONTENT_TYPE.encode() + b"\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_what_was_said_before_the_cut_is_known_afterwards_and_the_rest_goes_up() -> None:
    heard: list[bytes] = []
    lives = [2]

    def talk(near: socket.socket) -> None:
        lives[0] -= 1
        heard.append(read_until(near, b"the head", 4 * BLOCK))
        near.sendall(BEGUN + chunk(blocks.write_map({0, 1, 2, 5})))
        if lives[0] == 0:
            while not heard[-1].endswith(b"\r\n0\r\n\r\n"):  # perhaps it came with the blocks
                heard[-1] += near.recv(4096)
            near.sendall(chunk(WORD) + b"0\r\n\r\n")
        else:
            near.shutdown(socket.SHUT_WR)
            with suppress(OSError):  # who closes before all is read takes back what was said
                read_until(near, b"never")

    with a_peer(talk) as url:
        http = connect(url)
        upload = upload_of(15)
        with pytest.raises(LinkBroke):
            http.send_in_blocks(upload)
        assert upload.held == {0, 1, 2, 5}
        assert upload.most == 4
        assert http.send_in_blocks(upload) == b"the reply"
        http.close()
    assert upload.block(3) in heard[1]
    assert len(heard[1]) < len(heard[0]) + 15 * BLOCK


@pytest.mark.parametrize(("said", "kind"), [(BEGUN + chunk(blocks.write_map(())), LinkBroke), (b"", NoBlocks)])
def test_a_server_that_falls_silent_is_a_broken_link_and_one_never_heard_may_be_behind_a_proxy(
    monkeypatch: pytest.MonkeyPatch, said: bytes, kind: type[PosyanduError]
) -> None:
    monkeypatch.setattr("posyandu.sync.upload.SILENT_SECONDS", 0.3)

    def talk(near: socket.socket) -> None:
        near.sendall(said)
        read_until(near, b"never")

    with a_peer(talk) as url:
        http = connect(url)
        upload = upload_of(100)
        with pytest.raises(kind) as caught:
            http.send_in_blocks(upload)
        assert type(caught.value) is kind
        assert not upload.is_sent  # no more than the window went up


def test_maps_that_drip_in_byte_by_byte_are_read_whole() -> None:
    def talk(near: socket.socket) -> None:
        read_until(near, b"0\r\n\r\n")
        for byte in BEGUN + chunk(blocks.write_map({0})[:7]) + chunk(blocks.write_map({0})[7:] + WORD) + b"0\r\n\r\n":
            near.sendall(bytes((byte,)))

    with a_peer(talk) as url:
        http = connect(url)
        upload = upload_of(2)
        assert http.send_in_blocks(upload) == b"the reply"
        assert upload.held == {0}
        http.close()


# --- TLS and proxies -------------------------------------------------------------------------------------------------


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def test_a_new_connection_resumes_the_tls_session_and_the_root_still_counts(certify: Certify) -> None:
    root, certificate, key = certify("ours", now() - DAY, now() + DAY)
    other, _certificate, _key = certify("other", now() - DAY, now() + DAY)
    with serving(taking(4), ssl_certfile=str(certificate), ssl_keyfile=str(key)) as url:
        http = connect(url, root=root)
        resumed = []
        for _time in range(3):
            assert http.send_in_blocks(upload_of(4)) == b"the reply"
            assert isinstance(http.way._socket, ssl.SSLSocket)
            resumed.append(http.way._socket.session_reused)
            http.way.close()
        assert resumed == [False, True, True]
        http = connect(url, root=other)
        with pytest.raises(ServerTrouble, match="asli"):
            http.send_in_blocks(upload_of(4))


def test_with_a_dead_clock_the_days_of_the_certificate_are_handed_over(certify: Certify) -> None:
    first, last = now() - 400 * DAY, now() - 300 * DAY
    root, certificate, key = certify("old", first, last)
    with serving(taking(1), ssl_certfile=str(certificate), ssl_keyfile=str(key)) as url:
        with pytest.raises(CertificateDays):
            connect(url, root=root).send_in_blocks(upload_of(1))
        http = connect(url, root=root, clock_is_dead=True)
        for _time in range(2):
            http.send_in_blocks(upload_of(1))
            assert http.certificate_days is not None
            assert abs(http.certificate_days[1] - last) < DAY
            http.way.close()


def test_through_a_proxy_that_asks_who_it_is(certify: Certify) -> None:
    root, certificate, key = certify("ours", now() - DAY, now() + DAY)
    asked: list[bytes] = []
    with serving(taking(2), ssl_certfile=str(certificate), ssl_keyfile=str(key)) as url:
        port = int(url.rpartition(":")[2])

        def tunnel(near: socket.socket) -> None:
            asked.append(read_until(near, b"\r\n\r\n"))
            with socket.create_connection(("127.0.0.1", port)) as far:
                near.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=pump, args=(far, near), daemon=True)
                back.start()
                pump(near, far)

        with a_peer(tunnel) as proxy:
            http = connect(url, root=root, proxy=proxy.replace("//", "//dewi:rahasia%21@"))
            assert http.send_in_blocks(upload_of(2)) == b"the reply"
            http.close()
        for send in (lambda http: http.send_in_blocks(upload_of(2)), lambda http: http.get("/v1/health")):
            with (
                a_peer(lambda near: near.sendall(b"HTTP/1.1 407 No\r\n\r\n")) as proxy,
                pytest.raises(Offline, match="menolak nama atau sandinya"),
            ):
                send(connect(url, root=root, proxy=proxy))
    assert asked[0].startswith(b"CONNECT 127.0.0.1:")
    assert b"Proxy-Authorization: Basic ZGV3aTpyYWhhc2lhIQ==" in asked[0]


def pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(4096):
            sink.sendall(data)


def test_an_answer_that_begins_before_the_request_has_ended_is_heard() -> None:
    async def early(_request: Request) -> Response:
        async def told() -> Any:
            yield blocks.write_map(range(30))
            yield WORD

        return StreamingResponse(told(), media_type=CONTENT_TYPE)

    with serving(Starlette(routes=[Route("/v1/blocks", early, methods=["POST"])])) as url:
        http = connect(url)
        upload = upload_of(30)
        assert http.send_in_blocks(upload) == b"the reply"
        assert upload.most == 30
        http.close()
