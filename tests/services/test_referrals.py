"""Referrals: begun from what a visit found, printed as a slip, answered; without an answer they stay on the list."""

from datetime import date, timedelta

import pypdfium2
import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import follow_up, people, referrals, sessions, tasks, visits
from posyandu.services.people import NotFinal
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests.services.melati import CHILD, NOW, POST, TODAY, Clock, child, post, weighed, woman

NOVEMBER = Month(2026, 11)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ws(clock: Clock) -> Workspace:
    return post(clock)


def thin(ws: Workspace) -> tuple[str, str]:
    """A child with a red arm below the red line, and the visit that found it."""
    raka = child(ws, rt="02", mother_name="Wulan", nik="5203010507250001")
    weighed(ws, raka, date(2026, 10, 10), 8_200)
    return raka, weighed(ws, raka, TODAY, 8_000, muac_mm=113, counselling="Makan telur")


def sent(ws: Workspace) -> tuple[str, str]:
    raka, visit = thin(ws)
    referrals.refer(ws, raka, referrals.draft(ws, raka, CHILD.name, visit), CHILD.name, visit)
    return raka, visit


def open_reasons(ws: Workspace, month: Month = NOVEMBER) -> list[str]:
    found = {each.code: each for each in follow_up.attention(ws, POST, month)}
    return [row.reason for row in found["referral_open"].people] if "referral_open" in found else []


def test_a_referral_begins_with_what_the_visit_found_measured_and_left_out(ws: Workspace) -> None:
    raka, visit = thin(ws)
    begun = referrals.draft(ws, raka, CHILD.name, visit)
    reasons = str(begun["reasons"]).split("\n")
    assert [each.partition(":")[0] for each in reasons] == [
        "LiLA merah", "Di bawah garis merah (BGM)", "Berat tidak naik (T)",
    ]  # fmt: skip
    assert begun["measured"] == "Berat badan 8,0 kg, Lingkar lengan atas 11,3 cm"
    assert str(begun["not_examined"]).startswith("panjang atau tinggi badan, lingkar kepala")
    assert (begun["urgency"], begun["destination"], begun["given"]) == ("today", "puskesmas", "Makan telur")
    assert begun["rules"] == "muac_red below_red not_gained"
    assert (begun["referred_on"], begun["referred_by"]) == (TODAY, "Sari")


def test_what_the_kader_already_wrote_in_the_visit_comes_first(ws: Workspace) -> None:
    raka = child(ws)
    day = sessions.open_day(ws, POST, TODAY)
    saved = visits.record(
        ws, CHILD, day, raka, {"weight_g": 9_600, "referral": "hospital", "referral_reason": "Kejang"}
    )
    begun = referrals.draft(ws, raka, CHILD.name, saved.record_id)
    assert (begun["reasons"], begun["destination"], begun["urgency"]) == ("Kejang", "hospital", None)


def test_without_a_visit_only_the_day_and_who_refers_are_known(ws: Workspace) -> None:
    raka = child(ws)
    assert referrals.draft(ws, raka) == {
        "referred_on": TODAY, "destination": "puskesmas", "referred_by": "Sari",
    }  # fmt: skip
    with pytest.raises(NotFound):
        referrals.draft(ws, raka, CHILD.name, "no-such-visit")
    with pytest.raises(NotFound):
        referrals.draft(ws, "nobody")


def test_confidential_answers_never_reach_a_slip(ws: Workspace) -> None:
    ani = people.register(ws, {"name": "Ani", "sex": "female", "born_on": date(2010, 1, 5)})
    records.save(
        ws.db, FORMS["school_mental"], "m-1", {"visited_on": TODAY, "suicidal": True},
        scope=POST, author=ws.author, now=NOW, links={"person_id": ani},
    )  # fmt: skip
    begun = referrals.draft(ws, ani, "school_mental", "m-1")
    assert begun["reasons"] == "Perlu diperiksa tenaga kesehatan (keterangan disampaikan langsung)"
    assert "measured" not in begun
    assert "rules" not in begun


def test_referring_tells_the_visit_too_so_that_the_report_counts_it(ws: Workspace) -> None:
    _raka, visit = sent(ws)
    row = records.load(ws.db, CHILD, visit)
    assert row is not None
    assert row.answers["referral"] == "puskesmas"
    assert journal.rows_equal_replay(ws.db)


