"""IKS from a book: what its records say of a family, what they leave open, and a post of many families."""

from datetime import date, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import families, iks, immunisation, people, post_sheets, posts, pregnancies
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services import melati
from tests.services.melati import POST, TODAY

KK = "5203011208260001"
HOUSE = {
    "clean_water": True, "latrine": True, "smoker": False, "insured": True,
    "ill_tbc": False, "ill_hypertension": False, "ill_mental": False,
}  # fmt: skip


def noted(ws: Workspace, form: str, person_id: str, on: date = TODAY, **told: Value) -> None:
    records.save(
        ws.db, FORMS[form], records.new_id(), {"visited_on": on, **told},
        scope=POST, author=ws.author, now=ws.now(), links={"person_id": person_id},
    )  # fmt: skip


def house_of(ws: Workspace, person_id: str) -> str:
    return str(people.card(ws, person_id).person["household_id"])


def family(ws: Workspace, **house: Value | None) -> tuple[str, str, str]:
    """Wulan, her child of 16 months, and their household."""
    wulan = melati.woman(ws, kk=KK, husband_name="Ahmad")
    raka = melati.child(ws, mother_id=wulan)
    families.correct(ws, house_of(ws, wulan), {**HOUSE, **house})
    return wulan, raka, house_of(ws, wulan)


def states(ws: Workspace, house: str) -> dict[str, str]:
    return {each.code: each.state for each in iks.of_family(ws, house).found.indicators}


def test_a_family_just_registered_is_mostly_unknown(ws: Workspace) -> None:
    _wulan, _raka, house = family(ws, **dict.fromkeys(HOUSE))
    found = iks.of_family(ws, house)
    assert found.found.value is None
    assert found.band is None
    assert states(ws, house)["contraception"] == "unknown"
    assert states(ws, house)["birth"] == "none"
    assert states(ws, house)["weighed"] == "no"
    assert found.headline == "0 dari 1 yang diketahui terpenuhi; 10 belum diketahui."
    assert "Permenkes 39/2016" in found.source


def test_what_records_hold_answers_the_indicators(ws: Workspace) -> None:
    wulan, raka, house = family(ws)
    noted(ws, "wus", wulan, couple=True, contraception=True)
    melati.weighed(ws, raka, date(2025, 12, 8), 7_000, exclusive_breastfeeding=True)
    melati.weighed(ws, raka, TODAY, 9_500)
    assert states(ws, house)["breastfed"] == "yes"
    assert states(ws, house)["weighed"] == "yes"
    assert states(ws, house)["immunised"] == "unknown"
    immunisation.record(ws, raka, [immunisation.Given("bcg", 1, date(2025, 8, 1))])
    found = iks.of_family(ws, house)
    assert states(ws, house)["immunised"] == "no"
    assert found.found.value == 7 / 8
    assert found.headline == "IKS 0,875: keluarga sehat."
    families.correct(ws, house, {"latrine": False})
    assert iks.of_family(ws, house).headline == "IKS 0,750: keluarga pra-sehat."


def test_a_single_no_before_six_months_ends_breast_milk_only(ws: Workspace) -> None:
    _wulan, raka, house = family(ws)
    melati.weighed(ws, raka, date(2025, 9, 8), 5_000, exclusive_breastfeeding=False)
    melati.weighed(ws, raka, date(2025, 12, 8), 7_000, exclusive_breastfeeding=True)
    assert states(ws, house)["breastfed"] == "no"


def test_a_yes_at_three_months_alone_tells_nothing_of_six(ws: Workspace) -> None:
    _wulan, raka, house = family(ws)
    melati.weighed(ws, raka, date(2025, 10, 8), 5_800, exclusive_breastfeeding=True)
    melati.weighed(ws, raka, date(2026, 2, 8), 8_000, exclusive_breastfeeding=False)
    assert states(ws, house)["breastfed"] == "unknown"


@pytest.mark.parametrize(("on", "wanted"), [(date(2026, 10, 1), "yes"), (date(2026, 9, 30), "no"), (TODAY, "yes")])
def test_a_weighing_counts_this_month_and_the_one_before(ws: Workspace, on: date, wanted: str) -> None:
    _wulan, raka, house = family(ws)
    melati.weighed(ws, raka, on, 9_000)
    assert states(ws, house)["weighed"] == wanted


def test_the_newest_answer_about_family_planning_counts_wherever_it_was_noted(ws: Workspace) -> None:
    wulan, _raka, house = family(ws)
    noted(ws, "wus", wulan, TODAY - timedelta(days=90), contraception=True)
    noted(ws, "adult_visit", wulan, TODAY - timedelta(days=3), contraception=False, weight_g=52_000)
    assert states(ws, house)["contraception"] == "no"
    melati.pregnancy(ws, wulan)
    assert states(ws, house)["contraception"] == "none"


