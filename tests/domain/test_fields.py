"""Numbers are read as kader type them and shown as their paper shows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu import text
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Number, figures, is_day, number_text, read_number, with_unit
from posyandu.domain.forms import FORMS

WEIGHT = FORMS["under_five_visit"].fields["weight_g"]
LENGTH = FORMS["under_five_visit"].fields["length_mm"]
TABLETS = FORMS["pregnancy_visit"].fields["iron_tablets"]
NUMBERS = [field for form in FORMS.values() for field in form.fields.values() if isinstance(field, Number)]


@pytest.mark.parametrize(
    ("typed", "grams"),
    [
        ("9,6", 9600),
        ("9.6", 9600),
        (" 9,65 ", 9650),
        ("12", 12_000),
        ("82", 8200),
        ("104", 10_400),
        ("1045", 10_450),
        (",5", 500),
        ("9,", 9000),
        ("", None),
        ("  ", None),
    ],
)
def test_weight_of_a_toddler_is_read_with_comma_point_or_neither(typed: str, grams: int | None) -> None:
    assert read_number(WEIGHT, typed, 500, 27_000) == grams


def test_length_is_read_with_the_decimal_implied() -> None:
    assert read_number(LENGTH, "704") == 704
    assert read_number(LENGTH, "70") == 700


def test_an_impossible_number_is_read_as_typed_so_that_the_check_can_speak() -> None:
    assert read_number(WEIGHT, "91,0", 500, 27_000) == 91_000
    assert read_number(WEIGHT, "9999", 500, 27_000) == 9_999_000


@pytest.mark.parametrize("typed", ["abc", "9,6,5", "-3", "9 kg", "1234567", ",", "9,655"])
def test_what_is_no_number_gets_a_sentence(typed: str) -> None:
    with pytest.raises(BadInput, match="Berat badan"):
        read_number(WEIGHT, typed)


@pytest.mark.parametrize(
    ("stored", "shown"), [(9600, "9,6"), (9650, "9,65"), (10_000, "10,0"), (-600, "\N{MINUS SIGN}0,6")]
)
def test_a_weight_is_shown_with_a_comma_and_no_idle_zeros(stored: int, shown: str) -> None:
    assert number_text(WEIGHT, stored) == shown


def test_a_count_is_shown_plain_and_places_can_be_asked_for() -> None:
    assert number_text(TABLETS, 30) == "30"
    assert number_text(WEIGHT, 9600, places=2) == "9,60"


@given(st.sampled_from(NUMBERS).flatmap(lambda field: st.tuples(st.just(field), st.integers(field.low, field.high))))
def test_what_is_shown_reads_back_to_the_same_value(pair: tuple[Number, int]) -> None:
    field, stored = pair
    step = max(1, field.per_unit // 10**field.decimals)
    stored -= stored % step
    shown = number_text(field, stored)
    if "," not in shown and field.decimals:
        shown += ","
    assert read_number(field, shown, field.low, field.high) == stored


@given(st.sampled_from(NUMBERS), st.text(max_size=8))
def test_anything_typed_gives_a_number_nothing_or_a_sentence(field: Number, typed: str) -> None:
    try:
        value = read_number(field, typed)
    except BadInput as refused:
        assert str(refused)
    else:
        assert value is None or isinstance(value, int)


@pytest.mark.parametrize(
    ("form", "name", "sentence"),
    [
        ("under_five_visit", "weight_g", "Berat badan: tulis angka saja, misalnya 5,4"),
        ("under_five_visit", "length_mm", "Panjang atau tinggi badan: tulis angka saja, misalnya 67,0"),
        ("adult_visit", "weight_g", "Berat badan: tulis angka saja, misalnya 70,0"),
        ("adult_visit", "systolic_mmhg", "Sistole: tulis angka saja, misalnya 120"),
        ("fund", "rupiah", "Jumlah: tulis angka saja, misalnya 310000"),
    ],
)
def test_letters_are_answered_with_a_number_as_people_write_it(form: str, name: str, sentence: str) -> None:
    field = FORMS[form].fields[name]
    assert isinstance(field, Number)
    with pytest.raises(BadInput) as refused:
        read_number(field, "delapan")
    assert str(refused.value) == sentence


@pytest.mark.parametrize("field", NUMBERS, ids=lambda field: field.name)
def test_the_number_given_as_an_example_is_taken(field: Number) -> None:
    with pytest.raises(BadInput) as refused:
        read_number(field, "x")
    stored = read_number(field, str(refused.value).rpartition(" ")[2])
    assert stored is not None
    assert field.low <= stored <= field.high


RUPIAH = Number(name="rupiah", label="Jumlah", unit="Rp", low=100, high=999_999_999)


@pytest.mark.parametrize(
    ("typed", "stored"), [("150000", 150_000), ("1.500.000", 1_500_000), ("999999999", 999_999_999), ("15.000", 15_000)]
)
def test_money_may_be_long_and_have_points_between_thousands(typed: str, stored: int) -> None:
    assert read_number(RUPIAH, typed) == stored


@pytest.mark.parametrize("typed", ["1000000000", "1.50", "12.34.567", "1,5"])
def test_money_that_is_no_whole_amount_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        read_number(RUPIAH, typed)


def test_other_numbers_keep_to_six_figures() -> None:
    assert figures(Number(name="x", label="X", low=0, high=99)) == 6
    assert figures(RUPIAH) == 9


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-11-12", True),
        ("2024-02-29", True),
        ("2026-02-29", False),
        ("2026-W46-4", False),
        ("20261112", False),
        ("2026-316", False),
        ("12-11-2026", False),
        (" 2026-11-12", False),
        ("", False),
        (None, False),
        (20261112, False),
        (True, False),
    ],
)
def test_a_day_travels_in_one_way_of_writing_alone(value: object, day: bool) -> None:
    """A week of the year is a day to Python too, and would stand in no month of a report."""
    assert is_day(value) is day


def test_a_number_in_words_has_its_unit_in_the_language_of_the_screen() -> None:
    days, grade = Number(name="d", label="", low=0, high=99, unit="hari"), Number(name="g", label="", low=1, high=12)
    assert [with_unit(WEIGHT, 9600), with_unit(days, 3), with_unit(grade, 7)] == ["9,6 kg", "3 hari", "7"]
    text.use_catalogue({"hari": "days"})
    try:
        assert with_unit(days, 3) == "3 days"
    finally:
        text.use_catalogue({})
