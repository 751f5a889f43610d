from collections.abc import Callable

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.reports import recap
from posyandu.reports.monthly import MonthlyData
from posyandu.reports.table import Table
from tests import villages

KEMENKES_2023 = [
    "Sasaran: Bayi (0–6 bulan)",
    "Sasaran: Balita dan apras (6 bulan–6 tahun)",
    "Datang: Bayi (0–6 bulan)",
    "Datang: Balita dan apras (6 bulan–6 tahun)",
    "Tidak datang: Bayi (0–6 bulan)",
    "Tidak datang: Balita dan apras (6 bulan–6 tahun)",
    "Checklist perkembangan: Lengkap",
    "Checklist perkembangan: Tidak lengkap",
    "BB/U (0–5 tahun): Naik (N)",
    "BB/U (0–5 tahun): Tidak naik/BGM/atas garis oranye",
    "BB/U (0–5 tahun): BB normal",
    "BB/U (0–5 tahun): BB kurang/sangat kurang/risiko lebih",
    "PB/U atau TB/U: Normal",
    "PB/U atau TB/U: (Sangat) pendek/tinggi melebihi normal",
    "BB/PB atau BB/TB: Gizi baik",
    "BB/PB atau BB/TB: Gizi buruk/kurang/lebih/obesitas",
    "Lingkar kepala: Normal",
    "Lingkar kepala: Melebihi/kurang dari normal",
    "LiLA: Normal",
    "LiLA: Gizi kurang/gizi buruk",
    "TBC: Memenuhi 2 gejala",
    "Mendapat: ASI eksklusif (0–6 bulan)",
    "Mendapat: MP-ASI sesuai (>6 bulan)",
    "Mendapat: Imunisasi",
    "Mendapat: Vitamin A",
    "Mendapat: Obat cacing",
    "Mendapat: MT pangan lokal",
    "Mendapat: Edukasi",
    "Sakit: Jumlah balita sakit",
    "Dirujuk: Bayi (0–6 bulan)",
    "Dirujuk: Balita dan apras (6 bulan–6 tahun)",
]
PREGNANT_GROUPS = [
    ("Jumlah sasaran", 2),
    ("Datang", 2),
    ("Tidak datang", 2),
    ("Berat badan", 2),
    ("LiLA", 2),
    ("Tekanan darah", 2),
    ("TBC", 1),
    ("TTD", 3),
    ("PMT bumil KEK", 3),
    ("Kelas ibu hamil", 2),
    ("Vit A nifas", 2),
    ("KB pasca persalinan", 2),
    ("Edukasi", 1),
    ("Dirujuk", 2),
]


@pytest.fixture(scope="module")
def children(data: MonthlyData) -> Table:
    return recap.child_recap(data.children, data.rules.age_bands["ilp"], data.month, data.rules)


@pytest.fixture(scope="module")
def women(data: MonthlyData) -> Table:
    return recap.pregnancy_recap(data.pregnancies, data.month)


def test_the_columns_of_children_stand_in_the_order_of_the_blank(children: Table) -> None:
    assert [column.title for column in children.columns[1:]] == KEMENKES_2023


def test_the_newer_blank_splits_children_in_three_and_has_36_columns(data: MonthlyData) -> None:
    table = recap.child_recap(data.children, data.rules.age_bands["ilp_three"], data.month, data.rules)
    assert len(table.columns) == 36
    assert [column.title for column in table.columns[1:4]] == [
        "Sasaran: Bayi (0–11 bulan)",
        "Sasaran: Balita (12–59 bulan)",
        "Sasaran: Apras (60–71 bulan)",
    ]


def test_the_columns_of_pregnant_women_are_the_29_of_the_blank(women: Table) -> None:
    assert len(women.columns) == 29
    assert [(head.text, head.columns) for head in women.head[0][1:]] == PREGNANT_GROUPS


