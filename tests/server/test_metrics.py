"""What the administrator's monitor reads, over real HTTP and a real database."""

import asyncio
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
