"""Every figure of every report agrees with a brute-force recount from the journal, in villages made at random.

One sentence of the issue, proved: nothing of the app's counting is used here (`tests.plain_reports`), only the ops of
the journal. POSYANDU_RECOUNTS=200 counts so many random villages instead of the few of every run.
"""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Choice, Date, Field, Number, Text, YesNo
from posyandu.domain.forms import FORMS
from posyandu.reports.counts import COUNTS
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.sheet import Sheet
from posyandu.reports.table import Table
from posyandu.services import reporting, sheets, workspace
from posyandu.services.sample import affairs, book, doses, life, troubles, village
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests import recount
from tests.plain_count import Someone, day
from tests.plain_reports import JUDGED_ELSEWHERE, UNKNOWN, Asked, Told, is_figure, numbers_in

RUNS = int(os.environ.get("POSYANDU_RECOUNTS", "3"))

SHAKEN = {
    "person": 10, "session": 2, "attendance": 10, "pregnancy": 3, "under_five_visit": 25, "pregnancy_visit": 8,
    "postpartum_visit": 4, "school_visit": 10, "adult_visit": 15, "aks": 4, "skilas": 4, "wus": 8,
    "immunisation_dose": 10, "stock": 5, "activity": 2, "fund": 2, "worker": 2,
}  # fmt: skip
"""How many records of each form are changed at random."""

ADDED = {
    "school_visit": 6, "adult_visit": 6, "srq20": 5, "aks": 3, "skilas": 3, "school_mental": 4, "postpartum_visit": 3,
    "pregnancy_visit": 2, "under_five_visit": 6, "wus": 4, "referral": 6, "home_elderly": 3, "home_child": 3,
    "home_pregnant": 2, "activity": 3, "death": 1, "immunisation_dose": 4, "feeding": 8, "feeding_week": 20,
}  # fmt: skip
"""How many records of each form are made up."""

KEPT = frozenset(
    ("visited_on", "held_on", "name", "ended_on", "lmp_on", "noted_on", "antigen", "dose", "item", "month")
)
"""Answers that shaking leaves as they are: without them a record is none."""


def random_village(seed: int, months: int = 4) -> Workspace:
    """A whole made-up post of all ages, then shaken: values, links and records that no form would refuse to carry."""
    ws = workspace.in_memory(post=None)
    until = Month(2026, 10)
    entries = village.one_post(seed, seed % 3, village.PLACES[0], ws.growth, months=months, until=until)
    schedule = ws.standards.on(until.last).immunisation
    lives = doses.added(seed, life.added(seed, entries, until), schedule, until.last)
    book.write(ws.db, troubles.added(seed, affairs.added(seed, lives)), ws.author)
    ws.posyandu_id = village.post_id(seed, seed % 3)
    _shake(ws, Random(seed))
    return ws


def _shake(ws: Workspace, dice: Random) -> None:
    scope = ws.posyandu_id

    def save(form: str, record: str, changes: dict[str, Any], links: dict[str, Any] | None = None) -> None:
        records.save(
            ws.db, FORMS[form], record, changes, scope=scope, author=ws.author, now=ws.now(), links=links or {}
        )

    rows = {form: records.load_many(ws.db, FORMS[form], scope=scope) for form in {*SHAKEN, *ADDED, "household"}}
    for form, number in SHAKEN.items():
        for row in dice.sample(rows[form], min(number, len(rows[form]))):
            names = [name for name in FORMS[form].fields if name not in KEPT]
            save(form, row.id, {name: _value(dice, FORMS[form].fields[name]) for name in dice.sample(names, 3)})
    for row in dice.sample(rows["person"], 8):
        save("person", row.id, dice.choice(_lives(dice)))
    for row in dice.sample(rows["session"], 1):
        save("session", row.id, {"wrong_tool": dice.choice(["scale", "board", "both"]), "wrong_tool_reason": "x"})
    people = [row.id for row in rows["person"]]
    carried = [(row.id, row.answers["person_id"]) for row in rows["pregnancy"]]
    held = [row.id for row in rows["session"]]
    for form, number in ADDED.items():
        for _each in range(number):
            person, links = dice.choice(people), {"session_id": dice.choice(held)}
            if "feeding_id" in FORMS[form].links:
                fed = records.load_many(ws.db, FORMS["feeding"], scope=scope)
                links["feeding_id"], person = (chosen := dice.choice(fed)).id, chosen.answers["person_id"]  # type: ignore[assignment]
            if "pregnancy_id" in FORMS[form].links and carried:
                links["pregnancy_id"], person = dice.choice(carried)  # type: ignore[assignment]
            links = {name: value for name, value in {**links, "person_id": person}.items() if name in FORMS[form].links}
            names = list(FORMS[form].fields)
            told = {
                name: _value(dice, FORMS[form].fields[name])
                for name in names
                if name in KEPT or dice.random() < (1 if form in ("srq20", "aks", "skilas", "school_mental") else 0.6)
            }
            if form in ("srq20", "school_mental") and dice.random() < 0.3:  # sealed: only this stays readable
                told = {"answered": True, **({"outcome": dice.choice(["low", "high"])} if form == "srq20" else {})}
            told |= {
                name: _day(dice) for name in ("visited_on", "held_on", "referred_on") if name in FORMS[form].fields
            }
            save(form, records.new_id(), told, links)
    for form in ("under_five_visit", "adult_visit", "attendance", "wus"):
        for row in dice.sample(rows[form], 2):
            records.withdraw(ws.db, FORMS[form], row.id, author=ws.author, now=ws.now(), reason="ganda")


