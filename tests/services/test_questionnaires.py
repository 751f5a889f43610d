"""Answers of SRQ-20 and of the eight questions of the youth are sealed: who reads them, who cannot, what stays open."""

from collections.abc import Iterator
from datetime import date, timedelta

import pypdfium2
import pytest

from posyandu.domain.errors import BadInput
from posyandu.domain.fields import Value
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.social import SEALED
from posyandu.services import companions, duplicates, erasure, people, questionnaires, sealed, sessions, visits
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import drafts, journal, records
from tests.erased import reasons
from tests.services.melati import NOW, POST, READER_PIN, TODAY, child, post, whole, with_reader, woman

SRQ, MENTAL, SDQ = FORMS["srq20"], FORMS["school_mental"], FORMS["sdq"]
CALM: dict[str, Value | None] = dict.fromkeys(questionnaires.secret(SRQ), False)
YES: dict[str, Value | None] = {**CALM, **{f"srq_{number}": True for number in range(1, 7)}}


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = post()
    yield book
    assert journal.rows_equal_replay(book.db)
    book.close()


@pytest.fixture
def day(ws: Workspace) -> str:
    return sessions.open_day(ws, POST, TODAY)


def read(ws: Workspace, reader: Worker, form: str, record_id: str) -> tuple[sealed.Opened, ...]:
    asker, ws.worker = ws.worker, reader
    try:
        return questionnaires.open_newest(ws, sealed.unlock(ws, READER_PIN), FORMS[form], record_id)
    finally:
        ws.worker = asker


def test_every_confidential_form_says_what_is_secret_and_what_stays_readable() -> None:
    assert questionnaires.CONFIDENTIAL == (MENTAL, SDQ, SRQ)
    assert len(questionnaires.secret(SRQ)) == 20
    assert len(questionnaires.secret(MENTAL)) == 8
    assert questionnaires.readable(SRQ) == ("answered", "outcome")
    assert questionnaires.readable(MENTAL) == ("answered",)
    purposes = {option.code for option in SEALED.fields["purpose"].options}  # type: ignore[attr-defined]
    assert {form.name for form in questionnaires.CONFIDENTIAL} <= purposes


@pytest.mark.parametrize(
    ("told", "answered", "outcome"),
    [
        (CALM, True, "low"),
        (CALM | {"srq_17": True}, True, "low"),
        (YES, True, "high"),
        ({"srq_17": True}, False, None),
        ({f"srq_{number}": True for number in range(1, 7)}, False, "high"),
    ],
)
def test_the_record_says_only_whether_it_was_answered_and_whether_six_or_more(
    ws: Workspace, day: str, told: dict[str, Value | None], answered: bool, outcome: str | None
) -> None:
    with_reader(ws)
    ibu = woman(ws)
    saved = visits.record(ws, SRQ, day, ibu, told)
    row = records.load(ws.db, SRQ, saved.record_id)
    assert row is not None
    kept = {name: value for name, value in row.answers.items() if value is not None}
    assert kept.pop("person_id") == ibu
    assert kept.pop("session_id") == day
    assert kept.pop("visited_on") == TODAY
    assert kept == {"answered": answered} | ({"outcome": outcome} if outcome else {})
    assert saved.assessment is not None  # who asks is told at once what to do
    for entry in records.history(ws.db, saved.record_id):
        assert not {name for name in entry.changes if name.startswith("srq_")}


def test_only_a_reader_opens_them_and_it_is_written_down_first(ws: Workspace, day: str) -> None:
    reader = with_reader(ws)
    saved = visits.record(ws, MENTAL, day, child(ws, "Made", date(2010, 1, 1)), {"suicidal": True, "unsafe": False})
    (envelope,) = questionnaires.envelopes(ws, saved.record_id)
    assert not questionnaires.for_me(ws, saved.record_id)
    (opened,) = read(ws, reader, "school_mental", saved.record_id)
    assert opened.values == {"suicidal": True, "unsafe": False}
    assert (opened.about_id, opened.worker_id) == (saved.record_id, ws.worker.id)
    assert [(each.by, each.action) for each in sealed.accesses(ws, envelope.id)] == [("Bidan Ani", "opened")]
    ws.worker = Worker("lain", "Bidan Ratna", "midwife")
    stranger = sealed.make_key(ws, READER_PIN)
    assert stranger.accepted
    assert not questionnaires.for_me(ws, saved.record_id)
    with pytest.raises(BadInput, match="tidak disegel"):
        questionnaires.open_newest(ws, sealed.unlock(ws, READER_PIN), MENTAL, saved.record_id)
    assert len(sealed.accesses(ws, envelope.id)) == 1


