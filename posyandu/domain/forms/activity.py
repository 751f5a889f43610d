"""One thing a post did besides examining people: an education session, a class, a meeting, working together."""

from collections.abc import Mapping

from posyandu.domain.fields import Choice, Date, Number, Text, option
from posyandu.domain.form import Form, Section
from posyandu.domain.forms.social import FIELDS
from posyandu.text import N_

KINDS: Mapping[str, str] = {
    "education": N_("Penyuluhan"),
    "mother_class": N_("Kelas ibu hamil"),
    "toddler_class": N_("Kelas ibu balita"),
    "cooking": N_("Demo masak atau PMT"),
    "bkb": N_("BKB (Bina Keluarga Balita)"),
    "paud": N_("PAUD"),
    "youth": N_("Posyandu remaja"),
    "posbindu": N_("Posbindu PTM"),
    "elderly": N_("Kegiatan lansia"),
    "garden": N_("TOGA atau kebun gizi"),
    "waste_bank": N_("Bank sampah"),
    "clean_up": N_("Gotong royong"),
    "disaster": N_("Siaga bencana"),
    "meeting": N_("Rapat kader"),
    "other": N_("Lainnya"),
}
"""Kinds of activity. Which count as "program tambahan" is dated data (`strata` in resources/rules/post.json)."""

FORM = Form(
    name="activity",
    title=N_("Kegiatan"),
    version=1,
    source="SIP Format 7; Permendagri 13/2024: enam bidang SPM",
    since="2013-01-01",
    sections=(
        Section(
            N_("Kegiatan"),
            (
                Date(name="held_on", label=N_("Tanggal"), official="SIP Format 7 kolom 2", required=True),
                Choice(
                    name="kind",
                    label=N_("Kegiatan"),
                    official="SIP Format 7 kolom 3",
                    required=True,
                    options=tuple(option(code, words) for code, words in KINDS.items()),
                ),
                Text(name="topic", label=N_("Tema"), official="SIP Format 7 kolom 3"),
                Choice(
                    name="field",
                    label=N_("Bidang SPM"),
                    options=tuple(option(code, words) for code, words in FIELDS.items()),
                ),
                Number(name="kader_present", label=N_("Kader hadir"), official="SIP Format 7 kolom 4", low=0, high=99),
                Number(name="participants", label=N_("Peserta"), unit=N_("orang"), low=0, high=9_999),
                Text(name="note", label=N_("Hasil atau catatan"), official="SIP Format 7 kolom 5", lines=2),
            ),
        ),
    ),
)
