"""A village's whole book leaves as a Data Package and comes back: the same records, the same bytes, and taken back."""

import csv
import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import date
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


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ('=HYPERLINK("http://a")', '\'=HYPERLINK("http://a")'),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-Ana", "'-Ana"),
        ("+6281100", "+6281100"),
        ("'Apos", "'Apos"),
        ("'=1+1", "''=1+1"),
        ("Mu'minah", "Mu'minah"),
    ],
)
def test_no_text_of_a_package_runs_as_a_formula_and_each_comes_back_as_it_was(
    empty: Workspace, tmp_path: Path, name: str, written: str
) -> None:
    ws = melati.post()
    who = melati.child(ws, "Raka", date(2025, 7, 5), address=name)
    made = data_package.save(ws, [melati.POST], tmp_path / "paket.zip").path
    with zipfile.ZipFile(made) as archive:
        rows = {row["id"]: row for row in csv.DictReader(StringIO(archive.read("person.csv").decode()))}
    assert rows[who]["address"] == written
    data_package.take(empty, data_package.look(empty, made))
    back = records.load(empty.db, FORMS["person"], who)
    assert back is not None
    assert back.answers["address"] == name
    ws.close()


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


# --- small packages written by hand ----------------------------------------------------------------------------------


PERSON_HEAD = "id,scope,name,sex,born_on,guest,birth_weight_g,confirmed"


def packed_by_hand(target: Path, tables: dict[str, str], descriptor: Any = None) -> Path:  # noqa: ANN401 - JSON
    """A package of these tables, described as little as reading needs."""
    resources = [
        {"name": name, "path": f"{name}.csv", "hash": f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"}
        for name, text in tables.items()
    ]
    with zipfile.ZipFile(target, "w") as archive:
        document = {"resources": resources} if descriptor is None else descriptor
        archive.writestr("datapackage.json", document if isinstance(document, bytes) else json.dumps(document))
        for name, text in tables.items():
            archive.writestr(f"{name}.csv", text)
    return target


def persons(target: Path, *rows: str, head: str = PERSON_HEAD) -> Path:
    return packed_by_hand(target / "tangan.zip", {"person": "\r\n".join((head, *rows)) + "\r\n"})


@pytest.fixture(scope="module")
def shared() -> Iterator[Workspace]:
    """A book that is only looked at."""
    ws = melati.post()
    yield ws
    ws.close()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("a,melati,Nur,female,2024-03-05,true,3100,", "Baru."),
        ("a,melati,,,,,,", "Baru."),
        ("a,melati,Nur,female,2024-03-05,false,,birth_weight_g", "Baru."),
        (",melati,Nur,female,,,,", "Baris ini tidak utuh."),
        ("a,,Nur,female,,,,", "Baris ini tidak utuh."),
        ("a b,melati,Nur,female,,,,", "Baris ini tidak utuh."),
        ("-a,melati,Nur,female,,,,", "Baris ini tidak utuh."),
        (f"{'a' * 65},melati,Nur,female,,,,", "Baris ini tidak utuh."),
        ("a,melati,Nur,female,,,,,lebih", "Baris ini tidak utuh."),
        ("a'; DROP TABLE person,melati,Nur,female,,,,", "Baris ini tidak utuh."),
        ("a,melati,Nur,perempuan,,,,", "Jenis kelamin: perempuan tidak terbaca."),
        ("a,melati,Nur,FEMALE,,,,", "Jenis kelamin: FEMALE tidak terbaca."),
        ("a,melati,Nur,female,05-03-2024,,,", "Tanggal lahir: 05-03-2024 tidak terbaca."),
        ("a,melati,Nur,female,2024-02-30,,,", "Tanggal lahir: 2024-02-30 tidak terbaca."),
    ],
)
def test_each_row_is_told_in_a_sentence(shared: Workspace, tmp_path: Path, row: str, sentence: str) -> None:
    (planned,) = data_package.look(shared, persons(tmp_path, row)).rows
    assert planned.sentence == sentence
    assert planned.what == ("new" if sentence == "Baru." else "refused")
    assert (planned.form, planned.line) == ("person", 2), "the head is the first row, as people count"


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("birth_weight_g", "berat"), ("birth_weight_g", "3,1"), ("birth_weight_g", "3100.0"), ("birth_weight_g", "-1"),
        ("birth_weight_g", "999999"), ("guest", "ya"), ("guest", "True"), ("guest", "1"),
    ],
)  # fmt: skip
def test_a_number_or_a_yes_that_is_none_is_named_by_its_question_with_what_stood_there(
    shared: Workspace, tmp_path: Path, column: str, text: str
) -> None:
    told = {"guest": "", "birth_weight_g": ""} | {column: f'"{text}"'}
    (planned,) = data_package.look(
        shared, persons(tmp_path, f"a,melati,Nur,female,,{told['guest']},{told['birth_weight_g']},")
    ).rows
    assert planned.what == "refused"
    assert planned.sentence.endswith(f": {text} tidak terbaca.")


