"""One line of the cash book of a post: money in or out, how much, from where or for what."""

from posyandu.domain.fields import Answers, Choice, Date, Number, Text, option
from posyandu.domain.form import Form, Section
from posyandu.text import N_


def came_in(answers: Answers) -> bool:
    """Whether the money came in."""
    return answers.get("direction") == "in"


def went_out(answers: Answers) -> bool:
    """Whether the money was spent."""
    return answers.get("direction") == "out"


def from_families(answers: Answers) -> bool:
    """Whether families paid it into the health fund."""
    return came_in(answers) and answers.get("origin") == "health_fund"


FORM = Form(
    name="fund",
    title=N_("Kas Posyandu"),
    version=1,
    sections=(
        Section(
            N_("Uang masuk atau keluar"),
            (
                Date(name="noted_on", label=N_("Tanggal"), required=True),
                Choice(
                    name="direction",
                    label=N_("Masuk atau keluar"),
                    required=True,
                    options=(option("in", N_("Masuk")), option("out", N_("Keluar"))),
                ),
                Number(
                    name="rupiah",
                    label=N_("Jumlah"),
                    hint=N_("Tulis angka saja: 150000"),
                    unit="Rp",
                    low=100,
                    high=999_999_999,
                    required=True,
                ),
                Choice(
                    name="origin",
                    label=N_("Dari mana"),
                    shown_if=came_in,
                    options=(
                        option("opening", N_("Saldo awal")),
                        option("health_fund", N_("Dana sehat warga")),
                        option("village", N_("Desa atau kelurahan")),
                        option("donor", N_("Sumbangan")),
                        option("saving", N_("Jimpitan atau arisan")),
                        option("business", N_("Usaha kader")),
                        option("other", N_("Lainnya")),
                    ),
                ),
                Number(
                    name="families",
                    label=N_("Jumlah KK yang membayar"),
                    hint=N_("Dipakai untuk cakupan dana sehat"),
                    unit="KK",
                    low=0,
                    high=9_999,
                    shown_if=from_families,
                ),
                Choice(
                    name="purpose",
                    label=N_("Untuk apa"),
                    shown_if=went_out,
                    options=(
                        option("meal", N_("Makanan tambahan")),
                        option("tools", N_("Alat dan perbaikan")),
                        option("stationery", N_("Alat tulis dan cetak")),
                        option("transport", N_("Transport")),
                        option("help", N_("Bantuan warga")),
                        option("other", N_("Lainnya")),
                    ),
                ),
                Text(name="note", label=N_("Keterangan")),
            ),
        ),
    ),
)
