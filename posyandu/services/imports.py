"""What was brought in from files, on this laptop: a list that stays, and taking one file back, also days later.

Only what nobody touched since is taken back. A record that was corrected, or that other records lean on (the weighing
of a child who came in by a file), stays, and is named: nothing a kader typed is ever lost by taking back a file.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from posyandu.domain.calendar import short_date
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms import FORMS
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records, settings
from posyandu.storage.engine import transaction
from posyandu.text import _

_LIST = "imports"
_BEGUN = "imports_begun"
NAMED = 5
"""How many of the records that stay are named in the sentence."""

Report = Callable[[int, int, str], object]

Save = tuple[str, str, str]
"""One save of a file: form, record, op."""


@dataclass(frozen=True)
class Import:
    """One file brought in: when, by whom, its name, what it brought, and what became of it."""

    id: str
    at: datetime
    by: str
    name: str
    brought: str
    taken_back: str = ""

    @property
    def line(self) -> str:
        """When and by whom, and what it brought or that it was taken back."""
        return f"{short_date(self.at.date())}, {self.by}. {self.taken_back or self.brought}"


@dataclass(frozen=True)
class Outlook:
    """What taking back would do: how many records go, and the names of those that stay."""

    back: int
    kept: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What happened, in a sentence or two."""
        words = _("{n} catatan dikembalikan.").format(n=self.back)
        if not self.kept:
            return words
        names = ", ".join(dict.fromkeys(self.kept[:NAMED]))
        more = _(" dan lainnya") if len(self.kept) > NAMED else ""
        return (
            words
            + " "
            + _("{n} catatan tetap karena sudah diperbaiki atau dipakai sesudahnya: {names}{more}.").format(
                n=len(self.kept), names=names, more=more
            )
        )


@dataclass(frozen=True)
class Unfinished:
    """A file whose taking (or taking `back`) ended before it was done, so that nothing of it changed the book.

    `by_id` and `by` began it; `ended_by` is whoever came in meanwhile, "" when the app was closed or the power went.
    """

    id: str
    at: datetime
    by_id: str
    by: str
    name: str
    back: bool
    ended_by: str = ""

    def told_to(self, worker_id: str) -> str:
        """What happened, in a few sentences, for the one who began it or the one who came in."""
        if worker_id != self.by_id:
            words = (
                _("{by} sedang mengembalikan {name} ketika aplikasi dibuka lagi, dan itu terhenti.")
                if self.back
                else _("{by} sedang mengambil {name} ketika aplikasi dibuka lagi, dan itu terhenti.")
            )
            told = _("Tidak ada yang berubah di buku. Beri tahu {by}: lewat Tukar data dapat diulang dari awal.")
        else:
            words = (
                _("Mengembalikan {name} pada {at} berhenti sebelum selesai, {why}.")
                if self.back
                else _("Mengambil {name} pada {at} berhenti sebelum selesai, {why}.")
            )
            told = _("Tidak ada yang berubah di buku. Lewat Tukar data dapat diulang dari awal.")
        why = _("karena {who} masuk").format(who=self.ended_by) if self.ended_by else _("karena aplikasi tertutup")
        at = f"{short_date(self.at.date())} {self.at:%H.%M}"
        return f"{words} {told}".format(name=self.name or _("berkas"), by=self.by, at=at, why=why)


@contextmanager
def _begun(ws: Workspace, name: str, *, back: bool = False) -> Iterator[None]:
    """Do this in one transaction, and leave a note when it does not come to its end, however it stopped."""
    told = {"id": records.new_id(), "at": ws.now().isoformat(), "by_id": ws.worker.id, "by": ws.worker.name,
            "name": name, "back": back}  # fmt: skip
    with transaction(ws.db):
        settings.put(ws.db, _BEGUN, [*settings.get(ws.db, _BEGUN, []), told])
    with transaction(ws.db):
        yield
        _put_away(ws, told["id"])


def _put_away(ws: Workspace, *ids: object) -> None:
    left = [each for each in settings.get(ws.db, _BEGUN, []) if each["id"] not in ids]
    settings.put(ws.db, _BEGUN, left)


def saw_it_stop(ws: Workspace) -> None:
    """The one at work sees on the screen that what she began has stopped, and why: no need to tell her later."""
    if mine := [each["id"] for each in settings.get(ws.db, _BEGUN, []) if each["by_id"] == ws.worker.id]:
        _put_away(ws, *mine)


def unfinished(ws: Workspace) -> list[Unfinished]:
    """What was not finished and the one at work was not told of yet; from now on she was.

    To be asked when nothing is at work: the one who began it is told once, and so is the first who comes in after.
    """
    with transaction(ws.db):
        begun = [Unfinished(**{**each, "at": datetime.fromisoformat(each["at"])})
                 for each in settings.get(ws.db, _BEGUN, [])]  # fmt: skip
        mine = [each for each in begun if each.by_id == ws.worker.id]
        others = [each for each in begun if each.by_id != ws.worker.id and not each.ended_by]
        if mine or others:
            ended = {each.id for each in others}
            settings.put(ws.db, _BEGUN, [
                {**vars(each), "at": each.at.isoformat(), "ended_by": each.ended_by or ws.worker.name}
                if each.id in ended else {**vars(each), "at": each.at.isoformat()}
                for each in begun if each not in mine
            ])  # fmt: skip
    return [*mine, *others]


