"""Erased on request: nothing is left on any laptop, in any batch or table, and the chains still verify."""

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound, WrongPin
from posyandu.domain.forms import FORMS
from posyandu.server import ingest, store
from posyandu.server.exchange import Desk
from posyandu.services import access, accounts, backups, duplicates, erasure, month_lock, people, synchronise, visits
from posyandu.services.workspace import Workspace
from posyandu.storage import drafts, erased, journal, outbox, records
from posyandu.storage.engine import rows
from posyandu.storage.keys import COSTS
from posyandu.sync import client
from posyandu.sync.batch import decode
from posyandu.sync.message import Cursor, next_digest
from tests.erased import reasons
from tests.server.conftest import desk, post, postgres_cluster, postgres_url
from tests.server.laptops import REGENCY, enrol, laptop, open_post, talk
from tests.services.melati import whole

__all__ = ["desk", "post", "postgres_cluster", "postgres_url"]

NAME, NIK, PHONE, STREET = "Zulaikhaningsih Qomariyah", "5203016512220417", "081936225518", "Gang Bougenvil Ungu 417"
TOLD = (NAME, NAME.split()[0].casefold(), NIK, PHONE, STREET, "Batuk sejak lebaran")
VISIT, PERSON = FORMS["under_five_visit"], FORMS["person"]


def shows(content: str) -> list[str]:
    return [words for words in TOLD for each in (words, words.encode().hex()) if each in content]


def in_batches(ws: Workspace, scope: str) -> list[str]:
    """What of the person stands in the batches of a laptop, opened; each of them has to be whole and signed."""
    found = []
    for batch_id, _saves, packed in outbox.every(ws.db, scope):
        opened = decode(packed)
        assert opened.id == batch_id
        found += shows("\n".join(line.text.decode() for line in opened.lines))
    return found


def on_server(desk: Desk, scope: str) -> list[str]:
    """What of the person stands in any table of the server, or in a batch, opened."""
    found = []
    with desk.pool.connection() as connection:
        tables = connection.execute("SELECT format('%I.%I', schemaname, relname) FROM pg_stat_user_tables").fetchall()
        for (table,) in tables:
            for (line,) in connection.execute(f"SELECT t::text FROM {table} t").fetchall():
                found += shows(str(line))
        for _id, packed in connection.execute("SELECT id, bytes FROM batch WHERE scope = %s", (scope,)).fetchall():
            found += shows("\n".join(line.text.decode() for line in decode(bytes(packed)).lines))
    return found


def visit(ws: Workspace, who: str, grams: int, on: date = date(2026, 10, 12), **more: Any) -> str:  # noqa: ANN401
    record = records.new_id()
    answers = {"visited_on": on, "weight_g": grams, **more}
    records.save(
        ws.db, VISIT, record, answers, scope=ws.posyandu_id, author=ws.author, now=ws.now(), links={"person_id": who}
    )
    return record


@pytest.fixture
def three(desk: Desk, post: str) -> Iterator[tuple[Workspace, Workspace, Workspace, str, str]]:
    """Three laptops of a village that know the same two children; Zulaikha has visits, a review and a merge."""
    first = laptop(desk, post=post)
    told = {"name": NAME, "sex": "female", "born_on": date(2024, 3, 2), "nik": NIK, "phone": PHONE, "address": STREET}
    child = people.register(first, told)
    other = people.register(first, {"name": "Budi Santoso", "sex": "male", "born_on": date(2024, 5, 3)})
    for month in (8, 9, 10):
        visit(first, child, 9000 + month, date(2026, month, 12), note="Batuk sejak lebaran")
        visit(first, other, 9500 + month, date(2026, month, 12))
    talk(desk, first)
    laptops = [first, laptop(desk), laptop(desk)]
    for ws in laptops[1:]:
        talk(desk, ws)
        ws.posyandu_id = post
        assert len(people.search(ws, "zulaikha", scope=post)) == 1
    yield laptops[0], laptops[1], laptops[2], child, other
    for ws in laptops:
        ws.close()


def erase(ws: Workspace, who: str) -> erasure.Done:
    return erasure.erase(ws, who, why="guardian", typed_name=NAME.upper(), pin="")


