"""The post itself: its kader and what they learnt, its stock, its activities and its cash. Reading and saving."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from posyandu.domain import stock
from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Choice, Value
from posyandu.domain.form import Form, Level
from posyandu.domain.form import problems as form_problems
from posyandu.domain.forms import FORMS, activity, fund, training
from posyandu.domain.forms import stock as stock_form
from posyandu.domain.forms.registration import WORKER
from posyandu.domain.skills import Skilled, skilled
from posyandu.domain.stock import Line, Outlook
from posyandu.services import people
from posyandu.services.people import NotFinal
from posyandu.services.workspace import Workspace, at_its_post
from posyandu.storage import records, summaries
from posyandu.storage.engine import transaction
from posyandu.storage.records import Row
from posyandu.text import _

KADER_ROLES = (None, "kader", "coordinator")
"""Who counts as kader; operators and health workers do not."""

CARD_MONTHS = 24
"""How far back a stock card is read: a count older than this says nothing of today."""

_JOINED = "joined "
"""How the reason of every save of a joining of two kader begins; the kept one and a number of its own follow."""

_STOCK_SPACE = uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c11")
_SKILL_SPACE = uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c12")


@dataclass(frozen=True)
class Joined:
    """A record that was joined into another kader's: its name, when, and the saves that did it."""

    name: str
    on: date
    ops: tuple[str, ...]


@dataclass(frozen=True)
class Kader:
    """One kader of a post: what the book says of them, their trainings (newest first), their skills, and
    the records that were made one with theirs."""

    id: str
    name: str
    answers: Answers
    trainings: tuple[Row, ...]
    skills: Answers
    skilled: Skilled
    joined: tuple[Joined, ...] = ()

    @property
    def active(self) -> bool:
        """Whether they still work here."""
        return self.answers.get("active") is not False

    @property
    def was_trained(self) -> bool:
        """Whether they ever were, by their list or by the mark on their own record."""
        return bool(self.trainings) or self.answers.get("trained") is True

    @property
    def has_decree(self) -> bool:
        """Whether the number of their SK is known."""
        return bool(self.answers.get("decree"))


@dataclass(frozen=True)
class StockCard:
    """The card of one thing: its months (the last is the one asked for), how it stands, the record of that month."""

    item: str
    label: str
    unit: str
    lines: tuple[Line, ...]
    outlook: Outlook
    record_id: str

    @property
    def line(self) -> Line:
        """The month asked for."""
        return self.lines[-1]

    @property
    def is_kept(self) -> bool:
        """Whether the post ever noted it or gave it out."""
        return any(line.told or line.recorded for line in self.lines)


@dataclass(frozen=True)
class CashLine:
    """One line of the cash book and what was left after it."""

    record_id: str
    on: date
    answers: Answers
    words: str
    rupiah: int
    balance: int


@dataclass(frozen=True)
class Cash:
    """The cash book, newest line first, and what is left."""

    lines: tuple[CashLine, ...]
    balance: int


# --- kader


