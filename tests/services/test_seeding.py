"""A new laptop filled by a file works at once, goes on with the next sync, and takes nothing it did not ask for."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from posyandu.domain.errors import BadInput, Refused, ServerTrouble
from posyandu.domain.forms import FORMS
from posyandu.server import __main__ as admin
from posyandu.server import carried, store
from posyandu.server.exchange import Desk
from posyandu.services import people, seeding, synchronise, workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, outbox, records, settings
from posyandu.sync.message import Cursor
from posyandu.sync.seed import read_wish
from tests.server.conftest import desk, post, postgres_cluster, postgres_url
from tests.server.laptops import VILLAGE, code_for, enrol, laptop, open_post, talk, weigh, weight

__all__ = ["desk", "post", "postgres_cluster", "postgres_url"]
VISIT = FORMS["under_five_visit"]


def new_laptop() -> Workspace:
    return workspace.in_memory(post=None, practice=True)


def seed_for(desk: Desk, ws: Workspace, folder: Path, code: str = "") -> Path:
    request = seeding.ask(ws, folder, code or code_for(desk))
    target = folder / "benih.posyandu"
    target.write_bytes(carried.make_seed(desk, read_wish(request.read_bytes()), "https://posyandu.contoh.id"))
    return target


@pytest.fixture
def old(desk: Desk, post: str) -> Iterator[tuple[Workspace, list[str]]]:
    """A laptop with a post, a child and visits in several batches, all confirmed."""
    ws = laptop(desk, post=post)
    people.register(ws, {"name": "Raka Aditya", "sex": "male", "born_on": date(2024, 5, 3)})
    visits = []
    for number in range(6):
        visits.append(weigh(ws, post, 9000 + number))
        talk(desk, ws)
    yield ws, visits
    ws.close()


def test_a_laptop_without_a_network_is_filled_by_the_server_and_goes_on_with_the_feed(
    desk: Desk, post: str, old: tuple[Workspace, list[str]], tmp_path: Path
) -> None:
    first, visits = old
    ws = new_laptop()
    file = seed_for(desk, ws, tmp_path)
    assert outbox.server(ws.db) is None
    assert b"Raka" not in file.read_bytes()
    steps: list[tuple[int, int]] = []
    filled = seeding.fill(ws, file, lambda done, total, _words: steps.append((done, total)))
    assert filled.saves >= 8
    assert "siap dipakai" in filled.sentence
    assert steps[-1][0] == steps[-1][1]
    assert [weight(ws, each) for each in visits] == [9000 + number for number in range(6)]
    assert people.search(ws, "raka", scope=post)
    assert journal.rows_equal_replay(ws.db)
    assert outbox.server(ws.db).url == "https://posyandu.contoh.id"  # type: ignore[union-attr]
    assert outbox.place(ws.db, post) == outbox.place(first.db, post)
    ws.posyandu_id = post
    own = weigh(ws, post, 9999)  # work goes on before any network
    weigh(first, post, 9555, visits[0])
    talk(desk, first)
    taken = talk(desk, ws)
    assert (weight(ws, visits[0]), weight(ws, own)) == (9555, 9999)
    assert synchronise.status(ws).state == "confirmed"
    assert taken.more is False
    talk(desk, first)
    assert weight(first, own) == 9999


def test_a_seed_from_another_laptop_serves_too_and_what_no_server_saw_goes_along(
    desk: Desk, post: str, old: tuple[Workspace, list[str]], tmp_path: Path
) -> None:
    first, visits = old
    unsent = weigh(first, post, 8111)
    ws = new_laptop()
    code = code_for(desk)
    request = seeding.ask(ws, tmp_path, code)
    filled = seeding.fill(ws, seeding.make(first, request, tmp_path))
    assert filled.posts >= 1
    assert [weight(ws, each) for each in (*visits, unsent)] == [*(9000 + number for number in range(6)), 8111]
    assert synchronise.status(ws).state == "not_enrolled"
    assert outbox.place(ws.db, post) == outbox.place(first.db, post)
    enrol(desk, ws)  # later, with a network
    talk(desk, ws)
    with desk.pool.connection() as connection:
        assert store.records(connection, "5203", post)[VISIT.name, unsent][0]["weight_g"] == 8111
    talk(desk, first)
    assert synchronise.status(first).state == "confirmed"
    assert synchronise.status(ws).state == "confirmed"


@pytest.mark.parametrize("pages", [900, 50_000])
def test_a_seed_broken_off_anywhere_is_read_again(
    desk: Desk, post: str, old: tuple[Workspace, list[str]], tmp_path: Path, pages: int
) -> None:
    """The laptop goes dark between two replies of the seed."""
    from dataclasses import replace

    _first, visits = old
    ws = new_laptop()
    file = seed_for(replace(desk, page_bytes=pages), ws, tmp_path)

    def dark(done: int, _total: int, _words: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    if pages == 900:
        with pytest.raises(KeyboardInterrupt):
            seeding.fill(ws, file, dark)
        assert settings.get(ws.db, "seed_code") is not None
    seeding.fill(ws, file)
    assert weight(ws, visits[-1]) == 9005
    assert journal.rows_equal_replay(ws.db)
    place = outbox.place(ws.db, post)
    assert place is not None
    assert Cursor(place.epoch, place.g, place.digest).epoch == desk.epoch


def test_torn_foreign_old_and_others_files_are_refused_with_a_sentence(
    desk: Desk, post: str, old: tuple[Workspace, list[str]], tmp_path: Path
) -> None:
    ws, other = new_laptop(), new_laptop()
    (tmp_path / "lain").write_bytes(b"lain")
    with pytest.raises(BadInput, match="belum meminta"):
        seeding.fill(ws, tmp_path / "lain")
    with pytest.raises(BadInput, match="tidak dapat dibaca"):
        seeding.fill(ws, tmp_path / "tidak-ada")
    file = seed_for(desk, ws, tmp_path)
    whole = file.read_bytes()
    seeding.ask(other, tmp_path, code_for(desk))
    with pytest.raises(BadInput, match="untuk laptop"):
        seeding.fill(other, file)
    for cut in (0, 5, 20, 40, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:cut])
        with pytest.raises(BadInput, match="kosong|terpotong|bukan berkas"):
            seeding.fill(ws, file)
    for place in (100, len(whole) - 5):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BadInput, match="rusak"):
            seeding.fill(ws, file)
    file.write_bytes(b"PK" + whole)
    with pytest.raises(BadInput, match="bukan berkas"):
        seeding.fill(ws, file)
    file.write_bytes(whole)
    seeding.ask(ws, tmp_path, code_for(desk))  # asked anew with another code: the old answer is nothing any more
    with pytest.raises(BadInput, match="permintaan terakhir"):
        seeding.fill(ws, file)
    settings.put(ws.db, "seed_code", "5203-AAAA-BBBB-CCCC")
    with pytest.raises(BadInput):
        seeding.fill(ws, file)
    assert outbox.server(ws.db) is None
    assert people.search(ws, "raka", scope=post) == []


def test_an_old_seed_and_one_of_the_other_kind_are_refused(desk: Desk, post: str, tmp_path: Path) -> None:
    laptop(desk, post=post)
    ws = new_laptop()
    file = seed_for(desk, ws, tmp_path)
    now = workspace.system_clock()
    ws.keep_time_by(lambda: now + timedelta(days=45))
    with pytest.raises(BadInput, match=r"4[45] hari"):
        seeding.fill(ws, file)
    ws.keep_time_by(lambda: now.replace(year=2009))  # a dead clock judges nobody
    settings.put(ws.db, "practice", False)
    with pytest.raises(Refused, match="percobaan"):
        seeding.fill(ws, file)
    settings.put(ws.db, "practice", True)
    assert "siap" in seeding.fill(ws, file).sentence


def test_a_forged_seed_is_not_believed(desk: Desk, post: str, old: tuple[Workspace, list[str]], tmp_path: Path) -> None:
    """Who does not know the code cannot answer a request, and no reply under another key passes."""
    from posyandu.sync import seed

    ws = new_laptop()
    wish = read_wish(seeding.ask(ws, tmp_path, code_for(desk)).read_bytes())
    file = tmp_path / "palsu.posyandu"
    thief = seed.Wish(wish.device, wish.key, "5203-XXXX-XXXX-XXXX", b"")
    file.write_bytes(seed.write_seed(seed.Seed(1, bytes(32), practice=True), [], thief))
    with pytest.raises(BadInput, match="bukan jawaban"):
        seeding.fill(ws, file)
    now = int(ws.now().timestamp() * 1000)
    file.write_bytes(seed.write_seed(seed.Seed(now, desk.public_key, practice=True), [b"palsu"], wish))
    with pytest.raises(ServerTrouble):
        seeding.fill(ws, file)
    with pytest.raises(BadInput, match="permintaan laptop baru"):
        read_wish(wish.body.replace(b"Sari", b"Sara"))
    for odd in (b"", b"[]", b"{}", b'{"sig":"00","key":"00"}'):
        with pytest.raises(BadInput):
            read_wish(odd)
    with pytest.raises(BadInput, match="16 huruf"):
        seeding.ask(ws, tmp_path, "12")


def test_the_administrators_command(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    assert admin.main(["enrol-code", "--areas", VILLAGE, "--name", "Pengganti"]) == 0
    ws = workspace.in_memory(post=None)
    request = seeding.ask(ws, tmp_path, capsys.readouterr().out.strip())
    assert admin.main(["seed", str(request), "--url", "https://x"]) == 0
    said = capsys.readouterr().out
    assert "Bawa ke laptop itu" in said
    (file,) = tmp_path.glob("benih-*.posyandu")
    assert seeding.fill(ws, file).posts == 0
    second = workspace.in_memory(post=None)
    bad = seeding.ask(second, tmp_path, "5203-ABCD-EFGH-JKLM")
    assert admin.main(["seed", str(bad)]) == 1
    assert "Kode pendaftaran salah" in capsys.readouterr().err
    open_post(second, records.new_id())
