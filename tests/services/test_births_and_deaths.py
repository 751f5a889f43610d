"""Born, died, moved and moved in within one month, reckoned by hand: each counted once, where it belongs, by name."""

from collections.abc import Iterator
from datetime import date

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.move import ARRIVAL
from posyandu.domain.forms.postpartum import NEWBORN
from posyandu.reports.counts import SheetData, count_cell
from posyandu.services import births, deaths, levels, moves, people, report_data, reporting, sessions, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.plain_reports import Told
from tests.services.melati import POST, child, post, pregnancy, woman

OCTOBER, SEPTEMBER, NOVEMBER = Month(2026, 10), Month(2026, 9), Month(2026, 11)
HELD_ON = date(2026, 10, 10)
VILLAGE = "5203012001"


def october(day: int) -> date:
    return date(2026, 10, day)


def first_weeks(ws: Workspace, baby: str, **told: Value | None) -> None:
    record_id = records.visit_id(NEWBORN.name, "once", baby)
    visits.record(ws, NEWBORN, None, baby, {"visited_on": ws.today(), **told}, record_id=record_id)


def born(ws: Workspace, mother: str, on: date, **told: Value | None) -> str:
    """A birth of a living child; its id."""
    carried = pregnancy(ws, woman(ws, mother), lmp_on=date(2026, 1, 1))
    answers = {"outcome": "live_birth", "ended_on": on, "sex": "male", "birth_weight_g": 3_000, **told}
    baby = births.note(ws, carried, answers)
    assert baby is not None
    return baby


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    """A post whose October is told below, one family after the other."""
    ws = post()
    sessions.open_day(ws, POST, HELD_ON)
    # Ani's son lived four days, all of them before the posyandu day.
    ani = born(ws, "Ani", october(2), early_breastfeeding=True, birth_place="hospital", name="Putra Ani")
    first_weeks(ws, ani, kn1_on=october(3))
    deaths.note(ws, ani, {"died_on": october(6)})
    # Baiq's twins came after the posyandu day; one was small.
    carried = pregnancy(ws, woman(ws, "Baiq"), lmp_on=date(2026, 1, 20))
    told = {"outcome": "live_birth", "ended_on": october(20), "babies": 2, "birth_place": "puskesmas"}
    first = births.note(ws, carried, {**told, "sex": "female", "birth_weight_g": 2_300, "early_breastfeeding": True})
    second = births.note_twin(ws, carried, {"sex": "male", "birth_weight_g": 2_600, "name": "Adik Baiq"})
    assert first is not None
    people.correct(ws, first, {"name": "Kakak Baiq"})
    first_weeks(ws, first, kn1_on=october(21), thyroid_screened=True)
    first_weeks(ws, second, kn1_on=october(21))
    # Citra's child was born dead.
    lost = pregnancy(ws, woman(ws, "Citra"), lmp_on=date(2026, 1, 20))
    births.note(ws, lost, {"outcome": "stillbirth", "ended_on": october(8), "birth_place": "hospital"})
    # Dewi died two days after her daughter's birth.
    dewi = born(ws, "Dewi", october(3), early_breastfeeding=True, birth_place="home", name="Putri Dewi", sex="female")
    mother = str(records.load(ws.db, people.PERSON, dewi).answers["mother_id"])  # type: ignore[union-attr]
    deaths.note(ws, mother, {"died_on": october(5)})
    # Eka's child moved away on the 15th; its third visit was made there.
    eka = born(ws, "Eka", october(1), name="Putra Eka")
    first_weeks(ws, eka, kn1_on=october(2), kn2_on=october(5), kn3_on=october(20))
    people.set_status(ws, eka, "moved", october(15))
    # Fitri's was born in September and had its third visit in October.
    fitri = born(ws, "Fitri", date(2026, 9, 5), name="Putra Fitri")
    first_weeks(ws, fitri, kn1_on=date(2026, 9, 6), kn2_on=date(2026, 9, 10), kn3_on=october(1))
    # Gina died in her pregnancy, on the road.
    gina = woman(ws, "Gina")
    pregnancy(ws, gina, lmp_on=date(2026, 4, 1))
    deaths.note(ws, gina, {"died_on": october(20), "accident": True})
    # Hadi was eight months old; a guest was born elsewhere; Indah moved in at three months.
    hadi = child(ws, "Hadi", date(2026, 2, 1))
    deaths.note(ws, hadi, {"died_on": october(9)})
    child(ws, "Tamu", october(7), guest=True)
    child(ws, "Indah", date(2026, 7, 1), entered_on=october(4))
    yield ws
    ws.close()


@pytest.fixture(scope="module")
def data(ws: Workspace) -> SheetData:
    return report_data.gather_sheet(ws, POST, OCTOBER)


