"""The HTTP face of the server: limits before work, errors as {"error", "message"}, no personal data in the log.

Bodies are read up to their limit and not a byte further; the work itself is plain functions run in threads.
"""

import json
import logging
import math
import random
import sys
import threading
import time
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import psycopg
from psycopg_pool import PoolTimeout
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from posyandu import PROTOCOL, __version__
from posyandu.server import store, unfinished
from posyandu.server.exchange import Desk, Rejected, answer_to, believed, enrol, sync
from posyandu.server.metrics import CONTENT_TYPE as CONTENT_TYPE_METRICS
from posyandu.server.metrics import Metrics
from posyandu.server.settings import Settings
from posyandu.server.state_page import ALONE, page
from posyandu.sync import blocks
from posyandu.sync.message import BADGE, CONTENT_TYPE, MAX_BODY

log = logging.getLogger("posyandu.server")

MAX_ENROL = 4 * 1024
ROOM = 6
"""So many times as many right codes as wrong ones may come from one address: a room full of new laptops has one."""
_GOING = (None, "57P01", "57P02", "57P03")
"""What PostgreSQL calls an error of a connection that broke or was not made, and of its being stopped or started."""
_NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def make_app(desk: Desk, settings: Settings, folder: Path = Path()) -> Starlette:
    """The application over an open desk; the free space of the disk `folder` is on is watched."""
    enrolments = Limiter(settings.enrol_per_minute, settings.enrol_per_minute)
    welcomed = Limiter(settings.enrol_per_minute * ROOM, settings.enrol_per_minute * ROOM)
    metrics = Metrics(desk.pool, folder)
    database = Noticed()

    door, strangers = Door(settings.at_once), Door(settings.at_once)

    def mark_of(request: Request) -> str:
        return desk.badges.bearer(request.headers.get(BADGE, ""))

    def look(request: Request) -> None:
        """Who shows no badge of ours waits with others who do not, until the signature says who it is."""
        if not mark_of(request):
            strangers.look()
        door.look()

    async def post_sync(request: Request) -> Response:
        look(request)
        return await answered(await _body(request, CONTENT_TYPE, MAX_BODY), request)

    async def answered(body: bytes, request: Request) -> Response:
        shown = request.headers.get(BADGE, "")
        if mark_of(request):
            with door.passed():
                told = await run_in_threadpool(sync, desk, body, shown)
        else:
            with strangers.passed():
                by = await run_in_threadpool(believed, desk, body)
            with door.passed():
                told = await run_in_threadpool(answer_to, desk, by, shown)
        return Response(told, media_type=CONTENT_TYPE, headers=_NO_STORE)

    async def post_blocks(request: Request) -> Response:
        async def settle(work: Callable[[], Awaitable[Response]]) -> Response:
            return await _logged(lambda _request: work(), metrics, database)(request)

        look(request)
        _expect(request, blocks.CONTENT_TYPE)
        head, sealed, first, more = await unfinished.read_beginning(request.receive)
        with nullcontext() if mark_of(request) else strangers.passed():
            held = await run_in_threadpool(unfinished.begin, desk, head, sealed)
        return unfinished.InBlocks(desk, (head, first, more), held, lambda body: answered(body, request), settle)

    async def post_enrol(request: Request) -> Response:
        caller = mark_of(request) or (request.client.host if request.client else "")
        wait = enrolments.wait(caller)
        if wait:
            raise Rejected(429, "too_often", "Terlalu sering mencoba kode; tunggu sebentar", retry_after=wait)
        body = await _body(request, "application/json", MAX_ENROL)
        answer = await run_in_threadpool(enrol, desk, body)
        if not welcomed.wait(caller):  # a laptop may say its code again, and somebody would for ever
            enrolments.give_back(caller)
        return Response(answer, media_type="application/json", headers=_NO_STORE)

    async def health(request: Request) -> Response:
        alive = await run_in_threadpool(_is_alive, desk)
        database.answers(alive)
        answer = {
            "ok": alive,
            "server": "posyandu",
            "version": __version__,
            "protocol": PROTOCOL,
            "trial": desk.trial,
            "time": time.time_ns() // 1_000_000,
        }
        return JSONResponse(answer, 200 if alive else 503, headers=_NO_STORE)

    async def watched(_request: Request) -> Response:
        return Response(await run_in_threadpool(metrics.text), media_type=CONTENT_TYPE_METRICS, headers=_NO_STORE)

    async def state(_request: Request) -> Response:
        told = await run_in_threadpool(lambda: page(metrics.figures(), desk.trial))
        return HTMLResponse(told, headers=_NO_STORE | ALONE)

    return Starlette(
        routes=[
            Route("/v1/sync", _logged(post_sync, metrics, database), methods=["POST"]),
            Route("/v1/blocks", _logged(post_blocks, metrics, database), methods=["POST"]),
            Route("/v1/enrol", _logged(post_enrol, metrics, database), methods=["POST"]),
            Route("/v1/health", health, methods=["GET"]),
            Route("/metrics", watched, methods=["GET"]),
            Route("/keadaan", state, methods=["GET"]),
        ],
        exception_handlers={HTTPException: _http_error},
    )


