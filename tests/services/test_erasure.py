"""What an erasure does with names typed into records of others: whole words, chosen one by one."""

from collections.abc import Iterator
from datetime import date

import pytest

from posyandu.domain.forms import FORMS
from posyandu.services import erasure, people
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from tests.services import melati


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = melati.post()
    book.worker = Worker("koordinator", "Bu Rini", "coordinator")
    yield book
    book.close()


def test_a_short_name_is_not_found_within_a_longer_one(ws: Workspace) -> None:
    ani = melati.woman(ws, "Ani")
    notes = ("Diantar ANI, sehat", "Diantar Anita", "Ke Lomboani", "Ani")
    seen = {}
    for number, note in enumerate(notes):
        child = melati.child(ws, f"Anak {number}", date(2025, 7, 5))
        seen[note] = melati.weighed(ws, child, date(2026, 11, 2 + number), 9_000, note=note)
    said = erasure.preview(ws, ani).mentions
    assert [each.text for each in said] == ["Diantar ANI, sehat", "Ani"]
    erasure.erase(ws, ani, why="person", typed_name="Ani", pin="", clear=[each.key for each in said])
    visit = FORMS["under_five_visit"]
    now = [row.answers["note"] for note in notes if (row := records.load(ws.db, visit, seen[note])) is not None]
    assert now == ["Diantar (data dihapus), sehat", "Diantar Anita", "Ke Lomboani", None]


def test_of_a_name_within_a_longer_one_of_the_same_person_the_longer_goes(ws: Workspace) -> None:
    ani = melati.woman(ws, "Ani")
    people.correct(ws, ani, {"name": "Ani Lestari"})
    melati.child(ws, "Adi", mother_name="Ani Lestari, Ani, Lestari")
    (mention,) = erasure.preview(ws, ani).mentions
    erasure.erase(ws, ani, why="person", typed_name="ani lestari", pin="", clear=[mention.key])
    (hit,) = people.search(ws, "adi")
    assert hit.mother_name == "(data dihapus), (data dihapus), Lestari"
