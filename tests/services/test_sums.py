"""What a reader with a pocket calculator would try on the sheets of a month comes out, or the sheet names why not."""

import os
from collections.abc import Iterator, Sequence

import pytest

from posyandu.domain.calendar import Month
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import Cell, Table
from tests import random_villages
from tests.services.test_recount import reports

RUNS = int(os.environ.get("POSYANDU_RECOUNTS", "4"))
"""So many villages made at random, as for the recount."""

Book = dict[str, MonthlyReport | Sheet]


class Reader:
    """Someone who looks up figures in the reports of a month, and the names behind them."""

    def __init__(self, book: Book, month: Month) -> None:
        self.book = book
        self.tables = {(code, table.code): table for code, report in book.items() for table in report.tables}
        self.month = month

    def item(self, sheet: str, no: str, column: str = "total", table: str = "") -> Cell:
        """The cell of the item with this number or letter."""
        for (code, name), each in self.tables.items():
            if code == sheet and table in ("", name):
                for number, row in enumerate(each.rows):
                    if row[0].text == no:
                        return each.cell(number, column)
        raise KeyError((sheet, no))

    def of_month(self, sheet: str, table: str, column: str) -> Cell:
        return self.tables[sheet, table].cell(self.month.month - 1, column)

    def named(self, sheet: str) -> set[str]:
        """Whom the sheet says do not fit its sums."""
        return {ref.id for check in self.book[sheet].checks for ref in check.people}


def who(*cells: Cell) -> set[str]:
    return {ref.id for cell in cells for ref in cell.people}


def figures(table: Table) -> Iterator[tuple[int, str, Cell]]:
    for number, row in enumerate(table.rows):
        for column, cell in zip(table.columns, row, strict=True):
            if isinstance(cell.value, int) and not isinstance(cell.value, bool) and column.name != "no":
                yield number, column.name, cell


def amiss(book: Book, month: Month) -> Iterator[str]:
    reader = Reader(book, month)
    yield from _names(book)
    yield from _skdn(reader)
    yield from _recaps(reader)
    yield from _sheets(reader)
    yield from _columns(reader)


def _names(book: Book) -> Iterator[str]:
    """A figure that opens names opens as many as it says, each once."""
    for code, report in book.items():
        for table in report.tables:
            for number, column, cell in figures(table):
                ids = [ref.id for ref in cell.people]
                if ids and not (len(ids) == len(set(ids)) == cell.value):
                    yield f"{code}/{table.code}[{number}] {column} says {cell.value} and opens {len(ids)}"


def _skdn(reader: Reader) -> Iterator[str]:
    def of(letter: str) -> Cell:
        return reader.item("bulanan", letter, table="skdn")

    letters = {letter: of(letter) for letter in ("S", "K", "D", "N", "T", "O", "B", "2T", "BGM", "AGO", "S36", "L")}
    if letters["D"].value is None:
        return  # before a day was held
    yield from _makes("D = N + T + O + B", letters["D"], [letters[each] for each in "NTOB"])
    yield from _makes("S = D + (S-D)", letters["S"], [letters["D"], of("S\N{MINUS SIGN}D")])
    for part, whole in (("K", "S"), ("D", "S"), ("2T", "T"), ("BGM", "D"), ("AGO", "D"), ("L", "S36"), ("S36", "S")):
        if not who(letters[part]) <= who(letters[whole]):
            yield f"{part} holds some who are not in {whole}"
    if (odd := who(letters["D"]) - who(letters["K"])) and not odd <= reader.named("bulanan"):
        yield "K-D is not K less D, and nobody says for whom"
    for row in reader.tables["bulanan", "indikator"].rows:
        above, below, share = row[2], row[3], row[4]
        if isinstance(share.value, float) and abs(share.value - above.value / below.value) > 1e-9:  # type: ignore[operator]
            yield f"{row[0].text} is not {above.text} of {below.text}"
        if not who(above) <= who(below) and row[0].text != "D/K":
            yield f"{row[0].text} counts some above the line who are not below it"


def _makes(words: str, whole: Cell, parts: Sequence[Cell]) -> Iterator[str]:
    if sum(each.value for each in parts) != whole.value or who(*parts) != who(whole):  # type: ignore[misc]
        yield f"{words} does not come out"


