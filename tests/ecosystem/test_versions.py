"""T8: the old programs themselves. Laptops and servers of every release with today's, each a process of its own, with
real encrypted books and a real PostgreSQL: nothing is lost, nothing is refused but in words, and what one side does
not know survives the other.

Every run does one story with the newest release. POSYANDU_VERSIONS=all does it with every release, taken out of git and
as a wheel, and then random histories of mixed laptops (POSYANDU_VERSION_HISTORIES, 50).
"""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from posyandu.domain.forms import FORMS
from posyandu.server import embedded, ingest, store
from posyandu.server.app import make_app
from posyandu.server.exchange import Desk
from posyandu.server.settings import Settings
from posyandu.storage import journal, records
from posyandu.storage.migrations import BEFORE_UPGRADE, STEPS
from posyandu.sync.batch import decode, is_signed_by
from posyandu.sync.message import START_DIGEST, next_digest
from tests.ecosystem import future_process
from tests.ecosystem.releases import (
    FUTURE,
    ROOT,
    VILLAGE,
    Laptop,
    Release,
    Said,
    Server,
    as_wheel,
    released,
    serving,
    unpack,
    why_not_here,
)
from tests.server import laptops as in_process
from tests.server.conftest import desk, open_folder, post, postgres_cluster, postgres_url
from tests.server.serving import serving as over_http

__all__ = ["desk", "open_folder", "post", "postgres_cluster", "postgres_url"]

ALL = os.environ.get("POSYANDU_VERSIONS") == "all"
HISTORIES = int(os.environ.get("POSYANDU_VERSION_HISTORIES", "50"))
NEIGHBOUR = "5202022003"
NEWER_BOOK = "Buku ini ditulis oleh Posyandu versi lebih baru. Pasang versi terbaru; data Anda tetap utuh."
WUS, MEAL = "a" * 32, "b" * 32

Starts = Callable[..., Laptop]
Shown = dict[str, dict[str, dict[str, Any]]]

nightly = pytest.mark.skipif(not ALL, reason="POSYANDU_VERSIONS=all: takes minutes, belongs to the night")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the trial server is stopped by a signal")


@pytest.fixture(
    scope="module",
    params=[(each, how) for each in (released() if ALL else released()[-1:]) for how in ("git", "wheel")[: 1 + ALL]],
    ids=lambda each: f"{each[0].version}-{each[1]}",
)
def old(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Path]:
    """A release and a folder with its code."""
    release, how = request.param
    if why := why_not_here(release):
        pytest.skip(why)
    code = unpack(release, tmp_path_factory.mktemp("tree"))
    if how == "wheel":
        unpacked = tmp_path_factory.mktemp("wheel")
        if why := as_wheel(code, unpacked):
            pytest.skip(why)
        code = unpacked
    return release, code


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starts]:
    """Start a laptop of some version in a home of its own; all are ended after the test."""
    running: list[Laptop] = []

    def one(code: Path, name: str, *, create: bool = True, **more: Path) -> Laptop:
        laptop = Laptop(code, tmp_path / name, **more)
        running.append(laptop)
        if create:
            laptop.create(f"Kader {name}")
        return laptop

    yield one
    for laptop in running:
        laptop.stop()


def settled(*laptops: Laptop) -> None:
    """Everyone talks until everyone has heard everyone."""
    for laptop in (*laptops, *laptops):
        outcome = laptop.sync()
        assert outcome["is_here"] == outcome["is_sent"] == outcome["is_confirmed"], outcome


def common(laptop: Laptop, *others: Laptop) -> Shown:
    """What a laptop shows of the forms and fields that all these know."""
    known = [each.knows() for each in (laptop, *others)]
    found: Shown = {}
    for form, shown in laptop.shown().items():
        if all(form in each for each in known):
            names = {"withdrawn"}.union(set(known[0][form]).intersection(*(each[form] for each in known)))
            for record, answers in shown.items():
                told = {name: value for name, value in answers.items() if name in names}
                found.setdefault(form, {})[record] = {**told, "differ": sorted(names.intersection(answers["differ"]))}
    return found


