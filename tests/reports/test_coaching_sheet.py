"""The talk with the kader: two figures beside the month before, what to say of them, and whom to look after."""

from dataclasses import replace

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.coaching import Coaching, Point
from posyandu.domain.indicators import Share
from posyandu.domain.quality import Quality
from posyandu.reports import coaching_sheet
from posyandu.reports.monthly import MonthlyData
from tests import villages

OCTOBER = Month(2026, 10)


def share(numerator: int, denominator: int) -> Share:
    return Share("D/S", numerator, denominator)


@pytest.mark.parametrize(
    ("now", "before", "texts"),
    [
        (
            share(40, 50),
            share(35, 50),
            ["40 dari 50 (80,0%)", "35 dari 50 (70,0%)", "Naik 10 poin dari bulan lalu. Terima kasih."],
        ),
        (
            share(35, 50),
            share(40, 50),
            ["35 dari 50 (70,0%)", "40 dari 50 (80,0%)", "Turun 10 poin dari bulan lalu. Apa sebabnya?"],
        ),
        (share(1, 2), share(25, 50), ["1 dari 2 (50,0%)", "25 dari 50 (50,0%)", "Sama dengan bulan lalu."]),
        (share(0, 0), share(1, 2), ["–", "1 dari 2 (50,0%)", "Belum ada angkanya."]),
        (share(1, 2), share(0, 0), ["1 dari 2 (50,0%)", "–", "Bulan lalu belum ada angkanya."]),
        (share(0, 0), share(0, 0), ["–", "–", "Belum ada angkanya."]),
    ],
)
def test_a_figure_is_compared_with_the_month_before_in_points(now: Share, before: Share, texts: list[str]) -> None:
    assert [cell.text for cell in coaching_sheet._compared("D/S", now, before)] == ["D/S", *texts]


def test_the_points_to_talk_about_are_three_at_most_each_with_its_people(data: MonthlyData) -> None:
    sheet = coaching_sheet.talking_sheet(data, data.children[Month(2026, 9)])
    told = sheet.tables[1]
    assert 1 <= len(told.rows) <= 3
    for number, row in enumerate(told.rows, 1):
        assert row[0].value == number
        assert row[1].text.startswith(f"{len(row[1].people)} ")
    absent = sheet.tables[2]
    assert sum(row[1].value for row in absent.rows) == sum(
        child.age_months < 60 and child.weighing is None for child in data.children[OCTOBER]
    )
    assert [row[0].text for row in absent.rows] == sorted(row[0].text for row in absent.rows)
    assert sheet.rules == ("Nama hanya untuk pertemuan kader. Di depan warga, sebut angkanya saja.",)


def test_a_day_on_which_nobody_is_missing_says_so(data: MonthlyData) -> None:
    weighed = next(child for child in data.children[OCTOBER] if child.weighing is not None and child.age_months < 60)
    fine = replace(data, children={OCTOBER: (weighed,)}, pregnancies={})
    assert coaching_sheet.talking_sheet(fine, ()).tables[2].empty == "Semua balita ditimbang."
    alone = replace(data, children={}, pregnancies={})
    sheet = coaching_sheet.talking_sheet(alone, ())
    assert (sheet.tables[1].rows, sheet.tables[2].rows) == ((), ())
    assert sheet.tables[1].empty == "Belum ada yang dapat dinilai di bulan ini."
    assert sheet.tables[2].empty == "Belum ada balita.", "nobody is not everybody"
    assert {row[-1].text for row in sheet.tables[0].rows} == {"Belum ada angkanya."}


@pytest.mark.parametrize(
    ("numerator", "denominator", "goal", "reached"),
    [(57, 100, 57, True), (4, 5, 80, True), (79, 100, 80, False), (0, 0, 80, None)],
)
def test_a_goal_that_is_exactly_reached_is_reached(
    numerator: int, denominator: int, goal: float, reached: bool | None
) -> None:
    found = coaching_sheet._share_point("d_s", share(numerator, denominator), {"d_s": goal}, (), lambda _child: True)
    assert found.reached is reached


@pytest.mark.parametrize(
    ("strengths", "improvements", "unknown", "good", "poor"),
    [
        (0, 0, 2, "Belum ada yang dapat dinilai di bulan ini.", "Belum ada yang dapat dinilai di bulan ini."),
        (0, 0, 0, "Belum ada yang dapat dinilai di bulan ini.", "Belum ada yang dapat dinilai di bulan ini."),
        (1, 0, 1, "Belum ada sasaran yang tercapai.", "Semua yang dapat dinilai sudah tercapai."),
        (1, 0, 0, "Belum ada sasaran yang tercapai.", "Semua sasaran tercapai."),
        (0, 1, 1, "Belum ada sasaran yang tercapai.", "Semua yang dapat dinilai sudah tercapai."),
    ],
)
def test_what_nobody_can_tell_is_no_goal_reached(
    strengths: int, improvements: int, unknown: int, good: str, poor: str
) -> None:
    point = Point("d_s", "D/S", None, 85, "", "")
    found = Coaching((point,) * strengths, (point,) * improvements, (point,) * unknown)
    assert coaching_sheet._nothing(found) == (good, poor)


def test_under_the_red_line_less_is_better_and_whoever_lacks_is_named(data: MonthlyData) -> None:
    children = data.children[OCTOBER]
    found = coaching_sheet._share_point("bgm_d", share(4, 100), {"bgm_d": 5}, children, lambda child: child.came)
    assert (found.low, found.reached) == (True, True)
    assert found.people == tuple(child.id for child in children if child.came)
    assert found.figure == "4 dari 100 (4,0%)"


def test_vitamin_a_is_a_point_in_its_months_alone() -> None:
    book = villages.sample_book()
    august = villages.monthly_data(book, Month(2026, 8))
    found = coaching_sheet._capsules(august, august.children[august.month], 90)
    assert found is not None
    assert 0 <= (found.value or 0) <= 100
    october = villages.monthly_data(book, OCTOBER)
    assert coaching_sheet._capsules(october, october.children[OCTOBER], 90) is None


@pytest.mark.parametrize(("score", "words"), [(None, "belum ada hasil ukur"), (0, "0 dari 100"), (87, "87 dari 100")])
def test_the_quality_of_measuring_is_told_or_not_known(score: int | None, words: str) -> None:
    assert coaching_sheet._quality_words(Quality(score, ())) == words
    assert coaching_sheet._number(score) == (None if score is None else float(score))
