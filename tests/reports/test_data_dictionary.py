from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from posyandu.domain.fields import Answers, Choice, Date, Field, Number, Text, YesNo, option
from posyandu.domain.form import Form, Section
from posyandu.domain.forms import FORMS
from posyandu.reports.data_dictionary import LINKS, data_dictionary, described

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_the_page_in_docs_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == data_dictionary()


def test_every_field_and_every_choice_is_on_the_page() -> None:
    page = data_dictionary()
    for form in FORMS.values():
        assert f"(`{form.name}`)" in page
        for field in form.fields.values():
            assert f"| `{field.name}` | {field.label} |" in page
            for each in getattr(field, "options", ()):
                assert f"`{each.code}` {each.label}" in page


def test_a_form_of_a_paper_says_where_it_comes_from_and_since_when_it_holds() -> None:
    page = data_dictionary()
    assert "Sumber: SIP Format 3: Register WUS dan PUS. Berlaku sejak 01-01-2013." in page


def test_every_link_names_a_form() -> None:
    assert set(LINKS.values()) <= set(FORMS)
    assert {link for form in FORMS.values() for link in form.links} <= set(LINKS)


def test_a_new_kind_of_field_must_be_described() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Picture(Field):
        """A kind nobody has described."""

    with pytest.raises(TypeError, match="Picture"):
        described(Picture(name="photo", label="Foto"))


@pytest.mark.parametrize(
    ("field", "kind", "content"),
    [
        (
            Number(name="w", label="Berat", unit="kg", per_unit=1000, decimals=2, low=500, high=60_000),
            "angka",
            "0,5 sampai 60,0 kg; disimpan dalam gram",
        ),
        (
            Number(name="l", label="Panjang", unit="cm", per_unit=10, decimals=1, low=300, high=1_500),
            "angka",
            "30,0 sampai 150,0 cm; disimpan dalam mm",
        ),
        (
            Number(name="h", label="Hb", unit="g/dL", per_unit=10, decimals=1, low=20, high=220),
            "angka",
            "2,0 sampai 22,0 g/dL; disimpan dalam 0,1 g/dL",
        ),
        (
            Number(name="t", label="Suhu", unit="°C", per_unit=10, decimals=1, low=330, high=430),
            "angka",
            "33,0 sampai 43,0 °C; disimpan dalam 0,1 °C",
        ),
        (Number(name="n", label="Tablet", unit="tablet", low=0, high=180), "angka", "0 sampai 180 tablet"),
        (Number(name="n", label="Anak ke", low=1, high=20), "angka", "1 sampai 20"),
        (
            Choice(name="c", label="C", options=(option("a", "Satu"), option("b", "Dua"))),
            "pilihan",
            "`a` Satu; `b` Dua",
        ),
        (YesNo(name="y", label="Y"), "ya/tidak", "Ya / Tidak"),
        (YesNo(name="y", label="Y", yes="Hadir", no="Tidak hadir"), "ya/tidak", "Hadir / Tidak hadir"),
        (Date(name="d", label="D"), "tanggal", "tidak sesudah hari ini"),
        (Date(name="d", label="D", past_only=False), "tanggal", "boleh sesudah hari ini"),
        (Text(name="t", label="T"), "teks", ""),
        (Text(name="t", label="NIK", digits=16), "teks", "biasanya 16 angka"),
    ],
)
def test_each_kind_of_field_is_told_in_a_word_with_what_may_be_in_it(field: Field, kind: str, content: str) -> None:
    assert described(field) == (kind, content)


def page(*fields: Field, **more: Any) -> list[str]:
    form = Form("uji", "Uji coba (satu)", 3, (Section("Bagian", fields),), **more)
    return data_dictionary({"uji": form}).splitlines()


def is_asked(_answers: Answers) -> bool:
    return True


def test_a_row_says_what_is_required_hinted_and_waited_for_and_escapes_bars() -> None:
    told = Text(name="x", label="A", hint="Petunjuk", official="Kartu|3", required=True, shown_if=is_asked)
    assert "| `x` | A | teks |  | Kartu\\|3 | Petunjuk; wajib; ditanya bila `is_asked` |" in page(told)
    assert "| `y` | Y | ya/tidak | Ya / Tidak |  |  |" in page(YesNo(name="y", label="Y"))


def test_a_form_is_listed_with_its_anchor_and_tells_its_source_and_links() -> None:
    lines = page(YesNo(name="y", label="Y"), links=("person_id", "visit_id"), source="Kartu ILP", since="2023-08-29")
    assert "- [Uji coba (satu)](#uji-coba-satu-uji) (`uji`, versi 3)" in lines
    assert "Sumber: Kartu ILP. Berlaku sejak 29-08-2023." in lines
    assert "Menunjuk ke: `person_id` (`person`), `visit_id` (`under_five_visit` atau kunjungan lain)." in lines
    bare = page(YesNo(name="y", label="Y"))
    assert not [line for line in bare if line.startswith(("Sumber:", "Menunjuk"))]
