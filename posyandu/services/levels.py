"""One report for many posts: village, puskesmas, kecamatan or kabupaten, from the same functions as for one post.

Everybody of the posts is counted as one crowd, so a figure of a puskesmas is the sum of its posts and still opens its
names; the name lists say which post each is of. Who is written down at two of them counts once, and is named.
"""

import pickle
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from io import BytesIO
from operator import attrgetter
from sys import intern
from threading import Lock
from types import MappingProxyType
from typing import Any, TypeVar

from posyandu.domain.calendar import Month
from posyandu.domain.child import ChildAssessment
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Answers
from posyandu.domain.growth import ZScores
from posyandu.domain.indicators import ChildMonth, PregnancyMonth
from posyandu.domain.life import LifeMonth
from posyandu.domain.nutrition import Category
from posyandu.domain.outcome import VisitAssessment
from posyandu.domain.pregnancy import PregnancyAssessment
from posyandu.domain.standards import Rules
from posyandu.domain.weighing import Weighed
from posyandu.reports import couples_sheet, life_indicators_sheet, post_sheet
from posyandu.reports.counts import SheetData
from posyandu.reports.layout import layouts
from posyandu.reports.life_sheet import RECAPS, recap_sheet
from posyandu.reports.monthly import MonthlyData, MonthlyReport, Place, Signer, monthly
from posyandu.reports.sheet import Sheet, sheet
from posyandu.services import (
    counted_once,
    letterheads,
    life_indicators,
    post_curves,
    post_sheets,
    posts,
    signers,
    targets,
)
from posyandu.services.posts import Post
from posyandu.services.report_data import gather_sheet, told_elsewhere
from posyandu.services.sheets import MONTHLY
from posyandu.services.standing import couples_report, standing
from posyandu.services.workspace import Workspace
from posyandu.storage import areas, stamps
from posyandu.text import N_, _

Report = Callable[[int, int, str], object]
Counted = TypeVar("Counted", ChildMonth, PregnancyMonth, LifeMonth)
Judged = TypeVar("Judged", ChildAssessment, PregnancyAssessment, VisitAssessment)

KINDS = {
    "village": N_("Desa/kelurahan"),
    "puskesmas": N_("Puskesmas"),
    "district": N_("Kecamatan"),
    "regency": N_("Kabupaten/kota"),
}
"""The levels above a post, from below."""


@dataclass(frozen=True)
class Level:
    """One village, puskesmas, kecamatan or kabupaten and its posts in this book; `code` is "village 5202022002"."""

    code: str
    kind: str
    name: str
    posts: tuple[Post, ...]

    @property
    def title(self) -> str:
        """ "Puskesmas Ubung (8 Posyandu)"; a kelurahan and a kota are called so."""
        place = areas.get(self.code.partition(" ")[2]) if self.kind != "puskesmas" else None
        if self.kind == "regency":
            name = self.name  # the list of places names it with its kind
        else:
            name = f"{place.kind_label if place else _(KINDS[self.kind]).partition('/')[0]} {self.name}"
        return _("{name} ({n} Posyandu)").format(name=name, n=len(self.posts))


def levels(ws: Workspace) -> list[Level]:
    """Every level that the posts of this book make up, from villages to kabupaten, by name."""
    found: dict[tuple[str, str], tuple[str, list[Post]]] = {}
    for post in posts.posts(ws):
        village, district, regency, *_rest = [*post.place_line.split(", "), "", "", ""]
        puskesmas = str(posts.answers(ws, post.id).get("puskesmas") or "").removeprefix("Puskesmas ").strip()
        for kind, key, name in (
            ("village", post.village_code, village),
            ("puskesmas", f"{post.village_code[:4]} {puskesmas}" if puskesmas else "", puskesmas),
            ("district", post.village_code[:6], district),
            ("regency", post.village_code[:4], regency),
        ):
            if key and name:
                found.setdefault((kind, key), (name, []))[1].append(post)
    order = list(KINDS)
    made = [Level(f"{kind} {key}", kind, name, tuple(each)) for (kind, key), (name, each) in found.items()]
    return sorted(made, key=lambda level: (order.index(level.kind), level.name.casefold(), level.code))


