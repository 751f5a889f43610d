"""Build the application: letters, look and language."""

import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication

import posyandu
from posyandu import paths, text
from posyandu.ui import theme
from posyandu.ui.rubbish import Collector

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}

_installed: list[QTranslator] = []  # Qt does not keep them alive


class _QtWords(QTranslator):
    """Qt's own buttons and menus in Indonesian, which Qt does not ship."""

    def __init__(self) -> None:
        super().__init__()
        self._words: dict[str, str] | None = None

    def isEmpty(self) -> bool:
        """It has words."""
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        """The Indonesian word, or nothing to leave Qt's own."""
        if self._words is None:
            self._words = json.loads((paths.resources() / "locale" / "qt_id.json").read_text(encoding="utf-8"))
        return self._words.get(source)


def build_app(argv: Sequence[str], preferences: Any = None) -> QApplication:  # noqa: ANN401 - services.preferences
    """The QApplication, dressed as the preferences say (those saved on this laptop when None are given).

    Raises RuntimeError when the letters are missing.
    """
    if preferences is None:
        from posyandu.services import preferences as saved

        preferences = saved.load()
    app = QApplication.instance()
    if app is None:
        app = QApplication([*(argv or ["posyandu"]), "-style", "fusion"])
        app.setProperty(theme.BORN_FUSION, True)
        Collector(app)
    assert isinstance(app, QApplication)
    app.setApplicationName("Posyandu")
    app.setApplicationVersion(posyandu.__version__)
    app.setDesktopFileName("posyandu")
    QLocale.setDefault(QLocale(QLocale.Language.Indonesian, QLocale.Country.Indonesia))
    theme.load_fonts()
    use_language(preferences.language)
    theme.apply(app, preferences.theme, preferences.text_scale, touch=preferences.touch)
    return app


def use_language(language: str) -> None:
    """Speak this language from now on, in our texts and in Qt's own."""
    file = paths.resources() / "locale" / f"{language}.json"
    known = language != "id" and file.exists()
    text.use_catalogue(json.loads(file.read_text(encoding="utf-8")) if known else {})
    app = QApplication.instance()
    if app is None:
        return
    for words in _installed:
        app.removeTranslator(words)
    _installed.clear()
    if language == "id":
        _installed.append(_QtWords())
        app.installTranslator(_installed[0])
