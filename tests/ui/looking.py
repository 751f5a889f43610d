"""What a critical eye finds on a page: words cut off, widgets outside their parent or over each other, no names."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QHeaderView,
    QLabel,
    QLayout,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QToolTip,
    QWidget,
)

from posyandu.ui import jobs, theme
from posyandu.ui.widgets.basics import Button, ElideLabel, ScrollPage, SegmentButton, Tick
from posyandu.ui.widgets.fields import Pick
from posyandu.ui.widgets.overlay import Overlay
from posyandu.ui.widgets.picker import Picker

CLOSE = 1
"""Pixels that rounding may take."""
AIR = 4
TURNS = 20
"""So many turns of the loop without a change, and nothing is being built a part at a turn any more."""
DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
LEAST_CONTRAST = 4.5


def faults(root: QWidget) -> list[str]:
    """Everything wrong with what is shown below a widget, in words."""
    QApplication.processEvents()
    return [*cut_words(root), *outside(root), *overlapping(root), *nameless(root), *air(root)]


def settled_faults(root: QWidget, patience_ms: int = 1_500) -> list[str]:
    """The faults that stay once everything is laid out: what stands below the first screenful comes a moment later."""
    found = faults(root)
    while found and patience_ms > 0:
        QTest.qWait(50)
        patience_ms -= 50
        found = faults(root)
    return found


def at_rest(root: QWidget, patience_ms: int = 10_000) -> QImage:
    """The picture of a widget once nothing is at work for it and nothing in it changes any more."""
    before, picture = None, root.grab().toImage()
    while patience_ms > 0 and (jobs.busy() or picture != before):
        QTest.qWait(150)
        for _turn in range(TURNS):  # on a loaded machine a wait has room for one or two
            QApplication.processEvents()
        patience_ms -= 150
        before, picture = picture, root.grab().toImage()
    return picture


def popups(window: QWidget) -> list[QWidget]:
    """What stands over the window as a window of its own: menus, open lists, calendars, tooltips."""
    kinds = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)
    return [each for each in QApplication.topLevelWidgets() if each.isVisible() and each.windowType() in kinds]


def with_popups(window: QWidget, picture: QImage) -> QImage:
    """The picture of a window with its menus, lists and tips where they stand, on ground for what reaches beyond it."""
    over = popups(window)
    if not over:
        return picture
    corner = window.mapToGlobal(window.rect().topLeft())
    area = QRect(window.rect())
    for each in over:
        area = area.united(each.frameGeometry().translated(-corner))
    all_of_it = QImage(area.size(), QImage.Format.Format_RGB32)
    all_of_it.fill(QColor("#AA3399"))
    painter = QPainter(all_of_it)
    painter.drawImage(-area.topLeft(), picture)
    for each in over:
        painter.drawPixmap(each.frameGeometry().topLeft() - corner - area.topLeft(), each.grab())
    painter.end()
    return all_of_it


def beyond(window: QWidget) -> Iterator[str]:
    """Menus, open lists and calendars that reach over the edge of the screen."""
    for each in popups(window):
        screen = each.screen().availableGeometry()
        if not screen.contains(each.frameGeometry()):
            yield f"over the edge of the screen: {told(each)} {each.frameGeometry().getRect()} in {screen.getRect()}"


def close_popups() -> None:
    """Put away what stands open."""
    QToolTip.hideText()
    for top in QApplication.topLevelWidgets():
        for each in top.findChildren(QWidget):
            each.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    for each in popups(QWidget()):
        each.hide()


def whole(page: ScrollPage) -> None:
    """Make a page as high as all it holds, once it stands: in a list of questions some come a moment later."""
    for _turn in range(5):
        QTest.qWait(20)
        over = page.verticalScrollBar().maximum()
        if not over:
            return
        page.resize(page.width(), page.height() + over)


def shown(root: QWidget) -> Iterator[QWidget]:
    """Every visible widget below another, but the parts of lists, headers and scroll bars."""
    for widget in root.findChildren(QWidget):
        if widget.isVisible() and not isinstance(widget, QScrollBar | QHeaderView) and not _part_of_a_list(widget):
            yield widget


def _part_of_a_list(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractItemView | QScrollBar):
            return True
        parent = parent.parentWidget()
    return False


def cut_words(root: QWidget) -> Iterator[str]:
    """Labels and buttons whose words are wider or higher than their room, unless they elide or tell by a tooltip."""
    for widget in shown(root):
        if isinstance(widget, SegmentButton | Tick) and widget.width() < widget.minimumSizeHint().width() - CLOSE:
            yield f"answer cut: {widget.text()} ({widget.width()} of {widget.minimumSizeHint().width()})"
        elif isinstance(widget, Picker) and _cut_choice(widget):
            yield f"choice cut: {widget.objectName()} {widget.currentText()} ({widget.width()})"
        if widget.toolTip() or isinstance(widget, ElideLabel):
            continue
        if isinstance(widget, QLabel) and widget.text():
            yield from _cut_label(widget)
        elif isinstance(widget, Button) and widget.text() and widget.width() < widget.minimumSizeHint().width() - CLOSE:
            yield f"button cut: {widget.text()} ({widget.width()} of {widget.minimumSizeHint().width()})"
        elif isinstance(widget, Pick):
            wanted = widget.heightForWidth(widget.width()) if widget.stacked else widget.sizeHint().height()
            wide = widget.sizeHint().width() if not widget.stacked else 0
            if widget.height() < wanted - CLOSE or widget.width() < wide - CLOSE:
                yield f"answer cut: {widget.text()}"
        elif isinstance(widget, QLineEdit) and widget.placeholderText():
            wanted = widget.fontMetrics().horizontalAdvance(widget.placeholderText())
            if wanted > widget.width():
                yield f"placeholder cut: {widget.placeholderText()}"


def _cut_choice(picker: Picker) -> bool:
    return picker.fontMetrics().horizontalAdvance(picker.currentText()) > picker.room() + CLOSE


def cut_heads(root: QWidget) -> Iterator[str]:
    """Words on one line that end in dots: none may, but names and where people live."""
    for widget in shown(root):
        cut = isinstance(widget, ElideLabel) and widget.fontMetrics().horizontalAdvance(widget.text()) > widget.width()
        if cut and widget.font().pixelSize() >= theme.font("h3").pixelSize():
            yield f"heading cut: {widget.text()} ({widget.width()})"


def _cut_label(label: QLabel) -> Iterator[str]:
    room = label.contentsRect()
    if label.textFormat() == Qt.TextFormat.RichText:
        document = QTextDocument()
        document.setDefaultFont(label.font())
        document.setHtml(label.text())
        document.setTextWidth(room.width())
        wanted = int(document.size().height()) - 2 * int(document.documentMargin())
        if wanted > room.height() + CLOSE:
            yield f"label too low: {label.text()}"
        return
    metrics = label.fontMetrics()
    if label.wordWrap():
        flags = int(Qt.TextFlag.TextWordWrap)
        shown = QLabel.text(label)  # as its lines are broken, not as it was written
        needed = metrics.boundingRect(QRect(0, 0, room.width(), 10_000), flags, shown)
        if needed.height() > room.height() + CLOSE:
            yield f"label too low: {label.text()} ({room.height()} of {needed.height()})"
        words = shown.replace("-", "- ").replace("\n", " ").split(" ")  # a line may break after a hyphen too
        widest = max((metrics.horizontalAdvance(word) for word in words), default=0)
    else:
        widest = max(metrics.horizontalAdvance(line) for line in label.text().split("\n"))
    if widest > room.width() + CLOSE:
        yield f"label cut: {label.text()} ({room.width()} of {widest})"


def outside(root: QWidget) -> Iterator[str]:
    """Widgets that reach over the edge of their parent; what scrolls may do so downwards, never sideways."""
    for widget in shown(root):
        parent = widget.parentWidget()
        if parent is None or widget.isWindow():
            continue
        place, room = widget.geometry(), parent.rect()
        scrolls = isinstance(parent.parentWidget(), QScrollArea | QAbstractScrollArea)
        sideways = place.left() < -CLOSE or place.right() > room.right() + CLOSE
        downwards = place.top() < -CLOSE or place.bottom() > room.bottom() + CLOSE
        if sideways or (downwards and not scrolls):
            yield f"outside: {told(widget)} {place.getRect()} in {told(parent)} {room.getRect()}"


def overlapping(root: QWidget) -> Iterator[str]:
    """Widgets of one layout that lie over each other."""
    for parent in {widget.parentWidget() for widget in shown(root)}:
        layout = parent.layout() if parent is not None else None
        if parent is None or layout is None:
            continue
        held = set(_held(layout))
        placed = [
            child
            for child in parent.findChildren(QWidget, options=DIRECT)
            if child.isVisible() and not child.isWindow() and child in held
        ]
        placed.sort(key=lambda child: (child.y(), child.x()))
        for above, below in pairwise(placed):
            over = above.geometry().intersected(below.geometry())
            if over.width() > CLOSE and over.height() > CLOSE:
                yield f"overlap: {told(above)} and {told(below)} by {over.width()}x{over.height()}"


def _held(layout: QLayout) -> Iterator[QWidget]:
    """The widgets a layout places, those of the layouts inside it too."""
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if (inner := item.layout()) is not None:
            yield from _held(inner)
        elif (widget := item.widget()) is not None:
            yield widget


def faint_words(root: QWidget) -> Iterator[str]:
    """Words whose colour is less than 4,5 to 1 against the ground they stand on in the picture (WCAG 2.2, AA)."""
    picture = root.grab().toImage()
    ratio = picture.devicePixelRatio()
    for label in shown(root):
        if not isinstance(label, QLabel) or not label.text() or not label.isEnabled():
            continue
        if label.textFormat() == Qt.TextFormat.RichText or label.visibleRegion().boundingRect() != label.rect():
            continue
        corner = label.mapTo(root, label.rect().topLeft()) * ratio
        ink, ground = label.palette().color(label.foregroundRole()), picture.pixelColor(corner)
        if (told_apart := contrast(ink, ground)) < LEAST_CONTRAST:
            yield f"faint: {label.text()} ({ink.name()} on {ground.name()}: {told_apart:.1f})"


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2's ratio of two colours."""

    def light(color: QColor) -> float:
        parts = [channel / 255 for channel in color.getRgb()[:3]]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def air(root: QWidget) -> Iterator[str]:
    """Pages that scroll though all of it has room; sheets that are higher than what they hold."""
    for page in root.findChildren(ScrollPage):
        if page.isVisible() and page.verticalScrollBar().maximum() > 0:
            wanted = page.needed(page.viewport().width()) if page.content is page.widget() else page.height() + CLOSE
            if wanted <= page.viewport().height():
                yield f"scrolls over air: {told(page)} ({wanted} in {page.viewport().height()})"
    for sheet in (root.parentWidget(), *root.findChildren(Overlay)):
        if isinstance(sheet, Overlay) and sheet.isVisible():
            parts = [child for child in sheet.sheet.findChildren(QWidget, options=DIRECT) if child.isVisible()]
            low = max(child.geometry().bottom() for child in parts)
            spare = sheet.sheet.height() - sheet.body.contentsMargins().bottom() - low
            if spare > AIR:
                yield f"air in the sheet: {spare} under its last line"


def nameless(root: QWidget) -> Iterator[str]:
    """What takes the keys and has no name for screen readers."""
    for widget in shown(root):
        takes_keys = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
        if takes_keys and widget.isEnabled():
            face = QAccessible.queryAccessibleInterface(widget)
            if not face.text(QAccessible.Text.Name):
                yield f"no name: {told(widget)}"


def unreached(root: QWidget) -> list[str]:
    """What takes the keys and is never reached by Tab from the first such widget."""
    wanted = [
        widget
        for widget in shown(root)
        if widget.isEnabled() and widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    ]
    if not wanted:
        return []
    reached, widget = set(), wanted[0]
    for _turn in range(5_000):
        reached.add(widget)
        widget = widget.nextInFocusChain()
        if widget is wanted[0]:
            break
    return [told(each) for each in wanted if each not in reached]


def told(widget: QWidget) -> str:
    """A widget as a person would point at it."""
    words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.objectName() or words or widget.accessibleName()}".strip()