class Noticed:
    """Says in the log once that the database went away, and once that it is back. Only for the event loop's thread."""

    def __init__(self) -> None:
        self._is_away = False

    def answers(self, is_there: bool) -> None:
        """What was just seen of it."""
        if is_there == self._is_away:
            self._is_away = not is_there
            if is_there:
                log.warning("database is back")
            else:
                log.error("database is away", extra={"do": "docs/runbooks/database-down.md"})


class Limiter:
    """A bucket of requests for each caller: `burst` at once, refilled at `per_minute`."""

    def __init__(self, per_minute: int, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, caller: str) -> int:
        """Take one request from the caller's bucket: 0, or the seconds until there is one again."""
        now = self._clock()
        with self._lock:
            if len(self._buckets) > 50_000:
                full = self._burst / self._rate
                self._buckets = {who: kept for who, kept in self._buckets.items() if now - kept[1] < full}
            left, at = self._buckets.get(caller, (float(self._burst), now))
            left = min(self._burst, left + (now - at) * self._rate)
            if left < 1:
                self._buckets[caller] = (left, now)
                return math.ceil((1 - left) / self._rate)
            self._buckets[caller] = (left - 1, now)
            return 0

    def give_back(self, caller: str) -> None:
        """The request last taken from the caller's bucket does not count."""
        with self._lock:
            left, at = self._buckets.get(caller, (float(self._burst), self._clock()))
            self._buckets[caller] = (min(self._burst, left + 1), at)


