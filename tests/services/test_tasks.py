"""What became of the people on the follow-up lists, and the pages to take along."""

from datetime import date, timedelta

import pypdfium2
import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import follow_up, immunisation, people, person_file, sessions, tasks, visits
from posyandu.services.tasks import Task
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import journal, records
from tests.rules import ship_rules
from tests.services.melati import CHILD, NOW, POST, TODAY, Clock, child, post, pregnancy, weighed, woman

NOVEMBER = Month(2026, 11)
OCTOBER = date(2026, 10, 10)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ws(clock: Clock) -> Workspace:
    return post(clock)


def thin_child(ws: Workspace, name: str = "Raka Aditya", rt: str = "02") -> str:
    """A child who lost weight, with a thin arm: on two lists."""
    raka = child(ws, name, rt=rt, mother_name="Wulan", phone="0812")
    weighed(ws, raka, OCTOBER, 9_200)
    weighed(ws, raka, TODAY, 9_100, muac_mm=120)
    return raka


def worker(ws: Workspace, name: str, **more: object) -> str:
    worker_id = records.new_id()
    answers = {"name": name, "role": "kader", **more}
    records.save(ws.db, FORMS["worker"], worker_id, answers, scope=POST, author=ws.author, now=NOW)  # type: ignore[arg-type]
    return worker_id


def kept(ws: Workspace, form: str, person_id: str, **answers: Value | None) -> None:
    records.save(
        ws.db, FORMS[form], records.new_id(), answers,
        scope=POST, author=ws.author, now=ws.now(), links={"person_id": person_id},
    )  # fmt: skip


def codes(ws: Workspace) -> list[str]:
    return [each.code for each in tasks.board(ws, POST).lists]


def task(ws: Workspace, code: str = "not_gained") -> Task:
    return next(each for found in tasks.board(ws, POST).lists if found.code == code for each in found.tasks)


def test_the_lists_of_the_last_posyandu_day_count_until_the_next(ws: Workspace, clock: Clock) -> None:
    assert tasks.month_of(ws, POST) == NOVEMBER
    thin_child(ws)
    clock.now = NOW + timedelta(days=25)
    assert tasks.board(ws, POST).month == NOVEMBER
    assert codes(ws) == ["muac", "not_gained"]


def test_until_the_next_posyandu_day_what_has_come_due_or_was_noted_since_is_of_today(
    ws: Workspace, clock: Clock
) -> None:
    raka, ali = thin_child(ws), child(ws, "Ali")
    kept(ws, "home_child", raka, visited_on=TODAY, result="open", next_on=date(2026, 12, 4), plan="Timbang")
    clock.now = NOW + timedelta(days=23)  # 5 December; the day of December is still to come
    wulan = woman(ws)
    pregnancy(ws, wulan, outcome="live_birth", ended_on=date(2026, 11, 28))
    child(ws, "Bayi", date(2026, 12, 2), birth_weight_g=1_900)
    kept(ws, "home_child", ali, visited_on=date(2026, 12, 4), danger_breath=True, result="open")
    kept(ws, "referral", raka, referred_on=date(2026, 12, 3))
    board = tasks.board(ws, POST)
    assert board.month == NOVEMBER
    told = {(each.code, task.person.name): task.person.reason for each in board.lists for task in each.tasks}
    assert told["nifas_visit", "Wulan Sari"] == "KF2 sekarang, sampai 05-12-2026; terlewat: KF1"
    assert told["newborn_visit", "Bayi"] == "KN2 sekarang, sampai 09-12-2026; terlewat: KN1"
    assert told["home_visit", "Raka Aditya"] == "Dijanjikan 04-12-2026: Timbang"
    assert {("newborn_risk", "Bayi"), ("danger_at_home", "Ali"), ("referral_open", "Raka Aditya")} <= told.keys()
    assert ("not_gained", "Raka Aditya") in told, "what was weighed in November still stands"
    as_it_was = {each.code for each in tasks.board(ws, POST, NOVEMBER).lists}
    assert as_it_was == {"muac", "nifas_visit", "not_gained", "absent"}, "of a month asked for, its last day counts"


