"""Strata and posyandu aktif: the vectors of the guide, unknown that stays unknown, and that better is never lower."""

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import strata
from posyandu.domain.calendar import Month
from posyandu.domain.strata import Indicator
from tests.domain.shipped import STANDARDS

RULE = STANDARDS.on(date(2026, 11, 12)).strata
CODES = [need.code for stage in RULE.stages for need in stage.needs]
ACTIVE = [need.code for need in RULE.active if need.code != "services"]
GOOD = {"days_open": 10, "kader_on_duty": 5, "d_s": 62, "kia": 55, "kb": 51, "idl": 70, "extra": 1, "health_fund": 20}


def known(**values: float) -> dict[str, Indicator]:
    return {code: Indicator(code, value, value, f"{value:g}", "") for code, value in values.items()}


def blocked(found: strata.Strata) -> list[str]:
    return [each.need.code for each in found.blocking]


def test_the_vector_of_the_guide_is_purnama_and_the_health_fund_blocks_mandiri() -> None:
    found = strata.judge(RULE, known(**GOOD))
    assert (found.stage.code, found.sure, blocked(found)) == ("purnama", True, ["health_fund"])
    assert found.headline == "Strata Purnama. Menuju Mandiri: Cakupan dana sehat."


def test_without_an_extra_programme_it_is_madya() -> None:
    found = strata.judge(RULE, known(**GOOD | {"extra": 0}))
    assert (found.stage.code, blocked(found)) == ("madya", ["extra"])


@pytest.mark.parametrize(
    ("changed", "stage"),
    [
        ({"days_open": 7}, "pratama"),
        ({"days_open": 8}, "purnama"),
        ({"kader_on_duty": 4.9}, "pratama"),
        ({"d_s": 49.9}, "madya"),
        ({"d_s": 50}, "purnama"),
        ({"health_fund": 50}, "mandiri"),
        ({"health_fund": 90, "days_open": 3}, "pratama"),
    ],
)
def test_the_limits_hold_at_their_edges(changed: dict[str, float], stage: str) -> None:
    assert strata.judge(RULE, known(**GOOD | changed)).stage.code == stage


def test_above_mandiri_there_is_nothing() -> None:
    found = strata.judge(RULE, known(**GOOD | {"health_fund": 60}))
    assert (found.headline, found.following, found.blocking) == ("Strata Mandiri.", None, ())


def test_what_is_unknown_neither_lifts_nor_lowers_and_makes_the_stratum_unsure() -> None:
    figures = known(**GOOD) | {"kb": strata.unknown("kb", "kartu WUS")}
    found = strata.judge(RULE, figures)
    assert (found.stage.code, found.sure, blocked(found)) == ("madya", False, ["kb"])
    assert found.headline.startswith("Paling sedikit strata Madya.")
    assert found.blocking[0].missing.startswith("Belum dapat dipastikan.")
    assert strata.judge(RULE, figures | known(extra=0)).sure


bounds = st.tuples(st.floats(0, 120), st.floats(0, 120) | st.just(math.inf)).map(sorted)
figures = st.fixed_dictionaries({code: bounds for code in {*CODES, *ACTIVE}})


def made(drawn: dict[str, Any]) -> dict[str, Indicator]:
    return {code: Indicator(code, low, high, "", "") for code, (low, high) in drawn.items()}


def rank(found: strata.Strata) -> int:
    return [stage.code for stage in RULE.stages].index(found.stage.code)


@given(drawn=figures, code=st.sampled_from(CODES), more=st.floats(0, 120))
def test_a_better_figure_never_lowers_the_stratum(drawn: dict[str, Any], code: str, more: float) -> None:
    low, high = drawn[code]
    better = drawn | {code: (low + more, high + more)}
    assert rank(strata.judge(RULE, made(better))) >= rank(strata.judge(RULE, made(drawn)))


@given(drawn=figures, code=st.sampled_from(CODES), part=st.floats(0, 1))
def test_learning_what_was_unknown_never_lowers_the_stratum(drawn: dict[str, Any], code: str, part: float) -> None:
    low, high = drawn[code]
    told = low + part * (min(high, 200) - low)
    before, after = (strata.judge(RULE, made(each)) for each in (drawn, drawn | {code: (told, told)}))
    assert rank(after) >= rank(before)
    if before.sure:
        assert rank(after) == rank(before)


@given(drawn=figures, code=st.sampled_from([*ACTIVE, "d_s", "kia", "kb", "idl"]), more=st.floats(0, 120))
def test_a_better_figure_never_makes_an_active_post_less_active(drawn: dict[str, Any], code: str, more: float) -> None:
    order = {False: 0, None: 1, True: 2}
    low, high = drawn[code]
    before = strata.judge_active(RULE, made(drawn)).active
    after = strata.judge_active(RULE, made(drawn | {code: (low + more, high + more)})).active
    assert order[after] >= order[before]


