"""A report goes from kader to village and back, each step by whose duty it is, and its time is counted."""

from datetime import date, datetime, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms.social import FIELDS, KINDS, STEP, TICKET
from posyandu.services import follow_up, people, sealed, social
from posyandu.services.people import NotFinal
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from tests.services import melati

KADER, HEAD, MIDWIFE, VILLAGE, PPA = (
    Worker("k", "Sari", "kader"),
    Worker("c", "Kokom", "coordinator"),
    Worker("b", "Bidan Ani", "midwife"),
    Worker("d", "Pak Kades", "village"),
    Worker("u", "Bu Rina", "ppa"),
)
PIN = "271845"
TOLD = {"kind": "dropout", "finding": "Berhenti kelas 5 sejak Agustus", "consent": "agreed", "urgency": "normal"}


def as_(ws: Workspace, worker: Worker) -> Workspace:
    ws.worker = worker
    return ws


def compared(ws: Workspace, worker: Worker) -> Workspace:
    """Somebody at work who has compared the digits of every reader."""
    for reader in sealed.readers(as_(ws, worker)):
        sealed.accept(ws, reader.public)
    return ws


def reported(ws: Workspace, **more: object) -> str:
    child = melati.child(ws, "Raka Aditya", date(2015, 7, 5))
    return social.open_ticket(as_(ws, KADER), {**TOLD, **more}, person_id=child).id  # type: ignore[arg-type]


def test_a_report_knows_whom_it_is_about_its_field_and_its_clock(ws: Workspace) -> None:
    each = social.ticket(ws, reported(ws))
    assert each.who == "Raka Aditya, 11 tahun"
    assert (each.field, each.stage, each.urgency, each.owner) == ("education", "recorded", "normal", "")
    assert each.number.startswith("SPM-PDD-202611-")
    assert (each.clock.left, each.clock.due_on) == (5, date(2026, 11, 19))
    assert each.is_open
    assert not each.sealed


def test_a_report_of_a_family_or_a_place(ws: Workspace) -> None:
    mother = melati.woman(ws, address="Dasan Baru RT 01", kk="5203019912120001")
    house = str(records.load(ws.db, people.PERSON, mother).answers["household_id"])  # type: ignore[union-attr]
    family = social.open_ticket(ws, {**TOLD, "kind": "unfit_house"}, household_id=house)
    place = social.open_ticket(ws, {**TOLD, "kind": "road", "place": "Jalan ke sekolah"})
    assert social.ticket(ws, family.id).who.startswith("Keluarga ")
    assert social.ticket(ws, place.id).who == "Jalan ke sekolah"
    own = social.open_ticket(ws, TOLD, person_id=mother)
    assert {each.id for each in social.tickets(ws, household_id=house)} == {family.id, own.id}
    assert [each.id for each in social.tickets(ws, person_id=mother)] == [own.id]


@pytest.mark.parametrize("missing", ["kind", "finding", "consent", "urgency"])
def test_what_must_be_known_is_asked_for(ws: Workspace, missing: str) -> None:
    with pytest.raises(NotFinal):
        social.open_ticket(ws, {**TOLD, missing: None, "place": "Dusun"})
    assert records.load_many(ws.db, TICKET) == []


def test_a_report_of_nobody_nowhere_is_refused(ws: Workspace) -> None:
    with pytest.raises(BadInput, match="Pilih orang"):
        social.open_ticket(ws, TOLD)
    with pytest.raises(NotFound):
        social.open_ticket(ws, TOLD, person_id="nobody")
    with pytest.raises(NotFound):
        social.open_ticket(ws, TOLD, household_id="nobody")


def test_the_whole_way_with_persons_days_and_notes(ws: Workspace, clock: melati.Clock) -> None:
    one = reported(ws)
    social.advance(as_(ws, HEAD), one, "verified", note="Sudah dikunjungi")
    clock.now += timedelta(days=1)
    social.advance(as_(ws, HEAD), one, "forwarded", sent_to="education_office", owner="Dikbud kecamatan")
    clock.now += timedelta(days=3)
    social.advance(as_(ws, VILLAGE), one, "handled", note="Didaftarkan PKBM", reference="421/17")
    clock.now += timedelta(days=30)
    social.advance(as_(ws, MIDWIFE), one, "done")
    each = social.ticket(ws, one)
    assert each.stage == "done"
    assert not each.is_open
    assert [(step.stage, step.by, step.role, step.on.day) for step in each.steps] == [
        ("verified", "Kokom", "coordinator", 12),
        ("forwarded", "Kokom", "coordinator", 13),
        ("handled", "Pak Kades", "village", 16),
        ("done", "Bidan Ani", "midwife", 16),
    ]
    assert (each.owner, each.steps[2].reference) == ("Dikbud kecamatan", "421/17")
    assert (each.clock.used, each.clock.runs) == (2, False)


