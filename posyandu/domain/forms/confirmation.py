"""A health worker's word on a computed result: confirmed, or overridden with a reason. It never replaces the result."""

from posyandu.domain.fields import Answers, Choice, Date, Text, option
from posyandu.domain.form import Form, Section
from posyandu.text import N_


def is_overridden(answers: Answers) -> bool:
    """Whether the health worker found something else than was computed."""
    return answers.get("decision") == "overridden"


FORM = Form(
    name="confirmation",
    title=N_("Konfirmasi tenaga kesehatan"),
    version=1,
    links=("person_id", "visit_id"),
    source="KMK HK.01.07/MENKES/2015/2023: status gizi dan hasil skrining dipastikan tenaga kesehatan",
    since="2023-08-29",
    sections=(
        Section(
            N_("Konfirmasi tenaga kesehatan"),
            (
                Text(name="visit_form", label=N_("Dari formulir"), required=True),
                Text(name="subject", label=N_("Hasil yang mana"), required=True),
                Text(name="computed", label=N_("Hasil hitung (kode)"), required=True),
                Text(name="computed_words", label=N_("Hasil hitung")),
                Choice(
                    name="decision",
                    label=N_("Putusan"),
                    required=True,
                    options=(option("confirmed", N_("Sesuai")), option("overridden", N_("Berbeda"))),
                ),
                Text(name="value", label=N_("Menurut tenaga kesehatan (kode)"), shown_if=is_overridden),
                Text(name="value_words", label=N_("Menurut tenaga kesehatan"), shown_if=is_overridden),
                Text(name="reason", label=N_("Alasan"), lines=2, shown_if=is_overridden),
                Date(name="decided_on", label=N_("Tanggal"), required=True),
                Text(name="decided_by", label=N_("Oleh"), required=True),
                Text(name="role", label=N_("Tugas")),
            ),
        ),
    ),
)
