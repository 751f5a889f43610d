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
GROWING_IN_ONE_HEAP = """
SELECT relname FROM pg_class JOIN pg_namespace AS space ON space.oid = relnamespace AND space.nspname = 'public'
WHERE relkind = 'r' AND NOT relispartition AND EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname IN ('scope', 'device') AND NOT attisdropped)
"""
WITHOUT_A_FENCE = """
SELECT relname FROM pg_class JOIN pg_namespace AS space ON space.oid = relnamespace AND space.nspname = 'public'
WHERE relkind IN ('r', 'p') AND NOT relispartition
  AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'scope' AND NOT attisdropped)
  AND NOT (relrowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polqual IS NOT NULL))
"""
SIDE_DOORS = """
SELECT table_name FROM information_schema.role_table_grants JOIN pg_class ON relname = table_name
WHERE table_schema = 'public' AND grantee IN ('posyandu_app', 'PUBLIC') AND (relispartition OR relkind = 'v')
UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef AND (
    has_function_privilege('public', oid, 'EXECUTE') OR proconfig IS NULL
    OR NOT 'search_path=public, pg_temp' = ANY (proconfig))
"""
SMALL = {"erased", "erasure"}
"""Belong to posts, but grow so little that one heap will do."""


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
        "heaps": {name for (name,) in db.execute(GROWING_IN_ONE_HEAP)} - SMALL,
        "fences": {name for (name,) in db.execute(WITHOUT_A_FENCE)},
        "doors": {name for (name,) in db.execute(SIDE_DOORS)},
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
        ("CREATE UNIQUE INDEX one_name ON device (name)", "keys"),
        ("ALTER TABLE record ADD FOREIGN KEY (kab, scope) REFERENCES area", "crossing"),
        ("CREATE TABLE seen (kab text NOT NULL, device text)", "heaps"),
        ("CREATE TABLE note (kab text NOT NULL, scope text) PARTITION BY LIST (kab)", "fences"),
        ("ALTER TABLE record DISABLE ROW LEVEL SECURITY", "fences"),
        ("DROP POLICY inside ON erased", "fences"),
        ("SELECT add_regency('5203'); GRANT SELECT ON record_5203 TO posyandu_app", "doors"),
        ("GRANT SELECT ON form_person TO posyandu_app", "doors"),
        ("GRANT EXECUTE ON FUNCTION enrol_laptop TO PUBLIC", "doors"),
        ("ALTER FUNCTION use_code RESET search_path", "doors"),
        ("CREATE TABLE note (kab text NOT NULL, n bigint GENERATED ALWAYS AS IDENTITY)", "sequences"),
    ],
)
def test_each_rule_is_seen_when_it_is_broken(
    catalogue: psycopg.Connection[tuple[str, ...]], statement: str, kind: str
) -> None:
    with catalogue as db:
        db.execute(statement.encode())
        assert set(faults(db)) == {kind}


# --- a database of the version before --------------------------------------------------------------------------------

CONTENT = {
    "nonce": "SELECT kab, device, nonce, at FROM nonce ORDER BY 1, 2, 3",
    "area": "SELECT kab, scope, village, g, digest, made_by, made_at FROM area ORDER BY 1, 2",
    "batch": "SELECT kab, id, scope, device, sequence, g, digest, state, ops, bytes FROM batch ORDER BY id",
    "record": "SELECT kab, scope, entity, id, doc, conflicts, withdrawn, revived, g, feed FROM record ORDER BY 2, 4",
}


def made_before_partitions(db: psycopg.Connection[tuple[str, ...]]) -> None:
    """The schema without partitions; feeds, records and a batch in quarantine in two regencies, a code in a third."""
    db.execute("CREATE TABLE migration (number integer PRIMARY KEY, name text, at timestamptz DEFAULT now())")
    for number, name, sql in store.migrations():
        if name.startswith("a_partition"):
            break
        db.execute(sql.encode())
        db.execute("INSERT INTO migration VALUES (%s, %s)", (number, name))
    db.execute("INSERT INTO server (epoch, secret, trial) VALUES ('e', decode(repeat('07', 32), 'hex'), false)")
    db.execute(
        "INSERT INTO enrol_code (kab, hash, prefixes, name, expires_at) VALUES ('5271', 'h', '{5271}', '', now())"
    )
    for kab in ("5203", "5204"):
        db.execute(
            "INSERT INTO device (kab, id, key, name, prefixes)"
            " VALUES (%s, 'd', decode(repeat('01', 32), 'hex'), '', %s)",
            (kab, [kab]),
        )
        db.execute(
            "INSERT INTO nonce (kab, device, nonce) SELECT %s, 'd', n::text FROM generate_series(1, 30) n", (kab,)
        )
        for post in range(3):
            scope, village = f"pos-{kab}-{post}", f"{kab}01200{post}"
            db.execute(
                "INSERT INTO area (kab, scope, village, g, digest, made_by) VALUES (%s, %s, %s, 20, %s, 'd')",
                (kab, scope, village, bytes([post]) * 32),
            )
            db.execute(
                "INSERT INTO batch"
                " (kab, id, scope, device, incarnation, sequence, n, g, digest, state, bytes, brought_by)"
                " SELECT %(kab)s, decode(md5(%(s)s || n), 'hex'), %(s)s, 'd', 'i', n, 1, nullif(n, 21), 'x',"
                " CASE n WHEN 21 THEN 'karantina' ELSE 'terap' END, repeat('y', 5000)::bytea, 'd'"
                " FROM generate_series(1, 21) n",
                {"kab": kab, "s": scope},
            )
            db.execute(
                "INSERT INTO record (kab, scope, entity, id, doc, conflicts, withdrawn, revived, depth, g, feed)"
                " SELECT %s, %s, 'person', n::text, jsonb_build_object('name', 'Sasaran ' || n),"
                " CASE n WHEN 3 THEN '{\"name\": []}'::jsonb END, n = 4, false, 1, n, ARRAY[n]"
                " FROM generate_series(1, 20) n",
                (kab, scope),
            )


