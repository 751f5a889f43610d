"""Adults and elderly: the visit, and the instruments asked once a year (SRQ-20, AKS, SKILAS) and once (WUS/PUS)."""

from dataclasses import replace

from posyandu.domain.fields import Answers, Choice, Date, Number, Text, YesNo, option
from posyandu.domain.form import Form, Section
from posyandu.domain.forms import measures, questions
from posyandu.text import N_


def had_glucose(answers: Answers) -> bool:
    """Whether blood sugar was measured."""
    return answers.get("glucose_mg_dl") is not None


def smokes(answers: Answers) -> bool:
    """Whether the person smokes or has smoked."""
    return answers.get("puma_smoked") is True


def uses_contraception(answers: Answers) -> bool:
    """Whether a method of family planning is used."""
    return answers.get("contraception") is True


def uses_no_contraception(answers: Answers) -> bool:
    """Whether no method of family planning is used."""
    return answers.get("contraception") is False


def is_a_couple(answers: Answers) -> bool:
    """Whether she is one of a couple of childbearing age (PUS)."""
    return answers.get("couple") is True


def is_a_couple_with_children(answers: Answers) -> bool:
    """Whether a couple has living children, or nobody asked yet."""
    return is_a_couple(answers) and answers.get("children_living") != 0


def eyes_have_no_known_problem(answers: Answers) -> bool:
    """Whether the finger test has to tell: no problem of the eyes is known."""
    return answers.get("eye_problem") is False


def _side(name: str, label: str, official: str) -> YesNo:
    return YesNo(name=name, label=label, official=official, yes=N_("Normal"), no=N_("Gangguan"))


VISIT = Form(
    name="adult_visit",
    title=N_("Kunjungan usia dewasa dan lansia"),
    version=1,
    links=("person_id", "session_id"),
    source="Kartu Bantu Pemeriksaan Usia Dewasa dan Lansia (Kemenkes, ILP 2023)",
    since="2023-08-29",
    grid=(
        "weight_g",
        "height_mm",
        "waist_mm",
        "systolic_mmhg",
        "diastolic_mmhg",
        "glucose_mg_dl",
        "cholesterol_mg_dl",
    ),
    rules=(measures.systolic_is_above_diastolic,),
    sections=(
        Section(N_("Kunjungan"), (replace(questions.VISITED_ON, official="Kartu dewasa"), questions.VISIT_SOURCE)),
        Section(
            N_("Hasil pengukuran"),
            (
                replace(measures.WEIGHT, official="Kartu dewasa BB", low=20_000),
                replace(measures.HEIGHT, official="Kartu dewasa TB", low=1_000),
                replace(measures.WAIST, official="Kartu dewasa LP"),
                replace(measures.MUAC, official="Kartu dewasa LiLA"),
                replace(measures.SYSTOLIC, official="Kartu dewasa TD"),
                replace(measures.DIASTOLIC, official="Kartu dewasa TD"),
                replace(measures.GLUCOSE, official="Kartu dewasa GD"),
                replace(measures.GLUCOSE_TIMING, official="Kartu dewasa GD", shown_if=had_glucose),
                Number(
                    name="cholesterol_mg_dl",
                    label=N_("Kolesterol total"),
                    official="Rekap dewasa 21-22",
                    unit="mg/dL",
                    low=50,
                    high=600,
                ),
                Number(
                    name="uric_acid_tenth_mg_dl",
                    label=N_("Asam urat"),
                    unit="mg/dL",
                    per_unit=10,
                    decimals=1,
                    low=10,
                    high=200,
                ),
                replace(measures.HAEMOGLOBIN, hint=N_("Calon pengantin dan PUS, diperiksa tenaga kesehatan")),
            ),
        ),
        Section(
            N_("Mata dan telinga"),
            (
                replace(
                    _side("eye_right", N_("Hitung jari, mata kanan"), "Kartu dewasa mata"),
                    hint=N_("Dari jarak 6 meter: benar 3 kali berturut-turut berarti normal"),
                ),
                _side("eye_left", N_("Hitung jari, mata kiri"), "Kartu dewasa mata"),
                _side("ear_right", N_("Tes berbisik, telinga kanan"), "Kartu dewasa telinga"),
                _side("ear_left", N_("Tes berbisik, telinga kiri"), "Kartu dewasa telinga"),
            ),
        ),
        Section(
            N_("PUMA: risiko penyakit paru"),
            (
                YesNo(
                    name="puma_smoked",
                    label=N_("Merokok"),
                    hint=N_("Kurang dari 20 bungkus seumur hidup atau kurang dari 1 batang sehari berarti tidak"),
                    official="PUMA 3",
                ),
                Number(
                    name="puma_sticks",
                    label=N_("Batang rokok per hari"),
                    official="PUMA 3",
                    unit=N_("batang"),
                    low=1,
                    high=100,
                    shown_if=smokes,
                ),
                Number(
                    name="puma_years",
                    label=N_("Lama merokok"),
                    official="PUMA 3",
                    unit=N_("tahun"),
                    low=0,
                    high=90,
                    shown_if=smokes,
                ),
                YesNo(
                    name="puma_breath",
                    label=N_("Napas pendek saat berjalan lebih cepat di jalan datar atau sedikit menanjak"),
                    official="PUMA 4",
                ),
                YesNo(
                    name="puma_phlegm",
                    label=N_("Biasanya ada dahak atau sulit mengeluarkan dahak saat tidak flu"),
                    official="PUMA 5",
                ),
                YesNo(name="puma_cough", label=N_("Biasanya batuk saat tidak flu"), official="PUMA 6"),
                YesNo(
                    name="puma_spirometry",
                    label=N_("Pernah diminta tenaga kesehatan meniup alat (spirometri)"),
                    official="PUMA 7",
                ),
            ),
        ),
        Section(
            N_("Pemeriksaan gejala TBC"),
            (
                *(replace(question, official="Kartu dewasa TBC") for question in questions.TBC_QUESTIONS),
                questions.MALARIA,
            ),
        ),
        Section(
            N_("Pelayanan hari ini"),
            (
                YesNo(name="contraception", label=N_("Menggunakan alat kontrasepsi"), official="Kartu dewasa KB"),
                Choice(
                    name="contraception_method",
                    label=N_("Cara KB"),
                    official="Kartu dewasa KB",
                    options=measures.CONTRACEPTION_METHODS,
                    shown_if=uses_contraception,
                ),
                YesNo(
                    name="covid_immunised",
                    label=N_("Sudah imunisasi COVID-19"),
                    official="Rekap dewasa 45",
                ),
            ),
        ),
        Section(
            N_("Penyuluhan dan rujukan"),
            (
                replace(questions.COUNSELLING, official="Rekap dewasa 46"),
                replace(questions.REFERRAL, official="Rekap dewasa 47"),
                questions.REFERRAL_REASON,
                questions.NOTE,
            ),
        ),
    ),
)

