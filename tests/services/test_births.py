"""A birth saved on one sheet: the pregnancy's end, the child and its newborn record, together or not at all."""

from datetime import date, timedelta

import pytest

from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import births, companions, people, unsaved
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


@pytest.mark.parametrize("babies", [1, 2])
@pytest.mark.parametrize(
    "again", [{}, {"ended_on": BORN - timedelta(days=1)}, {"name": "Raka Putra"}, {"birth_place": "hospital"}], ids=str
)
def test_a_birth_said_twice_registers_no_second_child(
    ws: Workspace, carried: str, babies: int, again: dict[str, Value]
) -> None:
    told = {**BIRTH, **BABY, "hb0_on": BORN, "babies": babies}
    child = births.note(ws, carried, told)  # type: ignore[arg-type]
    assert births.note(ws, carried, {**told, **again}) == child  # type: ignore[arg-type]
    assert len(records.load_many(ws.db, FORMS["person"], scope=ws.posyandu_id)) == 2  # the mother and one
    assert len(records.load_many(ws.db, FORMS["newborn"], scope=ws.posyandu_id)) == 1
    row = records.load(ws.db, FORMS["pregnancy"], carried)
    assert row is not None
    assert row.answers["ended_on"] == again.get("ended_on", BORN)
    assert [each.born_on for each in births.children_of(ws, carried)] == [row.answers["ended_on"]]
    assert births.still_to_note(ws, carried) == babies - 1


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


# --- edges -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({}, r"Pilih hasil kehamilannya lebih dahulu\."),
        ({"outcome": None, "ended_on": BORN}, r"Pilih hasil kehamilannya lebih dahulu\."),
        ({"outcome": "ongoing", "ended_on": BORN}, r"Pilih hasil kehamilannya lebih dahulu\."),
        ({"outcome": "live_birth"}, r"Isi tanggal bersalin atau berakhirnya\."),
        ({"outcome": "abortion", "ended_on": None}, r"Isi tanggal bersalin atau berakhirnya\."),
    ],
)
def test_what_is_missing_first_is_said_in_words(
    ws: Workspace, carried: str, told: dict[str, Value | None], sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        births.note(ws, carried, told)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"ended_on": TODAY + timedelta(days=1)}, "ended_on"),
        ({"ended_on": TODAY - timedelta(days=141)}, "ended_on"),
        ({"birth_weight_g": 99_000}, "birth_weight_g"),
        ({"sex": None}, "sex"),
    ],
)
def test_what_cannot_be_is_named_by_its_question_and_nothing_is_written(
    ws: Workspace, carried: str, told: dict[str, Value | None], field: str
) -> None:
    with pytest.raises(NotFinal) as refused:
        births.note(ws, carried, {**BIRTH, **BABY, **told})  # type: ignore[dict-item]
    assert field in {problem.field for problem in refused.value.problems}
    assert births.children_of(ws, carried) == []
    row = records.load(ws.db, FORMS["pregnancy"], carried)
    assert row is not None
    assert row.answers["ended_on"] is None


@pytest.mark.parametrize(("babies", "left"), [(None, 0), (1, 0), (2, 1), (3, 2)])
def test_how_many_children_are_still_to_be_noted(ws: Workspace, carried: str, babies: int | None, left: int) -> None:
    assert births.still_to_note(ws, carried) == 0, "nobody is born yet"
    births.note(ws, carried, {**BIRTH, **BABY, "babies": babies})  # type: ignore[dict-item]
    assert births.still_to_note(ws, carried) == left
    for number in range(left):
        births.note_twin(ws, carried, {"name": f"Anak {number}", "sex": "female"})
    assert births.still_to_note(ws, carried) == 0
    assert len(births.children_of(ws, carried)) == left + 1


def test_a_child_of_an_earlier_birth_is_none_of_this_one(ws: Workspace) -> None:
    mother = woman(ws)
    people.register(ws, {"name": "Kakak", "sex": "male", "born_on": date(2020, 1, 1), "mother_id": mother})
    carried = pregnancy(ws, mother, gravida=2)
    child = births.note(ws, carried, {**BIRTH, **BABY})  # type: ignore[dict-item]
    assert child is not None
    assert [hit.id for hit in births.children_of(ws, carried)] == [child]
    assert people.card(ws, child).person["birth_order"] == 2


def test_who_was_registered_by_mistake_is_to_be_noted_again(ws: Workspace, carried: str) -> None:
    child = births.note(ws, carried, {**BIRTH, **BABY})  # type: ignore[dict-item]
    assert child is not None
    people.withdraw(ws, child, "Salah ibu")
    assert births.still_to_note(ws, carried) == 1
    births.note_twin(ws, carried, BABY)  # type: ignore[arg-type]
    assert births.still_to_note(ws, carried) == 0


def test_nothing_asked_about_the_newborn_makes_no_newborn_record(ws: Workspace, carried: str) -> None:
    child = births.note(ws, carried, {**BIRTH, **BABY})  # type: ignore[dict-item]
    assert child is not None
    assert records.load_many(ws.db, FORMS["newborn"], person_id=child) == []


def test_what_was_typed_on_the_sheet_and_not_saved_is_kept_with_all_its_parts(ws: Workspace, carried: str) -> None:
    assert births.draft(ws, carried) == {}
    typed = {**BIRTH, **BABY, "hb0_on": BORN, "kf1_on": BORN}
    births.keep_draft(ws, carried, typed)  # type: ignore[arg-type]
    assert births.draft(ws, carried) == typed
    births.keep_draft(ws, carried, {"name": "Raka", "outcome": None})
    assert births.draft(ws, carried) == {"name": "Raka"}
    assert births.draft(ws, "another pregnancy") == {}
    births.drop_draft(ws, carried)
    assert births.draft(ws, carried) == {}
    assert unsaved.newest(ws, FORMS["person"]) is None, "it is no half-made registration"


def test_a_pregnancy_nobody_knows_has_no_birth(ws: Workspace) -> None:
    for deed in (
        lambda: births.note(ws, "nobody", BIRTH),  # type: ignore[arg-type]
        lambda: births.note_twin(ws, "nobody", BABY),  # type: ignore[arg-type]
        lambda: births.still_to_note(ws, "nobody"),
        lambda: births.children_of(ws, "nobody"),
    ):
        with pytest.raises(NotFound, match="Kehamilan ini tidak ada"):
            deed()
