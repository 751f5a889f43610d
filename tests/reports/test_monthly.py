import re
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posyandu.domain import indicators
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.indicators import ChildMonth
from posyandu.reports import monthly as module
from posyandu.reports.monthly import MonthlyData, MonthlyReport, Reconciliation, monthly
from posyandu.reports.table import Cell, Column, PersonRef, Table, plain_head
from tests import recount, villages
from tests.villages import Book

NOVEMBER = Month(2026, 11)
DAY = date(2026, 11, 12)


def check(report: MonthlyReport, words: str) -> Reconciliation:
    return next(each for each in report.checks if words in each.sentence)


def small_book(people: dict[str, Answers], visits: dict[str, list[Answers]] | None = None, held: bool = True) -> Book:
    book = Book(post={"name": "Kenanga"}, people=people, child_visits=defaultdict(list, visits or {}))
    if held:
        book.sessions = {"s": {"held_on": DAY}}
    return book


def child(months: int = 20, **answers: object) -> Answers:
    month = NOVEMBER - months
    return {"name": "Anak", "sex": "male", "born_on": date(month.year, month.month, 5), **answers}  # type: ignore[dict-item]


def report_of(book: Book, month: Month = NOVEMBER) -> MonthlyReport:
    return monthly(villages.monthly_data(book, month))


def test_the_sample_month_agrees_with_itself(report: MonthlyReport) -> None:
    assert not report.blank
    assert not report_of(small_book({})).blank, "a day was held, though nobody came"
    assert [each.sentence for each in report.checks if not each.ok] == []
    assert check(report, "D = N + T + O + B").sentence == "D = N + T + O + B: 37 = 11 + 19 + 6 + 1."


def test_the_head_tells_post_place_month_and_day(report: MonthlyReport) -> None:
    head = dict(report.head)
    assert head["Posyandu"] == report.post_name == "Melati 1"
    assert head["Desa/kelurahan"] == "Bunut Baok"
    assert head["Kabupaten/kota"] == "Lombok Tengah"
    assert head["Bulan"] == "Oktober 2026"
    assert head["Hari buka"] == "4 Oktober 2026"


def test_an_empty_book_makes_a_report_of_zeros_dashes_and_no_complaint() -> None:
    report = report_of(small_book({}, held=False))
    assert report.blank
    assert {cell.text for row in report.skdn.rows for cell in row[2:]} == {"0", "–"}
    assert all(each.ok for each in report.checks)
    assert all(not table.rows for table in report.lists)
    assert dict(report.head)["Hari buka"] == "Tidak ada hari buka yang dicatat"
    assert dict(report.head)["Kader hadir"] == "–"


def test_without_a_posyandu_day_age_is_counted_at_the_end_of_the_month() -> None:
    people = {"a": child(0, born_on=date(2021, 11, 30))}
    assert report_of(small_book(people, held=False)).skdn.rows[0][-1].value == 0
    assert report_of(small_book(people)).skdn.rows[0][-1].value == 1


def test_before_the_posyandu_day_of_a_month_nobody_is_absent_and_nothing_is_zero() -> None:
    book = small_book({"a": child(8, has_kia_book=True), "b": child(30)}, held=False)
    book.people["w"] = {"name": "Wulan", "sex": "female", "born_on": date(1998, 3, 2)}
    book.pregnancies["p"] = ("w", {"outcome": "ongoing", "noted_on": date(2026, 8, 1), "lmp_on": date(2026, 7, 1)})

    def said(report: MonthlyReport) -> tuple[dict[str, str], dict[str, str], set[str], set[str]]:
        counts = {row[0].text: row[-1].text for row in report.skdn.rows}
        shares = {row[0].text: row[report.shares.column("value")].text for row in report.shares.rows}
        recaps = {cell.text for table in report.recaps for cell in table.rows[10][1:]}
        return counts, shares, recaps, {each.code for each in report.lists if each.code.endswith("tidak_hadir")}

    before = report_of(book)
    counts, shares, recaps, absent = said(before)
    assert {code for code, text in counts.items() if text != "–"} == {"S", "K", "S36"}
    assert (counts["S"], counts["K"]) == ("2", "1")
    assert {code: text for code, text in shares.items() if text != "–"} == {"K/S": "50,0%"}
    assert (recaps, absent, before.balok.months[10].s) == ({""}, set(), None)
    assert before.skdn.notes[-1] == before.shares.notes[-1] == "Belum ada hari buka."
    assert all(each.ok for each in before.checks)
    assert not [each for each in before.checks if "ekapitulasi" in each.sentence]

    book.sessions = {"s": {"held_on": DAY}}
    counts, shares, recaps, absent = said(report_of(book))
    assert (counts["D"], shares["D/S"], absent) == ("0", "0,0%", {"tidak_hadir", "bumil_tidak_hadir"})
    assert recaps >= {"0", "1"}


