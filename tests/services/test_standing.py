"""Strata and posyandu aktif counted from a book: what is typed nowhere is unknown, what is recorded is counted once."""

from datetime import date

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import NotFound
from posyandu.domain.forms import FORMS, activity, fund, training
from posyandu.domain.forms.training import CLUSTERS
from posyandu.reports.standing import Standing
from posyandu.services import home_visits, immunisation, people, post_affairs, sessions
from posyandu.services.standing import standing
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services import melati
from tests.services.melati import POST, TODAY

NOVEMBER = Month(2026, 11)


def now(ws: Workspace) -> Standing:
    return standing(ws, POST, NOVEMBER)


def opened(ws: Workspace, *days: date, **told: int | bool) -> None:
    for day in days:
        sessions.close_day(ws, sessions.open_day(ws, POST, day, told))


def wus(ws: Workspace, person_id: str, on: date = TODAY, **told: bool) -> None:
    records.save(
        ws.db, FORMS["wus"], records.new_id(), {"visited_on": on, **told},
        scope=POST, author=ws.author, now=ws.now(), links={"person_id": person_id},
    )  # fmt: skip


def test_an_empty_book_is_pratama_at_least_and_nothing_is_claimed(ws: Workspace) -> None:
    found = now(ws)
    assert (found.strata.stage.code, found.strata.sure) == ("pratama", False)
    assert found.active.active is not True
    assert {code for code, each in found.indicators.items() if each.met(1)} == set()
    assert len(found.months) == 12
    assert "Pedoman Umum" in found.source


