"""PUMA, SRQ-20, AKS and SKILAS: each edge of the printed tables, and nothing concluded from half an answer.

The points are those of KMK HK.01.07/MENKES/2015/2023 (Formulir 4 and 6, AKS, SKILAS), as in the notes 3.7 to 3.10.
"""

from datetime import date

import pytest

from posyandu.domain import instruments
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.adult import AKS_QUESTIONS, SRQ_QUESTIONS
from posyandu.domain.instruments import AksAssessment, SkilasAssessment, SrqAssessment
from posyandu.domain.outcome import Tile
from tests.domain.shipped import RULES, STANDARDS, TODAY

NEVER: Answers = {
    "puma_smoked": False,
    "puma_breath": False,
    "puma_phlegm": False,
    "puma_cough": False,
    "puma_spirometry": False,
}


def aged(years: int, sex: str | None = "female", days: int = 0) -> Answers:
    return {"sex": sex, "born_on": date(TODAY.year - years, TODAY.month, TODAY.day + days)}


def puma(person: Answers, **answers: Value | None) -> int | None:
    return instruments.puma_score(RULES, person, TODAY, {**NEVER, **answers})


@pytest.mark.parametrize(
    ("years", "days", "points"),
    [(40, 0, 0), (50, 1, 0), (50, 0, 1), (60, 1, 1), (60, 0, 2), (90, 0, 2)],
)
def test_age_counts_from_the_birthday(years: int, days: int, points: int) -> None:
    """40-49: 0, 50-59: 1, 60 and more: 2; a day before the birthday it is still the younger one."""
    assert puma(aged(years, days=days)) == points


def test_puma_begins_on_the_fortieth_birthday() -> None:
    assert puma(aged(40)) == 0
    assert puma(aged(40, days=1)) is None


def test_a_man_has_a_point_more_and_an_unknown_sex_or_birth_no_score() -> None:
    assert (puma(aged(45, "male")), puma(aged(45, "female"))) == (1, 0)
    assert puma(aged(45, None)) is None
    assert puma({"sex": "male"}) is None
    assert puma({"sex": "male", "born_on": date(TODAY.year + 1, 1, 1)}) is None


@pytest.mark.parametrize(
    ("sticks", "years", "points"),
    [
        (1, 0, 0),
        (19, 20, 0),
        (20, 19, 0),
        (20, 20, 1),
        (40, 10, 1),
        (20, 30, 1),
        (10, 60, 1),
        (20, 31, 2),
        (60, 11, 2),
    ],
)
def test_smoking_is_counted_in_pack_years(sticks: int, years: int, points: int) -> None:
    """Sticks a day by years over 20: under 20 none, 20 to 30 one, over 30 two."""
    assert puma(aged(45), puma_smoked=True, puma_sticks=sticks, puma_years=years) == points


@pytest.mark.parametrize(
    "answers",
    [
        {"puma_smoked": None},
        {"puma_smoked": True},
        {"puma_smoked": True, "puma_sticks": 10},
        {"puma_smoked": True, "puma_years": 10},
        *({name: None} for name in instruments.PUMA_SYMPTOMS),
    ],
)
def test_what_was_not_told_leaves_no_score(answers: dict[str, Value | None]) -> None:
    assert puma(aged(45), **answers) is None


def test_who_never_smoked_needs_no_sticks_and_each_symptom_is_a_point() -> None:
    assert puma(aged(45), puma_sticks=20, puma_years=40) == 0, "what stood there before counts no more"
    for name in instruments.PUMA_SYMPTOMS:
        assert puma(aged(45), **{name: True}) == 1
    assert puma(aged(45), **dict.fromkeys(instruments.PUMA_SYMPTOMS, True)) == 4


@pytest.mark.parametrize(
    ("sticks", "years", "packs"), [(20, 25, 25.0), (12, 5, 3.0), (1, 0, 0.0), (None, 5, None), (5, None, None)]
)
def test_pack_years(sticks: int | None, years: int | None, packs: float | None) -> None:
    assert instruments.pack_years(RULES, {"puma_sticks": sticks, "puma_years": years}) == packs


# SRQ-20


def srq(yes: int = 0, no: int = 0, **answers: Value | None) -> SrqAssessment:
    """So many answered yes, then so many no, from the first question on; number 17 is left for the answers."""
    names = [question.name for question in SRQ_QUESTIONS if question.name != "srq_17"]
    told = {**dict.fromkeys(names[:yes], True), **dict.fromkeys(names[yes : yes + no], False)}
    (found,) = instruments.assess_srq(STANDARDS, aged(30), [{"visited_on": TODAY, **told, **answers}])
    return found


