"""Arrays in PostgreSQL's binary form: what goes in comes out, as with psycopg's own."""

from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posyandu.server import arrays

TEXTS = st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20), max_size=30)
VALUES = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="ascii", min_codepoint=32))
)
DOCUMENTS = st.lists(st.none() | st.dictionaries(st.text("abc", max_size=3), VALUES, max_size=4), max_size=20)


@pytest.fixture(scope="module")
def db(postgres_cluster: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(postgres_cluster, autocommit=True) as connection:
        yield connection


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.lists(st.integers(-(2**63), 2**63 - 1), max_size=40), DOCUMENTS)
def test_what_goes_in_comes_out(
    db: psycopg.Connection[tuple[object, ...]], texts: list[str], numbers: list[int], documents: list[object]
) -> None:
    given = (arrays.texts(texts), arrays.numbers(numbers), arrays.documents(documents))
    assert db.execute("SELECT %b, %b, %b", given).fetchone() == (texts, numbers, documents)


def test_the_types_are_told_and_an_empty_array_is_one(db: psycopg.Connection[tuple[object, ...]]) -> None:
    given = (arrays.texts([]), arrays.numbers([]), arrays.documents([]))
    kinds = db.execute("SELECT pg_typeof(%b)::text, pg_typeof(%b)::text, pg_typeof(%b)::text", given).fetchone()
    assert kinds == ("text[]", "bigint[]", "jsonb[]")
    assert db.execute("SELECT cardinality(%b), cardinality(%b), cardinality(%b)", given).fetchone() == (0, 0, 0)


def test_a_word_with_a_nul_and_a_broken_document_are_refused(db: psycopg.Connection[tuple[object, ...]]) -> None:
    with pytest.raises(psycopg.DataError):
        db.execute("SELECT %b", (arrays.texts(["a\0b"]),))
    with pytest.raises(psycopg.DataError):
        db.execute("SELECT %b", (arrays.documents([{"a": "\0"}]),))
