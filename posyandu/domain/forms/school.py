"""One visit of a school child or adolescent, and apart from it the eight confidential questions and the SDQ result."""

from collections.abc import Mapping
from dataclasses import replace

from posyandu.domain.fields import Answers, Choice, Number, Text, YesNo, option
from posyandu.domain.form import Form, Section
from posyandu.domain.forms import measures, questions
from posyandu.domain.forms.history import SMOKING_CHOICE
from posyandu.text import N_


def had_haemoglobin(answers: Answers) -> bool:
    """Whether haemoglobin was measured."""
    return answers.get("haemoglobin_dg_dl") is not None


def got_iron(answers: Answers) -> bool:
    """Whether iron tablets were given."""
    tablets = answers.get("iron_tablets")
    return isinstance(tablets, int) and tablets > 0


def was_told_of_life_skills(answers: Answers) -> bool:
    """Whether life skills were what was taught."""
    return answers.get("topic") == "life_skills"


def had_glucose(answers: Answers) -> bool:
    """Whether blood sugar was measured."""
    return answers.get("glucose_mg_dl") is not None


SERVICE_PLACES = (
    option("posyandu", N_("Posyandu")),
    option("school", N_("Sekolah")),
    option("facility", N_("Puskesmas")),
    option("other", N_("Lain-lain")),
)
"""Where a service was given: what a school did counts and is not done twice."""

TOPICS: Mapping[str, str] = {
    "nutrition": N_("Status gizi, Isi Piringku"),
    "mental": N_("Kesehatan mental"),
    "reproductive": N_("Kesehatan reproduksi"),
    "substances": N_("NAPZA dan rokok"),
    "hiv": N_("HIV/AIDS"),
    "diseases": N_("Penyakit menular dan tidak menular"),
    "violence": N_("Kekerasan dan cedera"),
    "hygiene": N_("Perilaku hidup bersih dan sehat (PHBS)"),
    "activity": N_("Aktivitas fisik"),
    "anaemia": N_("Anemia remaja putri"),
    "life_skills": N_("Keterampilan hidup sehat (PKHS)"),
}
"""What the young are taught: the eight priorities of KMK 2015/2023, the two more of the card, and life skills."""

LIFE_SKILLS: Mapping[str, str] = {
    "self_awareness": N_("Kesadaran diri"),
    "empathy": N_("Empati"),
    "deciding": N_("Pengambilan keputusan"),
    "solving": N_("Pemecahan masalah"),
    "critical": N_("Berpikir kritis"),
    "creative": N_("Berpikir kreatif"),
    "talking": N_("Komunikasi efektif"),
    "relations": N_("Hubungan interpersonal"),
    "emotions": N_("Pengendalian emosi"),
    "stress": N_("Mengatasi stres"),
}
"""The ten of PKHS."""

VISIT = Form(
    name="school_visit",
    title=N_("Kunjungan usia sekolah dan remaja"),
    version=2,
    links=("person_id", "session_id"),
    source="Kartu Bantu Pemeriksaan Usia Sekolah dan Remaja (Kemenkes, ILP 2023)",
    since="2023-08-29",
    grid=(
        "weight_g",
        "height_mm",
        "systolic_mmhg",
        "diastolic_mmhg",
        "waist_mm",
        "glucose_mg_dl",
        "haemoglobin_dg_dl",
    ),
    rules=(measures.systolic_is_above_diastolic,),
    sections=(
        Section(N_("Kunjungan"), (replace(questions.VISITED_ON, official="Kartu sekolah"), questions.VISIT_SOURCE)),
        Section(
            N_("Hasil pengukuran"),
            (
                replace(measures.WEIGHT, official="Kartu sekolah BB"),
                replace(measures.HEIGHT, official="Kartu sekolah TB"),
                replace(measures.SYSTOLIC, official="Kartu sekolah TD"),
                replace(measures.DIASTOLIC, official="Kartu sekolah TD"),
                replace(measures.WAIST, official="Kartu sekolah LP"),
                replace(measures.GLUCOSE, official="Kartu sekolah GD"),
                replace(measures.GLUCOSE_TIMING, shown_if=had_glucose),
                replace(measures.MUAC, hint=N_("Remaja putri {fertile_from} tahun ke atas")),
                replace(measures.HAEMOGLOBIN, official="Kartu sekolah Hb"),
                Choice(
                    name="haemoglobin_place",
                    label=N_("Tempat periksa Hb"),
                    options=SERVICE_PLACES,
                    shown_if=had_haemoglobin,
                ),
            ),
        ),
        Section(
            N_("Pemeriksaan gejala TBC"),
            (
                *(replace(question, official="Kartu sekolah TBC") for question in questions.TBC_QUESTIONS),
                questions.MALARIA,
            ),
        ),
        Section(
            N_("Perilaku"),
            (
                SMOKING_CHOICE,
                YesNo(
                    name="smoke_at_home",
                    label=N_("Ada anggota keluarga di rumah yang merokok"),
                    official="KMK Formulir 2 D3",
                ),
                YesNo(name="balanced_meals", label=N_("Makan sesuai Isi Piringku"), official="Kunjungan rumah sekolah"),
                YesNo(name="active", label=N_("Cukup aktivitas fisik"), official="Kartu sekolah perilaku"),
            ),
        ),
        Section(
            N_("Pelayanan hari ini"),
            (
                Number(
                    name="iron_tablets",
                    label=N_("Tablet tambah darah (TTD)"),
                    hint=N_("Jumlah tablet yang diberikan, remaja putri"),
                    official="Register TTD rematri",
                    unit=N_("tablet"),
                    low=0,
                    high=60,
                ),
                Choice(
                    name="iron_place",
                    label=N_("Tempat mendapat TTD"),
                    official="Register TTD rematri",
                    options=SERVICE_PLACES,
                    shown_if=got_iron,
                ),
                YesNo(
                    name="iron_weekly",
                    label=N_("Minum TTD dalam 7 hari terakhir"),
                    official="Kunjungan rumah sekolah: TTD",
                ),
                Number(
                    name="grade",
                    label=N_("Kelas"),
                    hint=N_("Cukup sekali setiap tahun ajaran; kosong bila tidak sekolah"),
                    official="KMK Bab X: Hb kelas 7 dan 10",
                    low=1,
                    high=12,
                ),
                YesNo(name="deworming", label=N_("Obat cacing"), yes=N_("Diberikan"), no=N_("Tidak")),
                Text(name="immunisation_given", label=N_("Imunisasi sekolah (BIAS)")),
            ),
        ),
        Section(
            N_("Penyuluhan dan rujukan"),
            (
                Choice(
                    name="topic",
                    label=N_("Tema edukasi"),
                    official="KMK: 8 masalah prioritas remaja; kartu sekolah edukasi",
                    options=tuple(option(code, words) for code, words in TOPICS.items()),
                ),
                Choice(
                    name="life_skill",
                    label=N_("Keterampilan hidup sehat (PKHS)"),
                    official="KMK: PKHS",
                    options=tuple(option(code, words) for code, words in LIFE_SKILLS.items()),
                    shown_if=was_told_of_life_skills,
                ),
                replace(questions.COUNSELLING, official="Kartu sekolah edukasi"),
                replace(questions.REFERRAL, official="Kartu sekolah rujuk"),
                questions.REFERRAL_REASON,
                questions.NOTE,
            ),
        ),
    ),
)

