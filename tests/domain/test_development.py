"""What the ticks of the development checklist come to, at every age and edge."""

from datetime import date

import pytest

from posyandu.domain import development
from posyandu.domain.fields import Value, YesNo
from posyandu.domain.forms.development import FORM
from tests.domain.shipped import STANDARDS

TODAY = date(2026, 11, 12)
RULES = STANDARDS.on(TODAY)
NINE_MONTHS: dict[str, Value | None] = {"sex": "male", "born_on": date(2026, 2, 1)}
LINES = tuple(f"m9_{number}" for number in range(1, 12))


def test_every_line_of_every_age_is_a_question_of_the_form_and_none_is_left_over() -> None:
    asked = [name for band in RULES.development for name in band.items]
    lines = [field.name for section in FORM.sections[1:-1] for field in section.fields]
    assert asked == lines
    assert len(lines) == 111
    for name in lines:
        field = FORM.fields[name]
        assert isinstance(field, YesNo)
        assert (field.yes, field.no) == ("Dapat", "Belum")
    for band, section in zip(RULES.development, FORM.sections[1:-1], strict=True):
        assert section.title == band.label


@pytest.mark.parametrize(
    ("born_on", "first"),
    [
        (date(2026, 10, 13), None),
        (date(2026, 10, 12), "m3_1"),
        (date(2026, 5, 13), "m3_1"),
        (date(2026, 5, 12), "m6_1"),
        (date(2024, 11, 13), "m18_1"),
        (date(2024, 11, 12), "m24_1"),
        (date(2020, 11, 12), "m72_1"),
        (date(2019, 11, 12), None),
        (date(2027, 1, 1), None),
        (None, None),
    ],
)
def test_the_lines_of_the_age_just_completed_are_asked_and_no_others(born_on: date | None, first: str | None) -> None:
    left = development.not_asked(RULES, {"born_on": born_on}, TODAY)
    shown = [name for name in FORM.fields if name not in left and name[0] == "m"]
    assert (shown[0] if shown else None) == first
    assert not {"visited_on", "source", "note"} & left


def test_one_line_not_shown_settles_it_and_complete_is_only_what_was_asked_to_the_end() -> None:
    band = development.band_of(RULES, NINE_MONTHS, TODAY)
    every = dict.fromkeys(LINES, True)
    assert development.result(band, every) == "complete"
    assert development.result(band, {**every, "m9_4": None}) is None
    assert development.result(band, {"m9_4": False}) == "incomplete"
    assert development.result(band, {**every, "m3_1": False}) == "complete"  # another age's line says nothing here
    assert development.result(band, {}) is None
    assert development.result(None, every) is None


def test_it_is_said_in_a_sentence_with_the_lines_that_are_missing() -> None:
    every: dict[str, Value | None] = dict.fromkeys(LINES, True)
    visits = [
        {"visited_on": date(2026, 11, 2), "m9_1": True},
        {"visited_on": date(2026, 11, 3), **every, "m9_1": False, "m9_11": False},
        {"visited_on": date(2026, 11, 4), **every},
        {"visited_on": None, **every},
    ]
    found = development.assess(STANDARDS, NINE_MONTHS, visits)
    assert [(each.result, each.level, each.headline) for each in found] == [
        (None, "unknown", "1 dari 11 kemampuan ditandai."),
        (
            "incomplete",
            "warn",
            "Tidak lengkap, laporkan ke bidan. Belum dapat: Duduk sendiri dengan kedua tangan menyangga; "
            "Makan kue sendiri.",
        ),
        ("complete", "ok", "Lengkap: semua 11 kemampuan dapat dilakukan."),
    ]
    assert found[1].missing == ("Duduk sendiri dengan kedua tangan menyangga", "Makan kue sendiri")
    assert not any(each.refer for each in found)  # what follows is found with the visit