def test_an_erasure_spreads_and_leaves_nothing_anywhere(
    desk: Desk, post: str, three: tuple[Workspace, Workspace, Workspace, str, str]
) -> None:
    first, second, third, child, other = three
    drafts.keep(second.db, VISIT.name, "typing", None, child, {"note": "Batuk sejak lebaran"}, second.now())
    done = erase(first, child)
    assert done.records >= 4
    assert shows(whole(first)) == []  # at once, without a network
    assert in_batches(first, post) == []
    assert reasons(first) == ["Diminta orang tua atau wali"]
    assert access.log(first)[0].action == "erased_person"
    for ws in (first, second, third, first):
        talk(desk, ws)
    fresh = laptop(desk)
    talk(desk, fresh)
    assert on_server(desk, post) == []
    for ws in (first, second, third, fresh):
        assert shows(whole(ws)) == []
        assert in_batches(ws, post) == []
        assert people.search(ws, "budi", scope=post)[0].id == other
        assert len(records.load_many(ws.db, VISIT, person_id=other)) == 3
        assert records.load(ws.db, PERSON, child) is None
        assert journal.rows_equal_replay(ws.db)
        status = synchronise.status(ws)
        assert (status.state, status.here) == ("confirmed", status.confirmed)
        chain = Cursor()
        for batch_id, _saves, packed in outbox.every(ws.db, post):
            assert decode(packed).id == batch_id == hashlib.sha256(decode(packed).header.canonical).hexdigest()
        place = outbox.place(ws.db, post)
        assert place is not None
        digest = chain.digest
        numbered = "SELECT id FROM batch WHERE scope = ? ORDER BY g"
        for (batch_id,) in ws.db.conn.execute(numbered, (post,)).fetchall():
            digest = next_digest(digest, batch_id)
        assert digest == place.digest
    with desk.pool.connection() as connection:
        before = store.records(connection, REGENCY, post)
        with connection.transaction():
            ingest.project_again(connection)
        again = store.records(connection, REGENCY, post)
    assert {key: value for key, value in before.items() if value[0]} == again


def test_what_a_laptop_that_was_away_brings_is_held_and_told(
    desk: Desk, post: str, three: tuple[Workspace, Workspace, Workspace, str, str]
) -> None:
    first, second, third, child, other = three
    erase(first, child)
    talk(desk, first)
    late = visit(third, child, 9999, date(2026, 11, 12), note="Naik setelah sembuh")
    people.correct(third, child, {"phone": "081900000001"})
    kept = visit(third, other, 9888, date(2026, 11, 12))
    talk(desk, third)
    for ws in (third, first, second):
        talk(desk, ws)
        assert [each.row.id for each in erasure.late(ws) if each.form == VISIT.name] == [late]
        assert [words for words in synchronise.status(ws).problems if "sudah dihapus ditahan" in words]
        row = records.load(ws.db, VISIT, late)
        assert row is not None
        assert row.answers["weight_g"] == 9999  # not lost
        assert people.search(ws, "zulaikha", scope=post) == []
        assert records.load_many(ws.db, VISIT, person_id=child) == []
        assert records.load(ws.db, VISIT, kept) is not None
        assert shows(whole(ws)) == []
    assert len(synchronise.status(third).problems) == 1
    with desk.pool.connection() as connection:
        held = store.records(connection, REGENCY, post)
    assert held[VISIT.name, late][0] == {}
    assert held[VISIT.name, kept][0]["weight_g"] == 9888
    with pytest.raises(BadInput, match="ditahan"):
        erasure.erase_late(first, [kept], why="guardian", pin="")
    erasure.erase_late(first, [each.row.id for each in erasure.late(first)], why="guardian", pin="")
    for ws in (first, second, third):
        talk(desk, ws)
        assert erasure.late(ws) == []
        assert "Naik setelah sembuh" not in whole(ws)
        assert records.load(ws.db, VISIT, kept) is not None
        assert synchronise.status(ws).problems == ()
    with desk.pool.connection() as connection:
        texts = connection.execute("SELECT doc::text FROM record WHERE scope = %s", (post,)).fetchall()
    assert "Naik setelah sembuh" not in str(texts)


def test_figures_of_a_signed_month_stay_as_they_were_signed(
    desk: Desk, post: str, three: tuple[Workspace, Workspace, Workspace, str, str]
) -> None:
    first, second, third, child, _other = three
    month = Month(2026, 10)
    signed = month_lock.sign(first, post, month, signer="Bidan Ani")
    assert NAME in str(signed.report)
    talk(desk, first)
    talk(desk, second)
    assert erasure.preview(first, child).signed == (month,)
    assert month_lock.state(first, post, month).code == "signed"
    erase(first, child)
    state = month_lock.state(first, post, month)
    assert state.code == "changed"
    assert "angka yang disahkan tetap berlaku" in state.sentence
    for ws in (first, second, third, second):
        talk(desk, ws)
    for ws in (first, second, third):
        (now,) = month_lock.versions(ws, post, month)
        assert NAME not in str(now.report)
        assert shows(whole(ws)) == []
        assert (now.revision, now.signer, now.signed_at) == (1, "Bidan Ani", signed.signed_at)
        figures = [[[cell.text for cell in row] for row in each.rows] for each in now.report.tables]
        assert figures == [[[cell.text for cell in row] for row in each.rows] for each in signed.report.tables]
        assert records.load(ws.db, FORMS["month_report"], signed.id).conflicts == {}  # type: ignore[union-attr]
        assert month_lock.signed_pdf(ws, post, now).startswith(b"%PDF")
    with desk.pool.connection() as connection:
        (doc, withdrawn, conflicts) = store.records(connection, REGENCY, post)["month_report", signed.id]
    assert (withdrawn, conflicts, doc["digest"]) == (False, None, now.digest)
    assert on_server(desk, post) == []


