"""Who is to be sent on, told a second time from the list of the design notes (section 5.8 and the printed cards).

Nothing of the app's rules is read: the bounds stand here. Only whether something sends a person on is told, not the
words. Values that WHO calls impossible are measured again first: they send nobody on.
"""

from collections.abc import Iterable, Sequence

from tests import recount
from tests.plain_count import IMPOSSIBLE, Month, Record, Someone, day
from tests.plain_life import Lives

DANGER = (
    "danger_bleeding", "danger_headache", "danger_vision", "danger_swelling", "danger_pain",
    "danger_vomiting", "danger_fever", "danger_movement", "danger_waters", "danger_fit",
)  # fmt: skip
SIGNS = ("tbc_cough", "tbc_fever", "tbc_weight")


def child(month: Month, someone: Someone, visit: Record) -> set[str]:
    """Why a child is sent on at a visit, for other things than one month without gain.

    Of unknown sex, for whatever no curve of boys or girls is needed to see.
    """
    born, sex = day(someone.person.get("born_on")), someone.person.get("sex")
    if born is None or visit["on"] < born:
        return set()
    age = recount.months_between(born, visit["on"])
    z = {
        name: score
        for name, score in month.scores(someone, visit).items()
        if IMPOSSIBLE[name][0] <= score <= IMPOSSIBLE[name][1]
    }
    impossible = set(month.scores(someone, visit)) - set(z)
    swollen = visit.get("oedema") in ("1", "2", "3")
    found = set()

    def when(code: str, holds: object) -> None:
        if holds:
            found.add(code)

    when("oedema", swollen)
    when("arm", 6 <= age <= 59 and visit.get("muac_mm") is not None and visit["muac_mm"] < 125)
    if "weight_g" in visit and age <= 60 and sex is not None:
        line = month.line(someone, visit)
        when("below red", line is not None and line < -2)
        when("above orange", line is not None and line > 1)
        plain = [{**each, "visited_on": each["on"]} for each in someone.earlier]
        told = {**visit, "visited_on": visit["on"]}
        when("2T", recount.status({"sex": sex, "born_on": born}, plain, told)[1])
    when("weight for age", age <= 60 and "waz" in z and z["waz"] < -2)
    when("length for age", age <= 60 and "haz" in z and z["haz"] < -2)
    if not swollen:
        by = "whz" if age <= 60 and ("whz" in z or "whz" in impossible) else "baz"
        when("weight for length", by in z and not -2 <= z[by] <= 1)
    when("head", age <= 60 and "hcz" in z and not -2 <= z["hcz"] <= 2)
    when("development", visit.get("development") == "incomplete")
    signs = sum(visit.get(name) is True for name in ("tbc_cough", "tbc_fever", "tbc_weight", "tbc_contact"))
    when("tbc", signs + ("tbc_weight" not in visit and "2T" in found) >= 2)
    when("sign of tbc", any(visit.get(name) is True for name in (*SIGNS, "tbc_listless")))
    when("contact", visit.get("tbc_contact") is True)
    return found


def mother(lives: Lives, woman: Someone, visit: Record) -> set[str]:
    """Why a pregnant woman is sent on at a visit."""
    found = set()

    def when(code: str, holds: object) -> None:
        if holds:
            found.add(code)

    weeks, blood = lives.gestation(woman.pregnancy, visit["on"]), visit.get("haemoglobin_dg_dl")
    start, height = lives.start_g(woman), woman.pregnancy.get("height_mm")
    when("danger", any(visit.get(name) is True for name in DANGER))
    when("pressure", lives.pressure_red(woman, visit))
    when("arm", lives.arm_red(woman, visit))
    when("weight", visit.get("weight_on_curve") is False and not lives.month.read_wrong(visit, "weight_g"))
    when("anaemia", lives.pregnant_anaemic(woman, visit) or (blood is not None and blood < 100))
    when("tbc", lives.two_signs(visit))
    when("sign of tbc", any(visit.get(name) is True for name in SIGNS))
    when("contact", visit.get("tbc_contact") is True)
    when("past 42 weeks", weeks is not None and weeks >= 42)
    when("thin", start is not None and height and start * 1000 / height**2 < 18.5)
    return found


def not_sent(people: Iterable[tuple[str, Someone, Sequence[set[str]]]]) -> set[str]:
    """Those whom something of any of their visits sends on, and no visit of the month says that they were."""
    return {
        id_
        for id_, each, found in people
        if any(found) and not each.any(lambda visit: visit.get("referral") not in (None, "none"))
    }
