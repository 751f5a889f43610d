"""Families: members and what is due for them, vulnerability, moving, splitting, merging and exact undo."""

from datetime import date

import pytest

from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import families, immunisation, people
from posyandu.services.families import Register
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests.rules import ship_rules
from tests.services.melati import POST, TODAY, child, post, weighed, woman

OCTOBER = date(2026, 10, 10)
KK = "5203011208260001"


@pytest.fixture
def ws() -> Workspace:
    return post()


def family(ws: Workspace, person_id: str) -> str:
    return str(people.card(ws, person_id).person["household_id"])


def shown(ws: Workspace, house_id: str) -> families.FamilyCard:
    return families.card(ws, POST, house_id)


def names(card: families.FamilyCard) -> list[str]:
    return [member.hit.name for member in card.members]


def book(ws: Workspace) -> dict[str, object]:
    """Every person and household as it stands, withdrawn or not."""
    return {
        row.id: (dict(row.answers), row.withdrawn)
        for form in ("person", "household")
        for row in records.load_many(ws.db, FORMS[form], withdrawn=True)
    }


def wulan_and_raka(ws: Workspace) -> tuple[str, str]:
    wulan = woman(ws, rt="02", kk=KK, hamlet="Karang", husband_name="Ahmad")
    return wulan, child(ws, mother_id=wulan)


def lists(ws: Workspace) -> Register:
    return families.register(ws, POST)


def test_families_stand_by_rt_and_head_and_people_without_one_last(ws: Workspace) -> None:
    wulan_and_raka(ws)
    woman(ws, "Ani", rt="01", kk="5203011208260002")
    child(ws, "Tamu Kecil")
    found = lists(ws)
    assert [(line.rt, line.head, line.members, line.place) for line in found.lines] == [
        ("01", "Ani", 1, "RT 01"),
        ("02", "Ahmad", 2, "RT 02, Karang"),
        ("", "Belum masuk keluarga", 1, ""),
    ]
    assert names(shown(ws, families.ALONE)) == ["Tamu Kecil"]
    assert shown(ws, families.ALONE).reasons == ()


@pytest.mark.parametrize(
    ("text", "rt", "count"),
    [
        ("ahmd", None, 0),
        ("ahmad", None, 1),
        ("karang", None, 1),
        (KK, None, 1),
        ("", "02", 1),
        ("", "01", 0),
        ("", None, 1),
        ("wulan", None, 1),
    ],
)
def test_families_are_found_by_head_kk_or_place(ws: Workspace, text: str, rt: str | None, count: int) -> None:
    wulan_and_raka(ws)
    assert len(families.find(lists(ws), text, rt)) == count


def test_members_stand_eldest_first_with_the_next_thing_due(ws: Workspace) -> None:
    wulan, raka = wulan_and_raka(ws)
    weighed(ws, raka, OCTOBER, 9_200)
    card = shown(ws, family(ws, wulan))
    assert [(member.hit.name, member.need.words, member.need.level) for member in card.members] == [
        ("Wulan Sari", "Pemeriksaan tahunan", "info"),
        ("Raka Aditya", "Ke Posyandu bulan ini", "info"),
    ]
    weighed(ws, raka, TODAY, 9_600)
    assert shown(ws, family(ws, wulan)).members[1].need == families.Need("Sudah diperiksa bulan ini", "ok")
    people.correct(ws, raka, {"status": "moved", "left_on": TODAY})
    assert names(shown(ws, family(ws, wulan))) == ["Wulan Sari"]


def test_open_follow_up_comes_before_everything_else(ws: Workspace) -> None:
    wulan, raka = wulan_and_raka(ws)
    weighed(ws, raka, OCTOBER, 9_200)
    weighed(ws, raka, TODAY, 9_100, muac_mm=120)
    card = shown(ws, family(ws, wulan))
    assert card.members[1].need == families.Need("Gizi kurang", "bad")
    assert (card.line.needs, card.line.level) == (1, "bad")
    assert card.reasons[0].words.startswith("Raka Aditya: Gizi kurang")
    assert card.is_vulnerable


