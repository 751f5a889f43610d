"""The page of rules: every rule of the domain with its data, source and test."""

from posyandu.reports.rule_table import BASIS, rule_page
from tests.domain.shipped import STANDARDS
from tests.domain.test_rules_one_by_one import CASES


def test_every_rule_stands_on_the_page_with_its_source_and_an_existing_test() -> None:
    page = rule_page(STANDARDS)
    for rule in STANDARDS.referrals:
        lines = [each for each in page.splitlines() if f"`{rule.form}.{rule.code}`" in each]
        assert any(f"| {rule.source} | `test_rule[{rule.form}-{rule.code}]` |" in line for line in lines), rule
        assert rule.code in CASES[rule.form]


def test_every_rule_of_the_domain_has_a_heading_and_no_rule_hangs_on_an_unknown_one() -> None:
    page = rule_page(STANDARDS)
    assert all(f"## {code}. " in page for code in BASIS)
    assert {each for rule in STANDARDS.referrals for each in rule.basis} <= BASIS.keys()


def test_a_rule_that_ended_says_until_when() -> None:
    assert "01-01-2010 sampai 01-01-2023" in rule_page(STANDARDS)