def board_lines(ws: Workspace) -> dict[tuple[str, str], str]:
    return {
        (each.code, task.person.name): task.person.reason for each in tasks.board(ws, POST).lists for task in each.tasks
    }


def december_without(ws: Workspace, clock: Clock) -> str:
    """The day of December: Ali comes, everybody else stays away."""
    ali = child(ws, "Ali")
    clock.now = NOW + timedelta(days=30)
    day = sessions.open_day(ws, POST, clock.now.date(), {})
    sessions.mark_present(ws, day, ali)
    return day


def test_who_stays_away_with_an_open_finding_stands_under_it_and_the_line_says_both(
    ws: Workspace, clock: Clock
) -> None:
    raka, wulan, mahmud = thin_child(ws), woman(ws), elder(ws)
    pregnancy(ws, wulan)
    kept(ws, "home_child", raka, visited_on=TODAY, danger_breath=True, result="open")
    noted(ws, "pregnancy_visit", wulan, muac_mm=210)
    noted(ws, "adult_visit", mahmud, systolic_mmhg=190, diastolic_mmhg=120)
    before = board_lines(ws)
    day = december_without(ws, clock)
    still = {key: f"{words} (bulan lalu 12-11-2026)" for key, words in before.items()}
    assert board_lines(ws) == still, "while the day is held nobody vanishes"
    sessions.mark_absent(ws, day, raka, "sick")
    sessions.close_day(ws, day)
    away = {"Raka Aditya": ", tidak datang: sakit", "Wulan Sari": ", tidak datang", "Haji Mahmud": ""}
    assert board_lines(ws) == {key: words + away[key[1]] for key, words in still.items()}
    levels = {task.level for each in tasks.board(ws, POST).lists for task in each.tasks if task.person.id == raka}
    assert levels == {"bad", "warn"}, "at the severity of what was found"
    assert {code for code, _name in before} >= {"danger_at_home", "muac", "pregnancy_risk", "pressure_sugar"}


def test_an_older_finding_ends_when_it_is_dealt_with_and_the_absence_with_it(ws: Workspace, clock: Clock) -> None:
    thin_child(ws)
    sessions.close_day(ws, december_without(ws, clock))
    tasks.settle(ws, task(ws, "muac"), "visited")
    assert board_lines(ws).keys() == {("not_gained", "Raka Aditya")}
    tasks.settle(ws, task(ws), "postponed", reason="Sakit", until=clock.now.date() + timedelta(days=7))
    assert board_lines(ws) == {}, "nobody is called absent who was visited since"
    clock.now += timedelta(days=7)
    assert board_lines(ws).keys() == {("not_gained", "Raka Aditya")}


def test_what_was_done_before_the_day_leaves_who_stays_away_to_be_called_absent(ws: Workspace, clock: Clock) -> None:
    thin_child(ws)
    tasks.settle(ws, task(ws, "muac"), "referred")
    tasks.settle(ws, task(ws), "postponed", reason="Sakit", until=TODAY + timedelta(days=20))
    clock.now = NOW + timedelta(days=29)
    back = task(ws)
    sessions.close_day(ws, december_without(ws, clock))
    assert task(ws).record_id == back.record_id, "one record about one finding, in whichever month it is asked for"
    tasks.settle(ws, back, "done")
    assert codes(ws) == [], "dealt with on the day or since"


def test_an_older_finding_ends_when_the_person_is_examined_again(ws: Workspace, clock: Clock) -> None:
    raka, mahmud, wulan = thin_child(ws), elder(ws), woman(ws)
    carried = pregnancy(ws, wulan)
    noted(ws, "adult_visit", mahmud, systolic_mmhg=190, diastolic_mmhg=120)
    noted(ws, "pregnancy_visit", wulan, muac_mm=210)
    day = december_without(ws, clock)
    visits.record(ws, FORMS["adult_visit"], day, mahmud, {"systolic_mmhg": 120, "diastolic_mmhg": 75})
    visits.record(ws, CHILD, day, raka, {"muac_mm": 140})
    records.save(
        ws.db, FORMS["pregnancy"], carried, {"outcome": "live_birth", "ended_on": date(2026, 12, 1)},
        scope=POST, author=ws.author, now=ws.now(),
    )  # fmt: skip
    found = board_lines(ws)
    assert {code for code, _name in found} == {"not_gained", "nifas_visit"}, "he was not weighed again"
    assert found["not_gained", "Raka Aditya"].endswith("(bulan lalu 12-11-2026)")
    visits.record(ws, CHILD, day, raka, {"weight_g": 9_700})
    assert {code for code, _name in board_lines(ws)} == {"nifas_visit"}