@pytest.mark.parametrize(
    ("name", "month", "who"),
    [
        ("births", OCTOBER, {"Putra Ani", "Kakak Baiq", "Adik Baiq", "Putri Dewi", "Putra Eka"}),
        ("born", OCTOBER, {"Putra Ani", "Kakak Baiq", "Adik Baiq", "Putri Dewi", "Putra Eka"}),
        ("born", SEPTEMBER, {"Putra Fitri"}),
        ("early_breastfed", OCTOBER, {"Putra Ani", "Kakak Baiq", "Putri Dewi"}),
        ("low_birth_weight", OCTOBER, {"Kakak Baiq"}),
        ("kn1", OCTOBER, {"Putra Ani", "Kakak Baiq", "Adik Baiq", "Putra Eka"}),
        ("kn1", SEPTEMBER, {"Putra Fitri"}),
        ("kn_complete", OCTOBER, {"Putra Fitri"}),
        ("thyroid_screened", OCTOBER, {"Kakak Baiq"}),
        ("facility_births", OCTOBER, {"Ani", "Baiq", "Citra"}),
        ("infants_died", OCTOBER, {"Putra Ani", "Hadi"}),
        ("mothers_died", OCTOBER, {"Dewi"}),
    ],
)
def test_each_is_counted_once_in_its_month_and_opens_its_names(
    data: SheetData, name: str, month: Month, who: set[str]
) -> None:
    cell = count_cell(name, data, month)
    assert cell.value == len(who)
    assert {ref.name for ref in cell.people} == who


def test_the_boys_and_girls_add_up_where_a_sheet_splits_them(ws: Workspace) -> None:
    sheet = reporting.build(ws, "lb_kia", POST, OCTOBER)
    (table,) = (each for each in sheet.tables if each.code == "lb_kia")
    told = {row[0].text: [cell.text for cell in row[2:]] for row in table.rows}
    assert [told[no] for no in ("7", "9", "33", "34")] == [["1", "2", "3"], ["0", "1", "1"], ["3", "1", "4"],
                                                           ["1", "0", "1"]]  # fmt: skip


def test_the_registers_of_births_and_of_the_year_say_the_same(ws: Workspace) -> None:
    sip5 = reporting.build(ws, "sip5", POST, year=2026).tables[0]
    assert [sip5.cell(9, name).value for name in ("births", "infants_died", "mothers_died")] == [5, 2, 1]
    sip1 = reporting.build(ws, "sip1", POST, year=2026).tables[0]
    died = {row[sip1.column("died_on")].text for row in sip1.rows} - {""}
    assert died == {"06-10-2026", "09-10-2026"}
    assert [
        row[sip1.column("mother_died_on")].text for row in sip1.rows if row[sip1.column("mother_died_on")].text
    ] == ["05-10-2026"]
    assert {each.kind for each in deaths.of_month(ws, POST, OCTOBER)} == {"neonatal_early", "mother", "other", "infant"}


def test_who_died_or_moved_before_the_posyandu_day_is_no_target_of_it_and_a_later_birth_neither(
    data: SheetData,
) -> None:
    names = {str(each.person["name"]) for each in data.children(OCTOBER)}
    assert names == {"Putri Dewi", "Putra Fitri", "Indah"}  # Eka's was not served here before it moved


def test_a_child_belongs_to_its_mothers_post_whichever_is_being_worked_at() -> None:
    ws = post()
    carried = pregnancy(ws, woman(ws, "Ani"), lmp_on=date(2026, 1, 20))
    ws.posyandu_id = "mawar"
    told: Answers = {"outcome": "live_birth", "ended_on": october(20), "babies": 2, "sex": "male"}
    first, second = births.note(ws, carried, told), births.note_twin(ws, carried, {"sex": "male", "name": "Adik"})
    rows = [records.load(ws.db, people.PERSON, str(each)) for each in (first, second)]
    assert [row.scope for row in rows if row] == [POST, POST]
    ws.close()


ALL_BORN = {"Putra Ani", "Pindah Sendiri", "Tamu"}
BY_POST: dict[str, list[set[str]]] = {
    **dict.fromkeys(("births", "born"), [{"Putra Ani", "Pindah Sendiri"}, {"Tamu"}, ALL_BORN]),
    "facility_births": [{"Ani"}, set(), {"Ani"}],
    "kn_complete": [set(), {"Putra Ani"}, {"Putra Ani"}],
}
"""At the post that handed over, at the one that took in, and in their village."""


