"""Every figure of the official sheets counted again from the raw rows of the sample post, and the layouts on paper."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pypdfium2
import pytest

from posyandu.domain import indicators
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.reports import facts, pdf
from posyandu.reports.counts import CHILD_COUNTS, SheetData, count_cell
from posyandu.reports.delimited import csv_files
from posyandu.reports.layout import ColumnSpec, ItemSpec, Layout, Part, WrongLayout, layouts
from posyandu.reports.sheet import Sheet, card, sheet
from posyandu.reports.spreadsheet import workbook
from posyandu.reports.table import Table
from tests import recount, villages

BOOK = villages.sample_book()
OCTOBER = Month(2026, 10)
BANDS = {"0_5": (0, 5), "6_11": (6, 11), "12_23": (12, 23), "24_35": (24, 35), "36_59": (36, 59)}


@pytest.fixture(scope="module")
def data() -> SheetData:
    return sheet_data(OCTOBER)


def sheet_data(month: Month, book: villages.Book = BOOK) -> SheetData:
    sessions: dict[Month, tuple[Answers, ...]] = {}
    for each in book.sessions.values():
        held_on = each["held_on"]
        assert isinstance(held_on, date)
        sessions[Month.of(held_on)] = (*sessions.get(Month.of(held_on), ()), each)
    return SheetData(villages.monthly_data(book, month), sessions, tuple(book.pregnancies.values()))


def made(code: str, data: SheetData) -> Sheet:
    return sheet(layouts()[code], data)


def item(table: Table, no: str) -> dict[str, int]:
    """The numbers of the row with this printed number, by column."""
    row = next(row for row in table.rows if row[0].text == no)
    return {
        column.name: cell.value for column, cell in zip(table.columns, row, strict=True) if isinstance(cell.value, int)
    }


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("f1_gizi", {"1", "2", "13", "16", "18a", "19", "22"}),
        ("catatan_bulanan", {"01", "02"}),
        ("skdn_who", {"01", "02"}),
        ("lb3_gizi", {"2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "21", "22", "29"}),
        ("lb_kia", {"1", "7", "9", "11", "13", "30"}),
    ],
)
def test_before_the_posyandu_day_of_a_month_a_sheet_says_what_the_register_tells_and_no_nought(
    code: str, known: set[str]
) -> None:
    book = villages.Book(post={"name": "Kenanga"}, people={"a": BABY})
    before = made(code, sheet_data(OCTOBER, book))
    tables = [table for table in before.tables if table.columns[1].name == "item"]
    told = {row[0].text for table in tables for row in table.rows if any(isinstance(c.value, int) for c in row[2:])}
    assert told == known
    assert before.blank
    assert all("Belum ada hari buka." in table.notes for table in tables)
    assert {row[-1].text for table in tables for row in table.rows if row[0].text not in known} == {"–"}
    book.sessions["s"] = {"held_on": date(2026, 10, 4)}
    after = made(code, sheet_data(OCTOBER, book))
    assert not after.blank
    assert "Belum ada hari buka." not in after.tables[0].notes
    assert not made("sip2", sheet_data(OCTOBER, villages.Book(post={"name": "Kenanga"}))).blank, "no figures in it"


def severe(*months: int) -> list[Answers]:
    """Weighings of a boy of 75 cm: 6 kg (gizi buruk) in these months, 9,3 kg in the others from May to October."""
    return [
        {"visited_on": date(2026, month, 4), "weight_g": 6_000 if month in months else 9_300, "length_mm": 750}
        for month in range(5, 11)
    ]


BABY: Answers = {"name": "Adi", "sex": "male", "born_on": date(2025, 10, 1)}


@pytest.mark.parametrize(
    ("months", "new", "old"),
    [((10,), {"a"}, set()), ((9, 10), set(), {"a"}), ((8, 10), {"a"}, set()), ((9,), set(), set()), ((), set(), set())],
)
def test_gizi_buruk_is_a_new_case_when_the_child_was_not_so_when_last_measured(
    months: tuple[int, ...], new: set[str], old: set[str]
) -> None:
    book = villages.Book(post={"name": "K"}, people={"a": BABY}, child_visits=defaultdict(list, a=severe(*months)))
    table = made("lb3_gizi", sheet_data(OCTOBER, book)).tables[0]
    cases = {row[0].text: {each.id for each in row[-1].people} for row in table.rows if row[0].text in ("20", "20a")}
    assert cases == {"20": new, "20a": old}


@pytest.mark.parametrize(
    ("months", "last", "told"),
    [
        ((10,), 10, ("0", "1", "1")),
        ((9, 10), 10, ("1", "0", "1")),
        ((9,), 9, ("1", "0", "1")),
        ((9,), 10, ("0", "0", "0")),
    ],
)
def test_a_death_counts_as_gizi_buruk_by_what_was_last_measured(
    months: tuple[int, ...], last: int, told: tuple[str, ...]
) -> None:
    gone: Answers = {**BABY, "status": "died", "left_on": date(2026, 10, 20)}
    visits = [each for each in severe(*months) if str(each["visited_on"]) <= f"2026-{last:02}-31"]
    book = villages.Book(post={"name": "K"}, people={"a": gone}, child_visits=defaultdict(list, a=visits))
    table = made("lb3_gizi", sheet_data(OCTOBER, book)).tables[0]
    assert tuple(row[-1].text for row in table.rows if row[0].text in ("21", "22", "29")) == told
    later = made("lb3_gizi", sheet_data(Month(2026, 11), book)).tables[0]
    assert [row[-1].text for row in later.rows if row[0].text in ("21", "22", "29")] == ["0", "0", told[2]]


def test_lb3_has_the_31_items_of_the_blank_in_its_order_and_one_more_without_a_number_there() -> None:
    (table,) = made("lb3_gizi", sheet_data(OCTOBER)).tables
    numbers = [row[0].text for row in table.rows]
    assert [each for each in numbers if each != "20a"] == [str(number) for number in range(1, 32)]


@pytest.mark.parametrize(
    ("items", "letter", "column"),
    [
        (("2", "3", "4", "5"), "S", "total"),
        (("8", "9"), "S", "male"),
        (("10", "11"), "K", "female"),
        (("12", "13"), "D", "total"),
        (("12", "13"), "D", "male"),
    ],
)
def test_an_item_of_one_age_counts_its_children_alone(items: tuple[str, ...], letter: str, column: str) -> None:
    (table,) = made("lb3_gizi", sheet_data(OCTOBER)).tables
    whole = made("f1_gizi", sheet_data(OCTOBER)).tables[0]
    aged = [table.cell(number, column) for number, row in enumerate(table.rows) if row[0].text in items]
    every = next(whole.cell(number, column) for number, row in enumerate(whole.rows) if row[1].text[0] == letter)
    people = [ref.id for cell in aged for ref in cell.people]
    assert sorted(people) == sorted(ref.id for ref in every.people)
    assert all(cell.people for cell in aged)


@pytest.mark.parametrize("number", [2, 6, 10])
def test_f1_gizi_by_age_family_and_sex_equals_a_plain_recount(number: int) -> None:
    table = made("f1_gizi", sheet_data(Month(2026, number))).tables[0]
    again = recount.skdn(BOOK, 2026, number)
    for no, letter in (
        ("1", "S"),
        ("2", "K"),
        ("3", "N"),
        ("4", "T"),
        ("5", "O"),
        ("6", "B"),
        ("7", "D"),
        ("10", "2T"),
    ):
        counted = item(table, no)
        for band in BANDS:
            for sex in ("male", "female"):
                ids = again.get(letter, {}).get((band, sex), set())
                poor = {id_ for id_ in ids if BOOK.people[id_].get("poor") is True}
                rich = {id_ for id_ in ids if BOOK.people[id_].get("poor") is False}
                assert counted[f"{band}_poor_{sex}"] == len(poor)
                assert counted[f"{band}_not_poor_{sex}"] == len(rich)
        assert counted["total"] == sum(len(ids) for ids in again.get(letter, {}).values())


def test_the_other_items_of_f1_gizi_equal_a_plain_recount(data: SheetData) -> None:
    _banded, others, breast, mothers = made("f1_gizi", data).tables
    visits = [
        (BOOK.people[id_], visit)
        for id_, each in BOOK.child_visits.items()
        for visit in each
        if recount.is_in(visit["visited_on"], 2026, 10) and not BOOK.people[id_].get("guest")
    ]
    for no, colour in (("15a", "blue"), ("15b", "red")):
        assert item(others, no)["total"] == sum(visit.get("vitamin_a") == colour for _person, visit in visits)
    after_no = {
        (BOOK.people[id_]["name"], visit["visited_on"])
        for id_, each in BOOK.child_visits.items()
        for visit in each
        if any(v.get("exclusive_breastfeeding") is False and v["visited_on"] <= visit["visited_on"] for v in each)  # type: ignore[operator]
    }
    for age in range(7):
        fed = {
            person["name"]
            for person, visit in visits
            if recount.months_between(person["born_on"], visit["visited_on"]) == age
            and visit.get("exclusive_breastfeeding")
            and (person["name"], visit["visited_on"]) not in after_no
        }
        assert item(breast, "17")[f"e{age}"] == len(fed)
    checked = {
        pregnancy
        for pregnancy, each in BOOK.pregnancy_visits.items()
        for visit in each
        if recount.is_in(visit["visited_on"], 2026, 10) and (visit.get("iron_tablets") or 0) > 0
    }
    assert item(mothers, "21") == {"total": len(checked)}
    assert item(mothers, "19")["total"] >= len(checked)


@pytest.mark.parametrize("code", ["skdn_24_59", "skdn_12_24", "skdn_who", "catatan_bulanan"])
def test_other_bands_split_the_same_children_differently(code: str, data: SheetData) -> None:
    table = made(code, data).tables[0]
    again = recount.skdn(BOOK, 2026, 10)
    for no, letter in (("01", "S"), ("02", "K"), ("03", "D"), ("04", "N"), ("05", "T"), ("06", "O"), ("07", "B")):
        counted = item(table, no)
        total = counted.pop("total")
        sexes = counted.pop("male") + counted.pop("female")
        assert sum(counted.values()) == sexes == total == sum(len(ids) for ids in again.get(letter, {}).values())


@pytest.mark.parametrize("number", [2, 6, 10])
def test_the_year_sheets_have_the_figures_of_every_month(number: int, data: SheetData) -> None:
    table = made("sip6", data).tables[0]
    again = recount.skdn(BOOK, 2026, number)
    for name, letter in (("s", "S"), ("k", "K"), ("d", "D"), ("n", "N")):
        expected = {id_ for ids in again.get(letter, {}).values() for id_ in ids}
        assert {ref.id for ref in table.cell(number - 1, name).people} == expected


def test_format_5_counts_visitors_births_and_staff(data: SheetData) -> None:
    table = made("sip5", data).tables[0]
    session = next(each for each in BOOK.sessions.values() if each["held_on"] in OCTOBER)  # type: ignore[operator]
    assert table.cell(9, "kader").value == session["kader_present"]
    came = [
        person
        for id_, person in BOOK.people.items()
        if any(day in OCTOBER for day in BOOK.came_on.get(id_, ())) and not person.get("guest")
    ]
    ages = [recount.months_between(person["born_on"], session["held_on"]) for person in came]
    assert table.cell(9, "infants_came").value == sum(age < 12 for age in ages)
    assert table.cell(9, "toddlers_came").value == sum(12 <= age < 60 for age in ages)
    born = [p for p in BOOK.people.values() if p["born_on"] in Month(2026, 8) and not p.get("guest")]  # type: ignore[operator]
    assert table.cell(7, "births").value == len(born)
    assert table.cell(9, "pus").text == "–"
    assert [cell.text for cell in table.rows[10]][2:] == [""] * 13, "no day was held in November"


def test_the_infants_of_f1_gizi_add_up_to_those_of_its_columns(data: SheetData) -> None:
    table = made("f1_gizi", data).tables[2]
    assert item(table, "16")["total"] > 0
    for no in ("16", "17"):
        numbers = item(table, no)
        assert numbers.pop("total") == sum(numbers.values()), "bayi of 7 to 11 months stand in no column and no sum"


def test_the_dead_are_counted_in_their_month() -> None:
    book = replace(BOOK, people=dict(BOOK.people), pregnancies=dict(BOOK.pregnancies))
    baby = next(id_ for id_, p in book.people.items() if p["born_on"] in Month(2026, 5))  # type: ignore[operator]
    book.people[baby] = {**book.people[baby], "status": "died", "left_on": date(2026, 9, 3), "left_reason": "Demam"}
    number, (woman, answers) = next(iter(book.pregnancies.items()))
    book.pregnancies[number] = (woman, {**answers, "outcome": "died", "ended_on": date(2026, 8, 1)})
    data = sheet_data(OCTOBER, book)
    table = made("sip5", data).tables[0]
    assert [table.cell(row, "infants_died").value for row in (7, 8)] == [0, 1]
    assert [table.cell(row, "mothers_died").value for row in (7, 8)] == [1, 0]
    births = made("sip1", data).tables[0]
    row = next(row for row in births.rows if row[births.column("died_on")].text)
    assert row[births.column("died_on")].text == "03-09-2026"
    assert row[births.column("left_reason")].text == "Demam"


def test_couples_who_came_are_counted_from_the_register_of_wus() -> None:
    came = [each for each in sheet_data(OCTOBER).mothers(OCTOBER) if indicators.mother_came(each)]
    away = [each for each in sheet_data(OCTOBER).mothers(OCTOBER) if not indicators.mother_came(each)]
    noted: dict[str, Answers] = {each.id: {"couple": True} for each in (*came[1:], *away)} | {
        came[0].id: {"couple": False}
    }
    data = replace(sheet_data(OCTOBER), wus=noted)
    assert {ref.id for ref in count_cell("pus_came", data, OCTOBER).people} == {each.id for each in came[1:]}
    assert count_cell("pus_came", sheet_data(OCTOBER), OCTOBER).text == "–"


def test_a_mothers_death_is_one_in_pregnancy_or_42_days_after_and_no_accident() -> None:
    woman, answers = next(pair for pair in BOOK.pregnancies.values() if pair[1].get("outcome") == "live_birth")
    ended = answers["ended_on"]
    assert isinstance(ended, date)

    def counted(days: int, **noted: object) -> tuple[list[object], list[str]]:
        on = ended + timedelta(days=days)
        book = replace(BOOK, people=dict(BOOK.people))
        book.people[woman] = {**book.people[woman], "status": "died", "left_on": on}
        data = replace(sheet_data(Month(on.year, 12), book), deaths={woman: noted})
        births = made("sip1", data).tables[0]
        place = births.column("mother_died_on")
        told = [row[place].text for row in births.rows if row[place].text]
        return [count_cell("mothers_died", data, Month.of(on)).value], told

    for days, number in ((0, 1), (42, 1), (43, 0)):
        assert counted(days)[0] == [number], days
    assert counted(20, accident=True) == ([0], [])
    assert counted(20)[1] == [f"{ended + timedelta(days=20):%d-%m-%Y}"]


def test_a_mother_who_left_no_child_has_a_row_of_her_own() -> None:
    book = replace(BOOK, people=dict(BOOK.people), pregnancies=dict(BOOK.pregnancies))
    number, (woman, answers) = next(
        (key, pair) for key, pair in BOOK.pregnancies.items() if pair[1].get("outcome") == "ongoing"
    )
    on = date(2026, 9, 20)
    told = {**book.people[woman], "status": "died", "left_on": on, "husband_name": "Amaq Sahrun"}
    book.people[woman] = told
    book.pregnancies[number] = (woman, {**answers, "outcome": "died", "ended_on": on})
    data = replace(sheet_data(OCTOBER, book), deaths={woman: {"cause": "Perdarahan"}})
    births = made("sip1", data).tables[0]
    (row,) = [row for row in births.rows if row[births.column("mother_died_on")].text]
    shown = [row[births.column(name)].text for name in ("mother", "father", "name", "mother_died_on", "left_reason")]
    assert shown == [told["name"], "Amaq Sahrun", "", "20-09-2026", "Perdarahan"]


def test_a_child_without_a_known_family_is_in_the_total_only_and_is_named() -> None:
    book = replace(BOOK, people=dict(BOOK.people))
    child = next(iter(recount.skdn(BOOK, 2026, 10)["S"].values())).copy().pop()
    book.people[child] = {**book.people[child], "poor": None}
    check = next(each for each in made("f1_gizi", sheet_data(OCTOBER, book)).checks if not each.ok)
    assert check.person_ids == (child,)
    assert "Gakin" in check.sentence
    assert not [each for each in made("f1_gizi", sheet_data(OCTOBER)).checks if "kolom mana pun" in each.sentence]


def test_a_child_without_a_known_sex_is_in_the_total_only_and_the_sheet_says_that_it_is_for_that() -> None:
    book = replace(BOOK, people=dict(BOOK.people))
    child = next(iter(recount.skdn(BOOK, 2026, 10)["S"].values())).copy().pop()
    book.people[child] = {**book.people[child], "sex": None}
    for code in ("f1_gizi", "catatan_bulanan", "lb3_gizi"):
        found = [each for each in made(code, sheet_data(OCTOBER, book)).checks if "kolom mana pun" in each.sentence]
        assert found
        assert {(ref.id, ref.detail) for each in found for ref in each.people} == {
            (child, "jenis kelamin belum dicatat")
        }


def f1(people: dict[str, Answers], visits: dict[str, list[Answers]]) -> Sheet:
    book = villages.Book(people=people, sessions={"s": {"held_on": date(2026, 10, 12)}})
    book.child_visits.update(visits)
    return made("f1_gizi", sheet_data(OCTOBER, book))


def test_f1_names_the_child_for_whom_its_item_8_is_not_item_2_less_item_7() -> None:
    child: Answers = {"sex": "female", "born_on": date(2025, 1, 5), "poor": True}
    people = {
        "absent": {**child, "name": "Absen", "has_kia_book": True},
        "weighed": {**child, "name": "Ditimbang", "has_kia_book": True},
        "bookless": {**child, "name": "Tanpa Buku", "has_kia_book": False},
    }
    weighing: Answers = {"visited_on": date(2026, 10, 12), "weight_g": 9_000}
    sheet = f1(people, {"weighed": [weighing], "bookless": [weighing]})
    told = {no: item(sheet.tables[0], no)["total"] for no in ("2", "7", "8")}
    assert told == {"2": 2, "7": 2, "8": 1}
    (check,) = (each for each in sheet.checks if not each.ok)
    assert "butir 2 (2) tidak sama dengan butir 7 + 8 (2 + 1), karena 1 anak" in check.sentence
    assert [(ref.name, ref.detail) for ref in check.people] == [("Tanpa Buku", "dihitung di butir 7 saja")]
    assert "Tanpa Buku (dihitung di butir 7 saja)" in text_of(pdf.sheet_pdf(sheet))
    with_book = {**people, "bookless": {**people["bookless"], "has_kia_book": True}}
    assert all(each.ok for each in f1(with_book, {"weighed": [weighing], "bookless": [weighing]}).checks)


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def test_a_sheet_names_a_dozen_and_says_how_many_more_there_are() -> None:
    people: dict[str, Answers] = {
        f"p{n:02}": {"name": f"Anak {n:02}", "sex": "male", "born_on": date(2025, 1, 5)} for n in range(15)
    }
    text = text_of(pdf.sheet_pdf(f1(people, {})))
    assert "Anak 11 (Gakin" in text
    assert "Anak 12" not in text
    assert "dan 3 lagi" in text


def test_the_line_list_of_the_monthly_note_is_s_of_the_month() -> None:
    people: dict[str, Answers] = {
        "father": {"name": "Tono", "sex": "male", "born_on": date(1990, 5, 2), "nik": "5201010205900001"},
        "balita": {
            "name": "Balita", "sex": "male", "born_on": date(2024, 5, 2), "father_id": "father", "status": "active",
        },
        "apras": {"name": "Apras", "sex": "male", "born_on": date(2021, 5, 2)},
        "moved": {
            "name": "Pindah", "sex": "male", "born_on": date(2024, 5, 2), "status": "moved",
            "left_on": date(2026, 9, 2),
        },
    }  # fmt: skip
    book = villages.Book(people=people, sessions={"s": {"held_on": date(2026, 10, 12)}})
    book.child_visits["moved"] = [{"visited_on": date(2026, 8, 10), "weight_g": 9_000}]
    sheet = made("catatan_bulanan", sheet_data(OCTOBER, book))
    assert item(sheet.tables[0], "01")["total"] == 1
    lists = [table for table in sheet.tables if table.title.startswith("V.")]
    assert [[row[1].text for row in table.rows] for table in lists] == [["Balita"], ["Balita"]]
    assert lists[0].cell(0, "father_nik").text == "5201010205900001"
    assert lists[1].cell(0, "residence").text == "Tinggal di sini"


def test_doses_stand_in_the_month_they_were_given(data: SheetData) -> None:
    child = data.report.children[OCTOBER][0]
    doses = (
        {"antigen": "dpt_hb_hib", "dose": 2, "given_on": date(2026, 11, 2)},  # the same dose, from a joined record
        {"antigen": "dpt_hb_hib", "dose": 2, "given_on": date(2026, 10, 4)},
        {"antigen": "dpt_hb_hib", "dose": 1, "given_on": date(2025, 12, 4)},
        {"antigen": "mr", "dose": 1, "given_on": None, "not_given": "sick"},
    )
    given = replace(data, doses={child.id: doses})
    year = made("sip6", given).tables[0]
    assert [ref.id for ref in year.cell(9, "dpt_2").people] == [child.id]
    assert [year.cell(9, name).value for name in ("dpt_1", "measles", "hb0")] == [0, 0, 0]
    register = made("sip2", given).tables[1]
    row = next(row for row in register.rows if row[register.column("name")].people and row[1].people[0].id == child.id)
    assert [row[register.column(name)].text for name in ("dpt_1", "dpt_2", "measles")] == ["Des 25", "Okt", ""]


@pytest.mark.parametrize(
    ("given", "reason", "note"),
    [
        ((("ipv", 1), ("ipv", 2), ("mr", 2), ("mr", 1), ("bcg", 1)), None, "IPV 1–2, MR 2"),
        ((("dpt_hb_hib", 4), ("pcv", 3), ("pcv", 1)), None, "PCV 1+3, DPT 4"),
        ((("rv", 1),), "Pindah", "Pindah, RV 1"),
        ((("pcv", None), ("mr", 2), ("mr", None)), None, "PCV, MR 2"),
        ((("opv", 4), ("hb0", 1), ("dpt_hb_hib", 3)), None, ""),
        ((), None, ""),
    ],
)
def test_doses_without_a_column_on_the_classic_blank_stand_in_its_notes(
    data: SheetData, given: tuple[tuple[str, int | None], ...], reason: str | None, note: str
) -> None:
    child = data.report.children[OCTOBER][0]
    doses = [{"antigen": antigen, "dose": dose, "given_on": date(2026, 9, 4)} for antigen, dose in given]
    doses += [{"antigen": "ipv", "dose": 3, "given_on": None, "not_given": "sick"}]
    subject = facts.Subject(child.id, {**child.person, "left_reason": reason}, doses=tuple(doses))
    assert facts.FACTS["balita_note"](subject).text == note
    register = made("sip2", replace(data, doses={child.id: tuple(doses)})).tables[1]
    row = next(row for row in register.rows if row[1].people and row[1].people[0].id == child.id)
    assert row[-1].text == note.removeprefix("Pindah, ")


def test_what_was_never_recorded_in_a_book_is_unknown_and_not_zero(data: SheetData) -> None:
    year = made("sip6", replace(data, doses={}, wus={})).tables[0]
    names = ("hb0", "dpt_1", "tetanus_1", "pregnant_tetanus", "kb_pill")
    assert [year.cell(9, name).text for name in names] == ["–"] * 5


def test_women_of_childbearing_age_have_their_register_and_are_counted(data: SheetData) -> None:
    woman = data.report.pregnancies[OCTOBER][0]
    noted: Answers = {
        "visited_on": date(2026, 10, 6),
        "tetanus_2_on": date(2026, 10, 6),
        "contraception_method": "pill",
        "welfare": "2",
        "muac_mm": 245,
    }
    with_wus = replace(data, wus={woman.id: noted})
    register = made("sip3", with_wus).tables[0]
    row = register.rows[0]
    told = ("tetanus_2", "method", "welfare", "muac", "changed_method")
    assert [row[register.column(name)].text for name in told] == ["Okt", "Pil", "Sejahtera II", "24,5", ""]
    year = made("sip6", with_wus).tables[0]
    for name in ("kb_pill", "tetanus_2", "pregnant_tetanus"):
        assert [ref.id for ref in year.cell(9, name).people] == [woman.id]
    assert [year.cell(9, name).value for name in ("kb_condom", "tetanus_1")] == [0, 0]
    none = replace(data, wus={woman.id: {**noted, "contraception": False}})
    assert made("sip6", none).tables[0].cell(9, "kb_pill").value == 0, "who says she uses none uses no pill"
    unborn = {**data.report.everyone, woman.id: {**data.report.everyone[woman.id], "born_on": date(2027, 1, 1)}}
    odd = made("sip3", replace(with_wus, report=replace(data.report, everyone=unborn))).tables[0]
    assert odd.cell(0, "years").text == "", "nobody is younger than nothing"
    assert year.cell(8, "pregnant_tetanus").value == 0
    assert made("sip4", with_wus).title == "SIP Format 4: register ibu hamil dan nifas", "as in the list of columns"
    card = made("sip4", with_wus).tables[1]
    assert any(row[card.column("tetanus_2")].text == "Okt" for row in card.rows)


def test_a_register_ticks_who_came_and_ends_with_present_of_targets(data: SheetData) -> None:
    table = made("register_balita", data).tables[0]
    foot = table.rows[-1]
    for number in range(1, 11):
        month = Month(2026, number)
        here = data.report.children[month]
        assert foot[table.column(f"came_{number}")].text == f"{sum(each.came for each in here)}/{len(here)}"
        ticks = [row[table.column(f"came_{number}")].text for row in table.rows[:-1]]
        assert ticks.count("✓") == sum(each.came for each in here)
    assert foot[table.column("came_11")].text == ""


def test_the_weights_of_the_year_stand_in_their_month_with_their_letter(data: SheetData) -> None:
    table = made("sip2", data).tables[0]
    row = next(row for row in table.rows if row[table.column("weight_10")].text)
    id_ = row[table.column("name")].people[0].id
    visit = next(each for each in BOOK.child_visits[id_] if each["visited_on"] in OCTOBER)  # type: ignore[operator]
    assert row[table.column("weight_10")].value == visit["weight_g"] / 1000  # type: ignore[operator]
    assert row[table.column("weight_10")].text[-1] in "NTOB"


def test_the_spare_sheet_holds_this_months_targets_and_what_to_reach(data: SheetData) -> None:
    children, women = made("lembar_cadangan", data).tables
    assert len([row for row in children.rows if row[1].text]) == len(data.report.children[OCTOBER])
    assert len([row for row in women.rows if row[1].text]) == len(data.report.pregnancies[OCTOBER])
    row = next(row for row in children.rows if row[children.column("least_weight")].text)
    before, wanted = (row[children.column(name)].value for name in ("weighed_before", "least_weight"))
    assert isinstance(before, float)
    assert isinstance(wanted, float)
    assert 0.1 <= wanted - before <= 0.9


def test_a_card_has_one_row_for_each_visit_with_its_verdict() -> None:
    histories, women = villages.histories(BOOK)
    history = max(histories, key=lambda each: len(each.visits))
    table = card(layouts()["kartu_balita"], history, (("Posyandu", "Melati"),)).tables[0]
    filled = [row for row in table.rows if row[table.column("visited_on")].text]
    assert len(filled) == len(history.visits)
    letters = [each.weighed.code if each.weighed else "" for each in history.assessments]
    assert [row[table.column("letter")].text for row in filled] == letters
    assert {row[table.column("haz")].text for row in filled} <= {"", "Normal", "Pendek", "Sangat pendek", "Tinggi"}
    mother = max(women, key=lambda each: len(each.visits))
    table = card(layouts()["kartu_bumil"], mother, ()).tables[0]
    assert [row[table.column("muac_colour")].text for row in table.rows if row[0].text] == [
        "" if each.muac_red is None else "Merah" if each.muac_red else "Hijau" for each in mother.assessments
    ]


def test_a_blank_card_has_the_months_of_age_printed_and_lines_to_write_on() -> None:
    blank = card(layouts()["kartu_balita_kosong"], None, (("Posyandu", "Melati"),))
    assert [row[0].text for row in blank.tables[0].rows[:13]] == [str(age) for age in range(13)]
    document = pypdfium2.PdfDocument(pdf.sheet_pdf(blank))
    assert len(document) == 2, "the months of the first year in front, free lines behind"
    document.close()
    assert dict(blank.head)["Nama"].startswith("....")
    assert blank.post_name == "Melati"


def test_the_monthly_note_lists_the_wasted_with_weight_length_and_class(data: SheetData) -> None:
    thin = next(each for each in data.children(data.month) if each.weighing is not None and each.age_months < 60)
    severe = replace(thin.assessments[-1].categories["whz"], code="severely_wasted", label="Gizi buruk", level="bad")
    judged = replace(thin.assessments[-1], categories={**thin.assessments[-1].categories, "whz": severe})
    wasted = replace(thin, assessments=(*thin.assessments[:-1], judged))
    month = tuple(wasted if each is thin else each for each in data.children(data.month))
    report = replace(data.report, children={**data.report.children, data.month: month})
    (table,) = (each for each in made("catatan_bulanan", replace(data, report=report)).tables if each.title[:2] == "IV")
    found = {row[table.column("name")].text: row for row in table.rows}
    row = found[str(thin.person["name"])]
    assert row[table.column("wasting_now")].text == "Gizi buruk"
    assert row[table.column("weight_now")].value == thin.weighing.grams / 1000  # type: ignore[union-attr]
    expected = {
        each.id for each in month if each.age_months < 60 and (c := each.class_of("whz")) and "wasted" in c.code
    }
    assert {ref.id for each in table.rows for cell in each for ref in cell.people} == expected


@pytest.mark.parametrize(
    ("age_months", "counted"),
    [(5, set()), (6, {"infants"}), (11, {"infants"}), (12, {"toddlers"}), (59, {"toddlers"}), (60, set())],
)
@pytest.mark.parametrize("colour", ["blue", "red"])
def test_a_row_of_infants_with_vitamin_a_counts_infants_whatever_the_colour(
    age_months: int, colour: str, counted: set[str]
) -> None:
    born_on = (Month(2026, 12) - age_months).first
    person: Answers = {"sex": "male", "born_on": born_on}
    visit: Answers = {"visited_on": date(2026, 12, 20), "vitamin_a": colour}
    history = indicators.child_history(villages.standards(), villages.tables(), "a", person, [visit])
    (child,) = indicators.children_of_month([history], Month(2026, 12), date(2026, 12, 20))
    assert child.age_months == age_months
    assert {name for name in ("infants", "toddlers") if CHILD_COUNTS[f"vitamin_a_{name}"](child)} == counted
    assert CHILD_COUNTS["vitamin_a"](child) is (age_months < 60), "of SIP 6: bayi and balita, not apras"


@pytest.mark.parametrize("code", [code for code, each in layouts().items() if each.period in ("month", "year")])
def test_every_sheet_is_written_twice_alike_and_says_what_it_holds(code: str, data: SheetData) -> None:
    ours = made(code, data)
    written = pdf.sheet_pdf(ours)
    assert pdf.sheet_pdf(made(code, sheet_data(OCTOBER))) == written
    document = pypdfium2.PdfDocument(written)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    assert ours.title.split(":")[0] in text
    assert f"Kode {ours.code}" in text
    names = [row[t.column("name")].text for t in ours.tables for row in t.rows if "name" in [c.name for c in t.columns]]
    squeezed = "".join(text.split())
    assert [name for name in names if "".join(name.split()) not in squeezed] == []
    assert len(openpyxl.load_workbook(BytesIO(workbook(ours))).sheetnames) == 1 + len(ours.tables)
    assert set(csv_files(ours)) == {f"{table.code}.csv" for table in ours.tables}


def test_another_population_gives_another_code(data: SheetData) -> None:
    assert made("sip6", data).code != made("sip6", sheet_data(Month(2026, 9))).code


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Part("x", "X", "figures", items=(ItemSpec("1", "A", "nothing"),)), "no count is called 'nothing'"),
        (Part("x", "X", "months", columns=(ColumnSpec("a", "A", "nothing"),)), "no count is called 'nothing'"),
        (Part("x", "X", "rows", columns=(ColumnSpec("a", "A", "nothing"),)), "no fact is called 'nothing'"),
        (Part("x", "X", "rows", columns=(ColumnSpec("a", "A", "no", monthly=True),)), "no fact of a month"),
    ],
)
def test_a_layout_that_asks_for_what_nobody_counts_is_an_error(part: Part, words: str, data: SheetData) -> None:
    with pytest.raises(WrongLayout, match=words):
        sheet(Layout("x", "X", "X", "month", "x", (part,)), data)


@pytest.mark.parametrize(
    ("bands", "splits", "columns"),
    [("skdn", ("poor", "sex"), 25), ("skdn", ("sex",), 15), ("skdn", (), 8), ("", ("sex",), 5), ("", (), 3)],
)
def test_bands_and_splits_make_the_columns(bands: str, splits: tuple[str, ...], columns: int, data: SheetData) -> None:
    part = Part("x", "X", "figures", items=(ItemSpec("1", "S", "s"),), bands=bands, splits=splits)  # type: ignore[arg-type]
    (table,) = sheet(Layout("x", "X", "X", "month", "x", (part,)), data).tables
    assert len(table.columns) == columns
    assert table.rows[0][-1].value == 47


def test_a_fact_of_a_post_that_nobody_knows_is_an_error_and_never_an_empty_line(data: SheetData) -> None:
    layout = replace(layouts()["f1_gizi"], head=(ColumnSpec("a", "Bupati", source="regent"),))
    with pytest.raises(WrongLayout, match="no fact of a post is called regent"):
        sheet(layout, data)


def test_sip_1_has_the_title_and_the_eight_column_numbers_of_its_blank(data: SheetData) -> None:
    title = made("sip1", data).title
    assert title.endswith("catatan ibu hamil, kelahiran, kematian bayi dan kematian ibu hamil/melahirkan/nifas")
    numbers = [column.no for column in layouts()["sip1"].parts[0].columns]
    assert numbers == ["1", "2", "3", "4a", "4b", "", "5", "6", "7", "8"]


def test_who_is_pregnant_now_stands_under_the_births_of_sip_1_until_her_child_has_a_row(data: SheetData) -> None:
    table = made("sip1", data).tables[0]
    note, mother = table.column("left_reason"), table.column("mother")
    waiting = [row[mother].text for row in table.rows if row[note].text == "Hamil"]
    now = {each.id for each in data.report.pregnancies[OCTOBER]}
    with_child = {str(person.get("mother_id")) for row in table.rows for ref in row[table.column("name")].people
                  if (person := BOOK.people[ref.id]).get("mother_id")}  # fmt: skip
    assert len(waiting) > 0
    assert sorted(waiting) == sorted(str(BOOK.people[id_]["name"]) for id_ in now - with_child)
    first = next(place for place, row in enumerate(table.rows) if row[note].text == "Hamil")
    assert all(not row[table.column("born_on")].text for row in table.rows[first:])


@pytest.mark.parametrize("code", ["sip1", "sip2", "sip3", "sip4"])
def test_the_printed_numbers_of_a_sip_register_run_from_left_to_right(code: str) -> None:
    numbers = [int(no) for part in layouts()[code].parts for column in part.columns if (no := column.no.rstrip("ab"))]
    told = list(dict.fromkeys(numbers))
    assert told == sorted(told)


@pytest.mark.parametrize(
    ("place", "ended_on", "counted"),
    [
        ("puskesmas", date(2026, 10, 3), 1),
        ("midwife", date(2026, 10, 31), 1),
        ("home", date(2026, 10, 3), 0),
        (None, date(2026, 10, 3), 0),
        ("hospital", date(2026, 9, 30), 0),
        ("hospital", None, 0),
    ],
)
def test_births_where_health_workers_are_are_counted_in_their_month(
    data: SheetData, place: str | None, ended_on: date | None, counted: int
) -> None:
    woman = data.report.pregnancies[OCTOBER][0].id
    told = replace(data, pregnancies=((woman, {"birth_place": place, "ended_on": ended_on}),))
    cell = count_cell("facility_births", told, OCTOBER)
    assert (cell.value, [ref.id for ref in cell.people]) == (counted, [woman] * counted)
    here = told.report.everyone
    guest = replace(told.report, everyone={**here, woman: {**here[woman], "guest": True}})
    assert count_cell("facility_births", replace(told, report=guest), OCTOBER).value == 0


def test_a_blank_card_is_headed_as_the_filled_one_and_listed_as_empty() -> None:
    for code in ("kartu_balita", "kartu_bumil"):
        blank = layouts()[f"{code}_kosong"]
        assert card(blank, None, ()).title == layouts()[code].title
        assert blank.title.endswith(", kosong")


def test_many_posts_are_in_no_hamlet(data: SheetData) -> None:
    wide = replace(data, report=replace(data.report, area="Wilayah"))
    for code in ("f1_gizi", "sip5"):
        here, there = dict(made(code, data).head), dict(made(code, wide).head)
        assert set(here) - set(there) == {"Posyandu", "Dusun/RT/RW"}
