"""What is read out by telephone and typed from a card: every slip of one letter is told, none is taken for another."""

import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import recovery
from posyandu.domain.errors import BadInput, WrongRecoveryKey

SEED = recovery.phone_seed("0123456789ABCDEFGHJKMNPQRS")
REQUEST = "K7QM2XA9" + recovery.check_letters("K7QM2XA9")


@given(st.integers(0, 9), st.sampled_from(recovery.ALPHABET))
def test_one_misheard_letter_of_a_request_is_never_taken_for_another_request(place: int, letter: str) -> None:
    request = recovery.new_request()
    assert recovery.read_request(recovery.request_text(request).lower()) == request
    changed = request[:place] + letter + request[place + 1 :]
    if changed != request:
        try:
            assert recovery.read_request(changed) != request, "two check letters let one in a thousand through"
        except BadInput as error:
            assert "salah dengar" in str(error)


@given(st.integers(0, 23), st.sampled_from(string.digits))
def test_one_misheard_digit_of_an_answer_names_its_group(place: int, digit: str) -> None:
    told = recovery.answer(SEED, recovery.new_request())
    digits = told.replace(" ", "")
    assert recovery.read_answer(told) == digits
    assert [len(group) for group in told.split()] == [4] * 6
    changed = digits[:place] + digit + digits[place + 1 :]
    if changed != digits:
        with pytest.raises(BadInput, match=f"Kelompok ke-{place // 4 + 1} "):
            recovery.read_answer(changed)


def test_two_groups_that_changed_places_are_told() -> None:
    groups = recovery.answer(SEED, REQUEST).split()
    swapped = [groups[1], groups[0], *groups[2:]]
    assert groups[0] != groups[1]
    with pytest.raises(BadInput, match="Kelompok ke-1"):
        recovery.read_answer(" ".join(swapped))


def test_an_answer_belongs_to_one_request_and_one_key_and_is_the_same_every_time() -> None:
    told = recovery.answer(SEED, REQUEST)
    assert told == recovery.answer(SEED, REQUEST)
    others = {recovery.answer(SEED, recovery.new_request()) for _try in range(200)}
    others |= {recovery.answer(recovery.phone_seed(f"{n:026}"), REQUEST) for n in range(200)}
    assert len(others | {told}) == 401
    assert SEED not in b"0123456789ABCDEFGHJKMNPQRS"


@pytest.mark.parametrize("typed", ["", "K7QM2", "K7QM2XA9000000", "!!!!!-?????"])
def test_what_is_no_request_is_told(typed: str) -> None:
    with pytest.raises(BadInput, match="10 huruf"):
        recovery.read_request(typed)


@pytest.mark.parametrize(("typed", "told"), [("", 0), ("1234", 4), ("\u0661" * 24, 0), ("12 " * 13, 26)])
def test_what_is_no_answer_says_how_many_digits_it_has(typed: str, told: int) -> None:
    with pytest.raises(BadInput, match=f"diketik {told} angka"):
        recovery.read_answer(typed)


def test_guessing_is_hopeless_by_count() -> None:
    """60 bits of an answer and 52 of the words, each guess at the price of argon2id's floor (0.03 s on a fast core)."""
    assert math.log2(1000**recovery.GROUPS) > 59
    words = (2 * recovery.DAY_WORDS - 1) * math.log2(len(recovery.SYLLABLES))
    assert words > 52
    assert 2**52 * 0.03 / (365 * 86_400) > 4_000_000, "years of one core for the words alone"


@given(st.integers(0, 19), st.sampled_from(string.ascii_lowercase))
def test_one_wrong_letter_of_the_words_is_told(place: int, letter: str) -> None:
    words = recovery.new_day_words()
    assert recovery.read_day_words(f"  {words.upper().replace(' ', ' - ')} ") == words
    assert [len(word) for word in words.split()] == [4] * 5
    letters = words.replace(" ", "")
    changed = letters[:place] + letter + letters[place + 1 :]
    if changed != letters:
        try:
            assert recovery.read_day_words(changed) != words, "one check syllable lets one in fifty through"
        except BadInput as error:
            assert "salah ketik" in str(error)


