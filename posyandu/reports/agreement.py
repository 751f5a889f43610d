"""Whether a sheet agrees with what other reports of its month say, counted another way, and who makes it differ."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from posyandu.domain import indicators
from posyandu.domain.calendar import Month, age_months
from posyandu.domain.service_group import AFTER_BIRTH, GROWN, SCHOOL_AGE
from posyandu.reports import formats, recap
from posyandu.reports.counted import Counted, name_of, number_cell, unlike
from posyandu.reports.counts import SheetData, count_cell
from posyandu.reports.layout import ColumnSpec, Part
from posyandu.reports.monthly import MonthlyData, Reconciliation
from posyandu.reports.skdn import ITEMS
from posyandu.reports.table import Cell, PersonRef, Table
from posyandu.text import N_, _


def same_people(
    one_words: str, one: Iterable[PersonRef], other_words: str, other: Iterable[PersonRef]
) -> Reconciliation:
    """Whether two ways name the same people, each as often; who is on one side alone is named with the side."""
    sides = [(one_words, list(one)), (other_words, list(other))]
    often, less = (Counter(ref.id for ref in refs) for _words, refs in sides)
    odd = {ref.id: ref for _words, refs in sides for ref in refs if often[ref.id] != less[ref.id]}
    only = {id_: sides[0][0] if often[id_] > less[id_] else sides[1][0] for id_ in odd}
    words = _("{one}: {n} {sign} {other}: {m}.")
    sentence = words.format(
        one=one_words, n=often.total(), sign="\N{NOT EQUAL TO}" if odd else "=", other=other_words, m=less.total()
    )
    return Reconciliation(
        not odd,
        sentence,
        tuple(
            PersonRef(ref.id, ref.name, _("hanya di: {side}").format(side=only[ref.id]))
            for ref in sorted(odd.values(), key=lambda ref: (ref.name.casefold(), ref.id))
        ),
    )


def all_among(one_words: str, one: Iterable[PersonRef], other_words: str, other: Iterable[PersonRef]) -> Reconciliation:
    """Whether everybody of the first is among the second; who is not is named."""
    there = {ref.id for ref in other}
    told = {ref.id: ref for ref in one}
    odd = [ref for ref in told.values() if ref.id not in there]
    words = {"one": one_words, "n": len(told), "other": other_words, "m": len(there)}
    if odd:
        sentence = _("{one}: {n}; {k} di antaranya tidak ada di {other} ({m}).").format(k=len(odd), **words)
    else:
        sentence = _("{one}: {n}, semuanya ada di {other} ({m}).").format(**words)
    return Reconciliation(not odd, sentence, tuple(odd))


def refs(people: Iterable[Counted]) -> tuple[PersonRef, ...]:
    """People of a month as their names."""
    return number_cell(people).people


# --- registers: one row for each person


def of_registers(parts: Sequence[Part], tables: Sequence[Table], data: SheetData) -> Iterator[Reconciliation]:
    """What the rows of a sheet must agree on with the recaps, SKDN and the other formats."""
    seen = set()
    for part, table in zip(parts, tables, strict=True):
        if part.kind == "months":
            yield from _months(part, table, data)
        if part.kind != "rows":
            continue
        if part.who not in seen and part.who in _LISTED:
            seen.add(part.who)
            yield from _LISTED[part.who](table, data)
        yield from _monthly_columns(part, table, data)


def _rows(table: Table) -> tuple[PersonRef, ...]:
    """Who has a row, once for each row."""
    return tuple(next(iter(row[table.column("name")].people)) for row in table.rows if row[table.column("name")].people)


def _year(data: SheetData) -> list[Month]:
    return [Month(data.month.year, number) for number in range(1, data.month.month + 1)]


def _awaited(
    groups: Sequence[recap.CounterGroup[recap.Person]], people: Iterable[recap.Person], begins: str
) -> tuple[PersonRef, ...]:
    """Whom the columns of a recap count whose names begin so, once each."""
    tests = [each.test for group in groups for each in group.counters if each.name.startswith(begins)]
    return refs(person for person in people if any(test(person) for test in tests))


def in_recaps(data: MonthlyData, begins: str) -> tuple[PersonRef, ...]:
    """Whom the columns of the four recaps count in the month of the data whose names begin so, once in each recap."""
    month, grown = data.month, data.life.get(data.month, ())
    after = [each for each in grown if each.group in AFTER_BIRTH]
    mothers: list[recap.Mother] = [*data.pregnancies.get(month, ()), *after]
    return (
        *_awaited(recap.child_groups(data.rules.age_bands[data.recap_bands]), data.children.get(month, ()), begins),
        *_awaited(recap.pregnancy_groups(), mothers, begins),
        *in_life_recaps(data, begins),
    )


def in_life_recaps(data: MonthlyData, begins: str) -> tuple[PersonRef, ...]:
    """The same of the recaps of school age and youth, and of adults and elderly."""
    grown = data.life.get(data.month, ())
    return (
        *_awaited(recap.school_groups(), [each for each in grown if each.group in SCHOOL_AGE], begins),
        *_awaited(recap.adult_groups(), [each for each in grown if each.group in GROWN], begins),
    )


def _children_awaited(data: SheetData, month: Month, begins: str = "targets") -> tuple[PersonRef, ...]:
    bands = data.report.rules.age_bands[data.report.recap_bands]
    return _awaited(recap.child_groups(bands), data.children(month), begins)


def _mothers_awaited(data: SheetData, month: Month, begins: str = "targets") -> tuple[PersonRef, ...]:
    after = [each for each in data.life(month) if each.group in AFTER_BIRTH]
    mothers: list[recap.Mother] = [*data.mothers(month), *after]
    return _awaited(recap.pregnancy_groups(), mothers, begins)


def _once(people: Iterable[PersonRef]) -> tuple[PersonRef, ...]:
    return tuple({ref.id: ref for ref in people}.values())


def _of_children(table: Table, data: SheetData) -> Iterator[Reconciliation]:
    awaited = _once(ref for month in _year(data) for ref in _children_awaited(data, month))
    yield same_people(_("Anak di daftar ini"), _rows(table), _("sasaran rekapitulasi anak tahun ini"), awaited)


def _of_mothers(table: Table, data: SheetData) -> Iterator[Reconciliation]:
    awaited = _once(ref for month in _year(data) for ref in _mothers_awaited(data, month))
    yield same_people(_("Ibu di daftar ini"), _rows(table), _("sasaran rekapitulasi ibu tahun ini"), awaited)


def _of_women(table: Table, data: SheetData) -> Iterator[Reconciliation]:
    groups = recap.pregnancy_groups()
    awaited = _once(ref for month in _year(data) for ref in _awaited(groups, data.mothers(month), "targets"))
    words = _("ibu hamil di rekapitulasi tahun ini")
    yield same_people(_("Ibu hamil di daftar ini"), _rows(table), words, awaited)


def _of_targets(table: Table, data: SheetData) -> Iterator[Reconciliation]:
    awaited = _children_awaited(data, data.month)
    yield same_people(_("Anak di daftar ini"), _rows(table), _("sasaran rekapitulasi anak bulan ini"), awaited)


def _of_target_women(table: Table, data: SheetData) -> Iterator[Reconciliation]:
    awaited = _awaited(recap.pregnancy_groups(), data.mothers(data.month), "targets")
    yield same_people(_("Ibu hamil di daftar ini"), _rows(table), _("ibu hamil di rekapitulasi bulan ini"), awaited)


def _of_under_fives(table: Table, data: SheetData) -> Iterator[Reconciliation]:
    yield same_people(_("Balita di daftar ini"), _rows(table), _("S di SKDN"), _in_skdn(data, data.month, "S"))


def _of_wasted(table: Table, data: SheetData) -> Iterator[Reconciliation]:
    found = [ref for name in ("wasted", "severely_wasted") for ref in count_cell(name, data, data.month).people]
    yield same_people(_("Balita di daftar gizi kurang dan buruk"), _rows(table), _("angkanya di LB KIA"), found)


def _of_births(table: Table, data: SheetData) -> Iterator[Reconciliation]:
    """SIP 1 against what SIP 5 counts month by month."""
    everyone, months = data.report.everyone, _year(data)

    def counted(name: str) -> tuple[PersonRef, ...]:
        return _once(ref for month in months for ref in count_cell(name, data, month).people)

    here = [
        (ref, {column.name: cell.text for column, cell in zip(table.columns, row, strict=True)})
        for row in table.rows
        for ref in row[table.column("name")].people
    ]
    births = counted("births")
    born_here = {ref.id for ref in births}
    born = [
        ref
        for ref, told in here
        if told.get("born_on")
        and isinstance(on := everyone.get(ref.id, {}).get("born_on"), date)
        and on.year == data.month.year
        and (ref.id in born_here or not told.get("died_on"))  # who was born elsewhere has a row for the death
    ]
    yield same_people(_("Lahir tahun ini di daftar ini"), born, _("bayi lahir di SIP Format 5"), births)
    infants = data.report.rules.groups.under_five_from

    def as_infant(id_: str) -> bool:
        born_on, left_on = (everyone.get(id_, {}).get(name) for name in ("born_on", "left_on"))
        return isinstance(born_on, date) and isinstance(left_on, date) and age_months(born_on, left_on) < infants

    died = [ref for ref, told in here if told.get("died_on") and as_infant(ref.id)]
    yield same_people(
        _("Bayi meninggal di daftar ini"), died, _("bayi meninggal di SIP Format 5"), counted("infants_died")
    )
    mothers = {
        str(everyone.get(ref.id, {}).get("mother_id")) if told.get("born_on") else ref.id
        for ref, told in here
        if told.get("mother_died_on")
    }
    named = [PersonRef(id_, name_of(everyone.get(id_, {}))) for id_ in sorted(mothers)]
    words = _("ibu meninggal di SIP Format 5")
    yield same_people(_("Ibu meninggal di daftar ini"), named, words, counted("mothers_died"))


TETANUS = tuple(f"tetanus_{number}" for number in range(1, 6))


def _of_wus(table: Table, data: SheetData) -> Iterator[Reconciliation]:
    """SIP 3 against the notes it is made of, and its tetanus doses of the year against SIP 6."""
    everyone = data.report.everyone
    noted = [PersonRef(id_, name_of(everyone.get(id_, {}))) for id_ in data.wus]
    yield same_people(_("WUS di daftar ini"), _rows(table), _("WUS yang punya catatan"), noted)
    if not data.wus:
        return
    shown = [
        ref
        for row in table.rows
        for ref in row[table.column("name")].people
        for name in TETANUS
        if name in {column.name for column in table.columns}
        and isinstance(on := row[table.column(name)].value, date)
        and on.year == data.month.year
        and on <= data.month.last
    ]
    given = [ref for month in _year(data) for name in TETANUS for ref in count_cell(name, data, month).people]
    yield same_people(_("TT tahun ini di daftar ini"), shown, _("TT di SIP Format 6"), given)


def _of_activities(table: Table, data: SheetData) -> Iterator[Reconciliation]:
    """SIP 7 against the days open that LB3 counts, and the activities of each month."""
    rows = sum(bool(row[table.column("on")].text) for row in table.rows)
    days = [count_cell("days_open", data, month).value for month in _year(data)]
    held = sum(
        isinstance(on := each.get("held_on"), date) and any(on in month for month in _year(data))
        for each in data.activities
    )
    opened = sum(each for each in days if isinstance(each, int))
    sign = "=" if rows == opened + held else "\N{NOT EQUAL TO}"
    words = _("Baris di daftar ini: {rows} {sign} hari buka {days} + kegiatan {held}.")
    yield Reconciliation(rows == opened + held, words.format(rows=rows, sign=sign, days=opened, held=held))


_LISTED: Mapping[str, Callable[[Table, SheetData], Iterator[Reconciliation]]] = {
    "children": _of_children,
    "mothers": _of_mothers,
    "women": _of_women,
    "targets": _of_targets,
    "target_women": _of_target_women,
    "under_fives": _of_under_fives,
    "wasted": _of_wasted,
    "births": _of_births,
    "wus": _of_wus,
    "activities": _of_activities,
}
"""What a list of these people must agree on."""


def _monthly_columns(part: Part, table: Table, data: SheetData) -> Iterator[Reconciliation]:
    """The twelve columns of a register: who has a tick came by the recap, who has a weight was weighed by SKDN."""
    for spec in part.columns:
        if spec.monthly and (part.who, spec.source) in _TOLD:
            words, counted = _TOLD[part.who, spec.source]
            found = [
                (
                    month,
                    same_people(
                        _("daftar ini"), _marked(table, spec, month, data), _("laporan lain"), counted(data, month)
                    ),
                )
                for month in _year(data)
            ]
            odd = {ref.id: ref for _month, check in found for ref in check.people}
            wrong = [formats.short_month(month.month) for month, check in found if not check.ok]
            yield _in_every_month(_(words), wrong, tuple(odd.values()))


def _in_every_month(words: str, wrong: Sequence[str], people: tuple[PersonRef, ...]) -> Reconciliation:
    if not wrong:
        return Reconciliation(True, _("{what}: sama di setiap bulan.").format(what=words))
    return Reconciliation(False, _("{what}: berbeda di {months}.").format(what=words, months=", ".join(wrong)), people)


def _marked(table: Table, spec: ColumnSpec, month: Month, data: SheetData) -> list[PersonRef]:
    """Who has something in the column of a month; of the weights those of balita alone, as D counts."""
    place = table.column(f"{spec.name}_{month.month}")
    older = {each.id for each in data.children(month) if spec.source == "weight" and not indicators.under_five(each)}
    return [
        ref for row in table.rows if row[place].text for ref in row[table.column("name")].people if ref.id not in older
    ]


_TOLD: Mapping[tuple[str, str], tuple[str, Callable[[SheetData, Month], Iterable[PersonRef]]]] = {
    ("children", "came"): (
        N_("Tanda hadir dan kolom datang di rekapitulasi anak"),
        lambda data, month: _children_awaited(data, month, "came"),
    ),
    ("mothers", "came"): (
        N_("Tanda hadir dan kolom datang di rekapitulasi ibu"),
        lambda data, month: _mothers_awaited(data, month, "came"),
    ),
    ("children", "weight"): (N_("Berat badan dan D di SKDN"), lambda data, month: _in_skdn(data, month, "D")),
}
"""What a register's column of a month must agree on: whose rows and which fact, in words, and who is counted there."""