def test_without_a_reader_nothing_is_kept_not_even_as_a_draft(ws: Workspace, day: str) -> None:
    ibu = woman(ws)
    assert not questionnaires.may_write(ws)
    with pytest.raises(BadInput, match="langsung kepada bidan"):
        visits.record(ws, SRQ, day, ibu, YES)
    visits.keep_draft(ws, SRQ, day, ibu, YES)
    assert records.load_many(ws.db, SRQ) == []
    assert drafts.every(ws.db) == []
    with pytest.raises(ValueError, match="by itself"):
        visits.set_cell(ws, SRQ, day, ibu, "srq_1", True)
    with_reader(ws)
    assert questionnaires.may_write(ws)


def test_answers_given_again_make_another_envelope_and_broken_off_take_nothing_back(ws: Workspace, day: str) -> None:
    reader = with_reader(ws)
    ibu = woman(ws)
    first = visits.record(ws, SRQ, day, ibu, YES)
    ws.keep_time_by(lambda: NOW + timedelta(minutes=5))
    visits.record(ws, SRQ, day, ibu, {"srq_1": False})
    row = records.load(ws.db, SRQ, first.record_id)
    assert row is not None
    assert (row.answers["answered"], row.answers["outcome"]) == (True, "high")
    newest, before = read(ws, reader, "srq20", first.record_id)
    assert newest.values == {"srq_1": False}
    assert before.values["srq_1"] is True
    visits.record(ws, SRQ, day, ibu, CALM)
    again = records.load(ws.db, SRQ, first.record_id)
    assert again is not None
    assert again.answers["outcome"] == "low"


def test_one_more_reader_can_be_let_in(ws: Workspace, day: str) -> None:
    first = with_reader(ws)
    saved = visits.record(ws, SRQ, day, woman(ws), YES)
    ws.worker = Worker("perawat", "Ns. Budi", "puskesmas")
    public = sealed.make_key(ws, READER_PIN).public
    assert not questionnaires.for_me(ws, saved.record_id)
    ws.worker = first
    key = sealed.unlock(ws, READER_PIN)
    with pytest.raises(BadInput, match="Cocokkan"):
        questionnaires.share(ws, key, saved.record_id, public)
    assert questionnaires.lacking(ws, saved.record_id) == ()  # whom she has not accepted is not offered
    sealed.accept(ws, public)
    assert [reader.name for reader in questionnaires.lacking(ws, saved.record_id)] == ["Ns. Budi"]
    assert questionnaires.share(ws, key, saved.record_id, public) == 1
    assert questionnaires.lacking(ws, saved.record_id) == ()
    assert questionnaires.share(ws, key, saved.record_id, public) == 0
    ws.worker = Worker("perawat", "Ns. Budi", "puskesmas")
    assert questionnaires.is_unread(ws, saved.record_id)
    (opened,) = questionnaires.open_newest(ws, sealed.unlock(ws, READER_PIN), SRQ, saved.record_id)
    assert opened.values["srq_6"] is True
    assert not questionnaires.is_unread(ws, saved.record_id)


def old_answers(ws: Workspace, ibu: str) -> str:
    """As an earlier version kept them: in the open."""
    told = {"visited_on": TODAY, **YES}
    records.save(
        ws.db, SRQ, "lama", told, scope=POST, author=ws.author, now=ws.now(), links={"person_id": ibu}
    )  # fmt: skip
    return "lama"


def test_answers_of_an_earlier_version_are_sealed_once_a_reader_is_accepted(ws: Workspace) -> None:
    old = old_answers(ws, woman(ws))
    assert questionnaires.seal_old(ws) == 0  # nobody could open them
    reader = with_reader(ws)
    assert questionnaires.seal_old(ws) == 1
    assert questionnaires.seal_old(ws) == 0
    row = records.load(ws.db, SRQ, old)
    assert row is not None
    assert not any(row.answers[name] is not None for name in questionnaires.secret(SRQ))
    assert (row.answers["answered"], row.answers["outcome"], row.answers["visited_on"]) == (True, "high", TODAY)
    (opened,) = read(ws, reader, "srq20", old)
    assert opened.values == YES