def test_each_step_belongs_to_a_duty(ws: Workspace) -> None:
    one = reported(ws)
    for worker in (KADER, PPA):
        with pytest.raises(BadInput, match="dilakukan oleh: Koordinator"):
            social.advance(as_(ws, worker), one, "verified")
        assert not social.may(ws, social.ticket(ws, one), "verified")
    with pytest.raises(BadInput, match="tahap sekarang"):
        social.advance(as_(ws, HEAD), one, "done")
    assert social.may(ws, social.ticket(ws, one), "verified")
    assert records.load_many(ws.db, STEP) == []


def test_a_refusal_says_why_and_sending_on_says_where(ws: Workspace) -> None:
    one = reported(ws)
    as_(ws, HEAD)
    with pytest.raises(BadInput, match="alasan"):
        social.advance(ws, one, "refused", reason="  ")
    social.advance(ws, one, "verified")
    with pytest.raises(BadInput, match="kepada siapa"):
        social.advance(ws, one, "forwarded")
    social.advance(ws, one, "refused", reason="Sudah sekolah lagi")
    assert social.ticket(ws, one).steps[-1].reason == "Sudah sekolah lagi"
    assert social.ticket(ws, one).clock.level == "neutral"


def test_against_the_familys_will_only_an_emergency_goes_on(ws: Workspace) -> None:
    for urgency, passes in (("normal", False), ("emergency", True)):
        one = reported(ws, consent="declined", urgency=urgency)
        social.advance(as_(ws, HEAD), one, "verified")
        if passes:
            social.advance(ws, one, "forwarded", sent_to="village")
        else:
            with pytest.raises(BadInput, match="tidak setuju"):
                social.advance(ws, one, "forwarded", sent_to="village")
            social.correct(ws, one, {"consent": "agreed"})
            social.advance(ws, one, "forwarded", sent_to="village")
    place = social.open_ticket(ws, {**TOLD, "kind": "road", "place": "Jalan", "consent": "declined"})
    social.advance(ws, place.id, "verified")
    social.advance(ws, place.id, "forwarded", sent_to="works_office")  # a road has no family


@pytest.mark.parametrize("days", [-1, 1])
def test_a_step_is_between_the_report_and_today(ws: Workspace, days: int) -> None:
    one = reported(ws)
    with pytest.raises(BadInput, match="Tanggal langkah"):
        social.advance(as_(ws, HEAD), one, "verified", on=melati.TODAY + timedelta(days=days))


def test_the_last_step_is_taken_back_by_its_duty_and_the_taking_back_too(ws: Workspace) -> None:
    one = reported(ws)
    with pytest.raises(BadInput, match="Belum ada langkah"):
        social.undo_last(ws, one)
    social.advance(as_(ws, HEAD), one, "verified")
    with pytest.raises(BadInput, match="dibatalkan oleh"):
        social.undo_last(as_(ws, KADER), one)
    back = social.undo_last(as_(ws, HEAD), one)
    assert social.ticket(ws, one).stage == "recorded"
    social.undo(ws, back.op_id)
    assert social.ticket(ws, one).stage == "verified"


def test_a_report_passes_into_other_hands(ws: Workspace) -> None:
    one = reported(ws)
    with pytest.raises(BadInput, match="siapa yang menangani"):
        social.assign(ws, one, " ")
    social.assign(as_(ws, KADER), one, "Kader Sari")
    social.advance(as_(ws, HEAD), one, "verified")
    social.assign(ws, one, "Sekretaris desa")
    each = social.ticket(ws, one)
    assert (each.stage, each.owner) == ("verified", "Sekretaris desa")
    social.advance(ws, one, "refused", reason="Bukan warga sini")
    with pytest.raises(BadInput, match="sudah berakhir"):
        social.assign(ws, one, "Siapa pun")