@pytest.mark.parametrize(
    ("yes", "no", "seventeen", "score", "low", "high", "urgent", "level"),
    [
        (0, 19, False, 0, True, False, False, "ok"),
        (5, 14, False, 5, True, False, False, "ok"),
        (6, 13, False, 6, False, True, False, "warn"),
        (19, 0, False, 19, False, True, False, "warn"),
        (0, 19, True, 1, True, False, True, "bad"),
        (5, 14, True, 6, False, True, True, "bad"),
        (19, 0, True, 20, False, True, True, "bad"),
        (5, 0, None, None, False, False, False, "unknown"),
        (6, 0, None, None, False, True, False, "warn"),
        (0, 0, True, None, False, False, True, "bad"),
        (0, 19, None, None, False, False, False, "unknown"),
    ],
)
def test_six_or_number_17_are_decided_as_soon_as_they_are_known(
    yes: int, no: int, seventeen: bool | None, score: int | None, low: bool, high: bool, urgent: bool, level: str
) -> None:
    found = srq(yes, no, srq_17=seventeen)
    assert (found.score, found.is_low, found.is_high, found.is_urgent) == (score, low, high, urgent)
    assert (found.level, found.refer) == (level, high or urgent)


def test_the_sentence_counts_and_says_what_is_urgent_first() -> None:
    assert srq(2, 17, srq_17=False).headline == "Ya dijawab 2 kali dari 20."
    assert srq(2, 5).headline == "7 dari 20 pertanyaan dijawab."
    high = srq(6, 13, srq_17=False)
    assert high.headline == f"{high.findings[0].title}. Ya dijawab 6 kali dari 20."
    urgent = srq(0, 0, srq_17=True)
    assert urgent.headline.endswith("1 dari 20 pertanyaan dijawab.")
    assert urgent.findings[0].level == "bad"


@pytest.mark.parametrize(("result", "low", "high"), [("low", True, False), ("high", False, True), (None, False, False)])
def test_of_sealed_answers_only_low_or_high_is_known(result: str | None, low: bool, high: bool) -> None:
    for answered in (True, False):
        found = srq(answered=answered, outcome=result)
        assert (found.headline, found.level) == ("Jawabannya disegel.", "unknown")
        assert (found.score, found.is_low, found.is_high, found.is_urgent) == (None, low, high, None)
        assert (found.findings, found.tiles, found.refer) == ((), (), False)


def test_answers_that_can_be_read_are_judged_even_when_marked_as_answered() -> None:
    found = srq(6, 13, srq_17=False, answered=True, outcome="low")
    assert (found.score, found.is_high, found.is_low) == (6, True, False)
    assert instruments.assess_srq(STANDARDS, aged(30), [{"srq_1": True}]) == []


# AKS

MOST = (2, 2, 1, 2, 2, 3, 3, 2, 2, 1)


def aks(*lost: tuple[int, int], leave: int | None = None) -> AksAssessment:
    """All items at their best but for (item from 1, points lost); `leave` is an item not answered."""
    scores = list(MOST)
    for item, points in lost:
        scores[item - 1] -= points
    told = {question.name: str(score) for question, score in zip(AKS_QUESTIONS, scores, strict=True)}
    if leave is not None:
        del told[AKS_QUESTIONS[leave - 1].name]
    (found,) = instruments.assess_aks(STANDARDS, aged(70), [{"visited_on": TODAY, **told}])
    return found


def down_to(score: int) -> AksAssessment:
    lost, wanted = [], sum(MOST) - score
    for item, most in enumerate(MOST, 1):
        lost.append((item, min(most, wanted)))
        wanted -= min(most, wanted)
    return aks(*lost)


def test_the_items_have_the_printed_maxima() -> None:
    assert tuple(len(question.options) - 1 for question in AKS_QUESTIONS) == MOST
    assert sum(MOST) == 20
    for question in AKS_QUESTIONS:
        assert [option.code for option in question.options] == [str(n) for n in range(len(question.options))]


@pytest.mark.parametrize(
    ("score", "code", "label", "level"),
    [
        (20, "independent", "mandiri (A)", "ok"),
        (19, "mild", "ketergantungan ringan (B)", "warn"),
        (12, "mild", "ketergantungan ringan (B)", "warn"),
        (11, "moderate", "ketergantungan sedang (B)", "warn"),
        (9, "moderate", "ketergantungan sedang (B)", "warn"),
        (8, "severe", "ketergantungan berat (C)", "bad"),
        (5, "severe", "ketergantungan berat (C)", "bad"),
        (4, "total", "ketergantungan total (C)", "bad"),
        (0, "total", "ketergantungan total (C)", "bad"),
    ],
)
def test_each_class_of_aks_at_both_its_edges(score: int, code: str, label: str, level: str) -> None:
    found = down_to(score)
    assert (found.score, found.code, found.level) == (score, code, level)
    assert found.headline == f"Skor {score} dari 20: {label}."
    assert found.refer is (score < 20)
    words = label.removeprefix("ketergantungan ")
    assert found.tiles == (Tile("AKS", words[0].upper() + words[1:], level, f"skor {score} dari 20"),)