def test_where_a_baby_was_born_is_read_from_its_mothers_pregnancy(ws: Workspace) -> None:
    wulan, _raka, house = family(ws)
    born_on = TODAY - timedelta(days=70)
    carried = melati.pregnancy(ws, wulan, lmp_on=born_on - timedelta(days=280))
    melati.child(ws, "Bayi Baru", born_on, mother_id=wulan)
    assert states(ws, house)["birth"] == "unknown"
    pregnancies.end(ws, carried, "live_birth", born_on)
    pregnancies.correct(ws, carried, {"birth_place": "home"})
    assert states(ws, house)["birth"] == "no"
    pregnancies.correct(ws, carried, {"birth_place": "midwife"})
    assert states(ws, house)["birth"] == "yes"


def test_a_patient_is_followed_to_the_medicine(ws: Workspace) -> None:
    wulan, _raka, house = family(ws, ill_hypertension=None, ill_tbc=None)
    noted(ws, "health_history", wulan, own_hypertension=True, own_tbc=True)
    assert (states(ws, house)["hypertension"], states(ws, house)["tbc"]) == ("unknown", "unknown")
    noted(ws, "home_adult", wulan, gap_pressure_taken=True)
    noted(ws, "home_tbc", wulan, gap_medicine_taken=False)
    assert (states(ws, house)["hypertension"], states(ws, house)["tbc"]) == ("yes", "no")


@pytest.mark.parametrize(("word", "wanted"), [("daily", "no"), ("sometimes", "no"), ("never", "unknown")])
def test_smoking_is_read_from_whoever_was_asked(ws: Workspace, word: str, wanted: str) -> None:
    wulan, _raka, house = family(ws, smoker=None)
    son = people.register(ws, {"name": "Dimas", "sex": "male", "born_on": date(2010, 2, 3), "mother_id": wulan})
    noted(ws, "school_visit", son, smoking=word, weight_g=45_000)
    assert states(ws, house)["smoking"] == wanted
    noted(ws, "health_history", wulan, habit_smoking=False)
    assert states(ws, house)["smoking"] == ("yes" if wanted == "unknown" else "no")


def test_who_has_moved_away_is_no_part_of_the_family(ws: Workspace) -> None:
    _wulan, raka, house = family(ws)
    people.set_status(ws, raka, "moved", TODAY)
    assert states(ws, house)["weighed"] == "none"


def test_a_guest_is_no_part_of_the_family_she_stays_with(ws: Workspace) -> None:
    _wulan, raka, house = family(ws)
    assert states(ws, house)["weighed"] == "no"
    people.correct(ws, raka, {"guest": True})
    assert states(ws, house)["weighed"] == "none", "another post looks after this child"


