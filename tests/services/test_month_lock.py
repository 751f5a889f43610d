from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.fields import Value
from posyandu.domain.forms import FORMS
from posyandu.services import month_lock, people, reporting, review, visits
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import areas, journal, records
from tests.services import melati

NOVEMBER = Month(2026, 11)
OCTOBER_DAY = date(2026, 10, 12)


@pytest.fixture
def raka(ws: Workspace, clock: melati.Clock) -> str:
    child = melati.child(ws, mother_name="Wulan")
    melati.weighed(ws, child, OCTOBER_DAY, 9_200)
    melati.weighed(ws, child, melati.TODAY, 9_600)
    clock.now += timedelta(hours=1)
    return child


def test_a_month_begins_unsigned_and_is_signed_as_version_1(ws: Workspace, raka: str) -> None:
    assert month_lock.state(ws, melati.POST, NOVEMBER).code == "open"
    version = month_lock.sign(ws, melati.POST, NOVEMBER)
    assert (version.revision, version.signer, version.signed_on) == (1, "Sari", melati.TODAY)
    state = month_lock.state(ws, melati.POST, NOVEMBER)
    assert state.code == "signed"
    assert state.sentence == "Versi 1 disahkan 12 November 2026 oleh Sari. Isinya masih sama."
    assert version.report.code == reporting.monthly(ws, melati.POST, NOVEMBER).code


def test_signing_twice_without_a_change_is_once(ws: Workspace, raka: str, clock: melati.Clock) -> None:
    first = month_lock.sign(ws, melati.POST, NOVEMBER)
    clock.now += timedelta(days=1)
    assert month_lock.sign(ws, melati.POST, NOVEMBER) == first
    assert month_lock.versions(ws, melati.POST, NOVEMBER) == [first]


def test_a_late_weighing_makes_version_2_that_says_whose_it_is(ws: Workspace, raka: str, clock: melati.Clock) -> None:
    first = month_lock.sign(ws, melati.POST, NOVEMBER)
    pages = month_lock.signed_pdf(ws, melati.POST, first)
    clock.now += timedelta(days=2)
    ayu = melati.child(ws, "Ayu Lestari", date(2025, 3, 1), sex="female")
    melati.weighed(ws, ayu, melati.TODAY, 9_900)
    clock.now += timedelta(hours=1)
    state = month_lock.state(ws, melati.POST, NOVEMBER)
    assert state.code == "changed"
    assert "versi 2" in state.sentence
    assert {ref.name for each in state.found for ref in each.joined} == {"Ayu Lestari"}
    with pytest.raises(BadInput, match="alasan"):
        month_lock.sign(ws, melati.POST, NOVEMBER)
    second = month_lock.sign(ws, melati.POST, NOVEMBER, signer="Bidan Nurul", reason="Ayu ditimbang di rumah")
    assert (second.revision, second.signer, second.reason) == (2, "Bidan Nurul", "Ayu ditimbang di rumah")
    figures, saves = month_lock.changes(ws, melati.POST, first, second)
    weighed = next(row for row in figures.rows if row[1].text.startswith("D "))
    assert [cell.text for cell in weighed[3:]] == ["1", "2", "+ Ayu Lestari"]
    assert any(row[0].text == "Ayu Lestari" and "Berat badan: 9,9 kg" in row[2].text for row in saves.rows)
    assert month_lock.signed_pdf(ws, melati.POST, first) == pages, "old versions stay as they were"
    text = text_of(month_lock.signed_pdf(ws, melati.POST, second))
    assert "Versi 2, disahkan 14-11-2026" in text
    assert "Alasan: Ayu ditimbang di rumah" in text


def test_a_corrected_weight_shows_old_and_new_value(ws: Workspace, raka: str, clock: melati.Clock) -> None:
    first = month_lock.sign(ws, melati.POST, NOVEMBER)
    clock.now += timedelta(days=1)
    session_id = str(records.load_many(ws.db, FORMS["session"], held_on=melati.TODAY)[0].id)
    visits.record(ws, melati.CHILD, session_id, raka, {"weight_g": 9_200}, reason="Salah baca dacin")
    figures, saves = month_lock.changes(ws, melati.POST, first)
    assert {row[1].text.split()[0] for row in figures.rows if row[0].text.startswith("SKDN")} == {"N", "T"}
    row = next(row for row in saves.rows if row[0].text == "Raka Aditya")
    assert "Berat badan: 9,6 kg → 9,2 kg" in row[2].text
    assert row[5].text == "Salah baca dacin"