def test_two_laptops_that_write_the_slip_of_a_visit_meet_in_one_record(ws: Workspace) -> None:
    raka, visit = sent(ws)
    again = referrals.draft(ws, raka, CHILD.name, visit)
    referrals.refer(ws, raka, {**again, "companion": "Kader Yuli"}, CHILD.name, visit)
    (only,) = referrals.of_person(ws, raka)
    assert only.record_id == referrals.referral_id(visit)
    assert only.answers["companion"] == "Kader Yuli"


def test_a_referral_wants_a_reason_and_a_known_person(ws: Workspace) -> None:
    raka = child(ws)
    with pytest.raises(NotFinal, match="Alasan"):
        referrals.refer(ws, raka, {**referrals.draft(ws, raka), "reasons": " "})
    with pytest.raises(NotFound):
        referrals.refer(ws, "nobody", {"reasons": "x", "destination": "pustu", "referred_on": TODAY})
    with pytest.raises(NotFound):
        referrals.slip(ws, raka, "no-such-slip")


def test_a_slip_without_an_answer_stays_on_the_list_though_the_person_came_again(ws: Workspace, clock: Clock) -> None:
    raka, _visit = sent(ws)
    assert open_reasons(ws) == ["Dirujuk ke Puskesmas 12-11-2026: LiLA merah"]
    clock.now = NOW + timedelta(days=30)
    weighed(ws, raka, clock.now.date(), 8_900)
    assert open_reasons(ws, NOVEMBER + 1) == ["Dirujuk ke Puskesmas 12-11-2026: LiLA merah"]
    assert open_reasons(ws, NOVEMBER - 1) == []
    assert open_reasons(ws, NOVEMBER + 12) == []


def test_an_answer_takes_it_off_the_list_and_stays_with_the_person(ws: Workspace) -> None:
    raka, _visit = sent(ws)
    came = {
        "came": "came", "came_on": TODAY, "diagnosis": "Gizi buruk tanpa komplikasi", "treatment": "RUTF 14 hari",
        "control_on": TODAY + timedelta(days=14),
    }  # fmt: skip
    saved = referrals.answer(ws, referrals.find(ws, raka), came)
    assert open_reasons(ws) == []
    (kept,) = referrals.of_person(ws, raka)
    assert kept.state == "came"
    assert kept.words == (
        "Dirujuk ke Puskesmas 12-11-2026: LiLA merah. Datang 12-11-2026: Gizi buruk tanpa komplikasi."
        " Kontrol 26-11-2026"
    )
    assert (kept.answers["answered_on"], kept.answers["answered_by"]) == (TODAY, "Sari")
    referrals.undo(ws, saved.op_id)
    assert open_reasons(ws) != []
    assert journal.rows_equal_replay(ws.db)


def test_who_did_not_go_leaves_the_list_of_answers_and_is_to_be_visited(ws: Workspace) -> None:
    raka, _visit = sent(ws)
    referrals.answer(ws, referrals.find(ws, raka), {"came": "not_came", "why_not": "Tidak ada ongkos"})
    found = {each.code: each for each in follow_up.attention(ws, POST, NOVEMBER)}
    assert "referral_open" not in found
    assert found["home_visit"].people[0].reason == "Tidak datang ke tempat rujukan: Tidak ada ongkos"
    assert referrals.of_person(ws, raka)[0].words.endswith("Tidak datang: Tidak ada ongkos")


def test_an_answer_must_say_whether_the_person_went(ws: Workspace) -> None:
    raka, _visit = sent(ws)
    with pytest.raises(BadInput, match="datang atau tidak"):
        referrals.answer(ws, referrals.find(ws, raka), {"diagnosis": "Sehat"})


def test_a_visit_that_only_says_referred_is_answered_the_same_way(ws: Workspace) -> None:
    raka = child(ws)
    day = sessions.open_day(ws, POST, TODAY)
    visits.record(ws, CHILD, day, raka, {"weight_g": 9_600, "referral": "pustu", "referral_reason": "Batuk"})
    assert open_reasons(ws) == ["Dirujuk ke Pustu 12-11-2026: Batuk"]
    referrals.answer(ws, referrals.find(ws, raka), {"came": "came", "came_on": TODAY, "diagnosis": "ISPA"})
    assert open_reasons(ws) == []
    (kept,) = referrals.of_person(ws, raka)
    assert (kept.answers["destination"], kept.answers["reasons"], kept.answers["diagnosis"]) == (
        "pustu", "Batuk", "ISPA",
    )  # fmt: skip


