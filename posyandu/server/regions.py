"""Region codes as the administrator gives them, and where a laptop may work."""

from posyandu.domain.area import AreaLevel, level, narrowest, parse_code
from posyandu.domain.errors import BadInput


def is_village(code: str) -> bool:
    """Whether this is a village code in digits."""
    try:
        return parse_code(code) == code and level(code) is AreaLevel.VILLAGE
    except BadInput:
        return False


def read_prefixes(text: str) -> tuple[str, tuple[str, ...]]:
    """The regency and the region codes in "52.02.01.2001, 520203". Raises BadInput.

    One device works in one regency, so that its data lies in one partition.
    """
    codes = narrowest(part for part in text.split(",") if part.strip())
    if not codes:
        raise BadInput("Sebutkan paling sedikit satu kode wilayah, misalnya 52.02.01.2001")
    if any(level(code) is AreaLevel.PROVINCE for code in codes) or len({code[:4] for code in codes}) > 1:
        raise BadInput("Satu laptop hanya untuk wilayah di satu kabupaten atau kota")
    return codes[0][:4], codes
