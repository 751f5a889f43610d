from collections.abc import Iterator

import pytest

from posyandu.services.workspace import Workspace
from tests.services import melati


@pytest.fixture
def clock() -> melati.Clock:
    """The clock of the post: it stands still until a test moves it."""
    return melati.Clock()


@pytest.fixture
def ws(clock: melati.Clock) -> Iterator[Workspace]:
    """An empty post of its own for each test; a module that needs another book makes its own `ws`."""
    made = melati.post(clock)
    yield made
    made.close()
