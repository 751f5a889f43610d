"""Files on a stick: written beside, flushed, renamed and read back: what stands there under its name is whole."""

from pathlib import Path

from posyandu.domain.errors import BadInput, DiskFull, NotWritable
from posyandu.storage.files import write_whole
from posyandu.text import _


def write_checked(target: Path, content: bytes) -> None:
    """Write a file and prove that it can be read again.

    Raises BadInput (no such folder, stick pulled, locked or failing) and DiskFull, both about the place written to: it
    is rarely the laptop's own disk.
    """
    try:
        write_whole(target, content)
        same = target.read_bytes() == content
    except DiskFull as error:
        raise DiskFull(_("Tempat itu penuh. Kosongkan ruang atau pakai flashdisk lain.")) from error
    except (OSError, NotWritable) as error:
        raise BadInput(_("Tidak dapat menulis ke sana. Periksa flashdisk, lalu simpan lagi.")) from error
    if not same:
        raise BadInput(_("Berkas di flashdisk tidak sama dengan yang ditulis. Pakai flashdisk lain."))
