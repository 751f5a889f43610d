"""The protocol of docs/sync.md without disks, wires and processes, to run through tens of thousands of histories.

Real are the rules: which values stand (`change.standing`), what a laptop does with a slice of a feed
(`message.course`), which cursors a server knows (`message.is_place`), the chained digest. In memory are the books:
dictionaries that are copied where a disk is. What is checked is reckoned a second time, slowly and by other means.
Every rule can be switched off (`MUTANTS`), to see that its absence is noticed.
"""

import hashlib
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from posyandu.domain.change import WITHDRAWN, Op, Standing, Wire, standing
from posyandu.sync.message import (
    APPLIED,
    START_DIGEST,
    Ask,
    Course,
    Cursor,
    Entry,
    Reply,
    Slice,
    Verdict,
    course,
    is_place,
    next_digest,
)

MUTANTS = {
    "R1": "entries of a slice that does not follow are dropped",
    "R2": "the cursor moves wherever a slice begins",
    "chain": "the digests of a slice are not followed",
    "R3": "a receipt confirms",
    "R4": "a reset begins the feed again and confirms nothing anew",
    "R4 own": "after a reset only own batches are offered again",
    "R5": "the bytes of confirmed batches are thrown away",
    "R6": "a reply is taken in piece by piece",
    "offers": "what was sent once is not offered again",
    "sequence": "the server knows a batch by device, incarnation and sequence",
    "reset": "the server takes any cursor for its own",
    "digest": "the server looks at the number of a cursor only",
    "least device": "a save in batches of two devices counts for the one met first",
    "last write": "the wall clock decides what stands",
    "withdrawal": "a withdrawal wins over edits it had not seen",
}

SCOPES = ("pos-1", "pos-2")
FIELDS = ("weight_g", "length_mm", "muac_mm")
STEPS = (
    *("save",) * 8, *("same",) * 2, "withdraw", *("sync",) * 9, *("late",) * 2, *("kill",) * 2, "stick", "import",
    "return", "letter", *("rare",) * 3,
)  # fmt: skip
PAGE = 3
"""Entries a reply carries: so few that a receipt often comes long before its batch is seen in the feed."""
MOST_LAPTOPS = 6


class Bundle(NamedTuple):
    """A batch: who sealed it under which number, and the saves in it."""

    id: str
    scope: str
    device: str
    incarnation: str
    sequence: int
    ops: tuple[Op, ...]


class Held(NamedTuple):
    """A batch as a laptop holds it; without bundle its bytes are still to be asked for."""

    scope: str
    bundle: Bundle | None
    own: bool
    sent: bool
    g: int | None


class Known(NamedTuple):
    """A save as a laptop holds it."""

    op: Op
    device: str
    sealed: bool


class Request(NamedTuple):
    """What a laptop sends."""

    device: str
    incarnation: str
    asks: tuple[Ask, ...]
    bundles: tuple[Bundle, ...]


@dataclass
class Book:
    """All that is on a laptop's disk."""

    device: str
    incarnation: str
    sequence: int = 0
    ops: dict[str, Known] = field(default_factory=dict)
    batches: dict[str, Held] = field(default_factory=dict)
    cursors: dict[str, Cursor] = field(default_factory=dict)

    def copy(self) -> "Book":
        """The same on another disk."""
        return replace(self, ops=dict(self.ops), batches=dict(self.batches), cursors=dict(self.cursors))

    def of(self, record: str) -> list[tuple[Op, str]]:
        """The saves of a record with their devices, as they were met."""
        return [(each.op, each.device) for each in self.ops.values() if each.op.record == record]


@dataclass
class Laptop:
    """A book in use, its backup, and what is still on its way to it."""

    book: Book
    backup: Book | None = None
    late: list[Reply] = field(default_factory=list)


@dataclass
class Log:
    """All that is on the server's disk: by posyandu the feed with its digests; every batch; who used which number."""

    epoch: str
    feeds: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    bundles: dict[str, Bundle] = field(default_factory=dict)

    def copy(self) -> "Log":
        """The same on another disk."""
        return Log(self.epoch, {scope: list(feed) for scope, feed in self.feeds.items()}, dict(self.bundles))


class Faulty(AssertionError):
    """Something was lost, differs, or was silently overwritten."""


