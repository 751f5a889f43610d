"""What registers and cards say of one person, by the name their layouts use."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from posyandu.domain import indicators, instruments
from posyandu.domain.calendar import Month, age_text
from posyandu.domain.child import ChildAssessment
from posyandu.domain.fields import Answers, Choice
from posyandu.domain.form import Form
from posyandu.domain.forms.activity import KINDS
from posyandu.domain.forms.adult import AKS_QUESTIONS, WUS
from posyandu.domain.forms.history import HISTORY, ILLNESSES
from posyandu.domain.forms.measures import CONTRACEPTION_METHODS
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.registration import PERSON, insured
from posyandu.domain.forms.school import TOPICS
from posyandu.domain.indicators import ChildMonth, PregnancyMonth
from posyandu.domain.life import LifeMonth
from posyandu.domain.nutrition import Category
from posyandu.domain.outcome import ANY_ADULT_MONTHS, VisitAssessment, in_sentence
from posyandu.domain.pregnancy import PregnancyAssessment, due_on, gestation
from posyandu.domain.standards import Rules
from posyandu.reports import formats
from posyandu.reports.counted import address_of, short_address
from posyandu.reports.counts import DOSES, given_on
from posyandu.reports.growth_chart import CROSS
from posyandu.reports.table import Cell
from posyandu.text import _

PersonMonth = ChildMonth | PregnancyMonth | LifeMonth
"""Anybody in one month, whichever register they stand in."""

TICK = "\N{CHECK MARK}"


@dataclass(frozen=True)
class Subject:
    """Whom a row is about, with whatever the part of the sheet knows of them.

    `months` are the months of the year by their record, `current` the month reported on; `visit` and `judged` the one
    visit of a card's row; `pregnancy` the pregnancy it belongs to; `ended_on` and `number` of a row of births and
    deaths; `age_only` the month of age pre-printed on a card; `father` the registered one; `noted` the health history
    over a card, `screened` whether the confidential questions were answered within a year of a visit.
    """

    id: str = ""
    person: Answers = field(default_factory=dict)
    on: date | None = None
    number: int = 0
    months: Mapping[Month, PersonMonth] = field(default_factory=dict)
    current: PersonMonth | None = None
    before: PersonMonth | None = None
    pregnancy: Answers = field(default_factory=dict)
    visit: Answers = field(default_factory=dict)
    judged: ChildAssessment | PregnancyAssessment | VisitAssessment | None = None
    mother_died_on: date | None = None
    age_only: int | None = None
    rules: Rules | None = None
    doses: tuple[Answers, ...] = ()
    baby: str = ""
    father: Answers = field(default_factory=dict)
    noted: Answers = field(default_factory=dict)
    screened: bool | None = None


Fact = Callable[[Subject], Cell]
MonthFact = Callable[[PersonMonth], Cell]


def _text(value: object) -> Cell:
    return Cell(str(value), str(value)) if value not in (None, "") else Cell("")


def _numbered(value: object) -> Cell:
    """A name that ends in a number, "Cempaka 5", printed on one line."""
    cell = _text(value)
    return replace(cell, text=re.sub(r" (?=\d+$)", "\N{NO-BREAK SPACE}", cell.text))


def _whole(value: object) -> Cell:
    return Cell(formats.whole(value), value) if isinstance(value, int) and not isinstance(value, bool) else Cell("")


def _day(value: object) -> Cell:
    return Cell(formats.short_date(value), value) if isinstance(value, date) else Cell("")


def _kilograms(value: object) -> Cell:
    return Cell(formats.kilograms(value), value / 1000) if isinstance(value, int) else Cell("")


def _centimetres(value: object) -> Cell:
    return Cell(formats.centimetres(value), value / 10) if isinstance(value, int) else Cell("")


def _yes_no(value: object, yes: str = "Ya", no: str = "Tidak") -> Cell:
    return Cell(yes, yes) if value is True else Cell(no, no) if value is False else Cell("")


def _tick(done: bool) -> Cell:
    return Cell(TICK, "ya") if done else Cell("")


def _person(name: str, shown: Callable[[object], Cell] = _text) -> Fact:
    return lambda subject: shown(subject.person.get(name))


def _visit(name: str, shown: Callable[[object], Cell] = _text) -> Fact:
    return lambda subject: shown(subject.visit.get(name))


def _crossed(cell: Cell, *, wrong: bool) -> Cell:
    """A figure read from a tool found wrong, marked so."""
    return replace(cell, text=f"{cell.text} {CROSS}") if wrong and cell.text else cell


def _read(name: str, shown: Callable[[object], Cell]) -> Fact:
    """What was read from a scale or board at the visit of a card's row."""
    found = _visit(name, shown)
    return lambda subject: _crossed(found(subject), wrong=subject.judged is not None and name in subject.judged.spoilt)


