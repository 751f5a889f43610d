"""A child written down by hand at two posts counts at each by its own book, at their village once, and is named."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.reports import counts
from posyandu.reports.counts import count_cell
from posyandu.reports.monthly import MonthlyReport, Reconciliation
from posyandu.services import deaths, levels, month_lock, people, reporting, review, sessions, visits, workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import records

VILLAGE = "5203012001"
MELATI, MAWAR = "melati", "mawar"
JUNE, JULY, AUGUST, SEPTEMBER = (Month(2026, number) for number in (6, 7, 8, 9))
NIK, OTHER_NIK = "5203010503250001", "5203010503250002"
RAKA: dict[str, Value | None] = {
    "name": "Raka", "sex": "male", "born_on": date(2025, 3, 5), "mother_name": "Wulan", "has_kia_book": True,
}  # fmt: skip


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = workspace.in_memory(post=MELATI, practice=True)
    book.keep_time_by(lambda: datetime(2026, 9, 28, 9, 0, tzinfo=timezone(timedelta(hours=8))))
    for post in (MELATI, MAWAR):
        told: dict[str, Value | None] = {"name": post.capitalize(), "village_code": VILLAGE}
        records.save(book.db, FORMS["posyandu"], post, told, scope=post, author=book.author, now=book.now())
    yield book
    book.close()


def at(ws: Workspace, post: str, **more: Value | None) -> str:
    return people.register(ws, {**RAKA, "scope": post, **more})


def weighed(ws: Workspace, child: str, post: str, month: Month, day: int, grams: int) -> None:
    ws.posyandu_id, on = post, date(month.year, month.month, day)
    known = next((each.id for each in sessions.recent(ws, post) if each.held_on == on), "")
    visits.record(
        ws, FORMS["under_five_visit"], known or sessions.open_day(ws, post, on, {}), child, {"weight_g": grams}
    )


def village(ws: Workspace, month: Month) -> MonthlyReport:
    (whole,) = [each for each in levels.levels(ws) if each.kind == "village"]
    report = levels.build(ws, "bulanan", whole.code, month)
    assert isinstance(report, MonthlyReport)
    return report


def ids(report: MonthlyReport, letter: str) -> list[str]:
    row = next(row for row in report.skdn.rows if row[0].text == letter)
    assert (row[-1].value or 0) == len(row[-1].people)
    return sorted(ref.id for ref in row[-1].people)


def said(report: MonthlyReport, words: str) -> list[Reconciliation]:
    return [each for each in report.checks if words in each.sentence]


def test_every_month_counts_once_where_the_child_was_seen_and_no_weighing_is_lost(ws: Workspace) -> None:
    here, there = at(ws, MELATI), at(ws, MAWAR)
    weighed(ws, here, MELATI, JUNE, 10, 9_000)
    weighed(ws, here, MELATI, JULY, 10, 9_200)
    weighed(ws, there, MAWAR, JULY, 12, 9_200)
    weighed(ws, there, MAWAR, AUGUST, 12, 9_400)
    assert [ids(reporting.monthly(ws, post, JULY), "D") for post in (MELATI, MAWAR)] == [[here], [there]]
    counted = {JUNE: (here, here), JULY: (there, there), AUGUST: (there, there)}
    for month, (resident, weighed_one) in counted.items():
        report = village(ws, month)
        assert (ids(report, "S"), ids(report, "D")) == ([resident], [weighed_one]), month
        assert all(check.ok for check in report.checks), month
        (named,) = said(report, "tercatat di dua Posyandu")
        assert [(ref.name, ref.detail) for ref in named.people] == [
            ("Raka", f"Tercatat di Mawar, Melati; dihitung di {'Melati' if month == JUNE else 'Mawar'}")
        ]
    (flow,) = said(village(ws, JULY), "S bulan lalu")
    assert flow.sentence == "S bulan lalu 1 = S bulan ini 1."
    report = village(ws, SEPTEMBER)
    assert (ids(report, "S"), ids(report, "D")) == ([there], []), "where she was seen last"


def test_each_post_is_told_whom_the_other_counts_too(ws: Workspace) -> None:
    here, there = at(ws, MELATI), at(ws, MAWAR)
    for post, child, other in ((MELATI, here, "Mawar"), (MAWAR, there, "Melati")):
        (check,) = said(reporting.monthly(ws, post, SEPTEMBER), "juga tercatat")
        assert (check.ok, [(ref.id, ref.detail) for ref in check.people]) == (
            *(False, [(child, f"Juga tercatat di {other}")]),
        )
    weighed(ws, here, MELATI, JULY, 10, 9_200)
    weighed(ws, there, MAWAR, JULY, 12, 9_200)
    people.set_status(ws, here, "moved", date(2026, 9, 1))
    for post in (MELATI, MAWAR):
        assert said(reporting.monthly(ws, post, SEPTEMBER), "juga tercatat") == []
    assert said(village(ws, SEPTEMBER), "tercatat di dua") != [], "the year before it counts once"


def test_a_month_that_was_signed_stays_so_when_another_post_writes_somebody_down(ws: Workspace) -> None:
    weighed(ws, at(ws, MELATI), MELATI, JULY, 10, 9_200)
    month_lock.sign(ws, MELATI, JULY)
    at(ws, MAWAR)
    assert said(reporting.monthly(ws, MELATI, JULY), "juga tercatat") != []
    assert month_lock.state(ws, MELATI, JULY).code == "signed"


def test_the_board_of_posts_notices_what_is_saved_at_the_other(ws: Workspace) -> None:
    def told() -> list[list[str]]:
        posts = review.board(ws, JULY).posts
        return [[ref.detail for check in each.wrong for ref in check.people] for each in posts]

    here = at(ws, MELATI)
    assert told() == [[], []]
    at(ws, MAWAR)
    assert told() == [["Juga tercatat di Melati"], ["Juga tercatat di Mawar"]]
    people.set_status(ws, here, "moved", date(2026, 7, 20))
    assert told() == [[], []]


@pytest.mark.parametrize(
    ("other", "one"),
    [
        ({}, True),
        ({"nik": NIK}, True),
        ({"nik": NIK, "name": "Raka Aditya", "mother_name": "Sari"}, True),
        ({"nik": NIK, "born_on": date(2025, 5, 3)}, True),
        ({"nik": NIK, "born_on": date(2022, 5, 3), "name": "Kakak Raka"}, False),
        ({"nik": OTHER_NIK}, False),
        ({"name": "Bayi Ny. Wulan"}, True),
        ({"name": "Rangga"}, False),
        ({"sex": "female"}, False),
        ({"mother_name": "Sari"}, False),
        ({"mother_name": None}, False),
        ({"born_on": date(2025, 3, 6)}, False),
        ({"guest": True}, False),
        ({"status": "moved", "left_on": date(2025, 12, 1)}, False),
    ],
)
def test_only_who_is_surely_one_counts_once(ws: Workspace, other: dict[str, Value | None], one: bool) -> None:
    at(ws, MELATI, nik=NIK)
    second = at(ws, MAWAR, **other)
    away = other.get("guest") is True or other.get("status") == "moved"
    report = village(ws, SEPTEMBER)
    assert len(ids(report, "S")) == (1 if one or away else 2)
    assert bool(said(report, "tercatat di dua")) == one
    assert (second in ids(report, "S")) == (not away)


def test_twins_nobody_has_named_yet_stay_two(ws: Workspace) -> None:
    pairs = [[at(ws, post, name="Bayi Ny. Wulan") for _ in range(2)] for post in (MELATI, MAWAR)]
    weighed(ws, pairs[0][0], MELATI, JUNE, 10, 9_000)
    weighed(ws, pairs[1][0], MAWAR, JULY, 12, 9_200)
    for month in (JUNE, JULY, AUGUST):
        report = village(ws, month)
        assert ids(report, "S") == sorted(pairs[month != JUNE])
        assert all(check.ok for check in report.checks)


def test_a_death_and_a_dose_written_down_at_both_count_once(ws: Workspace) -> None:
    here, there = at(ws, MELATI), at(ws, MAWAR)
    dose: dict[str, Value | None] = {"antigen": "mr", "dose": 1, "given_on": date(2026, 8, 5)}
    for child, post in ((here, MELATI), (there, MAWAR)):
        records.save(
            ws.db, FORMS["immunisation_dose"], f"d{child}", dose, scope=post, author=ws.author, now=ws.now(),
            links={"person_id": child},
        )  # fmt: skip
    (whole,) = [each for each in levels.levels(ws) if each.kind == "village"]
    data = levels.gather_level(ws, whole, AUGUST)
    assert count_cell("measles", data, AUGUST).value == 1
    weighed(ws, here, MELATI, AUGUST, 10, 9_400)
    weighed(ws, there, MAWAR, AUGUST, 12, 9_400)
    for child in (here, there):
        deaths.note(ws, child, {"died_on": date(2026, 9, 20)})
    data = levels.gather_level(ws, whole, SEPTEMBER)
    assert [id_ for part in data.parts for id_, _person, _on in counts.deaths(part, SEPTEMBER)] == [there]


def test_a_dose_noted_at_one_post_counts_where_the_child_counts(ws: Workspace) -> None:
    here, there = at(ws, MELATI), at(ws, MAWAR)
    weighed(ws, there, MAWAR, AUGUST, 12, 9_400)
    dose: dict[str, Value | None] = {"antigen": "mr", "dose": 1, "given_on": date(2026, 8, 5)}
    records.save(
        ws.db,
        FORMS["immunisation_dose"],
        "d1",
        dose,
        scope=MELATI,
        author=ws.author,
        now=ws.now(),
        links={"person_id": here},
    )
    (whole,) = [each for each in levels.levels(ws) if each.kind == "village"]
    assert [ref.id for ref in count_cell("measles", levels.gather_level(ws, whole, AUGUST), AUGUST).people] == [there]
