from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import quality
from posyandu.domain.fields import Answers
from posyandu.domain.quality import Quality, Visit, digit_score, judge

DAY, BEFORE = date(2026, 11, 12), date(2026, 10, 12)
WHOLE: Answers = {
    "visited_on": DAY, "weight_g": 9_600, "length_mm": 764, "position": "lying", "head_mm": 450, "muac_mm": 142,
}  # fmt: skip
LAST: Answers = {
    "visited_on": BEFORE, "weight_g": 9_300, "length_mm": 755, "position": "lying", "head_mm": 447, "muac_mm": 140,
}  # fmt: skip


def visit(person_id: str = "raka", born_on: date = date(2025, 7, 5), **more: object) -> Visit:
    """A complete, believable visit of a child of 16 months, but for what is said."""
    about = ("earlier", "flags", "confirmed", "saved_on", "record_id")
    known = {name: more.pop(name) for name in about if name in more}
    return Visit(person_id, born_on, {**WHOLE, **more}, **{"earlier": (LAST,), **known})  # type: ignore[arg-type]


def codes(*visits: Visit) -> list[str]:
    return [mark.code for mark in judge(visits).marks]


def part(quality: Quality, code: str) -> quality.Part:
    return next(each for each in quality.parts if each.code == code)


def test_a_good_line_of_the_register_has_no_doubts_and_the_full_score() -> None:
    found = judge([visit(saved_on=DAY)])
    assert found == Quality(100, found.parts, (), found.last_digits)
    assert judge([visit()]).headline == "Mutu pengukuran 100 dari 100."


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"weight_g": 96_000}, ["decimal"]),
        ({"weight_g": 960}, ["decimal"]),
        ({"length_mm": 76}, ["decimal"]),
        ({"length_mm": 7_640}, ["decimal"]),
        ({"length_mm": 745}, ["shrunk"]),
        ({"length_mm": 751}, []),
        ({"length_mm": 745, "position": "standing"}, ["position"]),
        ({"length_mm": 730, "position": "standing"}, ["shrunk", "position"]),
        ({"flags": frozenset({"whz"})}, ["flagged"]),
        ({"position": "standing"}, ["position"]),
        ({"position": None}, []),
        ({"born_on": date(2024, 10, 5)}, ["position"]),
        ({"born_on": date(2024, 10, 5), "position": "standing"}, []),
        ({"weight_g": 9_300, "length_mm": 755, "head_mm": 447, "muac_mm": 140}, ["copied"]),
        ({"weight_g": 9_300, "length_mm": 755, "head_mm": None, "muac_mm": None}, []),
        ({"saved_on": date(2026, 11, 19)}, []),
        ({"saved_on": date(2026, 11, 20)}, ["late"]),
        ({"earlier": (), "weight_g": 96_000}, []),
        ({"weight_g": 96_000, "confirmed": ("weight_g",)}, []),
        ({"length_mm": 745, "confirmed": ("length_mm",)}, []),
        ({"flags": frozenset({"haz"}), "confirmed": ("length_mm",)}, []),
        ({"position": "standing", "confirmed": ("position",)}, []),
    ],
)  # fmt: skip
def test_each_slip_is_told_by_its_name(more: dict[str, object], expected: list[str]) -> None:
    born_on = more.pop("born_on", date(2025, 7, 5))
    assert codes(visit(born_on=born_on, **more)) == expected  # type: ignore[arg-type]


def test_the_sentences_say_what_to_do() -> None:
    (decimal,) = judge([visit(weight_g=96_000)]).marks
    assert decimal.sentence == "96,0 kg, kunjungan lalu 9,3 kg. Mungkin komanya bergeser: 9,6 kg? Ukur lagi."
    (shrunk,) = judge([visit(length_mm=745)]).marks
    assert shrunk.sentence == ("Panjang atau tinggi 74,5 cm, kunjungan lalu 75,5 cm. Anak tidak memendek: ukur lagi.")
    assert judge([visit(length_mm=745)]).headline.endswith("Ukur lagi 1 anak.")


