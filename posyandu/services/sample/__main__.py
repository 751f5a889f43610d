"""Write a synthetic village, district or province as JSON lines, one save a line, as large as asked.

python -m posyandu.services.sample --people 200000 --out FILE [--months 18] [--seed 1]
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count
from pathlib import Path

import orjson

from posyandu.domain.calendar import Month
from posyandu.services.sample import village
from posyandu.storage import areas, reference

POSTS_IN_A_VILLAGE = 8
PROVINCE = "52"


def main(arguments: Sequence[str]) -> int:
    """Write the lines and say how many; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m posyandu.services.sample", description=__doc__)
    parser.add_argument("--people", type=int, default=1_000, help="stop after the post that reaches this many persons")
    parser.add_argument("--months", type=int, default=18)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    people = saves = 0
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    with chosen.out.open("wb") as out:
        for entry in until_people(chosen.people, chosen.seed, chosen.months, Month.of(date.today()) - 1):
            out.write(as_line(entry))
            saves += 1
            people += entry.entity == "person"
    print(f"{people} persons, {saves} saves")
    return 0


def until_people(people: int, seed: int, months: int, until: Month) -> Iterator[village.Entry]:
    """Post after post, eight to a village of NTB, until there are at least this many persons."""
    tables = reference.growth_tables()
    villages = areas.search(PROVINCE, limit=10_000)
    written = 0
    for number in count():
        area = villages[number // POSTS_IN_A_VILLAGE % len(villages)]
        place = village.Place(area.code, area.name, area.path.split(", ")[1])
        for entry in village.one_post(seed, number, place, tables, months=months, until=until):
            written += entry.entity == "person"
            yield entry
        if written >= people:
            return


def as_line(entry: village.Entry) -> bytes:
    """One save as a line of JSON: e entity, r record, s scope, f answers, l links, t the moment."""
    body = {
        "e": entry.entity,
        "r": entry.record_id,
        "s": entry.scope,
        "f": entry.answers,
        "l": entry.links,
        "t": entry.at,
    }
    return orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
