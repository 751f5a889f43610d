"""What an administrator watches, as Prometheus reads it. Counts and times only: nothing that names a person."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from psycopg_pool import PoolTimeout

from posyandu.server import store
from posyandu.server.store import Pool

CONTENT_TYPE = CONTENT_TYPE_LATEST
SILENT_DAYS = 40
"""A post meets once a month; after this many days without a save of its own somebody should ask."""
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """The requests of this process and, asked anew each time, the state of the database."""

    def __init__(self, pool: Pool, folder: Path = Path()) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Asked(pool, folder))
        self._requests = Counter("posyandu_requests", "Requests answered", ("path", "status"), registry=self._registry)
        self._seconds = Histogram(
            "posyandu_request_seconds", "Time to answer", ("path",), buckets=_SECONDS, registry=self._registry
        )

    def note(self, path: str, status: int, seconds: float) -> None:
        """A request was answered; `path` is one of the server's own."""
        self._requests.labels(path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def text(self) -> bytes:
        """Everything, in Prometheus' text form."""
        return generate_latest(self._registry)

    def figures(self) -> dict[tuple[str, ...], float]:
        """The same as `text`: every figure by its name, without `posyandu_`, and its labels."""
        return {
            (sample.name.removeprefix("posyandu_"), *sample.labels.values()): sample.value
            for family in self._registry.collect()
            for sample in family.samples
        }


class _Asked(Collector):
    """The disk and the database, as they are now."""

    def __init__(self, pool: Pool, folder: Path) -> None:
        self._pool = pool
        self._folder = folder

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing is asked of the database before the first scrape."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """What can be read; what cannot is left out, and of the database it is said."""
        with suppress(OSError):
            disk = shutil.disk_usage(self._folder)
            yield _gauge("disk_bytes", disk.total)
            yield _gauge("disk_free_bytes", disk.free)
        alive = GaugeMetricFamily("posyandu_database_up", "Whether the database answers")
        try:
            with self._pool.connection(timeout=5) as connection:
                found = store.watched(connection, SILENT_DAYS)
        except (PoolTimeout, psycopg.Error):
            alive.add_metric([], 0)
            yield alive
            return
        alive.add_metric([], 1)
        yield alive
        for name, value in found.figures.items():
            yield _gauge(name, value)
        versions = GaugeMetricFamily("posyandu_laptops", "Enrolled laptops by version of the app", labels=("version",))
        for version, count in found.versions:
            versions.add_metric([version], count)
        yield versions


def _gauge(name: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"posyandu_{name}", _MEANING[name], value)


_MEANING = {
    "disk_bytes": "Size of the disk this process sees: of a trial's data, else of the folder it was started in",
    "disk_free_bytes": "What is free on that disk; the database's may be another",
    "batches": "Batches in the feeds",
    "posts": "Posts known",
    "posts_silent": f"Posts without a new save for {SILENT_DAYS} days",
    "batches_quarantined": "Batches kept but not shown",
    "erasures_waiting": "Erasures an administrator has to decide on",
    "saves_to_check": "Saves with a number nobody can have, or of a newer form, that nobody has looked at yet",
    "records_in_conflict": "Records two people changed at once",
    "laptops_forked": "Laptops whose disk writes twice, a clone or a restored copy, and that nobody has settled yet",
    "rights_missing": "Rights in PostgreSQL the server lacks: without them standbys are not seen",
    "laptops_revoked": "Laptops that were revoked",
    "standbys_synchronous": "Standbys a commit waits for",
    "standby_lag_bytes": "How far the furthest behind standby is",
    "database_bytes": "Size of the database on disk",
}
