"""Which widget asks which kind of question: one function dispatched on the kind of field."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import singledispatch

from posyandu.domain.fields import Choice, Date, Field, Number, Text, Value, YesNo, number_text
from posyandu.domain.form import Limit
from posyandu.text import _, placed
from posyandu.ui.widgets.fields import ChoiceRow, DateField, FieldWidget, NumberField, TextField


@dataclass(frozen=True)
class Setting:
    """What an editor needs besides its field: the day, and what a number may be for this person."""

    today: date
    limit: Limit = Limit()


@singledispatch
def editor_for(field: Field, setting: Setting) -> FieldWidget:
    """A new widget asking this field. Raises TypeError for a kind nobody has drawn yet."""
    raise TypeError(type(field).__name__)


@editor_for.register
def _number(field: Number, setting: Setting) -> FieldWidget:
    return NumberField(field, low=setting.limit.hard_low, high=setting.limit.hard_high)


@editor_for.register
def _choice(field: Choice, setting: Setting) -> FieldWidget:
    return ChoiceRow(field.name, _(field.label), choices(field), placed(field.hint))


@editor_for.register
def _yes_no(field: YesNo, setting: Setting) -> FieldWidget:
    return ChoiceRow(field.name, _(field.label), choices(field), placed(field.hint))


@editor_for.register
def _date(field: Date, setting: Setting) -> FieldWidget:
    return DateField(
        field.name,
        _(field.label),
        placed(field.hint),
        today=setting.today,
        shows_age=field.name == "born_on",
        past_only=field.past_only,
    )


@editor_for.register
def _text(field: Text, setting: Setting) -> FieldWidget:
    return TextField(field.name, _(field.label), placed(field.hint), lines=field.lines, digits=field.digits)


def choices(field: Choice | YesNo) -> Sequence[tuple[Value, str]]:
    """The answers of a closed question with the words of the paper form."""
    if isinstance(field, YesNo):
        return ((True, _(field.yes)), (False, _(field.no)))
    return tuple((each.code, _(each.label)) for each in field.options)


@singledispatch
def answer_text(field: Field, value: Value) -> str:
    """An answer as a person reads it: "9,6 kg", "Ya", "05-03-2024"."""
    return str(value)


@answer_text.register
def _number_text(field: Number, value: Value) -> str:
    assert isinstance(value, int)
    unit = _(field.unit)
    return f"{number_text(field, value)} {unit}" if unit else number_text(field, value)


@answer_text.register
def _closed_text(field: Choice | YesNo, value: Value) -> str:
    return next((words for answer, words in choices(field) if answer == value), str(value))


@answer_text.register
def _date_text(field: Date, value: Value) -> str:
    assert isinstance(value, date)
    return f"{value:%d-%m-%Y}"
