"""In the month of a move a child counts at one post: in S as in D, and so once in the report of the village."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.forms import FORMS
from posyandu.services import (
    consents,
    levels,
    moves,
    people,
    pregnancies,
    report_data,
    reporting,
    sessions,
    visits,
    workspace,
)
from posyandu.services.workspace import Workspace
from posyandu.storage import records

VILLAGE = "5203012001"
NOVEMBER = Month(2026, 11)
MOVED_ON = date(2026, 11, 15)
LEFT, CAME_TO = "melati", "mawar"


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    book = workspace.in_memory(post=LEFT, practice=True)
    book.keep_time_by(lambda: datetime(2026, 12, 28, 9, 0, tzinfo=timezone(timedelta(hours=8))))
    for post in (LEFT, CAME_TO):
        told = {"name": post.capitalize(), "village_code": VILLAGE}
        records.save(book.db, FORMS["posyandu"], post, told, scope=post, author=book.author, now=book.now())
    yield book
    book.close()


def visit(ws: Workspace, post: str, form: str, person: str, on: date, told: Answers) -> None:
    ws.posyandu_id = post
    day = next((each.id for each in sessions.recent(ws, post) if each.held_on == on), "")
    visits.record(ws, FORMS[form], day or sessions.open_day(ws, post, on, {}), person, told)


def weigh(ws: Workspace, post: str, child: str, on: date, grams: int) -> None:
    visit(ws, post, "under_five_visit", child, on, {"weight_g": grams})


def who(ws: Workspace, post: str, letter: str, month: Month = NOVEMBER) -> list[str]:
    row = next(row for row in reporting.monthly(ws, post, month).skdn.rows if row[0].text == letter)
    return sorted(each.name for each in row[-1].people)


def number(report: object, letter: str) -> str:
    return next(row[-1].text for row in report.skdn.rows if row[0].text == letter)  # type: ignore[attr-defined]


CASES = [  # who, day served where they left, day served where they came to, and the post that counts them
    ("Tidak Ditimbang", None, None, CAME_TO),
    ("Ditimbang Dulu", date(2026, 11, 10), None, LEFT),
    ("Ditimbang Hari Itu", MOVED_ON, None, LEFT),
    ("Ditimbang Kemudian", None, date(2026, 11, 20), CAME_TO),
    ("Ditimbang Dua Kali", date(2026, 11, 10), date(2026, 11, 20), LEFT),
]


def test_a_child_who_moves_counts_once_at_the_posts_and_in_the_village(ws: Workspace) -> None:
    for name, before, after, _counts in CASES:
        ws.posyandu_id = LEFT
        child = people.register(ws, {"name": name, "sex": "male", "born_on": date(2025, 3, 5)})
        weigh(ws, LEFT, child, date(2026, 10, 10), 8800)
        if before is not None:
            weigh(ws, LEFT, child, before, 9200)
        new = moves.hand_over(ws, child, VILLAGE, CAME_TO, MOVED_ON).person_id
        if after is not None:
            weigh(ws, CAME_TO, new, after, 9500)
    for post in (LEFT, CAME_TO):
        assert who(ws, post, "S") == sorted(name for name, _b, _a, counts in CASES if counts == post)
        assert set(who(ws, post, "D")) <= set(who(ws, post, "S"))
    everyone = sorted(name for name, *_rest in CASES)
    october, december = NOVEMBER - 1, NOVEMBER + 1
    assert [who(ws, post, "S", october) for post in (LEFT, CAME_TO)] == [everyone, []]
    assert [who(ws, post, "S", december) for post in (LEFT, CAME_TO)] == [[], everyone]
    (village,) = [each for each in levels.levels(ws) if each.kind == "village"]
    report = levels.build(ws, levels.MONTHLY, village.code, NOVEMBER)
    assert (number(report, "S"), number(report, "D")) == ("5", "4")


@pytest.mark.parametrize(
    ("post", "month", "told"),
    [
        (LEFT, NOVEMBER, "S bulan lalu 5 \N{MINUS SIGN} pindah 2 = S bulan ini 3."),
        (LEFT, NOVEMBER + 1, "S bulan lalu 3 \N{MINUS SIGN} pindah 3 = S bulan ini 0."),
        (CAME_TO, NOVEMBER + 1, "S bulan lalu 2 + masuk 3 = S bulan ini 5."),
    ],
)
def test_the_month_before_with_moves_comes_to_s_of_the_month(ws: Workspace, post: str, month: Month, told: str) -> None:
    (check,) = [each for each in reporting.monthly(ws, post, month).checks if each.sentence.startswith("S bulan lalu")]
    assert (check.sentence, check.ok) == (told, True)


def test_the_report_says_how_it_counts_who_moves(ws: Workspace) -> None:
    assert any("dihitung sekali" in line for line in reporting.monthly(ws, LEFT, NOVEMBER).rules)


GROWN = {  # form, birth date, and what was told at a visit
    "pregnancy_visit": (date(1998, 4, 2), {"weight_g": 55_000}),
    "adult_visit": (date(1980, 4, 2), {"weight_g": 60_000, "systolic_mmhg": 120, "diastolic_mmhg": 80}),
    "school_visit": (date(2014, 4, 2), {"weight_g": 30_000}),
}


def counted(ws: Workspace, post: str, month: Month = NOVEMBER) -> set[str]:
    """Everybody in the registers of the month but children, by name."""
    data = report_data.gather(ws, post, month)
    everybody = [*data.pregnancies[month], *data.life[month]]
    return {str(each.person["name"]) for each in everybody}


def test_women_pupils_and_adults_who_move_count_once_too(ws: Workspace) -> None:
    for form, (born_on, told) in GROWN.items():
        for name, before, after, _counts in CASES:
            ws.posyandu_id = LEFT
            person = people.register(ws, {"name": f"{name} {form}", "sex": "female", "born_on": born_on})
            if form == "pregnancy_visit":
                pregnancies.note(ws, person, {"noted_on": date(2026, 8, 1), "lmp_on": date(2026, 7, 1)})
            if before is not None:
                visit(ws, LEFT, form, person, before, told)
            new = moves.hand_over(ws, person, VILLAGE, CAME_TO, MOVED_ON).person_id
            if after is not None:
                visit(ws, CAME_TO, form, new, after, told)
    for post in (LEFT, CAME_TO):
        expected = {f"{name} {form}" for form in GROWN for name, _b, _a, counts in CASES if counts == post}
        assert counted(ws, post) == expected, post
    everyone = {f"{name} {form}" for form in GROWN for name, *_rest in CASES}
    assert (counted(ws, LEFT, NOVEMBER - 1), counted(ws, CAME_TO, NOVEMBER - 1)) == (everyone, set())
    assert (counted(ws, LEFT, NOVEMBER + 1), counted(ws, CAME_TO, NOVEMBER + 1)) == (set(), everyone)


def test_who_took_sharing_back_is_kept_out_of_files_where_they_move_to(ws: Workspace) -> None:
    ws.posyandu_id = LEFT
    person = people.register(ws, {"name": "Baiq", "sex": "female", "born_on": date(1990, 1, 1)})
    told = {"told_on": date(2026, 9, 1), "purpose": "share", "answer": "agreed", "withdrawn_on": date(2026, 10, 1)}
    consents.save(ws, person, None, told)
    new = moves.hand_over(ws, person, VILLAGE, CAME_TO, MOVED_ON).person_id
    assert set(consents.kept_in(ws, CAME_TO)) == {new}
    assert [row.answers["withdrawn_on"] for row in consents.of_person(ws, new)] == [date(2026, 10, 1)]
