"""Nutrition of under-fives, and what the province asks of pupils, adults and the elderly (KMK 2015/2023, Bab X)."""

from collections.abc import Iterable, Sequence

from posyandu.domain import indicators
from posyandu.domain.life_indicators import ADULTS, CHILDREN, ELDERLY, PUPILS, Examined, class_words
from posyandu.reports.agreement import all_among, in_life_recaps, refs, same_people
from posyandu.reports.counted import name_of
from posyandu.reports.indicator_sheet import indicator_sheet, indicator_table
from posyandu.reports.monthly import MonthlyData, Reconciliation
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import PersonRef, Table
from posyandu.text import N_, _

CODE, TITLE = "indikator_usia", N_("Indikator balita, usia sekolah, dewasa, dan lansia")

TABLES = (
    ("indikator_sekolah", N_("Usia sekolah dan remaja"), PUPILS),
    ("indikator_dewasa", N_("Usia dewasa"), ADULTS),
    ("indikator_lansia", N_("Lansia"), ELDERLY),
)
"""The tables in the order of the sheet: code, title, indicators."""


def life_indicators_sheet(data: MonthlyData, people: Sequence[Examined]) -> Sheet:
    """The indicators at the end of the month of the data."""
    words = class_words(data.rules)
    children = data.children.get(data.month, ())
    tables = (
        indicator_table("indikator_balita", _("Balita: status gizi bulan ini"), CHILDREN, children),
        *(indicator_table(code, _(title), indicators, people, words=words) for code, title, indicators in TABLES),
    )
    rules = (
        _("Balita: hasil ukur terakhir bulan ini menurut Permenkes 2/2020, dari yang diukur. Yang belum diukur, alatnya"
          " salah, atau nilainya tidak mungkin dan belum dipastikan: belum diketahui, tidak dihitung sebagai normal."),
        _("Menurut catatan {screening} bulan terakhir, di Posyandu, di sekolah, atau disalin dari Puskesmas. Diperiksa:"
          " berat, lingkar perut, tekanan darah, gula darah, atau Hb diukur, juga selama hamil, nifas, atau menyusui;"
          " temuan dari masa itu tidak dihitung, karena batasnya lain."),
        _("Temuan dihitung dari yang diperiksa; pelayanan dihitung dari semua sasaran. Yang belum diperiksa atau belum"
          " ditanya tidak dihitung sebagai tidak."),
        _("Kelas menurut catatan tahun ajaran ini, selain itu menurut umur. Hipertensi dan kencing manis: riwayat"
          " sendiri atau hasil ukur terakhir."),
    )  # fmt: skip
    return indicator_sheet(CODE, _(TITLE), data, tables, rules, _checks(data, tables[0], people))


def _checks(data: MonthlyData, of_children: Table, people: Sequence[Examined]) -> Iterable[Reconciliation]:
    """The people judged are those the recaps await, and the children those of S."""
    judged = [PersonRef(each.id, name_of(each.person)) for each in people]
    recaps = _("sasaran rekapitulasi sekolah, dewasa, dan lansia")
    yield same_people(_("Usia sekolah, dewasa, dan lansia"), judged, recaps, in_life_recaps(data, "targets"))
    s = refs(each for each in data.children.get(data.month, ()) if indicators.under_five(each))
    column, unknown = of_children.column("among"), of_children.column("unknown")
    named = [ref for row in of_children.rows for ref in (*row[column].people, *row[unknown].people)]
    yield all_among(_("Balita di indikator"), named, _("S di SKDN"), s)
