"""A small post for the tests of services: a mother, her children, a pregnant woman, with made-up names."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import levels, people, posts, sealed, sessions, visits, workspace
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from posyandu.storage.database import rows

CHILD = FORMS["under_five_visit"]
MOTHER = FORMS["pregnancy_visit"]
ZONE = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 12, 9, 0, tzinfo=ZONE)
TODAY = NOW.date()
POST = "melati"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def post(clock: Clock | None = None) -> Workspace:
    """An empty post."""
    return workspace.in_memory(now=clock or Clock())


VILLAGE = "village 5203012001"


def village() -> Workspace:
    """Two empty posts of one village, with the midwife who looks after both."""
    made = post()
    posts.add_post(made, {"name": "Anggrek", "village_code": "5203012001", "puskesmas": "Keruak"})
    made.worker = Worker("b", "Nurul", "midwife")
    return made


def of_village(ws: Workspace) -> tuple[str, ...]:
    """The ids of its posts."""
    return tuple(each.id for each in levels.level(ws, VILLAGE).posts)


READER, READER_PIN = Worker("bidan-ani", "Bidan Ani", "midwife"), "271845"


def with_reader(ws: Workspace, role: str = "midwife") -> Worker:
    """A bidan with a key, whose digits the one at work has compared: confidential answers can be sealed to her."""
    at_work, reader = ws.worker, replace(READER, role=role)
    ws.worker = reader
    public = sealed.make_key(ws, READER_PIN).public
    ws.worker = at_work
    sealed.accept(ws, public)
    return reader


def child(ws: Workspace, name: str = "Raka Aditya", born_on: date = date(2025, 7, 5), **more: Value | None) -> str:
    """A registered child of 16 months."""
    return people.register(ws, {"name": name, "sex": "male", "born_on": born_on, **more})


def woman(ws: Workspace, name: str = "Wulan Sari", **more: Value | None) -> str:
    """A registered woman of 28 years."""
    return people.register(ws, {"name": name, "sex": "female", "born_on": date(1998, 4, 2), **more})


def pregnancy(ws: Workspace, person_id: str, **more: Value | None) -> str:
    """A pregnancy that began 20 weeks ago."""
    pregnancy_id = records.new_id()
    answers = {"noted_on": TODAY - timedelta(days=60), "lmp_on": TODAY - timedelta(days=140), **more}
    records.save(
        ws.db, FORMS["pregnancy"], pregnancy_id, answers,
        scope=POST, author=ws.author, now=ws.now(), links={"person_id": person_id},
    )  # fmt: skip
    return pregnancy_id


def weighed(ws: Workspace, person_id: str, on: date, weight_g: int, **more: Value | None) -> str:
    """A saved visit of a child on a day of its own; gives back the record id."""
    session_id = sessions.open_day(ws, POST, on, {})
    saved = visits.record(ws, CHILD, session_id, person_id, {"weight_g": weight_g, **more})
    return saved.record_id


def whole(ws: Workspace) -> str:
    """Everything in the book as text: every value of every table."""
    tables = [name for (name,) in rows(ws.db, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    values = [value for name in tables for row in rows(ws.db, f"SELECT * FROM {name}") for value in row]
    return "\n".join(each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in values)
