"""The lists that are due by the calendar or come from other forms than the day's visit."""

import re
from datetime import date, datetime, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import (
    follow_up,
    lists_life,
    people,
    pregnancies,
    questionnaires,
    sealed,
    sessions,
    tasks,
    visits,
)
from posyandu.services.follow_up import AttentionList
from posyandu.services.lists import LISTS, may_see
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from tests.services.melati import (
    CHILD,
    NOW,
    POST,
    READER_PIN,
    TODAY,
    ZONE,
    Clock,
    child,
    post,
    pregnancy,
    weighed,
    with_reader,
    woman,
)

NOVEMBER = Month(2026, 11)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ws(clock: Clock) -> Workspace:
    return post(clock)


def lists(ws: Workspace, month: Month = NOVEMBER) -> dict[str, AttentionList]:
    return {each.code: each for each in follow_up.attention(ws, POST, month, role=ws.worker.role)}


def reasons(ws: Workspace, code: str, month: Month = NOVEMBER) -> dict[str, str]:
    found = lists(ws, month)
    return {row.name: row.reason for row in found[code].people} if code in found else {}


def keep(ws: Workspace, form: str, person_id: str, on: date = TODAY, **answers: Value | None) -> str:
    record_id = records.new_id()
    records.save(
        ws.db, FORMS[form], record_id, {"visited_on": on, **answers},
        scope=POST, author=ws.author, now=ws.now(), links={"person_id": person_id},
    )  # fmt: skip
    return record_id


def test_every_list_says_what_a_visit_is_for_and_no_list_is_shown_to_the_wrong_role(ws: Workspace) -> None:
    for kind in LISTS.values():
        assert kind.title
        assert kind.detail
        assert kind.errand
        assert kind.level in ("bad", "warn", "info")
    for kind in LISTS.values():
        assert not re.search(r": [A-Z]+$", kind.title), f"{kind.title}: what do the capitals mean?"
    assert [code for code, kind in LISTS.items() if not may_see(kind, "kader")] == ["talk"]


def test_the_lists_stand_worst_first() -> None:
    levels = [kind.level for kind in LISTS.values()]
    assert levels.index("warn") > max(i for i, level in enumerate(levels) if level == "bad")


# --- after a birth --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "kept", "expected"),
    [
        (1, {}, "KF1 sekarang, sampai 13-11-2026"),
        (1, {"kf1_on": TODAY}, None),
        (5, {}, "KF2 sekarang, sampai 14-11-2026; terlewat: KF1"),
        (20, {"kf1_on": date(2026, 10, 24), "kf2_on": date(2026, 10, 27)}, "KF3 sekarang, sampai 20-11-2026"),
        (42, {}, "KF4 sekarang, sampai 12-11-2026; terlewat: KF1, KF2, KF3"),
        (43, {}, None),
    ],
)  # fmt: skip
def test_a_mother_after_birth_is_reminded_of_the_visit_due_and_of_those_missed(
    ws: Workspace, days: int, kept: dict[str, date], expected: str | None
) -> None:
    wulan = woman(ws)
    pregnancy(ws, wulan, outcome="live_birth", ended_on=TODAY - timedelta(days=days), **kept)
    assert reasons(ws, "nifas_visit").get("Wulan Sari") == expected


@pytest.mark.parametrize(
    ("days", "kept", "expected"),
    [
        (0, {}, "KN1 sekarang, sampai 14-11-2026"),
        (4, {"kn1_on": TODAY - timedelta(days=3)}, "KN2 sekarang, sampai 15-11-2026"),
        (28, {}, "KN3 sekarang, sampai 12-11-2026; terlewat: KN1, KN2"),
        (29, {}, None),
    ],
)
def test_a_newborn_is_reminded_of_its_visits_until_day_28(
    ws: Workspace, days: int, kept: dict[str, date], expected: str | None
) -> None:
    baby = child(ws, "Bayi", TODAY - timedelta(days=days))
    if kept:
        keep(ws, "newborn", baby, **kept)  # type: ignore[arg-type]
    assert reasons(ws, "newborn_visit").get("Bayi") == expected