def test_a_database_of_the_version_before_comes_through_whole(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as db:
        made_before_partitions(db)
        before = {table: db.execute(query.encode()).fetchall() for table, query in CONTENT.items()}
        with store.open_pool(postgres_url, 1) as pool:
            exchange.open_desk(pool, trial=False)
        assert {table: db.execute(query.encode()).fetchall() for table, query in CONTENT.items()} == before
        assert [len(rows) for rows in before.values()] == [60, 6, 126, 120]
        assert faults(db) == {}
        parts = {name for (name,) in db.execute("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")}
        assert parts == {f"{table}_{kab}" for table in (*CONTENT, "unfinished") for kab in ("5203", "5204", "5271")}
        assert db.execute("SELECT count(*) FROM form_person WHERE village = '5204012001'").fetchone() == (19,)
        assert db.execute("SELECT to_regnamespace('before_partitions')").fetchone() == (None,)
        for forbidden in ("DELETE FROM batch", "UPDATE batch SET bytes = 'z'", "UPDATE batch SET n = 2"):
            with pytest.raises(psycopg.errors.RaiseException, match="only ever added"):
                db.execute(forbidden.encode())


def test_documents_are_not_compared_for_the_planner_and_records_are_found_by_post_and_id_first(
    postgres_url: str,
) -> None:
    """In a regency that was there before, and in one that comes later."""
    with psycopg.connect(postgres_url, autocommit=True) as db:
        made_before_partitions(db)
        with store.open_pool(postgres_url, 1) as pool:
            exchange.open_desk(pool, trial=False)
        db.execute("SELECT add_regency('5205')")
        silent = db.execute(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute WHERE attstattarget = 0"
            " AND attrelid::regclass::text ~ '_(5203|5205)$' ORDER BY 1, 2"
        ).fetchall()
        silent_in = {"batch": ("bytes", "digest", "ops"), "record": ("conflicts", "doc", "feed")}
        assert silent == [
            (f"{table}_{kab}", name) for table, names in silent_in.items() for kab in ("5203", "5205") for name in names
        ]
        for kab in ("5203", "5205"):
            keys = db.execute(
                "SELECT indexdef FROM pg_indexes WHERE indexname = %s", (f"record_{kab}_pkey",)
            ).fetchone()
            assert keys is not None
            assert keys[0].endswith("(scope, id, entity, kab)")


def test_a_migration_that_breaks_off_leaves_everything_and_is_begun_again(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as db, store.open_pool(postgres_url, 1) as pool:
        made_before_partitions(db)
        before = {table: db.execute(query.encode()).fetchall() for table, query in CONTENT.items()}
        db.execute("CREATE FUNCTION watched(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'")  # late in the step
        with pytest.raises(psycopg.errors.DuplicateFunction):
            exchange.open_desk(pool, trial=False)
        assert {table: db.execute(query.encode()).fetchall() for table, query in CONTENT.items()} == before
        db.execute("DROP FUNCTION watched")
        exchange.open_desk(pool, trial=False)
        assert {table: db.execute(query.encode()).fetchall() for table, query in CONTENT.items()} == before
        assert faults(db) == {}


def test_a_new_regency_gets_its_partitions_with_its_first_code(catalogue: psycopg.Connection[tuple[str, ...]]) -> None:
    with catalogue as db:
        for _twice in range(2):
            store.add_code(db, "5208", b"a" * 32 if _twice else b"b" * 32, ["5208"], "", 72)
        assert db.execute("SELECT count(*) FROM pg_class WHERE relname LIKE '%\\_5208'").fetchone() == (5,)
        for wrong in ("", "52", "5208; DROP TABLE area", "520a"):
            with pytest.raises(psycopg.errors.RaiseException, match="four digits"):
                db.execute("SELECT add_regency(%s)", (wrong,))
        assert faults(db) == {}