def test_who_is_shown_as_one_is_erased_as_one(
    desk: Desk, post: str, three: tuple[Workspace, Workspace, Workspace, str, str]
) -> None:
    first, second, _third, child, other = three
    twin = people.register(first, {"name": NAME, "sex": "female", "born_on": date(2024, 3, 2), "nik": NIK})
    old = visit(first, twin, 8800, note="Batuk sejak lebaran")
    duplicates.merge(first, child, twin)
    talk(desk, first)
    duplicates.merge(second, other, child)  # apart: another laptop takes Zulaikha for Budi
    erase(first, child)
    for ws in (first, second, first):
        talk(desk, ws)
    for ws in (first, second):
        assert [hit.id for hit in people.search(ws, "budi", scope=post)] == [other]
        assert len(records.load_many(ws.db, VISIT, person_id=other)) == 3
        assert records.load(ws.db, VISIT, old) is None
        assert shows(whole(ws)) == []
        assert journal.rows_equal_replay(ws.db)


def test_a_letter_or_a_server_that_went_back_brings_nothing_again(
    desk: Desk, post: str, three: tuple[Workspace, Workspace, Workspace, str, str]
) -> None:
    first, second, third, child, _other = three
    mine = client.key_of(first.db).public_key().public_bytes_raw()
    old_letter = client.file_for_laptop(third.db, outbox.Companion(first.device, mine, (post,), "")).file
    erase(first, child)
    talk(desk, first)
    server = outbox.server(first.db)
    assert server is not None
    outbox.keep_peers(first.db, {third.device: client.key_of(third.db).public_key().public_bytes_raw()})
    assert client.take_letter(first.db, server, old_letter) == 0
    assert shows(whole(first)) == []
    assert in_batches(first, post) == []
    # the server is restored to before the erasure, and laptops that know of it offer all they have
    with desk.pool.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for table in ("batch", "record", "area", "erased"):
            connection.execute(f"DELETE FROM {table} WHERE scope = %s", (post,))
    for ws in (second, first, second, third, first):
        talk(desk, ws)
    assert on_server(desk, post) == []
    for ws in (first, second, third):
        assert shows(whole(ws)) == []
        assert in_batches(ws, post) == []


def test_the_servers_files_forget_too_when_the_tables_are_written_anew(
    desk: Desk, post: str, three: tuple[Workspace, Workspace, Workspace, str, str]
) -> None:
    """PostgreSQL keeps what an update replaced until its page is written anew; `posyandu-server scrub` does that."""
    first, _second, _third, child, _other = three

    def on_disk() -> bytes:
        with desk.pool.connection() as connection:
            connection.execute("CHECKPOINT")
            leaves = "SELECT pg_relation_filepath(relid) FROM pg_partition_tree('record') WHERE isleaf"
            files = [file for (file,) in connection.execute(leaves).fetchall()]  # of one plain table: itself
            read = "SELECT pg_read_binary_file(%s)"
            found = [connection.execute(read, (file,)).fetchone() for file in files]
        return b"".join(bytes(content[0]) for content in found if content)

    assert NAME.encode() in on_disk()
    erase(first, child)
    talk(desk, first)
    assert on_server(desk, post) == []
    with desk.pool.connection() as connection:
        store.scrub(connection)
        assert ("person", child) in store.records(connection, REGENCY, post)  # an empty place: who it was is unknown
    assert NAME.encode() not in on_disk()
    assert STREET.encode() not in on_disk()