@pytest.mark.parametrize(
    ("author", "who"),
    [("", "Sari"), ("pemulihan", "Kunci pemulihan"), ("0f3a-kader-laptop-lain", "kader lain")],
)
def test_a_withdrawn_visit_is_named_with_its_reason(
    ws: Workspace, raka: str, clock: melati.Clock, author: str, who: str
) -> None:
    first = month_lock.sign(ws, melati.POST, NOVEMBER)
    clock.now += timedelta(days=1)
    visit = records.load_many(ws.db, melati.CHILD, person_id=raka, visited_on=melati.TODAY)[0]
    by = replace(ws.author, worker_id=author or ws.worker.id)
    records.withdraw(ws.db, melati.CHILD, visit.id, author=by, now=ws.now(), reason="Tercatat dua kali")
    _figures, saves = month_lock.changes(ws, melati.POST, first)
    assert [[cell.text for cell in row[2:]] for row in saves.rows] == [
        ["Catatan: ditarik", who, "13-11-2026 10:00", "Tercatat dua kali"]
    ]


@pytest.mark.parametrize(("code", "hours"), [("6101012001", 7), ("5203012001", 8), ("8101012001", 9), ("", 7)])
def test_times_are_those_of_the_province(code: str, hours: int) -> None:
    assert month_lock.local_zone(code).utcoffset(None) == timedelta(hours=hours)


def test_a_changed_name_is_a_change_although_no_figure_moves(ws: Workspace, raka: str, clock: melati.Clock) -> None:
    month_lock.sign(ws, melati.POST, NOVEMBER)
    clock.now += timedelta(days=1)
    people.correct(ws, raka, {"name": "Raka Aditia"})
    state = month_lock.state(ws, melati.POST, NOVEMBER)
    assert state.code == "changed"
    assert "keterangan atau daftar nama" in state.sentence


def test_a_visit_saved_before_but_brought_later_shows_all_it_says(
    ws: Workspace, raka: str, clock: melati.Clock
) -> None:
    ayu = melati.child(ws, "Ayu Lestari", date(2025, 3, 1), sex="female")
    early = clock.now - timedelta(minutes=30)
    first = month_lock.sign(ws, melati.POST, NOVEMBER)
    records.save(
        ws.db, melati.CHILD, "dari-laptop-lain", {"visited_on": melati.TODAY, "weight_g": 9_900},
        scope=melati.POST, author=ws.author, now=early, links={"person_id": ayu},
    )  # fmt: skip
    _figures, saves = month_lock.changes(ws, melati.POST, first)
    assert [row[0].text for row in saves.rows] == ["Ayu Lestari"]


def test_versions_are_records_that_the_journal_can_replay(ws: Workspace, raka: str) -> None:
    version = month_lock.sign(ws, melati.POST, NOVEMBER)
    assert journal.rows_equal_replay(ws.db)
    assert version.id in {op.record for op, _device in journal.ops_of(ws.db, version.id)}


def test_two_laptops_that_sign_the_same_content_meet_in_one_record(ws: Workspace, raka: str) -> None:
    version = month_lock.sign(ws, melati.POST, NOVEMBER)
    assert version.id == records.signed_month_id(melati.POST, "2026-11", f"0 {version.digest}")


def test_a_month_that_goes_back_to_what_it_was_is_signed_again(ws: Workspace, raka: str, clock: melati.Clock) -> None:
    month_lock.sign(ws, melati.POST, NOVEMBER)
    people.correct(ws, raka, {"name": "Raka Aditia"})
    month_lock.sign(ws, melati.POST, NOVEMBER, reason="Nama")
    people.correct(ws, raka, {"name": "Raka Aditya"})
    month_lock.sign(ws, melati.POST, NOVEMBER, reason="Nama semula")
    found = month_lock.versions(ws, melati.POST, NOVEMBER)
    assert [each.revision for each in found] == [1, 2, 3]
    assert found[0].digest == found[2].digest


