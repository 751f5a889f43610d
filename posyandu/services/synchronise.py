"""Send to the server and receive from it, and say in plain words where every save is: here, sent, confirmed.

Nothing here waits for a network to come back: a run ends with a sentence, and may be started again at any time.
"""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from posyandu import PROTOCOL, __version__
from posyandu.domain.erasing import LATE
from posyandu.domain.errors import Offline, Refused, ServerTrouble, UpdateNeeded
from posyandu.services import accounts, conflicts, erasure, posts
from posyandu.services.workspace import Workspace
from posyandu.storage import erased, journal, outbox, settings
from posyandu.storage.database import UPGRADED, transaction
from posyandu.storage.files import write_whole
from posyandu.storage.outbox import Round
from posyandu.storage.records import moment
from posyandu.sync import client, transport
from posyandu.sync.batch import SEAL_BYTES
from posyandu.sync.blocks import Upload
from posyandu.sync.message import MAX_BODY
from posyandu.sync.transport import (
    Busy,
    CertificateDays,
    Http,
    LinkBroke,
    LinkSilent,
    NoBlocks,
    Replayed,
    Revoked,
    Send,
    TooLarge,
)
from posyandu.text import _, count

LEAST_AT_ONCE = 4096
"""A link that breaks is asked for a quarter each time, but never for less than this; one batch goes whole."""

GOOD_TRIPS = 3
"""So many exchanges in a row must succeed before a link that broke is trusted with twice as much."""

MOST_BREAKS = 8
"""A link that is made and breaks again and again is tried so often in a row; one that is not even made, at once given
up.
"""

MOST_SILENT = 2
"""One on which nothing is heard costs a minute and a half each time, and is tried so often."""

MOST_TRIPS = 2000
"""A run never goes on for ever, whatever a server says."""
MOST_IDLE = 6
COMPARED = 300
"""So many records are compared with their saves in each run, the rest in the next ones: some hundredths of a second."""
COMPARED_TO = "rows_compared_to"
CLOCK_MAY_DIFFER = timedelta(hours=24)
_ROOT_FILE = "server-root.pem"


@dataclass(frozen=True)
class SyncStatus:
    """Where the saves of this laptop are, counted in saves.

    `state`: "not_enrolled", "help" (a person must act), "offline" (the last try found no server), "waiting" (something
    is not confirmed yet) or "confirmed". `problems` are sentences; `versions` says which the two sides have.
    """

    here: int
    sent: int
    confirmed: int
    waiting: int
    last_at: datetime | None
    state: str
    sentence: str
    problems: tuple[str, ...]
    server: str
    conflicts: int
    versions: str


@dataclass(frozen=True)
class SyncOutcome:
    """What one run did, in saves, and how it ended: the states of SyncStatus and the sentence to show.

    "locked": the server had this lost laptop close its book; whoever shows it goes to the lock. `again_in`: the busy
    server asks to be left alone for so many seconds. `note`: what of the sentence a person has to see to. `mended`:
    rows of this book that were not what their saves say, and are now.
    """

    sent: int
    received: int
    confirmed: int
    refused: int
    conflicts: int
    state: str
    sentence: str
    again_in: int = 0
    note: str = ""
    mended: int = 0


@dataclass(frozen=True)
class Route:
    """How this laptop gets to its server: the proxy of its network (`place` as 10.1.1.1:8080, name and password where
    it asks for them) and the file with the server's own certificate authority.
    """

    place: str = ""
    name: str = ""
    password: str = ""
    root: Path | None = None

    @property
    def proxy(self) -> str:
        """The proxy as a connection takes it. Raises BadInput."""
        return transport.proxy_address(self.place, self.name, self.password)


Progress = Callable[[int, int], None]
"""Called after each round trip with how many own saves are confirmed, and how many there are."""