def test_an_old_backup_still_holds_it_is_said_so_and_restored_it_is_erased_again(desk: Desk, post: str) -> None:
    folder = accounts.books().practice
    ws = accounts.create(folder, "Sri Wahyuni", "271845", cost=COSTS[-1]).workspace
    enrol(desk, ws)
    open_post(ws, post)
    child = people.register(ws, {"name": NAME, "sex": "female", "born_on": date(2024, 3, 2)})
    visit(ws, child, 9000, note="Batuk sejak lebaran")
    talk(desk, ws)
    assert "Tidak ada cadangan" in erasure.copies_sentence(erasure.preview(ws, child))
    copy = backups.back_up(ws).path
    told = erasure.preview(ws, child)
    assert told.copies == (copy,)
    assert "1 cadangan di laptop ini" in erasure.copies_sentence(told)
    assert "dihapus lagi" in erasure.copies_sentence(told)
    upgraded = folder.book.with_name(f"{folder.book.name}.sebelum-what_was_erased")
    upgraded.write_bytes(copy.read_bytes())
    assert erasure.preview(ws, child).copies == (copy, upgraded)
    with pytest.raises(WrongPin):
        erasure.erase(ws, child, why="person", typed_name=NAME, pin="999999")
    erasure.erase(ws, child, why="person", typed_name=f" {NAME.lower()} ", pin="271845")
    talk(desk, ws)
    assert shows(whole(ws)) == []
    member = accounts.members(folder)[0].id
    ws.close()
    backups.restore(copy, folder, member=member, pin="271845")
    again = accounts.unlock(folder, member, "271845")
    assert people.search(again, "zulaikha", scope=post)  # as the sheet said
    talk(desk, again)
    assert people.search(again, "zulaikha", scope=post) == []
    assert shows(whole(again)) == []
    assert in_batches(again, post) == []
    assert erased.is_to_be_scrubbed(again.db)
    assert erased.scrub(again.db)
    again.close()


def in_rows(ws: Workspace) -> list[str]:
    """The tables of the book with the name anywhere in them, but for what was said before: saves and their batches."""
    names = rows(ws.db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('op', 'batch')")
    said = {table: str(rows(ws.db, f"SELECT * FROM {table}")).casefold() for (table,) in names}
    return [table for table, text in said.items() if NAME.casefold() in text]


def test_the_name_in_others_records_is_told_and_cleared_where_it_is_chosen(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    mother = people.register(ws, {"name": NAME, "sex": "female", "born_on": date(1998, 3, 2)})
    child = people.register(ws, {"name": "Adi", "sex": "male", "born_on": date(2024, 5, 3), "mother_id": mother})
    like = people.register(
        ws, {"name": "Budi", "sex": "male", "born_on": date(2024, 5, 3), "mother_name": f"{NAME} binti Umar"}
    )
    namesake = people.register(ws, {"name": NAME.upper(), "sex": "female", "born_on": date(1960, 1, 1)})
    seen = visit(ws, child, 9000, note=f"diantar {NAME.lower()}, sehat")
    said = erasure.preview(ws, mother).mentions
    assert [(each.where, each.is_linked) for each in said] == [
        ("Adi: Nama ibu", True),
        ("Budi: Nama ibu", False),
        ("Adi: Catatan", False),
    ]
    assert all(each.may_clear for each in said)
    erasure.erase(ws, mother, why="person", typed_name=NAME, pin="", clear=[said[0].key, said[2].key])
    answers = {each: records.load(ws.db, PERSON, each).answers for each in (child, like)}  # type: ignore[union-attr]
    assert (answers[child]["mother_name"], answers[child]["mother_id"]) == (None, mother)
    assert people.card(ws, child).hit.mother_name == "data dihapus"
    assert answers[like]["mother_name"] == f"{NAME} binti Umar"  # perhaps somebody else
    noted = records.load(ws.db, VISIT, seen)
    assert noted is not None
    assert noted.answers["note"] == "diantar (data dihapus), sehat"
    assert in_rows(ws) == ["person", "kept_back"]  # locked away until the server's word
    talk(desk, ws)
    assert in_rows(ws) == ["person"]
    for each in (like, namesake):
        people.correct(ws, each, {"mother_name": None} if each == like else {"name": "Zainab"})
    assert in_rows(ws) == []
    assert "Nama dihapus atas permintaan" in {entry.reason for entry in people.card(ws, child).history}
    assert journal.rows_equal_replay(ws.db)
    ws.close()


def test_erasing_asks_for_a_duty_the_name_and_a_reason(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    child = people.register(ws, {"name": NAME, "sex": "female", "born_on": date(2024, 3, 2)})
    for why, typed in (("guardian", "Zulaikha"), ("", NAME), ("nothing", NAME)):
        with pytest.raises(BadInput):
            erasure.erase(ws, child, why=why, typed_name=typed, pin="")
    with pytest.raises(NotFound):
        erasure.erase(ws, "nobody", why="guardian", typed_name=NAME, pin="")
    assert records.load(ws.db, PERSON, child) is not None
    assert not erased.is_to_be_scrubbed(ws.db)
    assert visits.form_for(ws, child, date(2026, 11, 12)) is not None
    ws.close()
