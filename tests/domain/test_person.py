from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from posyandu.domain import person as person_module
from posyandu.domain.person import (
    NikReading,
    fold_name,
    folded_alike,
    is_unnamed,
    matches,
    nik_hints,
    read_nik,
    search_words,
    usable_number,
)

TODAY = date(2026, 11, 21)

names = st.lists(
    st.sampled_from(
        ["Lalu", "L.", "Baiq", "Bq.", "Muhammad", "Moh.", "M.", "H.", "Hj.", "Siti", "St.", "Nur-Aini", "Ma'ruf"]
        + ["Djunaedi", "Fauzi", "Khairul", "Sholeh", "Wahyu", "Zulkifli", "Ny.", "An.", "Ayu", "Novi", "Yusuf"]
    )
    | st.text("abcdefghijklmnopqrstuvwxyz'-", min_size=1, max_size=9),
    min_size=1,
    max_size=4,
).map(" ".join)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lalu Moh. Djunaedi", "L. Muhammad Junaidi"),
        ("Baiq Siti Nur-Aini", "Bq. St. Nuraini"),
        ("H. Achmad Syarifuddin", "Ahmad Sarifudin"),
        ("Hj. Fatimah", "Patima"),
        ("Ny. Soekarti", "Sukarti"),
        ("Khairul", "Chairul"),
        ("Ma'ruf", "Maruf"),
        ("Rudy Novianto", "Rudi Nopianto"),
        ("Sholeh", "Soleh"),
        ("M. Rizqi", "Muhammad Riski"),
        ("An. Aisyah", "Aisah"),
        ("Abd. Rahman", "Abdul Rahman"),
        ("  SITI   aminah ", "Siti Aminah"),
        ("Zaenal", "Zainal"),
        ("José", "Jose"),
    ],
)
def test_spellings_and_titles_of_one_name_fold_to_the_same(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


def test_a_title_alone_stays() -> None:
    assert fold_name("Haji") == "haji"
    assert fold_name("Lalu") == "lalu"
    assert fold_name("") == ""


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("iqbal", "Lalu Muhammad Iqbal"),
        ("L. Iqbal", "Lalu Muhammad Iqbal"),
        ("L. Iqbal", "Muhammad Iqbal"),
        ("lalu", "L. Iqbal"),
        ("moh iq", "Lalu Muhammad Iqbal"),
        ("moh", "Mohan"),
        ("junai", "Moh. Djunaedi"),
        ("dju", "Junaidi"),
        ("bq nur", "Baiq Nurul Hidayah"),
        ("nurul b", "Baiq Nurul Hidayah"),
        ("st aminah", "Siti Aminah"),
        ("k", "Khairul"),
        ("b", "Budi"),
        ("m", "Mariani"),
        ("khai", "Hairul"),
        ("patim", "Fatimah"),
        ("ma", "Ma'ruf"),
        ("5203", "5203011201250001"),
    ],
)
def test_a_few_letters_in_any_spelling_find_a_name(query: str, name: str) -> None:
    assert matches(query, name)


def test_every_word_typed_must_be_met() -> None:
    assert not matches("siti rahma", "Siti Aminah")
    assert matches("", "Siti Aminah")
    assert not matches("b", "")


@given(names, st.data())
def test_every_beginning_of_every_word_finds_its_bearer(name: str, data: st.DataObject) -> None:
    words = [word for word in name.replace("-", "").replace("'", "").replace(".", "").split() if word]
    assume(words)
    chosen = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=3, unique=True))
    query = " ".join(word[: data.draw(st.integers(1, len(word)))] for word in chosen)
    assert matches(query, name)


@given(names)
def test_case_and_marks_change_nothing(name: str) -> None:
    assert fold_name(name.upper()) == fold_name(name)
    assert fold_name(f"  {name.title()}  ") == fold_name(name)
    assert search_words(name.replace("'", "’")) == search_words(name)


@given(names)
def test_everyone_is_like_themselves(name: str) -> None:
    assume(fold_name(name))
    assert folded_alike(fold_name(name), fold_name(name))


