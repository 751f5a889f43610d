"""Round trips as laws over random villages: what leaves for e-PPGBM, OpenSID, Excel or in a package comes back.

Villages are invented from a seed; names, addresses and numbers are drawn, with the letters that break sheets: quotes,
separators, leading "=", line ends, other alphabets.
"""

import string
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.reports import spreadsheet
from posyandu.reports.table import Table
from posyandu.services import data_package, eppgbm, eppgbm_import, opensid, reporting, sheet_files, sheets, workspace
from posyandu.services.sample import book, village
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests.services import melati

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
few = settings(
    max_examples=5, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
"""Each example is a village in a real book, so they are few, and are told as they are found, not made smaller."""

NAMES = st.text(string.ascii_letters + " '.-éŁ", min_size=2, max_size=30).filter(
    lambda text: (
        any(letter.isalpha() for letter in text)
        and text == " ".join(text.split())
        and text[0] not in "'-."
        and text.lower() not in ("null", "none")  # so e-PPGBM's downloads say that there is nothing
    )
)
WORDS = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40).map(
    lambda text: " ".join(text.split())
)
CHILDREN = st.lists(
    st.fixed_dictionaries(
        {
            "name": NAMES.map(str.title),
            "sex": st.sampled_from(["male", "female"]),
            "born_on": st.dates(date(2022, 1, 1), melati.TODAY - timedelta(days=40)),
            "mother_name": NAMES.map(str.title),
            "birth_weight_g": st.integers(10, 60).map(lambda n: n * 100),
            "birth_length_mm": st.integers(400, 580),
            "weight_g": st.integers(60, 180).map(lambda n: n * 100),
            "length_mm": st.integers(600, 1_050),
        }
    ),
    min_size=1, max_size=6, unique_by=lambda each: (each["name"].casefold(), each["born_on"]),
)  # fmt: skip
PERSON = ("name", "sex", "born_on", "mother_name", "birth_weight_g", "birth_length_mm")


def village_of(children: list[dict[str, Value]]) -> Workspace:
    """A post of these children, each with a NIK of its own and weighed today."""
    ws = melati.post()
    for number, each in enumerate(children):
        told = {name: each[name] for name in PERSON} | {"nik": f"520301{number:02}0725{number + 1:04}"}
        record = records.new_id()
        records.save(
            ws.db, FORMS["person"], record, {**told, "status": "active"}, scope=melati.POST, author=ws.author,
            now=ws.now(),
        )  # fmt: skip
        measured = {"visited_on": melati.TODAY, "weight_g": each["weight_g"], "length_mm": each["length_mm"]}
        records.save(
            ws.db, melati.CHILD, records.new_id(), {**measured, "position": "lying"}, scope=melati.POST,
            author=ws.author, now=ws.now(), links={"person_id": record},
        )  # fmt: skip
    return ws


def told_of(ws: Workspace, *names: str) -> list[tuple[str, ...]]:
    rows = records.load_many(ws.db, FORMS["person"], scope=ws.posyandu_id)
    return sorted(tuple(str(row.answers.get(name)) for name in names) for row in rows)


@pytest.mark.parametrize("kind", ["xls", "xlsx"])
@few
@given(children=CHILDREN)
def test_what_goes_to_eppgbm_comes_back_as_the_same_children_and_measurements(
    tmp_path_factory: pytest.TempPathFactory, kind: eppgbm.Kind, children: list[dict[str, Value]]
) -> None:
    ws, empty = village_of(children), melati.post()
    saved = eppgbm.save(ws, melati.POST, NOVEMBER, tmp_path_factory.mktemp("eppgbm"), kind)
    assert (saved.identity, saved.measurement, saved.refused) == (len(children), len(children), 0)
    preview = eppgbm_import.look(empty, melati.POST, saved.paths[0])
    everyone = {row.line.number: "" for row in preview.rows if row.who == "unsure"}
    assert eppgbm_import.take(empty, preview, everyone).children == len(children)
    wanted = ("nik", "sex", "born_on", "birth_weight_g", "birth_length_mm")
    assert told_of(empty, *wanted) == told_of(ws, *wanted)
    folded = [tuple(word.casefold() for word in row) for row in told_of(empty, "nik", "name", "mother_name")]
    assert folded == [tuple(word.casefold() for word in row) for row in told_of(ws, "nik", "name", "mother_name")]
    again = eppgbm_import.look(ws, melati.POST, saved.paths[0])
    assert {row.who for row in again.rows} == {"known"}, "and at home each is known"
    (measured,) = sheet_files.read(saved.paths[1])
    told = [dict(zip(measured.rows[0], row, strict=False)) for row in measured.rows[1:]]
    by_nik = {each["NIK"]: (each["BERAT"], each["TINGGI"], each["TANGGALUKUR"]) for each in told}
    today = melati.TODAY.isoformat()
    assert by_nik == {
        f"520301{number:02}0725{number + 1:04}": (each["weight_g"] / 1000, each["length_mm"] / 10, today)  # type: ignore[operator]
        for number, each in enumerate(children)
    }
    ws.close()
    empty.close()