def test_weighed_children_without_a_book_are_named_where_k_falls_below_d() -> None:
    visit: Answers = {"visited_on": DAY, "weight_g": 10_000}
    found = check(report_of(small_book({"a": child()}, {"a": [visit]})), "S ≥ K ≥ D")
    assert (found.ok, found.person_ids) == (False, ("a",))
    assert "1 anak ditimbang" in found.sentence
    assert "Maka K−D, yang punya KMS dan tidak ditimbang, 0: bukan 0 − 1." in found.sentence


def test_who_came_without_any_record_is_named() -> None:
    book = small_book({"a": child()})
    book.came_on["a"].add(DAY)
    found = check(report_of(book), "hadir tetapi belum ada catatan")
    assert (found.ok, found.person_ids) == (False, ("a",))


def test_the_change_of_s_is_told_in_one_line() -> None:
    people = {
        "stays": child(),
        "born": child(0, born_on=date(2026, 10, 28)),
        "moved": child(status="moved", left_on=date(2026, 11, 3)),
        "five": child(60),
    }
    book = small_book(people, {"stays": [{"visited_on": date(2026, 10, 12), "weight_g": 9_000}]})
    book.sessions["october"] = {"held_on": date(2026, 10, 12)}
    found = check(report_of(book), "S bulan lalu")
    assert found.sentence == "S bulan lalu 3 + lahir 1 − pindah 1 − lewat umur balita 1 = S bulan ini 2."
    assert found.ok


def test_a_change_of_s_that_no_date_explains_is_flagged_with_names() -> None:
    visit: Answers = {"visited_on": DAY, "weight_g": 10_000}
    book = small_book({"a": child(status="moved")}, {"a": [visit]})
    found = check(report_of(book), "S bulan lalu")
    assert (found.ok, found.person_ids) == (False, ("a",))
    assert "baru dicatat 1" in found.sentence


def test_the_first_month_of_a_book_has_nothing_to_compare(data: MonthlyData) -> None:
    first = monthly(replace(data, children={data.month: data.children[data.month]}))
    assert check(first, "tidak dapat dibandingkan").ok


def test_guests_are_told_apart(data: MonthlyData) -> None:
    found = check(monthly(replace(data, guests=(PersonRef("g", "Tamu"),))), "tamu")
    assert found.sentence.startswith("1 tamu dilayani")
    assert found.person_ids == ("g",)


def test_a_row_that_does_not_add_up_is_named(data: MonthlyData) -> None:
    bands = dict(data.rules.age_bands)
    bands["skdn"] = bands["skdn"][1:]
    broken = monthly(replace(data, rules=replace(data.rules, age_bands=bands)))
    found = next(each for each in broken.checks if "Jumlah" in each.sentence)
    assert not found.ok
    assert "S, K" in found.sentence


def doctored(table: Table, row: int, name: str, *people: PersonRef) -> Table:
    """The same table with other people behind one of its cells."""
    at = table.column(name)
    changed = (*table.rows[row][:at], Cell(str(len(people)), len(people), people), *table.rows[row][at + 1 :])
    return replace(table, rows=(*table.rows[:row], changed, *table.rows[row + 1 :]))


def weighed_month(data: MonthlyData, letter: str) -> tuple[ChildMonth, ...]:
    """The children of the month, one who gained with another letter."""
    children = data.children[data.month]
    child = next(each for each in children if indicators.gained(each))
    told = tuple(
        replace(each, weighed=each.weighed and replace(each.weighed, code=letter)) for each in child.assessments
    )
    changed = replace(child, assessments=told)
    return tuple(changed if each is child else each for each in children)


def test_who_is_weighed_without_a_letter_is_named(data: MonthlyData) -> None:
    children = weighed_month(data, "?")
    report = monthly(replace(data, children={**data.children, data.month: children}))
    found = check(report, "D = N + T + O + B")
    (child,) = found.people
    assert (found.ok, child.detail) == (False, "Ditimbang, tetapi tanpa huruf N, T, O atau B")
    assert found.sentence == "D = N + T + O + B: 37 ≠ 10 + 19 + 6 + 1."


