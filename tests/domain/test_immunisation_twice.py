"""The schedule judged twice: by the product, and by the plain rule told from the table of the design notes."""

from datetime import date, timedelta
from random import Random

import pytest

from posyandu.domain import immunisation
from posyandu.domain.calendar import age_months
from posyandu.domain.immunisation import LATE, Dose
from posyandu.storage import reference
from tests.plain_count import Record
from tests.plain_doses import LAST_MONTH, Card

DAYS = {
    "hb0": (0,), "bcg": (20,), "opv": (20, 62, 93, 124), "dpt_hb_hib": (62, 93, 124, 560), "pcv": (62, 93, 370),
    "rv": (62, 93, 124), "ipv": (124, 280), "mr": (275, 560), "je": (305,),
}  # fmt: skip
"""About when each dose falls due, in days."""
AREAS = ("5203012001", "6101012001", "3201012001", "")


def made_up(seed: int) -> tuple[Record, str, list[Record], date]:
    """A child with some doses: near their time, at any time, doubled, or as another product; and a day to ask about."""
    dice = Random(seed)
    born = date(2021, 1, 1) + timedelta(days=dice.randint(0, 2000))
    on = born + timedelta(days=dice.randint(0, 2300))
    doses = []
    keen = dice.choice([dice.random(), 1])
    for antigen, days in DAYS.items():
        for number, due in enumerate(days, 1):
            if dice.random() > keen:
                continue
            after = dice.choice([dice.randint(0, 40), dice.randint(-20, 10), dice.randint(0, 900)])
            after = dice.randint(0, 5) if keen == 1 and dice.random() < 0.97 else after
            dose: Record = {"antigen": antigen, "dose": number}
            if dice.random() < 0.95:
                dose["given_on"] = (born + timedelta(days=max(0, due + after))).isoformat()
            if antigen == "dpt_hb_hib" and dice.random() < 0.4:
                dose["product"] = "hexavalent"
            doses.append(dose)
            if dice.random() < 0.04:
                doses.append({**dose, "given_on": (born + timedelta(days=dice.randint(0, 700))).isoformat()})
    return {"born_on": born.isoformat(), "sex": dice.choice(["male", "female"])}, dice.choice(AREAS), doses, on


@pytest.mark.parametrize("block", range(4))
def test_both_say_the_same_doses_late_and_the_same_sets_complete(block: int) -> None:
    lates = completes = 0
    for seed in range(250 * block, 250 * block + 250):
        person, area, told, on = made_up(seed)
        born, schedule = date.fromisoformat(person["born_on"]), reference.shipped_standards().on(on).immunisation
        doses = [
            Dose(
                each["antigen"], each["dose"], date.fromisoformat(each["given_on"]) if "given_on" in each else None,
                each.get("product"),
            )
            for each in told
        ]  # fmt: skip
        found = immunisation.status(schedule, born, person["sex"], area, doses, on)
        late = {each.code for each in found if each.state in LATE and not each.school}
        sets = {each.code: not each.missing for each in immunisation.completions(schedule, born, None, found)}
        card = Card(person, area, told, [], on)
        if card.known:
            assert card.late() == (late if age_months(born, on) <= LAST_MONTH else set()), f"child {seed}"
            assert {code: card.complete(code) for code in ("idl", "ibl")} == {
                code: sets[code] for code in ("idl", "ibl")
            }, f"child {seed}"
            lates, completes = lates + bool(late), completes + sets["idl"]
    assert lates > 50, "many of them are late with something"
    assert completes, "some have all"
