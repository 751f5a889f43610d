"""The choices of this laptop."""

import errno
import json
import os

import pytest

from posyandu import paths
from posyandu.domain.errors import DiskFull
from posyandu.services import preferences
from posyandu.services.preferences import Preferences


def test_nothing_chosen_is_indonesian_light_or_dark_as_the_system() -> None:
    assert preferences.load() == Preferences()
    assert (Preferences().language, Preferences().theme, Preferences().text_scale) == ("id", "system", 1.0)


def test_what_is_chosen_is_kept() -> None:
    chosen = Preferences(language="en", theme="dark", text_scale=1.15, backup_folder="E:/", idle_minutes=3)
    preferences.save(chosen)
    assert preferences.load() == chosen


@pytest.mark.parametrize(
    "content", ["", "[]", "null", "{", '{"text_scale": 9.0, "theme": "pink", "idle_minutes": "3"}']
)
def test_a_damaged_file_is_as_if_never_chosen(content: str) -> None:
    preferences.save(Preferences())
    (paths.config() / "pilihan.json").write_text(content)
    assert preferences.load() == Preferences()


def test_choices_of_another_version_do_no_harm() -> None:
    preferences.save(Preferences(theme="dark"))
    path = paths.config() / "pilihan.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"from_the_future": 1}))
    assert preferences.load() == Preferences(theme="dark")


CHOICES = {
    "language": (["id", "en"], ["", "ID", "jw", None, 3]),
    "theme": (["system", "light", "dark"], ["", "pink", None]),
    "text_scale": ([1.0, 1.15, 1.3], [1, 1.2, "1.0", None, True]),
    "kms_style": (["new", "old"], ["2010", None]),
    "idle_minutes": ([1, 3, 5, 10, 15, 30], [0, 2, -1, 5.0, "5", True, None]),
    "paper": (["A4", "F4"], ["A5", "Letter", None]),
    "slip_paper": (["A4", "A5"], ["F4", None]),
    "backup_folder": (["", "E:/cadangan"], [None, 5, ["E:/"]]),
    "last_member": (["", "sari"], [None, 5]),
    "mono": ([True, False], [None, 0, 1, "true"]),
    "send_by_itself": ([True, False], [None, 0, "ya"]),
    "touch": ([True, False], [None, 1]),
}
"""For each choice what may stand in the file, and what makes no sense there."""


def written(**kept: object) -> Preferences:
    """What is read where the file says this."""
    preferences.save(Preferences())
    (paths.config() / "pilihan.json").write_text(json.dumps(kept))
    return preferences.load()


def test_every_choice_is_in_the_table() -> None:
    assert CHOICES.keys() == set(Preferences._fields)


@pytest.mark.parametrize("name", CHOICES)
def test_each_choice_is_taken_from_its_list_and_from_nowhere_else(name: str) -> None:
    good, bad = CHOICES[name]
    default = getattr(Preferences(), name)
    assert default in good
    assert [getattr(written(**{name: value}), name) for value in good] == good
    for value in bad:
        found = getattr(written(**{name: value}), name)
        assert (found, type(found)) == (default, type(default)), value


def test_one_choice_that_makes_no_sense_takes_no_other_with_it() -> None:
    assert written(theme="dark", language="jw", mono=True) == Preferences(theme="dark", mono=True)


def test_choices_are_kept_for_this_laptops_user_alone() -> None:
    preferences.save(Preferences(last_member="sari"))
    file = paths.config() / "pilihan.json"
    assert file.stat().st_mode & 0o077 == file.parent.stat().st_mode & 0o077 == 0
    assert [path.name for path in file.parent.iterdir()] == ["pilihan.json"]


def test_a_choice_that_could_not_be_kept_leaves_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    preferences.save(Preferences(theme="dark"))

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "x")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match="Ruang simpan laptop habis"):
        preferences.save(Preferences(theme="light"))
    assert preferences.load() == Preferences(theme="dark")