def test_a_post_that_is_not_in_the_book_is_refused(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        standing(ws, "nowhere", NOVEMBER)


def test_days_and_kader_are_those_of_the_year(ws: Workspace) -> None:
    opened(ws, date(2025, 9, 4), kader_present=1)
    opened(ws, *(date(2026, month, 4) for month in range(3, 11)), kader_present=5, scale_checked=True)
    found = now(ws).indicators
    assert found["days_open"].figure == "8 hari"
    assert found["kader_on_duty"].figure == "5,0 kader pada 8 hari buka"
    assert found["days_open"].met(8) is True
    assert found["months_open"].met(9) is False


def test_a_book_begun_this_month_leaves_the_year_open(ws: Workspace) -> None:
    opened(ws, date(2026, 11, 4), kader_present=5)
    found = now(ws)
    assert found.indicators["days_open"].met(8) is None
    assert "11 bulan belum ada catatannya" in found.indicators["days_open"].figure
    assert found.strata.headline.startswith("Paling sedikit strata Pratama")


def test_weighed_children_make_d_s_and_the_missing_are_named(ws: Workspace) -> None:
    one, other = melati.child(ws), melati.child(ws, "Dewi Lestari", date(2025, 3, 5))
    melati.weighed(ws, one, date(2026, 10, 5), 9_000)
    melati.weighed(ws, one, date(2026, 11, 5), 9_300)
    melati.weighed(ws, other, date(2026, 11, 5), 9_300)
    found = now(ws)
    assert found.indicators["d_s"].low == 75
    assert set(found.indicators["kia"].counted) == {one, other}
    people_behind = found.people(found.indicators["kia"])
    assert [(each.name, each.detail) for each in people_behind] == [("Dewi Lestari", "Sudah"), ("Raka Aditya", "Sudah")]


def test_a_target_who_never_came_is_lacking_and_stands_first(ws: Workspace) -> None:
    opened(ws, date(2026, 10, 5))
    child = melati.child(ws)
    woman = melati.woman(ws)
    melati.pregnancy(ws, woman)
    found = now(ws)
    assert set(found.indicators["kia"].lacking) == {child, woman}
    assert {each.detail for each in found.people(found.indicators["kia"])} == {"Belum"}


def test_couples_are_counted_by_the_register_and_the_others_stay_unknown(ws: Workspace) -> None:
    user, no_user, unknown = (melati.woman(ws, name, husband_name="Budi") for name in ("Ani", "Ida", "Uli"))
    melati.woman(ws, "Lajang Muda")
    old = people.register(ws, {"name": "Nenek", "sex": "female", "born_on": date(1960, 1, 1), "husband_name": "Kakek"})
    single = melati.woman(ws, "Bukan Pasangan", husband_name="Almarhum")
    wus(ws, user, couple=True, contraception=True)
    wus(ws, no_user, date(2026, 1, 3), couple=True, contraception=True)
    wus(ws, no_user, date(2026, 9, 3), contraception=False)
    wus(ws, single, couple=False)
    found = now(ws).indicators["kb"]
    assert (found.counted, found.lacking, found.unknown) == ((user,), (no_user,), (unknown,))
    assert old not in (*found.counted, *found.lacking, *found.unknown)
    assert found.met(50) is None
    assert found.met(30) is True


def test_immunisation_asks_one_year_olds_and_an_uncopied_book_is_unknown(ws: Workspace) -> None:
    begun = melati.child(ws, "Anak Satu", date(2025, 7, 5))
    bare = melati.child(ws, "Anak Dua", date(2025, 6, 5))
    melati.child(ws, "Bayi", date(2026, 6, 5))
    immunisation.record(ws, begun, [immunisation.Given("bcg", 1, date(2025, 8, 5))])
    found = now(ws).indicators["idl"]
    assert (found.counted, found.lacking, found.unknown) == ((), (begun,), (bare,))


def test_extra_programmes_and_the_health_fund_come_from_activities_and_cash(ws: Workspace) -> None:
    home = people.register(ws, {"name": "Amaq", "sex": "male", "born_on": date(1980, 1, 1), "kk": "5203012001010001"})
    assert home
    post_affairs.save(ws, activity.FORM, {"held_on": date(2026, 10, 3), "kind": "education"})
    before = now(ws).indicators
    assert before["extra"].met(1) is False
    assert before["health_fund"].met(50) is None
    post_affairs.save(ws, activity.FORM, {"held_on": date(2026, 10, 9), "kind": "garden"})
    post_affairs.save(ws, activity.FORM, {"held_on": date(2024, 10, 9), "kind": "paud"})
    post_affairs.save(ws, fund.FORM, {"noted_on": TODAY, "direction": "out", "rupiah": 5_000})
    found = now(ws).indicators
    assert found["extra"].figure == "TOGA atau kebun gizi"
    assert found["health_fund"].figure == "belum ada KK yang membayar"
    paid = {"noted_on": TODAY, "direction": "in", "rupiah": 5_000, "origin": "health_fund", "families": 1}
    post_affairs.save(ws, fund.FORM, paid)
    assert now(ws).indicators["health_fund"].low == 100


def test_decrees_skills_and_home_visits_are_facts_of_the_post(ws: Workspace) -> None:
    ids = [records.new_id() for _number in range(3)]
    for number, worker_id in enumerate(ids):
        told = {"name": f"Kader {number}", "role": "kader", "decree": "12/2024" if number else None}
        post_affairs.save(ws, FORMS["worker"], told, record_id=worker_id)
    able = {name: True for _heading, skills in CLUSTERS.values() for name in skills}
    post_affairs.save(ws, training.COMPETENCE, {"assessed_on": TODAY, **able}, record_id="x", worker_id=ids[0])
    post_affairs.save(ws, training.TRAINING, {"held_on": TODAY, "topic": "basic"}, worker_id=ids[1])
    toddler = melati.child(ws, kk="5203012001010002", hamlet="Gubuk")
    home_visits.record(ws, home_visits.open_visit(ws, toddler), {"visited_on": TODAY})
    melati.weighed(ws, toddler, date(2026, 11, 5), 9_000)
    found = now(ws)
    assert found.indicators["kader_decree"].figure == "2 dari 3 kader"
    assert found.indicators["kader_decree"].met(3) is None
    facts = {each.label: each.figure for each in found.facts}
    assert facts["Kader menurut kecakapan"] == "Utama 1"
    assert facts["Kader yang pernah dilatih"] == "1 dari 3 kader"
    assert facts["KK yang dikunjungi di rumah"] == "1 dari 1 KK"
    assert facts["Kelompok umur yang dilayani"] == "1 dari 5: bayi dan balita"


def test_tools_ask_for_a_checked_scale_and_books(ws: Workspace) -> None:
    melati.child(ws, has_kia_book=True)
    opened(ws, date(2026, 10, 5), scale_checked=False)
    assert now(ws).indicators["tools"].met(1) is False
    opened(ws, date(2026, 11, 5), scale_checked=True)
    assert now(ws).indicators["tools"].met(1) is True


@pytest.mark.parametrize("form", ["postpartum_visit", "adult_visit"])
@pytest.mark.parametrize(
    ("register_on", "asked_on", "uses"),
    [
        (date(2026, 9, 3), date(2026, 2, 3), True),
        (date(2026, 2, 3), date(2026, 9, 3), False),
        (date(2025, 1, 3), date(2026, 2, 3), False),
        (date(2025, 1, 3), date(2025, 11, 30), True),
    ],
)
def test_what_was_said_last_of_family_planning_counts_whichever_the_form(
    ws: Workspace, form: str, register_on: date, asked_on: date, uses: bool
) -> None:
    """What was said at a visit holds for a year; the register is kept up and holds until it is changed."""
    ani = melati.woman(ws, husband_name="Budi")
    wus(ws, ani, register_on, couple=True, contraception=True)
    records.save(
        ws.db, FORMS[form], records.new_id(), {"visited_on": asked_on, "contraception": False},
        scope=POST, author=ws.author, now=ws.now(), links={"person_id": ani},
    )  # fmt: skip
    found = now(ws).indicators["kb"]
    assert (found.counted, found.lacking) == (((ani,), ()) if uses else ((), (ani,)))
