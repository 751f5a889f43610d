"""What is in doubt on a visit, and what may be said of it before somebody looked again."""

from datetime import date

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.child import ChildAssessment
from posyandu.domain.fields import Value
from posyandu.domain.form import Level
from posyandu.domain.forms import FORMS
from posyandu.services import checking, follow_up, people, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services.melati import CHILD, MOTHER, POST, TODAY, child, post, pregnancy, weighed, woman

OCTOBER = date(2026, 10, 10)
JUMP = "Naik 3,5 kg dari kunjungan lalu. Coba ukur sekali lagi."


@pytest.fixture
def ws() -> Workspace:
    return post()


@pytest.fixture
def jumped(ws: Workspace) -> str:
    """A child who rose by 3.500 grams in a month, by what was typed."""
    raka = child(ws)
    weighed(ws, raka, OCTOBER, 9_200)
    weighed(ws, raka, TODAY, 12_700, sick=True)
    return raka


def test_a_card_tells_a_weight_in_doubt_as_such_and_asks_to_measure_again(ws: Workspace, jumped: str) -> None:
    card = people.card(ws, jumped)
    last = card.assessments[-1]
    assert (last.headline, last.level) == ("Belum dipastikan: naik 3.500 gram sejak 10 Oktober", "warn")
    first, *others = last.findings
    assert (first.code, first.level, first.why, first.refer) == ("in_doubt", "warn", JUMP, False)
    assert first.what_to_do.startswith("Ukur sekali lagi dan betulkan.")
    assert [each.code for each in others] == ["sick"]  # what the weight had no part in is said as ever
    assert people.card(ws, jumped).assessments[0].level != "warn"


def test_the_timeline_tells_it_too_with_the_figures_but_without_praise(ws: Workspace, jumped: str) -> None:
    entry = people.card(ws, jumped).timeline[0]
    assert (entry.title, entry.level) == ("Belum dipastikan: naik 3.500 gram sejak 10 Oktober", "warn")
    assert entry.detail == f"{JUMP}\n12,7 kg"


def test_once_confirmed_the_verdict_is_told_as_it_is(ws: Workspace, jumped: str) -> None:
    visits.confirm(ws, CHILD, people.card(ws, jumped).visits[-1].id, {"weight_g"})
    card = people.card(ws, jumped)
    assert card.assessments[-1].headline.startswith("Naik 3.500 gram")
    assert "in_doubt" not in {each.code for each in card.assessments[-1].findings}
    assert card.timeline[0].title.startswith("Naik 3.500 gram")


def test_a_length_in_doubt_leaves_what_a_sure_weight_says(ws: Workspace) -> None:
    raka = child(ws)
    weighed(ws, raka, OCTOBER, 9_200, length_mm=780)
    weighed(ws, raka, TODAY, 9_600, length_mm=680)
    last = people.card(ws, raka).assessments[-1]
    assert last.headline.startswith("Naik 400 gram")
    assert last.findings[0].why == "Turun 10,0 cm dari kunjungan lalu. Coba ukur sekali lagi."
    assert isinstance(last, ChildAssessment)
    assert last.categories["haz"].level == "unknown"


def test_of_a_pregnant_woman_the_same_holds(ws: Workspace) -> None:
    wulan = woman(ws)
    pregnancy(ws, wulan)
    for on, grams in ((OCTOBER, 50_000), (TODAY, 70_000)):
        visits.record(ws, MOTHER, None, wulan, {"visited_on": on, "weight_g": grams, "sick": None})
    last = people.card(ws, wulan).assessments[-1]
    assert last.level == "warn"
    assert last.headline.startswith("Belum dipastikan: ")
    assert last.findings[0].code == "in_doubt"


def test_a_list_of_the_month_says_whose_figures_are_in_doubt(ws: Workspace) -> None:
    raka = child(ws)
    weighed(ws, raka, OCTOBER, 9_200)
    weighed(ws, raka, TODAY, 7_000)
    found = {each.code: each for each in follow_up.attention(ws, POST, Month.of(TODAY))}
    assert found["below_red"].people[0].reason == "Belum dipastikan: di bawah garis merah"
    visits.confirm(ws, CHILD, people.card(ws, raka).visits[-1].id, {"weight_g"})
    found = {each.code: each for each in follow_up.attention(ws, POST, Month.of(TODAY))}
    assert found["below_red"].people[0].reason == "Di bawah garis merah"


@pytest.mark.parametrize(
    ("born_on", "answers", "asks"),
    [
        (date(2022, 6, 1), {"vitamin_a": "blue"}, "Kapsul biru bukan untuk umur 53 bulan. Biru untuk umur 6 sampai"),
        (date(2025, 11, 13), {"vitamin_a": "red"}, "Kapsul merah bukan untuk umur 11 bulan. Merah untuk umur 12"),
        (date(2021, 11, 12), {"vitamin_a": "red"}, "Kapsul merah bukan untuk umur 60 bulan."),
        (date(2026, 5, 13), {"vitamin_a": "blue"}, "Kapsul biru bukan untuk umur 5 bulan."),
        (date(2022, 6, 1), {"exclusive_breastfeeding": True}, "ASI eksklusif bukan untuk umur 53 bulan."),
        (date(2026, 4, 12), {"exclusive_breastfeeding": True}, "ASI eksklusif bukan untuk umur 7 bulan."),
        (date(2022, 6, 1), {"vitamin_a": "red", "exclusive_breastfeeding": False}, ""),
        (date(2026, 5, 12), {"vitamin_a": "blue", "exclusive_breastfeeding": True}, ""),
        (date(2021, 11, 13), {"vitamin_a": "red"}, ""),
        (date(2022, 6, 1), {"vitamin_a": "none"}, ""),
    ],
)
def test_capsule_and_breast_milk_of_another_age_are_asked_about_never_refused(
    ws: Workspace, born_on: date, answers: dict[str, Value], asks: str
) -> None:
    person_id = child(ws, born_on=born_on)
    saved = visits.record(ws, CHILD, None, person_id, {"visited_on": date(2026, 11, 12), **answers})
    assert [each.level for each in saved.problems] == ([Level.SOFT] if asks else [])
    assert all(each.message.startswith(asks) and each.message.endswith("eriksa lagi.") for each in saved.problems)
    row = records.load_many(ws.db, CHILD, person_id=person_id)[0]
    person = people.card(ws, person_id).person
    assert bool(checking.doubts(ws, CHILD, person, row, ())) is bool(asks)
    assert not checking.measured_doubts(ws, CHILD, person, [row])  # they spoil no verdict of the scale


def test_where_no_birth_date_is_known_no_age_is_doubted(ws: Workspace) -> None:
    context = checking.visit_context(ws, CHILD, {"sex": "male"}, TODAY, ())
    assert context.numbers == {}
    assert checking.visit_context(ws, FORMS["adult_visit"], {"born_on": OCTOBER}, TODAY, ()).numbers == {}
