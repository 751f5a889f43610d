"""Texts for people: written in Indonesian where they are used, translated here.

`_("Simpan")` gives the text in the chosen language; `N_("Simpan")` only marks it, for tables of data that are
translated when shown. The source language is Indonesian; `resources/locale/en.json` holds the English.
"""

from collections.abc import Mapping

_catalogue: dict[str, str] = {}


def use_catalogue(catalogue: Mapping[str, str]) -> None:
    """Translate by this mapping from Indonesian from now on; an empty one is Indonesian itself."""
    _catalogue.clear()
    _catalogue.update(catalogue)


def _(text: str) -> str:
    """The text in the chosen language; the text itself where no translation exists."""
    return _catalogue.get(text, text)


def N_(text: str) -> str:  # noqa: N802 - the name gettext made customary
    """Mark a text for translation and give it back unchanged."""
    return text