def test_twice_not_gained_without_t_is_named(data: MonthlyData) -> None:
    child = next(each for each in data.children[data.month] if indicators.gained(each))
    told = tuple(
        replace(each, weighed=each.weighed and replace(each.weighed, is_2t=True)) for each in child.assessments
    )
    children = tuple(replace(child, assessments=told) if each is child else each for each in data.children[data.month])
    found = check(monthly(replace(data, children={**data.children, data.month: children})), "BGM ≤ D")
    assert (found.ok, found.person_ids) == (False, (child.id,))


def test_who_is_in_no_band_of_a_row_is_named(data: MonthlyData) -> None:
    bands = dict(data.rules.age_bands)
    left_out = bands["skdn"][0]
    bands["skdn"] = bands["skdn"][1:]
    report = monthly(replace(data, rules=replace(data.rules, age_bands=bands)))
    found = check(report, "Jumlah kelompok umur tidak sama")
    young = {
        each.id for each in data.children[data.month] if left_out.from_months <= each.age_months <= left_out.to_months
    }
    assert set(found.person_ids) == young
    assert len(found.person_ids) == len(young) > 0, "each once, however many rows they are missing from"


@pytest.mark.parametrize("kind", ["came", "absent"])
def test_a_recap_that_counts_somebody_twice_or_not_at_all_names_them(report: MonthlyReport, kind: str) -> None:
    table, row = report.recaps[0], report.month.month - 1
    name, cell = next(
        (column.name, cell)
        for column, cell in zip(table.columns, table.rows[row], strict=True)
        if column.name.startswith(kind) and cell.people
    )
    broken = doctored(table, row, name, *cell.people[1:])
    found = next(iter(module._recaps_add_up(report.month, (broken, report.recaps[1]))))
    assert (found.ok, found.person_ids) == (False, (cell.people[0].id,))
    assert "≠" in found.sentence
    twice = doctored(table, row, name, *cell.people, cell.people[0])
    assert next(iter(module._recaps_add_up(report.month, (twice, report.recaps[1])))).person_ids == (cell.people[0].id,)


@pytest.mark.parametrize("name", ["gained", "targets"])
def test_a_recap_that_says_other_than_skdn_names_whom(data: MonthlyData, report: MonthlyReport, name: str) -> None:
    table, row = report.recaps[0], report.month.month - 1
    column, cell = next(
        (column.name, cell)
        for column, cell in zip(table.columns, table.rows[row], strict=True)
        if column.name.startswith(name) and cell.people
    )
    stranger = PersonRef("x", "Orang lain")
    broken = doctored(table, row, column, *cell.people, stranger)
    found = module._recap_agrees_with_skdn(data.children[data.month], report.month, broken, data.rules)
    assert (found.ok, found.people) == (False, (stranger,))


def test_the_rules_say_which_line_which_kbm_and_which_day(report: MonthlyReport) -> None:
    text = " ".join(report.rules)
    assert "−2 SD" in text
    assert "+1 SD" in text
    assert "4 Oktober 2026" in text
    assert "Permenkes 155/2010" in text
    assert "23,5 cm" in text


def test_an_old_month_uses_the_red_line_of_its_time(data: MonthlyData) -> None:
    rules = villages.standards().on(date(2015, 3, 1))
    text = " ".join(monthly(replace(data, rules=rules)).rules)
    assert "−3 SD" in text
    assert "Garis oranye tidak dipakai" in text


def test_signatures_leave_a_line_for_a_missing_name_and_ask_nip_only_of_officers(data: MonthlyData) -> None:
    midwife, nutritionist, coordinator = monthly(data).signatures
    assert (midwife.wants_nip, nutritionist.wants_nip, coordinator.wants_nip) == (True, True, False)
    plain = monthly(replace(data, post={"name": "Kenanga"}, month=Month(2026, 12))).signatures
    assert [each.role for each in plain] == ["Bidan desa", "Koordinator kader"]
    assert {each.name for each in plain} == {""}


def test_the_code_changes_with_any_figure_and_only_then(data: MonthlyData, report: MonthlyReport) -> None:
    assert monthly(data).code == report.code
    fewer = {**data.children, data.month: data.children[data.month][1:]}
    assert monthly(replace(data, children=fewer)).code != report.code


# laws, over random small villages

