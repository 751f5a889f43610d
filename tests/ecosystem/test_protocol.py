"""The protocol without disks through as many histories as time allows, and every rule missed when it is gone.

POSYANDU_MODEL_HISTORIES says how many (the nightly run 10,000), POSYANDU_FIRST_SEED where to begin.
"""

import os
from collections import Counter
from contextlib import nullcontext

import pytest

from tests.ecosystem.model import MUTANTS, REFUSED, SCOPES, Faulty, World

HISTORIES = int(os.environ.get("POSYANDU_MODEL_HISTORIES", "100"))
FIRST_SEED = int(os.environ.get("POSYANDU_FIRST_SEED", "1"))
LENGTH = 150
ENOUGH = 500
"""Within so many histories the absence of a rule must be noticed."""


def test_random_histories_of_the_protocol_lose_nothing_and_end_equal() -> None:
    happened: Counter[str] = Counter()
    rounds = 0
    for seed in range(FIRST_SEED, FIRST_SEED + HISTORIES):
        world = World(seed)
        try:
            world.run(LENGTH)
        except Faulty as fault:
            raise AssertionError(f"seed {seed}: {fault}") from fault
        happened.update(world.happened)
        rounds = max(rounds, world.rounds)
    print(f"{HISTORIES} histories of {LENGTH} steps, at rest after at most {rounds} rounds: {dict(happened)}")
    assert rounds <= 5
    assert (
        min(
            happened[what]
            for what in (
                "kills",
                "replies late",
                "returns read",
                "servers taken back",
                "links cut between blocks",
                "requests in blocks heard before",
                "servers crashed",
                "erasures done",
                "erasures refused",
            )
        )
        > HISTORIES / 4
    )


@pytest.mark.parametrize("rule", MUTANTS)
def test_a_rule_that_is_switched_off_is_missed(rule: str) -> None:
    for seed in range(1, ENOUGH + 1):
        try:
            World(seed, [rule]).run(LENGTH)
        except Faulty:
            print(f"{rule}: noticed at history {seed}: {MUTANTS[rule]}")
            return
    raise AssertionError(f"nobody noticed in {ENOUGH} histories: {MUTANTS[rule]}")


@pytest.mark.parametrize("seed", [28, 38, 528, 1042, 9345])
def test_histories_that_once_found_a_fault_end_equal(seed: int) -> None:
    """What was refused to be erased came back to all but the laptop that asked (28, 38), or had got a letter (1042);
    what lay beside it in a batch never came to a server that was taken back meanwhile (9345), or the server and a
    laptop each lacked another save of it (528).
    """
    World(seed).run(LENGTH)


@pytest.mark.parametrize("kept", [True, False])
def test_throwing_away_what_is_asked_for_anew_loses_what_lies_beside_it(kept: bool) -> None:
    """One of two saves in a batch is erased, then not; before it is asked for, the server is taken back."""
    world = World(1, [] if kept else ["kept meanwhile"])
    laptop, before = world.laptops[0], world.log.copy()
    for record in ("erased", "beside"):
        world.save(laptop.book, record, SCOPES[0], {"weight_g": 100})
    world.take(laptop, world.answer(world.request(laptop.book)))
    world.erase(laptop.book, "erased", SCOPES[0])
    world.chance.random = lambda: 0.0  # type: ignore[method-assign]
    world.take(laptop, world.answer(world.request(laptop.book)))
    assert REFUSED in laptop.book.words.values()
    world.log = before
    world.gone |= world.must - world.elsewhere()
    world.heal()
    with nullcontext() if kept else pytest.raises(Faulty, match="1 saves lost"):
        world.check()