@pytest.mark.parametrize(
    ("days", "person", "noted", "expected"),
    [
        (3, {"birth_weight_g": 1_900}, {}, "Berat lahir di bawah 2.000 gram"),
        (3, {"birth_weight_g": 2_400}, {}, "Bayi lahir kecil (BBLR)"),
        (28, {"birth_weight_g": 3_100}, {"congenital": "bibir sumbing"}, "Ada kelainan bawaan"),
        (3, {"birth_weight_g": 2_400}, {"condition": "silent"}, "Bayi lahir kecil (BBLR), Tidak menangis waktu lahir"),
        (29, {"birth_weight_g": 2_500}, {"congenital": "bibir sumbing"}, None),
        (3, {"birth_weight_g": 2_500}, {"condition": "cried"}, None),
        (3, {}, {}, None),
    ],
)
def test_a_newborn_that_needs_a_health_worker_is_named_in_its_first_month(
    ws: Workspace, days: int, person: dict[str, int], noted: dict[str, str], expected: str | None
) -> None:
    baby = child(ws, "Bayi", TODAY - timedelta(days=days), **person)  # type: ignore[arg-type]
    if noted:
        keep(ws, "newborn", baby, TODAY - timedelta(days=days), **noted)
    found = reasons(ws, "newborn_risk").get("Bayi")
    assert found == expected
    if expected:
        assert list(lists(ws)).index("newborn_risk") < list(lists(ws)).index("newborn_visit")


def test_a_baby_born_small_is_watched_after_its_first_month_until_it_weighs_enough(ws: Workspace, clock: Clock) -> None:
    baby = child(ws, "Bayi", TODAY - timedelta(days=29), birth_weight_g=1_900)
    until = "pantau sampai lebih dari 2.500 gram"
    assert reasons(ws, "newborn_risk") == {"Bayi": f"Lahir 1.900 gram dan belum ditimbang lagi: {until}"}
    told = next(each for each in tasks.board(ws, POST).lists if each.code == "newborn_risk").tasks[0]
    tasks.settle(ws, told, "visited")
    clock.now = NOW + timedelta(days=30)
    weighed(ws, baby, clock.now.date(), 2_500)
    board = {each.code: each for each in tasks.board(ws, POST).lists}
    (again,) = board["newborn_risk"].tasks
    assert again.person.reason == f"Lahir 1.900 gram dan terakhir 2.500 gram: {until}"
    weighed(ws, baby, clock.now.date(), 2_510)
    assert reasons(ws, "newborn_risk", NOVEMBER + 1) == {}


def test_a_baby_born_small_that_nobody_weighed_is_looked_for_half_a_year(ws: Workspace) -> None:
    child(ws, "Kecil", date(2026, 5, 31), birth_weight_g=2_400)
    child(ws, "Dahulu", date(2026, 4, 30), birth_weight_g=2_400)
    assert reasons(ws, "newborn_risk").keys() == {"Kecil"}


# --- pregnant women not seen ----------------------------------------------------------------------------------------


def test_a_pregnant_woman_not_seen_for_two_months_is_listed_once_a_day_was_held(ws: Workspace) -> None:
    wulan = woman(ws)
    pregnancy(ws, wulan, noted_on=date(2026, 9, 1))
    assert reasons(ws, "pregnancy_unseen") == {}
    day = sessions.open_day(ws, POST, TODAY)
    assert reasons(ws, "pregnancy_unseen") == {"Wulan Sari": "Belum pernah tampak sejak dicatat hamil"}
    keep(ws, "home_pregnant", wulan, date(2026, 9, 20))
    assert reasons(ws, "pregnancy_unseen") == {"Wulan Sari": "Terakhir tampak 20-09-2026"}
    keep(ws, "home_pregnant", wulan, date(2026, 10, 20))
    assert reasons(ws, "pregnancy_unseen") == {}
    sessions.mark_present(ws, day, wulan)
    assert reasons(ws, "pregnancy_unseen") == {}


