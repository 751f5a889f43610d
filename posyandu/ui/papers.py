"""Papers made beside the window: kept among the documents or put on a printer, and what is said of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from posyandu.text import _
from posyandu.ui import errors, files
from posyandu.ui.desk import Desk
from posyandu.ui.widgets.pages_view import image_of

Say = Callable[[str], object]


def save(
    desk: Desk,
    name: str,
    write: Callable[[Any, Path], object],
    *,
    owner: QWidget | None = None,
    said: Say | None = None,
    then: Callable[[Path], object] | None = None,
) -> None:
    """Have `write(ws, path)` make a PDF of this name, and tell where it is or why not: in a toast, and by `said`.

    With `then(path)` nothing is told of what was made but what it tells.
    """

    def work(ws: Any) -> Path:  # noqa: ANN401 - services.workspace.Workspace
        path = files.folder() / f"{files.safe_name(name)}.pdf"
        write(ws, path)
        return path

    def done(path: Path) -> None:
        if said is not None:
            said(_("Tersimpan: {name}").format(name=path.name))
        desk.toast(_("{name} tersimpan").format(name=path.name), _("Buka"), lambda: files.show(path))

    desk.run(work, then or done, lambda error: (said or desk.toast)(errors.sentence(error)), owner=owner or desk)


def put_on_paper(
    desk: Desk,
    host: QWidget,
    title: str,
    make: Callable[[Any], bytes],
    *,
    said: Say | None = None,
    without: Callable[[], object] | None = None,
) -> None:
    """Ask for a printer and print what `make(ws)` gives as PDF; `without` is done where there is no printer.

    Pages are made, drawn and handed to the printer on the worker: Qt lets a printer be painted on from any thread.
    """
    from posyandu.services import reporting

    tell = said or desk.toast
    try:
        printer = files.ask_printer(host, title)
    except OSError as error:
        if without is not None:
            without()
        else:
            tell(str(error) + " " + _("Simpan PDF, lalu cetak dari laptop lain."))
        return
    if printer is not None:
        tell(_("Menyiapkan cetakan…"))
        desk.run(
            lambda ws: files.paint(printer, [image_of(page) for page in reporting.page_images(make(ws), files.DPI)]),
            lambda _none: tell(_("{title} dikirim ke printer").format(title=title)),
            lambda error: tell(errors.sentence(error)),
            owner=host,
        )
