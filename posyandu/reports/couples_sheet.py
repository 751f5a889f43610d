"""What the province asks of couples of childbearing age (KMK 2015/2023): screening, 4T and ALKI on KB, unmet need."""

from collections.abc import Iterable, Sequence

from posyandu.domain import catin
from posyandu.domain.catin import Catin
from posyandu.domain.couples import INDICATORS, Couple
from posyandu.domain.prepregnancy import FOUR_T
from posyandu.reports.agreement import same_people
from posyandu.reports.indicator_sheet import indicator_sheet, indicator_table
from posyandu.reports.monthly import MonthlyData, Reconciliation
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import Table
from posyandu.text import N_, _

CODE, TITLE = "indikator_pus", N_("Indikator pasangan usia subur (PUS)")
CATIN = "indikator_catin"


def couples_sheet(data: MonthlyData, couples: Sequence[Couple], brides: Sequence[Catin] = ()) -> Sheet:
    """The indicators at the end of the month of the data, of couples and of those about to marry.

    Every number opens its names, but for what confidential answers say.
    """
    rules = (
        _(
            "PUS: perempuan {fertile_from} sampai {fertile_to} tahun yang berpasangan menurut register WUS/PUS, "
            "selain itu data sasarannya."
        ),
        _("Diskrining: semua pertanyaan layak hamil terjawab, atau disimpulkan petugas, dalam {screening} bulan."),
        _("4T dan ALKI menurut catatan terakhir. Yang belum ditanya tidak dihitung sebagai tidak."),
        _("Catin: yang ditandai calon pengantin dan belum menikah. Masalah jiwa dihitung tanpa nama."),
    )
    tables = (couples_table(couples), catin_table(brides))
    return indicator_sheet(CODE, _(TITLE), data, tables, rules, _checks(tables[0]))


def _checks(table: Table) -> Iterable[Reconciliation]:
    """4T is too young, too old, too close or too many: its line holds who stands in one of those four, with KB."""
    rows = dict(zip(INDICATORS, table.rows, strict=True))
    for column, words in (("among", _("PUS 4T")), ("counted", _("PUS 4T yang memakai KB"))):
        place = table.column(column)
        parts = {ref.id: ref for code in FOUR_T for ref in rows[f"{code}_kb"][place].people}
        yield same_people(
            words, rows["four_t_kb"][place].people, _("terlalu muda, tua, dekat, atau banyak"), parts.values()
        )


def couples_table(couples: Sequence[Couple]) -> Table:
    """One line for each indicator of couples."""
    return indicator_table(CODE, _(TITLE), INDICATORS, couples)


def catin_table(brides: Sequence[Catin]) -> Table:
    """The same of those about to marry."""
    title = _("Calon pengantin (catin): {n}").format(n=len(brides))
    return indicator_table(CATIN, title, catin.INDICATORS, brides, nameless=catin.NAMELESS)
