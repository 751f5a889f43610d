"""The page of the immunisation schedule: nothing of the data is missing from it."""

from dataclasses import replace
from datetime import date

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
