"""Train the dictionary of tight batches on generated villages: `python tools/make_dictionary.py`.

Made once for each number of `posyandu.sync.tight.READS`, and never again: batches on their way are read with it.
"""

import random
import sys
from pathlib import Path

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.domain.calendar import Month
from posyandu.domain.change import Op
from posyandu.services.sample import book, village
from posyandu.storage import database, journal, records, reference
from posyandu.sync import tight
from posyandu.sync.batch import MAX_UNPACKED, seal, unpack

TARGET = Path(tight.__file__).with_name(f"tight-{tight.READS}.zdict")
SIZE = 32 * 1024
NOBODY = tight.Sender("", "")


def batches(seed: int, amount: int) -> list[bytes]:
    """Small batches of a generated village, a few saves each, packed."""
    dice = random.Random(seed)
    db = database.open_memory()
    entries = village.generate(seed, reference.growth_tables(), posts=1, months=4, until=Month(2026, 10))
    book.write(db, entries, records.Author(_id(dice), _id(dice)))
    by_entity: dict[str, list[Op]] = {}
    for op in journal.unsealed(db):
        by_entity.setdefault(op.entity, []).append(op)
    db.close()
    found = []
    for _number in range(amount):
        ops = by_entity[dice.choice(sorted(by_entity))]
        start, key = dice.randrange(len(ops)), Ed25519PrivateKey.from_private_bytes(dice.randbytes(32))
        found.append(
            seal(
                ops[start : start + dice.choice((1, 1, 2, 4))], key, device=_id(dice), incarnation=_id(dice)[:16],
                sequence=dice.randrange(1, 400), previous=_id(dice) + _id(dice),
                area=f"52030{dice.randrange(10**5):05}", app="0.1.0", schema=dice.randrange(1, 4),
                at_ms=1_790_000_000_000 + dice.randrange(10**11),
            )[1]
        )  # fmt: skip
    return found


def _id(dice: random.Random) -> str:
    return f"{dice.getrandbits(128):032x}"


def main() -> int:
    """Write the dictionary, unless it is there."""
    if TARGET.exists():
        sys.exit(f"{TARGET.name} stands; it never changes")
    samples: list[bytes | bytearray | memoryview] = []
    for seed in range(6):
        contents = (unpack(packed, MAX_UNPACKED) for packed in batches(seed, 500))
        samples += (tight._shorten(content, NOBODY) for content in contents)  # noqa: SLF001
    TARGET.write_bytes(zstandard.train_dictionary(SIZE, samples, level=19).as_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
