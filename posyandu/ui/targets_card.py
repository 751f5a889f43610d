"""The targets of the posts: one row for the post at work and for each level above; pressing one sets others."""

from posyandu.domain.fields import Answers
from posyandu.domain.forms.target import FORM
from posyandu.text import _
from posyandu.ui.desk import Desk
from posyandu.ui.record_sheet import RecordSheet
from posyandu.ui.widgets.basics import Card, Label, Row


class TargetsCard(Card):
    """What is set for a level is set for each of its posts, and travels with their records."""

    def __init__(self, desk: Desk) -> None:
        from posyandu.services import levels, posts

        super().__init__(_("Target laporan"), spacing=4, rows=True)
        self.desk = desk
        self.rows: dict[str, tuple[Row, tuple[str, ...]]] = {}
        here = [(each.id, each.name, (each.id,)) for each in posts.posts(desk.ws) if each.id == desk.ws.posyandu_id]
        above = [(each.code, each.title, tuple(post.id for post in each.posts)) for each in levels.levels(desk.ws)]
        for code, title, of in (*here, *above):
            row = Row(title, picture=("icon", "list-checks", "neutral"), name=f"target:{code}")
            row.clicked.connect(lambda _on=False, title=title, of=of: self.ask(title, of))
            self.rows[code] = row, of
            self.body.addWidget(row)
        words = _("Dipakai di laporan bulanan dan lembar pembinaan. Bulan yang lebih awal memakai target sebelumnya.")
        self.body.addWidget(Label(words, "small", "text3", wrap=True))
        self._tell()

    def ask(self, title: str, posts: tuple[str, ...]) -> RecordSheet:
        """A sheet with the targets of these posts; what is saved can be taken back."""
        from posyandu.services import targets

        saves: tuple[str, ...] = ()

        def write(told: Answers) -> str:
            nonlocal saves
            saves = targets.choose(self.desk.ws, posts, told)
            return ""

        def done(words: str, _id: str) -> None:
            self._tell()
            self.desk.toast(words, _("Batalkan"), take_back)
            self.desk.announce(FORM.name)

        def take_back() -> None:
            targets.take_back(self.desk.ws, saves)
            self._tell()
            self.desk.announce(FORM.name)

        told = targets.answers(self.desk.ws, posts)
        title = _("Target {name}").format(name=title)
        return RecordSheet(
            self.window(), self.desk, FORM, title, told, done, write=write, saved=_("Target tersimpan")
        )  # fmt: skip

    def _tell(self) -> None:
        from posyandu.services import targets

        for row, posts in self.rows.values():
            row.show_state(detail=targets.words(self.desk.ws, posts))