maybe_day = st.one_of(st.none(), st.integers(0, 700).map(lambda back: date(2026, 12, 20) - timedelta(days=back)))
persons = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Aisyah", "Lalu Bayu", ""]),
        "sex": st.sampled_from(["male", "female"]),
        "born_on": st.integers(0, 2_400).map(lambda back: date(2026, 12, 5) - timedelta(days=back)),
        "has_kia_book": st.sampled_from([True, False, None]),
        "guest": st.sampled_from([None, None, None, True]),
        "status": st.sampled_from([None, "active", "away", "moved", "died"]),
        "entered_on": maybe_day,
        "left_on": maybe_day,
    }
)
visits = st.lists(
    st.fixed_dictionaries(
        {
            "visited_on": st.integers(0, 120).map(lambda back: date(2026, 11, 30) - timedelta(days=back)),
            "weight_g": st.one_of(st.none(), st.integers(2_000, 25_000)),
            "length_mm": st.one_of(st.none(), st.integers(450, 1_200)),
            "muac_mm": st.one_of(st.none(), st.integers(90, 200)),
            "development": st.sampled_from([None, "complete", "incomplete"]),
            "gain_judged": st.sampled_from([None, None, "N", "T"]),
            "source": st.sampled_from(["session", "home_visit", "history"]),
            "referral": st.sampled_from([None, "none", "pustu"]),
        }
    ),
    max_size=5,
)
came = st.lists(st.sampled_from([DAY, date(2026, 10, 12)]), max_size=2)
village = st.lists(st.tuples(persons, visits, came), max_size=7)


@settings(max_examples=60)
@given(village)
def test_any_village_reconciles_and_equals_a_plain_recount(
    people: list[tuple[Answers, list[Answers], list[date]]],
) -> None:
    book = small_book({str(number): person for number, (person, _visits, _came) in enumerate(people)})
    book.sessions["october"] = {"held_on": date(2026, 10, 12)}
    for number, (person, their_visits, days) in enumerate(people):
        book.child_visits[str(number)] = [v for v in their_visits if v["visited_on"] >= person["born_on"]]  # type: ignore[operator]
        book.came_on[str(number)] = {day for day in days if day >= person["born_on"]}  # type: ignore[operator]
    report = report_of(book)
    again = recount.skdn(book, 2026, 11)
    for row in report.skdn.rows:
        letter = row[0].text
        if letter in ("S", "K", "D", "N", "T", "O", "B", "2T"):
            expected = {id_ for ids in again.get(letter, {}).values() for id_ in ids}
            assert {person.id for person in row[-1].people} == expected, letter
    for words in (
        "D = N + T + O + B",
        "Jumlah semua kelompok",
        "BGM ≤ D",
        "Rekapitulasi balita",
        "Rekapitulasi dan SKDN",
    ):
        assert check(report, words).ok
    for table in report.tables[3:]:
        for line in table.rows:
            assert all(len(cell.people) == cell.value for cell in line if isinstance(cell.value, int))


@pytest.mark.parametrize(
    ("post", "place"),
    [
        ({"hamlet": "Gubuk Timur", "rt": "04", "rw": "02"}, "Gubuk Timur / RT 04 / RW 02"),
        ({"hamlet": "Gubuk Timur"}, "Gubuk Timur"),
        ({"rw": "02"}, "RW 02"),
        ({}, ""),
    ],
)
def test_where_the_post_is_stands_in_the_head(data: MonthlyData, post: dict[str, str], place: str) -> None:
    head = dict(module.post_head(replace(data, post={"name": "Melati", **post})))
    assert (head["Posyandu"], head["Dusun/RT/RW"]) == ("Melati", place)


@pytest.mark.parametrize(
    ("sessions", "days", "kader"),
    [
        ((), "Tidak ada hari buka yang dicatat", "–"),
        (({"held_on": date(2026, 10, 6), "kader_present": 5},), "6 Oktober 2026", "5"),
        (({"held_on": date(2026, 10, 6)},), "6 Oktober 2026", "–"),
        (
            ({"held_on": date(2026, 10, 6), "kader_present": 3}, {"held_on": date(2026, 10, 20), "kader_present": 5}),
            "6 Oktober 2026, 20 Oktober 2026",
            "5",
        ),
        (({"kader_present": 0},), "Tidak ada hari buka yang dicatat", "0"),
    ],
)
def test_the_days_and_the_most_kader_of_a_month(
    data: MonthlyData, sessions: tuple[dict[str, object], ...], days: str, kader: str
) -> None:
    head = dict(module.post_head(replace(data, sessions=sessions)))  # type: ignore[arg-type]
    assert (head["Hari buka"], head["Kader hadir"]) == (days, kader)


def test_the_head_of_an_area_says_what_it_is_and_a_regency_is_named_without_its_kind(data: MonthlyData) -> None:
    area = replace(data, area="Puskesmas", place=replace(data.place, regency="Kabupaten Lombok Tengah"))
    head = module.post_head(area)
    assert head[0][0] == "Puskesmas"
    assert dict(head)["Kabupaten/kota"] == "Lombok Tengah"


