"""Indeks Keluarga Sehat from what the book knows: of one family, and of all families of a post or a village."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from posyandu.domain import iks
from posyandu.domain.calendar import Month, age_months
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Answers
from posyandu.domain.form import Form
from posyandu.domain.forms.adult import VISIT as ADULT_VISIT
from posyandu.domain.forms.adult import WUS
from posyandu.domain.forms.history import HISTORY, SMOKING
from posyandu.domain.forms.home_visit import CHECKLISTS
from posyandu.domain.forms.postpartum import VISIT as POSTPARTUM_VISIT
from posyandu.domain.forms.pregnancy import PREGNANCY
from posyandu.domain.forms.registration import HOUSEHOLD, PERSON, insured
from posyandu.domain.forms.school import VISIT as SCHOOL_VISIT
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.domain.iks import FACILITIES, AreaIndex, FamilyIndex, Member
from posyandu.domain.service_group import Group, group_on, pregnancy_on
from posyandu.domain.standards import Band, Rules
from posyandu.services import immunisation, posts
from posyandu.services.people import dated
from posyandu.services.sessions import is_target
from posyandu.services.visits import day_of
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.records import Row
from posyandu.text import _, figure

SMOKES: Mapping[object, bool] = {"daily": True, "sometimes": True, "tried": False, "never": False}


@dataclass(frozen=True)
class Family:
    """One family of many: its household's answers, who lives there by names and by ids, and its twelve indicators."""

    id: str
    house: Answers
    names: tuple[str, ...]
    ids: tuple[str, ...]
    found: FamilyIndex

    @property
    def head(self) -> str:
        """Who heads it, else the first who lives there."""
        return str(self.house.get("head_name") or next(iter(self.names), ""))


@dataclass(frozen=True)
class FamilyHealth:
    """The index of a family with its class (None while not known) and what to say about it in one sentence."""

    found: FamilyIndex
    band: Band | None
    source: str

    @property
    def headline(self) -> str:
        """ "IKS 0,80: keluarga pra-sehat." or what is still to be asked."""
        value = self.found.value
        if value is not None and self.band is not None:
            label = _(self.band.label)
            return _("IKS {value}: {label}.").format(value=three(value), label=label[:1].lower() + label[1:])
        if not self.found.unknown:
            return _("Tidak ada indikator yang berlaku untuk keluarga ini.")
        return _("{met} dari {known} yang diketahui terpenuhi; {n} belum diketahui.").format(
            met=self.found.met, known=self.found.applicable - len(self.found.unknown), n=len(self.found.unknown)
        )


def three(value: float) -> str:
    """An index as it is written: three decimals."""
    return figure(f"{value:.3f}")


def of_family(ws: Workspace, house_id: str) -> FamilyHealth:
    """The index of one family today. Raises NotFound for an unknown household."""
    house = records.load(ws.db, HOUSEHOLD, house_id)
    if house is None or house.withdrawn:
        raise NotFound(_("Keluarga ini tidak ada di buku."))
    on = ws.today()
    rows = living(records.load_many(ws.db, PERSON, household_id=house_id), on)
    ids = {row.id for row in rows} | {str(row.answers["mother_id"]) for row in rows if row.answers.get("mother_id")}
    rules = ws.standards.on(on)
    members = _members(ws, rules, rows, on, lambda form: _of_persons(ws, form, ids))
    found = iks.judge(rules.iks, house.answers, members)
    return FamilyHealth(found, rules.iks_band(found.value) if found.value is not None else None, rules.sources["iks"])


def of_posts(ws: Workspace, posyandu_ids: Collection[str]) -> AreaIndex:
    """The index of all families of these posts with someone living there. Reads whole posts: for a worker thread."""
    rules = ws.standards.on(ws.today())
    found = [family.found for each in posyandu_ids for family in families(ws, each, ws.today())]
    return iks.area(found, lambda value: rules.iks_band(value).code)


def village_posts(ws: Workspace, posyandu_id: str) -> tuple[str, ...]:
    """The posts of this book in the same village, itself among them."""
    known = posts.posts(ws)
    village = next((post.village_code for post in known if post.id == posyandu_id), "")
    same = tuple(post.id for post in known if village and post.village_code == village)
    return same or (posyandu_id,)


def families(ws: Workspace, posyandu_id: str, on: date) -> list[Family]:
    """Every family with someone living there on a day, by RT and head. Facts of the house are as they are known now."""
    rules = ws.standards.on(on)
    houses = {row.id: row.answers for row in records.load_many(ws.db, HOUSEHOLD, scope=posyandu_id)}
    rows = living(records.load_many(ws.db, PERSON, scope=posyandu_id), on)
    members = _members(ws, rules, rows, on, lambda form: _of_scope(ws, form, posyandu_id))
    at_home: dict[str, list[Member]] = {}
    for row, member in zip(rows, members, strict=True):
        at_home.setdefault(str(row.answers.get("household_id") or ""), []).append(member)
    found = [
        Family(
            house,
            houses[house],
            tuple(each.name for each in own),
            tuple(each.id for each in own),
            iks.judge(rules.iks, houses[house], own),
        )
        for house, own in at_home.items()
        if house in houses
    ]
    return sorted(found, key=lambda each: (str(each.house.get("rt") or "~"), each.head.casefold(), each.id))


def living(rows: Iterable[Row], today: date) -> list[Row]:
    """Who lived there on the day: no guests, nobody who came later or was not born yet."""
    return [row for row in rows if is_target(row.answers, today)]


ByPerson = Mapping[str, Sequence[Row]]


def _of_scope(ws: Workspace, form: Form, posyandu_id: str) -> ByPerson:
    return _by_person(records.load_many(ws.db, form, scope=posyandu_id))


