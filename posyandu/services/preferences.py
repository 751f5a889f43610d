"""What this laptop's users chose about looks and habits: a small JSON file beside the laptop's secret, never synced."""

import json
from pathlib import Path
from typing import NamedTuple

from posyandu import paths
from posyandu.storage.files import private_folder, write_whole

_CHOICES: dict[str, tuple[object, ...]] = {
    "language": ("id", "en"),
    "theme": ("system", "light", "dark"),
    "text_scale": (1.0, 1.15, 1.3),
    "kms_style": ("new", "old"),
    "idle_minutes": (1, 3, 5, 10, 15, 30),
    "paper": ("A4", "F4"),
    "slip_paper": ("A4", "A5"),
}


class Preferences(NamedTuple):
    """The choices: closed lists where there is one.

    `kms_style`: the card of 2020 and later or the coloured one of 2010; `backup_folder`: where the day's copy goes,
    "" for the folder beside the books; `last_member`: whom the lock screen offers first; `mono`: print in greys;
    `send_by_itself`: send whenever there is a network, not only when asked to;
    `slip_paper`: the referral slip and its answer as halves of one A4 or as two pages of A5;
    `touch`: fingers press the screen, so whatever is pressed is larger.
    """

    language: str = "id"
    theme: str = "system"
    text_scale: float = 1.0
    kms_style: str = "new"
    idle_minutes: int = 5
    paper: str = "A4"
    slip_paper: str = "A4"
    backup_folder: str = ""
    last_member: str = ""
    mono: bool = False
    send_by_itself: bool = True
    touch: bool = False


def load() -> Preferences:
    """The choices of this laptop; whatever is missing or makes no sense in the file is as if never chosen."""
    try:
        kept = json.loads(_file().read_bytes())
    except (OSError, ValueError):
        return Preferences()
    if not isinstance(kept, dict):
        return Preferences()
    sound = {
        name: kept[name]
        for name, default in Preferences()._asdict().items()
        if name in kept and type(kept[name]) is type(default) and kept[name] in _CHOICES.get(name, (kept[name],))
    }
    return Preferences(**sound)


def save(preferences: Preferences) -> None:
    """Keep the choices. Raises DiskFull."""
    private_folder(_file().parent)
    write_whole(_file(), json.dumps(preferences._asdict(), indent=1).encode())


def _file() -> Path:
    return paths.config() / "pilihan.json"