def feeds_verify(folder: Path) -> int:
    """Every feed of a server: dense, chained, each batch signed by whom it names, rows as the batches say. How many."""
    with embedded.attached(folder) as url, psycopg.connect(url) as connection:
        batches = 0
        for kab, area in store.areas(connection):
            keys = {device.id: device.key for device in store.devices(connection, kab)}
            digest = START_DIGEST
            query = "SELECT g, id, bytes, device, digest FROM batch WHERE kab = %s AND scope = %s AND g > 0 ORDER BY g"
            for number, (g, batch_id, packed, device, at) in enumerate(connection.execute(query, (kab, area.scope)), 1):
                batch = decode(packed)
                digest = next_digest(digest, batch.id)
                assert (g, batch_id.hex(), at.hex()) == (number, batch.id, digest)
                assert is_signed_by(batch, Ed25519PublicKey.from_public_bytes(keys[device]))
                batches += 1
            assert (area.g, area.digest.hex()) == (number, digest)
        (schema,) = connection.execute("SELECT max(number) FROM migration").fetchone() or (0,)
        if schema != store.migrations()[-1][0]:  # an older server's: its rows are its own affair
            return batches
        shown = "SELECT kab, scope, entity, id, doc, conflicts, withdrawn FROM record ORDER BY 1, 2, 3, 4"
        before = connection.execute(shown).fetchall()
        ingest.project_again(connection)
        assert connection.execute(shown).fetchall() == before
        connection.rollback()
        return batches


def test_a_province_that_upgrades_its_laptops_first_then_its_server_loses_nothing(
    old: tuple[Release, Path], start: Starts, open_folder: Path, tmp_path: Path
) -> None:
    release, code = old
    before, after = start(code, "lama"), start(ROOT, "baru")
    assert before.version() == release.version
    with serving(code, open_folder / "server") as server:
        server.enrol(before, after)
        who = _a_village(before)
        settled(before, after)
        assert common(after, before) == common(before, after)
        _what_only_the_new_one_knows(server, before, after, who, tmp_path)
    with serving(ROOT, open_folder / "server") as server:
        for laptop in (before, after):
            laptop.at(url=server.url)
        later, neighbour = start(code, "lama-lain"), start(ROOT, "tetangga")
        server.enrol(later)
        server.enrol(neighbour, area=NEIGHBOUR)
        neighbour.add_post(name="Mawar", village=NEIGHBOUR)
        _what_the_server_acts_on_now(before, after, later, neighbour, who)
        _sticks_between_versions(before, after, server, tmp_path)
        told, sent = before.shown(), before.saves()
        before.stop()
        upgraded = _upgrade(start, code, release, told, sent)
        upgraded.sync()
        assert upgraded.search(words="Hapus Saya") == after.search(words="Hapus Saya") == []
        settled(upgraded, after, later)
        assert upgraded.shown() == after.shown()
        assert upgraded.schema() == after.schema()  # as a book begun today: no step it had was edited since
        assert common(later, after)["wus"] == common(after, later)["wus"]
        assert all(each.is_replay() for each in (upgraded, after, later, neighbour))
    with (
        pytest.raises(AssertionError, match="Basis data ini milik server versi lebih baru"),
        serving(code, open_folder / "server"),
    ):
        pass
    assert feeds_verify(open_folder / "server") > 5


def _a_village(laptop: Laptop) -> dict[str, str]:
    """A post with four people, and one woman of childbearing age asked; who they are."""
    laptop.add_post(name="Melati", village=VILLAGE)
    mother = laptop.register(name="Dewi Sukma", sex="female", born_on="1998-03-04", address="Jalan Padi 3")
    told = {"sex": "male", "mother_name": "Ida"}
    who = {
        "mother": mother,
        "child": laptop.register(name="Budi Kecil", sex="male", born_on="2025-02-04", mother_id=mother),
        "leaves": laptop.register(name="Pindah Jauh", born_on="2020-02-04", **told),
        "erased": laptop.register(name="Hapus Saya", born_on="1980-02-04", **told),
    }
    visit = {"person_id": mother, "visited_on": "2026-11-20", "couple": True, "muac_mm": 231}
    laptop.save(form="wus", record=WUS, answers=visit)
    return who


