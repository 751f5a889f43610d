"""e-PPGBM (SIGIZI Terpadu): write the sheets it imports."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from posyandu.domain import indicators
from posyandu.domain.calendar import Month
from posyandu.domain.fields import Answers
from posyandu.domain.forms.under_five import FORM as UNDER_FIVE_VISIT
from posyandu.reports.eppgbm import Child, Export, Meal
from posyandu.reports.eppgbm import export as _export
from posyandu.services import consents, feeding, leaving
from posyandu.services.report_data import gather
from posyandu.services.workspace import Workspace
from posyandu.storage import summaries
from posyandu.text import _


@dataclass(frozen=True)
class Saved:
    """The files written, how many rows each sheet has, and how many were left out; `feeding` are weeks of MT.

    `kept_in` says who agreed to no sharing.
    """

    paths: tuple[Path, ...]
    identity: int
    measurement: int
    refused: int
    feeding: int = 0
    kept_in: str = ""

    @property
    def sentence(self) -> str:
        """What happened, in one sentence."""
        words = _("{children} anak dan {visits} hasil ukur siap diunggah.").format(
            children=self.identity, visits=self.measurement
        )
        if self.feeding:
            words = f"{words} {_('{n} catatan mingguan MT ikut.').format(n=self.feeding)}"
        if self.refused:
            words = f"{words} {_('{n} baris belum bisa: lihat berkas yang ditolak.').format(n=self.refused)}"
        return f"{words} {self.kept_in}".rstrip()


def export(ws: Workspace, posyandu_id: str, month: Month) -> Export:
    """The sheets of a post for a month: every balita, and of each weighed the last visit. Raises NotFound.

    What was read from a tool found wrong is refused: the ministry would work out an index from it. Nobody is in them
    who took sharing back, not as somebody's parent either.
    """
    data, kept = gather(ws, posyandu_id, month), consents.kept_in(ws, posyandu_id)
    every = [each for each in data.children.get(month, ()) if indicators.under_five(each)]
    children = [each for each in every if each.id not in kept]
    told = {str(id_) for each in every for id_ in (each.id, each.person.get("mother_id"), each.person.get("father_id"))}
    visits = summaries.visits_of(ws.db, UNDER_FIVE_VISIT, [each.id for each in children], month.last)
    found = []
    for each in children:
        person = consents.without(kept, each.person)
        parent: Answers = data.everyone.get(str(person.get("mother_id") or person.get("father_id")), {})
        pairs = zip(each.visits, each.assessments, strict=True)
        weighed = [(visit, judged.spoilt) for visit, judged in pairs if visit.get("weight_g") is not None]
        right = [visit for visit, spoilt in weighed if not spoilt]
        measured = right or [visit for visit, _spoilt in weighed]
        last = measured[-1] if measured else None
        doubt = _("alat ukurnya ternyata salah: ukur lagi") if weighed and not right else ""
        rows = [row.answers for row in visits.get(each.id, ())]
        found.append(Child(each.id, person, parent, last, rows, doubt))
    made = _export(found, list(_meals(ws, posyandu_id, month, {each.id: each for each in found})))
    return replace(made, kept_in=consents.left_out_words(kept[id_] for id_ in told & kept.keys()))


def _meals(ws: Workspace, posyandu_id: str, month: Month, children: Mapping[str, Child]) -> Iterator[Meal]:
    """The weeks of MT checked in the month, by child and week."""
    known = feeding.of_post(ws, posyandu_id, month.last)
    for child_id, child in children.items():
        for programme in reversed(known.get(child_id, [])):
            for week in programme.weeks:
                on = week.answers.get("visited_on")
                if isinstance(on, date) and on in month:
                    yield Meal(child, programme.answers, week.answers)


Kind = Literal["xls", "xlsx"]
"""The blanks of the ministry are .xls; whether .xlsx is taken everywhere is not known, so both are offered."""


def save(ws: Workspace, posyandu_id: str, month: Month, folder: Path, kind: Kind = "xls") -> Saved:
    """Write the sheets into a folder, made when missing: identity, measurement, PMT, and the rows to be refused.

    The refused rows are for people, and always an .xlsx. Raises NotFound for an unknown post, DiskFull and BadInput
    as the reports do.
    """
    from posyandu.reports import spreadsheet, xls

    made = export(ws, posyandu_id, month)
    packed = xls.import_sheet if kind == "xls" else spreadsheet.import_sheet
    folder.mkdir(parents=True, exist_ok=True)
    leaving.note(ws, leaving.DATA, f"e-PPGBM {month}", scope=posyandu_id)
    files = []
    sheets = [(_("e-PPGBM identitas"), made.identity), (_("e-PPGBM pengukuran"), made.measurement)]
    if made.feeding[1].rows:
        sheets.append((_("e-PPGBM PMT"), made.feeding))
    for name, sheet in sheets:
        files.append(leaving.write(folder / f"{name} {month}.{kind}", packed(*sheet)))
    if made.refused.rows:
        path = folder / _("e-PPGBM yang ditolak {month}.xlsx").format(month=month)
        files.append(leaving.write(path, spreadsheet.import_sheet(_("Ditolak"), made.refused)))
    return Saved(
        tuple(files),
        len(made.identity[1].rows),
        len(made.measurement[1].rows),
        len(made.refused.rows),
        len(made.feeding[1].rows),
        made.kept_in,
    )
