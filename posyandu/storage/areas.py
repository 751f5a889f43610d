"""All areas of Indonesia by code and name, from resources/areas: kept in memory, found while typing.

Measured against an SQLite table: the list needs no filling at first start and no room in the book.
"""

import lzma
import re
import struct
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from posyandu import paths
from posyandu.domain.area import AreaLevel
from posyandu.text import N_, _

MOST_HITS = 500

LEVELS = (AreaLevel.PROVINCE, AreaLevel.REGENCY, AreaLevel.DISTRICT, AreaLevel.VILLAGE)

KINDS = {
    "province": N_("Provinsi"),
    "regency": N_("Kabupaten"),
    "city": N_("Kota"),
    "district": N_("Kecamatan"),
    "urban": N_("Kelurahan"),
    "village": N_("Desa"),
}


@dataclass(frozen=True)
class Area:
    """One area. `kind` is a key of KINDS; `path` the names from itself up to its provinsi, with commas."""

    code: str
    name: str
    kind: str
    path: str

    @property
    def kind_label(self) -> str:
        """What such an area is called."""
        return _(KINDS[self.kind])


@dataclass(frozen=True)
class _List:
    """Everything, ordered by level and code: codes, names as bytes between newlines, folded alike, line starts."""

    codes: "array[int]"
    firsts: tuple[int, ...]
    names: list[bytes]
    folded: bytes
    starts: "array[int]"


def get(code: str) -> Area | None:
    """The area of a code, with or without points; None when there is none such."""
    digits = code.replace(".", "")
    if not digits.isdigit():
        return None
    place = _place(digits)
    return None if place is None else _area(place)


def search(
    text: str, prefix: str = "", *, near: str = "", level: AreaLevel | None = AreaLevel.VILLAGE, limit: int = 20
) -> list[Area]:
    """Areas with a word of the name beginning like what was typed: exact names first, then beginnings, then words.

    Further words may be of the areas above: "hu'u dompu". `prefix` keeps to the area of a code; `near` puts those
    that share most of a code (the own kecamatan, kabupaten, provinsi) first; `level` None searches all levels.
    A code may be typed instead of a name.
    """
    typed = _fold(text.encode("ascii", "ignore")).decode()
    words = typed.split()
    if not words:
        return []
    prefix, near = prefix.replace(".", ""), near.replace(".", "")
    digits = re.sub(r"[. ]", "", text)
    if digits.isdigit():
        return [_area(place) for place in _below(digits, level, limit) if _code(place).startswith(prefix)]
    found: dict[int, int] = {}
    for around in dict.fromkeys((near[:4], near[:2], "")):
        inside = around if around.startswith(prefix) else prefix
        spans = _spans(inside, level)
        found |= {place: rank for place, rank in _named(typed.strip(), spans) if place not in found}
        if len(words) > 1 and len(found) < limit:
            for place, rank in _named(words[0], spans):
                further = None if place in found else _above_has(place, words[1:])
                found |= {} if further is None else {place: rank + further}
        if len(found) >= limit:
            break
    order = sorted(found, key=lambda place: (-_shared(_code(place), near), found[place], _list().names[place], place))
    return [_area(place) for place in order[:limit]]


def load() -> None:
    """Read the list now: a worker thread does so before a search box opens."""
    _list()


@cache
def _list() -> _List:
    content = lzma.decompress((paths.resources() / "areas" / "areas.xz").read_bytes())
    head, content = content.split(b"\n", 1)
    counts = [int(count) for count in head.split()]
    steps = struct.unpack_from(f"<{sum(counts)}i", content)
    text = content[4 * sum(counts) :]
    folded = b"\n" + _fold(text) + b"\n"
    starts = array("i", [match.end() for match in re.finditer(rb"\n", folded)])
    return _List(array("q", accumulate(steps)), (0, *accumulate(counts)), text.split(b"\n"), folded, starts)


def _fold(text: bytes) -> bytes:
    """Lower case, without apostrophes; brackets, dashes, points and slashes part words."""
    return text.lower().translate(_BLANK, b"'`")


_BLANK = bytes.maketrans(b"().,-/", b"      ")


def _named(typed: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """(place, rank) of areas in whose name a word begins so: 0 the whole name, 1 its beginning, 2 a later word.

    Of very many only the first are given: whoever typed two letters will type a third.
    """
    known = _list()
    for mark, rank in ((b"\n", 1), (b" ", 2)):
        beginning = mark + typed.encode()
        for first, last in spans:
            at, end = known.starts[first] - 1, known.starts[last] - 1
            for _hit in range(MOST_HITS):
                at = known.folded.find(beginning, at, end)
                if at < 0:
                    break
                is_whole = rank == 1 and known.folded[at + len(beginning) : at + len(beginning) + 1] == b"\n"
                yield bisect_right(known.starts, at + 1) - 1, 0 if is_whole else rank
                at += 1


def _spans(prefix: str, level: AreaLevel | None) -> list[tuple[int, int]]:
    """The runs of places at a level (or all) inside the area of a code prefix."""
    known = _list()
    runs = []
    for index, each in enumerate(LEVELS):
        if level in (None, each):
            first, last = known.firsts[index], known.firsts[index + 1]
            if len(prefix) <= each.value:
                scale = 10 ** (each.value - len(prefix))
                low = int(prefix or 0) * scale
                high = (int(prefix) + 1) * scale if prefix else 10**each.value
                first = bisect_left(known.codes, low, first, last)
                last = bisect_left(known.codes, high, first, last)
                runs.append((first, last))
    return runs


def _below(digits: str, level: AreaLevel | None, limit: int) -> list[int]:
    """The first places whose code begins with these digits."""
    return [place for first, last in _spans(digits, level) for place in range(first, last)][:limit]


def _place(digits: str) -> int | None:
    known = _list()
    for index, each in enumerate(LEVELS):
        if len(digits) == each.value:
            place = bisect_left(known.codes, int(digits), known.firsts[index], known.firsts[index + 1])
            if place < known.firsts[index + 1] and known.codes[place] == int(digits):
                return place
    return None


def _code(place: int) -> str:
    return str(_list().codes[place])


def _parents(place: int) -> list[int]:
    """The places above, nearest first."""
    code = _code(place)
    above = [_place(code[: each.value]) for each in reversed(LEVELS) if each.value < len(code)]
    return [each for each in above if each is not None]


def _above_has(place: int, words: list[str]) -> int | None:
    """3 when the words are met one after the other in the area's name or those above it, 6 when each is, else None."""
    known = _list()
    names = b" ".join(known.names[each] for each in (place, *_parents(place)))
    folded = " " + _fold(names).decode()
    if not all(f" {word}" in folded for word in words):
        return None
    return 3 if " " + " ".join(words) in folded else 6


def _shared(code: str, near: str) -> int:
    """How many levels of the code are those of `near`."""
    return sum(code[: each.value] == near[: each.value] for each in LEVELS if len(near) >= each.value)


def _area(place: int) -> Area:
    known = _list()
    names = [known.names[each].decode() for each in (place, *_parents(place))]
    return Area(_code(place), names[0], _kind(_code(place), names[0]), ", ".join(names))


def _kind(code: str, name: str) -> str:
    match len(code):
        case 2:
            return "province"
        case 4:
            return "city" if name.startswith("Kota ") else "regency"
        case 6:
            return "district"
    return "urban" if code[6] == "1" else "village"
