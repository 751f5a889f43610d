"""A form is data: sections of fields and the rules between them; `problems` says what is wrong with its answers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import date
from enum import Enum
from functools import cached_property, singledispatch

from posyandu.domain.fields import Answers, Choice, Date, Field, Number, Text, Value, YesNo, number_text, with_unit
from posyandu.text import _


class Level(Enum):
    """How much a problem matters: HARD cannot be final, SOFT wants "Nilai sudah benar", SILENT only colours."""

    HARD = "hard"
    SOFT = "soft"
    SILENT = "silent"


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field, in a sentence that says what to do."""

    field: str
    level: Level
    message: str


@dataclass(frozen=True)
class Limit:
    """What a number may be for someone of this age: all in stored units, None where there is no bound.

    Outside `hard` it cannot be final; outside `usual`, or a fall or rise beyond `fall`/`rise` against the last
    value, it wants confirming.
    """

    hard_low: int | None = None
    hard_high: int | None = None
    usual_low: int | None = None
    usual_high: int | None = None
    fall: int | None = None
    rise: int | None = None


@dataclass(frozen=True)
class Context:
    """What checking needs to know beyond the answers: the day, the person's last values and limits for their age."""

    today: date
    previous: Answers
    limits: Mapping[str, Limit]
    numbers: Mapping[str, int] = made_by(default_factory=dict)
    """What a form's own rules ask of the dated standards, by the name it has there."""


Rule = Callable[[Answers, Context], Iterable[Problem]]


@dataclass(frozen=True)
class Section:
    """Fields under one heading."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Form:
    """One kind of record: `name` is the entity in journal, tables and sync; `version` its schema version.

    `links` are the ids it points to; `grid` the columns of the register page, in the order of the paper. A
    `restricted` form is confidential: its answers are shown only in the form itself, never in a list, a timeline, a
    report or a log. `since` is the day, ISO, from which the paper it follows holds; every save keeps the version.
    """

    name: str
    title: str
    version: int
    sections: tuple[Section, ...]
    links: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    grid: tuple[str, ...] = ()
    source: str = ""
    restricted: bool = False
    since: str = ""

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Every field by name, in the order asked."""
        return {field.name: field for section in self.sections for field in section.fields}

    def asked(self, answers: Answers) -> Iterator[Field]:
        """The fields whose condition holds for these answers, in order."""
        for field in self.fields.values():
            if field.shown_if is None or field.shown_if(answers):
                yield field


def problems(form: Form, answers: Answers, context: Context) -> list[Problem]:
    """Everything wrong with the answers: missing, impossible, unusual, and what the form's own rules find."""
    found: list[Problem] = []
    for field in form.asked(answers):
        value = answers.get(field.name)
        if value is None:
            if field.required:
                found.append(Problem(field.name, Level.HARD, _("{label} belum diisi").format(label=_(field.label))))
            continue
        found.extend(check(field, value, context))
    for rule in form.rules:
        found.extend(rule(answers, context))
    return found


@singledispatch
def check(field: Field, value: Value, context: Context) -> list[Problem]:
    """What is wrong with one given answer to one field."""
    raise TypeError(type(field).__name__)


@check.register
def _check_number(field: Number, value: Value, context: Context) -> list[Problem]:
    assert isinstance(value, int)
    limit = context.limits.get(field.name, Limit())
    low = field.low if limit.hard_low is None else max(field.low, limit.hard_low)
    high = field.high if limit.hard_high is None else min(field.high, limit.hard_high)
    label = _(field.label)
    if not low <= value <= high:
        sentence = _("{label} harus antara {low} dan {high}. Coba periksa lagi.").format(
            label=label, low=number_text(field, low), high=with_unit(field, high)
        )
        return [Problem(field.name, Level.HARD, sentence)]
    last = context.previous.get(field.name)
    if isinstance(last, int):
        change = value - last
        amount = with_unit(field, abs(change))
        if limit.fall is not None and change < -limit.fall:
            sentence = _("Turun {amount} dari kunjungan lalu. Coba ukur sekali lagi.").format(amount=amount)
            return [Problem(field.name, Level.SOFT, sentence)]
        if limit.rise is not None and change > limit.rise:
            sentence = _("Naik {amount} dari kunjungan lalu. Coba ukur sekali lagi.").format(amount=amount)
            return [Problem(field.name, Level.SOFT, sentence)]
    if (limit.usual_low is not None and value < limit.usual_low) or (
        limit.usual_high is not None and value > limit.usual_high
    ):
        sentence = _("{label} {value} jarang terjadi pada umur ini. Coba ukur sekali lagi.").format(
            label=label, value=with_unit(field, value)
        )
        return [Problem(field.name, Level.SOFT, sentence)]
    return []


@check.register
def _check_choice(field: Choice, value: Value, context: Context) -> list[Problem]:
    if value in {option.code for option in field.options}:
        return []
    return [Problem(field.name, Level.HARD, _("{label}: pilih salah satu jawaban").format(label=_(field.label)))]


@check.register
def _check_yes_no(field: YesNo, value: Value, context: Context) -> list[Problem]:
    assert isinstance(value, bool)
    return []


@check.register
def _check_date(field: Date, value: Value, context: Context) -> list[Problem]:
    assert isinstance(value, date)
    if field.past_only and value > context.today:
        sentence = _("{label} belum terjadi. Periksa tanggalnya.").format(label=_(field.label))
        return [Problem(field.name, Level.HARD, sentence)]
    return []


@check.register
def _check_text(field: Text, value: Value, context: Context) -> list[Problem]:
    assert isinstance(value, str)
    if field.digits and (len(value) != field.digits or not value.isdigit()):
        sentence = _("{label} biasanya {n} angka. Boleh disimpan, lengkapi bila sudah ada.").format(
            label=_(field.label), n=field.digits
        )
        return [Problem(field.name, Level.SILENT, sentence)]
    return []
