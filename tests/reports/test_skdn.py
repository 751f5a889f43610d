from dataclasses import replace

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.standards import AgeBand
from posyandu.reports import skdn
from posyandu.reports.monthly import MonthlyData, MonthlyReport, monthly
from tests import recount, villages
from tests.domain.shipped import RULES


@pytest.mark.parametrize("number", range(1, 11))
@pytest.mark.parametrize("seed", [7, 8])
def test_every_figure_equals_a_plain_recount_of_the_raw_visits(seed: int, number: int) -> None:
    book = villages.sample_book(seed)
    data = villages.monthly_data(book, Month(2026, number))
    table = skdn.by_age_and_sex(data.children[data.month], data.rules.age_bands["skdn"], data.month, data.rules)
    again = recount.skdn(book, 2026, number)
    for letter in ("S", "K", "D", "N", "T", "O", "B", "2T"):
        row = next(row for row in table.rows if row[0].text == letter)
        for band in recount.BANDS:
            for sex in ("male", "female"):
                cell = row[table.column(f"{band}_{sex}")]
                expected = again.get(letter, {}).get((band, sex), set())
                assert {person.id for person in cell.people} == expected, (letter, band, sex)
                assert cell.value == len(expected)
                assert cell.text == str(len(expected))


@pytest.mark.parametrize("number", [2, 8])
def test_capsules_of_the_campaign_add_up_although_older_children_got_one_too(number: int) -> None:
    data = villages.monthly_data(villages.sample_book(7), Month(2026, number))
    children = data.children[data.month]
    assert any(child.age_months >= 60 and child.last("vitamin_a") == "red" for child in children), "as in the notes"
    table = skdn.by_age_and_sex(children, data.rules.age_bands["skdn"], data.month, data.rules)
    for row in table.rows:
        numbers = [cell.value for cell in row[2:]]
        assert sum(numbers[:-3]) == numbers[-3] + numbers[-2] == numbers[-1], row[1].text  # type: ignore[arg-type, operator]


def test_d_is_n_t_o_and_b_with_nobody_twice(report: MonthlyReport) -> None:
    people = {row[0].text: [person.id for person in row[-1].people] for row in report.skdn.rows}
    parts = people["N"] + people["T"] + people["O"] + people["B"]
    assert sorted(parts) == sorted(people["D"])
    assert len(set(parts)) == len(parts)


def test_every_number_has_as_many_names(report: MonthlyReport) -> None:
    for table in (report.skdn, *report.recaps):
        for row in table.rows:
            for cell in row:
                if isinstance(cell.value, int):
                    assert len(cell.people) == cell.value == len({person.id for person in cell.people})
                    assert all(person.name and person.detail for person in cell.people)


def test_shares_show_both_counts_and_the_target(report: MonthlyReport) -> None:
    shares = report.shares
    number = {row[0].text: row[-1].value for row in report.skdn.rows}
    row = next(place for place, each in enumerate(shares.rows) if each[0].text == "D/S")
    assert shares.cell(row, "numerator").value == number["D"]
    assert shares.cell(row, "denominator").value == number["S"]
    assert shares.cell(row, "value").value == pytest.approx(number["D"] / number["S"])  # type: ignore[operator]
    assert shares.cell(row, "target").text == "≥ 80%"


def test_the_corrected_share_leaves_out_o_and_b(report: MonthlyReport) -> None:
    number = {row[0].text: row[-1].value for row in report.skdn.rows}
    row = next(each for each in report.shares.rows if each[0].text.startswith("N/(D"))
    assert row[3].value == number["D"] - number["O"] - number["B"]  # type: ignore[operator]


def test_without_children_every_share_is_a_dash_and_no_target_is_judged() -> None:
    table = skdn.shares_table((), {"d_s": 80.0, "bgm_d": 5.0}, RULES)
    assert {row[table.column("value")].text for row in table.rows} == {"–"}
    assert {row[table.column("reached")].text for row in table.rows} == {""}