def test_a_long_wrong_text_is_told_only_so_far(shared: Workspace, tmp_path: Path) -> None:
    (planned,) = data_package.look(shared, persons(tmp_path, f"a,melati,Nur,{'x' * 90},,,,")).rows
    assert planned.sentence == f"Jenis kelamin: {'x' * 40} tidak terbaca."


def test_columns_may_stand_in_any_order_be_missing_or_be_of_next_year(empty: Workspace, tmp_path: Path) -> None:
    path = persons(tmp_path, "Nur,tari,melati,a", head="name,next_year,scope,id")
    preview = data_package.look(empty, path)
    assert preview.sentence == "1 catatan baru, 0 sudah ada, 0 berbeda dari buku, 0 tidak dapat diambil."
    assert data_package.take(empty, preview, path.name).sentence == "1 catatan diambil."
    row = records.load(empty.db, FORMS["person"], "a")
    assert row is not None
    assert {name: value for name, value in row.answers.items() if value is not None} == {"name": "Nur"}
    assert row.scope == "melati"


def test_what_was_confirmed_comes_along_and_only_for_questions_there_are(empty: Workspace, tmp_path: Path) -> None:
    data_package.take(
        empty,
        data_package.look(empty, persons(tmp_path, 'a,melati,Nur,female,,,6200,"birth_weight_g next_year"')),
    )
    row = records.load(empty.db, FORMS["person"], "a")
    assert row is not None
    assert row.confirmed == {"birth_weight_g"}


def test_texts_with_commas_quotes_and_line_breaks_come_back_as_they_were(empty: Workspace, tmp_path: Path) -> None:
    told = 'Nur "Aini",\r\nbaris\n\rdua\t'
    empty.posyandu_id = "melati"
    records.save(empty.db, FORMS["person"], "a", {"name": told}, scope="melati", author=empty.author, now=empty.now())
    records.save(
        empty.db, FORMS["posyandu"], "melati", {"name": "Melati"}, scope="melati", author=empty.author, now=empty.now()
    )
    path = data_package.save(empty, ["melati"], tmp_path / "keluar.zip").path
    assert data_package.look(empty, path).count("same") == 2


def test_a_row_that_stands_twice_is_taken_once(empty: Workspace, tmp_path: Path) -> None:
    preview = data_package.look(empty, persons(tmp_path, "a,melati,Nur,female,,,,", "a,melati,Ali,male,,,,"))
    assert data_package.take(empty, preview).records == 1
    row = records.load(empty.db, FORMS["person"], "a")
    assert row is not None
    assert row.answers["name"] == "Nur", "the first one"


def test_a_row_without_any_answer_brings_nothing_and_is_not_counted(empty: Workspace, tmp_path: Path) -> None:
    taken = data_package.take(empty, data_package.look(empty, persons(tmp_path, "a,melati,,,,,,")))
    assert (taken.records, taken.import_id) == (0, "")
    assert records.load(empty.db, FORMS["person"], "a") is None


def test_what_came_into_the_book_since_it_was_looked_at_is_not_written_over(empty: Workspace, tmp_path: Path) -> None:
    preview = data_package.look(empty, persons(tmp_path, "a,melati,Nur,female,,,,"))
    records.save(
        empty.db, FORMS["person"], "a", {"name": "Ketikan kader"}, scope="melati", author=empty.author,
        now=empty.now(),
    )  # fmt: skip
    taken = data_package.take(empty, preview)
    assert (taken.records, taken.import_id, taken.sentence) == (0, "", "0 catatan diambil.")


def test_nothing_in_a_package_is_nothing_taken_and_nothing_to_take_back(empty: Workspace, tmp_path: Path) -> None:
    preview = data_package.look(empty, packed_by_hand(tmp_path / "kosong.zip", {}))
    assert (preview.rows, preview.remarks) == ((), ())
    assert data_package.take(empty, preview).import_id == ""
    assert imports.listed(empty) == []
    assert data_package.as_table(preview).rows == ()


