"""Levels and batches: a puskesmas is the sum of its posts; all it prints comes in one go that can be stopped."""

import pickle
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import NotFound
from posyandu.domain.forms.registration import POSYANDU
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.sheet import Sheet
from posyandu.services import access, accounts, batch, levels, posts, reporting, sheets, workspace
from posyandu.services.accounts import BookFolder
from posyandu.services.people import register
from posyandu.services.report_data import gather_sheet
from posyandu.services.sample import book, village
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.keys import Cost

OCTOBER = Month(2026, 10)


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    made = workspace.in_memory(post=None)
    for number, place in enumerate((village.PLACES[0], village.PLACES[0], village.PLACES[1])):
        book.write(made.db, village.one_post(7, number, place, made.growth, months=2, until=OCTOBER), made.author)
    made.posyandu_id = village.post_id(7, 0)
    yield made
    made.close()


def test_the_levels_of_a_book_are_its_villages_puskesmas_kecamatan_and_kabupaten(ws: Workspace) -> None:
    found = levels.levels(ws)
    assert [(each.kind, each.name, len(each.posts)) for each in found] == [
        ("village", "Jelantik", 1),
        ("village", "Ubung", 2),
        ("puskesmas", "Ubung", 3),
        ("district", "Jonggat", 3),
        ("regency", "Kabupaten Lombok Tengah", 3),
    ]
    assert [each.title for each in found[1:3]] == ["Desa Ubung (2 Posyandu)", "Puskesmas Ubung (3 Posyandu)"]
    with pytest.raises(NotFound):
        levels.level(ws, "village 9999999999")


def test_every_figure_of_a_puskesmas_is_the_sum_of_its_posts_and_opens_their_names(ws: Workspace) -> None:
    (puskesmas,) = [each for each in levels.levels(ws) if each.kind == "puskesmas"]
    whole = levels.build(ws, "bulanan", puskesmas.code, OCTOBER)
    assert isinstance(whole, MonthlyReport)
    parts = [reporting.monthly(ws, post.id, OCTOBER) for post in puskesmas.posts]
    for row, of_posts in zip(whole.skdn.rows, zip(*(part.skdn.rows for part in parts), strict=True), strict=True):
        for column, cell in enumerate(row):
            if isinstance(cell.value, int):
                assert cell.value == sum(int(each[column].value) for each in of_posts)  # type: ignore[arg-type]
                assert {ref.id for ref in cell.people} == {ref.id for each in of_posts for ref in each[column].people}
    assert all(check.ok for check in whole.checks if check.sentence.startswith("D = N"))
    assert whole.head[0] == ("Wilayah", "Puskesmas Ubung (3 Posyandu)")
    assert dict(whole.head)["Desa/kelurahan"] == "", "it lies in two villages"
    assert dict(whole.head)["Kecamatan"] == "Jonggat"


def test_a_whole_puskesmas_keeps_each_person_once_however_many_months_there_are(ws: Workspace) -> None:
    (puskesmas,) = [each for each in levels.levels(ws) if each.kind == "puskesmas"]
    report = levels.gather_level(ws, puskesmas, OCTOBER).report
    assert len(report.children) > 1
    for by_month in (report.children, report.life):
        kept: dict[str, set[int]] = {}
        for people in by_month.values():
            for each in people:
                kept.setdefault(each.id, set()).add(id(each.person))
        assert all(len(copies) == 1 for copies in kept.values()), "memory grows with people, not with months"
    child = report.children[OCTOBER][0]
    assert str(child.person["hamlet"]).startswith(("Melati 1", "Mawar 1", "Anggrek 1")), "and says whose it is"


def test_every_sheet_of_a_level_adds_up(ws: Workspace) -> None:
    (village_,) = [each for each in levels.levels(ws) if each.name == "Ubung" and each.kind == "village"]
    whole = levels.build(ws, "f1_gizi", village_.code, OCTOBER)
    assert isinstance(whole, Sheet)
    parts = [sheets.build(ws, "f1_gizi", post.id, OCTOBER) for post in village_.posts]
    for number, row in enumerate(whole.tables[0].rows):
        values = [part.tables[0].rows[number][-1].value for part in parts]
        if isinstance(row[-1].value, int):
            assert row[-1].value == sum(values)  # type: ignore[arg-type]
    for code in ("sip5", "sip6"):
        whole_year = levels.build(ws, code, village_.code, OCTOBER)
        assert isinstance(whole_year, Sheet)
        of_posts = [sheets.build(ws, code, post.id, OCTOBER) for post in village_.posts]
        for column in whole_year.tables[0].columns[2:]:
            cell = whole_year.tables[0].cell(9, column.name)
            parts_ = [sheet.tables[0].cell(9, column.name).value for sheet in of_posts]
            if isinstance(cell.value, int):
                assert cell.value == sum(value for value in parts_ if isinstance(value, int)), (code, column.name)
    report = levels.build(ws, "bulanan", village_.code, OCTOBER)
    came = [int(dict(reporting.monthly(ws, post.id, OCTOBER).head)["Kader hadir"]) for post in village_.posts]
    assert dict(report.head)["Kader hadir"] == str(sum(came))
    with pytest.raises(NotFound, match="tidak dikenal"):
        levels.build(ws, "apa_saja", village_.code, OCTOBER)
    names = next(table for table in levels.build(ws, "bulanan", village_.code, OCTOBER).lists if table.rows)
    assert all(any(post in cell.text for cell in row for post in ("Melati 1, ", "Mawar 1, ")) for row in names.rows), (
        "the list says which post a child is of"
    )


