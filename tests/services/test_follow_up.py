from datetime import date, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Value
from posyandu.services import follow_up, people, sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services.melati import CHILD, MOTHER, NOW, POST, TODAY, child, post, pregnancy, weighed, woman

NOVEMBER = Month(2026, 11)


@pytest.fixture
def ws() -> Workspace:
    return post()


def lists(ws: Workspace, month: Month = NOVEMBER) -> dict[str, follow_up.AttentionList]:
    return {each.code: each for each in follow_up.attention(ws, POST, month)}


def came(ws: Workspace, person_id: str, on: date = TODAY, **answers: Value | None) -> None:
    visits.record(ws, CHILD, sessions.open_day(ws, POST, on), person_id, answers)


def test_a_month_without_anything_to_do_has_no_lists(ws: Workspace) -> None:
    raka = child(ws)
    weighed(ws, raka, date(2026, 10, 10), 9_200)
    weighed(ws, raka, TODAY, 9_600)
    assert lists(ws) == {}


def test_who_did_not_gain_is_listed_with_the_grams(ws: Workspace) -> None:
    raka = child(ws, rt="02", phone="0812", mother_name="Wulan")
    weighed(ws, raka, date(2026, 10, 10), 9_200)
    weighed(ws, raka, TODAY, 9_300)
    found = lists(ws)["not_gained"]
    assert (found.level, found.title) == ("warn", "Tidak naik")
    assert found.people == (
        follow_up.AttentionRow(
            id=raka,
            name="Raka Aditya",
            reason="Naik 100 gram, target 200 gram",
            since=TODAY,
            rt="02",
            phone="0812",
            age_text="1 tahun 4 bulan",
            mother_name="Wulan",
            address_line="RT 02",
        ),
    )


@pytest.mark.parametrize(
    ("grams", "reason"),
    [(9_100, "Turun 100 gram, target naik 200 gram"), (9_200, "Tidak naik, target 200 gram")],
)
def test_who_lost_or_stayed_is_told_in_words(ws: Workspace, grams: int, reason: str) -> None:
    raka = child(ws)
    weighed(ws, raka, date(2026, 10, 10), 9_200)
    weighed(ws, raka, TODAY, grams)
    assert lists(ws)["not_gained"].people[0].reason == reason


def test_twice_without_gain_is_a_list_of_its_own_since_the_first(ws: Workspace) -> None:
    raka = child(ws)
    for on, grams in ((date(2026, 9, 10), 9_200), (date(2026, 10, 10), 9_250), (TODAY, 9_300)):
        weighed(ws, raka, on, grams)
    found = lists(ws)
    assert "not_gained" not in found
    assert found["not_gained_twice"].people[0].since == date(2026, 10, 10)


def test_who_is_below_the_red_line_or_has_a_thin_arm_is_listed_since_when(ws: Workspace) -> None:
    raka, nayla = child(ws), child(ws, "Nayla")
    weighed(ws, raka, date(2026, 10, 10), 7_600, muac_mm=119)
    weighed(ws, raka, TODAY, 7_900, muac_mm=120)
    weighed(ws, nayla, TODAY, 9_600, muac_mm=113)
    found = lists(ws)
    assert [(row.id, row.since) for row in found["below_red"].people] == [(raka, date(2026, 10, 10))]
    assert [row.id for row in found["muac"].people] == [nayla, raka]
    assert found["muac"].people[1].since == date(2026, 10, 10)


def test_lists_stand_worst_first_and_people_by_severity_then_rt_then_name(ws: Workspace) -> None:
    ids = {}
    for name, rt, october, november in (
        ("Ani", "02", 9_200, 9_300),
        ("Budi", "01", 9_200, 9_300),
        ("Citra", "03", 9_200, 9_000),
        ("Adi", "01", 9_200, 9_300),
    ):
        ids[name] = child(ws, name, rt=rt)
        weighed(ws, ids[name], date(2026, 10, 10), october)
        weighed(ws, ids[name], TODAY, november)
    came(ws, ids["Ani"], muac_mm=120)
    found = follow_up.attention(ws, POST, NOVEMBER)
    assert [each.code for each in found] == ["muac", "not_gained"]
    assert [row.name for row in found[1].people] == ["Citra", "Adi", "Budi", "Ani"]


def test_who_was_expected_and_did_not_come_is_listed_with_the_reason(ws: Workspace) -> None:
    raka, nayla, mother = child(ws), child(ws, "Nayla"), woman(ws)
    pregnancy(ws, mother)
    woman(ws, "Ani Dewasa")
    child(ws, "Tamu", guest=True)
    assert lists(ws) == {}
    day = sessions.open_day(ws, POST, TODAY)
    sessions.mark_absent(ws, day, raka, "sick")
    sessions.mark_absent(ws, day, nayla)
    found = lists(ws)["absent"]
    assert [(row.name, row.reason, row.since) for row in found.people] == [
        ("Nayla", "Tidak datang", TODAY),
        ("Raka Aditya", "Tidak datang: sakit", TODAY),
        ("Wulan Sari", "Tidak datang", TODAY),
    ]


def test_who_came_or_was_visited_at_home_is_not_absent(ws: Workspace) -> None:
    raka, nayla = child(ws), child(ws, "Nayla")
    day = sessions.open_day(ws, POST, TODAY)
    sessions.mark_present(ws, day, raka)
    visits.record(ws, CHILD, None, nayla, {"visited_on": TODAY, "weight_g": 9_000})
    assert "absent" not in lists(ws)