@contextmanager
def noting(ws: Workspace, name: str) -> Iterator["Noted"]:
    """Do an import in one transaction and remember every save of it, so that it can be taken back."""
    noted = Noted()
    with _begun(ws, name):
        before = journal.last(ws.db)
        yield noted
        saves = journal.since(ws.db, before)
        if saves:
            noted.id = records.new_id()
            about = {"id": noted.id, "at": ws.now().isoformat(), "by": ws.worker.name, "name": name}
            told = [*settings.get(ws.db, _LIST, []), {**about, "brought": noted.brought}]
            settings.put(ws.db, _LIST, told)
            settings.put(ws.db, _place(noted.id), saves)


@dataclass
class Noted:
    """What an import says of itself while it runs; its id is "" when it brought nothing."""

    brought: str = ""
    id: str = ""


def listed(ws: Workspace, most: int = 20) -> list[Import]:
    """The files brought in on this laptop, newest first."""
    found = settings.get(ws.db, _LIST, [])[-most:]
    return [Import(**{**each, "at": datetime.fromisoformat(each["at"])}) for each in reversed(found)]


def outlook(ws: Workspace, import_id: str) -> Outlook:
    """What taking this file back would do now. Raises NotFound when it is not known, or was taken back."""
    saves = _saves(ws, import_id)
    back = _untouched(ws, saves)
    seen = dict.fromkeys((form, record) for form, record, _op in saves)
    kept = tuple(_called(ws, form, record) for form, record in seen if record not in back)
    return Outlook(len(seen) - len(kept), kept)


def take_back(ws: Workspace, import_id: str, progress: Report | None = None) -> Outlook:
    """Undo everything a file brought in that nobody touched since, all or nothing; `progress` may stop it.

    Raises BadInput when everything was corrected or is leaned on, NotFound as `outlook`.
    """
    name = next((each["name"] for each in settings.get(ws.db, _LIST, []) if each["id"] == import_id), "")
    with _begun(ws, name, back=True):
        saves, told = _saves(ws, import_id), outlook(ws, import_id)
        if not told.back:
            raise BadInput(
                _("Tidak ada yang dapat dikembalikan: semua catatan dari berkas ini sudah diperbaiki atau dipakai.")
            )
        back = _untouched(ws, saves)
        for done, (_form, record, op_id) in enumerate(reversed(saves)):
            if progress is not None and done % 100 == 0:
                progress(done, len(saves), "")
            if record in back:
                records.undo(ws.db, op_id, ws.author, ws.now(), whole=True, record=record)
        words = _("Dikembalikan {day}. {told}").format(day=short_date(ws.today()), told=told.sentence)
        entries = settings.get(ws.db, _LIST)
        changed = [{**each, "taken_back": words} if each["id"] == import_id else each for each in entries]
        settings.put(ws.db, _LIST, changed)
        settings.put(ws.db, _place(import_id), None)
    return told


def _saves(ws: Workspace, import_id: str) -> list[Save]:
    found = settings.get(ws.db, _place(import_id))
    if not found:
        raise NotFound(_("Pengambilan ini sudah dikembalikan, atau bukan dari laptop ini."))
    return [(form, record, op) for form, record, op in found]


def _place(import_id: str) -> str:
    return f"import:{import_id}"


def _untouched(ws: Workspace, saves: list[Save]) -> set[str]:
    """The records of a file that were not corrected since and that nothing leans on but what goes with them."""
    own: dict[str, set[str]] = {}
    for _form, record, op in saves:
        own.setdefault(record, set()).add(op)
    created: set[str] = set()
    back: set[str] = set()
    for record, ops in own.items():
        state = _state(ws, record, ops)
        if state != "corrected":
            back.add(record)
        if state == "created":
            created.add(record)
    links = records.leaning_on(ws.db, created)
    while leaned := {target for leaner, target in links if target in back and leaner not in back}:
        back -= leaned
    return back


def _state(ws: Workspace, record: str, own: set[str]) -> str:
    """Whether a record was made by these saves ("created"), only filled ("filled"), or touched since ("corrected")."""
    ops = [op for op, _device in journal.ops_of(ws.db, record)]
    ours = [op for op in ops if op.id in own]
    if len(ours) < len(own):
        return "corrected"  # a later answer was joined into the save
    first = min(op.depth for op in ours)
    later = [op for op in ops if op.id not in own and op.depth >= first]
    if first == 1:
        return "corrected" if later else "created"
    fields = {name for op in ours for name in op.fields}
    return "corrected" if any(fields & op.fields.keys() for op in later) else "filled"


def _called(ws: Workspace, form: str, record: str) -> str:
    """A record in words: the person it is of, else its form."""
    row = records.load(ws.db, FORMS[form], record)
    answers: Mapping[str, object] = row.answers if row is not None else {}
    if person_id := answers.get("person_id"):
        person = records.load(ws.db, FORMS["person"], str(person_id))
        answers = person.answers if person is not None else {}
    return str(answers.get("name") or _(FORMS[form].title))
