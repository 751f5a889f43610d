"""A person goes to live where another post serves: what the old post hands over, and what reaches the new one."""

from posyandu.domain.fields import Date, Text, YesNo
from posyandu.domain.form import Form, Section
from posyandu.text import N_

HANDOVER = Form(
    name="handover",
    title=N_("Penyerahan ke Posyandu lain"),
    version=1,
    links=("person_id",),
    sections=(
        Section(
            N_("Penyerahan ke Posyandu lain"),
            (
                Text(name="to_village", label=N_("Ke desa atau kelurahan"), required=True),
                Text(name="to_post", label=N_("Ke Posyandu")),
                Date(name="left_on", label=N_("Tanggal pindah"), required=True),
                Text(name="from_village", label=N_("Dari desa atau kelurahan")),
                Text(name="from_post", label=N_("Dari Posyandu")),
                Text(name="package", label=N_("Riwayat yang diserahkan"), required=True),
            ),
        ),
    ),
)

ARRIVAL = Form(
    name="arrival",
    title=N_("Pindahan dari Posyandu lain"),
    version=1,
    links=("person_id",),
    sections=(
        Section(
            N_("Pindahan dari Posyandu lain"),
            (
                Text(name="from_village", label=N_("Dari desa atau kelurahan")),
                Text(name="from_post", label=N_("Dari Posyandu")),
                Text(name="to_post", label=N_("Ke Posyandu")),
                Date(name="left_on", label=N_("Tanggal pindah"), required=True),
                Text(name="package", label=N_("Riwayat yang diserahkan"), required=True),
                YesNo(name="accepted", label=N_("Diterima"), yes=N_("Diterima"), no=N_("Bukan warga sini")),
                Text(name="accepted_post", label=N_("Diterima di Posyandu")),
            ),
        ),
    ),
)
