"""Differences between two laptops, as a person sees and settles them."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from posyandu.domain.change import Op
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.server.exchange import Desk
from posyandu.services import conflicts, synchronise
from posyandu.services.conflicts import BOTH, KEEP, REMOVE
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records, settings
from tests.server.conftest import desk, open_folder, post, postgres_cluster, postgres_url
from tests.server.laptops import laptop, talk, weigh, weight
from tests.services import melati

__all__ = ["desk", "open_folder", "post", "postgres_cluster", "postgres_url"]

VISIT = FORMS["under_five_visit"]


def two_laptops(desk: Desk, post: str) -> tuple[Workspace, Workspace, str]:
    """Sari's and Dewi's laptop, which have both seen a visit of 7 kg, and its id."""
    sari, dewi = laptop(desk, post=post), laptop(desk)
    record = weigh(sari, post, 7000)
    for ws in (sari, dewi, sari):
        talk(desk, ws)
    return sari, dewi, record


def meet(desk: Desk, *books: Workspace) -> None:
    for ws in (*books, *books):
        talk(desk, ws)


def of(ws: Workspace, record: str) -> conflicts.Conflict:
    return next(each for each in conflicts.conflicts(ws) if each.record_id == record)


def test_both_values_are_listed_with_who_and_when_and_settled_everywhere(desk: Desk, post: str) -> None:
    sari, dewi, record = two_laptops(desk, post)
    weigh(sari, post, 7100, record)
    weigh(dewi, post, 7200, record)
    meet(desk, sari, dewi)
    conflict = of(sari, record)
    (difference,) = conflict.differences
    assert (difference.name, difference.field) == ("weight_g", VISIT.fields["weight_g"])
    assert {(side.value, side.here) for side in difference.sides} == {(7100, True), (7200, False)}
    assert {side.who for side in difference.sides} == {"Sari"}
    assert all(side.at == sari.now() for side in difference.sides)
    assert synchronise.status(sari).conflicts >= 1
    lower = next(side for side in difference.sides if side.value == 7100)
    assert conflicts.settle(sari, conflict, {"weight_g": lower.code}).changed
    meet(desk, sari, dewi)
    for ws in (sari, dewi):
        assert weight(ws, record) == 7100
        assert record not in {each.record_id for each in conflicts.conflicts(ws)}
        assert journal.rows_equal_replay(ws.db)
    assert [entry.changes["weight_g"][1] for entry in records.history(dewi.db, record)].count(7200) == 1


def test_each_field_can_be_settled_by_itself(desk: Desk, post: str) -> None:
    sari, dewi, record = two_laptops(desk, post)
    for ws, grams, length in ((sari, 7100, 650), (dewi, 7200, 660)):
        answers = {"weight_g": grams, "length_mm": length}
        records.save(ws.db, VISIT, record, answers, scope=post, author=ws.author, now=ws.now())
    meet(desk, sari, dewi)
    conflict = of(dewi, record)
    assert [each.name for each in conflict.differences] == ["weight_g", "length_mm"]
    conflicts.settle(dewi, conflict, {"weight_g": conflict.differences[0].sides[0].code})
    assert [each.name for each in of(dewi, record).differences] == ["length_mm"]
    with pytest.raises(ValueError, match="side"):
        conflicts.settle(dewi, of(dewi, record), {"length_mm": "nobody"})
    with pytest.raises(ValueError, match="side"):
        conflicts.settle(dewi, of(dewi, record), {"head_mm": "nobody"})


def test_of_notes_what_both_wrote_is_offered_first_and_kept_everywhere(desk: Desk, post: str) -> None:
    session, note = FORMS["session"], FORMS["session"].fields["note"]
    sari, dewi, _record = two_laptops(desk, post)
    day = records.new_id()

    def write(ws: Workspace, text: str) -> None:
        records.save(ws.db, session, day, {"note": text}, scope=post, author=ws.author, now=ws.now())

    write(sari, "Hujan")
    meet(desk, sari, dewi)
    write(sari, "Hujan, 3 ibu tidak datang")
    write(dewi, "Vaksin habis")
    meet(desk, sari, dewi)
    (difference,) = of(dewi, day).differences
    assert (difference.field, [side.code == BOTH for side in difference.sides]) == (note, [True, False, False])
    texts = {str(side.value) for side in difference.sides[1:]}
    assert texts == {"Hujan, 3 ibu tidak datang", "Vaksin habis"}
    together = str(difference.sides[0].value)
    assert set(together.split("; ")) == texts
    assert difference.sides[0].words == "Simpan keduanya"
    conflicts.settle(dewi, of(dewi, day), {"note": BOTH})
    meet(desk, sari, dewi)
    for ws in (sari, dewi):
        row = records.load(ws.db, session, day)
        assert row is not None
        assert (row.answers["note"], row.conflicts) == (together, {})


@pytest.mark.parametrize("other", ["Hujan, 3 ibu", "", "x" * 1999])
def test_nothing_together_is_offered_where_one_says_it_all_or_it_is_too_long(desk: Desk, post: str, other: str) -> None:
    sari, dewi, _record = two_laptops(desk, post)
    day = records.new_id()
    for ws, text in ((sari, "Hujan"), (dewi, other or None)):
        records.save(ws.db, FORMS["session"], day, {"note": text}, scope=post, author=ws.author, now=ws.now())
    meet(desk, sari, dewi)
    told = [each for each in conflicts.conflicts(sari) if each.record_id == day]
    assert [side.code for each in told for side in each.differences[0].sides if side.code == BOTH] == []
    assert bool(told) == bool(other)


def test_all_laptops_ask_the_puskesmas_from_the_same_moment_and_the_post_may_still_choose(
    desk: Desk, post: str
) -> None:
    sari, dewi, record = two_laptops(desk, post)
    began = dewi.now() + timedelta(hours=3)
    weigh(sari, post, 7100, record)
    dewi._clock = lambda: began
    weigh(dewi, post, 7200, record)
    meet(desk, sari, dewi)
    for ws in (sari, dewi):
        conflict = of(ws, record)
        assert (conflict.scope, conflict.differences[0].kind) == (post, "measurement")
        assert abs(conflict.differences[0].since - began) < timedelta(milliseconds=1)
        assert conflict.asked_from == conflict.differences[0].since + timedelta(days=7)
        assert not conflict.handed_over
        assert post not in conflicts.handed_over(ws)
    sari._clock = lambda: began + timedelta(days=7)
    assert of(sari, record).handed_over
    assert not of(dewi, record).handed_over
    assert conflicts.handed_over(sari)[post] == 1
    conflict = of(sari, record)
    assert conflicts.settle(sari, conflict, {"weight_g": conflict.differences[0].sides[0].code}).changed
    assert post not in conflicts.handed_over(sari)


def test_asking_later_keeps_both_and_shows_it_last(desk: Desk, post: str) -> None:
    sari, dewi, first = two_laptops(desk, post)
    second = weigh(sari, post, 8000)
    meet(desk, sari, dewi)
    for record in (first, second):
        weigh(sari, post, 7100, record)
        weigh(dewi, post, 7200, record)
    meet(desk, sari, dewi)
    order = [each.record_id for each in conflicts.conflicts(sari) if each.record_id in (first, second)]
    conflicts.ask_later(sari, of(sari, order[0]))
    after = [each for each in conflicts.conflicts(sari) if each.record_id in (first, second)]
    assert [each.record_id for each in after] == order[::-1]
    assert [each.later for each in after] == [False, True]
    conflict = of(sari, order[0])
    conflicts.settle(sari, conflict, {"weight_g": conflict.differences[0].sides[0].code})
    assert order[0] not in {each.record_id for each in conflicts.conflicts(sari)}


@pytest.mark.parametrize(("choice", "stays"), [(KEEP, True), (REMOVE, False)])
def test_a_record_taken_away_and_edited_elsewhere_waits_for_the_decision(
    desk: Desk, post: str, choice: str, stays: bool
) -> None:
    sari, dewi, record = two_laptops(desk, post)
    records.withdraw(sari.db, VISIT, record, author=sari.author, now=sari.now())
    weigh(dewi, post, 7200, record)
    meet(desk, sari, dewi)
    conflict = of(sari, record)
    (difference,) = conflict.differences
    assert [(side.code, side.words, side.here) for side in difference.sides] == [
        (KEEP, "Tetap ada", False), (REMOVE, "Dihapus", True),
    ]  # fmt: skip
    conflicts.settle(sari, conflict, {"withdrawn": choice})
    meet(desk, sari, dewi)
    for ws in (sari, dewi):
        row = records.load(ws.db, VISIT, record)
        assert row is not None
        assert row.withdrawn is not stays
        assert not row.conflicts
        assert journal.rows_equal_replay(ws.db)


def test_a_conflict_says_whose_it_is_and_of_which_day(desk: Desk, post: str) -> None:
    sari, dewi = laptop(desk, post=post), laptop(desk)
    person, home, other = records.new_id(), records.new_id(), records.new_id()
    for form, record, answers in (
        ("household", home, {"address": "Jalan Melati 1"}),
        ("person", person, {"name": "Ayu Lestari", "sex": "female"}),
        ("person", other, {"name": "Ibu Ratna", "sex": "female"}),
    ):
        records.save(sari.db, FORMS[form], record, answers, scope=post, author=sari.author, now=sari.now())
    meet(desk, sari, dewi)
    visit = records.new_id()
    for ws, grams, link in ((sari, 7100, home), (dewi, 7200, None)):
        records.save(
            ws.db, VISIT, visit, {"weight_g": grams, "visited_on": date(2026, 11, 12)}, scope=post, author=ws.author,
            now=ws.now(), links={"person_id": person},
        )  # fmt: skip
        links = {"household_id": link, "mother_id": other if link else None}
        changes = {"name": "Ayu Lestari" if link else "Ayu L"}
        records.save(
            ws.db, FORMS["person"], person, changes, scope=post, author=ws.author, now=ws.now(), links=links
        )  # fmt: skip
    records.save(
        dewi.db, FORMS["person"], person, {}, scope=post, author=dewi.author, now=dewi.now(),
        links={"household_id": records.new_id(), "mother_id": person},
    )  # fmt: skip
    meet(desk, sari, dewi)
    conflict = of(sari, visit)
    assert conflict.on == date(2026, 11, 12)
    assert conflict.person.startswith("Ayu")
    about = of(sari, person)
    assert about.on is None
    words = {each.label: {side.words for side in each.sides} for each in about.differences}
    assert words["Keluarga"] == {"Jalan Melati 1", "belum dikenal di laptop ini"}
    assert words["Ibu"] == {"Ibu Ratna", "Ayu Lestari"} or words["Ibu"] == {"Ibu Ratna", "Ayu L"}


# --- without a server: what another laptop had saved has arrived -----------------------------------------------------


@pytest.fixture(scope="module")
def book() -> Iterator[Workspace]:
    ws = melati.post()
    yield ws
    assert journal.rows_equal_replay(ws.db)
    ws.close()


def put(ws: Workspace, form: str, record: str, **answers: Value | None) -> None:
    records.save(ws.db, FORMS[form], record, answers, scope=melati.POST, author=ws.author, now=ws.now())


def elsewhere(
    ws: Workspace, form: str, record: str, author: str = "dewi", *, at_ms: int = 5, **fields: Value | None
) -> None:
    """A save of another laptop that had not heard of this book's, by its own clock."""
    nonce = f"{record:0>16}"[-16:]
    op = Op(melati.POST, form, record, 1, 1, (), fields, author, at_ms, 1, nonce)  # type: ignore[arg-type]
    journal.apply(ws.db, [(op, "laptop-lain")])