@pytest.mark.parametrize(("score", "at_home"), [(19, False), (12, False), (11, True), (9, True), (8, True), (0, True)])
def test_care_at_home_is_proposed_from_moderate_dependence_on(score: int, at_home: bool) -> None:
    (found,) = down_to(score).findings
    assert ("perawatan di rumah" in found.what_to_do) is at_home
    assert found.refer


@pytest.mark.parametrize("item", range(1, 11))
def test_each_item_counts_and_none_may_be_left_out(item: int) -> None:
    assert aks((item, 1)).score == 19
    left = aks(leave=item)
    assert (left.score, left.code, left.level, left.findings) == (None, None, "unknown", ())
    assert left.headline == "9 dari 10 kegiatan dijawab."
    assert left.tiles == (Tile("AKS", "Belum", "unknown"),)


# SKILAS

WELL: Answers = {
    "knows_date": True,
    "knows_place": True,
    "recalls_words": True,
    "stands_up": True,
    "lost_weight": False,
    "poor_appetite": False,
    "muac_mm": 210,
    "eye_problem": False,
    "counts_fingers": True,
    "whisper": "hears",
    "sad": False,
    "no_interest": False,
}


def skilas(**answers: Value | None) -> SkilasAssessment:
    (found,) = instruments.assess_skilas(STANDARDS, aged(70), [{"visited_on": TODAY, **WELL, **answers}])
    return found


@pytest.mark.parametrize(
    ("answers", "domain"),
    [
        ({"knows_date": False}, "cognition"),
        ({"knows_place": False}, "cognition"),
        ({"recalls_words": False}, "cognition"),
        ({"stands_up": False}, "mobility"),
        ({"lost_weight": True}, "malnutrition"),
        ({"poor_appetite": True}, "malnutrition"),
        ({"muac_mm": 209}, "malnutrition"),
        ({"eye_problem": True}, "sight"),
        ({"eye_problem": True, "counts_fingers": None}, "sight"),
        ({"counts_fingers": False}, "sight"),
        ({"whisper": "not"}, "hearing"),
        ({"whisper": "impossible"}, "hearing"),
        ({"sad": True}, "depression"),
        ({"no_interest": True}, "depression"),
    ],
)
def test_one_item_ticks_its_domain_and_sends_on(answers: dict[str, Value | None], domain: str) -> None:
    found = skilas(**answers)
    assert {name for name, problem in found.domains.items() if problem} == {domain}
    assert found.headline == f"Perlu pemeriksaan lanjutan: {instruments.DOMAINS[domain].lower()}."
    assert found.refer
    assert [tile.title for tile in found.tiles if tile.words == "Ada masalah"] == [instruments.DOMAINS[domain]]


def test_several_domains_are_named_in_the_order_of_the_form() -> None:
    found = skilas(sad=True, stands_up=False, whisper="not")
    assert found.headline == "Perlu pemeriksaan lanjutan: gerak, pendengaran, depresi."


def test_all_six_without_a_problem_are_well() -> None:
    found = skilas()
    assert (found.headline, found.level, found.refer) == ("Keenam bagian tidak ada masalah.", "ok", False)
    assert [(tile.title, tile.words, tile.level) for tile in found.tiles] == [
        (title, "Baik", "ok") for title in ("Kognitif", "Gerak", "Gizi", "Penglihatan", "Pendengaran", "Depresi")
    ]


@pytest.mark.parametrize(
    ("left_out", "domain"),
    [
        ("knows_date", "cognition"),
        ("recalls_words", "cognition"),
        ("stands_up", "mobility"),
        ("lost_weight", "malnutrition"),
        ("muac_mm", "malnutrition"),
        ("eye_problem", "sight"),
        ("counts_fingers", "sight"),
        ("whisper", "hearing"),
        ("sad", "depression"),
        ("no_interest", "depression"),
    ],
)
def test_what_was_not_asked_leaves_its_domain_open(left_out: str, domain: str) -> None:
    found = skilas(**{left_out: None})
    assert found.domains[domain] is None
    assert (found.headline, found.level, found.refer) == ("5 dari 6 bagian selesai.", "unknown", False)
    assert [tile.words for tile in found.tiles].count("Belum") == 1


def test_a_problem_decides_a_domain_although_another_item_was_not_asked() -> None:
    assert skilas(knows_date=None, recalls_words=False).domains["cognition"] is True
    assert skilas(muac_mm=None, lost_weight=True).domains["malnutrition"] is True
    assert skilas(sad=None, no_interest=True).domains["depression"] is True
    assert skilas(eye_problem=None, counts_fingers=False).domains["sight"] is True
