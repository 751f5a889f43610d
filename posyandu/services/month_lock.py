"""Signing a month: version 1 with all it says, kept in the book, and a new version with the reasons when it changes.

A signed month is never closed to the records: a late or corrected record is saved as always, the report then says that
it no longer agrees with the version signed, and signing again makes the next version with a page of the differences.
Versions travel to the other laptops of the post like every record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cached_property

from posyandu.domain.calendar import Month, month_text
from posyandu.domain.duties import DUTIES
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Choice, Field, Number, Value, YesNo, with_unit
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.erasure import FORM as ERASURE
from posyandu.domain.forms.letterhead import FORM as LETTERHEAD
from posyandu.domain.forms.month_report import FORM as MONTH_REPORT
from posyandu.domain.forms.ruling import FORM as RULING
from posyandu.domain.forms.target import FORM as TARGET
from posyandu.reports import formats, snapshot
from posyandu.reports.differences import (
    Change,
    Difference,
    differences,
    figures_table,
    people_of,
    records_table,
    summary,
)
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.table import PersonRef, Table
from posyandu.services import accounts, reporting
from posyandu.services.corrections import worker_names
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import HistoryEntry, Row
from posyandu.text import _

VISITS = ("under_five_visit", "pregnancy_visit")


@dataclass(frozen=True)
class Version:
    """One signed version of a month."""

    id: str
    month: Month
    revision: int
    signed_on: date
    signed_at: datetime
    signer: str
    reason: str
    digest: str
    content: str

    @cached_property
    def report(self) -> MonthlyReport:
        """The report as it was signed. Raises BadInput when the record is damaged."""
        return snapshot.unpacked(self.content, self.digest)

    @property
    def mark(self) -> str:
        """What stands in the foot of its pages: "Versi 2, disahkan 12-11-2026"."""
        return _("Versi {n}, disahkan {day}").format(n=self.revision, day=formats.short_date(self.signed_on))


@dataclass(frozen=True)
class MonthState:
    """How a month stands: "open" (never signed), "signed" (agrees with the newest version), "changed"."""

    code: str
    sentence: str
    newest: Version | None = None
    found: tuple[Difference, ...] = ()


def versions(ws: Workspace, posyandu_id: str, month: Month) -> list[Version]:
    """Every version signed of a month, oldest first."""
    rows = records.load_many(ws.db, MONTH_REPORT, scope=posyandu_id, month=str(month))
    found = [_version(row) for row in rows]
    return sorted(found, key=lambda each: (each.revision, each.signed_at, each.digest))


def state(ws: Workspace, posyandu_id: str, month: Month, now: MonthlyReport | None = None) -> MonthState:
    """Whether a month was signed and still says the same; `now` is the report where it was just built."""
    signed = versions(ws, posyandu_id, month)
    if not signed:
        return MonthState("open", _("Bulan ini belum disahkan."))
    newest = signed[-1]
    now = now or reporting.monthly(ws, posyandu_id, month)
    if snapshot.digest(now) == newest.digest:
        sentence = _("Versi {n} disahkan {day} oleh {name}. Isinya masih sama.").format(
            n=newest.revision, day=formats.long_date(newest.signed_on), name=newest.signer
        )
        return MonthState("signed", sentence, newest)
    found = differences(newest.report, now)
    words = summary(found) or _("keterangan atau daftar nama")
    sentence = _("Ada perubahan sejak versi {n} disahkan: {words}. Sahkan lagi sebagai versi {next}.").format(
        n=newest.revision, words=words, next=newest.revision + 1
    )
    if _erased_since(ws, posyandu_id, newest):
        sentence += " " + _("Sejak itu data seseorang dihapus atas permintaannya; angka yang disahkan tetap berlaku.")
    return MonthState("changed", sentence, newest, found)


def _erased_since(ws: Workspace, posyandu_id: str, version: Version) -> bool:
    erasures = records.load_many(ws.db, ERASURE, withdrawn=True, scope=posyandu_id)
    days = (row.answers.get("erased_on") for row in erasures)
    return any(isinstance(day, date) and day >= version.signed_on for day in days)


def sign(ws: Workspace, posyandu_id: str, month: Month, *, signer: str = "", reason: str = "") -> Version:
    """Sign what the book says of a month now, as its next version; what was signed already is given back unchanged.

    `signer` is the person at work when empty. Raises NotFound for an unknown post, BadInput for a month that has not
    begun, or when a new version has no reason.
    """
    if month > Month.of(ws.today()):
        raise BadInput(_("Bulan {month} belum mulai.").format(month=month_text(month)))
    report = reporting.monthly(ws, posyandu_id, month)
    digest = snapshot.digest(report)
    before = versions(ws, posyandu_id, month)
    if before and before[-1].digest == digest:
        return before[-1]
    if before and not reason.strip():
        raise BadInput(_("Tulis alasan perubahan sejak versi {n}.").format(n=before[-1].revision))
    record_id = records.signed_month_id(posyandu_id, str(month), f"{len(before)} {digest}")
    answers: dict[str, Value | None] = {
        "month": str(month),
        "revision": before[-1].revision + 1 if before else 1,
        "signed_on": ws.today(),
        "signer": signer.strip() or ws.worker.name,
        "reason": reason.strip() or None,
        "digest": digest,
        "content": snapshot.packed(report),
    }
    records.save(
        ws.db, MONTH_REPORT, record_id, answers, scope=posyandu_id, author=ws.author, now=ws.now(), reason=reason
    )
    row = records.load(ws.db, MONTH_REPORT, record_id)
    if row is None:
        raise NotFound(_("Laporan ini tidak tersimpan. Coba sekali lagi."))
    return _version(row)


MAY_SIGN = ("coordinator", "midwife", "nutritionist", "puskesmas")
"""The duties that sign a month: those who stand in its signature blocks, and the puskesmas."""


def may_sign(ws: Workspace) -> bool:
    """Whether the one at work signs reports; on a laptop with practice data everybody may try."""
    return ws.practice or ws.worker.role in MAY_SIGN


def sign_off(ws: Workspace, posyandu_id: str, month: Month, pin: str, *, reason: str = "") -> Version:
    """Sign by the one at work, with the PIN once more. Raises BadInput, WrongPin, SlotDisabled, and as sign."""
    if not may_sign(ws):
        raise BadInput(_("Laporan disahkan oleh koordinator kader, bidan, petugas gizi atau petugas Puskesmas."))
    accounts.prove_pin(ws, pin)
    duty = _(DUTIES[ws.worker.role]) if ws.worker.role in DUTIES else ""
    signer = f"{ws.worker.name}, {duty}" if duty else ws.worker.name
    return sign(ws, posyandu_id, month, signer=signer, reason=reason)


def _version(row: Row) -> Version:
    answers = row.answers
    signed_on, revision = answers["signed_on"], answers["revision"]
    assert isinstance(signed_on, date)
    assert isinstance(revision, int)
    return Version(
        id=row.id,
        month=Month.read(str(answers["month"])),
        revision=revision,
        signed_on=signed_on,
        signed_at=row.saved_at,
        signer=str(answers["signer"]),
        reason=str(answers["reason"] or ""),
        digest=str(answers["digest"]),
        content=str(answers["content"]),
    )


def changes(ws: Workspace, posyandu_id: str, before: Version, after: Version | None = None) -> tuple[Table, ...]:
    """What changed since a version, up to a later one or to now: the figures, and the saves behind them."""
    report = after.report if after is not None else reporting.monthly(ws, posyandu_id, before.month)
    found = differences(before.report, report)
    revision = after.revision if after is not None else before.revision + 1
    until = after.signed_at if after is not None else ws.now()
    saves = list(_saves(ws, posyandu_id, before, people_of(found), until))
    return figures_table(found, before.revision, revision), records_table(saves)


def _saves(
    ws: Workspace, posyandu_id: str, before: Version, people: dict[str, PersonRef], until: datetime
) -> Iterable[Change]:
    """The saves made since a version was signed: of the month, its days, what was set for it, and of these people."""
    post = records.load(ws.db, FORMS["posyandu"], posyandu_id)
    zone = local_zone(str(post.answers.get("village_code") or "")) if post is not None else UTC
    names = worker_names(ws)
    listed: list[tuple[str, str]] = [(id_, "person") for id_ in people]
    for entity in VISITS:
        for id_ in people:
            listed += [
                (id_, f"{entity} {row.id}")
                for row in records.load_many(ws.db, FORMS[entity], withdrawn=True, person_id=id_)
                if isinstance(on := row.answers["visited_on"], date) and on in before.month
            ]
    for row in records.load_many(ws.db, FORMS["session"], withdrawn=True, scope=posyandu_id):
        if isinstance(held_on := row.answers["held_on"], date) and held_on in before.month:
            day = PersonRef("", _("Hari Posyandu {day}").format(day=formats.short_date(held_on)))
            for entry in records.history(ws.db, row.id):
                if before.signed_at < entry.at <= until:
                    yield _change(day, "session", entry, names, zone)
    for form in (TARGET, RULING, LETTERHEAD):
        for row in records.load_many(ws.db, form, withdrawn=True, scope=posyandu_id):
            since = row.answers["since_on"]
            if isinstance(since, date) and since <= before.month.last:
                what = PersonRef("", _("Mulai {day}").format(day=formats.short_date(since)))
                for entry in records.history(ws.db, row.id):
                    if before.signed_at < entry.at <= until:
                        yield _change(what, form.name, entry, names, zone)
    for id_, listed_as in sorted(listed, key=lambda each: (people[each[0]].name.casefold(), each)):
        entity, _space, record_id = listed_as.partition(" ")
        history = [entry for entry in records.history(ws.db, record_id or id_) if entry.at <= until]
        later = [entry for entry in history if entry.at > before.signed_at]
        # saved before the signing but counted only now: the visit came from another laptop
        for entry in later or (history if record_id and _unknown(before.report, id_) else ()):
            yield _change(people[id_], entity, entry, names, zone)


_EAST, _MIDDLE = ("81", "82", "9"), ("51", "52", "53", "63", "64", "65", "7")


def local_zone(village_code: str) -> tzinfo:
    """The time of the post by its province (WIB, WITA, WIT), so that a page says the same whoever prints it."""
    hours = 9 if village_code.startswith(_EAST) else 8 if village_code.startswith(_MIDDLE) else 7
    return timezone(timedelta(hours=hours))


def _unknown(report: MonthlyReport, person_id: str) -> bool:
    """Whether nobody was counted as weighed or measured under this id in the earlier version.

    D holds children under five alone; of everybody else the recaps say what was found, beside who was awaited and came.
    """
    told = list(next(row for row in report.skdn.rows if row[0].text == "D")[-1].people)
    for table in report.recaps:
        for column, cell in zip(table.columns, table.rows[report.month.month - 1], strict=True):
            if not column.name.startswith(("targets", "came", "absent")):
                told += cell.people
    return person_id not in {ref.id for ref in told}


def _change(person: PersonRef, entity: str, entry: HistoryEntry, names: dict[str, str], zone: tzinfo) -> Change:
    form = FORMS[entity]
    listed = tuple(
        (_(form.fields[name].label), value_text(form.fields[name], old), value_text(form.fields[name], new))
        for name, (old, new) in entry.changes.items()
        if name in form.fields
    )
    if "withdrawn" in entry.changes:
        withdrawn = entry.changes["withdrawn"][1] is True
        listed = ((_("Catatan"), "", _("ditarik") if withdrawn else _("dipakai lagi")), *listed)
    at = entry.at.astimezone(zone)
    return Change(
        person,
        _(form.title),
        listed,
        names.get(entry.author) or _("kader lain"),
        f"{formats.short_date(at.date())} {at:%H:%M}",
        entry.reason,
    )


def value_text(field: Field, value: Value | None) -> str:
    """An answer as people read it."""
    match field, value:
        case _anything, None:
            return ""
        case Number(), int():
            return with_unit(field, value)
        case Choice(), _code:
            return next((_(each.label) for each in field.options if each.code == value), str(value))
        case YesNo(), bool():
            return _(field.yes) if value else _(field.no)
        case _other, date():
            return formats.short_date(value)
    return str(value)


def told(version: Version) -> str:
    """What the access log calls a signed version: report, place, month and number."""
    return _("{report}, versi {n}").format(report=reporting.told(version.report), n=version.revision)


def signed_pdf(
    ws: Workspace, posyandu_id: str, version: Version, paper: reporting.PaperName = "A4", *, mono: bool = False
) -> bytes:
    """A signed version as PDF: the same bytes whenever it is printed."""
    from posyandu.reports import pdf

    earlier = [each for each in versions(ws, posyandu_id, version.month) if each.revision < version.revision]
    tables = changes(ws, posyandu_id, earlier[-1], version) if earlier else ()
    return pdf.monthly_pdf(version.report, paper, mark=version.mark, changes=tables, reason=version.reason, mono=mono)
