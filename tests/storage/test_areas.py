"""Every village of Indonesia, found while typing."""

import hashlib
from collections import Counter

import pytest

from posyandu import paths
from posyandu.domain.area import AreaLevel
from posyandu.storage import areas


def test_all_codes_of_the_decree_are_there() -> None:
    known = areas._list()
    listed = "\n".join(sorted(str(code) for code in known.codes))
    assert len(known.codes) == len(known.names) == 91_599
    assert hashlib.sha256(listed.encode()).hexdigest() == (
        "93ed56c18a1081021775b42f139187b5c17c7729a944c7453cdc846459d8fa42"
    )
    assert Counter(len(str(code)) for code in known.codes) == {2: 38, 4: 514, 6: 7285, 10: 83_762}


def test_the_two_provinces_have_their_regencies_districts_and_villages() -> None:
    known = Counter((str(code)[:2], len(str(code))) for code in areas._list().codes)
    assert [known["52", digits] for digits in (4, 6, 10)] == [10, 117, 1166]
    assert [known["61", digits] for digits in (4, 6, 10)] == [14, 174, 2145]


def test_the_resource_is_small_and_names_decree_and_licence() -> None:
    folder = paths.resources() / "areas"
    assert (folder / "areas.xz").stat().st_size <= 500_000
    readme = (folder / "README.md").read_text()
    assert "300.2.2-2138" in readme
    assert "MIT License" in readme


@pytest.mark.parametrize(
    ("code", "kind", "path"),
    [
        ("5203012001", "village", "Tanjung Luar, Keruak, Kabupaten Lombok Timur, Nusa Tenggara Barat"),
        ("52.01.01.1001", "urban", "Gerung Utara, Gerung, Kabupaten Lombok Barat, Nusa Tenggara Barat"),
        ("5271", "city", "Kota Mataram, Nusa Tenggara Barat"),
        ("5203", "regency", "Kabupaten Lombok Timur, Nusa Tenggara Barat"),
        ("61", "province", "Kalimantan Barat"),
        ("610101", "district", "Sambas, Kabupaten Sambas, Kalimantan Barat"),
    ],
)
def test_an_area_is_known_by_its_code(code: str, kind: str, path: str) -> None:
    found = areas.get(code)
    assert found is not None
    assert (found.kind, found.path) == (kind, path)
    assert found.kind_label


@pytest.mark.parametrize("code", ["", "5299", "52030120019", "5203012999", "desa"])
def test_a_code_nobody_has_is_none(code: str) -> None:
    assert areas.get(code) is None


def names(text: str, prefix: str = "", *, near: str = "", level: AreaLevel | None = AreaLevel.VILLAGE) -> list[str]:
    return [found.path for found in areas.search(text, prefix, near=near, level=level)]


def test_apostrophes_case_and_brackets_do_not_matter() -> None:
    hu_u = "Hu'u, Hu'u, Kabupaten Dompu, Nusa Tenggara Barat"
    assert names("huu") == names("HU'U") == names("hu\N{RIGHT SINGLE QUOTATION MARK}u dompu") == [hu_u]


def test_words_of_the_areas_above_narrow_it() -> None:
    assert all("Lombok" in path for path in names("gerung lombok barat"))
    assert "Kabupaten Lombok Barat" in names("gerung lombok barat")[0]
    assert names("gerung pontianak") == []


def test_whole_names_come_before_beginnings_and_later_words() -> None:
    found = [path.split(",")[0] for path in names("sekarbela", "5271", level=None)]
    assert found[0] == "Sekarbela"
    found = [path.split(",")[0] for path in names("kuta", "5202")]
    assert found[0] == "Kuta"


def test_the_own_district_regency_and_province_come_first() -> None:
    far = names("sungai")
    near = names("sungai", near="61.04.01.2001")
    assert "Kalimantan Barat" in near[0]
    assert far[0] != near[0]
    assert "Tanjung Luar" in names("tanjung", near="5203012001")[0]


def test_a_prefix_keeps_to_an_area() -> None:
    assert {path.rsplit(", ", 1)[1] for path in names("sungai", "61")} == {"Kalimantan Barat"}
    assert names("tanjung luar", "52.03.01.2002") == []
    assert len(names("tanjung luar", "52.03.01.2001")) == 1


def test_a_code_may_be_typed() -> None:
    assert names("52.03.01.2001") == ["Tanjung Luar, Keruak, Kabupaten Lombok Timur, Nusa Tenggara Barat"]
    assert names("5203012001", "61") == []
    assert len(areas.search("5203", limit=7)) == 7


def test_nothing_typed_finds_nothing() -> None:
    assert names("") == names(" - ") == names("zzzz") == []
    areas.load()
