"""What is given out to run a server: every command, path and name in it is one that programs and other files know."""

import configparser
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest

from posyandu.server import __main__ as server
from posyandu.server import store
from posyandu.server.metrics import _MEANING
from posyandu.server.openapi import description
from posyandu.server.settings import Settings, from_environment
from tests.server.conftest import postgres_cluster, postgres_url

__all__ = ["postgres_cluster", "postgres_url"]

ROOT = Path(__file__).parent.parent
DEPLOY, RUNBOOKS = ROOT / "deploy", ROOT / "docs" / "runbooks"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
COMPOSE = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
GUIDE = (RUNBOOKS / "server.md").read_text(encoding="utf-8")
PASSWORDS = {"POSYANDU_DB_PASSWORD", "POSYANDU_REPLICATION_PASSWORD"}
"""What only compose.yaml asks for."""


class Asked(dict[str, str]):
    """An environment that remembers what was asked of it."""

    def __init__(self, **given: str) -> None:
        super().__init__(given)
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as dict's own
        self.names.add(name)
        return super().get(name, default)


def known_names() -> set[str]:
    environment = Asked()
    assert from_environment(environment) == Settings()
    return environment.names


def text_of(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def unit(name: str) -> Mapping[str, Mapping[str, str]]:
    """A systemd unit; of a key that is there several times, all values with a line break between."""
    told: dict[str, dict[str, str]] = {}
    for line in text_of(name).splitlines():
        if line.startswith("["):
            section = told.setdefault(line.strip("[]"), {})
        elif line:
            key, _equals, value = line.partition("=")
            section[key] = f"{section[key]}\n{value}" if key in section else value
    return told


def compose() -> Any:  # noqa: ANN401 - YAML
    return pytest.importorskip("yaml").safe_load(COMPOSE)


@pytest.mark.parametrize("path", [*FILES, *sorted(RUNBOOKS.glob("*.md"))], ids=lambda path: path.name)
def test_every_setting_that_is_named_is_one_the_server_reads(path: Path) -> None:
    drills = {"POSYANDU_FAILOVERS", "POSYANDU_UPGRADES", "POSYANDU_BEHIND_ONE", "POSYANDU_VERSIONS"}
    named = set(re.findall(r"\bPOSYANDU_[A-Z_]+\b", path.read_text(encoding="utf-8")))
    assert named <= known_names() | drills | (PASSWORDS if path.parent == DEPLOY else set())


def test_every_setting_has_a_line_in_the_guide_with_its_default() -> None:
    table = dict(re.findall(r"^\s+\| `([A-Z_`, ]+)` \| ([^|]+) \|", GUIDE, re.M))
    told = {name.strip("` "): value for names, values in table.items() for name, value in
            zip(names.split(","), values.split(",") * 2, strict=False)}  # fmt: skip
    assert told.keys() == known_names()
    for name, value in told.items():
        usual = str(getattr(Settings(), name.removeprefix("POSYANDU_").lower()))
        assert value.strip() == (usual or "none"), name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_command_of_the_server_in_a_file_exists_with_its_options(path: Path) -> None:
    parsers: Any = server._parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    lines = re.sub(r'[\[\]",]', " ", path.read_text(encoding="utf-8"))
    for name, rest in re.findall(r"posyandu-server +([a-z-]+)([^\n&]*)", lines):
        assert set(re.findall(r"--[a-z-]+", rest)) <= parsers[name]._option_string_actions.keys(), name


def test_the_guide_takes_the_unit_we_give_out_with_its_paths_and_user() -> None:
    assert "cp /opt/posyandu/src/deploy/posyandu.service /etc/systemd/system/" in GUIDE
    assert "[Service]" not in GUIDE, "one that is typed falls behind the one we harden"
    service = unit("posyandu.service")["Service"]
    assert f"root:{service['User']}" in GUIDE
    assert service["EnvironmentFile"] in GUIDE
    for key in ("ExecStartPre", "ExecStart"):
        assert service[key].split()[0].startswith("/opt/posyandu/venv/bin/")
    assert "python3 -m venv /opt/posyandu/venv" in GUIDE
    assert f"adduser --system --group --home /opt/posyandu {service['User']}" in GUIDE


def test_the_command_of_the_guide_reads_the_settings_and_shows_none_in_the_list_of_processes(tmp_path: Path) -> None:
    start = GUIDE.index("#!/bin/sh\nexec runuser")
    told = GUIDE[start : GUIDE.index("```", start)]
    assert told.count("runuser -u posyandu -- ") == 1
    assert "$(cat" not in GUIDE
    (tmp_path / "server.env").write_text("DATABASE_URL='postgresql://a:rahasia@b/c?d=e&f=g'\nPOSYANDU_POOL=9\n")
    program = tmp_path / "program"
    program.write_text('#!/bin/sh\necho "$DATABASE_URL" "$POSYANDU_POOL" "$#" "$2"\ntr "\\0" " " < /proc/$$/cmdline\n')
    program.chmod(0o755)
    told = told.replace("runuser -u posyandu -- ", "").replace("/etc/posyandu/server.env", str(tmp_path / "server.env"))
    command = tmp_path / "posyandu-server"
    command.write_text(told.replace("/opt/posyandu/venv/bin/posyandu-server", str(program)))
    command.chmod(0o755)
    done = subprocess.run([command, "--name", "Desa Uji 1"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "postgresql://a:rahasia@b/c?d=e&f=g 9 2 Desa Uji 1"
    listed = done.stdout.split("\n", 1)[1]
    assert "Desa Uji 1" in listed
    assert "rahasia" not in listed


def test_the_backup_writes_where_the_guide_makes_a_folder_for_it() -> None:
    service, timer = unit("posyandu-backup.service")["Service"], unit("posyandu-backup.timer")
    folders = set(re.findall(r"/var/backups/\w+", service["ExecStart"]))
    assert folders == {"/var/backups/posyandu"}
    assert f"install -d -o {service['User']} -g {service['User']} -m 0700 {folders.pop()}" in GUIDE
    assert "systemctl enable --now posyandu-backup.timer" in GUIDE
    assert set(timer) == {"Unit", "Timer", "Install"}
    assert "%%F" in service["ExecStart"], "systemd takes a single one for its own"


def test_compose_mounts_files_that_are_there_and_names_hosts_that_are_its_services() -> None:
    services = compose()["services"]
    mounts = [mount.split(":") for each in services.values() for mount in each.get("volumes", [])]
    own = {source for source, *_rest in mounts if source.startswith("./")} - {"./secrets/site.pem"}
    assert {f"./{path.name}" for path in FILES} >= own >= {"./haproxy.cfg", "./replication.sh", "./standby.sh"}
    assert {source for source, *_rest in mounts if not source.startswith("./")} == compose()["volumes"].keys()
    assert "deploy/secrets/site.pem" in COMPOSE, "who reads it must know what to put there"
    address = services["app1"]["environment"]["DATABASE_URL"]
    assert set(re.findall(r"@([a-z,]+)/", address)[0].split(",")) == {"primary", "standby"} <= services.keys()
    assert set(re.findall(r"\$\{(\w+)", COMPOSE)) == PASSWORDS | {"POSYANDU_BADGE_KEY"}
    assert services["app1"] == services["app2"]
    for name in ("primary", "standby"):
        assert set(services[name]["networks"]) == {"inside"}, "no way in from outside"


def test_the_balancer_asks_the_servers_that_compose_starts_where_they_listen() -> None:
    settings, services = text_of("haproxy.cfg"), compose()["services"]
    asked = dict(re.findall(r"server (app\d) (app\d:\d+)$", settings, re.M))
    (port,) = re.findall(r"^EXPOSE (\d+)$", text_of("Dockerfile"), re.M)
    assert asked == {name: f"{name}:{port}" for name in services if name.startswith("app")}
    assert int(port) == Settings().port
    (bound,) = re.findall(r"bind :(\d+) ssl crt (\S+)", settings)
    assert services["proxy"]["ports"] == [f"{bound[0]}:{bound[0]}"]
    targets = [mount.split(":")[1] for mount in services["proxy"]["volumes"]]
    assert targets == ["/usr/local/etc/haproxy/haproxy.cfg", bound[1]]


def test_what_is_only_for_the_administrator_is_not_reached_through_a_proxy() -> None:
    inside = [path for path in description()["paths"] if not path.startswith("/v1/")]
    assert set(inside) == {"/metrics", "/keadaan"}
    assert "http-request deny deny_status 404 unless { path_beg /v1/ }" in text_of("haproxy.cfg")
    nginx, caddy = re.findall(r"location (.+) \{", text_of("nginx.conf")), re.findall(r"handle (\S+) \{", GUIDE)
    assert [place for place in nginx if "/v1/" not in place] == ["/"]
    assert "location / { return 404; }" in text_of("nginx.conf")
    assert caddy == ["/v1/*"]
    for path in inside:
        assert f"`GET {path}`" in GUIDE


def expressions() -> dict[str, str]:
    return dict(re.findall(r"- alert: (\w+)\n\s+expr: (.+)", text_of("alerts.yml")))


GROWS = ("_total", "_bucket", "_count", "_sum")


def test_an_alert_asks_of_a_figure_what_its_kind_can_tell() -> None:
    """How fast it grew of what only ever grows; how it stands of what falls again."""
    over_time = re.compile(r"(\w+)\((posyandu_\w+)[^)]*\[\w+\]\)")
    asked = [each for told in expressions().values() for each in over_time.findall(told)]
    assert {name for name, _figure in asked} == {"rate"}
    assert [figure for _name, figure in asked if not figure.endswith(GROWS)] == []
    plain = re.findall(r"posyandu_\w+", " ".join(over_time.sub("", told) for told in expressions().values()))
    assert [figure for figure in plain if figure.endswith(GROWS)] == []


def test_an_alert_asks_only_for_figures_the_server_gives_and_names_a_page_that_is_there() -> None:
    others = ("requests_total", "request_seconds_bucket", "database_up", "laptops")
    given = {f"posyandu_{name}" for name in (*_MEANING, *others)}
    for name, told in expressions().items():
        assert set(re.findall(r"posyandu_\w+", told)) <= given, name
    pages = re.findall(r'runbook: "docs/runbooks/([\w-]+\.md)"', text_of("alerts.yml"))
    assert len(pages) == len(expressions())
    assert [page for page in pages if not (RUNBOOKS / page).is_file()] == []


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_prometheus_itself_reads_the_alerts() -> None:
    done = subprocess.run(["promtool", "check", "rules", DEPLOY / "alerts.yml"], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_a_page_names_exists_with_its_options_and_words() -> None:
    """Also where a sentence tells it: the verb, its options, and the first word behind it where words are few."""
    parsers: Any = server._parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    told = 0
    for path in [*RUNBOOKS.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "README.md"]:
        for verb, rest in re.findall(r"posyandu-server ([a-z][a-z-]+)((?: [^\s`&|;)]+)*)", path.read_text("utf-8")):
            assert verb in parsers, (path.name, verb)
            told += 1
            words = rest.split()
            options = {word.partition("=")[0] for word in words if word.startswith("--")}
            assert options <= parsers[verb]._option_string_actions.keys(), (path.name, verb, options)
            places = [action for action in parsers[verb]._actions if not action.option_strings]
            if places and places[0].choices and words:
                assert words[0] in places[0].choices, (path.name, verb, words[0])
    assert told > 30


OF_A_SERVICE = {
    "build", "cap_drop", "command", "depends_on", "entrypoint", "environment", "healthcheck", "image", "networks",
    "ports", "read_only", "restart", "user", "volumes",
}  # fmt: skip
"""What our file uses of what the Compose specification knows: a slip of the pen is none of these."""


def test_compose_says_nothing_its_specification_does_not_know() -> None:
    told = compose()
    assert set(told) == {"x-application", "services", "networks", "volumes"}
    assert told["networks"]["inside"] == {"internal": True}
    for name, service in told["services"].items():
        assert set(service) <= OF_A_SERVICE, name
        assert ("image" in service) != ("build" in service), name
        assert set(service.get("build", {})) <= {"context", "dockerfile"}
        assert set(service["networks"]) <= set(told["networks"])
        assert service["restart"] == "always"
        assert all(isinstance(value, str) for value in service.get("environment", {}).values()), name
        assert set(service.get("healthcheck", {})) <= {"test", "interval", "retries"}
        after = service.get("depends_on", {})
        for other in after:
            assert other in told["services"]
            if isinstance(after, dict):
                assert after[other] == {"condition": "service_healthy"}
                assert "healthcheck" in told["services"][other], f"{other} is never well"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_itself_reads_the_units(tmp_path: Path) -> None:
    """Only programs and users that are not on this machine are put in."""
    for path in [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]:
        told = re.sub(r"^(ExecStart(?:Pre)?)=\S+", r"\1=/bin/true", path.read_text(encoding="utf-8"), flags=re.M)
        (tmp_path / path.name).write_text(re.sub(r"^User=.*$", "User=root", told, flags=re.M), encoding="utf-8")
    units = sorted(tmp_path.iterdir())
    assert [each.name for each in units] == ["posyandu-backup.service", "posyandu-backup.timer", "posyandu.service"]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False,
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    assert [line for line in done.stderr.splitlines() if "posyandu" in line] == [], done.stderr
    slip = tmp_path / "posyandu.service"
    slip.write_text(slip.read_text(encoding="utf-8").replace("RestartSec=", "RestratSec="), encoding="utf-8")
    again = subprocess.run(["systemd-analyze", "verify", "--man=no", slip], capture_output=True, text=True, check=False)
    assert "RestratSec" in again.stderr, "it would have said so"


def test_the_image_is_made_of_what_is_there() -> None:
    for line in re.findall(r"^COPY (.+)$", text_of("Dockerfile"), re.M):
        *sources, _target = line.split()
        assert [each for each in sources if not (ROOT / each).exists()] == []


def test_the_standby_comes_in_as_whom_the_primary_let_in() -> None:
    standby, primary = text_of("standby.sh"), text_of("replication.sh")
    (slot,) = re.findall(r"--slot (\w+)", standby)
    (role,) = re.findall(r"CREATE ROLE (\w+) LOGIN REPLICATION", primary)
    assert f"pg_create_physical_replication_slot('{slot}')" in primary
    assert f"user={role} " in standby
    assert f"application_name={slot}" in standby
    assert f"ANY 1 ({slot})" in standby
    assert f"host replication {role} " in primary
    named = {name for script in (standby, primary) for name in re.findall(r"\$\{?([A-Z_]+)", script)} - {"PGDATA"}
    assert named <= compose()["services"]["standby"]["environment"].keys()


def test_every_query_of_a_runbook_runs_on_a_database_of_ours(postgres_url: str) -> None:
    told = "\n".join(path.read_text(encoding="utf-8") for path in sorted(RUNBOOKS.glob("*.md")))
    queries = [each for each in re.findall(r"`(SELECT [^`]+?);?`", told) if "pg_promote" not in each]
    assert len(queries) >= 6
    with psycopg.connect(postgres_url, autocommit=True) as db:
        store.migrate(db)
        for query in queries:
            if "FROM counted" not in query:  # that is the nation's
                db.execute(query.encode())


def test_a_unit_says_nothing_twice_and_nothing_a_parser_stumbles_over() -> None:
    for path in FILES:
        if path.suffix in (".service", ".timer"):
            read = configparser.ConfigParser(strict=False, interpolation=None)
            read.read_string(path.read_text(encoding="utf-8"))
            assert {"Unit"} < set(read.sections())
