"""The referral slip and its answer: the two halves of one A4, to be cut, or two pages of A5.

The post fills the slip; the health worker fills the answer and sends it back with the family.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from posyandu.domain.calendar import date_text, short_date
from posyandu.domain.fields import Answers, Choice
from posyandu.domain.forms.referral import FORM
from posyandu.reports import letterhead
from posyandu.reports.monthly import Letterhead
from posyandu.reports.paper import BOLD, GREY, MM, REGULAR, RULE, Document, Page, PaperName, text_width, wrap
from posyandu.text import _

EDGE = 9 * MM
LEADING = 1.28
SMALL, BODY, TITLE = 8.0, 9.6, 13.0
LABEL_MM = 29
DOTS_MM = 7.5
"""Between the lines a health worker writes on."""


@dataclass(frozen=True)
class Slip:
    """What a slip says: the post ("name", "place", "puskesmas", "midwife"), the person's facts, the referral."""

    post: Mapping[str, str]
    person: Sequence[tuple[str, str]]
    name: str
    on: date
    place: str
    answers: Answers
    letterhead: Letterhead | None = None


def slip_pdf(slip: Slip, paper: PaperName = "A4") -> bytes:
    """The slip and its answer as PDF; the same slip gives the same bytes."""
    document = Document(title=_("Surat rujukan {name}").format(name=slip.name), paper=paper, footed=False)
    if paper == "A5":
        for draw in (_slip, _answer):
            page = document.page(landscape=True)
            draw(_Half(page, page.height - EDGE, EDGE), slip)
    else:
        page = document.page()
        middle = page.height / 2
        _slip(_Half(page, page.height - EDGE, middle + 5 * MM), slip)
        _answer(_Half(page, middle - 7 * MM, EDGE), slip)
        words = _("gunting di sini")
        gap = (page.width - text_width(words, REGULAR, 7)) / 2 - 2 * MM
        for step in range(round(page.width / (3 * MM))):
            x = step * 3 * MM
            if not gap - 1.5 * MM < x < page.width - gap:
                page.stroke(x, middle, x + 1.5 * MM, middle, 0.4, GREY)
        page.write(page.width / 2, middle - 2.4, words, 7, align="center", colour=GREY)
    return document.to_bytes()


@dataclass
class _Half:
    """One half sheet: where the next line goes, and the lowest place that may be used."""

    page: Page
    y: float
    bottom: float

    @property
    def left(self) -> float:
        return EDGE

    @property
    def right(self) -> float:
        return self.page.width - EDGE

    def line(self, text: str, size: float = BODY, font: str = REGULAR, x: float | None = None) -> None:
        """One line further down."""
        self.y -= size * LEADING
        self.page.write(self.left if x is None else x, self.y + size * 0.2, text, size, font)

    def rule(self, space: float = 1.6 * MM) -> None:
        """A line across."""
        self.y -= space
        self.page.stroke(self.left, self.y, self.right, self.y, 0.6, RULE)
        self.y -= space * 0.6

    def told(self, label: str, value: str, lines: int, *, size: float = BODY, strong: bool = False) -> None:
        """A label and its text, wrapped to at most so many lines; what is longer ends with an ellipsis."""
        x = self.left + LABEL_MM * MM
        font = BOLD if strong else REGULAR
        shown = list(wrap(value, font, size, self.right - x)) if value else [""]
        if len(shown) > lines:
            last = shown[lines - 1].rstrip(" ,.;")
            while last and text_width(f"{last} …", font, size) > self.right - x:
                last = last[:-1]
            shown = [*shown[: lines - 1], f"{last} …"]
        self.y -= size * LEADING
        self.page.write(self.left, self.y + size * 0.2, label, SMALL, colour=GREY)
        for place, each in enumerate(shown):
            if place:
                self.y -= size * LEADING
            self.page.write(x, self.y + size * 0.2, each, size, font)
        self.y -= 0.7 * MM

    def dots(self, label: str, lines: int = 1, until: float | None = None) -> None:
        """A label and ruled room to write by hand."""
        x, right = self.left + LABEL_MM * MM, self.right if until is None else until
        for place in range(lines):
            self.y -= DOTS_MM * MM
            if not place:
                self.page.write(self.left, self.y + 1, label, SMALL, colour=GREY)
            self.page.stroke(x, self.y, right, self.y, 0.35, RULE)


def _head(half: _Half, title: str, slip: Slip) -> None:
    post = slip.post
    half.line(title, TITLE, BOLD)
    name = post.get("name", "")
    where = ", ".join(part for part in (name, post.get("place", "")) if part)
    half.line(where, SMALL + 0.5)
    half.rule()