def test_a_share_below_a_limit_is_reached_and_above_it_is_not(data: MonthlyData) -> None:
    children = data.children[data.month]

    def reached(limit: float) -> str:
        table = skdn.shares_table(children, {"bgm_d": limit}, RULES)
        return next(row for row in table.rows if row[0].text == "BGM/D")[-1].text

    assert (reached(0.1), reached(99.0)) == ("Belum", "Ya")


def test_other_age_bands_only_move_people_between_columns(data: MonthlyData) -> None:
    children = data.children[data.month]
    one = skdn.by_age_and_sex(children, (AgeBand("all", "0-59 bulan", 0, 59),), data.month, data.rules)
    many = skdn.by_age_and_sex(children, data.rules.age_bands["who"], data.month, data.rules)
    assert [row[-1].value for row in one.rows] == [row[-1].value for row in many.rows]


def test_the_bars_stop_at_the_month_of_the_report(data: MonthlyData) -> None:
    bars = skdn.balok(data.children, data.month)
    assert [bar.s is None for bar in bars.months] == [False] * 10 + [True] * 2
    assert bars.months[9].s == len([child for child in data.children[data.month] if child.age_months < 60])


@pytest.mark.parametrize(
    ("children", "boxes", "per_box"),
    [(0, 50, 1), (50, 50, 1), (51, 100, 1), (100, 100, 1), (101, 100, 2), (480, 100, 5), (2_000, 100, 20)],
)
def test_the_scale_of_the_year_holds_its_highest_s(data: MonthlyData, children: int, boxes: int, per_box: int) -> None:
    one = next(child for child in data.children[data.month] if child.age_months < 60)
    bars = skdn.balok({data.month: (one,) * children}, data.month)
    assert (bars.boxes, bars.children_per_box) == (boxes, per_box)
    assert bars.top >= children


def test_a_month_without_records_stays_empty_between_others(data: MonthlyData) -> None:
    children = {month: each for month, each in data.children.items() if month != Month(2026, 3)}
    table = skdn.balok_table(skdn.balok(children, data.month))
    assert {row[table.column("m03")].text for row in table.rows} == {""}
    assert {row[table.column("m12")].text for row in table.rows} == {""}
    assert table.cell(0, "m02").text != ""
    assert table.notes == ("Bulan tanpa hari buka yang dicatat dibiarkan kosong, bukan 0.",)
    assert skdn.balok_table(skdn.balok(data.children, data.month)).notes == ()


@pytest.mark.parametrize(
    ("told", "unopened"), [((), ()), ((1,), ()), ((2,), (1,)), ((1, 4, 5), (2, 3)), (tuple(range(1, 13)), ())]
)
def test_months_before_the_last_one_told_had_no_day_and_later_ones_are_to_come(
    told: tuple[int, ...], unopened: tuple[int, ...]
) -> None:
    bars = tuple(skdn.Bars(Month(2026, number), 3 if number in told else None) for number in range(1, 13))
    assert [month.month for month in skdn.Balok(2026, bars, 50, 1).unopened] == [*unopened]


def test_a_month_without_a_day_and_without_anybody_is_blank_in_the_year_and_the_month_itself_is_not(
    data: MonthlyData,
) -> None:
    """0 of 40 weighed is said only of a day that was held; a visit at home tells that somebody was there."""
    nobody = {
        month: tuple(replace(child, came=False, visits=(), assessments=()) for child in each)
        for month, each in data.children.items()
    }
    closed = replace(data, children=nobody, pregnancies={}, life={}, open_months=frozenset([Month(2026, 5)]))
    told = [bar.month.month for bar in monthly(closed).balok.months if bar.s is not None]
    assert told == [5, data.month.month]
    assert [bar.d for bar in monthly(closed).balok.months if bar.s is not None] == [0, 0]
    seen = {**nobody, Month(2026, 3): data.children[Month(2026, 3)]}
    told = [bar.month.month for bar in monthly(replace(closed, children=seen)).balok.months if bar.s is not None]
    assert told == [3, 5, data.month.month]