def words_of(ws: Workspace, record: str) -> dict[str, set[str]]:
    """Of each disputed answer what its sides say, by its label."""
    return {each.label: {side.words for side in each.sides} for each in of(ws, record).differences}


def test_every_link_of_every_form_has_a_name_people_know() -> None:
    links = {link for form in FORMS.values() for link in form.links}
    assert links <= conflicts._PLACES.keys()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"head_name": "Amaq Raka", "address": "Jalan Mawar 3", "kk": "5203010101010001"}, "Amaq Raka"),
        ({"address": "Jalan Mawar 3", "kk": "5203010101010001"}, "Jalan Mawar 3"),
        ({"kk": "5203010101010001"}, "5203010101010001"),
        ({"rt": "02"}, "tanpa nama"),
    ],
)
def test_a_family_is_called_by_its_head_its_address_or_its_number(
    book: Workspace, told: dict[str, Value], words: str
) -> None:
    home, person = records.new_id(), records.new_id()
    put(book, "household", home, **told)
    put(book, "person", person, name="Raka", household_id=home)
    elsewhere(book, "person", person, household_id="rumah yang belum datang")
    assert words_of(book, person) == {"Keluarga": {words, "belum dikenal di laptop ini"}}


def test_a_pregnancy_is_called_by_whose_it_is_and_when_it_was_noted(book: Workspace) -> None:
    her = melati.woman(book, "Wulan Sari")
    first, second, visit = records.new_id(), records.new_id(), records.new_id()
    put(book, "pregnancy", first, person_id=her, noted_on=date(2026, 9, 1))
    put(book, "pregnancy", second, person_id=her, noted_on=date(2026, 10, 5))
    put(book, "pregnancy_visit", visit, person_id=her, pregnancy_id=first)
    elsewhere(book, "pregnancy_visit", visit, person_id=her, pregnancy_id=second)
    assert words_of(book, visit) == {"Kehamilan": {"Wulan Sari, 01-09-2026", "Wulan Sari, 05-10-2026"}}