def test_what_was_said_is_corrected_and_the_report_taken_away_and_back(ws: Workspace) -> None:
    one = reported(ws)
    social.correct(ws, one, {"finding": "Berhenti kelas 6"})
    assert social.ticket(ws, one).answers["finding"] == "Berhenti kelas 6"
    with pytest.raises(NotFinal):
        social.correct(ws, one, {"finding": None})
    gone = social.withdraw(ws, one, "Salah orang")
    with pytest.raises(NotFound):
        social.ticket(ws, one)
    assert social.tickets(ws) == ()
    social.undo(ws, gone.op_id)
    assert [each.id for each in social.tickets(ws)] == [one]


def test_the_list_begins_with_what_presses_and_ends_with_what_is_over(ws: Workspace) -> None:
    old = reported(ws, noted_on=date(2026, 11, 3))
    new, pressing, over = reported(ws), reported(ws, urgency="emergency"), reported(ws)
    social.advance(as_(ws, HEAD), over, "refused", reason="Keliru")
    assert [each.id for each in social.tickets(ws)] == [pressing, old, new, over]
    assert [each.id for each in social.tickets(ws, stage="refused")] == [over]
    assert [each.id for each in social.tickets(ws, urgency="emergency")] == [pressing]
    assert [each.id for each in social.near_limit(ws, melati.POST)] == [old]


def test_reports_near_their_limit_join_the_follow_up_without_saying_what_they_are(
    ws: Workspace, clock: melati.Clock
) -> None:  # fmt: skip
    mother = melati.woman(ws, address="Dasan Baru RT 01", kk="5203019912120001")
    house = str(records.load(ws.db, people.PERSON, mother).answers["household_id"])  # type: ignore[union-attr]
    one = social.open_ticket(as_(ws, KADER), {**TOLD, "kind": "unfit_house"}, household_id=house)
    social.open_ticket(ws, {**TOLD, "kind": "road", "place": "Jalan"})
    sealed.make_key(as_(ws, MIDWIFE), PIN)
    social.open_sealed(compared(ws, KADER), SECRET, person_id=mother)

    def listed() -> dict[str, str]:
        found = follow_up.attention(ws, melati.POST, Month.of(ws.today()))
        rows = [row for each in found if each.code == "social_limit" for row in each.people]
        return {row.id: row.reason for row in rows}

    assert listed() == {}
    clock.now += timedelta(days=6)  # four working days
    number = social.ticket(ws, one.id).number
    assert listed() == {mother: f"Laporan {number}, sisa 1 hari kerja"}
    clock.now += timedelta(days=6)
    assert listed() == {mother: f"Laporan {number}, lewat 3 hari kerja"}
    old = follow_up.attention(ws, melati.POST, Month(2026, 6))
    assert "social_limit" not in {each.code for each in old}
    social.advance(as_(ws, HEAD), one.id, "refused", reason="Keliru")
    assert listed() == {}


def test_the_recap_counts_six_fields_in_their_month(ws: Workspace, clock: melati.Clock) -> None:
    clock.now = datetime(2026, 10, 30, 9, 0, tzinfo=melati.ZONE)
    old = reported(ws)
    clock.now = melati.NOW
    reported(ws, kind="water", place="Dusun")
    no = reported(ws, kind="water", place="Dusun")
    as_(ws, HEAD)
    social.advance(ws, old, "verified")
    social.advance(ws, old, "forwarded", sent_to="education_office")
    social.advance(ws, old, "handled")
    social.advance(ws, no, "refused", reason="Sudah diperbaiki")
    counts = {each.field: each for each in social.recap(ws, melati.POST, Month(2026, 11))}
    assert list(counts) == list(FIELDS)
    assert vars(counts["education"]) | {"field": 0} == {
        "field": 0, "received": 0, "handled": 1, "refused": 0, "waiting": 0
    }  # fmt: skip
    assert vars(counts["public_works"]) | {"field": 0} == {
        "field": 0, "received": 2, "handled": 0, "refused": 1, "waiting": 1
    }  # fmt: skip
    before = {each.field: each for each in social.recap(ws, melati.POST, Month(2026, 10))}
    assert (before["education"].received, before["education"].waiting) == (1, 1)


def test_two_laptops_that_stepped_at_once_show_both(ws: Workspace) -> None:
    one = reported(ws)
    as_(ws, HEAD)
    for stage in ("verified", "refused"):
        answers = {"stage": stage, "stepped_on": melati.TODAY, "done_by": "Kokom", "reason": "x"}
        records.save(ws.db, STEP, stage, answers, scope=melati.POST, author=ws.author, now=ws.now(),
                     links={"ticket_id": one})  # fmt: skip
    each = social.ticket(ws, one)
    assert len(each.disputed) == 1
    assert {each.stage, each.disputed[0].stage} == {"verified", "refused"}
    social.drop_disputed(ws, each, each.disputed[0].id)
    assert social.ticket(ws, one).disputed == ()


