"""The lines above the papers of a post, from a day on: who its letters come from.

One record for each post and day. A record without any line ends what was printed before; papers of earlier months keep
the letterhead of then.
"""

from posyandu.domain.fields import Text
from posyandu.domain.form import Form, Section
from posyandu.domain.forms.decided import by_whom
from posyandu.text import N_

OFFICES = ("government", "office", "unit")
"""The lines set large, from above."""
ADDRESS = ("address", "contact")
"""The lines set small below them."""

FORM = Form(
    name="letterhead",
    title=N_("Kop surat"),
    version=1,
    sections=(
        by_whom(N_("Misalnya: tata naskah dinas kabupaten")),
        Section(
            N_("Kop surat; dikosongkan semua berarti tanpa kop"),
            (
                Text(name="government", label=N_("Baris pertama"), hint=N_("Misalnya: PEMERINTAH KABUPATEN ...")),
                Text(name="office", label=N_("Baris kedua"), hint=N_("Misalnya: DINAS KESEHATAN")),
                Text(name="unit", label=N_("Baris ketiga, terbesar"), hint=N_("Misalnya: UPT PUSKESMAS ...")),
                Text(name="address", label=N_("Alamat"), hint=N_("Jalan, desa, kecamatan, kode pos")),
                Text(name="contact", label=N_("Telepon, surel"), hint=N_("Misalnya: Telepon ..., surel ...")),
            ),
        ),
    ),
)
