"""Measures that the forms of older people share, in the same words and units."""

from collections.abc import Iterable

from posyandu.domain.fields import Answers, Choice, Number, YesNo, option
from posyandu.domain.form import Context, Level, Problem
from posyandu.text import N_, _

WEIGHT = Number(name="weight_g", label=N_("Berat badan"), unit="kg", per_unit=1000, decimals=1, low=5_000, high=250_000)
HEIGHT = Number(name="height_mm", label=N_("Tinggi badan"), unit="cm", per_unit=10, decimals=1, low=700, high=2_200)
WAIST = Number(name="waist_mm", label=N_("Lingkar perut"), unit="cm", per_unit=10, decimals=1, low=300, high=2_000)
MUAC = Number(name="muac_mm", label=N_("Lingkar lengan atas"), unit="cm", per_unit=10, decimals=1, low=100, high=600)
SYSTOLIC = Number(name="systolic_mmhg", label=N_("Sistole"), unit="mmHg", low=50, high=300)
DIASTOLIC = Number(name="diastolic_mmhg", label=N_("Diastole"), unit="mmHg", low=30, high=200)
GLUCOSE = Number(name="glucose_mg_dl", label=N_("Gula darah"), unit="mg/dL", low=20, high=600)
GLUCOSE_TIMING = Choice(
    name="glucose_timing",
    label=N_("Waktu ukur gula darah"),
    hint=N_("Bila tidak diisi dianggap sewaktu"),
    options=(
        option("random", N_("Sewaktu")),
        option("fasting", N_("Puasa")),
        option("after_meal", N_("2 jam sesudah makan")),
    ),
)
HAEMOGLOBIN = Number(
    name="haemoglobin_dg_dl",
    label=N_("Hb"),
    hint=N_("Diperiksa tenaga kesehatan"),
    unit="g/dL",
    per_unit=10,
    decimals=1,
    low=20,
    high=220,
)
CONTRACEPTION_METHODS = (
    option("condom", N_("Kondom")),
    option("pill", N_("Pil")),
    option("injection", N_("Suntik")),
    option("implant", N_("Implan")),
    option("iud", N_("AKDR (IUD)")),
    option("tubectomy", N_("MOW (steril perempuan)")),
    option("vasectomy", N_("MOP (steril laki-laki)")),
    option("lactational", N_("MAL (menyusui)")),
)
LONG_ACTING = ("iud", "implant", "tubectomy", "vasectomy")
"""The methods that count as MKJP; all others do not (BKKBN)."""


PRESSURE_ON_CURVE = YesNo(
    name="pressure_on_curve",
    label=N_("Tekanan darah sesuai kurva Buku KIA"),
    yes=N_("Ya (hijau)"),
    no=N_("Tidak (merah)"),
)
WEIGHT_ON_CURVE = YesNo(
    name="weight_on_curve", label=N_("BB sesuai kurva Buku KIA"), yes=N_("Ya (hijau)"), no=N_("Tidak (merah)")
)


def systolic_is_above_diastolic(answers: Answers, context: Context) -> Iterable[Problem]:
    """The upper pressure is the greater one; the other way round they were typed in each other's place."""
    upper, lower = answers.get("systolic_mmhg"), answers.get("diastolic_mmhg")
    if isinstance(upper, int) and isinstance(lower, int) and upper <= lower:
        yield Problem("diastolic_mmhg", Level.HARD, _("Diastole harus lebih kecil dari sistole. Coba periksa lagi."))
