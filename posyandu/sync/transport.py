"""The way to the server over HTTP, and every way it can fail as a sentence.

Certificates are checked against the system's, or a pinned root. Environment variables change nothing: with requests
they could silently replace the root, so `trust_env` is off and a proxy must be given.
"""

import json
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ReadTimeoutError

from posyandu.domain.errors import BadInput, Offline, Refused, ServerTrouble, UpdateNeeded
from posyandu.sync.blocks import Upload
from posyandu.sync.message import BADGE
from posyandu.sync.upload import Answer, Broken, Silent, Way
from posyandu.text import _

CONNECT_SECONDS = 20
READ_SECONDS = 90
_NO_CHECK_TIME = 0x200000
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
LONGEST_WAIT_SECONDS = 3600
"""What a busy server asks for beyond that is not heeded: the word of a balancer or a proxy is signed by nobody."""
_MOST = 4 * 1024 * 1024
_ONLY_WHOLE = (404, 405, 411, 413, 501, 507)
"""Answers of a server that knows no blocks, keeps none, or of a proxy that does not let them through."""

Send = Callable[[str, bytes, str], bytes]
"""Path, body and content type to the answer's body; raises one of the errors of this module."""


class Busy(ServerTrouble):
    """The server asks to come back later, after `seconds`."""

    def __init__(self, sentence: str, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class LinkBroke(Offline):
    """A connection that was made broke before the answer was whole: the next one may live longer."""


class LinkSilent(LinkBroke):
    """A connection that was made and on which nothing was heard: more of them cost minutes each and help little."""


class TooLarge(Refused):
    """The server, or a proxy before it, takes no request of this size."""


class NoBlocks(ServerTrouble):
    """The server, or a proxy before it, takes only whole requests."""


class CertificateDays(ServerTrouble):
    """By this laptop's clock the server's certificate is not valid yet or no more."""


class Replayed(Refused):
    """The server has seen this very request: it was repeated on the way."""


class NotEnrolled(Refused):
    """The server does not know this laptop."""


class Revoked(Refused):
    """The server no longer takes this laptop's word; `order` is its signature that the book is to be closed, if so."""

    def __init__(self, sentence: str, order: bytes = b"") -> None:
        super().__init__(sentence)
        self.order = order


@dataclass
class Http:
    """One kept connection to a server. `certificate_days` holds the validity of its certificate when the laptop's
    clock cannot be trusted; the caller compares it with the time the server signed.
    """

    url: str
    session: requests.Session
    check_days: bool
    way: Way
    certificate_days: tuple[datetime, datetime] | None = None

    def send(self, path: str, body: bytes, content_type: str) -> bytes:
        """POST and give the answer's body. Raises Offline, ServerTrouble, Refused or UpdateNeeded."""
        return self._call("POST", path, body, {"Content-Type": content_type, "Accept": content_type})

    def send_in_blocks(self, upload: Upload) -> bytes:
        """Send a request of the exchange so that what arrives counts even when the link breaks.

        Raises as `send` does, and NoBlocks where the server, or a proxy before it, knows only whole requests.
        """
        try:
            answer = self.way.send(upload)
        except ssl.SSLCertVerificationError as error:
            raise _not_believed(error) from error
        except OSError as error:
            kind = NoBlocks if isinstance(error, Silent) else LinkBroke if isinstance(error, Broken) else Offline
            words = _("Belum tersambung ke server. Data tetap tersimpan di laptop ini.")
            raise kind(_refused_by_proxy(error) or words) from error
        if self.check_days:
            self.certificate_days = _days(self.way.certificate)
        if answer.status in _ONLY_WHOLE:
            raise NoBlocks(_("Server sedang bermasalah. Data tetap tersimpan di laptop ini; nanti dicoba lagi."))
        _refuse(answer)
        return answer.content

    def get(self, path: str) -> bytes:
        """GET the body of an address."""
        return self._call("GET", path, None, {"Accept": "application/json"})

    def close(self) -> None:
        """Let go of the connection."""
        self.session.close()
        self.way.close()

    def _call(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        try:
            with self.session.request(
                method,
                self.url + path,
                data=body,
                headers=headers,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as answer:
                if self.check_days:
                    self.certificate_days = _days(_certificate(answer))
                content = b""
                for chunk in answer.iter_content(65536):
                    content += chunk
                    if len(content) > _MOST:
                        raise ServerTrouble(_("Jawaban server terlalu besar. Coba lagi nanti."))
        except requests.exceptions.ProxyError as error:
            silent = _("Proksi jaringan tidak menjawab. Periksa di Sinkronisasi, Ganti alamat atau kode.")
            raise Offline(_refused_by_proxy(error) or silent) from error
        except requests.exceptions.SSLError as error:
            raise _not_believed(error) from error
        except requests.exceptions.RequestException as error:
            kind = Offline if _was_never_made(error) else LinkSilent if _was_silent(error) else LinkBroke
            raise kind(_("Belum tersambung ke server. Data tetap tersimpan di laptop ini.")) from error
        told = Answer(
            answer.status_code, answer.headers.get("Content-Type", ""), answer.headers.get("Retry-After", ""), content
        )
        _refuse(told)
        return content


def connect(
    url: str, *, root: Path | None = None, proxy: str = "", clock_is_dead: bool = False, badge: str = ""
) -> Http:
    """A connection to the server at `url`; `root` pins its certificate authority, `badge` is shown with every request.

    With a dead clock the days of the certificate are not checked here (an unknown root is still refused): the caller
    compares them with the server's signed time. Raises BadInput for an address without https that is not this laptop.
    """
    clean = checked_url(url)
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = "posyandu"
    if proxy:
        session.proxies = {"http": proxy, "https": proxy}
    context = ssl.create_default_context(cafile=None if root is None else str(root))
    if root is not None:
        session.verify = str(root)
    elif clean.startswith("https"):
        context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)  # as requests does: a packed app may find no others
    if clock_is_dead:
        context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    session.mount("https://", _Adapter(context))
    shown = {BADGE: badge} if badge else {}
    session.headers.update(shown)
    return Http(clean, session, clock_is_dead, Way(clean, context, proxy, shown))


def checked_url(url: str) -> str:
    """The address without its last slash. Raises BadInput unless it is https, or this laptop itself."""
    parts = urlsplit(url.strip())
    is_here = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or parts.scheme not in ("https", "http") or (parts.scheme == "http" and not is_here):
        raise BadInput(_("Alamat server harus dimulai dengan https://"))
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def proxy_address(place: str, name: str = "", password: str = "") -> str:
    """The proxy of a network as a connection takes it, from what people type; port 8080 where none is said, "" for no
    place. Raises BadInput.
    """
    typed = place.strip().removeprefix("http://").rstrip("/")
    if not typed:
        return ""
    host, _colon, port = typed.partition(":")
    if not _HOST.fullmatch(host) or not (port or "8080").isdecimal() or not 0 < int(port or "8080") < 2**16:
        raise BadInput(_("Alamat proksi ditulis seperti 10.1.1.1:8080."))
    who = f"{quote(name, safe='')}:{quote(password, safe='')}@" if name else ""
    return f"http://{who}{host}:{port or 8080}"


def proxy_parts(address: str) -> tuple[str, str, str]:
    """Place, name and password of a proxy's address, as people type them."""
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]
    return place, unquote(parts.username or ""), unquote(parts.password or "")


def checked_root(root: Path) -> None:
    """Raise BadInput unless this file holds certificates."""
    try:
        ssl.create_default_context(cafile=str(root)).get_ca_certs()
    except (ssl.SSLError, OSError) as error:
        raise BadInput(_("Berkas itu bukan sertifikat server (PEM). Minta lagi ke petugas.")) from error


def _refused_by_proxy(error: Exception) -> str:
    if "Tunnel connection failed: 407" not in str(error):
        return ""
    return _("Proksi jaringan menolak nama atau sandinya. Periksa di Sinkronisasi, Ganti alamat atau kode.")


def _was_never_made(error: requests.exceptions.RequestException) -> bool:
    """Whether no connection came about at all: no network, no such name, nobody listening."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _was_silent(error: requests.exceptions.RequestException) -> bool:
    """Whether a connection that was made fell silent, before the answer or in it."""
    cause = error.args[0] if error.args else None
    return isinstance(error, requests.exceptions.Timeout) or isinstance(cause, ReadTimeoutError)


def _not_believed(error: Exception) -> ServerTrouble:
    """What a certificate that is not believed is called: by this laptop's clock too old or new, or somebody else's."""
    if "expired" in str(error) or "not yet valid" in str(error):
        return CertificateDays(_("Tanggal laptop atau sertifikat server salah. Periksa tanggal laptop."))
    return ServerTrouble(
        _(
            "Server tidak dapat dipastikan asli: tidak ada yang dikirim. Bila Wi-Fi ini minta masuk dulu, buka "
            "peramban dan masuk. Bila tidak, coba jaringan lain, lalu hubungi petugas."
        )
    )


class _Adapter(HTTPAdapter):
    """An adapter with our own TLS context."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - requests' own signature
        """Hand our context to urllib3."""
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - requests' own signature
        """Hand our context to urllib3 behind a proxy too."""
        return super().proxy_manager_for(*args, ssl_context=self._context, **kwargs)


def _certificate(answer: requests.Response) -> dict[str, Any]:
    connection = getattr(answer.raw, "_connection", None) or getattr(answer.raw, "connection", None)
    socket = getattr(connection, "sock", None)
    return (socket.getpeercert() or {}) if isinstance(socket, ssl.SSLSocket) else {}


def _days(certificate: dict[str, Any]) -> tuple[datetime, datetime] | None:
    """From when to when the server's certificate is valid; None without TLS."""
    if not certificate:
        return None
    first, last = (
        datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate[name])), UTC)
        for name in ("notBefore", "notAfter")
    )
    return first, last


