"""What the village office says of the village in a year: its people, houses and services, beside what the book counts.

One record for each post and year. No figure is worked out from another, and what nobody told stays unknown. No paper
prescribes it: the figures are those that plans of a village ask for (Satu Data NTB and Kalimantan Barat).
"""

from collections.abc import Iterable
from dataclasses import replace

from posyandu.domain.fields import Answers, Choice, Date, Number, Text, option
from posyandu.domain.form import Context, Form, Level, Problem, Section
from posyandu.text import N_, _

_OFFICIAL = "Profil desa"


def _counted(name: str, label: str, unit: str = "", high: int = 99_999) -> Number:
    return Number(name=name, label=label, official=_OFFICIAL, unit=unit, low=0, high=high)


PARTS = (("poor_families", "families"), ("under_fives", None), ("elderly", None))
"""Figures that are part of another; None for part of all inhabitants."""


def _parts_fit(answers: Answers, _context: Context) -> Iterable[Problem]:
    """A part larger than its whole: asked again, never refused, for the office's own figures may disagree."""
    men, women = answers.get("men"), answers.get("women")
    everybody = men + women if isinstance(men, int) and isinstance(women, int) else None
    for name, of in PARTS:
        part, whole = answers.get(name), answers.get(of) if of else everybody
        if isinstance(part, int) and isinstance(whole, int) and part > whole:
            yield Problem(name, Level.SOFT, _("Lebih banyak daripada jumlah seluruhnya. Tanyakan lagi ke desa."))


FORM = Form(
    name="village_profile",
    title=N_("Profil desa"),
    version=1,
    rules=(_parts_fit,),
    sections=(
        Section(
            N_("Keterangan"),
            (
                Number(name="year", label=N_("Tahun"), low=2015, high=2100, required=True),
                Date(name="told_on", label=N_("Disalin tanggal")),
                Text(name="source", label=N_("Dari siapa"), hint=N_("Misalnya: profil desa, sekretaris desa")),
            ),
        ),
        Section(
            N_("Penduduk di wilayah Posyandu"),
            (
                _counted("men", N_("Laki-laki"), N_("orang")),
                _counted("women", N_("Perempuan"), N_("orang")),
                _counted("families", N_("Kepala keluarga"), "KK"),
                _counted("poor_families", N_("KK miskin"), "KK"),
                _counted("houses", N_("Rumah"), N_("rumah")),
                _counted("under_fives", N_("Balita"), N_("anak")),
                _counted("fertile_couples", N_("Pasangan usia subur (PUS)"), N_("pasangan")),
                replace(_counted("elderly", N_("Lansia"), N_("orang")), hint=N_("{elderly_from} tahun ke atas")),
                Text(name="livelihood", label=N_("Mata pencaharian terbanyak"), official=_OFFICIAL),
            ),
        ),
        Section(
            N_("Wilayah dan sarana"),
            (
                _counted("hamlets", N_("Dusun atau lingkungan"), high=99),
                _counted("neighbourhoods", N_("RT"), high=999),
                _counted("dasawisma", N_("Kelompok dasawisma"), high=999),
                _counted("paud", N_("PAUD dan TK"), high=99),
                _counted("schools", N_("SD, SMP dan SMA"), high=99),
                _counted("health_posts", N_("Pustu, Polindes, Poskesdes"), high=99),
                _counted("midwives", N_("Bidan dan perawat di desa"), N_("orang"), high=99),
                _counted("puskesmas_km", N_("Jarak ke Puskesmas"), "km", high=300),
                Choice(
                    name="signal",
                    label=N_("Sinyal telepon di Posyandu"),
                    options=(
                        option("none", N_("Tidak ada")),
                        option("weak", N_("Lemah")),
                        option("strong", N_("Kuat")),
                    ),
                ),
                Choice(
                    name="power",
                    label=N_("Listrik di Posyandu"),
                    options=(
                        option("grid", "PLN"),
                        option("own", N_("Genset atau tenaga surya")),
                        option("none", N_("Tidak ada")),
                    ),
                ),
                Choice(
                    name="building",
                    label=N_("Tempat Posyandu"),
                    options=(
                        option("own", N_("Gedung sendiri")),
                        option("public", N_("Balai desa, sekolah, atau Pustu")),
                        option("home", N_("Rumah warga atau kader")),
                        option("other", N_("Lainnya")),
                    ),
                ),
                Text(name="note", label=N_("Catatan"), lines=2),
            ),
        ),
    ),
)
