"""A robot that types a register page as a kader does: it looks at the box under the cursor and presses real keys."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from PySide6.QtWidgets import QApplication

from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Choice, Date, Field, Number, Text, Value, YesNo, number_text, read_number
from posyandu.domain.form import Form, Limit
from posyandu.services import companions, people, pregnancies, questionnaires, sealed, sessions
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.ui.editors import choices
from posyandu.ui.grid import GridRow, GridView
from posyandu.ui.widgets.fields import place_of_key
from tests.services.melati import READER, READER_PIN
from tests.ui.scene import keys

MIX = (
    ("Bayi", 30, 330, 10),
    ("Balita", 380, 1_800, 16),
    ("Apras", 1_850, 2_150, 4),
    ("Hamil", 7_500, 12_000, 5),
    ("Nifas", 7_500, 12_000, 3),
    ("Sekolah", 2_300, 5_300, 6),
    ("Remaja", 5_600, 6_800, 4),
    ("Dewasa", 7_500, 20_000, 7),
    ("Lansia", 22_500, 29_000, 5),
)
"""Sixty people of a mixed day: what they are called, their age in days from and to, how many."""


@dataclass
class Typed:
    """What was typed: the value of every box by record, keystrokes by row, seconds by box."""

    values: dict[tuple[str, str, str], dict[str, Value]] = field(default_factory=dict)
    keys_of_rows: list[int] = field(default_factory=list)
    seconds_of_boxes: list[float] = field(default_factory=list)


def sixty_people(ws: Workspace, on: date, seed: int = 11) -> list[str]:
    """Register the mix at the chosen post; gives their ids."""
    dice, made = Random(seed), []
    for words, youngest, oldest, count in MIX:
        for number in range(count):
            mother = words in ("Hamil", "Nifas")
            sex = "female" if mother or dice.random() < 0.5 else "male"
            born_on = on - timedelta(days=dice.randrange(youngest, oldest))
            who = people.register(ws, {"name": f"{words} {number + 1:02}", "sex": sex, "born_on": born_on})
            if mother:
                carried = pregnancies.note(ws, who, {"lmp_on": on - timedelta(days=200 if words == "Hamil" else 300)})
                if words == "Nifas":
                    pregnancies.end(ws, carried, "live_birth", on - timedelta(days=15))
            made.append(who)
    return made


def type_page(view: GridView, seed: int = 3) -> Typed:
    """Type every box of the page from the first to the last, a few left empty as on paper."""
    dice, told = Random(seed), Typed()
    view.go_to_start(0)
    done = 0
    while done < view.grid.rowCount():
        row = view.grid.rows[done]
        told.keys_of_rows.append(_type_row(view, row, dice, told))
        done += 1
        if view.currentIndex().row() < done < view.grid.rowCount():
            keys("*")
            told.keys_of_rows[-1] += 1
    return told


def _type_row(view: GridView, row: GridRow, dice: Random, told: Typed) -> int:
    pressed = 0
    values = told.values.setdefault((row.form.name, row.person_id, row.record_id or ""), {})
    for asked in [each for each in row.fields if each is not None]:
        assert view.grid.asked_at(view.currentIndex()) is asked, (row.entry.name, asked.name)
        began = time.perf_counter()
        if dice.random() < 0.04:
            pressed += keys("↵")
            continue
        value = likely(asked, row, dice)
        pressed += keys(_keys_for(asked, value, view.grid.sheet.limits(row).get(asked.name, Limit())))
        QApplication.processEvents()
        told.seconds_of_boxes.append(time.perf_counter() - began)
        values[asked.name] = value
    return pressed


def likely(asked: Field, row: GridRow, dice: Random) -> Value:
    """A value somebody of this age may well have."""
    if isinstance(asked, YesNo):
        return dice.random() < 0.7
    if isinstance(asked, Choice):
        return dice.choice(asked.options).code
    if isinstance(asked, Date):
        return date(2026, 11, dice.randrange(1, 12))
    if isinstance(asked, Text):
        return dice.choice(("tidak ada", "bibir sumbing"))
    assert isinstance(asked, Number)
    assert row.entry.born_on is not None
    months = (row.entry.last_on or date(2026, 11, 12)) - row.entry.born_on
    years = months.days / 365.25
    young = years < 6
    middle = {
        "weight_g": 3_500 + 2_700 * years**0.8 if young else min(55_000, 18_000 + 3_000 * (years - 6)),
        "length_mm": 500 + 240 * years**0.6,
        "height_mm": min(1_580, 1_150 + 45 * (years - 6)),
        "muac_mm": 145 if young else 255,
        "head_mm": 380 + 90 * min(years, 2) / 2,
        "waist_mm": 760,
        "systolic_mmhg": 118,
        "diastolic_mmhg": 76,
        "glucose_mg_dl": 115,
    }.get(asked.name, asked.low + 1)
    step = asked.per_unit // 10 if asked.per_unit >= 10 else 1
    spread = 0.04 * middle
    return max(asked.low, round((middle + dice.uniform(-spread, spread)) / step) * step)


def _keys_for(asked: Field, value: Value, limit: Limit) -> str:
    """The fewest keys that mean the value in this box."""
    if isinstance(value, date):
        return f"{value:%d%m%y}↵"
    if isinstance(asked, Text):
        return f"{value}↵"
    if not isinstance(asked, Number):
        assert isinstance(asked, Choice | YesNo)
        options = choices(asked)
        words = [each for _answer, each in options]
        place = [answer for answer, _words in options].index(value)
        if isinstance(asked, YesNo):
            return "yt"[place]
        if all(each.code.isdigit() for each in asked.options):
            return str(value)  # a score, as it is counted
        return next(key for key in "abcdefghijklmnopqrstuvwxyz1234567890," if place_of_key(key, words) == place)
    assert isinstance(value, int)
    text = number_text(asked, value)
    for typed in (text.replace(",", "").rstrip("0"), text.replace(",", ""), text):
        try:
            if typed and read_number(asked, typed, limit.hard_low, limit.hard_high) == value:
                return typed + "↵"
        except BadInput:
            continue
    raise AssertionError((asked.name, value, text))


def lost(ws: Workspace, session_id: str, told: Typed) -> Iterator[str]:
    """Every box whose value is not in the records as it was typed; of sealed ones, as their reader finds it.

    Sealed answers are opened by the key of the reader who made it with `melati.with_reader`.
    """
    from posyandu.domain.forms import FORMS

    for (form, person_id, record_id), values in told.values.items():
        own = FORMS[form]
        where = record_id if own in companions.ONCE else records.visit_id(form, session_id, person_id)
        row = records.load(ws.db, own, where)
        answers: Mapping[str, Value | None] = row.answers if row is not None else {}
        if own.restricted and values:
            if any(answers.get(name) is not None for name in values):
                yield f"{form} {person_id}: answers stand in the open"
            answers = _opened(ws, own, where)
        for name, value in values.items():
            if answers.get(name) != value:
                yield f"{form} {person_id} {name}: typed {value}, kept {answers.get(name)}"


def _opened(ws: Workspace, form: Form, record_id: str) -> Mapping[str, Value | None]:
    """The newest sealed answers of a record."""
    at_work, ws.worker = ws.worker, READER
    try:
        newest = questionnaires.open_newest(ws, sealed.unlock(ws, READER_PIN), form, record_id)[0]
    finally:
        ws.worker = at_work
    return newest.values


def present(ws: Workspace, session_id: str) -> int:
    """How many are noted as present."""
    return sessions.tally(ws, session_id).present
