"""A laptop's side of seeds: ask for one, take one in, and make one for another laptop. See `sync/seed.py`."""

from collections.abc import Iterable, Iterator

from posyandu.domain.errors import BadInput, ServerTrouble
from posyandu.storage import outbox, settings
from posyandu.storage.database import Database
from posyandu.storage.outbox import Server
from posyandu.sync import client
from posyandu.sync.message import Cursor, Entry, Reply, Slice, next_digest, write_reply
from posyandu.sync.seed import Seed, Wish, read_seed, write_seed
from posyandu.text import _

PAGE_BYTES = 400 * 1024
PAGE_ENTRIES = 200
LOOSE_ENTRIES = 20


def ask(db: Database, code: str, name: str) -> bytes:
    """The request for a seed; what came back is believed by the code, which is kept until then."""
    settings.put(db, "seed_code", code)
    return client.enrolment(db, code, name)


def open_seed(db: Database, file: bytes) -> tuple[Seed, tuple[bytes, ...]]:
    """A seed that answers the last request of this laptop. Raises BadInput."""
    code = settings.get(db, "seed_code")
    if code is None:
        raise BadInput(_("Laptop ini belum meminta. Buat dulu berkas permintaan."))
    return read_seed(file, outbox.identity(db, b"").secret, str(code))


def take_seed(db: Database, seed: Seed, replies: Iterable[bytes], at_ms: int) -> Iterator[int]:
    """Take a seed in, reply by reply, each in one transaction; how many saves were new, after each.

    Broken off, it may be read again. Raises ServerTrouble when a reply in it is not signed as the seed says.
    """
    signer = Server(seed.url, "", (), seed.key, seed.practice, at_ms)
    if seed.answer is not None:
        server = client.read_enrolment(seed.answer, seed.url, at_ms)
        if server.key != seed.key:
            raise ServerTrouble(_("Jawaban server tidak lengkap. Coba daftar lagi."))
        outbox.enrolled(db, server)
    for body in replies:
        yield client.take_reply(db, signer, body).received


def make_seed(db: Database, wish: Wish, *, practice: bool, at_ms: int) -> bytes:
    """All that this laptop holds of its posts, for another one that asks without a network.

    Its feeds go with their numbers and digests as far as this laptop has followed them, so that the other's next sync
    goes on there; what no server has seen yet goes along unnumbered.
    """
    key = client.key_of(db)
    mine = key.public_key().public_bytes_raw()
    keys = {device: public.hex() for device, public in outbox.peers(db).items()} | {client.device(db): mine.hex()}
    pages = (
        write_reply(Reply(part.end.epoch, "", at_ms, (part,), (), keys=keys), key)
        for place in outbox.places(db)
        for part in _slices(db, place)
    )
    return write_seed(Seed(at_ms, mine, practice), list(pages), wish)


def _slices(db: Database, place: outbox.Place) -> Iterator[Slice]:
    start, scope = Cursor(), place.scope
    while start.g < place.g:
        entries: list[Entry] = []
        digest, room = start.digest, PAGE_BYTES
        for g, batch, packed in outbox.numbered(db, scope, start.g, PAGE_ENTRIES):
            room -= len(packed or b"")
            if g != start.g + len(entries) + 1 or (entries and room < 0) or packed is None:
                break
            digest = next_digest(digest, batch)
            entries.append(Entry(g, batch, packed))
        if not entries:
            break
        end = Cursor(place.epoch, entries[-1].g, digest)
        yield Slice(scope, start, end, tuple(entries), more=True)
        start = end
    loose = outbox.unnumbered(db, scope)
    for first in range(0, len(loose), LOOSE_ENTRIES):
        yield Slice(scope, start, start, given=dict(loose[first : first + LOOSE_ENTRIES]))
