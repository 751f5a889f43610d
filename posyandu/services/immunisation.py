"""The immunisation card of a person, noting doses and reasons, and who in a post it is time for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from posyandu.domain import immunisation
from posyandu.domain.calendar import age_months, short_date
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Choice
from posyandu.domain.forms.adult import WUS
from posyandu.domain.forms.immunisation import DOSE
from posyandu.domain.forms.registration import PERSON, POSYANDU
from posyandu.domain.immunisation import LATE, Completion, Dose, DoseStatus, Schedule, State, Tetanus
from posyandu.domain.referral import Finding
from posyandu.services.checking import latest_day
from posyandu.services.workspace import Workspace
from posyandu.storage import immunisations as dose_box
from posyandu.storage import records, summaries
from posyandu.storage.engine import transaction
from posyandu.storage.records import Row
from posyandu.text import _

_NOT_GIVEN = DOSE.fields["not_given"]
assert isinstance(_NOT_GIVEN, Choice)
REASONS: Mapping[str, str] = MappingProxyType({each.code: each.label for each in _NOT_GIVEN.options})
"""Why a dose was not given, by code; the words want translating."""


@dataclass(frozen=True)
class Given:
    """One dose to note: which, and when it was given; `product` None is the usual vaccine."""

    antigen: str
    number: int
    given_on: date
    product: str | None = None


@dataclass(frozen=True)
class DoseCard:
    """The immunisations of one person on a day.

    `records` are the saved doses by the code of the dose; `known`: whether any dose is recorded. `complete` is
    "lengkap sesuai umur" as computed, None while no dose is recorded or what was missed can no longer be had. `level`
    is "ok", "warn", "info" or "unknown"; `headline` one sentence.
    """

    person_id: str
    scope: str
    on: date
    doses: tuple[DoseStatus, ...]
    records: Mapping[str, Row]
    known: bool
    complete: bool | None
    completions: tuple[Completion, ...]
    tetanus: Tetanus
    next_on: date | None
    findings: tuple[Finding, ...]
    headline: str
    level: str

    @property
    def late(self) -> tuple[DoseStatus, ...]:
        """What is overdue or to be caught up."""
        return tuple(each for each in self.doses if each.state in LATE)

    @property
    def due(self) -> tuple[DoseStatus, ...]:
        """What it is time for and not late."""
        return tuple(each for each in self.doses if each.state is State.DUE)

    def has_whole(self, code: str) -> bool | None:
        """Whether a set ("idl", "isl" ...) is complete; None without any known dose, and where it is not asked."""
        found = [not each.missing for each in self.completions if each.code == code]
        return any(found) if self.known and found else None


def card(ws: Workspace, person_id: str, on: date | None = None, *, typed: Sequence[Given] | None = None) -> DoseCard:
    """The immunisations of one person as they stand on a day (today). Raises NotFound.

    `typed` takes the place of what is recorded: what the card would say if just these doses were noted.
    """
    person = _person(ws, person_id)
    day = on or ws.today()
    rows = dose_box.doses_of(ws.db, [person_id]).get(person_id, [])
    doses = _doses(rows, dose_box.newborns_of(ws.db, [person_id]).get(person_id, []))
    if typed is not None:
        doses = [Dose(each.antigen, each.number, each.given_on, each.product) for each in typed]
    return _card(ws, person, rows, doses, day, area_of(ws, person.scope))


def record(
    ws: Workspace,
    person_id: str,
    given: Sequence[Given],
    *,
    session_id: str | None = None,
    source: str = "book",
    place: str | None = None,
    provider: str = "",
    batch: str = "",
) -> tuple[str, ...]:
    """Note one or more doses, all or none, and give back the ids of the saves, which `undo` takes back together.

    `source` is "here", "book" or "told". A dose noted before is corrected. Given here without a product, it is what
    the schedule has in this area on the day. Raises BadInput for a day after today or before birth.
    """
    person = _person(ws, person_id)
    born_on = person.answers.get("born_on")
    for each in given:
        if each.given_on > latest_day(ws):
            raise BadInput(_("Tanggal {day} belum terjadi. Periksa lagi.").format(day=short_date(each.given_on)))
        if isinstance(born_on, date) and each.given_on < born_on:
            words = _("Tanggal {day} sebelum tanggal lahir. Periksa lagi.")
            raise BadInput(words.format(day=short_date(each.given_on)))
    area = area_of(ws, person.scope) if source == "here" else ""
    saves = []
    with transaction(ws.db):
        for each in given:
            product = each.product
            if product is None and source == "here":
                product = _schedule(ws, each.given_on).product(each.antigen, each.number, area, each.given_on).code
            answers: Answers = {
                "given_on": each.given_on,
                "product": product,
                "source": source,
                "place": place,
                "provider": provider.strip() or None,
                "batch": batch.strip() or None,
                "not_given": None,
                "noted_on": None,
            }
            saves.append(_save(ws, person, each.antigen, each.number, answers, session_id))
    return tuple(op_id for op_id in saves if op_id)


def postpone(
    ws: Workspace,
    person_id: str,
    antigen: str,
    number: int,
    reason: str,
    *,
    session_id: str | None = None,
    note: str = "",
) -> str:
    """Note why a dose was not given today; the dose stays due. Gives back the id of the save.

    Raises BadInput for an unknown reason or a dose that is noted as given.
    """
    if reason not in REASONS:
        raise BadInput(_("Pilih alasan belum diberikan."))
    person = _person(ws, person_id)
    known = records.load(ws.db, DOSE, records.dose_id(person_id, antigen, number))
    if known is not None and not known.withdrawn and known.answers.get("given_on") is not None:
        raise BadInput(_("Dosis ini sudah tercatat diberikan. Hapus dulu bila keliru."))
    answers: Answers = {"not_given": reason, "noted_on": ws.today(), "note": note.strip() or None}
    return _save(ws, person, antigen, number, answers, session_id)


def remove(ws: Workspace, person_id: str, antigen: str, number: int, reason: str = "") -> str:
    """Take a dose noted by mistake off the card; undo brings it back. Raises NotFound."""
    record_id = records.dose_id(person_id, antigen, number)
    return records.withdraw(ws.db, DOSE, record_id, author=ws.author, now=ws.now(), reason=reason).op_id


def undo(ws: Workspace, op_ids: Iterable[str]) -> tuple[str, ...]:
    """Take saves back, the last first, all or none; the ids given back undo that again."""
    with transaction(ws.db):
        return tuple(records.undo(ws.db, op_id, ws.author, ws.now()).op_id for op_id in reversed(list(op_ids)))


def late(ws: Workspace, person_ids: Collection[str], on: date) -> dict[str, tuple[DoseStatus, ...]]:
    """The doses that are late on a day, by person, of those of whom some dose is recorded."""
    judged = cards(ws, list(summaries.persons(ws.db, recorded(ws, person_ids)).values()), on)
    return {each.person_id: each.late for each in judged if each.known and each.late}


def headlines(ws: Workspace, person_ids: Collection[str], on: date) -> dict[str, str]:
    """What the card of each person says on a day in one sentence, also where no dose is recorded."""
    return {
        each.person_id: each.headline for each in cards(ws, list(summaries.persons(ws.db, person_ids).values()), on)
    }


def recorded(ws: Workspace, person_ids: Collection[str]) -> Collection[str]:
    """Of whom some dose is recorded: of everybody else nobody knows what they got."""
    return dose_box.doses_of(ws.db, person_ids).keys()


def cards(ws: Workspace, persons: Sequence[Row], on: date) -> list[DoseCard]:
    """The cards of many persons on a day, in their order."""
    ids = [person.id for person in persons]
    rows, newborns = dose_box.doses_of(ws.db, ids), dose_box.newborns_of(ws.db, ids)
    areas = {scope: area_of(ws, scope) for scope in {person.scope for person in persons}}
    made = []
    for person in persons:
        own = rows.get(person.id, [])
        made.append(_card(ws, person, own, _doses(own, newborns.get(person.id, [])), on, areas[person.scope]))
    return made


def area_of(ws: Workspace, posyandu_id: str) -> str:
    """The code of the village of a post, "" when unknown: a schedule may differ by its beginning."""
    row = records.load(ws.db, POSYANDU, posyandu_id)
    return str(row.answers.get("village_code") or "") if row else ""


def names(doses: Iterable[DoseStatus]) -> str:
    """Doses in words: "OPV 2, DPT-HB-Hib 1"."""
    return ", ".join(each.label for each in doses)


# --- how a card is made ---------------------------------------------------------------------------------------------


def _card(ws: Workspace, person: Row, rows: Sequence[Row], doses: Sequence[Dose], on: date, area: str) -> DoseCard:
    schedule = _schedule(ws, on)
    born_on, sex = person.answers.get("born_on"), person.answers.get("sex")
    sex = sex if isinstance(sex, str) else None
    protected = immunisation.tetanus(schedule, _until(doses, on), _tetanus_days(ws, person, on))
    if not isinstance(born_on, date) or born_on > on:
        words = _("Lengkapi tanggal lahir dahulu.")
        return DoseCard(
            person.id, person.scope, on, (), {}, bool(doses), None, (), protected, None, (), words, "unknown"
        )
    months, shown = age_months(born_on, on), ws.standards.on(on).dose_card
    statuses = tuple(
        each
        for each in immunisation.status(schedule, born_on, sex, area, doses, on)
        if each.given_on is not None or (months >= shown.school_from if each.school else months < shown.book_until)
    )
    is_copied = bool(_doses(rows, ()))
    known = any(dose.given_on is not None for dose in doses if is_copied or dose.antigen != "hb0")
    lacking = not immunisation.is_complete(statuses)
    missed = [each for each in statuses if each.state is State.NOT_AFTER and not each.school]
    complete = None if not known or (not lacking and missed and months >= shown.missed_from) else not lacking
    headline, level = _headline(statuses, known, complete, missed)
    by_key = {(row.answers.get("antigen"), row.answers.get("dose")): row for row in rows}
    return DoseCard(
        person_id=person.id,
        scope=person.scope,
        on=on,
        doses=statuses,
        records={each.code: row for each in statuses if (row := by_key.get((each.antigen, each.number)))},
        known=known,
        complete=complete,
        completions=immunisation.completions(schedule, born_on, sex, statuses),
        tetanus=protected,
        next_on=immunisation.next_on(statuses, on),
        findings=_findings(schedule, statuses) if known else (),
        headline=headline,
        level=level,
    )


def _headline(
    statuses: Sequence[DoseStatus], known: bool, complete: bool | None, missed: Sequence[DoseStatus]
) -> tuple[str, str]:
    late = [each for each in statuses if each.state in LATE]
    due = [each for each in statuses if each.state is State.DUE]
    doubtful = [each for each in statuses if each.state is State.INVALID]
    if not known:
        if late or due:
            return _("Belum ada imunisasi yang tercatat. Salin dari Buku KIA."), "unknown"
        return _("Belum ada imunisasi yang tercatat."), "unknown"
    if late:
        return _("Terlambat: {doses}").format(doses=names(late)), "warn"
    if due:
        return _("Sudah waktunya: {doses}").format(doses=names(due)), "info"
    if doubtful:
        return _("Tanggal perlu ditanyakan ke bidan: {doses}").format(doses=names(doubtful)), "info"
    if complete:
        return _("Lengkap sesuai umur"), "ok"
    if complete is None:
        return _("Lewat batas umur dan belum tercatat: {doses}").format(doses=names(missed)), "unknown"
    return _("Menunggu jarak antardosis"), "info"


def _findings(schedule: Schedule, statuses: Sequence[DoseStatus]) -> tuple[Finding, ...]:
    """What there is to do about the doses, in the words of the schedule, by state."""
    found = []
    for advice in schedule.advice:
        doses = [each for each in statuses if each.state is advice.state]
        if doses:
            found.append(
                Finding(
                    code=f"immunisation_{advice.state.name.lower()}",
                    level="warn" if advice.state in LATE else "info",
                    title=_(advice.title).format(doses=names(doses)),
                    why=_(advice.why),
                    what_to_do=_(advice.what_to_do),
                    tell_family=_(advice.tell_family),
                    source="; ".join(dict.fromkeys(each.source for each in doses)),
                    refer=False,
                )
            )
    return tuple(found)


def _doses(rows: Iterable[Row], newborns: Iterable[Row]) -> list[Dose]:
    """The doses in the records; the newborn visit tells the day of HB0 where no dose of it is recorded."""
    doses = [
        Dose(antigen, number, _day(row, "given_on"), _word(row, "product"), _word(row, "not_given"))
        for row in rows
        if (antigen := _word(row, "antigen")) is not None and isinstance(number := row.answers.get("dose"), int)
    ]
    if not any(dose.antigen == "hb0" and dose.given_on for dose in doses):
        doses += [Dose("hb0", 1, _day(row, "hb0_on")) for row in newborns]
    return doses


def _until(doses: Iterable[Dose], on: date) -> list[Dose]:
    return [dose for dose in doses if dose.given_on is None or dose.given_on <= on]


def _tetanus_days(ws: Workspace, person: Row, on: date) -> Collection[date]:
    """The days of T1-T5 that were noted in the register of women of fertile age."""
    born_on = person.answers.get("born_on")
    tells_from = ws.standards.on(on).dose_card.tetanus_from
    if person.answers.get("sex") != "female" or (isinstance(born_on, date) and age_months(born_on, on) < tells_from):
        return ()
    days = {
        day
        for row in records.load_many(ws.db, WUS, person_id=person.id)
        for step in range(1, 6)
        if (day := _day(row, f"tetanus_{step}_on")) is not None
    }
    return [day for day in days if day <= on]


def _save(ws: Workspace, person: Row, antigen: str, number: int, answers: Answers, session_id: str | None) -> str:
    links: dict[str, str | None] = {"person_id": person.id}
    if session_id is not None:
        links["session_id"] = session_id
    saved = records.save(
        ws.db,
        DOSE,
        records.dose_id(person.id, antigen, number),
        {"antigen": antigen, "dose": number, **answers},
        scope=person.scope,
        author=ws.author,
        now=ws.now(),
        links=links,
    )
    return saved.op_id


def _schedule(ws: Workspace, on: date) -> Schedule:
    return ws.standards.on(on).immunisation


def _person(ws: Workspace, person_id: str) -> Row:
    row = records.load(ws.db, PERSON, person_id)
    if row is None:
        raise NotFound(_("Orang ini tidak ada di buku ini."))
    return row


def _day(row: Row, name: str) -> date | None:
    value = row.answers.get(name)
    return value if isinstance(value, date) else None


def _word(row: Row, name: str) -> str | None:
    value = row.answers.get(name)
    return value if isinstance(value, str) else None