def _is_wrong(each: PersonMonth, name: str) -> bool:
    """Whether the answer given last in a month was read from a tool found wrong."""
    spoilt = [judged.spoilt for judged in each.assessments]
    told = [lost for visit, lost in zip(each.visits, spoilt, strict=True) if visit.get(name) is not None]
    return bool(told) and name in told[-1]


def _read_in(part: Literal["current", "before"], name: str, shown: Callable[[object], Cell]) -> Fact:
    """What was read last from a scale or board in the month reported on, or the one before."""

    def fact(subject: Subject) -> Cell:
        each = subject.current if part == "current" else subject.before
        return Cell("") if each is None else _crossed(shown(each.last(name)), wrong=_is_wrong(each, name))

    return fact


def _pregnancy(name: str, shown: Callable[[object], Cell] = _text) -> Fact:
    return lambda subject: shown(subject.pregnancy.get(name))


def _now(name: str, shown: Callable[[object], Cell]) -> Fact:
    """The answer given last in the month reported on."""
    return lambda subject: shown(subject.current.last(name)) if subject.current is not None else Cell("")


def _ago(name: str, shown: Callable[[object], Cell]) -> Fact:
    """The answer given last in the month before."""
    return lambda subject: shown(subject.before.last(name)) if subject.before is not None else Cell("")


def _age(subject: Subject) -> Cell:
    born_on = subject.person.get("born_on")
    if not isinstance(born_on, date) or subject.on is None or born_on > subject.on:
        return Cell("")
    text = age_text(born_on, subject.on).replace(_("tahun"), _("th")).replace(_("bulan"), _("bln"))
    return Cell(text, text)


def _months_of_age(subject: Subject) -> Cell:
    if subject.age_only is not None:
        return Cell(str(subject.age_only))
    judged = subject.judged
    months = getattr(judged, "age_months", None)
    return Cell(str(months), months) if isinstance(months, int) else Cell("")


def _parents(subject: Subject) -> Cell:
    names = [str(subject.person[name]) for name in ("father_name", "mother_name") if subject.person.get(name)]
    return _text(" / ".join(names))


def _years(subject: Subject) -> Cell:
    born_on = subject.person.get("born_on")
    if not isinstance(born_on, date) or subject.on is None or born_on > subject.on:
        return Cell("")
    years = subject.on.year - born_on.year - ((subject.on.month, subject.on.day) < (born_on.month, born_on.day))
    return Cell(str(years), years)


def _weeks(on: Callable[[Subject], object]) -> Fact:
    def fact(subject: Subject) -> Cell:
        day = on(subject)
        if not isinstance(day, date):
            return Cell("")
        age = gestation(subject.pregnancy, day)
        return Cell("") if age is None else Cell(str(age.weeks), age.weeks)

    return fact


def _portions(subject: Subject) -> Cell:
    food, portions = subject.visit.get("kek_food"), subject.visit.get("kek_portions")
    parts = [str(food) if food else "", _("{n} porsi").format(n=portions) if isinstance(portions, int) else ""]
    return _text(", ".join(filter(None, parts)))


def _supplement(subject: Subject) -> Cell:
    given, portions = subject.visit.get("supplement"), subject.visit.get("supplement_portions")
    if given is not True:
        return _yes_no(given)
    return _text(_("Ya, {n} porsi").format(n=portions) if isinstance(portions, int) else _("Ya"))