def test_active_needs_all_five_conditions_and_three_of_four_services() -> None:
    full = known(months_open=9, kader_decree=5, tools=1, extra=1, d_s=80, kia=80, kb=20, idl=50)
    assert strata.judge_active(RULE, full).active is True
    assert strata.judge_active(RULE, full | known(idl=49)).active is False
    assert strata.judge_active(RULE, full | {"kader_decree": Indicator("kader_decree", 3, 6, "", "")}).active is None
    (services,) = [each for each in strata.judge_active(RULE, full).judged if each.need.code == "services"]
    assert services.indicator.figure == "3 dari 4 layanan"


# --- the figures


YEAR = strata.window(Month(2026, 11), 12)


def test_the_window_ends_with_its_month() -> None:
    assert (YEAR[0], YEAR[-1], len(YEAR)) == (Month(2025, 12), Month(2026, 11), 12)


def test_months_before_the_book_begins_may_have_been_open() -> None:
    held = [date(2026, month, 4) for month in range(6, 12)]
    found = strata.opened("days_open", YEAR, Month(2026, 6), held)
    assert (found.low, found.high, found.met(8)) == (6, 12, None)
    assert "6 bulan belum ada catatannya" in found.figure
    assert strata.opened("days_open", YEAR, Month(2025, 1), held).met(8) is False
    assert strata.opened("days_open", YEAR, None, []).met(8) is None


def test_two_days_in_a_month_are_two_days_of_one_month() -> None:
    held = [date(2026, 10, 4), date(2026, 10, 20), date(2024, 1, 1)]
    assert strata.opened("days_open", YEAR, Month(2025, 1), held).low == 2
    assert strata.opened("months_open", YEAR, Month(2025, 1), held).low == 1


def test_a_share_keeps_its_people_and_what_is_lacking_is_counted() -> None:
    found = strata.cover("kia", ("a", "b"), ("c", "d", "e"), ("f",), "register")
    assert found.figure == "2 dari 6 (33,3%), 1 belum diketahui"
    assert (found.counted, found.lacking, found.unknown) == (("a", "b"), ("c", "d", "e"), ("f",))
    judged = strata.Judged(strata.Need("kia", 60), found, found.met(60))
    assert judged.missing.startswith("Kurang 2 lagi dari 6.")
    assert strata.cover("kia", (), (), (), "register").met(50) is None
    assert strata.cover("kb", (), (), ("x", "y"), "register").figure == "2 belum diketahui"
    assert strata.cover("kb", ("x",), ("y",), (), "register").figure == "1 dari 2 (50,0%)"


def test_a_mean_of_nothing_is_unknown_and_a_short_number_says_how_much() -> None:
    assert strata.mean("kader_on_duty", [], "", "").met(5) is None
    found = strata.mean("kader_on_duty", [4, 5, 4], "{mean} kader pada {n} hari", "Hari Posyandu")
    assert found.figure == "4,3 kader pada 3 hari"
    assert strata.Judged(strata.Need("kader_on_duty", 5), found, False).missing.startswith("Kurang 0,7 kader.")
    assert strata.Judged(strata.Need("kader_on_duty", 4), found, True).missing == ""
    assert strata.Judged(strata.Need("tools", 1), known(tools=0)["tools"], False).missing.startswith("Cek timbangan")


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(3, 3, "3"), (2, 5, "2–5"), (0, math.inf, "?"), (4, math.inf, "paling sedikit 4"), (2.5, 2.5, "2,5")],
)
def test_a_span_is_said_in_few_words(low: float, high: float, words: str) -> None:
    assert strata.span(low, high) == words


def test_every_indicator_of_the_rule_is_named() -> None:
    assert {*CODES, *ACTIVE, "services"} <= set(strata.INDICATORS)
    assert known(kb=1)["kb"].label == "Cakupan KB: peserta dari PUS"


@pytest.mark.parametrize(
    "broken",
    [
        {"stages": []},
        {"stages": [{"code": "a", "label": "A", "needs": {"d_s": 5}}]},
        {"services": ["weather"]},
        {"active": {"weather": 1}},
        {"months": "12"},
    ],
)
def test_a_broken_rule_is_refused(broken: dict[str, Any]) -> None:
    good = {
        "months": 12, "stages": [{"code": "a", "label": "A", "needs": {}}], "extra_kinds": [], "services": [],
        "service_percent": 50, "active": {},
    }  # fmt: skip
    assert strata.read_strata(good, "post.json").months == 12
    with pytest.raises(ValueError, match=r"post\.json"):
        strata.read_strata(good | broken, "post.json")