def test_an_older_finding_is_asked_about_for_half_a_year_or_as_long_as_the_dinas_says(
    ws: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    raka = child(ws)
    weighed(ws, raka, date(2026, 5, 10), 6_500)
    weighed(ws, child(ws, "Ali"), TODAY, 9_600)
    clock.now = NOW + timedelta(days=1)
    assert board_lines(ws)["below_red", "Raka Aditya"] == "Di bawah garis merah (10-05-2026), tidak datang"
    clock.now = NOW + timedelta(days=30)
    assert ("below_red", "Raka Aditya") not in board_lines(ws)
    ship_rules(monkeypatch, {"stays_open": {"finding_months": 7, "slip_months": 12, "noted_months": 3}})
    assert ("below_red", "Raka Aditya") in board_lines(ws)


def test_what_was_done_about_a_newborn_at_risk_holds_in_the_next_month(ws: Workspace, clock: Clock) -> None:
    child(ws, "Bayi", TODAY - timedelta(days=1), birth_weight_g=1_900)
    tasks.settle(ws, task(ws, "newborn_risk"), "referred")
    clock.now = NOW + timedelta(days=20)
    assert "newborn_risk" not in codes(ws)


def test_a_day_just_opened_leaves_last_months_lists_and_calls_nobody_absent_before_it_is_closed(
    ws: Workspace, clock: Clock
) -> None:
    raka, ayu = thin_child(ws), child(ws, "Ayu")
    weighed(ws, ayu, TODAY, 9_000)
    clock.now = NOW + timedelta(days=25)
    day = sessions.open_day(ws, POST, clock.now.date(), {})
    assert tasks.month_of(ws, POST) == NOVEMBER
    assert codes(ws) == ["muac", "not_gained"]
    sessions.mark_present(ws, day, raka)
    assert tasks.month_of(ws, POST) == NOVEMBER + 1
    assert "absent" not in codes(ws)
    sessions.close_day(ws, day)
    assert "absent" in codes(ws)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("visited", "Sudah dikunjungi 12-11-2026 (Sari)"),
        ("referred", "Sudah dirujuk 12-11-2026 (Sari)"),
        ("done", "Selesai 12-11-2026: sudah ke Pustu (Sari)"),
    ],
)
def test_what_was_dealt_with_leaves_its_list_and_stays_thirty_days_under_done(
    ws: Workspace, clock: Clock, state: str, words: str
) -> None:
    raka = thin_child(ws)
    tasks.settle(ws, task(ws), state, reason="Sudah ke Pustu" if state == "done" else "")
    assert codes(ws) == ["muac"]
    (settled,) = tasks.board(ws, POST).settled
    assert (settled.person_id, settled.list_title, settled.state, settled.words) == (raka, "Tidak naik", state, words)
    clock.now = NOW + timedelta(days=29)
    assert len(tasks.board(ws, POST).settled) == 1
    clock.now = NOW + timedelta(days=30)
    assert tasks.board(ws, POST).settled == ()
    assert codes(ws) == ["muac"]


def test_what_was_postponed_comes_back_on_its_day_with_the_reason(ws: Workspace, clock: Clock) -> None:
    thin_child(ws)
    tasks.settle(ws, task(ws), "postponed", reason="Tidak ada di rumah", until=TODAY + timedelta(days=7))
    assert codes(ws) == ["muac"]
    (waiting,) = tasks.board(ws, POST).postponed
    assert waiting.words == "Ditunda sampai 19-11-2026: tidak ada di rumah (Sari)"
    clock.now = NOW + timedelta(days=7)
    assert codes(ws) == ["muac", "not_gained"]
    assert task(ws).note == "Ditunda sampai 19-11-2026: tidak ada di rumah (Sari)"
    assert tasks.board(ws, POST).postponed == ()
    tasks.settle(ws, task(ws), "visited")
    assert codes(ws) == ["muac"]
    assert records.load(ws.db, FORMS["follow_up"], tasks.board(ws, POST).settled[0].record_id).answers["until"] is None  # type: ignore[union-attr]


