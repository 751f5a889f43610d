"""What those who work at a post are: one list for the form of kader and for the lock screen, which loads no forms."""

from posyandu.text import N_

DUTIES = {
    "kader": N_("Kader"),
    "coordinator": N_("Koordinator kader"),
    "operator": N_("Operator desa"),
    "midwife": N_("Bidan"),
    "nutritionist": N_("Petugas gizi"),
    "puskesmas": N_("Petugas Puskesmas"),
    "ppa": N_("Petugas UPTD PPA"),
    "village": N_("Pemerintah desa"),
}
"""Code to words."""

HEALTH_WORKERS = frozenset(("midwife", "nutritionist", "puskesmas"))
"""Who may confirm a computed result, and is shown what is for health workers only."""

REVIEWERS = frozenset(("midwife", "nutritionist", "puskesmas", "operator"))
"""The duties that look after several posts."""

MAY_ERASE = frozenset(("coordinator", "midwife", "puskesmas"))
"""Who may erase a person's data on request: those who answer for the register of a post, and the puskesmas."""
