"""A birth in one sheet: how the pregnancy ended, the child, and how it was at birth, saved together or not at all."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Answers, Condition, Field, Value
from posyandu.domain.form import Form, Level, Section
from posyandu.domain.form import problems as form_problems
from posyandu.domain.forms.postpartum import NEWBORN
from posyandu.domain.forms.pregnancy import PREGNANCY, gave_birth, has_living_child
from posyandu.domain.forms.registration import PERSON
from posyandu.services import people, pregnancies, unsaved, visits
from posyandu.services.people import NotFinal, PersonHit
from posyandu.services.workspace import Workspace
from posyandu.storage import records
from posyandu.storage.engine import transaction
from posyandu.text import N_, _

ENDED = ("outcome", "ended_on", "birth_place", "birth_attendant", "birth_mode", "babies")
BABY = ("name", "sex", "birth_weight_g", "birth_length_mm", "birth_head_mm", "gestation_weeks", "early_breastfeeding")
AT_BIRTH = (
    *("condition", "congenital", "vitamin_k", "eye_ointment", "hb0_on", "thyroid_screened"),
    *("kn1_on", "kn2_on", "kn3_on"),
)


def _asked(form: Form, names: tuple[str, ...], shown_if: Condition | None) -> tuple[Field, ...]:
    return tuple(replace(form.fields[name], shown_if=shown_if, required=False) for name in names)


BIRTH = Form(
    name="birth",
    title=N_("Persalinan"),
    version=1,
    sections=(
        Section(N_("Akhir kehamilan"), tuple(PREGNANCY.fields[name] for name in ENDED)),
        Section(N_("Bayi"), _asked(PERSON, BABY, has_living_child)),
        Section(N_("Waktu lahir"), _asked(NEWBORN, AT_BIRTH, has_living_child)),
        Section(
            N_("Kunjungan nifas oleh tenaga kesehatan"),
            _asked(PREGNANCY, tuple(f"kf{number}_on" for number in range(1, 5)), gave_birth),
        ),
    ),
    source="Buku KIA 2023; SIP Format 1; Kartu Bantu Pemeriksaan Ibu Nifas (Kemenkes, ILP 2023)",
)
"""The sheet: questions of three records under one roof. It has no record of its own."""

TWIN = replace(
    BIRTH,
    title=N_("Bayi berikutnya"),
    sections=(
        Section(N_("Bayi"), _asked(PERSON, BABY, None)),
        Section(N_("Waktu lahir"), _asked(NEWBORN, AT_BIRTH, None)),
    ),
)
"""The part asked again for each further child of the same birth; the outcome is known."""


def note(ws: Workspace, pregnancy_id: str, answers: Answers) -> str | None:
    """Note how a pregnancy ended; for a living child register it with its newborn record, and give back its id.

    A child without a name is called after its mother until it has one. Said again, the end is corrected and the child
    is the one that was registered, born on the day now said: no second one. Raises BadInput without an outcome
    or its day, NotFinal for what else is missing or impossible, NotFound.
    """
    row = pregnancies.get(ws, pregnancy_id)
    told = {name: value for name, value in answers.items() if name in BIRTH.fields}
    merged = {**row.answers, **told}
    found = [each for each in form_problems(BIRTH, merged, people.plain_context(ws)) if each.level is Level.HARD]
    if merged.get("outcome") in (None, "ongoing"):
        raise BadInput(_("Pilih hasil kehamilannya lebih dahulu."))
    if not isinstance(merged.get("ended_on"), date):
        raise BadInput(_("Isi tanggal bersalin atau berakhirnya."))
    if found:
        raise NotFinal(found)
    ended = {name: value for name, value in told.items() if name in PREGNANCY.fields}
    with transaction(ws.db):
        known = children_of(ws, pregnancy_id)  # asked before the day of birth may change
        pregnancies.correct(ws, pregnancy_id, ended)
        if merged.get("outcome") != "live_birth":
            return None
        for each in known:
            if each.born_on != merged["ended_on"]:
                people.correct(ws, each.id, {"born_on": merged["ended_on"]})
        return known[0].id if known else _child(ws, pregnancy_id, told)


def note_twin(ws: Workspace, pregnancy_id: str, answers: Answers) -> str:
    """Register a further child of the same birth. Raises BadInput when all of them are registered already."""
    if not still_to_note(ws, pregnancy_id):
        raise BadInput(_("Semua bayi dari persalinan ini sudah didaftarkan."))
    with transaction(ws.db):
        return _child(ws, pregnancy_id, answers)


def children_of(ws: Workspace, pregnancy_id: str) -> list[PersonHit]:
    """The children registered of the birth that ended this pregnancy."""
    row = pregnancies.get(ws, pregnancy_id)
    rows = records.load_many(ws.db, PERSON, mother_id=str(row.answers.get("person_id")))
    own = [each for each in rows if not each.withdrawn and each.answers.get("born_on") == row.answers.get("ended_on")]
    return people.hits(ws, own)


def still_to_note(ws: Workspace, pregnancy_id: str) -> int:
    """How many living children of this birth are not registered yet."""
    answers = pregnancies.get(ws, pregnancy_id).answers
    if answers.get("outcome") != "live_birth":
        return 0
    babies = answers.get("babies")
    return max(0, (babies if isinstance(babies, int) else 1) - len(children_of(ws, pregnancy_id)))


# --- what is typed and not saved: kept with the form each question comes from ---------------------------------------


def keep_draft(
    ws: Workspace, pregnancy_id: str, answers: Answers, unread: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Keep what was typed on the sheet so far, as `unread` what is no answer yet; an empty one is forgotten."""
    told = [
        (form, {name: answers.get(name) for name in form.fields if answers.get(name) is not None or name in unread})
        for form in (PREGNANCY, PERSON, NEWBORN)
    ]
    for form, own in sorted(told, key=lambda each: bool(each[1])):  # to forget one forgets what is no answer, too
        if own:
            unsaved.keep(ws, form, _key(pregnancy_id), own, unread)
        else:
            unsaved.forget(ws, form, _key(pregnancy_id))


