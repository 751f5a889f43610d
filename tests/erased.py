"""What an erasure leaves in a book for good: that it was, why, and whether the day is told."""

from datetime import date

from posyandu.domain.forms.erasure import FORM
from posyandu.services.workspace import Workspace
from posyandu.storage import records


def reasons(ws: Workspace) -> list[str]:
    """The reason of every erasure of the post at work, in words; each has its day and who asked for it."""
    words = {each.code: each.label for each in FORM.fields["why"].options}  # type: ignore[attr-defined]
    rows = records.load_many(ws.db, FORM, withdrawn=True, scope=ws.posyandu_id)
    assert all(isinstance(row.answers["erased_on"], date) and row.saved_by for row in rows)
    return [words[str(row.answers["why"])] for row in rows]
