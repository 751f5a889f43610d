"""What is kept of the rows of many posts never outlives what it was worked out of: kept and fresh reports are alike."""

from collections.abc import Iterator
from datetime import date
from random import Random

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.forms import FORMS
from posyandu.reports.layout import layouts
from posyandu.reports.monthly import MonthlyReport, monthly
from posyandu.reports.sheet import Sheet, sheet
from posyandu.services import births, levels, moves, people
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import Row
from tests.services import melati

OCTOBER = Month(2026, 10)
VILLAGE = "5203012001"
POSTS = ("anggrek", "mawar", "melati")
SHEETS = ("f1_gizi", "lb_kia", "lb3_gizi", "sip1", "sip5", "register_bumil")


@pytest.fixture
def ws() -> Iterator[Workspace]:
    """Three posts of one village, each with a few families, their babies and their visits."""
    book = melati.post()
    dice = Random(5)
    for post in POSTS:
        told: Answers = {"name": post.capitalize(), "village_code": VILLAGE}
        records.save(book.db, FORMS["posyandu"], post, told, scope=post, author=book.author, now=book.now())
        days = {n: f"{post}-{n}" for n in (9, 10)}
        for n, day in days.items():
            held: Answers = {"held_on": date(2026, n, 10)}
            records.save(book.db, FORMS["session"], day, held, scope=post, author=book.author, now=book.now())
        for family, name in enumerate(("Ani", "Citra", "Dewi", "Fitri")):
            mother: Answers = {"name": f"{name} {post}", "sex": "female", "born_on": date(1998, 4, 2), "scope": post}
            woman = people.register(book, mother)
            carried = records.new_id()
            told = {"noted_on": date(2026, 2, 1), "lmp_on": date(2026, 1, 1)}
            save(book, "pregnancy", carried, told, post, person_id=woman)
            ended: Answers = {"outcome": "live_birth", "ended_on": date(2026, 9, 20 + family), "sex": "male"}
            baby = births.note(book, carried, {**ended, "name": f"Putra {name}", "birth_place": "hospital"})
            assert baby is not None
            for day in days.values():
                visit: Answers = {"visited_on": date(2026, 10, 10), "weight_g": dice.randint(2_500, 5_000)}
                save(book, "under_five_visit", records.new_id(), visit, post, person_id=baby, session_id=day)
    yield book
    book.close()


def save(ws: Workspace, form: str, record: str, told: Answers, scope: str, **links: str) -> None:
    records.save(ws.db, FORMS[form], record, told, scope=scope, author=ws.author, now=ws.now(), links=dict(links))


def reports(ws: Workspace) -> list[MonthlyReport | Sheet]:
    """The reports of the village as they are made now, of what is kept where it is."""
    (village,) = [each for each in levels.levels(ws) if each.kind == "village"]
    data = levels.gather_level(ws, village, OCTOBER)
    return [monthly(data.report), *(sheet(layouts()[code], data) for code in SHEETS)]


def fresh(ws: Workspace) -> list[MonthlyReport | Sheet]:
    """The same, read anew."""
    ws.kept.clear()
    return reports(ws)


def births_of(ws: Workspace) -> set[str]:
    sip1 = next(each for each in reports(ws) if isinstance(each, Sheet) and each.code_name == "sip1")
    return {ref.id for row in sip1.tables[0].rows for cell in row for ref in cell.people}


def test_a_hand_over_that_the_other_post_takes_back_is_noticed(ws: Workspace) -> None:
    baby = next(row.id for row in persons(ws, "melati") if row.answers["name"] == "Putra Citra")
    new = moves.hand_over(ws, baby, VILLAGE, "Mawar", date(2026, 10, 15)).person_id
    assert births_of(ws) >= {baby}
    assert new not in births_of(ws)
    save(ws, "person", baby, {"status": "active", "left_on": None, "name": "Bukan Dia"}, "melati")
    assert new in births_of(ws), "nobody handed it over, and nobody else of that name was born that day"
    assert reports(ws) == fresh(ws)
    save(ws, "person", baby, {"status": "moved", "left_on": date(2026, 10, 15)}, "melati")
    assert new not in births_of(ws)


def persons(ws: Workspace, post: str = "") -> list[Row]:
    return [row for row in records.load_many(ws.db, FORMS["person"]) if post in ("", row.scope)]


def change(ws: Workspace, dice: Random) -> None:
    """One save at one post, of a kind that may change what is counted at another."""
    everybody = persons(ws)
    babies = [row for row in everybody if row.answers.get("mother_name")]
    row = dice.choice(everybody if dice.random() < 0.2 else babies)
    other = dice.choice([post for post in POSTS if post != row.scope])
    on = date(2026, dice.choice([9, 10]), dice.randint(1, 28))
    match dice.randrange(10):
        case 0 if row.answers.get("status") == "active":
            moves.hand_over(ws, row.id, VILLAGE, other.capitalize(), date(2026, 10, dice.randint(1, 28)))
        case 1:
            lives = [{"status": "moved", "left_on": on}, {"status": "active", "left_on": None}, {"guest": True}]
            save(ws, "person", row.id, dice.choice(lives), row.scope)
        case 2:
            save(ws, "person", row.id, {"entered_on": dice.choice([None, on])}, row.scope)
        case 3:
            told = {name: row.answers.get(name) for name in ("name", "sex", "born_on", "mother_name")}
            save(ws, "person", records.new_id(), {**told, "status": "active"}, other)
        case 4:
            records.withdraw(ws.db, FORMS["person"], row.id, author=ws.author, now=ws.now(), reason="salah")
        case 5:
            visit: Answers = {"visited_on": on, "weight_g": dice.randint(2_500, 9_000), "muac_mm": 120}
            save(ws, "under_five_visit", records.new_id(), visit, other, person_id=row.id, session_id=f"{other}-10")
        case 6:
            wrong = dice.choice([None, "scale", "board"])
            save(ws, "session", f"{other}-10", {"wrong_tool": wrong, "wrong_tool_reason": "x"}, other)
        case 7:
            told = {"left_on": on, "package": moves._packed(ws, row), "accepted": dice.choice([True, False])}
            save(ws, "arrival", records.new_id(), told, dice.choice(POSTS), person_id=row.id)
        case 8:
            save(ws, "person", row.id, {"born_on": on, "name": "Raka"}, row.scope)
        case _:
            told = {"first_weeks": None, "kn1_on": on, "visited_on": on}
            save(ws, "newborn", records.new_id(), {k: v for k, v in told.items() if v}, other, person_id=row.id)


@pytest.mark.parametrize("seed", [0, 8])
def test_what_is_kept_says_the_same_as_what_is_read_anew_whatever_is_saved_at_whichever_post(
    ws: Workspace, seed: int
) -> None:
    dice = Random(seed)
    reports(ws)
    for step in range(16):
        change(ws, dice)
        kept, rows_kept = reports(ws), dict(ws.kept)
        assert kept == fresh(ws), f"seed {seed}, step {step}"
        ws.kept.update(rows_kept)


def test_a_book_without_changes_is_not_read_again(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    first = reports(ws)
    monkeypatch.setattr(levels, "gather_sheet", lambda *_args: pytest.fail("read again"))
    assert reports(ws) == first
