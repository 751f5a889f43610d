from dataclasses import replace

import pytest

from posyandu.reports.differences import (
    Change,
    Difference,
    differences,
    figures_table,
    people_of,
    records_table,
    summary,
)
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.table import PersonRef, Table

RAKA, AYU = PersonRef("raka", "Raka"), PersonRef("ayu", "Ayu")


def with_total(table: Table, letter: str, people: tuple[PersonRef, ...]) -> Table:
    rows = []
    for row in table.rows:
        last = replace(row[-1], text=str(len(people)), value=len(people), people=people)
        rows.append((*row[:-1], last) if row[0].text == letter else row)
    return replace(table, rows=tuple(rows))


def test_equal_reports_have_no_differences(report: MonthlyReport) -> None:
    assert differences(report, report) == ()


def test_a_figure_with_the_same_number_but_other_people_is_a_difference(report: MonthlyReport) -> None:
    before = replace(report, skdn=with_total(report.skdn, "2T", (RAKA,)))
    after = replace(report, skdn=with_total(report.skdn, "2T", (AYU,)))
    (found,) = differences(before, after)
    assert (found.before, found.after, found.joined, found.left) == ("1", "1", (AYU,), (RAKA,))
    assert found.row.startswith("2T ")
    assert people_of([found]) == {"ayu": AYU, "raka": RAKA}
    table = figures_table([found], 1, 2)
    assert [column.title for column in table.columns[3:5]] == ["Versi 1", "Versi 2"]
    assert table.rows[0][-1].text == "+ Ayu; − Raka"


def test_a_child_who_is_another_sex_or_age_than_was_signed_is_named_in_both_columns(report: MonthlyReport) -> None:
    table, number = report.skdn, 0
    cells = list(table.rows[number])
    old, new = table.column("36_59_male"), table.column("36_59_female")
    (child, *others) = cells[old].people
    cells[old] = replace(cells[old], text=str(len(others)), value=len(others), people=tuple(others))
    there = (*cells[new].people, child)
    cells[new] = replace(cells[new], text=str(len(there)), value=len(there), people=there)
    after = replace(report, skdn=replace(table, rows=(tuple(cells), *table.rows[1:])))
    left, came = differences(report, after)
    assert [(each.column, each.joined, each.left) for each in (left, came)] == [
        (table.columns[old].title, (), (child,)), (table.columns[new].title, (child,), ()),
    ]  # fmt: skip
    assert (int(left.after), int(came.after)) == (int(left.before) - 1, int(came.before) + 1)
    bare = replace(table, rows=tuple(tuple(replace(cell, people=()) for cell in row) for row in table.rows))
    unnamed = differences(replace(report, skdn=bare), after)
    assert [(each.before, each.after, each.left) for each in unnamed] == [
        (left.before, left.after, ()), (came.before, came.after, ()),
    ], "of a report too large to keep its names the figures alone"  # fmt: skip
    total = with_total(after.skdn, "S", (*table.rows[number][-1].people, RAKA))
    joined = differences(report, replace(report, skdn=total))[0]
    assert (joined.joined, joined.left) == ((RAKA,), ())
    assert len(differences(report, replace(report, skdn=total))) == 3, "and who moved between the columns, too"


def test_a_figure_whose_people_were_not_kept_differs_only_by_its_number(report: MonthlyReport) -> None:
    skdn = with_total(report.skdn, "2T", (RAKA,))
    bare = replace(skdn, rows=tuple(tuple(replace(cell, people=()) for cell in row) for row in skdn.rows))
    assert differences(replace(report, skdn=bare), replace(report, skdn=skdn)) == ()
    more = replace(report, skdn=with_total(report.skdn, "2T", (RAKA, AYU)))
    (found,) = differences(replace(report, skdn=bare), more)
    assert (found.before, found.after, found.joined) == ("1", "2", ())


def test_a_table_or_column_that_is_new_is_no_difference(report: MonthlyReport) -> None:
    assert differences(replace(report, recaps=()), report) == ()
    narrow = report.shares
    narrow = replace(
        narrow,
        columns=narrow.columns[:-1],
        head=(narrow.head[0][:-1],),
        rows=tuple(row[:-1] for row in narrow.rows),
    )
    assert differences(replace(report, shares=narrow), report) == ()


