"""Indicators of pupils, adults and the elderly: what counts, among whom, and unknown that is neither yes nor no."""

from dataclasses import replace
from datetime import date

import pytest

from posyandu.domain import adult, instruments, school
from posyandu.domain.calendar import age_months
from posyandu.domain.fields import Answers
from posyandu.domain.life_indicators import ADULTS, ELDERLY, PUPILS, Examined, class_words
from posyandu.domain.outcome import VisitAssessment
from posyandu.domain.service_group import Group, group_on
from posyandu.domain.share import Indicator
from tests.domain.shipped import RULES, STANDARDS, TABLES, TODAY
from tests.rules import changed_rules

EVERY = {**PUPILS, **ADULTS, **ELDERLY}
AKS = {"bowels": "2", "bladder": "2", "grooming": "1", "toilet": "2", "feeding": "2", "transfer": "3", "walking": "3",
       "dressing": "2", "stairs": "2", "bathing": "1"}  # fmt: skip
PRESSED = {"systolic_mmhg": 150, "diastolic_mmhg": 95}
CALM = {"systolic_mmhg": 110, "diastolic_mmhg": 70}


def somebody(
    years: int,
    *visits: dict[str, object],
    sex: str = "female",
    exams: tuple[dict[str, object], ...] = (),
    aks: dict[str, object] | None = None,
    **more: object,
) -> Examined:
    """Somebody who completed so many years today, with these visits of the year."""
    person: Answers = {"sex": sex, "born_on": TODAY.replace(year=TODAY.year - years), "name": "Sinta"}
    group = group_on(RULES.groups, person, TODAY)
    assert group is not None
    told: list[Answers] = [{"visited_on": TODAY, **each} for each in visits]  # type: ignore[dict-item]
    judged: list[VisitAssessment] = []
    if group in (Group.SCHOOL, Group.YOUTH):
        judged += school.assess(STANDARDS, TABLES, person, told)
    else:
        judged += adult.assess(STANDARDS, person, told)
    scores = instruments.assess_aks(STANDARDS, person, [{"visited_on": TODAY, **aks}] if aks else [])  # type: ignore[dict-item]
    born_on = person["born_on"]
    assert isinstance(born_on, date)
    return Examined(
        rules=RULES, id="sinta", person=person, on=TODAY, group=group, age_months=age_months(born_on, TODAY), came=True,
        visits=tuple(told), assessments=tuple(judged), instruments={"aks": scores[-1]} if scores else {},
        mental_due=False, mental_done=False, exams=tuple(exams), **more,
    )  # fmt: skip


def test_other_classes_of_the_rule_change_who_is_asked_and_the_labels() -> None:
    pupils = {"years_before_class_1": 5, "iron_classes": [8, 12], "hb_classes": [6, 9], "primary_classes": 7}
    other = changed_rules({"pupils": pupils}).on(TODAY)
    at_seven = somebody(12)
    now = replace(at_seven, rules=other)
    asked = ("girls_hb_7", "girls_iron", "girls_take_iron", "girls_anaemia", "pupils_immunised")
    assert [[bool(EVERY[code].among(each)) for code in asked] for each in (at_seven, now)] == [
        [True, True, True, True, True],
        [False, False, False, False, False],
    ]
    older = changed_rules({"pupils": pupils | {"years_before_class_1": 4}}).on(TODAY)
    assert replace(at_seven, rules=older).at_class == 8
    labels = [EVERY["girls_hb_10"].label, EVERY["girls_iron"].label, EVERY["pupils_immunised"].label]
    assert [label.format_map(class_words(other)) for label in labels] == [
        "Hb diperiksa, rematri kelas 9",
        "Mendapat TTD, rematri kelas 8 sampai 12",
        "Imunisasi sekolah lengkap, sesudah kelas 7",
    ]


def holds(code: str, person: Examined) -> bool | None | str:
    """Whether it holds of this one person: True, False, None when nobody knows, "-" when it is not asked of them."""
    share = EVERY[code]([person])
    if share.unknown:
        assert share.counted == ()
        return None
    return "-" if not share.among else bool(share.counted)