def status(ws: Workspace) -> SyncStatus:
    """Where everything is now; reads the book only."""
    counts = outbox.counts(ws.db, ws.device)
    server = outbox.server(ws.db)
    last = outbox.rounds(ws.db, 1)
    good = settings.get(ws.db, "synced_at")
    waiting = counts.here - counts.confirmed
    problems = _problems(ws)
    if server is None:
        state, sentence = "not_enrolled", _("Belum terhubung ke server. Semua data tersimpan di laptop ini.")
    elif problems or (last and last[0].outcome == "help"):
        state, sentence = "help", problems[0] if problems else last[0].sentence
    elif waiting == 0:
        state, sentence = "confirmed", _("Semua data sudah aman di server.")
    elif last and last[0].outcome == "offline":
        state, sentence = "offline", last[0].sentence
    else:
        state = "waiting"
        sentence = _("{n} simpanan belum dipastikan sampai di server.").format(n=count(waiting))
    return SyncStatus(
        here=counts.here,
        sent=counts.sent,
        confirmed=counts.confirmed,
        waiting=waiting,
        last_at=datetime.fromisoformat(good) if good else None,
        state=state,
        sentence=sentence,
        problems=problems,
        server=server.url if server else "",
        conflicts=conflicts.number(ws),
        versions=_versions(ws),
    )


def _versions(ws: Workspace) -> str:
    theirs = settings.get(ws.db, outbox.SERVER_VERSION)
    if theirs is None:
        text = _("Laptop ini Posyandu {mine}, protokol {protocol}.")
    elif theirs:
        text = _("Laptop ini Posyandu {mine}, server {theirs}, protokol {protocol}.")
    else:
        text = _("Laptop ini Posyandu {mine}, server lebih lama dari 0.2.0, protokol {protocol}.")
    return text.format(mine=__version__, theirs=theirs, protocol=PROTOCOL)


def is_enrolled(ws: Workspace) -> bool:
    """Whether this laptop has a server; without counting anything."""
    return outbox.server(ws.db) is not None


def history(ws: Workspace) -> list[Round]:
    """The last runs, newest first; `at_ms` of each is the moment it began."""
    return outbox.rounds(ws.db)


def began_at(done: Round) -> datetime:
    """When a run began, in this laptop's time zone."""
    return moment(done.at_ms)


def route(ws: Workspace) -> Route:
    """How this laptop gets to its server now."""
    root = str(settings.get(ws.db, "sync_root", ""))
    return Route(*transport.proxy_parts(str(settings.get(ws.db, "sync_proxy", ""))), Path(root) if root else None)


def enrol(
    ws: Workspace, url: str, code: str, *, name: str = "", root: Path | None = None, by: Route | None = None,
    connected: Http | None = None,
) -> SyncStatus:  # fmt: skip
    """Enrol this laptop with the server at `url` by the code its administrator issued.

    Of two copies of one book that both wrote, the one that enrols anew becomes a laptop of its own.
    A practice book takes only a trial server and a real book never one. `root` is the server's own certificate
    authority (PEM), where it has one; it is copied beside the book. `by`: through a proxy, or to such a server.

    Raises BadInput, Offline, ServerTrouble, Refused.
    """
    by = by or Route(root=root)
    http = connected or _by(by, _full(url), _badge(ws))
    try:
        health = _decoded(http.get("/v1/health"))
        if health.get("server") != "posyandu":
            raise ServerTrouble(_("Di alamat itu tidak ada server Posyandu. Periksa alamatnya."))
        client.refuse_mixing(bool(health.get("trial")), ws.practice)
        to_be = client.self_to_be(ws.db) if _is_a_known_copy(ws, http.url) else None
        answer = _decoded(http.send("/v1/enrol", client.enrolment(ws.db, code, name, to_be), "application/json"))
    finally:
        http.close()
    server = client.read_enrolment(answer, http.url, _ms(ws.now()))
    client.refuse_mixing(server.trial, ws.practice)
    if to_be is not None:
        client.become_another(ws.db, to_be)
    _keep_route(ws, by)
    outbox.enrolled(ws.db, server)
    client.heed_again(ws.db)
    return status(ws)


