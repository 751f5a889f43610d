"""A posyandu day, and who came to it."""

from collections.abc import Iterable
from datetime import date

from posyandu.domain.calendar import age_months
from posyandu.domain.fields import Answers, Choice, Date, Number, Text, YesNo, option
from posyandu.domain.form import Context, Form, Level, Problem, Section
from posyandu.text import N_, _


def was_absent(answers: Answers) -> bool:
    """Whether the person did not come."""
    return answers.get("present") is False


def has_wrong_tool(answers: Answers) -> bool:
    """Whether the scale or the board of the day was found wrong."""
    return answers.get("wrong_tool") not in (None, "none")


FIRST_YEAR = 1984
"""The first posyandu (KB-Kesehatan terpadu); an earlier year is a short one, as 26, read as another century."""
LATE_DAYS = 180


def _held_within_memory(answers: Answers, context: Context) -> Iterable[Problem]:
    held_on = answers.get("held_on")
    if not isinstance(held_on, date):
        return
    if held_on.year < FIRST_YEAR:
        yield Problem("held_on", Level.HARD, _("Tahun {year}? Tulis tahunnya lengkap.").format(year=held_on.year))
    elif (context.today - held_on).days > LATE_DAYS:
        sentence = _("Hari itu {n} bulan yang lalu. Periksa tahunnya.")
        yield Problem("held_on", Level.SOFT, sentence.format(n=age_months(held_on, context.today)))


SESSION = Form(
    name="session",
    title=N_("Hari Posyandu"),
    version=2,
    rules=(_held_within_memory,),
    sections=(
        Section(
            N_("Hari Posyandu"),
            (
                Date(name="held_on", label=N_("Tanggal"), required=True),
                Text(name="place", label=N_("Tempat")),
                Number(name="kader_present", label=N_("Kader hadir"), low=0, high=99),
                Number(name="plkb_present", label=N_("PLKB hadir"), low=0, high=99),
                Number(name="health_workers_present", label=N_("Tenaga kesehatan hadir"), low=0, high=99),
                YesNo(name="scale_checked", label=N_("Timbangan sudah dicek")),
                YesNo(name="meal_given", label=N_("PMT penyuluhan diberikan")),
                Text(name="topic", label=N_("Tema penyuluhan")),
                Text(name="note", label=N_("Catatan"), lines=2),
                YesNo(name="closed", label=N_("Sudah ditutup")),
            ),
        ),
        Section(
            N_("Alat ukur yang ternyata salah"),
            (
                Choice(
                    name="wrong_tool",
                    label=N_("Alat yang salah"),
                    hint=N_("BGM dan status gizi dari alat ini tidak dihitung; kehadiran, D dan N/T tetap dihitung"),
                    options=(
                        option("none", N_("Tidak ada")),
                        option("scale", N_("Timbangan")),
                        option("board", N_("Papan atau pita ukur")),
                        option("both", N_("Keduanya")),
                    ),
                ),
                Text(name="wrong_tool_reason", label=N_("Bagaimana diketahui"), shown_if=has_wrong_tool),
            ),
        ),
    ),
)

ATTENDANCE = Form(
    name="attendance",
    title=N_("Kehadiran"),
    version=1,
    links=("session_id", "person_id"),
    sections=(
        Section(
            N_("Kehadiran"),
            (
                YesNo(name="present", label=N_("Hadir"), yes=N_("Hadir"), no=N_("Tidak hadir")),
                Number(name="queue_number", label=N_("Nomor antrean"), low=1, high=999),
                Number(name="step", label=N_("Langkah selesai"), low=0, high=5),
                Choice(
                    name="absence_reason",
                    label=N_("Alasan tidak hadir"),
                    shown_if=was_absent,
                    options=(
                        option("sick", N_("Sakit")),
                        option("away", N_("Sedang pergi")),
                        option("busy", N_("Orang tua bekerja")),
                        option("refused", N_("Tidak mau")),
                        option("other", N_("Lain-lain")),
                    ),
                ),
            ),
        ),
    ),
)
