"""Servers and laptops that went back in time, copies of one disk at work: every combination (T7).

A tenth of the 200 in every suite, all with POSYANDU_TAKEN_BACK=all.
"""

import os
from itertools import product

import pytest

from tests.ecosystem.model import Laptop, World

DAYS = 4
AGES = (0, 1, 2, 3, 4)
"""After how many of the days the server's backup was made; 0: it comes back empty."""

EVERY = 1 if os.environ.get("POSYANDU_TAKEN_BACK") == "all" else 11
RESTORED = ("nobody", "an old copy, noticed", "an old copy, unnoticed", "a copy of yesterday, unnoticed")
CLONES = (1, 2, 3, 4, 5)
"""On how many disks the first laptop's book is at work."""


def a_day(world: World) -> None:
    """Everyone saves something, and talks with the server."""
    for laptop in list(world.laptops):
        for _visit in range(2):
            world._step_save(laptop)
        for _trip in range(3):
            world.take(laptop, world.answer(world.request(laptop.book)))


def back_in_time(age: int, renewed: bool, restored: str, clones: int) -> World:
    """A village at work for some days, then everything at once; healed and looked at."""
    world = World(age * 1000 + clones * 100 + RESTORED.index(restored) * 10 + renewed)
    logs = [world.log.copy()]
    books = [world.laptops[1].book.copy()]
    for _day in range(DAYS):
        a_day(world)
        logs.append(world.log.copy())
        books.append(world.laptops[1].book.copy())
    world.laptops += [Laptop(world.laptops[0].book.copy()) for _clone in range(clones - 1)]
    a_day(world)
    had = {op for laptop in world.laptops for op in laptop.book.ops} | set(world._server_ops())
    if restored != "nobody":
        world.laptops[1].book = books[1 if "old" in restored else DAYS].copy()
        if restored.endswith(", noticed"):
            world._renew(world.laptops[1].book)
    world.log = logs[age].copy()
    if renewed:
        world.log.epoch = "epoch-new"
    world.gone |= had - world.elsewhere()
    a_day(world)
    world.heal()
    world.check()
    return world


@pytest.mark.parametrize("restored", RESTORED)
def test_a_server_a_laptop_and_copies_that_went_back_at_once_lose_nothing(restored: str) -> None:
    combinations = list(product(AGES, (False, True), CLONES))[RESTORED.index(restored) % EVERY :: EVERY]
    rounds = [back_in_time(age, renewed, restored, clones).rounds for age, renewed, clones in combinations]
    assert len(rounds) >= 4
    assert max(rounds) <= 5
