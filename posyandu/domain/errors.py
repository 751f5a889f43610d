"""The errors meant for people: each carries one sentence that says what happened and what to do.

PosyanduError
├── BadInput            what was typed or sent cannot be used
├── NotFound            the record is not in this book
├── Locked              the book cannot be opened now
│   ├── WrongPin        with tries left and seconds to wait
│   ├── SlotDisabled    ten wrong tries
│   └── WrongRecoveryKey
├── NewerDatabase       written by a newer version of the app
├── DamagedDatabase     the file does not verify
├── DatabaseBusy        another window holds the book
├── DiskFull
├── Offline             no way to the server; a normal state
├── ServerTrouble       the server answered, but not with what was asked
│   └── Refused         the server says no, and why
└── UpdateNeeded        this app is too old for the server

Everything else that is raised is a bug.
"""


class PosyanduError(Exception):
    """An error whose text is a sentence for the user, in the user's language, without personal data."""


class BadInput(PosyanduError):
    """What was typed or sent cannot be used."""


class NotFound(PosyanduError):
    """The record asked for is not in this book."""


class Locked(PosyanduError):
    """The book cannot be opened now."""


class WrongPin(Locked):
    """The PIN does not open this slot; `tries_left` until it is disabled, `wait_seconds` before the next try."""

    def __init__(self, sentence: str, *, tries_left: int, wait_seconds: int) -> None:
        super().__init__(sentence)
        self.tries_left = tries_left
        self.wait_seconds = wait_seconds


class SlotDisabled(Locked):
    """Too many wrong PINs: only another kader or the recovery key can help."""


class WrongRecoveryKey(Locked):
    """The recovery key does not open this book."""


class NewerDatabase(PosyanduError):
    """The book was written by a newer version of the app."""


class DamagedDatabase(PosyanduError):
    """The file does not verify; nothing was changed."""


class DatabaseBusy(PosyanduError):
    """Another window or program holds the book."""


class DiskFull(PosyanduError):
    """There is no room left; nothing was half-written."""


class Offline(PosyanduError):
    """There is no way to the server now. A normal state, not a fault."""


class ServerTrouble(PosyanduError):
    """The server was reached but did not answer as it should."""


class Refused(ServerTrouble):
    """The server says no, and the sentence says why."""


class UpdateNeeded(PosyanduError):
    """This app is too old for the server; what was typed stays safe here."""
