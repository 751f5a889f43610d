"""A new or replacement laptop works the same day without a network: it asks with a file and is filled by a file.

The officer's server, or another laptop of the village, makes the seed; whoever finds it can read nothing in it. What
comes in is checked like any sync, and the next sync goes on where the seed ends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from posyandu.domain.errors import BadInput
from posyandu.services import posts
from posyandu.services.workspace import Workspace
from posyandu.storage import settings
from posyandu.sync import client, seeding
from posyandu.sync.sealed import SUFFIX, read_bounded
from posyandu.sync.seed import MAX_SEED, REQUEST_SUFFIX, read_wish
from posyandu.sync.stick import write_checked
from posyandu.text import _, count

GOOD_FOR = timedelta(days=30)
"""An older seed says too little of what has happened since; the server makes a new one in seconds."""


@dataclass(frozen=True)
class Filled:
    """How many saves and posts a seed brought, and the sentence to show."""

    saves: int
    posts: int
    sentence: str


def ask(ws: Workspace, folder: Path, code: str) -> Path:
    """Write the request for a seed with the code the officer gave. Raises BadInput, DiskFull."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    if len(letters) != 16 or not letters[:4].isdecimal():
        raise BadInput(_("Kode pendaftaran terdiri dari 16 huruf dan angka, misalnya 5203-ABCD-EFGH-JKLM."))
    path = folder / f"permintaan-{ws.device[:4]}{REQUEST_SUFFIX}"
    write_checked(path, seeding.ask(ws.db, code.strip().upper(), ws.worker.name))
    return path


def fill(ws: Workspace, source: Path, progress: Callable[[int, int, str], None] | None = None) -> Filled:
    """Take in a seed. Broken off, it may be read again.

    Raises BadInput when it is torn, damaged, for another laptop, too old, or of the other kind of book; ServerTrouble
    when what is in it is not signed by whom it says. Then nothing was changed.
    """
    seed, replies = seeding.open_seed(ws.db, read_bounded(source, MAX_SEED))
    age = ws.now() - datetime.fromtimestamp(seed.at_ms / 1000, UTC)
    if age > GOOD_FOR and ws.clock_quality():
        raise BadInput(_("Berkas ini dibuat {n} hari yang lalu. Minta yang baru.").format(n=count(age.days)))
    client.refuse_mixing(seed.practice, ws.practice)
    new = 0
    for number, saves in enumerate(seeding.take_seed(ws.db, seed, replies, int(ws.now().timestamp() * 1000)), 1):
        new += saves
        if progress is not None:
            progress(number, len(replies), _("{n} simpanan").format(n=count(new)))
    settings.put(ws.db, "seed_code", None)
    posts.keep_those_that_came(ws)
    found = posts.posts(ws)
    if found and ws.posyandu_id not in {post.id for post in found}:
        ws.posyandu_id = found[0].id
    sentence = _("{n} simpanan dari {posts} Posyandu masuk. Laptop ini siap dipakai.")
    return Filled(new, len(found), sentence.format(n=count(new), posts=count(len(found))))


def make(ws: Workspace, request: Path, folder: Path) -> Path:
    """Write a seed for the laptop that wrote this request, from all this laptop holds. Raises BadInput, DiskFull."""
    wish = read_wish(read_bounded(request))
    now = int(ws.now().timestamp() * 1000)
    client.seal_all(ws.db, now)
    path = folder / f"benih-{wish.device[:4]}{SUFFIX}"
    write_checked(path, seeding.make_seed(ws.db, wish, practice=ws.practice, at_ms=now))
    return path
