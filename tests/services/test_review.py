"""Review: doubts are confirmed or asked about, a month is sent back and accepted, the board says which posts are in."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pypdfium2
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, WrongPin
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.review import FORM
from posyandu.domain.forms.session import SESSION
from posyandu.services import (
    accounts,
    follow_up,
    month_lock,
    people,
    posts,
    quality,
    reporting,
    review,
    sessions,
    sheets,
    visits,
)
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import journal, records, settings
from posyandu.storage.keys import COSTS
from tests.services import melati

NOVEMBER = Month(2026, 11)
OCTOBER_DAY = date(2026, 10, 12)


def become(ws: Workspace, role: str, name: str = "Nurul") -> None:
    ws.worker = Worker(f"orang-{role}", name, role)


def unmended(ws: Workspace) -> dict[str, set[str]]:
    """What does not add up this month and whom it names: as the page to sign says it before printing."""
    return {
        check.sentence: {ref.name for ref in check.people}
        for check in review.readiness(ws, melati.POST, NOVEMBER).wrong
    }


def on_paper(ws: Workspace) -> str:
    pages = pypdfium2.PdfDocument(reporting.pdf_bytes(reporting.monthly(ws, melati.POST, NOVEMBER)))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def test_what_does_not_add_up_is_named_before_printing_and_on_paper_and_gone_once_mended(ws: Workspace) -> None:
    melati.weighed(ws, melati.child(ws, "Raka Aditya", has_kia_book=True), melati.TODAY, 9_600)
    day = sessions.open_day(ws, melati.POST, melati.TODAY, {})
    unseen = melati.child(ws, "Ayu Lestari", date(2025, 3, 2))
    bookless = melati.child(ws, "Budi Santoso", date(2025, 1, 9))
    sessions.mark_present(ws, day, unseen)
    visits.record(ws, melati.CHILD, day, bookless, {"weight_g": 10_100})
    found = {sentence.split(":")[0]: names for sentence, names in unmended(ws).items()}
    assert found == {
        "S ≥ K ≥ D": {"Budi Santoso"},
        "1 orang hadir tetapi belum ada catatan pemeriksaannya.": {"Ayu Lestari"},
    }
    paper = on_paper(ws)
    assert all(f"{name} (" in paper for names in found.values() for name in names)
    assert "Periksa" in paper
    visits.record(ws, melati.CHILD, day, unseen, {"weight_g": 9_900})
    for person_id in (unseen, bookless):
        people.correct(ws, person_id, {"has_kia_book": True})
    assert unmended(ws) == {}
    assert "belum ada catatan" not in on_paper(ws)


def test_who_moved_without_a_day_is_named_until_the_day_is_told(ws: Workspace) -> None:
    moved = melati.child(ws, "Ayu Lestari", date(2025, 3, 2), has_kia_book=True)
    melati.weighed(ws, melati.child(ws, has_kia_book=True), OCTOBER_DAY, 9_000)
    melati.weighed(ws, moved, melati.TODAY, 9_600)
    people.correct(ws, moved, {"status": "moved"})
    (sentence,) = (each for each in unmended(ws) if each.startswith("S bulan lalu"))
    assert unmended(ws)[sentence] == {"Ayu Lestari"}
    people.correct(ws, moved, {"left_on": melati.TODAY})
    assert unmended(ws) == {}


def test_two_visits_of_a_child_in_a_month_are_one_in_d_and_everything_still_adds_up(ws: Workspace) -> None:
    child = melati.child(ws, "Raka Aditya", has_kia_book=True)
    for on, grams in ((OCTOBER_DAY, 9_200), (melati.TODAY - timedelta(days=3), 9_500), (melati.TODAY, 9_600)):
        melati.weighed(ws, child, on, grams)
    report = reporting.monthly(ws, melati.POST, NOVEMBER)
    counts = {row[0].text: row[-1].value for row in report.skdn.rows[:7]}
    assert (counts["D"], counts["N"], counts["T"]) == (1, 1, 0)
    assert unmended(ws) == {}


@pytest.fixture
def shrunk(ws: Workspace, clock: melati.Clock) -> str:
    """A child that was 78 cm in October and 75 cm today."""
    child = melati.child(ws, mother_name="Wulan")
    melati.weighed(ws, child, OCTOBER_DAY, 9_200, length_mm=780, position="lying")
    melati.weighed(ws, child, melati.TODAY, 9_600, length_mm=750, position="lying")
    clock.now += timedelta(hours=1)
    return child


def test_a_doubt_names_the_child_the_day_and_what_to_do(ws: Workspace, shrunk: str) -> None:
    (doubt,) = review.readiness(ws, melati.POST, NOVEMBER).doubts
    assert (doubt.code, doubt.name, doubt.on, doubt.again) == ("shrunk", "Raka Aditya", melati.TODAY, True)
    assert "ukur lagi" in doubt.sentence
    assert doubt.asked is None


def test_a_confirmed_value_is_doubted_no_more(ws: Workspace, shrunk: str) -> None:
    (doubt,) = review.readiness(ws, melati.POST, NOVEMBER).doubts
    assert review.confirm(ws, doubt)
    assert review.readiness(ws, melati.POST, NOVEMBER).doubts == ()
    assert quality.of_month(ws, melati.POST, NOVEMBER).headline == "Mutu pengukuran 84 dari 100."
    with pytest.raises(BadInput, match="tidak dapat dipastikan"):
        review.confirm(ws, replace(doubt, fields=()))


def test_two_lines_alike_are_settled_by_looking_at_both(ws: Workspace) -> None:
    same = {"length_mm": 760, "position": "lying", "head_mm": 460}
    for name in ("Raka Aditya", "Ayu Lestari"):
        melati.weighed(ws, melati.child(ws, name), melati.TODAY, 9_600, **same)
    doubts = review.readiness(ws, melati.POST, NOVEMBER).doubts
    assert {(doubt.code, doubt.name) for doubt in doubts} == {("alike", "Raka Aditya"), ("alike", "Ayu Lestari")}
    for doubt in doubts:
        review.confirm(ws, doubt)
    assert review.readiness(ws, melati.POST, NOVEMBER).doubts == ()


def test_a_question_travels_with_the_post_and_is_answered(ws: Workspace, shrunk: str, clock: melati.Clock) -> None:
    (doubt,) = review.readiness(ws, melati.POST, NOVEMBER).doubts
    become(ws, "midwife")
    review.ask(ws, melati.POST, NOVEMBER, doubt, "  Tingginya turun 3 cm.  Sudah diukur lagi? ")
    clock.now += timedelta(hours=1)
    become(ws, "kader", "Sari")
    (question,) = review.open_questions(ws, melati.POST)
    assert (question.by, question.person) == ("Nurul, Bidan", "Raka Aditya")
    assert question.words == "Tingginya turun 3 cm. Sudah diukur lagi?"
    assert question.line == "Nurul, Bidan, 12-11-2026"
    (doubt,) = review.readiness(ws, melati.POST, NOVEMBER).doubts
    assert doubt.asked == question
    review.answer(ws, melati.POST, question, "Sudah, salah baca: 78 cm.")
    assert review.open_questions(ws, melati.POST) == []
    (told,) = review.thread(ws, melati.POST, NOVEMBER)
    assert [each.words for each in told.answers] == ["Sudah, salah baca: 78 cm."]
    assert {row.scope for row in records.load_many(ws.db, FORM)} == {melati.POST}
    assert journal.rows_equal_replay(ws.db)


def test_empty_words_are_refused(ws: Workspace) -> None:
    with pytest.raises(BadInput, match="Tulis dulu"):
        review.say(ws, melati.POST, NOVEMBER, "comment", "   ")
    assert review.thread(ws, melati.POST, NOVEMBER) == []


def test_a_month_is_sent_back_signed_again_and_accepted(ws: Workspace, shrunk: str, clock: melati.Clock) -> None:
    def code() -> str:
        return review.board(ws, NOVEMBER).posts[0].code

    assert code() == "doubtful"
    become(ws, "midwife")
    with pytest.raises(BadInput, match="belum disahkan"):
        review.accept(ws, melati.POST, NOVEMBER)
    month_lock.sign(ws, melati.POST, NOVEMBER)
    assert code() == "signed"
    clock.now += timedelta(hours=1)
    review.send_back(ws, melati.POST, NOVEMBER, "Ukur lagi Raka")
    assert code() == "returned"
    assert review.board(ws, NOVEMBER).posts[0].sentence == "Nurul, Bidan, 12-11-2026: Ukur lagi Raka"
    assert [(each.month, each.words) for each in review.sent_back(ws, melati.POST)] == [(NOVEMBER, "Ukur lagi Raka")]
    clock.now += timedelta(days=1)
    melati.weighed(ws, melati.child(ws, "Ayu Lestari", date(2025, 3, 1)), melati.TODAY, 9_900)
    with pytest.raises(BadInput, match="berubah sejak disahkan"):
        review.accept(ws, melati.POST, NOVEMBER)
    month_lock.sign(ws, melati.POST, NOVEMBER, reason="Ayu menyusul")
    assert code() == "signed", "what was sent back was version 1"
    assert review.sent_back(ws, melati.POST) == []
    clock.now += timedelta(hours=1)
    review.accept(ws, melati.POST, NOVEMBER)
    assert code() == "accepted"
    found = review.readiness(ws, melati.POST, NOVEMBER)
    assert found.decision is not None
    assert (found.decision.kind, found.decision.revision) == ("accepted", 2)


@pytest.mark.parametrize("role", ["kader", "coordinator"])
def test_who_reports_does_not_accept_the_own_report(ws: Workspace, role: str) -> None:
    become(ws, role)
    assert not review.reviews(ws)
    with pytest.raises(BadInput, match="diterima atau dikembalikan"):
        review.accept(ws, melati.POST, NOVEMBER)
    with pytest.raises(BadInput, match="diterima atau dikembalikan"):
        review.send_back(ws, melati.POST, NOVEMBER, "x")


def test_the_board_tells_missing_from_doubtful_from_in(ws: Workspace, shrunk: str, clock: melati.Clock) -> None:
    for number, name in enumerate(("Anggrek", "Mawar")):
        records.save(
            ws.db, reporting.POSYANDU, name.lower(), {"name": f"Posyandu {name}", "village_code": "5203012001"},
            scope=name.lower(), author=ws.author, now=ws.now(),
        )  # fmt: skip
        if number:
            continue
        child = melati.child(ws, "Damar", scope=name.lower(), has_kia_book=True)
        session_id = records.new_id()
        records.save(
            ws.db, SESSION, session_id, {"held_on": melati.TODAY}, scope=name.lower(), author=ws.author, now=ws.now()
        )
        records.save(
            ws.db, melati.CHILD, records.visit_id(melati.CHILD.name, session_id, child),
            {"visited_on": melati.TODAY, "weight_g": 9_400}, scope=name.lower(), author=ws.author, now=ws.now(),
            links={"person_id": child, "session_id": session_id},
        )  # fmt: skip
    heard: list[str] = []
    board = review.board(ws, NOVEMBER, lambda _n, _of, words: heard.append(words))
    assert [(each.post.name, each.code) for each in board.posts] == [
        ("Posyandu Mawar", "missing"),
        ("Posyandu Melati", "doubtful"),
        ("Posyandu Anggrek", "in"),
    ]
    assert heard == ["Posyandu Anggrek", "Posyandu Mawar", "Posyandu Melati"]
    assert board.sentence == "2 dari 3 Posyandu sudah masuk, 1 perlu dicek, 1 belum. 23 hari lagi."
    doubtful = board.posts[1]
    assert [ref.name for ref in doubtful.again] == ["Raka Aditya"]
    assert (doubtful.days, doubtful.targets, doubtful.weighed) == (1, 1, 1)
    assert doubtful.level == "warn"
    assert board.posts[0].sentence == "Belum ada hari buka."
    ws.worker = Worker("b", "Bidan Ani", "midwife")
    review.set_due_day(ws, 10)
    assert review.board(ws, NOVEMBER).days_left == 28
    assert review.board(ws, NOVEMBER).sentence.endswith("28 hari lagi.")


@pytest.mark.parametrize("day", [0, 29, -1])
def test_a_day_that_some_months_lack_is_no_due_day(ws: Workspace, day: int) -> None:
    ws.worker = Worker("b", "Bidan Ani", "midwife")
    with pytest.raises(BadInput, match="1 sampai 28"):
        review.set_due_day(ws, day)
    settings.put(ws.db, "report_due_day", day)
    assert review.due_on(ws, NOVEMBER) == date(2026, 12, 5), "what stands there by mistake is not believed"


@pytest.mark.parametrize(("role", "may"), [("kader", False), ("coordinator", False), ("nutritionist", True)])
def test_only_who_looks_after_several_posts_chooses_the_due_day(ws: Workspace, role: str, may: bool) -> None:
    ws.worker = Worker("x", "Dewi", role)
    if not may:
        with pytest.raises(BadInput, match="Batas laporan dipilih oleh bidan"):
            review.set_due_day(ws, 12)
    else:
        review.set_due_day(ws, 12)
    assert review.due_day(ws) == (12 if may else 5)
    assert review.due_on(ws, Month(2026, 12)) == date(2027, 1, 12 if may else 5)


def test_days_after_the_due_day_are_counted_as_late(ws: Workspace, clock: melati.Clock) -> None:
    clock.now += timedelta(days=25)
    assert review.board(ws, NOVEMBER).sentence.endswith("Terlambat 2 hari.")
    clock.now -= timedelta(days=2)
    assert review.board(ws, NOVEMBER).sentence.endswith("Hari terakhir.")


def test_a_wrong_board_takes_only_the_indices_and_the_report_says_so(ws: Workspace, shrunk: str) -> None:
    day = review.readiness(ws, melati.POST, NOVEMBER).days[0]
    before = reporting.monthly(ws, melati.POST, NOVEMBER)
    with pytest.raises(BadInput, match="Tulis bagaimana"):
        review.exclude(ws, day.id, "board", " ")
    with pytest.raises(BadInput, match="Pilih alat"):
        review.exclude(ws, day.id, "hammer", "x")
    review.exclude(ws, day.id, "board", "Papan bergeser 3 cm, dicek bidan")
    after = reporting.monthly(ws, melati.POST, NOVEMBER)
    assert after.skdn == before.skdn
    assert figure(before, "haz_normal") + figure(before, "haz_other") == 1
    assert figure(after, "haz_normal") + figure(after, "haz_other") == 0
    assert figure(after, "waz_normal") == figure(before, "waz_normal") == 1
    assert "Papan bergeser 3 cm, dicek bidan" in after.rules[0]
    assert "papan ukur ternyata salah" in sheets.build(ws, "f1_gizi", melati.POST, NOVEMBER).rules[-1]
    review.exclude(ws, day.id, "scale", "Timbangan kurang 200 g")
    scaled = reporting.monthly(ws, melati.POST, NOVEMBER)
    assert figure(scaled, "waz_normal") == 0
    assert figure(scaled, "haz_normal") + figure(scaled, "haz_other") == 1
    review.exclude(ws, day.id, "none", "")
    assert reporting.monthly(ws, melati.POST, NOVEMBER) == before


def test_a_wrong_scale_takes_bgm_and_names_whom_it_leaves_out(ws: Workspace, clock: melati.Clock) -> None:
    thin, stout = melati.child(ws, "Ayu Lestari", sex="female"), melati.child(ws, "Raka Aditya")
    melati.weighed(ws, thin, OCTOBER_DAY, 5_500, length_mm=640, position="lying")
    melati.weighed(ws, thin, melati.TODAY, 5_500, length_mm=640, position="lying")
    (today,) = review.readiness(ws, melati.POST, NOVEMBER).days
    before = reporting.monthly(ws, melati.POST, NOVEMBER)
    assert "alat_salah" not in {each.code for each in before.lists}, "a signed month stays as it was"
    review.exclude(ws, today.id, "scale", "Timbangan kurang 2 kg")
    clock.now += timedelta(days=10)
    visits.record(ws, melati.CHILD, None, stout, {"weight_g": 9_600, "visited_on": date(2026, 11, 20)})
    after = reporting.monthly(ws, melati.POST, NOVEMBER)

    def told(report: reporting.MonthlyReport) -> dict[str, object]:
        return {row[0].text: row[-1].value for row in report.skdn.rows if row[0].text in ("D", "T", "B", "BGM")}

    assert (told(before), told(after)) == ({"T": 1, "B": 0, "D": 1, "BGM": 1}, {"T": 1, "B": 1, "D": 2, "BGM": 0})
    (share,) = (row for row in after.shares.rows if row[0].text == "BGM/D")
    assert [cell.text for cell in share[2:5]] == ["0", "1", "0,0%"], "of the one whose scale was right"
    assert "BGM, AGO dan BB/U tanpa 1 anak: timbangan salah." in after.skdn.notes
    assert after.shares.notes[-1] == "BGM/D dibagi D tanpa 1 anak yang ditimbang dengan timbangan salah."
    (listed,) = (each for each in after.lists if each.code == "alat_salah")
    assert (listed.rows[0][1].text, listed.rows[0][-1].text) == (
        "Ayu Lestari",
        "BGM, BB/U, BB/PB, BB/TB, IMT/U: timbangan salah 12-11-2026",
    )
    (check,) = (each for each in after.checks if each.person_ids == (thin,))
    assert (check.ok, check.sentence) == (
        True,
        "BGM atau status gizi 1 anak tidak dihitung: alat ukurnya ternyata salah. D, N dan T tetap.",
    )
    bars = {bar.month: bar.bgm for bar in after.balok.months}
    assert (bars[NOVEMBER - 1], bars[NOVEMBER]) == (1, 0)
    waiting = [each.code for each in follow_up.attention(ws, melati.POST, NOVEMBER) if thin in
               {row.id for row in each.people}]  # fmt: skip
    assert ("below_red" in waiting, "not_gained" in waiting) == (False, True), "T stays, BGM is not known"


def test_a_month_weighed_on_a_wrong_scale_alone_has_no_bgm_instead_of_none(ws: Workspace) -> None:
    melati.weighed(ws, melati.child(ws), melati.TODAY, 5_500)
    (today,) = review.readiness(ws, melati.POST, NOVEMBER).days
    review.exclude(ws, today.id, "scale", "Timbangan kurang 2 kg")
    report = reporting.monthly(ws, melati.POST, NOVEMBER)
    assert report.balok.months[10].bgm is None
    assert [row[11].text for row in report.tables[2].rows] == ["1", "0", "1", "0", "–", "0", "–"]
    (share,) = (row for row in report.shares.rows if row[0].text == "BGM/D")
    assert [cell.text for cell in share[2:]] == ["0", "0", "–", "< 5%", ""]


def test_nobody_is_sent_on_for_what_a_wrong_tool_said(ws: Workspace, clock: melati.Clock) -> None:
    child = melati.child(ws, "Ayu Lestari", sex="female")
    melati.weighed(ws, child, OCTOBER_DAY, 5_500, length_mm=640, position="lying")
    visit = melati.weighed(ws, child, melati.TODAY, 5_500, length_mm=640, position="lying")

    def said() -> tuple[list[str], list[str], list[str], list[str]]:
        """Who is to be sent on by the report, Beranda, the day, and why by the card."""
        report = reporting.monthly(ws, melati.POST, NOVEMBER)
        (table,) = (each for each in report.lists if each.code == "perlu_rujuk")
        listed = [row[1].text for row in table.rows]
        beranda = [row.name for each in follow_up.attention(ws, melati.POST, NOVEMBER) if each.code == "to_refer"
                   for row in each.people]  # fmt: skip
        day = sessions.assessments(ws, review.readiness(ws, melati.POST, NOVEMBER).days[0].id)
        card = people.card(ws, child).assessments[-1]
        asks = sorted(each.code for each in card.findings if each.refer)
        return listed, beranda, [each for each, told in day.items() if told.refer], asks

    grave = ["below_red", "not_gained", "severely_stunted", "wasted"]
    assert said() == (["Ayu Lestari"], ["Ayu Lestari"], [child], []), "the card says to measure again first"
    visits.confirm(ws, melati.CHILD, visit, {"weight_g", "length_mm"})
    assert said() == (["Ayu Lestari"], ["Ayu Lestari"], [child], grave)
    (today,) = review.readiness(ws, melati.POST, NOVEMBER).days
    review.exclude(ws, today.id, "both", "Timbangan dan papan rusak")
    assert said() == ([], [], [], [])
    review.exclude(ws, today.id, "board", "Papan bergeser")
    assert said()[3] == ["below_red", "not_gained"]
    review.exclude(ws, today.id, "none", "")
    (october,) = review.readiness(ws, melati.POST, NOVEMBER - 1).days
    review.exclude(ws, october.id, "scale", "Timbangan kurang 2 kg")
    assert said() == (["Ayu Lestari"], ["Ayu Lestari"], [child], ["below_red", "severely_stunted", "wasted"])


def test_a_visit_that_names_a_day_of_a_later_month_is_judged_by_that_days_board(ws: Workspace, shrunk: str) -> None:
    october = reporting.monthly(ws, melati.POST, NOVEMBER - 1)
    assert figure(october, "haz_normal") + figure(october, "haz_other") == 1
    rows = records.load_many(ws.db, melati.CHILD, person_id=shrunk)
    (visit,) = (row for row in rows if row.answers["visited_on"] == OCTOBER_DAY)
    later = review.readiness(ws, melati.POST, NOVEMBER).days[0]
    named = {"session_id": later.id}
    records.save(ws.db, melati.CHILD, visit.id, {}, scope=melati.POST, author=ws.author, now=ws.now(), links=named)
    review.exclude(ws, later.id, "board", "Papan bergeser 3 cm")
    october = reporting.monthly(ws, melati.POST, NOVEMBER - 1)
    assert figure(october, "haz_normal") + figure(october, "haz_other") == 0


def test_a_wrong_board_found_after_signing_is_named_among_the_changes(
    ws: Workspace, shrunk: str, clock: melati.Clock
) -> None:
    first = month_lock.sign(ws, melati.POST, NOVEMBER)
    clock.now += timedelta(days=1)
    day = review.readiness(ws, melati.POST, NOVEMBER).days[0]
    review.exclude(ws, day.id, "board", "Papan bergeser")
    state = month_lock.state(ws, melati.POST, NOVEMBER)
    assert "PB/U atau TB/U" in state.sentence, "the column says what changed, not the month"
    _figures, saves = month_lock.changes(ws, melati.POST, first)
    row = saves.rows[0]
    assert (row[0].text, row[0].people) == ("Hari Posyandu 12-11-2026", ())
    assert "Papan atau pita ukur" in row[2].text
    assert row[5].text == "Papan bergeser"


def figure(report: reporting.MonthlyReport, name: str) -> int:
    (column,) = [column.name for column in report.recaps[0].columns if column.name == name]
    value = report.recaps[0].cell(report.month.month - 1, column).value
    assert isinstance(value, int)
    return value


def test_only_who_may_signs_and_only_with_the_pin(own_home: object) -> None:
    folder = accounts.books().real
    made = accounts.create(folder, "Sri Wahyuni", "271845", cost=COSTS[-1], clock=melati.Clock())
    ws = made.workspace
    records.save(
        ws.db, reporting.POSYANDU, melati.POST, {"name": "Melati", "village_code": "5203012001"},
        scope=melati.POST, author=ws.author, now=ws.now(),
    )  # fmt: skip
    with pytest.raises(WrongPin):
        month_lock.sign_off(ws, melati.POST, NOVEMBER, "381946")
    version = month_lock.sign_off(ws, melati.POST, NOVEMBER, "271845")
    assert version.signer == "Sri Wahyuni, Koordinator kader"
    become(ws, "kader")
    with pytest.raises(BadInput, match="disahkan oleh"):
        month_lock.sign_off(ws, melati.POST, NOVEMBER, "271845")
    ws.close()


# ---- the board is not worked out again without need


def other_post(ws: Workspace) -> None:
    answers = {"name": "Posyandu Mawar", "village_code": "5203012001"}
    records.save(ws.db, FORMS["posyandu"], "mawar", answers, scope="mawar", author=ws.author, now=ws.now())


def states(ws: Workspace, month: Month = NOVEMBER) -> dict[str, review.PostState]:
    return {each.post.id: each for each in review.board(ws, month).posts}


def visit_of(ws: Workspace, person: str, scope: str, **answers: object) -> str:
    record_id = records.new_id()
    told = {"visited_on": melati.TODAY, "weight_g": 9_000, "source": "session", **answers}
    records.save(
        ws.db, FORMS["under_five_visit"], record_id, told,  # type: ignore[arg-type]
        scope=scope, author=ws.author, now=ws.now(), links={"person_id": person},
    )  # fmt: skip
    return record_id


def test_only_the_post_whose_records_changed_is_looked_at_again(ws: Workspace) -> None:
    child = melati.child(ws)
    other_post(ws)
    before = states(ws)
    again = states(ws)
    assert all(again[id_] is before[id_] for id_ in before), "nothing changed, nothing was worked out"
    visit_of(ws, child, melati.POST)
    after = states(ws)
    assert (before[melati.POST].weighed, after[melati.POST].weighed) == (0, 1)
    assert after["mawar"] is before["mawar"]
    assert states(ws, NOVEMBER - 1)[melati.POST] is not after[melati.POST]
    assert states(ws)[melati.POST] is after[melati.POST], "each month for itself"


def test_the_board_sees_a_cell_that_joined_the_save_before_and_a_visit_taken_back(ws: Workspace) -> None:
    child = melati.child(ws)
    day = sessions.open_day(ws, melati.POST, melati.TODAY, {})
    visits.set_cell(ws, melati.CHILD, day, child, "length_mm", 780)
    assert states(ws)[melati.POST].weighed == 0
    place = journal.last(ws.db)
    visits.set_cell(ws, melati.CHILD, day, child, "weight_g", 9_400)
    assert journal.last(ws.db) == place, "the cell joined the save of the row"
    assert states(ws)[melati.POST].weighed == 1
    records.withdraw(
        ws.db, melati.CHILD, records.visit_id(melati.CHILD.name, day, child), author=ws.author, now=ws.now()
    )
    assert states(ws)[melati.POST].weighed == 0


def test_the_board_sees_a_visit_at_another_post_and_another_day(ws: Workspace, clock: melati.Clock) -> None:
    child = melati.child(ws)
    other_post(ws)
    before = states(ws)
    elsewhere = visit_of(ws, child, "mawar")
    seen = states(ws)
    assert (before[melati.POST].weighed, seen[melati.POST].weighed) == (0, 1), "weighed at the post of the next hamlet"
    records.save(
        ws.db, FORMS["under_five_visit"], elsewhere, {"weight_g": None},
        scope="mawar", author=ws.author, now=ws.now(),
    )  # fmt: skip
    assert states(ws)[melati.POST].weighed == 0
    quiet = states(ws)
    clock.now += timedelta(days=1)
    assert states(ws)[melati.POST] is not quiet[melati.POST], "what is late depends on the day"


def test_a_stopped_look_keeps_what_it_saw_and_no_more_than_three_months_are_kept(ws: Workspace) -> None:
    other_post(ws)

    class Stop(Exception):  # noqa: N818 - what happens
        pass

    def stop(done: int, _of: int, _words: str) -> None:
        if done:
            raise Stop

    with pytest.raises(Stop):
        review.board(ws, NOVEMBER, stop)
    assert len(states(ws)) == 2, "a stopped look holds nobody up"
    first = states(ws)
    for back in (1, 2, 3):
        states(ws, NOVEMBER - back)
    assert states(ws)[melati.POST] is not first[melati.POST], "a fourth month takes the place of the oldest"


@settings_of(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(0, 10_000), min_size=3, max_size=12))
def test_a_board_that_was_kept_equals_one_worked_out_anew(seeds: list[int]) -> None:
    ws = melati.post()
    other_post(ws)
    children = [melati.child(ws, name) for name in ("Raka", "Ayu")]
    made: list[str] = []
    for seed in seeds:
        dice = Random(seed)
        match dice.choice(["visit", "visit", "correct", "withdraw", "move", "look"]):
            case "visit":
                made.append(visit_of(ws, dice.choice(children), dice.choice([melati.POST, "mawar"])))
            case "correct" if made:
                grams = dice.choice([None, 8_000, 12_000])
                records.save(
                    ws.db, FORMS["under_five_visit"], dice.choice(made), {"weight_g": grams},
                    scope=melati.POST, author=ws.author, now=ws.now(), coalesce=True,
                )  # fmt: skip
            case "withdraw" if made:
                records.withdraw(ws.db, melati.CHILD, dice.choice(made), author=ws.author, now=ws.now())
            case "move":
                gone = {"status": "moved", "left_on": date(2026, 11, dice.randint(1, 12))}
                records.save(
                    ws.db, FORMS["person"], dice.choice(children), gone,  # type: ignore[arg-type]
                    scope=melati.POST, author=ws.author, now=ws.now(),
                )  # fmt: skip
            case _:
                states(ws)
        kept = states(ws)
        review._books.clear()
        assert kept == states(ws)
    ws.close()


# --- how a month stands: every case of the board in one table --------------------------------------------------------


def version(revision: int) -> month_lock.Version:
    at = melati.NOW
    return month_lock.Version("v", NOVEMBER, revision, melati.TODAY, at, "Rina", "", "0" * 64, "")


OPEN = month_lock.MonthState("open", "Bulan ini belum disahkan.")
SIGNED = month_lock.MonthState("signed", "Versi 2 disahkan.", version(2))
CHANGED = month_lock.MonthState("changed", "Ada perubahan sejak versi 2 disahkan.", version(2))


def said(kind: str, revision: int | None, words: str = "Lengkapi dulu") -> review.Note:
    return review.Note("n", kind, words, "Nurul, Bidan", melati.TODAY, NOVEMBER, revision=revision)


@pytest.mark.parametrize(
    ("weighed", "state", "last", "doubtful", "code"),
    [
        (0, OPEN, None, False, "missing"),
        (0, SIGNED, said("accepted", 2), False, "missing"),  # nobody weighed is never in, whatever was said
        (1, OPEN, None, False, "in"),
        (1, OPEN, None, True, "doubtful"),
        (1, SIGNED, None, False, "signed"),
        (1, SIGNED, None, True, "signed"),
        (1, CHANGED, None, False, "doubtful"),
        (1, SIGNED, said("accepted", 2), False, "accepted"),
        (1, SIGNED, said("accepted", 1), False, "signed"),  # what was accepted was an earlier version
        (1, CHANGED, said("accepted", 2), False, "doubtful"),  # and changed since
        (1, OPEN, said("returned", None), False, "returned"),
        (1, SIGNED, said("returned", 2), False, "returned"),
        (1, SIGNED, said("returned", 1), False, "signed"),  # sent back, corrected and signed again
        (1, SIGNED, said("returned", None), False, "signed"),  # sent back before it was signed at all
        (1, CHANGED, said("returned", 2), True, "returned"),
        (1, CHANGED, said("returned", 1), False, "doubtful"),
    ],
)
def test_a_month_stands_so(
    weighed: int, state: month_lock.MonthState, last: review.Note | None, doubtful: bool, code: str
) -> None:
    assert review._code(weighed, state, last, doubtful) == code


@pytest.mark.parametrize(
    ("code", "days", "state", "last", "wrong", "again", "questions", "sentence"),
    [
        ("missing", 0, OPEN, None, 0, 0, 0, "Belum ada hari buka."),
        ("missing", 1, OPEN, None, 0, 0, 0, "Hari buka tercatat, tetapi belum ada yang ditimbang."),
        ("returned", 1, SIGNED, said("returned", 2), 1, 1, 1, "Nurul, Bidan, 12-11-2026: Lengkapi dulu"),
        ("accepted", 1, SIGNED, said("accepted", 2, ""), 0, 0, 0, "Nurul, Bidan, 12-11-2026"),
        ("signed", 1, SIGNED, None, 3, 0, 0, "Versi 2 disahkan."),
        ("doubtful", 1, CHANGED, None, 3, 0, 0, "Ada perubahan sejak versi 2 disahkan."),
        ("doubtful", 1, OPEN, None, 2, 0, 0, "2 hitungan belum cocok"),
        ("doubtful", 1, OPEN, None, 0, 3, 0, "3 anak diukur lagi"),
        ("doubtful", 1, OPEN, None, 0, 0, 4, "4 pertanyaan belum dijawab"),
        ("doubtful", 1, OPEN, None, 1, 2, 3,
         "1 hitungan belum cocok, 2 anak diukur lagi, 3 pertanyaan belum dijawab"),
        ("in", 1, OPEN, None, 0, 0, 0, "Siap disahkan."),
    ],
)  # fmt: skip
def test_the_board_says_why(
    code: str, days: int, state: month_lock.MonthState, last: review.Note | None, wrong: int, again: int,
    questions: int, sentence: str,
) -> None:  # fmt: skip
    assert review._why(code, days, state, last, wrong, again, questions) == sentence


def board_of(days_left: int, *codes: str) -> review.PostBoard:
    states = tuple(
        review.PostState(posts.Post(str(number), "Melati", "", "", ""), code, 1, 1, 1, None, "")
        for number, code in enumerate(codes)
    )
    return review.PostBoard(NOVEMBER, date(2026, 12, 5), days_left, states)


@pytest.mark.parametrize(
    ("board", "sentence"),
    [
        (board_of(3), "0 dari 0 Posyandu sudah masuk, 0 perlu dicek, 0 belum. 3 hari lagi."),
        (board_of(1, "in"), "1 dari 1 Posyandu sudah masuk, 0 perlu dicek, 0 belum. 1 hari lagi."),
        (board_of(0, "missing"), "0 dari 1 Posyandu sudah masuk, 0 perlu dicek, 1 belum. Hari terakhir."),
        (board_of(-1, "in", "missing", "doubtful", "returned", "accepted", "signed"),
         "5 dari 6 Posyandu sudah masuk, 2 perlu dicek, 1 belum. Terlambat 1 hari."),
    ],
)  # fmt: skip
def test_the_month_of_all_posts_in_one_line(board: review.PostBoard, sentence: str) -> None:
    assert board.sentence == sentence


def test_every_state_has_a_level_and_words_and_the_ones_to_see_to_come_first() -> None:
    board = board_of(1, *review.STATES)
    assert [(each.level, each.label) for each in board.posts] == [
        ("bad", "Belum masuk"), ("warn", "Perlu dicek"), ("info", "Sudah masuk"), ("ok", "Disahkan"),
        ("warn", "Dikembalikan"), ("ok", "Diterima"),
    ]  # fmt: skip


@pytest.mark.parametrize(("left", "level"), [(23, "neutral"), (4, "neutral"), (3, "bad"), (0, "bad"), (-1, "bad")])
def test_who_is_not_in_yet_is_an_alarm_only_when_late_or_nearly(left: int, level: str) -> None:
    board = board_of(left, "missing", "doubtful")
    assert [board.level_of(each) for each in board.posts] == [level, "warn"]


@pytest.mark.parametrize(
    ("month", "day", "due"),
    [
        (Month(2026, 11), 5, date(2026, 12, 5)),
        (Month(2026, 12), 5, date(2027, 1, 5)),
        (Month(2027, 1), 28, date(2027, 2, 28)),
    ],
)
def test_a_report_is_due_in_the_month_after(ws: Workspace, month: Month, day: int, due: date) -> None:
    become(ws, "puskesmas")
    review.set_due_day(ws, day)
    assert review.due_on(ws, month) == due


@pytest.mark.parametrize("kept", [0, 29, "5", None, [5]])
def test_a_due_day_that_makes_no_sense_in_the_book_is_as_if_never_chosen(ws: Workspace, kept: object) -> None:
    settings.put(ws.db, "report_due_day", kept)
    assert review.due_day(ws) == 5


@pytest.mark.parametrize(
    ("role", "reviews"),
    [("midwife", True), ("nutritionist", True), ("puskesmas", True), ("operator", True), ("kader", False),
     ("coordinator", False), ("", False)],
)  # fmt: skip
def test_who_looks_after_several_posts_reviews(ws: Workspace, role: str, reviews: bool) -> None:
    become(ws, role)
    assert review.reviews(ws) == reviews
    settings.put(ws.db, "practice", True)
    assert review.reviews(ws), "in a practice book everybody may try"


# --- what is said ----------------------------------------------------------------------------------------------------


def test_what_is_said_stands_in_the_order_it_was_said_with_who_said_it(ws: Workspace, clock: melati.Clock) -> None:
    first = review.say(ws, melati.POST, NOVEMBER, "question", "  Siapa   menimbang?  ")
    clock.now += timedelta(minutes=1)
    become(ws, "midwife")
    review.say(ws, melati.POST, NOVEMBER, "comment", "Terima kasih")
    clock.now += timedelta(minutes=1)
    become(ws, "", "Tamu")
    review.say(ws, melati.POST, NOVEMBER, "answer", "Bu Sari", answers_to=first)
    question, comment = review.thread(ws, melati.POST, NOVEMBER)
    assert (question.words, question.by, question.is_open) == ("Siapa menimbang?", "Sari, Kader", False)
    assert [(each.words, each.line) for each in question.answers] == [("Bu Sari", "Tamu, 12-11-2026")]
    assert (comment.kind, comment.line, comment.is_open) == ("comment", "Nurul, Bidan, 12-11-2026", False)
    assert review.open_questions(ws, melati.POST) == []


def test_open_questions_are_those_of_all_months_and_of_this_post(ws: Workspace, clock: melati.Clock) -> None:
    for month, post in ((NOVEMBER, melati.POST), (Month(2026, 9), melati.POST), (NOVEMBER, "mawar")):
        review.say(ws, post, month, "question", f"Berapa S {month} {post}?")
        clock.now += timedelta(minutes=1)
    assert [str(each.month) for each in review.open_questions(ws, melati.POST)] == ["2026-11", "2026-09"]
    assert [str(each.month) for each in review.thread(ws, melati.POST, Month(2026, 9))] == ["2026-09"]


def test_what_was_taken_back_was_not_said(ws: Workspace) -> None:
    note = review.say(ws, melati.POST, NOVEMBER, "question", "Berapa S?")
    records.withdraw(ws.db, FORM, note, author=ws.author, now=ws.now())
    assert review.thread(ws, melati.POST, NOVEMBER) == review.open_questions(ws, melati.POST) == []


def test_a_month_nobody_signed_cannot_be_accepted_and_one_that_changed_neither(ws: Workspace, shrunk: str) -> None:
    become(ws, "midwife")
    with pytest.raises(BadInput, match=r"Bulan ini belum disahkan Posyandu, jadi belum dapat diterima\."):
        review.accept(ws, melati.POST, NOVEMBER)
    month_lock.sign(ws, melati.POST, NOVEMBER)
    melati.weighed(ws, melati.child(ws, "Ayu", date(2025, 3, 1)), melati.TODAY, 9_000)
    with pytest.raises(BadInput, match=r"Isinya berubah sejak disahkan\. Minta disahkan lagi, lalu terima\."):
        review.accept(ws, melati.POST, NOVEMBER)
    assert review.thread(ws, melati.POST, NOVEMBER) == []


def test_an_acceptance_needs_no_words_and_a_return_does(ws: Workspace, shrunk: str) -> None:
    become(ws, "midwife")
    month_lock.sign(ws, melati.POST, NOVEMBER)
    with pytest.raises(BadInput, match=r"Tulis dulu isinya\."):
        review.send_back(ws, melati.POST, NOVEMBER, "  ")
    review.accept(ws, melati.POST, NOVEMBER)
    found = review.readiness(ws, melati.POST, NOVEMBER)
    assert found.decision is not None
    assert (found.decision.kind, found.decision.words, found.decision.revision) == ("accepted", "", 1)


@pytest.mark.parametrize("tool", ["", "timbangan", "SCALE"])
def test_an_unknown_tool_is_no_answer(ws: Workspace, shrunk: str, tool: str) -> None:
    day = sessions.open_day(ws, melati.POST, melati.TODAY, {})
    with pytest.raises(BadInput, match=r"Pilih alat yang salah\."):
        review.exclude(ws, day, tool, "Jarum tidak kembali ke nol")
    with pytest.raises(BadInput, match=r"Tulis bagaimana diketahui bahwa alatnya salah\."):
        review.exclude(ws, day, "scale", " ")


def test_late_writing_cannot_be_confirmed_away(ws: Workspace) -> None:
    late = review.Doubt("late", "p", "Raka", melati.TODAY, "k", (), "Ditulis terlambat", again=False)
    with pytest.raises(BadInput, match="tidak dapat dipastikan, hanya diketahui"):
        review.confirm(ws, late)
    with pytest.raises(BadInput):
        review.confirm(ws, replace(late, fields=("weight_g",), record_id=""))
