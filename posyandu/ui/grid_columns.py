"""How wide the columns of the register are, and the names that stay in sight when the page is wider than the window."""

from collections.abc import Callable, Mapping
from math import ceil, floor

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from posyandu.domain.fields import Choice, Date, Field, Number, Text, YesNo
from posyandu.ui import theme
from posyandu.ui.editors import choices
from posyandu.ui.grid_cells import CellPainter, cell_font
from posyandu.ui.grid_model import AGE, LAST, NAME, NUMBER, GridModel, short_answer

LEAST_NAME, LEAST_VERDICT = 164, 166
TIGHT_NAME, TIGHT_VERDICT = 112, 134
CLOSE_NUMBER, CLOSE_NAME, CLOSE_VERDICT = 39, 104, 120
"""The last that can be taken, where then nothing scrolls sideways.

Where it does all the same, the number of the line goes and the name is narrow, so that the boxes come into sight.
"""
NARROW_BOX, LAST_DAY = 46, 84
BESIDE_ANSWER = 15
"""What the edge of a box and the air in it take of its column."""


def shares(model: GridModel, room: int) -> dict[int, int]:
    """How `room` pixels are shared: fixed for what is typed, the name and the verdict share the rest; 0 hides one."""
    last = 70 if model.sheet.instrument is None else LAST_DAY
    widths = {NUMBER: 42, AGE: 66, LAST: last} | {column: _wanted(model, column) for column in _typed(model)}
    _squeeze(model, widths, room)
    left = _left_by(widths, room)
    tight = left < theme.px(LEAST_NAME + LEAST_VERDICT)
    if tight:  # the headings go on two lines
        widths |= {NUMBER: 40, AGE: 58, LAST: 52 if model.sheet.instrument is None else LAST_DAY}
        _squeeze(model, widths, room, _longest_word)
        left = _left_by(widths, room)
    least_name, least_verdict = (TIGHT_NAME, TIGHT_VERDICT) if tight else (LEAST_NAME, LEAST_VERDICT)
    if left < theme.px(TIGHT_NAME + TIGHT_VERDICT):
        closer = widths | {NUMBER: CLOSE_NUMBER}
        if _left_by(closer, room) >= theme.px(CLOSE_NAME + CLOSE_VERDICT):
            widths, left = closer, _left_by(closer, room)
            least_name, least_verdict = CLOSE_NAME, CLOSE_VERDICT
    if left < theme.px(least_name):
        widths |= {NUMBER: 0}
        left, least_name = _left_by(widths, room), CLOSE_NAME
    name = max(theme.px(least_name), min(theme.px(280), int(left * 0.46)))
    verdict = max(theme.px(least_verdict), left - name)
    pixels = {column: theme.px(width) for column, width in widths.items()}
    return {**pixels, NAME: name, model.verdict_column: verdict}


def _typed(model: GridModel) -> range:
    return range(model.first_entry, model.verdict_column)


def _wanted(model: GridModel, column: int) -> int:
    """As wide as its answers and its heading want, the heading to a limit."""
    asked = model.field_at(column)
    answers = (90 if asked.decimals else 74) if isinstance(asked, Number) else 94
    if model.sheet.instrument is not None:
        answers = least_width(asked)
    return max(answers, min(170, round(_heading(model, column)) + 20))


def _words(model: GridModel, column: int) -> str:
    return str(model.headerData(column, Qt.Orientation.Horizontal))


def _wide(words: str) -> float:
    return QFontMetrics(theme.font("small")).horizontalAdvance(words) / theme.factor()


def _heading(model: GridModel, column: int) -> float:
    return _wide(_words(model, column))


def _longest_word(model: GridModel, column: int) -> float:
    return max(map(_wide, _words(model, column).split()))


def _left_by(widths: Mapping[int, int], room: int) -> int:
    """The pixels these columns leave to the name and the verdict."""
    return room - sum(theme.px(width) for width in widths.values())


