"""A copy counts when it was read again whole; whatever goes wrong, the older copies and the book stay as they are."""

import errno
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posyandu.domain.change import Op
from posyandu.domain.errors import BadInput, DamagedDatabase, DiskFull, PosyanduError
from posyandu.storage import backup, database, engine, journal, settings
from posyandu.storage.engine import Database, rows

KEY = bytes(range(32))
NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
BOOK = "5f0b9c0c8a9e"


def save(db: Database, *records: str) -> None:
    ops = [Op("melati", "person", each, 1, 1, (), {"name": each.title()}, "sari", 5, 1, "0" * 16) for each in records]
    journal.apply(db, [(op, "laptop-a") for op in ops])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encrypted book with two persons and three saves, one of them withdrawn."""
    path = tmp_path_factory.mktemp("asli") / "buku.db"
    db = database.open_database(path, KEY)
    settings.put(db, "book", BOOK)
    save(db, "nur", "ali")
    (born, _device) = journal.ops_of(db, "ali")[0]
    gone = Op("melati", "person", "ali", 1, 2, (born.head,), {"withdrawn": True}, "sari", 6, 1, "1" * 16)
    journal.apply(db, [(gone, "laptop-a")])
    db.close()
    return path


class Place:
    """A book with its key file, and a stick."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.path, self.keys, self.stick = folder / "buku.db", folder / "kunci.json", folder / "flashdisk"
        shutil.copyfile(template, self.path)
        self.keys.write_text('{"v": 1}')
        self.stick.mkdir()
        self.db = database.open_database(self.path, KEY)

    def copy(self, at: datetime = NOON, keep: int = 3) -> backup.Copy:
        """What `write_copy` gives."""
        return backup.write_copy(self.db, self.keys, self.stick, at, keep=keep)

    def names(self) -> list[str]:
        """What lies on the stick."""
        return sorted(path.name for path in self.stick.iterdir())


@pytest.fixture
def place(tmp_path: Path, template: Path) -> Place:
    return Place(tmp_path, template)


def test_a_copy_is_named_by_its_book_and_moment_and_says_what_is_in_it(place: Place) -> None:
    done = place.copy()
    assert done == backup.Copy(place.stick / "buku-5f0b9c-2026-11-12-120000.posyandu", persons=1, saves=3)
    assert place.names() == ["buku-5f0b9c-2026-11-12-120000.kunci.json", "buku-5f0b9c-2026-11-12-120000.posyandu"]
    assert backup.key_file_of(done.path).read_text() == '{"v": 1}'
    assert backup.verify(done.path, KEY) == done


def test_a_copy_is_as_unreadable_as_the_book(place: Place) -> None:
    content = place.copy().path.read_bytes()
    for told in (b"melati", b"CREATE TABLE", b"laptop-a"):  # long enough that chance does not write them
        assert told not in content
    assert not content.startswith(b"SQLite format 3")
    with pytest.raises(DamagedDatabase):
        backup.verify(place.copy(NOON + timedelta(seconds=1)).path, bytes(32))


def test_the_last_copies_of_a_book_are_kept_and_those_of_others_left_alone(place: Place) -> None:
    foreign = place.stick / "buku-aaaaaa-2020-01-01-000000.posyandu"
    foreign.write_bytes(b"another book")
    for hour in range(5):
        place.copy(NOON + timedelta(hours=hour), keep=2)
    kept = [path.name for path in backup.copies(place.stick)]
    assert kept == ["buku-5f0b9c-2026-11-12-160000.posyandu", "buku-5f0b9c-2026-11-12-150000.posyandu", foreign.name]
    assert len([name for name in place.names() if name.endswith(".kunci.json")]) == 2


def test_copies_are_listed_newest_first_whichever_book_they_are_of(place: Place) -> None:
    for name in ("buku-b-2026-01-01-000000", "buku-a-2026-02-01-000000", "buku-c-2025-01-01-000000", "lain"):
        (place.stick / f"{name}.posyandu").touch()
    (place.stick / "buku-d-2026-03-01-000000.posyandu.belum").touch()
    assert [path.name.split("-")[1] for path in backup.copies(place.stick)] == ["a", "b", "c"]
    assert backup.copies(place.stick / "none") == []


