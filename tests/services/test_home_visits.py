"""Kunjungan rumah: the checklists, what they find, keeping and printing them."""

from datetime import date, timedelta

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import home_visit
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import YesNo
from posyandu.domain.form import Form
from posyandu.domain.forms.home_visit import CHECKLISTS
from posyandu.services import home_visits, people
from posyandu.services.people import NotFinal
from posyandu.services.workspace import Workspace
from posyandu.storage import journal
from tests.domain.shipped import RULES
from tests.services.melati import TODAY, child, post, pregnancy, woman

CHILD = CHECKLISTS["home_child"]


@pytest.fixture
def ws() -> Workspace:
    return post()


def own(ws: Workspace, person_id: str) -> str:
    return home_visits.checklists(ws, person_id)[0].name


def colours(form: Form) -> dict[str, bool]:
    """The questions of both colours with the answer that is good."""
    return {
        name: not name.startswith(("danger_", "habit_"))
        for name in form.fields
        if name.startswith(("danger_", "gap_", "habit_"))
    }


# --- what a checklist finds


@pytest.mark.parametrize("form", CHECKLISTS.values(), ids=lambda form: form.name)
def test_every_checklist_has_yellow_and_red_questions_and_ends_alike(form: Form) -> None:
    assert all(isinstance(form.fields[name], YesNo) for name in colours(form))
    assert any(name.startswith("danger_") for name in form.fields)
    assert any(name.startswith("gap_") for name in form.fields)
    for name in ("visited_on", "temperature_tenth_c", "saji_greet", "plan", "result", "education"):
        assert name in form.fields


@pytest.mark.parametrize("form", CHECKLISTS.values(), ids=lambda form: form.name)
@given(data=st.data())
def test_each_bad_answer_is_found_once_and_red_asks_for_referral(form: Form, data: st.DataObject) -> None:
    good = colours(form)
    bad = data.draw(st.sets(st.sampled_from(sorted(good))))
    left = data.draw(st.sets(st.sampled_from(sorted(good)))) - bad
    answers = {name: (not right if name in bad else right) for name, right in good.items() if name not in left}
    found = home_visit.assess(RULES, form, answers)
    red = {name for name in bad if name.startswith("danger_")}
    assert len(found.dangers) == len(red)
    assert len(found.gaps) == len(bad) - len(red)
    assert found.unasked == len(left)
    assert found.level == ("bad" if red else "warn" if bad else "unknown" if left else "ok")
    assert ("rujuk" in found.advice) == bool(red)


@pytest.mark.parametrize(("tenths", "level"), [(374, "unknown"), (375, "bad")])
def test_fever_is_a_danger_sign_from_37_5(tenths: int, level: str) -> None:
    assert home_visit.assess(RULES, CHILD, {"temperature_tenth_c": tenths}).level == level


def test_a_gap_is_said_as_what_is_not_yet_done() -> None:
    found = home_visit.assess(
        RULES, CHECKLISTS["home_elderly"], {"gap_aks": False, "gap_pressure": False, "habit_smokes": True}
    )
    assert found.gaps == (
        "Belum: tekanan darah diperiksa dalam 1 tahun",
        "Belum: AKS dinilai dalam 1 tahun",
        "Merokok atau terpapar asap rokok",
    )
    assert found.advice.startswith("Ada 3 pelayanan")


# --- which checklist


@pytest.mark.parametrize(
    ("born_on", "name"),
    [
        (date(2026, 5, 13), "home_infant"),
        (date(2026, 5, 12), "home_child"),
        (date(2020, 11, 13), "home_child"),
        (date(2020, 11, 12), "home_school"),
        (date(2007, 11, 13), "home_school"),
        (date(2007, 11, 12), "home_adult"),
        (date(1966, 11, 13), "home_adult"),
        (date(1966, 11, 12), "home_elderly"),
    ],
)
def test_the_checklist_follows_the_stage_of_life(ws: Workspace, born_on: date, name: str) -> None:
    person_id = child(ws, "Siapa", born_on)
    assert [form.name for form in home_visits.checklists(ws, person_id)] == [name, "home_tbc"]


