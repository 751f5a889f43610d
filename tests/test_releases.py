"""The numbers of releases agree wherever they stand: the program, the changelog, the list the version tests go by."""

import json
import re
import subprocess
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

import posyandu
from posyandu import PROTOCOL
from posyandu import __main__ as desktop
from posyandu.server import __main__ as server
from posyandu.server import store
from posyandu.storage.migrations import STEPS
from tests.ecosystem.releases import Release, released, why_not_here

ROOT = Path(__file__).parents[1]
HEADING = re.compile(r"^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$", re.MULTILINE)


def parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def headings() -> list[tuple[str, str]]:
    return HEADING.findall((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))


def test_the_program_has_the_number_of_the_release_after_the_last() -> None:
    numbers = [parts(release.version) for release in released()]
    assert numbers == sorted(set(numbers))
    assert parts(posyandu.__version__) > numbers[-1]
    described = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    assert described["info"]["version"] == posyandu.__version__


@pytest.mark.parametrize(("program", "name"), [(desktop, "posyandu"), (server, "posyandu-server")])
def test_both_programs_say_their_version_and_protocol(
    program: ModuleType, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        program.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"{name} {posyandu.__version__} (protokol {PROTOCOL})\n"


def test_the_changelog_has_each_release_with_its_day_the_newest_first_and_what_is_not_released_above() -> None:
    (newest, no_day), *older = headings()
    assert (newest, no_day) == ("Belum dirilis", "")
    assert older == [(release.version, release.date) for release in reversed(released())]
    assert all(date.fromisoformat(day) for _version, day in older)


def test_no_page_for_an_administrator_or_kader_names_a_version_that_is_not_yet() -> None:
    pages = [
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs" / "runbooks").glob("*.md"),
        *(ROOT / "resources" / "help").glob("*.md"),
    ]
    told = {
        (page.name, each)
        for page in pages
        for each in re.findall(r"(?<![\d.])0\.\d+\.\d+(?![\d.])", page.read_text("utf-8"))
    }
    assert ("upgrade.md", posyandu.__version__) in told
    assert [each for each in told if parts(each[1]) > parts(posyandu.__version__)] == []


def test_every_release_is_a_whole_commit_of_the_protocol_this_version_still_speaks() -> None:
    for release in released():
        assert re.fullmatch("[0-9a-f]{40}", release.commit)
        assert release.protocol == PROTOCOL


@pytest.mark.parametrize("release", released(), ids=lambda release: release.version)
def test_no_migration_of_the_server_was_edited_after_its_release(release: Release) -> None:
    if why := why_not_here(release):
        pytest.skip(why)
    tree = ["git", "ls-tree", release.commit, "posyandu/server/migrations/"]
    listed = subprocess.run(tree, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    then = {path: about.split()[-1] for about, path in (line.split("\t") for line in listed)}
    assert int(Path(max(then)).name[:3]) == release.server_step == len(then)
    now = subprocess.run(["git", "hash-object", *then], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert now.split() == list(then.values())


def test_migrations_only_ever_grow_from_release_to_release() -> None:
    steps = [(release.book_steps, release.server_step) for release in released()]
    assert steps == sorted(steps)
    assert steps[-1] <= (len(STEPS), store.migrations()[-1][0])
    assert all(isinstance(each, Release) for each in released())
