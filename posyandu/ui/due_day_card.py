"""By which day of the next month the posts' reports are wanted: chosen by who looks after several posts."""

from typing import Any

from posyandu.domain.calendar import Month, date_text
from posyandu.text import _
from posyandu.ui.desk import Desk
from posyandu.ui.widgets.basics import Card, Label, row_layout
from posyandu.ui.widgets.picker import Picker


class DueDayCard(Card):
    """The day, and what it means for this month's report; saved as soon as it is chosen."""

    def __init__(self, desk: Desk) -> None:
        from posyandu.services import review

        super().__init__(_("Batas laporan bulanan"), spacing=12)
        self.desk = desk
        row = row_layout()
        row.addWidget(Label(_("Laporan diterima Puskesmas paling lambat tanggal"), "body", wrap=True), 1)
        self.day = Picker(
            [(day, str(day)) for day in review.DUE_DAYS],
            name="pilihan:batas-laporan",
            accessible=_("Laporan diterima Puskesmas paling lambat tanggal"),
        )
        self.day.set_value(review.due_day(desk.ws))
        self.day.activated.connect(lambda _index: self._choose())
        row.addWidget(self.day)
        self.body.addLayout(row)
        self.says = Label("", "small", "text3", wrap=True)
        self.body.addWidget(self.says)
        self._explain()

    def _choose(self) -> None:
        from posyandu.services import review

        day: Any = self.day.value()
        review.set_due_day(self.desk.ws, day)
        self._explain()
        self.desk.toast(_("Batas laporan: tanggal {day} bulan berikutnya").format(day=day))
        self.desk.announce()

    def _explain(self) -> None:
        from posyandu.services import review

        due = review.due_on(self.desk.ws, Month.of(self.desk.ws.today()))
        words = _("Laporan bulan ini paling lambat {day}. Sisa hari di papan Posyandu dihitung dari sini.")
        self.says.setText(words.format(day=date_text(due)))
