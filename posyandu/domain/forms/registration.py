"""Who and where: the post, its kader, households and persons."""

from collections.abc import Iterable
from datetime import date

from posyandu.domain.calendar import age_months
from posyandu.domain.duties import DUTIES
from posyandu.domain.fields import Answers, Choice, Date, Number, Text, YesNo, option
from posyandu.domain.form import Context, Form, Level, Problem, Section
from posyandu.domain.forms.social import FIELDS
from posyandu.text import N_, _


def left(answers: Answers) -> bool:
    """Whether the person has moved or died."""
    return answers.get("status") in ("moved", "died")


def has_guardian(answers: Answers) -> bool:
    """Whether somebody else than the parents looks after the person."""
    return answers.get("guardian_name") is not None


def has_no_nik(answers: Answers) -> bool:
    """Whether no NIK is known."""
    return answers.get("nik") is None


def has_jkn(answers: Answers) -> bool:
    """Whether the person is a member of JKN, of whatever kind."""
    return answers.get("jkn_kind") not in (None, "none")


def insured(answers: Answers) -> bool | None:
    """Whether the person is a member of JKN: by the kind of membership, else by a number; None while neither tells."""
    kind = answers.get("jkn_kind")
    if kind is not None:
        return kind != "none"
    return True if answers.get("jkn") else None


def has_disability(answers: Answers) -> bool:
    """Whether the person lives with a disability."""
    return answers.get("disability") not in (None, "none")


def is_betrothed(answers: Answers) -> bool:
    """Whether the person is marked as about to marry (catin)."""
    return answers.get("betrothed") is True


def someone_has_tbc(answers: Answers) -> bool:
    """Whether somebody at home has TBC."""
    return answers.get("ill_tbc") is True


def someone_has_hypertension(answers: Answers) -> bool:
    """Whether somebody at home has high blood pressure."""
    return answers.get("ill_hypertension") is True


def someone_has_mental_illness(answers: Answers) -> bool:
    """Whether somebody at home has a severe mental illness."""
    return answers.get("ill_mental") is True


def heads_a_field(answers: Answers) -> bool:
    """Whether the kader heads one of the six fields."""
    return answers.get("position") == "field_head"


def stopped(answers: Answers) -> bool:
    """Whether the kader does not work here any more."""
    return answers.get("active") is False


def _betrothal(answers: Answers, context: Context) -> Iterable[Problem]:
    """What a mark as catin makes doubtful: a wedding before the least age, or somebody already married."""
    if not is_betrothed(answers):
        return
    born_on, wedding_on = answers.get("born_on"), answers.get("wedding_on")
    on, years = wedding_on if isinstance(wedding_on, date) else context.today, context.numbers.get("marry_years", 0)
    if isinstance(born_on, date) and born_on <= on and age_months(born_on, on) < years * 12:
        words = _("Belum {years} tahun (UU 16/2019). Bicarakan baik-baik, lalu laporkan di Masalah sosial.")
        yield Problem("betrothed", Level.SILENT, words.format(years=years))
    if answers.get("marital_status") == "married":
        yield Problem("betrothed", Level.SILENT, _("Sudah menikah menurut status perkawinan. Periksa salah satunya."))


POSYANDU = Form(
    name="posyandu",
    title=N_("Posyandu"),
    version=2,
    sections=(
        Section(
            N_("Posyandu"),
            (
                Text(name="name", label=N_("Nama Posyandu"), required=True),
                Text(name="village_code", label=N_("Desa atau kelurahan"), required=True),
                Text(name="registration_number", label=N_("Nomor registrasi")),
                Text(
                    name="decree",
                    label=N_("Nomor SK Posyandu"),
                    hint=N_("SK kepala desa atau lurah tentang pembentukan Posyandu"),
                    official="Permendagri 13/2024: registrasi",
                ),
                Date(name="decree_on", label=N_("Tanggal SK"), official="Permendagri 13/2024: registrasi"),
                Text(name="hamlet", label=N_("Dusun")),
                Text(name="rt", label=N_("RT")),
                Text(name="rw", label=N_("RW")),
                Text(name="address", label=N_("Tempat kegiatan")),
                Text(name="puskesmas", label=N_("Puskesmas")),
                Text(name="pustu", label=N_("Pustu")),
                Text(name="coordinator", label=N_("Koordinator kader")),
                Text(name="midwife", label=N_("Bidan pembina")),
                Text(name="midwife_nip", label=N_("NIP bidan")),
                Text(name="nutritionist", label=N_("Petugas gizi")),
                Text(name="nutritionist_nip", label=N_("NIP petugas gizi")),
                Text(name="village_head", label=N_("Kepala desa atau lurah")),
                Number(name="open_day", label=N_("Hari buka, tanggal berapa"), low=1, high=31),
            ),
        ),
    ),
)

