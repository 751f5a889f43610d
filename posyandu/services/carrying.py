"""Send and receive without a network: files on a stick or as an attachment, to the server or to another laptop.

A file can be made, lost, copied and read any number of times; what is confirmed comes only from the server's return.
"""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from posyandu.domain.errors import BadInput
from posyandu.domain.forms import FORMS
from posyandu.services import conflicts, posts, synchronise
from posyandu.services.synchronise import SyncOutcome
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox, records, settings
from posyandu.storage.outbox import Companion, Round
from posyandu.sync import client
from posyandu.sync.sealed import FROM_SERVER, SUFFIX, TO_LAPTOP, open_file, read_bounded
from posyandu.sync.stick import write_checked
from posyandu.text import _, count


@dataclass(frozen=True)
class Saved:
    """The files written, how many saves are in them, and the sentence to show."""

    paths: tuple[Path, ...]
    saves: int
    sentence: str


@dataclass(frozen=True)
class Laptop:
    """Another laptop that files can be made for."""

    device: str
    name: str


def laptops(ws: Workspace) -> list[Laptop]:
    """The laptops of the same posts that the server has vouched for, named after the kader who last wrote there."""
    found = []
    kader = records.load_many(ws.db, FORMS["worker"], withdrawn=True)
    for each in outbox.companions(ws.db, ws.device):
        known = [row for row in kader if row.answers["name"] and each.author == row.id]
        known += [row for row in reversed(kader) if row.answers["name"] and each.device == row.device]
        words = _("Laptop {name}").format(name=known[0].answers["name"]) if known else _("Laptop lain")
        found.append(Laptop(each.device, words))
    names = Counter(each.name for each in found)
    mark = _("{laptop}, tanda {mark}")  # as its files are named
    return [
        replace(each, name=mark.format(laptop=each.name, mark=each.device[:4].upper()))
        if names[each.name] > 1 or each.name == _("Laptop lain")
        else each
        for each in found
    ]


def save_for_server(ws: Workspace, folder: Path) -> Saved:
    """Write everything the server has not confirmed into files that only the server can open.

    Raises BadInput (not enrolled, no such folder), DiskFull. Nothing in the book changes but sealing.
    """
    server = _server(ws)
    client.seal_all(ws.db, int(ws.now().timestamp() * 1000))
    files = client.files_for_server(ws.db, server)
    saves = sum(each.saves for each in files)
    paths = _write(ws, folder, "untuk-server", files)
    if saves:
        sentence = _("{n} simpanan disimpan. Bawa berkasnya ke petugas, lalu baca berkas balasannya di sini.")
    else:
        sentence = _("Tidak ada yang belum aman; berkas ini meminta kabar terbaru. Bawa ke petugas.")
    return Saved(paths, saves, sentence.format(n=count(saves)))


def save_for_laptop(ws: Workspace, folder: Path, device: str) -> Saved:
    """Write what another laptop may lack of the shared posts into a file that only that laptop can open.

    Raises BadInput, DiskFull.
    """
    _server(ws)
    companion = _companion(ws, device)
    client.seal_all(ws.db, int(ws.now().timestamp() * 1000))
    carried = client.file_for_laptop(ws.db, companion)
    paths = _write(ws, folder, f"untuk-laptop-{device[:4]}", [carried])
    said = [_("{n} simpanan disimpan untuk laptop itu. Baca berkasnya di sana.").format(n=count(carried.saves))]
    if carried.left:
        said.append(_("{n} simpanan tidak muat; kirim lewat server.").format(n=count(carried.left)))
    names = [each.name for each in posts.posts(ws) if each.id in carried.without]
    if names:
        words = _("Tidak ikut: {posts}. Laptop itu belum pernah mengisi di desanya; kirim lewat server.")
        said.append(words.format(posts=", ".join(names[:4]) + (_(" dan lainnya") if len(names) > 4 else "")))
    return Saved(paths, carried.saves, " ".join(said))


def read(ws: Workspace, source: Path) -> SyncOutcome:
    """Read a file from the server or from another laptop.

    Raises BadInput with a sentence when it is torn, damaged, foreign or for someone else; ServerTrouble when the
    answers in it are not this server's. Then nothing was changed.
    """
    began = int(ws.now().timestamp() * 1000)
    server = _server(ws)
    file = read_bounded(source)
    secret = outbox.identity(ws.db, b"").secret
    if open_file(file, secret, [FROM_SERVER, TO_LAPTOP]).kind == FROM_SERVER:
        taken = client.take_return(ws.db, server, file)
        received, confirmed = taken.received, taken.confirmed
        sentence = _returned(ws, received, confirmed)
    else:
        received, confirmed = client.take_letter(ws.db, server, file), 0
        sentence = _("{n} simpanan baru diterima dari laptop lain.").format(n=count(received))
        if not received:
            sentence = _("Tidak ada yang baru di berkas ini.")
    state = synchronise.status(ws).state
    outcome = SyncOutcome(0, received, confirmed, 0, conflicts.number(ws), state, sentence)
    kept = "confirmed" if state == "confirmed" else "waiting"
    outbox.keep_round(ws.db, Round(began, 0, 0, received, confirmed, kept, sentence))
    return outcome


def _returned(ws: Workspace, received: int, confirmed: int) -> str:
    counts = outbox.counts(ws.db, ws.device)
    waiting = counts.here - counts.confirmed
    if not waiting:
        settings.put(ws.db, "synced_at", ws.now().isoformat())
    if not received and not confirmed:
        return _("Tidak ada yang baru di berkas ini.")
    if waiting:
        return _("{n} simpanan dipastikan aman, {left} belum. Simpan lagi ke flashdisk.").format(
            n=count(confirmed), left=count(waiting)
        )
    return _("{n} simpanan dipastikan aman, {got} diterima. Semua sudah aman di server.").format(
        n=count(confirmed), got=count(received)
    )


def _server(ws: Workspace) -> outbox.Server:
    server = outbox.server(ws.db)
    if server is None:
        raise BadInput(_("Laptop ini belum terhubung ke server. Daftarkan dulu, sekali saja."))
    client.refuse_mixing(server.trial, ws.practice)
    return server


def _companion(ws: Workspace, device: str) -> Companion:
    for each in outbox.companions(ws.db, ws.device):
        if each.device == device:
            return each
    raise BadInput(_("Laptop itu belum dikenal. Kirim lewat server dulu."))


def _write(ws: Workspace, folder: Path, what: str, files: list[client.Carried]) -> tuple[Path, ...]:
    """Write the files under names that say the day, the direction and the piece."""
    paths = []
    for number, each in enumerate(files, 1):
        piece = f"-{number}dari{len(files)}" if len(files) > 1 else ""
        path = folder / f"{ws.now():%Y-%m-%d-%H%M}-{ws.device[:4]}-{what}{piece}{SUFFIX}"
        write_checked(path, each.file)
        paths.append(path)
    return tuple(paths)
