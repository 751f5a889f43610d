"""The register pages: whom each lists, which boxes each line has, and who can be added to it."""

from datetime import date, timedelta

import pytest

from posyandu.domain.errors import BadInput
from posyandu.domain.forms import FORMS
from posyandu.domain.service_group import Group
from posyandu.services import people, registers, sessions, visits
from posyandu.services.people import NotFinal
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.services.melati import POST, TODAY, child, post, pregnancy, woman


@pytest.fixture
def ws() -> Workspace:
    return post()


@pytest.fixture
def day(ws: Workspace) -> str:
    return sessions.open_day(ws, POST, TODAY, {})


def boxes(ws: Workspace, day: str, name: str) -> list[str | None]:
    row = next(row for row in registers.rows(ws, day, registers.MIXED) if row.name == name)
    return [field.name if field else None for field in registers.asked(ws, registers.MIXED, row, TODAY)]


def test_the_mixed_page_lists_everybody_with_the_boxes_of_their_own_card(ws: Workspace, day: str) -> None:
    pregnancy(ws, woman(ws))
    child(ws, "Bayi", TODAY - timedelta(days=100))
    child(ws, "Pupil", date(2016, 1, 1))
    child(ws, "Youth", date(2010, 1, 1))
    child(ws, "Amaq", date(1950, 1, 1))
    names = [row.name for row in registers.rows(ws, day, registers.MIXED)]
    assert names == ["Amaq", "Bayi", "Pupil", "Wulan Sari", "Youth"]
    weight, pressure = "weight_g", ["systolic_mmhg", "diastolic_mmhg"]
    assert boxes(ws, day, "Bayi") == [weight, "length_mm", "muac_mm", "head_mm", None, None, None, None]
    assert boxes(ws, day, "Wulan Sari") == [weight, None, "muac_mm", None, None, *pressure, None]
    assert boxes(ws, day, "Pupil") == [weight, "height_mm", None, None, None, *pressure, None]
    assert boxes(ws, day, "Youth") == [weight, "height_mm", None, None, "waist_mm", *pressure, "glucose_mg_dl"]
    assert boxes(ws, day, "Amaq") == boxes(ws, day, "Youth")


@pytest.mark.parametrize("page", registers.PAGES)
def test_every_line_has_one_place_under_every_heading(ws: Workspace, day: str, page: str) -> None:
    pregnancy(ws, woman(ws))
    child(ws)
    heads = registers.columns(page)
    assert heads
    for row in registers.rows(ws, day, page):
        asked = registers.asked(ws, page, row, TODAY)
        assert len(asked) == len(heads)
        form = registers.form_of(page, row)
        assert all(field is None or form.fields[field.name] is field for field in asked)
        assert form.name in registers.forms_of(page)


def test_women_of_childbearing_age_are_noted_once_and_on_no_day(ws: Workspace, day: str) -> None:
    she = woman(ws)
    child(ws, "Inaq", date(1970, 1, 1), sex="female")
    child(ws, "Gadis", date(2013, 1, 1), sex="female")
    child(ws, "Dewa", date(1995, 1, 1), sex="male")
    (row,) = registers.rows(ws, day, registers.WOMEN)
    assert (row.person_id, row.visit, row.form) == (she, None, "wus")
    for name, value in (("children_living", 2), ("contraception", True), ("contraception_method", "iud")):
        visits.set_cell(ws, FORMS["wus"], None, she, name, value, record_id=row.record_id)
    (row,) = registers.rows(ws, day, registers.WOMEN)
    assert row.visit is not None
    assert [row.visit[name] for name in ("children_living", "contraception_method", "session_id")] == [2, "iud", None]
    assert row.record_id == records.visit_id("wus", "once", she)
    assert sessions.roster(ws, day)[0].present is None, "noted at home: nobody came"


@pytest.mark.parametrize(
    ("page", "told", "group"),
    [
        ("under_five", {"sex": "male", "born_on": TODAY - timedelta(days=400), "mother_name": "Ani"}, Group.UNDER_FIVE),
        ("pregnant", {"born_on": date(1998, 1, 1), "lmp_on": TODAY - timedelta(days=90)}, Group.PREGNANT),
        ("pregnant", {"born_on": date(1998, 1, 1)}, Group.PREGNANT),
        ("postpartum", {"born_on": date(1998, 1, 1), "ended_on": TODAY - timedelta(days=9)}, Group.POSTPARTUM),
        ("school", {"sex": "female", "born_on": date(2016, 1, 1)}, Group.SCHOOL),
        ("adult", {"sex": "male", "born_on": date(1990, 1, 1)}, Group.ADULT),
        ("wus", {"born_on": date(1990, 1, 1), "husband_name": "Amaq Sahrun"}, Group.ADULT),
        ("mixed", {"sex": "male", "born_on": date(1950, 1, 1)}, Group.ELDERLY),
    ],
)
def test_somebody_new_becomes_a_line_of_the_page(
    ws: Workspace, day: str, page: str, told: dict[str, object], group: Group
) -> None:
    assert set(told) <= set(registers.NEW_PERSON[page])
    who = registers.register(ws, page, {"name": "Orang Baru", **told})  # type: ignore[dict-item]
    assert people.card(ws, who).hit.group is group
    assert who in {row.person_id for row in registers.rows(ws, day, page)}


def test_a_mother_is_not_half_registered(ws: Workspace) -> None:
    with pytest.raises(BadInput, match="tanggal bersalin"):
        registers.register(ws, "postpartum", {"name": "Ani", "born_on": date(1998, 1, 1)})
    with pytest.raises(NotFinal):
        registers.register(ws, "pregnant", {"name": "Ani", "born_on": date(1998, 1, 1), "lmp_on": date(2027, 1, 1)})
    assert people.search(ws, "Ani") == []
    guest = registers.register(ws, "adult", {"name": "Tamu", "sex": "male", "born_on": date(1990, 1, 1)}, guest=True)
    assert people.card(ws, guest).hit.guest
