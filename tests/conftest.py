"""What every test gets: folders of its own, a fixed language, and hypothesis set for a small machine."""

import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from posyandu import text

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# what was compiled once serves both workers and every process a test starts, whatever the machine says about it
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

settings.register_profile("posyandu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("posyandu")


_number = count(1)


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all the homes of a run: one made for each of many thousand tests took longer than the tests."""
    return tmp_path_factory.mktemp("rumah")


@pytest.fixture(autouse=True)
def own_home(_homes: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Nothing a test does touches the folders of whoever runs it."""
    home = _homes / str(next(_number))
    monkeypatch.setenv("POSYANDU_HOME", str(home))
    yield home
    text.use_catalogue({})
