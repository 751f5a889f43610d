from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from posyandu.domain.person import (
    NikReading,
    fold_name,
    folded_alike,
    is_unnamed,
    matches,
    names_alike,
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
    assert names_alike(name, name)


@given(names, names)
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    assert names_alike(one, other) == names_alike(other, one)


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
    assert names_alike(one, other)


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
    assert not names_alike(one, other)


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