@pytest.fixture
def two() -> Iterator[Workspace]:
    """Two posts of one village in one book, Melati and Mawar, both without anybody."""
    ws = post()
    for scope in (POST, "mawar"):
        told: Answers = {"name": scope.capitalize(), "village_code": VILLAGE}
        records.save(ws.db, FORMS["posyandu"], scope, told, scope=scope, author=ws.author, now=ws.now())
        sessions.open_day(ws, scope, HELD_ON)
    yield ws
    ws.close()


def counted(ws: Workspace, name: str, month: Month = OCTOBER) -> list[set[str]]:
    """Whom Melati, Mawar and their village count, which is what is counted a second time at each post."""
    posts = [report_data.gather_sheet(ws, each, month) for each in (POST, "mawar")]
    (whole,) = [each for each in levels.levels(ws) if each.kind == "village"]
    both = levels.together(whole, [levels.packed(name, each) for name, each in zip(("A", "B"), posts, strict=True)])
    cells = [count_cell(name, each, month) for each in (*posts, both)]
    recounted = [Told(ws.db, each, month.year, month.month).counts(month.month)[name] for each in (POST, "mawar")]
    assert [{ref.id for ref in cell.people} for cell in cells[:2]] == recounted, name
    assert cells[2].value == cells[0].value + cells[1].value, name  # type: ignore[operator]
    return [{ref.name for ref in cell.people} for cell in cells]


BIRTHS = ("births", "born", "early_breastfed")


@pytest.mark.parametrize(
    ("there", "counts"),
    [
        ({"mother_name": "Ani"}, POST),
        ({"mother_name": "Ani", "entered_on": october(20)}, POST),
        ({"mother_name": "Ani", "entered_on": date(2026, 11, 12)}, POST),
        ({"mother_name": "Bq. Rohani"}, "both"),
        ({"mother_name": "Ani", "sex": "female"}, "both"),
        ({"mother_name": "Ani", "name": "Kembarannya"}, "both"),
    ],
)
def test_a_baby_registered_by_hand_at_a_second_post_is_born_once(two: Workspace, there: Answers, counts: str) -> None:
    baby = born(two, "Ani", october(2), name="Putra Ani", early_breastfeeding=True)
    people.set_status(two, baby, "moved", october(19))
    told: Answers = {"name": "Putra Ani", "early_breastfeeding": True, "scope": "mawar", **there}
    people.register(two, {"sex": "male", "born_on": october(2), **told})
    at_second = {str(told["name"])} if counts == "both" else set()
    for name in BIRTHS:
        assert counted(two, name)[:2] == [{"Putra Ani"}, at_second], name


def test_a_baby_without_a_name_yet_is_known_by_its_mother(two: Workspace) -> None:
    born(two, "Ani", october(2))
    told: Answers = {"name": "Raka", "mother_name": "Ani", "sex": "male", "born_on": october(2), "scope": "mawar"}
    people.register(two, told)
    data = report_data.gather_sheet(two, "mawar", OCTOBER)
    assert count_cell("births", data, OCTOBER).value == 0


@pytest.mark.parametrize(("came", "counts"), [(None, True), (october(2), True), (october(3), False)])
def test_a_birth_counts_where_the_mother_lived(two: Workspace, came: date | None, counts: bool) -> None:
    baby = born(two, "Ani", october(2), name="Putra Ani", birth_place="hospital")
    mother = str(records.load(two.db, people.PERSON, baby).answers["mother_id"])  # type: ignore[union-attr]
    people.correct(two, mother, {"entered_on": came})
    assert counted(two, "births")[0] == ({"Putra Ani"} if counts else set())
    assert counted(two, "facility_births")[0] == ({"Ani"} if counts else set())


def test_a_guest_who_is_handed_over_counts_at_home_from_birth_on_and_as_a_guest_where_it_was_weighed(
    two: Workspace,
) -> None:
    guest = child(two, "Tamu", october(4), guest=True)
    day = sessions.open_day(two, POST, HELD_ON)
    visits.record(two, FORMS["under_five_visit"], day, guest, {"weight_g": 3_400})
    came = moves.hand_over(two, guest, VILLAGE, "Mawar", october(15)).person_id
    assert "entered_on" not in {k for k, v in records.load(two.db, people.PERSON, came).answers.items() if v}  # type: ignore[union-attr]
    assert counted(two, "births")[:2] == [set(), {"Tamu"}]
    assert counted(two, "s")[:2] == [set(), {"Tamu"}]
    assert counted(two, "d")[:2] == [set(), set()], "weighed as a guest"
    assert [ref.name for ref in report_data.gather(two, POST, OCTOBER).guests] == ["Tamu"]
    november = counted(two, "s", NOVEMBER)
    assert november[:2] == [set(), {"Tamu"}]


