"""A declared form on screen: sections of questions, last month's values, and what is wrong, said on leaving a field.

The view asks and shows; it decides nothing. Checking is `domain.form.problems` with the context it was given, drafts
and saving belong to the page that listens to its signals.

The first screenful is built at once, the rest a few questions at a time between the keys (`FIELDS_A_TURN`), so that no
form holds the window. Nobody needs to know: an answer that has no widget yet is kept as it was given, and a question
that is asked for by name is built by being asked for. A view may ask the same form of the next person (`ask_again`).
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from posyandu.domain.fields import Answers, Field, Number, Value
from posyandu.domain.form import Context, Form, Level, Limit, Problem, problems
from posyandu.text import _
from posyandu.ui import theme
from posyandu.ui.editors import Setting, answer_text, editor_for
from posyandu.ui.widgets.basics import Button, Card, EvenLabel, Label, Row, Rule, Sign, reveal
from posyandu.ui.widgets.fields import BAD, PLAIN, WARN, ChoiceRow, DateField, FieldWidget, NumberField

DRAFT_AFTER_MS = 400
FIRST_FIELDS = 4
FIELDS_A_TURN = 3
_PAIRS_FROM = 420
CARDS_BESIDE_FROM = 900
"""Effective pixels from which the cards of a long form stand in two columns."""
_SHORT = ("rt", "rw", "hamlet", "dasawisma", "phone", "nik", "kk", "jkn", "father_name", "husband_name")
_STATES = {Level.HARD: BAD, Level.SOFT: WARN, Level.SILENT: PLAIN}


class Fields(Mapping[str, FieldWidget]):
    """The widgets of a form by the names of their questions; one that is not built yet is built by being asked for."""

    def __init__(self, names: Iterable[str], build: Callable[[str], object]) -> None:
        self.built: dict[str, FieldWidget] = {}
        self._names = tuple(names)
        self._build = build

    def __getitem__(self, name: str) -> FieldWidget:
        if name not in self.built and name in self._names:
            self._build(name)
        return self.built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


class FormView(QWidget):
    """The questions of a form as cards.

    `rank` puts sections holding these fields first; `left_out` are fields the page answers itself; `later` are fields
    shown only after "Pertanyaan lain" (or when they have an answer); `card_columns` lays the cards out side by side.
    `last` says in words when the previous answers were given ("Bulan lalu").
    """

    changed = Signal()
    settled = Signal(str)
    confirm_asked = Signal(str)
    draft_due = Signal()
    ended = Signal()

    def __init__(
        self,
        form: Form,
        context: Context,
        *,
        first: Collection[str] = (),
        left_out: Collection[str] = (),
        later: Collection[str] = (),
        last: str = "",
        card_columns: int = 1,
    ) -> None:
        super().__init__()
        self.form = form
        self.context = context
        self.confirmed: set[str] = set()
        self._later = set(later)
        self._left_out = frozenset(left_out)
        self._last = last
        self._touched: set[str] = set()
        self._demanded: set[str] = set()
        self._marked: Sequence[Problem] = ()
        self._given: dict[str, Value | None] = {}
        self._words: dict[str, str] = {}
        self._deeds: list[Callable[[FieldWidget], object]] = []
        self._quiet = False
        self._two_from = 0
        self._spread_over = 0
        self.summary = ErrorSummary()
        self.summary.chosen.connect(self.focus_field)
        self.summary.hide()
        self._draft = QTimer(self, singleShot=True, interval=DRAFT_AFTER_MS)
        self._draft.timeout.connect(self.draft_due)
        self.sections: list[SectionCard] = []
        self._due: deque[tuple[SectionCard, Field]] = deque()
        ranked = sorted(form.sections, key=lambda section: not any(field.name in first for field in section.fields))
        for section in ranked:
            asked = [field for field in section.fields if field.name not in left_out]
            if asked:
                card = SectionCard(_(section.title), asked, self._later)
                card.opened.connect(self.show_asked)
                self.sections.append(card)
                self._due.extend((card, field) for field in asked)
        self.fields = Fields((field.name for _card, field in self._due), self._build_now)
        self._aim = ""
        self._lay_out(card_columns)
        self._building = QTimer(self, interval=0)
        self._building.timeout.connect(lambda: self._build(FIELDS_A_TURN))
        self._build(FIRST_FIELDS)
        if self._due:
            self._building.start()

    # building

    def _build(self, most: int) -> None:
        """Build the next questions, at most so many, and show those that are asked."""
        for _turn in range(min(most, len(self._due))):
            card, field = self._due.popleft()
            card.take(field, self._make(field))
        if not self._due:
            self._building.stop()
        self.show_asked()
        if self._marked:
            self._mark(self._marked)
        if self._aim:
            QTimer.singleShot(0, self, self._keep_in_sight)  # when what is new has its place

    def _build_now(self, name: str) -> None:
        """Build the question asked for by name; those above it come in their turns."""
        due = next(due for due in self._due if due[1].name == name)
        self._due.remove(due)
        self._due.appendleft(due)
        self._build(1)

    def _keep_in_sight(self) -> None:
        """What is built above the question that was gone to moves it down: follow it, while it has the keys."""
        line = self.fields[self._aim].input() if self._aim else None
        if line is not None and line.hasFocus():
            reveal(line)
        if line is not None and not (self._due and line.hasFocus()):
            self._aim = ""

    def finish_building(self) -> None:
        """Build now what is not built yet."""
        self._build(len(self._due))

    def for_each(self, deed: Callable[[FieldWidget], object]) -> None:
        """Do this with every question's widget: with those that stand now, with the others when they are built."""
        self._deeds.append(deed)
        for widget in self.fields.built.values():
            deed(widget)

    def suits(self, form: Form, left_out: Collection[str]) -> bool:
        """Whether this view asks exactly these questions, so that the next person can be shown in it."""
        return self.form is form and self._left_out == frozenset(left_out)

    def ask_again(self, context: Context, *, later: Collection[str] = (), last: str = "") -> None:
        """Ask the same questions of somebody else: their limits, their last values, no answers, no marks."""
        self._draft.stop()
        self._quiet = True
        focus = self.focusWidget()
        if focus is not None:
            focus.clearFocus()
        self._quiet = False
        self.context, self._last, self._later = context, last, set(later)
        self.confirmed = set()
        self._words.clear()
        self.summary.hide()
        for card in self.sections:
            card.begin_again(self._later)
        for name, widget in self.fields.built.items():
            self._fit(self.form.fields[name], widget)
        self.set_answers({})

    def follow_width(self, two_from: int) -> None:
        """Lay the cards out in two columns from this width on (effective pixels), else one below the other."""
        self._two_from = two_from

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns of cards, or one, where the page asked for it."""
        super().resizeEvent(event)
        if self._two_from:
            self._spread(2 if event.size().width() >= theme.px(self._two_from) else 1)

    def _lay_out(self, columns: int) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(theme.px(16))
        outer.addWidget(self.summary)
        beside = self._across = QHBoxLayout()
        beside.setSpacing(theme.px(16))
        self._stacks = [QVBoxLayout() for _column in range(columns)]
        for stack in self._stacks:
            stack.setSpacing(theme.px(16))
            stack.addStretch(1)
            beside.addLayout(stack, 1)
        self._spread(columns)
        outer.addLayout(beside)
        outer.addStretch(1)

    def _spread(self, columns: int) -> None:
        """Let the cards stand in so many of the columns there are, the first ones on top."""
        if columns == self._spread_over:
            return
        self._spread_over = columns
        for place, stack in enumerate(self._stacks):
            for card in self.sections:
                stack.removeWidget(card)
            for card in self.sections[place::columns] if place < columns else ():
                stack.insertWidget(stack.count() - 1, card)
            self._across.setStretch(place, int(place < columns))

    def _make(self, field: Field) -> FieldWidget:
        widget = editor_for(field, Setting(self.context.today, self.context.limits.get(field.name, Limit())))
        self.fields.built[field.name] = widget
        widget.neighbour = lambda step, name=field.name: self.go_from(name, step)
        self._fit(field, widget)
        if (given := self._given.get(field.name)) is not None:
            widget.set_value(given)
        widget.edited.connect(self._edited)
        widget.left.connect(self._left)
        widget.confirmed.connect(self._confirmed)
        if field.name.startswith(("systolic", "diastolic")):
            widget.input().installEventFilter(self)
        for deed in self._deeds:
            deed(widget)
        return widget

    def _fit(self, field: Field, widget: FieldWidget) -> None:
        """Give a question the day, the limits and the last value of the person asked."""
        if isinstance(widget, NumberField):
            limit = self.context.limits.get(field.name, Limit())
            widget.set_limits(limit.hard_low, limit.hard_high)
        elif isinstance(widget, DateField):
            widget.today = self.context.today
        words = self._words.get(field.name, "")
        previous = self.context.previous.get(field.name)
        if not words and isinstance(field, Number) and previous is not None:
            words = _("{last} {value}").format(last=self._last or _("Bulan lalu"), value=answer_text(field, previous))
        if words != widget.previous:
            widget.set_previous(words)

    def say_below(self, name: str, words: str) -> None:
        """Say this under a question while nothing is wrong with it; nothing when the form does not ask it."""
        self._words[name] = words
        if name in self.fields.built:
            self.fields.built[name].set_previous(words)

    # answers

    def answers(self) -> dict[str, Value | None]:
        """Every answer on the page; questions not asked now answer None."""
        given = self.everything()
        asked = {field.name for field in self.form.asked(given)}
        return {name: value if name in asked else None for name, value in given.items()}

    def everything(self) -> dict[str, Value | None]:
        """What stands in the widgets, asked now or not, and what was given for those that are not built yet."""
        built = self.fields.built
        return {name: built[name].value() if name in built else self._given.get(name) for name in self.fields}

    def set_answers(self, answers: Answers) -> None:
        """Show these answers, say nothing, check nothing."""
        self._quiet = True
        self._given = dict(answers)
        for name, widget in self.fields.built.items():
            widget.set_value(answers.get(name))
            if widget.problem:
                widget.set_problem("", PLAIN)
        self._touched.clear()
        self._demanded.clear()
        self._marked = ()
        self._quiet = False
        self.show_asked()

    def troubles(self) -> list[Problem]:
        """What was typed but cannot be read as an answer: each is HARD."""
        shown = (widget for widget in self.fields.built.values() if not widget.isHidden())
        return [Problem(widget.name, Level.HARD, text) for widget in shown if (text := widget.trouble())]

    def unread(self) -> dict[str, str]:
        """What was typed but cannot be read as an answer, as it stands, by field."""
        lines = {name: getattr(self.fields.built[name], "line", None) for name in (p.field for p in self.troubles())}
        return {name: line.text() for name, line in lines.items() if line is not None}

    def lay_unread(self, words: Mapping[str, str]) -> None:
        """Show again what could not be read, with what is wrong with it."""
        for name, text in words.items():
            widget = self.fields.get(name)
            if (line := getattr(widget, "line", None)) is not None and widget is not None:
                line.setText(text)
                self._touched.add(name)
                widget.set_problem(widget.trouble(), BAD)

    def found(self) -> list[Problem]:
        """Everything wrong with the page as it stands, confirmed doubts left out."""
        unread = self.troubles()
        names = {problem.field for problem in unread}
        checked = problems(self.form, self.answers(), self.context)
        here = [problem for problem in checked if problem.field in self.fields and problem.field not in names]
        return unread + [each for each in here if each.level is not Level.SOFT or each.field not in self.confirmed]

    def flush(self) -> None:
        """The page is being left: whatever waits to be kept as a draft is due now."""
        if self._draft.isActive():
            self._draft.stop()
            self.draft_due.emit()

    def forget_draft(self) -> None:
        """What was typed is saved: nothing waits any more."""
        self._draft.stop()

    # moving

    def order(self) -> list[str]:
        """The names of the questions shown now, in the order they are asked."""
        return [name for card in self.sections for name in card.shown]

    def go_from(self, name: str, step: int) -> bool:
        """Focus the question `step` places on; past the end `ended` is told. True when the keys went somewhere."""
        order = self.order()
        place = order.index(name) + step if name in order else 0
        if place < 0:
            return False
        if place >= len(order):
            self.fields[name].leave()
            self.ended.emit()
            return True
        self.fields[order[place]].take_focus()
        return True

    def focus_field(self, name: str) -> None:
        """Go to a question, opening what hides it."""
        if name not in self.fields:
            return
        for card in self.sections:
            if name in card.names():
                card.open_later()
        self._aim = name
        self.fields[name].take_focus()
        QTimer.singleShot(0, self, self._keep_in_sight)

    def first_focus(self) -> QWidget:
        """The widget that takes the first key: the first unanswered question, else the first."""
        order = self.order()
        return self.fields[order[0]].input() if order else self

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The one hop of the app: after a complete systolic value focus goes to the diastolic, Backspace goes back."""
        if event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent) and isinstance(watched, QLineEdit):
            if watched.objectName().startswith("field:systolic"):
                digits = watched.text()
                complete = len(digits) == 3 or (len(digits) == 2 and digits[0] in "3456789")
                if event.text().isdigit() and complete and watched.hasFocus():
                    self.go_from(watched.objectName().removeprefix("field:"), 1)
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QLineEdit):
            back = event.key() == Qt.Key.Key_Backspace and not watched.text()
            if back and watched.objectName().startswith("field:diastolic"):
                self.go_from(watched.objectName().removeprefix("field:"), -1)
                before = self.fields[self.order()[self.order().index(watched.objectName().removeprefix("field:")) - 1]]
                line = before.input()
                if isinstance(line, QLineEdit):
                    line.deselect()
                    line.end(False)
                return True
        return False

    # checking

    def show_summary(self, found: Sequence[Problem]) -> None:
        """Mark every problem at its field and list them at the top; the first line takes the focus."""
        self._touched |= {problem.field for problem in found}
        self._demanded |= self._touched
        self._mark(found)
        labels = {name: _(self.form.fields[name].label) for name in self.fields}
        self.summary.show_problems([problem for problem in found if problem.level is not Level.SILENT], labels)

    def edit(self, name: str) -> None:
        """A question was answered by the page, not by keys: check, keep and tell as if it had been typed."""
        self._edited(name)
        self._left(name)

    def _edited(self, name: str) -> None:
        if self._quiet:
            return
        self.confirmed.discard(name)
        if self.fields[name].problem:
            self._clear_if_repaired(name)
        self.show_asked()
        self._draft.start()
        self.changed.emit()

    def _left(self, name: str) -> None:
        if self._quiet:
            return
        self._touched.add(name)
        self._mark(self.found())
        self.flush()
        self.settled.emit(name)

    def _clear_if_repaired(self, name: str) -> None:
        if not any(problem.field == name for problem in self.found()):
            self.fields[name].set_problem("", PLAIN)
            self.summary.drop(name)

    def _confirmed(self, name: str) -> None:
        self.confirmed.add(name)
        self._mark(self.found())
        self.summary.drop(name)
        self.confirm_asked.emit(name)

    def _mark(self, found: Sequence[Problem]) -> None:
        self._marked = found
        worst: dict[str, Problem] = {}
        for problem in found:
            if problem.field not in worst or problem.level is Level.HARD:
                worst[problem.field] = problem
        for name, widget in self.fields.built.items():
            mine = worst.get(name)
            if mine is None or name not in (self._touched if widget.value() is not None else self._demanded):
                widget.set_problem(widget.trouble() if name in self._touched else "", BAD)
            else:
                widget.set_problem(mine.message, _STATES[mine.level], confirmable=mine.level is Level.SOFT)

    def show_asked(self) -> None:
        """Show the questions that the answers call for, after answers were set one by one."""
        given = self.everything()
        asked = {field.name for field in self.form.asked(given)}
        for card in self.sections:
            card.show_only(asked, given)


