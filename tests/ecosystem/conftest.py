"""One PostgreSQL and one server desk for all the histories; each history lives in a regency of its own."""

from collections.abc import Iterator

import pytest

from posyandu.server import exchange, store
from tests.server.conftest import open_folder, postgres_cluster, postgres_url

__all__ = ["open_folder", "postgres_cluster", "postgres_url"]


@pytest.fixture(scope="session")
def desk(postgres_cluster: str) -> Iterator[exchange.Desk]:
    """A trial server whose replies carry only a few batches, so that every feed is read in many slices."""
    with store.open_pool(postgres_cluster, 4) as pool:
        yield exchange.open_desk(pool, trial=True, page_bytes=2500)
