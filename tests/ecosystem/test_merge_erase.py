"""Merge, part, erase, late saves, old sticks and a server's word in any order on three laptops, against a naive model
(T16).

The model keeps what each laptop was told as plain lists, and reckons what it shows by searching them anew each time.
`POSYANDU_ERASURES=5000` runs the release amount.
"""

import os
from dataclasses import replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, multiple, rule

from posyandu.domain.change import Op
from posyandu.domain.forms import FORMS
from posyandu.services import duplicates, erasure, workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import database, erased, journal, records
from posyandu.sync.erasing import heed

PERSON, VISIT, MERGE = FORMS["person"], FORMS["under_five_visit"], FORMS["merge"]
SCOPE = "melati"
LAPTOPS = 3
Told = list[tuple[Op, str]]
Words = dict[str, bool]
"""What the server said of erasures, by the ids of their saves."""


class Naive:
    """One laptop as a list of every save it was ever told, and nothing else."""

    def __init__(self) -> None:
        self.told: dict[str, tuple[Op, str]] = {}
        self.asked: set[str] = set()
        self.words: dict[str, bool] = {}

    def tell(self, ops: Told, words: Words | None = None) -> None:
        """A refused erasure gives nothing back by itself: what it took away here has to be told again."""
        for each, yes in (words or {}).items():
            if not yes and each in self.asked and each not in self.words and each in self.told:
                heads = str(self.told[each][0].fields["saves"]).split()
                self.told = {each: told for each, told in self.told.items() if told[0].head not in heads}
        self.words |= words or {}
        for op, device in ops:
            self.told.setdefault(op.id, (op, device))

    def is_done(self, erasure: str) -> bool:
        """Whether an erasure counts here: the server said so, or it was asked for here and was not refused."""
        return self.words.get(erasure, erasure in self.asked)

    def named(self, part: str) -> set[str]:
        """All ids that any erasure names in one of its parts."""
        return {
            each
            for op, _device in self.told.values()
            if op.entity == "erasure" and self.is_done(op.id)
            for each in str(op.fields.get(part) or "").split()
        }

    def alive(self) -> list[Op]:
        heads = self.named("saves")
        return [op for op, _device in self.told.values() if op.entity == "erasure" or op.head not in heads]

    def value(self, record: str, name: str) -> Any:  # noqa: ANN401
        """The value nobody has overwritten knowingly; of several the one that ranks first."""
        alive = {op.id for op in self.alive()}
        writes = [
            (op.depth, device, op.id, op)
            for op, device in self.told.values()
            if op.id in alive and op.record == record and name in op.fields
        ]
        seen = {head for *_rank, op in writes for head in op.heads}
        standing = [each for each in writes if each[3].head not in seen]
        return max(standing)[3].fields[name] if standing else None

    def shown(self) -> dict[str, str]:
        """Everybody who is shown under another, by walking the merges over and over until nothing changes."""
        gone = self.named("records")
        merges = {
            (str(self.value(op.record, "kept_id")), str(self.value(op.record, "other_id")))
            for op in self.alive()
            if op.entity == "merge" and self.value(op.record, "active") is True
        }
        merges = {pair for pair in merges if not gone & set(pair)}
        found = {}
        for start in {each for pair in merges for each in pair}:
            group = {start}
            while more := {each for pair in merges if group & set(pair) for each in pair} - group:
                group |= more
            leaving = {other for _kept, other in merges if other in group}
            found[start] = min(group - leaving or group)
        return {each: to for each, to in found.items() if each != to}

    def book(self) -> dict[str, list[str]]:
        """Each person shown, with the visits shown under them."""
        gone, under = self.named("records"), self.shown()
        alive = self.alive()
        people = {op.record for op in alive if op.entity == "person"} - gone - under.keys()
        found: dict[str, list[str]] = {each: [] for each in people}
        for visit in {op.record for op in alive if op.entity == "under_five_visit"} - gone:
            who = next(
                (str(op.fields["person_id"]) for op in alive if op.record == visit and "person_id" in op.fields), ""
            )
            owner = under.get(who, who)
            if who not in gone and owner in found:
                found[owner].append(visit)
        return {each: sorted(visits) for each, visits in found.items()}


