"""The stock of one thing in one month: what came, what was used up besides the visits, what was spoilt, what is left.

One record per thing and month, so that two laptops that fill the same stock card meet in it. What visits know
(capsules, tablets, doses) is counted from them (`posyandu.domain.stock`) and need not be typed.
"""

from collections.abc import Mapping

from posyandu.domain.fields import Answers, Choice, Date, Number, Text, option
from posyandu.domain.form import Context, Form, Level, Problem, Section
from posyandu.text import N_, _

MOST = 99_999

ITEMS: Mapping[str, tuple[str, str]] = {
    "vitamin_a_blue": (N_("Vitamin A biru"), N_("kapsul")),
    "vitamin_a_red": (N_("Vitamin A merah"), N_("kapsul")),
    "iron": (N_("Tablet tambah darah"), N_("tablet")),
    "deworming": (N_("Obat cacing"), N_("tablet")),
    "meal_child": (N_("MT balita"), N_("porsi")),
    "meal_mother": (N_("MT ibu hamil KEK"), N_("porsi")),
    "oralit": (N_("Oralit"), N_("bungkus")),
    "zinc": (N_("Zinc"), N_("tablet")),
    "kia_book": (N_("Buku KIA"), N_("buku")),
    "glucose_strip": (N_("Strip gula darah"), N_("strip")),
    "vaccine_hb0": (N_("Vaksin Hepatitis B"), N_("dosis")),
    "vaccine_bcg": (N_("Vaksin BCG"), N_("dosis")),
    "vaccine_opv": (N_("Vaksin polio tetes"), N_("dosis")),
    "vaccine_pentavalent": (N_("Vaksin DPT-HB-Hib"), N_("dosis")),
    "vaccine_hexavalent": (N_("Vaksin heksavalen"), N_("dosis")),
    "vaccine_pcv": (N_("Vaksin PCV"), N_("dosis")),
    "vaccine_rv": (N_("Vaksin rotavirus"), N_("dosis")),
    "vaccine_ipv": (N_("Vaksin polio suntik"), N_("dosis")),
    "vaccine_mr": (N_("Vaksin campak-rubela"), N_("dosis")),
    "vaccine_je": (N_("Vaksin JE"), N_("dosis")),
    "vaccine_td": (N_("Vaksin Td"), N_("dosis")),
}
"""What a post keeps: its words and the unit it is counted in."""


def wasted_within_received(answers: Answers, _context: Context) -> list[Problem]:
    """More spoilt than was received in the month is a slip worth a second look."""
    received, wasted = answers.get("received"), answers.get("wasted")
    if isinstance(received, int) and isinstance(wasted, int) and received and wasted > received:
        return [Problem("wasted", Level.SOFT, _("Yang rusak lebih banyak daripada yang diterima. Periksa lagi."))]
    return []


FORM = Form(
    name="stock",
    title=N_("Stok"),
    version=1,
    rules=(wasted_within_received,),
    sections=(
        Section(
            N_("Stok bulan ini"),
            (
                Choice(
                    name="item",
                    label=N_("Barang"),
                    required=True,
                    options=tuple(option(code, words) for code, (words, _unit) in ITEMS.items()),
                ),
                Text(name="month", label=N_("Bulan"), hint=N_("Misalnya 2026-11"), required=True),
                Number(name="received", label=N_("Diterima"), low=0, high=MOST),
                Number(
                    name="used",
                    label=N_("Dipakai"),
                    hint=N_("Kosongkan bila sama dengan catatan kunjungan"),
                    low=0,
                    high=MOST,
                ),
                Number(name="wasted", label=N_("Rusak atau kedaluwarsa"), low=0, high=MOST),
                Number(name="counted", label=N_("Sisa dihitung"), low=0, high=MOST),
                Date(name="expires_on", label=N_("Kedaluwarsa paling awal"), past_only=False),
                Text(name="note", label=N_("Catatan")),
            ),
        ),
    ),
)