def open_answers(ws: Workspace) -> list[str]:
    """Records whose confidential answers the journal tells anybody who opens the book."""
    ops = [op for row in records.load_many(ws.db, SRQ, withdrawn=True) for op, _device in journal.ops_of(ws.db, row.id)]
    return [op.record for op in ops if any(op.fields.get(name) is not None for name in questionnaires.secret(SRQ))]


def test_what_the_journal_kept_open_is_erased_and_the_record_stays_as_it_is(ws: Workspace) -> None:
    ibu = woman(ws)
    old = old_answers(ws, ibu)
    assert questionnaires.open_saves(ws) == {}, "nobody could read them otherwise yet"
    reader = with_reader(ws)
    questionnaires.seal_old(ws)
    before = records.load(ws.db, SRQ, old)
    assert before is not None
    (named,) = questionnaires.open_saves(ws).values()
    assert (open_answers(ws), len(named)) == ([old], 2)
    ws.worker = Worker("koordinator", "Bu Rini", "kader")
    with pytest.raises(BadInput, match="koordinator kader, bidan atau petugas Puskesmas"):
        erasure.forget_open_answers(ws, pin="")
    ws.worker = Worker("koordinator", "Bu Rini", "coordinator")
    done = erasure.forget_open_answers(ws, pin="")
    assert (done.records, done.saves) == (1, 2)
    assert done.sentence == "2 simpanan dengan jawaban terbuka dihapus. Server dan laptop lain menyusul."
    assert (open_answers(ws), questionnaires.open_saves(ws)) == ([], {})
    after = records.load(ws.db, SRQ, old)
    assert after is not None
    assert (after.answers, after.saved_at, after.withdrawn) == (before.answers, before.saved_at, False)
    assert after.answers["person_id"] == ibu
    assert read(ws, reader, "srq20", old)[0].values == YES
    assert reasons(ws) == ["Jawaban rahasia yang dulu terbuka"]
    assert erasure.forget_open_answers(ws, pin="").saves == 0


def test_a_withdrawn_questionnaire_stays_withdrawn_when_its_open_answers_go(ws: Workspace) -> None:
    old = old_answers(ws, woman(ws))
    with_reader(ws)
    questionnaires.seal_old(ws)
    records.withdraw(ws.db, SRQ, old, author=ws.author, now=ws.now())
    ws.worker = Worker("koordinator", "Bu Rini", "coordinator")
    assert erasure.forget_open_answers(ws, pin="").records == 1
    row = records.load(ws.db, SRQ, old)
    assert row is not None
    assert (row.withdrawn, open_answers(ws)) == (True, [])


def test_answers_that_were_always_sealed_leave_nothing_to_erase(ws: Workspace, day: str) -> None:
    with_reader(ws)
    visits.record(ws, SRQ, day, woman(ws), YES)
    assert questionnaires.open_saves(ws) == {}


def test_two_records_of_one_person_joined_and_parted_keep_each_their_answers(ws: Workspace, day: str) -> None:
    reader = with_reader(ws)
    one, other = woman(ws), woman(ws, "Wulan Sarii")
    saved = visits.record(ws, SRQ, day, other, YES)
    duplicates.merge(ws, one, other)
    assert records.load_many(ws.db, SRQ, person_id=one)[0].id == saved.record_id
    assert read(ws, reader, "srq20", saved.record_id)[0].values == YES
    asked = {each.form.name: each for each in companions.companions(ws, one, day, TODAY)}
    assert asked["srq20"].words == "Sudah 12-11-2026"
    duplicates.part(ws, one, other)
    assert records.load_many(ws.db, SRQ, person_id=other)[0].id == saved.record_id
    assert read(ws, reader, "srq20", saved.record_id)[0].values == YES


def test_a_reader_counts_number_17_and_nobody_else_can(ws: Workspace, day: str) -> None:
    reader = with_reader(ws)
    yes, no = woman(ws, "Wulan"), woman(ws, "Dewi")
    visits.record(ws, SRQ, day, yes, CALM | {"srq_17": True})
    visits.record(ws, SRQ, day, no, CALM)
    ws.worker = reader
    key = sealed.unlock(ws, READER_PIN)
    assert questionnaires.counted(ws, key, POST, TODAY, TODAY) == [yes]
    assert questionnaires.counted(ws, key, POST, TODAY + timedelta(days=1), TODAY + timedelta(days=9)) == []
    other = Worker("lain", "Sari", "kader")
    ws.worker = other
    assert questionnaires.counted(ws, sealed.sealing.new_key(), POST, TODAY, TODAY) == []


