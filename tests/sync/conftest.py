"""The same server as tests/server uses."""

from tests.server.conftest import desk, open_folder, post, postgres_cluster, postgres_url

__all__ = ["desk", "open_folder", "post", "postgres_cluster", "postgres_url"]
