"""What the administrator's monitor reads, over real HTTP and a real database."""

import asyncio
import random
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from posyandu.domain.forms import FORMS
from posyandu.server import exchange, store
from posyandu.server.app import make_app
from posyandu.server.exchange import Desk
from posyandu.server.metrics import Metrics
from posyandu.server.settings import Settings
from posyandu.storage import records
from tests.server.laptops import laptop, talk, weigh
from tests.server.serving import serving


@pytest.fixture
def own_desk(postgres_url: str) -> Iterator[Desk]:
    with store.open_pool(postgres_url, 2) as pool:
        yield exchange.open_desk(pool, trial=True)


@pytest.fixture
def url(own_desk: Desk) -> Iterator[str]:
    with serving(make_app(own_desk, Settings())) as address:
        yield address


def scraped(url: str) -> dict[str, float]:
    """Every sample by its name and labels."""
    answer = requests.get(f"{url}/metrics", timeout=20)
    assert answer.status_code == 200
    return {
        sample.name + "".join(f" {value}" for _label, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_an_empty_server_says_so(url: str) -> None:
    found = scraped(url)
    assert found["posyandu_database_up"] == 1
    assert (found["posyandu_posts"], found["posyandu_batches"], found["posyandu_batches_quarantined"]) == (0, 0, 0)
    assert found["posyandu_database_bytes"] > 1_000_000


def test_feeds_laptops_and_requests_are_counted(own_desk: Desk, url: str, post: str) -> None:
    with closing(laptop(own_desk, post=post)) as ws:
        weigh(ws, post, 9000)
        talk(own_desk, ws)
    requests.post(f"{url}/v1/sync", data=b"nonsense", headers={"Content-Type": "text/plain"}, timeout=20)
    found = scraped(url)
    assert (found["posyandu_posts"], found["posyandu_posts_silent"]) == (1, 0)
    assert found["posyandu_batches"] >= 1
    assert sum(value for name, value in found.items() if name.startswith("posyandu_laptops ")) == 1
    assert found["posyandu_requests_total /v1/sync 415"] == 1


def test_a_post_is_silent_after_forty_days(own_desk: Desk, url: str, post: str) -> None:
    with closing(laptop(own_desk, post=post)) as ws:
        weigh(ws, post, 9000)
        talk(own_desk, ws)
    with own_desk.pool.connection() as connection:
        connection.execute("UPDATE batch SET received_at = now() - interval '39 days'")
        assert scraped(url)["posyandu_posts_silent"] == 0
        connection.execute("UPDATE batch SET received_at = now() - interval '41 days'")
    assert scraped(url)["posyandu_posts_silent"] == 1


def test_quarantine_conflicts_and_revoked_laptops_show(own_desk: Desk, url: str, post: str) -> None:
    with closing(laptop(own_desk, post=post)) as first, closing(laptop(own_desk)) as second:
        record = weigh(first, post, 9000)
        talk(own_desk, first)
        talk(own_desk, second)
        weigh(first, post, 9100, record)
        weigh(second, post, 9200, record)
        talk(own_desk, first)
        talk(own_desk, second)
        assert scraped(url)["posyandu_records_in_conflict"] == 1
        with own_desk.pool.connection() as connection:
            gone = store.devices(connection)[0]
            store.revoke(connection, gone.regency, gone.id, "hilang")
        assert scraped(url)["posyandu_laptops_revoked"] == 1


def test_nothing_in_it_names_a_person_or_a_laptop(own_desk: Desk, url: str, post: str) -> None:
    with closing(laptop(own_desk, post=post)) as ws:
        answers = {"name": "Siti Rahayu", "sex": "female", "nik": "5203014501900001"}
        records.save(ws.db, FORMS["person"], records.new_id(), answers, scope=post, author=ws.author, now=ws.now())
        talk(own_desk, ws)
        text = requests.get(f"{url}/metrics", timeout=20).text
        assert not any(secret in text for secret in ("Siti", "5203014501900001", post, ws.device))


def test_a_database_that_is_away_is_a_figure_too(own_desk: Desk, url: str) -> None:
    own_desk.pool.close()
    found = scraped(url)
    assert found["posyandu_database_up"] == 0
    assert found["posyandu_disk_bytes"] > found["posyandu_disk_free_bytes"] > 0


def test_a_person_reads_the_same_figures_on_a_page_without_script(own_desk: Desk, url: str, post: str) -> None:
    with closing(laptop(own_desk, post=post)) as ws:
        weigh(ws, post, 9000)
        talk(own_desk, ws)
        with own_desk.pool.connection() as connection:
            connection.execute("UPDATE batch SET received_at = now() - interval '41 days'")
        answer = requests.get(f"{url}/keadaan", timeout=20)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert re.search("<h1>Server Posyandu percobaan: [12] hal perlu dilihat<", answer.text), (
            "the disk may be full here"
        )
        assert "<td>Posyandu tanpa simpanan baru 40 hari</td><td>1</td><td>perlu dilihat</td>" in answer.text
        assert not any(secret in answer.text for secret in (post, ws.device))


def test_the_disk_is_that_of_the_folder_and_one_that_is_gone_is_left_out(own_desk: Desk, tmp_path: Path) -> None:
    figures = Metrics(own_desk.pool, tmp_path).figures()
    assert figures["disk_bytes",] == shutil.disk_usage(tmp_path).total
    figures = Metrics(own_desk.pool, tmp_path / "gone").figures()
    assert ("disk_bytes",) not in figures
    assert figures["database_up",] == 1


# --- how much is read for it -----------------------------------------------------------------------------------------

WRITTEN = """
INSERT INTO batch (kab, id, scope, device, incarnation, sequence, n, g, digest, state, bytes, brought_by, received_at)
SELECT '5203', sha256(convert_to(concat_ws('.', device, line, number, at, came), 'UTF8')), device, device, line, number,
    1, CASE WHEN not_held THEN at END, '', 'terap', '', by, '2026-01-01'::timestamptz + make_interval(hours => at)
FROM unnest(%s::text[], %s::text[], %s::int[], %s::text[], %s::int[], %s::boolean[])
    WITH ORDINALITY AS written (device, line, number, by, at, not_held, came)
"""
"""Batches in feeds of their device's own, or held back, received so many hours after a moment."""
COPIED_BY_READING_ALL = """
WITH line AS (
    SELECT kab, device, min(received_at) AS began, max(received_at) AS ended FROM batch WHERE brought_by = device
    GROUP BY kab, device, incarnation
), twice AS (
    SELECT kab, device, max(received_at) AS at FROM batch
    GROUP BY kab, device, incarnation, sequence HAVING count(*) > 1
    UNION ALL SELECT kab, device, least(one.ended, other.ended) FROM line AS one JOIN line AS other USING (kab, device)
    WHERE one.began < other.began AND other.began < one.ended
)
SELECT kab, device, max(at) FROM twice GROUP BY kab, device ORDER BY kab, device
"""
PERHAPS_COPIED = """
SELECT kab, device FROM batch GROUP BY kab, device HAVING min(incarnation) < max(incarnation)
UNION SELECT kab, device FROM batch GROUP BY kab, device, incarnation, sequence HAVING count(*) > 1 ORDER BY 1, 2
"""


@pytest.fixture
def province(own_desk: Desk) -> Iterator[store.Connection]:
    """Forty laptops of one regency that have not written yet."""
    with own_desk.pool.connection() as connection:
        connection.execute("SELECT add_regency('5203')")
        for number in range(40):
            connection.execute(
                "INSERT INTO device (kab, id, key, name, prefixes) VALUES ('5203', %s, %s, '', ARRAY['5203'])",
                (f"laptop-{number}", number.to_bytes(32, "big")),
            )
        yield connection


def batches_read(connection: store.Connection) -> int:
    """How many batches this transaction has looked at."""
    found = connection.execute(
        "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"
        " WHERE relname LIKE 'batch%'"
    ).fetchone()
    assert found is not None
    return int(found[0])


def test_copied_laptops_are_those_that_reading_every_batch_finds(province: store.Connection) -> None:
    dice = random.Random(1)
    at = 0
    for _statement in range(60):
        rows = []
        for _batch in range(dice.randint(1, 5)):
            number = dice.randrange(40)
            device, at = f"laptop-{number}", at + 1
            later = at > 90 if number % 8 else dice.random() < 0.3
            line = {0: "ab", 1: "ab", 2: "ba"}.get(number % 4, "aa")[later]
            sequence = dice.randrange(6) if number % 5 == 0 else at
            by = device if number % 3 or dice.random() < 0.5 else "laptop-1"
            rows.append((device, line, sequence, by, at, dice.random() < 0.9))
        province.execute(WRITTEN, tuple([row[part] for row in rows] for part in range(6)))
    found = province.execute(COPIED_BY_READING_ALL).fetchall()
    assert len(found) > 5
    assert sorted((*key, each.at) for key, each in store.copied(province).items()) == found
    noted = province.execute("SELECT kab, laptop FROM perhaps_copied ORDER BY 1, 2").fetchall()
    assert noted == province.execute(PERHAPS_COPIED).fetchall()
    assert len(found) < len(noted) < 40


def test_the_monitor_reads_of_each_post_its_last_batch_and_no_more(province: store.Connection) -> None:
    laptops = [f"laptop-{number}" for number in range(40)] * 100
    hours = list(range(4000))
    province.execute(WRITTEN, (laptops, ["a"] * 4000, hours, laptops, hours, [True] * 4000))
    province.execute(
        "INSERT INTO area SELECT kab, scope, '5203012001', max(g), '', scope FROM batch GROUP BY kab, scope"
    )
    province.execute("ANALYZE")
    before = batches_read(province)
    figures = store.watched(province, 40).figures
    assert (figures["posts"], figures["laptops_forked"]) == (40, 0)
    assert batches_read(province) - before == 40


@pytest.mark.parametrize("path", ["/keadaan", "/metrics"])
def test_figures_are_asked_for_beside_the_loop_that_answers_laptops(
    url: str, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    beside: list[bool] = []

    def asked(metrics: Metrics) -> dict[tuple[str, ...], float]:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            beside.append(True)
        return {} if path == "/keadaan" else b""  # type: ignore[return-value]

    monkeypatch.setattr(Metrics, "figures" if path == "/keadaan" else "text", asked)
    assert requests.get(f"{url}{path}", timeout=20).status_code == 200
    assert beside == [True]