def kader(ws: Workspace, posyandu_id: str) -> list[Kader]:
    """The kader of a post by name, those who stopped last."""
    rows = [row for row in records.load_many(ws.db, WORKER, scope=posyandu_id) if _is_kader(row)]
    trainings: dict[str, list[Row]] = {}
    for row in records.load_many(ws.db, training.TRAINING, scope=posyandu_id):
        trainings.setdefault(str(row.answers.get("worker_id")), []).append(row)
    skills = {
        str(row.answers.get("worker_id")): row.answers
        for row in records.load_many(ws.db, training.COMPETENCE, scope=posyandu_id)
    }
    classes, joined = ws.standards.on(ws.today()).skill_classes, _joined(ws, posyandu_id)
    found = [
        Kader(
            row.id,
            str(row.answers.get("name") or ""),
            row.answers,
            tuple(sorted(trainings.get(row.id, ()), key=lambda each: str(each.answers.get("held_on")), reverse=True)),
            skills.get(row.id, {}),
            skilled(classes, skills.get(row.id, {})),
            joined.get(row.id, ()),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (not each.active, each.name.casefold(), each.id))


def twice(found: Sequence[Kader]) -> Mapping[str, Kader]:
    """Who stands in a list of kader twice under the same name: by the id of each, the other one."""
    first: dict[str, Kader] = {}
    pairs: dict[str, Kader] = {}
    for each in found:
        other = first.setdefault(" ".join(each.name.casefold().split()), each)
        if other is not each:
            pairs |= {each.id: other, other.id: each}
    return pairs


def join_kader(ws: Workspace, kept_id: str, other_id: str) -> tuple[str, ...]:
    """Make two records of one kader one and give back the saves' ids, for `part_kader`.

    What only the other says is added, trainings and skills come along; where both say something, what is kept stands.
    Raises NotFound.
    """
    kept, other = answers_of(ws, WORKER, kept_id), answers_of(ws, WORKER, other_id)
    row = records.load(ws.db, WORKER, kept_id)
    assert row is not None
    scope, reason = row.scope, f"{_JOINED}{kept_id} {records.new_id()}"

    def write(form: Form, record_id: str, told: Answers, worker_id: str | None) -> None:
        links = {"worker_id": worker_id} if worker_id else {}
        records.save(
            ws.db, form, record_id, told, scope=scope, author=ws.author, now=ws.now(), links=links, reason=reason
        )

    def take_away(form: Form, record_id: str) -> None:
        records.withdraw(ws.db, form, record_id, author=ws.author, now=ws.now(), reason=reason)

    with transaction(ws.db):
        write(WORKER, kept_id, _lacking(WORKER, kept, other), None)
        for each in records.load_many(ws.db, training.TRAINING, worker_id=other_id):
            write(training.TRAINING, each.id, {}, kept_id)
        mine = records.load(ws.db, training.COMPETENCE, competence_id(kept_id))
        for each in records.load_many(ws.db, training.COMPETENCE, worker_id=other_id):
            shown = _lacking(training.COMPETENCE, mine.answers if mine is not None else {}, each.answers)
            write(training.COMPETENCE, competence_id(kept_id), shown, kept_id)
            take_away(training.COMPETENCE, each.id)
        take_away(WORKER, other_id)
        return _because(ws, kept_id, other_id)


def part_kader(ws: Workspace, op_ids: Sequence[str]) -> None:
    """Take a joining back, all or none: both records as before, but for what was written since. Raises NotFound."""
    with transaction(ws.db):
        for op_id in reversed(op_ids):
            undo(ws, op_id)


def _joined(ws: Workspace, posyandu_id: str) -> Mapping[str, tuple[Joined, ...]]:
    """The records of a post that were joined into another and are still away, by the id of the one that was kept."""
    found: dict[str, tuple[Joined, ...]] = {}
    for row in records.load_many(ws.db, WORKER, withdrawn=True, scope=posyandu_id):
        last = records.history(ws.db, row.id)[0] if row.withdrawn else None
        if last is not None and last.reason.startswith(_JOINED):
            kept = last.reason.split()[1]
            joined = Joined(str(row.answers.get("name") or ""), last.at.date(), _because(ws, kept, row.id))
            found[kept] = (*found.get(kept, ()), joined)
    return found


def _because(ws: Workspace, kept_id: str, other_id: str) -> tuple[str, ...]:
    """The saves of the newest joining of two kader."""
    reason = records.history(ws.db, other_id)[0].reason
    about = [kept_id, other_id]
    for form in (training.TRAINING, training.COMPETENCE):
        rows = (records.load_many(ws.db, form, withdrawn=True, worker_id=each) for each in (kept_id, other_id))
        about += [row.id for found in rows for row in found]
    return tuple(entry.op_id for each in about for entry in records.history(ws.db, each) if entry.reason == reason)


def _lacking(form: Form, kept: Answers, other: Answers) -> dict[str, Value | None]:
    """What only the other says."""
    return {name: other[name] for name in form.fields if kept.get(name) is None and other.get(name) is not None}


def _is_kader(row: Row) -> bool:
    return row.answers.get("role") in KADER_ROLES


def competence_id(worker_id: str) -> str:
    """The one record of a kader's skills: two laptops that note them meet in it."""
    return uuid.uuid5(_SKILL_SPACE, worker_id).hex


# --- stock


def stock_id(posyandu_id: str, item: str, month: Month) -> str:
    """The one record of a thing in a month at a post."""
    return uuid.uuid5(_STOCK_SPACE, f"{posyandu_id} {item} {month}").hex


@at_its_post
def stock_cards(ws: Workspace, posyandu_id: str, month: Month) -> tuple[StockCard, ...]:
    """The card of every thing there is up to a month, in the order of the form; see `StockCard.is_kept`."""
    rows = [row.answers for row in records.load_many(ws.db, stock_form.FORM, scope=posyandu_id)]
    months = [month - back for back in range(CARD_MONTHS - 1, -1, -1)]
    given = handed_out(ws, posyandu_id, months[0], month)
    rules = ws.standards.on(month.last)
    capsules = rules.vitamin_a.months
    campaigns = {"vitamin_a_blue": capsules, "vitamin_a_red": capsules, "deworming": rules.deworming.months}
    cards = []
    for item, (label, unit) in stock_form.ITEMS.items():
        lines = stock.card(item, rows, given, months)
        outlook = stock.outlook(lines, rules.stock, campaigns.get(item, ()))
        cards.append(StockCard(item, _(label), _(unit), lines, outlook, stock_id(posyandu_id, item, month)))
    return tuple(cards)


def handed_out(ws: Workspace, posyandu_id: str, first: Month, last: Month) -> Mapping[str, Mapping[Month, int]]:
    """What visits of a post say was given in these months, by item and month."""
    visits: dict[str, list[Answers]] = {
        name: [row.answers for row in summaries.visits(ws.db, FORMS[name], posyandu_id, first.first, last.last)]
        for name in stock.VISITS
    }
    doses = records.load_many(ws.db, FORMS[stock.DOSE], scope=posyandu_id, source="here")
    return stock.handed_out(visits | {stock.DOSE: [row.answers for row in doses]})


def set_stock(ws: Workspace, posyandu_id: str, item: str, month: Month, name: str, value: Value | None) -> str:
    """Note one number of a stock card and give back the save's id ("" when nothing changed).

    Raises NotFinal for an impossible number, BadInput for a thing or column there is not.
    """
    if item not in stock_form.ITEMS or name not in stock_form.FORM.fields or name in ("item", "month"):
        raise BadInput(_("Barang ini tidak ada di kartu stok."))
    record_id = stock_id(posyandu_id, item, month)
    told = {**stock_answers(ws, posyandu_id, month, item), name: value}
    return save(ws, stock_form.FORM, told, record_id=record_id, posyandu_id=posyandu_id)


def stock_answers(ws: Workspace, posyandu_id: str, month: Month, item: str) -> dict[str, Value | None]:
    """What was noted of a thing in a month; a new record says at least which thing and month it is."""
    kept = records.load(ws.db, stock_form.FORM, stock_id(posyandu_id, item, month))
    return {**(kept.answers if kept else {}), "item": item, "month": str(month)}


# --- activities and cash


def activities(ws: Workspace, posyandu_id: str) -> list[Row]:
    """What a post did besides examining people, newest first."""
    rows = records.load_many(ws.db, activity.FORM, scope=posyandu_id)
    return sorted(rows, key=lambda row: (str(row.answers.get("held_on")), row.id), reverse=True)


def cash(ws: Workspace, posyandu_id: str) -> Cash:
    """The cash book of a post. A line without day, direction or amount is left out."""
    rows = records.load_many(ws.db, fund.FORM, scope=posyandu_id)
    lines: list[CashLine] = []
    balance = 0
    for row in sorted(rows, key=lambda row: (str(row.answers.get("noted_on")), row.saved_at_ms, row.id)):
        on, rupiah, direction = (row.answers.get(name) for name in ("noted_on", "rupiah", "direction"))
        if isinstance(on, date) and isinstance(rupiah, int) and direction in ("in", "out"):
            signed = rupiah if direction == "in" else -rupiah
            balance += signed
            lines.append(CashLine(row.id, on, row.answers, cash_words(row.answers), signed, balance))
    return Cash(tuple(reversed(lines)), balance)


def cash_words(answers: Answers) -> str:
    """From where or for what, with the note: "Dana sehat warga: iuran Oktober"."""
    kind = option_words(fund.FORM, "origin", answers.get("origin")) or option_words(
        fund.FORM, "purpose", answers.get("purpose")
    )
    return ": ".join(part for part in (kind, str(answers.get("note") or "")) if part)


def option_words(form: Form, name: str, code: Value | None) -> str:
    """The words of a closed answer; "" for none."""
    field = form.fields[name]
    assert isinstance(field, Choice)
    return next((_(each.label) for each in field.options if each.code == code), "")


# --- saving


def save(
    ws: Workspace,
    form: Form,
    answers: Answers,
    *,
    record_id: str | None = None,
    posyandu_id: str = "",
    worker_id: str | None = None,
    links: Mapping[str, str] | None = None,
    coalesce: bool = True,
) -> str:
    """Save a record of the post and give back the save's id ("" when nothing changed).

    `worker_id` is the kader a training or skills are about, `links` whatever else it points to. Raises NotFinal for
    what is missing or impossible. Without `coalesce` every save can be taken back by itself.
    """
    told = {name: value for name, value in answers.items() if name in form.fields}
    hard = [each for each in form_problems(form, told, people.plain_context(ws)) if each.level is Level.HARD]
    if hard:
        raise NotFinal(hard)
    saved = records.save(
        ws.db,
        form,
        record_id or records.new_id(),
        told,
        scope=posyandu_id or ws.posyandu_id,
        author=ws.author,
        now=ws.now(),
        links={**(links or {}), **({"worker_id": worker_id} if worker_id else {})},
        coalesce=coalesce,
    )
    return saved.op_id


def remove(ws: Workspace, form: Form, record_id: str) -> str:
    """Take a record away and give back the save's id. Raises NotFound."""
    return records.withdraw(ws.db, form, record_id, author=ws.author, now=ws.now()).op_id


def undo(ws: Workspace, op_id: str) -> str:
    """Take a save back; the id given back undoes that again."""
    return records.undo(ws.db, op_id, ws.author, ws.now()).op_id


def answers_of(ws: Workspace, form: Form, record_id: str) -> Answers:
    """One record, for its sheet. Raises NotFound."""
    row = records.load(ws.db, form, record_id)
    if row is None or row.withdrawn:
        raise NotFound(_("Catatan ini tidak ada di buku."))
    return row.answers


def held_in(rows: Sequence[Row], months: Sequence[Month], name: str = "held_on") -> list[Row]:
    """The rows whose day lies in one of these months."""
    return [row for row in rows if isinstance(day := row.answers.get(name), date) and Month.of(day) in months]
