"""What is asked once and kept up: health history and risky habits; the smoking questionnaire; what others examined."""

from dataclasses import replace

from posyandu.domain.fields import Answers, Choice, Date, Number, Text, YesNo, option
from posyandu.domain.form import Form, Section
from posyandu.domain.forms import questions
from posyandu.text import N_

ILLNESSES = (
    ("hypertension", N_("Hipertensi")),
    ("diabetes", N_("Kencing manis (DM)")),
    ("stroke", N_("Stroke")),
    ("heart", N_("Sakit jantung")),
    ("asthma", N_("Asma")),
    ("cancer", N_("Kanker")),
    ("cholesterol", N_("Kolesterol tinggi")),
)
"""What the head of the card lists, a to g."""

_FAMILY = (
    *ILLNESSES,
    ("copd", N_("Penyakit paru menahun (PPOK)")),
    ("thalassaemia", N_("Talasemia")),
    ("lupus", N_("Lupus")),
    ("sight", N_("Gangguan penglihatan")),
)
"""What the Kartu Skrining Posbindu PTM asks of the family; thalassaemia also before haemoglobin is examined."""

_OWN = (
    *_FAMILY,
    ("kidney", N_("Gagal ginjal")),
    ("arthritis", N_("Radang sendi (artritis)")),
    ("mental", N_("Gangguan jiwa")),
    ("tbc", N_("TBC, sekarang atau dulu")),
)


def has_smoked(answers: Answers) -> bool:
    """Whether it is asked how many packs a year were smoked."""
    return answers.get("habit_smoking") is True


def breathes_smoke(answers: Answers) -> bool:
    """Whether it is asked how often somebody breathes the smoke of others."""
    return answers.get("habit_smoke") is True


def drinks(answers: Answers) -> bool:
    """Whether it is asked how often alcohol is drunk."""
    return answers.get("habit_alcohol") is True


_OFTEN = (option("daily", N_("Setiap hari")), option("not_daily", N_("Tidak setiap hari")))

_GRADES = (
    Choice(
        name="smoking_packs",
        label=N_("Bungkus rokok setahun"),
        hint=N_("Seperti di kartu Posbindu; kosong bila kurang dari 20 atau tidak tahu"),
        official="Posbindu: merokok 1, 2",
        options=(option("20_30", N_("20 sampai 30 bungkus")), option("over_30", N_("Lebih dari 30 bungkus"))),
        shown_if=has_smoked,
    ),
    Choice(
        name="smoke_often",
        label=N_("Seberapa sering terpapar asap rokok"),
        official="Posbindu: paparan asap 1, 2",
        options=_OFTEN,
        shown_if=breathes_smoke,
    ),
    Choice(
        name="alcohol_often",
        label=N_("Seberapa sering minum alkohol"),
        official="Posbindu: alkohol 1, 3",
        options=_OFTEN,
        shown_if=drinks,
    ),
)
"""The grades of the Kartu Skrining Posbindu PTM, so that an old register can be copied; nothing is judged by them."""

HISTORY = Form(
    name="health_history",
    title=N_("Riwayat kesehatan"),
    version=3,
    links=("person_id", "session_id"),
    source="Kartu Bantu Pemeriksaan Usia Dewasa dan Lansia, Usia Sekolah dan Remaja (Kemenkes, ILP 2023): kepala kartu",
    since="2023-08-29",
    sections=(
        Section(N_("Kunjungan"), (questions.VISITED_ON, questions.VISIT_SOURCE)),
        Section(
            N_("Riwayat penyakit keluarga"),
            tuple(
                YesNo(name=f"family_{code}", label=words, official="Kepala kartu: riwayat keluarga")
                for code, words in _FAMILY
            ),
        ),
        Section(
            N_("Riwayat penyakit diri sendiri"),
            tuple(
                YesNo(name=f"own_{code}", label=words, official="Kepala kartu: riwayat diri sendiri")
                for code, words in _OWN
            ),
        ),
        Section(
            N_("Perilaku berisiko"),
            tuple(
                YesNo(name=f"habit_{code}", label=words, hint=hint, official=f"Kepala kartu: perilaku, {column}")
                for code, words, hint, column in (
                    ("smoking", N_("Merokok"), "", "merokok"),
                    ("smoke", N_("Terpapar asap rokok orang lain"), "", "asap rokok"),
                    ("sugar", N_("Konsumsi tinggi gula"), N_("Lebih dari 4 sendok makan sehari"), "gula"),
                    ("salt", N_("Konsumsi tinggi garam"), N_("Lebih dari 1 sendok teh sehari"), "garam"),
                    ("fat", N_("Konsumsi tinggi lemak"), N_("Lebih dari 5 sendok makan minyak sehari"), "lemak"),
                    ("few_vegetables", N_("Kurang sayur dan buah"), N_("Kurang dari 500 gram sehari"), "sayur"),
                    ("inactive", N_("Kurang aktivitas fisik"), N_("Kurang dari 150 menit seminggu"), "aktivitas"),
                    ("alcohol", N_("Minum alkohol"), "", "alkohol"),
                )
            )
            + _GRADES,
        ),
        Section(N_("Keterangan"), (questions.NOTE,)),
    ),
)