@few
@given(children=CHILDREN, words=WORDS)
def test_people_of_opensid_come_in_and_the_month_goes_out_with_the_same_children(
    tmp_path_factory: pytest.TempPathFactory, children: list[dict[str, Value]], words: str
) -> None:
    ws, folder = melati.post(), tmp_path_factory.mktemp("opensid")
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.append(["alamat", "dusun", "nama", "no_kk", "nik", "sex", "tanggallahir", "nama_ibu"])
    for number, each in enumerate(children):
        sex, nik = 1 if each["sex"] == "male" else 2, f"520301{number:02}0725{number + 1:04}"
        page.append(
            ["", "Dasan", each["name"], f"52030101010{number:05}", nik, sex, each["born_on"], each["mother_name"]]
        )
        cell = page.cell(page.max_row, 1, words)
        cell.data_type = "s"  # openpyxl takes "=…" for a formula
    made.save(folder / "penduduk.xlsx")
    preview = eppgbm_import.look(ws, melati.POST, folder / "penduduk.xlsx")
    assert {row.line.refused for row in preview.rows} == {()}
    eppgbm_import.take(ws, preview, {row.line.number: "" for row in preview.rows if row.who == "unsure"})
    assert {row[1] for row in told_of(ws, "nik", "sex")} == {str(each["sex"]) for each in children}
    assert told_of(ws, "born_on") == sorted((str(each["born_on"]),) for each in children)
    out = opensid.save(ws, melati.POST, NOVEMBER, folder)
    back = eppgbm_import.look(ws, melati.POST, out.path)
    assert {row.who for row in back.rows} <= {"known", "unsure"}, "nobody became someone else on the way"
    assert len(back.rows) == out.children
    ws.close()


@pytest.fixture(scope="module")
def sample() -> Iterator[Workspace]:
    ws = workspace.in_memory(post=None)
    book.write(ws.db, village.one_post(11, 0, village.PLACES[0], ws.growth, months=3, until=OCTOBER), ws.author)
    ws.posyandu_id = village.post_id(11, 0)
    yield ws
    ws.close()


def assert_came_through(table: Table, content: bytes) -> None:
    page = openpyxl.load_workbook(BytesIO(content)).active
    assert page is not None
    read = [list(row) for row in page.iter_rows(values_only=True)]
    assert [each or "" for each in read[0]] == [column.name for column in table.columns]
    for row, told in zip(table.rows, read[1:], strict=True):
        for cell, value in zip(row, told, strict=True):
            if isinstance(cell.value, int | float):
                assert value == pytest.approx(cell.value)
            else:
                assert (value or "") == cell.text, table.code


def test_every_table_of_every_report_is_the_same_in_excel(sample: Workspace) -> None:
    tables = list(reporting.monthly(sample, sample.posyandu_id, OCTOBER).tables)
    for kind in sheets.kinds():
        if kind.code != sheets.MONTHLY and not kind.code.startswith(("kartu", "lembar")):
            tables += reporting.build(sample, kind.code, sample.posyandu_id, OCTOBER, year=2026).tables
    assert len(tables) > 30
    for table in tables:
        assert_came_through(table, spreadsheet.import_sheet("Lembar", table))


@settings(few, max_examples=3)
@given(seed=st.integers(1, 10_000), place=st.sampled_from(village.PLACES))
def test_any_village_read_into_an_empty_book_gives_the_same_package(
    tmp_path_factory: pytest.TempPathFactory, seed: int, place: village.Place
) -> None:
    folder = tmp_path_factory.mktemp("paket")
    ws, empty = workspace.in_memory(post=None), workspace.in_memory(post=None)
    entries = village.one_post(seed, 0, place, ws.growth, months=1, until=OCTOBER)
    book.write(ws.db, entries, ws.author)
    ws.posyandu_id = post = village.post_id(seed, 0)
    saved = data_package.save(ws, [post], folder / "a.zip")
    preview = data_package.look(empty, saved.path)
    assert (preview.count("new"), preview.count("refused")) == (saved.records, 0)
    data_package.take(empty, preview)
    assert data_package.save(empty, [post], folder / "b.zip").digest == saved.digest
    assert data_package.look(ws, folder / "b.zip").count("same") == saved.records
    assert journal.rows_equal_replay(empty.db)
    ws.close()
    empty.close()


@few
@example(["a\rb", "\r", "a\x00\r\nb"])
@given(st.lists(st.text(), min_size=3, max_size=3))
def test_any_letters_at_all_survive_a_package(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    ws, empty = melati.post(), melati.post()
    child = melati.child(ws)
    answers = dict(zip(("address", "mother_name", "phone"), (each or None for each in words), strict=True))
    records.save(ws.db, FORMS["person"], child, answers, scope=melati.POST, author=ws.author, now=ws.now())
    path = data_package.save(ws, [melati.POST], tmp_path_factory.mktemp("huruf") / "a.zip").path
    data_package.take(empty, data_package.look(empty, path))
    row = records.load(empty.db, FORMS["person"], child)
    assert row is not None
    kept = records.load(ws.db, FORMS["person"], child)
    assert kept is not None
    assert row.answers == kept.answers
    ws.close()
    empty.close()


def test_frictionless_finds_no_fault_with_a_package_and_finds_one_that_was_made(
    sample: Workspace, tmp_path: Path
) -> None:
    """The reference program of the Data Package standard: descriptor, types, codes, limits, keys, hashes and sizes."""
    import frictionless  # takes a second

    path = data_package.save(sample, [sample.posyandu_id], tmp_path / "desa.zip").path
    folder = tmp_path / "desa"
    with data_package.zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    assert report.stats["tasks"] > 5
    people = folder / "person.csv"
    people.write_text(people.read_text("utf-8").replace(",female,", ",perempuan,", 1), "utf-8")
    assert not frictionless.validate(str(folder / "datapackage.json")).valid
