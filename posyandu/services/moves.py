"""A person moves to another post: the old one hands the history over, the new one takes them in.

The old post's figures keep what happened there, and count the person as moved from that day; the new one counts them
as entered on it. What was measured before comes along as history ("source"), so nothing is counted twice. Between
villages the server carries it, whenever both laptops have been in contact; within one book it is done at once.
"""

import base64
import json
import lzma
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from posyandu.domain.area import AreaLevel, level, parse_code
from posyandu.domain.calendar import short_date
from posyandu.domain.errors import BadInput, NotFound, PosyanduError
from posyandu.domain.fields import Answers, Choice, Value
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.consent import FORM as CONSENT
from posyandu.domain.forms.move import ARRIVAL, HANDOVER
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.registration import PERSON
from posyandu.services import people, posts
from posyandu.services.workspace import Workspace
from posyandu.storage import people as people_index
from posyandu.storage import records
from posyandu.storage.columns import to_wire
from posyandu.storage.database import transaction
from posyandu.storage.records import Row
from posyandu.storage.tables import stored, table_of
from posyandu.text import _

COPIED = ("history", "book")
"""What `source` says of a record that was copied and not made here: reports count it nowhere."""
LEFT = ("moved", "died")
STAYS = ("guest", "status", "entered_on", "left_on", "left_reason", "register_number")
"""Answers about a person that belong to the post, not to the person."""
MOST_BYTES = 2 * 1024 * 1024
_SPACE = uuid.UUID("5d1f6a0e-6f0e-5f0b-9c0c-8a9e6b1d2c06")


@dataclass(frozen=True)
class Arrival:
    """Somebody who comes from another post and waits to be taken in: who, from where, since when, with how many
    earlier records.
    """

    id: str
    name: str
    born_on: date | None
    nik: str
    mother_name: str
    came_from: str
    left_on: date
    records: int


@dataclass(frozen=True)
class HandedOver:
    """What handing over did: the person's id in the new post, when that is in this book, and the sentence to show.

    `saves` take it back by `undo`.
    """

    person_id: str
    sentence: str
    saves: tuple[str, ...] = ()


def hand_over(ws: Workspace, person_id: str, village: str, post_name: str = "", on: date | None = None) -> HandedOver:
    """Note that a person moved to a post in this village (region code), and hand their history over to it.

    Who is written down there already, by hand at both posts, stays one there: the history joins that record.
    Raises NotFound, BadInput for no such village, a day before birth, or when they have moved already.
    """
    person = _person(ws, person_id)
    if person.answers.get("status") in LEFT:
        raise BadInput(_("Orang ini sudah dicatat pindah atau meninggal."))
    code = parse_code(village)
    if level(code) is not AreaLevel.VILLAGE:
        raise BadInput(_("Pilih desa atau kelurahan tujuannya."))
    day, here = on or ws.today(), {post.id: post for post in posts.posts(ws)}
    mine = here.get(person.scope)
    name = " ".join(post_name.split())
    near = [post for post in here.values() if post.id != person.scope and post.village_code == code]
    named = [post for post in near if not name or post.name.casefold() == name.casefold()]
    if mine is not None and mine.village_code == code and not named:
        raise BadInput(_("Di desa ini juga: tulis nama Posyandu tujuannya seperti di buku ini."))
    package = _packed(ws, person)
    answers: Answers = {
        "to_village": code,
        "to_post": name or None,
        "left_on": day,
        "from_village": mine.village_code if mine else None,
        "from_post": mine.name if mine else None,
        "package": package,
    }
    with transaction(ws.db):
        left = people.set_status(ws, person_id, "moved", day, name or posts.village_name(code))
        if named:
            there = _resident(ws, person, named[0].id)
            new_id, made = _settle(ws, package, named[0].id, day, person_id, there)
            words = _("Sekarang tercatat di {post}, dengan riwayatnya.").format(post=named[0].name)
            return HandedOver(new_id, words, (left, *made))
        handed = records.save(
            ws.db, HANDOVER, _id(person_id, str(day)), answers, scope=person.scope, author=ws.author, now=ws.now(),
            links={"person_id": person_id},
        )  # fmt: skip
    words = _("Riwayatnya diserahkan lewat server. Posyandu tujuan menerimanya setelah terhubung.")
    return HandedOver("", words, (left, handed.op_id))


def _resident(ws: Workspace, person: Row, post_id: str) -> str:
    """The record of surely the same person at that post, "" when there is none."""
    found = people_index.born_with(ws.db, person.scope, [person.id])
    here = [row for row in found if row.scope == post_id and row.answers.get("status") not in LEFT]
    return next((row.id for row in here if people.are_one(person.answers, row.answers)), "")


