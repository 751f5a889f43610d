"""Findings from rules as data, the TBC screening, and how changes are put into words."""

from datetime import date

import pytest

from posyandu import text
from posyandu.domain import referral
from posyandu.domain.standards import TbcRule
from tests.domain.shipped import RULES

CARD = TbcRule(("cough", "fever", "weight", "contact"), 2)


@pytest.mark.parametrize(
    ("told", "suspected"),
    [
        ({}, None),
        ({"cough": True}, None),
        ({"cough": True, "fever": True}, True),
        ({"cough": True, "fever": False, "weight": False, "contact": False}, False),
        ({"cough": False, "fever": False, "weight": False}, False),
        ({"cough": False, "fever": False}, None),
        ({"cough": True, "fever": False, "weight": False}, None),
    ],
)
def test_tbc_is_decided_only_when_the_unanswered_could_not_change_it(
    told: dict[str, bool], suspected: bool | None
) -> None:
    assert referral.suspected_tbc(CARD, told) is suspected


def test_findings_come_gravest_first_and_leave_out_what_a_graver_one_says() -> None:
    conditions = {rule.condition: (lambda facts: True) for rule in RULES.referrals}
    found = referral.findings(RULES, "under_five_visit", conditions, None, lambda facts: Words())
    levels = [finding.level for finding in found]
    assert levels == sorted(levels, key=referral.SEVERITY.index)
    codes = {finding.code for finding in found}
    assert "not_gained_twice" in codes
    assert codes.isdisjoint({"not_gained", "wasted", "severely_wasted", "underweight", "above_orange", "tbc_contact"})


class Words(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def test_what_cannot_be_decided_finds_nothing() -> None:
    conditions = {rule.condition: (lambda facts: None) for rule in RULES.referrals}
    assert referral.findings(RULES, "pregnancy_visit", conditions, None, lambda facts: {}) == ()


def test_advice_alone_does_not_make_a_visit_grave() -> None:
    def finding(level: str) -> referral.Finding:
        return referral.Finding("x", level, "", "", "", "", "", refer=False)

    assert referral.worst([], "unknown") == "unknown"
    assert referral.worst([finding("info")], "ok") == "ok"
    assert referral.worst([finding("info"), finding("warn")], "ok") == "warn"
    assert referral.worst([finding("warn"), finding("bad")], "ok") == "bad"


def test_a_change_is_put_into_words_with_the_year_only_when_it_is_another() -> None:
    on = date(2026, 1, 12)
    assert referral.change_text(400, date(2026, 1, 2), on) == "Naik 400 gram sejak 2 Januari"
    assert referral.change_text(-1200, date(2025, 12, 10), on) == "Turun 1.200 gram sejak 10 Desember 2025"
    assert referral.change_text(0, date(2026, 1, 2), on) == "Berat tetap sejak 2 Januari"


def test_numbers_are_written_as_on_indonesian_paper() -> None:
    assert (referral.thousands(12_345), referral.thousands(200)) == ("12.345", "200")
    assert (referral.decimal(9.25, 2), referral.decimal(23.0, 1)) == ("9,25", "23,0")


def test_texts_of_the_rules_are_translated_before_their_places_are_filled() -> None:
    text.use_catalogue(
        {
            "LiLA merah": "MUAC red",
            "Lingkar lengan {muac} cm, di bawah {arm_red_cm} cm. Ini tanda gizi buruk.": "{muac} of {arm_red_cm}!",
        }
    )
    conditions = {rule.condition: (lambda facts, code=rule.code: code == "muac_red") for rule in RULES.referrals}
    (found,) = referral.findings(RULES, "under_five_visit", conditions, None, lambda facts: {"muac": "11,2"})
    assert (found.title, found.why) == ("MUAC red", "11,2 of 11,5!")


@pytest.mark.parametrize(
    ("bmi", "text"),
    [
        (18.5, "18,5"),
        (18.46, "18,46"),
        (18.44, "18,4"),
        (18.498, "18,498"),
        (25.0, "25,0"),
        (25.004, "25,004"),
        (25.04, "25,04"),
        (25.06, "25,1"),
        (24.96, "24,96"),
        (16.99, "16,99"),
        (27.01, "27,01"),
        (20.04, "20,0"),
    ],
)
def test_a_body_mass_beside_a_bound_is_not_written_as_the_bound(bmi: float, text: str) -> None:
    """Classes go by the unrounded value (notes 3.1: 62,5 kg at 158,1 cm is 25,004: gemuk)."""
    assert referral.body_mass(RULES, bmi) == text


@pytest.mark.parametrize(
    ("change", "since", "text"),
    [
        (400, date(2026, 10, 10), "Naik 400 gram sejak 10 Oktober"),
        (-1_250, date(2026, 10, 1), "Turun 1.250 gram sejak 1 Oktober"),
        (0, date(2026, 9, 30), "Berat tetap sejak 30 September"),
        (1, date(2025, 12, 31), "Naik 1 gram sejak 31 Desember 2025"),
        (0, date(2025, 12, 31), "Berat tetap sejak 31 Desember 2025"),
    ],
)
def test_a_change_of_weight_is_told_with_the_year_only_when_it_is_another(change: int, since: date, text: str) -> None:
    assert referral.change_text(change, since, date(2026, 11, 12)) == text


@pytest.mark.parametrize(
    ("levels", "level"),
    [
        ((), "ok"),
        (("info",), "ok"),
        (("info", "warn"), "warn"),
        (("warn", "bad", "info"), "bad"),
        (("bad",), "bad"),
    ],
)
def test_the_gravest_level_stands_and_advice_alone_leaves_what_was(levels: tuple[str, ...], level: str) -> None:
    found = [referral.Finding("x", each, "", "", "", "", "", refer=False) for each in levels]
    assert referral.worst(found, otherwise="ok") == level


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((None, None, None, None), None),
        ((False, False, False, False), False),
        ((True, False, False, False), False),
        ((True, None, False, False), None),
        ((False, False, None, None), None),
        ((False, False, False, None), False),
        ((True, True, None, None), True),
        ((True, False, False, True), True),
    ],
)
def test_tbc_is_open_while_what_was_not_asked_could_still_decide(
    told: tuple[bool | None, ...], expected: bool | None
) -> None:
    """Kartu Bantu ILP 2023: two of four."""
    answers = dict(zip(("tbc_cough", "tbc_fever", "tbc_weight", "tbc_contact"), told, strict=True))
    assert referral.suspected_tbc(RULES.tbc, answers) is expected


def test_thousands_have_points_and_decimals_a_comma() -> None:
    assert [referral.thousands(number) for number in (0, 999, 1_000, 12_345_678, -1_200)] == [
        *("0", "999", "1.000", "12.345.678", "\N{MINUS SIGN}1.200")
    ]
    assert [referral.decimal(6.25, places) for places in (0, 1, 2)] == ["6", "6,2", "6,25"]


@pytest.mark.parametrize(
    ("z", "places"),
    [(-2.0, 1), (-2.03, 2), (-1.96, 2), (-2.06, 1), (-2.4, 1), (1.01, 2), (1.0, 1), (2.99, 2), (0.01, 1), (-4.02, 1)],
)
def test_a_score_beside_a_border_has_two_decimals(z: float, places: int) -> None:
    """Permenkes 2/2020: a value on -2 SD is normal, -2,01 is not."""
    assert referral.score_places(z) == places
