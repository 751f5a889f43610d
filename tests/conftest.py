"""What every test gets: folders of its own, a fixed language, and hypothesis set for a small machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from posyandu import text

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("posyandu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("posyandu")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Nothing a test does touches the folders of whoever runs it."""
    monkeypatch.setenv("POSYANDU_HOME", str(tmp_path / "rumah"))
    yield tmp_path / "rumah"
    text.use_catalogue({})