def hand_over_together(
    ws: Workspace, person_ids: Sequence[str], village: str, post_name: str = "", on: date | None = None
) -> HandedOver:
    """Hand several people over, a family, all or nobody; the `saves` take all of it back.

    Without a village they are only noted as moved: nobody knows where to. Raises BadInput without anybody, and as
    `hand_over`; of several people it names the one who cannot move.
    """
    if not person_ids:
        raise BadInput(_("Pilih dulu siapa yang pindah."))
    saves: list[str] = []
    with transaction(ws.db):
        for person_id in person_ids:
            try:
                done = hand_over(ws, person_id, village, post_name, on) if village else _only_left(ws, person_id, on)
            except PosyanduError as error:
                name = _person(ws, person_id).answers.get("name")
                raise BadInput(f"{name}: {error}" if len(person_ids) > 1 else str(error)) from error
            saves += done.saves
    words = done.sentence
    if len(person_ids) > 1:
        words = _("{n} orang pindah.").format(n=len(person_ids)) + " " + words
    return HandedOver(done.person_id if len(person_ids) == 1 else "", words, tuple(saves))


def _only_left(ws: Workspace, person_id: str, on: date | None) -> HandedOver:
    if _person(ws, person_id).answers.get("status") in LEFT:
        raise BadInput(_("Orang ini sudah dicatat pindah atau meninggal."))
    return HandedOver("", _("Riwayatnya tidak diserahkan."), (people.set_status(ws, person_id, "moved", on),))


def come_back(ws: Workspace, person_id: str, on: date, changes: Answers | None = None) -> tuple[str, tuple[str, ...]]:
    """Begin a new stay at their own post for somebody who had moved away and returned on a day, with their history.

    The stay that ended, and every month counted in it, stay as they are; `changes` are of the new one. Noted on two
    laptops it is one stay. Gives their id in it, and the saves by which `undo` takes it back. Raises NotFound, NotFinal
    as `people.correct`, BadInput for who did not move, a day before they left or still to come, or somebody who is
    registered at another post of this book meanwhile.
    """
    person = _person(ws, person_id)
    left_on = person.answers.get("left_on")
    if person.answers.get("status") != "moved":
        raise BadInput(_("Orang ini tidak tercatat pindah."))
    if on > ws.today() or (isinstance(left_on, date) and on < left_on):
        raise BadInput(_("Tanggal kembali antara hari pindahnya dan hari ini."))
    _refuse_two_at_once(ws, person)
    wanted = {
        name: value for name, value in (changes or {}).items() if name not in ("entered_on", "left_on", "left_reason")
    }
    links = {name: str(known) for name in PERSON.links if (known := person.answers.get(name))}
    with transaction(ws.db):
        new_id, saves = _settle(ws, _packed(ws, person), person.scope, on, person_id, links=links)
        changed = people.correct(ws, new_id, wanted)
    return new_id, (*saves, changed)


def did_not_leave(ws: Workspace, person_id: str, changes: Answers) -> tuple[str, ...]:
    """Correct what was noted of somebody as moved who never left: all months count them again. Gives the saves.

    Raises as `people.correct`, BadInput for somebody who is registered as a later stay.
    """
    _refuse_two_at_once(ws, _person(ws, person_id))
    return (people.correct(ws, person_id, changes),)


def _refuse_two_at_once(ws: Workspace, person: Row) -> None:
    """Raise BadInput where somebody who left lives here, or at another post of this book, under a later stay."""
    later = _later_stay(ws, person.id)
    if later is None or (later.answers.get("status") in LEFT and later.scope != person.scope):
        return
    where = next((post.name for post in posts.posts(ws) if post.id == later.scope), "")
    raise BadInput(_("Sesudah itu sudah tercatat lagi di {post}. Ubah di kartunya yang baru.").format(post=where))


def _later_stay(ws: Workspace, person_id: str) -> Row | None:
    """The last stay that followed this one within this book."""
    for post in posts.posts(ws):
        row = records.load(ws.db, PERSON, _id(post.id, person_id))
        if row is not None and not row.withdrawn:
            return _later_stay(ws, row.id) or row
    return None


def undo(ws: Workspace, saves: Iterable[str]) -> None:
    """Take a move or a return back, the last save first, all or none."""
    with transaction(ws.db):
        for op_id in reversed([each for each in saves if each]):
            records.undo(ws.db, op_id, ws.author, ws.now())