def _what_only_the_new_one_knows(
    server: Server, before: Laptop, after: Laptop, who: dict[str, str], folder: Path
) -> None:
    """New fields, a new form, a move and an erasure through the old server and past the old laptop's own edits."""
    post = next(iter(after.shown()["posyandu"]))
    after.work_in(post=post)
    after.save(form="wus", record=WUS, answers={"wants_child": "soon", "weight_g": 51_000})
    meal = {"person_id": who["child"], "visited_on": "2026-11-20", "planned_days": 90}
    after.save(form="feeding", record=MEAL, answers=meal)
    after.save(form="person", record=who["child"], answers={"guardian_id": who["mother"]})
    (file,) = after.for_server(folder=str(folder))  # the old server reads the new laptop's stick, and answers
    answer = server.ask("import-file", file).partition("Bawa kembali: ")[2].splitlines()[0]
    assert "Semua sudah aman di server" in after.read(file=answer)
    after.hand_over(person=who["leaves"], village=NEIGHBOUR)
    after.erase(person=who["erased"])
    after.weaken()  # the old server knows no blocks: whole requests then
    outcome = after.sync()
    assert outcome["is_here"] == outcome["is_confirmed"] > 5
    assert outcome["sentence"] == "1 penghapusan data menunggu server diperbarui. Laptop lain masih menyimpan datanya."
    before.sync()
    before.save(form="wus", record=WUS, answers={"muac_mm": 240, "couple": False})
    before.save(form="person", record=who["erased"], answers={"phone": "0812345678"})
    settled(before, after)
    seen = after.shown()
    assert {"muac_mm": 240, "couple": False, "wants_child": "soon", "weight_g": 51_000}.items() <= seen["wus"][
        WUS
    ].items()
    assert seen["feeding"][MEAL]["planned_days"] == 90
    assert (
        before.shown()["wus"] == {WUS: seen["wus"][WUS] | {"muac_mm": 240}}
        or "wants_child" not in before.knows()["wus"]
    )
    assert before.search(words="Hapus Saya") == [who["erased"]]
    assert after.search(words="Hapus Saya") == []


def _what_the_server_acts_on_now(
    before: Laptop, after: Laptop, later: Laptop, neighbour: Laptop, who: dict[str, str]
) -> None:
    """After its upgrade the server erases what it was asked, and takes the one who moved to the neighbours."""
    for laptop in (neighbour, neighbour, before, after, later):
        outcome = laptop.sync()
        assert outcome["is_here"] == outcome["is_confirmed"], outcome
    assert neighbour.arrivals() == ["Pindah Jauh"]
    assert "menunggu server" not in " ".join(after.problems())
    assert later.search(words="Hapus Saya") == []  # its saves are bare ids by now
    assert before.search(words="Hapus Saya") == [who["erased"]]  # until that laptop is upgraded
    before.save(form="person", record=who["erased"], answers={"phone": "0811111111"})
    outcome = before.sync()
    assert outcome["state"] == "help"
    assert "ditahan server" in outcome["sentence"]


def _sticks_between_versions(before: Laptop, after: Laptop, server: Server, folder: Path) -> None:
    """Letters between an old and a new laptop, both ways, and an old laptop's file for the new server."""
    for number, (writer, reader) in enumerate([(before, after), (after, before)]):
        writer.save(form="wus", record=WUS, answers={"muac_mm": 250 + number})
        (file,) = writer.for_laptop(folder=str(folder), device=reader.device())
        reader.read(file=file)
        assert reader.shown()["wus"][WUS]["muac_mm"] == 250 + number
    (file,) = before.for_server(folder=str(folder))
    answer = server.ask("import-file", file).partition("Bawa kembali: ")[2].splitlines()[0]
    before.read(file=answer)
    assert before.sync()["sent"] == 0


