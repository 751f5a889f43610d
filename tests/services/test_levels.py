"""The levels above a post: what they are called, which posts are theirs, and how the crowds of posts become one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from posyandu.domain.calendar import Month
from posyandu.domain.errors import NotFound
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms import FORMS
from posyandu.reports.monthly import MonthlyReport
from posyandu.reports.table import Cell
from posyandu.services import consents, levels, posts, reporting, rulings, workspace
from posyandu.services.levels import Level
from posyandu.services.report_data import gather_sheet
from posyandu.services.workspace import Worker, Workspace
from posyandu.storage import records
from tests.services import melati

NOVEMBER = Month(2026, 11)
UBUNG, BATU_TULIS = "5202022002", "5202022005"
URBAN, CITY = "5201011001", "5271011001"


@pytest.fixture
def ws() -> Iterator[Workspace]:
    book = workspace.in_memory(post=None)
    yield book
    book.close()


def post(ws: Workspace, name: str, village: str = "5203012001", **more: Value | None) -> str:
    return posts.add_post(ws, {"name": name, "village_code": village, **more})


def told(ws: Workspace) -> list[str]:
    return [each.title for each in levels.levels(ws)]


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("village", "titles"),
    [
        ("5203012001", ["Desa Tanjung Luar (1 Posyandu)", "Kecamatan Keruak (1 Posyandu)",
                        "Kabupaten Lombok Timur (1 Posyandu)"]),
        (URBAN, ["Kelurahan Gerung Utara (1 Posyandu)", "Kecamatan Gerung (1 Posyandu)",
                 "Kabupaten Lombok Barat (1 Posyandu)"]),
    ],
)  # fmt: skip
def test_a_village_is_called_a_village_and_a_kelurahan_a_kelurahan(
    ws: Workspace, village: str, titles: list[str]
) -> None:
    post(ws, "Melati", village)
    assert told(ws) == titles


def test_a_kota_is_no_kabupaten(ws: Workspace) -> None:
    found = Level("regency 5271", "regency", "Kota Mataram", ())
    assert found.title == "Kota Mataram (0 Posyandu)"


def test_a_place_no_list_knows_is_called_as_most_are() -> None:
    assert Level("village 9999999999", "village", "Antah", ()).title == "Desa Antah (0 Posyandu)"
    assert Level("district 999999", "district", "Antah", ()).title == "Kecamatan Antah (0 Posyandu)"


@pytest.mark.parametrize("written", ["Ubung", "Puskesmas Ubung", " Ubung ", "Puskesmas  Ubung"])
def test_a_puskesmas_is_one_however_the_kader_wrote_it(ws: Workspace, written: str) -> None:
    post(ws, "Melati", UBUNG, puskesmas="Ubung")
    post(ws, "Mawar", BATU_TULIS, puskesmas=written)
    (found,) = [each for each in levels.levels(ws) if each.kind == "puskesmas"]
    assert found.title == "Puskesmas Ubung (2 Posyandu)"
    assert [each.name for each in found.posts] == ["Mawar", "Melati"]


def test_two_puskesmas_of_one_name_in_two_regencies_are_two(ws: Workspace) -> None:
    post(ws, "Melati", UBUNG, puskesmas="Sukamaju")
    post(ws, "Mawar", "5203012001", puskesmas="Sukamaju")
    found = [each for each in levels.levels(ws) if each.kind == "puskesmas"]
    assert [(each.code, len(each.posts)) for each in found] == [
        ("puskesmas 5202 Sukamaju", 1), ("puskesmas 5203 Sukamaju", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("nothing", [None, "", "  ", "Puskesmas "])
def test_a_post_without_a_puskesmas_is_of_none(ws: Workspace, nothing: str | None) -> None:
    post(ws, "Melati", puskesmas=nothing)
    assert [each.kind for each in levels.levels(ws)] == ["village", "district", "regency"]


def test_a_book_without_posts_has_no_levels_and_none_is_found_by_its_code(ws: Workspace) -> None:
    assert levels.levels(ws) == []
    with pytest.raises(NotFound, match=r"Wilayah ini tidak ada di buku\."):
        levels.level(ws, "village 5203012001")
    post(ws, "Melati")
    assert levels.level(ws, "village 5203012001").name == "Tanjung Luar"
    assert levels.level(ws, "regency 5203").posts[0].name == "Melati"


def test_levels_stand_from_below_and_by_name(ws: Workspace) -> None:
    for name, village in (("a", UBUNG), ("b", BATU_TULIS), ("c", "5203012001"), ("d", UBUNG)):
        post(ws, name, village, puskesmas="Ubung" if village != "5203012001" else "Keruak")
    assert [(each.kind, each.name) for each in levels.levels(ws)] == [
        ("village", "Batu Tulis"), ("village", "Tanjung Luar"), ("village", "Ubung"),
        ("puskesmas", "Keruak"), ("puskesmas", "Ubung"),
        ("district", "Jonggat"), ("district", "Keruak"),
        ("regency", "Kabupaten Lombok Tengah"), ("regency", "Kabupaten Lombok Timur"),
    ]  # fmt: skip


# --- many posts as one -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "same"), [([], ""), (["a"], "a"), (["a", "a"], "a"), (["a", "b"], ""), (["a", ""], ""), ([""], "")]
)
def test_what_all_of_them_say_is_said_and_what_differs_is_left_open(values: list[str], same: str) -> None:
    assert levels._same(values) == same


@pytest.mark.parametrize(
    ("hamlet", "post_name", "shown"),
    [
        ("Dasan Baru", "Melati 3", "Melati 3, Dasan Baru"),
        ("Dasan Baru", "Posyandu Melati 3", "Melati 3, Dasan Baru"),
        ("", "Melati 3", "Melati 3"),
        (None, "Posyandu Melati", "Melati"),
    ],
)
def test_everybodys_hamlet_says_which_post_they_are_of(hamlet: str | None, post_name: str, shown: str) -> None:
    person, known = {"name": "Raka", "hamlet": hamlet, "rt": None}, dict[str, Answers]()
    placed = levels._placed("raka", person, post_name, known)
    assert placed == {"name": "Raka", "hamlet": shown, "of_post": post_name.removeprefix("Posyandu ")}
    assert levels._placed("raka", person, "Mawar", known) is placed, "everybody is kept once"
    assert person == {"name": "Raka", "hamlet": hamlet, "rt": None}, "the record stays as it is"


@pytest.fixture
def two(ws: Workspace) -> Workspace:
    """Two posts of one village; a child weighed at each, and three and four kader at their days."""
    for number, kader in ((1, 3), (2, 4)):
        scope = post(ws, f"Posyandu Melati {number}", puskesmas="Keruak")
        child = melati.child(ws, f"Anak {number}", date(2025, 7, 5), hamlet="Dasan")
        answers: dict[str, Value | None] = {"held_on": date(2026, 11, 12 - number), "kader_present": kader}
        author, now = ws.author, ws.now()
        for form, record, told_, links in (
            ("session", f"hari-{number}", answers, {}),
            ("under_five_visit", f"timbang-{number}",
             {"visited_on": answers["held_on"], "weight_g": 9_000},
             {"person_id": child, "session_id": f"hari-{number}"}),
        ):  # fmt: skip
            records.save(
                ws.db,
                FORMS[form],
                record,
                told_,
                scope=scope,
                author=author,
                now=now,
                links=links,  # type: ignore[arg-type]
            )
    return ws


def test_the_kader_of_all_posts_are_told_once_and_days_stand_by_date(two: Workspace) -> None:
    parts = [gather_sheet(two, each.id, NOVEMBER).report for each in posts.posts(two)]
    days = levels._with_all_kader(parts)
    assert [(day["held_on"], day["kader_present"]) for day in days] == [
        (date(2026, 11, 10), 7), (date(2026, 11, 11), None),
    ]  # fmt: skip
    assert levels._with_all_kader([]) == ()
    unknown = [replace(each, sessions=tuple({**day, "kader_present": None} for day in each.sessions)) for each in parts]
    assert [day["kader_present"] for day in levels._with_all_kader(unknown)] == [None, None]


def test_a_level_counts_everybody_once_and_names_their_posts(two: Workspace) -> None:
    heard: list[tuple[int, int, str]] = []
    village = levels.level(two, "village 5203012001")
    data = levels.gather_level(two, village, NOVEMBER, lambda *told_: heard.append(told_))
    assert heard == [(0, 2, "Posyandu Melati 1"), (1, 2, "Posyandu Melati 2")]
    children = data.report.children[NOVEMBER]
    assert sorted(str(each.person["hamlet"]) for each in children) == ["Melati 1, Dasan", "Melati 2, Dasan"]
    assert data.report.post["name"] == "Desa Tanjung Luar (2 Posyandu)"
    assert (data.report.post["puskesmas"], data.report.area) == ("Keruak", "Wilayah")
    report = levels.build(two, "bulanan", village.code, NOVEMBER)
    assert isinstance(report, MonthlyReport)
    row = next(row for row in report.skdn.rows if row[0].text == "D")
    alone = [
        next(row[-1].value for row in reporting.monthly(two, each.id, NOVEMBER).skdn.rows if row[0].text == "D")
        for each in posts.posts(two)
    ]
    assert (row[-1].value, alone) == (2, [1, 1])
    assert [ref.detail.rpartition(" · ")[2] for ref in row[-1].people] == ["Melati 1", "Melati 2"]
    (ref,) = reporting.monthly(two, posts.posts(two)[0].id, NOVEMBER).skdn.rows[0][-1].people
    assert "Melati" not in ref.detail, "in a post's own report it goes without saying"


def test_the_rows_of_a_post_are_read_again_only_when_something_of_it_changed(
    two: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def reading(ws: Workspace, post_id: str, month: Month) -> object:
        read.append(post_id)
        return gather_sheet(ws, post_id, month)

    monkeypatch.setattr(levels, "gather_sheet", reading)
    (village, *_rest) = levels.levels(two)
    both = [each.id for each in village.posts]

    def weighed(month: Month = NOVEMBER) -> object:
        read.clear()
        report = levels.build(two, "bulanan", village.code, month)
        assert isinstance(report, MonthlyReport)
        return next(row[-1].value for row in report.skdn.rows if row[0].text == "D")

    assert (weighed(), read) == (2, both)
    assert (weighed(), read) == (2, [])
    links = {"person_id": str(records.load_many(two.db, FORMS["person"], scope=both[1])[0].id), "session_id": "hari-2"}
    told_: dict[str, Value | None] = {"visited_on": date(2026, 11, 10), "weight_g": None}
    records.save(
        two.db, FORMS["under_five_visit"], "timbang-2", told_,
        scope=both[1], author=two.author, now=two.now(), links=links,
    )  # fmt: skip
    assert (weighed(), read) == (1, [both[1]])
    assert (weighed(Month(2026, 10)), read) == (None, both), "another month"
    sibling = two.sibling()
    assert sibling.kept is two.kept, "a worker thread finds them"
    sibling.close()
    assert two.kept
    two.worker = Worker("b", "Nurul", "midwife")
    told = {"since_on": date(2026, 10, 1), "source": "Surat dinas", "iron_in_lb3": 120}
    rulings.ORDER.choose(two, both[:1], told)
    assert (weighed(Month(2026, 10)), read) == (None, both[:1]), "another rule"
    two.kept.clear()
    assert (weighed(Month(2026, 10)), read) == (None, both)


def test_what_was_kept_of_a_book_goes_when_it_is_closed() -> None:
    book = workspace.in_memory(post=None)
    book.kept["x"] = object()
    book.close()
    assert book.kept == {}


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("a report of next year", r"Laporan ini tidak dikenal\."),
        ("", r"Laporan ini tidak dikenal\."),
        ("pembinaan", r"Lembar ini untuk satu Posyandu|Laporan ini tidak dikenal"),
    ],
)
def test_what_is_no_report_of_a_level_is_said(two: Workspace, kind: str, sentence: str) -> None:
    with pytest.raises(NotFound, match=sentence):
        levels.build(two, kind, "village 5203012001", NOVEMBER)
    with pytest.raises(NotFound, match="Wilayah ini tidak ada"):
        levels.build(two, "bulanan", "village 1", NOVEMBER)


def test_profile_and_consent_are_made_of_all_posts_of_a_level(two: Workspace) -> None:
    from posyandu.reports import post_sheet

    def cells(kind: str, code: str) -> list[Cell]:
        made = levels.build(two, kind, code, NOVEMBER)
        return [cell for table in made.tables for row in table.rows for cell in row]

    first, second = (each.id for each in posts.posts(two))
    for scope, year, families in ((first, 2025, 111), (second, 2026, 222)):
        told_: dict[str, Value | None] = {"year": year, "families": families}
        records.save(
            two.db, FORMS["village_profile"], f"profil-{scope}", told_, scope=scope, author=two.author, now=two.now()
        )
    here = [row.id for row in records.load_many(two.db, FORMS["person"])]
    said: dict[str, Value | None] = {"told_on": date(2026, 11, 1), "purpose": "share", "answer": "declined"}
    consents.save(two, here[-1], None, said)
    both = cells(post_sheet.PROFILE, "village 5203012001")
    assert max(len(cell.people) for cell in both) == 2, "the children of both posts"
    texts = {cell.text for cell in both}
    assert "222 KK" in texts, "the newest year any of them noted"
    assert "111 KK" not in texts
    declined = cells(post_sheet.CONSENT, "village 5203012001")
    assert [person.id for cell in declined for person in cell.people].count(here[-1]) >= 1
    assert {person.id for cell in declined for person in cell.people} == set(here)


def test_sheets_of_one_post_alone_are_not_made_for_many(two: Workspace) -> None:
    from posyandu.reports import post_sheet
    from posyandu.services import post_curves, post_sheets

    alone = (set(post_sheet.TITLES) | set(post_curves.KINDS)) - {post_sheet.STRATA, *post_sheets.OF_PLACES}
    assert alone
    for kind in sorted(alone):
        with pytest.raises(NotFound, match=r"Lembar ini untuk satu Posyandu\. Pilih satu Posyandu dahulu\."):
            levels.build(two, kind, "village 5203012001", NOVEMBER)


def test_f1_gizi_of_a_level_counts_the_kader_of_all_its_posts_and_leaves_its_supervisor_open(two: Workspace) -> None:
    for post_, name in zip(posts.posts(two), ("Sri", "Nur"), strict=True):
        records.save(two.db, FORMS["worker"], name, {"name": name, "role": "kader", "trained": name == "Sri"},
                     scope=post_.id, author=two.author, now=two.now())  # fmt: skip
    head = dict(levels.build(two, "f1_gizi", "village 5203012001", NOVEMBER).head)
    assert head["Wilayah"] == "Desa Tanjung Luar (2 Posyandu)"
    assert head["Jumlah kader"] == "ada 3, aktif 3, dilatih 1", "with the one at work"
    assert set(head["Petugas lapangan pembina"]) == {"."}
