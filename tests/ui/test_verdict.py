"""The words beside a visit: what is said first, in which colour, and what the tiles hold."""

from datetime import date, timedelta

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from posyandu.domain import child, pregnancy
from posyandu.domain.child import ChildAssessment
from posyandu.domain.fields import Answers
from posyandu.domain.pregnancy import PregnancyAssessment
from posyandu.services import workspace
from posyandu.ui import theme
from posyandu.ui.grid import short_verdict
from posyandu.ui.verdict import (
    Fact,
    Tile,
    Tiles,
    VerdictPanel,
    child_facts,
    child_words,
    due_text,
    index_words,
    pregnancy_facts,
    sd_text,
    sentences,
    show_child,
    show_outcome,
    show_pregnancy,
)
from tests.rules import changed_rules
from tests.ui.scene import HELD_ON

WS = workspace.in_memory()
RULES = WS.standards.on(HELD_ON)
BORN = HELD_ON - timedelta(days=500)
PERSON: Answers = {"sex": "male", "born_on": BORN}
PREGNANCY: Answers = {"lmp_on": HELD_ON - timedelta(days=170), "first_weight_g": 50_000, "height_mm": 1550}


def judged(*visits: Answers, person: Answers = PERSON) -> ChildAssessment:
    """The last of these visits a month apart, judged."""
    first = HELD_ON - timedelta(days=30 * (len(visits) - 1))
    dated = [{"visited_on": first + timedelta(days=30 * place), **visit} for place, visit in enumerate(visits)]
    return child.assess(WS.standards, WS.growth, person, dated)[-1]


def test_tiles_stand_three_in_a_row_where_their_words_have_room_else_two(qtbot: QtBot) -> None:
    facts = [
        Fact("Lingkar lengan", "KEK", "bad", "20,9 cm"),
        Fact("Tekanan darah", "Normal", "ok", "112/74 mmHg"),
        Fact("Kenaikan berat", "Tidak sesuai", "bad", "+2,2 kg"),
        Fact("TTD", "90 tablet", "info", "sasaran 180 tablet"),
        Fact("Hb", "Normal", "ok", "11,8 g/dL"),
    ]
    tiles = Tiles(facts)
    qtbot.addWidget(tiles)
    tiles.resize(520, 180)
    tiles.show()
    first, _second, third, fourth, last = tiles.tiles
    qtbot.waitUntil(lambda: third.y() == first.y() and fourth.y() == last.y() > first.y())
    for wide in (400, 320):
        tiles.resize(wide, 180)
        qtbot.waitUntil(lambda: third.y() > first.y() and third.y() == fourth.y() < last.y())
        assert all(tile.wanted() <= tile.width() for tile in tiles.tiles)
    tiles.resize(520, 180)
    tiles.show_facts(facts[:4])
    first, second, third, fourth = tiles.tiles
    qtbot.waitUntil(lambda: first.y() == second.y() < third.y() == fourth.y())
    tiles.show_facts(())
    assert tiles.isHidden()


def test_a_line_stands_under_the_sentence_only_where_something_follows(qtbot: QtBot) -> None:
    panel = VerdictPanel()
    qtbot.addWidget(panel)
    show_outcome(panel, None)
    assert panel.rule.isHidden()
    show_child(panel, None, None)
    assert not panel.rule.isHidden()


def carried(**visit: object) -> PregnancyAssessment:
    answers: Answers = {"visited_on": HELD_ON, **visit}  # type: ignore[dict-item]
    return pregnancy.assess(WS.standards, {"born_on": date(1998, 1, 1)}, PREGNANCY, [answers])[-1]


def test_a_gain_is_said_in_grams_first_and_the_letter_stands_in_the_chip() -> None:
    head, detail, level, chip, sign = child_words(judged({"weight_g": 9200}, {"weight_g": 9600}))
    assert (head, level, chip, sign) == ("Naik 400 gram", "ok", "N  ·  Naik", "trending-up")
    assert detail.startswith("sejak ")
    assert "200 gram" in detail


@pytest.mark.parametrize(
    ("weights", "level", "words"),
    [
        ((9200, 9600), "ok", "Naik 400 g"),
        ((9600, 9400), "warn", "Tidak naik (\N{MINUS SIGN}200 g)"),
        ((9600, 9600), "warn", "Tidak naik (0 g)"),
        ((10_000, 9900, 9800), "bad", "Dua bulan tidak naik"),
        ((9600,), "info", "Baru ditimbang"),
    ],
)
def test_the_register_says_it_in_a_few_words(weights: tuple[int, ...], level: str, words: str) -> None:
    verdict = short_verdict(judged(*({"weight_g": grams} for grams in weights)))
    assert (verdict.level, verdict.text) == (level, words)