def _lives(dice: Random) -> list[dict[str, Any]]:
    """What may become of a person."""
    return [
        {"guest": True},
        {"status": "moved", "left_on": date(2026, 10, dice.randint(1, 28))},
        {"status": "died", "left_on": date(2026, dice.randint(8, 10), dice.randint(1, 28))},
        {"status": "moved", "left_on": None},
        {"entered_on": date(2026, 10, dice.randint(1, 28))},
        {"born_on": date(2026 - dice.choice([0, 1, 4, 6, 12, 15, 17, 19, 30, 48, 61]), dice.randint(1, 9), 15)},
        {"born_on": None},
        {"poor": None, "has_kia_book": None},
    ]


def _day(dice: Random) -> date:
    return date(2026, 7, 1) + timedelta(days=dice.randint(0, 122))


def _value(dice: Random, field: Field) -> Any:  # noqa: ANN401
    """Any answer the field can hold, or none."""
    if dice.random() < 0.12:
        return None
    match field:
        case Choice():
            return dice.choice([option.code for option in field.options])
        case YesNo():
            return dice.random() < 0.5
        case Number():
            low, high = field.low or 0, field.high or 100
            return dice.choice([low, high, dice.randint(low, high), dice.randint(low, low + (high - low) // 3)])
        case Date():
            return _day(dice)
        case Text():
            return "kata"
    raise AssertionError(field)


def reports(ws: Workspace, month: Month) -> Iterator[tuple[str, MonthlyReport | Sheet]]:
    """Every report of a post there is for a month, and of its year up to it, by code."""
    yield "bulanan", reporting.monthly(ws, ws.posyandu_id, month)
    for sheet in sheets.bundle(ws, ws.posyandu_id, month):
        yield sheet.code_name, sheet


def compare(ws: Workspace, month: Month) -> tuple[int, list[str]]:
    """Compare every figure: how many there were, and what does not agree or nobody counts."""
    told = Told(ws.db, ws.posyandu_id, month.year, month.month)
    wrong: list[str] = []
    compared = 0
    for code, report in reports(ws, month):
        for table in (*report.tables, *report.lists):
            names = [column.name for column in table.columns]
            listed = table in report.lists
            for number, row in enumerate(table.rows):
                place = f"{code}/{table.code}[{number}] {row[0].text} {row[1].text if len(row) > 1 else ''}"
                for name, cell in zip(names, row, strict=True):
                    if not is_figure(cell) and not (listed and name == "no"):
                        continue
                    wanted = told.of(Asked(code, table, number, row, name))
                    compared += 1
                    wrong += [f"{place} {name}: {each}" for each in differences(wanted, cell)]
                for text, figures in told.words(table.code, row, names):
                    compared += 1
                    if numbers_in(text) != (figures or []):
                        wrong.append(f"{place}: {text!r} should say {figures}")
            if listed and table.code not in JUDGED_ELSEWHERE:
                wrong += [f"{code}/{table.code}: {each}" for each in _members(told, table)]
                compared += 1
            wrong += [f"{code}/{table.code}: {each}" for each in _missing(told, code, table)]
    return compared, wrong


def differences(wanted: object, cell: Any) -> Iterator[str]:  # noqa: ANN401
    """How a figure differs from what it should be."""
    if wanted is UNKNOWN:
        yield "nobody counts this figure a second time"
    elif isinstance(wanted, set):
        seen = {ref.id for ref in cell.people}
        if seen != wanted:
            yield f"counts {sorted(seen - wanted)} too much, {sorted(wanted - seen)} too little"
        elif cell.value != len(wanted):
            yield f"says {cell.value}, has {len(wanted)} people"
    elif wanted is None or abs(cell.value - wanted) > 1e-9:
        yield f"says {cell.value}, should say {wanted}"


def _members(told: Told, table: Table) -> Iterator[str]:
    wanted = told.names(table.code)
    seen = {ref.id for row in table.rows for cell in row for ref in cell.people}
    if wanted is UNKNOWN:
        yield "nobody counts this list a second time"
    elif seen != wanted:
        yield f"names {seen - wanted} too much, {wanted - seen} too little"  # type: ignore[operator]


def _missing(told: Told, code: str, table: Table) -> Iterator[str]:
    """Places where a number should stand and none does."""
    for number, row in enumerate(table.rows):
        for column, cell in zip(table.columns, row, strict=True):
            if is_figure(cell) or column.align == "left" or column.name in ("no", "item", "month"):
                continue
            wanted = told.of(Asked(code, table, number, row, column.name))
            if isinstance(wanted, set | int | float) and (column.align == "right"):
                yield f"[{number}] {column.name} is {cell.text!r}, should say {wanted}"


@settings(max_examples=RUNS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=RUNS < 10)
@given(st.integers(0, 1_000_000))
def test_every_figure_of_every_report_agrees_with_the_journal_in_any_village(seed: int) -> None:
    ws = random_village(seed)
    try:
        compared, wrong = compare(ws, Month(2026, 10))
    finally:
        ws.close()
    assert not wrong, f"village {seed}: {len(wrong)} of {compared}\n" + "\n".join(wrong[:40])
    assert compared > 3_500


@pytest.fixture(scope="module")
def year() -> Iterator[Workspace]:
    ws = random_village(77, months=12)
    yield ws
    ws.close()


@pytest.mark.parametrize("number", [1, 2, 5, 8, 9, 11])
def test_every_figure_of_every_month_of_a_year_agrees(year: Workspace, number: int) -> None:
    compared, wrong = compare(year, Month(2026, number))
    assert not wrong, f"{len(wrong)} of {compared}\n" + "\n".join(wrong[:40])
    assert compared > 2_500


def test_the_strips_for_a_day_say_what_the_journal_and_the_tables_of_who_say(year: Workspace) -> None:
    told, on = Told(year.db, year.posyandu_id, 2026, 10).now.month, date(2026, 10, 31)
    table = sheets.build(year, "strip_kms", year.posyandu_id, Month(2026, 10)).tables[0]
    living = {
        id_
        for id_, person in told.people.items()
        if (born := day(person.get("born_on"))) and person.get("sex") and told.here(person, on, False)
        and born <= on and recount.months_between(born, on) < 60
    }  # fmt: skip
    assert {row[0].people[0].id for row in table.rows} == living
    for row in table.rows:
        id_ = row[0].people[0].id
        person, born = told.people[id_], date.fromisoformat(told.people[id_]["born_on"])
        weighed = [v for v in told.child_visits.get(id_, []) if "weight_g" in v and v["on"] < date(2026, 10, 1)]
        last = weighed[-1] if weighed else None
        least = recount.KBM[person["sex"]][recount.months_between(born, on)]
        shown = {column.name: numbers_in(cell.text) for column, cell in zip(table.columns[1:6], row[1:6], strict=True)}
        assert shown["last"] == pytest.approx([last["weight_g"] / 1000] if last else [], abs=0.006), person
        if last and recount.is_in(last["on"], 2026, 9) and least is not None:
            assert shown["gain"] == [least], person
            assert shown["n_from"] == pytest.approx([(last["weight_g"] + least) / 1000], abs=0.006), person
        else:
            assert shown["gain"] == shown["n_from"] == []
            assert row[3].text == ("O" if last else "B")

        def z(kilograms: float, person: dict[str, Any] = person, born: date = born) -> float:
            weight = round(kilograms * 1000)
            child = Someone(person, 0, on, False, [])
            return told.worked_out(child, {"id": "", "on": on, "weight_g": weight})["waz"]

        (red,), (orange,) = shown["red"], shown["orange"]
        assert z(red) >= -2 >= z(red - 0.1), "the red line lies just below"
        assert z(orange) <= 1 <= z(orange + 0.1), "the orange line lies just above"


def test_every_count_a_layout_may_use_is_counted_a_second_time(year: Workspace) -> None:
    told = Told(year.db, year.posyandu_id, 2026, 10).counts(10)
    assert told.keys() >= COUNTS


def test_a_figure_that_nobody_counts_a_second_time_is_noticed(year: Workspace) -> None:
    told = Told(year.db, year.posyandu_id, 2026, 10)
    report = reporting.monthly(year, year.posyandu_id, Month(2026, 10))
    odd = Table(code="baru", title="", columns=report.skdn.columns, head=(), rows=report.skdn.rows)
    assert told.of(Asked("bulanan", odd, 0, odd.rows[0], "total")) is UNKNOWN
    assert list(differences(UNKNOWN, report.skdn.rows[0][-1])) == ["nobody counts this figure a second time"]
    assert list(differences({"x"}, report.skdn.rows[0][-1])), "a wrong count is told"
    assert list(chain(differences(1, report.skdn.rows[0][-1]))) == [
        f"says {report.skdn.rows[0][-1].value}, should say 1"
    ]
