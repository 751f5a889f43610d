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
    "B2": "a laptop takes for held what it once heard is held, whatever the server says now",
    "B7": "a request in blocks that the server has seen before is not ended",
    "B7 erased": "an erasure leaves a request that is under way as it is",
    "word": "an erasure is heeded whoever says it",
    "aside": "nothing is put aside until the server's word on an erasure",
    "asked anew": "a refused erasure brings nothing back from the feed",
    "done stays": "a later refusal undoes an erasure that was done",
    "late": "what comes after its erasure is kept",
    "whole": "a batch that lacks saves goes out as it is",
}

SCOPES = ("pos-1", "pos-2")
FIELDS = ("weight_g", "length_mm", "muac_mm")
STEPS = (
    *("save",) * 8, *("same",) * 2, "withdraw", *("sync",) * 9, *("late",) * 2, *("kill",) * 2, "stick", "import",
    "return", "letter", *("rare",) * 3, *("blocks",) * 3, "erase",
)  # fmt: skip
PAGE = 3
"""Entries a reply carries: so few that a receipt often comes long before its batch is seen in the feed."""
MOST_LAPTOPS = 6
BLOCKS = 4
"""Of a request: enough for a link to break between any two."""
ERASURE, SERVER = "erasure", "server"
ASKED, DONE, REFUSED = "asked", "done", "refused"


class Bundle(NamedTuple):
    """A batch: who sealed it under which number, and the saves in it."""

    id: str
    scope: str
    device: str
    incarnation: str
    sequence: int
    ops: tuple[Op, ...]
    whole: int = 0
    """How many saves it names, those that are only bare ids too."""


class Held(NamedTuple):
    """A batch as a laptop holds it; without bundle, or robbed, its bytes are still to be asked for."""

    scope: str
    bundle: Bundle | None
    own: bool
    sent: bool
    g: int | None
    robbed: bool = False


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
    nonce: str = ""


@dataclass
class Arrived:
    """What the server has of a request in blocks, and what it was answered with."""

    request: Request
    blocks: set[int] = field(default_factory=set)
    answer: Reply | None = None


