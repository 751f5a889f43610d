"""Counts for the nation: how much was done in each regency and month, in a database of its own that knows no person.

A province computes them (`posyandu-server counts`) into a small database beside the real one. From there they
reach the nation by PostgreSQL's logical replication. Only that database is opened to it, so no mistake in a publication
or a role can let a name out: docs/runbooks/national.md.
"""

from collections.abc import Sequence

from psycopg import sql

from posyandu.server.store import Connection, NotReady

MONTHLY = {
    "session": "held_on",
    "pregnancy_visit": "visited_on",
    "postpartum_visit": "visited_on",
    "under_five_visit": "visited_on",
    "school_visit": "visited_on",
    "adult_visit": "visited_on",
    "immunisation_dose": "given_on",
}
"""What is counted by month, and the day that says which; nothing that is confidential, and no single person's fate."""
STANDING = ("posyandu", "household", "person", "pregnancy")
"""What is counted as it stands, month empty."""
PUBLICATION = "counted_for_the_nation"


_TABLE = """
CREATE TABLE IF NOT EXISTS counted (
    kab text NOT NULL,
    month text NOT NULL CHECK (month ~ '^([0-9]{4}-[0-9]{2})?$'),
    kind text NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
    n bigint NOT NULL CHECK (n >= 0),
    at timestamptz NOT NULL,
    PRIMARY KEY (kab, month, kind)
)
"""
_COUNT = """
WITH days AS (SELECT * FROM unnest(%b::text[], %b::text[]) AS days (entity, field)),
dated AS (
    SELECT kab, scope, entity, left(doc->>field, 7) AS month FROM record JOIN days USING (entity)
    WHERE NOT withdrawn AND doc->>field ~ '^[0-9]{4}-[0-9]{2}-'
)
SELECT kab, month, entity, count(*) FROM dated GROUP BY kab, month, entity
UNION ALL SELECT kab, month, 'posts_open', count(DISTINCT scope) FROM dated WHERE entity = 'session' GROUP BY kab, month
UNION ALL SELECT kab, '', entity, count(*) FROM record WHERE NOT withdrawn AND entity = ANY (%b) GROUP BY kab, entity
UNION ALL SELECT kab, '', 'batches', sum(g) FROM area GROUP BY kab
ORDER BY 1, 2, 3
"""


def count(province: Connection) -> list[tuple[str, str, str, int]]:
    """Regency, month, kind and number of everything that is counted, as the feeds stand now."""
    found = province.execute(_COUNT, (list(MONTHLY), list(MONTHLY.values()), list(STANDING)))
    return [(kab, month, kind, int(n)) for kab, month, kind, n in found]


def prepare(counts: Connection, *, publish: bool = False) -> None:
    """Make the table of counts and, for a province, offer it to the nation. Raises NotReady where records lie."""
    if counts.execute("SELECT to_regclass('record')").fetchone() != (None,):
        raise NotReady("Hitungan untuk nasional perlu basis data sendiri, bukan yang berisi catatan warga")
    counts.execute(_TABLE)
    if publish and counts.execute("SELECT 1 FROM pg_publication WHERE pubname = %s", (PUBLICATION,)).fetchone() is None:
        counts.execute(f"CREATE PUBLICATION {PUBLICATION} FOR TABLE counted".encode())


def write(counts: Connection, rows: Sequence[tuple[str, str, str, int]]) -> int:
    """Bring the table of counts up to date; how many rows changed. What is counted no longer becomes 0."""
    with counts.transaction():
        changed = counts.execute(
            "INSERT INTO counted (kab, month, kind, n, at) SELECT *, now()"
            " FROM unnest(%b::text[], %b::text[], %b::text[], %b::bigint[])"
            " ON CONFLICT (kab, month, kind) DO UPDATE SET n = excluded.n, at = excluded.at"
            " WHERE counted.n <> excluded.n",
            tuple([row[part] for row in rows] for part in range(4)),
        ).rowcount
        gone = counts.execute(
            "UPDATE counted SET n = 0, at = now() WHERE n > 0 AND (kab, month, kind) NOT IN"
            " (SELECT * FROM unnest(%b::text[], %b::text[], %b::text[]))",
            tuple([row[part] for row in rows] for part in range(3)),
        ).rowcount
    return changed + gone


def subscribe(nation: Connection, province: str, address: str) -> None:
    """Let the nation's database follow a province's counts from now on, beginning with those there are."""
    name = f"province_{province}"
    if not province.isdecimal():
        raise NotReady("Sebutkan kode provinsi, misalnya 52")
    prepare(nation)
    if nation.execute("SELECT 1 FROM pg_subscription WHERE subname = %s", (name,)).fetchone() is None:
        statement = sql.SQL("CREATE SUBSCRIPTION {} CONNECTION {} PUBLICATION {}").format(
            sql.Identifier(name), sql.Literal(address), sql.Identifier(PUBLICATION)
        )
        nation.execute(statement)
