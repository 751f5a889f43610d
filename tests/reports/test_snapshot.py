import base64
import lzma
from dataclasses import replace

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput
from posyandu.reports import pdf, snapshot
from posyandu.reports.monthly import MonthlyData, MonthlyReport, monthly
from posyandu.reports.skdn import Bars
from posyandu.reports.table import Cell


def test_what_was_kept_prints_the_same_bytes(report: MonthlyReport) -> None:
    again = snapshot.unpacked(snapshot.packed(report), snapshot.digest(report))
    assert pdf.monthly_pdf(again) == pdf.monthly_pdf(report)
    assert snapshot.canonical(again) == snapshot.canonical(report)
    assert again.skdn == report.skdn
    assert again.lists == report.lists


def test_the_same_data_give_the_same_digest(data: MonthlyData, report: MonthlyReport) -> None:
    assert snapshot.digest(monthly(data)) == snapshot.digest(report)


def test_one_letter_gives_another_digest(report: MonthlyReport) -> None:
    other = replace(report, rules=(*report.rules[:-1], report.rules[-1] + "!"))
    assert snapshot.digest(other) != snapshot.digest(report)


def test_a_snapshot_is_small_enough_to_travel_in_one_batch(report: MonthlyReport) -> None:
    assert len(snapshot.packed(report)) < 24_000


def test_behind_the_recap_only_this_months_people_are_kept(report: MonthlyReport, month: Month) -> None:
    again = snapshot.unpacked(snapshot.packed(report), snapshot.digest(report))
    recap = again.recaps[0]
    assert recap.rows[month.month - 1] == report.recaps[0].rows[month.month - 1]
    assert not any(cell.people for row in recap.rows[: month.month - 1] for cell in row)


def test_behind_the_bars_of_a_signed_month_nobody_is_kept(report: MonthlyReport) -> None:
    """So a month signed before the bars opened their names is still what it was."""
    nameless = replace(report, balok=replace(report.balok, months=tuple(_bare(bar) for bar in report.balok.months)))
    assert nameless != report
    assert snapshot.digest(nameless) == snapshot.digest(report)
    assert snapshot.unpacked(snapshot.packed(report), snapshot.digest(report)).balok == nameless.balok


def _bare(bar: Bars) -> Bars:
    return replace(bar, behind=())


def test_a_very_large_report_leaves_out_the_people_but_not_the_names(
    report: MonthlyReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "LARGE", 1000)
    again = snapshot.unpacked(snapshot.packed(report), snapshot.digest(report))
    assert pdf.monthly_pdf(again) == pdf.monthly_pdf(report)
    assert not any(cell.people for row in again.skdn.rows for cell in row)


def made(text: str) -> str:
    return base64.b85encode(lzma.compress(text.encode())).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bukan base85 \x00",
        base64.b85encode(b"no archive").decode(),
        made("{}"),
        made("[]"),
        made('{"people":[],"report":{"Nothing":{}}}'),
        made('{"people":[],"report":{"Cell":{"text":"a"}}}'),
        made('{"people":[],"report":{"MonthlyReport":{}}}'),
        made('{"people":[],"report":{"refs":[3]}}'),
        made('{"people":[],"report":{"Cell":{"text":"a"},"Head":{}}}'),
    ],
)
def test_a_damaged_snapshot_is_refused_in_a_sentence(text: str) -> None:
    try:
        digest = snapshot.hashlib.sha256(lzma.decompress(base64.b85decode(text))).hexdigest()
    except (ValueError, lzma.LZMAError):
        digest = ""
    with pytest.raises(BadInput, match="rusak"):
        snapshot.unpacked(text, digest)


def test_another_content_than_the_one_signed_is_refused(report: MonthlyReport) -> None:
    with pytest.raises(BadInput, match="rusak"):
        snapshot.unpacked(snapshot.packed(report), "0" * 64)


def test_what_a_later_version_added_is_left_out(report: MonthlyReport) -> None:
    content = snapshot.canonical(report).replace(b'{"title":', b'{"weather":"rain","title":', 1)
    text = base64.b85encode(lzma.compress(content)).decode()
    assert snapshot.unpacked(text, snapshot.hashlib.sha256(content).hexdigest()).skdn == report.skdn


def test_a_value_that_is_no_part_of_a_report_is_a_fault(report: MonthlyReport) -> None:
    with pytest.raises(TypeError, match="no part of a report"):
        snapshot.canonical(replace(report, rules=(Cell, object())))  # type: ignore[arg-type]


def test_an_erased_person_leaves_every_figure_and_every_row(report: MonthlyReport) -> None:
    """As the law asks of a signed month: nothing of the person, and no number other than it was signed."""
    listed = next(table for table in report.lists if table.rows)
    ref = listed.rows[0][1].people[0]
    cleaned = snapshot.without(report, {ref.id}, {ref.name})
    content = snapshot.canonical(cleaned).decode()
    assert ref.id not in content
    assert ref.name not in content
    assert ref.name in snapshot.canonical(report).decode()
    assert cleaned.skdn.rows != report.skdn.rows  # others are still behind the figures, the figures themselves are
    for before, after in zip(report.tables, cleaned.tables, strict=True):
        assert [[cell.text for cell in row] for row in after.rows] == [
            [cell.text for cell in row] for row in before.rows
        ]
        assert [[len(cell.people) for cell in row] for row in after.rows] == [
            [len(cell.people) for cell in row] for row in before.rows
        ]
    for before, after in zip(report.lists, cleaned.lists, strict=True):
        assert len(after.rows) == len(before.rows)
        for old, new in zip(before.rows, after.rows, strict=True):
            is_theirs = any(each.id == ref.id for cell in old for each in cell.people)
            assert (new == old) is not is_theirs
    assert snapshot.unpacked(snapshot.packed(cleaned), snapshot.digest(cleaned)).skdn == cleaned.skdn
    assert pdf.monthly_pdf(cleaned).startswith(b"%PDF")


def test_where_nobody_is_kept_behind_figures_a_row_is_found_by_its_name(
    report: MonthlyReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = next(table for table in report.lists if table.rows).rows[0][1].people[0]
    monkeypatch.setattr(snapshot, "LARGE", 1000)
    again = snapshot.unpacked(snapshot.packed(report), snapshot.digest(report))
    cleaned = snapshot.without(again, {ref.id}, {ref.name})
    assert ref.name not in snapshot.canonical(cleaned).decode()
    assert len(snapshot.canonical(cleaned).decode().split(snapshot.ERASED)) > 1
    assert snapshot.without(report, {"nobody"}, set()) == report


def test_who_is_only_called_alike_keeps_the_name(report: MonthlyReport) -> None:
    """Siti Ani is erased; Siti Anisa is somebody else."""
    told = replace(report, rules=("Dijemput Siti Ani, diantar Siti Anisa.",))
    assert snapshot.without(told, set(), {"Siti Ani"}).rules == ("Dijemput (data dihapus), diantar Siti Anisa.",)
