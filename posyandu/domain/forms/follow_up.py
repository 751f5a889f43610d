"""What became of someone who stood on a follow-up list: visited, referred, postponed, or done with."""

from posyandu.domain.fields import Answers, Choice, Date, Text, option
from posyandu.domain.form import Form, Section
from posyandu.text import N_


def is_postponed(answers: Answers) -> bool:
    """Whether it is to be taken up again on a later day."""
    return answers.get("state") == "postponed"


FORM = Form(
    name="follow_up",
    title=N_("Tindak lanjut"),
    version=1,
    links=("person_id",),
    sections=(
        Section(
            N_("Tindak lanjut"),
            (
                Text(name="list_code", label=N_("Daftar"), required=True),
                Text(name="period", label=N_("Bulan"), required=True),
                Choice(
                    name="state",
                    label=N_("Keadaan"),
                    required=True,
                    options=(
                        option("visited", N_("Sudah dikunjungi")),
                        option("referred", N_("Sudah dirujuk")),
                        option("postponed", N_("Ditunda")),
                        option("done", N_("Selesai")),
                    ),
                ),
                Date(name="noted_on", label=N_("Tanggal"), required=True),
                Date(name="until", label=N_("Ditunda sampai"), past_only=False, shown_if=is_postponed),
                Text(name="reason", label=N_("Alasan atau hasil"), lines=2),
                Text(name="done_by", label=N_("Oleh")),
            ),
        ),
    ),
)