# --- confidential ---------------------------------------------------------------------------------------------------

SECRET = {"kind": "violence", "finding": "Zulaikha ditampar", "consent": "not_asked", "urgency": "emergency"}


def sealed_report(ws: Workspace, **more: object) -> str:
    sealed.make_key(as_(ws, MIDWIFE), PIN)
    mother = melati.woman(ws, "Zulaikha Qomariyah")
    return social.open_sealed(compared(ws, KADER), {**SECRET, **more}, person_id=mother).id  # type: ignore[arg-type]


def test_violence_cannot_be_reported_in_the_open(ws: Workspace) -> None:
    for kind in KINDS.values():
        if kind.sealed:
            with pytest.raises(BadInput, match="rahasia"):
                social.open_ticket(ws, {**SECRET, "kind": kind.code, "place": "Dusun"})
    one = reported(ws)
    with pytest.raises(BadInput, match="rahasia"):
        social.correct(ws, one, {"kind": "violence"})


def test_the_bidan_reads_and_carries_on_what_a_kader_sealed(ws: Workspace) -> None:
    one = sealed_report(ws)
    assert social.sealed_tickets(ws) == (social.SealedTicket(one, melati.NOW, True, False),)
    key = sealed.unlock(as_(ws, MIDWIFE), PIN)
    assert social.sealed_tickets(ws) == (social.SealedTicket(one, melati.NOW, False, True),)
    each = social.read_sealed(ws, key, one)
    assert (each.who, each.answers["finding"], each.sealed) == (
        "Zulaikha Qomariyah, 28 tahun",
        "Zulaikha ditampar",
        True,
    )
    social.advance(ws, one, "verified", note="Sudah ditemui Zulaikha", key=key)
    social.advance(ws, one, "forwarded", sent_to="ppa", key=key)
    social.assign(ws, one, "UPTD PPA Mataram", key=key)
    each = social.read_sealed(ws, key, one)
    assert (each.stage, each.owner, len(each.steps)) == ("forwarded", "UPTD PPA Mataram", 3)
    social.undo_last(ws, one, key=key)
    assert social.read_sealed(ws, key, one).owner == ""
    assert [access.action for access in sealed.accesses(ws, one)] == ["opened"] * 3


def test_of_a_sealed_report_others_learn_nothing(ws: Workspace) -> None:
    sealed_report(ws)
    for worker in (HEAD, VILLAGE, PPA, Worker("k2", "Dewi", "kader")):
        as_(ws, worker)
        assert social.sealed_tickets(ws) == ()
    assert social.tickets(ws) == ()
    assert social.near_limit(ws, melati.POST) == ()
    assert all(each.received == each.waiting == 0 for each in social.recap(ws, melati.POST, Month(2026, 11)))
    (hit,) = people.search(ws, "Zulaikha")
    card = people.card(ws, hit.id)
    assert [each.form for each in card.timeline if each.form in ("sealed", "social_ticket", "sealed_access")] == []
    assert social.tickets(ws, person_id=hit.id) == ()
    assert "ditampar" not in melati.whole(ws)
    assert "violence" not in melati.whole(ws)


def test_any_problem_can_be_sealed_and_a_step_before_a_readers_time_is_passed_over(ws: Workspace) -> None:
    one = sealed_report(ws, kind="child_marriage")
    key = sealed.unlock(as_(ws, MIDWIFE), PIN)
    social.advance(ws, one, "verified", key=key)
    late = sealed.make_key(as_(ws, PPA), PIN)
    sealed.share(compared(ws, MIDWIFE), key, one, late.public)
    theirs = sealed.unlock(as_(ws, PPA), PIN)
    assert social.read_sealed(ws, theirs, one).steps == ()
    assert social.share(as_(ws, MIDWIFE), key, one, late.public) == 1
    assert [step.stage for step in social.read_sealed(as_(ws, PPA), theirs, one).steps] == ["verified"]
    with pytest.raises(NotFound):
        social.advance(ws, "nowhere", "verified", key=theirs)


def test_a_sealed_report_is_undone_like_any_other(ws: Workspace) -> None:
    sealed.make_key(as_(ws, MIDWIFE), PIN)
    saved = social.open_sealed(compared(ws, KADER), {**SECRET, "place": "Rumah kosong"})
    social.undo(ws, saved.op_id)
    assert social.sealed_tickets(ws) == ()