def test_who_came_without_being_measured_was_seen_and_who_was_just_noted_is_not_sought(ws: Workspace) -> None:
    wulan, ani = woman(ws), woman(ws, "Ani")
    pregnancy(ws, wulan, noted_on=date(2026, 9, 1))
    pregnancy(ws, ani, noted_on=date(2026, 10, 5))
    sessions.mark_present(ws, sessions.open_day(ws, POST, date(2026, 10, 10)), wulan)
    sessions.open_day(ws, POST, TODAY)
    assert reasons(ws, "pregnancy_unseen") == {}


# --- home visits ----------------------------------------------------------------------------------------------------


def test_a_home_visit_promised_is_due_on_its_day_until_the_next_visit(ws: Workspace, clock: Clock) -> None:
    raka = child(ws)
    keep(
        ws, "home_child", raka, date(2026, 11, 1), result="open", next_on=TODAY + timedelta(days=1),
        plan="Timbang ulang",
    )  # fmt: skip
    assert reasons(ws, "home_visit") == {}
    clock.now = NOW + timedelta(days=1)
    assert reasons(ws, "home_visit") == {"Raka Aditya": "Dijanjikan 13-11-2026: Timbang ulang"}
    keep(ws, "home_child", raka, TODAY + timedelta(days=1), result="done")
    assert reasons(ws, "home_visit") == {}


@pytest.mark.parametrize(
    ("form", "on", "listed"),
    [
        ("home_child", date(2026, 11, 9), True),
        ("home_child", date(2026, 11, 10), False),
        ("under_five_visit", date(2026, 11, 9), True),
        ("under_five_visit", date(2026, 11, 11), False),
    ],
)
def test_a_control_is_asked_about_until_somebody_saw_the_person_again(
    ws: Workspace, form: str, on: date, listed: bool
) -> None:
    raka = child(ws)
    told = {"referred_on": date(2026, 10, 20), "came": "came", "control_on": date(2026, 11, 10)}
    records.save(
        ws.db, FORMS["referral"], records.new_id(), told,
        scope=POST, author=ws.author, now=ws.now(), links={"person_id": raka},
    )  # fmt: skip
    assert reasons(ws, "home_visit") == {"Raka Aditya": "Waktunya kontrol 10-11-2026"}
    keep(ws, form, raka, on, **({"weight_g": 9_000} if form == "under_five_visit" else {"result": "done"}))
    assert bool(reasons(ws, "home_visit")) is listed


def test_an_examination_to_be_repeated_is_asked_about_until_it_was(ws: Workspace) -> None:
    wulan = woman(ws)
    keep(ws, "nakes_exam", wulan, date(2026, 8, 1), instrument="iva", again_on=TODAY + timedelta(days=1))
    assert reasons(ws, "home_visit") == {}
    keep(ws, "nakes_exam", wulan, date(2026, 8, 2), instrument="vision", again_on=TODAY)
    due = {"Wulan Sari": "Waktunya diperiksa lagi oleh tenaga kesehatan 12-11-2026"}
    assert reasons(ws, "home_visit") == due
    keep(ws, "nakes_exam", wulan, date(2026, 11, 11), instrument="laboratory")
    assert reasons(ws, "home_visit") == due, "another examination is not that one"
    keep(ws, "nakes_exam", wulan, TODAY, instrument="vision")
    assert reasons(ws, "home_visit") == {}
    keep(ws, "nakes_exam", wulan, date(2026, 4, 1), instrument="hearing", again_on=date(2026, 5, 31))
    assert reasons(ws, "home_visit") == {}, "asked about for six months"


def test_a_danger_sign_at_home_stands_on_top_until_it_was_referred(ws: Workspace) -> None:
    raka = child(ws)
    keep(ws, "home_child", raka, TODAY - timedelta(days=1), danger_breath=True, temperature_tenth_c=380, result="open")
    found = lists(ws)
    assert next(iter(found)) == "danger_at_home"
    assert "Suhu 37,5 °C atau lebih" in found["danger_at_home"].people[0].reason
    keep(ws, "home_child", raka, danger_breath=True, result="referred")
    assert "danger_at_home" not in lists(ws)


