"""Paper, type and pages: what a printed report is drawn with, on reportlab's canvas and by hand.

Pages collect their strokes and words first and are written at the end, when the number of pages is known; a full page
is folded up until then, for the paper of a puskesmas has two thousand. Written twice, a document has the same bytes:
nothing of the clock or of hash order goes in.
"""

import marshal
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Literal

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from posyandu import paths
from posyandu.text import _

rl_config.useA85 = 0  # streams as they are: smaller, and a third of the time to write them

MM = 72 / 25.4
"""Points in a millimetre."""

Align = Literal["left", "right", "center"]
PaperName = Literal["A4", "F4", "A5"]
SIZES: dict[PaperName, tuple[float, float]] = {
    "A4": (210 * MM, 297 * MM),
    "F4": (210 * MM, 330 * MM),
    "A5": (148 * MM, 210 * MM),
}
"""Portrait sizes in points. F4 (folio) is what Indonesian offices buy; A5 is half an A4, for slips."""

MARGIN = 14 * MM
FOOTER = 9 * MM

REGULAR = "InterTabular"
BOLD = "InterTabular-SemiBold"

INK = 0.0
GREY = 0.22
RULE = 0.5
TINT = 0.95
"""Shades of grey from black 0 to white 1: words and lines are still read when the cartridge gives 70 % of its ink,
the tint is faint enough for an ink-jet with an old one."""

Colour = float | tuple[float, float, float]


@dataclass
class Page:
    """One page while it is being filled: fills lie under strokes, strokes under words."""

    width: float
    height: float
    fills: list[tuple[float, float, float, float, Colour]] = field(default_factory=list)
    strokes: list[tuple[float, float, float, float, float, Colour]] = field(default_factory=list)
    words: list[tuple[float, float, str, str, float, Colour]] = field(default_factory=list)
    pictures: list[Callable[[Canvas], None]] = field(default_factory=list)
    bookmark: str = ""
    foot: str = ""
    code: str = ""
    folded: bytes = b""

    def fold(self) -> None:
        """Put away what was drawn in a tenth of its memory; whoever looks at it or draws on it unfolds it again."""
        self.folded = zlib.compress(marshal.dumps((self.fills, self.strokes, self.words)), 1)
        self.leave()

    def leave(self) -> None:
        """Forget what was drawn since the page was folded."""
        del self.fills, self.strokes, self.words

    def __getattr__(self, name: str) -> list[object]:
        if name not in ("fills", "strokes", "words"):
            raise AttributeError(name)
        self.fills, self.strokes, self.words = marshal.loads(zlib.decompress(self.folded))  # noqa: S302 - our own
        found: list[object] = self.__dict__[name]
        return found

    def fill(self, x: float, y: float, width: float, height: float, colour: Colour = TINT) -> None:
        """A filled rectangle; x and y are its lower left corner."""
        self.fills.append((x, y, width, height, colour))

    def stroke(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.4, colour: Colour = RULE) -> None:
        """A straight line, `width` in points."""
        self.strokes.append((x0, y0, x1, y1, width, colour))

    def box(self, x: float, y: float, width: float, height: float, line: float = 0.4, colour: Colour = RULE) -> None:
        """The outline of a rectangle."""
        right, top = x + width, y + height
        for x0, y0, x1, y1 in ((x, y, right, y), (x, top, right, top), (x, y, x, top), (right, y, right, top)):
            self.stroke(x0, y0, x1, y1, line, colour)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 8.5,
        font: str = REGULAR,
        align: Align = "left",
        colour: Colour = INK,
    ) -> None:
        """One line of text with its baseline at y; x is its left edge, right edge or middle."""
        if not text:
            return
        if align != "left":
            x -= text_width(text, font, size) * (1.0 if align == "right" else 0.5)
        self.words.append((x, y, text, font, size, colour))

    def draw(self, picture: Callable[[Canvas], None]) -> None:
        """Anything else (curves, clipped or turned text), drawn between strokes and words."""
        self.pictures.append(picture)


