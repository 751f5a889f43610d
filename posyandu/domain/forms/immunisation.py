"""One dose of one person: given here, copied from the Buku KIA, or not given and why.

A hexavalent dose is the DPT-HB-Hib dose of its number with another product, so that it is one record however it was
read from the book.
"""

from posyandu.domain.fields import Answers, Choice, Date, Number, Text, option
from posyandu.domain.form import Context, Form, Level, Problem, Section
from posyandu.text import N_, _


def was_given(answers: Answers) -> bool:
    """Whether the dose was given."""
    return answers.get("given_on") is not None


def was_not_given(answers: Answers) -> bool:
    """Whether no day of giving is known, so that a reason can be."""
    return answers.get("given_on") is None


def given_or_reason(answers: Answers, _context: Context) -> list[Problem]:
    """A dose without a day wants the reason why it was not given."""
    if answers.get("given_on") is None and answers.get("not_given") is None:
        return [Problem("given_on", Level.HARD, _("Isi tanggal diberikan, atau alasan belum diberikan"))]
    return []


DOSE = Form(
    name="immunisation_dose",
    title=N_("Imunisasi"),
    version=1,
    links=("person_id", "session_id"),
    rules=(given_or_reason,),
    source="Buku KIA 2023, halaman imunisasi; Kartu Bantu Pemeriksaan Bayi, Balita dan Apras kolom 20",
    since="2023-05-06",
    sections=(
        Section(
            N_("Imunisasi"),
            (
                Choice(
                    name="antigen",
                    label=N_("Imunisasi"),
                    official="Buku KIA, jenis vaksin",
                    required=True,
                    options=(
                        option("hb0", N_("HB0")),
                        option("bcg", N_("BCG")),
                        option("opv", N_("OPV (polio tetes)")),
                        option("dpt_hb_hib", N_("DPT-HB-Hib")),
                        option("pcv", N_("PCV")),
                        option("rv", N_("RV (rotavirus)")),
                        option("ipv", N_("IPV (polio suntik)")),
                        option("mr", N_("MR (campak-rubela)")),
                        option("je", N_("JE")),
                        option("dt", N_("DT")),
                        option("td", N_("Td")),
                        option("hpv", N_("HPV")),
                    ),
                ),
                Number(name="dose", label=N_("Dosis ke"), low=1, high=9, required=True),
                Date(name="given_on", label=N_("Tanggal diberikan"), official="Buku KIA, tanggal diberikan"),
                Choice(
                    name="product",
                    label=N_("Vaksin"),
                    shown_if=was_given,
                    options=(
                        option("hb0", N_("Hepatitis B")),
                        option("bcg", N_("BCG")),
                        option("opv", N_("Polio tetes (bOPV)")),
                        option("pentavalent", N_("DPT-HB-Hib")),
                        option("hexavalent", N_("Heksavalen (DPT-HB-Hib-IPV)")),
                        option("pcv", N_("PCV")),
                        option("rv", N_("Rotavirus")),
                        option("ipv", N_("Polio suntik (IPV)")),
                        option("mr", N_("Campak-Rubela (MR)")),
                        option("je", N_("Japanese encephalitis (JE)")),
                        option("dt", N_("DT")),
                        option("td", N_("Td")),
                        option("hpv", N_("HPV")),
                    ),
                ),
                Choice(
                    name="source",
                    label=N_("Dicatat dari"),
                    shown_if=was_given,
                    options=(
                        option("here", N_("Diberikan di sini")),
                        option("book", N_("Disalin dari Buku KIA")),
                        option("told", N_("Cerita keluarga")),
                    ),
                ),
                Choice(
                    name="place",
                    label=N_("Tempat"),
                    shown_if=was_given,
                    options=(
                        option("posyandu", N_("Posyandu")),
                        option("pustu", N_("Pustu atau polindes")),
                        option("puskesmas", N_("Puskesmas")),
                        option("hospital", N_("Rumah sakit")),
                        option("midwife", N_("Bidan atau klinik")),
                        option("school", N_("Sekolah")),
                        option("other", N_("Tempat lain")),
                    ),
                ),
                Text(name="provider", label=N_("Petugas"), official="Buku KIA, paraf petugas", shown_if=was_given),
                Text(name="batch", label=N_("Nomor batch"), official="Buku KIA, nomor batch", shown_if=was_given),
                Choice(
                    name="not_given",
                    label=N_("Alasan belum diberikan"),
                    shown_if=was_not_given,
                    options=(
                        option("sick", N_("Sedang sakit")),
                        option("refused", N_("Keluarga belum mau")),
                        option("no_vaccine", N_("Vaksin tidak tersedia")),
                        option("away", N_("Sedang pergi")),
                        option("midwife", N_("Ditunda bidan")),
                        option("other", N_("Lain-lain")),
                    ),
                ),
                Date(name="noted_on", label=N_("Tanggal alasan dicatat"), shown_if=was_not_given),
                Text(name="note", label=N_("Catatan"), lines=2),
            ),
        ),
    ),
)