def test_a_new_finding_next_month_is_a_new_task(ws: Workspace, clock: Clock) -> None:
    raka = thin_child(ws)
    tasks.settle(ws, task(ws, "muac"), "referred")
    clock.now = NOW + timedelta(days=30)
    weighed(ws, raka, date(2026, 12, 12), 9_500, muac_mm=119)
    assert codes(ws) == ["muac"]


def test_a_referral_dealt_with_does_not_come_back_next_month(ws: Workspace, clock: Clock) -> None:
    raka = child(ws)
    day = sessions.open_day(ws, POST, TODAY)
    visits.record(ws, CHILD, day, raka, {"weight_g": 9_600, "referral": "puskesmas", "referral_reason": "Batuk"})
    tasks.settle(ws, task(ws, "referral_open"), "done", reason="Sudah kembali")
    clock.now = NOW + timedelta(days=30)
    assert "referral_open" in {each.code for each in follow_up.attention(ws, POST, NOVEMBER + 1)}
    assert [each.code for each in tasks.board(ws, POST, NOVEMBER + 1).lists] == []


def test_a_press_is_taken_back_and_so_is_taking_back(ws: Workspace) -> None:
    thin_child(ws)
    saved = tasks.settle(ws, task(ws), "visited")
    back = tasks.take_back(ws, tasks.board(ws, POST).settled[0].record_id)
    assert codes(ws) == ["muac", "not_gained"]
    tasks.undo(ws, back.op_id)
    assert codes(ws) == ["muac"]
    tasks.undo(ws, saved.op_id)
    assert codes(ws) == ["muac", "not_gained"]
    assert journal.rows_equal_replay(ws.db)


@pytest.mark.parametrize(
    ("state", "reason", "until", "sentence"),
    [
        ("gone", "", None, "Pilih apa"),
        ("postponed", "Tidak ada di rumah", None, "Pilih sampai kapan"),
        ("postponed", "Tidak ada di rumah", TODAY, "Pilih sampai kapan"),
        ("postponed", " ", TODAY + timedelta(days=1), "alasannya"),
    ],
)
def test_postponing_wants_a_reason_and_a_later_day(
    ws: Workspace, state: str, reason: str, until: date | None, sentence: str
) -> None:
    thin_child(ws)
    with pytest.raises(BadInput, match=sentence):
        tasks.settle(ws, task(ws), state, reason=reason, until=until)
    assert codes(ws) == ["muac", "not_gained"]


def test_someone_who_is_in_no_book_cannot_be_dealt_with(ws: Workspace) -> None:
    thin_child(ws)
    gone = Task("muac", "bad", task(ws).person.__class__("x", "X", "", None, "", "", "", "", ""), "r", NOVEMBER)
    with pytest.raises(NotFound):
        tasks.settle(ws, gone, "done")


def test_what_was_noted_of_someone_taken_out_of_the_book_is_not_shown(ws: Workspace) -> None:
    raka = thin_child(ws)
    tasks.settle(ws, task(ws), "visited")
    people.withdraw(ws, raka, "Salah daftar")
    assert tasks.board(ws, POST).settled == ()


def test_everyone_is_seen_once_with_every_reason_by_rt_and_the_worst_first(ws: Workspace) -> None:
    thin_child(ws, "Citra", "02")
    thin_child(ws, "Budi", "01")
    late = child(ws, "Ani", rt="02")
    weighed(ws, late, OCTOBER, 9_200)
    weighed(ws, late, TODAY, 9_200)
    shown = tasks.board(ws, POST)
    found = tasks.errands(shown)
    assert [(one.person.name, one.level) for one in found] == [("Budi", "bad"), ("Citra", "bad"), ("Ani", "warn")]
    assert found[0].reasons == ("Gizi kurang", "Turun 100 gram, target naik 200 gram")
    assert shown.people == 3
    assert [one.person.name for one in tasks.errands(shown, ["muac"])] == ["Budi", "Citra"]


