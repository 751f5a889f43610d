"""Erase everything about one person, on request (UU PDP 27/2022): here at once, elsewhere when the server has said so.

An erasure names every save that this book holds of the person; each laptop and the server take exactly those out of
their rows, journals and batches, whose signatures still verify. What another laptop saved meanwhile is not lost: it is
held, shown to nobody, until somebody decides. Figures of signed months stay as they were signed. See docs/sync.md.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from posyandu.domain.calendar import Month, short_date
from posyandu.domain.duties import MAY_ERASE
from posyandu.domain.erasing import ENTITY, named
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Text
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.erasure import OPEN_ANSWERS
from posyandu.domain.forms.merge import FORM as MERGE
from posyandu.domain.forms.month_report import FORM as MONTH_REPORT
from posyandu.domain.forms.registration import HOUSEHOLD, PERSON
from posyandu.reports import snapshot
from posyandu.services import access, accounts, backups, duplicates, month_lock, questionnaires
from posyandu.services.workspace import Workspace
from posyandu.storage import erased, journal, outbox, records, settings
from posyandu.storage.database import transaction
from posyandu.storage.migrations import BEFORE_UPGRADE
from posyandu.storage.records import Row
from posyandu.sync import client, erasing
from posyandu.text import _, count

FORM = FORMS[ENTITY]
_OWN = ((PERSON.name, "name"),)
"""Somebody else of the same name."""
_NOT_TYPED = frozenset((ENTITY, MERGE.name, MONTH_REPORT.name, "handover", "arrival"))
"""Forms whose texts are ids or packed: months are written anew anyway, and what was handed over stays where it is."""
_LINK_BESIDE = {
    "mother_name": ("mother_id",),
    "father_name": ("father_id",),
    "guardian_name": ("guardian_id",),
}
"""The link that says who is meant by a name."""
REFUSED_SHOWN_DAYS = 30
"""How long it is told that an administrator refused an erasure."""


@dataclass(frozen=True)
class Mention:
    """A text in somebody else's record with the person's name in it, and in words where it stands.

    `is_linked` when the record leads to the person too: then it is surely this one and not another of that name.
    `may_clear` is false where a record cannot be without the text.
    """

    form: str
    record: str
    field: str
    where: str
    text: str
    is_linked: bool
    may_clear: bool

    @property
    def key(self) -> tuple[str, str, str]:
        """What to give to `erase` to have it cleared."""
        return self.form, self.record, self.field


@dataclass(frozen=True)
class Preview:
    """What an erasure would take away and what it cannot reach, for whoever decides.

    `held` is how many records of each kind, by the title of their form; `signed` the months whose signed reports name
    the person; `mentions` where the name was typed into records of others; `copies` the backups on this laptop that
    still hold the data.
    """

    person_id: str
    name: str
    held: Mapping[str, int]
    saves: int
    signed: tuple[Month, ...]
    mentions: tuple[Mention, ...]
    copies: tuple[Path, ...]


@dataclass(frozen=True)
class Done:
    """What was erased here: records and saves, and the sentence to show."""

    records: int
    saves: int
    sentence: str


@dataclass(frozen=True)
class Late:
    """A record that another laptop saved about somebody erased, without having heard of it."""

    form: str
    title: str
    row: Row
    saved_on: date


def may_erase(ws: Workspace) -> bool:
    """Whether the one at work may erase; on a laptop with practice data everybody may try."""
    return ws.practice or ws.worker.role in MAY_ERASE


def preview(ws: Workspace, person_id: str) -> Preview:
    """What would be erased. Raises NotFound."""
    person = _person(ws, person_id)
    gone = _records(ws, person_id)
    names = _names(ws, gone)
    held = {_(FORMS[name].title): number for name, number in erased.counted(ws.db, gone).items()}
    reports = _reports_naming(ws, gone, names)
    copies: tuple[Path, ...] = ()
    if ws.folder is not None:
        copies = (*backups.found_in(backups.default_folder(ws)), *sorted(ws.folder.glob(f"*{BEFORE_UPGRADE}*")))
    return Preview(
        person_id,
        str(person.answers.get("name") or ""),
        held,
        len(erased.saves_of(ws.db, gone)),
        tuple(sorted({Month.read(str(row.answers["month"])) for row in reports})),
        tuple(_mentions(ws, gone, names)),
        copies,
    )


def is_named(name: str, typed: str) -> bool:
    """Whether what was typed is somebody's whole name, however spaced and in whatever letters."""
    return " ".join(typed.split()).casefold() == " ".join(name.split()).casefold()


