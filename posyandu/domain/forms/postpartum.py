"""One visit of a postpartum or breastfeeding woman (part II of the ILP card), a newborn, and a death."""

from dataclasses import replace

from posyandu.domain.fields import Answers, Choice, Date, Number, Text, YesNo, option
from posyandu.domain.form import Form, Section
from posyandu.domain.forms import measures, questions
from posyandu.text import N_


def got_capsules(answers: Answers) -> bool:
    """Whether any vitamin A was given."""
    capsules = answers.get("vitamin_a_capsules")
    return isinstance(capsules, int) and capsules > 0


def uses_contraception(answers: Answers) -> bool:
    """Whether a method of family planning is used."""
    return answers.get("contraception") is True


DANGER_SIGNS = (
    YesNo(name="danger_bleeding", label=N_("Perdarahan (pembalut penuh dalam 5 menit)")),
    YesNo(name="danger_fever", label=N_("Demam")),
    YesNo(name="danger_lochia", label=N_("Darah nifas berbau")),
    YesNo(name="danger_headache", label=N_("Sakit kepala")),
    YesNo(name="danger_vision", label=N_("Pandangan kabur")),
    YesNo(name="danger_pain", label=N_("Nyeri ulu hati")),
    YesNo(name="danger_breath", label=N_("Napas pendek atau batuk lebih dari 2 minggu")),
    YesNo(name="danger_heart", label=N_("Jantung berdebar")),
    YesNo(name="danger_breast", label=N_("Payudara bengkak atau merah")),
    YesNo(name="danger_wound", label=N_("Kelamin bengkak atau luka")),
    YesNo(name="danger_fluid", label=N_("Keluar cairan dari jalan lahir")),
    YesNo(name="danger_discharge", label=N_("Keputihan")),
    YesNo(name="danger_urine", label=N_("Gangguan buang air kecil")),
    YesNo(name="danger_sad", label=N_("Sedih atau merasa bersalah")),
)

VISIT = Form(
    name="postpartum_visit",
    title=N_("Kunjungan ibu nifas dan menyusui"),
    version=1,
    links=("person_id", "pregnancy_id", "session_id"),
    source="Kartu Bantu Pemeriksaan Ibu Hamil/Nifas/Menyusui bagian II (Kemenkes, ILP 2023)",
    since="2023-08-29",
    grid=(
        "weight_g",
        "muac_mm",
        "systolic_mmhg",
        "diastolic_mmhg",
        "vitamin_a_capsules",
        "breastfeeding",
        "contraception",
    ),
    rules=(measures.systolic_is_above_diastolic,),
    sections=(
        Section(N_("Kunjungan"), (replace(questions.VISITED_ON, official="Kartu nifas 1"), questions.VISIT_SOURCE)),
        Section(
            N_("Hasil pengukuran"),
            (
                replace(measures.WEIGHT, official="Kartu nifas 2", low=25_000, high=200_000),
                replace(measures.WEIGHT_ON_CURVE, official="Kartu nifas 3"),
                replace(measures.MUAC, official="Kartu nifas 4"),
                replace(measures.SYSTOLIC, official="Kartu nifas 6"),
                replace(measures.DIASTOLIC, official="Kartu nifas 6"),
                replace(measures.PRESSURE_ON_CURVE, official="Kartu nifas 7"),
                measures.HAEMOGLOBIN,
                Number(
                    name="temperature_tenth_c",
                    label=N_("Suhu badan"),
                    official="Kunjungan rumah nifas: suhu",
                    unit="°C",
                    per_unit=10,
                    decimals=1,
                    low=330,
                    high=430,
                ),
            ),
        ),
        Section(
            N_("Pemeriksaan gejala TBC"),
            tuple(
                replace(question, official=f"Kartu nifas {column}")
                for column, question in enumerate(questions.TBC_QUESTIONS, 8)
            ),
        ),
        Section(
            N_("Tanda bahaya"), tuple(replace(sign, official="Kunjungan rumah nifas: merah") for sign in DANGER_SIGNS)
        ),
        Section(
            N_("Pelayanan hari ini"),
            (
                Number(
                    name="vitamin_a_capsules",
                    label=N_("Vitamin A nifas"),
                    hint=N_("Jumlah kapsul merah yang diberikan hari ini"),
                    official="Kartu nifas 12",
                    unit=N_("kapsul"),
                    low=0,
                    high=2,
                ),
                YesNo(
                    name="vitamin_a_taken",
                    label=N_("Minum vitamin A"),
                    official="Kartu nifas 13",
                    shown_if=got_capsules,
                ),
                YesNo(name="breastfeeding", label=N_("Menyusui"), official="Kartu nifas 14"),
                YesNo(name="contraception", label=N_("Ikut KB pasca persalinan"), official="Kartu nifas 15"),
                Choice(
                    name="contraception_method",
                    label=N_("Cara KB"),
                    official="SIP Format 3 kolom 16",
                    options=measures.CONTRACEPTION_METHODS,
                    shown_if=uses_contraception,
                ),
            ),
        ),
        Section(
            N_("Penyuluhan dan rujukan"),
            (
                replace(questions.COUNSELLING, official="Kartu nifas 17"),
                replace(questions.REFERRAL, official="Kartu nifas 18"),
                questions.REFERRAL_REASON,
                questions.NOTE,
            ),
        ),
    ),
)