def test_rts_are_shared_out_evenly_unless_somebody_was_chosen(ws: Workspace) -> None:
    for name, rt in (("Ani", "01"), ("Budi", "02"), ("Citra", "02"), ("Dewi", "")):
        thin_child(ws, name, rt)
    assert [
        (share.worker_id, share.kader, share.rts) for share in tasks.shares(ws, tasks.errands(tasks.board(ws, POST)))
    ] == [("kader-sari", "Sari", ("", "01", "02"))]
    yuli, sri = worker(ws, "Yuli"), worker(ws, "Sri")
    worker(ws, "Bidan Ratna", role="midwife")
    worker(ws, "Dulu", active=False)
    wanted = tasks.errands(tasks.board(ws, POST))
    assert {share.kader: share.rts for share in tasks.shares(ws, wanted)} == {"Sri": ("02",), "Yuli": ("", "01")}
    tasks.choose_kader(ws, {"02": yuli, "99": "nobody"})
    assert tasks.rt_kader(ws) == {"02": yuli}
    assert {share.kader: share.rts for share in tasks.shares(ws, wanted)} == {"Yuli": ("02",), "Sri": ("", "01")}
    assert sum(len(share.errands) for share in tasks.shares(ws, wanted)) == len(wanted) == 4
    assert sri in {share.worker_id for share in tasks.shares(ws, wanted)}


def text_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded() for page in document]


def test_each_kader_gets_an_a4_page_with_names_reasons_and_room_to_write(ws: Workspace) -> None:
    worker(ws, "Yuli"), worker(ws, "Sri")
    for name, rt in (("Ani", "01"), ("Budi", "02")):
        thin_child(ws, name, rt)
    shown = tasks.board(ws, POST)
    given = tasks.shares(ws, tasks.errands(shown))
    pdf = tasks.pages(ws, shown, given)
    assert pdf == tasks.pages(ws, shown, given)
    pages = text_of(pdf)
    assert len(pages) == 2
    for share, page in zip(given, pages, strict=True):
        words = " ".join(page.split())
        assert share.kader in words
        assert share.errands[0].person.name in words
        assert "Hasil dan tindak lanjut" in words
        assert "! Gizi kurang" in words
        assert "0812" in words
    width, height = pypdfium2.PdfDocument(pdf)[0].get_size()
    assert (round(width), round(height)) == (595, 842)


def test_twenty_people_fit_on_one_page(ws: Workspace) -> None:
    for number in range(20):
        thin_child(ws, f"Anak {chr(65 + number)}", "01")
    shown = tasks.board(ws, POST)
    assert len(text_of(tasks.pages(ws, shown, tasks.shares(ws, tasks.errands(shown))))) == 1


def test_nothing_to_do_still_gives_a_page(ws: Workspace) -> None:
    assert len(text_of(tasks.pages(ws, tasks.board(ws, POST), ()))) == 1


def test_the_text_for_whatsapp_names_people_by_rt_without_numbers_of_identity(ws: Workspace) -> None:
    child(ws, "Tanpa RT", nik="5203010507250001")
    thin_child(ws, "Budi", "02")
    nameless = child(ws, "Dewi", nik="5203010507250002")
    weighed(ws, nameless, TODAY, 9_600, muac_mm=120)
    shown = tasks.board(ws, POST)
    (share,) = tasks.shares(ws, tasks.errands(shown))
    text = tasks.message(ws, shown, share)
    assert text.startswith("*Daftar kunjungan Posyandu Melati, November 2026*\nUntuk Sari\n")
    assert "*RT 02*\n1. Budi (1 tahun 4 bulan, ibu Wulan): " in text
    assert "ajak ke bidan atau Puskesmas, segera" in text
    assert "*tanpa RT*" in text
    for result in ("52030", "gram", "Gizi", "LiLA", "0812"):
        assert result not in text
    assert text.endswith("Jangan diteruskan ke grup umum.")


# --- the lists of every age -----------------------------------------------------------------------------------------


def lists(ws: Workspace, month: Month = NOVEMBER) -> dict[str, follow_up.AttentionList]:
    return {each.code: each for each in follow_up.attention(ws, POST, month)}


