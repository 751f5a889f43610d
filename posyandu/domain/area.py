"""Kemendagri area codes: 52 is a provinsi, 5202 a kabupaten, 520201 a kecamatan, 5202012003 a desa.

Inside the app a code is digits only; on paper and in the ministry's lists it has points (52.02.01.2003).
"""

import re
from collections.abc import Iterable
from enum import Enum

from posyandu.domain.errors import BadInput
from posyandu.text import N_, _


class AreaLevel(Enum):
    """The four levels of administration, by the number of digits of their codes."""

    PROVINCE = 2
    REGENCY = 4
    DISTRICT = 6
    VILLAGE = 10

    @property
    def label(self) -> str:
        """What the level is called."""
        return _(_LABELS[self])


_LABELS = {
    AreaLevel.PROVINCE: N_("Provinsi"),
    AreaLevel.REGENCY: N_("Kabupaten atau kota"),
    AreaLevel.DISTRICT: N_("Kecamatan"),
    AreaLevel.VILLAGE: N_("Desa atau kelurahan"),
}
_LENGTHS = tuple(level.value for level in AreaLevel)


def parse_code(text: str) -> str:
    """The code as digits only. Raises BadInput when it is none of the four kinds."""
    digits = text.strip().replace(".", "")
    if not re.fullmatch(r"[0-9]+", digits) or len(digits) not in _LENGTHS or digits.startswith("0"):
        raise BadInput(_("Kode wilayah terdiri dari 2, 4, 6 atau 10 angka, misalnya 52.02.01.2003."))
    return digits


def level(code: str) -> AreaLevel:
    """Which level a code is of. Raises BadInput when it is no code."""
    return AreaLevel(len(parse_code(code)))


def contains(area: str, inner: str) -> bool:
    """Whether the area is, or encloses, the inner one."""
    return parse_code(inner).startswith(parse_code(area))


def covers(prefixes: Iterable[str], code: str) -> bool:
    """Whether a scope given as a list of area codes takes in this one (a puskesmas may cross kecamatan borders)."""
    return any(contains(prefix, code) for prefix in prefixes)


def narrowest(codes: Iterable[str]) -> tuple[str, ...]:
    """The same scope without areas that lie in another one of it, sorted."""
    known = sorted({parse_code(code) for code in codes})
    return tuple(code for code in known if not any(other != code and code.startswith(other) for other in known))
