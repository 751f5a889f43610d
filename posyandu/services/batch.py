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
from posyandu.services import leaving, levels, reporting, sheets
from posyandu.services.levels import Level
from posyandu.services.posts import Post
from posyandu.services.report_data import gather_sheet
from posyandu.services.workspace import Workspace
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

    return pdf.bundle_pdf(monthly(data.report), sheets.of_data(data) if made is None else made, paper, mono=mono)


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
    total, paths, kept = len(posts) + (whole is not None), [], []
    for number, post in enumerate(posts):
        if progress is not None:
            progress(number, total, post.name)
        data = gather_sheet(ws, post.id, month)
        name = _file_name(f"{post.village} {post.name} {month}")
        made = sheets.of_post(ws, post.id, data)
        content = bundle(data, paper, mono=mono, made=made)
        paths.append(leaving.hand_out(ws, leaving.REPORT, folder / f"{name}.pdf", content, scope=post.id))
        if whole is not None:
            kept.append(levels.placed(post.name, data))
    if whole is not None:
        if progress is not None:
            progress(len(posts), total, whole.title)
        name = _file_name(_("{name} semua {month}").format(name=whole.title, month=month))
        content = bundle(levels.together(whole, kept), paper, mono=mono)
        paths.append(leaving.hand_out(ws, leaving.REPORT, folder / f"{name}.pdf", content))
    return Batch(folder, tuple(paths))


def _file_name(words: str) -> str:
    """A name any file system takes."""
    return " ".join(re.sub(r"[^\w\- ]+", " ", words).split())
