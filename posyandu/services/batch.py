"""Everything a puskesmas prints of a month in one go: a bundle for each post and one for the whole, with progress.

A file stands whole or not at all, so a batch that was stopped leaves the bundles finished so far and nothing else.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from posyandu.domain.calendar import Month
from posyandu.reports.counts import SheetData
from posyandu.reports.monthly import monthly
from posyandu.reports.sheet import Sheet
from posyandu.services import leaving, levels, reporting, sheets, signers
from posyandu.services.levels import Level
from posyandu.services.posts import Post
from posyandu.services.report_data import gather_sheet
from posyandu.services.workspace import Workspace
from posyandu.storage.engine import read_once
from posyandu.text import _

Report = Callable[[int, int, str], object]


@dataclass(frozen=True)
class Batch:
    """The files written, by post, the one of the whole last."""

    folder: Path
    paths: tuple[Path, ...]


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

    `progress` hears of each before it is made and may stop the batch by raising. Raises DiskFull, BadInput.
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
    total, kept = len(posts) + (whole is not None), []
    paths: list[Path] = []

    def hand_out(content: bytes, name: str, scope: str) -> None:
        path = _free(folder / f"{_file_name(name)}.pdf", paths)
        paths.append(leaving.hand_out(ws, leaving.REPORT, path, content, name, scope=scope))

    for number, post in enumerate(posts):
        if progress is not None:
            progress(number, total, post.name)
        data = gather_sheet(ws, post.id, month)
        made = bundle(data, paper, mono=mono, made=sheets.of_post(ws, post.id, data))
        hand_out(made, f"{post.village} {post.name} {month}", post.id)
        if whole is not None:
            kept.append(levels.packed(post.name, data))
        del data
    if whole is not None:
        if progress is not None:
            progress(len(posts), total, whole.title)
        name = _("{name} semua {month}").format(name=whole.title, month=month)
        hand_out(bundle(levels.together(whole, kept, signers.chosen(ws, whole.code)), paper, mono=mono), name, "")
    return Batch(folder, tuple(paths))


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