def erase(
    ws: Workspace,
    person_id: str,
    *,
    why: str,
    typed_name: str,
    pin: str,
    clear: Collection[tuple[str, str, str]] = (),
) -> Done:
    """Erase a person from this book, and let every other laptop and the server know at the next contact.

    `clear`: the keys of mentions whose text is to lose the name, as an ordinary save of that record.

    Raises NotFound, BadInput (not allowed, another name typed, no such reason), WrongPin, SlotDisabled.
    """
    if not may_erase(ws):
        raise BadInput(_("Data orang dihapus oleh koordinator kader, bidan atau petugas Puskesmas."))
    person = _person(ws, person_id)
    if not is_named(str(person.answers.get("name") or ""), typed_name):
        raise BadInput(_("Nama yang diketik tidak sama. Ketik nama lengkapnya persis seperti di kartu."))
    accounts.prove_pin(ws, pin)
    gone = _records(ws, person_id)
    with transaction(ws.db):
        names = _names(ws, gone)
        _clear(ws, [each for each in _mentions(ws, gone, names) if each.may_clear and each.key in clear], names)
        taken = _erase(ws, gone, why, names)
        access.note(ws, "erased_person", scope=person.scope)
    erased.scrub(ws.db)
    sentence = _(
        "Data {n} catatan dihapus dari laptop ini. Server dan laptop lain menyusul setelah server menerimanya."
    )
    kept = _("Yang belum pernah sampai di server tersimpan terkunci sampai server memutuskan.")
    told = [sentence.format(n=count(len(gone))), *([kept] if erased.has_kept_back(ws.db) else [])]
    return Done(len(gone), taken, " ".join(told))


def forget_open_answers(ws: Workspace, *, pin: str) -> Done:
    """Erase the saves in which answers of a questionnaire still stand open, and keep the records (see `open_saves`).

    Each record is saved anew first, as it stands now. Raises BadInput when it is not allowed, WrongPin, SlotDisabled.
    """
    if not may_erase(ws):
        raise BadInput(_("Data orang dihapus oleh koordinator kader, bidan atau petugas Puskesmas."))
    accounts.prove_pin(ws, pin)
    with transaction(ws.db):
        open_saves = questionnaires.open_saves(ws)
        by_scope: dict[str, list[str]] = {}
        for form in questionnaires.CONFIDENTIAL:
            for row in records.load_many(ws.db, form, withdrawn=True):
                if row.id in open_saves:
                    by_scope.setdefault(row.scope, []).append(row.id)
                    _write_anew(ws, form, row)
        for scope, ids in sorted(by_scope.items()):
            _said(ws, scope, OPEN_ANSWERS.code, set(), set(ids), {head for id_ in ids for head in open_saves[id_]})
            access.note(ws, "erased_person", scope=scope)
        client.end_upload(ws.db)  # a request under way would bring them in full
    erased.scrub(ws.db)
    taken = sum(map(len, open_saves.values()))
    sentence = _("{n} simpanan dengan jawaban terbuka dihapus. Server dan laptop lain menyusul.")
    return Done(len(open_saves), taken, sentence.format(n=count(taken)))


def _write_anew(ws: Workspace, form: Form, row: Row) -> None:
    """Save all that stands of a record once more, so that the saves before it can go; a withdrawn one stays so."""
    told = {name: value for name, value in row.answers.items() if value is not None and name in form.fields}
    links = {name: str(row.answers[name]) for name in form.links if row.answers.get(name) is not None}
    records.save(
        ws.db, form, row.id, told, scope=row.scope, author=ws.author, now=row.saved_at, links=links,
        settle=(*told, *links),
    )  # fmt: skip
    if row.withdrawn:
        records.withdraw(ws.db, form, row.id, author=ws.author, now=ws.now())


def late(ws: Workspace) -> list[Late]:
    """What came about people who were erased, from laptops that had not heard of it, oldest first; held, not lost."""
    found = []
    for entity, record in erased.held(ws.db):
        row = records.load(ws.db, FORMS[entity], record)
        if row is not None:
            found.append(Late(entity, _(FORMS[entity].title), row, row.saved_at.date()))
    return sorted(found, key=lambda each: (each.row.saved_at_ms, each.row.id))


def told(held: Late) -> str:
    """What a held record says, in words, with the day it was saved: for whoever decides."""
    form = FORMS[held.form]
    answers = (
        f"{_(field.label)} {month_lock.value_text(field, value)}"
        for name, field in form.fields.items()
        if (value := held.row.answers.get(name)) is not None
    )
    return f"{short_date(held.saved_on)}: {', '.join(answers)}"


