"""Who is written down at two posts of a level counts there once, at the post that saw them last."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from posyandu.domain import person
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.indicators import ChildMonth, PregnancyMonth
from posyandu.domain.life import LifeMonth
from posyandu.reports.counted import name_of
from posyandu.reports.counts import SheetData
from posyandu.reports.table import PersonRef
from posyandu.services.people import are_one, folded
from posyandu.text import _

Counted = TypeVar("Counted", ChildMonth, PregnancyMonth, LifeMonth)


@dataclass(frozen=True)
class Once:
    """The rows of posts with everybody in one of them a month; `same` leads from the record of somebody at one post to
    theirs where they are counted last, `twice` names who was counted at two otherwise.
    """

    parts: tuple[SheetData, ...]
    same: Mapping[str, str]
    twice: tuple[PersonRef, ...] = ()


def once(parts: Sequence[SheetData]) -> Once:
    """Count everybody once who stands in several of these posts, surely the same and resident in the same month.

    A month counts them at the post that saw them last up to its end, then where they came to live last. Two records of
    one post are that post's own affair, and stay as they are.
    """
    found = _Everybody(parts)
    if not found.group:
        return Once(tuple(parts), {})
    dropped, home = _dropped(parts, found)
    if not home:
        return Once(tuple(parts), {})
    same = {id_: other for group, part in home.items() for id_, other in found.pairs(group, part)}
    reduced = [_without(part, number, found.group, dropped) for number, part in enumerate(parts)]
    named = (_told(parts, found, group, part) for group, part in home.items())
    refs = sorted((ref for each in named for ref in each), key=lambda ref: (ref.name.casefold(), ref.id))
    return Once(tuple(_facts_once(reduced, same)), same, tuple(refs))


class _Everybody:
    """Who of all posts is surely one: `group` numbers them by record id, `ids` has their records by post."""

    def __init__(self, parts: Sequence[SheetData]) -> None:
        buckets: dict[Hashable, list[tuple[int, str, Answers]]] = defaultdict(list)
        for number, part in enumerate(parts):
            for id_, answers in part.report.everyone.items():
                for key in _keys(answers):
                    buckets[key].append((number, id_, answers))
        self.group: dict[str, int] = {}
        self.ids: dict[int, dict[int, list[str]]] = {}
        for bucket in buckets.values():
            for place, (number, id_, answers) in enumerate(bucket):
                for other_number, other_id, other in bucket[:place]:
                    if number != other_number and are_one(answers, other):
                        self._join((number, id_), (other_number, other_id))

    def _join(self, *two: tuple[int, str]) -> None:
        known = sorted({self.group[id_] for _part, id_ in two if id_ in self.group})
        group = known[0] if known else len(self.group)
        mine = self.ids.setdefault(group, {})
        for merged in known[1:]:
            for part, ids in self.ids.pop(merged).items():
                mine.setdefault(part, []).extend(ids)
        for part, id_ in two:
            if id_ not in mine.setdefault(part, []):
                mine[part].append(id_)
        self.group.update((id_, group) for ids in mine.values() for id_ in ids)

    def pairs(self, group: int, home: int) -> Iterator[tuple[str, str]]:
        """Each record elsewhere with the one at home: twins nobody has named yet stand two by two."""
        at_home = sorted(self.ids[group][home])
        for part, ids in self.ids[group].items():
            if part != home:
                yield from zip(sorted(ids), at_home, strict=False)


def _keys(answers: Answers) -> Iterator[Hashable]:
    if answers.get("guest") is True:
        return
    number = person.usable_number(answers.get("nik"))
    if number:
        yield number
    mother, born_on = answers.get("mother_name"), answers.get("born_on")
    if mother and born_on is not None:
        yield born_on, answers.get("sex"), folded(str(mother))


def _crowds(part: SheetData) -> tuple[Mapping[Month, Sequence[ChildMonth | PregnancyMonth | LifeMonth]], ...]:
    return part.report.children, part.report.pregnancies, part.report.life


def _dropped(parts: Sequence[SheetData], found: _Everybody) -> tuple[dict[Month, set[tuple[int, int]]], dict[int, int]]:
    """By month, the groups that a post does not count; and the post that counts each of these last."""
    here: dict[Month, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    seen: dict[Month, dict[tuple[int, int], date]] = defaultdict(dict)
    for number, part in enumerate(parts):
        for crowd in _crowds(part):
            for month, people in crowd.items():
                for each in people:
                    group = found.group.get(each.id)
                    if group is not None:
                        here[month][group].add(number)
                        if each.came:
                            place = (group, number)
                            seen[month][place] = max(seen[month].get(place, date.min), each.on)
    last_seen: dict[tuple[int, int], date] = {}
    dropped: dict[Month, set[tuple[int, int]]] = {}
    home: dict[int, int] = {}
    for month in sorted(here):
        last_seen |= seen[month]
        for group, numbers in here[month].items():
            if len(numbers) > 1:
                home[group] = max(
                    numbers,
                    key=lambda each: (
                        last_seen.get((group, each), date.min),
                        _since(parts[each], found.ids[group][each]),
                        -each,
                    ),
                )
                dropped.setdefault(month, set()).update((group, each) for each in numbers - {home[group]})
    return dropped, home


def _since(part: SheetData, ids: Sequence[str]) -> date:
    """The day somebody came to live there, as far as it is noted."""
    days = (part.report.everyone[id_].get("entered_on") for id_ in ids)
    return max((day for day in days if isinstance(day, date)), default=date.min)


def _without(
    part: SheetData, number: int, group: Mapping[str, int], dropped: Mapping[Month, set[tuple[int, int]]]
) -> SheetData:
    """The rows of a post without those whom a month counts elsewhere."""

    def kept(crowd: Mapping[Month, tuple[Counted, ...]]) -> dict[Month, tuple[Counted, ...]]:
        return {
            month: tuple(each for each in people if (group.get(each.id, -1), number) not in dropped.get(month, ()))
            for month, people in crowd.items()
        }

    if not any(number == where for each in dropped.values() for _group, where in each):
        return part
    told = part.report
    report = replace(told, children=kept(told.children), pregnancies=kept(told.pregnancies), life=kept(told.life))
    return replace(part, report=report)


def _facts_once(parts: Sequence[SheetData], same: Mapping[str, str]) -> Iterator[SheetData]:
    """What is told of people apart from their months, once: doses and first weeks together, deaths at one post."""
    doses = {id_: each for part in parts for id_, each in part.doses.items()}
    newborns = {id_: each for part in parts for id_, each in part.newborns.items()}
    wus = {id_: each for part in parts for id_, each in part.wus.items()}
    people = {id_: each for part in parts for id_, each in part.report.everyone.items()}
    ended = {(id_, each.get("ended_on")) for part in parts for id_, each in part.pregnancies}
    born_elsewhere = {id_ for part in parts for id_ in part.born_elsewhere}
    guests: set[str] = set()
    for other, home in same.items():
        doses[home] = doses[other] = (*doses.get(home, ()), *doses.get(other, ()))
        first, second = sorted((home, other), key=lambda id_: id_ in born_elsewhere)
        told = {**newborns.pop(second, {}), **_noted(newborns.get(first, {}))}
        if told:
            newborns[first] = told
        if home in wus and other in wus:
            del wus[min(home, other, key=lambda id_: (str(wus[id_].get("visited_on")), id_ == home))]
        if people[home].get("status") == people[other].get("status") == "died":
            guests.add(other)
    for part in parts:
        everyone = part.report.everyone
        yield replace(
            part,
            report=replace(
                part.report,
                everyone={id_: {**each, "guest": True} if id_ in guests else each for id_, each in everyone.items()},
            ),
            doses={id_: doses[id_] for id_ in everyone if doses.get(id_)},
            newborns={id_: newborns[id_] for id_ in everyone if id_ in newborns},
            wus={id_: wus[id_] for id_ in part.wus if id_ in wus},
            pregnancies=tuple(
                (id_, each)
                for id_, each in part.pregnancies
                if each.get("ended_on") is None or (same.get(id_), each.get("ended_on")) not in ended
            ),
        )


def _noted(answers: Answers) -> Answers:
    return {name: value for name, value in answers.items() if value is not None}


def _told(parts: Sequence[SheetData], found: _Everybody, group: int, home: int) -> Iterator[PersonRef]:
    """Somebody by the record that counts last, with the posts of all."""
    places = found.ids[group]

    def post(part: int) -> str:
        return str(parts[part].report.everyone[places[part][0]].get("of_post") or "")

    words = _("Tercatat di {posts}; dihitung di {post}").format(
        posts=", ".join(post(part) for part in sorted(places)), post=post(home)
    )
    for id_ in places[home]:
        yield PersonRef(id_, name_of(parts[home].report.everyone[id_]), words)
