"""What is typed and not saved: sheets of new people in the book, and new posts in a small file before there is one."""

import errno
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from posyandu import paths
from posyandu.domain.erasing import Erasure
from posyandu.domain.errors import DiskFull
from posyandu.domain.forms import FORMS
from posyandu.services import first_steps, people, unsaved
from posyandu.services.first_steps import NewPost
from posyandu.services.workspace import Workspace
from posyandu.storage import areas, erased, journal, settings
from posyandu.storage.database import transaction
from tests.services.melati import NOW, Clock, post

PERSON, PREGNANCY = FORMS["person"], FORMS["pregnancy"]
clock = Clock()


@pytest.fixture
def ws() -> Iterator[Workspace]:
    clock.now = NOW
    book = post(clock)
    yield book
    book.close()


# --- sheets ----------------------------------------------------------------------------------------------------------


def test_a_sheet_left_half_way_is_found_again_as_it_was(ws: Workspace) -> None:
    key = unsaved.new_key(ws)
    told = {"name": "Raka", "sex": "male", "born_on": date(2025, 7, 5), "guest": False, "birth_weight_g": 3_100}
    unsaved.keep(ws, PERSON, key, told)
    found = unsaved.load(ws, PERSON, key)
    assert found == unsaved.Unsaved(key, told, NOW)
    assert unsaved.newest(ws, PERSON) == found
    assert unsaved.load(ws, PREGNANCY, key) is None, "the sheet of another form"


def test_nothing_is_kept_of_somebody_erased_while_the_sheet_was_open(ws: Workspace) -> None:
    born = {"sex": "male", "born_on": date(2025, 7, 5)}
    raka, rani = (people.register(ws, {"name": name, **born}) for name in ("Raka", "Rani"))
    with transaction(ws.db):
        erased.note(ws.db, Erasure(frozenset([raka]), frozenset(), frozenset()))
    for key, is_kept in ((raka, False), (rani, True)):
        unsaved.keep(ws, PERSON, key, {"name": "Rahasia"}, {"born_on": "31-02-2024"})
        assert (unsaved.load(ws, PERSON, key) is not None) is is_kept
        assert bool(settings.get(ws.db, settings.UNREAD)) is is_kept


def test_a_new_sheet_waits_at_the_post_where_it_was_begun(ws: Workspace) -> None:
    here = ws.posyandu_id
    key = unsaved.new_key(ws)
    unsaved.keep(ws, PERSON, key, {"name": "Raka"})
    ws.posyandu_id = "mawar"
    assert unsaved.newest(ws, PERSON) is None
    unsaved.keep(ws, PERSON, unsaved.new_key(ws), {"name": "Rani"})
    told = unsaved.newest(ws, PERSON)
    assert told is not None
    assert told.answers == {"name": "Rani"}
    ws.posyandu_id = here
    told = unsaved.newest(ws, PERSON)
    assert told is not None
    assert (told.key, told.answers) == (key, {"name": "Raka"})
    unsaved.forget(ws, PERSON, key)
    unsaved.keep(ws, PERSON, "baru-" + "0" * 32, {"name": "Lama"})
    assert unsaved.newest(ws, PERSON) is not None, "a sheet of an earlier version, which knew no post"


def test_every_new_sheet_has_its_own_key_so_that_one_does_not_write_over_another(ws: Workspace) -> None:
    one, other = unsaved.new_key(ws), unsaved.new_key(ws)
    assert one != other
    assert one.startswith(unsaved.NEW)
    unsaved.keep(ws, PERSON, one, {"name": "Raka"})
    clock.now += timedelta(minutes=1)
    unsaved.keep(ws, PERSON, other, {"name": "Rani"})
    assert [unsaved.load(ws, PERSON, key).answers["name"] for key in (one, other)] == [  # type: ignore[union-attr]
        "Raka", "Rani",
    ]  # fmt: skip
    assert unsaved.newest(ws, PERSON).key == other  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("", "Rani"), ("ra", "Rani"), ("RAKA", "Raka"), (" raka ", "Raka"), ("aka", None), ("zz", None), ("rani s", None)],
)
def test_the_sheet_of_somebody_whose_name_begins_so(ws: Workspace, typed: str, found: str | None) -> None:
    for name in ("Raka", "Rani"):
        unsaved.keep(ws, PERSON, unsaved.new_key(ws), {"name": name})
        clock.now += timedelta(minutes=1)
    newest = unsaved.newest(ws, PERSON, typed)
    assert (newest and newest.answers["name"]) == found