@dataclass
class Document:
    """Pages in order; `mono` writes every colour as the grey it has on paper.

    `foot` and `code` are what the feet of the pages made from now on say: of a bundle each part has its own.
    """

    title: str
    paper: PaperName
    foot: str = ""
    code: str = ""
    pages: list[Page] = field(default_factory=list)
    footed: bool = True
    """Whether each page has a foot with its number; a slip has none."""
    mono: bool = False

    def page(self, *, landscape: bool = False, bookmark: str = "") -> Page:
        """A new empty page at the end; the one before is done with."""
        if self.pages:
            self.pages[-1].fold()
        width, height = SIZES[self.paper]
        page = Page(height, width) if landscape else Page(width, height)
        page.bookmark, page.foot, page.code = bookmark, self.foot, self.code
        self.pages.append(page)
        return page

    def to_bytes(self) -> bytes:
        """The PDF: fonts embedded, pages numbered "Halaman 2 dari 7", always the same bytes for the same pages."""
        load_fonts()
        target = BytesIO()
        canvas = (_GreyCanvas if self.mono else Canvas)(
            target, pagesize=SIZES[self.paper], invariant=1, lang="id-ID", initialFontName=REGULAR
        )
        canvas.setTitle(self.title)
        canvas.setAuthor("Posyandu")
        canvas.setCreator("Posyandu")
        canvas.setSubject(self.code)
        encode = Encoder(canvas)
        if self.pages:
            self.pages[-1].fold()
        for number, page in enumerate(self.pages, 1):
            canvas.setPageSize((page.width, page.height))
            if page.bookmark:
                canvas.bookmarkPage(str(number))
                canvas.addOutlineEntry(page.bookmark, str(number))
            if self.footed:
                self._foot(page, number)
            _render(canvas, page, encode, _grey if self.mono else _as_it_is)
            page.leave()
            canvas.showPage()
            _pack(canvas)
        canvas.save()
        return target.getvalue()

    def _foot(self, page: Page, number: int) -> None:
        y = MARGIN - 2 * MM
        page.stroke(MARGIN, y + 3.4 * MM, page.width - MARGIN, y + 3.4 * MM, 0.4, RULE)
        text = _("Halaman {number} dari {total}").format(number=number, total=len(self.pages))
        if page.code:
            text = f"{page.code} · {text}"
        page.write(page.width - MARGIN, y, text, 7, align="right", colour=GREY)
        room = page.width - 2 * MARGIN - text_width(text, REGULAR, 7) - 6 * MM
        page.write(MARGIN, y, shortened(page.foot, REGULAR, 7, room), 7, colour=GREY)


Shade = Callable[[Colour], Colour]


def _grey(colour: Colour) -> Colour:
    """The grey as light as the colour (ITU-R BT.601), so that a black cartridge tells the same apart."""
    if not isinstance(colour, tuple):
        return colour
    red, green, blue = colour
    return round(0.299 * red + 0.587 * green + 0.114 * blue, 3)


def _as_it_is(colour: Colour) -> Colour:
    return colour


class _GreyCanvas(Canvas):  # type: ignore[misc]
    """A canvas on which pictures, too, come out in grey."""

    def setFillColorRGB(self, r: float, g: float, b: float, alpha: float | None = None) -> None:  # noqa: N802
        """Fill in the grey of this colour."""
        self.setFillGray(_grey((r, g, b)), alpha)

    def setStrokeColorRGB(self, r: float, g: float, b: float, alpha: float | None = None) -> None:  # noqa: N802
        """Draw in the grey of this colour."""
        self.setStrokeGray(_grey((r, g, b)), alpha)


