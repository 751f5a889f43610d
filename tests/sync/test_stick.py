"""What stands on a stick under its name is whole, or the writer is told."""

from pathlib import Path

import pytest

from posyandu.domain.errors import BadInput
from posyandu.sync.stick import write_checked


def test_what_was_written_can_be_read_again_whatever_stood_there(tmp_path: Path) -> None:
    target = tmp_path / "kirim.posyandu"
    for content in (b"A" * 100_000, b"B", b""):
        write_checked(target, content)
        assert target.read_bytes() == content
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Periksa flashdisk"):
        write_checked(tmp_path / "dicabut" / "kirim.posyandu", b"A")


def test_a_stick_that_reads_back_something_else_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: whole(path)[:-1])
    with pytest.raises(BadInput, match="flashdisk lain"):
        write_checked(tmp_path / "kirim.posyandu", b"AB")