def test_past_sixty_months_there_is_no_letter_so_the_class_speaks() -> None:
    six = {"sex": "male", "born_on": HELD_ON - timedelta(days=66 * 30)}
    visits: tuple[Answers, ...] = ({"weight_g": 19_000, "length_mm": 1140}, {"weight_g": 19_200, "length_mm": 1145})
    verdict = short_verdict(judged(*visits, person=six))
    assert (verdict.level, verdict.text) == ("ok", "Baik")


def test_past_sixty_months_a_loss_is_not_called_well() -> None:
    six = {"sex": "male", "born_on": HELD_ON - timedelta(days=66 * 30)}
    visits: tuple[Answers, ...] = ({"weight_g": 20_000, "length_mm": 1140}, {"weight_g": 19_200, "length_mm": 1145})
    found = judged(*visits, person=six)
    assert found.level == "info"
    verdict = short_verdict(found)
    assert (verdict.level, verdict.text) == ("info", "Turun 800 g")


def test_thousands_have_their_point_and_scores_their_comma_and_true_minus() -> None:
    assert short_verdict(judged({"weight_g": 8200}, {"weight_g": 9900})).text == "Naik 1.700 g"
    assert sd_text(-1.04) == "\N{MINUS SIGN}1,0 SD"
    assert sd_text(0.26) == "0,3 SD"
    assert sd_text(None) == ""


def test_tiles_name_the_class_in_short_words_with_the_score_below() -> None:
    facts = child_facts(judged({"weight_g": 9600, "length_mm": 780, "muac_mm": 140, "head_mm": 470}))
    assert [(fact.title, fact.words) for fact in facts] == [
        ("Berat / umur", "Normal"),
        ("Panjang / umur", "Normal"),
        ("Berat / panjang", "Gizi baik"),
        ("Lingkar lengan", "Normal"),
        ("Lingkar kepala", "Normal"),
    ]
    assert all(fact.figure.endswith(" SD") for fact in facts[:3])


def test_from_two_years_on_it_is_height() -> None:
    person: Answers = {"sex": "male", "born_on": HELD_ON - timedelta(days=900)}
    facts = child_facts(judged({"weight_g": 12_000, "length_mm": 880}, person=person))
    assert [fact.title for fact in facts[:3]] == ["Berat / umur", "Tinggi / umur", "Berat / tinggi"]
    assert [fact.short for fact in facts[:3]] == ["BB/U", "TB/U", "BB/TB"]


@pytest.mark.parametrize(
    ("index", "months", "words"),
    [
        ("haz", 23, ("Panjang / umur", "PB/U")),
        ("haz", 24, ("Tinggi / umur", "TB/U")),
        ("whz", 23, ("Berat / panjang", "BB/PB")),
        ("whz", 24, ("Berat / tinggi", "BB/TB")),
        ("haz", None, ("Panjang / umur", "PB/U")),
        ("waz", 30, ("Berat / umur", "BB/U")),
    ],
)
def test_a_tile_too_narrow_for_its_words_and_the_tab_of_the_curve_say_the_same(
    index: str, months: int | None, words: tuple[str, str]
) -> None:
    assert index_words(index, months) == words


def test_what_cannot_wait_stands_on_top_with_what_to_do(qtbot: QtBot) -> None:
    panel = VerdictPanel()
    qtbot.addWidget(panel)
    panel.show()
    show_child(panel, judged({"weight_g": 8000, "muac_mm": 110}), None)
    assert panel.alert.isVisible()
    assert "Rujuk" in panel.alert.label.text()
    assert panel.findings.isVisible()
    words = [label.text() for label in panel.findings.findChildren(QLabel)]
    assert "Mengapa" in words
    assert "Katakan kepada keluarga" in words
    show_child(panel, judged({"weight_g": 9200}, {"weight_g": 9600}), None)
    assert not panel.alert.isVisible()


def test_before_anything_is_typed_the_panel_invites(qtbot: QtBot) -> None:
    panel = VerdictPanel()
    qtbot.addWidget(panel)
    show_child(panel, None, None)
    assert panel.headline.text() == "Isi berat badan"
    assert {tile.fact.words for tile in panel.tiles} == {"Belum"}


def test_a_pregnancy_says_weeks_and_due_day_or_its_danger_first(qtbot: QtBot) -> None:
    panel = VerdictPanel()
    qtbot.addWidget(panel)
    calm: Answers = {"systolic_mmhg": 110, "diastolic_mmhg": 70, "muac_mm": 250}
    show_pregnancy(panel, RULES, carried(**calm), PREGNANCY, calm, None, HELD_ON)
    assert panel.headline.text() == "24 minggu 2 hari"
    assert "HPL" in panel.detail.text()
    assert panel.chip.text() == "Trimester 2"
    high: Answers = {"systolic_mmhg": 170, "diastolic_mmhg": 110}
    show_pregnancy(panel, RULES, carried(**high), PREGNANCY, high, None, HELD_ON)
    assert panel.headline.ink == "bad"
    assert panel.detail.text().startswith("24 minggu")
    show_pregnancy(panel, RULES, None, {}, {}, None, HELD_ON)
    assert panel.headline.text() == "Umur kehamilan belum diketahui"


