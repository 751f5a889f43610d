"""Every deed that writes to the disk, broken off at any write: kill -9, a power cut, a full disk, a read-only one.

`POSYANDU_DEED_KILLS` (1,000), `POSYANDU_DEED_CUTS` (2,000) and `POSYANDU_FULL_DISK=all` ask for the release amounts;
POSYANDU_DEED names the one deed that is to be killed.
"""

import errno
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from posyandu.server.app import make_app
from posyandu.server.exchange import Desk
from posyandu.server.settings import Settings
from posyandu.ui.errors import sentence
from tests.ecosystem import deeds
from tests.ecosystem.deeds import DEEDS, Deed, Place
from tests.ecosystem.disk import Disk, recording
from tests.server.conftest import desk, postgres_cluster
from tests.server.laptops import code_for
from tests.server.serving import serving

__all__ = ["desk", "postgres_cluster"]

KILLS = int(os.environ.get("POSYANDU_DEED_KILLS", "15"))
CUTS = int(os.environ.get("POSYANDU_DEED_CUTS", "28"))
FULL_DISK = os.environ.get("POSYANDU_FULL_DISK", "1")
UNEXPECTED = "tidak terduga"
SEED = int(os.environ.get("POSYANDU_FIRST_SEED", "1"))


@pytest.fixture(scope="module")
def base(desk: Desk) -> Iterator[Place]:
    """A home that was set up, in memory where there is one, and the server it is enrolled with."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="posyandu-", dir=memory if os.access(memory, os.W_OK) else None))
    with serving(make_app(desk, Settings())) as url:
        place = Place(folder / "rumah", url)
        deeds.set_up(place, code_for(desk))
        yield place
    shutil.rmtree(folder)


def test_kill_9_before_any_write_of_any_deed_loses_nothing(base: Place) -> None:
    done = subprocess.run(
        [sys.executable, str(Path(deeds.__file__)), str(base.home), base.url, str(KILLS), str(SEED)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert told["killed"] > KILLS // 2
    print(f"\n{KILLS} times: {told}")


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
def test_a_power_cut_at_any_write_of_a_deed_loses_nothing(base: Place, deed: Deed) -> None:
    place, dice = Place(base.home.with_name("rumah-putus"), base.url), random.Random(SEED)
    told: Counter[str] = Counter()
    with deeds.at_home(place):
        deeds.fresh(place, base.home)
        saves = deeds.saves_before(deed, place)
        start = {str(path): path.read_bytes() for path in place.home.rglob("*") if path.is_file()}
        recorder = deeds.do(deed, place)
        events, many = recorder.events, max(CUTS // len(DEEDS), 1)
        cuts = Counter(dice.randrange(recorder.began, len(events)) for _each in range(many))
        disk = Disk(start)
        for number, event in enumerate(events):
            disk.take(event)
            for _again in range(cuts[number]):
                deeds.lay_out(place, disk.cut(dice, dice.choice((512, 4096))))
                told["stood"] += deeds.look(deed, place, saves, promised=False)
                told["cut"] += 1
    print(f"{deed.name}: {dict(told)} in {len(events) - recorder.began} writes and flushes")


@pytest.mark.parametrize("trouble", [errno.ENOSPC, errno.EROFS], ids=["full", "read-only"])
@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
def test_a_full_or_read_only_disk_is_said_and_the_work_goes_on_when_there_is_space(
    base: Place, deed: Deed, trouble: int
) -> None:
    place, dice = Place(base.home.with_name("rumah-penuh"), base.url), random.Random(SEED)
    with deeds.at_home(place):
        deeds.fresh(place, base.home)
        deeds.saves_before(deed, place)
        whole = deeds.writes_of(deed, place)
        if FULL_DISK == "1" and trouble == errno.ENOSPC:
            moments = [1]
        else:
            moments = dice.sample(range(1, whole + 1), whole if FULL_DISK == "all" else min(int(FULL_DISK), whole))
        refused = sum(met_trouble(deed, place, base, trouble, moment) for moment in moments)
        assert refused > 0 or len(moments) == 1
    print(f"{deed.name}: trouble at {len(moments)} of {whole} writes, said {refused} times, nothing lost")


def met_trouble(deed: Deed, place: Place, base: Place, trouble: int, moment: int) -> bool:
    """Do the deed on a disk that takes nothing from this write on, then again with space; whether trouble was said."""
    deeds.fresh(place, base.home)
    saves = deeds.saves_before(deed, place)
    asked, taking = 0, False

    def gate(_what: str, _path: str) -> int:
        nonlocal asked
        asked += 1
        return trouble if asked >= moment and not taking else 0

    said = False
    with recording(place.home, gate) as recorder:
        ws = None if deed.opens_itself else deeds.unlocked_beside(recorder)
        try:
            deed.do(place, ws)
        except Exception as error:
            said = True
            assert UNEXPECTED not in sentence(error), (moment, recorder.events[-1:], error)
            taking = True
            if ws is not None:  # the same open book, once there is space
                assert deeds.saves_in(ws) >= saves or (deed.forgets and deed.is_done(place, ws))
                if not deed.is_done(place, ws):
                    deed.do(place, ws)
        taking = taking or ws is not None
        if ws is not None:
            ws.close()
    deeds.look(deed, place, saves, promised=ws is not None or not said)
    return said
