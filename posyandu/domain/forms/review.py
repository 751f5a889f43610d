"""What those who look after a post say about a month's report: a question, an answer, sent back, accepted."""

from posyandu.domain.fields import Answers, Choice, Date, Number, Text, option
from posyandu.domain.form import Form, Section
from posyandu.text import N_


def is_answer(answers: Answers) -> bool:
    """Whether it answers a question asked before."""
    return answers.get("kind") == "answer"


FORM = Form(
    name="review",
    title=N_("Tinjauan laporan"),
    version=1,
    links=("person_id",),
    sections=(
        Section(
            N_("Tinjauan"),
            (
                Text(name="month", label=N_("Bulan laporan"), required=True),
                Choice(
                    name="kind",
                    label=N_("Jenis"),
                    required=True,
                    options=(
                        option("question", N_("Pertanyaan")),
                        option("answer", N_("Jawaban")),
                        option("comment", N_("Catatan")),
                        option("returned", N_("Dikembalikan")),
                        option("accepted", N_("Diterima")),
                    ),
                ),
                Text(name="words", label=N_("Isi"), lines=2),
                Text(name="answers_to", label=N_("Menjawab"), shown_if=is_answer),
                Text(name="record", label=N_("Catatan yang ditanyakan")),
                Number(name="revision", label=N_("Versi laporan"), low=1, high=999),
                Date(name="noted_on", label=N_("Tanggal"), required=True),
                Text(name="writer", label=N_("Oleh"), required=True),
                Text(name="role", label=N_("Tugas")),
            ),
        ),
    ),
)