def test_a_danger_of_last_month_is_not_this_months(ws: Workspace) -> None:
    keep(ws, "home_child", child(ws), date(2026, 10, 20), danger_breath=True)
    assert "danger_at_home" not in lists(ws)
    assert "danger_at_home" in lists(ws, Month(2026, 10))


# --- school, youth, adults ------------------------------------------------------------------------------------------


def girl(ws: Workspace, name: str = "Ayu", born_on: date = date(2011, 3, 1)) -> str:
    return people.register(ws, {"name": name, "sex": "female", "born_on": born_on})


def test_anaemia_of_girls_and_women_counts_by_the_last_haemoglobin_of_the_year(ws: Workspace) -> None:
    ayu, ibu = girl(ws), woman(ws)
    keep(ws, "school_visit", ayu, date(2026, 3, 1), haemoglobin_dg_dl=100)
    keep(ws, "school_visit", ayu, date(2026, 9, 1), weight_g=45_000)
    keep(ws, "adult_visit", ibu, TODAY, haemoglobin_dg_dl=75)
    found = lists(ws)["anaemia"].people
    assert [(row.name, row.reason, row.since) for row in found] == [
        ("Wulan Sari", "Anemia berat: Hb 7,5 g/dL 12-11-2026", TODAY),
        ("Ayu", "Anemia sedang: Hb 10,0 g/dL 01-03-2026", date(2026, 3, 1)),
    ]
    keep(ws, "school_visit", ayu, TODAY, haemoglobin_dg_dl=125)
    assert "Ayu" not in reasons(ws, "anaemia")
    assert "anaemia" not in lists(ws, NOVEMBER + 12)


def test_the_last_haemoglobin_counts_whichever_register_it_stands_in(ws: Workspace) -> None:
    """She came of age in between: what was found in the register of pupils is over once she was examined again."""
    ayu = girl(ws, born_on=date(2007, 10, 1))
    keep(ws, "school_visit", ayu, date(2026, 3, 1), haemoglobin_dg_dl=100)
    assert reasons(ws, "anaemia") == {"Ayu": "Anemia sedang: Hb 10,0 g/dL 01-03-2026"}
    keep(ws, "adult_visit", ayu, TODAY, haemoglobin_dg_dl=125)
    assert reasons(ws, "anaemia") == {}


def test_the_register_of_women_names_who_is_anaemic_or_has_a_thin_arm(ws: Workspace) -> None:
    wulan = woman(ws)
    keep(ws, "wus", wulan, TODAY - timedelta(days=2), couple=False, haemoglobin_dg_dl=109, muac_mm=234)
    assert reasons(ws, "anaemia") == {"Wulan Sari": "Anemia sedang: Hb 10,9 g/dL 10-11-2026"}
    assert reasons(ws, "to_refer") == {"Wulan Sari": "LiLA di bawah 23,5 cm (KEK)"}
    assert reasons(ws, "to_refer", NOVEMBER + 1) == {}
    keep(ws, "adult_visit", wulan, TODAY - timedelta(days=1), eye_right=False)
    assert reasons(ws, "to_refer") == {"Wulan Sari": "Gangguan penglihatan, LiLA di bawah 23,5 cm (KEK)"}
    keep(ws, "adult_visit", wulan, TODAY, haemoglobin_dg_dl=120, muac_mm=235)
    assert (reasons(ws, "anaemia"), reasons(ws, "to_refer")) == ({}, {})


def test_the_arm_of_a_pregnant_woman_is_not_that_of_the_register_of_women(ws: Workspace) -> None:
    wulan = woman(ws)
    keep(ws, "wus", wulan, couple=True, muac_mm=234)
    pregnancy(ws, wulan)
    assert "to_refer" not in lists(ws)