def erase_late(ws: Workspace, record_ids: Collection[str], *, why: str, pin: str) -> Done:
    """Erase held records too. Raises BadInput when one is not held or it is not allowed, WrongPin, SlotDisabled."""
    if not may_erase(ws):
        raise BadInput(_("Data orang dihapus oleh koordinator kader, bidan atau petugas Puskesmas."))
    held = {record for _entity, record in erased.held(ws.db)}
    if not record_ids or not held.issuperset(record_ids):
        raise BadInput(_("Catatan ini tidak sedang ditahan."))
    accounts.prove_pin(ws, pin)
    with transaction(ws.db):
        taken = _erase(ws, set(record_ids), why, set())
        access.note(ws, "erased_person", scope=ws.posyandu_id)
    erased.scrub(ws.db)
    return Done(len(record_ids), taken, _("{n} catatan yang ditahan dihapus.").format(n=count(len(record_ids))))


def waiting(ws: Workspace) -> list[str]:
    """What became of erasures asked for on this laptop that are not done everywhere, in sentences."""
    on_the_way, with_administrator, unheeded, refused = 0, 0, 0, 0
    is_heeded = settings.get(ws.db, outbox.SERVER_VERSION) != ""  # one from before 0.2.0 only keeps what it is asked
    for record, head in erased.said_here(ws.db, erased.ASKED, erased.REFUSED):
        row = records.load(ws.db, FORM, record)
        on = row.answers["erased_on"] if row is not None else None
        if erased.word(ws.db, head) == erased.REFUSED:
            mine = (head, ws.device) in {(op.head, device) for op, device in journal.ops_of(ws.db, record)}
            refused += mine and isinstance(on, date) and _is_recent(ws, on)
        elif outbox.is_all_confirmed(ws.db, row.scope if row is not None else ""):
            with_administrator += is_heeded
            unheeded += not is_heeded
        else:
            on_the_way += 1
    return [
        text.format(n=count(number))
        for number, text in (
            (on_the_way, _("{n} penghapusan data belum sampai di server. Laptop lain masih menyimpan datanya.")),
            (
                with_administrator,
                _("{n} penghapusan data menunggu administrator server. Laptop lain masih menyimpan datanya."),
            ),
            (
                unheeded,
                _("{n} penghapusan data menunggu server diperbarui. Laptop lain masih menyimpan datanya."),
            ),
            (
                refused,
                _("Administrator menolak {n} penghapusan data. Datanya kembali ke laptop ini; hubungi administrator."),
            ),
        )
        if number
    ]


def _is_recent(ws: Workspace, on: date) -> bool:
    return (ws.today() - on).days <= REFUSED_SHOWN_DAYS


def copies_sentence(found: Preview) -> str:
    """What an old backup still holds, said plainly."""
    if not found.copies:
        return _("Tidak ada cadangan di laptop ini. Cadangan di flashdisk masih memuat datanya sampai ditimpa.")
    oldest = min(path.stat().st_mtime for path in found.copies)
    return _(
        "{n} cadangan di laptop ini, sejak {day}, dan cadangan di flashdisk masih memuat datanya, terkunci. Bila "
        "dipulihkan, datanya dihapus lagi begitu laptop terhubung."
    ).format(n=count(len(found.copies)), day=short_date(date.fromtimestamp(oldest)))


def _erase(ws: Workspace, gone: set[str], why: str, names: set[str]) -> int:
    """Write one erasure for each posyandu that has saves of these records, and do what they say; how many saves."""
    if why not in {each.code for each in FORM.fields["why"].options}:  # type: ignore[attr-defined]
        raise BadInput(_("Pilih alasan penghapusan."))
    rewritten = _rewrite_reports(ws, gone, names)
    by_scope: dict[str, set[tuple[str, str]]] = {}
    for scope, record, head in erased.saves_of(ws.db, gone):
        by_scope.setdefault(scope, set()).add((record, head))
    for scope, record, head in rewritten:
        by_scope.setdefault(scope, set()).add((record, head))
    anonymous = {record for _scope, record, _head in rewritten}
    people = {each for each in gone if records.load(ws.db, PERSON, each) is not None}
    for scope, saves in sorted(by_scope.items()):
        here = {record for record, _head in saves}
        _said(ws, scope, why, (here - anonymous) | people, here & anonymous, {head for _r, head in saves})
    client.end_upload(ws.db)  # a request under way would bring them in full
    return sum(len(saves) for saves in by_scope.values())


def _said(ws: Workspace, scope: str, why: str, gone: set[str], rewritten: set[str], saves: set[str]) -> None:
    """Save one erasure of a posyandu and do it on this laptop."""
    answers: Answers = {
        "erased_on": ws.today(),
        "why": why,
        "records": " ".join(sorted(gone)),
        "rewritten": " ".join(sorted(rewritten)) or None,
        "saves": " ".join(sorted(saves)),
    }
    record_id = records.new_id()
    records.save(ws.db, FORM, record_id, answers, scope=scope, author=ws.author, now=ws.now())
    ((op, _device),) = journal.ops_of(ws.db, record_id)
    erasing.ask(ws.db, op)


