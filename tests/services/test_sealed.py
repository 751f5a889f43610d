"""What is sealed opens for the bidan by her PIN, leaves a note each time, and lies nowhere in plain letters."""

from datetime import timedelta

import pytest

from posyandu.domain.errors import BadInput, NotFound, WrongPin
from posyandu.domain.forms.social import SEALED, SEALED_ACCESS, SEALING_KEY, TICKET
from posyandu.services import accounts, posts, sealed
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import database, records, settings
from posyandu.storage.keys import COSTS
from tests.services import melati

PIN = "271845"
KADER, MIDWIFE, NURSE = (
    Worker("k", "Sari", "kader"),
    Worker("b", "Bidan Ani", "midwife"),
    Worker("p", "Ns. Budi", "puskesmas"),
)
TOLD = {"kind": "violence", "finding": "Zulaikha dipukul suaminya", "noted_on": melati.TODAY, "place": None}


def at_work(ws: Workspace, worker: Worker) -> Workspace:
    ws.worker = worker
    return ws


def a_post(*holders: Worker) -> Workspace:
    ws = melati.post()
    for worker in holders or (MIDWIFE,):
        sealed.make_key(at_work(ws, worker), PIN)
    return compared(ws, KADER)


def compared(ws: Workspace, worker: Worker) -> Workspace:
    """Somebody at work who has compared the digits of every reader."""
    for reader in sealed.readers(at_work(ws, worker)):
        sealed.accept(ws, reader.public)
    return ws


def test_what_a_kader_seals_only_the_bidan_opens_and_it_is_noted() -> None:
    ws = a_post()
    record, _saved = sealed.seal(ws, "social", TOLD)
    key = sealed.unlock(at_work(ws, MIDWIFE), PIN)
    assert sealed.accesses(ws, record) == ()
    opened = sealed.open_envelope(ws, key, record, TICKET)
    assert opened.values == {name: value for name, value in TOLD.items() if value is not None}
    assert opened.worker_id == KADER.id
    (access,) = sealed.accesses(ws, record)
    assert (access.by, access.action, access.at) == ("Bidan Ani", "opened", melati.NOW)
    sealed.open_envelope(ws, key, record, TICKET)
    sealed.note_printed(ws, record)
    assert sorted(each.action for each in sealed.accesses(ws, record)) == ["opened", "opened", "printed"]


def test_nobody_else_has_or_gets_a_key() -> None:
    ws = a_post()
    for worker in (KADER, Worker("c", "Kokom", "coordinator"), Worker("o", "Oman", "operator")):
        at_work(ws, worker)
        assert not sealed.can_read(ws)
        with pytest.raises(BadInput, match="Hanya bidan"):
            sealed.make_key(ws, PIN)
        with pytest.raises(NotFound):
            sealed.unlock(ws, PIN)


def test_the_words_are_in_no_row_and_no_save() -> None:
    ws = a_post()
    sealed.seal(ws, "social", TOLD)
    everything = melati.whole(ws)
    assert "sealed" in everything
    assert "Zulaikha" not in everything
    assert "violence" not in everything
    assert "dipukul" not in everything


def test_without_a_reader_nothing_is_kept() -> None:
    ws = melati.post()
    with pytest.raises(BadInput, match="langsung kepada bidan"):
        sealed.seal(ws, "social", TOLD)
    assert records.load_many(ws.db, SEALED) == []


def test_another_reader_of_another_post_is_not_sealed_to() -> None:
    ws = melati.post()
    ws.posyandu_id = posts.add_post(ws, {"name": "Mawar", "village_code": "52.03.01.2001"})
    sealed.make_key(at_work(ws, MIDWIFE), PIN)
    (melati_key,) = records.load_many(ws.db, SEALING_KEY, scope="melati")
    records.withdraw(ws.db, SEALING_KEY, melati_key.id, author=ws.author, now=ws.now())
    assert [each.name for each in sealed.readers(ws)] == ["Bidan Ani"]
    assert sealed.readers(ws, "melati") == ()


def test_a_key_from_another_laptop_waits_until_its_digits_were_compared() -> None:
    ws = a_post()
    other = sealed.sealing.new_key()
    answers = {"name": "Ns. Budi", "role": "puskesmas", "public_key": other.public.hex(), "made_on": melati.TODAY}
    records.save(ws.db, SEALING_KEY, "far", answers, scope=melati.POST, author=ws.author, now=ws.now(),
                 links={"worker_id": "p"})  # fmt: skip
    mine, theirs = sealed.readers(ws)
    assert (mine.accepted, theirs.accepted) == (True, False)
    first, _saved = sealed.seal(ws, "social", TOLD)
    with pytest.raises(BadInput, match="tidak disegel"):
        sealed.open_envelope(ws, other, first, TICKET)
    assert sealed.accesses(ws, first) == ()
    sealed.accept(ws, theirs.public)
    second, _saved = sealed.seal(ws, "social", TOLD)
    assert sealed.open_envelope(ws, other, second, TICKET).values["kind"] == "violence"