_SRQ = (
    N_("1. Apakah Anda sering merasa sakit kepala?"),
    N_("2. Apakah Anda kehilangan nafsu makan?"),
    N_("3. Apakah tidur Anda tidak nyenyak?"),
    N_("4. Apakah Anda mudah merasa takut?"),
    N_("5. Apakah Anda merasa cemas, tegang, atau khawatir?"),
    N_("6. Apakah tangan Anda gemetar?"),
    N_("7. Apakah Anda mengalami gangguan pencernaan?"),
    N_("8. Apakah Anda merasa sulit berpikir jernih?"),
    N_("9. Apakah Anda merasa tidak bahagia?"),
    N_("10. Apakah Anda lebih sering menangis?"),
    N_("11. Apakah Anda merasa sulit untuk menikmati aktivitas sehari-hari?"),
    N_("12. Apakah Anda mengalami kesulitan untuk mengambil keputusan?"),
    N_("13. Apakah aktivitas/tugas sehari-hari Anda terbengkalai?"),
    N_("14. Apakah Anda merasa tidak mampu berperan dalam kehidupan ini?"),
    N_("15. Apakah Anda kehilangan minat terhadap banyak hal?"),
    N_("16. Apakah Anda merasa tidak berharga?"),
    N_("17. Apakah Anda mempunyai pikiran untuk mengakhiri hidup Anda?"),
    N_("18. Apakah Anda merasa lelah sepanjang waktu?"),
    N_("19. Apakah Anda merasa tidak enak di perut?"),
    N_("20. Apakah Anda mudah lelah?"),
)

SRQ_QUESTIONS = tuple(
    YesNo(name=f"srq_{number}", label=words, official=f"SRQ-20 nomor {number}") for number, words in enumerate(_SRQ, 1)
)