def test_one_line_typed_for_two_children_names_both() -> None:
    found = judge([visit("raka", earlier=()), visit("ayu", earlier=()), visit("tono", earlier=(), weight_g=9_500)])
    assert [(mark.code, mark.person_id) for mark in found.marks] == [("alike", "ayu"), ("alike", "raka")]


def test_of_two_lines_alike_the_one_that_was_looked_at_says_nothing() -> None:
    looked_at = visit("raka", earlier=(), confirmed=quality.SAME_AS)
    assert [mark.person_id for mark in judge([looked_at, visit("ayu", earlier=())]).marks] == ["ayu"]
    assert codes(looked_at, visit("ayu", earlier=(), confirmed=quality.SAME_AS)) == []


def test_three_values_alike_are_a_doubt_and_a_fourth_of_another_height_is_not() -> None:
    assert codes(visit("raka", muac_mm=None), visit("ayu", muac_mm=None)) == ["alike", "alike"]
    assert codes(visit("raka"), visit("ayu", length_mm=765)) == []


def test_two_values_alike_say_nothing() -> None:
    assert codes(visit("raka", head_mm=None, muac_mm=None), visit("ayu", head_mm=None, muac_mm=None)) == []


def test_the_last_measured_value_counts_not_the_last_visit() -> None:
    assert codes(visit(length_mm=745, earlier=(LAST, {"visited_on": date(2026, 10, 20), "weight_g": 9_400}))) == [
        "shrunk"
    ]


def test_what_is_empty_lowers_completeness_and_is_named() -> None:
    found = judge([visit("a", muac_mm=None), visit("b", earlier=(), weight_g=9_100, muac_mm=None)])
    complete = part(found, "complete")
    assert complete.reached == pytest.approx(0.8)
    assert complete.sentence == "80% terisi. Yang paling sering kosong: lingkar lengan atas, 2 anak."


def test_what_is_not_asked_at_an_age_is_not_missing() -> None:
    newborn = visit(born_on=date(2026, 9, 1), muac_mm=None, earlier=())
    older = visit(born_on=date(2023, 1, 5), head_mm=None, position="standing", earlier=())
    assert quality.expected(newborn) == ("weight_g", "length_mm", "position", "head_mm")
    assert part(judge([newborn, older]), "complete").reached == 1
    assert quality.expected(visit(length_mm=None)) == ("weight_g", "length_mm", "muac_mm", "head_mm")


def test_nobody_measured_has_no_score() -> None:
    found = judge([visit(weight_g=None, length_mm=None)])
    assert (found.score, found.parts, found.headline) == (None, (), "Belum ada hasil ukur.")


def test_few_values_say_nothing_about_digits() -> None:
    assert digit_score([0] * 19) is None
    assert part(judge([visit()]), "digits").reached is None


def test_rounding_to_whole_centimetres_is_seen() -> None:
    many = [visit(str(n), earlier=(), weight_g=9_000 + 100 * n, length_mm=700 + 10 * n) for n in range(30)]
    digits = part(judge(many), "digits")
    assert digits.reached == 0
    assert digits.sentence == "Angka di belakang koma pada panjang atau tinggi sering dibulatkan. Baca sampai 0,1."


def test_the_digit_score_is_0_for_even_digits_and_100_for_one() -> None:
    assert digit_score(list(range(10)) * 10) == 0
    assert digit_score([5] * 100) == pytest.approx(100)


@given(st.lists(st.integers(0, 9), min_size=20, max_size=300))
def test_the_digit_score_lies_between_0_and_100(digits: list[int]) -> None:
    score = digit_score(digits)
    assert score is not None
    assert 0 <= score <= 100.001


