"""Masalah sosial: what a kader reports of a family or a place, each step taken about it, and the sealed part.

A report names one of the six fields of minimum service of Permendagri 13/2024 and a kind from the early detection of
NTB. Steps are records of their own that each name the one before, so that nothing that happened is overwritten. What
is confidential never becomes a report of this form: its answers are encrypted and travel as a `sealed` record.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from posyandu.domain.duties import DUTIES
from posyandu.domain.fields import Answers, Choice, Date, Option, Text, option
from posyandu.domain.form import Form, Section
from posyandu.text import N_

FIELDS = {
    "education": N_("Pendidikan"),
    "health": N_("Kesehatan"),
    "public_works": N_("Pekerjaan umum"),
    "housing": N_("Perumahan rakyat"),
    "order": N_("Ketenteraman dan ketertiban"),
    "social": N_("Sosial"),
}
"""The six fields of SPM by code, in the order of the regulation."""

PLACES = {
    "village": N_("Pemerintah desa"),
    "puskesmas": N_("Puskesmas"),
    "education_office": N_("Dinas Pendidikan"),
    "social_office": N_("Dinas Sosial"),
    "women_office": N_("DP3AP2KB atau PLKB"),
    "ppa": N_("UPTD PPA"),
    "population_office": N_("Dukcapil"),
    "works_office": N_("Dinas PU dan Perumahan"),
    "environment_office": N_("Dinas Lingkungan Hidup"),
    "disaster_office": N_("BPBD"),
    "migrant_office": N_("BP3MI"),
    "narcotics_office": N_("BNN atau IPWL"),
    "religion_office": N_("KUA"),
    "police": N_("Polisi (Bhabinkamtibmas)"),
    "other": N_("Lainnya"),
}
"""Where a report can be sent on to, by code."""


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its field of SPM, plain words, what it looks like, what to write down, and whom to tell.

    A `sealed` kind is always confidential.
    """

    code: str
    field: str
    label: str
    example: str
    ask: str
    refer_to: str
    sealed: bool = False


KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            "dropout", "education", N_("Putus sekolah"), N_("Anak berhenti sekolah, sering bolos, ikut bekerja"),
            N_("Kelas terakhir, sejak kapan, dan alasannya"), "education_office",
        ),
        Kind(
            "no_school", "education", N_("Belum sekolah atau PAUD"), N_("Umur 3 tahun ke atas belum PAUD atau sekolah"),
            N_("Umur anak dan mengapa belum masuk"), "education_office",
        ),
        Kind(
            "cannot_read", "education", N_("Belum bisa membaca"), N_("Orang dewasa yang ingin belajar membaca"),
            N_("Siapa dan apakah mau ikut belajar"), "education_office",
        ),
        Kind(
            "no_care", "health", N_("Sakit tidak berobat"), N_("Tidak punya biaya, jaminan, atau yang mengantar"),
            N_("Keluhan, sejak kapan, dan apa yang menghalangi"), "puskesmas",
        ),
        Kind(
            "mental_health", "health", N_("Gangguan jiwa"), N_("Mengurung diri, mengamuk, dipasung, putus obat"),
            N_("Yang terlihat, apakah berobat, apakah dipasung"), "puskesmas", sealed=True,
        ),
        Kind(
            "drugs", "health", N_("Narkoba"), N_("Diduga memakai obat terlarang"),
            N_("Dugaan saja, tanpa rincian"), "puskesmas", sealed=True,
        ),
        Kind(
            "water", "public_works", N_("Air bersih"), N_("Sumur kering, air keruh, jaringan rusak"),
            N_("Lokasi dan berapa rumah terdampak"), "works_office",
        ),
        Kind(
            "sanitation", "public_works", N_("Jamban atau limbah"), N_("Belum punya jamban, saluran mampet"),
            N_("Lokasi dan berapa rumah terdampak"), "works_office",
        ),
        Kind(
            "waste", "public_works", N_("Sampah dan lingkungan"), N_("Sampah menumpuk, selokan, genangan"),
            N_("Lokasi dan sejak kapan"), "environment_office",
        ),
        Kind(
            "road", "public_works", N_("Jalan atau jembatan rusak"), N_("Sulit dilalui, berbahaya bagi warga"),
            N_("Lokasi dan panjang kerusakan"), "works_office",
        ),
        Kind(
            "unfit_house", "housing", N_("Rumah tidak layak huni"), N_("Atap bocor, dinding lapuk, lantai tanah"),
            N_("Atap, dinding, lantai, luas, dan milik siapa"), "works_office",
        ),
        Kind(
            "disaster", "order", N_("Bencana atau kebakaran"), N_("Banjir, gempa, longsor, angin, kebakaran"),
            N_("Kejadian, tempat, dan jumlah yang terdampak"), "disaster_office",
        ),
        Kind(
            "conflict", "order", N_("Gangguan ketertiban"), N_("Perselisihan warga, pencurian, perkelahian"),
            N_("Kejadian dan tempat, tanpa menuduh"), "village",
        ),
        Kind(
            "violence", "order", N_("Kekerasan dalam rumah tangga"), N_("Dipukul, diancam, tidak diberi nafkah"),
            N_("Yang terlihat atau diceritakan. Apakah sekarang dalam bahaya?"), "ppa", sealed=True,
        ),
        Kind(
            "child_abuse", "order", N_("Kekerasan atau pelecehan anak"), N_("Luka, takut pulang, dilecehkan"),
            N_("Yang terlihat atau diceritakan. Apakah anak sekarang aman?"), "ppa", sealed=True,
        ),
        Kind(
            "trafficking", "order", N_("Perdagangan orang"), N_("Dijanjikan kerja, dokumen ditahan, hilang kabar"),
            N_("Yang terlihat atau diceritakan, ke mana dibawa"), "ppa", sealed=True,
        ),
        Kind(
            "child_marriage", "social", N_("Perkawinan anak"), N_("Akan atau sudah menikah sebelum 19 tahun"),
            N_("Umur keduanya, rencana atau sudah, masih sekolah?"), "women_office",
        ),
        Kind(
            "migrant_family", "social", N_("Keluarga pekerja migran"),
            N_("Anak ditinggal, hilang kontak, gaji ditahan"),
            N_("Negara, sejak kapan, jalur resmi atau tidak, anak bersama siapa"), "migrant_office",
        ),
        Kind(
            "disability", "social", N_("Disabilitas belum dibantu"), N_("Butuh kursi roda, alat dengar, terapi"),
            N_("Ragam disabilitas, alat dan layanan yang dibutuhkan"), "social_office",
        ),
        Kind(
            "neglected_child", "social", N_("Anak terlantar"), N_("Tidak ada yang mengasuh, kurang makan"),
            N_("Siapa yang mengasuh sekarang, makan dari mana"), "social_office",
        ),
        Kind(
            "elderly_alone", "social", N_("Lansia sendiri atau terlantar"),
            N_("Tinggal sendiri, tidak ada yang merawat"),
            N_("Siapa yang menengok, makan dari mana"), "social_office",
        ),
        Kind(
            "poor_no_aid", "social", N_("Miskin tanpa bantuan"), N_("Belum dapat PKH, sembako, BLT atau BPJS PBI"),
            N_("Bantuan yang belum diterima dan keadaan keluarga"), "social_office",
        ),
        Kind(
            "no_documents", "social", N_("Tanpa NIK, KK atau akta"), N_("Anak belum punya akta lahir, KK hilang"),
            N_("Surat apa yang belum ada dan mengapa"), "population_office",
        ),
        Kind(
            "other", "social", N_("Masalah lain"), N_("Tidak ada di daftar ini"),
            N_("Ceritakan singkat"), "village",
        ),
    )
}  # fmt: skip
"""Every kind by code, under its field; codes live for ever."""

