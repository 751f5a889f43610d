"""One signed version of a post's monthly report: what it said, who signed it, and why it replaced the one before."""

from posyandu.domain.fields import Date, Number, Text
from posyandu.domain.form import Form, Section
from posyandu.text import N_

FORM = Form(
    name="month_report",
    title=N_("Laporan bulanan yang disahkan"),
    version=1,
    sections=(
        Section(
            N_("Pengesahan"),
            (
                Text(name="month", label=N_("Bulan laporan"), hint=N_("Misalnya 2026-11"), required=True),
                Number(name="revision", label=N_("Versi"), low=1, high=999, required=True),
                Date(name="signed_on", label=N_("Disahkan tanggal"), required=True),
                Text(name="signer", label=N_("Disahkan oleh"), required=True),
                Text(name="reason", label=N_("Alasan perubahan"), lines=2),
                Text(name="digest", label=N_("Sidik isi laporan"), required=True),
                Text(name="content", label=N_("Isi laporan"), required=True),
            ),
        ),
    ),
)