def test_who_lived_here_all_along_stays_so_when_another_post_hands_them_over(two: Workspace) -> None:
    resident = people.register(
        two, {"name": "Raka", "sex": "male", "born_on": october(4), "mother_name": "Ani", "scope": "mawar"}
    )
    guest = child(two, "Raka", october(4), guest=True, mother_name="Ani")
    package = moves._packed(two, records.load(two.db, people.PERSON, guest))  # type: ignore[arg-type]
    told: Answers = {"left_on": october(20), "package": package, "from_post": "Melati"}
    records.save(two.db, ARRIVAL, "a1", told, scope="mawar", author=two.author, now=two.now())
    assert moves.accept(two, "a1", "mawar", resident) == resident
    row = records.load(two.db, people.PERSON, resident)
    assert row is not None
    assert (row.answers.get("entered_on"), row.answers.get("status")) == (None, "active")
    assert counted(two, "births")[1] == {"Raka"}


def test_a_guest_of_a_post_in_another_book_counts_at_home(two: Workspace) -> None:
    guest = child(two, "Tamu", october(4), guest=True)
    package = moves._packed(two, records.load(two.db, people.PERSON, guest))  # type: ignore[arg-type]
    people.set_status(two, guest, "moved", october(15))
    told: Answers = {"left_on": october(15), "package": package, "from_post": "Melati"}
    records.save(two.db, ARRIVAL, "a1", told, scope="mawar", author=two.author, now=two.now())
    moves.accept(two, "a1", "mawar")
    assert counted(two, "births")[:2] == [set(), {"Tamu"}]
    assert counted(two, "s")[:2] == [set(), {"Tamu"}]


def test_a_birth_counts_where_it_was_when_the_family_is_handed_over_to_another_post() -> None:
    ws = post()
    village: Answers = {"name": "Mawar", "village_code": VILLAGE}
    records.save(
        ws.db, FORMS["posyandu"], POST, {**village, "name": "Melati"}, scope=POST, author=ws.author, now=ws.now()
    )
    records.save(ws.db, FORMS["posyandu"], "mawar", village, scope="mawar", author=ws.author, now=ws.now())
    sessions.open_day(ws, POST, HELD_ON)
    small: Answers = {"birth_place": "hospital", "early_breastfeeding": True, "birth_weight_g": 2_200}
    baby = born(ws, "Ani", october(2), **{**small, "name": "Putra Ani"})
    first_weeks(ws, baby, kn1_on=october(3), thyroid_screened=True)
    mother = str(records.load(ws.db, people.PERSON, baby).answers["mother_id"])  # type: ignore[union-attr]
    guest = child(ws, "Tamu", october(4), guest=True)
    child(ws, "Pindah Sendiri", october(4), entered_on=october(20))
    came = [moves.hand_over(ws, each, VILLAGE, "Mawar", october(15)).person_id for each in (mother, baby, guest)]
    first_weeks(ws, came[1], kn1_on=october(3), kn2_on=october(6), kn3_on=october(20), thyroid_screened=True)
    here, there = (report_data.gather_sheet(ws, each, OCTOBER) for each in (POST, "mawar"))
    (whole,) = [each for each in levels.levels(ws) if each.kind == "village"]
    names = ("births", "born", "early_breastfed", "low_birth_weight", "thyroid_screened", "facility_births", "kn1")
    both = levels.together(whole, [levels.packed("Melati", here), levels.packed("Mawar", there)])
    for name in (*names, "kn_complete"):
        counted = [{ref.name for ref in count_cell(name, each, OCTOBER).people} for each in (here, there, both)]
        assert counted == BY_POST.get(name, [{"Putra Ani"}, set(), {"Putra Ani"}]), name
        recounted = [Told(ws.db, each, 2026, 10).counts(10)[name] or set() for each in (POST, "mawar")]
        assert [len(each) for each in recounted] == [len(each) for each in counted[:2]], name
    ws.close()


def test_a_birth_told_by_the_server_counts_where_it_was_and_not_at_the_post_that_took_in() -> None:
    left, ws = post(), post()
    baby = records.load(left.db, people.PERSON, born(left, "Ani", october(2), name="Putra Ani"))
    assert baby is not None
    told: Answers = {"left_on": october(15), "package": moves._packed(left, baby)}
    records.save(ws.db, ARRIVAL, "arrival", told, scope=VILLAGE, author=ws.author, now=ws.now())
    new = moves.accept(ws, "arrival", POST)
    data = report_data.gather_sheet(ws, POST, OCTOBER)
    assert (count_cell("births", data, OCTOBER).value, set(data.report.everyone)) == (0, {new})
    assert Told(ws.db, POST, 2026, 10).counts(10)["births"] == set()
    for each in (left, ws):
        each.close()
