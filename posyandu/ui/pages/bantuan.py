"""Help without internet: chapters of resources/help, found by their words; shortcuts; whom to call."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import QFont, QResizeEvent, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument, QTextTable
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from posyandu import __version__, paths
from posyandu.text import N_, _, with_places
from posyandu.ui import theme
from posyandu.ui.desk import Desk
from posyandu.ui.theme import color, font, px
from posyandu.ui.widgets.basics import (
    Card,
    EmptyState,
    Page,
    Row,
    ScrollPage,
    TextInput,
    clear,
    column_layout,
    row_layout,
)

ICONS = {
    "mulai": "sprout",
    "hari": "calendar-check",
    "buku-register": "table-2",
    "kunjungan": "notebook-pen",
    "sasaran": "users",
    "hasil": "trending-up",
    "cara-mengukur": "dacin",
    "tindak-lanjut": "list-checks",
    "keluarga": "house-heart",
    "laporan": "file-text",
    "sinkronisasi": "cloud-upload",
    "cadangan": "shield-check",
    "latihan": "graduation-cap",
    "pintasan": "keyboard",
    "istilah": "book-open",
    "bila-ada-masalah": "life-buoy",
}


NOT_TRANSLATED = N_("Bab ini dalam bahasa Indonesia.")


@dataclass(frozen=True)
class Chapter:
    """One page of help: its file's code ("cara-mengukur"), title and Markdown."""

    code: str
    title: str
    text: str

    def holds(self, words: list[str]) -> bool:
        """Whether every word is in it."""
        everything = f"{self.title} {self.text}".casefold()
        return all(word in everything for word in words)


def chapters() -> tuple[Chapter, ...]:
    """All chapters in the order of their file names, each in the chosen language where it has been translated.

    The numbers in them are those of the rules in force.
    """
    return tuple(replace(each, text=with_places(each.text)) for each in _chapters(_("bahasa|id")))


@lru_cache(maxsize=2)
def _chapters(language: str) -> tuple[Chapter, ...]:
    found = []
    for path in sorted(_folder().glob("*.md")):
        own = path.parent / language / path.name
        chapter = _read(path.stem, (own if own.exists() else path).read_text(encoding="utf-8"))
        foreign = language != "id" and not own.exists()
        found.append(replace(chapter, text=f"*{_(NOT_TRANSLATED)}*\n\n{chapter.text}") if foreign else chapter)
    return tuple(found)


def _folder() -> Path:
    return paths.resources() / "help"


def _read(stem: str, text: str) -> Chapter:
    head, _break, rest = text.strip().partition("\n")
    return Chapter(re.sub(r"^\d+-", "", stem), head.lstrip("# ").strip(), rest.strip())


