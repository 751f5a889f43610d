"""The page of rules: every rule of the domain with its data, source and test."""

from dataclasses import replace
from datetime import date

import pytest

from posyandu.domain.standards import Standards
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


def test_the_page_tells_what_becomes_of_the_figures_of_a_wrong_tool() -> None:
    lines = rule_page(STANDARDS).splitlines()
    assert "- Timbangan salah: BGM, garis oranye, BB/U, BB/PB, BB/TB dan IMT/U hari itu tidak dihitung." in lines
    assert lines.index("## Alat ukur yang ternyata salah") < min(n for n, each in enumerate(lines) if "## R01" in each)


def test_a_rule_that_ended_says_until_when() -> None:
    assert "01-01-2010 sampai 01-01-2023" in rule_page(STANDARDS)


@pytest.mark.parametrize(
    ("level", "refer", "words"),
    [
        ("bad", True, "rujuk, segera"),
        ("warn", True, "rujuk, perlu dilihat"),
        ("bad", False, "segera"),
        ("warn", False, "perlu dilihat"),
        ("info", False, "penyuluhan"),
    ],
)
def test_a_rule_says_what_follows_from_it(level: str, refer: bool, words: str) -> None:
    rule = replace(STANDARDS.referrals[0], level=level, refer=refer, title="Judul", code="kode", basis=("M1",))
    page = rule_page(Standards(STANDARDS.entries, (rule,)))
    assert f"| `{rule.form}.kode` | Judul | {words} | " in page


@pytest.mark.parametrize(
    ("until", "words"), [(None, "sejak 01-01-2023"), (date(2026, 12, 31), "01-01-2023 sampai 31-12-2026")]
)
def test_a_rule_says_from_when_and_until_when(until: date | None, words: str) -> None:
    rule = replace(STANDARDS.referrals[0], since=date(2023, 1, 1), until=until, basis=("M1",))
    page = rule_page(Standards(STANDARDS.entries, (rule,)))
    assert f"| {words} |" in page
    assert page.count("| data | temuan |") == 1, "a table stands only under the rules that carry it"


def test_a_rule_with_two_reasons_stands_under_both() -> None:
    rule = replace(STANDARDS.referrals[0], code="dua", basis=("M1", "M3"))
    page = rule_page(Standards(STANDARDS.entries, (rule,)))
    assert page.count(f"`{rule.form}.dua`") == 2
