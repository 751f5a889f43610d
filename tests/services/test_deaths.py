"""A death noted once is known everywhere: the person's state, the pregnancy, the lists, the month's account."""

from datetime import date, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms import FORMS
from posyandu.services import deaths, people, sessions
from posyandu.services.people import NotFinal
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services.melati import POST, TODAY, child, post, pregnancy, woman

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def ws() -> Workspace:
    return post()


def test_a_mothers_death_ends_her_pregnancy_and_takes_her_off_the_lists(ws: Workspace) -> None:
    mother = woman(ws)
    pregnancy_id = pregnancy(ws, mother)
    deaths.note(ws, mother, {"died_on": YESTERDAY, "cause": "Perdarahan", "place": "way"})
    row = records.load(ws.db, FORMS["pregnancy"], pregnancy_id)
    assert row is not None
    assert (row.answers["outcome"], row.answers["ended_on"]) == ("died", YESTERDAY)
    card = people.card(ws, mother)
    assert (card.person["status"], card.person["left_on"], card.person["left_reason"]) == (
        "died",
        YESTERDAY,
        "Perdarahan",
    )
    assert sessions.roster(ws, sessions.open_day(ws, POST, TODAY, {})) == []
    (found,) = deaths.of_month(ws, POST, Month.of(TODAY))
    assert (found.name, found.kind, found.answers["place"]) == ("Wulan Sari", "mother", "way")


def test_what_was_noted_is_corrected_in_the_same_record(ws: Workspace) -> None:
    baby = child(ws, "Raka", TODAY - timedelta(days=20))
    first = deaths.note(ws, baby, {"died_on": TODAY})
    assert deaths.note(ws, baby, {"died_on": TODAY - timedelta(days=15)}) == first
    assert deaths.note(ws, baby, {"reporter": "Kepala dusun"}) == first
    (found,) = deaths.of_month(ws, POST, Month(2026, 10)) or deaths.of_month(ws, POST, Month.of(TODAY))
    assert (found.kind, found.died_on) == ("neonatal_early", TODAY - timedelta(days=15))
    assert found.answers["reporter"] == "Kepala dusun"


def test_a_state_without_a_record_counts_too(ws: Workspace) -> None:
    people.set_status(ws, child(ws), "died", TODAY)
    people.set_status(ws, child(ws, "Pindah", date(2024, 1, 1)), "moved", TODAY)
    assert [each.kind for each in deaths.of_month(ws, POST, Month.of(TODAY))] == ["under_five"]
    assert deaths.of_month(ws, POST, Month(2026, 10)) == []


def test_what_is_missing_or_impossible_is_refused(ws: Workspace) -> None:
    raka = child(ws)
    with pytest.raises(NotFinal):
        deaths.note(ws, raka, {"cause": "Diare"})
    with pytest.raises(NotFinal):
        deaths.note(ws, raka, {"died_on": TODAY + timedelta(days=1)})
    with pytest.raises(BadInput, match="sebelum tanggal lahir"):
        deaths.note(ws, raka, {"died_on": date(2020, 1, 1)})
    with pytest.raises(NotFound):
        deaths.note(ws, "nobody", {"died_on": TODAY})


def test_what_is_known_is_shown_again_and_says_what_it_is_counted_as(ws: Workspace) -> None:
    mother = woman(ws)
    assert deaths.known(ws, mother) == {}
    assert deaths.kind_of(ws, mother, {"died_on": None}) == ""
    pregnancy(ws, mother)
    assert deaths.kind_of(ws, mother, {"died_on": YESTERDAY}) == "mother"
    assert deaths.kind_of(ws, mother, {"died_on": YESTERDAY, "accident": True}) == "other"
    deaths.note(ws, mother, {"died_on": YESTERDAY, "reported_to": "both"})
    assert deaths.known(ws, mother)["reported_to"] == "both"
    assert "Meninggal" in [entry.title for entry in people.card(ws, mother).timeline]
    moved = child(ws)
    people.set_status(ws, moved, "died", YESTERDAY, "Demam")
    assert deaths.known(ws, moved) == {"died_on": YESTERDAY, "cause": "Demam"}
    with pytest.raises(NotFound):
        deaths.known(ws, "nobody")


def test_a_death_noted_by_mistake_is_taken_back_wholly(ws: Workspace) -> None:
    mother = woman(ws)
    pregnancy_id = pregnancy(ws, mother)
    deaths.note(ws, mother, {"died_on": YESTERDAY})
    deaths.take_back(ws, mother)
    row = records.load(ws.db, FORMS["pregnancy"], pregnancy_id)
    assert row is not None
    assert (row.answers["outcome"], row.answers["ended_on"]) == ("ongoing", None)
    card = people.card(ws, mother)
    assert (card.hit.status, card.hit.group_label) == ("active", "Ibu hamil")
    assert deaths.known(ws, mother) == {}
    assert deaths.of_month(ws, POST, Month.of(YESTERDAY)) == []
    assert "Meninggal" not in [entry.title for entry in card.timeline]
    deaths.note(ws, mother, {"died_on": TODAY})
    assert deaths.known(ws, mother)["died_on"] == TODAY
