"""What a kader can do: the class (purwa, madya, utama) that the skills shown make, by the rule in force."""

from dataclasses import dataclass

from posyandu.domain.fields import Answers
from posyandu.domain.forms.training import CLUSTERS
from posyandu.domain.strict import Json, a_list, a_text, an_object, one_of
from posyandu.text import _

SKILLS = {name: label for _heading, skills in CLUSTERS.values() for name, label in skills.items()}


@dataclass(frozen=True)
class SkillClass:
    """A class of kader and the clusters of which every skill must be shown."""

    code: str
    label: str
    clusters: tuple[str, ...]


@dataclass(frozen=True)
class Skilled:
    """What was shown: `held` is the class, None below the lowest; `following` the next, and what it still lacks."""

    shown: int
    unasked: int
    held: SkillClass | None
    following: SkillClass | None
    lacking: tuple[str, ...]

    @property
    def words(self) -> str:
        """In a few words: "Madya, 22 dari 25 keterampilan"."""
        of = _("{n} dari {total} keterampilan").format(n=self.shown, total=len(SKILLS))
        return f"{_(self.held.label)}, {of}" if self.held else of


def skilled(classes: tuple[SkillClass, ...], answers: Answers) -> Skilled:
    """The highest class all of whose skills were shown; what was not asked is not shown."""
    held: SkillClass | None = None
    following: SkillClass | None = None
    lacking: tuple[str, ...] = ()
    for each in classes:
        missing = [
            label
            for code in each.clusters
            for name, label in CLUSTERS[code][1].items()
            if answers.get(name) is not True
        ]
        if missing:
            following, lacking = each, tuple(_(label) for label in missing)
            break
        held = each
    told = [answers.get(name) for name in SKILLS]
    return Skilled(told.count(True), told.count(None), held, following, lacking)


def read_classes(value: Json, place: str) -> tuple[SkillClass, ...]:
    """The classes from their data, lowest first: each must ask for all clusters of the one below. Raises ValueError."""
    classes: list[SkillClass] = []
    for item in a_list(value, place):
        parts = an_object(item, place, ("code", "label", "clusters"))
        clusters = tuple(one_of(each, place, tuple(CLUSTERS)) for each in a_list(parts["clusters"], place))
        if classes and not set(classes[-1].clusters) < set(clusters):
            raise ValueError(f"{place}: {parts['code']} does not ask more than the class below")
        classes.append(SkillClass(a_text(parts["code"], place), a_text(parts["label"], place), clusters))
    if not classes:
        raise ValueError(f"{place}: wants classes")
    return tuple(classes)
