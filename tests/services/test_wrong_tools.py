"""A scale or board found wrong: what was read from it is judged by nobody, held against nothing, and shown as such."""

from datetime import date, timedelta
from typing import Any

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.domain.outcome import VisitAssessment
from posyandu.domain.pregnancy import PregnancyAssessment
from posyandu.services import (
    births,
    feeding,
    people,
    quality,
    referrals,
    reporting,
    review,
    sessions,
    visits,
)
from posyandu.services.workspace import Workspace
from tests.services.melati import CHILD, MOTHER, POST, TODAY, child, pregnancy, weighed, woman

NOVEMBER = Month(2026, 11)
EARLIER = date(2026, 10, 10)
WORDS = "Timbangan hari itu ternyata salah: timbang lagi."
AFTER_BIRTH = FORMS["postpartum_visit"]


def on_the_day(ws: Workspace, person_id: str, on: date = TODAY, form: str = MOTHER.name, **told: Any) -> str:  # noqa: ANN401
    """A visit of a posyandu day; gives back the day."""
    day = sessions.open_day(ws, POST, on, {})
    visits.record(ws, FORMS[form], day, person_id, told)
    return day


def mother(ws: Workspace) -> str:
    """20 weeks today, 50 kg at the start, 155 cm."""
    person = woman(ws)
    pregnancy(ws, person, height_mm=1_550, first_weight_g=50_000)
    return person


@pytest.mark.parametrize("told", [{"weight_g": 70_000}, {"weight_g": 53_000, "weight_on_curve": False}])
def test_a_mothers_weight_of_a_wrong_scale_is_neither_red_nor_green_in_any_place(
    ws: Workspace, told: dict[str, Value | None]
) -> None:
    person = mother(ws)
    day = on_the_day(ws, person, TODAY, MOTHER.name, muac_mm=250, **told)

    def said() -> tuple[object, ...]:
        last = people.card(ws, person).assessments[-1]
        live = visits.assess(ws, person, MOTHER, {"visited_on": TODAY, "session_id": day, **told})
        report = reporting.monthly(ws, POST, NOVEMBER)
        assert isinstance(last, PregnancyAssessment)
        assert isinstance(live, PregnancyAssessment)
        named = [row for table in report.lists if table.code == "bumil_bb" for row in table.rows]
        today = sessions.assessments(ws, day)[person]
        assert isinstance(today, PregnancyAssessment)
        return last.weight_red, live.weight_red, today.weight_red, len(named), last.muac_red

    assert said() == (True, True, True, 1, False)
    review.exclude(ws, day, "scale", "Timbangan kurang 2 kg")
    assert said() == (None, None, None, 0, False)
    last = people.card(ws, person).assessments[-1]
    assert last.headline.endswith(WORDS)
    assert "weight_g" in last.spoilt
    assert not last.refer
    review.exclude(ws, day, "board", "Papan bengkok")
    assert said()[0] is True


def test_the_first_weight_and_the_change_since_are_never_those_of_a_wrong_scale(ws: Workspace) -> None:
    person = woman(ws)
    pregnancy(ws, person, height_mm=1_550, lmp_on=TODAY - timedelta(weeks=12))
    first = on_the_day(ws, person, EARLIER, weight_g=45_000)
    on_the_day(ws, person, weight_g=47_000, muac_mm=250)
    told = people.card(ws, person).assessments[-1]
    assert isinstance(told, PregnancyAssessment)
    assert told.gain_g == 2_000
    review.exclude(ws, first, "scale", "Timbangan kurang")
    sound = people.card(ws, person).assessments[-1]
    assert isinstance(sound, PregnancyAssessment)
    assert (sound.gain_g, "Naik" in sound.headline) == (0, False)


def test_after_a_birth_the_curve_read_from_a_wrong_scale_says_nothing(ws: Workspace) -> None:
    person = mother(ws)
    carried = people.card(ws, person).pregnancy_id
    assert carried is not None
    births.note(ws, carried, {"outcome": "stillbirth", "ended_on": TODAY - timedelta(days=10)})
    told = {"weight_g": 55_000, "weight_on_curve": False, "muac_mm": 250, "vitamin_a_capsules": 2}
    day = on_the_day(ws, person, TODAY, AFTER_BIRTH.name, **told)
    (before,) = people.card(ws, person).assessments[-1:]
    review.exclude(ws, day, "both", "Keduanya")
    (after,) = people.card(ws, person).assessments[-1:]
    assert isinstance(before, VisitAssessment)
    assert isinstance(after, VisitAssessment)
    assert [each.code for each in before.findings if each.code == "weight_red"] == ["weight_red"]
    assert "weight_red" not in {each.code for each in after.findings}
    assert after.weight_red is None  # type: ignore[attr-defined]
    assert "vitamin_a_short" not in {each.code for each in after.findings}
    assert after.headline.endswith(WORDS)  # no board was used: only the scale is told