@pytest.mark.parametrize(
    ("tool", "why", "sentence"),
    [
        (
            "scale",
            "geser 200 g",
            "6 Oktober 2026: timbangan ternyata salah (geser 200 g). BGM, BB/U, BB/PB, BB/TB dan IMT/U hari itu"
            " tidak dihitung.",
        ),
        (
            "board",
            None,
            "6 Oktober 2026: papan ukur ternyata salah (–). PB/U, TB/U, BB/PB, BB/TB dan IMT/U hari itu tidak"
            " dihitung.",
        ),
        (
            "both",
            "jatuh",
            "6 Oktober 2026: timbangan dan papan ukur ternyata salah (jatuh). BGM dan status gizi hari itu tidak"
            " dihitung.",
        ),
        ("none", "x", None),
        (None, None, None),
    ],
)
def test_a_wrong_tool_of_a_day_is_told_among_the_rules(tool: str | None, why: str | None, sentence: str | None) -> None:
    session = {"held_on": date(2026, 10, 6), "wrong_tool": tool, "wrong_tool_reason": why}
    assert module.wrong_tools([session]) == ((sentence,) if sentence else ())
    assert module.wrong_tools([{**session, "held_on": None}]) == ()


@pytest.mark.parametrize(
    ("level", "roles"),
    [
        ("village", ["Kepala desa/lurah", "Bidan desa"]),
        ("puskesmas", ["Kepala Puskesmas", "Petugas gizi Puskesmas"]),
        ("district", ["Camat", "Petugas pelapor"]),
        ("regency", ["Kepala Dinas Kesehatan", "Petugas pelapor"]),
        ("province", ["Bidan desa", "Koordinator kader"]),
    ],
)
def test_for_many_posts_those_of_the_level_sign(data: MonthlyData, level: str, roles: list[str]) -> None:
    blocks = module.signatures(replace(data, post={"name": "x", "level": level}), ("midwife", "coordinator"))
    assert [each.role for each in blocks] == roles
    assert [each.above == "Mengetahui" for each in blocks] == [True, False], "who made it signs under place and date"
    assert not any(each.name for each in blocks)


def test_the_code_of_a_sheet_is_eight_letters_that_follow_what_is_printed() -> None:
    columns = (Column("a", "A"),)
    table = Table("uji", "Uji", columns, plain_head(columns), ((Cell("1", 1),),))
    code = module.content_code([("Posyandu", "Melati")], [table], ["aturan"])
    assert re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}", code)
    assert code == module.content_code([("Posyandu", "Melati")], [table], ["aturan"])
    others = [
        module.content_code([("Posyandu", "Mawar")], [table], ["aturan"]),
        module.content_code([("Posyandu", "Melati")], [replace(table, rows=((Cell("2", 2),),))], ["aturan"]),
        module.content_code([("Posyandu", "Melati")], [replace(table, code="lain")], ["aturan"]),
        module.content_code([("Posyandu", "Melati")], [table], ["aturan lain"]),
        module.content_code([("Posyandu", "Melati")], [], ["aturan"]),
    ]
    assert len({code, *others}) == 6
    same = replace(table, rows=((Cell("1", 999),),))
    assert module.content_code([("Posyandu", "Melati")], [same], ["aturan"]) == code, "only what is printed counts"


@pytest.mark.parametrize(
    ("role", "above", "words", "wants_nip"),
    [
        ("midwife", "Mengetahui", "Bidan desa", True),
        ("nutritionist", "Mengetahui", "Petugas gizi Puskesmas", True),
        ("village_head", "Mengetahui", "Kepala desa/lurah", False),
        ("coordinator", "Bunut Baok, ........................ 2026", "Koordinator kader", False),
    ],
)
def test_each_signer_has_their_line(data: MonthlyData, role: str, above: str, words: str, wants_nip: bool) -> None:
    post = {"name": "Melati", role: "Rina", f"{role}_nip": "1980"}
    (block,) = module.signatures(replace(data, post=post), (role,))
    assert (block.above, block.role, block.name, block.nip, block.wants_nip) == (
        above,
        words,
        "Rina",
        "1980",
        wants_nip,
    )


def test_a_december_report_is_signed_in_a_year_nobody_knows_yet(data: MonthlyData) -> None:
    (block,) = module.signatures(replace(data, month=Month(2026, 12)), ("coordinator",))
    assert block.above == "Bunut Baok, ........................ ......"
    nowhere = replace(data, place=replace(data.place, village=""))
    assert module.signatures(nowhere, ("coordinator",))[0].above.startswith("............, ")