@given(names, names)
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    assert folded_alike(fold_name(one), fold_name(other)) == folded_alike(fold_name(other), fold_name(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Raka Aditya", "Raka Aditya Pratama"),
        ("Aditya Raka", "Raka Aditya"),
        ("Nayla Putri", "Naila Putri"),
        ("M. Hafiz", "Muhammad Hafidz"),
        ("Siti Aminah", "Aminah"),
        ("R. Aditya", "Raka Aditya"),
        ("Ramadhan", "Ramadna"),
        ("Zulkarnaen", "Sulkarnain"),
    ],
)
def test_slips_and_shortened_names_are_alike(one: str, other: str) -> None:
    assert folded_alike(fold_name(one), fold_name(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Muhammad Ali", "Muhammad Adi Putra"),
        ("Siti Aminah", "Siti Rahma"),
        ("M.", ""),
        ("Muhammad", "Muhammad Ali"),
        ("A", "Ayu"),
        ("Ani", "Ana"),
        ("Rahmawati", "Rahma"),
        ("", ""),
    ],
)
def test_different_people_are_not_alike(one: str, other: str) -> None:
    assert not folded_alike(fold_name(one), fold_name(other))


def test_folded_names_can_be_compared_directly() -> None:
    assert folded_alike("raka aditia", "raka")
    assert not folded_alike("raka", "")


def test_a_nik_tells_area_birth_date_and_sex() -> None:
    assert read_nik("5203011507250001", TODAY) == NikReading("520301", date(2025, 7, 15), "male")
    assert read_nik("5203015507980001", TODAY) == NikReading("520301", date(1998, 7, 15), "female")
    assert read_nik("5203012111260001", TODAY) == NikReading("520301", TODAY, "male")
    assert read_nik("5203012211260001", TODAY) == NikReading("520301", date(1926, 11, 22), "male")
    assert read_nik("5203019902250001", TODAY) == NikReading("520301", None, "female")
    assert read_nik("52030115", TODAY) is None
    assert read_nik("520301150725000x", TODAY) is None


@given(st.dates(date(1927, 1, 1), TODAY), st.sampled_from(("male", "female")), st.integers(1, 9999))
def test_a_nik_made_from_a_birth_date_tells_it_and_raises_no_doubt(born_on: date, sex: str, number: int) -> None:
    day = born_on.day + (40 if sex == "female" else 0)
    nik = f"520301{day:02}{born_on:%m%y}{number:04}"
    assert read_nik(nik, TODAY) == NikReading("520301", born_on, sex)
    assert nik_hints({"nik": nik, "born_on": born_on, "sex": sex}, TODAY) == ()


def test_a_nik_fills_what_was_not_typed_yet() -> None:
    hints = nik_hints({"nik": "5203015507980001"}, TODAY)
    assert [(hint.field, hint.suggestion) for hint in hints] == [("born_on", date(1998, 7, 15)), ("sex", "female")]
    assert hints[0].sentence == "Menurut NIK lahir 15-07-1998."


def test_a_nik_that_says_otherwise_asks_for_a_second_look() -> None:
    hints = nik_hints({"nik": "5203011507250001", "born_on": date(2025, 7, 14), "sex": "female"}, TODAY)
    assert [hint.field for hint in hints] == ["born_on", "sex"]
    assert all("Periksa" in hint.sentence for hint in hints)


def test_an_estimated_birth_date_may_be_replaced_by_the_one_in_the_nik() -> None:
    hints = nik_hints(
        {"nik": "5203011507250001", "born_on": date(2025, 1, 1), "born_estimated": True, "sex": "male"}, TODAY
    )
    assert [(hint.sentence, hint.suggestion) for hint in hints] == [
        ("Menurut NIK lahir 15-07-2025.", date(2025, 7, 15))
    ]


def test_the_century_is_not_in_the_nik() -> None:
    assert nik_hints({"nik": "5203011507250001", "born_on": date(1925, 7, 15), "sex": "male"}, TODAY) == ()


def test_a_nik_without_a_birth_date_in_it_is_doubtful() -> None:
    assert [hint.field for hint in nik_hints({"nik": "5203019913250001"}, TODAY)] == ["nik"]


