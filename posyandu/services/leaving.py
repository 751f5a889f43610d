"""What leaves the book on paper or in files that anybody can read: noted in the access log, then written whole.

Noted first, so that nothing leaves unnoted; a file that then could not be written is noted once too often.
"""

from pathlib import Path

from posyandu.domain.errors import BadInput, DiskFull, NotWritable
from posyandu.services import access
from posyandu.services.workspace import Workspace
from posyandu.storage import files
from posyandu.text import _

REPORT, NAMES, PERSON, DATA = "report", "names", "printed", "exported_data"
"""What left: a report or register, a list of names, a paper of one person, data for another program."""


def note(ws: Workspace, what: str, title: str = "", *, about_id: str = "", scope: str = "") -> None:
    """Write down that something leaves now: what the printer gets and nobody saves as a file.

    `about_id` is the person a paper is about, `scope` the post otherwise (that at work) and `title` what the paper is
    called: report, place and month. A book without a post has nobody to tell. Raises NotFound for a person who is not
    in the book.
    """
    if about_id:
        access.note_on_person(ws, what, about_id)
    elif scope or ws.posyandu_id:
        access.note(ws, what, scope=scope, title=title)


def hand_out(
    ws: Workspace, what: str, path: Path, content: bytes, title: str = "", *, about_id: str = "", scope: str = ""
) -> Path:
    """Note what leaves, then write it, whole or not at all. Raises as `note` and `write`."""
    note(ws, what, title, about_id=about_id, scope=scope)
    return write(path, content)


def write(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all. Raises DiskFull, BadInput when the file cannot be replaced; both speak of the
    place written to, which may be a stick.
    """
    try:
        files.write_whole(path, content)
    except DiskFull as error:
        raise DiskFull(_("Tempat itu penuh. Kosongkan ruang atau pakai flashdisk lain.")) from error
    except NotWritable as error:
        raise BadInput(_("Tidak dapat menulis ke sana. Periksa flashdisk, lalu simpan lagi.")) from error
    except PermissionError as error:
        raise BadInput(
            _("Berkas {name} tidak dapat ditulis. Tutup dahulu bila sedang dibuka, atau pilih tempat lain.").format(
                name=path.name
            )
        ) from error
    return path
