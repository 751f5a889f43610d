"""Adults and the elderly: published vectors, each edge, and scores that are valid only when complete."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import adult, instruments, outcome
from posyandu.domain.adult import AdultAssessment
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.adult import AKS_QUESTIONS, SRQ_QUESTIONS
from tests.domain.shipped import RULES, STANDARDS

ON = date(2026, 11, 12)


def person(years: int, sex: str = "female") -> Answers:
    return {"sex": sex, "born_on": date(ON.year - years, ON.month, ON.day)}


def assess(who: Answers, **answers: Value | None) -> AdultAssessment:
    (found,) = adult.assess(STANDARDS, who, [{"visited_on": ON, **answers}])
    return found


def codes(who: Answers, **answers: Value | None) -> set[str]:
    return {finding.code for finding in assess(who, **answers).findings}


@pytest.mark.parametrize(
    ("kg", "cm", "bmi", "card", "asia"),
    [
        (70.0, 165.0, 25.71, "heavy", "obese_1"),
        (42.0, 158.0, 16.82, "very_thin", "underweight"),
        (62.5, 158.1, 25.004, "heavy", "obese_1"),
        (62.5, 158.2, 24.97, "normal", "risk"),
    ],
)
def test_the_published_bodies_in_both_sets_of_classes(kg: float, cm: float, bmi: float, card: str, asia: str) -> None:
    found = assess(person(40), weight_g=round(kg * 1000), height_mm=round(cm * 10))
    assert found.bmi == pytest.approx(bmi, abs=0.005)
    assert (found.bmi_class and found.bmi_class.code, found.bmi_asia and found.bmi_asia.code) == (card, asia)


@given(st.integers(20_000, 250_000), st.integers(1_000, 2_200))
def test_the_class_of_a_body_follows_its_unrounded_index(grams: int, mm: int) -> None:
    exact = grams * 1000 / mm**2
    wanted = next(
        code
        for code, holds in (
            ("very_thin", exact < 17),
            ("thin", exact < 18.5),
            ("normal", exact <= 25),
            ("heavy", exact <= 27),
            ("obese", True),
        )
        if holds
    )
    band = assess(person(40), weight_g=grams, height_mm=mm).bmi_class
    assert band is not None
    assert band.code == wanted


@pytest.mark.parametrize(
    ("upper", "lower", "code", "isolated", "refer"),
    [
        (134, 92, "grade_1", False, True),
        (150, 84, "grade_1", True, True),
        (119, 79, "optimal", False, False),
        (120, 79, "normal", False, False),
        (119, 80, "normal", False, False),
        (130, 70, "high_normal", False, False),
        (120, 85, "high_normal", False, False),
        (139, 89, "high_normal", False, False),
        (140, 90, "grade_1", False, True),
        (160, 80, "grade_2", True, True),
        (150, 100, "grade_2", False, True),
        (180, 80, "grade_3", True, True),
        (120, 110, "grade_3", False, True),
        (89, 60, "low", False, False),
        (100, 59, "low", False, False),
    ],
)
def test_blood_pressure_takes_the_higher_class(upper: int, lower: int, code: str, isolated: bool, refer: bool) -> None:
    reading = assess(person(40), systolic_mmhg=upper, diastolic_mmhg=lower).pressure
    assert reading is not None
    assert (reading.code, reading.isolated_systolic, reading.refer) == (code, isolated, refer)


def test_isolated_systolic_pressure_is_named() -> None:
    (finding,) = assess(person(40), systolic_mmhg=150, diastolic_mmhg=84).findings
    assert finding.title == "Hipertensi derajat 1, sistolik terisolasi"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, set()),
        ({"weight_g": 42_000, "height_mm": 1580}, {"very_thin"}),
        ({"weight_g": 45_000, "height_mm": 1580}, {"thin"}),
        ({"weight_g": 70_000, "height_mm": 1650}, {"heavy"}),
        ({"weight_g": 90_000, "height_mm": 1650}, {"obese"}),
        ({"waist_mm": 800}, set()),
        ({"waist_mm": 801}, {"waist_over"}),
        ({"systolic_mmhg": 134, "diastolic_mmhg": 92}, {"pressure_high"}),
        ({"systolic_mmhg": 134, "diastolic_mmhg": 80}, {"pressure_raised"}),
        ({"systolic_mmhg": 181, "diastolic_mmhg": 92}, {"pressure_bad"}),
        ({"systolic_mmhg": 85, "diastolic_mmhg": 55}, {"pressure_low"}),
        ({"glucose_mg_dl": 69}, {"glucose_low"}),
        ({"glucose_mg_dl": 99}, set()),
        ({"glucose_mg_dl": 120}, {"glucose_watch"}),
        ({"glucose_mg_dl": 150}, {"glucose_raised"}),
        ({"glucose_mg_dl": 200}, {"glucose_high"}),
        ({"glucose_mg_dl": 125, "glucose_timing": "fasting"}, {"glucose_raised"}),
        ({"glucose_mg_dl": 126, "glucose_timing": "fasting"}, {"glucose_high"}),
        ({"cholesterol_mg_dl": 199}, set()),
        ({"cholesterol_mg_dl": 200}, {"cholesterol_raised"}),
        ({"cholesterol_mg_dl": 240}, {"cholesterol_high"}),
        ({"uric_acid_tenth_mg_dl": 60}, set()),
        ({"uric_acid_tenth_mg_dl": 61}, {"uric_high"}),
        ({"haemoglobin_dg_dl": 119}, {"anaemia"}),
        ({"haemoglobin_dg_dl": 79}, {"anaemia_severe"}),
        ({"muac_mm": 234}, {"kek"}),
        ({"muac_mm": 235}, set()),
        ({"eye_right": False}, {"eyes"}),
        ({"ear_left": False, "ear_right": False}, {"ears"}),
        ({"puma_smoked": True}, {"smokes"}),
        ({"tbc_cough": True}, {"tbc_sign"}),
        ({"tbc_contact": True}, {"tbc_contact"}),
        ({"tbc_cough": True, "tbc_weight": True}, {"tbc_suspected"}),
    ],
)
def test_each_answer_finds_what_it_should(answers: dict[str, Value], expected: set[str]) -> None:
    assert codes(person(40), **answers) == expected


def test_bounds_of_men_are_their_own() -> None:
    man = person(40, "male")
    assert codes(man, waist_mm=900, uric_acid_tenth_mg_dl=70, haemoglobin_dg_dl=130, muac_mm=200) == set()
    assert codes(man, waist_mm=901, uric_acid_tenth_mg_dl=71, haemoglobin_dg_dl=129) == {
        *("waist_over", "uric_high", "anaemia")
    }


def test_the_sentence_and_the_tiles_say_what_was_measured_and_what_not() -> None:
    found = assess(person(40), systolic_mmhg=120, diastolic_mmhg=70, eye_right=True, tbc_cough=False)
    assert found.headline == "Tekanan darah 120/70. Semua yang diperiksa dalam batas."
    assert [(tile.title, tile.words) for tile in found.tiles] == [
        ("IMT", "Belum"),
        ("Tekanan darah", "Normal"),
        ("Lingkar perut", "Belum"),
        ("Gula darah", "Belum"),
        ("Mata", "Belum lengkap"),
        ("Gejala TBC", "Belum lengkap"),
    ]
    assert assess(person(40)).level == "unknown"
    full = assess(
        person(70, "male"),
        **{"cholesterol_mg_dl": 180, "uric_acid_tenth_mg_dl": 65, "ear_left": False, "ear_right": True, **NOT_PUMA},
    )
    assert [tile.title for tile in full.tiles][4:] == ["Kolesterol", "Asam urat", "PUMA", "Telinga"]


def test_no_sign_of_tbc_is_said_only_when_all_four_were_asked() -> None:
    calm = dict.fromkeys(("tbc_cough", "tbc_fever", "tbc_weight", "tbc_contact"), False)
    assert assess(person(40), **calm).tiles[-1] == outcome.Tile("Gejala TBC", "Tidak ada", "ok")
    assert assess(person(40), **{**calm, "tbc_fever": None}).tiles[-1].words == "Belum lengkap"
    told = assess(person(40), **{**calm, "tbc_contact": True}).tiles[-1]
    assert (told.words, told.figure) == ("Perlu diperiksa", "Kontak erat pasien TBC")


def test_questions_that_the_card_does_not_ask_are_left_out() -> None:
    assert "puma_cough" in adult.not_asked(RULES, person(39), ON)
    assert "puma_cough" not in adult.not_asked(RULES, person(40), ON)
    assert "contraception" in adult.not_asked(RULES, person(50), ON)
    assert "contraception" not in adult.not_asked(RULES, person(49), ON)
    assert adult.not_asked(RULES, person(60, "male"), ON) == {"haemoglobin_dg_dl"}
    assert adult.not_asked(RULES, {}, ON) == frozenset()
    fertile = [adult.is_fertile_woman(RULES, person(years), ON) for years in (14, 15, 49, 50)]
    assert fertile == [False, True, True, False]


# PUMA

NOT_PUMA: dict[str, Value | None] = {
    "puma_smoked": False,
    "puma_breath": False,
    "puma_phlegm": False,
    "puma_cough": False,
    "puma_spirometry": False,
}


def puma(who: Answers, **answers: Value | None) -> int | None:
    return instruments.puma_score(RULES, who, ON, {**NOT_PUMA, **answers})


def test_the_published_scores_of_puma() -> None:
    assert puma(person(45)) == 0
    smoker = {"puma_smoked": True, "puma_sticks": 20, "puma_years": 25}
    assert puma(person(62, "male"), **smoker, puma_breath=True, puma_phlegm=True) == 6
    man = assess(person(62, "male"), **{**NOT_PUMA, **smoker, "puma_breath": True, "puma_phlegm": True})
    assert "puma_high" in {finding.code for finding in man.findings}
    assert man.refer


@pytest.mark.parametrize(("years", "points"), [(40, 0), (49, 0), (50, 1), (59, 1), (60, 2), (99, 2)])
def test_points_by_age(years: int, points: int) -> None:
    assert puma(person(years)) == points


@pytest.mark.parametrize(
    ("sticks", "years", "points"), [(19, 20, 0), (20, 20, 1), (20, 30, 1), (20, 31, 2), (60, 9, 1)]
)
def test_points_by_pack_years(sticks: int, years: int, points: int) -> None:
    assert puma(person(40), puma_smoked=True, puma_sticks=sticks, puma_years=years) == points


@given(
    st.integers(40, 100), st.sampled_from(["male", "female"]), st.integers(1, 100), st.integers(0, 90),
    st.lists(st.booleans(), min_size=4, max_size=4),
)  # fmt: skip
def test_puma_stays_between_0_and_9(years: int, sex: str, sticks: int, long: int, told: list[bool]) -> None:
    symptoms = dict(zip(instruments.PUMA_SYMPTOMS, told, strict=True))
    score = puma(person(years, sex), puma_smoked=True, puma_sticks=sticks, puma_years=long, **symptoms)
    assert score is not None
    assert told.count(True) <= score <= 5 + told.count(True) <= 9


@pytest.mark.parametrize("missing", ["puma_smoked", "puma_breath", "puma_spirometry"])
def test_an_unanswered_question_leaves_puma_without_a_score(missing: str) -> None:
    assert puma(person(45), **{missing: None}) is None
    assert puma(person(45), puma_smoked=True, puma_sticks=10) is None
    assert puma(person(39)) is None
    assert puma({"born_on": date(1970, 1, 1)}) is None


# SRQ-20

ALL_NO: dict[str, Value | None] = {question.name: False for question in SRQ_QUESTIONS}


def srq(**answers: Value | None) -> instruments.SrqAssessment:
    (found,) = instruments.assess_srq(STANDARDS, person(30), [{"visited_on": ON, **answers}])
    return found


def test_number_17_alone_calls_for_help_the_same_day() -> None:
    found = srq(**{**ALL_NO, "srq_17": True})
    assert (found.score, found.is_high, found.is_urgent, found.level, found.refer) == (1, False, True, "bad", True)
    assert srq(srq_17=True).is_urgent


@given(st.sets(st.sampled_from([name for name in ALL_NO if name != "srq_17"])))
def test_six_are_high_and_fewer_are_not(yes: set[str]) -> None:
    found = srq(**{**ALL_NO, **dict.fromkeys(yes, True)})
    assert found.score == len(yes)
    assert found.is_high is (len(yes) >= 6)
    assert found.refer is (len(yes) >= 6)


def test_twenty_questions_must_be_answered_for_a_score() -> None:
    assert (srq(**{**ALL_NO, "srq_3": None}).score, srq().level) == (None, "unknown")
    assert srq(**ALL_NO).headline == "Ya dijawab 0 kali dari 20."
    assert srq(srq_1=False).headline == "1 dari 20 pertanyaan dijawab."


# AKS

FULL: dict[str, Value | None] = {question.name: question.options[-1].code for question in AKS_QUESTIONS}


def aks(**answers: Value | None) -> instruments.AksAssessment:
    (found,) = instruments.assess_aks(STANDARDS, person(70), [{"visited_on": ON, **answers}])
    return found


def test_the_published_scores_of_aks() -> None:
    assert [len(question.options) - 1 for question in AKS_QUESTIONS] == [2, 2, 1, 2, 2, 3, 3, 2, 2, 1]
    assert (aks(**FULL).score, aks(**FULL).code, aks(**FULL).refer) == (20, "independent", False)
    one_less = aks(**{**FULL, "walking": "2"})
    assert (one_less.score, one_less.code, one_less.refer) == (19, "mild", True)
    assert one_less.headline == "Skor 19 dari 20: ketergantungan ringan (B)."


@pytest.mark.parametrize(
    ("score", "code"),
    [
        (20, "independent"), (19, "mild"), (12, "mild"), (11, "moderate"), (9, "moderate"), (8, "severe"),
        (5, "severe"), (4, "total"), (0, "total"),
    ],
)  # fmt: skip
def test_classes_of_aks_at_each_edge(score: int, code: str) -> None:
    band = RULES.life_band("aks", score, 840)
    assert band is not None
    assert band.code == code


@given(st.tuples(*(st.integers(0, len(question.options) - 1) for question in AKS_QUESTIONS)))
def test_aks_is_the_sum_of_its_ten_items(told: tuple[int, ...]) -> None:
    answers = {question.name: str(points) for question, points in zip(AKS_QUESTIONS, told, strict=True)}
    assert aks(**answers).score == sum(told)


def test_an_unanswered_item_leaves_aks_without_a_class() -> None:
    found = aks(**{**FULL, "stairs": None})
    assert (found.score, found.code, found.level, found.findings) == (None, None, "unknown", ())
    assert found.headline == "9 dari 10 kegiatan dijawab."


# SKILAS

WELL: dict[str, Value | None] = {
    "knows_date": True,
    "knows_place": True,
    "recalls_words": True,
    "stands_up": True,
    "lost_weight": False,
    "poor_appetite": False,
    "muac_mm": 250,
    "eye_problem": False,
    "counts_fingers": True,
    "whisper": "hears",
    "sad": False,
    "no_interest": False,
}


def skilas(**answers: Value | None) -> instruments.SkilasAssessment:
    (found,) = instruments.assess_skilas(STANDARDS, person(70), [{"visited_on": ON, **answers}])
    return found


@pytest.mark.parametrize(
    ("change", "domain"),
    [
        ({"knows_date": False}, "cognition"),
        ({"recalls_words": False}, "cognition"),
        ({"stands_up": False}, "mobility"),
        ({"muac_mm": 208}, "malnutrition"),
        ({"muac_mm": 209}, "malnutrition"),
        ({"lost_weight": True}, "malnutrition"),
        ({"poor_appetite": True}, "malnutrition"),
        ({"eye_problem": True, "counts_fingers": None}, "sight"),
        ({"counts_fingers": False}, "sight"),
        ({"whisper": "not"}, "hearing"),
        ({"whisper": "impossible"}, "hearing"),
        ({"sad": True}, "depression"),
        ({"no_interest": True}, "depression"),
    ],
)
def test_one_item_is_enough_for_a_domain_and_a_referral(change: dict[str, Value | None], domain: str) -> None:
    found = skilas(**{**WELL, **change})
    assert [name for name, problem in found.domains.items() if problem] == [domain]
    assert [finding.code for finding in found.findings] == [domain]
    assert found.refer


def test_an_elderly_person_without_any_problem_is_well() -> None:
    assert set(skilas(**WELL).domains.values()) == {False}
    assert (skilas(**WELL).level, skilas(**WELL).headline) == ("ok", "Keenam bagian tidak ada masalah.")
    assert set(skilas(**{**WELL, "muac_mm": 210}).domains.values()) == {False}


@given(st.sets(st.sampled_from(list(WELL))))
def test_what_was_not_asked_is_never_well(left_out: set[str]) -> None:
    found = skilas(**{**WELL, **dict.fromkeys(left_out)})
    assert True not in found.domains.values()
    assert (None in found.domains.values()) is bool(left_out)
    assert (found.level == "ok") is not bool(left_out)


def tiles(who: Answers | None = None, **answers: Value | None) -> dict[str, outcome.Tile]:
    return {tile.title: tile for tile in assess(who or person(45), **answers).tiles}


def test_four_readings_have_a_tile_always_and_the_others_when_they_were_taken() -> None:
    assert list(tiles()) == ["IMT", "Tekanan darah", "Lingkar perut", "Gula darah"]
    assert {(tile.words, tile.level, tile.figure) for tile in tiles().values()} == {("Belum", "unknown", "")}
    more = tiles(cholesterol_mg_dl=199, uric_acid_tenth_mg_dl=60, eye_right=True, ear_left=False, tbc_cough=False)
    assert list(more)[4:] == ["Kolesterol", "Asam urat", "Mata", "Telinga", "Gejala TBC"]


@pytest.mark.parametrize(
    ("answers", "title", "words", "level", "figure"),
    [
        ({"weight_g": 46_250, "height_mm": 1_580}, "IMT", "Normal", "ok", "18,53 kg/m²"),
        ({"weight_g": 62_500, "height_mm": 1_581}, "IMT", "Gemuk", "warn", "25,004 kg/m²"),
        ({"weight_g": 42_000, "height_mm": 1_580}, "IMT", "Sangat kurus", "bad", "16,8 kg/m²"),
        ({"systolic_mmhg": 150, "diastolic_mmhg": 84}, "Tekanan darah", "Derajat 1", "warn", "150/84 mmHg"),
        ({"systolic_mmhg": 185, "diastolic_mmhg": 84}, "Tekanan darah", "Derajat 3", "bad", "185/84 mmHg"),
        ({"waist_mm": 800}, "Lingkar perut", "Normal", "ok", "80,0 cm"),
        ({"waist_mm": 801}, "Lingkar perut", "Lebih", "warn", "80,1 cm"),
        ({"glucose_mg_dl": 199}, "Gula darah", "Prediabetes", "warn", "199 mg/dL"),
        ({"glucose_mg_dl": 200}, "Gula darah", "Tinggi", "bad", "200 mg/dL"),
        ({"cholesterol_mg_dl": 199}, "Kolesterol", "Normal", "ok", "199 mg/dL"),
        ({"cholesterol_mg_dl": 200}, "Kolesterol", "Agak tinggi", "warn", "200 mg/dL"),
        ({"cholesterol_mg_dl": 240}, "Kolesterol", "Tinggi", "warn", "240 mg/dL"),
        ({"uric_acid_tenth_mg_dl": 60}, "Asam urat", "Normal", "ok", "6,0 mg/dL"),
        ({"uric_acid_tenth_mg_dl": 61}, "Asam urat", "Tinggi", "warn", "6,1 mg/dL"),
        ({"eye_right": True, "eye_left": True}, "Mata", "Normal", "ok", ""),
        ({"eye_right": True}, "Mata", "Belum lengkap", "unknown", ""),
        ({"eye_right": False}, "Mata", "Gangguan", "warn", ""),
        ({"ear_right": True, "ear_left": False}, "Telinga", "Gangguan", "warn", ""),
        ({"ear_left": True}, "Telinga", "Belum lengkap", "unknown", ""),
    ],
)
def test_each_reading_of_a_grown_up_at_its_edge(
    answers: dict[str, Value], title: str, words: str, level: str, figure: str
) -> None:
    assert tiles(**answers)[title] == outcome.Tile(title, words, level, figure)


@pytest.mark.parametrize(("sex", "tenths", "high"), [("male", 70, False), ("male", 71, True), ("female", 61, True)])
def test_uric_acid_has_a_bound_by_sex_and_none_without(sex: str, tenths: int, high: bool) -> None:
    assert ("uric_high" in codes(person(45, sex), uric_acid_tenth_mg_dl=tenths)) is high
    assert assess({"born_on": date(1980, 1, 1)}, uric_acid_tenth_mg_dl=200).uric_acid is None


@pytest.mark.parametrize(
    ("earlier", "lasting"),
    [
        ({}, False),
        ({date(2026, 8, 31): (80_000, 1_650)}, True),
        ({date(2026, 9, 1): (80_000, 1_650)}, False),
        ({date(2026, 8, 1): (80_000, 1_650), date(2026, 10, 1): (60_000, 1_650)}, True),
        ({date(2026, 5, 1): (80_000, 1_650), date(2026, 8, 1): (60_000, 1_650)}, False),
        ({date(2026, 5, 1): (80_000, 1_650), date(2026, 8, 1): (None, 1_650)}, True),
        ({date(2026, 5, 1): (73_000, 1_650)}, False),
    ],
)
def test_obesity_lasts_when_the_last_weight_three_months_ago_was_obese_too(
    earlier: dict[date, tuple[int | None, int]], lasting: bool
) -> None:
    """R01; 73 kg at 1,65 m is 26,8: heavy, not obese. What was not weighed is passed over."""
    visits: list[Answers] = [
        {"visited_on": on, "weight_g": grams, "height_mm": mm} for on, (grams, mm) in earlier.items()
    ]
    visits.append({"visited_on": ON, "weight_g": 80_000, "height_mm": 1_650})
    found = {finding.code for finding in adult.assess(STANDARDS, person(45), visits)[-1].findings}
    assert ("obese_lasting" in found) is lasting


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "waist_over"),
        ({"weight_g": 60_000, "height_mm": 1_650}, "waist_over"),
        ({"weight_g": 70_000, "height_mm": 1_650}, "waist_over_risk"),
        ({"glucose_mg_dl": 139}, "waist_over"),
        ({"glucose_mg_dl": 140}, "waist_over_risk"),
        ({"cholesterol_mg_dl": 199}, "waist_over"),
        ({"cholesterol_mg_dl": 200}, "waist_over_risk"),
        ({"systolic_mmhg": 129, "diastolic_mmhg": 84}, "waist_over"),
        ({"systolic_mmhg": 130, "diastolic_mmhg": 84}, "waist_over_risk"),
        ({"puma_smoked": False}, "waist_over"),
        ({"puma_smoked": True}, "waist_over_risk"),
    ],
)
def test_a_wide_waist_of_a_grown_up_is_sent_on_with_another_risk(more: dict[str, Value], code: str) -> None:
    """R02."""
    assert {each for each in codes(person(45), waist_mm=801, **more) if each.startswith("waist")} == {code}


@pytest.mark.parametrize(
    ("answers", "code", "why"),
    [
        ({"eye_right": False, "eye_left": False}, "eyes", "Tes hitung jari: gangguan pada mata kanan dan mata kiri."),
        ({"eye_right": False}, "eyes", "Tes hitung jari: gangguan pada mata kanan."),
        (
            {"ear_right": False, "ear_left": False},
            "ears",
            "Tes berbisik: gangguan pada telinga kanan dan telinga kiri.",
        ),
        ({"glucose_mg_dl": 126, "glucose_timing": "fasting"}, "glucose_high", "Gula darah 126 mg/dL (puasa)."),
        (
            {"glucose_mg_dl": 210, "glucose_timing": "after_meal"},
            "glucose_high",
            "Gula darah 210 mg/dL (2 jam sesudah makan).",
        ),
        ({"weight_g": 46_240, "height_mm": 1_581}, "thin", "IMT 18,499, di bawah 18,5."),
        (
            {"weight_g": 62_500, "height_mm": 1_581},
            "heavy",
            "IMT 25,004, di atas 25. Menurut KMK 2015/2023 (Asia Pasifik): obesitas I.",
        ),
        ({"uric_acid_tenth_mg_dl": 85}, "uric_high", "Asam urat 8,5 mg/dL, di atas batas."),
        ({"muac_mm": 231}, "kek", "Lingkar lengan 23,1 cm pada wanita usia subur."),
    ],
)
def test_the_reason_of_a_grown_up_is_said_word_by_word(answers: dict[str, Value], code: str, why: str) -> None:
    found = {finding.code: finding.why for finding in assess(person(45), **answers).findings}
    assert found[code] == why


@pytest.mark.parametrize(
    ("years", "days", "fertile"), [(15, 0, True), (15, 1, False), (49, 0, True), (50, 1, True), (50, 0, False)]
)
def test_childbearing_age_is_15_to_49_to_the_day(years: int, days: int, fertile: bool) -> None:
    who = {"sex": "female", "born_on": date(ON.year - years, ON.month, ON.day + days)}
    assert adult.is_fertile_woman(RULES, who, ON) is fertile
    assert not adult.is_fertile_woman(RULES, {**who, "sex": "male"}, ON)
    assert not adult.is_fertile_woman(RULES, {"sex": "female"}, ON)


def test_the_headline_has_the_pressure_and_what_matters_most() -> None:
    assert assess(person(45), systolic_mmhg=118, diastolic_mmhg=76).headline == (
        "Tekanan darah 118/76. Semua yang diperiksa dalam batas."
    )
    assert assess(person(45)).headline == "Belum ada hasil ukur pada kunjungan ini."
    high = assess(person(45), systolic_mmhg=185, diastolic_mmhg=100)
    assert high.headline == f"{high.findings[0].title}. Tekanan darah 185/100."


def test_a_wrong_scale_makes_nobody_obese_on_its_day_or_lastingly_later() -> None:
    heavy: Answers = {"weight_g": 90_000, "height_mm": 1_600, "systolic_mmhg": 150, "diastolic_mmhg": 95}
    visits = [
        {"visited_on": date(2026, 7, 9), "session_id": "juli", **heavy},
        {"visited_on": ON, "session_id": "november", **heavy},
    ]

    def said(**wrong: str) -> list[set[str]]:
        judged = adult.assess(STANDARDS, person(40), visits, wrong)
        return [{each.code for each in one.findings if each.code.startswith(("obese", "pressure"))} for one in judged]

    pressure = {each for each in said()[0] if each.startswith("pressure")}
    assert said() == [{"obese"} | pressure, {"obese_lasting"} | pressure]
    assert said(juli="scale") == [pressure, {"obese"} | pressure]
    assert said(november="board") == [{"obese"} | pressure, pressure]
    july, now = adult.assess(STANDARDS, person(40), visits, {"november": "both"})
    assert (july.spoilt, now.spoilt, now.bmi, now.bmi_class, now.bmi_asia) == (
        (), ("weight_g", "height_mm"), None, None, None,
    )  # fmt: skip
    assert now.headline.endswith("Timbangan dan papan ukur hari itu ternyata salah: ukur lagi.")
