"""The layouts of official sheets, which are data (resources/reports/*.json): bands, columns and headings vary.

A layout says which parts a sheet has and what stands in each column; where the figures come from is code, looked up
by name (`posyandu.reports.counts`, `posyandu.reports.facts`). It is read strictly: a misspelt name is an error at
start, never an empty column. A column that no form of the app fills yet says so (`waits`) and is named under the sheet.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, get_args

from posyandu import paths
from posyandu.domain.standards import AgeBand
from posyandu.reports.table import Align
from posyandu.text import _

Period = Literal["month", "year", "person", "blank"]
PartKind = Literal["figures", "months", "rows"]
Split = Literal["poor", "sex"]
Who = Literal[
    "children",
    "under_fives",
    "targets",
    "infants",
    "wasted",
    "women",
    "mothers",
    "target_women",
    "wus",
    "births",
    "activities",
    "child_visits",
    "mother_visits",
    "postpartum_visits",
    "school_visits",
    "adult_visits",
    "elderly_visits",
]
"""Whom the rows are about: everybody of the year, or of the month alone its balita (S) or all targets, the visits of
one, or what the post did."""


class WrongLayout(ValueError):
    """A layout file that cannot be used: says where and why."""


@dataclass(frozen=True)
class ColumnSpec:
    """One column: its `label` and printed number `no`, the fact or count behind it, or the form it `waits` for.

    `monthly` repeats it for the twelve months of the year; `foot` names what stands under it in the last row. Neither
    source nor `waits` leaves it free to write in.
    """

    name: str
    label: str
    source: str = ""
    waits: str = ""
    group: str = ""
    no: str = ""
    align: Align = "left"
    width: float = 1.0
    least_mm: float = 6.0
    upright: bool = False
    monthly: bool = False
    foot: str = ""


@dataclass(frozen=True)
class ItemSpec:
    """One row of a table of figures: its number and words, and the count behind it or the form it waits for.

    `months` keeps to the children of these ages in completed months, from and to.
    """

    no: str
    label: str
    source: str = ""
    waits: str = ""
    strong: bool = False
    months: tuple[int, int] | None = None


@dataclass(frozen=True)
class Sum:
    """An item by its number, and those that must make it up: "7 = 3 + 4 + 5 + 6"."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One table of a sheet.

    `kind` "figures": items down, age bands (by name of the dated rules, or own) by splits across; "months": the months
    of the year down, counts across; "rows": one row for each of `who`, facts across, `spare` empty rows after them, or
    one row for each of `ages` (the months pre-printed on a card), rows at least `row_mm` high where they are written by
    hand. `sums` are what a reader may add up among the items.
    """

    code: str
    title: str
    kind: PartKind
    columns: tuple[ColumnSpec, ...] = ()
    items: tuple[ItemSpec, ...] = ()
    bands: str = ""
    own_bands: tuple[AgeBand, ...] = ()
    splits: tuple[Split, ...] = ()
    who: Who = "children"
    spare: int = 0
    ages: tuple[int, ...] = ()
    row_mm: float = 0.0
    landscape: bool = False
    total: bool = True
    notes: tuple[str, ...] = ()
    sums: tuple[Sum, ...] = ()


@dataclass(frozen=True)
class Layout:
    """One official sheet: `group` for the list to choose from, `source` the blank it follows.

    `heading` is printed over a card when the list calls it otherwise: "Kartu bantu ibu hamil, kosong".

    `head` are facts of one person, or of the post where its blank has other ones than all sheets; `form_code` what the
    blank is filed under, `{year}` in it the year; `signed_by` the roles that sign.
    """

    code: str
    title: str
    group: str
    period: Period
    source: str
    parts: tuple[Part, ...]
    head: tuple[ColumnSpec, ...] = ()
    signed_by: tuple[str, ...] = ("midwife", "coordinator")
    notes: tuple[str, ...] = ()
    form_code: str = ""
    heading: str = ""


@lru_cache(maxsize=1)
def layouts() -> Mapping[str, Layout]:
    """Every shipped layout by its code, in the order to offer them. Raises WrongLayout."""
    found: dict[str, Layout] = {}
    for path in sorted((paths.resources() / "reports").glob("*.json")):
        for layout in read_layouts(json.loads(path.read_text(encoding="utf-8")), path.name):
            if layout.code in found:
                raise WrongLayout(f"{path.name}: {layout.code} is there twice")
            found[layout.code] = layout
    return found


def read_layouts(document: Any, place: str) -> tuple[Layout, ...]:  # noqa: ANN401 - parsed JSON
    """The layouts of one file: {"layouts": [...]}, a card that has a blank followed by it. Raises WrongLayout."""
    columns = {name: tuple(_columns(each, f"{place} {name}")) for name, each in document.get("columns", {}).items()}
    found: list[Layout] = []
    for each in _list(document, "layouts", place):
        found += _with_blank(each, _layout(each, place, columns), place)
    return tuple(found)


Shared = Mapping[str, tuple[ColumnSpec, ...]]
"""Columns that several parts of a file begin with, by name."""


def _layout(given: Any, place: str, shared: Shared) -> Layout:  # noqa: ANN401
    place = f"{place} {given.get('code')}"
    known = (
        "code",
        "title",
        "group",
        "period",
        "source",
        "parts",
        "head",
        "signed_by",
        "notes",
        "form_code",
        "heading",
        "blank",
    )
    _only(given, place, known)
    parts = tuple(_part(each, place, shared) for each in _list(given, "parts", place))
    return Layout(
        code=_text(given, "code", place),
        title=_text(given, "title", place),
        group=_text(given, "group", place),
        period=_one_of(given.get("period"), get_args(Period), place),
        source=_text(given, "source", place),
        parts=parts,
        head=tuple(_columns(given.get("head", []), place)),
        signed_by=tuple(given.get("signed_by", ("midwife", "coordinator"))),
        notes=tuple(given.get("notes", ())),
        form_code=given.get("form_code", ""),
        heading=given.get("heading", ""),
    )


def _with_blank(given: Any, card: Layout, place: str) -> Iterator[Layout]:  # noqa: ANN401
    """A card, and the same to fill by hand: its one part with other rows. What is changed in one is changed in both."""
    yield card
    told = given.get("blank")
    if told is None:
        return
    place = f"{place} {card.code} blank"
    _only(told, place, ("title", "ages", "spare", "row_mm"))
    if card.period != "person" or len(card.parts) != 1:
        raise WrongLayout(f"{place}: only the card of one person, of one part, has a blank")
    code = f"{card.code}_kosong"
    rows = {"ages": tuple(told.get("ages", ())), "spare": told.get("spare", 0), "row_mm": told.get("row_mm", 0.0)}
    part = replace(card.parts[0], code=code, **rows)
    yield replace(card, code=code, title=_text(told, "title", place), heading=card.title, period="blank", parts=(part,))


def _part(given: Any, place: str, shared: Shared) -> Part:  # noqa: ANN401
    code = _text(given, "code", place)
    place = f"{place} {code}"
    _only(
        given,
        place,
        ("code", "title", "kind", "begin", "columns", "items", "bands", "splits", "who", "spare", "ages", "row_mm",
         "landscape", "total", "notes", "sums"),
    )  # fmt: skip
    bands = given.get("bands", "")
    begin = given.get("begin", "")
    if begin and begin not in shared:
        raise WrongLayout(f"{place}: no columns called {begin!r}")
    columns = (*shared.get(begin, ()), *_columns(given.get("columns", []), place))
    names = [column.name for column in columns]
    if len(set(names)) != len(names):
        raise WrongLayout(f"{place}: a column is there twice")
    items = tuple(_item(each, place) for each in given.get("items", ()))
    return Part(
        code=code,
        title=_text(given, "title", place),
        kind=_one_of(given.get("kind"), get_args(PartKind), place),
        columns=columns,
        items=items,
        bands=bands if isinstance(bands, str) else "",
        own_bands=() if isinstance(bands, str) else tuple(_band(each, place) for each in bands),
        splits=tuple(_one_of(each, get_args(Split), place) for each in given.get("splits", ())),
        who=_one_of(given.get("who", "children"), get_args(Who), place),
        spare=given.get("spare", 0),
        ages=tuple(given.get("ages", ())),
        row_mm=given.get("row_mm", 0.0),
        landscape=given.get("landscape", False),
        total=given.get("total", True),
        notes=tuple(given.get("notes", ())),
        sums=tuple(_sum(each, {item.no for item in items}, place) for each in given.get("sums", ())),
    )


def _sum(given: Any, numbers: set[str], place: str) -> Sum:  # noqa: ANN401
    whole, equals, rest = str(given).partition(" = ")
    parts = tuple(rest.split(" + "))
    if not equals or not numbers.issuperset((whole, *parts)):
        raise WrongLayout(f"{place}: {given!r} is no sum of its items")
    return Sum(whole, parts)


def _columns(given: Iterable[Any], place: str, group: str = "") -> Iterable[ColumnSpec]:
    for each in given:
        if "columns" in each:
            _only(each, place, ("group", "columns"))
            yield from _columns(each["columns"], place, _text(each, "group", place))
        else:
            yield _column(each, place, group)


def _column(given: Any, place: str, group: str) -> ColumnSpec:  # noqa: ANN401
    _only(
        given,
        place,
        ("name", "label", "source", "waits", "no", "align", "width", "least_mm", "upright", "monthly", "foot"),
    )
    label = _text(given, "label", place)
    source = given.get("source", "")
    name = given.get("name") or source
    if not name:
        raise WrongLayout(f"{place}: column {label!r} needs a name or a source")
    return ColumnSpec(
        name=name,
        label=label,
        source=source,
        waits=given.get("waits", ""),
        group=group,
        no=given.get("no", ""),
        align=_one_of(given.get("align", "left"), get_args(Align), place),
        width=given.get("width", 1.0),
        least_mm=given.get("least_mm", 6.0),
        upright=given.get("upright", False),
        monthly=given.get("monthly", False),
        foot=given.get("foot", ""),
    )


def _item(given: Any, place: str) -> ItemSpec:  # noqa: ANN401
    _only(given, place, ("no", "label", "source", "waits", "strong", "months"))
    source, waits = given.get("source", ""), given.get("waits", "")
    if bool(source) == bool(waits):
        raise WrongLayout(f"{place}: item {given.get('label')!r} needs a source or what it waits for")
    first, last = given.get("months", (0, 0))
    return ItemSpec(
        given.get("no", ""),
        _text(given, "label", place),
        source,
        waits,
        given.get("strong", False),
        (first, last) if "months" in given else None,
    )


def _band(given: Any, place: str) -> AgeBand:  # noqa: ANN401
    _only(given, place, ("code", "label", "months"))
    first, last = given["months"]
    return AgeBand(_text(given, "code", place), _text(given, "label", place), first, last)


def _only(given: Any, place: str, known: tuple[str, ...]) -> None:  # noqa: ANN401
    if not isinstance(given, dict):
        raise WrongLayout(f"{place}: {given!r} is no object")
    if unknown := set(given) - set(known):
        raise WrongLayout(f"{place}: unknown {', '.join(sorted(unknown))}")


def _one_of(value: Any, allowed: tuple[Any, ...], place: str) -> Any:  # noqa: ANN401
    if value not in allowed:
        raise WrongLayout(f"{place}: {value!r} is none of {', '.join(allowed)}")
    return value


def _text(given: Any, name: str, place: str) -> str:  # noqa: ANN401
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise WrongLayout(f"{place}: {name} is missing")
    return value


def _list(given: Any, name: str, place: str) -> list[Any]:  # noqa: ANN401
    value = given.get(name)
    if not isinstance(value, list) or not value:
        raise WrongLayout(f"{place}: {name} is missing")
    return value


def waiting_note(columns: Iterable[ColumnSpec | ItemSpec]) -> str:
    """The sentence that names what the sheet does not count, by where it stands; "" when all is there."""
    by_form: dict[str, list[str]] = {}
    for each in columns:
        if each.waits:
            by_form.setdefault(each.waits, []).append(each.no or each.label)
    if not by_form:
        return ""
    parts = [f"{', '.join(labels)} ({form})" for form, labels in by_form.items()]
    return _("Tidak dihitung di lembar ini, isi dari buku: {parts}.").format(parts="; ".join(parts))