def noted(ws: Workspace, form: str, person_id: str, on: date = TODAY, **answers: object) -> None:
    day = sessions.open_day(ws, POST, on)
    visits.record(ws, FORMS[form], day, person_id, answers)  # type: ignore[arg-type]


def elder(ws: Workspace) -> str:
    return people.register(ws, {"name": "Haji Mahmud", "sex": "male", "born_on": date(1955, 3, 1), "rt": "03"})


def test_high_pressure_and_sugar_are_a_list_and_the_rest_to_refer_another(ws: Workspace) -> None:
    mahmud = elder(ws)
    noted(
        ws,
        "adult_visit",
        mahmud,
        systolic_mmhg=190,
        diastolic_mmhg=120,
        eye_right=False,
        tbc_cough=True,
        tbc_fever=True,
    )
    found = lists(ws)
    assert found["pressure_sugar"].people[0].id == mahmud
    assert found["to_refer"].people[0].reason == "Gangguan penglihatan"
    assert "TBC" in found["tbc"].people[0].reason
    assert lists(ws, NOVEMBER + 1) == {}


def test_a_child_above_the_orange_line_or_with_signs_of_tbc_is_listed(ws: Workspace) -> None:
    raka = child(ws)
    weighed(ws, raka, OCTOBER, 13_900)
    weighed(ws, raka, TODAY, 14_500, tbc_cough=True, tbc_fever=True, tbc_weight=True)
    found = lists(ws)
    assert found["above_orange"].people[0].since == OCTOBER
    assert found["tbc"].people[0].id == raka


def test_an_elder_who_needs_help_is_listed_for_a_year(ws: Workspace) -> None:
    mahmud = elder(ws)
    least = {field.name: field.options[0].code for field in FORMS["aks"].fields.values() if hasattr(field, "options")}
    records.save(
        ws.db, FORMS["aks"], "aks-1", {**least, "visited_on": OCTOBER, "source": None},
        scope=POST, author=ws.author, now=NOW, links={"person_id": mahmud},
    )  # fmt: skip
    records.save(
        ws.db, FORMS["skilas"], "skilas-1", {"visited_on": TODAY, "stands_up": False, "sad": True},
        scope=POST, author=ws.author, now=NOW, links={"person_id": mahmud},
    )  # fmt: skip
    row = lists(ws)["elderly_help"].people[0]
    assert (row.id, row.since) == (mahmud, TODAY)
    assert "Keterbatasan gerak" in row.reason
    assert "elderly_help" in lists(ws, NOVEMBER + 11)
    assert "elderly_help" not in lists(ws, NOVEMBER + 12)


def test_a_mother_with_danger_signs_after_birth_is_listed(ws: Workspace) -> None:
    wulan = woman(ws)
    born = TODAY - timedelta(days=9)
    carried = pregnancy(ws, wulan, outcome="live_birth", ended_on=born)
    assert carried
    noted(ws, "postpartum_visit", wulan, danger_bleeding=True)
    assert lists(ws)["postpartum_risk"].people[0].reason.startswith("Perdarahan")


def test_a_child_with_doses_on_the_card_and_one_late_is_listed_with_the_dose(ws: Workspace) -> None:
    raka = child(ws)
    immunisation.record(ws, raka, [immunisation.Given("hb0", 1, date(2025, 7, 5))])
    row = lists(ws)["immunisation_incomplete"].people[0]
    assert row.id == raka
    assert row.reason.startswith("Terlambat: ")


def test_a_pupil_whose_dose_of_school_is_late_stands_behind_the_children(ws: Workspace) -> None:
    raka, ayu = child(ws), people.register(ws, {"name": "Ayu", "sex": "female", "born_on": date(2017, 3, 1)})
    older = people.register(ws, {"name": "Zaki", "sex": "male", "born_on": date(2010, 3, 1)})
    people.register(ws, {"name": "Tanpa Buku KIA", "sex": "male", "born_on": date(2017, 3, 1)})
    for who, born_on in ((raka, date(2025, 7, 5)), (ayu, date(2017, 3, 1)), (older, date(2010, 3, 1))):
        immunisation.record(ws, who, [immunisation.Given("hb0", 1, born_on)])
    rows = lists(ws)["immunisation_incomplete"].people
    assert [(row.name, row.reason) for row in rows][1:] == [("Ayu", "Terlambat: MR kelas 1, Td kelas 2")]
    assert rows[0].name == "Raka Aditya"