class SectionCard(Card):
    """One section: heading, how many are filled, numbers in pairs, closed questions one to a row."""

    opened = Signal()

    def __init__(self, title: str, fields: Sequence[Field], later: Collection[str]) -> None:
        super().__init__()
        self._names = tuple(field.name for field in fields)
        self._widgets: dict[str, FieldWidget] = {}
        self._later = set(later)
        self._open = False
        self.heading = EvenLabel(title, "h3", "text")
        self.count = Label("", "small", "text3")
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.count)
        self.body.addLayout(head)
        self.grid = QGridLayout()
        self.grid.setContentsMargins(0, theme.px(4), 0, 0)
        self.grid.setHorizontalSpacing(theme.px(20))
        self.grid.setVerticalSpacing(theme.px(12))
        self.grid.setColumnStretch(0, 1)
        self.grid.setColumnStretch(1, 1)
        self._rules: dict[str, QWidget] = {}
        self._paired = True
        self.shown: list[str] = []
        self._placed: list[str] = []
        self.body.addLayout(self.grid)
        self.more = Button("", "quiet", "plus")
        self.more.setObjectName(f"more:{self._names[0]}")
        self.more.clicked.connect(self.open_later)
        self.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    def take(self, field: Field, widget: FieldWidget) -> None:
        """The widget of one of the questions is built."""
        widget.setParent(self)
        widget.hide()
        self._widgets[field.name] = widget

    def begin_again(self, later: Collection[str]) -> None:
        """The next person is asked: these questions are kept back."""
        self._later, self._open = set(later), False

    def _place(self) -> None:
        """Short answers pair up; a systolic value begins a new pair so that it stands beside its diastolic."""
        # Not takeAt: the item it gives back is never freed, and while it lives Qt keeps heights that are out of date.
        for widget in (*self._widgets.values(), *self._rules.values()):
            self.grid.removeWidget(widget)
        row = column = 0
        before: FieldWidget | None = None
        for widget in (self._widgets[name] for name in self._placed):
            if self._paired and (isinstance(widget, NumberField | DateField) or widget.name in _SHORT):
                if column == 1 and widget.name.startswith("systolic"):
                    row, column = row + 1, 0
                self.grid.addWidget(widget, row, column)
                row, column = (row + 1, 0) if column else (row, 1)
            else:
                row, column = (row + 1, 0) if column else (row, 0)
                if isinstance(widget, ChoiceRow):
                    widget.stand_beside(self._paired)
                    if isinstance(before, ChoiceRow):
                        rule = self._rules.setdefault(widget.name, Rule(self))
                        self.grid.addWidget(rule, row, 0, 1, 2)
                        row += 1
                self.grid.addWidget(widget, row, 0, 1, 2)
                row += 1
            before = widget

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Below a width that holds two boxes everything stands one under the other."""
        super().resizeEvent(event)
        paired = event.size().width() >= theme.px(_PAIRS_FROM)
        if paired != self._paired:
            self._paired = paired
            self._place()

    def names(self) -> Iterator[str]:
        """The questions of this section in order."""
        return iter(self._names)

    def open_later(self) -> None:
        """Show the questions kept back."""
        if not self._open:
            self._open = True
            self.opened.emit()

    def show_only(self, asked: Collection[str], given: Answers) -> None:
        """Show the questions that are asked now, and count the answers."""
        mine = [name for name in self._names if name in asked]
        kept_back = {name for name in mine if name in self._later and not self._open and given.get(name) is None}
        self.shown = shown = [name for name in mine if name not in kept_back]
        placed = [name for name in shown if name in self._widgets]
        if placed != self._placed:
            self._placed = placed
            self._place()
            for name, rule in self._rules.items():
                rule.setVisible(name in placed and self.grid.indexOf(rule) >= 0)
        for name, widget in self._widgets.items():
            if widget.isHidden() == (name in placed):
                widget.setVisible(name in placed)
        filled = sum(given.get(name) is not None for name in shown)
        self.count.setText(_("{n} dari {all} terisi").format(n=filled, all=len(shown)) if shown else "")
        self.more.setText(_("Pertanyaan lain ({n})").format(n=len(kept_back)))
        self.more.setVisible(bool(kept_back))
        self.setVisible(bool(placed or (kept_back and not shown and self._widgets)))


class ErrorSummary(Card):
    """What to look at before this can be saved: each line goes to its field."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("summary")
        self._lines: dict[str, QWidget] = {}
        self.heading = Label("", "h3")
        self.mark = Sign(size=20)
        head = QHBoxLayout()
        head.setSpacing(theme.px(10))
        head.addWidget(self.mark)
        head.addWidget(self.heading, 1)
        self.body.addLayout(head)
        self.list = QVBoxLayout()
        self.list.setSpacing(0)
        self.body.addLayout(self.list)
        self.hint = Label("", "small", "text2")
        self.hint.setWordWrap(True)
        self.body.addWidget(self.hint)

    def show_problems(self, found: Sequence[Problem], labels: Mapping[str, str]) -> None:
        """List these problems, each with its question; nothing to list hides the card."""
        for line in self._lines.values():
            line.deleteLater()
        self._lines.clear()
        hard = any(problem.level is Level.HARD for problem in found)
        self.mark.show_sign(*(("octagon-alert", "bad") if hard else ("triangle-alert", "warn")))
        self.heading.setText(
            _("Periksa {n} hal ini dulu").format(n=len(found))
            if hard
            else _("{n} nilai perlu dilihat sekali lagi").format(n=len(found))
        )
        self.hint.setText(
            ""
            if hard
            else _("Tekan “Nilai sudah benar” di bawah isiannya, atau simpan sekali lagi untuk memeriksanya nanti.")
        )
        self.hint.setVisible(not hard)
        for problem in found:
            line = Row(labels.get(problem.field, ""), problem.message, height=54)
            line.setObjectName(f"problem:{problem.field}")
            line.clicked.connect(lambda _checked=False, name=problem.field: self.chosen.emit(name))
            self._lines[problem.field] = line
            self.list.addWidget(line)
        self.setVisible(bool(found))
        if found:
            self._lines[found[0].field].setFocus(Qt.FocusReason.OtherFocusReason)

    def drop(self, name: str) -> None:
        """A field was repaired: its line goes, and the card with the last line."""
        line = self._lines.pop(name, None)
        if line is not None:
            line.hide()
            line.deleteLater()
        if not self._lines:
            self.hide()


def last_words(previous_on: object, on: object) -> str:
    """How to name the earlier visit in one or two words: "Bulan lalu" or "Terakhir"."""
    if isinstance(previous_on, date) and isinstance(on, date):
        months = (on.year - previous_on.year) * 12 + on.month - previous_on.month
        if months == 1:
            return _("Bulan lalu")
        if months > 1:
            return _("{n} bulan lalu").format(n=months)
    return _("Terakhir")
