"""Findings: what a visit shows that needs doing, and the screening that two forms share.

Which findings exist, their texts, and whether they call for referral are dated data (`standards.ReferralRule`); the
modules `child` and `pregnancy` only say, by named conditions, whether each holds.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from posyandu.domain import bounds
from posyandu.domain.calendar import MONTHS
from posyandu.domain.fields import Answers
from posyandu.domain.standards import Rules, TbcRule
from posyandu.text import _, count, figure

SEVERITY = ("bad", "warn", "info")

Facts = TypeVar("Facts")


@dataclass(frozen=True)
class Finding:
    """One thing found: `level` "bad" (act today), "warn" (see to it) or "info" (explain); the texts are ready to show.

    `what_to_do` speaks to the kader, `tell_family` to the mother; `refer` says that the rule sends the person on.
    """

    code: str
    level: str
    title: str
    why: str
    what_to_do: str
    tell_family: str
    source: str
    refer: bool


def findings(
    rules: Rules,
    form: str,
    conditions: Mapping[str, Callable[[Facts], bool | None]],
    facts: Facts,
    words: Callable[[Facts], Mapping[str, str]],
) -> tuple[Finding, ...]:
    """Every finding of a form whose condition holds, the gravest first; those that a graver one replaces are left out.

    A condition that cannot be decided (None) finds nothing. `words` gives what fills the places in the texts.
    """
    held = [rule for rule in rules.referrals if rule.form == form and conditions[rule.condition](facts)]
    if not held:
        return ()
    replaced = {code for rule in held for code in rule.replaces}
    said = words(facts)

    def filled(text: str) -> str:
        return bounds.filled(_(text), rules, said)

    found = [
        Finding(
            rule.code,
            rule.level,
            filled(rule.title),
            filled(rule.why).rstrip(),
            filled(rule.what_to_do),
            filled(rule.tell_family),
            rule.source,
            rule.refer,
        )
        for rule in held
        if rule.code not in replaced
    ]
    return tuple(sorted(found, key=lambda finding: SEVERITY.index(finding.level)))


def worst(found: Iterable[Finding], otherwise: str) -> str:
    """The gravest level among findings; advice alone ("info") leaves `otherwise`."""
    levels = {finding.level for finding in found}
    return "bad" if "bad" in levels else "warn" if "warn" in levels else otherwise


def suspected_tbc(rule: TbcRule, answers: Answers) -> bool | None:
    """Whether enough of the screening questions are answered yes; None while the unanswered ones could still decide."""
    told = [answers.get(question) for question in rule.questions]
    yes = told.count(True)
    if yes >= rule.needed:
        return True
    return None if yes + told.count(None) >= rule.needed else False


def day_text(day: date, seen_from: date) -> str:
    """A day in a sentence: "10 Oktober", with the year when it is another one than that of `seen_from`."""
    text = f"{day.day} {_(MONTHS[day.month - 1])}"
    return text if day.year == seen_from.year else f"{text} {day.year}"


def change_text(change_g: int, since: date, on: date) -> str:
    """A change of weight in words: "Naik 400 gram sejak 10 Oktober"."""
    since_text = day_text(since, on)
    if change_g == 0:
        return _("Berat tetap sejak {since}").format(since=since_text)
    sentence = _("Naik {gram} gram sejak {since}") if change_g > 0 else _("Turun {gram} gram sejak {since}")
    return sentence.format(gram=thousands(abs(change_g)), since=since_text)


def thousands(number: int) -> str:
    """A whole number as Indonesian paper writes it: 1.200."""
    return count(number)


def decimal(number: float, places: int) -> str:
    """A number with decimals as Indonesian paper writes it: 6,2."""
    return figure(f"{number:.{places}f}")


def score_places(z: float) -> int:
    """How many decimals a z-score is written with: one, or two beside a border, for -2,03 SD is below -2 SD."""
    return 2 if abs(round(z, 1)) in (1, 2, 3) and z != round(z, 1) else 1


def body_mass(rules: Rules, bmi: float) -> str:
    """A body mass index as it is written, with one decimal; with more where one would set it on a bound it is beside.

    Classes go by the unrounded value, and "IMT 18,5, di bawah 18,5" would be read as a slip: 18,46 it is.
    """
    bounds = rules.bmi_bounds
    return decimal(bmi, next((places for places in (1, 2) if bmi in bounds or round(bmi, places) not in bounds), 3))
