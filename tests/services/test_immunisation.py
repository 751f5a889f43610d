"""Doses noted, copied, refused and taken back, and the lists that follow from them."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms import FORMS
from posyandu.domain.forms.immunisation import DOSE
from posyandu.domain.immunisation import State
from posyandu.services import immunisation, people, reporting, sessions, visits
from posyandu.services.immunisation import Given
from posyandu.services.workspace import Workspace
from posyandu.storage import journal, records
from tests.rules import ship_rules
from tests.services.melati import NOW, POST, TODAY, child, post, woman

BORN = date(2025, 12, 5)
"""Eleven months old on the day of the tests."""

BOOK = (
    Given("hb0", 1, BORN),
    Given("bcg", 1, date(2026, 1, 5)),
    Given("opv", 1, date(2026, 1, 5)),
    *(Given("opv", n, date(2026, n, 10)) for n in (2, 3, 4)),
    *(Given("dpt_hb_hib", n - 1, date(2026, n, 10)) for n in (2, 3, 4)),
    *(Given("pcv", n - 1, date(2026, n, 10)) for n in (2, 3)),
    *(Given("rv", n - 1, date(2026, n, 10)) for n in (2, 3, 4)),
    Given("ipv", 1, date(2026, 4, 10)),
    Given("ipv", 2, date(2026, 9, 10)),
    Given("mr", 1, date(2026, 9, 10)),
)


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = post()
    yield book
    book.close()


def states(ws: Workspace, person_id: str, on: date | None = None) -> dict[str, State]:
    return {each.code: each.state for each in immunisation.card(ws, person_id, on).doses}


def test_a_card_without_doses_asks_for_the_book_and_claims_nothing(ws: Workspace) -> None:
    card = immunisation.card(ws, child(ws, born_on=BORN))
    assert (card.known, card.complete, card.findings, card.level) == (False, None, (), "unknown")
    assert card.headline == "Belum ada imunisasi yang tercatat. Salin dari Buku KIA."
    assert card.late, "what a child of this age should have had is shown all the same"


def test_a_dose_that_does_not_say_of_what_is_no_dose(ws: Workspace) -> None:
    raka = child(ws, born_on=BORN)
    records.save(
        ws.db, DOSE, records.new_id(), {"dose": 1, "given_on": TODAY},
        scope=POST, author=ws.author, now=ws.now(), links={"person_id": raka},
    )  # fmt: skip
    card = immunisation.card(ws, raka)
    assert not card.known, "so the child is not told to be late with everything"
    assert card.has_whole("idl") is None, "nor that its set is not whole"
    assert [each.code for each in card.doses if each.given_on] == []


def test_a_copied_book_is_complete_for_the_age(ws: Workspace) -> None:
    raka = child(ws, born_on=BORN)
    immunisation.record(ws, raka, BOOK)
    card = immunisation.card(ws, raka)
    assert (card.complete, card.headline, card.level, card.late) == (True, "Lengkap sesuai umur", "ok", ())
    assert [(each.code, each.in_time) for each in card.completions if not each.missing] == [("idl", True)]
    assert [card.has_whole(code) for code in ("idl", "ibl", "nothing")] == [True, False, None]
    assert card.next_on == date(2026, 12, 5), "PCV 3 on the first birthday"
    row = card.records["dpt_hb_hib_2"]
    assert (row.answers["source"], row.answers["given_on"], row.scope) == ("book", date(2026, 3, 10), POST)
    assert "je_1" not in states(ws, raka)
    assert "mr_school" not in states(ws, raka)


def test_a_missing_dose_is_late_and_says_what_to_do(ws: Workspace) -> None:
    raka = child(ws, born_on=BORN)
    immunisation.record(ws, raka, [each for each in BOOK if (each.antigen, each.number) != ("mr", 1)])
    card = immunisation.card(ws, raka)
    assert (card.complete, card.headline, card.level) == (False, "Terlambat: MR 1", "warn")
    (finding,) = card.findings
    assert finding.title == "Imunisasi terlambat: MR 1"
    assert not finding.refer
    assert finding.why
    assert finding.what_to_do
    assert finding.tell_family
    assert "Buku KIA" in finding.source


def test_several_doses_are_taken_back_together_and_brought_back(ws: Workspace) -> None:
    raka = child(ws, born_on=BORN)
    saves = immunisation.record(ws, raka, BOOK)
    assert len(saves) == len(BOOK)
    back = immunisation.undo(ws, saves)
    assert not immunisation.card(ws, raka).known
    immunisation.undo(ws, back)
    assert immunisation.card(ws, raka).complete
    assert immunisation.record(ws, raka, BOOK) == (), "nothing new, nothing saved"


def test_all_doses_or_none_are_noted(ws: Workspace) -> None:
    raka = child(ws, born_on=BORN)
    tomorrow, before = TODAY + timedelta(days=1), BORN - timedelta(days=1)
    for wrong, words in ((tomorrow, "belum terjadi"), (before, "sebelum tanggal lahir")):
        with pytest.raises(BadInput, match=words):
            immunisation.record(ws, raka, [Given("bcg", 1, BORN), Given("opv", 1, wrong)])
    assert not immunisation.card(ws, raka).known


def test_a_dose_given_here_is_of_the_vaccine_the_area_has(ws: Workspace) -> None:
    raka = child(ws, born_on=date(2026, 9, 1))
    session_id = sessions.open_day(ws, POST, TODAY, {})
    immunisation.record(
        ws, raka, [Given("dpt_hb_hib", 1, TODAY)], session_id=session_id, source="here", place="posyandu",
        provider=" Bidan Wati ", batch="B12",
    )  # fmt: skip
    card = immunisation.card(ws, raka)
    row = card.records["dpt_hb_hib_1"]
    assert [row.answers[name] for name in ("product", "session_id", "place", "provider", "batch", "source")] == [
        *("hexavalent", session_id, "posyandu", "Bidan Wati", "B12", "here"),
    ]
    assert states(ws, raka)["ipv_1"] is State.GIVEN, "it holds polio too"
    immunisation.record(ws, raka, [Given("dpt_hb_hib", 1, TODAY, "pentavalent")], source="here")
    assert states(ws, raka)["ipv_1"] is State.TOO_EARLY


def test_a_reason_is_kept_until_the_dose_is_given(ws: Workspace) -> None:
    raka = child(ws, born_on=BORN)
    immunisation.record(ws, raka, BOOK[:-1])
    immunisation.postpone(ws, raka, "mr", 1, "sick", note="demam")
    card = immunisation.card(ws, raka)
    late = next(each for each in card.doses if each.code == "mr_1")
    assert (late.state, late.reason) == (State.OVERDUE, "sick")
    assert card.records["mr_1"].answers["noted_on"] == TODAY
    immunisation.record(ws, raka, [Given("mr", 1, TODAY)], source="here")
    row = immunisation.card(ws, raka).records["mr_1"]
    assert (row.answers["not_given"], row.answers["given_on"]) == (None, TODAY)
    with pytest.raises(BadInput, match="sudah tercatat"):
        immunisation.postpone(ws, raka, "mr", 1, "sick")
    with pytest.raises(BadInput, match="alasan"):
        immunisation.postpone(ws, raka, "pcv", 3, "bored")


def test_a_dose_noted_by_mistake_is_removed(ws: Workspace) -> None:
    raka = child(ws, born_on=BORN)
    immunisation.record(ws, raka, BOOK)
    op_id = immunisation.remove(ws, raka, "mr", 1, "salah anak")
    assert states(ws, raka)["mr_1"] is State.OVERDUE
    immunisation.undo(ws, [op_id])
    assert states(ws, raka)["mr_1"] is State.GIVEN
    with pytest.raises(NotFound):
        immunisation.remove(ws, raka, "je", 1)


def test_two_laptops_that_copy_one_book_meet_in_one_record(ws: Workspace) -> None:
    raka = child(ws, born_on=BORN)
    other = post()
    for entry in records.history(ws.db, raka):
        journal.apply(other.db, [each for each in journal.ops_of(ws.db, raka) if each[0].id == entry.op_id])
    immunisation.record(ws, raka, [Given("bcg", 1, date(2026, 1, 5))])
    immunisation.record(other, raka, [Given("bcg", 1, date(2026, 1, 6))])
    record_id = records.dose_id(raka, "bcg", 1)
    journal.apply(ws.db, journal.ops_of(other.db, record_id))
    (row,) = records.load_many(ws.db, DOSE, person_id=raka)
    assert set(row.conflicts) == {"given_on"}
    assert len(immunisation.card(ws, raka).records) == 1
    other.close()


def test_the_newborn_visit_tells_of_hb0_until_a_dose_is_noted(ws: Workspace) -> None:
    raka = child(ws, born_on=BORN)
    records.save(
        ws.db, FORMS["newborn"], records.new_id(), {"hb0_on": BORN}, scope=POST, author=ws.author, now=NOW,
        links={"person_id": raka},
    )  # fmt: skip
    assert states(ws, raka)["hb0"] is State.GIVEN
    immunisation.record(ws, raka, [Given("hb0", 1, BORN + timedelta(days=1))])
    card = immunisation.card(ws, raka)
    assert next(each.given_on for each in card.doses if each.code == "hb0") == BORN + timedelta(days=1)


def test_an_earlier_day_sees_only_what_was_given_by_then(ws: Workspace) -> None:
    raka = child(ws, born_on=BORN)
    immunisation.record(ws, raka, BOOK)
    assert states(ws, raka, date(2026, 2, 9))["opv_2"] is State.DUE


def test_without_a_birth_date_nothing_is_claimed(ws: Workspace) -> None:
    nameless = records.new_id()
    records.save(ws.db, FORMS["person"], nameless, {"name": "Ani"}, scope=POST, author=ws.author, now=NOW)
    card = immunisation.card(ws, nameless)
    assert (card.doses, card.complete, card.headline) == ((), None, "Lengkapi tanggal lahir dahulu.")
    with pytest.raises(NotFound):
        immunisation.card(ws, "nobody")


def test_what_was_missed_in_a_preschool_child_is_neither_complete_nor_late(ws: Workspace) -> None:
    raka = child(ws, born_on=date(2021, 10, 1))
    immunisation.record(ws, raka, [Given("bcg", 1, date(2021, 11, 1))])
    card = immunisation.card(ws, raka)
    assert (card.complete, card.level, card.late) == (None, "unknown", ())
    assert "MR 1" in card.headline
    assert "mr_school" in states(ws, raka)


@pytest.mark.parametrize(
    ("rule", "months", "shown"),
    [
        ({}, 59, {"book"}),
        ({}, 60, {"book", "school"}),
        ({}, 71, {"book", "school"}),
        ({}, 72, {"school"}),
        ({"book_until": 84}, 72, {"book", "school"}),
        ({"school_from": 72}, 71, {"book"}),
    ],
)
def test_which_doses_a_card_shows_is_a_dated_rule(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, rule: dict[str, int], months: int, shown: set[str]
) -> None:
    """Buku KIA until six years, BIAS from five on: those are the ages of the rule, and a dinas' others move them."""
    usual = {"missed_from": 60, "book_until": 72, "school_from": 60, "tetanus_from": 120}
    ship_rules(monkeypatch, {"dose_card": usual | rule})
    year, month = divmod(TODAY.year * 12 + TODAY.month - 1 - months, 12)
    raka = child(ws, born_on=date(year, month + 1, TODAY.day))
    assert {"school" if each.school else "book" for each in immunisation.card(ws, raka).doses} == shown


