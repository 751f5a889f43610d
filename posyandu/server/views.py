"""One view per form over the documents, with a typed column for every question: what reports and analysts read."""

import hashlib

from posyandu.domain.fields import Choice, Date, Field, Number, Text, YesNo
from posyandu.domain.form import Form
from posyandu.domain.forms import FORMS
from posyandu.server.store import Connection

_TYPES: dict[type[Field], str] = {Number: "bigint", YesNo: "boolean", Date: "date", Choice: "text", Text: "text"}


def renew(connection: Connection) -> None:
    """Make the views of all forms as this version knows them; one that is current is left alone."""
    for form in FORMS.values():
        name, query = f"form_{form.name}", _query(form)
        mark = hashlib.sha256(query.encode()).hexdigest()
        (current,) = connection.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", (name,)).fetchone() or (
            "",
        )
        if current != mark:
            connection.execute(f"DROP VIEW IF EXISTS {name}")
            connection.execute(f"CREATE VIEW {name} AS {query}")
            connection.execute(f"COMMENT ON VIEW {name} IS '{mark}'")


def _query(form: Form) -> str:
    """Values are of their kind already: a save with another kind never reaches a document."""
    links = [f"doc->>'{link}' AS {link}" for link in form.links]
    fields = [f"(doc->>'{name}')::{_TYPES[type(field)]} AS {name}" for name, field in form.fields.items()]
    columns = ["record.kab", "record.scope", "area.village", "record.id", *links, *fields, "record.conflicts"]
    return (
        f"SELECT {', '.join(columns)} FROM record JOIN area ON area.kab = record.kab AND area.scope = record.scope"
        f" WHERE record.entity = '{form.name}' AND NOT record.withdrawn"
    )