def _pack(canvas: Canvas) -> None:
    """Compress the page shown last; reportlab would keep every page at full length until the end."""
    page = canvas._doc.Pages.pages[-1]  # noqa: SLF001 - reportlab gives no other way to its pages
    page.Contents = pdfdoc.PDFStream(content=zlib.compress(page.stream.encode("latin-1")))
    page.Contents.dictionary["Filter"] = pdfdoc.PDFArray([pdfdoc.PDFName("FlateDecode")])
    page.stream = None


def _render(canvas: Canvas, page: Page, encode: "Encoder", shade: Shade) -> None:
    """Write the page's operators ourselves: reportlab's own formatting of numbers takes most of its time."""
    canvas.addLiteral("\n".join((*_fills(page, shade), *_strokes(page, shade))))
    for picture in page.pictures:
        canvas.saveState()
        picture(canvas)
        canvas.restoreState()
    canvas.addLiteral("\n".join(_texts(page, encode, shade)))


def _fills(page: Page, shade: Shade) -> Iterator[str]:
    for x, y, width, height, colour in page.fills:
        yield f"{_operands(shade(colour), 'g', 'rg')} {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f"


def _strokes(page: Page, shade: Shade) -> Iterator[str]:
    style: tuple[float, Colour] | None = None
    for x0, y0, x1, y1, width, colour in page.strokes:
        if (width, colour) != style:
            if style is not None:
                yield "S"
            style = (width, colour)
            yield f"{width:g} w {_operands(shade(colour), 'G', 'RG')}"
        yield f"{x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l"
    if style is not None:
        yield "S"


def _texts(page: Page, encode: "Encoder", shade: Shade) -> Iterator[str]:
    yield "BT"
    current: tuple[str, float] | None = None
    ink: Colour | None = None
    for x, y, words, font, size, colour in page.words:
        if colour != ink:
            ink = colour
            yield _operands(shade(colour), "g", "rg")
        place = f"1 0 0 1 {x:.2f} {y:.2f} Tm"
        for name, shown in encode(font, words):
            if (name, size) != current:
                current = (name, size)
                yield f"{name} {size:g} Tf"
            yield f"{place} ({shown}) Tj"
            place = ""
    yield "ET"


def _operands(colour: Colour, grey: str, rgb: str) -> str:
    if isinstance(colour, tuple):
        return f"{colour[0]:.3g} {colour[1]:.3g} {colour[2]:.3g} {rgb}"
    return f"{colour:.3g} {grey}"


class Encoder:
    """Texts as the bytes of embedded fonts, each text once per document."""

    def __init__(self, canvas: Canvas) -> None:
        self._document = canvas._doc  # noqa: SLF001 - reportlab gives no other way to its subsets
        self._known: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}

    def __call__(self, font: str, text: str) -> tuple[tuple[str, str], ...]:
        """For each stretch of one font subset the name of that font in the PDF and the escaped string."""
        known = self._known.get((font, text))
        if known is None:
            face = pdfmetrics.getFont(font)
            known = self._known[font, text] = tuple(
                (face.getSubsetInternalName(subset, self._document), "".join(_ESCAPED[byte] for byte in shown))
                for subset, shown in face.splitString(text, self._document)
            )
        return known


_ESCAPED = tuple(
    f"\\{chr(byte)}" if byte in b"()\\" else chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}" for byte in range(256)
)


def stroke_colour(canvas: Canvas, colour: Colour) -> None:
    """Set the colour of lines: a grey or red, green and blue from 0 to 1."""
    if isinstance(colour, tuple):
        canvas.setStrokeColorRGB(*colour)
    else:
        canvas.setStrokeGray(colour)


@lru_cache(maxsize=1)
def load_fonts() -> None:
    """Register the two print fonts with reportlab, once per process."""
    folder = paths.resources() / "fonts" / "print"
    pdfmetrics.registerFont(TTFont(REGULAR, str(folder / "InterTabular-Regular.ttf")))
    pdfmetrics.registerFont(TTFont(BOLD, str(folder / "InterTabular-SemiBold.ttf")))