def draft(ws: Workspace, pregnancy_id: str) -> Answers:
    """What was typed on the sheet and not saved; {} when nothing waits."""
    return {name: value for each in _kept(ws, pregnancy_id) for name, value in each.answers.items()}


def unread_draft(ws: Workspace, pregnancy_id: str) -> Mapping[str, str]:
    """What was typed on the sheet and is no answer yet, as it stood, by field."""
    return next((each.unread for each in _kept(ws, pregnancy_id)), {})


def _kept(ws: Workspace, pregnancy_id: str) -> list[unsaved.Unsaved]:
    found = [unsaved.load(ws, form, _key(pregnancy_id)) for form in (PREGNANCY, PERSON, NEWBORN)]
    return [each for each in found if each is not None]


def drop_draft(ws: Workspace, pregnancy_id: str) -> None:
    """The sheet was saved or thrown away."""
    keep_draft(ws, pregnancy_id, {})


def _key(pregnancy_id: str) -> str:
    return f"lahir-{pregnancy_id}"


def _child(ws: Workspace, pregnancy_id: str, answers: Answers) -> str:
    row = pregnancies.get(ws, pregnancy_id)
    mother_id = str(row.answers.get("person_id"))
    mother = people.card(ws, mother_id).hit
    baby: dict[str, Value | None] = {name: answers.get(name) for name in BABY}
    baby["name"] = baby["name"] or _("Bayi Ny. {name}").format(name=mother.name)
    baby |= {"born_on": row.answers["ended_on"], "mother_id": mother_id, "birth_order": row.answers.get("gravida")}
    child_id = people.register(ws, {**baby, "scope": mother.scope})  # whichever post is being worked at
    at_birth = {name: answers[name] for name in AT_BIRTH if answers.get(name) is not None}
    if at_birth:
        record_id = records.visit_id(NEWBORN.name, "once", child_id)
        visits.record(ws, NEWBORN, None, child_id, {"visited_on": ws.today(), **at_birth}, record_id=record_id)
    return child_id