def _slip(half: _Half, slip: Slip) -> None:
    answers = slip.answers
    half.y = letterhead.draw(half.page, slip.letterhead, half.left, half.right, half.y, scale=0.75)
    _head(half, _("SURAT RUJUKAN POSYANDU"), slip)
    to = slip.place
    if answers.get("destination") in ("puskesmas", "pustu"):
        to = " ".join(part for part in (slip.place, slip.post.get(str(answers["destination"]), "")) if part)
        to = to.replace("Puskesmas Puskesmas", "Puskesmas").replace("Pustu Pustu", "Pustu")
    half.told(_("Kepada Yth."), _("Petugas kesehatan di {place}").format(place=to), 1, strong=True)
    half.told(_("Tanggal"), date_text(slip.on), 1)
    urgency = _option("urgency", answers)
    half.told(
        _("Mohon diperiksa"), urgency or _("pada kesempatan pertama"), 1, strong=answers.get("urgency") == "today"
    )
    half.rule(1.1 * MM)
    _two_columns(half, slip.person)
    half.rule(1.1 * MM)
    lines = int((half.y - half.bottom - 50 * MM) / (BODY * LEADING))
    half.told(_("Alasan dirujuk"), str(answers.get("reasons") or ""), max(2, lines))
    half.told(_("Hasil pemeriksaan"), str(answers.get("measured") or "-"), 3)
    if missing := str(answers.get("not_examined") or ""):
        half.told(_("Belum diperiksa"), missing, 1)
    if given := str(answers.get("given") or ""):
        half.told(_("Sudah dilakukan"), given, 1)
    if companion := str(answers.get("companion") or ""):
        half.told(_("Pengantar"), companion, 1)
    else:
        half.dots(_("Pengantar"), until=half.left + 110 * MM)
    y = half.bottom + 13 * MM
    hint = _("Hasil dari Posyandu adalah penapisan, bukan diagnosis. Mohon lembar jawaban dikembalikan lewat keluarga.")
    for place, line in enumerate(reversed(wrap(hint, REGULAR, 7, half.right - half.left - 58 * MM))):
        half.page.write(half.left, half.bottom + 1 + place * 9, line, 7, colour=GREY)
    _signature(half, y, half.right - 52 * MM, _("Yang merujuk,"), str(answers.get("referred_by") or ""))


def _answer(half: _Half, slip: Slip) -> None:
    answers = slip.answers
    _head(half, _("JAWABAN RUJUKAN (RUJUK BALIK)"), slip)
    half.told(_("Untuk"), _("Kader {post}").format(post=slip.post.get("name", "")), 1)
    half.told(_("Nama"), slip.name, 1, strong=True)
    half.told(_("Dirujuk tanggal"), _("{day} ke {place}").format(day=short_date(slip.on), place=slip.place), 1)
    half.rule(1.1 * MM)
    came = answers.get("came") == "came"
    if came or answers.get("came") == "not_came":
        on = answers.get("came_on")
        words = _("Datang") if came else _("Tidak datang")
        half.told(_("Keadaan"), f"{words} {short_date(on)}" if isinstance(on, date) else words, 1)
        half.told(_("Diperiksa oleh"), str(answers.get("examined_by") or ""), 1)
        half.told(_("Diagnosis"), str(answers.get("diagnosis") or answers.get("why_not") or ""), 3, strong=True)
        half.told(_("Pengobatan, nasihat"), str(answers.get("treatment") or ""), 4)
        control = answers.get("control_on")
        half.told(_("Kontrol tanggal"), short_date(control) if isinstance(control, date) else "-", 1)
    else:
        half.dots(_("Diperiksa tanggal"), until=half.left + 80 * MM)
        half.dots(_("Diagnosis"), 2)
        half.dots(_("Pengobatan"), 2)
        half.dots(_("Nasihat untuk kader"), 2)
        half.dots(_("Kontrol tanggal"), until=half.left + 80 * MM)
        half.y -= 2.4 * MM
        _boxes(half, (_("Dirawat jalan"), _("Dirawat inap"), _("Dirujuk lebih lanjut"), _("Tidak ada masalah")))
    _signature(half, half.bottom + 13 * MM, half.right - 52 * MM, _("Petugas kesehatan,"), "")


def _boxes(half: _Half, labels: Sequence[str]) -> None:
    half.y -= 3.4 * MM
    x = half.left + LABEL_MM * MM
    for label in labels:
        half.page.box(x, half.y, 3 * MM, 3 * MM, 0.5, GREY)
        half.page.write(x + 4.4 * MM, half.y + 0.5 * MM, label, SMALL)
        x += text_width(label, REGULAR, SMALL) + 11 * MM


def _two_columns(half: _Half, facts: Sequence[tuple[str, str]]) -> None:
    """The person's facts in two columns, the first ones at the left."""
    wide = (half.right - half.left) / 2
    rows = (len(facts) + 1) // 2
    top, lowest = half.y, half.y
    for place, (label, value) in enumerate(facts):
        column, row = divmod(place, rows)
        if row == 0:
            y = top
        x = half.left + column * wide
        room = wide - LABEL_MM * MM - (3 * MM if column == 0 else 0)
        font = BOLD if place == 0 else REGULAR
        y -= BODY * LEADING
        half.page.write(x, y + BODY * 0.2, label, SMALL, colour=GREY)
        for number, line in enumerate(wrap(value, font, BODY, room)[:2]):
            if number:
                y -= BODY * LEADING
            half.page.write(x + LABEL_MM * MM, y + BODY * 0.2, line, BODY, font)
        y -= 0.5 * MM
        lowest = min(lowest, y)
    half.y = lowest


def _signature(half: _Half, y: float, x: float, words: str, name: str) -> None:
    half.page.write(x, y + 6 * MM, words, SMALL)
    half.page.stroke(x, y - 7 * MM, half.right, y - 7 * MM, 0.4, RULE)
    half.page.write(x, y - 10.4 * MM, name, SMALL)


def _option(name: str, answers: Answers) -> str:
    field = FORM.fields[name]
    assert isinstance(field, Choice)
    return next((_(each.label) for each in field.options if each.code == answers.get(name)), "")