def test_an_unknown_family_is_refused(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        iks.of_family(ws, "nowhere")


def test_a_post_adds_up_to_its_families(ws: Workspace) -> None:
    wulan, _raka, house = family(ws)
    noted(ws, "wus", wulan, couple=False)
    people.register(ws, {"name": "Ani", "sex": "female", "born_on": date(1950, 1, 1), "kk": "5203011208260002"})
    found = iks.of_posts(ws, [POST])
    assert found.families == 2
    for place, coverage in enumerate(found.coverages):
        state = iks.of_family(ws, house).found.indicators[place].state
        assert {"yes": coverage.yes, "no": coverage.no, "none": coverage.not_applicable, "unknown": coverage.unknown}[
            state
        ] >= 1
        assert coverage.yes + coverage.no + coverage.not_applicable + coverage.unknown == 2
    assert iks.of_posts(ws, []).families == 0


def test_a_village_is_its_posts(ws: Workspace) -> None:
    assert iks.village_posts(ws, POST) == (POST,)
    village = posts.posts(ws)[0].village_code
    other = posts.add_post(ws, {"name": "Anggrek", "village_code": village})
    elsewhere = posts.add_post(ws, {"name": "Jauh", "village_code": "52.03.01.2002"})
    assert set(iks.village_posts(ws, POST)) == {POST, other}
    assert iks.village_posts(ws, elsewhere) == (elsewhere,)
    assert iks.village_posts(ws, "nowhere") == ("nowhere",)


def test_a_past_day_is_judged_by_what_was_noted_until_then(ws: Workspace) -> None:
    wulan, raka, house = family(ws)
    noted(ws, "wus", wulan, date(2026, 9, 1), couple=True, contraception=False)
    noted(ws, "wus", wulan, TODAY, couple=True, contraception=True)
    melati.weighed(ws, raka, TODAY, 9_500)

    def on(day: date) -> dict[str, str]:
        (found,) = iks.families(ws, POST, day)
        assert (found.id, found.head) == (house, "Ahmad" if found.house.get("head_name") == "Ahmad" else found.names[0])
        return {each.code: each.state for each in found.found.indicators}

    assert (on(date(2026, 9, 30))["contraception"], on(date(2026, 9, 30))["weighed"]) == ("no", "no")
    assert (on(TODAY)["contraception"], on(TODAY)["weighed"]) == ("yes", "yes")


def on_a_day(ws: Workspace, day: date) -> dict[str, str]:
    (found,) = iks.families(ws, POST, day)
    return {each.code: each.state for each in found.found.indicators}


def test_on_a_past_day_nobody_lives_there_who_came_later_or_was_not_born(ws: Workspace) -> None:
    _wulan, raka, _house = family(ws)
    assert on_a_day(ws, date(2025, 7, 4))["weighed"] == "none", "the day before the birth"
    assert on_a_day(ws, date(2025, 9, 5))["weighed"] == "no"
    people.correct(ws, raka, {"entered_on": date(2026, 3, 1)})
    assert [on_a_day(ws, day)["weighed"] for day in (date(2026, 2, 28), date(2026, 3, 1))] == ["none", "no"]


def test_who_was_pregnant_on_a_past_day_was_not_asked_about_family_planning_then(ws: Workspace) -> None:
    wulan, _raka, _house = family(ws)
    noted(ws, "wus", wulan, date(2026, 1, 5), couple=True, contraception=False)
    melati.pregnancy(
        ws,
        wulan,
        lmp_on=date(2026, 1, 20),
        noted_on=date(2026, 3, 1),
        outcome="live_birth",
        ended_on=date(2026, 10, 26),
    )
    days = (date(2026, 1, 19), date(2026, 1, 20), date(2026, 10, 25), date(2026, 10, 26))
    assert [on_a_day(ws, day)["contraception"] for day in days] == ["no", "none", "none", "no"]


def test_breast_milk_is_judged_by_what_was_said_until_the_day(ws: Workspace) -> None:
    _wulan, raka, _house = family(ws)
    noted(ws, "under_five_visit", raka, date(2026, 6, 8), exclusive_breastfeeding=True)
    assert on_a_day(ws, date(2026, 5, 31))["breastfed"] == "unknown"
    assert on_a_day(ws, date(2026, 6, 30))["breastfed"] == "yes"


@pytest.mark.parametrize("last", [True, False])
def test_of_two_answers_of_one_day_the_one_saved_last_counts(last: bool) -> None:
    clock = melati.Clock()
    ws = melati.post(clock)
    wulan, _raka, house = family(ws)
    for answer in (not last, last):
        noted(ws, "wus", wulan, couple=True, contraception=answer)
        clock.now += timedelta(minutes=1)
    assert states(ws, house)["contraception"] == ("yes" if last else "no")


def test_the_sheet_has_each_family_and_the_index_but_no_family_is_named_for_mental_illness(ws: Workspace) -> None:
    wulan, raka, house = family(ws, ill_mental=True, mental_treated=False, latrine=False)
    noted(ws, "wus", wulan, couple=True, contraception=True)
    melati.weighed(ws, raka, date(2025, 12, 8), 7_000, exclusive_breastfeeding=True)
    melati.weighed(ws, raka, TODAY, 9_500)
    people.register(ws, {"name": "Ani", "sex": "female", "born_on": date(1950, 1, 1), "kk": "5203011208260002"})
    sheet = post_sheets.build(ws, "iks", POST, Month(2026, 11))
    totals, rows = sheet.tables
    assert totals.title == "IKS belum dapat dihitung: belum ada keluarga yang lengkap datanya"
    assert [cell.text for cell in totals.rows[7]] == ["8. Gangguan jiwa diobati", "0", "1", "0", "1", "0"]
    assert [cell.text for cell in totals.rows[0]][:5] == ["1. Ikut KB", "1", "0", "1", "0"]
    told = {row[1].text: "".join(cell.text for cell in row[3:15]) for row in rows.rows}
    assert set(told.values()) == {"YN?YYNN\N{BULLET}YYYT", "NNNNN??\N{BULLET}????"}
    assert all("jiwa" not in cell.text for row in rows.rows for cell in row)
    immunisation.record(ws, raka, [immunisation.Given("bcg", 1, date(2025, 8, 1))])
    again = post_sheets.build(ws, "iks", POST, Month(2026, 11)).tables[1]
    (value,) = [row[15].text for row in again.rows if row[15].text]
    assert value == "0,667"
    assert iks.of_family(ws, house).headline == "IKS 0,667: keluarga pra-sehat."


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({}, "unknown"),
        ({"jkn": "0001234567890"}, "yes"),
        ({"jkn_kind": "pbi"}, "yes"),
        ({"jkn_kind": "own", "jkn_active": False}, "yes"),
        ({"jkn_kind": "none"}, "no"),
        ({"jkn": "0001234567890", "jkn_kind": "none"}, "no"),
    ],
)
def test_the_kind_of_jkn_says_whether_a_family_is_insured(told: dict[str, Value | None], state: str) -> None:
    ws = melati.post()
    wulan = melati.woman(ws, hamlet="Karang", **told)
    found = iks.of_family(ws, str(people.card(ws, wulan).person["household_id"])).found
    assert next(each.state for each in found.indicators if each.code == "insured") == state
