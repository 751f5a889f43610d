"""Who may do what: every way in, every kind of caller, every foreign post; over real HTTP and a real database.

No byte of a foreign area goes out and none comes in. What the answers hold is looked at without our own decoder.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
import requests
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.domain.change import canonical_json
from posyandu.domain.errors import BadInput
from posyandu.domain.forms import FORMS
from posyandu.server import __main__ as admin
from posyandu.server import carried, exchange, store
from posyandu.server.app import make_app
from posyandu.server.exchange import Desk, Rejected
from posyandu.server.openapi import description
from posyandu.server.settings import Settings
from posyandu.services import workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.sync import client
from posyandu.sync.batch import seal
from posyandu.sync.blocks import BLOCK, write_head
from posyandu.sync.message import CONTENT_TYPE, MAX_BODY, Ask, Cursor, Request, write_request
from posyandu.sync.sealed import FROM_SERVER, TO_SERVER, open_file, seal_file
from tests.server.laptops import VILLAGE, code_for, enrol, laptop, talk
from tests.server.serving import serving
from tests.server.test_unfinished import speak
from tests.sync.test_batch import op

MAGIC = b"\x28\xb5\x2f\xfd"
PLACES = {
    "own": VILLAGE,
    "beside": "5203012002",
    "district": "5203022001",
    "regency": "5204012001",
}


@dataclass(frozen=True)
class Post:
    """A post with one person; `marks` are bytes that only those of its area may ever receive."""

    id: str
    village: str
    writer: Workspace
    batches: tuple[str, ...]
    marks: tuple[bytes, ...]


@dataclass(frozen=True)
class Caller:
    """Who a request says it is from, and who signs it; `areas` is what the caller may see when it is let in."""

    regency: str
    device: str
    key: Ed25519PrivateKey
    status: int
    areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class World:
    url: str
    desk: Desk
    database: str
    posts: dict[str, Post]
    callers: dict[str, Caller]

    def foreign(self, caller: Caller) -> dict[str, Post]:
        return {name: post for name, post in self.posts.items() if not post.village.startswith(caller.areas or ("-",))}


def _post(desk: Desk, village: str) -> Post:
    ws = laptop(desk, post=records.new_id(), village=village, areas=(village,))
    name, person = f"Rahasia {secrets.token_hex(12)}", records.new_id()
    answers = {"name": name, "sex": "female"}
    records.save(ws.db, FORMS["person"], person, answers, scope=ws.posyandu_id, author=ws.author, now=ws.now())
    talk(desk, ws)
    with desk.pool.connection() as connection:
        held = connection.execute("SELECT encode(id, 'hex'), bytes FROM batch WHERE device = %s", (ws.device,))
        batches = held.fetchall()
    assert batches
    key = client.key_of(ws.db).public_key().public_bytes_raw().hex()
    named = (name, person, f"Posyandu {ws.posyandu_id}", ws.device, key)
    marks = (*(mark.encode() for mark in named), *(bytes(packed) for _id, packed in batches))
    return Post(ws.posyandu_id, village, ws, tuple(id_ for id_, _packed in batches), marks)


def _callers(desk: Desk) -> dict[str, Caller]:
    here = laptop(desk)
    wide, away, abroad = (laptop(desk, areas=areas) for areas in (("520301",), ("5203022001",), ("5204012001",)))
    revoked, lost = laptop(desk), laptop(desk)
    with desk.pool.connection() as connection:
        store.revoke(connection, "5203", revoked.device, "pensiun")
        store.revoke(connection, "5203", lost.device, "hilang", close_book=True)
    stranger = workspace.in_memory(post=None, practice=True)

    def caller(ws: Workspace, status: int, *areas: str, signer: Workspace | None = None, regency: str = "") -> Caller:
        regency = regency or (areas[0][:4] if areas else "5203")
        return Caller(regency, ws.device, client.key_of((signer or ws).db), status, areas)

    return {
        "enrolled": caller(here, 200, VILLAGE),
        "enrolled for the district around": caller(wide, 200, "520301"),
        "enrolled for another village": caller(away, 200, "5203022001"),
        "enrolled in another regency": caller(abroad, 200, "5204012001"),
        "unknown": caller(stranger, 401),
        "stolen id, own key": caller(here, 401, signer=stranger),
        "stolen id, key of another enrolled one": caller(here, 401, signer=away),
        "says it is of another regency": caller(here, 401, regency="5204"),
        "of another regency, says it is of this one": caller(abroad, 401, regency="5203"),
        "revoked": caller(revoked, 403),
        "lost": caller(lost, 403),
        "stolen id of a revoked one": caller(revoked, 401, signer=stranger),
    }


CALLERS = (
    "enrolled", "enrolled for the district around", "enrolled for another village", "enrolled in another regency",
    "unknown", "stolen id, own key", "stolen id, key of another enrolled one", "says it is of another regency",
    "of another regency, says it is of this one", "revoked", "lost", "stolen id of a revoked one",
)  # fmt: skip


@pytest.fixture(scope="module")
def world(postgres_cluster: str) -> Iterator[World]:
    with psycopg.connect(postgres_cluster, autocommit=True) as db:
        db.execute("CREATE DATABASE authorisation")
    address = postgres_cluster.rpartition("/")[0] + "/authorisation"
    with store.open_pool(address, 4) as pool:
        desk = exchange.open_desk(pool, trial=True)
        posts = {name: _post(desk, village) for name, village in PLACES.items()}
        callers = _callers(desk)
        assert tuple(callers) == CALLERS
        with serving(make_app(desk, Settings(enrol_per_minute=100_000))) as url:
            yield World(url, desk, address, posts, callers)
    with psycopg.connect(postgres_cluster, autocommit=True) as db:
        db.execute("DROP DATABASE authorisation WITH (FORCE)")


# --- what is tried ---------------------------------------------------------------------------------------------------


def _written(caller: Caller, post: Post, *, area: str, device: str = "") -> bytes:
    save = op(scope=post.id, record=records.new_id())
    return seal(
        (save,), caller.key, device=device or caller.device, incarnation="i", sequence=1, previous="", area=area,
        app="1", schema=1, at_ms=1,
    )[1]  # fmt: skip


def _read_feed(_caller: Caller, post: Post, _own: str) -> dict[str, object]:
    return {"asks": (Ask(post.id, Cursor()),)}


def _read_by_id(_caller: Caller, post: Post, _own: str) -> dict[str, object]:
    return {"asks": (Ask(post.id, Cursor(), wanted=post.batches),)}


def _read_by_id_under_another_post(_caller: Caller, post: Post, own: str) -> dict[str, object]:
    return {"asks": (Ask(own, Cursor(), wanted=post.batches),)}


def _offer_ids(_caller: Caller, post: Post, _own: str) -> dict[str, object]:
    return {"asks": (Ask(post.id, Cursor(), unconfirmed=post.batches),)}


def _write(caller: Caller, post: Post, _own: str) -> dict[str, object]:
    return {"batches": (_written(caller, post, area=post.village),)}


def _write_as_if_it_lay_here(caller: Caller, post: Post, _own: str) -> dict[str, object]:
    return {"batches": (_written(caller, post, area=(*caller.areas, VILLAGE)[0].ljust(10, "1")),)}


def _write_in_the_name_of_its_writer(caller: Caller, post: Post, _own: str) -> dict[str, object]:
    return {"batches": (_written(caller, post, area=post.village, device=post.writer.device),)}


TRIES: tuple[Callable[[Caller, Post, str], dict[str, object]], ...] = (
    _read_feed, _read_by_id, _read_by_id_under_another_post, _offer_ids, _write, _write_as_if_it_lay_here,
    _write_in_the_name_of_its_writer,
)  # fmt: skip


def _message(caller: Caller, given: dict[str, object]) -> bytes:
    request = Request(caller.regency, caller.device, "i", secrets.token_hex(16), "1", (), ())
    return write_request(replace(request, **given), caller.key)  # type: ignore[arg-type]


def _send(world: World, body: bytes, kind: str = CONTENT_TYPE) -> requests.Response:
    return requests.post(f"{world.url}/v1/sync", data=body, headers={"Content-Type": kind}, timeout=20)


def _whole(world: World, _caller: Caller, body: bytes) -> tuple[int, bytes]:
    answer = _send(world, body)
    return answer.status_code, answer.content


def _in_blocks(world: World, caller: Caller, body: bytes, attempt: int = 1) -> tuple[int, bytes]:
    head = write_head(caller.regency, caller.device, body, attempt, caller.key)
    pieces = (bytes((n // BLOCK,)) + body[n : n + BLOCK] for n in range(0, len(body), BLOCK))
    said = speak(world.url, head + b"".join(pieces))
    return (said.status, said.content) if said.answer is None else (said.answer[0], said.answer[2])


def _by_a_guessed_code(world: World, caller: Caller, _body: bytes) -> tuple[int, bytes]:
    given = {
        "code": f"{caller.regency}-AAAA-BBBB-CCCC", "dev": caller.device, "name": "x", "app": "1",
        "key": caller.key.public_key().public_bytes_raw().hex(),
    }  # fmt: skip
    given["sig"] = caller.key.sign(exchange.ENROL + canonical_json(given)).hex()
    answer = requests.post(
        f"{world.url}/v1/enrol", json=given, headers={"Content-Type": "application/json"}, timeout=20
    )
    return answer.status_code, answer.content


Speak = Callable[[World, Caller, bytes], tuple[int, bytes]]


def _asked(path: str) -> Speak:
    def ask(world: World, caller: Caller, body: bytes) -> tuple[int, bytes]:
        answer = requests.get(world.url + path, data=body, headers={"Authorization": caller.device}, timeout=20)
        return answer.status_code, answer.content

    return ask


EXCHANGES: dict[str, Speak] = {"/v1/sync": _whole, "/v1/blocks": _in_blocks}
OTHERS: dict[str, tuple[int, Speak]] = {
    "/v1/enrol": (403, _by_a_guessed_code), "/v1/health": (200, _asked("/v1/health")),
    "/metrics": (200, _asked("/metrics")), "/keadaan": (200, _asked("/keadaan")),
}  # fmt: skip


def _everything_in(content: bytes) -> bytes:
    """An answer with whatever is compressed in it opened, at any depth."""
    found = [content]
    start = content.find(MAGIC)
    while start >= 0:
        opener = zstandard.ZstdDecompressor().decompressobj()
        found.append(_everything_in(opener.decompress(content[start:])))
        start = content.find(MAGIC, start + 1)
    return b"".join(found)


def _assert_nothing_of(posts: dict[str, Post], content: bytes) -> None:
    told = _everything_in(content)
    for name, post in posts.items():
        for mark in post.marks:
            assert mark not in told, f"{mark[:40]!r} of the post {name} was given out"


def _held(world: World, regency: str | None = None) -> dict[str, str]:
    """The rows of every table as a digest; of one regency only what is shown to anybody: no contacts, no quarantine."""
    some = ("area", "record", "batch")
    with world.desk.pool.connection() as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relispartition AND (%s OR relname = ANY(%s))",
            (regency is None, list(some)),
        )
        digests = []
        for (table,) in tables.fetchall():
            which = "" if regency is None else f"WHERE kab = '{regency}'" + " AND g IS NOT NULL" * (table == "batch")
            rows = "coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')"
            digests.append(f"SELECT '{table}', md5({rows}) FROM \"{table}\" t {which}")  # noqa: S608
        found = dict(connection.execute(" UNION ALL ".join(digests).encode()).fetchall())
    assert set(some) <= set(found)
    return found


# --- sync ------------------------------------------------------------------------------------------------------------


def test_the_marks_are_what_those_of_the_area_do_receive(world: World) -> None:
    """Otherwise not finding them elsewhere would prove nothing."""
    answer = _send(world, _message(world.callers["enrolled"], {}))
    told = _everything_in(answer.content)
    assert all(mark in told for mark in world.posts["own"].marks)


def test_every_route_of_the_app_has_a_row_in_this_matrix_and_in_the_description(desk: Desk) -> None:
    routes = {(route.path, *sorted(route.methods - {"HEAD"})) for route in make_app(desk, Settings()).routes}
    assert routes == {(path, *(name.upper() for name in each)) for path, each in description()["paths"].items()}
    assert {path for path, *_methods in routes} == EXCHANGES.keys() | OTHERS.keys()


@pytest.mark.parametrize("path", OTHERS)
def test_what_needs_no_enrolment_tells_and_changes_nothing_whoever_asks(world: World, path: str) -> None:
    status, speak_to = OTHERS[path]
    before = _held(world)
    for name, caller in world.callers.items():
        for post in world.posts.values():
            answer = speak_to(world, caller, _message(caller, _read_feed(caller, post, "")))
            assert (name, answer[0]) == (name, status)
            _assert_nothing_of(world.posts, answer[1])
    assert _held(world) == before


@pytest.mark.parametrize("path", EXCHANGES)
@pytest.mark.parametrize("tried", TRIES, ids=lambda tried: tried.__name__.strip("_"))
@pytest.mark.parametrize("name", CALLERS)
def test_nobody_gets_or_changes_anything_of_a_foreign_post(
    world: World, name: str, tried: Callable[..., dict[str, object]], path: str
) -> None:
    caller, exchanged = world.callers[name], EXCHANGES[path]
    foreign = world.foreign(caller)
    own = next((post.id for post in world.posts.values() if post.id not in {p.id for p in foreign.values()}), "x" * 32)
    assert len(foreign) >= 2
    for post in foreign.values():
        regency = post.village[:4]
        before, shown = _held(world), _held(world, regency)
        body = _message(caller, tried(caller, post, own))
        status, content = exchanged(world, caller, body)
        assert status == caller.status, content[:200]
        assert str(status) in description()["paths"][path]["post"]["responses"]
        _assert_nothing_of(foreign, content)
        assert _held(world, regency) == shown
        if status != 200:
            assert _held(world) == before
            assert ("order" in json.loads(content)) == (name == "lost")
            continue
        again = _held(world)
        status, repeated = exchanged(world, caller, body)
        assert (status, json.loads(repeated)["error"]) == (409, "replay")
        _assert_nothing_of(world.posts, repeated)
        assert _held(world) == again
        if path == "/v1/blocks":  # its answer was lost: the caller, and nobody else, hears the same
            assert _in_blocks(world, caller, body, attempt=2) == (200, content)


@pytest.mark.parametrize("name", [name for name in CALLERS if name.startswith("enrolled")])
def test_no_caller_learns_whether_a_foreign_batch_exists(world: World, name: str) -> None:
    """The server says of a foreign id under an own post what it says of an id nobody ever wrote."""
    caller = world.callers[name]
    own = next(post for post in world.posts.values() if post not in world.foreign(caller).values())
    invented = "ab" * 32
    for post in world.foreign(caller).values():
        asks = (Ask(own.id, Cursor(), unconfirmed=(post.batches[0], invented)),)
        told = _everything_in(_send(world, _message(caller, {"asks": asks})).content)
        assert told.count(invented.encode()) == told.count(post.batches[0].encode()) == 1


def test_what_a_foreign_laptop_wrote_waits_for_an_officer(world: World) -> None:
    caller, post = world.callers["enrolled for another village"], world.posts["own"]
    body = _message(caller, {"batches": (_written(caller, post, area=VILLAGE),)})
    told = _everything_in(_send(world, body).content)
    assert b'"state":"karantina"' in told
    assert b"di luar wilayah" in told


REFUSED_SYNC: dict[str, tuple[int, Callable[[World], requests.Response]]] = {
    "no message": (400, lambda w: _send(w, b"x")),
    "unknown": (401, lambda w: _send(w, _message(w.callers["unknown"], {}))),
    "revoked": (403, lambda w: _send(w, _message(w.callers["revoked"], {}))),
    "replayed": (409, lambda w: [_send(w, body) for body in [_message(w.callers["enrolled"], {})] * 2][1]),
    "too large": (413, lambda w: _send(w, b"x" * (MAX_BODY + 1))),
    "wrong type": (415, lambda w: _send(w, _message(w.callers["enrolled"], {}), "application/json")),
    "other version": (
        426, lambda w: _send(w, zstandard.compress(b"s" * 64 + b'\0\0\0\x14{"p":2,"sizes":[]}  '[:24])),
    ),
    "too often": (429, lambda w: _hurried(w)),
}  # fmt: skip


def _hurried(world: World) -> requests.Response:
    with serving(make_app(replace(world.desk, admit=lambda _device: 9), Settings())) as url:
        return _send(replace(world, url=url), _message(world.callers["enrolled"], {}))


def test_every_refusal_the_description_names_is_given_and_changes_nothing(world: World) -> None:
    for name, (status, tried) in REFUSED_SYNC.items():
        before = _held(world)
        answer = tried(world)
        assert (name, answer.status_code) == (name, status)
        assert set(answer.json()) == {"error", "message"}
        _assert_nothing_of(world.posts, answer.content)
        if name != "replayed":  # the first of the two was good
            assert _held(world) == before, name
    named = set(description()["paths"]["/v1/sync"]["post"]["responses"])
    assert named == {"200", "500", "503", *(str(status) for status, _tried in REFUSED_SYNC.values())}


# --- enrolment -------------------------------------------------------------------------------------------------------


def _enrol(world: World, ws: Workspace, code: str, kind: str = "application/json", **changes: str) -> requests.Response:
    body = json.dumps(json.loads(client.enrolment(ws.db, code, "laptop")) | changes)
    return requests.post(f"{world.url}/v1/enrol", data=body, headers={"Content-Type": kind}, timeout=20)


def _fresh(device: str = "") -> Workspace:
    return workspace.in_memory(post=None, practice=True, device=device or None)


def test_no_enrolment_but_by_a_good_code_and_it_names_no_foreign_post(world: World) -> None:
    code, spent, late = code_for(world.desk), code_for(world.desk), code_for(world.desk, hours=0)
    good = _fresh()
    enrolled, revoked = world.callers["enrolled"], world.callers["revoked"]
    assert _enrol(world, good, spent).status_code == 200
    refused: dict[str, tuple[int, Callable[[], requests.Response]]] = {
        "guessed code": (403, lambda: _enrol(world, _fresh(), "5203-AAAA-BBBB-CCCC")),
        "code of another regency": (403, lambda: _enrol(world, _fresh(), "5204" + code[4:])),
        "used code": (403, lambda: _enrol(world, _fresh(), spent)),
        "late code": (403, lambda: _enrol(world, _fresh(), late)),
        "taken id with another key": (409, lambda: _enrol(world, _fresh(enrolled.device), code)),
        "revoked id": (409, lambda: _enrol(world, _fresh(revoked.device), code)),
        "no proof of the key": (400, lambda: _enrol(world, _fresh(), code, name="lain")),
        "not what was agreed": (400, lambda: _enrol(world, _fresh(), code, more="x")),
        "wrong type": (415, lambda: _enrol(world, _fresh(), code, "text/plain")),
        "too large": (413, lambda: _enrol(world, _fresh(), code, name="x" * 5000)),
        "too often": (429, lambda: _hurried_enrol(world)),
    }
    for name, (status, tried) in refused.items():
        before = _held(world)
        answer = tried()
        assert (name, answer.status_code) == (name, status)
        _assert_nothing_of(world.posts, answer.content)
        assert _held(world) == before, name
    named = set(description()["paths"]["/v1/enrol"]["post"]["responses"])
    assert named == {"200", "500", "503", *(str(status) for status, _tried in refused.values())}
    for number, answer in enumerate([_enrol(world, good, code), _enrol(world, good, code)]):  # said again: the same
        assert answer.status_code == 200, number
        areas = answer.json()["areas"]
        assert world.posts["own"].id in {each["pos"] for each in areas}
        assert {each["village"] for each in areas} == {VILLAGE}
        _assert_nothing_of({name: post for name, post in world.posts.items() if name != "own"}, answer.content)


def _hurried_enrol(world: World) -> requests.Response:
    with serving(make_app(world.desk, Settings(enrol_per_minute=1))) as url:
        other = replace(world, url=url)
        return [_enrol(other, _fresh(), "5203-AAAA-BBBB-CCCC") for _try in range(2)][1]


@pytest.mark.parametrize("moved", ["enrolled anew", "by the administrator", "revoked"])
def test_a_laptop_moved_to_another_area_gets_nothing_more_of_the_old_one(world: World, moved: str) -> None:
    ws = laptop(world.desk)
    caller = Caller("5203", ws.device, client.key_of(ws.db), 200, ("5203022001",))
    asked = _message(caller, {"asks": (Ask(world.posts["own"].id, Cursor()),)})
    status, lost = _in_blocks(world, caller, asked)  # kept for it to hear again
    assert (status, world.posts["own"].marks[0] in _everything_in(lost)) == (200, True)
    if moved == "enrolled anew":
        enrol(world.desk, ws, caller.areas)
    else:
        with world.desk.pool.connection() as connection:
            if moved == "revoked":
                store.revoke(connection, "5203", ws.device, "pensiun")
            else:
                store.set_prefixes(connection, "5203", ws.device, caller.areas)
    refused = 403 if moved == "revoked" else 0
    status, content = _in_blocks(world, caller, asked, attempt=2)
    assert status == (refused or 409)
    _assert_nothing_of(world.foreign(caller), content)
    for exchanged in EXCHANGES.values():
        status, content = exchanged(world, caller, _message(caller, {"asks": (Ask(world.posts["own"].id, Cursor()),)}))
        assert status == (refused or 200)
        _assert_nothing_of(world.foreign(caller), content)


# --- the other ways in -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*EXCHANGES, *OTHERS, "/", "/v1", "/docs", "/v1/sync/x"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_what_is_described_answers_and_by_its_own_method(world: World, path: str, method: str) -> None:
    before = _held(world)
    answer = requests.request(method, world.url + path, data=b"{}", timeout=20)
    described = description()["paths"].get(path)
    if described is None:
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    elif method.lower() not in described:
        assert (answer.status_code, answer.json()["error"]) == (405, "wrong_method")
    else:
        assert str(answer.status_code) in described[method.lower()]["responses"]
        assert answer.status_code == (415 if method == "POST" else 200)
    _assert_nothing_of(world.posts, answer.content)
    assert _held(world) == before


def test_what_is_watched_names_no_place_laptop_or_person(world: World) -> None:
    for path in ("/metrics", "/keadaan", "/v1/health"):
        told = requests.get(world.url + path, timeout=20).content
        _assert_nothing_of(world.posts, told)
        for post in world.posts.values():
            assert post.id.encode() not in told
            assert post.village.encode() not in told


# --- on a stick ------------------------------------------------------------------------------------------------------


def _by_stick(world: World, *messages: bytes) -> tuple[int, tuple[bytes, ...]]:
    """What the administrator's import makes of a file: the status it would have had over the network, the returns."""
    try:
        done = carried.import_file(world.desk, seal_file(TO_SERVER, messages, world.desk.public_key))
    except Rejected as rejected:
        return rejected.status, ()
    return 200, done.returns