@dataclass
class Book:
    """All that is on a laptop's disk."""

    device: str
    incarnation: str
    sequence: int = 0
    ops: dict[str, Known] = field(default_factory=dict)
    batches: dict[str, Held] = field(default_factory=dict)
    cursors: dict[str, Cursor] = field(default_factory=dict)
    erased: frozenset[str] = frozenset()
    words: dict[str, str] = field(default_factory=dict)
    aside: dict[str, Op] = field(default_factory=dict)
    upload: Request | None = None
    heard: frozenset[int] = frozenset()

    def copy(self) -> "Book":
        """The same on another disk."""
        return replace(
            self, ops=dict(self.ops), batches=dict(self.batches), cursors=dict(self.cursors), words=dict(self.words),
            aside=dict(self.aside),
        )  # fmt: skip

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
    nonces: frozenset[str] = frozenset()
    erased: frozenset[str] = frozenset()
    asked: dict[str, str] = field(default_factory=dict)

    def copy(self) -> "Log":
        """The same on another disk."""
        feeds = {scope: list(feed) for scope, feed in self.feeds.items()}
        return replace(self, feeds=feeds, bundles=dict(self.bundles), asked=dict(self.asked))


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
        self.forms: dict[bytes, Bundle] = {}
        self.unfinished: dict[str, Arrived] = {}
        self.destroyed: set[str] = set()
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
        known = self._records(laptop.book)
        if known and self.chance.random() < 0.75:
            self.save(laptop.book, *self.chance.choice(known), self._answers())
        else:
            self.save(laptop.book, self._mark(), self.chance.choice(SCOPES), self._answers())

    def _step_same(self, laptop: Laptop) -> None:
        """The same page of the register typed on two laptops: they meet in one record."""
        self.save(laptop.book, f"child-{self.chance.randrange(4)}", SCOPES[0], self._answers())

    def _step_withdraw(self, laptop: Laptop) -> None:
        known = self._records(laptop.book)
        if known:
            self.save(laptop.book, *self.chance.choice(known), {WITHDRAWN: True})

    def _records(self, book: Book) -> list[tuple[str, str]]:
        return sorted({(each.op.record, each.op.scope) for each in book.ops.values() if each.op.entity != ERASURE})

    def _step_sync(self, laptop: Laptop) -> None:
        """One exchange over a bad link; replies are lost, repeated, torn, or come later and out of order."""
        request = self.request(laptop.book)
        if self._happens(0.12, "requests lost"):
            return
        reply = self.answer(request)
        if self._happens(0.12, "requests repeated"):
            self.answer(request)
        if self._happens(0.15, "replies lost"):
            return
        if self._happens(0.25, "replies late"):
            laptop.late.append(reply)
            return
        if self._happens(0.05, "answers halved"):
            halved = [replace(part, entries=part.entries[: len(part.entries) // 2]) for part in reply.slices]
            reply = replace(reply, slices=tuple(halved))
        self.take(laptop, reply)
        if self._happens(0.15, "replies repeated"):
            self.take(laptop, reply)

    def _step_blocks(self, laptop: Laptop) -> None:
        """One connection of a request in blocks: some arrive, perhaps all, perhaps the answer too."""
        book = laptop.book
        if book.upload is None:
            book.upload, book.heard = self.request(book)._replace(nonce=self._mark()), frozenset()
        arrived = self._arrived(book)
        if arrived.answer is None:
            missing = [number for number in range(BLOCKS) if number not in book.heard]
            cut = self._happens(0.5, "links cut between blocks")
            arrived.blocks.update(missing[: self.chance.randrange(BLOCKS)] if cut else missing)
            book.heard = frozenset(arrived.blocks) | (book.heard if "B2" in self.off else frozenset())
            if cut or len(arrived.blocks) < BLOCKS:
                return
            if arrived.request.nonce in self.log.nonces:
                self._note("requests in blocks heard before")
                self._end_upload(book, replayed=True)
                return
            arrived.answer = self.answer(arrived.request)
        if not self._happens(0.3, "answers to blocks lost"):
            self._end_upload(book)
            self.take(laptop, arrived.answer)

    def _arrived(self, book: Book) -> Arrived:
        """What the server has of the request this laptop sends now: of each laptop one."""
        assert book.upload is not None
        arrived = self.unfinished.get(book.device)
        if arrived is None or arrived.request != book.upload:
            arrived = self.unfinished[book.device] = Arrived(book.upload)
        if "B2" not in self.off:
            book.heard = frozenset(arrived.blocks)
        return arrived

    def _end_upload(self, book: Book, *, replayed: bool = False) -> None:
        if not (replayed and "B7" in self.off):
            book.upload = None

    def _step_erase(self, laptop: Laptop) -> None:
        """Somebody has what is known here of a record erased; it is gone here, and elsewhere by the server's word."""
        book = laptop.book
        known = self._records(book)
        if not known or self.chance.random() < 0.4:
            return
        self._note("erasures asked for")
        self.erase(book, *self.chance.choice(known))

    def erase(self, book: Book, record: str, scope: str) -> None:
        """Forget on this laptop what is known of a record there, and ask the server to say so."""
        heads = " ".join(sorted(op.head for op, _device in book.of(record)))
        op = Op(scope, ERASURE, self._mark(), 1, 1, (), {"saves": heads}, "sari", 0, 0, self._mark())
        book.ops[op.id] = Known(op, book.device, sealed=False)
        book.words[op.head] = ASKED
        self.must.add(op.id)
        if "B7 erased" not in self.off:
            book.upload = None
        gone = self._forget(book, _said(op))
        safe = self._take_out(book, _said(op))
        if "aside" not in self.off:
            book.aside.update({each: kept for each, kept in gone.items() if kept.head not in safe})
        # what a server that went back since was seen to hold is on no disk any more: that is how it was asked for
        self.gone |= {each for each, kept in gone.items() if kept.head in safe} - self.elsewhere()
        self._has_nothing_of(book, _said(op), but_aside=True)

    def _step_late(self, laptop: Laptop) -> None:
        if laptop.late:
            self._note("late replies taken")
            self.take(laptop, self.chance.choice(laptop.late))

    def _step_kill(self, laptop: Laptop) -> None:
        """The laptop dies somewhere in taking a reply in."""
        self._note("kills")
        reply = self.answer(self.request(laptop.book))
        self.take(laptop, reply, until=self.chance.randrange(12))

    def _step_stick(self, laptop: Laptop) -> None:
        """Everything the server has not shown goes on a stick."""
        self._note("sticks written")
        self._seal(laptop.book)
        book = laptop.book
        self._seal_anew(book, self._not_in_feed(book))
        going = self._not_in_feed(book)
        asks = tuple(Ask(scope, book.cursors.get(scope, Cursor())) for scope in sorted(self._places(book)))
        self.sticks.append([Request(book.device, book.incarnation, asks, tuple(going))])

    def _not_in_feed(self, book: Book) -> list[Bundle]:
        return [each.bundle for each in book.batches.values() if each.g is None and each.bundle is not None]

    def _step_import(self, _laptop: Laptop) -> None:
        """A stick reaches the server, perhaps not for the first time, and its return is written in a chain."""
        if self.sticks and not self._happens(0.1, "sticks torn"):
            (request,) = self.chance.choice(self.sticks)
            replies = []
            for _ in range(20):
                replies.append(self.answer(request))
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
                self.take(laptop, reply)

    def _step_letter(self, laptop: Laptop) -> None:
        """One laptop hands another what it has, without a server."""
        self._note("letters")
        other = self.chance.choice(self.laptops)
        self._seal(laptop.book)
        going = [each.bundle for each in laptop.book.batches.values() if each.bundle is not None and not each.robbed][
            -12:
        ]
        entries = tuple(Entry(0, bundle.id, self._packed(bundle)) for bundle in going)
        for scope in SCOPES:
            part = tuple(entry for entry in entries if self.bundles[entry.batch].scope == scope)
            list(self._keep(other.book, scope, part))
            self._ask_again(other.book, [entry.batch for entry in part])
            self._has(other.book, part)

    def _step_rare(self, laptop: Laptop) -> None:
        what = self.chance.choice(("backup", "restore", "clone", "renewed copy", "snapshot", "server back", "crash"))
        match what:
            case "crash":
                self._note("servers crashed")
                self.unfinished = {}
            case "backup":
                laptop.backup = laptop.book.copy()
            case "restore" if laptop.backup is not None:
                self._note("laptops restored")
                had = {*laptop.book.ops, *laptop.book.aside}
                laptop.book = laptop.backup.copy()
                if self.chance.random() < 0.5:  # the note beside the book told of a higher number
                    self._renew(laptop.book)
                self.gone |= had - self.elsewhere()
                if laptop.late and self.chance.random() < 0.7:  # what was under way reaches the restored one
                    self.take(laptop, self.chance.choice(laptop.late))
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
                self.unfinished = {}
                if self.chance.random() < 0.4:
                    self.log.epoch = f"epoch-{self._mark()}"
                self.gone |= had - self.elsewhere()

    # --- a laptop ----------------------------------------------------------------------------------------------------

    def save(self, book: Book, record: str, scope: str, fields: dict[str, Wire]) -> None:
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
                self._seal_some(book, scope, tuple(waiting[start : start + 4]))

    def _seal_some(self, book: Book, scope: str, ops: tuple[Op, ...]) -> None:
        book.sequence += 1
        said = ":".join((book.device, book.incarnation, str(book.sequence), self._mark(), *(op.id for op in ops)))
        batch_id = hashlib.sha256(said.encode()).hexdigest()
        bundle = Bundle(batch_id, scope, book.device, book.incarnation, book.sequence, ops, len(ops))
        self.bundles[batch_id] = bundle
        book.batches[batch_id] = Held(scope, bundle, own=True, sent=False, g=None)
        for op in ops:
            self._learn(book, op, book.device)

    def _seal_anew(self, book: Book, going: Iterable[Bundle]) -> bool:
        """Put what is left of batches that lack saves into new ones; whether there were any."""
        lacking = [] if "whole" in self.off else [each for each in going if len(each.ops) < each.whole]
        for bundle in lacking:
            del book.batches[bundle.id]
            if bundle.ops:
                self._seal_some(book, bundle.scope, bundle.ops)
        return bool(lacking)

    def _places(self, book: Book) -> set[str]:
        return {held.scope for held in book.batches.values()} | set(book.cursors)

    def request(self, book: Book) -> Request:
        self._seal(book)
        asks = []
        for scope in sorted(self._places(book)):
            mine = [(batch, held) for batch, held in book.batches.items() if held.scope == scope]
            offered = [batch for batch, held in mine if held.sent and held.g is None and held.bundle is not None]
            wanted = [batch for batch, held in mine if held.bundle is None or held.robbed]
            if "offers" in self.off:
                offered = []
            asks.append(Ask(scope, book.cursors.get(scope, Cursor()), tuple(offered), tuple(wanted[:4])))
        while self._seal_anew(book, going := self._going(book)):
            pass
        for bundle in going:
            book.batches[bundle.id] = book.batches[bundle.id]._replace(sent=True)
        return Request(book.device, book.incarnation, tuple(asks), tuple(going))

    def _going(self, book: Book) -> list[Bundle]:
        return [
            held.bundle
            for held in book.batches.values()
            if not held.sent and held.g is None and held.bundle is not None
        ][:3]

    def take(self, laptop: Laptop, reply: Reply, until: int | None = None) -> bool:
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
                    book.batches[batch] = held._replace(g=None, sent=True, robbed=False)
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
            self._ask_again(book, [entry.batch for entry in part.entries])
        yield

    def _ask_again(self, book: Book, batches: Iterable[str]) -> None:
        """A refusal may be heard before a batch it is about has its number again."""
        for batch in batches if REFUSED in book.words.values() and "asked anew" not in self.off else ():
            held = book.batches[batch]
            bare = {op.head for op in self.bundles[batch].ops if held.bundle and op not in held.bundle.ops}
            if bare - book.erased and held.g is not None:
                book.batches[batch] = self._robbed(held)

    def _robbed(self, held: Held) -> Held:
        return held._replace(bundle=None) if "kept meanwhile" in self.off else held._replace(robbed=True)

    def _keep(self, book: Book, scope: str, entries: Iterable[Entry]) -> Iterator[None]:
        words: list[Op] = []
        for entry in entries:
            held = book.batches.get(entry.batch)
            here = None if held is None else held.bundle
            if here is not None and (entry.packed is None or len(here.ops) == here.whole):
                continue
            if "R5" in self.off and held is not None and held.g is not None:
                continue
            came = None if entry.packed is None else self.forms[entry.packed]
            bundle = came if came is None or "late" in self.off else _without(came, book.erased)
            if here is not None and bundle is not None and held is not None and held.robbed:
                bundle = here._replace(ops=(*here.ops, *(op for op in bundle.ops if op not in here.ops)))
            elif here is not None and bundle is not None and len(bundle.ops) <= len(here.ops):
                bundle = here
            own = (held is not None and held.own) or bundle is None or bundle.device == book.device
            book.batches[entry.batch] = Held(scope, bundle, own, sent=True, g=None if held is None else held.g)
            yield
            for op in () if bundle is None else bundle.ops:
                self._learn(book, op, bundle.device if bundle else "")
            if bundle is not None and (bundle.device == SERVER or "word" in self.off):
                words += [op for op in bundle.ops if op.entity == ERASURE]
        for word in words:
            self._heed(book, word)
            yield

    def _heed(self, book: Book, word: Op) -> None:
        """What the server says of an erasure: it is done here too, or was refused."""
        if WITHDRAWN not in word.fields:
            was = book.words.get(word.head)
            if was != DONE:
                book.words[word.head] = DONE
                if was != ASKED:
                    self._forget(book, _said(word))
                self._take_out(book, _said(word))
                book.aside = {each: op for each, op in book.aside.items() if op.head not in _said(word)}
            return
        (head,) = word.heads
        was = book.words.get(head)
        if was == REFUSED or (was == DONE and "done stays" not in self.off):
            return
        book.words[head] = REFUSED
        asked = next((each.op for each in book.ops.values() if each.op.head == head), None)
        if asked is None:
            return
        if was == ASKED or "done stays" in self.off:
            others = [_said(each.op) for each in book.ops.values() if book.words.get(each.op.head) in (ASKED, DONE)]
            back = _said(asked).difference(*others)
            book.erased -= back
            for each, op in list(book.aside.items()):
                if op.head in back:
                    book.ops.setdefault(each, Known(op, book.device, sealed=False))
                    del book.aside[each]
        for batch, held in list(book.batches.items()):
            robbed = held.bundle is not None and len(held.bundle.ops) < held.bundle.whole
            named = {op.head for op in self.bundles[batch].ops}
            if robbed and held.g is not None and named & _said(asked) and "asked anew" not in self.off:
                book.batches[batch] = self._robbed(held)

    def _forget(self, book: Book, heads: frozenset[str]) -> dict[str, Op]:
        """Take saves out of the journal; what they were."""
        gone = {each: known.op for each, known in book.ops.items() if known.op.head in heads}
        book.ops = {each: known for each, known in book.ops.items() if each not in gone}
        book.erased |= heads
        return gone

    def _take_out(self, book: Book, heads: frozenset[str]) -> set[str]:
        """Take saves out of every batch; which of them the server was seen to hold."""
        safe: set[str] = set()
        for batch, held in book.batches.items():
            if held.bundle is not None:
                if held.g is not None:
                    safe |= {op.head for op in self.bundles[batch].ops if op not in held.bundle.ops} & heads
                    safe |= {op.head for op in held.bundle.ops} & heads
                book.batches[batch] = held._replace(bundle=_without(held.bundle, heads))
        return safe

    def _has_nothing_of(self, book: Book, heads: frozenset[str], *, but_aside: bool = False) -> None:
        """What is erased lies nowhere on a disk (I17)."""
        bundles = [held.bundle for held in book.batches.values() if held.bundle is not None]
        bundles += book.upload.bundles if book.upload is not None else ()
        places = [*(known.op for known in book.ops.values()), *(op for bundle in bundles for op in bundle.ops)]
        places += [] if but_aside else book.aside.values()
        if any(op.head in heads for op in places):
            raise Faulty("something erased is still there")

    def _learn(self, book: Book, op: Op, device: str) -> None:
        """Of a save in batches of two devices the least counts; of one that still waited, the batch it came in."""
        if op.head in book.erased and "late" not in self.off:
            return
        was = book.ops.get(op.id)
        if was is not None and was.sealed:
            device = was.device if "least device" in self.off else min(was.device, device)
        book.ops[op.id] = Known(op, device, sealed=True)

    def _has(self, book: Book, entries: Iterable[Entry]) -> None:
        """What a laptop was given, it has, from the first moment on (R1)."""
        for entry in entries:
            came = () if entry.packed is None else self.forms[entry.packed].ops
            held = book.batches.get(entry.batch)
            if "R1" not in self.off and (
                held is None or held.bundle is None or len(held.bundle.ops) < held.bundle.whole
            ):
                continue  # a refusal came behind it: its bytes are asked for anew; or it was read before, bare
            if not all(op.id in book.ops or op.head in book.erased for op in came):
                raise Faulty("what came is not kept")

    def _renew(self, book: Book) -> None:
        book.incarnation, book.sequence = self._mark(), 0

    # --- the server --------------------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Reply:
        self.log.nonces |= {request.nonce}
        verdicts = tuple(self._receive(bundle) for bundle in request.bundles)
        self._decide(0.5)
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
        gone = log.erased | (_done(bundle) if bundle.device == SERVER or "word" in self.off else frozenset())
        bundle = _without(bundle, gone)
        known = log.bundles.get(bundle.id)
        if known is not None:
            fresh = [op for op in bundle.ops if op not in known.ops]
            if fresh:
                log.bundles[bundle.id] = known._replace(ops=(*known.ops, *fresh))
                self._act(bundle._replace(ops=tuple(fresh)))
        elif not met:
            log.bundles[bundle.id] = bundle
            feed = log.feeds.setdefault(bundle.scope, [])
            feed.append((bundle.id, next_digest(feed[-1][1] if feed else START_DIGEST, bundle.id)))
            self._act(bundle)
        return Verdict(bundle.id, APPLIED)

    def _act(self, bundle: Bundle) -> None:
        """Do what these saves ask of the server, or what it says itself in them."""
        log = self.log
        for op in (each for each in bundle.ops if each.entity == ERASURE):
            if WITHDRAWN not in op.fields:
                log.asked.setdefault(op.head, ASKED)
            if bundle.device != SERVER and "word" not in self.off:
                continue
            for head in op.heads or (op.head,):
                if log.asked.get(head) != DONE or "done stays" in self.off:
                    log.asked[head] = REFUSED if op.heads else DONE
            if not op.heads:
                self.destroyed |= {each for each in self.must if each[:16] in _said(op)}
                log.erased |= _said(op)
                log.bundles = {each: _without(there, _said(op)) for each, there in log.bundles.items()}

    def _decide(self, how_many: float) -> None:
        """Say the erasures that wait: done, or refused."""
        ops = {op.head: op for op, _device in self._server_ops().values()}
        for head in [head for head, state in self.log.asked.items() if state == ASKED and head in ops]:
            if self.chance.random() < how_many:
                op = ops[head]
                is_refused = self.chance.random() < 0.5
                self._note("erasures refused" if is_refused else "erasures done")
                if is_refused:
                    op = replace(op, depth=2, heads=(head,), fields={WITHDRAWN: True}, author=SERVER, nonce=head)
                said = Bundle(
                    hashlib.sha256(f"{op.id} {self._mark()}".encode()).hexdigest(), op.scope, SERVER, SERVER,
                    len(self.bundles), (op,), 1,
                )  # fmt: skip
                self.bundles[said.id] = said
                self._receive(said)

    def _packed(self, bundle: Bundle) -> bytes:
        """A batch as it travels, in whatever form it is held."""
        packed = " ".join((bundle.id, *(op.id for op in bundle.ops))).encode()
        self.forms[packed] = bundle
        return packed

    def _slice(self, device: str, ask: Ask) -> Slice:
        cursor, feed = ask.cursor, self.log.feeds.get(ask.scope)
        missing = tuple(batch for batch in ask.unconfirmed if batch not in self.log.bundles)
        if "sequence" in self.off:
            missing = ()
        if feed is None:
            back = cursor.g > 0 or cursor.epoch not in ("", self.log.epoch)
            return Slice(ask.scope, cursor, cursor, reset=back, more=back, missing=missing)
        given = {batch: self._packed(self.log.bundles[batch]) for batch in ask.wanted if batch in self.log.bundles}
        if not self._knows(cursor, feed):
            return Slice(ask.scope, cursor, cursor, reset=True, more=True, missing=missing, given=given)
        page = feed[cursor.g : cursor.g + PAGE]
        entries = tuple(
            Entry(
                cursor.g + number,
                batch,
                None if self.log.bundles[batch].device == device else self._packed(self.log.bundles[batch]),
            )
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
            self._decide(1.0)
            before = self._everything()
            for laptop in self.laptops:
                for _connection in range(12):
                    if laptop.book.upload is not None:
                        self._step_blocks(laptop)
                for _trip in range(60):
                    was = self._all_of(laptop.book)
                    more = self.take(laptop, self.answer(self.request(laptop.book)))
                    if not more and was == self._all_of(laptop.book):
                        break
            if before == self._everything():
                return
        raise Faulty("they do not come to rest")

    def _all_of(self, book: Book) -> tuple[object, ...]:
        return dict(book.ops), dict(book.batches), dict(book.cursors), dict(book.aside), book.upload

    def _everything(self) -> list[tuple[object, ...]]:
        return [self._all_of(laptop.book) for laptop in self.laptops]

    def check(self) -> None:
        """What must hold of any history once it is healed."""
        on_server = self._server_ops()
        must = self.must - self.gone - self.destroyed
        if not must <= set(on_server):
            raise Faulty(f"{len(must - set(on_server))} saves lost on the server")
        for laptop in self.laptops:
            if set(laptop.book.ops) != set(on_server):
                raise Faulty("a laptop holds other saves than the server")
            if any(held.g is None for held in laptop.book.batches.values()) or laptop.book.upload is not None:
                raise Faulty("something is never confirmed")
            self._has_nothing_of(laptop.book, self.log.erased)
            if laptop.book.aside:
                raise Faulty("something is put aside for ever")
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

    def elsewhere(self) -> set[str]:
        """Every save that some living disk holds."""
        return set(self._server_ops()).union(*((*each.book.ops, *each.book.aside) for each in self.laptops))

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


def _said(op: Op) -> frozenset[str]:
    """The short ids of the saves an erasure names."""
    return frozenset(str(op.fields.get("saves", "")).split())


def _done(bundle: Bundle) -> frozenset[str]:
    return frozenset[str]().union(*(_said(op) for op in bundle.ops))


def _without(bundle: Bundle, heads: frozenset[str]) -> Bundle:
    """The batch with these saves as bare ids; no erasure goes."""
    kept = tuple(op for op in bundle.ops if op.head not in heads or op.entity == ERASURE)
    return bundle if len(kept) == len(bundle.ops) else bundle._replace(ops=kept)


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