def text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_a_batch_writes_a_bundle_for_each_post_and_one_for_the_whole(ws: Workspace, tmp_path: Path) -> None:
    (puskesmas,) = [each for each in levels.levels(ws) if each.kind == "puskesmas"]
    heard: list[tuple[int, int, str]] = []
    made = batch.write(
        ws, puskesmas.posts[:1], OCTOBER, tmp_path / "cetak", whole=puskesmas,
        progress=lambda done, of, words: heard.append((done, of, words)),
    )  # fmt: skip
    assert [path.name for path in made.paths] == [
        "Jelantik Anggrek 1 2026-10.pdf",
        "Puskesmas Ubung 3 Posyandu semua 2026-10.pdf",
    ]
    assert [(done, of) for done, of, _words in heard] == [(0, 2), (1, 2)]
    text = text_of(made.paths[0])
    report = reporting.monthly(ws, puskesmas.posts[0].id, OCTOBER)
    assert f"Kode {report.code}" in text
    for sheet in sheets.bundle(ws, puskesmas.posts[0].id, OCTOBER):
        assert f"Kode {sheet.code}" in text, f"{sheet.title} is missing, or its foot"


def test_a_stopped_batch_leaves_whole_files_and_nothing_else(ws: Workspace, tmp_path: Path) -> None:
    class Stop(Exception):  # noqa: N818 - what happens
        pass

    def stop_at_second(done: int, _of: int, _words: str) -> None:
        if done == 1:
            raise Stop

    with pytest.raises(Stop):
        batch.write(ws, posts.posts(ws), OCTOBER, tmp_path, progress=stop_at_second)
    (path,) = tmp_path.iterdir()
    assert path.read_bytes().rstrip().endswith(b"%%EOF")


def test_the_same_rows_give_the_same_bundle(ws: Workspace) -> None:
    data = gather_sheet(ws, ws.posyandu_id, OCTOBER)
    assert batch.bundle(data, "F4") == batch.bundle(gather_sheet(ws, ws.posyandu_id, OCTOBER), "F4")
    assert batch.bundle(data) != batch.bundle(data, mono=True)


def test_the_rows_of_a_post_are_packed_small_and_come_back_as_the_tables_of_a_level_need_them(ws: Workspace) -> None:
    post = posts.posts(ws)[0]
    data = gather_sheet(ws, post.id, OCTOBER)
    packed = levels.packed("Posyandu Melati 1", data)
    again = packed.rows()
    assert len(packed.content) < len(pickle.dumps([each.visits for each in data.report.children[OCTOBER]])) * 10
    assert again.report.rules is data.report.rules
    for month, children in data.report.children.items():
        now = again.report.children[month]
        assert [each.id for each in now] == [each.id for each in children]
        assert [each.weighing for each in now] == [each.weighing for each in children]
        for index in ("waz", "haz", "whz", "baz", "head", "muac"):
            assert [each.class_of(index) for each in now] == [each.class_of(index) for each in children]
        told = [judged.findings for each in now for judged in each.assessments]
        if month == OCTOBER:
            assert told == [judged.findings for each in children for judged in each.assessments]
        else:
            assert not any(told), "the lists are of this month alone"
    child = again.report.children[OCTOBER][0]
    assert str(child.person["hamlet"]).startswith("Melati 1")
    assert again.report.everyone[child.id] is child.person, "everybody is kept once"
    assert None not in child.person.values()


def test_the_same_level_has_the_same_bytes_from_packed_rows_of_another_order_of_reading(ws: Workspace) -> None:
    (puskesmas,) = [each for each in levels.levels(ws) if each.kind == "puskesmas"]
    rows = [levels.packed(post.name, gather_sheet(ws, post.id, OCTOBER)) for post in puskesmas.posts]
    first, second = (batch.bundle(levels.together(puskesmas, rows)) for _round in range(2))
    assert first == second
    assert first == batch.bundle(levels.gather_level(ws, puskesmas, OCTOBER))


def test_a_batch_leaves_the_memory_of_the_book_as_it_was(ws: Workspace, tmp_path: Path) -> None:
    def pages() -> object:
        return ws.db.conn.execute("PRAGMA cache_size").fetchone()[0]

    usual, seen = pages(), []

    def stop(*_told: object) -> None:
        seen.append(pages())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.write(ws, posts.posts(ws), OCTOBER, tmp_path, progress=stop)
    assert (seen, pages()) == ([-8192], usual)