def test_a_dose_that_is_due_is_said(ws: Workspace) -> None:
    baby = child(ws, "Nayla", date(2026, 9, 10), rt="02")
    immunisation.record(
        ws, baby, [immunisation.Given("hb0", 1, date(2026, 9, 10)), immunisation.Given("bcg", 1, OCTOBER)]
    )
    need = shown(ws, family(ws, baby)).members[0].need
    assert need.level in ("info", "warn")
    assert "Waktunya" in need.words or "Terlambat" in need.words


def test_someone_without_a_birth_date_is_to_be_completed_and_adults_are_seen_once_a_year(ws: Workspace) -> None:
    from posyandu.services import sessions, visits

    wulan, _raka = wulan_and_raka(ws)
    day = sessions.open_day(ws, POST, OCTOBER)
    visits.record(ws, FORMS["adult_visit"], day, wulan, {"weight_g": 52_000})
    assert shown(ws, family(ws, wulan)).members[0].need == families.Need("Diperiksa 10-10-2026", "ok")
    records.save(
        ws.db, FORMS["person"], wulan, {"born_on": None}, scope=POST, author=ws.author, now=ws.now()
    )  # fmt: skip
    card = shown(ws, family(ws, wulan))
    assert ("Wulan Sari", "Lengkapi tanggal lahir") in {(each.hit.name, each.need.words) for each in card.members}


def test_what_makes_a_family_vulnerable_is_said_and_what_was_not_asked_is_no_reason(ws: Workspace) -> None:
    wulan, _raka = wulan_and_raka(ws)
    house = family(ws, wulan)
    assert shown(ws, house).reasons == ()
    families.correct(ws, house, {"poor": True, "latrine": False})
    assert [each.words for each in shown(ws, house).reasons] == ["Keluarga miskin", "Tanpa jamban sehat"]
    assert shown(ws, house).is_vulnerable
    families.correct(ws, house, {"social_aid": "none", "clean_water": False, "fit_house": False})
    assert {each.words for each in shown(ws, house).reasons} == {
        "Keluarga miskin tanpa bantuan",
        "Tanpa jamban sehat",
        "Tanpa air bersih",
        "Rumah tidak layak huni",
    }
    families.correct(ws, house, {"social_aid": "pkh"})
    assert "Keluarga miskin" in {each.words for each in shown(ws, house).reasons}


