"""What a laptop does with its batches when saves are erased by law (docs/sync.md)."""

from collections.abc import Sequence

from posyandu.domain.change import Op
from posyandu.domain.erasing import ENTITY, said_by
from posyandu.storage import erased, outbox
from posyandu.storage.database import Database
from posyandu.sync.batch import ERASED, Batch, without


def keepable(db: Database, batch: Batch, packed: bytes) -> tuple[bytes, int]:
    """What of an arriving batch may be kept, without saves that were erased before it came, and how many are left."""
    gone = erased.heads_among(db, (line.id[:16] for line in batch.lines if line.op is not None))
    kept, taken = without(packed, gone) if gone else (packed, 0)
    return kept, batch.header.count - taken - sum(line.reason == ERASED for line in batch.lines)


def take_out(db: Database, ops: Sequence[Op]) -> None:
    """Take what the erasures among these saves name out of every batch, in the caller's transaction."""
    for scope in {op.scope for op in ops if op.entity == ENTITY}:
        heads = said_by(op for op in ops if op.scope == scope).heads
        for batch_id, saves, packed in outbox.every(db, scope):
            kept, gone = without(packed, heads)
            if gone:
                outbox.rewrite(db, batch_id, kept, saves - gone)
