"""Rules other than the shipped ones, for tests that ask whether a rule is obeyed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from posyandu.domain.standards import Standards
from posyandu.storage import reference

SINCE = date(2026, 1, 1)
"""From then on they hold; what tests call today lies later."""


def changed_rules(told: Mapping[str, Any]) -> Standards:
    """The shipped rules with some said otherwise, as their files would have them."""
    return reference.shipped_standards().with_overrides(told, SINCE, "Uji")


def ship_rules(monkeypatch: pytest.MonkeyPatch, told: Mapping[str, Any]) -> None:
    """Ship them so, until the test ends."""
    other = changed_rules(told)
    monkeypatch.setattr(reference, "shipped_standards", lambda: other)
