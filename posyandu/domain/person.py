"""What can be told from a person's name, NIK and KK alone: for finding people again and warning of slips.

A NIK or a KK is a hint, never a key and never a bar: many children have none yet, and some are typed wrongly.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from posyandu.domain.fields import Answers, Value
from posyandu.text import _

# fmt: off
PREFIXES = frozenset((
    "h", "hj", "haji", "hajah", "hajjah", "ny", "nyonya", "nn", "nona", "tn", "tuan", "an", "ananda", "by",
    "bayi", "dr", "drs", "dra", "ir", "prof", "sdr", "sdri", "bpk", "bapak", "pak", "ibu", "bu", "alm",
    "almh", "ust", "ustad", "ustadz", "ustaz", "ustadzah", "ustazah", "tgh", "kh", "tgk",
))
"""Forms of address: never part of what identifies someone."""

NOBLE = {
    "l": "lalu", "ll": "lalu", "lalu": "lalu", "lale": "lale", "dende": "dende", "denda": "dende",
    "b": "baiq", "bq": "baiq", "bai": "baiq", "baeq": "baiq", "baiq": "baiq", "baik": "baiq",
    "r": "raden", "rd": "raden", "rdn": "raden", "raden": "raden",
    "gst": "gusti", "gusti": "gusti", "ni": "ni", "i": "i",
}
"""Words in front of a name that some write, some shorten and some leave out: Lalu, Baiq, Raden, Gusti, I, Ni."""

MUHAMMAD = frozenset((
    "m", "md", "mhd", "muh", "moh", "mohd", "muhd", "mohm", "muhamad", "muhammad", "mohamad", "mohammad",
    "muhamat", "muhammat", "mohamed", "muhamed", "muhammed", "mochamad", "mochammad", "mukhamad", "mokhamad",
    "mukhammad", "mokhammad", "muchamad", "muchammad", "mohamat",
))
"""Ways to write Muhammad."""

SHORT = {
    "st": "siti", "sit": "siti", "abd": "abdul", "abdl": "abdul", "nrl": "nurul", "noor": "nur", "nor": "nur",
    "ach": "ahmad", "ahm": "ahmad", "akhmad": "ahmad", "achmad": "ahmad", "ahmed": "ahmad", "amad": "ahmad",
}
"""Words that are written short, or in another customary way."""

_SOUNDS = (
    ("oe", "u"), ("ae", "ai"), ("dj", "j"), ("tj", "c"), ("sj", "s"), ("nj", "ni"), ("ch", "h"), ("kh", "h"),
    ("ph", "p"), ("th", "t"), ("dh", "d"), ("dz", "s"), ("ts", "s"), ("sh", "s"), ("sy", "s"), ("ie", "i"), ("ij", "i"),
    ("q", "k"), ("f", "p"), ("v", "p"), ("x", "ks"), ("z", "s"), ("y", "i"),
)
"""Spellings that sound alike, old (Soekarno, Djoko) and new, in the order they are folded."""
# fmt: on


def fold_name(text: str) -> str:
    """The name as it sounds, for comparing: "Lalu Moh. Djunaedi" and "L. Muhammad Junaidi" give the same.

    Lower case, without marks, forms of address and noble prefixes; those are kept only when nothing else is left.
    """
    return " ".join(_core(_tokens(text)))


def search_words(text: str) -> tuple[str, ...]:
    """The words a person is to be found by: every word of the name as written and as folded, each once.

    These go into the search index. A person is found when, for each word of `query_words`, one of its beginnings
    begins one of these words. So every beginning of every word of a name finds its bearer.
    """
    return tuple(dict.fromkeys(form for token in _tokens(text) for form in (token, _spelled(token))))


def query_words(text: str) -> tuple[tuple[str, ...], ...]:
    """What a search asks for: for each word typed, the beginnings of which one must be met.

    A form of address or noble prefix is only asked for when nothing else was typed, so "L. Iqbal", "Lalu Iqbal" and
    "Iqbal" find the same people. A shortened word stands for itself and for what it may mean: "moh" is the beginning
    of Mohan and short for Muhammad.
    """
    tokens = _tokens(text)
    needed = [token for token in tokens if not _is_prefix(token)] or tokens
    return tuple(dict.fromkeys(tuple(dict.fromkeys((token, _sound(token), _spelled(token)))) for token in needed))


def matches(query: str, text: str) -> bool:
    """Whether a search for the query finds someone by this text: every word typed begins one of its words.

    For lists already in memory; the search index of the book finds the same. An empty query matches everybody.
    """
    return matcher(query)(text)


def matcher(query: str) -> Callable[[str], bool]:
    """`matches` of one query for many texts."""
    asked = query_words(query)

    def found(text: str) -> bool:
        known = search_words(text)
        return all(any(word.startswith(beginnings) for word in known) for beginnings in asked)

    return found


def folded_alike(one: str, other: str) -> bool:
    """Whether two folded names may be the same: every word of the shorter one is met in the longer one.

    A word is met by the same word, by its initial, or by one with a letter wrong, missing or too many (two from eight
    letters); at least one word must be met by more than an initial. Order does not matter.
    """
    if not one or not other:
        return False
    if one == other:
        return True
    fewer, more = sorted((one.split(), other.split()), key=len)
    rest = list(more)
    whole = False
    for word in fewer:
        met = next((candidate for candidate in rest if _same_word(word, candidate)), None)
        if met is None:
            met = next((candidate for candidate in rest if _initial(word, candidate)), None)
            if met is None:
                return False
        elif word not in ("muhamad", "siti"):
            whole = True
        rest.remove(met)
    return whole


def is_unnamed(name: str, mother_name: str = "") -> bool:
    """Whether a newborn goes by no name of its own yet: none, "By Ny Wulan", "Bayi", or just the mother's."""
    tokens = _tokens(name)
    if not tokens or tokens[0] in ("by", "bayi"):
        return True
    return bool(mother_name) and fold_name(name) == fold_name(mother_name)