def test_the_summary_names_the_first_three() -> None:
    found = [Difference("SKDN", f"{letter}", "Jumlah", "1", "2") for letter in "DNTS"]
    assert summary(found[:1]) == "D 1 → 2"
    assert summary(found) == "D 1 → 2; N 1 → 2; T 1 → 2; dan 1 angka lain"


def test_a_save_shows_what_was_and_what_became() -> None:
    change = Change(
        RAKA, "Kunjungan", (("Berat badan", "9,6 kg", "9,2 kg"), ("Catatan", "", "x")), "Sari", "12-11-2026", ""
    )
    table = records_table([change])
    assert table.rows[0][2].text == "Berat badan: 9,6 kg → 9,2 kg; Catatan: x"
    assert records_table([]).empty


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([], ""),
        ([("D Ditimbang", "Jumlah", "37", "38")], "D Ditimbang 37 → 38"),
        ([("Oktober", "Datang", "5", "6")], "Datang 5 → 6"),
        ([("Mei", "Naik", "1", "–")], "Naik 1 → –"),
        (
            [("A", "x", "1", "2"), ("B", "x", "3", "4"), ("C", "x", "5", "6")],
            "A 1 → 2; B 3 → 4; C 5 → 6",
        ),
        (
            [
                ("A", "x", "1", "2"),
                ("B", "x", "3", "4"),
                ("C", "x", "5", "6"),
                ("D", "x", "7", "8"),
                ("E", "x", "9", "0"),
            ],
            "A 1 → 2; B 3 → 4; C 5 → 6; dan 2 angka lain",
        ),
    ],
)
def test_differences_in_one_line(found: list[tuple[str, str, str, str]], words: str) -> None:
    """Of a recap's month the column says what changed."""
    told = [Difference("Bagian", row, column, before, after) for row, column, before, after in found]
    assert summary(told) == words


@pytest.mark.parametrize(
    ("joined", "left", "names"),
    [
        ((RAKA,), (), "+ Raka"),
        ((), (AYU,), "\N{MINUS SIGN} Ayu"),
        ((RAKA, AYU), (PersonRef("tono", "Tono"),), "+ Raka; + Ayu; \N{MINUS SIGN} Tono"),
        ((), (), ""),
    ],
)
def test_who_came_in_and_who_went_out_is_named(
    joined: tuple[PersonRef, ...], left: tuple[PersonRef, ...], names: str
) -> None:
    table = figures_table([Difference("SKDN", "D", "Jumlah", "1", "2", joined, left)], 3, 4)
    assert [cell.text for cell in table.rows[0]] == ["SKDN", "D", "Jumlah", "1", "2", names]
    assert table.rows[0][-1].people == (*joined, *left)
    assert [column.title for column in table.columns][3:5] == ["Versi 3", "Versi 4"]


def test_no_difference_and_no_late_record_are_said() -> None:
    assert figures_table([], 1, 2).empty == "Tidak ada angka yang berubah."
    assert records_table([]).empty == "Tidak ada catatan baru sejak versi sebelumnya."


def test_each_save_is_told_with_who_when_and_why() -> None:
    changed = (("Berat badan", "9,6", "9,8"), ("Lingkar lengan atas", "", "14,2"))
    day = PersonRef("", "Hari Posyandu 12-11-2026")
    saves = [
        Change(RAKA, "Kunjungan", changed, "Bu Sri", "12-11", "salah baca"),
        Change(day, "Hari Posyandu", (("Kader hadir", "4", "5"),), "Bu Tini", "13-11", ""),
    ]
    table = records_table(saves)
    assert [cell.text for cell in table.rows[0]] == [
        "Raka", "Kunjungan", "Berat badan: 9,6 → 9,8; Lingkar lengan atas: 14,2", "Bu Sri", "12-11", "salah baca",
    ]  # fmt: skip
    assert table.rows[0][0].people == (RAKA,)
    assert table.rows[1][0].people == (), "a day is nobody"