WORKER = Form(
    name="worker",
    title=N_("Kader"),
    version=3,
    sections=(
        Section(
            N_("Kader"),
            (
                Text(name="name", label=N_("Nama"), required=True),
                Choice(
                    name="role",
                    label=N_("Tugas"),
                    options=tuple(option(code, words) for code, words in DUTIES.items()),
                ),
                Text(name="phone", label=N_("Nomor HP")),
                YesNo(name="active", label=N_("Masih bertugas")),
                YesNo(name="trained", label=N_("Sudah dilatih")),
                Choice(
                    name="position",
                    label=N_("Jabatan di Posyandu"),
                    options=(
                        option("chair", N_("Ketua")),
                        option("secretary", N_("Sekretaris")),
                        option("treasurer", N_("Bendahara")),
                        option("field_head", N_("Ketua bidang")),
                        option("member", N_("Anggota")),
                    ),
                ),
                Choice(
                    name="field",
                    label=N_("Ketua bidang apa"),
                    official="Permendagri 13/2024: enam bidang",
                    options=tuple(option(code, words) for code, words in FIELDS.items()),
                    shown_if=heads_a_field,
                ),
                Text(name="decree", label=N_("Nomor SK"), hint=N_("SK kepala desa atau lurah")),
                Date(name="since_on", label=N_("Bertugas sejak")),
                Date(name="until_on", label=N_("Berhenti tanggal"), shown_if=stopped),
            ),
        ),
    ),
)

