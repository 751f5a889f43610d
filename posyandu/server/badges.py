"""What lets a laptop past those who share its address: a word the server gives it once it is known, shown with every
request and checked before anything else of it is read (docs/adr/0032-a-badge-at-the-door.md).

It opens nothing: who may send is decided by the signature alone. It only says in which line a request waits, so it may
be checked by the proxy too, which keeps nothing: `until.mark.seal`, where `mark` stands for one laptop and `seal` is
the MD5 of both with the key, because nginx (`secure_link`) reckons no other. Until, mark and key are ours; nobody
outside chooses a letter of what is summed, so a pair of texts with one MD5 is of no use.
"""

import hashlib
import hmac
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field

LIFE_SECONDS = 400 * 24 * 3600
"""Who calls once a month has a new one long before; who has been away for a year waits with strangers once."""
_SHAPE = re.compile(r"([0-9]{10})\.([\w-]{11})\.([\w-]{22})", re.ASCII)


@dataclass(frozen=True)
class Badges:
    """Gives them out and knows them again. `key`: of ASCII letters and digits, the same on every server and proxy."""

    key: str = field(repr=False)
    clock: Callable[[], float] = time.time

    def give(self, regency: str, device: str) -> str:
        """A badge for this laptop."""
        until, mark = int(self.clock()) + LIFE_SECONDS, self._mark(regency, device)
        return f"{until}.{mark}.{self._seal(str(until), mark)}"

    def bearer(self, shown: str) -> str:
        """What stands for the laptop this badge was given to; "" when it is none, or too old."""
        parts = _SHAPE.fullmatch(shown)
        if parts is None or int(parts[1]) < self.clock():
            return ""
        return parts[2] if hmac.compare_digest(self._seal(parts[1], parts[2]), parts[3]) else ""

    def is_to_be_renewed(self, shown: str, regency: str, device: str) -> bool:
        """Whether this laptop showed none, not its own, or one whose time is more than half over."""
        if not hmac.compare_digest(self.bearer(shown), self._mark(regency, device)):
            return True
        return int(shown.partition(".")[0]) < self.clock() + LIFE_SECONDS / 2

    def _mark(self, regency: str, device: str) -> str:
        told = hmac.digest(self.key.encode("ascii"), f"{regency}/{device}".encode(), "sha256")
        return urlsafe_b64encode(told)[:11].decode("ascii")

    def _seal(self, until: str, mark: str) -> str:
        told = hashlib.md5(f"{until}.{mark}.{self.key}".encode("ascii"), usedforsecurity=False).digest()
        return urlsafe_b64encode(told).rstrip(b"=").decode("ascii")


def key_from(secret: bytes) -> str:
    """The key of a server that was given none: its own, out of what it signs with."""
    return hmac.digest(secret, b"posyandu-badge-1", "sha256").hex()
