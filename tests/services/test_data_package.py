"""A village's whole book leaves as a Data Package and comes back: the same records, the same bytes, and taken back."""

import csv
import hashlib
import json
import zipfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput
from posyandu.domain.forms import FORMS
from posyandu.services import data_package, imports, reporting, workspace
from posyandu.services.sample import book, village
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests import strategies
from tests.services import melati

OCTOBER = Month(2026, 10)
POSTS = (village.post_id(7, 0), village.post_id(7, 1))


@pytest.fixture(scope="module")
def sample() -> Iterator[Workspace]:
    ws = workspace.in_memory(post=None)
    for number in (0, 1):
        book.write(ws.db, village.one_post(7, number, village.PLACES[0], ws.growth, months=3, until=OCTOBER), ws.author)
    ws.posyandu_id = POSTS[0]
    yield ws
    ws.close()


@pytest.fixture(scope="module")
def package(sample: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return data_package.save(sample, POSTS, tmp_path_factory.mktemp("paket") / "desa.zip").path


@pytest.fixture
def empty() -> Iterator[Workspace]:
    ws = workspace.in_memory(post=None)
    yield ws
    ws.close()


def test_a_package_read_into_an_empty_book_gives_the_same_package_again(
    sample: Workspace, package: Path, empty: Workspace, tmp_path: Path
) -> None:
    preview = data_package.look(empty, package)
    assert preview.count("new") == len(preview.rows) > 500
    assert preview.remarks == ()
    taken = data_package.take(empty, preview)
    assert taken.records == len(preview.rows)
    again = data_package.save(empty, POSTS, tmp_path / "lagi.zip")
    assert again.path.read_bytes() == package.read_bytes()
    assert again.digest == hashlib.sha256(package.read_bytes()).hexdigest()
    assert reporting.monthly(empty, POSTS[0], OCTOBER).code == reporting.monthly(sample, POSTS[0], OCTOBER).code
    assert journal.rows_equal_replay(empty.db)
    assert data_package.look(empty, package).count("same") == len(preview.rows)
    imports.take_back(empty, taken.import_id)
    left = {form.name: len(rows) for form in FORMS.values() if (rows := records.load_many(empty.db, form))}
    assert left == {"sealed_access": len(POSTS)}, "that a package was saved stays written down, for each post"


def test_every_table_is_described_and_checked_by_its_hash(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        document = json.loads(archive.read("datapackage.json"))
        assert document["$schema"] == data_package.PROFILE
        for resource in document["resources"]:
            content = archive.read(resource["path"])
            rows = list(csv.DictReader(StringIO(content.decode())))
            assert resource["rows"] == len(rows)
            assert resource["bytes"] == len(content)
            assert [field["name"] for field in resource["schema"]["fields"]] == list(rows[0])
            assert_fits(resource["schema"]["fields"], rows)
        names = {each["name"]: each["schema"] for each in document["resources"]}
    weight = next(each for each in names["under_five_visit"]["fields"] if each["name"] == "weight_g")
    assert (weight["type"], weight["unit"]) == ("integer", "gram")
    assert {"fields": ["person_id"], "reference": {"resource": "person", "fields": ["id"]}} in names[
        "under_five_visit"
    ]["foreignKeys"]


def assert_fits(fields: list[dict[str, Any]], rows: list[dict[str, str]]) -> None:
    """Every value is of its column's type, within its limits and among its codes."""
    for field in fields:
        limits = field.get("constraints", {})
        for text in {row[field["name"]] for row in rows} - {""}:
            if field["type"] == "integer":
                assert limits["minimum"] <= int(text) <= limits["maximum"], (field["name"], text)
            if "enum" in limits:
                assert text in limits["enum"]
            if field["type"] == "boolean":
                assert text in ("true", "false")


def test_no_table_can_bring_an_erasure_or_a_move() -> None:
    """Whoever edits a table must not be able to erase people on every laptop by reading it in."""
    assert {"erasure", "handover", "arrival"}.isdisjoint(data_package.forms())
    assert "person" in data_package.forms()


def test_confidential_forms_and_sealed_parts_stay(package: Path) -> None:
    hidden = {name for name, form in FORMS.items() if form.restricted} | {n for n in FORMS if n.startswith("seal")}
    assert hidden >= {"srq20", "mental"} & FORMS.keys()
    assert not hidden & data_package.forms().keys()
    with zipfile.ZipFile(package) as archive:
        assert not {f"{name}.csv" for name in hidden} & set(archive.namelist())


def test_only_the_posts_asked_for_leave(sample: Workspace, tmp_path: Path) -> None:
    saved = data_package.save(sample, POSTS[:1], tmp_path / "satu.zip")
    with zipfile.ZipFile(saved.path) as archive:
        for name in archive.namelist():
            if name.endswith(".csv"):
                rows = csv.DictReader(StringIO(archive.read(name).decode()))
                assert {row["scope"] for row in rows} == {POSTS[0]}


def changed(package: Path, target: Path, table: str, old: str, new: str, *, honest: bool = True) -> Path:
    """The same package with one text replaced; `honest` mends the hash."""
    with zipfile.ZipFile(package) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[f"{table}.csv"] = parts[f"{table}.csv"].replace(old.encode(), new.encode(), 1)
    if honest:
        document = json.loads(parts["datapackage.json"])
        for resource in document["resources"]:
            resource["hash"] = f"sha256:{hashlib.sha256(parts[resource['path']]).hexdigest()}"
        parts["datapackage.json"] = json.dumps(document).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target


def test_a_value_that_is_none_refuses_its_row_and_no_other(package: Path, empty: Workspace, tmp_path: Path) -> None:
    path = changed(package, tmp_path / "rusak.zip", "person", ",female,", ",perempuan,")
    preview = data_package.look(empty, path)
    (refused,) = [each for each in preview.rows if each.what == "refused"]
    assert refused.sentence == "Jenis kelamin: perempuan tidak terbaca."
    assert data_package.take(empty, preview).records == len(preview.rows) - 1
    assert "1 tidak dapat diambil" in preview.sentence


def test_what_the_book_says_differently_stays(sample: Workspace, package: Path, tmp_path: Path) -> None:
    path = changed(package, tmp_path / "lain.zip", "posyandu", "Melati 1", "Melati Satu")
    preview = data_package.look(sample, path)
    assert (preview.count("differs"), preview.count("new")) == (1, 0)
    assert data_package.take(sample, preview).records == 0
    post = records.load(sample.db, FORMS["posyandu"], POSTS[0])
    assert post is not None
    assert post.answers["name"] == "Melati 1"


def test_a_package_changed_on_its_way_is_refused(package: Path, empty: Workspace, tmp_path: Path) -> None:
    path = changed(package, tmp_path / "ubah.zip", "person", ",female,", ",male,", honest=False)
    with pytest.raises(BadInput, match="berubah sejak"):
        data_package.look(empty, path)
    (tmp_path / "bukan.zip").write_bytes(b"PK\x03\x04" + bytes(50))
    with pytest.raises(BadInput, match="bukan paket data"):
        data_package.look(empty, tmp_path / "bukan.zip")
    with zipfile.ZipFile(tmp_path / "bom.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", bytes(30 * 1024 * 1024))
    with pytest.raises(BadInput, match="terlalu besar"):
        data_package.look(empty, tmp_path / "bom.zip")


@given(st.data())
def test_every_answer_of_every_form_survives_the_way_through_text(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(sorted(data_package.forms().values(), key=lambda each: each.name)))
    answers = data.draw(strategies.answers(form))
    for name, field in form.fields.items():
        value = answers.get(name)
        if value not in (None, ""):
            assert data_package.read(field, data_package._text(value)) == value  # noqa: SLF001


def test_a_withdrawn_record_is_not_brought_back(package: Path, tmp_path: Path, empty: Workspace) -> None:
    data_package.take(empty, data_package.look(empty, package))
    person = records.load_many(empty.db, FORMS["person"])[0]
    records.withdraw(empty.db, FORMS["person"], person.id, author=empty.author, now=empty.now(), reason="ganda")
    (row,) = [each for each in data_package.look(empty, package).rows if each.what != "same"]
    assert (row.id, row.sentence) == (person.id, "Ditarik di buku; tidak diambil.")
    assert melati.POST not in data_package.look(empty, package).sentence
