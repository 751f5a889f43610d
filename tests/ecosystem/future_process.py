"""A laptop of a version that is not there yet: today's with a form, a field, a form's version and a step more."""

import runpy
from dataclasses import replace
from pathlib import Path

import posyandu
from posyandu.domain.fields import Number
from posyandu.domain.forms import FORMS
from posyandu.storage import migrations
from posyandu.storage.engine import Database, rows

FORM, FIELD, VERSION = "dream", "shoe_size", "99.0.0"


def become() -> None:
    """Add it before anything of the app has looked at its forms."""
    posyandu.__version__ = VERSION
    household = FORMS["household"]
    last = household.sections[-1]
    more = replace(last, fields=(*last.fields, Number(name=FIELD, label="Ukuran sepatu", low=1, high=60)))
    FORMS["household"] = replace(household, version=9, sections=(*household.sections[:-1], more))
    FORMS[FORM] = replace(FORMS["activity"], name=FORM)
    migrations.STEPS = (*migrations.STEPS, a_later_step)


def a_later_step(db: Database) -> None:
    """The table and the column of what is new."""
    db.conn.execute(f"ALTER TABLE household ADD COLUMN {FIELD} INTEGER")
    ((made,),) = rows(db, "SELECT sql FROM sqlite_master WHERE name = 'activity'")
    db.conn.execute(made.replace("activity", FORM, 1))


if __name__ == "__main__":
    become()
    runpy.run_path(str(Path(__file__).with_name("laptop_process.py")), run_name="__main__")
