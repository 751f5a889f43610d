"""The stock card: balances from counts and movements, use from the visits, and when a thing will run out."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import stock
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers, Value
from posyandu.domain.form import Context, problems
from posyandu.domain.forms.stock import FORM, ITEMS
from posyandu.domain.stock import StockRule

JULY = Month(2026, 7)
MONTHS = [JULY + number for number in range(5)]
RULE = StockRule(1, 3)


def told(item: str = "iron", month: Month = JULY, **numbers: Value | None) -> Answers:
    return {"item": item, "month": str(month), **numbers}


def lines(*records: Answers, given: Mapping[Month, int] | None = None, item: str = "iron") -> Sequence[stock.Line]:
    return stock.card(item, records, {item: given or {}}, MONTHS)


def test_a_balance_begins_with_a_count_and_follows_what_came_and_went() -> None:
    found = lines(told(counted=200), told(month=JULY + 1, received=100, wasted=5), given={JULY + 1: 60, JULY + 2: 90})
    assert [line.balance for line in found] == [200, 235, 145, 145, 145]
    assert found[1].opening == 200


def test_without_a_count_nothing_is_guessed() -> None:
    found = lines(told(received=500), given={JULY: 30})
    assert [line.balance for line in found] == [None] * 5
    assert stock.outlook(found, RULE).level == "unknown"


def test_a_count_that_differs_is_shown_and_stands() -> None:
    found = lines(told(counted=100), told(month=JULY + 1, counted=70), given={JULY + 1: 20})
    assert (found[1].expected, found[1].difference, found[1].balance) == (80, -10, 70)


def test_a_typed_number_stands_before_the_visits_and_the_difference_is_told() -> None:
    found = lines(told(counted=100), told(month=JULY + 1, used=25), given={JULY + 1: 20})
    assert (found[1].used, found[1].recorded, found[1].disagrees, found[1].balance) == (25, 20, True, 75)
    assert not lines(told(used=20), given={JULY: 20})[0].disagrees


def test_what_no_visit_knows_has_nothing_recorded() -> None:
    found = stock.card("kia_book", [told("kia_book", counted=9), told("kia_book", JULY + 1, used=2)], {}, MONTHS)
    assert found[0].recorded is None
    assert found[-1].balance == 7
    assert [line.told for line in found] == [True, True, False, False, False]


numbers = st.none() | st.integers(0, 500)


@given(st.lists(st.tuples(numbers, numbers, numbers, numbers), min_size=5, max_size=5), st.lists(st.integers(0, 90)))
def test_opening_and_movements_always_make_the_balance(rows: list[tuple[int | None, ...]], used: list[int]) -> None:
    names = ("received", "used", "wasted", "counted")
    records = [told(month=month, **dict(zip(names, row, strict=True))) for month, row in zip(MONTHS, rows, strict=True)]
    found = lines(*records, given=dict(zip(MONTHS, used, strict=False)))
    opening = None
    for line in found:
        assert line.opening == opening
        if opening is not None:
            assert line.expected == opening + (line.received or 0) - (line.used or 0) - (line.wasted or 0)
        assert line.balance == (line.counted if line.counted is not None else line.expected)
        opening = line.balance


# --- what the visits know


def test_visits_of_the_post_say_what_was_handed_out() -> None:
    august = date(2026, 8, 5)
    visits: dict[str, list[Answers]] = {
        "under_five_visit": [
            {"visited_on": august, "vitamin_a": "blue"},
            {"visited_on": august, "vitamin_a": "red", "deworming": True, "supplement_portions": 7},
            {"visited_on": august, "vitamin_a": "red", "source": "history"},
            {"vitamin_a": "red"},
        ],
        "pregnancy_visit": [{"visited_on": august, "iron_tablets": 30, "kek_portions": 14}],
        "postpartum_visit": [{"visited_on": august, "vitamin_a_capsules": 2}],
        "school_visit": [{"visited_on": date(2026, 9, 1), "iron_tablets": 4, "deworming": False}],
        "immunisation_dose": [
            {"given_on": august, "antigen": "dpt_hb_hib", "product": "pentavalent", "source": "here"},
            {"given_on": august, "antigen": "dpt_hb_hib", "product": "pentavalent", "source": "book"},
            {"given_on": august, "antigen": "bcg", "source": "here"},
            {"given_on": None, "antigen": "bcg", "source": "here"},
            {"given_on": august, "antigen": "hpv", "product": "hpv", "source": "here"},
        ],
    }
    found = stock.handed_out(visits)
    month = Month(2026, 8)
    counts = {item: number for item in found if (number := found[item][month])}
    assert counts == {
        "vitamin_a_blue": 1, "vitamin_a_red": 3, "deworming": 1, "meal_child": 7, "iron": 30, "meal_mother": 14,
        "vaccine_pentavalent": 1, "vaccine_bcg": 1,
    }  # fmt: skip
    assert found["iron"][Month(2026, 9)] == 4


def test_everything_counted_from_visits_is_a_thing_that_is_kept() -> None:
    assert set(stock.GIVEN) <= set(ITEMS)


# --- how long it lasts


@pytest.mark.parametrize(
    ("counted", "used", "level", "said"),
    [
        (300, 50, "ok", "Cukup sampai Mei 2027."),
        (40, 50, "warn", "Hampir habis. Minta paling sedikit 10."),
        (50, 50, "ok", "Cukup sampai Desember 2026."),
        (0, 50, "bad", "Habis. Minta 50 untuk sebulan."),
        (0, 0, "warn", "Habis."),
        (10, 0, "ok", "Belum dipakai akhir-akhir ini."),
    ],
)
def test_the_mean_use_says_how_long_it_lasts(counted: int, used: int, level: str, said: str) -> None:
    found = lines(told(month=MONTHS[-1], counted=counted), given=dict.fromkeys(MONTHS, used))
    outlook = stock.outlook(found, RULE)
    assert (outlook.level, outlook.sentence) == (level, said)


def test_more_out_than_in_asks_for_a_count() -> None:
    assert stock.outlook(lines(told(counted=5), given={JULY + 2: 30}), RULE).level == "bad"


def test_a_campaign_wants_as_much_as_the_last_one_used() -> None:
    august = {JULY + 1: 40}
    short = stock.outlook(lines(told(counted=70), given=august), RULE, (2, 8))
    assert (short.level, short.sentence) == ("warn", "Kurang 10 untuk Februari 2027.")
    assert stock.outlook(lines(told(counted=90), given=august), RULE, (2, 8)).level == "ok"
    assert "belum tercatat" in stock.outlook(lines(told(counted=90)), RULE, (2, 8)).sentence


def test_more_spoilt_than_came_wants_a_second_look() -> None:
    context = Context(date(2026, 11, 12), {}, {})
    found = problems(FORM, told(received=5, wasted=6), context)
    assert [problem.field for problem in found] == ["wasted"]
    assert problems(FORM, told(wasted=6), context) == []


def test_the_rule_is_read_strictly() -> None:
    assert stock.read_stock({"warn_months": 1.5, "mean_months": 3}, "x") == StockRule(1.5, 3)
    with pytest.raises(ValueError, match="x"):
        stock.read_stock({"warn_months": 1}, "x")


@pytest.mark.parametrize(
    ("counted", "used", "level", "says"),
    [
        (0, (1, 0, 0), "bad", "Habis. Minta 1 untuk sebulan."),
        (0, (4, 3, 3), "bad", "Habis. Minta 4 untuk sebulan."),
        (1, (4, 3, 3), "warn", "Hampir habis. Minta paling sedikit 3."),
        (3, (4, 3, 3), "warn", "Hampir habis. Minta paling sedikit 1."),
        (4, (4, 3, 3), "ok", "Cukup sampai Desember 2026."),
        (10, (4, 3, 3), "ok", "Cukup sampai Februari 2027."),
        (0, (0, 0, 0), "warn", "Habis."),
        (7, (0, 0, 0), "ok", "Belum dipakai akhir-akhir ini."),
        (-1, (0, 0, 0), "bad", "Tercatat keluar lebih banyak daripada yang ada. Hitung sisanya."),
    ],
)
def test_what_is_asked_for_is_never_less_than_what_is_needed(
    counted: int, used: tuple[int, ...], level: str, says: str
) -> None:
    """A month of use (10 in 3 months are 3,3 a month) must lie ready: what is asked for is rounded up."""
    records = [told(month=JULY + 2 + n, used=each) for n, each in enumerate(used)]
    records[-1] = {**records[-1], "counted": counted}
    found = stock.outlook(lines(*records), RULE)
    assert (found.level, found.sentence) == (level, says)


@pytest.mark.parametrize(
    ("warn_months", "counted", "level"), [(1, 9, "warn"), (1, 10, "ok"), (2, 19, "warn"), (2, 20, "ok"), (0.5, 5, "ok")]
)
def test_how_much_must_lie_ready_is_a_rule(warn_months: float, counted: int, level: str) -> None:
    records = [told(month=JULY + n, used=10) for n in range(5)]
    records[-1] = {**records[-1], "counted": counted}
    assert stock.outlook(lines(*records), StockRule(warn_months, 3)).level == level


def test_use_is_averaged_over_the_months_of_the_rule_and_no_more() -> None:
    records = [told(month=JULY + n, used=used) for n, used in enumerate((900, 900, 10, 10, 10))]
    records[-1] = {**records[-1], "counted": 30}
    assert stock.outlook(lines(*records), StockRule(1, 3)).sentence == "Cukup sampai Februari 2027."
    assert stock.outlook(lines(*records), StockRule(1, 5)).level == "warn"


@pytest.mark.parametrize(
    ("used", "counted", "says", "level"),
    [
        (40, 40, "Cukup untuk Februari 2027.", "ok"),
        (40, 39, "Kurang 1 untuk Februari 2027.", "warn"),
        (0, 0, "Pemakaian bulan kampanye belum tercatat.", "ok"),
    ],
)
def test_the_next_campaign_wants_what_the_last_one_used(used: int, counted: int, says: str, level: str) -> None:
    """Vitamin A is given out in February and August; seen from November the next is February."""
    found = stock.outlook(
        lines(told(month=Month(2026, 8), used=used), told(month=Month(2026, 11), counted=counted)), RULE, (2, 8)
    )
    assert (found.sentence, found.level) == (says, level)


@pytest.mark.parametrize(
    ("typed", "recorded", "disagrees"), [(None, 5, False), (5, 5, False), (4, 5, True), (0, 0, False), (0, 5, True)]
)
def test_a_typed_use_that_differs_from_the_visits_is_said(typed: int | None, recorded: int, disagrees: bool) -> None:
    line = lines(told(used=typed), given={JULY: recorded})[0]
    assert line.disagrees is disagrees
    assert line.used == (recorded if typed is None else typed)


def test_nothing_typed_is_a_line_that_was_not_told_and_a_zero_is_one() -> None:
    assert not lines(told())[0].told
    assert lines(told(wasted=0))[0].told
    assert lines(told(expires_on=date(2027, 1, 31)))[0].expires_on == date(2027, 1, 31)
    assert lines(told(expires_on="2027"))[0].expires_on is None


@pytest.mark.parametrize(
    ("form", "visit", "item", "number"),
    [
        ("under_five_visit", {"vitamin_a": "blue"}, "vitamin_a_blue", 1),
        ("under_five_visit", {"vitamin_a": "red"}, "vitamin_a_red", 1),
        ("under_five_visit", {"vitamin_a": "none"}, "vitamin_a_red", 0),
        ("postpartum_visit", {"vitamin_a_capsules": 2}, "vitamin_a_red", 2),
        ("pregnancy_visit", {"iron_tablets": 30}, "iron", 30),
        ("school_visit", {"iron_tablets": 4}, "iron", 4),
        ("under_five_visit", {"deworming": True}, "deworming", 1),
        ("under_five_visit", {"deworming": False}, "deworming", 0),
        ("school_visit", {"deworming": True}, "deworming", 1),
        ("under_five_visit", {"supplement_portions": 14}, "meal_child", 14),
        ("pregnancy_visit", {"kek_portions": 30}, "meal_mother", 30),
        ("pregnancy_visit", {"kek_portions": True}, "meal_mother", 0),
        ("immunisation_dose", {"antigen": "mr", "source": "here"}, "vaccine_mr", 1),
        ("immunisation_dose", {"antigen": "dpt_hb_hib", "product": "pentavalent", "source": "here"}, None, 0),
        ("immunisation_dose", {"antigen": "mr", "source": "book"}, "vaccine_mr", 0),
        ("immunisation_dose", {"antigen": "unheard", "source": "here"}, "vaccine_mr", 0),
    ],
)
def test_what_one_visit_says_was_handed_out(form: str, visit: Answers, item: str | None, number: int) -> None:
    on = {"given_on" if form == "immunisation_dose" else "visited_on": date(2026, 8, 12)}
    found = stock.handed_out({form: [{**on, **visit}]})
    assert found[item or "vaccine_pentavalent"][Month(2026, 8)] == (number if item else 1)
    copied = stock.handed_out({form: [{**on, **visit, "source": "history"}]})
    assert sum(counted.total() for counted in copied.values()) == 0
    assert sum(counted.total() for counted in stock.handed_out({form: [visit]}).values()) == 0, "without a day"
