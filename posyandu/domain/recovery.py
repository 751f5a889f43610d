"""Letters and digits that people read to each other by telephone: the request of a locked book, and its answer.

A kader who forgot the PIN reads the request of ten letters on her lock screen to the puskesmas. The officer types it
and the book's recovery key, and reads back 24 digits: they open that book on that laptop, once. Nobody needs a network,
and the recovery key is never spoken. Each group checks itself, so that what was misheard is told at once.
"""

import hashlib
import hmac
import secrets

from posyandu.domain.errors import BadInput, WrongRecoveryKey
from posyandu.text import _

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's letters: none looks like another."""

KEY_LETTERS, KEY_CHECK, KEY_GROUP = 26, 2, 4
"""A recovery key has 130 random bits, two letters that check them, and is written in groups."""

REQUEST_LETTERS, REQUEST_CHECK = 8, 2
GROUPS, GROUP_DIGITS = 6, 4
"""Three digits of each group are the answer, 60 bits together, and the last checks them."""


def plain(typed: str) -> str:
    """What was typed, in these letters alone: o is 0, i and l are 1."""
    letters = typed.upper().translate(str.maketrans("OIL", "011"))
    return "".join(letter for letter in letters if letter in ALPHABET)


def check_letters(letters: str, number: int = 2) -> str:
    """Letters that tell a mistyped one."""
    digest = hashlib.sha256(letters.encode()).digest()
    return "".join(ALPHABET[byte % 32] for byte in digest[:number])


def key_text(letters: str) -> str:
    """A recovery key as it is printed, with the letters that check it."""
    whole = letters + check_letters(letters, KEY_CHECK)
    return "-".join(whole[start : start + KEY_GROUP] for start in range(0, len(whole), KEY_GROUP))


def read_key(typed: str) -> str:
    """The letters of a recovery key as typed, without those that check it. Raises WrongRecoveryKey."""
    letters = plain(typed)
    if len(letters) != KEY_LETTERS + KEY_CHECK:
        raise WrongRecoveryKey(
            _("Kunci pemulihan terdiri dari {n} huruf dan angka. Periksa lagi lembarannya.").format(
                n=KEY_LETTERS + KEY_CHECK
            )
        )
    if check_letters(letters[:KEY_LETTERS], KEY_CHECK) != letters[KEY_LETTERS:]:
        raise WrongRecoveryKey(_("Ada huruf yang salah ketik. Cocokkan lagi dengan lembar kunci pemulihan."))
    return letters[:KEY_LETTERS]


def phone_seed(recovery_letters: str) -> bytes:
    """What answers requests, made of the recovery key; the key cannot be told from it."""
    return hmac.digest(recovery_letters.encode(), b"posyandu phone seed 1", "sha256")


def new_request() -> str:
    """A new request."""
    letters = "".join(secrets.choice(ALPHABET) for _place in range(REQUEST_LETTERS))
    return letters + check_letters(letters, REQUEST_CHECK)


def request_text(request: str) -> str:
    """As it is shown and read out: "K7QM2-XA94T"."""
    return f"{request[:5]}-{request[5:]}"


def read_request(typed: str) -> str:
    """A request as typed by the officer. Raises BadInput."""
    letters = plain(typed)
    if len(letters) != REQUEST_LETTERS + REQUEST_CHECK:
        raise BadInput(_("Permintaan terdiri dari 10 huruf dan angka. Minta dibacakan lagi."))
    if check_letters(letters[:REQUEST_LETTERS], REQUEST_CHECK) != letters[REQUEST_LETTERS:]:
        raise BadInput(_("Ada huruf permintaan yang salah dengar. Minta dibacakan lagi."))
    return letters


def answer(seed: bytes, request: str) -> str:
    """The digits that answer a request, in groups as they are read out: "0417 8806 …"."""
    digest = hmac.digest(seed, b"posyandu phone answer 1 " + request.encode(), "sha256")
    drawn = int.from_bytes(digest) % 1000**GROUPS
    groups = [f"{drawn // 1000**place % 1000:03}" for place in range(GROUPS)]
    return " ".join(group + _check_digit(place, group) for place, group in enumerate(groups))


def answer_with_key(request: str, recovery_key: str) -> str:
    """What the officer reads back, from the two as typed. Raises BadInput, WrongRecoveryKey."""
    told = read_request(request)
    return answer(phone_seed(read_key(recovery_key)), told)


def read_answer(typed: str) -> str:
    """An answer as typed by the kader, in digits alone. Raises BadInput that says which group was misheard."""
    digits = "".join(letter for letter in typed if letter.isascii() and letter.isdigit())
    if len(digits) != GROUPS * GROUP_DIGITS:
        raise BadInput(_("Kode terdiri dari 24 angka, 6 kelompok. Yang diketik {n} angka.").format(n=len(digits)))
    for place in range(GROUPS):
        group = digits[place * GROUP_DIGITS :][:GROUP_DIGITS]
        if _check_digit(place, group[:-1]) != group[-1]:
            raise BadInput(
                _("Kelompok ke-{n} ({group}) salah dengar. Minta dibacakan lagi.").format(n=place + 1, group=group)
            )
    return digits


def _check_digit(place: int, group: str) -> str:
    """Weights without a common factor with 10 tell every wrong digit and most swaps, also of whole groups."""
    return str((sum(weight * int(digit) for weight, digit in zip((3, 7, 9), group, strict=True)) + place) % 10)


CONSONANTS, VOWELS = "bdghjklmnprstw", "aiuo"
SYLLABLES = tuple(first + second for first in CONSONANTS for second in VOWELS)
DAY_WORDS = 5
"""Of two syllables each; the last syllable checks the nine others, which are 52 random bits."""


def new_day_words() -> str:
    """A new passphrase of the day: "bamu kilo tura sapo duni", as anybody here pronounces and writes it."""
    drawn = [secrets.choice(SYLLABLES) for _place in range(2 * DAY_WORDS - 1)]
    return _words("".join(drawn))


def read_day_words(typed: str) -> str:
    """A passphrase as typed, in small letters and single spaces. Raises BadInput for what was never given out."""
    letters = "".join(letter for letter in typed.lower() if letter.isalpha())
    pairs = [letters[place : place + 2] for place in range(0, len(letters), 2)]
    if len(pairs) != 2 * DAY_WORDS:
        raise BadInput(_("Kata sandi hari ini terdiri dari {n} kata, seperti di kartu kunci.").format(n=DAY_WORDS))
    wrong = next((place for place, pair in enumerate(pairs) if pair not in SYLLABLES), None)
    if wrong is not None:
        raise BadInput(_("Kata ke-{n} salah ketik. Cocokkan dengan kartu kunci.").format(n=wrong // 2 + 1))
    told = _words("".join(pairs[:-1]))
    if told.replace(" ", "") != letters:
        raise BadInput(_("Ada kata yang salah ketik. Cocokkan dengan kartu kunci."))
    return told


def _words(letters: str) -> str:
    digest = hashlib.sha256(letters.encode()).digest()
    letters += SYLLABLES[int.from_bytes(digest[:4]) % len(SYLLABLES)]
    return " ".join(letters[place : place + 4] for place in range(0, len(letters), 4))
