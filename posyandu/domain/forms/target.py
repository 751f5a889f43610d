"""The shares a post is to reach, from a day on: what its dinas or puskesmas set instead of the usual targets.

One record for each post and day. What is left blank keeps the usual target; records of earlier days stay, so that a
report of their months says what was wanted then.
"""

from collections.abc import Iterable

from posyandu.domain.fields import Answers, Date, Number, Text
from posyandu.domain.form import Context, Form, Level, Problem, Section
from posyandu.text import N_, _

SKDN = {"k_s": "K/S", "d_s": "D/S", "d_k": "D/K", "n_d": "N/D", "bgm_d": "BGM/D"}
"""By the code the rules have for a target: what it is a target of."""
COACHING = {"idl": N_("Imunisasi dasar lengkap"), "vitamin_a": N_("Kapsul vitamin A")}
FIGURES = {code: f"{code}_tenth_percent" for code in (*SKDN, *COACHING)}
"""The field of each target."""


def _says_something(answers: Answers, _context: Context) -> Iterable[Problem]:
    """A record without any figure would set nothing and hide what held before."""
    if all(answers.get(name) is None for name in FIGURES.values()):
        yield Problem(FIGURES["k_s"], Level.HARD, _("Isi sedikitnya satu target."))


def _percent(code: str, label: str, hint: str = "") -> Number:
    return Number(name=FIGURES[code], label=label, hint=hint, unit="%", per_unit=10, decimals=1, low=1, high=1000)


FORM = Form(
    name="target",
    title=N_("Target"),
    version=1,
    rules=(_says_something,),
    sections=(
        Section(
            N_("Keterangan"),
            (
                Date(name="since_on", label=N_("Berlaku mulai"), required=True, past_only=False),
                Text(
                    name="source",
                    label=N_("Menurut"),
                    hint=N_("Misalnya: Renstra Dinas Kesehatan, surat Puskesmas"),
                    required=True,
                ),
            ),
        ),
        Section(
            N_("Target; yang kosong memakai target umum"),
            (
                *(
                    _percent(code, label, N_("Paling banyak; makin rendah makin baik") if code == "bgm_d" else "")
                    for code, label in SKDN.items()
                ),
                *(_percent(code, label) for code, label in COACHING.items()),
            ),
        ),
    ),
)
