"""Ctrl+C and Ctrl+V in the register: a box, or boxes of a spreadsheet that fall right and down from the cursor."""

from collections.abc import Iterator

from PySide6.QtGui import QGuiApplication

from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Choice, Field, Number, Value, YesNo
from posyandu.text import _
from posyandu.ui.editors import choices
from posyandu.ui.grid_model import GridModel, Index, answer_of_key, short_answer
from posyandu.ui.grid_sheet import SealedSheet

MOST = 40
"""Boxes pasted at once: each is checked and saved by itself, while the keys wait."""
BOXES_A_TURN = 4
Told = tuple[str, str]


def copy(grid: GridModel, here: Index) -> tuple[str, str]:
    """Put what stands in a box on the clipboard; gives how it went, as a level and a sentence."""
    words = str(grid.data(here) or "") if here.isValid() else ""
    if isinstance(grid.sheet, SealedSheet):
        return "warn", _("Jawaban rahasia tidak disalin.")
    if not words:
        return "info", _("Kotak ini kosong: tidak ada yang disalin.")
    QGuiApplication.clipboard().setText(words)
    return "ok", _("Disalin: {words}").format(words=words)


def paste(grid: GridModel, here: Index) -> Iterator[Told | None]:
    """Type the clipboard into the box, and further ones right and down: some a turn, last a level and a sentence.

    Every value is read and saved as if it were typed. One value leaves the sentence to what is wrong with it ("", "").
    Empty ones take nothing away; what has no box, or cannot be read, is counted.
    """
    told = [
        [words.strip() for words in line.split("\t")]
        for line in QGuiApplication.clipboard().text().rstrip("\r\n").splitlines()
    ]
    many = sum(bool(words) for line in told for words in line)
    if not many:
        yield "info", _("Papan klip kosong: salin dulu angkanya.")
    elif many > MOST:
        words = _("{n} nilai terlalu banyak untuk sekali tempel. Tempel paling banyak {most}.")
        yield "warn", words.format(n=many, most=MOST)
    elif many > 1 and isinstance(grid.sheet, SealedSheet):
        yield "warn", _("Di halaman rahasia tempel satu jawaban sekali.")
    else:
        yield from _write_all(grid, (here.row(), here.column()), told, many)


def _write_all(grid: GridModel, here: tuple[int, int], told: list[list[str]], many: int) -> Iterator[Told | None]:
    done, tried, why = 0, 0, ""
    for down, line in enumerate(told):
        for right, words in enumerate(line):
            if words:
                if tried and tried % BOXES_A_TURN == 0:
                    yield None
                tried += 1
                wrong = _write(grid, grid.index(here[0] + down, here[1] + right), words)
                done, why = done + (not wrong), why or wrong
    if many == 1:
        yield ("bad", why) if why else ("", "")
    elif not why:
        yield "ok", _("{n} nilai ditempel dan tersimpan.").format(n=done)
    else:
        yield "warn", _("{n} dari {all} nilai ditempel. Sisanya tidak: {why}").format(n=done, all=many, why=why)


def _write(grid: GridModel, index: Index, words: str) -> str:
    """Save one value; gives why not, "" when it was."""
    asked = grid.asked_at(index) if index.isValid() else None
    if asked is None:
        return _("di situ tidak ada kotak.")
    refused: list[str] = []
    grid.refused.connect(refused.append)
    try:
        grid.setData(index, _read(asked, words))
    except BadInput as error:
        return str(error)
    finally:
        grid.refused.disconnect(refused.append)
    return refused[0] if refused else ""


def _read(asked: Field, words: str) -> Value:
    """What is typed into a box by these words: an answer by its words, code or key; the rest the model reads."""
    if isinstance(asked, Number):
        return "".join(words.split())
    if not isinstance(asked, Choice | YesNo):
        return words
    typed = words.casefold()
    for answer, label in choices(asked):
        if typed in (label.casefold(), short_answer(asked, answer).casefold(), str(answer).casefold()):
            return answer
    by_key = answer_of_key(asked, typed) if len(typed) == 1 else None
    if by_key is None:
        raise BadInput(_("“{words}” bukan jawaban untuk {label}.").format(words=words, label=_(asked.label)))
    return by_key
