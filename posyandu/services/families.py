"""Families: who lives together, what is due for each, what makes a family vulnerable; moving, splitting, merging.

Every change is a few saves of persons and households, made all or none; their ids undo it exactly, as saves that
restore what was. Nothing is deleted: a merged household is withdrawn and comes back with the undo.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from posyandu.domain.calendar import Month, age_months, short_date
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.registration import HOUSEHOLD, PERSON
from posyandu.domain.house import signs
from posyandu.domain.person import fold_name, usable_number
from posyandu.domain.service_group import MONTHLY, Group
from posyandu.services import immunisation, people, tasks, visits
from posyandu.services.people import PersonHit
from posyandu.services.sessions import has_left
from posyandu.services.workspace import Workspace, at_its_post
from posyandu.storage import records
from posyandu.storage.engine import transaction
from posyandu.storage.records import Row
from posyandu.text import _

ALONE = ""
"""The id of the entry that gathers people who are in no family yet."""

_PLACE = ("kk", "address", "hamlet", "rt", "rw", "dasawisma", "poor")
"""What a person's own record repeats of the family."""


@dataclass(frozen=True)
class Need:
    """The next thing due for someone: `level` is "bad", "warn", "info" or "ok"."""

    words: str
    level: str


@dataclass(frozen=True)
class Member:
    """One of a family, with the next thing due."""

    hit: PersonHit
    need: Need


@dataclass(frozen=True)
class Reason:
    """One reason why a family is vulnerable; `level` is "bad" or "warn"."""

    words: str
    level: str


@dataclass(frozen=True)
class FamilyLine:
    """A family in the list. `needs` counts members on a follow-up list; `level` is the worst of them, or "".

    `words` is what it can be found by.
    """

    id: str
    head: str
    kk: str
    place: str
    rt: str
    members: int
    needs: int
    level: str
    words: str


@dataclass(frozen=True)
class FamilyCard:
    """Everything the card of a family shows. `answers` are those of the household, empty for people in none."""

    line: FamilyLine
    answers: Answers
    members: tuple[Member, ...]
    reasons: tuple[Reason, ...]
    is_vulnerable: bool


@dataclass(frozen=True)
class Register:
    """All families of a post, by RT and head, read once; `attention` has each person's open follow-up, worst first."""

    lines: tuple[FamilyLine, ...]
    attention: Mapping[str, tuple[Need, ...]]


# --- looking --------------------------------------------------------------------------------------------------------


@at_its_post
def register(ws: Workspace, posyandu_id: str) -> Register:
    """Every family with someone living here, by RT and name of its head; last, people in no family."""
    today = ws.today()
    attention = _attention(ws, posyandu_id)
    living: dict[str, list[Row]] = {}
    for row in records.load_many(ws.db, PERSON, scope=posyandu_id):
        if not has_left(row.answers, today):
            living.setdefault(str(row.answers.get("household_id") or ALONE), []).append(row)
    houses = {row.id: row for row in records.load_many(ws.db, HOUSEHOLD, withdrawn=True, scope=posyandu_id)}
    for row in houses.values():
        if not row.withdrawn:
            living.setdefault(row.id, [])
    lines = [
        _line(house_id, houses[house_id].answers if house_id in houses else {}, rows, attention)
        for house_id, rows in living.items()
        if house_id != ALONE
    ]
    lines.sort(key=lambda line: (line.rt or "~", line.head.casefold(), line.id))
    if living.get(ALONE):
        lines.append(_line(ALONE, {}, living[ALONE], attention))
    return Register(tuple(lines), attention)


def _attention(ws: Workspace, posyandu_id: str) -> dict[str, tuple[Need, ...]]:
    found: dict[str, tuple[Need, ...]] = {}
    for each in tasks.board(ws, posyandu_id).lists:
        for task in each.tasks:
            found[task.person.id] = (*found.get(task.person.id, ()), Need(task.person.reason, each.level))
    return found


def _line(house_id: str, house: Answers, rows: Sequence[Row], attention: Mapping[str, tuple[Need, ...]]) -> FamilyLine:
    needs = [attention[row.id] for row in rows if row.id in attention]
    levels = {need.level for each in needs for need in each}
    told = {name: _told(house, rows, name) for name in ("rt", "rw", "hamlet", "address", "kk")}
    head = _("Belum masuk keluarga") if house_id == ALONE else _head(house, rows)
    called = [head, *(str(row.answers.get("name") or "") for row in rows)]
    return FamilyLine(
        id=house_id,
        head=head,
        kk=told["kk"] if house_id != ALONE else "",
        place=people.address_line(told) if house_id != ALONE else "",
        rt=told["rt"] if house_id != ALONE else "",
        members=len(rows),
        needs=len(needs),
        level=next((level for level in tasks.LEVELS if level in levels), ""),
        words=" ".join((*called, *map(fold_name, called), told["kk"], people.address_line(told))).casefold(),
    )