def test_what_is_typed_about_somebody_registered_is_no_new_sheet(ws: Workspace) -> None:
    unsaved.keep(ws, PERSON, "raka", {"phone": "0812"})
    unsaved.keep(ws, PREGNANCY, unsaved.new_key(ws), {"lmp_on": date(2026, 6, 1)})
    assert unsaved.newest(ws, PERSON) is None
    assert unsaved.newest(ws, PREGNANCY) is not None
    assert unsaved.load(ws, PERSON, "raka").answers == {"phone": "0812"}  # type: ignore[union-attr]


def test_a_sheet_without_a_name_yet_is_found_too(ws: Workspace) -> None:
    unsaved.keep(ws, PERSON, unsaved.new_key(ws), {"sex": "male"})
    assert unsaved.newest(ws, PERSON) is not None
    assert unsaved.newest(ws, PERSON, "raka") is None


def test_a_new_sheet_emptied_again_is_forgotten_and_an_emptied_answer_of_somebody_known_is_not(ws: Workspace) -> None:
    key = unsaved.new_key(ws)
    unsaved.keep(ws, PERSON, key, {"name": "Raka", "phone": None})
    assert unsaved.load(ws, PERSON, key).answers == {"name": "Raka"}  # type: ignore[union-attr]
    unsaved.keep(ws, PERSON, key, {"name": None, "phone": None})
    assert unsaved.load(ws, PERSON, key) is None
    unsaved.keep(ws, PERSON, "raka", {"phone": None})
    assert unsaved.load(ws, PERSON, "raka").answers == {"phone": None}, "the number was wiped out"  # type: ignore[union-attr]
    unsaved.keep(ws, PERSON, "raka", {})
    assert unsaved.load(ws, PERSON, "raka") is None


def test_what_was_saved_or_thrown_away_is_gone(ws: Workspace) -> None:
    key = unsaved.new_key(ws)
    unsaved.keep(ws, PERSON, key, {"name": "Raka"})
    unsaved.forget(ws, PERSON, key)
    unsaved.forget(ws, PERSON, key)
    assert unsaved.load(ws, PERSON, key) is unsaved.newest(ws, PERSON) is None


def test_a_sheet_is_never_sent(ws: Workspace) -> None:
    before = len(journal.unsealed(ws.db))
    unsaved.keep(ws, PERSON, unsaved.new_key(ws), {"name": "Raka"})
    assert len(journal.unsealed(ws.db)) == before


# --- posts before there is a book ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def village() -> areas.Area:
    found = areas.get("5203012001")
    assert found is not None
    return found


def file() -> "os.PathLike[str]":
    return paths.config() / "posyandu-baru.json"


def test_posts_typed_before_the_book_is_made_are_there_after_a_power_cut(village: areas.Area) -> None:
    typed = [NewPost("Melati", village), NewPost("Mawar 2", village)]
    first_steps.keep(typed)
    assert first_steps.kept() == typed
    first_steps.keep(typed[:1])
    assert first_steps.kept() == typed[:1]


def test_nothing_typed_leaves_no_file(village: areas.Area) -> None:
    assert first_steps.kept() == []
    first_steps.keep([])
    first_steps.keep([NewPost("Melati", village)])
    first_steps.keep([])
    assert first_steps.kept() == []
    assert not os.path.exists(file())


def test_only_names_of_posts_and_codes_of_villages_are_kept_outside_a_book(village: areas.Area) -> None:
    first_steps.keep([NewPost("Melati", village)])
    with open(file()) as kept:
        assert json.load(kept) == [["Melati", "5203012001"]]
    assert os.stat(file()).st_mode & 0o077 == 0


@pytest.mark.parametrize("content", ["", "{", "null", "5", '["Melati"]', '[["Melati"]]', '[["a", "b", "c"]]', "{}"])
def test_a_file_that_makes_no_sense_is_as_if_never_written(village: areas.Area, content: str) -> None:
    first_steps.keep([NewPost("Melati", village)])
    with open(file(), "w") as kept:
        kept.write(content)
    assert first_steps.kept() == []


def test_a_village_that_is_in_no_list_any_more_takes_only_its_own_post_with_it(village: areas.Area) -> None:
    first_steps.keep([NewPost("Lama", replace(village, code="9999999999")), NewPost("Melati", village)])
    assert [each.name for each in first_steps.kept()] == ["Melati"]


def test_a_full_disk_is_said_and_the_posts_before_stay(village: areas.Area, monkeypatch: pytest.MonkeyPatch) -> None:
    first_steps.keep([NewPost("Melati", village)])

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "x")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        first_steps.keep([NewPost("Mawar", village)])
    assert [each.name for each in first_steps.kept()] == ["Melati"]