def arrivals(ws: Workspace) -> list[Arrival]:
    """Who comes from other posts and waits to be taken in, the earliest first. Unreadable ones are left out."""
    found = []
    for row in records.load_many(ws.db, ARRIVAL):
        if row.answers.get("accepted") is None:
            try:
                told = _unpacked(row)
            except BadInput:
                continue
            answers = _answers(PERSON, told["person"])
            left_on, born_on = row.answers.get("left_on"), answers.get("born_on")
            came_from = ", ".join(filter(None, (str(row.answers.get("from_post") or ""), _village(row))))
            found.append(
                Arrival(
                    row.id, str(answers.get("name") or ""), born_on if isinstance(born_on, date) else None,
                    str(answers.get("nik") or ""), str(answers.get("mother_name") or ""), came_from,
                    left_on if isinstance(left_on, date) else ws.today(), len(told["records"]),
                )
            )  # fmt: skip
    return sorted(found, key=lambda each: (each.left_on, each.name, each.id))


def guests_like(ws: Workspace, arrival_id: str, post_id: str) -> list[people.PersonHit]:
    """People of this post who may be the one who comes: guests so far, or registered already.

    Who left this post and comes back is not among them: what is written of that stay ends with it, and the months
    counted then do not change.
    """
    told = _answers(PERSON, _unpacked(_arrival(ws, arrival_id))["person"])
    found = [each.hit for each in people.lookalikes(ws, told)]
    return [hit for hit in found if hit.scope == post_id and hit.status not in LEFT]


def accept(ws: Workspace, arrival_id: str, post_id: str, person_id: str = "") -> str:
    """Take somebody in at this post; with `person_id`, as the one who is registered there already. Their id there.

    Accepted on two laptops it is one record. Raises NotFound, BadInput.
    """
    row = _arrival(ws, arrival_id)
    left_on = row.answers.get("left_on")
    day = left_on if isinstance(left_on, date) else ws.today()
    with transaction(ws.db):
        new_id, _saves = _settle(ws, str(row.answers.get("package")), post_id, day, arrival_id, person_id)
        _decide(ws, row, accepted=True, post_id=post_id, person_id=new_id)
    return new_id


def decline(ws: Workspace, arrival_id: str) -> None:
    """Say that this person does not live here after all. Raises NotFound."""
    _decide(ws, _arrival(ws, arrival_id), accepted=False)


def arrival_sentence(found: Arrival) -> str:
    """Who comes, in one line."""
    born = short_date(found.born_on) if found.born_on else _("tanggal lahir tidak diketahui")
    return _("{born}, dari {place}, pindah {day}, {n} catatan").format(
        born=born, place=found.came_from or _("Posyandu lain"), day=short_date(found.left_on), n=found.records
    )


def came_from_posts(ws: Workspace, post_id: str, people: Mapping[str, Answers]) -> frozenset[str]:
    """Those of these people of a post whom another post handed over as its own: what was before, it has counted."""
    return frozenset(id_ for id_, person in people.items() if _was_handed_over(ws, post_id, id_, person))


def _was_handed_over(ws: Workspace, post_id: str, person_id: str, person: Answers) -> bool:
    if records.load_many(ws.db, ARRIVAL, person_id=person_id, accepted=True):
        return True
    left = records.load_many(ws.db, PERSON, born_on=person.get("born_on"), status="moved")
    return any(_id(post_id, row.id) == person_id and row.answers.get("guest") is not True for row in left)


def _decide(ws: Workspace, row: Row, *, accepted: bool, post_id: str = "", person_id: str = "") -> None:
    answers: Answers = {"accepted": accepted, "accepted_post": post_id or None}
    records.save(
        ws.db, ARRIVAL, row.id, answers, scope=row.scope, author=ws.author, now=ws.now(),
        links={"person_id": person_id or None},
    )  # fmt: skip


def _settle(
    ws: Workspace, package: str, post_id: str, day: date, came_as: str, person_id: str = "",
    links: Mapping[str, str] | None = None,
) -> tuple[str, list[str]]:  # fmt: skip
    """Write the person and their history into a post: their id, and the saves. Ids follow from where they come from."""
    if post_id not in {post.id for post in posts.posts(ws)}:
        raise NotFound(_("Posyandu ini tidak ada di buku."))
    told = _read(package)
    known = _person(ws, person_id) if person_id else None
    if known is not None and known.scope != post_id:
        raise BadInput(_("Orang itu tercatat di Posyandu lain."))
    if known is not None and known.answers.get("status") in LEFT:
        raise BadInput(_("Orang itu tercatat sudah pindah atau meninggal. Terima sebagai orang baru di sini."))
    answers = _answers(PERSON, told["person"])
    if known is not None:  # what this post wrote itself stays
        answers = {name: value for name, value in answers.items() if known.answers.get(name) is None}
    new_id = person_id or _id(post_id, came_as)
    saves = [_save(ws, PERSON, new_id, {**answers, **_since(told, known, day)}, post_id, links)]
    made: dict[str, str] = {}
    for each in told["records"]:
        form = FORMS.get(str(each["e"]))
        if form is None or not _is_carried(form):
            continue
        made[str(each["r"])] = record = _id(post_id, str(each["r"]))
        of = {"person_id": new_id}
        if "pregnancy_id" in form.links and each.get("p") in made:
            of["pregnancy_id"] = made[str(each["p"])]
        saves.append(_save(ws, form, record, _as_copy(form, _answers(form, each["f"])), post_id, of))
    return new_id, saves