PARTED = {  # a recap, whom its columns are among, and columns of which nobody stands in two
    ("bulanan", "rekap_balita"): (
        ("development_complete", "development_incomplete"), ("waz_normal", "waz_other"), ("haz_normal", "haz_other"),
        ("whz_good", "whz_other"), ("head_normal", "head_other"), ("muac_normal", "muac_other"),
        ("breastfed", "well_fed"),
    ),
    ("bulanan", "rekap_bumil"): (
        ("weight_green", "weight_red"), ("muac_green", "muac_red"), ("pressure_green", "pressure_red"),
        ("iron_daily", "iron_not_daily"), ("class_yes", "class_no"), ("vitamin_a_yes", "vitamin_a_no"),
        ("contraception_yes", "contraception_no"),
    ),
    ("rekap_sekolah", "rekap_sekolah"): (
        ("bmi_very_thin", "bmi_thin", "bmi_normal", "bmi_heavy", "bmi_obese"), ("anaemia_yes", "anaemia_no"),
        ("pressure_low", "pressure_normal", "pressure_high"), ("glucose_low", "glucose_normal", "glucose_high"),
        ("mental_done", "mental_not_done"),
    ),
    ("rekap_dewasa", "rekap_dewasa"): (
        ("bmi_very_thin", "bmi_thin", "bmi_normal", "bmi_heavy", "bmi_obese"), ("waist_male", "waist_female"),
        ("pressure_low", "pressure_normal", "pressure_high"), ("glucose_low", "glucose_normal", "glucose_high"),
        ("cholesterol_normal", "cholesterol_high"), ("srq_low", "srq_high"), ("puma_low", "puma_high"),
        ("aks_independent", "aks_mild", "aks_moderate", "aks_severe", "aks_total"),
        *((f"skilas_{each}_yes", f"skilas_{each}_no")
          for each in ("cognition", "mobility", "malnutrition", "hearing", "sight", "depression")),
    ),
}  # fmt: skip
FREE = frozenset(("food", "food_daily", "food_not_daily", "supplement"))
"""What a programme tells of who did not come."""


def _recaps(reader: Reader) -> Iterator[str]:
    for (sheet, name), parted in PARTED.items():
        table = reader.tables[sheet, name]
        for number, row in enumerate(table.rows):
            cells = {column.name: cell for column, cell in zip(table.columns, row, strict=True)}
            starts = {
                kind: {column: each for column, each in cells.items() if column.startswith(kind) and each.people}
                for kind in ("targets", "came", "absent")
            }
            came, absent = who(*starts["came"].values()), who(*starts["absent"].values())
            if who(*starts["targets"].values()) != came | absent or came & absent:
                yield f"{name}[{number}]: targets are not who came and who did not"
            for group in parted:
                if sum(len(cells[each].people) for each in group) != len(who(*(cells[each] for each in group))):
                    yield f"{name}[{number}]: somebody stands in two of {group}"
            for column, cell in cells.items():
                asked = not column.startswith(("month", "targets", "came", "absent")) and column not in FREE
                if asked and (strangers := who(cell) - came):
                    yield f"{name}[{number}]: {column} counts {len(strangers)} who did not come"


SAME = (  # what several sheets say of one month, as each calls it
    (("bulanan", "S"), ("f1_gizi", "1"), ("catatan_bulanan", "01"), ("lb_kia", "11"), ("sip6", "s")),
    (("bulanan", "K"), ("f1_gizi", "2"), ("catatan_bulanan", "02"), ("lb_kia", "13"),
     ("sip6", "k")),
    (("bulanan", "D"), ("f1_gizi", "7"), ("catatan_bulanan", "03"), ("lb_kia", "14"),
     ("sip6", "d")),
    (("bulanan", "N"), ("f1_gizi", "3"), ("catatan_bulanan", "04"), ("lb3_gizi", "16"), ("lb_kia", "15"),
     ("sip6", "n"), ("rekap_balita", "gained")),
    (("bulanan", "T"), ("f1_gizi", "4"), ("lb3_gizi", "17"), ("lb_kia", "16")),
    (("bulanan", "O"), ("f1_gizi", "5"), ("lb3_gizi", "14")),
    (("bulanan", "B"), ("f1_gizi", "6"), ("lb3_gizi", "15")),
    (("bulanan", "BGM"), ("f1_gizi", "9"), ("lb3_gizi", "19"), ("lb_kia", "18"), ("sip6", "bgm")),
    (("bulanan", "2T"), ("f1_gizi", "10"), ("lb3_gizi", "18"), ("lb_kia", "17")),
    (("bulanan", "S36"), ("f1_gizi", "13")),
    (("bulanan", "L"), ("f1_gizi", "14")),
    (("f1_gizi", "18b"), ("lb3_gizi", "1"), ("lb_kia", "6"), ("rekap_bumil", "vitamin_a_yes"),
     ("sip6", "postpartum_vitamin_a")),
    (("f1_gizi", "19"), ("lb_kia", "1"), ("rekap_bumil", "targets"), ("sip6", "pregnant")),
    (("f1_gizi", "20"), ("lb3_gizi", "26"), ("lb_kia", "4")),
    (("f1_gizi", "21"), ("rekap_bumil", "iron")),
    (("f1_gizi", "22"), ("lb_kia", "7")),
    (("lb3_gizi", "27"), ("lb_kia", "5")),
    (("lb3_gizi", "28"), ("lb_kia", "3")),
    (("lb3_gizi", "31"), ("lb_kia", "2")),
    (("lb3_gizi", "25"), ("lb_kia", "19")),
    (("sip6", "breastfeeding"), ("rekap_bumil", "targets_nifas")),
    (("sip5", "pregnant_came"), ("sip6", "pregnant_came"), ("rekap_bumil", "came")),
    (("sip5", "breastfeeding_came"), ("rekap_bumil", "came_nifas")),
)  # fmt: skip