def test_what_cannot_be_signed_says_why(ws: Workspace) -> None:
    with pytest.raises(BadInput, match="Desember 2026 belum mulai"):
        month_lock.sign(ws, melati.POST, Month(2026, 12))
    with pytest.raises(NotFound):
        month_lock.sign(ws, "tak-ada", NOVEMBER)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text


# --- the words of a version ------------------------------------------------------------------------------------------


PROVINCES = {
    7: "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 61 62",  # WIB: Sumatera, Jawa, Kalimantan Barat dan Tengah
    8: "51 52 53 63 64 65 71 72 73 74 75 76",  # WITA: Bali, Nusa Tenggara, Kalimantan lainnya, Sulawesi
    9: "81 82 91 92 93 94 95 96",  # WIT: Maluku dan Papua
}
"""Presidential decree 41 of 1987, with the provinces made since."""


@pytest.mark.parametrize(("hours", "codes"), PROVINCES.items())
def test_every_province_has_the_time_of_the_decree(hours: int, codes: str) -> None:
    for code in codes.split():
        assert areas.get(code) is not None, code
        assert month_lock.local_zone(f"{code}03012001").utcoffset(None) == timedelta(hours=hours), code


def test_no_province_is_left_out() -> None:
    listed = [code for codes in PROVINCES.values() for code in codes.split()]
    assert sorted(listed) == sorted({str(code)[:2] for code in areas._list().codes})


@pytest.mark.parametrize(
    ("form", "name", "value", "words"),
    [
        ("under_five_visit", "weight_g", 9_600, "9,6 kg"),
        ("under_five_visit", "weight_g", 0, "0,0 kg"),
        ("under_five_visit", "weight_g", None, ""),
        ("under_five_visit", "length_mm", 755, "75,5 cm"),
        ("session", "kader_present", 5, "5"),
        ("under_five_visit", "position", "lying", "Terlentang"),
        ("under_five_visit", "position", "a code of next year", "a code of next year"),
        ("under_five_visit", "sick", True, "Ya"),
        ("under_five_visit", "sick", False, "Tidak"),
        ("under_five_visit", "visited_on", date(2026, 11, 2), "02-11-2026"),
        ("under_five_visit", "note", "Rewel", "Rewel"),
    ],
)
def test_an_answer_reads_as_on_the_card(form: str, name: str, value: Value | None, words: str) -> None:
    assert month_lock.value_text(FORMS[form].fields[name], value) == words


# --- who signs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("coordinator", True), ("midwife", True), ("nutritionist", True), ("puskesmas", True),
        ("kader", False), ("operator", False), ("", False), ("a duty of next year", False),
    ],
)  # fmt: skip
def test_a_month_is_signed_by_those_who_stand_in_its_signature_blocks(ws: Workspace, role: str, may: bool) -> None:
    ws.worker = Worker("x", "Rina", role)
    assert month_lock.may_sign(ws) == may
    if not may:
        with pytest.raises(BadInput, match="koordinator kader, bidan, petugas gizi atau petugas Puskesmas"):
            month_lock.sign_off(ws, melati.POST, NOVEMBER, "270593")
        assert month_lock.versions(ws, melati.POST, NOVEMBER) == []


@pytest.mark.parametrize(
    ("role", "signer"), [("midwife", "Rina, Bidan"), ("coordinator", "Rina, Koordinator kader"), ("", "Rina")]
)
def test_the_signer_is_named_with_the_duty(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, role: str, signer: str
) -> None:
    proven: list[str] = []
    monkeypatch.setattr(month_lock.accounts, "prove_pin", lambda _ws, pin: proven.append(pin))
    monkeypatch.setattr(month_lock, "MAY_SIGN", (role,))
    ws.worker = Worker("x", "Rina", role)
    assert month_lock.sign_off(ws, melati.POST, NOVEMBER, "270593").signer == signer
    assert proven == ["270593"]