def test_late_writing_lowers_the_score() -> None:
    found = judge([visit("a", saved_on=DAY), visit("b", weight_g=9_100, earlier=(), saved_on=date(2026, 12, 1))])
    assert part(found, "in_time").reached == 0.5
    assert part(found, "plausible").reached == 1
    assert part(judge([visit()]), "in_time").reached is None


@given(
    st.lists(
        st.builds(
            visit,
            st.sampled_from("abcdef"),
            weight_g=st.none() | st.integers(500, 60_000),
            length_mm=st.none() | st.integers(300, 1_500),
            position=st.sampled_from([None, "lying", "standing"]),
            flags=st.frozensets(st.sampled_from(["waz", "haz", "whz", "baz", "hcz", "acz"])),
        ),
        max_size=12,
    )
)
def test_any_day_has_a_score_between_0_and_100(visits: list[Visit]) -> None:
    score = judge(visits).score
    assert score is None or 0 <= score <= 100


def test_last_digits_are_counted_for_weights_and_lengths() -> None:
    found = judge([visit(weight_g=grams, length_mm=764) for grams in (9_600, 9_650, 9_500)])
    assert found.last_digits["weight_g"] == (0, 0, 0, 0, 0, 1, 2, 0, 0, 0)
    assert found.last_digits["length_mm"] == (0, 0, 0, 0, 3, 0, 0, 0, 0, 0)


def test_a_doubt_carries_the_record_it_is_about_and_goes_when_all_was_confirmed() -> None:
    (mark,) = judge([visit(position="standing", record_id="abc")]).marks
    assert mark.record_id == "abc"
    earlier = [{**WHOLE, "visited_on": BEFORE}]
    assert codes(visit(earlier=earlier)) == ["copied"]
    assert codes(visit(earlier=earlier, confirmed=quality.SAME_AS)) == []
    assert codes(visit(earlier=earlier, confirmed=["weight_g"])) == ["copied"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (
            {"length_mm": 7_640},
            "764,0 cm, kunjungan lalu 75,5 cm. Mungkin komanya bergeser: 76,4 cm? Ukur lagi.",
        ),
        ({"weight_g": 960}, "1,0 kg, kunjungan lalu 9,3 kg. Mungkin komanya bergeser: 9,6 kg? Ukur lagi."),
        (
            {"flags": frozenset({"waz"})},
            "Jauh di luar yang mungkin pada umur 16 bulan. Periksa tanggal lahir, lalu ukur lagi.",
        ),
        (
            {"position": "standing"},
            "Belum 2 tahun tetapi diukur berdiri. Ukur lagi terlentang; hasil ini dikoreksi 0,7 cm.",
        ),
        (
            {"born_on": date(2024, 11, 12)},
            "Sudah 2 tahun tetapi diukur terlentang. Ukur berdiri bila bisa; hasil ini dikoreksi 0,7 cm.",
        ),
        (
            {"weight_g": 9_300, "length_mm": 755, "head_mm": 447, "muac_mm": 140},
            "Semua hasil ukur sama persis dengan kunjungan lalu. Pastikan bukan salinan.",
        ),
        ({"saved_on": date(2026, 11, 20)}, "Dicatat 8 hari setelah hari kunjungan."),
    ],
)
def test_each_doubt_says_what_to_do_about_it(more: dict[str, object], sentence: str) -> None:
    born_on = more.pop("born_on", date(2025, 7, 5))
    (mark,) = judge([visit(born_on=born_on, **more)]).marks  # type: ignore[arg-type]
    assert mark.sentence == sentence


@pytest.mark.parametrize(
    ("value", "last", "slipped"),
    [
        (6_600, 9_300, False),
        (93_000, 9_300, True),
        (65_000, 9_300, False),
        (65_200, 9_300, True),
        (139_400, 9_300, True),
        (139_600, 9_300, False),
        (930, 9_300, True),
        (652, 9_300, True),
        (650, 9_300, False),
        (1_394, 9_300, True),
        (1_396, 9_300, False),
    ],
)
def test_the_comma_slipped_when_ten_times_or_a_tenth_would_be_likely(value: int, last: int, slipped: bool) -> None:
    """Likely is more than 0,7 and less than 1,5 of the last weight."""
    earlier = ({**LAST, "weight_g": last},)
    assert ("decimal" in codes(visit(weight_g=value, earlier=earlier))) is slipped


