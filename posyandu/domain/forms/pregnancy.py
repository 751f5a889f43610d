"""A pregnancy (asked once) and one visit of a pregnant woman: the 19 columns of the ILP card."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from posyandu.domain.fields import Answers, Choice, Date, Number, Text, YesNo, option
from posyandu.domain.form import Context, Form, Level, Problem, Section
from posyandu.domain.forms import measures, questions
from posyandu.text import N_, _


def has_ended(answers: Answers) -> bool:
    """Whether the pregnancy has an outcome."""
    return answers.get("outcome") not in (None, "ongoing")


def gave_birth(answers: Answers) -> bool:
    """Whether the pregnancy ended in a birth."""
    return answers.get("outcome") in ("live_birth", "stillbirth")


def has_living_child(answers: Answers) -> bool:
    """Whether a living child was born."""
    return answers.get("outcome") == "live_birth"


def got_kek_food(answers: Answers) -> bool:
    """Whether local food for chronic energy deficiency was given."""
    return bool(answers.get("kek_food") or answers.get("kek_portions"))


def is_not_first(answers: Answers) -> bool:
    """Whether there was a child before."""
    gravida = answers.get("gravida")
    return gravida is None or (isinstance(gravida, int) and gravida > 1)


def _is_no_longer_than_any(answers: Answers, context: Context) -> Iterable[Problem]:
    last_period, until = answers.get("lmp_on"), answers.get("ended_on") or answers.get("noted_on")
    longest = context.numbers.get("longest_weeks")
    if isinstance(last_period, date) and isinstance(until, date) and longest is not None:
        weeks = (until - last_period).days // 7
        if weeks > longest:
            sentence = _("HPHT ini {weeks} minggu yang lalu, lebih lama dari kehamilan. Periksa tahunnya.")
            yield Problem("lmp_on", Level.SOFT, sentence.format(weeks=weeks))


PREGNANCY = Form(
    name="pregnancy",
    title=N_("Kehamilan"),
    version=3,
    links=("person_id",),
    source="Kartu Bantu Pemeriksaan Ibu Hamil/Nifas/Menyusui bagian I (Kemenkes, ILP 2023)",
    since="2023-08-29",
    rules=(_is_no_longer_than_any,),
    sections=(
        Section(
            N_("Awal kehamilan"),
            (
                Date(name="noted_on", label=N_("Dicatat tanggal"), required=True),
                Date(name="lmp_on", label=N_("HPHT"), hint=N_("Hari pertama haid terakhir")),
                Date(name="usg_due_on", label=N_("HPL menurut USG"), past_only=False),
                Number(
                    name="gravida", label=N_("Hamil anak ke"), official="Kartu bumil: hamil anak ke", low=1, high=20
                ),
                Number(
                    name="birth_interval_months",
                    label=N_("Jarak anak sebelumnya"),
                    official="Kartu bumil: jarak anak",
                    unit=N_("bulan"),
                    low=0,
                    high=400,
                    shown_if=is_not_first,
                ),
                Number(
                    name="first_weight_g",
                    label=N_("Berat badan awal"),
                    hint=N_("Sebelum hamil atau trimester pertama"),
                    official="Kartu bumil: berat badan",
                    unit="kg",
                    per_unit=1000,
                    decimals=1,
                    low=25_000,
                    high=200_000,
                ),
                Number(
                    name="height_mm",
                    label=N_("Tinggi badan"),
                    official="Kartu bumil: tinggi badan",
                    unit="cm",
                    per_unit=10,
                    decimals=1,
                    low=1_000,
                    high=2_100,
                ),
            ),
        ),
        Section(
            N_("Rencana persalinan (P4K)"),
            (
                Number(
                    name="births_before", label=N_("Jumlah persalinan dulu"), official="Buku KIA: P", low=0, high=20
                ),
                Number(name="miscarriages", label=N_("Keguguran sebelumnya"), official="Buku KIA: A", low=0, high=20),
                Choice(
                    name="blood_type",
                    label=N_("Golongan darah"),
                    official="P4K: golongan darah",
                    options=tuple(option(code.lower(), code) for code in ("A", "B", "AB", "O")),
                ),
                YesNo(name="sticker", label=N_("Stiker P4K terpasang"), official="P4K: stiker"),
                Text(name="plan_attendant", label=N_("Rencana penolong"), official="P4K: penolong"),
                Text(name="plan_place", label=N_("Rencana tempat bersalin"), official="P4K: tempat"),
                Text(name="plan_companion", label=N_("Pendamping"), official="P4K: pendamping"),
                Text(name="plan_transport", label=N_("Kendaraan atau ambulans desa"), official="P4K: transportasi"),
                Text(name="plan_donors", label=N_("Calon pendonor darah"), official="P4K: pendonor", lines=2),
                Text(name="plan_fund", label=N_("Biaya (tabulin, JKN)"), official="P4K: biaya"),
                Choice(
                    name="plan_contraception",
                    label=N_("Rencana KB sesudah bersalin"),
                    official="P4K: KB",
                    options=measures.CONTRACEPTION_METHODS,
                ),
            ),
        ),
        Section(
            N_("Pemeriksaan kehamilan oleh tenaga kesehatan"),
            tuple(
                Date(name=f"k{number}_on", label=f"K{number}", official=f"Buku KIA: K{number}")
                for number in range(1, 7)
            ),
        ),
        Section(
            N_("Akhir kehamilan"),
            (
                Choice(
                    name="outcome",
                    label=N_("Hasil kehamilan"),
                    options=(
                        option("ongoing", N_("Masih hamil")),
                        option("live_birth", N_("Lahir hidup")),
                        option("stillbirth", N_("Lahir mati")),
                        option("abortion", N_("Keguguran")),
                        option("moved", N_("Pindah")),
                        option("died", N_("Ibu meninggal")),
                    ),
                ),
                Date(name="ended_on", label=N_("Tanggal bersalin atau berakhir"), shown_if=has_ended),
                Choice(
                    name="birth_place",
                    label=N_("Tempat bersalin"),
                    official="Kartu nifas: tempat bersalin",
                    options=(
                        option("hospital", N_("Rumah sakit")),
                        option("puskesmas", N_("Puskesmas")),
                        option("pustu", N_("Pustu, Polindes atau Poskesdes")),
                        option("midwife", N_("Praktik bidan atau klinik")),
                        option("home", N_("Rumah")),
                        option("other", N_("Lain-lain")),
                    ),
                    shown_if=gave_birth,
                ),
                Choice(
                    name="birth_attendant",
                    label=N_("Penolong persalinan"),
                    official="Buku KIA: penolong",
                    options=(
                        option("doctor", N_("Dokter")),
                        option("midwife", N_("Bidan")),
                        option("nurse", N_("Perawat")),
                        option("traditional", N_("Dukun")),
                        option("other", N_("Lain-lain")),
                    ),
                    shown_if=gave_birth,
                ),
                Choice(
                    name="birth_mode",
                    label=N_("Cara persalinan"),
                    official="Kartu nifas: cara persalinan",
                    options=(
                        option("normal", N_("Normal")),
                        option("assisted", N_("Persalinan dengan tindakan")),
                    ),
                    shown_if=gave_birth,
                ),
                Number(
                    name="babies",
                    label=N_("Jumlah bayi lahir"),
                    official="Buku KIA: tunggal atau kembar",
                    unit=N_("bayi"),
                    low=1,
                    high=5,
                    shown_if=gave_birth,
                ),
                YesNo(name="breastfeeding", label=N_("Masih menyusui"), shown_if=has_living_child),
            ),
        ),
        Section(
            N_("Kunjungan nifas oleh tenaga kesehatan"),
            tuple(
                Date(
                    name=f"{code.lower()}_on", label=code, hint=hint, official=f"Buku KIA: {code}", shown_if=gave_birth
                )
                for code, hint in (
                    ("KF1", N_("6 jam sampai hari ke-{kf1_to} sesudah melahirkan")),
                    ("KF2", N_("Hari ke-{kf2_from} sampai {kf2_to}")),
                    ("KF3", N_("Hari ke-{kf3_from} sampai {kf3_to}")),
                    ("KF4", N_("Hari ke-{kf4_from} sampai {kf4_to}")),
                )
            ),
        ),
    ),
)

DANGER_SIGNS = (
    YesNo(name="danger_bleeding", label=N_("Perdarahan")),
    YesNo(name="danger_headache", label=N_("Sakit kepala berat")),
    YesNo(name="danger_vision", label=N_("Penglihatan kabur")),
    YesNo(name="danger_swelling", label=N_("Bengkak wajah, tangan atau kaki")),
    YesNo(name="danger_pain", label=N_("Nyeri perut atau ulu hati")),
    YesNo(name="danger_vomiting", label=N_("Muntah terus atau tidak mau makan")),
    YesNo(name="danger_fever", label=N_("Demam tinggi")),
    YesNo(name="danger_movement", label=N_("Janin kurang atau tidak bergerak")),
    YesNo(name="danger_waters", label=N_("Ketuban pecah atau keluar cairan")),
    YesNo(name="danger_fit", label=N_("Kejang")),
)

VISIT = Form(
    name="pregnancy_visit",
    title=N_("Kunjungan ibu hamil"),
    version=1,
    links=("person_id", "pregnancy_id", "session_id"),
    source="Kartu Bantu Pemeriksaan Ibu Hamil/Nifas/Menyusui bagian I (Kemenkes, ILP 2023)",
    since="2023-08-29",
    grid=("weight_g", "muac_mm", "systolic_mmhg", "diastolic_mmhg", "iron_tablets", "iron_daily", "class_attended"),
    rules=(measures.systolic_is_above_diastolic,),
    sections=(
        Section(N_("Kunjungan"), (replace(questions.VISITED_ON, official="Kartu bumil 1"), questions.VISIT_SOURCE)),
        Section(
            N_("Hasil pengukuran"),
            (
                Number(
                    name="weight_g",
                    label=N_("Berat badan"),
                    official="Kartu bumil 3",
                    unit="kg",
                    per_unit=1000,
                    decimals=1,
                    low=25_000,
                    high=200_000,
                ),
                YesNo(
                    name="weight_on_curve",
                    label=N_("BB sesuai kurva Buku KIA"),
                    official="Kartu bumil 4",
                    yes=N_("Ya (hijau)"),
                    no=N_("Tidak (merah)"),
                ),
                Number(
                    name="muac_mm",
                    label=N_("Lingkar lengan atas"),
                    official="Kartu bumil 5",
                    unit="cm",
                    per_unit=10,
                    decimals=1,
                    low=100,
                    high=600,
                ),
                Number(
                    name="systolic_mmhg", label=N_("Sistole"), official="Kartu bumil 7", unit="mmHg", low=50, high=260
                ),
                Number(
                    name="diastolic_mmhg", label=N_("Diastole"), official="Kartu bumil 7", unit="mmHg", low=30, high=180
                ),
                YesNo(
                    name="pressure_on_curve",
                    label=N_("Tekanan darah sesuai kurva Buku KIA"),
                    official="Kartu bumil 8",
                    yes=N_("Ya (hijau)"),
                    no=N_("Tidak (merah)"),
                ),
                Number(
                    name="haemoglobin_dg_dl",
                    label=N_("Hb"),
                    hint=N_("Bila diperiksa tenaga kesehatan"),
                    official="LB KIA anemia",
                    unit="g/dL",
                    per_unit=10,
                    decimals=1,
                    low=20,
                    high=220,
                ),
            ),
        ),
        Section(
            N_("Pemeriksaan gejala TBC"),
            tuple(
                replace(question, official=f"Kartu bumil {column}")
                for column, question in enumerate(questions.TBC_QUESTIONS, 9)
            ),
        ),
        Section(N_("Tanda bahaya"), DANGER_SIGNS),
        Section(
            N_("Pelayanan hari ini"),
            (
                Number(
                    name="iron_tablets",
                    label=N_("Tablet tambah darah (TTD)"),
                    hint=N_("Jumlah tablet yang diberikan hari ini"),
                    official="Kartu bumil 13",
                    unit=N_("tablet"),
                    low=0,
                    high=180,
                ),
                YesNo(
                    name="iron_daily",
                    label=N_("Minum TTD"),
                    official="Kartu bumil 14",
                    yes=N_("Setiap hari"),
                    no=N_("Tidak setiap hari"),
                ),
                Text(name="kek_food", label=N_("MT bumil KEK: komposisi"), official="Kartu bumil 15"),
                Number(
                    name="kek_portions",
                    label=N_("MT bumil KEK: porsi"),
                    official="Kartu bumil 15",
                    unit=N_("porsi"),
                    low=0,
                    high=200,
                ),
                YesNo(
                    name="kek_daily",
                    label=N_("Makan MT bumil KEK"),
                    official="Kartu bumil 16",
                    yes=N_("Setiap hari"),
                    no=N_("Tidak setiap hari"),
                    shown_if=got_kek_food,
                ),
                YesNo(name="class_attended", label=N_("Mengikuti kelas ibu"), official="Kartu bumil 17"),
            ),
        ),
        Section(
            N_("Penyuluhan dan rujukan"),
            (
                replace(questions.COUNSELLING, official="Kartu bumil 18"),
                replace(questions.REFERRAL, official="Kartu bumil 19"),
                questions.REFERRAL_REASON,
                questions.NOTE,
            ),
        ),
    ),
)
