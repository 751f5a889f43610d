"""Region codes as the server uses them: 52.02.01.2001 is a village, 52.02 its regency, any part of it a prefix."""

import re
from collections.abc import Iterable

from posyandu.domain.errors import BadInput

_VILLAGE = re.compile(r"\d\d\.\d\d\.\d\d\.\d{4}")
_PREFIX = re.compile(r"\d\d\.\d\d(\.\d\d(\.\d{4})?)?")


def is_village(code: str) -> bool:
    """Whether this is a village code in its dotted form."""
    return _VILLAGE.fullmatch(code) is not None


def is_inside(code: str, prefixes: Iterable[str]) -> bool:
    """Whether a region lies in one of these, or is one of them."""
    return any(code == prefix or code.startswith(prefix + ".") for prefix in prefixes)


def read_prefixes(text: str) -> tuple[str, tuple[str, ...]]:
    """The regency and the region codes in "52.02.01.2001, 52.02.03". Raises BadInput.

    One device works in one regency, so that its data lies in one partition.
    """
    prefixes = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not prefixes:
        raise BadInput("Sebutkan paling sedikit satu kode wilayah, misalnya 52.02.01.2001")
    for prefix in prefixes:
        if not _PREFIX.fullmatch(prefix):
            raise BadInput(f"{prefix} bukan kode kabupaten, kecamatan atau desa, misalnya 52.02.01.2001")
    regencies = {prefix[:5] for prefix in prefixes}
    if len(regencies) > 1:
        raise BadInput("Satu laptop hanya untuk wilayah di satu kabupaten atau kota")
    return regencies.pop(), prefixes