def test_the_young_who_smoke_are_listed_and_who_stopped_is_not(ws: Workspace) -> None:
    adi, ayu, dewa = girl(ws, "Adi"), girl(ws), girl(ws, "Dewa", date(2007, 1, 1))
    keep(ws, "school_visit", adi, TODAY - timedelta(days=1), smoking="sometimes")
    keep(ws, "school_visit", ayu, smoking="daily")
    keep(ws, "school_visit", dewa, smoking="daily")
    assert list(reasons(ws, "smoking").items()) == [("Ayu", "Merokok setiap hari"), ("Adi", "Kadang-kadang merokok")]
    keep(ws, "school_visit", adi, TODAY, smoking="never")
    assert "Adi" not in reasons(ws, "smoking")


def confide(ws: Workspace) -> tuple[str, str]:
    ayu, ibu = girl(ws), woman(ws)
    keep(ws, "school_mental", ayu, suicidal=True)
    keep(ws, "srq20", ibu, **{f"srq_{number}": True for number in range(1, 7)})
    return ayu, ibu


def test_only_health_workers_see_whom_to_talk_with_and_never_why(ws: Workspace) -> None:
    confide(ws)
    assert "talk" not in lists(ws)
    assert "talk" not in {each.code for each in tasks.board(ws, POST, private=True).lists}
    for role in ("midwife", "nutritionist", "puskesmas"):
        ws.worker = Worker("bidan-ratna", "Ratna", role)
        found = lists(ws)["talk"]
        assert [(row.name, row.reason) for row in found.people] == [
            ("Ayu", "Perlu dibicarakan segera"),
            ("Wulan Sari", "Perlu dibicarakan"),
        ]
        assert found.private
        assert "talk" not in {each.code for each in follow_up.attention(ws, POST, NOVEMBER)}
        assert "talk" not in {each.code for each in tasks.board(ws, POST).lists}
    for role in ("coordinator", "operator"):
        ws.worker = Worker("x", "X", role)
        assert "talk" not in lists(ws)


def test_a_reader_learns_that_sealed_answers_are_unread_and_others_only_what_the_recap_knows(ws: Workspace) -> None:
    ayu, ibu = girl(ws), woman(ws)
    reader = with_reader(ws)
    day = sessions.open_day(ws, POST, TODAY)
    calm = {field.name: False for field in FORMS["srq20"].sections[1].fields}
    visits.record(ws, FORMS["school_mental"], day, ayu, {"suicidal": True})
    visits.record(ws, FORMS["srq20"], day, ibu, calm | {f"srq_{number}": True for number in range(1, 7)})
    asker, nutritionist = ws.worker, Worker("gizi", "Lina", "nutritionist")
    assert "talk" not in lists(ws)
    ws.worker = nutritionist
    assert [(row.name, row.reason) for row in lists(ws)["talk"].people] == [("Wulan Sari", "Perlu dibicarakan")]
    ws.worker = reader
    unread = "Jawaban rahasia belum dibaca"
    assert {row.name: row.reason for row in lists(ws)["talk"].people} == {"Ayu": unread, "Wulan Sari": unread}
    key = sealed.unlock(ws, READER_PIN)
    for who, form in ((ayu, "school_mental"), (ibu, "srq20")):
        questionnaires.open_newest(ws, key, FORMS[form], records.visit_id(form, day, who))
    assert [(row.name, row.reason) for row in lists(ws)["talk"].people] == [("Wulan Sari", "Perlu dibicarakan")]
    ws.worker = asker


def test_a_reader_learns_of_an_sdq_result_another_health_worker_sealed(ws: Workspace) -> None:
    ayu, reader = girl(ws), with_reader(ws)
    day = sessions.open_day(ws, POST, TODAY)
    ws.worker = Worker("gizi", "Lina", "nutritionist")
    sealed.accept(ws, next(each.public for each in sealed.readers(ws)))
    told = {"sdq_informant": "self", "sdq_band": "abnormal"}
    visits.record(ws, FORMS["sdq"], day, ayu, told)
    assert "talk" not in lists(ws), "no reader herself"
    ws.worker = reader
    assert {row.name: row.reason for row in lists(ws)["talk"].people} == {"Ayu": "Jawaban rahasia belum dibaca"}
    questionnaires.open_newest(ws, sealed.unlock(ws, READER_PIN), FORMS["sdq"], records.visit_id("sdq", day, ayu))
    assert "talk" not in lists(ws), "read, and nothing judges it"