def test_everybody_compares_for_herself() -> None:
    ws = a_post()
    other = Worker("k2", "Dewi", "kader")
    (reader,) = sealed.readers(at_work(ws, other))
    assert not reader.accepted
    with pytest.raises(BadInput, match="langsung kepada bidan"):
        sealed.seal(ws, "social", TOLD)
    sealed.seal(compared(ws, other), "social", TOLD)


@pytest.mark.parametrize("public", ["", "zz", "00" * 31, "00" * 33])
def test_a_key_that_is_none_is_passed_over(public: str) -> None:
    ws = melati.post()
    answers = {"name": "X", "role": "midwife", "public_key": public or None, "made_on": melati.TODAY}
    records.save(ws.db, SEALING_KEY, "far", answers, scope=melati.POST, author=ws.author, now=ws.now())
    assert sealed.readers(ws) == ()


def test_a_kader_who_declares_a_key_is_no_reader() -> None:
    ws = melati.post()
    answers = {"name": "Sari", "role": "kader", "public_key": sealed.sealing.new_key().public.hex()}
    records.save(ws.db, SEALING_KEY, "far", answers, scope=melati.POST, author=ws.author, now=ws.now())
    assert sealed.readers(ws) == ()


def test_a_reader_who_left_gets_nothing_more() -> None:
    ws = a_post(MIDWIFE, NURSE)
    gone = next(each for each in sealed.readers(ws) if each.role == "puskesmas")
    sealed.retire(ws, gone.public)
    record, _saved = sealed.seal(ws, "social", TOLD)
    at_work(ws, NURSE)
    row = records.load(ws.db, SEALED, record)
    assert row is not None
    assert not sealed.is_for_me(ws, row)
    with pytest.raises(BadInput, match="tidak disegel"):
        sealed.open_envelope(ws, sealed.unlock(ws, PIN), record, TICKET)


def test_a_reader_lets_a_colleague_in_and_that_is_noted_too() -> None:
    ws = a_post()
    record, _saved = sealed.seal(ws, "social", TOLD)
    late = sealed.make_key(at_work(ws, NURSE), PIN)
    mine = sealed.unlock(compared(ws, MIDWIFE), PIN)
    assert sealed.share(ws, mine, record, late.public) is not None
    assert sealed.share(ws, mine, record, late.public) is None
    with pytest.raises(BadInput, match="Cocokkan"):
        sealed.share(ws, mine, record, sealed.sealing.new_key().public)
    at_work(ws, NURSE)
    row = records.load(ws.db, SEALED, record)
    assert row is not None
    assert sealed.is_for_me(ws, row)
    assert sealed.open_envelope(ws, sealed.unlock(ws, PIN), record, TICKET).values["kind"] == "violence"
    assert [each.action for each in sealed.accesses(ws, record)].count("shared") == 1


def test_an_envelope_moved_to_another_record_or_ticket_opens_for_nobody() -> None:
    ws = a_post()
    record, _saved = sealed.seal(ws, "social", TOLD)
    row = records.load(ws.db, SEALED, record)
    assert row is not None
    key = sealed.unlock(at_work(ws, MIDWIFE), PIN)
    for name, about in (("copy", None), (record, "another")):
        records.save(ws.db, SEALED, name, {"purpose": "social", "box": row.answers["box"]}, scope=melati.POST,
                     author=ws.author, now=ws.now(), links={"about_id": about})  # fmt: skip
        with pytest.raises(BadInput, match="rusak"):
            sealed.open_envelope(ws, key, name, TICKET)
    with pytest.raises(NotFound):
        sealed.open_envelope(ws, key, "nowhere", TICKET)


def test_a_new_post_learns_the_key_when_it_is_next_used() -> None:
    ws = a_post()
    added = posts.add_post(ws, {"name": "Mawar", "village_code": "52.03.01.2001"})
    assert sealed.readers(ws, added) == ()
    sealed.unlock(at_work(ws, MIDWIFE), PIN)
    assert [each.name for each in sealed.readers(ws, added)] == ["Bidan Ani"]
    count = len(records.load_many(ws.db, SEALING_KEY))
    sealed.publish(ws)
    assert len(records.load_many(ws.db, SEALING_KEY)) == count


