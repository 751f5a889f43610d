"""What a home visit found: yellow gaps, red danger signs, and one sentence that says what to do."""

from dataclasses import dataclass

from posyandu.domain.fields import Answers
from posyandu.domain.form import Form
from posyandu.domain.forms import home_visit as forms
from posyandu.domain.outcome import tenths
from posyandu.domain.service_group import Group
from posyandu.domain.standards import Rules
from posyandu.text import _


@dataclass(frozen=True)
class HomeVisitResult:
    """`dangers` and `gaps` are the questions' words; `unasked` counts those of both colours without an answer.

    `level` is "bad", "warn", "ok" or "unknown"; `advice` one sentence for the kader.
    """

    dangers: tuple[str, ...]
    gaps: tuple[str, ...]
    unasked: int
    level: str
    advice: str


def assess(rules: Rules, form: Form, answers: Answers) -> HomeVisitResult:
    """Read a checklist. What was not asked is neither good nor bad, and is counted."""
    dangers, gaps, unasked = [], [], 0
    for field in form.fields.values():
        kind = field.name.partition("_")[0]
        if kind not in ("danger", "gap", "habit"):
            continue
        answer = answers.get(field.name)
        if answer is None:
            unasked += 1
        elif kind == "danger" and answer is True:
            dangers.append(_(field.label))
        elif kind == "gap" and answer is False:
            gaps.append(_("Belum: {what}").format(what=_lower(_(field.label))))
        elif kind == "habit" and answer is True:
            gaps.append(_(field.label))
    warm, fever = answers.get("temperature_tenth_c"), rules.home_visits.fever_tenth_c
    if isinstance(warm, int) and warm >= fever:
        dangers.append(_("Suhu {n} °C atau lebih").format(n=tenths(fever)))
    level = "bad" if dangers else "warn" if gaps else "unknown" if unasked else "ok"
    return HomeVisitResult(
        tuple(dangers), tuple(gaps), unasked, level, _advice(level, len(dangers), len(gaps), unasked)
    )


def _lower(words: str) -> str:
    """The words as they stand inside a sentence; abbreviations keep their capitals."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def _advice(level: str, dangers: int, gaps: int, unasked: int) -> str:
    if level == "bad":
        return _(
            "Ada {n} tanda bahaya. Antar atau rujuk ke Pustu atau Puskesmas hari ini, jangan tunggu hari Posyandu."
        ).format(n=dangers)
    if level == "warn":
        return _("Ada {n} pelayanan yang belum. Ingatkan keluarga dan buat rencana di bawah.").format(n=gaps)
    if level == "unknown":
        return _("Belum ada masalah. {n} pertanyaan belum dijawab.").format(n=unasked)
    return _("Tidak ada masalah. Ingatkan untuk datang ke Posyandu.")


def checklist_for(rules: Rules, group: Group | None, months: int | None) -> Form | None:
    """The checklist for someone of this group and age in months; None while the age is unknown."""
    if group is Group.PREGNANT:
        return forms.PREGNANT
    if group in (Group.POSTPARTUM, Group.BREASTFEEDING):
        return forms.POSTPARTUM
    if group in (Group.INFANT, Group.UNDER_FIVE, Group.PRESCHOOL):
        return forms.INFANT if months is not None and months < rules.home_visits.infant_under_months else forms.CHILD
    if group in (Group.SCHOOL, Group.YOUTH):
        return forms.SCHOOL
    if group is Group.ADULT:
        return forms.ADULT
    return forms.ELDERLY if group is Group.ELDERLY else None