def test_no_later_number_is_held_against_one_of_a_wrong_tool(ws: Workspace) -> None:
    raka = child(ws)
    weighed(ws, raka, date(2026, 9, 10), 9_000, length_mm=745, position="lying")
    weighed(ws, raka, EARLIER, 12_800, length_mm=800, position="lying")
    weighed(ws, raka, TODAY, 9_400, length_mm=760, position="lying")
    wrong, today = (sessions.open_day(ws, POST, on, {}) for on in (EARLIER, TODAY))

    def doubted() -> tuple[set[str], set[str], object]:
        row = next(row for row in sessions.roster(ws, today, "under_five") if row.person_id == raka)
        found = visits.context(ws, CHILD, today, raka)
        checks = {each.code for each in sessions.closing_checks(ws, today)} & {"shrunk", "unconfirmed"}
        return {doubt.code for doubt in quality.doubts(ws, today)}, checks, (
            found.previous["weight_g"], (row.last_visit or {})["weight_g"]
        )  # fmt: skip

    assert doubted() == ({"shrunk"}, {"shrunk"}, (12_800, 12_800))
    review.exclude(ws, wrong, "both", "Timbangan dan papan salah")
    assert doubted() == (set(), set(), (9_000, 9_000))
    assert visits.open_visit(ws, CHILD, today, raka).previous["weight_g"] == 9_000


def test_a_day_of_a_wrong_board_asks_nothing_of_its_own_lengths_either(ws: Workspace) -> None:
    raka = child(ws)
    weighed(ws, raka, EARLIER, 9_200, length_mm=764, position="lying")
    weighed(ws, raka, TODAY, 9_500, length_mm=752, position="lying")
    day = sessions.open_day(ws, POST, TODAY, {})
    assert [each.code for each in quality.of_session(ws, day).marks] == ["shrunk"]
    review.exclude(ws, day, "board", "Papan bengkok")
    found = quality.of_session(ws, day)
    assert found.marks == ()
    assert next(part for part in found.parts).reached is not None  # it was measured all the same


def test_a_programme_and_a_slip_take_no_weight_of_a_wrong_scale(ws: Workspace) -> None:
    raka = child(ws)
    visit = weighed(ws, raka, TODAY, 6_900, muac_mm=112)
    day = sessions.open_day(ws, POST, TODAY, {})
    assert feeding.proposal(ws, people.card(ws, raka))["weight_g"] == 6_900
    assert "Berat badan 6,9 kg" in str(referrals.draft(ws, raka, CHILD.name, visit)["measured"])
    review.exclude(ws, day, "scale", "Timbangan kurang 2 kg")
    assert feeding.proposal(ws, people.card(ws, raka))["weight_g"] is None
    slip = referrals.draft(ws, raka, CHILD.name, visit)
    assert str(slip["measured"]) == "Lingkar lengan atas 11,2 cm"
    assert "berat badan" in str(slip["not_examined"])
    assert "LiLA" in str(slip["reasons"])


@pytest.mark.parametrize(
    ("kind", "told", "figure"),
    [
        ("catatan_bulanan", {"month": NOVEMBER}, "9,6"),
        ("catatan_bulanan", {"month": NOVEMBER + 1}, "9,6"),
        ("lembar_cadangan", {"month": NOVEMBER + 1}, "9,6"),
        ("sip2", {"year": 2026}, "9,6"),
        ("sip4", {"year": 2026}, "53"),
    ],
)
def test_registers_mark_it_with_a_cross_and_say_what_the_cross_means(
    ws: Workspace, kind: str, told: dict[str, Any], figure: str
) -> None:
    who, form, grams = (mother(ws), MOTHER, 53_000) if kind == "sip4" else (child(ws), CHILD, 9_600)
    day = on_the_day(ws, who, form=form.name, weight_g=grams)

    def said() -> list[str]:
        sheet = reporting.build(ws, kind, POST, **told)
        cells = [cell.text for table in sheet.tables for row in table.rows for cell in row]
        return [*(each for each in cells if each.startswith(figure)), *(rule for rule in sheet.rules if "×" in rule)]

    assert said()
    assert "×" not in " ".join(said())
    review.exclude(ws, day, "scale", "Timbangan kurang 2 kg")
    *figures, rule = said()
    assert figures
    assert all(each.endswith(" ×") for each in figures)
    assert rule == "× alat ukur hari itu ternyata salah: tidak dinilai."


@pytest.mark.parametrize(("kind", "told"), [("sip2", {"year": 2026}), ("catatan_bulanan", {"month": NOVEMBER})])
def test_the_cross_of_a_baby_that_was_fed_tells_of_no_wrong_tool(
    ws: Workspace, kind: str, told: dict[str, Any]
) -> None:
    who = child(ws, born_on=TODAY - timedelta(days=70))
    on_the_day(ws, who, TODAY, CHILD.name, weight_g=5_000, exclusive_breastfeeding=False)
    sheet = reporting.build(ws, kind, POST, **told)
    assert "×" in {cell.text for table in sheet.tables for row in table.rows for cell in row}
    assert not [rule for rule in sheet.rules if "alat ukur" in rule]


def test_the_card_crosses_its_own_visits_alone(ws: Workspace) -> None:
    person = mother(ws)
    wrong = on_the_day(ws, person, EARLIER, weight_g=70_000)
    on_the_day(ws, person, weight_g=53_000)
    review.exclude(ws, wrong, "scale", "Timbangan lebih")
    sheet = reporting.build(ws, "kartu_bumil", POST, person_id=person)
    cells = {cell.text for table in sheet.tables for row in table.rows for cell in row}
    assert {"70,0 ×", "53,0"} <= cells
