"""One visit of an infant, under-five or preschool child: the 26 columns of the ILP card and what KMS and SIGIZI add."""

from collections.abc import Iterable
from dataclasses import replace

from posyandu.domain.fields import Answers, Choice, Number, Text, YesNo, option
from posyandu.domain.form import Context, Form, Level, Problem, Section
from posyandu.domain.forms import questions
from posyandu.text import N_, _


def was_sick(answers: Answers) -> bool:
    """Whether signs of illness were told."""
    return answers.get("sick") is True


def had_diarrhoea(answers: Answers) -> bool:
    """Whether the illness was diarrhoea."""
    return answers.get("diarrhoea") is True


def got_supplement(answers: Answers) -> bool:
    """Whether the child is given local food for recovery."""
    return answers.get("supplement") is True


def was_judged_by_curve(answers: Answers) -> bool:
    """Whether the kader overrode the minimum gain by the direction of the curve."""
    return answers.get("gain_judged") is not None


CAPSULES = {
    "blue": N_(
        "Kapsul biru bukan untuk umur {age} bulan. Biru untuk umur {first} sampai {last} bulan: coba periksa lagi."
    ),
    "red": N_(
        "Kapsul merah bukan untuk umur {age} bulan. Merah untuk umur {first} sampai {last} bulan: coba periksa lagi."
    ),
}


def given_at_its_age(answers: Answers, context: Context) -> Iterable[Problem]:
    """A capsule of another age, or only breast milk after its months, is asked about; what was given still counts."""
    age, capsule = context.numbers.get("age_months"), answers.get("vitamin_a")
    if age is None:
        return
    if capsule in CAPSULES:
        first, last = context.numbers[f"{capsule}_from"], context.numbers[f"{capsule}_to"]
        if not first <= age <= last:
            words = _(CAPSULES[str(capsule)]).format(age=age, first=first, last=last)
            yield Problem("vitamin_a", Level.SOFT, words)
    until = context.numbers["breast_milk_to"]
    if answers.get("exclusive_breastfeeding") is True and age > until:
        words = _(
            "ASI eksklusif bukan untuk umur {age} bulan. Hanya ASI saja sampai umur {last} bulan: coba periksa lagi."
        ).format(age=age, last=until)
        yield Problem("exclusive_breastfeeding", Level.SOFT, words)