def test_the_gravest_of_several_questionnaires_is_what_is_said(ws: Workspace) -> None:
    """Of one person two may be on record, before and after the nineteenth birthday."""
    ayu = girl(ws)
    keep(ws, "school_mental", ayu, date(2026, 9, 1), suicidal=True)
    keep(ws, "srq20", ayu, TODAY, **{f"srq_{number}": True for number in range(1, 7)})
    ws.worker = Worker("bidan-ratna", "Ratna", "midwife")
    assert reasons(ws, "talk") == {"Ayu": "Perlu dibicarakan segera"}


def test_what_is_confidential_is_neither_printed_nor_copied_nor_shown_when_dealt_with(ws: Workspace) -> None:
    confide(ws)
    ws.worker = Worker("bidan-ratna", "Ratna", "midwife")
    board = tasks.board(ws, POST, private=True)
    assert tasks.errands(board) == ()
    (task, _other) = next(each.tasks for each in board.lists if each.code == "talk")
    tasks.settle(ws, task, "visited")
    assert len(tasks.board(ws, POST, private=True).settled) == 1
    assert tasks.board(ws, POST).settled == ()
    ws.worker = Worker("kader-sari", "Sari", "kader")
    assert tasks.board(ws, POST, private=True).settled == ()


def test_known_patients_are_reminded_of_control_and_medicine(ws: Workspace) -> None:
    ibu = woman(ws)
    keep(ws, "health_history", ibu, date(2025, 1, 1), own_hypertension=True, own_diabetes=False)
    assert reasons(ws, "control") == {"Wulan Sari": "Waktunya kontrol tekanan darah"}
    keep(ws, "adult_visit", ibu, TODAY, systolic_mmhg=130, diastolic_mmhg=80)
    assert reasons(ws, "control") == {}
    keep(ws, "home_adult", ibu, TODAY, gap_pressure_taken=False)
    assert reasons(ws, "control") == {"Wulan Sari": "Hipertensi tanpa obat teratur"}
    keep(ws, "home_elderly", ibu, TODAY - timedelta(days=1), gap_pressure_taken=True)
    assert list(reasons(ws, "control")) == ["Wulan Sari"], "the last visit at home counts, whichever checklist it was"
    keep(ws, "health_history", ibu, TODAY, own_hypertension=False)
    assert reasons(ws, "control") == {}


def test_the_card_of_a_known_patient_says_why_and_what_to_tell_the_family(ws: Workspace) -> None:
    ibu = woman(ws)
    assert lists_life.control_of(ws, ibu, TODAY) == ()
    keep(ws, "health_history", ibu, date(2025, 1, 1), own_hypertension=True, own_diabetes=False)
    (found,) = lists_life.control_of(ws, ibu, TODAY)
    assert (found.code, "belum pernah tercatat" in found.why) == ("pressure_overdue", True)
    assert found.tell_family
    keep(ws, "adult_visit", ibu, TODAY, systolic_mmhg=130, diastolic_mmhg=80)
    keep(ws, "home_elderly", ibu, date(2025, 11, 1), gap_pressure_taken=False)
    assert lists_life.control_of(ws, ibu, TODAY) == (), "a visit of a year ago says nothing of the medicine of today"
    keep(ws, "home_adult", ibu, TODAY, gap_pressure_taken=False)
    assert [each.code for each in lists_life.control_of(ws, ibu, TODAY)] == ["pressure_medicine"]
    keep(ws, "health_history", ibu, TODAY, own_hypertension=False)
    assert lists_life.control_of(ws, ibu, TODAY) == ()