@pytest.mark.parametrize(
    ("typed", "told"), [("", "5 kata"), ("bamu kilo", "5 kata"), ("bamu kxlo tura sapo duni", "Kata ke-2")]
)
def test_what_are_no_words_is_told(typed: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        recovery.read_day_words(typed)


def test_a_recovery_key_is_read_as_printed_and_every_slip_is_told() -> None:
    printed = recovery.key_text("0123456789ABCDEFGHJKMNPQRS")
    assert [len(group) for group in printed.split("-")] == [4] * 7
    assert recovery.read_key(printed.lower().replace("-", " ").replace("0", "o")) == "0123456789ABCDEFGHJKMNPQRS"
    with pytest.raises(WrongRecoveryKey, match="28 huruf"):
        recovery.read_key(printed[:-1])
    with pytest.raises(WrongRecoveryKey, match="salah ketik"):
        recovery.read_key("1" + printed[1:])
    told = recovery.answer_with_key(recovery.request_text(REQUEST), printed)
    assert told == recovery.answer(SEED, REQUEST)


def test_words_are_drawn_anew_each_time() -> None:
    assert len({recovery.new_day_words() for _try in range(500)}) == 500
    assert len({recovery.new_request() for _try in range(500)}) == 500


KEY = "0123456789ABCDEFGHJKMNPQRS"
PRINTED = recovery.key_text(KEY)


def test_a_key_is_printed_in_groups_of_four() -> None:
    assert [len(group) for group in PRINTED.split("-")] == [4] * 7
    assert PRINTED.replace("-", "").startswith(KEY)


@pytest.mark.parametrize(
    "typed", [PRINTED, PRINTED.lower(), PRINTED.replace("-", " "), PRINTED.replace("0", "O").replace("1", "l")]
)
def test_a_key_is_read_however_it_was_copied(typed: str) -> None:
    """Crockford: o is 0, i and l are 1; case, spaces and hyphens do not matter."""
    assert recovery.read_key(typed) == KEY


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Kunci pemulihan terdiri dari 28 huruf dan angka. Periksa lagi lembarannya."),
        (PRINTED[:-1], "Kunci pemulihan terdiri dari 28 huruf dan angka. Periksa lagi lembarannya."),
        (PRINTED + "A", "Kunci pemulihan terdiri dari 28 huruf dan angka. Periksa lagi lembarannya."),
        ("2" + PRINTED[1:], "Ada huruf yang salah ketik. Cocokkan lagi dengan lembar kunci pemulihan."),
    ],
)
def test_a_key_that_is_wrong_says_how(typed: str, says: str) -> None:
    with pytest.raises(WrongRecoveryKey) as caught:
        recovery.read_key(typed)
    assert str(caught.value) == says


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Permintaan terdiri dari 10 huruf dan angka. Minta dibacakan lagi."),
        ("ABCDEFGHJ", "Permintaan terdiri dari 10 huruf dan angka. Minta dibacakan lagi."),
        ("ABCDEFGHJKM", "Permintaan terdiri dari 10 huruf dan angka. Minta dibacakan lagi."),
    ],
)
def test_a_request_of_another_length_says_how_many_letters_it_has(typed: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        recovery.read_request(typed)
    assert str(caught.value) == says


def test_a_request_is_read_as_it_was_shown() -> None:
    for _ in range(20):
        request = recovery.new_request()
        shown = recovery.request_text(request)
        assert (len(shown), shown[5]) == (11, "-")
        assert recovery.read_request(shown.lower()) == request


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Kata sandi hari ini terdiri dari 5 kata, seperti di kartu kunci."),
        ("bamu kilo tura sapo", "Kata sandi hari ini terdiri dari 5 kata, seperti di kartu kunci."),
        ("bamu kilo tuxa sapo duni", "Kata ke-3 salah ketik. Cocokkan dengan kartu kunci."),
        ("xamu kilo tura sapo duni", "Kata ke-1 salah ketik. Cocokkan dengan kartu kunci."),
        ("bamu kilo tura sapo dune", "Kata ke-5 salah ketik. Cocokkan dengan kartu kunci."),
    ],
)
def test_words_that_are_wrong_say_which(typed: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        recovery.read_day_words(typed)
    assert str(caught.value) == says


def test_words_of_the_day_are_read_in_any_case_and_spacing() -> None:
    words = recovery.new_day_words()
    assert recovery.read_day_words(f"  {words.upper()} ") == words
    assert recovery.read_day_words(words.replace(" ", "")) == words
    assert [len(word) for word in words.split()] == [4] * 5
