"""Makanan tambahan pemulihan (MT): one programme from its start to its result, and what was eaten week by week."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from posyandu.domain.fields import Answers, Choice, Date, Number, Text, YesNo, option
from posyandu.domain.form import Context, Form, Level, Problem, Section
from posyandu.domain.forms import measures, questions, under_five
from posyandu.text import N_, _

DAYS = tuple(f"day_{number}" for number in range(1, 8))
"""The seven days of a week, as the sheet of e-PPGBM names them."""


def from_a_partner(answers: Answers) -> bool:
    """Whether somebody else than the state pays."""
    return answers.get("fund") == "partner"


def has_ended(answers: Answers) -> bool:
    """Whether the last day is told."""
    return answers.get("ended_on") is not None


def ends_after_it_began(answers: Answers, context: Context) -> Iterable[Problem]:
    """The last day is not before the first."""
    first, last = answers.get("visited_on"), answers.get("ended_on")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        yield Problem("ended_on", Level.HARD, _("Hari terakhir tidak boleh sebelum hari pertama."))


_LENGTH = under_five.FORM.fields["length_mm"]
_POSITION = under_five.FORM.fields["position"]
_WEIGHT = replace(measures.WEIGHT, decimals=2, low=1_000)
assert isinstance(_LENGTH, Number)
assert isinstance(_POSITION, Choice)

FEEDING = Form(
    name="feeding",
    title=N_("Program makanan tambahan (MT)"),
    version=1,
    links=("person_id",),
    source="Perdirjen Kesmas HK.02.02/B/1622/2023 (MT pangan lokal); e-PPGBM: lembar PMT",
    since="2023-01-01",
    rules=(ends_after_it_began,),
    sections=(
        Section(
            N_("Mulai"),
            (
                replace(questions.VISITED_ON, label=N_("Mulai diberi tanggal"), official="e-PPGBM PMT: mulai"),
                Choice(
                    name="reason",
                    label=N_("Alasan diberi MT"),
                    official="e-PPGBM PMT: alasan",
                    required=True,
                    options=(
                        option("wasted", N_("Balita gizi kurang (BB/TB)")),
                        option("underweight", N_("Balita BB kurang (BB/U)")),
                        option("not_gained", N_("Balita BB tidak naik (T)")),
                        option("pregnant_kek", N_("Ibu hamil KEK (LiLA)")),
                        option("pregnant_thin", N_("Ibu hamil, IMT awal kurus")),
                    ),
                ),
                Number(
                    name="planned_days",
                    label=N_("Lama yang direncanakan"),
                    hint=N_("Kosong: menurut petunjuk teknis untuk alasannya"),
                    unit=N_("hari"),
                    low=7,
                    high=180,
                ),
                Number(name="cycle", label=N_("Siklus ke"), official="e-PPGBM PMT: siklus", low=1, high=12),
                Choice(
                    name="kind",
                    label=N_("Jenis MT"),
                    official="e-PPGBM PMT: jenis",
                    options=(option("factory", N_("Pabrikan (biskuit)")), option("local", N_("Pangan lokal"))),
                ),
                Text(name="food", label=N_("Makanannya"), official="Kartu bumil 15"),
                Choice(
                    name="fund",
                    label=N_("Sumber anggaran"),
                    official="e-PPGBM PMT: anggaran",
                    options=(
                        option("special", "DAK NF"),
                        option("regional", "APBD"),
                        option("partner", N_("Mitra")),
                        option("village", N_("Dana desa")),
                    ),
                ),
                Text(name="partner", label=N_("Nama mitra"), official="e-PPGBM PMT: mitra", shown_if=from_a_partner),
                YesNo(
                    name="by_guideline", label=N_("MT sesuai petunjuk teknis"), official="e-PPGBM PMT: sesuai juknis"
                ),
            ),
        ),
        Section(
            N_("Ukuran saat mulai"),
            (
                replace(_WEIGHT, label=N_("Berat badan saat mulai")),
                replace(measures.MUAC, label=N_("LiLA saat mulai"), low=50),
            ),
        ),
        Section(
            N_("Selesai"),
            (
                Date(name="ended_on", label=N_("Hari terakhir diberi"), hint=N_("Kosong selama masih diberi")),
                Choice(
                    name="result",
                    label=N_("Hasil"),
                    shown_if=has_ended,
                    options=(
                        option("recovered", N_("Selesai, masalahnya teratasi")),
                        option("improved", N_("Selesai, membaik belum teratasi")),
                        option("same", N_("Selesai, tidak membaik")),
                        option("hospital", N_("Dirujuk ke rumah sakit")),
                        option("stopped", N_("Berhenti sebelum selesai")),
                        option("moved", N_("Pindah")),
                        option("died", N_("Meninggal")),
                    ),
                ),
                replace(_WEIGHT, name="weight_after_g", label=N_("Berat badan saat selesai"), shown_if=has_ended),
                replace(measures.MUAC, name="muac_after_mm", label=N_("LiLA saat selesai"), low=50, shown_if=has_ended),
                questions.NOTE,
            ),
        ),
    ),
)

WEEK = Form(
    name="feeding_week",
    title=N_("Catatan mingguan MT"),
    version=1,
    links=("person_id", "feeding_id"),
    source="e-PPGBM: lembar PMT, pemantauan mingguan",
    since="2023-01-01",
    sections=(
        Section(
            N_("Minggu ini"),
            (
                Number(
                    name="week", label=N_("Minggu ke"), official="e-PPGBM PMT: minggu", low=1, high=26, required=True
                ),
                replace(questions.VISITED_ON, label=N_("Dipantau tanggal"), official="e-PPGBM PMT: pemantauan"),
                *(
                    YesNo(
                        name=name,
                        label=label,
                        official=f"e-PPGBM PMT: hari {number}",
                        yes=N_("Habis"),
                        no=N_("Tidak habis"),
                    )
                    for number, (name, label) in enumerate(
                        zip(
                            DAYS,
                            (
                                N_("Hari ke-1"),
                                N_("Hari ke-2"),
                                N_("Hari ke-3"),
                                N_("Hari ke-4"),
                                N_("Hari ke-5"),
                                N_("Hari ke-6"),
                                N_("Hari ke-7"),
                            ),
                            strict=True,
                        ),
                        1,
                    )
                ),
            ),
        ),
        Section(
            N_("Hasil pemantauan"),
            (
                replace(_WEIGHT, official="e-PPGBM PMT: bb"),
                replace(_LENGTH, official="e-PPGBM PMT: tb"),
                replace(_POSITION, official="e-PPGBM PMT: cara ukur"),
                Text(name="health", label=N_("Keadaan kesehatan"), official="e-PPGBM PMT: kesehatan"),
                Choice(
                    name="next_step",
                    label=N_("Tindak lanjut"),
                    official="e-PPGBM PMT: tindak lanjut",
                    options=(
                        option("continued", N_("Dilanjutkan")),
                        option("finished", N_("Selesai")),
                        option("hospital", N_("Dirujuk ke rumah sakit")),
                    ),
                ),
                questions.NOTE,
            ),
        ),
    ),
)
