"""A few made-up reports of social problems for each sample post: three that came to an end, one of a place just noted.

None of them waits for a person, so Tindak lanjut stays what the rest of the village makes it. Nothing confidential is
made up: that needs somebody's key.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from posyandu.domain.calendar import age_months
from posyandu.domain.fields import Answers, Value
from posyandu.domain.forms.social import KINDS
from posyandu.domain.social import NEXT, RECORDED
from posyandu.services.sample.village import Entry

ADULT_MONTHS = 18 * 12

_FAMILY = {
    "dropout": ("Berhenti sekolah sejak bulan lalu, ikut orang tua bekerja.", "education_office"),
    "unfit_house": ("Atap bocor dan dinding bambu lapuk, dihuni enam orang.", "works_office"),
    "no_documents": ("Anak belum punya akta kelahiran, KK masih ikut kakek.", "population_office"),
    "migrant_family": ("Ayah di Malaysia sejak dua tahun, tiga bulan tidak ada kabar.", "migrant_office"),
    "disability": ("Anak belum bisa duduk, membutuhkan kursi khusus dan terapi.", "social_office"),
    "poor_no_aid": ("Janda dengan tiga anak, belum menerima PKH maupun sembako.", "social_office"),
}
_PLACES = {
    "water": ("Sumur umum kering sejak Agustus.", "works_office"),
    "road": ("Jembatan bambu ke Posyandu rapuh, berbahaya saat hujan.", "works_office"),
    "waste": ("Sampah menumpuk di dekat saluran air.", "environment_office"),
}
_WAYS = {
    "done": ("verified", "forwarded", "handled", "done"),
    "handled": ("verified", "forwarded", "handled"),
    "refused": ("verified", "refused"),
}


def added(seed: int, entries: Iterable[Entry]) -> Iterator[Entry]:
    """The same entries, and after those of each post its reports. They depend on the seed and the post alone."""
    group: list[Entry] = []
    for entry in entries:
        if entry.entity == "posyandu" and group:
            yield from _of_post(seed, group)
            group = []
        if entry.entity in ("posyandu", "worker", "session", "person"):
            group.append(entry)
        yield entry
    if group:
        yield from _of_post(seed, group)


def _of_post(seed: int, group: list[Entry]) -> Iterator[Entry]:
    """The reports of one post: it has to have families, kader and posyandu days."""
    dice = Random(f"{seed} {group[0].scope} social")
    days = sorted(day for each in group if isinstance(day := each.answers.get("held_on"), date))
    kader = [each for each in group if each.entity == "worker"]
    grown = [each for each in group if each.entity == "person" and _is_grown(each.answers, days[-1] if days else None)]
    if not (days and kader and grown):
        return
    for number, (kind, end) in enumerate(zip(dice.sample(sorted(_FAMILY), len(_WAYS)), _WAYS, strict=True)):
        finding, office = _FAMILY[kind]
        noted = days[0] + timedelta(days=dice.randrange(max(1, (days[-1] - days[0]).days - 30)))
        about = dice.choice(grown)
        links = {"person_id": about.record_id, "household_id": about.links["household_id"]}
        ticket = _ticket(dice, group[0].scope, number, kind, finding, office, noted, links, kader[-1].record_id)
        yield ticket
        yield from _steps(dice, ticket, end, office, str(kader[0].answers["name"]))
    kind = dice.choice(sorted(_PLACES))
    place = str(group[0].answers.get("hamlet") or "")
    yield _ticket(dice, group[0].scope, len(_WAYS), kind, *_PLACES[kind], days[-1], {}, kader[-1].record_id, place)


def _is_grown(answers: Answers, on: date | None) -> bool:
    born_on = answers.get("born_on")
    return on is not None and isinstance(born_on, date) and born_on <= on and age_months(born_on, on) >= ADULT_MONTHS


def _ticket(
    dice: Random, scope: str, number: int, kind: str, finding: str, office: str, noted: date, links: dict[str, str],
    worker: str, place: str = "",
) -> Entry:  # fmt: skip
    answers: dict[str, Value] = {
        "kind": kind,
        "field": KINDS[kind].field,
        "finding": finding,
        "consent": "agreed" if links else "not_asked",
        "urgency": dice.choice(("normal", "normal", "high")),
        "noted_on": noted,
        "source": dice.choice(("session", "home_visit", "neighbour")),
        "referred_to": office,
    }
    if links:
        answers["action"] = "Menemui keluarga dan memberi tahu kepala dusun"
    else:
        answers["place"] = f"Dusun {place}"
    record_id = _id(scope, "social", number)
    return Entry("social_ticket", record_id, scope, answers, {**links, "worker_id": worker}, _at(noted, number))


def _steps(dice: Random, ticket: Entry, end: str, office: str, name: str) -> Iterator[Entry]:
    stage, before, noted = RECORDED, "", ticket.answers["noted_on"]
    assert isinstance(noted, date)
    for place, following in enumerate(_WAYS[end]):
        assert following in NEXT[stage]
        noted, stage = noted + timedelta(days=dice.randrange(1, 4)), following
        answers: dict[str, Value] = {
            "stage": following, "stepped_on": noted, "done_by": name, "role": "coordinator",
        }  # fmt: skip
        if before:
            answers["follows"] = before
        if following == "forwarded":
            answers |= {"sent_to": office, "owner": "Sekretaris desa"}
        if following == "handled":
            answers["note"] = "Sudah didaftarkan"
        if following == "refused":
            answers["reason"] = "Sudah mendapat bantuan dari program lain"
        before = _id(ticket.record_id, place)
        yield Entry("social_step", before, ticket.scope, answers, {"ticket_id": ticket.record_id}, _at(noted, place))


def _at(on: date, minute: int) -> datetime:
    return datetime.combine(on, time(3, 30), UTC) + timedelta(minutes=minute)


def _id(*parts: object) -> str:
    return hashlib.blake2b("/".join(map(str, parts)).encode(), digest_size=16).hexdigest()
