from datetime import timedelta

import pytest

from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.service_group import Group
from posyandu.services import people, pregnancies
from posyandu.services.workspace import Workspace
from tests.services.melati import TODAY, child, post, woman

BEGAN = TODAY - timedelta(days=140)


@pytest.fixture
def ws() -> Workspace:
    return post()


def group(ws: Workspace, person_id: str) -> Group | None:
    return people.card(ws, person_id).hit.group


def test_a_noted_pregnancy_makes_her_pregnant_today(ws: Workspace) -> None:
    mother = woman(ws)
    pregnancy_id = pregnancies.note(ws, mother, {"lmp_on": BEGAN, "gravida": 2})
    card = people.card(ws, mother)
    assert (card.hit.group, card.pregnancy_id) == (Group.PREGNANT, pregnancy_id)
    assert card.pregnancy is not None
    assert (card.pregnancy["noted_on"], card.pregnancy["gravida"]) == (TODAY, 2)


def test_only_women_carry_and_only_one_pregnancy_at_a_time(ws: Workspace) -> None:
    with pytest.raises(BadInput, match="perempuan"):
        pregnancies.note(ws, child(ws), {"lmp_on": BEGAN})
    with pytest.raises(NotFound):
        pregnancies.note(ws, "nobody", {})
    mother = woman(ws)
    pregnancies.note(ws, mother, {"lmp_on": BEGAN})
    with pytest.raises(BadInput, match="belum dicatat hasilnya"):
        pregnancies.note(ws, mother, {"lmp_on": BEGAN})


def test_impossible_days_are_refused(ws: Workspace) -> None:
    mother = woman(ws)
    with pytest.raises(people.NotFinal):
        pregnancies.note(ws, mother, {"lmp_on": TODAY + timedelta(days=1)})
    pregnancy_id = pregnancies.note(ws, mother, {"lmp_on": BEGAN})
    with pytest.raises(people.NotFinal, match="sebelum mulai"):
        pregnancies.end(ws, pregnancy_id, "live_birth", BEGAN - timedelta(days=1))
    assert group(ws, mother) is Group.PREGNANT


def test_a_correction_can_be_undone(ws: Workspace) -> None:
    mother = woman(ws)
    pregnancy_id = pregnancies.note(ws, mother, {"lmp_on": BEGAN})
    op_id = pregnancies.correct(ws, pregnancy_id, {"gravida": 3}, "Salah tulis")
    assert pregnancies.get(ws, pregnancy_id).answers["gravida"] == 3
    people.undo(ws, op_id)
    assert pregnancies.get(ws, pregnancy_id).answers["gravida"] is None


def test_a_birth_begins_nifas_and_registers_the_child_with_its_mother(ws: Workspace) -> None:
    mother = woman(ws, rt="03", address="Gang Mawar")
    pregnancy_id = pregnancies.note(ws, mother, {"lmp_on": TODAY - timedelta(days=280)})
    baby = pregnancies.end(
        ws, pregnancy_id, "live_birth", TODAY, {"name": "By Ny Wulan", "sex": "female", "birth_weight_g": 3_100}
    )
    assert baby is not None
    card = people.card(ws, baby)
    assert (card.hit.group, card.hit.mother_name, card.person["rt"]) == (Group.INFANT, "Wulan Sari", "03")
    assert card.person["born_on"] == TODAY
    assert group(ws, mother) is Group.POSTPARTUM


def test_a_birth_whose_child_cannot_be_registered_is_not_noted_either(ws: Workspace) -> None:
    mother = woman(ws)
    pregnancy_id = pregnancies.note(ws, mother, {"lmp_on": TODAY - timedelta(days=280)})
    with pytest.raises(people.NotFinal):
        pregnancies.end(ws, pregnancy_id, "live_birth", TODAY, {"name": "By Ny Wulan"})
    assert group(ws, mother) is Group.PREGNANT


def test_a_pregnancy_that_ended_leaves_room_for_the_next(ws: Workspace) -> None:
    mother = woman(ws)
    first = pregnancies.note(ws, mother, {"lmp_on": BEGAN})
    assert pregnancies.end(ws, first, "abortion", TODAY) is None
    assert group(ws, mother) is Group.ADULT
    assert pregnancies.note(ws, mother, {}) != first


def test_a_pregnancy_noted_by_mistake_goes_and_comes_back(ws: Workspace) -> None:
    mother = woman(ws)
    pregnancy_id = pregnancies.note(ws, mother, {"lmp_on": BEGAN})
    op_id = pregnancies.withdraw(ws, pregnancy_id, "Salah orang")
    assert group(ws, mother) is Group.ADULT
    with pytest.raises(NotFound):
        pregnancies.get(ws, pregnancy_id)
    people.undo(ws, op_id)
    assert group(ws, mother) is Group.PREGNANT
