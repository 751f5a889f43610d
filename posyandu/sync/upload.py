"""Send a request in blocks over one connection, writing while the server tells what it holds (docs/sync.md).

One thread and one socket: whoever waits for the answer writes meanwhile what there is to write. So the first bytes of
the request follow the handshake at once, and no round trip is spent on asking.
"""

import base64
import http.client
import io
import select
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from posyandu.domain.errors import BadInput
from posyandu.sync.blocks import CONTENT_TYPE, HELD, MAP_BYTES, Upload, read_answer, read_map

PATH = "/v1/blocks"
CONNECT_SECONDS = 20
SILENT_SECONDS = 30
"""A server tells of every block it gets; one that says nothing for so long is out of reach."""
_MOST = 4 * 1024 * 1024
_TOGETHER = 4
"""Blocks in one chunk of HTTP."""


class Broken(OSError):
    """The connection was made and broke before the answer was whole."""


class Silent(Broken):
    """Nothing was ever heard while blocks went up: what is in the way may wait for the end of the request."""


@dataclass(frozen=True)
class Answer:
    """What a request was answered with; `kind` is its content type, `retry_after` seconds or empty."""

    status: int
    kind: str
    retry_after: str
    content: bytes


class Way:
    """The way to one server, kept open from one request to the next; a new connection resumes the TLS session."""

    def __init__(
        self, url: str, context: ssl.SSLContext, proxy: str = "", headers: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self._url = urlsplit(url)
        self._headers = headers
        self._context = context
        self._proxy = urlsplit(proxy)
        self._session: ssl.SSLSession | None = None
        self._socket: socket.socket | None = None
        self.certificate: dict[str, Any] = {}
        """What the server showed in the last handshake, as `ssl` tells it; nothing without TLS."""

    def send(self, upload: Upload) -> Answer:
        """The server's answer to the whole body. `upload` knows afterwards what arrived, even of a link that broke.

        Raises Broken, ssl.SSLError, or OSError when no connection could be made.
        """
        if self._socket is not None:
            with suppress(Broken):  # the server may have let go of it meanwhile
                return self._exchange(self._socket, upload)
        self._socket = self._connected()
        return self._exchange(self._socket, upload)

    def close(self) -> None:
        """Let go of the connection."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def _exchange(self, way: socket.socket, upload: Upload) -> Answer:
        upload.connected()
        outgoing = _Outgoing(upload, self._beginning())
        response = http.client.HTTPResponse(_AsSocket(way, outgoing.next), method="POST")  # type: ignore[arg-type]
        try:
            response.begin()
            answer = _read(response, upload)
        except (OSError, http.client.HTTPException, BadInput, ValueError) as error:
            self.close()
            unheard = isinstance(error, TimeoutError) and not upload.is_heard
            raise (Silent if unheard else Broken)(str(error)) from error
        if isinstance(way, ssl.SSLSocket):
            self._session = way.session
        if response.will_close or not outgoing.ended:
            self.close()
        return answer

    def _beginning(self) -> bytes:
        more = "".join(f"{name}: {value}\r\n" for name, value in self._headers.items())
        return (
            f"POST {self._url.path}{PATH} HTTP/1.1\r\nHost: {self._url.netloc}\r\nContent-Type: {CONTENT_TYPE}\r\n"
            f"{more}Transfer-Encoding: chunked\r\n\r\n"
        ).encode("ascii")

    def _connected(self) -> socket.socket:
        host, secure = self._url.hostname or "", self._url.scheme == "https"
        port = self._url.port or (443 if secure else 80)
        through = self._proxy if secure and self._proxy.hostname else None
        if through is None:
            connection = http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)
        else:
            connection = http.client.HTTPConnection(
                through.hostname or "", through.port or 8080, timeout=CONNECT_SECONDS
            )
            connection.set_tunnel(host, port, _credentials(through))
        connection.connect()
        made: socket.socket = connection.sock
        try:
            if secure:
                made = self._context.wrap_socket(made, server_hostname=host, session=self._session)
                self.certificate = made.getpeercert() or {}
            made.setblocking(False)
        except ssl.SSLCertVerificationError:
            raise
        except OSError as error:  # the handshake is the first thing a weak link breaks
            made.close()
            raise Broken(str(error)) from error
        return made


class _Outgoing:
    """What there is to write, a chunk at a time: the beginning with the head, blocks, and the end."""

    def __init__(self, upload: Upload, beginning: bytes) -> None:
        self._upload = upload
        self._beginning = beginning
        self._head = upload.sign(upload.attempt)
        self.ended = False

    def next(self) -> bytes:
        """Nothing while the window is full."""
        numbers = [number for number in (self._upload.next() for _ in range(_TOGETHER)) if number is not None]
        content = self._head + b"".join(map(self._upload.block, numbers))
        if content:
            chunk = self._beginning + b"%x\r\n%b\r\n" % (len(content), content)
            self._beginning = self._head = b""
            return chunk
        if self._upload.is_sent and not self.ended:
            self.ended = True
            return b"0\r\n\r\n"
        return b""


class _AsSocket:
    """Enough of a socket for http.client to read from: waiting for bytes, it writes what there is to write."""

    def __init__(self, way: socket.socket, more: Callable[[], bytes]) -> None:
        self._both = _Both(way, more)

    def makefile(self, _mode: str) -> io.BufferedIOBase:
        """The one reader there is."""
        return io.BufferedReader(self._both)


class _Both(io.RawIOBase):
    def __init__(self, way: socket.socket, more: Callable[[], bytes]) -> None:
        self._way = way
        self._more = more
        self._waiting = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        deadline = time.monotonic() + SILENT_SECONDS
        while True:
            if not self._waiting:
                self._waiting = self._more()
            writing = [self._way] if self._waiting else []
            ahead = isinstance(self._way, ssl.SSLSocket) and self._way.pending() > 0
            left = 0.0 if ahead else max(0.0, deadline - time.monotonic())
            readable, writable, _failed = select.select([self._way], writing, [], left)
            with suppress(ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError):
                if readable or ahead:
                    return self._way.recv_into(buffer)
                if writable:
                    self._waiting = self._waiting[self._way.send(self._waiting) :]
                    continue
            if time.monotonic() >= deadline:
                raise TimeoutError("silent")


def _read(response: http.client.HTTPResponse, upload: Upload) -> Answer:
    kind = response.headers.get("Content-Type", "")
    if response.status != HTTPStatus.OK or kind != CONTENT_TYPE:
        content = response.read(_MOST)
        return Answer(response.status, kind, response.headers.get("Retry-After", ""), content)
    while response.read(1) == HELD:
        bits = response.read(MAP_BYTES)
        if len(bits) < MAP_BYTES:
            raise BadInput("jawaban terpotong")
        upload.told(read_map(bits))
    status, seconds, content = read_answer(response.read(_MOST))
    kind = "application/json" if status != HTTPStatus.OK else CONTENT_TYPE
    return Answer(status, kind, str(seconds) if seconds else "", content)


def _credentials(proxy: SplitResult) -> dict[str, str]:
    if not proxy.username:
        return {}
    said = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}".encode()
    return {"Proxy-Authorization": "Basic " + base64.b64encode(said).decode("ascii")}