def _upgrade(start: Starts, code: Path, release: Release, told: Shown, sent: list[str]) -> Laptop:
    """Today's program opens the old book: every cell is there, what was only kept is shown, a copy lies beside it which
    the old program still opens, and the book itself it refuses in words.
    """
    upgraded = start(ROOT, "lama", create=False)
    upgraded.unlock()
    shown = upgraded.shown()
    assert upgraded.saves() == sent
    for form, rows in told.items():
        for record, answers in rows.items():
            assert answers.items() <= shown[form][record].items(), (form, record)
    assert shown["wus"][WUS]["wants_child"] == "soon"
    assert shown["feeding"][MEAL]["planned_days"] == 90
    upgraded.close()
    older = start(code, "lama", create=False)
    with pytest.raises(Said, match=NEWER_BOOK):
        older.unlock()
    (copy,) = upgraded.folder.glob("buku.db.sebelum-*")
    assert copy.name == f"buku.db{BEFORE_UPGRADE}{STEPS[release.book_steps].__name__}"
    back = upgraded.home / "salinan"
    shutil.copytree(upgraded.folder, back)
    for file in back.glob("buku.db-*"):
        file.unlink()
    shutil.move(back / copy.name, back / "buku.db")
    older.unlock(back)
    assert older.shown() == told
    older.stop()
    upgraded.unlock()
    return upgraded


@nightly
def test_a_server_that_has_to_go_back_gets_everything_again_from_laptops_of_both_versions(
    old: tuple[Release, Path], start: Starts, open_folder: Path
) -> None:
    """The backup of before its upgrade, the old program, `new-epoch`: as the runbook says."""
    _release, code = old
    before, after = start(code, "lama"), start(ROOT, "baru")
    with serving(code, open_folder / "server") as server:
        server.enrol(before, after)
        _a_village(before)
        settled(before, after)
    backup = open_folder / "cadangan"
    subprocess.run(["cp", "-a", open_folder / "server", backup], check=True)  # files and who owns them
    with serving(ROOT, open_folder / "server") as server:
        for number, laptop in enumerate((before, after, before, after)):
            laptop.at(url=server.url)
            laptop.save(form="wus", record=WUS, answers={"muac_mm": 260 + number})
            laptop.sync()
    after.work_in(post=next(iter(after.shown()["posyandu"])))
    after.save(form="feeding", record=MEAL, answers={"planned_days": 56})
    with serving(code, backup) as server:
        server.ask("new-epoch")
        for laptop in (before, after):
            laptop.at(url=server.url)
            laptop.sync()  # the first to the older one may be in a form it does not read
        settled(before, after, before)
        assert before.saves() == after.saves()
        assert common(before, after) == common(after, before)
        assert after.shown()["wus"][WUS]["muac_mm"] in (262, 263)
        assert after.problems() == before.problems() == []
    assert feeds_verify(backup) >= 5


@nightly
def test_a_book_begun_by_a_newer_program_is_left_alone_by_an_older_one(
    old: tuple[Release, Path], start: Starts
) -> None:
    """The key file says it before the book's pages, which are of another length, could be taken for damaged."""
    _release, code = old
    newer = start(ROOT, "baru")
    newer.add_post(name="Melati", village=VILLAGE)
    saves = newer.saves()
    newer.close()
    older = start(code, "baru", create=False)
    with pytest.raises(Said, match="^NewerDatabase: Berkas kunci ini dari Posyandu versi lebih baru. Pasang versi"):
        older.unlock()
    older.stop()
    newer.unlock()
    assert newer.saves() == saves


def test_a_version_that_is_not_there_yet_loses_nothing_through_todays_server_and_laptops(
    desk: Desk, start: Starts, tmp_path: Path
) -> None:
    """N+1: another field, another form, a later version of a form and of the book."""
    field, form = future_process.FIELD, future_process.FORM
    today = in_process.laptop(desk, areas=[VILLAGE])
    with over_http(make_app(desk, Settings())) as url:
        later = start(ROOT, "nanti", program=FUTURE)
        assert later.version() == future_process.VERSION
        assert later.enrol(url=url, code=in_process.code_for(desk, [VILLAGE], regency=VILLAGE[:4])) == "confirmed"
        post = later.add_post(name="Nanti", village=VILLAGE)
        later.save(form="household", record=WUS, answers={"head_name": "Pak Nanti", field: 43, "poor": True})
        later.save(form=form, record=MEAL, answers={"held_on": "2026-11-20", "topic": "Belum ada"})
        settled(later)
        assert later.problems() == []
        in_process.talk(desk, today)
        household = FORMS["household"]
        row = records.load(today.db, household, WUS)
        assert row is not None
        assert (row.answers["head_name"], row.answers["poor"], field in row.answers) == ("Pak Nanti", True, False)
        assert records.load(today.db, FORMS["activity"], MEAL) is None
        author, now = today.author, today.now()
        records.save(today.db, household, WUS, {"poor": False}, scope=post, author=author, now=now)
        in_process.talk(desk, today)
        assert journal.rows_equal_replay(today.db)
        settled(later)
        shown = later.shown()
        assert {"head_name": "Pak Nanti", field: 43, "poor": False}.items() <= shown["household"][WUS].items()
        assert shown[form][MEAL]["topic"] == "Belum ada"
        assert later.is_replay()
        with desk.pool.connection() as connection:
            kept = store.records(connection, VILLAGE[:4], post)
        assert kept["household", WUS][0] == {"head_name": "Pak Nanti", field: 43, "poor": False}
        assert kept[form, MEAL][0] == {"held_on": "2026-11-20", "topic": "Belum ada"}
        later.close()
    present = start(ROOT, "nanti", create=False)
    with pytest.raises(Said, match=NEWER_BOOK):
        present.unlock()
    today.close()


