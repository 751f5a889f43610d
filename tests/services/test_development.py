"""The development checklist is kept line by line, and column 3 of the day's visit says what it comes to."""

from collections.abc import Iterator
from datetime import date

import pytest

from posyandu.domain.fields import Value
from posyandu.domain.forms.development import FORM
from posyandu.services import companions, sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests.services import melati
from tests.services.melati import CHILD, TODAY

LINES: dict[str, Value] = {f"m9_{number}": True for number in range(1, 12)}


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = melati.post()
    yield book
    assert journal.rows_equal_replay(book.db)
    book.close()


def nine_months(ws: Workspace) -> tuple[str, str]:
    return melati.child(ws, "Adi", date(2026, 2, 1)), sessions.open_day(ws, melati.POST, TODAY)


def column_3(ws: Workspace, day: str, who: str) -> Value | None:
    row = records.load(ws.db, CHILD, records.visit_id(CHILD.name, day, who))
    return row.answers["development"] if row is not None else None


def test_every_tick_is_kept_and_the_visit_says_what_they_come_to(ws: Workspace) -> None:
    adi, day = nine_months(ws)
    saved = visits.record(ws, FORM, day, adi, {**LINES, "m9_3": False})
    row = records.load(ws.db, FORM, saved.record_id)
    assert row is not None
    assert [name for name in LINES if row.answers[name] is False] == ["m9_3"]
    assert column_3(ws, day, adi) == "incomplete"
    assert saved.assessment is not None
    assert "Merangkak" in saved.assessment.headline
    judged = visits.assess(ws, adi, CHILD, {"development": "incomplete", "visited_on": TODAY})
    assert judged is not None
    assert "development_incomplete" in {each.code for each in judged.findings}
    visits.record(ws, FORM, day, adi, {"m9_3": True})
    assert column_3(ws, day, adi) == "complete"


def test_cell_by_cell_it_is_open_until_settled_and_an_emptied_tick_opens_it_again(ws: Workspace) -> None:
    adi, day = nine_months(ws)
    for name in list(LINES)[:-1]:
        visits.set_cell(ws, FORM, day, adi, name, True)
        assert column_3(ws, day, adi) is None
    visits.set_cell(ws, FORM, day, adi, "m9_11", True)
    assert column_3(ws, day, adi) == "complete"
    visits.set_cell(ws, FORM, day, adi, "m9_2", None)
    assert column_3(ws, day, adi) is None
    visits.set_cell(ws, FORM, day, adi, "m9_2", False)
    assert column_3(ws, day, adi) == "incomplete"


def test_taking_the_save_back_takes_back_what_it_had_decided_and_nothing_else(ws: Workspace) -> None:
    adi, day = nine_months(ws)
    visits.record(ws, CHILD, day, adi, {"weight_g": 8_100, "development": "complete"})
    first = visits.record(ws, FORM, day, adi, {"m9_1": True})
    assert column_3(ws, day, adi) == "complete"  # ticked by the kader; one tick decides nothing
    second = visits.record(ws, FORM, day, adi, {"m9_2": False})
    assert column_3(ws, day, adi) == "incomplete"
    again = visits.undo(ws, second.op_id)
    assert column_3(ws, day, adi) is None
    visits.undo(ws, again)
    assert column_3(ws, day, adi) == "incomplete"
    visits.undo(ws, first.op_id)
    assert column_3(ws, day, adi) == "incomplete"


def test_results_noted_without_their_lines_stay_as_they_were(ws: Workspace) -> None:
    adi, day = nine_months(ws)
    visits.record(ws, CHILD, day, adi, {"development": "incomplete", "note": "Belum dapat: Makan kue sendiri"})
    row = records.load(ws.db, CHILD, records.visit_id(CHILD.name, day, adi))
    assert row is not None
    assert (row.answers["development"], row.answers["note"]) == ("incomplete", "Belum dapat: Makan kue sendiri")
    assert records.load_many(ws.db, FORM) == []


def test_it_is_asked_beside_the_visit_until_the_age_is_done_and_again_at_the_next(ws: Workspace) -> None:
    adi, day = nine_months(ws)

    def asked(on: date) -> companions.Companion | None:
        found = companions.companions(ws, adi, None, on)
        return next((each for each in found if each.form is FORM), None)

    first = asked(TODAY)
    assert first is not None
    assert (first.is_due, first.words) == (True, "Belum")
    visits.record(ws, FORM, day, adi, LINES)
    done = asked(TODAY)
    assert done is not None
    assert (done.is_due, done.level) == (False, "ok")
    assert done.words == "12-11-2026. Lengkap: semua 11 kemampuan dapat dilakukan."
    later = asked(date(2027, 2, 1))
    assert later is not None
    assert later.is_due
    assert later.record_id != done.record_id
    assert asked(date(2033, 2, 1)) is None


def test_a_home_visit_keeps_its_lines_without_inventing_a_visit(ws: Workspace) -> None:
    adi, _day = nine_months(ws)
    visits.record(ws, FORM, None, adi, {"visited_on": date(2026, 11, 3), **LINES}, record_id="rumah")
    assert records.load(ws.db, FORM, "rumah") is not None
    assert records.load_many(ws.db, CHILD, person_id=adi) == []
