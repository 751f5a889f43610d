"""What a packed app proves of itself before it is given to anybody."""

import sys

import pytest
from PySide6.QtWidgets import QApplication

from posyandu.ui import self_check


@pytest.mark.parametrize(
    ("is_packed", "place", "is_noticed"),
    [
        (False, "shibokensupport/signature/parser.py", False),
        (True, "shibokensupport/signature/parser.py", True),
        (True, __file__, False),
    ],
    ids=["from the source", "packed, inside a library", "packed, as files"],
)
def test_a_packed_app_that_compiles_anew_at_every_start_is_noticed(
    is_packed: bool, place: str, is_noticed: bool, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", is_packed, raising=False)
    monkeypatch.setattr(sys.modules["shibokensupport.signature.parser"], "__file__", place)
    if is_noticed:
        with pytest.raises(AssertionError, match="at every start"):
            self_check.check_start()
    else:
        self_check.check_start()
