"""Three laptops and one server through random histories: all equal at the end, nothing lost, nothing overwritten.

POSYANDU_HISTORIES says how many (the release gate runs 500 and more), POSYANDU_FIRST_SEED where to begin.
"""

import os
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posyandu.server.exchange import Desk
from posyandu.storage import database
from tests.ecosystem.world import KEY, STEPS, Tally, World

HISTORIES = int(os.environ.get("POSYANDU_HISTORIES", "30"))
FIRST_SEED = int(os.environ.get("POSYANDU_FIRST_SEED", "1"))
LENGTH = int(os.environ.get("POSYANDU_STEPS", "60"))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty book to copy: migrating one anew takes longer than a history."""
    path = tmp_path_factory.mktemp("book") / "empty.db"
    db = database.open_database(path, KEY)
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path


def regency_of(number: int) -> str:
    return f"{11 + number // 90:02}{10 + number % 90:02}"


@pytest.mark.slow
def test_random_histories_end_equal_with_nothing_lost_and_nothing_silently_overwritten(
    desk: Desk, template: Path, tmp_path: Path
) -> None:
    total = Tally()
    for seed in range(FIRST_SEED, FIRST_SEED + HISTORIES):
        world = World(desk, tmp_path, template, regency_of(seed % 8000), seed)
        try:
            for _ in range(LENGTH):
                world.step(world.chance.choice(STEPS))
            world.heal()
            world.check()
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error}") from error
        finally:
            world.close()
        total.add(world.tally)
    print(f"{HISTORIES} histories of {LENGTH} steps: {total}")


_numbers = count()


@given(st.lists(st.sampled_from(STEPS), max_size=25), st.integers(0, 2**32))
@settings(
    max_examples=int(os.environ.get("POSYANDU_EXAMPLES", "15")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_sequence_of_steps_ends_equal(
    desk: Desk, template: Path, tmp_path: Path, steps: list[str], seed: int
) -> None:
    world = World(desk, tmp_path, template, f"9{next(_numbers):03}", seed)
    try:
        for step in steps:
            world.step(step)
        world.heal()
        world.check()
    finally:
        world.close()
