"""One look tells a laptop the same as one question after the other: what is there, and what of it fits."""

from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posyandu.server import exchange, store
from posyandu.server.exchange import Desk
from posyandu.server.store import Device
from posyandu.storage import records
from tests.server.laptops import REGENCY
from tests.server.test_together import Writer, taken, visit

VILLAGES = ("5203012001", "5203012002")
LONG = 12
"""Batches in each feed."""


@pytest.fixture(scope="module")
def own_desk(postgres_cluster: str) -> Iterator[Desk]:
    with psycopg.connect(postgres_cluster, autocommit=True) as db:
        db.execute("CREATE DATABASE looked")
    with store.open_pool(postgres_cluster.rpartition("/")[0] + "/looked", 2) as pool:
        yield exchange.open_desk(pool, trial=True)


@pytest.fixture(scope="module")
def here(own_desk: Desk) -> tuple[Device, list[str]]:
    """A laptop of one village and four posts with batches of its own and of others, the last in another village."""
    writers = [Writer([own_desk], [village]) for village in (VILLAGES[0], VILLAGES[0], VILLAGES[1])]
    posts = [f"pos{n}" for n in range(4)]
    for number in range(LONG):
        for at, post in enumerate(posts):
            writer = writers[2] if at == 3 else writers[(number + at) % 2]
            ops = [visit(post, records.new_id(), 5000) for _ in range(1 + number * 3 % 7)]
            taken(own_desk, writer.call(own_desk, writer.seal(post, *ops, area=VILLAGES[at == 3])))
    with own_desk.pool.connection() as connection:
        device = store.device(connection, REGENCY, writers[0].device)
    assert device is not None
    return device, posts


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from([f"pos{n}" for n in range(5)]), st.integers(0, LONG + 1), max_size=5),
    st.integers(0, 8000),
    st.integers(1, LONG),
)
def test_a_look_reads_what_one_question_after_the_other_reads(
    own_desk: Desk, here: tuple[Device, list[str]], asks: dict[str, int], room: int, most: int
) -> None:
    device, _posts = here
    with own_desk.pool.connection() as connection:
        seen, read = store.look(connection, device, "i", asks, room=room, most=most)
        with store.inside(connection, device.prefixes):
            areas = store.areas_inside(connection, REGENCY, device.prefixes)
            left, expected = room, {}
            for scope, after in asks.items():
                place, rows = store.feed(
                    connection, REGENCY, scope, after=after, asking=device.id, room=left, most=most
                )
                expected[scope] = place, rows if left > 0 else []
                left -= sum(len(row.packed or b"") + store.ENTRY_OVERHEAD for row in expected[scope][1])
    assert read == expected
    assert [area.scope for area in areas] == ["pos0", "pos1", "pos2"]
    assert (seen.areas, seen.split, seen.arrivals, seen.erasures) == (areas, False, False, False)


def test_regions_that_lie_in_one_another_show_a_post_once(own_desk: Desk, here: tuple[Device, list[str]]) -> None:
    device, posts = here
    wide = Device(**{**vars(device), "prefixes": ("5203", "520301", *VILLAGES)})
    with own_desk.pool.connection() as connection:
        seen, read = store.look(connection, wide, "i", dict.fromkeys(posts, LONG), room=10**6, most=10)
    assert [area.scope for area in seen.areas] == posts
    assert all(place == area.digest and rows == [] for area in seen.areas for place, rows in [read[area.scope]])


def test_who_has_no_region_is_told_nothing(own_desk: Desk, here: tuple[Device, list[str]]) -> None:
    device, posts = here
    with own_desk.pool.connection() as connection:
        nowhere = Device(**{**vars(device), "prefixes": ()})
        seen, read = store.look(connection, nowhere, "i", dict.fromkeys(posts, 0), room=10**6, most=10)
    assert seen.areas == []
    assert set(read.values() and [len(rows) for _place, rows in read.values()]) == {0}
