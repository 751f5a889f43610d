"""A small batch as it goes up: ids as bytes, what the reader knows or can reckon left out, a dictionary shared.

Only the packing differs. What comes out is the batch to the byte, under its id and signature; laptops and servers keep
it in the form that every version reads, and laptops get it so. A batch that would not come out as it was goes as it is.
See docs/sync.md.
"""

import hashlib
import re
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import zstandard

from posyandu.domain.errors import BadInput
from posyandu.sync.batch import MAX_UNPACKED, hash_of_ids, unpack

READS = 2
"""What this version reads: 1 batches as they are kept, 2 tight ones too. Both sides say it; none is used unsaid."""
BELOW = 2048
"""Larger batches gain too little to be packed twice."""
MOST_OPENED = 16 * 1024
"""Shortened, of one batch: what a server opens for a stranger's few bytes stays little."""
_MARK = b"\x02"
_MAGIC = b"\x28\xb5\x2f\xfd"
_SIGNATURE_BYTES = 64
_ID = re.compile(rb'"((?:[0-9a-f]{16}){1,4})"')
_STEP = 8
_TOKENS = re.compile(rb"[\x01-\x04]")
_SAVES, _RECORD = b"\x05", b"\x06"
_VISIT_SPACE = uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c02")
_OF_VISIT = tuple(
    map(re.compile, (rb'"e":"([a-z_0-9]{1,40})"', rb'"person_id":"([0-9a-f]{32})"', rb'"session_id":"([0-9a-f]{32})"'))
)


@dataclass(frozen=True)
class Sender:
    """Who sends the request a batch is in: of its own batches it need not be said again."""

    device: str
    incarnation: str

    @property
    def left_out(self) -> tuple[tuple[bytes, bytes], ...]:
        """What stands in a header, and what for it in a tight one."""
        return (b'"dev":"%b"' % self.device.encode(), b'"dev":\x07'), (
            b'"inc":"%b"' % self.incarnation.encode(),
            b'"inc":\x08',
        )


def tighten(packed: bytes, sender: Sender) -> bytes:
    """The batch for the way up to a server that reads it."""
    if len(packed) >= BELOW:
        return packed
    content = unpack(packed, MAX_UNPACKED)
    tight = _MARK + _compressor().compress(_shorten(content, sender))[len(_MAGIC) :]
    try:
        came_out = _lengthen(_opened(tight), sender)
    except BadInput:
        return packed
    return tight if came_out == content and len(tight) < len(packed) else packed


def loosen(blob: bytes, sender: Sender) -> bytes:
    """The batch as it is kept. Raises BadInput for what begins like a tight one and is none."""
    if not blob.startswith(_MARK):
        return blob
    return zstandard.ZstdCompressor(level=9).compress(_lengthen(_opened(blob), sender))


def _opened(tight: bytes) -> bytes:
    return unpack(_MAGIC + tight[len(_MARK) :], MOST_OPENED, _dictionary())


def _shorten(content: bytes, sender: Sender) -> bytes:
    head, _newline, rest = content.partition(b"\n")
    lines = rest[_SIGNATURE_BYTES:].split(b"\n")
    head = head.replace(b'"oph":"%b"' % _hash_of(lines), b'"oph":' + _SAVES, 1)
    for told, short in sender.left_out:
        head = head.replace(told, short, 1)
    shorter = [head, *(line.replace(b'"r":"%b"' % _visit_of(line), b'"r":' + _RECORD, 1) for line in lines)]
    text = _ID.sub(lambda found: bytes((len(found[1]) // 16,)) + bytes.fromhex(found[1].decode()), b"\n".join(shorter))
    return rest[:_SIGNATURE_BYTES] + text


def _lengthen(short: bytes, sender: Sender) -> bytes:
    signature, text = short[:_SIGNATURE_BYTES], short[_SIGNATURE_BYTES:]
    parts, at = [], 0
    while found := _TOKENS.search(text, at):
        end = found.end() + text[found.start()] * _STEP
        parts += [text[at : found.start()], b'"%b"' % text[found.end() : end].hex().encode()]
        at = end
    head, _newline, rest = b"".join((*parts, text[at:])).partition(b"\n")
    lines = [line.replace(_RECORD, b'"%b"' % _visit_of(line), 1) for line in rest.split(b"\n")]
    head = head.replace(_SAVES, b'"%b"' % _hash_of(lines), 1)
    for told, short_form in sender.left_out:
        head = head.replace(short_form, told, 1)
    return head + b"\n" + signature + b"\n".join(lines)


def _hash_of(lines: Sequence[bytes]) -> bytes:
    """The hash over the ids of the saves that the header names; an erased one is its bare id."""
    ids = (
        line[1:33].decode("ascii", "replace") if re.fullmatch(rb'"[0-9a-f]{32}"', line)
        else hashlib.sha256(line).hexdigest()[:32]
        for line in lines
    )  # fmt: skip
    return hash_of_ids(ids).encode()


def _visit_of(line: bytes) -> bytes:
    """The record of a visit, which follows from its form, day and person; nothing for other saves."""
    parts, at = [], 0
    for pattern in _OF_VISIT:  # one after the other: a hostile line takes no longer than an honest one
        found = pattern.search(line, at)
        if found is None:
            return b""
        parts.append(found[1].decode())
        at = found.end()
    form, person, session = parts
    return uuid.uuid5(_VISIT_SPACE, f"{form} {session} {person}").hex.encode()


@cache
def _dictionary() -> zstandard.ZstdCompressionDict:
    """Never changes: another one would be another number that READS counts."""
    return zstandard.ZstdCompressionDict(resources.files("posyandu.sync").joinpath("tight-2.zdict").read_bytes())


_own = threading.local()


def _compressor() -> zstandard.ZstdCompressor:
    """One for each thread: two threads in one compressor at the same time crash the process."""
    if not hasattr(_own, "compressor"):
        _own.compressor = zstandard.ZstdCompressor(level=19, dict_data=_dictionary(), write_dict_id=False)
    made: zstandard.ZstdCompressor = _own.compressor
    return made