def _told(house: Answers, rows: Iterable[Row], name: str) -> str:
    """What the household says, else the first member who says something."""
    found = (each.get(name) for each in (house, *(row.answers for row in rows)))
    return next((str(value) for value in found if value not in (None, "")), "")


def _head(house: Answers, rows: Sequence[Row]) -> str:
    """The head of the family; without one the father named by the children, else the eldest member."""
    if house.get("head_name"):
        return str(house["head_name"])
    named = next(
        (row.answers[name] for row in rows for name in ("father_name", "husband_name") if row.answers.get(name)), None
    )
    if named:
        return str(named)
    eldest = min(rows, key=_born, default=None)
    return str(eldest.answers.get("name") or "") if eldest is not None else _("Tanpa nama")


def _born(row: Row) -> date:
    born_on = row.answers.get("born_on")
    return born_on if isinstance(born_on, date) else date.max


def find(found: Register, text: str, rt: str | None = None) -> tuple[FamilyLine, ...]:
    """The families whose head, members, KK or address hold every word typed; `rt` keeps to one RT."""
    words = [(word, fold_name(word)) for word in text.casefold().split()]
    return tuple(
        line
        for line in found.lines
        if (rt is None or line.rt == rt) and all(word in line.words or folded in line.words for word, folded in words)
    )


@at_its_post
def card(ws: Workspace, posyandu_id: str, house_id: str, known: Register | None = None) -> FamilyCard:
    """One family with its members (eldest first), the next thing due for each and the reasons of vulnerability.

    `known` saves reading the follow-up lists again. Raises NotFound when there is no such household.
    """
    today = ws.today()
    house = records.load(ws.db, HOUSEHOLD, house_id) if house_id else None
    if house_id and house is None:
        raise NotFound(_("Keluarga ini tidak ada di buku."))
    attention = known.attention if known is not None else _attention(ws, posyandu_id)
    kept = records.load_many(ws.db, PERSON, scope=posyandu_id, household_id=house_id or None)
    rows = sorted((row for row in kept if not has_left(row.answers, today)), key=_born)
    hits = people.hits(ws, rows)
    answers = house.answers if house is not None else {}
    reasons = _reasons(ws, answers, rows, hits, attention) if house_id else ()
    return FamilyCard(
        line=_line(house_id, answers, rows, attention),
        answers=answers,
        members=tuple(Member(hit, _need(ws, row, hit, attention)) for row, hit in zip(rows, hits, strict=True)),
        reasons=reasons,
        is_vulnerable=any(reason.level == "bad" for reason in reasons) or len(reasons) >= 2,
    )


def others_of(ws: Workspace, person_id: str) -> tuple[PersonHit, ...]:
    """Who else lives in somebody's family at their post, the eldest first."""
    person = records.load(ws.db, PERSON, person_id)
    if person is None or not person.answers.get("household_id"):
        return ()
    kept = records.load_many(ws.db, PERSON, scope=person.scope, household_id=person.answers["household_id"])
    today = ws.today()
    rows = sorted((row for row in kept if row.id != person_id and not has_left(row.answers, today)), key=_born)
    return tuple(people.hits(ws, rows))


def _need(ws: Workspace, row: Row, hit: PersonHit, attention: Mapping[str, tuple[Need, ...]]) -> Need:
    if row.id in attention:
        return attention[row.id][0]
    today = ws.today()
    rules = ws.standards.on(today)
    born_on = row.answers.get("born_on")
    if isinstance(born_on, date) and age_months(born_on, today) < rules.dose_card.book_until:
        doses = immunisation.card(ws, row.id)
        if doses.known and doses.due:
            return Need(_("Waktunya {doses}").format(doses=immunisation.names(doses.due)), "info")
    form = visits.form_for(ws, row.id, today)
    if form is None:
        return Need(_("Lengkapi tanggal lahir"), "warn")
    own = visits.recent(ws, form, [row.id], today).get(row.id, [])
    last = visits.day_of(own[-1]) if own else None
    if hit.group in MONTHLY:
        if last is not None and Month.of(last) == Month.of(today):
            return Need(_("Sudah diperiksa bulan ini"), "ok")
        return Need(_("Ke Posyandu bulan ini"), "info")
    if last is not None and Month.of(today) - Month.of(last) < rules.screening_months:
        return Need(_("Diperiksa {day}").format(day=short_date(last)), "ok")
    return Need(_("Pemeriksaan tahunan"), "info")


