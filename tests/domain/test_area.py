import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.area import AreaLevel, contains, covers, level, narrowest, parse_code
from posyandu.domain.errors import BadInput

codes = st.tuples(st.sampled_from((2, 4, 6, 10)), st.integers(1_000_000_000, 9_999_999_999)).map(
    lambda pair: str(pair[1])[: pair[0]]
)


def test_a_code_is_read_with_points_or_without() -> None:
    assert parse_code(" 52.03.01.2001 ") == "5203012001"
    assert parse_code("5203012001") == "5203012001"


@pytest.mark.parametrize("text", ["", "5", "520", "52.03.01.20", "52a3", "0203", "٥٢", "52,03"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="Kode wilayah"):
        parse_code(text)


def test_the_number_of_digits_tells_the_level() -> None:
    assert [level(code) for code in ("52", "5203", "520301", "5203012001")] == list(AreaLevel)
    assert level("5203").label == "Kabupaten atau kota"
    assert [each.label for each in AreaLevel][0::3] == ["Provinsi", "Desa atau kelurahan"]


def test_a_scope_is_a_list_of_areas() -> None:
    assert contains("52.03", "52.03.01.2001")
    assert not contains("5203012001", "520301")
    assert covers(("5201", "520301"), "5203012001")
    assert not covers(("5201", "520302"), "5203012001")
    assert not covers((), "5203012001")


def test_a_scope_is_kept_as_short_as_it_can_be() -> None:
    assert narrowest(("5203012001", "52.03", "5201", "5203")) == ("5201", "5203")


@given(codes)
def test_points_change_nothing(code: str) -> None:
    printed = ".".join(part for part in (code[:2], code[2:4], code[4:6], code[6:]) if part)
    assert parse_code(printed) == parse_code(code) == code


@given(codes)
def test_every_area_contains_itself_and_is_contained_in_its_parents(code: str) -> None:
    above = [code[:length] for length in (2, 4, 6, 10) if length <= len(code)]
    assert all(contains(each, code) for each in above)
    assert not any(contains(code, each) for each in above[:-1])


@given(st.lists(codes, max_size=6), codes)
def test_a_shortened_scope_covers_the_same(scope: list[str], code: str) -> None:
    assert covers(scope, code) == covers(narrowest(scope), code)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("52", "Provinsi"),
        ("5203", "Kabupaten atau kota"),
        ("520301", "Kecamatan"),
        ("5203012001", "Desa atau kelurahan"),
        ("61.71.01.1003", "Desa atau kelurahan"),
    ],
)
def test_each_level_of_the_ministrys_codes(code: str, words: str) -> None:
    assert level(code).label == words


@pytest.mark.parametrize(
    ("area", "inner", "inside"),
    [
        ("52", "5203012001", True),
        ("5203", "5203", True),
        ("520301", "5203", False),
        ("5203", "5204", False),
        ("52", "61", False),
        ("52.03.01", "52.03.01.2001", True),
        ("5203012001", "5203012002", False),
    ],
)
def test_an_area_holds_itself_and_what_lies_below_it(area: str, inner: str, inside: bool) -> None:
    assert contains(area, inner) is inside
    assert covers(["99", area], inner) is inside
    assert covers([], inner) is False


def test_a_refusal_says_how_a_code_looks() -> None:
    with pytest.raises(BadInput) as caught:
        parse_code("52.03.01.20012")
    assert str(caught.value) == "Kode wilayah terdiri dari 2, 4, 6 atau 10 angka, misalnya 52.02.01.2003."
