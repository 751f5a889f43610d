import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from posyandu import __main__ as app
from posyandu.domain.forms import FORMS
from posyandu.server import __main__ as server
from tests import packages

ROOT = Path(__file__).resolve().parent.parent
MARKDOWN = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "resources" / "help").glob("*.md")]
    if path.is_file()
)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
PLACE = re.compile(r"\[[^\]]*\]\(([^)#\s]*)#([^)\s]+)\)")


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    return loaded(ROOT / "docs" / "generate.py")


def test_the_generated_parts_are_current(generate: ModuleType) -> None:
    for path, text in generate.documents().items():
        assert path.read_text(encoding="utf-8") == text, f"run python3 dev.py docs for {path.name}"


def test_every_field_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for form in FORMS.values():
        part = glossary.split(f"### `{form.name}`:")[1].split("\n### ")[0]
        assert [name for name in form.fields if f"| `{name}` |" not in part] == []


def test_no_name_or_code_was_taken_away_or_changed_its_kind(generate: ModuleType) -> None:
    assert generate.frozen_names() - generate.current_names() == set()


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "adr"
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    assert listed == {path.name for path in folder.glob("0*.md")}


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (path.parent / target).exists(), target


def headings(path: Path) -> set[str]:
    """The headings of a page as links name them."""
    found = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_every_link_to_a_heading_finds_it() -> None:
    links = [(path, *link) for path in MARKDOWN for link in PLACE.findall(path.read_text(encoding="utf-8"))]
    assert len(links) > 20
    missing = [
        f"{path.name}: {target}#{place}"
        for path, target, place in links
        if "://" not in target and place not in headings(path.parent / target if target else path)
    ]
    assert missing == []


def test_every_command_of_the_server_that_a_page_names_exists_with_its_options() -> None:
    told = "\n".join(path.read_text(encoding="utf-8") for path in MARKDOWN)
    commands = set(re.findall(r"posyandu-server ([a-z][a-z-]*)([^\n`|#]*)", told))
    assert len(commands) > 20
    parsers = server._parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr, index]
    unknown = [
        f"{name} {option}"
        for name, rest in commands
        for option in ("", *re.findall(r"--[a-z-]+", rest))
        if name not in parsers or option not in parsers[name]._option_string_actions.keys() | {""}
    ]
    assert unknown == []


def test_every_command_of_the_readme_exists() -> None:
    dev = loaded(ROOT / "dev.py")
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))
    used = set(re.findall(r"dev\.py (\w+)", text))
    assert {"run", "test"} <= used
    assert used <= set(dev.COMMANDS)
    for module in re.findall(r"python -m (posyandu[\w.]*)", text):
        assert importlib.util.find_spec(module) is not None, module


def test_every_program_of_the_readme_is_called_where_a_clean_clone_has_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    called = set(re.findall(r"\.venv/bin/([\w-]+)", readme))
    assert called == project["scripts"].keys() | {"python"}
    assert re.findall(r"(?<![\w/.])python -m [\w.]+", readme) == []
    desk = app._parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr, index]
    assert {"demo", "growth"} <= set(re.findall(r"bin/posyandu ([a-z]+)", readme)) <= set(desk)


@pytest.mark.parametrize("path", sorted((ROOT / "resources" / "help").glob("*.md")), ids=lambda path: path.stem)
def test_a_help_page_has_one_title_and_text(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert sum(line.startswith("# ") for line in lines) == 1
    assert len(lines) > 4
    for line in lines:
        if line.startswith("|"):
            assert line.rstrip().endswith("|"), line


def test_the_licences_are_there() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8").lower()
    shipped, server = notice.split("what only the server and the developers use")
    app = packages.needed()
    assert len(app) > 20
    assert [name for name in app if name.removesuffix("-essentials") not in shipped] == []
    also = packages.needed("server").keys() - app.keys()
    assert [name for name in sorted(also) if name.removesuffix("-binary") not in server] == []


def test_every_alert_has_its_page_and_asks_for_figures_that_exist() -> None:
    alerts = (ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8")
    pages = re.findall(r'runbook: "([^"]+)"', alerts)
    assert len(pages) == alerts.count("- alert:")
    assert [page for page in pages if not (ROOT / page).exists()] == []
    source = (ROOT / "posyandu" / "server" / "metrics.py").read_text(encoding="utf-8")
    asked = {re.sub("_(total|bucket)$", "", name) for name in re.findall(r"posyandu_(\w+)", alerts)}
    assert asked
    assert {name for name in asked if f'"{name}"' not in source and f'"posyandu_{name}"' not in source} == set()


def test_every_runbook_is_in_the_index() -> None:
    folder = ROOT / "docs" / "runbooks"
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    assert {path.name for path in folder.glob("*.md")} - {"README.md"} <= listed
