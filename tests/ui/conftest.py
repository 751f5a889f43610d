"""What every test of a screen gets: the app dressed in the light theme at normal size."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from posyandu.ui import theme


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    """Letters loaded, light, text at 100 %."""
    theme.load_fonts()
    theme.apply(qapp, "light", 1.0)
    yield
    theme.apply(qapp, "light", 1.0)