class World:
    """Laptops of one village and a server, driven by one seeded chance, with some rules switched off."""

    def __init__(self, seed: int, without: Iterable[str] = ()) -> None:
        self.chance = random.Random(seed)
        self.off = frozenset(without)
        self.log = Log("epoch-0")
        self.snapshot: Log | None = None
        self.laptops = [Laptop(Book(f"device-{number}", self._mark())) for number in range(3)]
        self.must: set[str] = set()
        self.gone: set[str] = set()
        self.bundles: dict[str, Bundle] = {}
        self.sticks: list[list[Request]] = []
        self.returns: list[tuple[str, list[Reply]]] = []
        self.happened: dict[str, int] = {}
        self.rounds = 0

    # --- what happens ------------------------------------------------------------------------------------------------

    def run(self, steps: int) -> None:
        """A history: so many things happen, then everybody talks undisturbed, then it is looked what is left."""
        for _ in range(steps):
            getattr(self, f"_step_{self.chance.choice(STEPS)}")(self.chance.choice(self.laptops))
        self.heal()
        self.check()

    def _note(self, what: str) -> None:
        self.happened[what] = self.happened.get(what, 0) + 1

    def _step_save(self, laptop: Laptop) -> None:
        """A new visit, or some fields of one that is there."""
        known = sorted({(each.op.record, each.op.scope) for each in laptop.book.ops.values()})
        if known and self.chance.random() < 0.75:
            self._save(laptop.book, *self.chance.choice(known), self._answers())
        else:
            self._save(laptop.book, self._mark(), self.chance.choice(SCOPES), self._answers())

    def _step_same(self, laptop: Laptop) -> None:
        """The same page of the register typed on two laptops: they meet in one record."""
        self._save(laptop.book, f"child-{self.chance.randrange(4)}", SCOPES[0], self._answers())

    def _step_withdraw(self, laptop: Laptop) -> None:
        known = sorted({(each.op.record, each.op.scope) for each in laptop.book.ops.values()})
        if known:
            self._save(laptop.book, *self.chance.choice(known), {WITHDRAWN: True})

    def _step_sync(self, laptop: Laptop) -> None:
        """One exchange over a bad link; replies are lost, repeated, torn, or come later and out of order."""
        request = self._request(laptop.book)
        if self._happens(0.12, "requests lost"):
            return
        reply = self._answer(request)
        if self._happens(0.12, "requests repeated"):
            self._answer(request)
        if self._happens(0.15, "replies lost"):
            return
        if self._happens(0.25, "replies late"):
            laptop.late.append(reply)
            return
        if self._happens(0.05, "answers halved"):
            halved = [replace(part, entries=part.entries[: len(part.entries) // 2]) for part in reply.slices]
            reply = replace(reply, slices=tuple(halved))
        self._take(laptop, reply)
        if self._happens(0.15, "replies repeated"):
            self._take(laptop, reply)

    def _step_late(self, laptop: Laptop) -> None:
        if laptop.late:
            self._note("late replies taken")
            self._take(laptop, self.chance.choice(laptop.late))

    def _step_kill(self, laptop: Laptop) -> None:
        """The laptop dies somewhere in taking a reply in."""
        self._note("kills")
        reply = self._answer(self._request(laptop.book))
        self._take(laptop, reply, until=self.chance.randrange(12))

    def _step_stick(self, laptop: Laptop) -> None:
        """Everything the server has not shown goes on a stick."""
        self._note("sticks written")
        self._seal(laptop.book)
        book = laptop.book
        going = [each.bundle for each in book.batches.values() if each.g is None and each.bundle is not None]
        asks = tuple(Ask(scope, book.cursors.get(scope, Cursor())) for scope in sorted(self._places(book)))
        self.sticks.append([Request(book.device, book.incarnation, asks, tuple(going))])

    def _step_import(self, _laptop: Laptop) -> None:
        """A stick reaches the server, perhaps not for the first time, and its return is written in a chain."""
        if self.sticks and not self._happens(0.1, "sticks torn"):
            (request,) = self.chance.choice(self.sticks)
            replies = []
            for _ in range(20):
                replies.append(self._answer(request))
                if not any(part.more for part in replies[-1].slices):
                    break
                asks = tuple(
                    Ask(part.scope, Cursor(self.log.epoch) if part.reset else part.end) for part in replies[-1].slices
                )
                request = request._replace(asks=asks, bundles=())
            self.returns.append((request.device, replies))

    def _step_return(self, laptop: Laptop) -> None:
        """A return is read, late, by whichever copy of the disk, any number of times."""
        mine = [replies for device, replies in self.returns if device == laptop.book.device]
        if mine:
            self._note("returns read")
            for reply in self.chance.choice(mine):
                self._take(laptop, reply)

    def _step_letter(self, laptop: Laptop) -> None:
        """One laptop hands another what it has, without a server."""
        self._note("letters")
        other = self.chance.choice(self.laptops)
        self._seal(laptop.book)
        going = [each.bundle for each in laptop.book.batches.values() if each.bundle is not None][-12:]
        entries = tuple(Entry(0, bundle.id, bundle.id.encode()) for bundle in going)
        for scope in SCOPES:
            part = tuple(entry for entry in entries if self.bundles[entry.batch].scope == scope)
            list(self._keep(other.book, scope, part))
            self._has(other.book, part)

    def _step_rare(self, laptop: Laptop) -> None:
        what = self.chance.choice(("backup", "restore", "clone", "renewed copy", "snapshot", "server back"))
        match what:
            case "backup":
                laptop.backup = laptop.book.copy()
            case "restore" if laptop.backup is not None:
                self._note("laptops restored")
                had = set(laptop.book.ops)
                laptop.book = laptop.backup.copy()
                if self.chance.random() < 0.5:  # the note beside the book told of a higher number
                    self._renew(laptop.book)
                self.gone |= had - self._elsewhere()
                if laptop.late and self.chance.random() < 0.7:  # what was under way reaches the restored one
                    self._take(laptop, self.chance.choice(laptop.late))
            case "clone" | "renewed copy" if len(self.laptops) < MOST_LAPTOPS:
                self._note(what + " of a disk")
                copy = Laptop(laptop.book.copy(), late=list(laptop.late))
                if what == "renewed copy":  # enrolled as a laptop of its own: what waits to be sealed is its own
                    copy.book.device = f"device-{self._mark()}"
                    copy.book.ops = {
                        each: known if known.sealed else known._replace(device=copy.book.device)
                        for each, known in copy.book.ops.items()
                    }
                    self._renew(copy.book)
                self.laptops.append(copy)
            case "snapshot":
                self.snapshot = self.log.copy()
            case "server back" if self.snapshot is not None:
                self._note("servers taken back")
                had = set(self._server_ops())
                self.log = self.snapshot.copy()
                if self.chance.random() < 0.4:
                    self.log.epoch = f"epoch-{self._mark()}"
                self.gone |= had - self._elsewhere()

    # --- a laptop ----------------------------------------------------------------------------------------------------

    def _save(self, book: Book, record: str, scope: str, fields: dict[str, Wire]) -> None:
        """One save, as storage makes it: it saw all heads of its record; it may grow while it waits to be sealed."""
        ops = book.of(record)
        stands = standing(ops)
        if stands.withdrawn and WITHDRAWN not in fields:
            fields = {**fields, WITHDRAWN: False}
        newest = book.ops.get(ops[-1][0].id) if ops else None
        grows = WITHDRAWN not in fields and self.chance.random() < 0.5
        if (
            grows and newest is not None and not newest.sealed and stands.heads == (newest.op.head,)
            and not newest.op.fields.keys() & fields.keys()
        ):  # fmt: skip
            op = replace(newest.op, fields={**newest.op.fields, **fields})
            del book.ops[newest.op.id]
            self.must.discard(newest.op.id)
        else:
            at_ms = self.chance.randrange(0, 4_300_000_000_000)  # any clock between 1970 and 2106
            op = Op(
                scope, "under_five_visit", record, 1, stands.depth + 1, stands.heads, fields, "sari", at_ms, 0,
                self._mark(),
            )  # fmt: skip
        book.ops[op.id] = Known(op, book.device, sealed=False)
        self.must.add(op.id)
        self._note("saves")

    def _seal(self, book: Book) -> None:
        for scope in SCOPES:
            waiting = [known.op for known in book.ops.values() if not known.sealed and known.op.scope == scope]
            for start in range(0, len(waiting), 4):
                ops = tuple(waiting[start : start + 4])
                book.sequence += 1
                said = ":".join(
                    (book.device, book.incarnation, str(book.sequence), self._mark(), *(op.id for op in ops))
                )
                batch_id = hashlib.sha256(said.encode()).hexdigest()
                bundle = Bundle(batch_id, scope, book.device, book.incarnation, book.sequence, ops)
                self.bundles[batch_id] = bundle
                book.batches[batch_id] = Held(scope, bundle, own=True, sent=False, g=None)
                for op in ops:
                    book.ops[op.id] = book.ops[op.id]._replace(sealed=True)

    def _places(self, book: Book) -> set[str]:
        return {held.scope for held in book.batches.values()} | set(book.cursors)

    def _request(self, book: Book) -> Request:
        self._seal(book)
        asks = []
        for scope in sorted(self._places(book)):
            mine = [(batch, held) for batch, held in book.batches.items() if held.scope == scope]
            offered = [batch for batch, held in mine if held.sent and held.g is None and held.bundle is not None]
            wanted = [batch for batch, held in mine if held.bundle is None]
            if "offers" in self.off:
                offered = []
            asks.append(Ask(scope, book.cursors.get(scope, Cursor()), tuple(offered), tuple(wanted[:4])))
        going = [
            held.bundle
            for held in book.batches.values()
            if not held.sent and held.g is None and held.bundle is not None
        ][:3]
        for bundle in going:
            book.batches[bundle.id] = book.batches[bundle.id]._replace(sent=True)
        return Request(book.device, book.incarnation, tuple(asks), tuple(going))

    def _take(self, laptop: Laptop, reply: Reply, until: int | None = None) -> bool:
        """Take a reply in, or die after `until` pieces of it; whether there is more to say."""
        book, before = laptop.book, laptop.book.copy()
        pieces = self._taking(book, reply)
        for number, _piece in enumerate(pieces):
            if number == until:
                if "R6" not in self.off:
                    laptop.book = before
                return True
        for part in reply.slices:
            self._has(book, part.entries)
        return any(part.more or part.missing for part in reply.slices)

    def _taking(self, book: Book, reply: Reply) -> Iterator[None]:
        if "R3" in self.off:
            for verdict in reply.verdicts:
                if verdict.batch in book.batches:
                    book.batches[verdict.batch] = book.batches[verdict.batch]._replace(g=0)
        for part in reply.slices:
            yield from self._take_slice(book, part, reply.epoch)
        if reply.split == book.incarnation:
            self._renew(book)
        yield

    def _take_slice(self, book: Book, part: Slice, epoch: str) -> Iterator[None]:
        cursor = book.cursors.get(part.scope, Cursor())
        what, part = course(part, cursor)
        if what is Course.STAY and not part.reset and ({"R2", "chain"} & self.off):
            follows = part.start == cursor
            what = Course.ADVANCE if "R2" in self.off or follows else what
        for batch in part.missing:
            held = book.batches.get(batch)
            if held is not None and held.g is None and held.bundle is not None:
                book.batches[batch] = held._replace(sent=False)
        yield
        if "R1" not in self.off or what is Course.ADVANCE:
            given = tuple(Entry(0, batch, packed) for batch, packed in part.given.items())
            entries = (*given, *part.entries)
            if what is not Course.ADVANCE:  # what has no bytes will be named again by the slice that follows
                entries = tuple(entry for entry in entries if entry.packed is not None)
            yield from self._keep(book, part.scope, entries)
        if what is Course.START_OVER:
            for batch, held in list(book.batches.items()):
                if held.scope == part.scope and held.bundle is None:
                    del book.batches[batch]  # if anybody still has its bytes, the feed will name it again
                elif held.scope == part.scope and "R4" not in self.off and (held.own or "R4 own" not in self.off):
                    book.batches[batch] = held._replace(g=None, sent=True)
            book.cursors[part.scope] = Cursor(epoch)
        elif what is Course.ADVANCE:
            for entry in part.entries:
                held = book.batches.get(entry.batch)
                if held is not None:
                    book.batches[entry.batch] = held._replace(g=entry.g)
                    if "R5" in self.off:
                        book.batches[entry.batch] = held._replace(g=entry.g, bundle=None)
                yield
            book.cursors[part.scope] = part.end
        yield

    def _keep(self, book: Book, scope: str, entries: Iterable[Entry]) -> Iterator[None]:
        for entry in entries:
            held = book.batches.get(entry.batch)
            if held is not None and (held.bundle is not None or ("R5" in self.off and held.g is not None)):
                continue
            bundle = None if entry.packed is None else self.bundles[entry.batch]
            own = bundle is None or bundle.device == book.device
            book.batches[entry.batch] = Held(scope, bundle, own, sent=True, g=None if held is None else held.g)
            yield
            for op in () if bundle is None else bundle.ops:
                self._learn(book, op, bundle.device if bundle else "")

    def _learn(self, book: Book, op: Op, device: str) -> None:
        """Of a save in batches of two devices the least counts; of one that still waited, the batch it came in."""
        was = book.ops.get(op.id)
        if was is not None and was.sealed:
            device = was.device if "least device" in self.off else min(was.device, device)
        book.ops[op.id] = Known(op, device, sealed=True)

    def _has(self, book: Book, entries: Iterable[Entry]) -> None:
        """What a laptop was given, it has, from the first moment on (R1)."""
        for entry in entries:
            if entry.packed is not None and not all(op.id in book.ops for op in self.bundles[entry.batch].ops):
                raise Faulty("what came is not kept")

    def _renew(self, book: Book) -> None:
        book.incarnation, book.sequence = self._mark(), 0

    # --- the server --------------------------------------------------------------------------------------------------

    def _answer(self, request: Request) -> Reply:
        verdicts = tuple(self._receive(bundle) for bundle in request.bundles)
        numbers = [
            each.sequence
            for each in self.log.bundles.values()
            if (each.device, each.incarnation) == (request.device, request.incarnation)
        ]
        asked = {ask.scope: ask for ask in request.asks}
        new = [Ask(scope, Cursor(self.log.epoch)) for scope in sorted(self.log.feeds) if scope not in asked]
        slices = tuple(self._slice(request.device, ask) for ask in [*asked.values(), *new])
        split = request.incarnation if len(set(numbers)) < len(numbers) else ""
        return Reply(self.log.epoch, "", 0, slices, verdicts, split)

    def _receive(self, bundle: Bundle) -> Verdict:
        log = self.log
        place = (bundle.device, bundle.incarnation, bundle.sequence)
        met = "sequence" in self.off and any(
            (each.device, each.incarnation, each.sequence) == place for each in log.bundles.values()
        )
        if bundle.id not in log.bundles and not met:
            log.bundles[bundle.id] = bundle
            feed = log.feeds.setdefault(bundle.scope, [])
            feed.append((bundle.id, next_digest(feed[-1][1] if feed else START_DIGEST, bundle.id)))
        return Verdict(bundle.id, APPLIED)

    def _slice(self, device: str, ask: Ask) -> Slice:
        cursor, feed = ask.cursor, self.log.feeds.get(ask.scope)
        missing = tuple(batch for batch in ask.unconfirmed if batch not in self.log.bundles)
        if "sequence" in self.off:
            missing = ()
        if feed is None:
            back = cursor.g > 0 or cursor.epoch not in ("", self.log.epoch)
            return Slice(ask.scope, cursor, cursor, reset=back, more=back, missing=missing)
        given = {batch: batch.encode() for batch in ask.wanted if batch in self.log.bundles}
        if not self._knows(cursor, feed):
            return Slice(ask.scope, cursor, cursor, reset=True, more=True, missing=missing, given=given)
        page = feed[cursor.g : cursor.g + PAGE]
        entries = tuple(
            Entry(cursor.g + number, batch, None if self.log.bundles[batch].device == device else batch.encode())
            for number, (batch, _digest) in enumerate(page, 1)
        )
        end = cursor if cursor.epoch else Cursor(self.log.epoch)
        if page:
            end = Cursor(self.log.epoch, cursor.g + len(page), page[-1][1])
        return Slice(ask.scope, cursor, end, entries, end.g < len(feed), missing=missing, given=given)

    def _knows(self, cursor: Cursor, feed: list[tuple[str, str]]) -> bool:
        if "reset" in self.off:
            return True
        if "digest" in self.off:
            return cursor.epoch in ("", self.log.epoch) and cursor.g <= len(feed)
        return is_place(cursor, self.log.epoch, lambda g: feed[g - 1][1] if g <= len(feed) else None)

    def _server_ops(self) -> dict[str, tuple[Op, str]]:
        found: dict[str, tuple[Op, str]] = {}
        for bundle in self.log.bundles.values():
            for op in bundle.ops:
                device = min(bundle.device, found[op.id][1]) if op.id in found else bundle.device
                found[op.id] = op, device
        return found

    # --- afterwards --------------------------------------------------------------------------------------------------

    def heal(self) -> None:
        """Everyone talks undisturbed until nobody has anything to say."""
        for self.rounds in range(1, 13):
            before = self._everything()
            for laptop in self.laptops:
                for _trip in range(60):
                    was = self._all_of(laptop.book)
                    more = self._take(laptop, self._answer(self._request(laptop.book)))
                    if not more and was == self._all_of(laptop.book):
                        break
            if before == self._everything():
                return
        raise Faulty("they do not come to rest")

    def _all_of(self, book: Book) -> tuple[object, ...]:
        return dict(book.ops), dict(book.batches), dict(book.cursors)

    def _everything(self) -> list[tuple[object, ...]]:
        return [self._all_of(laptop.book) for laptop in self.laptops]

    def check(self) -> None:
        """What must hold of any history once it is healed."""
        must = self.must - self.gone
        on_server = self._server_ops()
        if not must <= set(on_server):
            raise Faulty(f"{len(must - set(on_server))} saves lost on the server")
        for laptop in self.laptops:
            if set(laptop.book.ops) != set(on_server):
                raise Faulty("a laptop holds other saves than the server")
            if any(held.g is None for held in laptop.book.batches.values()):
                raise Faulty("something is never confirmed")
        project = PROJECTIONS.get(next(iter(self.off & PROJECTIONS.keys()), ""), standing)
        by_record: dict[str, list[tuple[Op, str]]] = {}
        for op, device in sorted(on_server.values(), key=lambda each: each[0].id):
            by_record.setdefault(op.record, []).append((op, device))
        for record, ops in by_record.items():
            shown = project(ops)
            for laptop in self.laptops:
                here = laptop.book.of(record)
                if _plain(project(here)) != _plain(shown):
                    raise Faulty("two disks show different things")
            _nothing_vanished(ops, shown)

    def _elsewhere(self) -> set[str]:
        """Every save that some living disk holds."""
        return set(self._server_ops()).union(*(laptop.book.ops for laptop in self.laptops))

    def _happens(self, how_often: float, what: str) -> bool:
        happens = self.chance.random() < how_often
        if happens:
            self._note(what)
        return happens

    def _mark(self) -> str:
        return f"{self.chance.getrandbits(64):016x}"

    def _answers(self) -> dict[str, Wire]:
        chosen = self.chance.sample(FIELDS, self.chance.randint(1, 2))
        return {name: self.chance.randrange(100, 106) for name in chosen}


def _plain(shown: Standing) -> tuple[object, ...]:
    """What people see of a record."""
    listed = {name: [(each.value, each.op.id) for each in some] for name, some in shown.conflicts.items()}
    return dict(shown.values), listed, shown.withdrawn, shown.revived


def _nothing_vanished(ops: list[tuple[Op, str]], shown: Standing) -> None:
    """Every value is shown, or listed, or was replaced by someone who had seen it; edits outlive withdrawals (I3, I12).

    Reckoned by walking from each later save to all it had seen.
    """
    by_head = {op.head: op for op, _device in ops}
    seen: dict[str, set[str]] = {}
    for op in by_head.values():
        found: set[str] = set()
        waiting = list(op.heads)
        while waiting:
            head = waiting.pop()
            if head in by_head and head not in found:
                found.add(head)
                waiting.extend(by_head[head].heads)
        seen[op.head] = found
    for op in by_head.values():
        later = [each for each in by_head.values() if op.head in seen[each.head]]
        for name, value in op.fields.items():
            listed = [each.value for each in shown.conflicts.get(name, ())]
            if name == WITHDRAWN or any(name in each.fields for each in later):
                continue
            if shown.values[name] != value and value not in listed:
                raise Faulty("a value was silently overwritten")
        if shown.withdrawn and not later and set(op.fields) - {WITHDRAWN}:
            raise Faulty("an edit was silently withdrawn")


def _last_write(ops: Iterable[tuple[Op, str]]) -> Standing:
    """The rule this protocol does not have."""
    known = sorted(ops, key=lambda each: (each[0].at_ms, each[0].id))
    values = {name: value for op, _device in known for name, value in op.fields.items()}
    return Standing(values, {}, (), 0, values.get(WITHDRAWN) is True, revived=False)


def _withdrawal_wins(ops: Iterable[tuple[Op, str]]) -> Standing:
    shown = standing(ops)
    return replace(shown, withdrawn=shown.withdrawn or shown.revived, revived=False)


PROJECTIONS: dict[str, Callable[[Iterable[tuple[Op, str]]], Standing]] = {
    "last write": _last_write,
    "withdrawal": _withdrawal_wins,
}
