import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest

from posyandu.server import embedded


def test_what_is_written_is_there_after_a_restart_and_a_password_is_asked(open_folder: Path) -> None:
    with embedded.running(open_folder / "trial") as cluster, psycopg.connect(cluster.url) as db:
        assert db.execute("SELECT current_setting('data_checksums')").fetchone() == ("on",)
        db.execute("CREATE TABLE kept (n int)")
    with embedded.running(open_folder / "trial") as cluster:
        with psycopg.connect(cluster.url) as db:
            assert db.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        address = cluster.url.partition("@")[2]
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://posyandu:salah@{address}")
    assert (open_folder / "trial" / "password").stat().st_mode & 0o077 == 0


def test_a_set_up_that_was_cut_short_is_begun_again(open_folder: Path) -> None:
    (open_folder / "data.new").mkdir()
    with embedded.running(open_folder) as cluster, psycopg.connect(cluster.url) as db:
        assert db.execute("SELECT 1").fetchone() == (1,)
    assert not (open_folder / "data.new").exists()


def test_a_lost_password_is_said_and_nothing_is_deleted(open_folder: Path) -> None:
    (open_folder / "data").mkdir()
    (open_folder / "data" / "kept").touch()
    with pytest.raises(embedded.NoEngine, match="hilang"):
        embedded.start(open_folder)
    assert (open_folder / "data" / "kept").exists()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root has a user to drop to")
def test_root_runs_it_as_another_user_even_where_that_user_cannot_look(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = open_folder / "hidden"
    hidden.mkdir(mode=0o700)
    shared = open_folder / "shared"
    monkeypatch.setattr(embedded, "SHARED", shared)
    with embedded.running(hidden / "trial") as cluster:
        assert cluster.process is not None
        assert Path(f"/proc/{cluster.process.pid}").stat().st_uid != 0
    with embedded.running(hidden / "trial") as cluster:
        psycopg.connect(cluster.url).close()
    engine = embedded._copy_of_engine(embedded._engine_source())
    assert embedded._copy_of_engine(embedded._engine_source()) == engine
    done = subprocess.run([engine / "bin" / "postgres", "--version"], capture_output=True, check=True)
    assert b"PostgreSQL" in done.stdout


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux to watch the parent")
def test_it_stops_when_the_process_that_started_it_is_killed(open_folder: Path) -> None:
    script = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from posyandu.server import embedded
        cluster = embedded.start(Path(sys.argv[1]))
        print(cluster.process.pid, flush=True)
        time.sleep(60)
        """
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(open_folder)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    postgres = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 60
    while Path(f"/proc/{postgres}/cmdline").exists() and time.monotonic() < deadline:
        if not Path(f"/proc/{postgres}/cmdline").read_bytes():  # ended, waiting to be collected
            break
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{postgres}").exists()
    with embedded.running(open_folder) as cluster:
        psycopg.connect(cluster.url).close()


def test_without_the_wheel_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, open_folder: Path) -> None:
    monkeypatch.setattr(embedded, "find_spec", lambda _name: None)
    with pytest.raises(embedded.NoEngine, match="pasang"):
        embedded.start(open_folder)


def test_the_data_is_in_the_folder_or_where_its_note_says(tmp_path: Path) -> None:
    assert embedded.data_of(tmp_path) == tmp_path / "data"
    (tmp_path / "place").write_text("a1b2\n")
    assert embedded.data_of(tmp_path) == embedded.SHARED / "a1b2" / "data"