SRQ = Form(
    name="srq20",
    title=N_("SRQ-20"),
    version=1,
    links=("person_id", "session_id"),
    restricted=True,
    source="KMK HK.01.07/MENKES/2015/2023 Formulir 6: SRQ-20",
    since="2023-08-29",
    sections=(
        Section(N_("Kunjungan"), (questions.VISITED_ON, questions.VISIT_SOURCE)),
        Section(N_("Keluhan selama 30 hari terakhir"), SRQ_QUESTIONS),
        Section(
            N_("Yang tetap terbaca"),
            (
                questions.ANSWERED,
                Choice(
                    name="outcome",
                    label=N_("Jumlah jawaban ya"),
                    official="Rekap dewasa 23-24",
                    options=(
                        option("low", N_("Di bawah batas rujukan")),
                        option("high", N_("Batas rujukan atau lebih")),
                    ),
                ),
            ),
        ),
    ),
)


def _steps(name: str, label: str, number: int, *words: str) -> Choice:
    return Choice(
        name=name,
        label=label,
        official=f"AKS {number}",
        options=tuple(option(str(score), each) for score, each in enumerate(words)),
    )


AKS_QUESTIONS = (
    _steps(
        "bowels",
        N_("Mengendalikan BAB"),
        1,
        N_("Tidak terkendali (perlu pencahar)"),
        N_("Kadang-kadang tak terkendali (1 kali seminggu)"),
        N_("Terkendali teratur"),
    ),
    _steps(
        "bladder",
        N_("Mengendalikan BAK"),
        2,
        N_("Tak terkendali atau pakai kateter"),
        N_("Kadang-kadang tak terkendali (1 kali 24 jam)"),
        N_("Mandiri"),
    ),
    _steps(
        "grooming",
        N_("Membersihkan diri (muka, rambut, kumis, gigi)"),
        3,
        N_("Butuh pertolongan orang lain"),
        N_("Mandiri"),
    ),
    _steps(
        "toilet",
        N_("Penggunaan WC"),
        4,
        N_("Tergantung pertolongan orang lain"),
        N_("Perlu pertolongan pada beberapa kegiatan"),
        N_("Mandiri"),
    ),
    _steps(
        "feeding",
        N_("Makan minum"),
        5,
        N_("Tidak mampu"),
        N_("Perlu ditolong memotong makanan"),
        N_("Mandiri"),
    ),
    _steps(
        "transfer",
        N_("Bergerak dari kursi roda ke tempat tidur dan sebaliknya"),
        6,
        N_("Tidak mampu"),
        N_("Perlu banyak bantuan (2 orang)"),
        N_("Bantuan minimal 1 orang"),
        N_("Mandiri"),
    ),
    _steps(
        "walking",
        N_("Berjalan di tempat rata"),
        7,
        N_("Tidak mampu"),
        N_("Dengan kursi roda"),
        N_("Dengan bantuan 1 orang"),
        N_("Mandiri"),
    ),
    _steps(
        "dressing",
        N_("Berpakaian"),
        8,
        N_("Tergantung orang lain"),
        N_("Sebagian dibantu"),
        N_("Mandiri"),
    ),
    _steps("stairs", N_("Naik turun tangga"), 9, N_("Tidak mampu"), N_("Butuh pertolongan"), N_("Mandiri")),
    _steps("bathing", N_("Mandi"), 10, N_("Tergantung orang lain"), N_("Mandiri")),
)

AKS = Form(
    name="aks",
    title=N_("AKS (Barthel)"),
    version=1,
    links=("person_id", "session_id"),
    source="KMK HK.01.07/MENKES/2015/2023: Aktivitas Kehidupan Sehari-hari, Indeks Barthel modifikasi",
    since="2023-08-29",
    sections=(
        Section(N_("Kunjungan"), (questions.VISITED_ON, questions.VISIT_SOURCE)),
        Section(N_("Aktivitas kehidupan sehari-hari"), AKS_QUESTIONS),
        Section(N_("Hasil lanjutan"), (questions.NOTE,)),
    ),
)

