"""A birth saved on one sheet: the pregnancy's end, the child and its newborn record, together or not at all."""

from datetime import timedelta

import pytest

from posyandu.domain.errors import BadInput
from posyandu.domain.forms import FORMS
from posyandu.services import births, companions, people
from posyandu.services.people import NotFinal
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services.melati import TODAY, post, pregnancy, woman

BORN = TODAY - timedelta(days=3)
BIRTH = {"outcome": "live_birth", "ended_on": BORN, "birth_place": "puskesmas", "birth_mode": "normal"}
BABY = {"name": "Raka", "sex": "male", "birth_weight_g": 3_100, "early_breastfeeding": True}


@pytest.fixture
def ws() -> Workspace:
    return post()


@pytest.fixture
def carried(ws: Workspace) -> str:
    return pregnancy(ws, woman(ws))


def test_mother_child_and_newborn_record_are_written_at_once(ws: Workspace, carried: str) -> None:
    child = births.note(ws, carried, {**BIRTH, **BABY, "hb0_on": BORN, "kn1_on": BORN, "kf1_on": BORN})
    assert child is not None
    row = records.load(ws.db, FORMS["pregnancy"], carried)
    assert row is not None
    assert [row.answers[name] for name in ("outcome", "ended_on", "birth_place", "kf1_on")] == [
        *("live_birth", BORN, "puskesmas", BORN)
    ]
    card = people.card(ws, child)
    assert (card.hit.name, card.hit.mother_name, card.person["born_on"]) == ("Raka", "Wulan Sari", BORN)
    assert card.person["birth_weight_g"] == 3_100
    (newborn,) = [each for each in companions.companions(ws, child, None, TODAY) if each.form.name == "newborn"]
    assert not newborn.is_due
    kept = records.load(ws.db, FORMS["newborn"], newborn.record_id)
    assert kept is not None
    assert (kept.answers["hb0_on"], kept.answers["kn1_on"]) == (BORN, BORN)
    assert births.still_to_note(ws, carried) == 0
    with pytest.raises(BadInput, match="Semua bayi"):
        births.note_twin(ws, carried, BABY)


def test_a_child_without_a_name_is_called_after_its_mother(ws: Workspace, carried: str) -> None:
    child = births.note(ws, carried, {**BIRTH, "sex": "female"})
    assert child is not None
    assert people.card(ws, child).hit.name == "Bayi Ny. Wulan Sari"


def test_twins_are_asked_one_after_the_other(ws: Workspace, carried: str) -> None:
    births.note(ws, carried, {**BIRTH, **BABY, "babies": 2})
    assert births.still_to_note(ws, carried) == 1
    second = births.note_twin(ws, carried, {"name": "Rani", "sex": "female", "hb0_on": BORN})
    assert births.still_to_note(ws, carried) == 0
    assert {hit.name for hit in births.children_of(ws, carried)} == {"Raka", "Rani"}
    assert people.card(ws, second).person["born_on"] == BORN


@pytest.mark.parametrize("outcome", ["stillbirth", "abortion", "moved"])
def test_other_ends_register_nobody(ws: Workspace, carried: str, outcome: str) -> None:
    assert births.note(ws, carried, {"outcome": outcome, "ended_on": BORN}) is None
    assert births.children_of(ws, carried) == []
    assert births.still_to_note(ws, carried) == 0


def test_nothing_is_written_when_something_is_missing_or_impossible(ws: Workspace, carried: str) -> None:
    for told, refused in (
        ({**BIRTH, "outcome": "ongoing"}, BadInput),
        ({"outcome": "live_birth"}, BadInput),
        ({**BIRTH, **BABY, "birth_weight_g": 9}, NotFinal),
        ({**BIRTH, "name": "Raka"}, NotFinal),  # neither boy nor girl
    ):
        with pytest.raises(refused):
            births.note(ws, carried, told)  # type: ignore[arg-type]
        row = records.load(ws.db, FORMS["pregnancy"], carried)
        assert row is not None
        assert row.answers["outcome"] in (None, "ongoing")
    assert births.children_of(ws, carried) == []


def test_the_sheet_asks_what_its_records_ask() -> None:
    for form in (births.BIRTH, births.TWIN):
        for name, field in form.fields.items():
            (home,) = [FORMS[each] for each in ("pregnancy", "person", "newborn") if name in FORMS[each].fields]
            assert (field.label, type(field)) == (home.fields[name].label, type(home.fields[name]))
    assert set(births.TWIN.fields) == {*births.BABY, *births.AT_BIRTH}