def _illness(subject: Subject) -> Cell:
    sick, words = subject.visit.get("sick"), subject.visit.get("illness")
    return _text(str(words)) if sick is True and words else _yes_no(sick)


_PLACES = {"pustu": "Pustu", "puskesmas": "Puskesmas", "hospital": "RS"}


def _referral(subject: Subject) -> Cell:
    return _text(_PLACES.get(str(subject.visit.get("referral")), ""))


def _immunisation(subject: Subject) -> Cell:
    complete, given = subject.visit.get("immunisation_complete"), subject.visit.get("immunisation_given")
    parts = [_yes_no(complete).text, str(given or "")]
    return _text(", ".join(filter(None, parts)))


def _capsule(value: object) -> Cell:
    words = {"blue": _("Biru"), "red": _("Merah"), "none": _("Tidak")}
    return _text(words.get(str(value), ""))


def _class(index: str) -> Fact:
    """The class of one measure as the card names it; nothing where it was not measured."""

    def fact(subject: Subject) -> Cell:
        judged = subject.judged
        if not isinstance(judged, ChildAssessment):
            return Cell("")
        named = {"head": judged.head, "muac": judged.muac}
        category = named[index] if index in named else judged.categories[index]
        return Cell("") if category.level == "unknown" else _text(_short(category.label))

    return fact


def _short(label: str) -> str:
    """A class in the words of the card: "BB normal", "Gizi baik"."""
    label = label.replace(_("Berat badan"), "BB").replace(_("berat badan"), "BB")
    return label.partition(" (")[0] or label


def _fatness(subject: Subject) -> Cell:
    whz = _class("whz")(subject)
    return whz if whz.text else _class("baz")(subject)


def _wasting_now(subject: Subject) -> Cell:
    """BB/PB or BB/TB of the month."""
    category = subject.current.class_of("whz") if isinstance(subject.current, ChildMonth) else None
    return Cell("") if category is None else _text(_short(category.label))


def _letter(subject: Subject) -> Cell:
    judged = subject.judged
    weighed = judged.weighed if isinstance(judged, ChildAssessment) else None
    return _text(weighed.code if weighed is not None else "")


def _red(name: str, yes: str, no: str) -> Fact:
    """A judgement of the card in its two colours: `yes` when it is red."""

    def fact(subject: Subject) -> Cell:
        red = getattr(subject.judged, name, None)
        return Cell("") if red is None else _text(yes if red else no)

    return fact


def _pressure(subject: Subject) -> Cell:
    upper, lower = (subject.visit.get(name) for name in ("systolic_mmhg", "diastolic_mmhg"))
    return _text(f"{upper or '…'}/{lower or '…'}") if upper or lower else Cell("")


def _development(subject: Subject) -> Cell:
    return _text({"complete": "L", "incomplete": "TL"}.get(str(subject.visit.get("development")), ""))


def _letter_now(subject: Subject) -> Cell:
    current = subject.current
    weighing = current.weighing if isinstance(current, ChildMonth) else None
    return _text("" if weighing is None else weighing.code)


def _due(subject: Subject) -> Cell:
    return _day(due_on(subject.pregnancy))


def _capsule_in(calendar_months: tuple[int, ...]) -> Fact:
    """The month a capsule was given in, among these months of the year."""

    def fact(subject: Subject) -> Cell:
        for month, each in sorted(subject.months.items()):
            if month.month in calendar_months and isinstance(each, ChildMonth) and indicators.got_vitamin_a(each):
                return _text(formats.short_month(month.month))
        return Cell("")

    return fact


def _oralit_in(subject: Subject) -> Cell:
    given = [
        formats.short_month(month.month)
        for month, each in sorted(subject.months.items())
        if any(visit.get("oralit") is True for visit in each.visits)
    ]
    return _text(", ".join(given))


