"""Makanan tambahan (MT): who needs it, how long by which guideline, how a programme stands, and what is due.

Gizi buruk is no case for MT at the post: it is treated and referred. How many days each reason asks for is dated data,
because the technical guidelines changed it (rule "feeding").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from posyandu.domain import referral
from posyandu.domain.calendar import short_date
from posyandu.domain.child import ChildAssessment
from posyandu.domain.fields import Answers
from posyandu.domain.forms.feeding import DAYS
from posyandu.domain.pregnancy import PregnancyAssessment, body_mass
from posyandu.domain.standards import Feeding
from posyandu.text import _

WEEK_DAYS = 7


@dataclass(frozen=True)
class Course:
    """How one programme stands on a day.

    `day` counts from 1; `due_weeks` are whole weeks gone by without a record; `eaten` of `told` days were eaten up.
    `state` is "running", "over" (the planned days have passed and no end is noted), "no_result" (ended, result not
    noted), "not_better" (ended without success) or "ended".
    """

    reason: str
    started_on: date
    planned_days: int
    ends_on: date
    ended_on: date | None
    day: int
    week: int
    weeks: int
    due_weeks: tuple[int, ...]
    eaten: int
    told: int
    gain_g: int | None
    state: str

    @property
    def is_open(self) -> bool:
        """Whether something is still to be noted: it runs, or its end or result is missing."""
        return self.state in ("running", "over", "no_result")

    @property
    def level(self) -> str:
        """How grave it is: "warn" when something is due, "info" while it runs, "ok" when it ended well."""
        if self.state == "running":
            return "warn" if self.due_weeks else "info"
        return "ok" if self.state == "ended" else "warn"

    @property
    def headline(self) -> str:
        """One sentence: "Hari ke-17 dari 56. 12 dari 14 hari habis, naik 300 gram."."""
        return " ".join(part for part in (self._stands(), self._went()) if part)

    def _stands(self) -> str:
        if self.state == "running":
            return _("Hari ke-{day} dari {days}.").format(day=self.day, days=self.planned_days)
        if self.state == "over":
            return _("Waktunya habis {day}: timbang dan catat hasilnya.").format(day=short_date(self.ends_on))
        assert self.ended_on is not None
        if self.state == "no_result":
            return _("Berakhir {day}, hasilnya belum dicatat.").format(day=short_date(self.ended_on))
        if self.state == "not_better":
            return _("Berakhir {day} tanpa perbaikan: ajak ke Puskesmas.").format(day=short_date(self.ended_on))
        return _("Selesai {day}.").format(day=short_date(self.ended_on))

    def _went(self) -> str:
        parts = []
        if self.told:
            parts.append(_("{n} dari {days} hari habis").format(n=self.eaten, days=self.told))
        if self.gain_g is not None:
            grams = referral.thousands(abs(self.gain_g))
            words = _("berat naik {gram} gram") if self.gain_g > 0 else _("berat turun {gram} gram")
            parts.append(words.format(gram=grams) if self.gain_g else _("berat tetap"))
        text = ", ".join(parts)
        return f"{text[:1].upper()}{text[1:]}." if text else ""

    @property
    def todo(self) -> str:
        """What is due, in a few words; "" when nothing is."""
        if self.state in ("over", "no_result", "not_better"):
            return self._stands()
        if self.state != "running" or not self.due_weeks:
            return ""
        weeks = ", ".join(str(each) for each in self.due_weeks[-3:])
        return _("Minggu ke-{weeks} belum dicatat.").format(weeks=weeks)


def planned_days(rule: Feeding, programme: Answers) -> int:
    """What was planned, else what the guideline says for the reason."""
    planned = programme.get("planned_days")
    return planned if isinstance(planned, int) else rule.days[str(programme["reason"])]


def course(rule: Feeding, programme: Answers, weeks: Sequence[Answers], on: date) -> Course:
    """How a programme stands on a day; `weeks` are its weekly records. Raises ValueError without a first day."""
    started_on, ended_on = programme.get("visited_on"), programme.get("ended_on")
    if not isinstance(started_on, date):
        raise ValueError("a programme has a first day")
    ended_on = ended_on if isinstance(ended_on, date) else None
    planned = planned_days(rule, programme)
    ends_on = started_on + timedelta(days=planned - 1)
    seen = min(on, ended_on or on)
    day = max(1, (seen - started_on).days + 1)
    weeks_planned = -(-planned // WEEK_DAYS)
    gone_by = (day - 1 if ended_on is None or on < ended_on else day + WEEK_DAYS - 1) // WEEK_DAYS
    noted = {number for each in weeks if isinstance(number := each.get("week"), int)}
    told = [each[name] for each in weeks for name in DAYS if each.get(name) is not None]
    return Course(
        reason=str(programme.get("reason")),
        started_on=started_on,
        planned_days=planned,
        ends_on=ends_on,
        ended_on=ended_on,
        day=day,
        week=-(-day // WEEK_DAYS),
        weeks=weeks_planned,
        due_weeks=tuple(number for number in range(1, min(gone_by, weeks_planned) + 1) if number not in noted),
        eaten=told.count(True),
        told=len(told),
        gain_g=_gain(programme, weeks),
        state=_state(programme, ended_on, ends_on, on),
    )


def _state(programme: Answers, ended_on: date | None, ends_on: date, on: date) -> str:
    result = programme.get("result")
    if ended_on is None or on < ended_on:
        return "over" if on > ends_on else "running"
    if result is None:
        return "no_result"
    return "not_better" if result == "same" else "ended"


def _gain(programme: Answers, weeks: Sequence[Answers]) -> int | None:
    """From the weight at the start (else the first weekly one) to the one at the end, else the last weekly one."""
    by_week = sorted(
        (number, grams)
        for each in weeks
        if isinstance(number := each.get("week"), int) and isinstance(grams := each.get("weight_g"), int)
    )
    weights = [grams for _number, grams in by_week]
    first, last = programme.get("weight_g"), programme.get("weight_after_g")
    run = [
        *([first] if isinstance(first, int) else []),
        *weights,
        *([last] if isinstance(last, int) else []),
    ]
    return run[-1] - run[0] if len(run) >= 2 else None


def eaten_daily(weeks: Sequence[Answers]) -> bool | None:
    """Whether every day told was eaten up; None when none was told."""
    told = [each[name] for each in weeks for name in DAYS if each.get(name) is not None]
    return None if not told else False not in told


def child_reason(rule: Feeding, judged: ChildAssessment) -> str | None:
    """Why a child needs MT by its last visit: the gravest reason; None for none, and for gizi buruk, which is treated.

    A month without gain asks for it too: whoever lists people keeps to two (2T), because about half of all healthy
    children fail the minimum gain in any one month.
    """
    months = judged.age_months
    if months is None or not rule.months[0] <= months <= rule.months[1]:
        return None
    codes = {index: category.code for index, category in judged.categories.items()}
    if "severely_wasted" in (codes.get("whz"), codes.get("baz")) or judged.muac.level == "bad":
        return None
    if codes.get("whz") == "wasted":
        return "wasted"
    if codes.get("waz") in ("underweight", "severely_underweight"):
        return "underweight"
    return "not_gained" if judged.weighed is not None and judged.weighed.code == "T" else None


def mother_reason(rule: Feeding, judged: PregnancyAssessment, pregnancy: Answers) -> str | None:
    """Why a pregnant woman needs MT: KEK by her arm, else a body mass at the start below the bound."""
    if judged.muac_red:
        return "pregnant_kek"
    first_g = pregnancy.get("first_weight_g")
    bmi = body_mass(pregnancy, first_g if isinstance(first_g, int) else None)
    return "pregnant_thin" if bmi is not None and bmi < rule.bmi_under else None