def test_a_pregnancy_and_a_birth_come_before_age(ws: Workspace) -> None:
    wulan, sari = woman(ws), woman(ws, "Sari")
    pregnancy(ws, wulan)
    pregnancy(ws, sari, outcome="live_birth", ended_on=TODAY - timedelta(days=9))
    assert (own(ws, wulan), own(ws, sari)) == ("home_pregnant", "home_postpartum")


def test_without_a_known_age_every_checklist_is_offered() -> None:
    assert home_visit.checklist_for(RULES, None, None) is None


# --- keeping


def test_a_visit_is_kept_shown_in_the_log_corrected_and_taken_back(ws: Workspace) -> None:
    wulan = woman(ws, rt="02", kk="5203011208260001")
    raka = child(ws, mother_id=wulan)
    opened = home_visits.open_visit(ws, raka)
    assert opened.answers["visit_number"] == 1
    assert opened.house["kk"] == "5203011208260001"
    home_visits.record(ws, opened, {**opened.answers, "danger_weak": True, "result": "open", "next_on": TODAY})
    (noted,) = home_visits.log(ws, person_id=raka)
    assert (noted.on, noted.result.level, noted.state, noted.next_on) == (TODAY, "bad", "open", TODAY)
    house = str(people.card(ws, raka).person["household_id"])
    assert [each.record_id for each in home_visits.log(ws, household_id=house)] == [noted.record_id]
    again = home_visits.open_visit(ws, raka, noted.form, noted.record_id)
    assert again.saved_at is not None
    op_id = home_visits.record(ws, again, {"danger_weak": False})
    assert home_visits.log(ws, person_id=raka)[0].result.dangers == ()
    home_visits.undo(ws, op_id)
    assert home_visits.log(ws, person_id=raka)[0].result.dangers == ("Lemah",)
    assert home_visits.record(ws, again, {"danger_weak": True}) == ""
    assert home_visits.open_visit(ws, raka).answers["visit_number"] == 2
    assert journal.rows_equal_replay(ws.db)


def test_a_visit_in_the_future_or_of_nobody_is_refused(ws: Workspace) -> None:
    raka = child(ws)
    opened = home_visits.open_visit(ws, raka)
    with pytest.raises(NotFinal):
        home_visits.record(ws, opened, {"visited_on": TODAY + timedelta(days=1)})
    with pytest.raises(NotFinal):
        home_visits.record(ws, opened, {"visited_on": None})
    with pytest.raises(NotFound):
        home_visits.open_visit(ws, "nobody")
    with pytest.raises(NotFound):
        home_visits.open_visit(ws, raka, CHILD, "nowhere")
    assert home_visits.log(ws, person_id=raka) == ()


# --- on paper


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(pdf))


@pytest.mark.parametrize("form", CHECKLISTS.values(), ids=lambda form: form.name)
def test_a_blank_has_every_question_of_the_checklist_on_one_page(ws: Workspace, form: Form) -> None:
    pdf = home_visits.sheet(ws, form)
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    text = words(pdf)
    for field in form.fields.values():
        assert " ".join(field.label.split()) in text
    assert " X " not in text
    assert "Formulir versi 2, berlaku sejak 29-08-2023." in text


def test_the_sheet_of_someone_names_them_and_ticks_what_is_known(ws: Workspace, tmp_path) -> None:  # noqa: ANN001
    raka = child(ws, nik="5203010507250001", rt="02")
    opened = home_visits.open_visit(ws, raka)
    home_visits.record(ws, opened, {**opened.answers, "danger_weak": True, "temperature_tenth_c": 372})
    kept = home_visits.open_visit(ws, raka, opened.form, opened.record_id)
    path = home_visits.save_sheet(ws, tmp_path / "lembar.pdf", kept.form, kept)
    text = words(path.read_bytes())
    assert "Raka Aditya" in text
    assert "5203010507250001" in text
    assert "Lemah X" in text
    assert "37,2 °C" in text
    assert len(pypdfium2.PdfDocument(path.read_bytes())) == 1
