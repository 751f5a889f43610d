"""The choices of this laptop."""

import json

import pytest

from posyandu import paths
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