def _breastfed(months: int) -> Fact:
    """Whether the child had breast milk only until asked at this age: a tick, a cross, or not asked."""

    def fact(subject: Subject) -> Cell:
        answer: bool | None = None
        for _month, each in sorted(subject.months.items()):
            if isinstance(each, ChildMonth) and each.age_months == months:
                answer = each.only_breast_milk
        return _tick(True) if answer is True else _text("\N{MULTIPLICATION SIGN}" if answer is False else "")

    return fact


def _iron_pack(number: int) -> Fact:
    """The month in which the tablets of this pregnancy reached one pack, two, three."""

    def fact(subject: Subject) -> Cell:
        for month, each in sorted(subject.months.items()):
            totals = [judged.tablets_total for judged in each.assessments if isinstance(judged, PregnancyAssessment)]
            if totals and totals[-1] >= each.rules.tablets_in_a_pack * number:
                return _text(formats.short_month(month.month))
        return Cell("")

    return fact


def _first_arm(subject: Subject) -> Cell:
    for _month, each in sorted(subject.months.items()):
        if (value := each.last("muac_mm")) is not None:
            return _centimetres(value)
    return Cell("")


def _first_food(subject: Subject) -> Cell:
    women = (each for each in subject.months.values() if isinstance(each, PregnancyMonth))
    return _tick(any(indicators.got_food(each) for each in women))


def _dose(name: str) -> Fact:
    """The month a dose was given in, with the year when it was another one."""

    def fact(subject: Subject) -> Cell:
        on = given_on(subject.doses, name)
        return Cell("") if on is None else Cell(_month_of(on, subject.on), on)

    return fact


_NEWER = {"ipv": "IPV", "pcv": "PCV", "rv": "RV", "dpt_hb_hib": "DPT", "mr": "MR", "je": "JE"}
"""Vaccines that have no column on the classic blanks, or not for every dose, in the order of their ages."""


def _balita_note(subject: Subject) -> Cell:
    """Why a child left, and the doses given that have no column on the classic blank: "IPV 1–2, MR 2".

    Of a dose whose number nobody noted stands the vaccine alone.
    """
    parts = [str(subject.person.get("left_reason") or "")]
    for antigen, label in _NEWER.items():
        given = [
            dose.get("dose")
            for dose in subject.doses
            if dose.get("antigen") == antigen
            and isinstance(dose.get("given_on"), date)
            and (antigen, dose.get("dose")) not in DOSES.values()
        ]
        numbers = sorted({number for number in given if isinstance(number, int)})
        first, last = (numbers[0], numbers[-1]) if numbers else (0, 0)
        whole = len(numbers) > 1 and numbers == list(range(first, last + 1))
        told = f"{first}–{last}" if whole else "+".join(map(str, numbers))
        parts.append(f"{label} {told}".strip() if given else "")
    return _text(", ".join(filter(None, parts)))


def _month_of(day: date, now: date | None) -> str:
    month = formats.short_month(day.month)
    return month if now is not None and day.year == now.year else f"{month} {day:%y}"


def _tetanus(number: int) -> Fact:
    def fact(subject: Subject) -> Cell:
        on = subject.visit.get(f"tetanus_{number}_on")
        return Cell(_month_of(on, subject.on), on) if isinstance(on, date) else Cell("")

    return fact


def _options(form: Form, name: str) -> Callable[[object], Cell]:
    """The words of the option chosen of a question."""
    field_of = form.fields[name]
    assert isinstance(field_of, Choice)
    words = {option.code: option.label for option in field_of.options}
    return lambda code: _text(_(words[str(code)]) if code in words else "")


def _choice(name: str) -> Fact:
    """The words of the option chosen in the register of WUS."""
    return _visit(name, _options(WUS, name))


def _residence(subject: Subject) -> Cell:
    """Whether the person lives here, is away, moved or died, in the words of the registration."""
    field_of = PERSON.fields["status"]
    assert isinstance(field_of, Choice)
    told = subject.person.get("status")
    return _text(next((_(option.label) for option in field_of.options if option.code == told), ""))


