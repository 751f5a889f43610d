"""What is typed but not final, and this laptop's settings."""

import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

from posyandu.services.workspace import WITA
from posyandu.storage import database, drafts, settings

KEY = bytes(range(32))
NOW = datetime(2026, 11, 12, 9, 0, tzinfo=WITA)


def test_a_draft_keeps_even_what_is_impossible() -> None:
    db = database.open_memory()
    told = {"weight_g": 999_000, "visited_on": date(2026, 11, 12), "sick": True, "note": None, "gone": 3}
    drafts.keep(db, "under_five_visit", "k1", "hari", "anak", told, NOW)
    draft = drafts.load(db, "under_five_visit", "k1")
    assert draft is not None
    assert draft.answers == {"weight_g": 999_000, "visited_on": date(2026, 11, 12), "sick": True, "note": None}
    assert (draft.session_id, draft.person_id, draft.at) == ("hari", "anak", NOW)
    db.close()


def test_the_newest_draft_of_a_record_takes_the_place_of_the_one_before() -> None:
    db = database.open_memory()
    drafts.keep(db, "under_five_visit", "k1", None, "anak", {"weight_g": 1}, NOW)
    drafts.keep(db, "under_five_visit", "k2", None, "adik", {"weight_g": 2}, NOW + timedelta(minutes=1))
    drafts.keep(db, "under_five_visit", "k1", None, "anak", {"weight_g": 3}, NOW)
    assert [(draft.record_id, draft.answers["weight_g"]) for draft in drafts.every(db)] == [("k2", 2), ("k1", 3)]
    drafts.drop(db, "under_five_visit", "k1")
    drafts.drop(db, "under_five_visit", "k1")
    assert drafts.load(db, "under_five_visit", "k1") is None
    db.close()


def test_a_draft_survives_kill(tmp_path: Path) -> None:
    path = tmp_path / "buku.db"
    code = (
        "import os, signal; from pathlib import Path; from datetime import datetime\n"
        "from posyandu.storage import database, drafts\n"
        f"db = database.open_database(Path({str(path)!r}), bytes(range(32)))\n"
        "drafts.keep(db, 'under_five_visit', 'k1', None, 'anak', {'weight_g': 9000}, datetime(2026, 11, 12))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    db = database.open_database(path, KEY)
    assert [draft.answers for draft in drafts.every(db)] == [{"weight_g": 9000}]
    db.close()


def test_settings_are_any_json_and_fall_back() -> None:
    db = database.open_memory()
    assert settings.get(db, "tempat") is None
    assert settings.get(db, "tempat", {}) == {}
    settings.put(db, "tempat", {"a": [1, None, "x"]})
    settings.put(db, "tempat", {"a": [2]})
    assert settings.get(db, "tempat") == {"a": [2]}
    db.close()