def smokes(answers: Answers) -> bool:
    """Whether the questions on one's own smoking are asked (C1a daily or sometimes)."""
    return answers.get("smoking") in ("daily", "sometimes")


def wants_to_stop(answers: Answers) -> bool:
    """Whether the reason to stop is asked (C7a)."""
    return smokes(answers) and answers.get("wants_to_stop") is True


def saw_smoking_at_school(answers: Answers) -> bool:
    """Whether it is asked who smoked at school (D2a)."""
    return answers.get("seen_at_school") is True


def had_monoxide(answers: Answers) -> bool:
    """Whether carbon monoxide was measured (E1)."""
    return answers.get("monoxide_measured") is True


SMOKING_CHOICE = Choice(
    name="smoking",
    label=N_("Merokok"),
    official="KMK Formulir 2 C1a",
    options=(
        option("daily", N_("Ya, setiap hari")),
        option("sometimes", N_("Ya, kadang-kadang")),
        option("tried", N_("Pernah mencoba")),
        option("never", N_("Tidak pernah")),
    ),
)

SMOKING = Form(
    name="smoking",
    title=N_("Perilaku merokok"),
    version=1,
    links=("person_id", "session_id"),
    source="KMK HK.01.07/MENKES/2015/2023 Formulir 2: kuesioner perilaku merokok, 10 sampai 18 tahun",
    since="2023-08-29",
    sections=(
        Section(
            N_("Kunjungan"),
            (
                questions.VISITED_ON,
                questions.VISIT_SOURCE,
                Number(name="grade", label=N_("Kelas"), official="KMK Formulir 2 B3", low=1, high=12),
                Text(name="school", label=N_("Sekolah"), official="KMK Formulir 2 A2"),
            ),
        ),
        Section(
            N_("Merokok"),
            (
                SMOKING_CHOICE,
                Choice(
                    name="kind",
                    label=N_("Jenis rokok"),
                    official="KMK Formulir 2 C1b",
                    options=(
                        option("conventional", N_("Konvensional")),
                        option("electronic", N_("Elektronik")),
                        option("both", N_("Keduanya")),
                        option("other", N_("Lainnya")),
                    ),
                    shown_if=smokes,
                ),
                Number(
                    name="began_years",
                    label=N_("Umur mulai merokok"),
                    official="KMK Formulir 2 C2",
                    unit=N_("tahun"),
                    low=3,
                    high=18,
                    shown_if=smokes,
                ),
                Choice(
                    name="began_why",
                    label=N_("Alasan utama mulai merokok"),
                    official="KMK Formulir 2 C3",
                    options=(
                        option("friends", N_("Ikut teman")),
                        option("family", N_("Pengaruh keluarga")),
                        option("curious", N_("Rasa ingin tahu")),
                        option("forced", N_("Terpaksa")),
                        option("idle", N_("Mengisi waktu")),
                        option("stress", N_("Hilangkan stres")),
                        option("other", N_("Lainnya")),
                    ),
                    shown_if=smokes,
                ),
                Number(
                    name="sticks",
                    label=N_("Jumlah batang"),
                    hint=N_("Sehari bila setiap hari, seminggu bila kadang-kadang"),
                    official="KMK Formulir 2 C4",
                    unit=N_("batang"),
                    low=1,
                    high=200,
                    shown_if=smokes,
                ),
                Number(
                    name="months_smoked",
                    label=N_("Lama merokok"),
                    official="KMK Formulir 2 C5",
                    unit=N_("bulan"),
                    low=0,
                    high=180,
                    shown_if=smokes,
                ),
                Choice(
                    name="source_of_cigarettes",
                    label=N_("Cara mendapat rokok"),
                    official="KMK Formulir 2 C6",
                    options=(
                        option("single", N_("Beli batangan")),
                        option("pack", N_("Beli bungkusan")),
                        option("given", N_("Dari teman, saudara, keluarga")),
                        option("other", N_("Lainnya")),
                    ),
                    shown_if=smokes,
                ),
                YesNo(
                    name="wants_to_stop",
                    label=N_("Ingin berhenti merokok"),
                    official="KMK Formulir 2 C7a",
                    shown_if=smokes,
                ),
                Choice(
                    name="stop_why",
                    label=N_("Alasan utama ingin berhenti"),
                    official="KMK Formulir 2 C7b",
                    options=(
                        option("health", N_("Kesehatan")),
                        option("self", N_("Motivasi diri")),
                        option("advised", N_("Disarankan orang tua, guru, teman")),
                        option("costly", N_("Mahal")),
                        option("other", N_("Lainnya")),
                    ),
                    shown_if=wants_to_stop,
                ),
            ),
        ),
        Section(
            N_("Lingkungan"),
            (
                YesNo(name="knows_harm", label=N_("Tahu dampak buruk rokok"), official="KMK Formulir 2 D1"),
                YesNo(
                    name="seen_at_school",
                    label=N_("Pernah melihat orang merokok di sekolah"),
                    official="KMK Formulir 2 D2a",
                ),
                Choice(
                    name="seen_whom",
                    label=N_("Siapa yang paling sering"),
                    official="KMK Formulir 2 D2b",
                    options=(
                        option("friend", N_("Teman")),
                        option("guard", N_("Satpam")),
                        option("teacher", N_("Guru")),
                        option("staff", N_("Sopir, kantin, petugas kebersihan")),
                        option("other", N_("Lainnya")),
                    ),
                    shown_if=saw_smoking_at_school,
                ),
                YesNo(
                    name="smoke_at_home",
                    label=N_("Ada anggota keluarga di rumah yang merokok"),
                    official="KMK Formulir 2 D3",
                ),
                YesNo(name="friends_smoke", label=N_("Banyak teman dekat merokok"), official="KMK Formulir 2 D4"),
            ),
        ),
        Section(
            N_("Pemeriksaan karbon monoksida (CO)"),
            (
                YesNo(name="monoxide_measured", label=N_("CO diperiksa"), official="KMK Formulir 2 E1"),
                Number(
                    name="monoxide_ppm",
                    label=N_("Hasil CO"),
                    official="KMK Formulir 2 E2",
                    unit="ppm",
                    low=0,
                    high=200,
                    shown_if=had_monoxide,
                ),
                questions.NOTE,
            ),
        ),
    ),
)


