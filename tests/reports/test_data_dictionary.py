from dataclasses import dataclass
from pathlib import Path

import pytest

from posyandu.domain.fields import Field
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
            for option in getattr(field, "options", ()):
                assert f"`{option.code}` {option.label}" in page


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
