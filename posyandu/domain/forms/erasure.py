"""What was erased because the person asked: which records and which saves, when and why; nothing of what they said."""

from posyandu.domain.fields import Choice, Date, Text, option
from posyandu.domain.form import Form, Section
from posyandu.text import N_

REASONS = (
    option("person", N_("Diminta orangnya sendiri")),
    option("guardian", N_("Diminta orang tua atau wali")),
    option("consent", N_("Persetujuan ditarik")),
    option("wrong", N_("Dicatat tanpa hak")),
)

KEPT_LONG = option("kept_long", N_("Melewati masa simpan"))
OPEN_ANSWERS = option("open_answers", N_("Jawaban rahasia yang dulu terbuka"))

FORM = Form(
    name="erasure",
    title=N_("Penghapusan data"),
    version=2,
    sections=(
        Section(
            N_("Penghapusan data"),
            (
                Date(name="erased_on", label=N_("Dihapus pada"), required=True),
                Choice(name="why", label=N_("Alasan"), required=True, options=(*REASONS, KEPT_LONG, OPEN_ANSWERS)),
                Text(name="records", label=N_("Catatan yang dihapus"), required=True),
                Text(name="rewritten", label=N_("Catatan yang ditulis ulang")),
                Text(name="saves", label=N_("Simpanan yang dihapus")),
            ),
        ),
    ),
)