@pytest.mark.parametrize(
    ("code", "person", "expected"),
    [
        ("pupils_screened", somebody(12), False),
        ("pupils_screened", somebody(12, {"smoking": "never"}), False),
        ("pupils_screened", somebody(12, {"haemoglobin_dg_dl": 120}), True),
        ("pupils_screened", somebody(19, {"weight_g": 50_000}), "-"),
        ("adults_screened", somebody(19, {"weight_g": 50_000}), True),
        ("adults_screened", somebody(60, {"weight_g": 50_000}), "-"),
        ("elderly_screened", somebody(60, {"waist_mm": 800}), True),
        ("adults_screened", somebody(30, as_mother=({"systolic_mmhg": 150, "diastolic_mmhg": 95},)), True),
        ("adults_screened", somebody(30, as_mother=({"iron_tablets": 30},)), False),
        ("adults_pressure", somebody(30, as_mother=({"systolic_mmhg": 150, "diastolic_mmhg": 95},)), None),
        ("pupils_screened", somebody(17, as_mother=({"weight_g": 50_000},)), True),
        ("girls_hb_10", somebody(15, as_mother=({"haemoglobin_dg_dl": 100},)), True),
        ("girls_anaemia", somebody(15, as_mother=({"haemoglobin_dg_dl": 100},)), None),
        ("pupils_obese", somebody(12, {"weight_g": 62_000}), None),
        ("pupils_obese", somebody(12, {"weight_g": 62_000, "height_mm": 1_520}), True),
        ("pupils_normal", somebody(12, {"weight_g": 62_000, "height_mm": 1_520}), False),
        ("pupils_thin", somebody(7, {"weight_g": 16_000, "height_mm": 1_220}), True),
        ("pupils_overweight", somebody(12, {"weight_g": 62_000, "height_mm": 1_520}, {"weight_g": 50_000}), False),
        ("pupils_pressure", somebody(12), None),
        ("pupils_pressure", somebody(12, PRESSED, CALM), False),
        ("pupils_pressure", somebody(12, CALM, PRESSED), True),
        ("pupils_pressure", somebody(12, PRESSED, {"weight_g": 40_000}), True),
        ("pupils_caries", somebody(9), None),
        ("pupils_caries", somebody(9, exams=({"instrument": "teeth"},)), None),
        ("pupils_caries", somebody(9, exams=({"caries": True}, {"instrument": "vision"})), True),
        ("pupils_caries", somebody(9, exams=({"caries": True}, {"caries": False})), False),
        ("pupils_refraction", somebody(9, exams=({"eye_finding": "refraction"},)), True),
        ("pupils_refraction", somebody(9, exams=({"eye_finding": "normal"},)), False),
        ("pupils_refraction", somebody(9, exams=({"visus_right": "mild"},)), None),
        ("pupils_hearing", somebody(9), None),
        ("pupils_hearing", somebody(9, exams=({"whisper_passed": True},)), False),
        ("pupils_hearing", somebody(9, exams=({"whisper_passed": True, "ear_finding": "wax"},)), True),
        ("pupils_hearing", somebody(9, exams=({"whisper_passed": False, "ear_finding": "normal"},)), True),
        ("pupils_hearing", somebody(9, exams=({"ear_finding": "normal"},)), False),
        ("adults_eyes", somebody(30), False),
        ("adults_eyes", somebody(30, {"eye_left": False}), True),
        ("adults_eyes", somebody(30, exams=({"instrument": "vision"},)), True),
        ("adults_eyes", somebody(30, exams=({"instrument": "hearing"},)), False),
        ("adults_cataract", somebody(45, exams=({"eye_finding": "cataract"},)), True),
        ("elderly_cataract", somebody(70, exams=({"eye_finding": "glaucoma"},)), False),
        ("elderly_cataract", somebody(70, exams=({"instrument": "vision", "result": "katarak"},)), None),
        ("elderly_independent", somebody(70, aks=AKS), True),
        ("elderly_independent", somebody(70, aks={**AKS, "bathing": "0"}), False),
        ("elderly_independent", somebody(70, aks={"bathing": "1"}), None),
        ("elderly_independent", somebody(70), None),
        ("elderly_thin", somebody(70, {"weight_g": 38_000, "height_mm": 1_580}), True),
        ("elderly_obese", somebody(70, {"weight_g": 80_000, "height_mm": 1_580}), True),
        ("elderly_obese", somebody(70, {"weight_g": 65_000, "height_mm": 1_580}), False),
    ],
)
def test_a_finding_counts_by_the_last_that_says_something_of_it(
    code: str, person: Examined, expected: bool | None | str
) -> None:
    assert holds(code, person) == expected


