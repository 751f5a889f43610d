"""The page of figures for a person: the limits of the alerts, words for everything, and nothing a laptop can put in."""

import operator
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from posyandu.server.metrics import _MEANING
from posyandu.server.state_page import GOOD, IF_RISING, LOOK, Line, _count, _lines, _size, page

ROOT = Path(__file__).parents[2]
WELL: Mapping[str, float] = {
    **dict.fromkeys(_MEANING, 0), "database_up": 1, "posts": 700, "standbys_synchronous": 1, "database_bytes": 4.2e9,
    "disk_bytes": 1e11, "disk_free_bytes": 5e10,
}  # fmt: skip


def lines(trial: bool = False, **other: float) -> list[Line]:
    return list(_lines({(name,): value for name, value in {**WELL, **other}.items()}, trial))


def by_page(found: list[Line]) -> dict[str, list[Line]]:
    return {name: [line for line in found if line.runbook == name] for name in {line.runbook for line in found}}


def simple_alerts() -> list[tuple[str, str, str, float, str]]:
    """Of the alerts that compare figures of ours as they are: figure, what it is divided by, sign, limit, page."""
    text = (ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8")
    found = re.findall(
        r"expr: posyandu_(\w+)(?: / posyandu_(\w+))? (==|<|>) ([\d.]+)\n(?:.*\n)?.*docs/runbooks/([\w-]+\.md)", text
    )
    return [(name, whole, sign, float(limit), runbook) for name, whole, sign, limit, runbook in found]


@pytest.mark.parametrize(("name", "whole", "sign", "limit", "runbook"), simple_alerts())
def test_a_line_is_to_be_looked_at_just_when_its_alert_is_on(
    name: str, whole: str, sign: str, limit: float, runbook: str
) -> None:
    compare = {"==": operator.eq, "<": operator.lt, ">": operator.gt}[sign]
    edge = limit * WELL.get(whole, 1)
    for value in (edge - 1, edge, edge + 1):
        if value >= 0:
            found = by_page(lines(False, **{name: value}))[runbook]
            assert (LOOK in {line.state for line in found}) == compare(value / WELL.get(whole, 1), limit), value


def test_every_simple_alert_is_held_against_the_page() -> None:
    assert len(simple_alerts()) == 11


def test_all_is_well_and_every_figure_has_its_line_and_a_runbook_that_is_there() -> None:
    found = lines()
    assert {line.state for line in found} == {GOOD, IF_RISING, ""}
    assert all(line.told for line in found)
    for line in found:
        assert not line.runbook or (ROOT / "docs" / "runbooks" / line.runbook).is_file(), line
        assert line.runbook or not line.state, "what is judged says where to read on"
    for name in _MEANING.keys() - {"batches", "disk_bytes"}:
        assert lines(False, **{name: WELL[name] + 123_456_789}) != found, name
    told = page({(name,): value for name, value in WELL.items()}, trial=False)
    assert "<h1>Server Posyandu: semua baik</h1>" in told


def test_a_database_that_is_away_is_the_only_thing_said_of_it() -> None:
    told = page({("database_up",): 0.0, ("disk_bytes",): 100e9, ("disk_free_bytes",): 10e9}, trial=False)
    assert "2 hal perlu dilihat" in told
    assert "<tr class=look><td>Basis data menjawab</td><td>tidak</td><td>perlu dilihat</td>" in told
    assert "10,0 GB dari 100,0 GB" in told
    assert "Posyandu tanpa simpanan baru" not in told


def test_a_disk_that_cannot_be_read_and_a_trial_are_told_as_they_are() -> None:
    assert not [line for line in lines(disk_bytes=0) if "disk " in line.words]
    assert any("disk basis data bisa lain" in line.words for line in lines())
    assert any("disk data percobaan ini" in line.words for line in lines(trial=True))
    assert LOOK not in {line.state for line in lines(trial=True, standbys_synchronous=0)}, (
        "nobody keeps one for a trial"
    )


def test_requests_and_versions_are_counted_and_what_a_laptop_calls_itself_is_only_text() -> None:
    given: dict[tuple[str, ...], float] = {
        **{(name,): value for name, value in WELL.items()},
        ("requests_total", "/v1/sync", "200"): 11_990.0,
        ("requests_total", "/v1/sync", "503"): 8.0,
        ("requests_total", "/v1/enrol", "500"): 2.0,
        ("laptops", "<script>alert(1)</script>"): 2.0,
        ("laptops", ""): 1.0,
    }
    told = page(given, trial=True)
    assert "<td>10 dari 12.000</td><td>lihat bila naik</td><td>errors.md</td>" in told
    assert "<td>Laptop dengan aplikasi yang belum diketahui</td><td>1</td>" in told
    assert "&lt;script&gt;" in told
    assert set(re.findall(r"<(\w+)", told)) == {"html", "meta", "title", "style", "h1", "p", "table", "tr", "th", "td"}


@pytest.mark.parametrize(
    ("told", "expected"),
    [(_count(0), "0"), (_count(1_234_567), "1.234.567"), (_size(0), "0 MB"), (_size(999e6), "999 MB"),
     (_size(1e9), "1,0 GB"), (_size(2.35e12), "2350,0 GB")],
)  # fmt: skip
def test_numbers_are_written_as_in_indonesian(told: str, expected: str) -> None:
    assert told == expected
