"""What the dinas decided holds for the posts it was set for, from its day on; the rest keeps the usual rules."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from posyandu.domain import rulings as domain
from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Answers, Choice, Value
from posyandu.domain.form import Context, problems
from posyandu.domain.forms.ruling import ASKED, FEEDING, FORM
from posyandu.domain.standards import Rules
from posyandu.reports import formats
from posyandu.services import (
    feeding,
    follow_up,
    month_lock,
    people,
    reporting,
    rulings,
    sessions,
    visits,
)
from posyandu.services.people import NotFinal
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from posyandu.storage.reference import shipped_standards
from tests.services import melati
from tests.services.melati import CHILD, TODAY, of_village

NOVEMBER = Month(2026, 11)
SAID: dict[str, Value | None] = {"since_on": date(2026, 11, 1), "source": "Surat Dinas 440/12/2026"}
ORDER = rulings.ORDER

EVERY: dict[str, tuple[Value, object]] = {
    "red_line": ("minus_3", -3),
    "orange_line": ("none", None),
    "tbc_rule": ("kmk2015", 1),
    **{f"{reason}_days": (42, 42) for reason in FEEDING},
    "iron_target": (180, 180),
    "iron_in_lb3": (180, 180),
    "iron_in_a_pack": (10, 10),
    "emergency_systolic": (170, 170),
    "emergency_diastolic": (120, 120),
    "mother_short_mm": (1500, 1500),
    "stock_months": (2, 2),
    "keep_years": (10, 10),
}
"""An answer to each question, and what the rules then say."""


def told(name: str, rules: Rules) -> object:
    """What the rules say where this answer goes."""
    if name.endswith("_days"):
        return rules.feeding.days[name.removesuffix("_days")]
    return {
        "red_line": lambda: rules.bgm_z,
        "orange_line": lambda: rules.orange_z,
        "tbc_rule": lambda: rules.tbc.needed,
        "iron_target": lambda: rules.ttd_target,
        "iron_in_lb3": lambda: rules.lb3_tablets,
        "iron_in_a_pack": lambda: rules.tablets_in_a_pack,
        "emergency_systolic": lambda: rules.pressure.emergency_systolic,
        "emergency_diastolic": lambda: rules.pressure.emergency_diastolic,
        "mother_short_mm": lambda: rules.pregnancy_risk.height_under_mm,
        "stock_months": lambda: rules.stock.warn_months,
        "keep_years": lambda: rules.keep_years,
    }[name]()


@pytest.fixture
def ws() -> Iterator[Workspace]:
    made = melati.village()
    yield made
    made.close()


def figure(ws: Workspace, post: str, code: str, month: Month = NOVEMBER) -> object:
    report = reporting.monthly(ws, post, month)
    return next(row[-1].value for row in report.skdn.rows if row[0].text == code)


def test_every_question_changes_its_rule_and_no_other() -> None:
    usual = shipped_standards()
    assert tuple(EVERY) == ASKED == tuple(domain.PLACES)
    assert set(FORM.fields) == {"since_on", "source", *ASKED}
    for name, (answer, said) in EVERY.items():
        ruled = domain.ruled(usual, [{**SAID, name: answer}]).on(TODAY)
        assert told(name, ruled) == said != told(name, usual.on(TODAY)), name
        assert [each for each in ASKED if told(each, ruled) != told(each, usual.on(TODAY))] == [name]
        assert ruled.sources[domain.PLACES[name][0]] == SAID["source"]


@pytest.mark.parametrize("name", ["red_line", "orange_line", "tbc_rule"])
def test_every_option_is_one_the_rules_know_and_the_usual_one_is_among_them(name: str) -> None:
    field = FORM.fields[name]
    assert isinstance(field, Choice)
    usual = shipped_standards()
    said = [told(name, domain.ruled(usual, [{**SAID, name: each.code}]).on(TODAY)) for each in field.options]
    assert told(name, usual.on(TODAY)) in said
    assert len(set(said)) == len(field.options)


def test_it_holds_from_its_day_and_a_later_one_stands_for_all() -> None:
    first: Answers = {**SAID, "red_line": "minus_3", "wasted_days": 42, "not_gained_days": 21}
    second: Answers = {"since_on": date(2027, 1, 1), "source": "Surat lain", "wasted_days": 49}
    ruled = domain.ruled(shipped_standards(), [first, second])
    days = (date(2026, 10, 31), date(2026, 11, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [ruled.on(day).bgm_z for day in days] == [-2, -3, -3, -2]
    assert [ruled.on(day).feeding.days["wasted"] for day in days] == [56, 42, 42, 49]
    assert [ruled.on(day).feeding.days["not_gained"] for day in days] == [14, 21, 21, 14]
    assert ruled.on(days[3]).sources["bgm_z"] == shipped_standards().on(days[3]).sources["bgm_z"]
    assert domain.ruled(shipped_standards(), []) is shipped_standards()


def test_what_the_ministry_dates_later_holds_from_then() -> None:
    early: Answers = {"since_on": date(2020, 1, 1), "source": "Surat lama", "red_line": "minus_3", "keep_years": 9}
    ruled = domain.ruled(shipped_standards(), [early])
    assert [ruled.on(date(year, 6, 1)).bgm_z for year in (2019, 2020, 2021)] == [-3, -3, -2]
    assert ruled.on(date(2020, 6, 1)).sources["bgm_z"] == "Surat lama"
    assert ruled.on(TODAY).keep_years == 5


def test_reports_and_lists_of_a_post_obey_its_own_ruling_whichever_post_is_at_work(ws: Workspace) -> None:
    first, other = of_village(ws)
    for post in (first, other):
        ws.posyandu_id = post
        raka = people.register(ws, {"name": "Raka", "sex": "male", "born_on": date(2025, 7, 5)})
        day = sessions.open_day(ws, post, TODAY)
        visits.record(ws, CHILD, day, raka, {"weight_g": 8_000})  # at 16 months between -3 and -2 SD
    assert [figure(ws, post, "BGM") for post in (first, other)] == [1, 1]
    saves = ORDER.choose(ws, (first,), {**SAID, "red_line": "minus_3"})
    for at_work in (first, other):
        ws.posyandu_id = at_work
        assert [figure(ws, post, "BGM") for post in (first, other)] == [0, 1]
        listed = [
            sum(len(each.people) for each in follow_up.attention(ws, post, NOVEMBER) if each.code == "below_red")
            for post in (first, other)
        ]
        assert listed == [0, 1]
    notes = " ".join(reporting.monthly(ws, first, NOVEMBER).rules)
    assert f"Garis merah (BGM) pada {formats.decimal(-3, 0)} SD BB/U." in notes
    ORDER.take_back(ws, saves)
    assert figure(ws, first, "BGM") == 1


def test_a_programme_of_meals_is_planned_by_the_ruling(ws: Workspace) -> None:
    (first, _other) = of_village(ws)
    ORDER.choose(ws, (first,), {**SAID, "wasted_days": 42})
    ws.posyandu_id = first
    assert ws.standards.on(TODAY).feeding.days["wasted"] == 42
    assert ws.standards.on(date(2026, 10, 31)).feeding.days["wasted"] == 56
    assert feeding.of_post(ws, first, TODAY) == {}


def test_a_ruling_for_a_signed_month_stands_among_the_reasons_of_its_next_version(ws: Workspace) -> None:
    (first, _other) = of_village(ws)
    signed = month_lock.sign(ws, first, NOVEMBER, signer="Nurul")
    clock = ws._clock
    ws._clock = lambda: clock() + timedelta(minutes=5)
    ORDER.choose(ws, (first,), {**SAID, "red_line": "minus_3"})
    ORDER.choose(ws, (first,), {**SAID, "since_on": date(2026, 12, 1), "red_line": "minus_2"})
    assert month_lock.state(ws, first, NOVEMBER).code == "changed"
    _figures, saves = month_lock.changes(ws, first, signed)
    lines = [" ".join(cell.text for cell in row) for row in saves.rows]
    assert lines
    assert all("Mulai 01-11-2026" in line for line in lines), "and not what holds only later"
    assert any("Garis merah" in line and "\N{MINUS SIGN}3 SD" in line and "Nurul" in line for line in lines)


def test_a_village_is_set_at_once_and_said_in_words(ws: Workspace) -> None:
    both = of_village(ws)
    assert ORDER.words(ws, both) == "Ketentuan umum."
    assert len(ORDER.choose(ws, both, {**SAID, "red_line": "minus_3", "mother_short_mm": 1500})) == 2
    assert ORDER.words(ws, both) == (
        "Garis merah KMS (BGM): \N{MINUS SIGN}3 SD (KMS lama), Ibu pendek: di bawah: 150,0 cm; "
        "mulai 01-11-2026 menurut Surat Dinas 440/12/2026, dicatat Nurul"
    )
    ORDER.choose(ws, both[:1], {**SAID, "red_line": "minus_2"})
    assert ORDER.words(ws, both) == "Berbeda antar-Posyandu."


def test_only_who_looks_after_several_posts_decides_and_never_without_saying_by_whose_word(ws: Workspace) -> None:
    both = of_village(ws)
    for answers, said in (
        ({**SAID}, "Isi sedikitnya satu ketentuan."),
        ({**SAID, "source": None, "red_line": "minus_3"}, "Menurut belum diisi"),
        ({"source": "Dinas", "red_line": "minus_3"}, "Berlaku mulai belum diisi"),
    ):
        with pytest.raises(NotFinal) as refused:
            ORDER.choose(ws, both, answers)
        assert [each.message for each in refused.value.problems] == [said]
    ws.worker = Worker("k", "Sari", "kader")
    with pytest.raises(BadInput, match="Ketentuan ditetapkan oleh bidan"):
        ORDER.choose(ws, both, {**SAID, "red_line": "minus_3"})
    assert not records.load_many(ws.db, FORM, withdrawn=True)


@pytest.mark.parametrize("name", ASKED)
def test_one_answer_is_enough(name: str) -> None:
    assert problems(FORM, {**SAID, name: EVERY[name][0]}, Context(TODAY, {}, {})) == []