class Villages(RuleBasedStateMachine):
    """Laptops that do things apart and sometimes meet."""

    people = Bundle("people")
    sticks = Bundle("sticks")
    which = st.integers(0, LAPTOPS - 1)

    def __init__(self) -> None:
        super().__init__()
        self.real: list[Workspace] = []
        self.naive = [Naive() for _ in range(LAPTOPS)]
        self.server = Naive()
        self.count = 0

    @initialize(target=people)
    def begin(self) -> Any:  # noqa: ANN401
        self.real = [workspace.in_memory(post=SCOPE, practice=True, device=f"laptop-{n}") for n in range(LAPTOPS)]
        for at, naive in enumerate(self.naive):
            naive.tell(self._ops(at))
        names = []
        for _ in range(3):
            names.append(self._register(0))
        for other in range(1, LAPTOPS):
            self._carry(0, other)
        return multiple(*names)

    def teardown(self) -> None:
        for at in [*range(LAPTOPS), *range(LAPTOPS)] if self.real else ():
            self._call(at, yes=True)
        if self.real:
            self._agree()
            books = [naive.book() for naive in self.naive]
            assert books[0] == books[1] == books[2]
            for ws in self.real:
                assert journal.rows_equal_replay(ws.db)
                ws.close()

    @rule(target=people, at=which)
    def register(self, at: int) -> str:
        return self._register(at)

    @rule(at=which, who=people)
    def weigh(self, at: int, who: str) -> None:
        if self._knows(at, who):
            self.count += 1
            answers = {"note": f"tanda-{self.count}-x", "weight_g": 9000 + self.count}
            self._save(at, VISIT, f"visit-{self.count}", answers, {"person_id": who})

    @rule(at=which, who=people)
    def correct(self, at: int, who: str) -> None:
        if self._knows(at, who):
            self.count += 1
            self._save(at, PERSON, who, {"address": f"tanda-{self.count}-x"})

    @rule(at=which, one=people, other=people)
    def merge(self, at: int, one: str, other: str) -> None:
        if one != other and self._knows(at, one) and self._knows(at, other):
            self._noticed(at, lambda ws: duplicates.merge(ws, one, other))

    @rule(at=which, one=people, other=people)
    def part(self, at: int, one: str, other: str) -> None:
        decided = records.load(self.real[at].db, MERGE, records.merge_id(one, other)) is not None
        if one != other and decided and self._knows(at, one) and self._knows(at, other):
            self._noticed(at, lambda ws: duplicates.part(ws, one, other))

    @rule(at=which, who=people)
    def erase(self, at: int, who: str) -> None:
        ws = self.real[at]
        row = records.load(ws.db, PERSON, who)
        if row is None or row.withdrawn or not row.answers["name"]:
            return
        name = str(row.answers["name"])
        self._asked(at, lambda ws: erasure.erase(ws, who, why="person", typed_name=name, pin=""))

    @rule(at=which)
    def erase_what_came_late(self, at: int) -> None:
        held = [each.row.id for each in erasure.late(self.real[at])]
        if held:
            self._asked(at, lambda ws: erasure.erase_late(ws, held, why="consent", pin=""))

    @rule(at=which, yes=st.sampled_from((True, True, False)))
    def call_the_server(self, at: int, yes: bool) -> None:  # noqa: FBT001
        self._call(at, yes=yes)
        self._agree(at)

    @rule(one=which, other=which)
    def meet(self, one: int, other: int) -> None:
        self._carry(one, other)
        self._agree(other)

    @rule(target=sticks, at=which)
    def write_a_stick(self, at: int) -> tuple[Told, Words]:
        return self._ops(at), dict(self.naive[at].words)

    @rule(at=which, stick=consumes(sticks))
    def read_an_old_stick(self, at: int, stick: tuple[Told, Words]) -> None:
        self._take(at, *stick)
        self._agree(at)

    # --- how the two are kept beside each other ----------------------------------------------------------------------

    def _register(self, at: int) -> str:
        self.count += 1
        who = f"orang-{self.count:03}"
        answers = {"name": f"Tanda-{self.count}-x", "sex": "male"}
        self._save(at, PERSON, who, answers)
        return who

    def _save(self, at: int, form: Any, record: str, answers: dict[str, Any], links: Any = None) -> None:  # noqa: ANN401
        self._noticed(
            at,
            lambda ws: records.save(
                ws.db, form, record, answers, scope=SCOPE, author=ws.author, now=ws.now(), links=links
            ),
        )

    def _noticed(self, at: int, deed: Any) -> None:  # noqa: ANN401
        """Do something on a laptop and tell its model what was saved by it."""
        deed(self.real[at])
        self.naive[at].tell(self._ops(at))
        self._agree(at)

    def _asked(self, at: int, deed: Any) -> None:  # noqa: ANN401
        """Erase on a laptop: it counts there at once."""
        known = set(self.naive[at].told)
        deed(self.real[at])
        ops = self._ops(at)
        self.naive[at].asked |= {op.id for op, _device in ops if op.entity == "erasure"} - known
        self.naive[at].tell(ops)
        self._agree(at)

    def _call(self, at: int, *, yes: bool) -> None:
        """Bring the server everything, have it decide on what is new there, and take what it holds and says."""
        self.server.tell(self._ops(at))
        asked = {op.id for op, _device in self.server.told.values() if op.entity == "erasure"}
        self.server.words |= {each: yes for each in sorted(asked - self.server.words.keys())}
        alive = {op.id for op in self.server.alive()}
        self._take(at, [each for each in self.server.told.values() if each[0].id in alive], self.server.words)

    def _take(self, at: int, ops: Told, words: Words) -> None:
        """What a laptop does with batches: keep the saves, heed the server's word, and ask anew for what it gave away
        for an erasure that was refused.
        """
        db, naive = self.real[at].db, self.naive[at]
        journal.apply(db, ops)
        naive.tell(ops, words)
        by_id = {op.id: op for op, _device in naive.told.values()}
        heed(db, [_word(by_id[each], said) for each, said in words.items() if each in by_id])
        journal.apply(db, ops)

    def _ops(self, at: int) -> Told:
        found = database.rows(self.real[at].db, "SELECT id, device, body FROM op ORDER BY n")
        return [(journal.stored_op(op_id, body), device) for op_id, device, body in found]

    def _knows(self, at: int, who: str) -> bool:
        row = records.load(self.real[at].db, PERSON, who)
        return row is not None and row.withdrawn is False

    def _carry(self, one: int, other: int) -> None:
        self._take(other, self._ops(one), dict(self.naive[one].words))

    def _agree(self, *changed: int) -> None:
        """Whether these laptops, all without any named, are as their models say: looked at whenever they change."""
        for at in changed or range(LAPTOPS):
            ws, naive = self.real[at], self.naive[at]
            people = {row.id for row in records.load_many(ws.db, PERSON)}
            book = {who: sorted(row.id for row in records.load_many(ws.db, VISIT, person_id=who)) for who in people}
            assert book == naive.book()
            wanted = {op.id for op in naive.alive()}
            assert {op_id for (op_id,) in database.rows(ws.db, "SELECT id FROM op")} == wanted
            held = {record for _entity, record in erased.held(ws.db)}
            assert held.isdisjoint(people)
            gone = naive.named("saves")
            marks = [
                str(value)
                for op, _device in naive.told.values()
                if op.head in gone
                for value in op.fields.values()
                if str(value).casefold().startswith("tanda-")
            ]
            if marks:
                tables = ("op", "person", "under_five_visit", "merge", "person_word", "draft")
                everything = str([database.rows(ws.db, f"SELECT * FROM {table}") for table in tables]).casefold()
                assert [mark for mark in marks if mark.casefold() in everything] == []


def _word(asked: Op, yes: bool) -> Op:  # noqa: FBT001
    """An erasure as the server says it: the same save again, or its withdrawal."""
    return asked if yes else replace(asked, depth=2, heads=(asked.head,), fields={"withdrawn": True})


AMOUNT = int(os.environ.get("POSYANDU_ERASURES", "8"))
TestMergeAndErase = Villages.TestCase
TestMergeAndErase.settings = settings(
    max_examples=AMOUNT, stateful_step_count=25, deadline=None, derandomize=AMOUNT < 100
)
