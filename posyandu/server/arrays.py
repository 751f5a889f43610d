"""Long arrays as PostgreSQL reads them, joined at once: psycopg would ask every element anew what it is."""

import struct
from collections.abc import Iterable, Sequence
from itertools import chain, repeat

import orjson
import psycopg
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format

_TEXT, _BIGINT, _JSONB = 25, 20, 3802
_length = struct.Struct("!i").pack
_NULL = _length(-1)
_VERSION = b"\x01"
"""Of the binary form of jsonb."""


class Texts(bytes):
    """A text[]."""


class Numbers(bytes):
    """A bigint[]."""


class Documents(bytes):
    """A jsonb[]."""


def texts(values: Iterable[str]) -> Texts:
    """These texts, in order."""
    return Texts(_array(_TEXT, [value.encode() for value in values]))


def numbers(values: Sequence[int]) -> Numbers:
    """These numbers, in order."""
    many = len(values)
    return Numbers(_head(_BIGINT, many) + struct.pack(f"!{'iq' * many}", *chain.from_iterable(zip(repeat(8), values))))


def documents(values: Iterable[object]) -> Documents:
    """These values as JSON, in order; None is NULL, and bytes are JSON already."""
    texts = [each if each is None or type(each) is bytes else orjson.dumps(each) for each in values]
    return Documents(_array(_JSONB, [each if each is None else _VERSION + each for each in texts]))


def _array(kind: int, elements: Sequence[bytes | None]) -> bytes:
    if None in elements:
        parts = ((_NULL,) if each is None else (_length(len(each)), each) for each in elements)
        return _head(kind, len(elements)) + b"".join(chain.from_iterable(parts))
    sizes = map(_length, map(len, elements))  # type: ignore[arg-type]
    return _head(kind, len(elements)) + b"".join(chain.from_iterable(zip(sizes, elements, strict=True)))  # type: ignore[arg-type]


def _head(kind: int, many: int) -> bytes:
    """Dimensions, whether there may be NULLs, the type of the elements; their number, and where counting begins."""
    return struct.pack("!5i", 1, 1, kind, many, 1) if many else struct.pack("!3i", 0, 0, kind)


class _Dumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> Buffer:
        return obj


class _TextsDumper(_Dumper):
    oid = 1009


class _NumbersDumper(_Dumper):
    oid = 1016


class _DocumentsDumper(_Dumper):
    oid = 3807


for _kind, _dumper in ((Texts, _TextsDumper), (Numbers, _NumbersDumper), (Documents, _DocumentsDumper)):
    psycopg.adapters.register_dumper(_kind, _dumper)
