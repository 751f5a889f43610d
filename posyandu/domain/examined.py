"""What a visit examined, in words for a slip, and what it ought to have examined and did not: "belum diperiksa"."""

from datetime import date

from posyandu.domain.calendar import age_months
from posyandu.domain.fields import Answers, Choice, Number, with_unit
from posyandu.domain.form import Form
from posyandu.domain.standards import Rules
from posyandu.text import _


def not_examined(rules: Rules, form_name: str, person: Answers, on: date, answers: Answers) -> tuple[str, ...]:
    """The examinations due for the person's age and sex of which an answer is missing, in the order of the card.

    One that was begun and not finished counts too, unless what was answered already decides: a sign that was told.
    Without a birth date only those for every age are due.
    """
    born_on, sex = person.get("born_on"), person.get("sex")
    months = age_months(born_on, on) if isinstance(born_on, date) and born_on <= on else None
    missing = []
    for each in rules.examinations.get(form_name, ()):
        if each.sex is not None and each.sex != sex:
            continue
        if each.months is not None and (months is None or not each.months[0] <= months <= each.months[1]):
            continue
        if any(answers.get(name) is None for name in each.fields):
            missing.append(_(each.label))
    return tuple(missing)


def sentence(missing: tuple[str, ...]) -> str:
    """ "Belum diperiksa: tekanan darah, gula darah."; nothing when everything was."""
    return _("Belum diperiksa: {what}.").format(what=", ".join(missing)) if missing else ""


def measured_words(form: Form, answers: Answers) -> str:
    """The measurements of a visit in one line: "Berat badan 7,9 kg, LiLA 11,2 cm, tekanan darah 150/95 mmHg"."""
    words = []
    for name, field in form.fields.items():
        value = answers.get(name)
        if name == "diastolic_mmhg":
            continue
        if name == "systolic_mmhg" and isinstance(value, int):
            lower = answers.get("diastolic_mmhg")
            words.append(
                _("Tekanan darah {upper}/{lower} mmHg").format(upper=value, lower=lower if lower is not None else "-")
            )
        elif isinstance(field, Number) and isinstance(value, int) and name not in _COUNTS:
            words.append(f"{_(field.label)} {with_unit(field, value)}")
        elif name == "oedema" and isinstance(field, Choice) and value not in (None, "none"):
            label = next(_(each.label) for each in field.options if each.code == value)
            words.append(f"{_(field.label)} {label}")
    return ", ".join(words)


_COUNTS = frozenset(("supplement_portions", "iron_tablets", "kek_portions", "vitamin_a_capsules"))
"""What was given, not measured."""
