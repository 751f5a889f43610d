"""The follow-up lists there are: what each holds, how grave it is, who may see it, and what providers give.

A list is one line in `LISTS`; whoever fills it is a `Provider` named in `follow_up.PROVIDERS`: a function from a
`Reading` (one post, one month, read once) to entries by list code and person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType

from posyandu.domain.calendar import Month
from posyandu.domain.duties import HEALTH_WORKERS
from posyandu.domain.fields import Answers
from posyandu.domain.standards import StaysOpen
from posyandu.services.workspace import Workspace
from posyandu.storage.records import Row
from posyandu.text import N_


@dataclass(frozen=True)
class Kind:
    """A list: its title, what it holds, how grave ("bad", "warn", "info"), and what a visit is for in plain words.

    `errand` goes into messages instead of the reason, so that no result of a measurement leaves the laptop that way.
    A list with `roles` is shown only to those who work in one of them, and never printed or copied.
    """

    title: str
    detail: str
    level: str
    errand: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entry:
    """Why someone is on a list: the smaller `severity`, the further up; the reason in words; since when.

    `noted_on`: the day of the visit that says so, where the lists ask for the last visit of that kind.
    """

    severity: int
    reason: str
    since: date | None
    noted_on: date | None = None


@dataclass(frozen=True)
class Reading:
    """One post in one month: its people (none who left), their pregnancies by person, and the last day that counts.

    `until` is a day after the month while its lists still stand, until the next posyandu day.
    """

    ws: Workspace
    posyandu_id: str
    month: Month
    persons: Mapping[str, Row]
    carried: Mapping[str, list[Row]]
    visits: dict[str, Mapping[str, list[Row]]] = field(default_factory=dict)
    """By form and person the visits of lately, oldest first; read before the providers are asked."""
    until: date | None = None
    stands: bool = False
    """Whether these lists count now: then what was found in earlier months and is still open stands on them too."""

    @property
    def visited(self) -> set[str]:
        """Who had a visit of any form in the month, or since while its lists still stand."""
        return {person_id for person_id, on in self.last_visits.items() if self.counts(on)}

    @property
    def last_visits(self) -> dict[str, date]:
        """The day of the last visit of each person, by whatever form."""
        found: dict[str, date] = {}
        for by_person in self.visits.values():
            for person_id, rows in by_person.items():
                on = rows[-1].answers.get("visited_on")
                if isinstance(on, date) and on > found.get(person_id, date.min):
                    found[person_id] = on
        return found

    @property
    def on(self) -> date:
        """Today, or the last day of a month whose lists stand no more."""
        return self.until or min(self.ws.today(), self.month.last)

    @property
    def last(self) -> date:
        """The last day of which records count: the month's, or today while lists of a month gone by still stand."""
        return self.until or self.month.last

    def counts(self, day: date) -> bool:
        """Whether what was noted on a day belongs to these lists."""
        return self.month.first <= day <= self.last

    @cached_property
    def stays_open(self) -> StaysOpen:
        """How long what nobody dealt with is asked about."""
        return self.ws.standards.on(self.on).stays_open

    @cached_property
    def _open_from(self) -> date:
        first = (Month.of(self.last) - self.stays_open.finding_months).first if self.stands else self.month.first
        return min(first, self.month.first)

    def is_open(self, day: date) -> bool:
        """Whether what was found on a day may still ask for something; before the month only while the lists stand."""
        return self._open_from <= day <= self.last

    def age_in_months(self, day: date) -> int:
        """How many months ago something was, seen from the last day."""
        return Month.of(self.last) - Month.of(day)


Found = Mapping[str, Mapping[str, Entry]]
Provider = Callable[[Reading], Found]

_TO_WORKER = N_("ajak ke bidan atau Puskesmas")
_SEE = N_("kunjungi dan tanyakan kabarnya")