@dataclass(frozen=True)
class NikReading:
    """What the digits of a NIK say: the six-digit area it was issued in, the birth date if it is one, and the sex."""

    area: str
    born_on: date | None
    sex: str


@dataclass(frozen=True)
class Hint:
    """Something worth a second look in one field, in a sentence; `suggestion` fills the field when it is accepted."""

    field: str
    sentence: str
    suggestion: Value | None = None


def read_nik(nik: str, today: date) -> NikReading | None:
    """What the NIK says, None when it is not 16 digits. Day of birth + 40 means a woman; years roll to the past.

    Source: Permendagri on population numbers (6 digits area, DDMMYY, 4 digits sequence).
    """
    if not re.fullmatch(r"[0-9]{16}", nik):
        return None
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    sex = "female" if day > 40 else "male"
    born_on = None
    for century in (today.year // 100 * 100, today.year // 100 * 100 - 100):
        try:
            born_on = date(century + year, month, day - 40 if day > 40 else day)
        except ValueError:
            continue
        if born_on <= today:
            break
        born_on = None
    return NikReading(nik[:6], born_on, sex)


def nik_hints(answers: Answers, today: date) -> tuple[Hint, ...]:
    """What the NIK and KK in these answers make doubtful, or can fill in. Never a reason not to save."""
    hints = [*_number_hints(answers)]
    nik = answers.get("nik")
    reading = read_nik(nik, today) if isinstance(nik, str) else None
    if reading is None:
        return tuple(hints)
    if reading.born_on is None:
        hints.append(Hint("nik", _("Angka ke-7 sampai 12 pada NIK bukan tanggal lahir. Periksa NIK-nya.")))
        return tuple(hints)
    if str(nik).endswith("0000"):
        hints.append(Hint("nik", _("Empat angka terakhir NIK tidak mungkin 0000. Periksa NIK-nya.")))
    born_on, sex = answers.get("born_on"), answers.get("sex")
    shown = f"{reading.born_on:%d-%m-%Y}"
    if not isinstance(born_on, date) or (answers.get("born_estimated") and born_on != reading.born_on):
        hints.append(Hint("born_on", _("Menurut NIK lahir {date}.").format(date=shown), reading.born_on))
    elif f"{born_on:%d%m%y}" != f"{reading.born_on:%d%m%y}":  # the century is not in the NIK
        sentence = _("Menurut NIK lahir {date}. Periksa tanggal lahir atau NIK.").format(date=shown)
        hints.append(Hint("born_on", sentence, reading.born_on))
    word = _("perempuan") if reading.sex == "female" else _("laki-laki")
    if sex is None:
        hints.append(Hint("sex", _("Menurut NIK {sex}.").format(sex=word), reading.sex))
    elif sex != reading.sex:
        sentence = _("Menurut NIK {sex}. Periksa jenis kelamin atau NIK.").format(sex=word)
        hints.append(Hint("sex", sentence, reading.sex))
    return tuple(hints)


def usable_number(text: Value | None) -> str:
    """The NIK or KK if it can tell people apart: 16 digits and no placeholder such as all zeros; otherwise ""."""
    if not isinstance(text, str):
        return ""
    digits = re.sub(r"[\s.\-]", "", text)
    if not re.fullmatch(r"[0-9]{16}", digits) or len(set(digits)) == 1 or digits.endswith("0000"):
        return ""
    return digits


def _number_hints(answers: Answers) -> Sequence[Hint]:
    hints = []
    for name, label in (("nik", "NIK"), ("kk", _("Nomor KK"))):
        value = answers.get(name)
        if not isinstance(value, str) or not value:
            continue
        if not re.fullmatch(r"[0-9]{16}", value):
            count = len(re.sub(r"\D", "", value))
            sentence = _("{label} biasanya 16 angka, ini {n}.").format(label=label, n=count)
            hints.append(Hint(name, sentence))
        elif not usable_number(value):
            sentence = _("{label} ini tampaknya nomor sementara. Kosongkan bila belum ada.").format(label=label)
            hints.append(Hint(name, sentence))
    if answers.get("nik") and answers.get("nik") == answers.get("kk"):
        hints.append(Hint("kk", _("NIK dan nomor KK sama. Periksa salah satunya.")))
    return hints


def _tokens(text: str) -> list[str]:
    """The words, lower case, without marks. Apostrophes and hyphens bind (Ma'ruf, Nur-Aini), points part (Moh.Ali)."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"['’‘`´ʼ\-‐-–]", "", plain)
    return re.findall(r"[a-z0-9]+", plain)


def _core(tokens: Sequence[str]) -> list[str]:
    kept = [token for token in tokens if not _is_prefix(token)] or list(tokens)
    return [_spelled(token) for token in kept]


def _is_prefix(token: str) -> bool:
    return token in PREFIXES or token in NOBLE


def _spelled(token: str) -> str:
    """The folded word, written out when it is a customary short form."""
    if token in MUHAMMAD:
        return "muhamad"
    return _sound(NOBLE.get(token) or SHORT.get(token) or token)


def _sound(token: str) -> str:
    """The word as it sounds: old and new spellings alike, double letters once."""
    for written, sound in _SOUNDS:
        token = token.replace(written, sound)
    token = re.sub(r"(.)\1+", r"\1", token)
    # A final or inner silent h is written or not as one pleases: Fatimah, Fatima; Sholeh, Soleh.
    return re.sub(r"(?<=[a-z])h$", "", token)


def _initial(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) == 1 and long.startswith(short)


@lru_cache(maxsize=50_000)
def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if shorter < 4:
        return False
    return _within(one, other, 2 if shorter >= 8 else 1)


def _within(one: str, other: str, allowed: int) -> bool:
    """Whether at most `allowed` letters must be changed, added, dropped or swapped with a neighbour."""
    if abs(len(one) - len(other)) > allowed:
        return False
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, opposite in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == opposite:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > allowed:
            return False
    return row[-1] <= allowed