def _reasons(
    ws: Workspace,
    house: Answers,
    rows: Sequence[Row],
    hits: Sequence[PersonHit],
    attention: Mapping[str, tuple[Need, ...]],
) -> tuple[Reason, ...]:
    """Why a family needs more care than others, the gravest first. What was never asked is no reason."""
    found: list[Reason] = []
    rules = ws.standards.on(ws.today())
    for hit in hits:
        grave = [need.words for need in attention.get(hit.id, ()) if need.level == "bad"]
        if grave:
            found.append(Reason(f"{hit.name}: {'; '.join(grave)}", "bad"))
    if hits and all(hit.group is Group.ELDERLY for hit in hits):
        alone = _("Lansia tinggal sendiri") if len(hits) == 1 else _("Hanya lansia di rumah ini")
        found.append(Reason(alone, "bad" if len(hits) == 1 else "warn"))
    ages = [age_months(hit.born_on, ws.today()) for hit in hits if hit.born_on]
    if ages and len(ages) == len(hits) and max(ages) < rules.of_age_months:
        found.append(Reason(_("Anak tanpa orang dewasa di rumah"), "bad"))
    young = [hit.name for hit, row in zip(hits, rows, strict=True) if _is_with_guardian(ws, hit, row)]
    if young:
        found.append(Reason(_("Tidak diasuh orang tuanya: {names}").format(names=", ".join(young)), "warn"))
    away = [hit.name for hit in hits if hit.status == "away"]
    if away:
        found.append(Reason(_("Sedang pergi: {names}").format(names=", ".join(away)), "warn"))
    if sum(months < rules.groups.preschool_from for months in ages) >= rules.many_young:
        found.append(Reason(_("{n} balita atau lebih").format(n=rules.many_young), "warn"))
    if house.get("poor") is True or any(row.answers.get("poor") is True for row in rows):
        paid_for = any(row.answers.get("jkn_kind") in ("pbi", "pbi_local") for row in rows)
        helped = paid_for or house.get("social_aid") not in (None, "none")
        found.append(
            Reason(
                _("Keluarga miskin")
                if helped or house.get("social_aid") is None
                else _("Keluarga miskin tanpa bantuan"),
                "warn",
            )
        )
    weak = ", ".join(signs(rules.house, house, len(rows)))
    if house.get("fit_house") is False:
        unfit = _("Rumah tidak layak huni")
        found.append(Reason(f"{unfit}: {weak}" if weak else unfit, "warn"))
    elif weak and house.get("fit_house") is None:
        found.append(Reason(_("Rumah perlu dilihat: {signs}").format(signs=weak), "warn"))
    for name, words in (
        ("clean_water", _("Tanpa air bersih")),
        ("latrine", _("Tanpa jamban sehat")),
    ):
        if house.get(name) is False:
            found.append(Reason(words, "warn"))
    if rows and not usable_number(house.get("kk")) and not any(usable_number(row.answers.get("kk")) for row in rows):
        found.append(Reason(_("Nomor KK belum tercatat"), "warn"))
    return tuple(sorted(found, key=lambda reason: reason.level != "bad"))


def _is_with_guardian(ws: Workspace, hit: PersonHit, row: Row) -> bool:
    """Whether a child is brought up by somebody else than the parents."""
    if not (row.answers.get("guardian_id") or row.answers.get("guardian_name")) or hit.born_on is None:
        return False
    return age_months(hit.born_on, ws.today()) < ws.standards.on(ws.today()).of_age_months


def place_of(ws: Workspace, house_id: str) -> dict[str, Value | None]:
    """What someone new takes over from the family: KK and address. Raises NotFound."""
    house = _house(ws, house_id)
    return {name: value for name in _PLACE if (value := house.answers.get(name)) is not None}


# --- changing -------------------------------------------------------------------------------------------------------


def correct(ws: Workspace, house_id: str, changes: Answers) -> tuple[str, ...]:
    """Change facts of a household; a changed place is changed for its members too. Gives back the saves' ids."""
    house = _house(ws, house_id)
    wanted = {name: value for name, value in changes.items() if name in HOUSEHOLD.fields}
    place = {name: wanted[name] for name in _PLACE if name in wanted and wanted[name] != house.answers.get(name)}
    with transaction(ws.db):
        done = [_save_house(ws, house_id, house.scope, wanted)]
        if place:
            done += [_save_person(ws, row, place) for row in _members(ws, house_id)]
    return _kept(done)


