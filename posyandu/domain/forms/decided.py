"""What every record begins with by which a dinas or puskesmas sets something for its posts, from a day on."""

from collections.abc import Iterable, Sequence

from posyandu.domain.fields import Answers, Date, Text
from posyandu.domain.form import Context, Level, Problem, Rule, Section
from posyandu.text import N_, _


def by_whom(example: str) -> Section:
    """From which day it holds, and by whose word; `example` is the hint for that."""
    return Section(
        N_("Keterangan"),
        (
            Date(name="since_on", label=N_("Berlaku mulai"), required=True, past_only=False),
            Text(name="source", label=N_("Menurut"), hint=example, required=True),
        ),
    )


def says_something(names: Sequence[str], sentence: str) -> Rule:
    """Refuses a record without any of these answers: it would set nothing and hide what held before."""

    def rule(answers: Answers, _context: Context) -> Iterable[Problem]:
        if all(answers.get(name) is None for name in names):
            yield Problem(names[0], Level.HARD, _(sentence))

    return rule