def _in_skdn(data: SheetData, month: Month, letter: str) -> tuple[PersonRef, ...]:
    """Who is behind a letter of SKDN in a month."""
    test = next(item.test for item in ITEMS if item.code == letter)
    return refs(indicators.counted(data.children(month), test))


# --- tables of the year: one row for each month


def _months(part: Part, table: Table, data: SheetData) -> Iterator[Reconciliation]:
    """The columns that SKDN and the recaps count too, month by month."""
    agreed = []
    for sources, words, counted in _COUNTED:
        columns = [spec.name for spec in part.columns if spec.source in sources]
        if len(columns) != len(sources):
            continue
        odd: dict[str, PersonRef] = {}
        wrong = []
        for month in _year(data):
            cells = [table.cell(month.month - 1, name) for name in columns]
            if not all(isinstance(cell.value, int) for cell in cells):
                continue
            other = counted(data, month)
            if unlike(cells, (other,)) or sum(map(_whole, cells)) != other.value:
                wrong.append(formats.short_month(month.month))
                odd |= {ref.id: ref for ref in unlike(cells, (other,))}
        if wrong:
            yield _in_every_month(_(words), wrong, tuple(odd.values()))
        else:
            agreed.append(_(words))
    if agreed:
        words = _("Sama dengan SKDN, rekapitulasi, dan LB KIA di setiap bulan: {which}.")
        yield Reconciliation(True, words.format(which=", ".join(agreed)))


