"""Who corrected what."""

from datetime import date, datetime

from posyandu.domain.fields import Answers
from posyandu.domain.forms.registration import WORKER
from posyandu.domain.forms.under_five import FORM as VISIT
from posyandu.services import corrections, people, sessions, visits, workspace
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records

CHILD: Answers = {"name": "Aisyah Contoh", "sex": "female", "born_on": date(2025, 3, 5)}


class Book:
    """A book at which Sari and, after her, Ningsih work."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 12, 9, 0, tzinfo=workspace.WITA)
        self.ws: Workspace = workspace.in_memory(now=lambda: self.time)
        self.child = people.register(self.ws, CHILD)
        self.day = sessions.open_day(self.ws, self.ws.posyandu_id, date(2026, 11, 12), {})

    def ningsih(self) -> None:
        """Another kader takes over, known by a record that came from her laptop."""
        records.save(
            self.ws.db,
            WORKER,
            "kader-ningsih",
            {"name": "Ningsih"},
            scope="melati",
            author=self.ws.author,
            now=self.time,
        )
        self.ws.worker = Worker("kader-ningsih", "Ningsih", "kader")
        self.time = self.time.replace(hour=10)


def test_corrections_of_data_and_visits_name_their_author() -> None:
    book = Book()
    visits.record(book.ws, VISIT, book.day, book.child, {"weight_g": 8_200})
    book.ningsih()
    visits.record(book.ws, VISIT, book.day, book.child, {"weight_g": 8_600})
    people.correct(book.ws, book.child, {"name": "Aisyah Putri Contoh"})
    book.ws.worker = Worker("kader-sari", "Sari", "kader")
    found = corrections.of(book.ws, people.card(book.ws, book.child))
    told = {(each.who, each.about[:2], *each.changes.items()) for each in found if each.changes}
    assert ("Ningsih", "", ("name", ("Aisyah Contoh", "Aisyah Putri Contoh"))) in told
    weights = [each for each in found if "weight_g" in each.changes]
    assert [(each.who, each.changes["weight_g"]) for each in weights] == [("Ningsih", (8_200, 8_600))]
    assert weights[0].about.endswith("12-11-2026")
    first = found[-1]
    assert (first.who, first.about, dict(first.changes), first.filled) == ("Sari", "", {}, 4)


def test_a_kader_this_book_does_not_know_stays_nameless() -> None:
    book = Book()
    book.ws.worker = Worker("dari-laptop-lain", "", "kader")
    people.correct(book.ws, book.child, {"name": "Aisyah Lain"})
    book.ws.worker = Worker("kader-sari", "Sari", "kader")
    assert corrections.of(book.ws, people.card(book.ws, book.child))[0].who == ""
