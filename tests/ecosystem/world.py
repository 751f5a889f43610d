"""Three laptops of one village and a provincial server, with everything that happens to laptops, links and servers.

Sticks go to the server and back, letters from laptop to laptop, and disks are copied: both copies go on, and one of
them may be enrolled again as a laptop of its own.

The laptops are real SQLCipher books in files, the server real PostgreSQL; only the wire is ours, to lose, repeat,
delay and damage what goes over it. A history is a sequence of steps; `heal` then lets everyone talk undisturbed.
"""

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from posyandu.domain.change import Op, standing
from posyandu.domain.errors import BadInput, PosyanduError
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.server import carried, exchange, store
from posyandu.server.exchange import Desk, Rejected
from posyandu.services.synchronise import MOST_IDLE
from posyandu.storage import database, engine, journal, outbox, records, settings
from posyandu.storage.columns import to_wire
from posyandu.storage.database import Database
from posyandu.storage.outbox import Server
from posyandu.storage.records import Author
from posyandu.sync import client
from posyandu.sync.batch import saves_in
from posyandu.sync.transport import Offline

KEY = b"k" * 32
VILLAGE = "2001"
FIELDS = ("weight_g", "length_mm", "muac_mm")
PARTITIONED = ("nonce", "area", "batch", "record")
STEPS = (
    "save", "save", "save", "same", "withdraw", "revive", "sync", "sync", "sync", "late", "kill", "rare", "rare",
    "rare", "stick", "letter", "another",
)  # fmt: skip
MOST_LAPTOPS = 5


class Killed(Exception):
    """The laptop died here."""


@dataclass
class Laptop:
    """One book on disk, as many times closed and opened as the history wants."""

    name: str
    path: Path
    server: Server
    db: Database
    late: list[bytes] = field(default_factory=list)
    returns: list[bytes] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)
    backup: Path | None = None

    def reopen(self) -> None:
        self.db.close()
        self.db = database.open_database(self.path, KEY)

    @property
    def device(self) -> str:
        return client.device(self.db)

    def op_ids(self) -> set[str]:
        return {row[0] for row in database.rows(self.db, "SELECT id FROM op")}


@dataclass
class Tally:
    """What happened, for the record."""

    saves: int = 0
    kills: int = 0
    lost: int = 0
    repeated: int = 0
    late: int = 0
    damaged: int = 0
    restores: int = 0
    server_restores: int = 0
    copies: int = 0
    others: int = 0
    sticks: int = 0
    returns: int = 0
    letters: int = 0
    handed: int = 0
    exempt: int = 0
    rounds: int = 0

    def add(self, other: "Tally") -> None:
        for name, value in vars(other).items():
            setattr(self, name, max(value, self.rounds) if name == "rounds" else getattr(self, name) + value)


