"""In the month of a move a child counts at one post: in S as in D, and so once in the report of the village."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.forms import FORMS
from posyandu.services import levels, moves, people, reporting, sessions, visits, workspace
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


def weigh(ws: Workspace, post: str, child: str, on: date, grams: int) -> None:
    ws.posyandu_id = post
    day = next((each.id for each in sessions.recent(ws, post) if each.held_on == on), "")
    visits.record(ws, FORMS["under_five_visit"], day or sessions.open_day(ws, post, on, {}), child, {"weight_g": grams})


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