def level(ws: Workspace, code: str) -> Level:
    """The level of this code. Raises NotFound."""
    for each in levels(ws):
        if each.code == code:
            return each
    raise NotFound(_("Wilayah ini tidak ada di buku."))


def build(ws: Workspace, kind: str, code: str, month: Month, progress: Report | None = None) -> MonthlyReport | Sheet:
    """A report by the code of its kind for a whole level. Raises NotFound for an unknown level or kind."""
    data = gather_level(ws, level(ws, code), month, progress)
    if kind == MONTHLY:
        return monthly(data.report)
    if kind in RECAPS:
        return recap_sheet(kind, data.report)
    if kind == couples_sheet.CODE:
        return couples_report(ws, [post.id for post in level(ws, code).posts], data.report)
    if kind == life_indicators_sheet.CODE:
        return life_indicators.report(ws, data.report)
    if kind == post_sheet.STRATA:
        stands = [(post.name, standing(ws, post.id, month)) for post in level(ws, code).posts]
        return post_sheet.strata_list(data.report, [(name, each.strata, each.active) for name, each in stands])
    if kind in post_sheets.OF_PLACES:
        return post_sheets.of_places(ws, kind, [post.id for post in level(ws, code).posts], data.report)
    if kind in post_sheet.TITLES or kind in post_curves.KINDS:
        raise NotFound(_("Lembar ini untuk satu Posyandu. Pilih satu Posyandu dahulu."))
    layout = layouts().get(kind)
    if layout is None or layout.period not in ("month", "year"):
        raise NotFound(_("Laporan ini tidak dikenal."))
    return sheet(layout, data)


def gather_level(ws: Workspace, wanted: Level, month: Month, progress: Report | None = None) -> SheetData:
    """The rows of every post of a level as those of one; `progress` hears of each post before it is read.

    A post none of whose records changed since its rows were read for this month, nor what other posts count of its
    people, is not read again.
    """
    rules = (ws.today(), _(KINDS["village"]))
    found = []
    with _ONE_AT_A_TIME:
        if KEPT not in ws.kept:
            ws.kept[KEPT] = _Kept(month, stamps.begin(ws.db))
        kept: _Kept = ws.kept[KEPT]
        stamps.look(ws.db, kept.watch)
        if kept.month != month:
            kept.month, kept.posts = month, {}
        for number, post in enumerate(wanted.posts):
            if progress is not None:
                progress(number, len(wanted.posts), post.name)
            now = (stamps.stamp(kept.watch, post.id), told_elsewhere(ws, post.id, month), post, rules)
            rows = kept.posts.get(post.id)
            if rows is None or rows[0] != now:
                rows = kept.posts[post.id] = now, packed(post.name, gather_sheet(ws, post.id, month))
            found.append(rows[1])
    return together(wanted, found, signers.chosen(ws, wanted.code))


KEPT = "rows of posts"
_ONE_AT_A_TIME = Lock()


@dataclass
class _Kept:
    """The rows of posts last read, of one month, each with all that they depend on."""

    month: Month
    watch: stamps.Watch
    posts: dict[str, tuple[object, "Packed"]] = field(default_factory=dict)


@dataclass(frozen=True)
class Packed:
    """The rows of a post in a twentieth of their memory: a puskesmas has tens of thousands of visits.

    `rules` are those they were judged by: the posts share them.
    """

    content: bytes
    rules: tuple[Rules, ...]

    def rows(self) -> SheetData:
        """The rows again."""
        data: SheetData = _Unpickler(BytesIO(zlib.decompress(self.content)), self.rules).load()
        return data