def examined_teeth(answers: Answers) -> bool:
    """Whether the teeth were examined."""
    return answers.get("instrument") == "teeth"


def examined_eyes(answers: Answers) -> bool:
    """Whether the eyes were examined."""
    return answers.get("instrument") == "vision"


def examined_ears(answers: Answers) -> bool:
    """Whether the ears were examined."""
    return answers.get("instrument") == "hearing"


def examined_for_cancer(answers: Answers) -> bool:
    """Whether it was IVA or SADANIS."""
    return answers.get("instrument") in ("iva", "sadanis")


_VISUS = (
    option("normal", N_("Normal (6/6)")),
    option("mild", N_("Ringan (di bawah 6/12 sampai 6/18)")),
    option("moderate", N_("Sedang (di bawah 6/18 sampai 6/60)")),
    option("severe", N_("Berat (di bawah 6/60 sampai 3/60)")),
    option("blind", N_("Buta (di bawah 3/60)")),
)

EXAMINED = (
    YesNo(
        name="caries",
        label=N_("Karies gigi"),
        official="KMK Bab X: karies",
        yes=N_("Ada"),
        no=N_("Tidak ada"),
        shown_if=examined_teeth,
    ),
    Choice(
        name="visus_right",
        label=N_("Tajam penglihatan mata kanan (visus)"),
        official="KMK: visus",
        options=_VISUS,
        shown_if=examined_eyes,
    ),
    Choice(
        name="visus_left",
        label=N_("Tajam penglihatan mata kiri (visus)"),
        official="KMK: visus",
        options=_VISUS,
        shown_if=examined_eyes,
    ),
    YesNo(
        name="colour_blind",
        label=N_("Buta warna"),
        official="KMK: buta warna",
        yes=N_("Ya"),
        no=N_("Tidak"),
        shown_if=examined_eyes,
    ),
    Choice(
        name="eye_finding",
        label=N_("Kelainan mata"),
        hint=N_("Seperti ditulis pemeriksa; bila ada dua, catat satu lagi"),
        official="Posbindu: penglihatan; KMK Bab X: refraksi, katarak",
        options=(
            option("normal", N_("Normal")),
            option("refraction", N_("Refraksi (perlu kacamata)")),
            option("cataract", N_("Katarak")),
            option("pterygium", N_("Pterigium (selaput di mata)")),
            option("ulcer", N_("Ulkus")),
            option("conjunctivitis", N_("Konjungtivitis")),
            option("glaucoma", N_("Glaukoma")),
            option("retinopathy", N_("Retinopati")),
        ),
        shown_if=examined_eyes,
    ),
    YesNo(
        name="whisper_passed",
        label=N_("Tes bisik"),
        hint=N_("Lulus bila mengulang benar 80% kata atau lebih"),
        official="KMK: tes bisik",
        yes=N_("Lulus"),
        no=N_("Tidak lulus"),
        shown_if=examined_ears,
    ),
    Choice(
        name="ear_finding",
        label=N_("Kelainan telinga"),
        hint=N_("Seperti ditulis pemeriksa"),
        official="Posbindu: pendengaran; KMK Bab X: pendengaran",
        options=(
            option("normal", N_("Normal")),
            option("wax", N_("Serumen prop (kotoran telinga menyumbat)")),
            option("omp", N_("OMP (radang telinga tengah)")),
            option("omk", N_("OMK (radang telinga tengah menahun)")),
            option("sharpness", N_("Tajam pendengaran")),
            option("presbycusis", N_("Presbikusis (pendengaran berkurang karena umur)")),
            option("discharge", N_("Congek")),
        ),
        shown_if=examined_ears,
    ),
    Choice(
        name="cancer_result",
        label=N_("Hasil IVA atau SADANIS"),
        hint=N_("Diulang {cancer_years} tahun lagi: isi kontrol berikutnya"),
        official="Posbindu: IVA, SADANIS",
        options=(
            option("positive", N_("Positif")),
            option("negative", N_("Negatif")),
            option("none", N_("Tidak diperiksa")),
        ),
        shown_if=examined_for_cancer,
    ),
)
"""What Posbindu and the province want of an examination in closed answers; copied from the examiner, never judged."""

