"""Texts for people: written in Indonesian where they are used, translated here.

`_("Simpan")` gives the text in the chosen language; `N_("Simpan")` only marks it, for tables of data that are
translated when shown. The source language is Indonesian; `resources/locale/en.json` holds the English.

Where one Indonesian text has two English ones, what is meant stands before a bar: `_("tubuh|Tinggi")` is "Tall",
`_("Tinggi")` is "High". The part before the bar is never shown.
"""

from collections.abc import Callable, Mapping

_catalogue: dict[str, str] = {}


def _nobody(_name: str) -> str:
    return "…"


class _Places(dict[str, str]):
    """What the places of texts are filled with, worked out when asked; while no book is open nobody knows."""

    filled_by: Callable[[str], str] = staticmethod(_nobody)

    def __missing__(self, name: str) -> str:
        return type(self).filled_by(name)


def use_places(filled_by: Callable[[str], str]) -> None:
    """From now on `placed` fills "{kek_cm}" with `filled_by("kek_cm")`: the numbers of the rules in force."""
    _Places.filled_by = staticmethod(filled_by)


def placed(text: str) -> str:
    """The text in the chosen language, its places filled; "…" while no book is open."""
    return with_places(_(text))


def with_places(words: str) -> str:
    """The same of words that need no translation."""
    return words.format_map(_Places()) if "{" in words else words


def use_catalogue(catalogue: Mapping[str, str]) -> None:
    """Translate by this mapping from Indonesian from now on; an empty one is Indonesian itself."""
    _catalogue.clear()
    _catalogue.update(catalogue)


def _(text: str) -> str:
    """The text in the chosen language; where no translation exists, the text itself from its bar on."""
    return _catalogue[text] if text in _catalogue else text.rpartition("|")[2]


def figure(plain: str) -> str:
    """A number written "-0.6", in the signs of the chosen language: "−0,6" in Indonesian."""
    return plain.replace(".", _("angka|,")).replace("-", "\N{MINUS SIGN}")


def count(number: int) -> str:
    """A whole number with its thousands parted: "17.290" in Indonesian, "17,290" in English."""
    return f"{number:,}".replace(",", _("ribuan|.")).replace("-", "\N{MINUS SIGN}")


def N_(text: str) -> str:  # noqa: N802 - the name gettext made customary
    """Mark a text for translation and give it back unchanged."""
    return text
