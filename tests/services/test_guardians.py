"""The guardian as somebody of the book: named, found by, shown from both sides, and kept by merging and parting."""

from datetime import date

import pytest

from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms.registration import PERSON
from posyandu.services import duplicates, families, people
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests.services import melati
from tests.services.melati import POST, TODAY

KK = "5203011208260001"


def grandmother(ws: Workspace, name: str = "Inaq Sahnun") -> str:
    return people.register(ws, {"name": name, "sex": "female", "born_on": date(1961, 3, 4), "kk": KK})


def found(ws: Workspace, text: str) -> set[str]:
    return {hit.name for hit in people.search(ws, text)}


def test_a_linked_guardian_lends_the_name_and_is_shown_from_both_sides(ws: Workspace) -> None:
    nini = grandmother(ws)
    raka = melati.child(ws, guardian_id=nini, guardian_role="grandparent")
    card = people.card(ws, raka)
    assert card.guardian is not None
    assert (card.guardian.id, card.person["guardian_name"]) == (nini, "Inaq Sahnun")
    assert [hit.id for hit in people.card(ws, nini).wards] == [raka]
    assert people.card(ws, raka).wards == ()
    assert people.card(ws, nini).guardian is None


def test_a_plain_name_is_enough_for_who_is_not_in_the_book(ws: Workspace) -> None:
    raka = melati.child(ws, guardian_name="Papuq Jauh")
    card = people.card(ws, raka)
    assert (card.guardian, card.person["guardian_id"], card.person["guardian_name"]) == (None, None, "Papuq Jauh")


def test_children_are_found_by_their_guardians_name_linked_or_not(ws: Workspace) -> None:
    melati.child(ws, guardian_id=grandmother(ws))
    melati.child(ws, "Dewi Lestari", date(2024, 2, 3), guardian_name="Papuq Mahsun")
    assert found(ws, "sahnun") == {"Inaq Sahnun", "Raka Aditya"}
    assert found(ws, "mahs") == {"Dewi Lestari"}
    assert found(ws, "raka sahnun") == {"Raka Aditya"}
    assert found(ws, "mahsan") == set()


def test_a_corrected_guardian_is_found_by_the_new_name_only(ws: Workspace) -> None:
    raka = melati.child(ws, guardian_name="Papuq Mahsun")
    people.correct(ws, raka, {"guardian_name": "Paman Zohri"})
    assert found(ws, "mahsun") == set()
    assert found(ws, "zohri") == {"Raka Aditya"}
    op = people.correct(ws, raka, {"guardian_name": None})
    assert found(ws, "zohri") == set()
    people.undo(ws, op)
    assert found(ws, "zohri") == {"Raka Aditya"}


def test_linking_later_fills_the_name_and_a_typed_one_stays(ws: Workspace) -> None:
    nini, raka = grandmother(ws), melati.child(ws)
    people.correct(ws, raka, {"guardian_id": nini})
    assert people.card(ws, raka).person["guardian_name"] == "Inaq Sahnun"
    people.correct(ws, raka, {"guardian_id": nini, "guardian_name": "Nini Sahnun"})
    assert people.card(ws, raka).person["guardian_name"] == "Nini Sahnun"


def test_nobody_is_their_own_guardian_and_nobody_unknown_is_one(ws: Workspace) -> None:
    raka = melati.child(ws)
    with pytest.raises(BadInput, match="walinya sendiri"):
        people.correct(ws, raka, {"guardian_id": raka})
    with pytest.raises(NotFound):
        people.correct(ws, raka, {"guardian_id": "nobody"})
    with pytest.raises(NotFound):
        melati.child(ws, "Lain", guardian_id="nobody")


def test_a_guardian_taken_off_the_book_leaves_the_name(ws: Workspace) -> None:
    nini = grandmother(ws)
    raka = melati.child(ws, guardian_id=nini)
    op = people.withdraw(ws, nini)
    card = people.card(ws, raka)
    assert (card.guardian, card.person["guardian_name"]) == (None, "Inaq Sahnun")
    people.undo(ws, op)
    assert people.card(ws, raka).guardian is not None


def test_who_has_moved_away_is_looked_after_no_more(ws: Workspace) -> None:
    nini = grandmother(ws)
    raka = melati.child(ws, guardian_id=nini)
    people.set_status(ws, raka, "moved", TODAY)
    assert people.card(ws, nini).wards == ()


def test_a_family_is_told_of_a_child_with_a_guardian_that_is_only_linked(ws: Workspace) -> None:
    wulan = melati.woman(ws, kk=KK)
    raka = melati.child(ws, mother_id=wulan, guardian_id=grandmother(ws))
    people.correct(ws, raka, {"guardian_name": None, "guardian_id": people.card(ws, raka).guardian.id})  # type: ignore[union-attr]
    house = str(people.card(ws, wulan).person["household_id"])
    words = [reason.words for reason in families.card(ws, POST, house).reasons]
    assert "Tidak diasuh orang tuanya: Raka Aditya" in words


def test_merging_the_guardian_keeps_the_link_and_parting_restores_it_exactly(ws: Workspace) -> None:
    nini, again = grandmother(ws), grandmother(ws, "Inaq Sahnun Tua")
    raka = melati.child(ws, guardian_id=again)
    dewi = melati.child(ws, "Dewi Lestari", date(2024, 2, 3), guardian_id=nini)
    before = {row.id: dict(row.answers) for row in records.load_many(ws.db, PERSON)}
    duplicates.merge(ws, nini, again)
    assert people.card(ws, raka).guardian == people.hit(ws, nini)
    assert {hit.id for hit in people.card(ws, nini).wards} == {raka, dewi}
    assert journal.rows_equal_replay(ws.db)
    duplicates.part(ws, nini, again)
    assert {row.id: dict(row.answers) for row in records.load_many(ws.db, PERSON)} == before
    assert [hit.id for hit in people.card(ws, again).wards] == [raka]
    assert journal.rows_equal_replay(ws.db)


def test_merging_the_child_keeps_its_guardian(ws: Workspace) -> None:
    nini = grandmother(ws)
    raka, twice = melati.child(ws, guardian_id=nini), melati.child(ws, "Raka Aditia")
    duplicates.merge(ws, raka, twice)
    assert [hit.id for hit in people.card(ws, nini).wards] == [raka]
    duplicates.part(ws, raka, twice)
    assert [hit.id for hit in people.card(ws, nini).wards] == [raka]