def test_a_month_without_mothers_after_birth_has_noughts_for_them(women: Table, data: MonthlyData) -> None:
    row = women.rows[data.month.month - 1]
    nifas = [
        cell
        for column, cell in zip(women.columns, row, strict=True)
        if "nifas" in column.name or column.name.startswith(("vitamin_a", "contraception"))
    ]
    assert len(nifas) == 8
    assert {(cell.text, cell.value) for cell in nifas} == {("0", 0)}


def test_a_year_has_twelve_rows_and_months_to_come_are_blank(children: Table, data: MonthlyData) -> None:
    assert len(children.rows) == 12
    assert children.strong == {data.month.month - 1}
    for number, row in enumerate(children.rows, 1):
        assert all((cell.text == "") is (number > data.month.month) for cell in row[1:])


def test_a_running_month_of_which_nothing_is_noted_yet_is_not_printed_bold(data: MonthlyData) -> None:
    noted = {Month(2026, 9): data.life.get(Month(2026, 9), ())}
    assert recap.school_recap(noted, Month(2026, 9), data.rules).strong == {8}
    assert recap.school_recap(noted, Month(2026, 10), data.rules).strong == frozenset()


COUNTED_AGAIN: dict[str, Callable[[list[Answers], int], bool]] = {
    "development_complete": lambda visits, _age: visits[-1].get("development") == "complete",
    "development_incomplete": lambda visits, _age: visits[-1].get("development") == "incomplete",
    "breastfed": lambda visits, age: age < 6 and visits[-1].get("exclusive_breastfeeding") is True,
    "well_fed": lambda visits, age: age >= 6 and visits[-1].get("complementary_food") is True,
    "immunised": lambda visits, _age: visits[-1].get("immunisation_complete") is True,
    "vitamin_a": lambda visits, _age: any(v.get("vitamin_a") in ("blue", "red") for v in visits),
    "dewormed": lambda visits, _age: any(v.get("deworming") for v in visits),
    "sick": lambda visits, _age: any(v.get("sick") for v in visits),
}


@pytest.mark.parametrize("name", list(COUNTED_AGAIN))
@pytest.mark.parametrize("number", [2, 8, 10])
def test_answers_of_the_cards_counted_again(data: MonthlyData, children: Table, name: str, number: int) -> None:
    month = Month(2026, number)
    book = villages.sample_book()
    sasaran = {child.id: child.age_months for child in data.children[month]}
    expected = set()
    for person_id, visits in book.child_visits.items():
        here = [visit for visit in visits if visit["visited_on"] in month]  # type: ignore[operator]
        told = [visit for visit in visits if visit["visited_on"] <= month.last]  # type: ignore[operator]
        if name == "breastfed" and any(visit.get("exclusive_breastfeeding") is False for visit in told):
            continue  # after the first no it is no
        if here and person_id in sasaran and COUNTED_AGAIN[name](here, sasaran[person_id]):
            expected.add(person_id)
    cell = children.cell(number - 1, name)
    assert {person.id for person in cell.people} == expected
    assert cell.value == len(expected)


def test_pregnant_women_counted_again(data: MonthlyData, women: Table) -> None:
    book = villages.sample_book()
    here = [
        visit
        for visits in book.pregnancy_visits.values()
        for visit in visits
        if visit["visited_on"] in data.month  # type: ignore[operator]
    ]
    row = data.month.month - 1
    assert women.cell(row, "came").value == len(here)
    assert women.cell(row, "muac_red").value == sum(visit["muac_mm"] < 235 for visit in here)  # type: ignore[operator]
    assert women.cell(row, "muac_green").value == sum(visit["muac_mm"] >= 235 for visit in here)  # type: ignore[operator]
    assert women.cell(row, "weight_red").value == sum(visit["weight_on_curve"] is False for visit in here)
    assert women.cell(row, "iron").value == sum(bool(visit["iron_tablets"]) for visit in here)
    assert women.cell(row, "iron_daily").value == sum(visit["iron_daily"] is True for visit in here)
    assert women.cell(row, "class_no").value == sum(visit["class_attended"] is False for visit in here)
