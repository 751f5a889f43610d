"""What goes by stick, at the laptop itself: files that stand alone, returns in any order, letters between laptops."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from posyandu.domain.errors import BadInput, ServerTrouble
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox
from posyandu.storage.database import rows
from posyandu.storage.outbox import Companion, Counts
from posyandu.sync import client, sealed
from posyandu.sync.message import Letter, read_request, write_letter
from posyandu.sync.sealed import FROM_SERVER, TO_LAPTOP, TO_SERVER, open_file, read_bounded, seal_file
from tests.sync.paper import Paper, weigh, weights


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def sari(paper: Paper) -> Iterator[Workspace]:
    ws = paper.laptop()
    yield ws
    ws.close()


@pytest.fixture
def dewi(paper: Paper) -> Iterator[Workspace]:
    ws = paper.laptop(post=None)
    yield ws
    ws.close()


def opened(paper: Paper, file: bytes) -> tuple[bytes, ...]:
    return open_file(file, paper.key.private_bytes_raw(), [TO_SERVER]).parts


def returned(paper: Paper, ws: Workspace, file: bytes) -> bytes:
    """What the server writes back to a file."""
    parts = [paper.answer(body) for body in opened(paper, file)]
    return seal_file(FROM_SERVER, parts, client.key_of(ws.db).public_key().public_bytes_raw())


def counts(ws: Workspace) -> Counts:
    return outbox.counts(ws.db, ws.device)


def everything(ws: Workspace) -> list[tuple[object, ...]]:
    return rows(ws.db, "SELECT id, state, verdict, g FROM batch ORDER BY n") + rows(ws.db, "SELECT * FROM cursor")


# --- to the server and back ------------------------------------------------------------------------------------------


def test_a_stick_carries_what_is_not_safe_and_changes_nothing_in_the_book(paper: Paper, sari: Workspace) -> None:
    weigh(sari, "v1", 9_000)
    client.seal_all(sari.db, 1)
    before = everything(sari)
    (one,) = client.files_for_server(sari.db, paper.as_known())
    (other,) = client.files_for_server(sari.db, paper.as_known())
    assert one.saves == other.saves == 2, "the post and the visit"
    assert one.file != other.file, "each has a nonce of its own"
    assert everything(sari) == before
    request, signed = read_request(opened(paper, one.file)[0])
    assert signed.believe(client.key_of(sari.db).public_key())
    assert (request.device, request.regency, len(request.batches)) == (sari.device, "5203", 1)


def test_the_return_confirms_what_was_carried(paper: Paper, sari: Workspace) -> None:
    weigh(sari, "v1", 9_000)
    client.seal_all(sari.db, 1)
    (file,) = client.files_for_server(sari.db, paper.as_known())
    back = returned(paper, sari, file.file)
    taken = client.take_return(sari.db, paper.as_known(), back)
    assert (taken.confirmed, taken.received, taken.at_ms) == (2, 0, 5)
    assert counts(sari) == Counts(2, 2, 2)
    assert client.take_return(sari.db, paper.as_known(), back).confirmed == 0, "read twice it is once"


def test_when_all_is_safe_the_stick_only_asks(paper: Paper, sari: Workspace, dewi: Workspace) -> None:
    weigh(sari, "v1", 9_000)
    paper.talk(sari)
    paper.talk(sari)
    (file,) = client.files_for_server(sari.db, paper.as_known())
    assert file.saves == 0
    request, _signed = read_request(opened(paper, file.file)[0])
    assert request.batches == ()
    assert request.asks[0].cursor.g == 1
    (first,) = client.files_for_server(dewi.db, paper.as_known())
    taken = client.take_return(dewi.db, paper.as_known(), returned(paper, dewi, first.file))
    assert taken.received == 2
    assert weights(dewi) == {"v1": 9_000}


def test_returns_in_any_order_come_to_the_same(paper: Paper, sari: Workspace) -> None:
    backs = []
    for number in range(3):
        weigh(sari, f"v{number}", 9_000 + number)
        client.seal_all(sari.db, 1)
        (file,) = client.files_for_server(sari.db, paper.as_known())
        backs.append(returned(paper, sari, file.file))
    for back in reversed(backs):
        client.take_return(sari.db, paper.as_known(), back)
    assert counts(sari) == Counts(4, 4, 4)


def test_a_batch_whose_bytes_are_lacking_is_asked_for_on_the_stick_too(
    paper: Paper, sari: Workspace, dewi: Workspace
) -> None:
    weigh(sari, "v1", 9_000)
    paper.talk(sari)
    paper.talk(dewi)
    ((batch, _packed, _device),) = paper.feeds["melati"]
    dewi.db.conn.execute("UPDATE batch SET bytes = NULL")
    (file,) = client.files_for_server(dewi.db, paper.as_known())
    request, _signed = read_request(opened(paper, file.file)[0])
    assert request.asks[0].wanted == (batch,)
    client.take_return(dewi.db, paper.as_known(), returned(paper, dewi, file.file))
    assert outbox.knows(dewi.db, batch)


def test_a_post_that_is_not_ours_any_more_is_not_asked_about(paper: Paper, sari: Workspace) -> None:
    paper.talk(sari)
    paper.talk(sari)
    outbox.deny(sari.db, "melati")
    (file,) = client.files_for_server(sari.db, paper.as_known())
    request, _signed = read_request(opened(paper, file.file)[0])
    assert request.asks == ()


def test_much_is_spread_over_requests_and_files_in_order_and_none_is_left_out(
    paper: Paper, sari: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        weigh(sari, f"v{number}", 9_000 + number)
        client.seal_all(sari.db, 1)
    monkeypatch.setattr(client, "MAX_BODY", client._HEAD_ROOM + client._AREA_ROOM + 1_200)
    monkeypatch.setattr(client, "MAX_PARTS", client._BOX_ROOM + 4_500)
    files = client.files_for_server(sari.db, paper.as_known())
    parts = [opened(paper, each.file) for each in files]
    assert len(files) > 1
    assert max(map(len, parts)) > 1
    assert [each.saves for each in files] == [sum(len(read_request(b)[0].batches) for b in each) + (n == 0)
                                              for n, each in enumerate(parts)]  # fmt: skip
    assert sum(each.saves for each in files) == 13
    for each in parts:
        for body in each:
            paper.answer(body)
    assert len(paper.feeds["melati"]) == 12


def test_a_return_of_another_server_or_for_another_laptop_changes_nothing(
    paper: Paper, sari: Workspace, dewi: Workspace
) -> None:
    weigh(sari, "v1", 9_000)
    client.seal_all(sari.db, 1)
    (file,) = client.files_for_server(sari.db, paper.as_known())
    back, before = returned(paper, sari, file.file), everything(sari)
    with pytest.raises(ServerTrouble, match="tidak dapat dipastikan asli"):
        client.take_return(sari.db, Paper(b"x").as_known(), back)
    with pytest.raises(BadInput, match="untuk laptop atau server lain"):
        client.take_return(dewi.db, paper.as_known(), back)
    with pytest.raises(BadInput, match="arah sebaliknya"):
        client.take_letter(sari.db, paper.as_known(), back)
    assert everything(sari) == before


# --- from laptop to laptop -------------------------------------------------------------------------------------------


def met(paper: Paper, *books: Workspace) -> None:
    for ws in (*books, *books):
        paper.talk(ws)


def companion(one: Workspace, other: Workspace) -> Companion:
    key = client.key_of(other.db).public_key().public_bytes_raw()
    return Companion(other.device, key, ("melati",), "kader-sari")


def test_a_letter_brings_what_no_server_has_and_confirms_nothing(
    paper: Paper, sari: Workspace, dewi: Workspace
) -> None:
    met(paper, sari, dewi)
    weigh(sari, "v1", 9_000)
    client.seal_all(sari.db, 1)
    carried = client.file_for_laptop(sari.db, companion(sari, dewi))
    assert carried.saves == 2, "the post, too"
    assert client.take_letter(dewi.db, paper.as_known(), carried.file) == 1
    assert weights(dewi) == {"v1": 9_000}
    assert counts(dewi).here - counts(dewi).confirmed == 1, "she carries it for Sari"
    assert client.take_letter(dewi.db, paper.as_known(), carried.file) == 0
    paper.talk(dewi)
    paper.talk(sari)
    assert counts(sari).confirmed == counts(sari).here, "Dewi's laptop brought it to the server"


def test_a_letter_of_a_laptop_nobody_vouched_for_is_refused_whole(paper: Paper, sari: Workspace) -> None:
    stranger = Ed25519PrivateKey.generate()
    body = write_letter(Letter("laptop-asing", ()), stranger)
    mine = client.key_of(sari.db).public_key().public_bytes_raw()
    with pytest.raises(BadInput, match=r"Laptop yang menulis berkas ini belum dikenal\. Kirim lewat server dulu\."):
        client.take_letter(sari.db, paper.as_known(), seal_file(TO_LAPTOP, [body], mine))
    outbox.keep_peers(sari.db, {"laptop-asing": Ed25519PrivateKey.generate().public_key().public_bytes_raw()})
    with pytest.raises(BadInput, match="belum dikenal"):
        client.take_letter(sari.db, paper.as_known(), seal_file(TO_LAPTOP, [body], mine))


def test_what_a_letter_brings_of_a_village_that_is_not_ours_is_left_out(
    paper: Paper, sari: Workspace, dewi: Workspace
) -> None:
    met(paper, sari, dewi)
    weigh(sari, "v1", 9_000)
    client.seal_all(sari.db, 1)
    file = client.file_for_laptop(sari.db, companion(sari, dewi)).file
    assert client.take_letter(dewi.db, paper.as_known(("5271",)), file) == 0
    assert weights(dewi) == {}
    assert client.take_letter(dewi.db, paper.as_known(("5271", "5203012001")), file) == 1


def test_a_letter_with_a_damaged_batch_in_it_changes_nothing(paper: Paper, sari: Workspace, dewi: Workspace) -> None:
    met(paper, sari, dewi)
    weigh(sari, "v1", 9_000)
    client.seal_all(sari.db, 1)
    (good,) = outbox.to_send(sari.db, 10_000)
    key = client.key_of(sari.db)
    body = write_letter(Letter(sari.device, (good.packed, good.packed[:-9])), key)
    file = seal_file(TO_LAPTOP, [body], companion(sari, dewi).key)
    before = everything(dewi)
    with pytest.raises(BadInput):
        client.take_letter(dewi.db, paper.as_known(), file)
    assert everything(dewi) == before


def test_a_batch_in_a_letter_is_believed_by_who_wrote_it_and_not_by_who_brings_it(
    paper: Paper, sari: Workspace, dewi: Workspace
) -> None:
    third = paper.laptop(post=None)
    met(paper, sari, dewi, third)
    forged = replace(sari.author, device_id=sari.device)
    weigh(sari, "v1", 9_000)
    client.seal_all(sari.db, 1)
    (good,) = outbox.to_send(sari.db, 10_000)
    assert forged.device_id == sari.device
    body = write_letter(Letter(third.device, (good.packed,)), client.key_of(third.db))
    assert outbox.peer(dewi.db, third.device) is not None
    file = seal_file(TO_LAPTOP, [body], companion(third, dewi).key)
    assert client.take_letter(dewi.db, paper.as_known(), file) == 1, "the writer's own signature counts"
    third.close()


# --- reading a chosen file -------------------------------------------------------------------------------------------


def test_a_chosen_file_is_read_no_further_than_a_file_of_ours_may_be(tmp_path: Path) -> None:
    path = tmp_path / "a.posyandu"
    path.write_bytes(b"x" * 50)
    assert read_bounded(path) == b"x" * 50
    assert [len(read_bounded(path, most)) for most in (9, 48, 49, 50, 51)] == [10, 49, 50, 50, 50]
    assert sealed.MAX_FILE == 300_000


@pytest.mark.parametrize("name", ["tidak-ada.posyandu", "."])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"Berkas tidak dapat dibaca\. Periksa flashdisk, lalu coba lagi\."):
        read_bounded(tmp_path / name)
