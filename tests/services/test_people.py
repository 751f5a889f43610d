from dataclasses import replace
from datetime import date, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms import FORMS
from posyandu.domain.service_group import Group
from posyandu.services import people, sessions, visits
from posyandu.services.sample import book, village
from posyandu.services.workspace import Workspace, in_memory
from posyandu.storage import records
from tests.services.melati import CHILD, NOW, POST, TODAY, child, post, pregnancy, weighed, woman


@pytest.fixture
def ws() -> Workspace:
    return post()


def names(hits: list[people.PersonHit]) -> list[str]:
    return [hit.name for hit in hits]


def looks_like(ws: Workspace, **typed: object) -> dict[str, tuple[str, ...]]:
    return {each.hit.name: each.reasons for each in people.lookalikes(ws, typed)}  # type: ignore[arg-type]


# --- registering


def test_a_registered_child_is_found_by_name_however_it_is_spelled(ws: Workspace) -> None:
    child(ws, "Lalu Moh. Djunaedi", mother_name="Baiq Aminah", rt="02", hamlet="Karang Baru")
    for typed in ("junaidi", "L. Junaedi", "muhammad jun", "lalu", "aminah"):
        assert names(people.search(ws, typed)) == ["Lalu Moh. Djunaedi"], typed
    assert people.search(ws, "junaidi rahma") == []


@pytest.mark.parametrize("typed", ["baiq rukiyah", "rukiyah baiq", "Bq. Rukiah", "baiq ruk"])
def test_who_has_the_title_that_was_typed_stands_before_who_has_not(ws: Workspace, typed: str) -> None:
    for name in ("Rukiah Jannah", "Rukiah", "Baiq Rukiah", "Lalu Rukiah"):
        woman(ws, name)
    names = [hit.name for hit in people.search(ws, typed)]
    assert len(names) == 4, "a title not typed, or typed wrongly, hides nobody"
    assert names[0] == "Baiq Rukiah"


def test_where_nobody_is_found_a_letter_wrong_missing_or_too_many_is_forgiven(ws: Workspace) -> None:
    for name in ("Fathan Alfarabi", "Azzahra Nafisa", "Abizar Zulfikar", "Zulkifli"):
        child(ws, name)
    for typed, whom in (
        ("fathan alfarbi", ["Fathan Alfarabi"]),
        ("ALFARABBI", ["Fathan Alfarabi"]),
        ("nafsa azahra", ["Azzahra Nafisa"]),
        ("zulfikr", ["Abizar Zulfikar"]),
        ("zulf", ["Abizar Zulfikar"]),
        ("fathan nafisa", []),
        ("zulaikha", []),
        ("5203019", []),
        ("zul", ["Abizar Zulfikar", "Zulkifli"]),
    ):
        assert sorted(names(people.search(ws, typed))) == whom, typed
    assert people.search(ws, "zulfikr", scope="mawar") == []


def test_a_hit_tells_enough_to_be_sure(ws: Workspace) -> None:
    person_id = child(ws, mother_name="Wulan", rt="02", hamlet="Karang Baru", nik="5203010507250001")
    (hit,) = people.search(ws, "raka")
    assert hit == people.PersonHit(
        id=person_id,
        name="Raka Aditya",
        sex="male",
        born_on=date(2025, 7, 5),
        age_text="1 tahun 4 bulan",
        group=Group.UNDER_FIVE,
        group_label="Balita",
        mother_name="Wulan",
        address_line="RT 02, Karang Baru",
        nik="5203010507250001",
        scope=POST,
    )


def test_without_text_everybody_is_listed(ws: Workspace) -> None:
    child(ws, "Raka")
    child(ws, "Ayu")
    assert names(people.search(ws, "")) == ["Ayu", "Raka"]
    assert names(people.search(ws, "", limit=1)) == ["Ayu"]
    assert people.search(ws, "", scope="mawar") == []


def test_what_is_needed_is_asked_for_and_nothing_is_saved(ws: Workspace) -> None:
    with pytest.raises(people.NotFinal) as refusal:
        people.register(ws, {"name": "Raka"})
    assert [problem.field for problem in refusal.value.problems] == ["sex", "born_on"]
    assert "Jenis kelamin belum diisi" in str(refusal.value)
    assert people.search(ws, "") == []


