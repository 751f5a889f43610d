"""People are found by a few letters of any of their words, however the name was spelt."""

from collections.abc import Iterator
from datetime import date, timedelta
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


# --- edges -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def village() -> Iterator[Workspace]:
    """Three posts with namesakes."""
    each = workspace.in_memory()
    for scope, name, more in (
        ("melati", "Siti Aminah", {"mother_name": "Nur", "nik": "5203014101900001", "kk": "5203010101010001"}),
        ("mawar", "Siti Aminah", {"guardian_name": "Pak Haji Nurdin", "phone": "081936000111"}),
        ("mawar", "Aminah", {"address": "Jalan Raya 12", "hamlet": "Dasan Baru"}),
        ("anggrek", "Lalu Amin", {"kk": "5203010101010001", "register_number": 120}),
        ("anggrek", "Haji Zainuddin", {"born_on": date(1960, 1, 1)}),
    ):
        register(each, name, scope=scope, **more)  # type: ignore[arg-type]
    yield each
    each.close()


def hits(ws: Workspace, text: str, **how: str | int) -> list[tuple[str, str]]:
    found_rows = people.search(ws.db, text, **how)  # type: ignore[arg-type]
    return [(str(row.answers["name"]), row.scope) for row in found_rows]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("aminah", ["Aminah", "Siti Aminah", "Siti Aminah"]),
        ("siti aminah", ["Siti Aminah", "Siti Aminah"]),
        ("st aminah", ["Siti Aminah", "Siti Aminah"]),
        ("aminah siti", ["Siti Aminah", "Siti Aminah"]),
        ("amin", ["Aminah", "Lalu Amin", "Siti Aminah", "Siti Aminah"]),
        ("zain", ["Haji Zainuddin"]),
        ("h zainudin", ["Haji Zainuddin"]),
        ("haji", ["Haji Zainuddin", "Siti Aminah"]),
        ("nurdin", ["Siti Aminah"]),
        ("nur", ["Siti Aminah", "Siti Aminah"]),
        ("5203014101900001", ["Siti Aminah"]),
        ("52030101", ["Lalu Amin", "Siti Aminah"]),
        ("0819", ["Siti Aminah"]),
        ("81936", []),
        ("dasan", ["Aminah"]),
        ("12", ["Lalu Amin", "Aminah"]),
        ("aminah 12", ["Aminah"]),
        ("siti 5203", ["Siti Aminah"]),
        ("wxq", []),
        ("siti wxq", []),
        (".", ["Aminah", "Haji Zainuddin", "Lalu Amin", "Siti Aminah", "Siti Aminah"]),
    ],
)
def test_what_is_typed_finds_these(village: Workspace, typed: str, expected: list[str]) -> None:
    assert [name for name, _scope in hits(village, typed)] == expected


def test_namesakes_of_the_own_post_come_first_and_only_among_equals(village: Workspace) -> None:
    assert hits(village, "siti aminah", near="mawar") == [("Siti Aminah", "mawar"), ("Siti Aminah", "melati")]
    assert hits(village, "siti aminah", near="melati") == [("Siti Aminah", "melati"), ("Siti Aminah", "mawar")]
    assert hits(village, "aminah", near="melati")[0] == ("Aminah", "mawar"), "whose name begins so is still first"


@pytest.mark.parametrize("small", [0, 400], ids=["large post", "small post"])
@pytest.mark.parametrize(
    ("typed", "scope", "expected"),
    [
        ("aminah", "mawar", ["Aminah", "Siti Aminah"]),
        ("aminah", "anggrek", []),
        ("5203", "anggrek", ["Lalu Amin"]),
        ("siti aminah", "melati", ["Siti Aminah"]),
        ("siti aminah", "a post nobody has", []),
        ("aminah", "a post nobody has", []),
    ],
)
def test_within_one_post_nobody_else_is_found(
    village: Workspace, monkeypatch: pytest.MonkeyPatch, small: int, typed: str, scope: str, expected: list[str]
) -> None:
    monkeypatch.setattr(people, "SMALL_POST", small)
    assert [name for name, _scope in hits(village, typed, scope=scope)] == expected


@pytest.mark.parametrize("limit", [1, 2, 3, 9])
def test_no_more_are_shown_than_asked_for_and_the_best_are_among_them(village: Workspace, limit: int) -> None:
    whole = [name for name, _scope in hits(village, "amin")]
    assert [name for name, _scope in hits(village, "amin", limit=limit)] == whole[:limit]
    assert len(hits(village, "", limit=limit)) == min(limit, 5)


def test_a_post_counts_as_small_up_to_four_hundred_people(ws: Workspace) -> None:
    assert people._is_small(ws.db, "melati")
    new = [
        records.NewRecord(PERSON, f"x{number}", "melati", {"name": f"Ali {number}"}, ws.now())
        for number in range(people.SMALL_POST)
    ]
    records.save_many(ws.db, new, ws.author)
    assert people._is_small(ws.db, "melati")
    register(ws, "Nur")
    assert not people._is_small(ws.db, "melati")
    assert people._is_small(ws.db, "mawar")
    assert found(ws, "nur", scope="melati") == ["Nur"]


def test_the_text_after_all_that_begin_so() -> None:
    assert people._after("nur") == "nus"
    assert "nur" < "nur\uffff" < people._after("nur")
    assert people._shortest(("muh", "muhammad", "m")) == ("m",)
    assert people._shortest(("moh", "muhamad")) == ("moh", "muhamad")
    assert people._shortest(("123", "12")) == ("123",)
    assert people._shortest(("nur", "nur")) == ("nur", "nur")


@pytest.mark.parametrize(("days", "is_near"), [(0, True), (31, True), (-31, True), (32, False), (-32, False)])
def test_who_was_born_within_a_month_of_that_day_might_be_the_same(ws: Workspace, days: int, is_near: bool) -> None:
    register(ws, "Zulkarnain", born_on=date(2024, 3, 5))
    typed = {"name": "Budi", "born_on": date(2024, 3, 5) + timedelta(days=days)}
    assert bool(people.candidates(ws.db, typed)) == is_near


@pytest.mark.parametrize(
    ("name", "is_candidate"),
    [
        ("Zulkarnain", True), ("Zulkarnaen", True), ("Zulk", True), ("Zulkifli", True), ("Zul", True),
        ("Zuhri", False), ("Zu", False), ("Muhammad Zulkarnain", True), ("", False),
    ],
)  # fmt: skip
def test_a_name_with_four_letters_alike_might_be_the_same(ws: Workspace, name: str, is_candidate: bool) -> None:
    register(ws, "Zulkarnain")
    assert bool(people.candidates(ws.db, {"name": name})) == is_candidate


def test_of_very_many_candidates_the_nearest_birthdays_are_kept(ws: Workspace) -> None:
    new = [
        records.NewRecord(
            PERSON, f"x{days:02}", "melati", {"name": f"Ali {days}", "born_on": date(2024, 3, 1 + days)}, ws.now(),
        )
        for days in range(30)
    ]  # fmt: skip
    records.save_many(ws.db, new, ws.author)
    near = people.candidates(ws.db, {"mother_name": "Sri", "born_on": date(2024, 3, 16)}, limit=6)
    assert {row.id for row in near} == {"x14", "x15", "x16"}, "half of the places are for birthdays"