def test_tiles_of_a_pregnancy_say_unknown_until_measured() -> None:
    assert [fact.words for fact in pregnancy_facts(RULES, None, {})] == ["Belum", "Belum", "Belum", "0 tablet"]
    answers: Answers = {"muac_mm": 225, "systolic_mmhg": 110, "diastolic_mmhg": 70, "weight_g": 54_000}
    facts = pregnancy_facts(RULES, carried(**answers, iron_tablets=30), answers)
    assert (facts[0].words, facts[0].figure) == ("KEK", "22,5 cm")
    assert (facts[1].words, facts[1].figure) == ("Normal", "110/70 mmHg")
    assert facts[2].figure == "+4,0 kg"
    assert (facts[3].words, facts[3].figure) == ("30 tablet", "sasaran 90 tablet")
    more = changed_rules({"ttd_target": 180}).on(HELD_ON)
    assert pregnancy_facts(more, None, {})[3].figure == "sasaran 180 tablet"


def test_a_due_day_that_has_passed_is_said_so() -> None:
    assert due_text(date(2026, 11, 10), -2) == "HPL Selasa, 10 November 2026, sudah lewat 2 hari"
    assert due_text(date(2026, 12, 22), 40) == "HPL Selasa, 22 Desember 2026, 40 hari lagi"


@pytest.mark.parametrize(
    "weights", [(9200, 9600), (9600, 9400), (9600,), (9600, 9600), (10_000, 9900, 9800), (9800, 9850)]
)
def test_what_is_said_never_ends_in_two_full_stops(qtbot: QtBot, weights: tuple[int, ...]) -> None:
    panel = VerdictPanel()
    qtbot.addWidget(panel)
    show_child(panel, judged(*({"weight_g": grams} for grams in weights)), None)
    for danger in (False, True):
        told = carried(systolic_mmhg=160, diastolic_mmhg=110) if danger else carried()
        said = [each.text() for each in panel.findChildren(QLabel)]
        show_pregnancy(panel, RULES, told, PREGNANCY, {}, None, HELD_ON)
        said += [each.text() for each in panel.findChildren(QLabel)]
        assert not [words for words in said if ".." in words]
    assert sentences("Rujuk.", "", "Segera") == "Rujuk. Segera."


def test_a_child_of_five_is_judged_by_height_and_body_mass_index() -> None:
    person: Answers = {"sex": "female", "born_on": HELD_ON - timedelta(days=1950)}
    facts = child_facts(judged({"weight_g": 18_000, "length_mm": 1100}, person=person))
    told = [(fact.title, fact.words) for fact in facts]
    assert told == [("Tinggi / umur", "\N{MINUS SIGN}0,2 SD"), ("IMT / umur", "Gizi baik")]


@pytest.mark.parametrize("z", [-0.04, 0.0, 0.04])
def test_nothing_is_minus_zero(z: float) -> None:
    assert sd_text(z) == "0,0 SD"


def test_a_normal_weight_takes_one_word_on_its_tile() -> None:
    (weight, *_others) = child_facts(judged({"weight_g": 10_500, "length_mm": 790}))
    assert (weight.short, weight.words) == ("BB/U", "Normal")


def test_the_title_of_a_result_is_whole_or_abbreviated_never_cut(qapp: QApplication) -> None:
    tile, metrics = Tile(Fact("Lingkar kepala", "Normal", "ok", short="LK")), QFontMetricsF(theme.font("micro"))
    shown = {room: tile.title(room) for room in range(60, 120)}
    assert set(shown.values()) == {"Lingkar kepala", "LK"}
    assert all(metrics.horizontalAdvance(title) <= room for room, title in shown.items())


@pytest.mark.parametrize(
    ("grams", "title", "figure"), [(52_000, "Kenaikan berat", "+2,0 kg"), (47_000, "Berat turun", "3,0 kg")]
)
def test_a_weight_that_fell_is_called_so_and_not_a_gain_below_nothing(grams: int, title: str, figure: str) -> None:
    told: Answers = {"visited_on": HELD_ON, "weight_g": grams}
    found = pregnancy.assess(WS.standards, {}, PREGNANCY, [told])[-1]
    tile = next(each for each in pregnancy_facts(RULES, found, told) if each.figure.endswith("kg"))
    assert (tile.title, tile.figure) == (title, figure)