# --- vitamin A and worm medicine ------------------------------------------------------------------------------------


@pytest.fixture
def august() -> Workspace:
    return post(Clock(datetime(2026, 8, 12, 9, 0, tzinfo=ZONE)))


def test_the_campaign_lists_who_has_no_capsule_yet_and_counts_who_has(august: Workspace) -> None:
    ws, month = august, Month(2026, 8)
    raka, bayi = child(ws), child(ws, "Bayi", date(2026, 1, 20))
    child(ws, "Kecil", date(2026, 4, 1))
    child(ws, "Besar", date(2021, 8, 1))
    child(ws, "Tamu", guest=True)
    assert reasons(ws, "vitamin_a", month) == {"Bayi": "Kapsul biru", "Raka Aditya": "Kapsul merah"}
    assert lists(ws, month)["vitamin_a"].done == (0, 2)
    weighed(ws, raka, date(2026, 8, 12), 9_600, vitamin_a="red")
    assert reasons(ws, "vitamin_a", month) == {"Bayi": "Kapsul biru"}
    assert lists(ws, month)["vitamin_a"].done == (1, 2)
    weighed(ws, bayi, date(2026, 8, 12), 7_600, vitamin_a="none")
    assert "Bayi" in reasons(ws, "vitamin_a", month)


def test_who_missed_the_campaign_is_sought_the_month_after_and_not_later(august: Workspace) -> None:
    ws = august
    raka = child(ws)
    assert reasons(ws, "vitamin_a", Month(2026, 9)) == {"Raka Aditya": "Kapsul merah"}
    assert reasons(ws, "vitamin_a", Month(2026, 10)) == reasons(ws, "vitamin_a", Month(2026, 7)) == {}
    weighed(ws, raka, date(2026, 9, 3), 9_600, vitamin_a="red")
    assert reasons(ws, "vitamin_a", Month(2026, 9)) == {}


def test_a_capsule_of_february_is_not_that_of_august(august: Workspace) -> None:
    ws = august
    raka = child(ws)
    weighed(ws, raka, date(2026, 2, 12), 7_600, vitamin_a="blue")
    assert "Raka Aditya" in reasons(ws, "vitamin_a", Month(2026, 8))
    assert reasons(ws, "vitamin_a", Month(2026, 2)) == {}


def test_worm_medicine_counts_for_the_whole_year(august: Workspace) -> None:
    ws = august
    raka = child(ws)
    child(ws, "Bayi", date(2025, 9, 5))
    assert reasons(ws, "deworming", Month(2026, 8)) == {"Raka Aditya": "Obat cacing 2026"}
    weighed(ws, raka, date(2026, 2, 12), 7_600, deworming=True)
    assert reasons(ws, "deworming", Month(2026, 8)) == {}


# --- obesity that lasts reaches the lists too -----------------------------------------------------------------------


def test_an_adult_still_obese_after_three_months_is_to_be_referred(ws: Workspace) -> None:
    ibu = woman(ws)
    form = FORMS["adult_visit"]
    for on in (date(2026, 8, 10), TODAY):
        day = sessions.open_day(ws, POST, on)
        visits.record(ws, form, day, ibu, {"weight_g": 80_000, "height_mm": 1_550})
    assert reasons(ws, "to_refer") == {"Wulan Sari": "Obesitas menetap 3 bulan"}
    assert visits.open_visit(ws, form, day, ibu).answers["weight_g"] == 80_000


def test_a_birth_moves_a_woman_from_one_list_to_the_other(ws: Workspace) -> None:
    wulan = woman(ws)
    carried = pregnancy(ws, wulan, noted_on=date(2026, 4, 1), lmp_on=date(2026, 2, 10))
    sessions.open_day(ws, POST, TODAY)
    assert "pregnancy_unseen" in lists(ws)
    pregnancies.end(ws, carried, "live_birth", TODAY - timedelta(days=1))
    found = lists(ws)
    assert "pregnancy_unseen" not in found
    assert "nifas_visit" in found
    assert CHILD.name == "under_five_visit"
