"""An erasure takes exactly what it names, touches only whom it may, and what is left of somebody erased is held."""

from collections.abc import Mapping

import pytest

from posyandu.domain import erasing
from posyandu.domain.change import Op, Wire
from posyandu.domain.erasing import NOTHING, Erasure
from posyandu.domain.forms import FORMS


def op(entity: str, record: str, **fields: Wire) -> Op:
    """One save of a record."""
    return Op("pos", entity, record, 1, 1, (), fields, "kader", 0, 1, f"{entity}{record}{sorted(fields)}")


@pytest.mark.parametrize(
    ("fields", "erasure"),
    [
        ({}, NOTHING),
        ({"records": None, "rewritten": None, "saves": None}, NOTHING),
        ({"records": ""}, NOTHING),
        ({"records": 7}, NOTHING),
        ({"records": "a"}, Erasure(frozenset("a"), frozenset(), frozenset())),
        ({"records": "a b  c", "saves": "1 2"}, Erasure(frozenset("abc"), frozenset(), frozenset("12"))),
        ({"rewritten": "m a", "why": "person"}, Erasure(frozenset(), frozenset("ma"), frozenset())),
    ],
)
def test_what_an_erasure_says_are_ids_with_spaces_between(fields: Mapping[str, Wire], erasure: Erasure) -> None:
    assert erasing.said(fields) == erasure


def test_what_several_erasures_say_is_said_together_and_other_saves_say_nothing() -> None:
    ops = [
        op("erasure", "x", records="a b", saves="1"),
        op("person", "p", records="tidak", saves="9"),
        op("erasure", "y", records="b c", rewritten="m", saves="2"),
    ]
    assert erasing.said_by(ops) == Erasure(frozenset("abc"), frozenset("m"), frozenset("12"))
    assert erasing.said_by([]) == NOTHING


@pytest.mark.parametrize(
    ("form", "links"),
    [
        ("under_five_visit", ("person_id",)),
        ("attendance", ("person_id",)),
        ("pregnancy_visit", ("person_id", "pregnancy_id")),
        ("home_child", ("person_id", "household_id")),
        ("sealed", ("about_id",)),
        ("person", ()),
        ("sealed_access", ()),
        ("erasure", ()),
        ("session", ()),
        ("training", ()),
    ],
)
def test_a_record_belongs_to_whom_it_is_about_and_not_to_the_day_or_the_kader(
    form: str, links: tuple[str, ...]
) -> None:
    assert erasing.belongs_by(FORMS[form]) == links


def test_all_links_of_belonging_are_known_and_none_leads_to_a_day_or_a_kader() -> None:
    links = erasing.every_link()
    assert {"person_id", "pregnancy_id", "household_id", "ticket_id", "about_id", "visit_id", "feeding_id"} <= links
    assert not {"session_id", "worker_id", "mother_id", "father_id", "guardian_id"} & links


@pytest.mark.parametrize(
    ("entity", "record", "may"),
    [
        ("under_five_visit", "a", True),
        ("under_five_visit", "b", False),
        ("person", "a", True),
        ("month_report", "b", True),
        ("month_report", "a", True),
        ("srq20", "b", True),
        ("school_mental", "b", True),
        ("sealed", "b", False),
        ("erasure", "a", False),
        ("erasure", "b", False),
    ],
)
def test_only_saves_of_erased_records_and_of_those_written_anew_may_go(entity: str, record: str, may: bool) -> None:
    assert erasing.takes(entity, record, {"a"}) is may
    anew = entity in erasing.REWRITTEN
    assert erasing.takes(entity, record, {"a"}, {"b"}) is may
    assert erasing.takes(entity, record, {"a"}, set()) is (may and not (anew and record == "b")), "it has to be named"
    assert erasing.takes(entity, record, set(), {record}) is (anew and entity != "erasure")


def test_an_erasure_touches_the_person_all_its_saves_lead_to() -> None:
    ops = [op("person", "siti", name="Siti"), op("adult_visit", "v", person_id="siti", session_id="hari")]
    assert erasing.people_in(ops) == {"siti"}


def test_what_a_save_said_once_counts_even_if_a_later_one_says_otherwise() -> None:
    """So nobody can lead the visits of others to one person and have that one erased."""
    moved = [op("adult_visit", "v", person_id="budi"), op("adult_visit", "v", person_id="siti")]
    assert erasing.people_in(moved) == {"budi", "siti"}
    assert erasing.people_in([*moved, op("person", "siti", name="Siti")]) == {"budi", "siti"}


def test_a_record_between_two_is_not_whom_it_is_about() -> None:
    """A visit of a pregnancy leads to the pregnancy and the woman; the pregnancy itself is erased with her."""
    ops = [op("pregnancy", "h", person_id="siti"), op("pregnancy_visit", "v", person_id="siti", pregnancy_id="h")]
    assert erasing.people_in(ops) == {"siti"}
    alone = [op("pregnancy_visit", "v", person_id="siti", pregnancy_id="h")]
    assert erasing.people_in(alone) == {"siti", "h"}


def test_a_record_that_leads_to_nobody_counts_for_itself() -> None:
    assert erasing.people_in([op("adult_visit", "v", weight_g=50_000)]) == {"v"}
    assert erasing.people_in([op("session", "hari", held_on="2026-11-12")]) == {"hari"}
    assert erasing.people_in([op("unheard_of", "x", person_id="siti")]) == {"x"}


def test_households_and_signed_months_are_nobodys_alone() -> None:
    assert erasing.people_in([op("household", "k", kk="1"), op("month_report", "m", month="2026-10")]) == set()


def test_a_child_does_not_go_with_its_mother() -> None:
    ops = [op("person", "siti", name="Siti"), op("person", "adi", mother_id="siti", household_id="k")]
    assert erasing.people_in(ops) == {"siti", "adi"}
    assert erasing.people_in(ops[1:]) == {"adi"}


def test_a_merge_names_both_it_speaks_of() -> None:
    assert erasing.people_in([op("merge", "g", kept_id="siti", other_id="sitti")]) == {"siti", "sitti"}


@pytest.mark.parametrize(
    ("entity", "record", "values", "held"),
    [
        ("adult_visit", "v", {"person_id": "siti"}, True),
        ("adult_visit", "v", {"person_id": "budi"}, False),
        ("adult_visit", "v", {"person_id": None}, False),
        ("adult_visit", "siti", {}, True),
        ("adult_visit", "v", {"session_id": "siti"}, False),
        ("pregnancy_visit", "v", {"person_id": "budi", "pregnancy_id": "siti"}, True),
        ("person", "siti", {}, True),
        ("person", "adi", {"mother_id": "siti"}, False),
        ("sealed_access", "x", {"about_id": "siti"}, False),
        ("erasure", "siti", {}, False),
        ("unheard_of", "siti", {"person_id": "siti"}, False),
    ],
)
def test_what_is_about_somebody_erased_is_shown_to_nobody(
    entity: str, record: str, values: Mapping[str, Wire], held: bool
) -> None:
    assert erasing.is_held(entity, record, values, ["siti"]) is held
    assert erasing.is_held(entity, record, values, []) is False