class Door:
    """Lets so many work at once. Who finds it full is given a place in a line that moves at the door's own pace, and
    hears when its turn is, with something left to chance: a district that comes back from an outage comes one after
    the other, on a fast machine within a minute, on a slow one later, and nobody is turned away again and again.

    `look` before the request is read, which may take a minute on a weak link and holds no place; who has sent it all
    is still let in while there are not twice as many. Only for one thread: the event loop's.
    """

    SHORTEST, LONGEST = 5, 600
    FIRST_GUESS = 50
    """Answers a second, before it has been busy long enough to know."""
    REMEMBERED = 64
    """So many of the last answers tell the pace."""
    FILLED = 0.9
    """The line is let in a little slower than the pace: who comes in turn finds room."""

    def __init__(
        self, most: int, clock: Callable[[], float] = time.monotonic, dice: Callable[[], float] = random.random
    ) -> None:
        self._most = most
        self._clock = clock
        self._dice = dice
        self._inside = 0
        self._waiting = 0.0
        self._at = clock()
        self._each = 1 / self.FIRST_GUESS
        self._heard = 4
        self._last = self._at

    def look(self, most: int = 0) -> None:
        """Raise Rejected, with the seconds to wait, when it is full."""
        if self._inside >= (most or self._most):
            raise Rejected(503, "busy", "Server sedang sibuk; coba lagi nanti", retry_after=self._again_in())

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Be inside for as long as the block lasts. Raises Rejected when there are twice as many as should be."""
        self.look(self._most * 2)
        self._inside += 1
        if self._inside == self._most:
            self._last = self._clock()
        try:
            yield
        finally:
            if self._inside >= self._most:  # only while it is full is the time between two answers what one takes
                self._heard = min(self._heard + 1, self.REMEMBERED)
                self._each = max(self._seconds_each(), 0.001)
                self._last = self._clock()
            self._inside -= 1

    def _seconds_each(self) -> float:
        """What one answer takes, if one came now."""
        return self._each + (self._clock() - self._last - self._each) / self._heard

    def _again_in(self) -> int:
        now = self._clock()
        each = max(self._each, self._seconds_each())  # slower when nothing comes out any more
        self._waiting = max(0.0, self._waiting - (now - self._at) / each) + 1
        self._at = now
        turn = max(self._waiting * each / self.FILLED, self.SHORTEST)
        longest = self.LONGEST - self.SHORTEST
        chance = max(turn / 4, self.SHORTEST) if turn < longest else longest * 0.7
        return self.SHORTEST + math.ceil(min(turn, longest) - chance * (1 - self._dice()))


@dataclass(frozen=True)
class _Answer:
    response: Response
    error: str
    is_away: bool = False
    """Whether the database did not answer."""


def _logged(
    endpoint: Callable[[Request], Awaitable[Response]], metrics: Metrics, database: Noticed
) -> Callable[[Request], Awaitable[Response]]:
    """Turn every error into an answer, count it, and write one line per request: path, status, time and sizes only."""

    async def answer(request: Request) -> Response:
        started = time.perf_counter()
        done = await _tried(endpoint, request)
        seconds = time.perf_counter() - started
        metrics.note(request.url.path, done.response.status_code, seconds)
        if done.is_away or (done.response.status_code == HTTPStatus.OK and request.url.path != "/v1/blocks"):
            database.answers(not done.is_away)
        log.info(
            "request",
            extra={
                "path": request.url.path,
                "status": done.response.status_code,
                "error": done.error,
                "ms": round(seconds * 1000, 1),
                "bytes_in": int(request.headers.get("content-length", "0") or 0)
                if request.headers.get("content-length", "0").isdecimal()
                else -1,
                "bytes_out": len(done.response.body),
            },
        )
        return done.response

    return answer


async def _tried(endpoint: Callable[[Request], Awaitable[Response]], request: Request) -> _Answer:
    try:
        return _Answer(await endpoint(request), "")
    except Rejected as rejected:
        response = _error(rejected.status, rejected.code, str(rejected), rejected.retry_after, rejected.order)
        return _Answer(response, rejected.code)
    except ClientDisconnect:
        return _Answer(_error(400, "cut_off", "Kiriman terputus"), "cut_off")
    except (PoolTimeout, psycopg.OperationalError) as error:
        answer = _error(503, "busy", "Server sedang sibuk; coba lagi nanti", 20 + random.randrange(20))
        is_away = isinstance(error, PoolTimeout) or getattr(error, "sqlstate", None) in _GOING
        return _Answer(answer, "busy", is_away)
    except Exception as error:  # noqa: BLE001 - the last guard: nothing of a request may leak into the answer or the log
        log.error(
            "failed", extra={"kind": type(error).__name__, "where": "".join(traceback.format_tb(sys.exc_info()[2]))}
        )
        return _Answer(_error(500, "trouble", "Server mengalami gangguan; data di laptop tetap aman"), "trouble")


def _expect(request: Request, content_type: str) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != content_type:
        raise Rejected(415, "wrong_type", f"Jenis kiriman harus {content_type}")


async def _body(request: Request, content_type: str, limit: int) -> bytes:
    _expect(request, content_type)
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise Rejected(413, "too_large", "Kiriman terlalu besar")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise Rejected(413, "too_large", "Kiriman terlalu besar")
    return bytes(body)


def _error(status: int, code: str, sentence: str, retry_after: int = 0, order: str = "") -> Response:
    headers = dict(_NO_STORE)
    if retry_after:
        headers["Retry-After"] = str(retry_after)
    body = {"error": code, "message": sentence, **({"order": order} if order else {})}
    return JSONResponse(body, status, headers=headers)


async def _http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    names = {404: ("not_found", "Alamat tidak dikenal"), 405: ("wrong_method", "Cara memanggil salah")}
    code, sentence = names.get(error.status_code, ("trouble", "Permintaan ditolak"))
    return _error(error.status_code, code, sentence)


def _is_alive(desk: Desk) -> bool:
    try:
        with desk.pool.connection(timeout=5) as connection:
            return store.is_alive(connection)
    except (PoolTimeout, psycopg.Error):
        return False


class JsonLines(logging.Formatter):
    """One JSON object per line: time, level, event and what was added to it."""

    _USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line; line breaks inside values are escaped by JSON."""
        body = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        added = {name: value for name, value in vars(record).items() if name not in self._USUAL}
        return json.dumps(body | added, ensure_ascii=False, default=str)


def log_to_stderr(level: str) -> None:
    """Write the server's log as JSON lines to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # it says again and again what `Noticed` says once
