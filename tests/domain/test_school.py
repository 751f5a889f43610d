"""School children and adolescents: the published vectors, each edge, and the confidential questions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import outcome, school
from posyandu.domain.fields import Answers, Value
from posyandu.domain.outcome import Tile
from posyandu.domain.school import SchoolAssessment
from tests.domain.shipped import RULES, STANDARDS, TABLES

ON = date(2026, 11, 12)


def person(years: int, months: int = 0, sex: str = "female") -> Answers:
    whole = ON.year * 12 + ON.month - 1 - years * 12 - months
    return {"sex": sex, "born_on": date(whole // 12, whole % 12 + 1, ON.day)}


def assess(who: Answers, **answers: Value | None) -> SchoolAssessment:
    (found,) = school.assess(STANDARDS, TABLES, who, [{"visited_on": ON, **answers}])
    return found


def codes(who: Answers, **answers: Value | None) -> set[str]:
    return {finding.code for finding in assess(who, **answers).findings}


@pytest.mark.parametrize(
    ("sex", "years", "months", "kg", "cm", "bmi", "z", "label"),
    [
        ("male", 10, 0, 30.0, 135.0, 16.46, 0.01, "Normal"),
        ("male", 10, 0, 45.0, 140.0, 22.96, 2.40, "Obesitas"),
        ("female", 13, 0, 38.0, 155.0, 15.82, -1.44, "Normal"),
        ("female", 15, 0, 40.0, 158.0, 16.02, -1.91, "Normal"),
        ("female", 12, 6, 62.0, 152.0, 26.84, 2.22, "Obesitas"),
        ("male", 16, 0, 48.0, 170.0, 16.61, -1.93, "Normal"),
        ("female", 7, 6, 16.0, 122.0, 10.75, -4.06, "Sangat kurus"),
        ("male", 6, 8, 33.0, 118.0, 23.70, 4.01, "Obesitas"),
    ],
)
def test_the_published_bodies(
    sex: str, years: int, months: int, kg: float, cm: float, bmi: float, z: float, label: str
) -> None:
    found = assess(person(years, months, sex), weight_g=round(kg * 1000), height_mm=round(cm * 10))
    assert found.bmi == pytest.approx(bmi, abs=0.005)
    assert found.bmi_z == pytest.approx(z, abs=0.015)
    assert found.bmi_class.label == label


@pytest.mark.parametrize(
    ("who", "pressure", "code", "card"),
    [
        (person(13), (124, 76), "raised", "N"),
        (person(13), (119, 79), "normal", "N"),
        (person(13), (120, 80), "stage_1", "T"),
        (person(17, 11), (139, 89), "stage_1", "T"),
        (person(13), (140, 70), "stage_2", "T"),
        (person(13), (110, 90), "stage_2", "T"),
        (person(16), (89, 60), "low", "R"),
        (person(16), (90, 60), "normal", "N"),
        (person(18), (134, 84), "high_normal", "N"),
        (person(10, sex="male"), (108, 70), "high_for_age", "T"),
        (person(10, sex="male"), (107, 71), "normal", "N"),
        (person(10, sex="male"), (100, 72), "high_for_age", "T"),
        (person(12, 11), (113, 74), "normal", "N"),
        (person(12, 11), (114, 74), "high_for_age", "T"),
    ],
)
def test_blood_pressure_by_age(who: Answers, pressure: tuple[int, int], code: str, card: str) -> None:
    reading = assess(who, systolic_mmhg=pressure[0], diastolic_mmhg=pressure[1]).pressure
    assert reading is not None
    assert (reading.code, reading.card) == (code, card)


def test_a_published_ten_year_old_is_referred_for_blood_pressure() -> None:
    assert assess(person(10, sex="male"), systolic_mmhg=108, diastolic_mmhg=70).refer


@given(st.integers(50, 200), st.integers(30, 129), st.integers(156, 1200))
def test_a_higher_pressure_never_falls_into_a_milder_class(upper: int, lower: int, months: int) -> None:
    def grade(systolic: int, diastolic: int) -> int:
        scheme = RULES.pressure_scheme(months)
        assert scheme is not None
        return next(place for place, each in enumerate(scheme.classes) if each.holds(systolic, diastolic))

    assert grade(upper + 1, lower) <= grade(upper, lower)
    assert grade(upper, lower + 1) <= grade(upper, lower)


def test_without_both_numbers_or_an_age_there_is_no_class() -> None:
    assert outcome.pressure(RULES, "male", 120, {"systolic_mmhg": 150}) is None
    assert outcome.pressure(RULES, "male", None, {"systolic_mmhg": 150, "diastolic_mmhg": 90}) is None
    assert outcome.pressure(RULES, "male", 60, {"systolic_mmhg": 150, "diastolic_mmhg": 90}) is None


@pytest.mark.parametrize(
    ("who", "hb", "code"),
    [
        (person(13), 114, "mild"),
        (person(10), 114, "mild"),
        (person(10), 115, "none"),
        (person(16, sex="male"), 125, "mild"),
        (person(16, sex="male"), 130, "none"),
        (person(13), 120, "none"),
        (person(13), 119, "mild"),
        (person(13), 109, "moderate"),
        (person(13), 80, "moderate"),
        (person(13), 79, "severe"),
    ],
)
def test_anaemia_by_age_and_sex(who: Answers, hb: int, code: str) -> None:
    band = assess(who, haemoglobin_dg_dl=hb).anaemia
    assert band is not None
    assert band.code == code


@pytest.mark.parametrize(
    ("who", "answers", "expected"),
    [
        (person(16), {"waist_mm": 800}, set()),
        (person(16), {"waist_mm": 801}, {"waist_over"}),
        (person(16, sex="male"), {"waist_mm": 900}, set()),
        (person(16, sex="male"), {"waist_mm": 901}, {"waist_over"}),
        (person(14), {"waist_mm": 1000}, set()),
        (person(16), {"glucose_mg_dl": 69}, {"glucose_low"}),
        (person(16), {"glucose_mg_dl": 139}, set()),
        (person(16), {"glucose_mg_dl": 140}, {"glucose_raised"}),
        (person(16), {"glucose_mg_dl": 200}, {"glucose_high"}),
        (person(16), {"glucose_mg_dl": 100, "glucose_timing": "fasting"}, {"glucose_raised"}),
        (person(16), {"glucose_mg_dl": 126, "glucose_timing": "fasting"}, {"glucose_high"}),
        (person(13), {"haemoglobin_dg_dl": 114}, {"anaemia"}),
        (person(13), {"haemoglobin_dg_dl": 70}, {"anaemia_severe"}),
        (person(13), {"systolic_mmhg": 124, "diastolic_mmhg": 76}, {"pressure_raised"}),
        (person(13), {"systolic_mmhg": 132, "diastolic_mmhg": 76}, {"pressure_high"}),
        (person(13), {"systolic_mmhg": 150, "diastolic_mmhg": 76}, {"pressure_bad"}),
        (person(13), {"iron_weekly": False}, {"iron_not_taken"}),
        (person(13), {"smoking": "sometimes"}, {"smokes"}),
        (person(13), {"smoking": "tried"}, set()),
        (person(13), {"tbc_fever": True}, {"tbc_sign"}),
        (person(13), {"tbc_fever": True, "tbc_weight": True}, {"tbc_suspected"}),
        (person(13), {"weight_g": 36_000, "height_mm": 1600}, {"thin"}),
        (person(13), {"weight_g": 55_000, "height_mm": 1550}, {"overweight"}),
        (person(7, 6), {"weight_g": 16_000, "height_mm": 1220}, {"very_thin"}),
        (person(12, 6), {"weight_g": 62_000, "height_mm": 1520}, {"obese"}),
    ],
)
def test_each_answer_finds_what_it_should(who: Answers, answers: dict[str, Value], expected: set[str]) -> None:
    assert codes(who, **answers) == expected


def test_the_sentence_names_the_body_and_what_matters() -> None:
    well = assess(person(13), weight_g=38_000, height_mm=1550)
    assert well.headline == "IMT 15,8: normal. Semua yang diperiksa dalam batas."
    assert well.tiles[0].figure == "15,8 kg/m² · −1,4 SD"
    assert assess(person(12, 6), weight_g=62_000, height_mm=1520).headline == "IMT 26,8: obesitas."
    assert assess(person(13)).headline == "Belum ada hasil ukur pada kunjungan ini."
    assert assess({}, weight_g=38_000, height_mm=1550).headline.startswith("Lengkapi jenis kelamin")
    assert assess({}, weight_g=38_000, height_mm=1550).level == "unknown"


def test_questions_that_the_card_does_not_ask_are_left_out() -> None:
    assert {"waist_mm", "glucose_mg_dl"} <= school.not_asked(RULES, person(14, 11), ON)
    assert "waist_mm" not in school.not_asked(RULES, person(15), ON)
    assert "haemoglobin_dg_dl" in school.not_asked(RULES, person(15, sex="male"), ON)
    assert "haemoglobin_dg_dl" not in school.not_asked(RULES, person(8), ON)
    assert school.not_asked(RULES, {}, ON) == frozenset()


# the confidential questions

CALM = {
    "home_comfortable": True,
    "school_burden": False,
    "likes_body": True,
    "other_friends": True,
    "substances": False,
    "sexual_relation": False,
    "unsafe": False,
    "suicidal": False,
}


def mental(**answers: Value | None) -> outcome.VisitAssessment:
    (found,) = school.assess_mental(STANDARDS, person(16), [{"visited_on": ON, **answers}])
    return found


def test_eight_calm_answers_find_nothing() -> None:
    assert (mental(**CALM).level, mental(**CALM).findings) == ("ok", ())
    assert school.is_mental_complete(CALM)
    assert not school.is_mental_complete({**CALM, "unsafe": None})
    assert (mental().level, mental().headline) == ("unknown", "0 dari 8 pertanyaan dijawab.")


def test_the_wish_to_die_counts_at_once_even_alone() -> None:
    found = mental(suicidal=True)
    assert [finding.code for finding in found.findings] == ["urgent"]
    assert (found.level, found.refer) == ("bad", True)


@pytest.mark.parametrize("name", list(CALM))
def test_each_of_the_eight_needs_attention_when_answered_the_other_way(name: str) -> None:
    found = mental(**{**CALM, name: not CALM[name]})
    private = {"suicidal": "urgent", "sexual_relation": "private", "unsafe": "private"}
    assert [finding.code for finding in found.findings] == [private.get(name, "attention")]
    assert found.refer


NOTHING = Tile("Tekanan darah", "Belum", "unknown")


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        (person(10), ["IMT menurut umur", "Tekanan darah", "Hb"]),
        (person(10, sex="male"), ["IMT menurut umur", "Tekanan darah"]),
        (person(14, 11), ["IMT menurut umur", "Tekanan darah", "Hb"]),
        (person(15), ["IMT menurut umur", "Tekanan darah", "Lingkar perut", "Gula darah", "Hb"]),
        (person(15, sex="male"), ["IMT menurut umur", "Tekanan darah", "Lingkar perut", "Gula darah"]),
        ({"sex": "female"}, ["IMT menurut umur", "Tekanan darah", "Lingkar perut", "Gula darah", "Hb"]),
    ],
)
def test_the_tiles_are_those_of_the_card_for_age_and_sex(who: Answers, titles: list[str]) -> None:
    """Waist and blood sugar from 15 years, haemoglobin of girls; without a birth date nothing is left out."""
    tiles = assess(who).tiles
    assert [tile.title for tile in tiles] == titles
    assert {(tile.words, tile.level) for tile in tiles} == {("Belum", "unknown")}


@pytest.mark.parametrize(
    ("answers", "tile"),
    [
        ({"systolic_mmhg": 119, "diastolic_mmhg": 79}, Tile("Tekanan darah", "Normal", "ok", "119/79 mmHg")),
        ({"waist_mm": 800}, Tile("Lingkar perut", "Normal", "ok", "80,0 cm")),
        ({"waist_mm": 801}, Tile("Lingkar perut", "Lebih", "warn", "80,1 cm")),
        ({"glucose_mg_dl": 200}, Tile("Gula darah", "Tinggi", "bad", "200 mg/dL")),
        ({"glucose_mg_dl": 140}, Tile("Gula darah", "Prediabetes", "warn", "140 mg/dL")),
        ({"haemoglobin_dg_dl": 120}, Tile("Hb", "Tidak anemia", "ok", "12,0 g/dL")),
        ({}, NOTHING),
    ],
)
def test_a_reading_is_shown_with_its_number_and_unit(answers: dict[str, Value], tile: Tile) -> None:
    assert tile in assess(person(16), **answers).tiles


def test_body_mass_is_shown_with_its_score() -> None:
    """The vector of the notes: a boy of ten, 30 kg and 135 cm: IMT 16,46, z 0,01."""
    tile = assess(person(10, sex="male"), weight_g=30_000, height_mm=1_350).tiles[0]
    assert tile == Tile("IMT menurut umur", "Normal", "ok", "16,5 kg/m² · 0,0 SD")
    thin = assess(person(7, 6), weight_g=16_000, height_mm=1_220).tiles[0]
    assert thin == Tile("IMT menurut umur", "Sangat kurus", "bad", "10,7 kg/m² · \N{MINUS SIGN}4,1 SD")
    assert assess({"sex": "male"}, weight_g=30_000, height_mm=1_350).tiles[0].figure == "16,5 kg/m²"


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ({}, {"weight_g": 30_000, "height_mm": 1_350}),
        ({"sex": "lain", "born_on": date(2016, 11, 12)}, {"weight_g": 30_000, "height_mm": 1_350}),
        (person(10), {"weight_g": 30_000}),
        (person(10), {"height_mm": 1_350}),
        ({"sex": "male", "born_on": date(2027, 1, 1)}, {"weight_g": 30_000, "height_mm": 1_350}),
        (person(19, 1), {"weight_g": 60_000, "height_mm": 1_650}),
    ],
)
def test_what_cannot_be_scored_has_no_class(who: Answers, answers: dict[str, Value]) -> None:
    found = assess(who, **answers)
    assert (found.bmi_z, found.bmi_class.level) == (None, "unknown")
    assert not {"very_thin", "thin", "overweight", "obese"} & {finding.code for finding in found.findings}


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"waist_mm": 801}, "waist_over"),
        ({"waist_mm": 801, "smoking": "daily"}, "waist_over_risk"),
        ({"waist_mm": 801, "smoking": "sometimes"}, "waist_over_risk"),
        ({"waist_mm": 801, "smoking": "tried"}, "waist_over"),
        ({"waist_mm": 801, "smoking": "never"}, "waist_over"),
        ({"waist_mm": 801, "glucose_mg_dl": 139}, "waist_over"),
        ({"waist_mm": 801, "glucose_mg_dl": 140}, "waist_over_risk"),
        ({"waist_mm": 801, "systolic_mmhg": 119, "diastolic_mmhg": 79}, "waist_over"),
        ({"waist_mm": 801, "systolic_mmhg": 120, "diastolic_mmhg": 79}, "waist_over_risk"),
        ({"waist_mm": 801, "weight_g": 68_000, "height_mm": 1_580}, "waist_over_risk"),
        ({"waist_mm": 801, "weight_g": 50_000, "height_mm": 1_580}, "waist_over"),
        ({"waist_mm": 800, "smoking": "daily"}, None),
    ],
)
def test_a_wide_waist_is_sent_on_with_another_risk(answers: dict[str, Value], code: str | None) -> None:
    """R02: waist over the bound and weight, pressure, sugar or smoking besides."""
    found = {each for each in codes(person(16), **answers) if each.startswith("waist")}
    assert found == ({code} if code else set())


@pytest.mark.parametrize(("years", "months", "thin"), [(14, 11, False), (15, 0, True)])
def test_the_arm_of_a_girl_is_judged_from_15_years(years: int, months: int, thin: bool) -> None:
    assert ("kek" in codes(person(years, months), muac_mm=234)) is thin
    assert "kek" not in codes(person(years, months, sex="male"), muac_mm=234)


@pytest.mark.parametrize(
    ("answers", "headline"),
    [
        ({}, "Belum ada hasil ukur pada kunjungan ini."),
        ({"systolic_mmhg": 110, "diastolic_mmhg": 70}, "Semua yang diperiksa dalam batas."),
        ({"weight_g": 50_000, "height_mm": 1_580}, "IMT 20,0: normal. Semua yang diperiksa dalam batas."),
    ],
)
def test_the_sentence_of_a_calm_visit(answers: dict[str, Value], headline: str) -> None:
    assert assess(person(16), **answers).headline == headline


def test_without_sex_or_birth_date_the_sentence_asks_for_them() -> None:
    for who in ({}, {"sex": "female"}, {"born_on": date(2012, 1, 1)}):
        assert assess(who).headline == "Lengkapi jenis kelamin dan tanggal lahir dahulu."


CALM: dict[str, Value | None] = {
    "home_comfortable": True, "school_burden": False, "likes_body": True, "other_friends": True,
    "substances": False, "sexual_relation": False, "unsafe": False, "suicidal": False,
}  # fmt: skip


@pytest.mark.parametrize("told", range(9))
def test_how_many_of_the_eight_were_answered_is_counted(told: int) -> None:
    answers = dict(list(CALM.items())[:told])
    found = mental(**answers)
    if told == 8:
        assert found.headline == "Kedelapan pertanyaan sudah dijawab. Tidak ada yang perlu perhatian."
        assert found.level == "ok"
    else:
        assert found.headline == f"{told} dari 8 pertanyaan dijawab."
        assert found.level == "unknown"
    assert school.is_mental_complete(answers) is (told == 8)


def test_what_is_grave_is_said_first_with_the_count() -> None:
    urgent = mental(suicidal=True)
    assert urgent.headline == f"{urgent.findings[0].title}. 1 dari 8 pertanyaan dijawab."
    assert urgent.level == "bad"
    every = mental(**{**CALM, "unsafe": True})
    assert every.headline.endswith(". 8 dari 8 pertanyaan dijawab.")


@pytest.mark.parametrize(
    ("answers", "complete"),
    [
        ({}, False),
        ({"answered": False}, False),
        ({"answered": True}, True),
        (CALM, True),
        ({**CALM, "unsafe": None}, False),
    ],
)
def test_sealed_answers_count_as_asked(answers: dict[str, Value | None], complete: bool) -> None:
    assert school.is_mental_complete(answers) is complete


# --- a tool that was found wrong


@pytest.mark.parametrize(
    ("tool", "words"),
    [
        ("scale", "Timbangan hari itu ternyata salah: timbang lagi."),
        ("board", "Papan ukur hari itu ternyata salah: ukur lagi."),
        ("both", "Timbangan dan papan ukur hari itu ternyata salah: ukur lagi."),
    ],
)
def test_a_wrong_tool_says_nothing_of_a_pupils_body_but_the_rest_stays(tool: str, words: str) -> None:
    visit: Answers = {
        "visited_on": ON, "session_id": "hari", "weight_g": 62_000, "height_mm": 1_520, "haemoglobin_dg_dl": 100,
    }  # fmt: skip
    (told,) = school.assess(STANDARDS, TABLES, person(12, 6), [visit], {"lain": tool})
    (sound,) = school.assess(STANDARDS, TABLES, person(12, 6), [visit], {"hari": tool})
    assert (told.bmi_class.code, told.spoilt, "obese" in {each.code for each in told.findings}) == ("obese", (), True)
    assert (sound.bmi, sound.bmi_z, sound.bmi_class.code, sound.anaemia) == (None, None, "unknown", told.anaemia)
    assert {each.code for each in told.findings} - {each.code for each in sound.findings} == {"obese"}
    assert sound.headline.endswith(words)
    measured = {"scale": ("weight_g",), "board": ("height_mm",), "both": ("weight_g", "height_mm")}
    assert sound.spoilt == measured[tool]