def _squeeze(
    model: GridModel, widths: dict[int, int], room: int, heading: Callable[[GridModel, int], float] = _heading
) -> None:
    """Narrow the entry columns, none below its heading, as far as needed to show the page without scrolling."""
    wanted = room / theme.factor() - LEAST_NAME - LEAST_VERDICT - 2
    for column in _typed(model):
        over = sum(widths.values()) - wanted
        if over > 0:
            if model.sheet.instrument is None:
                least = max(map(answer_width, _asked(model, column)))
            else:
                least = least_width(model.field_at(column))
            widths[column] = max(least, ceil(heading(model, column)) + 17, floor(widths[column] - over))


def _asked(model: GridModel, column: int) -> set[Field | None]:
    """The questions of a column: a page of all groups asks a child and a grown-up each its own."""
    place = column - model.first_entry
    by_form = {row.form.name: row.fields[place] for row in model.sheet.rows}
    return {model.field_at(column), *by_form.values()}


def answer_width(asked: Field | None) -> int:
    """How narrow the box of a page may be: its longest answer is not cut, to a limit."""
    if isinstance(asked, Number):
        whole = "0" * len(str(asked.high // asked.per_unit))
        letters, answers = cell_font(), [f"{whole},{'0' * asked.decimals}" if asked.decimals else whole]
    else:
        letters = theme.font("nav")
        closed = choices(asked) if isinstance(asked, Choice | YesNo) else ()
        answers = [short_answer(asked, answer) for answer, _words in closed] if asked is not None else []
    metrics = QFontMetricsF(letters)
    widest = max((metrics.horizontalAdvance(words) for words in answers), default=0) / theme.factor()
    return max(50, min(94, ceil(widest) + BESIDE_ANSWER))


def least_width(asked: Field | None) -> int:
    """How narrow the box of an instrument may be: one letter or figure, a few words, a number, a day."""
    match asked:
        case YesNo():
            return NARROW_BOX
        case Choice():
            return NARROW_BOX if all(each.code.isdigit() for each in asked.options) else 78
        case Date() | Text():
            return LAST_DAY
    return 70


class FrozenNames(QTableView):
    """The number and name columns once more, laid over the page when it is wider than the window."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self.view = view
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        make_plain(self)
        self.setItemDelegate(CellPainter(view))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(view.verticalScrollBar().setValue)
        self.hide()

    def follow(self) -> None:
        """Show the same model and cursor as the page."""
        self.setModel(self.view.model())
        self.setSelectionModel(self.view.selectionModel())
        for column in range(LAST - 1, self.view.model().columnCount()):
            self.setColumnHidden(column, True)

    def fit(self) -> None:
        """Lie exactly over the first two columns, only when something would scroll away."""
        view = self.view
        total = sum(view.columnWidth(column) for column in range(view.model().columnCount()))
        wide = view.columnWidth(NUMBER) + view.columnWidth(NAME)
        dress_headers(self)
        self.setColumnHidden(NUMBER, view.isColumnHidden(NUMBER))
        self.setColumnWidth(NUMBER, view.columnWidth(NUMBER))
        self.setColumnWidth(NAME, view.columnWidth(NAME))
        self.setGeometry(0, 0, wide, view.viewport().height() + view.horizontalHeader().height())
        self.setVisible(total > view.viewport().width() + 2)
        self.raise_()

    def sizeHint(self) -> QSize:
        """As wide as its two columns."""
        return QSize(self.width(), self.height())


def make_plain(table: QTableView) -> None:
    """Rows and columns of the sizes they are given, without frame, lines and numbers of Qt's own."""
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setShowGrid(False)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.verticalHeader().hide()
    for header in (table.verticalHeader(), table.horizontalHeader()):
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)


def dress_headers(table: QTableView) -> None:
    """The height of a row; the words of the columns: small, pale, as near the edge as the cells' own."""
    table.verticalHeader().setDefaultSectionSize(theme.px(44))
    header = table.horizontalHeader()
    header.setFixedHeight(theme.px(42))
    header.setMinimumSectionSize(theme.px(24))
    side = theme.px(8)
    sheet = f"QHeaderView::section {{ padding: 0 {side}px; font-size: {theme.px(14)}px; }}"
    if header.styleSheet() != sheet:  # every fitting of the columns comes by here
        header.setStyleSheet(sheet)