MENTAL_QUESTIONS = (
    YesNo(name="home_comfortable", label=N_("Merasa nyaman di rumah?"), official="Jiwa 1"),
    YesNo(name="school_burden", label=N_("Terbebani tugas sekolah?"), official="Jiwa 2"),
    YesNo(name="likes_body", label=N_("Menyukai bentuk tubuh?"), official="Jiwa 3"),
    YesNo(name="other_friends", label=N_("Punya teman di luar grup?"), official="Jiwa 4"),
    YesNo(name="substances", label=N_("Mengonsumsi rokok, alkohol atau narkoba?"), official="Jiwa 5"),
    YesNo(name="sexual_relation", label=N_("Pernah berhubungan seksual?"), official="Jiwa 6"),
    YesNo(name="unsafe", label=N_("Merasa tidak aman di lingkungan?"), official="Jiwa 7"),
    YesNo(name="suicidal", label=N_("Ada keinginan bunuh diri?"), official="Jiwa 8"),
)

MENTAL = Form(
    name="school_mental",
    title=N_("Skrining jiwa usia sekolah dan remaja"),
    version=1,
    links=("person_id", "session_id"),
    restricted=True,
    source="Kartu Bantu Pemeriksaan Usia Sekolah dan Remaja: delapan pertanyaan kesehatan jiwa",
    since="2023-08-29",
    sections=(
        Section(N_("Kunjungan"), (questions.VISITED_ON, questions.VISIT_SOURCE)),
        Section(N_("Tanyakan berdua saja, tanpa orang lain"), MENTAL_QUESTIONS),
        Section(N_("Yang tetap terbaca"), (replace(questions.ANSWERED, official="Rekap sekolah 23-24"),)),
    ),
)

SDQ = Form(
    name="sdq",
    title=N_("Hasil SDQ"),
    version=1,
    links=("person_id", "session_id"),
    restricted=True,
    source="KMK HK.01.07/MENKES/2015/2023: SDQ, dihitung dan dibaca tenaga kesehatan; di sini hanya hasilnya",
    since="2023-08-29",
    sections=(
        Section(
            N_("Pemeriksaan"),
            (
                replace(questions.VISITED_ON, label=N_("Tanggal pemeriksaan")),
                questions.VISIT_SOURCE,
                Choice(
                    name="place",
                    label=N_("Tempat periksa"),
                    hint=N_("Yang sudah diperiksa di sekolah tidak perlu diulang"),
                    official="KMK: SDQ, tempat",
                    options=SERVICE_PLACES,
                ),
                Text(name="examiner", label=N_("Pemeriksa"), official="KMK: SDQ, pembaca"),
            ),
        ),
        Section(
            N_("Hasil menurut tenaga kesehatan"),
            (
                Choice(
                    name="sdq_informant",
                    label=N_("Kuesioner diisi oleh"),
                    hint=N_("Di atas 11 tahun sendiri; sampai 11 tahun orang tua, wali, atau guru"),
                    official="KMK: SDQ, pengisi",
                    options=(
                        option("self", N_("Anaknya sendiri")),
                        option("parent", N_("Orang tua atau wali")),
                        option("teacher", N_("Guru")),
                    ),
                ),
                Choice(
                    name="sdq_band",
                    label=N_("Hasil SDQ"),
                    hint=N_("Pastikan dahulu anaknya sehat badannya. Salin hasilnya, tidak dihitung di sini"),
                    official="KMK: SDQ, hasil",
                    options=(
                        option("normal", N_("Normal")),
                        option("borderline", N_("Borderline (ambang)")),
                        option("abnormal", N_("Abnormal")),
                    ),
                ),
            ),
        ),
        Section(N_("Yang tetap terbaca"), (replace(questions.ANSWERED, official="Rekap sekolah 23-24"),)),
    ),
)
"""Health workers alone enter it (services.questionnaires.BY_HEALTH_WORKERS)."""
