"""Questions that several forms ask in the same words."""

from posyandu.domain.fields import Answers, Choice, Date, Text, YesNo, option
from posyandu.text import N_


def was_referred(answers: Answers) -> bool:
    """Whether the person was sent on."""
    return answers.get("referral") not in (None, "none")


VISITED_ON = Date(name="visited_on", label=N_("Tanggal kunjungan"), required=True)

VISIT_SOURCE = Choice(
    name="source",
    label=N_("Dicatat dari"),
    options=(
        option("session", N_("Hari Posyandu")),
        option("home_visit", N_("Kunjungan rumah")),
        option("facility", N_("Puskesmas atau bidan")),
        option("history", N_("Disalin dari buku KIA")),
    ),
)

ANSWERED = YesNo(name="answered", label=N_("Semua pertanyaan dijawab"))
"""What stays readable of a confidential form: that it was answered to its end."""

TBC_QUESTIONS = (
    YesNo(name="tbc_cough", label=N_("Batuk terus-menerus")),
    YesNo(name="tbc_fever", label=N_("Demam 2 minggu atau lebih")),
    YesNo(name="tbc_weight", label=N_("BB tidak naik atau turun 2 bulan berturut-turut")),
    YesNo(name="tbc_contact", label=N_("Kontak erat dengan pasien TBC")),
)

MALARIA = YesNo(
    name="malaria_sign",
    label=N_("Gejala malaria"),
    hint=N_("Demam menggigil, tinggal di atau baru dari daerah malaria"),
    official="KMK 2015/2023",
)

COUNSELLING = Text(name="counselling", label=N_("Edukasi yang diberikan"), lines=2)

REFERRAL = Choice(
    name="referral",
    label=N_("Rujuk"),
    options=(
        option("none", N_("Tidak dirujuk")),
        option("pustu", N_("Pustu")),
        option("puskesmas", N_("Puskesmas")),
        option("hospital", N_("Rumah sakit")),
    ),
)

REFERRAL_REASON = Text(name="referral_reason", label=N_("Alasan rujukan"), shown_if=was_referred, lines=2)

NOTE = Text(name="note", label=N_("Catatan"), lines=2)
