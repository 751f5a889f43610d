"""Strata and posyandu aktif of a post, computed from a year of its book; nothing is typed a second time.

What each figure counts: D/S is the mean over the months that had a posyandu day. KIA is everybody who was pregnant,
in nifas or under five in the year, served when they came at least once. KB is the couples noted in the register of
WUS/PUS, or known to be married; whoever said nothing of it, there or on the cards of nifas and adults, is unknown.
Immunisation is the children of 12 to 23 months; without a copied Buku KIA unknown. The health fund is the families that
paid in the last month noted.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

from posyandu.domain import adult, couples, indicators, strata
from posyandu.domain.calendar import Month, age_months
from posyandu.domain.couples import Couple
from posyandu.domain.fields import Answers
from posyandu.domain.forms import activity, fund
from posyandu.domain.forms.adult import VISIT as ADULT_VISIT
from posyandu.domain.forms.adult import WUS
from posyandu.domain.forms.home_visit import CHECKLISTS
from posyandu.domain.forms.postpartum import VISIT as POSTPARTUM_VISIT
from posyandu.domain.forms.registration import HOUSEHOLD
from posyandu.domain.indicators import resides
from posyandu.domain.life import LifeMonth
from posyandu.domain.service_group import AFTER_BIRTH, SCHOOL_AGE, Group
from posyandu.domain.strata import Indicator
from posyandu.reports.couples_sheet import couples_sheet
from posyandu.reports.monthly import MonthlyData
from posyandu.reports.sheet import Sheet
from posyandu.reports.standing import Fact, Standing
from posyandu.services import catin, immunisation, people, post_affairs
from posyandu.services.post_affairs import Kader, held_in
from posyandu.services.report_data import gather
from posyandu.services.workspace import Workspace, at_its_post
from posyandu.storage import records, summaries
from posyandu.storage.records import Row
from posyandu.text import N_, _, figure


@at_its_post
def standing(ws: Workspace, posyandu_id: str, month: Month) -> Standing:
    """How a post stands at the end of a month. Raises NotFound when the book has no such post."""
    rules = ws.standards.on(month.last)
    months = strata.window(month, rules.strata.months)
    data = gather(ws, posyandu_id, month, since=months[0])
    held = summaries.sessions(ws.db, posyandu_id, date.min, month.last)
    known_from = next((Month.of(day) for row in held if isinstance(day := row.answers.get("held_on"), date)), None)
    sessions = [row.answers for row in held_in(held, months)]
    team = [each for each in post_affairs.kader(ws, posyandu_id) if each.active]
    found = (
        *_days(months, known_from, sessions),
        _participation(data, sessions),
        _mother_and_child(data),
        _contraception(ws, posyandu_id, data, months),
        _immunised(ws, data, month.last),
        _extra(ws, posyandu_id, months, rules.strata.extra_kinds),
        _health_fund(ws, posyandu_id, data, months),
        _decrees(team),
        _tools(data, sessions),
    )
    by_code = {each.code: each for each in found}
    return Standing(
        data,
        months,
        by_code,
        strata.judge(rules.strata, by_code),
        strata.judge_active(rules.strata, by_code),
        tuple(_facts(ws, posyandu_id, data, months, team)),
        rules.sources["strata"],
    )


def _days(months: Sequence[Month], known_from: Month | None, sessions: Sequence[Answers]) -> Iterable[Indicator]:
    held = [day for each in sessions if isinstance(day := each.get("held_on"), date)]
    yield strata.opened("days_open", months, known_from, held)
    yield strata.opened("months_open", months, known_from, held)
    told = [number for each in sessions if isinstance(number := each.get("kader_present"), int)]
    yield strata.mean("kader_on_duty", told, _("{mean} kader pada {n} hari buka"), _("Hari Posyandu"))


def _participation(data: MonthlyData, sessions: Sequence[Answers]) -> Indicator:
    months = {Month.of(day) for each in sessions if isinstance(day := each.get("held_on"), date)}
    shares = [indicators.PARTICIPATION(data.children.get(month, ())).value for month in sorted(months)]
    told = [100 * share for share in shares if share is not None]
    return strata.mean("d_s", told, _("{mean}% selama {n} bulan buka"), _("Penimbangan balita"))


def _mother_and_child(data: MonthlyData) -> Indicator:
    came: dict[str, bool] = {}
    for children in data.children.values():
        for child in children:
            if indicators.under_five(child):
                came[child.id] = came.get(child.id, False) or child.came
    for women in data.pregnancies.values():
        for woman in women:
            came[woman.id] = came.get(woman.id, False) or woman.came
    for person in _everybody(data):
        if person.group is Group.POSTPARTUM:
            came[person.id] = came.get(person.id, False) or person.came
    served = [id_ for id_, once in came.items() if once]
    return strata.cover("kia", served, [id_ for id_ in came if not came[id_]], (), _("Kunjungan 12 bulan"))


def _everybody(data: MonthlyData) -> Iterable[LifeMonth]:
    return (person for people in data.life.values() for person in people)


def _contraception(ws: Workspace, posyandu_id: str, data: MonthlyData, months: Sequence[Month]) -> Indicator:
    found = couples_of(ws, (posyandu_id,), data.everyone, months)
    users, others, unknown = _parted(found, lambda id_: found[id_].uses)
    return strata.cover("kb", users, others, unknown, _("Kartu WUS/PUS, nifas, dan dewasa"))


def couples_of(
    ws: Workspace, posts: Sequence[str], everyone: Mapping[str, Answers], months: Sequence[Month]
) -> dict[str, Couple]:
    """The couples of these posts at the end of these months: what was said last of each question counts."""
    said: dict[str, Answers] = {}
    register: dict[str, Answers] = {}
    day = months[-1].last
    rules = ws.standards.on(day)
    asked = ((WUS, date.min), (POSTPARTUM_VISIT, months[0].first), (ADULT_VISIT, months[0].first))
    rows = ((form, summaries.visits(ws.db, form, post, since, day)) for form, since in asked for post in posts)
    for form, row in people.dated_together(rows):
        told = {name: row.answers.get(name) for name in ("couple", "contraception")}
        id_ = str(row.answers.get("person_id"))
        said[id_] = {**said.get(id_, {}), **{name: answer for name, answer in told.items() if answer is not None}}
        if form is WUS:
            register[id_] = row.answers
    return {
        id_: couples.couple(
            ws.standards, id_, person, register.get(id_, {}), said.get(id_, {}).get("contraception"), months[0].first
        )
        for id_, person in everyone.items()
        if adult.is_fertile_woman(rules, person, day)
        and resides(person, day, seen=False)
        and couples.is_couple(person, said.get(id_, {}))
    }


def couples_report(ws: Workspace, posts: Sequence[str], data: MonthlyData) -> Sheet:
    """The province's indicators of couples at the end of a month, of these posts together."""
    months = strata.window(data.month, ws.standards.on(data.month.last).screening_months)
    here = {id_: each for id_, each in data.everyone.items() if resides(each, data.month.last, seen=False)}
    return couples_sheet(
        data, list(couples_of(ws, posts, data.everyone, months).values()), catin.of_posts(ws, posts, here, data.month)
    )


