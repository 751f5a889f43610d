"""A child moves from a post of one village to a post of another: the history follows, and both months count right."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms import FORMS
from posyandu.server import own_word, store
from posyandu.server.exchange import Desk
from posyandu.services import duplicates, erasure, moves, people, reporting, sessions, synchronise, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, outbox, records
from tests.server.conftest import desk, post, postgres_cluster, postgres_url
from tests.server.laptops import REGENCY, VILLAGE, enrol, laptop, open_post, talk, weigh

__all__ = ["desk", "post", "postgres_cluster", "postgres_url"]

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=timezone(timedelta(hours=8)))
THERE = "5203012002"
ELSEWHERE = "5202012001"
"""A village of another regency."""
CHILD, PERSON, DOSE = FORMS["under_five_visit"], FORMS["person"], FORMS["immunisation_dose"]
MOVED_ON = date(2026, 11, 15)


def measured(ws: Workspace, child: str, on: date, grams: int) -> None:
    day = sessions.open_day(ws, ws.posyandu_id, on, {})
    visits.record(ws, CHILD, day, child, {"weight_g": grams})


def a_child(ws: Workspace, name: str = "Raka Aditya", **more: object) -> str:
    told = {"name": name, "sex": "male", "born_on": date(2025, 3, 5), "mother_name": "Wulan", "nik": "", **more}
    return people.register(ws, told)  # type: ignore[arg-type]


@pytest.fixture
def pair(desk: Desk, post: str) -> Iterator[tuple[Workspace, Workspace, str, str, str]]:
    """Two laptops of two villages, each with a post; Raka has three visits and a dose at the first."""
    first = laptop(desk, post=post)
    second = laptop(desk, post=f"{post[:-1]}x", village=THERE, areas=[THERE])
    for ws in (first, second):
        ws.keep_time_by(lambda: NOW)
    raka = a_child(first)
    for month, grams in ((9, 8900), (10, 9200), (11, 9400)):
        measured(first, raka, date(2026, month, 10), grams)
    dose = {"antigen": "mr", "dose": 1, "given_on": date(2026, 11, 10), "source": "here"}
    records.save(
        first.db, DOSE, records.dose_id(raka, "mr", 1), dose, scope=post, author=first.author, now=NOW,
        links={"person_id": raka},
    )  # fmt: skip
    stays = a_child(first, "Budi Santoso")
    measured(first, stays, date(2026, 11, 10), 9800)
    native = a_child(second, "Citra Dewi")
    for month, grams in ((10, 9700), (11, 9900)):
        measured(second, native, date(2026, month, 12), grams)
    talk(desk, first)
    talk(desk, second)
    yield first, second, raka, post, second.posyandu_id
    first.close()
    second.close()


def skdn(ws: Workspace, scope: str, month: Month) -> dict[str, str]:
    report = reporting.monthly(ws, scope, month)
    return {row[0].text: row[-1].text for row in report.skdn.rows}


def flow(ws: Workspace, scope: str, month: Month) -> str:
    report = reporting.monthly(ws, scope, month)
    return " ".join(check.sentence for check in report.checks)


def test_the_history_follows_and_both_months_count_right(
    desk: Desk, pair: tuple[Workspace, Workspace, str, str, str]
) -> None:
    first, second, raka, here, there = pair
    november = Month(2026, 11)
    assert skdn(first, here, november)["S"] == "2"
    done = moves.hand_over(first, raka, THERE, "", MOVED_ON)
    assert done.person_id == ""
    assert "server" in done.sentence
    talk(desk, first)
    talk(desk, second)
    (arrival,) = moves.arrivals(second)
    assert (arrival.name, arrival.left_on, arrival.records) == ("Raka Aditya", MOVED_ON, 4)
    assert "15-11-2026" in moves.arrival_sentence(arrival)
    new = moves.accept(second, arrival.id, there)
    assert moves.arrivals(second) == []
    card = people.card(second, new)
    assert card.hit.name == "Raka Aditya"
    weights = [row.answers["weight_g"] for row in records.load_many(second.db, CHILD, person_id=new)]
    assert sorted(weights) == [8900, 9200, 9400]
    assert {row.answers["source"] for row in records.load_many(second.db, CHILD, person_id=new)} == {"history"}
    (dose,) = records.load_many(second.db, DOSE, person_id=new)
    assert (dose.answers["antigen"], dose.answers["source"]) == ("mr", "book")
    measured(second, new, date(2026, 11, 18), 9600)
    for ws in (second, first, second):
        talk(desk, ws)
    december = Month(2026, 12)
    assert (skdn(first, here, november)["S"], skdn(first, here, november)["D"]) == ("2", "2")  # weighed on the tenth
    assert (skdn(second, there, november)["S"], skdn(second, there, november)["D"]) == ("1", "1")  # so not here again
    assert (skdn(first, here, december)["S"], skdn(second, there, december)["S"]) == ("1", "2")
    assert skdn(first, here, Month(2026, 10))["D"] == "1"  # what happened there stays there
    assert skdn(second, there, Month(2026, 10))["D"] == "1"
    assert "pindah 1" in flow(first, here, december)
    assert "masuk 1" in flow(second, there, december)
    for ws in (first, second):
        assert synchronise.status(ws).state == "confirmed"
        assert journal.rows_equal_replay(ws.db)
    assert [row.id for row in records.load_many(first.db, PERSON, name="Raka Aditya")] == [raka]
    assert records.load_many(second.db, PERSON, scope=here) == []  # nothing else of the other village came
    with desk.pool.connection() as connection:
        assert store.records(connection, REGENCY, there)["arrival", arrival.id][0]["accepted"] is True


def test_taken_in_on_two_laptops_it_is_one_person(desk: Desk, pair: tuple[Workspace, Workspace, str, str, str]) -> None:
    first, second, raka, _here, there = pair
    third = laptop(desk, areas=[THERE])
    talk(desk, third)
    moves.hand_over(first, raka, THERE, "", MOVED_ON)
    for ws in (first, second, third):
        talk(desk, ws)
    (arrival,) = moves.arrivals(third)
    assert moves.accept(second, arrival.id, there) == moves.accept(third, arrival.id, there)
    for ws in (second, third, second):
        talk(desk, ws)
    for ws in (second, third):
        assert len(people.search(ws, "raka", scope=there)) == 1
        assert len(records.load_many(ws.db, CHILD, scope=there, weight_g=9200)) == 1


def test_who_comes_back_begins_a_new_stay_and_no_month_of_the_first_changes(
    desk: Desk, pair: tuple[Workspace, Workspace, str, str, str]
) -> None:
    first, second, raka, here, there = pair
    back_on = date(2027, 1, 5)
    moves.hand_over(first, raka, THERE, "", MOVED_ON)
    talk(desk, first)
    talk(desk, second)
    (arrival,) = moves.arrivals(second)
    away = moves.accept(second, arrival.id, there)
    for ws in (first, second):
        ws.keep_time_by(lambda: NOW + timedelta(days=70))
    measured(second, away, date(2026, 12, 12), 9600)
    before = {
        (ws.device, month): skdn(ws, ws.posyandu_id, Month(2026, month))
        for ws in (first, second)
        for month in range(8, 13)
    }
    moves.hand_over(second, away, VILLAGE, "", back_on)
    for ws in (second, first):
        talk(desk, ws)
    (arrival,) = moves.arrivals(first)
    assert (arrival.left_on, arrival.records) == (back_on, 5)
    assert moves.guests_like(first, arrival.id, here) == [], "the stay that ended stays as it is"
    with pytest.raises(BadInput, match="orang baru"):
        moves.accept(first, arrival.id, here, raka)
    again = moves.accept(first, arrival.id, here)
    measured(first, again, date(2027, 1, 10), 9900)
    for ws in (first, second, first):
        talk(desk, ws)
    weights = [row.answers["weight_g"] for row in records.load_many(first.db, CHILD, person_id=again)]
    assert sorted(weights) == [8900, 9200, 9400, 9600, 9900]
    assert len(records.load_many(first.db, CHILD, person_id=raka)) == 3
    statuses = {
        row.id: row.answers["status"] for row in records.load_many(first.db, PERSON, scope=here, name="Raka Aditya")
    }
    assert statuses == {raka: "moved", again: "active"}
    assert duplicates.pairs(first, here) == [], "two stays are not two registrations of one"
    for (device, month), figures in before.items():
        ws = first if device == first.device else second
        assert skdn(ws, ws.posyandu_id, Month(2026, month)) == figures, (device, month)
    january, february = Month(2027, 1), Month(2027, 2)
    assert (skdn(first, here, january)["S"], skdn(first, here, january)["D"]) == ("2", "1")
    assert (skdn(first, here, february)["S"], skdn(second, there, february)["S"]) == ("2", "1")
    for ws in (first, second):
        assert synchronise.status(ws).state == "confirmed"


def test_a_guest_so_far_is_the_one_who_comes(desk: Desk, pair: tuple[Workspace, Workspace, str, str, str]) -> None:
    first, second, raka, _here, there = pair
    guest = a_child(second, guest=True)
    measured(second, guest, date(2026, 11, 12), 9500)
    november = Month(2026, 11)
    assert (skdn(second, there, november)["S"], skdn(second, there, november)["D"]) == ("1", "1")
    moves.hand_over(first, raka, THERE, "", MOVED_ON)
    talk(desk, first)
    talk(desk, second)
    (arrival,) = moves.arrivals(second)
    assert [hit.id for hit in moves.guests_like(second, arrival.id, there)] == [guest]
    assert moves.accept(second, arrival.id, there, guest) == guest
    row = records.load(second.db, PERSON, guest)
    assert row is not None
    assert (row.answers["guest"], row.answers["entered_on"], row.answers["status"]) == (False, MOVED_ON, "active")
    assert len(records.load_many(second.db, CHILD, person_id=guest)) == 4
    assert skdn(second, there, november)["S"] == "1"  # weighed where it left on the tenth: counted there once more
    assert skdn(second, there, Month(2026, 12))["S"] == "2"


def test_a_village_without_a_post_yet_gets_them_when_it_has_one(desk: Desk, post: str) -> None:
    """Another regency, too: its laptops know nothing of this one, the server carries."""
    first = laptop(desk, post=post)
    raka = a_child(first)
    moves.hand_over(first, raka, ELSEWHERE, "", date(2026, 11, 1))
    talk(desk, first)
    far = laptop(desk, areas=[ELSEWHERE])
    talk(desk, far)
    assert moves.arrivals(far) == []
    scope = records.new_id()
    open_post(far, scope, ELSEWHERE)
    talk(desk, far)
    talk(desk, far)
    assert "Raka Aditya" in [each.name for each in moves.arrivals(far)]
    (arrival,) = [each for each in moves.arrivals(far) if each.name == "Raka Aditya"]
    moves.decline(far, arrival.id)
    assert arrival.id not in [each.id for each in moves.arrivals(far)]


def test_who_was_erased_or_whose_move_was_taken_back_is_not_carried(
    desk: Desk, pair: tuple[Workspace, Workspace, str, str, str]
) -> None:
    first, second, raka, here, _there = pair
    other = a_child(first, "Zulaikha Qomariyah")
    moves.hand_over(first, raka, THERE, "", MOVED_ON)
    moves.hand_over(first, other, THERE, "", MOVED_ON)
    handed = [row.id for row in records.load_many(first.db, FORMS["handover"], scope=here)]
    (row,) = records.load_many(first.db, FORMS["handover"], person_id=other)
    erasure.erase(first, raka, why="person", typed_name="Raka Aditya", pin="")
    records.withdraw(first.db, FORMS["handover"], row.id, author=first.author, now=NOW)
    talk(desk, first)
    talk(desk, second)
    assert len(handed) == 2
    assert [each.name for each in moves.arrivals(second) if each.id in handed] == []
    assert records.load_many(first.db, FORMS["handover"], scope=here) == []


def test_within_one_book_it_is_done_at_once(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    ws.keep_time_by(lambda: NOW)
    raka = a_child(ws)
    measured(ws, raka, date(2026, 11, 10), 9400)
    other = records.new_id()
    records.save(
        ws.db, FORMS["posyandu"], other, {"name": "Mawar", "village_code": VILLAGE}, scope=other, author=ws.author,
        now=ws.now(),
    )  # fmt: skip
    with pytest.raises(BadInput, match="nama Posyandu"):
        moves.hand_over(ws, raka, VILLAGE, "Tidak Ada")
    with pytest.raises(BadInput, match="desa atau kelurahan"):
        moves.hand_over(ws, raka, "5203")
    done = moves.hand_over(ws, raka, VILLAGE, "mawar", MOVED_ON)
    assert "Mawar" in done.sentence
    row = records.load(ws.db, PERSON, done.person_id)
    assert row is not None
    assert (row.scope, row.answers["status"], row.answers["entered_on"]) == (other, "active", MOVED_ON)
    assert records.load(ws.db, PERSON, raka).answers["status"] == "moved"  # type: ignore[union-attr]
    december = Month(2026, 12)
    assert (skdn(ws, post, december)["S"], skdn(ws, other, december)["S"]) == ("0", "1")
    with pytest.raises(BadInput, match="sudah dicatat pindah"):
        moves.hand_over(ws, raka, VILLAGE, "mawar")
    with pytest.raises(NotFound):
        moves.hand_over(ws, "nobody", VILLAGE)
    ws.close()


def test_a_damaged_package_is_left_out_and_said(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    for package in ("", "rusak", "Wp48S^xk9=GL@E0stWa8~^|S5YJf5-~ne%4NEO"):
        record = records.new_id()
        answers = {"left_on": MOVED_ON, "package": package or "x"}
        records.save(ws.db, FORMS["arrival"], record, answers, scope=post, author=ws.author, now=NOW)
        with pytest.raises(BadInput, match="rusak"):
            moves.accept(ws, record, post)
        with pytest.raises(NotFound):
            moves.accept(ws, "nobody", post)
    assert moves.arrivals(ws) == []
    ws.close()


def test_another_area_is_a_filter_and_never_a_wipe(desk: Desk, post: str) -> None:
    """The administrator gives a laptop another village: it reads that one, and loses nothing of the first."""
    ws = laptop(desk, post=post)
    raka = a_child(ws)
    saved = weigh(ws, post, 9000)
    talk(desk, ws)
    with desk.pool.connection() as connection:
        store.set_prefixes(connection, REGENCY, ws.device, [THERE])
    late = weigh(ws, post, 9100)
    talk(desk, ws)
    place = outbox.place(ws.db, post)
    assert place is not None
    assert place.denied
    for record in (saved, late):
        assert records.load(ws.db, CHILD, record) is not None
    assert people.card(ws, raka).hit.name == "Raka Aditya"
    assert journal.rows_equal_replay(ws.db)
    assert any("wilayah" in words for words in synchronise.status(ws).problems)  # held by the server, and said
    with desk.pool.connection() as connection:
        store.set_prefixes(connection, REGENCY, ws.device, [VILLAGE, THERE])
    enrol(desk, ws, [VILLAGE, THERE])
    talk(desk, ws)
    with desk.pool.connection() as connection:
        from posyandu.server import ingest

        for regency, batch_id, *_rest in store.quarantined(connection, REGENCY):
            ingest.release(connection, regency, batch_id)
        assert (CHILD.name, late) in store.records(connection, REGENCY, post)
    ws.close()


def test_a_move_the_server_could_not_write_into_the_feed_waits_and_stops_no_laptop(
    desk: Desk, pair: tuple[Workspace, Workspace, str, str, str]
) -> None:
    """It once counted as handed over."""
    first, second, raka, _here, there = pair
    others = len(moves.arrivals(second))
    moves.hand_over(first, raka, THERE, "", MOVED_ON)
    talk(desk, first)
    me = own_word.name_of(desk.key)
    with desk.pool.connection() as connection:
        own_word.be_known(connection, desk.key, REGENCY)
        store.revoke(connection, REGENCY, me, "salah pilih")
        weigh(second, there, 9_900)
        talk(desk, second)
        assert len(moves.arrivals(second)) == others
        connection.execute("UPDATE device SET revoked_at = NULL WHERE id = %s", (me,))
    talk(desk, second)
    assert len(moves.arrivals(second)) == others + 1
