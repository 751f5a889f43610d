"""Links in virtual time: the same for the same seed, about as in real time, and slower when they die sooner."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = str(Path(__file__).parents[1] / "benchmarks")


@pytest.fixture(scope="module")
def sim() -> object:
    sys.path.insert(0, BENCHMARKS)
    try:
        import sim_weak_links
    finally:
        sys.path.remove(BENCHMARKS)
    return sim_weak_links


def test_a_link_is_the_same_again_and_takes_about_what_it_took_in_real_time(sim) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    whole, long, short = (sim.took(7, life) for life in (0, 20, 5))
    assert whole.now == sim.took(7, 0).now
    assert 62 < whole.now < 85  # 66 and 72 s in real time
    assert whole.connections == whole.runs == 1
    assert whole.now < long.now < short.now
    assert 100 < short.now < 300
