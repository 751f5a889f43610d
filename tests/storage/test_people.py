"""People are found by a few letters of any of their words, however the name was spelt."""

from collections.abc import Iterator
from datetime import date
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, people, records

PERSON = FORMS["person"]


@pytest.fixture
def ws() -> Iterator[Workspace]:
    each = workspace.in_memory()
    yield each
    assert journal.rows_equal_replay(each.db)
    each.close()


numbers = count()


def register(ws: Workspace, name: str, *, scope: str = "melati", **given_answers: Value | None) -> str:
    record = f"p{next(numbers)}"
    records.save(ws.db, PERSON, record, {"name": name, **given_answers}, scope=scope, author=ws.author, now=ws.now())
    return record


def found(ws: Workspace, text: str, **how: str | int) -> list[str]:
    return [str(row.answers["name"]) for row in people.search(ws.db, text, **how)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "typed",
    [
        "jun",
        "JUNAIDI",
        "djunaedi",
        "l. moh djunaedi",
        "lalu jun",
        "muhammad j",
        "hid",
        "nurul hidayah",
        "5203",
        "081",
        "12",
    ],
)
def test_one_is_found_by_any_beginning(ws: Workspace, typed: str) -> None:
    register(
        ws,
        "Lalu Muhammad Junaidi",
        mother_name="Nurul Hidayah",
        nik="5203010101010001",
        phone="0812 345",
        register_number=12,
    )
    register(ws, "Baiq Rahma")
    assert found(ws, typed) == ["Lalu Muhammad Junaidi"]


def test_every_word_typed_must_be_met(ws: Workspace) -> None:
    register(ws, "Nur Aini")
    register(ws, "Nur Hayati")
    assert found(ws, "nur a") == ["Nur Aini"]
    assert found(ws, "nur z") == found(ws, "aini haya") == []
    assert found(ws, "aini nur") == ["Nur Aini"]


def test_the_start_of_the_name_comes_first_then_other_words_then_the_mother_then_the_address(ws: Workspace) -> None:
    for name, mother, address in (
        ("Rahma", "Sri", "Dusun Melati"),
        ("Zahra", "Melati", ""),
        ("Ayu Melati", "Sri", ""),
        ("Melati Zahra", "Sri", ""),
        ("Melati Ayu", "Sri", ""),
    ):
        register(ws, name, mother_name=mother, address=address)
    assert found(ws, "mela") == ["Melati Ayu", "Melati Zahra", "Ayu Melati", "Zahra", "Rahma"]
    assert found(ws, "mela", limit=2) == ["Melati Ayu", "Melati Zahra"]


def test_a_whole_name_comes_before_one_put_together_from_child_and_mother(ws: Workspace) -> None:
    register(ws, "Aini Rahma", mother_name="Nur Aini")
    register(ws, "Nur Aini")
    assert found(ws, "nur aini") == ["Nur Aini", "Aini Rahma"]


@pytest.mark.parametrize("small", [0, 400], ids=["large post", "small post"])
def test_the_own_post_comes_first_or_is_all(ws: Workspace, small: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "SMALL_POST", small)
    register(ws, "Nur Aini", scope="mawar")
    register(ws, "Nur Zahra", scope="melati")
    assert found(ws, "nur") == ["Nur Aini", "Nur Zahra"]
    assert found(ws, "nur", near="melati") == ["Nur Zahra", "Nur Aini"]
    assert found(ws, "nur", scope="mawar") == ["Nur Aini"]
    assert found(ws, "nur aini", scope="melati") == []
    assert found(ws, "", scope="melati") == ["Nur Zahra"]


def test_without_text_everybody_by_name(ws: Workspace) -> None:
    for name in ("zahra", "Ali", "baiq"):
        register(ws, name)
    assert found(ws, "  ") == ["Ali", "baiq", "zahra"]
    assert found(ws, "", limit=2) == ["Ali", "baiq"]


def test_a_corrected_name_is_found_and_the_old_one_is_not(ws: Workspace) -> None:
    record = register(ws, "Sukardi", nik="5203010101010001")
    records.save(ws.db, PERSON, record, {"name": "Wahyuni"}, scope="", author=ws.author, now=ws.now())
    assert found(ws, "sukar") == []
    assert found(ws, "wahyu") == ["Wahyuni"]
    assert found(ws, "5203") == ["Wahyuni"]


def test_a_withdrawn_person_is_not_found(ws: Workspace) -> None:
    record = register(ws, "Nur Aini")
    records.withdraw(ws.db, PERSON, record, author=ws.author, now=ws.now())
    assert found(ws, "nur") == []
    assert found(ws, "") == []
    assert people.candidates(ws.db, {"name": "Nur Aini"}) == []


def test_among_many_the_first_named_so_are_still_first(ws: Workspace) -> None:
    new = [
        records.NewRecord(PERSON, f"x{number:03}", "melati", {"name": f"Ali{number:03} Nur"}, ws.now())
        for number in range(300)
    ]
    records.save_many(ws.db, new, ws.author)
    register(ws, "Nur Zahra")
    assert found(ws, "nur", limit=3) == ["Nur Zahra", "Ali000 Nur", "Ali001 Nur"]
    assert found(ws, "nur zahra") == ["Nur Zahra"]
    assert len(found(ws, "nur ali", limit=100)) == 100


def test_a_word_common_in_names_and_one_of_the_mother_find_the_child(ws: Workspace) -> None:
    new = [
        records.NewRecord(
            PERSON, f"x{number}", "melati", {"name": f"Nur {number}", "mother_name": f"Siti {number}"}, ws.now()
        )
        for number in range(100)
    ]
    records.save_many(ws.db, new, ws.author)
    assert found(ws, "nur 77 siti") == ["Nur 77"]
    assert found(ws, "siti nur", limit=3) == ["Nur 0", "Nur 1", "Nur 10"]


@given(
    st.text(st.characters(categories=("L",)), min_size=1, max_size=8),
    st.text(st.characters(codec="ascii", categories=("Ll",)), min_size=1, max_size=8),
)
def test_whoever_is_registered_is_found_by_the_whole_name(first: str, second: str) -> None:
    ws = workspace.in_memory()
    record = register(ws, f"{first} {second}")
    assert [row.id for row in people.search(ws.db, f"{first} {second}")] == [record]
    ws.close()


@pytest.mark.parametrize(
    "typed",
    [
        {"nik": "5203010101010001"},
        {"kk": "5203010101019999"},
        {"name": "Djunaedi"},
        {"name": "M. Junaidy"},
        {"name": "Budi", "born_on": date(2024, 3, 30)},
        {"mother_name": "Siti", "born_on": date(2024, 3, 1)},
    ],
)
def test_who_might_be_the_same_is_among_the_candidates(ws: Workspace, typed: dict[str, Value | None]) -> None:
    register(ws, "Muhammad Junaidi", nik="5203010101010001", kk="5203010101019999", born_on=date(2024, 3, 5))
    register(ws, "Zahra", born_on=date(1990, 1, 1))
    assert [row.answers["name"] for row in people.candidates(ws.db, typed)] == ["Muhammad Junaidi"]


@pytest.mark.parametrize("typed", [{}, {"name": "Al"}, {"born_on": date(2024, 3, 5)}, {"nik": ""}])
def test_nobody_is_a_candidate_while_nothing_tells(ws: Workspace, typed: dict[str, Value | None]) -> None:
    register(ws, "Ali", born_on=date(2024, 3, 5))
    assert people.candidates(ws.db, typed) == []