def _since(told: Mapping[str, Any], known: Row | None, day: date) -> Answers:
    """From when on somebody is one of this post.

    Who lived here all along stays so, and a guest of the other post came home: it had counted nothing of them.
    """
    if known is not None and known.answers.get("guest") is not True:
        return {}
    came = None if told.get("guest") is True else day
    return {"guest": False, "status": "active", "entered_on": came}


def _save(
    ws: Workspace, form: Form, record: str, answers: Answers, scope: str, links: Mapping[str, str] | None = None
) -> str:
    return records.save(
        ws.db, form, record, answers, scope=scope, author=ws.author, now=ws.now(), links=dict(links or {}),
        reason=_("Pindahan"),
    ).op_id  # fmt: skip


def _is_carried(form: Form) -> bool:
    """Whether records of this form go along: what was measured, examined, given, agreed to; nothing confidential."""
    return form in (PREGNANCY, CONSENT) or (
        not form.restricted and "person_id" in form.links and bool(_copy_word(form))
    )


def _copy_word(form: Form) -> str:
    field = form.fields.get("source")
    codes = {each.code for each in field.options} if isinstance(field, Choice) else set()
    return next((word for word in COPIED if word in codes), "")


def _as_copy(form: Form, answers: dict[str, Value | None]) -> Answers:
    return {**answers, "source": _copy_word(form)} if _copy_word(form) else answers


def _packed(ws: Workspace, person: Row) -> str:
    """The person and their records as a text that travels in one save. Pregnancies stand before their visits.

    It says of a guest that it was one: the post that hands it over has counted nothing of it.
    """
    told: list[dict[str, Any]] = []
    for form in (PREGNANCY, *(form for form in FORMS.values() if form is not PREGNANCY and _is_carried(form))):
        for row in records.load_many(ws.db, form, person_id=person.id):
            each: dict[str, Any] = {"e": form.name, "r": row.id, "f": _wire(form, row.answers)}
            if row.answers.get("pregnancy_id"):
                each["p"] = row.answers["pregnancy_id"]
            told.append(each)
    body: dict[str, Any] = {"person": _wire(PERSON, person.answers, but=STAYS), "records": told}
    if person.answers.get("guest") is True:
        body["guest"] = True
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return base64.b85encode(lzma.compress(text.encode(), preset=6)).decode()


def _wire(form: Form, answers: Answers, but: tuple[str, ...] = ()) -> dict[str, Any]:
    told = {name: to_wire(answers.get(name)) for name in form.fields if name not in but}
    return {name: value for name, value in told.items() if value is not None}


def _answers(form: Form, told: Mapping[str, Any]) -> dict[str, Value | None]:
    """The answers as Python values; what this version's form does not ask, or cannot read, is left out."""
    table = table_of(form.name)
    assert table is not None
    readers = dict(zip(table.columns, table.readers, strict=True))
    return {
        name: readers[name](stored(value))
        for name, value in told.items()
        if name in form.fields and table.checks[name](value)
    }


def _unpacked(row: Row) -> dict[str, Any]:
    return _read(str(row.answers.get("package")))


def _read(package: str) -> dict[str, Any]:
    try:
        content = lzma.LZMADecompressor(memlimit=64 * 1024 * 1024).decompress(base64.b85decode(package), MOST_BYTES)
        told = json.loads(content)
        if isinstance(told["person"], dict) and isinstance(told["records"], list):
            return dict(told)
    except (ValueError, lzma.LZMAError, KeyError, TypeError):
        pass
    raise BadInput(_("Riwayat yang diserahkan rusak. Daftarkan orangnya seperti biasa."))


def _village(row: Row) -> str:
    return posts.village_name(str(row.answers.get("from_village") or ""))


def _person(ws: Workspace, person_id: str) -> Row:
    person = records.load(ws.db, PERSON, person_id)
    if person is None or person.withdrawn:
        raise NotFound(_("Orang ini tidak ada di buku."))
    return person


def _arrival(ws: Workspace, arrival_id: str) -> Row:
    row = records.load(ws.db, ARRIVAL, arrival_id)
    if row is None or row.withdrawn:
        raise NotFound(_("Pindahan ini tidak ada di buku."))
    return row


def _id(*parts: str) -> str:
    return uuid.uuid5(_SPACE, " ".join(parts)).hex
