"""What goes wrong with the disk is said in a sentence; anything else stays the fault it is."""

import errno

import pytest

from posyandu.domain import errors

FULL = "Ruang simpan laptop habis. Kosongkan ruang, lalu simpan lagi."
REFUSED = "Laptop ini sedang tidak bisa menulis ke diska. Yang sudah tersimpan tetap ada; panggil petugas."


@pytest.mark.parametrize(
    ("number", "kind", "sentence"),
    [
        (errno.ENOSPC, errors.DiskFull, FULL),
        (errno.EDQUOT, errors.DiskFull, FULL),
        (errno.EROFS, errors.NotWritable, REFUSED),
        (errno.EIO, errors.NotWritable, REFUSED),
    ],
)
def test_a_disk_that_takes_nothing_is_told_in_a_sentence(number: int, kind: type[Exception], sentence: str) -> None:
    said = errors.of_the_disk(OSError(number, "sistem"))
    assert type(said) is kind
    assert str(said) == sentence
    with pytest.raises(kind, match=r"^" + sentence[:20]) as caught, errors.disk_errors_as_sentences():
        raise OSError(number, "sistem")
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.EPIPE, errno.EINTR])
def test_other_errors_of_the_system_stay_what_they_are(number: int) -> None:
    assert errors.of_the_disk(OSError(number, "sistem")) is None
    told = OSError(number, "sistem")
    with pytest.raises(OSError, match="sistem") as caught, errors.disk_errors_as_sentences():
        raise told
    assert caught.value is told


def test_an_error_of_the_system_without_a_number_is_no_sentence_about_the_disk() -> None:
    assert errors.of_the_disk(OSError("tanpa nomor")) is None


def test_nothing_happens_to_what_goes_well_or_is_no_error_of_the_system() -> None:
    with errors.disk_errors_as_sentences():
        done = 1 + 1
    assert done == 2
    with pytest.raises(ZeroDivisionError), errors.disk_errors_as_sentences():
        _ = 1 // 0


def test_a_wrong_pin_says_how_often_and_how_long() -> None:
    wrong = errors.WrongPin("PIN salah.", tries_left=3, wait_seconds=30)
    assert (str(wrong), wrong.tries_left, wrong.wait_seconds) == ("PIN salah.", 3, 30)


def test_whoever_catches_the_family_catches_its_members() -> None:
    parents = {
        errors.WrongPin: errors.Locked,
        errors.SlotDisabled: errors.Locked,
        errors.WrongRecoveryKey: errors.Locked,
        errors.Refused: errors.ServerTrouble,
    }
    assert all(issubclass(kind, parent) for kind, parent in parents.items())
    told = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert all(issubclass(kind, errors.PosyanduError) for kind in told)
    assert not issubclass(errors.Offline, errors.ServerTrouble), "no way to the server is no trouble of the server"
