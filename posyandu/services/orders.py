"""What was set for posts from a day on by who looks after several: targets, and rulings where the rules leave it open.

One record for each post and day, of a form with `since_on` and `source`; the newest that has begun stands for all.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from posyandu.domain.duties import REVIEWERS
from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Answers
from posyandu.domain.form import Form
from posyandu.reports import formats
from posyandu.services import post_affairs
from posyandu.services.corrections import worker_names
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.engine import transaction
from posyandu.storage.records import Row
from posyandu.text import _


@dataclass(frozen=True)
class Order:
    """One kind of what is set: its form, the space of its record ids, and its words.

    `figures` gives in words what a record sets; `usual` is said where nothing was set; `refusal` to who may not.
    """

    form: Form
    space: uuid.UUID
    figures: Callable[[Row], Iterable[str]]
    usual: str
    refusal: str

    def held(self, ws: Workspace, posyandu_id: str, day: date) -> Row | None:
        """What was set last for a post and holds on a day; None where the usual does."""
        rows = records.load_many(ws.db, self.form, scope=posyandu_id)
        since = {row.id: at for row in rows if isinstance(at := row.answers.get("since_on"), date) and at <= day}
        return max((row for row in rows if row.id in since), key=lambda row: (since[row.id], row.id), default=None)

    def answers(self, ws: Workspace, posts: Sequence[str]) -> Answers:
        """What is to be asked for these posts: what holds today where it is the same for all, from this month on."""
        today = ws.today()
        rows = [self.held(ws, post, today) for post in posts]
        told = [row.answers if row is not None else {} for row in rows]
        names = [name for name in self.form.fields if name != "since_on"]
        same = {name: told[0].get(name) for name in names if len({each.get(name) for each in told}) == 1}
        return {"since_on": today.replace(day=1), **same}

    def words(self, ws: Workspace, posts: Sequence[str]) -> str:
        """What holds today for these posts, since when, by whose word and who noted it."""
        rows = [self.held(ws, post, ws.today()) for post in posts]
        if len({tuple(row.answers.get(name) for name in self.form.fields) if row else None for row in rows}) > 1:
            return _("Berbeda antar-Posyandu.")
        row = rows[0] if rows else None
        if row is None:
            return _(self.usual)
        since = row.answers["since_on"]
        assert isinstance(since, date)
        return _("{figures}; mulai {day} menurut {source}, dicatat {name}").format(
            figures=", ".join(self.figures(row)),
            day=formats.short_date(since),
            source=row.answers.get("source"),
            name=worker_names(ws).get(row.saved_by, "?"),
        )

    def choose(self, ws: Workspace, posts: Iterable[str], told: Answers) -> tuple[str, ...]:
        """Set this for these posts from `since_on` on, all or none; gives back the saves, for `take_back`.

        Raises BadInput for whoever does not look after several posts, NotFinal for what is missing or impossible.
        """
        if not (ws.practice or ws.worker.role in REVIEWERS):
            raise BadInput(_(self.refusal))
        with transaction(ws.db):
            saves = [
                post_affairs.save(
                    ws,
                    self.form,
                    told,
                    record_id=uuid.uuid5(self.space, f"{post} {told.get('since_on')}").hex,
                    posyandu_id=post,
                    coalesce=False,
                )
                for post in posts
            ]
        return tuple(op_id for op_id in saves if op_id)

    def take_back(self, ws: Workspace, op_ids: Iterable[str]) -> None:
        """Undo a choice, all of its posts or none."""
        with transaction(ws.db):
            for op_id in op_ids:
                post_affairs.undo(ws, op_id)