def test_a_new_key_ends_the_old_one() -> None:
    ws = a_post()
    before = sealed.readers(ws)[0].digits
    assert sealed.my_digits(ws) == ""  # a kader has none
    sealed.make_key(at_work(ws, MIDWIFE), PIN)
    (now,) = sealed.readers(ws)
    assert now.digits != before
    assert sealed.my_digits(ws) == now.digits


def test_opened_things_show_nothing_of_themselves() -> None:
    ws = a_post()
    record, _saved = sealed.seal(ws, "social", TOLD)
    key = sealed.unlock(at_work(ws, MIDWIFE), PIN)
    assert "Zulaikha" not in repr(sealed.open_envelope(ws, key, record, TICKET))


def test_the_key_follows_a_changed_pin_and_waits_for_the_old_one_after_a_reset(own_home: object) -> None:
    folder = accounts.books().practice
    ws = accounts.create(folder, "Bidan Ani", PIN, role="midwife", cost=COSTS[-1]).workspace
    records.save(ws.db, melati.FORMS["posyandu"], "melati", {"name": "Melati", "village_code": "5203012001"},
                 scope="melati", author=ws.author, now=ws.now())  # fmt: skip
    ws.posyandu_id = "melati"
    assert not sealed.has_key(ws)
    public = sealed.make_key(ws, PIN).public
    with pytest.raises(WrongPin):
        sealed.unlock(ws, "908172")
    accounts.change_pin(ws, PIN, "638104")
    assert sealed.unlock(ws, "638104").public == public
    accounts.reset_pin(ws, ws.worker.id, "550173")
    with pytest.raises(sealed.OldPin, match="PIN lama"):
        sealed.unlock(ws, "550173")
    with pytest.raises(sealed.OldPin, match="Bukan PIN lama"):
        sealed.unlock_by_old(ws, "111999", "550173")
    with pytest.raises(WrongPin):
        sealed.unlock_by_old(ws, "638104", "550174")
    assert sealed.unlock_by_old(ws, "638104", "550173").public == public
    assert sealed.unlock(ws, "550173").public == public
    shown = str(settings.get(ws.db, f"sealing_key:{ws.worker.id}"))
    assert sealed.unlock(ws, "550173").secret.hex() not in shown
    noted = database.rows(ws.db, f"SELECT action FROM {SEALED_ACCESS.name} ORDER BY n")
    assert noted == [("pin_changed",), ("pin_reset",)], "no opening"
    ws.close()


def test_a_worker_without_a_key_publishes_nothing_and_opens_no_damaged_envelope() -> None:
    ws = a_post()
    before = len(records.load_many(ws.db, SEALING_KEY))
    sealed.publish(ws)
    assert len(records.load_many(ws.db, SEALING_KEY)) == before
    at_work(ws, MIDWIFE)
    key = sealed.unlock(ws, PIN)
    for number, box in enumerate(("", "????", "AAAA")):
        record = f"bad-{number}"
        records.save(ws.db, SEALED, record, {"purpose": "social", "box": box or None}, scope=melati.POST,
                     author=ws.author, now=ws.now())  # fmt: skip
        row = records.load(ws.db, SEALED, record)
        assert row is not None
        assert not sealed.is_for_me(ws, row)
        with pytest.raises(BadInput):
            sealed.open_envelope(ws, key, record, TICKET)
        assert sealed.accesses(ws, record) == ()


def test_what_was_opened_on_two_laptops_is_noted_newest_first() -> None:
    clock = melati.Clock()
    ws = melati.post(clock)
    sealed.make_key(at_work(ws, MIDWIFE), PIN)
    record, _saved = sealed.seal(compared(ws, KADER), "social", TOLD)
    key = sealed.unlock(at_work(ws, MIDWIFE), PIN)
    days = []
    for _each in range(3):
        clock.now += timedelta(days=1)
        sealed.open_envelope(ws, key, record, TICKET)
        days.append(clock.now)
    assert [each.at for each in sealed.accesses(ws, record)] == days[::-1]


def test_an_access_that_somebody_takes_away_is_still_told() -> None:
    ws = a_post()
    record, _saved = sealed.seal(ws, "social", TOLD)
    sealed.open_envelope(at_work(ws, MIDWIFE), sealed.unlock(ws, PIN), record, TICKET)
    (row,) = records.load_many(ws.db, SEALED_ACCESS)
    records.withdraw(ws.db, SEALED_ACCESS, row.id, author=ws.author, now=ws.now())
    assert [each.by for each in sealed.accesses(ws, record)] == ["Bidan Ani"]
