"""The page of the immunisation schedule: nothing of the data is missing from it."""

from dataclasses import replace
from datetime import date

import pytest

from posyandu.domain.immunisation import Gap
from posyandu.reports.schedule_table import schedule_page
from tests.domain.shipped import RULES

SCHEDULE = RULES.immunisation
PAGE = schedule_page(SCHEDULE)


def row(code: str) -> list[str]:
    line = next(line for line in PAGE.splitlines() if f"| `{code}` |" in line)
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_every_dose_product_and_set_stands_on_the_page_with_its_source() -> None:
    for rule in (*SCHEDULE.doses, *SCHEDULE.school):
        assert row(rule.code)[0] == rule.label
        assert row(rule.code)[-1] == rule.source
    assert all(
        row(code)[0] == product.label for code, product in SCHEDULE.products.items() if code not in ("hb0", "bcg")
    )
    for each in (*SCHEDULE.sets, *SCHEDULE.offers):
        assert f"| {each.source} |" in PAGE
    assert SCHEDULE.tetanus.source in PAGE


def test_a_row_says_its_ages_interval_area_and_days() -> None:
    assert row("dpt_hb_hib_4")[:10] == [
        *("DPT-HB-Hib 4", "`dpt_hb_hib_4`", "18 bulan", "18 bulan", "19 bulan", "24 bulan", "60 bulan"),
        *("12 bulan sesudah DPT-HB-Hib 3", "semua", "2010-01-01"),
    ]
    assert row("hb0")[2:7] == ["lahir", "lahir", "1 hari", "", "8 hari"]
    assert row("je_1")[8:10] == ["61", "2023-11-01"]
    assert row("hpv_1")[2:6] == ["5", "8", "9", "perempuan"]
    assert row("hexavalent")[3] == "ipv mulai 2 bulan, jarak 28 hari"
    assert "| T5 | 12 bulan | 25 tahun |" in PAGE


def test_a_rule_that_ended_says_so() -> None:
    ended = replace(SCHEDULE.doses[0], until=date(2030, 1, 1))
    assert "2010-01-01 sampai 2030-01-01" in schedule_page(replace(SCHEDULE, doses=(ended, *SCHEDULE.doses[1:])))


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (Gap(), "lahir"),
        (Gap(months=9), "9 bulan"),
        (Gap(days=28), "28 hari"),
        (Gap(months=1, days=7), "1 bulan 7 hari"),
    ],
)
def test_a_length_of_time_is_told_in_months_and_days(gap: Gap, words: str) -> None:
    first = replace(SCHEDULE.doses[0], due=gap, code="uji")
    page = schedule_page(replace(SCHEDULE, doses=(first, *SCHEDULE.doses)))
    line = next(line for line in page.splitlines() if "| `uji` |" in line)
    assert [cell.strip() for cell in line.strip("|").split("|")][3] == words


def test_a_dose_without_catching_up_or_area_says_so() -> None:
    first = replace(SCHEDULE.doses[0], catch_up=None, areas=(), code="uji", after=())
    page = schedule_page(replace(SCHEDULE, doses=(first, *SCHEDULE.doses)))
    line = next(line for line in page.splitlines() if "| `uji` |" in line)
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert (cells[5], cells[7], cells[8]) == ("", "", "semua")
    some = replace(first, areas=("52", "61"))
    assert "| 52, 61 |" in schedule_page(replace(SCHEDULE, doses=(some, *SCHEDULE.doses)))


@pytest.mark.parametrize(("sex", "words"), [("female", "perempuan"), ("male", "laki-laki"), (None, "semua")])
def test_a_school_dose_says_for_whom(sex: str | None, words: str) -> None:
    first = replace(SCHEDULE.school[0], sex=sex, code="uji")
    page = schedule_page(replace(SCHEDULE, school=(first, *SCHEDULE.school)))
    line = next(line for line in page.splitlines() if "| `uji` |" in line)
    assert [cell.strip() for cell in line.strip("|").split("|")][5] == words


def test_a_bar_in_a_source_does_not_break_its_row() -> None:
    first = replace(SCHEDULE.doses[0], source="a|b", code="uji")
    page = schedule_page(replace(SCHEDULE, doses=(first, *SCHEDULE.doses)))
    line = next(line for line in page.splitlines() if "| `uji` |" in line)
    assert line.endswith("| a\\|b |")
