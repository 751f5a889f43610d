"""What the dinas decided where the sources differ or leave it open, from a day on, for a post.

One record for each post and day: it stands for all that is asked here, so what is left blank is again as the usual
rules have it. Records of earlier days stay, and a month before the day is judged as it was then.
"""

from collections.abc import Mapping
from typing import Any

from posyandu.domain.fields import Choice, Number, Option
from posyandu.domain.form import Form, Section
from posyandu.domain.forms.decided import by_whom, says_something
from posyandu.text import N_

RED = {"minus_2": N_("\N{MINUS SIGN}2 SD (KMS 2021)"), "minus_3": N_("\N{MINUS SIGN}3 SD (KMS lama)")}
ORANGE = {"plus_1": N_("+1 SD (KMS 2021)"), "none": N_("Tidak dipakai (KMS lama)")}
TBC = {
    "kartu": N_("2 tanda (Kartu Bantu ILP)"),
    "kmk2015": N_("1 tanda (KMK 2015/2023)"),
}
FEEDING = {
    "wasted": N_("MT gizi kurang"),
    "underweight": N_("MT berat badan kurang"),
    "not_gained": N_("MT tidak naik berat"),
    "pregnant_kek": N_("MT ibu hamil KEK"),
    "pregnant_thin": N_("MT ibu hamil kurus"),
}

ASKED = (
    "red_line",
    "orange_line",
    "tbc_rule",
    *(f"{reason}_days" for reason in FEEDING),
    "iron_target",
    "iron_in_lb3",
    "iron_in_a_pack",
    "emergency_systolic",
    "emergency_diastolic",
    "mother_short_mm",
    "stock_months",
    "keep_years",
)
"""The answers that each change a rule; how, says `posyandu.domain.rulings`."""


def _choice(name: str, label: str, options: Mapping[str, str]) -> Choice:
    told = tuple(Option(code=code, label=words) for code, words in options.items())
    return Choice(name=name, label=label, options=told)


def _figure(name: str, label: str, unit: str, low: int, high: int, **told: Any) -> Number:  # noqa: ANN401
    return Number(name=name, label=label, unit=unit, low=low, high=high, **told)


FORM = Form(
    name="ruling",
    title=N_("Ketentuan daerah"),
    version=1,
    rules=(says_something(ASKED, N_("Isi sedikitnya satu ketentuan.")),),
    sections=(
        by_whom(N_("Misalnya: surat Dinas Kesehatan dengan nomornya")),
        Section(
            N_("Anak; yang kosong memakai ketentuan umum"),
            (
                _choice("red_line", N_("Garis merah KMS (BGM)"), RED),
                _choice("orange_line", N_("Garis oranye KMS"), ORANGE),
                _choice("tbc_rule", N_("Tanda TBC yang dirujuk"), TBC),
                *(
                    _figure(f"{reason}_days", label, N_("hari"), 1, 180)
                    for reason, label in FEEDING.items()
                    if not reason.startswith("pregnant")
                ),
            ),
        ),
        Section(
            N_("Ibu hamil; yang kosong memakai ketentuan umum"),
            (
                _figure("iron_target", N_("TTD selama hamil"), N_("tablet"), 30, 300),
                _figure("iron_in_lb3", N_("TTD yang dihitung LB3"), N_("tablet"), 30, 300),
                _figure("iron_in_a_pack", N_("Satu bungkus TTD"), N_("tablet"), 10, 100),
                _figure("emergency_systolic", N_("Darurat: tekanan atas"), "mmHg", 140, 200),
                _figure("emergency_diastolic", N_("Darurat: tekanan bawah"), "mmHg", 90, 140),
                _figure("mother_short_mm", N_("Ibu pendek: di bawah"), "cm", 1300, 1600, per_unit=10, decimals=1),
                *(
                    _figure(f"{reason}_days", label, N_("hari"), 1, 180)
                    for reason, label in FEEDING.items()
                    if reason.startswith("pregnant")
                ),
            ),
        ),
        Section(
            N_("Posyandu; yang kosong memakai ketentuan umum"),
            (
                _figure("stock_months", N_("Persediaan paling sedikit"), N_("bulan"), 1, 6),
                _figure("keep_years", N_("Masa simpan data"), N_("tahun"), 1, 30),
            ),
        ),
    ),
)
