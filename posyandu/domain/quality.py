"""How good the measurements of a posyandu day are, told so that a kader knows what to measure again.

Nothing here refuses a value: it points at what is probably a slip of the scale, the board or the pen, while the child
is still there. A value that was measured again and confirmed is not doubted any more.

Rules: length that shrinks and measuring position (WHO/UNICEF 2019, recommendations for anthropometric data quality);
digit preference as the digit preference score of SMART (0 to 7 excellent, 8 to 12 good, 13 to 20 acceptable, above
20 doubtful); the rest from what kader's books show.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import sqrt

from posyandu.domain.calendar import age_months
from posyandu.domain.child import MEASURED_BY
from posyandu.domain.fields import Answers
from posyandu.text import N_, _, figure

STANDS_FROM_MONTHS = 24
LYING_IS_LONGER_MM = 7
"""A child measured lying is so much longer than standing (WHO)."""
SHRUNK_MM = 5
"""A difference that two careful measurements may have."""
LATE_DAYS = 7
ENOUGH_DIGITS = 20
"""Fewer values say nothing about digits."""
DOUBTFUL_SCORE = 20
HEAD_MONTHS = 24
"""Below this age the head is measured at every visit."""
SAME_AS = ("weight_g", "length_mm", "head_mm", "muac_mm")
DIGIT_STEPS: Mapping[str, int] = {"weight_g": 100, "length_mm": 1}
"""Where last digits are looked at, and the stored units of the last digit: 0,1 kg and 0,1 cm."""


@dataclass(frozen=True)
class Visit:
    """One child's visit of the day, what is known of it from before, and how it was noted.

    `earlier` are the visits before, oldest first; `flags` the indices WHO calls impossible; `confirmed` the fields that
    were measured again; `saved_on` the day it was first saved; `record_id` the record of the visit.
    """

    person_id: str
    born_on: date
    answers: Answers
    earlier: Sequence[Answers] = ()
    flags: frozenset[str] = frozenset()
    confirmed: Collection[str] = ()
    saved_on: date | None = None
    record_id: str = ""

    @property
    def on(self) -> date:
        """The day of the visit."""
        visited_on = self.answers["visited_on"]
        assert isinstance(visited_on, date)
        return visited_on

    @property
    def age_months(self) -> int:
        """Completed months of age."""
        return age_months(self.born_on, self.on)

    def number(self, name: str) -> int | None:
        """A measured value; None when it was not measured."""
        value = self.answers.get(name)
        return value if isinstance(value, int) else None

    def last(self, name: str) -> tuple[int, Answers] | None:
        """The value measured last before this day, with its visit."""
        for visit in reversed(self.earlier):
            if isinstance(value := visit.get(name), int):
                return value, visit
        return None


@dataclass(frozen=True)
class Mark:
    """One doubt about one child: which fields of which record, and the sentence for the kader."""

    code: str
    person_id: str
    fields: tuple[str, ...]
    sentence: str
    record_id: str = ""


@dataclass(frozen=True)
class Part:
    """One part of the score: how much of it was reached, 0 to 1, None where there is too little to tell."""

    code: str
    label: str
    weight: int
    reached: float | None
    sentence: str


@dataclass(frozen=True)
class Quality:
    """A day's score from 0 to 100, None when nobody was measured, its parts and the doubts.

    `last_digits` counts how often each last digit, 0 to 9, was written behind the comma of weights and lengths.
    """

    score: int | None
    parts: tuple[Part, ...]
    marks: tuple[Mark, ...] = field(default=())
    last_digits: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def headline(self) -> str:
        """The score in one sentence."""
        if self.score is None:
            return _("Belum ada hasil ukur.")
        again = len({mark.person_id for mark in self.marks if mark.code in AGAIN})
        words = _("Mutu pengukuran {score} dari 100.").format(score=self.score)
        return f"{words} {_('Ukur lagi {n} anak.').format(n=again)}" if again else words


AGAIN = ("decimal", "shrunk", "flagged")
"""Marks that ask to measure again; the others ask to look at the writing."""


def judge(visits: Sequence[Visit]) -> Quality:
    """The quality of a day's, or a month's, visits of children."""
    measured = [visit for visit in visits if visit.number("weight_g") is not None or visit.number("length_mm")]
    if not measured:
        return Quality(None, ())
    found = tuple(marks(measured))
    parts = (_complete(measured), _plausible(measured, found), _digits(measured), _in_time(measured))
    told = [(part.weight, part.reached) for part in parts if part.reached is not None]
    score = round(100 * sum(weight * reached for weight, reached in told) / sum(weight for weight, _reached in told))
    written = {name: Counter(_last_digits(measured, name, step)) for name, step in DIGIT_STEPS.items()}
    return Quality(score, parts, found, {name: tuple(each[n] for n in range(10)) for name, each in written.items()})


def marks(visits: Sequence[Visit]) -> Iterable[Mark]:
    """Every doubt, child by child in the order given, then those that concern two children."""
    for visit in visits:
        yield from (replace(mark, record_id=visit.record_id) for mark in _of_one(visit))
    yield from _alike(visits)


def _of_one(visit: Visit) -> Iterable[Mark]:
    slip = list(_decimal(visit))
    yield from slip
    if not slip:
        yield from _shrunk(visit)
        yield from _flagged(visit)
    yield from _position(visit)
    yield from _copied(visit)
    yield from _late(visit)


_UNITS: dict[str, tuple[int, str]] = {"weight_g": (1000, "kg"), "length_mm": (10, "cm")}


def _shown(name: str, value: float) -> str:
    per_unit, unit = _UNITS[name]
    return figure(f"{value / per_unit:.1f}") + f" {unit}"


def _decimal(visit: Visit) -> Iterable[Mark]:
    """A weight or length ten times, or a tenth of, what it was: the comma slipped."""
    for name in _UNITS:
        value, last = visit.number(name), visit.last(name)
        if value is None or last is None or name in visit.confirmed:
            continue
        for factor in (10, 0.1):
            if 0.7 < value / factor / last[0] < 1.5 and value != last[0]:
                yield Mark(
                    "decimal",
                    visit.person_id,
                    (name,),
                    _("{value}, kunjungan lalu {last}. Mungkin komanya bergeser: {meant}? Ukur lagi.").format(
                        value=_shown(name, value), last=_shown(name, last[0]), meant=_shown(name, value / factor)
                    ),
                )


def _shrunk(visit: Visit) -> Iterable[Mark]:
    """A length below the last one, by more than measuring and position explain."""
    value, last = visit.number("length_mm"), visit.last("length_mm")
    if value is None or last is None or "length_mm" in visit.confirmed:
        return
    if _lying(value, visit.answers) + SHRUNK_MM < _lying(last[0], last[1]):
        sentence = _("Panjang atau tinggi {value}, kunjungan lalu {last}. Anak tidak memendek: ukur lagi.")
        yield Mark(
            "shrunk",
            visit.person_id,
            ("length_mm",),
            sentence.format(value=_shown("length_mm", value), last=_shown("length_mm", last[0])),
        )


def _lying(length_mm: int, visit: Answers) -> int:
    return length_mm + LYING_IS_LONGER_MM if visit.get("position") == "standing" else length_mm


def _flagged(visit: Visit) -> Iterable[Mark]:
    """A value no child of this age has (WHO's flags), unless it was confirmed."""
    names = {name for index in visit.flags for name in MEASURED_BY[index]}
    doubtful = tuple(sorted(name for name in names if name not in visit.confirmed))
    if doubtful:
        sentence = _("Jauh di luar yang mungkin pada umur {age} bulan. Periksa tanggal lahir, lalu ukur lagi.")
        yield Mark("flagged", visit.person_id, doubtful, sentence.format(age=visit.age_months))


def _position(visit: Visit) -> Iterable[Mark]:
    """Measured standing below two years, or lying from two years."""
    position = visit.answers.get("position")
    if visit.number("length_mm") is None or position is None or "position" in visit.confirmed:
        return
    should = "lying" if visit.age_months < STANDS_FROM_MONTHS else "standing"
    if position != should:
        sentence = (
            _("Belum 2 tahun tetapi diukur berdiri. Ukur lagi terlentang; hasil ini dikoreksi 0,7 cm.")
            if should == "lying"
            else _("Sudah 2 tahun tetapi diukur terlentang. Ukur berdiri bila bisa; hasil ini dikoreksi 0,7 cm.")
        )
        yield Mark("position", visit.person_id, ("position",), sentence)


def _copied(visit: Visit) -> Iterable[Mark]:
    """Everything exactly as at the last visit: probably copied from it."""
    if not visit.earlier:
        return
    same = [name for name in SAME_AS if visit.number(name) is not None]
    if _looked_at(visit, same):
        return
    if len(same) >= 3 and all(visit.earlier[-1].get(name) == visit.answers[name] for name in same):
        sentence = _("Semua hasil ukur sama persis dengan kunjungan lalu. Pastikan bukan salinan.")
        yield Mark("copied", visit.person_id, tuple(same), sentence)


def _late(visit: Visit) -> Iterable[Mark]:
    """Written down long after the day."""
    if visit.saved_on is not None and (visit.saved_on - visit.on).days > LATE_DAYS:
        sentence = _("Dicatat {n} hari setelah hari kunjungan.").format(n=(visit.saved_on - visit.on).days)
        yield Mark("late", visit.person_id, (), sentence)


def _alike(visits: Sequence[Visit]) -> Iterable[Mark]:
    """Two children of one day with three or more measurements exactly alike: one line typed for two."""
    seen: dict[tuple[object, ...], Visit] = {}
    sentence = _("Semua hasil ukur sama persis dengan anak lain hari ini. Periksa apakah barisnya tertukar.")
    for visit in visits:
        values = tuple(visit.number(name) for name in SAME_AS)
        if sum(value is not None for value in values) < 3:
            continue
        other = seen.setdefault((visit.on, *values), visit)
        if other.person_id != visit.person_id:
            for each in (visit, other):
                if not _looked_at(each, SAME_AS):
                    yield Mark("alike", each.person_id, SAME_AS, sentence, each.record_id)


def _looked_at(visit: Visit, names: Iterable[str]) -> bool:
    """Whether every one of these that was measured was confirmed."""
    return all(name in visit.confirmed for name in names if visit.number(name) is not None)


# The parts of the score


def expected(visit: Visit) -> tuple[str, ...]:
    """What a complete line of the register has for a child of this age."""
    names = ["weight_g", "length_mm"]
    if visit.number("length_mm") is not None:
        names.append("position")
    if visit.age_months >= 6:
        names.append("muac_mm")
    if visit.age_months < HEAD_MONTHS:
        names.append("head_mm")
    return tuple(names)


def _complete(visits: Sequence[Visit]) -> Part:
    wanted = [(visit, name) for visit in visits for name in expected(visit)]
    missing = Counter(name for visit, name in wanted if visit.answers.get(name) is None)
    reached = 1 - sum(missing.values()) / len(wanted)
    if not missing:
        return Part("complete", _("Kelengkapan"), 35, reached, _("Semua hasil ukur terisi."))
    name, number = missing.most_common(1)[0]
    sentence = _("{share}% terisi. Yang paling sering kosong: {name}, {n} anak.").format(
        share=round(reached * 100), name=_(NAMES[name]), n=number
    )
    return Part("complete", _("Kelengkapan"), 35, reached, sentence)


NAMES = {
    "weight_g": N_("berat badan"),
    "length_mm": N_("panjang atau tinggi"),
    "position": N_("cara ukur"),
    "muac_mm": N_("lingkar lengan atas"),
    "head_mm": N_("lingkar kepala"),
}


def _plausible(visits: Sequence[Visit], found: Iterable[Mark]) -> Part:
    doubted = {mark.person_id for mark in found if mark.code != "late"}
    reached = 1 - len(doubted) / len({visit.person_id for visit in visits})
    sentence = (
        _("{n} anak punya hasil yang perlu dilihat lagi.").format(n=len(doubted))
        if doubted
        else _("Tidak ada hasil yang janggal.")
    )
    return Part("plausible", _("Kewajaran"), 35, reached, sentence)


def _digits(visits: Sequence[Visit]) -> Part:
    """The worse of the two scores: the last digit of weights in 0,1 kg and of lengths in 0,1 cm."""
    scores = {
        name: score
        for name, step in DIGIT_STEPS.items()
        if (score := digit_score(_last_digits(visits, name, step))) is not None
    }
    if not scores:
        return Part("digits", _("Angka terakhir"), 15, None, _("Terlalu sedikit hasil ukur untuk dinilai."))
    name, worst = max(scores.items(), key=lambda each: each[1])
    reached = max(0.0, min(1.0, (2 * DOUBTFUL_SCORE - worst) / (2 * DOUBTFUL_SCORE - 7)))
    sentence = (
        _("Angka di belakang koma pada {name} sering dibulatkan. Baca sampai 0,1.").format(name=_(NAMES[name]))
        if worst > DOUBTFUL_SCORE
        else _("Angka di belakang koma tersebar wajar.")
    )
    return Part("digits", _("Angka terakhir"), 15, reached, sentence)


def _last_digits(visits: Sequence[Visit], name: str, step: int) -> list[int]:
    return [value // step % 10 for visit in visits if (value := visit.number(name)) is not None]


def digit_score(digits: Sequence[int]) -> float | None:
    """The digit preference score of SMART: 0 when every last digit is as frequent, 100 when only one is used.

    What chance alone gives is taken off, because a posyandu day has tens of children where a survey has thousands.
    None below 20 values.
    """
    if len(digits) < ENOUGH_DIGITS:
        return None
    wanted = len(digits) / 10
    counted = Counter(digits)
    chi2 = sum((counted[digit] - wanted) ** 2 / wanted for digit in range(10))
    return 100 * sqrt(max(0.0, chi2 - 9) / (len(digits) * 9 - 9))


def _in_time(visits: Sequence[Visit]) -> Part:
    known = [visit for visit in visits if visit.saved_on is not None]
    if not known:
        return Part("in_time", _("Tepat waktu"), 15, None, _("Waktu pencatatan tidak diketahui."))
    late = sum(1 for visit in known if list(_late(visit)))
    sentence = (
        _("{n} kunjungan dicatat lebih dari seminggu kemudian.").format(n=late) if late else _("Dicatat pada waktunya.")
    )
    return Part("in_time", _("Tepat waktu"), 15, 1 - late / len(known), sentence)


CLOSING: dict[str, tuple[str, str]] = {
    "decimal": ("bad", N_("{n} anak: koma pada berat atau tinggi tampaknya bergeser. Ukur lagi.")),
    "shrunk": ("warn", N_("{n} anak tercatat lebih pendek dari kunjungan lalu. Ukur lagi.")),
    "flagged": ("warn", N_("{n} anak: hasil ukur jauh di luar yang mungkin. Periksa tanggal lahir, lalu ukur lagi.")),
    "alike": ("warn", N_("{n} anak punya hasil ukur yang sama persis. Periksa apakah barisnya tertukar.")),
    "copied": ("warn", N_("{n} anak: semua hasil sama persis dengan kunjungan lalu. Pastikan bukan salinan.")),
    "position": ("info", N_("{n} anak diukur dengan cara yang tidak sesuai umurnya (terlentang atau berdiri).")),
}
"""What is said of each kind of doubt before a day is closed: how grave, and the sentence."""
