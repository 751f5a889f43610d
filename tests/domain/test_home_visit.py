"""What a checklist of the home visit comes to, and whose checklist it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain import home_visit
from posyandu.domain.fields import Answers, YesNo
from posyandu.domain.form import Form
from posyandu.domain.forms import home_visit as forms
from posyandu.domain.home_visit import assess, checklist_for
from posyandu.domain.service_group import Group
from tests.domain.shipped import RULES

KINDS = ("danger", "gap", "habit")


@given(st.sampled_from(list(forms.CHECKLISTS.values())), st.data())
def test_dangers_weigh_more_than_gaps_and_what_was_not_asked_is_counted(form: Form, data: st.DataObject) -> None:
    asked = [field for field in form.fields.values() if field.name.partition("_")[0] in KINDS]
    told: Answers = {field.name: data.draw(st.none() | st.booleans()) for field in asked}
    found = assess(RULES, form, told)
    dangers = sum(told[field.name] is True for field in asked if field.name.startswith("danger_"))
    gaps = sum(told[field.name] is (field.name.startswith("habit_")) for field in asked if "danger" not in field.name)
    unasked = sum(answer is None for answer in told.values())
    assert (len(found.dangers), len(found.gaps), found.unasked) == (dangers, gaps, unasked)
    assert found.level == ("bad" if dangers else "warn" if gaps else "unknown" if unasked else "ok")
    assert (str(dangers) in found.advice) or not dangers


@pytest.mark.parametrize("form", forms.CHECKLISTS.values(), ids=forms.CHECKLISTS.keys())
def test_a_household_that_does_all_well_hears_so_and_one_that_smokes_hears_that(form: Form) -> None:
    kinds = {name: name.partition("_")[0] for name in form.fields}
    well: Answers = {name: kind == "gap" for name, kind in kinds.items() if kind in KINDS}
    found = assess(RULES, form, well)
    assert (found.level, found.dangers, found.gaps, found.unasked) == ("ok", (), (), 0)
    assert found.advice.startswith("Tidak ada masalah")
    for habit in (name for name, kind in kinds.items() if kind == "habit"):
        assert assess(RULES, form, {**well, habit: True}).gaps == (form.fields[habit].label,)


@pytest.mark.parametrize(("tenth_c", "level"), [(374, "unknown"), (375, "bad"), (None, "unknown")])
def test_fever_alone_is_a_danger(tenth_c: int | None, level: str) -> None:
    found = assess(RULES, forms.CHILD, {"temperature_tenth_c": tenth_c})
    assert found.level == level
    assert found.dangers == (("Suhu 37,5 °C atau lebih",) if level == "bad" else ())


def test_a_gap_is_said_inside_a_sentence() -> None:
    field = next(each for each in forms.CHILD.fields.values() if each.name.startswith("gap_"))
    assert isinstance(field, YesNo)
    (said,) = assess(RULES, forms.CHILD, {field.name: False}).gaps
    assert said.startswith("Belum: ")
    assert home_visit._lower("Berat naik") == "berat naik"
    assert home_visit._lower("ASI eksklusif") == "ASI eksklusif"


@pytest.mark.parametrize(
    ("group", "months", "form"),
    [
        (Group.PREGNANT, 300, forms.PREGNANT),
        (Group.POSTPARTUM, 300, forms.POSTPARTUM),
        (Group.BREASTFEEDING, 300, forms.POSTPARTUM),
        (Group.INFANT, 5, forms.INFANT),
        (Group.INFANT, 6, forms.CHILD),
        (Group.PRESCHOOL, 71, forms.CHILD),
        (Group.UNDER_FIVE, None, forms.CHILD),
        (Group.SCHOOL, 100, forms.SCHOOL),
        (Group.YOUTH, 200, forms.SCHOOL),
        (Group.ADULT, 400, forms.ADULT),
        (Group.ELDERLY, 800, forms.ELDERLY),
        (None, None, None),
    ],
)
def test_everybody_has_the_checklist_of_their_group(group: Group | None, months: int | None, form: object) -> None:
    assert checklist_for(RULES, group, months) is form


@pytest.mark.parametrize(
    ("told", "level", "advice"),
    [
        (
            {"danger_fever": True, "danger_pain": True, "gap_anc": False},
            "bad",
            "Ada 2 tanda bahaya. Antar atau rujuk ke Pustu atau Puskesmas hari ini, jangan tunggu hari Posyandu.",
        ),
        (
            {"gap_anc": False, "gap_muac": False},
            "warn",
            "Ada 2 pelayanan yang belum. Ingatkan keluarga dan buat rencana di bawah.",
        ),
        (
            {"temperature_tenth_c": 375},
            "bad",
            "Ada 1 tanda bahaya. Antar atau rujuk ke Pustu atau Puskesmas hari ini, jangan tunggu hari Posyandu.",
        ),
        ({"danger_fever": False, "gap_anc": True}, "unknown", None),
    ],
)
def test_the_advice_to_a_kader_word_by_word(told: Answers, level: str, advice: str | None) -> None:
    found = assess(RULES, forms.PREGNANT, told)
    asked = [name for name in forms.PREGNANT.fields if name.partition("_")[0] in KINDS]
    assert found.level == level
    assert found.advice == (advice or f"Belum ada masalah. {len(asked) - 2} pertanyaan belum dijawab.")


def test_a_household_that_does_all_well_is_asked_to_come() -> None:
    well: Answers = {name: name.startswith("gap_") for name in forms.CHILD.fields if name.partition("_")[0] in KINDS}
    assert assess(RULES, forms.CHILD, well).advice == "Tidak ada masalah. Ingatkan untuk datang ke Posyandu."


@pytest.mark.parametrize("form", forms.CHECKLISTS.values(), ids=forms.CHECKLISTS.keys())
def test_each_question_of_a_checklist_is_read_by_its_colour(form: Form) -> None:
    for field in form.fields.values():
        kind = field.name.partition("_")[0]
        if kind == "danger":
            assert assess(RULES, form, {field.name: True}).dangers == (field.label,)
            assert assess(RULES, form, {field.name: False}).dangers == ()
        if kind == "gap":
            (said,) = assess(RULES, form, {field.name: False}).gaps
            assert said.casefold() == f"belum: {field.label}".casefold()
            assert assess(RULES, form, {field.name: True}).gaps == ()
        if kind == "habit":
            assert assess(RULES, form, {field.name: True}).gaps == (field.label,)
            assert assess(RULES, form, {field.name: False}).gaps == ()


def test_the_one_red_question_of_the_grown_is_the_fourth_reason_of_the_weekly_recap() -> None:
    """The ministry's checklists of pupils, adults and elderly have no red sign; TBC is asked as its own asks."""
    for form in (forms.SCHOOL, forms.ADULT, forms.ELDERLY):
        (sign,) = (field for field in form.fields.values() if field.name.startswith("danger_"))
        assert sign.official == "Rekap kunjungan rumah: gejala TBC"
        assert sign.label.startswith("Gejala TBC: batuk terus-menerus, demam 2 minggu atau lebih")


def test_the_nifas_checklist_asks_the_fourteen_red_signs_of_the_note() -> None:
    signs = [field.label for field in forms.POSTPARTUM.fields.values() if field.name.startswith("danger_")]
    wanted = (
        "demam sedih air_kecil napas sakit_kepala perdarahan kelamin cairan ulu_hati pandangan payudara berbau"
        " keputihan jantung"
    )
    said = [each.replace("_", " ") for each in wanted.split()]
    assert [word in sign.lower() for word, sign in zip(said, signs, strict=True)] == [True] * 14
