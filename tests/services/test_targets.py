"""Targets are set for a post from a day on, by who looks after several; every report is held against its own."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Answers, Value
from posyandu.domain.form import Context, problems
from posyandu.domain.forms.target import COACHING, FIGURES, FORM, SKDN
from posyandu.reports import formats, skdn
from posyandu.reports.coaching_sheet import points
from posyandu.reports.table import Table
from posyandu.services import levels, month_lock, quality, reporting, targets
from posyandu.services.people import NotFinal
from posyandu.services.standing import standing
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from tests.services import melati
from tests.services.melati import VILLAGE, of_village

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
SAID: dict[str, Value | None] = {"since_on": date(2026, 11, 1), "source": "Renstra Dinas Kesehatan"}


@pytest.fixture
def ws() -> Iterator[Workspace]:
    made = melati.village()
    yield made
    made.close()


def printed(table: Table) -> dict[str, str]:
    return {row[0].text: row[5].text for row in table.rows if row[5].text}


def of_report(ws: Workspace, post: str, month: Month) -> dict[str, str]:
    (table,) = (each for each in reporting.monthly(ws, post, month).tables if each.code == "indikator")
    return printed(table)


USUAL = {"K/S": "≥ 80%", "D/S": "≥ 80%", "D/K": "≥ 80%", "N/D": "≥ 80%", "BGM/D": "< 5%"}


def test_every_target_of_the_rules_and_every_goal_in_percent_can_be_set(ws: Workspace) -> None:
    usual = ws.standards.on(ws.today())
    assert set(SKDN) == set(usual.targets) == set(skdn.TARGETS.values())
    assert dict(skdn.TARGETS) == {label: code for code, label in SKDN.items()}
    assert set(COACHING) == set(usual.coaching.goals) - {"quality", "kader_on_duty"}


def test_the_usual_targets_hold_untilothers_are_set_and_again_when_they_are_taken_back(ws: Workspace) -> None:
    first, other = of_village(ws)
    assert targets.rules(ws, first, ws.today()) is ws.standards.on(ws.today())
    assert targets.ORDER.words(ws, (first,)) == "Target umum."
    saves = targets.ORDER.choose(ws, (first,), {**SAID, "d_s_tenth_percent": 855, "bgm_d_tenth_percent": 15})
    assert of_report(ws, first, NOVEMBER) == USUAL | {"D/S": "≥ 85,5%", "BGM/D": "< 1,5%"}
    assert of_report(ws, other, NOVEMBER) == USUAL
    targets.ORDER.take_back(ws, saves)
    assert of_report(ws, first, NOVEMBER) == USUAL
    assert targets.ORDER.choose(ws, (first,), {**SAID, "d_s_tenth_percent": 900}), "set again after all"
    assert of_report(ws, first, NOVEMBER)["D/S"] == "≥ 90%"


def test_a_month_before_the_day_keeps_what_held_then_and_what_was_signed_stays_signed(ws: Workspace) -> None:
    (first, other) = of_village(ws)
    month_lock.sign(ws, first, OCTOBER, signer="Nurul")
    targets.ORDER.choose(ws, (first,), {**SAID, "n_d_tenth_percent": 700})
    assert month_lock.state(ws, first, OCTOBER).code == "signed"
    assert of_report(ws, first, OCTOBER) == USUAL
    assert of_report(ws, first, NOVEMBER)["N/D"] == "≥ 70%"
    targets.ORDER.choose(ws, (first,), {**SAID, "since_on": date(2026, 12, 1), "n_d_tenth_percent": 750})
    assert of_report(ws, first, NOVEMBER)["N/D"] == "≥ 70%"
    assert targets.rules(ws, first, date(2026, 12, 1)).targets["n_d"] == 75


def test_a_target_set_for_a_signed_month_stands_among_the_reasons_of_its_next_version(ws: Workspace) -> None:
    (first, _other) = of_village(ws)
    signed = month_lock.sign(ws, first, NOVEMBER, signer="Nurul")
    clock = ws._clock
    ws._clock = lambda: clock() + timedelta(minutes=5)
    targets.ORDER.choose(ws, (first,), {**SAID, "d_s_tenth_percent": 855})
    targets.ORDER.choose(ws, (first,), {**SAID, "since_on": date(2026, 12, 1), "d_s_tenth_percent": 900})
    assert month_lock.state(ws, first, NOVEMBER).code == "changed"
    _figures, saves = month_lock.changes(ws, first, signed)
    told = [" ".join(cell.text for cell in row) for row in saves.rows]
    assert told
    assert all("Mulai 01-11-2026" in line for line in told), "and not what holds only later"
    assert any("D/S" in line and "85,5" in line and "Nurul" in line for line in told)


def test_a_village_is_set_at_once_and_its_report_names_only_targets_all_posts_share(ws: Workspace) -> None:
    both = of_village(ws)
    saves = targets.ORDER.choose(ws, both, {**SAID, "d_s_tenth_percent": 850, "k_s_tenth_percent": 900})
    assert len(saves) == 2
    assert targets.ORDER.words(ws, both) == (
        "K/S 90%, D/S 85%; mulai 01-11-2026 menurut Renstra Dinas Kesehatan, dicatat Nurul"
    )

    def of_level() -> Table:
        report = levels.build(ws, "bulanan", VILLAGE, NOVEMBER)
        return next(each for each in report.tables if each.code == "indikator")

    assert printed(of_level()) == USUAL | {"K/S": "≥ 90%", "D/S": "≥ 85%"}
    assert "tidak sama" not in " ".join(of_level().notes)
    targets.ORDER.choose(ws, both[:1], {**SAID, "d_s_tenth_percent": 700, "k_s_tenth_percent": 900})
    table = of_level()
    assert printed(table) == {code: said for code, said in USUAL.items() if code != "D/S"} | {"K/S": "≥ 90%"}
    assert "Target D/S tidak sama di semua Posyandu: dibiarkan kosong." in table.notes
    assert targets.ORDER.words(ws, both) == "Berbeda antar-Posyandu."
    asked = targets.ORDER.answers(ws, both)
    assert (asked["k_s_tenth_percent"], "d_s_tenth_percent" in asked) == (900, False)
    targets.ORDER.take_back(ws, saves)
    assert targets.ORDER.words(ws, both[1:]) == "Target umum."


def test_the_coaching_sheet_is_held_against_the_same_targets(ws: Workspace) -> None:
    (first, other) = of_village(ws)
    targets.ORDER.choose(ws, (first,), {**SAID, "idl_tenth_percent": 950, "d_s_tenth_percent": 600})
    stands = standing(ws, first, NOVEMBER)
    rule = stands.data.rules.coaching
    goals = {each.code: each.goal for each in points(stands, quality.of_month(ws, first, NOVEMBER), rule.goals)}
    assert (goals["d_s"], goals["idl"], goals["n_d"], goals["quality"]) == (60, 95, 80, 80)


def test_only_who_looks_after_several_posts_sets_them_and_all_or_none(ws: Workspace) -> None:
    both = of_village(ws)
    for told, said in (
        ({**SAID}, "Isi sedikitnya satu target."),
        ({"source": "Dinas", "d_s_tenth_percent": 800}, "Berlaku mulai belum diisi"),
        ({**SAID, "source": None, "d_s_tenth_percent": 800}, "Menurut belum diisi"),
        ({**SAID, "d_s_tenth_percent": 1001}, "D/S harus antara 0,1 dan 100,0 %. Coba periksa lagi."),
    ):
        with pytest.raises(NotFinal) as refused:
            targets.ORDER.choose(ws, both, told)
        assert [each.message for each in refused.value.problems] == [said]
    ws.worker = Worker("k", "Sari", "kader")
    with pytest.raises(BadInput, match="Target ditetapkan oleh bidan"):
        targets.ORDER.choose(ws, both, {**SAID, "d_s_tenth_percent": 800})
    assert not records.load_many(ws.db, FORM, withdrawn=True)


@pytest.mark.parametrize("name", FIGURES.values())
def test_one_figure_is_enough_and_zero_is_none(name: str) -> None:
    context = Context(date(2026, 11, 12), {}, {})
    told: Answers = {**SAID, name: 1}
    assert problems(FORM, told, context) == []
    assert [each.field for each in problems(FORM, {**told, name: 0}, context)] == [name]


@pytest.mark.parametrize(("number", "text"), [(80.0, "80"), (1.5, "1,5"), (99.9, "99,9"), (100, "100")])
def test_a_target_shows_its_tenth_only_where_it_has_one(number: float, text: str) -> None:
    assert formats.target(number) == text
