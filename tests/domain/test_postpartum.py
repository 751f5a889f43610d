"""The weeks after a birth: which visit is due, and what each visit of the mother means."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import postpartum
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.postpartum import DANGER_SIGNS
from posyandu.domain.outcome import Tile, VisitAssessment
from posyandu.domain.postpartum import PostpartumAssessment
from tests.domain.shipped import RULES, STANDARDS

BORN = date(2026, 10, 1)
MOTHER: Answers = {"born_on": date(1998, 3, 1)}
BIRTH: Answers = {"outcome": "live_birth", "ended_on": BORN}
KF = RULES.nifas.visits


def visit(day: int = 10, **answers: Value | None) -> Answers:
    return {"visited_on": BORN + timedelta(days=day), **answers}


def assess(*visits: Answers, birth: Answers = BIRTH) -> list[PostpartumAssessment]:
    return postpartum.assess(STANDARDS, MOTHER, birth, visits)


def codes(*visits: Answers, birth: Answers = BIRTH) -> set[str]:
    return {finding.code for finding in assess(*visits, birth=birth)[-1].findings}


@pytest.mark.parametrize(
    ("day", "states"),
    [
        (0, ["due", "later", "later", "later"]),
        (2, ["due", "later", "later", "later"]),
        (3, ["missed", "due", "later", "later"]),
        (7, ["missed", "due", "later", "later"]),
        (8, ["missed", "missed", "due", "later"]),
        (28, ["missed", "missed", "due", "later"]),
        (29, ["missed", "missed", "missed", "due"]),
        (42, ["missed", "missed", "missed", "due"]),
        (43, ["missed", "missed", "missed", "missed"]),
    ],
)
def test_each_of_the_four_visits_has_its_days(day: int, states: list[str]) -> None:
    due = postpartum.due_visits(KF, BORN, {}, BORN + timedelta(day), "kf")
    assert [(each.code, each.state) for each in due] == list(zip(("KF1", "KF2", "KF3", "KF4"), states, strict=True))


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_visit_made_in_its_days_is_done_whenever_it_is_looked_at(made: int, seen: int) -> None:
    told = {"kf3_on": BORN + timedelta(made)}
    third = postpartum.due_visits(KF, BORN, told, BORN + timedelta(seen), "kf")[2]
    assert third.state == ("done" if 8 <= made <= 28 else "outside")
    assert third.done_on == told["kf3_on"]


def test_complete_means_all_four_in_their_days() -> None:
    told = {f"kf{n}_on": BORN + timedelta(day) for n, day in enumerate((1, 5, 20, 40), 1)}
    due = postpartum.due_visits(KF, BORN, told, BORN + timedelta(42), "kf")
    assert postpartum.is_complete(due)
    assert not postpartum.is_complete(postpartum.due_visits(KF, BORN, {**told, "kf4_on": None}, BORN, "kf"))


@pytest.mark.parametrize(("day", "code"), [(1, "KN1"), (7, "KN2"), (28, "KN3")])
def test_a_newborn_has_three_visits(day: int, code: str) -> None:
    due = postpartum.due_visits(RULES.newborn_visits, BORN, {}, BORN + timedelta(day), "kn")
    assert [each.code for each in due if each.state == "due"] == [code]


@pytest.mark.parametrize(
    ("days", "headline"),
    [((0, 3, 8), "KN lengkap."), ((0, 3), "Sekarang waktunya KN3."), ((0, 29, 30), "KN belum lengkap.")],
)
def test_a_newborn_seen_three_times_in_the_days_of_the_visits_is_complete(days: tuple[int, ...], headline: str) -> None:
    seen = {f"kn{n}_on": BORN + timedelta(day) for n, day in enumerate(days, 1)}
    answers: Answers = {"visited_on": BORN + timedelta(max(28, *days) if "belum" in headline else 20), **seen}
    (found,) = postpartum.assess_newborn(STANDARDS, {"born_on": BORN, "birth_weight_g": 3_100}, [answers])
    assert found.headline == headline


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"danger_bleeding": True}, {"bleeding"}),
        ({"danger_lochia": True, "danger_headache": True}, {"danger_signs"}),
        ({"danger_sad": True}, {"sad"}),
        ({"temperature_tenth_c": 379}, set()),
        ({"temperature_tenth_c": 380}, {"fever"}),
        ({"muac_mm": 234}, {"muac_red"}),
        ({"muac_mm": 235}, set()),
        ({"systolic_mmhg": 139, "diastolic_mmhg": 89}, set()),
        ({"systolic_mmhg": 140, "diastolic_mmhg": 80}, {"pressure_high"}),
        ({"systolic_mmhg": 130, "diastolic_mmhg": 110}, {"pressure_emergency"}),
        ({"pressure_on_curve": False}, {"pressure_high"}),
        ({"weight_on_curve": False}, {"weight_red"}),
        ({"haemoglobin_dg_dl": 119}, {"anaemia"}),
        ({"haemoglobin_dg_dl": 120}, set()),
        ({"tbc_cough": True}, {"tbc_sign"}),
        ({"tbc_contact": True}, {"tbc_contact"}),
        ({"tbc_cough": True, "tbc_contact": True}, {"tbc_suspected"}),
        ({"vitamin_a_taken": False}, {"vitamin_a_not_taken"}),
        ({"breastfeeding": False}, {"not_breastfeeding"}),
        ({"contraception": False}, {"no_contraception"}),
        ({"breastfeeding": True, "contraception": True}, set()),
    ],
)
def test_each_answer_finds_what_it_should(answers: dict[str, Value], expected: set[str]) -> None:
    always = {"visit_due", "visits_missed", "vitamin_a_short"}
    assert codes(visit(**answers)) - always == expected


def test_capsules_add_up_and_are_asked_for_only_within_nifas() -> None:
    first, second = assess(visit(1, vitamin_a_capsules=1), visit(5, vitamin_a_capsules=1))
    short = {finding.code: finding.why for finding in first.findings}
    assert short["vitamin_a_short"] == "Baru tercatat 1 dari 2 kapsul merah."
    assert "vitamin_a_short" not in {finding.code for finding in second.findings}
    assert "vitamin_a_short" in codes(visit(42))
    assert codes(visit(43)) == set()


def test_the_sentence_says_how_long_and_what_matters() -> None:
    (well,) = assess(visit(12, muac_mm=250, systolic_mmhg=110, diastolic_mmhg=70, vitamin_a_capsules=2))
    assert well.headline == "KF3 belum tercatat. Hari ke-12 masa nifas."
    assert (well.level, well.muac_red, well.pressure_red, well.refer) == ("warn", False, False, False)
    assert [tile.words for tile in well.tiles] == ["Baik", "Normal", "2 dari 2 kapsul", "Belum tercatat"]
    (bleeding,) = assess(visit(12, danger_bleeding=True))
    assert bleeding.headline == "Perdarahan sesudah melahirkan. Hari ke-12 masa nifas."
    assert (bleeding.level, bleeding.refer) == ("bad", True)
    (later,) = assess(visit(120, muac_mm=250))
    assert later.headline == "Menyusui, bayi umur 3 bulan. Semua yang diperiksa dalam batas."


def test_what_was_asked_about_tbc_has_a_tile() -> None:
    (found,) = assess(visit(12, tbc_cough=True))
    assert (found.tiles[-1].title, found.tiles[-1].figure) == ("Gejala TBC", "Batuk terus-menerus")


def test_without_a_day_of_birth_nothing_about_days_is_claimed() -> None:
    (found,) = assess(visit(10), birth={})
    assert (found.days, found.due, found.level) == (None, (), "unknown")
    assert found.headline.startswith("Tanggal bersalin belum diketahui")
    assert found.findings == ()
    assert assess({"muac_mm": 200}) == []


NEWBORN: Answers = {"sex": "male", "born_on": BORN, "birth_weight_g": 3_100}


def newborn(day: int = 1, person: Answers = NEWBORN, **answers: Value | None) -> VisitAssessment:
    (found,) = postpartum.assess_newborn(STANDARDS, person, [visit(day, **answers)])
    return found


# KMK 2015/2023: under 1.000 g, 1.500 g and 2.500 g; over 4.000 g is large; a hospital's under 2.000 g
@pytest.mark.parametrize(
    ("grams", "words", "level", "codes_found"),
    [
        (999, "Berat lahir amat sangat rendah", "bad", ["weight_very_low"]),
        (1_000, "Berat lahir sangat rendah", "bad", ["weight_very_low"]),
        (1_499, "Berat lahir sangat rendah", "bad", ["weight_very_low"]),
        (1_500, "Berat lahir rendah (BBLR)", "bad", ["weight_very_low"]),
        (1_999, "Berat lahir rendah (BBLR)", "bad", ["weight_very_low"]),
        (2_000, "Berat lahir rendah (BBLR)", "warn", ["weight_low"]),
        (2_499, "Berat lahir rendah (BBLR)", "warn", ["weight_low"]),
        (2_500, "Berat lahir cukup", "warn", []),
        (4_000, "Berat lahir cukup", "warn", []),
        (4_001, "Bayi besar", "warn", []),
    ],
)
def test_the_weight_at_birth_has_a_class_and_below_2500_a_finding(
    grams: int, words: str, level: str, codes_found: list[str]
) -> None:
    """HB0 and KN1 are not told yet, so that the level is at least a warning."""
    found = newborn(person={**NEWBORN, "birth_weight_g": grams})
    told = [finding.code for finding in found.findings if finding.code.startswith("weight")]
    assert (found.tiles[0].words, found.level, told) == (words, level, codes_found)


@pytest.mark.parametrize(
    ("grams", "figure"), [(3_100, "3,10 kg"), (2_490, "2,49 kg"), (2_499, "2,499 kg"), (1_999, "1,999 kg"), (None, "")]
)
def test_a_weight_at_birth_is_not_rounded_over_its_bound(grams: int | None, figure: str) -> None:
    found = newborn(person={**NEWBORN, "birth_weight_g": grams})
    assert found.tiles[0].figure == figure
    if grams == 2_499:
        assert found.findings[0].why == "Berat lahir 2,499 kg, di bawah 2.500 gram."


def test_what_is_not_known_of_a_newborn_says_so() -> None:
    found = newborn(person={"sex": "male", "born_on": BORN})
    assert [(tile.title, tile.words, tile.level) for tile in found.tiles] == [
        ("Berat lahir", "Belum", "unknown"),
        ("HB0", "Belum", "warn"),
        ("Kunjungan neonatal", "Belum tercatat", "warn"),
    ]
    nameless = newborn(person={})
    assert nameless.headline == "KN belum lengkap."
    assert {finding.code for finding in nameless.findings} == set()


@pytest.mark.parametrize(("day", "hb0_on", "due"), [(0, None, True), (7, None, True), (8, None, False), (3, 0, False)])
def test_hb0_is_asked_for_until_the_seventh_day(day: int, hb0_on: int | None, due: bool) -> None:
    """Buku KIA: within 24 hours, at the latest on day 7."""
    given = None if hb0_on is None else BORN + timedelta(hb0_on)
    found = newborn(day, hb0_on=given)
    assert ("hb0_due" in {finding.code for finding in found.findings}) is due
    assert (found.tiles[1].words, found.tiles[1].level) == (("Belum", "warn") if given is None else ("Sudah", "ok"))


@pytest.mark.parametrize(
    ("answers", "code", "why"),
    [
        ({"condition": "silent"}, "silent", "Bayi tidak menangis waktu lahir: mungkin kurang oksigen."),
        ({"congenital": "bibir sumbing"}, "congenital", "Tercatat: bibir sumbing."),
        ({"condition": "cried"}, None, ""),
        ({"condition": "later"}, None, ""),
        ({"congenital": ""}, None, ""),
    ],
)
def test_what_was_seen_at_birth(answers: dict[str, Value], code: str | None, why: str) -> None:
    found = {finding.code: finding.why for finding in newborn(**answers).findings}
    assert {name for name in found if name in ("silent", "congenital")} == ({code} if code else set())
    assert not code or found[code] == why


def test_the_visits_of_a_newborn_are_named_as_they_come_and_go() -> None:
    whys = {finding.code: finding.why for finding in newborn(5).findings}
    assert whys["visit_due"] == "Sekarang waktunya KN2 oleh tenaga kesehatan."
    assert whys["visits_missed"] == "Terlewat: KN1."
    late = newborn(30, kn2_on=BORN + timedelta(5))
    assert {finding.code: finding.why for finding in late.findings}["visits_missed"] == "Terlewat: KN1, KN3."
    assert late.tiles[2].words == "KN2"
    before = postpartum.assess_newborn(STANDARDS, NEWBORN, [{"visited_on": BORN - timedelta(1)}])[0]
    assert before.headline == "KN belum lengkap."


def test_a_newborn_with_all_done_is_well() -> None:
    told = {f"kn{n}_on": BORN + timedelta(day) for n, day in enumerate((1, 4, 10), 1)}
    found = newborn(10, hb0_on=BORN, **told)
    assert (found.headline, found.level, found.refer, found.findings) == ("KN lengkap.", "ok", False, ())
    assert [tile.level for tile in found.tiles] == ["ok", "ok", "ok"]


@pytest.mark.parametrize(
    ("answers", "tile"),
    [
        ({}, Tile("Lingkar lengan", "Belum", "unknown")),
        ({"muac_mm": 235}, Tile("Lingkar lengan", "Baik", "ok", "23,5 cm")),
        ({"muac_mm": 234}, Tile("Lingkar lengan", "KEK", "bad", "23,4 cm")),
        ({}, Tile("Tekanan darah", "Belum", "unknown")),
        ({"systolic_mmhg": 139, "diastolic_mmhg": 89}, Tile("Tekanan darah", "Normal", "ok", "139/89 mmHg")),
        ({"systolic_mmhg": 120, "diastolic_mmhg": 90}, Tile("Tekanan darah", "Tinggi", "bad", "120/90 mmHg")),
        ({"pressure_on_curve": True}, Tile("Tekanan darah", "Normal", "ok")),
        ({"systolic_mmhg": 141}, Tile("Tekanan darah", "Tinggi", "bad")),
        ({"vitamin_a_capsules": 1}, Tile("Vitamin A", "1 dari 2 kapsul", "warn")),
        ({"vitamin_a_capsules": 2}, Tile("Vitamin A", "2 dari 2 kapsul", "ok")),
        ({}, Tile("Kunjungan nifas", "Belum tercatat", "warn")),
    ],
)
def test_each_reading_of_a_mother_has_a_tile(answers: dict[str, Value], tile: Tile) -> None:
    assert tile in assess(visit(10, **answers))[0].tiles


def test_after_nifas_capsules_and_visits_are_told_but_wanted_no_more() -> None:
    tiles = {tile.title: (tile.words, tile.level) for tile in assess(visit(43))[0].tiles}
    assert tiles["Vitamin A"] == ("0 dari 2 kapsul", "info")
    assert tiles["Kunjungan nifas"] == ("Belum tercatat", "info")
    birth = {**BIRTH, **{f"kf{n}_on": BORN + timedelta(day) for n, day in enumerate((0, 3, 8, 50), 1)}}
    made = {tile.title: (tile.words, tile.level) for tile in assess(visit(60), birth=birth)[0].tiles}
    assert made["Kunjungan nifas"] == ("KF1, KF2, KF3, KF4", "ok"), "made, if one was out of its days"
    assert "Kunjungan nifas" not in {tile.title for tile in assess(visit(10), birth={})[0].tiles}


@pytest.mark.parametrize(("day", "days"), [(-1, None), (0, 0), (42, 42), (100, 100)])
def test_days_are_counted_from_the_day_of_birth(day: int, days: int | None) -> None:
    assert postpartum.days_since_birth(BIRTH, BORN + timedelta(day)) == days
    assert postpartum.days_since_birth({}, BORN) is None


@pytest.mark.parametrize(
    ("day", "headline"),
    [
        (0, "Hari ke-0 masa nifas."),
        (42, "Hari ke-42 masa nifas."),
        (43, "Menyusui, bayi umur 1 bulan."),
        (400, "Menyusui, bayi umur 1 tahun 1 bulan."),
    ],
)
def test_how_long_ago_the_birth_was_is_said(day: int, headline: str) -> None:
    assert headline in assess(visit(day))[0].headline


def test_every_danger_sign_of_a_mother_is_found_under_its_own_finding() -> None:
    own = {"danger_bleeding": "bleeding", "danger_sad": "sad"}
    for sign in DANGER_SIGNS:
        found = {finding.code: finding for finding in assess(visit(43, **{sign.name: True}))[0].findings}
        assert list(found) == [own.get(sign.name, "danger_signs")]
        if sign.name not in own:
            assert found["danger_signs"].why == f"Ibu menyebut: {sign.label.lower()}."
    both = assess(visit(43, danger_fever=True, danger_wound=True))[0].findings[0]
    assert both.why == "Ibu menyebut: demam, kelamin bengkak atau luka."


def test_the_reason_names_what_was_measured() -> None:
    def why(code: str, **answers: Value) -> str:
        return next(finding.why for finding in assess(visit(5, **answers))[0].findings if finding.code == code)

    assert why("fever", temperature_tenth_c=395).startswith("Suhu badan 39,5 °C.")
    assert why("pressure_high", systolic_mmhg=145, diastolic_mmhg=85).startswith("Tekanan darah 145/85 mmHg")
    assert why("muac_red", muac_mm=221) == "Lingkar lengan 22,1 cm, di bawah 23,5 cm: kurang energi kronis."
    assert why("anaemia", haemoglobin_dg_dl=98) == "Hb 9,8 g/dL, di bawah 12 g/dL."
    assert why("visit_due") == "Hari ke-5 sesudah melahirkan: sekarang waktunya KF2 oleh bidan."
    assert why("vitamin_a_short", vitamin_a_capsules=1) == "Baru tercatat 1 dari 2 kapsul merah."