@pytest.mark.parametrize("name", CALLERS)
def test_a_stick_opens_no_way_that_the_network_does_not(world: World, name: str) -> None:
    caller = world.callers[name]
    foreign = world.foreign(caller)
    for post in foreign.values():
        for tried in TRIES:
            before, shown = _held(world), _held(world, post.village[:4])
            body = _message(caller, tried(caller, post, "x" * 32))
            status, returns = _by_stick(world, body)
            assert status == caller.status
            assert bool(returns) == (status == 200)
            for content in returns:
                parts = open_file(content, caller.key.private_bytes_raw(), [FROM_SERVER]).parts
                _assert_nothing_of(foreign, b"".join(map(_everything_in, parts)))
            assert _held(world, post.village[:4]) == shown
            if status != 200:
                assert _held(world) == before


def test_a_stick_read_again_by_a_finder_gives_him_nothing(world: World) -> None:
    """A file may be read any number of times; what goes back opens for the laptop that wrote it alone."""
    body = _message(world.callers["enrolled"], {})
    finder = world.callers["enrolled for another village"].key
    for _time in range(2):
        status, returns = _by_stick(world, body)
        assert status == 200
        for content in returns:
            _assert_nothing_of(world.posts, content)
            with pytest.raises(BadInput):
                open_file(content, finder.private_bytes_raw(), [FROM_SERVER])


def test_one_file_cannot_mix_what_two_laptops_say(world: World) -> None:
    mine = _message(world.callers["enrolled"], {})
    for other in ("enrolled for another village", "unknown", "revoked"):
        before = _held(world)
        caller = world.callers[other]
        foreign = _message(caller, _write(caller, world.posts["own"], ""))
        for messages in ((mine, foreign), (foreign, mine)):
            if caller.status == 200:
                with pytest.raises(BadInput, match="beberapa laptop"):
                    _by_stick(world, *messages)
            else:
                assert _by_stick(world, *messages) == (caller.status, ())
        assert _held(world) == before


def test_the_command_writes_no_return_for_who_is_refused(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, caller in world.callers.items():
        file = tmp_path / f"{CALLERS.index(name)}.posyandu"
        file.write_bytes(seal_file(TO_SERVER, [_message(caller, {})], world.desk.public_key))
        assert admin._import_file(world.desk, file, tmp_path) == (caller.status != 200)
        assert (tmp_path / f"{file.stem}-balasan.posyandu").exists() == (caller.status == 200)
        said = capsys.readouterr()
        _assert_nothing_of(world.posts, (said.out + said.err).encode())
