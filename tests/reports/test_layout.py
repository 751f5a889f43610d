import copy
import json
from typing import Any

import pytest

from posyandu import paths
from posyandu.reports.counts import COUNTS
from posyandu.reports.facts import FACTS, FOOTS, MONTH_FACTS
from posyandu.reports.layout import ColumnSpec, ItemSpec, WrongLayout, layouts, read_layouts, waiting_note

POST_FACTS = {
    "post", "hamlet", "village", "district", "regency", "province", "puskesmas", "month", "held_on", "kader_present",
    "form_code", "supervisor", "kader",
}  # fmt: skip

ONE: dict[str, Any] = {
    "layouts": [
        {
            "code": "contoh",
            "title": "Contoh",
            "group": "Gizi",
            "period": "month",
            "source": "blangko",
            "parts": [
                {"code": "a", "title": "A", "kind": "figures", "items": [{"no": "1", "label": "S", "source": "s"}]}
            ],
        }
    ]
}


def spoilt(*path: str | int, value: Any) -> dict[str, Any]:  # noqa: ANN401
    document = copy.deepcopy(ONE)
    place: Any = document["layouts"][0]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


def test_every_source_of_a_shipped_layout_is_known() -> None:
    for layout in layouts().values():
        known = FACTS if layout.period in ("person", "blank") else POST_FACTS
        asked = [column.source for column in layout.head if column.source or layout.period != "blank"]
        assert [source for source in asked if source not in known] == []
        for part in layout.parts:
            known = {"figures": COUNTS, "months": COUNTS, "rows": FACTS}[part.kind]
            for column in part.columns:
                facts = MONTH_FACTS if column.monthly else known
                assert not column.source or column.source in facts, (part.code, column.source)
                assert not column.foot or column.foot in FOOTS
            assert [item.source for item in part.items if item.source and item.source not in COUNTS] == []


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        ("sip5", 15),
        ("sip6", 35),
        ("kartu_balita", 26),
        ("kartu_bumil", 19),
        ("kartu_nifas", 17),
        ("kartu_sekolah", 19),
        ("kartu_dewasa", 30),
        ("kartu_lansia", 22),
        ("register_balita", 18),
        ("register_bumil", 16),
        ("sip1", 8),
        ("sip3", 19),
        ("sip2", 40),
        ("sip4", 31),
    ],
)
def test_a_blank_has_its_printed_columns_each_once(code: str, columns: int) -> None:
    numbers: set[int] = {1, 2} if layouts()[code].parts[0].kind == "months" else set()
    for part in layouts()[code].parts:
        for column in part.columns:
            if no := column.no.rstrip("ab"):
                numbers |= set(range(int(no), int(no) + (12 if column.monthly else 1)))
    assert numbers == set(range(1, columns + 1))


def test_f1_gizi_has_its_22_items() -> None:
    items = [item.no.rstrip("ab") for part in layouts()["f1_gizi"].parts for item in part.items]
    assert list(dict.fromkeys(items)) == [str(number) for number in range(1, 23)], "in the order of the blank"


def test_the_shipped_files_are_the_only_ones_read() -> None:
    files = sorted((paths.resources() / "reports").glob("*.json"))
    told = [each for file in files for each in json.loads(file.read_text(encoding="utf-8"))["layouts"]]
    codes = [(each["code"], f"{each['code']}_kosong") if "blank" in each else (each["code"],) for each in told]
    assert list(layouts()) == [code for some in codes for code in some]


def test_a_column_of_a_card_stands_in_its_blank_too() -> None:
    document = copy.deepcopy(ONE)
    given = document["layouts"][0]
    rows = {"code": "a", "title": "A", "kind": "rows", "who": "adult_visits", "spare": 2, "columns": [COLUMN]}
    told = {"title": "Contoh, kosong", "spare": 9, "row_mm": 8}
    given.update(period="person", head=[COLUMN], blank=told, parts=[rows])
    card, blank = read_layouts(document, "contoh.json")
    assert (blank.code, blank.title, blank.heading, blank.period) == (
        "contoh_kosong", "Contoh, kosong", "Contoh", "blank",
    )  # fmt: skip
    assert (blank.head, blank.parts[0].columns) == (card.head, card.parts[0].columns)
    assert [(each.parts[0].spare, each.parts[0].row_mm) for each in (card, blank)] == [(2, 0.0), (9, 8)]


def test_every_card_of_one_person_has_a_blank() -> None:
    shipped = layouts()
    cards = [each.code for each in shipped.values() if each.period == "person"]
    assert [each.code for each in shipped.values() if each.period == "blank"] == [f"{code}_kosong" for code in cards]


