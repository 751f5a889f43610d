"""Two provinces and the nation: three PostgreSQL, counts that travel by logical replication, and no name among them."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
import pytest

from posyandu.domain.forms import FORMS
from posyandu.server import __main__ as admin
from posyandu.server import embedded, exchange, national, store
from posyandu.server.exchange import Desk
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from tests.server.laptops import laptop, talk

NAME = "Siti Rahayu Penanda"


@dataclass(frozen=True)
class Province:
    code: str
    folder: Path
    url: str
    counts: str
    desk: Desk


def a_database(stack: ExitStack, folder: Path, *, publishes: bool) -> str:
    """A PostgreSQL of its own; one that publishes keeps in its log what others need to follow."""
    if publishes:
        with embedded.running(folder) as cluster, psycopg.connect(cluster.url, autocommit=True) as db:
            db.execute("ALTER SYSTEM SET wal_level = 'logical'")
            db.execute("ALTER SYSTEM SET fsync = off")
            db.execute("CREATE DATABASE counts")
    return stack.enter_context(embedded.running(folder)).url


@pytest.fixture(scope="module")
def country() -> Iterator[tuple[list[Province], str]]:
    root = Path(tempfile.mkdtemp(prefix="posyandu-"))
    root.chmod(0o755)
    with ExitStack() as stack:
        provinces = []
        for code in ("52", "61"):
            url = a_database(stack, root / code, publishes=True)
            pool = stack.enter_context(store.open_pool(url, 3))
            counts = url.rpartition("/")[0] + "/counts"
            provinces.append(Province(code, root / code, url, counts, exchange.open_desk(pool, trial=True)))
        yield provinces, a_database(stack, root / "nation", publishes=False)
    shutil.rmtree(root)


def a_post(desk: Desk, village: str) -> tuple[Workspace, str]:
    post = records.new_id()
    return laptop(desk, post=post, village=village, areas=[village]), post


def save(ws: Workspace, post: str, form: str, **answers: object) -> str:
    record = records.new_id()
    records.save(ws.db, FORMS[form], record, answers, scope=post, author=ws.author, now=ws.now())  # type: ignore[arg-type]
    return record


def counted(url: str) -> dict[tuple[str, str, str], int]:
    with psycopg.connect(url, autocommit=True) as db:
        found = db.execute("SELECT kab, month, kind, n FROM counted")
        return {(kab, month, kind): n for kab, month, kind, n in found}


def shows(url: str, wanted: dict[tuple[str, str, str], int]) -> bool:
    """Whether these counts stand there before long; what is replicated comes a moment later."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if wanted.items() <= counted(url).items():
            return True
        time.sleep(0.1)
    return False


def test_the_nation_sees_what_its_provinces_count_and_nobody_by_name(
    country: tuple[list[Province], str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    provinces, nation = country
    books = []
    for province, villages in zip(provinces, (("5203012001", "5271012001"), ("6101012001",)), strict=True):
        for village in villages:
            ws, post = a_post(province.desk, village)
            person = save(ws, post, "person", name=NAME, sex="female")
            save(ws, post, "session", held_on=date(2026, 11, 12))
            for day in (5, 12):
                save(ws, post, "under_five_visit", visited_on=date(2026, 11, day), weight_g=8000)
            save(ws, post, "under_five_visit", weight_g=7000)  # nobody knows when
            save(ws, post, "social_ticket", noted_on=date(2026, 11, 12))
            talk(province.desk, ws)
            books.append((ws, post, person))
        with psycopg.connect(province.url, autocommit=True) as db, pytest.raises(store.NotReady, match="sendiri"):
            national.prepare(db)
        with (
            psycopg.connect(province.url, autocommit=True) as db,
            psycopg.connect(province.counts, autocommit=True) as to,
        ):
            national.prepare(to, publish=True)
            national.prepare(to, publish=True)
            assert national.write(to, national.count(db)) > 0
            assert national.write(to, national.count(db)) == 0
        monkeypatch.setenv("POSYANDU_NATION_URL", nation)
        monkeypatch.setenv("POSYANDU_COUNTS_URL", province.counts)
        assert [admin.main(["follow", province.code]), admin.main(["follow", province.code])] == [0, 0]
    here = {
        (kab, month, kind): n
        for kab in ("5203", "5271", "6101")
        for month, kind, n in (
            ("2026-11", "session", 1), ("2026-11", "posts_open", 1), ("2026-11", "under_five_visit", 2),
            ("", "person", 1), ("", "posyandu", 1),
        )
    }  # fmt: skip
    assert shows(nation, here)
    assert not {kind for _kab, _month, kind in counted(nation)} & {"social_ticket", "srq20", "sealed"}

    ws, post, person = books[0]  # a province goes on: one more, and one taken away
    save(ws, post, "under_five_visit", visited_on=date(2026, 12, 1), weight_g=8100)
    records.withdraw(ws.db, FORMS["person"], person, author=ws.author, now=ws.now())
    talk(provinces[0].desk, ws)
    command = ["counts", "--trial", str(provinces[0].folder)]
    monkeypatch.setenv("POSYANDU_COUNTS_URL", provinces[0].counts)
    assert [admin.main(command), admin.main(command)] == [0, 0]
    assert capsys.readouterr().out.splitlines()[-2:] == ["3 hitungan berubah", "0 hitungan berubah"]
    assert shows(
        nation, {("5203", "2026-12", "under_five_visit"): 1, ("5203", "", "person"): 0, ("6101", "", "person"): 1}
    )

    with psycopg.connect(nation, autocommit=True) as db:
        tables = db.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        assert tables.fetchall() == [("counted",)]
        assert NAME not in str(db.execute("SELECT * FROM counted").fetchall())
    with psycopg.connect(provinces[0].counts, autocommit=True) as db:
        published = db.execute("SELECT DISTINCT tablename FROM pg_publication_tables").fetchall()
        assert published == [("counted",)]


def test_a_province_that_was_away_is_caught_up_with(country: tuple[list[Province], str]) -> None:
    provinces, nation = country
    assert shows(nation, {}), "needs the test above"
    with psycopg.connect(nation, autocommit=True) as db:
        db.execute("ALTER SUBSCRIPTION province_61 DISABLE")
    with psycopg.connect(provinces[1].counts, autocommit=True) as to:
        national.write(to, [("6101", "2027-01", "session", 7)])
    time.sleep(0.5)
    assert ("6101", "2027-01", "session") not in counted(nation)
    with psycopg.connect(nation, autocommit=True) as db:
        db.execute("ALTER SUBSCRIPTION province_61 ENABLE")
    assert shows(nation, {("6101", "2027-01", "session"): 7, ("6101", "2026-11", "session"): 0})


@pytest.mark.parametrize(
    "row",
    [("5203", "November", "session", 1), ("5203", "2026-11", "Siti Rahayu", 1), ("5203", "2026-11", "session", -1)],
)
def test_nothing_but_a_count_fits_into_the_table(
    country: tuple[list[Province], str], row: tuple[str, str, str, int]
) -> None:
    with psycopg.connect(country[0][0].counts, autocommit=True) as to:
        national.prepare(to)
        with pytest.raises(psycopg.errors.CheckViolation):
            national.write(to, [row])


def test_a_province_has_a_code(country: tuple[list[Province], str]) -> None:
    with psycopg.connect(country[1], autocommit=True) as db, pytest.raises(store.NotReady, match="kode provinsi"):
        national.subscribe(db, "NTB; DROP", "host=x")
