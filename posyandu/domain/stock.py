"""The stock card of a post: month by month what came, went and is left, with what the visits say was given out.

A balance is known from the month in which somebody counted; from then on it follows receipts, use and waste. Use is
what the visits say, unless another number was typed, and the difference of both is shown. Nothing is guessed: without
a count the balance stays unknown.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from posyandu.domain.calendar import Month, month_text
from posyandu.domain.fields import Answers
from posyandu.domain.forms.stock import ITEMS
from posyandu.domain.strict import Json, a_number, a_whole, an_object
from posyandu.text import _

Given = Callable[[Answers], int]


def _is(name: str, value: object) -> Given:
    return lambda visit: int(visit.get(name) == value)


def _amount(name: str) -> Given:
    def amount(visit: Answers) -> int:
        given = visit.get(name)
        return given if isinstance(given, int) and not isinstance(given, bool) else 0

    return amount


GIVEN: Mapping[str, tuple[tuple[str, Given], ...]] = {
    "vitamin_a_blue": (("under_five_visit", _is("vitamin_a", "blue")),),
    "vitamin_a_red": (
        ("under_five_visit", _is("vitamin_a", "red")),
        ("postpartum_visit", _amount("vitamin_a_capsules")),
    ),
    "iron": (
        ("pregnancy_visit", _amount("iron_tablets")),
        ("school_visit", _amount("iron_tablets")),
    ),
    "deworming": (
        ("under_five_visit", _is("deworming", True)),
        ("school_visit", _is("deworming", True)),
    ),
    "meal_child": (("under_five_visit", _amount("supplement_portions")),),
    "meal_mother": (("pregnancy_visit", _amount("kek_portions")),),
}
"""What visits know was handed out: the form, and how many a visit says."""

VISITS = ("under_five_visit", "pregnancy_visit", "postpartum_visit", "school_visit")
DOSE = "immunisation_dose"
VACCINE = "vaccine_"


@dataclass(frozen=True)
class StockRule:
    """Months of use that should lie ready (`warn_months`), and over how many months the use is averaged."""

    warn_months: float
    mean_months: int


@dataclass(frozen=True)
class Line:
    """One month of one thing. `recorded` is what visits say was used, None where they cannot say; None is unknown.

    `used` is what counts (typed, else recorded), `expected` what should be left, `difference` counted less expected,
    `balance` what is taken on to the next month. `told`: whether anything was typed.
    """

    month: Month
    opening: int | None
    received: int | None
    recorded: int | None
    typed: int | None
    used: int | None
    wasted: int | None
    counted: int | None
    expected: int | None
    difference: int | None
    balance: int | None
    expires_on: date | None
    told: bool

    @property
    def disagrees(self) -> bool:
        """Whether the number typed differs from what visits say."""
        return self.typed is not None and self.recorded is not None and self.typed != self.recorded


@dataclass(frozen=True)
class Outlook:
    """What is left, in a sentence, and how it stands: "bad", "warn", "ok" or "unknown"."""

    level: str
    sentence: str


def handed_out(visits: Mapping[str, Iterable[Answers]]) -> dict[str, Counter[Month]]:
    """What was given at the post by item and month; copies from elsewhere do not count.

    Doses count where they were given here, in the product that was used.
    """
    found: dict[str, Counter[Month]] = {}
    by_form: dict[str, list[tuple[str, Given]]] = {}
    for item, sources in GIVEN.items():
        found[item] = Counter()
        for form, given in sources:
            by_form.setdefault(form, []).append((item, given))
    for form, counts in by_form.items():
        for visit in visits.get(form, ()):
            on = visit.get("visited_on")
            if isinstance(on, date) and visit.get("source") != "history":
                for item, given in counts:
                    if number := given(visit):
                        found[item][Month.of(on)] += number
    for item in ITEMS:
        if item.startswith(VACCINE):
            found[item] = Counter()
    for dose in visits.get(DOSE, ()):
        on, item = dose.get("given_on"), f"{VACCINE}{dose.get('product') or dose.get('antigen')}"
        if isinstance(on, date) and dose.get("source") == "here" and item in found:
            found[item][Month.of(on)] += 1
    return found


def card(
    item: str, records: Iterable[Answers], given: Mapping[str, Mapping[Month, int]], months: Sequence[Month]
) -> tuple[Line, ...]:
    """The lines of one thing for these months, which must follow each other and begin no later than its records."""
    typed = {each.get("month"): each for each in records if each.get("item") == item}
    lines: list[Line] = []
    balance: int | None = None
    for month in months:
        line = _line(month, balance, typed.get(str(month), {}), given[item].get(month, 0) if item in given else None)
        lines.append(line)
        balance = line.balance
    return tuple(lines)


def _line(month: Month, opening: int | None, told: Answers, recorded: int | None) -> Line:
    received, typed, wasted, counted = (_number(told, name) for name in ("received", "used", "wasted", "counted"))
    used = recorded if typed is None else typed
    expected = None if opening is None else opening + (received or 0) - (used or 0) - (wasted or 0)
    difference = None if counted is None or expected is None else counted - expected
    expires_on = told.get("expires_on")
    return Line(
        month,
        opening,
        received,
        recorded,
        typed,
        used,
        wasted,
        counted,
        expected,
        difference,
        expected if counted is None else counted,
        expires_on if isinstance(expires_on, date) else None,
        any(number is not None for number in (received, typed, wasted, counted)),
    )


def _number(answers: Answers, name: str) -> int | None:
    value = answers.get(name)
    return value if isinstance(value, int) else None


def outlook(lines: Sequence[Line], rule: StockRule, campaign: Sequence[int] = ()) -> Outlook:
    """How the balance of the last line stands against the use of the months before.

    `campaign` names the calendar months in which a thing is given out to everybody (vitamin A, worm medicine): what
    the last campaign used must lie ready for the next.
    """
    last = lines[-1]
    if last.balance is None:
        return Outlook("unknown", _("Hitung sekali supaya sisanya diketahui."))
    if last.balance < 0:
        return Outlook("bad", _("Tercatat keluar lebih banyak daripada yang ada. Hitung sisanya."))
    if campaign:
        return _for_campaign(lines, campaign)
    used = [line.used or 0 for line in lines[-rule.mean_months :]]
    monthly = sum(used) / len(used)
    if not monthly:
        if last.balance == 0:
            return Outlook("warn", _("Habis."))
        return Outlook("ok", _("Belum dipakai akhir-akhir ini."))
    lasts = last.balance / monthly
    if lasts >= rule.warn_months:
        return Outlook("ok", _("Cukup sampai {month}.").format(month=month_text(last.month + int(lasts))))
    if last.balance == 0:
        return Outlook("bad", _("Habis. Minta {n} untuk sebulan.").format(n=ceil(monthly)))
    wanted = ceil(rule.warn_months * monthly - last.balance)
    return Outlook("warn", _("Hampir habis. Minta paling sedikit {n}.").format(n=wanted))


def _for_campaign(lines: Sequence[Line], campaign: Sequence[int]) -> Outlook:
    last = lines[-1]
    assert last.balance is not None, "asked only of a known balance"
    used = [line.used for line in lines if line.month.month in campaign and line.used]
    upcoming = next(last.month + ahead for ahead in range(1, 13) if (last.month + ahead).month in campaign)
    if not used:
        return Outlook("ok", _("Pemakaian bulan kampanye belum tercatat."))
    short = used[-1] - last.balance
    if short <= 0:
        return Outlook("ok", _("Cukup untuk {month}.").format(month=month_text(upcoming)))
    return Outlook("warn", _("Kurang {n} untuk {month}.").format(n=short, month=month_text(upcoming)))


def read_stock(value: Json, place: str) -> StockRule:
    """The rule from its data. Raises ValueError naming the place."""
    parts = an_object(value, place, ("warn_months", "mean_months"))
    return StockRule(a_number(parts["warn_months"], place), a_whole(parts["mean_months"], place))
