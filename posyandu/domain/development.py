"""What the ticks of the development checklist come to: everything of the age shown, or what the child cannot do yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from posyandu.domain import outcome
from posyandu.domain.fields import Answers
from posyandu.domain.forms.development import FORM
from posyandu.domain.outcome import VisitAssessment
from posyandu.domain.standards import DevelopmentBand, Rules, Standards
from posyandu.text import _

COMPLETE, INCOMPLETE = "complete", "incomplete"


@dataclass(frozen=True, kw_only=True)
class DevelopmentAssessment(VisitAssessment):
    """One checklist: "complete", "incomplete", None while open; `missing` are the lines the child does not do yet."""

    result: str | None
    missing: tuple[str, ...]


def band_of(rules: Rules, person: Answers, on: date) -> DevelopmentBand | None:
    """The checklist of the age the child has just completed; None without a birth date and at other ages."""
    months = outcome.months_on(person, on)
    return rules.checklist(months) if months is not None else None


def not_asked(rules: Rules, person: Answers, on: date) -> frozenset[str]:
    """The lines of all other ages."""
    band = band_of(rules, person, on)
    lines = {field.name for section in FORM.sections[1:-1] for field in section.fields}
    return frozenset(lines - set(band.items if band else ()))


def result(band: DevelopmentBand | None, answers: Answers) -> str | None:
    """One line that is not shown settles it, however many are open; complete is only what was asked to the end."""
    told = [answers.get(name) for name in band.items] if band is not None else []
    if False in told:
        return INCOMPLETE
    return COMPLETE if told and None not in told else None


def assess(standards: Standards, person: Answers, visits: Sequence[Answers]) -> list[DevelopmentAssessment]:
    """Each checklist judged, oldest first. What follows from it is found with the visit, whose column 3 it fills."""
    return [_assess(band_of(standards.on(on), person, on), on, visit) for on, visit in outcome.in_order(visits)]


def _assess(band: DevelopmentBand | None, on: date, visit: Answers) -> DevelopmentAssessment:
    found, names = result(band, visit), band.items if band is not None else ()
    missing = tuple(_(FORM.fields[name].label) for name in names if visit.get(name) is False)
    told = sum(visit.get(name) is not None for name in names)
    if found == COMPLETE:
        headline = _("Lengkap: semua {n} kemampuan dapat dilakukan.").format(n=len(names))
    elif found == INCOMPLETE:
        headline = _("Tidak lengkap, laporkan ke bidan. Belum dapat: {what}.").format(what="; ".join(missing))
    else:
        headline = _("{n} dari {all} kemampuan ditandai.").format(n=told, all=len(names))
    level = {COMPLETE: "ok", INCOMPLETE: "warn"}.get(str(found), "unknown")
    return DevelopmentAssessment(
        visited_on=on, headline=headline, level=level, tiles=(), findings=(), result=found, missing=missing
    )
