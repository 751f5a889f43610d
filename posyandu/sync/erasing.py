"""What a laptop does with its batches when saves are erased by law, and whose word it takes for that (docs/sync.md)."""

from collections.abc import Iterable, Sequence

from posyandu.domain.change import WITHDRAWN, Op
from posyandu.domain.erasing import ENTITY, said, said_by
from posyandu.storage import erased, journal, outbox
from posyandu.storage.database import Database
from posyandu.sync.batch import ERASED, Batch, decode, without


def keepable(db: Database, batch: Batch, packed: bytes) -> tuple[bytes, int]:
    """What of an arriving batch may be kept, without saves that were erased before it came, and how many are left."""
    ops = [line.op for line in batch.lines if line.op is not None]
    gone = erased.heads_among(db, (op.head for op in ops))
    records = erased.records_among(db, (op.record for op in ops if op.head in gone)) if gone else set()
    kept, taken = without(packed, gone, records) if gone else (packed, 0)
    return kept, batch.header.count - taken - sum(line.reason == ERASED for line in batch.lines)


def ask(db: Database, op: Op) -> None:
    """Do on this laptop what the erasure it asks for says, in the caller's transaction.

    What no server was seen to hold is put aside until the server's word; without a server this word is the last.
    """
    erased.say(db, op.head, erased.ASKED)
    journal.erase(db, said(op.fields), may_come_back=outbox.server(db) is not None)
    erased.let_go(db, take_out(db, [op]))


def heed(db: Database, words: Iterable[Op]) -> None:
    """Do what the server says in batches under its own key, in the caller's transaction.

    An erasure said again is done here too; a withdrawn one was refused, and what it took away on this laptop comes
    back, from here or with the next exchange.
    """
    for op in words:
        if op.fields.get(WITHDRAWN) is True:
            for head in op.heads:
                _refused(db, op, head)
        elif erased.word(db, op.head) != erased.DONE or _was_only_kept(db, op):
            asked_here = erased.word(db, op.head) == erased.ASKED
            erased.say(db, op.head, erased.DONE)
            if not asked_here:
                journal.erase(db, said(op.fields))
            take_out(db, [op])
            erased.let_go(db, said(op.fields).heads)


def _was_only_kept(db: Database, op: Op) -> bool:
    """Whether an erasure came to a version that did not know of any: then it counts as done and is not."""
    records = said(op.fields).records
    return erased.records_among(db, records) != records


def _refused(db: Database, word: Op, head: str) -> None:
    was = erased.word(db, head)
    erased.say(db, head, erased.REFUSED)
    if was in (erased.DONE, erased.REFUSED):
        return
    asked = said_by(op for op, _device in journal.ops_of(db, word.record) if op.head == head)
    if was == erased.ASKED:
        journal.take_back(db, asked)
    for batch_id, _saves, packed in outbox.every(db, word.scope):
        if not asked.heads.isdisjoint(_bare(packed)):
            outbox.ask_anew(db, batch_id)


def ask_again(db: Database, batches: Iterable[str]) -> None:
    """Ask for the bytes of these batches anew where they lack saves whose erasure was refused, in the caller's
    transaction: after the server was taken back it may say the refusal before the batch has its number again.
    """
    if not erased.has_refused(db):
        return
    for batch in batches:
        bare = _bare(outbox.bytes_of(db, batch))
        if bare != erased.heads_among(db, bare):
            outbox.ask_anew(db, batch)


def _bare(packed: bytes) -> set[str]:
    """The short ids of the saves of which a batch has only the id."""
    return {line.id[:16] for line in decode(packed).lines if line.reason == ERASED} if packed else set()


def take_out(db: Database, ops: Sequence[Op]) -> set[str]:
    """Take what the erasures among these saves name out of every batch, in the caller's transaction.

    The short ids of those in a batch that was seen in the feed: the server has them.
    """
    safe: set[str] = set()
    for scope in {op.scope for op in ops if op.entity == ENTITY}:
        what = said_by(op for op in ops if op.scope == scope)
        for batch_id, saves, packed in outbox.every(db, scope):
            kept, gone = without(packed, what.heads, what.records, what.rewritten)
            if gone:
                outbox.rewrite(db, batch_id, kept, saves - gone)
                if outbox.is_confirmed(db, batch_id):
                    safe |= _bare(kept) & what.heads
    return safe