STAGES = {
    "recorded": N_("Tercatat"),
    "verified": N_("Diverifikasi"),
    "forwarded": N_("Diteruskan"),
    "handled": N_("Ditangani"),
    "done": N_("Selesai"),
    "refused": N_("Ditolak"),
}
"""Where a report stands, by code, in the order it goes."""


def is_refused(answers: Answers) -> bool:
    """Whether the step ends the report without help."""
    return answers.get("stage") == "refused"


def is_forwarded(answers: Answers) -> bool:
    """Whether the step sends the report on."""
    return answers.get("stage") == "forwarded"


def _options(words: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(option(code, label) for code, label in words.items())


TICKET = Form(
    name="social_ticket",
    title=N_("Masalah sosial"),
    version=1,
    links=("person_id", "household_id", "worker_id"),
    source="Permendagri 13/2024 enam bidang SPM; deteksi dini masalah sosial Posyandu Keluarga NTB",
    since="2024-01-01",
    sections=(
        Section(
            N_("Masalah"),
            (
                Choice(
                    name="kind",
                    label=N_("Jenis masalah"),
                    required=True,
                    options=tuple(option(kind.code, kind.label) for kind in KINDS.values()),
                ),
                Choice(
                    name="field",
                    label=N_("Bidang SPM"),
                    official="Permendagri 13/2024 bidang",
                    required=True,
                    options=_options(FIELDS),
                ),
                Text(name="finding", label=N_("Apa yang ditemukan"), required=True, lines=3),
                Text(name="place", label=N_("Tempat atau siapa"), hint=N_("Bila bukan satu orang atau keluarga")),
            ),
        ),
        Section(
            N_("Persetujuan dan waktu"),
            (
                Choice(
                    name="consent",
                    label=N_("Keluarga setuju dilaporkan"),
                    required=True,
                    options=(
                        option("agreed", N_("Setuju")),
                        option("declined", N_("Tidak setuju")),
                        option("not_asked", N_("Belum ditanya")),
                    ),
                ),
                Choice(
                    name="urgency",
                    label=N_("Seberapa mendesak"),
                    required=True,
                    options=(
                        option("emergency", N_("Darurat, hari ini")),
                        option("high", N_("Penting")),
                        option("normal", N_("Biasa")),
                    ),
                ),
                Date(name="noted_on", label=N_("Tanggal dicatat"), required=True),
                Choice(
                    name="source",
                    label=N_("Diketahui dari"),
                    options=(
                        option("session", N_("Hari Posyandu")),
                        option("home_visit", N_("Kunjungan rumah")),
                        option("neighbour", N_("Laporan warga")),
                        option("self", N_("Orangnya sendiri")),
                    ),
                ),
            ),
        ),
        Section(
            N_("Yang sudah dilakukan"),
            (
                Text(name="action", label=N_("Yang sudah dilakukan kader"), lines=2),
                Choice(name="referred_to", label=N_("Disampaikan kepada"), options=_options(PLACES)),
            ),
        ),
    ),
)

STEP = Form(
    name="social_step",
    title=N_("Langkah tiket"),
    version=1,
    links=("ticket_id",),
    sections=(
        Section(
            N_("Langkah"),
            (
                Text(name="follows", label=N_("Sesudah langkah")),
                Choice(name="stage", label=N_("Tahap"), required=True, options=_options(STAGES)),
                Date(name="stepped_on", label=N_("Tanggal"), required=True),
                Text(name="done_by", label=N_("Oleh"), required=True),
                Choice(name="role", label=N_("Tugas"), options=_options(DUTIES)),
                Choice(name="sent_to", label=N_("Diteruskan kepada"), options=_options(PLACES), shown_if=is_forwarded),
                Text(name="owner", label=N_("Ditangani oleh")),
                Text(name="note", label=N_("Catatan"), lines=2),
                Text(name="reason", label=N_("Alasan ditolak"), lines=2, shown_if=is_refused),
                Text(name="reference", label=N_("Nomor di kantor lain")),
            ),
        ),
    ),
)

SEALED = Form(
    name="sealed",
    title=N_("Bagian rahasia"),
    version=1,
    links=("about_id", "worker_id"),
    sections=(
        Section(
            N_("Bagian rahasia"),
            (
                Choice(
                    name="purpose",
                    label=N_("Untuk"),
                    required=True,
                    options=(
                        option("social", N_("Masalah sosial")),
                        option("social_step", N_("Langkah tiket")),
                        option("srq20", N_("SRQ-20")),
                        option("school_mental", N_("Skrining jiwa usia sekolah dan remaja")),
                        option("sdq", N_("Hasil SDQ")),
                    ),
                ),
                Text(
                    name="box",
                    label=N_("Isi tersegel"),
                    hint=N_("Hanya terbaca oleh pemegang kunci"),
                    required=True,
                ),
            ),
        ),
    ),
)

SEALING_KEY = Form(
    name="sealing_key",
    title=N_("Kunci pembaca rahasia"),
    version=1,
    links=("worker_id",),
    sections=(
        Section(
            N_("Kunci pembaca rahasia"),
            (
                Text(name="name", label=N_("Nama"), required=True),
                Choice(name="role", label=N_("Tugas"), required=True, options=_options(DUTIES)),
                Text(name="public_key", label=N_("Kunci umum"), required=True),
                Date(name="made_on", label=N_("Dibuat"), required=True),
                Date(name="ended_on", label=N_("Tidak berlaku sejak")),
            ),
        ),
    ),
)

SEALED_ACCESS = Form(
    name="sealed_access",
    title=N_("Catatan akses"),
    version=3,
    links=("about_id", "worker_id"),
    sections=(
        Section(
            N_("Catatan akses"),
            (
                Choice(
                    name="action",
                    label=N_("Yang dilakukan"),
                    required=True,
                    options=(
                        option("opened", N_("Dibuka")),
                        option("shared", N_("Kunci dibagikan")),
                        option("printed", N_("Dicetak")),
                        option("report", N_("Laporan atau register disimpan atau dicetak")),
                        option("names", N_("Daftar nama disimpan, dicetak, atau disalin")),
                        option("exported_person", N_("Data satu orang disimpan ke berkas")),
                        option("erased_person", N_("Data satu orang dihapus atas permintaan")),
                        option("exported_data", N_("Data Posyandu disimpan ke berkas")),
                        option("pin_changed", N_("PIN sendiri diganti")),
                        option("pin_reset", N_("PIN baru untuk kader lain")),
                        option("member_added", N_("Kader ditambahkan")),
                        option("recovery_key", N_("Kunci pemulihan baru dibuat")),
                        option("day_lock", N_("Kartu kunci baru dibuat")),
                        option("day_lock_off", N_("Kartu kunci dimatikan")),
                        option("restored", N_("Buku dipulihkan dari cadangan")),
                    ),
                ),
                Text(name="opened_at", label=N_("Waktu"), required=True),
                Text(name="done_by", label=N_("Oleh"), required=True),
                Text(name="wrap", label=N_("Kunci untuk pembaca baru")),
                Text(
                    name="title",
                    label=N_("Judul yang keluar"),
                    hint=N_("Laporan, tempat, dan bulannya; tidak pernah nama orang"),
                ),
            ),
        ),
    ),
)