@pytest.mark.parametrize(
    ("own", "measured", "expected"),
    [
        ({}, None, None),
        ({"own_diabetes": False, "own_hypertension": False}, None, None),
        ({"own_diabetes": True, "own_hypertension": True}, None, True),
        ({"own_diabetes": True, "own_hypertension": True}, False, True),
        ({"own_diabetes": False, "own_hypertension": False}, True, True),
        ({}, False, False),
    ],
)
@pytest.mark.parametrize("years", [45, 70])
def test_an_illness_is_known_by_its_history_or_by_measuring(
    own: Answers, measured: bool | None, expected: bool | None, years: int
) -> None:
    visits = (
        () if measured is None else ({"glucose_mg_dl": 200 if measured else 199, **(PRESSED if measured else CALM)},)
    )
    person = somebody(years, *visits, history=own)
    of = "adults" if years < 60 else "elderly"
    assert (holds(f"{of}_diabetes", person), holds(f"{of}_pressure", person)) == (expected, expected)


@pytest.mark.parametrize(
    ("years", "grade", "sex", "asked"),
    [
        (11, None, "female", ()),
        (12, None, "female", ("girls_hb_7", "girls_iron")),
        (12, None, "male", ()),
        (13, None, "female", ("girls_iron",)),
        (13, 7, "female", ("girls_hb_7", "girls_iron")),
        (15, None, "female", ("girls_hb_10", "girls_iron")),
        (15, 9, "female", ("girls_iron",)),
        (17, None, "female", ("girls_iron",)),
        (18, None, "female", ()),
        (18, 12, "female", ("girls_iron",)),
        (19, 10, "female", ()),
    ],
)
def test_girls_are_asked_by_their_class_and_without_one_by_their_age(
    years: int, grade: int | None, sex: str, asked: tuple[str, ...]
) -> None:
    person = somebody(years, sex=sex, grade=grade)
    found = tuple(code for code in ("girls_hb_7", "girls_hb_10", "girls_iron") if holds(code, person) != "-")
    assert found == asked
    assert (holds("pupils_immunised", person) != "-") is (years < 19 and (grade or years - 5) > 6)


@pytest.mark.parametrize(
    ("told", "given", "taken"),
    [
        ({}, None, None),
        ({"iron_tablets": 0}, False, None),
        ({"iron_tablets": 4, "iron_weekly": False}, True, False),
        ({"iron_weekly": True}, None, True),
    ],
)
def test_iron_given_and_iron_taken_are_two_things(
    told: dict[str, object], given: bool | None, taken: bool | None
) -> None:
    girl = somebody(13, told)
    assert (holds("girls_iron", girl), holds("girls_take_iron", girl)) == (given, taken)
    assert len(PUPILS["girls_iron"]([girl, somebody(13, {"iron_tablets": 4})]).among) == 2, "of all, unknown ones too"


def test_a_share_of_findings_leaves_out_whom_nobody_examined() -> None:
    three = [somebody(9, exams=exams) for exams in (({"caries": True},), ({"caries": False},), ())]
    named = [replace(each, id=str(number)) for number, each in enumerate(three)]
    share = PUPILS["pupils_caries"](named)
    assert ([each.id for each in share.among], [each.id for each in share.unknown], share.value) == (
        ["0", "1"],
        ["2"],
        0.5,
    )
    assert PUPILS["pupils_caries"](named[2:]).value is None


@pytest.mark.parametrize(("immunised", "expected"), [(True, True), (False, False), (None, None)])
def test_a_school_set_nobody_copied_is_unknown(immunised: bool | None, expected: bool | None) -> None:
    assert holds("pupils_immunised", somebody(13, immunised=immunised)) is expected


def test_every_indicator_has_words_of_its_own_in_its_table() -> None:
    for table in (PUPILS, ADULTS, ELDERLY):
        assert len({each.label for each in table.values()}) == len(table)
        assert all(isinstance(each, Indicator) for each in table.values())