def test_two_posts_of_one_name_in_two_villages_of_one_name_have_a_bundle_each(ws: Workspace, tmp_path: Path) -> None:
    first, second = posts.posts(ws)[:2]
    alike = [replace(each, name="Melati", village="Ubung") for each in (first, second)]
    made = batch.write(ws, alike, OCTOBER, tmp_path)
    assert [each.name for each in made.paths] == ["Ubung Melati 2026-10.pdf", "Ubung Melati 2026-10 (2).pdf"]
    assert made.paths[0].read_bytes() != made.paths[1].read_bytes(), "neither was written over the other"


class Stop(Exception):  # noqa: N818 - what happens
    """The officer presses Batal."""


def stop_before(number: int) -> Callable[[int, int, str], None]:
    def told(done: int, _of: int, _words: str) -> None:
        if done == number:
            raise Stop

    return told


def written_at(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in folder.glob("*.pdf")}


def handed_out(ws: Workspace) -> int:
    return sum(len(access.log(ws, post.id)) for post in posts.posts(ws))


def test_a_batch_that_was_stopped_goes_on_with_the_rest_and_gives_the_same_files(ws: Workspace, tmp_path: Path) -> None:
    (puskesmas,) = [each for each in levels.levels(ws) if each.kind == "puskesmas"]
    batch.write(ws, puskesmas.posts, OCTOBER, tmp_path / "whole", whole=puskesmas)
    with pytest.raises(Stop):
        batch.write(ws, puskesmas.posts, OCTOBER, tmp_path / "cut", whole=puskesmas, progress=stop_before(2))
    first = written_at(tmp_path / "cut")
    noted = handed_out(ws)
    made = batch.write(ws, puskesmas.posts, OCTOBER, tmp_path / "cut", whole=puskesmas)
    assert (len(first), made.kept, len(made.paths)) == (2, 2, 4)
    assert first.items() <= written_at(tmp_path / "cut").items(), "what stood was not written again"
    assert handed_out(ws) == noted + 2, "nor noted as handed out again"
    for path in made.paths:
        assert path.read_bytes() == (tmp_path / "whole" / path.name).read_bytes()
    again = batch.write(ws, puskesmas.posts, OCTOBER, tmp_path / "cut", whole=puskesmas)
    assert again.kept == 4


def test_what_was_saved_spoilt_or_asked_for_otherwise_since_is_made_again(ws: Workspace, tmp_path: Path) -> None:
    (post,) = [each for each in posts.posts(ws) if each.id == ws.posyandu_id]

    def kept(**told: Any) -> int:  # noqa: ANN401 - how it is printed
        return batch.write(ws, [post], OCTOBER, tmp_path, **told).kept

    assert [kept(), kept(), kept(mono=True), kept(mono=True), kept(paper="F4", mono=True)] == [0, 1, 0, 1, 0]
    assert [kept(), kept()] == [0, 1]
    (path,) = tmp_path.glob("*.pdf")
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert kept() == 0
    assert path.read_bytes() == whole
    path.unlink()
    assert [kept(), kept()] == [0, 1]
    register(ws, {"name": "Raka", "sex": "male", "born_on": date(2026, 1, 5), "mother_name": "Sri"})
    assert [kept(), kept()] == [0, 1]
    assert path.read_bytes() != whole


def test_a_batch_goes_on_after_the_program_was_closed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sheets, "of_post", lambda *_told: [])
    monkeypatch.setattr(batch, "bundle", lambda data, *_told, **_more: str(data.report.everyone.keys()).encode())
    kept_at = BookFolder(tmp_path / "buku", practice=True)
    made = accounts.create(kept_at, "Nurul", "482613", cost=Cost(1, 8)).workspace
    told = {"name": "Melati", "village_code": "5203012001"}
    for post in ("melati", "mawar"):
        records.save(made.db, POSYANDU, post, {**told, "name": post}, scope=post, author=made.author, now=made.now())
    made.posyandu_id = "melati"
    child = {"name": "Raka", "sex": "male", "born_on": date(2026, 1, 5), "mother_name": "Sri", "scope": "melati"}
    register(made, child)  # type: ignore[arg-type]
    with pytest.raises(Stop):
        batch.write(made, posts.posts(made), OCTOBER, tmp_path / "cetak", progress=stop_before(1))
    made.close()
    again = accounts.unlock(kept_at, accounts.members(kept_at)[0].id, "482613")
    again.posyandu_id = "melati"
    assert batch.write(again, posts.posts(again), OCTOBER, tmp_path / "cetak").kept == 1
    register(again, {**child, "name": "Budi"})  # type: ignore[arg-type]
    again.close()
    last = accounts.unlock(kept_at, accounts.members(kept_at)[0].id, "482613")
    last.posyandu_id = "melati"
    assert batch.write(last, posts.posts(last), OCTOBER, tmp_path / "cetak").kept == 0
    last.close()


def test_only_so_many_files_are_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(batch, "MOST_REMEMBERED", 2)
    book = workspace.in_memory(post="melati")
    before = batch._Before(book, OCTOBER)
    paths = [tmp_path / f"{number}.pdf" for number in range(3)]
    for path in paths:
        path.write_bytes(b"isi")
        before.remember(path, b"isi", path.name)
    after = batch._Before(book, OCTOBER)
    assert [after.stands(path, path.name) for path in paths] == [False, True, True]
    book.close()
