from collections.abc import Callable
from datetime import timedelta

import pytest

from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.domain.service_group import Group
from posyandu.services import people, pregnancies
from posyandu.services.workspace import Workspace
from posyandu.storage import records
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


# --- edges -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"lmp_on": BEGAN, "ended_on": BEGAN}, False),
        ({"lmp_on": BEGAN, "ended_on": BEGAN - timedelta(days=1)}, True),
        ({"lmp_on": None, "noted_on": BEGAN, "ended_on": BEGAN - timedelta(days=1)}, True),
        ({"lmp_on": None, "noted_on": None, "ended_on": BEGAN}, False),
        ({"lmp_on": BEGAN, "noted_on": TODAY, "ended_on": BEGAN + timedelta(days=1)}, False),
    ],
)
def test_no_pregnancy_ends_before_it_began(ws: Workspace, told: dict[str, Value | None], wrong: bool) -> None:
    sentences = [each.message for each in pregnancies.problems(ws, told) if each.field == "ended_on"]
    assert ("Kehamilan tidak dapat berakhir sebelum mulai." in sentences) == wrong


def test_what_is_told_without_a_day_was_noted_today_and_a_told_day_stays(ws: Workspace) -> None:
    mother = woman(ws)
    first = pregnancies.note(ws, mother, {"gravida": 1})
    row = pregnancies.get(ws, first)
    assert (row.answers["noted_on"], row.answers["outcome"], row.scope) == (TODAY, "ongoing", "melati")
    pregnancies.end(ws, first, "moved", TODAY)
    second = pregnancies.note(ws, mother, {"noted_on": BEGAN, "question of next year": 3})
    assert pregnancies.get(ws, second).answers["noted_on"] == BEGAN


def test_a_correction_is_asked_only_about_what_it_changes(ws: Workspace) -> None:
    """A record from a newer laptop, with something impossible in it, can still be corrected elsewhere."""
    mother = woman(ws)
    carried = records.new_id()
    records.save(
        ws.db, FORMS["pregnancy"], carried, {"lmp_on": TODAY + timedelta(days=3), "gravida": 2},
        scope="melati", author=ws.author, now=ws.now(), links={"person_id": mother},
    )  # fmt: skip
    pregnancies.correct(ws, carried, {"gravida": 3})
    assert pregnancies.get(ws, carried).answers["gravida"] == 3
    with pytest.raises(people.NotFinal):
        pregnancies.correct(ws, carried, {"lmp_on": TODAY + timedelta(days=2)})


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [
        (lambda ws: pregnancies.get(ws, "nobody"), "Kehamilan ini tidak ada di buku ini."),
        (lambda ws: pregnancies.correct(ws, "nobody", {"gravida": 1}), "Kehamilan ini tidak ada di buku ini."),
        (lambda ws: pregnancies.end(ws, "nobody", "moved", TODAY), "Kehamilan ini tidak ada di buku ini."),
        (lambda ws: pregnancies.withdraw(ws, "nobody"), "Kehamilan ini tidak ada di buku ini."),
        (lambda ws: pregnancies.note(ws, "nobody", {}), "Orang ini tidak ada di buku ini."),
    ],
)
def test_what_is_not_in_the_book_is_said(ws: Workspace, deed: Callable[[Workspace], object], sentence: str) -> None:
    with pytest.raises(NotFound) as raised:
        deed(ws)
    assert str(raised.value) == sentence


def test_somebody_whose_sex_nobody_told_may_be_pregnant(ws: Workspace) -> None:
    record = records.new_id()
    records.save(
        ws.db, FORMS["person"], record, {"name": "Sri"}, scope="melati", author=ws.author, now=ws.now()
    )  # fmt: skip
    assert pregnancies.note(ws, record, {"lmp_on": BEGAN})
    assert group(ws, record) is Group.PREGNANT


def test_a_child_born_gets_what_was_told_and_its_mothers_family(ws: Workspace) -> None:
    mother = woman(ws, kk="5203010101010001", rt="03", rw="01")
    carried = pregnancies.note(ws, mother, {"lmp_on": TODAY - timedelta(days=280)})
    baby = pregnancies.end(ws, carried, "live_birth", TODAY, {"name": "Raka", "sex": "male", "born_on": TODAY})
    assert baby is not None
    card = people.card(ws, baby)
    assert {hit.name for hit in card.household} >= {"Wulan Sari"}
    assert pregnancies.get(ws, carried).answers["outcome"] == "live_birth"
    assert pregnancies.end(ws, carried, "live_birth", TODAY) is None, "without a child told nobody is registered"