def test_a_pregnant_woman_with_a_sign_is_listed_since_the_first(ws: Workspace) -> None:
    mother = woman(ws)
    pregnancy(ws, mother)
    for on in (date(2026, 10, 10), TODAY):
        day = sessions.open_day(ws, POST, on)
        visits.record(ws, MOTHER, day, mother, {"systolic_mmhg": 150, "diastolic_mmhg": 95})
    (row,) = lists(ws)["pregnancy_risk"].people
    assert (row.id, row.since) == (mother, date(2026, 10, 10))
    assert row.reason


def test_a_healthy_pregnant_woman_is_on_no_list(ws: Workspace) -> None:
    mother = woman(ws)
    pregnancy(ws, mother)
    day = sessions.open_day(ws, POST, TODAY)
    visits.record(ws, MOTHER, day, mother, {"muac_mm": 260})
    assert lists(ws) == {}


def test_a_visit_without_its_pregnancy_is_not_judged(ws: Workspace) -> None:
    mother = woman(ws)
    carried = pregnancy(ws, mother)
    day = sessions.open_day(ws, POST, TODAY)
    visits.record(ws, MOTHER, day, mother, {"systolic_mmhg": 150, "diastolic_mmhg": 95})
    records.withdraw(ws.db, people.PREGNANCY, carried, author=ws.author, now=NOW)
    assert "pregnancy_risk" not in lists(ws)


def test_a_referral_stays_until_the_next_visit_or_three_months(ws: Workspace) -> None:
    raka = child(ws)
    came(ws, raka, date(2026, 9, 10), weight_g=9_000, referral="puskesmas", referral_reason="BGM")
    (row,) = lists(ws)["referral_open"].people
    assert (row.reason, row.since) == ("Dirujuk ke Puskesmas 10-09-2026: BGM", date(2026, 9, 10))
    assert "referral_open" not in lists(ws, NOVEMBER + 1)
    assert "referral_open" not in lists(ws, Month(2026, 8))
    came(ws, raka, weight_g=9_500)
    assert "referral_open" not in lists(ws)


def test_a_referral_without_a_reason_names_the_place(ws: Workspace) -> None:
    raka = child(ws)
    came(ws, raka, weight_g=9_500, referral="pustu")
    assert lists(ws)["referral_open"].people[0].reason == "Dirujuk ke Pustu 12-11-2026"


def test_incomplete_immunisation_is_listed(ws: Workspace) -> None:
    raka = child(ws)
    came(ws, raka, immunisation_complete=False)
    assert lists(ws)["immunisation_incomplete"].people[0].id == raka


def test_a_correction_of_an_earlier_month_changes_the_lists(ws: Workspace) -> None:
    raka = child(ws)
    weighed(ws, raka, date(2026, 10, 10), 9_200)
    weighed(ws, raka, TODAY, 9_600)
    assert lists(ws) == {}
    weighed(ws, raka, date(2026, 10, 10), 9_500)
    assert "not_gained" in lists(ws)


def test_an_earlier_month_is_seen_as_it_was(ws: Workspace) -> None:
    raka = child(ws)
    weighed(ws, raka, date(2026, 9, 10), 9_200)
    weighed(ws, raka, date(2026, 10, 10), 9_200)
    weighed(ws, raka, TODAY, 9_600)
    assert "not_gained" in lists(ws, Month(2026, 10))
    assert lists(ws) == {}


def test_visits_of_people_of_another_post_are_not_listed_here(ws: Workspace) -> None:
    ws.posyandu_id = "mawar"
    neighbour = child(ws, "Ani")
    ws.posyandu_id = POST
    came(ws, neighbour, TODAY - timedelta(days=1), muac_mm=113)
    assert lists(ws) == {}


def test_who_moved_away_is_on_no_list(ws: Workspace) -> None:
    raka = child(ws)
    came(ws, raka, weight_g=9_500, muac_mm=113, referral="pustu")
    people.set_status(ws, raka, "moved", TODAY)
    assert lists(ws) == {}


def test_a_visit_without_a_weight_does_not_hide_the_weight_of_the_month(ws: Workspace) -> None:
    raka = child(ws)
    weighed(ws, raka, date(2026, 10, 10), 9_200)
    weighed(ws, raka, date(2026, 11, 5), 9_100)
    came(ws, raka, vitamin_a="red")
    assert lists(ws)["not_gained"].people[0].since == date(2026, 11, 5)


def test_what_began_long_ago_is_told_from_its_beginning(ws: Workspace) -> None:
    raka = child(ws)
    for month in range(1, 12):
        weighed(ws, raka, date(2026, month, 10), 6_000 + 20 * month, muac_mm=130 if month < 3 else 118)
    (row,) = lists(ws)["below_red"].people
    (arm,) = lists(ws)["muac"].people
    assert (row.since, arm.since) == (date(2026, 1, 10), date(2026, 3, 10))


def test_an_old_weight_below_the_line_is_not_this_months(ws: Workspace) -> None:
    raka = child(ws)
    weighed(ws, raka, date(2026, 10, 10), 6_500, muac_mm=113, immunisation_complete=False)
    came(ws, raka, vitamin_a="red")
    assert lists(ws) == {}
