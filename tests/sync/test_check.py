"""What is wrong with a save from elsewhere: told from its bytes alone, the same for everybody, never too much."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posyandu.domain import change
from posyandu.domain.change import Op, Wire
from posyandu.domain.fields import Choice, Date, Number, Text, Value, YesNo, is_day
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.storage.columns import to_wire
from posyandu.sync import check
from posyandu.sync.check import MAX_DEPTH, fault, is_newer, unlikely
from tests.strategies import answers

POST = "a" * 32
CHILD = FORMS["under_five_visit"]
TEXTS_OF_AN_OP = ("entity", "record", "scope", "author", "nonce", "reason")


def op(entity: str = "under_five_visit", /, **fields: Wire) -> Op:
    return Op(POST, entity, "anak", 1, 1, (), fields or {"weight_g": 8_200}, "w1", 5, 1, "0" * 16)


WRONG = "jenis nilai salah: {}".format
KINDS: dict[str, tuple[tuple[Wire, ...], tuple[Wire, ...]]] = {
    # a question of this kind, what fits it, what does not
    "weight_g": ((0, -1, 900_000, None), ("8200", True, False, "")),
    "sick": ((True, False, None), (1, 0, "ya", "true")),
    "note": (("", "demam", "12", None), (12, True)),
    "position": (("lying", "a code of next year", None), (1, False)),
    "visited_on": (("2026-11-12", "2024-02-29", None), (20261112, True, "", "besok")),
    "person_id": (("anak", "", None), (7, True)),
    "withdrawn": ((True, False, None), (1, 0, "ya")),
}


def test_the_table_has_every_kind_of_question() -> None:
    kinds = {type(CHILD.fields[name]) for name in KINDS if name in CHILD.fields}
    assert kinds == {Number, YesNo, Choice, Text, Date}
    assert "person_id" in CHILD.links


@pytest.mark.parametrize("name", KINDS)
def test_a_value_of_the_right_kind_passes_and_one_of_another_is_named_by_its_question(name: str) -> None:
    good, bad = KINDS[name]
    assert [value for value in good if fault(op(**{name: value}))] == []
    assert [value for value in bad if fault(op(**{name: value})) != WRONG(name)] == []


@pytest.mark.parametrize(
    "day",
    [
        "2026-02-29", "2026-11-31", "2026-13-01", "2026-00-10", "0000-01-01", "2026-1-12", "20261112", "2026-W46-4",
        "2026W464", "2026-11-12 ", " 2026-11-12", "2026-11-12T00", "12-11-2026", "٢٠٢٦-١١-١٢", "2026/11/12",
    ],
)  # fmt: skip
def test_a_day_is_written_in_one_way_alone_so_that_days_can_be_compared_as_texts(day: str) -> None:
    """A week is ten letters long too, Python reads it, and it would stand after every day of its year."""
    assert fault(op(visited_on=day)) == WRONG("visited_on")
    assert not is_day(day)


@pytest.mark.parametrize("day", ["2026-11-12", "0001-01-01", "9999-12-31", "2024-02-29"])
def test_every_day_of_the_calendar_is_one(day: str) -> None:
    assert fault(op(visited_on=day)) == ""
    assert is_day(day)


@given(st.dates())
def test_any_day_as_we_write_it_is_one_and_with_a_letter_more_is_none(day: date) -> None:
    assert is_day(day.isoformat())
    assert not is_day(f"{day.isoformat()}Z")
    assert not is_day(day)


def test_the_first_wrong_value_is_the_one_that_is_named() -> None:
    assert fault(op(note="a", weight_g="8", sick=3)) == WRONG("weight_g")
    assert fault(op(sick=3, weight_g="8")) == WRONG("sick")
    assert fault(op(weight_g="8", visited_on="besok")) == WRONG("weight_g")
    assert fault(op(visited_on="besok", weight_g="8")) == WRONG("visited_on")


def test_questions_and_records_of_a_newer_laptop_pass_whatever_they_hold() -> None:
    assert fault(op(new_question=3, another="x", third=True, fourth=None)) == ""
    assert fault(op("tari_2027", weight_g="many", visited_on="besok")) == ""
    assert fault(op("tari_2027", withdrawn=True)) == ""
    assert fault(op("tari_2027", withdrawn="ya")) == WRONG("withdrawn")


def test_a_confirmation_is_no_question_of_the_form_and_passes() -> None:
    assert fault(op(**{"confirmed.weight_g": True})) == ""
    assert fault(op(**{"confirmed.weight_g": 3})) == ""


@pytest.mark.parametrize(
    ("depth", "reason"), [(1, ""), (MAX_DEPTH, ""), (MAX_DEPTH + 1, "nomor urut catatan salah"), (2**53, "nomor urut")]
)
def test_one_wild_depth_must_not_close_a_record_to_every_later_save(depth: int, reason: str) -> None:
    said = fault(replace(op(), depth=depth))
    assert said.startswith(reason)
    assert bool(said) == bool(reason)


@pytest.mark.parametrize("part", TEXTS_OF_AN_OP)
def test_no_part_of_a_save_holds_a_nul_which_no_database_keeps(part: str) -> None:
    assert fault(replace(op(), **{part: "a\0b"})) == "tulisan pada catatan salah"  # type: ignore[arg-type]


def test_neither_does_a_name_of_a_question_nor_an_answer() -> None:
    assert fault(op(**{"no\0te": 1})) == "tulisan pada catatan salah"
    assert fault(op(note="a\0b")) == "tulisan pada catatan salah"
    assert fault(op(weight_g=1, new_question="\0")) == "tulisan pada catatan salah"


def test_who_writes_about_backslashes_writes_no_nul() -> None:
    assert fault(op(note="a\\u0000b")) == ""
    assert fault(op(note="\\")) == ""


@pytest.mark.parametrize("part", ["entity", "record"])
def test_a_save_says_which_record_it_is_of(part: str) -> None:
    assert fault(replace(op(), **{part: ""})) == "catatan tidak bernama"  # type: ignore[arg-type]


def test_a_post_lies_in_its_own_feed_and_nowhere_else() -> None:
    post = op("posyandu", name="Melati 3")
    assert fault(post) == "posyandu tidak cocok dengan paketnya"
    assert fault(replace(post, record=POST)) == ""
    assert fault(replace(post, record=POST, scope="b" * 32)) == "posyandu tidak cocok dengan paketnya"
    assert fault(op("person", name="Nur")) == "", "a person's id is no post's"


def test_saves_of_one_shape_are_judged_one_by_one_however_often_the_shape_came() -> None:
    for _time in range(2):
        assert fault(op(visited_on="2026-11-12", weight_g=8_200)) == ""
        assert fault(op(visited_on="2026-11-99", weight_g=8_200)) == WRONG("visited_on")
        assert fault(op(visited_on=None, weight_g=8_200)) == ""
    assert fault(op("person", weight_g="8")) == "", "the same answer in a form that does not ask it"
    assert fault(op(weight_g="8")) == WRONG("weight_g")


@settings(max_examples=60)
@given(st.sampled_from(list(FORMS.values())).flatmap(lambda form: st.tuples(st.just(form), answers(form))))
def test_what_a_person_can_answer_to_any_form_is_never_a_fault(drawn: tuple[Form, dict[str, Value | None]]) -> None:
    form, told = drawn
    record = POST if form.name == "posyandu" else "anak"
    fields = {name: to_wire(value) for name, value in told.items()} or {"withdrawn": True}
    assert fault(replace(op(form.name, **fields), record=record)) == ""


# --- what a person should look at ------------------------------------------------------------------------------------


def test_a_number_outside_what_is_possible_is_marked_and_one_at_its_edge_is_not() -> None:
    weight = CHILD.fields["weight_g"]
    assert isinstance(weight, Number)
    for grams, marked in ((weight.low, ()), (weight.high, ()), (weight.low - 1, ("weight_g",)), (10**9, ("weight_g",))):
        assert unlikely(op(weight_g=grams)) == marked
        assert fault(op(weight_g=grams)) == "", "what is hardly possible is never refused"


def test_every_unlikely_number_is_named_and_nothing_else() -> None:
    assert unlikely(op(weight_g=10**9, sick=True, length_mm=-1, note="x", muac_mm=140)) == ("weight_g", "length_mm")
    assert unlikely(op(weight_g=None, length_mm=None)) == ()
    assert unlikely(op(new_question=10**9)) == ()
    assert unlikely(op("tari_2027", weight_g=10**9)) == ()


@pytest.mark.parametrize(
    ("entity", "version", "newer"),
    [
        ("under_five_visit", CHILD.version, False),
        ("under_five_visit", 0, False),
        ("under_five_visit", CHILD.version + 1, True),
        ("tari_2027", 1, True),
    ],
)
def test_a_save_is_newer_when_its_form_or_the_forms_version_is_not_known_here(
    entity: str, version: int, newer: bool
) -> None:
    assert is_newer(replace(op(entity), version=version)) == newer


def test_the_days_remembered_are_the_days_themselves() -> None:
    assert check._is_day("2026-11-12")
    assert not check._is_day("2026-11-31")


def test_saves_that_no_program_of_ours_writes_leave_nothing_in_memory() -> None:
    """A thousand of them would have kept gigabytes for as long as the program runs."""
    caches = (change._shape, check._shape, check._limits, check._kinds_of, check._is_known_day)
    before = [cache.cache_info().currsize for cache in caches]
    wide = {f"a{number}": 1 for number in range(change.MOST_REMEMBERED + 1)}
    for odd in (op("a form of nobody's", **wide), op(**wide), op(visited_on="9" * 100_000)):
        read = change.read_op(json.loads(odd.canonical))
        assert fault(read) == ("jenis nilai salah: visited_on" if "visited_on" in read.fields else "")
        assert unlikely(read) == ()
    assert fault(op(**wide, weight_g="berat")) == "jenis nilai salah: weight_g"
    assert unlikely(op(**wide, weight_g=9_999_999)) == ("weight_g",)
    after = [cache.cache_info().currsize for cache in caches]
    # one of our own form is still remembered, and no more
    assert [now - then for now, then in zip(after, before, strict=True)][0] <= 1
    assert sum(after) - sum(before) <= 4
    assert max(len(field) for field in (form.fields for form in FORMS.values())) < change.MOST_REMEMBERED