def _is_a_known_copy(ws: Workspace, url: str) -> bool:
    """Whether a copy of this book writes too, and the same server holds all that is here: then a code makes of this one
    a laptop of its own. A server that lost its laptops needs the one it knew.
    """
    server = outbox.server(ws.db)
    if server is None or server.url != url or not settings.get(ws.db, outbox.COPIED):
        return False
    return run(ws).state == "confirmed"


def server_moved(ws: Workspace, url: str, by: Route | None = None) -> None:
    """The same server is at another address now, or got to `by` another route; its answers still have to be signed with
    the key pinned before.

    Raises BadInput for an address that is none.
    """
    if outbox.server(ws.db) is None:
        return
    address = transport.checked_url(_full(url))
    if by is not None:
        _by(by, address).close()
        _keep_route(ws, by)
    outbox.moved(ws.db, address)


def _by(route: Route, url: str, badge: str = "") -> Http:
    """A connection by this route, not opened yet. Raises BadInput for an address or a certificate that is none."""
    if route.root is not None:
        transport.checked_root(route.root)
    return transport.connect(url, root=route.root, proxy=route.proxy, badge=badge)


def _badge(ws: Workspace) -> str:
    """What the server gave this laptop to show, "" before it has."""
    return str(settings.get(ws.db, "sync_badge", ""))


def _keep_route(ws: Workspace, route: Route) -> None:
    root = route.root
    if root is not None and ws.folder is not None and root != ws.folder / _ROOT_FILE:
        write_whole(ws.folder / _ROOT_FILE, root.read_bytes())
        root = ws.folder / _ROOT_FILE
    with transaction(ws.db):
        settings.put(ws.db, "sync_proxy", route.proxy)
        settings.put(ws.db, "sync_root", str(root) if root else "")


def _full(url: str) -> str:
    """The address as meant where it was copied from a letter without its https://."""
    return url if "://" in url else f"https://{url.strip()}"