@pytest.mark.parametrize(
    ("now", "position", "before", "was", "shrunk"),
    [
        (750, "lying", 755, "lying", False),
        (749, "lying", 755, "lying", True),
        (743, "standing", 755, "lying", False),
        (742, "standing", 755, "lying", True),
        (757, "lying", 755, "standing", False),
        (756, "lying", 755, "standing", True),
        (750, None, 755, None, False),
        (749, None, 755, None, True),
    ],
)
def test_a_child_shrank_by_more_than_half_a_centimetre_position_reckoned(
    now: int, position: str | None, before: int, was: str | None, shrunk: bool
) -> None:
    """WHO: lying is 0,7 cm longer than standing; two careful measurements may differ by 0,5 cm."""
    earlier = ({**LAST, "length_mm": before, "position": was},)
    assert ("shrunk" in codes(visit(length_mm=now, position=position, earlier=earlier))) is shrunk


@pytest.mark.parametrize(
    ("index", "fields"),
    [
        ("waz", ("weight_g",)),
        ("haz", ("length_mm",)),
        ("whz", ("length_mm", "weight_g")),
        ("baz", ("length_mm", "weight_g")),
        ("hcz", ("head_mm",)),
        ("acz", ("muac_mm",)),
    ],
)
def test_an_impossible_score_doubts_what_it_was_made_of(index: str, fields: tuple[str, ...]) -> None:
    (mark,) = judge([visit(flags=frozenset({index}))]).marks
    assert (mark.code, mark.fields) == ("flagged", fields)
    assert codes(visit(flags=frozenset({index}), confirmed=fields)) == []


@pytest.mark.parametrize(
    ("months", "names"),
    [
        (5, ("weight_g", "length_mm", "position", "head_mm")),
        (6, ("weight_g", "length_mm", "position", "muac_mm", "head_mm")),
        (23, ("weight_g", "length_mm", "position", "muac_mm", "head_mm")),
        (24, ("weight_g", "length_mm", "position", "muac_mm")),
    ],
)
def test_what_a_complete_line_has_at_each_age(months: int, names: tuple[str, ...]) -> None:
    """The arm from six months, the head below two years."""
    year, month = divmod(2026 * 12 + 10 - months, 12)
    assert quality.expected(visit(born_on=date(year, month + 1, 12))) == names


def test_only_what_asks_to_measure_again_is_counted_in_the_headline() -> None:
    assert judge([visit(position="standing")]).headline == "Mutu pengukuran 50 dari 100."
    slipped = judge([visit(weight_g=96_000, position="standing"), visit("ayu", earlier=(), muac_mm=130)])
    assert slipped.headline.endswith(" Ukur lagi 1 anak.")


def test_the_score_is_the_weighted_mean_of_what_can_be_told() -> None:
    """35 complete, 35 plausible, 15 digits, 15 in time; what cannot be told is left out of both."""
    known = judge([visit(position="standing", saved_on=DAY)])
    assert [each.weight for each in known.parts] == [35, 35, 15, 15]
    assert [each.reached for each in known.parts] == [1, 0, None, 1]
    assert known.score == round(100 * (35 + 0 + 15) / 85)
    assert judge([visit(position="standing")]).score == 50


def test_one_child_weighed_and_not_measured_is_still_a_day() -> None:
    found = judge([visit(length_mm=None, position=None, head_mm=None, muac_mm=None)])
    assert part(found, "complete").reached == 0.25
    assert part(found, "complete").sentence == "25% terisi. Yang paling sering kosong: panjang atau tinggi, 1 anak."
