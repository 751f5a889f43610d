"""The administrator's commands, as they are typed."""

import gc
import json
import logging
import os
import re
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
import requests
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from posyandu.server import __main__ as admin
from posyandu.server import exchange, ingest, own_word, store
from posyandu.server.app import log_to_stderr, make_app
from posyandu.server.openapi import description
from posyandu.server.settings import Settings
from posyandu.services import workspace
from posyandu.services.workspace import Workspace
from posyandu.storage import outbox
from posyandu.sync import client
from tests.server.laptops import VILLAGE, laptop, open_post, talk, weigh
from tests.server.serving import away, serving
from tests.server.test_exchange import ask, batch_of
from tests.server.test_usual import op


@pytest.fixture
def real(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    return postgres_url


def says(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = admin.main(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_init_prepares_the_database_once(real: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, first, _err = says(capsys, "init")
    assert code == 0
    assert "sungguhan" in first
    assert says(capsys, "init")[1] == first
    with store.open_pool(real, 1) as pool, pool.connection() as connection:
        assert store.migrate(connection) == []


def test_init_looks_for_what_an_older_server_took_in_beside_it_and_only_kept(
    real: str, capsys: pytest.CaptureFixture[str]
) -> None:
    says(capsys, "init")
    asked = op(0, "erasure", scope="pos-kerja", record="e" * 32, fields={"records": "x", "saves": "0" * 16})
    with store.open_pool(real, 3) as pool, pool.connection() as connection:
        ws = laptop(admin.exchange.open_desk(pool, trial=False))
        device = store.device(connection, VILLAGE[:4], ws.device)
        assert device is not None
        packed = batch_of(ws, "pos-kerja", asked)
        assert ingest.take(connection, device, "", packed).state == "terap"
        connection.execute("DELETE FROM erasure")  # as one that knows of none leaves it
        says(capsys, "init")
        assert [each.op for each in store.erasures(connection, store.ASKED)] == [asked.id]
        ws.close()


def test_a_code_a_device_and_its_revocation(real: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _err = says(capsys, "enrol-code", "--areas", "52.03.01.2001", "--name", "Desa Uji")
    assert code == 0
    ws = workspace.in_memory(post=None)
    with store.open_pool(real, 2) as pool:
        desk = admin.exchange.open_desk(pool, trial=False)
        admin.exchange.enrol(desk, client.enrolment(ws.db, said.strip(), "x"))
    listed = says(capsys, "devices")[1]
    assert ws.device in listed
    assert "aktif" in listed
    assert "Desa Uji" in listed
    assert says(capsys, "devices", "--kab", "9999") == (0, "", "Belum ada laptop terdaftar di kabupaten 9999\n")
    assert says(capsys, "areas", ws.device[:10], "--areas", "520302,5203012001")[0] == 0
    assert "5203012001,520302" in says(capsys, "devices")[1]
    assert "pindah kabupaten" in says(capsys, "areas", ws.device[:10], "--areas", "5204")[2]
    assert says(capsys, "areas", "tidakada", "--areas", "5203")[0] == 1
    assert says(capsys, "revoke", "tidakada", "--why", "x")[0] == 1
    assert says(capsys, "reinstate", ws.device[:10]) == (1, "", "Laptop itu tidak dicabut\n")
    assert says(capsys, "revoke", ws.device[:10], "--why", "hilang")[0] == 0
    assert "dicabut" in says(capsys, "devices")[1]
    assert says(capsys, "revoke", ws.device[:10], "--why", "x") == (1, "", "Laptop dengan id itu sudah dicabut\n")
    for none in ("tidakada", ""):  # which every id begins with
        for command in (("reinstate",), ("lost",), ("revoke", "--why", "x"), ("areas", "--areas", "520301")):
            said = says(capsys, command[0], none, *command[1:])
            assert said == (1, "", "Tidak ada laptop dengan id itu\n"), command
    assert says(capsys, "reinstate", ws.device[:10])[0] == 0
    assert "dicabut" not in says(capsys, "devices")[1]


def test_devices_names_the_laptop_whose_disk_was_copied(
    real: str, capsys: pytest.CaptureFixture[str], post: str
) -> None:
    def column(ws: Workspace) -> str:
        return next(line for line in says(capsys, "devices")[1].splitlines() if ws.device in line).split("\t")[5]

    says(capsys, "init")
    with store.open_pool(real, 3) as pool, pool.connection() as connection:
        desk = admin.exchange.open_desk(pool, trial=False)
        first, other = laptop(desk, post=post), laptop(desk)
        talk(desk, first)
        talk(desk, other)
        copy = workspace.in_memory(post=None)
        first.db.conn.backup(copy.db.conn)
        outbox.renew_incarnation(copy.db)  # as a copy brought back on its own laptop does
        weigh(copy, post, 4000)
        talk(desk, copy)
        assert column(first) == "-", "one line of batches after the other"
        weigh(first, post, 4100)
        talk(desk, first)
        today = connection.execute("SELECT current_date::text").fetchone()
        assert today is not None
        assert column(first) == f"disalin, terakhir {today[0]}", "the earlier line went on"
        assert column(other) == "-"
        assert store.watched(connection, 40).figures["laptops_forked"] == 1
        assert says(capsys, "copies", "list")[1] == f"5203\t{first.device}\tlaptop uji\tterakhir {today[0]}\n"
        assert says(capsys, "copies", "settle", other.device)[0] == 1
        assert says(capsys, "copies", "settle", first.device[:10])[0] == 0
        assert column(first) == f"disalin, terakhir {today[0]}, beres"
        assert store.watched(connection, 40).figures["laptops_forked"] == 0
        assert says(capsys, "copies", "list") == (0, "", "Tidak ada laptop yang disknya disalin\n")
        assert says(capsys, "copies", "settle", first.device[:10])[0] == 1, "there is nothing left to settle"
        weigh(copy, post, 4200)
        talk(desk, copy)
        weigh(first, post, 4300)
        talk(desk, first)
        assert store.watched(connection, 40).figures["laptops_forked"] == 1, "both wrote again"
        connection.execute("SET session_replication_role = replica")  # without the guards of what was received
        connection.execute("UPDATE batch SET brought_by = 'another laptop'")
        assert column(first) == "-", "what others bring may come late"
        connection.execute("UPDATE batch SET sequence = 1, incarnation = 'x'")
        assert column(first) == f"disalin, terakhir {today[0]}", "two batches under one number"


def test_saves_to_check_are_listed_and_settled_and_the_figure_falls(
    real: str, capsys: pytest.CaptureFixture[str], post: str
) -> None:
    def figure() -> float:
        with psycopg.connect(real) as connection:
            return store.watched(connection, 40).figures["saves_to_check"]

    says(capsys, "init")
    with store.open_pool(real, 3) as pool:
        desk = admin.exchange.open_desk(pool, trial=False)
        ws = laptop(desk, post=post)
        for grams in (9_999_999, 9_999_998):
            with pool.connection() as connection:
                device = store.device(connection, VILLAGE[:4], ws.device)
                assert device is not None
                odd = op(grams, "under_five_visit", scope=post, record=f"{grams:032}", fields={"weight_g": grams})
                assert ingest.take(connection, device, "", batch_of(ws, post, odd)).ops
    assert figure() == 2
    listed = says(capsys, "to-check", "list")[1].splitlines()
    assert len(listed) == 2
    assert all("periksa: weight_g" in line and post in line for line in listed)
    first = listed[0].split("\t")[1]
    assert says(capsys, "to-check", "settle", first) == (0, "Beres: 1 paket\n", "")
    assert (figure(), len(says(capsys, "to-check", "list")[1].splitlines())) == (1, 1)
    assert says(capsys, "to-check", "settle", first)[0] == 1
    assert says(capsys, "to-check", "settle")[0] == 1
    assert says(capsys, "to-check", "settle", "all") == (0, "Beres: 1 paket\n", "")
    assert figure() == 0
    assert says(capsys, "to-check", "list") == (0, "", "Tidak ada simpanan yang perlu diperiksa\n")


def test_scrub_needs_no_right_but_that_of_the_owner(real: str, capsys: pytest.CaptureFixture[str]) -> None:
    says(capsys, "init")
    with store.open_pool(real, 1) as pool, pool.connection() as connection:
        connection.execute("CREATE ROLE plain_owner")
        connection.execute("ALTER TABLE batch OWNER TO plain_owner")
        connection.execute("ALTER TABLE record OWNER TO plain_owner")
        connection.execute("SET SESSION AUTHORIZATION plain_owner")
        try:
            store.scrub(connection)
            assert connection.execute("SELECT current_user").fetchone() == ("plain_owner",), "not as the superuser"
        finally:
            connection.execute("RESET SESSION AUTHORIZATION")


def test_the_server_itself_cannot_be_revoked_moved_or_lost(real: str, capsys: pytest.CaptureFixture[str]) -> None:
    with store.open_pool(real, 2) as pool, pool.connection() as connection:
        me = own_word.be_known(connection, admin.exchange.open_desk(pool, trial=False).key, VILLAGE[:4])
        for command in (("revoke", me.id, "--why", "x"), ("areas", me.id, "--areas", "5203"), ("lost", me.id)):
            assert says(capsys, *command)[:2] == (1, "")
        assert "bukan laptop" in says(capsys, "revoke", "server-", "--why", "x")[2]
        assert store.device(connection, VILLAGE[:4], me.id) == me
        assert store.revoke(connection, VILLAGE[:4], me.id, "sebelum ada aturan ini")
        assert says(capsys, "reinstate", me.id)[0] == 0


def test_a_list_of_persons_that_cannot_be_written_is_said_in_a_sentence(
    real: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with store.open_pool(real, 2) as pool:
        lost = laptop(admin.exchange.open_desk(pool, trial=False)).device
    for file, code, told in ((tmp_path / "tidakada" / "x.csv", 1, "tidak dapat ditulis"), (tmp_path / "x.csv", 0, "")):
        found = says(capsys, "lost", lost, "--persons", str(file))
        assert (found[0], file.exists()) == (code, code == 0)
        assert told in found[2]


def test_a_laptop_that_was_found_again_sends_on_and_what_others_brought_of_it_is_taken_in(
    real: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with store.open_pool(real, 2) as pool:
        desk = admin.exchange.open_desk(pool, trial=False)
        found, friend = laptop(desk, post="pos-ketemu"), laptop(desk)
        talk(desk, found)
        assert says(capsys, "revoke", found.device, "--why", "hilang", "--close-book")[0] == 0
        (verdict,) = ask(desk, friend, batch_of(found, "pos-ketemu")).verdicts
        assert verdict.state == "karantina"
        weigh(found, "pos-ketemu", 7000)
        with pytest.raises(admin.exchange.Rejected, match="dicabut"):
            talk(desk, found)
        code, said, _err = says(capsys, "reinstate", found.device[:10])
        assert code == 0
        assert "terap" in said
        assert verdict.batch not in says(capsys, "quarantine", "list")[1]
        talk(desk, found)
        counts = outbox.counts(found.db, found.device)
        assert counts.confirmed == counts.here > 1


def test_what_a_lost_laptop_wrote_before_is_taken_in_without_trusting_it_again(
    real: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with store.open_pool(real, 2) as pool:
        desk = admin.exchange.open_desk(pool, trial=False)
        lost, friend = laptop(desk), laptop(desk)
        assert says(capsys, "revoke", lost.device, "--why", "hilang")[0] == 0
        (verdict,) = ask(desk, friend, batch_of(lost, "pos-hilang")).verdicts
        assert says(capsys, "quarantine", "release", verdict.batch)[:2] == (0, "terap \n")
        assert "dicabut" in next(line for line in says(capsys, "devices")[1].splitlines() if lost.device in line)
        (again,) = ask(desk, friend, batch_of(lost, "pos-hilang")).verdicts
        assert again.state == "karantina"


@pytest.mark.parametrize("areas", ["", "x", "52", "5203,5204", "52.03.01.20"])
def test_areas_that_are_none_get_a_sentence(real: str, areas: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = says(capsys, "enrol-code", "--areas", areas)
    assert code == 1
    assert out == ""
    assert "kode" in err.lower() or "wilayah" in err


def test_quarantine_is_listed_and_released(real: str, capsys: pytest.CaptureFixture[str]) -> None:
    with store.open_pool(real, 2) as pool:
        desk = admin.exchange.open_desk(pool, trial=False)
        ws: Workspace = laptop(desk)
        open_post(ws, "pos-uji", "5203022001")
        server = outbox.server(ws.db)
        assert server is not None
        client.seal_all(ws.db, 1)
        client.exchange(ws.db, server, lambda _p, body, _k: admin.exchange.sync(desk, body))
        listed = says(capsys, "quarantine", "list")[1]
        batch = listed.split("\t")[1]
        assert "pos-uji" in listed
        assert says(capsys, "quarantine", "release")[0] == 1
        assert says(capsys, "quarantine", "release", batch[:8])[0] == 1
        with pool.connection() as connection:
            connection.execute("UPDATE device SET prefixes = '{5203}'")
        assert says(capsys, "quarantine", "release", batch[:8]) == (0, "terap \n", "")
    assert says(capsys, "quarantine", "list") == (0, "", "Tidak ada paket yang ditahan\n")


def test_a_new_epoch_is_another_one(real: str, capsys: pytest.CaptureFixture[str]) -> None:
    says(capsys, "init")
    with store.open_pool(real, 1) as pool, pool.connection() as connection:
        before = store.identity(connection).epoch
        assert says(capsys, "new-epoch")[0] == 0
        assert store.identity(connection).epoch != before


def test_without_a_database_it_says_what_to_set(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for command in (["init"], ["serve"]):
        code, _out, err = says(capsys, *command)
        assert code == 1
        assert "DATABASE_URL" in err


@pytest.mark.parametrize("address", ["garbage", "postgresql://a:rahasia@b/c?d=e"])
def test_an_address_that_is_none_is_said_at_once_in_one_sentence(
    address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    for command in ("init", "devices", "serve"):
        assert says(capsys, command) == (1, "", "Alamat basis data salah tulis: periksa DATABASE_URL\n")
    follow = says(capsys, "follow", "52", "--to", address, "--from", "x")
    assert follow == (1, "", "Basis data hitungan tidak dapat dibuka: periksa --to\n")
    monkeypatch.setenv("POSYANDU_NATION_URL", address)
    follow = says(capsys, "follow", "52", "--from", "host=x")
    assert follow == (1, "", "Basis data hitungan tidak dapat dibuka: periksa POSYANDU_NATION_URL\n")
    assert caplog.messages == []


def test_a_database_that_is_away_is_told_by_the_command_and_not_by_its_pool_too(
    real: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert says(capsys, "init")[0] == 0
    logging.getLogger("psycopg.pool").warning("error connecting in 'pool-1'")
    assert caplog.messages == []
    said = says(capsys, "counts", "--to", "postgresql://127.0.0.1:1/x")
    assert said == (1, "", "Basis data hitungan tidak dapat dibuka: periksa --to\n")


@pytest.mark.parametrize(
    "address",
    ["postgresql://a:rahasia@127.0.0.1:1/x", "postgresql:///x?password=rahasia", "host=x sslpassword=rahasia"],
)
def test_a_password_on_the_command_line_is_refused_before_anybody_is_called(
    real: str, address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("POSYANDU_COUNTS_URL", "POSYANDU_NATION_URL"):
        monkeypatch.delenv(name, raising=False)
    commands = {
        ("counts", "--to", address): ("--to", "POSYANDU_COUNTS_URL"),
        ("follow", "52", "--from", "dbname=x", "--to", address): ("--to", "POSYANDU_NATION_URL"),
    }
    for command, (option, variable) in commands.items():
        code, out, told = says(capsys, *command)
        assert (code, out) == (1, "")
        assert told.startswith(f"Kata sandi di {option} terlihat")
        assert f" di {variable}, tanpa {option}\n" in told
        assert "rahasia" not in told
    monkeypatch.setenv("POSYANDU_NATION_URL", real)
    assert "--from" in says(capsys, "follow", "52", "--from", address)[2]
    assert (
        says(capsys, "follow", "52")[2] == "Sebutkan basis datanya: POSYANDU_COUNTS_URL, atau --from tanpa kata sandi\n"
    )
    assert says(capsys, "counts")[2] == "Sebutkan basis datanya: POSYANDU_COUNTS_URL, atau --to tanpa kata sandi\n"


def test_a_database_that_does_not_answer_is_told_soon_in_one_sentence_with_what_to_do() -> None:
    address = "postgresql://kader:rahasia@127.0.0.1:1/posyandu"
    began = time.monotonic()
    with ExitStack() as stack:
        waiting = {
            command: stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "posyandu.server", command], env=os.environ | {"DATABASE_URL": address},
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                )
            )
            for command in ("serve", "init", "devices")  # side by side: each of them waits
        }  # fmt: skip
        told = {command: process.communicate(timeout=60) for command, process in waiting.items()}
    assert time.monotonic() - began < 30, "not the half minute of the pool"
    for command, (out, err) in told.items():
        assert (waiting[command].returncode, out) == (1, ""), command
        (said,) = err.splitlines()
        assert said.startswith("Basis data tidak dapat dibuka dalam 5 detik ("), command
        assert "refused" in said
        assert said.endswith("periksa DATABASE_URL, lalu jalankan lagi")
        assert "rahasia" not in said


def test_the_pool_does_not_repeat_in_the_log_what_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [*root.handlers])
    monkeypatch.setattr(root, "level", root.level)
    log_to_stderr("INFO")
    assert not logging.getLogger("psycopg.pool").isEnabledFor(logging.WARNING)
    assert logging.getLogger("posyandu.server").isEnabledFor(logging.INFO)


def test_health_tells_a_server_without_its_database_from_none(
    capsys: pytest.CaptureFixture[str], desk: exchange.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [logging.NullHandler()])  # what the server says is not asked
    with away() as pool, serving(make_app(replace(desk, pool=pool), Settings())) as url:
        told = says(capsys, "health", "--url", url)
        elsewhere = says(capsys, "health", "--url", f"{url}/lain")
    assert told == (1, "", "Server hidup, tetapi basis datanya tidak menjawab (503): docs/runbooks/database-down.md\n")
    assert elsewhere == (1, "", "Di alamat itu tidak ada server Posyandu (404)\n")
    assert says(capsys, "health", "--url", "http://127.0.0.1:1")[2].startswith("Server tidak menjawab: ")


def test_init_takes_the_rights_it_needs_or_says_the_one_command(
    real: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    says(capsys, "init")
    with psycopg.connect(real, autocommit=True) as owner:
        owner.execute('DROP ROLE IF EXISTS "plain-admin"')
        owner.execute("CREATE ROLE \"plain-admin\" LOGIN PASSWORD 'sandi'")
        for kind, name in owner.execute(
            "SELECT CASE prokind WHEN 'f' THEN 'FUNCTION' END, oid::regprocedure::text FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace"
        ).fetchall():
            owner.execute(f'ALTER {kind} {name} OWNER TO "plain-admin"'.encode())
        for (name,) in owner.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p')"
                                     " AND relnamespace = 'public'::regnamespace").fetchall():  # fmt: skip
            owner.execute(f'ALTER TABLE {name} OWNER TO "plain-admin"'.encode())
        owner.execute('GRANT posyandu_app TO "plain-admin"')
        owner.execute('GRANT CREATE ON SCHEMA public TO "plain-admin"')
        for (view,) in owner.execute("SELECT viewname FROM pg_views WHERE schemaname = 'public'").fetchall():
            owner.execute(f'ALTER VIEW {view} OWNER TO "plain-admin"'.encode())
        try:
            monkeypatch.setenv("DATABASE_URL", re.sub("//[^@]+@", "//plain-admin:sandi@", real))
            code, _out, err = says(capsys, "init")
            command = 'GRANT "pg_monitor", "pg_checkpoint" TO "plain-admin"'
            assert (code, err.count("\n")) == (0, 1)
            assert f"runuser -u postgres -- psql -c '{command}'" in err
            assert missing(real) == 2
            owner.execute(command.encode())
            assert says(capsys, "init")[2] == ""
            assert missing(real) == 0
            owner.execute('REVOKE pg_monitor FROM "plain-admin"')
            owner.execute('GRANT pg_monitor TO "plain-admin" WITH ADMIN OPTION')
            owner.execute('REVOKE pg_checkpoint FROM "plain-admin"')
            assert 'GRANT "pg_checkpoint" TO "plain-admin"' in says(capsys, "init")[2]
        finally:
            owner.execute('REASSIGN OWNED BY "plain-admin" TO CURRENT_USER')
            owner.execute('DROP OWNED BY "plain-admin"')
            owner.execute('DROP ROLE "plain-admin"')


def missing(address: str) -> float:
    with psycopg.connect(address) as connection:
        return store.watched(connection, 40).figures["rights_missing"]


@pytest.mark.parametrize("hours", ["-3", "0", "721", "99999999999"])
def test_no_code_is_given_that_nobody_could_use_or_that_lies_about_for_months(
    hours: str, real: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = says(capsys, "enrol-code", "--areas", VILLAGE, f"--hours={hours}")
    assert said == (1, "", f"Kode berlaku 1 sampai 720 jam, bukan {hours}: perbaiki --hours\n")


@pytest.mark.parametrize("port", ["-1", "65536", "99999"])
def test_a_port_that_does_not_exist_is_refused_however_it_is_said(
    port: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = (1, "", f"Port {port} tidak ada: pilih 0 sampai 65535\n")
    assert says(capsys, "serve", f"--port={port}") == refused
    if port != "-1":
        monkeypatch.setenv("POSYANDU_PORT", port)
        assert says(capsys, "serve") == refused


def test_lists_with_nothing_in_them_say_so_beside_the_pipe(real: str, capsys: pytest.CaptureFixture[str]) -> None:
    says(capsys, "init")
    assert says(capsys, "devices") == (0, "", "Belum ada laptop terdaftar\n")
    assert says(capsys, "erasures", "list") == (0, "", "Tidak ada pemusnahan yang menunggu\n")


def test_a_database_of_a_newer_server_is_left_alone(real: str, capsys: pytest.CaptureFixture[str]) -> None:
    says(capsys, "init")
    with store.open_pool(real, 1) as pool, pool.connection() as connection:
        connection.execute("INSERT INTO migration (number, name) VALUES (999, 'later')")
        assert not store.is_alive(connection)
    assert "lebih baru" in says(capsys, "init")[2]


def test_what_was_received_is_never_changed_or_deleted(real: str, capsys: pytest.CaptureFixture[str]) -> None:
    says(capsys, "init")
    with store.open_pool(real, 3) as pool, pool.connection() as connection:
        ws = laptop(admin.exchange.open_desk(pool, trial=False), post="pos-tetap")
        server = outbox.server(ws.db)
        assert server is not None
        client.seal_all(ws.db, 1)
        desk = admin.exchange.open_desk(pool, trial=False)
        client.exchange(ws.db, server, lambda _p, body, _k: admin.exchange.sync(desk, body))
        for statement in (
            "DELETE FROM batch",
            "UPDATE batch SET bytes = ''",
            "UPDATE batch SET n = 0",
        ):
            with pytest.raises(store.psycopg.errors.RaiseException, match="only ever added"):
                connection.execute(statement)


def test_the_description_of_the_api_is_current() -> None:
    """docs/openapi.json is printed by `posyandu-server openapi`."""
    kept = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text(encoding="utf-8"))
    assert kept == description()


def test_openapi_is_printed_and_names_every_route(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = says(capsys, "openapi")
    assert code == 0
    assert set(json.loads(out)["paths"]) == {
        "/v1/sync",
        "/v1/blocks",
        "/v1/enrol",
        "/v1/health",
        "/metrics",
        "/keadaan",
    }


def test_every_key_has_the_regency_and_nothing_crosses_it(real: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The schema stays ready for partitions by regency: see docs/sync.md."""
    says(capsys, "init")
    with store.open_pool(real, 1) as pool, pool.connection() as connection:
        keys = connection.execute(
            "SELECT t.relname, array_agg(a.attname::text) FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid"
            " JOIN pg_namespace s ON s.oid = t.relnamespace"
            " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(i.indkey)"
            " WHERE i.indisunique AND s.nspname = 'public' AND t.relname NOT IN ('server', 'migration')"
            " GROUP BY 1, i.indexrelid"
        ).fetchall()
        crossing = connection.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
        ).fetchone()
        sequences = connection.execute("SELECT count(*) FROM pg_sequences WHERE schemaname = 'public'").fetchone()
    assert len(keys) >= 7
    assert all("kab" in columns for _table, columns in keys), keys
    assert crossing == sequences == (0,)


def test_serve_with_a_trial_folder_needs_no_set_up_and_ends_with_its_parent(open_folder: Path) -> None:
    command = [sys.executable, "-m", "posyandu.server"]
    trial = ["--trial", str(open_folder)]
    server = subprocess.Popen(
        [*command, "serve", *trial, "--port", "0", "--stop-with-stdin"], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert server.stderr is not None
    address = ""
    for line in server.stderr:
        if "running on" in line:
            address = line.partition("running on ")[2].partition(" ")[0]
            break
    assert requests.get(f"{address}/v1/health", timeout=20).json()["trial"] is True
    assert "Ruang bebas di disk data percobaan ini" in requests.get(f"{address}/keadaan", timeout=20).text
    done = subprocess.run(
        [*command, "enrol-code", *trial, "--areas", VILLAGE], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("5203-")
    health = subprocess.run([*command, "health", "--url", address], capture_output=True, text=True, check=False)
    assert health.returncode == 0
    assert server.stdin is not None
    server.stdin.close()
    assert server.wait(60) == 0
    server.stderr.close()
    deadline = time.monotonic() + 60
    while (open_folder / "data" / "postmaster.pid").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not (open_folder / "data" / "postmaster.pid").exists()
    dead = subprocess.run([*command, "health", "--url", address], capture_output=True, text=True, check=False)
    assert dead.returncode == 1
    assert "tidak menjawab" in dead.stderr
    again = subprocess.run([*command, "devices", *trial], capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout) == (0, "")
    assert again.stderr == "Belum ada laptop terdaftar\n"


def test_requests_are_read_in_c_and_on_linux_the_loop_is_too() -> None:
    """uvicorn takes what the `server` extra brings; without it every request costs twice as much."""
    config = uvicorn.Config(lambda: None)
    config.load()
    assert config.http_protocol_class is HttpToolsProtocol
    assert (find_spec("uvloop") is not None) == (sys.platform != "win32")


def test_the_server_looks_for_cycles_seldom_and_never_among_what_is_there_from_the_start() -> None:
    before = gc.get_threshold()
    try:
        admin._collect_seldom()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold()[0] >= 50_000
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


def test_a_file_from_a_stick_is_taken_in_and_its_return_written_beside_it(
    real: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with store.open_pool(real, 2) as pool:
        ws = laptop(admin.exchange.open_desk(pool, trial=False), post="pos-flashdisk")
    server = outbox.server(ws.db)
    assert server is not None
    client.seal_all(ws.db, 1)
    (going,) = client.files_for_server(ws.db, server)
    good, bad = tmp_path / "a.posyandu", tmp_path / "b.posyandu"
    good.write_bytes(going.file)
    bad.write_bytes(going.file[:-1])
    code, out, err = says(capsys, "import-file", str(bad), str(good))
    assert code == 1
    assert "terpotong" in err
    assert "1 paket, 0 ditahan" in out
    taken = client.take_return(ws.db, server, (tmp_path / "a-balasan.posyandu").read_bytes())
    assert taken.confirmed == 1
    out_folder = tmp_path / "balasan"
    out_folder.mkdir()
    assert says(capsys, "import-file", str(good), "--out", str(out_folder))[0] == 0
    assert list(out_folder.iterdir())
    assert "flashdisk" in says(capsys, "import-file", str(tmp_path / "tidak-ada.posyandu"))[2]
    assert "tidak dapat ditulis" in says(capsys, "import-file", str(good), "--out", str(tmp_path / "x"))[2]
