"""What checking a visit needs of the book, and what of a kept visit is still in doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from posyandu.domain import outcome
from posyandu.domain.child import ChildAssessment
from posyandu.domain.fields import Answers, Number, Value
from posyandu.domain.form import Context, Form, Level, Problem
from posyandu.domain.form import problems as form_problems
from posyandu.domain.limits import limits_for, numbers_for
from posyandu.domain.outcome import in_sentence
from posyandu.domain.referral import Finding
from posyandu.services.judging import Assessment, wrong_tools
from posyandu.services.workspace import Workspace
from posyandu.storage.records import Row
from posyandu.text import _

IN_DOUBT = "in_doubt"
"""The finding that stands before all others while a number is in doubt."""


def latest_day(ws: Workspace) -> date:
    """The last day that can have come: today; any day when this laptop's clock is not to be believed."""
    return ws.today() if ws.clock_quality() else date.max


def last_known(form: Form, earlier: Sequence[Row]) -> dict[str, Value | None]:
    """The last known value of each field in these visits, oldest first; of confidential ones nothing."""
    last: dict[str, Value | None] = {}
    for row in () if form.restricted else earlier:
        last.update({name: row.answers[name] for name in form.fields if row.answers.get(name) is not None})
    return last


def sound_rows(ws: Workspace, rows: Sequence[Row]) -> Sequence[Row]:
    """These visits without what was read from a tool found wrong: no later number is held against it."""
    wrong = wrong_tools(ws, [row.answers for row in rows])
    return [replace(row, answers=outcome.sound(row.answers, wrong)) for row in rows] if wrong else rows


def visit_context(ws: Workspace, form: Form, person: Answers, on: date, earlier: Sequence[Row]) -> Context:
    """What checking a visit's answers on a day needs, given the `sound_rows` of the visits before it, oldest first."""
    before = earlier[-1].answers["visited_on"] if earlier else None
    limits = limits_for(ws.standards, form.name, person, on, before if isinstance(before, date) else None)
    numbers = numbers_for(ws.standards, form.name, person, on)
    return Context(latest_day(ws), last_known(form, earlier), limits, numbers)


def doubts(ws: Workspace, form: Form, person: Answers, visit: Row, earlier: Sequence[Row]) -> list[Problem]:
    """What of a kept visit is impossible, or unusual and confirmed by nobody yet."""
    on = visit.answers["visited_on"]
    assert isinstance(on, date)
    found = form_problems(form, visit.answers, visit_context(ws, form, person, on, earlier))
    return [
        each
        for each in found
        if each.level is Level.HARD or (each.level is Level.SOFT and each.field not in visit.confirmed)
    ]


def measured_doubts(
    ws: Workspace, form: Form, person: Answers, rows: Sequence[Row], only: str = ""
) -> Mapping[str, list[Problem]]:
    """The numbers in doubt of these visits of one person, oldest first, by visit; with `only` of that one alone."""
    found, sound = {}, sound_rows(ws, rows)
    for visit in rows:
        if visit.id == only or not only:
            on = str(visit.answers["visited_on"])
            earlier = [row for row in sound if str(row.answers["visited_on"]) < on]
            told = [
                each
                for each in doubts(ws, form, person, visit, earlier)
                if isinstance(form.fields.get(each.field), Number)
            ]
            if told:
                found[visit.id] = told
    return found


def doubted_words(words: str) -> str:
    """The first sentence of a verdict that stands on a number in doubt, marked so."""
    return _("Belum dipastikan: {words}").format(words=in_sentence(words.partition(". ")[0].rstrip(".")))


def in_doubt(sound: Assessment, told: Assessment, found: Sequence[Problem], *, here: bool = False) -> Assessment:
    """A visit with numbers in doubt, judged without them (`sound`): it asks to measure again before all else.

    `told` is the same visit judged with them; `here` says that its questions stand beside these words. Of a child whose
    weight is sure what is said of the weight stays.
    """
    why = " ".join(dict.fromkeys(each.message for each in found))
    again = Finding(
        IN_DOUBT,
        "warn",
        _("Pastikan hasil ukur dulu"),
        why,
        _("Ukur sekali lagi dan betulkan. Bila memang benar, tekan “Nilai sudah benar”.")
        if here
        else _("Ukur sekali lagi dan betulkan. Bila memang benar, buka kunjungan ini dan tekan “Nilai sudah benar”."),
        "",
        "",
        False,
    )
    findings = (again, *sound.findings)
    level = "bad" if sound.level == "bad" else "warn"
    if isinstance(sound, ChildAssessment) and sound.weighed is not None:
        return replace(sound, findings=findings, level=level)
    return replace(sound, findings=findings, level=level, headline=doubted_words(told.headline))