def test_a_stick_that_was_taken_out_is_said_before_anything_is_written(place: Place) -> None:
    place.stick.rmdir()
    with pytest.raises(BadInput, match=r"Tempat cadangan tidak ditemukan\. Pasang flashdisk itu"):
        place.copy()
    place.stick.write_bytes(b"a file where a folder was")
    with pytest.raises(BadInput, match="tidak ditemukan"):
        place.copy()


@pytest.mark.parametrize(
    ("code", "kind", "sentence"),
    [
        (errno.ENOSPC, DiskFull, r"Tempat cadangan penuh\. Kosongkan ruang atau pakai flashdisk lain\."),
        (errno.EIO, BadInput, r"Salinan tidak dapat ditulis di tempat itu\. Periksa flashdisk"),
        (errno.EROFS, BadInput, r"Salinan tidak dapat ditulis di tempat itu"),
        (errno.EACCES, BadInput, r"Salinan tidak dapat ditulis di tempat itu"),
    ],
)
def test_a_stick_that_takes_nothing_is_said_and_the_copy_before_stays(
    place: Place, monkeypatch: pytest.MonkeyPatch, code: int, kind: type[PosyanduError], sentence: str
) -> None:
    place.copy()
    before = place.names()

    def fails(_handle: int) -> None:
        raise OSError(code, "x")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fails)
        with pytest.raises(kind, match=sentence):
            place.copy(NOON + timedelta(hours=1))
    assert place.names() == before
    assert place.copy(NOON + timedelta(hours=2)).saves == 3


def test_a_copy_with_fewer_saves_than_the_book_is_none(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "verify", lambda path, _key: backup.Copy(path, 1, 2))
    with pytest.raises(DamagedDatabase, match=r"Salinan tidak lengkap\. Coba lagi di tempat lain\."):
        place.copy()
    assert place.names() == []


def test_what_an_interrupted_copy_left_is_written_over(place: Place) -> None:
    (place.stick / "buku-5f0b9c-2026-11-12-120000.posyandu.belum").write_bytes(b"half")
    place.copy()
    assert not [name for name in place.names() if name.endswith(".belum")]


Damage = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content[:5000] + bytes([content[5000] ^ 1]) + content[5001:],
        lambda content: content[:-4096] + bytes(4096),
        lambda content: b"PK\3\4" + content,
    ],
    ids=["empty", "half", "one bit", "last page", "another file"],
)
def test_a_copy_with_any_damage_is_not_taken_for_a_copy(place: Place, damage: Damage) -> None:
    path = place.copy().path
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DamagedDatabase, match="cadangan|tidak dapat dibaca utuh"):
        backup.verify(path, KEY)


def test_a_copy_comes_back_whole(place: Place, tmp_path: Path) -> None:
    copy, target = place.copy().path, tmp_path / "pulih.db"
    target.write_bytes(b"what stood there before")
    backup.bring_back(copy, target)
    assert target.read_bytes() == copy.read_bytes()
    assert not target.with_name("pulih.db.belum").exists()
    db = database.open_database(target, KEY)
    assert rows(db, "SELECT id FROM person WHERE withdrawn = 0") == [("nur",)]
    assert journal.rows_equal_replay(db)
    db.close()


def test_a_copy_that_cannot_be_brought_back_leaves_what_stood_there(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, target = place.copy().path, tmp_path / "pulih.db"
    target.write_bytes(b"the book before")
    with pytest.raises(BadInput, match="tidak dapat ditulis di tempat itu"):
        backup.bring_back(place.stick / "none.posyandu", target)

    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "x")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(DiskFull, match="Tempat cadangan penuh"):
        backup.bring_back(copy, target)
    assert target.read_bytes() == b"the book before"


def test_a_stick_pulled_while_it_is_cleared_up_is_no_second_trouble(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_path: Path, *, missing_ok: bool = False) -> None:
        raise OSError(errno.EIO, "x")

    monkeypatch.setattr(Path, "unlink", gone)
    with pytest.raises(BadInput, match="tidak dapat ditulis di tempat itu"):
        place.copy()


def test_a_book_that_is_written_to_meanwhile_is_copied_as_it_was_at_one_moment(place: Place) -> None:
    other = engine.sibling(place.db)
    done = place.copy()
    save(other, "sri")
    assert done.saves == 3
    assert place.copy(NOON + timedelta(hours=1)).saves == 4
    other.close()