def test_the_headline_follows_what_there_is_to_do(ws: Workspace) -> None:
    raka = child(ws, born_on=date(2026, 11, 1))
    assert immunisation.card(ws, raka, date(2026, 11, 1)).headline.startswith("Belum ada imunisasi")
    immunisation.record(ws, raka, [Given("hb0", 1, date(2026, 11, 1))])
    assert immunisation.card(ws, raka).headline == "Sudah waktunya: BCG, OPV 1"
    immunisation.record(ws, raka, [Given("bcg", 1, TODAY), Given("opv", 1, TODAY)])
    assert immunisation.card(ws, raka).headline == "Lengkap sesuai umur"
    immunisation.record(ws, raka, [Given("dpt_hb_hib", 1, TODAY)])
    card = immunisation.card(ws, raka)
    assert (card.headline, card.complete) == ("Tanggal perlu ditanyakan ke bidan: DPT-HB-Hib 1", False)
    late = child(ws, "Sari", born_on=date(2026, 5, 1))
    immunisation.record(ws, late, [
        *(Given(antigen, 1, date(2026, 5, 2)) for antigen in ("hb0", "bcg", "opv")),
        *(Given(antigen, 1, date(2026, 11, 1)) for antigen in ("dpt_hb_hib", "pcv", "rv", "ipv")),
        Given("opv", 2, date(2026, 11, 1)),
    ])  # fmt: skip
    assert immunisation.card(ws, late).headline == "Menunggu jarak antardosis"


