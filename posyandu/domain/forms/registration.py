"""Who and where: the post, its kader, households and persons."""

from posyandu.domain.duties import DUTIES
from posyandu.domain.fields import Answers, Choice, Date, Number, Text, YesNo, option
from posyandu.domain.form import Form, Section
from posyandu.text import N_


def left(answers: Answers) -> bool:
    """Whether the person has moved or died."""
    return answers.get("status") in ("moved", "died")


def has_guardian(answers: Answers) -> bool:
    """Whether somebody else than the parents looks after the person."""
    return answers.get("guardian_name") is not None


def someone_has_tbc(answers: Answers) -> bool:
    """Whether somebody at home has TBC."""
    return answers.get("ill_tbc") is True


def someone_has_hypertension(answers: Answers) -> bool:
    """Whether somebody at home has high blood pressure."""
    return answers.get("ill_hypertension") is True


def someone_has_mental_illness(answers: Answers) -> bool:
    """Whether somebody at home has a severe mental illness."""
    return answers.get("ill_mental") is True


def stopped(answers: Answers) -> bool:
    """Whether the kader does not work here any more."""
    return answers.get("active") is False


POSYANDU = Form(
    name="posyandu",
    title=N_("Posyandu"),
    version=1,
    sections=(
        Section(
            N_("Posyandu"),
            (
                Text(name="name", label=N_("Nama Posyandu"), required=True),
                Text(name="village_code", label=N_("Desa atau kelurahan"), required=True),
                Text(name="registration_number", label=N_("Nomor registrasi")),
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
    version=2,
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
    version=4,
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
            N_("Rumah dan bantuan"),
            (
                YesNo(name="clean_water", label=N_("Air bersih"), yes=N_("Ada"), no=N_("Tidak ada")),
                YesNo(name="latrine", label=N_("Jamban sehat"), yes=N_("Ada"), no=N_("Tidak ada")),
                YesNo(name="ventilation", label=N_("Ventilasi cukup")),
                YesNo(name="fit_house", label=N_("Rumah layak huni")),
                YesNo(name="smoker", label=N_("Ada perokok di rumah")),
                Choice(
                    name="social_aid",
                    label=N_("Bantuan sosial"),
                    options=(
                        option("none", N_("Tidak ada")),
                        option("pkh", "PKH"),
                        option("bpnt", N_("BPNT/Sembako")),
                        option("blt", N_("BLT Desa")),
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
                    label=N_("Bayi di bawah 1 tahun lahir di fasilitas kesehatan"),
                    hint=N_("Isi bila persalinannya tidak dicatat di buku ini"),
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
    version=4,
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
)