class World:
    """A village, its laptops and its server, driven by one seeded chance."""

    def __init__(self, desk: Desk, folder: Path, template: Path, regency: str, seed: int) -> None:
        self.desk = desk
        self.regency = regency
        self.chance = random.Random(seed)
        self.now = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
        self.posts = [f"pos{number}{regency}{seed:x}" for number in (1, 2)]
        self.tally = Tally()
        self.gone: set[str] = set()
        self.must: set[str] = set()
        self.snapshot: Snapshot | None = None
        self.folder = folder
        self.laptops = [self._laptop(folder, template, number) for number in range(3)]

    def _laptop(self, folder: Path, template: Path, number: int) -> Laptop:
        path = folder / f"{self.regency}-{number}.db"
        shutil.copyfile(template, path)
        db = database.open_database(path, KEY)
        settings.put(db, "device", f"device{number}-{self.posts[0]}")
        answer = json.loads(exchange.enrol(self.desk, client.enrolment(db, self._code(), "laptop")))
        server = client.read_enrolment(answer, "http://127.0.0.1", 0)
        outbox.enrolled(db, server)
        laptop = Laptop(f"laptop{number}", path, server, db)
        if number == 0:
            for post in self.posts:
                self._save(
                    laptop, "posyandu", post, post, {"name": post, "village_code": self.regency + "01" + VILLAGE}
                )
        return laptop

    def _code(self) -> str:
        with self.desk.pool.connection() as connection:
            return exchange.new_code(connection, self.regency, [self.regency + "01"], "laptop")

    # --- what happens ------------------------------------------------------------------------------------------------

    def step(self, what: str) -> None:
        """One thing happens to someone."""
        laptop = self.chance.choice(self.laptops)
        self.now += timedelta(seconds=self.chance.choice([7, 40, 3600, 7, 40, 3600, -86_400 * 4000, 86_400 * 4000]))
        self.now = min(max(self.now, datetime(1980, 1, 1, tzinfo=UTC)), datetime(2100, 1, 1, tzinfo=UTC))
        getattr(self, f"_step_{what}")(laptop)

    def _step_save(self, laptop: Laptop) -> None:
        """A new visit, or some other fields of one that is there."""
        known = database.rows(laptop.db, "SELECT id, scope FROM under_five_visit")
        record, scope = self.chance.choice(known) if known and self.chance.random() < 0.7 else (
            f"{self.chance.getrandbits(128):032x}", self.chance.choice(self.posts)
        )  # fmt: skip
        self._save(laptop, "under_five_visit", record, scope, self._answers())

    def _step_same(self, laptop: Laptop) -> None:
        """The same page of the register typed on two laptops: they meet in one record."""
        record = records.visit_id("under_five_visit", "day", f"child{self.chance.randrange(4)}{self.posts[0]}")
        self._save(laptop, "under_five_visit", record, self.posts[0], self._answers())

    def _step_withdraw(self, laptop: Laptop) -> None:
        known = database.rows(laptop.db, "SELECT id FROM under_five_visit WHERE withdrawn = 0")
        if known:
            form, record = FORMS["under_five_visit"], self.chance.choice(known)[0]
            saved = records.withdraw(laptop.db, form, record, author=self._author(laptop), now=self.now)
            self._note(saved.op_id)

    def _step_revive(self, laptop: Laptop) -> None:
        known = database.rows(laptop.db, "SELECT id, scope FROM under_five_visit WHERE withdrawn = 1")
        if known:
            self._save(laptop, "under_five_visit", *self.chance.choice(known), self._answers())

    def _step_sync(self, laptop: Laptop) -> None:
        """One exchange over a bad link."""
        client.seal_all(laptop.db, self._ms())
        request, _saves = client.make_request(laptop.db, laptop.server)
        dice = self.chance.random()
        if dice < 0.12:
            self.tally.lost += 1
            return
        if dice < 0.2:
            self.tally.damaged += 1
            request = self._damaged(request)
        try:
            reply = exchange.sync(self.desk, request)
        except Rejected:
            return
        if self.chance.random() < 0.15:
            self.tally.repeated += 1
            self._repeat(request)
        dice = self.chance.random()
        if dice < 0.15:
            self.tally.lost += 1
        elif dice < 0.35:
            self.tally.late += 1
            laptop.late.append(reply)
        elif dice < 0.4:
            self._take(laptop, self._damaged(reply))
        else:
            self._take(laptop, reply)
            if self.chance.random() < 0.15:
                self.tally.repeated += 1
                self._take(laptop, reply)

    def _step_late(self, laptop: Laptop) -> None:
        """A reply that was long on its way arrives, perhaps not for the last time."""
        if laptop.late:
            self._take(laptop, self.chance.choice(laptop.late))

    def _step_stick(self, laptop: Laptop) -> None:
        """A stick goes to the server; a return comes back now, later, several times, or never, to either copy."""
        client.seal_all(laptop.db, self._ms())
        self.tally.sticks += 1
        for each in client.files_for_server(laptop.db, laptop.server):
            dice = self.chance.random()
            if dice < 0.1:
                self.tally.lost += 1
                continue
            try:
                done = carried.import_file(self.desk, self._damaged(each.file) if dice < 0.2 else each.file)
            except (BadInput, Rejected):
                self.tally.damaged += 1
                continue
            laptop.returns += done.returns
        if laptop.returns and self.chance.random() < 0.7:
            self._read(laptop, self.chance.choice(laptop.returns), client.take_return)

    def _step_letter(self, laptop: Laptop) -> None:
        """One laptop hands another what it has, without a server; what lies there is read now or later, or twice."""
        client.seal_all(laptop.db, self._ms())
        for companion in outbox.companions(laptop.db, laptop.device):
            file = client.file_for_laptop(laptop.db, companion).file
            for other in self.laptops:
                if other.device == companion.device:
                    self.tally.letters += 1
                    other.letters.append(file)
        for other in self.laptops:
            if other.letters and self.chance.random() < 0.5:
                letter = other.letters[-1] if self.chance.random() < 0.6 else self.chance.choice(other.letters)
                self._read(other, letter, client.take_letter)

    def _read(self, laptop: Laptop, file: bytes, take: Callable[[Database, Server, bytes], object]) -> None:
        """Read a file from a stick, damaged now and then; what a laptop was before it became another is refused."""
        try:
            taken = take(laptop.db, laptop.server, self._damaged(file) if self.chance.random() < 0.1 else file)
        except PosyanduError:
            self.tally.damaged += 1
            return
        if isinstance(taken, int):
            self.tally.handed += taken
        else:
            self.tally.returns += 1

    def _step_another(self, _laptop: Laptop) -> None:
        """A laptop that was told of its copy enrols as one of its own, once the server holds all that is here, as
        `synchronise.enrol` does; the answer may be lost on the way.
        """
        told = [each for each in self.laptops if settings.get(each.db, outbox.COPIED)]
        if not told:
            return
        laptop = self.chance.choice(told)
        self._talk(laptop)
        counts = outbox.counts(laptop.db, laptop.device)
        if counts.confirmed < counts.here:
            return
        new = client.self_to_be(laptop.db)
        answer = json.loads(exchange.enrol(self.desk, client.enrolment(laptop.db, self._code(), "laptop", new)))
        if self.chance.random() < 0.3:
            self.tally.lost += 1
            return
        self.tally.others += 1
        laptop.server = client.read_enrolment(answer, laptop.server.url, 0)
        client.become_another(laptop.db, new)
        outbox.enrolled(laptop.db, laptop.server)
        client.heed_again(laptop.db)

    def _step_kill(self, laptop: Laptop) -> None:
        """The laptop dies after any number of database instructions of an exchange, and is started again."""
        self.tally.kills += 1
        left = int(self.chance.expovariate(1 / 400))
        before = laptop.op_ids()

        def die() -> int:
            nonlocal left
            left -= 1
            return int(left < 0)

        laptop.db.conn.set_progress_handler(die, 10)
        try:
            client.seal_all(laptop.db, self._ms())
            request, _saves = client.make_request(laptop.db, laptop.server)
            reply = exchange.sync(self.desk, request)
            client.take_reply(laptop.db, laptop.server, reply)
        except (database.Error, PosyanduError, Rejected):
            pass
        laptop.reopen()
        assert before <= laptop.op_ids(), "a committed save is gone after a kill"

    def _step_rare(self, laptop: Laptop) -> None:
        what = self.chance.choice(["backup", "backup", "restore", "server backup", "server restore", "copy"])
        match what:
            case "backup":
                laptop.backup = laptop.path.with_suffix(".backup")
                laptop.backup.unlink(missing_ok=True)
                engine.copy_into(laptop.db, laptop.backup)
            case "restore" if laptop.backup is not None:
                self._restore(laptop, laptop.backup)
            case "server backup":
                self.snapshot = Snapshot(self.desk, self.regency)
            case "server restore" if self.snapshot is not None:
                self.tally.server_restores += 1
                had = self._server_ids()
                self.snapshot.restore()
                self._forget_grown()
                self.gone |= had - self._elsewhere()
            case "copy" if len(self.laptops) < MOST_LAPTOPS:
                self._copy(laptop)
            case _:
                pass

    def _copy(self, laptop: Laptop) -> None:
        """The disk is copied, and both go on as one and the same laptop."""
        self.tally.copies += 1
        number = len(self.laptops)
        path = self.folder / f"{self.regency}-{number}.db"
        engine.copy_into(laptop.db, path)
        copy = replace(laptop, name=f"laptop{number}", path=path, db=database.open_database(path, KEY), backup=None)
        copy.late, copy.returns, copy.letters = list(laptop.late), list(laptop.returns), list(laptop.letters)
        self.laptops.append(copy)
        for each in (laptop, copy):
            if self.chance.random() < 0.6:
                self._step_save(each)
                self._step_sync(each)

    def _restore(self, laptop: Laptop, backup: Path) -> None:
        """The disk is lost; what was only on it is lost with it and nobody's fault."""
        self.tally.restores += 1
        self._forget_grown()
        had = laptop.op_ids()
        laptop.db.close()
        for suffix in ("-wal", "-shm"):
            Path(f"{laptop.path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(backup, laptop.path)
        laptop.db = database.open_database(laptop.path, KEY)
        self.gone |= had - self._elsewhere()
        if laptop.late and self.chance.random() < 0.7:  # what was under way to the lost disk reaches the restored one
            self._take(laptop, self.chance.choice(laptop.late))

    def _elsewhere(self) -> set[str]:
        """Every save that some living disk holds."""
        return set().union(*(laptop.op_ids() for laptop in self.laptops)) | self._server_ids()

    # --- afterwards --------------------------------------------------------------------------------------------------

    def heal(self) -> None:
        """Everyone talks undisturbed until nobody has anything to say."""
        for self.tally.rounds in range(1, 12):
            before = [self._everything(laptop) for laptop in self.laptops]
            for laptop in self.laptops:
                self._talk(laptop)
            after = [self._everything(laptop) for laptop in self.laptops]
            if before == after:
                return
        raise AssertionError("they do not come to rest")

    def _talk(self, laptop: Laptop) -> None:
        """A run over a good link."""
        client.seal_all(laptop.db, self._ms())
        idle = 0
        for _trip in range(400):
            taken, _saves = client.exchange(laptop.db, laptop.server, self._send)
            idle = 0 if taken.moved or taken.received else idle + 1
            if client.is_done(laptop.db, taken) or idle >= MOST_IDLE:
                return

    def check(self) -> None:
        """What must hold of any history once it is healed."""
        self._forget_grown()
        must = self.must - self.gone
        self.tally.exempt += len(self.must & self.gone)
        held = {laptop.name: laptop.op_ids() for laptop in self.laptops} | {"server": self._server_ids()}
        for name, ids in held.items():
            assert must <= ids, f"{len(must - ids)} saves lost on {name}"
        assert len({frozenset(ids) for ids in held.values()}) == 1, {name: len(ids) for name, ids in held.items()}
        by_server = self._shown_by_server()
        for laptop in self.laptops:
            assert self._shown(laptop) == by_server, laptop.name
        for laptop in self.laptops:
            assert journal.rows_equal_replay(laptop.db)
            counts = outbox.counts(laptop.db, laptop.device)
            assert counts.here == counts.confirmed, (laptop.name, counts)
            assert not outbox.problems(laptop.db)
        self._nothing_silently_overwritten(self.laptops[0])

    def close(self) -> None:
        """Close the books and drop the regency: among the partitions of 500 others each history costs ten times."""
        for laptop in self.laptops:
            laptop.db.close()
        with self.desk.pool.connection() as connection:
            for table in PARTITIONED:
                connection.execute(f"DROP TABLE IF EXISTS {table}_{self.regency}")

    def _nothing_silently_overwritten(self, laptop: Laptop) -> None:
        """Every value written is shown, or listed as conflict, or was replaced by someone who had seen it (I3)."""
        by_record: dict[tuple[str, str], list[tuple[Op, str]]] = {}
        for entity, record in database.rows(laptop.db, "SELECT DISTINCT entity, record FROM op"):
            by_record[entity, record] = [(op, d) for op, d in journal.ops_of(laptop.db, record) if op.entity == entity]
        for (entity, record), ops in by_record.items():
            row = records.load(laptop.db, FORMS[entity], record)
            assert row is not None
            for op, _device in ops:
                for name, value in op.fields.items():
                    if name not in FORMS[entity].fields:
                        continue
                    replaced = any(
                        name in later.fields and op.head in _seen(later, ops) for later, _device in ops if later != op
                    )
                    alternatives = [to_wire(other.value) for other in row.conflicts.get(name, ())]
                    assert replaced or to_wire(row.answers[name]) == value or value in alternatives

    # --- helpers -----------------------------------------------------------------------------------------------------

    def _save(self, laptop: Laptop, entity: str, record: str, scope: str, answers: dict[str, Value]) -> None:
        saved = records.save(
            laptop.db, FORMS[entity], record, answers, scope=scope, author=self._author(laptop), now=self.now,
            coalesce=self.chance.random() < 0.5,
        )  # fmt: skip
        self._note(saved.op_id)

    def _note(self, op_id: str) -> None:
        self.tally.saves += 1
        self.must |= {op_id} if op_id else set()

    def _forget_grown(self) -> None:
        """Ids that were replaced by longer ones before they were sealed need not survive."""
        for laptop in self.laptops:
            for (parts,) in database.rows(laptop.db, "SELECT parts FROM op WHERE parts IS NOT NULL"):
                self.must -= {part[0] for part in json.loads(parts)}

    def _take(self, laptop: Laptop, reply: bytes) -> None:
        try:
            client.take_reply(laptop.db, laptop.server, reply)
        except PosyanduError:
            self.tally.damaged += 1

    def _repeat(self, request: bytes) -> None:
        try:
            exchange.sync(self.desk, request)
        except Rejected as rejected:
            assert rejected.code == "replay"
        else:
            raise AssertionError("a repeated request was answered")

    def _damaged(self, message: bytes) -> bytes:
        at = self.chance.randrange(len(message))
        return message[:at] + bytes([message[at] ^ (1 << self.chance.randrange(8))]) + message[at + 1 :]

    def _send(self, _path: str, body: bytes, _kind: str) -> bytes:
        try:
            return exchange.sync(self.desk, body)
        except Rejected as rejected:
            raise Offline(str(rejected)) from rejected

    def _author(self, laptop: Laptop) -> Author:
        return Author(self.chance.choice(["sari", "dewi"]), laptop.device, 1)

    def _answers(self) -> dict[str, Value]:
        chosen = self.chance.sample(FIELDS, self.chance.randint(1, 2))
        answers: dict[str, Value] = {name: self.chance.randrange(100, 106) for name in chosen}
        if self.chance.random() < 0.3:
            answers["sick"] = self.chance.random() < 0.5
        return answers

    def _ms(self) -> int:
        return max(int(self.now.timestamp() * 1000), 0)

    def _everything(self, laptop: Laptop) -> tuple[Any, ...]:
        counts = outbox.counts(laptop.db, laptop.device)
        return (frozenset(laptop.op_ids()), counts, frozenset(outbox.places(laptop.db)))

    def _server_ids(self) -> set[str]:
        with self.desk.pool.connection() as connection:
            found = connection.execute(
                "SELECT scope, bytes FROM batch WHERE kab = %s AND g IS NOT NULL", (self.regency,)
            )
            return {op.id for post, packed in found for op in saves_in(packed, post)}

    def _shown(self, laptop: Laptop) -> dict[tuple[str, str], tuple[dict[str, Any], bool, frozenset[str]]]:
        shown = {}
        for entity, record in database.rows(laptop.db, "SELECT DISTINCT entity, record FROM op"):
            row = records.load(laptop.db, FORMS[entity], record)
            assert row is not None
            values = {name: to_wire(value) for name, value in row.answers.items() if value is not None}
            shown[entity, record] = (values, row.withdrawn, frozenset(row.conflicts) - {"withdrawn"})
        return shown

    def _shown_by_server(self) -> dict[tuple[str, str], tuple[dict[str, Any], bool, frozenset[str]]]:
        shown = {}
        with self.desk.pool.connection() as connection:
            for post in self.posts:
                for key, (doc, withdrawn, conflicts) in store.records(connection, self.regency, post).items():
                    values = {name: value for name, value in doc.items() if name != "withdrawn"}
                    shown[key] = (values, withdrawn, frozenset(conflicts or ()) - {"withdrawn"})
        return shown


def _seen(op: Op, ops: list[tuple[Op, str]]) -> set[str]:
    """Every op this one has seen, the slow and plain way."""
    by_head = {each.head: each for each, _device in ops}
    found: set[str] = set()
    waiting = list(op.heads)
    while waiting:
        head = waiting.pop()
        if head in by_head and head not in found:
            found.add(head)
            waiting.extend(by_head[head].heads)
    return found


class Snapshot:
    """A backup of one regency of the server; restoring it takes the server back in time without telling anyone."""

    TABLES = ("area", "batch", "record")

    def __init__(self, desk: Desk, regency: str) -> None:
        self.desk = desk
        self.regency = regency
        self.kept: dict[str, bytes] = {}
        with desk.pool.connection() as connection:
            for table in self.TABLES:
                query = f"COPY (SELECT * FROM {table} WHERE kab = '{regency}') TO STDOUT (FORMAT binary)"
                with connection.cursor().copy(query) as copy:
                    self.kept[table] = b"".join(bytes(chunk) for chunk in copy)

    def restore(self) -> None:
        with self.desk.pool.connection() as connection, connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            for table in self.TABLES:
                connection.execute(f"DELETE FROM {table} WHERE kab = %s", (self.regency,))
                with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                    copy.write(self.kept[table])


__all__ = ["STEPS", "Tally", "World", "standing"]
