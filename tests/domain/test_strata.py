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
        "service_percent": 50, "active": {}, "idl_months": [12, 23],
    }  # fmt: skip
    assert strata.read_strata(good, "post.json").months == 12
    with pytest.raises(ValueError, match=r"post\.json"):
        strata.read_strata(good | broken, "post.json")


@pytest.mark.parametrize(
    ("low", "high", "least", "met"),
    [
        (50, 50, 50, True),
        (49.9, 49.9, 50, False),
        (49.9, 50, 50, None),
        (0, math.inf, 50, None),
        (50, math.inf, 50, True),
        (0, 49.9, 50, False),
        (0, 0, 0, True),
    ],
)
def test_a_figure_between_two_bounds_is_met_not_met_or_unknown(
    low: float, high: float, least: float, met: bool | None
) -> None:
    assert Indicator("kb", low, high, "", "").met(least) is met


@pytest.mark.parametrize(
    ("code", "low", "high", "least", "says"),
    [
        ("days_open", 6, 6, 8, "Kurang 2 hari. Catat setiap hari buka di Hari Posyandu."),
        ("kader_on_duty", 4.26, 4.26, 5, "Kurang 0,8 kader. Isi jumlah kader hadir saat membuka hari."),
        ("d_s", 49.9, 49.9, 50, "Kurang 0,1 persen. Timbang balita yang belum datang."),
        ("health_fund", 20, 20, 50, "Kurang 30 persen. Catat KK yang membayar dana sehat."),
        ("tools", 0, 0, 1, "Cek timbangan, tanyakan Buku KIA."),
        ("extra", 0, 3, 1, "Belum dapat dipastikan. Catat kegiatannya di Posyandu kita."),
        ("extra", 1, 1, 1, ""),
    ],
)
def test_what_is_lacking_is_said_with_what_to_do(code: str, low: float, high: float, least: float, says: str) -> None:
    indicator = Indicator(code, low, high, "", "")
    assert strata.Judged(strata.Need(code, least), indicator, indicator.met(least)).missing == says


@pytest.mark.parametrize(
    ("yes", "no", "maybe", "least", "says"),
    [
        (4, 6, 0, 50, "Kurang 1 lagi dari 10. Layani yang belum pernah datang."),
        (0, 3, 0, 50, "Kurang 2 lagi dari 3. Layani yang belum pernah datang."),
        (1, 6, 0, 50, "Kurang 3 lagi dari 7. Layani yang belum pernah datang."),
        (1, 8, 1, 50, "Kurang 4 lagi dari 10. Layani yang belum pernah datang."),
        (4, 2, 4, 50, "Belum dapat dipastikan. Layani yang belum pernah datang."),
        (5, 5, 0, 50, ""),
    ],
)
def test_people_that_are_lacking_are_counted_and_not_rounded_down(
    yes: int, no: int, maybe: int, least: float, says: str
) -> None:
    """Half of seven are three and a half: four have to be served."""
    ids = iter("abcdefghij")
    told = [tuple(next(ids) for _ in range(number)) for number in (yes, no, maybe)]
    found = strata.cover("kia", *told, "register")
    assert strata.Judged(strata.Need("kia", least), found, found.met(least)).missing == says


@pytest.mark.parametrize(
    ("yes", "no", "maybe", "low", "high", "figure"),
    [
        (1, 2, 0, 100 / 3, 100 / 3, "1 dari 3 (33,3%)"),
        (2, 0, 1, 200 / 3, 100, "2 dari 3 (66,7%), 1 belum diketahui"),
        (0, 0, 4, 0, 100, "4 belum diketahui"),
        (0, 4, 0, 0, 0, "0 dari 4 (0,0%)"),
        (3, 0, 0, 100, 100, "3 dari 3 (100,0%)"),
        (0, 0, 0, 0, math.inf, "tidak ada sasaran yang tercatat"),
    ],
)
def test_a_share_lies_between_who_was_surely_and_who_may_have_been_served(
    yes: int, no: int, maybe: int, low: float, high: float, figure: str
) -> None:
    found = strata.cover("kb", ["y"] * yes, ["n"] * no, ["m"] * maybe, "kartu WUS")
    assert (found.low, found.high, found.figure) == (pytest.approx(low), pytest.approx(high), figure)
    assert found.source == "kartu WUS"


def test_the_way_up_names_all_that_blocks() -> None:
    found = strata.judge(RULE, known(**GOOD | {"kb": 10, "idl": 10}))
    assert found.headline == (
        "Strata Madya. Menuju Purnama: Cakupan KB: peserta dari PUS; Cakupan imunisasi dasar lengkap."
    )
    low = strata.judge(RULE, known(**GOOD | {"days_open": 2}))
    assert low.headline == "Strata Pratama. Menuju Madya: Hari buka dalam 12 bulan."
    assert [stage.code for stage, _needs in low.judged] == ["pratama", "madya", "purnama", "mandiri"]


def test_a_mean_says_how_many_it_is_of_and_nothing_is_no_mean() -> None:
    found = strata.mean("d_s", [80.0, 75.5], "{mean}% dalam {n} bulan", "SKDN")
    assert (found.low, found.high, found.figure, found.unit) == (77.75, 77.75, "77,8% dalam 2 bulan", "%")
    nothing = strata.mean("d_s", [], "{mean}", "SKDN")
    assert (nothing.low, nothing.high, nothing.figure) == (0, math.inf, "belum ada catatan")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"stages": []}, "the lowest stratum must need nothing"),
        ({"services": ["weather", "air"]}, "no indicator air, weather"),
        ({"active": {"weather": 1}}, "no indicator weather"),
        ({"active": {"d_s": "50"}}, "wants a number"),
        ({"months": 12.5}, "wants a whole number"),
        ({"service_percent": None}, "wants a number"),
        ({"extra_kinds": "bkb"}, "wants a list"),
        ({"stages": [{"code": "a", "label": "A"}]}, "wants code, label, needs; has code, label"),
        ({"stages": [{"code": "", "label": "A", "needs": {}}]}, "wants a text"),
    ],
)
def test_a_slip_in_the_rule_is_said_with_its_place(changed: dict[str, Any], says: str) -> None:
    good = {
        "months": 12, "stages": [{"code": "a", "label": "A", "needs": {}}], "extra_kinds": [], "services": [],
        "service_percent": 50, "active": {}, "idl_months": [12, 23],
    }  # fmt: skip
    with pytest.raises(ValueError, match="post") as caught:
        strata.read_strata(good | changed, "post.json: strata")
    assert str(caught.value) == f"post.json: strata: {says}"