HOUSEHOLD = Form(
    name="household",
    title=N_("Keluarga"),
    version=5,
    sections=(
        Section(
            N_("Keluarga"),
            (
                Text(name="kk", label=N_("Nomor KK"), digits=16),
                Text(name="head_name", label=N_("Kepala keluarga")),
                Text(name="address", label=N_("Alamat")),
                Text(name="hamlet", label=N_("Dusun")),
                Text(name="rt", label=N_("RT")),
                Text(name="rw", label=N_("RW")),
                Text(name="dasawisma", label=N_("Kelompok dasawisma")),
                YesNo(name="poor", label=N_("Keluarga miskin (Gakin)")),
            ),
        ),
        Section(
            N_("Rumah"),
            (
                YesNo(name="clean_water", label=N_("Air bersih"), yes=N_("Ada"), no=N_("Tidak ada")),
                YesNo(name="latrine", label=N_("Jamban sehat"), yes=N_("Ada"), no=N_("Tidak ada")),
                YesNo(name="ventilation", label=N_("Ventilasi cukup")),
                YesNo(name="fit_house", label=N_("Rumah layak huni")),
                Choice(
                    name="house_owner",
                    label=N_("Kepemilikan rumah"),
                    official="Permendagri 13/2024: perumahan rakyat",
                    options=(
                        option("own", N_("Milik sendiri")),
                        option("rent", N_("Sewa atau kontrak")),
                        option("free", N_("Menumpang, tanpa sewa")),
                        option("office", N_("Rumah dinas")),
                        option("other", N_("Lainnya")),
                    ),
                ),
                Choice(
                    name="house_floor",
                    label=N_("Lantai rumah"),
                    hint=N_("Bagian yang terluas"),
                    official="Permendagri 13/2024: perumahan rakyat",
                    options=(
                        option("tile", N_("Keramik atau ubin")),
                        option("cement", N_("Semen")),
                        option("wood", N_("Kayu atau papan")),
                        option("bamboo", N_("Bambu")),
                        option("earth", N_("Tanah")),
                        option("other", N_("Lainnya")),
                    ),
                ),
                Choice(
                    name="house_wall",
                    label=N_("Dinding rumah"),
                    hint=N_("Bagian yang terluas"),
                    official="Permendagri 13/2024: perumahan rakyat",
                    options=(
                        option("masonry", N_("Tembok")),
                        option("wood", N_("Kayu atau papan")),
                        option("plastered", N_("Anyaman bambu diplester")),
                        option("bamboo", N_("Anyaman bambu")),
                        option("other", N_("Lainnya")),
                    ),
                ),
                Choice(
                    name="house_roof",
                    label=N_("Atap rumah"),
                    hint=N_("Bagian yang terluas"),
                    official="Permendagri 13/2024: perumahan rakyat",
                    options=(
                        option("concrete", N_("Beton")),
                        option("tile", N_("Genteng")),
                        option("metal", N_("Seng")),
                        option("asbestos", N_("Asbes")),
                        option("wood", N_("Kayu atau sirap")),
                        option("thatch", N_("Ijuk, rumbia, atau jerami")),
                        option("other", N_("Lainnya")),
                    ),
                ),
                Number(
                    name="floor_area_m2",
                    label=N_("Luas lantai rumah"),
                    hint=N_("Panjang kali lebar, dalam meter"),
                    official="Permendagri 13/2024: perumahan rakyat",
                    unit="m²",
                    low=4,
                    high=999,
                ),
                Choice(
                    name="water_source",
                    label=N_("Sumber air minum"),
                    official="Permendagri 13/2024: pekerjaan umum",
                    options=(
                        option("pipe", N_("Air ledeng atau PAM desa")),
                        option("bottled", N_("Air kemasan atau isi ulang")),
                        option("borehole", N_("Sumur bor atau pompa")),
                        option("well", N_("Sumur terlindung")),
                        option("open_well", N_("Sumur tak terlindung")),
                        option("spring", N_("Mata air")),
                        option("rain", N_("Air hujan")),
                        option("river", N_("Sungai, danau, atau embung")),
                        option("other", N_("Lainnya")),
                    ),
                ),
                YesNo(
                    name="drain",
                    label=N_("Saluran air limbah"),
                    official="Permendagri 13/2024: pekerjaan umum",
                    yes=N_("Ada"),
                    no=N_("Tidak ada"),
                ),
                YesNo(
                    name="waste_sorted",
                    label=N_("Sampah diangkut atau dikelola"),
                    hint=N_("Bukan dibakar atau dibuang ke sungai"),
                    official="Permendagri 13/2024: pekerjaan umum",
                ),
            ),
        ),
        Section(
            N_("Bantuan dan kesehatan"),
            (
                YesNo(name="smoker", label=N_("Ada perokok di rumah")),
                Choice(
                    name="social_aid",
                    label=N_("Bantuan sosial"),
                    options=(
                        option("none", N_("Tidak ada")),
                        option("pkh", "PKH"),
                        option("bpnt", N_("BPNT/Sembako")),
                        option("blt", N_("BLT Desa")),
                        option("pbi", N_("PBI (iuran JKN dibayar pemerintah)")),
                        option("other", N_("Lainnya")),
                    ),
                ),
                YesNo(name="insured", label=N_("Semua punya jaminan kesehatan"), official="Kunjungan rumah: keluarga"),
                YesNo(name="ill_tbc", label=N_("Ada yang sakit TBC"), official="Kunjungan rumah: keluarga"),
                YesNo(
                    name="tbc_treated",
                    label=N_("Yang TBC berobat sesuai standar"),
                    official="PIS-PK 6",
                    shown_if=someone_has_tbc,
                ),
                YesNo(name="ill_hypertension", label=N_("Ada yang hipertensi"), official="Kunjungan rumah: keluarga"),
                YesNo(
                    name="hypertension_treated",
                    label=N_("Yang hipertensi berobat teratur"),
                    official="PIS-PK 7",
                    shown_if=someone_has_hypertension,
                ),
                YesNo(name="ill_diabetes", label=N_("Ada yang kencing manis"), official="Kunjungan rumah: keluarga"),
                YesNo(name="ill_mental", label=N_("Ada yang gangguan jiwa"), official="Kunjungan rumah: keluarga"),
                YesNo(
                    name="mental_treated",
                    label=N_("Yang gangguan jiwa diobati dan tidak ditelantarkan"),
                    official="PIS-PK 8",
                    shown_if=someone_has_mental_illness,
                ),
                YesNo(
                    name="born_in_facility",
                    label=N_("Bayi lahir di fasilitas kesehatan"),
                    hint=N_("Bayi di bawah {birth_under} bulan, bila persalinannya tidak dicatat di buku ini"),
                    official="PIS-PK 2",
                ),
                Text(name="note", label=N_("Catatan"), lines=2),
            ),
        ),
    ),
)

