"""A server on paper: it believes every batch, numbers it, answers as docs/sync.md says. For tests of laptops alone."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.domain.change import Op
from posyandu.domain.forms import FORMS
from posyandu.services import workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, outbox, records
from posyandu.storage.outbox import Server
from posyandu.sync import client
from posyandu.sync.batch import decode, seal
from posyandu.sync.client import Taken
from posyandu.sync.message import Ask, Cursor, Entry, Reply, Slice, next_digest, read_request, write_reply

VILLAGE = "5203012001"


class Paper:
    """One feed for each post, as lists."""

    def __init__(self, name: bytes = b"s") -> None:
        self.key = Ed25519PrivateKey.from_private_bytes(name * 32)
        self.public = self.key.public_key().public_bytes_raw()
        self.feeds: dict[str, list[tuple[str, bytes, str]]] = {}
        self.keys: dict[str, str] = {"server": self.public.hex()}
        self.epoch = "e"

    def laptop(self, post: str | None = "melati", prefixes: tuple[str, ...] = ("520301",)) -> Workspace:
        """An enrolled laptop, with a post or empty."""
        ws = workspace.in_memory(post=post)
        outbox.enrolled(ws.db, self.as_known(prefixes))
        self.keys[ws.device] = client.key_of(ws.db).public_key().public_bytes_raw().hex()
        return ws

    def as_known(self, prefixes: tuple[str, ...] = ("520301",)) -> Server:
        """What a laptop keeps of this server."""
        return Server("https://kertas.id", "5203", prefixes, self.public, trial=False, at_ms=1)

    def take(self, packed: bytes) -> str:
        """Give a batch the next number of its feed, once."""
        batch = decode(packed)
        feed = self.feeds.setdefault(batch.header.scope, [])
        if batch.id not in [each for each, _packed, _device in feed]:
            feed.append((batch.id, packed, batch.header.device))
        return batch.id

    def say(self, op: Op) -> str:
        """A word of the server itself, in a batch under its own key."""
        number = len(self.feeds.get(op.scope, [])) + 1
        _id, packed = seal(
            [op], self.key, device="server", incarnation="i", sequence=number, previous="", area=VILLAGE, app="1.0",
            schema=1, at_ms=5,
        )  # fmt: skip
        return self.take(packed)

    def answer(self, body: bytes) -> bytes:
        """The reply to a request."""
        request, _signed = read_request(body)
        for packed in request.batches:
            self.take(packed)
        asked = {ask.scope for ask in request.asks}
        asks = [*request.asks, *(Ask(scope, Cursor()) for scope in sorted(self.feeds.keys() - asked))]
        slices = tuple(self.slice(request.device, ask) for ask in asks)
        return write_reply(Reply(self.epoch, request.nonce, 5, slices, (), keys=self.keys), self.key)

    def slice(self, device: str, ask: Ask) -> Slice:
        """What comes after a cursor; bytes only of what others wrote."""
        feed = self.feeds.get(ask.scope, [])
        held = {batch: packed for batch, packed, _device in feed}
        digest, entries = ask.cursor.digest, []
        for g, (batch, packed, writer) in enumerate(feed[ask.cursor.g :], ask.cursor.g + 1):
            digest = next_digest(digest, batch)
            entries.append(Entry(g, batch, None if writer == device else packed))
        return Slice(
            ask.scope, ask.cursor, Cursor(self.epoch, ask.cursor.g + len(entries), digest), tuple(entries),
            missing=tuple(batch for batch in ask.unconfirmed if batch not in held),
            given={batch: held[batch] for batch in ask.wanted if batch in held},
        )  # fmt: skip

    def talk(self, ws: Workspace) -> Taken:
        """One exchange of a laptop with this server."""
        client.seal_all(ws.db, 1)
        return client.take_reply(ws.db, self.as_known(), self.answer(client.make_request(ws.db, self.as_known())[0]))


def weigh(ws: Workspace, record: str, grams: int, post: str = "melati") -> None:
    """Save a weight."""
    form = FORMS["under_five_visit"]
    records.save(ws.db, form, record, {"weight_g": grams}, scope=post, author=ws.author, now=ws.now())


def weights(ws: Workspace) -> dict[str, object]:
    """Every weight in a book that stands, and that its rows are what its saves say."""
    assert journal.rows_equal_replay(ws.db)
    return {row.id: row.answers["weight_g"] for row in records.load_many(ws.db, FORMS["under_five_visit"])}