@pytest.mark.parametrize(("typed", "signer"), [("", "Sari"), ("   ", "Sari"), (" Bidan Nurul ", "Bidan Nurul")])
def test_without_a_name_the_one_at_work_signs(ws: Workspace, typed: str, signer: str) -> None:
    assert month_lock.sign(ws, melati.POST, NOVEMBER, signer=typed).signer == signer


# --- empty and early -------------------------------------------------------------------------------------------------


def test_a_village_without_anybody_and_a_month_without_a_day_can_be_signed(ws: Workspace) -> None:
    version = month_lock.sign(ws, melati.POST, Month(2020, 1))
    assert version.mark == "Versi 1, disahkan 12-11-2026"
    assert month_lock.state(ws, melati.POST, Month(2020, 1)).code == "signed"
    assert month_lock.changes(ws, melati.POST, version)[0].rows == ()
    assert month_lock.changes(ws, melati.POST, version)[1].rows == ()
    assert month_lock.versions(ws, melati.POST, NOVEMBER) == [], "of its own month alone"


def test_this_month_can_be_signed_from_its_first_day_and_the_next_one_not(ws: Workspace, clock: melati.Clock) -> None:
    clock.now = clock.now.replace(day=1, hour=0, minute=0)
    assert month_lock.sign(ws, melati.POST, NOVEMBER).signed_on == date(2026, 11, 1)
    clock.now -= timedelta(minutes=1)
    with pytest.raises(BadInput, match=r"Bulan November 2026 belum mulai\."):
        month_lock.sign(ws, melati.POST, NOVEMBER)


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_blanks_are_no_reason(ws: Workspace, raka: str, reason: str) -> None:
    month_lock.sign(ws, melati.POST, NOVEMBER)
    people.correct(ws, raka, {"name": "Raka Aditia"})
    with pytest.raises(BadInput, match=r"Tulis alasan perubahan sejak versi 1\."):
        month_lock.sign(ws, melati.POST, NOVEMBER, reason=reason)


def test_the_first_version_needs_no_reason_and_keeps_one_that_is_given(ws: Workspace) -> None:
    assert month_lock.sign(ws, melati.POST, NOVEMBER, reason=" Diminta lebih awal ").reason == "Diminta lebih awal"


# --- what changed since ----------------------------------------------------------------------------------------------


def erasure(ws: Workspace, on: date, post: str = melati.POST) -> None:
    records.save(
        ws.db, FORMS["erasure"], records.new_id(), {"erased_on": on, "records": "x", "saves": "0" * 16},
        scope=post, author=ws.author, now=ws.now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "post", "is_said"),
    [
        (melati.TODAY, melati.POST, True),
        (melati.TODAY + timedelta(days=1), melati.POST, True),
        (melati.TODAY - timedelta(days=1), melati.POST, False),
        (melati.TODAY, "mawar", False),
    ],
)
def test_figures_that_moved_after_an_erasure_are_not_blamed_on_the_kader(
    ws: Workspace, raka: str, on: date, post: str, is_said: bool
) -> None:
    month_lock.sign(ws, melati.POST, NOVEMBER)
    erasure(ws, on, post)
    people.correct(ws, raka, {"name": "Raka Aditia"})
    state = month_lock.state(ws, melati.POST, NOVEMBER)
    assert state.code == "changed"
    assert state.sentence.endswith("angka yang disahkan tetap berlaku.") == is_said


def test_a_month_that_still_says_the_same_says_nothing_of_an_erasure(ws: Workspace, raka: str) -> None:
    month_lock.sign(ws, melati.POST, NOVEMBER)
    erasure(ws, melati.TODAY)
    assert month_lock.state(ws, melati.POST, NOVEMBER).code == "signed"


def saves_since(ws: Workspace, version: month_lock.Version) -> list[tuple[str, str, str]]:
    _figures, saves = month_lock.changes(ws, melati.POST, version)
    return [(row[0].text, row[2].text, row[5].text) for row in saves.rows]


