"""A death noted once is known everywhere: the person's state, the pregnancy, the lists, the month's account."""

from datetime import date, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Value
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


# --- edges -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (0, "neonatal_early"), (7, "neonatal_early"), (8, "neonatal"), (28, "neonatal"), (29, "infant"),
        (364, "infant"), (365, "under_five"), (1_825, "under_five"), (1_826, "other"),
    ],
)  # fmt: skip
def test_a_childs_death_is_counted_by_the_days_it_lived(ws: Workspace, days: int, kind: str) -> None:
    baby = child(ws, "Raka", TODAY - timedelta(days=days))
    assert deaths.kind_of(ws, baby, {"died_on": TODAY}) == kind


def test_on_the_day_of_birth_a_child_can_die_and_the_day_before_not(ws: Workspace) -> None:
    baby = child(ws, "Raka", YESTERDAY)
    deaths.note(ws, baby, {"died_on": YESTERDAY})
    with pytest.raises(BadInput, match=r"Tanggal meninggal tidak boleh sebelum tanggal lahir\."):
        deaths.note(ws, baby, {"died_on": YESTERDAY - timedelta(days=1)})


@pytest.mark.parametrize(
    ("carried", "outcome"),
    [
        ({"lmp_on": TODAY - timedelta(days=140)}, "died"),
        ({"lmp_on": YESTERDAY}, "died"),
        ({"lmp_on": TODAY, "noted_on": TODAY}, None),  # it began after that day
        ({"lmp_on": None, "noted_on": None}, "died"),
        ({"lmp_on": date(2025, 1, 1), "outcome": "live_birth", "ended_on": date(2025, 10, 1)}, "live_birth"),
    ],
)
def test_only_a_pregnancy_that_went_on_that_day_ends_with_her(
    ws: Workspace, carried: dict[str, Value | None], outcome: str | None
) -> None:
    mother = woman(ws)
    pregnancy_id = pregnancy(ws, mother, **carried)
    deaths.note(ws, mother, {"died_on": YESTERDAY})
    row = records.load(ws.db, FORMS["pregnancy"], pregnancy_id)
    assert row is not None
    assert row.answers["outcome"] == outcome


def test_a_corrected_day_moves_the_end_of_the_pregnancy_too(ws: Workspace) -> None:
    mother = woman(ws)
    pregnancy_id = pregnancy(ws, mother)
    deaths.note(ws, mother, {"died_on": TODAY})
    deaths.note(ws, mother, {"died_on": YESTERDAY})
    row = records.load(ws.db, FORMS["pregnancy"], pregnancy_id)
    assert row is not None
    assert (row.answers["outcome"], row.answers["ended_on"]) == ("died", YESTERDAY)
    assert people.card(ws, mother).person["left_on"] == YESTERDAY


def test_the_deaths_of_a_month_stand_by_day_and_name_and_are_of_one_post(ws: Workspace) -> None:
    for name, on in (("zahra", TODAY), ("Ali", TODAY), ("Baiq", YESTERDAY)):
        deaths.note(ws, child(ws, name), {"died_on": on})
    assert [each.name for each in deaths.of_month(ws, POST, Month.of(TODAY))] == ["Baiq", "Ali", "zahra"]
    assert deaths.of_month(ws, "mawar", Month.of(TODAY)) == []


def test_a_death_without_a_day_is_in_no_month(ws: Workspace) -> None:
    raka = child(ws)
    records.save(
        ws.db, FORMS["person"], raka, {"status": "died"}, scope=POST, author=ws.author, now=ws.now()
    )  # fmt: skip
    assert deaths.of_month(ws, POST, Month.of(TODAY)) == []
    assert deaths.known(ws, raka) == {"died_on": None, "cause": None}
    assert deaths.kind_of(ws, raka, deaths.known(ws, raka)) == ""


def test_taking_back_what_nobody_noted_leaves_everybody_alive(ws: Workspace) -> None:
    mother = woman(ws)
    pregnancy_id = pregnancy(ws, mother)
    deaths.take_back(ws, mother)
    assert people.card(ws, mother).hit.status == "active"
    row = records.load(ws.db, FORMS["pregnancy"], pregnancy_id)
    assert row is not None
    assert row.answers["ended_on"] is None
    with pytest.raises(NotFound, match="Orang ini tidak ada"):
        deaths.take_back(ws, "nobody")
    assert deaths.kind_of(ws, "nobody", {"died_on": TODAY}) == ""