@pytest.mark.parametrize(
    "name", ["erasure", "handover", "sealed", "sealing_key", "srq20", "school_mental", "tari_2027"]
)
def test_a_table_that_may_not_come_in_is_left_out_and_said(shared: Workspace, tmp_path: Path, name: str) -> None:
    path = packed_by_hand(tmp_path / "lain.zip", {name: "id,scope\r\na,melati\r\n", "person": f"{PERSON_HEAD}\r\n"})
    preview = data_package.look(shared, path)
    assert preview.rows == ()
    assert preview.remarks == (f"Tabel {name} tidak dikenal dan dilewati.",)


@pytest.mark.parametrize(
    "descriptor",
    [
        b"", b"{", b"[]", b"null", b"7", {}, {"resources": None}, {"resources": 5}, {"resources": ["x"]},
        {"resources": [{}]}, {"resources": [{"name": "person"}]},
        {"resources": [{"name": "person", "path": "person.csv"}]},
        {"resources": [{"name": "person", "path": "../../etc/passwd", "hash": "x"}]},
        {"resources": [{"name": "person", "path": "none.csv", "hash": "x"}]},
    ],
)  # fmt: skip
def test_a_descriptor_that_makes_no_sense_is_no_package(shared: Workspace, tmp_path: Path, descriptor: object) -> None:
    path = packed_by_hand(tmp_path / "aneh.zip", {"person": f"{PERSON_HEAD}\r\n"}, descriptor)
    with pytest.raises(BadInput, match=r"Berkas aneh\.zip bukan paket data yang utuh\."):
        data_package.look(shared, path)


def test_a_zip_without_a_descriptor_a_file_that_is_none_and_no_file_are_no_package(
    shared: Workspace, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "lain.zip", "w") as archive:
        archive.writestr("foto.jpg", b"\xff\xd8")
    (tmp_path / "teks.zip").write_text("id,scope,name")
    for name in ("lain.zip", "teks.zip", "tidak-ada.zip"):
        with pytest.raises(BadInput, match=f"Berkas {name} bukan paket data yang utuh"):
            data_package.look(shared, tmp_path / name)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"id,scope\r\n\xe9\r\n"])
def test_a_table_that_is_no_text_is_named(shared: Workspace, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rusak.zip"
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    with zipfile.ZipFile(path, "w") as archive:
        resource = {"name": "person", "path": "person.csv", "hash": digest}
        archive.writestr("datapackage.json", json.dumps({"resources": [resource]}))
        archive.writestr("person.csv", content)
    with pytest.raises(BadInput, match=r"Tabel person tidak terbaca\."):
        data_package.look(shared, path)


def test_somebody_hears_how_far_reading_and_writing_came(shared: Workspace, tmp_path: Path) -> None:
    heard: list[tuple[int, int, str]] = []
    path = persons(tmp_path, "a,melati,Nur,female,,,,")
    data_package.look(shared, path, lambda *told: heard.append(told))
    assert heard == [(0, 1, "person")]
    heard.clear()
    data_package.save(shared, [melati.POST], tmp_path / "keluar.zip", lambda *told: heard.append(told))
    assert [number for number, _all, _title in heard] == list(range(len(data_package.forms())))


def test_the_report_of_a_package_counts_each_table_and_lists_what_stays_out(shared: Workspace, tmp_path: Path) -> None:
    path = persons(tmp_path, "a,melati,Nur,female,,,,", "b,melati,Ali,laki,,,,", "c,melati,Sri,female,,,,")
    table = data_package.as_table(data_package.look(shared, path))
    assert [[cell.text for cell in row][1:] for row in table.rows] == [
        ["", "", "2 baru, 1 tidak diambil"],
        ["3", "Tidak diambil", "Jenis kelamin: laki tidak terbaca."],
    ]


def test_a_package_of_no_post_is_empty_and_says_nothing_left(shared: Workspace, tmp_path: Path) -> None:
    saved = data_package.save(shared, [], tmp_path / "kosong.zip")
    assert saved.records == 0
    with zipfile.ZipFile(saved.path) as archive:
        assert archive.namelist() == ["datapackage.json"]
        assert json.loads(archive.read("datapackage.json"))["resources"] == []


def test_every_kind_of_question_has_its_type() -> None:
    person = FORMS["person"].fields
    assert data_package.described(person["guest"])["type"] == "boolean"
    assert data_package.described(person["born_on"]) == {"type": "date"}
    assert data_package.described(person["name"]) == {"type": "string"}
    assert data_package.described(person["birth_weight_g"])["unit"] == "gram"
    assert "unit" not in data_package.described(FORMS["attendance"].fields["queue_number"])
    assert data_package.described(person["sex"])["constraints"] == {"enum": ["male", "female"]}
    for function in (data_package.described, lambda field: data_package.read(field, "x")):
        with pytest.raises(TypeError):
            function(object())
