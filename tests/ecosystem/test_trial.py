import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from posyandu.services import synchronise
from posyandu.services.accounts import BookFolder
from posyandu.services.sample import practice, trial


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> Iterator[BookFolder]:
    monkeypatch.setattr(practice, "POSTS", 2)
    monkeypatch.setattr(practice, "MONTHS", 1)
    return practice.prepare()


def send(book: BookFolder) -> synchronise.SyncOutcome:
    with closing(practice.unlock(book)) as ws:
        return synchronise.run(ws)


def test_a_practice_book_is_paired_once_and_finds_its_server_again(book: BookFolder, tmp_path: Path) -> None:
    folder = tmp_path / "server"
    with trial.starting(folder) as ready:
        first = ready()
        assert first is not None
        trial.pair(book, first)
        done = send(book)
        assert (done.state, done.sent) == ("confirmed", done.confirmed)
        assert json.loads(first.ask("received"))["saves"] == done.confirmed > 300
    assert send(book).state == "offline"
    with trial.starting(folder) as ready:
        again = ready()
        assert again == first
        trial.pair(book, again)
        assert send(book).state == "confirmed"
        assert len(again.ask("devices").splitlines()) == 1


def test_when_its_port_is_taken_the_book_is_paired_with_the_new_address(book: BookFolder, tmp_path: Path) -> None:
    folder = tmp_path / "server"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        folder.mkdir()
        (folder / "port").write_text(str(other.getsockname()[1]))
        with trial.starting(folder) as ready:
            found = ready()
            assert found is not None
            assert not found.url.endswith(str(other.getsockname()[1]))
            trial.pair(book, found)
            assert send(book).state == "confirmed"