EXAMINATION = Form(
    name="nakes_exam",
    title=N_("Hasil pemeriksaan tenaga kesehatan"),
    version=2,
    links=("person_id", "session_id"),
    source="KMK HK.01.07/MENKES/2015/2023: pemeriksaan lanjutan di Pustu dan Puskesmas; disalin, tidak dihitung",
    since="2023-08-29",
    sections=(
        Section(
            N_("Pemeriksaan"),
            (
                replace(questions.VISITED_ON, label=N_("Tanggal pemeriksaan")),
                questions.VISIT_SOURCE,
                Choice(
                    name="instrument",
                    label=N_("Yang diperiksa"),
                    official="KMK Tabel 30",
                    options=(
                        option("vision", N_("Tajam penglihatan (visus)")),
                        option("hearing", N_("Pendengaran")),
                        option("teeth", N_("Gigi")),
                        option("iva", N_("IVA (periksa leher rahim)")),
                        option("sadanis", N_("SADANIS (periksa payudara)")),
                        option("pregnancy_fitness", N_("Skrining layak hamil")),
                        option("laboratory", N_("Laboratorium (LDL, HDL, trigliserida, lain)")),
                        option("spirometry", N_("Spirometri (tiupan napas)")),
                        option("fitness", N_("Kebugaran")),
                        option("mini_cog", N_("Mini-Cog (daya ingat)")),
                        option("amt", N_("AMT (daya ingat dan kenal waktu, tempat)")),
                        option("sppb", N_("SPPB (keseimbangan, jalan, bangun dari kursi)")),
                        option("mna_sf", N_("MNA-SF (gizi lansia)")),
                        option("rapuh", N_("RAPUH (kerapuhan lansia)")),
                        option("gds4", N_("GDS-4 (suasana hati, 4 pertanyaan)")),
                        option("gds15", N_("GDS-15 (suasana hati, 15 pertanyaan)")),
                        option("sarc_calf", N_("SARC-CalF (kekuatan otot)")),
                        option("other", N_("Lainnya")),
                    ),
                ),
                *EXAMINED,
                Text(name="result", label=N_("Hasil menurut pemeriksa"), official="KMK Tabel 30", lines=2),
                Text(name="place", label=N_("Tempat periksa"), official="KMK Tabel 30"),
                Text(name="examiner", label=N_("Pemeriksa"), official="KMK Tabel 30"),
                Date(name="again_on", label=N_("Kontrol berikutnya"), past_only=False),
                questions.NOTE,
            ),
        ),
    ),
)