def test_who_lives_together_can_be_a_reason(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    old = people.register(ws, {"name": "Inaq Sahar", "sex": "female", "born_on": date(1950, 1, 1), "rt": "04"})
    card = shown(ws, family(ws, old))
    assert [(each.words, each.level) for each in card.reasons] == [
        ("Lansia tinggal sendiri", "bad"),
        ("Nomor KK belum tercatat", "warn"),
    ]
    other = people.register(ws, {"name": "Amaq Sahar", "sex": "male", "born_on": date(1949, 1, 1), "rt": "04"})
    families.move(ws, [other], family(ws, old))
    assert shown(ws, family(ws, old)).reasons[0].words == "Hanya lansia di rumah ini"
    wulan, raka = wulan_and_raka(ws)
    for name in ("Adi", "Budi"):
        child(ws, name, mother_id=wulan)
    people.set_status(ws, wulan, "away")
    words = [each.words for each in shown(ws, family(ws, wulan)).reasons]
    assert words == ["Sedang pergi: Wulan Sari", "3 balita atau lebih"]
    ship_rules(monkeypatch, {"many_young": 4})
    assert [each.words for each in shown(ws, family(ws, wulan)).reasons] == ["Sedang pergi: Wulan Sari"]
    people.set_status(ws, wulan, "moved", TODAY)
    assert "Anak tanpa orang dewasa di rumah" in [each.words for each in shown(ws, family(ws, raka)).reasons]


@pytest.mark.parametrize(
    ("born_on", "alone"), [(date(2008, 11, 13), True), (date(2008, 11, 12), False), (date(2007, 11, 12), False)]
)
def test_who_answers_for_oneself_by_the_rule_is_no_child_alone_at_home(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, born_on: date, alone: bool
) -> None:
    """UU 35/2014: a child until the 18th birthday; a dinas' other age moves it."""
    house = family(ws, child(ws, "Sulung", born_on, rt="04"))

    def told() -> bool:
        return "Anak tanpa orang dewasa di rumah" in [each.words for each in shown(ws, house).reasons]

    assert told() is alone
    ship_rules(monkeypatch, {"of_age_months": 240})
    assert told(), "nobody here is 20 yet"


@pytest.mark.parametrize(
    ("house", "words"),
    [
        ({"house_floor": "earth"}, "Rumah perlu dilihat: lantai tanah"),
        ({"floor_area_m2": 14}, "Rumah perlu dilihat: 7,0 m² per orang, kurang dari 7,2"),
        ({"floor_area_m2": 15}, None),
        ({"house_floor": "earth", "fit_house": True}, None),
        ({"fit_house": False}, "Rumah tidak layak huni"),
        (
            {"fit_house": False, "house_wall": "bamboo", "floor_area_m2": 10},
            "Rumah tidak layak huni: dinding anyaman bambu, 5,0 m² per orang, kurang dari 7,2",
        ),
        ({"house_floor": "tile", "house_owner": "rent", "water_source": "river", "drain": False}, None),
    ],
)
def test_a_weak_or_cramped_house_is_a_reason_until_somebody_calls_it_fit(
    ws: Workspace, house: dict[str, Value | None], words: str | None
) -> None:
    wulan, _raka = wulan_and_raka(ws)
    families.correct(ws, family(ws, wulan), house)
    assert [each.words for each in shown(ws, family(ws, wulan)).reasons] == ([words] if words else [])


@pytest.mark.parametrize(
    ("kind", "aid", "words"),
    [
        (None, "none", "Keluarga miskin tanpa bantuan"),
        ("own", "none", "Keluarga miskin tanpa bantuan"),
        ("pbi", "none", "Keluarga miskin"),
        ("pbi_local", "none", "Keluarga miskin"),
        (None, "pbi", "Keluarga miskin"),
        (None, None, "Keluarga miskin"),
    ],
)
def test_jkn_paid_by_the_government_is_help_for_a_poor_family(
    ws: Workspace, kind: str | None, aid: str | None, words: str
) -> None:
    wulan, raka = wulan_and_raka(ws)
    people.correct(ws, raka, {"jkn_kind": kind})
    families.correct(ws, family(ws, wulan), {"poor": True, "social_aid": aid})
    assert [each.words for each in shown(ws, family(ws, wulan)).reasons] == [words]


def test_a_child_brought_up_by_somebody_else_is_a_reason_until_grown(ws: Workspace) -> None:
    wulan, raka = wulan_and_raka(ws)
    people.correct(ws, raka, {"guardian_name": "Inaq Sahnun", "guardian_role": "grandparent"})
    assert people.card(ws, raka).person["guardian_role"] == "grandparent"
    assert [each.words for each in shown(ws, family(ws, raka)).reasons] == ["Tidak diasuh orang tuanya: Raka Aditya"]
    people.correct(ws, wulan, {"guardian_name": "Inaq Sahnun"})
    assert len(shown(ws, family(ws, wulan)).reasons) == 1, "a grown woman is no child"


def test_a_corrected_address_goes_with_the_members(ws: Workspace) -> None:
    wulan, raka = wulan_and_raka(ws)
    before = book(ws)
    done = families.correct(ws, family(ws, wulan), {"rt": "05", "latrine": True})
    assert {people.card(ws, each).person["rt"] for each in (wulan, raka)} == {"05"}
    families.undo(ws, done)
    assert book(ws) == before
    assert families.correct(ws, family(ws, wulan), {}) == ()


def test_moving_someone_takes_the_new_address_over_and_undo_is_exact(ws: Workspace) -> None:
    wulan, raka = wulan_and_raka(ws)
    grandmother = woman(ws, "Inaq", rt="07", hamlet="Timur", kk="5203011208260009")
    before = book(ws)
    done = families.move(ws, [raka], family(ws, grandmother))
    person = people.card(ws, raka).person
    assert (person["rt"], person["hamlet"], person["kk"]) == ("07", "Timur", "5203011208260009")
    assert person["mother_id"] == wulan
    again = families.undo(ws, done)
    assert book(ws) == before
    families.undo(ws, again)
    assert family(ws, raka) == family(ws, grandmother)
    assert journal.rows_equal_replay(ws.db)


def test_a_family_is_split_with_the_old_kk_staying_behind_and_undo_is_exact(ws: Workspace) -> None:
    wulan, raka = wulan_and_raka(ws)
    old = family(ws, wulan)
    before = book(ws)
    house, done = families.split(ws, [wulan, raka], {"head_name": "Wulan Sari"})
    assert names(shown(ws, house)) == ["Wulan Sari", "Raka Aditya"]
    assert shown(ws, house).answers["rt"] == "02"
    assert people.card(ws, raka).person["kk"] is None
    assert shown(ws, old).members == ()
    families.undo(ws, done)
    after = book(ws)
    assert after.pop(house)[1] is True  # type: ignore[index]
    assert after == before
    assert journal.rows_equal_replay(ws.db)


def test_two_entries_of_one_family_are_merged_and_undo_is_exact(ws: Workspace) -> None:
    wulan, raka = wulan_and_raka(ws)
    brother = child(ws, "Adik Raka", rt="02", address="Gang Mawar 3")
    kept, other = family(ws, wulan), family(ws, brother)
    before = book(ws)
    done = families.merge(ws, kept, other)
    assert set(names(shown(ws, kept))) == {"Wulan Sari", "Raka Aditya", "Adik Raka"}
    assert shown(ws, kept).answers["address"] == "Gang Mawar 3"
    assert people.card(ws, brother).person["kk"] == KK
    assert [line.id for line in lists(ws).lines] == [kept]
    with pytest.raises(NotFound):
        families.move(ws, [raka], other)
    families.undo(ws, done)
    assert book(ws) == before
    assert journal.rows_equal_replay(ws.db)


def test_a_household_withdrawn_elsewhere_is_still_shown_while_somebody_is_in_it(ws: Workspace) -> None:
    wulan, _raka = wulan_and_raka(ws)
    records.withdraw(ws.db, FORMS["household"], family(ws, wulan), author=ws.author, now=ws.now())
    assert [line.members for line in lists(ws).lines] == [2]


def test_what_cannot_be_done_is_refused_and_changes_nothing(ws: Workspace) -> None:
    wulan, raka = wulan_and_raka(ws)
    house, before = family(ws, wulan), book(ws)
    with pytest.raises(BadInput, match="keluarga lain"):
        families.merge(ws, house, house)
    with pytest.raises(BadInput, match="Pilih dulu"):
        families.move(ws, [], house)
    with pytest.raises(NotFound):
        families.move(ws, [raka, "nobody"], house)
    with pytest.raises(NotFound):
        families.split(ws, ["nobody"], {})
    with pytest.raises(NotFound):
        families.card(ws, POST, "nowhere")
    assert book(ws) == before


def test_a_family_nobody_is_in_and_nothing_is_known_of_has_no_name(ws: Workspace) -> None:
    records.save(
        ws.db, FORMS["household"], "empty", {"rt": "09"}, scope=POST, author=ws.author, now=ws.now()
    )  # fmt: skip
    assert [(line.head, line.members) for line in lists(ws).lines] == [("Tanpa nama", 0)]
