"""What the project needs of others, by what its pyproject asks and what is installed here says of itself."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
WITH_PYTHON = {"pip", "setuptools"}


def tidy(name: str) -> str:
    """The one spelling of a package's name."""
    return re.sub("[-_.]+", "-", name).lower()


def needed(*extras: str) -> dict[str, list[Requirement]]:
    """Every package that the project needs on this machine, with these extras, and each range it is asked in."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting = [Requirement(text) for text in asked["dependencies"]]
    waiting += [Requirement(text) for extra in extras for text in asked["optional-dependencies"][extra]]
    found: dict[str, list[Requirement]] = {}
    while waiting:
        each = waiting.pop()
        name = tidy(each.name)
        if name in WITH_PYTHON | {"posyandu"} or (each.marker and not each.marker.evaluate({"extra": ""})):
            continue
        if name not in found:
            waiting += _asked_by(each)
        found.setdefault(name, []).append(each)
    return found


def _asked_by(package: Requirement) -> Iterator[Requirement]:
    for text in requires(package.name) or ():
        each = Requirement(text)
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in {"", *package.extras}):
            each.marker = None
            yield each
