"""What is done about an answer that two laptops gave differently: data, one policy for each class of answers.

Nothing here changes what stands (`change.standing`): it says which side is chosen until somebody chooses, who may
choose, and from when on those who look after the post are asked as well. All of it follows from the saves alone and
from the day, so every laptop says the same. See docs/sync.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from posyandu.domain.change import WITHDRAWN
from posyandu.domain.duties import HEALTH_WORKERS
from posyandu.domain.fields import Date, Number, Text, Value, YesNo
from posyandu.domain.form import Form

NEWEST, MARKED, TOGETHER, STAYS = "newest", "marked", "together", "stays"
"""Which side is proposed: the newest that says something; a yes before a no; all texts in one; the record stays."""


@dataclass(frozen=True)
class Policy:
    """`proposed`: the side that is chosen unless somebody chooses otherwise. `by`: the duties that may choose, empty
    for everybody at work. `days`: so long the post alone is asked; None where nobody else ever has to be.
    """

    proposed: str
    days: int | None
    by: frozenset[str] = frozenset()


WAIT_DAYS = 7
"""So long a post is asked before the puskesmas is: our own choice, no regulation has any."""

POLICIES: Mapping[str, Policy] = MappingProxyType(
    {
        "identity": Policy(NEWEST, WAIT_DAYS),
        "measurement": Policy(NEWEST, WAIT_DAYS),
        "status": Policy(NEWEST, WAIT_DAYS),
        "set": Policy(MARKED, WAIT_DAYS),
        "note": Policy(TOGETHER, None),
        "removal": Policy(STAYS, WAIT_DAYS),
        "sealed": Policy(NEWEST, 0, HEALTH_WORKERS),
    }
)

_WHO = frozenset(("person", "household", "worker"))
"""The forms that say who somebody is; what they ask with a choice or yes and no is how that one is, a status."""
_SIGNS = ("danger_", "tbc_", "own_", "family_")
"""How the questions begin that are one sign or illness of a set each: what one saw is not waved off by who did not."""
_FAST_CLOCK = timedelta(days=1)


def class_of(form: Form, name: str) -> str:
    """The class of a field, link or withdrawal of a form; what this version does not know is a status."""
    if form.restricted:
        return "sealed"
    if name == WITHDRAWN:
        return "removal"
    if name in form.links or name == "sex":
        return "identity"
    match form.fields.get(name):
        case Text(lines=lines) if lines > 1:
            return "note"
        case Text() | Date() | Number() if form.name in _WHO:
            return "identity"
        case Number():
            return "measurement"
        case YesNo() if name.startswith(_SIGNS):
            return "set"
    return "status"


def began(sides: Iterable[tuple[Value | None, datetime]]) -> datetime:
    """Since when values that stand differ: when the first was saved that is another than the oldest. In any order.

    By the clocks of those who saved, since nothing else is the same everywhere.
    """
    ordered = sorted(sides, key=lambda side: side[1])
    oldest = ordered[0][0]
    return next((at for value, at in ordered if value != oldest), ordered[-1][1])


def is_handed_over(policy: Policy, since: datetime, now: datetime) -> bool:
    """Whether who looks after the post is asked too. A difference that begins later than now was saved by a wrong
    clock: nobody knows how long it waits, and they are asked rather than never.
    """
    if policy.days is None:
        return False
    return not -_FAST_CLOCK < now - since < timedelta(days=policy.days)