def _least_weight(subject: Subject) -> Cell:
    """The weight this month from which a child weighed last month has gained enough (N)."""
    current = subject.current
    if not isinstance(current, ChildMonth) or current.weighed_before is None or subject.rules is None:
        return Cell("")
    day, grams = current.weighed_before
    wanted = subject.rules.minimum_gain_g(current.sex, current.age_months)
    if wanted is None or Month.of(day) != Month.of(current.on) - 1:
        return Cell("")
    return _kilograms(grams + wanted)


def _weighed_before(subject: Subject) -> Cell:
    current = subject.current
    if not isinstance(current, ChildMonth) or current.weighed_before is None:
        return Cell("")
    return _crossed(_kilograms(current.weighed_before[1]), wrong=current.before_is_wrong)


def _weighed_before_on(subject: Subject) -> Cell:
    current = subject.current
    if not isinstance(current, ChildMonth) or current.weighed_before is None:
        return Cell("")
    return _day(current.weighed_before[0])


def _activity_words(subject: Subject) -> Cell:
    """What the post did: the kind of activity, or the posyandu day, with its topic."""
    kind = subject.visit.get("kind")
    words = _(KINDS[str(kind)]) if kind in KINDS else _("Hari Posyandu")
    return _text(": ".join(filter(None, (words, str(subject.visit.get("topic") or "")))))


def _activity_note(subject: Subject) -> Cell:
    number, note = subject.visit.get("participants"), subject.visit.get("note")
    people = _("{n} peserta").format(n=number) if isinstance(number, int) else ""
    return _text(", ".join(filter(None, (people, str(note or "")))))


def _activity_kader(subject: Subject) -> Cell:
    number = subject.visit.get("kader_present")
    return _whole(number if isinstance(number, int) else None)


# cards of mothers after a birth, school age and youth, adults and the elderly

_ILLNESS_CODES = tuple(code for code, _words in ILLNESSES)
_METHODS = {option.code: option.label.partition(" (")[0] for option in CONTRACEPTION_METHODS}
"""The methods in one word, as the narrow column has them."""
_BMI_LETTERS = {"very_thin": "SK", "thin": "K", "normal": "N", "heavy": "G", "obese": "O"}
_GLUCOSE_LETTERS = {"low": "R", "normal": "N", "between": "N", "prediabetes": "N", "high": "T"}
"""As the recap counts them."""
_AKS_LETTERS = {"independent": "M", "mild": "R", "moderate": "S", "severe": "B", "total": "T"}


def _born_and_age(subject: Subject) -> Cell:
    born_on, age = _day(subject.person.get("born_on")), _age(subject).text
    return replace(born_on, text=f"{born_on.text} ({age})") if age else born_on


def _insurance(subject: Subject) -> Cell:
    number = subject.person.get("jkn")
    told = _yes_no(insured(subject.person))
    return _text(f"{told.text}, {number}") if number and told.text else told


def _noted(prefix: str, names: Iterable[str]) -> Fact:
    """Which of these were answered yes in the health history, "Tidak ada" when none of those asked was."""
    labels = {f"{prefix}_{name}": HISTORY.fields[f"{prefix}_{name}"].label for name in names}

    def fact(subject: Subject) -> Cell:
        told = {name: subject.noted.get(name) for name in labels}
        found = [_(labels[name]).partition(" (")[0] for name, answer in told.items() if answer is True]
        return _text(
            ", ".join((*found[:1], *map(in_sentence, found[1:]))) or (_("Tidak ada") if False in told.values() else "")
        )

    return fact


def _of_judged(name: str, shown: Callable[[Any], object]) -> Fact:
    """What was judged of the visit of a card's row, in the words or the letter of the card."""

    def fact(subject: Subject) -> Cell:
        found = getattr(subject.judged, name, None)
        return Cell("") if found is None else _text(shown(found))

    return fact


def _number(name: str, per_unit: int = 1) -> Fact:
    def shown(value: object) -> Cell:
        if not isinstance(value, int):
            return Cell("")
        text = formats.whole(value) if per_unit == 1 else formats.decimal(value / per_unit)
        return Cell(text, value / per_unit)

    return _visit(name, shown)