LB3_AGES = (("S", "1", "2", "3", "4", "5"), ("S", "1", "8", "9"), ("K", "2", "10", "11"), ("D", "7", "12", "13"))
"""What F1 counts at once and LB3 by age: the letter, the item of F1, those of LB3."""


def _said(reader: Reader, sheet: str, what: str) -> Cell:
    if sheet.startswith("rekap"):
        return reader.of_month("bulanan", sheet, what)
    return reader.of_month(sheet, sheet, what) if sheet.startswith("sip") else reader.item(sheet, what)


def _sheets(reader: Reader) -> Iterator[str]:
    for places in SAME:
        cells = [_said(reader, *place) for place in places]
        told = [cell for cell in cells if isinstance(cell.value, int)]
        if any((cell.value, who(cell)) != (told[0].value, who(told[0])) for cell in told):
            yield f"{places} say {[cell.value for cell in cells]}"
    severe = [reader.item("lb3_gizi", no) for no in ("20", "20a")]
    yield from _equal("LB3 20 + 20a = LB KIA 21", severe, [reader.item("lb_kia", "21")])
    for letter, no, *parts in LB3_AGES:
        aged = [reader.item("lb3_gizi", each) for each in parts]
        yield from _equal(f"LB3 {' + '.join(parts)} = {letter}", aged, [reader.item("f1_gizi", no)])
    capsules = [reader.item("f1_gizi", no) for no in ("15a", "15b")]
    if all(isinstance(cell.value, int) for cell in capsules):
        given = reader.of_month("sip6", "sip6", "vitamin_a")
        if isinstance(given.value, int) and who(given) != who(*capsules):
            yield "F1 15a and 15b are not who got a capsule by SIP 6"
        if not who(reader.item("lb_kia", "10"), reader.item("lb_kia", "12")) <= who(*capsules):
            yield "LB KIA 10 or 12 counts somebody without a capsule"
    for part, whole in (
        ("14", "13"),
        ("17", "16"),
        ("18b", "18a"),
        ("20", "19"),
        ("21", "19"),
        ("11", "7"),
        ("12", "7"),
    ):
        if not who(reader.item("f1_gizi", part)) <= who(reader.item("f1_gizi", whole)):
            yield f"F1 {part} counts some who are not in {whole}"
    absent, books, weighed = (who(reader.item("f1_gizi", no)) for no in ("8", "2", "7"))
    if len(absent) != len(books) - len(weighed) and not (weighed - books) <= reader.named("f1_gizi"):
        yield "F1 8 is not 2 less 7, and nobody is named"


def _equal(words: str, one: Sequence[Cell], other: Sequence[Cell]) -> Iterator[str]:
    cells = [*one, *other]
    if all(isinstance(cell.value, int) for cell in cells) and who(*one) != who(*other):
        yield f"{words} does not come out"


def _columns(reader: Reader) -> Iterator[str]:
    """The columns of ages, families and sexes make up the sum of each row, or whom they miss is named."""
    for (code, name), table in reader.tables.items():
        names = [column.name for column in table.columns]
        if not {"male", "female", "total"} <= set(names):
            continue
        for number, row in enumerate(table.rows):
            cells = dict(zip(names, row, strict=True))
            if not isinstance(cells["male"].value, int):
                continue
            bands = [c for n, c in cells.items() if n.endswith(("_male", "_female"))]
            total = cells["total"]
            for parts in filter(None, ([cells["male"], cells["female"]], bands)):
                lost = who(total) - who(*parts)
                summed = sum(cell.value for cell in parts if isinstance(cell.value, int)) + len(lost)
                if summed != total.value or not lost <= reader.named(code):
                    yield f"{code}/{name}[{number}] does not add up across"


@pytest.mark.parametrize("seed", range(RUNS))
def test_what_a_reader_would_add_up_comes_out_in_any_village(seed: int) -> None:
    ws = random_villages.small(seed)
    month = Month(2026, 7 + seed % 4)
    try:
        found = list(amiss(dict(reports(ws, month)), month))
    finally:
        ws.close()
    assert not found, f"village {seed}:\n" + "\n".join(found[:30])
