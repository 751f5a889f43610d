"""Everything a puskesmas prints of a month in one go: a bundle for each post and one for the whole, with progress.

A file stands whole or not at all, so a batch that was stopped leaves the bundles finished so far and nothing else.
Asked for again that day, by this run of the program or the next, it goes on from there: a file that still is as it was
made, from a book in which nothing was saved since, is not made a second time.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from posyandu import __version__
from posyandu.domain.calendar import Month
from posyandu.domain.forms.social import SEALED_ACCESS
from posyandu.reports.counts import SheetData
from posyandu.reports.monthly import monthly
from posyandu.reports.sheet import Sheet
from posyandu.services import leaving, levels, reporting, sheets, signers
from posyandu.services.levels import Level
from posyandu.services.posts import Post
from posyandu.services.report_data import gather_sheet
from posyandu.services.workspace import Workspace
from posyandu.storage import settings, stamps
from posyandu.storage.engine import read_once
from posyandu.text import _

Report = Callable[[int, int, str], object]


@dataclass(frozen=True)
class Batch:
    """The files, by post, the one of the whole last; `kept` of them stood already and were left as they are."""

    folder: Path
    paths: tuple[Path, ...]
    kept: int = 0


def bundle(
    data: SheetData,
    paper: reporting.PaperName = "A4",
    *,
    mono: bool = False,
    made: Sequence[Sheet] | None = None,
) -> bytes:
    """The monthly report and every official sheet of these rows as one PDF; the same rows give the same bytes.

    `made` are the sheets when they were made before.
    """
    from posyandu.reports import pdf

    document = pdf.bundle(monthly(data.report), sheets.of_data(data) if made is None else made, paper, mono=mono)
    del data  # of a puskesmas a hundred megabytes, and the pages are drawn
    return document.to_bytes()


def write(
    ws: Workspace,
    posts: Sequence[Post],
    month: Month,
    folder: Path,
    paper: reporting.PaperName = "A4",
    *,
    mono: bool = False,
    whole: Level | None = None,
    progress: Report | None = None,
) -> Batch:
    """Write the bundle of each post, then of the `whole` level, into a folder, made when missing.

    `progress` hears of each before it is made and may stop the batch by raising. What a batch before wrote and nothing
    changed since is left as it is, and not noted as handed out again. Raises DiskFull, BadInput.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with read_once(ws.db):
        return _written(ws, posts, month, folder, paper, mono, whole, progress)


def _written(
    ws: Workspace,
    posts: Sequence[Post],
    month: Month,
    folder: Path,
    paper: reporting.PaperName,
    mono: bool,
    whole: Level | None,
    progress: Report | None,
) -> Batch:
    names = [f"{post.village} {post.name} {month}" for post in posts]
    if whole is not None:
        names.append(_("{name} semua {month}").format(name=whole.title, month=month))
    paths: list[Path] = []
    for name in names:
        paths.append(_free(folder / f"{_file_name(name)}.pdf", paths))
    before, kept, packed = _Before(ws, month, paper, mono), 0, []
    signing = () if whole is None else signers.chosen(ws, whole.code)
    is_packed = whole is not None and not before.stands(paths[-1], whole, *posts, *signing)
    for number, post in enumerate(posts):
        if progress is not None:
            progress(number, len(names), post.name)
        stands = before.stands(paths[number], post)
        kept += stands
        if stands and not is_packed:
            continue
        data = gather_sheet(ws, post.id, month)
        if not stands:
            made = bundle(data, paper, mono=mono, made=sheets.of_post(ws, post.id, data))
            leaving.hand_out(ws, leaving.REPORT, paths[number], made, names[number], scope=post.id)
            before.remember(paths[number], made, post)
        if is_packed:
            packed.append(levels.packed(post.name, data))
        del data
    if whole is not None:
        if progress is not None:
            progress(len(posts), len(names), whole.title)
        if is_packed:
            made = bundle(levels.together(whole, packed, signing), paper, mono=mono)
            leaving.hand_out(ws, leaving.REPORT, paths[-1], made, names[-1], scope="")
            before.remember(paths[-1], made, whole, *posts, *signing)
        else:
            kept += 1
    return Batch(folder, tuple(paths), kept)


MOST_REMEMBERED = 500
_PRINTED = "printed"
"""The setting of the book that says of each file written last under its path: of what, where the book stood before it
was read, and the content's SHA-256.
"""


class _Before:
    """What earlier batches wrote, as one batch asks for it. The notes of what left the book change none of it."""

    def __init__(self, ws: Workspace, *asked: object) -> None:
        self._db = ws.db
        self._asked = (__version__, ws.posyandu_id, ws.today(), _("Laporan bulanan Posyandu"), *asked)
        self._mark = stamps.mark(ws.db, SEALED_ACCESS.name)
        self._still: dict[stamps.Mark, bool] = {}
        self._made: dict[str, list[Any]] = settings.get(ws.db, _PRINTED) or {}

    def stands(self, path: Path, *about: object) -> bool:
        """Whether the file is there as it was made, and would be made the same again."""
        made = self._made.get(str(path.absolute()))
        if made is None:
            return False
        of, digest, mark = made
        if of != self._of(*about) or not self._is_still(stamps.Mark(*mark)):
            return False
        try:
            return bool(hashlib.sha256(path.read_bytes()).hexdigest() == digest)
        except OSError:
            return False

    def _of(self, *about: object) -> str:
        return hashlib.sha256(repr((self._asked, about)).encode()).hexdigest()

    def _is_still(self, mark: stamps.Mark) -> bool:
        if mark not in self._still:
            self._still[mark] = stamps.is_still(self._db, mark, SEALED_ACCESS.name)
        return self._still[mark]

    def remember(self, path: Path, content: bytes, *about: object) -> None:
        """The file was written just now."""
        name, digest = str(path.absolute()), hashlib.sha256(content).hexdigest()
        self._made.pop(name, None)
        self._made[name] = [self._of(*about), digest, astuple(self._mark)]
        while len(self._made) > MOST_REMEMBERED:
            del self._made[next(iter(self._made))]
        settings.put(self._db, _PRINTED, self._made)


def _free(path: Path, taken: Sequence[Path]) -> Path:
    """The path, or with a number behind: two villages of one name may have posts of one name."""
    number, free, known = 1, path, {each.name.casefold() for each in taken}
    while free.name.casefold() in known:
        number += 1
        free = path.with_stem(f"{path.stem} ({number})")
    return free


def _file_name(words: str) -> str:
    """A name any file system takes."""
    return " ".join(re.sub(r"[^\w\- ]+", " ", words).split())