@lru_cache(maxsize=4)
def _advances(font: str) -> tuple[dict[int, float], float]:
    load_fonts()
    face = pdfmetrics.getFont(font).face
    return face.charWidths, face.defaultWidth


@lru_cache(maxsize=20_000)
def _ems(text: str, font: str) -> float:
    widths, default = _advances(font)
    return sum(widths.get(ord(letter), default) for letter in text) / 1000


def text_width(text: str, font: str, size: float) -> float:
    """Width of one line in points."""
    return _ems(text, font) * size


def shortened(text: str, font: str, size: float, width: float) -> str:
    """The text, or as much of its beginning as fits, with an ellipsis; only for what stands in full elsewhere."""
    if text_width(text, font, size) <= width:
        return text
    end = len(text)
    while end and text_width(f"{text[:end].rstrip()}…", font, size) > width:
        end -= 1
    return f"{text[:end].rstrip()}…"


def wrap(text: str, font: str, size: float, width: float) -> tuple[str, ...]:
    """The text broken into lines no wider than `width`: between words, inside a word only when it must be."""
    if _ems(text, font) * size <= width and "\n" not in text:
        return (text,)
    return _wrapped(text, font, size, round(width, 1))


@lru_cache(maxsize=5_000)
def _wrapped(text: str, font: str, size: float, width: float) -> tuple[str, ...]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            longer = line + piece if not line or line.endswith("/") else f"{line} {piece}"
            if text_width(longer, font, size) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = _broken(piece, font, size, width)
            lines.extend(full)
        lines.append(line)
    return tuple(lines)


_UNITS = ("g", "kg", "cm", "SD", "mmHg", "th", "bln", "minggu", "tablet", "bulan", "tahun")
_COUNTED = ("gejala", "gram", "hari", "jenis", "kader", "kali", "kapsul", "layanan", "orang", "poin", "persen")
_SPACE = re.compile(
    r"(?<!\bRT)(?<!\bRW)(?<![<>\u2264\u2265]) +"
    rf"(?!(?:{'|'.join(_UNITS)})\b)"
    rf"(?!(?<=\d )(?:{'|'.join(_COUNTED)})\b)"
    r"(?!(?:(?<=\b[A-Z] )|(?<=\b[A-Z]{2} )|(?<=\b[A-Z]{3} )|(?<=-Hib ))(?:\d|I{1,3}|IV|V)\b)"
    r"(?!(?<=\b[LP] )[<>])"
)
"""A space at which a line may break: not between a number and its unit or what it counts, after a sign like "at least",
before the number of a dose ("IPV 2"), nor within "RT 01"."""


def _pieces(text: str) -> list[str]:
    """What must stay together: words, and the parts of a word up to each slash."""
    return [piece for word in _SPACE.split(text) for piece in _SLASH.split(word) if piece]


_SLASH = re.compile(r"(?<=[A-Za-z]{3}/)(?=[A-Za-z]{3})|(?<=\d/)(?=RW)")
"""The place after a slash between words; abbreviations (BB/U) and numbers (120/80) stay whole."""


def _broken(word: str, font: str, size: float, width: float) -> list[str]:
    """A word too long for the line in pieces: after a hyphen where there is one, else anywhere."""
    pieces: list[str] = []
    piece = ""
    for letter in word:
        while piece and text_width(piece + letter, font, size) > width:
            cut = piece.rfind("-") + 1 or len(piece)
            pieces.append(piece[:cut])
            piece = piece[cut:]
        piece += letter
    return [*pieces, piece]


@lru_cache(maxsize=20_000)
def _longest_ems(text: str, font: str) -> float:
    return max((_ems(piece, font) for piece in _pieces(text.replace("\n", " "))), default=0.0)


def longest_word(text: str, font: str, size: float) -> float:
    """Width in points of the widest part that wrapping would keep on one line."""
    return _longest_ems(text, font) * size
