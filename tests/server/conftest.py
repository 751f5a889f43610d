"""A real PostgreSQL for the tests, started once per run, with a fresh database for each test that asks."""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from posyandu.server import embedded, exchange, store
from posyandu.storage import records

_number = count(1)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder an unprivileged PostgreSQL can reach too; pytest's own are closed to it when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="posyandu-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """The address of a running PostgreSQL, without durability: nothing here outlives the run."""
    folder = Path(tempfile.mkdtemp(prefix="posyandu-"))
    folder.chmod(0o755)
    with embedded.running(folder) as cluster:
        with psycopg.connect(cluster.url, autocommit=True) as db:
            db.execute("ALTER SYSTEM SET fsync = off")
            db.execute("SELECT pg_reload_conf()")
        yield cluster.url
    shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_cluster: str) -> Iterator[str]:
    """The address of an empty database."""
    name = f"test_{next(_number)}"
    with psycopg.connect(postgres_cluster, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    yield postgres_cluster.rpartition("/")[0] + f"/{name}"
    with psycopg.connect(postgres_cluster, autocommit=True) as db:
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def desk(postgres_cluster: str) -> Iterator[exchange.Desk]:
    """One trial server for all tests of a run; every test uses posts of its own."""
    with store.open_pool(postgres_cluster, 4) as pool:
        yield exchange.open_desk(pool, trial=True)


@pytest.fixture
def post() -> str:
    """The id of a posyandu nobody else uses."""
    return records.new_id()