def _parted(ids: Iterable[str], answer: Callable[[str], object]) -> tuple[list[str], list[str], list[str]]:
    """Those of whom the answer is yes, no, and unknown."""
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    for id_ in ids:
        told = answer(id_)
        parts[0 if told is True else 1 if told is False else 2].append(id_)
    return parts


def _immunised(ws: Workspace, data: MonthlyData, day: date) -> Indicator:
    low, high = ws.standards.on(day).strata.idl_months
    ids = [
        id_
        for id_, person in data.everyone.items()
        if isinstance(born_on := person.get("born_on"), date)
        and born_on <= day
        and low <= age_months(born_on, day) <= high
        and resides(person, day, seen=False)
    ]
    cards = immunisation.cards(ws, list(summaries.persons(ws.db, ids).values()), day)
    done = {card.person_id: card.has_whole("idl") for card in cards}
    yes, no, unknown = _parted(ids, done.get)
    return strata.cover("idl", yes, no, unknown, _("Kartu imunisasi"))


def _extra(ws: Workspace, posyandu_id: str, months: Sequence[Month], kinds: Collection[str]) -> Indicator:
    rows = post_affairs.activities(ws, posyandu_id)
    source = _("Kegiatan")
    if not rows:
        return strata.unknown("extra", source)
    held = dict.fromkeys(str(row.answers.get("kind")) for row in reversed(held_in(rows, months)))
    found = [_(activity.KINDS[kind]) for kind in held if kind in kinds and kind in activity.KINDS]
    figure = ", ".join(found) or _("tidak ada dalam 12 bulan")
    return Indicator("extra", len(found), len(found), figure, source)