def test_cards_of_many_say_what_is_late_and_what_is_due(ws: Workspace) -> None:
    late, unknown, due = child(ws, "Bayu", BORN), child(ws, "Citra", BORN), child(ws, "Dewi", date(2026, 9, 10))
    complete = child(ws, "Eka", BORN)
    immunisation.record(ws, late, BOOK[:-1])
    immunisation.record(ws, due, [Given("hb0", 1, date(2026, 9, 10)), Given("bcg", 1, date(2026, 10, 1)),
                                  Given("opv", 1, date(2026, 10, 1))])  # fmt: skip
    immunisation.record(ws, complete, BOOK)
    persons = [records.load(ws.db, FORMS["person"], each) for each in (late, unknown, due, complete)]
    found = immunisation.cards(ws, [each for each in persons if each], TODAY)
    assert [each.person_id for each in found] == [late, unknown, due, complete]
    assert [each.known for each in found] == [True, False, True, True]
    assert [immunisation.names(each.late) for each in found][::3] == ["MR 1", ""]
    assert immunisation.names(found[2].due) == "OPV 2, DPT-HB-Hib 1, PCV 1, RV 1"


def test_who_is_late_is_told_for_many_at_once(ws: Workspace) -> None:
    late, unknown, newborn = child(ws, "Bayu", BORN), child(ws, "Citra", BORN), child(ws, "Dewi", BORN)
    immunisation.record(ws, late, BOOK[:-1])
    records.save(ws.db, FORMS["newborn"], records.new_id(), {"hb0_on": BORN}, scope=POST, author=ws.author, now=NOW,
                 links={"person_id": newborn})  # fmt: skip
    found = immunisation.late(ws, [late, unknown, newborn], TODAY)
    assert {person: immunisation.names(doses) for person, doses in found.items()} == {late: "MR 1"}
    assert not immunisation.card(ws, newborn).known, "HB0 at birth alone does not say that the book was read"


