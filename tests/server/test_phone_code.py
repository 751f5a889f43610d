"""The officer's command: a request and the key of the envelope give the digits to read back, without any server."""

import pytest

from posyandu.domain import recovery
from posyandu.server import __main__ as command

LETTERS = "0123456789ABCDEFGHJKMNPQRS"


def ask(monkeypatch: pytest.MonkeyPatch, request: str, key: str) -> int:
    monkeypatch.setattr(command, "getpass", lambda _prompt: key)
    return command.main(["phone-code", request])


def test_the_command_answers_as_the_lock_screen_expects_and_prints_no_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    request = recovery.new_request()
    key = recovery.key_text(LETTERS)
    assert ask(monkeypatch, recovery.request_text(request).lower(), key.lower()) == 0
    told = capsys.readouterr().out.strip()
    assert told == recovery.answer(recovery.phone_seed(LETTERS), request)
    assert key not in told


@pytest.mark.parametrize(("request_", "key", "told"), [("K7QM", LETTERS, "10 huruf"), ("", "", "10 huruf")])
def test_what_was_misheard_is_said_and_nothing_is_answered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], request_: str, key: str, told: str
) -> None:
    assert ask(monkeypatch, request_, key) == 1
    assert told in capsys.readouterr().err


def test_a_mistyped_key_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    request = recovery.new_request()
    assert ask(monkeypatch, request, "ABCD") == 1
    assert "28 huruf" in capsys.readouterr().err


def test_without_a_terminal_it_says_where_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def closed(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(command, "getpass", closed)
    assert command.main(["phone-code", "K7QM"]) == 1
    assert capsys.readouterr().err.strip() == "Ketik kunci pemulihan di terminal"