def _is_page(answer: Answer) -> bool:
    """Whether this is a page for a browser, whatever it calls itself: nothing our server says begins like one."""
    named = answer.kind.lower().startswith(("text/html", "application/xhtml"))
    return named or (answer.status == 200 and answer.content.lstrip()[:1] == b"<")


def _refuse(answer: Answer) -> None:
    """Raise what the status means; a page that is not our server's is a network that wants a login first, unless a
    balancer says with it that the server is out of reach, asked too often, or asked too much.
    """
    status, content = answer.status, answer.content
    wants_login = status == 511 or (_is_page(answer) and status not in (413, 429, 502, 503, 504))
    if 300 <= status < 400 or wants_login:
        raise Offline(_("Jaringan ini meminta masuk lewat peramban dulu. Data tetap tersimpan di laptop ini."))
    if status == 200:
        return
    code = _code(content)
    if status == 401 and code == "unknown_device":
        raise NotEnrolled(_("Laptop ini belum terdaftar di server. Minta kode pendaftaran kepada petugas."))
    if status == 403 and code == "revoked":
        raise Revoked(_("Pendaftaran laptop ini sudah dicabut. Hubungi petugas puskesmas."), _order(content))
    if status == 403 and code == "bad_code":
        raise Refused(_("Kode salah, sudah dipakai, atau sudah lewat waktunya. Minta kode baru kepada petugas."))
    if status == 409 and code in ("replay", "start_again"):
        raise Replayed(_("Server sudah menerima kiriman ini. Coba kirim lagi."))
    if status == 409 and code == "device_taken":
        raise Refused(_("Laptop ini dicabut, atau berkunci lain. Hubungi petugas: haknya dapat dikembalikan."))
    if status == 426:
        raise UpdateNeeded(
            _("Versi aplikasi dan server tidak cocok: perbarui yang lebih lama. Data tetap aman di laptop ini.")
        )
    if status in (429, 503):
        asked = answer.retry_after[:9]  # of more digits than any wait has
        seconds = min(int(asked), LONGEST_WAIT_SECONDS) if answer.retry_after.isdecimal() else 30
        raise Busy(_("Server sedang sibuk. Nanti dicoba lagi."), seconds)
    if status == 413:
        raise TooLarge(_("Jaringan ini tidak meloloskan kiriman. Coba jaringan lain; bila tetap, hubungi petugas."))
    if 400 <= status < 500:
        raise Refused(
            _("Server menolak kiriman ini ({status}). Hubungi petugas bila terus terjadi.").format(status=status)
        )
    raise ServerTrouble(_("Server sedang bermasalah. Data tetap tersimpan di laptop ini; nanti dicoba lagi."))


def _code(content: bytes) -> str:
    return _said(content, "error")


def _order(content: bytes) -> bytes:
    try:
        return bytes.fromhex(_said(content, "order"))
    except ValueError:
        return b""


def _said(content: bytes, name: str) -> str:
    try:
        body = json.loads(content)
    except ValueError:
        return ""
    return str(body.get(name, "")) if isinstance(body, dict) else ""