def test_a_birth_date_in_the_future_is_impossible(ws: Workspace) -> None:
    with pytest.raises(people.NotFinal):
        child(ws, born_on=TODAY + timedelta(days=1))


def test_a_doubtful_nik_never_keeps_anyone_from_saving(ws: Workspace) -> None:
    person_id = child(ws, nik="123")
    assert people.card(ws, person_id).hit.nik == "123"
    assert [
        problem.field for problem in people.problems(ws, {"name": "a", "sex": "male", "born_on": TODAY, "nik": "1"})
    ] == ["nik"]
    assert people.nik_hints({"nik": "5203015507980001"}, TODAY)[0].suggestion == date(1998, 7, 15)
    assert people.nik_hints({}) == ()


def test_a_post_must_be_chosen_first() -> None:
    with pytest.raises(BadInput, match="Pilih Posyandu"):
        child(in_memory(post=None))


def test_spaces_around_what_was_typed_are_not_kept(ws: Workspace) -> None:
    person_id = child(ws, "  Raka  ", mother_name="")
    person = people.card(ws, person_id).person
    assert (person["name"], person["mother_name"]) == ("Raka", None)


# --- mother and household


def test_a_child_is_linked_to_its_mother_without_any_kk(ws: Workspace) -> None:
    mother = woman(ws, "Wulan Sari", husband_name="Budi", rt="03", address="Gang Mawar", phone="0812")
    baby = child(ws, "Raka", mother_id=mother)
    card = people.card(ws, baby)
    assert card.person["mother_name"] == "Wulan Sari"
    assert card.person["father_name"] == "Budi"
    assert (card.person["rt"], card.person["address"]) == ("03", "Gang Mawar")
    assert names(list(card.household)) == ["Wulan Sari"]
    assert names(list(people.card(ws, mother).household)) == ["Raka"]


def test_siblings_are_found_through_the_mother(ws: Workspace) -> None:
    mother = woman(ws)
    first = child(ws, "Raka", mother_id=mother)
    child(ws, "Ayu", date(2022, 1, 1), mother_id=mother)
    assert names(list(people.card(ws, first).household)) == ["Wulan Sari", "Ayu"]


def test_people_with_one_kk_share_a_household(ws: Workspace) -> None:
    one = child(ws, "Raka", kk="5203010101200001", address="Gang Mawar")
    other = child(ws, "Ayu", date(2022, 1, 1), kk="5203010101200001")
    assert names(list(people.card(ws, one).household)) == ["Ayu"]
    assert people.card(ws, other).person["household_id"] == people.card(ws, one).person["household_id"]


def test_a_placeholder_kk_and_a_shared_address_gather_no_strangers(ws: Workspace) -> None:
    one = child(ws, "Raka", kk="0000000000000000", address="Dusun Karang")
    child(ws, "Ayu", kk="0000000000000000", address="Dusun Karang")
    assert people.card(ws, one).household == ()


def test_a_corrected_kk_moves_to_that_household(ws: Workspace) -> None:
    one = child(ws, "Raka", kk="5203010101200001")
    other = child(ws, "Ayu", date(2022, 1, 1))
    people.correct(ws, other, {"kk": "5203010101200001"})
    assert names(list(people.card(ws, one).household)) == ["Ayu"]


def test_a_mother_told_later_lends_her_name(ws: Workspace) -> None:
    mother = woman(ws)
    baby = child(ws, "Raka")
    people.correct(ws, baby, {"mother_id": mother})
    assert people.card(ws, baby).hit.mother_name == "Wulan Sari"