def packed(name: str, data: SheetData) -> Packed:
    """The rows of a post called so, ready to be put together: everybody's hamlet says which post they are of.

    What a visit leaves blank is left out, and of the months before this one what only its name lists tell.
    """
    persons: dict[str, Answers] = {}
    report = data.report
    same: dict[tuple[Category, ...], Mapping[str, Category]] = {}
    slim = replace(
        report,
        children=_of_post(report.children, name, persons, report.month, same),
        pregnancies=_of_post(report.pregnancies, name, persons, report.month, same),
        life=_of_post(report.life, name, persons, report.month, same),
        everyone={id_: _placed(id_, person, name, persons) for id_, person in report.everyone.items()},
    )
    doses = {id_: tuple(map(_dose, each)) for id_, each in data.doses.items()}
    content = BytesIO()
    rules: list[Rules] = []

    def place(each: Rules) -> Any:  # noqa: ANN401 - what pickle asks for
        rules.append(each)  # asked once for each: what was written before is only named
        return _ruled, (len(rules) - 1,)

    pickler = pickle.Pickler(content, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _WRITTEN | {Rules: place}
    pickler.dump(replace(data, report=slim, doses=doses))
    return Packed(zlib.compress(content.getbuffer(), 1), tuple(rules))


def _by_value(kind: type) -> Callable[[Any], Any]:
    values = attrgetter(*(each.name for each in fields(kind) if each.init))
    return lambda each: (kind, values(each))


_WRITTEN: dict[type, Callable[[Any], Any]] = {
    MappingProxyType: lambda each: (dict, (dict(each),)),
    **{kind: _by_value(kind) for kind in (ChildMonth, PregnancyMonth, LifeMonth, ChildAssessment, Weighed)},
}
"""How what cannot be changed is written, and by their values what there are many of."""


def _ruled(_place: int) -> Rules:
    """What rules are called in packed rows: `_Unpickler` puts their place among its own here, and nothing calls this.

    Pickle's own `persistent_id` would be asked, in Python, of each of the many objects of a post.
    """
    raise NotImplementedError


class _Unpickler(pickle.Unpickler):
    """Reads what `packed` wrote a moment ago."""

    def __init__(self, source: BytesIO, rules: Sequence[Rules]) -> None:
        super().__init__(source)
        self.rules = rules

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        return self.rules.__getitem__ if name == _ruled.__name__ else super().find_class(module, name)


def together(wanted: Level, posts: Iterable[Packed], signed_by: tuple[Signer, ...] = ()) -> SheetData:
    """The rows of posts as the rows of one, signed by these or by the usual ones."""
    together = counted_once.once([each.rows() for each in posts])
    sheets = together.parts
    reports = [each.report for each in sheets]
    first = reports[0]
    places = [each.place for each in reports]
    report = MonthlyData(
        post={
            "name": wanted.title,
            "level": wanted.kind,
            "puskesmas": _same(str(each.post.get("puskesmas") or "") for each in reports),
        },
        place=Place(
            _same(place.village for place in places),
            _same(place.district for place in places),
            _same(place.regency for place in places),
            _same(place.province for place in places),
        ),
        month=first.month,
        reporting_day=max(each.reporting_day for each in reports),
        sessions=_with_all_kader(reports),
        children=_merged([each.children for each in reports]),
        pregnancies=_merged([each.pregnancies for each in reports]),
        everyone={id_: person for each in reports for id_, person in each.everyone.items()},
        guests=tuple(ref for each in reports for ref in each.guests),
        rules=targets.shared([each.rules for each in reports]),
        recap_bands=first.recap_bands,
        life=_merged([each.life for each in reports]),
        area=_("Wilayah"),
        open_months=frozenset(month for each in reports for month in each.open_months),
        kader=_summed([each.kader for each in reports]),
        signers=signed_by,
        letterhead=letterheads.shared([each.letterhead for each in reports]),
        same=together.same,
        twice=together.twice,
    )
    months = sorted({month for each in sheets for month in each.sessions})
    return SheetData(
        report,
        {month: tuple(row for each in sheets for row in each.sessions.get(month, ())) for month in months},
        tuple(pair for each in sheets for pair in each.pregnancies),
        {id_: doses for each in sheets for id_, doses in each.doses.items()},
        {id_: told for each in sheets for id_, told in each.wus.items()},
        {id_: told for each in sheets for id_, told in each.deaths.items()},
        tuple(told for each in sheets for told in each.activities),
        {id_: told for each in sheets for id_, told in each.newborns.items()},
        frozenset(id_ for each in sheets for id_ in each.handed_over),
        frozenset(id_ for each in sheets for id_ in each.born_elsewhere),
        parts=sheets,
    )


def _with_all_kader(reports: Sequence[MonthlyData]) -> tuple[Answers, ...]:
    """The days of all posts; the kader who came are told once, those of every post together."""
    days, together = [], 0
    for each in reports:
        present = [number for row in each.sessions if isinstance(number := row.get("kader_present"), int)]
        together += max(present, default=0)
        days += [{**row, "kader_present": None} for row in each.sessions]
    days.sort(key=lambda row: str(row.get("held_on")))
    return tuple({**row, "kader_present": together or None} if not number else row for number, row in enumerate(days))


def _summed(counts: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    there, active, trained = map(sum, zip(*counts, strict=True))
    return there, active, trained


def _merged(parts: Sequence[Mapping[Month, Sequence[Counted]]]) -> dict[Month, tuple[Counted, ...]]:
    months = sorted({month for by_month in parts for month in by_month})
    return {month: tuple(each for by_month in parts for each in by_month.get(month, ())) for month in months}


def _of_post(
    by_month: Mapping[Month, Sequence[Counted]],
    post: str,
    persons: dict[str, Answers],
    now: Month,
    same: dict[tuple[Category, ...], Mapping[str, Category]],
) -> dict[Month, tuple[Counted, ...]]:
    """The people of a post in its place, each person once for all months."""
    return {
        month: tuple(
            replace(
                each,
                person=_placed(each.id, each.person, post, persons),
                visits=tuple(map(_told, each.visits)),
                assessments=tuple(_slim(judged, same, whole=month == now) for judged in each.assessments),
            )
            for each in people
        )
        for month, people in by_month.items()
    }


_NO_SCORES = ZScores()


def _slim(judged: Judged, same: dict[tuple[Category, ...], Mapping[str, Category]], *, whole: bool) -> Judged:
    """A judgement as the tables of a level ask for it; findings and scores are told of this month alone."""
    blank: dict[str, Any] = {"findings": (), "headline": ""}
    if isinstance(judged, VisitAssessment):
        return replace(judged, tiles=(), **blank)  # type: ignore[call-arg]  # a mixture of the kinds, to the checker
    if isinstance(judged, ChildAssessment):
        if whole:
            return judged
        blank["z"] = _NO_SCORES
        blank["categories"] = same.setdefault(tuple(judged.categories.values()), judged.categories)
    return judged if whole else replace(judged, **blank)


def _placed(id_: str, person: Answers, post: str, persons: dict[str, Answers]) -> Answers:
    """The person as of that post, the same for all who ask."""
    if id_ not in persons:
        short = post.removeprefix("Posyandu ")
        hamlet = str(person.get("hamlet") or "")
        persons[id_] = _told({**person, "hamlet": f"{short}, {hamlet}" if hamlet else short, "of_post": short})
    return persons[id_]


def _told(visit: Answers) -> Answers:
    """What a visit says; of the same word, "none" or an id, one for all."""
    told = ((name, value) for name, value in visit.items() if value is not None)
    return {name: intern(value) if isinstance(value, str) else value for name, value in told}


def _dose(noted: Answers) -> Answers:
    """What the sheets ask of a dose."""
    return {name: noted.get(name) for name in ("antigen", "dose", "given_on")}


def _same(values: Iterable[str]) -> str:
    """What all of them say; "" when they differ."""
    told = set(values)
    return told.pop() if len(told) == 1 else ""