DEEDS: dict[str, dict[str, list[Any]]] = {
    "under_five_visit": {"weight_g": [7000, 7100, None], "length_mm": [650, 655], "sick": [True, False]},
    "household": {"poor": [True, False, None], "head_name": ["Pak Amat", "Pak Amad"], "tbc_treated": [True, False]},
    "wus": {"muac_mm": [230, 231], "couple": [True, False], "wants_child": ["soon", "later"], "weight_g": [51_000]},
    "feeding": {"planned_days": [56, 90], "kind": ["local"]},
}
"""Fields that every version has, some that only later ones have, and a form of these."""


def deed(chance: random.Random, laptop: Laptop, knows: dict[str, list[str]], records_: dict[str, list[str]]) -> None:
    """One thing somebody does on a laptop of whichever version."""
    form = chance.choice([each for each in DEEDS if each in knows])
    if chance.random() < 0.1 and (there := list(laptop.shown().get(form, ()))):
        laptop.withdraw(form=form, record=chance.choice(there))
        return
    names = [name for name in DEEDS[form] if name in knows[form]]
    chosen = chance.sample(names, chance.randint(1, min(2, len(names))))
    answers = {name: chance.choice(DEEDS[form][name]) for name in chosen}
    laptop.save(form=form, record=chance.choice(records_[form]), answers=answers)


@nightly
@pytest.mark.parametrize("server_is", ["old", "new"])
def test_random_histories_of_laptops_of_two_versions_end_equal(
    old: tuple[Release, Path], start: Starts, open_folder: Path, server_is: str
) -> None:
    _release, code = old
    with serving(code if server_is == "old" else ROOT, open_folder / "server") as server:
        laptops = [start(code, "lama-1"), start(ROOT, "baru-1"), start(code, "lama-2"), start(ROOT, "baru-2")]
        server.enrol(*laptops)
        knows = [laptop.knows() for laptop in laptops]
        for seed in range(HISTORIES):
            chance = random.Random(seed)
            post = laptops[0].add_post(name=f"Pos {seed}", village=VILLAGE)
            settled(*laptops)
            for laptop in laptops:
                laptop.work_in(post=post)
            named = {form: [f"{chance.getrandbits(128):032x}" for _ in range(3)] for form in DEEDS}
            for _step in range(30):
                number = chance.randrange(len(laptops))
                if chance.random() < 0.25:
                    laptops[number].sync()
                else:
                    deed(chance, laptops[number], knows[number], named)
            settled(*laptops)
            saves = [laptop.saves() for laptop in laptops]
            assert saves[0] == saves[1] == saves[2] == saves[3], seed
            shown = [laptop.shown() for laptop in laptops]
            assert (shown[0], shown[1]) == (shown[2], shown[3]), seed
            assert common(laptops[0], laptops[1]) == common(laptops[1], laptops[0]), seed
        assert all(laptop.is_replay() for laptop in laptops)
        print(f"server {server_is}: {HISTORIES} histories of 30 steps, {len(saves[0])} saves, 0 lost, 0 different")
    assert feeds_verify(open_folder / "server") > HISTORIES