def run(
    ws: Workspace,
    progress: Progress | None = None,
    *,
    send: Send | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> SyncOutcome:
    """Send and receive until both sides have everything, or the link breaks; never raises for a network or server.

    May be broken off and repeated at any moment. Meant for a worker thread with its own `ws.sibling()`.
    """
    began = ws.now()
    clock = time.monotonic()
    server = outbox.server(ws.db)
    if server is None:
        return _outcome(ws, client.Taken(), 0, "not_enrolled", _("Belum terhubung ke server. Minta kode pendaftaran."))
    total, sent = client.Taken(), 0
    link = _Link(ws, server.url, send)
    try:
        client.refuse_mixing(server.trial, ws.practice)
        if settings.get(ws.db, UPGRADED):
            client.heed_again(ws.db)
            settings.put(ws.db, UPGRADED, False)
        for taken, saves in _all_trips(ws, server, link, pause):
            sent += saves
            total = replace(
                taken, received=total.received + taken.received, confirmed=total.confirmed + taken.confirmed
            )
            if progress is not None:
                counts = outbox.counts(ws.db, ws.device)
                progress(counts.confirmed, counts.here)
        settings.put(ws.db, "synced_at", ws.now().isoformat())
        outcome = _outcome(ws, total, sent, "", "")
        clock_note = _note_clock(ws, total.at_ms)
        outcome = replace(outcome, sentence=f"{outcome.sentence} {clock_note}".strip(), note=clock_note)
    except (Busy, Replayed, Offline) as error:
        outcome = _outcome(ws, total, sent, "offline", str(error))
        outcome = replace(outcome, again_in=error.seconds if isinstance(error, Busy) else 0)
    except Revoked as error:
        closed = client.is_ordered_to_close(ws.db, server, error.order) and accounts.close_to_pins(ws)
        sentence = _("Buku ini dikunci atas perintah server. Hubungi petugas puskesmas.") if closed else str(error)
        outcome = _outcome(ws, total, sent, "locked" if closed else "help", sentence)
    except (Refused, UpdateNeeded, CertificateDays) as error:
        outcome = _outcome(ws, total, sent, "help", str(error))
    except ServerTrouble as error:
        outcome = _outcome(ws, total, sent, "offline", str(error))
    finally:
        link.close()
    erased.scrub(ws.db)
    outcome = _compared(ws, outcome)
    took = round((time.monotonic() - clock) * 1000)
    outbox.keep_round(
        ws.db,
        Round(_ms(began), took, outcome.sent, outcome.received, outcome.confirmed, outcome.state, outcome.sentence),
    )
    return outcome


def seconds_until_next_try(failures: int, dice: Callable[[], float] = random.random) -> float:
    """How long to wait after so many failed runs in a row: half a minute doubling to half an hour, spread by chance
    so that laptops do not all return at once.
    """
    return float(min(30 * 2 ** min(failures, 10), 1800)) * (0.5 + dice())


class _Link:
    """The connection of one run, made when first needed; `given` stands in for it where there is no network."""

    def __init__(self, ws: Workspace, url: str, given: Send | None) -> None:
        self._ws = ws
        self._url = url
        self._given = given
        self._http: Http | None = None
        self._clock_is_dead = ws.clock_quality() == 0
        self.takes_blocks = given is None

    def send(self, path: str, body: bytes, content_type: str) -> bytes:
        """Send one request."""
        if self._given is not None:
            return self._given(path, body, content_type)
        return self._connection().send(path, body, content_type)

    def send_in_blocks(self, upload: Upload) -> bytes:
        """Send one request so that what arrives counts."""
        return self._connection().send_in_blocks(upload)

    def _connection(self) -> Http:
        if self._http is None:
            root = str(settings.get(self._ws.db, "sync_root", ""))
            proxy = str(settings.get(self._ws.db, "sync_proxy", ""))
            self._http = transport.connect(
                self._url, root=Path(root) if root else None, proxy=proxy, clock_is_dead=self._clock_is_dead,
                badge=_badge(self._ws),
            )  # fmt: skip
        return self._http

    def doubt_the_clock(self) -> bool:
        """Go on without believing this laptop's clock; False when that was already so."""
        if self._clock_is_dead:
            return False
        self.close()
        self._clock_is_dead = True
        return True

    def compare_days(self, server_ms: int) -> None:
        """With a dead clock, judge the certificate by the time the server signed. Raises CertificateDays."""
        days = self._http.certificate_days if self._http is not None else None
        if days is not None and not days[0] <= datetime.fromtimestamp(server_ms / 1000, UTC) <= days[1]:
            raise CertificateDays(_("Sertifikat server sudah tidak berlaku. Hubungi petugas."))

    def close(self) -> None:
        """Let go of the connection."""
        if self._http is not None:
            self._http.close()
        self._http = None


def _compared(ws: Workspace, outcome: SyncOutcome) -> SyncOutcome:
    """The outcome, after the next records of this book were compared with their saves; of rows made anew it tells."""
    before = settings.get(ws.db, COMPARED_TO, "")
    place, mended = journal.mend_some(ws.db, before, COMPARED)
    if place != before:
        settings.put(ws.db, COMPARED_TO, place)
    if not mended:
        return outcome
    told = _("{n} catatan di layar tidak sama dengan yang disimpan, dan sudah dibetulkan. Periksa lagi laporannya.")
    told = told.format(n=count(mended))
    note = f"{outcome.note} {told}".strip()
    return replace(outcome, sentence=f"{outcome.sentence} {told}", note=note, mended=mended)


def _all_trips(
    ws: Workspace, server: outbox.Server, link: _Link, pause: Callable[[float], None]
) -> Iterator[tuple[client.Taken, int]]:
    """The trips of one run; a laptop that hears of its posts for the first time takes back one it typed too."""
    client.seal_all(ws.db, _ms(ws.now()), _seal_bytes(ws))
    yield from _trips(ws, server, link, pause)
    if settings.get(ws.db, "synced_at") is None and posts.keep_those_that_came(ws):
        client.seal_all(ws.db, _ms(ws.now()), _seal_bytes(ws))
        yield from _trips(ws, server, link, pause)


def _trips(
    ws: Workspace, server: outbox.Server, link: _Link, pause: Callable[[float], None]
) -> Iterator[tuple[client.Taken, int]]:
    """Round trips until nothing is left to say. Once under way, a failed one is tried twice more; one that broke off,
    as links do that live a few seconds, MOST_BREAKS times.

    Over a link that has broken, requests go in blocks, and one that broke when some of them had arrived goes on at
    once. Where none ever arrive, small whole requests are tried: a proxy may be in the way.
    """
    under_way, broken, silent, good, idle = False, 0, 0, 0, 0
    most = _most(ws)
    upload: Upload | None = None
    for _trip in range(MOST_TRIPS):
        arrived = 0 if upload is None else upload.most
        try:
            if upload is None and (most == MAX_BODY or not link.takes_blocks):
                taken, saves = client.exchange(ws.db, server, link.send, most)
            else:
                if upload is None:
                    upload, saves = client.make_upload(ws.db, server, most)
                answer = link.send_in_blocks(upload)
                client.end_upload(ws.db)
                upload = None
                _note(ws, "sync_blocks", True)
                taken = client.take_reply(ws.db, server, answer)
        except CertificateDays:
            if not link.doubt_the_clock():
                raise
            continue
        except NoBlocks:
            link.takes_blocks, upload = False, None
            _note(ws, "sync_blocks", False)
            continue
        except (Offline, Replayed) as error:
            went_on = upload is not None and upload.most > arrived
            if upload is not None and isinstance(error, Replayed):
                went_on = upload.is_asking or upload.most > 0  # it was whole before, and the answer was lost
                client.end_upload(ws.db)
                upload = None
            if went_on:
                broken = silent = 0
                continue
            most = _keep_most(ws, max(most // 4, LEAST_AT_ONCE))
            broken += 1
            silent += isinstance(error, LinkSilent)
            good = 0
            if silent > MOST_SILENT or broken > (
                MOST_BREAKS if isinstance(error, LinkBroke) else 2 if under_way else 0
            ):
                raise
            if broken == MOST_BREAKS - 2 and upload is not None and not upload.most:
                link.takes_blocks, upload = False, None  # a proxy may be in the way that takes only whole requests
            pause(0.5 * random.random() if upload else 0.5 + random.random() * min(broken, 3))
            continue
        except (Refused, ServerTrouble, UpdateNeeded) as error:
            if isinstance(error, TooLarge) and most > LEAST_AT_ONCE:  # of a proxy: our server takes what is sent
                most = _keep_most(ws, max(most // 4, LEAST_AT_ONCE))
                continue
            if not isinstance(error, Busy):
                client.end_upload(ws.db)
            raise
        link.compare_days(taken.at_ms)
        under_way, broken, silent, good = True, 0, 0, good + 1
        if good % GOOD_TRIPS == 0:
            most = _keep_most(ws, min(most * 2, MAX_BODY))
        yield taken, saves
        if client.is_done(ws.db, taken):
            return
        idle = 0 if taken.moved or taken.received else idle + 1
        if idle >= MOST_IDLE:  # the server speaks of more and gives nothing: the next run asks again
            return


def _most(ws: Workspace) -> int:
    """How much the link was found to carry at once."""
    return int(str(settings.get(ws.db, "sync_most", MAX_BODY)))


def _keep_most(ws: Workspace, most: int) -> int:
    """How much to send at once from now on, in this run and the next."""
    _note(ws, "sync_most", most)
    return most


def _note(ws: Workspace, name: str, value: int) -> None:
    """Remember what was found out about the link, when it is new."""
    if value != settings.get(ws.db, name):
        settings.put(ws.db, name, value)


def _seal_bytes(ws: Workspace) -> int:
    """How large batches may be: small ones where a broken link begins a request anew."""
    return SEAL_BYTES if settings.get(ws.db, "sync_blocks") else _most(ws)


def _outcome(ws: Workspace, total: client.Taken, sent: int, state: str, sentence: str) -> SyncOutcome:
    problems = _problems(ws)
    counts = outbox.counts(ws.db, ws.device)
    if not state:
        waiting = counts.here - counts.confirmed
        state = "help" if problems else "waiting" if waiting else "confirmed"
        sentence = problems[0] if problems else _done_sentence(sent, total.received, waiting)
    refused = sum(problem.saves for problem in outbox.problems(ws.db))
    return SyncOutcome(sent, total.received, total.confirmed, refused, conflicts.number(ws), state, sentence)


def _done_sentence(sent: int, received: int, waiting: int) -> str:
    if waiting:
        return _("Sebagian sudah terkirim. {n} simpanan belum dipastikan sampai; coba kirim lagi.").format(
            n=count(waiting)
        )
    if sent and received:
        return _("{sent} simpanan terkirim, {received} diterima. Semua sudah aman di server.").format(
            sent=count(sent), received=count(received)
        )
    if sent:
        return _("{sent} simpanan terkirim. Semua sudah aman di server.").format(sent=count(sent))
    if received:
        return _("{received} simpanan baru diterima dari laptop lain.").format(received=count(received))
    return _("Tidak ada yang baru. Semua data sudah aman di server.")


def _problems(ws: Workspace) -> tuple[str, ...]:
    """What a person must look at, in sentences."""
    found = []
    for problem in outbox.problems(ws.db):
        unread = [note for note in problem.notes.values() if not note.endswith(LATE)]
        if problem.notes and not unread:
            continue  # about somebody erased: told below, until somebody decides
        if problem.verdict == "sebagian":
            bad = sum(note.startswith("karantina") for note in unread)
            found.append(
                _("{n} simpanan ditahan server karena isinya tidak terbaca. Hubungi petugas.").format(n=count(bad))
            )
        elif problem.verdict == "karantina":
            found.append(
                _("{n} simpanan ditahan server: {reason}. Hubungi petugas.").format(
                    n=count(problem.saves), reason=problem.reason or _("isinya tidak terbaca")
                )
            )
        else:
            found.append(
                _("{n} simpanan tidak diterima server: {reason}").format(n=count(problem.saves), reason=problem.reason)
            )
    late = len(erased.held(ws.db))
    if late:
        found.append(
            _(
                "{n} catatan baru tentang orang yang datanya sudah dihapus ditahan. Petugas memutuskan di Pengaturan: "
                "hapus juga, atau daftarkan lagi orangnya."
            ).format(n=count(late))
        )
    found += erasure.waiting(ws)
    unplaced = outbox.unplaced(ws.db)
    if unplaced:
        found.append(
            _("{n} simpanan menunggu: pilih dulu desa atau kelurahan posyandunya di Pengaturan.").format(
                n=count(unplaced)
            )
        )
    return tuple(dict.fromkeys(found))


def _note_clock(ws: Workspace, server_ms: int) -> str:
    """Remember that the clock agrees with the server's signed time, or give the sentence that asks to set it."""
    if not server_ms or ws.practice:
        return ""
    apart = abs(ws.now() - datetime.fromtimestamp(server_ms / 1000, UTC))
    if apart <= CLOCK_MAY_DIFFER:
        settings.put(ws.db, "clock_checked_at", ws.now().isoformat())
        return ""
    return _("Tanggal laptop berbeda {n} hari dari server. Betulkan tanggal laptop.").format(n=max(apart.days, 1))


def _decoded(body: bytes) -> dict[str, object]:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict):
        raise ServerTrouble(_("Di alamat itu tidak ada server Posyandu. Periksa alamatnya."))
    return answer


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