def _of_persons(ws: Workspace, form: Form, ids: Iterable[str]) -> ByPerson:
    return _by_person(row for id_ in ids for row in records.load_many(ws.db, form, person_id=id_))


def _by_person(rows: Iterable[Row]) -> ByPerson:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row.answers.get("person_id")), []).append(row)
    return found


def _members(
    ws: Workspace, rules: Rules, rows: Sequence[Row], today: date, read: Callable[[Form], ByPerson]
) -> list[Member]:
    """What the book knows of each, in the order of `rows`; `read` gives the records of a form by person."""
    book = _Book(read, today)
    low, high = rules.iks.immunised_months
    toddlers = [row for row in rows if (months := _months(row.answers, today)) is not None and low <= months <= high]
    cards = {card.person_id: card for card in immunisation.cards(ws, toddlers, today)}
    made = []
    for row in rows:
        person, months = row.answers, _months(row.answers, today)
        carried = [each.answers for each in book.rows(PREGNANCY, row.id)]
        current = pregnancy_on(rules.groups, carried, today)
        card = cards.get(row.id)
        made.append(
            Member(
                id=row.id,
                name=str(person.get("name") or ""),
                sex=str(person.get("sex") or ""),
                months=months,
                couple=_couple(person, book.last(row.id, (WUS, "couple"))),
                pregnant=group_on(rules.groups, person, today, current) is Group.PREGNANT,
                contraception=_yes(
                    book.last(row.id, *((form, "contraception") for form in (WUS, POSTPARTUM_VISIT, ADULT_VISIT)))
                ),
                born_in_facility=_born_in_facility(person, book),
                immunised=card.has_whole("idl") if card is not None else None,
                breastfed=_breastfed(person, book.rows(UNDER_FIVE_VISIT, row.id), today, rules.exclusive_months),
                weighed=_weighed(book.rows(UNDER_FIVE_VISIT, row.id), today, rules.iks.weighed_back),
                tbc=_yes(book.last(row.id, (HISTORY, "own_tbc"))),
                tbc_treated=_yes(book.last(row.id, (CHECKLISTS["home_tbc"], "gap_medicine_taken"))),
                hypertension=_yes(book.last(row.id, (HISTORY, "own_hypertension"))),
                hypertension_treated=_yes(book.last(row.id, *_PRESSURE_TAKEN)),
                mental=_yes(book.last(row.id, (HISTORY, "own_mental"))),
                smokes=_smokes(book.last(row.id, *_SMOKING)),
                insured=insured(person),
            )
        )
    return made


_PRESSURE_TAKEN = tuple((CHECKLISTS[name], "gap_pressure_taken") for name in ("home_adult", "home_elderly"))
_SMOKING = ((SCHOOL_VISIT, "smoking"), (SMOKING, "smoking"), (HISTORY, "habit_smoking"))


class _Book:
    """The records of each form by person, up to a day, read when first asked for."""

    def __init__(self, read: Callable[[Form], ByPerson], until: date) -> None:
        self._read, self._until = read, until
        self._known: dict[str, ByPerson] = {}

    def rows(self, form: Form, person_id: str) -> Sequence[Row]:
        """What stands of a person in a form."""
        if form.name not in self._known:
            self._known[form.name] = self._read(form)
        return self._known[form.name].get(person_id, ())

    def last(self, person_id: str, *told: tuple[Form, str]) -> object:
        """The newest answer among these questions, of one day the one saved last; None when none was ever given."""
        answered = [
            ((day_of(row), row.saved_at_ms, row.id), row.answers[name])
            for form, name in told
            for row in dated(form, self.rows(form, person_id))
            if row.answers.get(name) is not None and day_of(row) <= self._until
        ]
        return max(answered, key=lambda pair: pair[0])[1] if answered else None


def _months(person: Answers, on: date) -> int | None:
    born_on = person.get("born_on")
    return age_months(born_on, on) if isinstance(born_on, date) and born_on <= on else None


def _yes(answer: object) -> bool | None:
    return answer if isinstance(answer, bool) else None


def _smokes(answer: object) -> bool | None:
    return answer if isinstance(answer, bool) else SMOKES.get(answer)


def _couple(person: Answers, noted: object) -> bool | None:
    """Whether she is one of a couple: as noted in the register of WUS/PUS, else by her marriage."""
    if isinstance(noted, bool):
        return noted
    if person.get("marital_status") is not None:
        return person["marital_status"] == "married"
    return True if person.get("husband_name") else None


def _born_in_facility(person: Answers, book: _Book) -> bool | None:
    """By the birth noted of the mother on the day of birth."""
    for row in book.rows(PREGNANCY, str(person.get("mother_id") or "")):
        if row.answers.get("ended_on") == person.get("born_on") and row.answers.get("birth_place") is not None:
            return row.answers["birth_place"] in FACILITIES
    return None


def _breastfed(person: Answers, visits: Iterable[Row], today: date, until: int) -> bool | None:
    """Breast milk only `until` six months: one no before makes it a no; a yes counts once said in the month before."""
    born_on, told = person.get("born_on"), False
    for row in dated(UNDER_FIVE_VISIT, visits):
        answer, on = row.answers.get("exclusive_breastfeeding"), day_of(row)
        if answer is None or not isinstance(born_on, date) or not born_on <= on <= today:
            continue
        months = age_months(born_on, on)
        if answer is False and months < until:
            return False
        told = told or (answer is True and months >= until - 1)
    return True if told else None


def _weighed(visits: Iterable[Row], today: date, back: int) -> bool:
    first = (Month.of(today) - back).first
    return any(first <= day_of(row) <= today for row in dated(UNDER_FIVE_VISIT, visits) if row.answers.get("weight_g"))