def _bmi(subject: Subject) -> Cell:
    found = getattr(subject.judged, "bmi", None)
    return Cell(formats.decimal(found), found) if isinstance(found, float) else Cell("")


def _bmi_class(category: Category) -> str:
    return "" if category.level == "unknown" else category.label


def _side(name: str) -> Fact:
    return _visit(name, lambda value: _yes_no(value, "N", "G"))


def _contraception(subject: Subject) -> Cell:
    method = str(subject.visit.get("contraception_method"))
    return _text(_METHODS[method]) if method in _METHODS else _yes_no(subject.visit.get("contraception"))


def _taught(subject: Subject) -> Cell:
    topic, words = str(subject.visit.get("topic")), subject.visit.get("counselling")
    return _text("; ".join(filter(None, (_(TOPICS[topic]) if topic in TOPICS else "", str(words or "")))))


def _puma(name: str) -> Fact:
    """The points of one item of PUMA, once any of its questions was answered."""

    def fact(subject: Subject) -> Cell:
        asked = any(subject.visit.get(each) is not None for each in instruments.PUMA_QUESTIONS)
        if not asked or subject.rules is None or subject.on is None:
            return Cell("")
        points = instruments.puma_points(subject.rules, subject.person, subject.on, subject.visit)[name]
        return _whole(points)

    return fact


def _aks(name: str) -> Fact:
    return _visit(name, lambda value: _whole(int(value)) if isinstance(value, str) and value.isdigit() else Cell(""))


def _aks_class(subject: Subject) -> Cell:
    if subject.rules is None:
        return Cell("")
    band = subject.rules.life_band("aks", instruments.aks_score(subject.visit), ANY_ADULT_MONTHS)
    return _text(_AKS_LETTERS[band.code] if band is not None else "")


def _skilas(domain: str) -> Fact:
    def fact(subject: Subject) -> Cell:
        if subject.rules is None:
            return Cell("")
        return _yes_no(instruments.skilas_domains(subject.rules, subject.visit)[domain], "Y", "T")

    return fact