FORM = Form(
    name="under_five_visit",
    title=N_("Kunjungan bayi, balita dan apras"),
    version=1,
    links=("person_id", "session_id"),
    source="Kartu Bantu Pemeriksaan Bayi, Balita dan Apras (Kemenkes, ILP 2023)",
    since="2023-08-29",
    grid=("weight_g", "length_mm", "muac_mm", "head_mm", "vitamin_a", "exclusive_breastfeeding"),
    rules=(given_at_its_age,),
    sections=(
        Section(
            N_("Kunjungan"),
            (
                replace(questions.VISITED_ON, official="Kartu balita 2"),
                questions.VISIT_SOURCE,
                Choice(
                    name="development",
                    label=N_("Checklist perkembangan"),
                    hint=N_("Sesuai umur, dari Buku KIA"),
                    official="Kartu balita 3",
                    options=(option("complete", N_("Lengkap")), option("incomplete", N_("Tidak lengkap"))),
                ),
            ),
        ),
        Section(
            N_("Hasil pengukuran"),
            (
                Number(
                    name="weight_g",
                    label=N_("Berat badan"),
                    official="Kartu balita 4",
                    unit="kg",
                    per_unit=1000,
                    decimals=2,
                    low=500,
                    high=60_000,
                ),
                Number(
                    name="length_mm",
                    label=N_("Panjang atau tinggi badan"),
                    official="Kartu balita 7",
                    unit="cm",
                    per_unit=10,
                    decimals=1,
                    low=300,
                    high=1_500,
                ),
                Choice(
                    name="position",
                    label=N_("Cara ukur"),
                    hint=N_("Di bawah 2 tahun terlentang, sesudahnya berdiri"),
                    official="SIGIZI Cara Ukur",
                    options=(option("lying", N_("Terlentang")), option("standing", N_("Berdiri"))),
                ),
                Number(
                    name="muac_mm",
                    label=N_("Lingkar lengan atas"),
                    official="Kartu balita 12",
                    unit="cm",
                    per_unit=10,
                    decimals=1,
                    low=50,
                    high=350,
                ),
                Number(
                    name="head_mm",
                    label=N_("Lingkar kepala"),
                    official="Kartu balita 10",
                    unit="cm",
                    per_unit=10,
                    decimals=1,
                    low=250,
                    high=650,
                ),
                Choice(
                    name="oedema",
                    label=N_("Bengkak di kedua kaki"),
                    hint=N_("Tekan punggung kaki 3 detik"),
                    official="SIGIZI Edema",
                    options=(
                        option("none", N_("Tidak ada")),
                        option("1", N_("+1 punggung kaki")),
                        option("2", N_("+2 sampai tungkai")),
                        option("3", N_("+3 seluruh tubuh")),
                    ),
                ),
                Choice(
                    name="gain_judged",
                    label=N_("Putusan kurva KMS"),
                    hint=N_("Hanya bila arah garis berbeda dari hitungan"),
                    official="Kartu balita 5",
                    options=(option("N", N_("Naik (N)")), option("T", N_("Tidak naik (T)"))),
                ),
                Text(name="gain_reason", label=N_("Alasan putusan kurva"), shown_if=was_judged_by_curve),
            ),
        ),
        Section(
            N_("Pemeriksaan gejala TBC"),
            (
                *(
                    replace(question, official=f"Kartu balita {column}")
                    for column, question in enumerate(questions.TBC_QUESTIONS, 14)
                ),
                YesNo(name="tbc_listless", label=N_("Lesu atau kurang aktif"), official="KMK 2015/2023"),
            ),
        ),
        Section(
            N_("Pelayanan hari ini"),
            (
                YesNo(
                    name="exclusive_breastfeeding",
                    label=N_("ASI eksklusif"),
                    hint=N_("Hanya ASI sejak lahir, umur 0 sampai {milk_months} bulan"),
                    official="Kartu balita 18",
                ),
                YesNo(
                    name="complementary_food",
                    label=N_("MP-ASI sesuai"),
                    hint=N_("Mulai {milk_months} bulan: sesuai umur dan ada protein hewani"),
                    official="Kartu balita 19",
                    yes=N_("Sesuai"),
                    no=N_("Tidak sesuai"),
                ),
                YesNo(
                    name="immunisation_complete",
                    label=N_("Imunisasi lengkap sesuai umur"),
                    official="Kartu balita 20",
                ),
                Text(name="immunisation_given", label=N_("Imunisasi hari ini"), official="Kartu balita 20"),
                Choice(
                    name="vitamin_a",
                    label=N_("Vitamin A"),
                    hint=N_("Biru {blue_from} sampai {blue_to} bulan, merah {red_from} sampai {red_to} bulan"),
                    official="Kartu balita 21",
                    options=(
                        option("none", N_("Tidak diberi")),
                        option("blue", N_("Kapsul biru")),
                        option("red", N_("Kapsul merah")),
                    ),
                ),
                YesNo(
                    name="deworming",
                    label=N_("Obat cacing"),
                    official="Kartu balita 22",
                    yes=N_("Diberikan"),
                    no=N_("Tidak"),
                ),
                YesNo(name="supplement", label=N_("MT pangan lokal untuk pemulihan"), official="Kartu balita 23"),
                Number(
                    name="supplement_portions",
                    label=N_("Porsi MT"),
                    official="Kartu balita 23",
                    unit=N_("porsi"),
                    low=0,
                    high=200,
                    shown_if=got_supplement,
                ),
                YesNo(
                    name="supplement_eaten",
                    label=N_("MT dimakan sesuai anjuran"),
                    official="Kartu balita 23",
                    shown_if=got_supplement,
                ),
                YesNo(name="sick", label=N_("Ada gejala sakit"), official="Kartu balita 25"),
                Text(name="illness", label=N_("Gejala sakitnya"), official="Kartu balita 25", shown_if=was_sick),
                YesNo(name="diarrhoea", label=N_("Diare"), official="SIP Format 6 kolom 33", shown_if=was_sick),
                YesNo(
                    name="oralit", label=N_("Mendapat oralit"), official="SIP Format 6 kolom 34", shown_if=had_diarrhoea
                ),
            ),
        ),
        Section(
            N_("Penyuluhan dan rujukan"),
            (
                replace(questions.COUNSELLING, official="Kartu balita 24"),
                replace(questions.REFERRAL, official="Kartu balita 26"),
                questions.REFERRAL_REASON,
                questions.NOTE,
            ),
        ),
    ),
)
