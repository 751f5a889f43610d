"""How alike two people are, told in words: every reason, its weight, and what keeps strangers apart."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import duplicates, people
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests.services import melati

NIK, OTHER_NIK, KK = "5203010507250001", "5203010507250002", "5203010101010001"
BORN = date(2025, 7, 5)
Told = dict[str, Value | None]
RAKA: Told = {"name": "Raka Aditya", "sex": "male", "born_on": BORN, "mother_name": "Wulan Sari"}


def reasons(typed: Told, known: Told) -> tuple[str, ...]:
    one, other = people.resemblance(typed, known), people.resemblance(known, typed)
    assert one == other, "it does not matter who was written down first"
    return one[1]


# --- birth dates -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "weight", "words"),
    [
        (BORN, 30, "tanggal lahir sama"),
        (BORN + timedelta(days=1), 20, "lahir berselang 1 hari"),
        (BORN - timedelta(days=31), 20, "lahir berselang 31 hari"),
        (BORN + timedelta(days=32), 0, ""),
        (date(2025, 5, 7), 15, "tanggal dan bulan lahir tertukar"),
        (date(2024, 5, 7), 0, ""),
        (date(2024, 7, 5), 15, "tanggal lahir sama, tahun berbeda"),
        (date(2015, 7, 5), 15, "tanggal lahir sama, tahun berbeda"),
        (date(2014, 7, 5), 0, ""),
        (date(2035, 7, 5), 15, "tanggal lahir sama, tahun berbeda"),
        (None, 0, ""),
        ("2025-07-05", 0, ""),
    ],
)
def test_birth_dates_are_near_swapped_or_of_another_year(known: Value | None, weight: int, words: str) -> None:
    assert people._birth_resemblance(BORN, known) == (weight, words)
    assert people._birth_resemblance(known, BORN) == (weight, words)


# --- two people ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ("nama sama", "tanggal lahir sama", "ibu sama")),
        ({"name": "Raka Adita"}, ("nama mirip", "tanggal lahir sama", "ibu sama")),
        ({"born_on": date(2025, 7, 20)}, ("nama sama", "lahir berselang 15 hari", "ibu sama")),
        ({"born_on": date(2025, 5, 7)}, ("nama sama", "tanggal dan bulan lahir tertukar", "ibu sama")),
        ({"born_on": date(2020, 1, 1)}, ("nama sama", "ibu sama")),
        ({"mother_name": None}, ("nama sama", "tanggal lahir sama")),
        ({"mother_name": "Siti Aminah"}, ("nama sama", "tanggal lahir sama")),
        ({"name": "Raka Adita", "mother_name": "Siti Aminah"}, ("nama mirip", "tanggal lahir sama")),
        # of two mothers a name that is only alike takes the very same birthday
        ({"name": "Raka Adita", "mother_name": "Siti Aminah", "born_on": date(2025, 7, 6)}, ()),
        ({"mother_name": "Siti Aminah", "born_on": date(2025, 7, 6)}, ("nama sama", "lahir berselang 1 hari")),
        ({"mother_name": "Siti Aminah", "born_on": date(2020, 1, 1)}, ()),
        ({"name": "Budi", "born_on": BORN}, ()),  # a twin with a name of his own
        ({"name": "Budi", "mother_name": "Siti"}, ()),
        ({"sex": "female"}, ("nama sama", "tanggal lahir sama", "ibu sama")),
        ({"sex": "female", "born_on": date(2020, 1, 1)}, ()),  # a sister called like her brother
        ({"sex": None, "born_on": date(2020, 1, 1)}, ("nama sama", "ibu sama")),
    ],
)
def test_why_two_may_be_one(changes: Told, told: tuple[str, ...]) -> None:
    assert reasons(RAKA, {**RAKA, **changes}) == told


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ({"nik": NIK}, {"nik": NIK}, ("NIK sama",)),
        ({"nik": NIK, "name": "Raka", "sex": "male"}, {"nik": NIK, "name": "Ayu", "sex": "female"}, ("NIK sama",)),
        ({"nik": NIK}, {"nik": OTHER_NIK}, ()),
        ({"nik": "0" * 16}, {"nik": "0" * 16}, ()),
        ({"nik": "123"}, {"nik": "123"}, ()),
        ({"name": "Nur", "kk": KK}, {"name": "Nuraini", "kk": KK}, ()),
        ({"name": "Nur Aini", "kk": KK}, {"name": "Nuraini", "kk": KK}, ()),
        ({"name": "Nur Aini", "kk": KK}, {"name": "Nur Ainy", "kk": KK}, ("nama sama", "nomor KK sama")),
        ({"name": "Nur Aini", "kk": KK}, {"name": "Siti", "kk": KK}, ()),
        ({"name": "Bayi Ny. Wulan", "mother_name": "Wulan", "born_on": BORN},
         {"name": "Raka", "mother_name": "Wulan", "born_on": BORN}, ("tanggal lahir sama", "ibu sama")),
        ({"name": "Bayi Ny. Wulan", "mother_name": "Wulan", "born_on": BORN},
         {"name": "Raka", "mother_name": "Wulan", "born_on": date(2020, 1, 1)}, ()),
        ({"name": "Bayi Ny. Wulan", "mother_name": "Wulan", "born_on": BORN},
         {"name": "Raka", "mother_name": "Siti", "born_on": BORN}, ()),
        ({"mother_id": "a", "name": "Raka"}, {"mother_id": "a", "name": "Raka"}, ("nama sama", "ibu sama")),
        ({}, {}, ()),
        ({"name": ""}, {"name": ""}, ()),
    ],
)  # fmt: skip
def test_a_number_a_family_or_a_mother_speaks_for_one_person(one: Told, other: Told, told: tuple[str, ...]) -> None:
    assert reasons(one, other) == told


def test_while_no_birth_date_is_typed_the_same_name_is_enough_and_a_similar_one_is_not() -> None:
    assert people.resemblance({"name": "Nur Aini"}, RAKA | {"name": "Nur Aini"})[1] == ("nama sama",)
    assert people.resemblance({"name": "Nur Ainun"}, RAKA | {"name": "Nur Aini"})[1] == ()
    assert people.resemblance({"name": "Nur Aini", "born_on": date(2020, 1, 1)}, {"name": "Nur Aini"})[1] == ()


@pytest.mark.parametrize(
    ("changes", "weight"),
    [
        ({}, 30 + 10 + 10 + 15),
        ({"name": "Raka Aditia Putra"}, 30 + 10 + 15),
        ({"mother_name": None}, 30 + 10 + 10),
        ({"born_on": date(2025, 7, 20)}, 20 + 10 + 10 + 15),
        ({"kk": KK}, 30 + 10 + 10 + 15),
    ],
)
def test_the_likelier_weigh_more(changes: Told, weight: int) -> None:
    assert people.resemblance(RAKA, {**RAKA, **changes})[0] == weight
    assert people.resemblance({**RAKA, "kk": KK}, {**RAKA, "kk": KK})[0] == 75
    assert people.resemblance({"nik": NIK}, {"nik": NIK})[0] == 100


def test_a_mother_known_by_her_record_is_compared_by_it_and_not_by_how_her_name_was_written() -> None:
    one, other = {**RAKA, "mother_id": "a"}, {**RAKA, "mother_id": "b"}
    assert "ibu sama" not in reasons(one, other)
    assert "ibu sama" in reasons(one, {**other, "mother_id": "a", "mother_name": "Bu Wulan"})
    assert "ibu sama" in reasons(one, RAKA), "one of them has only the name"


# --- where they live -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ({}, ""),
        ({"rt": "02"}, "RT 02"),
        ({"rt": "02", "rw": "01", "hamlet": "Dasan"}, "RT 02, RW 01, Dasan"),
        ({"hamlet": "Dasan", "address": "Jalan Mawar 3"}, "Dasan"),
        ({"rw": "01", "address": "Jalan Mawar 3"}, "RW 01, Jalan Mawar 3"),
    ],
)
def test_where_somebody_lives_in_short(answers: Told, line: str) -> None:
    assert people.address_line(answers) == line


# --- two records as one ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    book = melati.post()
    yield book
    assert journal.rows_equal_replay(book.db)
    book.close()


def person(ws: Workspace, *, scope: str = melati.POST, **answers: Value | None) -> str:
    record = records.new_id()
    records.save(ws.db, FORMS["person"], record, answers, scope=scope, author=ws.author, now=ws.now())
    return record


def test_a_pair_shares_something_worth_a_closer_look() -> None:
    keys = set(duplicates._keys(FORMS["person"], {**RAKA, "nik": NIK, "kk": KK}))
    assert ("nik", NIK) in keys
    assert ("kk", KK) not in keys, "a whole family has one"
    assert {("born", BORN), ("year", 7, 5), ("swapped", 5, 7, 2025)} < keys
    assert set(duplicates._keys(FORMS["person"], {"born_on": date(2025, 5, 7)})) & keys == {("swapped", 5, 7, 2025)}
    assert set(duplicates._keys(FORMS["household"], {"kk": KK, "head_name": "x"})) == {("kk", KK)}
    assert set(duplicates._keys(FORMS["person"], {})) == set(duplicates._keys(FORMS["household"], {"kk": "1"})) == set()


def test_of_each_pair_one_is_asked_about_once(ws: Workspace) -> None:
    scope = "sepasang"
    one = person(ws, scope=scope, **RAKA, nik=NIK)
    other = person(ws, scope=scope, **RAKA, nik=NIK)
    person(ws, scope="lain", **RAKA, nik=NIK)
    (pair,) = duplicates.pairs(ws, scope)
    assert {pair.kept.id, pair.other.id} == {one, other}
    assert pair.reasons == ("NIK sama",)
    duplicates.part(ws, one, other, "Kembar")
    assert duplicates.pairs(ws, scope) == []


def test_side_by_side_only_what_either_tells_stands_and_what_differs_first(ws: Workspace) -> None:
    one = person(ws, scope="banding", name="Raka", phone="0812", rt="01")
    other = person(ws, scope="banding", name="Raka", phone="0813", born_on=BORN)
    kept, second = (records.load(ws.db, FORMS["person"], each) for each in (one, other))
    assert kept is not None
    assert second is not None
    found = duplicates.compare(ws, duplicates.Pair(FORMS["person"], kept, second, ()))
    assert [(line.name, line.differs) for line in found.lines][0] == ("phone", True)
    assert {line.name for line in found.lines} == {"name", "phone", "rt", "born_on"}
    assert [line.differs for line in found.lines].count(True) == 1, "what one of them leaves open is no difference"
    assert (found.kept_ties, found.other_ties, found.both_came_on) == (0, 0, ())


@pytest.mark.parametrize(
    ("kept", "value", "differs"),
    [
        ("a", "a", False),
        ("a", "b", True),
        (None, "b", False),
        ("a", None, False),
        (None, None, False),
        (0, False, False),
    ],
)
def test_a_line_differs_when_both_tell_and_not_the_same(kept: Value | None, value: Value | None, differs: bool) -> None:
    assert duplicates.Line("x", kept, value).differs == differs


def test_records_of_two_posts_the_same_record_and_nobody_cannot_be_one(ws: Workspace) -> None:
    here, there = person(ws, name="Raka"), person(ws, scope="mawar", name="Raka")
    for one, other, kind, sentence in (
        (here, here, BadInput, r"Pilih dua catatan yang berbeda\."),
        (here, there, BadInput, r"Kedua catatan ada di Posyandu yang berbeda\. Catat dulu sebagai pindah\."),
        (here, "nobody", NotFound, r"Catatan ini tidak ada di buku\."),
        ("nobody", "somebody", NotFound, r"Catatan ini tidak ada di buku\."),
    ):
        for decide in (duplicates.merge, duplicates.part):
            with pytest.raises(kind, match=sentence):
                decide(ws, one, other)


def test_a_chain_of_three_is_shown_under_one_and_parted_at_once(ws: Workspace) -> None:
    scope = "rantai"
    a, b, c = (person(ws, scope=scope, name=f"Raka {letter}") for letter in "abc")
    duplicates.merge(ws, a, b, "Sama ibu")
    duplicates.merge(ws, b, c)
    assert {row.id for row in duplicates.shown_with(ws, a)} == {b, c}
    assert duplicates.shown_with(ws, b) == []
    assert {pair.other.id: pair.reasons for pair in duplicates.joined(ws, scope)} == {b: ("Sama ibu",), c: ()}
    saves = [duplicates.part(ws, pair.kept.id, pair.other.id) for pair in duplicates.joined(ws, scope)]
    assert len(saves) == 2
    assert duplicates.shown_with(ws, a) == duplicates.joined(ws, scope) == []
    duplicates.undo(ws, saves[0])
    assert len(duplicates.joined(ws, scope)) == 1
