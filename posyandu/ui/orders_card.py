"""What is set for posts from a day on: one row for the post at work and each level above; pressing one sets anew."""

from typing import TYPE_CHECKING

from posyandu.domain.fields import Answers
from posyandu.text import _
from posyandu.ui.desk import Desk
from posyandu.ui.record_sheet import RecordSheet
from posyandu.ui.widgets.basics import Card, Label, Row

if TYPE_CHECKING:
    from posyandu.services.orders import Order


class OrdersCard(Card):
    """What is set for a level is set for each of its posts, and travels with their records.

    `title` heads the card and every sheet, `saved` is said once it is set, `hint` stands below the rows.
    """

    def __init__(self, desk: Desk, order: "Order", title: str, saved: str, hint: str) -> None:
        from posyandu.services import levels, posts

        super().__init__(title, spacing=4, rows=True)
        self.desk, self.order, self._title, self._saved = desk, order, title, saved
        self.rows: dict[str, tuple[Row, tuple[str, ...]]] = {}
        here = [(each.id, each.name, (each.id,)) for each in posts.posts(desk.ws) if each.id == desk.ws.posyandu_id]
        above = [(each.code, each.title, tuple(post.id for post in each.posts)) for each in levels.levels(desk.ws)]
        for code, name, of in (*here, *above):
            row = Row(name, picture=("icon", "list-checks", "neutral"), name=f"{order.form.name}:{code}")
            row.clicked.connect(lambda _on=False, name=name, of=of: self.ask(name, of))
            self.rows[code] = row, of
            self.body.addWidget(row)
        self.body.addWidget(Label(hint, "small", "text3", wrap=True))
        self._tell()

    def ask(self, name: str, posts: tuple[str, ...]) -> RecordSheet:
        """A sheet with what holds for these posts; what is saved can be taken back."""
        ws = self.desk.ws
        saves: tuple[str, ...] = ()

        def write(told: Answers) -> str:
            nonlocal saves
            saves = self.order.choose(ws, posts, told)
            return ""

        def done(words: str, _id: str) -> None:
            self._tell()
            self.desk.toast(words, _("Batalkan"), take_back)
            self.desk.announce(self.order.form.name)

        def take_back() -> None:
            self.order.take_back(ws, saves)
            self._tell()
            self.desk.announce(self.order.form.name)

        title = _("{title}: {name}").format(title=self._title, name=name)
        told = self.order.answers(ws, posts)
        return RecordSheet(
            self.window(), self.desk, self.order.form, title, told, done,
            about=(posts[0], name), write=write, saved=self._saved,
        )  # fmt: skip

    def _tell(self) -> None:
        for row, posts in self.rows.values():
            row.show_state(detail=self.order.words(self.desk.ws, posts))