SKILAS = Form(
    name="skilas",
    title=N_("SKILAS"),
    version=1,
    links=("person_id", "session_id"),
    source="KMK HK.01.07/MENKES/2015/2023: Skrining Lansia Sederhana (SKILAS)",
    since="2023-08-29",
    sections=(
        Section(N_("Kunjungan"), (questions.VISITED_ON, questions.VISIT_SOURCE)),
        Section(
            N_("Penurunan kognitif"),
            (
                YesNo(
                    name="knows_date",
                    label=N_("Menjawab benar: tanggal berapa sekarang?"),
                    hint=N_("Sebut dulu tiga kata untuk diingat, misalnya bunga, pintu, nasi"),
                    official="SKILAS 1",
                    yes=N_("Benar"),
                    no=N_("Salah"),
                ),
                YesNo(
                    name="knows_place",
                    label=N_("Menjawab benar: di mana Anda berada sekarang?"),
                    official="SKILAS 1",
                    yes=N_("Benar"),
                    no=N_("Salah"),
                ),
                YesNo(name="recalls_words", label=N_("Dapat mengulang ketiga kata"), official="SKILAS 1"),
            ),
        ),
        Section(
            N_("Keterbatasan gerak"),
            (
                YesNo(
                    name="stands_up",
                    label=N_("Berdiri dari kursi 5 kali tanpa tangan dalam 14 detik"),
                    official="SKILAS 2",
                ),
            ),
        ),
        Section(
            N_("Malnutrisi"),
            (
                YesNo(
                    name="lost_weight",
                    label=N_("BB turun lebih dari 3 kg dalam 3 bulan atau pakaian jadi longgar"),
                    official="SKILAS 3",
                ),
                YesNo(
                    name="poor_appetite",
                    label=N_("Hilang nafsu makan atau sulit makan (tersedak, sonde)"),
                    official="SKILAS 3",
                ),
                replace(measures.MUAC, official="SKILAS 3"),
            ),
        ),
        Section(
            N_("Penglihatan dan pendengaran"),
            (
                YesNo(
                    name="eye_problem",
                    label=N_("Ada masalah mata, atau berobat kencing manis atau darah tinggi"),
                    hint=N_("Sulit melihat jauh, sulit membaca, atau sakit mata"),
                    official="SKILAS 4",
                ),
                YesNo(
                    name="counts_fingers",
                    label=N_("Hitung jari benar 3 kali berturut-turut"),
                    official="SKILAS 4",
                    shown_if=eyes_have_no_known_problem,
                ),
                Choice(
                    name="whisper",
                    label=N_("Tes berbisik"),
                    official="SKILAS 5",
                    options=(
                        option("hears", N_("Mendengar")),
                        option("not", N_("Tidak mendengar")),
                        option("impossible", N_("Tidak dapat dites")),
                    ),
                ),
            ),
        ),
        Section(
            N_("Gejala depresi (2 minggu terakhir)"),
            (
                YesNo(name="sad", label=N_("Sedih, tertekan atau putus asa"), official="SKILAS 6"),
                YesNo(name="no_interest", label=N_("Sedikit minat atau kesenangan"), official="SKILAS 6"),
            ),
        ),
        Section(
            N_("Hasil lanjutan"),
            (
                Text(
                    name="follow_up_result",
                    label=N_("Hasil pemeriksaan lanjutan"),
                    hint=N_("Ditulis dari tenaga kesehatan; kader tidak menghitungnya"),
                    lines=2,
                ),
                questions.NOTE,
            ),
        ),
    ),
)

