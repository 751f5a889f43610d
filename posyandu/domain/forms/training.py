"""What a kader has learnt: each training followed, and which of the 25 basic skills were shown to an assessor.

The words of the skills follow Kemenkes' guide of 2023 in plain language; which of them make purwa, madya and utama is
dated data (`competence` in resources/rules/post.json).
"""

from collections.abc import Mapping

from posyandu.domain.fields import Choice, Date, Number, Text, YesNo, option
from posyandu.domain.form import Form, Section
from posyandu.text import N_

SOURCE = "Panduan Pengelolaan Posyandu Bidang Kesehatan, Kemenkes 2023: 25 keterampilan dasar kader"

CLUSTERS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "post": (
        N_("Pengelolaan Posyandu"),
        {
            "post_services": N_("Menjelaskan layanan Posyandu untuk semua umur"),
            "post_records": N_("Mencatat dan melaporkan"),
            "post_home_visit": N_("Melakukan kunjungan rumah"),
            "post_talking": N_("Berkomunikasi efektif"),
        },
    ),
    "child": (
        N_("Bayi dan balita"),
        {
            "child_book": N_("Menjelaskan Buku KIA bagian balita"),
            "child_feeding": N_("Menyuluh ASI eksklusif dan MP-ASI kaya protein hewani"),
            "child_measuring": N_("Menimbang dan mengukur panjang, tinggi, kepala, dan lengan"),
            "child_growth": N_("Menjelaskan hasil ukur dan tindak lanjutnya"),
            "child_stimulation": N_("Menjelaskan stimulasi, vitamin A, dan obat cacing"),
            "child_immunisation": N_("Menjelaskan imunisasi rutin lengkap"),
            "child_danger": N_("Menjelaskan tanda bahaya bayi dan balita"),
        },
    ),
    "mother": (
        N_("Ibu hamil, nifas, dan menyusui"),
        {
            "mother_book": N_("Menjelaskan Buku KIA bagian ibu"),
            "mother_plate": N_("Menyuluh Isi Piringku ibu hamil dan menyusui"),
            "mother_checks": N_("Menjelaskan pemeriksaan ibu hamil dan nifas"),
            "mother_iron": N_("Menjelaskan tablet tambah darah setiap hari"),
            "mother_curve": N_("Memantau berat, lengan, dan tekanan darah dengan kurva Buku KIA"),
            "mother_danger": N_("Menjelaskan tanda bahaya ibu hamil dan nifas"),
        },
    ),
    "youth": (
        N_("Usia sekolah dan remaja"),
        {
            "youth_health": N_("Menyuluh Isi Piringku, aktivitas fisik, dan cek kesehatan"),
            "youth_anaemia": N_("Menjelaskan pencegahan anemia remaja putri"),
            "youth_risks": N_("Menyuluh bahaya rokok, napza, dan kehamilan remaja"),
        },
    ),
    "adult": (
        N_("Usia dewasa dan lansia"),
        {
            "adult_germas": N_("Menyuluh Germas: makan, gerak, cek kesehatan"),
            "adult_diseases": N_("Menjelaskan penyakit terbanyak: hipertensi, diabetes, stroke, TBC, jiwa"),
            "adult_detection": N_("Deteksi dini obesitas, hipertensi, dan diabetes"),
            "adult_instruments": N_("Deteksi dini dengan kuesioner: PUMA, TBC, jiwa, lansia"),
            "adult_contraception": N_("Menyuluh keluarga berencana"),
        },
    ),
}
"""The five clusters of skills: heading, then the 25 skills by the name of their field."""

TRAINING = Form(
    name="training",
    title=N_("Pelatihan kader"),
    version=1,
    links=("worker_id",),
    sections=(
        Section(
            N_("Pelatihan"),
            (
                Date(name="held_on", label=N_("Tanggal"), required=True),
                Choice(
                    name="topic",
                    label=N_("Materi"),
                    required=True,
                    options=(
                        option("basic", N_("25 keterampilan dasar")),
                        option("measuring", N_("Penimbangan dan pengukuran")),
                        option("feeding", N_("ASI dan MP-ASI (PMBA)")),
                        option("development", N_("Tumbuh kembang (SDIDTK)")),
                        option("ncd", N_("Penyakit tidak menular")),
                        option("elderly", N_("Kesehatan lansia")),
                        option("records", N_("Pencatatan dan aplikasi")),
                        option("other", N_("Lainnya")),
                    ),
                ),
                Number(name="days", label=N_("Lama"), unit=N_("hari"), low=1, high=60),
                Text(name="organiser", label=N_("Penyelenggara")),
                YesNo(name="certificate", label=N_("Dapat sertifikat")),
                Text(name="note", label=N_("Catatan")),
            ),
        ),
    ),
)

COMPETENCE = Form(
    name="competence",
    title=N_("Keterampilan kader"),
    version=1,
    links=("worker_id",),
    source=SOURCE,
    since="2023-08-29",
    sections=(
        Section(
            N_("Penilaian"),
            (
                Date(name="assessed_on", label=N_("Dinilai tanggal"), required=True),
                Text(name="assessor", label=N_("Penilai")),
            ),
        ),
        *(
            Section(
                heading,
                tuple(YesNo(name=name, label=label, yes=N_("Mampu"), no=N_("Belum")) for name, label in skills.items()),
            )
            for heading, skills in CLUSTERS.values()
        ),
    ),
)