def test_numbers_of_another_length_or_all_alike_are_hints_only() -> None:
    short = nik_hints({"nik": "5203", "kk": "0000000000000000"}, TODAY)
    assert [hint.field for hint in short] == ["nik", "kk"]
    assert "ini 4" in short[0].sentence
    assert "sementara" in short[1].sentence
    same = nik_hints({"nik": "5203011507250001", "kk": "5203011507250001"}, TODAY)
    assert any("sama" in hint.sentence for hint in same)
    assert nik_hints({}, TODAY) == ()


def test_a_placeholder_number_tells_nobody_apart() -> None:
    assert usable_number("5203 0115-0725.0001") == "5203011507250001"
    assert usable_number("0000000000000000") == ""
    assert usable_number("5203011507250000") == ""
    assert usable_number("5203") == ""
    assert usable_number(None) == ""


def test_a_newborn_may_have_no_name_of_its_own() -> None:
    assert is_unnamed("")
    assert is_unnamed("By. Ny. Wulan")
    assert is_unnamed("Bayi")
    assert is_unnamed("Ny. Wulan", "Wulan")
    assert not is_unnamed("Bayinah", "Wulan")
    assert not is_unnamed("Wulan")


@pytest.mark.parametrize(
    ("nik", "area", "born_on", "sex"),
    [
        ("5201010503240001", "520101", date(2024, 3, 5), "male"),
        ("5201014503240001", "520101", date(2024, 3, 5), "female"),
        ("5201013112990001", "520101", date(1999, 12, 31), "male"),
        ("5201017112990001", "520101", date(1999, 12, 31), "female"),
        ("5201012211260001", "520101", date(1926, 11, 22), "male"),
        ("5201012111260001", "520101", date(2026, 11, 21), "male"),
        ("5201012902000001", "520101", date(2000, 2, 29), "male"),
        ("5201016902010001", "520101", None, "female"),
        ("5201010000000001", "520101", None, "male"),
        ("5201014000000001", "520101", None, "male"),
        ("5201013213010001", "520101", None, "male"),
    ],
)
def test_a_nik_says_where_when_and_which_sex(nik: str, area: str, born_on: date | None, sex: str) -> None:
    """Permendagri: six digits of the area, day (plus 40 for a woman), month, year, four of the sequence."""
    assert read_nik(nik, date(2026, 11, 21)) == NikReading(area, born_on, sex)


@pytest.mark.parametrize("nik", ["", "520101050324000", "52010105032400011", "5201-0105-0324-0001", "abcdefghijklmnop"])
def test_what_is_not_sixteen_digits_says_nothing(nik: str) -> None:
    assert read_nik(nik, date(2026, 11, 21)) is None


FULL = {"nik": "5201014503240001", "born_on": date(2024, 3, 5), "sex": "female"}


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({}, []),
        ({"nik": None}, []),
        ({"nik": ""}, []),
        ({"sex": None}, ["Menurut NIK perempuan."]),
        ({"sex": "male"}, ["Menurut NIK perempuan. Periksa jenis kelamin atau NIK."]),
        ({"born_on": None}, ["Menurut NIK lahir 05-03-2024."]),
        (
            {"born_on": date(2024, 5, 3)},
            ["Menurut NIK lahir 05-03-2024. Periksa tanggal lahir atau NIK."],
        ),
        ({"born_on": date(1924, 3, 5)}, []),
        ({"born_on": date(2024, 7, 1), "born_estimated": True}, ["Menurut NIK lahir 05-03-2024."]),
        ({"born_estimated": True}, []),
        ({"nik": "520101450324"}, ["NIK biasanya 16 angka, ini 12."]),
        ({"nik": "5201.0145.0324.0001"}, ["NIK biasanya 16 angka, ini 16."]),
        ({"nik": "5201019903240001"}, ["Angka ke-7 sampai 12 pada NIK bukan tanggal lahir. Periksa NIK-nya."]),
        (
            {"nik": "5201014503240000"},
            [
                "NIK ini tampaknya nomor sementara. Kosongkan bila belum ada.",
                "Empat angka terakhir NIK tidak mungkin 0000. Periksa NIK-nya.",
            ],
        ),
        ({"kk": "5201014503249999"}, []),
        ({"kk": "123"}, ["Nomor KK biasanya 16 angka, ini 3."]),
        ({"kk": "0000000000000000"}, ["Nomor KK ini tampaknya nomor sementara. Kosongkan bila belum ada."]),
        ({"kk": "5201014503240001"}, ["NIK dan nomor KK sama. Periksa salah satunya."]),
    ],
)
def test_each_doubt_about_a_number_is_said_word_by_word(changes: dict[str, object], sentences: list[str]) -> None:
    hints = nik_hints({**FULL, **changes}, date(2026, 11, 21))
    assert [hint.sentence for hint in hints] == sentences