WUS = Form(
    name="wus",
    title=N_("WUS dan PUS"),
    version=2,
    links=("person_id", "session_id"),
    source="SIP Format 3: Register WUS dan PUS",
    since="2013-01-01",
    grid=("couple", "children_living", "muac_mm", "contraception", "contraception_method", "why_none"),
    sections=(
        Section(
            N_("Keluarga"),
            (
                replace(questions.VISITED_ON, label=N_("Dicatat tanggal")),
                questions.VISIT_SOURCE,
                YesNo(name="couple", label=N_("Pasangan usia subur (PUS)"), official="SIP Format 3"),
                Choice(
                    name="welfare",
                    label=N_("Tahapan keluarga sejahtera"),
                    official="SIP Format 3 kolom 6",
                    options=(
                        option("pre", N_("Pra sejahtera")),
                        option("1", N_("Sejahtera I")),
                        option("2", N_("Sejahtera II")),
                        option("3", N_("Sejahtera III")),
                        option("3plus", N_("Sejahtera III plus")),
                    ),
                ),
                Number(
                    name="children_living",
                    label=N_("Jumlah anak yang hidup"),
                    official="SIP Format 3 kolom 8",
                    unit=N_("anak"),
                    low=0,
                    high=20,
                ),
                Text(
                    name="children_died",
                    label=N_("Anak meninggal pada umur"),
                    official="SIP Format 3 kolom 9",
                ),
                replace(measures.MUAC, official="SIP Format 3 kolom 10"),
            ),
        ),
        Section(
            N_("Sebelum hamil (skrining layak hamil)"),
            (
                Choice(
                    name="wants_child",
                    label=N_("Ingin hamil"),
                    official="KMK: skrining layak hamil",
                    options=(
                        option("soon", N_("Ya, dalam setahun ini")),
                        option("later", N_("Nanti")),
                        option("none", N_("Tidak lagi")),
                    ),
                    shown_if=is_a_couple,
                ),
                Date(
                    name="youngest_born_on",
                    label=N_("Anak terkecil lahir tanggal"),
                    official="KMK: 4T",
                    shown_if=is_a_couple_with_children,
                ),
                replace(measures.WEIGHT, low=20_000, official="KMK: skrining layak hamil", shown_if=is_a_couple),
                replace(measures.HEIGHT, low=1_000, official="KMK: skrining layak hamil", shown_if=is_a_couple),
                replace(measures.HAEMOGLOBIN, official="KMK: ALKI", shown_if=is_a_couple),
                YesNo(
                    name="chronic",
                    label=N_("Punya penyakit kronis"),
                    hint=N_("Hipertensi, kencing manis, jantung, ginjal, TBC, epilepsi, talasemia"),
                    official="KMK: ALKI",
                    shown_if=is_a_couple,
                ),
                YesNo(
                    name="infection",
                    label=N_("Infeksi menular seksual menurut petugas"),
                    hint=N_("Hanya disalin dari tenaga kesehatan; kader tidak menanyakannya"),
                    official="KMK: ALKI",
                    shown_if=is_a_couple,
                ),
                YesNo(
                    name="complication",
                    label=N_("Pernah ada penyulit waktu hamil atau bersalin"),
                    hint=N_("Perdarahan, tekanan darah tinggi, operasi, keguguran, bayi meninggal"),
                    official="KMK: skrining layak hamil",
                    shown_if=is_a_couple,
                ),
                YesNo(
                    name="health_problem",
                    label=N_("Ada keluhan kesehatan sekarang"),
                    official="KMK: skrining layak hamil",
                    shown_if=is_a_couple,
                ),
                Choice(
                    name="fitness",
                    label=N_("Kesimpulan tenaga kesehatan"),
                    hint=N_("Ditulis dari tenaga kesehatan; kader tidak menyimpulkannya"),
                    official="KMK: skrining layak hamil",
                    options=(
                        option("fit", N_("Layak hamil")),
                        option("supervised", N_("Dapat hamil dengan pengawasan")),
                        option("unfit", N_("Belum layak hamil, pakai KB dahulu")),
                    ),
                    shown_if=is_a_couple,
                ),
            ),
        ),
        Section(
            N_("Imunisasi tetanus"),
            tuple(
                Date(
                    name=f"tetanus_{number}_on",
                    label=f"TT {letters}",
                    official=f"SIP Format 3 kolom {10 + number}",
                )
                for number, letters in enumerate(("I", "II", "III", "IV", "V"), 1)
            ),
        ),
        Section(
            N_("Keluarga berencana"),
            (
                YesNo(name="contraception", label=N_("Menggunakan alat kontrasepsi"), official="SIP Format 3"),
                Choice(
                    name="contraception_method",
                    label=N_("Jenis kontrasepsi yang dipakai"),
                    official="SIP Format 3 kolom 16",
                    options=measures.CONTRACEPTION_METHODS,
                    shown_if=uses_contraception,
                ),
                Date(name="method_since_on", label=N_("Memakainya sejak"), shown_if=uses_contraception),
                Text(name="method_place", label=N_("Tempat mendapat KB"), shown_if=uses_contraception),
                Date(name="changed_on", label=N_("Tanggal penggantian kontrasepsi"), official="SIP Format 3 kolom 17"),
                Choice(
                    name="changed_method",
                    label=N_("Jenis kontrasepsi sesudah diganti"),
                    official="SIP Format 3 kolom 18",
                    options=measures.CONTRACEPTION_METHODS,
                ),
                Choice(
                    name="why_none",
                    label=N_("Alasan tidak KB"),
                    options=(
                        option("pregnant", N_("Hamil")),
                        option("wants_soon", N_("Ingin anak segera")),
                        option("wants_later", N_("Ingin anak ditunda")),
                        option("wants_none", N_("Tidak ingin anak lagi")),
                    ),
                ),
                Text(name="stopped_why", label=N_("Alasan berhenti KB"), shown_if=uses_no_contraception),
                replace(questions.NOTE, official="SIP Format 3 kolom 19"),
            ),
        ),
    ),
)
