"""The posyandu this laptop keeps the book of, and the villages they are in."""

from dataclasses import dataclass

from posyandu.domain import area
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.registration import POSYANDU, WORKER
from posyandu.services import accounts
from posyandu.services.workspace import Workspace
from posyandu.storage import areas, records, settings
from posyandu.storage.areas import Area
from posyandu.storage.records import Row
from posyandu.text import _


@dataclass(frozen=True)
class Post:
    """One posyandu. `village` is its name, `place_line` the names from village to provinsi, "" where unknown."""

    id: str
    name: str
    village_code: str
    village: str
    place_line: str


def posts(ws: Workspace) -> list[Post]:
    """All posts of this book, by name."""
    found = [_post(ws, row) for row in records.load_many(ws.db, POSYANDU)]
    return sorted(found, key=lambda post: (post.name.casefold(), post.id))


def answers(ws: Workspace, post_id: str) -> Answers:
    """What is known of a post, for its page. Raises NotFound."""
    row = records.load(ws.db, POSYANDU, post_id)
    if row is None:
        raise NotFound(_("Posyandu ini tidak ada di buku."))
    return row.answers


def add_post(ws: Workspace, answers: Answers) -> str:
    """Add a post, work in it from now on, and give its id.

    Raises BadInput without a name or a known village, and when the village has a post of this name.
    """
    post_id = records.new_id()
    told = _checked(answers)
    _refuse_second(ws, told)
    records.save(ws.db, POSYANDU, post_id, told, scope=post_id, author=ws.author, now=ws.now())
    ws.posyandu_id = post_id
    accounts.introduce(ws)
    return post_id


def correct_post(ws: Workspace, post_id: str, changes: Answers) -> None:
    """Correct what is known of a post. Raises NotFound, and BadInput as `add_post` does for what is named anew."""
    before = answers(ws, post_id)
    told = _checked({**before, **changes})
    if any(told[name] != before.get(name) for name in ("name", "village_code")):
        _refuse_second(ws, told, post_id)
    records.save(ws.db, POSYANDU, post_id, told, scope=post_id, author=ws.author, now=ws.now())


def read_areas() -> None:
    """Read the list of places now, which the first post to be named would wait for."""
    areas.get("0")


def search_areas(text: str, near: str = "", *, limit: int = 20) -> list[Area]:
    """Villages by a few letters (and words of kecamatan or kabupaten) or by code; those near the code `near` first."""
    return areas.search(text, near=near, limit=limit)


def village_name(code: str) -> str:
    """The name of a village, "" when no list knows it."""
    found = areas.get(code)
    return found.name if found else ""


def same_post(name: str, village_code: str, other_name: str, other_code: str) -> bool:
    """Whether both are one post of a village, however its name is written."""
    return (name.casefold(), village_code) == (other_name.casefold(), other_code)


def keep_those_that_came(ws: Workspace) -> bool:
    """Take back a post that was typed in the first run and is one that came: it is not there twice.

    Of two that are both empty the lesser id stays, on every laptop. Says whether there was one.
    """
    found = posts(ws)
    took_back = False
    for mine in found:
        row = records.load(ws.db, POSYANDU, mine.id)
        if row is None or row.device != ws.device or not _is_empty(ws, mine.id):
            continue
        ones = [each for each in found if each.id != mine.id and same_post(*_called(mine), *_called(each))]
        stays = [each for each in ones if not _is_empty(ws, each.id)] or [each for each in ones if each.id < mine.id]
        if stays:
            records.withdraw(ws.db, POSYANDU, mine.id, author=ws.author, now=ws.now())
            if ws.posyandu_id == mine.id:
                ws.posyandu_id = stays[0].id
            took_back = True
    return took_back


def _called(post: Post) -> tuple[str, str]:
    return post.name, post.village_code


def _is_empty(ws: Workspace, post_id: str) -> bool:
    """Whether nothing was written there but who works there."""
    kader = {row.id for row in records.load_many(ws.db, WORKER, scope=post_id)}
    return {record for record, _post in records.leaning_on(ws.db, [post_id])} <= kader


def _refuse_second(ws: Workspace, told: Answers, post_id: str = "") -> None:
    name, code = str(told["name"]), str(told["village_code"])
    if any(post.id != post_id and same_post(name, code, post.name, post.village_code) for post in posts(ws)):
        raise BadInput(_("{name} sudah ada di daftar Posyandu desa ini.").format(name=name))


def _checked(answers: Answers) -> dict[str, Value | None]:
    told = {name: value for name, value in answers.items() if name in POSYANDU.fields}
    name = " ".join(str(told.get("name") or "").split())
    if not name:
        raise BadInput(_("Tulis nama Posyandu."))
    code = area.parse_code(str(told.get("village_code") or ""))
    found = areas.get(code)
    if found is None or area.level(code) is not area.AreaLevel.VILLAGE:
        raise BadInput(_("Pilih desa atau kelurahan dari daftar."))
    return {**told, "name": name, "village_code": code}


def _post(ws: Workspace, row: Row) -> Post:
    code = str(row.answers.get("village_code") or "")
    village, line = _place(ws, code)
    return Post(row.id, str(row.answers.get("name") or ""), code, village, line)


def _place(ws: Workspace, code: str) -> tuple[str, str]:
    """Name and path of a village; remembered in the book, so that the list of all areas is not read at every start."""
    known = settings.get(ws.db, "places", {})
    if code not in known:
        found = areas.get(code)
        known[code] = [found.name, found.path] if found else ["", ""]
        settings.put(ws.db, "places", known)
    name, line = known[code]
    return name, line