def test_a_day_is_called_by_its_date_and_nothing_is_called_empty(book: Workspace) -> None:
    visit, day = records.new_id(), records.new_id()
    put(book, "session", day, held_on=date(2026, 11, 12))
    put(book, "under_five_visit", visit, weight_g=9_000, session_id=day)
    elsewhere(book, "under_five_visit", visit, session_id="hari lain", weight_g=9_000)
    assert words_of(book, visit) == {"Hari posyandu": {"12-11-2026", "hari lain"}}
    other = records.new_id()
    put(book, "under_five_visit", other, note="x", session_id=day)
    elsewhere(book, "under_five_visit", other, session_id=None)
    assert words_of(book, other) == {"Hari posyandu": {"12-11-2026", "kosong"}}


def test_a_kader_is_called_by_name_where_the_book_knows_it(book: Workspace) -> None:
    put(book, "worker", "dewi", name="Dewi")
    put(book, "worker", "tanpa", phone="0812")
    record = records.new_id()
    put(book, "training", record, worker_id="dewi", topic="Menimbang")
    elsewhere(book, "training", record, author="siapa", worker_id="tanpa", topic="Menimbang")
    assert words_of(book, record) == {"Kader": {"Dewi", "kader lain"}}
    (difference,) = of(book, record).differences
    assert {side.who for side in difference.sides} == {"Sari", "kader lain"}
    assert {side.here for side in difference.sides} == {True, False}


