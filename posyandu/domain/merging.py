"""Who stands for whom where one person, or one household, was written down twice.

A merge is a record of its own and rewrites nothing: ended, everything is as it was (docs/sync.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Merge:
    """`other` is the same one as `kept`, under whom both are shown."""

    kept: str
    other: str


def stand_ins(merges: Iterable[Merge]) -> dict[str, str]:
    """For everybody who is shown under another id, that id.

    Chains lead to their end. Where a group has several ends (two laptops kept different ones) or none (each was merged
    into the other), the least id stands for all: every laptop finds the same, in whatever order the merges came.
    """
    groups: dict[str, set[str]] = {}
    leaving: set[str] = set()
    for merge in merges:
        if merge.kept == merge.other:
            continue
        leaving.add(merge.other)
        joined = groups.get(merge.kept, {merge.kept}) | groups.get(merge.other, {merge.other})
        for each in joined:
            groups[each] = joined
    found: dict[str, str] = {}
    for each, group in groups.items():
        shown = min(group - leaving or group)
        if each != shown:
            found[each] = shown
    return found
