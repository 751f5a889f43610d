"""A made-up post as the rows a report is computed from, without a database."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache

from posyandu.domain import indicators, life
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.growth import GrowthTables
from posyandu.domain.standards import Standards
from posyandu.reports.monthly import MonthlyData, Place
from posyandu.services.sample import village
from posyandu.storage import reference


def tables() -> GrowthTables:
    return reference.growth_tables()


def standards() -> Standards:
    return reference.shipped_standards()


@dataclass(eq=False)
class Book:
    """Every record of one post, as plain answers."""

    post: Answers = field(default_factory=dict)
    people: dict[str, Answers] = field(default_factory=dict)
    sessions: dict[str, Answers] = field(default_factory=dict)
    child_visits: dict[str, list[Answers]] = field(default_factory=lambda: defaultdict(list))
    pregnancies: dict[str, tuple[str, Answers]] = field(default_factory=dict)
    pregnancy_visits: dict[str, list[Answers]] = field(default_factory=lambda: defaultdict(list))
    came_on: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))


@cache
def sample_book(seed: int = 7, number: int = 0, until: str = "2026-10", months: int = 18) -> Book:
    """A post of the sample village, read back from its journal entries."""
    book = Book()
    entries = village.one_post(seed, number, village.PLACES[0], tables(), months=months, until=Month.read(until))
    for entry in entries:
        match entry.entity:
            case "posyandu":
                book.post = entry.answers
            case "person":
                book.people[entry.record_id] = entry.answers
            case "session":
                book.sessions[entry.record_id] = entry.answers
            case "pregnancy":
                book.pregnancies[entry.record_id] = (entry.links["person_id"], entry.answers)
            case "under_five_visit":
                book.child_visits[entry.links["person_id"]].append(entry.answers)
            case "pregnancy_visit":
                book.pregnancy_visits[entry.links["pregnancy_id"]].append(entry.answers)
            case "attendance" if entry.answers["present"]:
                book.came_on[entry.links["person_id"]].add(book.sessions[entry.links["session_id"]]["held_on"])  # type: ignore[arg-type]
    return book


@lru_cache(maxsize=4)
def histories(book: Book) -> tuple[list[indicators.ChildHistory], list[indicators.PregnancyHistory]]:
    """Everybody assessed, once for all months; a book must not change afterwards."""
    children = [
        indicators.child_history(
            standards(), tables(), id_, person, book.child_visits.get(id_, ()), book.came_on.get(id_, ())
        )
        for id_, person in book.people.items()
        if isinstance(born := person.get("born_on"), date) and born.year > 2015
    ]
    women = [
        indicators.pregnancy_history(
            standards(),
            woman,
            book.people[woman],
            answers,
            book.pregnancy_visits.get(id_, ()),
            book.came_on.get(woman, ()),
        )
        for id_, (woman, answers) in book.pregnancies.items()
    ]
    return children, women


NO_DOSES = "Belum ada imunisasi yang tercatat. Salin dari Buku KIA."
"""What a dose card says of these children, of whom no dose is noted."""


def monthly_data(book: Book, month: Month, recap_bands: str = "ilp") -> MonthlyData:
    """The book as the report wants it."""
    held = sorted(day for each in book.sessions.values() if isinstance(day := each.get("held_on"), date))
    children, women = histories(book)
    children = [replace(each, told_doses={month: NO_DOSES}) for each in children]
    days = {each: max((day for day in held if day in each), default=each.last) for each in _months(month)}
    return MonthlyData(
        post=book.post,
        place=Place("Bunut Baok", "Praya", "Lombok Tengah", "Nusa Tenggara Barat"),
        month=month,
        reporting_day=days[month],
        sessions=tuple(each for each in book.sessions.values() if each.get("held_on") in month),  # type: ignore[operator]
        children={each: indicators.children_of_month(children, each, day) for each, day in days.items()},
        pregnancies={each: indicators.pregnancies_of_month(women, each, day) for each, day in days.items()},
        everyone=book.people,
        life={each: life.people_of_month(_lives(book), each, day, standards().on(day)) for each, day in days.items()},
        guests=(),
        rules=standards().on(days[month]),
        recap_bands=recap_bands,
    )


def _lives(book: Book) -> list[life.LifeHistory]:
    """Everybody in the order of the report; nobody of the sample has visits of these forms."""
    carried: dict[str, list[Answers]] = defaultdict(list)
    for woman, answers in book.pregnancies.values():
        carried[woman].append(answers)
    return [
        life.LifeHistory(id_, person, carried[id_], {}, frozenset(), frozenset(book.came_on.get(id_, ())))
        for id_, person in sorted(book.people.items(), key=lambda pair: (str(pair[1].get("name")).casefold(), pair[0]))
    ]


def _months(month: Month) -> list[Month]:
    return [Month(month.year, number) for number in range(1, month.month + 1)] + [Month(month.year, 1) - 1]
