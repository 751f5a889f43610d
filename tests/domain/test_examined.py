"""What was not examined, by age and sex; and the measurements in words."""

from datetime import date

import pytest

from posyandu.domain import examined
from posyandu.domain.fields import Answers
from posyandu.domain.forms import FORMS
from tests.domain.shipped import RULES, TODAY

CHILD: Answers = {"sex": "male", "born_on": date(2025, 7, 5)}


def missing(form: str, person: Answers, **answers: object) -> tuple[str, ...]:
    return examined.not_examined(RULES, form, person, TODAY, answers)  # type: ignore[arg-type]


def test_what_was_not_answered_is_named_in_the_order_of_the_card() -> None:
    assert missing("under_five_visit", CHILD, weight_g=9_000, length_mm=780, sick=False) == (
        "lingkar lengan",
        "lingkar kepala",
        "checklist perkembangan",
        "gejala TBC",
    )
    every = dict.fromkeys(("weight_g", "length_mm", "muac_mm", "head_mm", "development", "sick"), 1) | dict.fromkeys(
        ("tbc_cough", "tbc_fever", "tbc_weight", "tbc_contact"), False
    )
    assert missing("under_five_visit", CHILD, **every) == ()
    assert missing("under_five_visit", CHILD, **{**every, "tbc_fever": None}) == ("gejala TBC",)


@pytest.mark.parametrize(
    ("form", "person", "what", "expected"),
    [
        ("under_five_visit", {"sex": "male", "born_on": date(2026, 8, 1)}, "lingkar lengan", False),
        ("under_five_visit", {"sex": "male"}, "lingkar lengan", False),
        ("school_visit", {"sex": "female", "born_on": date(2011, 1, 1)}, "Hb", True),
        ("school_visit", {"sex": "male", "born_on": date(2011, 1, 1)}, "Hb", False),
        ("school_visit", {"sex": "female", "born_on": date(2017, 1, 1)}, "lingkar perut", False),
        ("adult_visit", {"sex": "male", "born_on": date(1980, 1, 1)}, "PUMA", True),
        ("adult_visit", {"sex": "male", "born_on": date(1996, 1, 1)}, "gula darah", False),
    ],
)
def test_only_what_is_due_for_the_age_and_sex_is_missed(form: str, person: Answers, what: str, expected: bool) -> None:
    assert (what in missing(form, person)) is expected


def test_every_field_named_exists_in_its_form() -> None:
    for form, asked in RULES.examinations.items():
        for each in asked:
            assert set(each.fields) <= FORMS[form].fields.keys(), (form, each.label)


def test_it_is_said_in_one_sentence_and_not_at_all_when_nothing_is_missing() -> None:
    assert examined.sentence(("Hb", "mata")) == "Belum diperiksa: Hb, mata."
    assert examined.sentence(()) == ""


def test_measurements_are_told_with_their_units_and_pressure_as_it_is_written() -> None:
    adult = {"weight_g": 60_500, "systolic_mmhg": 150, "diastolic_mmhg": 95, "eye_left": False, "note": "x"}
    assert examined.measured_words(FORMS["adult_visit"], adult) == "Berat badan 60,5 kg, Tekanan darah 150/95 mmHg"
    swollen = {"oedema": "1", "supplement_portions": 3}
    assert examined.measured_words(FORMS["under_five_visit"], swollen) == "Bengkak di kedua kaki +1 punggung kaki"
    assert examined.measured_words(FORMS["adult_visit"], {"systolic_mmhg": 150}) == "Tekanan darah 150/- mmHg"


