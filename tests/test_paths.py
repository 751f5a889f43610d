"""The folders of the app are where the system keeps such things."""

import shutil
import subprocess
import sys
import tomllib
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


def test_every_resource_is_in_the_wheel_at_its_place() -> None:
    """A plain `pip install` of the project gives the whole program, not one that stops at the first table."""
    root = Path(paths.__file__).parent.parent
    told = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["data-files"]
    placed = {Path(to, found.name) for to, globs in told.items() for glob in globs for found in root.glob(glob)}
    kept = (file for file in (root / "resources").rglob("*") if file.is_file() and file.name != ".DS_Store")
    assert placed == {Path("share/posyandu") / file.relative_to(root) for file in kept}


def installed(folder: Path, *record: str) -> str:
    """What an interpreter that has the program in `folder`, as pip leaves it, says of the resources."""
    site = folder / "lib"
    (site / "posyandu").mkdir(parents=True)
    (site / "posyandu" / "__init__.py").touch()
    shutil.copy(paths.__file__, site / "posyandu" / "paths.py")
    (site / "resources").mkdir()  # of another program
    (site / "posyandu-1.dist-info").mkdir()
    (site / "posyandu-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: posyandu\nVersion: 1\n")
    (site / "posyandu-1.dist-info" / "RECORD").write_text("".join(f"{line},,\n" for line in record))
    code = "from posyandu import paths; print(paths.resources())"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(site)!r}); {code}"],
        capture_output=True,
        text=True,
    )
    return (done.stdout or done.stderr).strip().splitlines()[-1]


def test_the_resources_of_an_installed_wheel_are_where_its_record_says(tmp_path: Path) -> None:
    table = "../share/posyandu/resources/growth/who.growth"
    assert installed(tmp_path / "a", "posyandu/paths.py", table) == str(tmp_path / "a/share/posyandu/resources")
    lost = "FileNotFoundError: the resources of posyandu are missing; install it anew"
    assert installed(tmp_path / "b", "posyandu/paths.py") == lost
