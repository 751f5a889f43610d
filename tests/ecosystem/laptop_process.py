"""One laptop as a process of its own, of whichever version is on its path: a deed a line comes in as JSON, what came of
it goes out as JSON. Only what every released version has is used here; nothing of the other tests is.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import posyandu
from posyandu.domain.fields import Date
from posyandu.domain.forms import FORMS
from posyandu.services import accounts, carrying, people, posts, synchronise
from posyandu.services.accounts import BookFolder
from posyandu.services.workspace import Workspace
from posyandu.storage import database, journal, outbox, records, settings
from posyandu.storage.columns import to_wire
from posyandu.storage.keys import Cost

CHEAP = Cost(1, 8)
PIN = "482913"


class Laptop:
    """The book of this process, while it is open."""

    def __init__(self) -> None:
        self.ws: Workspace | None = None

    @property
    def open(self) -> Workspace:
        assert self.ws is not None
        return self.ws

    def version(self) -> str:
        return posyandu.__version__

    def create(self, folder: str, name: str) -> None:
        self.ws = accounts.create(BookFolder(Path(folder), practice=True), name, PIN, cost=CHEAP).workspace

    def unlock(self, folder: str) -> None:
        place = BookFolder(Path(folder), practice=True)
        self.ws = accounts.unlock(place, accounts.members(place)[0].id, PIN)

    def close(self) -> None:
        self.open.close()
        self.ws = None

    def add_post(self, name: str, village: str) -> str:
        return posts.add_post(self.open, {"name": name, "village_code": village})

    def work_in(self, post: str) -> None:
        self.open.posyandu_id = post

    def register(self, **answers: Any) -> str:  # noqa: ANN401 - whatever the form asks
        return people.register(self.open, {**answers, "born_on": date.fromisoformat(answers["born_on"])})

    def save(self, form: str, record: str, answers: dict[str, Any]) -> None:
        """Save answers and links as they travel."""
        shape, ws = FORMS[form], self.open
        given = {
            name: date.fromisoformat(value) if isinstance(shape.fields.get(name), Date) and value else value
            for name, value in answers.items()
        }
        row = records.load(ws.db, shape, record)
        scope = row.scope if row is not None else ws.posyandu_id
        records.save(ws.db, shape, record, given, scope=scope, author=ws.author, now=ws.now())

    def withdraw(self, form: str, record: str) -> None:
        records.withdraw(self.open.db, FORMS[form], record, author=self.open.author, now=self.open.now())

    def enrol(self, url: str, code: str) -> str:
        return synchronise.enrol(self.open, url, code, name="laptop").state

    def weaken(self) -> None:
        """As if the link had broken often: requests go small, and in blocks where the server knows these."""
        settings.put(self.open.db, "sync_most", 4096)

    def at(self, url: str) -> None:
        synchronise.server_moved(self.open, url)

    def sync(self) -> dict[str, Any]:
        """One run; how it ended, and where everything is."""
        done = synchronise.run(self.open, pause=lambda _seconds: None)
        return {**asdict(done), **{f"is_{name}": value for name, value in asdict(self._counts()).items()}}

    def _counts(self) -> outbox.Counts:
        return outbox.counts(self.open.db, self.open.device)

    def problems(self) -> list[str]:
        return list(synchronise.status(self.open).problems)

    def for_server(self, folder: str) -> list[str]:
        return [str(path) for path in carrying.save_for_server(self.open, Path(folder)).paths]

    def for_laptop(self, folder: str, device: str) -> list[str]:
        return [str(path) for path in carrying.save_for_laptop(self.open, Path(folder), device).paths]

    def read(self, file: str) -> str:
        return carrying.read(self.open, Path(file)).sentence

    def device(self) -> str:
        return self.open.device

    def erase(self, person: str) -> str:
        from posyandu.services import erasure

        row = records.load(self.open.db, FORMS["person"], person)
        assert row is not None
        return erasure.erase(self.open, person, why="person", typed_name=str(row.answers["name"]), pin=PIN).sentence

    def hand_over(self, person: str, village: str) -> str:
        from posyandu.services import moves

        return moves.hand_over(self.open, person, village).sentence

    def arrivals(self) -> list[str]:
        from posyandu.services import moves

        return [each.name for each in moves.arrivals(self.open)]

    def search(self, words: str) -> list[str]:
        return [hit.id for hit in people.search(self.open, words)]

    def saves(self) -> list[str]:
        return sorted(row[0] for row in database.rows(self.open.db, "SELECT id FROM op"))

    def schema(self) -> list[str]:
        return sorted(row[0] for row in database.rows(self.open.db, "SELECT sql FROM sqlite_master WHERE sql <> ''"))

    def is_replay(self) -> bool:
        """Whether every row is what the journal says."""
        return journal.rows_equal_replay(self.open.db)

    def shown(self) -> dict[str, dict[str, Any]]:
        """Every record this version shows, by form and id: what is answered in it, as it travels."""
        found: dict[str, dict[str, Any]] = {}
        for entity, record in database.rows(self.open.db, "SELECT DISTINCT entity, record FROM op"):
            row = records.load(self.open.db, FORMS[entity], record) if entity in FORMS else None
            if row is not None:
                answers = {name: to_wire(value) for name, value in row.answers.items() if value is not None}
                known = {**answers, "withdrawn": row.withdrawn, "differ": sorted(row.conflicts)}
                found.setdefault(entity, {})[record] = known
        return found

    def knows(self) -> dict[str, list[str]]:
        """The fields and links of each form of this version."""
        return {name: [*form.fields, *form.links] for name, form in FORMS.items()}


def main() -> None:
    """Do one deed after another until nobody asks for more."""
    laptop = Laptop()
    for line in sys.stdin:
        asked = json.loads(line)
        deed: Callable[..., Any] = getattr(laptop, asked.pop("do"))
        try:
            answer = {"is": deed(**asked)}
        except Exception as error:
            answer = {"error": type(error).__name__, "says": str(error)}
        print(json.dumps(answer), flush=True)
    if laptop.ws is not None:
        laptop.close()


if __name__ == "__main__":
    main()
