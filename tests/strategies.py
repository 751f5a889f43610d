"""Random answers, ops and records, drawn from the forms themselves."""

from datetime import date
from functools import singledispatch

from hypothesis import strategies as st

from posyandu.domain.change import Op, Wire
from posyandu.domain.fields import Choice, Date, Field, Number, Text, Value, YesNo
from posyandu.domain.form import Form
from posyandu.domain.forms.session import FIRST_YEAR

DEVICES = ("laptop-a", "laptop-b", "laptop-c")
FIELD_NAMES = ("weight_g", "length_mm", "note")

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)
wire_values: st.SearchStrategy[Wire] = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), texts)


@singledispatch
def answer(field: Field) -> st.SearchStrategy[Value]:
    """Any answer a person could give to this field."""
    raise TypeError(type(field).__name__)


@answer.register
def _number(field: Number) -> st.SearchStrategy[Value]:
    return st.integers(field.low, field.high)


@answer.register
def _choice(field: Choice) -> st.SearchStrategy[Value]:
    return st.sampled_from([option.code for option in field.options])


@answer.register
def _yes_no(field: YesNo) -> st.SearchStrategy[Value]:
    return st.booleans()


@answer.register
def _date(field: Date) -> st.SearchStrategy[Value]:
    return st.dates(date(1930, 1, 1), date(2026, 11, 1))


@answer.register
def _text(field: Text) -> st.SearchStrategy[Value]:
    return texts.filter(bool)


def answers(form: Form) -> st.SearchStrategy[dict[str, Value | None]]:
    """Any partial answers to a form, none of which another one rules out."""
    told = st.fixed_dictionaries({}, optional={f.name: st.none() | answer(f) for f in form.fields.values()})
    return told.map(_without_contradiction)


def _without_contradiction(told: dict[str, Value | None]) -> dict[str, Value | None]:
    upper, lower, held_on = (told.get(name) for name in ("systolic_mmhg", "diastolic_mmhg", "held_on"))
    if isinstance(upper, int) and isinstance(lower, int) and upper <= lower:
        told = told | {"diastolic_mmhg": None}
    if isinstance(held_on, date) and held_on.year < FIRST_YEAR:
        told = told | {"held_on": None}
    first, last = told.get("visited_on"), told.get("ended_on")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        told = told | {"ended_on": None}
    return told


@st.composite
def histories(draw: st.DrawFn, max_saves: int = 8) -> list[tuple[Op, str]]:
    """The ops of one record made by laptops that have each seen a random part of what was made before.

    Whoever has seen an op has also seen all that op's author saw, as it is when ops travel by feeds.
    """
    made: list[tuple[Op, str]] = []
    closures: dict[str, frozenset[str]] = {}
    for number in range(draw(st.integers(1, max_saves))):
        met = draw(st.sets(st.sampled_from([op.head for op, _ in made]))) if made else set()
        seen = frozenset(met).union(*(closures[head] for head in met))
        covered = frozenset().union(*(closures[head] for head in seen)) if seen else frozenset()
        heads = tuple(sorted(seen - covered))
        by_head = {op.head: op for op, _ in made}
        fields: dict[str, Wire] = draw(
            st.dictionaries(st.sampled_from(FIELD_NAMES), st.integers(0, 3), min_size=1, max_size=2)
        )
        if draw(st.integers(0, 5)) == 0:
            fields = {"withdrawn": True}
        op = Op(
            scope="pos",
            entity="under_five_visit",
            record="anak",
            version=1,
            depth=1 + max((by_head[head].depth for head in heads), default=0),
            heads=heads,
            fields=fields,
            author="kader",
            at_ms=draw(st.integers(0, 10**6)),
            clock=0,
            nonce=f"{number:016x}",
        )
        made.append((op, draw(st.sampled_from(DEVICES))))
        closures[op.head] = seen
    return made
