"""IKS on paper: Y, T, N and ?, the index with three decimals, and mental illness of no family."""

import pytest

from posyandu.domain import iks
from posyandu.domain.iks import NO, NOT_APPLICABLE, UNKNOWN, YES, FamilyIndex, Indicator
from posyandu.reports.iks_sheet import Family, iks_sheet
from posyandu.reports.monthly import MonthlyData
from posyandu.reports.table import Table
from tests.domain.shipped import RULES

CODES = tuple(iks.INDICATORS)


def family(head: str, *states: str, **house: str) -> Family:
    """A family with these states for the first indicators and "yes" for the others."""
    told = [*states, *[YES] * (len(CODES) - len(states))]
    return Family(head, house, FamilyIndex(tuple(Indicator(c, s, "") for c, s in zip(CODES, told, strict=True))))


def tables(data: MonthlyData, *families: Family) -> tuple[Table, Table]:
    first, second = iks_sheet(data, families, RULES).tables
    return first, second


@pytest.mark.parametrize(
    ("states", "letters", "value", "words"),
    [
        ((), "YYYYYYY•YYYY", "1,000", "Keluarga sehat"),
        ((NO, NO), "TTYYYYY•YYYY", "0,833", "Keluarga sehat"),
        ((NOT_APPLICABLE, NOT_APPLICABLE, NO, NO), "NNTTYYY•YYYY", "0,800", "Keluarga pra-sehat"),
        ((NO,) * 6, "TTTTTTY•YYYY", "0,500", "Keluarga pra-sehat"),
        ((NO,) * 7, "TTTTTTT•YYYY", "0,417", "Keluarga tidak sehat"),
        ((UNKNOWN,), "?YYYYYY•YYYY", "", ""),
        ((NOT_APPLICABLE,) * 12, "NNNNNNN•NNNN", "", ""),
    ],
)
def test_a_family_has_its_letters_its_index_and_its_class(
    data: MonthlyData, states: tuple[str, ...], letters: str, value: str, words: str
) -> None:
    """Permenkes 39/2016: over 0,800 healthy, from 0,500 almost; 10/12 = 0,833, 8/10 = 0,800, 5/12 = 0,417."""
    row = tables(data, family("Budi", *states, rt="01"))[1].rows[0]
    assert [cell.text for cell in row[:3]] == ["1", "Budi", "01"]
    assert "".join(cell.text for cell in row[3:15]) == letters
    assert [cell.text for cell in row[15:]] == [value, words]


def test_mental_illness_is_printed_of_no_family_but_counted(data: MonthlyData) -> None:
    states = [YES] * 12
    states[CODES.index("mental")] = NO
    counted, each = tables(data, family("Budi", *states))
    assert "T" not in [cell.text for cell in each.rows[0][3:15]]
    mental = next(row for row in counted.rows if "Gangguan jiwa" in row[0].text)
    assert [cell.value for cell in mental[1:5]] == [0, 1, 0, 0]


def test_every_indicator_is_counted_in_its_four_states(data: MonthlyData) -> None:
    counted, _each = tables(
        data, family("A"), family("B", NO), family("C", NOT_APPLICABLE), family("D", UNKNOWN), family("E")
    )
    assert [cell.text for cell in counted.rows[0]] == ["1. Ikut KB", "2", "1", "1", "1", "67"]
    assert [cell.text for cell in counted.rows[1]][1:] == ["5", "0", "0", "0", "100"]
    assert [column.title for column in counted.columns][1:5] == ["Ya", "Belum", "Tidak berlaku", "Belum diketahui"]


def test_the_index_of_the_post_is_of_those_whose_data_are_whole(data: MonthlyData) -> None:
    counted, _each = tables(data, family("A"), family("B", *[NO] * 7), family("C", UNKNOWN))
    assert counted.title == "IKS 0,500: 1 dari 2 keluarga yang lengkap datanya"
    none, empty = tables(data)
    assert none.title == "IKS belum dapat dihitung: belum ada keluarga yang lengkap datanya"
    assert empty.empty == "Belum ada keluarga."
    assert {row[-1].text for row in none.rows} == {"–"}


def test_the_sheet_says_how_it_is_read_and_by_which_rule(data: MonthlyData) -> None:
    sheet = iks_sheet(data, [], RULES)
    assert sheet.rules[0] == "Y ya, T belum, N tidak berlaku, ? belum diketahui."
    assert sheet.rules[1] == "IKS = Y / (12 − N), bila tidak ada yang belum diketahui."
    assert "Permenkes 39/2016" in sheet.rules[3]
