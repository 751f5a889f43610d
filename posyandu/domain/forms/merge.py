"""A decision on two records: one and the same person or household, or not."""

from posyandu.domain.fields import Choice, Text, YesNo, option
from posyandu.domain.form import Form, Section
from posyandu.text import N_

FORM = Form(
    name="merge",
    title=N_("Data ganda"),
    version=1,
    sections=(
        Section(
            N_("Data ganda"),
            (
                Choice(
                    name="kind",
                    label=N_("Jenis"),
                    required=True,
                    options=(option("person", N_("Orang")), option("household", N_("Keluarga"))),
                ),
                Text(name="kept_id", label=N_("Catatan utama"), required=True),
                Text(name="other_id", label=N_("Catatan yang digabungkan"), required=True),
                YesNo(name="active", label=N_("Orang atau keluarga yang sama")),
                Text(name="note", label=N_("Catatan"), lines=2),
            ),
        ),
    ),
)