FACTS: Mapping[str, Fact] = {
    "activity_on": lambda subject: _day(subject.on),
    "activity_words": _activity_words,
    "activity_kader": _activity_kader,
    "activity_note": _activity_note,
    "no": lambda subject: _whole(subject.number or None),
    "name": _person("name"),
    "nik": _person("nik"),
    "kk": _person("kk"),
    "sex": lambda subject: _text("" if subject.person.get("sex") is None else formats.sex(subject.person["sex"])),
    "born_on": _person("born_on", _day),
    "age": _age,
    "years": _years,
    "age_months": _months_of_age,
    "mother": _person("mother_name"),
    "father": _person("father_name"),
    "father_nik": lambda subject: _text(subject.father.get("nik")),
    "residence": _residence,
    "parents": _parents,
    "husband": _person("husband_name"),
    "dasawisma": _person("dasawisma", _numbered),
    "phone": _person("phone"),
    "address": lambda subject: _text(subject.person.get("address") or address_of(subject.person)),
    "place": lambda subject: _text(short_address(subject.person)),
    "hamlet": _person("hamlet"),
    "rt": _person("rt"),
    "rw": _person("rw"),
    "birth_weight": _person("birth_weight_g", _kilograms),
    "birth_length": _person("birth_length_mm", _centimetres),
    "birth_head": _person("birth_head_mm", _centimetres),
    "birth_order": _person("birth_order", _whole),
    "birth_weeks": _person("gestation_weeks", _whole),
    "has_book": _person("has_kia_book", _yes_no),
    "died_on": lambda subject: _day(subject.person.get("left_on") if subject.person.get("status") == "died" else None),
    "mother_died_on": lambda subject: _day(subject.mother_died_on),
    "left_reason": _person("left_reason"),
    "balita_note": _balita_note,
    "visited_on": _visit("visited_on", _day),
    "development": _development,
    "weight": _read("weight_g", _kilograms),
    "length": _read("length_mm", _centimetres),
    "head": _visit("head_mm", _centimetres),
    "muac": _visit("muac_mm", _centimetres),
    "letter": _letter,
    "waz": _class("waz"),
    "haz": _class("haz"),
    "fatness": _fatness,
    "head_class": _class("head"),
    "muac_class": _class("muac"),
    "tbc_cough": _visit("tbc_cough", _yes_no),
    "tbc_fever": _visit("tbc_fever", _yes_no),
    "tbc_weight": _visit("tbc_weight", _yes_no),
    "tbc_contact": _visit("tbc_contact", _yes_no),
    "breastfed": _visit("exclusive_breastfeeding", _yes_no),
    "well_fed": _visit("complementary_food", _yes_no),
    "immunisation": _immunisation,
    "vitamin_a": _visit("vitamin_a", _capsule),
    "dewormed": _visit("deworming", _yes_no),
    "supplement": _supplement,
    "counselling": _visit("counselling"),
    "illness": _illness,
    "referral": _referral,
    "gravida": _pregnancy("gravida", _whole),
    "interval": _pregnancy("birth_interval_months", _whole),
    "first_weight": _pregnancy("first_weight_g", _kilograms),
    "height": _pregnancy("height_mm", _centimetres),
    "noted_on": _pregnancy("noted_on", _day),
    "noted_weeks": _weeks(lambda subject: subject.pregnancy.get("noted_on")),
    "weeks": _weeks(lambda subject: subject.visit.get("visited_on")),
    "weeks_now": _weeks(lambda subject: subject.on),
    "due_on": _due,
    "weight_curve": _red("weight_red", "Tidak (merah)", "Ya (hijau)"),
    "muac_colour": _red("muac_red", "Merah", "Hijau"),
    "pressure": _pressure,
    "pressure_curve": _red("pressure_red", "Tidak (merah)", "Ya (hijau)"),
    "iron_tablets": _visit("iron_tablets", _whole),
    "iron_daily": _visit("iron_daily", lambda value: _yes_no(value, "Setiap hari", "Tidak setiap hari")),
    "kek_food": _portions,
    "kek_daily": _visit("kek_daily", lambda value: _yes_no(value, "Setiap hari", "Tidak setiap hari")),
    "class_attended": _visit("class_attended", _yes_no),
    "first_arm": _first_arm,
    "kek_fed": _first_food,
    "iron_pack_1": _iron_pack(1),
    "iron_pack_2": _iron_pack(2),
    "iron_pack_3": _iron_pack(3),
    "vitamin_a_first": _capsule_in((1, 2, 3, 4, 5, 6)),
    "vitamin_a_second": _capsule_in((7, 8, 9, 10, 11, 12)),
    "oralit_months": _oralit_in,
    **{f"breastfed_{months}": _breastfed(months) for months in range(7)},
    "weight_now": _read_in("current", "weight_g", _kilograms),
    "wasting_now": _wasting_now,
    "length_now": _read_in("current", "length_mm", _centimetres),
    "muac_now": _now("muac_mm", _centimetres),
    "head_now": _now("head_mm", _centimetres),
    "letter_now": _letter_now,
    "breastfed_now": lambda subject: (
        _yes_no(subject.current.only_breast_milk) if isinstance(subject.current, ChildMonth) else Cell("")
    ),
    "vitamin_a_now": _now("vitamin_a", _capsule),
    "development_now": _now(
        "development", lambda value: _text({"complete": "L", "incomplete": "TL"}.get(str(value), ""))
    ),
    "weight_ago": _read_in("before", "weight_g", _kilograms),
    "length_ago": _read_in("before", "length_mm", _centimetres),
    "muac_ago": _ago("muac_mm", _centimetres),
    "pressure_ago": lambda subject: _pressure(
        Subject(visit=subject.before.visits[-1]) if subject.before and subject.before.visits else Subject()
    ),
    "weighed_before": _weighed_before,
    "weighed_before_on": _weighed_before_on,
    "least_weight": _least_weight,
    "baby": lambda subject: _text(subject.baby),
    **{name: _dose(name) for name in DOSES},
    **{f"tetanus_{number}": _tetanus(number) for number in range(1, 6)},
    "welfare": _choice("welfare"),
    "children_living": _visit("children_living", _whole),
    "children_died": _visit("children_died"),
    "method": _choice("contraception_method"),
    "changed_on": _visit("changed_on", _day),
    "changed_method": _choice("changed_method"),
    "note": _visit("note"),
    "born_and_age": _born_and_age,
    "insurance": _insurance,
    "married": _person("marital_status", _options(PERSON, "marital_status")),
    "work": _person("occupation"),
    "family_history": _noted("family", _ILLNESS_CODES),
    "own_history": _noted("own", _ILLNESS_CODES),
    "risks": _noted("habit", ("smoking", "sugar", "salt", "fat")),
    "risks_young": _noted("habit", ("smoking", "inactive", "few_vegetables", "sugar", "salt", "fat", "alcohol")),
    "delivered_on": _pregnancy("ended_on", _day),
    "birth_place": _pregnancy("birth_place", _options(PREGNANCY, "birth_place")),
    "birth_mode": _pregnancy("birth_mode", _options(PREGNANCY, "birth_mode")),
    "capsules": _visit("vitamin_a_capsules", _whole),
    "capsules_taken": _visit("vitamin_a_taken", _yes_no),
    "breastfeeding": _visit("breastfeeding", _yes_no),
    "contraception_after": _visit("contraception", _yes_no),
    "body_height": _read("height_mm", _centimetres),
    "bmi": _bmi,
    "bmi_class": _of_judged("bmi_class", _bmi_class),
    "bmi_letter": _of_judged("bmi_class", lambda band: _BMI_LETTERS[band.code]),
    "waist": _visit("waist_mm", _centimetres),
    "pressure_class": _of_judged("pressure", lambda reading: reading.card),
    "glucose": _number("glucose_mg_dl"),
    "glucose_class": _of_judged("glucose", lambda band: _GLUCOSE_LETTERS[band.code]),
    "haemoglobin": _number("haemoglobin_dg_dl", 10),
    "anaemia": _of_judged("anaemia", lambda band: "Tidak" if band.code == "none" else "Ya"),
    "mind": lambda subject: _yes_no(subject.screened, "Sudah", "Belum"),
    "taught": _taught,
    **{name: _side(name) for name in ("eye_right", "eye_left", "ear_right", "ear_left")},
    **{name: _puma(name) for name in ("puma_sex", "puma_age", "puma_smoked", *instruments.PUMA_SYMPTOMS)},
    "puma_score": _of_judged("puma", str),
    "contraception": _contraception,
    "covid": _visit("covid_immunised", _yes_no),
    **{f"aks_{question.name}": _aks(question.name) for question in AKS_QUESTIONS},
    "aks_sum": lambda subject: _whole(instruments.aks_score(subject.visit)),
    "aks_class": _aks_class,
    **{f"skilas_{domain}": _skilas(domain) for domain in instruments.DOMAINS},
}
"""What a column of a register or card says, by name."""


def _weight_and_letter(each: PersonMonth) -> Cell:
    """ "9,6 N": what the balita's register has in its column of the month."""
    grams = each.last("weight_g")
    if not isinstance(grams, int):
        return Cell("")
    code = each.weighing.code if isinstance(each, ChildMonth) and each.weighing is not None else ""
    words = f"{formats.kilograms(grams)}\N{NO-BREAK SPACE}{code}".rstrip()
    return _crossed(Cell(words, grams / 1000), wrong=_is_wrong(each, "weight_g"))


MONTH_FACTS: Mapping[str, MonthFact] = {
    "came": lambda each: _tick(each.came),
    "weight": _weight_and_letter,
}
"""What a column repeated for twelve months says of one of them, by name."""

FOOTS: Mapping[str, Callable[[list[PersonMonth]], Cell]] = {
    "attended": lambda people: _text(f"{sum(each.came for each in people)}/{len(people)}"),
}
"""What stands under such a column: of the people of that month."""
