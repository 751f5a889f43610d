import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests import packages

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.chdir(ROOT)
    return module


@pytest.fixture
def calls(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    made: list[tuple[list[str], dict[str, str]]] = []

    def call(command: list[object], environment: dict[str, str] | None = None) -> int:
        made.append(([str(part) for part in command[1:]], environment or {}))
        return 3 if "mypy" in command else 0

    monkeypatch.setattr(dev, "call", call)
    monkeypatch.setattr(dev, "install_packages", lambda packages: list(packages))
    monkeypatch.setattr(dev, "prepare_environment", lambda: None)
    return made


def test_the_wheel_is_built_alone_into_out(dev: ModuleType, calls: list[tuple[list[str], dict[str, str]]]) -> None:
    assert dev.main(["wheel", "-v"]) == 0
    ((command, _environment),) = calls
    assert command[:2] == ["-m", "pip"]
    assert command[2:] == ["--disable-pip-version-check", "wheel", "--no-deps", "-q", "-w", "out", "-v", "."]


def test_it_needs_nothing_but_the_standard_library() -> None:
    script = "import runpy; runpy.run_path('dev.py')"
    command = [sys.executable, "-I", "-S", "-c", script]  # isolated, without site-packages
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_without_a_display_run_plays_the_demo_and_with_one_it_opens_the_window(
    dev: ModuleType, calls: list[tuple[list[str], dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert dev.main(["run"]) == 0
    monkeypatch.setenv("DISPLAY", ":0")
    assert dev.main(["run"]) == 0
    assert [command for command, _environment in calls] == [
        ["-m", "posyandu", "demo", "--out", "out/demo", "--keep", str(dev.ROOT / "out" / "desa-contoh")],
        ["-m", "posyandu", "practice"],
    ]
    assert calls[0][1]["QT_QPA_PLATFORM"] == "offscreen"
    assert calls[1][1]["POSYANDU_HOME"].endswith(os.path.join("out", "home"))


def test_arguments_after_test_go_to_pytest(dev: ModuleType, calls: list[tuple[list[str], dict[str, str]]]) -> None:
    assert dev.main(["test", "tests/domain", "-k", "muac", "-n0"]) == 0
    assert calls[0][0] == ["-m", "pytest", "tests/domain", "-k", "muac", "-n0"]


def test_check_runs_everything_and_gives_the_worst_code(
    dev: ModuleType, calls: list[tuple[list[str], dict[str, str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.main(["check"]) == 3
    assert len(calls) == 4
    assert capsys.readouterr().out.count("ok    ") == 3


def test_who_may_not_install_packages_is_told_the_one_command(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(dev.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(dev, "prepare_environment", lambda: dev.install_packages(["libgl1", "libegl1"]))
    assert dev.main(["setup"]) == 2
    said = capsys.readouterr().err
    assert "sudo apt-get install -y -qq --no-install-recommends libegl1 libgl1" in said


def test_the_environment_is_made_again_only_when_what_decides_it_changes(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = dev.environment_stamp()
    assert dev.environment_stamp() == first
    lock = tmp_path / "requirements.lock"
    lock.write_text("ruff==0.0.1\n")
    monkeypatch.setattr(dev, "LOCK", lock)
    assert dev.environment_stamp() != first


def test_a_library_is_found_or_not(dev: ModuleType) -> None:
    assert not dev.has_library("libthere-is-no-such.so.9")
    if sys.platform == "linux":
        assert dev.has_library("libc.so.6")


def test_every_package_of_the_project_is_locked_within_every_range_asked() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    locked = {packages.tidy(name): version for name, version in (line.split("==") for line in lines)}
    needed = packages.needed("server", "dev")
    assert {"pyside6-essentials", "sqlcipher3", "urllib3", "psycopg-binary", "ruff"} <= needed.keys() <= locked.keys()
    assert [
        f"{name} {locked[name]} against {each}"
        for name, asked in needed.items()
        for each in asked
        if not each.specifier.contains(locked[name])
    ] == []
