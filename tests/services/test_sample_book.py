import subprocess
import sys
from pathlib import Path

import orjson

from posyandu.domain.calendar import Month
from posyandu.domain.forms.registration import PERSON
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE
from posyandu.services.sample import book, village
from posyandu.storage import areas, database, journal, records, reference

UNTIL = Month(2026, 10)


def test_a_sample_lies_in_rows_and_journal_alike() -> None:
    db = database.open_memory()
    entries = list(village.generate(3, reference.growth_tables(), posts=2, months=3, until=UNTIL))
    author = records.Author("kader", "laptop")

    assert book.write(db, entries, author) == len(entries)

    visits = [entry for entry in entries if entry.entity == "under_five_visit"]
    for entry in visits[:20]:
        row = records.load(db, UNDER_FIVE, entry.record_id)
        assert row is not None
        known = {name: value for name, value in row.answers.items() if value is not None}
        assert known == {**entry.answers, **entry.links}
        assert row.saved_at == entry.at
    assert len(records.load_many(db, PERSON)) == sum(entry.entity == "person" for entry in entries)
    assert journal.rows_equal_replay(db)
    db.close()


def test_the_command_writes_as_many_persons_as_asked(tmp_path: Path) -> None:
    out = tmp_path / "out" / "village.jsonl"  # a clean clone has no such folder
    command = [sys.executable, "-m", "posyandu.services.sample", "--people", "300", "--months", "2", "--out", str(out)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    lines = [orjson.loads(line) for line in out.read_bytes().splitlines()]
    persons = sum(line["e"] == "person" for line in lines)
    assert 300 <= persons < 500
    assert done.stdout.strip() == f"{persons} persons, {len(lines)} saves"
    assert len({line["s"] for line in lines}) == 2
    codes = {line["f"]["village_code"] for line in lines if line["e"] == "posyandu"}
    assert all((area := areas.get(code)) and area.code.startswith("52") for code in codes)
