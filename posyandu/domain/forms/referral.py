"""A referral: why someone was sent where, and the answer that came back. The slip is printed from this record."""

from posyandu.domain.fields import Answers, Choice, Date, Text, option
from posyandu.domain.form import Form, Section
from posyandu.text import N_


def came(answers: Answers) -> bool:
    """Whether the person went where they were sent."""
    return answers.get("came") == "came"


def did_not_come(answers: Answers) -> bool:
    """Whether it is known that the person did not go."""
    return answers.get("came") == "not_came"


FORM = Form(
    name="referral",
    title=N_("Rujukan"),
    version=1,
    links=("person_id", "visit_id"),
    source="KMK HK.01.07/MENKES/2015/2023: rujukan dan rujuk balik; Kartu Bantu Pemeriksaan ILP 2023",
    since="2023-08-29",
    sections=(
        Section(
            N_("Rujukan"),
            (
                Text(name="reasons", label=N_("Alasan dirujuk"), lines=3, required=True),
                Choice(
                    name="destination",
                    label=N_("Dirujuk ke"),
                    official="Kartu Bantu: Rujuk",
                    required=True,
                    options=(
                        option("pustu", N_("Pustu")),
                        option("puskesmas", N_("Puskesmas")),
                        option("hospital", N_("Rumah sakit")),
                        option("uptd_ppa", N_("UPTD PPA")),
                        option("dinsos", N_("Dinas Sosial")),
                        option("other", N_("Lainnya")),
                    ),
                ),
                Choice(
                    name="urgency",
                    label=N_("Kapan"),
                    options=(
                        option("today", N_("Hari ini juga")),
                        option("days", N_("Dalam 3 hari")),
                        option("week", N_("Dalam seminggu")),
                        option("routine", N_("Bila sempat, bulan ini")),
                    ),
                ),
                Text(name="companion", label=N_("Pengantar")),
                Text(name="given", label=N_("Yang sudah dilakukan"), lines=2),
                Text(name="measured", label=N_("Hasil pemeriksaan"), lines=3),
                Text(name="not_examined", label=N_("Belum diperiksa"), lines=2),
                Date(name="referred_on", label=N_("Tanggal rujukan"), required=True),
                Text(name="referred_by", label=N_("Yang merujuk")),
                Text(name="rules", label=N_("Aturan rujukan")),
                Text(name="visit_form", label=N_("Dari formulir")),
            ),
        ),
        Section(
            N_("Jawaban rujukan"),
            (
                Choice(
                    name="came",
                    label=N_("Datang ke tempat rujukan"),
                    options=(option("came", N_("Datang")), option("not_came", N_("Tidak datang"))),
                ),
                Date(name="came_on", label=N_("Tanggal diperiksa"), shown_if=came),
                Text(name="examined_by", label=N_("Diperiksa oleh"), shown_if=came),
                Text(name="diagnosis", label=N_("Diagnosis dari tenaga kesehatan"), lines=2, shown_if=came),
                Text(name="treatment", label=N_("Pengobatan dan nasihat"), lines=2, shown_if=came),
                Date(name="control_on", label=N_("Kontrol tanggal"), past_only=False, shown_if=came),
                Text(name="why_not", label=N_("Mengapa tidak datang"), lines=2, shown_if=did_not_come),
                Date(name="answered_on", label=N_("Tanggal jawaban")),
                Text(name="answered_by", label=N_("Dicatat oleh")),
            ),
        ),
    ),
)