def test_no_answer_stands_in_any_row_save_search_or_timeline(ws: Workspace, day: str) -> None:
    with_reader(ws)
    made, ibu = child(ws, "Made", date(2010, 1, 1)), woman(ws)
    before = whole(ws).count("suicidal"), whole(ws).count("srq_17")
    visits.record(ws, MENTAL, day, made, {"suicidal": True})
    visits.record(ws, SRQ, day, ibu, CALM | {"srq_17": True})
    assert (whole(ws).count("suicidal"), whole(ws).count("srq_17")) == before
    for who in (made, ibu):
        card = people.card(ws, who)
        assert not any(entry.form in ("srq20", "school_mental") for entry in card.timeline)


@pytest.mark.parametrize("form", questionnaires.CONFIDENTIAL, ids=lambda form: form.name)
def test_the_blank_sheet_asks_every_confidential_question_and_says_to_whom_it_goes(ws: Workspace, form: Form) -> None:
    assert questionnaires.whom_to_tell(ws) == "bidan atau Puskesmas"
    told = {"name": "Melati", "midwife": "Ani Suryani"}
    records.save(ws.db, FORMS["posyandu"], POST, told, scope=POST, author=ws.author, now=ws.now())
    paper = pypdfium2.PdfDocument(questionnaires.blank(ws, form))
    words = " ".join("".join(page.get_textpage().get_text_bounded() for page in paper).split())
    for name in questionnaires.secret(form):
        assert form.fields[name].label.split()[0] in words
    assert form.fields[questionnaires.secret(form)[-1]].label in words
    assert "amplop tertutup, serahkan hari ini kepada Bidan Ani Suryani" in words
    assert "Satu tanda bahaya saja" not in words
    assert "Yang tetap terbaca" not in words


SDQ_TOLD: dict[str, Value | None] = {"place": "school", "examiner": "dr. Sari", "sdq_band": "borderline"}


def test_the_result_of_sdq_is_entered_by_health_workers_alone_and_sealed(ws: Workspace, day: str) -> None:
    reader, made = with_reader(ws), child(ws, "Made", date(2015, 1, 1))
    told = {**SDQ_TOLD, "sdq_informant": "teacher"}

    def offered() -> set[str]:
        return {each.form.name for each in companions.companions(ws, made, day, TODAY)}

    assert "sdq" not in offered(), "a kader is not asked it"
    with pytest.raises(BadInput, match="Hanya bidan"):
        visits.record(ws, SDQ, day, made, told)
    assert records.load_many(ws.db, SDQ) == []
    ws.worker = reader
    assert "sdq" in offered()
    saved = visits.record(ws, SDQ, day, made, told)
    row = records.load(ws.db, SDQ, saved.record_id)
    assert row is not None
    kept = {name: value for name, value in row.answers.items() if value is not None}
    assert kept == {
        "person_id": made, "session_id": day, "visited_on": TODAY, "place": "school", "examiner": "dr. Sari",
        "answered": True,
    }  # fmt: skip
    assert saved.assessment is None, "nobody judges it"
    for entry in records.history(ws.db, saved.record_id):
        assert not {name for name in entry.changes if name.startswith("sdq_")}
    (opened,) = read(ws, reader, "sdq", saved.record_id)
    assert opened.values == {"sdq_informant": "teacher", "sdq_band": "borderline"}
    sdq = next(each for each in companions.companions(ws, made, day, TODAY) if each.form is SDQ)
    assert (sdq.words, sdq.is_due) == ("Sudah 12-11-2026", False)


def test_a_band_without_who_filled_it_in_is_not_whole(ws: Workspace, day: str) -> None:
    ws.worker = with_reader(ws)
    saved = visits.record(ws, SDQ, day, child(ws, "Made", date(2015, 1, 1)), SDQ_TOLD)
    row = records.load(ws.db, SDQ, saved.record_id)
    assert row is not None
    assert row.answers["answered"] is False