def test_a_layout_is_read_with_what_it_leaves_out() -> None:
    (layout,) = read_layouts(ONE, "contoh.json")
    assert layout.signed_by == ("midwife", "coordinator")
    assert layout.parts[0].total
    assert layout.parts[0].items == (ItemSpec("1", "S", "s"),)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (spoilt("period", value="week"), "'week' is none of"),
        (spoilt("colour", value="red"), "unknown colour"),
        (spoilt("title", value=""), "title is missing"),
        (spoilt("blank", value={"title": "S"}), "only the card of one person, of one part, has a blank"),
        (spoilt("blank", value={"paper": "A4"}), "unknown paper"),
        (spoilt("parts", value=[]), "parts is missing"),
        (spoilt("parts", 0, "kind", value="pie"), "'pie' is none of"),
        (spoilt("parts", 0, "splits", value=["age"]), "'age' is none of"),
        (spoilt("parts", 0, "begin", value="left"), "no columns called 'left'"),
        (spoilt("parts", 0, "items", 0, value={"no": "1", "label": "S"}), "needs a source or what it waits for"),
        (spoilt("parts", 0, "sums", value=["1 + 1 = 1"]), "is no sum of its items"),
        (spoilt("parts", 0, "sums", value=["1 = 1 + 9"]), "is no sum of its items"),
        (spoilt("parts", 0, "columns", value=["no"]), "is no object"),
        (spoilt("parts", 0, "columns", value=[{"label": "Nama"}]), "needs a name or a source"),
        (spoilt("parts", 0, "columns", value=[{"label": "A", "name": "a"}] * 2), "there twice"),
        (spoilt("parts", 0, "columns", value=[{"label": "A", "name": "a", "align": "top"}]), "'top' is none of"),
    ],
)  # fmt: skip
def test_a_wrong_layout_says_where_and_why(document: dict[str, Any], words: str) -> None:
    with pytest.raises(WrongLayout, match=words) as raised:
        read_layouts(document, "contoh.json")
    assert str(raised.value).startswith("contoh.json")


def test_what_is_not_recorded_yet_is_named_by_the_form_it_waits_for() -> None:
    columns = [
        ColumnSpec("a", "HB0", waits="kartu imunisasi", no="18"),
        ColumnSpec("b", "BCG", waits="kartu imunisasi", no="19"),
        ColumnSpec("c", "Pil", waits="kartu KB"),
        ColumnSpec("d", "S", source="s"),
    ]
    assert (
        waiting_note(columns)
        == "Tidak dihitung di lembar ini, isi dari buku: 18, 19 (kartu imunisasi); Pil (kartu KB)."
    )
    assert waiting_note(columns[3:]) == ""


COLUMN: dict[str, Any] = {"label": "Nama", "source": "name"}


def part(**more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"code": "p", "title": "P", "kind": "rows", "columns": [COLUMN], **more}


def read_part(**more: Any) -> Any:  # noqa: ANN401
    (layout,) = read_layouts(spoilt("parts", value=[part(**more)]), "contoh.json")
    return layout.parts[0]


def test_a_column_takes_its_name_from_its_source_and_its_group_from_around_it() -> None:
    grouped = {"group": "Penimbangan", "columns": [{"label": "BB", "source": "weight", "no": "4", "align": "right"}]}
    (name, weight) = read_part(columns=[COLUMN, grouped]).columns
    assert (name.name, name.group, name.align, name.width, name.upright) == ("name", "", "left", 1.0, False)
    assert (weight.name, weight.group, weight.no, weight.align) == ("weight", "Penimbangan", "4", "right")


def test_columns_that_parts_share_come_first() -> None:
    document = spoilt("parts", value=[part(begin="head", columns=[{"label": "BB", "source": "weight"}])])
    document["columns"] = {"head": [COLUMN]}
    (layout,) = read_layouts(document, "contoh.json")
    assert [column.name for column in layout.parts[0].columns] == ["name", "weight"]


@pytest.mark.parametrize(
    ("given", "bands", "own"),
    [
        ({}, "", []),
        ({"bands": "skdn"}, "skdn", []),
        ({"bands": [{"code": "a", "label": "0-5 bulan", "months": [0, 5]}]}, "", [("a", 0, 5)]),
    ],
)
def test_age_bands_are_dated_ones_by_name_or_the_sheets_own(
    given: dict[str, Any], bands: str, own: list[tuple[str, int, int]]
) -> None:
    found = read_part(**given)
    assert found.bands == bands
    assert [(band.code, band.from_months, band.to_months) for band in found.own_bands] == own


def test_what_a_part_leaves_out_is_as_on_most_blanks() -> None:
    found = read_part()
    assert (found.who, found.spare, found.ages, found.row_mm, found.landscape, found.total, found.notes) == (
        "children", 0, (), 0.0, False, True, (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (spoilt("code", value=None), "contoh.json None: code is missing"),
        (spoilt("group", value=7), "contoh.json contoh: group is missing"),
        (spoilt("parts", value={}), "contoh.json contoh: parts is missing"),
        (spoilt("parts", value=[part(code="")]), "contoh.json contoh: code is missing"),
        (spoilt("parts", value=[part(who="dogs")]), "contoh.json contoh p: 'dogs' is none of children"),
        (spoilt("parts", value=[part(kolour=1)]), "contoh.json contoh p: unknown kolour"),
        (spoilt("parts", value=[part(columns=[COLUMN, COLUMN])]), "contoh.json contoh p: a column is there twice"),
        (spoilt("parts", value=[part(columns=[{"source": "name"}])]), "contoh.json contoh p: label is missing"),
        (
            spoilt("parts", value=[part(columns=[{"label": "Nama"}])]),
            "contoh.json contoh p: column 'Nama' needs a name or a source",
        ),
        (
            spoilt("parts", value=[part(items=[{"label": "S", "source": "s", "waits": "kartu"}])]),
            "contoh.json contoh p: item 'S' needs a source or what it waits for",
        ),
        ({"layouts": []}, "contoh.json: layouts is missing"),
        ({}, "contoh.json: layouts is missing"),
    ],
)
def test_each_slip_of_a_layout_is_said_with_its_place(document: dict[str, Any], says: str) -> None:
    with pytest.raises(WrongLayout) as raised:
        read_layouts(document, "contoh.json")
    assert str(raised.value).startswith(says)