def test_the_checklist_of_each_age_follows_the_one_before_and_has_items() -> None:
    bands = RULES.development
    assert [band.label for band in bands] == [
        "29 hari sampai 3 bulan", "3 sampai 6 bulan", "6 sampai 9 bulan", "9 sampai 12 bulan", "12 sampai 18 bulan",
        "18 sampai 24 bulan", "2 sampai 3 tahun", "3 sampai 4 tahun", "4 sampai 5 tahun", "5 sampai 6 tahun",
    ]  # fmt: skip
    for earlier, later in zip(bands, bands[1:], strict=False):
        assert later.months[0] == earlier.months[1] + 1
    assert all(8 <= len(set(band.items)) == len(band.items) for band in bands)
    assert [RULES.checklist(month) and RULES.checklist(month).code for month in (0, 1, 5, 6, 17, 60)] == [  # type: ignore[union-attr]
        None, "29d_3m", "29d_3m", "3m_6m", "9m_12m", "4y_5y",
    ]  # fmt: skip


def on(months: int) -> Answers:
    year, month = divmod(TODAY.year * 12 + TODAY.month - 1 - months, 12)
    return {"sex": "female", "born_on": date(year, month + 1, TODAY.day)}


# Kartu Bantu Pemeriksaan ILP 2023: what each visit examines, at the first and last month and just outside
@pytest.mark.parametrize(
    ("form", "months", "what", "due"),
    [
        ("under_five_visit", 5, "lingkar lengan", False),
        ("under_five_visit", 6, "lingkar lengan", True),
        ("under_five_visit", 59, "lingkar lengan", True),
        ("under_five_visit", 60, "lingkar lengan", False),
        ("under_five_visit", 59, "lingkar kepala", True),
        ("under_five_visit", 60, "lingkar kepala", False),
        ("under_five_visit", 0, "checklist perkembangan", False),
        ("under_five_visit", 1, "checklist perkembangan", True),
        ("under_five_visit", 71, "checklist perkembangan", True),
        ("under_five_visit", 0, "berat badan", True),
        ("school_visit", 179, "lingkar perut", False),
        ("school_visit", 180, "lingkar perut", True),
        ("school_visit", 179, "gula darah", False),
        ("school_visit", 180, "gula darah", True),
        ("school_visit", 143, "Hb", False),
        ("school_visit", 144, "Hb", True),
        ("adult_visit", 479, "gula darah", False),
        ("adult_visit", 480, "gula darah", True),
        ("adult_visit", 479, "PUMA", False),
        ("adult_visit", 480, "PUMA", True),
        ("pregnancy_visit", 300, "tanda bahaya", True),
        ("unheard_of", 300, "berat badan", False),
    ],
)
def test_what_a_card_asks_begins_and_ends_with_its_months(form: str, months: int, what: str, due: bool) -> None:
    assert (what in missing(form, on(months))) is due


@pytest.mark.parametrize(
    ("form", "answers", "words"),
    [
        ("under_five_visit", {"weight_g": 7_900, "muac_mm": 112}, "Berat badan 7,9 kg, Lingkar lengan atas 11,2 cm"),
        ("under_five_visit", {"oedema": "2"}, "Bengkak di kedua kaki +2 sampai tungkai"),
        ("under_five_visit", {"oedema": "none"}, ""),
        ("under_five_visit", {"supplement_portions": 14}, ""),
        ("pregnancy_visit", {"systolic_mmhg": 150, "diastolic_mmhg": 95}, "Tekanan darah 150/95 mmHg"),
        ("pregnancy_visit", {"systolic_mmhg": 150}, "Tekanan darah 150/- mmHg"),
        ("pregnancy_visit", {"diastolic_mmhg": 95}, ""),
        ("pregnancy_visit", {"iron_tablets": 30, "kek_portions": 14}, ""),
        ("postpartum_visit", {"vitamin_a_capsules": 2, "temperature_tenth_c": 385}, "Suhu badan 38,5 °C"),
        (
            "adult_visit",
            {"uric_acid_tenth_mg_dl": 71, "glucose_mg_dl": 140},
            "Gula darah 140 mg/dL, Asam urat 7,1 mg/dL",
        ),
        ("adult_visit", {}, ""),
    ],
)
def test_measurements_in_one_line_word_by_word(form: str, answers: Answers, words: str) -> None:
    assert examined.measured_words(FORMS[form], answers) == words