def _whole(cell: Cell) -> int:
    return cell.value if isinstance(cell.value, int) else 0


def _skdn_cell(letter: str) -> Callable[[SheetData, Month], Cell]:
    return lambda data, month: _counted(_in_skdn(data, month, letter))


def _mothers_cell(name: str) -> Callable[[SheetData, Month], Cell]:
    return lambda data, month: _counted(_mothers_awaited(data, month, name))


def _counted(people: tuple[PersonRef, ...]) -> Cell:
    return Cell("", len(people), people)


def _balita_came(data: SheetData, month: Month) -> Cell:
    older = {each.id for each in data.children(month) if not indicators.under_five(each)}
    return _counted(tuple(ref for ref in _children_awaited(data, month, "came") if ref.id not in older))


def _pregnant(begins: str) -> Callable[[SheetData, Month], Cell]:
    return lambda data, month: _counted(_awaited(recap.pregnancy_groups(), data.mothers(month), begins))


def _after_birth(begins: str) -> Callable[[SheetData, Month], Cell]:
    def cell(data: SheetData, month: Month) -> Cell:
        after = [each for each in data.life(month) if each.group in AFTER_BIRTH]
        return _counted(_awaited(recap.pregnancy_groups(), after, begins))

    return cell


_COUNTED: tuple[tuple[tuple[str, ...], str, Callable[[SheetData, Month], Cell]], ...] = (
    *(((letter.lower(),), letter, _skdn_cell(letter)) for letter in ("S", "K", "D", "N", "BGM")),
    (("infants_came", "toddlers_came"), N_("bayi dan balita datang"), _balita_came),
    (("pregnant",), N_("ibu hamil"), _pregnant("targets")),
    (("pregnant_came",), N_("ibu hamil datang"), _pregnant("came")),
    (("breastfeeding",), N_("ibu nifas dan menyusui"), _after_birth("targets")),
    (("breastfeeding_came",), N_("ibu nifas dan menyusui datang"), _after_birth("came")),
    (("postpartum_vitamin_a",), N_("ibu nifas dapat vitamin A"), _mothers_cell("vitamin_a_yes")),
    (("births",), N_("lahir"), lambda data, month: count_cell("born", data, month)),
)
"""What another report counts of a month as well: the sources of the columns, in words, and that count."""
