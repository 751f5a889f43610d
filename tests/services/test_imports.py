"""A file brought in is taken back days later: what nobody touched goes, what somebody built on stays and is named."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posyandu.domain.errors import BadInput, NotFound
from posyandu.domain.forms import FORMS
from posyandu.services import duplicates, eppgbm_import, imports, people
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import journal, records
from tests.services import melati
from tests.services.test_eppgbm import AYU, LATER, RAKA, book, people_of

BUDI = [4, "5203010507250009", "Budi", "L", "2025-05-05", "Sri", "2026-10-12", 8.8, 74, "Terlentang"]


def taken(ws: Workspace, path: Path, *rows: list[object]) -> str:
    preview = eppgbm_import.look(ws, melati.POST, book(path, *rows))
    return eppgbm_import.take(ws, preview, name=path.name).import_id


def standing(ws: Workspace) -> dict[str, int]:
    found = {name: len(records.load_many(ws.db, form)) for name, form in FORMS.items()}
    return {name: number for name, number in found.items() if number}


def child(ws: Workspace, name: str) -> str:
    return next(row.id for row in records.load_many(ws.db, FORMS["person"]) if row.answers["name"] == name)


def test_the_list_says_what_came_when_by_whom_and_stays(ws: Workspace, clock: melati.Clock, tmp_path: Path) -> None:
    assert imports.listed(ws) == []
    first = taken(ws, tmp_path / "satu.xlsx", RAKA, LATER)
    clock.now += timedelta(days=3)
    second = taken(ws, tmp_path / "dua.xlsx", RAKA, AYU)
    assert taken(ws, tmp_path / "lagi.xlsx", RAKA) == "", "what brought nothing is not in the list"
    newest, oldest = imports.listed(ws)
    assert (newest.id, newest.name, oldest.id) == (second, "dua.xlsx", first)
    assert oldest.line == "12-11-2026, Sari. 1 orang baru, 2 hasil ukur, 0 orang dilengkapi."
    assert newest.at - oldest.at == timedelta(days=3)
    assert [each.id for each in imports.listed(ws, most=1)] == [second]


class PowerGone(BaseException):
    """What no code of the app ever handles."""


def test_what_a_power_cut_stopped_is_told_once_to_who_began_it_and_once_to_who_comes_next(
    ws: Workspace, tmp_path: Path
) -> None:
    def go(*_told: object) -> None:
        raise PowerGone

    before, sari = standing(ws), ws.worker
    preview = eppgbm_import.look(ws, melati.POST, book(tmp_path / "a.xlsx", RAKA, AYU))
    with pytest.raises(PowerGone):
        eppgbm_import.take(ws, preview, name="a.xlsx", progress=go)
    assert (standing(ws), imports.listed(ws)) == (before, [])
    (mine,) = imports.unfinished(ws)
    assert mine.told_to(sari.id) == (
        "Mengambil a.xlsx pada 12-11-2026 09.00 berhenti sebelum selesai, karena aplikasi tertutup. "
        "Tidak ada yang berubah di buku. Lewat Tukar data dapat diulang dari awal."
    )
    assert imports.unfinished(ws) == []

    import_id = taken(ws, tmp_path / "a.xlsx", RAKA, AYU)
    assert imports.unfinished(ws) == [], "what came to its end is no news"
    with pytest.raises(PowerGone):
        imports.take_back(ws, import_id, go)
    for worker, words in (
        (Worker("yuli", "Yuli", "kader"), "Sari sedang mengembalikan a.xlsx ketika aplikasi dibuka lagi"),
        (Worker("nur", "Nur", "kader"), ""),
        (sari, "Mengembalikan a.xlsx pada 12-11-2026 09.00 berhenti sebelum selesai, karena Yuli masuk."),
    ):
        ws.worker = worker
        told = [each.told_to(worker.id) for each in imports.unfinished(ws)]
        assert [each.startswith(words) for each in told] == [True] * bool(words), worker.name
        assert imports.unfinished(ws) == []


def test_all_of_a_file_goes_with_its_families_and_only_once(ws: Workspace, tmp_path: Path) -> None:
    before = standing(ws)
    import_id = taken(ws, tmp_path / "a.xlsx", RAKA, LATER, AYU)
    told = imports.take_back(ws, import_id)
    assert (told.kept, standing(ws)) == ((), before)
    (entry,) = imports.listed(ws)
    assert entry.taken_back == f"Dikembalikan 12-11-2026. {told.back} catatan dikembalikan."
    for again in (imports.take_back, imports.outlook):
        with pytest.raises(NotFound, match="sudah dikembalikan"):
            again(ws, import_id)
    assert journal.rows_equal_replay(ws.db)
    assert taken(ws, tmp_path / "a.xlsx", RAKA, LATER, AYU), "and the file can be brought in again"
    assert people_of(ws) == {"Raka Aditya", "Ayu Lestari"}


def test_a_child_corrected_since_stays_and_the_others_go(ws: Workspace, clock: melati.Clock, tmp_path: Path) -> None:
    import_id = taken(ws, tmp_path / "a.xlsx", RAKA, AYU)
    clock.now += timedelta(days=2)
    people.correct(ws, child(ws, "Raka Aditya"), {"name": "Raka Aditia"})
    told = imports.take_back(ws, import_id)
    assert told.kept == ("Raka Aditia",)
    assert "1 catatan tetap karena sudah diperbaiki atau dipakai sesudahnya: Raka Aditia." in told.sentence
    assert people_of(ws) == {"Raka Aditia"}
    assert imports.listed(ws)[0].taken_back.endswith(told.sentence)


def test_a_child_weighed_since_stays_although_nobody_changed_its_name(ws: Workspace, tmp_path: Path) -> None:
    import_id = taken(ws, tmp_path / "a.xlsx", RAKA, AYU)
    melati.weighed(ws, child(ws, "Raka Aditya"), melati.TODAY, 9_900)
    assert "Raka Aditya" in imports.outlook(ws, import_id).kept
    assert people_of(ws) == {"Raka Aditya", "Ayu Lestari"}, "looking takes nothing back"
    imports.take_back(ws, import_id)
    assert people_of(ws) == {"Raka Aditya"}
    weights = [row.answers["weight_g"] for row in records.load_many(ws.db, melati.CHILD)]
    assert weights == [9_900]


def test_a_mother_named_since_and_half_of_a_pair_found_twice_stay(ws: Workspace, tmp_path: Path) -> None:
    import_id = taken(ws, tmp_path / "a.xlsx", RAKA, AYU, BUDI)
    other = melati.child(ws, "Raka A", date(2025, 7, 5))
    duplicates.merge(ws, other, child(ws, "Raka Aditya"))
    melati.child(ws, "Bayi Baru", date(2026, 10, 1), mother_id=child(ws, "Ayu Lestari"))
    assert set(imports.take_back(ws, import_id).kept) >= {"Ayu Lestari"}
    assert "Budi" not in people_of(ws)


def test_a_correction_within_the_half_hour_is_not_lost_with_the_save_it_was_joined_to(
    ws: Workspace, tmp_path: Path
) -> None:
    import_id = taken(ws, tmp_path / "a.xlsx", RAKA)
    raka = child(ws, "Raka Aditya")
    records.save(
        ws.db, FORMS["person"], raka, {"phone": "081234567890"}, scope=melati.POST, author=ws.author, now=ws.now(),
        coalesce=True,
    )  # fmt: skip
    imports.take_back(ws, import_id)
    row = records.load(ws.db, FORMS["person"], raka)
    assert row is not None
    assert (row.withdrawn, row.answers["phone"]) == (False, "081234567890")


def test_a_filled_answer_goes_unless_it_was_written_again(ws: Workspace, tmp_path: Path) -> None:
    known = melati.child(ws, "Raka Aditya", date(2025, 7, 5))
    import_id = taken(ws, tmp_path / "a.xlsx", RAKA)
    people.correct(ws, known, {"phone": "081234567890"})
    assert imports.outlook(ws, import_id).kept == (), "another answer is no correction of this one"
    people.correct(ws, known, {"nik": "5203010507250002"})
    assert imports.take_back(ws, import_id).kept == ("Raka Aditya",)
    row = records.load(ws.db, FORMS["person"], known)
    assert row is not None
    assert row.answers["nik"] == "5203010507250002"


def test_when_everything_was_corrected_it_is_refused_in_words_and_changes_nothing(
    ws: Workspace, tmp_path: Path
) -> None:
    preview = eppgbm_import.look(ws, melati.POST, book(tmp_path / "a.xlsx", [*RAKA[:6], "", "", "", ""]))
    import_id = eppgbm_import.take(ws, preview, name="a.xlsx").import_id
    raka = child(ws, "Raka Aditya")
    people.correct(ws, raka, {"name": "Raka Aditia"})
    row = records.load(ws.db, FORMS["person"], raka)
    assert row is not None
    if row.answers["household_id"]:
        records.save(
            ws.db, FORMS["household"], str(row.answers["household_id"]), {"latrine": True}, scope=melati.POST,
            author=ws.author, now=ws.now(),
        )  # fmt: skip
    with pytest.raises(BadInput, match="semua catatan"):
        imports.take_back(ws, import_id)
    assert imports.listed(ws)[0].taken_back == ""


def test_an_import_cut_off_in_the_middle_leaves_nothing_to_take_back(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = standing(ws)
    monkeypatch.setattr(eppgbm_import, "_add_visit", lambda *_given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        taken(ws, tmp_path / "a.xlsx", RAKA)
    assert (standing(ws), imports.listed(ws)) == (before, [])


@pytest.mark.parametrize("stopped_at", [0, 1, 2])
def test_taking_and_taking_back_can_be_stopped_at_any_row_and_leave_nothing_half(
    ws: Workspace, tmp_path: Path, stopped_at: int
) -> None:
    """Progress is heard of every hundredth row; each of them may be the last."""
    heard: list[tuple[int, int]] = []

    def stop(done: int, total: int, _words: str) -> None:
        heard.append((done, total))
        if len(heard) > stopped_at:
            raise InterruptedError

    rows: list[list[object]] = [
        [n, None, f"Anak {n}", "L", f"2025-0{1 + n % 9}-05", None, None, None, None, None] for n in range(201)
    ]
    preview = eppgbm_import.look(ws, melati.POST, book(tmp_path / "a.xlsx", *rows))
    before, newest = standing(ws), journal.last(ws.db)
    with pytest.raises(InterruptedError):
        eppgbm_import.take(ws, preview, name="a.xlsx", progress=stop)
    assert heard == [(done, 201) for done in (0, 100, 200)[: stopped_at + 1]]
    assert (standing(ws), journal.last(ws.db), imports.listed(ws)) == (before, newest, [])
    if stopped_at != 1:
        return
    import_id = eppgbm_import.take(ws, preview, name="a.xlsx").import_id
    whole, newest = standing(ws), journal.last(ws.db)
    heard.clear()
    with pytest.raises(InterruptedError):
        imports.take_back(ws, import_id, stop)
    assert (standing(ws), journal.last(ws.db), imports.listed(ws)[0].taken_back) == (whole, newest, "")
    assert imports.take_back(ws, import_id).kept == ()
    assert standing(ws) == before


TWINS: list[list[object]] = [
    [number, None, name, "L", "2025-07-05", "Rina", None, None, None, None]
    for number, name in enumerate(("Hasan", "Hasin"))
]


def test_twins_of_one_file_both_come_in_whether_or_not_somebody_wrote_meanwhile(ws: Workspace, tmp_path: Path) -> None:
    """What was looked at as two new children is taken as two, though each is alike to the other."""
    path = book(tmp_path / "a.xlsx", *TWINS)
    preview = eppgbm_import.look(ws, melati.POST, path)
    assert [each.who for each in preview.rows] == ["new", "new"]
    import_id = eppgbm_import.take(ws, preview).import_id
    assert people_of(ws) == {"Hasan", "Hasin"}
    imports.take_back(ws, import_id)
    preview = eppgbm_import.look(ws, melati.POST, path)
    melati.child(ws, "Wayan", date(2024, 1, 1))
    assert eppgbm_import.take(ws, preview).children == 2


def test_somebody_alike_who_was_registered_since_the_look_is_left_for_a_decision(ws: Workspace, tmp_path: Path) -> None:
    preview = eppgbm_import.look(ws, melati.POST, book(tmp_path / "a.xlsx", RAKA))
    melati.child(ws, "Raka Aditia", date(2025, 7, 6))
    assert eppgbm_import.take(ws, preview).children == 0
    assert people_of(ws) == {"Raka Aditia"}


CHANGES = st.lists(
    st.tuples(st.sampled_from(["Raka Aditya", "Ayu Lestari", "Budi"]), st.sampled_from(["name", "weighed", "phone"])),
    max_size=4,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_whatever_was_done_since_nothing_typed_is_lost_and_all_else_goes(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, str]]
) -> None:
    ws = melati.post()
    import_id = taken(ws, tmp_path_factory.mktemp("m") / "a.xlsx", RAKA, AYU, BUDI)
    ids = {name: child(ws, name) for name in ("Raka Aditya", "Ayu Lestari", "Budi")}
    for number, (name, what) in enumerate(changes):
        if what == "weighed":
            melati.weighed(ws, ids[name], melati.TODAY - timedelta(days=number), 9_000 + number)
        else:
            people.correct(ws, ids[name], {what: f"08123456{number:04}" if what == "phone" else f"{name} {number}"})
    touched = {name for name, _what in changes}
    if len(touched) < 3:
        imports.take_back(ws, import_id)
    stays = {row.id for row in records.load_many(ws.db, FORMS["person"])}
    assert stays >= {ids[name] for name in touched}
    if len(touched) < 3:
        assert stays == {ids[name] for name in touched}
    assert journal.rows_equal_replay(ws.db)
    ws.close()


# --- the words -------------------------------------------------------------------------------------------------------


STAYS = "catatan tetap karena sudah diperbaiki atau dipakai sesudahnya"


@pytest.mark.parametrize(
    ("back", "kept", "sentence"),
    [
        (0, (), "0 catatan dikembalikan."),
        (3, (), "3 catatan dikembalikan."),
        (2, ("Raka",), f"2 catatan dikembalikan. 1 {STAYS}: Raka."),
        (0, ("A", "B", "A"), f"0 catatan dikembalikan. 3 {STAYS}: A, B."),
        (1, tuple("ABCDE"), f"1 catatan dikembalikan. 5 {STAYS}: A, B, C, D, E."),
        (1, tuple("ABCDEF"), f"1 catatan dikembalikan. 6 {STAYS}: A, B, C, D, E dan lainnya."),
    ],
)
def test_taking_back_is_told_with_the_names_of_who_stays(back: int, kept: tuple[str, ...], sentence: str) -> None:
    assert imports.Outlook(back, kept).sentence == sentence


def test_a_file_that_brought_nothing_is_in_no_list(ws: Workspace) -> None:
    with imports.noting(ws, "kosong.xlsx") as noted:
        noted.brought = "0 anak"
    assert noted.id == ""
    assert imports.listed(ws) == []
    for import_id in ("", "nobody's"):
        with pytest.raises(NotFound, match="sudah dikembalikan, atau bukan dari laptop ini"):
            imports.outlook(ws, import_id)


def test_the_newest_twenty_files_are_listed(ws: Workspace) -> None:
    for number in range(22):
        with imports.noting(ws, f"berkas-{number}.xlsx") as noted:
            noted.brought = f"{number} anak"
            melati.child(ws, f"Anak {number}")
    names = [each.name for each in imports.listed(ws)]
    assert names == [f"berkas-{number}.xlsx" for number in range(21, 1, -1)]
    assert len(imports.listed(ws, 99)) == 22
    assert imports.listed(ws, 1)[0].line == "12-11-2026, Sari. 21 anak"


def test_a_record_of_a_form_without_a_name_is_called_by_its_form(ws: Workspace) -> None:
    with imports.noting(ws, "stok.xlsx") as noted:
        records.save(
            ws.db, FORMS["stock"], "s", {"item": "vitamin_a_blue", "received": 3},
            scope=melati.POST, author=ws.author, now=ws.now(),
        )  # fmt: skip
    records.save(
        ws.db, FORMS["stock"], "s", {"received": 4}, scope=melati.POST, author=ws.author, now=ws.now(), reason="salah"
    )
    told = imports.outlook(ws, noted.id)
    assert told.back == 0
    assert told.kept == (FORMS["stock"].title,)
    with pytest.raises(BadInput, match="Tidak ada yang dapat dikembalikan"):
        imports.take_back(ws, noted.id)