def test_the_monthly_report_lists_who_is_late_with_the_doses(ws: Workspace) -> None:
    late, complete = child(ws, "Bayu", BORN), child(ws, "Eka", BORN)
    immunisation.record(ws, late, BOOK[:-1])
    immunisation.record(ws, complete, BOOK)
    report = reporting.monthly(ws, POST, Month.of(TODAY))
    table = next(each for each in report.lists if each.code == "imunisasi")
    assert [[cell.text for cell in row][1] for row in table.rows] == ["Bayu"]
    assert "Terlambat: MR 1" in [cell.text for cell in table.rows[0]]


@pytest.mark.parametrize(
    ("noted", "why"),
    [
        ((), "Dijawab belum lengkap. Catatan dosis: Belum ada imunisasi yang tercatat. Salin dari Buku KIA."),
        (BOOK, "Dijawab belum lengkap. Catatan dosis: Lengkap sesuai umur"),
        (BOOK[:-1], "Terlambat: MR 1"),
    ],
)
def test_who_was_said_to_lack_doses_is_listed_with_what_the_notes_say(
    ws: Workspace, noted: tuple[Given, ...], why: str
) -> None:
    person = child(ws, "Bayu", BORN)
    immunisation.record(ws, person, noted)
    day = sessions.open_day(ws, POST, TODAY, {})
    visits.record(ws, FORMS["under_five_visit"], day, person, {"immunisation_complete": False})
    report = reporting.monthly(ws, POST, Month.of(TODAY))
    (table,) = [each for each in report.lists if each.code == "imunisasi"]
    assert [row[table.column("why")].text for row in table.rows] == [why]


def test_a_womans_tetanus_status_counts_doses_and_the_register(ws: Workspace) -> None:
    mother = woman(ws)
    assert immunisation.card(ws, mother).headline == "Belum ada imunisasi yang tercatat."
    immunisation.record(ws, mother, [Given("td", 1, date(2025, 1, 5))])
    assert immunisation.card(ws, mother).tetanus.level == 1
    answers = {"visited_on": TODAY, "tetanus_1_on": date(2025, 1, 5), "tetanus_2_on": date(2025, 3, 5)}
    records.save(ws.db, FORMS["wus"], records.new_id(), answers, scope=POST, author=ws.author, now=NOW,
                 links={"person_id": mother})  # fmt: skip
    protected = immunisation.card(ws, mother).tetanus
    assert (protected.level, protected.protected_until) == (2, date(2028, 3, 5))
    assert immunisation.card(ws, mother, date(2025, 2, 1)).tetanus.level == 1


def test_japanese_encephalitis_follows_the_village_of_the_post(ws: Workspace) -> None:
    records.save(
        ws.db, FORMS["posyandu"], POST, {"village_code": "6101012001"}, scope=POST, author=ws.author, now=NOW
    )  # fmt: skip
    raka = child(ws, born_on=BORN)
    assert states(ws, raka)["je_1"] is State.OVERDUE
    assert immunisation.area_of(ws, "nowhere") == ""
    assert people.card(ws, raka).hit.id == raka


def test_what_is_typed_is_judged_before_it_is_saved(ws: Workspace) -> None:
    raka = child(ws, born_on=BORN)
    card = immunisation.card(ws, raka, typed=[Given("dpt_hb_hib", 1, date(2026, 1, 5))])
    assert next(each.fault for each in card.doses if each.code == "dpt_hb_hib_1") == "age"
    assert not immunisation.card(ws, raka).known


def test_the_doses_of_a_day_are_one_line_of_the_persons_history(ws: Workspace) -> None:
    raka = child(ws, born_on=BORN)
    immunisation.record(ws, raka, BOOK)
    immunisation.postpone(ws, raka, "pcv", 3, "sick")
    lines = [entry for entry in people.card(ws, raka).timeline if entry.form == DOSE.name]
    assert [entry.on for entry in lines][:2] == [date(2026, 9, 10), date(2026, 4, 10)]
    assert lines[0].detail == "IPV (polio suntik) 2, MR (campak-rubela) 1"
    assert len(lines) == 6