def move(ws: Workspace, person_ids: Sequence[str], house_id: str) -> tuple[str, ...]:
    """Let people belong to another family; they take its KK and address over. The ids undo it, all at once.

    Raises BadInput without anybody, NotFound for an unknown person or family.
    """
    rows = _persons(ws, person_ids)
    house = _house(ws, house_id)
    place = {name: value for name in _PLACE if (value := house.answers.get(name)) is not None}
    with transaction(ws.db):
        return _kept(_save_person(ws, row, {"household_id": house_id, **place}) for row in rows)


def split(ws: Workspace, person_ids: Sequence[str], facts: Answers) -> tuple[str, tuple[str, ...]]:
    """Let people become a family of their own: its id and the ids of the saves.

    `facts` are what is known of the new household; the address is that of the first of them unless told. The old KK
    stays with the old family. Raises BadInput without anybody, NotFound for an unknown person.
    """
    rows = _persons(ws, person_ids)
    house_id = records.new_id()
    told: dict[str, Value | None] = {
        name: rows[0].answers.get(name) for name in _PLACE if name != "kk" and rows[0].answers.get(name) is not None
    }
    told |= {name: value for name, value in facts.items() if name in HOUSEHOLD.fields and value not in (None, "")}
    told.setdefault("head_name", rows[0].answers.get("name"))
    place = {name: told.get(name) for name in _PLACE if name == "kk" or name in told}
    with transaction(ws.db):
        made = _save_house(ws, house_id, rows[0].scope, told)
        moved = [_save_person(ws, row, {"household_id": house_id, **place}) for row in rows]
    return house_id, _kept([made, *moved])


def merge(ws: Workspace, kept_id: str, other_id: str) -> tuple[str, ...]:
    """Let two entries of one family become one: members move, empty facts are filled, the other is withdrawn.

    Raises BadInput for a family with itself, NotFound for an unknown one.
    """
    if kept_id == other_id:
        raise BadInput(_("Pilih keluarga lain untuk digabungkan."))
    kept, other = _house(ws, kept_id), _house(ws, other_id)
    fill = {
        name: value
        for name in HOUSEHOLD.fields
        if kept.answers.get(name) is None and (value := other.answers.get(name)) is not None
    }
    after = {**kept.answers, **fill}
    place = {name: value for name in _PLACE if (value := after.get(name)) is not None}
    with transaction(ws.db):
        done = [_save_house(ws, kept_id, kept.scope, fill)]
        done += [_save_person(ws, row, {"household_id": kept_id, **place}) for row in _members(ws, other_id)]
        done.append(records.withdraw(ws.db, HOUSEHOLD, other_id, author=ws.author, now=ws.now()).op_id)
    return _kept(done)


def undo(ws: Workspace, op_ids: Iterable[str]) -> tuple[str, ...]:
    """Take a change back, the last save first, all or none; the ids given back undo that again."""
    with transaction(ws.db):
        return tuple(records.undo(ws.db, op_id, ws.author, ws.now()).op_id for op_id in reversed(list(op_ids)))


def _kept(op_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(op_id for op_id in op_ids if op_id)


def _house(ws: Workspace, house_id: str) -> Row:
    row = records.load(ws.db, HOUSEHOLD, house_id)
    if row is None or row.withdrawn:
        raise NotFound(_("Keluarga ini tidak ada di buku."))
    return row


def _members(ws: Workspace, house_id: str) -> list[Row]:
    return records.load_many(ws.db, PERSON, household_id=house_id)


def _persons(ws: Workspace, person_ids: Sequence[str]) -> list[Row]:
    if not person_ids:
        raise BadInput(_("Pilih dulu anggota yang pindah."))
    found = [records.load(ws.db, PERSON, person_id) for person_id in person_ids]
    rows = [row for row in found if row is not None and not row.withdrawn]
    if len(rows) < len(found):
        raise NotFound(_("Orang ini tidak ada di buku."))
    return rows


def _save_house(ws: Workspace, house_id: str, scope: str, changes: Answers) -> str:
    if not changes:
        return ""
    return records.save(ws.db, HOUSEHOLD, house_id, changes, scope=scope, author=ws.author, now=ws.now()).op_id


def _save_person(ws: Workspace, row: Row, changes: Answers) -> str:
    return records.save(ws.db, PERSON, row.id, changes, scope=row.scope, author=ws.author, now=ws.now()).op_id