def test_errands_are_shared_out_by_dasawisma_where_the_post_works_that_way(ws: Workspace) -> None:
    yuli, sri = worker(ws, "Yuli"), worker(ws, "Sri")
    for name, rt, group in (("Ani", "01", "Mawar"), ("Budi", "01", "Kenanga"), ("Citra", "02", "")):
        raka = thin_child(ws, name, rt)
        people.correct(ws, raka, {"dasawisma": group or None})
    wanted = tasks.errands(tasks.board(ws, POST))
    assert {rt for share in tasks.shares(ws, wanted) for rt in share.rts} == {"01", "02"}
    tasks.choose_kader(ws, {"Mawar": yuli, "Kenanga": sri, "": yuli}, "dasawisma")
    given = tasks.shares(ws, wanted)
    assert {share.kader: share.rts for share in given} == {"Yuli": ("", "Mawar"), "Sri": ("Kenanga",)}
    assert tasks.rt_kader(ws) == {}
    board = tasks.board(ws, POST)
    text = next(tasks.message(ws, board, share) for share in given if share.kader == "Yuli")
    assert "*Dasawisma Mawar*\n1. Ani" in text
    assert "*tanpa dasawisma*\n1. Citra" in text
    assert "Dasawisma Kenanga" in " ".join(" ".join(text_of(tasks.pages(ws, board, given))).split())
    tasks.choose_kader(ws, {}, "rt")
    assert tasks.shared_by(ws) == "rt"


def test_what_was_done_on_a_private_list_is_told_to_health_workers_only(ws: Workspace) -> None:
    raka = thin_child(ws)
    tasks.settle(ws, task(ws), "visited", reason="Sudah ke Pustu")
    ayu = people.register(ws, {"name": "Ayu", "sex": "female", "born_on": date(2010, 1, 1)})
    told = {"visited_on": TODAY, "suicidal": True}
    records.save(
        ws.db, FORMS["school_mental"], "jiwa", told, scope=POST, author=ws.author, now=NOW, links={"person_id": ayu}
    )
    kader = ws.worker
    ws.worker = Worker("bidan-ratna", "Ratna", "midwife")
    talk = next(each for each in tasks.board(ws, POST, private=True).lists if each.code == "talk")
    tasks.settle(ws, talk.tasks[0], "postponed", reason="Menangis terus", until=TODAY + timedelta(days=3))
    for worker, tells in ((ws.worker, True), (kader, False)):
        ws.worker = worker
        card = " ".join(entry.detail for entry in people.card(ws, ayu).timeline)
        assert ("Menangis terus" in card) is tells
        closed = {each.form.name: each.closed for each in person_file.held(ws, ayu)}
        assert closed["follow_up"] is not tells
        assert "Sudah ke Pustu" in " ".join(entry.detail for entry in people.card(ws, raka).timeline)
        assert not any(each.closed for each in person_file.held(ws, raka))


@pytest.mark.parametrize(
    ("reasons", "once"),
    [
        (["Malnutrisi, Penglihatan", "Penglihatan"], ["Malnutrisi, Penglihatan"]),
        (["Malnutrisi, Penglihatan", "Penglihatan, Lingkar perut"], ["Malnutrisi, Penglihatan", "Lingkar perut"]),
        (["T", "T"], ["T"]),
        (["Jatuh, Jatuh"], ["Jatuh"]),
        (["Hipertensi derajat 1, sistolik terisolasi", "T"], ["Hipertensi derajat 1, sistolik terisolasi", "T"]),
        (["Terlambat: MR 1, IPV 2", "Tidak datang"], ["Terlambat: MR 1, IPV 2", "Tidak datang"]),
        ([], []),
    ],
)
def test_what_two_lists_say_of_somebody_is_said_once_on_the_page(reasons: list[str], once: list[str]) -> None:
    assert list(tasks._each_once(reasons)) == once