def test_a_doubt_offers_what_the_nik_says_for_its_own_field() -> None:
    hints = nik_hints({"nik": "5201014503240001"}, date(2026, 11, 21))
    assert [(hint.field, hint.suggestion) for hint in hints] == [("born_on", date(2024, 3, 5)), ("sex", "female")]
    (kk,) = nik_hints({"kk": "12"}, date(2026, 11, 21))
    assert (kk.field, kk.suggestion) == ("kk", None)


@pytest.mark.parametrize(
    ("text", "usable"),
    [
        ("5201014503240001", "5201014503240001"),
        ("5201 0145 0324 0001", "5201014503240001"),
        ("5201-0145.0324-0001", "5201014503240001"),
        ("1111111111111111", ""),
        ("5201014503240000", ""),
        ("520101450324000", ""),
        ("", ""),
        (None, ""),
        (5201014503240001, ""),
    ],
)
def test_a_number_tells_people_apart_when_it_is_whole_and_no_placeholder(text: object, usable: str) -> None:
    assert usable_number(text) == usable  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "mother", "unnamed"),
    [
        ("", "", True),
        ("  .", "", True),
        ("By Ny Wulan", "", True),
        ("By. Ny. Wulan", "Wulan", True),
        ("Bayi", "", True),
        ("Bayi Raka", "", True),
        ("Wulan", "Wulan", True),
        ("Ny. Wulan", "wulan", True),
        ("Baiq Wulan", "Wulan", True),
        ("Raka", "Wulan", False),
        ("Bayu", "", False),
        ("Byan", "Wulan", False),
        ("Wulan", "", False),
    ],
)
def test_a_newborn_under_its_mothers_name_has_none_of_its_own(name: str, mother: str, unnamed: bool) -> None:
    assert is_unnamed(name, mother) is unnamed


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Siti Aminah", "St. Aminah", True),
        ("Siti Aminah", "S. Aminah", True),
        ("Siti Aminah", "Aminah", True),
        ("Siti Aminah", "Siti", False),
        ("Siti Aminah", "Siti Aisyah", False),
        ("Muhammad", "Muh. Ali", False),
        ("Rian", "Rina", True),
        ("Rian", "Rani", False),
        ("Ali", "Alo", False),
        ("Hasan", "Hasam", True),
        ("Hasan", "Husin", False),
        ("Kurniawan", "Kurniaman", True),
        ("Kurniawan", "Kuniaman", True),
        ("Kurniawan", "Kunimana", False),
        ("A", "Ali", False),
        ("", "Ali", False),
        ("Ali Akbar", "Akbar Ali", True),
    ],
)
def test_how_far_two_names_may_differ(one: str, other: str, alike: bool) -> None:
    """A letter in words of four and more, two from eight; an initial or Siti and Muhammad alone are not enough."""
    assert folded_alike(fold_name(one), fold_name(other)) is alike
    assert folded_alike(fold_name(other), fold_name(one)) is alike


@pytest.mark.parametrize(
    ("one", "other", "allowed", "within"),
    [
        ("abcd", "abcd", 0, True),
        ("abcd", "abce", 0, False),
        ("abcd", "abdc", 1, True),
        ("abcd", "abc", 1, True),
        ("abc", "abcd", 1, True),
        ("abcd", "ab", 1, False),
        ("abcdefgh", "abdcefhg", 2, True),
        ("abcdefgh", "badcfehg", 2, False),
        ("", "ab", 2, True),
    ],
)
def test_letters_are_changed_dropped_added_or_swapped(one: str, other: str, allowed: int, within: bool) -> None:
    assert person_module._within(one, other, allowed) is within