LISTS: Mapping[str, Kind] = MappingProxyType(
    {
        "danger_at_home": Kind(
            N_("Bahaya di rumah"), N_("Tanda bahaya pada kunjungan rumah yang terakhir"), "bad", _TO_WORKER
        ),
        "below_red": Kind(
            N_("Di bawah garis merah"), N_("Berat badan di bawah garis merah KMS"), "bad", _TO_WORKER
        ),
        "muac": Kind(N_("Lingkar lengan kecil"), N_("Lingkar lengan atas kuning atau merah"), "bad", _TO_WORKER),
        "pregnancy_risk": Kind(
            N_("Ibu hamil berisiko"), N_("KEK, anemia, tekanan darah atau tanda lain yang perlu diperiksa"), "bad",
            _TO_WORKER,
        ),
        "postpartum_risk": Kind(
            N_("Ibu nifas berisiko"), N_("Ada tanda yang perlu diperiksa tenaga kesehatan"), "bad", _TO_WORKER
        ),
        "newborn_risk": Kind(
            N_("Bayi baru lahir berisiko"), N_("Lahir kecil, tidak menangis waktu lahir atau ada kelainan bawaan"),
            "bad", _TO_WORKER,
        ),
        "tbc": Kind(
            N_("Terduga TBC"), N_("Ada gejala TBC atau kontak erat: perlu diperiksa dahaknya"), "bad", _TO_WORKER
        ),
        "not_gained_twice": Kind(
            N_("Tidak naik dua kali"), N_("Berat badan tidak naik dua bulan berturut-turut (2T)"), "bad", _TO_WORKER
        ),
        "talk": Kind(
            N_("Perlu dibicarakan"), N_("Ajak bicara berdua; keterangannya hanya di formulirnya"), "bad", _SEE,
            HEALTH_WORKERS,
        ),
        "pressure_sugar": Kind(
            N_("Tekanan darah, gula"), N_("Tekanan darah atau gula darah perlu diperiksa lagi"), "warn",
            _TO_WORKER,
        ),
        "elderly_help": Kind(
            N_("Lansia perlu bantuan"), N_("Menurut AKS dan SKILAS yang terakhir"), "warn", _SEE
        ),
        "anaemia": Kind(
            N_("Anemia remaja, WUS"), N_("Hb terakhir tahun ini di bawah batas"), "warn", _TO_WORKER
        ),
        "to_refer": Kind(
            N_("Perlu dirujuk"), N_("Hasil pemeriksaan lain yang perlu dirujuk"), "warn", _TO_WORKER
        ),
        "referral_open": Kind(
            N_("Rujukan belum kembali"), N_("Dirujuk dan belum ada jawaban dari tenaga kesehatan"), "warn",
            N_("tanyakan hasil rujukannya"),
        ),
        "social_limit": Kind(
            N_("Laporan sosial"), N_("Masalah sosial yang belum ditangani dan hampir atau sudah lewat batas"), "warn",
            N_("tindak lanjuti laporan"),
        ),
        "nifas_visit": Kind(
            N_("Kunjungan nifas (KF)"), N_("Waktunya dikunjungi bidan sesudah bersalin, atau ada yang terlewat"),
            "warn", N_("ingatkan kunjungan bidan"),
        ),
        "newborn_visit": Kind(
            N_("Bayi baru lahir (KN)"), N_("Waktunya dikunjungi bidan pada bulan pertama, atau ada yang terlewat"),
            "warn", N_("ingatkan kunjungan bidan"),
        ),
        "home_visit": Kind(
            N_("Kunjungan rumah"), N_("Sudah dijanjikan, waktunya kontrol atau diperiksa lagi"), "warn", _SEE
        ),
        "control": Kind(
            N_("Kontrol hipertensi, DM"),
            N_("Punya darah tinggi atau kencing manis: kontrol terlewat atau obat tidak teratur"),
            "warn",
            N_("ingatkan kontrol"),
        ),
        "feeding": Kind(
            N_("Makanan tambahan"), N_("Perlu MT dan belum mendapat, minggunya belum dicatat, atau hasilnya belum ada"),
            "warn", N_("antar, catat makanan tambahan"),
        ),
        "prepregnancy": Kind(
            N_("Sebelum hamil"), N_("Ingin hamil dan perlu diperiksa dahulu, atau belum ber-KB padahal ingin menunda"),
            "warn", N_("ajak ke bidan"),
        ),
        "catin": Kind(
            N_("Calon pengantin"), N_("Sebelum menikah: Hb dan skrining kesehatan jiwa"), "warn", N_("ajak ke bidan"),
        ),
        "pregnancy_unseen": Kind(
            N_("Ibu hamil tak tampak"), N_("Dua bulan tidak datang dan tidak dikunjungi"), "warn", _SEE
        ),
        "not_gained": Kind(
            N_("Tidak naik"), N_("Berat badan tidak naik bulan ini (T)"), "warn", _TO_WORKER
        ),
        "above_orange": Kind(
            N_("Di atas garis oranye"), N_("Berat badan di atas garis oranye KMS"), "warn", _TO_WORKER
        ),
        "immunisation_incomplete": Kind(
            N_("Imunisasi terlambat"), N_("Belum lengkap menurut umurnya, juga imunisasi di sekolah"), "warn",
            N_("ingatkan imunisasi"),
        ),
        "vitamin_a": Kind(
            N_("Belum vitamin A"), N_("Bulan vitamin A: yang belum mendapat kapsul"), "warn", N_("antar vitamin A")
        ),
        "deworming": Kind(
            N_("Belum obat cacing"), N_("Yang belum mendapat obat cacing tahun ini"), "info", N_("antar obat cacing")
        ),
        "smoking": Kind(
            N_("Remaja merokok"), N_("Ajak berhenti; petugas dapat membantu"), "info", N_("ajak ke Posyandu remaja")
        ),
        "consent_withdrawn": Kind(
            N_("Persetujuan ditarik"), N_("Tanyakan yang diminta; tidak ada yang terhapus dengan sendirinya"), "info",
            N_("bicarakan data yang dicatat"),
        ),
        "absent": Kind(
            N_("Tidak datang"), N_("Balita, apras dan ibu hamil yang tidak datang pada hari Posyandu"), "info",
            N_("ajak datang ke Posyandu"),
        ),
    }
)  # fmt: skip
"""The lists by code, worst first."""


def may_see(kind: Kind, role: str) -> bool:
    """Whether someone in this role is shown a list."""
    return not kind.roles or role in kind.roles


def is_hidden(noted: Answers, role: str) -> bool:
    """Whether what was done about somebody (`follow_up`) belongs to a list that someone in this role is not shown."""
    kind = LISTS.get(str(noted.get("list_code")))
    return kind is not None and not may_see(kind, role)
