"""IKS (PIS-PK): published vectors, what applies to whom, and unknown told apart from no and from not applicable."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import iks
from posyandu.domain.fields import Answers
from posyandu.domain.iks import NO, NOT_APPLICABLE, UNKNOWN, YES, Member
from tests.domain.shipped import RULES

RULE = RULES.iks
GOOD_HOUSE: Answers = {
    "ill_tbc": False, "ill_hypertension": False, "ill_mental": False,
    "smoker": False, "insured": True, "clean_water": True, "latrine": True,
}  # fmt: skip
MOTHER = Member(id="m", name="Wulan", sex="female", months=28 * 12, couple=True, contraception=True)
FATHER = Member(id="f", name="Budi", sex="male", months=31 * 12)


def child(months: int, **more: object) -> Member:
    good = {"immunised": True, "breastfed": True, "weighed": True, "born_in_facility": True}
    return Member(id="c", name="Raka", sex="male", months=months, **{**good, **more})  # type: ignore[arg-type]


def judged(house: Answers, *members: Member) -> dict[str, iks.Indicator]:
    return {each.code: each for each in iks.judge(RULE, house, members).indicators}


def state(code: str, house: Answers, *members: Member) -> str:
    return judged(house, *members)[code].state


@pytest.mark.parametrize(
    ("met", "not_applicable", "value", "code"),
    [
        (8, 2, 0.8, "almost"),
        (9, 1, 9 / 11, "healthy"),
        (12, 0, 1.0, "healthy"),
        (5, 2, 0.5, "almost"),
        (4, 3, 4 / 9, "unhealthy"),
        (0, 0, 0.0, "unhealthy"),
        (4, 7, 0.8, "almost"),
    ],
)
def test_the_index_and_its_class_are_the_published_ones(met: int, not_applicable: int, value: float, code: str) -> None:
    found = iks.index(met, not_applicable)
    assert found == pytest.approx(value)
    assert found is not None
    assert RULES.iks_band(found).code == code


def test_without_any_indicator_that_applies_there_is_no_index() -> None:
    assert iks.index(0, 12) is None


@pytest.mark.parametrize(("met", "not_applicable"), [(-1, 0), (11, 2), (0, 13), (1, 12), (0, -1)])
def test_counts_that_twelve_indicators_cannot_have_are_refused(met: int, not_applicable: int) -> None:
    with pytest.raises(ValueError, match="of 12"):
        iks.index(met, not_applicable)


@given(met=st.integers(0, 12), left_out=st.integers(0, 12))
def test_only_the_exact_limits_decide_the_class(met: int, left_out: int) -> None:
    of = 12 - left_out
    if of <= 0 or met > of:
        return
    value = iks.index(met, left_out)
    assert value is not None
    wanted = "healthy" if 5 * met > 4 * of else "almost" if 2 * met >= of else "unhealthy"
    assert RULES.iks_band(value).code == wanted


def test_a_family_that_does_everything_is_healthy() -> None:
    found = iks.judge(RULE, GOOD_HOUSE, [MOTHER, FATHER, child(13)])
    assert found.unknown == ()
    assert {each.code for each in found.indicators if each.state == NOT_APPLICABLE} == {
        "birth", "tbc", "hypertension", "mental",
    }  # fmt: skip
    assert (found.met, found.applicable, found.value) == (8, 8, 1.0)


def test_eight_of_ten_is_almost_healthy_as_published() -> None:
    house = {**GOOD_HOUSE, "ill_tbc": True, "tbc_treated": True, "ill_hypertension": True}
    house |= {"hypertension_treated": False, "latrine": False}
    found = iks.judge(RULE, house, [MOTHER, FATHER, child(13)])
    assert (found.met, found.applicable) == (8, 10)
    assert found.value == 0.8
    assert RULES.iks_band(0.8).label == "Keluarga pra-sehat"


def test_one_unknown_answer_leaves_the_index_open_and_says_what_to_ask() -> None:
    found = iks.judge(RULE, {**GOOD_HOUSE, "latrine": None}, [MOTHER, child(13)])
    assert found.value is None
    (open_one,) = found.unknown
    assert (open_one.code, open_one.missing) == ("latrine", "Tanyakan jamban sehat")
    assert open_one.figure == "belum ditanya"
    assert found.indicators[0].missing == ""


def test_an_empty_house_is_unknown_not_unhealthy() -> None:
    found = iks.judge(RULE, {}, [replace(FATHER, name="Budi")])
    assert found.value is None
    assert {each.state for each in found.indicators} == {UNKNOWN, NOT_APPLICABLE}


@pytest.mark.parametrize(
    ("member", "wanted"),
    [
        (MOTHER, YES),
        (replace(MOTHER, contraception=False), NO),
        (replace(MOTHER, contraception=None), UNKNOWN),
        (replace(MOTHER, pregnant=True, contraception=False), NOT_APPLICABLE),
        (replace(MOTHER, couple=False, contraception=None), NOT_APPLICABLE),
        (replace(MOTHER, couple=None), UNKNOWN),
        (replace(MOTHER, couple=None, months=19 * 12 - 1), NOT_APPLICABLE),
        (replace(MOTHER, couple=None, months=19 * 12), UNKNOWN),
        (replace(MOTHER, months=10 * 12), YES),
        (replace(MOTHER, months=10 * 12 - 1), NOT_APPLICABLE),
        (replace(MOTHER, months=55 * 12 - 1), YES),
        (replace(MOTHER, months=55 * 12), NOT_APPLICABLE),
        (replace(MOTHER, months=None), UNKNOWN),
        (FATHER, NOT_APPLICABLE),
    ],
)
def test_family_planning_is_asked_of_couples_that_are_not_expecting(member: Member, wanted: str) -> None:
    assert state("contraception", GOOD_HOUSE, member) == wanted


@pytest.mark.parametrize(
    ("code", "answer", "first", "last"),
    [
        ("birth", "born_in_facility", 0, 11),
        ("immunised", "immunised", 12, 23),
        ("breastfed", "breastfed", 7, 23),
        ("weighed", "weighed", 2, 59),
    ],
)
def test_what_is_asked_of_children_holds_from_the_first_month_to_the_last(
    code: str, answer: str, first: int, last: int
) -> None:
    for months in (first, last):
        assert state(code, GOOD_HOUSE, child(months)) == YES
        assert state(code, GOOD_HOUSE, child(months, **{answer: False})) == NO
        if code != "weighed":
            assert state(code, GOOD_HOUSE, child(months, **{answer: None})) == UNKNOWN
    assert state(code, GOOD_HOUSE, child(last + 1, **{answer: False})) == NOT_APPLICABLE
    if first:
        assert state(code, GOOD_HOUSE, child(first - 1, **{answer: False})) == NOT_APPLICABLE
    assert state(code, GOOD_HOUSE, replace(child(first), months=None)) in (UNKNOWN, YES)


def test_one_child_that_fails_makes_the_family_fail_whatever_is_unknown() -> None:
    twins = (child(13), replace(child(13, immunised=False), id="d", name="Dewi"), replace(child(13, immunised=None)))
    found = judged(GOOD_HOUSE, *twins)["immunised"]
    assert (found.state, found.lacking) == (NO, ("d",))
    assert found.figure == "belum: Dewi"


def test_the_house_tells_of_a_birth_the_book_does_not_hold() -> None:
    baby = child(3, born_in_facility=None)
    assert state("birth", GOOD_HOUSE, baby) == UNKNOWN
    assert state("birth", {**GOOD_HOUSE, "born_in_facility": True}, baby) == YES
    assert state("birth", {**GOOD_HOUSE, "born_in_facility": False}, baby) == NO
    assert state("birth", {**GOOD_HOUSE, "born_in_facility": True}, child(3, born_in_facility=False)) == NO


@pytest.mark.parametrize(("code", "name"), [("tbc", "tbc"), ("hypertension", "hypertension")])
def test_an_illness_counts_by_its_treatment(code: str, name: str) -> None:
    ill = replace(FATHER, **{name: True})
    asked = {**GOOD_HOUSE, f"ill_{name}": None}
    assert state(code, asked, FATHER) == UNKNOWN
    assert state(code, asked, replace(FATHER, **{name: False})) == NOT_APPLICABLE
    assert state(code, asked, ill) == UNKNOWN
    assert state(code, asked, replace(ill, **{f"{name}_treated": True})) == YES
    assert state(code, asked, replace(ill, **{f"{name}_treated": False})) == NO
    assert state(code, {**asked, f"{name}_treated": True}, ill) == YES
    assert state(code, {**asked, f"ill_{name}": True}, FATHER) == UNKNOWN
    assert state(code, {**asked, f"ill_{name}": True, f"{name}_treated": False}, FATHER) == NO
    assert state(code, {**asked, f"ill_{name}": False}, ill) == UNKNOWN, "a patient in the book goes before"
    assert state(code, asked, replace(ill, months=15 * 12 - 1)) == NOT_APPLICABLE, "asked from fifteen years"


def test_mental_illness_is_answered_by_the_house_and_names_nobody() -> None:
    ill = replace(FATHER, mental=True)
    house = {**GOOD_HOUSE, "ill_mental": None}
    found = judged(house, ill)["mental"]
    assert (found.state, found.unknown) == (UNKNOWN, ())
    assert "Budi" not in found.figure
    assert state("mental", {**house, "mental_treated": True}, ill) == YES
    assert state("mental", {**house, "ill_mental": True, "mental_treated": False}) == NO
    assert state("mental", {**house, "ill_mental": True}) == UNKNOWN


def test_a_smoker_in_the_book_is_a_smoker_whatever_the_house_said() -> None:
    assert state("smoking", GOOD_HOUSE, replace(FATHER, smokes=True)) == NO
    assert state("smoking", {**GOOD_HOUSE, "smoker": True}, FATHER) == NO
    unasked = {**GOOD_HOUSE, "smoker": None}
    assert state("smoking", unasked, FATHER) == UNKNOWN
    assert state("smoking", unasked, replace(FATHER, smokes=False), child(13)) == YES
    assert state("smoking", unasked, replace(FATHER, smokes=False), MOTHER) == UNKNOWN


def test_insurance_is_told_by_the_house_or_by_every_number() -> None:
    unasked = {**GOOD_HOUSE, "insured": None}
    assert state("insured", unasked, replace(FATHER, insured=True)) == YES
    assert state("insured", unasked, replace(FATHER, insured=True), MOTHER) == UNKNOWN
    assert state("insured", {**unasked, "insured": False}, replace(FATHER, insured=True)) == NO


def test_an_area_counts_healthy_families_among_those_known() -> None:
    good = iks.judge(RULE, GOOD_HOUSE, [MOTHER, child(13)])
    poor = iks.judge(RULE, {**dict.fromkeys(GOOD_HOUSE, False), "smoker": True}, [MOTHER])
    unknown = iks.judge(RULE, {}, [MOTHER])
    found = iks.area([good, poor, unknown], lambda value: RULES.iks_band(value).code)
    assert (found.families, found.known, found.value) == (3, 2, 0.5)
    assert dict(found.by_class) == {"healthy": 1, "unhealthy": 1}
    water = next(each for each in found.coverages if each.code == "clean_water")
    assert (water.yes, water.no, water.not_applicable, water.unknown, water.share) == (1, 1, 0, 1, 0.5)
    assert iks.area([], lambda _value: "").value is None
    assert next(each for each in found.coverages if each.code == "birth").share is None


@given(st.lists(st.sampled_from((YES, NO, NOT_APPLICABLE, UNKNOWN)), min_size=12, max_size=12))
def test_the_index_is_known_exactly_when_every_indicator_is(states: list[str]) -> None:
    found = iks.FamilyIndex(
        tuple(iks.Indicator(code, state, "") for code, state in zip(iks.INDICATORS, states, strict=True))
    )
    known = UNKNOWN not in states
    applies = 12 - states.count(NOT_APPLICABLE)
    assert (found.value is not None) == (known and applies > 0)
    if found.value is not None:
        assert found.value == states.count(YES) / applies
    assert all(each.missing for each in found.unknown)


def test_every_indicator_and_state_has_words() -> None:
    assert len(iks.INDICATORS) == 12
    assert set(iks.STATES) == {YES, NO, NOT_APPLICABLE, UNKNOWN}
    for each in iks.judge(RULE, GOOD_HOUSE, [MOTHER]).indicators:
        assert each.label
        assert each.figure


@pytest.mark.parametrize("spoiled", [{"weighed_months": [59, 2]}, {"birth_under_months": "12"}, {"surplus": 1}])
def test_a_spoiled_rule_is_refused_with_its_place(spoiled: dict[str, object]) -> None:
    from tests.domain.shipped import FILES

    value = {**FILES["family.json"]["rules"]["iks"][0]["value"], **spoiled}
    with pytest.raises(ValueError, match=r"family\.json"):
        iks.read_iks(value, "family.json: iks")


@pytest.mark.parametrize(
    ("code", "house", "members", "wanted", "figure"),
    [
        ("contraception", {}, (FATHER,), NOT_APPLICABLE, "tidak ada PUS, atau sedang hamil"),
        ("contraception", {}, (MOTHER,), YES, "Wulan"),
        ("birth", {}, (FATHER,), NOT_APPLICABLE, "tidak ada bayi di bawah 12 bulan"),
        ("immunised", {}, (FATHER,), NOT_APPLICABLE, "tidak ada anak 12-23 bulan"),
        ("breastfed", {}, (FATHER,), NOT_APPLICABLE, "tidak ada anak 7-23 bulan"),
        ("weighed", {}, (FATHER,), NOT_APPLICABLE, "tidak ada balita 2-59 bulan"),
        ("weighed", {}, (child(13, weighed=False),), NO, "belum: Raka"),
        ("immunised", {}, (child(13, immunised=None),), UNKNOWN, "belum diketahui: Raka"),
        ("tbc", {"ill_tbc": False}, (FATHER,), NOT_APPLICABLE, "tidak ada yang sakit TBC"),
        ("tbc", {"ill_tbc": True}, (FATHER,), UNKNOWN, "pengobatannya belum ditanya"),
        ("tbc", {"ill_tbc": True, "tbc_treated": True}, (FATHER,), YES, "menurut data keluarga"),
        ("tbc", {"ill_tbc": True, "tbc_treated": False}, (FATHER,), NO, "menurut data keluarga"),
        ("tbc", {}, (), NOT_APPLICABLE, "tidak ada yang sakit TBC"),
        ("hypertension", {}, (FATHER,), UNKNOWN, "belum ditanya"),
        ("mental", {"ill_mental": False}, (FATHER,), NOT_APPLICABLE, "tidak ada gangguan jiwa berat"),
        ("mental", {"ill_mental": True}, (FATHER,), UNKNOWN, "pengobatannya belum ditanya"),
        ("smoking", {"smoker": True}, (FATHER,), NO, "menurut data keluarga"),
        ("smoking", {"smoker": False}, (FATHER,), YES, "menurut data keluarga"),
        ("smoking", {"smoker": False}, (replace(FATHER, smokes=True),), NO, "merokok: Budi"),
        ("smoking", {}, (replace(FATHER, smokes=False),), YES, "Budi"),
        ("smoking", {}, (), NOT_APPLICABLE, "tidak ada anggota yang tercatat"),
        ("insured", {}, (replace(FATHER, insured=True), MOTHER), UNKNOWN, "belum diketahui: Wulan"),
        ("insured", {}, (replace(FATHER, insured=True), replace(MOTHER, insured=False)), NO, "belum: Wulan"),
        ("insured", {"insured": False}, (replace(FATHER, insured=True),), NO, "menurut data keluarga"),
        ("clean_water", {"clean_water": True}, (), YES, "menurut data keluarga"),
        ("clean_water", {}, (), UNKNOWN, "belum ditanya"),
        ("latrine", {"latrine": False}, (), NO, "menurut data keluarga"),
    ],
)
def test_each_indicator_says_what_it_rests_on(
    code: str, house: Answers, members: tuple[Member, ...], wanted: str, figure: str
) -> None:
    found = judged(house, *members)[code]
    assert (found.state, found.figure) == (wanted, figure)


@pytest.mark.parametrize(("months", "counts"), [(179, False), (180, True), (None, True)])
def test_illness_and_smoking_are_asked_of_those_of_15_years_and_more(months: int | None, counts: bool) -> None:
    young = Member(id="y", name="Tono", sex="male", months=months, hypertension=None, smokes=None)
    assert (state("hypertension", {}, young) == UNKNOWN) is counts
    assert (state("smoking", {}, young) == UNKNOWN) is counts


def test_a_share_of_many_families_leaves_out_who_is_not_concerned_or_not_known() -> None:
    assert iks.Coverage("tbc", 3, 1, 5, 2).share == 0.75
    assert iks.Coverage("tbc", 0, 0, 5, 2).share is None
    assert iks.Coverage("tbc", 0, 4, 0, 0).label == "TBC berobat sampai sembuh"
    nobody = iks.area([], lambda value: RULES.iks_band(value).code)
    assert (nobody.families, nobody.known, nobody.value) == (0, 0, None)
