"""What stands on a stick under its name is whole, or the writer is told."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from posyandu.domain.errors import BadInput, DiskFull, PosyanduError
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


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (errno.ENOSPC, DiskFull, "Tempat itu penuh"),
        (errno.EROFS, BadInput, "Periksa flashdisk"),
        (errno.EIO, BadInput, "Periksa flashdisk"),
        (errno.ENODEV, BadInput, "Periksa flashdisk"),
        (0, BadInput, "Periksa flashdisk"),
    ],
)
def test_a_full_locked_failing_or_pulled_stick_is_what_is_spoken_of_and_not_the_laptop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int, kind: type[PosyanduError], sentence: str
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "old.posyandu").write_bytes(b"kept")

    def refuse(_handle: int) -> None:
        if not error:
            shutil.rmtree(stick)
            return
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr("posyandu.storage.files.os.fsync", refuse)
    with pytest.raises(kind, match=sentence) as caught:
        write_checked(stick / "kirim.posyandu", b"A")
    assert "laptop" not in str(caught.value)
    assert not stick.exists() or [each.name for each in stick.iterdir()] == ["old.posyandu"]
