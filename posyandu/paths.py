"""Where files are: the app's resources, frozen or not, and the user's folders."""

import os
import sys
from pathlib import Path

import platformdirs


def resources() -> Path:
    """The folder of read-only files shipped with the app."""
    frozen: str | None = getattr(sys, "_MEIPASS", None)
    return Path(frozen) / "resources" if frozen else Path(__file__).parent.parent / "resources"


def data() -> Path:
    """The folder that holds the real book; POSYANDU_HOME moves everything (tests, practice, USB)."""
    return _home("data") or Path(platformdirs.user_data_dir("Posyandu", appauthor=False))


def config() -> Path:
    """The folder of this laptop's own secret, kept apart from the book so that a copied book lacks it."""
    return _home("config") or Path(platformdirs.user_config_dir("Posyandu", appauthor=False))


def documents() -> Path:
    """Where PDFs and exports are offered to be saved first."""
    return _home("dokumen") or Path(platformdirs.user_documents_dir())


def logs() -> Path:
    """The folder of the rotating log and error reports; never holds personal data."""
    return _home("log") or Path(platformdirs.user_log_dir("Posyandu", appauthor=False))


def _home(part: str) -> Path | None:
    home = os.environ.get("POSYANDU_HOME")
    return Path(home) / part if home else None