def test_an_answer_needs_no_words_of_its_own_and_the_newest_stands_first(book: Workspace) -> None:
    record = records.new_id()
    put(book, "under_five_visit", record, weight_g=9_000, note="a")
    elsewhere(book, "under_five_visit", record, weight_g=9_100, note="b")
    found = of(book, record)
    assert [each.name for each in found.differences] == ["weight_g", "note"], "in the order they are asked"
    weight_ = found.differences[0]
    assert [(side.value, side.words, side.here) for side in weight_.sides] == [(9_000, "", True), (9_100, "", False)]
    assert weight_.sides[0].at > weight_.sides[1].at


@pytest.mark.parametrize(
    ("form", "told", "person", "on"),
    [
        ("person", {"name": "Raka", "born_on": date(2025, 7, 5)}, "Raka", None),
        ("household", {"head_name": "Amaq Raka"}, "tanpa nama", None),
        ("under_five_visit", {"person_id": "nobody", "visited_on": date(2026, 11, 2)}, "tanpa nama", date(2026, 11, 2)),
        ("session", {"held_on": date(2026, 11, 3), "place": "Balai"}, "tanpa nama", date(2026, 11, 3)),
        ("stock", {"item": "vitamin_a_blue", "month": "2026-11"}, None, None),
        ("worker", {"name": "Dewi"}, "Dewi", None),
    ],
)
def test_a_conflict_is_named_by_its_person_its_day_or_what_it_is_of(
    book: Workspace, form: str, told: dict[str, Value], person: str | None, on: date | None
) -> None:
    record = records.new_id()
    text = next(name for name in ("note", "phone", "address", "topic", "counted") if name in FORMS[form].fields)
    one, other = (3, 4) if text == "counted" else ("a", "b")
    put(book, form, record, **told, **{text: one})
    elsewhere(book, form, record, **{text: other})
    found = of(book, record)
    assert found.on == on
    if person is None:
        assert found.person not in ("", "tanpa nama"), "its first closed answer in words"
    else:
        assert found.person == person


def test_what_is_settled_is_told_to_the_others_with_the_reason(book: Workspace) -> None:
    record = records.new_id()
    put(book, "under_five_visit", record, weight_g=9_000)
    elsewhere(book, "under_five_visit", record, weight_g=9_100)
    conflict = of(book, record)
    lower = next(side for side in conflict.differences[0].sides if side.value == 9_000)
    assert conflicts.settle(book, conflict, {}).changed is False
    conflicts.settle(book, conflict, {"weight_g": lower.code})
    newest = records.history(book.db, record)[0]
    assert (newest.reason, newest.changes["weight_g"][1]) == ("Dipilih dari dua laptop", 9_000)
    assert record not in {each.record_id for each in conflicts.conflicts(book)}


