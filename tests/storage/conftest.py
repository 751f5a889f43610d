"""What tests of keys share: time that passes only when told."""

import pytest

from posyandu.storage import key_file


class Minutes:
    """A running-time clock that only moves when told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def tick(monkeypatch: pytest.MonkeyPatch) -> Minutes:
    """No wrong PIN was typed yet, and the clock stands."""
    monkeypatch.setattr(key_file, "_refused_at", {})
    return Minutes()