def test_a_control_that_came_and_went_without_a_visit_is_to_be_visited(ws: Workspace, clock: Clock) -> None:
    raka, _visit = sent(ws)
    control = TODAY + timedelta(days=7)
    referrals.answer(ws, referrals.find(ws, raka), {"came": "came", "came_on": TODAY, "control_on": control})
    clock.now = NOW + timedelta(days=6)
    assert "home_visit" not in {each.code for each in follow_up.attention(ws, POST, NOVEMBER)}
    clock.now = NOW + timedelta(days=7)
    found = {each.code: each for each in follow_up.attention(ws, POST, NOVEMBER)}
    assert found["home_visit"].people[0].reason == "Waktunya kontrol 19-11-2026"


def test_nobody_without_a_referral_is_found(ws: Workspace) -> None:
    assert referrals.of_person(ws, child(ws)) == []
    with pytest.raises(NotFound):
        referrals.find(ws, child(ws, "Ani"))


def test_a_deed_noted_for_a_referral_stands_beside_its_answer(ws: Workspace) -> None:
    sent(ws)
    board = tasks.board(ws, POST)
    (task,) = [task for each in board.lists if each.code == "referral_open" for task in each.tasks]
    assert task.errand == "tanyakan hasil rujukannya"


# --- on paper -------------------------------------------------------------------------------------------------------


def words(pdf: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(pdf)]


def test_the_slip_and_its_answer_are_the_halves_of_one_a4(ws: Workspace) -> None:
    raka, visit = sent(ws)
    pdf = referrals.slip(ws, raka, referrals.referral_id(visit))
    assert pdf == referrals.slip(ws, raka, referrals.referral_id(visit))
    (page,) = words(pdf)
    for each in (
        "SURAT RUJUKAN POSYANDU", "Raka Aditya", "Hari ini juga", "LiLA merah: Lingkar lengan 11,3 cm", "Wulan",
        "Berat badan 8,0 kg", "Belum diperiksa", "JAWABAN RUJUKAN (RUJUK BALIK)", "Diagnosis", "bukan diagnosis",
    ):  # fmt: skip
        assert each in page
    assert [round(side) for side in pypdfium2.PdfDocument(pdf)[0].get_size()] == [595, 842]


def test_on_a5_they_are_two_pages(ws: Workspace) -> None:
    raka, visit = sent(ws)
    pdf = referrals.slip(ws, raka, referrals.referral_id(visit), "A5")
    first, second = words(pdf)
    assert "SURAT RUJUKAN" in first
    assert "JAWABAN RUJUKAN" in second
    assert [round(side) for side in pypdfium2.PdfDocument(pdf)[0].get_size()] == [595, 420]


def test_a_slip_of_many_reasons_stays_on_its_half(ws: Workspace) -> None:
    raka, _visit = thin(ws)
    many = "\n".join(f"Alasan {number}: " + "kata " * 30 for number in range(30))
    saved = referrals.refer(ws, raka, {**referrals.draft(ws, raka), "reasons": many, "not_examined": "x " * 200})
    assert saved.changed
    record = referrals.find(ws, raka).record_id
    document = pypdfium2.PdfDocument(referrals.slip(ws, raka, record))
    assert len(document) == 1
    text = document[0].get_textpage()
    upper = text.get_text_bounded(0, 421, 595, 842)
    assert "Yang merujuk" in upper
    assert "Pengantar" in upper
    lower = text.get_text_bounded(0, 0, 595, 415)
    assert "Alasan" not in lower


def test_an_answer_known_is_printed_and_saved(ws: Workspace, tmp_path: pytest.TempPathFactory) -> None:
    raka, visit = sent(ws)
    referrals.answer(ws, referrals.find(ws, raka), {"came": "came", "came_on": TODAY, "diagnosis": "Gizi buruk"})
    path = referrals.save_slip(ws, raka, referrals.referral_id(visit), tmp_path / "rujukan.pdf")  # type: ignore[operator]
    (page,) = words(path.read_bytes())
    assert "Datang 12-11-2026" in page
    assert "Gizi buruk" in page