def test_a_day_of_the_month_that_was_corrected_is_told_with_its_date(
    ws: Workspace, raka: str, clock: melati.Clock
) -> None:
    version = month_lock.sign(ws, melati.POST, NOVEMBER)
    clock.now += timedelta(days=1)
    for on in (melati.TODAY, OCTOBER_DAY):
        (day,) = records.load_many(ws.db, FORMS["session"], held_on=on)
        records.save(
            ws.db, FORMS["session"], day.id, {"kader_present": 5},
            scope=melati.POST, author=ws.author, now=ws.now(), reason="Salah hitung",
        )  # fmt: skip
    ((who, what, why),) = saves_since(ws, version)
    assert (who, why) == ("Hari Posyandu 12-11-2026", "Salah hitung"), "the day of October is in another month"
    assert what.endswith("→ 5") or "5" in what


def test_a_visit_taken_away_and_brought_back_is_told_twice(ws: Workspace, raka: str, clock: melati.Clock) -> None:
    version = month_lock.sign(ws, melati.POST, NOVEMBER)
    (visit,) = records.load_many(ws.db, melati.CHILD, person_id=raka, visited_on=melati.TODAY)
    clock.now += timedelta(hours=1)
    gone = records.withdraw(ws.db, melati.CHILD, visit.id, author=ws.author, now=ws.now(), reason="Ganda")
    clock.now += timedelta(hours=1)
    records.undo(ws.db, gone.op_id, ws.author, ws.now())
    people.correct(ws, raka, {"mother_name": "Wulan Sari"})
    told = [what for _who, what, _why in saves_since(ws, version)]
    assert [what for what in told if what.startswith("Catatan:")] in ([], ["Catatan: dipakai lagi", "Catatan: ditarik"])
    assert month_lock.state(ws, melati.POST, NOVEMBER).found == (), "no figure moved"


def test_what_was_saved_after_the_later_version_does_not_stand_on_its_page(
    ws: Workspace, raka: str, clock: melati.Clock
) -> None:
    first = month_lock.sign(ws, melati.POST, NOVEMBER)
    ayu = melati.child(ws, "Ayu Lestari", date(2025, 3, 1), sex="female")
    clock.now += timedelta(hours=1)
    visit = melati.weighed(ws, ayu, melati.TODAY, 9_900)
    clock.now += timedelta(hours=1)
    second = month_lock.sign(ws, melati.POST, NOVEMBER, reason="Ayu menyusul")
    clock.now += timedelta(hours=1)
    records.save(
        ws.db, melati.CHILD, visit, {"note": "Ditimbang di rumah"}, scope="", author=ws.author, now=ws.now()
    )  # fmt: skip
    _figures, saves = month_lock.changes(ws, melati.POST, first, second)
    assert not [row for row in saves.rows if "rumah" in row[2].text]
    assert "Ayu Lestari" in {row[0].text for row in saves.rows}


def test_a_damaged_version_is_said_when_it_is_read(ws: Workspace) -> None:
    version = month_lock.sign(ws, melati.POST, NOVEMBER)
    for damaged in (replace(version, content=version.content[:40]), replace(version, digest="0" * 64)):
        with pytest.raises(BadInput):
            _report = damaged.report


def test_a_visit_of_a_child_over_five_that_was_counted_is_not_called_late(ws: Workspace, clock: melati.Clock) -> None:
    """It stands in no D: what the recap counted of it says that the earlier version knew it."""
    older = melati.child(ws, "Bima Satria", born_on=date(2021, 7, 5))
    melati.weighed(ws, older, melati.TODAY, 17_000, length_mm=1_080, position="standing")
    clock.now += timedelta(hours=1)
    first = month_lock.sign(ws, melati.POST, NOVEMBER)
    clock.now += timedelta(days=1)
    day = review.readiness(ws, melati.POST, NOVEMBER).days[0]
    review.exclude(ws, day.id, "scale", "Timbangan kurang 2 kg")
    figures, saves = month_lock.changes(ws, melati.POST, first)
    assert older in {ref.id for row in figures.rows for cell in row for ref in cell.people}
    assert [row[0].text for row in saves.rows] == ["Hari Posyandu 12-11-2026"]
