"""The shares a post is to reach, from a day on: what its dinas or puskesmas set instead of the usual targets.

One record for each post and day. What is left blank keeps the usual target; records of earlier days stay, so that a
report of their months says what was wanted then.
"""

from posyandu.domain.fields import Number
from posyandu.domain.form import Form, Section
from posyandu.domain.forms.decided import by_whom, says_something
from posyandu.text import N_

SKDN = {"k_s": "K/S", "d_s": "D/S", "d_k": "D/K", "n_d": "N/D", "bgm_d": "BGM/D"}
"""By the code the rules have for a target: what it is a target of."""
COACHING = {"idl": N_("Imunisasi dasar lengkap"), "vitamin_a": N_("Kapsul vitamin A")}
FIGURES = {code: f"{code}_tenth_percent" for code in (*SKDN, *COACHING)}
"""The field of each target."""


def _percent(code: str, label: str, hint: str = "") -> Number:
    return Number(name=FIGURES[code], label=label, hint=hint, unit="%", per_unit=10, decimals=1, low=1, high=1000)


FORM = Form(
    name="target",
    title=N_("Target"),
    version=1,
    rules=(says_something(tuple(FIGURES.values()), N_("Isi sedikitnya satu target.")),),
    sections=(
        by_whom(N_("Misalnya: Renstra Dinas Kesehatan, surat Puskesmas")),
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
