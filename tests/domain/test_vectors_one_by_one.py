"""Every published vector, table cell and edge of the forms and rules, one case each, named by the paper it stands on.

The other tests say how a rule behaves; this one is the list: `pytest --collect-only -q` on this file prints it. Each
case calls the function that the app itself calls: paper, what, how it is found, what must come out.

Not here, for nothing computes it: the mean arterial pressure (one mark among others of a screening by the midwife),
Hb of children under five (no form asks it), KPSP, SDQ and the instruments of KMK Tabel 30 (their result is copied),
and IMT/U at exactly 60 months by the table of 2007 (to day 1826 the table of under-fives holds).
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

import pytest

from posyandu.domain import (
    adult,
    child,
    faltering,
    growth,
    iks,
    instruments,
    nutrition,
    outcome,
    person,
    postpartum,
    pregnancy,
    prepregnancy,
    referral,
    school,
    skills,
    social,
    strata,
)
from posyandu.domain.calendar import Month, age_months
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.adult import AKS_QUESTIONS, SRQ_QUESTIONS
from posyandu.domain.growth import Measurement
from posyandu.domain.immunisation import Dose, Gap, State, tetanus
from posyandu.domain.strata import Indicator
from posyandu.domain.weighing import Weighing, judge
from tests.domain.shipped import RULES, STANDARDS, TABLES, TODAY
from tests.domain.test_immunisation import BORN, KALBAR, NTB, SCHEDULE, dose, infant, judged

Found = Callable[[], object]
DAY = timedelta(days=1)
SEXES = {"L": "male", "P": "female"}


class Vector(NamedTuple):
    paper: str
    what: str
    found: Found
    wanted: object


def born(months: int) -> date:
    """The day on which somebody of so many completed months today was born."""
    whole = TODAY.year * 12 + TODAY.month - 1 - months
    return date(whole // 12, whole % 12 + 1, TODAY.day)


def table(text: str) -> Iterator[list[str]]:
    """The lines of a table, each as its words."""
    return (line.split() for line in text.strip().splitlines())


# --- children: age, scores, classes -----------------------------------------------------------------------------------

WHO = "WHO Child Growth Standards"
PERMENKES = "Permenkes 2/2020"
JANUARY = date(2024, 1, 10)


def boy_of_6_2_kg() -> object:
    """181 days, 5 months and 29 days."""
    on = date(2024, 7, 9)
    (found,) = child.assess(
        STANDARDS, TABLES, {"sex": "male", "born_on": JANUARY}, [{"visited_on": on, "weight_g": 6_200}]
    )
    return found.age_months, found.age_days, found.z.waz, found.categories["waz"].label


def ages() -> Iterator[Vector]:
    yield Vector(PERMENKES, "L 6,2 kg pada 5 bln 29 hr", boy_of_6_2_kg, (5, 181, -2.19, "Berat badan kurang"))
    for born_on, on, months in (
        (JANUARY, date(2024, 7, 9), 5),
        (JANUARY, date(2024, 7, 10), 6),
        (date(2024, 1, 31), date(2024, 2, 29), 0),
        (date(2024, 1, 31), date(2024, 3, 1), 1),
        (date(2024, 2, 29), date(2025, 2, 28), 11),
        (date(2024, 2, 29), date(2025, 3, 1), 12),
    ):
        yield Vector(PERMENKES, f"bulan penuh {born_on} sampai {on}", partial(age_months, born_on, on), months)
    for months, days in ((1, 30), (6, 183), (12, 365), (24, 731), (60, 1826)):
        yield Vector(WHO, f"{months} bulan dalam hari", partial(growth.days_of, months), days)


def line(index: str, sex: str, month: int, sds: tuple[int, ...], places: int) -> object:
    """Where the lines lie at a month. 24 months are 730,5 days: the printed row is that of day 730."""
    lms = growth.lms_at(TABLES, index, sex, 730 if month == 24 else growth.days_of(month))
    return lms and tuple(round(growth.at_sd(sd, *lms), places) for sd in sds)


# month, then -3 to +3 SD of weight for age in kg, boys and girls
WEIGHT_LINES = """
0   2.08 2.46 2.88 3.35 3.86 4.42 5.03   2.03 2.39 2.79 3.23 3.71 4.23 4.79
1   2.92 3.38 3.89 4.45 5.08 5.78 6.54   2.72 3.15 3.63 4.17 4.78 5.46 6.21
2   3.79 4.32 4.92 5.57 6.30 7.10 7.97   3.45 3.94 4.50 5.13 5.84 6.63 7.52
3   4.43 5.01 5.66 6.37 7.15 8.02 8.96   3.99 4.53 5.15 5.84 6.62 7.51 8.50
6   5.68 6.36 7.11 7.94 8.85 9.85 10.96  5.09 5.73 6.47 7.30 8.25 9.34 10.58
9   6.39 7.15 7.98 8.90 9.92 11.04 12.28 5.76 6.47 7.29 8.23 9.30 10.55 11.99
12  6.93 7.74 8.64 9.65 10.76 11.98 13.34 6.27 7.04 7.93 8.95 10.13 11.51 13.11
18  7.83 8.75 9.79 10.94 12.22 13.66 15.25 7.19 8.06 9.07 10.23 11.60 13.20 15.09
24  8.63 9.67 10.84 12.15 13.62 15.27 17.13 8.06 9.03 10.16 11.47 13.02 14.84 17.01
36  10.02 11.28 12.71 14.34 16.20 18.31 20.73 9.61 10.81 12.20 13.85 15.81 18.14 20.95
48  11.24 12.71 14.40 16.35 18.59 21.18 24.18 10.88 12.32 14.03 16.07 18.52 21.51 25.17
59  12.28 13.96 15.91 18.17 20.82 23.92 27.55 11.96 13.63 15.63 18.05 21.00 24.64 29.19
"""
HEAD_LINES = """
0  31.9 34.5 37.0 31.5 33.9 36.2
6  40.9 43.3 45.8 39.6 42.2 44.8
12 43.5 46.1 48.6 42.2 44.9 47.6
24 45.5 48.2 51.0 44.4 47.2 50.0
59 47.7 50.7 53.7 47.0 49.9 52.7
"""
# sex, days, kg, cm, position, cm used; weight, length, weight for length, BMI for age
SCORES = """
L    0  2.4  46.0 l  46.0 -2.15 -2.05 -0.92 -1.79
L  183  7.9  67.6 l  67.6 -0.04 -0.02  0.04 -0.04
P  183  5.5  62.0 l  62.0 -2.35 -1.65 -1.66 -1.87
L  365  7.0  72.0 l  72.0 -2.90 -1.57 -2.99 -2.85
P  400  5.0  70.0 l  70.0 -4.85 -2.04 -5.37 -5.28
L  700 11.0  84.0 h  84.7 -0.73 -0.75 -0.47 -0.38
P  731 11.5  86.4 h  86.4  0.01  0.21 -0.24 -0.22
P  740  9.0  80.0 l  79.3 -2.08 -2.06 -1.31 -1.11
L 1096 18.5  95.0 h  95.0  2.08 -0.29  3.26  3.33
P 1500 12.0  95.0 h  95.0 -2.31 -1.95 -1.68 -1.55
L 1800 25.0 108.0 h 108.0  2.31 -0.32  3.76  3.63
"""


def scored(sex: str, days: int | None, kg: float | None, cm: float | None, position: str | None) -> growth.ZScores:
    return growth.zscores(TABLES, Measurement(sex, days, kg, cm, position))


def four_scores(sex: str, days: int, kg: float, cm: float, position: str) -> object:
    z = scored(sex, days, kg, cm, position)
    return round(z.lenhei_cm or 0, 1), z.waz, z.haz, z.whz, z.baz


def used_cm(days: int, cm: float, position: str | None) -> object:
    return round(scored("male", days, None, cm, position).lenhei_cm or 0, 1)


def whos() -> Iterator[Vector]:
    sds = (-3, -2, -1, 0, 1, 2, 3)
    for month, *kg in table(WEIGHT_LINES):
        for sex, told in (("L", kg[:7]), ("P", kg[7:])):
            found = partial(line, "waz", SEXES[sex], int(month), sds, 2)
            yield Vector(WHO, f"garis BB/U {sex} {month} bln", found, tuple(map(float, told)))
    for month, *cm in table(HEAD_LINES):
        for sex, told in (("L", cm[:3]), ("P", cm[3:])):
            found = partial(line, "hcz", SEXES[sex], int(month), (-2, 0, 2), 1)
            yield Vector(WHO, f"garis LK/U {sex} {month} bln", found, tuple(map(float, told)))
    for sex, days, weight, length, position, *wanted in table(SCORES):
        measured = partial(four_scores, SEXES[sex], int(days), float(weight), float(length), position)
        yield Vector(WHO, f"skor {sex} hari {days}", measured, tuple(map(float, wanted)))
    for what, days, length, position, used in (
        ("berdiri hari 730", 730, 84.0, "h", 84.7),
        ("berdiri hari 731", 731, 84.0, "h", 84.0),
        ("terlentang hari 730", 730, 84.0, "l", 84.0),
        ("terlentang hari 731", 731, 84.0, "l", 83.3),
        ("posisi kosong hari 730", 730, 84.0, None, 84.0),
        ("posisi kosong hari 731", 731, 84.0, None, 84.0),
        ("berdiri sebelum 9 bulan", 200, 66.0, "h", 66.0),
    ):
        yield Vector(PERMENKES, f"koreksi 0,7 cm, {what}", partial(used_cm, days, length, position), used)
    for length, like in ((86.9, "l"), (87.0, "h")):
        found = partial(whz_without_age, length, like)
        yield Vector(WHO, f"umur tidak diketahui {length} cm", found, True)
    for what, score, flags in (
        ("BB/U -6", {"waz": -6.0}, ()), ("BB/U -6,01", {"waz": -6.01}, ("waz",)),
        ("BB/U +5", {"waz": 5.0}, ()), ("BB/U +5,01", {"waz": 5.01}, ("waz",)),
        ("TB/U -6,01", {"haz": -6.01}, ("haz",)), ("TB/U +6", {"haz": 6.0}, ()),
        ("TB/U +6,01", {"haz": 6.01}, ("haz",)), ("BB/TB +5,01", {"whz": 5.01}, ("whz",)),
        ("BB/TB -5", {"whz": -5.0}, ()), ("IMT/U -5,01", {"baz": -5.01}, ("baz",)),
        ("LK/U -5,01", {"hcz": -5.01}, ("hcz",)), ("LiLA/U +5,01", {"acz": 5.01}, ("acz",)),
    ):  # fmt: skip
        yield Vector(WHO, f"tidak masuk akal {what}", partial(flags_of, score), set(flags))


def whz_without_age(cm: float, like: str) -> bool:
    without = growth.zscores(TABLES, Measurement("male", None, 12.0, cm, None))
    return without.whz == growth.zscores(TABLES, Measurement("male", None, 12.0, cm, like)).whz is not None


def flags_of(score: dict[str, float]) -> set[str]:
    return set(growth.flagged(*(score.get(name) for name in growth.INDICES)))


# index, completed months, z (or mm): class. A value on a border belongs to the milder class.
CLASSES = """
waz 24 -3.01 severely_underweight
waz 24 -3.00 underweight
waz 24 -2.01 underweight
waz 24 -2.00 normal
waz 24  1.00 normal
waz 24  1.01 overweight_risk
haz 24 -3.01 severely_stunted
haz 24 -3.00 stunted
haz 24 -2.01 stunted
haz 24 -2.00 normal
haz 24  3.00 normal
haz 24  3.01 tall
whz 24 -3.01 severely_wasted
whz 24 -3.00 wasted
whz 24 -2.01 wasted
whz 24 -2.00 normal
whz 24  1.00 normal
whz 24  1.01 overweight_risk
whz 24  2.00 overweight_risk
whz 24  2.01 overweight
whz 24  3.00 overweight
whz 24  3.01 obese
baz 24 -3.01 severely_wasted
baz 24 -2.00 normal
baz 24  2.00 overweight_risk
baz 24  2.01 overweight
baz 24  3.01 obese
baz 60 -3.01 severely_wasted
baz 60 -3.00 wasted
baz 60 -2.00 normal
baz 60  1.00 normal
baz 60  1.01 overweight
baz 60  2.00 overweight
baz 60  2.01 obese
hcz 24 -2.01 small
hcz 24 -2.00 normal
hcz 24  2.00 normal
hcz 24  2.01 large
muac_mm 5 110 unknown
muac_mm 6 114 red
muac_mm 6 115 yellow
muac_mm 59 124 yellow
muac_mm 59 125 green
muac_mm 60 125 unknown
"""


def class_of(index: str, value: float, months: int) -> str:
    if index == "muac_mm":
        return nutrition.muac_class(STANDARDS, int(value), months, TODAY).code
    return nutrition.classify(STANDARDS, index, value, months, TODAY).code


def classes() -> Iterator[Vector]:
    for index, months, value, code in table(CLASSES):
        found = partial(class_of, index, float(value), int(months))
        yield Vector(PERMENKES, f"{index} {value} pada {months} bln", found, code)
    for oedema in ("1", "2", "3"):
        told: Answers = {"visited_on": TODAY, "weight_g": 12_000, "length_mm": 870, "oedema": oedema}
        yield Vector(PERMENKES, f"edema +{oedema}", partial(swollen, told), ("severely_wasted", None, None, None))


def swollen(visit: Answers) -> object:
    (found,) = child.assess(STANDARDS, TABLES, {"sex": "male", "born_on": born(25)}, [visit])
    return found.categories["whz"].code, found.z.waz, found.z.whz, found.z.baz


# --- KMS --------------------------------------------------------------------------------------------------------------

KMS = "KMS: Permenkes 155/2010, Buku KIA 2023"
KBM = {
    "L": (800, 900, 800, 600, 500, 400, 400, 300, 300, 300, 300, 200),
    "P": (800, 900, 800, 600, 500, 400, 300, 300, 300, 300, 200, 200),
}


def letters(*kg: tuple[str, float], born_on: date = date(2025, 1, 15), sex: str = "male") -> str:
    """The letter of the weighing that counts for each month."""
    told = sorted((Weighing(date.fromisoformat(on), round(grams * 1000)) for on, grams in kg), key=lambda each: each.on)
    last = {Month.of(each.on): each for each in judge(STANDARDS, sex, born_on, told)}
    return " ".join("2T" if each.is_2t else each.code or "-" for each in last.values())


def gained(sex: str, month: int, more: int) -> str:
    """The letter in the month in which an age is reached, for a gain of the minimum and so many grams more."""
    born_on = date(2024, 1, 1)
    on = [Gap(months=each, days=9).after(born_on) for each in (month - 1, month)]
    least = RULES.minimum_gain_g(sex, month) or 0
    return judge(STANDARDS, sex, born_on, [Weighing(on[0], 5_000), Weighing(on[1], 5_000 + least + more)])[-1].code


def kms() -> Iterator[Vector]:
    for sex, gains in KBM.items():
        for month in (*range(13), 24, 59, 60, 61):
            wanted = gains[min(month, 12) - 1] if 1 <= month <= 60 else None
            yield Vector(KMS, f"KBM {sex} {month} bln", partial(RULES.minimum_gain_g, SEXES[sex], month), wanted)
        for month in range(1, 13):
            yield Vector(KMS, f"tepat KBM {sex} {month} bln", partial(gained, SEXES[sex], month, 0), "N")
            yield Vector(KMS, f"KBM kurang 1 gram {sex} {month} bln", partial(gained, SEXES[sex], month, -1), "T")
    a, b, c, d = "2026-03-10", "2026-04-10", "2026-05-10", "2026-06-10"
    for what, kg, wanted in (
        ("B lalu N", ((a, 9.0), (b, 9.2)), "B N"),
        ("8,3 - 8,1 tepat KBM 200", ((a, 8.1), (b, 8.3)), "B N"),
        ("T", ((a, 9.0), (b, 9.19)), "B T"),
        ("2T", ((a, 9.0), (b, 9.0), (c, 9.0)), "B T 2T"),
        ("O memutus 2T", ((a, 9.0), (b, 9.0), (d, 9.0), ("2026-07-10", 9.0)), "B T O T"),
        ("O: bulan lalu tidak ditimbang", ((a, 9.0), (c, 9.9)), "B O"),
        ("bulan lalu ialah bulan kalender, 1 hari", (("2026-01-31", 9.0), ("2026-02-01", 9.2)), "B N"),
        ("bulan lalu ialah bulan kalender, 58 hari", (("2026-01-01", 9.0), ("2026-02-28", 9.2)), "B N"),
        ("dua kali sebulan: yang terakhir", ((a, 9.0), ("2026-04-05", 9.1), ("2026-04-20", 9.3)), "B N"),
        ("BB bulan lalu disalin dari Buku KIA", (("2026-04-10", 9.0), (c, 9.3)), "B N"),
        ("susulan dihitung lagi", ((c, 9.4), (a, 9.0), (b, 9.1)), "B T N"),
    ):
        yield Vector(KMS, what, partial(letters, *kg), wanted)
    old = date(2021, 5, 1)
    yield Vector(KMS, "60 bulan masih N/T", partial(letters, (a, 18.0), (c, 18.4), born_on=old), "B O")
    yield Vector(KMS, "61 bulan tanpa huruf", partial(letters, (c, 18.0), (d, 18.4), born_on=old), "B -")
    for on, red, orange in ((date(2020, 12, 31), -3, None), (date(2021, 1, 1), -2, 1)):
        rules = STANDARDS.on(on)
        yield Vector(KMS, f"garis merah {on}", partial(getattr, rules, "bgm_z"), red)
        yield Vector(KMS, f"garis oranye {on}", partial(getattr, rules, "orange_z"), orange)


INCREMENT = "KMK HK.01.07/MENKES/2015/2023: kenaikan BB WHO, persentil 5"
# start month, one month L and P, two months L and P; "." where WHO has no such table
INCREMENTS = """
0 460 446 1443 1216
1 713 578 1303 1107
2 446 369 884 804
3 285 259 642 615
4 194 172 466 450
5 103 93 330 321
6 42 37 238 229
7 -1 -2 172 157
8 -36 -40 115 95
9 -66 -70 67 53
10 -89 -89 30 26
11 -106 -102 -2 1
12 . . -31 -19
13 . . -58 -35
14 . . -75 -47
15 . . -84 -55
16 . . -90 -64
17 . . -97 -75
18 . . -104 -86
19 . . -111 -97
20 . . -118 -109
21 . . -123 -124
22 . . -128 -137
"""


def hinted(sex: str, start: int, months: int, least: int) -> tuple[bool, bool]:
    """Whether a gain of the least, and of one gram less, is a hint, both weighed a day after the month was reached."""
    first, last = (Gap(months=each, days=1).after(JANUARY) for each in (start, start + months))
    last = min(last, Gap(RULES.faltering.until_months).after(JANUARY) - DAY)
    one, two = (
        faltering.hint(RULES, sex, JANUARY, [Weighing(first, 9_000), Weighing(last, 9_000 + grams)])
        for grams in (least, least - 1)
    )
    return bool(one), bool(two)


def increments() -> Iterator[Vector]:
    for start, *grams in table(INCREMENTS):
        for (months, sex), least in zip(((1, "L"), (1, "P"), (2, "L"), (2, "P")), grams, strict=True):
            if least != ".":
                found = partial(hinted, SEXES[sex], int(start), months, int(least))
                yield Vector(INCREMENT, f"{months} bulan dari {start} bln {sex}", found, (False, True))


# --- immunisation -----------------------------------------------------------------------------------------------------

IMMUNISATION = "Jadwal imunisasi: Buku KIA 2023, KMK HK.01.07/MENKES/2015/2023"
PRINTED = {
    0: "hb0 bcg opv_1",
    2: "opv_2 dpt_hb_hib_1 pcv_1 rv_1",
    3: "opv_3 dpt_hb_hib_2 pcv_2 rv_2",
    4: "opv_4 dpt_hb_hib_3 rv_3 ipv_1",
    9: "mr_1 ipv_2",
    10: "je_1",
    12: "pcv_3",
    18: "dpt_hb_hib_4 mr_2",
}
# code: no longer given from (months), then each dose before it with the least time between
ENDS = {
    "bcg": 12, "opv_1": 60, "opv_2": 60, "opv_3": 60, "opv_4": 60, "dpt_hb_hib_1": 60, "dpt_hb_hib_2": 60,
    "dpt_hb_hib_3": 60, "dpt_hb_hib_4": 60, "pcv_1": 60, "pcv_2": 60, "pcv_3": 60, "rv_1": 7, "rv_2": 7, "rv_3": 7,
    "ipv_1": 60, "ipv_2": 60, "mr_1": 60, "mr_2": 60, "je_1": 60,
}  # fmt: skip
APART = (
    ("opv_1", "opv_2", Gap(days=28)), ("opv_2", "opv_3", Gap(days=28)), ("opv_3", "opv_4", Gap(days=28)),
    ("dpt_hb_hib_1", "dpt_hb_hib_2", Gap(days=28)), ("dpt_hb_hib_2", "dpt_hb_hib_3", Gap(days=28)),
    ("pcv_1", "pcv_2", Gap(days=28)), ("rv_1", "rv_2", Gap(days=28)), ("rv_2", "rv_3", Gap(days=28)),
    ("pcv_2", "pcv_3", Gap(days=56)), ("dpt_hb_hib_3", "dpt_hb_hib_4", Gap(months=12)), ("mr_1", "mr_2", Gap(months=6)),
)  # fmt: skip


HAS_A_LOWEST_AGE = {rule.code: rule.earliest != Gap() for rule in SCHEDULE.doses}


def due_at(months: int) -> set[str]:
    day = Gap(months).after(BORN)
    return {code for code, each in judged((), day, area=KALBAR).items() if each.due_on == day}


def around_the_end(code: str) -> object:
    """Whether the dose can be had the day before its end, and on that day, all before it given."""
    rule = next(each for each in SCHEDULE.doses if each.code == code)
    had = [each for each in infant(area=KALBAR) if each.antigen == rule.antigen and each.number < rule.number]
    end = Gap(ENDS[code]).after(BORN)
    return tuple(judged(had, day, area=KALBAR)[code].state is State.NOT_AFTER for day in (end - DAY, end))


def apart(first: str, second: str, gap: Gap) -> object:
    """What is said of the second dose a day before the interval is over, and on that day."""
    one = next(each for each in SCHEDULE.doses if each.code == first).due.after(BORN) + 400 * DAY
    at = gap.after(one)
    return tuple(judged([dose(first, one), dose(second, on)], on)[second].fault for on in (at - DAY, at))


def early(code: str) -> object:
    rule = next(each for each in SCHEDULE.doses if each.code == code)
    at = rule.earliest.after(BORN)
    return tuple(judged([dose(code, on)], at, area=KALBAR)[code].fault for on in (at - DAY, at))


def live_apart(days: int) -> object:
    measles = Gap(11).after(BORN)
    return judged([dose("mr_1", measles)], measles + days * DAY, area=KALBAR)["je_1"].state is State.TOO_EARLY


def tetanus_after(*gaps: Gap) -> object:
    days = [date(2010, 1, 10)]
    for gap in gaps:
        days.append(gap.after(days[-1]))
    found = tetanus(SCHEDULE, [Dose("td", number, on) for number, on in enumerate(days, 1)])
    until = found.protected_until
    return found.level, 0 if until is None else until.year - days[-1].year


def at_school(code: str) -> object:
    rule = next(each for each in SCHEDULE.school if each.code == code)
    return rule.school_class, rule.month, rule.sex


def immunisations() -> Iterator[Vector]:
    for months in range(19):
        wanted = set(PRINTED.get(months, "").split())
        yield Vector(IMMUNISATION, f"jadwal cetak {months} bln", partial(due_at, months), wanted)
    for days, state in ((0, State.DUE), (1, State.OVERDUE), (7, State.OVERDUE), (8, State.NOT_AFTER)):
        found = partial(lambda on: judged((), on)["hb0"].state, BORN + days * DAY)
        yield Vector(IMMUNISATION, f"HB0 hari {days}", found, state)
    for code in ENDS:
        yield Vector(IMMUNISATION, f"batas umur {code}", partial(around_the_end, code), (False, True))
        if HAS_A_LOWEST_AGE[code]:
            yield Vector(IMMUNISATION, f"sebelum umur terendah {code}", partial(early, code), ("age", None))
    for first, second, gap in APART:
        found = partial(apart, first, second, gap)
        yield Vector(IMMUNISATION, f"jarak {first} ke {second}", found, ("interval", None))
    for days, waits in ((0, False), (1, True), (27, True), (28, False)):
        yield Vector(IMMUNISATION, f"dua vaksin hidup, {days} hari", partial(live_apart, days), waits)
    for area, there in ((KALBAR, True), (NTB, False)):
        found = partial(lambda code: "je_1" in judged((), Gap(10).after(BORN), area=code), area)
        yield Vector(IMMUNISATION, f"JE di {area[:2]}", found, there)
    for area, number, on, product in (
        (NTB, 1, date(2025, 9, 30), "pentavalent"), (NTB, 1, date(2025, 10, 1), "hexavalent"),
        (KALBAR, 1, date(2025, 12, 31), "pentavalent"), (KALBAR, 1, date(2026, 1, 1), "hexavalent"),
        (NTB, 4, date(2026, 6, 1), "pentavalent"),
    ):  # fmt: skip
        found = partial(lambda *told: SCHEDULE.product("dpt_hb_hib", *told).code, number, area, on)
        yield Vector(IMMUNISATION, f"produk dosis {number} di {area[:2]} {on}", found, product)
    steps = (Gap(days=28), Gap(months=6), Gap(months=12), Gap(months=12))
    for level, years in enumerate((0, 3, 5, 10, 25), 1):
        found = partial(tetanus_after, *steps[: level - 1])
        yield Vector("KMK HK.01.07/MENKES/2015/2023: status T", f"T{level}", found, (level, years))
    for level in range(2, 6):
        soon = Gap(days=(steps[level - 2].after(date(2010, 1, 10)) - date(2010, 1, 10)).days - 1)
        found = partial(lambda *told: tetanus_after(*told)[0], *steps[: level - 2], soon)  # type: ignore[index]
        yield Vector("KMK HK.01.07/MENKES/2015/2023: status T", f"T{level} sehari terlalu cepat", found, level - 1)
    for code, where in (("dt_1", (1, 11, None)), ("td_1", (2, 11, None)), ("td_2", (5, 11, None))):
        yield Vector("KMK HK.01.07/MENKES/2015/2023: BIAS", code, partial(at_school, code), where)


def supplements() -> Iterator[Vector]:
    paper = "Permenkes 21/2015, Permenkes 15/2017: vitamin A dan obat cacing"
    february, march, august = date(2026, 2, 10), date(2026, 3, 10), date(2026, 8, 10)
    for on in (february, august):
        for months, colour in ((5, None), (6, "blue"), (11, "blue"), (12, "red"), (59, "red"), (60, None)):
            found = partial(RULES.vitamin_a.due, on, months)
            yield Vector(paper, f"vitamin A bulan {on.month} pada {months} bln", found, colour)
    yield Vector(paper, "vitamin A bulan 3 pada 24 bln", partial(RULES.vitamin_a.due, march, 24), None)
    for on, months, given in ((august, 11, False), (august, 12, True), (february, 24, False)):
        yield Vector(
            paper, f"obat cacing bulan {on.month} pada {months} bln", partial(RULES.deworming.due, on, months), given
        )


# --- birth, pregnancy, nifas ------------------------------------------------------------------------------------------

KIA = "Buku KIA 2023"
LMP = date(2025, 3, 1)


def of_life(index: str, value: float, months: int) -> object:
    band = RULES.life_band(index, value, months)
    return band.code if band else None


def pregnant(week: int, **answers: Value | None) -> pregnancy.PregnancyAssessment:
    booked: Answers = {"lmp_on": LMP, "height_mm": 1550, "first_weight_g": 50_000}
    mother: Answers = {"born_on": date(1998, 3, 1)}
    return pregnancy.assess(STANDARDS, mother, booked, [{"visited_on": LMP + timedelta(weeks=week), **answers}])[0]


def read_off(part: str, **answers: Value | None) -> object:
    return getattr(pregnant(24, **answers), part)


def codes_of(**answers: Value | None) -> set[str]:
    return {each.code for each in pregnant(24, **answers).findings}


def with_findings(wanted: str, **answers: Value | None) -> bool:
    return wanted in codes_of(**answers)


def gain_of(bmi: float) -> object:
    rule = pregnancy.weight_class(RULES, bmi)
    return rule.total_low_g, rule.total_high_g, rule.weekly_low_g, rule.weekly_high_g


def state_on(windows: str, day: int) -> str:
    visits = RULES.nifas.visits if windows == "kf" else RULES.newborn_visits
    found = postpartum.due_visits(visits, LMP, {}, LMP + day * DAY, windows)
    return " ".join(each.code for each in found if each.state == "due")


def mothers() -> Iterator[Vector]:
    for grams, code in (
        (999, "extremely_low"), (1000, "very_low"), (1499, "very_low"), (1500, "low"), (2499, "low"), (2500, "normal"),
        (3999, "normal"), (4000, "normal"), (4001, "large"),
    ):  # fmt: skip
        found = partial(of_life, "birth_weight", grams, 0)
        yield Vector("KMK HK.01.07/MENKES/2015/2023: berat lahir", f"{grams} gram", found, code)
    for day, visit in ((0, "KN1"), (2, "KN1"), (3, "KN2"), (7, "KN2"), (8, "KN3"), (28, "KN3"), (29, "")):
        yield Vector(KIA, f"kunjungan neonatal hari {day}", partial(state_on, "kn", day), visit)
    for day, visit in (
        (0, "KF1"), (2, "KF1"), (3, "KF2"), (7, "KF2"), (8, "KF3"), (28, "KF3"), (29, "KF4"), (42, "KF4"), (43, ""),
    ):  # fmt: skip
        yield Vector(KIA, f"kunjungan nifas hari {day}", partial(state_on, "kf", day), visit)
    yield Vector(KIA, "HPHT 01-03-2025 + 280 hari", partial(pregnancy.due_on, {"lmp_on": LMP}), date(2025, 12, 6))
    both: Answers = {"lmp_on": LMP, "usg_due_on": date(2025, 12, 20)}
    yield Vector(KIA, "HPL menurut USG menang", partial(pregnancy.due_on, both), date(2025, 12, 20))
    for days, weeks, beyond, trimester in (
        (0, 0, 0, 1), (6, 0, 6, 1), (7, 1, 0, 1), (90, 12, 6, 1), (91, 13, 0, 2), (174, 24, 6, 2), (175, 25, 0, 3),
        (294, 42, 0, 3),
    ):  # fmt: skip
        found = partial(pregnancy.gestation, {"lmp_on": LMP}, LMP + days * DAY)
        yield Vector(KIA, f"usia kehamilan hari {days}", found, pregnancy.Gestation(weeks, beyond))
        yield Vector(KIA, f"trimester hari {days}", partial(RULES.gestation.trimester, weeks), trimester)
    for bmi, gain in (
        (18.4, (12_500, 18_000, 440, 580)), (18.5, (11_500, 16_000, 350, 500)), (24.9, (11_500, 16_000, 350, 500)),
        (25.0, (7_000, 11_500, 230, 330)), (29.9, (7_000, 11_500, 230, 330)), (30.0, (5_000, 9_000, 170, 270)),
    ):  # fmt: skip
        yield Vector(f"{KIA}, IOM 2009", f"kenaikan BB pada IMT {bmi}", partial(gain_of, bmi), gain)
    kmk = "KMK HK.01.07/MENKES/2015/2023: ibu hamil"
    for arm, red in ((234, True), (235, False), (236, False)):
        yield Vector(kmk, f"LiLA {arm} mm merah", partial(read_off, "muac_red", muac_mm=arm), red)
    for upper, lower, red, emergency in (
        (139, 89, False, False), (140, 80, True, False), (120, 90, True, False), (159, 109, True, False),
        (160, 90, True, True), (150, 110, True, True),
    ):  # fmt: skip
        told = {"systolic_mmhg": upper, "diastolic_mmhg": lower}
        yield Vector(kmk, f"TD {upper}/{lower} merah", partial(read_off, "pressure_red", **told), red)
        yield Vector(
            kmk, f"TD {upper}/{lower} darurat", partial(with_findings, "pressure_emergency", **told), emergency
        )
    ppk = "PPK KMK 1936/2022: anemia ibu hamil"
    for week, hb, anaemic in (
        (12, 109, True), (12, 110, False), (13, 104, True), (13, 105, False), (24, 104, True), (24, 105, False),
        (25, 109, True), (25, 110, False),
    ):  # fmt: skip
        found = partial(pregnancy.is_anaemic, RULES, hb, pregnancy.Gestation(week, 0))
        yield Vector(ppk, f"Hb {hb / 10} minggu {week}", found, anaemic)
    for hb, severe in ((99, True), (100, False)):
        found = partial(with_findings, "anaemia_severe", haemoglobin_dg_dl=hb)
        yield Vector(ppk, f"Hb {hb / 10} dirujuk ke rumah sakit", found, severe)
    for yes, kartu, kmk2015 in ((0, False, False), (1, False, True), (2, True, True)):
        told = {name: number < yes for number, name in enumerate(("tbc_cough", "tbc_fever", "tbc_weight"))}
        told |= {"tbc_contact": False, "tbc_listless": False}
        for rule, wanted in (("kartu", kartu), ("kmk2015", kmk2015)):
            found = partial(referral.suspected_tbc, RULES.tbc_rules[rule], told)
            yield Vector(
                "Skrining TBC: kartu ILP 2023 dan KMK 2015/2023", f"{yes} gejala, aturan {rule}", found, wanted
            )


# --- school age and youth ---------------------------------------------------------------------------------------------

WHO07 = "WHO Growth Reference 2007"
# month; L, M, S and the limits -3, -2, +1, +2 SD in kg/m2 of boys, then of girls
HALF_YEARS = """
66 -0.8554 15.2645 0.08516 12.1 13.0 16.7 18.3 -0.9780 15.2464 0.09920 11.7 12.7 16.9 19.0
72 -0.9921 15.3062 0.08682 12.1 13.0 16.8 18.5 -1.0794 15.2697 0.10195 11.7 12.7 17.0 19.2
78 -1.1230 15.3825 0.08865 12.2 13.1 16.9 18.7 -1.1728 15.3200 0.10471 11.7 12.7 17.1 19.5
84 -1.2460 15.4832 0.09068 12.2 13.1 17.0 19.0 -1.2565 15.4036 0.10746 11.8 12.7 17.3 19.8
90 -1.3596 15.6023 0.09289 12.3 13.2 17.2 19.3 -1.3287 15.5240 0.11020 11.8 12.8 17.5 20.1
96 -1.4629 15.7368 0.09526 12.4 13.3 17.4 19.7 -1.3880 15.6810 0.11291 11.9 12.9 17.7 20.6
102 -1.5542 15.8855 0.09778 12.5 13.4 17.7 20.1 -1.4336 15.8738 0.11557 12.0 13.0 18.0 21.0
108 -1.6318 16.0490 0.10038 12.6 13.5 17.9 20.5 -1.4650 16.0964 0.11816 12.1 13.1 18.3 21.5
114 -1.6944 16.2333 0.10303 12.7 13.6 18.2 20.9 -1.4823 16.3425 0.12067 12.2 13.3 18.7 22.0
120 -1.7407 16.4433 0.10566 12.8 13.7 18.5 21.4 -1.4864 16.6133 0.12307 12.4 13.5 19.0 22.6
126 -1.7710 16.6786 0.10823 12.9 13.9 18.8 21.9 -1.4787 16.9136 0.12534 12.5 13.7 19.4 23.1
132 -1.7862 16.9392 0.11070 13.1 14.1 19.2 22.5 -1.4606 17.2459 0.12748 12.7 13.9 19.9 23.7
138 -1.7873 17.2236 0.11304 13.2 14.2 19.5 23.0 -1.4339 17.6088 0.12946 12.9 14.1 20.3 24.3
144 -1.7751 17.5334 0.11522 13.4 14.5 19.9 23.6 -1.4006 17.9966 0.13129 13.2 14.4 20.8 25.0
150 -1.7511 17.8704 0.11720 13.6 14.7 20.4 24.2 -1.3621 18.3986 0.13295 13.4 14.7 21.3 25.6
156 -1.7168 18.2330 0.11898 13.8 14.9 20.8 24.8 -1.3195 18.8012 0.13445 13.6 14.9 21.8 26.2
162 -1.6732 18.6148 0.12055 14.0 15.2 21.3 25.3 -1.2739 19.1931 0.13580 13.8 15.2 22.3 26.8
168 -1.6211 19.0050 0.12191 14.3 15.5 21.8 25.9 -1.2266 19.5647 0.13700 14.0 15.4 22.7 27.3
174 -1.5615 19.3937 0.12310 14.5 15.7 22.2 26.5 -1.1788 19.9070 0.13808 14.2 15.7 23.1 27.8
180 -1.4961 19.7744 0.12412 14.7 16.0 22.7 27.0 -1.1311 20.2125 0.13904 14.4 15.9 23.5 28.2
186 -1.4263 20.1427 0.12501 14.9 16.3 23.1 27.4 -1.0838 20.4769 0.13991 14.5 16.0 23.8 28.6
192 -1.3529 20.4951 0.12579 15.1 16.5 23.5 27.9 -1.0368 20.7008 0.14070 14.6 16.2 24.1 28.9
198 -1.2762 20.8287 0.12650 15.3 16.7 23.9 28.3 -0.9898 20.8863 0.14142 14.7 16.3 24.3 29.1
204 -1.1962 21.1423 0.12715 15.4 16.9 24.3 28.6 -0.9423 21.0367 0.14208 14.7 16.4 24.5 29.3
210 -1.1129 21.4354 0.12777 15.6 17.1 24.6 29.0 -0.8944 21.1586 0.14271 14.7 16.4 24.6 29.4
216 -1.0260 21.7077 0.12836 15.7 17.3 24.9 29.2 -0.8462 21.2603 0.14330 14.7 16.4 24.8 29.5
222 -0.9356 21.9585 0.12893 15.8 17.4 25.2 29.5 -0.7980 21.3480 0.14386 14.7 16.5 24.9 29.6
228 -0.8419 22.1883 0.12948 15.9 17.6 25.4 29.7 -0.7496 21.4269 0.14441 14.7 16.5 25.0 29.7
"""


def limits_of(sex: str, month: int) -> object:
    found = growth.sd_lines(TABLES, "baz", sex, month, month, 1, (-3, -2, 1, 2))
    return tuple(round(points[0][1], 1) for points in found.values())


def lms_of(sex: str, month: int) -> object:
    rows = TABLES.lms("bfa5", sex)
    row = month - rows.first
    return rows.l[row], rows.m[row], rows.s[row]


BODIES = """
L 120 30.0 135.0 16.46  0.01 Normal
L 120 45.0 140.0 22.96  2.40 Obesitas
P 156 38.0 155.0 15.82 -1.44 Normal
P 180 40.0 158.0 16.02 -1.91 Normal
P 150 62.0 152.0 26.84  2.22 Obesitas
L 192 48.0 170.0 16.61 -1.93 Normal
P  90 16.0 122.0 10.75 -4.06 Sangat_kurus
L  80 33.0 118.0 23.70  4.01 Obesitas
"""


def at_school_visit(sex: str, months: int, **answers: Value | None) -> school.SchoolAssessment:
    who: Answers = {"sex": sex, "born_on": born(months)}
    return school.assess(STANDARDS, TABLES, who, [{"visited_on": TODAY, **answers}])[0]


def body(sex: str, months: int, kg: float, cm: float) -> object:
    found = at_school_visit(sex, months, weight_g=round(kg * 1000), height_mm=round(cm * 10))
    return round(found.bmi or 0, 2), found.bmi_z, found.bmi_class.label


# age, boys systolic/diastolic, girls
AAP = """
7 106 68 106 68
8 107 69 107 69
9 107 70 108 71
10 108 72 109 72
11 110 74 111 74
12 113 75 114 75
"""


def read_pressure(sex: str, months: int, upper: int, lower: int) -> object:
    found = outcome.pressure(RULES, sex, months, {"systolic_mmhg": upper, "diastolic_mmhg": lower})
    return found and (found.code, found.refer, found.card)


def youths() -> Iterator[Vector]:
    for month, *told in table(HALF_YEARS):
        for sex, numbers in (("L", told[:7]), ("P", told[7:])):
            wanted = tuple(map(float, numbers))
            found = partial(limits_of, SEXES[sex], int(month))
            yield Vector(WHO07, f"batas IMT/U {sex} {month} bln", found, wanted[3:])
            yield Vector(WHO07, f"LMS IMT/U {sex} {month} bln", partial(lms_of, SEXES[sex], int(month)), wanted[:3])
    for sex, months, kg, cm, bmi, z, label in table(BODIES):
        measured = partial(body, SEXES[sex], int(months), float(kg), float(cm))
        wanted_body = (float(bmi), float(z), label.replace("_", " "))
        yield Vector(WHO07, f"{sex} {int(months) // 12};{int(months) % 12} {kg} kg {cm} cm", measured, wanted_body)
    paper = "KMK HK.01.07/MENKES/2015/2023 Tabel 14 (AAP 2017)"
    normal, high = ("normal", False, "N"), ("high_for_age", True, "T")
    for years, *told in table(AAP):
        for sex, (upper, lower) in (("L", map(int, told[:2])), ("P", map(int, told[2:]))):
            for what, s, d, wanted_class in (
                ("di bawah", upper - 1, lower - 1, normal),
                ("sistole tepat", upper, lower - 1, high),
                ("diastole tepat", upper - 1, lower, high),
            ):
                found = partial(read_pressure, SEXES[sex], int(years) * 12 + 6, s, d)
                yield Vector(paper, f"TD {sex} {years} th {what}", found, wanted_class)
    yield Vector(paper, "TD L 10 th 108/70", partial(read_pressure, "male", 120, 108, 70), high)
    paper = "KMK HK.01.07/MENKES/2015/2023: TD 13-17 tahun (AAP 2017)"
    for upper, lower, wanted_class in (
        (119, 79, ("normal", False, "N")), (120, 79, ("raised", False, "N")), (124, 76, ("raised", False, "N")),
        (129, 79, ("raised", False, "N")), (130, 70, ("stage_1", True, "T")), (119, 80, ("stage_1", True, "T")),
        (139, 89, ("stage_1", True, "T")), (140, 70, ("stage_2", True, "T")), (110, 90, ("stage_2", True, "T")),
    ):  # fmt: skip
        for months in (156, 215):
            found = partial(read_pressure, "female", months, upper, lower)
            yield Vector(paper, f"{upper}/{lower} pada {months // 12} th", found, wanted_class)


# --- adults and elderly -----------------------------------------------------------------------------------------------

# index, months of age, value in the unit of storage, class
LIFE = """
bmi 480 16.99 very_thin
bmi 480 17.0 thin
bmi 480 18.49 thin
bmi 480 18.5 normal
bmi 480 25.0 normal
bmi 480 25.004 heavy
bmi 480 27.0 heavy
bmi 480 27.01 obese
bmi_asia 480 18.49 underweight
bmi_asia 480 18.5 normal
bmi_asia 480 22.99 normal
bmi_asia 480 23.0 risk
bmi_asia 480 25.0 obese_1
bmi_asia 480 29.99 obese_1
bmi_asia 480 30.0 obese_2
waist_male 480 900 normal
waist_male 480 901 over
waist_female 480 800 normal
waist_female 480 801 over
waist_female 179 801 None
waist_female 180 801 over
glucose_random 480 69 low
glucose_random 480 70 normal
glucose_random 480 99 normal
glucose_random 480 100 between
glucose_random 480 120 between
glucose_random 480 139 between
glucose_random 480 140 prediabetes
glucose_random 480 150 prediabetes
glucose_random 480 199 prediabetes
glucose_random 480 200 high
glucose_fasting 480 99 normal
glucose_fasting 480 100 prediabetes
glucose_fasting 480 125 prediabetes
glucose_fasting 480 126 high
cholesterol 480 199 normal
cholesterol 480 200 borderline
cholesterol 480 239 borderline
cholesterol 480 240 high
uric_male 480 70 normal
uric_male 480 71 high
uric_female 480 60 normal
uric_female 480 61 high
hb_female 60 115 none
hb_female 131 114 mild
hb_female 131 110 mild
hb_female 131 109 moderate
hb_female 131 80 moderate
hb_female 131 79 severe
hb_female 120 114 mild
hb_female 144 120 none
hb_female 156 114 mild
hb_female 156 119 mild
hb_female 156 110 mild
hb_female 156 109 moderate
hb_female 156 79 severe
hb_female 180 120 none
hb_female 180 119 mild
hb_male 131 115 none
hb_male 131 114 mild
hb_male 144 120 none
hb_male 144 119 mild
hb_male 180 130 none
hb_male 180 129 mild
hb_male 192 125 mild
hb_male 180 110 mild
hb_male 180 109 moderate
hb_male 180 80 moderate
hb_male 180 79 severe
puma 480 5 low
puma 480 6 high
srq 480 5 low
srq 480 6 high
aks 720 20 independent
aks 720 19 mild
aks 720 12 mild
aks 720 11 moderate
aks 720 9 moderate
aks 720 8 severe
aks 720 5 severe
aks 720 4 total
aks 720 0 total
"""
NO: Answers = {
    "puma_smoked": False, "puma_breath": False, "puma_phlegm": False, "puma_cough": False, "puma_spirometry": False,
}  # fmt: skip
# what, sex, years, sticks a day, years of smoking, yes to how many of the four questions: points
PUMA = """
P45_tidak_semua      P 45 0  0  0 0
L45_jenis_kelamin    L 45 0  0  0 1
P49_usia             P 49 0  0  0 0
P50_usia             P 50 0  0  0 1
P59_usia             P 59 0  0  0 1
P60_usia             P 60 0  0  0 2
P45_19_pack_years    P 45 20 19 0 0
P45_20_pack_years    P 45 20 20 0 1
P45_30_pack_years    P 45 20 30 0 1
P45_31_pack_years    P 45 20 31 0 2
P45_satu_ya          P 45 0  0  1 1
P45_empat_ya         P 45 0  0  4 4
L62_20x25_dua_ya     L 62 20 25 2 6
L60_semua            L 60 20 31 4 9
"""
SKILAS_WELL: Answers = {
    "knows_date": True, "knows_place": True, "recalls_words": True, "stands_up": True, "lost_weight": False,
    "poor_appetite": False, "muac_mm": 210, "eye_problem": False, "counts_fingers": True, "whisper": "hears",
    "sad": False, "no_interest": False,
}  # fmt: skip
SKILAS_TICKS = (
    ("knows_date", False, "cognition"), ("knows_place", False, "cognition"), ("recalls_words", False, "cognition"),
    ("stands_up", False, "mobility"), ("lost_weight", True, "malnutrition"), ("poor_appetite", True, "malnutrition"),
    ("muac_mm", 209, "malnutrition"), ("muac_mm", 208, "malnutrition"), ("eye_problem", True, "sight"),
    ("counts_fingers", False, "sight"), ("whisper", "not", "hearing"), ("whisper", "impossible", "hearing"),
    ("sad", True, "depression"), ("no_interest", True, "depression"),
)  # fmt: skip


def grown(**answers: Value | None) -> adult.AdultAssessment:
    who: Answers = {"sex": "male", "born_on": born(62 * 12)}
    return adult.assess(STANDARDS, who, [{"visited_on": TODAY, **answers}])[0]


def adult_body(grams: int, mm: int) -> object:
    found = grown(weight_g=grams, height_mm=mm)
    return round(found.bmi or 0, 3), found.bmi_class and found.bmi_class.code, found.bmi_asia and found.bmi_asia.code


def puma(sex: str, years: int, sticks: int, long: int, yes: int) -> object:
    told = {name: number < yes for number, name in enumerate(instruments.PUMA_SYMPTOMS)}
    smoked: Answers = {"puma_smoked": True, "puma_sticks": sticks, "puma_years": long} if sticks else {}
    who: Answers = {"sex": sex, "born_on": born(years * 12)}
    return instruments.puma_score(RULES, who, TODAY, {**NO, **told, **smoked})


def aks(**helpless: Value) -> object:
    told = {each.name: each.options[-1].code for each in AKS_QUESTIONS}
    (found,) = instruments.assess_aks(STANDARDS, {}, [{"visited_on": TODAY, **told, **helpless}])
    return found.score, found.refer


def skilas(**worse: Value) -> object:
    (found,) = instruments.assess_skilas(STANDARDS, {}, [{"visited_on": TODAY, **SKILAS_WELL, **worse}])
    return {name for name, problem in found.domains.items() if problem}, found.refer


def srq(*yes: int) -> object:
    told: Answers = {each.name: number in yes for number, each in enumerate(SRQ_QUESTIONS, 1)}
    (found,) = instruments.assess_srq(STANDARDS, {}, [{"visited_on": TODAY, **told}])
    return found.score, found.refer, {each.level for each in found.findings}


def adult_pressure(upper: int, lower: int) -> object:
    found = outcome.pressure(RULES, "male", 480, {"systolic_mmhg": upper, "diastolic_mmhg": lower})
    return found and (found.code, found.card, found.isolated_systolic)


def adults() -> Iterator[Vector]:
    for index, months, value, code in table(LIFE):
        found = partial(of_life, index, float(value), int(months))
        yield Vector(
            "Kartu ILP 2023, KMK 2015/2023, WHO 2011",
            f"{index} {value} pada {months} bln",
            found,
            None if code == "None" else code,
        )
    for grams, mm, wanted_body in (
        (70_000, 1_650, (25.712, "heavy", "obese_1")),
        (42_000, 1_580, (16.824, "very_thin", "underweight")),
        (62_500, 1_581, (25.004, "heavy", "obese_1")),
    ):
        yield Vector("Permenkes 41/2014", f"IMT {grams} g {mm} mm", partial(adult_body, grams, mm), wanted_body)
    paper = "KMK HK.01.07/MENKES/2015/2023 Tabel 22"
    for upper, lower, code, card, isolated in (
        (119, 79, "optimal", "N", False), (120, 79, "normal", "N", False), (119, 80, "normal", "N", False),
        (129, 84, "normal", "N", False), (130, 80, "high_normal", "N", False), (120, 85, "high_normal", "N", False),
        (139, 89, "high_normal", "N", False), (140, 90, "grade_1", "T", False), (134, 92, "grade_1", "T", False),
        (150, 84, "grade_1", "T", True), (159, 99, "grade_1", "T", False), (160, 99, "grade_2", "T", False),
        (150, 100, "grade_2", "T", False), (179, 109, "grade_2", "T", False), (180, 89, "grade_3", "T", True),
        (170, 110, "grade_3", "T", False), (89, 60, "low", "R", False), (90, 60, "optimal", "N", False),
        (100, 59, "low", "R", False),
    ):  # fmt: skip
        yield Vector(paper, f"{upper}/{lower}", partial(adult_pressure, upper, lower), (code, card, isolated))
    paper = "KMK HK.01.07/MENKES/2015/2023 Formulir 4: PUMA"
    for what, sex, *numbers, points in table(PUMA):
        yield Vector(paper, what, partial(puma, SEXES[sex], *map(int, numbers)), int(points))
    yield Vector(paper, "P39 tidak dinilai", partial(puma, "female", 39, 0, 0, 4), None)
    paper = "KMK HK.01.07/MENKES/2015/2023: AKS"
    for question, most in zip(AKS_QUESTIONS, (2, 2, 1, 2, 2, 3, 3, 2, 2, 1), strict=True):
        found = partial(aks, **{question.name: "0"})
        yield Vector(paper, f"{question.name}: {most} ke 0", found, (20 - most, True))
    yield Vector(paper, "semua terbaik", aks, (20, False))
    paper = "KMK HK.01.07/MENKES/2015/2023: SKILAS"
    yield Vector(paper, "tanpa masalah", skilas, (set(), False))
    for name, value, domain in SKILAS_TICKS:
        yield Vector(paper, f"{name} {value}", partial(skilas, **{name: value}), ({domain}, True))
    paper = "KMK HK.01.07/MENKES/2015/2023 Formulir 6: SRQ-20"
    yield Vector(paper, "lima ya", partial(srq, 1, 2, 3, 4, 5), (5, False, set()))
    yield Vector(paper, "enam ya", partial(srq, 1, 2, 3, 4, 5, 6), (6, True, {"warn"}))
    yield Vector(paper, "hanya nomor 17", partial(srq, 17), (1, True, {"bad"}))


# --- couples, families, the post --------------------------------------------------------------------------------------


def fitness(**changed: Value | None) -> object:
    well: Answers = {
        "visited_on": TODAY, "couple": True, "children_living": 0, "weight_g": 52_000, "height_mm": 1550,
        "muac_mm": 240, "haemoglobin_dg_dl": 120, "chronic": False, "infection": False, "complication": False,
        "health_problem": False,
    }  # fmt: skip
    years = changed.pop("years", 28)
    assert isinstance(years, int)
    who: Answers = {"sex": "female", "born_on": born(years * 12)}
    (found,) = prepregnancy.assess(STANDARDS, who, [{**well, **changed}])
    return found.result


def stratum(**changed: float) -> object:
    figures = {
        "days_open": 10, "kader_on_duty": 5, "d_s": 62, "kia": 55, "kb": 51, "idl": 70, "extra": 1, "health_fund": 20,
    } | changed  # fmt: skip
    found = strata.judge(RULES.strata, {code: Indicator(code, value, value, "", "") for code, value in figures.items()})
    return found.stage.code, [each.need.code for each in found.blocking]


def active(**changed: float) -> object:
    figures = {
        "months_open": 8, "kader_decree": 5, "tools": 1, "extra": 1, "d_s": 50, "kia": 50, "kb": 50, "idl": 0,
    } | changed  # fmt: skip
    told = {code: Indicator(code, value, value, "", "") for code, value in figures.items()}
    return strata.judge_active(RULES.strata, told).active


def clocked(since: date, until: date) -> object:
    found = social.clock(RULES.social_clock, RULES.holidays, since, social.course(()), until)
    return found.used, found.left, found.level


def nik(number: str) -> object:
    found = person.read_nik(number, TODAY)
    return found and (found.area, found.born_on, found.sex)


def group(months: int) -> object:
    found = RULES.groups.by_age(months)
    return found and found.value


def posts() -> Iterator[Vector]:
    paper = "KMK HK.01.07/MENKES/2015/2023: skrining layak hamil"
    for what, changed, wanted in (
        ("ideal", {}, "fit"), ("19 tahun", {"years": 19}, "supervised"), ("20 tahun", {"years": 20}, "fit"),
        ("35 tahun", {"years": 35}, "fit"), ("36 tahun", {"years": 36}, "supervised"),
        ("anak 2", {"children_living": 2, "youngest_born_on": born(24)}, "fit"),
        ("anak 3", {"children_living": 3, "youngest_born_on": born(24)}, "supervised"),
        ("jarak 23 bulan", {"children_living": 1, "youngest_born_on": born(23)}, "supervised"),
        ("jarak 24 bulan", {"children_living": 1, "youngest_born_on": born(24)}, "fit"),
        ("LiLA 23,4", {"muac_mm": 234}, "supervised"), ("LiLA 23,5", {"muac_mm": 235}, "fit"),
        ("Hb 11,9", {"haemoglobin_dg_dl": 119}, "supervised"), ("Hb 12,0", {"haemoglobin_dg_dl": 120}, "fit"),
        ("IMT 18,4", {"weight_g": 44_200}, "supervised"), ("IMT 25", {"weight_g": 60_100}, "supervised"),
    ):  # fmt: skip
        yield Vector(paper, what, partial(fitness, **changed), wanted)
    paper = "Pedoman Umum Pengelolaan Posyandu 2011: telaah kemandirian"
    for what, figures, wanted_stage in (
        ("frekuensi 10, kader 5, D/S 62, KIA 55, KB 51, imunisasi 70, dana 20", {}, ("purnama", ["health_fund"])),
        ("sama, tanpa program tambahan", {"extra": 0}, ("madya", ["extra"])),
        ("frekuensi 7", {"days_open": 7}, ("pratama", ["days_open"])),
        ("frekuensi 8", {"days_open": 8}, ("purnama", ["health_fund"])),
        ("kader 4", {"kader_on_duty": 4}, ("pratama", ["kader_on_duty"])),
        ("D/S 49,9", {"d_s": 49.9}, ("madya", ["d_s"])),
        ("D/S 50", {"d_s": 50}, ("purnama", ["health_fund"])),
        ("KIA 49", {"kia": 49}, ("madya", ["kia"])),
        ("KB 49", {"kb": 49}, ("madya", ["kb"])),
        ("imunisasi 49", {"idl": 49}, ("madya", ["idl"])),
        ("dana sehat 49", {"health_fund": 49}, ("purnama", ["health_fund"])),
        ("dana sehat 50", {"health_fund": 50}, ("mandiri", [])),
    ):
        yield Vector(paper, what, partial(stratum, **figures), wanted_stage)
    paper = "RPJMN 2020-2024: posyandu aktif"
    for what, figures, wanted in (
        ("tiga dari empat layanan", {}, True), ("dua layanan", {"kb": 49}, False),
        ("7 bulan", {"months_open": 7}, False), ("4 kader ber-SK", {"kader_decree": 4}, False),
        ("tanpa alat", {"tools": 0}, False), ("tanpa kegiatan tambahan", {"extra": 0}, False),
    ):  # fmt: skip
        yield Vector(paper, what, partial(active, **figures), wanted)
    yield Vector("Tanda kecakapan kader", "25 keterampilan", partial(len, skills.SKILLS), 25)
    paper = "Alur enam SPM (Permendagri 13/2024), paparan satu kabupaten"
    thursday = date(2026, 11, 12)
    for until, used, left, level in (
        (thursday, 0, 5, "ok"), (date(2026, 11, 13), 1, 4, "ok"), (date(2026, 11, 15), 1, 4, "ok"),
        (date(2026, 11, 17), 3, 2, "ok"), (date(2026, 11, 18), 4, 1, "bad"), (date(2026, 11, 19), 5, 0, "bad"),
        (date(2026, 11, 20), 6, -1, "bad"),
    ):  # fmt: skip
        yield Vector(paper, f"12-11-2026 sampai {until}", partial(clocked, thursday, until), (used, left, level))
    paper = "PIS-PK: Indeks Keluarga Sehat"
    for met, not_applicable, value, code in ((8, 2, 0.8, "almost"), (9, 1, 0.818, "healthy"), (5, 2, 0.5, "almost"),
                                             (4, 3, 0.444, "unhealthy")):  # fmt: skip
        found = partial(
            lambda y, n: (round(iks.index(y, n) or 0, 3), RULES.iks_band(iks.index(y, n) or 0).code),
            met,
            not_applicable,
        )
        yield Vector(paper, f"Y {met}, N {not_applicable}", found, (value, code))
    paper = "NIK (Dukcapil)"
    for number, wanted_nik in (
        ("5201014507900003", ("520101", date(1990, 7, 5), "female")),
        ("5201013209900000", ("520101", None, "male")),
        ("520101450790000", None),
    ):
        yield Vector(paper, number, partial(nik, number), wanted_nik)
    paper = "Register dan rekapitulasi ILP 2023: kelompok umur"
    for months, code in (
        (0, "infant"), (11, "infant"), (12, "under_five"), (59, "under_five"), (60, "preschool"), (71, "preschool"),
        (72, "school"), (179, "school"), (180, "youth"), (227, "youth"), (228, "adult"), (719, "adult"),
        (720, "elderly"),
    ):  # fmt: skip
        yield Vector(paper, f"{months} bulan", partial(group, months), code)


VECTORS = [
    *ages(), *whos(), *classes(), *kms(), *increments(), *immunisations(), *supplements(), *mothers(), *youths(),
    *adults(), *posts(),
]  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: f"{each.paper} > {each.what}".replace("/", "|"))
def test_vector(vector: Vector) -> None:
    assert vector.found() == vector.wanted


def test_no_vector_stands_twice() -> None:
    names = [(each.paper, each.what) for each in VECTORS]
    assert sorted({each for each in names if names.count(each) > 1}) == []
