"""What goes on a stick and comes back: the same rules as over a network, and no stick can do harm."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from posyandu.domain.change import Op
from posyandu.domain.errors import BadInput, ServerTrouble
from posyandu.server import carried, exchange, store
from posyandu.server.__main__ import _import_file
from posyandu.server.exchange import Desk, Rejected
from posyandu.services import carrying, synchronise
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, outbox
from posyandu.sync import client
from posyandu.sync.sealed import MAX_FILE, TO_LAPTOP, read_bounded, seal_file
from posyandu.sync.stick import write_checked
from tests.server.conftest import desk, open_folder, post, postgres_cluster, postgres_url
from tests.server.laptops import REGENCY, VILLAGE, laptop, open_post, talk, way_to, weigh, weight

__all__ = ["desk", "open_folder", "post", "postgres_cluster", "postgres_url"]


def errand(desk: Desk, ws: Workspace, folder: Path) -> list[Path]:
    """Save for the server, carry the files there, and give the files that came back."""
    returns: list[Path] = []
    for path in carrying.save_for_server(ws, folder).paths:
        done = carried.import_file(desk, path.read_bytes())
        for number, content in enumerate(done.returns):
            target = folder / f"{path.stem}-balasan-{number}.posyandu"
            write_checked(target, content)
            returns.append(target)
    return returns


def test_a_stick_brings_saves_to_the_server_and_their_confirmation_back(desk: Desk, post: str, tmp_path: Path) -> None:
    ws = laptop(desk, post=post)
    for grams in range(6000, 6020):
        weigh(ws, post, grams)
    saved = carrying.save_for_server(ws, tmp_path)
    assert saved.saves == 21
    assert "21 simpanan" in saved.sentence
    assert synchronise.status(ws).confirmed == synchronise.status(ws).sent == 0  # nothing is safe by being on a stick
    done = carried.import_file(desk, saved.paths[0].read_bytes())
    assert [verdict.state for verdict in done.verdicts] == ["terap"]
    assert synchronise.status(ws).confirmed == 0
    back = tmp_path / "balasan.posyandu"
    write_checked(back, done.returns[0])
    outcome = carrying.read(ws, back)
    assert (outcome.confirmed, outcome.state) == (21, "confirmed")
    assert "Semua sudah aman" in outcome.sentence
    state = synchronise.status(ws)
    assert (state.sent, state.confirmed, state.waiting) == (21, 21, 0)
    assert "Tidak ada yang baru" in synchronise.run(ws, send=way_to(desk)).sentence
    assert "Tidak ada yang baru" in carrying.read(ws, back).sentence
    assert "meminta kabar" in carrying.save_for_server(ws, tmp_path).sentence


def test_what_another_laptop_sent_comes_back_on_the_stick(desk: Desk, post: str, tmp_path: Path) -> None:
    sari, dewi = laptop(desk, post=post), laptop(desk)
    record = weigh(sari, post, 7000)
    talk(desk, sari)
    (back,) = errand(desk, dewi, tmp_path)
    assert carrying.read(dewi, back).received >= 2
    assert weight(dewi, record) == 7000
    assert journal.rows_equal_replay(dewi.db)


def test_a_file_read_again_at_the_server_changes_nothing_and_gives_a_return_again(
    desk: Desk, post: str, tmp_path: Path
) -> None:
    ws = laptop(desk, post=post)
    (path,) = carrying.save_for_server(ws, tmp_path).paths
    first = carried.import_file(desk, path.read_bytes())
    with desk.pool.connection() as connection:
        area = store.area(connection, REGENCY, post)
        second = carried.import_file(desk, path.read_bytes())
        assert store.area(connection, REGENCY, post) == area
    assert [verdict.batch for verdict in first.verdicts] == [verdict.batch for verdict in second.verdicts]
    lost, arrived = tmp_path / "a.posyandu", tmp_path / "b.posyandu"
    write_checked(lost, first.returns[0])
    write_checked(arrived, second.returns[0])
    assert carrying.read(ws, arrived).state == "confirmed"
    carrying.read(ws, lost)
    assert synchronise.status(ws).state == "confirmed"


def test_returns_read_in_any_order_confirm_the_same(desk: Desk, post: str, tmp_path: Path) -> None:
    ws = laptop(desk, post=post)
    files = []
    for grams in (6000, 6100, 6200):
        weigh(ws, post, grams)
        files.append(*errand(desk, ws, tmp_path))  # each asks from the beginning: no return was read in between
        time.sleep(0)
        files[-1] = files[-1].rename(tmp_path / f"{grams}.posyandu")
    assert carrying.read(ws, files[1]).confirmed == 3
    assert carrying.read(ws, files[0]).confirmed == 0
    assert carrying.read(ws, files[2]).confirmed == 1  # begins before the cursor and leads through it
    assert synchronise.status(ws).state == "confirmed"


def test_a_return_that_leaves_a_gap_confirms_nothing_and_is_made_good_by_the_next(
    desk: Desk, post: str, tmp_path: Path
) -> None:
    ws = laptop(desk, post=post)
    copy = laptop(desk)
    (first,) = errand(desk, ws, tmp_path)
    carrying.read(ws, first)
    place = outbox.place(ws.db, post)
    assert place is not None
    weigh(ws, post, 6000)
    (second,) = errand(desk, ws, tmp_path)
    outbox.move(ws.db, post, place.epoch, 0, "0" * 64)  # as a book brought back from before the first return
    ws.db.conn.execute("UPDATE batch SET g = NULL")
    ws.db.conn.commit()
    assert carrying.read(ws, second).confirmed == 0
    (third,) = errand(desk, ws, tmp_path)
    assert carrying.read(ws, third).confirmed == 2
    with pytest.raises(BadInput, match="laptop atau server lain"):
        carrying.read(copy, third)


def test_much_goes_in_several_files_that_each_stand_alone(
    desk: Desk, post: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = laptop(desk, post=post)
    for number in range(900):
        weigh(ws, post, number)
    monkeypatch.setattr(client, "MAX_BODY", 16_000)
    monkeypatch.setattr(client, "MAX_PARTS", 20_000)
    saved = carrying.save_for_server(ws, tmp_path)
    assert len(saved.paths) >= 2
    assert saved.saves == 901
    assert all(path.stat().st_size <= MAX_FILE for path in saved.paths)
    for path in reversed(saved.paths):  # the pieces arrive in the wrong order
        done = carried.import_file(desk, path.read_bytes())
    monkeypatch.setattr(carried, "MAX_PARTS", 30_000)
    monkeypatch.setattr(carried, "PAGE_BYTES", 9_000)
    done = carried.import_file(desk, path.read_bytes())
    back = tmp_path / "balasan.posyandu"
    for content in done.returns:
        write_checked(back, content)
        carrying.read(ws, back)
    assert synchronise.status(ws).confirmed == 901
    other = laptop(desk)
    (request,) = carrying.save_for_server(other, tmp_path).paths
    returns = carried.import_file(desk, request.read_bytes()).returns
    assert len(returns) > 1
    for content in returns:
        write_checked(back, content)
        carrying.read(other, back)
    assert other.db.conn.execute("SELECT count(*) FROM under_five_visit WHERE scope = ?", (post,)).fetchone() == (900,)


def test_a_server_taken_back_is_refilled_by_stick(desk: Desk, post: str, postgres_url: str, tmp_path: Path) -> None:
    ws = laptop(desk, post=post)
    weigh(ws, post, 6000)
    (back,) = errand(desk, ws, tmp_path)
    carrying.read(ws, back)
    with store.open_pool(postgres_url, 1) as pool:  # the day before: it knows the laptop and nothing else
        before = replace(exchange.open_desk(pool, trial=True), key=desk.key)
        with pool.connection() as connection:
            key = client.key_of(ws.db).public_key().public_bytes_raw()
            store.add_device(connection, REGENCY, ws.device, key, "laptop", [VILLAGE])
        (back,) = errand(before, ws, tmp_path)
        carrying.read(ws, back)
        assert synchronise.status(ws).confirmed == 0
        (back,) = errand(before, ws, tmp_path)
        assert carrying.read(ws, back).confirmed == 2


def test_two_laptops_exchange_without_a_server(desk: Desk, post: str, tmp_path: Path) -> None:
    sari, dewi = laptop(desk, post=post), laptop(desk)
    talk(desk, sari)
    talk(desk, dewi)
    first = weigh(dewi, post, 8000)
    talk(desk, dewi)
    talk(desk, sari)
    known = next(each for each in carrying.laptops(sari) if each.device == dewi.device)
    record = weigh(sari, post, 7000)
    saved = carrying.save_for_laptop(sari, tmp_path, known.device)
    talk(desk, dewi)
    assert weight(dewi, record) is None
    outcome = carrying.read(dewi, saved.paths[0])
    assert outcome.received == 1
    assert weight(dewi, record) == 7000
    assert weight(sari, first) == 8000
    assert "Tidak ada yang baru" in carrying.read(dewi, saved.paths[0]).sentence
    state = synchronise.status(dewi)
    assert state.waiting == 1  # it answers for what it carries until the server has it
    talk(desk, dewi)
    assert synchronise.status(dewi).waiting == 0
    talk(desk, sari)
    assert synchronise.status(sari).state == "confirmed"
    assert journal.rows_equal_replay(dewi.db)
    with pytest.raises(BadInput, match="laptop atau server lain"):
        carrying.read(sari, saved.paths[0])


def test_a_letter_carries_every_post_of_the_villages_its_reader_writes_in_and_names_the_others(
    desk: Desk, post: str, tmp_path: Path
) -> None:
    here, there = "5203012978", "5203012979"  # villages with no other test's posts
    sari, dewi = laptop(desk, post=post, village=here, areas=[here, there]), laptop(desk, areas=[here])
    beside, elsewhere = f"{post}-b", f"{post}-e"
    talk(desk, sari)
    talk(desk, dewi)
    weigh(dewi, post, 8000)
    talk(desk, dewi)
    talk(desk, sari)
    open_post(sari, beside, here)
    open_post(sari, elsewhere, there)
    hers, foreign = weigh(sari, beside, 7000), weigh(sari, elsewhere, 7100)
    saved = carrying.save_for_laptop(sari, tmp_path, dewi.device)  # no server has seen the new posts
    assert saved.sentence.endswith(
        f" Tidak ikut: Posyandu {elsewhere}. Laptop itu belum pernah mengisi di desanya; kirim lewat server."
    )
    assert f"Posyandu {beside}" not in saved.sentence
    carrying.read(dewi, saved.paths[0])
    assert (weight(dewi, hers), weight(dewi, foreign)) == (7000, None)
    talk(desk, sari)
    again = carrying.save_for_laptop(sari, tmp_path, dewi.device)
    assert f"Tidak ikut: Posyandu {elsewhere}." in again.sentence
    weigh(dewi, beside, 7001, hers)
    back = carrying.save_for_laptop(dewi, tmp_path, sari.device)
    assert "Tidak ikut" not in back.sentence
    carrying.read(sari, back.paths[0])
    assert weight(sari, hers) == 7001


def test_who_only_says_to_write_in_a_village_is_given_nothing_more_of_it(desk: Desk, post: str, tmp_path: Path) -> None:
    """A letter can bring what no server has let in: it shows no right to the posts beside."""
    own = "5203012977"  # a village with no other test's posts
    sari, dewi = laptop(desk, post=post, village=own, areas=(own,)), laptop(desk, areas=(own,))
    talk(desk, sari)
    talk(desk, dewi)
    weigh(dewi, post, 8000)
    key = client.key_of(sari.db).public_key().public_bytes_raw()
    outbox.keep_peers(dewi.db, {sari.device: key})
    outbox.keep_peers(sari.db, {dewi.device: client.key_of(dewi.db).public_key().public_bytes_raw()})
    carrying.read(sari, carrying.save_for_laptop(dewi, tmp_path, sari.device).paths[0])
    open_post(sari, f"{post}-b", own)
    saved = carrying.save_for_laptop(sari, tmp_path, dewi.device)
    assert "2 simpanan" in saved.sentence, "the post and the weight she brought, as before"
    assert f"Posyandu {post}-b" in saved.sentence.partition("Tidak ikut: ")[2]


def test_what_finds_no_room_in_a_letter_is_said(
    desk: Desk, post: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sari, dewi = laptop(desk, post=post), laptop(desk)
    talk(desk, sari)
    talk(desk, dewi)
    weigh(dewi, post, 8000)
    talk(desk, dewi)
    talk(desk, sari)
    for grams in range(900):
        weigh(sari, post, grams)
    monkeypatch.setattr(client, "MAX_PARTS", 20_000)
    saved = carrying.save_for_laptop(sari, tmp_path, dewi.device)
    assert 0 < saved.saves < 900
    assert f" {900 - saved.saves} simpanan tidak muat; kirim lewat server." in saved.sentence


def test_laptops_are_called_by_their_kader_and_the_server_is_none(desk: Desk, post: str) -> None:
    sari = laptop(desk, post=post)

    def saved(n: int, device: str, author: str, entity: str = "under_five_visit", **fields: object) -> None:
        name = author if entity == "worker" else f"{post}{n}"
        journal.apply(sari.db, [(Op(post, entity, name, 1, 1, (), fields, author, n, 1, f"{n:016x}"), device)])

    for device in ("c5f7-baru", "beef-lama", "abcd-asing", "d00d-sari", "server-5203"):
        outbox.keep_peers(sari.db, {device: b"k" * 32})
    saved(1, "c5f7-baru", "wati", "worker", name="Wati", role="kader")
    saved(2, "c5f7-baru", "pemulihan", weight_g=4000)
    assert [each.name for each in carrying.laptops(sari)] == ["Laptop Wati"]
    saved(3, "beef-lama", "wati", weight_g=4100)
    saved(4, "abcd-asing", "pemulihan", weight_g=4200)
    saved(5, "server-5203", "server", weight_g=4300)
    assert [each.name for each in carrying.laptops(sari)] == [
        "Laptop lain, tanda ABCD", "Laptop Wati, tanda BEEF", "Laptop Wati, tanda C5F7",
    ]  # fmt: skip


def test_a_laptop_takes_no_file_of_an_unknown_laptop_and_nothing_of_a_foreign_village(
    desk: Desk, post: str, tmp_path: Path
) -> None:
    sari, stranger = laptop(desk, post=post), laptop(desk, post=f"{post}x", village="5203022001")
    talk(desk, sari)
    weigh(stranger, f"{post}x", 5000)
    client.seal_all(stranger.db, 1)
    key = client.key_of(sari.db).public_key().public_bytes_raw()
    to_sari = outbox.Companion(sari.device, key, (f"{post}x",), "")
    path = tmp_path / "titip.posyandu"
    write_checked(path, client.file_for_laptop(stranger.db, to_sari).file)
    with pytest.raises(BadInput, match="belum dikenal"):
        carrying.read(sari, path)
    outbox.keep_peers(sari.db, {stranger.device: client.key_of(stranger.db).public_key().public_bytes_raw()})
    assert carrying.read(sari, path).received == 0
    assert stranger.device not in {each.device for each in carrying.laptops(sari)}
    with pytest.raises(BadInput, match="belum dikenal"):
        carrying.save_for_laptop(sari, tmp_path, stranger.device)
    write_checked(path, seal_file(TO_LAPTOP, [b"no letter"], key))
    with pytest.raises(BadInput):
        carrying.read(sari, path)


def test_a_stick_pulled_at_any_byte_leaves_a_file_that_is_refused_with_a_sentence(
    desk: Desk, post: str, tmp_path: Path
) -> None:
    ws = laptop(desk, post=post)
    (path,) = carrying.save_for_server(ws, tmp_path).paths
    going = path.read_bytes()
    returning = carried.import_file(desk, going).returns[0]
    torn = tmp_path / "putus.posyandu"
    before = outbox.places(ws.db)
    torn.write_bytes(returning)
    for length in reversed(range(len(returning))):
        os.truncate(torn, length)
        with pytest.raises(BadInput, match="terpotong|kosong"):
            carrying.read(ws, torn)
    for length in range(0, len(going), 7):
        with pytest.raises(BadInput, match="terpotong|kosong"):
            carried.import_file(desk, going[:length])
    assert outbox.places(ws.db) == before
    torn.write_bytes(returning)
    assert carrying.read(ws, torn).state == "confirmed"


_VICTIM = """
import sys
from pathlib import Path
from posyandu.sync.stick import write_checked
target = Path(sys.argv[1])
print("go", flush=True)
while True:
    write_checked(target, b"A" * 250_000)
    write_checked(target, b"B" * 250_000)
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_file_under_the_name(tmp_path: Path) -> None:
    target = tmp_path / "kirim.posyandu"
    for tenth in range(6):
        writer = subprocess.Popen([sys.executable, "-c", _VICTIM, str(target)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"go\n"
        time.sleep(0.003 * tenth)
        writer.kill()
        writer.wait()
        writer.stdout.close()
        if target.exists():
            assert target.read_bytes() in (b"A" * 250_000, b"B" * 250_000)


def test_no_stick_and_no_file_are_said(desk: Desk, post: str, tmp_path: Path) -> None:
    ws = laptop(desk, post=post)
    with pytest.raises(BadInput, match="flashdisk"):
        carrying.save_for_server(ws, tmp_path / "tidak-ada")
    with pytest.raises(BadInput, match="flashdisk"):
        carrying.read(ws, tmp_path / "tidak-ada.posyandu")
    big = tmp_path / "film.mp4"
    big.write_bytes(b"POSYANDU KIRIM 1" + bytes(MAX_FILE))
    assert len(read_bounded(big)) == MAX_FILE + 1
    with pytest.raises(BadInput, match="bukan berkas"):
        carrying.read(ws, big)
    from posyandu.services import workspace

    with pytest.raises(BadInput, match="belum terhubung"):
        carrying.save_for_server(workspace.in_memory(practice=True), tmp_path)


def test_a_return_of_another_server_changes_nothing(desk: Desk, post: str, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    ws = laptop(desk, post=post)
    (path,) = carrying.save_for_server(ws, tmp_path).paths
    false = replace(desk, key=Ed25519PrivateKey.generate())
    with pytest.raises(BadInput, match="lain"):
        carried.import_file(false, path.read_bytes())
    (part,) = client.open_file(path.read_bytes(), desk.key.private_bytes_raw(), [1]).parts
    false_public = false.public_key
    done = carried.import_file(false, seal_file(1, [part], false_public))
    write_checked(path, done.returns[0])
    with pytest.raises(ServerTrouble, match="asli"):
        carrying.read(ws, path)
    assert synchronise.status(ws).confirmed == 0


def test_a_revoked_laptop_gets_nothing_by_stick_either(
    desk: Desk, post: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ws = laptop(desk, post=post)
    (path,) = carrying.save_for_server(ws, tmp_path).paths
    assert _import_file(desk, path, tmp_path) == 0
    assert "Bawa kembali" in capsys.readouterr().out
    (back,) = tmp_path.glob("*-balasan.posyandu")
    assert carrying.read(ws, back).state == "confirmed"
    with desk.pool.connection() as connection:
        store.revoke(connection, REGENCY, ws.device, "hilang")
    with pytest.raises(Rejected, match="dicabut"):
        carried.import_file(desk, path.read_bytes())
    assert _import_file(desk, path, tmp_path) == 1
    assert "dicabut" in capsys.readouterr().err


def test_a_file_with_messages_of_two_laptops_is_refused(desk: Desk, post: str, tmp_path: Path) -> None:
    parts = []
    for number in range(2):
        ws = laptop(desk, post=f"{post}{number}")
        (path,) = carrying.save_for_server(ws, tmp_path).paths
        parts += client.open_file(path.read_bytes(), desk.key.private_bytes_raw(), [1]).parts
    with pytest.raises(BadInput, match="beberapa"):
        carried.import_file(desk, seal_file(1, parts, desk.public_key))
    with pytest.raises(BadInput, match="kosong"):
        carried.import_file(desk, seal_file(1, [], desk.public_key))
    assert exchange.everyone("") == 0


def test_a_late_receipt_does_not_hold_back_what_is_in_the_feed(desk: Desk, post: str) -> None:
    ws = laptop(desk, post=post)
    talk(desk, ws)
    (batch,) = [row[0] for row in ws.db.conn.execute("SELECT id FROM batch WHERE own = 1")]
    outbox.keep_verdict(ws.db, batch, "karantina", "posyandu di luar wilayah perangkat", {})
    assert synchronise.status(ws).state == "confirmed"


def test_laptops_are_named_after_the_kader_who_last_wrote_there(desk: Desk, post: str) -> None:
    from posyandu.domain.forms import FORMS
    from posyandu.storage import records

    sari, dewi = laptop(desk), laptop(desk, post=post)
    records.save(
        dewi.db, FORMS["worker"], dewi.worker.id, {"name": "Dewi Lestari"}, scope=post, author=dewi.author,
        now=dewi.now(),
    )  # fmt: skip
    talk(desk, dewi)
    talk(desk, sari)
    assert {each.device: each.name for each in carrying.laptops(sari)}[dewi.device].startswith("Laptop Dewi Lestari")
