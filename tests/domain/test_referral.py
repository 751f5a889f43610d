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
        {"LiLA merah": "MUAC red", "Lingkar lengan {muac} cm, di bawah 11,5 cm. Ini tanda gizi buruk.": "{muac}!"}
    )
    conditions = {rule.condition: (lambda facts, code=rule.code: code == "muac_red") for rule in RULES.referrals}
    (found,) = referral.findings(RULES, "under_five_visit", conditions, None, lambda facts: {"muac": "11,2"})
    assert (found.title, found.why) == ("MUAC red", "11,2!")
