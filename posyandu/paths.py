"""Where files are: the app's resources, frozen or not, and the user's folders."""

import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

XDG = {
    "data": ("XDG_DATA_HOME", ".local/share", ""),
    "config": ("XDG_CONFIG_HOME", ".config", ""),
    "log": ("XDG_STATE_HOME", ".local/state", "log"),
}
"""Where Linux keeps things, as platformdirs says too: asked here, so that the first window does not wait for it."""


def resources() -> Path:
    """The folder of read-only files shipped with the app: beside the code, or where an installed wheel has put it."""
    beside = Path(getattr(sys, "_MEIPASS", None) or Path(__file__).parent.parent) / "resources"
    return beside if (beside / "growth").is_dir() else _installed()


@cache
def _installed() -> Path:
    """Raises FileNotFoundError where neither checkout nor wheel has them."""
    from importlib.metadata import PackageNotFoundError, files

    with suppress(PackageNotFoundError):
        for file in files("posyandu") or ():
            if file.match("share/posyandu/resources/growth/who.growth"):
                return Path(str(file.locate())).resolve().parent.parent
    raise FileNotFoundError("the resources of posyandu are missing; install it anew")


def data() -> Path:
    """The folder that holds the real book; POSYANDU_HOME moves everything (tests, practice, USB)."""
    return _home("data") or _standard("data")


def config() -> Path:
    """The folder of this laptop's own secret, kept apart from the book so that a copied book lacks it."""
    return _home("config") or _standard("config")


def documents() -> Path:
    """Where PDFs and exports are offered to be saved first."""
    return _home("dokumen") or _documents()


def logs() -> Path:
    """The folder of the rotating log and error reports; never holds personal data."""
    return _home("log") or _standard("log")


def _standard(kind: str) -> Path:
    if sys.platform == "linux":
        variable, below, more = XDG[kind]
        root = os.environ.get(variable, "").strip()
        return (Path(root) if root else Path.home() / below) / "Posyandu" / more
    import platformdirs

    ask = {"data": platformdirs.user_data_dir, "config": platformdirs.user_config_dir, "log": platformdirs.user_log_dir}
    return Path(ask[kind]("Posyandu", appauthor=False))


def _documents() -> Path:
    import platformdirs

    return Path(platformdirs.user_documents_dir())


def _home(part: str) -> Path | None:
    home = os.environ.get("POSYANDU_HOME")
    return Path(home) / part if home else None