def test_what_is_proposed_follows_the_class_of_the_answer(book: Workspace) -> None:
    later = int(book.now().timestamp() * 1000) + 60_000
    visit, person = records.new_id(), records.new_id()
    put(book, "under_five_visit", visit, weight_g=9_000, tbc_cough=True, sick=True, note="panas")
    elsewhere(book, "under_five_visit", visit, at_ms=later, weight_g=9_100, tbc_cough=False, sick=False, note=None)
    put(book, "person", person, name="Raka", nik="5203010101010001")
    elsewhere(book, "person", person, at_ms=later, name="Raka Putra", nik=None)
    proposed = {
        each.name: (each.kind, each.sides[0].value)
        for record in (visit, person)
        for each in of(book, record).differences
    }
    assert proposed == {
        "weight_g": ("measurement", 9_100),
        "tbc_cough": ("set", True),
        "sick": ("status", False),
        "note": ("note", "panas"),
        "name": ("identity", "Raka Putra"),
        "nik": ("identity", "5203010101010001"),
    }


def test_what_waited_a_week_stands_before_what_is_new_and_notes_wait_for_nobody() -> None:
    clock = melati.Clock()
    ws, now = melati.post(clock), clock.now
    old, noted, new = "lama", "catatan", "baru"
    for record in (old, noted, new):
        clock.now = now + timedelta(days=8 * (record == new))
        if record == noted:
            put(ws, "under_five_visit", record, note="a")
            elsewhere(ws, "under_five_visit", record, note="b")
        else:
            put(ws, "under_five_visit", record, weight_g=9_000)
            elsewhere(ws, "under_five_visit", record, weight_g=9_100)
    found = conflicts.conflicts(ws)
    assert [(each.record_id, each.handed_over) for each in found] == [(old, True), (noted, False), (new, False)]
    assert [each.asked_from is None for each in found] == [False, True, False]
    assert conflicts.handed_over(ws) == {melati.POST: 1}
    conflicts.ask_later(ws, found[0])
    assert [each.record_id for each in conflicts.conflicts(ws)] == [noted, new, old]
    ws.close()


def test_what_was_put_off_twice_is_put_off_once(book: Workspace) -> None:
    record = records.new_id()
    put(book, "under_five_visit", record, weight_g=9_000)
    elsewhere(book, "under_five_visit", record, weight_g=9_100)
    for _time in range(2):
        conflicts.ask_later(book, of(book, record))
    assert settings.get(book.db, "conflicts_later").count(record) == 1
    assert conflicts.conflicts(book)[-1].record_id == record
    assert of(book, record).later


@pytest.mark.parametrize(
    ("form", "told", "one", "other"),
    [
        ("follow_up", {"list_code": "talk", "state": "visited"}, {"reason": "suaminya memukul"}, {"reason": "x"}),
        ("srq20", {"visited_on": date(2026, 11, 2)}, {"outcome": "high"}, {"outcome": "low"}),
    ],
)
def test_what_is_for_health_workers_waits_for_one_and_is_neither_shown_nor_counted_for_others(
    book: Workspace, form: str, told: dict[str, Value], one: dict[str, Value], other: dict[str, Value]
) -> None:
    kader, record = book.worker, records.new_id()
    before = conflicts.number(book)
    put(book, form, record, **told, **one)
    elsewhere(book, form, record, **other)
    shown = len(conflicts.conflicts(book))
    assert record not in {each.record_id for each in conflicts.conflicts(book)}
    assert conflicts.number(book) == synchronise.status(book).conflicts == shown == before
    try:
        book.worker = melati.READER
        found = of(book, record)
        assert {each.name for each in found.differences} == set(one)
        chosen = {each.name: each.sides[0].code for each in found.differences}
        book.worker = kader
        with pytest.raises(BadInput, match="petugas gizi"):
            conflicts.settle(book, found, chosen)
        book.worker = melati.READER
        assert found.handed_over is (form == "srq20"), "what only they may choose is theirs at once"
        assert conflicts.number(book) == len(conflicts.conflicts(book)) > shown
    finally:
        book.worker = kader


def test_what_was_done_about_a_list_everybody_sees_is_shown_to_everybody(book: Workspace) -> None:
    record = records.new_id()
    put(book, "follow_up", record, list_code="absent", state="visited", reason="sakit")
    elsewhere(book, "follow_up", record, reason="pindah")
    assert [each.name for each in of(book, record).differences] == ["reason"]