def _health_fund(ws: Workspace, posyandu_id: str, data: MonthlyData, months: Sequence[Month]) -> Indicator:
    source = _("Kas: dana sehat")
    families = len(records.load_many(ws.db, HOUSEHOLD, scope=posyandu_id))
    rows = records.load_many(ws.db, fund.FORM, scope=posyandu_id)
    if not rows or not families:
        return strata.unknown("health_fund", source)
    paid: dict[Month, int] = {}
    for row in held_in(rows, months, "noted_on"):
        number, on = row.answers.get("families"), row.answers.get("noted_on")
        if row.answers.get("origin") == "health_fund" and isinstance(number, int) and isinstance(on, date):
            paid[Month.of(on)] = paid.get(Month.of(on), 0) + number
    if not paid:
        return Indicator("health_fund", 0, 0, _("belum ada KK yang membayar"), source)
    last = max(paid)
    share = min(100.0, 100 * paid[last] / families)
    words = _("{n} dari {total} KK ({percent}%)").format(n=paid[last], total=families, percent=figure(f"{share:.1f}"))
    return Indicator("health_fund", share, share, words, source)


def _decrees(team: Sequence[Kader]) -> Indicator:
    """Kader with a decree; of those without a number nobody knows whether they have one."""
    known = sum(each.has_decree for each in team)
    said = _("{n} dari {total} kader").format(n=known, total=len(team))
    return Indicator("kader_decree", known, len(team), said, _("Kader"))


def _tools(data: MonthlyData, sessions: Sequence[Answers]) -> Indicator:
    checked = [each["scale_checked"] for each in sessions if each.get("scale_checked") is not None]
    books = sum(map(indicators.has_book, data.children.get(data.month, ())))
    source = _("Hari Posyandu; pendaftaran")
    if not checked:
        return strata.unknown("tools", source, _("pemeriksaan timbangan belum dicatat"))
    figure = _("dicek pada {n} dari {total} hari; {books} balita punya Buku KIA").format(
        n=checked.count(True), total=len(checked), books=books
    )
    reached = float(checked[-1] is True and books > 0)
    return Indicator("tools", reached, reached, figure, source)


# --- what no rule judges yet

LIFE_CYCLE: tuple[tuple[str, frozenset[Group]], ...] = (
    (N_("ibu"), AFTER_BIRTH | {Group.PREGNANT}),
    (N_("bayi dan balita"), frozenset((Group.INFANT, Group.UNDER_FIVE, Group.PRESCHOOL))),
    (N_("sekolah dan remaja"), SCHOOL_AGE),
    (N_("dewasa"), frozenset((Group.ADULT,))),
    (N_("lansia"), frozenset((Group.ELDERLY,))),
)


def _facts(
    ws: Workspace, posyandu_id: str, data: MonthlyData, months: Sequence[Month], team: Sequence[Kader]
) -> Iterable[Fact]:
    came = {person.group for person in _everybody(data) if person.came}
    if any(child.came for children in data.children.values() for child in children):
        came.add(Group.UNDER_FIVE)
    if any(woman.came for women in data.pregnancies.values() for woman in women):
        came.add(Group.PREGNANT)
    served = [_(words) for words, groups in LIFE_CYCLE if groups & came]
    yield Fact(
        _("Kelompok umur yang dilayani"),
        _("{n} dari {total}: {which}").format(n=len(served), total=len(LIFE_CYCLE), which=", ".join(served) or "-"),
        _("Kunjungan 12 bulan"),
    )
    homes = {id_ for id_ in _visited_homes(ws, posyandu_id, months) if id_}
    families = len(records.load_many(ws.db, HOUSEHOLD, scope=posyandu_id))
    yield Fact(
        _("KK yang dikunjungi di rumah"),
        _("{n} dari {total} KK").format(n=len(homes), total=families),
        _("Kunjungan rumah"),
    )
    classes = [_(each.skilled.held.label) for each in team if each.skilled.held is not None]
    counted = [f"{label} {classes.count(label)}" for label in dict.fromkeys(sorted(classes))]
    yield Fact(
        _("Kader menurut kecakapan"),
        ", ".join(counted) or _("belum ada yang dinilai lengkap"),
        _("Kader"),
    )
    yield Fact(
        _("Kader yang pernah dilatih"),
        _("{n} dari {total} kader").format(n=sum(each.was_trained for each in team), total=len(team)),
        _("Kader"),
    )


def _visited_homes(ws: Workspace, posyandu_id: str, months: Sequence[Month]) -> Iterable[str]:
    for form in CHECKLISTS.values():
        rows: list[Row] = summaries.visits(ws.db, form, posyandu_id, months[0].first, months[-1].last)
        yield from (str(row.answers.get("household_id") or "") for row in rows)