PERSON = Form(
    name="person",
    title=N_("Pendaftaran"),
    version=5,
    links=("household_id", "mother_id", "father_id", "guardian_id"),
    sections=(
        Section(
            N_("Siapa"),
            (
                Text(name="name", label=N_("Nama lengkap"), required=True),
                Choice(
                    name="sex",
                    label=N_("Jenis kelamin"),
                    required=True,
                    options=(option("male", N_("Laki-laki")), option("female", N_("Perempuan"))),
                ),
                Date(name="born_on", label=N_("Tanggal lahir"), required=True),
                YesNo(
                    name="born_estimated",
                    label=N_("Tanggal lahir perkiraan"),
                    hint=N_("Ya bila hanya umurnya yang diketahui"),
                ),
                Text(name="nik", label="NIK", digits=16),
                Choice(
                    name="nik_missing",
                    label=N_("Mengapa NIK belum ada"),
                    official="Data keluarga: NIK",
                    options=(
                        option("none_yet", N_("Belum punya")),
                        option("not_brought", N_("Tidak dibawa")),
                        option("no_documents", N_("Tidak ada dokumen")),
                        option("foreigner", N_("Warga negara asing")),
                    ),
                    shown_if=has_no_nik,
                ),
                YesNo(name="birth_certificate", label=N_("Punya akta lahir"), official="OpenSID: akta_lahir"),
                YesNo(name="guest", label=N_("Tamu dari Posyandu lain")),
            ),
        ),
        Section(
            N_("Keluarga"),
            (
                Text(name="mother_name", label=N_("Nama ibu")),
                Text(name="father_name", label=N_("Nama ayah")),
                Text(name="husband_name", label=N_("Nama suami")),
                Text(name="kk", label=N_("Nomor KK"), digits=16),
                Text(name="address", label=N_("Alamat")),
                Text(name="hamlet", label=N_("Dusun")),
                Text(name="rt", label=N_("RT")),
                Text(name="rw", label=N_("RW")),
                Text(name="dasawisma", label=N_("Kelompok dasawisma")),
                Text(name="phone", label=N_("Nomor HP")),
                Text(name="jkn", label=N_("Nomor JKN/BPJS"), digits=13),
                Choice(
                    name="jkn_kind",
                    label=N_("Kepesertaan JKN"),
                    official="Data keluarga: JKN",
                    options=(
                        option("pbi", N_("PBI-JK (dibayar pemerintah pusat)")),
                        option("pbi_local", N_("PBI daerah (dibayar pemda)")),
                        option("worker", N_("PPU (pekerja penerima upah)")),
                        option("own", N_("PBPU (bayar sendiri)")),
                        option("not_working", N_("BP (bukan pekerja)")),
                        option("none", N_("Tidak punya")),
                    ),
                ),
                YesNo(
                    name="jkn_active",
                    label=N_("Kartu JKN masih aktif"),
                    official="Data keluarga: JKN",
                    yes=N_("Aktif"),
                    no=N_("Tidak aktif"),
                    shown_if=has_jkn,
                ),
                Text(
                    name="jkn_facility",
                    label=N_("Faskes di kartu JKN"),
                    hint=N_("Puskesmas atau klinik yang tertulis di kartu"),
                    official="Data keluarga: JKN",
                    shown_if=has_jkn,
                ),
                YesNo(name="poor", label=N_("Keluarga miskin (Gakin)")),
            ),
        ),
        Section(
            N_("Data diri lain"),
            (
                Choice(
                    name="family_role",
                    label=N_("Hubungan dalam keluarga"),
                    official="Kunjungan rumah: anggota",
                    options=(
                        option("head", N_("Kepala keluarga")),
                        option("spouse", N_("Istri atau suami")),
                        option("child", N_("Anak")),
                        option("in_law", N_("Menantu")),
                        option("grandchild", N_("Cucu")),
                        option("parent", N_("Orang tua atau mertua")),
                        option("relative", N_("Famili lain")),
                        option("helper", N_("Pembantu")),
                        option("other", N_("Lainnya")),
                    ),
                ),
                Choice(
                    name="marital_status",
                    label=N_("Status perkawinan"),
                    official="Kartu dewasa: status perkawinan",
                    options=(
                        option("single", N_("Belum menikah")),
                        option("married", N_("Menikah")),
                        option("divorced", N_("Cerai hidup")),
                        option("widowed", N_("Cerai mati")),
                    ),
                ),
                Choice(
                    name="education",
                    label=N_("Pendidikan terakhir"),
                    official="Kunjungan rumah: anggota",
                    options=(
                        option("none", N_("Tidak atau belum sekolah")),
                        option("early", N_("PAUD atau TK")),
                        option("primary", N_("SD sederajat")),
                        option("lower", N_("SMP sederajat")),
                        option("upper", N_("SMA sederajat")),
                        option("higher", N_("Perguruan tinggi")),
                    ),
                ),
                Text(name="occupation", label=N_("Pekerjaan"), official="Kartu dewasa: pekerjaan"),
                YesNo(
                    name="betrothed",
                    label=N_("Calon pengantin (catin)"),
                    official="KMK 2015/2023 Bab X: catin",
                ),
                Date(
                    name="betrothed_on",
                    label=N_("Tercatat catin sejak"),
                    official="KMK 2015/2023 Bab X: catin",
                    shown_if=is_betrothed,
                ),
                Date(
                    name="wedding_on",
                    label=N_("Rencana tanggal menikah"),
                    official="KMK 2015/2023 Bab X: catin",
                    past_only=False,
                    shown_if=is_betrothed,
                ),
                Choice(
                    name="disability",
                    label=N_("Ragam disabilitas"),
                    official="Permendagri 13/2024: sosial",
                    options=(
                        option("none", N_("Tidak ada")),
                        option("physical", N_("Fisik")),
                        option("sight", N_("Netra")),
                        option("hearing_speech", N_("Rungu atau wicara")),
                        option("intellectual", N_("Intelektual")),
                        option("mental", N_("Mental")),
                        option("multiple", N_("Ganda (lebih dari satu)")),
                        option("other", N_("Lainnya")),
                    ),
                ),
                Text(
                    name="disability_aid",
                    label=N_("Alat bantu dan layanan"),
                    hint=N_("Kursi roda, alat dengar, terapi: yang dipakai dan yang dibutuhkan"),
                    official="Permendagri 13/2024: sosial",
                    shown_if=has_disability,
                ),
                Text(
                    name="communication",
                    label=N_("Cara berbicara yang dipahami"),
                    hint=N_("Isyarat, gambar, tulisan besar, didampingi"),
                    official="UU 27/2022 pasal 26",
                    shown_if=has_disability,
                ),
                Text(
                    name="guardian_name",
                    label=N_("Wali atau pengasuh"),
                    hint=N_("Bila sehari-hari tidak diasuh orang tuanya"),
                ),
                Choice(
                    name="guardian_role",
                    label=N_("Hubungan dengan wali"),
                    options=(
                        option("grandparent", N_("Kakek atau nenek")),
                        option("uncle_aunt", N_("Paman atau bibi")),
                        option("sibling", N_("Kakak")),
                        option("other", N_("Orang lain")),
                    ),
                    shown_if=has_guardian,
                ),
            ),
        ),
        Section(
            N_("Waktu lahir"),
            (
                Number(
                    name="birth_weight_g",
                    label=N_("Berat lahir"),
                    unit="kg",
                    per_unit=1000,
                    decimals=2,
                    low=300,
                    high=7_000,
                ),
                Number(
                    name="birth_length_mm",
                    label=N_("Panjang lahir"),
                    unit="cm",
                    per_unit=10,
                    decimals=1,
                    low=200,
                    high=650,
                ),
                Number(
                    name="birth_head_mm",
                    label=N_("Lingkar kepala lahir"),
                    unit="cm",
                    per_unit=10,
                    decimals=1,
                    low=200,
                    high=450,
                ),
                Number(name="birth_order", label=N_("Anak ke"), low=1, high=20),
                Number(
                    name="gestation_weeks", label=N_("Umur kehamilan saat lahir"), unit=N_("minggu"), low=20, high=44
                ),
                YesNo(name="early_breastfeeding", label=N_("IMD (menyusu dini)")),
                YesNo(name="has_kia_book", label=N_("Punya Buku KIA/KMS")),
            ),
        ),
        Section(
            N_("Keadaan sekarang"),
            (
                Choice(
                    name="status",
                    label=N_("Keadaan"),
                    options=(
                        option("active", N_("Tinggal di sini")),
                        option("away", N_("Pergi sementara")),
                        option("moved", N_("Pindah")),
                        option("died", N_("Meninggal")),
                    ),
                ),
                Date(name="entered_on", label=N_("Mulai tinggal di sini")),
                Date(name="left_on", label=N_("Tanggal pindah atau meninggal"), shown_if=left),
                Text(name="left_reason", label=N_("Keterangan"), shown_if=left),
                Number(name="register_number", label=N_("Nomor di buku register"), low=1, high=9999),
            ),
        ),
    ),
    rules=(_betrothal,),
)