NEWBORN = Form(
    name="newborn",
    title=N_("Bayi baru lahir"),
    version=1,
    links=("person_id", "session_id"),
    source="Buku KIA 2023: bayi baru lahir dan kunjungan neonatal",
    since="2023-05-06",
    sections=(
        Section(
            N_("Waktu lahir"),
            (
                replace(questions.VISITED_ON, label=N_("Dicatat tanggal")),
                questions.VISIT_SOURCE,
                Choice(
                    name="condition",
                    label=N_("Keadaan waktu lahir"),
                    official="Buku KIA: keadaan bayi",
                    options=(
                        option("cried", N_("Segera menangis")),
                        option("later", N_("Menangis beberapa saat")),
                        option("silent", N_("Tidak menangis")),
                    ),
                ),
                Text(name="congenital", label=N_("Kelainan bawaan"), official="Buku KIA: kelainan bawaan"),
                YesNo(name="vitamin_k", label=N_("Suntikan vitamin K1"), official="Buku KIA: vitamin K1"),
                YesNo(name="eye_ointment", label=N_("Salep mata"), official="Buku KIA: salep mata"),
                Date(name="hb0_on", label=N_("Imunisasi HB0 tanggal"), official="SIP Format 2 kolom 29"),
                YesNo(name="thyroid_screened", label=N_("Skrining hipotiroid (SHK)"), official="LB KIA: SHK"),
            ),
        ),
        Section(
            N_("Kunjungan neonatal oleh tenaga kesehatan"),
            (
                *(
                    Date(name=f"{code.lower()}_on", label=code, hint=hint, official=f"Buku KIA: {code}")
                    for code, hint in (
                        ("KN1", N_("6 jam sampai hari ke-{kn1_to} sesudah lahir")),
                        ("KN2", N_("Hari ke-{kn2_from} sampai {kn2_to}")),
                        ("KN3", N_("Hari ke-{kn3_from} sampai {kn3_to}")),
                    )
                ),
                questions.NOTE,
            ),
        ),
    ),
)

DEATH = Form(
    name="death",
    title=N_("Catatan kematian"),
    version=2,
    links=("person_id",),
    source="SIP Format 1 dan 5: catatan kematian",
    since="2013-01-01",
    sections=(
        Section(
            N_("Kematian"),
            (
                Date(
                    name="died_on",
                    label=N_("Tanggal meninggal"),
                    official="SIP Format 1 kolom 6 dan 7",
                    required=True,
                ),
                Choice(
                    name="place",
                    label=N_("Tempat meninggal"),
                    options=(
                        option("home", N_("Rumah")),
                        option("facility", N_("Puskesmas atau rumah sakit")),
                        option("way", N_("Di perjalanan")),
                        option("other", N_("Lain-lain")),
                    ),
                ),
                Text(name="cause", label=N_("Sebab menurut keluarga"), official="SIP Format 1 kolom 8", lines=2),
                YesNo(
                    name="accident",
                    label=N_("Karena kecelakaan"),
                    hint=N_("Kecelakaan tidak dihitung sebagai kematian ibu"),
                ),
                Text(name="reporter", label=N_("Yang melaporkan")),
                Choice(
                    name="reported_to",
                    label=N_("Sudah dilaporkan kepada"),
                    options=(
                        option("village", N_("Kantor desa")),
                        option("health", N_("Puskesmas atau bidan")),
                        option("both", N_("Desa dan Puskesmas")),
                        option("nobody", N_("Belum dilaporkan")),
                    ),
                ),
            ),
        ),
    ),
)