def test_an_unknown_mother_is_refused(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        child(ws, mother_id="nobody")


# --- lookalikes


def test_the_same_nik_is_shown_at_once(ws: Workspace) -> None:
    child(ws, nik="5203010507250001")
    assert looks_like(ws, name="Z", nik="5203010507250001") == {"Raka Aditya": ("NIK sama",)}


def test_a_placeholder_nik_makes_no_lookalike(ws: Workspace) -> None:
    child(ws, nik="0000000000000000")
    assert looks_like(ws, name="Ayu", nik="0000000000000000") == {}


def test_a_similar_name_with_a_birth_date_within_a_month_is_shown(ws: Workspace) -> None:
    child(ws)
    assert looks_like(ws, name="Raka Adita", born_on=date(2025, 7, 20), sex="male") == {
        "Raka Aditya": ("nama mirip", "lahir berselang 15 hari")
    }
    assert looks_like(ws, name="Raka Aditya", born_on=date(2025, 9, 20), sex="male") == {}


def test_a_swapped_day_and_month_or_another_year_is_shown(ws: Workspace) -> None:
    child(ws)
    assert looks_like(ws, name="Raka Aditya", born_on=date(2025, 5, 7))["Raka Aditya"] == (
        "nama sama",
        "tanggal dan bulan lahir tertukar",
    )
    assert looks_like(ws, name="Raka Aditya", born_on=date(2024, 7, 5))["Raka Aditya"] == (
        "nama sama",
        "tanggal lahir sama, tahun berbeda",
    )


def test_the_same_mother_and_a_similar_name_are_shown(ws: Workspace) -> None:
    mother = woman(ws)
    child(ws, "Raka Aditya", mother_id=mother)
    assert looks_like(ws, name="Raka", mother_id=mother, born_on=date(2024, 1, 1)) == {
        "Raka Aditya": ("nama mirip", "ibu sama")
    }
    assert looks_like(ws, name="Raka", mother_name="Wulan Sari", born_on=date(2024, 1, 1)) == {
        "Raka Aditya": ("nama mirip", "ibu sama")
    }


def test_a_sibling_of_another_name_and_age_is_not_shown(ws: Workspace) -> None:
    mother = woman(ws)
    child(ws, "Raka Aditya", mother_id=mother)
    assert looks_like(ws, name="Nayla", mother_id=mother, born_on=date(2023, 1, 1)) == {}


def test_a_nameless_newborn_of_the_same_mother_and_day_is_shown(ws: Workspace) -> None:
    mother = woman(ws)
    child(ws, "Raka Aditya", mother_id=mother)
    assert looks_like(ws, name="", mother_id=mother, born_on=date(2025, 7, 5)) == {
        "Raka Aditya": ("tanggal lahir sama", "ibu sama")
    }


def test_a_newborn_named_after_its_mother_is_shown_when_it_gets_a_name(ws: Workspace) -> None:
    mother = woman(ws)
    child(ws, "By Ny Wulan Sari", mother_id=mother)
    assert looks_like(ws, name="Raka Aditya", mother_id=mother, born_on=date(2025, 7, 5)) == {
        "By Ny Wulan Sari": ("tanggal lahir sama", "ibu sama")
    }


def test_twins_with_names_of_their_own_are_two(ws: Workspace) -> None:
    mother = woman(ws)
    child(ws, "Raka Aditya", mother_id=mother)
    assert looks_like(ws, name="Nayla Putri", mother_id=mother, born_on=date(2025, 7, 5), sex="female") == {}


def test_a_similar_name_of_another_mother_takes_the_very_same_birthday(ws: Workspace) -> None:
    child(ws, "Raka Aditya", mother_name="Wulan Sari")
    typed = {"name": "Raka", "mother_name": "Nurhayati"}
    assert looks_like(ws, **typed, born_on=date(2025, 7, 9)) == {}
    assert looks_like(ws, **typed, born_on=date(2025, 7, 5)) == {"Raka Aditya": ("nama mirip", "tanggal lahir sama")}
    typed = {"name": "Raka Aditya", "mother_name": "Nurhayati"}
    assert "Raka Aditya" in looks_like(ws, **typed, born_on=date(2025, 7, 9))


def test_the_same_family_card_and_a_similar_name_are_shown(ws: Workspace) -> None:
    child(ws, kk="5203010101200001")
    assert looks_like(ws, name="Raka", kk="5203010101200001") == {"Raka Aditya": ("nama mirip", "nomor KK sama")}


def test_while_only_the_name_is_typed_the_same_name_is_shown(ws: Workspace) -> None:
    child(ws, "Raka Aditya")
    assert looks_like(ws, name="Raka Aditya") == {"Raka Aditya": ("nama sama",)}
    assert looks_like(ws, name="Raka") == {}
    assert looks_like(ws) == {}


def test_who_is_being_corrected_is_not_their_own_lookalike(ws: Workspace) -> None:
    person_id = child(ws)
    assert looks_like(ws, id=person_id, name="Raka Aditya", born_on=date(2025, 7, 5)) == {}


def test_a_boy_and_a_girl_of_one_name_are_two_unless_the_birth_date_agrees(ws: Workspace) -> None:
    child(ws, "Dwi Nur")
    assert looks_like(ws, name="Dwi Nur", sex="female") == {}
    assert "Dwi Nur" in looks_like(ws, name="Dwi Nur", sex="female", born_on=date(2025, 7, 5))


# --- correcting


def test_a_correction_keeps_the_old_value_and_who_why(ws: Workspace) -> None:
    person_id = child(ws)
    op_id = people.correct(ws, person_id, {"born_on": date(2025, 7, 6)}, reason="Akta lahir")
    newest = people.card(ws, person_id).history[0]
    assert newest.op_id == op_id
    assert newest.changes == {"born_on": (date(2025, 7, 5), date(2025, 7, 6))}
    assert (newest.reason, newest.author) == ("Akta lahir", ws.worker.id)


def test_an_impossible_correction_is_refused(ws: Workspace) -> None:
    person_id = child(ws)
    with pytest.raises(people.NotFinal):
        people.correct(ws, person_id, {"name": None})
    with pytest.raises(NotFound):
        people.correct(ws, "nobody", {"name": "Ayu"})
    assert people.card(ws, person_id).hit.name == "Raka Aditya"


def test_correcting_nothing_saves_nothing(ws: Workspace) -> None:
    person_id = child(ws)
    assert people.correct(ws, person_id, {"name": "Raka Aditya"}) == ""


def test_a_correction_can_be_taken_back_and_done_again(ws: Workspace) -> None:
    person_id = child(ws)
    op_id = people.correct(ws, person_id, {"name": "Raka Pratama"})
    back = people.undo(ws, op_id)
    assert people.card(ws, person_id).hit.name == "Raka Aditya"
    people.undo(ws, back)
    assert people.card(ws, person_id).hit.name == "Raka Pratama"


def test_who_was_registered_by_mistake_is_withdrawn_and_can_come_back(ws: Workspace) -> None:
    person_id = child(ws)
    op_id = people.withdraw(ws, person_id, "Terdaftar dua kali")
    assert people.search(ws, "raka") == []
    people.undo(ws, op_id)
    assert names(people.search(ws, "raka")) == ["Raka Aditya"]


def test_who_moved_or_died_keeps_the_day(ws: Workspace) -> None:
    person_id = child(ws)
    people.set_status(ws, person_id, "moved", date(2026, 10, 1), "Ke Mataram")
    card = people.card(ws, person_id)
    assert (card.hit.status, card.person["left_on"], card.person["left_reason"]) == (
        "moved", date(2026, 10, 1), "Ke Mataram",
    )  # fmt: skip
    people.set_status(ws, person_id, "active")
    assert people.card(ws, person_id).person["left_on"] is None
    people.set_status(ws, person_id, "died")
    assert people.card(ws, person_id).person["left_on"] == TODAY


def test_nobody_leaves_before_birth_or_for_an_unknown_reason(ws: Workspace) -> None:
    person_id = child(ws)
    with pytest.raises(BadInput, match="sebelum tanggal lahir"):
        people.set_status(ws, person_id, "died", date(2020, 1, 1))
    with pytest.raises(BadInput, match="Pilih salah satu"):
        people.set_status(ws, person_id, "hidden")


# --- the card


def test_the_card_of_a_child_tells_its_visits_oldest_first_and_its_timeline_newest_first(ws: Workspace) -> None:
    person_id = child(ws, birth_weight_g=3_100)
    weighed(ws, person_id, date(2026, 10, 10), 9_200)
    weighed(ws, person_id, date(2026, 11, 12), 9_600)
    away = sessions.open_day(ws, POST, date(2026, 9, 10), {})
    sessions.mark_absent(ws, away, person_id, "sick")
    card = people.card(ws, person_id)
    assert card.form == "under_five_visit"
    assert [each.visited_on for each in card.assessments] == [date(2026, 10, 10), date(2026, 11, 12)]
    assert [visit.answers["weight_g"] for visit in card.visits] == [9_200, 9_600]
    assert [entry.on for entry in card.timeline] == [
        date(2026, 11, 12), date(2026, 10, 10), date(2026, 9, 10), date(2025, 7, 5),
    ]  # fmt: skip
    newest, _older, absent, birth = card.timeline
    assert newest.title.startswith("Naik 400 gram")
    assert newest.detail == "9,6 kg"
    assert (absent.title, absent.detail) == ("Tidak datang", "Sakit")
    assert (birth.title, birth.detail) == ("Lahir", "3,1 kg")
    assert card.saved_at == NOW


def test_a_title_that_is_typed_puts_those_who_bear_it_first(ws: Workspace) -> None:
    born_on = date(2024, 1, 2)
    for name in ("Shakila Hasanah", "Baiq Shakila Maulida", "Shakila Aini"):
        people.register(ws, {"name": name, "sex": "female", "born_on": born_on})

    def found(typed: str) -> list[str]:
        return [hit.name for hit in people.search(ws, typed)]

    assert found("baiq  SHAKILA") == ["Baiq Shakila Maulida", "Shakila Aini", "Shakila Hasanah"]
    assert found("shakila") == ["Shakila Aini", "Shakila Hasanah", "Baiq Shakila Maulida"]
    assert found("syakila") == found("shakila"), "spelling is forgiven as before"


def test_the_timeline_says_why_a_visit_is_marked_and_says_nothing_twice(ws: Workspace) -> None:
    person_id = child(ws)
    weighed(ws, person_id, date(2026, 9, 10), 9_200)
    weighed(ws, person_id, date(2026, 10, 10), 9_600, development="incomplete")
    visits.confirm(ws, CHILD, weighed(ws, person_id, date(2026, 11, 12), 7_000), {"weight_g"})
    thin, marked, plain = people.card(ws, person_id).timeline[:3]
    assert (marked.level, marked.detail) == ("warn", "Checklist perkembangan tidak lengkap\n9,6 kg")
    assert marked.title.startswith("Naik 400 gram")
    assert (plain.level, plain.detail) == ("ok", "9,2 kg")
    assert thin.level == "bad"
    assert "garis merah" in thin.title.lower()
    assert "garis merah" not in thin.detail.lower()


def test_the_card_of_a_pregnant_woman_shows_her_pregnancy(ws: Workspace) -> None:
    from posyandu.services import visits
    from tests.services.melati import MOTHER

    person_id = woman(ws)
    carried = pregnancy(ws, person_id)
    day = sessions.open_day(ws, POST, TODAY, {})
    visits.record(ws, MOTHER, day, person_id, {"weight_g": 52_000, "muac_mm": 231})
    card = people.card(ws, person_id)
    assert (card.form, card.pregnancy_id, card.hit.group) == ("pregnancy_visit", carried, Group.PREGNANT)
    assert len(card.assessments) == len(card.visits) == 1
    titles = [entry.title for entry in card.timeline]
    assert "Kehamilan dicatat" in titles


def test_a_birth_ends_the_pregnancy_on_the_card(ws: Workspace) -> None:
    person_id = woman(ws)
    pregnancy(
        ws, person_id, lmp_on=TODAY - timedelta(days=290), outcome="live_birth", ended_on=TODAY - timedelta(days=10)
    )
    card = people.card(ws, person_id)
    assert (card.hit.group_label, card.form) == ("Ibu nifas", "postpartum_visit")
    assert any(entry.title == "Kehamilan berakhir" and entry.detail == "Lahir hidup" for entry in card.timeline)


def test_a_visit_is_opened_with_the_very_visits_and_verdicts_of_the_card_alone() -> None:
    ws = in_memory(now=NOW, post=None)
    entries = village.one_post(7, 0, village.PLACES[0], ws.growth, months=4, until=Month.of(TODAY))
    book.write(ws.db, entries, ws.author)
    ws.posyandu_id = village.post_id(7, 0)
    forms = set()
    for row in records.load_many(ws.db, FORMS["person"], scope=ws.posyandu_id):
        whole, visit = people.card(ws, row.id), people.card(ws, row.id, whole=False)
        assert visit == replace(whole, timeline=(), household=(), guardian=None, wards=(), history=(),
                                visits=visit.visits, assessments=visit.assessments)  # fmt: skip
        if whole.form:
            assert (visit.visits, visit.assessments) == (whole.visits, whole.assessments)
            forms.add(whole.form)
        assert whole.timeline
    assert len(forms) >= 4


def test_nobody_has_no_card(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        people.card(ws, "nobody")


def test_groups_of_many_are_read_with_their_pregnancies(ws: Workspace) -> None:
    carrying = [woman(ws, f"Ibu {letter}") for letter in "ABCDE"]
    pregnancy(ws, carrying[2])
    records.withdraw(ws.db, people.PREGNANCY, pregnancy(ws, carrying[3]), author=ws.author, now=ws.now())
    assert [hit.group for hit in people.search(ws, "ibu")] == [
        Group.ADULT, Group.ADULT, Group.PREGNANT, Group.ADULT, Group.ADULT,
    ]  # fmt: skip


# --- small things that must not break


def test_a_mother_and_a_father_already_told_are_not_overwritten(ws: Workspace) -> None:
    mother = woman(ws, husband_name="Budi")
    baby = child(ws, "Raka", mother_id=mother, mother_name="Wulan", father_name="Tono", rt="09")
    person = people.card(ws, baby).person
    assert (person["mother_name"], person["father_name"], person["rt"]) == ("Wulan", "Tono", "09")
    assert person["household_id"] != people.card(ws, mother).person["household_id"]


def test_a_mother_told_later_does_not_move_a_child_that_has_a_household(ws: Workspace) -> None:
    mother = woman(ws, kk="5203010101200001")
    alone, housed = child(ws, "Raka"), child(ws, "Ayu", kk="5203010101200002")
    people.correct(ws, alone, {"mother_id": mother})
    people.correct(ws, housed, {"mother_id": mother, "mother_name": "Wulan"})
    assert people.card(ws, alone).person["household_id"] == people.card(ws, mother).person["household_id"]
    assert people.card(ws, housed).person["household_id"] != people.card(ws, mother).person["household_id"]


def test_a_household_that_was_withdrawn_gathers_nobody_anew(ws: Workspace) -> None:
    one = child(ws, "Raka", kk="5203010101200001")
    household = str(people.card(ws, one).person["household_id"])
    records.withdraw(ws.db, people.HOUSEHOLD, household, author=ws.author, now=ws.now())
    other = child(ws, "Ayu", date(2022, 1, 1), kk="5203010101200001")
    assert people.card(ws, other).person["household_id"] != household


def test_a_child_of_another_post_is_registered_at_the_post_of_its_mother() -> None:
    ws = post()
    mother = woman(ws)
    ws.posyandu_id = ""
    assert people.card(ws, child(ws, mother_id=mother)).hit.scope == POST


def test_the_past_pregnancy_of_a_woman_stays_in_her_timeline(ws: Workspace) -> None:
    mother = woman(ws)
    ended = TODAY - timedelta(days=200)
    pregnancy(ws, mother, lmp_on=TODAY - timedelta(days=480), outcome="live_birth", ended_on=ended, noted_on=None)
    card = people.card(ws, mother)
    assert (card.pregnancy, card.pregnancy_id) == (None, None)
    assert [entry.on for entry in card.timeline][0] == ended


def test_someone_without_a_birth_date_still_has_a_card(ws: Workspace) -> None:
    person_id = child(ws)
    weighed(ws, person_id, TODAY, 9_600)
    records.save(ws.db, people.PERSON, person_id, {"born_on": None}, scope=POST, author=ws.author, now=ws.now())
    card = people.card(ws, person_id)
    assert (card.hit.age_text, card.hit.group, card.form) == ("", None, "")
    assert [entry.level for entry in card.timeline] == ["neutral"]


def test_attendance_on_a_day_not_in_this_book_yet_is_left_out(ws: Workspace) -> None:
    person_id = child(ws)
    records.save(
        ws.db, people.ATTENDANCE, records.attendance_id("far away", person_id), {"present": False},
        scope=POST, author=ws.author, now=ws.now(), links={"person_id": person_id, "session_id": "far away"},
    )  # fmt: skip
    assert [entry.title for entry in people.card(ws, person_id).timeline] == ["Lahir"]


def test_a_mother_not_in_this_book_yet_breaks_no_card(ws: Workspace) -> None:
    person_id = child(ws)
    records.save(ws.db, people.PERSON, person_id, {"mother_id": "later"}, scope=POST, author=ws.author, now=ws.now())
    assert people.card(ws, person_id).household == ()
