"""The folders of the app are where the system keeps such things."""

import sys
from pathlib import Path

import platformdirs
import pytest

from posyandu import paths


@pytest.mark.skipif(sys.platform != "linux", reason="other systems are asked through platformdirs itself")
@pytest.mark.parametrize("moved", [False, True], ids=["usual", "moved by XDG"])
def test_linux_folders_are_those_of_platformdirs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, moved: bool) -> None:
    monkeypatch.delenv("POSYANDU_HOME", raising=False)
    for variable, _below, _more in paths.XDG.values():
        if moved:
            monkeypatch.setenv(variable, str(tmp_path / variable))
        else:
            monkeypatch.delenv(variable, raising=False)
    assert paths.data() == Path(platformdirs.user_data_dir("Posyandu", appauthor=False))
    assert paths.config() == Path(platformdirs.user_config_dir("Posyandu", appauthor=False))
    assert paths.logs() == Path(platformdirs.user_log_dir("Posyandu", appauthor=False))
    assert paths.documents() == Path(platformdirs.user_documents_dir())


def test_everything_moves_together_for_practice_and_tests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POSYANDU_HOME", str(tmp_path))
    folders = (paths.data(), paths.config(), paths.documents(), paths.logs())
    assert all(folder.parent == tmp_path for folder in folders)
    assert len(set(folders)) == 4