def _rewrite_reports(ws: Workspace, gone: Collection[str], names: Collection[str]) -> list[tuple[str, str, str]]:
    """Save every signed month that names these people anew without them; the saves that said so, to be erased."""
    found = []
    for row in _reports_naming(ws, gone, names):
        earlier = erased.saves_of(ws.db, [row.id])
        report = snapshot.without(
            snapshot.unpacked(str(row.answers["content"]), str(row.answers["digest"])), gone, names
        )
        fresh = {**row.answers, "content": snapshot.packed(report), "digest": snapshot.digest(report)}
        records.save(
            ws.db,
            MONTH_REPORT,
            row.id,
            fresh,
            scope=row.scope,
            author=ws.author,
            now=row.saved_at,
            settle=tuple(fresh),
        )  # the moment it was signed stays
        found += earlier
    return found


def _reports_naming(ws: Workspace, gone: Collection[str], names: Collection[str]) -> list[Row]:
    """The signed months whose content tells of these people; one that cannot be read has to be signed again anyway."""
    found = []
    for row in records.load_many(ws.db, MONTH_REPORT, withdrawn=True):
        try:
            report = snapshot.unpacked(str(row.answers["content"]), str(row.answers["digest"]))
        except BadInput:
            continue
        if snapshot.without(report, gone, names) != report:
            found.append(row)
    return found


def _person(ws: Workspace, person_id: str) -> Row:
    person = records.load(ws.db, PERSON, person_id)
    if person is None:
        raise NotFound(_("Orang ini tidak ada di buku."))
    return person


def _records(ws: Workspace, person_id: str) -> set[str]:
    """Every record of a person: all who are shown as one with it, what belongs to them, their merges, and their
    household when nobody else lives there.
    """
    people = {person_id, *(row.id for row in duplicates.shown_with(ws, person_id))}
    merges = {
        row.id
        for row in records.load_many(ws.db, MERGE, withdrawn=True)
        if people & {row.answers["kept_id"], row.answers["other_id"]}
    }
    homes = {str(home) for each in people if (home := _person(ws, each).answers.get("household_id"))}
    empty = {
        home
        for home in homes
        if {row.id for row in records.load_many(ws.db, PERSON, withdrawn=True, household_id=home)} <= people
        and records.load(ws.db, HOUSEHOLD, home) is not None
    }
    return erased.belonging(ws.db, people | empty) | merges


def _names(ws: Workspace, gone: Collection[str]) -> set[str]:
    """Every name these people were ever written down by."""
    return {
        name
        for record in gone
        for op, _device in journal.ops_of(ws.db, record)
        if op.entity == PERSON.name and isinstance(name := op.fields.get("name"), str) and name.strip()
    }


def _mentions(ws: Workspace, gone: Collection[str], names: Collection[str]) -> Iterator[Mention]:
    """Where others' records of the same posts have one of these names in a typed text; not in confidential ones."""
    scopes = sorted({scope for scope, _record, _head in erased.saves_of(ws.db, gone)})
    for form in FORMS.values():
        if form.restricted or form.name in _NOT_TYPED:
            continue
        typed = [
            name for name, field in form.fields.items() if isinstance(field, Text) and (form.name, name) not in _OWN
        ]
        for record, name, text in erased.naming(ws.db, form.name, typed, scopes, names):
            told = record not in gone and named(names).search(text)
            row = records.load(ws.db, form, record) if told else None
            if row is not None:
                field = form.fields[name]
                links = {row.answers.get(link) for link in _LINK_BESIDE.get(name, ())}
                where = f"{_whose(ws, form, row)}: {_(field.label)}"
                yield Mention(form.name, record, name, where, text, bool(links & set(gone)), not field.required)


def _whose(ws: Workspace, form: Form, row: Row) -> str:
    """Whose record it is, in words."""
    person = row if form is PERSON else records.load(ws.db, PERSON, str(row.answers.get("person_id") or ""))
    if person is not None and person.answers.get("name"):
        return str(person.answers["name"])
    return f"{_(form.title)} {short_date(row.saved_at.date())}"


def _clear(ws: Workspace, mentions: Collection[Mention], names: Collection[str]) -> None:
    """Save these records anew without the names; what they said before stays in their history."""
    for each in mentions:
        row = records.load(ws.db, FORMS[each.form], each.record)
        assert row is not None
        records.save(
            ws.db, FORMS[each.form], each.record, {each.field: _without_names(each.text, names)}, scope=row.scope,
            author=ws.author, now=ws.now(), reason=_("Nama dihapus atas permintaan"),
        )  # fmt: skip


def _without_names(text: str, names: Collection[str]) -> str | None:
    """A text with the names as "(data dihapus)"; None when nothing else was in it."""
    left = named(names).sub("\0", text)
    return left.replace("\0", _("(data dihapus)")) if left.strip("\0 .,;") else None