@pytest.mark.parametrize("form", ["pregnancy_visit", "postpartum_visit", "school_visit", "adult_visit"])
def test_every_group_gets_its_slip(ws: Workspace, form: str) -> None:
    mother = woman(ws)
    records.save(
        ws.db, FORMS["pregnancy"], "p-1", {"noted_on": TODAY - timedelta(days=90), "lmp_on": TODAY - timedelta(140)},
        scope=POST, author=ws.author, now=NOW, links={"person_id": mother},
    )  # fmt: skip
    records.save(
        ws.db, FORMS[form], "v-1", {"visited_on": TODAY, "systolic_mmhg": 185, "diastolic_mmhg": 115},
        scope=POST, author=ws.author, now=NOW, links={"person_id": mother, **(
            {"pregnancy_id": "p-1"} if "pregnancy_id" in FORMS[form].links else {})},
    )  # fmt: skip
    begun = referrals.draft(ws, mother, form, "v-1")
    assert "185/115" in str(begun["measured"])
    assert begun["urgency"] == "today"
    referrals.refer(ws, mother, begun, form, "v-1")
    assert "185/115 mmHg" in words(referrals.slip(ws, mother, referrals.referral_id("v-1")))[0]


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"came": "not_came"}, "Tidak datang"),
        ({"came": "not_came", "why_not": "Tidak ada biaya"}, "Tidak datang: Tidak ada biaya"),
        ({"came": "not_came", "came_on": date(2026, 11, 20), "diagnosis": "x"}, "Tidak datang"),
        ({"came": "came"}, "Datang"),
        ({"came": "came", "came_on": date(2026, 11, 20)}, "Datang 20-11-2026"),
        ({"came": "came", "diagnosis": "Anemia ringan."}, "Datang: Anemia ringan"),
        ({"came": "came", "control_on": date(2026, 12, 20)}, "Datang. Kontrol 20-12-2026"),
        (
            {
                "came": "came", "came_on": date(2026, 11, 20), "diagnosis": "anemia ringan",
                "control_on": date(2026, 12, 20),
            },
            "Datang 20-11-2026: anemia ringan. Kontrol 20-12-2026",
        ),
    ],
)  # fmt: skip
def test_what_came_back_is_told_in_one_line(answers: dict[str, Value | None], words: str) -> None:
    assert referrals.answer_words(answers) == words


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"destination": "puskesmas"}, "Dirujuk ke Puskesmas 10-09-2026"),
        ({"destination": "puskesmas", "reasons": "BGM: berat di bawah"}, "Dirujuk ke Puskesmas 10-09-2026: BGM"),
        ({"destination": "pustu", "reasons": "BGM\nLiLA merah"}, "Dirujuk ke Pustu 10-09-2026: BGM"),
        ({"destination": "puskesmas", "reasons": "Menurut hasil pemeriksaan"}, "Dirujuk ke Puskesmas 10-09-2026"),
        ({"destination": "puskesmas", "reasons": None}, "Dirujuk ke Puskesmas 10-09-2026"),
    ],
)
def test_where_somebody_was_sent_and_the_first_reason(answers: dict[str, Value | None], words: str) -> None:
    assert referrals._place_words(answers, date(2026, 9, 10)) == words


def test_a_place_of_next_year_has_no_name() -> None:
    assert referrals.place_name({"destination": "moon"}) == referrals.place_name({}) == ""


# --- how long it stays on the list -----------------------------------------------------------------------------------


def slip_of(ws: Workspace, person_id: str, on: date, **more: Value | None) -> str:
    record = records.new_id()
    told = {"referred_on": on, "destination": "puskesmas", "reasons": "BGM", **more}
    records.save(
        ws.db, FORMS["referral"], record, told, scope=POST, author=ws.author, now=ws.now(),
        links={"person_id": person_id},
    )  # fmt: skip
    return record


@pytest.mark.parametrize(
    ("on", "is_open"),
    [
        (date(2026, 11, 12), True),
        (date(2025, 12, 31), True),  # eleven months by the calendar
        (date(2025, 12, 1), True),
        (date(2025, 11, 30), False),  # twelve
        (date(2026, 12, 1), False),  # of a month that is still to come
    ],
)
def test_a_slip_without_an_answer_stays_a_year_on_the_list(ws: Workspace, on: date, is_open: bool) -> None:
    slip_of(ws, child(ws), on)
    assert bool(open_reasons(ws)) == is_open