class BantuanPage(Page):
    """List of chapters at the left, the chapter at the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.title = _("Bantuan")
        self.subtitle = f"{_('Semua bantuan ada di laptop ini, tanpa internet.')} Posyandu {__version__}."
        self.desk = desk
        self.current = ""
        across = row_layout(self, spacing=theme.CARD_GAP)
        across.setContentsMargins(px(theme.PAGE_MARGIN), px(4), px(theme.PAGE_MARGIN), px(18))
        self.side = QWidget()
        self.side.setFixedWidth(px(330))
        left = column_layout(self.side, spacing=12)
        self.box = TextInput(
            name="bantuan:cari", accessible=_("Cari di bantuan"), placeholder=_("Cari di bantuan"), height=44
        )
        self.box.textChanged.connect(lambda _text: self._show_list())
        self.box.returnPressed.connect(self._open_first)
        left.addWidget(self.box)
        list_card = Card(padding=(16, 10), spacing=0, rows=True)
        self.list = ScrollPage(margins=(0, 0, 0, 0), spacing=0)
        self.rows = column_layout(spacing=0)
        self.list.body.addLayout(self.rows)
        self.list.body.addStretch(1)
        list_card.body.addWidget(self.list)
        left.addWidget(list_card, 1)
        across.addWidget(self.side)
        self.card = Card(padding=(8, 8))
        self.reader = Reader()
        self.reader.anchorClicked.connect(self._follow_link)
        self.card.body.addWidget(self.reader)
        across.addWidget(self.card, 1)
        theme.changed.connect(self._repaint)

    def first_focus(self) -> QWidget:
        """The search box of the help."""
        return self.box

    def open(self, *, chapter: str = "", **_arguments: object) -> None:
        """Show a chapter by its code, else the one read last, else the first."""
        self._show_list()
        self.read(chapter or self.current or (chapters()[0].code if chapters() else ""))

    def read(self, code: str) -> None:
        """Show this chapter."""
        found = next((each for each in chapters() if each.code == code), None)
        if found is None:
            return
        self.current = code
        self.reader.show_chapter(found)
        for place in range(self.rows.count()):
            item = self.rows.itemAt(place)
            row = item.widget() if item is not None else None
            if isinstance(row, Row):
                row.current = row.objectName() == f"bantuan:{code}"
                row.update()

    def _show_list(self) -> None:
        clear(self.rows)
        words = self.box.text().casefold().split()
        shown = [each for each in chapters() if each.holds(words)]
        for each in shown:
            row = Row(
                each.title,
                "",
                picture=("icon", ICONS.get(each.code, _icon(each.code)), "neutral"),
                chevron=False,
                name=f"bantuan:{each.code}",
                height=52,
            )
            row.current = each.code == self.current
            row.clicked.connect(lambda _on=False, code=each.code: self.read(code))
            self.rows.addWidget(row)
        if not shown:
            self.rows.addWidget(EmptyState("search", _("Tidak ada bantuan dengan kata itu. Coba kata lain.")))

    def _open_first(self) -> None:
        item = self.rows.itemAt(0)
        row = item.widget() if item is not None else None
        if isinstance(row, Row):
            row.click()

    def _follow_link(self, link: QUrl) -> None:
        self.read(re.sub(r"^\d+-", "", link.path().removesuffix(".md")))

    def _repaint(self) -> None:
        if self.current and self.isVisible():  # `open` reads it anew for who comes back
            self.read(self.current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrower list in a narrow window."""
        super().resizeEvent(event)
        self.side.setFixedWidth(px(330 if self.width() / theme.factor() >= 1000 else 260))


class Reader(QTextBrowser):
    """A chapter set in our letters; links lead to other chapters only."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bantuan:teks")
        self.setAccessibleName(_("Isi bantuan"))
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.dress(self)

    def minimumSizeHint(self) -> QSize:
        """Small: it scrolls."""
        return QSize(px(240), px(160))

    def show_chapter(self, chapter: Chapter) -> None:
        """Lay out the Markdown: our sizes, air between paragraphs, hairline tables."""
        page = QTextDocument(self)
        page.setDefaultFont(font("body"))
        page.setDocumentMargin(px(18))
        page.setMarkdown(f"# {chapter.title}\n\n{chapter.text}", QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        block = page.begin()
        while block.isValid():
            self._dress(QTextCursor(block), block.blockFormat().headingLevel(), block.textList() is not None)
            block = block.next()
        for table in (frame for frame in page.rootFrame().childFrames() if isinstance(frame, QTextTable)):
            shape = table.format()
            shape.setBorder(1)
            shape.setBorderCollapse(True)
            shape.setBorderBrush(color("line"))
            shape.setCellPadding(px(8))
            shape.setTopMargin(px(8))
            shape.setBottomMargin(px(12))
            table.setFormat(shape)
        self.setDocument(page)
        self.setAccessibleDescription(chapter.title)

    def _dress(self, cursor: QTextCursor, level: int, in_list: bool) -> None:
        shape = QTextBlockFormat()
        shape.setLineHeight(138, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        in_table = cursor.currentTable() is not None
        if level:
            shape.setTopMargin(0 if level == 1 else px(14))
            shape.setBottomMargin(px(8))
        elif not in_table:
            shape.setBottomMargin(px(5 if in_list else 10))
        cursor.mergeBlockFormat(shape)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        letters = QTextCharFormat()
        if level:
            letters.setFont(
                font("title" if level == 1 else "h3"),
                QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesAll,
            )
            letters.setForeground(color("text"))
            cursor.mergeCharFormat(letters)
        else:
            self._strengthen(cursor)

    def _strengthen(self, cursor: QTextCursor) -> None:
        """Markdown's bold is 700; ours is 600."""
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        walker = QTextCursor(cursor)
        for place in range(start, end):
            walker.setPosition(place)
            walker.setPosition(place + 1, QTextCursor.MoveMode.KeepAnchor)
            if walker.charFormat().fontWeight() > QFont.Weight.DemiBold:
                bold = QTextCharFormat()
                bold.setFontWeight(QFont.Weight.DemiBold)
                walker.mergeCharFormat(bold)


def _icon(code: str) -> str:
    return next((icon for name, icon in ICONS.items() if code.startswith(name)), "file-text")
