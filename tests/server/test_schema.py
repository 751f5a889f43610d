"""The rules that keep the road to many machines open, read from the catalogue of the real database."""

import psycopg
import pytest

from posyandu.server import exchange, store

EVERYWHERE = {"server", "migration"}
"""Small tables that are the same on every machine (a distributed engine's reference tables)."""

KEYS_WITHOUT_REGENCY = """
SELECT table_name.relname, key.relname FROM pg_index
JOIN pg_class AS key ON key.oid = indexrelid JOIN pg_class AS table_name ON table_name.oid = indrelid
JOIN pg_namespace AS space ON space.oid = table_name.relnamespace AND space.nspname = 'public'
WHERE indisunique AND NOT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = indrelid AND attname = 'kab' AND attnum = ANY (indkey::int[]))
"""
TABLES_WITHOUT_REGENCY = """
SELECT relname FROM pg_class JOIN pg_namespace AS space ON space.oid = relnamespace AND space.nspname = 'public'
WHERE relkind IN ('r', 'p') AND NOT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'kab' AND attnotnull)
"""
CROSSING = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
JOIN pg_namespace AS space ON space.oid = connamespace AND space.nspname = 'public'
WHERE contype IN ('f', 'x') OR (condeferrable AND contype <> 't')
"""
SEQUENCES = """
SELECT relname FROM pg_class JOIN pg_namespace AS space ON space.oid = relnamespace AND space.nspname = 'public'
WHERE relkind = 'S'
"""


@pytest.fixture
def catalogue(postgres_url: str) -> psycopg.Connection[tuple[str, ...]]:
    with store.open_pool(postgres_url, 1) as pool:
        exchange.open_desk(pool, trial=False)
    return psycopg.connect(postgres_url, autocommit=True)


def faults(db: psycopg.Connection[tuple[str, ...]]) -> dict[str, set[str]]:
    """What stands in the way of distributing by regency; an empty answer is a schema that can be distributed."""
    found = {
        "tables": {table for (table,) in db.execute(TABLES_WITHOUT_REGENCY)} - EVERYWHERE,
        "keys": {f"{table}.{key}" for table, key in db.execute(KEYS_WITHOUT_REGENCY) if table not in EVERYWHERE},
        "crossing": {f"{table}.{name}" for table, name in db.execute(CROSSING)},
        "sequences": {name for (name,) in db.execute(SEQUENCES)},
    }
    return {kind: names for kind, names in found.items() if names}


def test_every_table_and_key_holds_the_regency_and_nothing_crosses_it(
    catalogue: psycopg.Connection[tuple[str, ...]],
) -> None:
    with catalogue as db:
        assert faults(db) == {}


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("CREATE TABLE officer (id text NOT NULL)", "tables"),
        ("CREATE TABLE officer (kab text NOT NULL, id text PRIMARY KEY)", "keys"),
        ("CREATE UNIQUE INDEX one_scope ON area (scope)", "keys"),
        ("ALTER TABLE record ADD FOREIGN KEY (kab, scope) REFERENCES area", "crossing"),
        ("CREATE TABLE note (kab text NOT NULL, n bigint GENERATED ALWAYS AS IDENTITY)", "sequences"),
    ],
)
def test_each_rule_is_seen_when_it_is_broken(
    catalogue: psycopg.Connection[tuple[str, ...]], statement: str, kind: str
) -> None:
    with catalogue as db:
        db.execute(statement.encode())
        assert set(faults(db)) == {kind}
