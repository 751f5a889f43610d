"""What is asked beside the visit: of whom at which age, and when it is time again."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.domain.service_group import group_on
from posyandu.services import companions, visits
from posyandu.services.companions import Companion
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.domain.shipped import RULES
from tests.services.melati import POST, TODAY, child, post, woman

HEADER = ["health_history", "nakes_exam"]
BIRTHDAY = TODAY.day


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    book = post()
    yield book
    book.close()


def born(years: int, months: int = 0, days: int = 0) -> date:
    """The day of birth of somebody who completed exactly this age today, and lived so many days more."""
    total = TODAY.year * 12 + TODAY.month - 1 - years * 12 - months
    return date(total // 12, total % 12 + 1, BIRTHDAY) - timedelta(days=days)


def asked(ws: Workspace, sex: str, born_on: date) -> list[str]:
    person = {"sex": sex, "born_on": born_on}
    group = group_on(RULES.groups, person, TODAY)
    return [form.name for form in companions.asked(ws.standards.on(TODAY), person, group, TODAY)]


@pytest.mark.parametrize(
    ("sex", "born_on", "expected"),
    [
        ("male", TODAY, ["newborn"]),
        ("male", born(0, 1, -1), ["newborn"]),
        ("male", born(0, 1), ["newborn", "development"]),
        ("male", born(1, 0, -1), ["newborn", "development"]),
        ("male", born(1), ["development"]),
        ("male", born(4, 0, -1), ["development"]),
        ("male", born(4), ["development", "sdq"]),
        ("female", born(6, 0, -1), ["development", "sdq"]),
        ("female", born(6), ["sdq", *HEADER]),
        ("female", born(10, 0, -1), ["sdq", *HEADER]),
        ("female", born(10), ["school_mental", "sdq", "smoking", *HEADER]),
        ("female", born(15, 0, -1), ["school_mental", "sdq", "smoking", *HEADER]),
        ("female", born(15), ["school_mental", "sdq", "smoking", "wus", *HEADER]),
        ("male", born(15), ["school_mental", "sdq", "smoking", *HEADER]),
        ("female", born(19, 0, -1), ["school_mental", "sdq", "smoking", "wus", *HEADER]),
        ("female", born(19), ["srq20", "wus", *HEADER]),
        ("male", born(19), ["srq20", *HEADER]),
        ("female", born(50, 0, -1), ["srq20", "wus", *HEADER]),
        ("female", born(50), ["srq20", *HEADER]),
        ("female", born(60, 0, -1), ["srq20", *HEADER]),
        ("female", born(60), ["aks", "skilas", "srq20", *HEADER]),
        ("male", born(99), ["aks", "skilas", "srq20", *HEADER]),
    ],
)
def test_every_age_has_its_forms_and_no_age_those_of_its_neighbour(
    ws: Workspace, sex: str, born_on: date, expected: list[str]
) -> None:
    assert asked(ws, sex, born_on) == expected


def test_somebody_without_a_birth_date_is_asked_nothing_beside_the_visit(ws: Workspace) -> None:
    assert list(companions.asked(ws.standards.on(TODAY), {"sex": "female"}, None, TODAY)) == []
    records.save(
        ws.db, FORMS["person"], "came in a file", {"name": "Sri", "sex": "female"},
        scope=POST, author=ws.author, now=ws.now(),
    )  # fmt: skip
    assert companions.companions(ws, "came in a file", None, TODAY) == []


PREGNANT, BORN = TODAY - timedelta(days=300), TODAY - timedelta(days=20)


@pytest.mark.parametrize(
    ("carried", "expected"),
    [
        ({"lmp_on": TODAY - timedelta(days=140)}, []),
        ({"lmp_on": PREGNANT, "outcome": "live_birth", "ended_on": BORN}, ["wus"]),
        ({"lmp_on": PREGNANT, "outcome": "stillbirth", "ended_on": BORN}, ["wus"]),
        ({"lmp_on": PREGNANT, "outcome": "abortion", "ended_on": BORN}, ["srq20", "wus", *HEADER]),
        ({"lmp_on": PREGNANT, "outcome": "live_birth", "ended_on": TODAY - timedelta(days=43)},
         ["srq20", "wus", *HEADER]),
        ({"lmp_on": PREGNANT, "outcome": "live_birth", "ended_on": TODAY - timedelta(days=43), "breastfeeding": True},
         ["wus"]),
    ],
)  # fmt: skip
def test_a_pregnancy_and_the_time_after_it_come_before_age(
    ws: Workspace, carried: dict[str, Value], expected: list[str]
) -> None:
    her = woman(ws)
    write(ws, "pregnancy", her, **carried)
    assert [each.form.name for each in companions.companions(ws, her, None, TODAY)] == expected


def test_a_pregnancy_that_was_taken_back_was_none(ws: Workspace) -> None:
    her = woman(ws)
    record = write(ws, "pregnancy", her, lmp_on=TODAY - timedelta(days=140))
    records.withdraw(ws.db, FORMS["pregnancy"], record, author=ws.author, now=ws.now())
    assert [each.form.name for each in companions.companions(ws, her, None, TODAY)] == ["srq20", "wus", *HEADER]


# --- when it is time again -------------------------------------------------------------------------------------------


def write(ws: Workspace, form: str, person_id: str, record_id: str = "", **answers: Value | None) -> str:
    record_id = record_id or records.new_id()
    links = {"person_id": person_id}
    records.save(
        ws.db, FORMS[form], record_id, answers, scope=POST, author=ws.author, now=ws.now(), links=links
    )  # fmt: skip
    return record_id


def of(ws: Workspace, form: str, person_id: str, on: date = TODAY, day: str | None = None) -> Companion:
    return next(each for each in companions.companions(ws, person_id, day, on) if each.form.name == form)


AKS = {option.name: option.options[-1].code for option in FORMS["aks"].sections[1].fields}  # type: ignore[attr-defined]


def test_what_was_never_asked_is_due_and_says_so(ws: Workspace) -> None:
    elder = child(ws, "Inaq", born(70))
    for form in ("aks", "skilas", "srq20", "health_history"):
        found = of(ws, form, elder)
        assert (found.is_due, found.done_on, found.words, found.level) == (True, None, "Belum", "neutral")
    assert not of(ws, "nakes_exam", elder).is_due, "filled only when there is something to copy"


def test_a_day_takes_as_many_examinations_as_there_were_and_each_can_be_opened_again(ws: Workspace) -> None:
    pupil = child(ws, "Sinta", born(12))
    kept = []
    for told in (
        {"instrument": "teeth", "caries": True, "place": "SMP 1"},
        {"instrument": "vision"},
        {"place": "Pustu"},
    ):
        new = companions.companions(ws, pupil, None, TODAY)[-1]
        assert (new.title, new.record_id in kept) == ("", False)
        assert companions.companions(ws, pupil, None, TODAY)[-1].record_id == new.record_id, "a draft finds it again"
        kept.append(new.record_id)
        visits.record(ws, new.form, None, pupil, {"visited_on": TODAY, **told}, record_id=new.record_id)
    found = [each for each in companions.companions(ws, pupil, None, TODAY) if each.form.name == "nakes_exam"]
    in_turn = [*sorted(found[:-1], key=lambda each: kept.index(each.record_id)), found[-1]]
    assert [(each.title, each.words) for each in in_turn] == [
        ("Gigi", "SMP 1"), ("Tajam penglihatan (visus)", ""), ("Belum dipilih", "Pustu"), ("", "Dicatat 12-11-2026"),
    ]  # fmt: skip
    later = [each.title for each in companions.companions(ws, pupil, None, TODAY + timedelta(days=1))]
    assert later[-1] == "", "the next day has a page of its own"


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_an_examination_taken_away_makes_no_other_open_as_a_new_one(ws: Workspace, gone: int) -> None:
    pupil, kept = child(ws, "Sinta", born(12)), []
    for instrument in ("teeth", "vision", "hearing"):
        new = companions.companions(ws, pupil, None, TODAY)[-1]
        told = {"visited_on": TODAY, "instrument": instrument}
        visits.record(ws, new.form, None, pupil, told, record_id=new.record_id)
        kept.append(new.record_id)
    records.withdraw(ws.db, FORMS["nakes_exam"], kept[gone], author=ws.author, now=ws.now())
    new = companions.companions(ws, pupil, None, TODAY)[-1]
    assert (new.title, new.record_id in kept) == ("", False)


@pytest.mark.parametrize(
    ("done_on", "is_due"),
    [
        (TODAY, False),
        (date(2025, 12, 1), False),  # eleven months by the calendar
        (date(2025, 11, 30), True),  # the same month of last year
        (date(2025, 11, 1), True),
        (date(2020, 1, 1), True),
    ],
)
def test_a_yearly_form_is_due_in_the_month_it_was_answered_a_year_before(
    ws: Workspace, done_on: date, is_due: bool
) -> None:
    elder = child(ws, "Inaq", born(70))
    write(ws, "aks", elder, visited_on=done_on, **AKS)
    found = of(ws, "aks", elder)
    assert (found.is_due, found.done_on) == (is_due, done_on)


def test_half_a_yearly_form_is_still_due(ws: Workspace) -> None:
    elder = child(ws, "Inaq", born(70))
    record = write(ws, "aks", elder, visited_on=TODAY, **{**AKS, "stairs": None})
    assert of(ws, "aks", elder).is_due
    write(ws, "aks", elder, record, stairs="2")
    assert not of(ws, "aks", elder).is_due


def test_a_note_was_not_asked_and_leaves_nothing_open(ws: Workspace) -> None:
    elder = child(ws, "Inaq", born(70))
    write(ws, "aks", elder, visited_on=TODAY, **AKS)
    assert of(ws, "aks", elder).words.startswith("12-11-2026. Skor 20 dari 20")


def test_an_answer_of_a_later_day_is_not_known_yet(ws: Workspace) -> None:
    elder = child(ws, "Inaq", born(70))
    write(ws, "aks", elder, visited_on=TODAY + timedelta(days=1), **AKS)
    assert of(ws, "aks", elder).done_on is None
    assert of(ws, "aks", elder, TODAY + timedelta(days=1)).done_on == TODAY + timedelta(days=1)


def test_the_last_of_several_is_shown(ws: Workspace) -> None:
    elder = child(ws, "Inaq", born(70))
    for on in (date(2024, 5, 1), date(2026, 5, 1), date(2025, 5, 1)):
        write(ws, "aks", elder, visited_on=on, **AKS)
    assert of(ws, "aks", elder).done_on == date(2026, 5, 1)


def test_this_days_record_is_opened_again_and_an_earlier_one_never_written_over(ws: Workspace) -> None:
    elder = child(ws, "Inaq", born(70))
    early = write(ws, "aks", elder, visited_on=date(2026, 5, 1), **AKS)
    fresh = of(ws, "aks", elder, day="hari-1").record_id
    assert fresh not in (early, of(ws, "aks", elder, day="hari-2").record_id)
    assert fresh == of(ws, "aks", elder, day="hari-1").record_id, "two laptops open the same record"
    today = write(ws, "aks", elder, visited_on=TODAY, **AKS)
    assert of(ws, "aks", elder, day="hari-1").record_id == today


@pytest.mark.parametrize(
    ("couple", "done_on", "is_due"),
    [
        (True, date(2025, 11, 12), True),
        (True, date(2025, 12, 12), False),
        (False, date(2020, 1, 1), False),
        (None, date(2020, 1, 1), False),
    ],
)
def test_a_couple_is_asked_anew_each_year_and_who_is_none_once(
    ws: Workspace, couple: bool | None, done_on: date, is_due: bool
) -> None:
    her = woman(ws)
    record = write(ws, "wus", her, visited_on=done_on, couple=couple, children_living=1)
    found = of(ws, "wus", her)
    assert (found.is_due, found.record_id) == (is_due, record), "one record, corrected"


def test_the_newborn_record_is_one_for_all_days(ws: Workspace) -> None:
    baby = child(ws, "Raka", TODAY - timedelta(days=3))
    first = of(ws, "newborn", baby, day="a")
    assert first.record_id == of(ws, "newborn", baby, TODAY + timedelta(days=200), day="b").record_id
    write(ws, "newborn", baby, first.record_id, visited_on=TODAY, hb0_on=TODAY)
    again = of(ws, "newborn", baby)
    assert (again.record_id, again.is_due) == (first.record_id, False)


def items(band: str) -> list[str]:
    return [name for name in FORMS["development"].fields if name.startswith(f"{band}_")]


@pytest.mark.parametrize(
    ("told", "is_due"),
    [
        ({}, True),
        (dict.fromkeys(items("m12"), True), False),
        ({**dict.fromkeys(items("m12"), True), "m12_3": None}, True),
        ({"m12_3": False}, False),  # one line not shown settles it
        (dict.fromkeys(items("m9"), True), True),  # those were the questions of last month's age
    ],
)
def test_a_checklist_is_due_until_the_lines_of_this_age_are_settled(
    ws: Workspace, told: dict[str, bool | None], is_due: bool
) -> None:
    baby = child(ws, "Raka", born(1, 2))
    write(ws, "development", baby, visited_on=TODAY, **told)  # type: ignore[arg-type]
    assert of(ws, "development", baby).is_due == is_due


def test_of_confidential_forms_only_is_told_whether_they_were_answered(ws: Workspace) -> None:
    grown = child(ws, "Dewa", born(30))
    record = write(ws, "srq20", grown, visited_on=TODAY, answered=False, outcome="high")
    half = of(ws, "srq20", grown)
    assert (half.words, half.level, half.is_due) == ("Belum lengkap", "neutral", True)
    write(ws, "srq20", grown, record, answered=True)
    whole = of(ws, "srq20", grown)
    assert (whole.words, whole.level, whole.is_due) == ("Sudah 12-11-2026", "neutral", False)


def test_a_youth_is_asked_eight_questions_and_seven_are_not_all(ws: Workspace) -> None:
    youth = child(ws, "Ayu", born(12))
    eight = list(ws.standards.on(TODAY).mental.youth_attention)
    assert len(eight) == 8
    record = write(ws, "school_mental", youth, visited_on=TODAY, **dict.fromkeys(eight[:-1], False))
    assert of(ws, "school_mental", youth).words == "Belum lengkap"
    write(ws, "school_mental", youth, record, **{eight[-1]: False})
    assert of(ws, "school_mental", youth).words == "Sudah 12-11-2026"


def test_a_form_nobody_judges_says_the_day_it_was_noted(ws: Workspace) -> None:
    grown = child(ws, "Dewa", born(30))
    write(ws, "health_history", grown, visited_on=date(2026, 3, 4), own_hypertension=True)
    found = of(ws, "health_history", grown)
    assert (found.words, found.level, found.is_due) == ("Dicatat 04-03-2026", "neutral", False)


def test_what_was_withdrawn_was_never_asked(ws: Workspace) -> None:
    elder = child(ws, "Inaq", born(70))
    record = write(ws, "aks", elder, visited_on=TODAY, **AKS)
    records.withdraw(ws.db, FORMS["aks"], record, author=ws.author, now=ws.now())
    assert of(ws, "aks", elder).done_on is None