@pytest.mark.parametrize(
    ("on", "is_open"), [(date(2026, 11, 1), True), (date(2026, 9, 1), True), (date(2026, 8, 31), False)]
)
def test_a_visit_that_only_says_referred_stays_three_months(ws: Workspace, on: date, is_open: bool) -> None:
    weighed(ws, child(ws), on, 9_000, referral="puskesmas")
    assert bool(open_reasons(ws)) == is_open


def test_a_visit_that_says_nobody_was_referred_is_on_no_list(ws: Workspace) -> None:
    weighed(ws, child(ws), TODAY, 9_000, referral="none")
    assert open_reasons(ws) == []


@pytest.mark.parametrize("came", ["came", "not_came"])
def test_an_answered_slip_is_on_the_list_no_more_whatever_the_answer(ws: Workspace, came: str) -> None:
    slip_of(ws, child(ws), TODAY, came=came)
    assert open_reasons(ws) == []


def test_who_is_to_go_today_comes_first(ws: Workspace) -> None:
    slip_of(ws, child(ws, "Ayu", date(2025, 1, 1)), date(2026, 11, 1), urgency="routine")
    slip_of(ws, child(ws, "Raka"), date(2026, 11, 10), urgency="today")
    found = {each.code: each for each in follow_up.attention(ws, POST, NOVEMBER)}["referral_open"]
    assert [row.name for row in found.people] == ["Raka", "Ayu"]


# --- what a slip tells the visit, and what it does not ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("destination", "told"), [("pustu", "pustu"), ("puskesmas", "puskesmas"), ("hospital", "hospital"),
                              ("other", "puskesmas"), ("dinsos", "puskesmas")],
)  # fmt: skip
def test_the_visit_says_where_to_as_far_as_it_can(ws: Workspace, destination: str, told: str) -> None:
    raka, visit = thin(ws)
    referrals.refer(ws, raka, {**referrals.draft(ws, raka, CHILD.name, visit), "destination": destination},
                    CHILD.name, visit)  # fmt: skip
    row = records.load(ws.db, CHILD, visit)
    assert row is not None
    assert row.answers["referral"] == told


def test_what_the_visit_said_itself_is_not_written_over(ws: Workspace) -> None:
    raka = child(ws)
    visit = weighed(ws, raka, TODAY, 8_000, referral="pustu", referral_reason="Kader minta dilihat")
    begun = referrals.draft(ws, raka, CHILD.name, visit)
    assert begun["destination"] == "pustu"
    assert str(begun["reasons"]).startswith("Kader minta dilihat")
    referrals.refer(ws, raka, {**begun, "destination": "hospital"}, CHILD.name, visit)
    row = records.load(ws.db, CHILD, visit)
    assert row is not None
    assert row.answers["referral"] == "pustu"


@pytest.mark.parametrize(
    ("form", "visit"), [("under_five_visit", "nobody's visit"), ("a form of next year", "v"), ("", "v")]
)
def test_a_referral_of_a_visit_that_is_not_there_is_not_begun(ws: Workspace, form: str, visit: str) -> None:
    with pytest.raises(NotFound, match="Kunjungan ini tidak ada"):
        referrals.draft(ws, child(ws), form, visit)


def test_the_newest_without_an_answer_is_found_and_an_answered_one_by_its_id(ws: Workspace) -> None:
    raka = child(ws)
    old = slip_of(ws, raka, date(2026, 9, 1))
    done = slip_of(ws, raka, date(2026, 10, 1), came="came")
    new = slip_of(ws, raka, date(2026, 11, 1))
    assert referrals.find(ws, raka).record_id == new
    assert referrals.find(ws, raka, done).state == "came"
    assert [each.record_id for each in referrals.of_person(ws, raka)] == [new, done, old]
    assert [each.record_id for each in referrals.of_post(ws, POST)] == [old, done, new]
    for record in (old, new):
        records.withdraw(ws.db, FORMS["referral"], record, author=ws.author, now=ws.now())
    with pytest.raises(NotFound, match="Rujukan ini tidak ada"):
        referrals.find(ws, raka)
    assert referrals.of_post(ws, "a post nobody has") == []


def test_the_last_visit_of_any_form_begins_a_referral(ws: Workspace) -> None:
    raka = child(ws)
    assert referrals.last_visit(ws, raka) == ("", "")
    weighed(ws, raka, date(2026, 10, 1), 8_000)
    newest = weighed(ws, raka, TODAY, 8_100)
    assert referrals.last_visit(ws, raka) == (CHILD.name, newest)
