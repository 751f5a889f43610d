"""What every figure of every report must say, told by the plain recount: from the report, table, row and column alone.

`Told.of` knows each figure by its place. A figure that it does not know is `UNKNOWN`, and a test fails on it: so no
report gains a figure that nobody counts a second time. Figures that stand inside words ("41 dari 60") are checked too.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

from posyandu.reports.layout import layouts
from posyandu.reports.table import Cell, Table
from posyandu.storage.engine import Database
from tests import plain_post, plain_quality, plain_referral, recount
from tests.plain_ages import LINES, Ages
from tests.plain_count import TODAY, Month, Record, Someone, day, folded
from tests.plain_family import Families, card, index
from tests.plain_life import Lives, group_of
from tests.plain_profile import Profile

UNKNOWN = object()
"""Nobody counts this figure a second time."""

Figure = Any
"""A set of ids, a number, a text with numbers, or None: no number may stand there."""

SKDN_ROWS = (
    "s", "k", "n", "t", "o", "b", "d", "k_minus_d", "s_minus_d", "2t", "bgm", "orange", "severely_underweight",
    "underweight", "blue", "red", "s36", "graduated",
)  # fmt: skip
SHARES = (
    ("k", "s", 80), ("d", "s", 80), ("d", "k", 80), ("n", "d", 80), ("n", "told", None), ("n", "s", None),
    ("t", "d", None), ("2t", "d", None), ("bgm", "lined", 5), ("k_minus_d", "k", None), ("graduated", "s36", None),
)  # fmt: skip
WOMEN = ("pregnant", "kek", "kek_fed", "got_iron", "class_attended", "pregnant_referred")
BARS = ("s", "k", "d", "n", "success", "t", "bgm")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
CHILD_RECAP = {"counselled": "counselled_child", "vitamin_a": "capsule"}
CHILD_LISTS = {
    "dirujuk": "referred_child", "bgm": "bgm", "lila": "muac_other", "2t": "2t", "t": "t", "garis_oranye": "orange",
    "lingkar_kepala": "head_other", "perkembangan": "development_incomplete", "o": "o", "tbc_anak": "tbc",
    "gizi_kurang": "wasted_any", "pendek": "stunted_any", "tidak_hadir": "absent", "tidak_ditimbang": "came_unweighed",
    "tanpa_buku": "bookless", "imunisasi": "unimmunised", "vitamin_a": "no_capsule", "alat_salah": "left_out",
}  # fmt: skip
MOTHER_LISTS = {
    "bumil_dirujuk": "referred", "bumil_td": "pressure_red", "bumil_kek": "muac_red", "bumil_anemia": "anaemic",
    "bumil_bb": "weight_red", "bumil_tbc": "tbc", "bumil_tidak_hadir": "absent",
}  # fmt: skip
SHARE_POINTS = {
    "Balita ditimbang (D/S)": ("d", "s"), "Berat naik (N/D)": ("n", "d"), "Punya Buku KIA (K/S)": ("k", "s"),
    "Di bawah garis merah (BGM/D)": ("bgm", "lined"),
}  # fmt: skip
"""Points of the coaching sheet that are shares of the month."""

TALK = (
    ("balita di bawah garis merah", "bgm"), ("balita dua kali tidak naik", "2t"), ("ibu hamil tidak datang", "absent"),
    ("balita tidak naik", "t"), ("anak terlambat imunisasi", "late"), ("balita tidak ditimbang", "s_minus_d"),
)  # fmt: skip
"""What there is to talk about after a day, the gravest first: the first three that concern somebody are told."""


BEFORE_A_DAY = {
    "s", "k", "s36", "everyone", "infants", "infants_to_six", "below_two_s", "born", "births", "facility_births",
    "early_breastfed", "low_birth_weight", "pregnant", "postpartum", "breastfeeding", "kf4", "kn1", "kn_complete",
    "thyroid_screened", "posts", "posts_open", "infants_died", "mothers_died", "severe_died_new", "severe_died_old",
    "severe_died_this_year",
}  # fmt: skip
"""What the register tells of a month without a posyandu day."""


@dataclass(frozen=True)
class Asked:
    """One figure by its place: the report and table, its row (number and cells) and column (name)."""

    report: str
    table: Table
    number: int
    row: Sequence[Cell]
    column: str


def is_figure(cell: Cell) -> bool:
    """Whether a cell holds a number."""
    return isinstance(cell.value, int | float) and not isinstance(cell.value, bool)


class Told:
    """Every figure of a post in a month of a year, by the plain recount."""

    def __init__(self, db: Database, post: str, year: int, month: int) -> None:
        self.db, self.post, self.year, self.number = db, post, year, month
        self.every = folded(db)
        self.months: dict[tuple[int, int], Lives] = {}

    def lives(self, year: int, month: int) -> Lives:
        if (year, month) not in self.months:
            self.months[year, month] = Lives(Month(self.db, self.post, year, month, self.every))
        return self.months[year, month]

    @cached_property
    def now(self) -> Lives:
        return self.lives(self.year, self.number)

    @cached_property
    def own(self) -> plain_post.Post:
        return plain_post.Post(self.lives, self.year, self.number)

    def counts(self, number: int) -> dict[str, Any]:
        """Everything counted of a month of the year, by the names that layouts use."""
        lives = self.lives(self.year, number)
        if not hasattr(lives, "all_counts"):
            lives.all_counts = {**lives.month.counts(), **lives.counts(), **self.severe(number)}  # type: ignore[attr-defined]
        return lives.all_counts  # type: ignore[attr-defined,no-any-return]

    def severe(self, number: int) -> dict[str, set[str]]:
        """Gizi buruk as new and old cases, and who of them died: by what was last known of each since December."""
        told: dict[str, list[tuple[int, bool]]] = {}
        for place in range(number + 1):
            month = (self.lives(self.year, place) if place else self.lives(self.year - 1, 12)).month
            for id_, child in month.children.items():
                known = month.last_class(child, "whz")
                if known is not None:
                    told.setdefault(id_, []).append((place, known == "severely_wasted"))

        def since(id_: str, place: int) -> str:
            seen = [each for each in told.get(id_, ()) if each[0] <= place]
            if not seen or not seen[-1][1]:
                return ""
            return "new" if seen[-1][0] == place and [severe for _place, severe in seen[-2:-1]] != [True] else "old"

        def died(place: int) -> set[str]:
            return {
                id_
                for id_, person in self.now.month.people.items()
                if person.get("status") == "died"
                and person.get("guest") is not True
                and (left := day(person.get("left_on")))
                and (left.year, left.month) == (self.year, place)
                and (born := day(person.get("born_on")))
                and recount.months_between(born, left) < 60
                and since(id_, place)
            }

        children = self.lives(self.year, number).month.children
        sick = {i for i, each in children.items() if each.age < 60 and told.get(i, [(0, False)])[-1] == (number, True)}
        new = {i for i in sick if since(i, number) == "new"}
        return {
            "severely_wasted_new": new,
            "severely_wasted_old": sick - new,
            "severe_died_new": {i for i in died(number) if since(i, number) == "new"},
            "severe_died_old": {i for i in died(number) if since(i, number) == "old"},
            "severe_died_this_year": {i for place in range(1, number + 1) for i in died(place)},
        }

    @cached_property
    def first_day(self) -> date:
        """From which day on this report has records."""
        return plain_post.first_day(self.now.month, plain_post.before(self.year, 1, 1), (self.year, self.number))

    def is_recorded(self, number: int) -> bool:
        last = plain_post.end_of(self.year, number)
        return number == self.number or (number < self.number and last >= self.first_day)

    def was_open(self, number: int) -> bool:
        """Whether a posyandu day was held, or a child came: what a year's table asks."""
        lives = self.lives(self.year, number)
        return number <= self.number and bool(
            lives.month.sessions or any(c.came for c in lives.month.children.values())
        )

    def was_noted(self, number: int) -> bool:
        """Whether a posyandu day was held, or anybody at all came: what a recap and the bars ask."""
        lives = self.lives(self.year, number)
        crowds = (lives.month.children, lives.month.mothers, lives.people)
        open_day = bool(lives.month.sessions or any(each.came for crowd in crowds for each in crowd.values()))
        return self.is_recorded(number) and open_day

    # ---- a figure by its place

    def of(self, asked: Asked) -> Figure:
        """What must stand there; UNKNOWN for a place nobody counts."""
        code = asked.table.code
        if asked.column == "no" and code not in ("sip5", "sip6", "iks_indikator"):
            return UNKNOWN if asked.row[0].value != asked.number + 1 else asked.number + 1
        by_code: dict[str, Callable[[Asked], Figure]] = {
            "skdn": self.skdn,
            "indikator": self.share,
            "balok": self.bar,
            "rekap_balita": self.child_recap,
            "rekap_bumil": lambda a: self.recap(a, lambda lives: lives.mothers()),
            "rekap_sekolah": lambda a: self.recap(a, lambda lives: lives.school()),
            "rekap_dewasa": lambda a: self.recap(a, lambda lives: lives.grown()),
            "stok": self.stock,
            "spm": self.fields,
            "spm_kesehatan": lambda a: (
                self.own.health()[a.row[0].text][a.column]
                if a.column == "targets" or self.was_noted(self.number)
                else None
            ),
            "spm_kegiatan": self.activity,
            "tidak_datang": self.by_place,
            "jumlah_rujukan": lambda a: self.own.referrals()[a.number],
            "kunjungan_rumah": lambda a: self.own.home_visits()[a.number][a.column],
            "indikator_pus": self.couples,
            **dict.fromkeys(LINES, self.of_ages),
            "iks_indikator": self.family_indicator,
            "iks_keluarga": self.family_index,
            "profil_desa": lambda a: self.profile.beside(a.number, a.column),
            "profil_umur": lambda a: self.profile.ages(a.number, a.column),
            "profil_orang": lambda a: self.profile.of_people(a.number),
            "profil_rumah": lambda a: self.profile.of_houses(a.number),
            "persetujuan": lambda a: self.profile.consent(a.number, a.column),
            "indikator_catin": lambda a: self.profile.catin(a.number, a.column),
        }
        if code in by_code:
            return by_code[code](asked)
        part = next((part for layout in layouts().values() for part in layout.parts if part.code == code), None)
        if part is None:
            return UNKNOWN
        if part.kind == "figures":
            return self.figure(part, asked)
        return self.of_month(part, asked) if part.kind == "months" else self.fact(part, asked)

    @cached_property
    def ages(self) -> Ages:
        return Ages(self.now)

    def of_ages(self, asked: Asked) -> Figure:
        """An indicator of pupils, adults or the elderly, by its line."""
        return self.parted(asked, self.ages.line(asked.table.code, asked.number))

    def couples(self, asked: Asked) -> Figure:
        """An indicator of couples, by its line."""
        codes = ("screened", "kb", "unmet", "four_t_kb", "young_kb", "old_kb", "close_kb", "many_kb", "alki_kb")
        return self.parted(asked, self.own.couples()[codes[asked.number]])

    @staticmethod
    def parted(asked: Asked, parts: tuple[set[str], set[str], set[str]]) -> Figure:
        """Of whom it holds, among whom, of whom nobody knows, and the share."""
        counted, among, unknown = parts
        if asked.column == "share":
            return round(100 * len(counted) / len(among), 1) if among else None
        return {"counted": counted, "among": among, "unknown": unknown}[asked.column]

    def banded(self, ids: set[str], column: str, bands: dict[str, tuple[int, int]]) -> set[str]:
        """Those of a column: its age band, whether poor, its sex, all told by the column's name."""
        month, found = self.now.month, set(ids)
        band = next((name for name in sorted(bands, key=len, reverse=True) if column.startswith(name)), None)
        if band is not None:
            low, high = bands[band]
            found = {i for i in found if low <= month.age_of(i) <= high}
            column = column.removeprefix(band)
        words = [word for word in column.replace("not_poor", "rich").split("_") if word not in ("", "total")]
        for word in words:
            tests: dict[str, Callable[[Record], bool]] = {
                "poor": lambda person: person.get("poor") is True,
                "rich": lambda person: person.get("poor") is False,
                "male": lambda person: person.get("sex") == "male",
                "female": lambda person: person.get("sex") == "female",
            }
            found = {i for i in found if tests[word](month.people[i])}
        return found

    def skdn(self, asked: Asked) -> Figure:
        if SKDN_ROWS[asked.number] not in ("s", "k", "s36") and not self.was_noted(self.number):
            return None
        return self.banded(self.counts(self.number)[SKDN_ROWS[asked.number]], asked.column, recount.BANDS)

    def share(self, asked: Asked) -> Figure:
        above, below, target = SHARES[asked.number]
        if (above, below) != ("k", "s") and asked.column != "target" and not self.was_noted(self.number):
            return None
        counts = self.counts(self.number)
        told = {**counts, "told": counts["d"] - counts["o"] - counts["b"]}
        return {
            "numerator": told[above],
            "denominator": told[below],
            "value": len(told[above]) / len(told[below]) if told[below] else None,
            "target": None if target is None else target / 100,
        }[asked.column]

    def bar(self, asked: Asked) -> Figure:
        number = int(asked.column.removeprefix("m"))
        if not self.was_noted(number):
            return None
        counts = self.counts(number)
        name = BARS[asked.number]
        if name == "bgm" and counts["d"] and not counts["lined"]:
            return None  # all on a scale found wrong
        if name != "success":
            return len(counts[name])
        told = len(counts["d"]) - len(counts["o"]) - len(counts["b"])
        return len(counts["n"]) / told if told > 0 else None

    def recap(self, asked: Asked, columns: Callable[[Lives], Any]) -> Figure:
        number = asked.number + 1
        return columns(self.lives(self.year, number)).get(asked.column, UNKNOWN) if self.was_noted(number) else None

    def child_recap(self, asked: Asked) -> Figure:
        number = asked.number + 1
        if not self.was_noted(number):
            return None
        lives, counts = self.lives(self.year, number), self.counts(number)
        children = lives.month.children
        for start, ids in (
            ("targets", counts["everyone"]), ("came", counts["children_came"]), ("referred", counts["referred_child"]),
            ("absent", counts["everyone"] - counts["children_came"]),
        ):  # fmt: skip
            if asked.column.startswith(f"{start}_"):
                infant = asked.column.endswith("infant")
                return {i for i in ids if (children[i].age < 6) is infant}
        if asked.column == "tbc":
            return self.child_tbc(lives.month)
        return counts.get(CHILD_RECAP.get(asked.column, asked.column), UNKNOWN)

    @staticmethod
    def child_tbc(month: Month) -> set[str]:
        """Two of the four: cough, fever, contact, no gain for two months (as told, or 2T when not asked)."""
        found = set()
        for id_, seen in month.children.items():
            child = month.sound(seen)
            for visit in child.visits:
                signs = sum(visit.get(name) is True for name in ("tbc_cough", "tbc_fever", "tbc_contact"))
                weight = visit.get("tbc_weight")
                if weight is None and "weight_g" in visit and child_age(child, visit) <= 60:
                    plain = [{**each, "visited_on": each["on"]} for each in child.earlier]
                    person = {"sex": child.person.get("sex"), "born_on": day(child.person["born_on"])}
                    weight = recount.status(person, plain, {**visit, "visited_on": visit["on"]})[1]
                if signs + (weight is True) >= 2:
                    found.add(id_)
        return found

    def figure(self, part: Any, asked: Asked) -> Figure:  # noqa: ANN401
        """An item of a sheet of figures, in a column of ages and sexes."""
        item = part.items[asked.number]
        if item.waits or not (self.was_noted(self.number) or item.source in BEFORE_A_DAY):
            return None
        counted = self.counts(self.number).get(item.source, UNKNOWN)
        if isinstance(counted, int):
            return counted if asked.column == "total" else None
        if item.months and isinstance(counted, set):
            counted = self.banded(counted, "aged", {"aged": item.months})
        if not isinstance(counted, set) or asked.column == "total":
            return counted
        if item.source in WOMEN or item.source in self.now.counts() or item.source.startswith("severe_died"):
            return None  # women and deaths stand in the column of the sum alone
        bands = {
            "skdn": recount.BANDS,
            "catatan_bulanan": {"0_5": (0, 5), "6_11": (6, 11), "12_23": (12, 23), "24_59": (24, 59)},
            "who": {
                "0_5": (0, 5), "6_11": (6, 11), "12_23": (12, 23), "24_35": (24, 35), "36_47": (36, 47),
                "48_59": (48, 59),
            },
        }.get(part.bands) or {band.code: (band.from_months, band.to_months) for band in part.own_bands}  # fmt: skip
        return self.banded(counted, asked.column, bands)

    def of_month(self, part: Any, asked: Asked) -> Figure:  # noqa: ANN401
        """A column of a year's table, in a month."""
        number = asked.number + 1
        if asked.column == "no":
            return number
        spec = next(each for each in part.columns if each.name == asked.column)
        if not self.was_open(number) or spec.waits or not spec.source:
            return None
        return self.counts(number).get(spec.source, UNKNOWN)

    def stock(self, asked: Asked) -> Figure:
        items = {
            "Vitamin A biru": "vitamin_a_blue", "Vitamin A merah": "vitamin_a_red", "Tablet tambah darah": "iron",
            "Obat cacing": "deworming",
        }  # fmt: skip
        from posyandu.domain.forms.stock import ITEMS  # the words of things are data

        item = items.get(asked.row[0].text) or next(
            (code for code, (label, _unit) in ITEMS.items() if label == asked.row[0].text), ""
        )
        return self.own.stock(item)[asked.column] if item else UNKNOWN

    def fields(self, asked: Asked) -> Figure:
        row = plain_post.FIELDS[asked.number] if asked.number < len(plain_post.FIELDS) else "all"
        return self.own.fields()[row][asked.column]

    def activity(self, asked: Asked) -> Figure:
        held = [a for a in self.own.own("activity") if (on := day(a.get("held_on"))) and self.now.month.now(on)]
        held.sort(key=lambda each: each["held_on"])
        same = [each.get("participants") for each in held if each["held_on"] == held[asked.number]["held_on"]]
        return asked.row[-1].value if asked.row[-1].value in same else UNKNOWN

    def by_place(self, asked: Asked) -> Figure:
        """Who was not weighed, of one hamlet, RT and RW."""
        people = self.now.month.people

        def place(person: Record) -> str:
            numbers = "/".join(str(person[name]) for name in ("rt", "rw") if person.get(name))
            return " ".join(filter(None, (person.get("hamlet", ""), numbers))) or person.get("address", "") or "–"

        return {i for i in self.counts(self.number)["s_minus_d"] if place(people[i]) == asked.row[0].text}

    # ---- the family index

    @cached_property
    def families(self) -> Families:
        """The families of the post at the end of the month, or today while it runs."""
        return Families(self.now.month, min(TODAY, self.now.month.last_day))

    @cached_property
    def profile(self) -> Profile:
        """The profile of the post on that day."""
        on = min(TODAY, self.now.month.last_day)
        return Profile(self.now.month, on, self.own.couples()["screened"][1])

    def family_indicator(self, asked: Asked) -> Figure:
        """Of one indicator the families by answer, and the share in percent of those it is known of."""
        said = [letters[asked.number] for letters in self.families.letters.values()]
        counted = {"yes": said.count("Y"), "no": said.count("T"), "none": said.count("N"), "unknown": said.count("?")}
        known = counted["yes"] + counted["no"]
        return {**counted, "share": round(100 * counted["yes"] / known) if known else None}[asked.column]

    def family_index(self, asked: Asked) -> Figure:
        """The index of the family that has these letters; that of mental illness is not printed."""
        printed = "".join(cell.text for cell in asked.row[3:15])
        own = [
            letters
            for house, letters in self.families.letters.items()
            if letters[:7] + "\N{BULLET}" + letters[8:] == printed
            and self.families.houses()[house].get("head_name", asked.row[1].text) == asked.row[1].text
        ]
        if not own:
            return UNKNOWN
        found = [None if (value := index(each)) is None else round(value, 3) for each in own]
        return asked.row[-2].value if asked.row[-2].value in found else found[0]

    # ---- registers: one row for each person

    def fact(self, part: Any, asked: Asked) -> Figure:  # noqa: ANN401
        """A number of a register: what the journal says of the one in this row."""
        name, _dot, month = asked.column.rpartition("_")
        spec = next((s for s in part.columns if s.name == asked.column or (s.monthly and s.name == name)), None)
        if spec is None:
            return UNKNOWN
        refs = [ref for cell in asked.row for ref in cell.people]
        if part.who == "activities":
            return UNKNOWN if spec.source != "activity_kader" else self.kader(asked)
        if not refs:
            return UNKNOWN
        id_ = refs[0].id
        if spec.monthly:
            return self.weight_in(part, id_, int(month)) if spec.source == "weight" else UNKNOWN
        return self.told_of(part.who, id_).get(spec.source, UNKNOWN)

    def kader(self, asked: Asked) -> Figure:
        days = [*self.own.own("session"), *self.own.own("activity")]
        same = [each.get("kader_present") for each in days if each.get("held_on") == str(asked.row[1].value)]
        found = asked.row[[c.name for c in asked.table.columns].index("kader")].value
        return found if found in same else UNKNOWN

    def weight_in(self, part: Any, id_: str, number: int) -> Figure:  # noqa: ANN401
        if number > self.number:
            return None
        month = self.lives(self.year, number).month
        someone = (month.children if part.who == "children" else month.mothers).get(id_)
        grams = None if someone is None or not self.is_recorded(number) else someone.last("weight_g")
        return None if grams is None else grams / 1000

    @cache  # noqa: B019 - a village lives as long as its test
    def told_of(self, who: str, id_: str) -> dict[str, Figure]:
        """Every number a register says of one person."""
        month, person = self.now.month, self.every["person"][id_]
        child, woman = month.children.get(id_), month.mothers.get(id_)
        back = self.lives(*plain_post.before(self.year, self.number, 1)).month
        crowd = back.mothers if who in ("women", "target_women") else back.children
        ago = crowd.get(id_) if back.last_day >= self.first_day else None
        wus = {each["person_id"]: each for each in self.own.own("wus")}.get(id_, {})

        def over(record: Record, name: str, by: int) -> float | None:
            return record[name] / by if name in record else None

        def last(someone: Someone | None, name: str, by: int) -> float | None:
            told = None if someone is None else someone.last(name)
            return None if told is None else told / by

        found: dict[str, Figure] = {
            "birth_order": person.get("birth_order"),
            "birth_weeks": person.get("gestation_weeks"),
            "birth_weight": over(person, "birth_weight_g", 1000),
            "birth_length": over(person, "birth_length_mm", 10),
            "birth_head": over(person, "birth_head_mm", 10),
            "weight_now": last(child, "weight_g", 1000),
            "length_now": last(child, "length_mm", 10),
            "muac_now": last(child, "muac_mm", 10),
            "head_now": last(child, "head_mm", 10),
            "weight_ago": last(ago, "weight_g", 1000),
            "length_ago": last(ago, "length_mm", 10),
            "muac_ago": last(ago, "muac_mm", 10),
            "children_living": wus.get("children_living"),
            "muac": over(wus, "muac_mm", 10),
        }
        if child is not None:
            earlier = [v for v in child.earlier if v["on"] < date(self.year, self.number, 1) and "weight_g" in v]
            found["weighed_before"] = earlier[-1]["weight_g"] / 1000 if earlier else None
            found["least_weight"] = None
            year, number = plain_post.before(self.year, self.number, 1)
            sex, least = child.person.get("sex"), None
            if child.age < len(recount.KBM["male"]) and sex in recount.KBM:
                least = recount.KBM[sex][child.age]
            if earlier and least is not None and recount.is_in(earlier[-1]["on"], year, number):
                found["least_weight"] = (earlier[-1]["weight_g"] + least) / 1000
        if who in ("women", "target_women", "wus"):
            found |= self.of_woman(who, id_, person, woman)
        return found

    def of_woman(self, who: str, id_: str, person: Record, woman: Someone | None) -> dict[str, Figure]:
        """What the registers of women say in numbers; of a pregnancy that is over, as in its last month."""
        numbers = [n for n in range(1, self.number + 1) if self.is_recorded(n)]
        months = [m for n in numbers if (m := self.lives(self.year, n).month.mothers.get(id_))]
        latest = woman or (months[-1] if months else None)
        arms = [arm for each in months if (arm := each.last("muac_mm")) is not None]
        born = day(person.get("born_on"))
        on = latest.on if latest is not None else self.now.month.reporting_day
        pregnancy = latest.pregnancy if latest is not None else {}
        noted = day(pregnancy.get("noted_on"))
        if who == "wus" or not months:
            on = self.now.month.reporting_day
        return {
            "years": None if born is None or born > on else recount.months_between(born, on) // 12,
            "gravida": pregnancy.get("gravida"),
            "interval": pregnancy.get("birth_interval_months"),
            "noted_weeks": self.now.gestation(pregnancy, noted) if noted else None,
            "weeks_now": self.now.gestation(pregnancy, on),
            "first_arm": arms[0] / 10 if arms else None,
        }

    # ---- who is on the registers and the lists of names

    def rows(self, code: str) -> set[str] | object:
        """Whom the rows of a register are about; UNKNOWN for a table that is none, or of what the post did."""
        part = next((part for layout in layouts().values() for part in layout.parts if part.code == code), None)
        if part is None or part.kind != "rows":
            return UNKNOWN
        numbers = [number for number in range(1, self.number + 1) if self.is_recorded(number)]
        year = [self.lives(self.year, number) for number in numbers]
        counts = self.counts(self.number)
        children = {id_ for lives in year for id_ in lives.month.children}
        women = {id_ for lives in year for id_ in lives.month.mothers}
        after = {i for lives in year for i, p in lives.people.items() if p.group in ("postpartum", "breastfeeding")}
        return {
            "children": children,
            "under_fives": counts["s"],
            "targets": counts["everyone"],
            "infants": counts["infants_to_six"],
            "wasted": counts["severely_wasted"] | counts["wasted"],
            "women": women,
            "mothers": women | after,
            "target_women": set(self.now.month.mothers),
            "wus": {each["person_id"] for each in self.own.own("wus")} & set(self.now.month.people),
        }.get(part.who, UNKNOWN)

    def names(self, code: str) -> set[str] | object:
        """Whom a list of names of the monthly report holds."""
        counts, children = self.counts(self.number), self.now.month.children
        if code in MOTHER_LISTS:
            source = MOTHER_LISTS[code]
            if source == "anaemic":
                return counts["anaemic"]
            return self.now.mothers()[source] & set(self.now.month.mothers)
        if code in ("perlu_rujuk", "bumil_perlu_rujuk"):
            return self.to_send(code)
        fat = {i: self.now.month.last_class(c, "whz" if c.age < 60 else "baz") for i, c in children.items()}
        tall = {i: self.now.month.last_class(c, "haz") for i, c in children.items()}
        made = {
            "tbc": self.child_tbc(self.now.month),
            "wasted_any": {i for i, told in fat.items() if told in ("wasted", "severely_wasted")},
            "stunted_any": {i for i, told in tall.items() if told in ("stunted", "severely_stunted")},
            "absent": counts["everyone"] - counts["children_came"],
            "came_unweighed": counts["children_came"] & counts["s_minus_d"],
            "bookless": counts["s"] - counts["k"],
            "unimmunised": {i for i, c in children.items() if c.last("immunisation_complete") is False} | self.late(),
            "no_capsule": {i for i, c in children.items() if self.lacks_capsule(c)},
        }
        source = CHILD_LISTS.get(code, "")
        return made.get(source, counts.get(source, UNKNOWN))

    def to_send(self, code: str) -> set[str]:
        """Whom something of any visit of the month sends on, and who was not sent."""
        lives, month = self.now, self.now.month
        if code == "perlu_rujuk":
            sound = ((i, month.sound(c)) for i, c in month.children.items())
            return plain_referral.not_sent(
                (i, c, [plain_referral.child(month, c, visit) for visit in c.visits]) for i, c in sound
            )
        return plain_referral.not_sent(
            (i, w, [plain_referral.mother(lives, w, visit) for visit in w.visits]) for i, w in month.mothers.items()
        )

    def late(self) -> set[str]:
        """Children of the register with a dose late at the end of the month, or today."""
        month = self.now.month
        on = min(TODAY, month.last_day)
        return {i for i in month.children if card(month, i, self.families.area, on).late()}

    def lacks_capsule(self, child: Someone) -> bool:
        """In February and August, from 6 to 59 months: said to have had none, and given none at any visit."""
        due = self.number in (2, 8) and 6 <= child.age <= 59
        given = child.any(lambda visit: visit.get("vitamin_a") in ("blue", "red"))
        return due and not given and child.last("vitamin_a") == "none"

    # ---- figures inside words

    def words(self, code: str, row: Sequence[Cell], columns: Sequence[str]) -> list[tuple[str, list[float] | None]]:
        """The texts of a row that hold figures, each with the numbers it must say (None: none is known)."""
        cells = dict(zip(columns, (cell.text for cell in row), strict=True))
        if code in ("strata", "aktif"):
            by_label = {
                "Hari buka dalam 12 bulan": "days_open", "Rerata kader bertugas": "kader_on_duty", "Rerata D/S": "d_s",
                "Cakupan KIA: ibu hamil, nifas, balita": "kia", "Cakupan KB: peserta dari PUS": "kb",
                "Cakupan dana sehat": "health_fund", "Bulan yang ada hari bukanya": "months_open",
                "Kader dengan SK": "kader_decree", "Timbangan dicek dan Buku KIA dipakai": "tools",
            }  # fmt: skip
            label = cells["indicator"]
            by_label |= {"Cakupan imunisasi dasar lengkap": "idl", "Layanan yang mencapai batas": "services"}
            if label == "Program tambahan":
                return [(cells["figure"], self.own.extra())]
            return [(cells["figure"], self.own.strata()[by_label[label]])]
        if code in ("baik", "perbaiki"):
            return [(cells["figure"], self.point(cells["point"]))]
        if code == "pokok_bicara":
            return [(cells["say"], self.talk(int(cells["no"]) - 1))]
        if code == "skdn_hari":
            now, ago = self.own.skdn(0), self.own.skdn(1)
            place = 0 if "D/S" in cells["what"] else 1
            return [(cells["now"], now[place] or None), (cells["before"], ago[place] or None)]
        return []

    def point(self, label: str) -> list[float] | None:
        """The numbers of a point of the coaching sheet."""
        counts, children = self.counts(self.number), self.now.month.children
        if label in SHARE_POINTS:
            part, whole = (counts[name] for name in SHARE_POINTS[label])
            return plain_post.of_all(part, whole)
        if label == "Mutu pengukuran":
            return [plain_quality.score(self.now.month) or 0, 100]
        if label == "Kapsul vitamin A":
            due = {i for i, child in children.items() if self.number in (2, 8) and 6 <= child.age <= 59}
            return plain_post.of_all(due & counts["vitamin_a"], due)
        names = {"Rerata kader bertugas": "kader_on_duty", "Cakupan imunisasi dasar lengkap": "idl"}
        return self.own.strata()[names[label]]

    def talk(self, place: int) -> list[float] | None:
        """How many the point at this place of the talk is about."""
        counts, mothers = self.counts(self.number), self.now.month.mothers
        absent = {i for i, woman in mothers.items() if not woman.came}
        known = {**counts, "absent": absent, "late": self.late()}
        told = [len(known[name]) for _words, name in TALK if known[name]]
        return [told[place]] if place < len(told) else None


def child_age(child: Someone, visit: Record) -> int:
    born = day(child.person["born_on"])
    assert born is not None
    return recount.months_between(born, visit["on"])


def numbers_in(text: str) -> list[float]:
    """The numbers a text says, as Indonesian paper writes them."""
    return [float(each.replace(".", "").replace(",", ".")) for each in re.findall(r"\d[\d.]*(?:,\d+)?", text)]


__all__ = ["Asked", "Told", "UNKNOWN", "group_of", "is_figure", "numbers_in"]
