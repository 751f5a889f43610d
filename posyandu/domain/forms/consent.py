"""What somebody was told about their data and what they said to it: told when, by whom, which text; agreed or not; and
the day it was taken back. Who refused or took back sharing stays out of files with names (domain.consent.may_leave);
what else is to become of the data is decided by people.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from posyandu.domain.fields import Answers, Choice, Date, Text, option
from posyandu.domain.form import Context, Form, Level, Problem, Section
from posyandu.text import N_, _

PURPOSES: Mapping[str, str] = MappingProxyType(
    {
        "service": N_("Dicatat dan dilayani di Posyandu"),
        "share": N_("Data dengan nama dikirim ke Puskesmas dan dinas"),
        "picture": N_("Foto dan cerita kegiatan"),
    }
)
"""What people are asked about, each by itself."""

TEXTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "2026-11": (
            N_("Posyandu mencatat nama, tanggal lahir, alamat, NIK, hasil ukur, dan layanan kesehatan Anda dan anak."),
            N_("Gunanya: melayani, memantau tumbuh kembang dan kesehatan, dan membuat laporan Posyandu."),
            N_("Yang membaca: kader Posyandu ini, bidan, dan petugas Puskesmas. Angka untuk desa tanpa nama."),
            N_("Catatan disimpan di laptop yang dikunci. Jawaban yang rahasia hanya dibuka tenaga kesehatan."),
            N_("Anda boleh melihat, minta salinan, minta dibetulkan, dan minta dihapus. Kami jawab dalam 3 hari."),
            N_("Persetujuan boleh ditarik kapan saja. Anda tetap dilayani. Tidak ada yang dihapus tanpa diminta."),
        ),
    }
)
"""The words read to people, by version. A changed word is a new version; old ones stay, for records name them."""

VERSION = max(TEXTS)
"""The text that is read now."""

GIVERS: Mapping[str, str] = MappingProxyType(
    {
        "self": N_("Orangnya sendiri"),
        "mother": N_("Ibu"),
        "father": N_("Ayah"),
        "guardian": N_("Wali atau pengasuh"),
        "other": N_("Orang lain"),
    }
)


def was_asked(answers: Answers) -> bool:
    """Whether an answer was asked for, not only the notice given."""
    return answers.get("answer") in ("agreed", "declined")


def for_another(answers: Answers) -> bool:
    """Whether somebody else answered for the person."""
    return was_asked(answers) and answers.get("given_by") not in (None, "self")


def was_agreed(answers: Answers) -> bool:
    """Whether it was agreed to: only then there is something to take back."""
    return answers.get("answer") == "agreed"


def was_withdrawn(answers: Answers) -> bool:
    """Whether the agreement was taken back."""
    return was_agreed(answers) and answers.get("withdrawn_on") is not None


def _in_order(answers: Answers, _context: Context) -> Iterable[Problem]:
    told_on, back_on = answers.get("told_on"), answers.get("withdrawn_on")
    if was_withdrawn(answers) and isinstance(told_on, date) and isinstance(back_on, date) and back_on < told_on:
        yield Problem("withdrawn_on", Level.SOFT, _("Ditarik sebelum diberikan. Periksa kedua tanggalnya."))


FORM = Form(
    name="consent",
    title=N_("Persetujuan"),
    version=1,
    links=("person_id",),
    source="UU 27/2022 tentang Pelindungan Data Pribadi, pasal 20-22, 25, 40",
    since="2024-10-17",
    rules=(_in_order,),
    sections=(
        Section(
            N_("Pemberitahuan"),
            (
                Date(name="told_on", label=N_("Diberi tahu tanggal"), official="UU 27/2022 pasal 21", required=True),
                Choice(
                    name="purpose",
                    label=N_("Tentang apa"),
                    official="UU 27/2022 pasal 20",
                    required=True,
                    options=tuple(option(code, words) for code, words in PURPOSES.items()),
                ),
                Text(
                    name="text_version",
                    label=N_("Naskah yang dibacakan"),
                    hint=N_("Versi naskahnya, misalnya 2026-11"),
                    official="UU 27/2022 pasal 21",
                ),
                Text(name="told_by", label=N_("Dijelaskan oleh"), official="UU 27/2022 pasal 21"),
            ),
        ),
        Section(
            N_("Jawaban"),
            (
                Choice(
                    name="answer",
                    label=N_("Jawabannya"),
                    official="UU 27/2022 pasal 22",
                    options=(
                        option("told", N_("Hanya diberi tahu")),
                        option("agreed", N_("Setuju")),
                        option("declined", N_("Tidak setuju")),
                    ),
                ),
                Choice(
                    name="given_by",
                    label=N_("Yang menjawab"),
                    hint=N_("Untuk anak di bawah {of_age} tahun: orang tua atau wali"),
                    official="UU 27/2022 pasal 25",
                    options=tuple(option(code, words) for code, words in GIVERS.items()),
                    shown_if=was_asked,
                ),
                Text(
                    name="giver_name",
                    label=N_("Nama yang menjawab"),
                    official="UU 27/2022 pasal 25",
                    shown_if=for_another,
                ),
                Choice(
                    name="how",
                    label=N_("Cara menjawab"),
                    official="UU 27/2022 pasal 22",
                    options=(
                        option("signed", N_("Tanda tangan")),
                        option("thumb", N_("Cap jempol")),
                        option("spoken", N_("Lisan, ada saksi")),
                    ),
                    shown_if=was_asked,
                ),
            ),
        ),
        Section(
            N_("Penarikan"),
            (
                Date(
                    name="withdrawn_on",
                    label=N_("Ditarik tanggal"),
                    official="UU 27/2022 pasal 9 dan 40",
                    shown_if=was_agreed,
                ),
                Text(
                    name="withdrawn_by",
                    label=N_("Ditarik oleh"),
                    official="UU 27/2022 pasal 9 dan 40",
                    shown_if=was_withdrawn,
                ),
                Choice(
                    name="wish",
                    label=N_("Yang diminta"),
                    hint=N_(
                        "Tidak ada yang terhapus dengan sendirinya; penghapusan lewat Hapus data. Yang tidak mau "
                        "dibagikan tidak ikut e-PPGBM, OpenSID, dan paket data"
                    ),
                    official="UU 27/2022 pasal 9 dan 40",
                    options=(
                        option("keep", N_("Catatan lama tetap, jangan ditambah")),
                        option("no_sharing", N_("Jangan dikirim ke luar Posyandu")),
                        option("erase", N_("Data dihapus")),
                    ),
                    shown_if=was_withdrawn,
                ),
                Text(name="withdrawn_why", label=N_("Alasan, bila disebut"), shown_if=was_withdrawn),
                Text(name="note", label=N_("Catatan"), lines=2),
            ),
        ),
    ),
)
