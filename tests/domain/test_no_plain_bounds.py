"""House rule: cut-offs and schedules are dated data with a source, not numbers in code.

Every number that domain code compares something with, or names as a constant, stands here with the reason why no
ministry can change it. A new one wants a dated rule (resources/rules) or a line here.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from posyandu import domain

FOLDER = Path(domain.__file__).parent
ABOVE = ("services/immunisation.py", "services/families.py", "reports/profile_sheet.py")
"""What else asks for ages and numbers that ministries change."""
ANYWHERE = {0, 1, 2}
"""None, one, a pair."""

WHOLE_FILES = {
    "calendar.py": "how a typed date is read, and the months' names",
    "change.py": "bounds of the journal's format",
    "eppgbm.py": "the layout of the ministry's spreadsheet, and what a cell can hold",
    "fields.py": "how a typed number is read",
    "growth.py": "WHO's method, which comes with WHO's tables (resources/growth)",
    "person.py": "how the digits of a NIK are made, and how alike two names are",
    "quality.py": "our own marks of a register: no regulation has any",
    "recovery.py": "the form of recovery keys",
}
NAMED = {
    "ANY_ADULT_MONTHS": "an age among adults, for somebody without a birth date",
    **dict.fromkeys(("A_CHILD", "A_PUPIL", "A_GROWN_UP"), "an age at which the classes of that group are looked up"),
    "MONTH_DAYS": "so many days a rise of weight is counted for as a month",
    "_RED_Z": "the lines a dinas may choose between",
    "SATURDAY": "the day's number in the week",
    "WEEK_DAYS": "days of a week",
    "TERM_DAYS": "how the day of birth is reckoned; another number would move days already told to mothers",
    "MOST": "the most a stock card has room for",
    "FIRST_YEAR": "there was no posyandu before",
    "WAIT_DAYS": "an arrangement of ours between a post and its puskesmas (docs/adr/0035): no regulation has any",
    "LATE_DAYS": "a day so long ago is asked about once more, whatever its year",
}
IN_FUNCTIONS = {
    ("immunisation.py", 12): "the months of a year",
    ("iks.py", 10_000): "older than anybody",
    ("referral.py", 3): "beside a z-score of 1, 2 or 3 one more decimal is written",
}


def numbers(node: ast.AST) -> Iterator[float]:
    """The numbers in an expression, but those by which something is converted (`months // 12`, `value[:4]`)."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield abs(node.value)
    parts = list(ast.iter_child_nodes(node))
    if (
        isinstance(node, ast.BinOp)
        and len({isinstance(node.left, ast.Constant), isinstance(node.right, ast.Constant)}) > 1
    ):
        parts = [each for each in parts if not isinstance(each, ast.Constant)]
    for part in parts[:1] if isinstance(node, ast.Subscript) else parts:
        yield from numbers(part)


def plain_bounds(source: str) -> Iterator[tuple[str, float]]:
    """The numbers that are compared with, by the function's place, and constants of the module, by their name."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for part in (node.left, *node.comparators):
                yield from (("", number) for number in numbers(part))
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        is_plain = not any(
            isinstance(each, ast.Call | ast.Subscript) for each in ast.walk(getattr(node, "value", node))
        )
        for name in (each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)):
            yield from ((name, number) for number in numbers(node) if is_plain)


def is_allowed(file: str, name: str, number: float) -> bool:
    return number in ANYWHERE or name in NAMED or (file, number) in IN_FUNCTIONS


@pytest.mark.parametrize("file", sorted(FOLDER.rglob("*.py")), ids=lambda file: str(file.relative_to(FOLDER)))
def test_no_bound_that_a_ministry_can_change_stands_in_the_code(file: Path) -> None:
    if file.name in WHOLE_FILES:
        return
    found = [each for each in plain_bounds(file.read_text("utf-8")) if not is_allowed(file.name, *each)]
    assert not found, "a dated rule with its source, or a reason here"


@pytest.mark.parametrize("file", ABOVE)
def test_nor_where_services_and_reports_ask_for_ages(file: str) -> None:
    found = plain_bounds((FOLDER.parent / file).read_text("utf-8"))
    assert not [each for each in found if not is_allowed(Path(file).name, *each)]


def test_every_exception_is_still_one() -> None:
    held = [(file.name, *each) for file in FOLDER.rglob("*.py") for each in plain_bounds(file.read_text("utf-8"))]
    assert {file for file, _name, number in held if number not in ANYWHERE} >= set(WHOLE_FILES)
    assert {name for _file, name, _number in held} >= set(NAMED)
    assert {(file, number) for file, _name, number in held} >= set(IN_FUNCTIONS)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f(x):\n    return x < 235", [("", 235)]),
        ("def f(x):\n    return 140 <= x.upper or x.lower >= 90", [("", 140), ("", 90)]),
        ("LOW = 18.5", [("LOW", 18.5)]),
        ("A, B = 17, 25", [("A", 17), ("A", 25), ("B", 17), ("B", 25)]),
        ("BOUNDS: tuple[float, ...] = (17.0, 18.5)", [("BOUNDS", 17.0), ("BOUNDS", 18.5)]),
        ("AGE = 30 * 12", [("AGE", 30), ("AGE", 12)]),
        ("def f(x):\n    return x // 12 >= 40 and x[:4] == x[7] * 10", [("", 40)]),
        ("FORM = Form(version=24)", []),
        ("def f(x, rules):\n    return x < rules.kek_mm and x is not None", []),
    ],
)
def test_the_checker_sees_bounds_and_constants(source: str, found: list[tuple[str, float]]) -> None:
    assert list(plain_bounds(source)) == found
