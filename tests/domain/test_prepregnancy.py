"""Layak hamil: the ideal at each edge, 4T and ALKI, what is missing, and the health worker's own conclusion."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import prepregnancy
from posyandu.domain.fields import Answers
from posyandu.domain.form import Context, problems
from posyandu.domain.forms.adult import WUS
from posyandu.domain.prepregnancy import FIT, SUPERVISED, UNFIT
from tests.domain.shipped import STANDARDS, TODAY

IDEAL: Answers = {
    "visited_on": TODAY, "couple": True, "children_living": 1, "youngest_born_on": date(TODAY.year - 3, 1, 5),
    "weight_g": 50_000, "height_mm": 1_550, "muac_mm": 260, "haemoglobin_dg_dl": 125, "chronic": False,
    "infection": False, "complication": False, "health_problem": False,
}  # fmt: skip


def woman(years: int = 28, days: int = 0) -> Answers:
    return {"sex": "female", "born_on": date(TODAY.year - years, TODAY.month, TODAY.day) + timedelta(days=days)}


def judged(person: Answers | None = None, **changes: object) -> prepregnancy.PrepregnancyAssessment:
    answers = {**IDEAL, **changes}
    return prepregnancy.assess(STANDARDS, person or woman(), [answers])[-1]  # type: ignore[list-item]


def test_all_that_is_ideal_is_fit_and_says_so_in_one_sentence() -> None:
    found = judged()
    assert (found.result, found.level, found.findings, found.risks) == (FIT, "ok", (), ())
    assert [tile.words for tile in found.tiles] == ["Layak", "Tidak ada", "Tidak ada", "Ideal"]
    assert found.headline == "Layak hamil: umur, jarak, gizi dan kesehatannya baik."


@pytest.mark.parametrize(
    ("person", "changes", "wanted", "why"),
    [
        (woman(20), {}, FIT, ""),
        (woman(20, days=1), {}, SUPERVISED, "terlalu muda"),
        (woman(36, days=1), {}, FIT, ""),
        (woman(36), {}, SUPERVISED, "terlalu tua"),
        (woman(), {"children_living": 2}, FIT, ""),
        (woman(), {"children_living": 3}, SUPERVISED, "terlalu banyak"),
        (woman(), {"youngest_born_on": date(TODAY.year - 2, TODAY.month, TODAY.day)}, FIT, ""),
        (
            woman(),
            {"youngest_born_on": date(TODAY.year - 2, TODAY.month, TODAY.day) + timedelta(days=1)},
            SUPERVISED,
            "terlalu dekat",
        ),
        (woman(), {"muac_mm": 235}, FIT, ""),
        (woman(), {"muac_mm": 234}, SUPERVISED, "LiLA kurang dari 23,5 cm"),
        (woman(), {"haemoglobin_dg_dl": 120}, FIT, ""),
        (woman(), {"haemoglobin_dg_dl": 119}, SUPERVISED, "anemia"),
        (woman(), {"weight_g": 18_500, "height_mm": 1_000}, FIT, ""),
        (woman(), {"weight_g": 18_499, "height_mm": 1_000}, SUPERVISED, "IMT 18,499"),
        (woman(), {"weight_g": 24_999, "height_mm": 1_000}, FIT, ""),
        (woman(), {"weight_g": 25_000, "height_mm": 1_000}, SUPERVISED, "IMT 25,0"),
        (woman(), {"chronic": True}, SUPERVISED, "penyakit kronis"),
        (woman(), {"infection": True}, SUPERVISED, "hasil pemeriksaan petugas"),
        (woman(), {"complication": True}, SUPERVISED, "riwayat atau keluhan"),
        (woman(), {"health_problem": True}, SUPERVISED, "riwayat atau keluhan"),
    ],
)
def test_each_bound_decides_exactly(person: Answers, changes: dict[str, object], wanted: str, why: str) -> None:
    found = judged(person, **changes)
    assert found.result == wanted
    assert why in found.headline
    if wanted == SUPERVISED:
        assert found.headline.startswith("Dapat hamil dengan pengawasan: ")


def test_what_was_not_asked_is_named_and_nothing_is_concluded() -> None:
    found = judged(muac_mm=None, haemoglobin_dg_dl=None, youngest_born_on=None)
    assert (found.result, found.level) == (None, "unknown")
    assert found.headline == ("Belum dapat disimpulkan. Belum diketahui: LiLA, Hb, tanggal lahir anak terkecil.")
    assert judged(children_living=0, youngest_born_on=None).result == FIT
    assert judged({"sex": "female"}).headline.endswith("umur.")


def test_a_risk_decides_although_the_rest_is_unknown() -> None:
    found = judged(muac_mm=None, chronic=True)
    assert found.result == SUPERVISED
    assert [tile.words for tile in found.tiles if tile.title == "ALKI"] == ["Ada"]


@pytest.mark.parametrize("told", [FIT, SUPERVISED, UNFIT])
def test_the_health_workers_conclusion_stands_before_what_is_worked_out(told: str) -> None:
    found = judged(chronic=True, fitness=told)
    assert found.result == told
    assert found.headline.endswith(", menurut tenaga kesehatan.")
    assert ("unfit" in {each.code for each in found.findings}) == (told == UNFIT)


def test_unfit_is_never_worked_out() -> None:
    worst = {"children_living": 9, "chronic": True, "infection": True, "complication": True, "muac_mm": 200}
    assert judged(woman(45), **worst).result == SUPERVISED


@pytest.mark.parametrize(
    ("couple", "words"),
    [(False, "Bukan pasangan usia subur."), (None, "Belum ditanya apakah pasangan usia subur.")],
)
def test_who_is_no_couple_is_not_screened_but_her_arm_is_judged(couple: bool | None, words: str) -> None:
    found = judged(couple=couple, muac_mm=230, chronic=True, wants_child="soon")
    assert (found.result, found.tiles, found.headline, found.wants_soon) == (None, (), words, False)
    assert [each.code for each in found.findings] == ["kek"]


@pytest.mark.parametrize(
    ("changes", "unmet"),
    [
        ({"wants_child": "later", "contraception": False}, True),
        ({"wants_child": "none", "contraception": False}, True),
        ({"why_none": "wants_later", "contraception": False}, True),
        ({"wants_child": "soon", "contraception": False}, False),
        ({"wants_child": "later", "contraception": True}, False),
        ({"wants_child": "later"}, False),
    ],
)
def test_unmet_need_is_wanting_none_now_and_using_nothing(changes: dict[str, object], unmet: bool) -> None:
    assert judged(**changes).unmet_need is unmet


def test_an_infection_is_named_nowhere() -> None:
    found = judged(infection=True)
    told = " ".join([found.headline, *(f"{each.title} {each.why} {each.tell_family}" for each in found.findings)])
    assert "infeksi" not in told.lower()
    assert "IMS" not in told


def test_the_groups_of_risk_tell_no_details() -> None:
    assert judged(children_living=4, chronic=True, weight_g=80_000, complication=True).risks == (
        "4T", "ALKI", "IMT", "riwayat atau keluhan",
    )  # fmt: skip


@given(
    st.fixed_dictionaries(
        {
            "couple": st.sampled_from((True, False, None)),
            "children_living": st.none() | st.integers(0, 12),
            "muac_mm": st.none() | st.integers(100, 400),
            "weight_g": st.none() | st.integers(25_000, 120_000),
            "height_mm": st.none() | st.integers(1_200, 1_900),
            "haemoglobin_dg_dl": st.none() | st.integers(40, 180),
            "chronic": st.sampled_from((True, False, None)),
            "infection": st.sampled_from((True, False, None)),
            "fitness": st.sampled_from((FIT, SUPERVISED, UNFIT, None)),
        }
    ),
    st.integers(15, 49),
)
def test_fit_means_that_nothing_speaks_against_it(answers: dict[str, object], years: int) -> None:
    found = judged(woman(years), **answers)
    assert found.headline.endswith(".")
    if found.result == FIT and answers["fitness"] is None:
        assert found.risks == ()
        assert {each.code for each in found.findings} <= {"unmet_need"}
    if answers["couple"] is not True:
        assert found.result is None
    if found.risks and answers["fitness"] is None:
        assert found.result == SUPERVISED


def test_the_questions_are_asked_of_couples_only() -> None:
    asked = {field.name for field in WUS.asked({"couple": True, "children_living": 2})}
    assert {"wants_child", "youngest_born_on", "chronic", "fitness"} <= asked
    assert not {"wants_child", "chronic", "fitness"} & {field.name for field in WUS.asked({"couple": False})}
    assert "youngest_born_on" not in {field.name for field in WUS.asked({"couple": True, "children_living": 0})}
    assert problems(WUS, IDEAL, Context(TODAY, {}, {})) == []


@pytest.mark.parametrize(
    ("changes", "title", "words", "level", "figure"),
    [
        ({}, "Sebelum hamil", "Layak", "ok", ""),
        ({"muac_mm": 234}, "Sebelum hamil", "Pengawasan", "warn", ""),
        ({"fitness": "unfit"}, "Sebelum hamil", "Belum layak", "bad", ""),
        ({"chronic": None}, "Sebelum hamil", "Belum", "unknown", ""),
        ({}, "4T", "Tidak ada", "ok", ""),
        ({"children_living": 3}, "4T", "Ada", "warn", ""),
        ({}, "ALKI", "Tidak ada", "ok", ""),
        ({"haemoglobin_dg_dl": 119}, "ALKI", "Ada", "warn", ""),
        ({"infection": None}, "ALKI", "Belum lengkap", "unknown", ""),
        ({"infection": None, "muac_mm": 234}, "ALKI", "Ada", "warn", ""),
        ({"weight_g": 50_000, "height_mm": 1_550}, "IMT", "Ideal", "ok", "20,8 kg/m²"),
        ({"weight_g": 44_000, "height_mm": 1_550}, "IMT", "Di luar ideal", "warn", "18,3 kg/m²"),
        ({"weight_g": 60_050, "height_mm": 1_550}, "IMT", "Ideal", "ok", "24,99 kg/m²"),
    ],
)
def test_each_tile_of_a_couple_at_its_edge(
    changes: dict[str, object], title: str, words: str, level: str, figure: str
) -> None:
    tiles = {tile.title: tile for tile in judged(**changes).tiles}
    assert (tiles[title].words, tiles[title].level, tiles[title].figure) == (words, level, figure)


def test_body_mass_has_no_tile_until_it_was_measured_and_who_is_no_couple_has_none_at_all() -> None:
    assert [tile.title for tile in judged(weight_g=None).tiles] == ["Sebelum hamil", "4T", "ALKI"]
    assert judged(couple=False).tiles == judged(couple=None).tiles == ()


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        ({}, "Layak hamil: umur, jarak, gizi dan kesehatannya baik."),
        (
            {"children_living": 4, "muac_mm": 230, "complication": True},
            "Dapat hamil dengan pengawasan: terlalu banyak, LiLA kurang dari 23,5 cm, riwayat atau keluhan.",
        ),
        ({"haemoglobin_dg_dl": 110, "chronic": True}, "Dapat hamil dengan pengawasan: anemia, penyakit kronis."),
        ({"weight_g": 70_000}, "Dapat hamil dengan pengawasan: IMT 29,1."),
        ({"fitness": "fit"}, "Layak hamil, menurut tenaga kesehatan."),
        ({"fitness": "supervised"}, "Dapat hamil dengan pengawasan, menurut tenaga kesehatan."),
        ({"fitness": "unfit"}, "Belum layak hamil, pakai KB dahulu, menurut tenaga kesehatan."),
        (
            {"muac_mm": None, "haemoglobin_dg_dl": None},
            "Belum dapat disimpulkan. Belum diketahui: LiLA, Hb.",
        ),
        (
            {"youngest_born_on": None},
            "Belum dapat disimpulkan. Belum diketahui: tanggal lahir anak terkecil.",
        ),
        ({"couple": False}, "Bukan pasangan usia subur."),
        ({"couple": None}, "Belum ditanya apakah pasangan usia subur."),
    ],
)
def test_the_conclusion_is_one_sentence(changes: dict[str, object], headline: str) -> None:
    assert judged(**changes).headline == headline


def test_a_youngest_child_born_after_the_day_is_no_spacing_and_no_children_need_none() -> None:
    assert "terlalu dekat" not in judged(youngest_born_on=TODAY + timedelta(days=1)).headline
    assert judged(children_living=0, youngest_born_on=None).result == FIT


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, "ok"),
        ({"muac_mm": 234}, "warn"),
        ({"fitness": "unfit"}, "bad"),
        ({"chronic": None}, "unknown"),
        ({"couple": False}, "unknown"),
    ],
)
def test_the_level_is_ok_only_when_she_is_fit(changes: dict[str, object], level: str) -> None:
    assert judged(**changes).level == level