def letters(table: skdn.Table, column: str) -> dict[str, str]:
    return {row[0].text: row[table.column(column)].text for row in table.rows}


class Counted:
    """A ratio of so many among so many, as `indicators.Ratio` would find it."""

    def __init__(self, code: str, numerator: int, denominator: int) -> None:
        self.share = skdn.Share(code, numerator, denominator)

    def row(self, targets: dict[str, float]) -> list[str]:
        return [cell.text for cell in skdn._share_row(self.share, targets, RULES)]


@pytest.mark.parametrize(
    ("numerator", "denominator", "target", "verdict"),
    [
        (80, 100, 80, "Ya"),
        (79, 100, 80, "Belum"),
        (4, 5, 80, "Ya"),
        (57, 100, 57, "Ya"),
        (58, 100, 58, "Ya"),
        (29, 100, 29, "Ya"),
        (2, 3, 66.6, "Ya"),
        (2, 3, 66.7, "Belum"),
        (0, 10, 0, "Ya"),
        (0, 0, 80, ""),
    ],
)
def test_a_target_that_is_exactly_reached_is_reached(
    numerator: int, denominator: int, target: float, verdict: str
) -> None:
    """Counted out and not by the rounded share: 57 of 100 is 57%."""
    assert Counted("D/S", numerator, denominator).row({"d_s": target})[-1] == verdict


@pytest.mark.parametrize(
    ("numerator", "denominator", "target", "verdict"),
    [(4, 100, 5, "Ya"), (5, 100, 5, "Belum"), (6, 100, 5, "Belum"), (0, 7, 5, "Ya"), (0, 0, 5, "")],
)
def test_bgm_must_stay_below_its_limit(numerator: int, denominator: int, target: float, verdict: str) -> None:
    """The notes: BGM/D < 5%."""
    row = Counted("BGM/D", numerator, denominator).row({"bgm_d": target})
    assert (row[5], row[6]) == ("< 5%", verdict)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("K/S", "Liputan program"),
        ("D/S", "Partisipasi masyarakat"),
        ("D/K", "Kelangsungan penimbangan"),
        ("N/D", "Hasil penimbangan"),
        ("N/S", "Pencapaian program"),
    ],
)
def test_a_share_is_printed_with_its_usual_name_and_both_counts(code: str, name: str) -> None:
    assert Counted(code, 1_234, 2_468).row({}) == [code, name, "1.234", "2.468", "50,0%", "", ""]


def test_every_ratio_has_a_name_and_every_target_a_ratio() -> None:
    codes = {ratio.code for ratio in skdn.indicators.RATIOS}
    assert codes == set(skdn.SHARE_NAMES)
    assert set(skdn.TARGETS) <= codes
    assert set(skdn.LOWER_IS_BETTER) <= codes


def test_the_rows_stand_in_the_order_of_f1_and_two_are_strong(report: MonthlyReport) -> None:
    codes = [row[0].text for row in report.skdn.rows]
    assert codes[:7] == ["S", "K", "N", "T", "O", "B", "D"]
    assert [codes[number] for number in sorted(report.skdn.strong)] == ["S", "D"]
    assert [head.text for head in report.skdn.head[0]][:3] == ["Kode", "Keterangan", "0–5 bulan"]
    assert [head.text for head in report.skdn.head[1]][-3:] == ["L", "P", "L+P"]


def test_a_figure_of_the_year_is_a_number_a_dash_or_nothing(data: MonthlyData) -> None:
    bar = skdn.Bars(Month(2026, 1), 5, 4, 3, 0, 0, 0, None)
    table = skdn.balok_table(skdn.Balok(2026, (bar, skdn.Bars(Month(2026, 2))), 50, 1))
    january, february = letters(table, "m01"), letters(table, "m02")
    assert january["S: semua balita"] == "5"
    assert january["N/(D\N{MINUS SIGN}O\N{MINUS SIGN}B)"] == "–"
    assert set(february.values()) == {""}
    assert [column.title for column in table.columns] == ["2026", "Jan", "Feb"]
