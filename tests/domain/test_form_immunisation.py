"""The record of a dose: what it asks, and that it speaks of the same vaccines as the schedule."""

from datetime import date

from posyandu.domain.fields import Answers, Choice
from posyandu.domain.form import Context, problems
from posyandu.domain.forms.immunisation import DOSE
from tests.domain.shipped import RULES

TODAY = Context(date(2026, 11, 12), {}, {})


def codes(name: str) -> set[str]:
    field = DOSE.fields[name]
    assert isinstance(field, Choice)
    return {option.code for option in field.options}


def wrong(answers: Answers) -> list[str]:
    return [problem.field for problem in problems(DOSE, {"antigen": "pcv", "dose": 1, **answers}, TODAY)]


def test_the_record_knows_every_antigen_and_product_of_the_schedule() -> None:
    schedule = RULES.immunisation
    assert codes("antigen") == {rule.antigen for rule in (*schedule.doses, *schedule.school)}
    assert codes("product") == set(schedule.products)
    labels = {option.code: option.label for option in DOSE.fields["product"].options}  # type: ignore[attr-defined]
    assert labels == {product.code: product.label for product in schedule.products.values()}


def test_a_dose_has_a_day_or_a_reason() -> None:
    assert wrong({}) == ["given_on"]
    assert wrong({"given_on": date(2026, 11, 12)}) == []
    assert wrong({"given_on": date(2026, 11, 13)}) == ["given_on"]
    assert wrong({"not_given": "sick", "noted_on": date(2026, 11, 12)}) == []


def test_place_and_batch_are_asked_of_a_given_dose_and_the_reason_of_another() -> None:
    given = {field.name for field in DOSE.asked({"given_on": date(2026, 11, 12)})}
    other = {field.name for field in DOSE.asked({})}
    assert given - other == {"product", "source", "place", "provider", "batch"}
    assert other - given == {"not_given", "noted_on"}
